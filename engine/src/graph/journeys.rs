//! The graph of the people of a run: every line as a sequence of moves, counted where they fall in
//! the study's periods.

use super::counts::GraphCounts;
use super::follows::Follows;
use super::strata::People;
use super::whole::{Shown, WholeJourneys};
use super::{rows, state_graph};
use crate::figure::{Area, Follow, Results};
use crate::stratum::{joined, of_period};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::timeline::scheme::Scheme;
use throughcare_linkage::timeline::sequence::{Move, Piece, Step, walk};
use throughcare_linkage::timeline::settings::TimelineSettings;
use throughcare_linkage::timeline::state::Line;

/// Counts of moves and visits, period by period (M16).
///
/// A move counts in the period that holds its day; its days are those of the whole stay in the state
/// left, also before the period. A visit counts in a period if it has a day or a move in it; its days
/// are those in the period. Death is a visit of no days.
#[derive(Clone, Debug)]
pub struct Journeys {
    scheme: Scheme,
    min_state_days: i32,
    // where journeys begin, if not with the period
    from: Option<u8>,
    people: Option<People>,
    // eventually-follows counts and whole journeys are counted too
    in_depth: bool,
    // by stratum; one for everyone without strata
    periods: Vec<(Period, Vec<Option<Box<Counts>>>)>,
    steps: Vec<Step>,
    moves: Vec<Option<Move>>,
}

/// What a graph counts of a person in a period.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    /// The person, in this stratum, which is that of this day.
    Person {
        /// Number of the stratum.
        stratum: u16,
        /// First day of the period.
        day: Day,
    },
    /// A move in the period.
    Move(Move),
}

/// Counts of one period and stratum.
#[derive(Clone, Debug)]
struct Counts {
    graph: GraphCounts,
    depth: Option<Depth>,
}

#[derive(Clone, Debug, Default)]
struct Depth {
    follows: Follows,
    whole: WholeJourneys,
}

impl Counts {
    fn new(states: usize, in_depth: bool) -> Self {
        Self { graph: GraphCounts::new(states), depth: in_depth.then(Depth::default) }
    }

    fn merge(&mut self, other: &Self) {
        self.graph.merge(&other.graph);
        if let (Some(mine), Some(theirs)) = (&mut self.depth, &other.depth) {
            mine.follows.merge(&theirs.follows);
            mine.whole.merge(&theirs.whole);
        }
    }
}

impl Journeys {
    /// No people yet.
    #[must_use]
    pub fn new(settings: &TimelineSettings, periods: &[Period]) -> Self {
        Self {
            scheme: Scheme::of_study(settings),
            min_state_days: settings.min_state_days,
            from: None,
            people: None,
            in_depth: false,
            periods: periods.iter().map(|&period| (period, Vec::new())).collect(),
            steps: Vec::new(),
            moves: Vec::new(),
        }
    }

    /// No people yet, to be counted in depth: what comes after what, and whole journeys.
    ///
    /// # Arguments
    ///
    /// * `settings`, `periods`: as those of [`Self::new`].
    /// * `from`: journeys begin with the first visit of this state in the period; people without one
    ///   are left out. A state that the scheme does not have leaves out everyone.
    /// * `people`: one graph a stratum; one for all when missing.
    #[must_use]
    pub fn in_depth(
        settings: &TimelineSettings,
        periods: &[Period],
        from: Option<&str>,
        people: Option<People>,
    ) -> Self {
        let plain = Self::new(settings, periods);
        let number = |name: &str| plain.scheme.names().iter().position(|known| known == name);
        let from = from.map(|name| number(name).map_or(u8::MAX, |number| number as u8));
        Self { from, people, in_depth: true, ..plain }
    }

    /// Takes the line of one person, in no stratum.
    pub fn add(&mut self, line: &Line) {
        self.follow(line);
        for period in 0..self.periods.len() {
            self.count(period, 0, &mut |_| {});
        }
    }

    /// Takes one person, in the stratum of the first day of each period.
    pub fn add_person(&mut self, person: &Person<'_>) {
        self.add_person_with(person, |_| {});
    }

    /// Takes one person as [`add_person`](Self::add_person) does, and passes on what counts: for each
    /// period in which the person is seen the person, then the moves.
    pub fn add_person_with(&mut self, person: &Person<'_>, mut each: impl FnMut(Seen)) {
        if !person.is_known() {
            return;
        }
        self.follow(person.line);
        for period in 0..self.periods.len() {
            let start = self.periods[period].0.start;
            let stratum = self.people.as_ref().map_or(0, |people| people.of(person, start));
            self.count(period, stratum, &mut each);
        }
    }

    fn follow(&mut self, line: &Line) {
        let Self { scheme, min_state_days, steps, moves, .. } = self;
        steps.clear();
        moves.clear();
        walk(line, scheme, *min_state_days, |piece| match piece {
            Piece::Visit(step) => {
                steps.push(step);
                moves.push(None);
            }
            // a move stands after the visit that it ends
            Piece::Move(step) => {
                if let Some(last) = moves.last_mut() {
                    *last = Some(step);
                }
            }
        });
    }

    fn count(&mut self, period: usize, stratum: u16, each: &mut impl FnMut(Seen)) {
        let Self { scheme, from, in_depth, periods, steps, moves, .. } = self;
        let (period, strata) = &mut periods[period];
        // days in the period, and the move in it, of each visit that has any
        let seen = |step: &Step, exit: Option<Move>| {
            let exit = exit.filter(|exit| period.contains(exit.day));
            let first = step.start.max(period.start);
            let until = step.end.min(period.end.plus(1));
            let days = until.since(first).max(0).min(step.days);
            let is_point = step.start == step.end && period.contains(step.start);
            (days > 0 || exit.is_some() || is_point).then_some((step.state, days, exit))
        };
        let all = steps.iter().zip(moves.iter());
        let mut visits = all
            .filter_map(|(step, exit)| seen(step, *exit))
            .skip_while(|&(state, ..)| from.is_some_and(|from| state != from))
            .peekable();
        let Some(&(first, ..)) = visits.peek() else { return };
        each(Seen::Person { stratum, day: period.start });
        let stratum = usize::from(stratum);
        if strata.len() <= stratum {
            strata.resize_with(stratum + 1, || None);
        }
        let new = || Box::new(Counts::new(scheme.len(), *in_depth));
        let Counts { graph, depth } = &mut **strata[stratum].get_or_insert_with(new);
        graph.begin();
        if let Some(depth) = depth {
            depth.follows.begin();
        }
        let mut last = first;
        for (state, days, exit) in visits {
            graph.visit(usize::from(state), days, exit.is_none());
            if let Some(exit) = exit {
                graph.step(usize::from(exit.from), usize::from(exit.to), exit.days);
                each(Seen::Move(exit));
            }
            if let Some(Depth { follows, whole }) = depth {
                follows.visit(state.into());
                whole.visit(state.into());
                if let Some(exit) = exit {
                    whole.step(exit.from.into(), exit.to.into());
                }
            }
            last = state;
        }
        graph.end(usize::from(first), usize::from(last));
        if let Some(depth) = depth {
            depth.whole.end();
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for ((_, mine), (_, theirs)) in self.periods.iter_mut().zip(&other.periods) {
            if mine.len() < theirs.len() {
                mine.resize_with(theirs.len(), || None);
            }
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                match (mine, theirs) {
                    (Some(mine), Some(theirs)) => mine.merge(theirs),
                    (mine @ None, Some(theirs)) => *mine = Some(theirs.clone()),
                    (_, None) => {}
                }
            }
        }
    }

    /// Makes the rows of `states`, `transitions` and, counted in depth, `follows`, for England or by
    /// stratum. With several periods the stratum names them: `period=2024-04-01..2025-03-31`.
    pub fn finish(&self, results: &mut Results) {
        let names = self.scheme.names();
        let scheme = self.scheme.name();
        for (area_code, stratum, counts) in self.strata() {
            let graph = state_graph(&counts.graph, scheme, names, &area_code, &stratum);
            let (states, transitions) = rows(&graph);
            results.states.extend(states);
            results.transitions.extend(transitions);
            let Some(depth) = &counts.depth else { continue };
            let row = |from: usize, to: usize| Follow {
                scheme: scheme.into(),
                area_code: area_code.clone(),
                stratum: stratum.clone(),
                from: names[from].clone(),
                to: names[to].clone(),
                people: depth.follows.totals(from as u16, to as u16).people,
                pairs: depth.follows.totals(from as u16, to as u16).pairs,
                of: counts.graph.state(from).people,
            };
            let all = (0..names.len()).flat_map(|from| (0..names.len()).map(move |to| (from, to)));
            let rows = all.map(|(from, to)| row(from, to));
            results.follows.extend(rows.filter(|row| row.people > 0));
        }
    }

    /// Which states and moves make up whole journeys, graph by graph in the order of
    /// [`finish`](Self::finish); nothing unless counted in depth.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let shown = |(area_code, stratum, counts): (String, String, &Counts)| {
            Some(Shown {
                scheme: self.scheme.name().into(),
                area_code,
                stratum,
                names: self.scheme.names().to_vec(),
                journeys: counts.depth.as_ref()?.whole.clone(),
            })
        };
        self.strata().into_iter().filter_map(shown).collect()
    }

    /// Area code, stratum and counts of each graph.
    fn strata(&self) -> Vec<(String, String, &Counts)> {
        let mut found = Vec::new();
        for (period, strata) in &self.periods {
            for (number, counts) in strata.iter().enumerate() {
                let Some(counts) = counts else { continue };
                let (area_code, stratum) = match &self.people {
                    Some(people) => people.name(u16::try_from(number).unwrap_or(u16::MAX)),
                    None => (Area::england().code, String::new()),
                };
                let of_period = of_period(*period, self.periods.len() > 1);
                let stratum = joined(&[&of_period, &stratum]);
                found.push((area_code, stratum, &**counts));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use throughcare_linkage::timeline::settings::{Preset, SchemeChoice};
    use throughcare_linkage::timeline::state::{State, Visit};

    fn visit(state: State, start: i32, end: i32) -> Visit {
        Visit {
            start: Day(start),
            end: Day(end),
            state,
            underlying: state,
            mask: state.bit(),
            id: u32::MAX,
            la: 0,
            truncated: false,
            censored: false,
            held: false,
        }
    }

    fn line(visits: Vec<Visit>) -> Line {
        Line { visits, ..Line::default() }
    }

    fn count(first: i32, last: i32, line: &Line) -> Results {
        let period = Period { start: Day(first), end: Day(last) };
        let mut journeys = Journeys::new(&TimelineSettings::default(), &[period]);
        journeys.add(line);
        let mut results = Results::default();
        journeys.finish(&mut results);
        results
    }

    #[test]
    fn m16_a_move_counts_in_the_period_of_its_day_with_the_whole_stay_before_it() {
        let mut last = visit(State::Home, 130, 200);
        last.censored = true;
        let line = line(vec![visit(State::Home, 0, 110), visit(State::Community, 110, 130), last]);
        let results = count(100, 129, &line);
        let found: Vec<_> =
            results.transitions.iter().map(|t| (&*t.from, &*t.to, t.count, t.total_time)).collect();
        assert_eq!(found, [("HOME", "COMM", 1, 110)]);
        let states: Vec<_> = results
            .states
            .iter()
            .map(|s| (&*s.state, s.visits, s.total_time, s.censored))
            .collect();
        assert_eq!(states, [("COMM", 1, 20, 1), ("HOME", 1, 10, 0)]);
        // the day after the period: the move home is in, with a visit of no days of the period before
        let results = count(130, 150, &line);
        assert_eq!(results.transitions.len(), 1);
        assert_eq!(results.transitions[0].total_time, 20);
    }

    #[test]
    fn death_is_a_target_and_keeps_no_days() {
        let line = Line { death: Day(50).into(), ..line(vec![visit(State::Home, 0, 50)]) };
        let results = count(0, 99, &line);
        assert_eq!(results.transitions[0].to, "DEAD");
        assert_eq!(results.states[0].state, "DEAD");
        assert_eq!((results.states[0].visits, results.states[0].total_time), (1, 0));
        assert_eq!((results.states[1].total_time, results.states[1].ends), (50, 0));
    }

    /// Touching visits of random states, with unobserved days among them; some end in death.
    fn lines() -> impl Strategy<Value = Vec<(Line, u16)>> {
        let visits = prop::collection::vec((1usize..State::COUNT, 0i32..40), 1..9);
        let line = (visits, any::<bool>(), 0u16..3, -30i32..60).prop_map(
            |(visits, dies, stratum, begin)| {
                let mut day = begin;
                let mut line = Line::default();
                for (state, days) in visits {
                    line.visits.push(visit(State::ALL[state], day, day + days));
                    day += days;
                }
                if dies {
                    line.death = Day(day).into();
                } else if let Some(last) = line.visits.last_mut() {
                    last.censored = true;
                }
                (line, stratum)
            },
        );
        prop::collection::vec(line, 0..12)
    }

    proptest! {
        #[test]
        fn m16_totals_of_graphs_are_those_of_lines_in_every_scheme_and_stratum(
            lines in lines(),
            preset in prop::sample::select(vec![Preset::Full, Preset::Compact, Preset::Ascof]),
            turn in 0usize..12,
        ) {
            let settings = TimelineSettings {
                state_scheme: SchemeChoice::Preset(preset),
                ..TimelineSettings::default()
            };
            let period = Period { start: Day(0), end: Day(89) };
            let count = |lines: &[(Line, u16)], by_stratum: bool| {
                let mut journeys = Journeys::in_depth(&settings, &[period], None, None);
                for (line, stratum) in lines {
                    journeys.follow(line);
                    journeys.count(0, if by_stratum { *stratum } else { 0 }, &mut |_| {});
                }
                journeys
            };
            let all = count(&lines, false);
            let strata = count(&lines, true);
            // a move out or a censored visit for every visit
            let graphs = strata.strata().into_iter().chain(all.strata());
            for (_, _, Counts { graph, .. }) in graphs {
                for state in 0..graph.states() {
                    let out: i64 = (0..graph.states()).map(|to| graph.edge(state, to).count).sum();
                    let totals = graph.state(state);
                    prop_assert_eq!(out + totals.censored, totals.visits);
                    prop_assert!(totals.people <= totals.visits);
                }
            }
            // days of the states are those of the lines in the period
            let days = |(line, _): &(Line, u16)| -> i64 {
                let inside = line.visits.iter().map(|visit| {
                    visit.end.min(Day(90)).since(visit.start.max(Day(0))).max(0)
                });
                inside.map(i64::from).sum()
            };
            let wanted: i64 = lines.iter().map(days).sum();
            let mut merged = GraphCounts::new(Scheme::of_study(&settings).len());
            let mut people = 0;
            for (_, _, Counts { graph, depth }) in strata.strata() {
                merged.merge(graph);
                people += depth.as_ref().unwrap().whole.people();
            }
            let found: i64 = (0..merged.states()).map(|state| merged.state(state).days).sum();
            prop_assert_eq!(found, wanted);
            // strata make up the whole
            if let Some((_, _, Counts { graph, depth })) = all.strata().into_iter().next() {
                let table = |counts| rows(&state_graph(counts, "", all.scheme.names(), "", ""));
                prop_assert_eq!(table(&merged), table(graph));
                prop_assert_eq!(people, depth.as_ref().unwrap().whole.people());
                let starts: i64 = (0..graph.states()).map(|state| graph.state(state).starts).sum();
                prop_assert_eq!(starts, people);
            }
            // and neither the order of people nor merging changes anything
            let turn = turn.min(lines.len());
            let mut turned = count(&lines[turn..], true);
            turned.merge(&count(&lines[..turn], true));
            let made = |journeys: &Journeys| {
                let mut results = Results::default();
                journeys.finish(&mut results);
                results
            };
            prop_assert_eq!(made(&turned), made(&strata));
        }

        #[test]
        fn journeys_from_a_state_begin_with_it(lines in lines()) {
            let period = Period { start: Day(0), end: Day(89) };
            let settings = TimelineSettings::default();
            let from = Some(State::Nursing.code());
            let mut journeys = Journeys::in_depth(&settings, &[period], from, None);
            let mut all = Journeys::in_depth(&settings, &[period], None, None);
            for (line, _) in &lines {
                journeys.add(line);
                all.add(line);
            }
            let nursing = usize::from(Scheme::full().of(State::Nursing));
            let wanted = all.strata().first().map_or(0, |(_, _, all)| all.graph.state(nursing).people);
            let found = journeys.strata();
            let counts = found.first().map(|(_, _, counts)| &counts.graph);
            let people = counts.map_or(0, |graph| graph.state(nursing).people);
            prop_assert_eq!(people, wanted);
            if let Some(graph) = counts {
                prop_assert_eq!(graph.state(nursing).starts, wanted);
                let starts: i64 = (0..graph.states()).map(|state| graph.state(state).starts).sum();
                prop_assert_eq!(starts, wanted);
            }
        }
    }
}
