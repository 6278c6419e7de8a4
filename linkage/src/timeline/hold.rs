//! Services that a hospital stay split in two (`journey-states.md` section 6, X-14).

use super::interval::Interval;
use super::settings::TimelineSettings;
use super::state::State;
use crate::hospital::stay::{Cips, StayFlags};

/// When a service is held over a hospital stay.
#[derive(Clone, Copy, Debug)]
pub struct HoldRules {
    hold_days: i32,
    restart_days: i32,
}

impl HoldRules {
    /// The rules of a study.
    #[must_use]
    pub const fn new(settings: &TimelineSettings) -> Self {
        Self { hold_days: settings.hold_days, restart_days: settings.restart_days }
    }

    /// Joins neighbouring care intervals of one state (ST-Max: and one council) across a stay of 1 to
    /// `hold_days` nights: the first ends, by its last day, within `[admission - 1, discharge]`, and
    /// the next starts at most `restart_days` after the discharge. A joined interval may be joined
    /// again. Returns the number of joins.
    ///
    /// `intervals` are in order of their starts, and two of one state do not touch.
    pub fn join(&self, intervals: &mut Vec<Interval>, stays: &[Cips]) -> u64 {
        if self.hold_days == 0 || intervals.len() < 2 || stays.is_empty() {
            return 0;
        }
        let mut joins = 0;
        let mut n = 0;
        while let Some(&first) = intervals.get(n) {
            let after = intervals.iter().enumerate().skip(n + 1);
            let next = after.map(|(m, next)| (m, *next)).find(|(_, next)| {
                next.state == first.state && (first.state != State::StMax || next.la == first.la)
            });
            match next {
                Some((m, next)) if self.is_held(&first, &next, stays) => {
                    intervals.remove(m);
                    if let Some(first) = intervals.get_mut(n) {
                        first.end = first.end.max(next.end);
                        first.held = true;
                        if first.la == 0 {
                            // begun by an event of a log
                            first.la = next.la;
                        }
                    }
                    joins += 1;
                }
                _ => n += 1,
            }
        }
        joins
    }

    fn is_held(&self, first: &Interval, next: &Interval, stays: &[Cips]) -> bool {
        let last_day = first.end.plus(-1);
        stays.iter().any(|stay| {
            (1..=self.hold_days).contains(&stay.nights())
                && is_of_line(stay)
                && last_day >= stay.admission.plus(-1)
                && last_day <= stay.discharge
                && next.start.since(stay.discharge) <= self.restart_days
        })
    }
}

/// Whether a stay may be a state: neither a day case nor inside another provider's stay.
pub(crate) fn is_of_line(stay: &Cips) -> bool {
    let inner = stay.spells <= 1 && stay.flags.has(StayFlags::INNER);
    !stay.day_case && !inner
}
