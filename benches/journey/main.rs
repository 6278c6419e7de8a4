//! The journey workload of `benches/README.md` in one process, on the public interface and by the code
//! that `throughcare run` uses: `journey DATA OUT [THREADS]`.

#[path = "../../src/allocator.rs"]
mod allocator;
mod tables;

use anyhow::Context;
use rayon::prelude::*;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use tables::Tables;
use throughcare_linkage::cld::settings::CldSettings;
use throughcare_linkage::hospital::settings::HospitalSettings;
use throughcare_linkage::link::facts::{Facts, LinkSettings};
use throughcare_linkage::link::partition::{LinkCounts, Linker, Scratch};
use throughcare_linkage::progress::Silent;
use throughcare_linkage::read::{Inputs, read};
use throughcare_linkage::timeline::settings::TimelineSettings;

#[derive(Deserialize)]
struct Rules {
    cld: CldSettings,
    hospital: HospitalSettings,
    timeline: TimelineSettings,
}

fn main() -> anyhow::Result<()> {
    allocator::set_up();
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "usage: journey DATA OUT [THREADS]";
    let data = arguments.next().context(usage)?;
    let out = arguments.next().context(usage)?;
    if let Some(threads) = arguments.next() {
        let threads = threads.to_string_lossy().parse().context(usage)?;
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    run(&data, &out)
}

fn run(data: &Path, out: &Path) -> anyhow::Result<()> {
    let rules: Rules = toml::from_str(include_str!("rules.toml"))?;
    let start = std::time::Instant::now();
    let records = read(
        &Inputs {
            apc: vec![data.join("apc.parquet")],
            cld_events: vec![data.join("cld.parquet")],
            ..Inputs::default()
        },
        &Silent,
    )?;
    let reading = start.elapsed();
    let settings = LinkSettings {
        cld: &rules.cld,
        hospital: &rules.hospital,
        timeline: &rules.timeline,
        extra_values: &[],
        as_of: None,
    };
    let facts = Facts::new(&records, &settings)?;
    let linker = Linker::new(settings, &facts, &records.texts).joined_only();
    let empty = || Tables::new(&rules.timeline, &facts);
    let chunk = (records.partitions.len() / (16 * rayon::current_num_threads())).max(1);
    let tables = records
        .partitions
        .par_chunks(chunk)
        .map(|partitions| {
            let mut tables = empty();
            let mut scratch = Scratch::default();
            let mut counts = LinkCounts::default();
            for partition in partitions {
                linker.partition(partition, false, &mut scratch, &mut counts, |person| {
                    tables.add(person);
                });
            }
            tables
        })
        .reduce_with(Tables::merge)
        .unwrap_or_else(empty);
    let linking = start.elapsed() - reading;
    std::fs::create_dir_all(out)?;
    tables.write(&records.texts, out)?;
    eprintln!(
        "read {:.2} s, link and count {:.2} s, all {:.2} s",
        reading.as_secs_f64(),
        linking.as_secs_f64(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
