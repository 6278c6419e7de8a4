use super::*;
use crate::measures::fixture::{Maker, cips, day, line, planned};
use proptest::prelude::*;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::Cips;
use throughcare_linkage::timeline::state::{ActiveStates, Line};

fn year() -> Period {
    Period { start: day("2024-04-01"), end: day("2025-03-31") }
}

fn of(settings: &PathwaySettings, people: &[Maker]) -> Vec<Pathway> {
    let mut pathways =
        Pathways::new(settings, &TimelineSettings::default(), &[year()], &LookUps::default());
    people.iter().for_each(|person| person.with(|person| pathways.add(person)));
    let mut results = Results::default();
    pathways.finish(&mut results);
    results.pathways
}

fn paths(settings: &PathwaySettings, people: &[Maker]) -> Vec<(String, i64)> {
    of(settings, people).into_iter().map(|row| (row.path, row.people)).collect()
}

fn anchored(anchor: Anchor) -> PathwaySettings {
    PathwaySettings { anchors: vec![anchor], ..PathwaySettings::default() }
}

/// Persons A, B and C of M11.
fn m11() -> Vec<Maker> {
    use State::{
        Community, Home, InpatientElective, InpatientEmergency, Nursing, Residential, StMax,
    };
    let died = |cips: Cips| Cips { discharge_method: Code::new("4"), died: true, ..cips };
    let dead = |line: Line, on: &str| Line { death: day(on).into(), ..line };
    vec![
        Maker {
            cips: vec![cips("2024-06-10", "2024-06-20"), cips("2024-12-01", "2024-12-15")],
            line: line(
                &[
                    ("2024-04-01", Community),
                    ("2024-06-10", InpatientEmergency),
                    ("2024-06-20", Community),
                    ("2024-10-01", Nursing),
                    ("2024-12-01", InpatientEmergency),
                    ("2024-12-15", Nursing),
                ],
                "2025-04-01",
            ),
            ..Maker::default()
        },
        Maker {
            cips: vec![planned("2024-07-01", "2024-07-04"), died(cips("2024-11-01", "2024-11-20"))],
            line: dead(
                line(
                    &[
                        ("2024-04-01", Home),
                        ("2024-07-01", InpatientElective),
                        ("2024-07-04", StMax),
                        ("2024-08-15", Home),
                        ("2024-11-01", InpatientEmergency),
                    ],
                    "2024-11-20",
                ),
                "2024-11-20",
            ),
            ..Maker::default()
        },
        Maker {
            cips: vec![cips("2024-05-01", "2024-05-02")],
            line: dead(
                line(
                    &[
                        ("2024-04-01", Residential),
                        ("2024-05-01", InpatientEmergency),
                        ("2024-05-02", Residential),
                    ],
                    "2025-01-10",
                ),
                "2025-01-10",
            ),
            ..Maker::default()
        },
    ]
}

#[test]
fn m17_example_after_the_first_emergency_discharge() {
    let found = of(&anchored(Anchor::EmergencyDischarge), &m11());
    let rows: Vec<_> =
        found.iter().map(|row| (&*row.path, row.people, row.of, row.median_days)).collect();
    assert_eq!(rows, [("COMM>END", 1, 2, Some(91.0)), ("RES>END", 1, 2, Some(91.0))]);
}

#[test]
fn m17_after_any_discharge_after_admission_and_before_death() {
    let after = |anchor| paths(&anchored(anchor), &m11());
    let rows = |texts: &[&str]| texts.iter().map(|t| ((*t).to_owned(), 1)).collect::<Vec<_>>();
    assert_eq!(after(Anchor::Discharge), rows(&["COMM>END", "RES>END", "STMAX>HOME>END"]));
    assert_eq!(
        after(Anchor::Admission),
        rows(&["IP_EL>STMAX>HOME>END", "IP_EM>COMM>END", "IP_EM>RES>END"])
    );
    // the 91 days before 20 November begin on 21 August, those before 10 January on 11 October
    assert_eq!(after(Anchor::BeforeDeath), rows(&["HOME>IP_EM>DEAD", "RES>DEAD"]));
    assert_eq!(
        after(Anchor::Period),
        rows(&[
            "COMM>IP_EM>COMM>NURS>IP_EM>NURS>END",
            "HOME>IP_EL>STMAX>HOME>IP_EM>DEAD",
            "RES>IP_EM>RES>DEAD",
        ])
    );
    assert!(after(Anchor::FirstContact).is_empty());
}

fn after_discharge(states: &[(&str, State)], end: &str) -> Maker {
    Maker {
        cips: vec![cips("2024-05-01", "2024-05-11")],
        line: line(states, end),
        ..Maker::default()
    }
}

#[test]
fn m17_who_is_not_observed_to_the_end_is_lost() {
    let home = [("2024-05-11", State::Home)];
    // the window of 91 days from 11 May ends before 10 August
    let ends = |end: &str| paths(&anchored(Anchor::Discharge), &[after_discharge(&home, end)]);
    assert_eq!(ends("2024-08-10"), [("HOME>END".to_owned(), 1)]);
    assert_eq!(ends("2024-08-09"), [("HOME>LOST".to_owned(), 1)]);
    let gap = [
        ("2024-05-11", State::Home),
        ("2024-06-01", State::Unobserved),
        ("2024-07-01", State::Community),
    ];
    let found = of(&anchored(Anchor::Discharge), &[after_discharge(&gap, "2025-04-01")]);
    assert_eq!((&*found[0].path, found[0].median_days), ("HOME>LOST", Some(21.0)));
}

#[test]
fn m17_long_pathways_are_cut_and_short_states_left_out() {
    let states = [
        ("2024-05-11", State::Home),
        ("2024-05-20", State::InpatientEmergency),
        ("2024-05-22", State::Home),
        ("2024-06-01", State::InpatientEmergency),
        ("2024-06-10", State::Community),
    ];
    let person = [after_discharge(&states, "2025-04-01")];
    let with = |settings: PathwaySettings| paths(&settings, &person)[0].0.clone();
    let base = anchored(Anchor::Discharge);
    assert_eq!(with(base.clone()), "HOME>IP_EM>HOME>IP_EM>COMM>END");
    assert_eq!(
        with(PathwaySettings { max_path_length: 5, ..base.clone() }),
        "HOME>IP_EM>HOME>IP_EM>COMM>END"
    );
    assert_eq!(with(PathwaySettings { max_path_length: 3, ..base.clone() }), "HOME>IP_EM>HOME>…");
    // the stay of two days is left out, and home on both sides of it is one
    assert_eq!(
        with(PathwaySettings { min_era_duration: 3, ..base.clone() }),
        "HOME>IP_EM>COMM>END"
    );
    assert_eq!(with(PathwaySettings { compress_loops: true, ..base }), "(HOME>IP_EM)×2>COMM>END");
    assert_eq!(compressed("A>B>A>B>A>B>C>C"), "(A>B)×3>C>C");
    assert_eq!(compressed("A>B>C>A>B>C>A>B>A>B"), "(A>B>C)×2>(A>B)×2");
    assert_eq!(compressed("A>B>A"), "A>B>A");
}

#[test]
fn settings_that_leave_nothing_are_refused() {
    assert!(PathwaySettings::default().check().is_ok());
    assert!(PathwaySettings { window_days: 0, ..PathwaySettings::default() }.check().is_err());
    assert!(PathwaySettings { max_path_length: 0, ..PathwaySettings::default() }.check().is_err());
    for text in [
        "step_days = 0",
        "era_collapse_size = -1",
        "combination_window = 0",
        "by = ['provider']",
        "clusters = { number = 1 }",
        "clusters = { most = 1 }",
        "clusters = { samples = 0 }",
    ] {
        let settings: PathwaySettings = toml::from_str(text).unwrap();
        assert!(settings.check().is_err(), "{text}");
    }
    for name in ["dischargee", "DEAD"] {
        assert!(Anchor::from(name.to_owned()).unknown().unwrap().contains(name));
    }
    let entry: PathwaySettings = toml::from_str("anchors = ['STMAX', 'period']").unwrap();
    assert_eq!(entry.anchors, [Anchor::Entry(State::StMax), Anchor::Period]);
    let text = toml::to_string(&entry).unwrap();
    assert_eq!(toml::from_str::<PathwaySettings>(&text).unwrap(), entry);
}

/// The same person, with the states that are active in the days after the discharge.
fn with_masks(states: &[(&str, State)], masks: &[(&str, &[State])], end: &str) -> Maker {
    let mut person = after_discharge(states, end);
    let ends = masks.iter().skip(1).map(|(start, _)| day(start)).chain([day(end)]);
    person.line.masks = masks
        .iter()
        .zip(ends)
        .map(|((start, states), end)| ActiveStates {
            start: day(start),
            end,
            mask: states.iter().fold(0, |mask, state| mask | state.bit()),
        })
        .collect();
    person
}

#[test]
fn states_that_run_together_for_long_are_one_combined_state() {
    use State::{Awaiting, Community, Home, StMax};
    let person = [with_masks(
        &[("2024-05-11", StMax), ("2024-06-20", Community), ("2024-08-01", Home)],
        &[
            ("2024-05-11", &[StMax]),
            ("2024-05-20", &[StMax, Community]),
            ("2024-06-10", &[StMax]),
            ("2024-06-13", &[StMax, Community]),
            // a wait in the mask alone makes no combination
            ("2024-06-20", &[Community, Awaiting]),
            ("2024-08-01", &[Home]),
        ],
        "2025-04-01",
    )];
    let base = anchored(Anchor::Discharge);
    let with = |settings: PathwaySettings| paths(&settings, &person)[0].0.clone();
    assert_eq!(with(base.clone()), "STMAX>COMM>HOME>END");
    let combined = PathwaySettings { combination_window: Some(14), ..base.clone() };
    // 21 days together; the second time, 7 days, is too short
    assert_eq!(with(combined.clone()), "STMAX>STMAX+COMM>STMAX>COMM>HOME>END");
    let any = PathwaySettings { combination_window: Some(1), ..base };
    assert_eq!(with(any.clone()), "STMAX>STMAX+COMM>STMAX>STMAX+COMM>COMM>HOME>END");
    // what is left between two combinations, 3 days, is left out; so is what came before, 9 days
    let post = PathwaySettings { min_post_combination_duration: 5, ..any.clone() };
    assert_eq!(with(post), "STMAX>STMAX+COMM>COMM>HOME>END");
    let post = PathwaySettings { min_post_combination_duration: 10, ..any };
    assert_eq!(with(post), "STMAX+COMM>COMM>HOME>END");
}

/// Combinations get their numbers as they are met: merged counts must not mix them up.
#[test]
fn combinations_of_other_people_keep_their_states_when_merged() {
    use State::{Community, Home, Residential, StMax};
    let person = |first: State, days: &str| {
        with_masks(
            &[("2024-05-11", first), (days, Home)],
            &[("2024-05-11", &[first, Community]), (days, &[Home])],
            "2025-04-01",
        )
    };
    let people = [
        person(StMax, "2024-06-01"),
        person(Residential, "2024-06-01"),
        person(Residential, "2024-07-01"),
    ];
    let settings = PathwaySettings { combination_window: Some(7), ..anchored(Anchor::Discharge) };
    let count = |people: &[Maker]| {
        let mut pathways =
            Pathways::new(&settings, &TimelineSettings::default(), &[year()], &LookUps::default());
        people.iter().for_each(|person| person.with(|person| pathways.add(person)));
        pathways
    };
    let finish = |pathways: &Pathways| {
        let mut results = Results::default();
        pathways.finish(&mut results);
        results
    };
    let all = finish(&count(&people));
    let found: Vec<_> = all.pathways.iter().map(|row| (&*row.path, row.people)).collect();
    assert_eq!(found, [("RES+COMM>HOME>END", 2), ("STMAX+COMM>HOME>END", 1)]);
    for cut in 0..=people.len() {
        let mut merged = count(&people[cut..]);
        merged.merge(&count(&people[..cut]));
        assert_eq!(finish(&merged), all);
    }
}

#[test]
fn eras_collapse_and_filters_choose_which_visits_are_steps() {
    let states = [
        ("2024-05-11", State::Home),
        ("2024-05-20", State::InpatientEmergency),
        ("2024-05-23", State::Home),
        ("2024-06-01", State::InpatientEmergency),
        ("2024-06-10", State::Home),
    ];
    let person = [after_discharge(&states, "2025-04-01")];
    let base = anchored(Anchor::Discharge);
    let with = |settings: PathwaySettings| paths(&settings, &person)[0].0.clone();
    let collapse = |days| PathwaySettings { era_collapse_size: days, ..base.clone() };
    assert_eq!(with(collapse(2)), "HOME>IP_EM>HOME>IP_EM>HOME>END");
    // the first stay, 3 days, was an interruption; the second, 9 days, was none
    assert_eq!(with(collapse(3)), "HOME>IP_EM>HOME>END");
    assert_eq!(with(collapse(9)), "HOME>END");
    let filter = |filter_treatments| PathwaySettings { filter_treatments, ..base.clone() };
    assert_eq!(with(filter(FilterTreatments::First)), "HOME>IP_EM>END");
    assert_eq!(with(filter(FilterTreatments::All)), "HOME>IP_EM>HOME>IP_EM>HOME>END");
    let short = |settings| with(PathwaySettings { min_era_duration: 4, ..settings });
    assert_eq!(short(filter(FilterTreatments::All)), "HOME>HOME>IP_EM>HOME>END");
    assert_eq!(short(filter(FilterTreatments::Changes)), "HOME>IP_EM>HOME>END");
}

#[test]
fn who_reaches_a_state_by_step_by_day_and_after_how_long() {
    let home = [("2024-05-11", State::Home), ("2024-05-21", State::Residential)];
    let back = [
        ("2024-05-11", State::Residential),
        ("2024-05-12", State::InpatientEmergency),
        ("2024-05-13", State::Residential),
    ];
    let mut died = after_discharge(&[("2024-05-11", State::Home)], "2024-05-18");
    died.line.death = day("2024-05-18").into();
    let people = [after_discharge(&home, "2025-04-01"), after_discharge(&back, "2025-04-01"), died];
    let settings = anchored(Anchor::Discharge);
    let mut pathways =
        Pathways::new(&settings, &TimelineSettings::default(), &[year()], &LookUps::default());
    people.iter().for_each(|person| person.with(|person| pathways.add(person)));
    let mut results = Results::default();
    pathways.finish(&mut results);
    let journeys = &results.journeys[0];
    assert_eq!(journeys.people, 3);
    let found: Vec<_> = journeys
        .reached
        .iter()
        .map(|s| (&*s.state, s.people, s.by_step[..3].to_vec(), s.median_days))
        .collect();
    assert_eq!(
        found,
        [
            ("HOME", 2, vec![2, 2, 2], Some(0.0)),
            ("RES", 2, vec![1, 2, 2], Some(5.0)),
            ("DEAD", 1, vec![0, 1, 1], Some(7.0)),
            ("IP_EM", 1, vec![0, 1, 1], Some(1.0)),
        ]
    );
    let days = &journeys.reached[1].by_day;
    assert_eq!(days[..4], [(0, 1), (7, 1), (14, 2), (28, 2)]);
    // weeks: home and then a care home; a care home throughout; home, then dead on day 7
    let names = |states: &[u8]| -> Vec<&str> {
        states[..3].iter().map(|&s| journeys.states[usize::from(s)].as_str()).collect()
    };
    let mut weeks: Vec<_> =
        journeys.sequences.iter().map(|(states, people)| (names(states), *people)).collect();
    weeks.sort();
    assert_eq!(
        weeks,
        [
            (vec!["HOME", "DEAD", "DEAD"], 1),
            (vec!["HOME", "HOME", "RES"], 1),
            (vec!["RES", "RES", "RES"], 1),
        ]
    );
    assert!(journeys.sequences.iter().all(|(states, _)| states.len() == 13));
}

#[test]
fn pathways_are_broken_down_at_the_anchor_and_begin_with_any_state() {
    let settings = PathwaySettings {
        anchors: vec![Anchor::Entry(State::Nursing)],
        by: vec!["sex".into()],
        ..PathwaySettings::default()
    };
    let found = of(&settings, &m11());
    let rows: Vec<_> = found.iter().map(|row| (&*row.stratum, &*row.anchor, &*row.path)).collect();
    let path = "NURS>IP_EM>NURS>END";
    assert_eq!(rows, [("", "NURS", path), ("sex=Female", "NURS", path)]);
}

#[test]
fn pathways_of_areas_fill_the_area_and_not_the_stratum() {
    let settings = PathwaySettings {
        by: vec!["la".into(), "region".into(), "ethnicity".into()],
        ..anchored(Anchor::Discharge)
    };
    let found = of(&settings, &m11());
    let of_path = found.iter().filter(|row| row.path == "COMM>END");
    let keys: Vec<_> = of_path.map(|row| (&*row.area_code, &*row.stratum)).collect();
    let wanted = [
        ("E92000001", ""),
        ("E92000001", "ethnicity=Unknown"),
        ("Unknown region", ""),
        ("Unknown", ""),
    ];
    assert_eq!(keys, wanted);
}

const STATES: [State; 4] =
    [State::Home, State::Community, State::InpatientEmergency, State::Unobserved];

proptest! {
    /// Day by day: the states of the days of the window, repeats once.
    #[test]
    fn a_pathway_is_the_states_of_its_days(
        visits in prop::collection::vec((0usize..4, 1i32..40), 1..9),
        before in 0i32..30,
    ) {
        let discharge = day("2024-05-11");
        let mut at = discharge.plus(-before);
        let mut blank = line(&[("2024-05-11", State::Home)], "2024-05-12").visits.remove(0);
        let mut days = Vec::new();
        let mut visits_of_line = Vec::new();
        for &(state, length) in &visits {
            blank.start = at;
            blank.end = at.plus(length);
            blank.state = STATES[state];
            visits_of_line.push(blank);
            for n in 0..length {
                days.push((at.plus(n), STATES[state]));
            }
            at = at.plus(length);
        }
        let person = Maker {
            cips: vec![cips("2024-05-01", "2024-05-11")],
            line: Line { visits: visits_of_line, ..Line::default() },
            ..Maker::default()
        };
        let mut wanted: Vec<&str> = Vec::new();
        let mut last = "END";
        for n in 0..91 {
            match days.iter().find(|(on, _)| *on == discharge.plus(n)) {
                None | Some((_, State::Unobserved)) => {
                    last = "LOST";
                    break;
                }
                Some((_, state)) if wanted.last() != Some(&state.code()) => wanted.push(state.code()),
                _ => {}
            }
        }
        wanted.push(last);
        prop_assert_eq!(&paths(&anchored(Anchor::Discharge), &[person])[0].0, &wanted.join(">"));
    }

    #[test]
    fn merged_pathways_are_those_of_all(picks in prop::collection::vec(0usize..3, 0..12), cut in 0usize..12) {
        let people: Vec<Maker> = picks.iter().map(|&n| m11()[n].clone()).collect();
        let settings = PathwaySettings {
            anchors: vec![Anchor::Discharge, Anchor::Period],
            ..PathwaySettings::default()
        };
        let count = |people: &[Maker]| {
            let mut pathways = Pathways::new(&settings, &TimelineSettings::default(), &[year()], &LookUps::default());
            people.iter().for_each(|person| person.with(|person| pathways.add(person)));
            pathways
        };
        let cut = cut.min(people.len());
        let mut merged = count(&people[cut..]);
        merged.merge(&count(&people[..cut]));
        let mut results = Results::default();
        merged.finish(&mut results);
        prop_assert_eq!(results.pathways, of(&settings, &people));
    }
}

#[test]
fn m17_an_activity_of_a_log_is_an_anchor() {
    use crate::activities::Activity;
    use throughcare_linkage::instant::Instant;
    use throughcare_linkage::link::activities::Activity as Number;
    use throughcare_linkage::link::events::PersonEvent;
    let seen = Number { log: 1, number: 0 };
    let event = |activity: Number, start: &str| PersonEvent {
        activity,
        start: Instant::parse(start).unwrap(),
        end: None,
        file: 0,
        row: 1,
    };
    let anchor = Anchor::Activity(Activity::numbered("Seen", seen, day("2025-04-01")));
    let settings = anchored(anchor);
    let home = [("2024-05-11", State::StMax), ("2024-06-20", State::Home)];
    let mut person = after_discharge(&home, "2025-04-01");
    // the first of the period counts, and no other activity of that number
    person.events = vec![
        event(seen, "2024-03-31T23:59"),
        event(Number { log: 0, number: 0 }, "2024-05-12"),
        event(seen, "2024-06-21T08:00"),
        event(seen, "2024-06-22T08:00"),
    ];
    let found = of(&settings, &[person.clone()]);
    let rows: Vec<_> = found.iter().map(|row| (&*row.anchor, &*row.path)).collect();
    assert_eq!(rows, [("Seen", "HOME>END")]);
    // nothing after the death is the person's any more
    person.death.chosen = day("2024-06-20").into();
    assert!(of(&settings, &[person]).is_empty());
}
