//! Lines of random people against a painter that looks at one day after another.

use super::*;
use crate::timeline::event_state::NoEnd;
use crate::timeline::settings::{Preset, SchemeChoice};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Days of the random records; the window lies inside.
const DAYS: i32 = 160;
const WINDOW: (i32, i32) = (40, 130);

const SERVICES: [ServiceType; 8] = [
    ServiceType::Nursing,
    ServiceType::Residential,
    ServiceType::Community,
    ServiceType::StMax,
    ServiceType::StMax,
    ServiceType::OtherShortTerm,
    ServiceType::Prison,
    ServiceType::Invalid,
];

fn service_row() -> impl Strategy<Value = CareEvent> {
    let end = prop_oneof![4 => (0..40i32).prop_map(Some), 1 => Just(None)];
    (0..DAYS, end, 0..SERVICES.len(), 1..3u16, 0..1000u64).prop_map(
        |(start, days, kind, la, id)| {
            let end: OptDay = days.map(|days| Day(start + days - 1)).into(); // 0 days: reversed
            let row = event(EventType::Service, Day(start), end);
            CareEvent { service_type: SERVICES[kind], la, record_id: id, ..row }
        },
    )
}

fn other_event() -> impl Strategy<Value = CareEvent> {
    let outcomes = prop_oneof![
        Just(Outcome::None),
        Just(Outcome::SupportPlanning),
        Just(Outcome::Continuation),
        Just(Outcome::AdmittedToHospital),
        Just(Outcome::NfaOther),
    ];
    let end = prop_oneof![3 => (0..20i32).prop_map(Some), 1 => Just(None)];
    (0..DAYS, end, outcomes, any::<bool>()).prop_map(|(start, days, outcome, request)| {
        let end: OptDay = days.map(|days| Day(start + days)).into();
        let kind = if request { EventType::Request } else { EventType::Assessment };
        CareEvent { outcome, ..event(kind, Day(start), end) }
    })
}

/// States that events of logs are read as: with and without care rows of the same state, and never the
/// state that invariant 7 adds.
const LOGGED: [State; 5] =
    [State::Nursing, State::ShortTermBed, State::StMax, State::Community, State::ShortTermOther];

fn logged_event() -> impl Strategy<Value = StateEvent> {
    let end = prop_oneof![
        6 => (0..30i32).prop_map(Ok),
        1 => Just(Err(NoEnd::Missing)),
        1 => Just(Err(NoEnd::Reversed)),
    ];
    (0..DAYS, end, 0..LOGGED.len()).prop_map(|(start, days, state)| StateEvent {
        state: LOGGED[state],
        start: Day(start),
        end: days.map(|days| Day(start + days)),
    })
}

/// Disjoint stays in time order, some touching, some without a night.
fn stays() -> impl Strategy<Value = Vec<Cips>> {
    let methods = ["21", "12", "31", "81"];
    prop::collection::vec((0..40i32, 0..25i32, 0..methods.len()), 0..5).prop_map(move |parts| {
        let mut day = 0;
        let stay = |(gap, nights, method): (i32, i32, usize)| {
            let admission = day + if gap > 30 { 0 } else { gap };
            day = admission + nights;
            stay_of(Day(admission), Day(day), methods[method])
        };
        parts.into_iter().map(stay).collect()
    })
}

prop_compose! {
    pub(super) fn person()(
        services in prop::collection::vec(service_row(), 0..8),
        others in prop::collection::vec(other_event(), 0..5),
        stays in stays(),
        logged in prop_oneof![
            1 => Just(Vec::new()),
            1 => prop::collection::vec(logged_event(), 0..6),
        ],
        death in prop::option::weighted(0.3, 20..DAYS),
        covered in prop::option::weighted(0.6, (30..90i32, 10..80i32, 30..130i32)),
        window_rule in any::<bool>(),
        adult in prop::option::weighted(0.2, 0..3u32),
        same_day_visits in prop::bool::weighted(0.8),
        gap in prop::option::of(0..10i32),
        hold_days in prop_oneof![Just(42), Just(0), Just(5)],
        ascof in prop::bool::weighted(0.2),
        split_await in any::<bool>(),
    ) -> Case {
        let mut events: Vec<CareEvent> = services.into_iter().chain(others).collect();
        events.sort_by_key(|e| (e.start, e.event_type as u8, e.end.is_none(), e.end, e.record_id));
        let mut case = Case::new(events, stays);
        case.window = (Day(WINDOW.0), Day(WINDOW.1));
        case.logged = logged;
        case.logged.sort_by_key(|event| event.start);
        case.death.chosen = death.map(Day).into();
        if let Some((first, length, second)) = covered {
            let period = |start, end| Period { start: Day(start), end: Day(end) };
            case.coverage =
                vec![vec![], vec![period(first, first + length)], vec![period(second, second + 9)]];
        }
        // 1970-01-01 is day 0: the 18th birthdays are on days 31, 59 and 90
        case.birth = adult.map_or(BirthMonth::default(), |month| BirthMonth::new(1952, month + 2));
        let settings = &mut case.settings;
        settings.entry_rule =
            if window_rule { EntryRule::Window } else { EntryRule::FirstRecord };
        settings.same_day_visits = same_day_visits;
        settings.hold_days = hold_days;
        settings.split_await = split_await;
        if let Some(gap) = gap {
            settings.gap_days = State::ALL
                .into_iter()
                .filter(|state| state.is_care())
                .map(|state| (state, gap))
                .collect();
        }
        if ascof {
            settings.state_scheme = SchemeChoice::Preset(Preset::Ascof);
        }
        case
    }
}

pub(super) fn care_state(event: &CareEvent) -> Option<State> {
    let reversed = event.end.get().is_some_and(|end| end < event.start);
    let service = event.event_type == EventType::Service && !reversed;
    service.then_some(match event.service_type {
        ServiceType::Nursing => State::Nursing,
        ServiceType::Residential => State::Residential,
        ServiceType::Community => State::Community,
        ServiceType::StMax => State::StMax,
        ServiceType::Prison => State::Prison,
        _ => State::ShortTermOther,
    })
}

/// What the painter knows of one day.
#[derive(Clone, Debug, Default)]
struct Painted {
    states: BTreeSet<State>,
    waits: BTreeSet<State>,
    /// Number of the stay.
    stay: Option<usize>,
    observed: bool,
    /// Care states whose joined interval starts on this day.
    starts: BTreeSet<State>,
}

struct Painter<'a> {
    case: &'a Case,
    days: Vec<Painted>,
}

impl<'a> Painter<'a> {
    const FIRST: i32 = -10;
    const LAST: i32 = 400;

    fn paint(case: &'a Case) -> Self {
        let length = (Self::LAST - Self::FIRST) as usize;
        let mut painter = Self { case, days: vec![Painted::default(); length] };
        painter.observe();
        painter.care();
        painter.stays();
        painter.waits();
        painter
    }

    fn at(&mut self, day: i32) -> &mut Painted {
        &mut self.days[(day - Self::FIRST) as usize]
    }

    fn covers(&self, la: u16, day: i32) -> bool {
        let periods = self.case.coverage.get(usize::from(la));
        periods.is_some_and(|periods| periods.iter().any(|period| period.contains(Day(day))))
    }

    fn observe(&mut self) {
        for day in Self::FIRST..Self::LAST {
            let mut councils = self.case.events.iter().map(|event| event.la);
            let observed = self.case.coverage.is_empty()
                || self.case.events.is_empty()
                || councils.any(|la| self.covers(la, day));
            self.at(day).observed = observed;
        }
    }

    /// The last day of a row.
    fn last_day(&self, row: &CareEvent) -> i32 {
        let open = || match self.case.coverage.get(usize::from(row.la)) {
            _ if self.case.coverage.is_empty() => WINDOW.1 - 1,
            Some(periods) => periods.iter().map(|period| period.end.0).max().unwrap_or(0),
            None => row.reference_end.0,
        };
        row.end.get().map_or_else(|| open().max(row.start.0), |end| end.0)
    }

    fn gap(&self, state: State) -> i32 {
        self.case.settings.gaps()[state as usize]
    }

    fn care(&mut self) {
        let mut groups: BTreeMap<(State, u16), BTreeSet<i32>> = BTreeMap::new();
        for row in &self.case.events {
            let after_death = self.case.death.chosen.get().is_some_and(|death| row.start > death);
            if let Some(state) = care_state(row).filter(|_| !after_death) {
                let council = if state == State::StMax { row.la } else { 0 };
                let days = groups.entry((state, council)).or_default();
                days.extend(row.start.0..=self.last_day(row));
            }
        }
        for event in &self.case.logged {
            let after_death = self.case.death.chosen.get().is_some_and(|death| event.start > death);
            if let (Ok(end), false) = (event.end, after_death) {
                groups.entry((event.state, 0)).or_default().extend(event.start.0..=end.0);
            }
        }
        for ((state, _), mut days) in groups {
            self.fill(state, &mut days);
            for &day in &days {
                self.at(day).states.insert(state);
                if !days.contains(&(day - 1)) {
                    self.at(day).starts.insert(state);
                }
            }
        }
    }

    /// Fills the runs of missing days that a gap or a stay bridges.
    fn fill(&self, state: State, days: &mut BTreeSet<i32>) {
        let list: Vec<i32> = days.iter().copied().collect();
        for pair in list.windows(2) {
            let (last, next) = (pair[0], pair[1]);
            let held = self.case.stays.iter().any(|stay| {
                let (admission, discharge) = (stay.admission.0, stay.discharge.0);
                let nights = discharge - admission;
                nights >= 1
                    && nights <= self.case.settings.hold_days
                    && admission - 1 <= last
                    && last <= discharge
                    && next <= discharge + 7
            });
            if next - last - 1 <= self.gap(state) || held {
                days.extend(last..next);
            }
        }
    }

    fn stays(&mut self) {
        let case = self.case;
        for (number, stay) in case.stays.iter().enumerate() {
            if case.death.chosen.get().is_some_and(|death| stay.admission > death) {
                continue;
            }
            let state = match stay.admission_method.text().as_str() {
                "21" => State::InpatientEmergency,
                "12" => State::InpatientElective,
                "31" => State::InpatientMaternity,
                _ => State::InpatientOther,
            };
            for day in stay.admission.0..stay.discharge.0 {
                self.at(day).states.insert(state);
                self.at(day).stay = Some(number);
            }
        }
    }

    fn waits(&mut self) {
        let case = self.case;
        let events = &case.events;
        let ended = |outcome: Outcome| {
            outcome == Outcome::AdmittedToHospital || outcome == Outcome::NfaOther
        };
        for event in events {
            let start = match event.event_type {
                EventType::Request
                    if event.outcome == Outcome::None
                        || event.outcome == Outcome::SupportPlanning
                        || event.outcome == Outcome::Continuation && event.end.is_none() =>
                {
                    event.start
                }
                EventType::Assessment
                    if event.outcome == Outcome::SupportPlanning && event.end.is_some() =>
                {
                    let end = event.end.or(Day(0));
                    let requests = events.iter().filter(|e| e.event_type == EventType::Request);
                    if requests.into_iter().any(|e| e.start <= end && e.start.plus(182) >= end) {
                        continue;
                    }
                    end
                }
                _ => continue,
            };
            let client = events.iter().any(|row| {
                let back = match row.service_type {
                    ServiceType::StMax | ServiceType::OtherShortTerm => -3,
                    ServiceType::Invalid => 0,
                    _ => -12,
                };
                care_state(row).is_some()
                    && row.start <= start
                    && row.end.get().is_none_or(|end| end >= start.add_months(back))
            });
            for day in start.0..start.0 + 182 {
                let today = Day(day);
                let stops = events.iter().any(|e| match e.event_type {
                    EventType::Service => care_state(e).is_some() && e.start == today,
                    EventType::Assessment => {
                        e.outcome != Outcome::SupportPlanning && e.end == today.into()
                    }
                    _ => ended(e.outcome) && e.start > start && e.end.or(e.start) == today,
                });
                if stops {
                    break;
                }
                let stage = self.stage(start, today);
                let painted = self.at(day);
                let kind = if client { &mut painted.waits } else { &mut painted.states };
                kind.insert(stage);
            }
        }
    }

    /// What a wait from `start` is on a day.
    fn stage(&self, start: Day, today: Day) -> State {
        if !self.case.settings.split_await {
            return State::Awaiting;
        }
        let mut stage = State::AwaitingAssessment;
        for event in &self.case.events {
            let Some(end) = event.end.get() else {
                // an open assessment
                if event.event_type == EventType::Assessment && event.start <= today {
                    stage = stage.min(State::Awaiting);
                }
                continue;
            };
            if event.event_type != EventType::Assessment || end < start || event.start > today {
                continue;
            }
            let is_over = event.outcome == Outcome::SupportPlanning && end <= today;
            stage = stage.min(if is_over { State::AwaitingService } else { State::Awaiting });
        }
        stage
    }

    fn order(&self, state: State) -> u16 {
        let ascof = self.case.settings.state_scheme == SchemeChoice::Preset(Preset::Ascof);
        if ascof && state == State::Prison { 51 } else { state.rank() }
    }

    fn best(&self, day: i32, hospital: bool) -> State {
        let painted = &self.days[(day - Self::FIRST) as usize];
        let idle = if painted.observed { State::Home } else { State::Unobserved };
        let states =
            painted.states.iter().copied().filter(|state| hospital || !state.is_hospital());
        states.min_by_key(|state| self.order(*state)).unwrap_or(idle)
    }

    fn mask(&self, day: i32) -> u32 {
        let painted = &self.days[(day - Self::FIRST) as usize];
        let active = painted.states.iter().chain(&painted.waits);
        let mask = active.fold(0, |mask, state| mask | state.bit());
        let best = self.best(day, true);
        if painted.states.is_empty() { mask | best.bit() } else { mask }
    }

    /// The visit of no days before a day, if there is one.
    fn inserted(&self, day: i32, from: i32) -> Option<State> {
        let painted = &self.days[(day - Self::FIRST) as usize];
        let stay = &self.case.stays[painted.stay?];
        if !self.case.settings.same_day_visits || stay.admission.0 != day {
            return None;
        }
        let underlying = self.best(day, false);
        let before = self.days[(day - 1 - Self::FIRST) as usize].stay;
        if day > from && before.is_some() {
            return Some(underlying);
        }
        painted.starts.contains(&underlying).then_some(underlying)
    }
}

/// First and last (exclusive) day of the line.
pub(super) fn span(case: &Case) -> Option<(i32, i32)> {
    let evidence = case.events.iter().map(|e| e.start.0);
    let evidence = evidence.chain(case.stays.iter().map(|s| s.admission.0)).min()?;
    let mut from = WINDOW.0;
    if case.settings.entry_rule == EntryRule::FirstRecord {
        from = from.max(evidence);
    }
    if let Some(birth) = case.birth.first_day() {
        from = from.max(birth.add_months(216).0);
    }
    let until = case.death.chosen.get().map_or(WINDOW.1, |death| death.0.min(WINDOW.1));
    (from < until).then_some((from, until))
}

fn check_line(case: &Case) {
    let built = case.build();
    let visits = &built.line.visits;
    let Some((from, until)) = span(case) else {
        assert!(visits.is_empty());
        return;
    };
    let painter = Painter::paint(case);
    let mut day = from;
    for (n, visit) in visits.iter().enumerate() {
        assert_eq!(visit.start.0, day, "contiguous");
        assert!(visit.state != State::Dead);
        if visit.days() == 0 {
            assert_eq!(painter.inserted(day, from), Some(visit.state));
            assert!(visits[n + 1].state.is_inpatient());
            continue;
        }
        let before = n.checked_sub(1).map(|n| visits[n].days());
        assert_eq!(before == Some(0), painter.inserted(day, from).is_some(), "day {day}");
        assert_eq!(visit.underlying, painter.best(day, false));
        let mut mask = 0;
        while day < visit.end.0 {
            assert_eq!(visit.state, painter.best(day, true), "day {day}");
            if visit.state.is_inpatient() {
                let number = painter.days[(day - Painter::FIRST) as usize].stay;
                assert_eq!(number, Some(visit.id as usize));
            }
            assert!(day == visit.start.0 || painter.inserted(day, from).is_none());
            mask |= painter.mask(day);
            day += 1;
        }
        assert_eq!(visit.mask, mask);
    }
    assert_eq!(day, until, "covers the window");
    let nights: i32 = case
        .stays
        .iter()
        .filter(|stay| case.death.chosen.get().is_none_or(|death| stay.admission <= death))
        .map(|stay| (stay.discharge.0.min(until) - stay.admission.0.max(from)).max(0))
        .sum();
    let hospital = visits.iter().filter(|visit| visit.state.is_inpatient());
    assert_eq!(hospital.map(|visit| visit.days()).sum::<i32>(), nights);
    for pair in visits.windows(2) {
        let same = pair[0].state == pair[1].state && pair[0].id == pair[1].id;
        assert!(!same, "neighbours differ");
    }
}

/// One stay of several spells, each rehabilitation or not, with gaps and overlaps.
fn chain() -> impl Strategy<Value = (Cips, Vec<Spell>)> {
    let part = (-4..4i32, 0..8i32, 0..3u32);
    prop::collection::vec(part, 2..6).prop_map(|parts| {
        let mut spells: Vec<Spell> = Vec::new();
        let mut latest = 50;
        for (gap, nights, kind) in parts {
            let admission = (latest + gap).max(50);
            let flags = [0, StayFlags::REHABILITATION, StayFlags::MENTAL_HEALTH][kind as usize];
            let mut part = spell(0, "2024-01-01", "2024-01-01", flags);
            (part.admission, part.discharge) = (Day(admission), Day(admission + nights));
            latest = latest.max(admission + nights);
            spells.push(part);
        }
        spells.sort_by_key(|spell| (spell.admission, spell.discharge));
        let first = spells.iter().map(|spell| spell.admission).min().unwrap_or(Day(50));
        let mut stay = stay_of(first, Day(latest), "21");
        stay.spells = spells.len() as u16;
        stay.flags = StayFlags(spells.iter().fold(0, |bits, spell| bits | spell.flags.0));
        (stay, spells)
    })
}

fn spell_state(spell: &Spell) -> State {
    if spell.flags.has(StayFlags::MENTAL_HEALTH) {
        State::InpatientMentalHealth
    } else if spell.flags.has(StayFlags::REHABILITATION) {
        State::InpatientRehabilitation
    } else {
        State::InpatientEmergency
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn section_04_every_night_of_a_chain_has_the_state_of_its_spell((stay, spells) in chain()) {
        let mut case = Case::new(Vec::new(), vec![stay]);
        case.window = (Day(WINDOW.0), Day(WINDOW.1));
        case.spells = spells.clone();
        let line = case.build().line;
        for night in stay.admission.0..stay.discharge.0.min(WINDOW.1) {
            let night = Day(night);
            let slept = spells.iter().filter(|s| s.admission <= night && night < s.discharge);
            let state = slept.map(spell_state).min_by_key(|state| state.rank());
            let later = || spells.iter().find(|s| s.admission > night).map(spell_state);
            let visit = line.visits.iter().find(|v| v.start <= night && night < v.end);
            prop_assert_eq!(visit.map(|v| v.state), state.or_else(later), "{:?}", night);
        }
    }

    #[test]
    fn section_12_the_line_is_that_of_the_day_by_day_painter(case in person()) {
        check_line(&case);
    }
}
