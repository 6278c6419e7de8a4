//! Long-term support and its reviews, and the support of unpaid carers.

use crate::care::{Care, Todo};
use crate::draw::Draw;
use crate::journey::{Event, Journey};
use crate::labels::LEARNING_DISABILITY;
use throughcare_linkage::codes::cld::{AssessmentType, Component, EventType, Outcome, ServiceType};
use throughcare_linkage::day::Day;

impl Care<'_> {
    /// Begins long-term support on a day; `review` days later the first planned review is due.
    pub fn start_support(
        &mut self,
        setting: ServiceType,
        day: Day,
        review: Day,
        draw: &mut Draw,
        journey: &mut Journey,
    ) {
        if self.support.is_some() {
            self.end_support(day, Outcome::SupportPlanning, journey);
        } else {
            self.todo.push((review, Todo::Review));
        }
        self.support = Some(setting);
        let learning = self.person.reason == LEARNING_DISABILITY;
        let old = self.person.age(day) >= 65;
        let main = match setting {
            ServiceType::Residential => Component::LongTermResidential,
            ServiceType::Nursing => Component::LongTermNursing,
            ServiceType::Prison => Component::ProfessionalSocialWorker,
            _ => {
                let weights = if old {
                    [0.62, 0.14, 0.01, 0.06, 0.09, 0.06, 0.02]
                } else if learning {
                    [0.10, 0.28, 0.06, 0.36, 0.02, 0.16, 0.02]
                } else {
                    [0.32, 0.40, 0.01, 0.16, 0.02, 0.06, 0.03]
                };
                [
                    Component::HomeSupport,
                    Component::DirectPayment,
                    Component::SharedLives,
                    Component::SupportedLiving,
                    Component::ExtraCare,
                    Component::DaySupport,
                    Component::OtherLongTerm,
                ][draw.weighted(&weights)]
            }
        };
        let mut event = self.service(setting, main, day, draw.bits());
        event.mechanism = match (setting, main) {
            (ServiceType::Community, Component::DirectPayment) => 1,
            (ServiceType::Community, _) => [1, 2, 3, 0][draw.weighted(&[0.04, 0.80, 0.12, 0.04])],
            _ => 0,
        };
        event.units = match main {
            Component::HomeSupport => 3 + draw.wait_days(11.0),
            Component::DaySupport => draw.between(1, 5),
            _ => 1,
        };
        self.running.push(journey.events.len());
        journey.events.push(event);
        if setting == ServiceType::Community && draw.chance(0.28) {
            let extra = draw.one_of(
                &[
                    Component::DaySupport,
                    Component::Equipment,
                    Component::Transport,
                    Component::Meals,
                ],
                Component::DaySupport,
            );
            if extra != main {
                let mut second = self.service(setting, extra, day, draw.bits());
                second.mechanism = if draw.chance(0.7) { 2 } else { 3 };
                second.units = draw.between(1, 4);
                self.running.push(journey.events.len());
                journey.events.push(second);
            }
        }
    }

    /// Ends the running long-term support on a day.
    pub fn end_support(&mut self, day: Day, outcome: Outcome, journey: &mut Journey) {
        for place in self.running.drain(..) {
            if let Some(event) = journey.events.get_mut(place) {
                event.end = Some(day.max(event.start));
                event.outcome = outcome;
            }
        }
        self.support = None;
    }

    /// Moves a person from community support into a care home.
    pub fn move_into_care_home(&mut self, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let home = self.care_home(draw);
        self.start_support(home, day, day, draw, journey);
    }

    /// A review of long-term support; a planned one makes the next one due.
    pub fn review(&mut self, planned: bool, day: Day, draw: &mut Draw, journey: &mut Journey) {
        let Some(setting) = self.support else { return };
        if planned {
            self.todo.push((day.plus(draw.between(320, 410)), Todo::Review));
            if !draw.chance(self.rates.care.planned_review) {
                return;
            }
        }
        let mut event = Event::new(EventType::Review, day, draw.bits());
        event.end = Some(day.plus(draw.wait_days(6.0)));
        event.review =
            if planned { 0 } else { 1 + draw.weighted(&[0.22, 0.06, 0.12, 0.52, 0.02, 0.06]) };
        let change = draw.chance(if planned { 0.14 } else { 0.4 });
        event.outcome = if change { Outcome::SupportPlanning } else { Outcome::Continuation };
        let decided = event.end.unwrap_or(day).plus(1);
        journey.events.push(event);
        if change && draw.chance(0.5) {
            self.start_support(setting, decided, decided, draw, journey);
        }
    }

    /// An unpaid carer's own request, assessment and support. `cares_for` is the number in the
    /// council of the person cared for.
    pub fn carer(&self, day: Day, cares_for: u64, draw: &mut Draw, journey: &mut Journey) {
        let mut event = Event::new(EventType::None, day, draw.bits());
        event.carer = true;
        event.cares_for = Some(cares_for);
        if draw.chance(0.2) {
            journey.events.push(event);
            return;
        }
        event.kind = EventType::Request;
        let done = day.plus(draw.wait_days(5.0));
        event.end = Some(done);
        event.outcome = [Outcome::Assessment, Outcome::SupportPlanning, Outcome::NfaInformation]
            [draw.weighted(&[0.45, 0.15, 0.4])];
        let outcome = event.outcome;
        journey.events.push(event.clone());
        let mut ready = done;
        if outcome == Outcome::Assessment {
            ready = done.plus(5 + draw.wait_days(20.0));
            let mut assessment = event.clone();
            (assessment.kind, assessment.start) = (EventType::Assessment, done.plus(draw.below(5)));
            (assessment.end, assessment.salt) = (Some(ready), draw.bits());
            assessment.assessment = AssessmentType::LongTerm;
            assessment.outcome = Outcome::SupportPlanning;
            journey.events.push(assessment);
        }
        if outcome == Outcome::NfaInformation {
            return;
        }
        let direct = draw.chance(0.75);
        let mut service = event;
        service.kind = EventType::Service;
        service.start = ready.plus(draw.below(20));
        service.salt = draw.bits();
        service.outcome = Outcome::NfaEndedAsPlanned;
        (service.service, service.component) = if direct {
            let one_off = draw.one_of(
                &[Component::OtherCarer, Component::CarerUniversal, Component::DirectPayment],
                Component::OtherCarer,
            );
            (ServiceType::CarerDirect, one_off)
        } else {
            (ServiceType::CarerIndirect, Component::CarerRespite)
        };
        service.mechanism = if service.component == Component::DirectPayment { 1 } else { 3 };
        let days = draw.wait_days(if direct { 90.0 } else { 30.0 });
        service.end = Some(service.start.plus(days));
        journey.events.push(service);
    }
}
