//! Rows and submissions in words, for tests.

use crate::cld::cleaning::Cleaning;
use crate::cld::counts::CldCounts;
use crate::cld::event::CareEvent;
use crate::cld::prepare::{Preparation, Scratch};
use crate::cld::settings::{CldSettings, Mode};
use crate::cld::submission::{Selection, select};
use crate::codes::cld::{Field, Raw};
use crate::day::{BirthMonth, Day, OptDay, Period};
use crate::instant::Instant;
use crate::person::PersonIdKind;
use crate::records::cld::{CldDetail, CldRow};
use crate::store::Texts;
use crate::submissions::{SubmissionKey, Tally};

pub(crate) fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap_or_else(|| panic!("bad test date {text}"))
}

/// A day, or none for `-`.
pub(crate) fn opt(text: &str) -> OptDay {
    if text == "-" { OptDay::NONE } else { day(text).into() }
}

pub(crate) fn period(start: &str, end: &str) -> Period {
    Period { start: day(start), end: day(end) }
}

pub(crate) fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// Submissions, rows and settings of one test.
#[derive(Default)]
pub(crate) struct World {
    pub texts: Texts,
    pub submissions: Vec<(SubmissionKey, Tally)>,
    pub settings: CldSettings,
    pub rows: Vec<CldRow>,
    pub details: Vec<CldDetail>,
    pub registered_death: OptDay,
    pub deaths_given: bool,
}

impl World {
    /// A submission of a council that covers whole months by its own statement and by both
    /// derivations: ten events of each type in every month.
    pub fn submit(&mut self, la: &str, import: &str, start: &str, end: &str) -> u16 {
        let key = SubmissionKey {
            la: self.texts.la.intern(la) as u16,
            la_name: self.texts.la_name.intern(la) as u16,
            import: instant(import),
        };
        let mut tally = Tally::default();
        let mut month = day(start);
        while month <= day(end) {
            for kind in ["Request", "Assessment", "Service", "Review"] {
                let raw = self.raw(Field::EventType, kind);
                for _ in 0..10 {
                    tally.add(month.into(), raw, (opt(start), opt(end)));
                }
            }
            month = month.add_months(1);
        }
        self.submissions.push((key, tally));
        self.submissions.len() as u16 - 1
    }

    pub fn raw(&self, field: Field, text: &str) -> Raw {
        self.texts.raw.intern(field, text)
    }

    /// A row of council 100 with a person and nothing else.
    pub fn row(&self, submission: u16, kind: &str, start: &str, end: &str) -> CldRow {
        CldRow {
            record_id: self.rows.len() as u64 + 1,
            start: opt(start),
            raw_end: opt(end),
            death: OptDay::NONE,
            row: self.rows.len() as u32 + 1,
            file: 0,
            submission,
            la: self.texts.la.intern("100") as u16,
            birth: BirthMonth::default(),
            event_type: self.raw(Field::EventType, kind),
            client_type: self.raw(Field::ClientType, "Service User"),
            route: Raw::NONE,
            assessment_type: Raw::NONE,
            service_type: Raw::NONE,
            component: Raw::NONE,
            mechanism: Raw::NONE,
            outcome: Raw::NONE,
            review_reason: Raw::NONE,
            gender: Raw::NONE,
            conversation: 1,
            age_at_start: CldRow::NO_AGE,
            id_kind: PersonIdKind::NhsTraced,
        }
    }

    pub fn push(&mut self, row: CldRow) {
        self.rows.push(row);
        self.details.push(CldDetail::default());
    }

    pub fn selection(&self) -> Selection {
        select(&self.submissions, &self.texts, &self.settings, None)
    }

    pub fn cleaning(&self) -> Cleaning {
        Cleaning::new(&self.texts.raw, &[]).unwrap()
    }

    pub fn prepare(&self, mode: Mode) -> (Vec<CareEvent>, CldCounts) {
        self.prepare_with(mode, &self.selection())
    }

    pub fn prepare_with(&self, mode: Mode, selection: &Selection) -> (Vec<CareEvent>, CldCounts) {
        let cleaning = self.cleaning();
        let la_codes = self.texts.la.texts();
        let preparation =
            Preparation::new(&cleaning, selection, &self.settings, &la_codes, self.deaths_given);
        let (mut rows, mut details) = (self.rows.clone(), self.details.clone());
        preparation.clear_null_texts(&mut rows, &mut details);
        let (mut scratch, mut out) = (Scratch::default(), Vec::new());
        let mut counts = CldCounts::default();
        preparation.prepare(
            mode,
            &rows,
            &details,
            self.registered_death,
            &mut scratch,
            &mut out,
            &mut counts,
        );
        assert!(counts.joined.adds_up() && counts.single.adds_up());
        let (mut joined, mut single) = (Vec::new(), Vec::new());
        let mut both = CldCounts::default();
        preparation.both(
            &rows,
            &details,
            self.registered_death,
            &mut scratch,
            &mut joined,
            &mut single,
            &mut both,
        );
        assert_eq!(&out, if mode == Mode::Joined { &joined } else { &single });
        assert_eq!(counts.table(mode), both.table(mode));
        (out, counts)
    }
}
