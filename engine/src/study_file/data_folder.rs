//! A folder of records without a study file: what its files are, told by their headings, and for look-ups
//! by their names.

use super::StudyFile;
use super::error::StudyError;
use std::path::{Path, PathBuf};
use throughcare_linkage::schema::FileKind;
use throughcare_linkage::schema::headings::{Headings, map};
use throughcare_linkage::source::csv::sample;
use throughcare_linkage::source::format::{Format, detect};
use throughcare_linkage::source::parquet::Opened;

/// The name of the study file that a folder may have.
const STUDY: &str = "study.toml";

/// Folders below the folder that are searched too.
const DEPTH: usize = 3;

impl StudyFile {
    /// The study of a folder: its `study.toml` if it has one, else all records found in it and below it,
    /// with every setting at its default and no period yet.
    ///
    /// Records are known by their headings. The look-ups are the files whose names begin with `areas`,
    /// `lsoa_utla` and `population`. Other files are passed over.
    ///
    /// # Errors
    ///
    /// The folder cannot be read, or no file in it is a kind of record; its study file is wrong.
    pub fn of_data(folder: &Path) -> Result<Self, StudyError> {
        let fault = |what: String| StudyError::at(folder, "", None, what);
        let own = folder.join(STUDY);
        if own.is_file() {
            return Self::read(&own);
        }
        if folder.is_file() {
            return Err(fault("this is a file; give the folder that it is in".into()));
        }
        let mut files = Vec::new();
        list(folder, DEPTH, &mut files).map_err(|error| {
            fault(format!("the folder cannot be read: {error}; check the path"))
        })?;
        files.sort();
        let mut study = Self::of_defaults(folder);
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            let lookups = &mut study.lookups;
            let lookup = [
                ("areas", &mut lookups.areas),
                ("lsoa_utla", &mut lookups.lsoa_utla),
                ("population", &mut lookups.population),
            ];
            if let Some((_, place)) = lookup.into_iter().find(|(stem, _)| name.starts_with(stem)) {
                place.get_or_insert(file);
                continue;
            }
            let inputs = &mut study.inputs;
            match kind(&file) {
                Some(FileKind::CldSubmissions) => inputs.cld_submissions.push(file),
                Some(FileKind::Apc) => inputs.apc.push(file),
                Some(FileKind::Ecds) => inputs.ecds.push(file),
                Some(FileKind::Outpatients) => inputs.outpatients.push(file),
                Some(FileKind::Deaths) => inputs.deaths.push(file),
                Some(FileKind::CldEvents | FileKind::Events) | None => {}
            }
        }
        if study.inputs.is_empty() {
            return Err(fault(
                "no file in this folder has the headings of records; give a folder with social care \
                 submissions, admitted patient care or emergency care, or a study file"
                    .into(),
            ));
        }
        Ok(study)
    }
}

impl StudyFile {
    fn of_defaults(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            study: Default::default(),
            inputs: Default::default(),
            lookups: Default::default(),
            cld: Default::default(),
            timeline: Default::default(),
            hospital: Default::default(),
            measures: Default::default(),
            graph: Default::default(),
            disclosure: Default::default(),
            output: Default::default(),
            quality: Default::default(),
            log_times: Vec::new(),
        }
    }
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() {
            // a folder of results has tables, which are no records
            let is_output = path.join("manifest.json").is_file();
            if depth > 0 && !is_hidden && !is_output {
                list(&path, depth - 1, files)?;
            }
        } else if !is_hidden {
            files.push(path);
        }
    }
    Ok(())
}

/// The kind of record whose columns a file has, if it can be read at all. A file whose headings would do
/// for several kinds is the one with most columns of its own.
fn kind(file: &Path) -> Option<FileKind> {
    let given = match detect(file).ok()?.0 {
        Format::Parquet => Opened::new(file).ok()?.headings(),
        format => sample(file, format, 0).ok()?.into_iter().next()?,
    };
    let headings = Headings::new(given);
    let kinds = [
        FileKind::CldSubmissions,
        FileKind::Apc,
        FileKind::Ecds,
        FileKind::Outpatients,
        FileKind::Deaths,
    ];
    let columns = |kind: FileKind| {
        let mapping = map(kind, &headings, &Default::default()).ok()?;
        let found = mapping.columns.iter().flatten().count();
        Some((found, kind))
    };
    let best = kinds
        .into_iter()
        .filter_map(columns)
        .max_by_key(|&(found, kind)| (found, std::cmp::Reverse(kind)))?;
    // a person and a date alone are in any table
    (best.0 >= 2).then_some(best.1)
}
