//! The table `[quality]` of a study file.

use super::rule::Rule;
use serde::{Deserialize, Serialize};

/// What the checks of data quality go by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A measure is amber in a council where a key field of it is valid in fewer per cent of the
    /// records than this (section 8).
    pub amber_below: f64,
    /// And red below this.
    pub red_below: f64,
    /// Numbers of rules that are not reported, such as `V053`; `V026` stands for all of its parts.
    pub without_rules: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { amber_below: 95.0, red_below: 80.0, without_rules: Vec::new() }
    }
}

impl Settings {
    /// Refuses settings that contradict themselves.
    ///
    /// # Errors
    ///
    /// Says which setting, with its value, and why.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let percent = |n: f64| (0.0..=100.0).contains(&n);
        if !percent(self.amber_below) || !percent(self.red_below) {
            return Err((
                "amber_below",
                "amber_below and red_below are percentages, 0 to 100".into(),
            ));
        }
        if self.red_below > self.amber_below {
            let (red, amber) = (self.red_below, self.amber_below);
            return Err(("red_below", format!("red_below {red} is above amber_below {amber}")));
        }
        let unknown =
            self.without_rules.iter().find(|id| !Rule::ALL.iter().any(|rule| is(id, *rule)));
        match unknown {
            Some(id) => {
                Err(("without_rules", format!("there is no rule {id}; rules are V003 to V098")))
            }
            None => Ok(()),
        }
    }

    /// Whether a rule is reported.
    #[must_use]
    pub fn reports(&self, rule: Rule) -> bool {
        !self.without_rules.iter().any(|id| is(id, rule))
    }
}

/// Whether a number means a rule, or all parts of it.
fn is(id: &str, rule: Rule) -> bool {
    rule.id() == id || rule.id().strip_prefix(id).is_some_and(|part| part.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_contradict_themselves_are_refused() {
        assert_eq!(Settings::default().check(), Ok(()));
        let swapped = Settings { red_below: 96.0, ..Settings::default() };
        assert!(swapped.check().is_err_and(|(key, _)| key == "red_below"));
        let rules = |ids: &[&str]| Settings {
            without_rules: ids.iter().map(|id| (*id).to_owned()).collect(),
            ..Settings::default()
        };
        assert!(rules(&["V999"]).check().is_err_and(|(_, what)| what.contains("V999")));
        assert!(rules(&["V0"]).check().is_err());
        let without = rules(&["V026", "V053"]);
        assert_eq!(without.check(), Ok(()));
        assert!(!without.reports(Rule::V026c) && !without.reports(Rule::V053));
        assert!(without.reports(Rule::V052));
    }
}
