//! The settings of timelines (`journey-states.md` section 11).

use super::death::DeathSource;
use super::state::State;
use crate::codes::cld::Component;
use crate::day::Day;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::collections::BTreeMap;
use std::ops::Range;

/// The table `[timeline]` of a study. Every value has a default; a state is written by its code.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct TimelineSettings {
    /// The states of tables and graphs: `full`, `compact`, `ascof`, or a map of codes to names.
    /// `ascof` also ranks prison below community support and leaves short-term beds with their
    /// service type (section 2).
    pub state_scheme: SchemeChoice,
    /// Ranks that replace those of section 2; the lowest wins. `DEAD`, `HOME` and `UNOBS` keep theirs.
    pub rank_override: BTreeMap<State, u16>,
    /// First day of the social care window; the caller's when missing.
    pub cld_start: Option<Day>,
    /// First day after the social care window; the caller's when missing.
    pub cld_end: Option<Day>,
    /// First day of hospital data; the caller's when missing.
    pub sus_start: Option<Day>,
    /// First day after hospital data; the caller's when missing.
    pub sus_end: Option<Day>,
    /// When a line begins.
    pub entry_rule: EntryRule,
    /// A line begins no earlier than this birthday (18); 0 begins at any age.
    pub adult_age_years: u16,
    /// Clear days that may lie between two rows of one state that are joined, state by state, in
    /// place of the defaults of section 6: rows join when `next start - latest end <= gap + 1`, both
    /// dates as recorded. The published limit of 7 days for ST-Max is a gap of 6.
    pub gap_days: BTreeMap<State, i32>,
    /// Longest stay in nights over which a service is held; 0 switches holding off.
    pub hold_days: i32,
    /// Latest restart of a held service, in days after discharge.
    pub restart_days: i32,
    /// Longest sliver between discharge and a service start that takes the coming state; 0 for none.
    pub absorb_days: i32,
    /// States that such a sliver may have.
    pub absorb_states: Vec<State>,
    /// Longest wait in days; 0 switches `AWAIT` off.
    pub await_max_days: i32,
    /// The stages of a wait are states of their own: `AWAIT_ASSESS` from the request to the start of an
    /// assessment, `AWAIT` while it is under way, `AWAIT_SERVICE` from its end to the start of a service
    /// (section 7). They share the rank of `AWAIT`.
    pub split_await: bool,
    /// Rehabilitation beds are a state of their own.
    pub split_rehab: bool,
    /// Mental-health beds are a state of their own.
    pub split_mh: bool,
    /// Community support is split by component (`COMM/HOME_SUPPORT` …): extra care housing, Shared
    /// Lives, supported living, direct payment, home support, other. Needs the scheme `full` or the
    /// study's own.
    pub split_community: bool,
    /// Short-term services with a bed component are `ST_BED`.
    pub split_short_term_beds: bool,
    /// The bed components, by their Release 2 labels.
    #[serde(with = "component_labels")]
    pub short_term_bed_components: Vec<Component>,
    /// Rows with component Equipment are events, not states.
    pub equipment_is_event: bool,
    /// What becomes of services whose type is missing or invalid.
    pub invalid_service_type: InvalidServiceType,
    /// States whose rows are left out, and counted.
    pub ignore_states: Vec<State>,
    /// Activities of event logs that are states: from the day of the start to the day of the end, both
    /// included, as a care row. A name is that of an activity, or `log: activity`.
    #[serde(deserialize_with = "event_states")]
    pub event_states: BTreeMap<String, State>,
    /// Longest home at the end of a line after the last record of the person, in days; what is beyond
    /// is unobserved (section 5, emigration). No limit when missing.
    pub idle_cap_days: Option<i32>,
    /// Longest A&E state in days; 0 leaves A&E out.
    pub ae_cap_days: i32,
    /// A discharge to a care home that care records do not show puts the person in residential care
    /// until the next service start, at most [`Self::trusted_destination_days`].
    pub trust_destination: bool,
    /// Longest stay that a trusted destination gives, in days (28).
    pub trusted_destination_days: i32,
    /// Discharge destinations that are care homes.
    pub care_home_destinations: Vec<String>,
    /// Sources of the date of death, best first; a source not named is not used.
    pub death_source_order: Vec<DeathSource>,
    /// Days by which sources may differ and ends may trail the death.
    pub death_tolerance_days: i32,
    /// Two or more records more than 30 days after a death of another source undo the death.
    pub revive: bool,
    /// Carers get lines of their own, in state `CARER_SELF`.
    pub carer_lines: bool,
    /// Days are also counted in every active state, not in the primary one alone (8.5): rows of
    /// `states` under a scheme of their own. They do not add up to the observed days.
    pub count_all_active: bool,
    /// Shorter visits are left out of sequences.
    pub min_state_days: i32,
    /// Look-back before an entry counts as new.
    pub washout_days: WashoutDays,
    /// How overlapping services of two councils are resolved.
    pub multi_la_rule: MultiLaRule,
    /// Which days count as observed.
    pub observed: Observed,
    /// Same-day order puts visits of no days into the line (8.2 and 8.4).
    pub same_day_visits: bool,
    /// People without any state interval or death in the window get no line.
    pub drop_empty: bool,
}

impl Default for TimelineSettings {
    fn default() -> Self {
        Self {
            state_scheme: SchemeChoice::default(),
            rank_override: BTreeMap::new(),
            cld_start: None,
            cld_end: None,
            sus_start: None,
            sus_end: None,
            entry_rule: EntryRule::default(),
            adult_age_years: 18,
            gap_days: BTreeMap::new(),
            hold_days: 42,
            restart_days: 7,
            absorb_days: 0,
            absorb_states: vec![State::Home, State::Awaiting],
            await_max_days: 182,
            split_await: false,
            split_rehab: true,
            split_mh: true,
            split_community: false,
            split_short_term_beds: true,
            short_term_bed_components: vec![
                Component::ShortTermNursing,
                Component::ShortTermResidential,
            ],
            equipment_is_event: true,
            invalid_service_type: InvalidServiceType::default(),
            ignore_states: Vec::new(),
            event_states: BTreeMap::new(),
            idle_cap_days: None,
            ae_cap_days: 2,
            trust_destination: false,
            trusted_destination_days: 28,
            care_home_destinations: ["54", "55", "56", "65", "85", "86"].map(String::from).into(),
            death_source_order: vec![
                DeathSource::Registration,
                DeathSource::Hospital,
                DeathSource::Cld,
            ],
            death_tolerance_days: 5,
            revive: false,
            carer_lines: false,
            count_all_active: false,
            min_state_days: 0,
            washout_days: WashoutDays::default(),
            multi_la_rule: MultiLaRule::default(),
            observed: Observed::default(),
            same_day_visits: true,
            drop_empty: false,
        }
    }
}

impl TimelineSettings {
    /// The social care window `[start, end)`: the settings' days in place of the given ones.
    #[must_use]
    pub fn window(&self, given: Range<Day>) -> Range<Day> {
        self.cld_start.unwrap_or(given.start)..self.cld_end.unwrap_or(given.end)
    }

    /// The hospital window `[start, end)`: the settings' days in place of the given ones.
    #[must_use]
    pub fn hospital_window(&self, given: Range<Day>) -> Range<Day> {
        self.sus_start.unwrap_or(given.start)..self.sus_end.unwrap_or(given.end)
    }

    /// The gap of every state, in clear days (section 6).
    #[must_use]
    pub fn gaps(&self) -> [i32; State::COUNT] {
        let mut gaps = [0; State::COUNT];
        for state in State::ALL {
            gaps[state as usize] = match state {
                State::Nursing | State::Residential | State::Prison | State::ShortTermBed => 1,
                State::StMax => 6,
                State::Community | State::ShortTermOther => 7,
                State::LowLevel | State::Carer | State::CarerSelf => 31,
                _ => 0,
            };
        }
        for (&state, &days) in &self.gap_days {
            gaps[state as usize] = days;
        }
        gaps
    }

    /// Whether the settings can be run together.
    ///
    /// # Errors
    ///
    /// One sentence that names the setting and says what to write instead.
    pub fn check(&self) -> Result<(), String> {
        let days = [
            ("hold_days", self.hold_days),
            ("restart_days", self.restart_days),
            ("absorb_days", self.absorb_days),
            ("await_max_days", self.await_max_days),
            ("ae_cap_days", self.ae_cap_days),
            ("idle_cap_days", self.idle_cap_days.unwrap_or(0)),
            ("trusted_destination_days", self.trusted_destination_days),
            ("death_tolerance_days", self.death_tolerance_days),
            ("min_state_days", self.min_state_days),
        ];
        if let Some((name, days)) = days.into_iter().find(|(_, days)| *days < 0) {
            return Err(format!("{name} is {days}; write 0 or more days"));
        }
        if let Some((state, days)) = self.gap_days.iter().find(|(_, days)| **days < 0) {
            return Err(format!("gap_days.{} is {days}; write 0 or more days", state.code()));
        }
        if let Some(state) = self.gap_days.keys().find(|state| !state.is_care()) {
            return Err(format!(
                "gap_days.{} has no meaning: only care states are bridged",
                state.code()
            ));
        }
        let fixed = |state: &&State| matches!(state, State::Dead | State::Home | State::Unobserved);
        if let Some(state) = self.rank_override.keys().find(fixed) {
            return Err(format!("rank_override.{}: this state keeps its rank", state.code()));
        }
        let is_stage = |state: &&State| state.whole() != **state;
        if let Some(state) = self.rank_override.keys().find(is_stage) {
            let code = state.code();
            return Err(format!("rank_override.{code}: {code} has the rank of AWAIT; write AWAIT"));
        }
        if let Some(state) = self.absorb_states.iter().find(is_stage) {
            let code = state.code();
            return Err(format!("absorb_states: {code} is part of AWAIT; write AWAIT"));
        }
        if let (Some(start), Some(end)) = (self.cld_start, self.cld_end)
            && end <= start
        {
            return Err(format!("cld_end {end} is not after cld_start {start}"));
        }
        if let (Some(start), Some(end)) = (self.sus_start, self.sus_end)
            && end <= start
        {
            return Err(format!("sus_end {end} is not after sus_start {start}"));
        }
        let preset = matches!(self.state_scheme, SchemeChoice::Preset(p) if p != Preset::Full);
        if self.split_community && preset {
            return Err("split_community = true needs state_scheme = \"full\" or names of the \
                        study's own: the presets have one state for community support"
                .into());
        }
        if let SchemeChoice::Custom(names) = &self.state_scheme
            && names.values().any(|name| name.trim().is_empty())
        {
            return Err("state_scheme has an empty name".into());
        }
        if let SchemeChoice::Custom(names) = &self.state_scheme
            && let Some(state) = names.keys().find(is_stage).filter(|_| !self.split_await)
        {
            let code = state.code();
            return Err(format!("state_scheme.{code} needs split_await = true"));
        }
        Ok(())
    }
}

/// The states that tables and graphs speak of.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq, Eq)]
#[serde(untagged)]
pub enum SchemeChoice {
    /// One of the presets.
    Preset(Preset),
    /// Names by full code; a code that is not named keeps itself.
    Custom(BTreeMap<State, String>),
}

impl Default for SchemeChoice {
    fn default() -> Self {
        Self::Preset(Preset::Full)
    }
}

/// A preset state scheme.
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// The states of the catalogue.
    #[default]
    Full,
    /// `HOSP`, `CARE_HOME`, `ST`, `COMM`, `NONE`, `UNOBS`, `DEAD` (X-12).
    Compact,
    /// `STMAX`, `LTS_COMM`, `LTS_CARE_HOME`, `HOSP`, `NONE`, `UNOBS`, `DEAD`.
    Ascof,
}

/// When a line begins.
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum EntryRule {
    /// At the first evidence of the person (X-16), not before the window.
    #[default]
    FirstRecord,
    /// At the window's start for everyone who is seen at any time.
    Window,
}

/// What becomes of services whose type is missing or invalid.
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum InvalidServiceType {
    /// They are other short-term support, and counted.
    #[default]
    OtherShortTerm,
    /// They are left out, and counted.
    LeaveOut,
}

/// How overlapping services of two councils are resolved.
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum MultiLaRule {
    /// The state of lower rank wins; the attributes are those of the later start.
    #[default]
    ByRank,
}

/// Which days count as observed.
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
pub enum Observed {
    /// Those that a council of the person's care records covers (X-13).
    #[default]
    Coverage,
    /// All; open services then run to the window's end.
    Always,
}

/// Look-back in days before an entry counts as new (section 5).
#[derive(Deserialize, Serialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct WashoutDays {
    /// New care-home admission.
    pub care_home: i32,
    /// New client.
    pub client: i32,
}

impl Default for WashoutDays {
    fn default() -> Self {
        Self { care_home: 365, client: 91 }
    }
}

/// The states that an event of a log may be read as: those of services (section 2).
fn is_of_events(state: State) -> bool {
    state.is_care() && state != State::CarerSelf
}

fn event_states<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, State>, D::Error> {
    let states = BTreeMap::<String, String>::deserialize(from)?;
    let state = |(activity, code): (String, String)| {
        let state = State::from_code(&code).filter(|&state| is_of_events(state));
        let state = state.ok_or_else(|| {
            let all = State::ALL.into_iter().filter(|&state| is_of_events(state));
            let all: Vec<String> = all.map(|state| format!("`{}`", state.code())).collect();
            // in the words of an unknown key, so that the nearest is named
            let all = all.join(", ");
            D::Error::custom(format!("unknown state `{code}` of {activity:?}, expected {all}"))
        });
        Ok((activity, state?))
    };
    states.into_iter().map(state).collect()
}

mod component_labels {
    use super::*;

    pub(super) fn serialize<S: Serializer>(list: &[Component], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(|component| component.label()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Component>, D::Error> {
        let labels = Vec::<String>::deserialize(from)?;
        let component = |label: &String| {
            Component::from_label(label)
                .ok_or_else(|| D::Error::custom(format!("{label:?} is not a service component")))
        };
        labels.iter().map(component).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_toml_over_the_defaults() {
        let text = r#"
            state_scheme = "compact"
            cld_start = 2024-04-01
            entry_rule = "window"
            gap_days = { NURS = 0, STMAX = 3 }
            rank_override = { PRISON = 51 }
            absorb_states = ["HOME", "AWAIT", "COMM"]
            death_source_order = ["hospital", "cld"]
            short_term_bed_components = ["Short term nursing care"]
        "#;
        let settings: TimelineSettings = toml::from_str(text).unwrap();
        assert_eq!(settings.state_scheme, SchemeChoice::Preset(Preset::Compact));
        assert_eq!(settings.cld_start, Day::from_ymd(2024, 4, 1));
        assert_eq!(settings.gaps()[State::Nursing as usize], 0);
        assert_eq!(settings.gaps()[State::Residential as usize], 1);
        assert_eq!(settings.gaps()[State::StMax as usize], 3);
        assert_eq!(settings.short_term_bed_components, [Component::ShortTermNursing]);
        assert_eq!(settings.hold_days, 42);
        assert_eq!(settings.check(), Ok(()));
        let text = "event_states = { 'Day unit' = 'ST_BED' }";
        let settings: TimelineSettings = toml::from_str(text).unwrap();
        assert_eq!(
            settings.event_states,
            BTreeMap::from([("Day unit".into(), State::ShortTermBed)])
        );
        let custom: TimelineSettings =
            toml::from_str("state_scheme = { IP_EM = 'HOSP', IP_EL = 'HOSP' }").unwrap();
        assert!(matches!(custom.state_scheme, SchemeChoice::Custom(map) if map.len() == 2));
    }

    #[test]
    fn wrong_settings_are_refused() {
        assert!(toml::from_str::<TimelineSettings>("gap_dayz = 1").is_err());
        assert!(toml::from_str::<TimelineSettings>("ignore_states = ['HOSPITAL']").is_err());
        for state in ["DEAD", "HOME", "UNOBS", "AWAIT", "IP_EM", "AE", "CARER_SELF", "BED"] {
            let text = format!("event_states = {{ 'Day unit' = '{state}' }}");
            let error = toml::from_str::<TimelineSettings>(&text).unwrap_err();
            assert!(error.message().contains(&format!("unknown state `{state}`")), "{error}");
        }
        for text in [
            "hold_days = -1",
            "gap_days = { COMM = -1 }",
            "gap_days = { IP_EM = 2 }",
            "rank_override = { HOME = 1 }",
            "split_community = true\nstate_scheme = 'compact'",
            "cld_start = 2024-04-01\ncld_end = 2024-04-01",
            "state_scheme = { IP_EM = ' ' }",
            "state_scheme = { AWAIT_SERVICE = 'Waiting' }",
            "split_await = true\nrank_override = { AWAIT_ASSESS = 60 }",
            "split_await = true\nabsorb_states = ['AWAIT_SERVICE']",
        ] {
            let settings: TimelineSettings = toml::from_str(text).unwrap();
            assert!(settings.check().is_err(), "{text}");
        }
    }

    #[test]
    fn settings_survive_being_written() {
        let settings = TimelineSettings::default();
        let text = toml::to_string(&settings).unwrap();
        assert_eq!(toml::from_str::<TimelineSettings>(&text).unwrap(), settings);
    }
}
