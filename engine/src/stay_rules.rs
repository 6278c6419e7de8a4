//! The published rules for joining provider spells into stays, side by side on one reading of a
//! study's records (`hospital-spells.md`, first table, and I): what each makes of the same spells, and
//! the pairs of spells on which they differ, by reason.
//!
//! Lengths of stay are those of the cohort of `los`, readmission is the part `30d` of `readmission`,
//! both with the study's settings: the column of the study's own rules has the figures of its run.

mod difference;

pub use difference::Reason;

use crate::attrition::{Attrition, Steps};
use crate::cohort::{Cohort, Filter, Profile as CohortProfile};
use crate::figure::{Area, Figure, Results, Unit, Value};
use crate::histogram::Histogram;
use crate::measures::readmission::{self, readmission};
use crate::quality;
use crate::run::{Outcome, Pass, Prepared};
use crate::stay::{Facts, Stay, is_regular_attender};
use crate::wilson::wilson_percent;
use difference::{Verdict, reason, without_regular};
use std::collections::BTreeMap;
use std::fmt::Write;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::hospital::counts::HospitalCounts;
use throughcare_linkage::hospital::settings::{HospitalSettings, Profile, Rules};
use throughcare_linkage::hospital::stay::{Cips, Spell};
use throughcare_linkage::hospital::stays::{Scratch as StayScratch, Stays};
use throughcare_linkage::link::partition::LinkCounts;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::progress::Progress;

/// Days from a discharge within which an admission is a readmission.
const READMISSION_DAYS: u16 = 30;

/// The name of the figures in tables.
pub const NAME: &str = "stay_rules";

/// What one set of rules made of the records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Provider spells that took part in joining.
    pub spells: i64,
    /// Of them, regular attenders'.
    pub regular_spells: i64,
    /// Stays.
    pub stays: i64,
    /// Stays of several spells.
    pub several: i64,
    /// Spells that joined the stay of an earlier one.
    pub joined_pairs: i64,
    /// Of them, those at another provider than the spell that joined before.
    pub transfers: i64,
    /// Nights of the discharges of the periods.
    pub nights: Histogram,
    /// Index discharges of the readmission rule.
    pub index: i64,
    /// Of them, those followed by a readmission.
    pub readmitted: i64,
    attrition: Attrition,
}

/// Rules side by side.
#[derive(Clone, Debug)]
pub struct StayRules {
    /// Name and rules of each column: the published ones, then the study's where it overrides any.
    pub columns: Vec<(&'static str, Rules)>,
    /// What the study sets otherwise than its profile, as `key = value`.
    pub overrides: Vec<String>,
    /// Counts of each column.
    pub counts: Vec<Counts>,
    /// Pairs of spells on which the columns differ: by reason and by the columns that join them.
    pub differences: BTreeMap<(Reason, Vec<bool>), i64>,
    /// Pairs of spells that follow each other, regular attenders aside.
    pub pairs: i64,
    periods: Vec<Period>,
    filters: Vec<Filter>,
}

/// What is looked up while people pass by.
struct Plan {
    stays: Vec<Stays>,
    periods: Vec<Period>,
    los: (Cohort, Vec<Filter>),
    readmission: readmission::Rule,
    filters: Vec<Filter>,
    follow_up_ends: Day,
}

/// One thread's counts.
struct Partial {
    counts: Vec<Counts>,
    differences: BTreeMap<(Reason, Vec<bool>), i64>,
    pairs: i64,
}

impl Partial {
    fn new(plan: &Plan) -> Self {
        let attrition = Attrition::new(plan.filters.len() + 1);
        let counts = Counts { attrition, ..Counts::default() };
        Self { counts: vec![counts; plan.stays.len()], differences: BTreeMap::new(), pairs: 0 }
    }

    fn merge(mut self, other: Self) -> Self {
        for (mine, more) in self.counts.iter_mut().zip(&other.counts) {
            mine.merge(more);
        }
        for (key, more) in other.differences {
            *self.differences.entry(key).or_default() += more;
        }
        self.pairs += other.pairs;
        self
    }
}

/// Spells and stays of one person under one set of rules.
#[derive(Default)]
struct Buffers {
    scratch: StayScratch,
    spells: Vec<Spell>,
    cips: Vec<Cips>,
    /// Places of the spells that are not regular attenders'.
    places: Vec<(u32, bool)>,
}

impl Counts {
    fn merge(&mut self, other: &Self) {
        self.spells += other.spells;
        self.regular_spells += other.regular_spells;
        self.stays += other.stays;
        self.several += other.several;
        self.joined_pairs += other.joined_pairs;
        self.transfers += other.transfers;
        self.nights.merge(&other.nights);
        self.index += other.index;
        self.readmitted += other.readmitted;
        self.attrition.merge(&other.attrition);
    }

    fn add(&mut self, plan: &Plan, of: Facts, spells: &[Spell], cips: &[Cips]) {
        let regular = spells.iter().filter(|spell| is_regular_attender(spell.class)).count();
        self.spells += spells.len() as i64;
        self.regular_spells += regular as i64;
        self.stays += cips.len() as i64;
        self.several += cips.iter().filter(|stay| stay.spells > 1).count() as i64;
        self.joined_pairs += spells.len() as i64 - cips.len() as i64;
        self.transfers += transfers(spells, cips.len());
        let mut furthest = None;
        for (n, stay) in cips.iter().map(Stay::of_cips).enumerate() {
            let within = plan.periods.iter().find(|period| period.contains(stay.discharge));
            let Some(&period) = within.or(plan.periods.first()) else { continue };
            let (cohort, filters) = &plan.los;
            if cohort.position(filters, &stay, of, period) == filters.len() {
                self.nights.add(stay.nights().max(0), 1);
            }
            let rule = &plan.readmission;
            let mut position = rule.index.position(&plan.filters, &stay, of, period);
            let end = stay.discharge.plus(rule.next.hi);
            if position == plan.filters.len() && end < plan.follow_up_ends {
                position += 1;
                self.index += 1;
                self.readmitted += i64::from(readmission(cips, n, &rule.next).is_some());
            }
            self.attrition.record(position);
            furthest = furthest.max(Some(position));
        }
        if let Some(furthest) = furthest {
            self.attrition.person(furthest);
        }
    }
}

/// Spells that joined at another provider than the spell before them in the same stay.
fn transfers(spells: &[Spell], stays: usize) -> i64 {
    let mut last: Vec<Option<u16>> = vec![None; stays];
    let mut count = 0;
    for spell in spells {
        let Some(last) = last.get_mut(spell.cips as usize) else { continue };
        count += i64::from(last.is_some_and(|provider| provider != spell.provider));
        *last = Some(spell.provider);
    }
    count
}

impl Plan {
    fn new(prepared: &Prepared, columns: &[HospitalSettings]) -> Self {
        let (frame, facts, study) = (&prepared.frame, &prepared.facts, &prepared.study);
        let texts = &prepared.records.texts;
        let providers = texts.provider.texts();
        let (lsoas, councils) = (texts.lsoa.texts(), texts.la.texts());
        let stays = columns.iter().map(|settings| {
            Stays::new(settings, facts.sus_end, &providers).with_areas(&lsoas, &councils)
        });
        let cohort = study.measures.los.cohort.resolve(CohortProfile::General);
        let readmission = study.measures.readmission.engine(READMISSION_DAYS);
        Self {
            stays: stays.collect(),
            periods: frame.study.periods.clone(),
            los: (cohort.clone(), cohort.filters()),
            filters: readmission.index.filters(),
            readmission,
            follow_up_ends: frame.sus_end,
        }
    }

    fn person(&self, person: &Person<'_>, buffers: &mut [Buffers], partial: &mut Partial) {
        if !person.is_known() || person.episodes.is_empty() {
            return;
        }
        let of = Facts::of(person);
        let columns = self.stays.iter().zip(buffers.iter_mut()).zip(&mut partial.counts);
        for ((stays, buffers), counts) in columns {
            let Buffers { scratch, spells, cips, places } = buffers;
            let mut cleaning = HospitalCounts::default();
            let registered = person.death.registration;
            stays.build(person.episodes, registered, true, scratch, spells, cips, &mut cleaning);
            counts.add(self, of, spells, cips);
            without_regular(spells, places);
        }
        let pairs = buffers.iter().map(|buffers| buffers.places.len()).min().unwrap_or(0);
        for n in 1..pairs {
            partial.pairs += 1;
            let Some((before, spell)) = buffers.first().and_then(|first| first.pair(n)) else {
                continue;
            };
            let columns = self.stays.iter().zip(buffers.iter());
            let verdicts: Vec<Verdict<'_>> = columns
                .map(|(stays, buffers)| Verdict {
                    rules: stays.rules(),
                    joined: buffers.pair(n).is_some_and(|(a, b)| a.cips == b.cips),
                    regular_between: buffers.places.get(n).is_some_and(|place| place.1),
                })
                .collect();
            if let Some(reason) = reason(&before, &spell, &verdicts) {
                let joined = verdicts.iter().map(|verdict| verdict.joined).collect();
                *partial.differences.entry((reason, joined)).or_default() += 1;
            }
        }
    }
}

impl Buffers {
    /// The spell at this place among those that are not regular attenders', and the one before it.
    fn pair(&self, n: usize) -> Option<(Spell, Spell)> {
        let spell = |n: usize| {
            self.places.get(n).and_then(|place| self.spells.get(place.0 as usize)).copied()
        };
        Some((spell(n.checked_sub(1)?)?, spell(n)?))
    }
}

/// The settings of a study with the joining rules of a profile and no override of them.
fn published(study: &HospitalSettings, profile: Profile) -> HospitalSettings {
    HospitalSettings {
        profile,
        max_gap_days: None,
        min_gap: None,
        destinations: None,
        sources: None,
        methods: None,
        exclude_19_51_21: None,
        regular_attenders: None,
        compare_with: None,
        ..study.clone()
    }
}

/// What a study sets otherwise than its profile, as `key = value` in the order of the keys.
fn overrides(study: &HospitalSettings) -> Vec<String> {
    let table = |settings: &HospitalSettings| toml::Table::try_from(settings).unwrap_or_default();
    let published = table(&HospitalSettings::of(study.profile));
    table(study)
        .iter()
        // the day of the extract is a fact of the files, not a choice
        .filter(|(key, value)| *key != "extract_date" && published.get(*key) != Some(value))
        .map(|(key, value)| format!("{key} = {value}"))
        .collect()
}

impl StayRules {
    /// Links every person of a study once and joins the spells under each set of rules.
    #[must_use]
    pub fn compare(prepared: &Prepared, progress: &dyn Progress) -> (Self, LinkCounts) {
        let study = &prepared.study.hospital;
        let mut names = vec!["engine", "hf", "nhsd"];
        let mut columns: Vec<HospitalSettings> = [Profile::Engine, Profile::Hf, Profile::Nhsd]
            .map(|profile| published(study, profile))
            .into();
        if !columns.iter().any(|settings| settings.rules() == study.rules()) {
            names.push("study");
            columns.push(study.clone());
        }
        let plan = Plan::new(prepared, &columns);
        let buffers = || columns.iter().map(|_| Buffers::default()).collect::<Vec<_>>();
        let empty = || (Partial::new(&plan), buffers());
        let add = |(partial, buffers): &mut (Partial, Vec<Buffers>), person: &Person<'_>| {
            plan.person(person, buffers, partial);
        };
        let merge = |(one, buffers): (Partial, Vec<Buffers>), (other, _): (Partial, _)| {
            (one.merge(other), buffers)
        };
        let pass = Pass { stage: "joining spells", linker: prepared.linker(), progress };
        let ((partial, _), link) = prepared.count_people(&pass, empty, add, merge);
        let rules = names.into_iter().zip(plan.stays.iter().map(|stays| stays.rules().clone()));
        let compared = Self {
            columns: rules.collect(),
            overrides: overrides(study),
            counts: partial.counts,
            differences: partial.differences,
            pairs: partial.pairs,
            periods: plan.periods,
            filters: plan.filters,
        };
        (compared, link)
    }

    /// The names of the columns that join, with commas; `none` when none does.
    #[must_use]
    pub fn joined_by(&self, joined: &[bool]) -> String {
        let names = self.columns.iter().zip(joined).filter(|(_, joined)| **joined);
        let names: Vec<&str> = names.map(|((name, _), _)| *name).collect();
        if names.is_empty() { "none".into() } else { names.join(", ") }
    }

    /// The rules of each column as texts, rule by rule: its key, then one value a column.
    #[must_use]
    pub fn rules(&self) -> Vec<(String, Vec<String>)> {
        let tables: Vec<toml::Table> = self
            .columns
            .iter()
            .map(|(_, rules)| toml::Table::try_from(rules).unwrap_or_default())
            .collect();
        let keys = tables.first().map(|table| table.keys().cloned().collect::<Vec<_>>());
        keys.unwrap_or_default()
            .into_iter()
            .filter(|key| key != "profile")
            .map(|key| (key.clone(), tables.iter().map(|table| told(table.get(&key))).collect()))
            .collect()
    }

    /// Everything as figures for disclosure control: `profile` and `reason` are strata.
    #[must_use]
    pub fn results(&self) -> Results {
        let mut results = Results::default();
        let Some(period) = whole(&self.periods) else { return results };
        for ((name, _), counts) in self.columns.iter().zip(&self.counts) {
            counts.figures(name, period, &mut results.measures);
            let of = Steps { measure: NAME, part: name, period, unit: Unit::Discharges };
            let follow_up = format!(
                "window of {} days after discharge not complete in the data",
                READMISSION_DAYS - 1
            );
            let filters = self.filters.iter().map(|filter| filter.text());
            let filters = filters.chain([("M7.4", follow_up)]);
            let start = ("M7", format!("all stays under the rules {name}"));
            counts.attrition.steps(&of, start, filters, &mut results.attrition);
        }
        let count = |part: &str, stratum: String, n: i64| Figure {
            part: part.into(),
            stratum,
            numerator: Some(n),
            ..blank(period, Unit::Events)
        };
        results.measures.push(count("consecutive_pairs", String::new(), self.pairs));
        for ((reason, joined), &pairs) in &self.differences {
            let joined = self.joined_by(joined).replace(", ", "+");
            let stratum = format!("reason={}; joined_by={joined}", reason.name());
            results.measures.push(count("differing_pairs", stratum, pairs));
        }
        results
    }

    /// The results as those of a run, with what cleaning left out.
    #[must_use]
    pub fn outcome(&self, link: &LinkCounts, prepared: &Prepared) -> Outcome {
        let mut results = self.results();
        let audit = link.audit();
        results.quality.extend(quality::of_audit(&audit));
        results.quality.extend(quality::of_files(&prepared.records));
        Outcome { results, audit, people: link.people }
    }
}

impl Counts {
    fn figures(&self, profile: &str, period: Period, out: &mut Vec<Figure>) {
        let figure = |part: &str, unit: Unit| Figure {
            part: part.into(),
            stratum: format!("profile={profile}"),
            ..blank(period, unit)
        };
        for (part, n, unit) in [
            ("spells", self.spells, Unit::Events),
            ("regular_attender_spells", self.regular_spells, Unit::Events),
            ("stays", self.stays, Unit::Admissions),
            ("stays_of_several_spells", self.several, Unit::Admissions),
            ("joined_pairs", self.joined_pairs, Unit::Events),
            ("transfers", self.transfers, Unit::Events),
            ("discharges", self.nights.records(), Unit::Discharges),
        ] {
            out.push(Figure { numerator: Some(n), ..figure(part, unit) });
        }
        for (part, value) in
            [("mean_nights", self.nights.mean()), ("median_nights", self.nights.quantile(500))]
        {
            out.push(Figure {
                denominator: Some(self.nights.records()),
                value: value.map_or(Value::Unavailable, Value::Statistic),
                counts: Unit::Discharges,
                ..figure(part, Unit::Days)
            });
        }
        out.push(Figure {
            numerator: Some(self.readmitted),
            denominator: Some(self.index),
            value: if self.index > 0 { Value::Percent(1) } else { Value::Unavailable },
            interval: wilson_percent(self.readmitted, self.index),
            counts: Unit::Discharges,
            ..figure("readmission_30d", Unit::Percent)
        });
    }
}

/// A count of England without its number.
fn blank(period: Period, unit: Unit) -> Figure {
    Figure {
        measure: NAME,
        part: String::new(),
        period,
        area: Area::england(),
        stratum: String::new(),
        numerator: None,
        denominator: None,
        value: Value::Count,
        interval: None,
        unit,
        counts: unit,
    }
}

/// From the first day of the periods to the last.
fn whole(periods: &[Period]) -> Option<Period> {
    let start = periods.iter().map(|period| period.start).min()?;
    let end = periods.iter().map(|period| period.end).max()?;
    Some(Period { start, end })
}

/// A setting in words: lists without their brackets.
fn told(value: Option<&toml::Value>) -> String {
    match value {
        None => String::new(),
        Some(toml::Value::Array(values)) => {
            let mut text = String::new();
            for value in values.iter().filter_map(toml::Value::as_str) {
                // writing to a text does not fail
                let _ = write!(text, "{}{value}", if text.is_empty() { "" } else { " " });
            }
            text
        }
        Some(toml::Value::String(text)) => text.clone(),
        Some(toml::Value::Boolean(yes)) => if *yes { "yes" } else { "no" }.into(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
