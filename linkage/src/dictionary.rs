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
