//! Which main table a measure of care records counts.

use crate::frame::Frame;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Mode;
use throughcare_linkage::day::Period;
use throughcare_linkage::link::person::Person;

/// A main table and the days that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MainTable {
    mode: Mode,
    window: Option<Period>,
}

impl MainTable {
    /// The table asked for; else the single table, the published one, where it covers all of the
    /// periods, and the joined table where it does not.
    pub fn choose(wanted: Option<Mode>, periods: &[Period], frame: &Frame) -> Self {
        let single = Self { mode: Mode::Single, window: frame.single };
        let joined = Self { mode: Mode::Joined, window: frame.joined };
        match wanted {
            Some(Mode::Joined) => joined,
            None if !periods.iter().all(|&period| single.covers(period)) => joined,
            _ => single,
        }
    }

    /// Whether the table has every day of a period.
    pub fn covers(self, period: Period) -> bool {
        self.window.is_some_and(|own| own.start <= period.start && period.end <= own.end)
    }

    /// Whether there is such a table.
    pub const fn exists(self) -> bool {
        self.window.is_some()
    }

    /// The person's events in the table.
    #[inline]
    pub const fn events<'a>(self, person: &Person<'a>) -> &'a [CareEvent] {
        match self.mode {
            Mode::Single => person.single,
            Mode::Joined => person.joined,
        }
    }

    /// The name of the table.
    pub const fn name(self) -> &'static str {
        match self.mode {
            Mode::Single => "single",
            Mode::Joined => "joined",
        }
    }
}
