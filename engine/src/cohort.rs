//! The index discharge cohort (M0.2): switches with named profiles.

use crate::attrition::FilterText;
use crate::stay::{Facts, Stay, StayUnit, is_regular_attender};
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::{Code, CodeSet};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::hospital::stay::StayFlags;

/// A named profile of M0.2. `ascof2d` belongs to the measure of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Adults who left hospital alive, as this engine counts them.
    General,
    /// The cohort of the published readmission indicator.
    NhsdReadm,
    /// Better Care Fund: discharge to the usual place of residence.
    BcfHome,
    /// Discharge-ready date.
    Drd,
    /// Networked Data Lab: discharge pathway by destination (M5a).
    Ndl,
    /// Every stay with a known discharge: all switches off.
    All,
}

/// How ages are reckoned from the month of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeMethod {
    /// Completed years, born on the first of the month.
    Calendar,
    /// The department's formula: days / 365.25, rounded down.
    Dhsc,
}

/// The cohort as a study file gives it: a profile and departures from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the field of Cohort with the same name")]
pub struct CohortSettings {
    pub profile: Option<Profile>,
    pub unit: Option<StayUnit>,
    pub linkable_only: Option<bool>,
    pub age_method: Option<AgeMethod>,
    pub min_age: Option<i32>,
    pub max_age: Option<i32>,
    pub exclude_died: Option<bool>,
    pub exclude_stillbirth: Option<bool>,
    pub exclude_destinations: Option<CodeSet>,
    pub exclude_methods: Option<CodeSet>,
    pub exclude_specialties: Option<CodeSet>,
    pub exclude_mental_health: Option<bool>,
    pub exclude_maternity: Option<bool>,
    pub exclude_cancer: Option<bool>,
    pub exclude_day_cases: Option<bool>,
    pub exclude_regular_attenders: Option<bool>,
    pub exclude_mother_and_baby: Option<bool>,
    pub exclude_inner: Option<bool>,
    pub min_nights: Option<i32>,
    pub drop_missing_codes: Option<bool>,
}

/// The resolved cohort: which stays are index discharges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// What one discharge is.
    pub unit: StayUnit,
    /// Only people whose hospital and care records can meet (M0.3).
    pub linkable_only: bool,
    /// How ages are reckoned.
    pub age_method: AgeMethod,
    /// Youngest age at discharge, in years, included. People of unknown age are left out when there
    /// is a limit of age.
    pub min_age: Option<i32>,
    /// Oldest age at discharge, in years, included.
    pub max_age: Option<i32>,
    /// Leave out discharge method 4, and that alone.
    pub exclude_died: bool,
    /// Leave out discharge method 5.
    pub exclude_stillbirth: bool,
    /// Leave out these discharge destinations.
    pub exclude_destinations: CodeSet,
    /// Leave out these admission methods.
    pub exclude_methods: CodeSet,
    /// Leave out these treatment functions at discharge.
    pub exclude_specialties: CodeSet,
    /// Leave out treatment functions 7xx at discharge.
    pub exclude_mental_health: bool,
    /// Leave out maternity by specialty, episode type or diagnosis.
    pub exclude_maternity: bool,
    /// Leave out any mention of cancer or chemotherapy in the stay.
    pub exclude_cancer: bool,
    /// Leave out day cases.
    pub exclude_day_cases: bool,
    /// Leave out patient classifications 3 and 4.
    pub exclude_regular_attenders: bool,
    /// Leave out patient classification 5.
    pub exclude_mother_and_baby: bool,
    /// Leave out stays inside another provider's stay that joined no CIPS of it.
    pub exclude_inner: bool,
    /// Fewest nights, included.
    pub min_nights: i32,
    /// Leave out stays whose destination, method or specialty is missing while a rule excludes some
    /// of its codes.
    pub drop_missing_codes: bool,
}

/// Destinations in hospital (`sus-fields.md` 6.4 and X-09).
pub const HOSPITAL_DESTINATIONS: [&str; 8] = ["48", "49", "50", "51", "52", "53", "84", "87"];

const DIED_OR_UNFINISHED: [&str; 2] = ["79", "98"];
const MATERNITY_AND_BIRTH_METHODS: [&str; 4] = ["31", "32", "82", "83"];

impl Cohort {
    /// The cohort of a profile.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        let none = CodeSet::new([]);
        let all = Self {
            unit: StayUnit::Cips,
            linkable_only: false,
            age_method: AgeMethod::Calendar,
            min_age: None,
            max_age: None,
            exclude_died: false,
            exclude_stillbirth: false,
            exclude_destinations: none.clone(),
            exclude_methods: none.clone(),
            exclude_specialties: none,
            exclude_mental_health: false,
            exclude_maternity: false,
            exclude_cancer: false,
            exclude_day_cases: false,
            exclude_regular_attenders: false,
            exclude_mother_and_baby: false,
            exclude_inner: false,
            min_nights: 0,
            drop_missing_codes: false,
        };
        let alive = Self {
            exclude_died: true,
            exclude_stillbirth: true,
            exclude_day_cases: true,
            exclude_regular_attenders: true,
            exclude_mother_and_baby: true,
            ..all.clone()
        };
        let adults = Self {
            min_age: Some(18),
            exclude_methods: CodeSet::new(MATERNITY_AND_BIRTH_METHODS),
            ..alive.clone()
        };
        let left_hospital =
            CodeSet::new(DIED_OR_UNFINISHED.into_iter().chain(HOSPITAL_DESTINATIONS));
        match profile {
            Profile::All => all,
            Profile::General => {
                Self { linkable_only: true, exclude_destinations: left_hospital, ..adults }
            }
            Profile::NhsdReadm => Self {
                linkable_only: true,
                exclude_maternity: true,
                exclude_cancer: true,
                exclude_inner: true,
                ..alive
            },
            Profile::BcfHome => Self {
                unit: StayUnit::Spell,
                exclude_destinations: left_hospital,
                exclude_mental_health: true,
                ..adults
            },
            Profile::Ndl => Self {
                unit: StayUnit::Spell,
                min_age: Some(18),
                exclude_died: true,
                exclude_destinations: CodeSet::new(["79"]),
                exclude_methods: CodeSet::new(["31", "32"]),
                min_nights: 1,
                ..all
            },
            Profile::Drd => Self {
                unit: StayUnit::Spell,
                exclude_destinations: CodeSet::new(["79"]),
                exclude_mental_health: true,
                min_nights: 1,
                ..adults
            },
        }
    }

    /// The filters that are switched on, in the order in which they apply.
    #[must_use]
    pub fn filters(&self) -> Vec<Filter> {
        let none = CodeSet::new([]);
        let on = |filter: &Filter| match filter {
            Filter::Person | Filter::End | Filter::Period => true,
            Filter::Linkable => self.linkable_only,
            Filter::Age => self.min_age.is_some() || self.max_age.is_some(),
            Filter::MotherAndBaby => self.exclude_mother_and_baby,
            Filter::RegularAttender => self.exclude_regular_attenders,
            Filter::DayCase => self.exclude_day_cases,
            Filter::Inner => self.exclude_inner,
            Filter::Method => self.exclude_methods != none,
            Filter::Specialty => self.exclude_specialties != none,
            Filter::MentalHealth => self.exclude_mental_health,
            Filter::Maternity => self.exclude_maternity,
            Filter::Cancer => self.exclude_cancer,
            Filter::Stillbirth => self.exclude_stillbirth,
            Filter::Died => self.exclude_died,
            Filter::Destination => self.exclude_destinations != none,
            Filter::Nights => self.min_nights > 0,
        };
        Filter::ALL.into_iter().filter(on).collect()
    }

    /// Whether a filter leaves a stay out. `on` is the day for the age: the discharge, or the day of
    /// a census.
    #[must_use]
    pub fn excludes(
        &self,
        filter: Filter,
        stay: &Stay,
        of: Facts,
        period: Period,
        on: Day,
    ) -> bool {
        const DIED: Code = Code::new("4");
        const STILLBIRTH: Code = Code::new("5");
        const MOTHER_AND_BABY: Code = Code::new("5");
        let listed = |set: &CodeSet, code: Code| {
            set.contains(code) || (self.drop_missing_codes && code.is_none())
        };
        match filter {
            Filter::Person => !of.known,
            Filter::End => !stay.end_kind.is_known(),
            Filter::Period => !period.contains(stay.discharge),
            Filter::Linkable => !of.linkable,
            Filter::Age => {
                let age = match self.age_method {
                    AgeMethod::Calendar => stay.birth.calendar_age(on),
                    AgeMethod::Dhsc => stay.birth.dhsc_age(on),
                };
                age.is_none_or(|age| {
                    self.min_age.is_some_and(|min| age < min)
                        || self.max_age.is_some_and(|max| age > max)
                })
            }
            Filter::MotherAndBaby => stay.class == MOTHER_AND_BABY,
            Filter::RegularAttender => is_regular_attender(stay.class),
            Filter::DayCase => stay.day_case,
            Filter::Inner => stay.inner,
            Filter::Method => listed(&self.exclude_methods, stay.admission_method),
            Filter::Specialty => listed(&self.exclude_specialties, stay.treatment_discharge),
            Filter::MentalHealth => stay.treatment_discharge.starts_with(b'7'),
            Filter::Maternity => {
                stay.flags.has(StayFlags::MATERNITY) || stay.flags.has(StayFlags::OBSTETRIC)
            }
            Filter::Cancer => stay.flags.has(StayFlags::CANCER),
            Filter::Stillbirth => stay.discharge_method == STILLBIRTH,
            Filter::Died => stay.discharge_method == DIED,
            Filter::Destination => listed(&self.exclude_destinations, stay.destination),
            Filter::Nights => stay.nights() < self.min_nights,
        }
    }

    /// Position among `filters` (those of [`Cohort::filters`]) of the first that leaves the stay out;
    /// their number when it is an index discharge of the period.
    #[must_use]
    #[inline]
    pub fn position(&self, filters: &[Filter], stay: &Stay, of: Facts, period: Period) -> usize {
        let out = |filter: &Filter| self.excludes(*filter, stay, of, period, stay.discharge);
        filters.iter().position(out).unwrap_or(filters.len())
    }
}

impl CohortSettings {
    /// The cohort: the profile given, else `default`, with the departures.
    #[must_use]
    pub fn resolve(&self, default: Profile) -> Cohort {
        let base = Cohort::of(self.profile.unwrap_or(default));
        let codes = |given: &Option<CodeSet>, base: CodeSet| given.clone().unwrap_or(base);
        Cohort {
            unit: self.unit.unwrap_or(base.unit),
            linkable_only: self.linkable_only.unwrap_or(base.linkable_only),
            age_method: self.age_method.unwrap_or(base.age_method),
            min_age: self.min_age.or(base.min_age),
            max_age: self.max_age.or(base.max_age),
            exclude_died: self.exclude_died.unwrap_or(base.exclude_died),
            exclude_stillbirth: self.exclude_stillbirth.unwrap_or(base.exclude_stillbirth),
            exclude_destinations: codes(&self.exclude_destinations, base.exclude_destinations),
            exclude_methods: codes(&self.exclude_methods, base.exclude_methods),
            exclude_specialties: codes(&self.exclude_specialties, base.exclude_specialties),
            exclude_mental_health: self.exclude_mental_health.unwrap_or(base.exclude_mental_health),
            exclude_maternity: self.exclude_maternity.unwrap_or(base.exclude_maternity),
            exclude_cancer: self.exclude_cancer.unwrap_or(base.exclude_cancer),
            exclude_day_cases: self.exclude_day_cases.unwrap_or(base.exclude_day_cases),
            exclude_regular_attenders: self
                .exclude_regular_attenders
                .unwrap_or(base.exclude_regular_attenders),
            exclude_mother_and_baby: self
                .exclude_mother_and_baby
                .unwrap_or(base.exclude_mother_and_baby),
            exclude_inner: self.exclude_inner.unwrap_or(base.exclude_inner),
            min_nights: self.min_nights.unwrap_or(base.min_nights),
            drop_missing_codes: self.drop_missing_codes.unwrap_or(base.drop_missing_codes),
        }
    }
}

/// A filter of the cohort, in the order in which filters apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "Filter::text says it")]
pub enum Filter {
    Person,
    End,
    Period,
    Linkable,
    Age,
    MotherAndBaby,
    RegularAttender,
    DayCase,
    Inner,
    Method,
    Specialty,
    MentalHealth,
    Maternity,
    Cancer,
    Stillbirth,
    Died,
    Destination,
    Nights,
}

impl Filter {
    /// Every filter, in order.
    pub const ALL: [Self; 18] = [
        Self::Person,
        Self::End,
        Self::Period,
        Self::Linkable,
        Self::Age,
        Self::MotherAndBaby,
        Self::RegularAttender,
        Self::DayCase,
        Self::Inner,
        Self::Method,
        Self::Specialty,
        Self::MentalHealth,
        Self::Maternity,
        Self::Cancer,
        Self::Stillbirth,
        Self::Died,
        Self::Destination,
        Self::Nights,
    ];

    /// Whether a bed census looks at it: whatever is known of a stay before it ends.
    #[must_use]
    pub const fn holds_before_discharge(self) -> bool {
        !matches!(
            self,
            Self::End
                | Self::Period
                | Self::Stillbirth
                | Self::Died
                | Self::Destination
                | Self::Nights
        )
    }

    /// The rule and what it leaves out.
    #[must_use]
    pub fn text(self) -> FilterText {
        let (rule, what) = match self {
            Self::Person => ("X-22", "no person"),
            Self::End => ("M0.2", "no known discharge date"),
            Self::Period => ("M0.2", "discharge outside the period"),
            Self::Linkable => ("M0.3", "person not linkable"),
            Self::Age => ("M0.2", "age at discharge outside the limits or unknown"),
            Self::MotherAndBaby => ("X-09", "mother and baby using delivery facilities only"),
            Self::RegularAttender => ("J", "regular day or night attender"),
            Self::DayCase => ("J", "day case"),
            Self::Inner => ("X-07", "stay inside another provider's stay"),
            Self::Method => ("M0.2", "excluded admission method"),
            Self::Specialty => ("M0.2", "excluded treatment function"),
            Self::MentalHealth => ("X-09", "mental-health or learning-disability specialty"),
            Self::Maternity => ("X-11", "maternity specialty, episode or diagnosis"),
            Self::Cancer => ("M0.2", "cancer or chemotherapy"),
            Self::Stillbirth => ("M0.2", "stillbirth"),
            Self::Died => ("X-08", "died in hospital"),
            Self::Destination => ("M0.2", "excluded discharge destination"),
            Self::Nights => ("M0.2", "too few nights"),
        };
        (rule, what.into())
    }
}

#[cfg(test)]
mod tests;
