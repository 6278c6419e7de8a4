//! What there is to read.

use crate::codes::short::CodeSet;
use crate::schema::FileKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files to read, by kind. Files are numbered in this order: submissions, prepared events, admitted
/// patient care, emergency care, outpatients, deaths, event logs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inputs {
    /// Raw submissions of Client Level Data.
    pub cld_submissions: Vec<PathBuf>,
    /// Already prepared tables of unique events.
    pub cld_events: Vec<PathBuf>,
    /// Admitted patient care.
    pub apc: Vec<PathBuf>,
    /// Emergency care.
    pub ecds: Vec<PathBuf>,
    /// Outpatient appointments.
    pub outpatients: Vec<PathBuf>,
    /// Registered deaths.
    pub deaths: Vec<PathBuf>,
    /// Event logs.
    pub events: Vec<LogInput>,
    /// Keep the diagnosis and operation codes of admitted patient care. They take memory, so a run that
    /// looks at none leaves this off.
    #[serde(skip)]
    pub keep_codes: bool,
    /// Statuses of an NHS number by which hospital records are joined; none for any.
    #[serde(skip)]
    pub trusted_statuses: Option<CodeSet>,
    /// The user's headings: record kind (`cld`, `apc`, `ecds`, `outpatients`, `deaths`), canonical name,
    /// their heading.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
}

/// An event log to read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LogInput {
    /// Its name in tables.
    pub name: String,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// The user's headings: canonical name (`case`, `activity`, `start`, `end`), their heading.
    pub columns: BTreeMap<String, String>,
}

impl Inputs {
    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }

    /// The files with their kinds, in the order in which they are numbered.
    pub fn files(&self) -> impl Iterator<Item = (&Path, FileKind)> {
        [
            (&self.cld_submissions, FileKind::CldSubmissions),
            (&self.cld_events, FileKind::CldEvents),
            (&self.apc, FileKind::Apc),
            (&self.ecds, FileKind::Ecds),
            (&self.outpatients, FileKind::Outpatients),
            (&self.deaths, FileKind::Deaths),
        ]
        .into_iter()
        .flat_map(|(paths, kind)| paths.iter().map(move |path| (path.as_path(), kind)))
        .chain(self.logs().map(|(_, path)| (path, FileKind::Events)))
    }

    /// The files of the event logs in their order, each with the number of its log.
    pub(super) fn logs(&self) -> impl Iterator<Item = (usize, &Path)> {
        let logs = self.events.iter().enumerate();
        logs.flat_map(|(log, input)| input.files.iter().map(move |path| (log, path.as_path())))
    }

    /// Whether there are event logs beside other records.
    #[must_use]
    pub fn has_logs_beside(&self) -> bool {
        !self.events.is_empty() && !self.is_logs_only()
    }

    /// Whether there is nothing but event logs.
    #[must_use]
    pub fn is_logs_only(&self) -> bool {
        !self.events.is_empty() && self.files().all(|(_, kind)| kind == FileKind::Events)
    }
}
