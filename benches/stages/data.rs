//! The records that every stage works on, made once.

use std::path::Path;
use tempfile::TempDir;
use throughcare_engine::run::Prepared;
use throughcare_engine::study_file::StudyFile;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::hospital::codes::NO_CODES;
use throughcare_linkage::hospital::stay::{Cips, Spell};
use throughcare_linkage::identifier::{Block, Identifier, Shape};
use throughcare_linkage::link::events::PersonEvent;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::person::{PersonIdKind, PersonKey};
use throughcare_linkage::progress::Silent;
use throughcare_linkage::records::apc::Episode;
use throughcare_linkage::records::appointment::Appointment;
use throughcare_linkage::records::cld::{CldDetail, CldRow};
use throughcare_linkage::records::ecds::Attendance;
use throughcare_linkage::timeline::death::Death;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::Line;
use throughcare_testdata::{Format, Options, generate};

const PEOPLE: u64 = 20_000;
const SEED: u64 = 20_240_401;

/// Synthetic records in a temporary folder, and what the engine makes of them.
pub struct Data {
    /// The study whose hospital files are CSV.
    pub csv: StudyFile,
    /// The same people with hospital files in Parquet.
    pub parquet: StudyFile,
    /// The records of the first study, read and settled.
    pub prepared: Prepared,
    /// The people of the first study, linked, in the order of their keys.
    pub people: Vec<Linked>,
    // removes the files at the end
    _folder: TempDir,
}

impl Data {
    /// Makes the records and links them.
    pub fn make() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let csv = study(&folder.path().join("csv"), Format::Csv);
        let parquet = study(&folder.path().join("parquet"), Format::Parquet);
        let prepared = Prepared::read(csv.clone(), &Silent).expect("records");
        let mut people = Vec::new();
        let linked = prepared.in_key_order(
            &Silent,
            |some: &mut Vec<Linked>, person| some.push(Linked::of(person)),
            |mut some| {
                people.append(&mut some);
                Ok::<(), std::convert::Infallible>(())
            },
        );
        linked.expect("nothing can fail");
        Self { csv, parquet, prepared, people, _folder: folder }
    }

    /// Source rows of all people, of every kind.
    pub fn rows(&self) -> u64 {
        let rows = |person: &Linked| {
            person.episodes.len() + person.cld_rows.len() + person.attendances.len()
        };
        self.people.iter().map(rows).sum::<usize>() as u64
    }
}

fn study(out: &Path, format: Format) -> StudyFile {
    let options = Options { people: PEOPLE, seed: SEED, format, out: out.to_path_buf() };
    let made = generate(&options, &mut |_done| {}).expect("synthetic records");
    StudyFile::read(&made.study).expect("a study")
}

/// A linked person that outlives linking.
pub struct Linked {
    key: PersonKey,
    /// The identifier as text.
    pub id: Vec<u8>,
    blocks: Vec<Block>,
    shape: Shape,
    id_kind: PersonIdKind,
    linkable: bool,
    pub episodes: Vec<Episode>,
    pub cld_rows: Vec<CldRow>,
    pub cld_details: Vec<CldDetail>,
    joined: Vec<CareEvent>,
    single: Vec<CareEvent>,
    spells: Vec<Spell>,
    cips: Vec<Cips>,
    attendances: Vec<Attendance>,
    attendance_spells: Vec<u32>,
    appointments: Vec<Appointment>,
    events: Vec<PersonEvent>,
    intervals: Vec<Interval>,
    pub death: Death,
    pub line: Line,
}

impl Linked {
    fn of(person: &Person<'_>) -> Self {
        Self {
            key: person.key,
            id: person.id.text(),
            blocks: person.id.blocks.to_vec(),
            shape: person.id.shape,
            id_kind: person.id_kind,
            linkable: person.linkable,
            episodes: person.episodes.to_vec(),
            cld_rows: person.cld_rows.to_vec(),
            cld_details: person.cld_details.to_vec(),
            joined: person.joined.to_vec(),
            single: person.single.to_vec(),
            spells: person.spells.to_vec(),
            cips: person.cips.to_vec(),
            attendances: person.attendances.to_vec(),
            attendance_spells: person.attendance_spells.to_vec(),
            appointments: person.appointments.to_vec(),
            events: person.events.to_vec(),
            intervals: person.intervals.to_vec(),
            death: person.death,
            line: person.line.clone(),
        }
    }

    /// The person as measures see it.
    pub fn person(&self) -> Person<'_> {
        Person {
            key: self.key,
            id: Identifier { blocks: &self.blocks, shape: self.shape },
            id_kind: self.id_kind,
            linkable: self.linkable,
            episodes: &self.episodes,
            codes: &NO_CODES,
            cld_rows: &self.cld_rows,
            cld_details: &self.cld_details,
            joined: &self.joined,
            single: &self.single,
            spells: &self.spells,
            cips: &self.cips,
            attendances: &self.attendances,
            attendance_spells: &self.attendance_spells,
            appointments: &self.appointments,
            events: &self.events,
            intervals: &self.intervals,
            death: self.death,
            line: &self.line,
        }
    }
}
