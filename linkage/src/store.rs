//! Where records wait, hash-partitioned by person, between reading and linking.

use crate::chunks::Chunks;
use crate::codes::cld::RawValues;
use crate::dictionary::Dictionary;
use crate::identifier::{self, Block, Identifier, Shape};
use crate::person::{PersonKey, PersonTable};
use crate::records::apc::Episode;
use crate::records::appointment::Appointment;
use crate::records::cld::{CldDetail, CldRow};
use crate::records::clinical::{KeptCodes, RowCodes};
use crate::records::death::DeathRecord;
use crate::records::ecds::Attendance;
use crate::records::event::LogEvent;
use crate::records::kept::{Kept, Parts};
use crate::source::BATCH_ROWS;
use crate::waiting::{Persons, RecordKind, Waiting};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Texts kept once for the whole run. Number 0 of every list but `raw` is the empty text: no value.
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
    /// Diagnosis codes in one spelling; once reading is over, in the order of their texts.
    pub diagnosis: Dictionary,
    /// Operation codes, likewise.
    pub operation: Dictionary,
    /// Activities of an event log, which has texts of its own.
    pub activity: Dictionary,
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
            diagnosis: empty_first(),
            operation: empty_first(),
            activity: Dictionary::default(),
        }
    }
}

/// All records of some of the people, in any order.
#[derive(Debug, Default)]
pub struct Partition {
    /// Its place among the partitions of its store: where stores have as many, those of one place hold the
    /// same people.
    pub place: usize,
    /// The people.
    pub people: PersonTable,
    /// Admitted patient care.
    pub apc: Kept<Episode>,
    /// Codes of `apc`, row by row; empty when the run keeps none.
    pub codes: KeptCodes,
    /// Client Level Data.
    pub cld: Kept<CldRow>,
    /// Details of `cld`, row by row; empty when no input has them.
    pub cld_detail: Chunks<CldDetail>,
    /// Emergency care.
    pub ecds: Kept<Attendance>,
    /// Outpatient appointments.
    pub outpatients: Kept<Appointment>,
    /// Registered deaths.
    pub deaths: Kept<DeathRecord>,
    /// Events of a log, which has partitions of its own.
    pub events: Kept<LogEvent>,
    /// Whose each of them is.
    pub persons: Persons,
    waiting: Waiting,
}

impl Partition {
    /// Numbers the people of the rows that wait for it, in a buffer.
    fn settle(&mut self, numbers: &mut Vec<u32>) {
        self.waiting.settle(&mut self.people, &mut self.persons, numbers);
    }
}

/// A typed row that can be put into a partition.
pub trait Record: Parts + Send {
    /// Its kind.
    const KIND: RecordKind;

    /// Stores the staged rows at these places, in their order.
    fn put(places: &[u32], rows: &Rows<'_, Self>, partition: &mut Partition);
}

/// Staged rows by their parts.
#[derive(Debug)]
pub struct Rows<'a, R: Parts> {
    mains: &'a [R::Main],
    /// As many as `mains`, or none when all are empty.
    rests: &'a [R::Rest],
    /// Codes of rows that have some.
    codes: &'a [u16],
}

/// Records of which a partition keeps a list.
macro_rules! records {
    ($($record:ty, $kind:ident, $list:ident;)+) => {$(
        impl Record for $record {
            const KIND: RecordKind = RecordKind::$kind;

            #[inline]
            fn put(places: &[u32], rows: &Rows<'_, Self>, partition: &mut Partition) {
                partition.$list.extend_by(places, |place| rows.mains[place], rows.rests);
            }
        }
    )+};
}

records! {
    Episode, Apc, apc;
    CldRow, Cld, cld;
    Attendance, Ecds, ecds;
    Appointment, Outpatients, outpatients;
    DeathRecord, Deaths, deaths;
    LogEvent, Events, events;
}

/// A record with more beside it.
#[derive(Clone, Copy, Debug)]
pub struct With<R, M>(pub R, pub M);

impl<R: Parts, M: Copy + Send> Parts for With<R, M> {
    type Main = (R::Main, M);
    type Rest = R::Rest;
    const EMPTY: R::Rest = R::EMPTY;

    #[inline]
    fn split(self) -> (Self::Main, R::Rest) {
        let (main, rest) = self.0.split();
        ((main, self.1), rest)
    }

    #[inline]
    fn join((main, more): Self::Main, rest: R::Rest) -> Self {
        Self(R::join(main, rest), more)
    }

    #[inline]
    fn order((main, _): &Self::Main) -> u128 {
        R::order(main)
    }
}

/// An episode in a run that keeps its codes. All episodes of a run keep theirs, or none do.
pub type CodedEpisode = With<Episode, RowCodes>;

impl Record for CodedEpisode {
    const KIND: RecordKind = Episode::KIND;

    fn put(places: &[u32], rows: &Rows<'_, Self>, partition: &mut Partition) {
        let Rows { mains, rests, codes } = *rows;
        partition.apc.extend_by(places, |place| mains[place].0, rests);
        places.iter().for_each(|&place| partition.codes.push(mains[place as usize].1, codes));
    }
}

/// A row of social care in a file that has details.
pub type DetailedRow = With<CldRow, CldDetail>;

impl Record for DetailedRow {
    const KIND: RecordKind = CldRow::KIND;

    fn put(places: &[u32], rows: &Rows<'_, Self>, partition: &mut Partition) {
        let Rows { mains, rests, .. } = *rows;
        // rows without details may have come from another file before
        partition.cld_detail.fill_up(partition.cld.len(), &CldDetail::default());
        partition.cld.extend_by(places, |place| mains[place].0, rests);
        partition.cld_detail.extend_by(places, |place| mains[place].1);
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

    /// The number of partitions that suits an input of about this many rows: some thousands of people
    /// each, so that all records of a partition fit the processor's cache.
    #[must_use]
    pub fn bits_for(rows: u64) -> u32 {
        (rows / 40_000).max(1).next_power_of_two().ilog2().clamp(3, 10)
    }

    /// Moves staged rows into their partitions. The staging area is empty afterwards.
    pub fn append<R: Record>(&self, staged: &mut Staged<R>) {
        staged.sort_into(1 << self.partition_bits, self.partition_bits);
        let Staged { keys, blocks, mains, rests, codes, starts, order, numbers } = staged;
        let rows = Rows { mains, rests, codes };
        let id = |&place: &u32| {
            let place = place as usize;
            let start = if place == 0 { 0 } else { keys[place - 1].end as usize };
            let StagedKey { tag, shape, end, .. } = keys[place];
            (Identifier { blocks: &blocks[start..end as usize], shape }, tag)
        };
        // threads begin apart, so that none follows another from lock to lock
        let first = rayon::current_thread_index().unwrap_or(0) * self.partitions.len()
            / rayon::current_num_threads();
        let slots = self.partitions.iter().zip(starts.windows(2));
        for (slot, range) in slots.clone().skip(first).chain(slots.take(first)) {
            let places = &order[range[0] as usize..range[1] as usize];
            if places.is_empty() {
                continue;
            }
            let mut partition = slot.lock().unwrap_or_else(PoisonError::into_inner);
            partition.waiting.extend(R::KIND, places.iter().map(id));
            R::put(places, &rows, &mut partition);
            if partition.waiting.is_full() {
                partition.settle(numbers);
            }
        }
        staged.clear();
    }

    /// The full partitions, in key order, and the texts. Codes are numbered in the order of their texts
    /// from here on, whichever thread met them first.
    #[must_use]
    pub fn into_parts(mut self) -> (Vec<Partition>, Texts) {
        let diagnoses = self.texts.diagnosis.sort();
        let operations = self.texts.operation.sort();
        let full = |numbers: &mut Vec<u32>, (place, slot): (usize, Mutex<Partition>)| {
            let mut partition = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
            partition.place = place;
            partition.settle(numbers);
            partition.waiting = Waiting::default();
            partition.codes.renumber(&diagnoses, &operations);
            if !partition.cld_detail.is_empty() {
                partition.cld_detail.fill_up(partition.cld.len(), &CldDetail::default());
            }
            partition
        };
        let partitions = self.partitions.into_par_iter().enumerate();
        (partitions.map_init(Vec::new, full).collect(), self.texts)
    }
}

impl Staged<CodedEpisode> {
    /// Stages an episode with its codes.
    #[inline]
    pub fn push_coded(
        &mut self,
        id: &[u8],
        episode: Episode,
        diagnoses: &[u16],
        operations: &[u16],
        spell_primary: u16,
    ) {
        // no row has so many: a cell of 64 kB has fewer
        let count = |codes: &[u16]| u16::try_from(codes.len()).unwrap_or(u16::MAX);
        let codes = RowCodes {
            start: self.codes.len() as u32,
            diagnoses: count(diagnoses),
            operations: count(operations),
            spell_primary,
        };
        self.codes.extend_from_slice(diagnoses);
        self.codes.extend_from_slice(operations);
        self.push(id, With(episode, codes));
    }
}

/// Rows decoded by one thread that are not yet in their partitions.
#[derive(Debug)]
pub struct Staged<R: Parts> {
    keys: Vec<StagedKey>,
    /// The identifiers of the rows, one after the other.
    blocks: Vec<Block>,
    mains: Vec<R::Main>,
    /// As many as `mains`, or none when all are empty.
    rests: Vec<R::Rest>,
    /// Codes of rows that have some.
    codes: Vec<u16>,
    /// Where the rows of each partition start in `order`.
    starts: Vec<u32>,
    order: Vec<u32>,
    /// A buffer for the numbers of people.
    numbers: Vec<u32>,
}

/// As much of a person's key as staging needs, and where the identifier is.
#[derive(Clone, Copy, Debug)]
struct StagedKey {
    /// The leading bits, which choose the partition.
    leading: u32,
    tag: u32,
    /// That of the identifier.
    shape: Shape,
    /// Where it ends in the blocks.
    end: u32,
}

impl StagedKey {
    const fn partition(self, bits: u32) -> usize {
        if bits == 0 { 0 } else { (self.leading >> (u32::BITS - bits)) as usize }
    }
}

impl<R: Record> Default for Staged<R> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            blocks: Vec::new(),
            mains: Vec::new(),
            rests: Vec::new(),
            codes: Vec::new(),
            starts: Vec::new(),
            order: Vec::new(),
            numbers: Vec::new(),
        }
    }
}

impl<R: Record> Staged<R> {
    /// Rows to stage before they are worth moving: enough for long runs per partition, few enough to
    /// stay in the cache.
    pub const FULL: usize = 1 << 14;

    /// Stages a row under the identifier of its person, empty when it has none.
    #[inline(always)] // where the row comes from, its empty rest is often known
    pub fn push(&mut self, id: &[u8], record: R) {
        if self.mains.capacity() == 0 {
            // room for what may come with the batch that fills it
            let rows = Self::FULL + BATCH_ROWS;
            self.keys.reserve_exact(rows);
            self.mains.reserve_exact(rows);
        }
        let key = PersonKey::of(id);
        let shape = identifier::push(&mut self.blocks, id);
        self.keys.push(StagedKey {
            leading: key.partition(u32::BITS) as u32,
            tag: key.tag(),
            shape,
            end: self.blocks.len() as u32,
        });
        let (main, rest) = record.filled();
        if rest.is_some() || !self.rests.is_empty() {
            self.rests.resize(self.mains.len(), R::EMPTY);
            self.rests.push(rest.unwrap_or(R::EMPTY));
        }
        self.mains.push(main);
    }

    /// Whether it is time to [`Store::append`].
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.mains.len() >= Self::FULL
    }

    /// Orders the rows by partition, by counting.
    fn sort_into(&mut self, partitions: usize, bits: u32) {
        self.starts.clear();
        self.starts.resize(partitions + 1, 0);
        for key in &self.keys {
            self.starts[key.partition(bits) + 1] += 1;
        }
        for n in 1..=partitions {
            self.starts[n] += self.starts[n - 1];
        }
        self.order.clear();
        self.order.resize(self.keys.len(), 0);
        // the start of each partition serves as the cursor and is put back afterwards
        for (n, key) in self.keys.iter().enumerate() {
            let cursor = &mut self.starts[key.partition(bits)];
            self.order[*cursor as usize] = n as u32;
            *cursor += 1;
        }
        self.starts.rotate_right(1);
        self.starts[0] = 0;
    }

    fn clear(&mut self) {
        self.keys.clear();
        self.blocks.clear();
        self.mains.clear();
        self.rests.clear();
        self.codes.clear();
    }
}
