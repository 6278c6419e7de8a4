//! Single values: dates, times, numbers and the forms of "missing".

use crate::day::{BirthMonth, Day, OptDay};
use crate::instant::DAY_MILLIS;

/// Minutes of a time that is missing.
pub const NO_TIME: u16 = u16::MAX;

/// Whether a text means that there is no value, in any field (`sus-fields.md` section 10).
#[must_use]
pub fn is_missing(text: &str) -> bool {
    let text = text.trim();
    matches!(text.len(), 0..=9)
        && (matches!(text, "" | "-" | "&" | ".")
            || ["null", "n/a", "na", "none", "not known", "unknown"]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word)))
}

/// A day and perhaps a time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day; missing also for sentinels.
    pub day: OptDay,
    /// Minutes from midnight, [`NO_TIME`] when the value has no time.
    pub minute: u16,
    /// There is a text that is not a date.
    pub bad: bool,
}

impl Moment {
    /// No value.
    pub const NONE: Self = Self { day: OptDay::NONE, minute: NO_TIME, bad: false };
    /// A value that is not a date.
    pub const BAD: Self = Self { day: OptDay::NONE, minute: NO_TIME, bad: true };

    /// A day as a file gives it, in days since 1970-01-01; missing where it means so.
    #[must_use]
    #[inline]
    pub fn from_day(day: i32, means_missing: impl Fn(Day) -> bool) -> Self {
        let day = Some(Day(day)).filter(|&day| !means_missing(day));
        Self { day: day.into(), ..Self::NONE }
    }

    /// A moment as a file gives it, in milliseconds since 1970-01-01T00:00; missing where its day
    /// means so.
    #[must_use]
    pub fn from_millis(millis: i64, means_missing: impl Fn(Day) -> bool) -> Self {
        let Ok(day) = i32::try_from(millis.div_euclid(DAY_MILLIS)) else { return Self::BAD };
        let minute = (millis.rem_euclid(DAY_MILLIS) / 60_000) as u16;
        Self { minute, ..Self::from_day(day, means_missing) }
    }
}

/// Whether a day of a hospital, emergency or death record is one that systems write for "no date"
/// (`sus-fields.md` section 5).
#[must_use]
#[inline]
pub fn is_sentinel(day: Day) -> bool {
    // 1905-01-01 to 2999-01-01 hold no sentinel
    if day.0 >= -23_741 && day.0 < 375_835 {
        return false;
    }
    const SENTINELS: [(i32, u32, u32); 10] = [
        (1582, 10, 15),
        (1600, 1, 1),
        (1753, 1, 1),
        (1800, 1, 1),
        (1801, 1, 1),
        (1899, 12, 30),
        (1900, 1, 1),
        (2999, 12, 31),
        (9999, 1, 1),
        (9999, 12, 31),
    ];
    SENTINELS.iter().any(|&(y, m, d)| Day::from_ymd(y, m, d) == Some(day))
}

/// Whether a day of a social care record means "no date": 9999-01-01, which is an open end (C10), and
/// its like. Days long ago stay, such as a start on 1900-01-01: the published code counts them, and no
/// rule of the preparation takes them for missing.
#[must_use]
#[inline]
pub fn is_open_end(day: Day) -> bool {
    day.0 >= 375_835 && is_sentinel(day)
}

/// Reads a date: `YYYY-MM-DD`, `YYYYMMDD`, `DD/MM/YYYY` or `DD-MON-YYYY`, with or without a time
/// after `T` or a blank. Never `MM/DD/YYYY`. Missing where it means so.
#[must_use]
pub fn date(text: &str, means_missing: impl Fn(Day) -> bool) -> Moment {
    let text = text.trim();
    if is_missing(text) {
        return Moment::NONE;
    }
    let (day, clock) = match text.find(['T', 't', ' ']) {
        // the T of OCT is not a separator
        Some(at) if at >= 8 => (&text[..at], Some(&text[at + 1..])),
        _ => (text, None),
    };
    let Some(day) = calendar(day.as_bytes()) else { return Moment::BAD };
    let minute = match clock.map(str::trim) {
        None | Some("") => NO_TIME,
        Some(clock) => match time(clock) {
            Some(minute) => minute,
            None => return Moment::BAD,
        },
    };
    if means_missing(day) { Moment::NONE } else { Moment { day: day.into(), minute, bad: false } }
}

fn calendar(b: &[u8]) -> Option<Day> {
    let number = |digits: &[u8]| -> Option<u32> {
        digits
            .iter()
            .try_fold(0u32, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    };
    let (year, month, day) = match b {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
            (y, number(&[*m1, *m2])?, [*d1, *d2])
        }
        [d1, d2, b'/', m1, m2, b'/', y @ ..] if y.len() == 4 => {
            (y, number(&[*m1, *m2])?, [*d1, *d2])
        }
        [d1, d2, b'-', name @ .., b'-', _, _, _, _] if name.len() == 3 => {
            (&b[7..], month_number(name)?, [*d1, *d2])
        }
        [_, _, _, _, m1, m2, d1, d2] => (&b[..4], number(&[*m1, *m2])?, [*d1, *d2]),
        _ => return None,
    };
    Day::from_ymd(number(year)? as i32, month, number(&day)?)
}

fn month_number(name: &[u8]) -> Option<u32> {
    const NAMES: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";
    let found = NAMES.chunks_exact(3).position(|month| month.eq_ignore_ascii_case(name))?;
    Some(found as u32 + 1)
}

/// Reads a time of day: `HH:MM[:SS[.fff]]`, `HHMM`, `HHMMSS`, or a date and time. Minutes from
/// midnight; [`NO_TIME`] when missing, also for the sentinels 3000 and 4000; `None` when it is no time.
#[must_use]
pub fn time(text: &str) -> Option<u16> {
    let text = text.trim().trim_end_matches(['Z', 'z']);
    let text = text.strip_suffix(".0").unwrap_or(text);
    if is_missing(text) || matches!(text, "3000" | "4000") {
        return Some(NO_TIME);
    }
    let part = |digits: &str| digits.parse::<u16>().ok().filter(|_| digits.len() <= 2);
    let (hour, minute) = if text.contains(':') {
        if let Some(at) = text.find(['T', ' ']) {
            return time(&text[at + 1..]);
        }
        let mut parts = text.split(':');
        let hour = part(parts.next()?)?;
        let minute = part(parts.next()?)?;
        let seconds = parts.next().unwrap_or("0");
        seconds.parse::<f64>().ok().filter(|s| (0.0..61.0).contains(s))?;
        (hour, minute)
    } else if text.bytes().all(|c| c.is_ascii_digit()) {
        let digits = match text.len() {
            // a number has lost the zeros at its start
            1..=4 => text,
            6 => &text[..4],
            _ => return None,
        };
        let number: u16 = digits.parse().ok()?;
        (number / 100, number % 100)
    } else {
        return None;
    };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A whole number that may be missing or no number at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(i64);

impl Number {
    /// No value.
    pub const NONE: Self = Self(i64::MIN);
    const BAD: Self = Self(i64::MIN + 1);

    /// A number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number, if there is one.
    #[must_use]
    #[inline]
    pub fn get(self) -> Option<i64> {
        (self.0 > Self::BAD.0).then_some(self.0)
    }

    /// Whether there is a text that is not a number.
    #[must_use]
    pub fn is_bad(self) -> bool {
        self == Self::BAD
    }
}

/// Reads a whole number; a decimal point may follow, with zeros only.
#[must_use]
pub fn number(text: &str) -> Number {
    let text = text.trim();
    if is_missing(text) {
        return Number::NONE;
    }
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|c| c == b'0') => whole,
        Some(_) => return Number::BAD,
        None => text,
    };
    whole.parse().map_or(Number::BAD, Number)
}

/// Reads a decimal as hundredths, rounded half away from zero beyond two places. A pound sign and
/// commas between thousands are ignored.
#[must_use]
pub fn hundredths(text: &str) -> Number {
    if is_missing(text) {
        return Number::NONE;
    }
    decimal(text).map_or(Number::BAD, Number)
}

fn decimal(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !matches!(c, '£' | ',' | ' ')).collect();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let digit = |n: usize| part.as_bytes().get(n).map_or(0, |c| i64::from(c - b'0'));
    let up = i64::from(digit(2) >= 5);
    let value = whole.checked_mul(100)?.checked_add(digit(0) * 10 + digit(1) + up)?;
    Some(sign * value)
}

/// The month of birth from a year and a month. Unknown before 1880 and for January 1900, which
/// systems write for "unknown" (`sus-fields.md` section 4).
#[must_use]
pub fn birth(year: Number, month: Number) -> BirthMonth {
    match (year.get(), month.get()) {
        (Some(year @ 1880..=2199), Some(month @ 1..=12)) if (year, month) != (1900, 1) => {
            BirthMonth::new(year as i32, month as u32)
        }
        _ => BirthMonth::default(),
    }
}

/// The month of birth from `MMYYYY`; a number may have lost the zero at its start.
#[must_use]
pub fn month_year(text: &str) -> BirthMonth {
    match number(text).get() {
        Some(value) => birth(Number::new(value % 10_000), Number::new(value / 10_000)),
        None => BirthMonth::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> OptDay {
        Day::parse_iso(text).into()
    }

    #[test]
    fn dates_are_read_in_the_accepted_forms_only() {
        let wanted = day("2024-10-03");
        for text in [
            "2024-10-03",
            "20241003",
            "03/10/2024",
            "03-OCT-2024",
            " 03-oct-2024 ",
            "2024-10-03T11:05:30.1234567",
            "2024-10-03 00:00:00.000",
            "03/10/2024 11:05",
        ] {
            let moment = date(text, is_sentinel);
            assert_eq!((moment.day, moment.bad), (wanted, false), "{text}");
        }
        assert_eq!(date("2024-10-03T11:05", is_sentinel).minute, 665);
        assert_eq!(date("2024-10-03 00:00:00", is_sentinel).minute, 0);
        for text in ["10/13/2024", "2024-02-30", "45123", "3/10/24", "2024-10-03 25:00", "soon"] {
            assert_eq!(date(text, is_sentinel), Moment::BAD, "{text}");
        }
    }

    #[test]
    fn sentinel_dates_are_missing() {
        for text in [
            "1582-10-15",
            "1600-01-01",
            "1800-01-01",
            "1801-01-01",
            "1900-01-01",
            "1899-12-30",
            "1753-01-01",
            "2999-12-31",
            "9999-01-01",
            "9999-12-31",
            "18000101",
            "18010101",
            "",
            "NULL",
            "n/a",
        ] {
            assert_eq!(date(text, is_sentinel), Moment::NONE, "{text}");
        }
        assert_eq!(Moment::from_day(day("1801-01-01").or(Day(0)).0, is_sentinel), Moment::NONE);
        assert_eq!(date("1900-01-02", is_sentinel).day, day("1900-01-02"));
        assert_eq!(Moment::from_millis(90_000_000, is_sentinel).minute, 60);
    }

    #[test]
    fn c10_of_social_care_dates_only_the_open_end_is_missing() {
        for text in ["9999-01-01", "9999-12-31", "2999-12-31", "", "NULL"] {
            assert_eq!(date(text, is_open_end), Moment::NONE, "{text}");
        }
        for text in ["1753-01-01", "1800-01-01", "1899-12-30", "1900-01-01", "2998-12-31"] {
            assert_eq!(date(text, is_open_end).day, day(text), "{text}");
        }
    }

    #[test]
    fn times_know_their_sentinels() {
        assert_eq!(time("0000"), Some(0));
        assert_eq!(time("930"), Some(570));
        assert_eq!(time("23:59:59.9"), Some(1439));
        assert_eq!(time("093005"), Some(570));
        for text in ["3000", "4000", "", "NULL"] {
            assert_eq!(time(text), Some(NO_TIME), "{text}");
        }
        assert_eq!(time("2460"), None);
        assert_eq!(time("noon"), None);
    }

    #[test]
    fn numbers_and_money() {
        assert_eq!(number("12.0").get(), Some(12));
        assert!(number("12.5").is_bad() && number("x").is_bad());
        assert_eq!(number("NULL"), Number::NONE);
        assert_eq!(hundredths("£1,234.565").get(), Some(123_457));
        assert_eq!(hundredths("-0.1").get(), Some(-10));
        assert!(hundredths("12.3.4").is_bad() && hundredths(".").get().is_none());
    }

    #[test]
    fn months_of_birth_that_mean_unknown_are_unknown() {
        let known = |y, m| birth(Number::new(y), Number::new(m)).is_known();
        assert!(known(1950, 6) && known(1900, 2) && known(1880, 1));
        assert!(!known(1900, 1) && !known(1800, 1) && !known(1801, 1) && !known(1950, 0));
        assert!(!birth(Number::new(1950), Number::NONE).is_known());
        assert_eq!(month_year("041968"), BirthMonth::new(1968, 4));
        assert_eq!(month_year("41968"), BirthMonth::new(1968, 4));
        assert!(!month_year("011800").is_known() && !month_year("011900").is_known());
    }
}
