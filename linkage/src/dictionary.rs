//! Texts kept once: provider codes, areas, raw values.

use hashbrown::HashMap;
use std::sync::{PoisonError, RwLock};

/// A growing list of distinct texts shared by all reading threads; each has a number from 0.
///
/// Numbers depend on which thread met a text first: never order or print by them, always by the
/// text.
#[derive(Debug, Default)]
pub struct Dictionary {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Dictionary {
    /// The number of a text, which is added when new.
    pub fn intern(&self, text: &str) -> u32 {
        if let Some(&number) =
            self.inner.read().unwrap_or_else(PoisonError::into_inner).numbers.get(text)
        {
            return number;
        }
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = inner.numbers.get(text) {
            return number;
        }
        let number = inner.texts.len() as u32;
        inner.texts.push(text.into());
        inner.numbers.insert(text.into(), number);
        number
    }

    /// Numbers the texts in the order of their bytes, once all are there, and gives the new number of
    /// each old one. Texts beyond those that 16 bits can number, which nothing refers to, are dropped.
    pub fn sort(&mut self) -> Vec<u16> {
        let inner = self.inner.get_mut().unwrap_or_else(PoisonError::into_inner);
        inner.texts.truncate(usize::from(u16::MAX) + 1);
        let mut order: Vec<(Box<str>, usize)> = inner.texts.drain(..).zip(0..).collect();
        order.sort_unstable();
        let mut numbers = vec![0; order.len()];
        inner.numbers.clear();
        for (new, (text, old)) in (0u16..=u16::MAX).zip(order) {
            if let Some(number) = numbers.get_mut(old) {
                *number = new;
            }
            inner.numbers.insert(text.clone(), u32::from(new));
            inner.texts.push(text);
        }
        numbers
    }

    /// How many distinct texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).texts.len()
    }

    /// Whether there is no text yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts by number, for use once reading is over.
    #[must_use]
    pub fn texts(&self) -> Vec<Box<str>> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }

    /// The number of a text, if it was met.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<u32> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).numbers.get(text).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_texts_are_numbered_by_their_bytes() {
        let mut dictionary = Dictionary::default();
        for text in ["", "J44", "E119", "I10"] {
            dictionary.intern(text);
        }
        assert_eq!(dictionary.sort(), [0, 3, 1, 2]);
        assert_eq!(dictionary.texts().join(" "), " E119 I10 J44");
        assert_eq!((dictionary.find("J44"), dictionary.intern("E119")), (Some(3), 1));
        for number in 0..70_000 {
            dictionary.intern(&format!("Z{number:05}"));
        }
        let numbers = dictionary.sort();
        assert_eq!((numbers.len(), dictionary.len()), (65_536, 65_536));
        assert!(numbers.is_sorted() && dictionary.find("Z69999").is_none());
    }
}
