//! How long distances and groups of sequences take: `cargo bench --bench clusters`. 2,000 distinct
//! sequences of 156 weeks in 12 states, on all threads.

use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::BTreeSet;
use std::hint::black_box;
use throughcare_clusters::sample::{self, Sampling};
use throughcare_clusters::{Costs, Distance, Matrix, medoids, silhouette};

const STATES: usize = 12;
const WEEKS: usize = 156;

/// People who change state every eight weeks on average, mostly to a few states.
fn sequences(size: usize) -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut draw = |of: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % of
    };
    let mut all = BTreeSet::new();
    while all.len() < size {
        let mut now = draw(4) as u8;
        let week = |_| {
            if draw(8) == 0 {
                now = draw(STATES as u64).min(draw(STATES as u64)) as u8;
            }
            now
        };
        all.insert((0..WEEKS).map(week).collect::<Vec<u8>>());
    }
    all.into_iter().collect()
}

fn clusters(criterion: &mut Criterion) {
    let all = sequences(2_000);
    let rows: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    let weights: Vec<i64> = (0..rows.len() as i64).map(|n| 1 + n % 5).collect();
    let matching = Distance::optimal_matching_of_transitions(STATES, &rows, &weights);
    let dynamic = Distance::dynamic_hamming(STATES, &rows, &weights);
    let mut group = criterion.benchmark_group("clusters");
    group.sample_size(10);
    group.bench_function("optimal_matching_transitions", |b| {
        b.iter(|| Matrix::of(black_box(&rows), &matching));
    });
    group.bench_function("optimal_matching_constant", |b| {
        b.iter(|| {
            Matrix::of(black_box(&rows), &Distance::OptimalMatching(Costs::constant(STATES)))
        });
    });
    group.bench_function("dynamic_hamming", |b| {
        b.iter(|| Matrix::of(black_box(&rows), &dynamic));
    });
    let matrix = Matrix::of(&rows, &matching);
    group.bench_function("eight_groups", |b| {
        b.iter(|| {
            let groups = medoids::groups(black_box(&matrix), &weights, 8);
            silhouette::mean(&matrix, &weights, &groups)
        });
    });
    let many = sequences(20_000);
    let rows: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    let weights = vec![1; rows.len()];
    group.bench_function("eight_groups_of_20000_by_samples", |b| {
        b.iter(|| sample::groups(black_box(&rows), &weights, &matching, 8, Sampling::default()));
    });
    group.finish();
}

criterion_group!(benches, clusters);
criterion_main!(benches);
