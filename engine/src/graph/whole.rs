//! Which states and moves each journey is made of, so that it can be said how many people a picture
//! shows from beginning to end.

use super::view::View;
use hashbrown::HashMap;

/// Stands for "no move" in the place of the state left: the part is a visit.
const VISIT: u16 = u16::MAX;

/// The distinct sets of states and moves of some people or cases, and how many have each. Counts of
/// different people add up in any order.
///
/// # Complexity
///
/// A journey costs its length times the logarithm of it; memory grows with the number of distinct sets.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::whole::WholeJourneys;
///
/// let mut journeys = WholeJourneys::default();
/// for states in [&[0, 1, 0][..], &[0, 2]] {
///     states.iter().for_each(|&state| journeys.visit(state));
///     states.windows(2).for_each(|pair| journeys.step(pair[0], pair[1]));
///     journeys.end();
/// }
/// assert_eq!(journeys.people(), 2);
/// // in a picture without the state 2 only the first person is seen whole
/// assert_eq!(journeys.shown(|state| state != 2, |_, _| true), 1);
/// assert_eq!(journeys.shown(|_| true, |from, to| (from, to) != (1, 0)), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WholeJourneys {
    sets: HashMap<Box<[(u16, u16)]>, i64>,
    parts: Vec<(u16, u16)>,
}

impl WholeJourneys {
    /// A visit, or event, of the journey at hand.
    pub fn visit(&mut self, state: u16) {
        self.parts.push((VISIT, state));
    }

    /// A counted move of the journey at hand.
    pub fn step(&mut self, from: u16, to: u16) {
        self.parts.push((from, to));
    }

    /// Ends the journey at hand; one without any visit is left out.
    pub fn end(&mut self) {
        let Self { sets, parts } = self;
        if parts.is_empty() {
            return;
        }
        parts.sort_unstable();
        parts.dedup();
        match sets.get_mut(parts.as_slice()) {
            Some(people) => *people += 1,
            None => {
                sets.insert(parts.as_slice().into(), 1);
            }
        }
        parts.clear();
    }

    /// Adds the journeys of other people or cases.
    pub fn merge(&mut self, other: &Self) {
        for (set, people) in &other.sets {
            match self.sets.get_mut(set.as_ref()) {
                Some(mine) => *mine += people,
                None => {
                    self.sets.insert(set.clone(), *people);
                }
            }
        }
    }

    /// How many people, or cases, there are.
    #[must_use]
    pub fn people(&self) -> i64 {
        self.sets.values().sum()
    }

    /// How many people have only states and moves that are shown.
    ///
    /// # Arguments
    ///
    /// * `state`: whether a state is shown.
    /// * `step`: whether a move is shown.
    #[must_use]
    pub fn shown(&self, state: impl Fn(u16) -> bool, step: impl Fn(u16, u16) -> bool) -> i64 {
        let is_whole = |set: &[(u16, u16)]| {
            set.iter().all(|&(from, to)| if from == VISIT { state(to) } else { step(from, to) })
        };
        self.sets.iter().filter(|(set, _)| is_whole(set)).map(|(_, people)| people).sum()
    }
}

/// The whole journeys behind one graph.
#[derive(Clone, Debug)]
pub struct Shown {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// Names of the states by number.
    pub names: Vec<String>,
    /// The journeys.
    pub journeys: WholeJourneys,
}

impl Shown {
    /// How many people have only states and moves that are in a view.
    #[must_use]
    pub fn people_in(&self, view: &View) -> i64 {
        let name = |state: u16| self.names.get(usize::from(state)).map_or("", String::as_str);
        self.journeys.shown(
            |state| view.has_state(name(state)),
            |from, to| view.has_move(name(from), name(to)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shown_people_are_those_of_a_plain_reading_in_any_order(
            journeys in prop::collection::vec(prop::collection::vec(0u16..4, 0..6), 0..20),
            states in prop::collection::vec(any::<bool>(), 4),
            moves in prop::collection::vec(any::<bool>(), 16),
            cut in 0usize..20,
        ) {
            let cut = cut.min(journeys.len());
            let count = |journeys: &[Vec<u16>]| {
                let mut whole = WholeJourneys::default();
                for journey in journeys {
                    journey.iter().for_each(|&state| whole.visit(state));
                    journey.windows(2).for_each(|pair| whole.step(pair[0], pair[1]));
                    whole.end();
                }
                whole
            };
            let mut merged = count(&journeys[cut..]);
            merged.merge(&count(&journeys[..cut]));
            prop_assert_eq!(&merged.sets, &count(&journeys).sets);
            let is_state = |state: u16| states[usize::from(state)];
            let is_move = |from: u16, to: u16| moves[usize::from(4 * from + to)];
            let wanted = journeys.iter().filter(|journey| {
                !journey.is_empty()
                    && journey.iter().all(|&state| is_state(state))
                    && journey.windows(2).all(|pair| is_move(pair[0], pair[1]))
            });
            prop_assert_eq!(merged.shown(is_state, is_move), wanted.count() as i64);
            let all = journeys.iter().filter(|journey| !journey.is_empty()).count();
            prop_assert_eq!(merged.people(), all as i64);
        }
    }
}
