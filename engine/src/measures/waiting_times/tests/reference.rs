//! The published code once more: tables of texts, joined as it joins them.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::day::{BirthMonth, OptDay};

const FIRST: i32 = 20_089; // 2025-01-01

/// A row of the pool in texts.
#[derive(Clone)]
struct Row {
    kind: &'static str,
    start: i32,
    outcome: &'static str,
    conversation: bool,
    band: Option<&'static str>,
}

fn age(event: &CareEvent, at: Option<Day>) -> Option<i32> {
    let days = at?.since(event.birth.first_day()?);
    Some((f64::from(days) / 365.25).floor() as i32)
}

fn pool(maker: &Maker) -> Vec<Row> {
    let events: Vec<_> = maker.joined.iter().filter(|event| event.la == NORTHTON).collect();
    let mut rows: Vec<(i32, u8, i64, Row)> = Vec::new();
    let is_long = |event: &CareEvent| event.service_type.label().starts_with("Long term");
    let is_short = |event: &CareEvent| {
        ["Short term support: ST-Max", "Short term support: Other short term"]
            .contains(&event.service_type.label())
    };
    for event in &events {
        let kind = event.event_type.label();
        let label = event.outcome.label();
        let (rank, keep) = match kind {
            "Request" => {
                let existing = events.iter().any(|other| {
                    let since = |months: i32| {
                        other.end.get().is_none_or(|end| end >= event.start.add_months(-months))
                    };
                    other.event_type.label() == "Service"
                        && other.start < event.start
                        && ((is_long(other) && since(12)) || (is_short(other) && since(3)))
                });
                let refused =
                    label.is_empty() || label.starts_with("NFA") || label == "Admitted to hospital";
                (1, event.client_type.label() == "Service user" && !existing && !refused)
            }
            "Assessment" => (
                2,
                ["Short term assessment", "Long term assessment"]
                    .contains(&event.assessment_type.label()),
            ),
            "Service" => {
                (3, is_long(event) || event.service_type.label().starts_with("Short term"))
            }
            _ => (9, false),
        };
        if !keep || age(event, Some(event.start)).is_none_or(|age| age < 25) {
            continue;
        }
        let at = if kind == "Service" {
            Some(event.end.or(event.reference_end))
        } else {
            event.end.get()
        };
        let band = match age(event, at) {
            Some(18..=64) => Some("25 to 64"),
            Some(65..) => Some("65 and above"),
            _ => None,
        };
        let conversation = maker.rows[event.row as usize].conversation == 2;
        let row = Row { kind, start: event.start.0, outcome: label, conversation, band };
        rows.push((event.start.0, rank, -(event.record_id as i64), row));
    }
    rows.sort_by_key(|row| (row.0, row.1, row.2));
    rows.into_iter().map(|row| row.3).collect()
}

/// Positions of a request, its response and its service.
type Bound = (usize, Option<usize>, Option<usize>);

/// Part, first day of the quarter and band to the waits in days.
type Table = BTreeMap<(&'static str, String, &'static str), Vec<i32>>;

fn reference(maker: &Maker, table: &mut Table) {
    let rows = pool(maker);
    // stage 2.3b: blocks by a running total of rows that are no assessments
    let mut total = 0;
    let block: Vec<i32> = rows
        .iter()
        .map(|row| {
            total += i32::from(row.kind != "Assessment");
            total
        })
        .collect();
    let leads_on = |label: &str| {
        [
            "Progress to reablement/ST-Max",
            "Progress to support planning or services",
            "Continuation of support or services",
        ]
        .contains(&label)
    };
    let block_leads_on = |n: usize| {
        (0..rows.len()).any(|m| {
            block[m] == block[n] && rows[m].kind == "Assessment" && leads_on(rows[m].outcome)
        })
    };
    let mut bound: Vec<Bound> = Vec::new();
    for (n, row) in rows.iter().enumerate().filter(|(_, row)| row.kind == "Request") {
        let next = |kind: &str| (n + 1..rows.len()).find(|&m| rows[m].kind == kind);
        let (assessment, mut service) = (next("Assessment"), next("Service"));
        let progress = leads_on(row.outcome)
            || row.outcome == "Progress to assessment, review or reassessment"
            || row.outcome == "Release 1 specification only: Not mapped";
        let overrides = row.conversation
            && progress
            && Day(row.start) < day("2025-07-01")
            && assessment.is_none_or(|m| row.start < rows[m].start);
        let mut response = if overrides { Some(n) } else { assessment };
        if service.is_some() && response.is_none_or(|m| m > service.unwrap()) {
            response = service;
        }
        if response.is_some_and(|m| rows[m].kind == "Assessment" && !block_leads_on(m)) {
            service = None;
        }
        bound.push((n, response, service));
    }
    for (n, &(request, response, service)) in bound.iter().enumerate() {
        let before = &bound[..n];
        let lag = before.last().and_then(|row| [row.1, row.2].into_iter().flatten().max());
        let most = |of: fn(&Bound) -> Option<usize>| before.iter().filter_map(of).max();
        let excluded = lag.is_some_and(|order| order > request)
            || response.is_some_and(|order| most(|row| row.1).is_some_and(|most| order <= most))
            || service.is_some_and(|order| most(|row| row.2).is_some_and(|most| order <= most));
        if excluded {
            continue;
        }
        for (part, answer) in [("first_response", response), ("first_service", service)] {
            let Some(answer) = answer.map(|m| &rows[m]) else { continue };
            let Some(band) = answer.band else { continue };
            let (year, month) = Day(answer.start).year_month();
            let quarter = format!("{year}-{:02}-01", (month - 1) / 3 * 3 + 1);
            let wait = answer.start - rows[request].start;
            table.entry((part, quarter, band)).or_default().push(wait);
        }
    }
}

fn median(days: &[i32]) -> f64 {
    let mut days = days.to_vec();
    days.sort_unstable();
    let middle = days.len() / 2;
    if days.len() % 2 == 1 {
        f64::from(days[middle])
    } else {
        f64::from(days[middle - 1] + days[middle]) / 2.0
    }
}

prop_compose! {
    fn any_event()(
        kind in prop::sample::select(vec![
            EventType::Request, EventType::Request, EventType::Assessment, EventType::Service,
            EventType::Review,
        ]),
        service in prop_oneof![3 => Just(S::Community), 2 => prop::sample::select(S::ALL)],
        assessment in prop_oneof![
            5 => Just(AssessmentType::LongTerm),
            1 => prop::sample::select(AssessmentType::ALL),
        ],
        outcome in prop_oneof![
            2 => Just(O::Assessment),
            2 => Just(O::SupportPlanning),
            2 => prop::sample::select(O::ALL),
            1 => Just(O::Invalid),
            1 => Just(O::None),
        ],
        start in 0i32..300,
        days in prop_oneof![4 => 0i32..40, 1 => -9i32..0, 2 => Just(9_999)],
        la in prop_oneof![5 => Just(NORTHTON), 1 => Just(SOUTHTON)],
        carer in prop::bool::weighted(0.1),
        conversation in any::<bool>(),
        birth in prop_oneof![
            6 => Just((1950, 4)),
            3 => prop::sample::select(vec![(0, 0), (1960, 6), (2000, 6)]),
        ],
    ) -> (CareEvent, bool) {
        let end = match kind {
            // an existing client asks seldom enough
            EventType::Service if days == 9_999 => OptDay::NONE,
            _ if days == 9_999 => Day(FIRST + start).into(),
            _ => Day(FIRST + start + days).into(),
        };
        let event = CareEvent {
            end,
            start: Day(FIRST + start),
            birth: BirthMonth::new(birth.0, birth.1),
            client_type: if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser },
            service_type: if kind == EventType::Service { service } else { S::None },
            assessment_type: if kind == EventType::Assessment { assessment } else { AssessmentType::None },
            la,
            ..event(kind, "2025-01-01", "-")
        };
        (event.outcome(outcome), conversation)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_11_agrees_with_its_code_written_slowly(
        people in prop::collection::vec(prop::collection::vec(any_event(), 1..9), 0..7),
    ) {
        let people: Vec<Maker> = people
            .iter()
            .map(|events| {
                let talks = events.iter().enumerate().filter(|(_, event)| event.1).map(|(n, _)| n);
                let talks: Vec<usize> = talks.collect();
                person(&events.iter().map(|event| event.0).collect::<Vec<_>>(), &talks)
            })
            .collect();
        let mut wanted = Table::new();
        people.iter().for_each(|maker| reference(maker, &mut wanted));
        let results = results(&people);
        let mut met = 0;
        for row in results.measures.iter().filter(|row| row.area.code == NORTH) {
            let part = ["first_response", "first_service"].into_iter().find(|part| *part == row.part);
            let (Some(part), Some(band)) = (part, row.stratum.strip_prefix("age_band=")) else { continue };
            let of = |key: &&(&'static str, String, &'static str)| {
                key.0 == part && key.1 == row.period.start.to_string() && key.2 == band
            };
            let days = wanted.keys().find(of).and_then(|key| wanted.get(key));
            let days = days.map_or(&[][..], |days| days);
            prop_assert_eq!(row.denominator, Some(days.len() as i64), "{} {}", part, band);
            if !days.is_empty() {
                prop_assert_eq!(row.value, Value::Statistic(median(days)));
                met += 1;
            }
        }
        prop_assert_eq!(met, wanted.len());
    }
}
