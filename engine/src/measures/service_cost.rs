//! What a service costs (`cld-metrics.md` section 5, steps 2 to 4), in whole numbers.
//!
//! The unit is chosen so that nothing is rounded: a week of 7 days, 13 weeks of a quarter, planned
//! units in hundredths. Costs a week are in 1/1300 pence, amounts in 1/9100 pence.

use crate::coded::{Coded, CodedField};
use throughcare_linkage::records::cld::CldDetail;

/// Units of a cost a week in a penny.
const WEEKLY_PENNY: i128 = 1300;
/// Units of an amount in a penny: those of a cost a week, times the days of a week.
const PENNY: i128 = 7 * WEEKLY_PENNY;
/// Costs above this, a hundred thousand million pounds a week, are slips that could not be added up.
const LARGEST: i128 = 10_000_000_000_000 * WEEKLY_PENNY;

/// How often the unit cost of a service is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    /// So many units of a cost a week in a penny.
    Weekly(i128),
    OneOff,
    /// Once for each planned unit: hourly, daily, per session, no charge, blank and unknown.
    Planned,
}

impl Frequency {
    fn of(label: &str) -> Self {
        let label = label.to_lowercase();
        let weekly = [
            ("week", WEEKLY_PENNY),
            ("fortnight", WEEKLY_PENNY / 2),
            ("4-week", WEEKLY_PENNY / 4),
            ("month", WEEKLY_PENNY * 12 / 52),
            ("quarter", WEEKLY_PENNY * 4 / 52),
            ("annual", WEEKLY_PENNY / 52),
        ];
        if label == "one-off" {
            return Self::OneOff;
        }
        let found = weekly.iter().find(|(prefix, _)| label.starts_with(prefix));
        found.map_or(Self::Planned, |&(_, units)| Self::Weekly(units))
    }
}

/// What a service costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// So much a week, in 1/1300 pence.
    AWeek(i128),
    /// So many pence, once.
    Once(i128),
}

/// Why a service has no usable cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCost {
    /// No unit cost, or none but 0.
    Missing,
    /// The cost is per planned unit, and there are none.
    NoUnits,
    /// Beyond what can be a cost.
    TooLarge,
}

/// The cost frequencies of a run, ready for pricing services.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    /// By position of the label, from 1.
    frequencies: Vec<Frequency>,
    /// By position of the label: the price is of an hour.
    hourly: Vec<bool>,
}

impl Prices {
    pub fn new(field: &CodedField) -> Self {
        let labels = || (0..u8::MAX).map(|n| field.label(Coded::Label(n)));
        Self {
            frequencies: labels().map(Frequency::of).collect(),
            hourly: labels().map(|label| label.to_lowercase().starts_with("hour")).collect(),
        }
    }

    /// The cost of a service with these details, without its sign.
    pub fn cost(&self, detail: &CldDetail, field: &CodedField) -> Result<Cost, NoCost> {
        let pence = i128::from(detail.unit_cost.get().unwrap_or(0)).abs();
        if pence == 0 {
            return Err(NoCost::Missing);
        }
        let units = match self.frequency(detail, field) {
            Frequency::OneOff if pence * WEEKLY_PENNY > LARGEST => return Err(NoCost::TooLarge),
            Frequency::OneOff => return Ok(Cost::Once(pence)),
            Frequency::Weekly(units) => units,
            // planned units are in hundredths
            Frequency::Planned => match i128::from(detail.planned_units.get().unwrap_or(0)).abs() {
                0 => return Err(NoCost::NoUnits),
                hundredths => hundredths * (WEEKLY_PENNY / 100),
            },
        };
        match pence.checked_mul(units) {
            Some(cost @ ..=LARGEST) => Ok(Cost::AWeek(cost)),
            _ => Err(NoCost::TooLarge),
        }
    }

    fn frequency(&self, detail: &CldDetail, field: &CodedField) -> Frequency {
        match field.value(detail.cost_frequency) {
            Coded::Label(n) => {
                self.frequencies.get(usize::from(n)).copied().unwrap_or(Frequency::Planned)
            }
            _ => Frequency::Planned,
        }
    }

    /// Planned hours a week in hundredths, of services that are paid by the hour.
    pub fn hours(&self, detail: &CldDetail, field: &CodedField) -> Option<i64> {
        let Coded::Label(n) = field.value(detail.cost_frequency) else { return None };
        let hourly = self.hourly.get(usize::from(n)).copied().unwrap_or(false);
        let hours = detail.planned_units.get().filter(|_| hourly)?.checked_abs()?;
        // a week has 168 hours; two carers at a time double them, and so on
        (1..=100_000).contains(&hours).then_some(hours)
    }
}

impl Cost {
    /// The cost of so many days in 1/9100 pence; of something paid once all of it.
    pub const fn of_days(self, days: i32) -> i128 {
        match self {
            Self::AWeek(cost) => cost * days as i128,
            Self::Once(pence) => pence * PENNY,
        }
    }
}

/// An amount in 1/9100 pence as pounds, rounded to the penny, halves away from zero.
pub(super) fn pounds(amount: i128) -> f64 {
    quotient(amount, PENNY) as f64 / 100.0
}

/// A mean of costs a week, in 1/1300 pence, as pounds rounded to the penny.
pub(super) fn mean_pounds_a_week(sum: i128, services: i64) -> Option<f64> {
    (services > 0).then(|| quotient(sum, WEEKLY_PENNY * i128::from(services)) as f64 / 100.0)
}

/// The nearest whole number, halves away from zero; the divisor is positive.
pub(super) const fn quotient(amount: i128, by: i128) -> i128 {
    let nearest = (2 * amount.abs() + by) / (2 * by);
    if amount < 0 { -nearest } else { nearest }
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping, reason = "pounds and pence")]
mod tests {
    use super::*;
    use crate::measures::care_fixture::{COSTS, cost_fields, priced_detail};

    #[test]
    fn section_5_step_2_units_by_the_prefix_of_the_frequency() {
        let units = |label: &str| match Frequency::of(label) {
            Frequency::Weekly(units) => units as f64 / 1300.0,
            _ => f64::NAN,
        };
        for (label, wanted) in [
            ("Weekly", 1.0),
            ("WEEK commencing", 1.0),
            ("Fortnightly", 0.5),
            ("4-weekly", 0.25),
            ("Monthly", 12.0 / 52.0),
            ("Quarterly", 4.0 / 52.0),
            ("Annually", 1.0 / 52.0),
        ] {
            assert!((units(label) - wanted).abs() < 1e-12, "{label}");
        }
        assert_eq!(Frequency::of("One-Off"), Frequency::OneOff);
        for label in ["Hourly", "Daily", "Per session", "No charge to client", "", "one-off fee"] {
            assert_eq!(Frequency::of(label), Frequency::Planned, "{label}");
        }
    }

    #[test]
    fn section_5_trap_planned_units_count_for_no_weekly_or_rarer_frequency() {
        let field = cost_fields();
        let prices = Prices::new(&field);
        let cost = |frequency: &str, pence, units| {
            prices.cost(&priced_detail(frequency, pence, units), &field)
        };
        assert_eq!(cost("Weekly", Some(500_00), Some(7_00)), Ok(Cost::AWeek(500_00 * 1300)));
        assert_eq!(cost("Hourly", Some(20_00), Some(10_50)), Ok(Cost::AWeek(210_00 * 1300)));
        // no frequency and one that nobody knows go by planned units
        for frequency in ["", "per moon"] {
            assert_eq!(cost(frequency, Some(50_00), Some(2_00)), Ok(Cost::AWeek(100_00 * 1300)));
        }
        assert_eq!(cost("Hourly", Some(-15_00), Some(-1_00)), Ok(Cost::AWeek(15_00 * 1300)));
        assert_eq!(cost("Hourly", Some(-15_00), None), Err(NoCost::NoUnits));
        assert_eq!(cost("Hourly", Some(15_00), Some(0)), Err(NoCost::NoUnits));
        assert_eq!(cost("No charge to client", Some(0), Some(5_00)), Err(NoCost::Missing));
        assert_eq!(cost("Weekly", None, None), Err(NoCost::Missing));
        assert_eq!(cost("One-off", Some(300_00), None), Ok(Cost::Once(300_00)));
        assert_eq!(cost("Hourly", Some(i64::MAX), Some(i64::MAX)), Err(NoCost::TooLarge));
        assert_eq!(cost("One-off", Some(i64::MAX), None), Err(NoCost::TooLarge));
        assert!(COSTS.contains(&"per moon"));
    }

    #[test]
    fn hours_are_the_planned_units_of_hourly_services() {
        let field = cost_fields();
        let prices = Prices::new(&field);
        let hours = |frequency, units| prices.hours(&priced_detail(frequency, None, units), &field);
        assert_eq!(hours("Hourly", Some(14_00)), Some(14_00));
        assert_eq!(hours("Hourly", Some(-14_00)), Some(14_00));
        assert_eq!(hours("Hourly", Some(0)), None);
        assert_eq!(hours("Hourly", Some(100_001)), None);
        assert_eq!(hours("Daily", Some(14_00)), None);
        assert_eq!(hours("", Some(14_00)), None);
    }

    #[test]
    fn sums_are_rounded_once_halves_away_from_zero() {
        assert_eq!(pounds(9100 / 2), 0.01);
        assert_eq!(pounds(9100 / 2 - 1), 0.0);
        assert_eq!(pounds(-9100 / 2), -0.01);
        assert_eq!(mean_pounds_a_week(1300 * 3, 2), Some(0.02));
        assert_eq!(mean_pounds_a_week(0, 0), None);
    }
}
