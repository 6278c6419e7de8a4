//! One task: from batches of cells to records in the store.

use crate::decode::Notes;
use crate::decode::apc::ApcDecoder;
use crate::decode::cld::CldDecoder;
use crate::decode::deaths::DeathDecoder;
use crate::decode::ecds::EcdsDecoder;
use crate::decode::events::EventDecoder;
use crate::decode::outpatients::OutpatientDecoder;
use crate::error::Error;
use crate::records::apc::Episode;
use crate::records::appointment::Appointment;
use crate::records::cld::CldRow;
use crate::records::death::DeathRecord;
use crate::records::ecds::Attendance;
use crate::records::event::LogEvent;
use crate::records::quarantine::Reason;
use crate::source::{Batch, Sink};
use crate::store::{CodedEpisode, DetailedRow, Record, Staged, Store};

/// What a task, and then a file, gave.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub rows: u64,
    pub notes: Notes,
}

impl Outcome {
    pub fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.notes.merge(other.notes);
    }
}

/// The decoder of a kind of file, and the records that wait to be stored.
pub(super) enum Decoder<'a> {
    Cld(Box<CldDecoder<'a>>, Staged<CldRow>, Staged<DetailedRow>),
    Apc(Box<ApcDecoder<'a>>, Staged<Episode>, Staged<CodedEpisode>),
    Ecds(Box<EcdsDecoder<'a>>, Staged<Attendance>),
    Outpatients(Box<OutpatientDecoder<'a>>, Staged<Appointment>),
    Deaths(Box<DeathDecoder>, Staged<DeathRecord>),
    Events(Box<EventDecoder<'a>>, Staged<LogEvent>),
}

/// Decodes what a task reads and moves it into the store.
pub(super) struct TaskSink<'a> {
    pub store: &'a Store,
    pub decoder: Decoder<'a>,
    pub outcome: Outcome,
}

impl Sink for TaskSink<'_> {
    fn batch(&mut self, batch: &Batch<'_>) -> Result<(), Error> {
        self.outcome.rows += batch.len as u64;
        let notes = &mut self.outcome.notes;
        match &mut self.decoder {
            Decoder::Cld(decoder, staged, detailed) => {
                decoder.batch(batch, staged, detailed, notes);
                append_full(self.store, staged);
                append_full(self.store, detailed);
            }
            Decoder::Apc(decoder, staged, coded) => {
                decoder.batch(batch, staged, coded, notes);
                append_full(self.store, staged);
                append_full(self.store, coded);
            }
            Decoder::Ecds(decoder, staged) => {
                decoder.batch(batch, staged, notes);
                append_full(self.store, staged);
            }
            Decoder::Outpatients(decoder, staged) => {
                decoder.batch(batch, staged, notes);
                append_full(self.store, staged);
            }
            Decoder::Deaths(decoder, staged) => {
                decoder.batch(batch, staged, notes);
                append_full(self.store, staged);
            }
            Decoder::Events(decoder, staged) => {
                decoder.batch(batch, staged, notes)?;
                append_full(self.store, staged);
            }
        }
        Ok(())
    }

    fn reject(&mut self, row: u32, reason: Reason) {
        self.outcome.rows += 1;
        self.outcome.notes.set_aside.push((row, reason, ""));
    }
}

fn append_full<R: Record>(store: &Store, staged: &mut Staged<R>) {
    if staged.is_full() {
        store.append(staged);
    }
}

impl TaskSink<'_> {
    /// Stores what is left; what the task gave.
    pub fn finish(self) -> Outcome {
        match self.decoder {
            Decoder::Cld(decoder, mut staged, mut detailed) => {
                self.store.append(&mut staged);
                self.store.append(&mut detailed);
                decoder.finish();
            }
            Decoder::Apc(_, mut staged, mut coded) => {
                self.store.append(&mut staged);
                self.store.append(&mut coded);
            }
            Decoder::Ecds(_, mut staged) => self.store.append(&mut staged),
            Decoder::Outpatients(_, mut staged) => self.store.append(&mut staged),
            Decoder::Deaths(_, mut staged) => self.store.append(&mut staged),
            Decoder::Events(_, mut staged) => self.store.append(&mut staged),
        }
        self.outcome
    }
}
