//! Who a record is about: identifiers, dense numbers and linkability.

use crate::identifier::{Block, Identifier, Shape};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use xxhash_rust::xxh3::xxh3_128;

/// Where a person's identifier came from, best first (P-09, `sus-fields.md` section 2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum PersonIdKind {
    /// Pseudonym of a traced NHS number.
    NhsTraced,
    /// Pseudonym of an NHS number as submitted.
    NhsSupplied,
    /// The identifier of a hospital file: an NHS-number pseudonym by contract.
    Hospital,
    /// `LA_Code` + `_` + the council's own identifier: never links.
    LaLocal,
    /// No identifier.
    #[default]
    None,
}

impl PersonIdKind {
    /// Whether records under such an identifier can meet those of another source.
    #[must_use]
    pub const fn is_linkable(self) -> bool {
        matches!(self, Self::NhsTraced | Self::NhsSupplied | Self::Hospital)
    }
}

/// A 128-bit hash of an identifier's bytes. It spreads people over partitions and orders them; it
/// never stands for the identifier, whose bytes are compared when people are numbered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonKey(pub u128);

impl PersonKey {
    /// The key of an identifier.
    #[must_use]
    #[inline]
    pub fn of(id: &[u8]) -> Self {
        Self(xxh3_128(id))
    }

    /// The partition, of `1 << partition_bits`, that holds the person. Partitions are ranges of
    /// keys, so people ordered by partition and key are in one order whatever the number of
    /// partitions.
    #[must_use]
    #[inline]
    pub const fn partition(self, partition_bits: u32) -> usize {
        if partition_bits == 0 { 0 } else { (self.0 >> (128 - partition_bits)) as usize }
    }

    /// The low bits, which no partition is chosen by and which the table of people looks at.
    #[must_use]
    pub const fn tag(self) -> u32 {
        self.0 as u32
    }
}

impl From<Identifier<'_>> for PersonKey {
    fn from(id: Identifier<'_>) -> Self {
        id.with_text(Self::of)
    }
}

/// The people of one partition: identifiers to dense numbers from 0.
#[derive(Debug, Default)]
pub struct PersonTable {
    // with a part of the key beside the number, a look-up reads the bytes of one person only
    numbers: HashTable<(u32, u32)>,
    ids: Identifiers,
}

/// Identifiers in places of one width, so that finding one takes one look.
#[derive(Debug, Default)]
struct Identifiers {
    /// Places of [`Identifiers::PIECE`] identifiers each; they never move.
    pieces: Vec<Vec<Block>>,
    /// Blocks of a place.
    width: usize,
    /// Shape of each.
    shapes: Vec<Shape>,
    /// Identifiers that are too long for a place, by number.
    long: Vec<(u32, Box<[Block]>)>,
}

impl Identifiers {
    const PIECE: usize = 1 << 8;
    /// Blocks of the widest place: any pseudonym fits.
    const WIDEST: usize = 4;

    fn push(&mut self, id: Identifier<'_>) {
        let n = self.shapes.len();
        self.shapes.push(id.shape);
        let own: &[Block] = if id.blocks.len() > Self::WIDEST {
            self.long.push((n as u32, id.blocks.into()));
            &[]
        } else {
            id.blocks
        };
        if own.len() > self.width {
            self.widen(own.len(), n);
        }
        if n.is_multiple_of(Self::PIECE) {
            self.pieces.push(Vec::with_capacity(Self::PIECE * self.width));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.extend_from_slice(own);
            piece.resize((n % Self::PIECE + 1) * self.width, Block::default());
        }
    }

    /// Gives each of the identifiers so far a wider place. This happens a few times at most. Where none had
    /// a block, as when rows without an identifier come first, places had no width, but there they are.
    fn widen(&mut self, width: usize, identifiers: usize) {
        for (n, piece) in self.pieces.iter_mut().enumerate() {
            let mut wide = Vec::with_capacity(Self::PIECE * width);
            for place in 0..(identifiers - n * Self::PIECE).min(Self::PIECE) {
                wide.extend_from_slice(&piece[place * self.width..][..self.width]);
                wide.resize((place + 1) * width, Block::default());
            }
            *piece = wide;
        }
        self.width = width;
    }

    #[inline]
    fn place(&self, n: usize) -> &[Block] {
        let start = n % Self::PIECE * self.width;
        &self.pieces[n / Self::PIECE][start..start + self.width]
    }

    #[inline]
    fn get(&self, number: u32) -> Identifier<'_> {
        let n = number as usize;
        let shape = self.shapes[n];
        let blocks = if shape.blocks() > Self::WIDEST {
            let at = self.long.partition_point(|&(other, _)| other < number);
            &self.long[at].1
        } else {
            &self.place(n)[..shape.blocks()]
        };
        Identifier { blocks, shape }
    }

    #[inline(always)]
    fn is(&self, number: u32, id: Identifier<'_>) -> bool {
        let n = number as usize;
        if id.blocks.len() > Self::WIDEST {
            return self.get(number) == id;
        }
        // block by block, without a call
        self.shapes[n] == id.shape && self.place(n).iter().zip(id.blocks).all(|(a, b)| a == b)
    }

    /// Reads through all places in their order, which the processor does ahead of need, before many
    /// are looked at in no order.
    fn fetch(&self) {
        let lines =
            self.pieces.iter().flat_map(|piece| piece.iter().step_by(64 / size_of::<Block>()));
        std::hint::black_box(lines.fold(0, |all, block| all ^ block[0]));
    }
}

impl PersonTable {
    /// The number of an identifier, which is added when new. `tag` is that of its key.
    pub fn number(&mut self, id: Identifier<'_>, tag: u32) -> u32 {
        let Self { numbers, ids } = self;
        let is_theirs = |&(other, n): &(u32, u32)| other == tag && ids.is(n, id);
        match numbers.entry(spread(tag), is_theirs, |&(tag, _)| spread(tag)) {
            Entry::Occupied(known) => known.get().1,
            Entry::Vacant(place) => {
                let n = ids.shapes.len() as u32;
                place.insert((tag, n));
                ids.push(id);
                n
            }
        }
    }

    /// The number of an identifier, if it is somebody's.
    #[must_use]
    pub fn find(&self, id: Identifier<'_>) -> Option<u32> {
        let tag = PersonKey::from(id).tag();
        let is_theirs = |&(other, n): &(u32, u32)| other == tag && self.ids.is(n, id);
        self.numbers.find(spread(tag), is_theirs).map(|&(_, n)| n)
    }

    /// The numbers of many identifiers with the tags of their keys, in their order, as
    /// [`PersonTable::number`] would give them one by one.
    ///
    /// Look-ups are apart from comparisons, so that the processor waits for many of each at a time.
    pub fn numbers<'i>(
        &mut self,
        ids: impl Iterator<Item = (Identifier<'i>, u32)> + Clone,
        out: &mut Vec<u32>,
    ) {
        const NEW: u32 = u32::MAX;
        self.ids.fetch();
        out.clear();
        out.extend(ids.clone().map(|(_, tag)| {
            self.numbers.find(spread(tag), |&(other, _)| other == tag).map_or(NEW, |&(_, n)| n)
        }));
        for (number, (id, tag)) in out.iter_mut().zip(ids) {
            if *number == NEW || !self.ids.is(*number, id) {
                *number = self.number(id, tag);
            }
        }
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.shapes.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.shapes.is_empty()
    }

    /// The identifier of a person.
    #[must_use]
    pub fn id(&self, number: u32) -> Identifier<'_> {
        self.ids.get(number)
    }

    /// People in the order of their keys: the same for every order of input rows.
    #[must_use]
    pub fn in_key_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_cached_key(|&n| (PersonKey::from(self.id(n)), self.id(n)));
        order
    }
}

/// The hash of a tag, for tables that keep only a tag beside a number: such tables look at the highest and
/// the lowest bits.
#[must_use]
pub const fn spread(tag: u32) -> u64 {
    (tag as u64) << 32 | tag as u64
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An identifier whose blocks are put into `blocks`, and the tag of its key.
    pub(crate) fn tagged<'a>(blocks: &'a mut Vec<Block>, id: &[u8]) -> (Identifier<'a>, u32) {
        (Identifier::of(id, blocks), PersonKey::of(id).tag())
    }

    fn number(table: &mut PersonTable, id: &[u8]) -> u32 {
        let mut blocks = Vec::new();
        let (id, tag) = tagged(&mut blocks, id);
        table.number(id, tag)
    }

    #[test]
    fn people_get_one_number_each_and_keep_their_bytes() {
        let mut table = PersonTable::default();
        for id in ["A", "NA", "null", "0123", "A", "123"] {
            let n = number(&mut table, id.as_bytes());
            assert_eq!(table.id(n).text(), id.as_bytes());
        }
        assert_eq!(table.len(), 5);
    }

    #[test]
    fn identifiers_of_all_lengths_keep_their_bytes() {
        let mut table = PersonTable::default();
        // wider ones after narrower ones, with the first in an earlier piece; too wide ones among them
        let lengths = [0, 5, 12, 64, 65, 300, 254, 255, 256, 1];
        let id = |n: u32| {
            let length = if n < 300 { 4 } else { lengths[n as usize % lengths.len()] };
            let mut id = n.to_string().into_bytes();
            id.resize(length, b'x');
            id
        };
        let mut distinct: Vec<Vec<u8>> = Vec::new();
        for n in 0..700 {
            let id = id(n);
            if !distinct.contains(&id) {
                distinct.push(id);
            }
        }
        for round in 0..2 {
            for (n, id) in (0u32..).zip(&distinct) {
                assert_eq!(number(&mut table, id), n, "round {round}");
            }
        }
        assert!(distinct.len() > 500 && table.len() == distinct.len());
        assert!((0u32..).zip(&distinct).all(|(n, id)| table.id(n).text() == *id));
    }

    #[test]
    fn identifiers_without_a_place_may_come_first() {
        let long = "x".repeat(300);
        for first in ["", &long] {
            for before in [1, 255, 256, 257, 600] {
                // without a place of their own: the first, and others as long
                let mut ids: Vec<String> = vec![first.into()];
                ids.extend((1..before).map(|n| format!("{long}{n}")));
                ids.extend(["L1", "0123456789abcdefg", "L2"].map(String::from));
                let mut table = PersonTable::default();
                for _ in 0..2 {
                    for (n, id) in (0u32..).zip(&ids) {
                        assert_eq!(number(&mut table, id.as_bytes()), n, "{before}");
                    }
                }
                for (n, id) in (0u32..).zip(&ids) {
                    assert_eq!(table.id(n).text(), id.as_bytes());
                }
            }
        }
    }

    #[test]
    fn identifiers_with_one_hash_stay_two_people() {
        let mut table = PersonTable::default();
        // zeros at the end are bytes of an identifier like any other
        let ids: [&[u8]; 4] = [b"a", b"b", b"a\0", b"0123456789abcdef!"];
        let mut blocks = [const { Vec::new() }; 4];
        let mut ids = ids.iter().zip(&mut blocks);
        let ids = [(); 4].map(|()| {
            let (id, blocks) = ids.next().expect("four");
            (tagged(blocks, id).0, 7)
        });
        assert_eq!([0, 1, 0].map(|n| table.number(ids[n].0, 7)), [0, 1, 0]);
        let mut numbers = Vec::new();
        table.numbers([1, 2, 0, 3, 2].map(|n| ids[n]).into_iter(), &mut numbers);
        assert_eq!(numbers, [1, 2, 0, 3, 2]);
    }

    #[test]
    fn key_order_does_not_depend_on_the_number_of_partitions() {
        let keys: Vec<PersonKey> = (0..100u32).map(|n| PersonKey::of(&n.to_le_bytes())).collect();
        let order = |bits| {
            let mut sorted = keys.clone();
            sorted.sort_by_key(|key| (key.partition(bits), *key));
            sorted
        };
        assert_eq!(order(0), order(4));
        assert_eq!(order(4), order(8));
    }
}
