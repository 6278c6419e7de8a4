use super::*;
use crate::disclosure::{Entry, Marker, Profile, ProfileName, protect};
use crate::measures::care_fixture::*;
use crate::measures::fixture::{Maker, assert_attrition_adds_up};
use ServiceType as S;
use proptest::prelude::*;
use throughcare_linkage::records::cld::CldDetail;

/// The quarter of the example is the last one of the period.
fn year() -> Frame {
    let year = period("2025-04-01", "2026-03-31");
    let mut frame = frame(&[year]);
    frame.single = Some(year);
    frame.coded.cost_frequency = cost_fields();
    frame
}

fn results(people: &[Maker], frame: &Frame) -> Results {
    let results = same_however_split(|| Costs::new(frame), people, frame);
    assert_attrition_adds_up(&results);
    assert_england_is_the_sum_of_councils(&results);
    results
}

fn row<'a>(results: &'a Results, part: &str, area: &str, stratum: &str) -> &'a Figure {
    let mut rows = results
        .measures
        .iter()
        .filter(|row| row.part == part && row.area.code == area && row.stratum == stratum);
    rows.next().unwrap_or_else(|| panic!("{part} {area} {stratum}"))
}

fn value(results: &Results, part: &str, stratum: &str) -> f64 {
    match row(results, part, ENGLAND, stratum).value {
        Value::Statistic(value) => value,
        other => panic!("{other:?}"),
    }
}

fn priced_service(
    start: &str,
    end: &str,
    frequency: &str,
    pence: i64,
    units: Option<i64>,
) -> (CareEvent, CldDetail) {
    let service = service(S::Community, start, end).component(Component::HomeSupport);
    (service, priced_detail(frequency, Some(pence), units))
}

fn example() -> Vec<(CareEvent, CldDetail)> {
    vec![
        priced_service("2025-06-01", "-", "Weekly", 500_00, Some(7_00)),
        priced_service("2026-02-01", "-", "Hourly", 20_00, Some(10_00)),
        priced_service("2025-01-01", "2026-01-20", "Monthly", 433_33, None),
        priced_service("2026-03-10", "2026-03-10", "One-off", 300_00, None),
        priced_service("2026-01-01", "-", "Hourly", -15_00, None),
        priced_service("2026-03-25", "2026-03-31", "", 50_00, Some(2_00)),
        priced_service("2026-01-01", "-", "No charge to client", 0, Some(5_00)),
    ]
}

#[test]
fn section_5_example_row_by_row() {
    let frame = year();
    let weekly = [Some(500.0), Some(200.0), Some(100.0), None, None, Some(100.0), None];
    let total = [Some(6428.57), Some(1685.71), Some(285.71), Some(300.0), None, Some(100.0), None];
    for ((n, row), (weekly, total)) in
        example().into_iter().enumerate().zip(weekly.into_iter().zip(total))
    {
        let results = results(&[priced(&[row])], &frame);
        let found = |part| match self::row(&results, part, ENGLAND, "").value {
            Value::Statistic(value) if results.measures[0].numerator == Some(1) => Some(value),
            _ => None,
        };
        assert_eq!(found("total"), total, "row {}", n + 1);
        assert_eq!(found("weekly"), weekly, "row {}", n + 1);
    }
}

#[test]
fn section_5_example_the_council_total_keeps_full_precision_until_output() {
    let results = results(&[priced(&example())], &year());
    assert_eq!(value(&results, "total", ""), 8800.0); // 8,799.99 from rounded rows
    assert_eq!(value(&results, "total", "setting=Long term support: Community"), 8800.0);
    assert_eq!(value(&results, "total", "component=Home support or domiciliary care"), 8800.0);
    // 500 + 200 + 99.9992… + 100 of four services
    assert_eq!(value(&results, "weekly", ""), 225.0);
    let total = row(&results, "total", NORTH, "");
    assert_eq!((total.numerator, total.denominator), (Some(5), Some(1)));
    assert_eq!(row(&results, "weekly", NORTH, "").numerator, Some(4));
    assert_eq!(total.period, period("2026-01-01", "2026-03-31"));
    let out: Vec<_> = results.attrition.iter().map(|step| step.records_out).collect();
    assert_eq!(out, [0, 0, 0, 1, 1, 0, 0]);
}

#[test]
fn section_5_trap_a_one_off_counts_in_full_in_every_quarter_that_it_overlaps() {
    let mut frame = year();
    frame.study.periods.push(period("2025-01-01", "2025-12-31"));
    let row = priced_service("2025-12-20", "2026-01-10", "One-off", 300_00, None);
    let results = results(&[priced(&[row])], &frame);
    let totals: Vec<Value> = results
        .measures
        .iter()
        .filter(|row| row.part == "total" && row.area.code == ENGLAND && row.stratum.is_empty())
        .map(|row| row.value)
        .collect();
    assert_eq!(totals, [Value::Statistic(300.0), Value::Statistic(300.0)]);
    // nothing a week: no mean of nothing
    assert_eq!(self::row(&results, "weekly", ENGLAND, "").value, Value::Unavailable);
}

#[test]
fn section_5_trap_an_end_two_days_before_the_start_is_dropped_and_one_day_costs_nothing() {
    let of = |end| priced(&[priced_service("2026-02-10", end, "Weekly", 70_00, None)]);
    let one_day_before = results(&[of("2026-02-09")], &year());
    assert_eq!(value(&one_day_before, "total", ""), 0.0);
    assert_eq!(row(&one_day_before, "total", ENGLAND, "").numerator, Some(1));
    let two_days = results(&[of("2026-02-08")], &year());
    assert_eq!(row(&two_days, "total", ENGLAND, "").numerator, Some(0));
    assert_eq!(two_days.attrition[6].records_out, 1);
    assert_eq!(value(&results(&[of("2026-02-10")], &year()), "total", ""), 10.0);
}

#[test]
fn section_5_step_1_services_that_touch_the_quarter() {
    for (start, end, counts) in [
        ("2025-05-01", "2026-01-01", 1),
        ("2025-05-01", "2025-12-31", 0),
        ("2026-03-31", "-", 1),
        ("2026-04-01", "-", 0),
    ] {
        let results =
            results(&[priced(&[priced_service(start, end, "Weekly", 70_00, None)])], &year());
        assert_eq!(row(&results, "total", ENGLAND, "").numerator, Some(counts), "{start} {end}");
    }
}

#[test]
fn a_quarter_outside_the_single_table_is_not_available() {
    let mut frame = year();
    frame.study.periods = vec![period("2024-04-01", "2025-03-31")];
    let results = results(&[priced(&example())], &frame);
    assert_eq!(results.measures.len(), 2);
    assert!(results.measures.iter().all(|row| row.value == Value::Unavailable));
}

#[test]
fn released_costs_are_rounded_to_100_pounds_and_rest_on_enough_people() {
    let someone = priced(&[priced_service("2026-01-01", "-", "Weekly", 333_33, None)]);
    let shown = |people: usize, profile: &Profile| {
        let results = results(&vec![someone.clone(); people], &year());
        protect(&results, profile).measures[0].value
    };
    let text = |entry: Entry<crate::disclosure::Decimal>| match entry {
        Entry::Shown(value) => value.to_string(),
        Entry::Marked(marker) => marker.code().into(),
    };
    let released = Profile::named(ProfileName::Cld5);
    // 4285.671 each
    assert_eq!(text(shown(4, &released)), Marker::Confidential.code());
    assert_eq!(text(shown(5, &released)), "21400");
    assert_eq!(text(shown(5, &Profile::named(ProfileName::None))), "21428.36");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn totals_are_those_of_a_slow_reference(
        people in prop::collection::vec(prop::collection::vec(
            (0..300i32, prop::option::of(0..300i32), 0..7usize, 0..2000_00i64, prop::option::of(-40_00..40_00i64), 1..4u16),
            0..6,
        ), 0..6)
    ) {
        let frame = year();
        let origin = day("2025-08-01");
        let (first, last) = (day("2026-01-01"), day("2026-03-31"));
        let mut wanted = 0.0;
        let mut services = 0;
        let makers: Vec<Maker> = people.iter().map(|events| {
            let events: Vec<_> = events.iter().map(|&(start, end, frequency, pence, units, la)| {
                let start = origin.plus(start);
                let end = end.map(|days| start.plus(days));
                let label = COSTS.get(frequency).copied().unwrap_or("");
                let cost = pence as f64 / 100.0;
                let u = match label {
                    "Weekly" => 1.0,
                    "Monthly" => 12.0 / 52.0,
                    _ => units.unwrap_or(0).abs() as f64 / 100.0,
                };
                let last_day = end.unwrap_or(OPEN_END).min(last);
                let days = last_day.since(start.max(first)) + 1;
                let open = end.is_none_or(|end| end >= first) && start <= last;
                if open && cost > 0.0 && (label == "One-off" || u > 0.0) {
                    wanted += if label == "One-off" { cost } else { cost * u * f64::from(days) / 7.0 };
                    services += 1;
                }
                let made = service(S::Community, "2025-08-01", "-").la(la);
                (CareEvent { start, end: end.into(), ..made }, priced_detail(label, Some(pence), units))
            }).collect();
            priced(&events)
        }).collect();
        let results = results(&makers, &frame);
        prop_assert_eq!(row(&results, "total", ENGLAND, "").numerator, Some(services));
        let found = value(&results, "total", "");
        prop_assert!((found - wanted).abs() < 0.0051, "{} {}", found, wanted);
    }
}
