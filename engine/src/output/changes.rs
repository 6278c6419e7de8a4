//! Released tables beside those of an earlier run: what is new, what is gone, what is changed.
//!
//! Released values are compared with released values, text by text as the CSV files hold them, so
//! that nothing is told that the two outputs do not tell.

use super::csv::cell_text;
use super::error::OutputError;
use super::table::{Cell, Column, Kind, Table, tables};
use crate::disclosure::{Decimal, Protected, Released};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use throughcare_linkage::day::Day;

/// Tables that are compared.
const COMPARED: [&str; 2] = ["measures", "quality"];

/// Columns that say which figure a row is; a table has some of them.
const KEYS: [&str; 9] = [
    "measure",
    "source",
    "part",
    "check",
    "period_start",
    "period_end",
    "area_type",
    "area_code",
    "stratum",
];

/// Columns whose values are compared.
const VALUES: [&str; 6] = ["numerator", "denominator", "value", "lower", "upper", "status"];

/// Percentage points by which a share may differ without remark
/// (`disclosure-and-governance.md` section 10).
const POINTS: f64 = 5.0;

/// Per cent by which the records of a source may differ without remark.
const RECORDS: f64 = 10.0;

/// The table `changes` of a run, and how many rows it compared.
#[derive(Clone, Debug)]
pub struct Changes {
    table: Table,
    counts: BTreeMap<&'static str, Counts>,
}

/// Rows of one table by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In this run only.
    pub new: u64,
    /// In the earlier run only.
    pub gone: u64,
    /// In both, with other numbers.
    pub changed: u64,
    /// In both, the same.
    pub same: u64,
}

/// A row as texts by column.
type Texts = BTreeMap<String, String>;

impl Changes {
    /// Refuses a folder without the tables of an earlier run, before a long run ends in vain.
    ///
    /// # Errors
    /// When `old` has no CSV tables `measures` and `quality`.
    pub fn can_compare(old: &Path) -> Result<(), OutputError> {
        let missing = COMPARED.iter().map(|name| file(old, name)).find(|path| !path.is_file());
        missing.map_or(Ok(()), |path| Err(OutputError::NothingToCompare(path)))
    }

    /// Compares a release with the tables of an earlier run's folder.
    ///
    /// # Errors
    /// When `old` has no CSV tables `measures` and `quality`, or they cannot be read.
    pub fn between(released: &Protected<Released>, old: &Path) -> Result<Self, OutputError> {
        Self::can_compare(old)?;
        let mut changes = Self { table: empty(), counts: BTreeMap::new() };
        for table in tables(released).iter().filter(|table| COMPARED.contains(&table.name)) {
            changes.compare(table, read(&file(old, table.name))?);
        }
        Ok(changes)
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// Rows of each table by what became of them.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<&'static str, Counts> {
        &self.counts
    }

    /// The counts in a sentence.
    #[must_use]
    pub fn in_words(&self) -> String {
        let tables = self.counts.iter().map(|(table, counts)| {
            let Counts { new, gone, changed, same } = counts;
            format!("{table}: {new} new, {gone} gone, {changed} changed, {same} the same")
        });
        tables.collect::<Vec<_>>().join("; ")
    }

    fn compare(&mut self, table: &Table, old: Vec<Texts>) {
        let mut left: BTreeMap<(Vec<String>, usize), Texts> = BTreeMap::new();
        let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for row in old {
            let key = key(&row);
            let nth = seen.entry(key.clone()).or_default();
            left.insert((key, *nth), row);
            *nth += 1;
        }
        let mut counts = Counts::default();
        seen.clear();
        for row in &table.rows {
            let cells = table.columns.iter().zip(row);
            let new: Texts =
                cells.map(|(column, cell)| (column.name.to_owned(), cell_text(cell))).collect();
            let key = key(&new);
            let nth = seen.entry(key.clone()).or_default();
            let before = left.remove(&(key, *nth));
            *nth += 1;
            let Some(before) = before else {
                counts.new += 1;
                self.table.rows.push(line(table.name, "new", None, Some(&new)));
                continue;
            };
            let differs = VALUES.iter().any(|name| text(&before, name) != text(&new, name));
            if differs {
                counts.changed += 1;
                self.table.rows.push(line(table.name, "changed", Some(&before), Some(&new)));
            } else {
                counts.same += 1;
            }
        }
        counts.gone = left.len() as u64;
        for row in left.values() {
            self.table.rows.push(line(table.name, "gone", Some(row), None));
        }
        self.counts.insert(table.name, counts);
    }
}

fn file(old: &Path, table: &str) -> PathBuf {
    old.join("tables").join(format!("{table}.csv"))
}

fn text<'r>(row: &'r Texts, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

fn key(row: &Texts) -> Vec<String> {
    KEYS.iter().map(|column| text(row, column).to_owned()).collect()
}

fn read(path: &Path) -> Result<Vec<Texts>, OutputError> {
    let failed = |error: ::csv::Error| OutputError::io(path)(error.into());
    let mut reader = ::csv::Reader::from_path(path).map_err(failed)?;
    let heading = reader.headers().map_err(failed)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let cells = heading.iter().zip(&record);
        rows.push(cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect());
    }
    Ok(rows)
}

fn empty() -> Table {
    let column = |name, heading, kind| Column { name, heading, kind, when_empty: "[z]" };
    let text = |name, heading| column(name, heading, Kind::Text);
    let number = |name, heading| column(name, heading, Kind::Integer);
    let decimal = |name, heading| column(name, heading, Kind::Decimal);
    Table {
        name: "changes",
        title: "What differs from an earlier run",
        note: "One figure a row that is new, gone or changed, as released in both runs.",
        columns: vec![
            text("table", "Table"),
            text("change", "New, gone or changed"),
            text("measure", "Measure or source"),
            text("part", "Part or check"),
            column("period_start", "First day of the period", Kind::Date),
            column("period_end", "Last day of the period", Kind::Date),
            text("area_type", "Type of area"),
            text("area_code", "Area code"),
            text("area_name", "Area"),
            Column { when_empty: "All", ..text("stratum", "Group of people") },
            number("old_numerator", "Numerator before"),
            number("new_numerator", "Numerator now"),
            number("old_denominator", "Denominator before"),
            number("new_denominator", "Denominator now"),
            decimal("old_value", "Value before"),
            decimal("new_value", "Value now"),
            text("old_status", "Status before"),
            text("new_status", "Status now"),
            text("remark", "Remark"),
        ],
        rows: Vec::new(),
    }
}

fn line(table: &str, change: &str, old: Option<&Texts>, new: Option<&Texts>) -> Vec<Cell> {
    let none = Texts::new();
    let which = new.or(old).unwrap_or(&none);
    let either = |a: &str, b: &str| {
        let first = text(which, a);
        Cell::from(if first.is_empty() { text(which, b) } else { first })
    };
    let day = |name: &str| match Day::parse_iso(text(which, name)) {
        Some(day) => Cell::Date(day),
        None => Cell::Text(String::new()),
    };
    let of = |name: &str| [old, new].map(|row| row.map_or("", |row| text(row, name)));
    let whole = |text: &str| match text.parse() {
        Ok(number) => Cell::Integer(number),
        Err(_) => Cell::Text(String::new()),
    };
    let [old_numerator, new_numerator] = of("numerator").map(whole);
    let [old_denominator, new_denominator] = of("denominator").map(whole);
    let [old_value, new_value] = of("value").map(decimal);
    let [old_status, new_status] = of("status").map(Cell::from);
    let remark = match (old, new) {
        (Some(old), Some(new)) => remark(old, new),
        _ => "",
    };
    vec![
        table.into(),
        change.into(),
        either("measure", "source"),
        either("part", "check"),
        day("period_start"),
        day("period_end"),
        text(which, "area_type").into(),
        text(which, "area_code").into(),
        text(which, "area_name").into(),
        text(which, "stratum").into(),
        old_numerator,
        new_numerator,
        old_denominator,
        new_denominator,
        old_value,
        new_value,
        old_status,
        new_status,
        remark.into(),
    ]
}

fn decimal(text: &str) -> Cell {
    let decimals = text.split_once('.').map_or(0, |(_, tail)| tail.len());
    match (text.parse(), u8::try_from(decimals)) {
        (Ok(value), Ok(decimals)) => Cell::Decimal(Decimal { value, decimals }),
        _ => Cell::Text(String::new()),
    }
}

/// What stands out: shares that differ by over 5 points, records of a source by over 10%.
fn remark(old: &Texts, new: &Texts) -> &'static str {
    let number = |row: &Texts, name: &str| text(row, name).parse::<f64>().ok();
    let pair = |name: &str| Some((number(old, name)?, number(new, name)?));
    let is_share = text(new, "unit") == "percent"
        || (!text(new, "check").is_empty() && !text(new, "denominator").is_empty());
    if is_share && pair("value").is_some_and(|(old, new)| (new - old).abs() > POINTS) {
        return "over 5 percentage points";
    }
    let is_rows = text(new, "check") == "rows read";
    let far = |(old, new): (f64, f64)| (new - old).abs() * 100.0 > RECORDS * old;
    if is_rows && pair("numerator").is_some_and(far) {
        return "over 10% of the records";
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Profile, protect};
    use crate::figure::Results;
    use crate::output::{Formats, fixture, write_tables};

    fn run(results: &Results, dir: &Path) -> Protected<Released> {
        let released = protect(results, &Profile::default());
        write_tables(&released, &fixture::about(), &Formats::default(), dir).unwrap();
        released
    }

    fn cell(changes: &Changes, row: usize, name: &str) -> String {
        let column = changes.table.columns.iter().position(|column| column.name == name);
        cell_text(&changes.table.rows[row][column.unwrap()])
    }

    #[test]
    fn the_same_results_have_no_changes() {
        let dir = tempfile::tempdir().unwrap();
        let released = run(&fixture::results(), dir.path());
        let changes = Changes::between(&released, dir.path()).unwrap();
        assert!(changes.table.rows.is_empty());
        assert!(changes.counts.keys().eq(&COMPARED));
        assert!(changes.counts.values().all(|counts| counts.same > 5 && counts.changed == 0));
    }

    #[test]
    fn figures_are_new_gone_or_changed_as_released() {
        let dir = tempfile::tempdir().unwrap();
        let old = fixture::results();
        run(&old, dir.path());
        let mut new = old.clone();
        let at = |results: &Results, area: &str| {
            let wanted =
                |row: &crate::figure::Figure| row.measure == "readmission" && row.area.code == area;
            results.measures.iter().position(wanted).unwrap()
        };
        new.measures.remove(at(&new, "101"));
        let first = at(&new, "102");
        // 280 of 2,000 become 420: from 14% to 21%
        new.measures[first].numerator = new.measures[first].numerator.map(|n| n * 3 / 2);
        // one more of many is the same once it is rounded
        let second = at(&new, "103");
        let n = new.measures[second].numerator.unwrap();
        new.measures[second].numerator = Some(n / 5 * 5 + 1);
        let mut before = old.clone();
        before.measures[at(&old, "103")].numerator = Some(n / 5 * 5);
        run(&before, dir.path());
        let mut added = new.measures[first].clone();
        added.part = "90d".into();
        new.measures.push(added);

        let released = protect(&new, &Profile::default());
        let changes = Changes::between(&released, dir.path()).unwrap();
        let counts = changes.counts["measures"];
        assert_eq!((counts.new, counts.gone, counts.changed), (1, 1, 1), "{}", changes.in_words());
        let row = |change: &str| {
            (0..changes.table.rows.len()).find(|&n| cell(&changes, n, "change") == change).unwrap()
        };
        let changed = row("changed");
        assert_eq!(cell(&changes, changed, "area_code"), "102");
        assert_eq!(cell(&changes, changed, "remark"), "over 5 percentage points");
        assert_ne!(
            cell(&changes, changed, "old_numerator"),
            cell(&changes, changed, "new_numerator")
        );
        assert_eq!(cell(&changes, row("gone"), "area_code"), "101");
        assert_eq!(cell(&changes, row("gone"), "new_value"), "");
        assert_eq!(cell(&changes, row("new"), "part"), "90d");
        assert_eq!(cell(&changes, row("new"), "old_value"), "");
    }

    #[test]
    fn a_folder_without_tables_is_an_error_that_says_what_is_needed() {
        let dir = tempfile::tempdir().unwrap();
        let released = protect(&fixture::results(), &Profile::default());
        let error = Changes::between(&released, dir.path()).unwrap_err().to_string();
        assert!(error.contains("measures.csv") && error.contains("csv"), "{error}");
    }
}
