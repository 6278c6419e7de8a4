//! Orders that do not depend on how the input was split or shuffled.

use crate::codes::short::Code;
use crate::day::OptDay;
use crate::records::apc::Episode;
use crate::records::key::RecordKey;

/// Ranks of the texts that rows hold as dictionary numbers: numbers depend on the reading threads,
/// ranks on the texts alone.
#[derive(Clone, Debug, Default)]
pub struct TextOrder {
    provider: Box<[u32]>,
    lsoa: Box<[u32]>,
    residence: Box<[u32]>,
}

fn ranks(texts: &[Box<str>]) -> Box<[u32]> {
    let mut order: Vec<u32> = (0..texts.len() as u32).collect();
    order.sort_unstable_by_key(|&n| texts.get(n as usize));
    let mut ranks = vec![0; texts.len()];
    for (rank, &n) in order.iter().enumerate() {
        if let Some(slot) = ranks.get_mut(n as usize) {
            *slot = rank as u32;
        }
    }
    ranks.into()
}

impl TextOrder {
    /// The order of these provider codes (`Texts::provider`, by number).
    #[must_use]
    pub fn new(providers: &[Box<str>]) -> Self {
        Self { provider: ranks(providers), ..Self::default() }
    }

    /// Adds the order of LSOAs and councils (`Texts::lsoa` and `Texts::la`, by number), which decide
    /// only between rows that agree in everything else.
    #[must_use]
    pub fn with_areas(mut self, lsoas: &[Box<str>], councils: &[Box<str>]) -> Self {
        self.lsoa = ranks(lsoas);
        self.residence = ranks(councils);
        self
    }

    /// The rank of a provider among the provider codes.
    #[must_use]
    #[inline]
    pub fn provider(&self, number: u16) -> u32 {
        self.provider.get(usize::from(number)).copied().unwrap_or(u32::from(number))
    }

    /// Everything that a row says, as one ordered value: the last resort of every tie, so that which
    /// row wins never depends on where it stood.
    #[must_use]
    pub(super) fn content(&self, e: &Episode) -> Content {
        let rank = |ranks: &[u32], n: usize| ranks.get(n).copied().unwrap_or(0);
        Content {
            keys: [e.spell_key, e.episode_key],
            days: [
                e.admission,
                e.discharge,
                e.episode_start,
                e.episode_end,
                e.discharge_ready,
                e.submitted,
            ],
            codes: [
                e.admission_method,
                e.source,
                e.destination,
                e.discharge_method,
                e.class,
                e.management,
                e.treatment_function,
                e.admission_function,
                e.main_specialty,
                e.episode_type,
                e.sex,
                e.ethnic,
            ],
            numbers: [
                e.admission_time,
                e.discharge_time,
                e.birth.0,
                u16::from(e.age),
                u16::from(e.episode_no),
                u16::from(e.quality),
                u16::from(e.flags.0),
            ],
            texts: [
                self.provider(e.provider),
                rank(&self.lsoa, e.lsoa as usize),
                rank(&self.residence, usize::from(e.residence)),
            ],
        }
    }
}

/// See [`TextOrder::content`].
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Content {
    keys: [Option<RecordKey>; 2],
    days: [OptDay; 6],
    codes: [Code; 12],
    numbers: [u16; 7],
    texts: [u32; 3],
}
