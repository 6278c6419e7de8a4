//! The period that a submission covers (P-01, P-01B, P-02).

use crate::cld::cleaning::fold;
use crate::cld::settings::{Edition, ReportingPeriod};
use crate::codes::cld::{EventType, Raw};
use crate::day::{Day, OptDay, Period};
use crate::instant::Instant;
use crate::submissions::Tally;
use std::collections::{BTreeMap, BTreeSet};

/// A submission as the derivation sees it.
#[derive(Clone, Copy, Debug)]
pub struct Submitted<'a> {
    /// `LA_Code`.
    pub la_code: &'a str,
    /// Time of import.
    pub import: Instant,
    /// Counts over its rows.
    pub tally: &'a Tally,
}

/// The period of a submission and what edition B says about its completeness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Covered {
    /// First and last day; none when no period can be derived, and then the submission is never
    /// selected.
    pub period: Option<Period>,
    /// Edition B: a type of event has an incomplete month between its first and last complete one.
    pub has_gap: bool,
    /// Edition B: a type of event is missing altogether.
    pub misses_a_type: bool,
}

/// Raw event types as the derivations compare them.
#[derive(Clone, Debug, Default)]
pub struct EventTypeTexts {
    /// By raw number minus one: a number for the folded text, and the type by prefix.
    types: Vec<(u32, EventType)>,
}

impl EventTypeTexts {
    /// The raw event types that were read, by their numbers (`RawValues::texts`).
    #[must_use]
    pub fn new(texts: &[Box<str>]) -> Self {
        let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
        let distinct: BTreeSet<&String> = folded.iter().collect();
        let numbers: BTreeMap<&String, u32> = distinct.into_iter().zip(1..).collect();
        let of_prefix = |text: &str| match text {
            _ if text.starts_with("request") => EventType::Request,
            _ if text.starts_with("assessment") => EventType::Assessment,
            _ if text.starts_with("service") => EventType::Service,
            _ => EventType::None,
        };
        let number = |text: &String| numbers.get(text).copied().unwrap_or_default();
        Self { types: folded.iter().map(|text| (number(text), of_prefix(text))).collect() }
    }

    /// The number of the folded text and the type; number 0 for null.
    fn get(&self, raw: u16) -> (u32, EventType) {
        match usize::from(raw) {
            0 => (0, EventType::None),
            n => self.types.get(n - 1).copied().unwrap_or((u32::MAX, EventType::None)),
        }
    }
}

/// The period of a submission by the study's choice.
#[must_use]
pub fn covered(
    submission: Submitted<'_>,
    types: &EventTypeTexts,
    edition: Edition,
    choice: ReportingPeriod,
) -> Covered {
    match (choice, edition) {
        (ReportingPeriod::Stated, _) => {
            Covered { period: stated_period(submission.tally), ..Covered::default() }
        }
        (ReportingPeriod::Derived, Edition::A) => {
            Covered { period: derived_period_a(submission, types), ..Covered::default() }
        }
        (ReportingPeriod::Derived, Edition::B) => derived_period_b(submission, types),
    }
}

/// Smallest stated start to largest stated end; none when either is missing or they are reversed.
#[must_use]
pub fn stated_period(tally: &Tally) -> Option<Period> {
    let period = Period { start: tally.stated_start.get()?, end: tally.stated_end.get()? };
    (period.start <= period.end).then_some(period)
}

/// Length in months, for information (P-02): days / 30.436875, rounded.
#[must_use]
pub fn months(period: Period) -> i32 {
    // 30.436875 = 30,436,875 / 10^6; half away from zero in whole numbers
    let days = i64::from(period.end.since(period.start)) * 1_000_000;
    ((2 * days + 30_436_875).div_euclid(2 * 30_436_875)) as i32
}

/// P-01. Files under 100 events count every month: the published code, not its prose, which takes
/// the stated dates.
fn derived_period_a(submission: Submitted<'_>, types: &EventTypeTexts) -> Option<Period> {
    #[derive(Default)]
    struct Month {
        rows: u64,
        types: BTreeSet<u32>,
    }
    let import_month = submission.import.day().month_start();
    let mut months: BTreeMap<Day, Month> = BTreeMap::new();
    for (&(month, raw), &rows) in &submission.tally.ends {
        let Some(month) = month.get().filter(|&month| month < import_month) else { continue };
        let entry = months.entry(month).or_default();
        entry.rows += rows;
        if !Raw(raw).is_none() {
            entry.types.insert(types.get(raw).0);
        }
    }
    let file_rows: u64 = months.values().map(|month| month.rows).sum();
    let file_types = months.values().map(|month| month.types.len()).max().unwrap_or(0);
    let mut counting = months
        .iter()
        .filter(|(_, month)| {
            file_rows < 100
                || (100 * month.rows >= 2 * file_rows && month.types.len() + 1 >= file_types)
        })
        .map(|(&start, _)| start);
    let first = counting.next()?;
    let last = counting.next_back().unwrap_or(first);
    Some(Period { start: first, end: last.month_end() })
}

const CITY_OF_LONDON: &str = "714";
const ISLES_OF_SCILLY: &str = "906";
const TYPES: [EventType; 3] = [EventType::Request, EventType::Assessment, EventType::Service];

/// P-01B: months from April 2020 in which requests, assessments and services are all complete.
fn derived_period_b(submission: Submitted<'_>, types: &EventTypeTexts) -> Covered {
    let counts = MonthlyCounts::of(submission, types);
    let misses_a_type = counts.totals.contains(&0);
    let la_code = submission.la_code.trim();
    let complete: Vec<Vec<bool>> =
        (0..TYPES.len()).map(|n| counts.complete(n, la_code == CITY_OF_LONDON)).collect();
    let has_gap = complete.iter().any(|months| {
        let first = months.iter().position(|&whole| whole);
        let last = months.iter().rposition(|&whole| whole);
        first.zip(last).is_some_and(|(first, last)| months[first..last].contains(&false))
    });
    let period = if la_code == ISLES_OF_SCILLY {
        stated_period(submission.tally)
    } else if misses_a_type {
        None
    } else {
        latest_run(&complete)
            .map(|(first, last)| Period { start: month_at(first), end: month_at(last).month_end() })
    };
    Covered { period, has_gap, misses_a_type }
}

/// Events of the three types by calendar month from April 2020 to the month before the import.
struct MonthlyCounts {
    months: [Vec<u64>; 3],
    /// With the services that have no end.
    totals: [u64; 3],
}

/// April 2020.
const FIRST_MONTH: (i32, u32) = (2020, 4);

fn month_index(day: Day) -> i32 {
    let (year, month) = day.year_month();
    (year - FIRST_MONTH.0) * 12 + month as i32 - FIRST_MONTH.1 as i32
}

fn month_at(index: usize) -> Day {
    Day::from_ymd(FIRST_MONTH.0, FIRST_MONTH.1, 1).unwrap_or_default().add_months(index as i32)
}

impl MonthlyCounts {
    fn of(submission: Submitted<'_>, types: &EventTypeTexts) -> Self {
        let length = usize::try_from(month_index(submission.import.day())).unwrap_or(0);
        let mut months = [vec![0; length], vec![0; length], vec![0; length]];
        let mut totals = [0; 3];
        for (&(month, raw), &rows) in &submission.tally.ends {
            let kind = types.get(raw).1;
            let Some(n) = TYPES.iter().position(|&known| known == kind) else { continue };
            let Some(month) = OptDay::get(month) else {
                if kind == EventType::Service {
                    totals[n] += rows;
                }
                continue;
            };
            let slot = usize::try_from(month_index(month)).ok();
            if let Some(count) = slot.and_then(|slot| months[n].get_mut(slot)) {
                *count += rows;
                totals[n] += rows;
            }
        }
        Self { months, totals }
    }

    /// The months in which a type is complete.
    fn complete(&self, n: usize, any_count: bool) -> Vec<bool> {
        let counts = &self.months[n];
        let mut totals = self.totals;
        totals.sort_unstable();
        // of three numbers the median is the middle one
        let enough = 20 * self.totals[n] >= totals[1];
        let twice_median = twice_median(counts.iter().copied().filter(|&count| count > 0));
        counts
            .iter()
            .map(|&count| {
                enough
                    && count > 0
                    && (count >= 10 || any_count)
                    && 200 * count >= 20 * twice_median
            })
            .collect()
    }
}

fn twice_median(counts: impl Iterator<Item = u64>) -> u64 {
    let mut counts: Vec<u64> = counts.collect();
    counts.sort_unstable();
    let middle = counts.len() / 2;
    match counts.len() {
        0 => 0,
        n if n % 2 == 1 => 2 * counts[middle],
        _ => counts[middle - 1] + counts[middle],
    }
}

/// First and last month of the run of months allowed for every type that ends last. Runs end in
/// different months, so no two of them tie.
fn latest_run(complete: &[Vec<bool>]) -> Option<(usize, usize)> {
    let allowed = |n: usize| {
        complete.iter().all(|months| {
            let at = |n: Option<usize>| n.and_then(|n| months.get(n)).copied().unwrap_or(false);
            at(Some(n)) || (at(n.checked_sub(1)) && at(Some(n + 1)))
        })
    };
    let length = complete.first().map_or(0, Vec::len);
    let last = (0..length).rev().find(|&n| allowed(n))?;
    let first = (0..=last).rev().take_while(|&n| allowed(n)).last()?;
    Some((first, last))
}

#[cfg(test)]
mod tests;
