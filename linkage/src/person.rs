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
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl PersonTable {
    /// The number of an identifier, which is added when new. `tag` is that of its key.
    #[inline]
    pub fn number(&mut self, id: &[u8], tag: u32) -> u32 {
        let Self { numbers, ends, bytes } = self;
        let is_theirs = |&(other, n): &(u32, u32)| other == tag && text(ends, bytes, n) == id;
        if let Some(&(_, n)) = numbers.find(spread(tag), is_theirs) {
            return n;
        }
        let n = ends.len() as u32;
        // people are many and memory is short: room for some more, not for as many again
        if bytes.capacity() - bytes.len() < id.len() {
            bytes.reserve_exact((bytes.len() / 4).max(32 << 10) + id.len());
        }
        bytes.extend_from_slice(id);
        ends.push(bytes.len() as u32);
        numbers.insert_unique(spread(tag), (tag, n), |&(tag, _)| spread(tag));
        n
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
            if *number == NEW || text(&self.ends, &self.bytes, *number) != id {
                *number = self.number(id, tag);
            }
        }
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The identifier of a person: personal data, for record-level output of the secure side only.
    #[must_use]
    pub fn id(&self, number: u32) -> &[u8] {
        text(&self.ends, &self.bytes, number)
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

fn text<'a>(ends: &[u32], bytes: &'a [u8], number: u32) -> &'a [u8] {
    let n = number as usize;
    let start = if n == 0 { 0 } else { ends[n - 1] as usize };
    &bytes[start..ends[n] as usize]
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
