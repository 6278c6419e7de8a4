//! `[inputs]`: globs to files.

use super::Lookups;
use super::error::{StudyError, nearest};
use super::place::Places;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use throughcare_linkage::read::{Inputs, LogInput};

/// One glob or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Globs {
    One(String),
    Several(Vec<String>),
}

impl Default for Globs {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct InputsTable {
    cld_submissions: Globs,
    cld_events: Globs,
    apc: Globs,
    ecds: Globs,
    outpatients: Globs,
    deaths: Globs,
    areas: Option<String>,
    lsoa_utla: Option<String>,
    population: Option<String>,
    columns: BTreeMap<String, BTreeMap<String, String>>,
    events: Vec<EventsTable>,
}

/// `[[inputs.events]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsTable {
    name: Option<String>,
    path: Globs,
    case: Option<String>,
    activity: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

impl Globs {
    const fn is_empty(&self) -> bool {
        matches!(self, Self::Several(globs) if globs.is_empty())
    }
}

impl InputsTable {
    /// Whether there is nothing but event logs.
    pub(super) fn is_logs_only(&self) -> bool {
        let records = [
            &self.cld_submissions,
            &self.cld_events,
            &self.apc,
            &self.ecds,
            &self.outpatients,
            &self.deaths,
        ];
        !self.events.is_empty() && records.into_iter().all(Globs::is_empty)
    }

    pub(super) fn resolve(self, places: &Places<'_>) -> Result<(Inputs, Lookups), StudyError> {
        const KINDS: [&str; 5] = ["cld", "apc", "ecds", "outpatients", "deaths"];
        if let Some(kind) = self.columns.keys().find(|kind| !KINDS.contains(&kind.as_str())) {
            let hint = nearest(kind, KINDS).unwrap_or("apc");
            return Err(places.error(
                &["inputs", "columns", kind],
                format!("unknown kind of record \"{kind}\"; did you mean [inputs.columns.{hint}]?"),
            ));
        }
        let inputs = Inputs {
            cld_submissions: expand(places, "cld_submissions", self.cld_submissions)?,
            cld_events: expand(places, "cld_events", self.cld_events)?,
            apc: expand(places, "apc", self.apc)?,
            ecds: expand(places, "ecds", self.ecds)?,
            outpatients: expand(places, "outpatients", self.outpatients)?,
            deaths: expand(places, "deaths", self.deaths)?,
            events: logs(places, self.events)?,
            columns: self.columns,
            keep_codes: false,
            trusted_statuses: None,
        };
        if inputs.is_empty() {
            return Err(places.error(
                &["inputs"],
                "no input; give at least one of cld_submissions, cld_events, apc, ecds, or an event log \
                 under [[inputs.events]]",
            ));
        }
        let one = |key: &str, path: Option<String>| {
            path.map(|path| {
                let full = places.beside(Path::new(&path));
                if full.is_file() {
                    Ok(full)
                } else {
                    let what =
                        if full.is_dir() { "is a folder, not a file" } else { "does not exist" };
                    Err(places.error(&["inputs", key], format!("{} {what}", full.display())))
                }
            })
            .transpose()
        };
        let lookups = Lookups {
            areas: one("areas", self.areas)?,
            lsoa_utla: one("lsoa_utla", self.lsoa_utla)?,
            population: one("population", self.population)?,
        };
        Ok((inputs, lookups))
    }
}

/// The event logs. One without a name is called after its first file.
fn logs(places: &Places<'_>, tables: Vec<EventsTable>) -> Result<Vec<LogInput>, StudyError> {
    let mut logs: Vec<LogInput> = Vec::new();
    for table in tables {
        let files = expand(places, "events", table.path)?;
        let stem = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.split('.').next().unwrap_or_default().to_owned()
        };
        let name = table.name.or_else(|| files.first().map(stem)).unwrap_or_default();
        if name.is_empty() || logs.iter().any(|log| log.name == name) {
            let what = format!("two event logs are called {name:?}, or one has no name");
            return Err(places.error(&["inputs", "events"], what));
        }
        let columns = [
            ("case", table.case),
            ("activity", table.activity),
            ("start", table.start),
            ("end", table.end),
        ];
        let columns =
            columns.into_iter().filter_map(|(column, heading)| Some((column.to_owned(), heading?)));
        logs.push(LogInput { name, files, columns: columns.collect() });
    }
    Ok(logs)
}

/// The files that globs match, without repeats, in the order of their paths.
fn expand(places: &Places<'_>, key: &str, globs: Globs) -> Result<Vec<PathBuf>, StudyError> {
    let globs = match globs {
        Globs::One(glob) => vec![glob],
        Globs::Several(globs) => globs,
    };
    let mut files = Vec::new();
    for pattern in &globs {
        let fault = |what: String| places.error_at_value(&["inputs", key], pattern, what);
        let full = places.beside(Path::new(pattern));
        let found = glob::glob(&full.to_string_lossy())
            .map_err(|error| fault(format!("\"{pattern}\" is not a valid pattern: {error}")))?;
        let before = files.len();
        for file in found {
            files.push(file.map_err(|error| fault(error.to_string()))?);
        }
        if files.len() == before {
            return Err(fault(format!(
                "no file matches \"{pattern}\" (looked for {})",
                full.display()
            )));
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}
