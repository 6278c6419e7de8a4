//! NHS England's ASCOF measures of 2023/24 from care records (`cld-metrics.md` section 23): rows of the
//! part `nhse-2324` under the names of the measures, beside those of the department's method.
//!
//! They work on raw rows as the SALT reconstruction does, with its machinery and its settings.

mod admissions;
mod living;
mod payments;
mod reablement;
mod share;

use super::salt;
use super::salt::table::{Build, Table};
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use serde::{Deserialize, Serialize};
use throughcare_linkage::link::person::Person;

/// Whose ASCOF measures there are: the setting `[measures] profile`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// The department's alone.
    #[default]
    #[serde(rename = "dhsc")]
    Dhsc,
    /// NHS England's of 2023/24 too, as parts of their own.
    #[serde(rename = "nhse-2324")]
    Nhse2324,
}

/// The measures of NHS England that a study includes, with the counts so far.
#[derive(Debug)]
pub struct Nhse2324 {
    reablement: Option<Table<reablement::Ascof2a>>,
    younger: Option<Table<admissions::Ascof2b>>,
    older: Option<Table<admissions::Ascof2c>>,
    living: Option<Table<living::Ascof2e>>,
    clients: Option<Table<payments::Clients>>,
    carers: Option<Table<payments::Carers>>,
}

impl Nhse2324 {
    /// Empty counts. `included` says whether the study has the measure of a name.
    #[must_use]
    pub fn new(included: impl Fn(&str) -> bool, settings: &salt::Settings, frame: &Frame) -> Self {
        fn table<B: Build>(
            included: &impl Fn(&str) -> bool,
            settings: &salt::Settings,
            frame: &Frame,
        ) -> Option<Table<B>> {
            included(B::NAME).then(|| Table::with_settings(settings, frame))
        }
        Self {
            reablement: table(&included, settings, frame),
            younger: table(&included, settings, frame),
            older: table(&included, settings, frame),
            living: table(&included, settings, frame),
            clients: table(&included, settings, frame),
            carers: table(&included, settings, frame),
        }
    }

    /// Takes one person into every measure.
    pub fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        fn add<B: Build>(table: &mut Option<Table<B>>, person: &Person<'_>, frame: &Frame) {
            if let Some(table) = table {
                table.add(person, frame);
            }
        }
        add(&mut self.reablement, person, frame);
        add(&mut self.younger, person, frame);
        add(&mut self.older, person, frame);
        add(&mut self.living, person, frame);
        add(&mut self.clients, person, frame);
        add(&mut self.carers, person, frame);
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        fn merge<B: Build>(mine: &mut Option<Table<B>>, theirs: Option<Table<B>>) {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.merge(theirs);
            }
        }
        merge(&mut self.reablement, other.reablement);
        merge(&mut self.younger, other.younger);
        merge(&mut self.older, other.older);
        merge(&mut self.living, other.living);
        merge(&mut self.clients, other.clients);
        merge(&mut self.carers, other.carers);
    }

    /// Makes the figures, in the order 2A, 2B, 2C, 2E, 3D.
    pub fn finish(&self, frame: &Frame, results: &mut Results) {
        fn finish<B: Build>(table: &Option<Table<B>>, frame: &Frame, results: &mut Results) {
            if let Some(table) = table {
                table.finish(frame, results);
            }
        }
        finish(&self.reablement, frame, results);
        finish(&self.younger, frame, results);
        finish(&self.older, frame, results);
        finish(&self.living, frame, results);
        finish(&self.clients, frame, results);
        finish(&self.carers, frame, results);
    }
}

#[cfg(test)]
mod tests;
