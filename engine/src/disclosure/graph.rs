//! Graphs: rare edges go into `OTHER`, small nodes are hidden (section 8).

use super::number::Decimal;
use super::profile::Rules;
use super::released::{Entry, Marker, Reason, ReleasedState, ReleasedTransition, Summary};
use crate::figure::{Clock, StateFigure, Transition};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::graph::OTHER;

/// Fewest stays behind a mean or a quartile of days, under every profile but `none`.
const SOJOURN_MIN: i64 = 10;

/// Scheme, area code, stratum and state.
type Node<'a> = (&'a str, &'a str, &'a str, &'a str);

/// The edges after control. Edges of an origin keep their order; `OTHER` comes after them.
pub fn release_transitions(
    edges: &[Transition],
    nodes: &[StateFigure],
    rules: &Rules,
    summary: &mut Summary,
) -> Vec<ReleasedTransition> {
    let small_nodes: BTreeSet<Node<'_>> = nodes
        .iter()
        .filter(|node| rules.is_small(node.people))
        .map(|node| (&*node.scheme, &*node.area_code, &*node.stratum, &*node.state))
        .collect();
    let mut order: Vec<Node<'_>> = Vec::new();
    let mut origins: BTreeMap<Node<'_>, Vec<&Transition>> = BTreeMap::new();
    for edge in edges {
        let origin = (&*edge.scheme, &*edge.area_code, &*edge.stratum, &*edge.from);
        let members = origins.entry(origin).or_default();
        if members.is_empty() {
            order.push(origin);
        }
        members.push(edge);
    }
    summary.look("transitions", edges.len() as u64);
    let mut released = Vec::with_capacity(edges.len());
    for origin in order {
        let members = &origins[&origin];
        let folded = folded(members, rules);
        let people: i64 = folded.iter().map(|&edge| members[edge].people).sum();
        if small_nodes.contains(&origin) || rules.is_small(people) {
            for _ in members {
                summary.hide("transitions", Reason::DroppedEdge);
            }
            continue;
        }
        for (number, edge) in members.iter().enumerate() {
            if folded.contains(&number) {
                summary.hide("transitions", Reason::FoldedEdge);
            } else {
                released.push(release_edge(edge, rules));
            }
        }
        if !folded.is_empty() {
            let parts: Vec<&Transition> = folded.iter().map(|&edge| members[edge]).collect();
            released.push(other(&parts, rules));
        }
    }
    released
}

/// The edges that go into `OTHER`: those of few people; the next smallest with them while they are
/// one alone or few people together.
fn folded(members: &[&Transition], rules: &Rules) -> BTreeSet<usize> {
    let mut by_size: Vec<usize> = (0..members.len()).collect();
    by_size.sort_by_key(|&edge| (members[edge].people, members[edge].count, &members[edge].to));
    let mut folded: BTreeSet<usize> =
        by_size.iter().copied().filter(|&edge| rules.is_small(members[edge].people)).collect();
    if folded.is_empty() {
        return folded;
    }
    for edge in by_size {
        let people: i64 = folded.iter().map(|&edge| members[edge].people).sum();
        if folded.len() > 1 && !rules.is_small(people) {
            break;
        }
        folded.insert(edge);
    }
    folded
}

fn release_edge(edge: &Transition, rules: &Rules) -> ReleasedTransition {
    let controlled = rules.round_to > 1;
    let decimals = |under: u8, exact: u8| if controlled { under } else { exact };
    let per_day = edge.clock.per_day();
    let is_log = edge.clock == Clock::Millis;
    let count = rounded(edge.count, rules);
    let n = count.shown().unwrap_or(0);
    let few = controlled && edge.stays < rules.statistic_min.max(SOJOURN_MIN);
    let statistic = |value: Option<Decimal>| match value {
        _ if edge.stays == 0 => Entry::Marked(Marker::NotApplicable),
        _ if few => Entry::Marked(Marker::Confidential),
        Some(value) => Entry::Shown(value),
        None => Entry::Marked(Marker::NotAvailable),
    };
    // the precision of the source inside the secure setting, about ten seconds outside
    let days = |value: f64| match (is_log, controlled) {
        (false, _) => Decimal::statistic(value),
        (true, true) => Decimal::rounded(value, 4),
        (true, false) => Decimal::rounded(value, 9),
    };
    let mean_decimals = if is_log { decimals(4, 9) } else { decimals(1, 4) };
    let mean = Decimal::quotient(edge.total_time, edge.stays * per_day, 1.0, mean_decimals);
    let total_days = if rules.is_small(edge.stays) {
        Entry::Marked(Marker::Confidential)
    } else {
        in_days(edge.total_time, edge.clock, rules)
    };
    let share = |top: i64, bottom: i64, factor: f64| {
        let value = Decimal::quotient(top, bottom, factor, decimals(4, 6));
        value.map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown)
    };
    let from_total = rules.rounded(edge.from_total).max(n);
    ReleasedTransition {
        scheme: edge.scheme.clone(),
        area_code: edge.area_code.clone(),
        stratum: edge.stratum.clone(),
        from: edge.from.clone(),
        to: edge.to.clone(),
        count,
        people: rounded(edge.people, rules),
        mean_days: statistic(mean),
        quartiles_days: edge.quartiles_days.map(|quartile| statistic(quartile.map(days))),
        total_days,
        probability: share(n, from_total, 1.0),
        rate_per_person_year: share(n * per_day, edge.person_time, 365.25),
    }
}

/// The sum of several edges of one origin. People and quartiles do not add up.
fn other(parts: &[&Transition], rules: &Rules) -> ReleasedTransition {
    let sum = |of: fn(&Transition) -> i64| parts.iter().map(|edge| of(edge)).sum();
    let first = parts.first().copied();
    let text = |of: fn(&Transition) -> &String| first.map(of).cloned().unwrap_or_default();
    let whole = Transition {
        scheme: text(|edge| &edge.scheme),
        area_code: text(|edge| &edge.area_code),
        stratum: text(|edge| &edge.stratum),
        from: text(|edge| &edge.from),
        to: OTHER.into(),
        count: sum(|edge| edge.count),
        people: 0,
        from_total: first.map_or(0, |edge| edge.from_total),
        clock: first.map_or(Clock::Days, |edge| edge.clock),
        total_time: sum(|edge| edge.total_time),
        stays: sum(|edge| edge.stays),
        quartiles_days: [None; 3],
        person_time: first.map_or(0, |edge| edge.person_time),
    };
    ReleasedTransition {
        people: Entry::Marked(Marker::NotAvailable),
        ..release_edge(&whole, rules)
    }
}

/// The nodes after control. All numbers of a node of few people are hidden; so is a number whose
/// complement to the visits is small.
pub fn release_states(
    nodes: &[StateFigure],
    rules: &Rules,
    summary: &mut Summary,
) -> Vec<ReleasedState> {
    let release = |node: &StateFigure| {
        let mut number = |count: i64, complement: Option<i64>| {
            let reason = if rules.is_small(node.people) {
                Reason::SmallBase
            } else if rules.is_small(count) {
                Reason::SmallCount
            } else if complement.is_some_and(|rest| rules.is_small(rest)) {
                Reason::SmallComplement
            } else {
                return rounded(count, rules);
            };
            summary.hide("states", reason);
            Entry::Marked(Marker::Confidential)
        };
        ReleasedState {
            scheme: node.scheme.clone(),
            area_code: node.area_code.clone(),
            stratum: node.stratum.clone(),
            state: node.state.clone(),
            visits: number(node.visits, None),
            people: number(node.people, None),
            total_days: match node.clock {
                Clock::Days => number(node.total_time, None).map(Decimal::whole),
                Clock::Millis if rules.is_small(node.people) => {
                    number(node.people, None).map(Decimal::whole)
                }
                Clock::Millis => in_days(node.total_time, node.clock, rules),
            },
            starts: number(node.starts, Some(node.visits - node.starts)),
            ends: number(node.ends, Some(node.ends - node.censored)),
            censored: number(node.censored, Some(node.visits - node.censored)),
        }
    };
    let released: Vec<ReleasedState> = nodes.iter().map(release).collect();
    summary.look("states", 6 * nodes.len() as u64);
    released
}

/// An amount of time in days, rounded as counts are under control.
fn in_days(time: i64, clock: Clock, rules: &Rules) -> Entry<Decimal> {
    if clock == Clock::Days || rules.round_to > 1 {
        return rounded(time / clock.per_day(), rules).map(Decimal::whole);
    }
    Decimal::quotient(time, clock.per_day(), 1.0, 9)
        .map_or(Entry::Marked(Marker::NotAvailable), Entry::Shown)
}

fn rounded(count: i64, rules: &Rules) -> Entry<i64> {
    let rounded = rules.rounded(count);
    if rounded == 0 && count != 0 { Entry::Marked(Marker::Low) } else { Entry::Shown(rounded) }
}
