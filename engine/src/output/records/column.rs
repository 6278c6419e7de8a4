//! Columns of record-level tables: a slice of rows in, an Arrow array out.

use super::Names;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Int32Array, Int64Array, StringArray,
    TimestampMillisecondArray,
};
use hashbrown::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use throughcare_linkage::day::OptDay;
use throughcare_linkage::instant::Instant;

/// A column of a table with rows of type `R`.
pub(super) struct Column<R> {
    /// Its name.
    pub name: &'static str,
    /// What it says, for the field's metadata.
    pub what: &'static str,
    /// Its cells for some rows. The type of the array does not depend on the rows.
    pub cells: fn(&[R], &Names<'_>) -> ArrayRef,
}

impl<R> Column<R> {
    pub(super) const fn new(
        name: &'static str,
        what: &'static str,
        cells: fn(&[R], &Names<'_>) -> ArrayRef,
    ) -> Self {
        Self { name, what, cells }
    }
}

/// Texts that rows hold as small numbers, as a dictionary in the order in which the rows use them.
/// An empty text is no value.
pub(super) fn coded<R, K: Copy + Eq + Hash, T: AsRef<str>>(
    rows: &[R],
    key: impl Fn(&R) -> K,
    text: impl Fn(K) -> T,
) -> ArrayRef {
    let mut places: HashMap<K, Option<i32>> = HashMap::new();
    let mut texts: Vec<T> = Vec::new();
    let mut place = |key: K| {
        *places.entry(key).or_insert_with(|| {
            let text = text(key);
            if text.as_ref().is_empty() {
                return None;
            }
            texts.push(text);
            i32::try_from(texts.len() - 1).ok()
        })
    };
    let keys: Int32Array = rows.iter().map(|row| place(key(row))).collect();
    let texts = StringArray::from_iter_values(texts);
    // every key is the place of a text, so that nothing is left to check
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(texts)))
}

/// Days.
pub(super) fn dates<R>(rows: &[R], day: impl Fn(&R) -> OptDay) -> ArrayRef {
    let days = rows.iter().map(|row| day(row).get().map(|day| day.0));
    Arc::new(days.collect::<Date32Array>())
}

/// Moments, to the millisecond and without a time zone.
pub(super) fn moments<R>(rows: &[R], moment: impl Fn(&R) -> Option<Instant>) -> ArrayRef {
    let moments = rows.iter().map(|row| moment(row).map(|moment| moment.0));
    Arc::new(moments.collect::<TimestampMillisecondArray>())
}

/// Whole numbers.
pub(super) fn numbers<R>(rows: &[R], number: impl Fn(&R) -> Option<i32>) -> ArrayRef {
    Arc::new(rows.iter().map(number).collect::<Int32Array>())
}

/// Identifiers of records.
pub(super) fn keys<R>(rows: &[R], key: impl Fn(&R) -> Option<i64>) -> ArrayRef {
    Arc::new(rows.iter().map(key).collect::<Int64Array>())
}

/// Yes or no.
pub(super) fn flags<R>(rows: &[R], flag: impl Fn(&R) -> bool) -> ArrayRef {
    Arc::new(rows.iter().map(|row| Some(flag(row))).collect::<BooleanArray>())
}

/// The names of the bits that are set, in order, with `; ` between them.
pub(super) fn listed(names: impl Iterator<Item = (bool, &'static str)>) -> String {
    joined(names, "; ")
}

/// The names of the bits that are set, in order, with `between` between them.
pub(super) fn joined(names: impl Iterator<Item = (bool, &'static str)>, between: &str) -> String {
    let set: Vec<&str> = names.filter(|(is_set, _)| *is_set).map(|(_, name)| name).collect();
    set.join(between)
}
