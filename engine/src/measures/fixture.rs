//! Short makers of stays and linked people for the tests of hospital measures.

use crate::figure::{Figure, Results};
use crate::frame::Frame;
use crate::measures::Measure;
use crate::study::Study;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::hospital::codes::EpisodeCodes;
use throughcare_linkage::hospital::stay::{Cips, EndKind, Spell, StayFlags};
use throughcare_linkage::identifier::Identifier;
use throughcare_linkage::link::events::PersonEvent;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::person::{PersonIdKind, PersonKey};
use throughcare_linkage::records::apc::{Episode, EpisodeFlags};
use throughcare_linkage::records::appointment::Appointment;
use throughcare_linkage::records::cld::{CldDetail, CldRow};
use throughcare_linkage::records::ecds::Attendance;
use throughcare_linkage::timeline::death::Death;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::{Line, State, Visit};

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap_or_else(|| panic!("bad test date {text}"))
}

pub fn period(start: &str, end: &str) -> Period {
    Period { start: day(start), end: day(end) }
}

pub fn frame(periods: &[Period], sus_end: &str) -> Frame {
    Frame {
        study: Study { periods: periods.to_vec(), ..Study::default() },
        la_codes: ["", "202", "101"].map(Box::from).into(),
        providers: ["", "RZZ", "RAA"].map(Box::from).into(),
        lsoas: vec!["".into()],
        sus_end: day(sus_end),
        ..Frame::default()
    }
}

/// An ordinary emergency spell of a woman born in January 1950, alive to her usual residence, from
/// council 1 at provider 1.
pub fn spell(admission: &str, discharge: &str) -> Spell {
    Spell {
        key: None,
        admission: day(admission),
        discharge: day(discharge),
        discharge_ready: OptDay::NONE,
        first_episode: 0,
        last_episode: 0,
        cips: 0,
        lsoa: 0,
        provider: 1,
        residence: 1,
        birth: BirthMonth::new(1950, 1),
        episodes: 1,
        admission_time: u16::MAX,
        admission_method: Code::new("21"),
        source: Code::new("19"),
        class: Code::new("1"),
        management: Code::new("EM"),
        treatment_admission: Code::new("300"),
        treatment_discharge: Code::new("300"),
        main_specialty: Code::new("300"),
        destination: Code::new("19"),
        discharge_method: Code::new("1"),
        sex: Code::new("2"),
        end_kind: EndKind::Observed,
        transit: 0,
        flags: StayFlags::default(),
    }
}

/// The CIPS of one spell.
pub fn cips_of(spell: &Spell) -> Cips {
    Cips {
        admission: spell.admission,
        discharge: spell.discharge,
        discharge_ready: spell.discharge_ready,
        first_spell: 0,
        last_spell: 0,
        nights_in_bed: spell.nights(),
        acute_nights: spell.nights(),
        spells: 1,
        providers: 1,
        max_gap: 0,
        provider: spell.provider,
        discharge_provider: spell.provider,
        residence: spell.residence,
        lsoa: spell.lsoa,
        birth: spell.birth,
        sex: spell.sex,
        admission_method: spell.admission_method,
        source: spell.source,
        class: spell.class,
        treatment_admission: spell.treatment_admission,
        treatment_discharge: spell.treatment_discharge,
        main_specialty: spell.main_specialty,
        destination: spell.destination,
        discharge_method: spell.discharge_method,
        end_kind: spell.end_kind,
        day_case: spell.class == Code::new("2"),
        emergency: spell.admission_method.starts_with(b'2'),
        died: spell.discharge_method == Code::new("4"),
        flags: spell.flags,
    }
}

/// An episode of which only the ethnic category matters.
pub fn episode(ethnic: &str) -> Episode {
    Episode {
        spell_key: None,
        episode_key: None,
        admission: OptDay::NONE,
        discharge: OptDay::NONE,
        episode_start: OptDay::NONE,
        episode_end: OptDay::NONE,
        discharge_ready: OptDay::NONE,
        submitted: OptDay::NONE,
        row: 1,
        lsoa: 0,
        file: 0,
        provider: 0,
        residence: 0,
        birth: BirthMonth::default(),
        admission_method: Code::NONE,
        source: Code::NONE,
        destination: Code::NONE,
        discharge_method: Code::NONE,
        class: Code::NONE,
        management: Code::NONE,
        treatment_function: Code::NONE,
        admission_function: Code::NONE,
        main_specialty: Code::NONE,
        episode_type: Code::NONE,
        sex: Code::NONE,
        ethnic: Code::new(ethnic),
        admission_time: u16::MAX,
        discharge_time: u16::MAX,
        age: 255,
        episode_no: 0,
        imd_decile: 0,
        quality: 0,
        flags: EpisodeFlags::default(),
    }
}

/// The CIPS of [`spell`].
pub fn cips(admission: &str, discharge: &str) -> Cips {
    cips_of(&spell(admission, discharge))
}

/// A planned ordinary CIPS.
pub fn planned(admission: &str, discharge: &str) -> Cips {
    let code = Code::new("12");
    Cips { admission_method: code, emergency: false, ..cips(admission, discharge) }
}

/// A line of states, each from its day to the next one's; the last runs to `end`.
pub fn line(states: &[(&str, State)], end: &str) -> Line {
    let starts = states.iter().map(|(start, _)| day(start)).skip(1).chain([day(end)]);
    let mut care = State::Home;
    let visit = |(&(start, state), end): (&(&str, State), Day)| {
        if !state.is_hospital() {
            care = state;
        }
        Visit {
            start: day(start),
            end,
            state,
            underlying: care,
            mask: state.bit(),
            id: u32::MAX,
            la: 0,
            truncated: false,
            censored: false,
            held: false,
        }
    };
    let visits = states.iter().zip(starts).map(visit).collect();
    Line { visits, ..Line::default() }
}

/// A person in the making: linkable, known to hospital.
#[derive(Clone, Debug, Default)]
pub struct Maker {
    pub spells: Vec<Spell>,
    pub cips: Vec<Cips>,
    pub episodes: Vec<Episode>,
    pub codes: EpisodeCodes,
    pub attendances: Vec<Attendance>,
    pub attendance_spells: Vec<u32>,
    pub appointments: Vec<Appointment>,
    pub events: Vec<PersonEvent>,
    pub joined: Vec<CareEvent>,
    pub single: Vec<CareEvent>,
    pub rows: Vec<CldRow>,
    pub details: Vec<CldDetail>,
    pub line: Line,
    pub intervals: Vec<Interval>,
    pub death: Death,
    pub unlinkable: bool,
    pub nobody: bool,
}

impl Maker {
    pub fn of_cips(cips: &[Cips]) -> Self {
        Self { cips: cips.to_vec(), ..Self::default() }
    }

    pub fn of_spells(spells: &[Spell]) -> Self {
        Self { spells: spells.to_vec(), ..Self::default() }
    }

    pub fn add_to<M: Measure>(&self, measure: &mut M, frame: &Frame) {
        self.with(|person| measure.add(person, frame));
    }

    pub fn with<R>(&self, look: impl FnOnce(&Person<'_>) -> R) -> R {
        let mut blocks = Vec::new();
        look(&Person {
            intervals: &self.intervals,
            key: PersonKey(1),
            id: Identifier::of(b"A", &mut blocks),
            id_kind: if self.nobody { PersonIdKind::None } else { PersonIdKind::Hospital },
            linkable: !self.unlinkable,
            episodes: &self.episodes,
            codes: &self.codes,
            cld_rows: &self.rows,
            cld_details: &self.details,
            joined: &self.joined,
            single: &self.single,
            spells: &self.spells,
            cips: &self.cips,
            attendances: &self.attendances,
            attendance_spells: &self.attendance_spells,
            appointments: &self.appointments,
            events: &self.events,
            death: self.death,
            line: &self.line,
        })
    }
}

/// What a measure makes of these people.
pub fn results<M: Measure>(mut measure: M, people: &[Maker], frame: &Frame) -> Results {
    people.iter().for_each(|person| person.add_to(&mut measure, frame));
    let mut results = Results::default();
    measure.finish(frame, &mut results);
    results
}

/// What two measures make of these people, split after `cut` of them and merged both ways.
pub fn merged<M: Measure>(
    make: impl Fn() -> M,
    people: &[Maker],
    cut: usize,
    frame: &Frame,
) -> [Results; 2] {
    let (left, right) = people.split_at(cut.min(people.len()));
    let counted = |part: &[Maker]| {
        let mut measure = make();
        part.iter().for_each(|person| person.add_to(&mut measure, frame));
        measure
    };
    [(left, right), (right, left)].map(|(first, second)| {
        let mut measure = counted(first);
        measure.merge(counted(second));
        let mut results = Results::default();
        measure.finish(frame, &mut results);
        results
    })
}

/// The figure of a part, area and stratum in the first period.
pub fn figure<'a>(results: &'a Results, part: &str, area: &str, stratum: &str) -> &'a Figure {
    let wanted = |figure: &&Figure| {
        figure.part == part && figure.area.code == area && figure.stratum == stratum
    };
    let found = results.measures.iter().find(wanted);
    found.unwrap_or_else(|| panic!("no figure {part} {area} {stratum}"))
}

pub const ENGLAND: &str = "E92000001";

/// Numerator and denominator of England's total.
pub fn england(results: &Results, part: &str) -> (Option<i64>, Option<i64>) {
    let figure = figure(results, part, ENGLAND, "");
    (figure.numerator, figure.denominator)
}

/// Each part's steps begin with everything and lose what they say they lose.
pub fn assert_attrition_adds_up(results: &Results) {
    assert!(!results.attrition.is_empty());
    for pair in results.attrition.windows(2) {
        if pair[1].step > 1 {
            assert_eq!(pair[1].step, pair[0].step + 1);
            assert_eq!(pair[1].records_left, pair[0].records_left - pair[1].records_out);
            assert!(pair[1].people_left <= pair[0].people_left);
        } else {
            assert_eq!(pair[1].records_out, 0);
        }
    }
}
