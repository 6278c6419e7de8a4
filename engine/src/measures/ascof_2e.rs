//! ASCOF 2E: people in long-term support who live at home or with family (`cld-metrics.md` section 9).
//!
//! Two runs over the same people: all adults, and people of 18 to 64 whose latest primary support
//! reason is learning disability. Where someone lives is what the latest person details say (P-22,
//! P-23), not what was known at the time of the support.

mod finish;
#[cfg(test)]
mod tests;

use super::by_council::ByCouncil;
use super::{Measure, merge_attrition};
use crate::attrition::Attrition;
use crate::figure::Results;
use crate::frame::Frame;
use crate::place::Places;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details;
use throughcare_linkage::codes::cld::{ClientType, EventType, Gender};
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::link::person::Person;

/// The table `[measures.ascof_2e]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The measure's own periods, which replace the study's; empty: the study's.
    pub periods: Vec<Period>,
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        super::check_periods(&self.periods)
    }
}

/// Who is counted, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    LearningDisability,
}

/// Filters on services, in the order in which they apply; the last three differ by part.
mod filter {
    pub const LONG_TERM: usize = 0;
    pub const NOT_REVERSED: usize = 1;
    pub const IN_PERIOD: usize = 2;
    pub const ALIVE: usize = 3;
    pub const ALL_ADULT: usize = 4;
    pub const ALL_FIRST: usize = 5;
    pub const ALL_KNOWN_AGE: usize = 6;
    pub const LD_REASON: usize = 4;
    pub const LD_WORKING_AGE: usize = 5;
    pub const LD_FIRST: usize = 6;
    pub const NUMBER: usize = 7;
}

/// Age at the latest end of support in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Band {
    WorkingAge,
    Older,
}

/// Distinct people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    /// In settled accommodation.
    settled: i64,
    /// In long-term support, of known age.
    people: i64,
}

impl Share {
    fn plus(self, other: Self) -> Self {
        Self { settled: self.settled + other.settled, people: self.people + other.people }
    }
}

/// Counts of one part in one council.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cells {
    /// By band and by gender: male, female, any other or unknown.
    shares: [[Share; 3]; 2],
    /// People of any or unknown age whose accommodation is unknown or only presumed.
    unknown_accommodation: i64,
}

impl Cells {
    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.shares.iter_mut().zip(&other.shares) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = mine.plus(*theirs);
            }
        }
        self.unknown_accommodation += other.unknown_accommodation;
    }
}

/// Counts of one period, by part.
#[derive(Clone, Debug)]
struct Tally {
    period: Period,
    councils: [ByCouncil<Cells>; 2],
    attrition: [Attrition; 2],
}

/// The measure `ascof_2e`: people by period, part, council, age band and gender.
///
/// Parts: `all` and `learning_disability` (per cent), by `age_band` and `gender`;
/// `all_unknown_accommodation` and `learning_disability_unknown_accommodation` (people).
#[derive(Clone, Debug)]
pub struct Ascof2e {
    places: Arc<Places>,
    tallies: Vec<Tally>,
    scratch: Scratch,
}

/// Buffers that are empty between people and keep their memory.
#[derive(Clone, Debug, Default)]
struct Scratch {
    services: Vec<Service>,
    homes: Vec<Home>,
}

/// Long-term support of a service user.
#[derive(Clone, Copy, Debug)]
struct Service {
    la: u16,
    start: Day,
    end: OptDay,
}

/// The latest details of a person in one council, as far as this measure needs them.
#[derive(Clone, Copy, Debug)]
struct Home {
    la: u16,
    birth: BirthMonth,
    death: OptDay,
    gender: usize,
    is_settled: bool,
    is_unknown: bool,
    has_learning_disability: bool,
}

impl Home {
    fn of(la: u16, person: &Person<'_>, frame: &Frame) -> Self {
        let (birth, death) = person_details::birth_and_death(la, person.joined);
        let accommodation = frame.details.accommodation(la, person);
        Self {
            la,
            birth,
            death,
            gender: match person_details::gender(la, person.joined) {
                Gender::Male => 0,
                Gender::Female => 1,
                _ => 2,
            },
            is_settled: accommodation.is_settled,
            is_unknown: accommodation.is_presumed_or_unknown,
            has_learning_disability: frame.details.has_learning_disability(la, person),
        }
    }
}

impl Ascof2e {
    /// Empty counts for these settings. Their periods replace the study's, if there are any.
    #[must_use]
    pub fn with_settings(settings: &Settings, frame: &Frame) -> Self {
        let tally = |period| Tally {
            period,
            councils: [ByCouncil::default(), ByCouncil::default()],
            attrition: [Attrition::new(filter::NUMBER), Attrition::new(filter::NUMBER)],
        };
        Self {
            places: Arc::new(Places::new(frame)),
            tallies: super::periods(&settings.periods, frame).into_iter().map(tally).collect(),
            scratch: Scratch::default(),
        }
    }
}

impl Tally {
    /// Counts the person's services in this period; `fallen` is how many are not long-term support, and
    /// how many of these ended before they started.
    fn add(&mut self, places: &Places, scratch: &Scratch, fallen: [i64; 2]) {
        let mut furthest = [usize::from(fallen[1] > 0); 2];
        for home in &scratch.homes {
            let mut services = 0;
            let mut last: Option<Day> = None;
            for service in scratch.services.iter().filter(|service| service.la == home.la) {
                if service.start <= self.period.end
                    && service.end.get().is_none_or(|end| end >= self.period.start)
                {
                    services += 1;
                    last = last.max(Some(service.end.or(self.period.end).min(self.period.end)));
                } else {
                    self.attrition.iter_mut().for_each(|part| part.record(filter::IN_PERIOD));
                    furthest = furthest.map(|position| position.max(filter::IN_PERIOD));
                }
            }
            let Some(last) = last else { continue };
            let council = places.council(home.la);
            for (n, part) in [Part::All, Part::LearningDisability].into_iter().enumerate() {
                let position = self.add_person(part, home, last, council);
                let attrition = &mut self.attrition[n];
                let first = match part {
                    Part::All => filter::ALL_FIRST,
                    Part::LearningDisability => filter::LD_FIRST,
                };
                if position > first {
                    attrition.records_at(first, services - 1);
                    attrition.record(position);
                } else {
                    attrition.records_at(position, services);
                }
                furthest[n] = furthest[n].max(position);
            }
        }
        for (attrition, furthest) in self.attrition.iter_mut().zip(furthest) {
            attrition.records_at(filter::LONG_TERM, fallen[0]);
            attrition.records_at(filter::NOT_REVERSED, fallen[1]);
            attrition.person(furthest);
        }
    }

    /// Counts a person whose support ran in the period, to its day `last`; the position of the filter
    /// that the person fails.
    fn add_person(&mut self, part: Part, home: &Home, last: Day, council: u16) -> usize {
        if home.death.get().is_some_and(|death| death < self.period.start) {
            return filter::ALIVE;
        }
        let age = home.birth.dhsc_age(last);
        match part {
            Part::All if age.is_some_and(|age| age < 18) => return filter::ALL_ADULT,
            Part::LearningDisability if !home.has_learning_disability => return filter::LD_REASON,
            Part::LearningDisability if !age.is_some_and(|age| (18..=64).contains(&age)) => {
                return filter::LD_WORKING_AGE;
            }
            _ => {}
        }
        let cells = self.councils[part as usize].at(council);
        cells.unknown_accommodation += i64::from(home.is_unknown);
        let Some(age) = age else { return filter::ALL_KNOWN_AGE };
        let band = if age < 65 { Band::WorkingAge } else { Band::Older };
        let share = &mut cells.shares[band as usize][home.gender];
        *share = share.plus(Share { settled: i64::from(home.is_settled), people: 1 });
        filter::NUMBER
    }
}

impl Measure for Ascof2e {
    const NAME: &'static str = "ascof_2e";

    fn new(frame: &Frame) -> Self {
        Self::with_settings(&Settings::default(), frame)
    }

    fn add(&mut self, person: &Person<'_>, frame: &Frame) {
        if person.joined.is_empty() || !person.is_known() {
            return;
        }
        let Self { places, tallies, scratch } = self;
        scratch.services.clear();
        scratch.homes.clear();
        let mut fallen = [0, 0];
        for event in person.joined {
            if !is_long_term(person, event, frame) {
                fallen[0] += 1;
            } else if event.is_reversed() {
                fallen[1] += 1;
            } else {
                let &CareEvent { la, start, end, .. } = event;
                scratch.services.push(Service { la, start, end });
                if scratch.homes.iter().all(|home| home.la != la) {
                    scratch.homes.push(Home::of(la, person, frame));
                }
            }
        }
        for tally in tallies {
            tally.add(places, scratch, fallen);
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.tallies.iter_mut().zip(&other.tallies) {
            for (mine, theirs) in mine.councils.iter_mut().zip(&theirs.councils) {
                mine.merge(theirs, Cells::add);
            }
            merge_attrition(&mut mine.attrition, &theirs.attrition);
        }
    }

    /// By period and part: the shares of every area, then people of unknown accommodation; then the
    /// attrition.
    fn finish(&self, frame: &Frame, results: &mut Results) {
        for tally in &self.tallies {
            for part in [Part::All, Part::LearningDisability] {
                finish::figures(tally, part, &self.places, frame, &mut results.measures);
            }
        }
        for tally in &self.tallies {
            for part in [Part::All, Part::LearningDisability] {
                finish::attrition(tally, part, &mut results.attrition);
            }
        }
    }
}

/// Step 1: long-term support of a service user.
fn is_long_term(person: &Person<'_>, event: &CareEvent, frame: &Frame) -> bool {
    event.service_type.is_long_term()
        && event.client_type == ClientType::ServiceUser
        && frame.exact_event_type(person, event) == EventType::Service
}
