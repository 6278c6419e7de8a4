//! From the rows of one person to unique events (P-06 to P-15).

use crate::cld::cleaning::{Cleaning, Standing, fold};
use crate::cld::counts::{CldCounts, TableCounts};
use crate::cld::deduplicate::{Candidate, KeepOrder, Split, cropped_end, deduplicate};
use crate::cld::event::{CareEvent, ReviewType};
use crate::cld::event_filter::{corrected_end, death_of_row, is_alive, is_in_period};
use crate::cld::settings::{CldSettings, Edition, Mode};
use crate::cld::submission::Selection;
use crate::cld::unique_event::EventReference;
use crate::codes::cld::{EventType, Field, Raw};
use crate::day::{Day, OPEN_END, OptDay, Period};
use crate::person::PersonIdKind;
use crate::records::cld::{CldDetail, CldRow, raw_mut};
use std::cmp::Ordering;

/// Everything that preparation needs beside a person's rows; the same for all people.
#[derive(Debug)]
pub struct Preparation<'a> {
    cleaning: &'a Cleaning,
    selection: &'a Selection,
    edition: Edition,
    /// Rank of each council in the order of folded codes.
    la_ranks: Vec<u16>,
    deaths_given: bool,
    /// The raw values that are the text `NULL`, in edition B, which takes it for null.
    null_texts: Vec<(Field, Raw)>,
}

/// Memory reused from person to person.
#[derive(Debug, Default)]
pub struct Scratch {
    candidates: Vec<Candidate>,
}

impl<'a> Preparation<'a> {
    /// `la_codes` are the council codes by number (`Texts::la`); `deaths_given` says whether there was
    /// a file of registered deaths, which edition B then goes by.
    #[must_use]
    pub fn new(
        cleaning: &'a Cleaning,
        selection: &'a Selection,
        settings: &CldSettings,
        la_codes: &[Box<str>],
        deaths_given: bool,
    ) -> Self {
        let folded: Vec<String> = la_codes.iter().map(|code| fold(code)).collect();
        let mut distinct: Vec<&String> = folded.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let rank = |code| distinct.binary_search(&code).unwrap_or_else(|place| place);
        let la_ranks =
            folded.iter().map(|code| u16::try_from(rank(code)).unwrap_or(u16::MAX)).collect();
        let edition = settings.edition;
        let is_null = |&(field, raw): &(Field, Raw)| {
            edition == Edition::B && cleaning.standing(field, raw) == Standing::NullText
        };
        let texts = |field| cleaning.texts(field).map(move |(raw, _)| (field, raw));
        let null_texts = Field::ALL.into_iter().flat_map(texts).filter(is_null).collect();
        Self { cleaning, selection, edition, la_ranks, deaths_given, null_texts }
    }

    /// Makes the text `NULL` null in all coded fields of rows and their details, in edition B (section 12);
    /// in edition A it is a text like any other that no list maps.
    pub fn clear_null_texts(&self, rows: &mut [CldRow], details: &mut [CldDetail]) {
        if self.null_texts.is_empty() {
            return;
        }
        for (n, row) in rows.iter_mut().enumerate() {
            let mut none = CldDetail::default();
            let detail = details.get_mut(n).unwrap_or(&mut none);
            for &(field, null) in &self.null_texts {
                let raw = raw_mut(field, row, detail);
                if *raw == null {
                    *raw = Raw::NONE;
                }
            }
        }
    }

    /// Makes `joined` and `single` the person's unique events in both main tables, as
    /// [`Preparation::prepare`] gives them.
    #[allow(clippy::too_many_arguments, reason = "three of them are buffers")]
    pub fn both(
        &self,
        rows: &[CldRow],
        details: &[CldDetail],
        registered_death: OptDay,
        scratch: &mut Scratch,
        joined: &mut Vec<CareEvent>,
        single: &mut Vec<CareEvent>,
        counts: &mut CldCounts,
    ) {
        joined.clear();
        single.clear();
        self.prepare(Mode::Joined, rows, details, registered_death, scratch, joined, counts);
        if rows.iter().any(|row| !row.is_prepared()) {
            self.prepare(Mode::Single, rows, details, registered_death, scratch, single, counts);
            return;
        }
        // rows that were prepared elsewhere stand in both tables alike
        let window = self.selection.window(Mode::Single);
        single.extend(joined.iter().map(|event| {
            let everything = Period { start: event.start, end: OPEN_END };
            let own = rows.get(event.row as usize);
            let own = own.and_then(|row| self.selection.reference_of_prepared(row));
            let Period { start, end } = own.or(window).unwrap_or(everything);
            CareEvent { reference_start: start, reference_end: end, ..*event }
        }));
        let kept = single.len() as u64;
        let no_start = rows.iter().filter(|row| row.start.is_none()).count() as u64;
        let rows = rows.len() as u64;
        counts.single.merge(&TableCounts {
            rows,
            no_start,
            no_person: rows - no_start - kept,
            kept,
            prepared: kept,
            ..TableCounts::default()
        });
    }

    /// Appends the person's unique events in one main table to `out`, ordered by start, event type,
    /// end (open last) and record id, and counts what became of every row.
    ///
    /// # Arguments
    ///
    /// * `rows` - all rows of one person, by record id, file and row
    /// * `details` - their details, row by row, or nothing; unit costs and planned units split the
    ///   services of the single table
    /// * `registered_death` - the person's death in civil registration, for edition B
    #[allow(clippy::too_many_arguments, reason = "two of them are buffers")]
    pub fn prepare(
        &self,
        mode: Mode,
        rows: &[CldRow],
        details: &[CldDetail],
        registered_death: OptDay,
        scratch: &mut Scratch,
        out: &mut Vec<CareEvent>,
        counts: &mut CldCounts,
    ) {
        let counts = counts.table(mode);
        let first_out = out.len();
        scratch.candidates.clear();
        for (n, row) in (0u32..).zip(rows) {
            counts.rows += 1;
            if row.is_prepared() {
                out.extend(self.prepared(mode, n, row, counts));
            } else {
                let detail = details.get(n as usize);
                let death = registered_death;
                scratch.candidates.extend(self.candidate(mode, n, row, detail, death, counts));
            }
        }
        let candidates = scratch.candidates.len();
        if candidates > 1 {
            deduplicate(&mut scratch.candidates, self.cleaning, rows, details);
        }
        counts.duplicate += (candidates - scratch.candidates.len()) as u64;
        for candidate in &scratch.candidates {
            if let Some(row) = rows.get(candidate.row as usize) {
                let event = self.event(row, candidate);
                counts.kept += 1;
                counts.cropped += u64::from(event.cropped);
                let uncut = !event.cropped && event.end != event.raw_end;
                counts.cut_to_death += u64::from(uncut);
                out.push(event);
            }
        }
        if let Some(events) = out.get_mut(first_out..) {
            events.sort_unstable_by(|a, b| self.order(a, b));
        }
    }

    /// The row if it passes P-06 to P-09, with its event reference.
    #[inline]
    fn candidate(
        &self,
        mode: Mode,
        n: u32,
        row: &CldRow,
        detail: Option<&CldDetail>,
        registered_death: OptDay,
        counts: &mut TableCounts,
    ) -> Option<Candidate> {
        let Some(period) = self.selection.reference(mode, row.submission) else {
            counts.not_selected += 1;
            return None;
        };
        let Some(start) = row.start.get() else {
            counts.no_start += 1;
            return None;
        };
        if row.event_type.is_none() {
            counts.no_event_type += 1;
            return None;
        }
        let death =
            death_of_row(self.edition, row.id_kind, row.death, registered_death, self.deaths_given);
        let end = corrected_end(start, row.raw_end, death);
        if !is_in_period(self.cleaning.is_service_text(row.event_type), start, end, period) {
            counts.out_of_period += 1;
            return None;
        }
        if !is_alive(start, death, period) {
            counts.after_death += 1;
            return None;
        }
        if row.id_kind == PersonIdKind::None {
            counts.no_person += 1;
            return None;
        }
        let kind = self.cleaning.event_type(row.event_type, self.edition);
        let la = self.la_rank(row.la);
        let dates = (start, end);
        let reference = EventReference::new(self.cleaning, self.edition, la, kind, row, dates);
        let split = if mode == Mode::Single && kind == EventType::Service {
            Split::new(self.cleaning, row, &detail.copied().unwrap_or_default())
        } else {
            Split::default()
        };
        let is_prior = mode == Mode::Joined
            && self.selection.prior.get(usize::from(row.submission)).copied().unwrap_or(false);
        let (end, cropped) = cropped_end(end, period, is_prior);
        let outcome = self.cleaning.outcome(row.outcome);
        Some(Candidate {
            reference,
            split,
            order: KeepOrder::new(period, end, outcome, row.conversation),
            record_id: row.record_id,
            row: n,
            end,
            death,
            period,
            cropped,
        })
    }

    /// The event of a row that was prepared elsewhere: its end is corrected already.
    fn prepared(
        &self,
        mode: Mode,
        n: u32,
        row: &CldRow,
        counts: &mut TableCounts,
    ) -> Option<CareEvent> {
        let Some(start) = row.start.get() else {
            counts.no_start += 1;
            return None;
        };
        if row.id_kind == PersonIdKind::None {
            counts.no_person += 1;
            return None;
        }
        counts.kept += 1;
        counts.prepared += 1;
        let everything = Period { start, end: OPEN_END };
        let own = self.selection.reference_of_prepared(row);
        let period = own.or(self.selection.window(mode)).unwrap_or(everything);
        let (end, death) = (row.raw_end, row.death);
        Some(self.care_event(row, n, (start, end), death, period, false))
    }

    fn event(&self, row: &CldRow, candidate: &Candidate) -> CareEvent {
        let dates = (row.start.or(Day(0)), candidate.end); // candidates have a start
        let &Candidate { row: n, death, period, cropped, .. } = candidate;
        self.care_event(row, n, dates, death, period, cropped)
    }

    #[inline(always)] // an event is large, and is to be made where it stays
    fn care_event(
        &self,
        row: &CldRow,
        n: u32,
        (start, end): (Day, OptDay),
        death: OptDay,
        period: Period,
        cropped: bool,
    ) -> CareEvent {
        let event_type = self.cleaning.event_type(row.event_type, self.edition);
        let review_type = if event_type == EventType::Review {
            self.cleaning.review_type(row.review_reason)
        } else {
            ReviewType::None
        };
        CareEvent {
            record_id: row.record_id,
            start,
            end,
            raw_end: row.raw_end,
            death,
            reference_start: period.start,
            reference_end: period.end,
            row: n,
            la: row.la,
            birth: row.birth,
            event_type,
            client_type: self.cleaning.client_type(row.client_type),
            service_type: self.cleaning.service_type(row.service_type),
            component: self.cleaning.component(row.component),
            outcome: self.cleaning.outcome(row.outcome),
            assessment_type: self.cleaning.assessment_type(row.assessment_type),
            gender: self.cleaning.gender(row.gender),
            review_type,
            mechanism: row.mechanism,
            id_kind: row.id_kind,
            cropped,
        }
    }

    fn la_rank(&self, la: u16) -> u16 {
        self.la_ranks.get(usize::from(la)).copied().unwrap_or(u16::MAX)
    }

    /// Start, event type, end with open last, record id; then, for record ids that are not unique,
    /// council and content.
    fn order(&self, a: &CareEvent, b: &CareEvent) -> Ordering {
        let place = |e: &CareEvent| (e.start, e.event_type, e.end.or(Day(i32::MAX)), e.record_id);
        let content = |e: &CareEvent| {
            (
                (self.la_rank(e.la), e.client_type, e.service_type, e.component),
                (e.outcome, e.assessment_type, e.row),
            )
        };
        // the second key is seldom asked for
        place(a).cmp(&place(b)).then_with(|| content(a).cmp(&content(b)))
    }
}

#[cfg(test)]
mod tests;
