//! Who is at risk of new care, and which start is the entry (M6): rules on the bridged care intervals of
//! one person.

use super::Settings;
use crate::follow_up::care_intervals;
use crate::stay::Stay;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// What is entered, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Item {
    /// A new package of long-term support in the community.
    Community,
    /// Long-term nursing or residential care.
    CareHome,
}

impl Item {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Community, Self::CareHome];

    /// What parts begin with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::CareHome => "care_home",
        }
    }

    const fn enters(self, state: State) -> bool {
        match self {
            Self::Community => matches!(state, State::Community),
            Self::CareHome => is_care_home(state),
        }
    }

    /// Why a discharge is not at risk, in words.
    pub(super) fn not_at_risk(self, settings: &Settings) -> String {
        match self {
            Self::Community => format!(
                "not at risk: long-term support on the day of admission or in the {} days before",
                settings.no_support_days
            ),
            Self::CareHome if settings.prison_is_care_home => {
                "not at risk: in nursing, residential care or prison on the day of admission".into()
            }
            Self::CareHome => {
                "not at risk: in nursing or residential care on the day of admission".into()
            }
        }
    }
}

const fn is_care_home(state: State) -> bool {
    matches!(state, State::Nursing | State::Residential)
}

/// Whether a state is long-term support.
pub(super) const fn is_long_term(state: State) -> bool {
    is_care_home(state) || matches!(state, State::Community | State::Prison)
}

/// Whether an interval runs on any day from `first` to `last`, both included.
pub(super) fn runs_in(interval: &Interval, first: Day, last: Day) -> bool {
    interval.start <= last && interval.end > first
}

/// Whether a person admitted on a day is at risk of an item.
#[must_use]
pub fn is_at_risk(item: Item, person: &Person<'_>, admission: Day, settings: &Settings) -> bool {
    let in_the_way = |interval: &Interval| match item {
        Item::Community => {
            let since = admission.plus(-settings.no_support_days);
            is_long_term(interval.state) && runs_in(interval, since, admission)
        }
        Item::CareHome => {
            let prison = settings.prison_is_care_home && interval.state == State::Prison;
            (is_care_home(interval.state) || prison) && runs_in(interval, admission, admission)
        }
    };
    !care_intervals(person).any(in_the_way)
}

/// A start of care after a discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Days from discharge; 0 for a start during the stay.
    pub days: i32,
    /// Which of the person's care intervals.
    pub interval: usize,
}

/// The first start of an item's care on or after the discharge, or during the stay when it still runs on
/// the day of discharge, within the longest window and before `until`.
#[must_use]
pub fn first_entry(
    item: Item,
    person: &Person<'_>,
    stay: &Stay,
    until: Day,
    settings: &Settings,
) -> Option<Entry> {
    let discharge = stay.discharge;
    let window = settings.windows(item).last().copied().unwrap_or(0);
    let entries = care_intervals(person).enumerate().filter_map(|(n, interval)| {
        let days = if interval.start >= discharge {
            interval.start.since(discharge)
        } else if settings.in_stay_counts
            && interval.start >= stay.admission
            && interval.end > discharge
        {
            0
        } else {
            return None;
        };
        let is_seen = days <= window && discharge.plus(days) < until;
        (item.enters(interval.state) && is_seen).then_some(Entry { days, interval: n })
    });
    entries.min_by_key(|entry| (entry.days, entry.interval))
}

/// Leaves each entry to the latest of the discharges that have it, the last given one of equal
/// days.
pub fn keep_latest<'a>(discharges: impl Iterator<Item = (Day, &'a mut Option<Entry>)>) {
    let mut discharges: Vec<_> = discharges.collect();
    discharges.sort_by_key(|(discharge, _)| *discharge);
    let mut taken = Vec::new();
    for (_, entry) in discharges.into_iter().rev() {
        if let Some(interval) = entry.map(|entry| entry.interval) {
            if taken.contains(&interval) {
                *entry = None;
            } else {
                taken.push(interval);
            }
        }
    }
}
