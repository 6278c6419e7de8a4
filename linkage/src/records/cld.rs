//! Client Level Data rows: one row of a submission, or one prepared event.

use crate::codes::cld::Raw;
use crate::day::{BirthMonth, OptDay};
use crate::person::PersonIdKind;

/// One row of a submission (or of a prepared table), as far as preparation, timelines and linked
/// measures need it. The rest is in [`CldDetail`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CldRow {
    /// `Der_Unique_Record_ID`: larger = loaded later. Where the file has none: file order and row.
    pub record_id: u64,
    /// Event start.
    pub start: OptDay,
    /// Event end as submitted; missing when open (9999-01-01 is open).
    pub raw_end: OptDay,
    /// Date of death on the row.
    pub death: OptDay,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Submission: number in `Submissions`; [`CldRow::PREPARED`] for rows of a prepared table.
    pub submission: u16,
    /// Council: number in `Texts::la` of `LA_Code`.
    pub la: u16,
    /// Month of birth.
    pub birth: BirthMonth,
    /// Event type.
    pub event_type: Raw,
    /// Client type.
    pub client_type: Raw,
    /// Request: route of access.
    pub route: Raw,
    /// Assessment type.
    pub assessment_type: Raw,
    /// Service type.
    pub service_type: Raw,
    /// Service component.
    pub component: Raw,
    /// Delivery mechanism.
    pub mechanism: Raw,
    /// Event outcome.
    pub outcome: Raw,
    /// Review reason.
    pub review_reason: Raw,
    /// Gender.
    pub gender: Raw,
    /// Conversation flag: 0 missing, 1 for 0, 2 for 1, so that larger wins (P-14).
    pub conversation: u8,
    /// Age at the start of the event in years, as supplied with the file, which knows the whole date
    /// of birth; [`CldRow::NO_AGE`] when missing.
    pub age_at_start: u8,
    /// Where the person identifier came from.
    pub id_kind: PersonIdKind,
}

impl CldRow {
    /// The submission number of rows that were prepared elsewhere.
    pub const PREPARED: u16 = u16::MAX;

    /// The age of a row that comes without one.
    pub const NO_AGE: u8 = u8::MAX;
}

/// What only costs, person details and quality reports need of a row of a submission; held beside
/// the rows, and only when the file has such columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct CldDetail {
    /// Unit cost in pence; `i64::MIN` when missing.
    pub unit_cost: Pence,
    /// Planned units a week in hundredths; `i64::MIN` when missing.
    pub planned_units: Pence,
    /// Cost frequency (unit type).
    pub cost_frequency: Raw,
    /// Ethnicity.
    pub ethnicity: Raw,
    /// Primary support reason.
    pub primary_support_reason: Raw,
    /// Accommodation status.
    pub accommodation: Raw,
    /// Employment status.
    pub employment: Raw,
    /// Client funding status.
    pub funding: Raw,
    /// Has unpaid carer.
    pub has_carer: Raw,
    /// Review outcomes achieved.
    pub review_outcomes: Raw,
    /// Provider CQC location: number in `Texts::cqc_location`; 0 when missing.
    pub cqc_location: u32,
    /// LA person identifier: number in `Texts::local_id`; 0 when missing.
    pub local_id: u32,
    /// Adults cared for: numbers in `Texts::local_id`; 0 when missing.
    pub linked_ids: [u32; 3],
}

/// A decimal with two places as an integer of hundredths; missing is `i64::MIN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pence(i64);

impl Pence {
    /// No amount.
    pub const NONE: Self = Self(i64::MIN);

    /// An amount in hundredths.
    #[must_use]
    pub const fn new(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The amount in hundredths, if any.
    #[must_use]
    pub const fn get(self) -> Option<i64> {
        if self.0 == i64::MIN { None } else { Some(self.0) }
    }
}

impl Default for Pence {
    fn default() -> Self {
        Self::NONE
    }
}
