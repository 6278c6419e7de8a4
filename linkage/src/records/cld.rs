//! Client Level Data rows: one row of a submission, or one prepared event.

use crate::codes::cld::{Field, Raw};
use crate::day::{BirthMonth, OptDay};
use crate::person::PersonIdKind;

/// One row of a submission (or of a prepared table), as far as preparation, timelines and linked
/// measures need it. The rest is in [`CldDetail`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CldRow {
    /// `Der_Unique_Record_ID`: larger = loaded later. Where the file has none: a hash of what the row says.
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
    /// Submission: number in `Submissions`. Rows of a prepared table have numbers from
    /// [`CldRow::FIRST_PREPARED`], by their reference period.
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
    /// of birth, or by the month of birth where the file has no such column; [`CldRow::NO_AGE`] when
    /// missing.
    pub age_at_start: u8,
    /// Where the person identifier came from.
    pub id_kind: PersonIdKind,
}

impl CldRow {
    /// Smallest submission number of rows that were prepared elsewhere. What it exceeds this number by
    /// is the row's reference period among those of prepared tables.
    pub const FIRST_PREPARED: u16 = 65_000;

    /// The submission number of rows that were prepared elsewhere and come without a reference period.
    pub const PREPARED: u16 = u16::MAX;

    /// The age of a row that comes without one.
    pub const NO_AGE: u8 = u8::MAX;

    /// Whether the row is one event of a table that was prepared elsewhere.
    #[must_use]
    #[inline]
    pub const fn is_prepared(&self) -> bool {
        self.submission >= Self::FIRST_PREPARED
    }
}

/// What only costs, person details and quality reports need of a row of a submission; held beside
/// the rows, and only when the file has such columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Autism spectrum disorder.
    pub autism: Raw,
    /// Visual impairment.
    pub visual_impairment: Raw,
    /// Hearing impairment.
    pub hearing_impairment: Raw,
    /// Dementia.
    pub dementia: Raw,
    /// Eligible needs identified.
    pub eligible_needs: Raw,
    /// Method of assessment.
    pub assessment_method: Raw,
    /// Total hours caring a week.
    pub hours_caring: Raw,
    /// Method of review.
    pub review_method: Raw,
    /// What fields that are kept nowhere held.
    pub seen: Seen,
    /// Number of adults cared for, 0 to 99; [`CldDetail::NO_ADULTS`] when missing, also where the
    /// value is no such number ([`Seen::ADULTS_BAD`]).
    pub adults: u8,
}

impl CldDetail {
    /// No number of adults cared for.
    pub const NO_ADULTS: u8 = u8::MAX;
}

impl Default for CldDetail {
    fn default() -> Self {
        Self {
            unit_cost: Pence::NONE,
            planned_units: Pence::NONE,
            cost_frequency: Raw::NONE,
            ethnicity: Raw::NONE,
            primary_support_reason: Raw::NONE,
            accommodation: Raw::NONE,
            employment: Raw::NONE,
            funding: Raw::NONE,
            has_carer: Raw::NONE,
            review_outcomes: Raw::NONE,
            cqc_location: 0,
            local_id: 0,
            linked_ids: [0; 3],
            autism: Raw::NONE,
            visual_impairment: Raw::NONE,
            hearing_impairment: Raw::NONE,
            dementia: Raw::NONE,
            eligible_needs: Raw::NONE,
            assessment_method: Raw::NONE,
            hours_caring: Raw::NONE,
            review_method: Raw::NONE,
            seen: Seen::NONE,
            adults: Self::NO_ADULTS,
        }
    }
}

/// Where each coded field of a row is kept.
macro_rules! coded_fields {
    ($row:ident, $detail:ident; $($field:ident: $part:ident.$name:ident,)+) => {
        /// The raw value of a coded field.
        #[must_use]
        #[inline]
        pub fn raw_of(field: Field, $row: &CldRow, $detail: &CldDetail) -> Raw {
            match field {
                $(Field::$field => $part.$name,)+
            }
        }

        /// The raw value of a coded field, to change it.
        #[must_use]
        pub fn raw_mut<'r>(
            field: Field,
            $row: &'r mut CldRow,
            $detail: &'r mut CldDetail,
        ) -> &'r mut Raw {
            match field {
                $(Field::$field => &mut $part.$name,)+
            }
        }
    };
}

coded_fields! {
    row, detail;
    EventType: row.event_type,
    ClientType: row.client_type,
    Gender: row.gender,
    Ethnicity: detail.ethnicity,
    PrimarySupportReason: detail.primary_support_reason,
    AccommodationStatus: detail.accommodation,
    EmploymentStatus: detail.employment,
    HasUnpaidCarer: detail.has_carer,
    AutismSpectrumDisorder: detail.autism,
    VisualImpairment: detail.visual_impairment,
    HearingImpairment: detail.hearing_impairment,
    Dementia: detail.dementia,
    ClientFundingStatus: detail.funding,
    EventOutcome: row.outcome,
    RequestRouteOfAccess: row.route,
    AssessmentType: row.assessment_type,
    EligibleNeedsIdentified: detail.eligible_needs,
    MethodOfAssessment: detail.assessment_method,
    TotalHoursCaring: detail.hours_caring,
    ServiceType: row.service_type,
    ServiceComponent: row.component,
    DeliveryMechanism: row.mechanism,
    ReviewReason: row.review_reason,
    ReviewOutcomesAchieved: detail.review_outcomes,
    MethodOfReview: detail.review_method,
    CostFrequency: detail.cost_frequency,
}

/// Which fields of a row held a value although the record does not keep it, and which held a value
/// that could not be understood. One bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Seen(pub u16);

impl Seen {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The stated start of the reporting period is a date.
    pub const PERIOD_START: Self = Self(1);
    /// The stated start of the reporting period is no date.
    pub const PERIOD_START_BAD: Self = Self(1 << 1);
    /// The stated end of the reporting period is a date.
    pub const PERIOD_END: Self = Self(1 << 2);
    /// The stated end of the reporting period is no date.
    pub const PERIOD_END_BAD: Self = Self(1 << 3);
    /// An NHS number was submitted, as a pseudonym.
    pub const NHS_NUMBER: Self = Self(1 << 4);
    /// Code of a GP practice.
    pub const GP_PRACTICE: Self = Self(1 << 5);
    /// Event reference.
    pub const EVENT_REFERENCE: Self = Self(1 << 6);
    /// Event description.
    pub const EVENT_DESCRIPTION: Self = Self(1 << 7);
    /// The date of birth, or its year or month, could not be understood.
    pub const BIRTH_BAD: Self = Self(1 << 8);
    /// The date of death is no date.
    pub const DEATH_BAD: Self = Self(1 << 9);
    /// The unit cost is no amount.
    pub const UNIT_COST_BAD: Self = Self(1 << 10);
    /// The planned units are no number.
    pub const PLANNED_UNITS_BAD: Self = Self(1 << 11);
    /// The number of adults cared for is no whole number from 0 to 99.
    pub const ADULTS_BAD: Self = Self(1 << 12);

    /// Whether all bits of another are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These bits and those of `other` if `holds`.
    #[must_use]
    pub const fn with(self, other: Self, holds: bool) -> Self {
        if holds { Self(self.0 | other.0) } else { self }
    }
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
