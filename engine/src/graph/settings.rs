//! What graphs show: the table `[graph.view]` of a study.

use serde::{Deserialize, Serialize};

/// What the lines of a picture and the cells of a printed matrix say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// How often each move was made.
    #[default]
    Count,
    /// People who made it.
    People,
    /// Its share of the moves out of the state.
    Probability,
    /// Mean days before it.
    MeanDays,
    /// Median days before it.
    MedianDays,
    /// All days before it.
    TotalDays,
}

/// Filters of graphs. They leave out states and moves of what disclosure control has passed, and what
/// they leave out is always said: the share of moves, and of people, that is still shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ViewSettings {
    /// Journeys begin with their first visit of this state in the period; people without one are left
    /// out. By its code, or the name of an activity.
    pub from: Option<String>,
    /// One graph for each value: `age_band`, `sex`, `ethnicity`, `setting`, `region` or `la`, as of the
    /// first day of the period.
    pub by: Option<String>,
    /// States and moves of fewer people are not shown.
    pub min_people: i64,
    /// Moves are shown, the most frequent first, until they are this share of all; 1 shows all. When
    /// missing it is 1 in tables and 0.95 in pictures.
    pub coverage: Option<f64>,
    /// States that are not shown.
    pub hide_states: Vec<String>,
    /// Only these states are shown; empty for all.
    pub only_states: Vec<String>,
    /// Moves that are not shown, as `[from, to]`.
    pub hide_moves: Vec<[String; 2]>,
    /// What is written on moves.
    pub show: Show,
}

impl ViewSettings {
    /// Refuses settings that leave nothing.
    ///
    /// # Errors
    ///
    /// Says which setting, and why.
    pub fn check(&self) -> Result<(), String> {
        if let Some(coverage) = self.coverage
            && !(coverage > 0.0 && coverage <= 1.0)
        {
            return Err(format!(
                "coverage = {coverage} is no share; give more than 0 and at most 1"
            ));
        }
        if self.min_people < 0 {
            return Err(format!("min_people = {} is negative", self.min_people));
        }
        if let Some(both) = self.only_states.iter().find(|state| self.hide_states.contains(state)) {
            return Err(format!("{both} is in only_states and in hide_states"));
        }
        Ok(())
    }

    /// The states that the settings name.
    pub fn states(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.hide_states, &self.only_states];
        let moves = self.hide_moves.iter().flatten();
        self.from.iter().chain(lists.into_iter().flatten()).chain(moves).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_leave_nothing_are_refused() {
        let settings = |text: &str| toml::from_str::<ViewSettings>(text).unwrap();
        for wrong in [
            "coverage = 0.0",
            "coverage = 1.5",
            "coverage = nan",
            "min_people = -1",
            "only_states = ['HOME']\nhide_states = ['HOME']",
        ] {
            assert!(settings(wrong).check().is_err(), "{wrong}");
        }
        let right =
            settings("coverage = 0.9\nhide_moves = [['HOME', 'IP_EM']]\nshow = 'median_days'");
        assert_eq!((right.check(), right.show), (Ok(()), Show::MedianDays));
        assert_eq!(right.states().collect::<Vec<_>>(), ["HOME", "IP_EM"]);
        assert!(toml::from_str::<ViewSettings>("coverag = 0.9").is_err());
    }
}
