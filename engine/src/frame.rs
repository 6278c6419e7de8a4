//! What every measure may look at besides the person: the study and the texts behind numbers.

use crate::coded::CodedFields;
use crate::details::Details;
use crate::figure::{Area, AreaType};
use crate::study::Study;
use std::collections::BTreeSet;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::settings::Edition;
use throughcare_linkage::codes::cld::EventType;
use throughcare_linkage::day::{Day, Period};
use throughcare_linkage::link::person::Person;
use throughcare_linkage::lookup::{Areas, Population, Residences};

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
    /// Measures that the inputs do not allow.
    pub unavailable: BTreeSet<&'static str>,
}

impl Frame {
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
