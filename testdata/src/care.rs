//! Care events: requests, assessments, services and reviews, and what follows from each.

use crate::draw::Draw;
use crate::journey::{Event, Journey};
use crate::person::Person;
use crate::rates::{Rates, by_age};
use throughcare_linkage::codes::cld::{AssessmentType, Component, EventType, Outcome, ServiceType};
use throughcare_linkage::day::Day;

/// What a request outside hospital leads to, in the order of `request_outcome`.
const REQUEST_OUTCOMES: [Outcome; 12] = [
    Outcome::Reablement,
    Outcome::Assessment,
    Outcome::SupportPlanning,
    Outcome::NfaInformation,
    Outcome::NfaNoServices,
    Outcome::NfaOtherService,
    Outcome::NfaDeclined,
    Outcome::NfaSelfFunded,
    Outcome::NfaNhs,
    Outcome::NfaDeceased,
    Outcome::NfaMoved,
    Outcome::NfaOther,
];

/// Something that will happen to a person on a day.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Todo {
    /// Emergency readmission.
    Readmit,
    /// Death.
    Die,
    /// Start of long-term support.
    Support(ServiceType),
    /// Planned review of long-term support.
    Review,
    /// Regular hospital attendance with this many to come after it.
    Visit(i32),
}

/// The care side of one person's life: what is running now, and what is to come.
pub struct Care<'a> {
    /// Rates.
    pub rates: &'a Rates,
    /// Client.
    pub person: &'a Person,
    /// Long-term support now.
    pub support: Option<ServiceType>,
    /// Places in the journey of the services that make it up.
    pub running: Vec<usize>,
    /// Last day of the latest reablement.
    pub reablement_until: Day,
    /// What is to come.
    pub todo: Vec<(Day, Todo)>,
}

impl Care<'_> {
    /// A request outside hospital, and its sequel.
    pub fn request(&mut self, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let age = by_age(self.person.age(day));
        let answered = day.plus(draw.wait_days(4.0));
        let sequel = draw.weighted(&self.rates.care.request_outcome[age]);
        let mut request = Event::new(EventType::Request, day, draw.bits());
        request.end = Some(answered);
        request.outcome = REQUEST_OUTCOMES.get(sequel).copied().unwrap_or(Outcome::NfaOther);
        request.route = draw.weighted(&[0.01, 0.0, 0.05, 0.88, 0.002, 0.03, 0.018, 0.01]);
        let outcome = request.outcome;
        journey.events.push(request);
        match outcome {
            Outcome::Reablement => {
                self.reablement(answered.plus(1 + draw.wait_days(6.0)), draw, journey);
            }
            Outcome::Assessment => self.assess(answered, draw, journey),
            Outcome::SupportPlanning => self.low_level(answered, draw, journey),
            _ => {}
        }
    }

    /// A request made in hospital, and its sequel from discharge. Returns the care home's service
    /// type when the person goes to live in one.
    pub fn request_at_discharge(
        &mut self,
        admission: Day,
        discharge: Day,
        draw: &mut Draw,
        journey: &mut Journey,
    ) -> Option<ServiceType> {
        let asked = admission.max(discharge.plus(-1 - draw.wait_days(3.0)));
        let sequel = draw.weighted(&self.rates.care.discharge_outcome);
        let mut request = Event::new(EventType::Request, asked, draw.bits());
        request.end = Some(discharge.max(asked));
        request.route = 1;
        request.outcome = match sequel {
            0 => Outcome::Reablement,
            1..=4 => Outcome::SupportPlanning,
            5 => Outcome::NfaInformation,
            _ => Outcome::NfaNoServices,
        };
        journey.events.push(request);
        match sequel {
            0 => {
                // most begin within the window of three days before to seven days after discharge
                // that the national measure links
                let wait = match draw.weighted(&[0.04, 0.70, 0.18, 0.08]) {
                    0 => -draw.between(1, 2),
                    1 => draw.between(0, 2),
                    2 => draw.between(3, 7),
                    _ => draw.between(8, 16),
                };
                let start = discharge.plus(wait).max(admission.plus(1));
                self.reablement(start, draw, journey);
            }
            1 => self.step_down(discharge, draw, journey),
            2 if self.support.is_none() => {
                self.plan(discharge, draw, journey);
                let start = discharge.plus(draw.between(0, 4));
                self.todo.push((start, Todo::Support(ServiceType::Community)));
            }
            3 if !self.in_care_home() => {
                self.plan(discharge, draw, journey);
                let home = self.care_home(draw);
                self.todo.push((discharge.plus(draw.between(0, 1)), Todo::Support(home)));
                return Some(home);
            }
            4 => self.low_level(discharge, draw, journey),
            _ => {}
        }
        None
    }

    /// Whether the person lives in a care home.
    #[must_use]
    pub fn in_care_home(&self) -> bool {
        matches!(self.support, Some(ServiceType::Residential | ServiceType::Nursing))
    }

    pub(crate) fn care_home(&self, draw: &mut Draw) -> ServiceType {
        if draw.chance(0.66) { ServiceType::Residential } else { ServiceType::Nursing }
    }

    pub(crate) fn service(
        &self,
        service: ServiceType,
        component: Component,
        day: Day,
        salt: u64,
    ) -> Event {
        let mut event = Event::new(EventType::Service, day, salt);
        event.service = service;
        event.component = component;
        event.end = None;
        event.outcome = Outcome::NfaEndedAsPlanned;
        event
    }

    /// A short assessment that plans support already agreed.
    fn plan(&self, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let mut event = Event::new(EventType::Assessment, day, draw.bits());
        event.end = Some(day.plus(draw.below(8)));
        event.assessment = AssessmentType::LongTerm;
        event.outcome = Outcome::SupportPlanning;
        journey.events.push(event);
    }

    fn assess(&mut self, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let age = by_age(self.person.age(day));
        let start = day.plus(draw.wait_days(12.0));
        let end = start.plus(draw.wait_days(18.0));
        let mut event = Event::new(EventType::Assessment, start, draw.bits());
        event.end = Some(end);
        let supported = draw.chance(self.rates.care.assessment_starts_support[age]);
        let long = supported || draw.chance(0.6);
        event.assessment = if long { AssessmentType::LongTerm } else { AssessmentType::ShortTerm };
        event.outcome = if supported {
            Outcome::SupportPlanning
        } else {
            [
                Outcome::NfaNoServices,
                Outcome::NfaInformation,
                Outcome::NfaDeclined,
                Outcome::NfaSelfFunded,
            ][draw.weighted(&[0.4, 0.3, 0.15, 0.15])]
        };
        journey.events.push(event);
        if supported && self.support.is_none() {
            let setting = self.setting(age, draw);
            self.todo.push((end.plus(1 + draw.wait_days(10.0)), Todo::Support(setting)));
            if draw.chance(0.4) {
                let mut money = Event::new(EventType::Assessment, end, draw.bits());
                money.end = Some(end.plus(draw.wait_days(14.0)));
                money.assessment = AssessmentType::Financial;
                journey.events.push(money);
            }
        }
    }

    fn setting(&self, age: usize, draw: &mut Draw) -> ServiceType {
        [
            ServiceType::Community,
            ServiceType::Residential,
            ServiceType::Nursing,
            ServiceType::Prison,
        ][draw.weighted(&self.rates.care.setting[age])]
    }

    fn reablement(&mut self, start: Day, draw: &mut Draw, journey: &mut Journey) {
        let end = start.plus(7 + draw.wait_days(24.0).min(100));
        let mut event = self.service(ServiceType::StMax, Component::Reablement, start, draw.bits());
        if draw.chance(0.05) {
            event.component = Component::OtherShortTerm;
        }
        event.end = Some(end);
        event.units = draw.between(5, 14);
        self.reablement_until = self.reablement_until.max(end);
        let sequel = draw.weighted(&self.rates.care.reablement_sequel);
        event.outcome = match sequel {
            0 => Outcome::NfaEndedAsPlanned,
            1 | 2 => Outcome::SupportPlanning,
            _ => [
                Outcome::NfaSelfFunded,
                Outcome::NfaDeclined,
                Outcome::NfaEndedOther,
                Outcome::NfaNhs,
            ][draw.weighted(&[0.3, 0.25, 0.35, 0.1])],
        };
        journey.events.push(event);
        let mut review = Event::new(EventType::Review, end, draw.bits());
        review.review = 7;
        review.outcome =
            if sequel == 1 { Outcome::SupportPlanning } else { Outcome::NfaEndedAsPlanned };
        if draw.chance(0.35) {
            journey.events.push(review);
        }
        if sequel == 1 && self.support.is_none() {
            let setting =
                if draw.chance(0.9) { ServiceType::Community } else { self.care_home(draw) };
            self.todo.push((end.plus(draw.between(0, 5)), Todo::Support(setting)));
        } else if sequel == 2 {
            self.low_level(end, draw, journey);
        }
    }

    fn low_level(&self, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let start = day.plus(draw.wait_days(9.0));
        let component = [
            Component::Equipment,
            Component::ProfessionalOther,
            Component::DaySupport,
            Component::Meals,
            Component::OtherShortTerm,
        ][draw.weighted(&[0.62, 0.12, 0.08, 0.05, 0.13])];
        let ongoing = component == Component::Equipment || draw.chance(0.7);
        let service = if ongoing { ServiceType::LowLevel } else { ServiceType::OtherShortTerm };
        let mut event = self.service(service, component, start, draw.bits());
        let mean = if ongoing { 160.0 } else { 40.0 };
        event.end = Some(start.plus(draw.wait_days(mean)));
        event.mechanism = if draw.chance(0.6) { 3 } else { 0 };
        journey.events.push(event);
    }

    fn step_down(&mut self, discharge: Day, draw: &mut Draw, journey: &mut Journey) {
        let component = if draw.chance(0.7) {
            Component::ShortTermResidential
        } else {
            Component::ShortTermNursing
        };
        let mut event =
            self.service(ServiceType::OtherShortTerm, component, discharge, draw.bits());
        let end = discharge.plus(10 + draw.wait_days(28.0));
        event.end = Some(end);
        let stays_on = self.support.is_none() && draw.chance(0.35);
        if stays_on {
            event.outcome = Outcome::SupportPlanning;
            let home = self.care_home(draw);
            let setting = if draw.chance(0.55) { home } else { ServiceType::Community };
            self.todo.push((end, Todo::Support(setting)));
        }
        journey.events.push(event);
    }
}
