//! The pathways of a study without its measures: every person is linked once.

use crate::clusters;
use crate::event_log::LogCounts;
use crate::figure::Results;
use crate::pathways::Pathways;
use crate::run::Prepared;
use rayon::prelude::*;
use throughcare_linkage::link::partition::{LinkCounts, Scratch};
use throughcare_linkage::progress::Progress;
use throughcare_linkage::store::Partition;

/// The sequences of people and of event logs and what goes with them, exact: the other tables are empty.
/// Beside them the people linked.
#[must_use]
pub fn journey_pathways(prepared: &Prepared, progress: &dyn Progress) -> (Results, u64) {
    let study = &prepared.study;
    let linker = prepared.linker();
    let partitions = &prepared.records.partitions;
    let people: usize = partitions.iter().map(|part| part.people.len()).sum();
    progress.begin("linking and following people", "people", people as u64);
    let empty = || {
        let periods = &prepared.frame.study.periods;
        (Pathways::new(&study.graph, &study.timeline, periods), LinkCounts::default())
    };
    let chunk = (partitions.len() / (4 * rayon::current_num_threads())).max(1);
    let count = |partitions: &[Partition]| {
        let (mut pathways, mut counts) = empty();
        let mut scratch = Scratch::default();
        for partition in partitions {
            linker.partition(partition, false, &mut scratch, &mut counts, |person| {
                pathways.add(person);
            });
            progress.advance(partition.people.len() as u64);
        }
        (pathways, counts)
    };
    let merge = |(mut one, mut counts): (Pathways, LinkCounts), (other, more): (Pathways, _)| {
        one.merge(&other);
        counts.merge(&more);
        (one, counts)
    };
    let counted = partitions.par_chunks(chunk).map(count).reduce_with(merge);
    let (pathways, counts) = counted.unwrap_or_else(empty);
    progress.end();
    let mut results = Results::default();
    pathways.finish(&mut results);
    clusters::of_all(&mut results, &study.graph.clusters);
    for log in &prepared.records.logs {
        LogCounts::of(log).finish(log, study.graph.most_paths, &mut results);
    }
    results.states.clear();
    results.transitions.clear();
    (results, counts.people)
}
