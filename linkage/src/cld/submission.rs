//! Which submission serves which quarter (P-03 to P-06).

use crate::cld::cleaning::fold;
use crate::cld::reporting_period::{Covered, EventTypeTexts, Submitted, covered};
use crate::cld::settings::{CldSettings, Mode};
use crate::codes::cld::Field;
use crate::day::{Day, Period};
use crate::instant::Instant;
use crate::records::cld::CldRow;
use crate::store::Texts;
use crate::submissions::{SubmissionKey, Tally};
use std::collections::BTreeMap;

/// A council without a submission for a period (P-03).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingSubmission {
    /// `LA_Name`.
    pub la_name: String,
    /// The reference quarter, or the 12 months of the single table.
    pub quarter: Period,
    /// The table that lacks it.
    pub mode: Mode,
}

/// What the rows of every submission are used for. Vectors are by submission number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Reference period in the joined table; none for a submission that is not used (P-06).
    pub joined: Vec<Option<Period>>,
    /// Reference period in the single table: its 12 months, or none.
    pub single: Vec<Option<Period>>,
    /// The council's joined table has a reference period with a later start (P-13).
    pub prior: Vec<bool>,
    /// The period each submission covers (P-01).
    pub covered: Vec<Covered>,
    /// First and last day of the joined table; none when no submission covers a quarter.
    pub joined_window: Option<Period>,
    /// First and last day of the single table; none when no submission covers 12 months.
    pub single_window: Option<Period>,
    /// Reference periods of prepared tables, by submission number from [`CldRow::FIRST_PREPARED`]; the
    /// rows of such a table keep theirs in both main tables.
    pub prepared: Vec<Period>,
    /// Councils without a submission, by name, period and table.
    pub missing: Vec<MissingSubmission>,
}

impl Selection {
    /// The reference period of a submission's rows in a table.
    #[must_use]
    #[inline]
    pub fn reference(&self, mode: Mode, submission: u16) -> Option<Period> {
        let periods = match mode {
            Mode::Joined => &self.joined,
            Mode::Single => &self.single,
        };
        periods.get(usize::from(submission)).copied().flatten()
    }

    /// The reference period of a prepared row, if its table gives one.
    #[must_use]
    #[inline]
    pub fn reference_of_prepared(&self, row: &CldRow) -> Option<Period> {
        let place = row.submission.checked_sub(CldRow::FIRST_PREPARED)?;
        self.prepared.get(usize::from(place)).copied()
    }

    /// First and last day of a table.
    #[must_use]
    pub const fn window(&self, mode: Mode) -> Option<Period> {
        match mode {
            Mode::Joined => self.joined_window,
            Mode::Single => self.single_window,
        }
    }
}

/// One import of a council: the rows that share `LA_Name` and `ImportDate` (P-06), which may hold
/// several `LA_Code`s.
struct Import {
    time: Instant,
    numbers: Vec<usize>,
    periods: Vec<Period>,
}

struct Council {
    name: String,
    /// In the order of time.
    imports: Vec<Import>,
}

/// Chooses submissions (P-01 to P-06). `as_of` is the latest day of import considered.
///
/// The result does not depend on how submissions are numbered.
#[must_use]
pub fn select(
    submissions: &[(SubmissionKey, Tally)],
    texts: &Texts,
    settings: &CldSettings,
    as_of: Option<Day>,
) -> Selection {
    let types = EventTypeTexts::new(&texts.raw.texts(Field::EventType));
    let la_codes = texts.la.texts();
    let covered: Vec<Covered> = whole_submissions(submissions, texts)
        .iter()
        .zip(submissions)
        .map(|(tally, (key, _))| {
            let la_code = la_codes.get(usize::from(key.la)).map_or("", |code| code);
            let submission = Submitted { la_code, import: key.import, tally };
            covered_by(submission, &types, settings)
        })
        .collect();
    let councils = councils(submissions, &covered, texts);
    let usable = |import: &Import| {
        as_of.is_none_or(|day| import.time.day() <= day)
            && !settings.exclude_imports.contains(&import.time)
    };
    let pick = |council: &Council, period: Period| -> Option<usize> {
        council.imports.iter().rposition(|import| {
            usable(import)
                && import.time > Instant::midnight(period.end)
                && import.periods.iter().any(|p| p.start <= period.start && p.end >= period.end)
        })
    };
    let any = |period: Period| councils.iter().any(|council| pick(council, period).is_some());
    let latest =
        councils.iter().flat_map(|council| &council.imports).map(|import| import.time.day());
    let latest = latest.max().unwrap_or(FIRST_DAY);

    let mut selection = Selection {
        joined: vec![None; submissions.len()],
        single: vec![None; submissions.len()],
        prior: vec![false; submissions.len()],
        covered,
        joined_window: settings.joined.or_else(|| all_quarters(latest, any)),
        single_window: settings.single.or_else(|| latest_year(latest, any)),
        prepared: Vec::new(),
        missing: Vec::new(),
    };
    for council in &councils {
        let mut joined: Vec<Option<Period>> = vec![None; council.imports.len()];
        for quarter in selection.joined_window.into_iter().flat_map(quarters) {
            match pick(council, quarter) {
                Some(n) => joined[n] = Some(widened(joined[n], quarter)),
                None => selection.miss(council, quarter, Mode::Joined),
            }
        }
        let last_start = joined.iter().flatten().map(|period| period.start).max();
        for (import, reference) in council.imports.iter().zip(joined) {
            for &number in &import.numbers {
                selection.joined[number] = reference;
                selection.prior[number] =
                    reference.is_some_and(|period| Some(period.start) < last_start);
            }
        }
        if let Some(year) = selection.single_window {
            match pick(council, year) {
                Some(n) => {
                    for &number in &council.imports[n].numbers {
                        selection.single[number] = Some(year);
                    }
                }
                None => selection.miss(council, year, Mode::Single),
            }
        }
    }
    selection.missing.sort_unstable();
    selection
}

impl Selection {
    fn miss(&mut self, council: &Council, quarter: Period, mode: Mode) {
        let la_name = council.name.clone();
        self.missing.push(MissingSubmission { la_name, quarter, mode });
    }
}

/// The counts of the whole submission that each numbered one is part of: spellings of one name of a
/// council are one name (C1).
fn whole_submissions(submissions: &[(SubmissionKey, Tally)], texts: &Texts) -> Vec<Tally> {
    let names: Vec<String> = texts.la_name.texts().iter().map(|name| fold(name)).collect();
    let whole = |key: &SubmissionKey| (key.la, names.get(usize::from(key.la_name)), key.import);
    let mut tallies: BTreeMap<_, Tally> = BTreeMap::new();
    for (key, tally) in submissions {
        tallies.entry(whole(key)).or_default().merge(tally);
    }
    submissions
        .iter()
        .map(|(key, _)| tallies.get(&whole(key)).cloned().unwrap_or_default())
        .collect()
}

fn covered_by(
    submission: Submitted<'_>,
    types: &EventTypeTexts,
    settings: &CldSettings,
) -> Covered {
    covered(submission, types, settings.edition, settings.reporting_period)
}

/// Councils by folded name, with their imports in the order of time.
fn councils(
    submissions: &[(SubmissionKey, Tally)],
    covered: &[Covered],
    texts: &Texts,
) -> Vec<Council> {
    let names = texts.la_name.texts();
    let name = |key: &SubmissionKey| names.get(usize::from(key.la_name)).map_or("", |name| name);
    let mut by_name: BTreeMap<String, (String, BTreeMap<Instant, Import>)> = BTreeMap::new();
    for (number, (key, _)) in submissions.iter().enumerate() {
        let (spelling, imports) = by_name
            .entry(fold(name(key)))
            .or_insert_with(|| (name(key).to_owned(), BTreeMap::new()));
        if name(key) < spelling.as_str() {
            *spelling = name(key).to_owned(); // of several spellings the first in text order
        }
        let import = imports.entry(key.import).or_insert_with(|| Import {
            time: key.import,
            numbers: Vec::new(),
            periods: Vec::new(),
        });
        import.numbers.push(number);
        import.periods.extend(covered[number].period);
    }
    by_name
        .into_values()
        .map(|(name, imports)| Council { name, imports: imports.into_values().collect() })
        .collect()
}

/// Client Level Data was first returned in 2018: a default window starts no earlier, whatever a
/// mistyped date says.
const FIRST_DAY: Day = Day(17_622); // 2018-04-01

/// The reference quarters of a window (P-05): the last part that is not a whole quarter is left out.
pub fn quarters(window: Period) -> impl Iterator<Item = Period> {
    (0..)
        .map(move |n| Period {
            start: window.start.add_months(3 * n),
            end: window.start.add_months(3 * (n + 1)).plus(-1),
        })
        .take_while(move |quarter| quarter.end <= window.end)
}

/// From the first to the last whole quarter that any submission can serve.
fn all_quarters(latest_import: Day, any: impl Fn(Period) -> bool) -> Option<Period> {
    let mut served =
        quarters(Period { start: FIRST_DAY, end: latest_import }).filter(|&quarter| any(quarter));
    let first = served.next()?;
    let last = served.last().unwrap_or(first);
    Some(Period { start: first.start, end: last.end })
}

/// The latest 12 months up to a quarter end that any submission can serve.
fn latest_year(latest_import: Day, any: impl Fn(Period) -> bool) -> Option<Period> {
    quarters(Period { start: FIRST_DAY, end: latest_import })
        .map(|quarter| Period { start: quarter.end.plus(1).add_months(-12), end: quarter.end })
        .filter(|&year| any(year))
        .last()
}

fn widened(period: Option<Period>, by: Period) -> Period {
    period.map_or(by, |period| Period {
        start: period.start.min(by.start),
        end: period.end.max(by.end),
    })
}

#[cfg(test)]
mod tests;
