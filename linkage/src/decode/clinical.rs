//! The diagnosis and operation codes of a file, for runs that keep them.

use super::Column;
use crate::codes::clinical::{ClinicalCode, places};
use crate::dictionary::Dictionary;
use crate::records::apc::Episode;
use crate::source::{Batch, Cells};
use crate::store::{CodedEpisode, Staged, Texts};

/// Whether a text is a code, and which.
type Parse = fn(&str) -> Option<ClinicalCode>;

/// The columns of codes of one file's task.
#[derive(Debug)]
pub(super) struct CodeColumns<'a> {
    diagnoses: Codes<'a>,
    operations: Codes<'a>,
    spell_primary: ListColumn,
}

/// The columns of one kind of code, those of one code each first.
#[derive(Debug)]
struct Codes<'a> {
    texts: &'a Dictionary,
    parse: Parse,
    columns: Vec<ListColumn>,
    /// The codes of the row at hand.
    row: Vec<u16>,
}

/// A column whose cells hold any number of codes.
#[derive(Debug)]
struct ListColumn {
    column: Column<Span>,
    /// Codes of the distinct texts of the column.
    codes: Vec<u16>,
}

/// A part of the codes of a column.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl<'a> CodeColumns<'a> {
    /// The columns at these places of a batch: of diagnoses, of operations, and of the diagnosis of a
    /// spell.
    pub(super) fn new(
        texts: &'a Texts,
        diagnoses: impl Iterator<Item = usize>,
        operations: impl Iterator<Item = usize>,
        spell_primary: usize,
    ) -> Self {
        let (icd10, opcs4) = (ClinicalCode::diagnosis, ClinicalCode::operation);
        Self {
            diagnoses: Codes::new(&texts.diagnosis, icd10, diagnoses),
            operations: Codes::new(&texts.operation, opcs4, operations),
            spell_primary: ListColumn::new(spell_primary),
        }
    }

    pub(super) fn load(&mut self, batch: &Batch<'_>) {
        self.diagnoses.load(batch);
        self.operations.load(batch);
        let Codes { texts, parse, .. } = self.diagnoses;
        self.spell_primary.load(batch, texts, parse);
    }

    /// Stages a row with its codes.
    #[inline]
    pub(super) fn push(
        &mut self,
        row: usize,
        id: &[u8],
        episode: Episode,
        staged: &mut Staged<CodedEpisode>,
    ) {
        let spell_primary = self.spell_primary.at(row).first().copied().unwrap_or(0);
        let diagnoses = self.diagnoses.gather(row, spell_primary);
        let operations = self.operations.gather(row, 0);
        staged.push_coded(id, episode, diagnoses, operations, spell_primary);
    }
}

impl<'a> Codes<'a> {
    fn new(texts: &'a Dictionary, parse: Parse, slots: impl Iterator<Item = usize>) -> Self {
        Self { texts, parse, columns: slots.map(ListColumn::new).collect(), row: Vec::new() }
    }

    fn load(&mut self, batch: &Batch<'_>) {
        for column in &mut self.columns {
            column.load(batch, self.texts, self.parse);
        }
    }

    /// The distinct codes of a row in the order of the columns. 0 holds the first place when the first
    /// column has no code and a later one has: the primary is missing, and no other takes its place.
    /// `one_more` is a code that stands last where no column has it, unless it is 0.
    fn gather(&mut self, row: usize, one_more: u16) -> &[u16] {
        self.row.clear();
        for (n, column) in self.columns.iter().enumerate() {
            let codes = column.at(row);
            if n == 0 && codes.is_empty() {
                self.row.push(0);
            }
            for &code in codes {
                if (code != 0 || self.row.is_empty()) && !self.row.contains(&code) {
                    self.row.push(code);
                }
            }
        }
        if one_more != 0 && !self.row.contains(&one_more) {
            self.row.push(one_more);
        }
        match self.row.as_slice() {
            [0] => &[],
            row => row,
        }
    }
}

impl ListColumn {
    fn new(slot: usize) -> Self {
        Self { column: Column::new(slot, Span::default()), codes: Vec::new() }
    }

    fn load(&mut self, batch: &Batch<'_>, texts: &Dictionary, parse: Parse) {
        // the codes of texts that are still known stay
        let Self { column, codes } = self;
        match batch.cells[column.slot] {
            Cells::Coded { edition, .. } if edition == column.edition => {}
            _ => codes.clear(),
        }
        column.load(batch, |text| {
            let start = codes.len() as u32;
            for (n, place) in places(text).enumerate() {
                match parse(place) {
                    Some(code) => codes.push(number(texts, code)),
                    None if n == 0 => codes.push(0),
                    None => {}
                }
            }
            if codes.get(start as usize..).is_some_and(|own| own.iter().all(|&code| code == 0)) {
                codes.truncate(start as usize);
            }
            Span { start, end: codes.len() as u32 }
        });
    }

    #[inline]
    fn at(&self, row: usize) -> &[u16] {
        let Span { start, end } = self.column.at(row);
        self.codes.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The number of a code; 0, no code, once the numbers of two bytes are used up.
fn number(texts: &Dictionary, code: ClinicalCode) -> u16 {
    u16::try_from(texts.intern(code.text())).unwrap_or(0)
}
