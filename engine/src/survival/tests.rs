use super::*;
use proptest::prelude::*;

mod estimates;
mod groups;
mod states;

/// One record: time, and the cause by which it leaves.
type Record = (i64, Option<u8>);

fn table(causes: usize, records: &[Record]) -> RiskTable {
    let mut table = RiskTable::new(causes);
    for &(time, cause) in records {
        table.add(time, cause.map_or(Exit::Censored, Exit::Event), 1);
    }
    table
}

/// The 12 index discharges of M8 and M9: R 0, D 1, H 2.
fn example() -> RiskTable {
    let (r, d, h, c) = (Some(0), Some(1), Some(2), None);
    let times = [0, 3, 5, 8, 8, 12, 15, 20, 25, 30, 30, 30];
    let exits = [r, r, d, r, c, h, r, c, r, c, c, c];
    table(3, &times.into_iter().zip(exits).collect::<Vec<_>>())
}

fn is_near(value: f64, wanted: f64) -> bool {
    (value - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
}

/// Records with times on a small grid, so that many fall on one day, and up to three causes.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let cause = prop::option::weighted(0.7, 0u8..3);
    prop::collection::vec((0i64..25, cause), 1..60)
}
