//! What the template shows.

use super::headline::{Card, cards, top_area};
use super::matrix::{Matrix, build};
use super::quality::Quality;
use super::{bars, curve, journeys, over_time, picture, sankey, style, words};
use crate::disclosure::{
    Entry, Protected, Released, ReleasedFigure, ReleasedPathway, ReleasedQuality,
    ReleasedTransition,
};
use crate::figure::AreaType;
use crate::output::{
    About, CAVEATS, NOT_FOR_RELEASE, SHORTHAND, day_in_words, measure_name, period_in_words,
};
use askama::Template;
use std::collections::BTreeMap;

/// Rows of data quality that the page shows; the tables have them all.
const MOST_QUALITY_ROWS: usize = 400;

/// A picture with its heading.
pub struct Chart {
    pub heading: String,
    pub svg: String,
}

/// A table of plain texts.
pub struct Listing {
    pub caption: String,
    pub rows: Vec<Vec<String>>,
}

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
pub struct Page<'a> {
    title: &'a str,
    about: &'a About,
    periods: String,
    as_of: String,
    year: String,
    stamp: Option<&'static str>,
    patterns: String,
    cards: Vec<Card>,
    sankey: String,
    flows: Vec<(String, String, String)>,
    graph_of: String,
    pathways: Vec<Listing>,
    journeys: Vec<journeys::Pictures>,
    journeys_torn: &'static str,
    picture: String,
    matrix: Matrix,
    charts: Vec<Chart>,
    curves: Vec<curve::Curves>,
    reablement: Vec<[String; 5]>,
    reablement_of: String,
    totals: Vec<Listing>,
    attrition: Vec<Listing>,
    linkage: Vec<[String; 4]>,
    quality: Vec<[String; 6]>,
    quality_left_out: usize,
    care: Quality,
    rules: Vec<(String, String)>,
    shorthand: &'static [(&'static str, &'static str)],
    caveats: &'static [&'static str],
    sources: Vec<(String, String, String)>,
}

impl<'a> Page<'a> {
    /// The page of a release.
    pub fn new(released: &'a Protected<Released>, about: &'a About) -> Self {
        let edges = graph(&released.transitions);
        let flows = sankey::flows(&edges);
        let (reablement, reablement_of) = reablement(released);
        let rules = released.profiles.iter().map(|(&table, text)| {
            let name = if table == "graph" { "Moves between states" } else { measure_name(table) };
            (name.to_owned(), text.clone())
        });
        Self {
            title: about.heading(),
            about,
            periods: about.periods_in_words(),
            as_of: about.as_of.map(day_in_words).unwrap_or_default(),
            year: about.as_of.map(|day| day.year_month().0.to_string()).unwrap_or_default(),
            stamp: released.not_for_release.then_some(NOT_FOR_RELEASE),
            patterns: style::definitions(
                journeys::states(released)
                    .chain(flows.iter().flat_map(|flow| [flow.from, flow.to])),
            ),
            cards: cards(released),
            sankey: sankey::draw(&flows),
            flows: flows
                .iter()
                .map(|flow| {
                    let name = |code| crate::output::plain_name(code).to_owned();
                    (name(flow.from), name(flow.to), words::thousands(flow.count))
                })
                .collect(),
            graph_of: edges.first().map(|edge| graph_words(edge)).unwrap_or_default(),
            picture: edges.first().map(|edge| picture::of_page(released, edge)).unwrap_or_default(),
            matrix: build(&edges),
            pathways: pathways(released),
            journeys: journeys::build(released),
            journeys_torn: over_time::TORN,
            charts: charts(released),
            curves: curve::build(released),
            reablement,
            reablement_of,
            totals: totals(released),
            attrition: attrition(released),
            linkage: linkage(released),
            quality: quality(released),
            quality_left_out: released
                .quality
                .iter()
                .filter(|row| is_listed(row))
                .count()
                .saturating_sub(MOST_QUALITY_ROWS),
            care: super::quality::build(released),
            rules: rules.collect(),
            shorthand: &SHORTHAND,
            caveats: &CAVEATS,
            sources: about
                .sources
                .iter()
                .map(|source| {
                    let rows = i64::try_from(source.rows).unwrap_or(i64::MAX);
                    (source.name.clone(), source.files.to_string(), words::thousands(rows))
                })
                .collect(),
        }
    }
}

/// The edges of the graph that the page draws: England and everyone if there is such a graph, else
/// the first; the full scheme before others.
fn graph(edges: &[ReleasedTransition]) -> Vec<&ReleasedTransition> {
    let rank = |edge: &ReleasedTransition| {
        (edge.area_code != "E92000001", !words::is_total(&edge.stratum), edge.scheme != "full")
    };
    let key = |edge: &ReleasedTransition| {
        (edge.scheme.clone(), edge.area_code.clone(), edge.stratum.clone())
    };
    let Some(best) = edges.iter().min_by_key(|edge| rank(edge)).map(key) else {
        return Vec::new();
    };
    edges.iter().filter(|edge| key(edge) == best).collect()
}

fn graph_words(edge: &ReleasedTransition) -> String {
    if edge.area_code.is_empty() {
        return format!("all cases of {}", edge.scheme);
    }
    let area = if edge.area_code == "E92000001" { "England" } else { &edge.area_code };
    format!("{area}, {}", words::stratum(&edge.stratum).to_lowercase())
}

/// Sequences of an anchor that the page shows; the table has more.
const MOST_PATHWAYS: usize = 15;

/// The most common sequences, a list an anchor: of England and everyone, or of an event log.
fn pathways(released: &Released) -> Vec<Listing> {
    let shown = |row: &&ReleasedPathway| {
        words::is_total(&row.stratum) && ["E92000001", ""].contains(&&*row.area_code)
    };
    let rows: Vec<&ReleasedPathway> = released.pathways.iter().filter(shown).collect();
    let groups = rows.chunk_by(|a, b| (&a.area_code, &a.anchor) == (&b.area_code, &b.anchor));
    let listing = |group: &[&ReleasedPathway]| Listing {
        caption: words::anchor(&group[0].anchor).to_owned(),
        rows: group.iter().take(MOST_PATHWAYS).map(|row| pathway(row)).collect(),
    };
    groups.map(listing).collect()
}

fn pathway(row: &ReleasedPathway) -> Vec<String> {
    // the states of people have plain names; activities of a log stand for themselves
    let path = if row.area_code.is_empty() || row.rank.shown().is_none() {
        row.path.clone()
    } else {
        let states = row.path.split('>').map(words::state_of_pathway);
        states.collect::<Vec<_>>().join(" › ")
    };
    vec![
        path,
        match row.people {
            Entry::Shown(people) => words::thousands(people),
            Entry::Marked(marker) => words::bracketed(marker),
        },
        match row.share {
            Entry::Shown(share) => format!("{:.1}%", share.value * 100.0),
            Entry::Marked(marker) => words::bracketed(marker),
        },
        match row.median_days {
            Entry::Shown(days) => days.to_string(),
            Entry::Marked(marker) => words::bracketed(marker),
        },
    ]
}

/// Bars of readmission and length of stay by area.
fn charts(released: &Released) -> Vec<Chart> {
    let wanted: [(&str, &[&str], &str); 2] = [
        ("readmission", &["30d", "28d", "90d", "7d"], "Emergency readmission"),
        ("los", &["median", "median_days", "mean", "mean_days", ""], "Days in hospital"),
    ];
    let mut charts = Vec::new();
    for (measure, parts, heading) in wanted {
        let totals: Vec<&ReleasedFigure> = released
            .measures
            .iter()
            .filter(|row| row.measure == measure && words::is_total(&row.stratum))
            .collect();
        let latest = totals.iter().map(|row| row.period).max();
        let of_part = |part: &str| -> Vec<&ReleasedFigure> {
            let wanted = |row: &&&ReleasedFigure| row.part == part && Some(row.period) == latest;
            totals.iter().filter(wanted).copied().collect()
        };
        let Some(part) = parts.iter().find(|part| !of_part(part).is_empty()) else { continue };
        let rows = bars::choose(&of_part(part));
        let part = words::part(measure, part);
        let period = latest.map(period_in_words).unwrap_or_default();
        let title = format!("{heading} by area: {}, {period}", part.to_lowercase());
        let svg = bars::draw(&format!("bars-{measure}"), &title, &rows);
        if !svg.is_empty() {
            charts.push(Chart { heading: title, svg });
        }
    }
    charts
}

/// ASCOF 2D of the widest area: group, outcome, share, numerator, denominator. Every outcome for
/// everyone, and the two published parts for one characteristic at a time; the tables have the rest.
fn reablement(released: &Released) -> (Vec<[String; 5]>, String) {
    let rows = top_area(released, "ascof_2d");
    let latest = rows.iter().map(|row| row.period).max();
    let rows: Vec<&ReleasedFigure> = rows
        .into_iter()
        .filter(|row| {
            let published = ["part1", "part2"].contains(&row.part.as_str());
            let shown = words::is_total(&row.stratum) || published && !row.stratum.contains(';');
            Some(row.period) == latest && row.part.starts_with("part") && shown
        })
        .collect();
    let of = rows.first().map_or_else(String::new, |row| {
        format!("{}, {}", row.area.name, period_in_words(row.period))
    });
    let texts = rows
        .iter()
        .map(|row| {
            let group = if words::is_total(&row.stratum) { "" } else { &row.stratum };
            [
                words::stratum(group),
                words::part(row.measure, &row.part),
                words::value(row),
                words::count(row.numerator),
                words::count(row.denominator),
            ]
        })
        .collect();
    (texts, of)
}

/// Every total of the widest area, measure by measure.
fn totals(released: &Released) -> Vec<Listing> {
    let mut measures: Vec<&str> = released.measures.iter().map(|row| row.measure).collect();
    measures.sort_unstable();
    measures.dedup();
    let mut listings = Vec::new();
    for measure in measures {
        let rows: Vec<Vec<String>> = top_area(released, measure)
            .into_iter()
            .filter(|row| words::is_total(&row.stratum))
            .map(|row| {
                vec![
                    words::part(measure, &row.part),
                    format!("{}, {}", row.area.name, period_in_words(row.period)),
                    words::value(row),
                    words::count(row.numerator),
                    words::count(row.denominator),
                ]
            })
            .collect();
        if !rows.is_empty() {
            listings.push(Listing { caption: measure_name(measure).to_owned(), rows });
        }
    }
    listings
}

fn attrition(released: &Released) -> Vec<Listing> {
    let mut groups: BTreeMap<_, Vec<Vec<String>>> = BTreeMap::new();
    for step in &released.attrition {
        groups.entry((step.measure, step.period, &*step.part)).or_default().push(vec![
            step.step.to_string(),
            words::capital(&step.what),
            step.rule.to_owned(),
            words::count(step.records_out),
            words::count(step.records_left),
            words::count(step.people_left),
            step.unit.name().to_owned(),
        ]);
    }
    let listing = |((measure, period, part), rows): ((&str, _, &str), _)| {
        let part = if part.is_empty() {
            String::new()
        } else {
            format!(": {}", words::part(measure, part).to_lowercase())
        };
        let caption = format!("{}{part}, {}", measure_name(measure), period_in_words(period));
        Listing { caption, rows }
    };
    groups.into_iter().map(listing).collect()
}

fn linkage(released: &Released) -> Vec<[String; 4]> {
    released
        .measures
        .iter()
        .filter(|row| row.measure == "linkage" && row.area.kind == AreaType::England)
        .map(|row| {
            let what = words::part(row.measure, &row.part);
            let group = words::stratum(&row.stratum);
            let count = words::count(row.numerator);
            [
                what,
                group,
                words::value(row),
                format!("{count} of {}", words::count(row.denominator)),
            ]
        })
        .collect()
}

fn quality(released: &Released) -> Vec<[String; 6]> {
    let row = |row: &ReleasedQuality| {
        let value = match row.value {
            Entry::Shown(number) if row.denominator.shown().is_some() => {
                format!("{}%", words::decimal(number))
            }
            Entry::Shown(number) => words::decimal(number),
            Entry::Marked(marker) => words::bracketed(marker),
        };
        [
            row.area.name.clone(),
            source_name(row.source).to_owned(),
            words::capital(&row.check.replace('_', " ")),
            value,
            words::count(row.numerator),
            words::count(row.denominator),
        ]
    };
    let listed = released.quality.iter().filter(|row| is_listed(row));
    listed.take(MOST_QUALITY_ROWS).map(row).collect()
}

/// Whether a check is in the list of checks: those of the tables `dq_…` have tables of their own.
fn is_listed(row: &ReleasedQuality) -> bool {
    !row.source.starts_with("dq_")
}

fn source_name(source: &str) -> &str {
    match source {
        "cld" => "Social care",
        "apc" => "Hospital stays",
        "ecds" => "A&E",
        "deaths" => "Deaths",
        "linkage" => "Linkage",
        other => other,
    }
}
