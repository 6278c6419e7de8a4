//! Short makers of raw rows, and of people and figures from them, for the tests of the reconstruction.

use super::Settings;
use super::table::{Build, Table};
use crate::figure::Results;
use crate::frame::{Frame, Submission};
use crate::measures::care_fixture;
use crate::measures::fixture::{self, Maker};
use crate::study::Method;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::codes::cld::{Field, Raw, RawValues};
use throughcare_linkage::day::{BirthMonth, Day, OptDay, Period};
use throughcare_linkage::instant::{DAY_MILLIS, Instant};
use throughcare_linkage::person::PersonIdKind;
use throughcare_linkage::records::cld::{CldDetail, CldRow};

pub use crate::measures::care_fixture::{NORTH, NORTHTON, SOUTH, SOUTHTON};
pub use crate::measures::fixture::{day, period};

pub const INFORMATION: &str = "NFA - Information & Advice / Signposting only";
pub const DECLINED: &str = "NFA - Support declined";
pub const TO_ASSESSMENT: &str = "Progress to Assessment";
pub const AS_PLANNED: &str = "Service ended as planned";

pub const NURSING: &str = "Long Term Support: Nursing Care";
pub const RESIDENTIAL: &str = "Long Term Support: Residential Care";
pub const COMMUNITY: &str = "Long Term Support: Community";
pub const PRISON: &str = "Long Term Support: Prison";
pub const ST_MAX: &str = "Short Term Support: ST-Max";
pub const LOW_LEVEL: &str = "Short Term Support: Ongoing Low Level";
pub const OTHER_SHORT_TERM: &str = "Short Term Support: Other Short Term";
pub const TO_CARER: &str = "Carer Support: Direct to Carer";
pub const CARED_FOR: &str = "Carer Support: Support involving the person cared-for";

pub const DIRECT_PAYMENT: &str = "Direct Payment";
pub const MANAGED: &str = "CASSR Managed Personal Budget";
pub const COMMISSIONED: &str = "CASSR Commissioned Support";

pub const LEARNING: &str = "Learning Disability Support";
pub const PERSONAL_CARE: &str = "Physical Support: Personal care support";
pub const MENTAL_HEALTH: &str = "Mental Health Support";

/// A row in words. Empty texts are null.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub la: u16,
    /// Which of three imports of the council: the last is the latest.
    pub import: u16,
    pub kind: PersonIdKind,
    pub local: u32,
    pub start: OptDay,
    pub end: OptDay,
    pub death: OptDay,
    pub birth: BirthMonth,
    pub event: &'static str,
    pub client: &'static str,
    pub service: &'static str,
    pub component: &'static str,
    pub mechanism: &'static str,
    pub outcome: &'static str,
    pub route: &'static str,
    pub gender: &'static str,
    pub ethnicity: &'static str,
    pub reason: &'static str,
    pub accommodation: &'static str,
    pub employment: &'static str,
    pub carer: &'static str,
}

/// An event of a traced service user in Northton, born in January 1950, from the latest import; `-` is
/// no end.
pub fn line(event: &'static str, start: &str, end: &str) -> Line {
    Line {
        la: NORTHTON,
        import: 2,
        kind: PersonIdKind::NhsTraced,
        local: 0,
        start: day(start).into(),
        end: if end == "-" { OptDay::NONE } else { day(end).into() },
        death: OptDay::NONE,
        birth: BirthMonth::new(1950, 1),
        event,
        client: "Service User",
        service: "",
        component: "",
        mechanism: "",
        outcome: "",
        route: "",
        gender: "",
        ethnicity: "",
        reason: "",
        accommodation: "",
        employment: "",
        carer: "",
    }
}

/// A request with an outcome, by the commonest route.
pub fn request(start: &str, end: &str, outcome: &'static str) -> Line {
    Line { outcome, route: "Community / Other route", ..line("Request", start, end) }
}

/// An assessment with an outcome.
pub fn assessment(start: &str, end: &str, outcome: &'static str) -> Line {
    Line { outcome, ..line("Assessment", start, end) }
}

/// A service.
pub fn service(service: &'static str, start: &str, end: &str) -> Line {
    Line { service, ..line("Service", start, end) }
}

/// The year 2023-24.
pub fn year() -> Period {
    period("2023-04-01", "2024-03-31")
}

/// The year 2023-24 with the cut-off and the run date at the end of 2024.
pub fn settings() -> Settings {
    let end = Some(day("2024-12-31"));
    Settings { year: Some(year()), cut_off: end, today: end, ..Settings::default() }
}

/// Every third of the imports is of one council, in the order of time; all state that they cover
/// 2022 to 2024.
pub fn submissions() -> Vec<Submission> {
    let submission = |number: u16| Submission {
        la: number / 3 + 1,
        la_name: format!("council {}", number / 3 + 1).into(),
        import: Instant(
            Instant::midnight(day("2024-05-01").plus(i32::from(number % 3) * 90)).0
                + DAY_MILLIS / 2,
        ),
        stated_start: day("2022-04-01").into(),
        stated_end: day("2024-12-31").into(),
        excluded: false,
    };
    (0..9).map(submission).collect()
}

/// People and the frame that knows their texts. Each person holds rows that share an identifier by
/// P-09.
pub fn world(people: &[Vec<Line>], method: Method) -> (Frame, Vec<Maker>) {
    let raw = RawValues::default();
    let person = |lines: &Vec<Line>| {
        let (rows, details) = (1..).zip(lines).map(|(n, line)| typed(n, line, &raw)).unzip();
        let nobody = lines.iter().all(|line| line.kind == PersonIdKind::None);
        Maker { rows, details, nobody, ..Maker::default() }
    };
    let people = people.iter().map(person).collect();
    let mut frame = care_fixture::frame(&[year()]);
    frame.study.method = method;
    frame.submissions = submissions();
    frame.raw_texts = Field::ALL.iter().map(|&field| raw.texts(field)).collect();
    (frame, people)
}

fn typed(number: u32, line: &Line, raw: &RawValues) -> (CldRow, CldDetail) {
    let row = CldRow {
        record_id: u64::from(number),
        start: line.start,
        raw_end: line.end,
        death: line.death,
        age_at_start: CldRow::NO_AGE,
        row: number,
        file: 0,
        submission: (line.la - 1) * 3 + line.import,
        la: line.la,
        birth: line.birth,
        event_type: raw.intern(Field::EventType, line.event),
        client_type: raw.intern(Field::ClientType, line.client),
        route: raw.intern(Field::RequestRouteOfAccess, line.route),
        assessment_type: Raw::NONE,
        service_type: raw.intern(Field::ServiceType, line.service),
        component: raw.intern(Field::ServiceComponent, line.component),
        mechanism: raw.intern(Field::DeliveryMechanism, line.mechanism),
        outcome: raw.intern(Field::EventOutcome, line.outcome),
        review_reason: Raw::NONE,
        gender: raw.intern(Field::Gender, line.gender),
        conversation: 0,
        id_kind: line.kind,
    };
    let detail = CldDetail {
        ethnicity: raw.intern(Field::Ethnicity, line.ethnicity),
        primary_support_reason: raw.intern(Field::PrimarySupportReason, line.reason),
        accommodation: raw.intern(Field::AccommodationStatus, line.accommodation),
        employment: raw.intern(Field::EmploymentStatus, line.employment),
        has_carer: raw.intern(Field::HasUnpaidCarer, line.carer),
        local_id: line.local,
        ..CldDetail::default()
    };
    (row, detail)
}

/// What a table makes of these people.
pub fn results<B: Build>(people: &[Vec<Line>], method: Method) -> Results {
    results_with::<B>(&settings(), people, method)
}

/// What a table with these settings makes of these people.
pub fn results_with<B: Build>(
    settings: &Settings,
    people: &[Vec<Line>],
    method: Method,
) -> Results {
    let (frame, people) = world(people, method);
    let results = fixture::results(Table::<B>::with_settings(settings, &frame), &people, &frame);
    fixture::assert_attrition_adds_up(&results);
    results
}

/// Counts of a council by part and stratum, without zeros.
pub type Counts = BTreeMap<(String, String), i64>;

/// The counts of a council in a table of counts.
pub fn of_council(results: &Results, code: &str) -> Counts {
    let rows = results.measures.iter().filter(|row| row.area.code == code);
    rows.filter_map(|row| {
        let count = row.numerator.filter(|&count| count != 0)?;
        Some(((row.part.clone(), row.stratum.clone()), count))
    })
    .collect()
}

/// What a table makes of these people in Northton, as published: part, stratum and count. Totals are
/// left out.
pub fn cells<B: Build>(people: &[Vec<Line>]) -> Vec<(String, String, i64)> {
    cells_by::<B>(people, Method::AsPublished)
}

/// What a table makes of these people in Northton. Totals are left out.
pub fn cells_by<B: Build>(people: &[Vec<Line>], method: Method) -> Vec<(String, String, i64)> {
    let counts = of_council(&results::<B>(people, method), NORTH);
    let cells = counts.into_iter().filter(|((_, stratum), _)| !stratum.is_empty());
    cells.map(|((part, stratum), count)| (part, stratum, count)).collect()
}

/// The strata of a table with one part.
pub fn strata<B: Build>(people: &[Vec<Line>]) -> Vec<(String, i64)> {
    strata_by::<B>(people, Method::AsPublished)
}

/// The strata of a table with one part.
pub fn strata_by<B: Build>(people: &[Vec<Line>], method: Method) -> Vec<(String, i64)> {
    cells_by::<B>(people, method).into_iter().map(|(_, stratum, count)| (stratum, count)).collect()
}

/// Checks what a table makes of these people against a slow reference, by council, and that neither
/// the order of people and rows nor the way in which they are split matters.
pub fn check<B: Build>(
    people: &[Vec<Line>],
    method: Method,
    reference: impl Fn(&[Vec<Line>]) -> BTreeMap<u16, Counts>,
) -> Result<(), TestCaseError> {
    let settings = settings();
    let wanted = reference(people);
    let (frame, makers) = world(people, method);
    let make = || Table::<B>::with_settings(&settings, &frame);
    let results = fixture::results(make(), &makers, &frame);
    for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH)] {
        let wanted = wanted.get(&la).cloned().unwrap_or_default();
        prop_assert_eq!(of_council(&results, code), wanted, "{} {:#?}", code, people);
    }
    fixture::assert_attrition_adds_up(&results);
    let rows: i64 = people.iter().map(|lines| lines.len() as i64).sum();
    prop_assert_eq!(results.attrition.first().map(|step| step.records_left), Some(rows));
    care_fixture::assert_england_is_the_sum_of_councils(&results);
    for merged in fixture::merged(make, &makers, makers.len() / 2, &frame) {
        prop_assert_eq!(&merged, &results);
    }
    let backwards = people.iter().rev().map(|lines| lines.iter().rev().cloned().collect());
    let backwards: Vec<Vec<Line>> = backwards.collect();
    let (frame, makers) = world(&backwards, method);
    let other = fixture::results(Table::<B>::with_settings(&settings, &frame), &makers, &frame);
    prop_assert_eq!(&other, &results);
    Ok(())
}

/// N2 the slow way: the rows of a build with their identifiers, those without one left out. Rows of
/// person `n` that are traced have the pseudonym `n`.
pub fn identified(
    people: &[Vec<Line>],
    in_build: impl Fn(&Line) -> bool,
) -> BTreeMap<String, Vec<Line>> {
    let rows = || {
        let numbered = people.iter().enumerate();
        let rows = numbered.flat_map(|(n, lines)| lines.iter().map(move |line| (n, line)));
        rows.filter(|(_, line)| in_build(line))
    };
    let is_traced = |line: &Line| line.kind == PersonIdKind::NhsTraced;
    let mut by_id: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for (n, line) in rows() {
        let id = if is_traced(line) {
            format!("traced {n}")
        } else {
            let with_traced =
                |(_, other): (usize, &Line)| is_traced(other) && other.local == line.local;
            let nobody = line.kind == PersonIdKind::None || line.local == 0;
            if nobody || rows().any(with_traced) {
                continue;
            }
            format!("local {}", line.local)
        };
        by_id.entry(id).or_default().push(line.clone());
    }
    by_id
}

/// Two texts are the same by N1.
pub fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b)
}

pub fn is_long_term(line: &Line) -> bool {
    [NURSING, RESIDENTIAL, COMMUNITY, PRISON].iter().any(|label| same(line.service, label))
}

pub fn age(line: &Line, at: Day) -> Option<i32> {
    let born = line.birth.first_day()?;
    Some((f64::from(at.0 - born.0) / 365.25).floor() as i32)
}

prop_compose! {
    /// Any row of a small world: few councils, identifiers, days and texts, so that things meet.
    pub fn any_line()(
        la in prop_oneof![3 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        import in 0u16..3,
        (kind, local) in prop_oneof![
            6 => (0u32..4).prop_map(|local| (PersonIdKind::NhsTraced, local)),
            1 => (0u32..6).prop_map(|local| (PersonIdKind::NhsSupplied, local)),
            1 => (1u32..6).prop_map(|local| (PersonIdKind::LaLocal, local)),
        ],
        start in 0i32..40,
        days in prop_oneof![5 => 0i32..12, 1 => -9i32..0, 3 => Just(9_999)],
        death in prop_oneof![9 => Just(None), 1 => (0i32..60).prop_map(Some)],
        birth in prop::sample::select(vec![(0, 0), (1950, 1), (1950, 1), (1990, 6), (2010, 1)]),
        client in prop_oneof![9 => Just("Service User"), 1 => Just("Carer")],
        texts in (
            prop::sample::select(vec!["Male", "Female", "Other", "Unknown", "", "Femal"]),
            prop::sample::select(vec!["Yes", "No", "Unknown", "", "Invalid", "Perhaps"]),
        ),
    ) -> Line {
        let (gender, carer) = texts;
        Line {
            la,
            import,
            kind,
            local,
            start: day("2024-03-01").plus(start).into(),
            end: if days == 9_999 {
                OptDay::NONE
            } else {
                day("2024-03-01").plus(start + days).into()
            },
            death: death.map(|death| day("2024-02-20").plus(death)).into(),
            birth: BirthMonth::new(birth.0, birth.1),
            client,
            gender,
            carer,
            ..line("Service", "2024-03-01", "-")
        }
    }
}

/// Some people with rows like these; each has rows under one identifier of the rest of the engine.
pub fn anyone(any: impl Strategy<Value = Line>) -> impl Strategy<Value = Vec<Vec<Line>>> {
    prop::collection::vec(prop::collection::vec(any, 1..9), 1..4)
}
