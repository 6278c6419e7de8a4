//! Record-level tables of the secure side: `timelines`, `cips` and `events`, as Parquet.
//!
//! Rows are written as people come, in a fixed order, so that the same records give the same bytes
//! and little is held at a time.

mod column;
mod events;
mod file;
mod stays;
#[cfg(test)]
mod tests;
mod timelines;

use super::error::OutputError;
use super::exact::NOTICE;
use super::{RESTRICTED, make_dir, write_file};
use crate::frame::Frame;
use events::EventRow;
use file::RecordFile;
use stays::StayRow;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use throughcare_linkage::cld::cleaning::Cleaning;
use throughcare_linkage::codes::cld::{Field, Raw};
use throughcare_linkage::link::activities::Activity;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::read::EventLog;
use timelines::TimelineRow;

/// What the numbers in records stand for.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Councils, providers and LSOAs by number.
    pub frame: &'a Frame,
    /// Labels of raw values.
    pub cleaning: &'a Cleaning,
    /// Event logs by number, with their activities.
    pub logs: &'a [EventLog],
}

impl Names<'_> {
    pub(super) fn la(&self, number: u16) -> &str {
        self.frame.la_codes.get(usize::from(number)).map_or("", |code| code)
    }

    fn provider(&self, number: u16) -> &str {
        self.frame.providers.get(usize::from(number)).map_or("", |code| code)
    }

    fn lsoa(&self, number: u32) -> &str {
        self.frame.lsoas.get(number as usize).map_or("", |code| code)
    }

    fn log(&self, number: u16) -> &str {
        self.logs.get(usize::from(number)).map_or("", |log| &log.name)
    }

    fn activity(&self, activity: Activity) -> &str {
        let log = self.logs.get(usize::from(activity.log));
        let name = log.and_then(|log| log.activities.get(usize::from(activity.number)));
        name.map_or("", |name| name)
    }

    fn cleaned(&self, field: Field, raw: Raw) -> &str {
        self.cleaning.cleaned_label(field, raw)
    }
}

/// The rows of some people, in their order, on the way from a linking thread to the files.
#[derive(Debug, Default)]
pub struct People {
    ids: String,
    /// End of each identifier in `ids`.
    ends: Vec<usize>,
    visits: Vec<(u32, TimelineRow)>,
    stays: Vec<(u32, StayRow)>,
    events: Vec<(u32, EventRow)>,
}

impl People {
    /// Appends the rows of a person. The records without a person have none.
    pub fn add(&mut self, person: &Person<'_>, names: Names<'_>) {
        if !person.is_known() {
            return;
        }
        let number = self.ends.len() as u32;
        person.id.with_text(|id| push_text(id, &mut self.ids));
        self.ends.push(self.ids.len());
        self.visits.extend(timelines::rows(person.line).map(|row| (number, row)));
        self.stays.extend(stays::rows(person.cips).map(|row| (number, row)));
        let first = self.events.len();
        self.events.extend(person.joined.iter().map(|&event| (number, EventRow::Care(event))));
        let booked = person.appointments.iter();
        self.events.extend(booked.map(|&booked| (number, EventRow::Outpatient(booked))));
        self.events.extend(person.events.iter().map(|&event| (number, EventRow::Logged(event))));
        if let Some(events) = self.events.get_mut(first..) {
            events.sort_unstable_by(|(_, a), (_, b)| EventRow::order(a, b, &names));
        }
    }

    fn id(&self, number: u32) -> &str {
        let n = number as usize;
        let start = n.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(n).and_then(|&end| self.ids.get(start..end)).unwrap_or_default()
    }
}

/// Appends an identifier as text: as it is, or, where it is no printable text, as `0x` and hex digits.
pub(super) fn push_text(id: &[u8], text: &mut String) {
    match std::str::from_utf8(id) {
        Ok(id) if !id.contains(char::is_control) => text.push_str(id),
        _ => {
            text.push_str("0x");
            for byte in id {
                // writing to a text does not fail
                let _ = write!(text, "{byte:02x}");
            }
        }
    }
}

/// The files `timelines.parquet`, `cips.parquet` and `events.parquet` while they are written.
pub struct RecordFiles<'a> {
    notice: PathBuf,
    timelines: RecordFile<'a, TimelineRow>,
    cips: RecordFile<'a, StayRow>,
    events: RecordFile<'a, EventRow>,
}

impl<'a> RecordFiles<'a> {
    /// Begins the files straight in `dir`, with the notice [`RESTRICTED`] beside them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(dir: &Path, names: Names<'a>) -> Result<Self, OutputError> {
        make_dir(dir)?;
        let notice = dir.join(RESTRICTED);
        write_file(&notice, NOTICE.as_bytes())?;
        Ok(Self {
            notice,
            timelines: RecordFile::create(dir, names)?,
            cips: RecordFile::create(dir, names)?,
            events: RecordFile::create(dir, names)?,
        })
    }

    /// Appends the rows of people, the files side by side. The order of the calls is the order of the
    /// rows; how people are divided between calls makes no difference.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&mut self, people: &People) -> Result<(), OutputError> {
        let Self { timelines, cips, events, .. } = self;
        let (first, (second, third)) = rayon::join(
            || timelines.write(people, &people.visits),
            || {
                rayon::join(
                    || cips.write(people, &people.stays),
                    || events.write(people, &people.events),
                )
            },
        );
        first.and(second).and(third)
    }

    /// Finishes the files; returns the paths, that of the notice first.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self) -> Result<Vec<PathBuf>, OutputError> {
        let Self { notice, timelines, cips, events } = self;
        Ok(vec![notice, timelines.finish()?, cips.finish()?, events.finish()?])
    }
}
