//! Who a record is about: identifiers, dense numbers and linkability.

use hashbrown::HashTable;
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

/// The people of one partition: identifiers to dense numbers from 0.
#[derive(Debug, Default)]
pub struct PersonTable {
    // with a part of the key beside the number, a look-up reads the bytes of one person only
    numbers: HashTable<(u32, u32)>,
    ids: Identifiers,
}

/// Identifiers one after the other.
#[derive(Debug, Default)]
struct Identifiers {
    bytes: Vec<u8>,
    count: u32,
    /// That of each identifier as long as all have the same, as pseudonyms do.
    length: usize,
    /// Where each ends, from the first identifier on that has another length.
    ends: Vec<u32>,
}

impl Identifiers {
    fn push(&mut self, id: &[u8]) {
        if self.count == 0 {
            self.length = id.len();
        } else if self.ends.is_empty() && id.len() != self.length {
            self.ends = (1..=self.count).map(|n| n * self.length as u32).collect();
        }
        // people are many and memory is short: room for some more, not for as many again
        if self.bytes.capacity() - self.bytes.len() < id.len() {
            self.bytes.reserve_exact((self.bytes.len() / 4).max(32 << 10) + id.len());
        }
        self.bytes.extend_from_slice(id);
        self.count += 1;
        if !self.ends.is_empty() {
            self.ends.push(self.bytes.len() as u32);
        }
    }

    #[inline]
    fn get(&self, number: u32) -> &[u8] {
        let n = number as usize;
        if self.ends.is_empty() {
            return &self.bytes[n * self.length..(n + 1) * self.length];
        }
        let start = if n == 0 { 0 } else { self.ends[n - 1] as usize };
        &self.bytes[start..self.ends[n] as usize]
    }
}

impl PersonTable {
    /// The number of an identifier, which is added when new. `tag` is that of its key.
    #[inline]
    pub fn number(&mut self, id: &[u8], tag: u32) -> u32 {
        let Self { numbers, ids } = self;
        let is_theirs = |&(other, n): &(u32, u32)| other == tag && is_same(ids.get(n), id);
        if let Some(&(_, n)) = numbers.find(spread(tag), is_theirs) {
            return n;
        }
        let n = ids.count;
        ids.push(id);
        numbers.insert_unique(spread(tag), (tag, n), |&(tag, _)| spread(tag));
        n
    }

    /// The number of an identifier, if it is somebody's. `tag` is that of its key.
    #[must_use]
    pub fn find(&self, id: &[u8], tag: u32) -> Option<u32> {
        let is_theirs = |&(other, n): &(u32, u32)| other == tag && is_same(self.ids.get(n), id);
        self.numbers.find(spread(tag), is_theirs).map(|&(_, n)| n)
    }

    /// The numbers of many identifiers with their tags, in their order, as [`PersonTable::number`]
    /// would give them one by one.
    ///
    /// Look-ups are apart from comparisons, so that the processor waits for many of each at a time.
    pub fn numbers<'i>(
        &mut self,
        ids: impl Iterator<Item = (&'i [u8], u32)> + Clone,
        out: &mut Vec<u32>,
    ) {
        const NEW: u32 = u32::MAX;
        out.clear();
        out.extend(ids.clone().map(|(_, tag)| {
            self.numbers.find(spread(tag), |&(other, _)| other == tag).map_or(NEW, |&(_, n)| n)
        }));
        for (number, (id, tag)) in out.iter_mut().zip(ids) {
            if *number == NEW || !is_same(self.ids.get(*number), id) {
                *number = self.number(id, tag);
            }
        }
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.count as usize
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.count == 0
    }

    /// The identifier of a person: personal data, for record-level output of the secure side only.
    #[must_use]
    pub fn id(&self, number: u32) -> &[u8] {
        self.ids.get(number)
    }

    /// The key of a person.
    #[must_use]
    pub fn key(&self, number: u32) -> PersonKey {
        PersonKey::of(self.id(number))
    }

    /// People in the order of their keys: the same for every order of input rows.
    #[must_use]
    pub fn in_key_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_cached_key(|&n| (self.key(n), self.id(n)));
        order
    }
}

/// A tag for a table that looks at the highest and the lowest bits.
const fn spread(tag: u32) -> u64 {
    (tag as u64) << 32 | tag as u64
}

/// Whether two identifiers are equal, eight bytes at a time: they are too short for a call.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (a_words, a_rest) = a.as_chunks::<8>();
    let (b_words, b_rest) = b.as_chunks::<8>();
    let mut words = a_words.iter().zip(b_words);
    a.len() == b.len()
        && words.all(|(a, b)| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b))
        && (a_rest.is_empty() || a_rest == b_rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_one_number_each_and_keep_their_bytes() {
        let mut table = PersonTable::default();
        for id in ["A", "NA", "null", "0123", "A", "123"] {
            let n = table.number(id.as_bytes(), PersonKey::of(id.as_bytes()).tag());
            assert_eq!(table.id(n), id.as_bytes());
        }
        assert_eq!(table.len(), 5);
    }

    #[test]
    fn identifiers_of_one_length_and_of_many_keep_their_bytes() {
        let mut table = PersonTable::default();
        let ids = ["0123456789AB", "0123456789AC", "1123456789AB", "", "short", "0123456789AD"];
        for round in 0..2 {
            for (n, id) in (0u32..).zip(ids) {
                let tag = PersonKey::of(id.as_bytes()).tag();
                assert_eq!(table.number(id.as_bytes(), tag), n, "{id} in round {round}");
            }
        }
        assert!((0u32..).zip(ids).all(|(n, id)| table.id(n) == id.as_bytes()));
    }

    #[test]
    fn identifiers_with_one_hash_stay_two_people() {
        let mut table = PersonTable::default();
        let tag = 7;
        assert_ne!(table.number(b"a", tag), table.number(b"b", tag));
        assert_eq!(table.number(b"a", tag), 0);
        let mut numbers = Vec::new();
        let ids: [&[u8]; 4] = [b"b", b"c", b"a", b"c"];
        table.numbers(ids.into_iter().map(|id| (id, tag)), &mut numbers);
        assert_eq!(numbers, [1, 2, 0, 2]);
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
