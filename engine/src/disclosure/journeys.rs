//! What follows an anchor: states reached, states over time, sequences and groups of them (section 8).
//! Every count is rounded; sequences and groups of few people are pooled, and of a group nothing is shown
//! that only few of it are.

use super::areas::Group;
use super::number::Decimal;
use super::pathways::{MEDIAN_MIN, shown_of};
use super::profile::Rules;
use super::released::{Entry, Marker, Reason, Summary};
use super::released_journeys::{
    ReleasedCluster, ReleasedJourneys, ReleasedReach, ReleasedSequence, ReleasedTypology,
};
use crate::figure::{Journeys, Reached, Typology};
use std::collections::BTreeSet;

const TABLE: &str = "journeys";
/// Sequences over time that are shown.
const MOST_SEQUENCES: usize = 200;
/// States of so few people at every step that none may be shown.
const OTHER: &str = "OTHER";

/// The journeys of anchors that at least the threshold of people have, areas that are withheld aside.
pub(super) fn release_journeys(
    journeys: &[Journeys],
    withheld: &BTreeSet<Group<'_>>,
    rules: &Rules,
    summary: &mut Summary,
) -> Vec<ReleasedJourneys> {
    let mut released = Vec::with_capacity(journeys.len());
    for of in journeys {
        summary.look(TABLE, 1);
        if rules.is_small(of.people) {
            summary.hide(TABLE, Reason::SmallBase);
        } else if withheld.contains(&(&*of.area_code, &*of.stratum, &*of.anchor)) {
            summary.hide(TABLE, Reason::Secondary);
        } else {
            released.push(release(of, rules, summary));
        }
    }
    released
}

fn release(of: &Journeys, rules: &Rules, summary: &mut Summary) -> ReleasedJourneys {
    let (states, over_time) = over_time(of, rules, summary);
    let names = |states: &[u8]| states.iter().map(|&state| name(of, state)).collect();
    let people: Vec<i64> = of.sequences.iter().map(|(_, people)| *people).collect();
    let shown = shown_of(&people, of.people, rules).min(MOST_SEQUENCES);
    let sequences: Vec<ReleasedSequence> = of.sequences[..shown]
        .iter()
        .map(|(states, people)| ReleasedSequence {
            states: names(states),
            people: count(*people, rules, summary),
        })
        .collect();
    let others = of.people - people[..shown].iter().sum::<i64>();
    ReleasedJourneys {
        area_code: of.area_code.clone(),
        stratum: of.stratum.clone(),
        anchor: of.anchor.clone(),
        people: rules.rounded(of.people),
        reached: reached(of, rules, summary),
        step_days: of.step_days,
        states,
        over_time,
        sequences,
        others: count(others, rules, summary),
        typology: of.typology.as_ref().map(|groups| typology(groups, of, rules, summary)),
    }
}

fn name(of: &Journeys, state: u8) -> String {
    of.states.get(usize::from(state)).cloned().unwrap_or_default()
}

fn count(people: i64, rules: &Rules, summary: &mut Summary) -> Entry<i64> {
    summary.look(TABLE, 1);
    if rules.is_small(people) {
        summary.hide(TABLE, Reason::SmallCount);
        return Entry::Marked(Marker::Confidential);
    }
    Entry::Shown(rules.rounded(people))
}

/// The share of people in whole per mille, from the rounded counts.
fn share(people: Entry<i64>, of: i64, rules: &Rules) -> Entry<Decimal> {
    match people {
        Entry::Shown(people) => {
            let of = rules.rounded(of).max(people);
            Decimal::quotient(people, of, 1.0, if rules.round_to > 1 { 3 } else { 6 })
                .map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown)
        }
        Entry::Marked(marker) => Entry::Marked(marker),
    }
}

/// People by state and step. States that never reach the threshold stand together as [`OTHER`].
fn over_time(
    of: &Journeys,
    rules: &Rules,
    summary: &mut Summary,
) -> (Vec<String>, Vec<Vec<Entry<i64>>>) {
    let steps = of.sequences.iter().map(|(states, _)| states.len()).max().unwrap_or(0);
    let mut people = vec![vec![0i64; steps]; of.states.len()];
    for (states, count) in &of.sequences {
        for (step, &state) in states.iter().enumerate() {
            people[usize::from(state)][step] += count;
        }
    }
    let mut others = vec![0i64; steps];
    let mut rows: Vec<(String, Vec<i64>)> = Vec::new();
    for (state, people) in of.states.iter().zip(people) {
        let most = people.iter().copied().max().unwrap_or(0);
        if rules.is_small(most) {
            others.iter_mut().zip(&people).for_each(|(others, people)| *others += people);
        } else if most > 0 {
            rows.push((state.clone(), people));
        }
    }
    if others.iter().any(|&people| people > 0) {
        rows.push((OTHER.into(), others));
    }
    rows.into_iter()
        .map(|(state, people)| {
            (state, people.into_iter().map(|people| count(people, rules, summary)).collect())
        })
        .unzip()
}

/// The states that at least the threshold of people reach.
fn reached(of: &Journeys, rules: &Rules, summary: &mut Summary) -> Vec<ReleasedReach> {
    let mut released = Vec::new();
    for state in &of.reached {
        summary.look(TABLE, 1);
        if rules.is_small(state.people) {
            summary.hide(TABLE, Reason::SmallCount);
        } else {
            released.push(reach(state, of.people, rules, summary));
        }
    }
    released
}

fn reach(state: &Reached, of: i64, rules: &Rules, summary: &mut Summary) -> ReleasedReach {
    let people = Entry::Shown(rules.rounded(state.people));
    let days: Vec<i64> = state.by_day.iter().map(|&(_, people)| people).collect();
    let by_step = rising(&state.by_step, state.people, rules, summary);
    let by_day = rising(&days, state.people, rules, summary);
    let few = rules.round_to > 1 && state.people < rules.statistic_min.max(MEDIAN_MIN);
    ReleasedReach {
        state: state.state.clone(),
        people: rules.rounded(state.people),
        share: share(people, of, rules),
        by_step: by_step.into_iter().map(|people| share(people, of, rules)).collect(),
        by_day: state
            .by_day
            .iter()
            .zip(by_day)
            .map(|(&(day, _), people)| (day, share(people, of, rules)))
            .collect(),
        median_days: match state.median_days {
            None => Entry::Marked(Marker::NotAvailable),
            Some(_) if few => Entry::Marked(Marker::Confidential),
            Some(days) => {
                Entry::Shown(Decimal::rounded(days, if rules.round_to > 1 { 1 } else { 6 }))
            }
        },
    }
}

/// Counts that rise to a total: each is shown only if it is the next shown one or differs from it by the
/// threshold, so that no difference is that of few people (section 7).
fn rising(counts: &[i64], total: i64, rules: &Rules, summary: &mut Summary) -> Vec<Entry<i64>> {
    summary.look(TABLE, counts.len() as u64);
    let mut next = total;
    let mut shown: Vec<Entry<i64>> = counts
        .iter()
        .rev()
        .map(|&people| {
            if rules.is_small(people) || rules.is_small(next - people) {
                summary.hide(TABLE, Reason::FoldedPoint);
                return Entry::Marked(Marker::Confidential);
            }
            next = people;
            Entry::Shown(rules.rounded(people))
        })
        .collect();
    shown.reverse();
    shown
}

fn typology(
    groups: &Typology,
    of: &Journeys,
    rules: &Rules,
    summary: &mut Summary,
) -> ReleasedTypology {
    let people: Vec<i64> = groups.clusters.iter().map(|cluster| cluster.people).collect();
    let shown = shown_of(&people, of.people, rules);
    for _ in shown..groups.clusters.len() {
        summary.hide(TABLE, Reason::SmallCount);
    }
    let controlled = rules.round_to > 1;
    let silhouette = |value: f64| Decimal::rounded(value, if controlled { 2 } else { 6 });
    let clusters = groups.clusters[..shown]
        .iter()
        .map(|cluster| {
            let people = count(cluster.people, rules, summary);
            let medoid_people = count(cluster.medoid_people, rules, summary);
            let medoid = cluster.medoid.iter().map(|&state| name(of, state)).collect();
            ReleasedCluster {
                people,
                share: share(people, of.people, rules),
                // a sequence of few people is theirs
                medoid: medoid_people.shown().map(|_| medoid),
                medoid_people,
                common: cluster
                    .common
                    .iter()
                    .map(|&(state, people)| match count(people, rules, summary) {
                        Entry::Shown(_) => {
                            let people = Entry::Shown(rules.rounded(people));
                            (Some(name(of, state)), share(people, cluster.people, rules))
                        }
                        Entry::Marked(marker) => (None, Entry::Marked(marker)),
                    })
                    .collect(),
                silhouette: silhouette(cluster.silhouette),
            }
        })
        .collect();
    let others = of.people - people[..shown].iter().sum::<i64>();
    ReleasedTypology {
        distance: groups.distance,
        distinct: rules.rounded(groups.distinct),
        sampled: groups.sampled,
        silhouette: silhouette(groups.silhouette),
        others: count(others, rules, summary),
        clusters,
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::ProfileName;
    use super::*;
    use crate::figure::Cluster;

    fn journeys(sequences: Vec<(Vec<u8>, i64)>) -> Journeys {
        Journeys {
            area_code: "E92000001".into(),
            stratum: String::new(),
            anchor: "discharge".into(),
            people: sequences.iter().map(|(_, people)| people).sum(),
            reached: Vec::new(),
            step_days: 7,
            states: ["HOME", "RES", "DEAD"].map(String::from).to_vec(),
            sequences,
            typology: None,
        }
    }

    fn released(of: &Journeys, profile: ProfileName) -> ReleasedJourneys {
        release(of, &profile.rules().rounding_always(), &mut Summary::default())
    }

    const HIDDEN: Entry<i64> = Entry::Marked(Marker::Confidential);

    #[test]
    fn section_08_sequences_and_states_of_few_people_are_not_shown() {
        let of =
            journeys(vec![(vec![0, 0], 52), (vec![0, 1], 13), (vec![1, 1], 9), (vec![0, 2], 3)]);
        let found = released(&of, ProfileName::Hes7);
        assert_eq!(found.people, 75);
        // 3 alone would be the difference from the total: the next rarest goes with them
        let sequences: Vec<_> = found.sequences.iter().map(|s| s.people).collect();
        assert_eq!(sequences, [Entry::Shown(50), Entry::Shown(15)]);
        assert_eq!(found.others, Entry::Shown(10));
        assert_eq!(found.states, ["HOME", "RES", "OTHER"]);
        let wanted = [
            [Entry::Shown(70), Entry::Shown(50)],
            [Entry::Shown(10), Entry::Shown(20)],
            [Entry::Shown(0), HIDDEN],
        ];
        assert_eq!(found.over_time, wanted);
        let mut summary = Summary::default();
        let few = journeys(vec![(vec![0, 0], 7)]);
        assert!(
            release_journeys(&[few], &BTreeSet::new(), &ProfileName::Hes7.rules(), &mut summary)
                .is_empty()
        );
    }

    #[test]
    fn section_07_points_that_differ_by_few_people_are_left_out() {
        let rules = ProfileName::Hes7.rules();
        let rising = |counts: &[i64], total| rising(counts, total, &rules, &mut Summary::default());
        assert_eq!(
            rising(&[3, 12, 15, 40, 44], 44),
            [HIDDEN, HIDDEN, Entry::Shown(15), HIDDEN, Entry::Shown(45)]
        );
        assert_eq!(rising(&[0, 41], 44), [Entry::Shown(0), HIDDEN]);
    }

    #[test]
    fn section_08_a_medoid_that_few_follow_is_not_shown() {
        let cluster = |people, medoid_people, common: &[(u8, i64)]| Cluster {
            people,
            distinct: 5,
            medoid: vec![0, 1],
            medoid_people,
            common: common.to_vec(),
            silhouette: 0.314,
        };
        let clusters = vec![
            cluster(100, 20, &[(0, 98), (1, 60)]),
            cluster(40, 2, &[(0, 30), (1, 7)]),
            cluster(4, 4, &[(0, 4), (0, 4)]),
        ];
        let mut of = journeys(vec![(vec![0, 0], 144)]);
        of.typology = Some(Typology {
            distance: "d",
            distinct: 23,
            sampled: false,
            silhouette: 0.5,
            clusters,
        });
        let found = released(&of, ProfileName::Hes7).typology.unwrap();
        // the 4 would be the difference from the total
        assert_eq!((found.clusters.len(), found.others), (1, Entry::Shown(45)));
        assert_eq!(found.clusters[0].medoid, Some(vec!["HOME".into(), "RES".into()]));
        let exact = release(&of, &ProfileName::None.rules(), &mut Summary::default());
        assert_eq!(exact.typology.unwrap().clusters.len(), 3);
        let groups = of.typology.as_mut().unwrap();
        groups.clusters.pop();
        of.people = 140;
        let found = released(&of, ProfileName::Hes7).typology.unwrap();
        let second = &found.clusters[1];
        assert_eq!((&second.medoid, second.medoid_people), (&None, HIDDEN));
        assert_eq!(second.common[1].0, None);
        assert_eq!(second.common[0].0.as_deref(), Some("HOME"));
        assert_eq!(second.silhouette.to_string(), "0.31");
    }
}
