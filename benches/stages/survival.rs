//! Estimates from a million times, on one thread.

use criterion::{Criterion, Throughput};
use throughcare_engine::survival::{Exit, RiskTable, incidence_curves};

const ROWS: usize = 1_000_000;

/// Times over two years, whole days: causes 0 and 1, and those last seen. The same on every machine.
fn times() -> Vec<(i64, Exit)> {
    let mut state = 20_240_401_u64;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let time = |_| {
        let time = (draw() % 731) as i64;
        let exit = match draw() % 10 {
            0..4 => Exit::Event(0),
            4..6 => Exit::Event(1),
            _ => Exit::Censored,
        };
        (time, exit)
    };
    (0..ROWS).map(time).collect()
}

/// Rows to the Aalen–Johansen estimate of two causes with variances and limits on every day.
pub fn bench(criterion: &mut Criterion) {
    let times = times();
    let days: Vec<i32> = (0..=730).collect();
    let mut group = criterion.benchmark_group("survival");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("aalen_johansen", |bencher| {
        bencher.iter(|| {
            let mut table = RiskTable::new(2);
            for &(time, exit) in &times {
                table.add(time, exit, 1);
            }
            incidence_curves(&table, &days)
        });
    });
    group.finish();
}
