//! Steps 1 to 4: the rows of a person that count, and the reablement episodes that ST-Max services
//! make.

use super::outcome;
use super::{Filter, Scratch};
use crate::frame::Frame;
use std::cmp::Reverse;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, EventType, Outcome, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END};
use throughcare_linkage::link::person::Person;

/// An ST-Max service in the order in which services make episodes: council, start, end, rank of the
/// outcome, then the larger record id first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    la: u16,
    start: Day,
    end: Day,
    rank: u16,
    record_id: Reverse<u64>,
    outcome: Outcome,
}

/// Reablement of one person in one council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Episode {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    /// First day.
    pub start: Day,
    /// Last day, included; [`OPEN_END`] when open.
    pub end: Day,
    /// Outcome of the service that ends last: of these the best rank, then the largest record id.
    pub outcome: Outcome,
    /// ST-Max services in it.
    pub services: i64,
    /// What decides whose outcome it is: end, rank, record id.
    last: (Day, Reverse<u16>, u64),
}

/// Whether a row is in the build: of a service user, and not ended before it started.
#[inline]
pub(super) fn is_in_build(event: &CareEvent) -> bool {
    event.client_type == ClientType::ServiceUser && !event.is_reversed()
}

/// Whether a row in the build is an ST-Max service, whatever its component.
#[inline]
pub(super) fn is_st_max(person: &Person<'_>, event: &CareEvent, frame: &Frame) -> bool {
    event.service_type == ServiceType::StMax
        && frame.exact_event_type(person, event) == EventType::Service
}

/// Fills `scratch` with the episodes of a person, and with the number of events that make none.
pub(super) fn find(person: &Person<'_>, frame: &Frame, gap_days: i32, scratch: &mut Scratch) {
    let Scratch { rows, episodes, fallen } = scratch;
    rows.clear();
    *fallen = Default::default();
    for event in person.joined {
        let filter = if event.client_type != ClientType::ServiceUser {
            Filter::ServiceUser
        } else if event.is_reversed() {
            Filter::NotReversed
        } else if !is_st_max(person, event, frame) {
            Filter::StMax
        } else {
            rows.push(Row {
                la: event.la,
                start: event.start,
                end: event.end.or(OPEN_END),
                rank: outcome::rank(event.outcome),
                record_id: Reverse(event.record_id),
                outcome: event.outcome,
            });
            continue;
        };
        fallen[filter as usize] += 1;
    }
    join(rows, gap_days, episodes);
}

/// Joins rows of one council whose start is at most `gap_days` after the latest end of all earlier
/// rows.
fn join(rows: &mut [Row], gap_days: i32, episodes: &mut Vec<Episode>) {
    episodes.clear();
    rows.sort_unstable();
    for row in &*rows {
        let last = (row.end, Reverse(row.rank), row.record_id.0);
        match episodes.last_mut() {
            Some(episode) if episode.la == row.la && row.start.since(episode.end) <= gap_days => {
                episode.end = episode.end.max(row.end);
                episode.services += 1;
                if last > episode.last {
                    (episode.last, episode.outcome) = (last, row.outcome);
                }
            }
            _ => episodes.push(Episode {
                la: row.la,
                start: row.start,
                end: row.end,
                outcome: row.outcome,
                services: 1,
                last,
            }),
        }
    }
}
