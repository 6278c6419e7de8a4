//! What every measure may look at besides the person: the study and the texts behind numbers.

use crate::clinical::Clinical;
use crate::coded::CodedFields;
use crate::details::Details;
use crate::figure::{Area, AreaType};
use crate::study::Study;
use std::collections::BTreeSet;
use std::sync::Arc;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Edition;
use throughcare_linkage::codes::cld::{EventType, Field};
use throughcare_linkage::day::{Day, OptDay, Period};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::link::person::Person;
use throughcare_linkage::lookup::{Areas, Population, Residences};
use throughcare_linkage::read::Records;
use throughcare_linkage::submissions::{SubmissionKey, Tally};
use throughcare_linkage::timeline::interval::CareRules;

/// Read-only facts of a run, settled once reading is over.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The resolved study.
    pub study: Study,
    /// Council codes by number (`Texts::la`); 0 is no council.
    pub la_codes: Vec<Box<str>>,
    /// Provider codes by number (`Texts::provider`); 0 is no provider.
    pub providers: Vec<Box<str>>,
    /// LSOA 2011 codes by number (`Texts::lsoa`); 0 is none.
    pub lsoas: Vec<Box<str>>,
    /// Latest person details, delivery mechanisms and times of import.
    pub details: Details,
    /// CQC locations by number (`Texts::cqc_location`); 0 is none.
    pub cqc_locations: Vec<Box<str>>,
    /// What the raw texts of coded fields mean that are not cleaned on the event itself.
    pub coded: CodedFields,
    /// What diagnoses and operations mean; empty when the run keeps no codes.
    pub clinical: Arc<Clinical>,
    /// First and last day of the single table; none when no submission covers 12 months.
    pub single: Option<Period>,
    /// First and last day of the joined table; none when no submission covers a quarter.
    pub joined: Option<Period>,
    /// Days of the long-term support snapshots, as typed; empty: every month end of the period.
    pub snapshots: Vec<Day>,
    /// Councils of the look-up; empty when there is none.
    pub areas: Areas,
    /// Council of residence by LSOA, from the look-up.
    pub residences: Residences,
    /// Population by council, sex and age, from the look-up; empty when there is none.
    pub population: Population,
    /// Edition of the method for social care records.
    pub edition: Edition,
    /// Numbers of the raw event types that no list maps but that may contain the name of a type, such
    /// as `Services`; empty in edition B, which goes by the list alone.
    pub inexact_event_types: BTreeSet<u16>,
    /// The first day not covered by hospital data.
    pub sus_end: Day,
    /// First day covered by hospital data.
    pub sus_start: Day,
    /// Coverage of every council by social care data, by council number: disjoint periods in order.
    pub coverage: Vec<Vec<Period>>,
    /// How care rows become the states of lines.
    pub care_rules: CareRules,
    /// Measures that the inputs do not allow.
    pub unavailable: BTreeSet<&'static str>,
    /// Submissions of care records, by submission number.
    pub submissions: Vec<Submission>,
    /// Raw texts of the coded fields of care records, by field in the order of [`Field::ALL`]; the
    /// text of raw number `n` is at `n - 1`.
    pub raw_texts: Vec<Vec<Box<str>>>,
}

/// A submission of care records as it was stated, for measures that work on raw rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Council: number in [`Frame::la_codes`].
    pub la: u16,
    /// Name of the council, in lower case.
    pub la_name: Box<str>,
    /// Time of import.
    pub import: Instant,
    /// Smallest stated start of the reporting period.
    pub stated_start: OptDay,
    /// Largest stated end of the reporting period.
    pub stated_end: OptDay,
    /// The study passes it over (P-04).
    pub excluded: bool,
}

/// The submissions of some records, by number. `excluded` has the times of import that the study passes
/// over.
#[must_use]
pub fn submissions(records: &Records, excluded: &[Instant]) -> Vec<Submission> {
    let names = records.texts.la_name.texts();
    let name = |number: u16| names.get(usize::from(number)).map_or("", |name| name.trim_end());
    let submission = |(key, tally): &(SubmissionKey, Tally)| Submission {
        la: key.la,
        la_name: name(key.la_name).to_lowercase().into(),
        import: key.import,
        stated_start: tally.stated_start,
        stated_end: tally.stated_end,
        excluded: excluded.contains(&key.import),
    };
    records.submissions.iter().map(submission).collect()
}

impl Frame {
    /// The raw texts of a field of care records; the text of raw number `n` is at `n - 1`.
    #[must_use]
    pub fn raw_texts(&self, field: Field) -> &[Box<str>] {
        self.raw_texts.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// The area of a council by its number; its code stands for a name that no look-up gives.
    #[must_use]
    pub fn la(&self, number: u16) -> Area {
        let code = self.la_codes.get(usize::from(number)).map_or("", |code| &**code);
        let name = self.areas.by_code(code).map_or(code, |area| &area.name);
        Area { kind: AreaType::La, code: code.into(), name: name.into() }
    }

    /// The type of an event for the measures that compare its text as a whole (`cld-metrics.md`
    /// sections 6 to 10): none for a text that only contains the name of a type.
    #[must_use]
    #[inline]
    pub fn exact_event_type(&self, person: &Person<'_>, event: &CareEvent) -> EventType {
        if !self.inexact_event_types.is_empty()
            && let Some(row) = person.cld_rows.get(event.row as usize)
            && self.inexact_event_types.contains(&row.event_type.0)
        {
            return EventType::None;
        }
        event.event_type
    }

    /// The area of a provider by its number.
    #[must_use]
    pub fn provider(&self, number: u16) -> Area {
        let code = self.providers.get(usize::from(number)).map_or("", |code| &**code);
        Area { kind: AreaType::Provider, code: code.into(), name: code.into() }
    }
}
