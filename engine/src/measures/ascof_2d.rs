//! ASCOF 2D: people aged 65 and over discharged from hospital into reablement (`linked-metrics.md`
//! M10, `cld-metrics.md` section 8).
//!
//! * Part 1, by council of the reablement: of the reablement clusters that begin around a discharge,
//!   the share after which the person neither died, nor was readmitted as an emergency, nor entered a
//!   care home within 84 days.
//! * Part 2: those clusters over all eligible discharges, the latter by council of residence.
//!
//! The published code reads raw hospital rows: the last episode of each spell, before any repair of
//! dates, overlaps or transfers. So this measure works on [`Person::episodes`], not on
//! [`Person::spells`], whose hygiene merges, cuts and imputes what the published figures count.
//!
//! The work on one person is in the order of the published code: `cluster` (stage 1), `cohort`
//! (stage 2), `outcome` (stages 3 and 4); `tally` holds the counts and `finish` makes figures.

mod areas;
mod cluster;
mod cohort;
mod finish;
mod outcome;
mod settings;
mod tally;
#[cfg(test)]
mod tests;

pub use settings::{Nulls, Settings};

use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use cluster::{Case, Cluster, LatestDeath};
use cohort::Discharge;
use settings::Method;
use tally::{CellKey, Tally, VennKey};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;

/// The measure `ascof_2d`: integer counts by period, area, client type and slice.
#[derive(Clone, Debug)]
pub struct Ascof2d {
    method: Method,
    /// Counts, period by period.
    tallies: Vec<(Period, Tally)>,
    deaths: Vec<LatestDeath>,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    rows: Vec<(u16, Day, Day)>,
    clusters: Vec<Cluster>,
    discharges: Vec<Discharge>,
    cells: Vec<CellKey>,
    venn: Vec<VennKey>,
}

impl Ascof2d {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let periods = if settings.periods.is_empty() {
            frame.study.periods.clone()
        } else {
            settings.periods.clone()
        };
        let method = Method::new(settings.clone(), frame);
        let tally = |period| (period, Tally::new(method.areas.len()));
        let tallies = periods.into_iter().map(tally).collect();
        Self { method, tallies, deaths: Vec::new(), scratch: Scratch::default() }
    }
}

impl Measure for Ascof2d {
    const NAME: &'static str = "ascof_2d";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() && person.episodes.is_empty() {
            return;
        }
        let Self { method, tallies, deaths, scratch } = self;
        cluster::latest_deaths(person, deaths);
        for (period, tally) in tallies {
            let case = Case { person, frame, deaths, period: *period };
            cluster::reablement(&case, method, &mut tally.care, scratch);
            cohort::eligible(&case, method, &mut tally.stays, &mut scratch.discharges);
            outcome::count_spells(method, tally, scratch);
            outcome::count_clusters(&case, method, tally, scratch);
        }
    }

    fn merge(&mut self, other: Self) {
        for ((_, mine), (_, theirs)) in self.tallies.iter_mut().zip(other.tallies) {
            mine.merge(&theirs);
        }
    }

    fn finish(&self, _frame: &Frame, results: &mut Results) {
        for (period, tally) in &self.tallies {
            finish::figures(&self.method, *period, tally, &mut results.measures);
            finish::attrition(&self.method, *period, tally, &mut results.attrition);
        }
    }
}
