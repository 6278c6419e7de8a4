//! Data quality, as rows of the table `quality`.
//!
//! [`Quality`] takes one person after another into integer counts by council, in the same pass as the
//! measures, and adds up like one. Besides, [`of_audit`] and [`of_files`] tell what reading and
//! preparation left out.
//!
//! | `source` | what a row is (`cld-data-quality.md`) |
//! |---|---|
//! | `dq_values` | the department's table: field, status, validity, value (section 2) |
//! | `dq_field_summary` | headline figures of a field (section 3) |
//! | `dq_rule_counts` | a numbered rule: rows tested and failed, people who fail (section 4) |
//! | `dq_submission` | a check of whole submissions (section 5) |
//! | `dq_linkage` | linkage and identifiers (section 6), hospital and care records together (M21) |
//! | `dq_new_values` | a raw value that no list maps (section 3) |
//! | `dq_metric_caveats` | fitness of a measure in a council, and measures without inputs (section 8) |

pub mod item;
pub mod code;
pub mod plan;
pub mod values;
pub mod summary;
pub mod rule;
mod rows;
mod people;
mod links;
pub mod checks;
pub mod linking;
pub mod linked;
pub mod submission;
pub mod settings;
mod self_checks;
mod figures;
#[cfg(test)]
mod tests;

pub use figures::{Inputs, absent_headings, unavailable};
pub use self_checks::self_checks;

use crate::figure::{Area, Content, QualityFigure, Unit};
use checks::Checks;
use linked::Linked;
use linking::Linking;
use plan::Plan;
use std::collections::BTreeMap;
use throughcare_linkage::audit::Audit;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::read::{FileKind, Records};
use throughcare_linkage::records::quarantine::Reason;
use values::Values;

/// Counts of data quality over some people.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// The department's table.
    pub values: Values,
    /// The numbered rules.
    pub checks: Checks,
    /// Identifiers.
    pub linking: Linking,
    /// Hospital and care records together (M21).
    pub linked: Linked,
}

impl Quality {
    /// Takes one person, or the records without one, into the counts.
    pub fn add(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        self.linked.add(plan, person);
        if person.cld_rows.is_empty() {
            return;
        }
        self.values.add(plan, person);
        self.checks.add(plan, person);
        self.linking.add(plan, person);
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        self.values.merge(other.values);
        self.checks.merge(other.checks);
        self.linking.merge(other.linking);
        self.linked.merge(other.linked);
    }
}

/// One row a rule, in the order of stage and step.
pub fn of_audit(audit: &Audit) -> impl Iterator<Item = QualityFigure> + '_ {
    audit.iter().map(|(rule, records)| QualityFigure {
        area: Area::england(),
        source: rule.stage,
        check: if rule.rule.is_empty() {
            rule.what.to_owned()
        } else {
            format!("{} ({})", rule.what, rule.rule)
        },
        numerator: i64::try_from(records).unwrap_or(i64::MAX),
        denominator: None,
        unit: Unit::Events,
        content: Content::Count,
    })
}

/// Rows read and set aside, by kind of record and reason.
#[must_use]
pub fn of_files(records: &Records) -> Vec<QualityFigure> {
    let mut read: BTreeMap<FileKind, u64> = BTreeMap::new();
    let mut set_aside: BTreeMap<(FileKind, Reason, &'static str), u64> = BTreeMap::new();
    for file in &records.files {
        *read.entry(file.kind).or_default() += file.rows;
    }
    for ((file, reason, column), rows) in records.quarantine.counts() {
        if let Some(file) = records.files.get(usize::from(file)) {
            *set_aside.entry((file.kind, reason, column)).or_default() += rows;
        }
    }
    let figure = |kind: FileKind, check: String, rows: u64| QualityFigure {
        area: Area::england(),
        source: kind.source(),
        check,
        numerator: i64::try_from(rows).unwrap_or(i64::MAX),
        denominator: read.get(&kind).and_then(|&rows| i64::try_from(rows).ok()),
        unit: Unit::Events,
        content: Content::Count,
    };
    let mut figures: Vec<QualityFigure> =
        read.iter().map(|(&kind, &rows)| figure(kind, "rows read".into(), rows)).collect();
    let mut untrusted: BTreeMap<FileKind, u64> = BTreeMap::new();
    for file in records.files.iter().filter(|file| file.untrusted > 0) {
        *untrusted.entry(file.kind).or_default() += file.untrusted;
    }
    figures.extend(untrusted.into_iter().map(|(kind, rows)| {
        let check = "rows without a person: the NHS number is not to be joined by";
        figure(kind, check.into(), rows)
    }));
    figures.extend(set_aside.into_iter().map(|((kind, reason, column), rows)| {
        let place = if column.is_empty() { String::new() } else { format!(" in {column}") };
        figure(kind, format!("rows set aside: {}{place}", reason.name()), rows)
    }));
    figures
}
