//! Who left at which time and how: the integers behind every estimate.

use std::collections::BTreeMap;

/// A time since the start, in whole units: days, or milliseconds of an event log.
pub type Time = i64;

/// Times from 0 to below this are counted in a plain array, the others in a sorted map.
const DENSE_TIMES: usize = 4096;

/// How one record leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// By the cause with this number, from 0.
    Event(u8),
    /// Last seen without any event; still at risk at that time.
    Censored,
}

/// Records by time and way of leaving. Adding and merging commute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskTable {
    causes: usize,
    // for each time: the causes, those censored, those who enter
    dense: Vec<i64>,
    sparse: BTreeMap<Time, Box<[i64]>>,
}

/// What happens at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtTime<'a> {
    /// The time.
    pub time: Time,
    /// Records at risk: those that leave at this time or later and entered before it.
    pub at_risk: i64,
    /// Events by cause.
    pub events: &'a [i64],
    /// Records last seen.
    pub censored: i64,
    /// Records that enter: at risk from the next time on.
    pub entered: i64,
}

impl AtTime<'_> {
    /// Events of all causes.
    #[must_use]
    pub fn all_events(&self) -> i64 {
        self.events.iter().sum()
    }

    /// Records at risk after this time.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.at_risk - self.all_events() - self.censored + self.entered
    }
}

impl RiskTable {
    /// No records, with this many causes.
    #[must_use]
    pub const fn new(causes: usize) -> Self {
        Self { causes, dense: Vec::new(), sparse: BTreeMap::new() }
    }

    /// Number of causes.
    #[must_use]
    pub const fn causes(&self) -> usize {
        self.causes
    }

    /// Counts records that are at risk from the start. A cause that the table does not have counts
    /// nothing.
    #[inline]
    pub fn add(&mut self, time: Time, exit: Exit, records: i64) {
        let slot = match exit {
            Exit::Event(cause) => usize::from(cause),
            Exit::Censored => self.causes,
        };
        if slot <= self.causes {
            self.count(time, slot, records);
        }
    }

    /// Counts records that come under observation only at `entry` and are at risk at later times
    /// (delayed entry). A record that leaves at its entry or before is never at risk: it is not
    /// counted, and the answer is `false`.
    pub fn add_late(&mut self, entry: Time, time: Time, exit: Exit, records: i64) -> bool {
        if entry >= time {
            return false;
        }
        self.add(time, exit, records);
        self.count(entry, self.causes + 1, records);
        true
    }

    #[inline]
    fn count(&mut self, time: Time, slot: usize, records: i64) {
        if records == 0 {
            return;
        }
        let slots = self.causes + 2;
        match usize::try_from(time) {
            Ok(time) if time < DENSE_TIMES => {
                let needed = (time + 1) * slots;
                if self.dense.len() < needed {
                    self.dense.resize(needed, 0);
                }
                self.dense[time * slots + slot] += records;
            }
            _ => {
                let counts = self.sparse.entry(time).or_insert_with(|| vec![0; slots].into());
                counts[slot] += records;
            }
        }
    }

    /// Adds the records of other people. Both tables have the same causes.
    pub fn merge(&mut self, other: &Self) {
        for (time, counts) in other.rows() {
            for (slot, &records) in counts.iter().enumerate().take(self.causes + 2) {
                self.count(time, slot, records);
            }
        }
    }

    /// Number of records.
    #[must_use]
    pub fn records(&self) -> i64 {
        self.rows().map(|(_, counts)| counts[..=self.causes].iter().sum::<i64>()).sum()
    }

    /// Number of events of each cause.
    #[must_use]
    pub fn events(&self) -> Vec<i64> {
        let mut events = vec![0; self.causes];
        for (_, counts) in self.rows() {
            for (sum, records) in events.iter_mut().zip(counts) {
                *sum += records;
            }
        }
        events
    }

    /// The table in which one cause is the only event and the others end observation: for what would
    /// be if nobody left by them (M8).
    #[must_use]
    pub fn of_cause(&self, cause: u8) -> Self {
        self.regrouped(1, |other| if other == cause { Exit::Event(0) } else { Exit::Censored })
    }

    /// The table with other causes: `exit` says what each old one becomes.
    #[must_use]
    pub fn regrouped(&self, causes: usize, exit: impl Fn(u8) -> Exit) -> Self {
        let mut table = Self::new(causes);
        for at in self.at_times() {
            for (cause, &records) in (0u8..).zip(at.events) {
                table.add(at.time, exit(cause), records);
            }
            table.add(at.time, Exit::Censored, at.censored);
            table.count(at.time, causes + 1, at.entered);
        }
        table
    }

    /// The times at which something happens, in order.
    pub fn at_times(&self) -> impl Iterator<Item = AtTime<'_>> {
        let entered: i64 = self.rows().map(|(_, counts)| counts[self.causes + 1]).sum();
        let mut at_risk = self.records() - entered;
        self.rows().map(move |(time, counts)| {
            let (events, others) = counts.split_at(self.causes);
            let at = AtTime { time, at_risk, events, censored: others[0], entered: others[1] };
            at_risk = at.left();
            at
        })
    }

    /// Times with records, in order, with the counts of each.
    fn rows(&self) -> impl Iterator<Item = (Time, &[i64])> {
        let negative = self.sparse.range(..0).map(|(&time, counts)| (time, &**counts));
        let dense = (0..).zip(self.dense.chunks_exact(self.causes + 2));
        let large = self.sparse.range(0..).map(|(&time, counts)| (time, &**counts));
        let is_used = |(_, counts): &(Time, &[i64])| counts.iter().any(|&records| records != 0);
        negative.chain(dense.filter(is_used)).chain(large)
    }
}
