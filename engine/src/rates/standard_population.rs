//! The European Standard Population 2013, the same for each sex, in all 100,000 (M12).

use std::sync::LazyLock;

static BANDS: LazyLock<Vec<StandardBand>> =
    LazyLock::new(|| read(include_str!("../codes/european_standard_population_2013.csv")));

/// A band of ages and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardBand {
    /// First age in whole years, included.
    pub first_age: u8,
    /// Last age, included; [`u8::MAX`] for the open band.
    pub last_age: u8,
    /// People of 100,000.
    pub weight: i64,
}

/// The 19 bands, by age.
#[must_use]
pub fn standard_population() -> &'static [StandardBand] {
    &BANDS
}

/// The weight of `first_age` to `last_age`, both included ([`u8::MAX`] for no end): the sum of its
/// bands; `None` when the ages are not whole bands. Where men and women stand in strata of their own,
/// each takes half.
#[must_use]
pub fn standard_weight(first_age: u8, last_age: u8) -> Option<i64> {
    let bands = BANDS.iter();
    let inside = bands.filter(|band| band.first_age >= first_age && band.last_age <= last_age);
    let inside: Vec<_> = inside.collect();
    let is_whole = inside.first()?.first_age == first_age && inside.last()?.last_age == last_age;
    is_whole.then(|| inside.iter().map(|band| band.weight).sum())
}

/// The bands of the data file: a header, then `first_age,last_age,weight`, the last age of the open
/// band empty. The file is part of the program, and a test reads all of it.
fn read(file: &str) -> Vec<StandardBand> {
    let band = |line: &str| {
        let mut cells = line.split(',');
        let first_age = cells.next()?.parse().ok()?;
        let last_age = cells.next()?;
        let last_age = if last_age.is_empty() { u8::MAX } else { last_age.parse().ok()? };
        Some(StandardBand { first_age, last_age, weight: cells.next()?.parse().ok()? })
    };
    file.lines().skip(1).filter_map(band).collect()
}
