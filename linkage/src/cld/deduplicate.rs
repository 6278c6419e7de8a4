//! One row per unique event (P-13 to P-15).

use crate::cld::cleaning::Cleaning;
use crate::cld::unique_event::{EventReference, ascending};
use crate::codes::cld::{Field, Outcome};
use crate::day::{OPEN_END, OptDay, Period};
use crate::records::cld::{CldDetail, CldRow};
use std::cmp::{Ordering, Reverse};

/// A row that passed the filter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub reference: EventReference,
    pub split: Split,
    pub order: KeepOrder,
    pub record_id: u64,
    /// Index among the person's rows.
    pub row: u32,
    pub end: OptDay,
    pub death: OptDay,
    pub period: Period,
    pub cropped: bool,
}

/// The end of a service or other event at the end of an earlier reference period (P-13), and whether
/// it was cropped.
///
/// The rule spares a row whose event occurs again in the reference period that begins the day after.
/// That needs no search: such a row loses to the later one anyway, for P-14 looks at the end of the
/// reference period first, so it makes no difference where its own end lies.
#[inline]
pub(crate) fn cropped_end(end: OptDay, period: Period, is_prior: bool) -> (OptDay, bool) {
    if is_prior && end.or(OPEN_END) > period.end { (period.end.into(), true) } else { (end, false) }
}

/// Which row of an event is kept (P-14): the smallest. Reference period end descending, end
/// descending with open first, outcome hierarchy ascending, conversation flag descending; the record
/// id follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct KeepOrder(u128);

impl KeepOrder {
    #[inline]
    pub(crate) fn new(period: Period, end: OptDay, outcome: Outcome, conversation: u8) -> Self {
        let descending = |day: i32| u128::from(!ascending(day));
        Self(
            descending(period.end.0) << 64
                | descending(end.or(OPEN_END).0) << 32
                | u128::from(outcome.rank()) << 8
                | u128::from(!conversation),
        )
    }
}

/// What splits the services of one event in the single table (P-15): cleaned delivery mechanism, unit
/// cost, cleaned cost frequency, planned units. The same for all rows of the joined table and of
/// other events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) struct Split {
    labels: [u8; 2],
    amounts: [Option<i64>; 2],
}

impl Split {
    #[inline]
    pub(crate) fn new(cleaning: &Cleaning, row: &CldRow, detail: &CldDetail) -> Self {
        Self {
            labels: [
                cleaning.cleaned(Field::DeliveryMechanism, row.mechanism).0,
                cleaning.cleaned(Field::CostFrequency, detail.cost_frequency).0,
            ],
            amounts: [detail.unit_cost.get(), detail.planned_units.get()],
        }
    }
}

/// Leaves the row to keep of each event, in the order of event references.
pub(crate) fn deduplicate(
    candidates: &mut Vec<Candidate>,
    cleaning: &Cleaning,
    rows: &[CldRow],
    details: &[CldDetail],
) {
    candidates.sort_unstable_by(|a, b| {
        (a.reference, a.split, a.order)
            .cmp(&(b.reference, b.split, b.order))
            .then(b.record_id.cmp(&a.record_id))
            .then_with(|| by_content(a, b, cleaning, rows, details))
    });
    candidates
        .dedup_by(|later, kept| (later.reference, later.split) == (kept.reference, kept.split));
}

/// Record ids should differ. Where they do not, rows are told apart by what they say, and only rows
/// that say the same by their position.
#[cold]
fn by_content(
    a: &Candidate,
    b: &Candidate,
    cleaning: &Cleaning,
    rows: &[CldRow],
    details: &[CldDetail],
) -> Ordering {
    let content = |candidate: &Candidate| {
        let n = candidate.row as usize;
        let row = rows.get(n)?;
        let detail = details.get(n).copied().unwrap_or_default();
        let days = (row.raw_end, row.death, row.birth.0, row.id_kind);
        let texts = [
            cleaning.fold(Field::EventOutcome, row.outcome),
            cleaning.fold(Field::DeliveryMechanism, row.mechanism),
            cleaning.fold(Field::ReviewReason, row.review_reason),
            cleaning.fold(Field::Gender, row.gender),
            cleaning.fold(Field::ClientType, row.client_type),
            cleaning.fold(Field::EventType, row.event_type),
            cleaning.fold(Field::ServiceType, row.service_type),
            cleaning.fold(Field::ServiceComponent, row.component),
            cleaning.fold(Field::AssessmentType, row.assessment_type),
            cleaning.fold(Field::RequestRouteOfAccess, row.route),
            cleaning.fold(Field::CostFrequency, detail.cost_frequency),
            cleaning.fold(Field::Ethnicity, detail.ethnicity),
            cleaning.fold(Field::PrimarySupportReason, detail.primary_support_reason),
            cleaning.fold(Field::AccommodationStatus, detail.accommodation),
            cleaning.fold(Field::EmploymentStatus, detail.employment),
            cleaning.fold(Field::ClientFundingStatus, detail.funding),
            cleaning.fold(Field::HasUnpaidCarer, detail.has_carer),
            cleaning.fold(Field::ReviewOutcomesAchieved, detail.review_outcomes),
        ];
        Some((days, texts, detail.unit_cost, detail.planned_units))
    };
    // more is preferred to less, so that a blank loses
    (Reverse(content(a)), a.row).cmp(&(Reverse(content(b)), b.row))
}
