//! The settings of `readmission` and the profiles of M7.

use super::intermediate_care::IntermediateCare;
use super::rule::{Intervening, NextRule};
use crate::cohort::{Cohort, CohortSettings, Profile};
use crate::measures::Measure;
use crate::measures::time_to::{self, Anchor, Index, Target};
use crate::stay::StayUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use throughcare_linkage::codes::short::CodeSet;
use throughcare_linkage::day::Period;

/// The table `[measures.readmission]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Periods of discharge; none means the study's.
    pub periods: Vec<Period>,
    /// The `engine` profiles: windows of this many days, from day 0; part `7d` is days 0 to 6.
    pub days: Vec<u16>,
    /// Index discharges of the `engine` profiles, on the profile `general`.
    pub cohort: CohortSettings,
    /// Which later stay the `engine` profiles look at.
    pub intervening: Intervening,
    /// Day cases and regular attenders are among the later stays of the `engine` profiles.
    pub daycase_counts: bool,
    /// The `engine` profiles leave out cancer and chemotherapy, before and after the discharge.
    pub exclude_cancer: bool,
    /// Named profiles.
    pub profiles: Vec<Named>,
    /// Profiles of the study's own.
    pub custom: Vec<Custom>,
    /// Curves of the time to readmission.
    pub curves: CurveSettings,
    /// Readmission while intermediate care runs.
    pub intermediate_care: IntermediateCare,
}

/// The table `[measures.readmission.curves]`: cumulative incidence of readmission, care-home entry and
/// death after an index discharge of the `engine` profiles (M9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CurveSettings {
    /// Days of the curves of regions and councils; none for no curves.
    pub horizons: Vec<u16>,
    /// Last day of England's curves, which have every day.
    pub horizon_days: u16,
    /// Which index discharges of a person count.
    pub index: Index,
    /// People in long-term nursing or residential care on the day of admission are left out;
    /// `false` keeps them, and their care-home entry is a further one.
    pub outside_care_home: bool,
}

impl Default for CurveSettings {
    fn default() -> Self {
        Self {
            horizons: time_to::horizons(),
            horizon_days: 365,
            index: Index::First,
            outside_care_home: true,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            periods: Vec::new(),
            days: vec![7, 28, 30, 90],
            cohort: CohortSettings::default(),
            intervening: Intervening::NextNondaycase,
            daycase_counts: false,
            exclude_cancer: false,
            profiles: vec![Named::Nhsd30, Named::Nhsd28, Named::Ndl30, Named::Nhp28],
            custom: Vec::new(),
            curves: CurveSettings::default(),
            intermediate_care: IntermediateCare::default(),
        }
    }
}

/// A named profile of M7; its name is the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Named {
    /// The published indicator: days 0 to 29.
    Nhsd30,
    /// The older published indicator: days 0 to 27, without mental-health specialties.
    Nhsd28,
    /// Networked Data Lab: any admission on days 1 to 30.
    Ndl30,
    /// New Hospital Programme: emergency on days 0 to 28, whatever the discharge.
    Nhp28,
}

/// A profile of the study's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    /// The part.
    pub name: String,
    /// Index discharges, on the profile `all`: every CIPS with a known discharge.
    #[serde(default)]
    pub index: CohortSettings,
    /// What counts as a readmission.
    #[serde(default)]
    pub next: NextRule,
    /// Index discharges need a window that ends before the hospital data do (M7 step 4).
    #[serde(default = "yes")]
    pub complete_follow_up: bool,
}

const fn yes() -> bool {
    true
}

/// A resolved profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Part.
    pub part: String,
    /// Index discharges.
    pub index: Cohort,
    /// What counts as a readmission.
    pub next: NextRule,
    /// Index discharges need a complete window.
    pub complete_follow_up: bool,
    /// Ages in the bands of the published indicator.
    pub published_ages: bool,
}

impl Settings {
    /// Every profile that is asked for, in the order of output: `engine`, named, custom.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        let engine = self.days.iter().map(|&days| self.engine(days));
        let named = self.profiles.iter().map(|profile| profile.rule());
        engine.chain(named).chain(self.custom.iter().map(Custom::rule)).collect()
    }

    /// Parts of the profiles that leave stays out by their diagnoses.
    #[must_use]
    pub fn rules_by_diagnosis(&self) -> Vec<String> {
        let looks = |rule: &Rule| {
            rule.index.exclude_cancer || rule.index.exclude_maternity || rule.next.exclude_cancer
        };
        self.rules().into_iter().filter(looks).map(|rule| rule.part).collect()
    }

    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        crate::measures::check_periods(&self.periods)?;
        self.intermediate_care.check()?;
        if self.days.contains(&0) {
            return Err("days must not have a window of 0 days".into());
        }
        let mut parts = BTreeSet::new();
        for rule in self.rules() {
            let (part, next) = (&rule.part, &rule.next);
            if rule.index.unit == StayUnit::Spell {
                return Err(format!(
                    "{part}: readmission follows CIPS, unit = \"spell\" cannot be had"
                ));
            }
            if next.lo > next.hi || next.lo < 0 {
                return Err(format!(
                    "{part}: no admission is {} to {} days later",
                    next.lo, next.hi
                ));
            }
            if part.is_empty() || !parts.insert(part.clone()) {
                return Err(format!("two profiles are called {part:?}, or one has no name"));
            }
        }
        let horizons: BTreeSet<u16> = self.curves.horizons.iter().copied().collect();
        if horizons.len() < self.curves.horizons.len() {
            return Err("curves: horizons must not have a day twice".into());
        }
        Ok(())
    }

    /// The curves, and which stays may be a readmission; `None` without horizons. Without social care
    /// records the events are readmission and death (M9).
    #[must_use]
    pub fn curves(&self, by: &[String], has_care: bool) -> Option<(time_to::Settings, NextRule)> {
        let curves = &self.curves;
        if curves.horizons.is_empty() {
            return None;
        }
        // M9: on one day an admission precedes care-home entry, and that death
        let mut events = vec![Target::Readmission, Target::CareHome, Target::Death];
        events.retain(|event| has_care || *event != Target::CareHome);
        let by = by.iter().map(String::as_str).chain(["age_band", "sex"]);
        let settings = time_to::Settings {
            name: super::Readmission::NAME.into(),
            anchor: Anchor::Discharge,
            events,
            horizon_days: curves.horizon_days,
            by: by.map(Into::into).collect(),
            horizons: curves.horizons.clone(),
            occupancy_days: Vec::new(),
            index: curves.index,
            cohort: CohortSettings {
                exclude_cancer: self.cohort.exclude_cancer.or(Some(self.exclude_cancer)),
                ..self.cohort.clone()
            },
            outside_care_home: curves.outside_care_home,
            periods: self.periods.clone(),
        };
        Some((settings, self.engine(curves.horizon_days.max(1)).next))
    }

    /// Index discharges of the `engine` profiles.
    pub(super) fn engine_index(&self) -> Cohort {
        let mut index = self.cohort.resolve(Profile::General);
        index.exclude_inner = self.cohort.exclude_inner.unwrap_or(true);
        index.exclude_cancer |= self.exclude_cancer;
        index
    }

    /// The `engine` profile of a window of this many days.
    #[must_use]
    pub(crate) fn engine(&self, days: u16) -> Rule {
        let index = self.engine_index();
        let next = NextRule {
            hi: i32::from(days) - 1,
            intervening: self.intervening,
            day_cases: self.daycase_counts,
            regular_attenders: self.daycase_counts,
            exclude_cancer: self.exclude_cancer,
            ..NextRule::default()
        };
        let part = format!("{days}d");
        Rule { part, index, next, complete_follow_up: true, published_ages: false }
    }
}

impl Named {
    fn rule(self) -> Rule {
        let published = |part: &str, days: i32, index: Cohort| Rule {
            part: part.into(),
            index,
            next: NextRule {
                hi: days - 1,
                exclude_cancer: true,
                exclude_specialties: CodeSet::new(["501", "560", "610"]),
                ..NextRule::default()
            },
            complete_follow_up: true,
            published_ages: true,
        };
        let other = |part: &str, index: Cohort, next: NextRule| Rule {
            part: part.into(),
            index: Cohort { exclude_inner: true, ..index },
            next,
            complete_follow_up: true,
            published_ages: false,
        };
        let all = Cohort::of(Profile::All);
        match self {
            Self::Nhsd30 => published("nhsd30", 30, Cohort::of(Profile::NhsdReadm)),
            Self::Nhsd28 => {
                let index = Cohort::of(Profile::NhsdReadm);
                published("nhsd28", 28, Cohort { exclude_mental_health: true, ..index })
            }
            // nights not 0 and not died, nothing else, day cases not candidates
            Self::Ndl30 => other(
                "ndl30",
                Cohort { exclude_died: true, min_nights: 1, ..all },
                NextRule {
                    lo: 1,
                    hi: 30,
                    intervening: Intervening::Any,
                    any_admission: true,
                    ..NextRule::default()
                },
            ),
            // every CIPS with an observed end except regular attenders, next of any kind
            Self::Nhp28 => other(
                "nhp28",
                Cohort { exclude_regular_attenders: true, ..all },
                NextRule {
                    hi: 28,
                    day_cases: true,
                    regular_attenders: true,
                    ..NextRule::default()
                },
            ),
        }
    }
}

impl Custom {
    fn rule(&self) -> Rule {
        Rule {
            part: self.name.clone(),
            index: self.index.resolve(Profile::All),
            next: self.next.clone(),
            complete_follow_up: self.complete_follow_up,
            published_ages: false,
        }
    }
}
