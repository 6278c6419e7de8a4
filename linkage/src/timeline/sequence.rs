//! The visits of a line as a sequence of moves between the states of a scheme.

use super::scheme::Scheme;
use super::state::{Line, State};
use crate::day::Day;

/// One visit of the mapped sequence: neighbouring visits with one mapped state are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state's number in the scheme.
    pub state: u8,
    /// First day.
    pub start: Day,
    /// First day no longer in the state. For death, the day of death again.
    pub end: Day,
    /// Days in the state. Less than `end - start` where a shorter visit between two was left out; 0
    /// for visits of no days and for death, which no one stays in.
    pub days: i32,
    /// The beginning was not seen: as of the first visit that is joined in this one.
    pub truncated: bool,
    /// No counted move follows: the line ends, or unobserved days follow, or an unfinished stay. Never
    /// set for death.
    pub censored: bool,
}

/// A move between two states of the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The state left.
    pub from: u8,
    /// The state entered; another one than `from`.
    pub to: u8,
    /// The first day in `to`.
    pub day: Day,
    /// Days in `from` before the move; 0 for a visit of no days, which has no place in durations.
    pub days: i32,
    /// The beginning of `from` was not seen.
    pub truncated: bool,
}

/// A part of a sequence, in time order: visits, and between two of them the move if it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A visit.
    Visit(Step),
    /// A counted move. Moves into and out of `UNOBS` are not counted, nor is the end of an
    /// unfinished stay.
    Move(Move),
}

/// Walks the mapped sequence of a line. Visits of less than `min_state_days` are left out, those of no
/// days included, before neighbours are joined again; death and unobserved days always stay. Death is
/// the last visit.
///
/// Moves out of a state and its censored visits add up to its visits (death apart).
pub fn walk(line: &Line, scheme: &Scheme, min_state_days: i32, mut piece: impl FnMut(Piece)) {
    let unobserved = scheme.of(State::Unobserved);
    let mut kept: Option<Step> = None;
    let mut keep = |step: Step| match &mut kept {
        Some(last) if last.state == step.state => join(last, &step),
        Some(last) => {
            pass(last, Some((step.state, step.start)), unobserved, &mut piece);
            *last = step;
        }
        None => kept = Some(step),
    };
    if min_state_days <= 0 {
        steps(line, scheme, keep);
    } else {
        let mut joined: Option<Step> = None;
        let mut keep_long = |step: Step| {
            if step.days >= min_state_days || step.state == unobserved {
                keep(step);
            }
        };
        steps(line, scheme, |step| match &mut joined {
            Some(last) if last.state == step.state => join(last, &step),
            Some(last) => keep_long(std::mem::replace(last, step)),
            None => joined = Some(step),
        });
        joined.into_iter().for_each(keep_long);
    }
    let dead = scheme.of(State::Dead);
    let death = line.death.get();
    if let Some(last) = kept {
        pass(&last, death.map(|day| (dead, day)), unobserved, &mut piece);
    }
    if let Some(day) = death {
        let (start, end) = (day, day);
        let dead = Step { state: dead, start, end, days: 0, truncated: false, censored: false };
        piece(Piece::Visit(dead));
    }
}

/// The visits of a line in the states of the scheme, one by one.
#[inline]
fn steps(line: &Line, scheme: &Scheme, mut each: impl FnMut(Step)) {
    let mut parts = line.community.as_slice();
    for visit in &line.visits {
        let step = Step {
            state: scheme.of(visit.state),
            start: visit.start,
            end: visit.end,
            days: visit.days(),
            truncated: visit.truncated,
            censored: visit.censored,
        };
        if visit.state != State::Community || !scheme.splits_community() {
            each(step);
            continue;
        }
        let of_visit;
        (of_visit, parts) = parts.split_at(parts.partition_point(|part| part.end <= visit.end));
        for (n, part) in of_visit.iter().enumerate() {
            each(Step {
                state: scheme.of_community(part.component),
                start: part.start,
                end: part.end,
                days: part.end.since(part.start),
                truncated: step.truncated && n == 0,
                censored: step.censored && n + 1 == of_visit.len(),
            });
        }
    }
}

fn join(last: &mut Step, next: &Step) {
    last.end = next.end;
    last.days += next.days;
    last.censored = next.censored;
}

/// Hands over a visit and the move that follows it, if it counts. It stands once in the program, so that what
/// is done with a piece can stand in it.
#[inline(never)]
fn pass(step: &Step, next: Option<(u8, Day)>, unobserved: u8, piece: &mut impl FnMut(Piece)) {
    let next = next.filter(|&(to, _)| {
        to != step.state && step.state != unobserved && to != unobserved && !step.censored
    });
    piece(Piece::Visit(Step { censored: next.is_none(), ..*step }));
    if let Some((to, day)) = next {
        let Step { state: from, days, truncated, .. } = *step;
        piece(Piece::Move(Move { from, to, day, days, truncated }));
    }
}
