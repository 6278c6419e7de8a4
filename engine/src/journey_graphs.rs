//! The graphs of a study without its measures: every person is linked once, every case followed once.

use crate::event_log::LogCounts;
use crate::figure::Results;
use crate::graph::journeys::Journeys;
use crate::graph::settings::ViewSettings;
use crate::graph::strata::{Breakdown, LookUps, People};
use crate::graph::whole::Shown;
use crate::run::{Pass, Prepared};
use crate::study_file::error::nearest;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::progress::Progress;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::settings::TimelineSettings;

/// Graphs of a study, exact.
#[derive(Debug)]
pub struct JourneyGraphs {
    /// The tables `transitions`, `states` and `follows`; the others are empty.
    pub results: Results,
    /// The whole journeys behind each graph.
    pub shown: Vec<Shown>,
    /// People linked.
    pub people: u64,
}

/// Links every person and follows every case, in depth.
///
/// # Errors
///
/// A state or breakdown of the settings does not exist; says which there are.
pub fn journey_graphs(
    prepared: &Prepared,
    view: &ViewSettings,
    progress: &dyn Progress,
) -> Result<JourneyGraphs, String> {
    let study = &prepared.study;
    check_by(view.by.as_deref())?;
    let mut states = states(&study.timeline);
    let has_people = !prepared.records.partitions.is_empty() && !study.inputs.is_logs_only();
    if !has_people {
        states.clear();
        if let Some(by) = &view.by {
            return Err(format!(
                "by {by}: event logs have no people to break down by; leave it out"
            ));
        }
    }
    for log in &prepared.records.logs {
        states.extend(log.activities.iter().map(|name| name.to_string()));
    }
    check_states(view, &states)?;

    let mut found = JourneyGraphs { results: Results::default(), shown: Vec::new(), people: 0 };
    if has_people {
        link(prepared, view, progress, &mut found);
    }
    for log in &prepared.records.logs {
        let cases: usize = log.partitions.iter().map(|part| part.people.len()).sum();
        progress.begin("following cases", "cases", cases as u64);
        let counts = LogCounts::in_depth(log, view.from.as_deref());
        progress.advance(cases as u64);
        progress.end();
        found.shown.extend(counts.shown(log));
        counts.finish(log, 0, &mut found.results);
    }
    Ok(found)
}

fn link(
    prepared: &Prepared,
    view: &ViewSettings,
    progress: &dyn Progress,
    found: &mut JourneyGraphs,
) {
    let by = view.by.as_deref().and_then(Breakdown::of_key);
    let by = by.map(|by| People::new(by, LookUps::new(&prepared.frame)));
    let periods = &prepared.frame.study.periods;
    let empty =
        || Journeys::in_depth(&prepared.study.timeline, periods, view.from.as_deref(), by.clone());
    let merge = |mut one: Journeys, other: Journeys| {
        one.merge(&other);
        one
    };
    let linker = prepared.linker().joined_only();
    let pass = Pass { stage: "linking and counting moves", linker, progress };
    let (journeys, counts) = prepared.count_people(&pass, empty, Journeys::add_person, merge);
    found.people = counts.people;
    journeys.finish(&mut found.results);
    found.shown.extend(journeys.shown());
}

/// Gives a study without a period the latest whole financial year that its records cover, or the latest
/// twelve months where they cover none; says which. Nothing to do for a study that has one, or that has
/// nothing but event logs.
pub fn settle_period(prepared: &mut Prepared) -> Option<Period> {
    let study = &prepared.study;
    if !study.study.periods.is_empty() || study.inputs.is_logs_only() {
        return None;
    }
    let facts = &prepared.facts;
    let last = facts.window_end.min(facts.sus_end.max(facts.window_start)).plus(-1);
    let year_from = |year: i32| Day::from_ymd(year, 4, 1);
    let year = last.year_month().0;
    let whole = [year, year - 1, year - 2].into_iter().find_map(|year| {
        let end = year_from(year)?.plus(-1);
        let start = year_from(year - 1)?;
        (end <= last && start >= facts.window_start).then_some(Period { start, end })
    });
    let period = whole.unwrap_or_else(|| Period { start: last.plus(1).add_months(-12), end: last });
    prepared.study.study.periods = vec![period];
    prepared.frame.study.periods = vec![period];
    Some(period)
}

/// The states of timelines under these settings.
#[must_use]
pub fn states(timeline: &TimelineSettings) -> Vec<String> {
    Scheme::of_study(timeline).names().to_vec()
}

/// Refuses a breakdown that graphs do not have.
///
/// # Errors
///
/// Names the nearest and all that there are.
pub fn check_by(by: Option<&str>) -> Result<(), String> {
    let Some(by) = by.filter(|by| Breakdown::of_key(by).is_none()) else { return Ok(()) };
    let keys = Breakdown::ALL.map(Breakdown::key);
    Err(format!(
        "by {by}: graphs have no such breakdown{} (there are: {})",
        hint(by, keys),
        keys.join(", ")
    ))
}

/// Refuses states that graphs do not have.
///
/// # Errors
///
/// Names the nearest and all that there are.
pub fn check_states(view: &ViewSettings, states: &[String]) -> Result<(), String> {
    const OTHERS: [&str; 3] = ["OTHER", "START", "END"];
    let is_known = |name: &str| states.iter().any(|state| state == name) || OTHERS.contains(&name);
    let Some(unknown) = view.states().find(|name| !is_known(name)) else { return Ok(()) };
    let names = || states.iter().map(String::as_str);
    let list = names().collect::<Vec<_>>().join(", ");
    Err(format!("{unknown}: there is no such state{} (there are: {list})", hint(unknown, names())))
}

/// What was perhaps meant.
pub(crate) fn hint<'a>(found: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(found, names).map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}
