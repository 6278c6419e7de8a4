//! `person_details`: the latest details of every person in every council, with the reason of each
//! value (P-16 to P-28). A record-level table of the secure side, as CSV and Parquet.
//!
//! Rows are written as people come, so that little is held at a time. Where batches end goes by rows
//! alone, never by partitions or threads, so that the same records give the same bytes.

use super::error::OutputError;
use super::exact::NOTICE;
use super::parquet::properties;
use super::records::{Names, push_text};
use super::{RESTRICTED, make_dir, write_file};
use arrow_array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field as ArrowField, Schema};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use throughcare_linkage::cld::cleaning::{Cleaned, Cleaning};
use throughcare_linkage::cld::person_details::{
    CarerLinks, DetailCodes, Explained, LatestDetails, Reason, local_ids,
};
use throughcare_linkage::codes::cld::Field;
use throughcare_linkage::day::{Day, OptDay, Period};
use throughcare_linkage::dictionary::Dictionary;
use throughcare_linkage::link::person::Person;

/// Rows that are written at once.
const BATCH: usize = 8_192;

/// Rows of a row group, a multiple of [`BATCH`].
const GROUP: usize = 16 * BATCH;

const NAME: &str = "person_details";
const NOTE: &str = "One row a person, council and period: the latest details that the records up to the end of the \
    joined table give (P-16 to P-28). People stand in the order of a hash of their identifiers, their councils by code. \
    X_reason says why a value is what it is: latest (one row comes first, or those tied agree), tie (they disagree, so it \
    is unknown), services (derived from services), carer_link (a carer names the person), no_value. X_record_id is the \
    Der_Unique_Record_ID of the row that came first, of tied rows the smallest.";

/// The latest details of one person in one council.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetailsRow {
    person_id: String,
    period: Period,
    la_code: Box<str>,
    latest_local_id: Box<str>,
    all_local_ids: String,
    explained: Explained,
}

/// What the numbers in details stand for, and whom carers name.
#[derive(Debug)]
pub struct Texts<'a> {
    names: Names<'a>,
    links: &'a [(Period, CarerLinks)],
    /// Local identifiers by number.
    local_ids: Vec<Box<str>>,
    codes: DetailCodes,
}

impl<'a> Texts<'a> {
    /// The texts of a run. `links` are the carers' links of each period.
    #[must_use]
    pub fn new(
        names: Names<'a>,
        links: &'a [(Period, CarerLinks)],
        local_ids: &Dictionary,
    ) -> Self {
        let codes = DetailCodes::new(names.cleaning);
        Self { names, links, local_ids: local_ids.texts(), codes }
    }

    fn local_id(&self, number: u32) -> &str {
        self.local_ids.get(number as usize).map_or("", |id| id)
    }
}

/// Appends the rows of a person, council by council in the order of codes, period by period. The
/// records without a person have none.
pub fn append(person: &Person<'_>, texts: &Texts<'_>, out: &mut Vec<DetailsRow>) {
    if !person.is_known() || person.joined.is_empty() {
        return;
    }
    let mut person_id = String::new();
    person.id.with_text(|id| push_text(id, &mut person_id));
    let first = out.len();
    let mut explained = Vec::new();
    let mut ids = Vec::new();
    for (period, links) in texts.links {
        explained.clear();
        let latest = LatestDetails::with_codes(texts.names.cleaning, links, &texts.codes);
        latest.explain(person.joined, person.cld_details, &mut explained);
        for &one in &explained {
            local_ids(one.details.la, person.joined, person.cld_details, &mut ids);
            let mut all: Vec<&str> = ids.iter().map(|&id| texts.local_id(id)).collect();
            all.sort_unstable();
            out.push(DetailsRow {
                person_id: person_id.clone(),
                period: *period,
                la_code: texts.names.la(one.details.la).into(),
                latest_local_id: match one.details.local_id {
                    0 => "Unknown".into(),
                    known => texts.local_id(known).into(),
                },
                all_local_ids: all.join(", "),
                explained: one,
            });
        }
    }
    if let Some(rows) = out.get_mut(first..) {
        rows.sort_by(|a, b| (&a.la_code, a.period).cmp(&(&b.la_code, b.period)));
    }
}

/// A cell.
#[derive(Clone, Copy)]
enum Cell<'r> {
    Text(&'r str),
    Day(OptDay),
    Number(Option<i64>),
}

/// A column: name, and its cell in a row.
struct Column {
    name: &'static str,
    cell: for<'r> fn(&'r DetailsRow, &'r Cleaning) -> Cell<'r>,
}

fn label<'r>(cleaning: &'r Cleaning, field: Field, value: Cleaned) -> Cell<'r> {
    Cell::Text(cleaning.label(field, value))
}

fn record(reason: Reason) -> Cell<'static> {
    Cell::Number(reason.record_id.and_then(|id| i64::try_from(id).ok()))
}

macro_rules! columns {
    ($($name:literal => $cell:expr,)*) => {
        const COLUMNS: &[Column] = &[$(Column { name: $name, cell: $cell },)*];
    };
}

columns! {
    "person_id" => |row, _| Cell::Text(&row.person_id),
    "la_code" => |row, _| Cell::Text(&row.la_code),
    "reporting_period_end_date" => |row, _| Cell::Day(row.period.end.into()),
    "latest_local_id" => |row, _| Cell::Text(&row.latest_local_id),
    "all_local_ids" => |row, _| Cell::Text(&row.all_local_ids),
    "accommodation_status" => |row, cleaning| label(cleaning, Field::AccommodationStatus, row.explained.details.accommodation),
    "accommodation_status_group" => |row, _| Cell::Number(Some(i64::from(row.explained.details.is_settled))),
    "employment_status" => |row, cleaning| label(cleaning, Field::EmploymentStatus, row.explained.details.employment),
    "gender" => |row, _| Cell::Text(row.explained.details.gender.label()),
    "ethnicity" => |row, cleaning| label(cleaning, Field::Ethnicity, row.explained.details.ethnicity),
    "birth_year" => |row, _| Cell::Number(year_month(row).map(|(year, _)| i64::from(year))),
    "birth_month" => |row, _| Cell::Number(year_month(row).map(|(_, month)| i64::from(month))),
    "birth_date" => |row, _| Cell::Day(row.explained.details.birth.first_day().into()),
    "age_end_of_period" => |row, _| Cell::Number(row.explained.details.birth.dhsc_age(row.period.end).map(i64::from)),
    "working_age_band_end_of_period" => |row, _| Cell::Text(row.explained.details.working_age_band(row.period.end)),
    "date_of_death" => |row, _| Cell::Day(row.explained.details.death),
    "has_unpaid_carer" => |row, cleaning| label(cleaning, Field::HasUnpaidCarer, row.explained.details.has_carer),
    "primary_support_reason" => |row, cleaning| label(cleaning, Field::PrimarySupportReason, row.explained.details.primary_support_reason),
    "client_funding_status" => |row, cleaning| label(cleaning, Field::ClientFundingStatus, row.explained.details.funding),
    "latest_local_id_reason" => |row, _| Cell::Text(row.explained.reasons.local_id.why.code()),
    "latest_local_id_record_id" => |row, _| record(row.explained.reasons.local_id),
    "accommodation_status_reason" => |row, _| Cell::Text(row.explained.reasons.accommodation.why.code()),
    "accommodation_status_record_id" => |row, _| record(row.explained.reasons.accommodation),
    "employment_status_reason" => |row, _| Cell::Text(row.explained.reasons.employment.why.code()),
    "employment_status_record_id" => |row, _| record(row.explained.reasons.employment),
    "gender_reason" => |row, _| Cell::Text(row.explained.reasons.gender.why.code()),
    "gender_record_id" => |row, _| record(row.explained.reasons.gender),
    "ethnicity_reason" => |row, _| Cell::Text(row.explained.reasons.ethnicity.why.code()),
    "ethnicity_record_id" => |row, _| record(row.explained.reasons.ethnicity),
    "birth_reason" => |row, _| Cell::Text(row.explained.reasons.birth.why.code()),
    "birth_record_id" => |row, _| record(row.explained.reasons.birth),
    "date_of_death_reason" => |row, _| Cell::Text(row.explained.reasons.death.why.code()),
    "date_of_death_record_id" => |row, _| record(row.explained.reasons.death),
    "has_unpaid_carer_reason" => |row, _| Cell::Text(row.explained.reasons.has_carer.why.code()),
    "has_unpaid_carer_record_id" => |row, _| record(row.explained.reasons.has_carer),
    "primary_support_reason_reason" => |row, _| Cell::Text(row.explained.reasons.primary_support_reason.why.code()),
    "primary_support_reason_record_id" => |row, _| record(row.explained.reasons.primary_support_reason),
    "client_funding_status_reason" => |row, _| Cell::Text(row.explained.reasons.funding.why.code()),
    "client_funding_status_record_id" => |row, _| record(row.explained.reasons.funding),
}

fn year_month(row: &DetailsRow) -> Option<(i32, u32)> {
    row.explained.details.birth.first_day().map(Day::year_month)
}

/// The files `person_details.csv` and `person_details.parquet` while they are written.
pub struct DetailsFiles<'a> {
    cleaning: &'a Cleaning,
    csv_path: PathBuf,
    parquet_path: PathBuf,
    csv: csv::Writer<BufWriter<File>>,
    parquet: ArrowWriter<File>,
    schema: Arc<Schema>,
    waiting: Vec<DetailsRow>,
}

impl<'a> DetailsFiles<'a> {
    /// Begins the files straight in `dir`, with the notice [`RESTRICTED`] beside them.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(dir: &Path, cleaning: &'a Cleaning) -> Result<Self, OutputError> {
        make_dir(dir)?;
        write_file(&dir.join(RESTRICTED), NOTICE.as_bytes())?;
        let csv_path = dir.join(format!("{NAME}.csv"));
        let parquet_path = dir.join(format!("{NAME}.parquet"));
        let file = File::create(&csv_path).map_err(OutputError::io(&csv_path))?;
        let mut csv = csv::Writer::from_writer(BufWriter::new(file));
        csv.write_record(COLUMNS.iter().map(|column| column.name))
            .map_err(|error| OutputError::io(&csv_path)(error.into()))?;
        let schema = Arc::new(Schema::new(
            COLUMNS.iter().map(|column| field(column, cleaning)).collect::<Vec<_>>(),
        ));
        let failed =
            |source: ParquetError| OutputError::Parquet { path: parquet_path.clone(), source };
        let notes = vec![KeyValue::new("table".to_owned(), NOTE.to_owned())];
        let properties = properties(true, notes)
            .map_err(failed)?
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let file = File::create(&parquet_path).map_err(OutputError::io(&parquet_path))?;
        let parquet = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties));
        let parquet = parquet.map_err(failed)?;
        Ok(Self { cleaning, csv_path, parquet_path, csv, parquet, schema, waiting: Vec::new() })
    }

    /// Appends rows. The order of the calls is the order of the rows.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&mut self, rows: Vec<DetailsRow>) -> Result<(), OutputError> {
        self.waiting.extend(rows);
        while self.waiting.len() >= BATCH {
            let rest = self.waiting.split_off(BATCH);
            let batch = std::mem::replace(&mut self.waiting, rest);
            self.flush(&batch)?;
        }
        Ok(())
    }

    /// Finishes the files; returns their paths.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(mut self) -> Result<Vec<PathBuf>, OutputError> {
        let rest = std::mem::take(&mut self.waiting);
        self.flush(&rest)?;
        let Self { csv_path, parquet_path, mut csv, parquet, .. } = self;
        csv.flush().map_err(OutputError::io(&csv_path))?;
        parquet
            .close()
            .map_err(|source| OutputError::Parquet { path: parquet_path.clone(), source })?;
        Ok(vec![csv_path, parquet_path])
    }

    fn flush(&mut self, rows: &[DetailsRow]) -> Result<(), OutputError> {
        let cleaning = self.cleaning;
        let failed = |error: csv::Error| OutputError::io(&self.csv_path)(error.into());
        let mut text = String::new();
        for row in rows {
            for column in COLUMNS {
                text.clear();
                // writing to a text does not fail
                let _ = match (column.cell)(row, cleaning) {
                    Cell::Text(cell) => text.write_str(cell),
                    Cell::Day(day) => day.get().map_or(Ok(()), |day| write!(text, "{day}")),
                    Cell::Number(number) => {
                        number.map_or(Ok(()), |number| write!(text, "{number}"))
                    }
                };
                self.csv.write_field(&text).map_err(failed)?;
            }
            self.csv.write_record(None::<&[u8]>).map_err(failed)?;
        }
        let arrays = COLUMNS.iter().map(|column| array(column, rows, cleaning)).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|source| OutputError::Columns { table: NAME, source })?;
        self.parquet
            .write(&batch)
            .map_err(|source| OutputError::Parquet { path: self.parquet_path.clone(), source })
    }
}

/// The type of a column, by the cell of a row without anything.
fn field(column: &Column, cleaning: &Cleaning) -> ArrowField {
    let kind = match (column.cell)(&nobody(), cleaning) {
        Cell::Text(_) => DataType::Utf8,
        Cell::Day(_) => DataType::Date32,
        Cell::Number(_) => DataType::Int64,
    };
    ArrowField::new(column.name, kind, true)
}

fn array(column: &Column, rows: &[DetailsRow], cleaning: &Cleaning) -> ArrayRef {
    let cells = || rows.iter().map(|row| (column.cell)(row, cleaning));
    match (column.cell)(&nobody(), cleaning) {
        Cell::Text(_) => Arc::new(
            cells()
                .map(|cell| match cell {
                    Cell::Text(text) if !text.is_empty() => Some(text),
                    _ => None,
                })
                .collect::<StringArray>(),
        ),
        Cell::Day(_) => Arc::new(
            cells()
                .map(|cell| match cell {
                    Cell::Day(day) => day.get().map(|day| day.0),
                    _ => None,
                })
                .collect::<Date32Array>(),
        ),
        Cell::Number(_) => Arc::new(
            cells()
                .map(|cell| match cell {
                    Cell::Number(number) => number,
                    _ => None,
                })
                .collect::<Int64Array>(),
        ),
    }
}

fn nobody() -> DetailsRow {
    DetailsRow {
        person_id: String::new(),
        period: Period { start: Day(0), end: Day(0) },
        la_code: Box::default(),
        latest_local_id: Box::default(),
        all_local_ids: String::new(),
        explained: Explained::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn p28_every_published_column_is_there_and_each_value_has_its_reason() {
        let names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for value in [
            "latest_local_id",
            "accommodation_status",
            "employment_status",
            "gender",
            "ethnicity",
            "date_of_death",
            "has_unpaid_carer",
            "primary_support_reason",
            "client_funding_status",
        ] {
            assert!(names.contains(&value));
            for more in ["reason", "record_id"] {
                assert!(names.contains(&format!("{value}_{more}").as_str()), "{value}");
            }
        }
    }
}
