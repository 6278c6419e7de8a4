//! What is done to a painted line: slivers, the cap on idle ends, and marks of what was not seen.

use super::build::LineInput;
use super::counts::LineCounts;
use super::interval::{Interval, Rows};
use super::settings::TimelineSettings;
use super::state::{ActiveStates, CommunityPart, Line, State, Visit};
use crate::day::Day;
use crate::hospital::stay::EndKind;

/// Gives slivers between a discharge and the start of a service to that service (section 6).
pub(crate) fn absorb(
    settings: &TimelineSettings,
    intervals: &[Interval],
    line: &mut Line,
    counts: &mut LineCounts,
) {
    if settings.absorb_days == 0 {
        return;
    }
    let Line { visits, masks, .. } = line;
    let mut n = 0;
    while let Some([stay, sliver, service]) = visits.get_mut(n..n + 3) {
        let start = intervals.get(service.id as usize).map(|interval| interval.start);
        let absorbed = stay.state.is_inpatient()
            && (1..=settings.absorb_days).contains(&sliver.days())
            && settings.absorb_states.contains(&sliver.state)
            && service.state.is_care()
            && start == Some(service.start)
            && service.days() > 0;
        if absorbed {
            counts.absorbed += 1;
            counts.absorbed_days += sliver.days() as u64;
            let (from, until, bit) = (sliver.start, sliver.end, service.state.bit());
            let in_sliver = masks.iter_mut().filter(|days| days.start >= from && days.end <= until);
            in_sliver.for_each(|days| days.mask |= bit);
            service.start = sliver.start;
            service.mask |= sliver.mask;
            visits.remove(n + 1);
        } else {
            n += 1;
        }
    }
}

/// Cuts home at the end of a line `idle_cap_days` after the last record (section 5). `records` are
/// the days of the person's care records.
pub(crate) fn cap_idle(
    settings: &TimelineSettings,
    records: impl Iterator<Item = Day>,
    input: &LineInput<'_>,
    line: &mut Line,
    counts: &mut LineCounts,
) {
    let (Some(cap), Some(last)) = (settings.idle_cap_days, line.visits.last_mut()) else {
        return;
    };
    if last.state != State::Home || line.death.is_some() {
        return;
    }
    let seen = records
        .chain(input.cips.iter().map(|stay| stay.discharge))
        .chain(input.attendances.iter().filter_map(|attendance| attendance.arrival.get()))
        .fold(last.start, Day::max);
    let end = seen.plus(cap);
    if end < last.end {
        counts.idle_capped += 1;
        let (state, mask) = (State::Unobserved, State::Unobserved.bit());
        let beyond = Visit { start: end, state, underlying: state, mask, ..*last };
        cut_masks(&mut line.masks, end);
        if end > last.start {
            last.end = end;
            last.mask = ActiveStates::between(&line.masks, last.start, end);
            line.visits.push(beyond);
        } else {
            *last = beyond;
        }
    }
}

/// Nothing is observed from a day on.
fn cut_masks(masks: &mut Vec<ActiveStates>, from: Day) {
    let Some(until) = masks.last().map(|days| days.end) else { return };
    masks.retain(|days| days.start < from);
    if let Some(last) = masks.last_mut() {
        last.end = last.end.min(from);
    }
    masks.push(ActiveStates { start: from, end: until, mask: State::Unobserved.bit() });
}

/// Splits the visits in community support by the component of the row that counts (section 2).
pub(crate) fn split_community(rows: Rows<'_>, intervals: &[Interval], line: &mut Line) {
    let Line { visits, community, .. } = line;
    for visit in visits.iter().filter(|visit| visit.state == State::Community) {
        let Some(interval) = intervals.get(visit.id as usize) else { continue };
        let mut days = vec![visit.start, visit.end];
        let inside = |day: &Day| *day > visit.start && *day < visit.end;
        days.extend(rows.changes(interval).filter(inside));
        days.sort_unstable();
        days.dedup();
        days.resize(days.len().max(2), visit.end); // a visit of no days
        let first = community.len();
        for part in days.windows(2) {
            let [start, end] = [part[0], part[1]];
            let row = rows.on(start.max(interval.start), interval);
            let component = row.map(|row| row.component).unwrap_or_default();
            let is_gap = !row.is_some_and(|row| rows.runs_on(start, row));
            match community.get_mut(first..).and_then(<[CommunityPart]>::last_mut) {
                // what ran before a bridged gap runs on in it
                Some(last) if is_gap || last.component == component => last.end = end,
                _ => community.push(CommunityPart { start, end, component }),
            }
        }
    }
}

/// Marks visits whose start or end was not seen (section 5, X-16). `late` says that the line begins
/// with the first evidence of the person.
pub(crate) fn mark_ends(
    input: &LineInput<'_>,
    late: bool,
    (from, until): (Day, Day),
    line: &mut Line,
) {
    if !late {
        for visit in line.visits.iter_mut().take_while(|visit| visit.start == from) {
            visit.truncated = true;
        }
    }
    if line.death.is_none()
        && let Some(last) = line.visits.last_mut()
    {
        last.censored = true;
    }
    // what follows an unfinished stay at the end of the hospital data, and home after unobserved
    // days, began unseen
    let unfinished = input.cips.iter().any(|stay| stay.end_kind == EndKind::Censored);
    let (mut stay_unseen, mut unobserved) = (false, false);
    for visit in &mut line.visits {
        visit.truncated |= stay_unseen || unobserved && visit.state == State::Home;
        unobserved = visit.state == State::Unobserved;
        stay_unseen = unfinished
            && visit.state.is_inpatient()
            && visit.end < until
            && input.cips.get(visit.id as usize).is_some_and(|stay| {
                stay.end_kind == EndKind::Censored && stay.discharge == visit.end
            });
        visit.censored |= stay_unseen;
    }
}
