//! A table of the reconstruction as a measure: the rows that it reads, who they are of (N2), and the
//! counts.
//!
//! N2 knows people by another rule than the rest of the engine: the traced pseudonym; else the
//! council's own identifier, whatever the council, unless that occurs on a row of the build with a
//! traced pseudonym: such rows are left out, and so are rows without either. All rows of a traced
//! pseudonym are of one [`Person`], which is counted at once. Other rows may be of several, and
//! whether their identifier occurs with a traced pseudonym is known only at the end: they wait until
//! then.

use super::Settings;
use super::by_council::ByCouncil;
use super::labels::Labels;
use super::row::{Row, View};
use super::submissions::{Reads, Year};
use crate::attrition::{Attrition, FilterText, Steps};
use crate::figure::{Area, Figure, Results, Unit, Value};
use crate::frame::Frame;
use crate::measures::breakdown::{Breakdown, Facts, Shown, Stratum, facts_of, sums_of_own_keys};
use crate::measures::{Measure, councils};
use crate::place::Places;
use crate::study::Method;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::cld::{CldDetail, CldRow};

/// What a table is made for.
#[derive(Clone, Debug)]
pub struct Context {
    /// Labels of the texts that were read.
    pub labels: Arc<Labels>,
    /// The year, both days included.
    pub year: Period,
    /// N8.
    pub today: Day,
    /// Which reading counts where the published code has a known fault.
    pub method: Method,
    /// Settings.
    pub settings: Settings,
}

impl Context {
    /// Whether the published code is followed in its known faults.
    #[must_use]
    pub fn as_published(&self) -> bool {
        self.method == Method::AsPublished
    }
}

/// A cell of a table. The levels mean what the build says; both are 0 in the total of the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Position among [`Build::PARTS`].
    pub part: u8,
    /// Numbers of what the cell is broken down by.
    pub levels: [u8; 2],
}

/// Counts by cell.
pub type Cells = BTreeMap<Cell, i64>;

/// Counts of everyone (none) and by value of the breakdowns that the study asks for, by council and
/// cell.
type Tallies = BTreeMap<(Option<Stratum>, u16, Cell), i64>;

/// What makes a table out of rows.
pub trait Build: Clone + Debug + Send {
    /// The measure.
    const NAME: &'static str;
    /// The rule of the handbook.
    const RULE: &'static str;
    /// Which submissions it reads.
    const READS: Reads;
    /// Parts, in the order of output.
    const PARTS: &'static [&'static str];
    /// What is counted.
    const COUNTS: Unit;
    /// The part that its attrition is of; empty when it is the same for all.
    const ATTRITION: &'static str = "";

    /// A build for one year.
    fn new(context: Context) -> Self;

    /// The builds that have a row, as bits (at least one), or the first filter of [`Build::admits`]
    /// that it fails. A row without a start is in no build.
    fn admit(&self, view: View<'_>) -> Result<u8, usize>;

    /// Filters of rows, in words.
    fn admits(&self) -> Vec<FilterText>;

    /// Counts the rows of one person, in no order.
    fn count(&mut self, rows: &mut Vec<Row>, tally: &mut Tally<'_>);

    /// Filters of the rows of a person, in words.
    fn counts(&self) -> Vec<FilterText>;

    /// The stratum of a cell that is not a total.
    fn stratum(&self, cell: Cell) -> String;

    /// Makes the figures of an area.
    fn figures(
        &self,
        area: &Area,
        cells: &Cells,
        period: Period,
        _: &Frame,
        out: &mut Vec<Figure>,
    ) {
        for (part, name) in (0u8..).zip(Self::PARTS) {
            let total = Cell { part, levels: [0, 0] };
            let rest = cells.iter().filter(|(cell, _)| cell.part == part && **cell != total);
            let total = (total, cells.get(&total).copied().unwrap_or(0));
            for (cell, count) in std::iter::once(total).chain(rest.map(|(&cell, &n)| (cell, n))) {
                let is_total = cell.levels == [0, 0];
                out.push(Figure {
                    measure: Self::NAME,
                    part: (*name).into(),
                    period,
                    area: area.clone(),
                    stratum: if is_total { String::new() } else { self.stratum(cell) },
                    numerator: Some(count),
                    denominator: None,
                    value: Value::Count,
                    interval: None,
                    unit: Self::COUNTS,
                    counts: Self::COUNTS,
                });
            }
        }
    }
}

/// Where the rows of a person are counted.
#[derive(Debug)]
pub struct Tally<'a> {
    counts: &'a mut Tallies,
    by: &'a [Breakdown],
    /// What the person is in each council.
    facts: &'a [(u16, Facts)],
    attrition: &'a mut Attrition,
    by_council: &'a mut ByCouncil,
    /// The council of all rows of the person; none when they are of several.
    council: Option<u16>,
    places: &'a Places,
    first: usize,
    passed: usize,
    furthest: usize,
}

impl Tally<'_> {
    /// Adds to a cell of a council, which has its number in `Frame::la_codes`.
    pub fn add(&mut self, la: u16, part: u8, levels: [u8; 2], count: i64) {
        let (council, cell) = (self.places.council(la), Cell { part, levels });
        let facts = self.facts.iter().find(|(known, _)| *known == la);
        let values = facts.into_iter().flat_map(|(_, values)| values);
        let strata = self.by.iter().copied().zip(values.copied()).map(Some);
        for stratum in std::iter::once(None).chain(strata) {
            *self.counts.entry((stratum, council, cell)).or_default() += count;
        }
    }

    /// Numbers the filters from a later one of [`Build::counts`], for steps that tables share.
    pub fn skip(&mut self, filters: usize) {
        self.first += filters;
    }

    /// Counts rows that fell at a filter of [`Build::counts`].
    pub fn fell(&mut self, filter: usize, rows: i64) {
        if rows > 0 {
            self.count(self.first + filter, rows);
            self.furthest = self.furthest.max(self.first + filter);
        }
    }

    /// Counts rows that passed every filter.
    pub fn passed(&mut self, rows: i64) {
        if rows > 0 {
            self.count(self.passed, rows);
            self.furthest = self.passed;
        }
    }

    fn count(&mut self, position: usize, rows: i64) {
        self.attrition.records_at(position, rows);
        if let Some(council) = self.council {
            self.by_council.rows(council, position, rows);
        }
    }
}

/// Local identifiers that occur with a traced pseudonym, as bits by number in `Texts::local_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LocalIds(Vec<u64>);

impl LocalIds {
    fn insert(&mut self, local: u32) {
        let word = (local / 64) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (local % 64);
        }
    }

    fn has(&self, local: u32) -> bool {
        self.0.get((local / 64) as usize).is_some_and(|word| word >> (local % 64) & 1 == 1)
    }

    fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

/// How many builds a table can have: its own, and one that it looks into.
const BUILDS: usize = 2;

/// Filters that come before those of the build.
const READING: usize = 2;

/// The counts of one year.
#[derive(Clone, Debug)]
struct OfYear<B> {
    build: B,
    year: Year,
    counts: Tallies,
    by: Vec<Breakdown>,
    attrition: Attrition,
    by_council: ByCouncil,
    /// By build.
    traced: [LocalIds; BUILDS],
    /// Rows without a traced pseudonym, by number of the local identifier.
    waiting: Vec<(u32, Row)>,
    /// Position of N2 among the filters, and their number.
    identifier: usize,
    filters: usize,
}

impl<B: Build> OfYear<B> {
    fn new(build: B, year: Year, by: Vec<Breakdown>) -> Self {
        let identifier = READING + build.admits().len();
        let filters = identifier + 1 + build.counts().len();
        Self {
            build,
            year,
            counts: Tallies::new(),
            by,
            attrition: Attrition::new(filters),
            by_council: ByCouncil::new(filters),
            traced: Default::default(),
            waiting: Vec::new(),
            identifier,
            filters,
        }
    }

    /// The row, if it is in a build, or the position of the first filter that it fails.
    #[inline]
    fn admit(&self, labels: &Labels, row: &CldRow, detail: &CldDetail) -> Result<Row, usize> {
        if row.is_prepared() {
            return Err(0);
        }
        let import = self.year.imports.get(usize::from(row.submission)).copied().flatten();
        let import = import.ok_or(1usize)?;
        let view = View { labels, row, detail };
        let builds = self.build.admit(view).map_err(|filter| READING + filter)?;
        let start = row.start.get().ok_or(READING)?;
        Ok(Row::new(view, start, import, builds))
    }

    /// Takes the rows of a person that can be told apart now, and lets the others wait. `facts` are the
    /// person's by council.
    fn add(
        &mut self,
        labels: &Labels,
        places: &Places,
        person: &Person<'_>,
        facts: &[(u16, Facts)],
        rows: &mut Vec<Row>,
    ) {
        rows.clear();
        let none = CldDetail::default();
        let mut furthest = None;
        for (n, row) in person.cld_rows.iter().enumerate() {
            let detail = person.cld_details.get(n).unwrap_or(&none);
            let facts = facts.iter().find(|(la, _)| *la == row.la).map(|(_, facts)| *facts);
            let fell = match self.admit(labels, row, detail) {
                Ok(row_in_build) => match row.id_kind {
                    PersonIdKind::NhsTraced => {
                        for (build, traced) in self.traced.iter_mut().enumerate() {
                            if row_in_build.builds >> build & 1 == 1 && detail.local_id != 0 {
                                traced.insert(detail.local_id);
                            }
                        }
                        rows.push(Row { facts: facts.unwrap_or_default(), ..row_in_build });
                        continue;
                    }
                    PersonIdKind::NhsSupplied | PersonIdKind::LaLocal if detail.local_id != 0 => {
                        let row = Row { facts: facts.unwrap_or_default(), ..row_in_build };
                        self.waiting.push((detail.local_id, row));
                        continue;
                    }
                    _ => self.identifier,
                },
                Err(filter) => filter,
            };
            self.attrition.record(fell);
            self.by_council.rows(places.council(row.la), fell, 1);
            furthest = furthest.max(Some(fell));
        }
        if !rows.is_empty() {
            furthest = furthest.max(Some(self.count(rows, places)));
        }
        if let Some(furthest) = furthest.filter(|_| person.is_known()) {
            self.attrition.person(furthest);
        }
    }

    /// Counts the rows of one identifier; the furthest position reached.
    fn count(&mut self, rows: &mut Vec<Row>, places: &Places) -> usize {
        let Self { build, counts, by, attrition, by_council, identifier, filters, .. } = self;
        let facts = if by.is_empty() { Vec::new() } else { facts_by_council(rows) };
        let outside = rows.iter().filter(|row| row.builds & 1 == 0).count() as i64;
        attrition.records_at(*identifier, outside);
        let one = rows.first().map(|row| row.la);
        let one = one.filter(|&la| rows.iter().all(|row| row.la == la));
        let council = one.map(|la| places.council(la));
        match council {
            Some(council) => by_council.rows(council, *identifier, outside),
            None => rows.iter().for_each(|row| by_council.shared(places.council(row.la))),
        }
        let mut tally = Tally {
            counts,
            by,
            facts: &facts,
            attrition,
            by_council,
            council,
            places,
            first: *identifier + 1,
            passed: *filters,
            furthest: *identifier,
        };
        build.count(rows, &mut tally);
        tally.furthest
    }

    /// Counts the rows that waited.
    fn settle(&mut self, places: &Places) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_unstable_by_key(|(local, _)| *local);
        let mut rows = Vec::new();
        for group in waiting.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(local, _)) = group.first() else { continue };
            let traced = |build: usize| u8::from(self.traced[build].has(local)) << build;
            let allowed = !(0..BUILDS).map(traced).fold(0, |bits, bit| bits | bit);
            rows.clear();
            for (_, row) in group {
                let builds = row.builds & allowed;
                if builds == 0 {
                    self.by_council.rows(places.council(row.la), self.identifier, 1);
                } else {
                    rows.push(Row { builds, ..*row });
                }
            }
            let dropped = group.len() - rows.len();
            self.attrition.records_at(self.identifier, dropped as i64);
            let furthest =
                if rows.is_empty() { self.identifier } else { self.count(&mut rows, places) };
            self.attrition.person(furthest);
        }
    }

    fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.attrition.merge(&other.attrition);
        self.by_council.merge(&other.by_council);
        for (mine, theirs) in self.traced.iter_mut().zip(&other.traced) {
            mine.merge(theirs);
        }
        self.waiting.extend(other.waiting);
    }

    fn steps(&self, places: &Places, results: &mut Results) {
        let of = Steps {
            measure: B::NAME,
            part: B::ATTRITION,
            period: self.year.period,
            unit: Unit::Events,
        };
        let read: FilterText = match B::READS {
            Reads::Latest => {
                ("N3", "not of the latest submission of the council that covers the year".into())
            }
            Reads::All => ("N4", "of a submission after the cut-off".into()),
        };
        let prepared: FilterText = ("N1", "of a prepared table, not of a submission".into());
        let identifier: FilterText = (
            "N2",
            "no traced pseudonym, and a local identifier that is missing or occurs with one".into(),
        );
        let filters = [prepared, read].into_iter().chain(self.build.admits());
        let filters = filters.chain([identifier]).chain(self.build.counts());
        let filters: Vec<FilterText> = filters.collect();
        let start = (B::RULE, "rows of care records".to_owned());
        let by_council = &mut results.council_attrition;
        self.by_council.steps(&of, &start, &filters, places, by_council);
        self.attrition.steps(&of, start, filters, &mut results.attrition);
    }
}

/// What the rows of one identifier say of the person in each council. A council's own identifier may
/// be of several people to the rest of the engine: of different values the first shown counts.
fn facts_by_council(rows: &[Row]) -> Vec<(u16, Facts)> {
    let mut facts: Vec<(u16, Facts)> = Vec::new();
    for row in rows {
        match facts.iter_mut().find(|(la, _)| *la == row.la) {
            None => facts.push((row.la, row.facts)),
            Some((_, known)) => {
                for (value, other) in known.iter_mut().zip(row.facts) {
                    *value = other.min(*value);
                }
            }
        }
    }
    facts
}

/// The measure of a build: integer counts by year, and the rows that wait for the end.
#[derive(Clone, Debug)]
pub struct Table<B> {
    labels: Arc<Labels>,
    places: Arc<Places>,
    years: Vec<OfYear<B>>,
    by: Vec<Breakdown>,
    rows: Vec<Row>,
    facts: Vec<(u16, Facts)>,
}

impl<B: Build> Table<B> {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let labels = Arc::new(Labels::new(settings.labels, frame));
        let by = Breakdown::asked(frame);
        let of_year = |year: Year| {
            let context = Context {
                labels: Arc::clone(&labels),
                year: year.period,
                today: year.today,
                method: frame.study.method,
                settings: settings.clone(),
            };
            OfYear::new(B::new(context), year, by.clone())
        };
        let years = Year::of(settings, B::READS, frame).into_iter().map(of_year).collect();
        let places = Arc::new(Places::new(frame));
        Self { labels, places, years, by, rows: Vec::new(), facts: Vec::new() }
    }
}

impl<B: Build> Measure for Table<B> {
    const NAME: &'static str = B::NAME;

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.cld_rows.is_empty() {
            return;
        }
        let Self { labels, places, years, by, rows, facts } = self;
        if !by.is_empty() {
            facts_of(by, person.cld_rows.iter().map(|row| row.la), person, frame, facts);
        }
        for year in years {
            year.add(labels, places, person, facts, rows);
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.years.iter_mut().zip(other.years) {
            mine.merge(theirs);
        }
    }

    /// By year: part by part the total and the cells of England, regions by name and councils by code,
    /// then those by breakdown and value, first of the keys that the table has itself; then the
    /// attrition.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        let with_a_row = councils::with_a_row(&self.places, frame);
        let mut years = self.years.clone();
        for year in &mut years {
            year.settle(&self.places);
            let no_counts: BTreeMap<u16, Cells> =
                with_a_row.iter().map(|&council| (council, Cells::new())).collect();
            let mut strata = BTreeMap::from([(None, no_counts.clone())]);
            for (&(stratum, council, cell), &count) in &year.counts {
                let by_council = strata.entry(stratum).or_insert_with(|| no_counts.clone());
                by_council.entry(council).or_default().insert(cell, count);
            }
            let add = |sum: &mut Cells, more: &Cells| {
                for (&cell, count) in more {
                    *sum.entry(cell).or_default() += count;
                }
            };
            // everyone comes first
            let mut shown = None;
            for (stratum, by_council) in &strata {
                let mut figures = Vec::new();
                for (area, cells) in councils::with_sums(&self.places, by_council, add) {
                    year.build.figures(&area, &cells, year.year.period, frame, &mut figures);
                }
                let shown = shown.get_or_insert_with(|| {
                    figures.extend(sums_of_own_keys(&self.by, &figures));
                    Shown::new(&figures)
                });
                match stratum {
                    None => results.measures.append(&mut figures),
                    Some(stratum) => shown.add(*stratum, figures, frame, &mut results.measures),
                }
            }
        }
        for year in &years {
            year.steps(&self.places, results);
        }
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
