//! What must be settled over all records before people can be linked one at a time.

use super::activities::event_states;
use crate::audit::Rule;
use crate::cld::cleaning::{Cleaning, ExtraValue};
use crate::cld::coverage::coverage;
use crate::cld::settings::CldSettings;
use crate::cld::submission::{Selection, select};
use crate::day::{Day, OptDay, Period};
use crate::error::Error;
use crate::hospital::settings::HospitalSettings;
use crate::read::Records;
use crate::schema::FileKind;
use crate::store::Partition;
use crate::timeline::settings::TimelineSettings;
use crate::timeline::state::State;
use rayon::prelude::*;
use std::cell::OnceCell;
use std::sync::Arc;

/// The first day from which submissions are mandatory.
pub const CLD_MANDATORY: Day = Day(19_448); // 2023-04-01

/// How records are prepared and linked: the tables `[cld]`, `[hospital]` and `[timeline]` of a study.
#[derive(Clone, Copy, Debug)]
pub struct LinkSettings<'a> {
    /// Social care.
    pub cld: &'a CldSettings,
    /// Hospital.
    pub hospital: &'a HospitalSettings,
    /// Timelines.
    pub timeline: &'a TimelineSettings,
    /// Values added to the code lists.
    pub extra_values: &'a [ExtraValue],
    /// Latest submission considered.
    pub as_of: Option<Day>,
}

/// Facts of the whole input.
#[derive(Debug)]
pub struct Facts {
    /// What raw values mean.
    pub cleaning: Arc<Cleaning>,
    /// Which submissions are used, and for which reference periods.
    pub selection: Selection,
    /// Days covered by each council, by council number.
    pub coverage: Vec<Vec<Period>>,
    /// Registered deaths were given.
    pub deaths_given: bool,
    /// Emergency attendances were given.
    pub attendances_given: bool,
    /// First day of the state lines.
    pub window_start: Day,
    /// First day after the state lines.
    pub window_end: Day,
    /// First day covered by hospital data.
    pub sus_start: Day,
    /// First day not covered by hospital data: the extract date.
    pub sus_end: Day,
    /// The state that each activity of each log is read as, by log and activity, if any
    /// (`[timeline] event_states`); empty when there is none.
    pub event_states: Vec<Vec<Option<State>>>,
    /// Choices made for want of a setting, for the manifest and the report.
    pub assumptions: Vec<String>,
}

/// First and last dates met in the records; missing when there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Span {
    /// Earliest discharge.
    first_discharge: OptDay,
    /// Latest discharge, not after the as-of date.
    last_discharge: OptDay,
    /// Earliest start of a prepared social care event.
    first_event: OptDay,
    /// Latest start or end of a prepared social care event, not after the as-of date.
    last_event: OptDay,
}

impl Span {
    fn of(partition: &Partition, latest: Day) -> Self {
        let mut span = Self::default();
        for row in partition.apc.iter() {
            span.discharge(row.discharge, latest);
        }
        for row in partition.cld.iter().filter(|row| row.is_prepared()) {
            if row.start.is_some() {
                earlier(&mut span.first_event, row.start);
            }
            for day in [row.start, row.raw_end] {
                if day.get().is_some_and(|day| day <= latest) {
                    span.last_event = span.last_event.max(day);
                }
            }
        }
        span
    }

    fn discharge(&mut self, discharge: OptDay, latest: Day) {
        if discharge.get().is_some_and(|day| day <= latest) {
            earlier(&mut self.first_discharge, discharge);
            self.last_discharge = self.last_discharge.max(discharge);
        }
    }

    fn merge(mut self, other: Self) -> Self {
        earlier(&mut self.first_discharge, other.first_discharge);
        earlier(&mut self.first_event, other.first_event);
        self.last_discharge = self.last_discharge.max(other.last_discharge);
        self.last_event = self.last_event.max(other.last_event);
        self
    }
}

fn earlier(first: &mut OptDay, other: OptDay) {
    if other.is_some() && (first.is_none() || other < *first) {
        *first = other;
    }
}

/// The rule under which rows of a shared identifier are counted.
pub const SHARED_IDENTIFIER: Rule = Rule {
    stage: "linkage",
    step: 1,
    rule: "sus-fields 2",
    what: "rows whose identifier many people share: kept apart, linked to nothing",
};

/// The rule under which rows without an identifier are counted.
pub const NO_IDENTIFIER: Rule = Rule {
    stage: "linkage",
    step: 2,
    rule: "X-22",
    what: "rows without an identifier of a person",
};

impl Facts {
    /// Settles the facts of the records.
    ///
    /// # Errors
    ///
    /// An added value names an unknown field or label; settings contradict each other or name an activity
    /// that no event log has.
    pub fn new(records: &Records, settings: &LinkSettings<'_>) -> Result<Self, Error> {
        settings.timeline.check().map_err(|what| Error::new(what).advise("correct [timeline]"))?;
        let event_states = event_states(&records.logs, &settings.timeline.event_states)?;
        let mut assumptions = Vec::new();
        let cleaning = Cleaning::new(&records.texts.raw, settings.extra_values)
            .map_err(|what| Error::new(what).advise("correct the file of [cld] mapping"))?;
        let mut selection =
            select(&records.submissions, &records.texts, settings.cld, settings.as_of);
        selection.prepared.clone_from(&records.prepared);
        let latest = settings.as_of.unwrap_or(Day(i32::MAX));
        // all records are looked at only when a setting is missing
        let span = OnceCell::new();
        let span = || {
            *span.get_or_init(|| {
                let parts = records.partitions.par_iter();
                parts.map(|part| Span::of(part, latest)).reduce(Span::default, Span::merge)
            })
        };

        let sus_end = settings.hospital.extract_date.or(settings.timeline.sus_end).unwrap_or_else(|| {
            let span = span();
            let end = span.last_discharge.get().map_or(Day(0), |day| day.plus(1));
            if span.last_discharge.is_some() {
                assumptions.push(format!(
                    "No extract date of the hospital files is given: {end}, the day after the latest \
                     discharge, is used. Set [hospital] extract_date to change it."
                ));
            }
            end
        });
        let sus_start =
            settings.timeline.sus_start.or_else(|| span().first_discharge.get()).unwrap_or(sus_end);

        let cld_window = settings.cld.joined.or(selection.joined_window).or_else(|| {
            let (first, last) = span().first_event.get().zip(span().last_event.get())?;
            let window = Period { start: first.max(CLD_MANDATORY).min(last), end: last };
            assumptions.push(format!(
                "No window of the social care events is given: {} to {} is used. Set [cld] joined to \
                 change it.",
                window.start, window.end
            ));
            Some(window)
        });
        let window_start = settings
            .timeline
            .cld_start
            .or(cld_window.map(|window| window.start.max(CLD_MANDATORY.min(window.end))))
            .unwrap_or(sus_start);
        let window_end = settings
            .timeline
            .cld_end
            .or(cld_window.map(|window| window.end.plus(1)))
            .unwrap_or(sus_end);

        selection.joined_window = cld_window;
        let coverage = coverage(&selection, &records.submissions, records.texts.la.len());
        // an empty file of deaths says that nobody died
        let deaths_given = records.files.iter().any(|file| file.kind == FileKind::Deaths);
        let attendances_given =
            records.partitions.iter().any(|partition| !partition.ecds.is_empty());
        Ok(Self {
            deaths_given,
            attendances_given,
            cleaning: Arc::new(cleaning),
            selection,
            coverage,
            window_start,
            window_end: window_end.max(window_start),
            sus_start,
            sus_end,
            event_states,
            assumptions,
        })
    }
}
