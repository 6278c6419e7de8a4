//! What sections 14 and 15 share: the five types of record, the ranks of outcomes, the outcome that
//! decides a chain without a service.

use super::labels::{Label, outcome};
use super::onward::Onward;
use super::row::Row;

/// Type of record: why a request or an episode has its sequel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum RecordType {
    /// No onward events.
    NoOnward = 1,
    /// A service in the chain.
    Service = 2,
    /// No service; the outcome of another event.
    Outcome = 3,
    /// No service and no usable outcome.
    Neither = 4,
    /// Onward events, none in scope.
    OutOfScope = 5,
}

/// The rank of an outcome that is not in the hierarchy.
pub const UNRANKED: u8 = 99;

/// The rank of an outcome in NHS England's hierarchy (`cld-fields.md` 4.11). Three labels are misspelt
/// there, so that as published they have no rank.
#[must_use]
pub fn rank(outcome: Label, as_published: bool) -> u8 {
    let misspelt = [outcome::NHS_FUNDED, outcome::ENDED_OTHER, outcome::NO_SERVICES];
    if as_published && misspelt.contains(&outcome) {
        return UNRANKED;
    }
    match outcome::LIST.level(outcome) {
        0 => UNRANKED,
        rank => rank,
    }
}

/// What an onward chain without a service came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// One row with a usable outcome ends last.
    One(Label),
    /// Several different rows do.
    Several,
}

/// The usable outcome of the latest-ending row that is no service; rows without an end are not looked
/// at, and rows that say the same of the same days are one.
pub fn last_outcome(chain: &[Row], usable: impl Fn(Label) -> bool) -> Option<Last> {
    let usable = || chain.iter().filter(|row| !row.is_service() && usable(row.outcome));
    let latest = usable().filter_map(|row| row.end.get()).max()?;
    let mut last = usable().filter(|row| row.end == latest.into());
    let first = last.next()?;
    let same = |row: &Row| {
        (row.event_type, row.start, row.outcome) == (first.event_type, first.start, first.outcome)
    };
    Some(if last.all(same) { Last::One(first.outcome) } else { Last::Several })
}

/// The type of record of a cluster whose chain is known.
#[must_use]
pub fn record_type(onward: Onward, service: bool, last: Option<Last>) -> RecordType {
    match onward {
        Onward::None => RecordType::NoOnward,
        Onward::OutOfScope => RecordType::OutOfScope,
        Onward::InScope if service => RecordType::Service,
        Onward::InScope if last.is_some() => RecordType::Outcome,
        Onward::InScope => RecordType::Neither,
    }
}
