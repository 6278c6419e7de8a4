//! Calendar days as small integers.
//!
//! A [`Day`] counts days since 1970-01-01. Field values that may be missing are [`OptDay`], which
//! takes the same four bytes. Intervals in this crate are half-open `[start, end)` unless a field
//! says that its end is inclusive; inclusive ends are converted where records enter.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// A calendar day: days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

impl Day {
    /// The day of a proleptic Gregorian date, or `None` when there is no such date.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// The day of a `chrono` date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.to_epoch_days())
    }

    /// The `chrono` date of this day; days outside chrono's range clamp to its ends.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(if self.0 < 0 {
            NaiveDate::MIN
        } else {
            NaiveDate::MAX
        })
    }

    /// Reads exactly `YYYY-MM-DD`.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let b = text.as_bytes();
        if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            b[range]
                .iter()
                .try_fold(0u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
        };
        Self::from_ymd(number(0..4)? as i32, number(5..7)?, number(8..10)?)
    }

    /// This day moved by whole months, clamped to the last valid day of the month (convention C7).
    #[must_use]
    pub fn add_months(self, months: i32) -> Self {
        let date = self.date();
        let step = Months::new(months.unsigned_abs());
        let moved =
            if months >= 0 { date.checked_add_months(step) } else { date.checked_sub_months(step) };
        moved.map_or(self, Self::from_date)
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn month_start(self) -> Self {
        Self(self.0 - self.date().day0() as i32)
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn month_end(self) -> Self {
        Self(self.month_start().add_months(1).0 - 1)
    }

    /// Calendar year and month (1 to 12).
    #[must_use]
    pub fn year_month(self) -> (i32, u32) {
        let date = self.date();
        (date.year(), date.month())
    }

    /// This day plus `days`.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Whole days from `earlier` to this day (positive when this day is later; convention C5).
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    /// Reads a TOML date.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
        Self::parse_iso(&text)
            .ok_or_else(|| D::Error::custom(format!("found {text}, wanted a date like 2024-04-01")))
    }
}

/// A period of days, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
}

impl Period {
    /// Whether a day is in the period.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }
}

/// A day that may be missing, in four bytes. Missing sorts before every day (convention C12,
/// ascending order).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OptDay(i32);

impl OptDay {
    /// The missing day.
    pub const NONE: Self = Self(i32::MIN);

    /// A known day.
    #[must_use]
    pub const fn some(day: Day) -> Self {
        Self(day.0)
    }

    /// The day, if known.
    #[must_use]
    #[inline]
    pub const fn get(self) -> Option<Day> {
        if self.0 == i32::MIN { None } else { Some(Day(self.0)) }
    }

    /// Whether there is no day.
    #[must_use]
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == i32::MIN
    }

    /// Whether there is a day.
    #[must_use]
    #[inline]
    pub const fn is_some(self) -> bool {
        self.0 != i32::MIN
    }

    /// The day, or `other` when missing.
    #[must_use]
    #[inline]
    pub const fn or(self, other: Day) -> Day {
        if self.0 == i32::MIN { other } else { Day(self.0) }
    }
}

impl Default for OptDay {
    fn default() -> Self {
        Self::NONE
    }
}

impl From<Option<Day>> for OptDay {
    fn from(day: Option<Day>) -> Self {
        day.map_or(Self::NONE, Self::some)
    }
}

impl From<Day> for OptDay {
    fn from(day: Day) -> Self {
        Self::some(day)
    }
}

impl fmt::Debug for OptDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(day) => fmt::Display::fmt(&day, f),
            None => f.write_str("none"),
        }
    }
}

/// What the department's code writes for a service that has not ended (convention C10).
pub const OPEN_END: Day = Day(2_932_532); // 9999-01-01

/// A month of birth, the only part of a birth date that the engine keeps: months since
/// 1800-01, with 0 for unknown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct BirthMonth(pub u16);

impl BirthMonth {
    /// No month known.
    pub const UNKNOWN: Self = Self(0);

    /// The month of birth, unknown unless the year is 1801 to 2199 and the month 1 to 12.
    #[must_use]
    pub const fn new(year: i32, month: u32) -> Self {
        if year < 1801 || year > 2199 || month < 1 || month > 12 {
            Self(0)
        } else {
            Self(((year - 1800) * 12 + month as i32 - 1) as u16)
        }
    }

    /// Whether the month is known.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.0 != 0
    }

    /// The first day of the month, the proxy birth date of every rule (C6), if known.
    #[must_use]
    pub fn first_day(self) -> Option<Day> {
        if self.0 == 0 {
            return None;
        }
        Day::from_ymd(1800 + i32::from(self.0) / 12, u32::from(self.0) % 12 + 1, 1)
    }

    /// Age by the department's formula: floor(days since the first of the birth month / 365.25)
    /// (C6). Negative before birth.
    #[must_use]
    pub fn dhsc_age(self, at: Day) -> Option<i32> {
        let days = at.since(self.first_day()?);
        // exact in integers: floor(days * 4 / 1461)
        Some((days * 4).div_euclid(1461))
    }

    /// Completed years at `at`, born on the first of the month.
    #[must_use]
    pub fn calendar_age(self, at: Day) -> Option<i32> {
        if self.0 == 0 {
            return None;
        }
        let (year, month) = at.year_month();
        let months = (year - 1800) * 12 + month as i32 - 1 - i32::from(self.0);
        Some(months.div_euclid(12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap_or_else(|| panic!("bad test date {text}"))
    }

    #[test]
    fn c06_p11_age_uses_the_365_25_formula() {
        let birth = BirthMonth::new(1960, 7);
        assert_eq!(birth.dhsc_age(day("2025-06-30")), Some(64));
        assert_eq!(birth.dhsc_age(day("2025-07-01")), Some(64));
        assert_eq!(birth.dhsc_age(day("2025-07-02")), Some(65));
        assert_eq!(BirthMonth::default().dhsc_age(day("2025-07-02")), None);
    }

    #[test]
    fn sus_section_4_age_examples() {
        assert_eq!(BirthMonth::new(1959, 5).dhsc_age(day("2024-05-01")), Some(65));
        assert_eq!(BirthMonth::new(1959, 3).dhsc_age(day("2024-03-01")), Some(65));
        assert_eq!(BirthMonth::new(1961, 3).dhsc_age(day("2026-03-01")), Some(64));
        assert_eq!(BirthMonth::new(1961, 3).calendar_age(day("2026-03-01")), Some(65));
    }

    #[test]
    fn c07_adding_months_clamps_to_the_last_valid_day() {
        assert_eq!(day("2025-05-31").add_months(-3), day("2025-02-28"));
        assert_eq!(day("2024-05-31").add_months(-3), day("2024-02-29"));
        assert_eq!(day("2024-02-10").month_end(), day("2024-02-29"));
    }

    #[test]
    fn the_open_end_is_the_first_of_january_9999() {
        assert_eq!(OPEN_END.to_string(), "9999-01-01");
        assert!(OptDay::NONE < OptDay::some(Day(-1_000_000)));
    }
}
