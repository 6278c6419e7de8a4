//! Record keys: identifiers of rows and spells, which only have to be equal or ordered.

use std::num::NonZeroU64;
use xxhash_rust::xxh3::xxh3_64;

/// A record or spell identifier. Digits are kept as their number (up to 2^63 - 1) and sort before
/// every other text, which is kept as 63 bits of its hash: equal texts are equal keys, and the order
/// is the same for every order of rows, but it is not the alphabetical one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordKey(NonZeroU64);

const TEXT: u64 = 1 << 63;

impl RecordKey {
    /// The key of a text; `None` when it is blank.
    #[must_use]
    pub fn from_text(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return None;
        }
        let digits = text.len() <= 18 && text.iter().all(u8::is_ascii_digit);
        // a leading zero makes another identifier: 0123 is not 123
        if digits && (text[0] != b'0' || text.len() == 1) {
            let number = text.iter().fold(0u64, |n, c| n * 10 + u64::from(c - b'0'));
            return Some(Self::from_number(number));
        }
        NonZeroU64::new(xxh3_64(text) | TEXT).map(Self)
    }

    /// The key of a number below 2^63 - 1.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        match NonZeroU64::new((number & !TEXT) + 1) {
            Some(key) => Self(key),
            None => Self(NonZeroU64::MIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_numbers_and_before_texts() {
        let key = |text: &str| RecordKey::from_text(text.as_bytes());
        assert!(key("9") < key("10") && key("10") < key("a"));
        assert_eq!(key(" 12 "), key("12"));
        assert_ne!(key("012"), key("12"));
        assert_eq!(key("  "), None);
    }
}
