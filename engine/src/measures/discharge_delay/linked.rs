//! The discharge-ready date beside care records (M3, linked extras): days to the first request,
//! assessment and service, and delays by discharge pathway.

use super::{DischargeDelay, delay_figures};
use crate::follow_up;
use crate::frame::Frame;
use crate::histogram::Histogram;
use crate::measures::discharge_pathway::Pathway;
use crate::measures::first_contact::is_of_carer;
use crate::measures::row_figures::RowFigures;
use crate::stay::Stay;
use crate::stratum::Dimension;
use crate::tally::{Cell, Row};
use throughcare_linkage::codes::cld::EventType;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// What the days run to, in the order of output.
const TARGETS: [&str; 3] = ["drd_to_request", "drd_to_assessment", "drd_to_service"];

/// An entry of the tally: three bits say what it is, the rest are days.
const ASSESSED: u64 = TARGETS.len() as u64;
const FIRST_PATHWAY: u64 = ASSESSED + 1;
const KIND_BITS: u32 = 3;
/// Added to signed days.
const OFFSET: i64 = 1 << 31;

const fn pack(kind: u64, days: i32) -> u64 {
    kind | ((days as i64 + OFFSET) as u64) << KIND_BITS
}

/// Discharges of one row.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    assessed: i64,
    days: [Histogram; TARGETS.len()],
    delays: [Histogram; 4],
}

impl Counts {
    pub(super) fn add(&mut self, value: u64, discharges: i64) {
        let kind = (value & ((1 << KIND_BITS) - 1)) as usize;
        let days = i32::try_from((value >> KIND_BITS) as i64 - OFFSET).unwrap_or(i32::MAX);
        if let Some(to) = self.days.get_mut(kind) {
            to.add(days, discharges);
        } else if let Some(delays) = self.delays.get_mut(kind.wrapping_sub(FIRST_PATHWAY as usize))
        {
            delays.add(days, discharges);
        } else {
            self.assessed += discharges;
        }
    }

    pub(super) fn figures(&self, row: Row, mut figures: RowFigures<'_>) {
        for (part, days) in TARGETS.iter().zip(&self.days) {
            let found = days.records();
            for (name, permille) in [("", 500), ("_p25", 250), ("_p75", 750)] {
                figures.statistic(&format!("{part}{name}"), "", days.quantile(permille), found);
            }
            figures.share(&format!("{part}_found"), "", found, self.assessed);
        }
        if row.dimension == Dimension::Total {
            for (pathway, delays) in Pathway::ALL.iter().zip(&self.delays) {
                delay_figures(&mut figures, &format!("pathway={}", pathway.name()), delays);
            }
        }
    }
}

impl DischargeDelay {
    /// Takes a discharge with a valid date into what is linked; how many of the filters it passes:
    /// linkable, followed.
    pub(super) fn add_linked(
        &mut self,
        cell: Cell,
        stay: &Stay,
        delay: i32,
        person: &Person<'_>,
        frame: &Frame,
    ) -> usize {
        if !person.linkable {
            return 0;
        }
        let pathway = self.rule.basis(stay, person, frame).pathway();
        if pathway.is_known() {
            self.linked.add(cell, pack(FIRST_PATHWAY + pathway as u64, delay));
        }
        let last = stay.discharge.plus(self.settings.linked_days);
        if follow_up::followed_until(person, frame, stay.discharge) <= last {
            return 1;
        }
        self.linked.add(cell, pack(ASSESSED, 0));
        let ready = stay.discharge.plus(-delay);
        for (kind, first) in (0..).zip(first_events(person, stay.admission, last)) {
            if let Some(first) = first {
                self.linked.add(cell, pack(kind, first.since(ready)));
            }
        }
        2
    }
}

/// The first request, assessment and start of bridged care from `first` to `last`, both included.
fn first_events(person: &Person<'_>, first: Day, last: Day) -> [Option<Day>; TARGETS.len()] {
    let is_within = |day: &Day| first <= *day && *day <= last;
    let event = |kind: EventType| {
        let events = person.joined.iter();
        let of_kind = events.filter(|event| event.event_type == kind && !is_of_carer(event));
        of_kind.map(|event| event.start).filter(is_within).min()
    };
    let care = follow_up::care_intervals(person).map(|interval| interval.start);
    [event(EventType::Request), event(EventType::Assessment), care.filter(is_within).min()]
}
