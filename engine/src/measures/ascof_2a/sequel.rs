//! Steps 6 to 8: whether the client is new, and what followed the episode.

use super::Settings;
use super::episode::{Episode, is_in_build, is_st_max};
use super::outcome::{self, Final, Sequel};
use crate::frame::Frame;
use crate::study::Method;
use std::cmp::Reverse;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, EventType, Outcome, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END, OptDay};
use throughcare_linkage::link::person::Person;

/// An episode with everything that may tell what came before and after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Story<'a> {
    pub person: &'a Person<'a>,
    pub frame: &'a Frame,
    pub episode: &'a Episode,
    /// Date of death in the latest details of the council.
    pub death: OptDay,
    pub settings: &'a Settings,
    pub method: Method,
}

impl<'a> Story<'a> {
    /// Step 6: the other rows of the council, without the ST-Max services that start within the
    /// episode.
    fn others(self) -> impl Iterator<Item = &'a CareEvent> {
        self.person.joined.iter().filter(move |event| {
            let Self { person, frame, episode, .. } = self;
            let is_within = episode.start <= event.start && event.start <= episode.end;
            event.la == episode.la
                && is_in_build(event)
                && !(is_within && is_st_max(person, event, frame))
        })
    }

    fn event_type(self, event: &CareEvent) -> EventType {
        self.frame.exact_event_type(self.person, event)
    }

    /// Step 7: no long-term support, whatever the type of the row, started before the episode and ran
    /// until fewer than `new_client_days` before it.
    pub fn is_new_client(self) -> bool {
        let start = self.episode.start;
        !self.others().any(|event| {
            event.service_type.is_long_term()
                && event.start < start
                && start.since(end(event)) < self.settings.new_client_days
        })
    }

    /// Step 8: the first step that applies, and what followed.
    pub fn sequel(self) -> (Sequel, Final) {
        let episode = self.episode;
        let days_to_death = self.death.get().map(|death| death.since(episode.end));
        if days_to_death.is_some_and(|days| days <= self.settings.sequel_days) {
            return (Sequel::Died, Final::Outcome(Outcome::NfaDeceased));
        }
        if episode.outcome == Outcome::AdmittedToHospital {
            return (Sequel::Hospital, Final::Outcome(episode.outcome));
        }
        let cut = self.following_st_max();
        if let Some(service) = self.following_service(cut) {
            return (Sequel::Service, service);
        }
        let mut best: Option<(u16, Sequel, Outcome)> = None;
        self.candidates(cut, |sequel, outcome| {
            let candidate = (outcome::rank(outcome), sequel, outcome);
            best = Some(best.map_or(candidate, |best| best.min(candidate)));
        });
        if let Some((_, sequel, outcome)) = best {
            return (sequel, Final::of_outcome(outcome));
        }
        let is_equipment = |event: &CareEvent| {
            self.event_type(event) == EventType::Service && event.component == Component::Equipment
        };
        if self.nested().any(is_equipment) {
            return (Sequel::Equipment, Final::Service(ServiceType::LowLevel));
        }
        (Sequel::Otherwise, Final::of_outcome(episode.outcome))
    }

    /// Rows that start with the episode or later, up to the end of the sequel window, and end after
    /// it.
    fn all_following(self) -> impl Iterator<Item = &'a CareEvent> {
        let Episode { start, end: last, .. } = *self.episode;
        let window_end = last.plus(self.settings.sequel_days);
        self.others().filter(move |event| {
            start <= event.start && event.start <= window_end && end(event) > last
        })
    }

    /// The start of the first ST-Max row that follows. A true ST-Max service would be part of the
    /// episode, so this is a row of another type.
    fn following_st_max(self) -> Option<Day> {
        let rows = self.all_following().filter(|row| row.service_type == ServiceType::StMax);
        rows.map(|row| row.start).min()
    }

    /// The rows that follow: those that start before `cut`, if there is one.
    fn following(self, cut: Option<Day>) -> impl Iterator<Item = &'a CareEvent> {
        self.all_following().filter(move |event| cut.is_none_or(|cut| event.start < cut))
    }

    /// Step 3: the best client service that follows, whatever the type of the row.
    fn following_service(self, cut: Option<Day>) -> Option<Final> {
        let is_bed = |component: Component| {
            matches!(component, Component::ShortTermNursing | Component::ShortTermResidential)
        };
        let services = self.following(cut).filter(|event| is_client_service(event.service_type));
        let (kind, Reverse(bed)) =
            services.map(|event| (event.service_type, Reverse(is_bed(event.component)))).min()?;
        Some(match kind {
            ServiceType::OtherShortTerm if bed => Final::ShortTermBed,
            kind => Final::Service(kind),
        })
    }

    /// Step 4: every outcome that may be the sequel.
    fn candidates(self, cut: Option<Day>, mut candidate: impl FnMut(Sequel, Outcome)) {
        let own = self.episode.outcome;
        let own_is_usable = outcome::is_usable(own);
        let mut follows = false;
        let mut kept = false;
        for event in self.following(cut) {
            follows = true;
            let usable = outcome::is_usable(event.outcome);
            if self.event_type(event) == EventType::Service
                || event.outcome == Outcome::NfaEndedAsPlanned
                || !(own_is_usable || usable)
            {
                continue;
            }
            kept = true;
            candidate(Sequel::Own, own);
            if usable {
                candidate(Sequel::Following, event.outcome);
            }
        }
        // the published code forgets the episode's own outcome when it keeps none of what follows
        let forgets = match self.method {
            Method::AsPublished => follows,
            Method::AsIntended => kept,
        };
        if own_is_usable && !forgets {
            candidate(Sequel::Own, own);
        }
        let near_end = self.nested().filter(|event| {
            matches!(self.event_type(event), EventType::Assessment | EventType::Review)
                && self.episode.end.since(end(event)) <= self.settings.nested_days
                && outcome::is_usable(event.outcome)
        });
        let last = near_end.max_by_key(|event| {
            (end(event), Reverse(outcome::rank(event.outcome)), event.record_id)
        });
        if let Some(last) = last {
            candidate(Sequel::Nested, last.outcome);
        }
    }

    /// Rows within the episode that end after its first day.
    fn nested(self) -> impl Iterator<Item = &'a CareEvent> {
        let Episode { start, end: last, .. } = *self.episode;
        self.others()
            .filter(move |event| start <= event.start && start < end(event) && end(event) <= last)
    }
}

fn end(event: &CareEvent) -> Day {
    event.end.or(OPEN_END)
}

/// One of the seven service types of clients.
const fn is_client_service(kind: ServiceType) -> bool {
    kind.is_long_term()
        || matches!(kind, ServiceType::StMax | ServiceType::LowLevel | ServiceType::OtherShortTerm)
}
