//! A life: hospital and care acting on each other, event by event.

use crate::area::Area;
use crate::care::{Care, Todo};
use crate::draw::Draw;
use crate::hospital::{Kind, Network, Ward};
use crate::journey::Journey;
use crate::person::{BEGIN_DAY, EXTRACT_DAY, Person};
use crate::rates::{Rates, by_age};
use throughcare_linkage::codes::cld::{EventType, Outcome, ServiceType};
use throughcare_linkage::day::Day;

/// What a life needs to know.
pub struct World<'a> {
    /// Rates.
    pub rates: &'a Rates,
    /// Hospitals.
    pub network: &'a Network,
    /// Council of residence.
    pub area: &'a Area,
    /// Numbers of people of the council with long-term support, for unpaid carers to care for.
    pub supported: &'a [u64],
}

/// The events that compete to happen next, as places in the list of their rates.
const DEATH: usize = 0;
const MENTAL_HEALTH: usize = 1;
const EMERGENCY: usize = 2;
const ELECTIVE: usize = 3;
const DAY_CASE: usize = 4;
const REGULAR: usize = 5;
const MATERNITY: usize = 6;
const ATTENDANCE: usize = 7;
const REQUEST: usize = 8;
const REVIEW: usize = 9;
const SUPPORT_ENDS: usize = 10;
const INTO_CARE_HOME: usize = 11;
const CARER: usize = 12;
const EVENTS: usize = 13;

/// Lives the person's life from half a year before the data, or birth, to the day of the extract, into
/// an empty journey.
pub fn live(world: &World<'_>, person: &Person, draw: &mut Draw, journey: &mut Journey) {
    let care = Care {
        rates: world.rates,
        person,
        support: None,
        running: Vec::new(),
        reablement_until: Day(0),
        todo: Vec::new(),
    };
    let mut life = Life { world, person, care, now: BEGIN_DAY };
    life.begin(draw, journey);
    while journey.death.is_none() {
        let rates = life.event_rates();
        let random = draw.next_after(life.now, rates.iter().sum());
        let planned = life
            .care
            .todo
            .iter()
            .enumerate()
            .min_by_key(|(place, (day, _))| (*day, *place))
            .map(|(place, (day, _))| (place, *day));
        match planned {
            Some((place, day)) if day <= random && day < EXTRACT_DAY => {
                let (day, todo) = life.care.todo.remove(place);
                life.now = life.now.max(day);
                life.planned(todo, draw, journey);
            }
            _ if random >= EXTRACT_DAY => break,
            _ => {
                life.now = random;
                life.happen(draw.weighted(&rates), draw, journey);
            }
        }
    }
    close_at_death(journey);
}

struct Life<'a> {
    world: &'a World<'a>,
    person: &'a Person,
    care: Care<'a>,
    now: Day,
}

impl Life<'_> {
    fn begin(&mut self, draw: &mut Draw, journey: &mut Journey) {
        let rates = self.world.rates;
        if self.person.birth >= BEGIN_DAY {
            self.now = self.person.birth;
            self.admit(Kind::Birth, draw, journey);
            return;
        }
        let age = self.person.age(BEGIN_DAY);
        let band = rates.band(age);
        let relative = rates.relative(&rates.frailty.care, band, self.person.frailty);
        if age < 18 || !draw.chance(rates.care.long_term[band] * relative) {
            return;
        }
        let setting = [
            ServiceType::Community,
            ServiceType::Residential,
            ServiceType::Nursing,
            ServiceType::Prison,
        ][draw.weighted(&rates.care.setting[by_age(age)])];
        let adult = self.person.birth.add_months(18 * 12);
        let since = draw.wait_days(rates.care.years_supported[by_age(age)] * 365.25);
        let start = BEGIN_DAY.plus(-1 - since).max(adult);
        let review = BEGIN_DAY.plus(draw.below(365));
        self.care.start_support(setting, start, review, draw, journey);
    }

    fn event_rates(&self) -> [f64; EVENTS] {
        let rates = self.world.rates;
        let age = self.person.age(self.now);
        let band = rates.band(age);
        let frailty = self.person.frailty;
        let hospital = rates.relative(&rates.frailty.hospital, band, frailty);
        let care = rates.relative(&rates.frailty.care, band, frailty);
        let supported = self.care.support.is_some();
        let mut of = [0.0; EVENTS];
        of[DEATH] = rates.mortality.other[band]
            * rates.relative(&rates.frailty.death, band, frailty)
            * if supported { rates.mortality.with_support } else { 1.0 };
        of[MENTAL_HEALTH] = rates.hospital.mental_health[band];
        of[EMERGENCY] = rates.hospital.emergency[band] * hospital;
        of[ELECTIVE] = rates.hospital.elective[band];
        of[DAY_CASE] = rates.hospital.day_case[band];
        of[REGULAR] = rates.hospital.regular_course[band] * hospital;
        if self.person.woman && (2..=3).contains(&band) {
            of[MATERNITY] = rates.hospital.maternity[band - 2];
        }
        of[ATTENDANCE] = rates.hospital.attendance[band];
        if age < 18 {
            return of;
        }
        of[REQUEST] = rates.care.request[band] * care;
        if supported {
            of[REQUEST] *= rates.care.request_with_support / care.max(1.0);
            of[REVIEW] = rates.care.unplanned_review;
            of[SUPPORT_ENDS] = rates.care.support_ends[by_age(age)];
            if self.care.support == Some(ServiceType::Community) {
                of[INTO_CARE_HOME] = rates.care.into_care_home[by_age(age)];
            }
        } else {
            of[CARER] = rates.care.carer_event[by_age(age)];
        }
        of
    }

    fn planned(&mut self, todo: Todo, draw: &mut Draw, journey: &mut Journey) {
        match todo {
            Todo::Readmit => self.admit(Kind::Emergency, draw, journey),
            Todo::Die => journey.death = Some(self.now),
            Todo::Review => self.care.review(true, self.now, draw, journey),
            Todo::Support(setting) => {
                if self.care.support != Some(setting) && !self.care.in_care_home() {
                    let review = self.now.plus(draw.between(42, 380));
                    self.care.start_support(setting, self.now, review, draw, journey);
                }
            }
            Todo::Visit(left) => {
                self.admit(Kind::RegularVisit, draw, journey);
                if left > 0 {
                    let next = self.now.plus(draw.one_of(&[2, 2, 3, 7], 7));
                    self.care.todo.push((next, Todo::Visit(left - 1)));
                }
            }
        }
    }

    fn happen(&mut self, event: usize, draw: &mut Draw, journey: &mut Journey) {
        match event {
            DEATH => journey.death = Some(self.now),
            EMERGENCY => self.admit(Kind::Emergency, draw, journey),
            MENTAL_HEALTH => self.admit(Kind::MentalHealth, draw, journey),
            ELECTIVE => self.admit(Kind::Elective, draw, journey),
            DAY_CASE => self.admit(Kind::DayCase, draw, journey),
            MATERNITY => self.admit(Kind::Maternity, draw, journey),
            REGULAR => self.planned(Todo::Visit(draw.between(3, 19)), draw, journey),
            ATTENDANCE => self.ward().attend(None, self.now, draw, journey),
            REQUEST => {
                if self.now > self.care.reablement_until {
                    self.care.request(self.now, draw, journey);
                }
            }
            REVIEW => self.care.review(false, self.now, draw, journey),
            SUPPORT_ENDS => {
                let outcome = [
                    Outcome::NfaEndedOther,
                    Outcome::NfaEndedAsPlanned,
                    Outcome::NfaMoved,
                    Outcome::NfaNhs,
                    Outcome::NfaSelfFunded,
                ][draw.weighted(&[0.4, 0.2, 0.15, 0.15, 0.1])];
                self.care.end_support(self.now, outcome, journey);
            }
            INTO_CARE_HOME => self.care.move_into_care_home(self.now, draw, journey),
            _ => {
                let place = draw.below(self.world.supported.len() as i32) as usize;
                if let Some(cares_for) = self.world.supported.get(place) {
                    self.care.carer(self.now, *cares_for, draw, journey);
                }
            }
        }
    }

    fn ward(&self) -> Ward<'_> {
        Ward {
            rates: self.world.rates,
            network: self.world.network,
            area: self.world.area,
            person: self.person,
            in_care_home: self.care.in_care_home(),
        }
    }

    /// A hospital stay from today, and what it leads to; today becomes the day of discharge.
    fn admit(&mut self, kind: Kind, draw: &mut Draw, journey: &mut Journey) {
        let rates = self.world.rates;
        let admission = self.now;
        let ended = self.ward().admit(kind, admission, draw, journey);
        self.now = ended.day;
        if ended.died {
            journey.death = Some(ended.day);
            return;
        }
        let age = self.person.age(ended.day);
        let band = rates.band(age);
        let emergency = kind == Kind::Emergency;
        if emergency && self.care.reablement_until > admission && ended.nights > 0 {
            self.cut_reablement(admission, draw, journey);
        }
        let planned = matches!(kind, Kind::Elective | Kind::Emergency | Kind::MentalHealth);
        let again = if emergency {
            rates.hospital.readmission[by_age(age)]
        } else {
            rates.hospital.readmission_planned
        };
        if planned && draw.chance(again) {
            let wait = draw.below(30).min(draw.below(30));
            self.care.todo.push((ended.day.plus(1 + wait), Todo::Readmit));
        }
        if emergency {
            let relative = rates.relative(&rates.frailty.death, band, self.person.frailty);
            if draw.chance(rates.hospital.death_after[band] * relative) {
                self.care.todo.push((ended.day.plus(1 + draw.below(90)), Todo::Die));
            }
        }
        if planned && age >= 18 && ended.nights >= 1 && !self.care.in_care_home() {
            let relative = rates.relative(&rates.frailty.care, band, self.person.frailty);
            // need grows with frailty, but less than it does outside hospital
            let chance = rates.care.discharge_request[by_age(age)] * (0.5 + 0.5 * relative);
            if draw.chance(chance) {
                let home = self.care.request_at_discharge(admission, ended.day, draw, journey);
                if let (Some(home), Some(stay)) = (home, journey.stays.last_mut())
                    && draw.chance(rates.hospital.care_home_coded)
                {
                    stay.destination = if home == ServiceType::Nursing { "85" } else { "65" };
                }
            }
        }
    }

    fn cut_reablement(&mut self, admission: Day, draw: &mut Draw, journey: &mut Journey) {
        let cut = draw.chance(0.6);
        for event in journey.events.iter_mut().rev() {
            let running = event.service == ServiceType::StMax
                && event.start < admission
                && event.end.is_some_and(|end| end > admission);
            if running && cut {
                event.end = Some(admission);
                event.outcome = Outcome::AdmittedToHospital;
                self.care.reablement_until = admission;
                self.care.todo.retain(|(_, todo)| !matches!(todo, Todo::Support(_)));
            }
        }
    }
}

/// Nothing goes on after death: events that begin later vanish, those that are not complete vanish
/// unless they are services, which end that day.
fn close_at_death(journey: &mut Journey) {
    let Some(death) = journey.death else { return };
    journey.events.retain(|event| {
        event.start <= death
            && (event.kind == EventType::Service || event.end.is_some_and(|end| end <= death))
    });
    for event in &mut journey.events {
        if event.end.is_none_or(|end| end > death) {
            event.end = Some(death);
            event.outcome = Outcome::NfaDeceased;
        }
    }
}
