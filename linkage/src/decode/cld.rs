//! Client Level Data rows (`cld-fields.md` sections 2 and 3, P-09).

mod hashes;

use super::values::{self, Moment, Number};
use super::{Column, Notes, Stamp, essential, is_nobody, person, small};
use crate::codes::cld::{Field, Raw};
use crate::day::{BirthMonth, Day, OptDay, Period};
use crate::instant::Instant;
use crate::person::PersonIdKind;
use crate::records::cld::{CldDetail, CldRow, Pence, Seen};
use crate::records::quarantine::Reason;
use crate::schema::cld::Cld;
use crate::source::{Batch, Cells};
use crate::store::{DetailedRow, Staged, Texts, With};
use crate::submissions::{SubmissionKey, Submissions, Tally};
use hashbrown::{HashMap, HashSet};
use hashes::Hashes;
use std::borrow::Cow;

/// The coded fields of [`CldRow`], then those of [`CldDetail`].
const FIELDS: [(Cld, Field); 26] = [
    (Cld::EventType, Field::EventType),
    (Cld::ClientType, Field::ClientType),
    (Cld::Route, Field::RequestRouteOfAccess),
    (Cld::AssessmentType, Field::AssessmentType),
    (Cld::ServiceType, Field::ServiceType),
    (Cld::Component, Field::ServiceComponent),
    (Cld::Mechanism, Field::DeliveryMechanism),
    (Cld::Outcome, Field::EventOutcome),
    (Cld::ReviewReason, Field::ReviewReason),
    (Cld::Gender, Field::Gender),
    (Cld::CostFrequency, Field::CostFrequency),
    (Cld::Ethnicity, Field::Ethnicity),
    (Cld::SupportReason, Field::PrimarySupportReason),
    (Cld::Accommodation, Field::AccommodationStatus),
    (Cld::Employment, Field::EmploymentStatus),
    (Cld::Funding, Field::ClientFundingStatus),
    (Cld::HasCarer, Field::HasUnpaidCarer),
    (Cld::ReviewOutcomes, Field::ReviewOutcomesAchieved),
    (Cld::Autism, Field::AutismSpectrumDisorder),
    (Cld::VisualImpairment, Field::VisualImpairment),
    (Cld::HearingImpairment, Field::HearingImpairment),
    (Cld::Dementia, Field::Dementia),
    (Cld::EligibleNeeds, Field::EligibleNeedsIdentified),
    (Cld::AssessmentMethod, Field::MethodOfAssessment),
    (Cld::HoursCaring, Field::TotalHoursCaring),
    (Cld::ReviewMethod, Field::MethodOfReview),
];

/// The columns of what rows keep apart (`records/kept/cld.rs`).
const REST: [Cld; 11] = [
    Cld::BirthDate,
    Cld::BirthYear,
    Cld::BirthMonth,
    Cld::ClientType,
    Cld::Route,
    Cld::AssessmentType,
    Cld::Mechanism,
    Cld::ReviewReason,
    Cld::Gender,
    Cld::Conversation,
    Cld::AgeAtStart,
];

/// Where a row belongs: what its submission is known by.
#[derive(Clone, Copy, Debug)]
pub enum Origin {
    /// A prepared table.
    Prepared,
    /// A file of submissions. The import time is that of the file where no column gives it.
    Submission(Option<Instant>),
}

/// Counts of one submission while a task runs.
#[derive(Debug, Default)]
struct LocalTally {
    ends: HashMap<(OptDay, Raw), u64>,
    stated: HashSet<(OptDay, OptDay)>,
}

/// Decodes batches of one file's task.
#[derive(Debug)]
pub struct CldDecoder<'a> {
    texts: &'a Texts,
    submissions: &'a Submissions,
    origin: Origin,
    file: u16,
    has_record_id: bool,
    has_conversation: bool,
    has_age_at_start: bool,
    has_detail: bool,
    la: Column<u16>,
    /// Bytes of the council code as the file writes it; of prepared tables only.
    la_length: Column<usize>,
    la_name: Column<u16>,
    import: Column<Stamp>,
    record_id: Column<Number>,
    hashes: Hashes,
    period_start: Column<Moment>,
    period_end: Column<Moment>,
    start: Column<Moment>,
    end: Column<Moment>,
    death: Column<Moment>,
    birth_date: Column<Moment>,
    birth_year: Column<Number>,
    birth_month: Column<Number>,
    conversation: Column<Number>,
    age_at_start: Column<Number>,
    unit_cost: Column<Number>,
    planned_units: Column<Number>,
    fields: [Column<Raw>; FIELDS.len()],
    cqc_location: Column<u32>,
    adults: Column<Number>,
    gp_practice: Column<bool>,
    reference_start: Column<Moment>,
    reference_end: Column<Moment>,
    /// The reference period met last and its number.
    last_reference: Option<(Period, u16)>,
    has_supplied_id: bool,
    numbers: HashMap<SubmissionKey, u16>,
    last: Option<(SubmissionKey, u16)>,
    tallies: HashMap<u16, LocalTally>,
    local: Vec<u8>,
}

impl<'a> CldDecoder<'a> {
    /// A decoder for a task of a file. `has` says whether the file has a column.
    #[must_use]
    pub fn new(
        texts: &'a Texts,
        submissions: &'a Submissions,
        origin: Origin,
        file: u16,
        has: impl Fn(Cld) -> bool,
    ) -> Self {
        let slot = |column: Cld| column as usize;
        Self {
            texts,
            submissions,
            origin,
            file,
            has_record_id: has(Cld::RecordId),
            has_conversation: has(Cld::Conversation),
            has_age_at_start: has(Cld::AgeAtStart),
            has_detail: Cld::DETAILS.into_iter().any(&has),
            la: Column::new(slot(Cld::LaCode), 0),
            la_length: Column::new(slot(Cld::LaCode), 0),
            la_name: Column::new(slot(Cld::LaName), 0),
            import: Column::new(slot(Cld::ImportDate), Ok(None)),
            record_id: Column::number(slot(Cld::RecordId)),
            hashes: Hashes::default(),
            period_start: Column::date(slot(Cld::PeriodStart)),
            period_end: Column::date(slot(Cld::PeriodEnd)),
            start: Column::date(slot(Cld::Start)),
            end: Column::date(slot(Cld::End)),
            death: Column::date(slot(Cld::Death)),
            birth_date: Column::date(slot(Cld::BirthDate)),
            birth_year: Column::number(slot(Cld::BirthYear)),
            birth_month: Column::number(slot(Cld::BirthMonth)),
            conversation: Column::number(slot(Cld::Conversation)),
            age_at_start: Column::number(slot(Cld::AgeAtStart)),
            unit_cost: Column::number(slot(Cld::UnitCost)),
            planned_units: Column::number(slot(Cld::PlannedUnits)),
            fields: FIELDS.map(|(column, _)| Column::new(slot(column), Raw::NONE)),
            cqc_location: Column::new(slot(Cld::CqcLocation), 0),
            adults: Column::number(slot(Cld::AdultsCaredFor)),
            gp_practice: Column::new(slot(Cld::GpPractice), false),
            reference_start: Column::date(slot(Cld::ReferenceStart)),
            reference_end: Column::date(slot(Cld::ReferenceEnd)),
            last_reference: None,
            has_supplied_id: has(Cld::Supplied),
            numbers: HashMap::new(),
            last: None,
            tallies: HashMap::new(),
            local: Vec::new(),
        }
    }

    /// Decodes a batch into `staged`, or into `detailed` where the file has details; rows that cannot be
    /// used go to `notes`.
    pub fn batch(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<CldRow>,
        detailed: &mut Staged<DetailedRow>,
        notes: &mut Notes,
    ) {
        self.load(batch, notes);
        // rows of submissions state whether they are conversations
        if matches!(self.origin, Origin::Submission(_))
            || batch.has_any(REST.map(|column| column as usize))
        {
            self.rows::<true>(batch, staged, detailed, notes);
        } else {
            self.rows::<false>(batch, staged, detailed, notes);
        }
    }

    /// The rows of a loaded batch. Without `FULL` the file has none of the columns of [`REST`], and no time
    /// is spent on asking every row for them.
    fn rows<const FULL: bool>(
        &mut self,
        batch: &Batch<'_>,
        staged: &mut Staged<CldRow>,
        detailed: &mut Staged<DetailedRow>,
        notes: &mut Notes,
    ) {
        let cells = PersonCells::new(batch);
        let mut local = std::mem::take(&mut self.local);
        for row in 0..batch.len {
            let (id, kind) = self.person(&cells, row, &mut local);
            match self.row::<FULL>(batch, row, kind) {
                Ok(cld) if self.has_detail => {
                    detailed.push(id, With(cld, self.detail(batch, row, kind)));
                }
                Ok(cld) => staged.push(id, cld),
                Err((reason, column)) => {
                    notes.set_aside.push((batch.rows.at(row), reason, column));
                }
            }
        }
        self.local = local;
    }

    fn load(&mut self, batch: &Batch<'_>, notes: &mut Notes) {
        let texts = self.texts;
        self.la.load(batch, |text| small(&texts.la, text));
        if matches!(self.origin, Origin::Prepared) {
            self.la_length.load(batch, |text| text.trim_ascii().len());
        }
        self.la_name.load(batch, |text| small(&texts.la_name, text));
        self.import.load_instants(batch);
        if self.has_record_id {
            self.record_id.load_numbers(batch);
            self.record_id.count_bad(batch, Cld::RecordId.name(), notes);
        } else {
            self.hashes.load(batch);
        }
        for (column, name) in [
            (&mut self.period_start, Cld::PeriodStart),
            (&mut self.period_end, Cld::PeriodEnd),
            (&mut self.death, Cld::Death),
            (&mut self.birth_date, Cld::BirthDate),
            (&mut self.reference_start, Cld::ReferenceStart),
            (&mut self.reference_end, Cld::ReferenceEnd),
        ] {
            column.load_care_dates(batch);
            column.count_bad(batch, name.name(), notes);
        }
        self.start.load_care_dates(batch);
        self.end.load_care_dates(batch);
        for (column, name) in [
            (&mut self.birth_year, Cld::BirthYear),
            (&mut self.birth_month, Cld::BirthMonth),
            (&mut self.conversation, Cld::Conversation),
            (&mut self.age_at_start, Cld::AgeAtStart),
        ] {
            column.load_numbers(batch);
            column.count_bad(batch, name.name(), notes);
        }
        for (column, name) in
            [(&mut self.unit_cost, Cld::UnitCost), (&mut self.planned_units, Cld::PlannedUnits)]
        {
            column.load(batch, values::hundredths);
            column.count_bad(batch, name.name(), notes);
        }
        for (column, (_, field)) in self.fields.iter_mut().zip(FIELDS) {
            // also the text NULL, which SQL Server writes for null: what it means is for the edition to say
            column.load(batch, |text| texts.raw.intern(field, text));
        }
        self.cqc_location.load(batch, |text| {
            if values::is_missing(text) { 0 } else { texts.cqc_location.intern(text.trim()) }
        });
        self.adults.load_numbers(batch);
        self.adults.count_bad(batch, Cld::AdultsCaredFor.name(), notes);
        self.gp_practice.load(batch, |text| !values::is_missing(text));
    }

    /// The person identifier of a row and its kind (P-09): traced pseudonym, submitted pseudonym, else
    /// council code, `_` and the council's own identifier, put together in `local`.
    #[inline(always)]
    fn person<'b>(
        &self,
        cells: &PersonCells<'b>,
        row: usize,
        local: &'b mut Vec<u8>,
    ) -> (&'b [u8], PersonIdKind) {
        if matches!(self.origin, Origin::Prepared) {
            let combined = person(&cells.combined, row);
            if !combined.is_empty() {
                // the code itself is fetched only where an underscore stands in its place
                let la_length = self.la_length.at(row);
                let is_local = la_length > 0
                    && combined.get(la_length) == Some(&b'_')
                    && combined.starts_with(&council(&cells.la, row));
                let kind = if is_local { PersonIdKind::LaLocal } else { PersonIdKind::NhsTraced };
                return (combined, kind);
            }
        }
        for (cells, kind) in
            [(cells.traced, PersonIdKind::NhsTraced), (cells.supplied, PersonIdKind::NhsSupplied)]
        {
            let found = person(&cells, row);
            if !found.is_empty() {
                return (found, kind);
            }
        }
        let own = person(&cells.own, row);
        if own.is_empty() {
            return (&[], PersonIdKind::None);
        }
        local.clear();
        local.extend_from_slice(&council(&cells.la, row));
        local.push(b'_');
        local.extend_from_slice(own);
        (local, PersonIdKind::LaLocal)
    }

    #[inline(always)] // into both loops of `rows`
    fn row<const FULL: bool>(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        id_kind: PersonIdKind,
    ) -> Result<CldRow, (Reason, &'static str)> {
        let bad_date = |column| (Reason::BadDate, column);
        let raw_end = essential(self.end.at(row), Cld::End.name()).map_err(bad_date)?;
        let start = essential(self.start.at(row), Cld::Start.name()).map_err(bad_date)?;
        let la = self.la.at(row);
        let [
            event_type,
            client_type,
            route,
            assessment_type,
            service_type,
            component,
            mechanism,
            outcome,
            review_reason,
            gender,
            ..,
        ] = &self.fields;
        let event_type = event_type.at(row);
        let rest = |column: &Column<Raw>| if FULL { column.at(row) } else { Raw::NONE };
        let birth = if FULL { self.birth(row) } else { BirthMonth::UNKNOWN };
        let cld = CldRow {
            record_id: match self.record_id.values.get(row).and_then(|id| id.get()) {
                Some(id) if self.has_record_id => u64::try_from(id).unwrap_or(0),
                _ => self.hashes.rows.get(row).map_or(0, |hash| hash >> 1),
            },
            start,
            raw_end,
            death: self.death.at(row).day,
            row: batch.rows.at(row),
            file: self.file,
            submission: CldRow::PREPARED,
            la,
            birth,
            event_type,
            client_type: rest(client_type),
            route: rest(route),
            assessment_type: rest(assessment_type),
            service_type: service_type.at(row),
            component: component.at(row),
            mechanism: rest(mechanism),
            outcome: outcome.at(row),
            review_reason: rest(review_reason),
            gender: rest(gender),
            conversation: if FULL { self.conversation(row) } else { 0 },
            age_at_start: if FULL { self.age_at_start(row, birth, start) } else { CldRow::NO_AGE },
            id_kind,
        };
        let Origin::Submission(file_import) = self.origin else {
            return Ok(CldRow { submission: self.reference(row), ..cld });
        };
        if la == 0 {
            return Err((Reason::NoCouncil, Cld::LaCode.name()));
        }
        let import = self.import.at(row).map_err(|()| bad_date(Cld::ImportDate.name()))?;
        let Some(import) = import.or(file_import) else {
            return Err(bad_date(Cld::ImportDate.name()));
        };
        let la_name = match self.la_name.at(row) {
            0 => small(
                &self.texts.la_name,
                &String::from_utf8_lossy(&council(&batch.cells[Cld::LaCode as usize], row)),
            ),
            name => name,
        };
        let stated = (self.period_start.at(row).day, self.period_end.at(row).day);
        let submission = self.submission(SubmissionKey { la, la_name, import })?;
        let tally = self.tallies.entry(submission).or_default();
        *tally.ends.entry((raw_end, event_type)).or_default() += 1;
        tally.stated.insert(stated);
        Ok(CldRow { submission, ..cld })
    }

    fn conversation(&self, row: usize) -> u8 {
        match (self.conversation.at(row).get(), self.origin) {
            (Some(0), _) => 1,
            (Some(_), _) => 2,
            // a local build states no conversations (`cld-fields.md` 2.3)
            (None, Origin::Submission(_)) if !self.has_conversation => 1,
            (None, _) => 0,
        }
    }

    /// The age at the start of the event: as supplied, also where the row has none, since the published
    /// code compares no other; by the month of birth in files without the column.
    fn age_at_start(&self, row: usize, birth: BirthMonth, start: OptDay) -> u8 {
        let age = if self.has_age_at_start {
            self.age_at_start.at(row).get()
        } else {
            start.get().and_then(|start| birth.dhsc_age(start)).map(i64::from)
        };
        age.and_then(|age| u8::try_from(age).ok()).unwrap_or(CldRow::NO_AGE)
    }

    /// The submission number of a prepared row: that of its reference period.
    fn reference(&mut self, row: usize) -> u16 {
        let days = (self.reference_start.at(row).day.get(), self.reference_end.at(row).day.get());
        let (Some(start), Some(end)) = days else { return CldRow::PREPARED };
        let period = Period { start, end };
        match self.last_reference {
            Some((last, number)) if last == period => number,
            _ => {
                let number = self.submissions.of_prepared(period);
                self.last_reference = Some((period, number));
                number
            }
        }
    }

    /// The month of birth as submitted. January 1900 is a month like any other: the published code
    /// takes it at its word (V024 warns of it).
    fn birth(&self, row: usize) -> BirthMonth {
        let number = |number: Number| number.get().and_then(|n| i32::try_from(n).ok()).unwrap_or(0);
        let (year, month) = (number(self.birth_year.at(row)), number(self.birth_month.at(row)));
        let month = u32::try_from(month).unwrap_or(0);
        let birth = BirthMonth::new(year, month);
        match self.birth_date.at(row).day.get() {
            Some(day) if !birth.is_known() => {
                let (year, month) = day.year_month();
                BirthMonth::new(year, month)
            }
            _ => birth,
        }
    }

    fn submission(&mut self, key: SubmissionKey) -> Result<u16, (Reason, &'static str)> {
        if let Some((last, number)) = self.last
            && last == key
        {
            return Ok(number);
        }
        let number = match self.numbers.get(&key) {
            Some(&number) => number,
            None => {
                let number = self.submissions.number(key);
                let number = number.ok_or((Reason::BadNumber, Cld::ImportDate.name()))?;
                self.numbers.insert(key, number);
                number
            }
        };
        self.last = Some((key, number));
        Ok(number)
    }

    fn detail(&self, batch: &Batch<'_>, row: usize, id_kind: PersonIdKind) -> CldDetail {
        let [
            ..,
            frequency,
            ethnicity,
            reason,
            accommodation,
            employment,
            funding,
            carer,
            outcomes,
            autism,
            visual,
            hearing,
            dementia,
            needs,
            assessment_method,
            hours,
            review_method,
        ] = &self.fields;
        let pence = |number: Number| number.get().map_or(Pence::NONE, Pence::new);
        let local = |column: Cld| {
            let id = batch.cells[column as usize].bytes(row);
            match std::str::from_utf8(id) {
                Ok(text) if !is_nobody(id) => self.texts.local_id.intern(text),
                _ => 0,
            }
        };
        CldDetail {
            unit_cost: pence(self.unit_cost.at(row)),
            planned_units: pence(self.planned_units.at(row)),
            cost_frequency: frequency.at(row),
            ethnicity: ethnicity.at(row),
            primary_support_reason: reason.at(row),
            accommodation: accommodation.at(row),
            employment: employment.at(row),
            funding: funding.at(row),
            has_carer: carer.at(row),
            review_outcomes: outcomes.at(row),
            cqc_location: self.cqc_location.at(row),
            local_id: local(Cld::Local),
            linked_ids: [Cld::Linked1, Cld::Linked2, Cld::Linked3].map(local),
            autism: autism.at(row),
            visual_impairment: visual.at(row),
            hearing_impairment: hearing.at(row),
            dementia: dementia.at(row),
            eligible_needs: needs.at(row),
            assessment_method: assessment_method.at(row),
            hours_caring: hours.at(row),
            review_method: review_method.at(row),
            seen: self.seen(batch, row, id_kind),
            adults: self.adults_cared_for(row).unwrap_or(CldDetail::NO_ADULTS),
        }
    }

    /// A whole number from 0 to 99 (V004).
    fn adults_cared_for(&self, row: usize) -> Option<u8> {
        self.adults.at(row).get().and_then(|number| u8::try_from(number).ok()).filter(|&n| n < 100)
    }

    fn seen(&self, batch: &Batch<'_>, row: usize, id_kind: PersonIdKind) -> Seen {
        let (start, end) = (self.period_start.at(row), self.period_end.at(row));
        let is_filled = |column: Cld| match batch.cells[column as usize] {
            Cells::Integers(_, nulls) => nulls.is_none_or(|nulls| nulls.is_valid(row)),
            ref cells => {
                let text = cells.bytes(row);
                !text.is_empty() && !text.eq_ignore_ascii_case(b"null")
            }
        };
        // where the file has no such column, the pseudonym at hand is the number
        let has_nhs_number = if self.has_supplied_id {
            !is_nobody(batch.cells[Cld::Supplied as usize].bytes(row))
        } else {
            id_kind.is_linkable()
        };
        let adults = self.adults.at(row);
        let adults_bad =
            adults.is_bad() || (adults.get().is_some() && self.adults_cared_for(row).is_none());
        let month = self.birth_month.at(row);
        let birth_bad = self.birth_date.at(row).bad
            || self.birth_year.at(row).is_bad()
            || month.is_bad()
            || month.get().is_some_and(|month| !(1..=12).contains(&month));
        Seen::NONE
            .with(Seen::PERIOD_START, start.day.is_some())
            .with(Seen::PERIOD_START_BAD, start.bad)
            .with(Seen::PERIOD_END, end.day.is_some())
            .with(Seen::PERIOD_END_BAD, end.bad)
            .with(Seen::NHS_NUMBER, has_nhs_number)
            .with(Seen::GP_PRACTICE, self.gp_practice.at(row))
            .with(Seen::EVENT_REFERENCE, is_filled(Cld::EventReference))
            .with(Seen::EVENT_DESCRIPTION, is_filled(Cld::EventDescription))
            .with(Seen::BIRTH_BAD, birth_bad)
            .with(Seen::DEATH_BAD, self.death.at(row).bad)
            .with(Seen::UNIT_COST_BAD, self.unit_cost.at(row).is_bad())
            .with(Seen::PLANNED_UNITS_BAD, self.planned_units.at(row).is_bad())
            .with(Seen::ADULTS_BAD, adults_bad)
    }

    /// Hands the counts of submissions over at the end of the task.
    pub fn finish(self) {
        for (number, local) in self.tallies {
            let mut tally = Tally::default();
            for ((end, event_type), rows) in local.ends {
                let month = end.get().map(Day::month_start).into();
                tally.rows += rows;
                *tally.ends.entry((month, event_type.0)).or_default() += rows;
            }
            // a missing day sorts first
            let starts = local.stated.iter().map(|stated| stated.0).filter(|day| day.is_some());
            tally.stated_start = starts.min().unwrap_or_default();
            tally.stated_end = local.stated.iter().map(|stated| stated.1).max().unwrap_or_default();
            tally.stated.extend(local.stated);
            self.submissions.merge(number, &tally);
        }
    }
}

/// The columns of a batch that say whose a row is.
struct PersonCells<'b> {
    combined: Cells<'b>,
    traced: Cells<'b>,
    supplied: Cells<'b>,
    own: Cells<'b>,
    la: Cells<'b>,
}

impl<'b> PersonCells<'b> {
    fn new(batch: &Batch<'b>) -> Self {
        let cells = |column: Cld| batch.cells[column as usize];
        Self {
            combined: cells(Cld::Combined),
            traced: cells(Cld::Traced),
            supplied: cells(Cld::Supplied),
            own: cells(Cld::Local),
            la: cells(Cld::LaCode),
        }
    }
}

/// The council code of a row as the file writes it.
fn council<'b>(la: &Cells<'b>, row: usize) -> Cow<'b, [u8]> {
    match *la {
        // a council code that a tool has turned into a number
        Cells::Integers(cells, _) => Cow::Owned(cells[row].to_string().into_bytes()),
        ref cells => Cow::Borrowed(cells.bytes(row)),
    }
}
