//! Emergency care attendances (`sus-fields.md` section 8).

use super::values::{self, Moment, NO_TIME, Number, is_missing};
use super::{Column, Notes, apc, essential, person, small};
use crate::codes::short::Code;
use crate::records::ecds::{Attendance, Disposal};
use crate::records::key::RecordKey;
use crate::records::quarantine::Reason;
use crate::schema::ecds::Ecds;
use crate::source::Batch;
use crate::store::{Staged, Texts};
use hashbrown::HashMap;

const STATUS: &str = include_str!("../codes/sus/ecds_status.csv");
const DESTINATION: &str = include_str!("../codes/sus/ecds_destination.csv");
const LEGACY: &str = include_str!("../codes/sus/ae_disposal.csv");

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

/// A status with "treatment completed" apart from "says nothing".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Status {
    disposal: Disposal,
    completed: bool,
}

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct EcdsDecoder<'a> {
    texts: &'a Texts,
    file: u16,
    lists: [Classes; 3],
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
    group: Column<Number>,
    /// Duplicate, deleted, unfinished.
    housekeeping: [Column<bool>; 3],
}

impl<'a> EcdsDecoder<'a> {
    /// A decoder for a task of a file.
    #[must_use]
    pub fn new(texts: &'a Texts, file: u16) -> Self {
        let code = |column: Ecds| Column::new(column as usize, Code::NONE);
        let disposal = |column: Ecds| Column::new(column as usize, Disposal::Unknown);
        Self {
            texts,
            file,
            lists: [STATUS, DESTINATION, LEGACY].map(classes),
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
            group: Column::number(Ecds::PatientGroup as usize),
            housekeeping: [Ecds::Duplicate, Ecds::Deleted, Ecds::Finished]
                .map(|column| Column::new(column as usize, false)),
        }
    }

    /// Decodes a batch into `staged`; rows that cannot be used go to `notes`.
    pub fn batch(&mut self, batch: &Batch<'_>, staged: &mut Staged<Attendance>, notes: &mut Notes) {
        self.load(batch, notes);
        let ids = batch.cells[Ecds::PersonId as usize];
        for row in 0..batch.len {
            match self.attendance(batch.rows.at(row), row) {
                Ok(attendance) => staged.push(person(&ids, row), attendance),
                Err(column) => {
                    notes.set_aside.push((batch.rows.at(row), Reason::BadDate, column));
                }
            }
        }
    }

    fn load(&mut self, batch: &Batch<'_>, notes: &mut Notes) {
        let texts = self.texts;
        self.key.load_keys(batch);
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
        let mut unmapped = 0;
        let class = |list: &Classes, text: &str| list.get(text.trim()).copied();
        self.status.load(batch, |text| {
            let disposal = class(statuses, text);
            unmapped += u64::from(disposal.is_none() && !is_missing(text));
            Status {
                disposal: disposal.unwrap_or_default(),
                completed: disposal == Some(Disposal::Unknown),
            }
        });
        self.destination.load(batch, |text| class(destinations, text).unwrap_or_default());
        self.legacy.load(batch, |text| {
            let text = text.trim();
            let padded = if text.len() == 1 { format!("0{text}") } else { text.to_owned() };
            disposals.get(padded.as_str()).copied().unwrap_or_default()
        });
        notes.bad(Ecds::Status.name(), unmapped);
        self.group.load_numbers(batch);
        let [duplicate, deleted, finished] = &mut self.housekeeping;
        duplicate.load(batch, is_yes);
        deleted.load(batch, is_yes);
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
        Ok(Attendance {
            key: self.key.at(row),
            arrival: essential(arrival, Ecds::Arrival.name())?,
            departure: departure.day,
            row: number,
            file: self.file,
            provider: self.provider.at(row),
            arrival_time: clock(self.times[0].at(row), arrival),
            departure_time: clock(self.times[1].at(row), departure),
            department: or(&self.department),
            category,
            disposal: if self.group.at(row).get() == Some(70)
                || category == const { Code::new("X") }
            {
                Disposal::Died
            } else {
                disposal(self.status.at(row), self.destination.at(row), self.legacy.at(row))
            },
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

fn two_digits(text: &str) -> Code {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    match text.as_bytes() {
        _ if is_missing(text) || text == "99" => Code::NONE,
        [digit] => Code::from_bytes(&[b'0', *digit]),
        _ => Code::new(text),
    }
}

fn one_digit(text: &str, translate: fn(Code) -> Code) -> Code {
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
    fn a_status_goes_before_the_destination_and_a_death_before_both() {
        use Disposal::*;
        let said = |disposal| Status { disposal, completed: false };
        let done = Status { disposal: Unknown, completed: true };
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
