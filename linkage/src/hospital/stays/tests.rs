//! Worked examples of `hospital-spells.md`, named after their rules, and properties of section L.

use super::*;
use crate::codes::short::Code;
use crate::day::BirthMonth;
use crate::hospital::settings::{Hygiene, Profile};
use crate::hospital::stay::StayFlags;
use crate::records::apc::EpisodeFlags;
use crate::records::key::RecordKey;

mod cleaning;
mod codes;
mod dates;
mod spells;
mod hygiene;
mod joining;
mod properties;

/// A day of 2024 as `MM-DD`, or any as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Day {
    let full = if text.len() == 5 { format!("2024-{text}") } else { text.to_owned() };
    Day::parse_iso(&full).unwrap()
}

/// A day, or none for empty text.
pub(super) fn opt(text: &str) -> OptDay {
    if text.is_empty() { OptDay::NONE } else { day(text).into() }
}

const EMPTY: Episode = Episode {
    spell_key: None,
    episode_key: None,
    admission: OptDay::NONE,
    discharge: OptDay::NONE,
    episode_start: OptDay::NONE,
    episode_end: OptDay::NONE,
    discharge_ready: OptDay::NONE,
    submitted: OptDay::NONE,
    row: 0,
    lsoa: 0,
    file: 0,
    provider: 1,
    residence: 0,
    birth: BirthMonth(0),
    admission_method: Code::new("21"),
    source: Code::new("19"),
    destination: Code::new("19"),
    discharge_method: Code::new("1"),
    class: Code::new("1"),
    management: Code::NONE,
    treatment_function: Code::new("300"),
    admission_function: Code::NONE,
    main_specialty: Code::NONE,
    episode_type: Code::new("1"),
    sex: Code::NONE,
    ethnic: Code::NONE,
    admission_time: u16::MAX,
    discharge_time: u16::MAX,
    age: 255,
    episode_no: 1,
    imd_decile: 0,
    quality: 0,
    flags: EpisodeFlags(0),
};

/// A SUS spell of one episode at provider RAA, named by a letter: method 21, source and destination
/// 19, discharge method 1, class 1.
pub(super) fn sus(name: char, admission: &str, discharge: &str) -> Episode {
    Episode {
        spell_key: Some(RecordKey::from_number(u64::from(name))),
        admission: opt(admission),
        discharge: opt(discharge),
        flags: EpisodeFlags(EpisodeFlags::LAST | EpisodeFlags::HAS_LAST | EpisodeFlags::FINISHED),
        ..EMPTY
    }
}

/// A finished HES episode at provider RAA.
fn hes(key: u64, admission: &str, start: &str, end: &str, order: u8) -> Episode {
    Episode {
        episode_key: Some(RecordKey::from_number(key)),
        admission: opt(admission),
        episode_start: opt(start),
        episode_end: opt(end),
        episode_no: order,
        destination: Code::NONE,
        discharge_method: Code::NONE,
        flags: EpisodeFlags(EpisodeFlags::HES | EpisodeFlags::FINISHED),
        ..EMPTY
    }
}

/// Short ways to vary a row.
pub(super) trait With: Sized {
    fn with(self, change: impl FnOnce(&mut Episode)) -> Self;
    fn dest(self, code: &str) -> Self {
        self.with(|e| e.destination = Code::new(code))
    }
    fn source(self, code: &str) -> Self {
        self.with(|e| e.source = Code::new(code))
    }
    fn method(self, code: &str) -> Self {
        self.with(|e| e.admission_method = Code::new(code))
    }
    fn left(self, code: &str) -> Self {
        self.with(|e| e.discharge_method = Code::new(code))
    }
    fn class(self, code: &str) -> Self {
        self.with(|e| e.class = Code::new(code))
    }
    fn function(self, code: &str) -> Self {
        self.with(|e| e.treatment_function = Code::new(code))
    }
    fn at(self, provider: u16) -> Self {
        self.with(|e| e.provider = provider)
    }
    fn until(self, discharge: &str) -> Self {
        self.with(|e| e.discharge = opt(discharge))
    }
    fn number(self, number: u8) -> Self {
        self.with(|e| e.episode_no = number)
    }
    fn without(self, flag: u8) -> Self {
        self.with(|e| e.flags.0 &= !flag)
    }
    fn flagged(self, flag: u8) -> Self {
        self.with(|e| e.flags.0 |= flag)
    }
}

impl With for Episode {
    fn with(mut self, change: impl FnOnce(&mut Episode)) -> Self {
        change(&mut self);
        self
    }
}

#[derive(Debug)]
struct Built {
    spells: Vec<Spell>,
    stays: Vec<Cips>,
    counts: HospitalCounts,
    deaths: Deaths,
}

pub(super) fn providers() -> Vec<Box<str>> {
    ["", "RAA", "RBB", "RCC"].map(Into::into).into()
}

fn build_with(settings: &HospitalSettings, death: &str, rows: &[Episode]) -> Built {
    build_known(settings, opt(death).into(), rows)
}

fn build_known(settings: &HospitalSettings, known: KnownDeaths, rows: &[Episode]) -> Built {
    let stays = Stays::new(settings, day("2024-12-31"), &providers());
    let mut built = Built {
        spells: Vec::new(),
        stays: Vec::new(),
        counts: HospitalCounts::default(),
        deaths: Deaths::default(),
    };
    built.deaths = stays.build(
        rows,
        known,
        true,
        &mut Scratch::default(),
        &mut built.spells,
        &mut built.stays,
        &mut built.counts,
    );
    let counts = &built.counts;
    assert_eq!(counts.accounted_rows(), rows.len() as u64, "L1: rows are lost: {counts:?}");
    built
}

fn build(rows: &[Episode]) -> Built {
    build_with(&HospitalSettings::default(), "", rows)
}

impl Built {
    /// Spells as `name admission discharge`, the name being the letter of a SUS spell.
    fn spells(&self) -> Vec<String> {
        let date = |day: Day| day.to_string()[5..].to_owned();
        let line = |s: &Spell| format!("{} {} {}", name(s), date(s.admission), date(s.discharge));
        self.spells.iter().map(line).collect()
    }

    /// Stays as `members nights`.
    fn stays(&self) -> Vec<String> {
        let line = |(n, stay): (usize, &Cips)| {
            let members = self.spells.iter().filter(|s| s.cips as usize == n);
            format!("{} {}", members.map(name).collect::<String>(), stay.nights())
        };
        self.stays.iter().enumerate().map(line).collect()
    }
}

fn name(spell: &Spell) -> char {
    ('A'..='Z').find(|&c| spell.key == Some(RecordKey::from_number(u64::from(c)))).unwrap_or('?')
}
