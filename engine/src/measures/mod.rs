//! One file a measure. A measure takes one linked person at a time into integer counts, adds up the
//! counts of other people, and makes its figures at the end.

pub mod all;
pub mod activity;
pub mod admission_rate;
pub mod ae_rate;
pub mod ascof_2a;
pub mod ascof_2b;
pub mod ascof_2c;
pub mod ascof_2d;
pub mod ascof_2e;
pub mod ascof_3d;
pub mod bed_days;
mod breakdown;
mod broken_down;
mod by_council;
mod care_home_admissions;
pub mod avoidable;
pub mod carers;
pub mod care_market;
pub mod costs;
pub mod discharge_delay;
pub mod discharge_pathway;
pub mod first_contact;
pub mod intensity;
pub mod linkage;
pub mod los;
pub mod lts_snapshot;
pub mod needs;
pub mod new_care;
pub mod readmission;
pub mod reviews;
pub mod time_to;
pub mod usual_residence;
pub mod waiting_times;
mod care_rates;
mod population_rates;
mod councils;
mod quarters;
mod ledger;
mod main_table;
pub mod person_time;
mod receiving_lts;
mod row_figures;
mod service_cost;
#[cfg(test)]
pub(crate) mod care_fixture;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod lined_fixture;
#[cfg(test)]
mod linked_fixture;
pub mod nhse_2324;
pub mod salt;
pub mod salt_lts001a;
pub mod salt_lts001b;
pub mod salt_lts001c;
pub mod salt_lts003;
pub mod salt_lts004;
pub mod salt_sts001;
pub mod salt_sts002a;
pub mod salt_sts002b;

pub(crate) use breakdown::breakdowns_without_population;

pub use all::{Measures, Method, NAMES, Settings};

use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::stay::StayUnit;
use throughcare_linkage::cld::event::ReviewType;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// A measure: accumulate, merge, finish.
///
/// The counts are integers only, so that any split of the people over threads, partitions or sites
/// gives the same figures: `merge` is associative and commutative.
pub trait Measure: Sized + Send {
    /// The name in study files and tables.
    const NAME: &'static str;

    /// Empty counts for the periods and settings of a study.
    fn new(frame: &Frame) -> Self;

    /// Takes one person into the counts. Called once a person, with all records of the person.
    fn add(&mut self, person: &Person<'_>, frame: &Frame);

    /// Adds the counts of other people.
    fn merge(&mut self, other: Self);

    /// Turns the counts into figures and attrition steps, in a documented order.
    fn finish(&self, frame: &Frame, results: &mut Results);
}

/// The periods of a measure: its own, which replace the study's, else the study's.
fn periods(own: &[Period], frame: &Frame) -> Vec<Period> {
    if own.is_empty() { frame.study.periods.clone() } else { own.to_vec() }
}

/// Adds counts period by period.
fn merge_attrition(counts: &mut [Attrition], more: &[Attrition]) {
    for (counts, more) in counts.iter_mut().zip(more) {
        counts.merge(more);
    }
}

/// What a measure of stays starts from.
fn all_stays(unit: StayUnit) -> String {
    match unit {
        StayUnit::Cips => "all continuous inpatient spells".into(),
        StayUnit::Spell => "all provider spells".into(),
    }
}

/// The text of a type of review (P-10). A null reason gives no type, which is not the same as an
/// unknown one.
const fn review_type_label(kind: ReviewType) -> &'static str {
    match kind {
        ReviewType::Planned => "Planned review of long term support",
        ReviewType::Unplanned => "Unplanned",
        ReviewType::ShortTerm => "Review of short term support",
        ReviewType::Unknown => "Review Type Unknown",
        ReviewType::None => "Not recorded",
    }
}

/// Refuses periods that end before they start.
fn check_periods(periods: &[Period]) -> Result<(), String> {
    match periods.iter().find(|period| period.end < period.start) {
        Some(period) => {
            Err(format!("period {} to {} ends before it starts", period.start, period.end))
        }
        None => Ok(()),
    }
}
