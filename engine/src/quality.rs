//! What reading and preparation left out, as rows of the table `quality`.

use crate::figure::{Area, QualityFigure, Unit};
use std::collections::BTreeMap;
use throughcare_linkage::audit::Audit;
use throughcare_linkage::read::{FileKind, Records};
use throughcare_linkage::records::quarantine::Reason;

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
    };
    let mut figures: Vec<QualityFigure> =
        read.iter().map(|(&kind, &rows)| figure(kind, "rows read".into(), rows)).collect();
    figures.extend(set_aside.into_iter().map(|((kind, reason, column), rows)| {
        let place = if column.is_empty() { String::new() } else { format!(" in {column}") };
        figure(kind, format!("rows set aside: {}{place}", reason.name()), rows)
    }));
    figures
}
