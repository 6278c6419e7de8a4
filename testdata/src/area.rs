//! Councils: which take part, how many people each has, and where people live in them.

use crate::Error;
use crate::draw::Noise;
use serde::Deserialize;

/// A council of `councils.csv`. Names, regions, statistical codes and populations (rounded) are
/// those of England; council codes are invented except 503, 714 and 906.
#[derive(Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Council {
    /// Council code as in submissions.
    pub la_code: String,
    /// Council name as in submissions.
    pub la_name: String,
    /// Region.
    pub region: String,
    /// Statistical code of the area.
    pub ons_code: String,
    /// Statistical name of the area.
    pub ons_name: String,
    /// Population in thousands; a weight only.
    pub thousands: u64,
}

/// A council that takes part.
#[derive(Clone, Debug)]
pub struct Area {
    /// The council.
    pub council: Council,
    /// Number of its people in the run.
    pub people: u64,
    /// Number of the first person.
    pub first: u64,
    /// Noise of the council.
    pub noise: Noise,
    /// Its number among the councils taking part.
    pub index: usize,
}

impl Area {
    /// How many small areas (LSOA) the council has.
    #[must_use]
    pub fn lsoas(&self) -> u32 {
        (self.people / 1_600).clamp(4, 99) as u32
    }

    /// Writes the code of a small area. The codes lie beyond the real ones.
    pub fn push_lsoa(&self, lsoa: u32, text: &mut String) {
        use std::fmt::Write;
        let _ = write!(text, "E019{:03}{lsoa:02}", self.index % 1_000);
    }
}

/// The councils of a run: all 153 from 612,000 people, fewer below, so that small runs have councils
/// of sensible size. People are shared in proportion to the real populations.
///
/// # Errors
/// When `councils.csv` cannot be read.
pub fn areas(people: u64, seed: u64) -> Result<Vec<Area>, Error> {
    let mut reader = csv::Reader::from_reader(include_str!("../councils.csv").as_bytes());
    let councils = reader
        .deserialize()
        .collect::<Result<Vec<Council>, _>>()
        .map_err(|e| Error::Rates(e.to_string()))?;
    let wanted = (people / 4_000).clamp(6, councils.len() as u64).min(people) as usize;
    let chosen = choose(councils, wanted);
    let shares = share(people, &chosen);
    let mut first = 0;
    let mut areas = Vec::new();
    for (index, (council, people)) in chosen.into_iter().zip(shares).enumerate() {
        let code = council.la_code.bytes().fold(0, |n, b| n * 256 + u64::from(b));
        areas.push(Area { council, people, first, noise: Noise(seed).of(code), index });
        first += people;
    }
    Ok(areas)
}

/// Takes councils spread evenly over the list, which runs by region: middling ones when few are
/// wanted, else the largest.
fn choose(councils: Vec<Council>, wanted: usize) -> Vec<Council> {
    let middling = |council: &Council| (200..=600).contains(&council.thousands);
    let mut pool: Vec<Council> = councils.iter().filter(|c| middling(c)).cloned().collect();
    if wanted > pool.len() {
        let mut sizes: Vec<u64> = councils.iter().map(|c| c.thousands).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let least = sizes.get(wanted - 1).copied().unwrap_or(0);
        pool = councils.into_iter().filter(|c| c.thousands >= least).collect();
    }
    let count = pool.len();
    pool.into_iter()
        .enumerate()
        .filter(|(place, _)| place * wanted / count != (place + 1) * wanted / count)
        .map(|(_, council)| council)
        .collect()
}

/// Shares people over councils: at least one each, the rest by whole parts and largest remainders.
fn share(people: u64, councils: &[Council]) -> Vec<u64> {
    let total: u64 = councils.iter().map(|c| c.thousands).sum::<u64>().max(1);
    let spare = people.saturating_sub(councils.len() as u64);
    let mut shares: Vec<u64> = councils.iter().map(|c| 1 + spare * c.thousands / total).collect();
    let mut order: Vec<usize> = (0..councils.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(spare * councils[*i].thousands % total), *i));
    let left = people.saturating_sub(shares.iter().sum());
    for place in order.into_iter().take(left as usize) {
        shares[place] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_council_takes_part_in_a_large_run_and_people_add_up() {
        for people in [6, 100, 20_000, 100_000, 300_000, 1_000_000, 57_000_000] {
            let areas = areas(people, 1).unwrap();
            assert_eq!(areas.iter().map(|a| a.people).sum::<u64>(), people);
            assert!(areas.iter().all(|a| a.people > 0));
            let codes: BTreeSet<_> = areas.iter().map(|a| &a.council.la_code).collect();
            assert_eq!(codes.len(), areas.len());
            assert_eq!(areas.len() as u64, (people / 4_000).clamp(6, 153));
        }
    }

    #[test]
    fn a_small_run_spreads_over_regions() {
        let regions: BTreeSet<_> =
            areas(20_000, 1).unwrap().into_iter().map(|a| a.council.region).collect();
        assert!(regions.len() >= 5, "{regions:?}");
    }
}
