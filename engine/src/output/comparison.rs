//! Two groups side by side as CSV and JSON.

use super::error::OutputError;
use super::table::{Cell, Column, Kind, Table};
use super::{NOT_FOR_RELEASE, csv};
use crate::disclosure::{Decimal, Entry, ReleasedComparison, ReleasedDifference, ReleasedRow};
use serde::Serialize;

/// The comparison as CSV: a row a move; the numbers of the first group end in `_a`, those of the second in
/// `_b`.
///
/// # Errors
/// Never in practice: the text is made in memory.
pub fn comparison_csv(compared: &ReleasedComparison) -> Result<String, OutputError> {
    let names = [
        "from",
        "to",
        "count_a",
        "count_b",
        "people_a",
        "people_b",
        "probability_a",
        "probability_b",
        "difference",
        "lower",
        "upper",
        "q",
        "median_days_a",
        "median_days_b",
        "days_difference",
        "days_lower",
        "days_upper",
        "days_q",
    ];
    let row = |row: &ReleasedRow| -> Vec<Cell> {
        let difference =
            |of: ReleasedDifference| [of.value, of.lower, of.upper, of.q].map(Cell::from);
        let mut cells: Vec<Cell> = vec![(&row.from).into(), (&row.to).into()];
        cells.extend(row.count.map(Cell::from));
        cells.extend(row.people.map(Cell::from));
        cells.extend(row.probability.map(Cell::from));
        cells.extend(difference(row.difference));
        cells.extend(row.median_days.map(Cell::from));
        cells.extend(difference(row.days_difference));
        cells
    };
    let column = |name| Column { name, heading: name, kind: Kind::Decimal, when_empty: "" };
    csv::text(&Table {
        name: "comparison",
        title: "Two groups side by side",
        note: "",
        columns: names.into_iter().map(column).collect(),
        rows: compared.rows.iter().map(row).collect(),
    })
}

#[derive(Serialize)]
struct Gap {
    value: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    q: Option<f64>,
}

#[derive(Serialize)]
struct Row<'a> {
    from: &'a str,
    to: &'a str,
    count: [Option<i64>; 2],
    people: [Option<i64>; 2],
    probability: [Option<f64>; 2],
    difference: Gap,
    median_days: [Option<f64>; 2],
    days_difference: Gap,
}

#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'static str>,
    by: &'a str,
    groups: &'a [String; 2],
    standardised: &'a [String],
    replicates: u32,
    seed: u64,
    people: [Option<i64>; 2],
    people_left_out: [Option<i64>; 2],
    moves_not_shown: usize,
    moves: Vec<Row<'a>>,
}

/// The comparison as JSON; a hidden number is null.
///
/// # Errors
/// Never in practice: the text is made in memory.
pub fn comparison_json(compared: &ReleasedComparison) -> Result<String, OutputError> {
    let number = |of: Entry<Decimal>| of.shown().map(|number| number.value);
    let gap = |of: ReleasedDifference| Gap {
        value: number(of.value),
        lower: number(of.lower),
        upper: number(of.upper),
        q: number(of.q),
    };
    let moves = compared.rows.iter().map(|row| Row {
        from: &row.from,
        to: &row.to,
        count: row.count.map(Entry::shown),
        people: row.people.map(Entry::shown),
        probability: row.probability.map(number),
        difference: gap(row.difference),
        median_days: row.median_days.map(number),
        days_difference: gap(row.days_difference),
    });
    let file = File {
        release: compared.not_for_release.then_some(NOT_FOR_RELEASE),
        by: &compared.by,
        groups: &compared.groups,
        standardised: &compared.standardised,
        replicates: compared.replicates,
        seed: compared.seed,
        people: compared.people.map(Entry::shown),
        people_left_out: compared.left_out.map(Entry::shown),
        moves_not_shown: compared.hidden,
        moves: moves.collect(),
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}
