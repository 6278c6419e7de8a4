//! Two groups side by side: moves that both released graphs show, and no others.
//!
//! A difference is a complex measure, which needs no control as long as the counts behind it cannot be had
//! from it (section 5): differences, limits and standardised shares are therefore shown to two decimals, and
//! days only where both medians may be shown.

use super::Protected;
use super::number::Decimal;
use super::profile::Profile;
use super::released::{Entry, Marker, Released, ReleasedTransition};
use crate::compare::{Comparison, Difference, EdgeComparison, Names};

/// Two groups after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedComparison {
    /// What the groups differ in.
    pub by: String,
    /// Their values of it.
    pub groups: [String; 2],
    /// What they were made alike in.
    pub standardised: Vec<String>,
    /// People of each.
    pub people: [Entry<i64>; 2],
    /// Those left out because the other group has nobody alike.
    pub left_out: [Entry<i64>; 2],
    /// Draws behind the intervals.
    pub replicates: u32,
    /// Their seed.
    pub seed: u64,
    /// Moves, those whose shares differ most surely first.
    pub rows: Vec<ReleasedRow>,
    /// Moves that are not shown, because few people of a group made them or the other group never left
    /// the state.
    pub hidden: usize,
    /// Nothing was controlled.
    pub not_for_release: bool,
}

/// A move in both groups after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedRow {
    /// State left.
    pub from: String,
    /// State entered.
    pub to: String,
    /// Moves in each group.
    pub count: [Entry<i64>; 2],
    /// People who made them.
    pub people: [Entry<i64>; 2],
    /// Share of the moves out of the state in each group, 0 to 1.
    pub probability: [Entry<Decimal>; 2],
    /// The second share less the first.
    pub difference: ReleasedDifference,
    /// Median days before the move in each group.
    pub median_days: [Entry<Decimal>; 2],
    /// The second median less the first.
    pub days_difference: ReleasedDifference,
}

/// A difference after control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleasedDifference {
    /// The difference.
    pub value: Entry<Decimal>,
    /// Lower 95% limit.
    pub lower: Entry<Decimal>,
    /// Upper 95% limit.
    pub upper: Entry<Decimal>,
    /// False discovery rate at which it would just be found.
    pub q: Entry<Decimal>,
}

impl ReleasedDifference {
    const fn marked(marker: Marker) -> Self {
        let none = Entry::Marked(marker);
        Self { value: none, lower: none, upper: none, q: none }
    }

    fn of(difference: Option<Difference>, decimals: u8) -> Self {
        let Some(of) = difference else { return Self::marked(Marker::NotApplicable) };
        let shown = |value: f64| Entry::Shown(Decimal::rounded(value, decimals));
        Self {
            value: shown(of.value),
            lower: shown(of.lower),
            upper: shown(of.upper),
            q: Entry::Shown(Decimal::rounded(of.q, 3)),
        }
    }

    /// Whether 0 lies outside the limits.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        let [lower, upper] = [self.lower, self.upper].map(|limit| limit.shown().map(|d| d.value));
        lower.is_some_and(|lower| lower > 0.0) || upper.is_some_and(|upper| upper < 0.0)
    }
}

/// Releases a comparison: the moves that the released graphs of both groups show, or that one shows while
/// nobody of the other made it.
///
/// # Arguments
///
/// * `released`: the release of the graphs of both groups, under the same profile.
/// * `min_people`: moves of fewer people of a group are not shown either.
#[must_use]
pub fn release_comparison(
    comparison: &Comparison,
    names: &Names,
    released: &Protected<Released>,
    min_people: i64,
    profile: &Profile,
) -> Protected<ReleasedComparison> {
    let rules = profile.of_graph();
    let controlled = rules.round_to > 1;
    let count = |count: i64| match rules.rounded(count) {
        _ if rules.is_small(count) => Entry::Marked(Marker::Confidential),
        rounded => Entry::Shown(rounded),
    };
    let by_surety = |a: &&EdgeComparison, b: &&EdgeComparison| {
        let key = |edge: &EdgeComparison| {
            edge.probability.map_or((2.0, 0.0), |of| (of.p, -of.value.abs()))
        };
        let (a_key, b_key) = (key(a), key(b));
        a_key.0.total_cmp(&b_key.0).then(a_key.1.total_cmp(&b_key.1))
    };
    let mut order: Vec<&EdgeComparison> = comparison.edges.iter().collect();
    // edges of equal surety stay in the order of states
    order.sort_by(by_surety);
    let row = |edge: &EdgeComparison| {
        let name = |state: u8| names.states.get(usize::from(state)).cloned().unwrap_or_default();
        let (from, to) = (name(edge.from), name(edge.to));
        let mut sides = [None, None];
        for (n, side) in sides.iter_mut().enumerate() {
            *side = Some(Side::find(released, &names.keys[n], &from, &to, edge.count[n])?);
        }
        let [Some(one), Some(other)] = sides else { return None };
        let is_few =
            |side: &Side<'_>| side.people().shown().is_some_and(|n| 0 < n && n < min_people);
        if edge.probability.is_none() || [&one, &other].into_iter().any(is_few) {
            return None;
        }
        let is_standardised = !names.standardised.is_empty();
        let shares = [&one, &other].map(|side| side.probability());
        let days = [&one, &other].map(|side| side.median_days());
        let has_days = days.iter().all(|days| days.shown().is_some());
        let weighed = |of: [Option<f64>; 2], decimals: u8| {
            of.map(|value| {
                value.map_or(Entry::Marked(Marker::NotApplicable), |value| {
                    Entry::Shown(Decimal::rounded(value, decimals))
                })
            })
        };
        let [share_decimals, day_decimals] = if controlled { [2, 0] } else { [6, 4] };
        Some(ReleasedRow {
            from,
            to,
            count: [&one, &other].map(Side::count),
            people: [&one, &other].map(Side::people),
            probability: if is_standardised {
                weighed(edge.probabilities, share_decimals)
            } else {
                shares
            },
            difference: ReleasedDifference::of(edge.probability, share_decimals),
            median_days: match (has_days, is_standardised) {
                (true, true) => weighed(edge.median_days, day_decimals),
                _ => days,
            },
            days_difference: if has_days {
                ReleasedDifference::of(edge.days, day_decimals)
            } else {
                let marker = days.iter().find_map(|days| days.marker());
                ReleasedDifference::marked(marker.unwrap_or(Marker::Confidential))
            },
        })
    };
    let rows: Vec<ReleasedRow> = order.into_iter().filter_map(row).collect();
    Protected(ReleasedComparison {
        by: names.by.clone(),
        groups: names.groups.clone(),
        standardised: names.standardised.clone(),
        people: comparison.people.map(count),
        left_out: comparison.left_out.map(count),
        replicates: names.replicates,
        seed: names.seed,
        hidden: comparison.edges.len() - rows.len(),
        rows,
        not_for_release: released.not_for_release,
    })
}

/// One group's side of a move.
#[derive(Clone, Copy)]
enum Side<'a> {
    /// As its released graph shows it.
    Shown(&'a ReleasedTransition),
    /// Nobody made the move, though the graph shows others from there.
    Nobody,
}

impl<'a> Side<'a> {
    /// None where the graph does not show the move.
    fn find(
        released: &'a Released,
        (area_code, stratum): &(String, String),
        from: &str,
        to: &str,
        count: i64,
    ) -> Option<Self> {
        let out = || {
            released.transitions.iter().filter(move |row| {
                &row.area_code == area_code && &row.stratum == stratum && row.from == from
            })
        };
        match out().find(|row| row.to == to) {
            Some(row) => Some(Self::Shown(row)),
            None => (count == 0 && out().next().is_some()).then_some(Self::Nobody),
        }
    }

    const fn count(&self) -> Entry<i64> {
        match self {
            Self::Shown(row) => row.count,
            Self::Nobody => Entry::Shown(0),
        }
    }

    const fn people(&self) -> Entry<i64> {
        match self {
            Self::Shown(row) => row.people,
            Self::Nobody => Entry::Shown(0),
        }
    }

    fn probability(&self) -> Entry<Decimal> {
        match self {
            Self::Shown(row) => row.probability,
            Self::Nobody => Entry::Shown(Decimal { value: 0.0, decimals: 4 }),
        }
    }

    fn median_days(&self) -> Entry<Decimal> {
        match self {
            Self::Shown(row) => row.quartiles_days[1],
            Self::Nobody => Entry::Marked(Marker::NotApplicable),
        }
    }
}
