//! Admitted patient care rows in two parts.

use super::Parts;
use crate::codes::short::Code;
use crate::day::{BirthMonth, OptDay};
use crate::records::apc::{Episode, EpisodeFlags};
use crate::records::key::RecordKey;

/// What prepared spells fill.
#[derive(Clone, Copy, Debug)]
pub struct Main {
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

/// What only fuller extracts fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    episode_key: Option<RecordKey>,
    episode_start: OptDay,
    episode_end: OptDay,
    discharge_ready: OptDay,
    submitted: OptDay,
    lsoa: u32,
    class: Code,
    admission_function: Code,
    main_specialty: Code,
    episode_type: Code,
    ethnic: Code,
    admission_time: u16,
    discharge_time: u16,
    imd_decile: u8,
}

impl Parts for Episode {
    type Main = Main;
    type Rest = Rest;

    const EMPTY: Rest = Rest {
        episode_key: None,
        episode_start: OptDay::NONE,
        episode_end: OptDay::NONE,
        discharge_ready: OptDay::NONE,
        submitted: OptDay::NONE,
        lsoa: 0,
        class: Code::NONE,
        admission_function: Code::NONE,
        main_specialty: Code::NONE,
        episode_type: Code::NONE,
        ethnic: Code::NONE,
        admission_time: u16::MAX,
        discharge_time: u16::MAX,
        imd_decile: 0,
    };

    #[inline]
    fn split(self) -> (Main, Rest) {
        let main = Main {
            spell_key: self.spell_key,
            admission: self.admission,
            discharge: self.discharge,
            row: self.row,
            file: self.file,
            provider: self.provider,
            residence: self.residence,
            birth: self.birth,
            admission_method: self.admission_method,
            source: self.source,
            destination: self.destination,
            discharge_method: self.discharge_method,
            management: self.management,
            treatment_function: self.treatment_function,
            sex: self.sex,
            age: self.age,
            episode_no: self.episode_no,
            quality: self.quality,
            flags: self.flags,
        };
        let rest = Rest {
            episode_key: self.episode_key,
            episode_start: self.episode_start,
            episode_end: self.episode_end,
            discharge_ready: self.discharge_ready,
            submitted: self.submitted,
            lsoa: self.lsoa,
            class: self.class,
            admission_function: self.admission_function,
            main_specialty: self.main_specialty,
            episode_type: self.episode_type,
            ethnic: self.ethnic,
            admission_time: self.admission_time,
            discharge_time: self.discharge_time,
            imd_decile: self.imd_decile,
        };
        (main, rest)
    }

    #[inline]
    fn join(main: Main, rest: Rest) -> Self {
        Self {
            spell_key: main.spell_key,
            admission: main.admission,
            discharge: main.discharge,
            row: main.row,
            file: main.file,
            provider: main.provider,
            residence: main.residence,
            birth: main.birth,
            admission_method: main.admission_method,
            source: main.source,
            destination: main.destination,
            discharge_method: main.discharge_method,
            management: main.management,
            treatment_function: main.treatment_function,
            sex: main.sex,
            age: main.age,
            episode_no: main.episode_no,
            quality: main.quality,
            flags: main.flags,
            episode_key: rest.episode_key,
            episode_start: rest.episode_start,
            episode_end: rest.episode_end,
            discharge_ready: rest.discharge_ready,
            submitted: rest.submitted,
            lsoa: rest.lsoa,
            class: rest.class,
            admission_function: rest.admission_function,
            main_specialty: rest.main_specialty,
            episode_type: rest.episode_type,
            ethnic: rest.ethnic,
            admission_time: rest.admission_time,
            discharge_time: rest.discharge_time,
            imd_decile: rest.imd_decile,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;
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
