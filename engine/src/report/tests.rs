//! The page as text.

use super::*;
use crate::disclosure::{Profile, ProfileName, protect};
use crate::figure::Results;
use crate::output::fixture;

fn html() -> String {
    report_html(&protect(&fixture::results(), &Profile::default()), &fixture::about()).unwrap()
}

#[test]
fn the_page_fetches_nothing_and_runs_nothing() {
    let html = html();
    for forbidden in ["<script", "http://", "https://", "<link", "<img", "@import", "onclick"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(html.split("url(").skip(1).all(|rest| rest.starts_with("#state-")), "patterns alone");
    assert_eq!(html, self::html(), "same bytes every time");
}

#[test]
fn headlines_are_sentences_with_protected_numbers() {
    let html = html();
    // 14% to 16% of the made-up discharges, from rounded counts
    assert!(html.contains("of people who left hospital were back as an emergency within 30 days"));
    assert!(html.contains("<strong>8.4 days</strong>was the average stay in hospital"));
    assert!(html.contains("Brackley &#38; District"), "names are escaped");
    assert!(!html.contains("Support in prison"), "an edge of 3 people is folded");
    assert!(html.contains("Other (few people each)"));
}

#[test]
fn small_figures_are_marked_in_words() {
    let mut results = fixture::results();
    results.measures.retain(|row| row.measure == "readmission" && row.area.code == "107");
    let html = report_html(&protect(&results, &Profile::default()), &About::default()).unwrap();
    assert!(html.contains("suppressed: fewer than 8 people"));
}

#[test]
fn pictures_have_text_alternatives_and_tables_captions() {
    let html = html();
    // and one that nobody sees, with the patterns
    assert_eq!(html.matches("<svg").count(), 6);
    assert_eq!(html.matches("<svg class=\"patterns\" aria-hidden=\"true\"").count(), 1);
    assert_eq!(html.matches("role=\"img\"").count(), 5);
    assert_eq!(html.matches("<desc id=").count(), 5);
    assert_eq!(html.matches("<table").count(), html.matches("<caption>").count());
    assert!(html.matches("<table").count() >= 7);
}

#[test]
fn m09_curves_are_lines_that_can_be_told_apart_without_colour() {
    let released = protect(&fixture::results(), &Profile::default());
    let curves = curve::build(&released);
    assert_eq!(curves.len(), 1, "waiting times have no competing events");
    let curves = &curves[0];
    assert_eq!(curves.heading, "What comes first after leaving hospital");
    assert_eq!(curves.events, ["Emergency readmission", "Move to a care home", "Death"]);
    assert_eq!(curves.rows[0], ["7", "9.0%", "0.0%", "0.0%"]);
    assert_eq!(curves.rows[4], ["90", "15.0%", "3.0%", "6.0%"]);
    let dashes: std::collections::BTreeSet<&str> =
        curves.svg.split("stroke-dasharray=").skip(1).filter_map(|s| s.split('"').nth(1)).collect();
    assert_eq!(dashes.len(), 3);
    let wanted =
        "Share by day 90: Emergency readmission 15.0%, Move to a care home 3.0%, Death 6.0%.";
    assert!(curves.svg.contains(wanted));
}

#[test]
fn the_sankey_shows_moves_out_of_hospital_only() {
    let released = protect(&fixture::results(), &Profile::default());
    let edges: Vec<_> = released.transitions.iter().collect();
    let flows = sankey::flows(&edges);
    assert!(flows.iter().all(|flow| sankey::is_hospital(flow.from)));
    let total: i64 = flows.iter().map(|flow| flow.count).sum();
    let picture = sankey::draw(&flows);
    assert!(picture.contains(&format!("{} moves out of hospital", words::thousands(total))));
    assert_eq!(picture.matches("<path").count(), flows.len());
    let heights: f64 = picture
        .lines()
        .filter(|line| line.starts_with("<rect x=\"700.0\""))
        .filter_map(|line| line.split("height=\"").nth(1)?.split('"').next()?.parse::<f64>().ok())
        .sum();
    assert!((heights - 360.0).abs() < 5.0, "the right-hand nodes share the height: {heights}");
    assert_eq!(sankey::draw(&[]), "");
}

#[test]
fn the_matrix_has_a_column_for_every_state_entered() {
    let released = protect(&fixture::results(), &Profile::default());
    let edges: Vec<_> = released.transitions.iter().collect();
    let matrix = matrix::build(&edges);
    assert_eq!(matrix.columns.last().map(String::as_str), Some("Other (few people each)"));
    assert_eq!(matrix.columns[matrix.columns.len() - 2], "Died");
    let row = matrix.rows.iter().find(|row| row.name == "Nursing home").unwrap();
    let texts: Vec<&str> =
        row.cells.iter().map(|cell| &*cell.text).filter(|t| !t.is_empty()).collect();
    assert_eq!(texts, ["38%", "62%"]);
    assert!(matrix.rows.iter().all(|row| row.cells.len() == matrix.columns.len()));
}

#[test]
fn many_councils_are_drawn_by_region() {
    use crate::figure::{Area, AreaType};
    let released = protect(&fixture::results(), &Profile::default());
    let pattern = &released.measures[0];
    let row = |kind, number: usize| {
        let name = format!("Area {number:02}");
        let area = Area { kind, code: name.clone(), name };
        crate::disclosure::ReleasedFigure { area, ..pattern.clone() }
    };
    let mut rows: Vec<_> = (0..40).map(|number| row(AreaType::La, number)).collect();
    rows.push(row(AreaType::Region, 90));
    rows.push(row(AreaType::England, 99));
    let chosen = |rows: &[crate::disclosure::ReleasedFigure]| -> Vec<AreaType> {
        bars::choose(&rows.iter().collect::<Vec<_>>()).iter().map(|row| row.area.kind).collect()
    };
    let few = chosen(&rows);
    assert_eq!((few.len(), few[40]), (41, AreaType::England));
    rows.push(row(AreaType::La, 40));
    assert_eq!(chosen(&rows), [AreaType::Region, AreaType::England]);
}

#[test]
fn an_empty_run_says_so_part_by_part() {
    let html =
        report_html(&protect(&Results::default(), &Profile::default()), &About::default()).unwrap();
    assert_eq!(html.matches("class=\"none\"").count(), 12);
    assert!(html.contains("Hospital and social care journeys"));
}

#[test]
fn an_uncontrolled_page_is_stamped() {
    let exact = protect(&fixture::results(), &Profile::named(ProfileName::None));
    assert!(report_html(&exact, &fixture::about()).unwrap().contains("NOT FOR RELEASE"));
    assert!(!html().contains("NOT FOR RELEASE"));
}

#[test]
fn the_page_is_written_to_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.html");
    write_report(&protect(&fixture::results(), &Profile::default()), &fixture::about(), &path)
        .unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, html());
    // for looking at the page: a folder to keep it in
    if let Some(keep) = std::env::var_os("THROUGHCARE_KEEP_REPORT") {
        std::fs::copy(&path, keep).unwrap();
    }
}
