//! Reading every input into partitions of typed records.

mod file_read;
mod inputs;
mod task;

pub use file_read::{DIAGNOSES, FileRead, OPERATIONS};
pub use inputs::{Inputs, LogInput};

use crate::codes::short::CodeSet;
use crate::day::{OptDay, Period};
use crate::decode::apc::{ApcDecoder, CodeCounts};
use crate::decode::cld::{CldDecoder, Origin};
use crate::decode::deaths::DeathDecoder;
use crate::decode::ecds::EcdsDecoder;
use crate::decode::events::EventDecoder;
use crate::decode::latest_day;
use crate::decode::outpatients::OutpatientDecoder;
use crate::error::Error;
use crate::guard;
use crate::instant::Instant;
use crate::progress::Progress;
use crate::records::quarantine::{Quarantine, Reason, SetAside};
use crate::schema;
pub use crate::schema::FileKind;
use crate::schema::Form;
use crate::schema::apc::{Apc, Layout};
use crate::schema::cld::Cld;
use crate::schema::headings::{self, Headings, Mapping};
use crate::source::format::{self, Format};
use crate::source::parquet::Opened;
use crate::source::{self, Batch, Part, Sink, Task, Wanted, csv, regions};
use crate::store::{Partition, Staged, Store, Texts};
use crate::submissions::{SubmissionKey, Submissions, Tally};
use arrow_array::StringArray;
use file_read::about;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use task::{Decoder, Outcome, TaskSink};

/// Everything that was read.
#[derive(Debug)]
pub struct Records {
    /// Records by person, in the order of the persons' keys; rows in any order.
    pub partitions: Vec<Partition>,
    /// The texts that records refer to by number.
    pub texts: Texts,
    /// Submissions by number.
    pub submissions: Vec<(SubmissionKey, Tally)>,
    /// Reference periods of prepared tables, by submission number from
    /// [`CldRow::FIRST_PREPARED`](crate::records::cld::CldRow::FIRST_PREPARED).
    pub prepared: Vec<Period>,
    /// Rows set aside.
    pub quarantine: Quarantine,
    /// Event logs, in the order of the inputs.
    pub logs: Vec<EventLog>,
    /// What was read of each file, in their order.
    pub files: Vec<FileRead>,
}

/// An event log that was read.
#[derive(Debug)]
pub struct EventLog {
    /// Its name in tables.
    pub name: String,
    /// Its events by case; only [`Partition::events`] is filled. Beside other records there are as many
    /// as of them, by the same ranges of keys.
    pub partitions: Vec<Partition>,
    /// Activities by number.
    pub activities: Vec<Box<str>>,
}

/// Reads all inputs on the threads of the global pool.
///
/// # Errors
/// A file is missing, damaged, identifiable, or lacks a required column; the error names it and says
/// what to do. Of several the first in the order of the inputs is given.
pub fn read(inputs: &Inputs, progress: &dyn Progress) -> Result<Records, Error> {
    read_in_regions(inputs, progress, REGION_BYTES)
}

/// Bytes of a CSV file that one thread takes at a time.
const REGION_BYTES: u64 = 16 << 20;

fn read_in_regions(
    inputs: &Inputs,
    progress: &dyn Progress,
    region_bytes: u64,
) -> Result<Records, Error> {
    let files: Vec<(&Path, FileKind)> = inputs.files().collect();
    if files.len() > usize::from(u16::MAX) {
        return Err(Error::new(format!("{} files are more than 65,535", files.len()))
            .advise("Join them into fewer, larger files"));
    }
    let none = BTreeMap::new();
    let first_log = files.len() - inputs.logs().count();
    let log_of_file: Vec<usize> = inputs.logs().map(|(log, _)| log).collect();
    let log_of = |file: usize| log_of_file.get(file.wrapping_sub(first_log)).copied();
    let sources: Vec<Source> = files
        .par_iter()
        .enumerate()
        .map(|(n, &(path, kind))| {
            let theirs = match log_of(n) {
                Some(log) => &inputs.events[log].columns,
                None => inputs.columns.get(kind.columns_name()).unwrap_or(&none),
            };
            Source::open(path, kind, theirs, inputs, region_bytes)
                .map_err(|error| error.in_file(path))
        })
        .collect::<Result<_, _>>()?;
    one_hes_generation(&sources)?;
    let bits_of = |log: Option<usize>| {
        let theirs = sources.iter().enumerate().filter(|&(n, _)| log_of(n) == log);
        Store::bits_for(theirs.map(|(_, source)| source.about_rows).sum())
    };
    let mut bits = bits_of(None);
    let mut log_bits: Vec<u32> = (0..inputs.events.len()).map(|log| bits_of(Some(log))).collect();
    if !inputs.is_logs_only() {
        // beside other records a case lies in the partition of its person
        bits = log_bits.iter().copied().fold(bits, u32::max);
        log_bits.fill(bits);
    }
    let store = Store::new(bits);
    let log_stores: Vec<Store> = log_bits.into_iter().map(Store::new).collect();
    let submissions = Submissions::default();

    let mut work: Vec<(usize, &Task)> = sources
        .iter()
        .enumerate()
        .flat_map(|(n, source)| source.tasks.iter().map(move |task| (n, task)))
        .collect();
    // long tasks first, so that no thread is left with one at the end
    work.sort_by_key(|(_, task)| std::cmp::Reverse(task.bytes));
    progress.begin("reading", "bytes", work.iter().map(|(_, task)| task.bytes).sum());
    let done: Vec<(usize, Outcome)> = work
        .into_par_iter()
        .with_max_len(1)
        .map(|(n, task)| {
            let store = log_of(n).map_or(&store, |log| &log_stores[log]);
            let outcome = sources[n].read(n as u16, task, store, &submissions)?;
            progress.advance(task.bytes);
            Ok((n, outcome))
        })
        .collect::<Result<_, Error>>()?;
    progress.end();

    let mut outcomes: Vec<Outcome> = sources.iter().map(|_| Outcome::default()).collect();
    let mut quarantine = Quarantine::default();
    for (n, outcome) in done {
        for &(row, reason, column) in &outcome.notes.set_aside {
            quarantine.push(SetAside { file: n as u16, row, reason, column });
        }
        outcomes[n].merge(outcome);
    }
    let files = sources.into_iter().zip(outcomes).map(|(source, read)| source.report(read));
    let files = files.collect();
    let (partitions, texts) = store.into_parts();
    let logs = inputs.events.iter().zip(log_stores).map(|(input, store)| {
        let (partitions, texts) = store.into_parts();
        EventLog { name: input.name.clone(), partitions, activities: texts.activity.texts() }
    });
    let logs = logs.collect();
    let (prepared, submissions) = (submissions.prepared(), submissions.list());
    Ok(Records { partitions, texts, submissions, prepared, quarantine, logs, files })
}

/// Which pseudonyms of HES a hospital file has, by the heading of its identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pseudonyms {
    /// HES IDs, of extracts up to 2021.
    HesId,
    /// Token person identifiers, of later ones.
    Token,
    /// Any other.
    Other,
}

impl Pseudonyms {
    fn of(kind: FileKind, headings: &Headings, mapping: &Mapping) -> Self {
        let hospital =
            !matches!(kind, FileKind::CldSubmissions | FileKind::CldEvents | FileKind::Events);
        // the identifier is the first column of every kind of hospital record
        let at = mapping.columns.first().copied().flatten().filter(|_| hospital);
        let heading = at.and_then(|at| headings.normalised().get(at)).map(String::as_str);
        match heading {
            Some("encryptedhesid" | "pseudohesid" | "hesid") => Self::HesId,
            Some("tokenpersonid" | "personiddeid") => Self::Token,
            _ => Self::Other,
        }
    }
}

/// Refuses files of both generations of HES, in which one person has two pseudonyms that never meet
/// (`sus-fields.md` section 2).
fn one_hes_generation(sources: &[Source]) -> Result<(), Error> {
    let first = |pseudonyms| sources.iter().find(|source| source.pseudonyms == pseudonyms);
    let (Some(older), Some(newer)) = (first(Pseudonyms::HesId), first(Pseudonyms::Token)) else {
        return Ok(());
    };
    Err(Error::new(format!(
        "the people of this file are known by HES IDs and those of {} by token person identifiers, \
         which never meet",
        newer.path.display()
    ))
    .in_file(&older.path)
    .advise("Ask for extracts of one generation, or run the files of each by themselves"))
}

/// A file that is ready to be read.
struct Source {
    path: PathBuf,
    kind: FileKind,
    bytes: u64,
    fields: usize,
    other_headings: Vec<String>,
    mapping: Mapping,
    wanted: Vec<Wanted>,
    keep_codes: bool,
    trusted: CodeSet,
    layout: Option<Layout>,
    is_legacy: bool,
    pseudonyms: Pseudonyms,
    tasks: Vec<Task>,
    about_rows: u64,
    import: Option<Instant>,
    warnings: Vec<String>,
}

impl Source {
    fn open(
        path: &Path,
        kind: FileKind,
        theirs: &BTreeMap<String, String>,
        inputs: &Inputs,
        region_bytes: u64,
    ) -> Result<Self, Error> {
        let keep_codes = inputs.keep_codes;
        let any_status = || CodeSet::new(["01", "02", "03", "04", "05", "06", "07", "08"]);
        let (format, bytes) = format::detect(path)?;
        if format.is_event_log() && kind != FileKind::Events {
            return Err(Error::new("the file is an event log in XES, not a table of records")
                .advise("Give it as the path of [[inputs.events]]"));
        }
        #[cfg(feature = "xes")]
        if format.is_event_log() {
            // its rows leave out most of what the file holds
            let columns = source::xes::columns(path, format, guard::SAMPLE_ROWS)?;
            let (keys, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
            guard::check(&Headings::new(keys), |n| {
                values.get(n).into_iter().flatten().map(String::as_str)
            })?;
        }
        let parquet = match format {
            Format::Parquet => Some(Opened::new(path)?),
            _ => None,
        };
        let headings = match &parquet {
            Some(file) => {
                let headings = Headings::new(file.headings());
                let columns = file.sample(path, guard::SAMPLE_ROWS)?;
                guard::check(&headings, |n| {
                    columns.get(n).and_then(Option::as_ref).into_iter().flat_map(values_of)
                })?;
                headings
            }
            None => {
                let mut rows = csv::sample(path, format, guard::SAMPLE_ROWS)?.into_iter();
                let headings = Headings::new(rows.next().unwrap_or_default());
                let rows: Vec<Vec<String>> = rows.collect();
                guard::check(&headings, |n| {
                    rows.iter().filter_map(move |row| row.get(n)).map(String::as_str)
                })?;
                headings
            }
        };
        let mapping = headings::map(kind, &headings, theirs)?;
        let layout = (kind == FileKind::Apc).then(|| Layout::of(&headings, &mapping));
        let pseudonyms = Pseudonyms::of(kind, &headings, &mapping);
        let is_legacy = kind == FileKind::Ecds && schema::ecds::is_legacy(&headings, &mapping);
        let wanted = wanted(kind, &mapping, keep_codes);
        let (tasks, about_rows) = match parquet {
            Some(file) => row_groups(path, &file.hinted(&wanted)),
            None => csv_tasks(path, format, bytes, region_bytes)?,
        };
        let mut source = Self {
            path: path.to_path_buf(),
            kind,
            bytes,
            fields: headings.given().len(),
            other_headings: mapping.others(&headings),
            mapping,
            wanted,
            keep_codes,
            trusted: inputs.trusted_statuses.clone().unwrap_or_else(any_status),
            layout,
            is_legacy,
            pseudonyms,
            tasks,
            about_rows,
            import: None,
            warnings: Vec::new(),
        };
        if kind == FileKind::CldSubmissions && !source.mapping.has(Cld::ImportDate as usize) {
            source.date_by_period()?;
        }
        Ok(source)
    }

    /// Gives a file of submissions without import times the one that a submission in good time has: the
    /// day after its reporting period ends (`cld-fields.md` 2.3).
    fn date_by_period(&mut self) -> Result<(), Error> {
        let only = self.mapping.only(&[Cld::PeriodEnd as usize]);
        let wanted = wanted(self.kind, &only, false);
        let mut latest = LatestEnd(OptDay::NONE);
        for task in &self.tasks {
            source::run(task, &wanted, self.fields, &mut latest)?;
        }
        let Some(end) = latest.0.get() else {
            return Err(Error::new(
                "there is no import date, and no reporting period end to take its place",
            )
            .in_column("import_date")
            .advise("Add a column ImportDate, or name it under [inputs.columns.cld]"));
        };
        let day = end.plus(1);
        self.import = Some(Instant::midnight(day));
        self.warnings.push(format!(
            "no column ImportDate: every row counts as imported on {day}, the day after the latest reporting period of the file"
        ));
        Ok(())
    }

    fn read(
        &self,
        file: u16,
        task: &Task,
        store: &Store,
        submissions: &Submissions,
    ) -> Result<Outcome, Error> {
        let texts = &store.texts;
        let decoder = match self.kind {
            FileKind::CldSubmissions | FileKind::CldEvents => {
                let origin = match self.kind {
                    FileKind::CldEvents => Origin::Prepared,
                    _ => Origin::Submission(self.import),
                };
                let has = |column: Cld| self.mapping.has(column as usize);
                let decoder = CldDecoder::new(texts, submissions, origin, file, has);
                Decoder::Cld(Box::new(decoder), Staged::default(), Staged::default())
            }
            FileKind::Apc => {
                let has = |column: Apc| self.mapping.has(column as usize);
                let layout = self.layout.unwrap_or(Layout::Apce);
                let Mapping { diagnoses, operations, .. } = &self.mapping;
                let keep = self.keep_codes;
                let operations = if keep { operations.len() } else { 0 };
                let codes = CodeCounts { diagnoses: diagnoses.len(), operations, keep };
                let decoder = ApcDecoder::new(texts, file, layout, has, codes, &self.trusted);
                Decoder::Apc(Box::new(decoder), Staged::default(), Staged::default())
            }
            FileKind::Ecds => Decoder::Ecds(
                Box::new(EcdsDecoder::new(texts, file, self.is_legacy, &self.trusted)),
                Staged::default(),
            ),
            FileKind::Outpatients => {
                let decoder = OutpatientDecoder::new(texts, file);
                Decoder::Outpatients(Box::new(decoder), Staged::default())
            }
            FileKind::Deaths => {
                Decoder::Deaths(Box::new(DeathDecoder::new(file)), Staged::default())
            }
            FileKind::Events => {
                Decoder::Events(Box::new(EventDecoder::new(texts, file)), Staged::default())
            }
        };
        let mut sink = TaskSink { store, decoder, outcome: Outcome::default() };
        source::run(task, &self.wanted, self.fields, &mut sink)?;
        Ok(sink.finish())
    }

    fn report(self, read: Outcome) -> FileRead {
        let quarantined = read.notes.set_aside.len() as u64;
        let mut warnings = self.warnings;
        if read.rows == 0 {
            warnings.push("the file has no rows below its headings".into());
        }
        for (column, &count) in &read.notes.not_understood {
            warnings.push(format!(
                "{column}: {} values were not understood and count as missing",
                about(count)
            ));
        }
        if read.notes.untrusted > 0 {
            warnings.push(format!(
                "{} rows have an NHS number whose status is none to join by, and count as without a person",
                about(read.notes.untrusted)
            ));
        }
        let not_utf8 = read
            .notes
            .set_aside
            .iter()
            .filter(|(_, reason, _)| *reason == Reason::Encoding)
            .count();
        if not_utf8 > 0 {
            warnings.push(format!(
                "{} rows are not UTF-8 and were set aside; save the file in UTF-8 (spreadsheets often write Windows-1252)",
                about(not_utf8 as u64)
            ));
        }
        let others = quarantined - not_utf8 as u64;
        if others > 0 {
            warnings.push(format!(
                "{} rows were set aside; the table of data quality says why",
                about(others)
            ));
        }
        let specs = self.kind.specs().iter().enumerate();
        let columns = specs.filter(|&(n, _)| self.mapping.has(n)).map(|(_, spec)| spec.name);
        let of_codes =
            [(DIAGNOSES, &self.mapping.diagnoses), (OPERATIONS, &self.mapping.operations)];
        let of_codes = of_codes.into_iter().filter(|(_, columns)| !columns.is_empty());
        let columns = columns.chain(of_codes.map(|(name, _)| name)).collect();
        FileRead {
            path: self.path,
            kind: self.kind,
            bytes: self.bytes,
            rows: read.rows,
            stored: read.rows - quarantined,
            quarantined,
            layout: match (self.kind, self.layout) {
                (FileKind::Apc, Some(layout)) => layout.name(),
                (FileKind::CldSubmissions, _) => "CLD submissions",
                (FileKind::CldEvents, _) => "CLD prepared events",
                (FileKind::Ecds, _) if self.is_legacy => "A&E (before ECDS)",
                (FileKind::Ecds, _) => "ECDS",
                (FileKind::Events, _) => "event log",
                (FileKind::Outpatients, _) => "outpatients",
                _ => "deaths",
            },
            warnings,
            columns,
            other_headings: self.other_headings,
            not_understood: read.notes.not_understood,
            untrusted: read.notes.untrusted,
        }
    }
}

fn values_of(array: &StringArray) -> impl Iterator<Item = &str> {
    array.iter().flatten()
}

/// The columns to read: those of the kind, then those of one code each. Columns that only codes come
/// from are not read when none are kept.
fn wanted(kind: FileKind, mapping: &Mapping, keep_codes: bool) -> Vec<Wanted> {
    let for_codes = |name: &str| kind == FileKind::Apc && name == Apc::AllOperations.name();
    let own = kind.specs().iter().zip(&mapping.columns);
    let own = own.map(|(spec, &at)| Wanted {
        at: at.filter(|_| keep_codes || !for_codes(spec.name)),
        form: spec.form,
    });
    let operations = mapping.operations.iter().filter(|_| keep_codes);
    let codes = mapping.diagnoses.iter().chain(operations);
    own.chain(codes.map(|&at| Wanted { at: Some(at), form: Form::Coded })).collect()
}

fn row_groups(path: &Path, file: &Opened) -> (Vec<Task>, u64) {
    let mut rows_before = 0;
    let mut tasks = Vec::new();
    for (group, (rows, bytes)) in file.groups().into_iter().enumerate() {
        let part = Part::RowGroup { file: file.clone(), group, rows_before };
        tasks.push(Task { path: path.to_path_buf(), part, bytes });
        rows_before += rows;
    }
    (tasks, rows_before)
}

/// Tasks of a CSV file and about how many rows it has.
fn csv_tasks(
    path: &Path,
    format: Format,
    bytes: u64,
    region_bytes: u64,
) -> Result<(Vec<Task>, u64), Error> {
    const BYTES_A_ROW: u64 = 150;
    let path = path.to_path_buf();
    if format != Format::Csv {
        let about_rows = bytes * 6 / BYTES_A_ROW;
        return Ok((vec![Task { path, part: Part::Stream(format), bytes }], about_rows));
    }
    let regions = regions::cut(&path, bytes, region_bytes)?;
    let task = |region: regions::Region| Task {
        path: path.clone(),
        part: Part::Region(region),
        bytes: region.end - region.start,
    };
    Ok((regions.into_iter().map(task).collect(), bytes / BYTES_A_ROW))
}

/// The latest reporting period end of a file.
struct LatestEnd(OptDay);

impl Sink for LatestEnd {
    fn batch(&mut self, batch: &Batch<'_>) -> Result<(), Error> {
        self.0 = self.0.max(latest_day(batch, Cld::PeriodEnd as usize));
        Ok(())
    }

    fn reject(&mut self, _row: u32, _reason: Reason) {}
}

#[cfg(test)]
mod tests;
