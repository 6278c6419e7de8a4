//! The table `[graph.compare]` of a study.

use serde::{Deserialize, Serialize};

/// Which two groups are compared, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareSettings {
    /// What the groups differ in: `age_band`, `sex`, `ethnicity`, `setting`, `region` or `la`.
    pub by: Option<String>,
    /// The two values of it; may be left out when there are only two.
    pub groups: Vec<String>,
    /// Weigh the people of both groups so that they are alike in these: `age_band`, `sex`.
    pub standardise: Vec<String>,
    /// How often people are drawn anew for the intervals.
    pub replicates: u32,
    /// Seed of the draws: the same seed gives the same intervals.
    pub seed: u64,
}

impl Default for CompareSettings {
    fn default() -> Self {
        Self { by: None, groups: Vec::new(), standardise: Vec::new(), replicates: 500, seed: 1 }
    }
}

/// What groups can be made alike in.
pub const STANDARDISE: [&str; 2] = ["age_band", "sex"];

impl CompareSettings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), String> {
        if !(100..=10_000).contains(&self.replicates) {
            return Err(format!("replicates = {} must be from 100 to 10000", self.replicates));
        }
        if !matches!(self.groups.len(), 0 | 2) {
            return Err(format!("groups = {:?} must name two groups", self.groups));
        }
        if let [one, other] = &self.groups[..]
            && one == other
        {
            return Err(format!("groups = {:?} names one group twice", self.groups));
        }
        if let Some(key) = self.standardise.iter().find(|key| !STANDARDISE.contains(&key.as_str()))
        {
            return Err(format!(
                "standardise = {key}: groups cannot be made alike in it (there are: {})",
                STANDARDISE.join(", ")
            ));
        }
        if let Some(key) = self.standardise.iter().find(|key| self.by.as_ref() == Some(key)) {
            return Err(format!("standardise = {key}: the groups differ in it by definition"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_contradict_themselves_are_refused() {
        let settings = |text: &str| toml::from_str::<CompareSettings>(text).unwrap();
        for wrong in [
            "replicates = 10",
            "groups = ['Male']",
            "groups = ['Male', 'Male']",
            "standardise = ['region']",
            "by = 'sex'\nstandardise = ['sex']",
        ] {
            assert!(settings(wrong).check().is_err(), "{wrong}");
        }
        assert_eq!(settings("by = 'sex'\nstandardise = ['age_band']").check(), Ok(()));
        assert!(toml::from_str::<CompareSettings>("replicate = 200").is_err());
    }
}
