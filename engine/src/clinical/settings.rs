//! The table `[measures.clinical]`.

use serde::{Deserialize, Serialize};

/// Which spell of a stay gives its primary diagnosis (`hospital-spells.md` I).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryOf {
    /// The first.
    #[default]
    First,
    /// That with the latest discharge.
    Last,
}

/// Weights of the Charlson groups (M19), and with them their lists of codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CharlsonWeights {
    /// Charlson and others, 1987.
    #[serde(rename = "1987")]
    Original,
    /// Quan and others, 2011.
    #[default]
    #[serde(rename = "quan-2011")]
    Quan2011,
    /// The summary hospital-level mortality indicator, with its own codes.
    #[serde(rename = "shmi")]
    Shmi,
}

/// Which conditions an ambulatory care sensitive admission counts in (M18).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conditions {
    /// The first of the list that it meets.
    #[default]
    First,
    /// Every one that it meets.
    All,
}

/// How diagnoses and operations are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which spell gives the primary diagnosis of a stay.
    pub primary: PrimaryOf,
    /// Youngest age on admission, in years, for which frailty is scored.
    pub frailty_min_age: i32,
    /// Days before admission in which discharges count for frailty, the first one included.
    pub frailty_look_back_days: i32,
    /// Look back at emergency stays alone.
    pub frailty_emergency_only: bool,
    /// Let R69 carry its weight in frailty although it means "unknown".
    pub keep_r69: bool,
    /// Weights of the Charlson groups.
    pub charlson: CharlsonWeights,
    /// Weight of HIV/AIDS under `quan-2011`; one implementation has 2.
    pub quan_2011_aids: i32,
    /// Add points for age on admission to the Charlson score: one a decade from 50, at most 4.
    pub charlson_age_points: bool,
    /// Days before admission in which discharges count for comorbidity, the first one included.
    pub comorbidity_look_back_days: i32,
    /// Which conditions an ambulatory care sensitive admission counts in.
    pub acsc: Conditions,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            primary: PrimaryOf::First,
            frailty_min_age: 75,
            frailty_look_back_days: 730,
            frailty_emergency_only: false,
            keep_r69: true,
            charlson: CharlsonWeights::Quan2011,
            quan_2011_aids: 4,
            charlson_age_points: false,
            comorbidity_look_back_days: 365,
            acsc: Conditions::First,
        }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("frailty_min_age", self.frailty_min_age),
            ("frailty_look_back_days", self.frailty_look_back_days),
            ("quan_2011_aids", self.quan_2011_aids),
            ("comorbidity_look_back_days", self.comorbidity_look_back_days),
        ] {
            if value < 0 {
                return Err(format!("{name} = {value} is negative"));
            }
        }
        Ok(())
    }
}
