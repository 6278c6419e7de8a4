//! The event-log workload of `benches/README.md` in one process, on the public interface and by the code
//! that `throughcare run` uses: `eventlog LOG OUT [THREADS]`.

#[path = "../../src/allocator.rs"]
mod allocator;

use anyhow::Context;
use std::path::{Path, PathBuf};
use throughcare_engine::event_log::{LogCounts, by_name};
use throughcare_linkage::progress::Silent;
use throughcare_linkage::read::{Inputs, LogInput, read};

/// Variants written, as the peers do.
const MOST_VARIANTS: usize = 1000;

fn main() -> anyhow::Result<()> {
    allocator::set_up();
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let usage = "usage: eventlog LOG OUT [THREADS]";
    let log = arguments.next().context(usage)?;
    let out = arguments.next().context(usage)?;
    if let Some(threads) = arguments.next() {
        let threads = threads.to_string_lossy().parse().context(usage)?;
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    run(log, &out)
}

fn run(log: PathBuf, out: &Path) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    let columns = [("case", "case_id"), ("activity", "activity"), ("start", "timestamp")];
    let input = LogInput {
        name: "log".into(),
        files: vec![log],
        columns: columns.map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned())).into(),
    };
    let records = read(&Inputs { events: vec![input], ..Inputs::default() }, &Silent)?;
    let reading = start.elapsed();
    let log = records.logs.first().context("no log was read")?;
    let mut counts = LogCounts::of(log);
    counts.edges.settle();
    let following = start.elapsed() - reading;
    std::fs::create_dir_all(out)?;

    let mut edges = csv::Writer::from_path(out.join("edges.csv"))?;
    edges.write_record(["activity", "nxt", "count", "mean", "median", "p25", "p75", "total"])?;
    let order = by_name(&log.activities);
    let name = |activity: u16| log.activities[usize::from(activity)].to_string();
    for &from in &order {
        for &to in &order {
            let Some(edge) = counts.edges.edge(from, to) else { continue };
            let seconds = |permille| {
                edge.quantile(permille).map_or(String::new(), |millis| (millis / 1e3).to_string())
            };
            let total = edge.millis() as f64 / 1e3;
            edges.write_record([
                name(from),
                name(to),
                edge.count().to_string(),
                (total / edge.count() as f64).to_string(),
                seconds(500),
                seconds(250),
                seconds(750),
                total.to_string(),
            ])?;
        }
    }
    edges.flush()?;

    let mut variants = csv::Writer::from_path(out.join("variants.csv"))?;
    variants.write_record(["activity", "len", "n"])?;
    let distinct = counts.variants.len().to_string();
    for variant in counts.variants.most_frequent(&log.activities, " > ", MOST_VARIANTS) {
        variants.write_record([&variant.path, &variant.cases.to_string(), &distinct])?;
    }
    variants.flush()?;
    eprintln!(
        "read {:.2} s, cases {:.2} s, {} cases, {} events",
        reading.as_secs_f64(),
        following.as_secs_f64(),
        counts.cases,
        counts.events
    );
    Ok(())
}
