//! Short codes: the text of a hospital code in two bytes.

use std::fmt;

/// A code of up to three ASCII letters or digits, folded to upper case, packed so that the numeric
/// order is the order of the texts. `Code::NONE` (zero) is a missing value; a text that cannot be
/// packed is [`Code::UNKNOWN`], which is a value, not a missing one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Code(u16);

const BASE: u16 = 37;

impl Code {
    /// No value.
    pub const NONE: Self = Self(0);
    /// A value that is not a code of up to three letters and digits.
    pub const UNKNOWN: Self = Self(u16::MAX);

    /// Packs a code. Blanks around it are ignored; empty text is [`Code::NONE`].
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self::from_bytes(text.as_bytes())
    }

    /// Packs a code given as bytes.
    #[must_use]
    pub const fn from_bytes(text: &[u8]) -> Self {
        let text = text.trim_ascii();
        if text.len() > 3 {
            return Self::UNKNOWN;
        }
        let mut packed = 0u16;
        let mut i = 0;
        while i < 3 {
            let digit = if i < text.len() {
                match text[i] {
                    c @ b'0'..=b'9' => (c - b'0') as u16 + 1,
                    c @ b'A'..=b'Z' => (c - b'A') as u16 + 11,
                    c @ b'a'..=b'z' => (c - b'a') as u16 + 11,
                    _ => return Self::UNKNOWN,
                }
            } else {
                0
            };
            packed = packed * BASE + digit;
            i += 1;
        }
        Self(packed)
    }

    /// Whether there is a value.
    #[must_use]
    #[inline]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// Whether there is no value.
    #[must_use]
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether the code begins with `first` (an upper-case letter or digit).
    #[must_use]
    pub const fn starts_with(self, first: u8) -> bool {
        if self.0 == u16::MAX {
            return false;
        }
        let digit = match first {
            b'0'..=b'9' => (first - b'0') as u16 + 1,
            _ => (first - b'A') as u16 + 11,
        };
        self.0 / (BASE * BASE) == digit
    }

    /// The text: empty for no value, `?` for [`Code::UNKNOWN`].
    #[must_use]
    pub fn text(self) -> String {
        self.to_string()
    }

    #[inline]
    const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::UNKNOWN {
            return f.write_str("?");
        }
        for digit in [self.0 / (BASE * BASE), self.0 / BASE % BASE, self.0 % BASE] {
            match digit {
                0 => break,
                1..=10 => write!(f, "{}", digit - 1)?,
                _ => write!(f, "{}", char::from(b'A' + (digit - 11) as u8))?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A set of codes, tested in one memory read.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeSet {
    bits: Box<[u64; 1024]>,
}

impl CodeSet {
    /// The set of these codes.
    #[must_use]
    pub fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        codes.into_iter().map(Code::new).collect()
    }

    /// Whether the code is in the set. No value is never in a set (three-valued logic, C3).
    #[must_use]
    #[inline]
    pub fn contains(&self, code: Code) -> bool {
        code.is_some() && self.bits[code.index() / 64] >> (code.index() % 64) & 1 == 1
    }

    /// The codes in the set, in text order.
    pub fn iter(&self) -> impl Iterator<Item = Code> + '_ {
        (1..=u16::MAX).map(Code).filter(|code| self.contains(*code))
    }
}

impl FromIterator<Code> for CodeSet {
    fn from_iter<T: IntoIterator<Item = Code>>(codes: T) -> Self {
        let mut bits = Box::new([0u64; 1024]);
        for code in codes {
            bits[code.index() / 64] |= 1 << (code.index() % 64);
        }
        Self { bits }
    }
}

impl fmt::Debug for CodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<'de> serde::Deserialize<'de> for CodeSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        Ok(Self::new(texts.iter().map(String::as_str)))
    }
}

impl serde::Serialize for CodeSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Code::text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_text_and_order() {
        for text in ["1", "01", "2B", "99", "A", "RDA", "715", "0", ""] {
            assert_eq!(Code::new(text).text(), text);
        }
        assert!(Code::new("2A") < Code::new("2B") && Code::new("28") < Code::new("2A"));
        assert!(Code::new("1") < Code::new("11"));
        assert_eq!(Code::new(" 2b "), Code::new("2B"));
        assert_ne!(Code::new("1"), Code::new("01"));
        assert_eq!(Code::new("12345"), Code::UNKNOWN);
        assert_eq!(Code::new("-"), Code::UNKNOWN);
        assert!(Code::new("715").starts_with(b'7') && !Code::new("175").starts_with(b'7'));
    }

    #[test]
    fn a_missing_code_is_in_no_set() {
        let set = CodeSet::new(["51", "52"]);
        assert!(set.contains(Code::new("51")));
        assert!(!set.contains(Code::NONE) && !set.contains(Code::UNKNOWN));
        assert_eq!(set.iter().map(Code::text).collect::<Vec<_>>(), ["51", "52"]);
    }
}
