//! The invariants of section 12, each over random people.

use super::reference::{care_state, person, span};
use super::*;
use crate::timeline::scheme::Scheme;
use crate::timeline::sequence::{Piece, walk};
use crate::timeline::state::Visit;
use proptest::prelude::*;

fn schemes(case: &Case) -> [Scheme; 4] {
    [Scheme::full(), Scheme::compact(), Scheme::ascof(), Scheme::of_study(&case.settings)]
}

/// The states of a line from day to day, neighbours of one state together, with what was active.
fn states(line: &Line) -> Vec<(Day, Day, State, u32)> {
    let mut states: Vec<(Day, Day, State, u32)> = Vec::new();
    for visit in &line.visits {
        match states.last_mut() {
            Some(last) if (last.1, last.2) == (visit.start, visit.state) => {
                last.1 = visit.end;
                last.3 |= visit.mask;
            }
            _ => states.push((visit.start, visit.end, visit.state, visit.mask)),
        }
    }
    states
}

fn no_gaps(case: &mut Case) {
    let care = State::ALL.into_iter().filter(|state| state.is_care());
    case.settings.gap_days = care.map(|state| (state, 0)).collect();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn invariant_1_lines_touch_without_overlap_and_cover_the_window(case in person()) {
        let line = case.build().line;
        let Some((from, until)) = span(&case) else {
            prop_assert!(line.visits.is_empty() && line.masks.is_empty());
            return Ok(());
        };
        let ends = |parts: &[(Day, Day)]| {
            let (first, last) = (parts[0].0, parts[parts.len() - 1].1);
            parts.windows(2).all(|pair| pair[0].1 == pair[1].0)
                && (first, last) == (Day(from), Day(until))
        };
        let visits: Vec<(Day, Day)> = line.visits.iter().map(|v| (v.start, v.end)).collect();
        let masks: Vec<(Day, Day)> = line.masks.iter().map(|m| (m.start, m.end)).collect();
        prop_assert!(ends(&visits) && ends(&masks));
        prop_assert!(visits.iter().all(|(start, end)| start <= end));
        prop_assert_eq!(line.visits.iter().map(Visit::days).sum::<i32>(), until - from);
        let days = line.masks.iter().map(|m| m.end.since(m.start));
        prop_assert!(days.clone().all(|days| days > 0));
        prop_assert_eq!(days.sum::<i32>(), until - from);
        // the primary state of a day is one of those active on it
        for visit in line.visits.iter().filter(|visit| visit.days() > 0) {
            let on = |m: &&crate::timeline::state::ActiveStates| {
                m.start < visit.end && m.end > visit.start
            };
            let mut active = line.masks.iter().filter(on);
            prop_assert!(active.clone().all(|m| m.mask & visit.state.bit() != 0));
            prop_assert_eq!(active.clone().fold(0, |mask, m| mask | m.mask), visit.mask);
            prop_assert!(active.all(|m| m.mask & State::Dead.bit() == 0));
        }
    }

    #[test]
    fn invariant_2_death_comes_once_and_last(case in person(), min in 0..6i32) {
        let line = case.build().line;
        prop_assert!(line.visits.iter().all(|visit| visit.state != State::Dead));
        if let Some(death) = line.death.get() {
            prop_assert!(line.visits.iter().all(|visit| visit.end <= death));
        }
        for scheme in schemes(&case) {
            let dead = scheme.of(State::Dead);
            let mut visits = Vec::new();
            walk(&line, &scheme, min, |piece| {
                if let Piece::Visit(step) = piece {
                    visits.push(step.state);
                }
            });
            let deaths = visits.iter().filter(|&&state| state == dead).count();
            prop_assert_eq!(deaths, usize::from(line.death.is_some()));
            prop_assert!(deaths == 0 || visits.last() == Some(&dead));
        }
    }

    #[test]
    fn invariant_3_order_of_rows_and_record_ids_do_not_matter(
        case in person(),
        shuffle in prop::collection::vec(any::<u32>(), 16),
    ) {
        let line = case.build().line;
        let mut order: Vec<(u32, CareEvent)> =
            shuffle.into_iter().zip(case.events.iter().copied()).collect();
        order.sort_by_key(|(key, _)| *key);
        let mut other = case.clone();
        other.events = order.iter().map(|(_, event)| *event).collect();
        other.logged.reverse();
        other.logged.sort_by_key(|event| event.start);
        prop_assert_eq!(&line, &other.build().line);
        for (key, event) in order.iter().zip(&mut other.events) {
            event.record_id = u64::from(key.0);
        }
        let renamed = other.build().line;
        // of two equal rows of one state the record id says whose visit it is (8.1 step 3), and so
        // where one visit ends and the next begins, but not in which state the person is
        prop_assert_eq!(states(&line), states(&renamed));
        prop_assert_eq!(line.masks, renamed.masks);
    }

    #[test]
    fn invariant_4_every_row_is_in_a_mask_or_counted(case in person()) {
        let built = case.build(); // that what was left out and used adds up is asserted there
        let Some((from, until)) = span(&case) else { return Ok(()) };
        let active = |state: State, start: Day, end: Day| {
            let mut days = built.line.masks.iter().filter(|m| m.start < end && m.end > start);
            days.all(|m| m.mask & state.bit() != 0)
        };
        for row in &case.events {
            let Some(state) = care_state(row) else { continue };
            let last = row.end.or(row.start);
            if row.start.0 < until && last.0 >= from {
                prop_assert!(active(state, row.start, last.plus(1)));
            }
        }
        for event in &case.logged {
            let Ok(last) = event.end else { continue };
            if event.start.0 < until && last.0 >= from {
                prop_assert!(active(event.state, event.start, last.plus(1)));
            }
        }
        prop_assert_eq!(built.counts.event_rows, case.logged.len() as u64);
        for interval in &built.intervals {
            prop_assert!(active(interval.state, interval.start, interval.end));
        }
        let [rows, stays] = [built.counts.service_rows, built.counts.stays];
        let services = case.events.iter().filter(|e| e.event_type == EventType::Service).count();
        prop_assert_eq!((rows, stays), (services as u64, case.stays.len() as u64));
    }

    #[test]
    fn invariant_5_hospital_days_are_the_nights_of_stays(case in person()) {
        let line = case.build().line;
        let Some((from, until)) = span(&case) else { return Ok(()) };
        for day in from..until {
            let day = Day(day);
            let after_death = |stay: &Cips| {
                case.death.chosen.get().is_some_and(|death| stay.admission > death)
            };
            let in_bed = case.stays.iter().any(|stay| {
                stay.admission <= day && day < stay.discharge && !after_death(stay)
            });
            let visit = line.visits.iter().find(|v| v.start <= day && day < v.end);
            prop_assert_eq!(visit.is_some_and(|visit| visit.state.is_inpatient()), in_bed);
        }
    }

    #[test]
    fn invariant_6_a_gap_of_no_days_never_gives_fewer_intervals(case in person()) {
        let care = |case: &Case| {
            case.build().intervals.iter().filter(|i| i.state.is_care()).count()
        };
        let mut none = case.clone();
        none.settings.hold_days = 0;
        let bridged = care(&none);
        no_gaps(&mut none);
        prop_assert!(care(&none) >= bridged);
    }

    #[test]
    fn invariant_7_a_record_inside_a_better_state_changes_the_mask_only(
        case in person(),
        pick in any::<prop::sample::Index>(),
    ) {
        let mut case = case;
        case.settings.await_max_days = 0; // any service row would end a wait
        case.settings.entry_rule = EntryRule::Window;
        case.settings.same_day_visits = false;
        case.settings.hold_days = 0;
        no_gaps(&mut case);
        case.coverage.clear();
        let line = case.build().line;
        let lowest = |visit: &&Visit| {
            (visit.state.is_hospital() || visit.state.is_care()) && visit.days() > 2
        };
        let better: Vec<_> = line.visits.iter().filter(lowest).collect();
        prop_assume!(!better.is_empty());
        let visit = better[pick.index(better.len())];
        let (start, end) = (visit.start.plus(1), visit.end.plus(-2));
        let row = event(EventType::Service, start, end.into());
        let row = CareEvent { service_type: ServiceType::LowLevel, ..row };
        case.events.push(row);
        case.events.sort_by_key(|event| event.start);
        let after = case.build().line;
        let primary = |line: &Line| -> Vec<_> {
            line.visits.iter().map(|v| (v.start, v.end, v.state)).collect()
        };
        prop_assert_eq!(primary(&line), primary(&after));
        let changed = after.visits.iter().filter(|v| v.mask & State::LowLevel.bit() != 0);
        prop_assert_eq!(changed.count(), 1);
        let low: i32 = after
            .masks
            .iter()
            .filter(|m| m.mask & State::LowLevel.bit() != 0)
            .map(|m| m.end.since(m.start))
            .sum();
        prop_assert_eq!(low, end.plus(1).since(start));
    }

    #[test]
    fn invariant_8_moves_out_and_censored_visits_are_the_visits(case in person(), min in 0..6i32) {
        let line = case.build().line;
        for scheme in schemes(&case) {
            let mut visits = vec![0; scheme.len()];
            let mut left = vec![0; scheme.len()];
            let mut before: Option<u8> = None;
            let mut days = 0;
            walk(&line, &scheme, min, |piece| match piece {
                Piece::Visit(step) => {
                    assert_ne!(before, Some(step.state), "neighbours differ");
                    before = Some(step.state);
                    visits[usize::from(step.state)] += 1;
                    left[usize::from(step.state)] += i32::from(step.censored);
                    days += step.days;
                }
                Piece::Move(step) => {
                    assert_eq!(before, Some(step.from));
                    assert_ne!(step.from, step.to);
                    left[usize::from(step.from)] += 1;
                }
            });
            let dead = usize::from(scheme.of(State::Dead));
            left[dead] += visits[dead];
            prop_assert_eq!(&left, &visits);
            if min == 0 {
                prop_assert_eq!(days, line.visits.iter().map(Visit::days).sum::<i32>());
            }
        }
    }
}
