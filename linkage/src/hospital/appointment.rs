//! Outpatient appointments: duplicates (`hospital-spells.md` C). They are points in time and never
//! become a state (`sus-fields.md` section 9).

use super::counts::HospitalCounts;
use super::order::TextOrder;
use super::stays::Stays;
use crate::records::appointment::Appointment;
use std::cmp::Ordering;

/// What two rows of one person share when they are the same appointment (C2).
fn natural_key(texts: &TextOrder, a: &Appointment) -> impl Ord + use<> {
    (a.date, texts.provider(a.provider), a.treatment_function, a.main_specialty, a.status)
}

/// Which of two rows is kept: more fields, later submission, higher key (C3), then everything else;
/// the greater.
fn survival(a: &Appointment, b: &Appointment) -> Ordering {
    let key = |a: &Appointment| {
        let codes = [a.first, a.outcome, a.medium, a.priority, a.referral_source];
        let known = codes.iter().filter(|code| code.is_some()).count();
        (known, a.submitted, a.key, codes)
    };
    key(a).cmp(&key(b)).then_with(|| (b.file, b.row).cmp(&(a.file, a.row)))
}

impl Stays {
    /// The appointments of one person without those that have no day and those sent twice. `out` is
    /// emptied first and ends up ordered by day, provider code, treatment function, main specialty and
    /// status, in which no two are equal.
    pub fn appointments(
        &self,
        rows: &[Appointment],
        out: &mut Vec<Appointment>,
        counts: &mut HospitalCounts,
    ) {
        out.clear();
        counts.appointment_rows += rows.len() as u64;
        out.extend(rows.iter().filter(|row| row.date.is_some()));
        counts.appointment_no_date_rows += (rows.len() - out.len()) as u64;
        let dated = out.len();
        let key = |a: &Appointment| natural_key(&self.texts, a);
        out.sort_unstable_by(|a, b| key(a).cmp(&key(b)).then_with(|| survival(b, a)));
        out.dedup_by(|next, kept| key(next) == key(kept));
        counts.appointment_dup_rows += (dated - out.len()) as u64;
        counts.appointments += out.len() as u64;
        for appointment in out {
            counts.appointments_attended += u64::from(appointment.is_attended());
            counts.appointments_missed += u64::from(appointment.is_missed());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::short::Code;
    use crate::day::{Day, OptDay};
    use crate::hospital::settings::HospitalSettings;
    use crate::records::key::RecordKey;

    fn appointment(key: u64, day: i32, status: &str) -> Appointment {
        Appointment {
            key: Some(RecordKey::from_number(key)),
            date: Day(day).into(),
            submitted: OptDay::NONE,
            row: key as u32,
            file: 0,
            provider: 1,
            status: Code::new(status),
            first: Code::NONE,
            outcome: Code::NONE,
            medium: Code::NONE,
            treatment_function: Code::new("300"),
            main_specialty: Code::new("300"),
            priority: Code::NONE,
            referral_source: Code::NONE,
        }
    }

    fn kept(rows: &[Appointment]) -> (Vec<Option<RecordKey>>, HospitalCounts) {
        let providers: Vec<Box<str>> = ["", "RAA"].map(Into::into).into();
        let stays = Stays::new(&HospitalSettings::default(), Day(900), &providers);
        let (mut out, mut counts) = (Vec::new(), HospitalCounts::default());
        stays.appointments(rows, &mut out, &mut counts);
        (out.iter().map(|row| row.key).collect(), counts)
    }

    #[test]
    fn c2_appointments_are_equal_by_day_provider_specialty_and_status() {
        let a = appointment(1, 10, "5");
        let fuller = Appointment { outcome: Code::new("1"), ..appointment(2, 10, "5") };
        let newer = Appointment { submitted: Day(20).into(), ..appointment(3, 10, "5") };
        let other = Appointment { treatment_function: Code::new("320"), ..appointment(4, 10, "5") };
        let missed = appointment(5, 10, "3");
        let undated = Appointment { date: OptDay::NONE, ..appointment(6, 10, "5") };
        let key = |n: u64| Some(RecordKey::from_number(n));
        let rows = [a, fuller, newer, other, missed, undated];
        let (keys, counts) = kept(&rows);
        assert_eq!(keys, [key(5), key(2), key(4)], "the fuller row survives");
        assert_eq!((counts.appointment_rows, counts.appointment_no_date_rows), (6, 1));
        assert_eq!((counts.appointment_dup_rows, counts.appointments), (2, 3));
        assert_eq!((counts.appointments_attended, counts.appointments_missed), (2, 1));
        assert_eq!(kept(&[a, newer]).0, [key(3)], "of equally full rows the newer");
        assert_eq!(kept(&[appointment(9, 10, "5"), a]).0, [key(9)], "then the higher key");
        let mut backwards = rows;
        backwards.reverse();
        assert_eq!(kept(&backwards), (keys, counts));
    }
}
