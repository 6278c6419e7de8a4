//! Emergency care attendances (`sus-fields.md` section 8).

use super::values::{self, Moment, NO_TIME, Number, is_missing};
use super::{Column, Notes, apc, essential, small, trusted_person};
use crate::codes::short::{Code, CodeSet};
use crate::person::PersonKey;
use crate::records::ecds::{ArrivalMode, Attendance, Disposal};
use crate::records::key::RecordKey;
use crate::records::quarantine::Reason;
use crate::schema::ecds::Ecds;
use crate::source::Batch;
use crate::store::{Staged, Texts};
use hashbrown::{HashMap, HashSet};

const STATUS: &str = include_str!("../codes/sus/ecds_status.csv");
const DESTINATION: &str = include_str!("../codes/sus/ecds_destination.csv");
const LEGACY: &str = include_str!("../codes/sus/ae_disposal.csv");
const ARRIVAL_MODE: &str = include_str!("../codes/sus/ecds_arrival_mode.csv");
const LEGACY_ARRIVAL_MODE: &str = include_str!("../codes/sus/ae_arrival_mode.csv");

/// What a status, a destination or a legacy disposal says by itself.
type Classes = HashMap<&'static str, Disposal>;

/// The classes of a code list: lines of `code,meaning,class` below a heading.
fn classes(list: &'static str) -> Classes {
    let class = |name: &str| match name {
        "completed" => Some(Disposal::Unknown), // where to is the destination's to say
        "streamed" => Some(Disposal::Streamed),
        "left" => Some(Disposal::Left),
        "died" => Some(Disposal::Died),
        "discharged" => Some(Disposal::Discharged),
        "admitted" => Some(Disposal::Admitted),
        "ambulatory" => Some(Disposal::Ambulatory),
        "transferred" => Some(Disposal::Transferred),
        _ => None,
    };
    let lines = list.lines().skip(1);
    lines
        .filter_map(|line| Some((line.split(',').next()?, class(line.rsplit(',').next()?.trim())?)))
        .collect()
}

/// The statuses that keep an attendance out of the standard count (8.4).
fn uncounted() -> HashSet<&'static str> {
    let lines = STATUS.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    lines
        .filter_map(|cells| match cells.as_slice() {
            [code, _, "no", _] => Some(*code),
            _ => None,
        })
        .collect()
}

/// The ways of arriving of a code list: lines of `code,meaning,class` below a heading.
fn arrival_modes(list: &'static str) -> HashMap<&'static str, ArrivalMode> {
    let mode = |class: &str| match class {
        "ambulance" => ArrivalMode::Ambulance,
        _ => ArrivalMode::Other,
    };
    let lines = list.lines().skip(1);
    lines
        .filter_map(|line| Some((line.split(',').next()?, mode(line.rsplit(',').next()?))))
        .collect()
}

/// A status with "treatment completed" apart from "says nothing".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Status {
    disposal: Disposal,
    completed: bool,
    uncounted: bool,
}

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct EcdsDecoder<'a> {
    texts: &'a Texts,
    file: u16,
    trusted: &'a CodeSet,
    is_untrusted: Column<bool>,
    age: Column<Number>,
    sex: Column<Code>,
    lsoa: Column<u32>,
    residence: Column<u16>,
    lists: [Classes; 3],
    uncounted: HashSet<&'static str>,
    modes: [HashMap<&'static str, ArrivalMode>; 2],
    key: Column<Option<RecordKey>>,
    arrival: Column<Moment>,
    departure: Column<Moment>,
    times: [Column<Option<u16>>; 2],
    provider: Column<u16>,
    department: [Column<Code>; 2],
    category: [Column<Code>; 2],
    status: Column<Status>,
    destination: Column<Disposal>,
    legacy: Column<Disposal>,
    arrival_mode: [Column<ArrivalMode>; 2],
    /// Whether the layout is one before ECDS.
    legacy_layout: bool,
    /// First diagnosis and first treatment.
    first_codes: [Column<u32>; 2],
    group: Column<Number>,
    /// Duplicate, deleted, excluded from SUS, unfinished.
    housekeeping: [Column<bool>; 4],
}

impl<'a> EcdsDecoder<'a> {
    /// A decoder for a task of a file; `legacy` says that its layout is one before ECDS, `trusted` which
    /// statuses of an NHS number make it one to join by.
    #[must_use]
    pub fn new(texts: &'a Texts, file: u16, legacy: bool, trusted: &'a CodeSet) -> Self {
        let code = |column: Ecds| Column::new(column as usize, Code::NONE);
        let disposal = |column: Ecds| Column::new(column as usize, Disposal::Unknown);
        Self {
            texts,
            file,
            trusted,
            is_untrusted: Column::new(Ecds::NhsNumberStatus as usize, false),
            age: Column::number(Ecds::Age as usize),
            sex: code(Ecds::Sex),
            lsoa: Column::new(Ecds::Lsoa as usize, 0),
            residence: Column::new(Ecds::Residence as usize, 0),
            lists: [STATUS, DESTINATION, LEGACY].map(classes),
            uncounted: uncounted(),
            modes: [ARRIVAL_MODE, LEGACY_ARRIVAL_MODE].map(arrival_modes),
            key: Column::key(Ecds::Key as usize),
            arrival: Column::date(Ecds::Arrival as usize),
            departure: Column::date(Ecds::Departure as usize),
            times: [Ecds::ArrivalTime, Ecds::DepartureTime]
                .map(|column| Column::new(column as usize, Some(NO_TIME))),
            provider: Column::new(Ecds::Provider as usize, 0),
            department: [code(Ecds::Department), code(Ecds::LegacyDepartment)],
            category: [code(Ecds::Category), code(Ecds::LegacyCategory)],
            status: Column::new(Ecds::Status as usize, Status::default()),
            destination: disposal(Ecds::Destination),
            legacy: disposal(Ecds::LegacyDisposal),
            arrival_mode: [Ecds::ArrivalMode, Ecds::LegacyArrivalMode]
                .map(|column| Column::new(column as usize, ArrivalMode::Unknown)),
            legacy_layout: legacy,
            first_codes: [Ecds::Diagnosis, Ecds::Treatment]
                .map(|column| Column::new(column as usize, 0)),
            group: Column::number(Ecds::PatientGroup as usize),
            housekeeping: [Ecds::Duplicate, Ecds::Deleted, Ecds::Excluded, Ecds::Finished]
                .map(|column| Column::new(column as usize, false)),
        }
    }

    /// Decodes a batch into `staged`; rows that cannot be used go to `notes`.
    pub fn batch(&mut self, batch: &Batch<'_>, staged: &mut Staged<Attendance>, notes: &mut Notes) {
        self.load(batch, notes);
        let ids = batch.cells[Ecds::PersonId as usize];
        for row in 0..batch.len {
            match self.attendance(batch.rows.at(row), row) {
                Ok(attendance) => {
                    let person = trusted_person(&ids, row, &self.is_untrusted, notes);
                    staged.push(person, attendance);
                }
                Err(column) => {
                    notes.set_aside.push((batch.rows.at(row), Reason::BadDate, column));
                }
            }
        }
    }

    fn load(&mut self, batch: &Batch<'_>, notes: &mut Notes) {
        let texts = self.texts;
        self.key.load_keys(batch);
        self.is_untrusted.load(batch, |text| is_untrusted(text, self.trusted));
        self.age.load_numbers(batch);
        self.age.count_bad(batch, Ecds::Age.name(), notes);
        self.sex.load(batch, apc::sex);
        self.lsoa.load(batch, |text| apc::lsoa(texts, text));
        self.residence.load(batch, |text| small(&texts.la, text));
        self.arrival.load_dates(batch);
        self.departure.load_dates(batch);
        self.departure.count_bad(batch, Ecds::Departure.name(), notes);
        for (column, name) in self.times.iter_mut().zip([Ecds::ArrivalTime, Ecds::DepartureTime]) {
            column.load(batch, values::time);
            notes.bad(name.name(), column.bad(batch, Option::is_none));
        }
        self.provider.load(batch, |text| small(&texts.provider, apc::provider(text)));
        for column in &mut self.department {
            column.load(batch, two_digits);
        }
        let [category, legacy_category] = &mut self.category;
        category.load(batch, |text| one_digit(text, |code| code));
        legacy_category.load(batch, |text| one_digit(text, modern_category));
        let [statuses, destinations, disposals] = &self.lists;
        let uncounted = &self.uncounted;
        let mut unmapped = 0;
        let class = |list: &Classes, text: &str| list.get(text.trim()).copied();
        self.status.load(batch, |text| {
            let disposal = class(statuses, text);
            unmapped += u64::from(disposal.is_none() && !is_missing(text));
            Status {
                disposal: disposal.unwrap_or_default(),
                completed: disposal == Some(Disposal::Unknown),
                uncounted: uncounted.contains(text.trim()),
            }
        });
        self.destination.load(batch, |text| class(destinations, text).unwrap_or_default());
        self.legacy.load(batch, |text| {
            let text = text.trim();
            let padded = if text.len() == 1 { format!("0{text}") } else { text.to_owned() };
            disposals.get(padded.as_str()).copied().unwrap_or_default()
        });
        notes.bad(Ecds::Status.name(), unmapped);
        for (column, modes) in self.arrival_mode.iter_mut().zip(&self.modes) {
            column.load(batch, |text| modes.get(text.trim()).copied().unwrap_or_default());
        }
        if self.legacy_layout {
            for column in &mut self.first_codes {
                column.load(batch, text_number);
            }
        }
        self.group.load_numbers(batch);
        let [duplicate, deleted, excluded, finished] = &mut self.housekeeping;
        duplicate.load(batch, is_yes);
        deleted.load(batch, is_yes);
        excluded.load(batch, is_yes);
        finished.load(batch, |text| !is_missing(text) && !is_yes(text));
    }

    #[inline]
    fn attendance(&self, number: u32, row: usize) -> Result<Attendance, &'static str> {
        let arrival = self.arrival.at(row);
        let departure = self.departure.at(row);
        let clock = |time: Option<u16>, moment: Moment| match time {
            Some(minute) if minute != NO_TIME => minute,
            _ => moment.minute,
        };
        let or = |codes: &[Column<Code>; 2]| {
            let [modern, legacy] = codes;
            if modern.at(row).is_some() { modern.at(row) } else { legacy.at(row) }
        };
        let category = or(&self.category);
        let brought_in_dead = self.group.at(row).get() == Some(70);
        let [mode, legacy_mode] = &self.arrival_mode;
        let [diagnosis, treatment] = &self.first_codes;
        Ok(Attendance {
            // 0 of the layouts before ECDS is no key (8.5)
            key: self
                .key
                .at(row)
                .filter(|key| !self.legacy_layout || *key != const { RecordKey::from_number(0) }),
            arrival: essential(arrival, Ecds::Arrival.name())?,
            departure: departure.day,
            row: number,
            file: self.file,
            provider: self.provider.at(row),
            lsoa: self.lsoa.at(row),
            residence: self.residence.at(row),
            sex: self.sex.at(row),
            age: apc::age(self.age.at(row)),
            arrival_time: clock(self.times[0].at(row), arrival),
            departure_time: clock(self.times[1].at(row), departure),
            department: or(&self.department),
            category,
            disposal: if brought_in_dead || category == const { Code::new("X") } {
                Disposal::Died
            } else {
                disposal(self.status.at(row), self.destination.at(row), self.legacy.at(row))
            },
            arrival_mode: if mode.at(row) == ArrivalMode::Unknown {
                legacy_mode.at(row)
            } else {
                mode.at(row)
            },
            first_codes: if self.legacy_layout {
                diagnosis.at(row) ^ treatment.at(row).rotate_left(16)
            } else {
                0
            },
            legacy: self.legacy_layout,
            uncounted: brought_in_dead || self.status.at(row).uncounted,
            housekeeping: self.housekeeping.iter().any(|flag| flag.at(row)),
        })
    }
}

/// How an attendance ended: a death anywhere, else a status that says more than "completed", else the
/// destination, else the legacy disposal, else a completed treatment.
fn disposal(status: Status, destination: Disposal, legacy: Disposal) -> Disposal {
    if [status.disposal, destination, legacy].contains(&Disposal::Died) {
        return Disposal::Died;
    }
    for said in [status.disposal, destination, legacy] {
        if said != Disposal::Unknown {
            return said;
        }
    }
    if status.completed { Disposal::Discharged } else { Disposal::Unknown }
}

/// A number for a text, 0 when it is missing.
fn text_number(text: &str) -> u32 {
    if is_missing(text) { 0 } else { PersonKey::of(text.trim().as_bytes()).tag() }
}

/// A code of two digits, which a number may have lost the first of; 99 is missing.
pub(super) fn two_digits(text: &str) -> Code {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    match text.as_bytes() {
        _ if is_missing(text) || text == "99" => Code::NONE,
        [digit] => Code::from_bytes(&[b'0', *digit]),
        _ => Code::new(text),
    }
}

/// Whether a status of an NHS number is known and not one of those to join by (`sus-fields.md`
/// section 2).
pub(super) fn is_untrusted(text: &str, trusted: &CodeSet) -> bool {
    let status = two_digits(text);
    status.is_some() && !trusted.contains(status)
}

/// A code of one digit; 9 is missing.
pub(super) fn one_digit(text: &str, translate: fn(Code) -> Code) -> Code {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    let text = if text.len() == 2 { text.strip_prefix('0').unwrap_or(text) } else { text };
    if is_missing(text) || text == "9" { Code::NONE } else { translate(Code::new(text)) }
}

/// The ECDS category of a legacy one: there 2 is a planned follow-up and 3 an unplanned one.
fn modern_category(legacy: Code) -> Code {
    if legacy == const { Code::new("2") } {
        const { Code::new("4") }
    } else if legacy == const { Code::new("3") } {
        const { Code::new("2") }
    } else {
        legacy
    }
}

fn is_yes(text: &str) -> bool {
    let text = text.trim();
    values::number(text).get().is_some_and(|n| n != 0)
        || ["y", "yes", "true"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_lists_hold_what_the_handbook_lists() {
        let [statuses, destinations, legacy] = [STATUS, DESTINATION, LEGACY].map(classes);
        assert_eq!((statuses.len(), destinations.len(), legacy.len()), (18, 18, 12));
        for list in [STATUS, DESTINATION, LEGACY] {
            assert_eq!(list.lines().count(), classes(list).len() + 1);
        }
        let streamed = statuses.values().filter(|c| **c == Disposal::Streamed).count();
        let admitted = destinations.values().filter(|c| **c == Disposal::Admitted).count();
        assert_eq!((streamed, admitted), (12, 7));
    }

    #[test]
    fn sus_8_4_three_statuses_are_left_out_of_the_standard_count() {
        let mut codes: Vec<&str> = uncounted().into_iter().collect();
        codes.sort_unstable();
        assert_eq!(codes, ["1077031000000103", "1077781000000101", "63238001"]);
        let modes = arrival_modes(ARRIVAL_MODE);
        let ambulances = modes.values().filter(|mode| **mode == ArrivalMode::Ambulance).count();
        assert_eq!((modes.len(), ambulances), (5, 4));
        assert_eq!(modes["1048021000000102"], ArrivalMode::Other);
        assert_eq!(arrival_modes(LEGACY_ARRIVAL_MODE)["1"], ArrivalMode::Ambulance);
    }

    #[test]
    fn a_status_goes_before_the_destination_and_a_death_before_both() {
        use Disposal::*;
        let said = |disposal| Status { disposal, ..Status::default() };
        let done = Status { disposal: Unknown, completed: true, uncounted: false };
        assert_eq!(disposal(done, Admitted, Unknown), Admitted);
        assert_eq!(disposal(done, Unknown, Unknown), Discharged);
        assert_eq!(disposal(said(Left), Discharged, Unknown), Left);
        assert_eq!(disposal(said(Streamed), Admitted, Unknown), Streamed);
        assert_eq!(disposal(said(Left), Died, Unknown), Died);
        assert_eq!(disposal(said(Unknown), Unknown, Transferred), Transferred);
        assert_eq!(disposal(said(Unknown), Unknown, Unknown), Unknown);
    }

    #[test]
    fn legacy_attendance_categories_take_the_ecds_codes() {
        assert_eq!(one_digit("2", modern_category), Code::new("4"));
        assert_eq!(one_digit("03", modern_category), Code::new("2"));
        assert_eq!(one_digit("1", modern_category), Code::new("1"));
        assert!(one_digit("9", modern_category).is_none());
        assert_eq!(two_digits("1"), Code::new("01"));
        assert!(two_digits("99").is_none());
    }
}
