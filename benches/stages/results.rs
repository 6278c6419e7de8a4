//! From linked people to figures, on one thread.

use crate::data::Data;
use criterion::{Criterion, Throughput};
use throughcare_engine::figure::Results;
use throughcare_engine::graph::journeys::Journeys;
use throughcare_engine::measures::{Measures, NAMES, Settings};

/// Measures of hospital records, with or without social care beside them.
const HOSPITAL: &[&str] = &[
    "los",
    "usual_residence",
    "discharge_delay",
    "first_contact",
    "discharge_pathway",
    "new_care",
    "readmission",
    "admission_rate",
    "ae_rate",
    "bed_days",
];

/// Lines to the counts of moves and visits, and to their tables.
pub fn graph(criterion: &mut Criterion, data: &Data) {
    let study = &data.prepared.study;
    let mut group = criterion.benchmark_group("graph");
    group.throughput(Throughput::Elements(data.rows()));
    group.bench_function("count_moves", |bencher| {
        bencher.iter(|| {
            let mut journeys = Journeys::new(&study.timeline, &study.study.periods);
            for person in &data.people {
                journeys.add(&person.line);
            }
            let mut results = Results::default();
            journeys.finish(&mut results);
            results
        });
    });
    group.finish();
}

/// People to figures: the measures of hospital records, those of social care records, and all.
pub fn measures(criterion: &mut Criterion, data: &Data) {
    let is_hospital = |name: &&str| HOSPITAL.contains(name);
    let is_care = |name: &&str| !is_hospital(name) && *name != "linkage";
    let hospital: Vec<&str> = NAMES.iter().copied().filter(is_hospital).collect();
    let care: Vec<&str> = NAMES.iter().copied().filter(is_care).collect();
    let mut group = criterion.benchmark_group("measures");
    group.throughput(Throughput::Elements(data.rows()));
    for (family, names) in [("hospital", hospital), ("care", care), ("all", NAMES.to_vec())] {
        let include = names.into_iter().map(str::to_owned).collect();
        let settings = Settings { include, ..data.prepared.study.measures.clone() };
        group.bench_function(family, |bencher| {
            bencher.iter(|| {
                let mut measures = Measures::new(&settings, &data.prepared.frame);
                for person in &data.people {
                    measures.add(&person.person(), &data.prepared.frame);
                }
                let mut results = Results::default();
                measures.finish(&data.prepared.frame, &mut results);
                results
            });
        });
    }
    group.finish();
}
