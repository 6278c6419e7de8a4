//! Lines of made-up people.

mod cases;
mod death;
mod hospital;
mod invariants;
mod reference;
mod rules;
mod sequence;
mod stages;

use super::build::{LineInput, Lines, Scratch};
use super::counts::LineCounts;
use super::death::Death;
use super::event_state::StateEvent;
use super::interval::Interval;
use super::settings::{EntryRule, TimelineSettings};
use super::state::{Line, State};
use crate::cld::event::{CareEvent, ReviewType};
use crate::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Gender, Outcome, Raw, ServiceType,
};
use crate::codes::short::Code;
use crate::day::{BirthMonth, Day, OptDay, Period};
use crate::hospital::stay::{Cips, EndKind, Spell, StayFlags};
use crate::person::PersonIdKind;
use crate::records::ecds::{ArrivalMode, Attendance, Disposal};

pub(super) fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap_or_else(|| panic!("bad test date {text}"))
}

/// A date, or none for empty text.
fn opt(text: &str) -> OptDay {
    if text.is_empty() { OptDay::NONE } else { day(text).into() }
}

fn event(event_type: EventType, start: Day, end: OptDay) -> CareEvent {
    CareEvent {
        record_id: start.0 as u64,
        start,
        end,
        raw_end: end,
        death: OptDay::NONE,
        reference_start: day("2023-04-01"),
        reference_end: day("2025-03-31"),
        row: 0,
        la: 1,
        birth: BirthMonth::default(),
        event_type,
        client_type: ClientType::ServiceUser,
        service_type: ServiceType::None,
        component: Component::None,
        outcome: Outcome::None,
        assessment_type: AssessmentType::None,
        gender: Gender::None,
        review_type: ReviewType::None,
        mechanism: Raw::NONE,
        id_kind: PersonIdKind::NhsTraced,
        cropped: false,
    }
}

/// A service row; an empty end is open.
fn service(service_type: ServiceType, start: &str, end: &str) -> CareEvent {
    CareEvent { service_type, ..event(EventType::Service, day(start), opt(end)) }
}

fn request(start: &str, end: &str, outcome: Outcome) -> CareEvent {
    CareEvent { outcome, ..event(EventType::Request, day(start), opt(end)) }
}

fn assessment(start: &str, end: &str, outcome: Outcome) -> CareEvent {
    CareEvent { outcome, ..event(EventType::Assessment, day(start), opt(end)) }
}

/// A stay of one spell by admission method 21 (emergency) or another.
fn stay_of(admission: Day, discharge: Day, method: &str) -> Cips {
    Cips {
        admission,
        discharge,
        discharge_ready: OptDay::NONE,
        first_spell: 0,
        last_spell: 0,
        nights_in_bed: discharge.since(admission),
        acute_nights: discharge.since(admission),
        spells: 1,
        providers: 1,
        max_gap: 0,
        provider: 1,
        discharge_provider: 1,
        residence: 0,
        lsoa: 0,
        birth: BirthMonth::default(),
        sex: Code::NONE,
        admission_method: Code::new(method),
        source: Code::new("19"),
        class: Code::new("1"),
        treatment_admission: Code::new("300"),
        treatment_discharge: Code::new("300"),
        main_specialty: Code::new("300"),
        destination: Code::new("19"),
        discharge_method: Code::new("1"),
        end_kind: EndKind::Observed,
        day_case: false,
        emergency: method.starts_with('2'),
        died: false,
        flags: StayFlags::default(),
    }
}

fn stay(admission: &str, discharge: &str) -> Cips {
    stay_of(day(admission), day(discharge), "21")
}

fn spell(cips: u32, admission: &str, discharge: &str, flags: u32) -> Spell {
    Spell {
        key: None,
        admission: day(admission),
        discharge: day(discharge),
        discharge_ready: OptDay::NONE,
        first_episode: 0,
        last_episode: 0,
        cips,
        lsoa: 0,
        provider: 1,
        residence: 0,
        birth: BirthMonth::default(),
        episodes: 1,
        admission_time: u16::MAX,
        admission_method: Code::new("21"),
        source: Code::new("19"),
        class: Code::new("1"),
        management: Code::NONE,
        treatment_admission: Code::NONE,
        treatment_discharge: Code::NONE,
        main_specialty: Code::NONE,
        destination: Code::NONE,
        discharge_method: Code::NONE,
        sex: Code::NONE,
        end_kind: EndKind::Observed,
        transit: 0,
        flags: StayFlags(flags),
    }
}

fn attendance(arrival: &str, departure: &str) -> Attendance {
    Attendance {
        key: None,
        arrival: opt(arrival),
        departure: opt(departure),
        row: 1,
        file: 0,
        provider: 1,
        arrival_time: u16::MAX,
        departure_time: u16::MAX,
        department: Code::new("01"),
        category: Code::new("1"),
        disposal: Disposal::Unknown,
        arrival_mode: ArrivalMode::Unknown,
        lsoa: 0,
        residence: 0,
        sex: Code::NONE,
        age: Attendance::NO_AGE,
        first_codes: 0,
        legacy: false,
        uncounted: false,
        housekeeping: false,
    }
}

/// One made-up person in a study whose window is 2024-04-01 to 2025-03-31.
#[derive(Clone, Debug)]
struct Case {
    settings: TimelineSettings,
    window: (Day, Day),
    coverage: Vec<Vec<Period>>,
    events: Vec<CareEvent>,
    spells: Vec<Spell>,
    stays: Vec<Cips>,
    attendances: Vec<Attendance>,
    links: Vec<u32>,
    /// By day of start.
    logged: Vec<StateEvent>,
    death: Death,
    birth: BirthMonth,
}

struct Built {
    line: Line,
    counts: LineCounts,
    intervals: Vec<Interval>,
}

impl Case {
    fn new(events: Vec<CareEvent>, stays: Vec<Cips>) -> Self {
        let settings = TimelineSettings { entry_rule: EntryRule::Window, ..Default::default() };
        Self {
            settings,
            window: (day("2024-04-01"), day("2025-04-01")),
            coverage: Vec::new(),
            events,
            spells: Vec::new(),
            stays,
            attendances: Vec::new(),
            links: Vec::new(),
            logged: Vec::new(),
            death: Death::default(),
            birth: BirthMonth::default(),
        }
    }

    fn dead(mut self, on: &str) -> Self {
        self.death.chosen = opt(on);
        self
    }

    fn set(mut self, change: impl FnOnce(&mut TimelineSettings)) -> Self {
        change(&mut self.settings);
        self
    }

    fn build(&self) -> Built {
        assert_eq!(self.settings.check(), Ok(()));
        let lines = Lines::new(
            &self.settings,
            self.window.0..self.window.1,
            self.coverage.clone(),
            self.window.0..self.window.1,
        );
        let input = LineInput {
            events: &self.events,
            spells: &self.spells,
            cips: &self.stays,
            attendances: &self.attendances,
            links: &self.links,
            death: self.death,
            birth: self.birth,
            logged: &self.logged,
        };
        let (mut scratch, mut counts) = (Scratch::default(), LineCounts::default());
        let mut line = Line::default();
        lines.build(&input, &mut scratch, &mut line, &mut counts);
        assert!(counts.adds_up(), "{counts:?}");
        let first = line.clone();
        lines.build(&input, &mut scratch, &mut line, &mut LineCounts::default());
        assert_eq!(line, first, "buffers of the person before leave no trace");
        let intervals = scratch.intervals().to_vec();
        Built { line, counts, intervals }
    }

    /// The visits as `STATE 05-10 71`: state, first day, days.
    fn visits(&self) -> Vec<String> {
        self.build().visits()
    }
}

impl Built {
    fn visits(&self) -> Vec<String> {
        let text = |visit: &super::state::Visit| {
            let start = visit.start.to_string();
            format!("{} {} {}", visit.state.code(), &start[5..], visit.days())
        };
        self.line.visits.iter().map(text).collect()
    }
}

/// The codes of a mask, best rank first, joined by `+`.
fn codes(mask: u32) -> String {
    let active = State::ALL.into_iter().filter(|state| mask & state.bit() != 0);
    active.map(State::code).collect::<Vec<_>>().join("+")
}
