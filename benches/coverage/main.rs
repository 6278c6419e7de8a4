//! How often the 95% intervals of a comparison hold the truth: `coverage [RUNS]`.
//!
//! Two groups of people walk through three states by chances and stays that are known; each run makes new
//! people, compares the groups and asks whether the interval of each difference holds the true one. People
//! make several moves each, and differ in how often they move, so that moves are not independent.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use throughcare_engine::compare::moves::{Collected, GroupPerson};
use throughcare_engine::compare::{Difference, compare};
use throughcare_linkage::person::PersonKey;

const PEOPLE: u32 = 600;
const REPLICATES: u32 = 400;
/// Chance that a move out of state 0 leads to state 1, by group; else it leads to state 2.
const TO_FIRST: [f64; 2] = [0.30, 0.42];
/// Mean days in state 0, by group: stays are exponential, rounded up to whole days.
const MEAN_DAYS: [f64; 2] = [120.0, 90.0];

fn main() -> anyhow::Result<()> {
    let runs: u32 = std::env::args().nth(1).map_or(Ok(1000), |runs| runs.parse())?;
    let share = TO_FIRST[1] - TO_FIRST[0];
    // the median of a stay that is rounded up is the first whole day by which half have ended
    let median = |mean: f64| (mean * std::f64::consts::LN_2).ceil();
    let days = median(MEAN_DAYS[1]) - median(MEAN_DAYS[0]);
    let mut held = [0u32; 3];
    for run in 0..runs {
        let mut random = ChaCha8Rng::seed_from_u64(u64::from(run));
        let mut collected = Collected::default();
        for n in 0..PEOPLE {
            let group = (n % 2) as usize;
            let key = PersonKey::of(&[run.to_le_bytes(), n.to_le_bytes()].concat());
            // some move more often than others
            let moves = random.random_range(1..6);
            collected.begin(GroupPerson { key, group: group as u16, cell: 0 });
            for _ in 0..moves {
                let to = if random.random::<f64>() < TO_FIRST[group] { 1 } else { 2 };
                let stay = -MEAN_DAYS[group] * (1.0 - random.random::<f64>()).ln();
                collected.step(0, to, (stay.ceil() as i32).max(1));
            }
        }
        let compared = compare(&collected.settle(), false, REPLICATES, u64::from(run));
        let holds = |of: Option<Difference>, truth: f64| {
            of.is_some_and(|of| of.lower <= truth && truth <= of.upper)
        };
        held[0] += u32::from(holds(compared.edges[0].probability, share));
        held[1] += u32::from(holds(compared.edges[0].days, days));
        held[2] += u32::from(holds(compared.edges[1].days, days));
    }
    for (what, held) in
        ["share of moves", "median days, first move", "median days, other move"].iter().zip(held)
    {
        println!(
            "{what}: {:.1}% of {runs} intervals hold the truth",
            100.0 * f64::from(held) / f64::from(runs)
        );
    }
    Ok(())
}
