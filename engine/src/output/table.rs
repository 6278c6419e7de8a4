//! Tables of typed cells, made from released rows.

use crate::disclosure::{
    Decimal, Entry, Marker, Protected, Released, ReleasedCurve, ReleasedFigure, ReleasedPathway,
    ReleasedQuality, ReleasedState, ReleasedStep, ReleasedTransition,
};
use throughcare_linkage::day::Day;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Text,
    Integer,
    Decimal,
    Date,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, possibly empty.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Number with decimals.
    Decimal(Decimal),
    /// Day.
    Date(Day),
    /// A marker in the place of a number.
    Marked(Marker),
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in CSV and Parquet.
    pub name: &'static str,
    /// Heading in plain words, for spreadsheets.
    pub heading: &'static str,
    /// Type.
    pub kind: Kind,
    /// What an empty text means, for spreadsheets, where no cell is empty.
    pub when_empty: &'static str,
}

/// A table. Each row has a cell for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name of the file.
    pub name: &'static str,
    /// Title in plain words.
    pub title: &'static str,
    /// What a row is, and how numbers are to be read.
    pub note: &'static str,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

const fn column(name: &'static str, heading: &'static str, kind: Kind) -> Column {
    Column { name, heading, kind, when_empty: "[z]" }
}

const fn text(name: &'static str, heading: &'static str) -> Column {
    column(name, heading, Kind::Text)
}

const fn number(name: &'static str, heading: &'static str) -> Column {
    column(name, heading, Kind::Integer)
}

const fn decimal(name: &'static str, heading: &'static str) -> Column {
    column(name, heading, Kind::Decimal)
}

const fn date(name: &'static str, heading: &'static str) -> Column {
    column(name, heading, Kind::Date)
}

const STRATUM: Column =
    Column { name: "stratum", heading: "Group of people", kind: Kind::Text, when_empty: "All" };

const STATUS: Column =
    Column { name: "status", heading: "Status", kind: Kind::Text, when_empty: "shown" };

/// The tables of contract section 3, in order: measures, curves, transitions, states, pathways,
/// attrition, quality.
#[must_use]
pub fn tables(released: &Protected<Released>) -> Vec<Table> {
    vec![
        measures(&released.measures),
        curves(&released.curves),
        transitions(&released.transitions),
        states(&released.states),
        pathways(&released.pathways),
        attrition(&released.attrition),
        quality(&released.quality),
    ]
}

fn measures(rows: &[ReleasedFigure]) -> Table {
    let columns = vec![
        text("measure", "Measure"),
        text("part", "Part of the measure"),
        date("period_start", "First day of the period"),
        date("period_end", "Last day of the period"),
        text("area_type", "Type of area"),
        text("area_code", "Area code"),
        text("area_name", "Area"),
        STRATUM,
        number("numerator", "Numerator"),
        number("denominator", "Denominator"),
        decimal("value", "Value"),
        decimal("lower", "Lower 95% limit"),
        decimal("upper", "Upper 95% limit"),
        text("unit", "Unit of the value"),
        STATUS,
    ];
    let row = |row: &ReleasedFigure| {
        vec![
            row.measure.into(),
            (&row.part).into(),
            Cell::Date(row.period.start),
            Cell::Date(row.period.end),
            row.area.kind.code().into(),
            (&row.area.code).into(),
            (&row.area.name).into(),
            (&row.stratum).into(),
            row.numerator.into(),
            row.denominator.into(),
            row.value.into(),
            row.lower.into(),
            row.upper.into(),
            row.unit.name().into(),
            row.status.into(),
        ]
    };
    Table {
        name: "measures",
        title: "Figures of every measure",
        note: "One figure a row: a measure, for a period, an area and a group of people.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn curves(rows: &[ReleasedCurve]) -> Table {
    let columns = vec![
        text("measure", "Measure"),
        text("area_code", "Area code"),
        STRATUM,
        text("event", "Event"),
        number("day", "Days since the start"),
        number("at_risk", "At risk after the row before"),
        number("events", "Events since the row before"),
        number("censored", "Last seen since the row before"),
        decimal("estimate", "Share with the event by this day, 0 to 1"),
        decimal("variance", "Variance of the share"),
        decimal("lower", "Lower 95% limit"),
        decimal("upper", "Upper 95% limit"),
    ];
    let row = |row: &ReleasedCurve| {
        vec![
            (&row.measure).into(),
            (&row.area_code).into(),
            (&row.stratum).into(),
            (&row.event).into(),
            Cell::Integer(i64::from(row.day)),
            row.at_risk.into(),
            row.events.into(),
            row.censored.into(),
            row.estimate.into(),
            row.variance.into(),
            row.lower.into(),
            row.upper.into(),
        ]
    };
    Table {
        name: "curves",
        title: "Time to an event",
        note: "One day of a curve a row. Days with few events are put together with the next.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

pub(super) fn transitions(rows: &[ReleasedTransition]) -> Table {
    let columns = vec![
        text("scheme", "State scheme"),
        text("area_code", "Area code"),
        STRATUM,
        text("from", "State left"),
        text("to", "State entered"),
        number("count", "Moves"),
        number("people", "People"),
        decimal("mean_days", "Mean days in the state left"),
        decimal("median_days", "Median days in the state left"),
        decimal("p25_days", "Lower quartile of those days"),
        decimal("p75_days", "Upper quartile of those days"),
        decimal("total_days", "Those days in all"),
        decimal("probability", "Share of the moves out of the state left, 0 to 1"),
        decimal("rate_per_person_year", "Moves per person and year in the state left"),
    ];
    let row = |row: &ReleasedTransition| {
        let [p25, median, p75] = row.quartiles_days;
        vec![
            (&row.scheme).into(),
            (&row.area_code).into(),
            (&row.stratum).into(),
            (&row.from).into(),
            (&row.to).into(),
            row.count.into(),
            row.people.into(),
            row.mean_days.into(),
            median.into(),
            p25.into(),
            p75.into(),
            row.total_days.into(),
            row.probability.into(),
            row.rate_per_person_year.into(),
        ]
    };
    Table {
        name: "transitions",
        title: "Moves from one state to the next",
        note: "One pair of states a row. OTHER stands for states that few people entered from there.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn states(rows: &[ReleasedState]) -> Table {
    let columns = vec![
        text("scheme", "State scheme"),
        text("area_code", "Area code"),
        STRATUM,
        text("state", "State"),
        number("visits", "Visits"),
        number("people", "People"),
        decimal("total_days", "Days in the state"),
        number("starts", "Timelines that begin here"),
        number("ends", "Timelines that end here"),
        number("censored", "Visits still running when observation ended"),
    ];
    let row = |row: &ReleasedState| {
        vec![
            (&row.scheme).into(),
            (&row.area_code).into(),
            (&row.stratum).into(),
            (&row.state).into(),
            row.visits.into(),
            row.people.into(),
            row.total_days.into(),
            row.starts.into(),
            row.ends.into(),
            row.censored.into(),
        ]
    };
    Table {
        name: "states",
        title: "States that people are in",
        note: "One state a row.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn pathways(rows: &[ReleasedPathway]) -> Table {
    let columns = vec![
        text("area_code", "Area code"),
        STRATUM,
        text("anchor", "Where sequences begin"),
        number("rank", "Rank"),
        text("path", "States in order"),
        number("people", "People"),
        decimal("share", "Share of all, 0 to 1"),
        decimal("median_days", "Median days in all"),
    ];
    let row = |row: &ReleasedPathway| {
        vec![
            (&row.area_code).into(),
            (&row.stratum).into(),
            (&row.anchor).into(),
            row.rank.into(),
            (&row.path).into(),
            row.people.into(),
            row.share.into(),
            row.median_days.into(),
        ]
    };
    Table {
        name: "pathways",
        title: "Sequences of states",
        note: "One sequence a row, the most frequent first. Those of few people stand together as other.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn attrition(rows: &[ReleasedStep]) -> Table {
    let columns = vec![
        text("measure", "Measure"),
        text("part", "Part of the measure"),
        date("period_start", "First day of the period"),
        date("period_end", "Last day of the period"),
        number("step", "Step"),
        text("rule", "Rule"),
        text("what", "What the rule does"),
        number("records_out", "Records left out"),
        number("records_left", "Records left"),
        number("people_left", "People left"),
        text("unit", "What a record is"),
    ];
    let row = |row: &ReleasedStep| {
        vec![
            row.measure.into(),
            (&row.part).into(),
            Cell::Date(row.period.start),
            Cell::Date(row.period.end),
            Cell::Integer(i64::from(row.step)),
            row.rule.into(),
            (&row.what).into(),
            row.records_out.into(),
            row.records_left.into(),
            row.people_left.into(),
            row.unit.name().into(),
        ]
    };
    Table {
        name: "attrition",
        title: "What each rule left out",
        note: "One rule of a measure a row, in the order of the rules.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

fn quality(rows: &[ReleasedQuality]) -> Table {
    let columns = vec![
        text("area_type", "Type of area"),
        text("area_code", "Area code"),
        text("area_name", "Area"),
        text("source", "Source"),
        text("check", "Check"),
        number("numerator", "Records that the check found"),
        number("denominator", "Records looked at"),
        decimal("value", "Percentage"),
        text("unit", "What a record is"),
        STATUS,
    ];
    let row = |row: &ReleasedQuality| {
        vec![
            row.area.kind.code().into(),
            (&row.area.code).into(),
            (&row.area.name).into(),
            row.source.into(),
            (&row.check).into(),
            row.numerator.into(),
            row.denominator.into(),
            row.value.into(),
            row.unit.name().into(),
            row.status.into(),
        ]
    };
    Table {
        name: "quality",
        title: "Data quality by area and source",
        note: "One check of one source and area a row.",
        columns,
        rows: rows.iter().map(row).collect(),
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Option<Marker>> for Cell {
    fn from(marker: Option<Marker>) -> Self {
        Self::Text(marker.map_or("", Marker::code).into())
    }
}

impl From<Entry<i64>> for Cell {
    fn from(entry: Entry<i64>) -> Self {
        match entry {
            Entry::Shown(number) => Self::Integer(number),
            Entry::Marked(marker) => Self::Marked(marker),
        }
    }
}

impl From<Entry<Decimal>> for Cell {
    fn from(entry: Entry<Decimal>) -> Self {
        match entry {
            Entry::Shown(number) => Self::Decimal(number),
            Entry::Marked(marker) => Self::Marked(marker),
        }
    }
}
