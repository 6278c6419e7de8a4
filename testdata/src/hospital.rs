//! Hospitals near councils, and the stays and attendances of a person.

use crate::area::Area;
use crate::draw::Draw;
use crate::journey::{Journey, Stay, Visit};
use crate::person::Person;
use crate::rates::{Hospital, Rates, by_age};
use throughcare_linkage::day::Day;

/// A hospital provider. Codes are invented.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Provider code: three characters for trusts, five for the independent sector.
    pub code: String,
    /// Site code.
    pub site: String,
}

/// The hospitals of a run: an acute trust a council, a mental health trust and an independent
/// provider for every eight councils.
#[derive(Debug)]
pub struct Network {
    /// Providers.
    pub providers: Vec<Provider>,
    acute: usize,
    shared: usize,
}

impl Network {
    /// The hospitals for these councils.
    #[must_use]
    pub fn new(areas: &[Area]) -> Self {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        let acute = areas.len();
        let shared = acute.div_ceil(8);
        let mut providers = Vec::new();
        for number in 0..acute + shared {
            let letter = |n: usize| char::from(LETTERS[n % LETTERS.len()]);
            let (first, second) = if number < acute {
                (letter(number / 24), letter(number))
            } else {
                ('Y', letter(number - acute))
            };
            let code = format!("R{first}{second}");
            providers.push(Provider { site: format!("{code}01"), code });
        }
        for number in 0..shared {
            let code = format!("NX{:03}", 101 + number);
            providers.push(Provider { site: code.clone(), code });
        }
        Self { providers, acute, shared }
    }

    /// The acute trust that a person of a council goes to: mostly the council's own, else that of a
    /// neighbour or any.
    fn near(&self, area: &Area, draw: &mut Draw) -> usize {
        match draw.weighted(&[0.78, 0.17, 0.05]) {
            0 => area.index,
            1 => (area.index ^ 1).min(self.acute - 1),
            _ => draw.below(self.acute as i32) as usize,
        }
    }

    fn other_than(&self, provider: usize, area: &Area, draw: &mut Draw) -> usize {
        let other = self.near(area, draw);
        if other == provider { (provider + 1) % self.acute } else { other }
    }

    fn mental_health(&self, area: &Area) -> usize {
        self.acute + area.index / 8
    }

    fn independent(&self, area: &Area) -> usize {
        self.acute + self.shared + area.index / 8
    }
}

/// Why a person is admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are those of the rates")]
pub enum Kind {
    Emergency,
    MentalHealth,
    Elective,
    DayCase,
    RegularVisit,
    Maternity,
    Birth,
}

/// How a chain of stays ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// Day of the last discharge.
    pub day: Day,
    /// Nights of the whole chain.
    pub nights: i32,
    /// Died in hospital.
    pub died: bool,
}

/// What an admission needs to know.
pub struct Ward<'a> {
    /// Rates.
    pub rates: &'a Rates,
    /// Hospitals.
    pub network: &'a Network,
    /// Council of residence.
    pub area: &'a Area,
    /// Patient.
    pub person: &'a Person,
    /// Whether the patient lives in a care home.
    pub in_care_home: bool,
}

impl Ward<'_> {
    /// Admits the patient and writes the stay, with the attendance before it and the transfer after
    /// it if any.
    pub fn admit(&self, kind: Kind, day: Day, draw: &mut Draw, journey: &mut Journey) -> Ended {
        let rates = &self.rates.hospital;
        let age = self.person.age(day).max(0);
        let band = self.rates.band(age);
        let mut stay = self.stay(kind, day, age, draw);
        let nights = nights(rates, kind, age, draw);
        let mut died = false;
        if matches!(kind, Kind::Emergency | Kind::MentalHealth) {
            let relative =
                self.rates.relative(&self.rates.frailty.death, band, self.person.frailty);
            died = draw.chance(rates.death_in_stay[band] * relative);
        }
        if kind == Kind::Emergency && stay.method == "21" {
            self.attend(Some(stay.provider), day, draw, journey);
        }
        stay.discharge = day.plus(nights);
        stay.episodes = 1 + draw.below(1 + (nights / 3).min(3));
        if stay.episodes > 1 && kind == Kind::Emergency && age >= 65 {
            stay.last_specialty = draw.one_of(&["430", "430", "314", "300"], "430");
        }
        if kind == Kind::Emergency && nights >= 2 && draw.chance(rates.transfer) {
            return self.transfer(stay, nights, died, draw, journey);
        }
        self.discharge(&mut stay, died, age, draw);
        let ended = Ended { day: stay.discharge, nights, died };
        journey.stays.push(stay);
        ended
    }

    fn stay(&self, kind: Kind, day: Day, age: i32, draw: &mut Draw) -> Stay {
        let near = self.network.near(self.area, draw);
        let old = age >= 65;
        let through_ae = draw.chance(self.rates.hospital.emergency_through_ae);
        let (provider, method, class, specialty, diagnosis) = match kind {
            Kind::Emergency => (
                near,
                if through_ae {
                    "21"
                } else {
                    draw.one_of(&["22", "22", "24", "28", "2D", "2A", "23"], "22")
                },
                "1",
                if age < 18 {
                    "420"
                } else if old {
                    draw.one_of(&["300", "326", "430", "430", "110", "100", "328", "340"], "300")
                } else {
                    draw.one_of(&["300", "326", "326", "100", "110", "320", "301", "502"], "300")
                },
                if old {
                    draw.one_of(
                        &["J189", "N390", "I500", "J440", "S720", "R296", "I639", "A419", "N179"],
                        "J189",
                    )
                } else {
                    draw.one_of(&["R074", "K529", "J459", "E109", "L031", "S065", "R104"], "R074")
                },
            ),
            Kind::MentalHealth => (
                self.network.mental_health(self.area),
                draw.one_of(&["21", "25", "28"], "28"),
                "1",
                if age < 18 {
                    "711"
                } else if old {
                    "715"
                } else {
                    "710"
                },
                draw.one_of(&["F200", "F329", "F312", "F609"], "F329"),
            ),
            Kind::Elective => (
                near,
                draw.one_of(&["11", "11", "12", "13"], "11"),
                "1",
                draw.one_of(&["110", "100", "101", "502", "104", "170"], "110"),
                draw.one_of(&["M169", "M170", "K409", "C189", "I251", "N812", "C61X"], "M169"),
            ),
            Kind::DayCase => (
                if draw.chance(0.08) { self.network.independent(self.area) } else { near },
                draw.one_of(&["11", "11", "12", "13"], "11"),
                "2",
                draw.one_of(&["130", "301", "502", "100", "370", "330", "191"], "100"),
                draw.one_of(&["H259", "K210", "D125", "C509", "M545", "Z511", "K635"], "K210"),
            ),
            Kind::RegularVisit => (
                near,
                "13",
                if draw.chance(0.97) { "3" } else { "4" },
                draw.one_of(&["361", "361", "370"], "361"),
                draw.one_of(&["N185", "N185", "Z511"], "N185"),
            ),
            Kind::Maternity => (
                near,
                draw.one_of(&["31", "31", "31", "31", "32"], "31"),
                if draw.chance(0.06) { "5" } else { "1" },
                if draw.chance(0.85) { "501" } else { "560" },
                draw.one_of(&["O800", "O342", "O471", "O700", "O240"], "O800"),
            ),
            Kind::Birth => (
                near,
                if draw.chance(0.98) { "82" } else { "83" },
                "1",
                if draw.chance(0.9) { "424" } else { "422" },
                "Z380",
            ),
        };
        let source = match kind {
            Kind::Birth => "79",
            _ if self.in_care_home && draw.chance(self.rates.hospital.care_home_coded) => {
                draw.one_of(&["54", "85", "65", "55", "56"], "85")
            }
            _ => "19",
        };
        let episode_type = match kind {
            Kind::Birth => "3",
            Kind::Maternity if diagnosis == "O800" || diagnosis == "O700" => "2",
            _ => "1",
        };
        let other_diagnosis = match self.person.frailty {
            _ if kind == Kind::Birth => None,
            0 => None,
            1 => Some(draw.one_of(&["I10X", "E119", "J459"], "I10X")),
            _ if self.person.dementia => Some("F03X"),
            _ => Some(draw.one_of(&["I10X", "E119", "N183", "I48X", "J449", "R296"], "I10X")),
        };
        Stay {
            provider,
            admission: day,
            discharge: day,
            ready: None,
            method,
            source,
            destination: "19",
            discharge_method: "1",
            class,
            specialty,
            last_specialty: specialty,
            episode_type,
            diagnosis,
            other_diagnosis,
            episodes: 1,
            salt: draw.bits(),
        }
    }

    /// Gives a stay its discharge codes.
    fn discharge(&self, stay: &mut Stay, died: bool, age: i32, draw: &mut Draw) {
        let rates = &self.rates.hospital;
        if died {
            (stay.destination, stay.discharge_method) = ("79", "4");
            return;
        }
        let nights = stay.discharge.since(stay.admission);
        stay.destination = if self.in_care_home && draw.chance(rates.care_home_coded) {
            draw.one_of(&["54", "85", "65", "55", "56"], "85")
        } else {
            ["19", "29", "53", "88", "37"][draw.weighted(&[0.976, 0.012, 0.005, 0.005, 0.002])]
        };
        stay.discharge_method = ["1", "2", "6", "3"][draw.weighted(&[0.982, 0.006, 0.010, 0.002])];
        if nights >= 2 && stay.class == "1" {
            let [share, mean] = rates.discharge_delay;
            let late = age >= 65 && draw.chance(share);
            let days = if late { 1 + draw.wait_days(mean) } else { 0 };
            stay.ready = Some(stay.discharge.plus(-days.min(nights)));
        }
    }

    /// Splits a stay in two at a transfer to another trust.
    fn transfer(
        &self,
        mut stay: Stay,
        nights: i32,
        died: bool,
        draw: &mut Draw,
        journey: &mut Journey,
    ) -> Ended {
        let rates = &self.rates.hospital;
        let moved = stay.admission.plus(1 + draw.below(nights - 1));
        let unmarked = draw.chance(rates.transfer_unmarked);
        let mut next = stay.clone();
        next.admission = moved.plus(i32::from(draw.chance(0.08)));
        next.discharge = stay.discharge.max(next.admission);
        next.provider = self.network.other_than(stay.provider, self.area, draw);
        (next.method, next.source) = if unmarked {
            ("22", "19")
        } else {
            (if draw.chance(0.75) { "81" } else { "2B" }, "51")
        };
        next.specialty = draw.one_of(&["300", "170", "320", "314", "430"], "300");
        next.last_specialty = next.specialty;
        next.episodes = 1;
        next.salt = draw.bits();
        let age = self.person.age(next.discharge).max(0);
        self.discharge(&mut next, died, age, draw);
        stay.discharge = moved;
        stay.destination = "51";
        stay.episodes = 1;
        let ended = Ended { day: next.discharge, nights, died };
        journey.stays.push(stay);
        journey.stays.push(next);
        ended
    }

    /// Writes an attendance; with a provider it leads to admission there.
    pub fn attend(
        &self,
        admitted_at: Option<usize>,
        day: Day,
        draw: &mut Draw,
        journey: &mut Journey,
    ) {
        let department = match admitted_at {
            Some(_) => "01",
            None => ["01", "02", "03", "05"][draw.weighted(&[0.58, 0.02, 0.38, 0.02])],
        };
        let (status, destination) = if admitted_at.is_some() {
            ("182992009", "306706006")
        } else {
            let status = draw.weighted(&[0.90, 0.035, 0.015, 0.02, 0.02, 0.01]);
            let codes = [
                "182992009",
                "1077021000000100",
                "1077781000000101",
                "1066301000000103",
                "1066321000000107",
                "1077031000000103",
            ];
            let home = if self.in_care_home { "306691003" } else { "306689006" };
            (codes[status], if status == 0 { home } else { "" })
        };
        journey.visits.push(Visit {
            provider: admitted_at.unwrap_or_else(|| self.network.near(self.area, draw)),
            day,
            minute: draw.below(1_440),
            duration: 20 + draw.wait_days(if admitted_at.is_some() { 330.0 } else { 170.0 }),
            department,
            category: if admitted_at.is_some() {
                "1"
            } else {
                ["1", "2", "3", "4"][draw.weighted(&[0.93, 0.04, 0.01, 0.02])]
            },
            mode: if draw.chance(if admitted_at.is_some() { 0.5 } else { 0.18 }) {
                "1048031000000100"
            } else {
                "1048071000000103"
            },
            acuity: draw.one_of(
                &["1064891000000107", "1064911000000105", "1064901000000108", "1077241000000103"],
                "1077241000000103",
            ),
            status,
            destination,
            salt: draw.bits(),
        });
    }
}

fn nights(rates: &Hospital, kind: Kind, age: i32, draw: &mut Draw) -> i32 {
    match kind {
        Kind::DayCase | Kind::RegularVisit => 0,
        Kind::Elective => 1 + draw.wait_days(2.4),
        Kind::Maternity => draw.wait_days(1.9),
        Kind::Birth => draw.wait_days(2.0),
        Kind::MentalHealth => 2 + draw.wait_days(36.0),
        Kind::Emergency if draw.chance(rates.zero_night[by_age(age)]) => 0,
        Kind::Emergency => 1 + draw.wait_days(rates.further_nights[by_age(age)]),
    }
}
