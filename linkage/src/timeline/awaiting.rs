//! The awaiting state: a request or assessment is open and nothing is provided yet
//! (`journey-states.md` section 7, X-15).

use super::counts::LineCounts;
use super::interval::{CareRules, Interval};
use super::state::State;
use crate::cld::event::CareEvent;
use crate::codes::cld::{EventType, Outcome, ServiceType};
use crate::day::Day;

/// Days before the end of an assessment in which a request takes its place as the start.
const REQUEST_LOOK_BACK_DAYS: i32 = 182;

/// Adds the waits of one person that touch `[from, until)`. `events` are in order of their starts.
///
/// A wait starts with a request whose outcome begins "Progress", is missing or is still open, and with
/// the end of an assessment that progresses and that no request precedes. It ends with the first of:
/// the start of any service, the end of an assessment that does not progress, a later request that
/// ends in no further action or in hospital, and `max_days`. The wait of an existing client is marked
/// [`Interval::mask_only`].
pub(crate) fn add(
    events: &[CareEvent],
    rules: &CareRules,
    max_days: i32,
    (from, until): (Day, Day),
    intervals: &mut Vec<Interval>,
    counts: &mut LineCounts,
) {
    if max_days == 0 {
        return;
    }
    for event in events.iter().filter(|event| rules.is_of_person(event)) {
        let start = match event.event_type {
            EventType::Request if opens(event) => event.start,
            EventType::Assessment if event.outcome.is_progress() && !event.is_reversed() => {
                match event.end.get() {
                    Some(end) if !requested_before(end, events, rules) => end,
                    _ => continue,
                }
            }
            _ => continue,
        };
        if start >= until || start.plus(max_days) <= from {
            continue;
        }
        let end =
            first_end(start, events, rules).unwrap_or(Day(i32::MAX)).min(start.plus(max_days));
        if end > start {
            let mut wait = Interval::care(State::Awaiting, start, end, event.la, 0);
            wait.mask_only = is_existing_client(start, events, rules);
            counts.waits += 1;
            counts.waits_of_clients += u64::from(wait.mask_only);
            intervals.push(wait);
        }
    }
}

fn opens(request: &CareEvent) -> bool {
    !closes(request.outcome)
        && (request.outcome.is_progress()
            || request.outcome == Outcome::None
            || request.end.is_none())
}

fn closes(outcome: Outcome) -> bool {
    outcome.is_no_further_action() || outcome == Outcome::AdmittedToHospital
}

fn requested_before(day: Day, events: &[CareEvent], rules: &CareRules) -> bool {
    events.iter().any(|event| {
        event.event_type == EventType::Request
            && rules.is_of_person(event)
            && (0..=REQUEST_LOOK_BACK_DAYS).contains(&day.since(event.start))
    })
}

fn first_end(start: Day, events: &[CareEvent], rules: &CareRules) -> Option<Day> {
    let end = |event: &CareEvent| match event.event_type {
        EventType::Service => Some(event.start),
        EventType::Assessment if !event.outcome.is_progress() => event.end.get(),
        EventType::Request if closes(event.outcome) && event.start > start => {
            Some(event.end.or(event.start).max(event.start))
        }
        _ => None,
    };
    let of_person = events.iter().filter(|event| rules.is_of_person(event) && !event.is_reversed());
    of_person.filter_map(end).filter(|&end| end >= start).min()
}

/// The department's test of an existing client, at the start of a wait: a service on that day,
/// long-term support that ended within 12 calendar months before it, or ST-Max or other short-term
/// support within 3.
fn is_existing_client(day: Day, events: &[CareEvent], rules: &CareRules) -> bool {
    if !events.iter().any(|event| event.event_type == EventType::Service && event.start <= day) {
        return false;
    }
    let (year, quarter) = (day.add_months(-12), day.add_months(-3));
    let counts = |event: &CareEvent| {
        if event.event_type != EventType::Service
            || event.start > day
            || event.is_reversed()
            || event.service_type == ServiceType::CarerDirect
            || !rules.is_of_person(event)
        {
            return false;
        }
        let earliest = match event.service_type {
            kind if kind.is_long_term() => year,
            ServiceType::StMax | ServiceType::OtherShortTerm => quarter,
            _ => day,
        };
        event.end.get().is_none_or(|end| end >= earliest)
    };
    events.iter().any(counts)
}
