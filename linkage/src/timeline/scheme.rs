//! State schemes: the states that tables and graphs speak of.
//!
//! A line is always painted in the full catalogue and then mapped.

use super::settings::{Preset, SchemeChoice, TimelineSettings};
use super::state::State;
use crate::codes::cld::Component;

/// The parts of community support that a study can tell apart (`split_community`, section 2), and how
/// their names end; the last stands for all other components.
const COMMUNITY: [(Component, &str); 6] = [
    (Component::HomeSupport, "HOME_SUPPORT"),
    (Component::DirectPayment, "DIRECT_PAYMENT"),
    (Component::SupportedLiving, "SUPPORTED_LIVING"),
    (Component::SharedLives, "SHARED_LIVES"),
    (Component::ExtraCare, "EXTRA_CARE"),
    (Component::None, "OTHER"),
];

/// A map of the catalogue to named states: at most one each, and 5 more for community support. The stages
/// of a wait are `AWAIT` where a study does not tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: &'static str,
    names: Vec<String>,
    map: [u8; State::COUNT],
    /// By component of community support, where it is split.
    community: Option<[u8; COMMUNITY.len()]>,
}

impl Scheme {
    /// The scheme of a study, with community support as one state.
    #[must_use]
    pub fn new(settings: &TimelineSettings) -> Self {
        let told_apart = |state: State| if settings.split_await { state } else { state.whole() };
        match &settings.state_scheme {
            SchemeChoice::Preset(Preset::Full) => {
                Self::named("full", |state| told_apart(state).code())
            }
            SchemeChoice::Preset(Preset::Compact) => Self::compact(),
            SchemeChoice::Preset(Preset::Ascof) => Self::ascof(),
            SchemeChoice::Custom(names) => Self::named("custom", |state| {
                let state = told_apart(state);
                names.get(&state).map_or_else(|| state.code(), |name| name.trim())
            }),
        }
    }

    /// The scheme of the lines of a study: that of its choice, with community support split by
    /// component if it asks for that: `COMM/HOME_SUPPORT` and so on, in the place of `COMM`.
    #[must_use]
    pub fn of_study(settings: &TimelineSettings) -> Self {
        let mut scheme = Self::new(settings);
        if settings.split_community {
            let whole = usize::from(scheme.of(State::Community));
            let name = scheme.names[whole].clone();
            scheme.community = Some(std::array::from_fn(|n| {
                let part = format!("{name}/{}", COMMUNITY[n].1);
                if n == 0 {
                    scheme.names[whole] = part;
                    return whole as u8;
                }
                scheme.names.push(part);
                (scheme.names.len() - 1) as u8
            }));
        }
        scheme
    }

    /// Whether community support is split by component.
    #[must_use]
    pub const fn splits_community(&self) -> bool {
        self.community.is_some()
    }

    /// The number of community support with a component.
    #[must_use]
    pub fn of_community(&self, component: Component) -> u8 {
        let Some(numbers) = &self.community else { return self.of(State::Community) };
        let other = COMMUNITY.len() - 1;
        numbers[COMMUNITY.iter().position(|(c, _)| *c == component).unwrap_or(other)]
    }

    /// Every state of the catalogue under its code, waits as a whole.
    #[must_use]
    pub fn full() -> Self {
        Self::named("full", |state| state.whole().code())
    }

    /// `DEAD`, `HOSP`, `CARE_HOME`, `ST`, `COMM`, `NONE`, `UNOBS`.
    #[must_use]
    pub fn compact() -> Self {
        Self::named("compact", |state| match state {
            State::Dead | State::Unobserved => state.code(),
            State::Nursing | State::Residential | State::Prison => "CARE_HOME",
            State::ShortTermBed | State::StMax | State::ShortTermOther | State::LowLevel => "ST",
            State::Community => "COMM",
            State::Carer | State::CarerSelf | State::Home => "NONE",
            state if state.is_wait() => "NONE",
            _ => "HOSP",
        })
    }

    /// `DEAD`, `HOSP`, `LTS_CARE_HOME`, `STMAX`, `LTS_COMM`, `NONE`, `UNOBS`. Prison counts with care
    /// homes, as in X-12. Lines of this preset have no `ST_BED`; on other lines it is `NONE`.
    #[must_use]
    pub fn ascof() -> Self {
        Self::named("ascof", |state| match state {
            State::Dead | State::Unobserved => state.code(),
            State::Nursing | State::Residential | State::Prison => "LTS_CARE_HOME",
            State::StMax => "STMAX",
            State::Community => "LTS_COMM",
            state if state.is_hospital() => "HOSP",
            _ => "NONE",
        })
    }

    fn named<'a>(name: &'static str, name_of: impl Fn(State) -> &'a str) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut map = [0; State::COUNT];
        for state in State::ALL {
            let text = name_of(state);
            let number = names.iter().position(|known| known == text).unwrap_or_else(|| {
                names.push(text.into());
                names.len() - 1
            });
            map[state as usize] = number as u8;
        }
        Self { name, names, map, community: None }
    }

    /// `full`, `compact`, `ascof` or `custom`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The names by number, in the order in which the catalogue first uses them, parts of
    /// community support after the first at the end.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many states the scheme has: 1 to 28.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether the scheme has no state: never.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The scheme's states by state of the catalogue.
    #[must_use]
    pub const fn map(&self) -> &[u8; State::COUNT] {
        &self.map
    }

    /// The number of a state of the catalogue; of split community support that of its first part.
    #[must_use]
    #[inline]
    pub const fn of(&self, state: State) -> u8 {
        self.map[state as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn name(scheme: &Scheme, state: State) -> &str {
        &scheme.names()[usize::from(scheme.of(state))]
    }

    #[test]
    fn x12_the_compact_scheme() {
        let scheme = Scheme::compact();
        let order = ["DEAD", "HOSP", "CARE_HOME", "ST", "COMM", "NONE", "UNOBS"];
        assert_eq!(scheme.names(), order);
        for (state, wanted) in [
            (State::InpatientRehabilitation, "HOSP"),
            (State::AccidentEmergency, "HOSP"),
            (State::Prison, "CARE_HOME"),
            (State::ShortTermBed, "ST"),
            (State::LowLevel, "ST"),
            (State::Carer, "NONE"),
            (State::Awaiting, "NONE"),
            (State::AwaitingService, "NONE"),
            (State::AwaitingAssessment, "NONE"),
        ] {
            assert_eq!(name(&scheme, state), wanted);
        }
    }

    #[test]
    fn presets_map_every_state() {
        assert_eq!(Scheme::full().len(), State::COUNT - 2, "waits are whole");
        let ascof = Scheme::ascof();
        let order = ["DEAD", "HOSP", "LTS_CARE_HOME", "NONE", "STMAX", "LTS_COMM", "UNOBS"];
        assert_eq!(ascof.names(), order);
        for scheme in [Scheme::full(), Scheme::compact(), ascof] {
            for state in State::ALL {
                assert!(usize::from(scheme.of(state)) < scheme.len());
            }
            assert_eq!(name(&scheme, State::Unobserved), "UNOBS");
            assert_eq!(name(&scheme, State::Dead), "DEAD");
        }
    }

    #[test]
    fn stages_of_waits_are_states_where_the_study_tells_them_apart() {
        let of = |state_scheme, split_await| {
            let settings = TimelineSettings { state_scheme, split_await, ..Default::default() };
            Scheme::of_study(&settings)
        };
        let full = SchemeChoice::default();
        assert_eq!(of(full.clone(), false), Scheme::full());
        let split = of(full, true);
        assert_eq!(split.names(), State::ALL.map(State::code));
        for preset in [Preset::Compact, Preset::Ascof] {
            let choice = SchemeChoice::Preset(preset);
            assert_eq!(of(choice.clone(), true), of(choice, false));
        }
    }

    #[test]
    fn a_custom_scheme_keeps_the_codes_that_it_does_not_name() {
        let hospital = State::ALL.into_iter().filter(|state| state.is_hospital());
        let names: BTreeMap<State, String> = hospital.map(|state| (state, "HOSP".into())).collect();
        let custom = |split_await| {
            let state_scheme = SchemeChoice::Custom(names.clone());
            Scheme::new(&TimelineSettings { state_scheme, split_await, ..Default::default() })
        };
        assert_eq!(custom(true).len(), State::COUNT - 6);
        assert_eq!(name(&custom(true), State::AwaitingService), "AWAIT_SERVICE");
        let scheme = custom(false);
        assert_eq!(scheme.len(), State::COUNT - 8);
        assert_eq!(name(&scheme, State::AwaitingService), "AWAIT");
        assert_eq!(name(&scheme, State::InpatientElective), "HOSP");
        assert_eq!(name(&scheme, State::Nursing), "NURS");
    }
}
