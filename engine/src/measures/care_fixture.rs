//! Short makers of care events, councils and people for the tests of measures of care records.

use crate::coded::CodedField;
use crate::details::Details;
use crate::figure::Results;
use crate::frame::Frame;
use crate::measures::Measure;
use crate::measures::fixture::{self, Maker};
use std::sync::{Arc, LazyLock};
use throughcare_linkage::cld::cleaning::Cleaning;
use throughcare_linkage::cld::event::{CareEvent, ReviewType};
use throughcare_linkage::cld::person_details::CarerLinks;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Gender, Mechanism, Outcome, Raw,
    RawValues, ServiceType,
};
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::instant::Instant;
use throughcare_linkage::lookup::{AreaRow, Areas};
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::cld::{CldDetail, CldRow, Pence};

pub use crate::measures::fixture::{day, period};

/// Numbers of councils in the frame: their order is not that of the codes.
pub const SOUTHTON: u16 = 1;
pub const NORTHTON: u16 = 2;
pub const UNLISTED: u16 = 3;

pub const ENGLAND: &str = "E92000001";
pub const NORTH: &str = "100";
pub const SOUTH: &str = "200";

/// Listed: 100 in the North, 200 and 400 in the South, the last without any record. 300 is met in
/// records only. All listed ones have 80,000 people of 18 to 64 and 20,000 of 65 and over.
pub fn frame(periods: &[Period]) -> Frame {
    let row = |la_code: &str, name: &str, region: &str| AreaRow {
        la_code: la_code.into(),
        name: name.into(),
        region: region.into(),
        ons_code: format!("E10000{la_code}"),
    };
    let mut frame = Frame {
        la_codes: ["", "200", "100", "300"].map(Into::into).to_vec(),
        areas: Areas::new([
            row("100", "Northton", "North"),
            row("200", "Southton", "South"),
            row("400", "Emptyton", "South"),
        ]),
        details: Details::new(Arc::clone(&CLEANING), CarerLinks::default(), Vec::new()),
        ..fixture::frame(periods, "2026-12-31")
    };
    frame.la_codes = ["", "200", "100", "300"].map(Into::into).to_vec();
    for code in ["100", "200", "400"] {
        for (band, people) in [("18 to 64", 80_000), ("65 and above", 20_000)] {
            frame.population.people.insert((code.into(), String::new(), band.into()), people);
        }
    }
    frame
}

/// An event of a service user in Northton, born in January 1950; `-` is an open end.
pub fn event(kind: EventType, start: &str, end: &str) -> CareEvent {
    CareEvent {
        record_id: 1,
        start: day(start),
        end: if end == "-" { OptDay::NONE } else { day(end).into() },
        raw_end: OptDay::NONE,
        death: OptDay::NONE,
        reference_start: day("2023-04-01"),
        reference_end: day("2026-03-31"),
        row: u32::MAX,
        la: NORTHTON,
        birth: BirthMonth::new(1950, 1),
        event_type: kind,
        client_type: ClientType::ServiceUser,
        service_type: ServiceType::None,
        component: Component::None,
        outcome: Outcome::None,
        assessment_type: AssessmentType::None,
        gender: Gender::None,
        review_type: ReviewType::None,
        mechanism: Raw::NONE,
        id_kind: PersonIdKind::NhsTraced,
        cropped: false,
    }
}

/// A service.
pub fn service(service_type: ServiceType, start: &str, end: &str) -> CareEvent {
    CareEvent { service_type, ..event(EventType::Service, start, end) }
}

/// The code lists of a run that has met every label of every field: the raw text with the number of a
/// label is that label.
static CLEANING: LazyLock<Arc<Cleaning>> = LazyLock::new(|| {
    let lists = Cleaning::new(&RawValues::default(), &[]).unwrap();
    let raw = RawValues::default();
    for field in Field::ALL {
        for (cleaned, label) in lists.labels(field) {
            assert_eq!(raw.intern(field, label), Raw(u16::from(cleaned.0)));
        }
    }
    Arc::new(Cleaning::new(&raw, &[]).unwrap())
});

/// The raw text that is a label.
pub fn raw(field: Field, label: &str) -> Raw {
    Raw(u16::from(CLEANING.find(field, label).unwrap().0))
}

/// A frame in which these are the carers' links and the times of import by submission.
pub fn frame_with(periods: &[Period], links: CarerLinks, imports: &[&str]) -> Frame {
    let imports = imports.iter().map(|time| Instant::parse(time).unwrap()).collect();
    Frame { details: Details::new(Arc::clone(&CLEANING), links, imports), ..frame(periods) }
}

/// The detail of a row: accommodation status and primary support reason, each empty for none.
pub fn detail(accommodation: &str, reason: &str) -> CldDetail {
    let code = |field, label: &str| if label.is_empty() { Raw::NONE } else { raw(field, label) };
    CldDetail {
        accommodation: code(Field::AccommodationStatus, accommodation),
        primary_support_reason: code(Field::PrimarySupportReason, reason),
        ..CldDetail::default()
    }
}

/// A person with these events, each with the detail of its row.
pub fn someone_with(events: &[(CareEvent, CldDetail)]) -> Maker {
    let rows = (0u32..).zip(events).map(|(row, (event, _))| CareEvent { row, ..*event });
    let details = events.iter().map(|(_, detail)| *detail).collect();
    Maker { details, ..someone(&rows.collect::<Vec<_>>()) }
}

/// The row behind an event, of which only submission, conversation flag and age at the start matter.
pub fn row_of(event: &CareEvent, submission: u16, conversation: u8, age_at_start: u8) -> CldRow {
    CldRow {
        record_id: event.record_id,
        la: event.la,
        submission,
        conversation,
        age_at_start,
        ..row_of_type(Raw::NONE)
    }
}

/// A row of Northton of which only the event type matters.
pub fn row_of_type(event_type: Raw) -> CldRow {
    CldRow {
        record_id: 1,
        start: OptDay::NONE,
        raw_end: OptDay::NONE,
        death: OptDay::NONE,
        row: 1,
        file: 0,
        submission: CldRow::PREPARED,
        la: NORTHTON,
        birth: BirthMonth::default(),
        event_type,
        client_type: Raw::NONE,
        route: Raw::NONE,
        assessment_type: Raw::NONE,
        service_type: Raw::NONE,
        component: Raw::NONE,
        mechanism: Raw::NONE,
        outcome: Raw::NONE,
        review_reason: Raw::NONE,
        gender: Raw::NONE,
        conversation: 0,
        age_at_start: CldRow::NO_AGE,
        id_kind: PersonIdKind::NhsTraced,
    }
}

/// Words for changing an event.
pub trait With: Sized {
    fn born(self, year: i32, month: u32) -> Self;
    fn unborn(self) -> Self;
    fn died(self, day: &str) -> Self;
    fn outcome(self, outcome: Outcome) -> Self;
    fn component(self, component: Component) -> Self;
    fn id(self, record_id: u64) -> Self;
    fn la(self, la: u16) -> Self;
    fn kind(self, kind: EventType) -> Self;
    fn gender(self, gender: Gender) -> Self;
    fn mechanism(self, mechanism: Mechanism) -> Self;
    fn client(self, client_type: ClientType) -> Self;
}

impl With for CareEvent {
    fn born(self, year: i32, month: u32) -> Self {
        Self { birth: BirthMonth::new(year, month), ..self }
    }

    fn unborn(self) -> Self {
        Self { birth: BirthMonth::default(), ..self }
    }

    fn died(self, death: &str) -> Self {
        Self { death: day(death).into(), ..self }
    }

    fn outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    fn component(self, component: Component) -> Self {
        Self { component, ..self }
    }

    fn id(self, record_id: u64) -> Self {
        Self { record_id, ..self }
    }

    fn la(self, la: u16) -> Self {
        Self { la, ..self }
    }

    fn kind(self, event_type: EventType) -> Self {
        Self { event_type, ..self }
    }

    fn gender(self, gender: Gender) -> Self {
        Self { gender, ..self }
    }

    fn mechanism(self, mechanism: Mechanism) -> Self {
        let mechanism = match mechanism {
            Mechanism::None => Raw::NONE,
            known => raw(Field::DeliveryMechanism, known.label()),
        };
        Self { mechanism, ..self }
    }

    fn client(self, client_type: ClientType) -> Self {
        Self { client_type, ..self }
    }
}

/// A person with these events, in the order of the joined table.
pub fn someone(events: &[CareEvent]) -> Maker {
    let mut joined = events.to_vec();
    joined.sort_by_key(|event| {
        (event.start, event.event_type, event.end.or(Day(i32::MAX)), event.record_id)
    });
    Maker { joined, ..Maker::default() }
}

/// Numerator and denominator of a figure that must be there once.
pub fn numbers(results: &Results, part: &str, area: &str, stratum: &str) -> [Option<i64>; 2] {
    let found: Vec<_> = results
        .measures
        .iter()
        .filter(|row| row.part == part && row.area.code == area && row.stratum == stratum)
        .collect();
    assert_eq!(found.len(), 1, "{part} {area} {stratum}");
    [found[0].numerator, found[0].denominator]
}

/// Checks that the results of these people are the same whichever way they are split, and in either
/// order of merging; returns them.
pub fn same_however_split<M: Measure>(
    make: impl Fn() -> M,
    people: &[Maker],
    frame: &Frame,
) -> Results {
    let whole = fixture::results(make(), people, frame);
    for cut in 0..=people.len() {
        for merged in fixture::merged(&make, people, cut, frame) {
            assert_eq!(merged, whole, "split at {cut}");
        }
    }
    whole
}

/// Checks that England's counts are the sums of the councils' counts, and regions' of theirs.
pub fn assert_england_is_the_sum_of_councils(results: &Results) {
    use crate::figure::AreaType;
    use std::collections::BTreeMap;
    let mut sums: BTreeMap<_, [i64; 2]> = BTreeMap::new();
    for row in &results.measures {
        let key = (row.part.clone(), row.period.start, row.stratum.clone());
        let counts = [row.numerator.unwrap_or(0), row.denominator.unwrap_or(0)];
        let sign = match row.area.kind {
            AreaType::England => -1,
            AreaType::La => 1,
            _ => continue,
        };
        let sum = sums.entry(key).or_default();
        *sum = [sum[0] + sign * counts[0], sum[1] + sign * counts[1]];
    }
    assert!(!sums.is_empty());
    for (key, sum) in sums {
        assert_eq!(sum, [0, 0], "{key:?}");
    }
}

/// Raw texts of the cost frequency by number, from 1; the last is in no list.
pub const COSTS: [&str; 6] =
    ["Weekly", "Hourly", "Monthly", "One-off", "No charge to client", "per moon"];

/// The field of these cost frequencies.
pub fn cost_fields() -> CodedField {
    let raw = RawValues::default();
    let _ = COSTS.map(|text| raw.intern(Field::CostFrequency, text));
    let cleaning = Cleaning::new(&raw, &[]).unwrap_or_else(|error| panic!("{error}"));
    CodedField::new(Field::CostFrequency, &raw, &cleaning)
}

/// Details with a cost frequency of [`COSTS`] or none, a unit cost in pence and planned units in
/// hundredths.
pub fn priced_detail(frequency: &str, pence: Option<i64>, units: Option<i64>) -> CldDetail {
    let number = COSTS.iter().position(|&text| text == frequency).map_or(0, |n| n as u16 + 1);
    let hundredths = |number: Option<i64>| number.map_or(Pence::NONE, Pence::new);
    CldDetail {
        cost_frequency: Raw(number),
        unit_cost: hundredths(pence),
        planned_units: hundredths(units),
        ..CldDetail::default()
    }
}

/// A person with these events of the single table and their details.
pub fn priced(events: &[(CareEvent, CldDetail)]) -> Maker {
    let mut maker = Maker::default();
    for (n, &(event, detail)) in (0u32..).zip(events) {
        maker.rows.push(row_of_type(Raw::NONE));
        maker.details.push(detail);
        maker.single.push(CareEvent { row: n, ..event });
    }
    maker
}
