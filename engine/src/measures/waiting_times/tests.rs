//! Section 11 of the specification, example by example and trap by trap.

mod examples;
mod reference;
mod traps;

use super::*;
use crate::figure::{Results, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{self, Maker};
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::cld::person_details::CarerLinks;
use throughcare_linkage::codes::cld::{
    AssessmentType, ClientType, EventType, Outcome as O, ServiceType as S,
};
use throughcare_linkage::records::cld::CldRow;

const YOUNGER: &str = "age_band=25 to 64";
const OLDER: &str = "age_band=65 and above";

/// 2025: four quarters.
fn year() -> Period {
    period("2025-01-01", "2025-12-31")
}

/// A request that was dealt with on its day; someone born in 1950.
fn request(start: &str, outcome: O) -> CareEvent {
    event(EventType::Request, start, start).outcome(outcome)
}

fn assessment(start: &str, outcome: O) -> CareEvent {
    let event = event(EventType::Assessment, start, start).outcome(outcome);
    CareEvent { assessment_type: AssessmentType::LongTerm, ..event }
}

fn community(start: &str) -> CareEvent {
    service(S::Community, start, "-")
}

/// A person with numbered events; those at `conversations` were conversations.
fn person(events: &[CareEvent], conversations: &[usize]) -> Maker {
    let numbered: Vec<CareEvent> = (0u32..)
        .zip(events)
        .map(|(row, event)| CareEvent { row, record_id: u64::from(row) + 1, ..*event })
        .collect();
    let rows = numbered.iter().enumerate().map(|(n, event)| {
        let conversation = if conversations.contains(&n) { 2 } else { 1 };
        let age = event.birth.dhsc_age(event.start).and_then(|age| u8::try_from(age).ok());
        row_of(event, CldRow::PREPARED, conversation, age.unwrap_or(CldRow::NO_AGE))
    });
    Maker { rows: rows.collect(), ..someone(&numbered) }
}

fn plain(events: &[CareEvent]) -> Maker {
    person(events, &[])
}

fn results_in(frame: &Frame, people: &[Maker]) -> Results {
    let make = || WaitingTimes::with_settings(&Settings::default(), frame);
    let results = same_however_split(make, people, frame);
    fixture::assert_attrition_adds_up(&results);
    let answered: i64 = of_england(&results, "first_response").map(|row| row.1).sum();
    assert_eq!(results.attrition.last().map(|step| step.records_left), Some(answered));
    results
}

fn results(people: &[Maker]) -> Results {
    results_in(&frame(&[year()]), people)
}

/// Value and denominator of England's totals of a part, quarter by quarter.
fn of_england<'a>(results: &'a Results, part: &'a str) -> impl Iterator<Item = (Value, i64)> + 'a {
    let wanted = move |row: &&crate::figure::Figure| {
        row.part == part && row.area.code == ENGLAND && row.stratum.is_empty()
    };
    results.measures.iter().filter(wanted).map(|row| (row.value, row.denominator.unwrap()))
}

/// Median and number of Northton in the quarter that begins on a day; nothing without a row.
fn north(results: &Results, part: &str, quarter: &str, stratum: &str) -> Option<(f64, i64)> {
    let mut rows = results.measures.iter().filter(|row| {
        row.part == part
            && row.area.code == NORTH
            && row.stratum == stratum
            && row.period.start == day(quarter)
    });
    let row = rows.next()?;
    assert!(rows.next().is_none());
    match row.value {
        Value::Statistic(value) => Some((value, row.denominator.unwrap())),
        Value::Unavailable => None,
        Value::Count => Some((row.numerator.unwrap() as f64, 0)),
        other => panic!("{other:?}"),
    }
}

/// Every wait of a person, as pairs of the parts' days in the order of the requests that count.
fn waits_of(maker: &Maker) -> Vec<(Option<i32>, Option<i32>)> {
    let settings = Settings::default();
    let frame = frame(&[year()]);
    let mut scratch = Scratch::default();
    maker.with(|person| {
        pool::gather(person, &frame, &settings, &mut scratch.pool, &mut scratch.fallen);
    });
    let release_2_from = settings.release_2_from;
    Waits { release_2_from, pool: &scratch.pool }.find(&mut scratch.waits);
    let counted = scratch.waits.iter().filter(|wait| !wait.overlaps);
    let days = |wait: &Wait, answer: Option<waits::Answer>| {
        answer.map(|answer| answer.start.since(wait.start))
    };
    counted.map(|wait| (days(wait, wait.response), days(wait, wait.service))).collect()
}
