//! The published steps once more, slowly and in texts, and what must hold of any people.

use super::super::{Ascof2a, Settings};
use super::people::*;
use crate::figure::{Results, Value};
use crate::measures::fixture::{self, Maker};
use crate::study::Method;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::day::{BirthMonth, Day, OPEN_END, OptDay, Period};

/// Council code and stratum to episodes, denominator and numerator.
type Table = BTreeMap<(String, String), [i64; 3]>;

const LONG_TERM: [&str; 4] = [
    "Long term support: Nursing care",
    "Long term support: Residential care",
    "Long term support: Community",
    "Long term support: Prison",
];
const ST_MAX: &str = "Short term support: ST-Max";
const SERVICES: [&str; 7] = [
    LONG_TERM[0],
    LONG_TERM[1],
    LONG_TERM[2],
    LONG_TERM[3],
    ST_MAX,
    "Short term support: Ongoing low level",
    "Short term support: Other short term",
];
const IN_NEITHER: [&str; 11] = [
    "NFA: Deceased",
    "NFA: Support declined",
    "NFA: Self-funded client or under 12wk disregard",
    "NFA: Referral to NHS services or NHS funded social care",
    "Admitted to hospital",
    "Continuation of support or services",
    "Progress to support planning or services",
    "Progress to assessment, review or reassessment",
    "Progress to reablement/ST-Max",
    "Release 1 specification only: Not mapped",
    "Invalid and not mapped",
];
const BED: &str = "Short term support: Residential or Nursing care";

/// A row of the build.
#[derive(Clone, Debug)]
struct Row {
    kind: String,
    service: String,
    component: String,
    outcome: String,
    h: i32,
    start: i32,
    end: i32,
    id: u64,
}

fn build(events: &[CareEvent], la: u16) -> Vec<Row> {
    let mut rows = Vec::new();
    for event in events {
        let end = event.end.or(OPEN_END).0;
        if event.la != la || event.client_type != ClientType::ServiceUser || end < event.start.0 {
            continue;
        }
        let outcome = match event.outcome.label() {
            "" => "Invalid and not mapped",
            label => label,
        };
        let rank = O::ALL.iter().position(|known| known.label() == outcome);
        let h = rank.map_or(999, |rank| {
            let penalty = if IN_NEITHER[5..].contains(&outcome) { 100 } else { 0 };
            rank as i32 + 1 + penalty
        });
        rows.push(Row {
            kind: event.event_type.label().into(),
            service: event.service_type.label().into(),
            component: event.component.label().into(),
            outcome: outcome.into(),
            h,
            start: event.start.0,
            end,
            id: event.record_id,
        });
    }
    rows
}

fn is_st_max(row: &Row) -> bool {
    row.kind == "Service" && row.service == ST_MAX
}

fn clusters(build: &[Row]) -> Vec<Vec<Row>> {
    let mut rows: Vec<Row> = build.iter().filter(|row| is_st_max(row)).cloned().collect();
    rows.sort_by_key(|row| (row.start, row.end, row.h, std::cmp::Reverse(row.id)));
    let mut clusters: Vec<Vec<Row>> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        if rows[..n].iter().all(|earlier| row.start - earlier.end > 7) {
            clusters.push(Vec::new());
        }
        clusters.last_mut().unwrap().push(row.clone());
    }
    clusters
}

fn age(birth: BirthMonth, day: i32) -> Option<f64> {
    birth.first_day().map(|born| (f64::from(day - born.0) / 365.25).floor())
}

/// Step 8: sequel type and final outcome.
fn sequel_of(
    j: &[Row],
    start: i32,
    end: i32,
    last: &Row,
    death: Option<i32>,
) -> (&'static str, String) {
    if death.is_some_and(|death| death - end <= 7) {
        return ("1", "NFA: Deceased".into());
    }
    if last.outcome == "Admitted to hospital" {
        return ("2", last.outcome.clone());
    }
    let mut f: Vec<&Row> = j
        .iter()
        .filter(|row| row.start >= start && row.end > end && row.start <= end + 7)
        .collect();
    if let Some(cut) = f.iter().filter(|row| row.service == ST_MAX).map(|row| row.start).min() {
        f.retain(|row| row.start < cut);
    }
    for service in SERVICES {
        let of_type: Vec<_> = f.iter().filter(|row| row.service == service).collect();
        let beds = ["Short term residential care", "Short term nursing care"];
        if of_type.is_empty() {
            continue;
        }
        let has_bed = of_type.iter().any(|row| beds.contains(&row.component.as_str()));
        let is_other = service == "Short term support: Other short term";
        return ("3", if is_other && has_bed { BED.into() } else { service.into() });
    }
    let mut candidates: Vec<(i32, &'static str, String)> = Vec::new();
    let own = |source| (last.h, source, last.outcome.clone());
    if f.is_empty() && last.h < 100 {
        candidates.push(own("4a"));
    }
    for row in &f {
        if row.kind != "Service"
            && row.outcome != "NFA: Support ended as planned"
            && (last.h < 100 || row.h < 100)
        {
            candidates.push(own("4a"));
            if row.h < 100 {
                candidates.push((row.h, "4b", row.outcome.clone()));
            }
        }
    }
    let n: Vec<&Row> =
        j.iter().filter(|row| row.start >= start && start < row.end && row.end <= end).collect();
    let mut near: Vec<&&Row> = n
        .iter()
        .filter(|row| ["Assessment", "Review"].contains(&row.kind.as_str()))
        .filter(|row| (0..=13).contains(&(end - row.end)) && row.h < 100)
        .collect();
    near.sort_by_key(|row| (row.end, -row.h, row.id));
    if let Some(row) = near.last() {
        candidates.push((row.h, "4c", row.outcome.clone()));
    }
    candidates.sort();
    if let Some((_, source, outcome)) = candidates.first() {
        return (source, outcome.clone());
    }
    if n.iter().any(|row| row.kind == "Service" && row.component == "Equipment") {
        return ("5", "Short term support: Ongoing low level".into());
    }
    ("6", last.outcome.clone())
}

fn reference(people: &[Maker], period: Period) -> Table {
    let mut table = Table::new();
    for person in people {
        for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH), (UNLISTED, "300")] {
            let events: Vec<_> = person.joined.iter().filter(|event| event.la == la).collect();
            let deaths = events.iter().filter_map(|e| Some((e.reference_end, e.death.get()?.0)));
            let death = deaths.max().map(|(_, death)| death);
            let mut births: Vec<_> = events
                .iter()
                .filter(|event| event.birth.is_known())
                .map(|event| (std::cmp::Reverse(event.reference_end), event.birth))
                .collect();
            births.sort();
            let birth = births.first().map_or(BirthMonth::default(), |(_, birth)| *birth);
            let build = build(&person.joined, la);
            for cluster in clusters(&build) {
                let start = cluster.iter().map(|row| row.start).min().unwrap();
                let end = cluster.iter().map(|row| row.end).max().unwrap();
                let age = age(birth, end);
                if !period.contains(Day(end))
                    || age.is_some_and(|age| age < 18.0)
                    || death.is_some_and(|death| death < start)
                {
                    continue;
                }
                let j: Vec<Row> = build
                    .iter()
                    .filter(|row| !(is_st_max(row) && start <= row.start && row.start <= end))
                    .cloned()
                    .collect();
                let existing = j.iter().any(|row| {
                    LONG_TERM.contains(&row.service.as_str())
                        && row.start < start
                        && start - row.end < 91
                });
                if existing {
                    continue;
                }
                let mut rows = cluster.clone();
                rows.sort_by_key(|row| (row.end, -row.h, row.id));
                let (sequel, outcome) = sequel_of(&j, start, end, rows.last().unwrap(), death);
                let band = match age {
                    None => "Unknown",
                    Some(age) if age < 65.0 => "18 to 64",
                    Some(_) => "65 and above",
                };
                let den = i64::from(!IN_NEITHER.contains(&outcome.as_str()));
                let ongoing = LONG_TERM.contains(&outcome.as_str()) || outcome == BED;
                let num = if ongoing { 0 } else { den };
                let stratum =
                    format!("age_band={band}; sequel_type={sequel}; final_outcome={outcome}");
                for (n, count) in [1, den, num].into_iter().enumerate() {
                    table.entry((code.to_owned(), stratum.clone())).or_default()[n] += count;
                }
            }
        }
    }
    table
}

fn counted(results: &Results) -> Table {
    let rows = results.measures.iter().filter(|row| row.part == "sequel");
    rows.filter(|row| row.area.kind == crate::figure::AreaType::La)
        .map(|row| {
            let Value::Statistic(episodes) = row.value else { panic!("no statistic") };
            let counts = [episodes as i64, row.denominator.unwrap(), row.numerator.unwrap()];
            ((row.area.code.clone(), row.stratum.clone()), counts)
        })
        .collect()
}

const FIRST: i32 = 20_200; // 2025-04-22

/// Outcomes, with those that the steps tell apart more often.
fn outcomes() -> impl Strategy<Value = O> {
    prop_oneof![
        2 => Just(O::NfaEndedAsPlanned),
        1 => Just(O::AdmittedToHospital),
        1 => Just(O::None),
        1 => Just(O::Invalid),
        5 => prop::sample::select(O::ALL),
    ]
}

prop_compose! {
    fn any_event()(
        kind in prop_oneof![
            6 => Just(E::Service),
            1 => Just(E::Request),
            2 => Just(E::Assessment),
            2 => Just(E::Review),
            1 => Just(E::None),
        ],
        service in prop_oneof![
            8 => Just(S::StMax),
            2 => prop::sample::select(S::ALL),
            2 => Just(S::None),
        ],
        component in prop::sample::select(vec![
            C::None, C::Reablement, C::Equipment, C::Equipment, C::ShortTermResidential,
        ]),
        outcome in outcomes(),
        start in 0i32..110,
        days in prop_oneof![8 => 0i32..25, 1 => -3i32..0, 1 => Just(9_999)],
        la in prop_oneof![6 => Just(NORTHTON), 1 => Just(SOUTHTON), 1 => Just(UNLISTED)],
        carer in prop::bool::weighted(0.05),
        birth in prop::sample::select(vec![(0, 0), (1960, 4), (1960, 7), (2007, 6), (1990, 1)]),
        death in prop_oneof![12 => Just(None), 1 => (0i32..150).prop_map(Some)],
        reference in prop::sample::select(vec!["2025-06-30", "2026-03-31"]),
    ) -> CareEvent {
        // a service type without a service is rare
        let service = if kind == E::Service || start % 5 == 0 { service } else { S::None };
        CareEvent {
            end: if days == 9_999 { OptDay::NONE } else { Day(FIRST + start + days).into() },
            start: Day(FIRST + start),
            death: death.map(|death| Day(FIRST + death)).into(),
            birth: BirthMonth::new(birth.0, birth.1),
            client_type: if carer { ClientType::UnpaidCarer } else { ClientType::ServiceUser },
            reference_end: day(reference),
            la,
            ..event(kind, "2025-01-01", "-")
        }
        .outcome(outcome)
        .component(component)
        .of(service)
    }
}

trait Of {
    fn of(self, service: S) -> Self;
}

impl Of for CareEvent {
    fn of(self, service_type: S) -> Self {
        Self { service_type, ..self }
    }
}

prop_compose! {
    fn anyone()(events in prop::collection::vec(any_event(), 0..9)) -> Maker {
        let numbered = events.iter().zip(1..);
        someone(&numbered.map(|(event, id)| event.id(id)).collect::<Vec<_>>())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_6_agrees_with_its_steps_written_slowly(
        people in prop::collection::vec(anyone(), 0..6),
        cut in 0usize..6,
    ) {
        let periods = [period("2025-05-01", "2025-07-31"), period("2025-06-15", "2026-03-31")];
        for one in periods {
            let frame = frame(&[one]);
            let results = fixture::results(Ascof2a::with_settings(&Settings::default(), &frame), &people, &frame);
            prop_assert_eq!(counted(&results), reference(&people, one));
            fixture_holds(&results);
        }
        let frame = frame(&periods);
        let make = || Ascof2a::with_settings(&Settings::default(), &frame);
        let whole = fixture::results(make(), &people, &frame);
        for merged in fixture::merged(make, &people, cut, &frame) {
            prop_assert_eq!(&merged, &whole);
        }
    }

    #[test]
    fn section_6_does_not_depend_on_the_order_of_rows(
        events in prop::collection::vec(any_event(), 0..9),
        seed in 0usize..1000,
    ) {
        let numbered: Vec<_> = events.iter().zip(1..).map(|(event, id)| event.id(id)).collect();
        let mut turned = numbered.clone();
        turned.rotate_left(seed % numbered.len().max(1));
        turned.reverse();
        for method in [Method::AsPublished, Method::AsIntended] {
            let mut frame = year_frame();
            frame.study.method = method;
            let of = |events: &[CareEvent]| {
                let maker = Maker { joined: events.to_vec(), ..Maker::default() };
                fixture::results(Ascof2a::with_settings(&Settings::default(), &frame), &[maker], &frame)
            };
            prop_assert_eq!(of(&numbered), of(&turned));
        }
    }
}

/// England is the sum of councils, and the attrition ends at England's denominator.
fn fixture_holds(results: &Results) {
    assert_england_is_the_sum_of_councils(results);
    fixture::assert_attrition_adds_up(results);
    let [numerator, denominator] = numbers(results, "", ENGLAND, "").map(Option::unwrap);
    assert!(numerator <= denominator);
    assert_eq!(results.attrition.last().unwrap().records_left, denominator);
    let sequels = results.measures.iter().filter(|row| row.part == "sequel");
    let of_england = sequels.filter(|row| row.area.code == ENGLAND);
    assert_eq!(of_england.filter_map(|row| row.denominator).sum::<i64>(), denominator);
}
