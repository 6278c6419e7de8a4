//! What cleaning, spell building and joining did, as plain counts.

use crate::audit::{Audit, Rule};

/// Rows with a flag of `hospital-spells.md` A3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flagged {
    /// Rows that carry the flag.
    pub total: u64,
    /// Rows left out because of it, the flags before it in the fixed order not applying.
    pub first: u64,
}

/// Makes the struct of counts, its merging and its audit lines from one list, in audit order.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident: $kind:tt $rule:literal $what:literal,)*) => {
        /// Counts of one person or of many. Rows and spells are counted apart: the name of a field
        /// that counts rows ends in `_rows`, or its type is [`Flagged`].
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct HospitalCounts {
            $($(#[$doc])* pub $name: counts!(@type $kind),)*
        }

        impl HospitalCounts {
            /// Adds the counts of other people.
            pub fn merge(&mut self, other: &Self) {
                $(counts!(@merge $kind, self.$name, other.$name);)*
            }

            /// Writes the counts into an audit, rule by rule in the order of the stage.
            pub fn to_audit(&self, audit: &mut Audit) {
                let mut step = 0;
                $(counts!(@audit $kind, self.$name, audit, step, $rule, $what);)*
                let _ = step;
            }
        }
    };
    (@type number) => { u64 };
    (@type flag) => { Flagged };
    (@merge number, $mine:expr, $theirs:expr) => { $mine += $theirs };
    (@merge flag, $mine:expr, $theirs:expr) => {
        $mine.total += $theirs.total;
        $mine.first += $theirs.first;
    };
    (@audit number, $value:expr, $audit:ident, $step:ident, $rule:literal, $what:expr) => {
        $step += 1;
        $audit.count(Rule { stage: "hospital", step: $step, rule: $rule, what: $what }, $value);
    };
    (@audit flag, $value:expr, $audit:ident, $step:ident, $rule:literal, $what:literal) => {
        counts!(@audit number, $value.total, $audit, $step, $rule, concat!("rows with flag: ", $what));
        counts!(@audit number, $value.first, $audit, $step, $rule, concat!("rows left out: ", $what));
    };
}

counts! {
    /// Rows of admitted patient care.
    rows: number "A" "rows read",
    /// Rows sent twice; all of them are left out (C).
    dup: flag "DUP" "duplicate",
    /// Of `dup`, rows equal in every field (C1).
    dup_exact_rows: number "C1" "duplicates equal in every field",
    /// Rows without a person, or of a quarantined identifier.
    no_person: flag "NO_PERSON" "no person",
    /// Stillbirths.
    still: flag "STILL" "stillbirth",
    /// Regular day and night attenders.
    reg: flag "REG" "regular attender",
    /// Regular attendances: rows of regular attenders that are no duplicates, whether or not the
    /// profile joins them.
    regular_attendance_rows: number "REG" "regular attendances",
    /// Births and newborn babies.
    birth: flag "BIRTH" "birth or newborn baby",
    /// Rows without a provider; only HES rows are left out.
    no_prov: flag "NO_PROV" "no provider",
    /// Rows without an admission date after filling (B).
    no_adm: flag "NO_ADM" "no admission date",
    /// Missing admission dates filled from the episode start (B).
    filled_admission_rows: number "B" "admission date filled from the episode start",
    /// Rows with a sign of an unfinished spell; only unfinished HES episodes are left out.
    unfin: flag "UNFIN" "unfinished",
    /// Unfinished HES episodes of which the finished one is there (E2).
    superseded_rows: number "E2" "unfinished episodes whose finished one is there",
    /// HES episodes left out because their key, start or end is missing (B).
    invalid_rows: number "B" "rows left out: episode without key, start or end",
    /// HES episodes that end before they start: kept.
    episode_reversed_rows: number "B" "episodes that end before they start",
    /// Rows of spells set aside by D1.
    reversed_rows: number "D1" "rows left out: discharge before admission",
    /// Rows of spells set aside by D6.
    late_rows: number "D6" "rows left out: after the extract date",
    /// Rows of spells without an end that are left out.
    missing_end_rows: number "D2-D4" "rows left out: no discharge date",
    /// Rows of spells dropped by H3.
    postdeath: flag "POSTDEATH" "admitted after death",
    /// Rows of spells dropped by G1 and G2.
    twin_rows: number "G1-G2" "rows left out: twin of another spell",
    /// Rows that are members of a spell.
    member_rows: number "L1" "rows in spells",
    /// Spells whose rows disagree on the admission date (F1.1).
    ident_conflicts: number "F1" "spells whose rows disagree on the admission date",
    /// Spells without a row marked last.
    no_last_episode: number "F1" "spells without a last episode",
    /// HES spells whose latest end and highest order are different episodes (F2.4).
    order_conflicts: number "F2" "spells whose latest and highest episode differ",
    /// HES spells whose discharge date came from another episode (F2.5).
    rescued: number "F2" "discharge dates taken from another episode",
    /// Spells with a discharge date whose destination or method says "not finished"; the date counts.
    finished_contradictions: number "E" "discharge date although coded as not finished",
    /// Spells with reversed dates.
    d1: number "D1" "spells with discharge before admission",
    /// Spells that end, or begin, after the extract date.
    d6: number "D6" "spells after the extract date",
    /// Hospital deaths: discharges as dead, errors of H5 left out.
    h1: number "H1" "discharges as dead",
    /// Discharges as dead taken for an error.
    h5: number "H5" "discharges as dead with later activity",
    /// Spells dropped because they begin after the death.
    h3: number "H3" "spells admitted after death",
    /// Ends filled by the date of death.
    d5: number "D5" "ends filled by the date of death",
    /// Ends filled by the next admission.
    d3: number "D3" "ends filled by the next admission",
    /// Ends filled by the day before the next admission.
    d4: number "D4" "ends filled by the day before the next admission",
    /// Unfinished last spells.
    d2: number "D2" "unfinished last spells, ended at death or extract",
    /// Spells without an end that are left out.
    missing_ends: number "D2-D4" "spells left out without a discharge date",
    /// Registered and hospital death differ within the tolerance.
    h2: number "H2" "people whose registered and hospital death differ within the tolerance",
    /// Ends cut to a death within the tolerance.
    h2_cut: number "H2" "ends cut to the death",
    /// Ends cut to a death beyond the tolerance.
    h4: number "H4" "ends implausibly long after death, cut",
    /// Day cases with nights, made ordinary admissions.
    daycases_recoded: number "6.6" "day cases with nights, made ordinary admissions",
    /// Spells admitted before 1990.
    d7: number "D7" "spells admitted long ago",
    /// Twins with the same dates.
    g1: number "G1" "spells dropped: same provider and dates",
    /// Twins with an unknown destination.
    g2: number "G2" "spells dropped: same admission, unknown destination",
    /// Spells absorbed by another of the same provider.
    g3: number "G3" "spells absorbed by another of the provider",
    /// Spells merged with another of the same provider.
    g4: number "G4" "spells merged with another of the provider",
    /// Spells that overlap one of another provider.
    g5: number "G5" "spells that overlap one of another provider",
    /// Day cases and zero-night spells inside another provider's spell.
    g6: number "G6" "day cases and zero-night spells inside another stay",
    /// Provider spells.
    spells: number "L" "provider spells",
    /// Of `spells`, regular attendances that the profile keeps.
    regular_spells: number "I" "provider spells of regular attenders",
    /// Continuous inpatient spells.
    cips: number "I" "continuous inpatient spells",
    /// Spells whose destination says transfer.
    transfers_out: number "I" "spells that end in a transfer",
    /// Of `transfers_out`, those without a next spell within the largest gap.
    transfer_orphans: number "I" "transfers without a following spell",
    /// Death records of a weak match.
    death_weak_match_rows: number "9" "death records left out: match rank above the limit",
    /// Emergency care rows.
    attendance_rows: number "K" "attendance rows read",
    /// Attendances left out by the file's own flags.
    attendance_housekeeping_rows: number "8.1" "attendances deleted, unfinished or flagged as duplicates",
    /// Attendances without a day of arrival.
    attendance_no_arrival_rows: number "K" "attendances without arrival date",
    /// Attendances without a person.
    attendance_no_person_rows: number "X-22" "attendances without a person",
    /// Attendances sent twice.
    attendance_dup_rows: number "C2" "duplicate attendances",
    /// Attendances kept.
    attendances: number "K" "attendances",
    /// Attendances linked to an admission.
    attendances_linked: number "K" "attendances linked to an admission",
    /// Admissions by method 21, where attendances were given.
    own_ae_admissions: number "K6" "admissions by method 21",
    /// Admissions from the own A&E without an attendance.
    em_without_ae: number "K6" "admissions by method 21 without attendance",
    /// Outpatient rows.
    appointment_rows: number "9" "outpatient rows read",
    /// Outpatient rows without a day.
    appointment_no_date_rows: number "9" "outpatient rows without date",
    /// Outpatient rows without a person.
    appointment_no_person_rows: number "X-22" "outpatient rows without a person",
    /// Outpatient rows sent twice.
    appointment_dup_rows: number "C2" "duplicate outpatient rows",
    /// Outpatient appointments kept.
    appointments: number "9" "outpatient appointments",
    /// Of `appointments`, those at which the person was seen.
    appointments_attended: number "9" "outpatient appointments attended",
    /// Of `appointments`, those that the person missed.
    appointments_missed: number "9" "outpatient appointments not attended",
}

impl HospitalCounts {
    /// Rows that are accounted for: members of spells and every kind of row left out. Equal to
    /// `rows` for every input (L1).
    #[must_use]
    pub fn accounted_rows(&self) -> u64 {
        self.dup.first
            + self.no_person.first
            + self.still.first
            + self.reg.first
            + self.birth.first
            + self.no_prov.first
            + self.no_adm.first
            + self.unfin.first
            + self.invalid_rows
            + self.reversed_rows
            + self.late_rows
            + self.missing_end_rows
            + self.postdeath.first
            + self.twin_rows
            + self.member_rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_merge_and_reach_the_audit_in_order() {
        let mut counts = HospitalCounts { rows: 3, ..HospitalCounts::default() };
        counts.merge(&HospitalCounts {
            rows: 2,
            dup: Flagged { total: 2, first: 1 },
            cips: 4,
            ..HospitalCounts::default()
        });
        let mut audit = Audit::default();
        counts.to_audit(&mut audit);
        let lines: Vec<_> = audit.iter().map(|(rule, n)| (rule.rule, rule.what, n)).collect();
        assert_eq!(
            lines,
            [
                ("A", "rows read", 5),
                ("DUP", "rows with flag: duplicate", 2),
                ("DUP", "rows left out: duplicate", 1),
                ("I", "continuous inpatient spells", 4),
            ]
        );
    }
}
