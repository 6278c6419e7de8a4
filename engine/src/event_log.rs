//! Event logs: any table of cases, activities and times, as directly-follows edges and variants.
//!
//! The states of a log are its activities. An edge joins each event to the next of its case, in the order
//! of time and then of rows; [`START`] and [`END`] stand before the first event and after the last. Time
//! keeps the milliseconds of the source: the time in an activity is that until the next event of the case
//! begins, of the last one that until it ends itself.

mod edges;
pub mod time_to;

pub use edges::{Edge, Edges, Node};

use crate::figure::{Clock, Follow, Pathway, Results, StateFigure, Transition};
use crate::graph::follows::Follows;
use crate::graph::whole::{Shown, WholeJourneys};
use crate::sequences::Sequences;
use rayon::prelude::*;
use throughcare_linkage::instant::DAY_MILLIS;
use throughcare_linkage::link::cases::{Case, Scratch, each_case};
use throughcare_linkage::read::EventLog;

pub use crate::graph::{END, START};

/// What is counted of the cases of a log: integers, which add up in any order.
#[derive(Debug, Default)]
pub struct LogCounts {
    /// Moves between activities.
    pub edges: Edges,
    /// Sequences of activities.
    pub variants: Sequences,
    /// Cases.
    pub cases: i64,
    /// Events.
    pub events: i64,
    /// Cases in which events of one moment were put in the order of their rows.
    pub tied: i64,
    // where cases begin, if not with their first event
    from: Option<u16>,
    // eventually-follows counts and whole cases, where asked for
    depth: Option<(Follows, WholeJourneys)>,
    // of the case at hand
    sequence: Vec<u16>,
}

impl LogCounts {
    /// Counts every case of a log, on the threads of the global pool.
    #[must_use]
    pub fn of(log: &EventLog) -> Self {
        Self::all(log, Self::default)
    }

    /// Counts every case of a log in depth: also what comes after what, and whole cases. With `from`
    /// cases begin with their first event of this activity, and those without one are left out.
    #[must_use]
    pub fn in_depth(log: &EventLog, from: Option<&str>) -> Self {
        let number = |name: &str| log.activities.iter().position(|known| **known == *name);
        // an activity of other graphs leaves out every case
        let from = from.map(|name| number(name).map_or(u16::MAX, |number| number as u16));
        Self::all(log, || Self { from, depth: Some(Default::default()), ..Self::default() })
    }

    fn all(log: &EventLog, empty: impl Fn() -> Self + Sync) -> Self {
        of_cases(log, empty, Self::add, Self::merge)
    }

    /// Counts one case.
    pub fn add(&mut self, case: &Case<'_>) {
        let begun = match self.from {
            Some(from) => case.events.iter().position(|event| event.activity == from),
            None => Some(0),
        };
        let Some(events) = begun.and_then(|begun| case.events.get(begun..)) else { return };
        let case = &Case { id: case.id, events };
        if let Some((follows, whole)) = &mut self.depth {
            follows.begin();
            case.events.iter().for_each(|event| {
                follows.visit(event.activity);
                whole.visit(event.activity);
            });
            case.events.windows(2).for_each(|pair| whole.step(pair[0].activity, pair[1].activity));
            whole.end();
        }
        self.cases += 1;
        self.events += case.events.len() as i64;
        self.tied += i64::from(case.has_tie());
        self.edges.add(case);
        self.sequence.clear();
        self.sequence.extend(case.events.iter().map(|event| event.activity));
        self.variants.add(&self.sequence, case.millis());
    }

    /// Adds the counts of other cases of the same log.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.cases += other.cases;
        self.events += other.events;
        self.tied += other.tied;
        self.edges.merge(other.edges);
        self.variants.merge(&other.variants);
        if let (Some((follows, whole)), Some((more, others))) = (&mut self.depth, &other.depth) {
            follows.merge(more);
            whole.merge(others);
        }
        self
    }

    /// The whole cases behind the graph of the log, if it was counted in depth.
    #[must_use]
    pub fn shown(&self, log: &EventLog) -> Option<Shown> {
        let (_, whole) = self.depth.as_ref()?;
        Some(Shown {
            scheme: log.name.clone(),
            area_code: String::new(),
            stratum: String::new(),
            names: log.activities.iter().map(|name| name.to_string()).collect(),
            journeys: whole.clone(),
        })
    }

    /// Makes the rows of `states`, `transitions`, `follows` and `pathways`, with the log's name as scheme and as
    /// anchor. Activities are in the order of their names; at most `most_paths` sequences are rows.
    pub fn finish(mut self, log: &EventLog, most_paths: usize, results: &mut Results) {
        let order = by_name(&log.activities);
        let name = |activity: u16| log.activities[usize::from(activity)].to_string();
        let blank = |state: String| StateFigure {
            scheme: log.name.clone(),
            area_code: String::new(),
            stratum: String::new(),
            state,
            visits: self.cases,
            people: self.cases,
            clock: Clock::Millis,
            total_time: 0,
            starts: 0,
            ends: 0,
            censored: 0,
        };
        results.states.push(StateFigure { starts: self.cases, ..blank(START.into()) });
        for &activity in &order {
            let node = self.edges.node(activity);
            results.states.push(StateFigure {
                visits: node.events,
                people: node.cases,
                total_time: node.millis,
                starts: node.starts,
                ends: node.ends,
                censored: node.ends,
                ..blank(name(activity))
            });
        }
        results.states.push(StateFigure { ends: self.cases, ..blank(END.into()) });

        let edge = |from: &str, to: &str| Transition {
            scheme: log.name.clone(),
            area_code: String::new(),
            stratum: String::new(),
            from: from.into(),
            to: to.into(),
            count: 0,
            people: 0,
            from_total: 0,
            clock: Clock::Millis,
            total_time: 0,
            stays: 0,
            quartiles_days: [None; 3],
            person_time: 0,
        };
        for &activity in &order {
            let starts = self.edges.node(activity).starts;
            if starts > 0 {
                results.transitions.push(Transition {
                    count: starts,
                    people: starts,
                    from_total: self.cases,
                    ..edge(START, &name(activity))
                });
            }
        }
        self.edges.settle();
        for &from in &order {
            let node = self.edges.node(from);
            for &to in &order {
                let Some(found) = self.edges.edge(from, to) else { continue };
                let quartile =
                    |permille| found.quantile(permille).map(|millis| millis / DAY_MILLIS as f64);
                results.transitions.push(Transition {
                    count: found.count(),
                    people: found.cases,
                    from_total: node.events,
                    total_time: found.millis(),
                    stays: found.count(),
                    quartiles_days: [250, 500, 750].map(quartile),
                    person_time: node.millis,
                    ..edge(&name(from), &name(to))
                });
            }
            if node.ends > 0 {
                results.transitions.push(Transition {
                    count: node.ends,
                    people: node.ends,
                    from_total: node.events,
                    person_time: node.millis,
                    ..edge(&name(from), END)
                });
            }
        }
        if let Some((follows, _)) = &self.depth {
            for &from in &order {
                for &to in &order {
                    let totals = follows.totals(from, to);
                    if totals.people > 0 {
                        results.follows.push(Follow {
                            scheme: log.name.clone(),
                            area_code: String::new(),
                            stratum: String::new(),
                            from: name(from),
                            to: name(to),
                            people: totals.people,
                            pairs: totals.pairs,
                            of: self.edges.node(from).cases,
                        });
                    }
                }
            }
        }
        for variant in self.variants.most_frequent(&log.activities, " > ", most_paths) {
            results.pathways.push(Pathway {
                area_code: String::new(),
                stratum: String::new(),
                anchor: log.name.clone(),
                path: variant.path,
                people: variant.cases,
                of: self.cases,
                median_days: variant.median_length.map(|millis| millis / DAY_MILLIS as f64),
            });
        }
    }
}

/// Counts every case of a log on the threads of the global pool, each in counts of its own that are merged
/// in the end. `merge` must not depend on the order.
fn of_cases<T: Send>(
    log: &EventLog,
    empty: impl Fn() -> T + Sync,
    add: impl Fn(&mut T, &Case<'_>) + Sync,
    merge: impl Fn(T, T) -> T + Sync + Send,
) -> T {
    let chunk = (log.partitions.len() / (2 * rayon::current_num_threads())).max(1);
    let counted = log.partitions.par_chunks(chunk).map(|partitions| {
        let mut counts = empty();
        let mut scratch = Scratch::default();
        for partition in partitions {
            each_case(partition, &mut scratch, |case| add(&mut counts, case));
        }
        counts
    });
    counted.reduce_with(merge).unwrap_or_else(empty)
}

/// The numbers of activities in the order of their names.
#[must_use]
pub fn by_name(activities: &[Box<str>]) -> Vec<u16> {
    let mut order: Vec<u16> = (0..=u16::MAX).take(activities.len()).collect();
    order.sort_unstable_by_key(|&activity| &activities[usize::from(activity)]);
    order
}

#[cfg(test)]
mod tests;
