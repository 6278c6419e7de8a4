//! How admitted patient care rows wait in memory: what nearly every file fills apart from the rest.
//!
//! A file of prepared spells fills little more than half of an [`Episode`], and memory is what limits
//! how many rows a modest machine can link. The rest is held beside the rows from the first row on
//! that fills any of it.

use super::apc::{Episode, EpisodeFlags};
use super::key::RecordKey;
use crate::chunks::Chunks;
use crate::codes::short::Code;
use crate::day::{BirthMonth, OptDay};

/// Admitted patient care rows of a partition.
#[derive(Debug, Default)]
pub struct KeptEpisodes {
    main: Chunks<Main>,
    rest: Chunks<Rest>,
}

#[derive(Clone, Copy, Debug)]
struct Main {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rest {
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

impl Rest {
    const EMPTY: Self = Self {
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
}

impl KeptEpisodes {
    /// Adds a row at the end.
    pub fn push(&mut self, row: Episode) {
        let rest = Rest {
            episode_key: row.episode_key,
            episode_start: row.episode_start,
            episode_end: row.episode_end,
            discharge_ready: row.discharge_ready,
            submitted: row.submitted,
            lsoa: row.lsoa,
            class: row.class,
            admission_function: row.admission_function,
            main_specialty: row.main_specialty,
            episode_type: row.episode_type,
            ethnic: row.ethnic,
            admission_time: row.admission_time,
            discharge_time: row.discharge_time,
            imd_decile: row.imd_decile,
        };
        if rest != Rest::EMPTY || !self.rest.is_empty() {
            self.rest.fill_up(self.main.len(), &Rest::EMPTY);
            self.rest.push(rest);
        }
        self.main.push(Main {
            spell_key: row.spell_key,
            admission: row.admission,
            discharge: row.discharge,
            row: row.row,
            file: row.file,
            provider: row.provider,
            residence: row.residence,
            birth: row.birth,
            admission_method: row.admission_method,
            source: row.source,
            destination: row.destination,
            discharge_method: row.discharge_method,
            management: row.management,
            treatment_function: row.treatment_function,
            sex: row.sex,
            age: row.age,
            episode_no: row.episode_no,
            quality: row.quality,
            flags: row.flags,
        });
    }

    /// The row at a position, as it was pushed.
    #[must_use]
    #[inline]
    pub fn get(&self, n: usize) -> Episode {
        let main = self.main[n];
        let rest = if n < self.rest.len() { self.rest[n] } else { Rest::EMPTY };
        Episode {
            spell_key: main.spell_key,
            episode_key: rest.episode_key,
            admission: main.admission,
            discharge: main.discharge,
            episode_start: rest.episode_start,
            episode_end: rest.episode_end,
            discharge_ready: rest.discharge_ready,
            submitted: rest.submitted,
            row: main.row,
            lsoa: rest.lsoa,
            file: main.file,
            provider: main.provider,
            residence: main.residence,
            birth: main.birth,
            admission_method: main.admission_method,
            source: main.source,
            destination: main.destination,
            discharge_method: main.discharge_method,
            class: rest.class,
            management: main.management,
            treatment_function: main.treatment_function,
            admission_function: rest.admission_function,
            main_specialty: rest.main_specialty,
            episode_type: rest.episode_type,
            sex: main.sex,
            ethnic: rest.ethnic,
            admission_time: rest.admission_time,
            discharge_time: rest.discharge_time,
            imd_decile: rest.imd_decile,
            age: main.age,
            episode_no: main.episode_no,
            quality: main.quality,
            flags: main.flags,
        }
    }

    /// File and row of the source of the row at a position.
    #[must_use]
    #[inline]
    pub fn place(&self, n: usize) -> (u16, u32) {
        let main = &self.main[n];
        (main.file, main.row)
    }

    /// The rows in order, as they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = Episode> + Clone + '_ {
        (0..self.len()).map(|n| self.get(n))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.main.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.main.is_empty()
    }

    /// The discharge dates of the rows, in order.
    pub fn discharges(&self) -> impl Iterator<Item = OptDay> {
        self.main.iter().map(|row| row.discharge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Day;

    #[test]
    fn rows_come_back_as_they_were() {
        let plain = Main {
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
        let mut source = KeptEpisodes::default();
        source.main.push(plain);
        let plain = source.get(0);
        let full = Episode {
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
            ..plain
        };
        let rows = [plain, plain, full, plain];
        let mut kept = KeptEpisodes::default();
        rows.into_iter().take(2).for_each(|row| kept.push(row));
        assert!(kept.rest.is_empty(), "nothing is held beside plain rows");
        rows.into_iter().skip(2).for_each(|row| kept.push(row));
        assert_eq!((kept.len(), kept.rest.len()), (4, 4));
        for (n, row) in rows.into_iter().enumerate() {
            assert_eq!(kept.get(n), row, "row {n}");
        }
        assert!(kept.discharges().eq([Day(5).into(); 4]));
    }
}
