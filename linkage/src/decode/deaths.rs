//! Death records (`sus-fields.md` section 9).

use super::values::{Moment, Number};
use super::{Column, Notes, essential, person};
use crate::records::death::DeathRecord;
use crate::records::quarantine::Reason;
use crate::schema::deaths::Deaths;
use crate::source::Batch;
use crate::store::Staged;

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct DeathDecoder {
    file: u16,
    death: Column<Moment>,
    registration: Column<Moment>,
    rank: Column<Number>,
}

impl DeathDecoder {
    /// A decoder for a task of a file.
    #[must_use]
    pub fn new(file: u16) -> Self {
        Self {
            file,
            death: Column::date(Deaths::Death as usize),
            registration: Column::date(Deaths::Registration as usize),
            rank: Column::number(Deaths::MatchRank as usize),
        }
    }

    /// Decodes a batch into `staged`; rows that cannot be used go to `notes`.
    pub fn batch(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<DeathRecord>,
        notes: &mut Notes,
    ) {
        self.death.load_dates(batch);
        self.registration.load_dates(batch);
        self.registration.count_bad(batch, Deaths::Registration.name(), notes);
        self.rank.load_numbers(batch);
        self.rank.count_bad(batch, Deaths::MatchRank.name(), notes);
        let ids = batch.cells[Deaths::PersonId as usize];
        for row in 0..batch.len {
            let number = batch.rows.at(row);
            let death = match essential(self.death.at(row), Deaths::Death.name()) {
                Ok(death) => death,
                Err(column) => {
                    notes.set_aside.push((number, Reason::BadDate, column));
                    continue;
                }
            };
            let rank = self.rank.at(row).get().and_then(|rank| u8::try_from(rank).ok());
            let record = DeathRecord {
                death,
                registration: self.registration.at(row).day,
                row: number,
                file: self.file,
                match_rank: rank.unwrap_or(0),
            };
            staged.push(person(&ids, row), record);
        }
    }
}
