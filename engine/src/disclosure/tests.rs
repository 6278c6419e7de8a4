//! Control of whole results.

use super::*;
use crate::figure::{
    Area, AreaType, AttritionStep, Clock, Figure, StateFigure, Transition, Unit, Value,
};
use proptest::prelude::*;
use throughcare_linkage::day::{Day, Period};

fn period() -> Period {
    Period { start: Day(19_814), end: Day(20_178) }
}

fn la(code: &str) -> Area {
    Area { kind: AreaType::La, code: code.into(), name: code.into() }
}

fn figure(measure: &'static str, numerator: i64, denominator: Option<i64>, value: Value) -> Figure {
    let unit = match value {
        Value::Percent(_) => Unit::Percent,
        Value::Per(_) => Unit::PerPopulation,
        Value::Statistic(_) => Unit::Days,
        _ => Unit::People,
    };
    Figure {
        measure,
        part: String::new(),
        period: period(),
        area: la("E06000001"),
        stratum: String::new(),
        numerator: Some(numerator),
        denominator,
        value,
        interval: None,
        unit,
        counts: Unit::People,
    }
}

fn control(figures: Vec<Figure>, profile: ProfileName) -> Vec<ReleasedFigure> {
    let results = Results { measures: figures, ..Default::default() };
    protect(&results, &Profile::named(profile)).measures.clone()
}

fn one(figure: Figure, profile: ProfileName) -> ReleasedFigure {
    control(vec![figure], profile).remove(0)
}

fn text(value: Entry<Decimal>) -> String {
    match value {
        Entry::Shown(value) => value.to_string(),
        Entry::Marked(marker) => format!("[{}]", marker.code()),
    }
}

#[test]
fn d05_hes7_counts_and_percentages() {
    let shown: Vec<String> = [0, 3, 7, 8, 12, 41, 71]
        .map(|count| {
            text(one(figure("readmission", count, None, Value::Count), ProfileName::Hes7).value)
        })
        .into();
    assert_eq!(shown, ["0", "[c]", "[c]", "10", "10", "40", "70"]);
    let share = one(figure("readmission", 41, Some(71), Value::Percent(1)), ProfileName::Hes7);
    assert_eq!((share.numerator, share.denominator), (Entry::Shown(40), Entry::Shown(70)));
    assert_eq!((&*text(share.value), share.status), ("57", None));
    let small = one(figure("readmission", 3, Some(71), Value::Percent(1)), ProfileName::Hes7);
    assert_eq!(small.numerator, Entry::Marked(Marker::Confidential));
    assert_eq!(small.denominator, Entry::Shown(70));
    assert_eq!((&*text(small.value), small.status), ("[c]", Some(Marker::Confidential)));
}

#[test]
fn d05_hes7_hides_what_the_complement_tells() {
    let row = one(figure("readmission", 65, Some(71), Value::Percent(1)), ProfileName::Hes7);
    assert_eq!((text(row.value), row.numerator.shown()), ("[c]".into(), None));
    assert_eq!(row.denominator, Entry::Shown(70));
    let all = one(figure("readmission", 71, Some(71), Value::Percent(1)), ProfileName::Hes7);
    assert_eq!(text(all.value), "100");
}

#[test]
fn d05_decimals_only_from_a_rounded_denominator_of_4000() {
    let of =
        |d| text(one(figure("los", 1000, Some(d), Value::Percent(2)), ProfileName::Hes7).value);
    assert_eq!(of(3998), "25.0"); // rounds to 4,000
    assert_eq!(of(3997), "25");
    assert_eq!(of(4100), "24.4");
}

#[test]
fn d05_cld5_percentages_come_from_unrounded_counts() {
    let row = one(figure("ascof_2e", 41, Some(71), Value::Percent(1)), ProfileName::Cld5);
    assert_eq!((row.numerator, &*text(row.value)), (Entry::Shown(40), "57.7"));
    for (n, d) in [(4, 71), (67, 71), (1, 4)] {
        let row = one(figure("ascof_2e", n, Some(d), Value::Percent(1)), ProfileName::Cld5);
        assert_eq!(text(row.value), "[c]", "{n} of {d}");
    }
    assert_eq!(
        text(one(figure("ascof_2e", 5, Some(71), Value::Percent(1)), ProfileName::Cld5).value),
        "7.0"
    );
}

#[test]
fn d05_round_up_and_round5() {
    let count = |n, profile| text(one(figure("activity", n, None, Value::Count), profile).value);
    assert_eq!([1, 4, 5, 8].map(|n| count(n, ProfileName::Cld5Round)), ["5", "5", "5", "10"]);
    assert_eq!(
        [0, 1, 2, 3, 4, 8].map(|n| count(n, ProfileName::Round5)),
        ["0", "[low]", "[low]", "5", "5", "10"]
    );
    let share = one(figure("activity", 3, Some(50), Value::Percent(0)), ProfileName::Cld5Round);
    assert_eq!((share.numerator, &*text(share.value)), (Entry::Shown(5), "[c]"));
    assert_eq!([1, 5, 6].map(|n| count(n, ProfileName::Hes5Old)), ["[c]", "[c]", "6"]);
    assert_eq!([1, 7].map(|n| count(n, ProfileName::None)), ["1", "7"]);
}

/// The results of the worked examples as they are printed before any control.
#[test]
fn worked_examples_print_the_numbers_of_the_handbook() {
    let print = |measure, n, d, value| {
        text(one(figure(measure, n, Some(d), value), ProfileName::None).value)
    };
    let one_decimal = Value::Percent(1);
    for (measure, n, d, value, wanted) in [
        ("los", 3, 5, one_decimal, "60.0"),
        ("usual_residence", 6, 9, one_decimal, "66.7"),
        ("usual_residence", 7, 9, one_decimal, "77.8"),
        ("usual_residence", 6, 10, one_decimal, "60.0"),
        ("usual_residence", 8, 9, one_decimal, "88.9"),
        ("readmission", 2, 11, one_decimal, "18.2"),
        ("readmission", 4, 11, one_decimal, "36.4"),
        ("readmission", 5, 11, one_decimal, "45.5"),
        ("ascof_2a", 1, 1, one_decimal, "100.0"),
        ("ascof_2a", 2, 4, one_decimal, "50.0"),
        ("ascof_2a", 4, 6, one_decimal, "66.7"),
        // 1.25, half away from zero
        ("ascof_2b", 1, 80_000, Value::Per(100_000.0), "1.3"),
        ("ascof_2c", 2, 20_000, Value::Per(100_000.0), "10.0"),
        ("ascof_2d", 2, 4, Value::Percent(2), "50.00"),
        ("ascof_2d", 4, 10, Value::Percent(2), "40.00"),
        ("ascof_2d", 1, 1, Value::Percent(2), "100.00"),
    ] {
        assert_eq!(print(measure, n, d, value), wanted, "{measure} {n} of {d}");
    }
    let mean = Figure { numerator: None, ..figure("los", 0, Some(5), Value::Statistic(12.6)) };
    assert_eq!(text(one(mean, ProfileName::None).value), "12.6");
}

#[test]
fn d05_statistics_need_cases_and_rates_need_events() {
    let median = |n: i64, profile| {
        let row = Figure { numerator: None, ..figure("los", 0, Some(n), Value::Statistic(12.25)) };
        text(one(row, profile).value)
    };
    assert_eq!([7, 8].map(|n| median(n, ProfileName::Hes7)), ["[c]", "12.25"]);
    assert_eq!([9, 10].map(|n| median(n, ProfileName::Cld5)), ["[c]", "12.25"]);
    assert_eq!(median(0, ProfileName::Hes7), "[z]");
    let unknown = Figure { numerator: None, ..figure("los", 0, None, Value::Statistic(3.0)) };
    assert_eq!(text(one(unknown, ProfileName::Hes7).value), "[c]");
    let rate = |n| one(figure("ascof_2b", n, Some(48_201), Value::Per(1e5)), ProfileName::Cld5);
    assert_eq!([4, 9, 10].map(|n| text(rate(n).value)), ["[c]", "[x]", "20.7"]);
    assert_eq!(rate(9).numerator, Entry::Shown(10));
    assert_eq!(rate(9).denominator, Entry::Shown(48_201), "a population is public");
    assert_eq!(text(rate(0).value), "0.0");
}

#[test]
fn d05_standardised_rates_rest_on_their_events() {
    let rate = |events| Figure {
        unit: Unit::PerPopulation,
        ..figure("admission_rate", events, Some(48_201), Value::Statistic(57.61))
    };
    assert_eq!(text(one(rate(9), ProfileName::Hes7).value), "[c]");
    assert_eq!(text(one(rate(10), ProfileName::Hes7).value), "57.61");
    assert_eq!(text(one(rate(9), ProfileName::None).value), "57.61");
}

#[test]
fn a_count_stays_when_only_the_people_behind_it_are_hidden_as_partners() {
    // events by people, in two councils: 4 people in the first of three groups
    let row = |area: Area, stratum: &str, events, people| Figure {
        area,
        stratum: stratum.into(),
        unit: Unit::Events,
        ..figure("activity", events, Some(people), Value::Count)
    };
    let rows = control(
        vec![
            row(la("A"), "kind=x", 4, 4),
            row(la("A"), "kind=y", 50, 20),
            row(la("A"), "kind=z", 6, 30),
            row(la("A"), "", 60, 54),
        ],
        ProfileName::Cld5,
    );
    // people: 4 and its partner 20; events: 4 and its partner 6
    let shown: Vec<_> = rows.iter().map(|r| (text(r.value), r.denominator.shown())).collect();
    assert_eq!(shown[1], ("50".into(), None));
    assert_eq!(shown[2], ("[c]".into(), Some(30)));
}

#[test]
fn d05_days_and_events_follow_the_people_behind_them() {
    let days = Figure {
        unit: Unit::Days,
        counts: Unit::Days,
        ..figure("bed_days", 300, None, Value::Count)
    };
    let people = |n| Figure { part: "people".into(), ..figure("bed_days", n, None, Value::Count) };
    let of = |n| text(control(vec![days.clone(), people(n)], ProfileName::Hes7)[0].value);
    assert_eq!([3, 8].map(of), ["[c]", "300"]);
    let events = Figure { unit: Unit::Events, ..figure("activity", 12, Some(3), Value::Count) };
    assert_eq!(text(one(events, ProfileName::Cld5).value), "[c]");
}

#[test]
fn d05_rates_follow_the_people_behind_their_events_and_their_time() {
    let rate = Figure {
        part: "emergency".into(),
        unit: Unit::PerPersonYears,
        ..figure("admission_rate", 41, Some(7303), Value::Per(365_250.0))
    };
    let shown = |people: i64, at_risk: i64, profile| {
        let behind = Figure {
            part: "emergency_people".into(),
            unit: Unit::People,
            counts: Unit::People,
            ..figure("admission_rate", people, Some(at_risk), Value::Count)
        };
        let row = control(vec![rate.clone(), behind], profile).remove(0);
        (row.numerator.shown(), row.denominator.shown(), text(row.value))
    };
    // person-days are no people: they cannot stand for those behind an amount
    assert_eq!(shown(30, 90, ProfileName::Hes7), (Some(40), Some(7305), "2000.0".into()));
    assert_eq!(shown(7, 90, ProfileName::Hes7), (None, Some(7305), "[c]".into()));
    assert_eq!(shown(7, 7, ProfileName::Hes7), (None, None, "[c]".into()));
    assert_eq!(shown(7, 7, ProfileName::None), (Some(41), Some(7303), "2050.6".into()));
    // of few events there is no rate, and of none it is 0
    let of = |events: i64| {
        let row = Figure { numerator: Some(events), ..rate.clone() };
        text(one(row, ProfileName::Hes7).value)
    };
    assert_eq!([0, 9, 10].map(of), ["0.0", "[x]", "500.0"]);
}

#[test]
fn d05_nights_follow_the_people_who_had_them_and_not_those_among_whom_they_are() {
    let nights = Figure {
        part: "nights".into(),
        unit: Unit::Days,
        counts: Unit::Days,
        ..figure("bed_days", 300, None, Value::Count)
    };
    let of = |people: i64| {
        let behind = Figure {
            part: "nights_people".into(),
            counts: Unit::People,
            ..figure("bed_days", people, Some(500), Value::Count)
        };
        text(control(vec![nights.clone(), behind], ProfileName::Hes7)[0].value)
    };
    assert_eq!([3, 8].map(of), ["[c]", "300"]);
}

#[test]
fn d05_intervals_under_rounding_are_made_from_the_rounded_counts() {
    let exact = Figure {
        interval: Some((46.1, 68.5)),
        ..figure("readmission", 41, Some(71), Value::Percent(1))
    };
    let row = one(exact.clone(), ProfileName::Hes7);
    assert_eq!((text(row.lower), text(row.upper)), ("45".into(), "68".into()));
    assert_eq!(text(one(exact, ProfileName::None).lower), "46.1");
    // at no event the exact limits, 3.6889 of 7,305 days
    let rate = |events| Figure {
        unit: Unit::PerPersonYears,
        interval: Some((0.0, 0.0)),
        ..figure("admission_rate", events, Some(7303), Value::Per(365_250.0))
    };
    let of = |events| {
        let row = one(rate(events), ProfileName::Hes7);
        (text(row.lower), text(row.upper))
    };
    assert_eq!(
        [of(0), of(10)],
        [("0.0", "184.4"), ("239.4", "919.6")].map(|(a, b)| (a.into(), b.into()))
    );
    let none = one(
        Figure {
            interval: Some((0.0, 5.0)),
            ..figure("readmission", 0, Some(71), Value::Percent(1))
        },
        ProfileName::Hes7,
    );
    assert_eq!((text(none.lower), text(none.upper)), ("0".into(), "5".into()));
}

#[test]
fn d09_empty_denominators_are_z_and_missing_values_x() {
    let status = |d, value| one(figure("los", 0, Some(d), value), ProfileName::Hes7).status;
    assert_eq!(status(0, Value::Percent(1)), Some(Marker::NotApplicable));
    assert_eq!(status(0, Value::Unavailable), Some(Marker::NotApplicable));
    assert_eq!(status(50, Value::Unavailable), Some(Marker::NotAvailable));
}

#[test]
fn d05_national_figures_escape_only_when_asked() {
    let england = Figure { area: Area::england(), ..figure("los", 3, None, Value::Count) };
    let results = Results { measures: vec![england], ..Default::default() };
    let value = |national_exempt| {
        let settings = DisclosureSettings { national_exempt, ..Default::default() };
        text(protect(&results, &Profile::new(settings).unwrap()).measures[0].value)
    };
    assert_eq!([value(false), value(true)], ["[c]", "3"]);
}

/// The table of section 6 as figures, totals included.
fn section_6() -> Vec<Figure> {
    let rows = [("LA1", [3, 12, 20, 35]), ("LA2", [9, 14, 31, 54]), ("England", [12, 26, 51, 89])];
    let mut figures = Vec::new();
    for (area, counts) in rows {
        for (stratum, count) in
            ["age_band=65-74", "age_band=75-84", "age_band=85+", ""].into_iter().zip(counts)
        {
            figures.push(Figure {
                area: if area == "England" { Area::england() } else { la(area) },
                stratum: stratum.into(),
                ..figure("activity", count, None, Value::Count)
            });
        }
    }
    figures
}

#[test]
fn d06_secondary_example_in_a_table_of_measures() {
    let rows = control(section_6(), ProfileName::Cld5);
    let hidden: Vec<usize> =
        (0..rows.len()).filter(|&row| rows[row].value.shown().is_none()).collect();
    assert_eq!(hidden, [0, 1, 4, 5]);
    assert_eq!(text(rows[11].value), "90");
    // the order of the rows does not matter
    let reversed = control(section_6().into_iter().rev().collect(), ProfileName::Cld5);
    assert!(rows.iter().eq(reversed.iter().rev()));
}

#[test]
fn d06_regions_are_totals_of_their_councils() {
    let row = |kind, code: &str, count| Figure {
        area: Area { kind, code: code.into(), name: code.into() },
        ..figure("activity", count, None, Value::Count)
    };
    let mut results = Results {
        measures: vec![
            row(AreaType::England, "E", 103),
            row(AreaType::Region, "R1", 53),
            row(AreaType::Region, "R2", 50),
            row(AreaType::La, "A", 3),
            row(AreaType::La, "B", 50),
            row(AreaType::La, "C", 20),
            row(AreaType::La, "D", 30),
        ],
        ..Default::default()
    };
    let hidden = |results: &Results| -> Vec<String> {
        let released = protect(results, &Profile::named(ProfileName::Cld5));
        let hidden = released.measures.iter().filter(|row| row.value.shown().is_none());
        hidden.map(|row| row.area.code.clone()).collect()
    };
    assert_eq!(hidden(&results), ["A", "C"]);
    for (council, region) in [("A", "R1"), ("B", "R1"), ("C", "R2"), ("D", "R2")] {
        results.regions.insert(council.into(), region.into());
    }
    assert_eq!(hidden(&results), ["A", "B"]);
}

#[test]
fn d06_a_stratum_called_total_is_a_total() {
    let mut figures = section_6();
    for row in &mut figures {
        if row.stratum.is_empty() {
            row.stratum = "age_band=Total".into();
        }
        row.stratum.push_str("; client_type=Total");
    }
    let rows = control(figures, ProfileName::Cld5);
    let hidden: Vec<usize> =
        (0..rows.len()).filter(|&row| rows[row].value.shown().is_none()).collect();
    assert_eq!(hidden, [0, 1, 4, 5]);
}

fn edge(from: &str, to: &str, people: i64, from_total: i64) -> Transition {
    Transition {
        scheme: "full".into(),
        area_code: "E92000001".into(),
        stratum: String::new(),
        from: from.into(),
        to: to.into(),
        count: people + 1,
        people,
        from_total,
        clock: Clock::Days,
        total_time: 10 * people,
        stays: people,
        quartiles_days: [Some(5.0), Some(10.0), Some(15.0)],
        person_time: 3650,
    }
}

fn edges(edges: Vec<Transition>) -> Vec<(String, String, Option<i64>)> {
    let results = Results { transitions: edges, ..Default::default() };
    let released = protect(&results, &Profile::default());
    let rows = released.transitions.iter();
    rows.map(|row| (row.from.clone(), row.to.clone(), row.count.shown())).collect()
}

#[test]
fn d08_rare_edges_are_folded_with_a_second_one() {
    let row = |from: &str, to: &str, count| (from.to_owned(), to.to_owned(), Some(count));
    // two small ones together are 9 people
    let two = vec![edge("A", "B", 50, 100), edge("A", "C", 4, 100), edge("A", "D", 5, 100)];
    assert_eq!(edges(two), [row("A", "B", 50), row("A", "OTHER", 10)]);
    // one alone takes the next smallest with it
    let one = vec![edge("A", "B", 50, 100), edge("A", "C", 4, 100), edge("A", "D", 30, 100)];
    assert_eq!(edges(one), [row("A", "B", 50), row("A", "OTHER", 35)]);
    // few people in all: nothing is left to say
    assert_eq!(edges(vec![edge("A", "B", 3, 8), edge("A", "C", 4, 8)]), []);
    assert_eq!(edges(vec![edge("A", "B", 3, 4), edge("B", "C", 40, 41)]), [row("B", "C", 40)]);
}

#[test]
fn d08_small_nodes_are_hidden_with_their_edges() {
    let node = |state: &str, people| StateFigure {
        scheme: "full".into(),
        area_code: "E92000001".into(),
        stratum: String::new(),
        state: state.into(),
        visits: 60,
        people,
        clock: Clock::Days,
        total_time: 600,
        starts: 57,
        ends: 3,
        censored: 0,
    };
    let results = Results {
        states: vec![node("A", 7), node("B", 50)],
        transitions: vec![edge("A", "B", 7, 20), edge("A", "C", 7, 20), edge("B", "A", 20, 20)],
        ..Default::default()
    };
    let released = protect(&results, &Profile::default());
    assert_eq!(released.states[0].visits, Entry::Marked(Marker::Confidential));
    let b = &released.states[1];
    assert_eq!((b.visits, b.people), (Entry::Shown(60), Entry::Shown(50)));
    assert_eq!(b.starts, Entry::Marked(Marker::Confidential), "60 - 57 entered later");
    assert_eq!((b.ends, b.censored), (Entry::Marked(Marker::Confidential), Entry::Shown(0)));
    let from: Vec<&str> = released.transitions.iter().map(|edge| &*edge.from).collect();
    assert_eq!(from, ["B"]);
    assert_eq!(released.summary.hidden["transitions"][&Reason::DroppedEdge], 2);
}

#[test]
fn d08_sojourn_statistics_need_cases() {
    let few = Transition { stays: 9, ..edge("A", "B", 40, 100) };
    let enough = Transition { stays: 10, total_time: 105, ..edge("B", "C", 40, 100) };
    let results = Results { transitions: vec![few, enough], ..Default::default() };
    let released = protect(&results, &Profile::default());
    assert_eq!(text(released.transitions[0].mean_days), "[c]");
    assert_eq!(text(released.transitions[1].mean_days), "10.5");
    assert_eq!(text(released.transitions[1].probability), "0.4000");
}

#[test]
fn attrition_is_rounded_under_every_profile() {
    let step = |step, out, left| AttritionStep {
        measure: "activity",
        part: String::new(),
        period: period(),
        step,
        rule: "A1",
        what: "rows of the period".into(),
        records_out: out,
        records_left: left,
        people_left: Some(left),
        unit: Unit::Events,
    };
    let results =
        Results { attrition: vec![step(1, 0, 101), step(2, 3, 98)], ..Default::default() };
    for name in [ProfileName::Hes7, ProfileName::Cld5, ProfileName::Hes5Old] {
        let released = protect(&results, &Profile::named(name));
        let rows: Vec<_> =
            released.attrition.iter().map(|s| (s.records_out, s.records_left)).collect();
        assert_eq!(
            rows,
            [
                (Entry::Shown(0), Entry::Shown(100)),
                (Entry::Marked(Marker::Confidential), Entry::Shown(100))
            ]
        );
    }
    let exact = protect(&results, &Profile::named(ProfileName::None));
    assert_eq!(exact.attrition[1].records_out, Entry::Shown(3));
    assert!(exact.not_for_release);
}

proptest! {
    #[test]
    fn no_released_count_is_small_and_rounded_ones_are_multiples(
        counts in prop::collection::vec((0i64..60, 0i64..60, 0usize..3), 1..40),
        name in prop::sample::select(vec![
            ProfileName::Hes7, ProfileName::Cld5, ProfileName::Hes5Old, ProfileName::Cld5Round,
        ]),
    ) {
        let figures: Vec<Figure> = counts.iter().enumerate().map(|(number, &(n, more, kind))| {
            let value = [Value::Count, Value::Percent(1), Value::Statistic(4.5)][kind];
            let denominator = (kind > 0).then_some(n + more);
            Figure { area: la(&format!("L{}", number / 4)), stratum: format!("age_band={}", number % 4),
                ..figure("activity", n, denominator, value) }
        }).collect();
        let released = control(figures.clone(), name);
        let rules = Profile::named(name).of_measure("activity");
        for (row, exact) in released.iter().zip(&figures) {
            for count in [row.numerator.shown(), row.denominator.shown()].into_iter().flatten() {
                prop_assert!(!rules.is_small(count), "{count}");
                prop_assert_eq!(count % rules.round_to, 0);
            }
            if let (Value::Percent(_), Some(_)) = (exact.value, row.value.shown()) {
                let (n, d) = (exact.numerator.unwrap(), exact.denominator.unwrap());
                prop_assert!(!rules.is_small(n) && !rules.is_small(d) && !rules.is_small(d - n));
            }
            prop_assert_eq!(row.value.shown().is_none(), row.status.is_some());
        }
    }

    #[test]
    fn edges_are_of_enough_people_and_moves_add_up(
        people in prop::collection::vec(1i64..30, 1..9),
    ) {
        let total = people.iter().map(|p| p + 1).sum();
        let all: Vec<Transition> = people.iter().enumerate()
            .map(|(number, &p)| edge("A", &format!("S{number}"), p, total)).collect();
        let rows = edges(all);
        for (_, to, count) in &rows {
            prop_assert!(count.unwrap() >= 8, "{to}");
        }
        prop_assert_eq!(rows.is_empty(), people.iter().sum::<i64>() < 8);
        if people.iter().any(|&p| p < 8) && !rows.is_empty() {
            let shown = rows.iter().filter(|row| row.1 != "OTHER").count();
            prop_assert!(people.len() - shown >= 2 || people.len() == 1);
            prop_assert_eq!(&rows.last().unwrap().1, "OTHER");
        }
    }
}

/// 150 councils by 60 groups, of small and large counts, take seconds at most.
#[test]
fn a_national_table_is_suppressed_in_reasonable_time() {
    let mut figures = Vec::new();
    let mut england = [0; 60];
    for council in 0..150i64 {
        let mut total = 0;
        for group in 0..60i64 {
            let count = (council * 37 + group * 61 + council * group) % 97 / 3;
            england[group as usize] += count;
            total += count;
            figures.push(Figure {
                area: la(&format!("L{council:03}")),
                stratum: format!("age_band={group}"),
                ..figure("activity", count, None, Value::Count)
            });
        }
        figures.push(Figure {
            area: la(&format!("L{council:03}")),
            ..figure("activity", total, None, Value::Count)
        });
    }
    for (group, count) in england.into_iter().enumerate() {
        figures.push(Figure {
            area: Area::england(),
            stratum: format!("age_band={group}"),
            ..figure("activity", count, None, Value::Count)
        });
    }
    let started = std::time::Instant::now();
    let rows = control(figures, ProfileName::Cld5);
    assert!(rows.iter().any(|row| row.value.shown().is_some()));
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
