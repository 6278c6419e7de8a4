//! Where records wait, hash-partitioned by person, between reading and linking.

use crate::codes::cld::RawValues;
use crate::dictionary::Dictionary;
use crate::person::{PersonKey, PersonTable};
use crate::records::apc::Episode;
use crate::records::cld::{CldDetail, CldRow};
use crate::records::death::DeathRecord;
use crate::records::ecds::Attendance;
use std::sync::{Mutex, PoisonError};

/// Texts kept once for the whole run. Number 0 of `la`, `provider`, `lsoa`, `local_id` and
/// `cqc_location` is the empty text: no value.
#[derive(Debug)]
pub struct Texts {
    /// Raw values of the coded fields of social care.
    pub raw: RawValues,
    /// Council codes.
    pub la: Dictionary,
    /// Council names as the submissions spell them.
    pub la_name: Dictionary,
    /// Provider codes.
    pub provider: Dictionary,
    /// LSOA 2011 codes.
    pub lsoa: Dictionary,
    /// Councils' own person identifiers: personal data, never printed.
    pub local_id: Dictionary,
    /// CQC location identifiers.
    pub cqc_location: Dictionary,
}

impl Default for Texts {
    fn default() -> Self {
        let empty_first = || {
            let dictionary = Dictionary::default();
            dictionary.intern("");
            dictionary
        };
        Self {
            raw: RawValues::default(),
            la: empty_first(),
            la_name: empty_first(),
            provider: empty_first(),
            lsoa: empty_first(),
            local_id: empty_first(),
            cqc_location: empty_first(),
        }
    }
}

/// All records of some of the people, in any order.
#[derive(Debug, Default)]
pub struct Partition {
    /// The people.
    pub people: PersonTable,
    /// Admitted patient care.
    pub apc: Vec<Episode>,
    /// Client Level Data.
    pub cld: Vec<CldRow>,
    /// Details of `cld`, row by row; empty when no input has them.
    pub cld_detail: Vec<CldDetail>,
    /// Emergency care.
    pub ecds: Vec<Attendance>,
    /// Registered deaths.
    pub deaths: Vec<DeathRecord>,
}

/// A typed row that can be put into a partition.
pub trait Record: Copy + Send {
    /// Stores the row, whose person has this number in the partition.
    fn put(self, person: u32, partition: &mut Partition);
}

impl Record for Episode {
    fn put(mut self, person: u32, partition: &mut Partition) {
        self.person = person;
        partition.apc.push(self);
    }
}

impl Record for CldRow {
    fn put(mut self, person: u32, partition: &mut Partition) {
        self.person = person;
        partition.cld.push(self);
    }
}

impl Record for (CldRow, CldDetail) {
    fn put(self, person: u32, partition: &mut Partition) {
        // rows without details may have come from another file before
        partition.cld_detail.resize(partition.cld.len(), CldDetail::default());
        self.0.put(person, partition);
        partition.cld_detail.push(self.1);
    }
}

impl Record for Attendance {
    fn put(mut self, person: u32, partition: &mut Partition) {
        self.person = person;
        partition.ecds.push(self);
    }
}

impl Record for DeathRecord {
    fn put(mut self, person: u32, partition: &mut Partition) {
        self.person = person;
        partition.deaths.push(self);
    }
}

/// The partitions while they fill.
#[derive(Debug)]
pub struct Store {
    /// Texts of all partitions.
    pub texts: Texts,
    partitions: Vec<Mutex<Partition>>,
    partition_bits: u32,
}

impl Store {
    /// A store of `1 << partition_bits` partitions.
    #[must_use]
    pub fn new(partition_bits: u32) -> Self {
        let partitions = (0..1usize << partition_bits).map(|_| Mutex::default()).collect();
        Self { texts: Texts::default(), partitions, partition_bits }
    }

    /// The number of partitions that suits an input of about this many rows: some ten thousand rows
    /// each, so that a partition's people fit the processor's cache.
    #[must_use]
    pub fn bits_for(rows: u64) -> u32 {
        (rows / 20_000).max(1).next_power_of_two().ilog2().clamp(3, 10)
    }

    /// Moves staged rows into their partitions. The staging area is empty afterwards.
    pub fn append<R: Record>(&self, staged: &mut Staged<R>) {
        let bits = self.partition_bits;
        let mut order: Vec<(u16, u32)> = staged
            .rows
            .iter()
            .enumerate()
            .map(|(n, row)| (row.key.partition(bits) as u16, n as u32))
            .collect();
        order.sort_unstable();
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            let slot = &self.partitions[usize::from(group[0].0)];
            let mut partition = slot.lock().unwrap_or_else(PoisonError::into_inner);
            for &(_, n) in group {
                let row = &staged.rows[n as usize];
                let id = &staged.ids[row.id_start as usize..row.id_end as usize];
                let person = partition.people.number(id, row.key);
                row.record.put(person, &mut partition);
            }
        }
        staged.rows.clear();
        staged.ids.clear();
    }

    /// The full partitions, in key order, and the texts.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Partition>, Texts) {
        let partitions = self
            .partitions
            .into_iter()
            .map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner))
            .map(|mut partition| {
                if !partition.cld_detail.is_empty() {
                    partition.cld_detail.resize(partition.cld.len(), CldDetail::default());
                }
                partition
            })
            .collect();
        (partitions, self.texts)
    }
}

/// Rows decoded by one thread that are not yet in their partitions.
#[derive(Debug)]
pub struct Staged<R> {
    rows: Vec<StagedRow<R>>,
    ids: Vec<u8>,
}

#[derive(Debug)]
struct StagedRow<R> {
    key: PersonKey,
    id_start: u32,
    id_end: u32,
    record: R,
}

impl<R: Record> Default for Staged<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), ids: Vec::new() }
    }
}

impl<R: Record> Staged<R> {
    /// Rows to stage before they are worth moving: enough for long runs per partition, few enough to
    /// stay in the cache.
    pub const FULL: usize = 1 << 16;

    /// Stages a row under the identifier of its person, empty when it has none.
    #[inline]
    pub fn push(&mut self, id: &[u8], record: R) {
        let id_start = self.ids.len() as u32;
        self.ids.extend_from_slice(id);
        let id_end = self.ids.len() as u32;
        self.rows.push(StagedRow { key: PersonKey::of(id), id_start, id_end, record });
    }

    /// Whether it is time to [`Store::append`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.rows.len() >= Self::FULL
    }
}
