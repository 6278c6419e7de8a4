//! The figures of M21 that look at hospital and care records together: match yield, events after
//! death, overlap of spells, open services, unknown destinations, discharge-ready dates, care-home
//! contradictions, coverage by month, unstable identifiers; and admissions beside those of the year
//! before (`hospital-spells.md` L, 8).

use super::plan::Plan;
use crate::figure::{Area, AreaType, Content, QualityFigure, Unit};
use crate::measures::usual_residence::DestinationGroup;
use crate::stay::is_regular_attender;
use crate::stratum::{self, Dimension, Strata};
use std::collections::BTreeMap;
use throughcare_linkage::codes::cld::{EventType, Gender};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::hospital::counts::HospitalCounts;
use throughcare_linkage::hospital::stay::{Cips, Spell};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::interval::Interval;
use throughcare_linkage::timeline::state::State;

/// Days around a discharge in which a care home of the social care records meets it.
const NEAR_DAYS: i32 = 7;
/// Youngest age of the match yield.
const OLDER: i32 = 65;
/// Change of a year's admissions, in per cent of the year before, that is told.
const TOLD_PERCENT: u64 = 10;
/// Fewest admissions of the year before for which a change is told.
const FEWEST_TOLD: u64 = 50;
/// Months of coverage that are kept of a council.
const MONTHS: usize = 128;

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    of: u64,
    found: u64,
}

impl Share {
    fn count(&mut self, found: bool) {
        self.of += 1;
        self.found += u64::from(found);
    }

    fn merge(&mut self, other: Self) {
        self.of += other.of;
        self.found += other.found;
    }
}

/// The figures of the country, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum National {
    EpisodesAfterDeath,
    AttendancesAfterDeath,
    AppointmentsAfterDeath,
    CareAfterDeath,
    NightsTwice,
    DestinationUnknown,
    DischargeReady,
    CareHomeNotShown,
    CareHomeNotCoded,
    UnstableBirth,
    UnstableSex,
    Unstable,
}

impl National {
    const ALL: [Self; 12] = [
        Self::EpisodesAfterDeath,
        Self::AttendancesAfterDeath,
        Self::AppointmentsAfterDeath,
        Self::CareAfterDeath,
        Self::NightsTwice,
        Self::DestinationUnknown,
        Self::DischargeReady,
        Self::CareHomeNotShown,
        Self::CareHomeNotCoded,
        Self::UnstableBirth,
        Self::UnstableSex,
        Self::Unstable,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::EpisodesAfterDeath => "after death, admitted patient care rows",
            Self::AttendancesAfterDeath => "after death, attendances",
            Self::AppointmentsAfterDeath => "after death, outpatient appointments",
            Self::CareAfterDeath => "after death, social care rows",
            Self::NightsTwice => "nights in more than one spell",
            Self::DestinationUnknown => "destination unknown, discharges",
            Self::DischargeReady => "discharge-ready date, discharges of one night or more",
            Self::CareHomeNotShown => "to a care home that care records do not show, discharges",
            Self::CareHomeNotCoded => "not to the care home that care records show, discharges",
            Self::UnstableBirth => "several months of birth, people",
            Self::UnstableSex => "several sexes, people",
            Self::Unstable => "several months of birth or sexes, people",
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::NightsTwice => Unit::Days,
            Self::DestinationUnknown
            | Self::DischargeReady
            | Self::CareHomeNotShown
            | Self::CareHomeNotCoded => Unit::Discharges,
            Self::UnstableBirth | Self::UnstableSex | Self::Unstable => Unit::People,
            Self::AttendancesAfterDeath => Unit::Attendances,
            _ => Unit::Events,
        }
    }
}

/// Figures of one council.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Council {
    match_yield: Share,
    open_services: Share,
    /// Months of the window with a row, one bit a month.
    months: u128,
}

/// Counts over some people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    national: [Share; National::ALL.len()],
    councils: BTreeMap<u16, Council>,
    /// By financial year (that of its April) and admission class.
    admissions: BTreeMap<(i32, u8), u64>,
    /// People with a night in more than one spell.
    people_with_overlap: u64,
}

impl Default for Linked {
    fn default() -> Self {
        Self {
            national: [Share::default(); National::ALL.len()],
            councils: BTreeMap::new(),
            admissions: BTreeMap::new(),
            people_with_overlap: 0,
        }
    }
}

impl Linked {
    /// Takes one person into the counts; the records without one are in none of them.
    pub fn add(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        if !person.is_known() {
            return;
        }
        self.after_death(person);
        let (nights, twice) = nights_in_spells(person.spells);
        let share = self.national(National::NightsTwice);
        share.merge(Share { of: nights, found: twice });
        self.people_with_overlap += u64::from(twice > 0);
        for stay in person.cips {
            let level = stratum::admission_level(stay.admission_method);
            let strata = Strata::default().with(Dimension::AdmissionClass, level);
            for class in Dimension::AdmissionClass.values_of(strata) {
                let year = financial_year(stay.admission);
                *self.admissions.entry((year, class)).or_default() += 1;
            }
            if plan.periods.iter().any(|period| period.contains(stay.discharge)) {
                self.discharge(person, stay);
            }
        }
        self.identity(person);
        self.care(plan, person);
    }

    fn national(&mut self, what: National) -> &mut Share {
        &mut self.national[what as usize]
    }

    /// Records that start after the day of death, of people who have one.
    fn after_death(&mut self, person: &Person<'_>) {
        let Some(death) = person.dod().get() else { return };
        let mut count = |what: National, day: OptDay| {
            if let Some(day) = day.get() {
                self.national(what).count(day > death);
            }
        };
        person.episodes.iter().for_each(|row| count(National::EpisodesAfterDeath, row.admission));
        for attendance in person.attendances {
            count(National::AttendancesAfterDeath, attendance.arrival);
        }
        for appointment in person.appointments {
            count(National::AppointmentsAfterDeath, appointment.date);
        }
        person.cld_rows.iter().for_each(|row| count(National::CareAfterDeath, row.start));
    }

    /// A discharge of someone who left hospital alive; day cases and regular attenders aside.
    fn discharge(&mut self, person: &Person<'_>, stay: &Cips) {
        const DEAD: [Code; 2] = [Code::new("4"), Code::new("5")];
        let left = stay.end_kind.is_known() && !DEAD.contains(&stay.discharge_method);
        if !left || stay.day_case || is_regular_attender(stay.class) {
            return;
        }
        let group = DestinationGroup::of(stay.destination);
        self.national(National::DestinationUnknown).count(!group.is_known());
        if stay.nights() > 0 {
            self.national(National::DischargeReady).count(stay.discharge_ready.is_some());
        }
        if !person.linkable {
            return;
        }
        let is_shown = care_home_near(person.intervals, stay.discharge);
        if group == DestinationGroup::CareHome {
            self.national(National::CareHomeNotShown).count(!is_shown);
        }
        let says_home = matches!(
            group,
            DestinationGroup::Home | DestinationGroup::Temporary | DestinationGroup::CareHome
        );
        if is_shown && says_home {
            self.national(National::CareHomeNotCoded).count(group != DestinationGroup::CareHome);
        }
    }

    /// Months of birth and sexes under one identifier, over all its records.
    fn identity(&mut self, person: &Person<'_>) {
        let births = person.episodes.iter().map(|row| row.birth);
        let births = births.chain(person.cld_rows.iter().map(|row| row.birth));
        let several_births = differ(births.filter(|birth: &BirthMonth| birth.is_known()));
        let of_code = |code: Code| match code {
            _ if code == const { Code::new("1") } => Some(Gender::Male),
            _ if code == const { Code::new("2") } => Some(Gender::Female),
            _ => None,
        };
        let hospital = person.episodes.iter().filter_map(|row| of_code(row.sex));
        let care = person.joined.iter().map(|event| event.gender);
        let care = care.filter(|gender| matches!(gender, Gender::Male | Gender::Female));
        let several_sexes = differ(hospital.chain(care));
        self.national(National::UnstableBirth).count(several_births);
        self.national(National::UnstableSex).count(several_sexes);
        self.national(National::Unstable).count(several_births || several_sexes);
    }

    /// What councils' records say.
    fn care(&mut self, plan: &Plan<'_>, person: &Person<'_>) {
        if person.cld_rows.is_empty() {
            return;
        }
        let mut here: Vec<u16> = Vec::new();
        for row in person.cld_rows {
            let number = plan.places.council(row.la);
            let council = self.councils.entry(number).or_default();
            if let (Some(window), Some(start)) = (plan.joined, row.start.get())
                && window.contains(start)
            {
                let month = months_between(window.start, start);
                council.months |=
                    u32::try_from(month).map_or(0, |month| 1u128.checked_shl(month).unwrap_or(0));
            }
            if !here.contains(&number) {
                here.push(number);
            }
        }
        for event in person.joined.iter().filter(|event| event.event_type == EventType::Service) {
            let council = self.councils.entry(plan.places.council(event.la)).or_default();
            council.open_services.count(event.end.is_none());
        }
        let Some(last) = plan.periods.iter().map(|period| period.end).max() else { return };
        if person.birth().calendar_age(last).is_some_and(|age| age >= OLDER) {
            let is_matched = plan.periods.iter().any(|period| is_in_hospital(person, *period));
            for number in here {
                self.councils.entry(number).or_default().match_yield.count(is_matched);
            }
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: Self) {
        for (mine, more) in self.national.iter_mut().zip(other.national) {
            mine.merge(more);
        }
        for (number, more) in other.councils {
            let mine = self.councils.entry(number).or_default();
            mine.match_yield.merge(more.match_yield);
            mine.open_services.merge(more.open_services);
            mine.months |= more.months;
        }
        for (year, more) in other.admissions {
            *self.admissions.entry(year).or_default() += more;
        }
        self.people_with_overlap += other.people_with_overlap;
    }

    /// England first, then councils in the order of their codes.
    #[must_use]
    pub fn figures(&self, plan: &Plan<'_>) -> Vec<QualityFigure> {
        let england = Area::england();
        let mut out = Vec::new();
        for (what, share) in National::ALL.into_iter().zip(self.national) {
            if share.of > 0 {
                let mut row = figure(&england, what.name(), share, what.unit());
                if what == National::NightsTwice {
                    row.content = Content::Amount { people: signed(self.people_with_overlap) };
                }
                out.push(row);
            }
        }
        self.year_on_year(plan, &mut out);
        let mut all = Council::default();
        for council in self.councils.values() {
            all.match_yield.merge(council.match_yield);
            all.open_services.merge(council.open_services);
        }
        shares(&england, &all, &mut out);
        for (&number, council) in self.councils.iter().filter(|(number, _)| **number != 0) {
            let area = plan.places.area(AreaType::La, number);
            shares(&area, council, &mut out);
            if let Some(window) = plan.joined {
                let expected = (months_between(window.start, window.end) + 1).min(MONTHS);
                let found = u64::from(council.months.count_ones());
                let share = Share { of: expected as u64, found };
                let mut row = figure(&area, "months with rows", share, Unit::Values);
                row.content = Content::NotOfPeople;
                out.push(row);
            }
        }
        out
    }

    /// Admissions of each whole financial year by class, of those of the year before. A change by
    /// more than 10 per cent is told where the year before has 50 or more.
    fn year_on_year(&self, plan: &Plan<'_>, out: &mut Vec<QualityFigure>) {
        let is_whole = |year: i32| {
            let april = |year: i32| Day::from_ymd(year, 4, 1);
            april(year).zip(april(year + 1)).is_some_and(|(first, next)| {
                plan.hospital.start <= first && next.plus(-1) <= plan.hospital.end
            })
        };
        for (&(year, class), &admissions) in &self.admissions {
            let before = self.admissions.get(&(year - 1, class)).copied().unwrap_or(0);
            if !is_whole(year) || !is_whole(year - 1) || before == 0 {
                continue;
            }
            let class = Dimension::AdmissionClass.stratum(class);
            let change = admissions.abs_diff(before) * 100;
            let told = before >= FEWEST_TOLD && change > TOLD_PERCENT * before;
            let told = if told { "; changed by more than 10 per cent" } else { "" };
            let name = format!(
                "admissions of those of the year before; year={year}-{:02}; {class}{told}",
                (year + 1) % 100
            );
            let share = Share { of: before, found: admissions };
            out.push(figure(&Area::england(), &name, share, Unit::Admissions));
        }
    }
}

/// Shares of what hospital cleaning counted: transfers without a following spell, and admissions from
/// the own A&E without an attendance, where attendances were given.
#[must_use]
pub fn of_hospital(counts: &HospitalCounts) -> Vec<QualityFigure> {
    let orphans = Share { of: counts.transfers_out, found: counts.transfer_orphans };
    let unlinked = Share { of: counts.own_ae_admissions, found: counts.em_without_ae };
    let linked = Share { of: counts.attendances, found: counts.attendances_linked };
    [
        ("transfers without a following spell, spells", orphans, Unit::Events),
        ("admissions from the own A&E without attendance, spells", unlinked, Unit::Events),
        ("attendances linked to an admission", linked, Unit::Attendances),
    ]
    .into_iter()
    .filter(|(_, share, _)| share.of > 0)
    .map(|(name, share, unit)| figure(&Area::england(), name, share, unit))
    .collect()
}

fn shares(area: &Area, council: &Council, out: &mut Vec<QualityFigure>) {
    if council.match_yield.of > 0 {
        let name = "match yield, people aged 65 and over with a hospital record in the period";
        out.push(figure(area, name, council.match_yield, Unit::People));
    }
    if council.open_services.of > 0 {
        out.push(figure(area, "open services, rows", council.open_services, Unit::Events));
    }
}

fn figure(area: &Area, name: &str, share: Share, unit: Unit) -> QualityFigure {
    QualityFigure {
        area: area.clone(),
        source: "dq_linkage",
        check: format!("figure={name}"),
        numerator: signed(share.found),
        denominator: Some(signed(share.of)),
        unit,
        content: Content::Count,
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Whether some of the values are not equal.
fn differ<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    values.next().is_some_and(|first| values.any(|value| value != first))
}

/// Nights in the union of one person's spells, which are in the order of their admissions, and of
/// them those that several spells cover.
fn nights_in_spells(spells: &[Spell]) -> (u64, u64) {
    let (mut nights, mut twice) = (0, 0);
    // the ends of what is covered at all, and of what is covered more than once
    let (mut covered, mut doubly) = (Day(i32::MIN / 2), Day(i32::MIN / 2));
    for spell in spells {
        nights += spell.discharge.since(spell.admission.max(covered)).max(0);
        let both = spell.discharge.min(covered);
        twice += both.since(spell.admission.max(doubly)).max(0);
        doubly = doubly.max(both);
        covered = covered.max(spell.discharge);
    }
    (u64::try_from(nights).unwrap_or(0), u64::try_from(twice).unwrap_or(0))
}

/// Whether care records show a care home or a short-term bed within 7 days of a day, either way.
fn care_home_near(intervals: &[Interval], day: Day) -> bool {
    intervals.iter().any(|interval| {
        matches!(interval.state, State::Nursing | State::Residential | State::ShortTermBed)
            && interval.start <= day.plus(NEAR_DAYS)
            && interval.end > day.plus(-NEAR_DAYS)
    })
}

/// Whether a person has any hospital record of a day in the period.
fn is_in_hospital(person: &Person<'_>, period: Period) -> bool {
    let within = |day: OptDay| day.get().is_some_and(|day| period.contains(day));
    person
        .spells
        .iter()
        .any(|spell| spell.admission <= period.end && period.start <= spell.discharge)
        || person.attendances.iter().any(|attendance| within(attendance.arrival))
        || person.appointments.iter().any(|appointment| within(appointment.date))
}

/// The year in whose April the financial year of a day begins.
fn financial_year(day: Day) -> i32 {
    let (year, month) = day.year_month();
    if month < 4 { year - 1 } else { year }
}

/// Whole months from the month of one day to that of another, which is not before it.
fn months_between(first: Day, last: Day) -> usize {
    let months = |day: Day| {
        let (year, month) = day.year_month();
        year * 12 + month as i32
    };
    usize::try_from(months(last) - months(first)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
