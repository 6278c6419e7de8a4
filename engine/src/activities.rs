//! Activities of event logs that a study names beside its own words.

use rayon::prelude::*;
use std::sync::Arc;
use throughcare_linkage::day::Day;
use throughcare_linkage::error::Error;
use throughcare_linkage::link::activities;
use throughcare_linkage::link::events::PersonEvent;
use throughcare_linkage::read::EventLog;

/// An activity by the name that a study gives it and, once the logs are read, which one it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Activity {
    name: Arc<str>,
    found: Option<Found>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    activity: activities::Activity,
    /// The first day after the latest event of its log.
    until: Day,
}

impl Activity {
    /// An activity that is not looked for yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), found: None }
    }

    /// An activity of this number, whose log ends before this day.
    #[cfg(test)]
    #[must_use]
    pub fn numbered(name: &str, activity: activities::Activity, until: Day) -> Self {
        Self { name: name.into(), found: Some(Found { activity, until }) }
    }

    /// The name, as typed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks for the activity in the logs, for a `place` of the study file. `others` are words that may
    /// have been meant.
    ///
    /// # Errors
    ///
    /// No log has it, or several have.
    pub fn find(&mut self, logs: &Logs<'_>, place: &str, others: &[&str]) -> Result<(), Error> {
        let activity = activities::find(logs.logs, place, &self.name, others)?;
        let until = logs.until.get(usize::from(activity.log)).copied();
        self.found = until.map(|until| Found { activity, until });
        Ok(())
    }

    /// Which activity it is, once it was found.
    #[must_use]
    pub fn number(&self) -> Option<activities::Activity> {
        self.found.map(|found| found.activity)
    }

    /// The first day after the latest event of its log: nothing is known from there on.
    #[must_use]
    pub fn until(&self) -> Option<Day> {
        self.found.map(|found| found.until)
    }

    /// The events of a person that are this activity, in their order.
    pub fn of<'a>(&self, events: &'a [PersonEvent]) -> impl Iterator<Item = &'a PersonEvent> {
        let number = self.number();
        events.iter().filter(move |event| number == Some(event.activity))
    }
}

/// The event logs of a study and where they end.
#[derive(Debug)]
pub struct Logs<'a> {
    logs: &'a [EventLog],
    until: Vec<Day>,
}

impl<'a> Logs<'a> {
    /// Looks for the ends of logs.
    #[must_use]
    pub fn new(logs: &'a [EventLog]) -> Self {
        let until = |log: &EventLog| {
            let partitions = log.partitions.par_iter();
            let last =
                partitions.filter_map(|part| part.events.iter().map(|event| event.start).max());
            last.max().map_or(Day(0), |last| last.day().plus(1))
        };
        Self { until: logs.iter().map(until).collect(), logs }
    }

    /// The name of the log of an activity.
    #[must_use]
    pub fn name_of(&self, activity: &Activity) -> &'a str {
        let log = activity.number().and_then(|number| self.logs.get(usize::from(number.log)));
        log.map_or("", |log| &log.name)
    }
}
