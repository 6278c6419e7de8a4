//! The SALT tables of a run beside a council's or the published return, cell by cell, and the steps
//! that left out rows of the same council.
//!
//! What the run counted is told as the table `measures` tells it; a return is public, or the council's
//! own.

use super::table::{Cell, Column, Kind, Table};
use crate::disclosure::{
    Entry, Marker, Profile, Protected, Released, ReleasedFigure, ReleasedStep,
};
use crate::figure::{Area, AreaType};
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;

/// Which cells stand beside each other: measure, period, code of the area.
type Place = (&'static str, Period, String);

/// Part and group of people.
type Group = (String, String);

/// A cell of a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnCell {
    /// Measure.
    pub measure: &'static str,
    /// Year, both days included.
    pub period: Period,
    /// Code of a council; of England; or the name of a region.
    pub area_code: String,
    /// Part of the measure.
    pub part: String,
    /// Group of people; empty for all.
    pub stratum: String,
    /// The count; none where the return suppresses it.
    pub value: Option<i64>,
    /// Line of the file, from 1.
    pub line: u64,
}

/// A SALT return. Texts are compared without case and superfluous blanks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaltReturn {
    cells: BTreeMap<Place, BTreeMap<Group, ReturnCell>>,
}

impl SaltReturn {
    /// Adds a cell, unless it is there already: then the error is the line where it stands.
    ///
    /// # Errors
    /// The line of the cell that is there already.
    pub fn add(&mut self, cell: ReturnCell) -> Result<(), u64> {
        let place = (cell.measure, cell.period, fold(&cell.area_code));
        let group = (fold(&cell.part), fold(&cell.stratum));
        let cells = self.cells.entry(place).or_default();
        if let Some(before) = cells.get(&group) {
            return Err(before.line);
        }
        cells.insert(group, cell);
        Ok(())
    }

    /// Cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.values().map(BTreeMap::len).sum()
    }

    /// Whether there is no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

/// What a comparison finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Finding {
    Same,
    /// The return is the same once it is rounded as the run's figures are.
    SameAfterRounding,
    Differs,
    SuppressedHere,
    SuppressedInTheReturn,
    OnlyInTheReturn,
    OnlyInThisRun,
    /// No cell: a step of attrition.
    LeftOut,
}

impl Finding {
    const fn text(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::SameAfterRounding => "same after rounding",
            Self::Differs => "differs",
            Self::SuppressedHere => "suppressed here",
            Self::SuppressedInTheReturn => "suppressed in the return",
            Self::OnlyInTheReturn => "only in the return",
            Self::OnlyInThisRun => "only in this run",
            Self::LeftOut => "left out",
        }
    }
}

/// The table `salt_comparison` of a run.
#[derive(Clone, Debug)]
pub struct SaltComparison {
    table: Table,
    counts: BTreeMap<Finding, u64>,
}

impl SaltComparison {
    /// Compares a release with a return, in the measures, years and areas that the return has.
    /// `profile` is that of the release.
    #[must_use]
    pub fn between(
        released: &Protected<Released>,
        profile: &Profile,
        salt_return: &SaltReturn,
    ) -> Self {
        let mut comparison = Self { table: empty(), counts: BTreeMap::new() };
        let mut figures: BTreeMap<Place, Vec<&ReleasedFigure>> = BTreeMap::new();
        for figure in &released.measures {
            let place = (figure.measure, figure.period, fold(&figure.area.code));
            if salt_return.cells.contains_key(&place) {
                figures.entry(place).or_default().push(figure);
            }
        }
        for (place, cells) in &salt_return.cells {
            let Some(here) = figures.get(place) else {
                let why = why_no_place(released, place);
                for cell in cells.values() {
                    comparison.only_in_the_return(cell, None, why);
                }
                continue;
            };
            comparison.compare(here, cells, profile);
            if let Some(figure) = here.first() {
                comparison.steps(released, figure);
            }
        }
        comparison
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// How many cells are the same, differ and so on, in a sentence without a final stop.
    #[must_use]
    pub fn in_words(&self) -> String {
        let counts = self.counts.iter().filter(|(finding, _)| **finding != Finding::LeftOut);
        let counts = counts.map(|(finding, count)| format!("{count} {}", finding.text()));
        counts.collect::<Vec<_>>().join(", ")
    }

    /// One measure, year and area.
    fn compare(
        &mut self,
        figures: &[&ReleasedFigure],
        cells: &BTreeMap<Group, ReturnCell>,
        profile: &Profile,
    ) {
        let mut left = cells.clone();
        for figure in figures {
            let group = (fold(&figure.part), fold(&figure.stratum));
            left.remove(&group);
            self.cell(figure, cells.get(&group), profile);
        }
        let area = figures.first().map(|figure| &figure.area);
        for cell in left.values() {
            let has_part = figures.iter().any(|figure| fold(&figure.part) == fold(&cell.part));
            let why = if has_part {
                "nobody is counted in this group here, or the run spells it otherwise"
            } else {
                "the measure has no such part"
            };
            self.only_in_the_return(cell, area, why);
        }
    }

    fn cell(&mut self, figure: &ReleasedFigure, cell: Option<&ReturnCell>, profile: &Profile) {
        let here = match figure.value.marker() {
            Some(marker) => Entry::Marked(marker),
            None => figure.numerator,
        };
        let number = match here {
            Entry::Marked(Marker::Low) => Some(0),
            other => other.shown(),
        };
        let given = cell.and_then(|cell| cell.value);
        let finding = match (cell, number, given) {
            (None, ..) => Finding::OnlyInThisRun,
            (_, None, _) => Finding::SuppressedHere,
            (_, _, None) => Finding::SuppressedInTheReturn,
            (_, Some(here), Some(given)) if here == given => Finding::Same,
            (_, Some(here), Some(given)) => {
                match profile.of_measure(figure.measure).rounded(given) == here {
                    true => Finding::SameAfterRounding,
                    false => Finding::Differs,
                }
            }
        };
        let hidden = here.marker().filter(|_| number.is_none());
        let difference = match (number, given) {
            (Some(here), Some(given)) => Cell::Integer(here - given),
            _ => Cell::Marked(hidden.unwrap_or(Marker::NotApplicable)),
        };
        let given = match (cell, given) {
            (_, Some(given)) => Cell::Integer(given),
            (Some(_), None) => Cell::Marked(Marker::Confidential),
            (None, None) => Cell::Marked(Marker::NotApplicable),
        };
        let numbers = [here.into(), given, difference, figure.status.into()];
        self.row(finding, Which::of_figure(figure), numbers, Why::default());
    }

    fn only_in_the_return(&mut self, cell: &ReturnCell, area: Option<&Area>, why: &str) {
        let (area_type, area_name) =
            area.map_or(("", ""), |area| (area.kind.code(), area.name.as_str()));
        let which = Which {
            measure: cell.measure,
            part: &cell.part,
            period: cell.period,
            area: [area_type, &cell.area_code, area_name],
            stratum: &cell.stratum,
        };
        let none = Cell::Marked(Marker::NotApplicable);
        let given = cell.value.map_or(Cell::Marked(Marker::Confidential), Cell::Integer);
        let numbers = [none.clone(), given, none, "".into()];
        self.row(Finding::OnlyInTheReturn, which, numbers, Why { what: why, ..Why::default() });
    }

    /// The steps of a measure, year and area that left out rows. Regions have none.
    fn steps(&mut self, released: &Protected<Released>, figure: &ReleasedFigure) {
        let of_council = released.council_attrition.iter();
        let of_council = of_council.filter(|(area, _)| *area == figure.area).map(|(_, step)| step);
        let is_england = figure.area.kind == AreaType::England;
        let of_england = released.attrition.iter().filter(|_| is_england);
        let is_ours = |step: &&ReleasedStep| {
            (step.measure, step.period) == (figure.measure, figure.period)
                && step.step > 1
                && step.records_out != Entry::Shown(0)
        };
        for step in of_england.chain(of_council).filter(is_ours) {
            let which = Which { part: &step.part, stratum: "", ..Which::of_figure(figure) };
            let none = Cell::Marked(Marker::NotApplicable);
            let status = step.records_out.marker();
            let why = Why { rule: step.rule, what: &step.what, records_out: step.records_out };
            self.row(
                Finding::LeftOut,
                which,
                [none.clone(), none.clone(), none, status.into()],
                why,
            );
        }
    }

    fn row(&mut self, finding: Finding, which: Which<'_>, numbers: [Cell; 4], why: Why<'_>) {
        *self.counts.entry(finding).or_default() += 1;
        let [area_type, area_code, area_name] = which.area;
        let mut row = vec![
            finding.text().into(),
            which.measure.into(),
            which.part.into(),
            Cell::Date(which.period.start),
            Cell::Date(which.period.end),
            area_type.into(),
            area_code.into(),
            area_name.into(),
            which.stratum.into(),
        ];
        row.extend(numbers);
        row.extend([why.rule.into(), why.what.into(), why.records_out.into()]);
        self.table.rows.push(row);
    }
}

/// Which figure a row is of.
struct Which<'a> {
    measure: &'a str,
    part: &'a str,
    period: Period,
    /// Type, code, name.
    area: [&'a str; 3],
    stratum: &'a str,
}

impl<'a> Which<'a> {
    fn of_figure(figure: &'a ReleasedFigure) -> Self {
        Self {
            measure: figure.measure,
            part: &figure.part,
            period: figure.period,
            area: [figure.area.kind.code(), &figure.area.code, &figure.area.name],
            stratum: &figure.stratum,
        }
    }
}

/// What explains a row.
struct Why<'a> {
    rule: &'a str,
    what: &'a str,
    records_out: Entry<i64>,
}

impl Default for Why<'_> {
    fn default() -> Self {
        Self { rule: "", what: "", records_out: Entry::Marked(Marker::NotApplicable) }
    }
}

/// A text as it is compared: without case, and with one blank where there are some.
fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Why a run has no figure of a measure, year and area.
fn why_no_place(released: &Protected<Released>, (measure, period, _): &Place) -> &'static str {
    let mut of_measure = released.measures.iter().filter(|figure| figure.measure == *measure);
    if of_measure.clone().next().is_none() {
        "the run does not make this measure"
    } else if of_measure.all(|figure| figure.period != *period) {
        "the run does not have this year"
    } else {
        "the run has no such area"
    }
}

fn empty() -> Table {
    let column = |name, heading, kind| Column { name, heading, kind, when_empty: "[z]" };
    let text = |name, heading| column(name, heading, Kind::Text);
    let number = |name, heading| column(name, heading, Kind::Integer);
    Table {
        name: "salt_comparison",
        title: "Beside the SALT return",
        note: "One count of the return or of this run a row; then, of each measure and council, the \
               rules that left out its records.",
        columns: vec![
            text("comparison", "What the comparison finds"),
            text("measure", "Measure"),
            text("part", "Part of the measure"),
            column("period_start", "First day of the period", Kind::Date),
            column("period_end", "Last day of the period", Kind::Date),
            text("area_type", "Type of area"),
            text("area_code", "Area code"),
            text("area_name", "Area"),
            Column { when_empty: "All", ..text("stratum", "Group of people") },
            number("here", "In this run"),
            number("return", "In the return"),
            number("difference", "This run less the return"),
            Column { when_empty: "shown", ..text("status", "Status") },
            text("rule", "Rule"),
            text("what", "What explains it"),
            number("records_out", "Records left out"),
        ],
        rows: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
