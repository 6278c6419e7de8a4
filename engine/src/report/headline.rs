//! Headline figures in sentences.

use super::words;
use crate::disclosure::{Entry, Marker, Released, ReleasedFigure};
use crate::figure::{AreaType, Unit};
use crate::output::measure_name;

/// A headline figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The number, large.
    pub value: String,
    /// What it says.
    pub text: &'static str,
    /// Where and when, and out of how many.
    pub small: String,
}

/// Measures that make a headline; for each the parts it can be made of, the best first, with the
/// sentence that follows the number.
const HEADLINES: [(&str, &[(&str, &str)]); 9] = [
    (
        "usual_residence",
        &[
            ("", "of people who left hospital went back to where they usually live"),
            ("share", "of people who left hospital went back to where they usually live"),
        ],
    ),
    (
        "los",
        &[
            ("median", "was the typical (median) stay in hospital"),
            ("median_days", "was the typical (median) stay in hospital"),
            ("mean", "was the average stay in hospital"),
            ("mean_days", "was the average stay in hospital"),
        ],
    ),
    (
        "discharge_delay",
        &[
            ("mean_all", "was the average time from being ready to leave hospital to leaving it"),
            ("share_delayed", "of people who left hospital left it after the day they were ready"),
        ],
    ),
    (
        "readmission",
        &[
            ("30d", "of people who left hospital were back as an emergency within 30 days"),
            ("28d", "of people who left hospital were back as an emergency within 28 days"),
            ("90d", "of people who left hospital were back as an emergency within 90 days"),
            ("7d", "of people who left hospital were back as an emergency within 7 days"),
        ],
    ),
    (
        "new_care",
        &[
            (
                "care_home_91",
                "of people who left hospital, and did not live in a care home, moved into one within 91 days",
            ),
            (
                "community_91",
                "of people who left hospital without long-term care began it at home within 91 days",
            ),
            ("", "of people who left hospital began new care"),
        ],
    ),
    (
        "ascof_2d",
        &[(
            "part1",
            "of people who had reablement after hospital were alive, at home and not readmitted 12 weeks later",
        )],
    ),
    ("waiting_times", &[("first_service", "was the typical wait for a first care service")]),
    ("ascof_2c", &[("", "aged 65 and over moved into a care home for long-term care")]),
    (
        "lts_snapshot",
        &[("single", "had long-term social care"), ("joined", "had long-term social care")],
    ),
];

/// Rows of the widest area of a measure: England, or the one area that the run is about.
pub fn top_area<'a>(released: &'a Released, measure: &str) -> Vec<&'a ReleasedFigure> {
    let rows: Vec<&ReleasedFigure> =
        released.measures.iter().filter(|row| row.measure == measure).collect();
    let england: Vec<&ReleasedFigure> =
        rows.iter().copied().filter(|row| row.area.kind == AreaType::England).collect();
    if !england.is_empty() {
        return england;
    }
    let one = rows.first().map(|row| &row.area);
    if rows.iter().all(|row| Some(&row.area) == one) { rows } else { Vec::new() }
}

/// The headline figures that the run has, for the latest period.
pub fn cards(released: &Released) -> Vec<Card> {
    HEADLINES
        .iter()
        .filter_map(|&(measure, parts)| {
            let rows = top_area(released, measure);
            let totals: Vec<&ReleasedFigure> =
                rows.into_iter().filter(|row| words::is_total(&row.stratum)).collect();
            parts.iter().find_map(|&(part, sentence)| {
                let row =
                    totals.iter().filter(|row| row.part == part).max_by_key(|row| row.period)?;
                Some(card(row, sentence, released))
            })
        })
        .collect()
}

fn card(row: &ReleasedFigure, sentence: &'static str, released: &Released) -> Card {
    let value = match row.value {
        Entry::Marked(Marker::Confidential) => {
            let threshold = released.thresholds.get(row.measure).copied().unwrap_or(1);
            format!("suppressed: fewer than {threshold} people")
        }
        Entry::Marked(Marker::NotAvailable) => "not available".into(),
        Entry::Marked(Marker::NotApplicable) => "not applicable".into(),
        Entry::Marked(Marker::Low) => "close to zero".into(),
        Entry::Shown(_) => words::value(row),
    };
    let of = match (row.unit, row.denominator) {
        (Unit::Percent, Entry::Shown(d)) => {
            format!(" \u{b7} of {} {}", words::thousands(d), row.counts.name())
        }
        _ => String::new(),
    };
    Card {
        value,
        text: sentence,
        small: format!("{} \u{b7} {}{of}", measure_name(row.measure), row.area.name),
    }
}
