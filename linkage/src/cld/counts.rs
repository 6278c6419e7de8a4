//! What preparation did with every row.

use crate::audit::{Audit, Rule};
use crate::cld::settings::Mode;

/// Rows of one main table by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableCounts {
    /// Rows read, prepared ones included.
    pub rows: u64,
    /// Of a submission that was not selected (P-03 to P-06).
    pub not_selected: u64,
    /// Without a start (P-08).
    pub no_start: u64,
    /// Without an event type (P-08).
    pub no_event_type: u64,
    /// Not in the reference period (P-08).
    pub out_of_period: u64,
    /// Death before the reference period or before the start (P-08).
    pub after_death: u64,
    /// Without a person identifier (P-09).
    pub no_person: u64,
    /// Another row of the same unique event was kept (P-14, P-15).
    pub duplicate: u64,
    /// Kept.
    pub kept: u64,
    /// Of the rows kept: end cut to the date of death (P-07).
    pub cut_to_death: u64,
    /// Of the rows kept: end cropped to the reference period (P-13).
    pub cropped: u64,
    /// Of the rows kept: prepared elsewhere.
    pub prepared: u64,
}

impl TableCounts {
    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.not_selected += other.not_selected;
        self.no_start += other.no_start;
        self.no_event_type += other.no_event_type;
        self.out_of_period += other.out_of_period;
        self.after_death += other.after_death;
        self.no_person += other.no_person;
        self.duplicate += other.duplicate;
        self.kept += other.kept;
        self.cut_to_death += other.cut_to_death;
        self.cropped += other.cropped;
        self.prepared += other.prepared;
    }

    /// Whether every row has exactly one fate.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.rows
            == self.not_selected
                + self.no_start
                + self.no_event_type
                + self.out_of_period
                + self.after_death
                + self.no_person
                + self.duplicate
                + self.kept
    }

    const fn lines(&self) -> [(&'static str, &'static str, &'static str, u64); 12] {
        [
            ("", "joined: rows read", "single: rows read", self.rows),
            (
                "P-03",
                "joined: submission not selected",
                "single: submission not selected",
                self.not_selected,
            ),
            ("P-08", "joined: no start", "single: no start", self.no_start),
            ("P-08", "joined: no event type", "single: no event type", self.no_event_type),
            (
                "P-08",
                "joined: not in the reference period",
                "single: not in the reference period",
                self.out_of_period,
            ),
            (
                "P-08",
                "joined: death before the period or the start",
                "single: death before the period or the start",
                self.after_death,
            ),
            (
                "P-09",
                "joined: no person identifier",
                "single: no person identifier",
                self.no_person,
            ),
            (
                "P-14",
                "joined: duplicate of a unique event",
                "single: duplicate of a unique event (P-15)",
                self.duplicate,
            ),
            ("", "joined: rows kept", "single: rows kept", self.kept),
            (
                "P-07",
                "joined: of them end cut to death",
                "single: of them end cut to death",
                self.cut_to_death,
            ),
            (
                "P-13",
                "joined: of them end cropped to the reference period",
                "single: of them end cropped to the reference period",
                self.cropped,
            ),
            (
                "",
                "joined: of them prepared elsewhere",
                "single: of them prepared elsewhere",
                self.prepared,
            ),
        ]
    }
}

/// Rows of both main tables by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CldCounts {
    /// The joined table.
    pub joined: TableCounts,
    /// The single table.
    pub single: TableCounts,
}

impl CldCounts {
    /// The counts of a table.
    #[must_use]
    pub const fn table(&mut self, mode: Mode) -> &mut TableCounts {
        match mode {
            Mode::Joined => &mut self.joined,
            Mode::Single => &mut self.single,
        }
    }

    /// Adds the counts of other rows.
    pub fn merge(&mut self, other: &Self) {
        self.joined.merge(&other.joined);
        self.single.merge(&other.single);
    }

    /// Writes the counts as lines of the stage `cld`.
    pub fn to_audit(&self, audit: &mut Audit) {
        let joined = self.joined.lines().into_iter().map(|(rule, what, _, n)| (rule, what, n));
        let single = self.single.lines().into_iter().map(|(rule, _, what, n)| (rule, what, n));
        for (step, (rule, what, records)) in (1..).zip(joined.chain(single)) {
            audit.count(Rule { stage: "cld", step, rule, what }, records);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_has_every_line_of_both_tables_under_its_own_name() {
        let table = TableCounts {
            rows: 36,
            not_selected: 1,
            no_start: 2,
            no_event_type: 3,
            out_of_period: 4,
            after_death: 5,
            no_person: 6,
            duplicate: 7,
            kept: 8,
            cut_to_death: 1,
            cropped: 1,
            prepared: 1,
        };
        assert!(table.adds_up());
        assert!(!TableCounts { kept: 9, ..table }.adds_up());
        let mut counts = CldCounts { joined: table, single: table };
        counts.merge(&CldCounts { joined: table, single: TableCounts::default() });
        let mut audit = Audit::default();
        counts.to_audit(&mut audit);
        assert_eq!(audit.iter().count(), 24);
        let kept: u64 =
            audit.iter().filter(|(rule, _)| rule.what.ends_with("rows kept")).map(|(_, n)| n).sum();
        assert_eq!(kept, 24);
    }
}
