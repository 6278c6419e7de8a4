//! What is known of every submission of a council before any of its rows is used.
//!
//! Reading threads number submissions and tally their rows; the rules that choose between
//! submissions (`cld-preparation.md` P-01 to P-06) look at the tallies only.

use crate::codes::cld::Raw;
use crate::day::{Day, OptDay, Period};
use crate::instant::Instant;
use crate::records::cld::CldRow;
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// What identifies a submission (`cld-preparation.md` section 2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SubmissionKey {
    /// Council: number in `Texts::la` of `LA_Code`.
    pub la: u16,
    /// Council: number in `Texts::la_name` of `LA_Name`, or of the code where the file has no name.
    pub la_name: u16,
    /// Time of import.
    pub import: Instant,
}

/// Counts over the rows of one submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Smallest stated start of the reporting period.
    pub stated_start: OptDay,
    /// Largest stated end of the reporting period.
    pub stated_end: OptDay,
    /// Distinct stated periods.
    pub stated: BTreeSet<(OptDay, OptDay)>,
    /// Rows by the first day of the month of the end as submitted (none when it is missing) and the
    /// raw event type.
    pub ends: BTreeMap<(OptDay, u16), u64>,
}

impl Tally {
    /// Counts a row.
    pub fn add(&mut self, end_month: OptDay, event_type: Raw, stated: (OptDay, OptDay)) {
        self.rows += 1;
        self.widen(stated);
        if !self.stated.contains(&stated) {
            self.stated.insert(stated);
        }
        *self.ends.entry((end_month, event_type.0)).or_default() += 1;
    }

    /// Adds the counts of other rows of the same submission.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.widen((other.stated_start, other.stated_end));
        self.stated.extend(&other.stated);
        for (&key, &rows) in &other.ends {
            *self.ends.entry(key).or_default() += rows;
        }
    }

    fn widen(&mut self, (start, end): (OptDay, OptDay)) {
        if let Some(start) = start.get() {
            self.stated_start = self.stated_start.get().map_or(start, |s: Day| s.min(start)).into();
        }
        self.stated_end = self.stated_end.max(end); // a missing day sorts first
    }
}

/// Every submission met so far, numbered from 0, with its tally.
#[derive(Debug, Default)]
pub struct Submissions {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    numbers: HashMap<SubmissionKey, u16>,
    list: Vec<(SubmissionKey, Tally)>,
    /// Reference periods of prepared tables.
    prepared: Vec<Period>,
}

impl Submissions {
    /// The number of a submission, which is added when new; `None` beyond 65,000 submissions.
    pub fn number(&self, key: SubmissionKey) -> Option<u16> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = inner.numbers.get(&key) {
            return Some(number);
        }
        let number =
            u16::try_from(inner.list.len()).ok().filter(|&n| n < CldRow::FIRST_PREPARED)?;
        inner.list.push((key, Tally::default()));
        inner.numbers.insert(key, number);
        Some(number)
    }

    /// The number of prepared rows with a reference period, which is added when new;
    /// [`CldRow::PREPARED`], which has none, beyond 535 distinct periods.
    pub fn of_prepared(&self, period: Period) -> u16 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let known = inner.prepared.iter().position(|&known| known == period);
        let place = known.unwrap_or(inner.prepared.len());
        let number = u16::try_from(place).ok().and_then(|n| CldRow::FIRST_PREPARED.checked_add(n));
        let Some(number) = number.filter(|&number| number < CldRow::PREPARED) else {
            return CldRow::PREPARED;
        };
        if known.is_none() {
            inner.prepared.push(period);
        }
        number
    }

    /// Reference periods of prepared tables, by submission number from [`CldRow::FIRST_PREPARED`].
    #[must_use]
    pub fn prepared(&self) -> Vec<Period> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).prepared.clone()
    }

    /// Adds counts to a submission that [`Submissions::number`] numbered.
    pub fn merge(&self, number: u16, tally: &Tally) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, total)) = inner.list.get_mut(usize::from(number)) {
            total.merge(tally);
        }
    }

    /// All submissions by number.
    #[must_use]
    pub fn list(&self) -> Vec<(SubmissionKey, Tally)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).list.clone()
    }
}
