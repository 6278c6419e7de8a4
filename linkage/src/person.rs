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
}

/// The people of one partition: identifiers to dense numbers from 0.
#[derive(Debug, Default)]
pub struct PersonTable {
    numbers: HashTable<u32>,
    keys: Vec<PersonKey>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl PersonTable {
    /// The number of an identifier, which is added when new. `key` is the identifier's key.
    #[inline]
    pub fn number(&mut self, id: &[u8], key: PersonKey) -> u32 {
        let Self { numbers, keys, ends, bytes } = self;
        // the high bits chose the partition, so the low ones are still free to spread
        let hash = |key: PersonKey| key.0 as u64;
        let text = |n: u32| {
            let start = if n == 0 { 0 } else { ends[n as usize - 1] as usize };
            &bytes[start..ends[n as usize] as usize]
        };
        if let Some(&n) = numbers.find(hash(key), |&n| keys[n as usize] == key && text(n) == id) {
            return n;
        }
        let n = keys.len() as u32;
        keys.push(key);
        bytes.extend_from_slice(id);
        ends.push(bytes.len() as u32);
        let keys = &*keys;
        numbers.insert_unique(hash(key), n, |&n| hash(keys[n as usize]));
        n
    }

    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The identifier of a person: personal data, for record-level output of the secure side only.
    #[must_use]
    pub fn id(&self, number: u32) -> &[u8] {
        let n = number as usize;
        let start = if n == 0 { 0 } else { self.ends[n - 1] as usize };
        &self.bytes[start..self.ends[n] as usize]
    }

    /// The key of a person.
    #[must_use]
    pub fn key(&self, number: u32) -> PersonKey {
        self.keys[number as usize]
    }

    /// People in the order of their keys: the same for every order of input rows.
    #[must_use]
    pub fn in_key_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.keys.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| (self.key(a), self.id(a)).cmp(&(self.key(b), self.id(b))));
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_one_number_each_and_keep_their_bytes() {
        let mut table = PersonTable::default();
        for id in ["A", "NA", "null", "0123", "A", "123"] {
            let key = PersonKey::of(id.as_bytes());
            let n = table.number(id.as_bytes(), key);
            assert_eq!(table.id(n), id.as_bytes());
        }
        assert_eq!(table.len(), 5);
    }

    #[test]
    fn identifiers_with_one_hash_stay_two_people() {
        let mut table = PersonTable::default();
        let key = PersonKey(7);
        assert_ne!(table.number(b"a", key), table.number(b"b", key));
        assert_eq!(table.number(b"a", key), 0);
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
