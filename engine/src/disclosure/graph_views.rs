//! Parts of released graphs, and what is said beside them: eventually-follows counts and the people whose
//! whole journey a part shows.
//!
//! A view of released rows tells nothing that the rows do not, so it needs no control of its own; nor does
//! what is computed of a graph that is made again from them. What is counted from people once more, the
//! share of them that a view shows, is controlled as a count of a graph.

use super::Protected;
use super::number::Decimal;
use super::profile::{Profile, Rules};
use super::released::{
    Entry, Marker, Reason, Released, ReleasedFollow, ReleasedState, ReleasedTransition, Summary,
};
use crate::figure::{Clock, Follow, StateFigure, Transition};
use crate::graph::StateGraph;
use crate::graph::settings::ViewSettings;
use crate::graph::view::{View, view};
use crate::graph::whole::Shown;
use std::collections::BTreeMap;

/// Scheme, area code and stratum.
type Key<'a> = (&'a str, &'a str, &'a str);

/// A part of a released graph with how much of the whole it is.
#[derive(Clone, Debug)]
pub struct GraphView {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The whole released graph, made again from its rows.
    pub whole: StateGraph,
    /// The part.
    pub view: View,
    /// Share of the moves that the part shows, 0 to 1.
    pub share_of_moves: Entry<Decimal>,
    /// People, or cases, of the graph.
    pub people: Entry<i64>,
    /// Those all of whose states and moves the part shows.
    pub people_shown: Entry<i64>,
    /// The second as a share of the first, 0 to 1.
    pub share_of_people: Entry<Decimal>,
}

/// Parts of the graphs of a release.
#[derive(Clone, Debug)]
pub struct GraphViews {
    /// The rows of the parts; all else as in the release.
    pub rows: Protected<Released>,
    /// The parts, in the order of scheme, area and stratum.
    pub graphs: Vec<GraphView>,
}

/// The graphs of a release as graphs again, in the order of scheme, area and stratum: shown counts in the
/// place of exact ones, 0 in that of hidden ones. An edge whose days are hidden has -1 `stays`. States
/// that are hidden and have no edge are left out.
#[must_use]
pub fn state_graphs(released: &Protected<Released>) -> Vec<StateGraph> {
    grouped(released).into_values().map(|(states, moves)| state_graph(&states, &moves)).collect()
}

type Parts<'a> = (Vec<&'a ReleasedState>, Vec<&'a ReleasedTransition>);

fn grouped(released: &Released) -> BTreeMap<Key<'_>, Parts<'_>> {
    let mut parts: BTreeMap<Key<'_>, Parts<'_>> = BTreeMap::new();
    for row in &released.states {
        parts.entry((&row.scheme, &row.area_code, &row.stratum)).or_default().0.push(row);
    }
    for row in &released.transitions {
        parts.entry((&row.scheme, &row.area_code, &row.stratum)).or_default().1.push(row);
    }
    parts
}

fn state_graph(states: &[&ReleasedState], moves: &[&ReleasedTransition]) -> StateGraph {
    let mut graph = StateGraph::new();
    let mut nodes = BTreeMap::new();
    let has_move = |state: &str| moves.iter().any(|row| row.from == state || row.to == state);
    // logs tell time by fractions of a day, timelines by whole days
    let clock = |days: Entry<Decimal>| match days.shown() {
        Some(days) if days.decimals > 0 => Clock::Millis,
        _ => Clock::Days,
    };
    let is_log = states.iter().any(|row| clock(row.total_days) == Clock::Millis)
        || states.iter().any(|row| row.state == crate::graph::START);
    let clock = if is_log { Clock::Millis } else { Clock::Days };
    let time = |days: f64| (days * clock.per_day() as f64).round() as i64;
    for row in states {
        if row.people.shown().is_none() && !has_move(&row.state) {
            continue;
        }
        let figure = StateFigure {
            scheme: row.scheme.clone(),
            area_code: row.area_code.clone(),
            stratum: row.stratum.clone(),
            state: row.state.clone(),
            visits: row.visits.shown().unwrap_or(0),
            people: row.people.shown().unwrap_or(0),
            clock,
            total_time: row.total_days.shown().map_or(0, |days| time(days.value)),
            starts: row.starts.shown().unwrap_or(0),
            ends: row.ends.shown().unwrap_or(0),
            censored: row.censored.shown().unwrap_or(0),
        };
        nodes.insert(row.state.clone(), graph.add_node(figure));
    }
    for row in moves {
        for state in [&row.from, &row.to] {
            if !nodes.contains_key(state) {
                let bare = StateFigure {
                    scheme: row.scheme.clone(),
                    area_code: row.area_code.clone(),
                    stratum: row.stratum.clone(),
                    state: state.clone(),
                    visits: 0,
                    people: 0,
                    clock,
                    total_time: 0,
                    starts: 0,
                    ends: 0,
                    censored: 0,
                };
                nodes.insert(state.clone(), graph.add_node(bare));
            }
        }
    }
    for row in moves {
        let count = row.count.shown().unwrap_or(0);
        let from_total = moves
            .iter()
            .filter(|other| other.from == row.from)
            .filter_map(|other| other.count.shown())
            .sum();
        let (total, mean) = (row.total_days.shown(), row.mean_days.shown());
        let stays = match (total, mean) {
            (None, _) => -1,
            (Some(total), Some(mean)) if mean.value > 0.0 => {
                (total.value / mean.value).round() as i64
            }
            _ => count,
        };
        let (from, to) = (nodes[&row.from], nodes[&row.to]);
        let edge = Transition {
            scheme: row.scheme.clone(),
            area_code: row.area_code.clone(),
            stratum: row.stratum.clone(),
            from: row.from.clone(),
            to: row.to.clone(),
            count,
            people: row.people.shown().unwrap_or(0),
            from_total,
            clock,
            total_time: total.map_or(0, |days| time(days.value)),
            stays,
            quartiles_days: row.quartiles_days.map(|days| days.shown().map(|days| days.value)),
            person_time: graph[from].total_time,
        };
        graph.add_edge(from, to, edge);
    }
    graph
}

/// The parts of the graphs of a release that filters leave, with the share of moves and of people that
/// they show.
///
/// # Arguments
///
/// * `released`: the release.
/// * `journeys`: the whole journeys behind its graphs; a graph without them has no share of people.
/// * `filter`, `coverage`: what is shown, see [`view`].
/// * `profile`: the profile of the release.
#[must_use]
pub fn graph_views(
    released: &Protected<Released>,
    journeys: &[Shown],
    filter: &ViewSettings,
    coverage: f64,
    profile: &Profile,
) -> GraphViews {
    let rules = profile.of_graph();
    let mut graphs: Vec<GraphView> = Vec::new();
    for ((scheme, area_code, stratum), (states, moves)) in grouped(released) {
        let whole = state_graph(&states, &moves);
        let view = view(&whole, filter, coverage);
        let is_own = |shown: &&Shown| {
            (&*shown.scheme, &*shown.area_code, &*shown.stratum) == (scheme, area_code, stratum)
        };
        let counted = journeys.iter().find(is_own);
        let counted = counted.map(|shown| (shown.people_in(&view), shown.journeys.people()));
        let [people_shown, people] = people(counted, &rules);
        let share = |top: i64, bottom: i64| {
            Decimal::quotient(top, bottom, 1.0, 4)
                .map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown)
        };
        graphs.push(GraphView {
            scheme: scheme.into(),
            area_code: area_code.into(),
            stratum: stratum.into(),
            share_of_moves: share(view.moves, view.all_moves),
            share_of_people: match (people_shown, people) {
                (Entry::Shown(some), Entry::Shown(all)) => share(some.min(all), all),
                (Entry::Marked(marker), _) | (_, Entry::Marked(marker)) => Entry::Marked(marker),
            },
            people,
            people_shown,
            whole,
            view,
        });
    }
    let mut rows = Released::clone(released);
    let of = |scheme: &str, area_code: &str, stratum: &str| {
        let key = (scheme, area_code, stratum);
        graphs.iter().find(|graph| (&*graph.scheme, &*graph.area_code, &*graph.stratum) == key)
    };
    rows.states.retain(|row| {
        of(&row.scheme, &row.area_code, &row.stratum).is_some_and(|g| g.view.has_state(&row.state))
    });
    rows.transitions.retain(|row| {
        of(&row.scheme, &row.area_code, &row.stratum)
            .is_some_and(|g| g.view.has_move(&row.from, &row.to))
    });
    rows.follows.retain(|row| {
        of(&row.scheme, &row.area_code, &row.stratum)
            .is_some_and(|g| g.view.has_state(&row.from) && g.view.has_state(&row.to))
    });
    GraphViews { rows: Protected(rows), graphs }
}

/// Those shown and all: hidden when either is few, or the people left out are.
fn people(counted: Option<(i64, i64)>, rules: &Rules) -> [Entry<i64>; 2] {
    let Some((some, all)) = counted else { return [Entry::Marked(Marker::NotAvailable); 2] };
    let number = |count: i64, is_hidden: bool| {
        if is_hidden {
            Entry::Marked(Marker::Confidential)
        } else {
            Entry::Shown(rules.rounded(count))
        }
    };
    let few = rules.is_small(all);
    [number(some, few || rules.is_small(some) || rules.is_small(all - some)), number(all, few)]
}

/// Eventually-follows counts after control: a row of few people, or whose complement to the people of
/// the earlier state is few, is hidden whole.
pub(super) fn release_follows(
    follows: &[Follow],
    rules: &Rules,
    summary: &mut Summary,
) -> Vec<ReleasedFollow> {
    let release = |row: &Follow| {
        let reason = if rules.is_small(row.people) {
            Some(Reason::SmallCount)
        } else if rules.is_small(row.of) {
            Some(Reason::SmallBase)
        } else if rules.is_small(row.of - row.people) {
            Some(Reason::SmallComplement)
        } else {
            None
        };
        let hidden = Marker::Confidential;
        if let Some(reason) = reason {
            summary.hide("follows", reason);
        }
        let number = |count: i64| match reason {
            Some(_) => Entry::Marked(hidden),
            None => Entry::Shown(rules.rounded(count)),
        };
        let share = match reason {
            Some(_) => Entry::Marked(hidden),
            None => Decimal::quotient(
                rules.rounded(row.people).min(rules.rounded(row.of)),
                rules.rounded(row.of),
                1.0,
                if rules.round_to > 1 { 4 } else { 6 },
            )
            .map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown),
        };
        ReleasedFollow {
            scheme: row.scheme.clone(),
            area_code: row.area_code.clone(),
            stratum: row.stratum.clone(),
            from: row.from.clone(),
            to: row.to.clone(),
            people: number(row.people),
            pairs: number(row.pairs),
            share,
        }
    };
    let released: Vec<ReleasedFollow> = follows.iter().map(release).collect();
    summary.look("follows", follows.len() as u64);
    released
}
