//! Rows that could not be used, each under a named reason, so that counts add up to the input.

use std::collections::BTreeMap;

/// Why a row was set aside while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The row has another number of fields than the heading.
    FieldCount,
    /// The bytes of the row are not UTF-8.
    Encoding,
    /// A date that is not in an accepted form.
    BadDate,
    /// A number that is not in an accepted form.
    BadNumber,
    /// No council code on a row of a submission.
    NoCouncil,
    /// No identifier of the person on a row of a submission (P-09).
    NoPersonId,
    /// No case, activity or time on a row of an event log.
    NotAnEvent,
}

impl Reason {
    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FieldCount => "field_count",
            Self::Encoding => "encoding",
            Self::BadDate => "bad_date",
            Self::BadNumber => "bad_number",
            Self::NoCouncil => "no_council",
            Self::NoPersonId => "no_person_id",
            Self::NotAnEvent => "not_an_event",
        }
    }
}

/// A row set aside: where it stands and why; never what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// Why.
    pub reason: Reason,
    /// Canonical column that was at fault; empty when the whole row was.
    pub column: &'static str,
}

/// Every row set aside so far.
#[derive(Clone, Debug, Default)]
pub struct Quarantine {
    rows: Vec<SetAside>,
}

impl Quarantine {
    /// Sets a row aside.
    pub fn push(&mut self, row: SetAside) {
        self.rows.push(row);
    }

    /// Adds the rows of another part of the input.
    pub fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    /// The rows in the order of file and row.
    #[must_use]
    pub fn sorted(&self) -> Vec<SetAside> {
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        rows
    }

    /// How many rows were set aside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row was set aside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Rows by file, reason and column.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<(u16, Reason, &'static str), u64> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            *counts.entry((row.file, row.reason, row.column)).or_default() += 1;
        }
        counts
    }
}
