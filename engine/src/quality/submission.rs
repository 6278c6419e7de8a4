//! Checks of whole submissions (`cld-data-quality.md` section 5): counts over the submissions of one
//! council.

use super::plan::Plan;
use crate::frame::Frame;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::reporting_period::{EventTypeTexts, Submitted, covered};
use throughcare_linkage::cld::settings::{CldSettings, Edition, Mode, ReportingPeriod};
use throughcare_linkage::cld::submission::{Selection, quarters};
use throughcare_linkage::codes::cld::{EventType, Field, Raw};
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::facts::Facts;
use throughcare_linkage::read::Records;
use throughcare_linkage::submissions::Tally;

/// Days after the end of a submission's period within which it is due and cut: about one month, and
/// two weeks (S12).
const WINDOW_DAYS: i32 = 45;

/// A check of a council's submissions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of the check, such as `S02`.
    pub id: &'static str,
    /// What was found, in plain words.
    pub what: String,
    /// How many.
    pub found: u64,
    /// Of how many; none for a plain count.
    pub of: Option<u64>,
    /// What is counted.
    pub counts: Counts,
}

/// What a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Submissions, quarters or councils: not people.
    Submissions,
    /// Rows.
    Rows,
    /// People.
    People,
}

/// Checks by council number of the plan's places.
pub type Lines = BTreeMap<u16, Vec<Line>>;

/// What the pass over the people found out about submissions.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// People of each submission.
    pub people: &'a [u64],
    /// By council: open services of the previous submission, and those the latest does not have.
    pub lost: &'a hashbrown::HashMap<u16, [u64; 2]>,
    /// Councils with rows.
    pub councils: &'a BTreeSet<u16>,
}

/// The checks of every council: of those with submissions, and of those of the look-up without any.
#[must_use]
pub fn lines(
    plan: &Plan<'_>,
    records: &Records,
    facts: &Facts,
    settings: &CldSettings,
    frame: &Frame,
    found: &Found<'_>,
) -> Lines {
    let types = EventTypeTexts::new(&records.texts.raw.texts(Field::EventType));
    let mut lines = Lines::new();
    let mut of_council: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (number, (key, _)) in records.submissions.iter().enumerate() {
        of_council.entry(plan.places.council(key.la)).or_default().push(number);
    }
    for (&council, numbers) in &mut of_council {
        numbers.sort_unstable_by_key(|&number| records.submissions[number].0.import);
        let one = OneCouncil { plan, records, facts, settings, types: &types, numbers };
        lines.insert(council, one.lines(found, council));
    }
    missing(plan, records, &facts.selection, frame, found, &of_council, &mut lines);
    lines
}

/// Takes a line: number, words, found and of how many, what is counted.
type Push<'p> = dyn FnMut(&'static str, &str, (u64, Option<u64>), Counts) + 'p;

struct OneCouncil<'a> {
    plan: &'a Plan<'a>,
    records: &'a Records,
    facts: &'a Facts,
    settings: &'a CldSettings,
    types: &'a EventTypeTexts,
    /// In the order of import.
    numbers: &'a [usize],
}

impl OneCouncil<'_> {
    fn tally(&self, number: usize) -> &Tally {
        &self.records.submissions[number].1
    }

    fn lines(&self, found: &Found<'_>, council: u16) -> Vec<Line> {
        let selection = &self.facts.selection;
        let selected: Vec<usize> = self
            .numbers
            .iter()
            .copied()
            .filter(|&n| selection.joined[n].is_some() || selection.single[n].is_some())
            .collect();
        let mut lines = Vec::new();
        let of = |numbers: &[usize], fails: &dyn Fn(usize) -> bool| {
            let failed = numbers.iter().filter(|&&number| fails(number)).count();
            (failed as u64, Some(numbers.len() as u64))
        };
        let mut push = |id, what: &str, (found, of), counts| {
            lines.push(Line { id, what: what.into(), found, of, counts });
        };
        let submissions = Counts::Submissions;
        push("", "submissions read", (self.numbers.len() as u64, None), submissions);
        push("", "submissions used", (selected.len() as u64, None), submissions);
        if let Some(&latest) = selected.last() {
            push("", "rows of the latest one used", (self.tally(latest).rows, None), Counts::Rows);
            let people = found.people.get(latest).copied().unwrap_or(0);
            push("", "people of the latest one used", (people, None), Counts::People);
        }
        push(
            "S02",
            "derived and stated period differ by over a month",
            of(&selected, &|n| self.periods_differ(n)),
            submissions,
        );
        let no_period = |n: usize| self.facts.selection.covered[n].period.is_none();
        push("S03", "no period can be derived", of(self.numbers, &no_period), submissions);
        let completeness = |n: usize| {
            let (key, tally) = &self.records.submissions[n];
            let la_code = self.records.texts.la.texts();
            let la_code = la_code.get(usize::from(key.la)).map_or("", |code| code);
            let submission = Submitted { la_code, import: key.import, tally };
            covered(submission, self.types, Edition::B, ReportingPeriod::Derived)
        };
        push(
            "S04",
            "an incomplete month between complete ones",
            of(&selected, &|n| completeness(n).has_gap),
            submissions,
        );
        push(
            "S05",
            "no requests, no assessments or no services",
            of(&selected, &|n| completeness(n).misses_a_type),
            submissions,
        );
        push(
            "S06",
            "a month with under 2% of ends, or two types of event fewer than the fullest",
            of(&selected, &|n| self.has_thin_month(n)),
            submissions,
        );
        push(
            "S07",
            "on the list of exclusions",
            of(self.numbers, &|n| {
                self.settings.exclude_imports.contains(&self.records.submissions[n].0.import)
            }),
            submissions,
        );
        self.changes(found, &selected, &mut push);
        if let Some(&[open, lost]) = found.lost.get(&council) {
            push(
                "S09",
                "open services of the file before that the latest one does not have",
                (lost, Some(open)),
                Counts::Rows,
            );
        }
        push(
            "S12",
            "imported outside the window",
            of(&selected, &|n| self.is_late(n)),
            submissions,
        );
        lines
    }

    /// S08 and S11: the latest submission beside those before it.
    fn changes(&self, found: &Found<'_>, selected: &[usize], push: &mut Push<'_>) {
        let Some(&latest) = selected.last() else { return };
        let earlier: Vec<usize> = self
            .numbers
            .iter()
            .copied()
            .filter(|&n| {
                self.records.submissions[n].0.import < self.records.submissions[latest].0.import
            })
            .collect();
        let Some(&before) = earlier.last() else { return };
        let people = |n: usize| found.people.get(n).copied().unwrap_or(0);
        let changed = |now: u64, then: u64| 5 * now.abs_diff(then) > then;
        for (what, now, then) in [
            ("rows changed by over 20%", self.tally(latest).rows, self.tally(before).rows),
            ("people changed by over 20%", people(latest), people(before)),
            ("open services changed by over 20%", self.open(latest), self.open(before)),
        ] {
            push("S08", what, (u64::from(changed(now, then)), Some(1)), Counts::Submissions);
        }
        let mut last: Vec<u64> = earlier.iter().rev().take(4).map(|&n| people(n)).collect();
        last.sort_unstable();
        let middle = last.len() / 2;
        let twice_median =
            if last.len() % 2 == 1 { 2 * last[middle] } else { last[middle - 1] + last[middle] };
        let is_partial = 4 * people(latest) < twice_median;
        push(
            "S11",
            "under half the people of the last four",
            (u64::from(is_partial), Some(1)),
            Counts::Submissions,
        );
    }

    /// Rows of services without an end.
    fn open(&self, number: usize) -> u64 {
        let ends = self.tally(number).ends.iter();
        ends.filter(|((month, raw), _)| {
            month.is_none()
                && self.plan.cleaning.event_type(Raw(*raw), self.plan.edition) == EventType::Service
        })
        .map(|(_, rows)| rows)
        .sum()
    }

    fn periods_differ(&self, number: usize) -> bool {
        let tally = self.tally(number);
        let stated = tally.stated_start.get().zip(tally.stated_end.get());
        let derived = self.facts.selection.covered[number].period;
        stated.zip(derived).is_some_and(|((start, end), derived)| {
            // ends are month ends: from 28 February to 31 March is one month, as the days after tell
            over_a_month(start, derived.start) || over_a_month(end.plus(1), derived.end.plus(1))
        })
    }

    /// S06, by the months that P-01 looks at.
    fn has_thin_month(&self, number: usize) -> bool {
        let (key, tally) = &self.records.submissions[number];
        let import = key.import.day().month_start();
        let mut months: BTreeMap<Day, (u64, BTreeSet<u16>)> = BTreeMap::new();
        for (&(month, raw), &rows) in &tally.ends {
            if let Some(month) = month.get().filter(|&month| month < import) {
                let entry = months.entry(month).or_default();
                entry.0 += rows;
                if raw != 0 {
                    entry.1.insert(self.plan.cleaning.fold(Field::EventType, Raw(raw)));
                }
            }
        }
        let all: u64 = months.values().map(|month| month.0).sum();
        let types = months.values().map(|month| month.1.len()).max().unwrap_or(0);
        let Some(period) = self.facts.selection.covered[number].period else { return false };
        months
            .iter()
            .filter(|(month, _)| period.contains(**month))
            .any(|(_, (rows, kinds))| 100 * rows < 2 * all || kinds.len() + 2 <= types)
    }

    fn is_late(&self, number: usize) -> bool {
        let import = self.records.submissions[number].0.import.day();
        let period = self.facts.selection.covered[number].period;
        period.is_some_and(|period| {
            let after = import.since(period.end);
            !(1..=WINDOW_DAYS).contains(&after)
        })
    }
}

/// Whether two days lie further apart than a calendar month.
fn over_a_month(a: Day, b: Day) -> bool {
    let (first, last) = (a.min(b), a.max(b));
    first.add_months(1) < last
}

/// S01: quarters and the 12 months without a submission. A council of the look-up that sent nothing
/// lacks them all.
fn missing(
    plan: &Plan<'_>,
    records: &Records,
    selection: &Selection,
    frame: &Frame,
    found: &Found<'_>,
    of_council: &BTreeMap<u16, Vec<usize>>,
    lines: &mut Lines,
) {
    let joined: Vec<Period> = selection.joined_window.into_iter().flat_map(quarters).collect();
    let names = records.texts.la_name.texts();
    let councils_called = |name: &str| -> BTreeSet<u16> {
        let is_so = |number: u16| {
            names.get(usize::from(number)).is_some_and(|text| text.eq_ignore_ascii_case(name))
        };
        records
            .submissions
            .iter()
            .filter(|(key, _)| is_so(key.la_name))
            .map(|(key, _)| plan.places.council(key.la))
            .collect()
    };
    let mut count: BTreeMap<(u16, Mode), u64> = BTreeMap::new();
    for missing in &selection.missing {
        for council in councils_called(&missing.la_name) {
            *count.entry((council, missing.mode)).or_default() += 1;
        }
    }
    let windows = [(Mode::Joined, joined.len() as u64), (Mode::Single, 1)];
    for &council in of_council.keys() {
        for (mode, of) in windows {
            let is_asked = mode == Mode::Joined || selection.single_window.is_some();
            let Some(lines) = lines.get_mut(&council).filter(|_| is_asked && of > 0) else {
                continue;
            };
            let what = match mode {
                Mode::Joined => "quarters without a submission",
                Mode::Single => "the latest 12 months without a submission",
            };
            let found = count.get(&(council, mode)).copied().unwrap_or(0);
            lines.push(Line {
                id: "S01",
                what: what.into(),
                found,
                of: Some(of),
                counts: Counts::Submissions,
            });
        }
    }
    for area in frame.areas.iter() {
        let council = plan.places.council_of_code(&area.la_code);
        if council != 0 && !found.councils.contains(&council) && !of_council.contains_key(&council)
        {
            lines.entry(council).or_default().push(Line {
                id: "S01",
                what: "no record of the council at all".into(),
                found: 1,
                of: Some(1),
                counts: Counts::Submissions,
            });
        }
    }
}

/// Which of S01 to S05 a council meets, in their order.
#[must_use]
pub fn flags(lines: &[Line]) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = lines
        .iter()
        .filter(|line| matches!(line.id, "S01" | "S02" | "S03" | "S04" | "S05") && line.found > 0)
        .map(|line| line.id)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s02_a_month_is_a_calendar_month() {
        let day = |text: &str| Day::parse_iso(text).unwrap_or_default();
        assert!(!over_a_month(day("2025-01-01"), day("2025-02-01")));
        assert!(over_a_month(day("2025-02-02"), day("2025-01-01")));
        assert!(!over_a_month(day("2025-03-31"), day("2025-03-31")));
    }

    #[test]
    fn dq8_only_s01_to_s05_flag_a_measure_and_only_when_found() {
        let line = |id, found| Line {
            id,
            what: String::new(),
            found,
            of: Some(1),
            counts: Counts::Submissions,
        };
        let lines =
            [line("S05", 1), line("S02", 0), line("S08", 1), line("S01", 1), line("S01", 2)];
        assert_eq!(flags(&lines), ["S01", "S05"]);
    }
}
