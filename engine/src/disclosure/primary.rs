//! Primary suppression of one figure, and the figure as it is shown (section 5).

use super::number::Decimal;
use super::profile::{PctFrom, Rules, Small};
use super::released::{Entry, Marker, Reason, ReleasedFigure};
use crate::figure::{Figure, Unit, Value};
use crate::rates::{byar, exact_poisson};
use crate::wilson::wilson_percent;

/// A figure on its way through control: what is hidden of it so far, and why.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The exact figure.
    pub figure: &'a Figure,
    /// Its rules.
    pub rules: Rules,
    /// The numerator must not be seen.
    pub numerator: Option<Reason>,
    /// The denominator must not be seen.
    pub denominator: Option<Reason>,
    /// The value must not be seen, even where both counts may.
    pub value: Option<Reason>,
}

/// Whether the denominator counts the population of an area, which is public.
pub fn public_denominator(figure: &Figure) -> bool {
    figure.unit == Unit::PerPopulation
}

/// Whether a unit counts things that people did or had, so that a value of it is an amount.
const fn is_amount(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::People
            | Unit::Events
            | Unit::Discharges
            | Unit::Admissions
            | Unit::Attendances
            | Unit::Episodes
            | Unit::Pounds
    )
}

impl<'a> Draft<'a> {
    /// Primary suppression. `people_behind` are the people behind numerator and denominator where these
    /// are amounts, such as days or the events and person-time of a rate.
    pub fn new(figure: &'a Figure, rules: Rules, people_behind: [Option<i64>; 2]) -> Self {
        let mut draft = Self { figure, rules, numerator: None, denominator: None, value: None };
        let suppress = rules.small == Small::Suppress;
        let hide = |count: i64| {
            if rules.is_small(count) {
                Some(Reason::SmallCount)
            } else if rules.hide_zero && count == 0 {
                Some(Reason::Zero)
            } else {
                None
            }
        };
        let numerator = figure.numerator.and_then(hide);
        let denominator = figure.denominator.filter(|_| !public_denominator(figure)).and_then(hide);
        if suppress {
            draft.denominator = denominator;
            draft.numerator = numerator.or_else(|| {
                denominator.filter(|_| figure.numerator.is_some()).map(|_| Reason::SmallBase)
            });
        }
        if let (Value::Percent(_), Some(n), Some(d)) =
            (figure.value, figure.numerator, figure.denominator)
            && rules.is_small(d - n)
        {
            draft.value = Some(Reason::SmallComplement);
            if suppress {
                draft.numerator = draft.numerator.or(Some(Reason::SmallComplement));
            }
        }
        let [few_above, few_below] =
            people_behind.map(|people| people.is_some_and(|people| rules.is_small(people)));
        if few_above && figure.numerator != Some(0) {
            draft.numerator = draft.numerator.or(Some(Reason::SmallBase));
            draft.value = Some(Reason::SmallBase);
        }
        if few_below {
            draft.denominator = draft.denominator.or(Some(Reason::SmallBase));
            draft.value = Some(Reason::SmallBase);
        }
        let from_counts = !matches!(figure.value, Value::Count) || suppress;
        if from_counts {
            draft.value = draft.value.or(numerator).or(denominator);
        }
        if let Value::Statistic(value) = figure.value {
            draft.value = draft.value.or_else(|| statistic(figure, value, &rules));
        }
        draft
    }

    /// The figure as it is shown.
    pub fn release(&self) -> ReleasedFigure {
        let figure = self.figure;
        let numerator = self.count(figure.numerator, self.numerator, figure.counts == Unit::Days);
        let denominator = if public_denominator(figure) {
            figure.denominator.map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown)
        } else {
            let days = figure.counts == Unit::Days || figure.unit == Unit::PerPersonYears;
            self.count(figure.denominator, self.denominator, days)
        };
        let (value, lower, upper) = self.value(numerator, denominator);
        let markers = [numerator.marker(), denominator.marker(), value.marker()];
        let any = |marker: Marker| markers.contains(&Some(marker)).then_some(marker);
        let status = any(Marker::Confidential).or(value.marker()).or_else(|| any(Marker::Low));
        ReleasedFigure {
            measure: figure.measure,
            part: figure.part.clone(),
            period: figure.period,
            area: figure.area.clone(),
            stratum: figure.stratum.clone(),
            numerator,
            denominator,
            value,
            lower,
            upper,
            unit: figure.unit,
            counts: figure.counts,
            status,
        }
    }

    fn count(&self, exact: Option<i64>, hidden: Option<Reason>, days: bool) -> Entry<i64> {
        match (exact, hidden) {
            (None, _) => Entry::Marked(Marker::NotApplicable),
            (_, Some(_)) => Entry::Marked(Marker::Confidential),
            (Some(exact), None) if days => {
                let controlled = self.rules.round_to > 1 || self.rules.threshold > 1;
                let base = if controlled { self.rules.round_to.max(5) } else { 1 };
                shown(exact, super::round_to(exact, base))
            }
            (Some(exact), None) => shown(exact, self.rules.rounded(exact)),
        }
    }

    /// The value and its interval.
    fn value(
        &self,
        numerator: Entry<i64>,
        denominator: Entry<i64>,
    ) -> (Entry<Decimal>, Entry<Decimal>, Entry<Decimal>) {
        const NONE: Entry<Decimal> = Entry::Marked(Marker::NotApplicable);
        let marked = |marker| (Entry::Marked(marker), Entry::Marked(marker), Entry::Marked(marker));
        let figure = self.figure;
        let hidden = self.value.or(self.numerator).or(self.denominator);
        match figure.value {
            Value::Count => {
                let value = match self.value {
                    Some(_) => Entry::Marked(Marker::Confidential),
                    None => numerator.map(Decimal::whole),
                };
                return (value, NONE, NONE);
            }
            Value::Unavailable => {
                let empty = figure.denominator == Some(0);
                return marked(if empty { Marker::NotApplicable } else { Marker::NotAvailable });
            }
            _ if hidden.is_some() => return marked(Marker::Confidential),
            _ => {}
        }
        let rounded = self.rules.pct_from == PctFrom::Rounded;
        if let Value::Statistic(value) = figure.value {
            // an amount is there even where none of it counts for the measure
            let empty = figure.denominator.or(figure.numerator) == Some(0);
            if empty && !is_amount(figure.unit) {
                return marked(Marker::NotApplicable);
            }
            return self.statistic(value, denominator);
        }
        let (Some(mut n), Some(mut d)) = (figure.numerator, figure.denominator) else {
            return marked(Marker::NotAvailable);
        };
        if d <= 0 {
            return marked(Marker::NotApplicable);
        }
        if matches!(figure.value, Value::Per(_)) && n >= 1 && n < self.rules.rate_events_min {
            return marked(Marker::NotAvailable);
        }
        if rounded {
            n = numerator.shown().unwrap_or(0);
            d = denominator.shown().unwrap_or(0);
        }
        let (factor, decimals) = match figure.value {
            Value::Percent(decimals) => (100.0, self.percent_decimals(decimals, d)),
            Value::Per(factor) => (factor, 1),
            _ => return marked(Marker::NotAvailable),
        };
        let Some(value) = Decimal::quotient(n, d, factor, decimals) else {
            return marked(Marker::Low);
        };
        let value = if numerator.marker() == Some(Marker::Low) {
            Entry::Marked(Marker::Low)
        } else {
            Entry::Shown(value)
        };
        // an interval made from exact counts would give them away
        let interval = figure.interval.and_then(|exact| match (rounded, figure.value) {
            (false, _) => Some(exact),
            (true, Value::Percent(_)) => wilson_percent(n, d),
            (true, _) => {
                // Byar's approximation, which is poor at zero only
                let (lower, upper) = if n > 0 { byar(n) } else { exact_poisson(0) };
                Some((lower / d as f64 * factor, upper / d as f64 * factor))
            }
        });
        let bound = |bound: f64| Entry::Shown(Decimal::rounded(bound, decimals));
        interval.map_or((value, NONE, NONE), |(lower, upper)| (value, bound(lower), bound(upper)))
    }

    fn statistic(
        &self,
        value: f64,
        denominator: Entry<i64>,
    ) -> (Entry<Decimal>, Entry<Decimal>, Entry<Decimal>) {
        const NONE: Entry<Decimal> = Entry::Marked(Marker::NotApplicable);
        let figure = self.figure;
        if figure.unit == Unit::Pounds {
            return (self.money(value), NONE, NONE);
        }
        if is_amount(figure.unit) {
            let exact = value.round() as i64;
            return (self.count(Some(exact), None, false).map(Decimal::whole), NONE, NONE);
        }
        let decimal = |value: f64| {
            if figure.unit == Unit::Percent {
                let base = denominator.shown().unwrap_or(0);
                Decimal::rounded(value, self.percent_decimals(2, base))
            } else {
                Decimal::statistic(value)
            }
        };
        let bounds = figure.interval.map(|(lower, upper)| (decimal(lower), decimal(upper)));
        let (lower, upper) = bounds
            .map_or((NONE, NONE), |(lower, upper)| (Entry::Shown(lower), Entry::Shown(upper)));
        (Entry::Shown(decimal(value)), lower, upper)
    }

    /// An amount of money: to the nearest 100 pounds under control, else to the penny.
    fn money(&self, pounds: f64) -> Entry<Decimal> {
        if self.rules.round_to <= 1 && self.rules.threshold <= 1 {
            return Entry::Shown(Decimal::rounded(pounds, 2));
        }
        let exact = pounds.round() as i64;
        shown(exact, super::round_to(exact, self.rules.round_to.max(100))).map(Decimal::whole)
    }

    /// One decimal from a denominator of 4,000, none below, when counts are rounded (section 5).
    fn percent_decimals(&self, wanted: u8, denominator: i64) -> u8 {
        match self.rules.pct_from {
            PctFrom::Unrounded => wanted,
            PctFrom::Rounded if denominator >= 4000 => wanted.min(1),
            PctFrom::Rounded => 0,
        }
    }
}

/// Why a statistic must not be seen.
fn statistic(figure: &Figure, value: f64, rules: &Rules) -> Option<Reason> {
    if is_amount(figure.unit) && figure.unit != Unit::Pounds && rules.is_small(value.round() as i64)
    {
        return Some(Reason::SmallCount);
    }
    if public_denominator(figure) {
        // a standardised rate rests on its events, not on the population
        let events = figure.numerator.unwrap_or(0);
        return (events < rules.rate_events_min).then_some(Reason::FewEvents);
    }
    let Some(cases) = figure.denominator.or(figure.numerator) else {
        // nobody knows how many are behind it
        return (rules.statistic_min > 0).then_some(Reason::FewCases);
    };
    let least = if is_amount(figure.unit) { rules.threshold } else { rules.statistic_min };
    (cases >= 1 && cases < least).then_some(Reason::FewCases)
}

fn shown(exact: i64, rounded: i64) -> Entry<i64> {
    if rounded == 0 && exact != 0 { Entry::Marked(Marker::Low) } else { Entry::Shown(rounded) }
}
