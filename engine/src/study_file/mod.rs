//! The study file: text as typed in, a resolved [`StudyFile`] out.
//!
//! Unknown keys, contradictory dates, missing files and unknown measures are errors that name the
//! file, the line, the value and the nearest valid choice.

mod data_folder;
pub mod error;
mod inputs;
mod place;

use crate::disclosure::{DisclosureSettings, Profile};
use crate::event_log::time_to as log_times;
use crate::measures;
use crate::measures::time_to;
use crate::output::OutputSettings;
use crate::pathways::PathwaySettings;
use crate::quality;
use crate::stratum::BREAKDOWNS;
use crate::study::Study;
use error::{StudyError, nearest};
use inputs::InputsTable;
use place::Places;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use throughcare_linkage::cld::settings::CldSettings;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::hospital::settings::HospitalSettings;
use throughcare_linkage::read::Inputs;
use throughcare_linkage::timeline::settings::TimelineSettings;

/// Everything that a run needs to know, with every default filled in and every path resolved.
#[derive(Clone, Debug, Serialize)]
pub struct StudyFile {
    /// The folder of the study file, where its paths start.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Title, periods, as-of date and breakdowns.
    pub study: Study,
    /// Record files.
    pub inputs: Inputs,
    /// Look-up files.
    pub lookups: Lookups,
    /// Preparation of social care records.
    pub cld: CldSettings,
    /// Timelines.
    pub timeline: TimelineSettings,
    /// Spells and CIPS.
    pub hospital: HospitalSettings,
    /// Settings of each measure.
    pub measures: measures::Settings,
    /// Pathways and variants.
    pub graph: PathwaySettings,
    /// Disclosure control.
    pub disclosure: DisclosureSettings,
    /// Formats.
    pub output: OutputSettings,
    /// Checks of data quality.
    pub quality: quality::settings::Settings,
    /// The tables `[[time_to]]` of a study of event logs alone.
    pub log_times: Vec<log_times::Settings>,
}

/// Look-up files, as given.
#[derive(Clone, Debug, Default, Serialize, PartialEq, Eq)]
pub struct Lookups {
    /// Councils.
    pub areas: Option<PathBuf>,
    /// Council by LSOA.
    pub lsoa_utla: Option<PathBuf>,
    /// Population.
    pub population: Option<PathBuf>,
}

/// A study file with its tables `[[time_to]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed<T> {
    #[serde(default)]
    study: StudyTable,
    #[serde(default)]
    inputs: InputsTable,
    #[serde(default)]
    cld: CldSettings,
    #[serde(default)]
    timeline: TimelineSettings,
    #[serde(default)]
    hospital: HospitalSettings,
    #[serde(default)]
    measures: measures::Settings,
    #[serde(default)]
    graph: PathwaySettings,
    #[serde(default = "Vec::new")]
    time_to: Vec<T>,
    #[serde(default)]
    disclosure: DisclosureSettings,
    #[serde(default)]
    output: OutputSettings,
    #[serde(default)]
    quality: quality::settings::Settings,
}

impl<T> Typed<T> {
    /// The study with other tables in the place of its own, and these.
    fn split<U>(self) -> (Typed<U>, Vec<T>) {
        let Self {
            study,
            inputs,
            cld,
            timeline,
            hospital,
            measures,
            graph,
            time_to: tables,
            disclosure,
            output,
            quality,
        } = self;
        let time_to = Vec::new();
        let typed = Typed {
            study,
            inputs,
            cld,
            timeline,
            hospital,
            measures,
            graph,
            time_to,
            disclosure,
            output,
            quality,
        };
        (typed, tables)
    }
}

/// Whether the only records of a study are event logs, whose activities alone `[[time_to]]` then names.
fn is_logs_only(text: &str) -> bool {
    const OTHERS: [&str; 4] = ["areas", "lsoa_utla", "population", "columns"];
    let table: Option<toml::Table> = toml::from_str(text).ok();
    let inputs = table.as_ref().and_then(|table| table.get("inputs")?.as_table());
    let is_log = |key: &String| key == "events" || OTHERS.contains(&key.as_str());
    inputs.is_some_and(|inputs| inputs.contains_key("events") && inputs.keys().all(is_log))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct StudyTable {
    #[serde(default)]
    title: String,
    period: Option<Period>,
    #[serde(default)]
    periods: Vec<Period>,
    as_of: Option<Day>,
}

impl StudyFile {
    /// Reads a study file. Paths in it are relative to the folder of the file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not TOML, has an unknown key or value, dates that contradict each
    /// other, a glob that matches no file, or a part that this version does not have.
    pub fn read(path: &Path) -> Result<Self, StudyError> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let what = if path.is_dir() {
                "this is a folder; give the study file in it, such as study.toml".to_owned()
            } else {
                match error.kind() {
                    std::io::ErrorKind::InvalidData => {
                        "the study file is not UTF-8 text; save it in UTF-8".to_owned()
                    }
                    _ => format!("the study file cannot be read: {error}; check the path"),
                }
            };
            StudyError::at(path, "", None, what)
        })?;
        Self::parse(path, &text)
    }

    /// A path as the study file would give it: below its folder if it is there, with `/`.
    #[must_use]
    pub fn as_given(&self, path: &Path) -> String {
        let names = match path.strip_prefix(&self.folder) {
            Ok(below) => below.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>(),
            Err(_) => return path.display().to_string(),
        };
        names.join("/")
    }

    /// The study as the manifest holds it, which does not depend on where the files lie.
    ///
    /// # Errors
    ///
    /// Never in practice: every setting has a form in JSON.
    pub fn to_manifest(&self) -> serde_json::Result<serde_json::Value> {
        let given = |path: &mut PathBuf| *path = PathBuf::from(self.as_given(path));
        let mut study = self.clone();
        let Inputs { cld_submissions, cld_events, apc, ecds, outpatients, deaths, events, .. } =
            &mut study.inputs;
        for paths in [cld_submissions, cld_events, apc, ecds, outpatients, deaths] {
            paths.iter_mut().for_each(given);
        }
        events.iter_mut().flat_map(|log| &mut log.files).for_each(given);
        let Lookups { areas, lsoa_utla, population } = &mut study.lookups;
        for path in [areas, lsoa_utla, population, &mut study.cld.mapping] {
            path.iter_mut().for_each(given);
        }
        serde_json::to_value(&study)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, StudyError> {
        let fault = |error: toml::de::Error| StudyError::from_toml(path, text, &error);
        let (typed, log_times): (Typed<time_to::Settings>, _) = if is_logs_only(text) {
            toml::from_str::<Typed<log_times::Settings>>(text).map_err(fault)?.split()
        } else {
            (toml::from_str(text).map_err(fault)?, Vec::new())
        };
        let places = Places::new(path, text);

        let mut periods = typed.study.periods;
        let period_key = if periods.is_empty() { "period" } else { "periods" };
        if let Some(period) = typed.study.period {
            if !periods.is_empty() {
                return Err(places.error(&["study", "period"], "give either `period` or `periods`"));
            }
            periods.push(period);
        }
        // an event log has no councils to be compared in a period: all of it counts
        if periods.is_empty() && !typed.inputs.is_logs_only() {
            return Err(places.error(
                &["study"],
                "no period; write period = { start = 2024-04-01, end = 2025-03-31 }",
            ));
        }
        for (key, period) in [("joined", typed.cld.joined), ("single", typed.cld.single)] {
            check_order(&places, &["cld", key], period)?;
        }
        for period in &periods {
            check_order(&places, &["study", period_key], Some(*period))?;
        }
        let latest = periods.iter().map(|period| period.start).max();
        if let (Some(as_of), Some(start)) = (typed.study.as_of, latest)
            && as_of < start
        {
            return Err(places.error(
                &["study", "as_of"],
                format!("as_of {as_of} is before the period starts on {start}"),
            ));
        }
        for name in typed.measures.include.iter() {
            if measures::NAMES.contains(&name.as_str()) {
                continue;
            }
            let hint = nearest(name, measures::NAMES.iter().copied())
                .map(|near| format!("; did you mean \"{near}\"?"))
                .unwrap_or_default();
            return Err(places.error_at_value(
                &["measures", "include"],
                name,
                format!(
                    "unknown measure \"{name}\"{hint} (there are: {})",
                    measures::NAMES.join(", ")
                ),
            ));
        }
        for key in &typed.measures.by {
            if BREAKDOWNS.contains(&key.as_str()) {
                continue;
            }
            let hint = nearest(key, BREAKDOWNS)
                .map(|near| format!("; did you mean \"{near}\"?"))
                .unwrap_or_default();
            return Err(places.error_at_value(
                &["measures", "by"],
                key,
                format!("unknown breakdown \"{key}\"{hint} (there are: {})", BREAKDOWNS.join(", ")),
            ));
        }
        typed
            .measures
            .check()
            .map_err(|(measure, what)| places.error(&["measures", measure], what))?;
        typed.graph.check().map_err(|what| places.error(&["graph"], what))?;
        typed.quality.check().map_err(|(key, what)| places.error(&["quality", key], what))?;
        typed.timeline.check().map_err(|what| places.error(&["timeline"], what))?;
        if typed.timeline.split_community && typed.graph.combination_window.is_some() {
            let what = "combination_window with split_community = true: a day's combined states are not \
                        known by component; leave one of them out";
            return Err(places.error(&["graph", "combination_window"], what));
        }
        Profile::new(typed.disclosure.clone())
            .map_err(|error| places.error(&["disclosure", error.setting], error.to_string()))?;
        let earliest = periods.iter().map(|period| period.start).min();
        if let (Some(extract), Some(start)) = (typed.hospital.extract_date, earliest)
            && extract < start
        {
            return Err(places.error(
                &["hospital", "extract_date"],
                format!("extract_date {extract} is before the period starts on {start}"),
            ));
        }
        let (inputs, lookups) = typed.inputs.resolve(&places)?;
        check_time_to(&places, &typed.time_to, &inputs)?;
        if let Some(anchor) = typed.graph.anchors.iter().find(|anchor| anchor.unknown().is_some())
            && !inputs.has_logs_beside()
        {
            let what = anchor.unknown().unwrap_or_default();
            return Err(places.error_at_value(&["graph", "anchors"], anchor.name(), what));
        }
        if !typed.timeline.event_states.is_empty() && !inputs.has_logs_beside() {
            let what = "event_states needs event logs beside other records: give them under [[inputs.events]]";
            return Err(places.error(&["timeline", "event_states"], what));
        }
        for (n, table) in log_times.iter().enumerate() {
            let name = &table.name;
            let fault = |what: String| places.error_at_value(&["time_to"], name, what);
            table.check().map_err(fault)?;
            check_name(name, log_times.iter().take(n).map(|other| &other.name)).map_err(fault)?;
        }
        let study = Study {
            title: typed.study.title,
            periods,
            as_of: typed.study.as_of,
            by: typed.measures.by.clone(),
            method: typed.measures.method,
        };
        let mut cld = typed.cld;
        cld.mapping = cld.mapping.map(|mapping| places.beside(&mapping));
        Ok(Self {
            folder: places.beside(Path::new("")),
            study,
            inputs,
            lookups,
            cld,
            timeline: typed.timeline,
            hospital: typed.hospital,
            measures: measures::Settings { time_to: typed.time_to, ..typed.measures },
            graph: typed.graph,
            disclosure: typed.disclosure,
            output: typed.output,
            quality: typed.quality,
            log_times,
        })
    }
}

/// Refuses tables `[[time_to]]` that contradict themselves, share a name or lack their records.
fn check_time_to(
    places: &Places<'_>,
    tables: &[time_to::Settings],
    inputs: &Inputs,
) -> Result<(), StudyError> {
    let has_care = !inputs.cld_submissions.is_empty() || !inputs.cld_events.is_empty();
    let has_stays = !inputs.apc.is_empty();
    for (n, table) in tables.iter().enumerate() {
        let name = &table.name;
        let fault = |what: String| Err(places.error_at_value(&["time_to"], name, what));
        table.check().or_else(fault)?;
        check_name(name, tables.iter().take(n).map(|other| &other.name)).or_else(fault)?;
        if let Some((key, value, what)) = table.unknown().filter(|_| !inputs.has_logs_beside()) {
            return Err(places.error_in_table(("time_to", name), key, value, what));
        }
        if table.needs_care() && !has_care {
            return fault(format!("{name}: needs social care records; give cld_submissions"));
        }
        if table.needs_stays() && !has_stays {
            return fault(format!("{name}: needs hospital records; give apc"));
        }
    }
    Ok(())
}

/// Refuses a name of curves that is taken.
fn check_name<'a>(name: &str, mut before: impl Iterator<Item = &'a String>) -> Result<(), String> {
    if measures::NAMES.contains(&name) || name == time_to::NAME {
        return Err(format!("name = {name:?} is that of a measure; choose another"));
    }
    if before.any(|other| other == name) {
        return Err(format!("two tables have name = {name:?}; give each its own"));
    }
    Ok(())
}

fn check_order(
    places: &Places<'_>,
    keys: &[&str],
    period: Option<Period>,
) -> Result<(), StudyError> {
    match period {
        Some(Period { start, end }) if end < start => {
            Err(places
                .error(keys, format!("the period ends on {end}, before it starts on {start}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
