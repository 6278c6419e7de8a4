//! What leaves a measure: figures as exact counts, with what disclosure control must know of them.

mod journeys;

pub use journeys::{Cluster, Journeys, Reached, Typology};

use crate::survival::Point;
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;
use throughcare_linkage::instant::DAY_MILLIS;

/// Kind of area, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum AreaType {
    England,
    Region,
    La,
    Provider,
    Icb,
}

impl AreaType {
    /// The code in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::England => "england",
            Self::Region => "region",
            Self::La => "la",
            Self::Provider => "provider",
            Self::Icb => "icb",
        }
    }
}

/// An area of a figure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// Kind.
    pub kind: AreaType,
    /// Code, as in the look-up of areas; `E92000001` for England.
    pub code: String,
    /// Name.
    pub name: String,
}

impl Area {
    /// England.
    #[must_use]
    pub fn england() -> Self {
        Self { kind: AreaType::England, code: "E92000001".into(), name: "England".into() }
    }
}

/// What a figure's value is, and how it is made from its counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// The numerator itself, a number of the unit.
    Count,
    /// Numerator over denominator as a percentage, with the given number of decimals.
    Percent(u8),
    /// Numerator over denominator times this.
    Per(f64),
    /// A statistic of the denominator's cases, such as a median; not made from the counts.
    Statistic(f64),
    /// Not available (`x`), such as a quotient with an empty denominator.
    Unavailable,
}

/// What one unit of a count is, for disclosure control and for the column `unit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Unit {
    People,
    Events,
    Discharges,
    Admissions,
    Attendances,
    Episodes,
    Days,
    Percent,
    PerPopulation,
    PerPersonYears,
    Pounds,
    PoundsAWeek,
    HoursAWeek,
    Index,
    Locations,
    Files,
    Submissions,
    Values,
}

impl Unit {
    /// The text of the column `unit`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Events => "events",
            Self::Discharges => "discharges",
            Self::Admissions => "admissions",
            Self::Attendances => "attendances",
            Self::Episodes => "episodes",
            Self::Days => "days",
            Self::Percent => "percent",
            Self::PerPopulation => "per 100,000 population",
            Self::PerPersonYears => "per 1,000 person-years",
            Self::Pounds => "pounds",
            Self::PoundsAWeek => "pounds a week",
            Self::HoursAWeek => "hours a week",
            Self::Index => "index",
            Self::Locations => "locations",
            Self::Files => "files",
            Self::Submissions => "submissions",
            Self::Values => "values",
        }
    }
}

/// One figure before disclosure control: a row of the table `measures`.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Measure, as in the study file.
    pub measure: &'static str,
    /// Part of the measure; empty for its only one.
    pub part: String,
    /// Period, both days included.
    pub period: Period,
    /// Area.
    pub area: Area,
    /// `key=value` pairs joined by `; `; empty for the total.
    pub stratum: String,
    /// Numerator.
    pub numerator: Option<i64>,
    /// Denominator.
    pub denominator: Option<i64>,
    /// How the value is made.
    pub value: Value,
    /// Lower and upper bound of a 95% interval in the unit of the value, if the method has one.
    pub interval: Option<(f64, f64)>,
    /// Unit of the value.
    pub unit: Unit,
    /// What numerator and denominator count: the cells that the threshold protects.
    pub counts: Unit,
}

/// One step of a measure's attrition: what a rule left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttritionStep {
    /// Measure.
    pub measure: &'static str,
    /// Part; empty when it is the same for all.
    pub part: String,
    /// Period, both days included.
    pub period: Period,
    /// Position, from 1. Step 1 has what the measure starts from and leaves out nothing.
    pub step: u16,
    /// The handbook's rule, such as `M1.2`.
    pub rule: &'static str,
    /// What the rule does, in plain words.
    pub what: String,
    /// Records left out by this rule.
    pub records_out: i64,
    /// Records left after this rule.
    pub records_left: i64,
    /// People left after this rule, where the measure counts them.
    pub people_left: Option<i64>,
    /// What a record is.
    pub unit: Unit,
}

/// In what a graph counts time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Whole days, as timelines do.
    #[default]
    Days,
    /// Milliseconds, as event logs do.
    Millis,
}

impl Clock {
    /// Units of a day.
    #[must_use]
    pub const fn per_day(self) -> i64 {
        match self {
            Self::Days => 1,
            Self::Millis => DAY_MILLIS,
        }
    }
}

/// One edge of the transition graph: a row of the table `transitions`, exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// State left.
    pub from: String,
    /// State entered.
    pub to: String,
    /// Moves.
    pub count: i64,
    /// People who made the move at least once.
    pub people: i64,
    /// Moves out of `from` in all.
    pub from_total: i64,
    /// In what time is counted.
    pub clock: Clock,
    /// Time in `from` before the moves with a positive stay, in all.
    pub total_time: i64,
    /// Moves with a positive stay in `from`.
    pub stays: i64,
    /// Quartiles of those stays in days: 25%, 50%, 75%.
    pub quartiles_days: [Option<f64>; 3],
    /// Time spent in `from` by everyone, in all.
    pub person_time: i64,
}

/// One node of the transition graph: a row of the table `states`, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateFigure {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// State.
    pub state: String,
    /// Visits.
    pub visits: i64,
    /// People with at least one visit.
    pub people: i64,
    /// In what time is counted.
    pub clock: Clock,
    /// Time in the state.
    pub total_time: i64,
    /// Lines that begin in the state.
    pub starts: i64,
    /// Lines that end in the state, the censored ones included.
    pub ends: i64,
    /// Visits that still ran when observation ended.
    pub censored: i64,
}

/// How often one state or activity comes after another at any distance: exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follow {
    /// State scheme.
    pub scheme: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The earlier state.
    pub from: String,
    /// The later state; the same one for those who come back to it.
    pub to: String,
    /// People, or cases, in whom the later comes after the earlier.
    pub people: i64,
    /// Pairs of a visit of the earlier and a later visit of the other.
    pub pairs: i64,
    /// People with a visit of the earlier.
    pub of: i64,
}

/// One sequence of states or activities: a row of the table `pathways`, exact.
#[derive(Clone, Debug, PartialEq)]
pub struct Pathway {
    /// Area code; empty where there is none, as for an event log.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// Where the sequences begin and how far they go, or the name of the event log.
    pub anchor: String,
    /// States in order, joined by ` > `.
    pub path: String,
    /// People, or journeys, with this sequence.
    pub people: i64,
    /// Those of the anchor in all.
    pub of: i64,
    /// Median length in days.
    pub median_days: Option<f64>,
}

/// One point of a time-to-event curve: a row of the table `curves`, exact.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveRow {
    /// Measure, as in the study file.
    pub measure: String,
    /// Area code.
    pub area_code: String,
    /// Stratum.
    pub stratum: String,
    /// The event.
    pub event: String,
    /// A day that readers ask for: where days are put together under disclosure control, a row ends on
    /// it if one can.
    pub is_horizon: bool,
    /// Estimate at the end of this day, and what happened since the row before.
    pub point: Point,
}

/// One line of the table `quality`: a data-quality count of one council or provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualityFigure {
    /// Area.
    pub area: Area,
    /// Source: `cld`, `apc`, `ecds`, `deaths`, `linkage`, or one of the tables of data quality:
    /// `dq_values`, `dq_field_summary`, `dq_rule_counts`, `dq_submission`, `dq_linkage`,
    /// `dq_new_values`, `dq_metric_caveats`.
    pub source: &'static str,
    /// Name of the check.
    pub check: String,
    /// Records or people that fail, or that meet, the check.
    pub numerator: i64,
    /// Records or people looked at.
    pub denominator: Option<i64>,
    /// What they are.
    pub unit: Unit,
    /// How disclosure control treats it.
    pub content: Content,
}

/// What a line of `quality` tells, for disclosure control.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// A count of records or people, under the rules of its source.
    #[default]
    Count,
    /// An amount, such as days, of so many people: hidden where they are few.
    Amount {
        /// The people.
        people: i64,
    },
    /// A count of records that hold this text, as it was submitted. A released row ends in
    /// `value=` and the text where records and people reach the threshold; the others of one check
    /// are shown as one row, without their texts.
    RawText {
        /// The text.
        text: String,
        /// People behind the records.
        people: i64,
    },
    /// A count of files, submissions or councils, which are not people: shown as it is.
    NotOfPeople,
    /// Nothing can be counted (`x`); the check says why.
    NotAvailable,
}

/// Everything that a run has computed, exact, before disclosure control. Only
/// [`crate::disclosure`] turns it into something that may be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// Figures.
    pub measures: Vec<Figure>,
    /// Attrition.
    pub attrition: Vec<AttritionStep>,
    /// Attrition by council, of measures that are compared with a council's own return; without
    /// people.
    pub council_attrition: Vec<(Area, AttritionStep)>,
    /// Time-to-event curves: the rows of one curve stand together, by day.
    pub curves: Vec<CurveRow>,
    /// Edges.
    pub transitions: Vec<Transition>,
    /// Nodes.
    pub states: Vec<StateFigure>,
    /// What comes after what, where it was asked for.
    pub follows: Vec<Follow>,
    /// Sequences: those of one area, stratum and anchor stand together, by people, most first, then by
    /// path.
    pub pathways: Vec<Pathway>,
    /// What follows the anchors of `pathways`, one after the other in the same order.
    pub journeys: Vec<Journeys>,
    /// Data quality.
    pub quality: Vec<QualityFigure>,
    /// Region code by council code, as in the areas of `measures`, so that secondary suppression
    /// knows which councils add up to a region; empty when no look-up gives regions.
    pub regions: BTreeMap<String, String>,
}

impl Results {
    /// Adds the rows of other results behind those of the same table.
    pub fn append(&mut self, other: Self) {
        let Self {
            measures,
            attrition,
            council_attrition,
            curves,
            transitions,
            states,
            follows,
            pathways,
            journeys,
            quality,
            regions,
        } = other;
        self.measures.extend(measures);
        self.attrition.extend(attrition);
        self.council_attrition.extend(council_attrition);
        self.curves.extend(curves);
        self.transitions.extend(transitions);
        self.states.extend(states);
        self.follows.extend(follows);
        self.pathways.extend(pathways);
        self.journeys.extend(journeys);
        self.quality.extend(quality);
        self.regions.extend(regions);
    }
}
