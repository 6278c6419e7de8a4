//! One file a measure. A measure takes one linked person at a time into integer counts, adds up the
//! counts of other people, and makes its figures at the end.

use crate::figure::Results;
use crate::frame::Frame;
use throughcare_linkage::link::person::Person;

pub mod ascof_2d;

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
