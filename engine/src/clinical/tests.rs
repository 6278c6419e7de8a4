use super::patient::{Given, Patient};
use super::*;
use crate::measures::fixture::day;
use proptest::prelude::*;
use throughcare_linkage::day::{BirthMonth, Day};
use throughcare_linkage::hospital::codes::EpisodeCodes;

fn standard() -> Settings {
    Settings::default()
}

#[test]
fn m19_example_of_frailty() {
    let index: Given<'_> = ("2024-06-10", "2024-06-20", true, &["F059", "N390", "W199"]);
    let earlier: Given<'_> = ("2023-01-05", "2023-01-09", true, &["R296", "N390", "E871"]);
    let outside: Given<'_> = ("2022-05-01", "2022-05-09", true, &["L89"]);
    let mut patient = Patient::of_stays(&[outside, earlier, index]);
    assert_eq!(patient.frailty(&standard(), 2), Some(155));
    assert_eq!(FrailtyBand::of(155), FrailtyBand::High);
    // 2022-06-11 is the first day in
    for (discharge, tenths) in [("2022-06-10", 155), ("2022-06-11", 155 + 17)] {
        let edge = ("2022-05-01", discharge, true, &["L89"][..]);
        let mut patient = Patient::of_stays(&[edge, earlier, index]);
        assert_eq!(patient.frailty(&standard(), 2), Some(tenths), "{discharge}");
    }
}

#[test]
fn m19_the_window_looks_back_from_the_admission_and_never_ahead() {
    let stays: [Given<'_>; 3] = [
        ("2024-01-01", "2024-03-01", true, &["F009"]),
        ("2024-03-01", "2024-03-09", true, &["N390"]),
        ("2024-03-20", "2024-03-29", true, &["G819"]),
    ];
    let mut patient = Patient::of_stays(&stays);
    let tenths = [0, 1, 2].map(|n| patient.frailty(&standard(), n));
    assert_eq!(tenths, [Some(71), Some(71 + 32), Some(71 + 32 + 44)]);
    // a stay inside the index stay has not ended before its admission
    let around: [Given<'_>; 2] = [
        ("2024-03-01", "2024-05-01", true, &["N390"]),
        ("2024-03-10", "2024-03-12", true, &["F009"]),
    ];
    assert_eq!(Patient::of_stays(&around).frailty(&standard(), 1), Some(71));
}

#[test]
fn m19_comorbidity_has_a_window_of_its_own() {
    let stays = |discharge| -> [Given<'static>; 2] {
        [
            ("2022-01-01", discharge, true, &["I500", "F009"]),
            ("2024-06-10", "2024-06-20", true, &["J449"]),
        ]
    };
    let charlson = |discharge, days| {
        let settings = Settings { comorbidity_look_back_days: days, ..standard() };
        Patient::of_stays(&stays(discharge)).scores(&settings, 1)
    };
    // I50 and F00 weigh 2 each, J44 1
    assert_eq!(charlson("2023-06-11", 365).charlson, 5);
    assert_eq!(charlson("2023-06-10", 365).charlson, 1);
    assert_eq!(charlson("2023-06-10", 1_825).charlson, 5);
    let inside = charlson("2023-06-10", 365);
    assert_eq!((inside.frailty_tenths, inside.elixhauser), (Some(71), 3));
    assert_eq!(charlson("2023-06-10", 0).frailty_tenths, Some(71));
}

#[test]
fn m19_frailty_may_look_back_at_emergencies_alone() {
    let stays: [Given<'_>; 2] = [
        ("2024-01-01", "2024-01-05", false, &["F009"]),
        ("2024-06-10", "2024-06-20", false, &["N390"]),
    ];
    let emergencies = Settings { frailty_emergency_only: true, ..standard() };
    // the index stay counts whatever it is
    assert_eq!(Patient::of_stays(&stays).frailty(&emergencies, 1), Some(32));
    assert_eq!(Patient::of_stays(&stays).frailty(&standard(), 1), Some(71 + 32));
    assert_eq!(Patient::of_stays(&stays).scores(&emergencies, 1).charlson, 2);
}

#[test]
fn m19_frailty_is_scored_from_75_and_age_points_from_50() {
    let at = |admission| Patient::of_stays(&[(admission, "2024-12-31", true, &["F009"])]);
    assert_eq!(at("2014-12-31").frailty(&standard(), 0), None);
    assert_eq!(at("2015-01-01").frailty(&standard(), 0), Some(71));
    let from_65 = Settings { frailty_min_age: 65, ..standard() };
    assert_eq!(at("2014-12-31").frailty(&from_65, 0), Some(71));
    let points = Settings { charlson_age_points: true, ..standard() };
    assert_eq!(at("2014-12-31").scores(&points, 0).charlson, 2 + 3);
    let mut ageless = at("2015-01-01");
    ageless.maker.cips[0].birth = BirthMonth::default();
    let scores = ageless.scores(&points, 0);
    assert_eq!((scores.frailty_tenths, scores.charlson), (None, 2));
}

#[test]
fn m19_r69_counts_for_frailty_unless_it_is_left_out() {
    let stays: [Given<'_>; 1] = [("2024-06-10", "2024-06-20", true, &["R69", "N390"])];
    assert_eq!(Patient::of_stays(&stays).frailty(&standard(), 0), Some(45));
    let without = Settings { keep_r69: false, ..standard() };
    assert_eq!(Patient::of_stays(&stays).frailty(&without, 0), Some(32));
}

#[test]
fn m19_a_stay_without_diagnoses_has_no_scores() {
    let stays: [Given<'_>; 3] = [
        ("2024-01-01", "2024-01-05", true, &["F009"]),
        ("2024-06-10", "2024-06-20", true, &[]),
        ("2024-07-10", "2024-07-20", true, &["", "N390"]),
    ];
    let mut patient = Patient::of_stays(&stays);
    assert_eq!(patient.look(&standard(), |clinical, person| clinical.scores(person, 1)), None);
    assert_eq!(patient.frailty(&standard(), 2), Some(71 + 32));
    assert_eq!(patient.look(&standard(), |clinical, person| clinical.scores(person, 9)), None);
    // a run that keeps no codes knows nothing of anybody
    patient.maker.codes = EpisodeCodes::new();
    let none = patient.maker.with(|person| Clinical::default().scores(person, 0));
    assert_eq!(none, None);
}

#[test]
fn i_diagnoses_of_a_stay_are_those_of_all_its_spells() {
    let mut patient = Patient::new();
    patient.spell(("2024-06-01", "2024-06-05", true, &["J440", "N390"]), &[], "", false);
    patient.spell(("2024-06-05", "2024-06-20", true, &["I500", "E112"]), &["K401"], "", true);
    let scores = patient.scores(&standard(), 0);
    // J44 1, I50 2, E112 1; N39 32 tenths
    assert_eq!((scores.charlson, scores.frailty_tenths), (4, Some(32)));
    // the primary is the first spell's, or the last one's where the settings say so
    assert_eq!(patient.condition(&standard()), Some("chronic obstructive pulmonary disease"));
    let last = Settings { primary: PrimaryOf::Last, ..standard() };
    // the operation on the heart rules out the condition that the last spell would give
    assert_eq!(patient.condition(&last), Some("diabetes complications"));
}

#[test]
fn i_the_primary_is_that_of_the_dominant_episode_where_a_file_says_it() {
    let mut patient = Patient::new();
    patient.spell(("2024-06-01", "2024-06-05", true, &["R074", "J459"]), &[], "J459", false);
    assert_eq!(patient.condition(&standard()), Some("asthma"));
    let mut patient = Patient::new();
    patient.spell(("2024-06-01", "2024-06-05", true, &["R074", "J459"]), &[], "", false);
    assert_eq!(patient.condition(&standard()), None);
    // a missing primary is not replaced by a secondary one
    let mut patient = Patient::of_stays(&[("2024-06-01", "2024-06-05", true, &["", "J459"])]);
    assert_eq!(patient.condition(&standard()), None);
}

#[test]
fn m18_only_emergencies_count_and_all_conditions_on_request() {
    let stay: Given<'_> = ("2024-06-01", "2024-06-05", true, &["J440", "E112", "J13"]);
    let names = |patient: &mut Patient, acsc| {
        let settings = Settings { acsc, ..standard() };
        patient.look(&settings, |clinical, person| {
            clinical.acsc_conditions(person, 0).map(|one| one.group).collect::<Vec<_>>()
        })
    };
    assert_eq!(names(&mut Patient::of_stays(&[stay]), Conditions::First), ["chronic"]);
    assert_eq!(
        names(&mut Patient::of_stays(&[stay]), Conditions::All),
        ["chronic", "chronic", "vaccine"]
    );
    let planned = (stay.0, stay.1, false, stay.3);
    assert!(names(&mut Patient::of_stays(&[planned]), Conditions::All).is_empty());
}

#[test]
fn m13_falls_are_emergencies() {
    for (emergency, wanted) in [(true, true), (false, false)] {
        let stays = [("2024-06-01", "2024-06-05", emergency, &["S720", "W190"][..])];
        let found = Patient::of_stays(&stays)
            .look(&standard(), |clinical, person| clinical.is_fall(person, 0));
        assert_eq!(found, wanted);
    }
}

proptest! {
    /// The slow reading: every stay in the window, every code, as texts.
    #[test]
    fn m19_the_window_is_that_of_the_rule_read_slowly(
        stays in prop::collection::vec(
            (0i32..900, 0i32..30, any::<bool>(), prop::collection::vec(0usize..6, 0..5)),
            1..7,
        ),
        look_back in 0i32..800,
        emergency_only in any::<bool>(),
    ) {
        const CODES: [(&str, i32); 6] =
            [("F009", 71), ("N390", 32), ("N399", 32), ("W199", 32), ("A000", 0), ("R69", 13)];
        let start = day("2022-01-01");
        let mut stays = stays;
        stays.sort();
        let dates: Vec<(String, String)> = stays
            .iter()
            .map(|stay| {
                let admission: Day = start.plus(stay.0);
                (admission.to_string(), admission.plus(stay.1).to_string())
            })
            .collect();
        let texts: Vec<Vec<&str>> =
            stays.iter().map(|stay| stay.3.iter().map(|&n| CODES[n].0).collect()).collect();
        let given: Vec<Given<'_>> = stays
            .iter()
            .enumerate()
            .map(|(n, stay)| (&*dates[n].0, &*dates[n].1, stay.2, &*texts[n]))
            .collect();
        let settings = Settings {
            frailty_look_back_days: look_back,
            frailty_emergency_only: emergency_only,
            ..standard()
        };
        let index = stays.len() - 1;
        let mut patient = Patient::of_stays(&given);
        let found = patient.look(&settings, |clinical, person| clinical.scores(person, index));
        let admission = stays[index].0;
        let mut codes = Vec::new();
        for (n, stay) in stays.iter().enumerate() {
            let end = stay.0 + stay.1;
            let before = admission - look_back <= end && end <= admission;
            if n == index || (before && (stay.2 || !emergency_only)) {
                codes.extend(stay.3.iter().map(|&n| (&CODES[n].0[..3], CODES[n].1)));
            }
        }
        codes.sort_unstable();
        codes.dedup();
        let wanted = codes.iter().map(|code| code.1).sum::<i32>();
        let recorded = !stays[index].3.is_empty();
        prop_assert_eq!(found.and_then(|scores| scores.frailty_tenths), recorded.then_some(wanted));
    }
}
