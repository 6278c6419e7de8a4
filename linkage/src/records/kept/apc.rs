//! Admitted patient care rows in two parts.

use super::row_order;
use crate::codes::short::Code;
use crate::day::{BirthMonth, OptDay};
use crate::records::apc::{Episode, EpisodeFlags};
use crate::records::key::RecordKey;

parts! {
    Episode by |row| row_order(0, row.file, row.row);
    main {
        spell_key: Option<RecordKey>,
        admission: OptDay,
        discharge: OptDay,
        row: u32,
        file: u16,
        provider: u16,
        residence: u16,
        birth: BirthMonth,
        admission_method: Code,
        source: Code,
        destination: Code,
        discharge_method: Code,
        management: Code,
        treatment_function: Code,
        sex: Code,
        age: u8,
        episode_no: u8,
        quality: u8,
        flags: EpisodeFlags,
    }
    rest {
        episode_key: Option<RecordKey> = None,
        episode_start: OptDay = OptDay::NONE,
        episode_end: OptDay = OptDay::NONE,
        discharge_ready: OptDay = OptDay::NONE,
        submitted: OptDay = OptDay::NONE,
        lsoa: u32 = 0,
        class: Code = Code::NONE,
        admission_function: Code = Code::NONE,
        main_specialty: Code = Code::NONE,
        episode_type: Code = Code::NONE,
        ethnic: Code = Code::NONE,
        admission_time: u16 = u16::MAX,
        discharge_time: u16 = u16::MAX,
        imd_decile: u8 = 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
    use crate::records::kept::Parts;
    use crate::records::kept::tests::check;

    #[test]
    fn rows_come_back_as_they_were() {
        let main = Main {
            spell_key: RecordKey::from_text(b"7"),
            admission: Day(3).into(),
            discharge: Day(5).into(),
            row: 2,
            file: 3,
            provider: 4,
            residence: 5,
            birth: BirthMonth::new(1950, 6),
            admission_method: Code::new("21"),
            source: Code::new("19"),
            destination: Code::new("54"),
            discharge_method: Code::new("1"),
            management: Code::new("EM"),
            treatment_function: Code::new("430"),
            sex: Code::new("2"),
            age: 74,
            episode_no: 8,
            quality: 9,
            flags: EpisodeFlags(EpisodeFlags::LAST),
        };
        let rest = Rest {
            episode_key: RecordKey::from_text(b"x"),
            episode_start: Day(10).into(),
            episode_end: Day(11).into(),
            discharge_ready: Day(12).into(),
            submitted: Day(13).into(),
            lsoa: 14,
            class: Code::new("1"),
            admission_function: Code::new("300"),
            main_specialty: Code::new("301"),
            episode_type: Code::new("2"),
            ethnic: Code::new("A"),
            admission_time: 15,
            discharge_time: 16,
            imd_decile: 7,
        };
        check(Episode::join(main, Episode::EMPTY), Episode::join(main, rest));
    }
}
