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
    pub text: String,
    /// Where and when, and out of how many.
    pub small: String,
}

/// Measures that make a headline, the part each prefers, and the sentence after the number.
const HEADLINES: [(&str, &[&str], &str); 9] = [
    (
        "usual_residence",
        &["", "share"],
        "of people who left hospital went back to where they usually live",
    ),
    ("los", &["median", "median_days", "mean", "mean_days", ""], "is the typical stay in hospital"),
    (
        "discharge_delay",
        &["mean_all", "share_delayed", "mean_of_delayed", ""],
        "from being ready to leave hospital to leaving it",
    ),
    (
        "readmission",
        &["30d", "28d", "90d", "7d"],
        "of people who left hospital were back as an emergency",
    ),
    ("new_care", &["", "91d", "90d"], "of people who left hospital began new care"),
    (
        "ascof_2d",
        &["part1"],
        "of people who had reablement after hospital were alive, at home and not readmitted 12 weeks later",
    ),
    ("waiting_times", &["first_service"], "is the typical wait for a first care service"),
    ("ascof_2c", &[""], "aged 65 and over moved into a care home for the long term"),
    ("lts_snapshot", &["single", "joined", ""], "had long-term social care"),
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
        .filter_map(|&(measure, parts, sentence)| {
            let rows = top_area(released, measure);
            let totals: Vec<&ReleasedFigure> =
                rows.into_iter().filter(|row| words::is_total(&row.stratum)).collect();
            let row = parts.iter().find_map(|&part| {
                totals.iter().filter(|row| row.part == part).max_by_key(|row| row.period)
            })?;
            Some(card(row, sentence, released))
        })
        .collect()
}

fn card(row: &ReleasedFigure, sentence: &str, released: &Released) -> Card {
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
    let within = match (row.measure, &*row.part) {
        ("readmission", part) => {
            let days = part.trim_end_matches('d');
            format!(" within {days} days")
        }
        ("discharge_delay", "share_delayed") => " was longer than a day".into(),
        _ => String::new(),
    };
    let of = match (row.unit, row.denominator) {
        (Unit::Percent, Entry::Shown(d)) => {
            format!(" \u{b7} of {} {}", words::thousands(d), row.counts.name())
        }
        _ => String::new(),
    };
    Card {
        value,
        text: format!("{sentence}{within}"),
        small: format!("{} \u{b7} {}{of}", measure_name(row.measure), row.area.name),
    }
}
