//! Latest person details: one line per council and person (P-16 to P-28).
//!
//! The input is the person's events in a main table, whatever their type and dates. Values that only
//! [`CldDetail`] holds are unknown where no input has them.

mod home;
mod reason;

pub use reason::{Reason, Reasons, Why};

use crate::cld::cleaning::{Cleaned, Cleaning};
use crate::cld::event::CareEvent;
use crate::codes::cld::{ClientType, Field, Gender, Raw};
use crate::day::{BirthMonth, Day, OPEN_END, OptDay, Period};
use crate::records::cld::CldDetail;
use hashbrown::HashSet;
use home::{SERVICE_HOMES, ServiceHome, home_from_services};
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// The latest details of one person in one council (P-28). Unknown values are the published unknown
/// value of the field, never [`Cleaned::NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PersonDetails {
    /// Council: number in `Texts::la`.
    pub la: u16,
    /// Latest local identifier: number in `Texts::local_id`; 0 when unknown (P-27).
    pub local_id: u32,
    /// Gender (P-17).
    pub gender: Gender,
    /// Ethnicity (P-18).
    pub ethnicity: Cleaned,
    /// Employment status (P-19); can be `Invalid and not mapped`.
    pub employment: Cleaned,
    /// Primary support reason (P-20).
    pub primary_support_reason: Cleaned,
    /// Client funding status (P-21).
    pub funding: Cleaned,
    /// Accommodation status, from services where no status is known (P-22, P-23).
    pub accommodation: Cleaned,
    /// Settled accommodation.
    pub is_settled: bool,
    /// Month of birth (P-24).
    pub birth: BirthMonth,
    /// Date of death (P-25).
    pub death: OptDay,
    /// Has unpaid carer: Yes, No or Unknown (P-26).
    pub has_carer: Cleaned,
}

/// Latest details with their reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Explained {
    /// The details.
    pub details: PersonDetails,
    /// Why they are so.
    pub reasons: Reasons,
}

impl PersonDetails {
    /// `Der_Working_Age_Band_End_Of_Period` on the last day of the period (P-24). Age 0, as the
    /// published code has it, is `Unknown`.
    #[must_use]
    pub fn working_age_band(&self, period_end: Day) -> &'static str {
        match self.birth.dhsc_age(period_end) {
            Some(1..=17) => "Under 18",
            Some(18..=64) => "18 to 64",
            Some(65..) => "65 and above",
            _ => "Unknown",
        }
    }
}

/// The people whom carers name as cared for, by council and local identifier (P-26). Collected over
/// all people before any details are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarerLinks {
    cared_for: HashSet<(u16, u32)>,
}

impl CarerLinks {
    /// Adds those whom one person names as an unpaid carer on events that touch the period.
    pub fn add(&mut self, events: &[CareEvent], details: &[CldDetail], period: Period) {
        for event in events {
            let is_carer = matches!(
                event.client_type,
                ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation
            );
            if is_carer && event.end.or(OPEN_END) >= period.start && event.start <= period.end {
                let detail = details.get(event.row as usize).copied().unwrap_or_default();
                let named = detail.linked_ids.into_iter().filter(|&id| id != 0);
                self.cared_for.extend(named.map(|id| (event.la, id)));
            }
        }
    }

    /// Adds those whom other people name.
    pub fn merge(&mut self, other: &Self) {
        self.cared_for.extend(&other.cared_for);
    }
}

/// The cleaned values that the rules name, looked up once for all people.
#[derive(Clone, Debug)]
pub struct DetailCodes {
    undeclared: Cleaned,
    refused: Cleaned,
    carer_reason: Cleaned,
    learning_disability: Cleaned,
    no_employment: Cleaned,
    no_reason: Cleaned,
    no_funding: Cleaned,
    no_accommodation: Cleaned,
    no_carer: Cleaned,
    yes: Cleaned,
    /// In the order of [`SERVICE_HOMES`].
    from_services: [Cleaned; SERVICE_HOMES.len()],
    /// Whether an accommodation status is settled, by the number of its label.
    is_settled: Vec<bool>,
}

impl DetailCodes {
    /// The values by the lists of a run.
    #[must_use]
    pub fn new(cleaning: &Cleaning) -> Self {
        let value = |field, label| cleaning.find(field, label).unwrap_or_default();
        let unknown = |field| value(field, "Unknown");
        let status = |label| value(Field::AccommodationStatus, label);
        let settled =
            |n| cleaning.attribute(Field::AccommodationStatus, Cleaned(n), "group") == "1";
        Self {
            undeclared: value(Field::Ethnicity, "No data: Undeclared or not known"),
            refused: value(Field::Ethnicity, "No data: Refused"),
            carer_reason: value(
                Field::PrimarySupportReason,
                "Social support: Support to unpaid carer",
            ),
            learning_disability: value(Field::PrimarySupportReason, "Learning disability support"),
            no_employment: unknown(Field::EmploymentStatus),
            no_reason: unknown(Field::PrimarySupportReason),
            no_funding: unknown(Field::ClientFundingStatus),
            no_accommodation: unknown(Field::AccommodationStatus),
            no_carer: unknown(Field::HasUnpaidCarer),
            yes: value(Field::HasUnpaidCarer, "Yes"),
            from_services: SERVICE_HOMES.map(|(_, label)| status(label)),
            is_settled: (0..=u8::MAX).map(settled).collect(),
        }
    }

    /// Whether a primary support reason is `Learning disability support`.
    #[must_use]
    pub fn is_learning_disability(&self, reason: Cleaned) -> bool {
        !reason.is_none() && reason == self.learning_disability
    }

    /// Whether an accommodation status is settled: group 1 (`cld-fields.md` 4.6).
    #[must_use]
    pub fn is_settled(&self, status: Cleaned) -> bool {
        self.is_settled.get(usize::from(status.0)).copied().unwrap_or(false)
    }

    /// Whether an accommodation status is unknown, or only presumed from services (P-23).
    #[must_use]
    pub fn is_presumed_or_unknown(&self, status: Cleaned) -> bool {
        let homes = SERVICE_HOMES.iter().zip(self.from_services);
        let mut presumed = homes.filter(|((home, _), _)| {
            matches!(home, ServiceHome::AtHome | ServiceHome::InCommunity)
        });
        status == self.no_accommodation
            || [Cleaned::NONE, Cleaned::INVALID].contains(&status)
            || presumed.any(|(_, code)| code == status)
    }

    /// Whether a person is known to have an unpaid carer, or to have none; nothing when unknown.
    #[must_use]
    pub fn has_carer(&self, value: Cleaned) -> Option<bool> {
        match value {
            Cleaned::NONE | Cleaned::INVALID => None,
            value if value == self.no_carer => None,
            value => Some(value == self.yes),
        }
    }
}

/// Finds the latest details of people, all of them or one by one.
#[derive(Debug)]
pub struct LatestDetails<'a> {
    cleaning: &'a Cleaning,
    links: &'a CarerLinks,
    codes: Cow<'a, DetailCodes>,
}

impl<'a> LatestDetails<'a> {
    /// Ready for the people of a main table whose carers' links were collected.
    #[must_use]
    pub fn new(cleaning: &'a Cleaning, links: &'a CarerLinks) -> Self {
        Self { cleaning, links, codes: Cow::Owned(DetailCodes::new(cleaning)) }
    }

    /// The same with values that were looked up before, which costs nothing.
    #[must_use]
    pub const fn with_codes(
        cleaning: &'a Cleaning,
        links: &'a CarerLinks,
        codes: &'a DetailCodes,
    ) -> Self {
        Self { cleaning, links, codes: Cow::Borrowed(codes) }
    }

    /// Appends one line for each council of a person's events, in the order of their first event.
    /// `details` are those of the rows that the events come from.
    pub fn append(
        &self,
        events: &[CareEvent],
        details: &[CldDetail],
        out: &mut Vec<PersonDetails>,
    ) {
        let first = out.len();
        for event in events {
            if out[first..].iter().all(|known| known.la != event.la) {
                out.push(self.of_council(event.la, events, details).details);
            }
        }
    }

    /// Like [`LatestDetails::append`], with the reason for every value.
    pub fn explain(&self, events: &[CareEvent], details: &[CldDetail], out: &mut Vec<Explained>) {
        let first = out.len();
        for event in events {
            if out[first..].iter().all(|known| known.details.la != event.la) {
                out.push(self.of_council(event.la, events, details));
            }
        }
    }

    fn of_council(&self, la: u16, events: &[CareEvent], details: &[CldDetail]) -> Explained {
        let codes = &*self.codes;
        let of_council = || in_council(la, events);
        let detail = |event: &CareEvent| detail(event, details);
        let ethnicity = self.explained_ethnicity(la, events, details);
        let employment = latest(of_council(), codes.no_employment, |event| {
            match self.cleaning.cleaned(Field::EmploymentStatus, detail(event).employment) {
                Cleaned::NONE | Cleaned::INVALID => (0, 0, Cleaned::INVALID),
                value => (u32::from(value != codes.no_employment), 0, value),
            }
        });
        let funding = |event: &CareEvent| (Field::ClientFundingStatus, detail(event).funding);
        let rows_with = |id: u32| of_council().filter(|event| detail(event).local_id == id).count();
        let any_id =
            of_council().map(|event| detail(event).local_id).find(|&id| id != 0).unwrap_or(0);
        let has_one_id = of_council().all(|event| [0, any_id].contains(&detail(event).local_id));
        let local_id = latest(of_council(), 0, |event| match detail(event).local_id {
            0 => (0, 0, 0),
            id if has_one_id => (1, 0, id),
            id => (1, rows_with(id) as u32, id),
        });
        let accommodation_stated = self.stated_accommodation(la, events, details);
        let accommodation = self.or_from_services(la, events, accommodation_stated);
        let support = self.support_reason(la, events, details);
        let funding = self.usual(la, events, codes.no_funding, &funding, |_| false);
        let gender = explained_gender(la, events);
        let has_carer = self.carer(la, events, details);
        let (birth, death) = (latest_birth(of_council()), latest_death(of_council()));
        let first_with = |holds: &dyn Fn(&CareEvent) -> bool| {
            let with = || of_council().filter(|event| holds(event));
            let last = with().map(|event| event.reference_end).max();
            let of_last = with().filter(|event| Some(event.reference_end) == last);
            match of_last.map(|event| event.record_id).min() {
                None => Reason::default(),
                found => Reason { why: Why::Latest, record_id: found },
            }
        };
        Explained {
            details: PersonDetails {
                la,
                local_id: local_id.0,
                gender: gender.0,
                ethnicity: ethnicity.0,
                employment: employment.0,
                primary_support_reason: support.0,
                funding: funding.0,
                accommodation: accommodation.0,
                is_settled: codes.is_settled(accommodation.0),
                birth,
                death,
                has_carer: has_carer.0,
            },
            reasons: Reasons {
                local_id: local_id.1,
                gender: gender.1,
                ethnicity: ethnicity.1,
                employment: employment.1,
                primary_support_reason: support.1,
                funding: funding.1,
                accommodation: accommodation.1,
                accommodation_stated: accommodation_stated.1,
                birth: first_with(&|event| event.birth.is_known() && event.birth == birth),
                death: first_with(&|event| event.death.is_some() && event.death == death),
                has_carer: has_carer.1,
            },
        }
    }

    /// Accommodation status in one council (P-22), from services where no status is known (P-23).
    #[must_use]
    pub fn accommodation(&self, la: u16, events: &[CareEvent], details: &[CldDetail]) -> Cleaned {
        let stated = self.stated_accommodation(la, events, details);
        self.or_from_services(la, events, stated).0
    }

    /// Primary support reason in one council (P-20).
    #[must_use]
    pub fn primary_support_reason(
        &self,
        la: u16,
        events: &[CareEvent],
        details: &[CldDetail],
    ) -> Cleaned {
        self.support_reason(la, events, details).0
    }

    /// Whether the person has an unpaid carer, in one council: Yes, No or Unknown (P-26).
    #[must_use]
    pub fn has_carer(&self, la: u16, events: &[CareEvent], details: &[CldDetail]) -> Cleaned {
        self.carer(la, events, details).0
    }

    /// Ethnicity in one council (P-18).
    #[must_use]
    pub fn ethnicity(&self, la: u16, events: &[CareEvent], details: &[CldDetail]) -> Cleaned {
        self.explained_ethnicity(la, events, details).0
    }

    /// P-18.
    fn explained_ethnicity(
        &self,
        la: u16,
        events: &[CareEvent],
        details: &[CldDetail],
    ) -> (Cleaned, Reason) {
        let codes = &*self.codes;
        latest(in_council(la, events), codes.undeclared, |event| {
            match self.cleaning.cleaned(Field::Ethnicity, detail(event, details).ethnicity) {
                Cleaned::NONE | Cleaned::INVALID => (0, 0, codes.undeclared),
                value if value == codes.undeclared => (0, 0, value),
                value if value == codes.refused => (1, 0, value),
                value => (2, 0, value),
            }
        })
    }

    /// P-22 alone.
    fn stated_accommodation(
        &self,
        la: u16,
        events: &[CareEvent],
        details: &[CldDetail],
    ) -> (Cleaned, Reason) {
        let raw =
            |event: &CareEvent| (Field::AccommodationStatus, detail(event, details).accommodation);
        self.usual(la, events, self.codes.no_accommodation, &raw, |_| false)
    }

    /// P-23: a status that is not known, from services.
    fn or_from_services(
        &self,
        la: u16,
        events: &[CareEvent],
        stated: (Cleaned, Reason),
    ) -> (Cleaned, Reason) {
        if stated.0 != self.codes.no_accommodation {
            return stated;
        }
        let Some((home, record_id)) = home_from_services(in_council(la, events)) else {
            return stated;
        };
        let reason = Reason { why: Why::Services, record_id: Some(record_id) };
        let mut known = SERVICE_HOMES.iter().zip(self.codes.from_services);
        known.find(|((other, _), _)| *other == home).map_or(stated, |(_, code)| (code, reason))
    }

    /// P-20.
    fn support_reason(
        &self,
        la: u16,
        events: &[CareEvent],
        details: &[CldDetail],
    ) -> (Cleaned, Reason) {
        let raw = |event: &CareEvent| {
            (Field::PrimarySupportReason, detail(event, details).primary_support_reason)
        };
        let carer_reason = self.codes.carer_reason;
        self.usual(la, events, self.codes.no_reason, &raw, |value| value == carer_reason)
    }

    /// P-26.
    fn carer(&self, la: u16, events: &[CareEvent], details: &[CldDetail]) -> (Cleaned, Reason) {
        let linked = |event: &CareEvent| {
            self.links.cared_for.contains(&(la, detail(event, details).local_id))
        };
        if !self.links.cared_for.is_empty() && in_council(la, events).any(linked) {
            return (self.codes.yes, Reason { why: Why::CarerLink, record_id: None });
        }
        let raw = |event: &CareEvent| (Field::HasUnpaidCarer, detail(event, details).has_carer);
        self.usual(la, events, self.codes.no_carer, &raw, |_| false)
    }

    /// The generic rule for a field whose unknown value is `Unknown`. A weak value is ranked with the
    /// unknown ones.
    fn usual(
        &self,
        la: u16,
        events: &[CareEvent],
        unknown: Cleaned,
        raw: &dyn Fn(&CareEvent) -> (Field, Raw),
        is_weak: impl Fn(Cleaned) -> bool,
    ) -> (Cleaned, Reason) {
        latest(in_council(la, events), unknown, |event| {
            let (field, raw) = raw(event);
            let value = match self.cleaning.cleaned(field, raw) {
                Cleaned::NONE | Cleaned::INVALID => unknown,
                value => value,
            };
            (u32::from(value != unknown && !is_weak(value)), 0, value)
        })
    }
}

fn in_council(la: u16, events: &[CareEvent]) -> impl Iterator<Item = &CareEvent> {
    events.iter().filter(move |event| event.la == la)
}

fn detail(event: &CareEvent, details: &[CldDetail]) -> CldDetail {
    details.get(event.row as usize).copied().unwrap_or_default()
}

/// Gender of a person in one council (P-17). `events` are all of the person's in a main table.
#[must_use]
pub fn gender(la: u16, events: &[CareEvent]) -> Gender {
    explained_gender(la, events).0
}

fn explained_gender(la: u16, events: &[CareEvent]) -> (Gender, Reason) {
    latest(in_council(la, events), Gender::Unknown, |event| match event.gender {
        Gender::None | Gender::Invalid | Gender::Unknown => (0, 0, Gender::Unknown),
        known => (1, 0, known),
    })
}

/// All local identifiers of a person in one council (P-27), as numbers in `Texts::local_id`, each
/// once, in no meaningful order: tables sort them by their texts.
pub fn local_ids(la: u16, events: &[CareEvent], details: &[CldDetail], out: &mut Vec<u32>) {
    out.clear();
    let ids = in_council(la, events).filter_map(|event| details.get(event.row as usize));
    out.extend(ids.map(|detail| detail.local_id).filter(|&id| id != 0));
    out.sort_unstable();
    out.dedup();
}

/// The generic rule (P-16): the value of the rows tied for first place by how well known it is,
/// reference period end, end (open first) and start, all descending, then by a further key of the
/// field; `unknown` when these rows disagree. `value` gives how well known, the further key and the
/// value.
fn latest<'e, T: Copy + PartialEq>(
    events: impl Iterator<Item = &'e CareEvent>,
    unknown: T,
    value: impl Fn(&CareEvent) -> (u32, u32, T),
) -> (T, Reason) {
    let mut best = None;
    let mut result = unknown;
    let mut reason = Reason::default();
    for event in events {
        let (known, further, value) = value(event);
        let end = event.end.or(OPEN_END);
        let place = Some((known, event.reference_end, end, event.start, further));
        match place.cmp(&best) {
            Ordering::Greater => {
                (best, result) = (place, value);
                // a value that ranks with the unknown ones, such as a carer's reason, is one all the same
                let why = if value == unknown { Why::NoValue } else { Why::Latest };
                reason = Reason { why, record_id: Some(event.record_id) };
            }
            Ordering::Equal if reason.why == Why::Tie => {}
            Ordering::Equal if result != value => {
                result = unknown;
                reason = Reason { why: Why::Tie, record_id: None };
            }
            Ordering::Equal => {
                reason.record_id = reason.record_id.min(Some(event.record_id));
            }
            Ordering::Less => {}
        }
    }
    if reason.why == Why::NoValue {
        reason.record_id = None;
    }
    (result, reason)
}

/// The date of death in care records (P-25): of the rows with one, that of the latest reference
/// period, then the latest. A death known to an older submission only still counts.
#[must_use]
pub fn date_of_death(events: &[CareEvent]) -> OptDay {
    latest_death(events.iter())
}

/// Month of birth (P-24) and date of death (P-25) of the latest details of a person in one council,
/// for measures that need no other detail. `events` are all of the person's in a main table.
#[must_use]
pub fn birth_and_death(la: u16, events: &[CareEvent]) -> (BirthMonth, OptDay) {
    (latest_birth(in_council(la, events)), latest_death(in_council(la, events)))
}

fn latest_birth<'e>(events: impl Iterator<Item = &'e CareEvent>) -> BirthMonth {
    events
        .filter(|event| event.birth.is_known())
        .min_by_key(|event| (Reverse(event.reference_end), event.birth))
        .map_or(BirthMonth::default(), |event| event.birth)
}

fn latest_death<'e>(events: impl Iterator<Item = &'e CareEvent>) -> OptDay {
    events
        .filter(|event| event.death.is_some())
        .max_by_key(|event| (event.reference_end, event.death))
        .map_or(OptDay::NONE, |event| event.death)
}

#[cfg(test)]
mod tests;
