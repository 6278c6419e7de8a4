//! Settings of spells and CIPS, and the rules that they come to under a profile.

use crate::codes::short::CodeSet;
use crate::codes::sus;
use crate::day::Day;
use serde::{Deserialize, Serialize};

/// A published set of rules for joining spells (`hospital-spells.md`, first table).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// This engine's: two days, wide lists, overlaps join, compared with the latest discharge.
    #[default]
    Engine,
    /// The Health Foundation pipeline: three days, 51 to 53, regular attenders kept.
    Hf,
    /// The method attributed to NHS Digital: two days, no overlaps.
    Nhsd,
}

/// What becomes of a spell that begins before the one it is compared with has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MinGap {
    /// No lower limit: an overlap counts as a gap and needs a transfer marker (`hf`).
    None,
    /// A negative gap never joins (`nhsd`).
    Zero,
    /// An overlap joins with or without a marker (`engine`, G5).
    OverlapsJoin,
}

/// Which spell of the chain the next one is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareWith {
    /// The one with the latest discharge; ties: the later admission, then the higher key.
    LatestDischarge,
    /// The one before it in the same-day order.
    PreviousSpell,
}

/// A discharge before the admission (D1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversedDates {
    /// The spell is set aside.
    #[default]
    Quarantine,
    /// The dates change places.
    Swap,
    /// The discharge date is dropped, and the end imputed like any missing one.
    DropDischarge,
    /// No check: the input is known to be clean.
    Keep,
}

/// A discharge after the extract date (D6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateDates {
    /// The spell is set aside; so is one admitted after the extract date.
    #[default]
    Quarantine,
    /// The discharge date is dropped; a spell admitted after the extract date is set aside.
    DropDischarge,
    /// No check: the input is known to be clean.
    Keep,
}

/// A spell without a discharge date (D2 to D4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingEnd {
    /// The end is imputed.
    #[default]
    Impute,
    /// The spell is left out.
    Exclude,
    /// The spell is left out when any of its episodes has no discharge date, even if another has.
    ExcludeAny,
}

/// Order of one person's spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameDayOrder {
    /// Admission date, admission time (none first), discharge date, position in a transfer chain,
    /// provider code, spell key.
    #[default]
    Transit,
    /// Admission date, discharge date, spell key.
    Key,
}

/// The hygiene rules of `hospital-spells.md` G, each on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hygiene {
    /// Of spells with the same provider, admission and discharge keep one.
    pub g1: bool,
    /// Of spells with the same provider and admission drop those with an unknown destination.
    pub g2: bool,
    /// A spell inside another of the same provider is absorbed.
    pub g3: bool,
    /// Overlapping spells of one provider are merged.
    pub g4: bool,
    /// Overlaps of different providers are flagged.
    pub g5: bool,
    /// Day cases and zero-night spells strictly inside another provider's spell are flagged.
    pub g6: bool,
}

impl Hygiene {
    /// No rule.
    pub const OFF: Self = Self { g1: false, g2: false, g3: false, g4: false, g5: false, g6: false };
}

impl Default for Hygiene {
    fn default() -> Self {
        Self { g1: true, g2: true, g3: true, g4: true, g5: true, g6: true }
    }
}

/// The section `[hospital]` of a study. What is not set follows the profile or the handbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HospitalSettings {
    /// The rules for joining spells that the other settings override.
    pub profile: Profile,
    /// Day on which the hospital files were cut: the last day they can know of. The study needs it
    /// from here or from the files; the clock of the machine is never used.
    pub extract_date: Option<Day>,
    /// Statuses of an NHS number by which records are joined (`sus-fields.md` section 2); a row with
    /// another one counts as without a person, a row without one is joined.
    pub nhs_number_statuses: CodeSet,
    /// Largest gap in days, `admission - discharge`, that joins (I.6).
    pub max_gap_days: Option<i32>,
    /// What negative gaps do.
    pub min_gap: Option<MinGap>,
    /// Destinations of the earlier spell that mark a transfer.
    pub destinations: Option<CodeSet>,
    /// Sources of the later spell that mark a transfer.
    pub sources: Option<CodeSet>,
    /// Admission methods of the later spell that mark a transfer.
    pub methods: Option<CodeSet>,
    /// Whether destination 19, then source 51 and method 21 is a new emergency, not a transfer.
    pub exclude_19_51_21: Option<bool>,
    /// Whether regular attenders (class 3 and 4) take part in joining.
    pub regular_attenders: Option<bool>,
    /// Which spell the next one is compared with.
    pub compare_with: Option<CompareWith>,
    /// Methods that make an admission an emergency.
    pub emergency_methods: Option<CodeSet>,
    /// Treatment functions that are rehabilitation beds (319 is not one by default).
    pub rehab_functions: Option<CodeSet>,
    /// Whether births and newborn babies are left out.
    pub exclude_births: bool,
    /// Whether stillbirths (discharge method 5) are left out.
    pub exclude_stillbirths: bool,
    /// Whether rows sent twice are left out (C).
    pub remove_duplicates: bool,
    /// D1.
    pub reversed_dates: ReversedDates,
    /// D6.
    pub late_dates: LateDates,
    /// D2 to D4.
    pub missing_end: MissingEnd,
    /// Admissions before this day are flagged (D7).
    pub long_stay_before: Day,
    /// Whether a day case with nights becomes an ordinary admission (`sus-fields.md` 6.6).
    pub fix_daycase: bool,
    /// The rules of section G.
    pub hygiene: Hygiene,
    /// Whether spells are compared with the date of death (H1 to H5 and D5).
    pub death_consistency: bool,
    /// Days by which a discharge may follow the death before it is implausible (H2, H4).
    pub death_tolerance_days: i32,
    /// How many later spells show that a discharge as dead was an error (H5).
    pub death_error_records: u32,
    /// Order of one person's spells.
    pub same_day_order: SameDayOrder,
    /// Whether a HES spell whose last episode has no discharge date takes the latest of another
    /// episode (F2.5).
    pub rescue_disdate: bool,
    /// Whether invalid HES episodes still stand between valid ones when they are compared, as in the
    /// Health Foundation's code (B).
    pub hf_lag_includes_invalid: bool,
    /// Days before the extract date in which coding is still incomplete (E3): published as provisional.
    pub coding_lag_days: u32,
    /// Days after departure on which an admission may still belong to an attendance that ended in
    /// admission (K2).
    pub ae_adm_max_days: i32,
    /// Attendances of one person at one provider that are fewer minutes apart than this are one (C4).
    /// Unless set, the rule of the layout: 1, the same minute, for ECDS; 60 for A&E before ECDS.
    pub ae_dup_minutes: Option<i32>,
    /// The weakest match of a death record to a person that is believed, 1 best to 8 (`MATCH_RANK`).
    /// Records without a rank are believed.
    pub death_match_rank: u8,
}

impl Default for HospitalSettings {
    fn default() -> Self {
        Self {
            profile: Profile::Engine,
            extract_date: None,
            nhs_number_statuses: CodeSet::new(["01"]),
            max_gap_days: None,
            min_gap: None,
            destinations: None,
            sources: None,
            methods: None,
            exclude_19_51_21: None,
            regular_attenders: None,
            compare_with: None,
            emergency_methods: None,
            rehab_functions: None,
            exclude_births: true,
            exclude_stillbirths: true,
            remove_duplicates: true,
            reversed_dates: ReversedDates::Quarantine,
            late_dates: LateDates::Quarantine,
            missing_end: MissingEnd::Impute,
            long_stay_before: Day(7_305), // 1990-01-01
            fix_daycase: true,
            hygiene: Hygiene::default(),
            death_consistency: true,
            death_tolerance_days: 5,
            death_error_records: 2,
            same_day_order: SameDayOrder::Transit,
            rescue_disdate: true,
            hf_lag_includes_invalid: false,
            coding_lag_days: 60,
            ae_adm_max_days: 1,
            ae_dup_minutes: None,
            death_match_rank: 6,
        }
    }
}

/// What a profile and its overrides come to. The log of a run prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rules {
    /// The profile that the rules started from.
    pub profile: Profile,
    /// Largest gap in days that joins.
    pub max_gap_days: i32,
    /// What negative gaps do.
    pub min_gap: MinGap,
    /// Destinations of the earlier spell that mark a transfer.
    pub destinations: CodeSet,
    /// Sources of the later spell that mark a transfer.
    pub sources: CodeSet,
    /// Admission methods of the later spell that mark a transfer.
    pub methods: CodeSet,
    /// Whether 19, 51, 21 is no transfer.
    pub exclude_19_51_21: bool,
    /// Whether regular attenders take part in joining.
    pub regular_attenders: bool,
    /// Which spell the next one is compared with.
    pub compare_with: CompareWith,
    /// Methods that make an admission an emergency.
    pub emergency_methods: CodeSet,
    /// Treatment functions that are rehabilitation beds.
    pub rehab_functions: CodeSet,
}

impl Rules {
    /// The published rules of a profile.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        const NARROW: &[&str] = &["51", "52", "53"];
        const ENGINE: &[&str] = &["48", "49", "50", "51", "52", "53", "84", "87"];
        const NHSD_DESTINATIONS: &[&str] = &["49", "50", "51", "52", "53", "84"];
        const NHSD_SOURCES: &[&str] = &["49", "50", "51", "52", "53", "87"];
        let codes = |list: &[&'static str]| CodeSet::new(list.iter().copied());
        let (max_gap_days, min_gap, destinations, sources) = match profile {
            Profile::Engine => (2, MinGap::OverlapsJoin, ENGINE, ENGINE),
            Profile::Hf => (3, MinGap::None, NARROW, NARROW),
            Profile::Nhsd => (2, MinGap::Zero, NHSD_DESTINATIONS, NHSD_SOURCES),
        };
        Self {
            profile,
            max_gap_days,
            min_gap,
            destinations: codes(destinations),
            sources: codes(sources),
            methods: sus::transfer_methods(),
            exclude_19_51_21: profile != Profile::Hf,
            regular_attenders: profile == Profile::Hf,
            compare_with: match profile {
                Profile::Engine => CompareWith::LatestDischarge,
                Profile::Hf | Profile::Nhsd => CompareWith::PreviousSpell,
            },
            emergency_methods: sus::emergency_methods(),
            rehab_functions: sus::functions_with(sus::Specialty::REHAB_BED),
        }
    }
}

impl HospitalSettings {
    /// The settings of a profile without overrides.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        Self { profile, ..Self::default() }
    }

    /// Minutes apart from which two attendances in ECDS, or in a layout before it, are two.
    #[must_use]
    pub fn ae_dup_minutes(&self, legacy: bool) -> i64 {
        self.ae_dup_minutes.map_or(if legacy { 60 } else { 1 }, i64::from)
    }

    /// The rules that the profile and the overrides come to.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let base = Rules::of(self.profile);
        let or = |own: &Option<CodeSet>, base: CodeSet| own.clone().unwrap_or(base);
        Rules {
            profile: self.profile,
            max_gap_days: self.max_gap_days.unwrap_or(base.max_gap_days),
            min_gap: self.min_gap.unwrap_or(base.min_gap),
            destinations: or(&self.destinations, base.destinations),
            sources: or(&self.sources, base.sources),
            methods: or(&self.methods, base.methods),
            exclude_19_51_21: self.exclude_19_51_21.unwrap_or(base.exclude_19_51_21),
            regular_attenders: self.regular_attenders.unwrap_or(base.regular_attenders),
            compare_with: self.compare_with.unwrap_or(base.compare_with),
            emergency_methods: or(&self.emergency_methods, base.emergency_methods),
            rehab_functions: or(&self.rehab_functions, base.rehab_functions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_a_study_and_unknown_keys_are_errors() {
        let text = "
            profile = \"nhsd\"
            extract_date = 2024-06-30
            max_gap_days = 3
            min_gap = \"overlaps_join\"
            destinations = [\"51\", \"84\"]
            reversed_dates = \"drop_discharge\"
            [hygiene]
            g4 = false
        ";
        let settings: HospitalSettings = toml::from_str(text).unwrap();
        assert_eq!(settings.extract_date, Day::from_ymd(2024, 6, 30));
        assert!(settings.hygiene.g3 && !settings.hygiene.g4);
        let rules = settings.rules();
        assert_eq!((rules.max_gap_days, rules.min_gap), (3, MinGap::OverlapsJoin));
        assert_eq!(rules.destinations, CodeSet::new(["51", "84"]));
        assert_eq!(rules.sources, Rules::of(Profile::Nhsd).sources);
        assert!(rules.exclude_19_51_21 && !rules.regular_attenders);
        assert!(toml::from_str::<HospitalSettings>("max_gap = 3").is_err());
        assert_eq!(toml::from_str::<HospitalSettings>("").unwrap(), HospitalSettings::default());
        assert_eq!(Some(HospitalSettings::default().long_stay_before), Day::from_ymd(1990, 1, 1));
    }

    #[test]
    fn profiles_are_those_of_the_first_table() {
        let rules = [Profile::Hf, Profile::Nhsd, Profile::Engine].map(Rules::of);
        assert_eq!(rules.each_ref().map(|rules| rules.max_gap_days), [3, 2, 2]);
        let min_gaps = [MinGap::None, MinGap::Zero, MinGap::OverlapsJoin];
        assert_eq!(rules.each_ref().map(|rules| rules.min_gap), min_gaps);
        let narrow = CodeSet::new(["51", "52", "53"]);
        let wide = CodeSet::new(["48", "49", "50", "51", "52", "53", "84", "87"]);
        let left = CodeSet::new(["49", "50", "51", "52", "53", "84"]);
        let entered = CodeSet::new(["49", "50", "51", "52", "53", "87"]);
        let destinations = [&narrow, &left, &wide];
        assert_eq!(rules.each_ref().map(|rules| &rules.destinations), destinations);
        assert_eq!(rules.each_ref().map(|rules| &rules.sources), [&narrow, &entered, &wide]);
        let methods = CodeSet::new(["2B", "81"]);
        assert_eq!(rules.each_ref().map(|rules| &rules.methods), [&methods; 3]);
        assert_eq!(rules.each_ref().map(|rules| rules.exclude_19_51_21), [false, true, true]);
        assert_eq!(rules.each_ref().map(|rules| rules.regular_attenders), [true, false, false]);
        let previous = CompareWith::PreviousSpell;
        let compared = [previous, previous, CompareWith::LatestDischarge];
        assert_eq!(rules.each_ref().map(|rules| rules.compare_with), compared);
    }

    #[test]
    fn settings_and_rules_can_be_written_into_a_log() {
        let settings = HospitalSettings { max_gap_days: Some(1), ..HospitalSettings::default() };
        let text = toml::to_string(&settings).unwrap();
        assert!(text.contains("max_gap_days = 1") && !text.contains("min_gap"), "{text}");
        let text = toml::to_string(&settings.rules()).unwrap();
        assert!(text.contains("methods = [\"2B\", \"81\"]"), "{text}");
    }
}
