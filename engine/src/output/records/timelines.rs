//! `timelines`: one row a visit.

use super::column::{Column, coded, dates, flags, joined, listed, numbers};
use super::file::Record;
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::timeline::state::{Line, LineFlags, State, Visit};

/// A visit, or the death that ends a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimelineRow {
    visit: Visit,
    /// Exclusive; none for death.
    end: OptDay,
    notes: LineFlags,
}

/// The rows of one line: its visits in time order, then its death.
pub(super) fn rows(line: &Line) -> impl Iterator<Item = TimelineRow> + '_ {
    let notes = line.flags;
    let visits = line.visits.iter();
    let visits = visits.map(move |&visit| TimelineRow { visit, end: visit.end.into(), notes });
    let death =
        line.death.get().map(|day| TimelineRow { visit: dead(day), end: OptDay::NONE, notes });
    visits.chain(death)
}

fn dead(day: Day) -> Visit {
    Visit {
        start: day,
        end: day,
        state: State::Dead,
        underlying: State::Dead,
        mask: State::Dead.bit(),
        id: u32::MAX,
        la: 0,
        truncated: false,
        censored: false,
        held: false,
    }
}

impl TimelineRow {
    /// Number of the stay among the person's, from 1.
    fn stay(&self) -> Option<i32> {
        let Visit { state, id, .. } = self.visit;
        if state.is_inpatient() && id != u32::MAX { i32::try_from(id + 1).ok() } else { None }
    }
}

impl Record for TimelineRow {
    const NAME: &'static str = "timelines";
    const NOTE: &'static str = "One row a visit: a stay of a person in one state, [start, end), the end not \
        included. Visits of a person follow each other without gaps; one of no days comes from the order \
        within a day. DEAD is the last row of a person who died, and has no end. People stand in the order \
        of a hash of their identifiers, their visits in time order.";

    fn columns() -> Vec<Column<Self>> {
        vec![
            Column::new("state", "State, by its code", |rows, _| {
                coded(rows, |row| row.visit.state, State::code)
            }),
            Column::new("start", "First day in the state", |rows, _| {
                dates(rows, |row| row.visit.start.into())
            }),
            Column::new("end", "First day no longer in the state; none for DEAD", |rows, _| {
                dates(rows, |row| row.end)
            }),
            Column::new(
                "underlying",
                "Best state outside hospital on the first day of the visit",
                |rows, _| {
                    let alive = |state| if state == State::Dead { "" } else { State::code(state) };
                    coded(rows, |row| row.visit.underlying, alive)
                },
            ),
            Column::new("active", "Every state active on some day of the visit", |rows, _| {
                let active = |mask| State::ALL.map(|s| (mask & s.bit() != 0, s.code()));
                coded(rows, |row| row.visit.mask, |mask| joined(active(mask).into_iter(), "+"))
            }),
            Column::new(
                "stay",
                "Hospital: number of the continuous inpatient spell in cips.parquet",
                |rows, _| numbers(rows, Self::stay),
            ),
            Column::new("la_code", "Council of the care record", |rows, names| {
                coded(rows, |row| row.visit.la, |la| names.la(la))
            }),
            Column::new("truncated", "The beginning was not seen", |rows, _| {
                flags(rows, |row| row.visit.truncated)
            }),
            Column::new(
                "censored",
                "The state still ran when the line, or the hospital data, ended; never set for DEAD",
                |rows, _| flags(rows, |row| row.visit.censored),
            ),
            Column::new(
                "held",
                "Two care records that a hospital stay had split were held together",
                |rows, _| flags(rows, |row| row.visit.held),
            ),
            Column::new("notes", "Notes on the whole line of the person", |rows, _| {
                coded(rows, |row| row.notes.0, |bits| listed(notes(LineFlags(bits))))
            }),
        ]
    }
}

fn notes(flags: LineFlags) -> impl Iterator<Item = (bool, &'static str)> {
    [
        (LineFlags::TAIL, "cut_at_death"),
        (LineFlags::POST_DEATH, "record_after_death"),
        (LineFlags::DEATH_CONFLICT, "death_conflict"),
        (LineFlags::DESTINATION_CONTRADICTION, "destination_contradiction"),
        (LineFlags::MULTI_LA, "several_councils"),
        (LineFlags::HOSPITAL_UNOBSERVED, "hospital_unobserved"),
        (LineFlags::REVIVED, "death_set_aside"),
    ]
    .into_iter()
    .map(move |(bit, name)| (flags.has(bit), name))
}
