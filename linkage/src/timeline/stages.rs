//! The stages of a wait, told apart on request (`split_await`, `journey-states.md` section 7).
//!
//! A line is painted with whole waits and divided afterwards, so that with the stages read as `AWAIT` it
//! is the line that it would be without them.
//!
//! A wait is `AWAIT_ASSESS` until the first assessment that ends on or after its first day starts, and
//! `AWAIT_SERVICE` from the first end of an assessment that progresses. In between, while an assessment is
//! under way and none has progressed, it stays `AWAIT`: the page names neither stage for these days. So a
//! request without any assessment is `AWAIT_ASSESS` to its end, and a wait never goes back a stage. Of
//! several waits on one day the one furthest on is the state of the line.

use super::interval::{CareRules, Interval};
use super::state::{ActiveStates, Line, State, Visit};
use crate::cld::event::CareEvent;
use crate::codes::cld::EventType;
use crate::day::Day;

/// Puts the stages of every wait, from number `first` of `intervals` on, in the place of the wait.
pub(crate) fn divide_waits(
    events: &[CareEvent],
    rules: &CareRules,
    first: usize,
    intervals: &mut Vec<Interval>,
) {
    let waits = intervals.split_off(first.min(intervals.len()));
    for wait in waits {
        let assessments = || {
            events.iter().filter(|event| {
                event.event_type == EventType::Assessment
                    && rules.is_of_person(event)
                    && !event.is_reversed()
                    && event.end.get().is_none_or(|end| end >= wait.start)
            })
        };
        let within = |day: Option<Day>| day.unwrap_or(wait.end).max(wait.start).min(wait.end);
        let begun = within(assessments().map(|event| event.start).min());
        let progressed = assessments().filter(|event| event.outcome.is_progress());
        let progressed = within(progressed.filter_map(|event| event.end.get()).min());
        let stages = [
            (State::AwaitingAssessment, wait.start, begun),
            (State::Awaiting, begun, progressed),
            (State::AwaitingService, progressed, wait.end),
        ];
        let stages = stages.into_iter().filter(|(_, start, end)| start < end);
        intervals.extend(stages.map(|(state, start, end)| Interval { state, start, end, ..wait }));
    }
}

/// Divides the visits and the day mask of a line by the stages of its waits.
pub(crate) fn divide_line(stages: &[Interval], line: &mut Line) {
    if stages.is_empty() {
        return;
    }
    let mut days: Vec<Day> = stages.iter().flat_map(|stage| [stage.start, stage.end]).collect();
    days.sort_unstable();
    days.dedup();
    let on = |day: Day| stages.iter().filter(move |s| s.start <= day && day < s.end);
    // what is in the mask only never is the state of a day
    let state_on = |day: Day| {
        let states = on(day).filter(|stage| !stage.mask_only).map(|stage| stage.state);
        states.min().unwrap_or(State::Awaiting)
    };
    let wait = State::Awaiting.bit();

    let mut masks: Vec<ActiveStates> = Vec::with_capacity(line.masks.len() + days.len());
    for run in &line.masks {
        let others = run.mask & !wait;
        for (start, end) in cut(run.start, run.end, &days) {
            let mask = match run.mask & wait {
                0 => run.mask,
                _ => on(start).fold(others, |mask, stage| mask | stage.state.bit()),
            };
            match masks.last_mut() {
                Some(last) if last.mask == mask && last.end == start => last.end = end,
                _ => masks.push(ActiveStates { start, end, mask }),
            }
        }
    }
    line.masks = masks;

    let mut visits: Vec<Visit> = Vec::with_capacity(line.visits.len() + days.len());
    for whole in &line.visits {
        let mut visit = *whole;
        if visit.underlying == State::Awaiting {
            visit.underlying = state_on(visit.start);
        }
        if visit.state != State::Awaiting {
            visit.mask = mask_of(&visit, &line.masks);
            visits.push(visit);
            continue;
        }
        let first = visits.len();
        for (start, end) in cut(whole.start, whole.end, &days) {
            let state = state_on(start);
            match visits.get_mut(first..).and_then(<[Visit]>::last_mut) {
                Some(last) if last.state == state => last.end = end,
                _ => {
                    let truncated = whole.truncated && start == whole.start;
                    visits.push(Visit {
                        start,
                        end,
                        state,
                        underlying: state,
                        truncated,
                        ..*whole
                    });
                }
            }
        }
        let stages = visits.len();
        for (n, visit) in (first + 1..).zip(&mut visits[first..]) {
            visit.censored &= n == stages;
            visit.mask = mask_of(visit, &line.masks);
        }
    }
    line.visits = visits;
}

/// The mask of a visit: that of its days, or of one of no days its underlying state.
fn mask_of(visit: &Visit, masks: &[ActiveStates]) -> u32 {
    if visit.mask & State::Awaiting.bit() == 0 {
        return visit.mask;
    }
    if visit.days() == 0 {
        return visit.underlying.bit();
    }
    ActiveStates::between(masks, visit.start, visit.end)
}

/// `[start, end)` cut at those of the days that lie inside; one piece of no days stays one.
fn cut(start: Day, end: Day, days: &[Day]) -> impl Iterator<Item = (Day, Day)> {
    let from = days.partition_point(|&day| day <= start);
    let until = days.partition_point(|&day| day < end).max(from);
    let inside = &days[from..until];
    let starts = std::iter::once(start).chain(inside.iter().copied());
    starts.zip(inside.iter().copied().chain(std::iter::once(end)))
}
