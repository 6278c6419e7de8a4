//! Emergency readmission while intermediate care still runs: index discharges that reablement or a
//! short-term bed follows, and those of them whose person is readmitted before it ends.

use super::Readmission;
use crate::attrition::{Attrition, Steps};
use crate::cohort::{Cohort, Filter};
use crate::figure::{Results, Unit};
use crate::follow_up::{care_intervals, emergencies_after};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::row_figures::RowFigures;
use crate::place::Places;
use crate::stay::{self, Facts, Stay};
use crate::stratum::Dimension;
use crate::tally::{Cell, Tally};
use serde::{Deserialize, Serialize};
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// The part's name.
const PART: &str = "in_intermediate_care";

/// The table `[measures.readmission.intermediate_care]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntermediateCare {
    /// Days before the discharge from which the care may start, included, but not before the admission.
    pub pre_days: i32,
    /// Days after the discharge to which the care may start, included.
    pub post_days: i32,
    /// Days after the last day of the care on which a readmission still counts, for councils that end
    /// the care before the readmission.
    pub grace_days: i32,
}

impl Default for IntermediateCare {
    fn default() -> Self {
        Self { pre_days: 7, post_days: 7, grace_days: 0 }
    }
}

impl IntermediateCare {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        let days = [
            ("pre_days", self.pre_days),
            ("post_days", self.post_days),
            ("grace_days", self.grace_days),
        ];
        match days.into_iter().find(|(_, days)| *days < 0) {
            Some((name, days)) => {
                Err(format!("intermediate_care.{name} = {days} must not be negative"))
            }
            None => Ok(()),
        }
    }

    /// The intermediate care that follows a stay: the first interval of reablement or a short-term bed
    /// that starts within the days and runs on or after the day of discharge.
    fn after<'a>(&self, stay: &Stay, person: &Person<'a>) -> Option<&'a Interval> {
        let first = stay.discharge.plus(-self.pre_days).max(stay.admission);
        let last = stay.discharge.plus(self.post_days);
        care_intervals(person).find(|interval| {
            matches!(interval.state, State::StMax | State::ShortTermBed)
                && first <= interval.start
                && interval.start <= last
                && interval.end > stay.discharge
        })
    }
}

/// Counts of the part.
#[derive(Clone, Debug)]
pub(super) struct InIntermediateCare {
    settings: IntermediateCare,
    cohort: Cohort,
    filters: Vec<Filter>,
    tally: Tally,
    attrition: Vec<Attrition>,
}

impl InIntermediateCare {
    /// Empty counts, or none where there are no social care records.
    pub(super) fn new(
        settings: &IntermediateCare,
        cohort: Cohort,
        periods: usize,
        frame: &Frame,
    ) -> Option<Self> {
        frame.joined?;
        let filters = cohort.filters();
        Some(Self {
            // two more filters: linked to intermediate care, followed to its end
            attrition: vec![Attrition::new(filters.len() + 2); periods],
            tally: Tally::default(),
            settings: settings.clone(),
            cohort,
            filters,
        })
    }

    /// Takes the stays of a person in one period.
    pub(super) fn add(
        &mut self,
        n: usize,
        period: Period,
        person: &Person<'_>,
        frame: &Frame,
        places: &Places,
        dimensions: &[Dimension],
    ) {
        let of = Facts::of(person);
        let mut furthest = None;
        for stay in stay::stays(person, self.cohort.unit) {
            let mut position = self.cohort.position(&self.filters, &stay, of, period);
            if position == self.filters.len()
                && let Some(care) = self.settings.after(&stay, person)
            {
                position += 1;
                let end = care.end.plus(self.settings.grace_days);
                if end <= frame.sus_end {
                    position += 1;
                    let readmitted = emergencies_after(person, &stay)
                        .any(|admission| care.start <= admission && admission < end);
                    let cell = stay::cell(&stay, stay.discharge, person, places, dimensions);
                    self.tally.add(Cell { period: n as u16, ..cell }, u64::from(readmitted));
                }
            }
            self.attrition[n].record(position);
            furthest = furthest.max(Some(position));
        }
        if let Some(furthest) = furthest
            && of.known
        {
            self.attrition[n].person(furthest);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.tally.merge(other.tally);
        crate::measures::merge_attrition(&mut self.attrition, &other.attrition);
    }

    /// By period, area and stratum; then the attrition.
    pub(super) fn finish(
        &self,
        periods: &[Period],
        places: &Places,
        dimensions: &[Dimension],
        results: &mut Results,
    ) {
        let add = |counts: &mut [i64; 2], readmitted: u64, discharges: i64| {
            counts[0] += discharges;
            counts[1] += readmitted as i64 * discharges;
        };
        for (row, [all, readmitted]) in self.tally.rows(places, dimensions, periods.len(), add) {
            let Some(&period) = periods.get(usize::from(row.period)) else { continue };
            let out = &mut results.measures;
            RowFigures::new(Readmission::NAME, period, row, places, Unit::Discharges, out)
                .share(PART, "", readmitted, all);
        }
        for (&period, counts) in periods.iter().zip(&self.attrition) {
            let of =
                Steps { measure: Readmission::NAME, part: PART, period, unit: Unit::Discharges };
            let IntermediateCare { pre_days, post_days, .. } = self.settings;
            let more = [
                (
                    "X-19",
                    format!(
                        "no reablement or short-term bed starts {pre_days} days before to \
                         {post_days} days after discharge"
                    ),
                ),
                ("M7.4", "the care outlasts the hospital data".to_owned()),
            ];
            let filters = self.filters.iter().map(|filter| filter.text()).chain(more);
            let start = ("M7", crate::measures::all_stays(self.cohort.unit));
            counts.steps(&of, start, filters, &mut results.attrition);
        }
    }
}

#[cfg(test)]
mod tests;
