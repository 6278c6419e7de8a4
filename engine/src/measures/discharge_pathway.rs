//! Discharge pathways 0 to 3 (M5): by the hospital's destination, by care records, and how far the two
//! agree. Hospital records hold no pathway; both are conventions.

mod destination;
mod linked;

pub use destination::{Label, has_short_term_service};
pub use linked::{Basis, LinkedRule, LinkedSettings, Pathway};

use super::row_figures::RowFigures;
use crate::attrition::{Attrition, Steps, count_records};
use crate::cohort::{Cohort, CohortSettings, Filter, Profile};
use crate::figure::{Figure, Results, Unit};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Row, Tally};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::codes::short::{Code, CodeSet};
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::records::apc::EpisodeFlags;

/// The table `[measures.discharge_pathway]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// Discharges of `pathway_dest`, on the profile `ndl`.
    pub cohort: CohortSettings,
    /// Management types of `pathway_dest`.
    pub management_types: CodeSet,
    /// Only stays paid for by the NHS in `pathway_dest`: administrative category 01 or 03, or unknown.
    pub nhs_only: bool,
    /// Days after discharge in which a short-term service resolves a label, included.
    pub resolve_days: i32,
    /// A short-term service by any route of access resolves a label, not by discharge from hospital alone.
    pub any_route: bool,
    /// Discharges of `pathway_linked`, on the profile `general`. People who are not linkable, deaths
    /// and transfers stay in: the first two tests of the rule take them out.
    pub linked_cohort: CohortSettings,
    /// The tests of `pathway_linked`.
    pub linked: LinkedSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            cohort: CohortSettings::default(),
            management_types: CodeSet::new(["EL", "EM", "NE"]),
            nhs_only: true,
            resolve_days: 7,
            any_route: false,
            linked_cohort: CohortSettings::default(),
            linked: LinkedSettings::default(),
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)?;
        if self.resolve_days < 0 {
            return Err(format!("resolve_days = {} must not be negative", self.resolve_days));
        }
        self.linked.check()
    }
}

/// Where discharges lead by the pathways of national guidance.
///
/// Parts: `pathway_dest` and `pathway_dest_resolved` (`pathway=0/1` …, per cent of the discharges of
/// M5a, by destination and with the labels that a linked service resolves); `pathway_linked`
/// (`pathway=0` to `3`, per cent of discharges with a pathway); `not_assigned` (`pathway=none`,
/// `unknown`, per cent of all discharges looked at); `basis` (per cent of discharges with a pathway that
/// each test decided); `agreement` (`destination`, `linked`: discharges that both put where) and
/// `agrees` (per cent of those whose destination names pathways, that the linked one is among them).
#[derive(Clone, Debug)]
pub struct DischargePathway {
    settings: Settings,
    cohort: Cohort,
    filters: Vec<Filter>,
    linked_cohort: Cohort,
    linked_filters: Vec<Filter>,
    rule: LinkedRule,
    periods: Vec<Period>,
    dimensions: Vec<Dimension>,
    places: Arc<Places>,
    by_destination: Tally,
    linked: Tally,
    attrition: Vec<Attrition>,
    linked_attrition: Vec<Attrition>,
}

/// Discharges of M5a in one row, by label.
#[derive(Clone, Debug, Default)]
struct Labels {
    plain: [i64; Label::ALL.len()],
    resolved: [i64; Label::ALL.len()],
}

/// Discharges of M5b in one row.
#[derive(Clone, Debug, Default)]
struct Linked {
    by_basis: [i64; Basis::ALL.len()],
    // by label of the destination, then by pathway 0 to 3
    cross: [[i64; 4]; Label::ALL.len()],
}

impl DischargePathway {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = super::periods(&settings.periods, frame);
        let cohort = settings.cohort.resolve(Profile::Ndl);
        let filters = cohort.filters();
        let linked_cohort = Self::linked_cohort(&settings.linked_cohort);
        let linked_filters = linked_cohort.filters();
        Self {
            // two more filters: the management type, the administrative category
            attrition: vec![Attrition::new(filters.len() + 2); periods.len()],
            // two more: the first two tests
            linked_attrition: vec![Attrition::new(linked_filters.len() + 2); periods.len()],
            rule: LinkedRule::new(&settings.linked),
            dimensions: Dimension::with(&frame.study.by),
            places: Arc::new(Places::new(frame)),
            by_destination: Tally::default(),
            linked: Tally::default(),
            settings: settings.clone(),
            cohort,
            filters,
            linked_cohort,
            linked_filters,
            periods,
        }
    }

    /// The cohort of M5b: what tests 1 and 2 take out is still there.
    fn linked_cohort(settings: &CohortSettings) -> Cohort {
        let base = settings.resolve(Profile::General);
        Cohort {
            linkable_only: settings.linkable_only.unwrap_or(false),
            exclude_died: settings.exclude_died.unwrap_or(false),
            exclude_destinations: settings
                .exclude_destinations
                .clone()
                .unwrap_or_else(|| CodeSet::new(["98"])),
            ..base
        }
    }

    /// How many of the filters behind those of M5a's cohort a stay passes, by its first spell.
    fn passed(&self, stay: &Stay, person: &Person<'_>) -> usize {
        let spell = person.spells.get(stay.first_spell as usize);
        let management = spell.map_or(Code::NONE, |spell| spell.management);
        if !self.settings.management_types.contains(management) {
            return 0;
        }
        let episode = spell.and_then(|spell| person.episodes.get(spell.last_episode as usize));
        let is_not_nhs = episode.is_some_and(|row| row.flags.has(EpisodeFlags::NOT_NHS));
        if self.settings.nhs_only && is_not_nhs { 1 } else { 2 }
    }

    fn add_by_destination(&mut self, person: &Person<'_>, of: Facts, frame: &Frame) {
        for (n, &period) in self.periods.iter().enumerate() {
            let mut positions = Vec::new();
            for stay in stay::stays(person, self.cohort.unit) {
                let mut position = self.cohort.position(&self.filters, &stay, of, period);
                if position == self.filters.len() {
                    position += self.passed(&stay, person);
                }
                if position == self.filters.len() + 2 {
                    let label = Label::of(stay.destination);
                    let days = self.settings.resolve_days;
                    let any_route = self.settings.any_route;
                    let is_linked = person.linkable
                        && has_short_term_service(person, frame, stay.discharge, days, any_route);
                    let resolved = if is_linked { label.with_short_term_service() } else { label };
                    let on = stay.discharge;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    let value = label as u64 | (resolved as u64) << 4;
                    self.by_destination.add(Cell { period: n as u16, ..cell }, value);
                }
                positions.push(position);
            }
            count_records(&mut self.attrition, n, person, positions);
        }
    }

    fn add_linked(&mut self, person: &Person<'_>, of: Facts, frame: &Frame) {
        for (n, &period) in self.periods.iter().enumerate() {
            let mut furthest = None;
            for stay in stay::stays(person, self.linked_cohort.unit) {
                let filters = &self.linked_filters;
                let mut position = self.linked_cohort.position(filters, &stay, of, period);
                if position == filters.len() {
                    let basis = self.rule.basis(&stay, person, frame);
                    position += match basis {
                        Basis::NotDischarged => 0,
                        Basis::NotLinked => 1,
                        _ => 2,
                    };
                    let on = stay.discharge;
                    let cell = stay::cell(&stay, on, person, &self.places, &self.dimensions);
                    let value = basis as u64 | (Label::of(stay.destination) as u64) << 4;
                    self.linked.add(Cell { period: n as u16, ..cell }, value);
                }
                self.linked_attrition[n].record(position);
                furthest = furthest.max(Some(position));
            }
            if let Some(furthest) = furthest
                && of.known
            {
                self.linked_attrition[n].person(furthest);
            }
        }
    }

    fn figures_of<'a>(&self, row: Row, out: &'a mut Vec<Figure>) -> Option<RowFigures<'a>> {
        let period = *self.periods.get(usize::from(row.period))?;
        Some(RowFigures::new(Self::NAME, period, row, &self.places, Unit::Discharges, out))
    }

    fn label_figures(mut figures: RowFigures<'_>, labels: &Labels) {
        let parts = [("pathway_dest", &labels.plain), ("pathway_dest_resolved", &labels.resolved)];
        for (part, counts) in parts {
            let all = counts.iter().sum();
            for (label, &discharges) in Label::ALL.iter().zip(counts) {
                let from_services = matches!(label, Label::One | Label::OneOrTwo);
                if part == "pathway_dest" && from_services {
                    continue;
                }
                figures.share(part, &format!("pathway={}", label.name()), discharges, all);
            }
        }
    }

    fn linked_figures(row: Row, mut figures: RowFigures<'_>, linked: &Linked) {
        let mut by_pathway = [0; Pathway::ALL.len()];
        for (basis, &discharges) in Basis::ALL.iter().zip(&linked.by_basis) {
            by_pathway[basis.pathway() as usize] += discharges;
        }
        let of_pathway = |pathway: Pathway| by_pathway[pathway as usize];
        let all: i64 = by_pathway.iter().sum();
        let known = all - of_pathway(Pathway::None) - of_pathway(Pathway::Unknown);
        for pathway in Pathway::ALL {
            let (part, base) =
                if pathway.is_known() { ("pathway_linked", known) } else { ("not_assigned", all) };
            let more = format!("pathway={}", pathway.name());
            figures.share(part, &more, of_pathway(pathway), base);
        }
        let (mut agree, mut comparable) = (0, 0);
        for (label, pathways) in Label::ALL.iter().zip(&linked.cross) {
            for (pathway, &discharges) in Pathway::ALL.iter().zip(pathways) {
                if let Some(agrees) = label.agrees(*pathway) {
                    comparable += discharges;
                    agree += if agrees { discharges } else { 0 };
                }
            }
        }
        figures.share("agrees", "", agree, comparable);
        if row.dimension != Dimension::Total {
            return;
        }
        for (basis, &discharges) in Basis::ALL.iter().zip(&linked.by_basis) {
            if basis.pathway().is_known() {
                figures.share("basis", &format!("basis={}", basis.name()), discharges, known);
            }
        }
        for (label, pathways) in Label::ALL.iter().zip(&linked.cross) {
            for (pathway, &discharges) in Pathway::ALL.iter().zip(pathways) {
                if discharges > 0 {
                    let more = format!("destination={}; linked={}", label.name(), pathway.name());
                    figures.count("agreement", &more, discharges);
                }
            }
        }
    }
}

impl Label {
    /// Whether a linked pathway is among those of the label; `None` for a label that names none.
    fn agrees(self, pathway: Pathway) -> Option<bool> {
        use Pathway::{One, Three, Two, Zero};
        let pathways: &[Pathway] = match self {
            Self::Zero => &[Zero],
            Self::ZeroOrOne => &[Zero, One],
            Self::One => &[One],
            Self::OneOrTwo => &[One, Two],
            Self::Two => &[Two],
            Self::TwoOrThree => &[Two, Three],
            Self::Three => &[Three],
            Self::Other => return None,
        };
        Some(pathways.contains(&pathway))
    }
}

impl Measure for DischargePathway {
    const NAME: &'static str = "discharge_pathway";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        let of = Facts::of(person);
        self.add_by_destination(person, of, frame);
        self.add_linked(person, of, frame);
    }

    fn merge(&mut self, other: Self) {
        self.by_destination.merge(other.by_destination);
        self.linked.merge(other.linked);
        super::merge_attrition(&mut self.attrition, &other.attrition);
        super::merge_attrition(&mut self.linked_attrition, &other.linked_attrition);
    }

    /// By destination, then linked; each by period, area and stratum, then by part.
    fn finish(&self, _frame: &Frame, results: &mut Results) {
        let (places, periods) = (&self.places, self.periods.len());
        let add = |labels: &mut Labels, value: u64, discharges: i64| {
            labels.plain[(value & 15) as usize] += discharges;
            labels.resolved[(value >> 4 & 15) as usize] += discharges;
        };
        for (row, labels) in self.by_destination.rows(places, &self.dimensions, periods, add) {
            if let Some(figures) = self.figures_of(row, &mut results.measures) {
                Self::label_figures(figures, &labels);
            }
        }
        let add = |linked: &mut Linked, value: u64, discharges: i64| {
            let basis = (value & 15) as usize;
            linked.by_basis[basis] += discharges;
            let pathway = Basis::ALL[basis].pathway();
            if pathway.is_known() {
                linked.cross[(value >> 4 & 15) as usize][pathway as usize] += discharges;
            }
        };
        for (row, linked) in self.linked.rows(places, &self.dimensions, periods, add) {
            if let Some(figures) = self.figures_of(row, &mut results.measures) {
                Self::linked_figures(row, figures, &linked);
            }
        }
        let funded = if self.settings.nhs_only {
            "not paid for by the NHS"
        } else {
            "not paid for by the NHS (kept by the settings)"
        };
        let by_hospital = [("M5a", "management type not among those looked at"), ("M5a", funded)];
        let tests = [
            ("M5b.1", "died, or went to another hospital or into custody: no pathway"),
            ("M5b.2", "not linkable, or no council covers the day of discharge: unknown"),
        ];
        let owned = |(rule, what): (&'static str, &str)| (rule, what.to_owned());
        for (n, &period) in self.periods.iter().enumerate() {
            let of = |part| Steps { measure: Self::NAME, part, period, unit: Unit::Discharges };
            let texts = |filters: &[Filter]| -> Vec<_> {
                filters.iter().map(|filter| filter.text()).collect()
            };
            let start = ("M5", super::all_stays(self.cohort.unit));
            let filters = texts(&self.filters).into_iter().chain(by_hospital.map(owned));
            self.attrition[n].steps(&of("pathway_dest"), start, filters, &mut results.attrition);
            let start = ("M5", super::all_stays(self.linked_cohort.unit));
            let filters = texts(&self.linked_filters).into_iter().chain(tests.map(owned));
            let of = of("pathway_linked");
            self.linked_attrition[n].steps(&of, start, filters, &mut results.attrition);
        }
    }
}

#[cfg(test)]
mod tests;
