//! From files to typed rows in their partitions, on all threads.

use crate::data::Data;
use criterion::{Criterion, Throughput};
use std::hint::black_box;
use throughcare_linkage::progress::Silent;
use throughcare_linkage::read::{Inputs, read};

/// Care submissions and hospital files, each format by itself.
pub fn bench(criterion: &mut Criterion, data: &Data) {
    let hospital = |inputs: &Inputs| Inputs {
        apc: inputs.apc.clone(),
        ecds: inputs.ecds.clone(),
        columns: inputs.columns.clone(),
        ..Inputs::default()
    };
    let (csv, parquet) = (&data.csv.inputs, &data.parquet.inputs);
    let care = Inputs {
        cld_submissions: csv.cld_submissions.clone(),
        columns: csv.columns.clone(),
        ..Inputs::default()
    };
    let mut group = criterion.benchmark_group("reading");
    for (name, inputs) in [
        ("care_csv", care),
        ("hospital_csv", hospital(csv)),
        ("hospital_parquet", hospital(parquet)),
    ] {
        let records = read(&inputs, &Silent).expect("records");
        let rows = records.files.iter().map(|file| file.rows).sum();
        drop(records);
        group.throughput(Throughput::Elements(rows));
        group.bench_function(name, |bencher| {
            bencher.iter(|| read(black_box(&inputs), &Silent).expect("records"));
        });
    }
    group.finish();
}
