//! Curves of new care after discharge, with death competing and, where the settings say so, emergency
//! readmission (M6, M9). Every at-risk discharge counts.

use super::{Item, NewCare};
use crate::figure::{Results, Unit};
use crate::follow_up::{Ending, Endings};
use crate::measures::Measure;
use crate::measures::time_to::curves::Naming;
use crate::survival::{Exit, RiskTable};

impl NewCare {
    /// Adds the curves of both items: the stratum begins with `package=community` or
    /// `package=care_home`; the event is the item, `death` or `readmission`. England has every day up to
    /// the longest window, regions and councils the windows.
    pub(super) fn curves(&self, results: &mut Results) {
        for item in Item::ALL {
            let horizons = self.settings.windows(item);
            let Some(&horizon) = horizons.last() else { continue };
            let events = [item.name(), "death", "readmission"];
            let causes = if self.settings.readmission_competes { 3 } else { 2 };
            let naming = Naming {
                name: Self::NAME,
                of: &format!("package={}", item.name()),
                figures: Self::NAME,
                unit: Unit::Discharges,
                events: &events[..causes],
                periods: &self.periods,
                dimensions: &self.dimensions,
                horizons,
                horizon,
            };
            let rows = self.endings(item).into_iter();
            let rows = rows.map(|(row, endings)| (row, risk_table(&endings, causes))).collect();
            naming.finish(&rows, &self.places, results);
        }
    }
}

/// The endings as a risk table, by the order of the events above.
fn risk_table(endings: &Endings, causes: usize) -> RiskTable {
    let mut table = RiskTable::new(causes);
    for ending in Ending::ALL {
        let exit = match ending {
            Ending::Event => Exit::Event(0),
            Ending::Death => Exit::Event(1),
            Ending::Readmission => Exit::Event(2),
            Ending::Censored => Exit::Censored,
        };
        for (days, discharges) in endings.days(ending).iter() {
            table.add(days.into(), exit, discharges);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m09_endings_become_a_risk_table() {
        let mut endings = Endings::default();
        for (ending, days) in [
            (Ending::Event, 0),
            (Ending::Event, 30),
            (Ending::Death, 12),
            (Ending::Readmission, 12),
            (Ending::Censored, 40),
        ] {
            endings.add(ending, days, 2);
        }
        let table = risk_table(&endings, 3);
        assert_eq!((table.records(), table.events()), (endings.discharges(), vec![4, 2, 2]));
        let at: Vec<_> = table.at_times().map(|at| (at.time, at.at_risk, at.censored)).collect();
        assert_eq!(at, [(0, 10, 0), (12, 8, 0), (30, 4, 0), (40, 2, 2)]);
    }
}
