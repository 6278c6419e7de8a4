//! What building lines left out, cut, joined and noticed.

use crate::audit::{Audit, Rule};

macro_rules! counts {
    ($($name:ident: $rule:literal, $what:literal;)*) => {
        /// Counts over the people whose lines were built. Sums over any split of the people are the
        /// same.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct LineCounts {
            $(#[doc = concat!($what, " (", $rule, ").")] pub $name: u64,)*
        }

        impl LineCounts {
            /// Adds the counts of other people.
            pub fn merge(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }

            /// Every count with its rule, in a fixed order.
            #[must_use]
            pub fn rules(&self) -> Vec<(Rule, u64)> {
                let lines = [$(($rule, $what, self.$name),)*];
                let rule = |(step, (rule, what, count))| {
                    (Rule { stage: "timeline", step, rule, what }, count)
                };
                (1..).zip(lines).map(rule).collect()
            }
        }
    };
}

counts! {
    people: "8.1", "People";
    lines: "8.1", "People with a line";
    no_record: "5", "People without any record that a line may use";
    outside: "5", "People who are not under observation in the window";
    empty: "5", "People left without a line because no state falls in the window";
    service_rows: "3", "Service rows";
    carer_rows: "2", "Service rows of unpaid carers, left out";
    carer_direct_rows: "2", "Service rows for direct support to an unpaid carer, left out";
    reversed_rows: "3.2", "Service rows that end before they start, left out";
    equipment_rows: "2", "Equipment rows, kept as events";
    invalid_type_left_out: "2", "Service rows without a valid service type, left out";
    ignored_rows: "2", "Service rows of states that the settings leave out";
    service_after_death: "9", "Service rows that start after the death, left out (POSTDEATH)";
    used_rows: "3", "Service rows used";
    invalid_type: "2", "Of these, without a valid service type, read as other short-term support";
    tail_rows: "9", "Of these, ending within the tolerance after the death, cut";
    cut_rows: "9", "Of these, ending or open further after the death, cut";
    bridged_rows: "6", "Of these, joined to an earlier row of the same state";
    event_rows: "", "Events of logs that the settings read as states";
    event_no_end: "", "Events read as states, without an end, left out";
    event_reversed: "", "Events read as states that end before they start, left out";
    event_ignored: "", "Events read as states that the settings leave out";
    event_after_death: "", "Events read as states that start after the death, left out (POSTDEATH)";
    used_events: "", "Events read as states, used";
    event_tail: "", "Of these, ending within the tolerance after the death, cut";
    event_cut: "", "Of these, ending further after the death, cut";
    event_bridged: "", "Of these, joined to an earlier row or event of the same state";
    held: "6", "Intervals joined to an earlier one across a hospital stay (hold)";
    stays: "4", "Continuous inpatient spells";
    day_cases: "J", "Day cases, kept as events";
    zero_night_stays: "4.3", "Stays without a night, kept as events";
    inner_stays: "X-07", "Stays inside another provider's stay, left out";
    stay_after_death: "9", "Stays that start after the death, left out (POSTDEATH)";
    used_stays: "4", "Stays used";
    unfinished_stays: "4.2", "Of these, unfinished when the hospital data ended";
    tail_stays: "9", "Of these, ending within the tolerance after the death, cut";
    cut_stays: "9", "Of these, ending further after the death, cut";
    attendances: "4.4", "A&E attendances";
    attendance_events: "4.4", "Attendances that start and end on one day, kept as events";
    attendance_undated: "4.4", "Attendances with a missing or reversed date, kept as events";
    attendance_admitted: "4.4", "Attendances on whose first day the person was admitted, kept as events";
    attendance_after_death: "9", "Attendances that start after the death, left out (POSTDEATH)";
    attendance_off: "4.4", "Attendances across midnight that the settings leave out";
    used_attendances: "4.4", "Attendances across midnight used";
    waits: "7", "Waiting intervals";
    waits_of_clients: "7", "Of these, of existing clients, in the mask only";
    deaths: "9", "People with a date of death";
    death_conflict: "9", "Of these, with sources further apart than the tolerance";
    death_before: "9", "Of these, dead before the line would begin";
    revivable: "9", "Of these, contradicted by later records of another source";
    revived: "9", "Of these, whose death was set aside";
    multi_la: "3.7", "People with care records of more than one council";
    care_home_not_shown: "8.3", "Discharges to a care home that care records do not show";
    trusted: "8.3", "Of these, trusted as residential care";
    absorbed: "6", "Slivers after discharge that took the coming state";
    absorbed_days: "6", "Days of these";
    idle_capped: "5", "People whose home at the end was cut to unobserved";
    touching_visits: "8.4", "Visits of no days between touching stays";
    same_day_visits: "8.2", "Visits of no days to a service that starts on the day of an admission";
}

impl LineCounts {
    /// Adds the counts to an audit.
    pub fn to_audit(&self, audit: &mut Audit) {
        for (rule, count) in self.rules() {
            audit.count(rule, count);
        }
    }

    /// Records that start after the death and were left out of lines (`POSTDEATH`).
    #[must_use]
    pub const fn post_death(&self) -> u64 {
        self.service_after_death
            + self.event_after_death
            + self.stay_after_death
            + self.attendance_after_death
    }

    /// Whether what was left out and what was used add up to what came in.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        let rows = self.carer_rows
            + self.carer_direct_rows
            + self.reversed_rows
            + self.equipment_rows
            + self.invalid_type_left_out
            + self.ignored_rows
            + self.service_after_death
            + self.used_rows;
        let events = self.event_no_end
            + self.event_reversed
            + self.event_ignored
            + self.event_after_death
            + self.used_events;
        let stays = self.day_cases
            + self.zero_night_stays
            + self.inner_stays
            + self.stay_after_death
            + self.used_stays;
        let attendances = self.attendance_events
            + self.attendance_undated
            + self.attendance_admitted
            + self.attendance_after_death
            + self.attendance_off
            + self.used_attendances;
        let people = self.lines + self.no_record + self.outside + self.empty;
        rows == self.service_rows
            && events == self.event_rows
            && stays == self.stays
            && attendances == self.attendances
            && people == self.people
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_merge_and_reach_the_audit_under_their_rule() {
        let one = LineCounts { people: 1, tail_rows: 2, ..Default::default() };
        let mut all = LineCounts { people: 3, ..Default::default() };
        all.merge(&one);
        assert_eq!((all.people, all.tail_rows), (4, 2));
        let mut audit = Audit::default();
        all.to_audit(&mut audit);
        let lines: Vec<(&str, u64)> = audit.iter().map(|(rule, n)| (rule.rule, n)).collect();
        assert_eq!(lines, [("8.1", 4), ("9", 2)]);
    }
}
