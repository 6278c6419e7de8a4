//! Measures of care records by further facts of the person, on request (`[measures] by`), in the same
//! pass over the data.
//!
//! A copy of the measure counts the people of each value of each wanted breakdown, next to the one that
//! counts everyone. Of a person of two councils whose details differ, each copy sees the events of its
//! council; ASCOF 2D alone looks across councils, so there the person is counted whole, by the value
//! that is shown first. The tables of SALT break themselves down: their rule N2 needs every row.

#[cfg(test)]
mod tests;

use super::Measure;
use super::breakdown::{Breakdown, Shown, last_day};
use crate::figure::Results;
use crate::frame::Frame;
use std::collections::BTreeMap;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// The measures that are broken down by copies, and [`ACROSS_COUNCILS`].
const MEASURES: [&str; 13] = [
    "activity",
    "lts_snapshot",
    "reviews",
    "costs",
    "ascof_2a",
    "ascof_2b",
    "ascof_2c",
    "ascof_2e",
    "ascof_3d",
    "waiting_times",
    "carers",
    "intensity",
    "care_market",
];

/// The measure that joins what several councils and hospitals say of a person. Client types, sexes and
/// age bands it has of its own, by hospital record.
const ACROSS_COUNCILS: &str = "ascof_2d";
const OF_ITS_OWN: [Breakdown; 3] = [Breakdown::ClientType, Breakdown::AgeBand, Breakdown::Sex];

/// A measure for everyone, and for the people of each value of each wanted breakdown.
#[derive(Clone, Debug)]
pub(super) struct BrokenDown<M> {
    whole: M,
    /// The measure before it has counted anybody; none where nothing is broken down.
    blank: Option<Box<M>>,
    by: Vec<(Breakdown, BTreeMap<u16, M>)>,
    /// The last day of the study's latest period.
    on: Day,
}

impl<M: Measure + Clone> BrokenDown<M> {
    /// The measure with the breakdowns that the study asks for. `whole` has counted nobody.
    pub(super) fn of(whole: M, frame: &Frame) -> Self {
        let mut asked = Breakdown::asked(frame);
        asked.retain(|breakdown| match M::NAME {
            ACROSS_COUNCILS => !OF_ITS_OWN.contains(breakdown),
            name => MEASURES.contains(&name),
        });
        let by: Vec<_> = asked.into_iter().map(|breakdown| (breakdown, BTreeMap::new())).collect();
        let on = last_day(frame);
        Self { blank: (!by.is_empty()).then(|| Box::new(whole.clone())), whole, by, on }
    }
}

impl<M: Measure + Clone> Measure for BrokenDown<M> {
    const NAME: &'static str = M::NAME;

    fn new(frame: &Frame) -> Self {
        Self::of(M::new(frame), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        self.whole.add(person, frame);
        let Some(blank) = &self.blank else { return };
        if !person.is_known() {
            return;
        }
        let mut councils: Vec<u16> =
            person.joined.iter().chain(person.single).map(|event| event.la).collect();
        councils.sort_unstable();
        councils.dedup();
        for (breakdown, copies) in &mut self.by {
            let value = |&la: &u16| (breakdown.value(la, person, self.on, frame), la);
            let mut values: Vec<(u16, u16)> = councils.iter().map(value).collect();
            if M::NAME == ACROSS_COUNCILS {
                let first = values.iter().min().map(|&(value, _)| value);
                let value =
                    first.unwrap_or_else(|| breakdown.value_in_hospital(person, self.on, frame));
                values = vec![(value, 0)];
            }
            values.sort_unstable();
            for same in values.chunk_by(|a, b| a.0 == b.0) {
                let Some(&(value, _)) = same.first() else { continue };
                let copy = copies.entry(value).or_insert_with(|| (**blank).clone());
                if same.len() == values.len() {
                    copy.add(person, frame);
                } else {
                    let of_councils = |events: &[CareEvent]| -> Vec<CareEvent> {
                        let here = |event: &&CareEvent| same.iter().any(|(_, la)| *la == event.la);
                        events.iter().filter(here).copied().collect()
                    };
                    let (joined, single) = (of_councils(person.joined), of_councils(person.single));
                    copy.add(&Person { joined: &joined, single: &single, ..*person }, frame);
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.whole.merge(other.whole);
        for ((_, mine), (_, theirs)) in self.by.iter_mut().zip(other.by) {
            for (value, copy) in theirs {
                match mine.remove(&value) {
                    None => drop(mine.insert(value, copy)),
                    Some(mut both) => {
                        both.merge(copy);
                        mine.insert(value, both);
                    }
                }
            }
        }
    }

    /// The figures of everyone; then by breakdown and value those of the copies, without attrition and
    /// curves. A breakdown that the measure shows itself is not repeated.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        let from = results.measures.len();
        self.whole.finish(frame, results);
        if self.by.is_empty() {
            return;
        }
        let shown = Shown::new(results.measures.get(from..).unwrap_or(&[]));
        for (breakdown, copies) in &self.by {
            for (&value, copy) in copies {
                let mut own = Results::default();
                copy.finish(frame, &mut own);
                shown.add((*breakdown, value), own.measures, frame, &mut results.measures);
            }
        }
    }
}
