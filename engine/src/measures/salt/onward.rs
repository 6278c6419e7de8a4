//! What followed a cluster: the chain of onward events (section 14 steps 6 and 7, section 15 step 3).

use super::labels::Label;
use super::row::Row;
use super::sequel;
use throughcare_linkage::day::Day;

/// A cluster of one council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Smallest start.
    pub start: Day,
    /// Latest end.
    pub end: Day,
}

/// How an onward chain is made.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    /// The first event starts at most this many days after the cluster ends.
    pub window_days: i32,
    /// A later one starts at most this many days after the previous one ends.
    pub gap_days: i32,
    /// Whether an event is of the kind that makes clusters: such an event ends the chain, and is no
    /// onward event when it starts with the cluster or ends with it.
    pub makes_clusters: fn(&Row) -> bool,
    /// Events are numbered before those of the cluster itself are taken out (section 14, point a).
    pub as_published: bool,
}

/// What followed a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onward {
    /// No event at all.
    None,
    /// Events, but none in scope.
    OutOfScope,
    /// Events in scope.
    InScope,
}

/// What [`order`] compares.
pub type Order = (Day, Day, u8, Label, Label, u8);

/// The order of the rows of a council: start, then end, open last (section 14, point f). Among rows of
/// the same days, which decide something only where the end lies before the start, the kinds that end a
/// chain come first: requests, then ST-Max; then service type, event type and the better outcome.
#[must_use]
pub fn order(row: &Row) -> Order {
    let kind = match row {
        _ if row.is_request() => 0,
        _ if row.is_st_max() => 1,
        _ => 2,
    };
    let outcome = sequel::rank(row.outcome, false);
    (row.start, row.end.or(Day(i32::MAX)), kind, row.service_type, row.event_type, outcome)
}

/// The rows of a council among those of a person, which are in the order of councils.
#[must_use]
pub fn council(rows: &[Row], la: u16) -> &[Row] {
    let from = rows.partition_point(|row| row.la < la);
    let to = rows.partition_point(|row| row.la <= la);
    rows.get(from..to).unwrap_or(&[])
}

impl Chain {
    /// Fills `chain` with the onward events in scope. `rows` are all of the council, by [`order`].
    pub fn follow(&self, rows: &[Row], cluster: Cluster, chain: &mut Vec<Row>) -> Onward {
        chain.clear();
        let from = rows.partition_point(|row| row.start < cluster.end);
        let after = rows.get(from..).unwrap_or(&[]);
        let Some(first_start) = after.first().map(|row| row.start) else { return Onward::None };
        let is_own = |row: &Row| {
            (self.makes_clusters)(row)
                && (row.start == cluster.start || row.end == cluster.end.into())
        };
        let mut onward = Onward::None;
        let mut previous: Option<Row> = None;
        let mut open = false;
        for row in after.iter().filter(|row| !is_own(row)) {
            let broken = match previous {
                None => {
                    onward = Onward::OutOfScope;
                    let tested = !self.as_published || row.start == first_start;
                    tested && row.start.since(cluster.end) > self.window_days && row.end.is_some()
                }
                Some(previous) => {
                    let late = |end: Day| row.start.since(end) > self.gap_days;
                    !open && previous.end.get().is_some_and(late)
                }
            };
            if broken {
                break;
            }
            if (self.makes_clusters)(row) {
                chain.retain(|earlier| earlier.start < row.start);
                break;
            }
            chain.push(*row);
            open |= row.end.is_none();
            previous = Some(*row);
        }
        if chain.is_empty() { onward } else { Onward::InScope }
    }
}
