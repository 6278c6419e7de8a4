//! Suppression and rounding profiles (disclosure-and-governance.md section 5).

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The profiles of section 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProfileName {
    /// Hospital episode rule since September 2018: 1 to 7 suppressed, everything else to the nearest 5.
    #[serde(rename = "hes7")]
    Hes7,
    /// Hospital episode rule before 2018: 1 to 5 suppressed, unrounded, with secondary suppression.
    #[serde(rename = "hes5_old")]
    Hes5Old,
    /// Social care: 1 to 4 suppressed, nearest 5, percentages from unrounded counts.
    #[serde(rename = "cld5")]
    Cld5,
    /// Social care: 1 to 4 shown as 5, else as [`ProfileName::Cld5`].
    #[serde(rename = "cld5_round")]
    Cld5Round,
    /// Everything to the nearest 5; what rounds to zero is marked `low`.
    #[serde(rename = "round5")]
    Round5,
    /// No control: inside the secure setting only, every file stamped.
    #[serde(rename = "none")]
    None,
}

impl ProfileName {
    /// The name in study files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hes7 => "hes7",
            Self::Hes5Old => "hes5_old",
            Self::Cld5 => "cld5",
            Self::Cld5Round => "cld5_round",
            Self::Round5 => "round5",
            Self::None => "none",
        }
    }

    pub(super) const fn rules(self) -> Rules {
        let (threshold, small, round_to, secondary, pct_from, statistic_min) = match self {
            Self::Hes7 => (8, Small::Suppress, 5, false, PctFrom::Rounded, 8),
            Self::Hes5Old => (6, Small::Suppress, 1, true, PctFrom::Unrounded, 10),
            Self::Cld5 => (5, Small::Suppress, 5, true, PctFrom::Unrounded, 10),
            Self::Cld5Round => (5, Small::RoundUp, 5, true, PctFrom::Unrounded, 10),
            Self::Round5 => (1, Small::Suppress, 5, false, PctFrom::Rounded, 10),
            Self::None => (1, Small::Suppress, 1, false, PctFrom::Unrounded, 0),
        };
        let rate_events_min = if matches!(self, Self::None) { 0 } else { 10 };
        Rules {
            profile: self,
            threshold,
            small,
            round_to,
            secondary,
            pct_from,
            statistic_min,
            rate_events_min,
            hide_zero: false,
            national_exempt: false,
        }
    }
}

/// Where percentages and rates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PctFrom {
    /// The exact counts.
    Unrounded,
    /// The rounded counts.
    Rounded,
}

/// What happens to a small count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Small {
    /// Replaced by `[c]`.
    Suppress,
    /// Shown as the rounding base.
    RoundUp,
}

/// The table `[disclosure]` of a study file: a profile, and what of it is to be stricter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DisclosureSettings {
    /// Profile of every table; by default `cld5` for tables of social care alone and `hes7` as soon
    /// as hospital records enter.
    pub profile: Option<ProfileName>,
    /// Smallest count that is shown, at least the profile's.
    pub threshold: Option<u32>,
    /// Base of rounding, at least the profile's.
    pub round_to: Option<u32>,
    /// Secondary suppression; cannot be switched off where the profile needs it.
    pub secondary: Option<bool>,
    /// Counts behind percentages; `unrounded` only where the profile allows it.
    pub pct_from: Option<PctFrom>,
    /// Fewest cases behind a median, a mean or another statistic, at least the profile's.
    pub statistic_min: Option<u32>,
    /// Whether counts of zero are hidden too.
    pub hide_zero: bool,
    /// Whether figures of England escape control, as the hospital rule allows (`hes7` only: where
    /// councils are not rounded, an exact England would give a suppressed council away).
    pub national_exempt: bool,
}

/// A setting that would protect less than the profile does.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "[disclosure] {setting} = {given} would protect less than profile {profile}, which needs {least}"
)]
pub struct ProfileError {
    /// Key of the table `[disclosure]`.
    pub setting: &'static str,
    /// Value given.
    pub given: String,
    /// Profile.
    pub profile: &'static str,
    /// What the profile needs.
    pub least: String,
}

/// The rules of one table: a profile with its overrides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Profile they come from.
    pub profile: ProfileName,
    /// Smallest count shown: 1 to `threshold - 1` are small.
    pub threshold: i64,
    /// What happens to small counts.
    pub small: Small,
    /// Base of rounding; 1 leaves counts as they are.
    pub round_to: i64,
    /// Whether section 6 is applied.
    pub secondary: bool,
    /// Counts behind percentages and rates.
    pub pct_from: PctFrom,
    /// Fewest cases behind a statistic.
    pub statistic_min: i64,
    /// Fewest events behind a rate.
    pub rate_events_min: i64,
    /// Whether zero is hidden.
    pub hide_zero: bool,
    /// Whether England escapes control.
    pub national_exempt: bool,
}

impl Rules {
    /// Whether a count is small: 1 to `threshold - 1`.
    #[must_use]
    pub const fn is_small(&self, count: i64) -> bool {
        count >= 1 && count < self.threshold
    }

    /// The count as it may be shown, once it is known that it may: rounded, half up for even bases.
    /// `5 × floor((x + 2) / 5)` for the base 5.
    #[must_use]
    pub fn rounded(&self, count: i64) -> i64 {
        if self.small == Small::RoundUp && self.is_small(count) {
            return self.round_to.max(self.threshold);
        }
        round_to(count, self.round_to)
    }

    /// These rules with counts rounded to 5 at least: attrition and graphs, where counts of one row
    /// follow from those of others, are rounded under every profile but `none`.
    #[must_use]
    pub fn rounding_always(mut self) -> Self {
        if self.profile != ProfileName::None {
            self.round_to = self.round_to.max(5);
            self.secondary = false;
            self.pct_from = PctFrom::Rounded;
        }
        self
    }
}

/// The nearest multiple of a base, halves away from zero. Bases below 2 leave the count as it is.
#[must_use]
pub const fn round_to(count: i64, base: i64) -> i64 {
    if base < 2 {
        return count;
    }
    let size = count.unsigned_abs() as i128;
    let base = base as i128;
    let rounded = ((size + base / 2) / base * base) as i64;
    if count < 0 { -rounded } else { rounded }
}

/// Measures that count social care records alone; every other one uses hospital records.
const SOCIAL_CARE_ONLY: [&str; 13] = [
    "activity",
    "lts_snapshot",
    "reviews",
    "costs",
    "ascof_2a",
    "ascof_2b",
    "ascof_2c",
    "ascof_2e",
    "ascof_3d",
    "waiting_times",
    "carers",
    "intensity",
    "care_market",
];

/// The checked settings of a run: gives every table its rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    settings: DisclosureSettings,
}

impl Profile {
    /// Checks the settings.
    ///
    /// # Errors
    /// When a setting would lower the protection of the profile, or of either default profile when
    /// none is named.
    pub fn new(settings: DisclosureSettings) -> Result<Self, ProfileError> {
        let profile = Self { settings };
        match profile.settings.profile {
            Some(name) => profile.check(name)?,
            None => {
                profile.check(ProfileName::Cld5)?;
                profile.check(ProfileName::Hes7)?;
            }
        }
        Ok(profile)
    }

    /// A profile as it is, for every table.
    #[must_use]
    pub fn named(name: ProfileName) -> Self {
        Self { settings: DisclosureSettings { profile: Some(name), ..Default::default() } }
    }

    /// The settings as given.
    #[must_use]
    pub const fn settings(&self) -> &DisclosureSettings {
        &self.settings
    }

    /// Whether nothing is controlled: the outputs must not leave the secure setting.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.settings.profile == Some(ProfileName::None)
    }

    /// The rules of a measure's figures.
    #[must_use]
    pub fn of_measure(&self, measure: &str) -> Rules {
        let social_care = SOCIAL_CARE_ONLY.contains(&measure) || measure.starts_with("salt_");
        self.of(if social_care { ProfileName::Cld5 } else { ProfileName::Hes7 })
    }

    /// The rules of data-quality counts of a source. The tables `dq_…` have many counts of the same
    /// records side by side, so all of them are rounded; `dq_linkage` counts hospital patients too.
    #[must_use]
    pub fn of_source(&self, source: &str) -> Rules {
        match source {
            "cld" => self.of(ProfileName::Cld5),
            "dq_linkage" => self.of(ProfileName::Hes7).rounding_always(),
            _ if source.starts_with("dq_") => self.of(ProfileName::Cld5).rounding_always(),
            _ => self.of(ProfileName::Hes7),
        }
    }

    /// The rules of graphs, which join both kinds of record.
    #[must_use]
    pub fn of_graph(&self) -> Rules {
        self.of(ProfileName::Hes7).rounding_always()
    }

    /// What a reader of the outputs should know of the choice of profile.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        match self.settings.profile {
            None | Some(ProfileName::Hes7) => Vec::new(),
            Some(ProfileName::None) => {
                vec!["Disclosure profile none: NOT FOR RELEASE outside the secure setting.".into()]
            }
            Some(name) => vec![format!(
                "Disclosure profile {} also covers counts of hospital patients, for which the rule \
                 in force is hes7.",
                name.code()
            )],
        }
    }

    fn of(&self, default: ProfileName) -> Rules {
        let name = self.settings.profile.unwrap_or(default);
        let mut rules = name.rules();
        let s = &self.settings;
        if name == ProfileName::None {
            return rules;
        }
        rules.threshold = s.threshold.map_or(rules.threshold, i64::from).max(rules.threshold);
        rules.round_to = s.round_to.map_or(rules.round_to, i64::from).max(rules.round_to);
        rules.secondary |= s.secondary == Some(true);
        rules.pct_from = s.pct_from.map_or(rules.pct_from, |from| from.max(rules.pct_from));
        rules.statistic_min = s
            .statistic_min
            .map_or(rules.statistic_min, i64::from)
            .max(rules.statistic_min)
            .max(rules.threshold);
        rules.hide_zero = s.hide_zero;
        rules.national_exempt = s.national_exempt && name == ProfileName::Hes7;
        rules
    }

    fn check(&self, name: ProfileName) -> Result<(), ProfileError> {
        let least = name.rules();
        let s = &self.settings;
        let fail = |setting, given: String, least: String| {
            Err(ProfileError { setting, given, profile: name.code(), least })
        };
        for (setting, given, least) in [
            ("threshold", s.threshold, least.threshold),
            ("round_to", s.round_to, least.round_to),
            ("statistic_min", s.statistic_min, least.statistic_min),
        ] {
            if let Some(given) = given.filter(|&given| i64::from(given) < least) {
                return fail(setting, given.to_string(), format!("{least} or more"));
            }
        }
        if s.secondary == Some(false) && least.secondary {
            return fail("secondary", "false".into(), "true".into());
        }
        if s.pct_from == Some(PctFrom::Unrounded) && least.pct_from == PctFrom::Rounded {
            return fail("pct_from", "\"unrounded\"".into(), "\"rounded\"".into());
        }
        let exempt_allowed = self.settings.profile.is_none() || name == ProfileName::Hes7;
        if s.national_exempt && !exempt_allowed {
            return fail("national_exempt", "true".into(), "false".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d05_rounding_to_the_nearest_5() {
        for (count, rounded) in [(0, 0), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25), (71, 70)]
        {
            assert_eq!(round_to(count, 5), rounded, "{count}");
            assert_eq!(round_to(count, 5), 5 * ((count + 2) / 5));
            assert_eq!(round_to(-count, 5), -rounded);
        }
        assert_eq!(round_to(i64::MAX, 1), i64::MAX);
        assert_eq!((round_to(15, 10), round_to(14, 10)), (20, 10));
    }

    #[test]
    fn d05_each_table_has_its_default() {
        let profile = Profile::default();
        assert_eq!(profile.of_measure("ascof_2a").profile, ProfileName::Cld5);
        assert_eq!(profile.of_measure("salt_sts001").profile, ProfileName::Cld5);
        assert_eq!(profile.of_measure("ascof_2d").profile, ProfileName::Hes7);
        assert_eq!(profile.of_measure("readmission").threshold, 8);
        assert_eq!(profile.of_source("cld").threshold, 5);
        assert_eq!(profile.of_source("linkage").threshold, 8);
        let one = Profile::named(ProfileName::Cld5);
        assert_eq!(one.of_measure("readmission").threshold, 5);
        assert_eq!(one.warnings().len(), 1);
    }

    #[test]
    fn overrides_may_never_lower_protection() {
        let settings = |text: &str| toml::from_str::<DisclosureSettings>(text).unwrap();
        let error = Profile::new(settings("profile = 'hes7'\nthreshold = 5")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "[disclosure] threshold = 5 would protect less than profile hes7, which needs 8 or more"
        );
        for lowered in [
            "threshold = 7", // no profile named: hes7 of the hospital tables counts
            "profile = 'cld5'\nround_to = 1",
            "profile = 'cld5'\nsecondary = false",
            "profile = 'hes7'\npct_from = 'unrounded'",
            "profile = 'cld5'\nnational_exempt = true",
            "profile = 'hes5_old'\nnational_exempt = true",
            "profile = 'hes7'\nstatistic_min = 3",
        ] {
            assert!(Profile::new(settings(lowered)).is_err(), "{lowered}");
        }
        let raised = Profile::new(settings(
            "profile = 'cld5'\nthreshold = 12\nround_to = 10\npct_from = 'rounded'",
        ))
        .unwrap()
        .of_measure("activity");
        assert_eq!((raised.threshold, raised.round_to), (12, 10));
        assert_eq!((raised.pct_from, raised.statistic_min), (PctFrom::Rounded, 12));
        assert!(toml::from_str::<DisclosureSettings>("treshold = 8").is_err());
    }
}
