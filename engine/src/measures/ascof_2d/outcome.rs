//! Stages 3 and 4: discharges into reablement and what became of them.

use super::Scratch;
use super::areas::{AreaIndex, AreaNumber};
use super::cluster::{Case, Cluster, Step};
use super::cohort::{Discharge, in_extract, is_last_episode};
use super::settings::Method;
use super::tally::{CellKey, Client, Outcome, Tally, VennKey};
use throughcare_linkage::day::{Day, Period};

/// Counts every spell once in each cell that one of its rows is in.
pub(super) fn count_spells(method: &Method, tally: &mut Tally, scratch: &mut Scratch) {
    let Scratch { discharges, cells, .. } = scratch;
    for rows in discharges.chunk_by(|a, b| a.spell == b.spell) {
        cells.clear();
        for row in rows {
            add_cells(row, row.residence, &method.areas, cells);
        }
        distinct(cells, rows.len());
        for &key in &*cells {
            if let Some(cell) = tally.cell(key) {
                cell.spells += 1;
            }
        }
    }
}

/// Counts every cluster that follows an eligible discharge, once in each cell that one of its linked
/// rows is in.
pub(super) fn count_clusters(
    case: &Case<'_>,
    method: &Method,
    tally: &mut Tally,
    scratch: &mut Scratch,
) {
    let Scratch { clusters, discharges, cells, venn, .. } = scratch;
    let mut linked_clusters = 0;
    for cluster in &*clusters {
        let Some(discharge) = latest_discharge(cluster, discharges, method) else { continue };
        linked_clusters += 1;
        let outcome = outcome(case, method, cluster, discharge);
        let council = method.areas.of_la(cluster.la);
        cells.clear();
        venn.clear();
        // every row of that date, whatever its admission
        for row in discharges.iter().filter(|row| row.discharge == discharge) {
            add_cells(row, council, &method.areas, cells);
            venn.push((row.client, row.sex, row.age_group));
        }
        distinct(cells, venn.len());
        for &key in &*cells {
            if let Some(cell) = tally.cell(key) {
                cell.add_cluster(outcome);
            }
        }
        count_venn(venn, outcome, method, method.areas.with_parents(council), tally);
    }
    tally.care.out[Step::Linked as usize] += (clusters.len() - linked_clusters) as i64;
    if linked_clusters > 0 {
        tally.care.people[Step::Linked as usize] += 1;
    }
}

/// The latest discharge around the start of a cluster, of a stay that began by then.
fn latest_discharge(cluster: &Cluster, discharges: &[Discharge], method: &Method) -> Option<Day> {
    let window = Period {
        start: cluster.start.plus(-method.settings.link_days_before_start),
        end: cluster.start.plus(method.settings.link_days_after_start),
    };
    discharges
        .iter()
        .filter(|row| window.contains(row.discharge) && row.admission <= cluster.start)
        .map(|row| row.discharge)
        .max()
}

/// What happened from a discharge to the end of its follow-up, both days included.
fn outcome(case: &Case<'_>, method: &Method, cluster: &Cluster, discharge: Day) -> Outcome {
    let settings = &method.settings;
    let follow_up = Period { start: discharge, end: discharge.plus(settings.follow_up_days) };
    let readmitted = case.person.episodes.iter().enumerate().any(|(number, row)| {
        let (Some(admission), Some(end)) = (row.admission.get(), in_extract(row, method)) else {
            return false;
        };
        admission > cluster.start
            && admission > discharge
            && admission <= follow_up.end
            && admission >= case.period.start
            && end.since(admission) >= settings.minimum_nights
            && settings.readmission_management_types.contains(row.management)
            && method.passes(row.discharge_method, &settings.readmission_excluded_discharge_methods)
            && is_last_episode(case.person, number, row)
    });
    Outcome {
        died: case.death(cluster.la).get().is_some_and(|death| follow_up.contains(death)),
        readmitted,
        care_home: case.enters_care_home(follow_up),
    }
}

/// Adds the cells that a row is in when it counts for a council.
fn add_cells(row: &Discharge, council: AreaNumber, areas: &AreaIndex, cells: &mut Vec<CellKey>) {
    for area in areas.with_parents(council) {
        for client in [Client::Total, row.client] {
            cells.extend(row.slices().map(|slice| (area, client, slice)));
        }
    }
}

/// Counts a cluster in the Venn table of its areas: one for every distinct client type, gender and
/// age group of its linked rows, or just one.
fn count_venn(
    rows: &mut Vec<VennKey>,
    outcome: Outcome,
    method: &Method,
    areas: impl Iterator<Item = AreaNumber>,
    tally: &mut Tally,
) {
    rows.sort_unstable();
    rows.dedup();
    let once = method.settings.venn_counts_clusters_once;
    for area in areas {
        let mut previous = None;
        for &(client, ..) in &*rows {
            if !once || previous.is_none() {
                tally.add_venn(area, Client::Total, outcome);
            }
            if !once || previous != Some(client) {
                tally.add_venn(area, client, outcome);
            }
            previous = Some(client);
        }
    }
}

/// Keeps each cell of several rows once; one row alone is in no cell twice.
fn distinct(cells: &mut Vec<CellKey>, rows: usize) {
    if rows > 1 {
        cells.sort_unstable();
        cells.dedup();
    }
}
