//! Stage 1: the service user's care rows, the latest known death and the reablement clusters.

use super::Scratch;
use super::settings::Method;
use super::tally::Funnel;
use crate::frame::Frame;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END, OptDay, Period};
use throughcare_linkage::link::person::Person;

/// Steps from the events of the joined table to linked clusters, in the order of the published code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Step {
    Joined,
    ServiceUser,
    AliveAtStart,
    NotReversed,
    KnownPerson,
    Service,
    StMax,
    Reablement,
    Clustered,
    Linkable,
    Linked,
}

impl Step {
    pub const COUNT: usize = Self::Linked as usize + 1;
}

/// The date of death of the person details of one council (P-25).
#[derive(Clone, Copy, Debug)]
pub(super) struct LatestDeath {
    la: u16,
    reference_end: Day,
    death: Day,
}

/// Fills `deaths` with the person's death by council: of the rows with a date, those of the latest
/// reference period, and of these the latest date (P-25). All rows count, whatever their type.
pub(super) fn latest_deaths(person: &Person<'_>, deaths: &mut Vec<LatestDeath>) {
    deaths.clear();
    if !person.is_known() {
        return;
    }
    for event in person.joined {
        let Some(death) = event.death.get() else { continue };
        let new = LatestDeath { la: event.la, reference_end: event.reference_end, death };
        match deaths.iter_mut().find(|known| known.la == event.la) {
            None => deaths.push(new),
            Some(known) if (known.reference_end, known.death) < (new.reference_end, new.death) => {
                *known = new;
            }
            Some(_) => {}
        }
    }
}

/// One person in one period, with the care rows as stage 1 cleans them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub person: &'a Person<'a>,
    pub frame: &'a Frame,
    pub deaths: &'a [LatestDeath],
    pub period: Period,
}

impl<'a> Case<'a> {
    /// The date of death in the person details of a council.
    pub fn death(&self, la: u16) -> OptDay {
        self.deaths.iter().find(|known| known.la == la).map(|known| known.death).into()
    }

    /// The first step of stage 1 that a row fails, as far as it concerns all of its tables.
    fn first_failure(&self, event: &CareEvent) -> Option<Step> {
        if event.client_type != ClientType::ServiceUser {
            Some(Step::ServiceUser)
        } else if self.death(event.la).get().is_some_and(|death| death < self.period.start) {
            Some(Step::AliveAtStart)
        } else if event.is_reversed() {
            Some(Step::NotReversed)
        } else {
            None
        }
    }

    /// Rows of long-term support, of any council and event type.
    fn long_term(&self) -> impl Iterator<Item = &'a CareEvent> {
        let case = *self;
        self.person.joined.iter().filter(move |event| {
            event.service_type.is_long_term() && case.first_failure(event).is_none()
        })
    }

    /// Whether long-term nursing, residential or prison care runs on a day, its ends included.
    pub fn in_care_on(&self, day: Day) -> bool {
        self.long_term()
            .any(|event| event.service_type != ServiceType::Community && event.covers(day))
    }

    /// Whether long-term community support runs on a day, its ends included.
    pub fn in_community_support_on(&self, day: Day) -> bool {
        self.long_term()
            .any(|event| event.service_type == ServiceType::Community && event.covers(day))
    }

    /// Whether long-term nursing or residential care starts in a span of days, both included.
    pub fn enters_care_home(&self, span: Period) -> bool {
        self.long_term().any(|event| {
            matches!(event.service_type, ServiceType::Nursing | ServiceType::Residential)
                && span.contains(event.start)
        })
    }
}

/// Reablement of one council without a gap of more than a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub la: u16,
    /// First day.
    pub start: Day,
    /// Latest end so far, included; [`OPEN_END`] when open.
    end: Day,
}

/// Fills `scratch.clusters` with the reablement of a person who can be linked, and counts what each
/// step leaves out up to [`Step::Linkable`].
pub(super) fn reablement(
    case: &Case<'_>,
    method: &Method,
    funnel: &mut Funnel<{ Step::COUNT }>,
    scratch: &mut Scratch,
) {
    let Scratch { rows, clusters, .. } = scratch;
    rows.clear();
    clusters.clear();
    let person = case.person;
    // the step at which the last of the person's records falls out
    let mut furthest = Step::Joined;
    for event in person.joined {
        let failure = case.first_failure(event).or_else(|| {
            if !person.is_known() {
                Some(Step::KnownPerson)
            } else if case.frame.exact_event_type(person, event) != EventType::Service {
                Some(Step::Service)
            } else if event.service_type != ServiceType::StMax {
                Some(Step::StMax)
            } else if method.settings.reablement_component_only
                && event.component != Component::Reablement
            {
                Some(Step::Reablement)
            } else {
                None
            }
        });
        match failure {
            Some(step) => {
                funnel.out[step as usize] += 1;
                furthest = furthest.max(step);
            }
            None => rows.push((event.la, event.start, event.end.or(OPEN_END))),
        }
    }
    funnel.records += person.joined.len() as i64;
    join(rows, method.settings.cluster_gap_days, clusters);
    funnel.out[Step::Clustered as usize] += (rows.len() - clusters.len()) as i64;
    if !clusters.is_empty() {
        furthest = Step::Linked;
        if !person.linkable {
            furthest = Step::Linkable;
            funnel.out[Step::Linkable as usize] += clusters.len() as i64;
            clusters.clear();
        }
    }
    if person.is_known() {
        funnel.person(furthest as usize);
    }
}

/// Joins rows of one council whose start is at most `gap_days` after the latest end of all earlier
/// rows. Outcome and record id, by which the published code orders rows of equal dates, change
/// neither the dates nor the number of clusters.
fn join(rows: &mut [(u16, Day, Day)], gap_days: i32, clusters: &mut Vec<Cluster>) {
    rows.sort_unstable();
    for &(la, start, end) in &*rows {
        match clusters.last_mut() {
            Some(last) if last.la == la && start.since(last.end) <= gap_days => {
                last.end = last.end.max(end);
            }
            _ => clusters.push(Cluster { la, start, end }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_compare_with_the_latest_end_of_all_earlier_rows() {
        let clusters = |rows: &[(u16, i32, i32)]| {
            let mut rows: Vec<_> = rows.iter().map(|&(la, a, b)| (la, Day(a), Day(b))).collect();
            let mut clusters = Vec::new();
            join(&mut rows, 7, &mut clusters);
            clusters.iter().map(|c| (c.la, c.start.0, c.end.0)).collect::<Vec<_>>()
        };
        // the inner row ends early; the row after it is a week after the outer one
        assert_eq!(clusters(&[(1, 0, 50), (1, 10, 12), (1, 57, 60)]), [(1, 0, 60)]);
        assert_eq!(clusters(&[(1, 0, 50), (1, 58, 60)]), [(1, 0, 50), (1, 58, 60)]);
        assert_eq!(clusters(&[(1, 0, OPEN_END.0), (1, 900, 901)]).len(), 1);
        assert_eq!(clusters(&[(2, 3, 9), (1, 0, 5), (2, 12, 13)]), [(1, 0, 5), (2, 3, 13)]);
    }
}
