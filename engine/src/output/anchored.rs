//! The protected sequences and what goes with them as JSON: how much the most frequent cover, the tree of
//! a sunburst, the flows of a Sankey picture, states reached, states over time, groups.

use super::NOT_FOR_RELEASE;
use super::error::OutputError;
use crate::disclosure::{
    Decimal, Entry, Protected, Released, ReleasedCluster, ReleasedJourneys, ReleasedPathway,
    ReleasedTypology,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Sequences of one area, stratum and anchor. Numbers that were hidden are missing.
#[derive(Debug, Serialize)]
pub struct Anchored<'a> {
    /// Area code; empty for an event log.
    pub area_code: &'a str,
    /// Stratum.
    pub stratum: &'a str,
    /// The anchor, or the name of an event log.
    pub anchor: &'a str,
    /// The sequences that are shown, and what the first so many of them cover.
    pub coverage: Vec<Covered<'a>>,
    /// The tree of the same sequences.
    pub sunburst: Branch<'a>,
    /// From one step of the same sequences to the next.
    pub flows: Vec<Flow<'a>>,
    #[serde(flatten)]
    after: Option<After<'a>>,
}

/// A sequence and those before it together.
#[derive(Debug, Serialize)]
pub struct Covered<'a> {
    /// Place; none for all others.
    pub rank: Option<i64>,
    /// The sequence.
    pub path: &'a str,
    /// People.
    pub people: Option<i64>,
    /// People of this one and all before it.
    pub cumulative_people: i64,
    /// Their share.
    pub cumulative_share: f64,
    /// Median days.
    pub median_days: Option<f64>,
}

/// A state after those above it, and what follows.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Branch<'a> {
    /// The state; empty for the trunk.
    pub state: &'a str,
    /// It stands for the sequences that are not listed by themselves.
    #[serde(skip)]
    pub is_pooled: bool,
    /// People who come here.
    pub people: i64,
    /// What follows, most people first.
    pub children: Vec<Branch<'a>>,
}

/// People who go from a state at a step to another at the next.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Flow<'a> {
    /// The step of `from`, from 1.
    pub step: usize,
    /// The state left.
    pub from: &'a str,
    /// The next, or the last word of the sequence.
    pub to: &'a str,
    /// People.
    pub people: i64,
}

#[derive(Debug, Serialize)]
struct After<'a> {
    people: i64,
    reached: Vec<Reached<'a>>,
    step_days: i32,
    over_time: Vec<OverTime<'a>>,
    sequences: Vec<Sequence<'a>>,
    other_sequences: Option<i64>,
    clusters: Option<Clusters<'a>>,
}

#[derive(Debug, Serialize)]
struct Reached<'a> {
    state: &'a str,
    people: i64,
    share: Option<f64>,
    by_step: Vec<Option<f64>>,
    by_day: BTreeMap<i32, Option<f64>>,
    median_days: Option<f64>,
}

#[derive(Debug, Serialize)]
struct OverTime<'a> {
    state: &'a str,
    people: Vec<Option<i64>>,
}

#[derive(Debug, Serialize)]
struct Sequence<'a> {
    states: &'a [String],
    people: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Clusters<'a> {
    distance: &'a str,
    distinct_sequences: i64,
    sampled: bool,
    silhouette: f64,
    groups: Vec<Cluster<'a>>,
    people_of_small_groups: Option<i64>,
}

#[derive(Debug, Serialize)]
struct Cluster<'a> {
    people: Option<i64>,
    share: Option<f64>,
    silhouette: f64,
    medoid: Option<&'a [String]>,
    medoid_people: Option<i64>,
    most_common: Vec<Option<&'a str>>,
    most_common_share: Vec<Option<f64>>,
}

fn value(entry: Entry<Decimal>) -> Option<f64> {
    entry.shown().map(|decimal| decimal.value)
}

/// The sequences of a release, in its order.
#[must_use]
pub fn anchored(released: &Protected<Released>) -> Vec<Anchored<'_>> {
    let same = |a: &ReleasedPathway, b: &ReleasedPathway| {
        (&a.area_code, &a.stratum, &a.anchor) == (&b.area_code, &b.stratum, &b.anchor)
    };
    let mut all = Vec::new();
    for rows in released.pathways.chunk_by(same) {
        let Some(first) = rows.first() else { continue };
        let is_of = |of: &&ReleasedJourneys| {
            (&of.area_code, &of.stratum, &of.anchor)
                == (&first.area_code, &first.stratum, &first.anchor)
        };
        let journeys = released.journeys.iter().find(is_of);
        all.push(Anchored {
            area_code: &first.area_code,
            stratum: &first.stratum,
            anchor: &first.anchor,
            coverage: coverage(rows, journeys.map(|of| of.people)),
            sunburst: sunburst(rows),
            flows: flows(rows),
            after: journeys.map(after),
        });
    }
    all
}

/// Of the people of the anchor as they are shown, or else of all rows: rounded counts add up to a little
/// more or less.
fn coverage(rows: &[ReleasedPathway], people: Option<i64>) -> Vec<Covered<'_>> {
    let all = rows.iter().filter_map(|row| row.people.shown()).sum();
    let all = people.unwrap_or(all);
    let mut so_far = 0;
    rows.iter()
        .map(|row| {
            so_far += row.people.shown().unwrap_or(0);
            let share = Decimal::quotient(so_far.min(all), all, 1.0, 3);
            Covered {
                rank: row.rank.shown(),
                path: &row.path,
                people: row.people.shown(),
                cumulative_people: so_far,
                cumulative_share: share.map_or(0.0, |share| share.value),
                median_days: value(row.median_days),
            }
        })
        .collect()
}

/// The states of a sequence, runs that were written once written out again.
fn states(row: &ReleasedPathway) -> Vec<&str> {
    if row.rank.shown().is_none() {
        return vec![&row.path];
    }
    if row.area_code.is_empty() {
        return row.path.split(" > ").collect(); // an event log
    }
    let mut states = Vec::new();
    let mut run: Option<usize> = None;
    for word in row.path.split('>') {
        let (opened, word) = match word.strip_prefix('(') {
            Some(word) => (true, word),
            None => (false, word),
        };
        if opened {
            run = Some(states.len());
        }
        match (run, word.split_once(")×")) {
            (Some(start), Some((word, times))) => {
                states.push(word);
                let once: Vec<&str> = states[start..].to_vec();
                let times: usize = times.parse().unwrap_or(1);
                (1..times).for_each(|_| states.extend_from_slice(&once));
                run = None;
            }
            _ => states.push(word),
        }
    }
    states
}

/// The tree of sequences of one area, stratum and anchor; those whose people are hidden are not in it.
pub(crate) fn sunburst<'a>(rows: impl IntoIterator<Item = &'a ReleasedPathway>) -> Branch<'a> {
    let mut trunk = Branch::default();
    for row in rows {
        let Some(people) = row.people.shown() else { continue };
        trunk.people += people;
        let mut branch = &mut trunk;
        for state in states(row) {
            let known = branch.children.iter().position(|child| child.state == state);
            let at = known.unwrap_or_else(|| {
                let is_pooled = row.rank.shown().is_none();
                branch.children.push(Branch { state, is_pooled, ..Branch::default() });
                branch.children.len() - 1
            });
            branch = &mut branch.children[at];
            branch.people += people;
        }
    }
    order(&mut trunk);
    trunk
}

fn order(branch: &mut Branch<'_>) {
    branch.children.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.state.cmp(b.state)));
    branch.children.iter_mut().for_each(order);
}

fn flows(rows: &[ReleasedPathway]) -> Vec<Flow<'_>> {
    let mut flows: BTreeMap<(usize, &str, &str), i64> = BTreeMap::new();
    for row in rows {
        let Some(people) = row.people.shown() else { continue };
        for (step, pair) in (1..).zip(states(row).windows(2)) {
            *flows.entry((step, pair[0], pair[1])).or_default() += people;
        }
    }
    let flow = |((step, from, to), people)| Flow { step, from, to, people };
    flows.into_iter().map(flow).collect()
}

fn after(of: &ReleasedJourneys) -> After<'_> {
    After {
        people: of.people,
        reached: of
            .reached
            .iter()
            .map(|state| Reached {
                state: &state.state,
                people: state.people,
                share: value(state.share),
                by_step: state.by_step.iter().copied().map(value).collect(),
                by_day: state.by_day.iter().map(|&(day, share)| (day, value(share))).collect(),
                median_days: value(state.median_days),
            })
            .collect(),
        step_days: of.step_days,
        over_time: of
            .states
            .iter()
            .zip(&of.over_time)
            .map(|(state, people)| OverTime {
                state,
                people: people.iter().map(|people| people.shown()).collect(),
            })
            .collect(),
        sequences: of
            .sequences
            .iter()
            .map(|row| Sequence { states: &row.states, people: row.people.shown() })
            .collect(),
        other_sequences: of.others.shown(),
        clusters: of.typology.as_ref().map(clusters),
    }
}

fn clusters(groups: &ReleasedTypology) -> Clusters<'_> {
    Clusters {
        distance: groups.distance,
        distinct_sequences: groups.distinct,
        sampled: groups.sampled,
        silhouette: groups.silhouette.value,
        groups: groups.clusters.iter().map(cluster).collect(),
        people_of_small_groups: groups.others.shown(),
    }
}

fn cluster(group: &ReleasedCluster) -> Cluster<'_> {
    Cluster {
        people: group.people.shown(),
        share: value(group.share),
        silhouette: group.silhouette.value,
        medoid: group.medoid.as_deref(),
        medoid_people: group.medoid_people.shown(),
        most_common: group.common.iter().map(|(state, _)| state.as_deref()).collect(),
        most_common_share: group.common.iter().map(|&(_, share)| value(share)).collect(),
    }
}

/// JSON text.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn json(released: &Protected<Released>) -> Result<String, OutputError> {
    #[derive(Serialize)]
    struct File<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        release: Option<&'static str>,
        anchors: Vec<Anchored<'a>>,
    }
    let release = released.not_for_release.then_some(NOT_FOR_RELEASE);
    let mut text = serde_json::to_string_pretty(&File { release, anchors: anchored(released) })?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Marker;

    fn row(rank: i64, path: &str, people: i64) -> ReleasedPathway {
        ReleasedPathway {
            area_code: "E92000001".into(),
            stratum: String::new(),
            anchor: "discharge".into(),
            rank: Entry::Shown(rank),
            path: path.into(),
            people: Entry::Shown(people),
            share: Entry::Marked(Marker::NotApplicable),
            median_days: Entry::Marked(Marker::NotAvailable),
        }
    }

    fn rows() -> Vec<ReleasedPathway> {
        let mut other = row(0, "other (10 sequences)", 20);
        other.rank = Entry::Marked(Marker::NotApplicable);
        vec![row(1, "A>END", 50), row(2, "(A>B)×2>END", 20), row(3, "B>END", 10), other]
    }

    #[test]
    fn the_sequences_cover_more_and_more() {
        let rows = rows();
        let shares: Vec<f64> =
            coverage(&rows, None).iter().map(|row| row.cumulative_share).collect();
        assert_eq!(shares, [0.5, 0.7, 0.8, 1.0]);
        let of = |people| coverage(&rows, Some(people))[3].cumulative_share;
        assert_eq!((of(105), of(95)), (0.952, 1.0));
    }

    #[test]
    fn the_tree_and_the_flows_add_up() {
        let rows = rows();
        let trunk = sunburst(&rows);
        assert_eq!(trunk.people, 100);
        let children: Vec<_> = trunk.children.iter().map(|b| (b.state, b.people)).collect();
        assert_eq!(children, [("A", 70), ("other (10 sequences)", 20), ("B", 10)]);
        let after_a: Vec<_> =
            trunk.children[0].children.iter().map(|b| (b.state, b.people)).collect();
        assert_eq!(after_a, [("END", 50), ("B", 20)]);
        let flows: Vec<_> =
            flows(&rows).into_iter().map(|f| (f.step, f.from, f.to, f.people)).collect();
        assert_eq!(
            flows,
            [
                (1, "A", "B", 20),
                (1, "A", "END", 50),
                (1, "B", "END", 10),
                (2, "B", "A", 20),
                (3, "A", "B", 20),
                (4, "B", "END", 20),
            ]
        );
    }
}
