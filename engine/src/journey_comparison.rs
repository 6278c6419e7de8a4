//! The moves of two groups of a study's people side by side, without its measures: every person is linked
//! once.

use crate::compare::moves::{Collected, GroupPerson};
use crate::compare::settings::CompareSettings;
use crate::compare::{Comparison, Names, compare};
use crate::figure::Results;
use crate::graph::journeys::{Journeys, Seen};
use crate::graph::settings::ViewSettings;
use crate::graph::strata::{Breakdown, LookUps, People, UNKNOWN_COUNCIL, UNKNOWN_REGION};
use crate::journey_graphs::{check_by, check_states, hint, states};
use crate::run::{Pass, Prepared};
use crate::stratum::Dimension;
use std::collections::BTreeMap;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::progress::Progress;

/// Two groups compared, exact.
#[derive(Debug)]
pub struct JourneyComparison {
    /// The comparison.
    pub comparison: Comparison,
    /// What its groups and states are called.
    pub names: Names,
    /// The tables `transitions` and `states` of every group.
    pub results: Results,
}

/// Links every person and compares the moves of two groups in the period of the study. Journeys begin
/// with the first visit of `from` in the period, where it is given.
///
/// # Errors
///
/// A breakdown, a group or a state does not exist; says which there are. A study of several periods, or of
/// event logs alone.
pub fn journey_comparison(
    prepared: &Prepared,
    settings: &CompareSettings,
    from: Option<&str>,
    progress: &dyn Progress,
) -> Result<JourneyComparison, String> {
    let study = &prepared.study;
    settings.check()?;
    let by = settings.by.as_deref().ok_or("by: say what the two groups differ in, such as sex")?;
    check_by(Some(by))?;
    let states = states(&study.timeline);
    check_states(&ViewSettings { from: from.map(Into::into), ..ViewSettings::default() }, &states)?;
    if study.inputs.is_logs_only() {
        return Err("event logs have no people to compare".into());
    }
    if let [_, _, ..] = prepared.frame.study.periods[..] {
        return Err("a comparison is of one period: give the study one".into());
    }
    let look_ups = LookUps::new(&prepared.frame);
    let breakdown = Breakdown::of_key(by).unwrap_or(Breakdown::La);
    let people = People::new(breakdown, look_ups.clone());
    let alike = |key: &str, dimension| {
        let is_wanted = settings.standardise.iter().any(|wanted| wanted == key);
        is_wanted.then(|| People::new(Breakdown::Of(dimension), look_ups.clone()))
    };
    let alike = [alike("age_band", Dimension::AgeBand), alike("sex", Dimension::Sex)];
    let found = link(prepared, &people, &alike, from, progress);

    let mut sizes: BTreeMap<u16, i64> = BTreeMap::new();
    for stratum in found.collected.groups() {
        *sizes.entry(stratum).or_default() += 1;
    }
    let label = |stratum: u16| {
        let (area, text) = people.name(stratum);
        text.split_once('=').map_or(area, |(_, value)| value.to_owned())
    };
    let there: Vec<(String, u16)> =
        sizes.keys().map(|&stratum| (label(stratum), stratum)).collect();
    let chosen = choose(by, &settings.groups, &there)?;
    let groups = found.collected.only([chosen[0].1, chosen[1].1]).settle();
    let names = Names {
        by: by.into(),
        groups: [0, 1].map(|n| chosen[n].0.clone()),
        keys: [0, 1].map(|n| people.name(chosen[n].1)),
        states,
        standardised: settings.standardise.clone(),
        replicates: settings.replicates,
        seed: settings.seed,
    };
    let standardise = !settings.standardise.is_empty();
    progress.begin("drawing people anew", "draws", settings.replicates.into());
    let comparison = compare(&groups, standardise, settings.replicates, settings.seed);
    progress.advance(settings.replicates.into());
    progress.end();
    let mut results = Results::default();
    found.journeys.finish(&mut results);
    Ok(JourneyComparison { comparison, names, results })
}

/// What one pass over the people leaves.
struct Found {
    journeys: Journeys,
    collected: Collected,
}

fn link(
    prepared: &Prepared,
    people: &People,
    alike: &[Option<People>; 2],
    from: Option<&str>,
    progress: &dyn Progress,
) -> Found {
    let periods = &prepared.frame.study.periods;
    let empty = || Found {
        journeys: Journeys::in_depth(&prepared.study.timeline, periods, from, Some(people.clone())),
        collected: Collected::default(),
    };
    let add = |found: &mut Found, person: &Person<'_>| {
        let Found { journeys, collected } = found;
        journeys.add_person_with(person, |seen| match seen {
            Seen::Person { stratum, day } => {
                let level =
                    |of: &Option<People>| of.as_ref().map_or(0, |people| people.of(person, day));
                let cell = level(&alike[0]) * CELLS + level(&alike[1]);
                collected.begin(GroupPerson { key: person.key, group: stratum, cell });
            }
            Seen::Move(step) => collected.step(step.from, step.to, step.days),
        });
    };
    let merge = |mut one: Found, other: Found| {
        one.journeys.merge(&other.journeys);
        Found { journeys: one.journeys, collected: one.collected.merge(other.collected) }
    };
    let linker = prepared.linker().joined_only();
    let pass = Pass { stage: "linking and collecting moves", linker, progress };
    prepared.count_people(&pass, empty, add, merge).0
}

/// More than there are values of a breakdown that groups are made alike in.
const CELLS: u16 = 16;

/// The two groups of those that there are.
fn choose(
    by: &str,
    wanted: &[String],
    there: &[(String, u16)],
) -> Result<[(String, u16); 2], String> {
    let names = || there.iter().map(|(name, _)| name.as_str());
    let list = names().collect::<Vec<_>>().join(", ");
    if let [one, other] = wanted {
        let find = |wanted: &String| {
            there.iter().find(|(name, _)| name == wanted).cloned().ok_or_else(|| {
                let hint = hint(wanted, names());
                format!("{by} = {wanted}: nobody is in this group{hint} (there are: {list})")
            })
        };
        return Ok([find(one)?, find(other)?]);
    }
    let unknown = [UNKNOWN_COUNCIL, UNKNOWN_REGION, "Not specified", "Not stated"];
    let known: Vec<&(String, u16)> =
        there.iter().filter(|(name, _)| !unknown.contains(&name.as_str())).collect();
    match known[..] {
        [one, other] => Ok([one.clone(), other.clone()]),
        _ => Err(format!(
            "by {by}: say which two groups, as --by {by}=ONE,OTHER (there are: {list})"
        )),
    }
}
