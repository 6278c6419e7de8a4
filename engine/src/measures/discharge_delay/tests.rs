use super::*;
use crate::figure::Value;
use crate::measures::care_fixture::{With, event, service};
use crate::measures::fixture::{
    ENGLAND, Maker, assert_attrition_adds_up, day, england, figure, merged, period, results,
};
use crate::measures::linked_fixture::{frame, person, stay};
use proptest::prelude::*;
use throughcare_linkage::codes::cld::{ClientType, Component, EventType, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::{Day, OptDay};
use throughcare_linkage::hospital::stay::Spell;

fn june() -> Period {
    period("2024-06-01", "2024-06-30")
}

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[june()]);
    results(DischargeDelay::with_settings(settings, &frame), people, &frame)
}

fn ready(admission: &str, ready: &str, discharge: &str) -> Spell {
    Spell { discharge_ready: Day::parse_iso(ready).into(), ..stay(admission, discharge) }
}

fn someone(spell: Spell) -> Maker {
    person(&[spell], &[], "-")
}

/// The eight spells of the example, one person each.
fn example() -> Vec<Maker> {
    [
        ("2024-06-01", "2024-06-05", "2024-06-05"),
        ("2024-06-01", "2024-06-09", "2024-06-09"),
        ("2024-06-01", "2024-06-04", "2024-06-05"),
        ("2024-06-01", "2024-06-06", "2024-06-10"),
        ("2024-06-01", "2024-06-11", "2024-06-20"),
        ("2024-06-01", "-", "2024-06-07"),
        ("2024-06-05", "2024-06-03", "2024-06-08"),
        ("2024-06-01", "2024-06-09", "2024-06-08"),
    ]
    .map(|(admission, date, discharge)| someone(ready(admission, date, discharge)))
    .into()
}

fn of(results: &Results, part: &str, stratum: &str) -> (Option<i64>, Option<i64>) {
    let figure = figure(results, part, ENGLAND, stratum);
    (figure.numerator, figure.denominator)
}

#[test]
fn m03_worked_example() {
    let results = run(&Settings::default(), &example());
    assert_eq!(england(&results, "completeness"), (Some(5), Some(8)));
    for (status, spells) in
        [("valid", 5), ("missing", 1), ("before_admission", 1), ("after_discharge", 1)]
    {
        let stratum = format!("drd_status={status}");
        assert_eq!(of(&results, "status", &stratum), (Some(spells), Some(8)), "{status}");
    }
    assert_eq!(england(&results, "on_drd"), (Some(2), Some(5)));
    assert_eq!(england(&results, "share_delayed"), (Some(3), Some(5)));
    for (band, spells, days) in
        [("1", 1, 1), ("2-3", 0, 0), ("4-6", 1, 4), ("7-13", 1, 9), ("14-20", 0, 0), ("21+", 0, 0)]
    {
        let stratum = format!("delay_band={band}");
        assert_eq!(of(&results, "band", &stratum), (Some(spells), Some(5)), "{band}");
        let lost = of(&results, "bed_days_lost", &stratum);
        assert_eq!(lost, (Some(days), Some(spells)), "{band}");
    }
    assert_eq!(england(&results, "bed_days_lost"), (Some(14), Some(3)));
    for (part, value) in [("mean_delayed", 14.0 / 3.0), ("mean_all", 2.8), ("median", 1.0)] {
        let figure = figure(&results, part, ENGLAND, "");
        assert_eq!(figure.value, Value::Statistic(value), "{part}");
    }
    assert_eq!(figure(&results, "median", "RZZ", "").denominator, Some(5));
    assert_attrition_adds_up(&results);
    let steps: Vec<_> = results.attrition.iter().filter(|step| step.part.is_empty()).collect();
    assert_eq!(steps.last().map(|step| (step.records_left, step.people_left)), Some((5, Some(5))));
}

#[test]
fn m03_a_blank_date_can_mean_no_delay() {
    let settings: Settings = toml::from_str("blank_means_zero = true").unwrap();
    let results = run(&settings, &example());
    assert_eq!(england(&results, "completeness"), (Some(6), Some(8)));
    assert_eq!(england(&results, "on_drd"), (Some(3), Some(6)));
    assert_eq!(england(&results, "bed_days_lost"), (Some(14), Some(3)));
}

#[test]
fn m03_the_date_may_be_the_day_of_admission_or_of_discharge() {
    let people = [
        someone(ready("2024-06-01", "2024-06-01", "2024-06-03")),
        someone(ready("2024-06-01", "2024-05-31", "2024-06-03")),
        someone(ready("2024-06-01", "2024-06-03", "2024-06-03")),
        someone(ready("2024-06-01", "2024-06-04", "2024-06-03")),
    ];
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "completeness"), (Some(2), Some(4)));
    assert_eq!(england(&results, "bed_days_lost"), (Some(2), Some(1)));
}

#[test]
fn m03_cohort_has_one_night_or_more_and_no_mental_health() {
    let change = |change: fn(&mut Spell)| {
        let mut spell = ready("2024-06-01", "2024-06-03", "2024-06-04");
        change(&mut spell);
        someone(spell)
    };
    let people = [
        change(|_| ()),
        change(|spell| spell.discharge = spell.admission),
        change(|spell| spell.treatment_discharge = Code::new("710")),
        change(|spell| spell.discharge_method = Code::new("4")),
        change(|spell| spell.destination = Code::new("51")), // a transfer counts here
        Maker { unlinkable: true, ..change(|_| ()) },        // and so does a stranger
    ];
    assert_eq!(england(&run(&Settings::default(), &people), "completeness"), (Some(3), Some(3)));
}

#[test]
fn m03_providers_below_the_floor_stand_alone() {
    let at = |provider: u16, spell: Spell| someone(Spell { provider, ..spell });
    let valid = ready("2024-06-01", "2024-06-03", "2024-06-05");
    let missing = Spell { discharge_ready: OptDay::NONE, ..valid };
    // provider 1 (RZZ) 1 of 2, provider 2 (RAA) 3 of 4
    let people =
        [at(1, valid), at(1, missing), at(2, valid), at(2, valid), at(2, valid), at(2, missing)];
    let with = |text: &str| run(&toml::from_str(text).unwrap(), &people);
    assert_eq!(england(&with(""), "completeness"), (Some(4), Some(6)));
    assert_eq!(england(&with("drd_min_completeness = 50"), "completeness"), (Some(4), Some(6)));
    let results = with("drd_min_completeness = 51");
    assert_eq!(england(&results, "completeness"), (Some(3), Some(4)));
    assert_eq!(england(&results, "bed_days_lost"), (Some(6), Some(3)));
    let shown = figure(&results, "completeness", "RZZ", "");
    assert_eq!((shown.numerator, shown.denominator), (Some(1), Some(2)));
    assert_attrition_adds_up(&results);
    let floor = results.attrition.iter().find(|step| step.rule == "M3.6").unwrap();
    assert_eq!((floor.records_out, floor.records_left, floor.people_left), (1, 3, None));
    let all_below = with("drd_min_completeness = 100");
    assert_eq!(england(&all_below, "completeness"), (Some(0), Some(0)));
}

#[test]
fn m03_signed_days_to_the_first_request_assessment_and_service() {
    let spell = ready("2024-06-01", "2024-06-05", "2024-06-10");
    let events = [
        event(EventType::Request, "2024-05-30", "-"), // before the stay
        event(EventType::Request, "2024-06-03", "-"),
        event(EventType::Assessment, "2024-06-05", "-"),
        event(EventType::Assessment, "2024-06-04", "-").client(ClientType::UnpaidCarer),
        service(ServiceType::StMax, "2024-06-12", "-").component(Component::Reablement),
    ];
    let people = [
        person(&[spell], &events, "-"),
        person(&[spell], &[event(EventType::Request, "2024-09-10", "-")], "-"), // day 92
        person(&[spell], &[event(EventType::Request, "2024-09-09", "-")], "-"),
        Maker { unlinkable: true, ..person(&[spell], &events, "-") },
    ];
    let results = run(&Settings::default(), &people);
    let median = |part: &str| {
        let figure = figure(&results, part, ENGLAND, "");
        (figure.value, figure.denominator)
    };
    // -2 and 96 days
    assert_eq!(median("drd_to_request"), (Value::Statistic(47.0), Some(2)));
    assert_eq!(median("drd_to_assessment"), (Value::Statistic(0.0), Some(1)));
    assert_eq!(median("drd_to_service"), (Value::Statistic(7.0), Some(1)));
    assert_eq!(england(&results, "drd_to_request_found"), (Some(2), Some(3)));
    assert_attrition_adds_up(&results);
}

#[test]
fn m03_delay_by_pathway() {
    let spell = ready("2024-06-01", "2024-06-05", "2024-06-10");
    let reablement =
        service(ServiceType::StMax, "2024-06-12", "-").component(Component::Reablement);
    let people = [
        person(&[spell], &[reablement], "-"),
        person(&[ready("2024-06-01", "2024-06-10", "2024-06-10")], &[], "-"),
        Maker { unlinkable: true, ..person(&[spell], &[], "-") },
    ];
    let results = run(&Settings::default(), &people);
    assert_eq!(of(&results, "share_delayed", "pathway=1"), (Some(1), Some(1)));
    assert_eq!(of(&results, "bed_days_lost", "pathway=1"), (Some(5), Some(1)));
    assert_eq!(of(&results, "share_delayed", "pathway=0"), (Some(0), Some(1)));
    assert_eq!(figure(&results, "mean_all", ENGLAND, "pathway=0").value, Value::Statistic(0.0));
}

#[test]
fn days_of_few_people_are_hidden() {
    use crate::disclosure::{Profile as Disclosure, protect};
    // 20 valid dates, two of them delayed by 30 days
    let people: Vec<Maker> = (0..20)
        .map(|n| {
            let date = if n < 2 { "2024-05-05" } else { "2024-06-04" };
            someone(ready("2024-05-01", date, "2024-06-04"))
        })
        .collect();
    let released = protect(&run(&Settings::default(), &people), &Disclosure::default());
    for part in ["bed_days_lost", "mean_all", "mean_delayed", "share_delayed", "on_drd"] {
        let mut shown = released
            .measures
            .iter()
            .filter(|row| row.part == part && row.area.code == ENGLAND && row.stratum.is_empty());
        let row = shown.next().unwrap();
        assert!(row.value.shown().is_none(), "{part}");
    }
}

#[test]
fn settings_are_checked() {
    for text in [
        "bands = [0, 1]",
        "bands = [1, 1]",
        "drd_min_completeness = 101",
        "linked_days = -1",
        "pathway = { post_days = -1 }",
    ] {
        assert!(toml::from_str::<Settings>(text).unwrap().check().is_err(), "{text}");
    }
}

fn any_spell() -> impl Strategy<Value = Spell> {
    (0i32..60, -3i32..63, prop::bool::weighted(0.8), 1u16..3).prop_map(
        |(nights, date, has_date, provider)| {
            let discharge = day("2024-06-20");
            let admission = discharge.plus(-nights);
            let discharge_ready = has_date.then(|| admission.plus(date)).into();
            Spell {
                admission,
                discharge,
                discharge_ready,
                provider,
                ..stay("2024-06-01", "2024-06-20")
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn m03_mean_of_all_is_the_share_of_the_delayed_times_their_mean(
        spells in prop::collection::vec(any_spell(), 1..20),
        zero in any::<bool>(),
    ) {
        let people: Vec<Maker> = spells.iter().map(|&spell| someone(spell)).collect();
        let results = run(&Settings { blank_means_zero: zero, ..Settings::default() }, &people);
        // step by step, spell by spell
        let cohort: Vec<&Spell> = spells.iter().filter(|s| s.admission < s.discharge).collect();
        let delays: Vec<i32> = cohort
            .iter()
            .filter_map(|s| match s.discharge_ready.get() {
                None => zero.then_some(0),
                Some(date) if date < s.admission || date > s.discharge => None,
                Some(date) => Some(s.discharge.0 - date.0),
            })
            .collect();
        let count = |wanted: &dyn Fn(i32) -> bool| {
            delays.iter().filter(|&&delay| wanted(delay)).count() as i64
        };
        let valid = delays.len() as i64;
        prop_assert_eq!(england(&results, "completeness"), (Some(valid), Some(cohort.len() as i64)));
        prop_assert_eq!(england(&results, "on_drd"), (Some(count(&|d| d == 0)), Some(valid)));
        let delayed = count(&|d| d >= 1);
        prop_assert_eq!(england(&results, "share_delayed"), (Some(delayed), Some(valid)));
        for (band, low, high) in [("1", 1, 1), ("2-3", 2, 3), ("4-6", 4, 6), ("21+", 21, 999)] {
            let stratum = format!("delay_band={band}");
            let wanted = count(&|d| (low..=high).contains(&d));
            prop_assert_eq!(of(&results, "band", &stratum), (Some(wanted), Some(valid)));
        }
        let value = |part: &str| match figure(&results, part, ENGLAND, "").value {
            Value::Statistic(value) => Some(value),
            _ => None,
        };
        let total: i32 = delays.iter().sum();
        prop_assert_eq!(england(&results, "bed_days_lost").0, Some(i64::from(total)));
        if let (Some(mean_all), Some(mean_delayed)) = (value("mean_all"), value("mean_delayed")) {
            let share = delayed as f64 / valid as f64;
            prop_assert!((mean_all - share * mean_delayed).abs() < 1e-9);
        } else {
            prop_assert!(delayed == 0);
        }
    }

    #[test]
    fn merged_parts_are_the_whole(
        spells in prop::collection::vec(any_spell(), 0..12),
        cut in 0usize..12,
        floor in prop::option::of(0u8..=100),
    ) {
        let people: Vec<Maker> = spells.iter().map(|&spell| someone(spell)).collect();
        let frame = frame(&[june()]);
        let settings = Settings { drd_min_completeness: floor, ..Settings::default() };
        let make = || DischargeDelay::with_settings(&settings, &frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        let last = whole.attrition.iter().rfind(|step| step.part.is_empty());
        prop_assert_eq!(last.map(|step| step.records_left), england(&whole, "median").1);
    }
}
