//! Comorbidity scores: groups of codes with weights, some of which replace others (M19).

use super::prefix::{Prefixes, lines};
use super::settings::CharlsonWeights;

const CHARLSON: &str = include_str!("../codes/charlson.csv");
const ELIXHAUSER: &str = include_str!("../codes/elixhauser.csv");

/// The groups of a score. A set of groups is held as bits, in the order of the data file.
#[derive(Clone, Debug, Default)]
pub struct Comorbidity {
    groups: Vec<Group>,
    negative_is_zero: bool,
}

#[derive(Clone, Debug)]
struct Group {
    key: &'static str,
    weight: i32,
    /// The group that does not count beside it, as a bit.
    replaces: u32,
    codes: Prefixes,
}

impl Comorbidity {
    /// The 17 groups of Charlson: codes of Quan 2005 with the weights of 1987 or 2011, or both of the
    /// hospital-level mortality indicator.
    #[must_use]
    pub fn charlson(weights: CharlsonWeights, quan_2011_aids: i32) -> Self {
        let (weight, codes) = match weights {
            CharlsonWeights::Original => (2, 6),
            CharlsonWeights::Quan2011 => (3, 6),
            CharlsonWeights::Shmi => (4, 7),
        };
        let mut charlson = Self::read(CHARLSON, weight, 5, codes);
        if weights == CharlsonWeights::Quan2011 {
            let aids = charlson.groups.iter_mut().filter(|group| group.key == "aids");
            aids.for_each(|group| group.weight = quan_2011_aids);
        }
        charlson.negative_is_zero = weights == CharlsonWeights::Shmi;
        charlson
    }

    /// The 31 groups of Elixhauser with the weights of van Walraven. Sums may be negative.
    #[must_use]
    pub fn elixhauser() -> Self {
        Self::read(ELIXHAUSER, 2, 3, 4)
    }

    fn read(file: &'static str, weight: usize, replaces: usize, codes: usize) -> Self {
        let field = |fields: &[&'static str], n: usize| fields.get(n).copied().unwrap_or("");
        let keys: Vec<&str> = lines(file).map(|fields| field(&fields, 0)).collect();
        let bit_of = |key: &str| keys.iter().position(|other| *other == key).map_or(0, |n| 1 << n);
        let group = |fields: Vec<&'static str>| Group {
            key: field(&fields, 0),
            weight: field(&fields, weight).parse().unwrap_or(0),
            replaces: bit_of(field(&fields, replaces)),
            codes: Prefixes::new(field(&fields, codes)),
        };
        Self { groups: lines(file).map(group).collect(), negative_is_zero: false }
    }

    /// The groups that a code belongs to.
    #[must_use]
    pub fn classes(&self, code: &str) -> u32 {
        self.bits(|group| group.codes.has(code))
    }

    /// The groups that count among those found: without the ones that others replace.
    #[must_use]
    pub fn counted(&self, found: u32) -> u32 {
        let replaced = |all, (n, group): (usize, &Group)| {
            if found >> n & 1 == 1 { all | group.replaces } else { all }
        };
        found & !self.groups.iter().enumerate().fold(0, replaced)
    }

    /// The score of the groups found: the sum of the weights of those that count.
    #[must_use]
    pub fn score(&self, found: u32) -> i32 {
        let counted = self.counted(found);
        let groups = self.groups.iter().enumerate().filter(|(n, _)| counted >> n & 1 == 1);
        let sum = groups.map(|(_, group)| group.weight).sum();
        if self.negative_is_zero { 0.max(sum) } else { sum }
    }

    fn bits(&self, is_in: impl Fn(&Group) -> bool) -> u32 {
        let bit = |all, (n, group): (usize, &Group)| all | u32::from(is_in(group)) << n;
        self.groups.iter().enumerate().fold(0, bit)
    }
}

/// Points for age in completed years: none below 50, one a decade from there, at most 4.
#[must_use]
pub fn age_points(age: i32) -> i32 {
    (age - 40).div_euclid(10).clamp(0, 4)
}

#[cfg(test)]
mod tests;
