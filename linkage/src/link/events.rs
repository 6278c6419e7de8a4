//! Events of logs beside other records: the events of a case are those of the person whose identifier, byte
//! for byte, is the case.
//!
//! Logs keep partitions of their own, in which a case has another number than its person among the
//! records. Both are cut by the same ranges of keys, so that each partition of the records meets the one
//! of its place in each log.

use super::activities::Activity;
use super::group::Grouped;
use crate::audit::{Audit, Rule};
use crate::instant::Instant;
use crate::read::{EventLog, FileKind, Records};
use crate::records::event::LogEvent;
use crate::store::Partition;
use crate::timeline::event_state::{NoEnd, StateEvent};
use crate::timeline::state::State;

/// An event of a log that belongs to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonEvent {
    /// Which log, and what happened.
    pub activity: Activity,
    /// When it began.
    pub start: Instant,
    /// When it ended, if the log says so; perhaps before its start.
    pub end: Option<Instant>,
    /// File, numbered in the order of the inputs.
    pub file: u16,
    /// Row of the file, from 1 for the first data row.
    pub row: u32,
}

impl PersonEvent {
    /// The event as a part of the line of states: the days of its start and its end, both included.
    fn as_state(&self, state: State) -> StateEvent {
        let end = match self.end {
            None => Err(NoEnd::Missing),
            Some(end) if end < self.start => Err(NoEnd::Reversed),
            Some(end) => Ok(end.day()),
        };
        StateEvent { state, start: self.start.day(), end }
    }
}

/// The event logs of a study that has other records too; without any, nothing is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Logs<'a> {
    logs: &'a [EventLog],
    states: &'a [Vec<Option<State>>],
}

impl<'a> Logs<'a> {
    /// The logs of some records; `states` are those of `Facts::event_states`. None in a study of event logs
    /// alone, whose cases have nobody to belong to.
    #[must_use]
    pub fn beside(records: &'a Records, states: &'a [Vec<Option<State>>]) -> Self {
        if records.files.iter().all(|file| file.kind == FileKind::Events) {
            return Self::default();
        }
        Self { logs: &records.logs, states }
    }

    fn state(&self, activity: Activity) -> Option<State> {
        let log = self.states.get(usize::from(activity.log))?;
        log.get(usize::from(activity.number)).copied().flatten()
    }
}

/// Cases and events of logs, by what became of them: `read = unmet + shared + linked`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// All.
    pub read: CasesAndEvents,
    /// Whose case is the identifier of nobody among the other records.
    pub unmet: CasesAndEvents,
    /// Whose case is an identifier that many people share.
    pub shared: CasesAndEvents,
    /// Given to a person.
    pub linked: CasesAndEvents,
}

/// Cases, and their events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CasesAndEvents {
    /// Cases.
    pub cases: u64,
    /// Their events.
    pub events: u64,
}

impl CasesAndEvents {
    fn add(&mut self, cases: u64, events: u64) {
        self.cases += cases;
        self.events += events;
    }
}

impl EventCounts {
    /// What the counts are, in the order of the audit: of cases, then of events.
    const WHAT: [(&'static str, &'static str); 4] = [
        ("cases of event logs", "events of event logs"),
        (
            "of these cases, those that meet no person: their events are in the log's own tables only",
            "of these events, those of cases that meet no person",
        ),
        (
            "of these cases, those whose identifier many people share: linked to nobody",
            "of these events, those of cases whose identifier many people share",
        ),
        (
            "of these cases, those that are the identifier of a person",
            "of these events, those of cases that are the identifier of a person",
        ),
    ];

    /// Adds the counts of other partitions.
    pub fn merge(&mut self, other: &Self) {
        let mine = [&mut self.read, &mut self.unmet, &mut self.shared, &mut self.linked];
        for (mine, more) in mine.into_iter().zip(other.all()) {
            mine.add(more.cases, more.events);
        }
    }

    /// Whether what became of cases and events adds up to what was read.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        let Self { read, unmet, shared, linked } = self;
        read.cases == unmet.cases + shared.cases + linked.cases
            && read.events == unmet.events + shared.events + linked.events
    }

    /// Adds the counts to an audit, behind those of records without a person.
    pub(super) fn to_audit(self, audit: &mut Audit) {
        let rule = |step, what| Rule { stage: "linkage", step, rule: "", what };
        for (step, (counts, what)) in (0u16..).zip(self.all().into_iter().zip(Self::WHAT)) {
            audit.count(rule(3 + 2 * step, what.0), counts.cases);
            audit.count(rule(4 + 2 * step, what.1), counts.events);
        }
    }

    const fn all(&self) -> [CasesAndEvents; 4] {
        [self.read, self.unmet, self.shared, self.linked]
    }
}

/// Buffers that one thread uses for all its people.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    // by log
    cases: Vec<Cases>,
    events: Vec<PersonEvent>,
    states: Vec<StateEvent>,
}

/// The cases of a log in the partition at hand.
#[derive(Debug, Default)]
struct Cases {
    events: Grouped<LogEvent>,
    /// By person of the records: the number of the case among the log's.
    of: Vec<u32>,
}

/// In place of the number of a case: the person has none.
const NO_CASE: u32 = u32::MAX;

impl Scratch {
    /// Looks up the cases of every log among the people of a partition of the records.
    pub(super) fn meet(
        &mut self,
        logs: &Logs<'_>,
        partition: &Partition,
        counts: &mut EventCounts,
    ) {
        self.cases.resize_with(logs.logs.len(), Cases::default);
        for (cases, log) in self.cases.iter_mut().zip(logs.logs) {
            cases.of.clear();
            if let Some(theirs) = log.partitions.get(partition.place) {
                cases.meet(theirs, partition, counts);
            }
        }
    }

    /// Takes the events of one person; of someone who is none, or of many, they are only counted.
    pub(super) fn gather(
        &mut self,
        logs: &Logs<'_>,
        person: u32,
        is_known: bool,
        counts: &mut EventCounts,
    ) {
        let Self { cases, events, states } = self;
        events.clear();
        states.clear();
        for (log, cases) in (0u16..).zip(cases) {
            let case = cases.of.get(person as usize).copied().filter(|&case| case != NO_CASE);
            let Some(case) = case else { continue };
            cases.events.load(case);
            let theirs = cases.events.rows();
            if !is_known {
                counts.shared.add(1, theirs.len() as u64);
                continue;
            }
            counts.linked.add(1, theirs.len() as u64);
            events.extend(theirs.iter().map(|event| PersonEvent {
                activity: Activity { log, number: event.activity },
                start: event.start,
                end: event.ended(),
                file: event.file,
                row: event.row,
            }));
        }
        events.sort_unstable_by_key(|event| (event.start, event.file, event.row));
        if !logs.states.is_empty() {
            let state = |event: &PersonEvent| Some(event.as_state(logs.state(event.activity)?));
            states.extend(events.iter().filter_map(state));
        }
    }

    /// The events of the person gathered last, by start, file and row.
    pub(super) fn events(&self) -> &[PersonEvent] {
        &self.events
    }

    /// Those of them that the study reads as states, by day of start.
    pub(super) fn states(&self) -> &[StateEvent] {
        &self.states
    }
}

impl Cases {
    fn meet(&mut self, theirs: &Partition, records: &Partition, counts: &mut EventCounts) {
        let cases = theirs.people.len();
        self.of.resize(records.people.len(), NO_CASE);
        self.events.fill(cases, &theirs.persons.events, &theirs.events);
        for case in 0..cases as u32 {
            let events = self.events.count(case) as u64;
            counts.read.add(1, events);
            let person = records.people.find(theirs.people.id(case));
            match person.and_then(|person| self.of.get_mut(person as usize)) {
                Some(of) => *of = case,
                None => counts.unmet.add(1, events),
            }
        }
    }
}

#[cfg(test)]
mod tests;
