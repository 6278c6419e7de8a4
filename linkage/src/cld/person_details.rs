//! Latest person details: one line per council and person (P-16 to P-28).
//!
//! The input is the person's events in a main table, whatever their type and dates. Values that only
//! [`CldDetail`] holds are unknown where no input has them.

use crate::cld::cleaning::{Cleaned, Cleaning};
use crate::cld::event::CareEvent;
use crate::codes::cld::{ClientType, Component, EventType, Field, Gender, Raw, ServiceType};
use crate::day::{BirthMonth, Day, OPEN_END, OptDay, Period};
use crate::records::cld::CldDetail;
use hashbrown::HashSet;
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

/// Why a value of [`PersonDetails`] is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Why {
    /// No row has a value.
    #[default]
    NoValue,
    /// One row comes first, or those tied for first place agree.
    Latest,
    /// The rows tied for first place disagree, so the value is unknown.
    Tie,
    /// Derived from services, for no status is known or its rows disagree (P-23).
    Services,
    /// Yes, for a carer names the person (P-26).
    CarerLink,
}

impl Why {
    /// The word in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoValue => "no_value",
            Self::Latest => "latest",
            Self::Tie => "tie",
            Self::Services => "services",
            Self::CarerLink => "carer_link",
        }
    }
}

/// The reason of one value and the row that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Reason {
    /// Why.
    pub why: Why,
    /// Record id of the row that came first: of tied rows the one with the smallest id. None where no
    /// row has a value, where rows disagree, and for a carer's word.
    pub record_id: Option<u64>,
}

/// The reasons of [`PersonDetails`], field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are those of PersonDetails")]
pub struct Reasons {
    pub local_id: Reason,
    pub gender: Reason,
    pub ethnicity: Reason,
    pub employment: Reason,
    pub primary_support_reason: Reason,
    pub funding: Reason,
    pub accommodation: Reason,
    /// Of the accommodation status by the generic rule alone, before services were asked.
    pub accommodation_stated: Reason,
    pub birth: Reason,
    pub death: Reason,
    pub has_carer: Reason,
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

/// Finds the latest details of people. Holds the labels that the rules name.
#[derive(Debug)]
pub struct LatestDetails<'a> {
    cleaning: &'a Cleaning,
    links: &'a CarerLinks,
    undeclared: Cleaned,
    refused: Cleaned,
    carer_reason: Cleaned,
    yes: Cleaned,
}

impl<'a> LatestDetails<'a> {
    /// Ready for the people of a main table whose carers' links were collected.
    #[must_use]
    pub fn new(cleaning: &'a Cleaning, links: &'a CarerLinks) -> Self {
        let value = |field, label| cleaning.find(field, label).unwrap_or_default();
        Self {
            cleaning,
            links,
            undeclared: value(Field::Ethnicity, "No data: Undeclared or not known"),
            refused: value(Field::Ethnicity, "No data: Refused"),
            carer_reason: value(
                Field::PrimarySupportReason,
                "Social support: Support to unpaid carer",
            ),
            yes: value(Field::HasUnpaidCarer, "Yes"),
        }
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
        let events = || events.iter().filter(move |event| event.la == la);
        let detail =
            |event: &CareEvent| details.get(event.row as usize).copied().unwrap_or_default();
        let unknown = |field| self.cleaning.find(field, "Unknown").unwrap_or_default();
        // the generic rule for a field whose unknown value is `Unknown`
        let usual =
            |field: Field, raw: &dyn Fn(CldDetail) -> Raw, is_weak: &dyn Fn(Cleaned) -> bool| {
                let unknown = unknown(field);
                latest(events(), unknown, |event| {
                    let value = match self.cleaning.cleaned(field, raw(detail(event))) {
                        Cleaned::NONE | Cleaned::INVALID => unknown,
                        value => value,
                    };
                    (u32::from(value != unknown && !is_weak(value)), 0, value)
                })
            };
        let never = |_: Cleaned| false;
        let gender = latest(events(), Gender::Unknown, |event| match event.gender {
            Gender::None | Gender::Invalid | Gender::Unknown => (0, 0, Gender::Unknown),
            known => (1, 0, known),
        });
        let ethnicity = latest(events(), self.undeclared, |event| {
            match self.cleaning.cleaned(Field::Ethnicity, detail(event).ethnicity) {
                Cleaned::NONE | Cleaned::INVALID => (0, 0, self.undeclared),
                value if value == self.undeclared => (0, 0, value),
                value if value == self.refused => (1, 0, value),
                value => (2, 0, value),
            }
        });
        let no_employment = unknown(Field::EmploymentStatus);
        let employment = latest(events(), no_employment, |event| {
            match self.cleaning.cleaned(Field::EmploymentStatus, detail(event).employment) {
                Cleaned::NONE | Cleaned::INVALID => (0, 0, Cleaned::INVALID),
                value => (u32::from(value != no_employment), 0, value),
            }
        });
        let field = Field::AccommodationStatus;
        let mut accommodation = usual(field, &|detail| detail.accommodation, &never);
        let accommodation_stated = accommodation.1;
        if accommodation.0 == unknown(field) {
            let (label, reason) = accommodation_from_services(events());
            let derived = self.cleaning.find(field, label).unwrap_or(accommodation.0);
            if derived != accommodation.0 {
                accommodation = (derived, reason);
            }
        }
        let rows_with = |id: u32| events().filter(|event| detail(event).local_id == id).count();
        let any_id = events().map(|event| detail(event).local_id).find(|&id| id != 0).unwrap_or(0);
        let has_one_id = events().all(|event| [0, any_id].contains(&detail(event).local_id));
        let local_id = latest(events(), 0, |event| match detail(event).local_id {
            0 => (0, 0, 0),
            id if has_one_id => (1, 0, id),
            id => (1, rows_with(id) as u32, id),
        });
        let linked =
            |event: &CareEvent| self.links.cared_for.contains(&(la, detail(event).local_id));
        let has_carer = if events().any(linked) {
            (self.yes, Reason { why: Why::CarerLink, record_id: None })
        } else {
            usual(Field::HasUnpaidCarer, &|detail| detail.has_carer, &never)
        };
        let support =
            usual(Field::PrimarySupportReason, &|detail| detail.primary_support_reason, &|value| {
                value == self.carer_reason
            });
        let funding = usual(Field::ClientFundingStatus, &|detail| detail.funding, &never);
        let (birth, death) = (latest_birth(events()), latest_death(events()));
        let first_with = |holds: &dyn Fn(&CareEvent) -> bool| {
            let last = events().filter(|event| holds(event)).map(|event| event.reference_end).max();
            let of_last = |event: &&CareEvent| Some(event.reference_end) == last && holds(event);
            match events().filter(of_last).map(|event| event.record_id).min() {
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
                is_settled: self.cleaning.attribute(field, accommodation.0, "group") == "1",
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
                accommodation_stated,
                birth: first_with(&|event| event.birth.is_known() && event.birth == birth),
                death: first_with(&|event| event.death.is_some() && event.death == death),
                has_carer: has_carer.1,
            },
        }
    }
}

/// All local identifiers of a person in one council (P-27), as numbers in `Texts::local_id`, each
/// once, in no meaningful order: tables sort them by their texts.
pub fn local_ids(la: u16, events: &[CareEvent], details: &[CldDetail], out: &mut Vec<u32>) {
    out.clear();
    let of_council = events.iter().filter(|event| event.la == la);
    let ids = of_council.filter_map(|event| details.get(event.row as usize));
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

/// The label that services suggest (P-23).
fn accommodation_from_services<'e>(
    events: impl Iterator<Item = &'e CareEvent>,
) -> (&'static str, Reason) {
    let mut best = None;
    let mut first = u64::MAX;
    let mut kind = ServiceType::None;
    let mut component: Option<Component> = None;
    for event in events.filter(|event| event.event_type == EventType::Service) {
        let rank = match event.service_type {
            ServiceType::None
            | ServiceType::Invalid
            | ServiceType::CarerDirect
            | ServiceType::CarerIndirect => 99,
            known => known as u8,
        };
        let mappable = matches!(
            event.component,
            Component::SharedLives
                | Component::SupportedLiving
                | Component::ExtraCare
                | Component::HomeSupport
        );
        let place = Some((event.end.or(OPEN_END), Reverse(rank), mappable, event.start));
        match place.cmp(&best) {
            Ordering::Greater => {
                best = place;
                first = event.record_id;
                // rows in one place have one rank, so one type
                kind = if rank < 99 { event.service_type } else { ServiceType::None };
                component = mappable.then_some(event.component);
            }
            // several components say nothing; no third one brings them back
            Ordering::Equal => {
                first = first.min(event.record_id);
                if mappable && component != Some(event.component) {
                    component = Some(Component::None);
                }
            }
            Ordering::Less => {}
        }
    }
    let reason = Reason { why: Why::Services, record_id: best.is_some().then_some(first) };
    let label = match (kind, component.unwrap_or_default()) {
        (ServiceType::Nursing, _) => "Registered nursing home",
        (ServiceType::Residential, _) => "Registered care home",
        (_, Component::SharedLives) => "Shared Lives scheme",
        (_, Component::ExtraCare) => {
            "Sheltered housing, extra care housing or other sheltered housing"
        }
        (_, Component::SupportedLiving) => {
            "Supported accommodation, supported lodgings or supported group home"
        }
        (ServiceType::Community, Component::HomeSupport) => "Unknown: Presumed at home",
        (ServiceType::Community, _) => "Unknown: Presumed in community",
        (ServiceType::Prison, _) => "Prison, young offenders institution or detention centre",
        _ => "Unknown",
    };
    (label, reason)
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
    let events = || events.iter().filter(|event| event.la == la);
    (latest_birth(events()), latest_death(events()))
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
