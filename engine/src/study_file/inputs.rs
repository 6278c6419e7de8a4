//! `[inputs]`: globs to files.

use super::Lookups;
use super::error::{StudyError, nearest};
use super::place::Places;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use throughcare_linkage::read::Inputs;

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
    deaths: Globs,
    areas: Option<String>,
    lsoa_utla: Option<String>,
    population: Option<String>,
    columns: BTreeMap<String, BTreeMap<String, String>>,
    events: Vec<toml::Table>,
}

impl InputsTable {
    pub(super) fn resolve(self, places: &Places<'_>) -> Result<(Inputs, Lookups), StudyError> {
        if !self.events.is_empty() {
            return Err(places.error(
                &["inputs", "events"],
                "[[inputs.events]] is not available in this version; remove it",
            ));
        }
        const KINDS: [&str; 4] = ["cld", "apc", "ecds", "deaths"];
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
            deaths: expand(places, "deaths", self.deaths)?,
            columns: self.columns,
            keep_codes: false,
        };
        if inputs.is_empty() {
            return Err(places.error(
                &["inputs"],
                "no input; give at least one of cld_submissions, cld_events, apc, ecds",
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
