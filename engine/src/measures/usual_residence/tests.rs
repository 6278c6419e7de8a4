use super::*;
use crate::measures::fixture::*;
use proptest::prelude::*;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::Spell;
use throughcare_linkage::timeline::state::State;

fn june() -> Period {
    period("2024-06-01", "2024-06-30")
}

fn run(settings: &Settings, people: &[Maker]) -> Results {
    let frame = frame(&[june()], "2024-12-31");
    results(UsualResidence::with_settings(settings, &frame), people, &frame)
}

fn stay(destination: &str) -> Spell {
    Spell { destination: Code::new(destination), ..spell("2024-06-05", "2024-06-10") }
}

/// One person with a stay of 5 to 10 June to this destination, and these states around it.
fn person(destination: &str, before: State, after: State) -> Maker {
    let states =
        [("2024-01-01", before), ("2024-06-05", State::InpatientEmergency), ("2024-06-10", after)];
    Maker { line: line(&states, "2024-12-31"), ..Maker::of_spells(&[stay(destination)]) }
}

/// The ten discharges of the example.
fn example() -> Vec<Maker> {
    let home = |destination| person(destination, State::Home, State::Community);
    let mut people: Vec<Maker> = (0..6).map(|_| home("19")).collect();
    people.extend([
        home("29"),
        person("54", State::Home, State::Residential),
        person("85", State::Residential, State::Residential),
        home("99"),
    ]);
    people
}

#[test]
fn m02_worked_example() {
    let results = run(&Settings::default(), &example());
    let total = figure(&results, "", ENGLAND, "");
    assert_eq!((total.numerator, total.denominator), (Some(6), Some(9)));
    assert_eq!((total.value, total.unit), (Value::Percent(1), Unit::Percent));
    assert!(total.interval.is_some_and(|(lower, upper)| lower < 66.7 && 66.7 < upper));
    for (destination, discharges) in
        [("home", 6), ("temporary", 1), ("care_home", 2), ("hospital", 0), ("unknown", 1)]
    {
        let figure =
            figure(&results, "destination", ENGLAND, &format!("destination={destination}"));
        assert_eq!((figure.numerator, figure.denominator), (Some(discharges), Some(10)));
    }
    assert_attrition_adds_up(&results);
    let mut steps = results.attrition.iter().filter(|step| step.part.is_empty());
    let last = steps.next_back().map(|step| (step.records_left, step.people_left));
    assert_eq!(last, Some((9, Some(9))));
}

#[test]
fn m02_usual_codes_and_the_unknown_are_settings() {
    let settings: Settings = toml::from_str("usual_codes = [\"19\", \"29\"]").unwrap();
    assert_eq!(england(&run(&settings, &example()), ""), (Some(7), Some(9)));
    let settings: Settings = toml::from_str("unknown_in_denominator = true").unwrap();
    assert_eq!(england(&run(&settings, &example()), ""), (Some(6), Some(10)));
}

#[test]
fn m02b_returned_to_where_they_lived() {
    let results = run(&Settings::default(), &example());
    assert_eq!(england(&results, "returned"), (Some(8), Some(9)));
    let settings = Settings { temporary_is_home: false, ..Settings::default() };
    assert_eq!(england(&run(&settings, &example()), "returned"), (Some(7), Some(9)));
    // the diagonal: homes at home, both care homes in residential care
    assert_eq!(england(&results, "destination_agrees"), (Some(9), Some(9)));
    let cross = |stratum| figure(&results, "destination_dwelling", ENGLAND, stratum).numerator;
    assert_eq!(cross("destination=care_home; dwelling=residential"), Some(2));
    assert_eq!(cross("destination=home; dwelling=own_home"), Some(6));
}

#[test]
fn m02b_a_care_home_resident_coded_19_has_returned_and_disagrees() {
    let people = [person("19", State::Nursing, State::Nursing)];
    let results = run(&Settings::default(), &people);
    assert_eq!(england(&results, "returned"), (Some(1), Some(1)));
    assert_eq!(england(&results, "destination_agrees"), (Some(0), Some(1)));
}

#[test]
fn m02b_looks_up_to_seven_days_beyond_hospital_days() {
    let back_in = |until: &str| {
        let states = [
            ("2024-01-01", State::Residential),
            ("2024-06-05", State::InpatientEmergency),
            (until, State::Residential),
        ];
        let line = line(&states, "2024-12-31");
        run(&Settings::default(), &[Maker { line, ..Maker::of_spells(&[stay("85")]) }])
    };
    assert_eq!(england(&back_in("2024-06-17"), "returned"), (Some(1), Some(1)));
    assert_eq!(england(&back_in("2024-06-18"), "returned"), (Some(0), Some(0)));
}

#[test]
fn m02b_needs_an_observed_linkable_living_person() {
    let dead = person("19", State::Home, State::Dead);
    let unobserved = person("19", State::Unobserved, State::Home);
    let stranger = Maker { unlinkable: true, ..person("19", State::Home, State::Home) };
    let no_line = Maker::of_spells(&[stay("19")]);
    let results = run(&Settings::default(), &[dead, unobserved, stranger, no_line]);
    assert_eq!(england(&results, "returned"), (Some(0), Some(0)));
    assert_eq!(england(&results, ""), (Some(4), Some(4)));
    let steps = results.attrition.iter().rev().filter(|step| step.part == "returned");
    let last: Vec<_> = steps.take(4).map(|step| step.records_out).collect();
    assert_eq!(last, [1, 2, 1, 0], "after, before, linkable, unknown");
    assert_attrition_adds_up(&results);
}

#[test]
fn m02_the_state_before_ignores_hospital() {
    let states = [
        ("2024-01-01", State::Residential),
        ("2024-06-01", State::InpatientElective),
        ("2024-06-10", State::Residential),
    ];
    let line = line(&states, "2024-12-31");
    let people = [Maker { line, ..Maker::of_spells(&[stay("85")]) }];
    assert_eq!(england(&run(&Settings::default(), &people), "returned"), (Some(1), Some(1)));
}

#[test]
fn m02b_looks_at_the_day_before_admission_and_from_the_day_of_discharge() {
    let states = [
        ("2024-01-01", State::Home),
        ("2024-06-05", State::Residential),
        ("2024-06-10", State::Nursing),
    ];
    let line = line(&states, "2024-12-31");
    assert_eq!(Dwelling::before(&line, day("2024-06-05")), Some(Dwelling::OwnHome));
    assert_eq!(Dwelling::before(&line, day("2024-06-06")), Some(Dwelling::Residential));
    assert_eq!(Dwelling::before(&line, day("2024-01-01")), None);
    assert_eq!(Dwelling::after(&line, day("2024-06-09"), 7), Some(Dwelling::Residential));
    assert_eq!(Dwelling::after(&line, day("2024-06-10"), 7), Some(Dwelling::Nursing));
    assert_eq!(Dwelling::after(&line, day("2024-12-31"), 7), None);
}

#[test]
fn m02_destinations_fall_into_their_groups() {
    let group = |code: &str| DestinationGroup::of(Code::new(code)).name();
    for (codes, wanted) in [
        (&["19", "66"][..], "home"),
        (&["29"], "temporary"),
        (&["54", "55", "56", "65", "85"], "care_home"),
        (&["88"], "hospice"),
        (&["37", "38", "39", "40", "42"], "custody"),
        (&["48", "49", "50", "51", "52", "53", "84", "87"], "hospital"),
        (&["79"], "death"),
        (&["30", "89"], "other"),
        (&["98", "99", "DK", "", "77"], "unknown"),
    ] {
        for code in codes {
            assert_eq!(group(code), wanted, "{code}");
        }
    }
}

#[test]
fn outcomes_survive_packing() {
    for group in DestinationGroup::ALL {
        for dwelling in Dwelling::ALL {
            for flag in [false, true] {
                for after in [None, Some((dwelling, flag))] {
                    let outcome = Outcome { group, usual: flag, after };
                    assert_eq!(Outcome::unpack(outcome.pack()), outcome);
                }
            }
        }
    }
}

fn anyone() -> impl Strategy<Value = Maker> {
    let codes = ["19", "29", "54", "85", "99", "", "51", "79", "37"];
    let states =
        [State::Home, State::Residential, State::Nursing, State::ShortTermBed, State::Dead];
    let who = (
        prop::sample::select(codes.to_vec()),
        prop::sample::select(states.to_vec()),
        prop::sample::select(states.to_vec()),
    );
    (who, any::<bool>()).prop_map(|((code, before, after), unlinkable)| Maker {
        unlinkable,
        ..person(code, before, after)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn merged_parts_are_the_whole(people in prop::collection::vec(anyone(), 0..12), cut in 0usize..12) {
        let frame = frame(&[june()], "2024-12-31");
        let make = || UsualResidence::new(&frame);
        let whole = results(make(), &people, &frame);
        for parts in merged(make, &people, cut, &frame) {
            prop_assert_eq!(&parts, &whole);
        }
        assert_attrition_adds_up(&whole);
        for part in ["", "returned"] {
            let mut steps = whole.attrition.iter().filter(|step| step.part == part);
            prop_assert_eq!(steps.next_back().map(|step| step.records_left), england(&whole, part).1);
        }
    }
}
