//! Lists of code prefixes: `I21 I252 C00-C26`, as the data files give them.

/// Prefixes and ranges of prefixes of one length. A code belongs to the list when it begins with one
/// of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefixes(Vec<(String, String)>);

impl Prefixes {
    /// The list that a text gives, its entries separated by blanks.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let entry = |entry: &str| {
            let (first, last) = entry.split_once('-').unwrap_or((entry, entry));
            (first.to_owned(), last.to_owned())
        };
        Self(text.split(' ').filter(|entry| !entry.is_empty()).map(entry).collect())
    }

    /// Whether there is no prefix.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a normalised code begins with any of them. A code shorter than a prefix does not.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|(first, last)| {
            code.get(..first.len()).is_some_and(|start| (&**first..=&**last).contains(&start))
        })
    }
}

/// The fields of each line of a data file after its heading. The files have no quoted fields.
pub(super) fn lines(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().skip(1).map(|line| line.split(',').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m19_first_characters_match_and_ranges_include_both_ends() {
        let list = Prefixes::new("I21 I252 I425-I429 C00-C26 A-C");
        for code in ["I21", "I219", "I252", "I425", "I4271", "I429", "B99", "C26", "C269"] {
            assert!(list.has(code), "{code}");
        }
        for code in ["I2", "I25", "I251", "I424", "I42", "D00", ""] {
            assert!(!list.has(code), "{code}");
        }
        assert!(Prefixes::new("").is_empty() && !Prefixes::new("").has("I21"));
        // the two ends of a range may begin with different letters
        assert!(Prefixes::new("S00-T98").has("T00") && !Prefixes::new("S00-T98").has("T99"));
    }
}
