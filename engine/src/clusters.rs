//! Groups of people whose states over time are alike: which sequence stands for each, how many are in
//! it, in what state most of them are.

use crate::figure::{Area, Cluster, Results, Typology};
use crate::pathways::{ClusterSettings, DistanceName};
use rayon::prelude::*;
use throughcare_clusters::sample::{self, Sampling};
use throughcare_clusters::{Costs, Distance, Groups, Matrix, medoids, silhouette};

/// Where the random numbers of samples begin.
const SEED: u64 = 1;

/// The groups of distinct sequences with how many follow each; `None` where no distance is asked for or
/// there are fewer than two sequences. Sequences are looked at in the order of their states, so the order
/// of the list does not matter.
#[must_use]
pub fn typology(
    sequences: &[(Vec<u8>, i64)],
    states: usize,
    settings: &ClusterSettings,
) -> Option<Typology> {
    if settings.distance == DistanceName::None || sequences.len() < 2 {
        return None;
    }
    let mut ordered: Vec<&(Vec<u8>, i64)> = sequences.iter().collect();
    ordered.sort_unstable();
    let rows: Vec<&[u8]> = ordered.iter().map(|(sequence, _)| sequence.as_slice()).collect();
    let weights: Vec<i64> = ordered.iter().map(|(_, people)| *people).collect();
    let distance = match settings.distance {
        DistanceName::None => return None,
        DistanceName::OptimalMatchingTransitions => {
            Distance::optimal_matching_of_transitions(states, &rows, &weights)
        }
        DistanceName::OptimalMatching => Distance::OptimalMatching(Costs::constant(states)),
        DistanceName::Hamming => Distance::Hamming(Costs::of_differences(states)),
        DistanceName::DynamicHamming => Distance::dynamic_hamming(states, &rows, &weights),
    };
    let sampling = Sampling {
        size: settings.sample_size as usize,
        samples: settings.samples.into(),
        seed: SEED,
    };
    let sampled = rows.len() > settings.most_distinct as usize;
    // those whose silhouettes are found: all, or one sample
    let looked_at: Vec<usize> =
        if sampled { sample::once(rows.len(), sampling) } else { (0..rows.len()).collect() };
    let chosen: Vec<&[u8]> = looked_at.iter().map(|&n| rows[n]).collect();
    let chosen_weights: Vec<i64> = looked_at.iter().map(|&n| weights[n]).collect();
    let matrix = Matrix::of(&chosen, &distance);

    let numbers: Vec<usize> = match settings.number {
        0 => (2..=usize::from(settings.most)).collect(),
        number => vec![number.into()],
    };
    let tried: Vec<(Groups, f64)> = numbers
        .into_par_iter()
        .map(|number| {
            let groups = medoids::groups(&matrix, &chosen_weights, number);
            let mean = silhouette::mean(&matrix, &chosen_weights, &groups);
            (groups, mean)
        })
        .collect();
    // of equal means the fewest groups
    let (mut groups, mut mean) =
        tried.into_iter().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let whole = if sampled {
        let whole = sample::groups(&rows, &weights, &distance, groups.medoids.len(), sampling);
        groups = Groups { of: looked_at.iter().map(|&n| whole.of[n]).collect(), ..whole.clone() };
        mean = silhouette::mean(&matrix, &chosen_weights, &groups);
        whole
    } else {
        groups.clone()
    };
    let silhouettes = silhouette::of_each(&matrix, &chosen_weights, &groups);
    let cluster = |(number, &medoid): (usize, &usize)| {
        let members: Vec<usize> = (0..rows.len()).filter(|&n| whole.of[n] == number).collect();
        Cluster {
            people: members.iter().map(|&n| weights[n]).sum(),
            distinct: members.len() as i64,
            medoid: rows[medoid].to_vec(),
            medoid_people: weights[medoid],
            common: common(&members, &rows, &weights, states),
            silhouette: silhouette::weighted(&silhouettes, &chosen_weights, |n| {
                groups.of[n] == number
            }),
        }
    };
    let mut clusters: Vec<Cluster> = whole.medoids.iter().enumerate().map(cluster).collect();
    clusters.sort_by(|a, b| b.people.cmp(&a.people).then_with(|| a.medoid.cmp(&b.medoid)));
    Some(Typology {
        distance: settings.distance.in_words(),
        distinct: rows.len() as i64,
        sampled,
        silhouette: mean,
        clusters,
    })
}

/// Makes the groups of every anchor. Regions and councils have none: groups of areas could not be set side
/// by side, and all distances of every council take long.
pub fn of_all(results: &mut Results, settings: &ClusterSettings) {
    let england = Area::england().code;
    results.journeys.par_iter_mut().filter(|of| of.area_code == england).for_each(|of| {
        of.typology = typology(&of.sequences, of.states.len(), settings);
    });
}

/// The most common state of each step, of equal ones the first of the scheme.
fn common(members: &[usize], rows: &[&[u8]], weights: &[i64], states: usize) -> Vec<(u8, i64)> {
    let steps = members.iter().map(|&n| rows[n].len()).max().unwrap_or(0);
    let of_step = |step: usize| {
        let mut people = vec![0i64; states];
        for &n in members {
            if let Some(count) = rows[n].get(step).and_then(|&s| people.get_mut(usize::from(s))) {
                *count += weights[n];
            }
        }
        let best = (0u8..).zip(&people).max_by_key(|&(state, &count)| (count, u8::MAX - state));
        best.map_or((0, 0), |(state, &count)| (state, count))
    };
    (0..steps).map(of_step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Most are home throughout; others go from hospital to a care home and stay; others die.
    fn sequences() -> Vec<(Vec<u8>, i64)> {
        let mut all = vec![(vec![0; 12], 60)];
        for n in 0..12usize {
            let mut home = vec![0; 12];
            home[n] = 1;
            all.push((home, 2));
            if n < 8 {
                all.push(([vec![1; n + 1], vec![2; 11 - n]].concat(), 10 - n as i64));
                all.push(([vec![0; n + 1], vec![3; 11 - n]].concat(), 3));
            }
        }
        all
    }

    #[test]
    fn groups_have_a_size_a_medoid_and_a_common_state_for_each_step() {
        let settings = ClusterSettings { number: 3, ..ClusterSettings::default() };
        let found = typology(&sequences(), 4, &settings).unwrap();
        assert_eq!(found.distinct, 29);
        let people: i64 = found.clusters.iter().map(|cluster| cluster.people).sum();
        assert_eq!(people, sequences().iter().map(|(_, people)| people).sum::<i64>());
        let home = &found.clusters[0];
        assert_eq!((&home.medoid, home.medoid_people), (&vec![0; 12], 60));
        assert!(home.common.iter().all(|&(state, _)| state == 0));
        assert!(found.clusters.iter().any(|c| c.medoid[11] == 2));
        assert!(found.clusters.iter().any(|c| c.medoid[11] == 3));
        assert!(found.silhouette > 0.3 && !found.sampled);
        let mut turned = sequences();
        turned.reverse();
        assert_eq!(typology(&turned, 4, &settings), Some(found));
    }

    #[test]
    fn every_distance_and_samples_give_groups_and_none_gives_none() {
        use DistanceName::{DynamicHamming, Hamming, None, OptimalMatching};
        for distance in [OptimalMatching, Hamming, DynamicHamming] {
            let settings = ClusterSettings { distance, ..ClusterSettings::default() };
            let found = typology(&sequences(), 4, &settings).unwrap();
            assert!((2..=8).contains(&found.clusters.len()), "{distance:?}");
        }
        let none = ClusterSettings { distance: None, ..ClusterSettings::default() };
        assert_eq!(typology(&sequences(), 4, &none), Option::None);
        let sampled = ClusterSettings {
            number: 3,
            most_distinct: 10,
            sample_size: 20,
            ..ClusterSettings::default()
        };
        let found = typology(&sequences(), 4, &sampled).unwrap();
        assert!(found.sampled);
        let people: i64 = found.clusters.iter().map(|cluster| cluster.people).sum();
        assert_eq!(people, sequences().iter().map(|(_, people)| people).sum::<i64>());
        assert_eq!(typology(&sequences()[..1], 4, &sampled), Option::None);
    }
}
