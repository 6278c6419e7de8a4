//! What is done person by person before anything is measured, on one thread.

use crate::data::Data;
use criterion::{Criterion, Throughput};
use std::hint::black_box;
use throughcare_linkage::cld::counts::CldCounts;
use throughcare_linkage::cld::prepare::{Preparation, Scratch as CareScratch};
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::day::OptDay;
use throughcare_linkage::hospital::counts::HospitalCounts;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::hospital::stays::{Scratch as StayScratch, Stays};
use throughcare_linkage::link::facts::LinkSettings;
use throughcare_linkage::link::partition::{LinkCounts, Linker, Scratch};
use throughcare_linkage::store::{Staged, Store};
use throughcare_linkage::timeline::build::{LineInput, Lines, Scratch as LineScratch};
use throughcare_linkage::timeline::counts::LineCounts;
use throughcare_linkage::timeline::state::Line;

/// Submitted rows to unique events, for each main table.
pub fn preparation(criterion: &mut Criterion, data: &Data) {
    let prepared = &data.prepared;
    let preparation = Preparation::new(
        &prepared.facts.cleaning,
        &prepared.facts.selection,
        &prepared.study.cld,
        &prepared.records.texts.la.texts(),
        prepared.facts.deaths_given,
    );
    let rows = data.people.iter().map(|person| person.cld_rows.len() as u64).sum();
    let mut group = criterion.benchmark_group("preparation");
    group.throughput(Throughput::Elements(rows));
    let (mut scratch, mut events) = (CareScratch::default(), Vec::new());
    for (name, mode) in [("joined", Mode::Joined), ("single", Mode::Single)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut counts = CldCounts::default();
                for person in &data.people {
                    events.clear();
                    let (rows, details) = (&person.cld_rows, &person.cld_details);
                    let out = &mut events;
                    preparation.prepare(
                        mode,
                        rows,
                        details,
                        OptDay::NONE,
                        &mut scratch,
                        out,
                        &mut counts,
                    );
                    black_box(&events);
                }
                counts
            });
        });
    }
    group.finish();
}

/// Rows to the partition and number of their person; episodes to stays; and all of linking.
pub fn linking(criterion: &mut Criterion, data: &Data) {
    let prepared = &data.prepared;
    let (study, facts, records) = (&prepared.study, &prepared.facts, &prepared.records);
    let mut group = criterion.benchmark_group("linking");

    let episodes = data.people.iter().map(|person| person.episodes.len() as u64).sum();
    group.throughput(Throughput::Elements(episodes));
    group.bench_function("group_by_person", |bencher| {
        bencher.iter(|| {
            let store = Store::new(Store::bits_for(episodes));
            let mut staged = Staged::default();
            // one row a person in turn: neighbours in a file are different people
            let most = data.people.iter().map(|person| person.episodes.len()).max().unwrap_or(0);
            for n in 0..most {
                for person in &data.people {
                    let Some(&episode) = person.episodes.get(n) else { continue };
                    staged.push(&person.id, episode);
                    if staged.is_full() {
                        store.append(&mut staged);
                    }
                }
            }
            store.append(&mut staged);
            store.into_parts()
        });
    });

    let texts = &records.texts;
    let stays = Stays::new(&study.hospital, facts.sus_end, &texts.provider.texts())
        .with_areas(&texts.lsoa.texts(), &texts.la.texts());
    let mut scratch = StayScratch::default();
    let (mut spells, mut cips) = (Vec::new(), Vec::new());
    group.bench_function("spells_and_cips", |bencher| {
        bencher.iter(|| {
            let mut counts = HospitalCounts::default();
            for person in &data.people {
                black_box(stays.build(
                    &person.episodes,
                    person.death.registration,
                    person.person().is_known(),
                    &mut scratch,
                    &mut spells,
                    &mut cips,
                    &mut counts,
                ));
            }
            counts
        });
    });

    let mut all: Vec<(Vec<Spell>, OptDay)> = data
        .people
        .iter()
        .map(|person| (person.person().spells.to_vec(), person.death.chosen))
        .filter(|(spells, _)| !spells.is_empty())
        .collect();
    group.throughput(Throughput::Elements(all.iter().map(|one| one.0.len() as u64).sum()));
    group.bench_function("cips", |bencher| {
        bencher.iter(|| {
            let mut counts = HospitalCounts::default();
            for (spells, died_on) in &mut all {
                stays.join(spells, *died_on, &mut cips, &mut counts);
                black_box(&cips);
            }
            counts
        });
    });

    let settings = LinkSettings {
        cld: &study.cld,
        hospital: &study.hospital,
        timeline: &study.timeline,
        extra_values: &[],
        as_of: study.study.as_of,
    };
    let linker = Linker::new(settings, facts, texts);
    let mut scratch = Scratch::default();
    group.throughput(Throughput::Elements(data.rows()));
    group.bench_function("link_people", |bencher| {
        bencher.iter(|| {
            let mut counts = LinkCounts::default();
            for partition in &records.partitions {
                linker.partition(partition, false, &mut scratch, &mut counts, |person| {
                    black_box(person);
                });
            }
            counts
        });
    });
    group.finish();
}

/// Events and stays to the state line.
pub fn timelines(criterion: &mut Criterion, data: &Data) {
    let (study, facts) = (&data.prepared.study, &data.prepared.facts);
    let lines = Lines::new(
        &study.timeline,
        facts.window_start..facts.window_end,
        facts.coverage.clone(),
        facts.sus_start..facts.sus_end,
    );
    let mut group = criterion.benchmark_group("timelines");
    group.throughput(Throughput::Elements(data.rows()));
    let (mut scratch, mut line) = (LineScratch::default(), Line::default());
    group.bench_function("build_lines", |bencher| {
        bencher.iter(|| {
            let mut counts = LineCounts::default();
            for person in data.people.iter().map(|person| person.person()) {
                if !person.is_known() {
                    continue;
                }
                let input = LineInput {
                    events: person.joined,
                    spells: person.spells,
                    cips: person.cips,
                    attendances: person.attendances,
                    links: person.attendance_spells,
                    death: person.death,
                    birth: person.birth(),
                    logged: &[],
                };
                lines.build(&input, &mut scratch, &mut line, &mut counts);
                black_box(&line);
            }
            counts
        });
    });
    group.finish();
}
