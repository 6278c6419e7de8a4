use super::*;
use crate::measures::fixture::*;
use proptest::prelude::*;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::{Cips, EndKind};

fn march() -> Period {
    period("2024-03-01", "2024-03-31")
}

/// The five stays of the example, one person each.
fn example() -> Vec<Maker> {
    [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01", "2024-03-04"),
        ("2024-02-25", "2024-03-10"),
        ("2024-02-10", "2024-03-20"),
        ("2024-03-05", "2024-03-12"),
    ]
    .map(|(admission, discharge)| Maker::of_cips(&[cips(admission, discharge)]))
    .into()
}

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[march()], "2024-06-30");
    results(Los::with_settings(settings, &frame), people, &frame)
}

#[test]
fn m01_worked_example() {
    let results = run(&Settings::default(), &example());
    assert_eq!(england(&results, "discharges"), (Some(5), None));
    assert_eq!(england(&results, "nights"), (Some(63), Some(5)));
    for (part, value) in
        [("mean", 12.6), ("median", 7.0), ("p25", 3.0), ("p75", 14.0), ("p90", 29.0)]
    {
        let figure = figure(&results, part, ENGLAND, "");
        assert_eq!(
            (figure.value, figure.denominator),
            (Value::Statistic(value), Some(5)),
            "{part}"
        );
    }
    assert_eq!(england(&results, "stranded_7"), (Some(3), Some(5)));
    assert_eq!(england(&results, "stranded_14"), (Some(2), Some(5)));
    assert_eq!(england(&results, "stranded_21"), (Some(1), Some(5)));
    assert_eq!(figure(&results, "stranded_7", ENGLAND, "").value, Value::Percent(1));
    for (band, stays) in [("0", 1), ("1", 0), ("2-6", 1), ("7-13", 1), ("14-20", 1), ("21+", 1)] {
        let figure = figure(&results, "band", ENGLAND, &format!("los_band={band}"));
        assert_eq!((figure.numerator, figure.denominator), (Some(stays), Some(5)), "{band}");
    }
    assert_eq!(figure(&results, "median", "202", "age_band=65-74").denominator, Some(5));
    assert_eq!(figure(&results, "band", "RZZ", "sex=Female; los_band=21+").numerator, Some(1));
    assert_attrition_adds_up(&results);
}

#[test]
fn m01_census_counts_beds_and_the_nights_so_far() {
    let census_dates = vec![day("2024-03-06"), day("2024-07-01")];
    let results = run(&Settings { census_dates, ..Settings::default() }, &example());
    let on = |date: &str, part: &str| {
        let at = day(date);
        let found = results.measures.iter().find(|figure| {
            figure.period.start == at && figure.part == part && figure.stratum.is_empty()
        });
        found.and_then(|figure| figure.numerator)
    };
    for (part, beds) in [("census_beds", 3), ("census_7", 2), ("census_14", 1), ("census_21", 1)] {
        assert_eq!(on("2024-03-06", part), Some(beds), "{part}");
        assert_eq!(on("2024-03-31", part), Some(0), "{part}");
    }
    // hospital data end before that day: not available, which is not zero
    let late = results.measures.iter().find(|figure| figure.period.start == day("2024-07-01"));
    assert_eq!(
        late.map(|figure| (figure.value, figure.numerator)),
        Some((Value::Unavailable, None))
    );
}

#[test]
fn m01_the_census_is_at_month_ends_by_default() {
    let frame = frame(&[period("2024-02-15", "2024-05-15")], "2024-06-30");
    let stay = cips("2024-02-29", "2024-04-30");
    let beds = |settings: &Settings| -> Vec<(String, Option<i64>)> {
        let people = [Maker::of_cips(&[stay])];
        let results = results(Los::with_settings(settings, &frame), &people, &frame);
        assert_attrition_adds_up(&results);
        let total = |figure: &&Figure| {
            figure.part == "census_beds" && figure.area.code == ENGLAND && figure.stratum.is_empty()
        };
        let found = results.measures.iter().filter(total);
        found.map(|figure| (figure.period.start.to_string(), figure.numerator)).collect()
    };
    let wanted = [
        ("2024-02-29", Some(1)),
        ("2024-03-31", Some(1)),
        ("2024-04-30", Some(0)),
        ("2024-05-15", Some(0)),
    ];
    let wanted: Vec<_> = wanted.map(|(day, beds)| (day.to_owned(), beds)).into();
    assert_eq!(beds(&Settings::default()), wanted);
    let settings = Settings { census_month_ends: false, ..Settings::default() };
    assert_eq!(beds(&settings), wanted[3..]);
    // breakdowns only on the days that are asked for
    let results = results(Los::new(&frame), &[Maker::of_cips(&[stay])], &frame);
    let by_sex = |date: &str| {
        let of_day = |figure: &&Figure| {
            figure.period.start == day(date) && figure.stratum.starts_with("sex=")
        };
        results.measures.iter().filter(of_day).count()
    };
    assert_eq!(by_sex("2024-03-31"), 0);
}

#[test]
fn j_emergency_admissions_are_split_into_none_and_some_nights() {
    let stays = [
        cips("2024-03-01", "2024-03-01"),
        cips("2024-03-05", "2024-03-06"),
        Cips { discharge_method: Code::new("4"), ..cips("2024-03-10", "2024-03-12") },
        // still in hospital; admitted before the period; a day case by an emergency method; planned
        Cips { end_kind: EndKind::Censored, ..cips("2024-03-30", "2024-06-30") },
        cips("2024-02-20", "2024-03-20"),
        Cips { day_case: true, ..cips("2024-03-15", "2024-03-15") },
        planned("2024-03-16", "2024-03-18"),
    ];
    let nobody = Maker { nobody: true, ..Maker::of_cips(&stays) };
    let results = run(&Settings::default(), &[Maker::of_cips(&stays), nobody]);
    let of = |stratum: &str| figure(&results, "emergency_admissions", ENGLAND, stratum).numerator;
    assert_eq!((of("nights=0"), of("nights=1+")), (Some(1), Some(3)));
    assert_eq!(of("sex=Female; nights=1+"), Some(3));
}

#[test]
fn m01_census_has_no_bed_for_the_day_of_discharge() {
    let beds = |discharge: &str| {
        let people = [Maker::of_cips(&[cips("2024-03-31", discharge)])];
        england(&run(&Settings::default(), &people), "census_beds").0
    };
    assert_eq!(beds("2024-03-31"), Some(0));
    assert_eq!(beds("2024-04-01"), Some(1));
}

#[test]
fn m01_census_sees_unfinished_stays_and_discharges_do_not() {
    let open = Cips { end_kind: EndKind::Censored, ..cips("2024-03-20", "2024-06-30") };
    let died = Cips { discharge_method: Code::new("4"), ..cips("2024-03-30", "2024-04-02") };
    let results = run(&Settings::default(), &[Maker::of_cips(&[open]), Maker::of_cips(&[died])]);
    assert_eq!(england(&results, "census_beds"), (Some(2), None));
    assert_eq!(england(&results, "census_7"), (Some(1), None));
    assert_eq!(england(&results, "discharges"), (Some(0), None));
    assert_eq!(figure(&results, "median", ENGLAND, "").value, Value::Unavailable);
    assert_eq!(figure(&results, "stranded_7", ENGLAND, "").value, Value::Unavailable);
}

#[test]
fn j_day_cases_regular_attenders_and_class_5_are_out_by_default() {
    let of_class = |class: &str| {
        let class_code = Code::new(class);
        let stay = planned("2024-03-05", "2024-03-05");
        Maker::of_cips(&[Cips { class: class_code, day_case: class == "2", ..stay }])
    };
    let people = ["1", "2", "3", "4", "5"].map(of_class);
    let discharges = |settings: &Settings| england(&run(settings, &people), "discharges").0;
    assert_eq!(discharges(&Settings::default()), Some(1));
    let cohort = CohortSettings { exclude_day_cases: Some(false), ..CohortSettings::default() };
    assert_eq!(discharges(&Settings { cohort, ..Settings::default() }), Some(2));
}

#[test]
fn m01_the_cap_spares_mental_health_unless_told_otherwise() {
    let long = cips("2021-03-01", "2024-03-10");
    let people = [
        Maker::of_cips(&[long]),
        Maker::of_cips(&[Cips { treatment_discharge: Code::new("710"), ..long }]),
        Maker::of_cips(&[cips("2022-03-11", "2024-03-10")]), // 730 nights exactly
    ];
    let settings = Settings { cap_nights: Some(730), ..Settings::default() };
    let results = run(&settings, &people);
    assert_eq!(england(&results, "discharges").0, Some(2));
    assert_eq!(results.attrition.iter().filter(|step| step.records_out == 1).count(), 1);
    let settings = Settings { cap_mental_health: true, ..settings };
    assert_eq!(england(&run(&settings, &people), "discharges").0, Some(1));
}

#[test]
fn m01_bands_and_periods_are_settings_in_toml() {
    let text = r#"
        periods = [{ start = 2024-03-01, end = 2024-03-31 }]
        bands = [0, 3, 21]
        census_dates = [2024-03-06]
        [cohort]
        unit = "spell"
        min_age = 65
        exclude_destinations = ["79"]
    "#;
    let settings: Settings = toml::from_str(text).unwrap();
    assert_eq!(settings.cohort.resolve(Profile::General).min_age, Some(65));
    let people = [Maker::of_spells(&[spell("2024-03-01", "2024-03-04")])];
    let results = run(&settings, &people);
    assert_eq!(figure(&results, "band", ENGLAND, "los_band=3-20").numerator, Some(1));
    assert!(toml::from_str::<Settings>("band = [1]").is_err());
    assert!(toml::from_str::<Settings>("cohort = { min_agee = 1 }").is_err());
}

#[test]
fn x22_records_without_a_person_are_left_out_and_counted() {
    let stay = cips("2024-03-01", "2024-03-04");
    let nobody = Maker { nobody: true, ..Maker::of_cips(&[stay, stay]) };
    let stranger = Maker { unlinkable: true, ..Maker::of_cips(&[stay]) };
    let results = run(&Settings::default(), &[nobody, stranger, Maker::of_cips(&[stay])]);
    assert_eq!(england(&results, "discharges").0, Some(1));
    let out = |rule: &str| {
        let mut steps = results.attrition.iter();
        steps.find(|step| step.rule == rule).map(|step| (step.records_out, step.people_left))
    };
    assert_eq!(results.attrition[0].records_left, 4);
    assert_eq!(results.attrition[0].people_left, Some(2));
    assert_eq!(out("X-22"), Some((2, Some(2))));
    assert_eq!(out("M0.3"), Some((1, Some(1))));
    assert_attrition_adds_up(&results);
}

#[test]
fn settings_that_contradict_themselves_are_refused() {
    let check = |text: &str| toml::from_str::<Settings>(text).map(|settings| settings.check());
    assert_eq!(check(""), Ok(Ok(())));
    for text in ["bands = [1, 2]", "bands = [0, 7, 7]", "stranded = [0]", "cap_nights = -1"] {
        assert!(matches!(check(text), Ok(Err(_))), "{text}");
    }
}

#[test]
fn x23_a_census_outside_the_hospital_data_is_not_available() {
    let value = |sus_start: &str, sus_end: &str| {
        let frame = Frame { sus_start: day(sus_start), ..frame(&[march()], sus_end) };
        let results = results(Los::new(&frame), &example(), &frame);
        figure(&results, "census_beds", ENGLAND, "").value
    };
    assert_eq!(value("2024-03-31", "2024-04-01"), Value::Count);
    assert_eq!(value("2024-04-01", "2024-06-30"), Value::Unavailable);
    assert_eq!(value("2024-01-01", "2024-03-31"), Value::Unavailable);
}

fn anyone() -> impl Strategy<Value = Maker> {
    let stay = (0i32..60, 0i32..40, 0usize..8, 0u16..3, 0u16..3);
    prop::collection::vec(stay, 0..4).prop_map(|stays| {
        let mut start = day("2024-02-01");
        let cips = stays.into_iter().map(|(gap, nights, kind, provider, residence)| {
            start = start.plus(gap);
            let discharge = start.plus(nights);
            let mut stay = Cips {
                admission: start,
                discharge,
                provider,
                residence,
                ..cips("2024-03-01", "2024-03-01")
            };
            match kind {
                0 => stay.discharge_method = Code::new("4"),
                1 => stay.class = Code::new("5"),
                2 => stay.end_kind = EndKind::Censored,
                3 => stay.sex = Code::NONE,
                _ => {}
            }
            start = discharge;
            stay
        });
        Maker { cips: cips.collect(), ..Maker::default() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn merged_parts_are_the_whole(people in prop::collection::vec(anyone(), 0..12), cut in 0usize..12) {
        let frame = frame(&[march(), period("2024-04-01", "2024-04-30")], "2024-06-30");
        let make = || Los::new(&frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        let stays: usize = people.iter().map(|person| person.cips.len()).sum();
        prop_assert_eq!(whole.attrition[0].records_left, stays as i64);
    }

    #[test]
    fn strata_add_up_to_the_total(people in prop::collection::vec(anyone(), 0..12)) {
        let whole = run(&Settings::default(), &people);
        let sum = |part: &str, key: &str| -> i64 {
            let rows = whole.measures.iter().filter(|figure| {
                figure.part == part && figure.area.code == ENGLAND && figure.stratum.starts_with(key)
            });
            rows.filter_map(|figure| figure.numerator).sum()
        };
        let (discharges, _) = england(&whole, "discharges");
        prop_assert_eq!(Some(sum("discharges", "sex=")), discharges);
        prop_assert_eq!(Some(sum("discharges", "age_band=")), discharges);
        prop_assert_eq!(Some(sum("band", "los_band=")), discharges);
    }
}
