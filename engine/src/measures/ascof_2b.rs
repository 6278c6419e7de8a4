//! ASCOF 2B: new admissions to care homes for long-term care of people aged 18 to 64, per 100,000
//! (`cld-metrics.md` section 7).

use super::care_home_admissions::{Band, CareHomeAdmissions};
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use throughcare_linkage::link::person::Person;

pub use super::care_home_admissions::{NullComponent, SelfFundedStay, Settings};

/// People aged 18 to 64 with a new admission, over the population of that age.
#[derive(Clone, Debug)]
pub struct Ascof2b(CareHomeAdmissions);

impl Ascof2b {
    /// Empty counts for these settings.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        Self(CareHomeAdmissions::new(Self::NAME, Band::WorkingAge, settings, frame))
    }
}

impl Measure for Ascof2b {
    const NAME: &'static str = "ascof_2b";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        self.0.add(person, frame);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(&other.0);
    }

    fn finish(&self, frame: &Frame, results: &mut Results) {
        self.0.finish(frame, results);
    }
}
