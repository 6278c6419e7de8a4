//! Moments to the millisecond, for import times and event logs.

use chrono::{DateTime, NaiveDateTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

use crate::day::Day;

/// A moment without time zone: milliseconds since 1970-01-01T00:00.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Instant(pub i64);

/// Milliseconds of a day.
pub const DAY_MILLIS: i64 = 86_400_000;

impl Instant {
    /// Midnight at the start of a day.
    #[must_use]
    pub const fn midnight(day: Day) -> Self {
        Self(day.0 as i64 * DAY_MILLIS)
    }

    /// The calendar day.
    #[must_use]
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MILLIS) as i32)
    }

    /// Reads `YYYY-MM-DD`, or that followed by `T` or a blank and `HH:MM[:SS[.fff]]`. A time with a
    /// zone (`Z`, `+01:00`) becomes that of Greenwich.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(day) = Day::parse_iso(text) {
            return Some(Self::midnight(day));
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(time.timestamp_millis()));
        }
        if let Some(time) = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z"]
            .iter()
            .find_map(|form| DateTime::parse_from_str(text, form).ok())
        {
            return Some(Self(time.timestamp_millis()));
        }
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .map(|time| Self(time.and_utc().timestamp_millis()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_millis(self.0) {
            Some(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%S%.3f")),
            None => f.write_str("?"),
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = toml::value::Datetime::deserialize(deserializer)?.to_string();
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "found {text}, wanted a local date and time like 2026-02-08T10:00:00.253"
            ))
        })
    }
}
