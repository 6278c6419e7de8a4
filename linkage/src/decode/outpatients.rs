//! Outpatient appointments (`sus-fields.md` section 9).

use super::apc::{known, provider};
use super::ecds::{one_digit, two_digits};
use super::values::Moment;
use super::{Column, Notes, essential, person, small};
use crate::codes::short::Code;
use crate::records::appointment::Appointment;
use crate::records::key::RecordKey;
use crate::records::quarantine::Reason;
use crate::schema::outpatients::Outpatients;
use crate::source::Batch;
use crate::store::{Staged, Texts};

/// How the text of a coded column becomes a code.
type Rule = fn(&str) -> Code;

/// The coded columns, in the order of [`Appointment`], with the rule for each (section 10: 9 is
/// missing, 99 of the referral source too).
const CODES: [(Outpatients, Rule); 8] = [
    (Outpatients::Status, |text| one_digit(text, |code| code)),
    (Outpatients::First, |text| one_digit(text, |code| code)),
    (Outpatients::Outcome, |text| one_digit(text, |code| code)),
    (Outpatients::Medium, two_digits),
    (Outpatients::TreatmentFunction, |text| known(text, &["999"])),
    (Outpatients::MainSpecialty, |text| known(text, &["999"])),
    (Outpatients::Priority, |text| one_digit(text, |code| code)),
    (Outpatients::ReferralSource, two_digits),
];

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct OutpatientDecoder<'a> {
    texts: &'a Texts,
    file: u16,
    key: Column<Option<RecordKey>>,
    date: Column<Moment>,
    submitted: Column<Moment>,
    provider: Column<u16>,
    codes: [Column<Code>; CODES.len()],
}

impl<'a> OutpatientDecoder<'a> {
    /// A decoder for a task of a file.
    #[must_use]
    pub fn new(texts: &'a Texts, file: u16) -> Self {
        Self {
            texts,
            file,
            key: Column::key(Outpatients::Key as usize),
            date: Column::date(Outpatients::Date as usize),
            submitted: Column::date(Outpatients::Submitted as usize),
            provider: Column::new(Outpatients::Provider as usize, 0),
            codes: CODES.map(|(column, _)| Column::new(column as usize, Code::NONE)),
        }
    }

    /// Decodes a batch into `staged`; rows that cannot be used go to `notes`.
    pub fn batch(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<Appointment>,
        notes: &mut Notes,
    ) {
        let texts = self.texts;
        self.key.load_keys(batch);
        self.date.load_dates(batch);
        self.submitted.load_dates(batch);
        self.submitted.count_bad(batch, Outpatients::Submitted.name(), notes);
        self.provider.load(batch, |text| small(&texts.provider, provider(text)));
        for (column, (_, rule)) in self.codes.iter_mut().zip(CODES) {
            column.load(batch, rule);
        }
        let ids = batch.cells[Outpatients::PersonId as usize];
        for row in 0..batch.len {
            match self.appointment(batch.rows.at(row), row) {
                Ok(appointment) => staged.push(person(&ids, row), appointment),
                Err(column) => {
                    notes.set_aside.push((batch.rows.at(row), Reason::BadDate, column));
                }
            }
        }
    }

    fn appointment(&self, number: u32, row: usize) -> Result<Appointment, &'static str> {
        let [status, first, outcome, medium, function, specialty, priority, referral] =
            self.codes.each_ref().map(|column| column.at(row));
        Ok(Appointment {
            key: self.key.at(row),
            date: essential(self.date.at(row), Outpatients::Date.name())?,
            submitted: self.submitted.at(row).day,
            row: number,
            file: self.file,
            provider: self.provider.at(row),
            status,
            first,
            outcome,
            medium,
            treatment_function: function,
            main_specialty: specialty,
            priority,
            referral_source: referral,
        })
    }
}
