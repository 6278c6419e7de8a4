//! The batch job: a study file in, an output folder out.

use crate::caveats;
use crate::disclosure::{Profile, ProfileError, protect};
use crate::output::person_details::{self, DetailsFiles, DetailsRow, Texts};
use crate::output::{
    About, Beside, Changes, Folder, Format, Input, Manifest, Names, OutputError, People,
    RecordFiles, SaltComparison, SaltReturn, Source, Timing, hash_file, write_exact_with_salt,
    write_manifest, write_tables_beside,
};
use crate::report::write_report;
use crate::run::{Outcome, Prepared};
use crate::salt_return;
use crate::stay_rules::StayRules;
use crate::study_file::StudyFile;
use rayon::prelude::*;
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
    /// Also write `exact/`: the tables before disclosure control, and records of people.
    pub exact: bool,
    /// Replace a finished output.
    pub force: bool,
    /// Folder of an earlier run to compare with.
    pub against: Option<PathBuf>,
    /// A SALT return to compare with.
    pub salt: Option<PathBuf>,
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

/// Sets the published rules for joining spells side by side and writes an output folder with what
/// each makes of the records and where they differ.
///
/// # Errors
///
/// As those of [`run`].
pub fn stays(
    study: StudyFile,
    out: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Finished, BatchError> {
    write(study, out, options, progress, |prepared| {
        let (compared, link) = StayRules::compare(prepared, progress);
        compared.outcome(&link, prepared)
    })
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
    let salt = options.salt.as_ref().map(|path| salt_return::read(path, &study)).transpose()?;
    let mut clock = Clock::start();

    let prepared = Prepared::read(study, progress)?;
    clock.stage("read");
    let mut inputs = hash_inputs(&prepared, progress)?;
    if let (Some(path), Some(cells)) = (&options.salt, &salt) {
        inputs.push(salt_input(path, cells, &prepared.study)?);
    }
    clock.stage("hash inputs");
    let mut outcome = compute(&prepared);
    if salt.is_none() {
        outcome.results.council_attrition.clear();
    }
    clock.stage("link and measure");

    let released = protect(&outcome.results, &profile);
    let mut about = about(&prepared, &profile);
    let old = options.against.as_deref();
    let changes = old.map(|old| Changes::between(&released, old)).transpose()?;
    about.quality_notes.extend(changes.as_ref().map(|changes| {
        format!("Beside the earlier run that it was compared with: {}.", changes.in_words())
    }));
    let counts = salt.as_ref().map(|salt| SaltComparison::between(&released, &profile, salt));
    about.quality_notes.extend(counts.as_ref().map(|salt| {
        format!("Counts of the SALT return beside those of this run: {}.", salt.in_words())
    }));
    let beside = Beside { changes: changes.as_ref(), salt: counts.as_ref() };
    write_tables_beside(&released, beside, &about, &formats, folder.path())?;
    if formats.has(Format::Html) {
        write_report(&released, &about, &folder.path().join("report.html"))?;
    }
    if options.exact {
        write_exact_with_salt(&outcome.results, salt.as_ref(), &folder.path().join("exact"))?;
    }
    clock.stage("write");
    if options.exact {
        write_records(&prepared, &folder.path().join("exact"), progress)?;
        clock.stage("write records");
    }

    let mut manifest = Manifest {
        engine_version: env!("CARGO_PKG_VERSION").into(),
        method_edition: METHOD_EDITION.into(),
        study: prepared.study.to_manifest().map_err(OutputError::from)?,
        study_folder: prepared.study.folder.display().to_string(),
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

/// Writes the visits, stays, events and latest details of every person, in one pass over them.
fn write_records(
    prepared: &Prepared,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<(), OutputError> {
    let names = Names {
        frame: &prepared.frame,
        cleaning: &prepared.facts.cleaning,
        logs: &prepared.records.logs,
    };
    let mut files = RecordFiles::create(dir, names)?;
    let has_care = prepared.records.partitions.iter().any(|partition| !partition.cld.is_empty());
    let links = if has_care { prepared.carer_links() } else { Vec::new() };
    let texts = Texts::new(names, &links, &prepared.records.texts.local_id);
    let mut details = has_care.then(|| DetailsFiles::create(dir, names.cleaning)).transpose()?;
    prepared.in_key_order(
        progress,
        |(people, rows): &mut (People, Vec<DetailsRow>), person| {
            people.add(person, names);
            person_details::append(person, &texts, rows);
        },
        |(people, rows)| {
            files.write(&people)?;
            details.as_mut().map_or(Ok(()), |details| details.write(rows))
        },
    )?;
    files.finish()?;
    if let Some(details) = details {
        details.finish()?;
    }
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
            Ok(Input { role, path: prepared.study.as_given(&path), bytes, rows, sha256 })
        })
        .collect();
    progress.end();
    inputs
}

/// The SALT return in the manifest.
fn salt_input(path: &Path, cells: &SaltReturn, study: &StudyFile) -> Result<Input, OutputError> {
    let absolute = |path: &Path| std::path::absolute(path).map_err(OutputError::io(path));
    // an empty path is the folder that the command runs in
    let folder = absolute(&study.folder.join("."))?;
    let whole = absolute(path)?;
    let given = whole.strip_prefix(&folder).map_or(whole.clone(), |below| study.folder.join(below));
    let (bytes, sha256) = hash_file(path)?;
    let rows = cells.len() as u64;
    Ok(Input { role: "salt_return".into(), path: study.as_given(&given), bytes, rows, sha256 })
}

/// What covers and reports say of the run.
fn about(prepared: &Prepared, profile: &Profile) -> About {
    let mut warnings = caveats::of(prepared);
    warnings.extend(profile.warnings());
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
        FileKind::Outpatients => "outpatients",
        FileKind::Deaths => "deaths",
        FileKind::Events => "events",
    }
}

/// A kind of record in plain words.
const fn plain(kind: FileKind) -> &'static str {
    match kind {
        FileKind::CldSubmissions => "Social care submissions (Client Level Data)",
        FileKind::CldEvents => "Social care events (Client Level Data, prepared)",
        FileKind::Apc => "Hospital admissions (admitted patient care)",
        FileKind::Ecds => "Emergency department attendances",
        FileKind::Outpatients => "Outpatient appointments",
        FileKind::Deaths => "Registered deaths",
        FileKind::Events => "Event logs",
    }
}

/// Files and rows by kind of record, in the order of the kinds.
fn sources(files: &[FileRead]) -> Vec<Source> {
    let kinds = [
        FileKind::CldSubmissions,
        FileKind::CldEvents,
        FileKind::Apc,
        FileKind::Ecds,
        FileKind::Outpatients,
        FileKind::Deaths,
        FileKind::Events,
    ];
    let source = |kind| {
        let of_kind = || files.iter().filter(move |file| file.kind == kind);
        let rows = of_kind().map(|file| file.rows).sum();
        Source { name: plain(kind).into(), files: of_kind().count(), rows }
    };
    kinds.into_iter().map(source).filter(|source| source.files > 0).collect()
}
