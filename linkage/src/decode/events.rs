//! Events of an event log.

use super::{Column, Notes, Stamp};
use crate::error::Error;
use crate::records::event::LogEvent;
use crate::records::quarantine::Reason;
use crate::schema::events::Events;
use crate::source::Batch;
use crate::store::{Staged, Texts};

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct EventDecoder<'a> {
    texts: &'a Texts,
    file: u16,
    activity: Column<Option<u16>>,
    start: Column<Stamp>,
    end: Column<Stamp>,
}

impl<'a> EventDecoder<'a> {
    /// A decoder for a task of a file; `texts` are those of its log.
    #[must_use]
    pub fn new(texts: &'a Texts, file: u16) -> Self {
        Self {
            texts,
            file,
            activity: Column::new(Events::Activity as usize, None),
            start: Column::new(Events::Start as usize, Ok(None)),
            end: Column::new(Events::End as usize, Ok(None)),
        }
    }

    /// Decodes a batch into `staged`; rows that cannot be used go to `notes`. Identifiers of cases and
    /// names of activities are taken as they are: `NA` and `null` are names like any other.
    ///
    /// # Errors
    /// There are more than 65,535 activities.
    pub fn batch(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<LogEvent>,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let activities = &self.texts.activity;
        let mut is_full = false;
        self.activity.load(batch, |text| {
            let text = text.trim();
            let number = (!text.is_empty()).then(|| activities.intern(text));
            number.and_then(|number| {
                let small = u16::try_from(number).ok();
                is_full |= small.is_none();
                small
            })
        });
        if is_full {
            return Err(Error::new("there are more than 65,535 different activities")
                .in_column("activity")
                .advise("Name the column that says what happened, such as activity = \"event\""));
        }
        self.start.load_instants(batch);
        self.end.load_instants(batch);
        notes.bad(Events::End.name(), self.end.bad(batch, Result::is_err));
        let ids = batch.cells[Events::Case as usize];
        for row in 0..batch.len {
            let number = batch.rows.at(row);
            let case = ids.bytes(row);
            let (start, activity) = (self.start.at(row), self.activity.at(row));
            let fault = match (start, activity) {
                (Err(()), _) => Some((Reason::BadDate, Events::Start)),
                (Ok(None), _) => Some((Reason::NotAnEvent, Events::Start)),
                (_, None) => Some((Reason::NotAnEvent, Events::Activity)),
                _ if case.is_empty() => Some((Reason::NotAnEvent, Events::Case)),
                _ => None,
            };
            if let Some((reason, column)) = fault {
                notes.set_aside.push((number, reason, column.name()));
            }
            if let (None, Ok(Some(start)), Some(activity)) = (fault, start, activity) {
                let end = self.end.at(row).ok().flatten().unwrap_or(LogEvent::NO_END);
                staged.push(case, LogEvent { start, end, row: number, file: self.file, activity });
            }
        }
        Ok(())
    }
}
