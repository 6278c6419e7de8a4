//! Tables after control: every number is shown or has a marker in its place.

use super::number::Decimal;
use super::released_journeys::ReleasedJourneys;
use crate::figure::{Area, Unit};
use serde::Serialize;
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;

/// What stands in the place of a number (section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Marker {
    /// `c`: suppressed.
    Confidential,
    /// `x`: not available.
    NotAvailable,
    /// `z`: not applicable, such as a quotient with an empty denominator.
    NotApplicable,
    /// `low`: rounds to zero but is not zero.
    Low,
}

impl Marker {
    /// The text of the column `status`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confidential => "c",
            Self::NotAvailable => "x",
            Self::NotApplicable => "z",
            Self::Low => "low",
        }
    }
}

/// A number of a released table, or the marker in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry<T> {
    /// The number as it may be seen.
    Shown(T),
    /// No number.
    Marked(Marker),
}

impl<T: Copy> Entry<T> {
    /// The number, if shown.
    #[must_use]
    pub const fn shown(self) -> Option<T> {
        match self {
            Self::Shown(number) => Some(number),
            Self::Marked(_) => None,
        }
    }

    /// The marker, if any.
    #[must_use]
    pub const fn marker(self) -> Option<Marker> {
        match self {
            Self::Shown(_) => None,
            Self::Marked(marker) => Some(marker),
        }
    }

    /// The number after a change, or the same marker.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Entry<U> {
        match self {
            Self::Shown(number) => Entry::Shown(change(number)),
            Self::Marked(marker) => Entry::Marked(marker),
        }
    }
}

/// Why something was hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A small count.
    SmallCount,
    /// Denominator minus numerator is a small count.
    SmallComplement,
    /// The people or cases behind the number are few.
    SmallBase,
    /// A median, mean or other statistic of too few cases.
    FewCases,
    /// A rate of too few events; marked `x`, since the count itself may be shown.
    FewEvents,
    /// A zero, where zeros are hidden.
    Zero,
    /// Derivable from the total and the other cells (section 6).
    Secondary,
    /// An edge of the graph that went into `OTHER` (section 8).
    FoldedEdge,
    /// A point of a curve that went into the next one, or was left out at its end.
    FoldedPoint,
    /// A sequence that went into the row of the rare ones.
    PooledPathway,
    /// An edge left out, since even all edges of its origin together are few people.
    DroppedEdge,
}

/// How many numbers each rule hid, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Numbers (of graphs: edges) hidden, by table and rule.
    pub hidden: BTreeMap<&'static str, BTreeMap<Reason, u64>>,
    /// Numbers looked at, by table.
    pub cells: BTreeMap<&'static str, u64>,
}

impl Summary {
    pub(super) fn hide(&mut self, table: &'static str, reason: Reason) {
        *self.hidden.entry(table).or_default().entry(reason).or_default() += 1;
    }

    pub(super) fn look(&mut self, table: &'static str, cells: u64) {
        *self.cells.entry(table).or_default() += cells;
    }

    /// Numbers hidden in all tables.
    #[must_use]
    pub fn total_hidden(&self) -> u64 {
        self.hidden.values().flat_map(BTreeMap::values).sum()
    }
}

/// A row of `measures` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedFigure {
    /// Measure.
    pub measure: &'static str,
    /// Part; empty for the only one.
    pub part: String,
    /// Period, both days included.
    pub period: Period,
    /// Area.
    pub area: Area,
    /// `key=value` pairs joined by `; `; empty for the total.
    pub stratum: String,
    /// Numerator.
    pub numerator: Entry<i64>,
    /// Denominator.
    pub denominator: Entry<i64>,
    /// Value.
    pub value: Entry<Decimal>,
    /// Lower bound of the 95% interval.
    pub lower: Entry<Decimal>,
    /// Upper bound of the 95% interval.
    pub upper: Entry<Decimal>,
    /// Unit of the value.
    pub unit: Unit,
    /// Unit of numerator and denominator.
    pub counts: Unit,
    /// The marker of the row.
    pub status: Option<Marker>,
}

/// A row of `attrition` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedStep {
    /// Measure.
    pub measure: &'static str,
    /// Part; empty when it is the same for all.
    pub part: String,
    /// Period, both days included.
    pub period: Period,
    /// Position, from 1.
    pub step: u16,
    /// The handbook's rule.
    pub rule: &'static str,
    /// What the rule does, in plain words.
    pub what: String,
    /// Records left out by this rule.
    pub records_out: Entry<i64>,
    /// Records left after it.
    pub records_left: Entry<i64>,
    /// People left after it.
    pub people_left: Entry<i64>,
    /// What a record is.
    pub unit: Unit,
}

/// A row of `transitions` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedTransition {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// State left.
    pub from: String,
    /// State entered; `OTHER` stands for those that few people entered.
    pub to: String,
    /// Moves.
    pub count: Entry<i64>,
    /// People who made the move; not available for `OTHER`, where a person can count twice.
    pub people: Entry<i64>,
    /// Mean days in `from` before the move.
    pub mean_days: Entry<Decimal>,
    /// Quartiles of those days: 25%, 50%, 75%.
    pub quartiles_days: [Entry<Decimal>; 3],
    /// Those days in all.
    pub total_days: Entry<Decimal>,
    /// Share of the moves out of `from`, 0 to 1.
    pub probability: Entry<Decimal>,
    /// Moves per year that a person spends in `from`.
    pub rate_per_person_year: Entry<Decimal>,
}

/// A row of `pathways` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedPathway {
    /// Area code; empty where there is none.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// Where sequences begin, or the event log.
    pub anchor: String,
    /// Place among those of the anchor, from 1; none for the row of the rare ones.
    pub rank: Entry<i64>,
    /// The sequence.
    pub path: String,
    /// People, or journeys.
    pub people: Entry<i64>,
    /// Share of those of the anchor, 0 to 1.
    pub share: Entry<Decimal>,
    /// Median length in days.
    pub median_days: Entry<Decimal>,
}

/// A row of `states` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedState {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// State.
    pub state: String,
    /// Visits.
    pub visits: Entry<i64>,
    /// People with at least one visit.
    pub people: Entry<i64>,
    /// Days in the state.
    pub total_days: Entry<Decimal>,
    /// Lines that begin in the state.
    pub starts: Entry<i64>,
    /// Lines that end in the state.
    pub ends: Entry<i64>,
    /// Visits that still ran when observation ended.
    pub censored: Entry<i64>,
}

/// An eventually-follows count after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedFollow {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The earlier state.
    pub from: String,
    /// The later state.
    pub to: String,
    /// People, or cases, in whom the later comes after the earlier.
    pub people: Entry<i64>,
    /// Pairs of a visit of the earlier and a later visit of the other.
    pub pairs: Entry<i64>,
    /// The people as a share of those with a visit of the earlier, 0 to 1.
    pub share: Entry<Decimal>,
}

/// A row of `curves` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedCurve {
    /// Measure.
    pub measure: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The event.
    pub event: String,
    /// Days since the start.
    pub day: i32,
    /// Those at risk after the row before.
    pub at_risk: Entry<i64>,
    /// Events since the row before.
    pub events: Entry<i64>,
    /// Those last seen since the row before.
    pub censored: Entry<i64>,
    /// Share who have had the event by the end of the day, 0 to 1.
    pub estimate: Entry<Decimal>,
    /// Variance of it.
    pub variance: Entry<Decimal>,
    /// Lower 95% limit.
    pub lower: Entry<Decimal>,
    /// Upper 95% limit.
    pub upper: Entry<Decimal>,
}

/// A row of `quality` after control.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleasedQuality {
    /// Area.
    pub area: Area,
    /// Source.
    pub source: &'static str,
    /// Name of the check.
    pub check: String,
    /// Records or people that fail, or that meet, the check.
    pub numerator: Entry<i64>,
    /// Records or people looked at.
    pub denominator: Entry<i64>,
    /// Percentage.
    pub value: Entry<Decimal>,
    /// What they are.
    pub unit: Unit,
    /// The marker of the row.
    pub status: Option<Marker>,
}

/// Every table after control.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Released {
    /// Figures.
    pub measures: Vec<ReleasedFigure>,
    /// Time-to-event curves.
    pub curves: Vec<ReleasedCurve>,
    /// Edges.
    pub transitions: Vec<ReleasedTransition>,
    /// Nodes.
    pub states: Vec<ReleasedState>,
    /// What comes after what, where it was asked for.
    pub follows: Vec<ReleasedFollow>,
    /// Sequences.
    pub pathways: Vec<ReleasedPathway>,
    /// What follows the anchors of sequences.
    pub journeys: Vec<ReleasedJourneys>,
    /// Data quality.
    pub quality: Vec<ReleasedQuality>,
    /// Attrition.
    pub attrition: Vec<ReleasedStep>,
    /// Attrition by council, of measures that are compared with a council's own return.
    pub council_attrition: Vec<(Area, ReleasedStep)>,
    /// What was hidden.
    pub summary: Summary,
    /// Profiles that were applied, by table, in words.
    pub profiles: BTreeMap<&'static str, String>,
    /// Smallest count shown, by the same tables.
    pub thresholds: BTreeMap<&'static str, i64>,
    /// Nothing was controlled: not for release.
    pub not_for_release: bool,
}
