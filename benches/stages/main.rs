//! How long each stage of the engine takes on synthetic records: `cargo bench --bench stages`. What each
//! figure answers stands in `benches/README.md`.
#![allow(clippy::expect_used)] // a fault in the bench's own data ends it

mod data;
mod people;
mod reading;
mod results;
mod survival;

use criterion::Criterion;
use data::Data;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let data = Data::make();
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    reading::bench(&mut criterion, &data);
    people::preparation(&mut criterion, &data);
    people::linking(&mut criterion, &data);
    people::timelines(&mut criterion, &data);
    results::graph(&mut criterion, &data);
    results::measures(&mut criterion, &data);
    survival::bench(&mut criterion);
    criterion.final_summary();
}
