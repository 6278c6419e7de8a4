use super::*;
use crate::figure::{Figure, Value};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use ServiceType as S;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::day::OPEN_END;
use throughcare_linkage::records::cld::CldDetail;

fn year() -> Frame {
    let year = period("2025-04-01", "2026-03-31");
    let mut frame = frame(&[year]);
    frame.single = Some(year);
    frame.coded.cost_frequency = cost_fields();
    frame
}

fn results(people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| Intensity::new(frame), people, frame);
    assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

/// Hours a week at a pound an hour.
fn hours(start: &str, end: &str, hours: i64) -> (CareEvent, CldDetail) {
    let service = service(S::Community, start, end).component(Component::HomeSupport);
    (service, priced_detail("Hourly", Some(1_00), Some(hours * 100)))
}

fn find<'a>(results: &'a Results, part: &str, end: &str, stratum: &str) -> Option<&'a Figure> {
    results.measures.iter().find(|row| {
        row.part == part
            && row.area.code == ENGLAND
            && row.period.end == day(end)
            && row.stratum == stratum
    })
}

fn mean(results: &Results, part: &str, end: &str, stratum: &str) -> (f64, i64) {
    let row = find(results, part, end, stratum).unwrap_or_else(|| panic!("{part} {stratum}"));
    match row.value {
        Value::Statistic(value) => (value, row.denominator.unwrap()),
        other => panic!("{other:?}"),
    }
}

fn share(results: &Results, part: &str, end: &str, stratum: &str) -> Option<(i64, i64)> {
    find(results, part, end, stratum).map(|row| (row.numerator.unwrap(), row.denominator.unwrap()))
}

#[test]
fn engine_a_person_has_the_hours_of_all_services_open_at_the_end_of_the_quarter() {
    let people = [
        priced(&[hours("2025-04-01", "-", 4), hours("2025-05-01", "2025-06-30", 7)]),
        priced(&[hours("2025-04-01", "2025-06-29", 20), hours("2025-07-01", "-", 3)]),
        priced(&[(
            service(S::Nursing, "2025-04-01", "-"),
            priced_detail("Weekly", Some(700_00), None),
        )]),
    ];
    let results = results(&people, &year());
    assert_eq!(mean(&results, "hours", "2025-06-30", ""), (11.0, 1));
    assert_eq!(mean(&results, "hours", "2025-09-30", ""), (3.5, 2));
    assert_eq!(mean(&results, "weekly_cost", "2025-06-30", ""), (355.5, 2));
    let nursing = "setting=Long term support: Nursing care";
    assert_eq!(mean(&results, "weekly_cost", "2025-06-30", nursing), (700.0, 1));
    assert_eq!(find(&results, "hours", "2025-06-30", nursing), None);
    let home = "component=Home support or domiciliary care";
    assert_eq!(mean(&results, "hours", "2025-09-30", home), (3.5, 2));
}

#[test]
fn engine_bands_include_their_upper_edge() {
    let people: Vec<Maker> = [5, 6, 10, 51].map(|n| priced(&[hours("2025-04-01", "-", n)])).into();
    let results = results(&people, &year());
    let band = |band: &str| share(&results, "hours_band", "2025-06-30", &format!("band={band}"));
    assert_eq!(band("up to 5"), Some((1, 4)));
    assert_eq!(band("over 5 to 10"), Some((2, 4)));
    assert_eq!(band("over 10 to 20"), None);
    assert_eq!(band("over 50"), Some((1, 4)));
    let cost = share(&results, "weekly_cost_band", "2025-06-30", "band=up to 100");
    assert_eq!(cost, Some((4, 4)));
}

#[test]
fn engine_change_is_of_people_with_care_at_both_quarter_ends() {
    let people = [
        priced(&[hours("2025-04-01", "2025-08-01", 4), hours("2025-08-02", "-", 6)]),
        priced(&[hours("2025-04-01", "-", 6)]),
        priced(&[hours("2025-08-01", "-", 6)]), // new
        priced(&[hours("2025-04-01", "2025-08-01", 6), hours("2025-10-02", "-", 9)]), // a gap
    ];
    let results = results(&people, &year());
    let change =
        |end, change: &str| share(&results, "hours_change", end, &format!("change={change}"));
    assert_eq!(change("2025-06-30", "More"), None);
    assert_eq!(change("2025-09-30", "More"), Some((1, 2)));
    assert_eq!(change("2025-09-30", "The same"), Some((1, 2)));
    assert_eq!(change("2025-09-30", "Less"), None);
    assert_eq!(change("2025-12-31", "The same"), Some((3, 3)));
}

#[test]
fn one_off_costs_other_units_carers_and_the_dead_are_left_out() {
    let of = |service: CareEvent, frequency, units| {
        priced(&[(service, priced_detail(frequency, Some(10_00), units))])
    };
    let open = service(S::Community, "2025-04-01", "-");
    let carer = CareEvent { client_type: ClientType::UnpaidCarer, ..open };
    let people = [
        of(open, "One-off", None),
        of(carer, "Weekly", None),
        of(open.died("2025-06-29"), "Weekly", None),
        of(open, "Hourly", None),
        of(open, "No charge to client", Some(2_00)), // units, but not of hours
    ];
    let results = results(&people, &year());
    assert_eq!(
        find(&results, "hours", "2025-06-30", "").map(|row| row.value),
        Some(Value::Unavailable)
    );
    assert_eq!(mean(&results, "weekly_cost", "2025-06-30", ""), (20.0, 1));
    let out: Vec<_> = results.attrition[..6].iter().map(|step| step.records_out).collect();
    assert_eq!(out, [0, 0, 1, 0, 1, 2]);
}

#[test]
fn quarters_outside_the_single_table_have_no_figures() {
    let mut frame = year();
    frame.study.periods = vec![period("2025-01-01", "2025-06-30")];
    let results = results(&[priced(&[hours("2025-01-01", "-", 4)])], &frame);
    assert!(results.measures.iter().all(|row| row.period.start == day("2025-04-01")));
    let none = Frame { single: None, ..year() };
    assert_eq!(same_however_split(|| Intensity::new(&none), &[], &none), Results::default());
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let of = |edges: &[u32]| Settings { hour_bands: edges.to_vec(), ..Settings::default() }.check();
    assert!(of(&[1, 2]).is_ok());
    for edges in [&[][..], &[0, 1], &[2, 2], &[3, 1]] {
        assert!(of(edges).is_err(), "{edges:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn means_and_changes_are_those_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec(
            (0..400i32, prop::option::of(0..300i32), 1..60i64, 1..3u16), 0..5,
        ), 0..6)
    ) {
        let frame = year();
        let origin = day("2025-02-01");
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<_> = events.iter().map(|&(start, end, n, la)| {
                let start = origin.plus(start);
                let (event, detail) = hours("2025-04-01", "-", n);
                let end = end.map(|days| start.plus(days)).into();
                (CareEvent { start, end, ..event.la(la) }, detail)
            }).collect();
            priced(&events)
        }).collect();
        let results = results(&makers, &frame);
        let ends = ["2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"];
        let mut before: BTreeMap<(usize, u16), i64> = BTreeMap::new();
        for end in ends {
            let mut now: BTreeMap<(usize, u16), i64> = BTreeMap::new();
            for (n, events) in people.iter().enumerate() {
                for (&(.., hours, la), event) in events.iter().zip(&makers[n].single) {
                    if event.start <= day(end) && event.end.or(OPEN_END) >= day(end) {
                        *now.entry((n, la)).or_default() += hours;
                    }
                }
            }
            let total: i64 = now.values().sum();
            let row = find(&results, "hours", end, "").unwrap();
            prop_assert_eq!(row.denominator, Some(now.len() as i64));
            if let Value::Statistic(mean) = row.value {
                prop_assert!((mean - total as f64 / now.len() as f64).abs() < 0.00501);
            } else {
                prop_assert!(now.is_empty());
            }
            let both: Vec<_> = now.iter().filter_map(|(key, &n)| Some((n, *before.get(key)?))).collect();
            for (label, count) in [
                ("More", both.iter().filter(|(now, before)| now > before).count()),
                ("Less", both.iter().filter(|(now, before)| now < before).count()),
                ("The same", both.iter().filter(|(now, before)| now == before).count()),
            ] {
                let found = share(&results, "hours_change", end, &format!("change={label}"));
                let wanted = (count > 0).then_some((count as i64, both.len() as i64));
                prop_assert_eq!(found, wanted);
            }
            before = now;
        }
    }
}
