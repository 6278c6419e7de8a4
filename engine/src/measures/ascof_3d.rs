//! ASCOF 3D: people who use self-directed support and direct payments (`cld-metrics.md` section 10).
//!
//! Clients (parts 1a and 2a) are a snapshot of long-term community support on the last day of the
//! period; carers (parts 1b and 2b) count over the period. Either way a person counts once in a
//! council, at the highest rank of support: `client` and `carer` give the ranks.

mod carer;
mod client;
mod finish;
#[cfg(test)]
mod tests;

use super::by_council::ByCouncil;
use super::{Measure, merge_attrition};
use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::place::Places;
use crate::study::Method;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::ClientType;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.ascof_3d]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's.
    pub periods: Vec<Period>,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)
    }
}

/// The two halves of the measure, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Clients,
    Carers,
}

const HALVES: [Half; 2] = [Half::Clients, Half::Carers];

/// Filters on events, in the order in which they apply in both halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Filter {
    /// Of a service user; of an unpaid carer.
    Person,
    /// Clients: long-term support. Carers: in a category of support.
    Ranked,
    NotReversed,
    InPeriod,
    Alive,
    Adult,
    /// Another event of the person ranks as high or higher.
    Highest,
    /// Support of the kind that the denominator counts.
    Counted,
}

const FILTERS: usize = Filter::Counted as usize + 1;

/// Age at the end of the period, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Band {
    WorkingAge,
    Older,
    Unknown,
}

/// What the support of a person counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Support {
    DirectPayment,
    ManagedBudget,
    Commissioned,
    /// The mechanism is missing or invalid: in the denominator for clients, not for carers.
    Unknown,
    /// Out of the denominator.
    Other,
}

/// Distinct people by band and kind of support.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cells([[i64; 4]; 3]);

impl Cells {
    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
    }
}

/// Counts of one period, by half.
#[derive(Clone, Debug)]
struct Tally {
    period: Period,
    councils: [ByCouncil<Cells>; 2],
    attrition: [Attrition; 2],
}

/// The measure `ascof_3d`: people by period, half, council, age band and kind of support.
///
/// Parts: `1a_clients_self_directed`, `2a_clients_direct_payment`, `1b_carers_self_directed`,
/// `2b_carers_direct_payment` (per cent), by `age_band`; `clients_unknown_mechanism` and
/// `carers_unknown_mechanism` (people).
#[derive(Clone, Debug)]
pub struct Ascof3d {
    method: Method,
    places: Arc<Places>,
    tallies: Vec<Tally>,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    rows: Vec<Row>,
    people: Vec<Local>,
    /// Events by half that are of other people, and that have no rank.
    fallen: [[i64; 2]; 2],
}

/// An event with a rank.
#[derive(Clone, Copy, Debug)]
struct Row {
    half: Half,
    la: u16,
    start: Day,
    end: OptDay,
    rank: u8,
    support: Support,
}

/// A person in one council, by the latest details.
#[derive(Clone, Copy, Debug)]
struct Local {
    la: u16,
    birth: BirthMonth,
    death: OptDay,
}

impl Row {
    fn is_reversed(&self) -> bool {
        self.end.get().is_some_and(|end| end < self.start)
    }

    /// Whether the event runs in the period: on its last day for clients, on any for carers.
    fn is_in(&self, period: Period) -> bool {
        let from = self.half.from(period);
        self.start <= period.end && self.end.get().is_none_or(|end| end >= from)
    }
}

impl Half {
    /// The first day on which support, or life, counts.
    const fn from(self, period: Period) -> Day {
        match self {
            Self::Clients => period.end,
            Self::Carers => period.start,
        }
    }
}

impl Ascof3d {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let tally = |period| Tally {
            period,
            councils: [ByCouncil::default(), ByCouncil::default()],
            attrition: [Attrition::new(FILTERS), Attrition::new(FILTERS)],
        };
        Self {
            method: frame.study.method,
            places: Arc::new(Places::new(frame)),
            tallies: super::periods(&settings.periods, frame).into_iter().map(tally).collect(),
            scratch: Scratch::default(),
        }
    }

    /// The rank of an event in its half, and what it counts as; none when no category names it.
    fn rank(
        &self,
        half: Half,
        person: &Person<'_>,
        event: &CareEvent,
        frame: &Frame,
    ) -> Option<(u8, Support)> {
        let mechanism = frame.details.mechanism(event);
        match half {
            Half::Clients => client::rank(event, mechanism),
            Half::Carers => {
                let kind = frame.exact_event_type(person, event);
                carer::rank(event, kind, mechanism, self.method)
            }
        }
    }
}

impl Tally {
    fn add(&mut self, half: Half, places: &Places, scratch: &Scratch) {
        let attrition = &mut self.attrition[half as usize];
        let [others, unranked] = scratch.fallen[half as usize];
        attrition.records_at(Filter::Person as usize, others);
        attrition.records_at(Filter::Ranked as usize, unranked);
        let mut furthest = usize::from(unranked > 0);
        for local in &scratch.people {
            // events of the person in the council that pass all filters on events, and the best
            let mut events = 0;
            let mut best: Option<&Row> = None;
            let rows = scratch.rows.iter();
            for row in rows.filter(|row| row.half == half && row.la == local.la) {
                let failure = if row.is_reversed() {
                    Filter::NotReversed
                } else if !row.is_in(self.period) {
                    Filter::InPeriod
                } else if local.death.get().is_some_and(|death| death < half.from(self.period)) {
                    Filter::Alive
                } else {
                    events += 1;
                    best = best.filter(|best| best.rank <= row.rank).or(Some(row));
                    continue;
                };
                attrition.record(failure as usize);
                furthest = furthest.max(failure as usize);
            }
            let Some(&Row { support, .. }) = best else { continue };
            let Some(band) = Band::at(local.birth, self.period.end) else {
                attrition.records_at(Filter::Adult as usize, events);
                furthest = furthest.max(Filter::Adult as usize);
                continue;
            };
            attrition.records_at(Filter::Highest as usize, events - 1);
            let council = self.councils[half as usize].at(places.council(local.la));
            if let Some(people) = council.0[band as usize].get_mut(support as usize) {
                *people += 1;
            }
            let position = if half.counts(support) { FILTERS } else { Filter::Counted as usize };
            attrition.record(position);
            furthest = furthest.max(position);
        }
        attrition.person(furthest);
    }
}

impl Band {
    /// The band on a day; none under 18.
    fn at(birth: BirthMonth, day: Day) -> Option<Self> {
        match birth.dhsc_age(day) {
            None => Some(Self::Unknown),
            Some(..=17) => None,
            Some(18..=64) => Some(Self::WorkingAge),
            Some(_) => Some(Self::Older),
        }
    }
}

impl Measure for Ascof3d {
    const NAME: &'static str = "ascof_3d";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.rows.clear();
        scratch.people.clear();
        scratch.fallen = [[0; 2]; 2];
        for event in person.joined {
            let half = match event.client_type {
                ClientType::ServiceUser => Some(Half::Clients),
                ClientType::UnpaidCarer | ClientType::UnpaidCarerByAssociation => {
                    Some(Half::Carers)
                }
                _ => None,
            };
            for other in HALVES.into_iter().filter(|other| Some(*other) != half) {
                scratch.fallen[other as usize][0] += 1;
            }
            let Some(half) = half else { continue };
            let Some((rank, support)) = self.rank(half, person, event, frame) else {
                scratch.fallen[half as usize][1] += 1;
                continue;
            };
            let &CareEvent { la, start, end, .. } = event;
            scratch.rows.push(Row { half, la, start, end, rank, support });
            if scratch.people.iter().all(|local| local.la != la) {
                let (birth, death) = person_details::birth_and_death(la, person.joined);
                scratch.people.push(Local { la, birth, death });
            }
        }
        for tally in &mut self.tallies {
            for half in HALVES {
                tally.add(half, &self.places, &scratch);
            }
        }
        self.scratch = scratch;
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            for (mine, theirs) in mine.councils.iter_mut().zip(&theirs.councils) {
                mine.merge(theirs, Cells::add);
            }
            merge_attrition(&mut mine.attrition, &theirs.attrition);
        }
    }

    /// By period: the parts in the order of the list above, each for every area; then the attrition.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        for tally in &self.tallies {
            finish::figures(tally, &self.places, frame, &mut results.measures);
        }
        for tally in &self.tallies {
            for half in HALVES {
                finish::attrition(tally, half, self.method, &mut results.attrition);
            }
        }
    }
}
