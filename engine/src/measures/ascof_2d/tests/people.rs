//! Linked people, a frame and figures for tests, in a few words each.

use super::super::{Ascof2d, Settings};
use crate::figure::{Figure, Results};
use crate::frame::Frame;
use crate::measures::Measure;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Gender, Outcome, Raw, ServiceType,
};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::hospital::codes::NO_CODES;
use throughcare_linkage::identifier::Identifier;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::lookup::{AreaRow, Areas, Residences};
use throughcare_linkage::person::{PersonIdKind, PersonKey};
use throughcare_linkage::records::apc::{Episode, EpisodeFlags};
use throughcare_linkage::records::key::RecordKey;
use throughcare_linkage::timeline::death::Death;
use throughcare_linkage::timeline::state::Line;

/// Numbers of councils in the frame.
pub const NORTHTON: u16 = 1;
pub const SOUTHTON: u16 = 2;
pub const UNLISTED: u16 = 3;

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

pub fn period(start: &str, end: &str) -> Period {
    Period { start: day(start), end: day(end) }
}

/// Two listed councils, one that only care records name, and residences in England and Wales.
/// LSOA numbers: 1 Northton, 2 Southton, 3 a council that no look-up lists, 4 Wales, 5 unknown.
pub fn frame(periods: &[Period], extract_end: &str) -> Frame {
    let row = |la_code: &str, name: &str, region: &str, ons_code: &str| AreaRow {
        la_code: la_code.into(),
        name: name.into(),
        region: region.into(),
        ons_code: ons_code.into(),
    };
    let lsoa = |code: &str, utla: &str, name: &str| (code.into(), (utla.into(), name.into()));
    let mut frame = Frame {
        la_codes: ["", "100", "200", "300"].map(Into::into).to_vec(),
        lsoas: ["", "E1", "E2", "E3", "W4", "E5"].map(Into::into).to_vec(),
        areas: Areas::new([
            row("100", "Northton", "North", "E100"),
            row("200", "Southton", "South", "E200"),
        ]),
        residences: Residences {
            by_lsoa: [
                lsoa("E1", "E100", "Northton"),
                lsoa("E2", "E200", "Southton"),
                lsoa("E3", "E900", "Faraway"),
                lsoa("W4", "W100", "Llan"),
            ]
            .into_iter()
            .collect(),
        },
        sus_end: day(extract_end),
        ..Frame::default()
    };
    frame.study.periods = periods.to_vec();
    frame
}

/// The records of one person.
#[derive(Clone, Debug)]
pub struct Someone {
    pub kind: PersonIdKind,
    pub linkable: bool,
    pub episodes: Vec<Episode>,
    pub joined: Vec<CareEvent>,
    line: Line,
}

impl Someone {
    pub fn new(episodes: &[Episode], joined: &[CareEvent]) -> Self {
        Self {
            kind: PersonIdKind::NhsTraced,
            linkable: true,
            episodes: episodes.to_vec(),
            joined: joined.to_vec(),
            line: Line::default(),
        }
    }

    pub fn person(&self) -> Person<'_> {
        Person {
            intervals: &[],
            key: PersonKey(1),
            id: Identifier::default(),
            id_kind: self.kind,
            linkable: self.linkable,
            episodes: &self.episodes,
            codes: &NO_CODES,
            cld_rows: &[],
            cld_details: &[],
            joined: &self.joined,
            single: &[],
            spells: &[],
            cips: &[],
            attendances: &[],
            attendance_spells: &[],
            appointments: &[],
            events: &[],
            death: Death::default(),
            line: &self.line,
        }
    }
}

/// An eligible last episode: an emergency of a woman born in January 1944 who lives in Northton and
/// goes home.
pub fn stay(spell: u64, admission: &str, discharge: &str) -> Episode {
    Episode {
        spell_key: Some(RecordKey::from_number(spell)),
        episode_key: None,
        admission: day(admission).into(),
        discharge: day(discharge).into(),
        episode_start: OptDay::NONE,
        episode_end: OptDay::NONE,
        discharge_ready: OptDay::NONE,
        submitted: OptDay::NONE,
        row: 0,
        lsoa: 1,
        file: 0,
        provider: 0,
        residence: 0,
        birth: BirthMonth::new(1944, 1),
        admission_method: Code::new("21"),
        source: Code::new("19"),
        destination: Code::new("19"),
        discharge_method: Code::new("1"),
        class: Code::new("1"),
        management: Code::new("EM"),
        treatment_function: Code::new("300"),
        admission_function: Code::NONE,
        main_specialty: Code::new("300"),
        episode_type: Code::new("1"),
        sex: Code::new("2"),
        ethnic: Code::NONE,
        admission_time: u16::MAX,
        discharge_time: u16::MAX,
        age: 80,
        episode_no: 1,
        imd_decile: 0,
        quality: 0,
        flags: EpisodeFlags(EpisodeFlags::LAST | EpisodeFlags::HAS_LAST),
    }
}

/// A service of a service user; an empty end is open.
pub fn service(la: u16, service_type: ServiceType, start: &str, end: &str) -> CareEvent {
    CareEvent {
        record_id: 1,
        start: day(start),
        end: Day::parse_iso(end).into(),
        raw_end: OptDay::NONE,
        death: OptDay::NONE,
        reference_start: day("2024-01-01"),
        reference_end: day("2025-12-31"),
        row: 0,
        la,
        birth: BirthMonth::default(),
        event_type: EventType::Service,
        client_type: ClientType::ServiceUser,
        service_type,
        component: Component::None,
        outcome: Outcome::None,
        assessment_type: AssessmentType::None,
        gender: Gender::None,
        review_type: ReviewType::None,
        mechanism: Raw::NONE,
        id_kind: PersonIdKind::NhsTraced,
        cropped: false,
    }
}

/// Reablement in Northton; an empty end is open.
pub fn reablement(start: &str, end: &str) -> CareEvent {
    CareEvent {
        component: Component::Reablement,
        ..service(NORTHTON, ServiceType::StMax, start, end)
    }
}

/// The measure of these people.
pub fn measure(settings: Settings, frame: &Frame, people: &[Someone]) -> Results {
    let mut counts = Ascof2d::with_settings(&settings, frame);
    for someone in people {
        counts.add(&someone.person(), frame);
    }
    let mut results = Results::default();
    counts.finish(frame, &mut results);
    results
}

/// Numerator and denominator of a figure, which must be there at most once.
pub type Numbers = (Option<i64>, Option<i64>);

pub fn find<'a>(results: &'a Results, part: &str, area: &str, stratum: &str) -> Option<&'a Figure> {
    let mut found = results.measures.iter().filter(|figure| {
        figure.part == part && figure.area.code == area && figure.stratum == stratum
    });
    let first = found.next();
    assert!(found.next().is_none(), "{part} {area} {stratum} is there twice");
    first
}

pub fn numbers(results: &Results, part: &str, area: &str, stratum: &str) -> Option<Numbers> {
    find(results, part, area, stratum).map(|figure| (figure.numerator, figure.denominator))
}
