//! Activities of event logs by the names that a study gives them.
//!
//! An activity is named by itself, `Sepsis screen`, or, where several logs have it or it is also the name
//! of something else, with its log: `ward: Sepsis screen`.

use crate::error::Error;
use crate::read::EventLog;
use crate::schema::headings::nearest;
use crate::timeline::state::State;
use std::collections::BTreeMap;

/// An activity of one of the logs of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Activity {
    /// Number of the log, in the order of the inputs.
    pub log: u16,
    /// Number among the activities of the log. It depends on the order of reading: nothing is ordered by
    /// it.
    pub number: u16,
}

/// The activity with this name, which stands at a `place` of the study file. `others` are names that may
/// have been meant besides those of activities.
///
/// # Errors
///
/// No log has it: the nearest name is given, and all that there are. Several logs have it: the names that
/// tell them apart are given.
pub fn find(
    logs: &[EventLog],
    place: &str,
    name: &str,
    others: &[&str],
) -> Result<Activity, Error> {
    let mut found: Vec<(Activity, String)> = Vec::new();
    for (n, log) in (0u16..).zip(logs) {
        let in_log = name.strip_prefix(&*log.name).and_then(|rest| rest.strip_prefix(':'));
        let in_log = in_log.map(str::trim_start);
        let is_named = |activity: &str| activity == name || in_log == Some(activity);
        let activities = (0u16..).zip(&log.activities).filter(|(_, activity)| is_named(activity));
        found.extend(activities.map(|(number, activity)| {
            (Activity { log: n, number }, format!("{}: {activity}", log.name))
        }));
    }
    match found.as_slice() {
        [(activity, _)] => Ok(*activity),
        [] => Err(unknown(logs, place, name, others)),
        several => {
            let names: Vec<String> = several.iter().map(|(_, name)| format!("{name:?}")).collect();
            Err(Error::new(format!("{place}: several event logs have the activity {name:?}"))
                .advise(format!("Name it with its log: {}", names.join(" or "))))
        }
    }
}

fn unknown(logs: &[EventLog], place: &str, name: &str, others: &[&str]) -> Error {
    let mut names: Vec<&str> = logs.iter().flat_map(|log| &log.activities).map(|a| &**a).collect();
    names.sort_unstable();
    names.dedup();
    let in_log = |log: &EventLog| {
        let of = log.activities.iter().map(|activity| format!("{}: {activity}", log.name));
        of.collect::<Vec<String>>()
    };
    let mut in_logs: Vec<String> = logs.iter().flat_map(in_log).collect();
    in_logs.sort_unstable();
    let candidates = names.iter().chain(others).copied();
    let near = nearest(name, candidates.chain(in_logs.iter().map(String::as_str)));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    let advice = if names.is_empty() {
        "Give the log under [[inputs.events]]".to_owned()
    } else {
        format!("The activities are: {}", names.join(", "))
    };
    Error::new(format!("{place}: no event log has the activity {name:?}{near}")).advise(advice)
}

/// The state that each activity is read as, by log and activity (`[timeline] event_states`); empty when no
/// activity is.
///
/// # Errors
///
/// A name is none of an activity, or of several; two names are of one activity.
pub(super) fn event_states(
    logs: &[EventLog],
    names: &BTreeMap<String, State>,
) -> Result<Vec<Vec<Option<State>>>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut states: Vec<Vec<Option<State>>> =
        logs.iter().map(|log| vec![None; log.activities.len()]).collect();
    for (name, &state) in names {
        let at = find(logs, "[timeline] event_states", name, &[])?;
        let log = states.get_mut(usize::from(at.log));
        let Some(place) = log.and_then(|log| log.get_mut(usize::from(at.number))) else { continue };
        if place.replace(state).is_some() {
            return Err(Error::new(format!(
                "[timeline] event_states names the activity {name:?} twice, with its log and without"
            ))
            .advise("Leave out one of both"));
        }
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs() -> [EventLog; 2] {
        let log = |name: &str, activities: &[&str]| EventLog {
            name: name.into(),
            partitions: Vec::new(),
            activities: activities.iter().map(|&activity| activity.into()).collect(),
        };
        [log("ward", &["In", "NA", "Home"]), log("clinic", &["Seen", "In"])]
    }

    fn of(name: &str) -> Result<(u16, u16), String> {
        let found = find(&logs(), "[[time_to]] test", name, &["readmission"]);
        found.map(|at| (at.log, at.number)).map_err(|error| error.to_string())
    }

    #[test]
    fn an_activity_is_found_by_itself_or_with_its_log() {
        assert_eq!(of("NA"), Ok((0, 1)));
        assert_eq!(of("Seen"), Ok((1, 0)));
        assert_eq!(of("clinic: In"), Ok((1, 1)));
        assert_eq!(of("ward:In"), Ok((0, 0)));
    }

    #[test]
    fn what_is_meant_is_said() {
        let several = of("In").unwrap_err();
        assert!(several.contains("\"ward: In\" or \"clinic: In\""), "{several}");
        let unknown = of("Sen").unwrap_err();
        assert!(unknown.contains("did you mean \"Seen\"?"), "{unknown}");
        assert!(unknown.contains("Home, In, NA, Seen"), "{unknown}");
        let other = of("readmision").unwrap_err();
        assert!(other.contains("did you mean \"readmission\"?"), "{other}");
    }

    #[test]
    fn one_activity_has_one_state() {
        let named = |names: &[(&str, State)]| {
            let names = names.iter().map(|&(name, state)| (name.to_owned(), state)).collect();
            event_states(&logs(), &names)
        };
        let bed = State::ShortTermBed;
        let states = named(&[("Home", bed), ("clinic: In", State::Community)]).unwrap();
        assert_eq!(states, [vec![None, None, Some(bed)], vec![None, Some(State::Community)]]);
        assert!(named(&[]).unwrap().is_empty());
        assert!(named(&[("Home", bed), ("ward: Home", bed)]).is_err());
        let unknown = named(&[("Hom", bed)]).unwrap_err().to_string();
        assert!(unknown.contains("event_states") && unknown.contains("Home"), "{unknown}");
    }
}
