//! The pathways of a study without its measures: every person is linked once.

use crate::clusters;
use crate::event_log::LogCounts;
use crate::figure::Results;
use crate::graph::strata::LookUps;
use crate::pathways::Pathways;
use crate::run::{Pass, Prepared};
use throughcare_linkage::progress::Progress;

/// The sequences of people and of event logs and what goes with them, exact: the other tables are empty.
/// Beside them the people linked.
#[must_use]
pub fn journey_pathways(prepared: &Prepared, progress: &dyn Progress) -> (Results, u64) {
    let study = &prepared.study;
    let look_ups = LookUps::new(&prepared.frame);
    let periods = &prepared.frame.study.periods;
    let empty = || Pathways::new(&study.graph, &study.timeline, periods, &look_ups);
    let merge = |mut one: Pathways, other: Pathways| {
        one.merge(&other);
        one
    };
    let linker = prepared.linker().joined_only();
    let pass = Pass { stage: "linking and following people", linker, progress };
    let (pathways, counts) = prepared.count_people(&pass, empty, Pathways::add, merge);
    let mut results = Results { regions: prepared.regions(), ..Results::default() };
    pathways.finish(&mut results);
    clusters::of_all(&mut results, &study.graph.clusters);
    for log in &prepared.records.logs {
        LogCounts::of(log).finish(log, study.graph.most_paths, &mut results);
    }
    results.states.clear();
    results.transitions.clear();
    (results, counts.people)
}
