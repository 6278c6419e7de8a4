//! Short makers of people with hospital stays and care records together, linked by the real timeline
//! rules.

use crate::frame::Frame;
use crate::measures::care_fixture::{self, NORTHTON};
use crate::measures::fixture::{Maker, cips_of, day, spell};
use crate::measures::lined_fixture::draw_line;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::day::{OptDay, Period};
use throughcare_linkage::hospital::stay::{Cips, Spell};
use throughcare_linkage::timeline::settings::TimelineSettings;

/// Days that all care records and hospital records of the fixture cover, both included.
pub fn covered() -> Period {
    care_fixture::period("2023-04-01", "2025-12-31")
}

/// A frame in which Northton covers [`covered`], and hospital data end with it.
pub fn frame(periods: &[Period]) -> Frame {
    let mut frame = care_fixture::frame(periods);
    frame.joined = Some(covered());
    frame.coverage = vec![Vec::new(); frame.la_codes.len()];
    frame.coverage[usize::from(NORTHTON)] = vec![covered()];
    frame.sus_start = covered().start;
    frame.sus_end = covered().end.plus(1);
    frame
}

/// A stay of one spell.
pub fn stay(admission: &str, discharge: &str) -> Spell {
    spell(admission, discharge)
}

/// A person with these stays, each a CIPS of its own in the order given, and these care events, dead from
/// a day on or alive (`-`).
pub fn person(stays: &[Spell], events: &[CareEvent], death: &str) -> Maker {
    let mut maker = care_fixture::someone(events);
    let numbered = (0u32..).zip(stays);
    maker.spells = numbered.map(|(n, spell)| Spell { cips: n, ..*spell }).collect();
    maker.cips = (0u32..)
        .zip(&maker.spells)
        .map(|(n, spell)| Cips { first_spell: n, last_spell: n, ..cips_of(spell) })
        .collect();
    maker.death.chosen = if death == "-" { OptDay::NONE } else { day(death).into() };
    link(&mut maker);
    maker
}

/// Builds line and intervals of a person anew.
pub fn link(maker: &mut Maker) {
    let window = covered().start..covered().end.plus(1);
    draw_line(maker, &TimelineSettings::default(), window, frame(&[]).coverage);
}
