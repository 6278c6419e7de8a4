//! Which support of a person counts: the smallest rank, then a known value over an unknown one, then
//! the latest start (section 17 steps 3 to 5).

use super::labels::{Label, mechanism, service_type};
use std::cmp::Reverse;
use throughcare_linkage::day::Day;

/// Ranks of long-term support, 1 to 9.
pub const RANKS: u8 = 9;

/// The rank of a long-term service and its delivery mechanism (section 10.1): a mechanism that does
/// not belong to the service counts as none.
#[must_use]
pub fn rank(service: Label, how: Label) -> u8 {
    match (service, how) {
        (service_type::NURSING, _) => 1,
        (service_type::RESIDENTIAL, _) => 2,
        (service_type::COMMUNITY, mechanism::DIRECT_PAYMENT) => 3,
        (service_type::COMMUNITY, mechanism::MANAGED_BUDGET) => 4,
        (service_type::COMMUNITY, mechanism::COMMISSIONED) => 5,
        (service_type::COMMUNITY, _) => 6,
        (_, mechanism::MANAGED_BUDGET) => 7,
        (_, mechanism::COMMISSIONED) => 8,
        _ => RANKS,
    }
}

/// Service and delivery mechanism of a rank, as pairs of a stratum.
#[must_use]
pub const fn stratum(rank: u8) -> &'static str {
    match rank {
        1 => "setting=Nursing; mechanism=None",
        2 => "setting=Residential; mechanism=None",
        3 => "setting=Community; mechanism=Direct Payment",
        4 => "setting=Community; mechanism=CASSR Managed Personal Budget",
        5 => "setting=Community; mechanism=CASSR Commissioned Support",
        6 => "setting=Community; mechanism=None",
        7 => "setting=Prison; mechanism=CASSR Managed Personal Budget",
        8 => "setting=Prison; mechanism=CASSR Commissioned Support",
        _ => "setting=Prison; mechanism=None",
    }
}

/// What is preferred: the smallest rank, known values, the latest start.
type Key = (u8, bool, Reverse<Day>);

/// The rows of a person seen so far, by what is preferred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferred<V> {
    best: Option<(Key, V)>,
    conflict: bool,
}

impl<V: Copy + PartialEq> Preferred<V> {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { best: None, conflict: false }
    }

    /// Takes a row: its rank, whether its value is known, its start, the value.
    pub fn take(&mut self, rank: u8, known: bool, start: Day, value: V) {
        let key = (rank, !known, Reverse(start));
        match self.best {
            Some((best, _)) if best < key => {}
            Some((best, chosen)) if best == key => self.conflict |= chosen != value,
            _ => *self = Self { best: Some((key, value)), conflict: false },
        }
    }

    /// The smallest rank, and the value of the preferred rows: none when they disagree.
    #[must_use]
    pub fn get(&self) -> Option<(u8, Option<V>)> {
        let ((rank, ..), value) = self.best?;
        Some((rank, Some(value).filter(|_| !self.conflict)))
    }
}
