//! N3 and N4: which submissions a table reads.

use super::Settings;
use crate::frame::{Frame, Submission};
use crate::study::Method;
use std::collections::BTreeMap;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::instant::Instant;

/// Which submissions a table reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// The latest one of each council that covers the year (N3).
    Latest,
    /// All up to the cut-off (N4).
    All,
}

/// A year of the collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// First and last day.
    pub period: Period,
    /// The day that an open end becomes where rows are joined (N8).
    pub today: Day,
    /// Time of import by submission number; none for a submission that is not read.
    pub imports: Vec<Option<Instant>>,
}

impl Year {
    /// The years of a run: the one of the settings, else the study's periods.
    #[must_use]
    pub fn of(settings: &Settings, reads: Reads, frame: &Frame) -> Vec<Self> {
        let own = settings.year.map(|year| vec![year]);
        let periods = own.unwrap_or_else(|| frame.study.periods.clone());
        let cut_off = settings.cut_off.or(frame.study.as_of);
        let latest = frame.submissions.iter().map(|submission| submission.import.day()).max();
        let year = |period: Period| Self {
            period,
            today: settings
                .today
                .or(cut_off)
                .or(latest)
                .unwrap_or(period.end)
                .max(period.end.plus(1)),
            imports: match reads {
                Reads::Latest => latest_of_each_council(&frame.submissions, period, cut_off),
                Reads::All => all(&frame.submissions, cut_off, frame.study.method),
            },
        };
        periods.into_iter().map(year).collect()
    }
}

/// N3: per council name and code the latest import with a stated period that covers the year,
/// imported after the year ended (compared with midnight) and by the day of the cut-off.
fn latest_of_each_council(
    submissions: &[Submission],
    year: Period,
    cut_off: Option<Day>,
) -> Vec<Option<Instant>> {
    let serves = |submission: &Submission| {
        !submission.excluded
            && submission.stated_start.get().is_some_and(|start| start <= year.start)
            && submission.stated_end.get().is_some_and(|end| end >= year.end)
            && submission.import > Instant::midnight(year.end)
            && cut_off.is_none_or(|day| submission.import.day() <= day)
    };
    let mut latest: BTreeMap<(u16, &str), Instant> = BTreeMap::new();
    for submission in submissions.iter().filter(|submission| serves(submission)) {
        let import =
            latest.entry((submission.la, &submission.la_name)).or_insert(submission.import);
        *import = submission.import.max(*import);
    }
    let chosen = |submission: &Submission| {
        let latest = latest.get(&(submission.la, &*submission.la_name)).copied();
        latest.filter(|&import| import == submission.import && serves(submission))
    };
    submissions.iter().map(chosen).collect()
}

/// N4: every import up to midnight at the start of the day of the cut-off; as intended, up to the end
/// of that day.
fn all(submissions: &[Submission], cut_off: Option<Day>, method: Method) -> Vec<Option<Instant>> {
    let in_time = |import: Instant| match (cut_off, method) {
        (None, _) => true,
        (Some(day), Method::AsPublished) => import <= Instant::midnight(day),
        (Some(day), Method::AsIntended) => import.day() <= day,
    };
    let chosen = |submission: &Submission| {
        Some(submission.import).filter(|&import| !submission.excluded && in_time(import))
    };
    submissions.iter().map(chosen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::{day, period};

    fn submission(la: u16, name: &str, import: &str, stated: (&str, &str)) -> Submission {
        Submission {
            la,
            la_name: name.into(),
            import: Instant::parse(import).unwrap(),
            stated_start: day(stated.0).into(),
            stated_end: day(stated.1).into(),
            excluded: false,
        }
    }

    const YEAR: (&str, &str) = ("2023-04-01", "2024-03-31");

    fn chosen(submissions: &[Submission], cut_off: &str) -> Vec<bool> {
        let year = period(YEAR.0, YEAR.1);
        let imports = latest_of_each_council(submissions, year, Some(day(cut_off)));
        imports.iter().map(Option::is_some).collect()
    }

    #[test]
    fn n3_the_latest_submission_that_covers_the_year_counts() {
        let submissions = [
            submission(1, "a", "2024-04-20T10:00", YEAR),
            submission(1, "a", "2024-12-31T23:50", YEAR), // on the day of the cut-off
            submission(1, "a", "2025-01-01T00:10", YEAR), // after it
            submission(1, "a", "2024-12-30T10:00", ("2023-04-02", "2024-03-31")),
            submission(1, "a", "2024-12-30T10:00", ("2023-04-01", "2024-03-30")),
            submission(2, "b", "2024-03-31T00:00", YEAR), // not after midnight
            submission(3, "c", "2024-03-31T00:01", YEAR),
        ];
        let wanted = [false, true, false, false, false, false, true];
        assert_eq!(chosen(&submissions, "2024-12-31"), wanted);
    }

    #[test]
    fn n3_two_names_of_one_council_code_are_two_councils() {
        let submissions = [
            submission(1, "a", "2024-04-20T10:00", YEAR),
            submission(1, "old a", "2024-05-20T10:00", YEAR),
            submission(1, "a", "2024-04-19T10:00", YEAR),
        ];
        assert_eq!(chosen(&submissions, "2024-12-31"), [true, true, false]);
    }

    #[test]
    fn p04_excluded_imports_are_passed_over() {
        let mut submissions = vec![
            submission(1, "a", "2024-04-20T10:00", YEAR),
            submission(1, "a", "2024-05-20T10:00", YEAR),
        ];
        submissions[1].excluded = true;
        assert_eq!(chosen(&submissions, "2024-12-31"), [true, false]);
        let all = all(&submissions, None, Method::AsPublished);
        assert_eq!(all, [Some(submissions[0].import), None]);
    }

    #[test]
    fn n4_imports_are_compared_with_midnight_of_the_cut_off() {
        let submissions = [
            submission(1, "a", "2023-01-01", ("2022-01-01", "2022-01-02")),
            submission(1, "a", "2024-12-31T00:00", YEAR),
            submission(1, "a", "2024-12-31T00:01", YEAR),
            submission(1, "a", "2025-01-01T00:00", YEAR),
        ];
        let chosen = |method| -> Vec<bool> {
            let imports = all(&submissions, Some(day("2024-12-31")), method);
            imports.iter().map(Option::is_some).collect()
        };
        assert_eq!(chosen(Method::AsPublished), [true, true, false, false]);
        assert_eq!(chosen(Method::AsIntended), [true, true, true, false]);
    }

    #[test]
    fn n8_today_follows_the_cut_off_then_the_latest_import_but_not_into_the_year() {
        let mut frame = Frame::default();
        frame.study.periods = vec![period(YEAR.0, YEAR.1)];
        let today = |settings: &Settings, frame: &Frame| {
            Year::of(settings, Reads::All, frame)[0].today.to_string()
        };
        let plain = Settings::default();
        assert_eq!(today(&plain, &frame), "2024-04-01");
        frame.submissions = vec![submission(1, "a", "2024-09-20T10:00", YEAR)];
        assert_eq!(today(&plain, &frame), "2024-09-20");
        frame.study.as_of = Some(day("2024-10-01"));
        assert_eq!(today(&plain, &frame), "2024-10-01");
        let cut_off = Settings { cut_off: Some(day("2024-11-01")), ..Settings::default() };
        assert_eq!(today(&cut_off, &frame), "2024-11-01");
        let both = Settings { today: Some(day("2025-01-01")), ..cut_off };
        assert_eq!(today(&both, &frame), "2025-01-01");
    }
}
