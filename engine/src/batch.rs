//! The batch job: a study file in, an output folder out.

use crate::disclosure::{Profile, ProfileError, protect};
use crate::output::person_details::{self, DetailsFiles, Texts};
use crate::output::{
    About, Changes, Folder, Format, Input, Manifest, OutputError, Source, Timing, hash_file,
    write_exact, write_manifest, write_tables_with_changes,
};
use crate::place::Places;
use crate::report::write_report;
use crate::run::{Outcome, Prepared};
use crate::study_file::StudyFile;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;
use throughcare_linkage::error::Error;
use throughcare_linkage::progress::Progress;
use throughcare_linkage::read::{FileKind, FileRead};

/// The edition of the published methods that the engine reproduces.
pub const METHOD_EDITION: &str = "DHSC methods as published to 11 June 2026";

/// How a run writes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only these measures; empty means those of the study.
    pub only: Vec<String>,
    /// Also write `exact/`.
    pub exact: bool,
    /// Replace a finished output.
    pub force: bool,
    /// Folder of an earlier run to compare with.
    pub against: Option<PathBuf>,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Records could not be read or settled.
    #[error(transparent)]
    Records(#[from] Error),
    /// Results could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The disclosure settings cannot be used.
    #[error(transparent)]
    Disclosure(#[from] ProfileError),
}

/// What a finished run leaves behind.
#[derive(Debug)]
pub struct Finished {
    /// The output folder.
    pub folder: PathBuf,
    /// The exact results, for a caller inside the secure setting.
    pub outcome: Outcome,
    /// What covers say of the run.
    pub about: About,
    /// Seconds by stage.
    pub timings: Vec<Timing>,
}

/// Runs a study and writes its output folder, whole or not at all.
///
/// # Errors
///
/// The folder is taken, an input cannot be read, or an output cannot be written. Nothing is left
/// behind then.
pub fn run(
    study: StudyFile,
    out: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Finished, BatchError> {
    write(study, out, options, progress, |prepared| prepared.measure(progress))
}

/// Checks the inputs of a study and writes an output folder with their data quality and linkage and
/// no other figure.
///
/// # Errors
///
/// As those of [`run`].
pub fn check(
    study: StudyFile,
    out: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Finished, BatchError> {
    write(study, out, options, progress, |prepared| prepared.check(progress))
}

fn write(
    mut study: StudyFile,
    out: &Path,
    options: &Options,
    progress: &dyn Progress,
    compute: impl FnOnce(&Prepared) -> Outcome,
) -> Result<Finished, BatchError> {
    if let Some(old) = &options.against {
        Changes::can_compare(old)?;
    }
    let folder = Folder::begin(out, options.force)?;
    let profile = Profile::new(study.disclosure.clone())?;
    if !options.only.is_empty() {
        study.measures.include.clone_from(&options.only);
    }
    let formats = study.output.formats.clone();
    let mut clock = Clock::start();

    let prepared = Prepared::read(study, progress)?;
    clock.stage("read");
    let inputs = hash_inputs(&prepared, progress)?;
    clock.stage("hash inputs");
    let outcome = compute(&prepared);
    clock.stage("link and measure");

    let released = protect(&outcome.results, &profile);
    let mut about = about(&prepared, &profile);
    let old = options.against.as_deref();
    let changes = old.map(|old| Changes::between(&released, old)).transpose()?;
    about.quality_notes.extend(changes.as_ref().map(|changes| {
        format!("Beside the earlier run that it was compared with: {}.", changes.in_words())
    }));
    let tables = folder.path();
    write_tables_with_changes(&released, changes.as_ref(), &about, &formats, tables)?;
    if formats.has(Format::Html) {
        write_report(&released, &about, &folder.path().join("report.html"))?;
    }
    if options.exact {
        write_exact(&outcome.results, &folder.path().join("exact"))?;
    }
    clock.stage("write");
    if options.exact {
        write_details(&prepared, &folder.path().join("exact"), progress)?;
        clock.stage("write details");
    }

    let mut manifest = Manifest {
        engine_version: env!("CARGO_PKG_VERSION").into(),
        method_edition: METHOD_EDITION.into(),
        study: serde_json::to_value(&prepared.study).map_err(OutputError::from)?,
        inputs,
        warnings: about.warnings.clone(),
        timings: clock.stages.clone(),
        ..Manifest::default()
    };
    manifest.set_disclosure(&released.profiles, &released.summary)?;
    write_manifest(&manifest, folder.path())?;
    let folder = folder.finish()?;
    Ok(Finished { folder, outcome, about, timings: clock.stages })
}

/// Writes the latest details of every person, if there are social care records.
fn write_details(
    prepared: &Prepared,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<(), OutputError> {
    if prepared.records.partitions.iter().all(|partition| partition.cld.is_empty()) {
        return Ok(());
    }
    let local_ids = prepared.records.texts.local_id.texts();
    let cleaning = &prepared.facts.cleaning;
    let texts = Texts { frame: &prepared.frame, cleaning, local_ids: &local_ids };
    let links = prepared.carer_links(progress);
    let mut files = DetailsFiles::create(dir, cleaning)?;
    prepared.each_in_order(
        progress,
        |person, rows| person_details::append(person, &texts, &links, rows),
        |rows| files.write(rows),
    )?;
    files.finish()?;
    Ok(())
}

/// Seconds by stage.
struct Clock {
    last: Instant,
    stages: Vec<Timing>,
}

impl Clock {
    fn start() -> Self {
        Self { last: Instant::now(), stages: Vec::new() }
    }

    fn stage(&mut self, name: &str) {
        let now = Instant::now();
        let seconds = now.duration_since(self.last).as_secs_f64();
        self.stages.push(Timing { stage: name.into(), seconds });
        self.last = now;
    }
}

fn hash_inputs(prepared: &Prepared, progress: &dyn Progress) -> Result<Vec<Input>, OutputError> {
    let lookups = &prepared.study.lookups;
    let tables = [
        ("areas", &lookups.areas),
        ("lsoa_utla", &lookups.lsoa_utla),
        ("population", &lookups.population),
    ];
    let mut files: Vec<(String, PathBuf, u64)> = prepared
        .files()
        .iter()
        .map(|file| (role(file.kind).to_owned(), file.path.clone(), file.rows))
        .collect();
    files.extend(
        tables.iter().filter_map(|(role, path)| Some(((*role).to_owned(), (*path).clone()?, 0))),
    );
    let total: u64 = prepared.files().iter().map(|file| file.bytes).sum();
    progress.begin("hashing inputs", "bytes", total);
    let inputs = files
        .into_par_iter()
        .map(|(role, path, rows)| {
            let (bytes, sha256) = hash_file(&path)?;
            progress.advance(bytes);
            Ok(Input { role, path: path.display().to_string(), bytes, rows, sha256 })
        })
        .collect();
    progress.end();
    inputs
}

/// What covers and reports say of the run.
fn about(prepared: &Prepared, profile: &Profile) -> About {
    let mut warnings = prepared.facts.assumptions.clone();
    warnings.extend(profile.warnings());
    warnings.extend(missing_submissions(prepared));
    warnings.extend(missing_councils(prepared));
    warnings.extend(unavailable_measures(prepared));
    warnings.extend(prepared.files().iter().flat_map(file_warnings));
    About {
        title: prepared.study.study.title.clone(),
        periods: prepared.study.study.periods.clone(),
        as_of: prepared.study.study.as_of,
        sources: sources(prepared.files()),
        warnings,
        method_edition: METHOD_EDITION.into(),
        engine_version: env!("CARGO_PKG_VERSION").into(),
        ..About::default()
    }
}

/// A kind of record in the manifest.
const fn role(kind: FileKind) -> &'static str {
    match kind {
        FileKind::CldSubmissions => "cld_submissions",
        FileKind::CldEvents => "cld_events",
        FileKind::Apc => "apc",
        FileKind::Ecds => "ecds",
        FileKind::Deaths => "deaths",
    }
}

/// A kind of record in plain words.
const fn plain(kind: FileKind) -> &'static str {
    match kind {
        FileKind::CldSubmissions => "Social care submissions (Client Level Data)",
        FileKind::CldEvents => "Social care events (Client Level Data, prepared)",
        FileKind::Apc => "Hospital admissions (admitted patient care)",
        FileKind::Ecds => "Emergency department attendances",
        FileKind::Deaths => "Registered deaths",
    }
}

/// Files and rows by kind of record, in the order of the kinds.
fn sources(files: &[FileRead]) -> Vec<Source> {
    let kinds = [
        FileKind::CldSubmissions,
        FileKind::CldEvents,
        FileKind::Apc,
        FileKind::Ecds,
        FileKind::Deaths,
    ];
    let source = |kind| {
        let of_kind = || files.iter().filter(move |file| file.kind == kind);
        let rows = of_kind().map(|file| file.rows).sum();
        Source { name: plain(kind).into(), files: of_kind().count(), rows }
    };
    kinds.into_iter().map(source).filter(|source| source.files > 0).collect()
}

/// Councils without a submission for a quarter, one sentence a quarter.
fn missing_submissions(prepared: &Prepared) -> Vec<String> {
    let missing = &prepared.facts.selection.missing;
    let mut sentences = Vec::new();
    for group in missing.chunk_by(|a, b| (a.quarter, a.mode) == (b.quarter, b.mode)) {
        let Some(first) = group.first() else { continue };
        let names: Vec<&str> = group.iter().map(|missing| missing.la_name.as_str()).collect();
        sentences.push(format!(
            "No submission for {} to {} of: {}",
            first.quarter.start,
            first.quarter.end,
            names.join(", ")
        ));
    }
    sentences
}

/// Councils of the look-up of areas that no social care record is of.
fn missing_councils(prepared: &Prepared) -> Option<String> {
    let is_care = |file: &FileRead| {
        matches!(file.kind, FileKind::CldSubmissions | FileKind::CldEvents) && file.rows > 0
    };
    if !prepared.files().iter().any(is_care) {
        return None;
    }
    let places = Places::new(&prepared.frame);
    let mut met: BTreeSet<u16> = BTreeSet::new();
    for partition in &prepared.records.partitions {
        met.extend(partition.cld.iter().map(|row| places.council(row.la)));
    }
    let missing: Vec<String> = prepared
        .frame
        .areas
        .iter()
        .filter(|area| !met.contains(&places.council_of_code(&area.la_code)))
        .map(|area| format!("{} ({})", area.name, area.la_code))
        .collect();
    (!missing.is_empty()).then(|| {
        format!("No record at all of councils of the look-up areas: {}", missing.join(", "))
    })
}

/// Measures that were asked for by name and that the inputs do not allow.
fn unavailable_measures(prepared: &Prepared) -> impl Iterator<Item = String> + '_ {
    let include = &prepared.study.measures.include;
    include.iter().filter_map(|measure| {
        let why = prepared.given.prevents(measure)?;
        Some(format!("{measure} is not available: {why}"))
    })
}

fn file_warnings(file: &FileRead) -> impl Iterator<Item = String> + '_ {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    file.warnings.iter().map(move |warning| format!("{name}: {warning}"))
}
