use super::*;
use crate::measures::fixture::{Maker, cips, day, line, planned};
use proptest::prelude::*;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::stay::Cips;
use throughcare_linkage::timeline::state::Line;

fn year() -> Period {
    Period { start: day("2024-04-01"), end: day("2025-03-31") }
}

fn of(settings: &PathwaySettings, people: &[Maker]) -> Vec<Pathway> {
    let mut pathways = Pathways::new(settings, &TimelineSettings::default(), &[year()]);
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
            let mut pathways = Pathways::new(&settings, &TimelineSettings::default(), &[year()]);
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
