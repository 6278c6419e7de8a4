//! Rings add up, texts lie where they belong, and nothing is told that was not released.

use super::*;
use crate::disclosure::{Entry, Marker};
use proptest::prelude::*;

fn row(path: String, people: Option<i64>, is_listed: bool) -> ReleasedPathway {
    ReleasedPathway {
        area_code: "E92000001".into(),
        stratum: String::new(),
        anchor: "discharge".into(),
        rank: if is_listed { Entry::Shown(1) } else { Entry::Marked(Marker::NotApplicable) },
        path,
        people: people.map_or(Entry::Marked(Marker::Confidential), Entry::Shown),
        share: Entry::Marked(Marker::NotApplicable),
        median_days: Entry::Marked(Marker::NotAvailable),
    }
}

fn released(listed: &[(&str, i64)], others: Option<i64>) -> Released {
    let mut pathways: Vec<ReleasedPathway> =
        listed.iter().map(|&(path, people)| row(path.into(), Some(people), true)).collect();
    pathways.push(row("other (5 sequences)".into(), others, false));
    Released { pathways, ..Released::default() }
}

fn of(people: i64) -> ReleasedJourneys {
    ReleasedJourneys {
        area_code: "E92000001".into(),
        stratum: String::new(),
        anchor: "discharge".into(),
        people,
        reached: Vec::new(),
        step_days: 7,
        states: Vec::new(),
        over_time: Vec::new(),
        sequences: Vec::new(),
        others: Entry::Shown(0),
        typology: None,
    }
}

fn drawn(sunburst: &Sunburst<'_>) -> Vec<(String, i64)> {
    sunburst.segments.iter().map(|s| (s.path.join(">"), s.people)).collect()
}

#[test]
fn what_is_pooled_longer_or_too_narrow_stands_together_in_its_ring() {
    let released = released(
        &[("HOME>END", 5_000), ("COMM>…", 800), ("HOME>DEAD", 600), ("HOME>RES>END", 10)],
        Some(400),
    );
    let sunburst = Sunburst::new(&released, &of(6_800));
    let wanted = [
        ("HOME", 5_610),
        ("HOME>END", 5_000),
        ("HOME>DEAD", 600),
        ("HOME>OTHER", 10),
        ("COMM", 800),
        ("COMM>OTHER", 800),
        ("OTHER", 400),
    ];
    assert_eq!(drawn(&sunburst), wanted.map(|(path, people)| (path.to_owned(), people)));
    assert_eq!(sunburst.codes(), ["HOME", "COMM", "END", "DEAD", "OTHER"]);
    let picture = sunburst.draw(0, "discharge");
    assert_eq!(picture.matches("<path d=").count(), wanted.len());
    assert!(picture.contains("class=\"node strong\">6,810</text>"), "the sum in the centre");
    assert!(picture.contains("No known council support › end of the days followed: 5,000 (73%)"));
    let notes = sunburst.notes(6_800).join(" ");
    assert!(notes.contains("of 6,800 people, the pathways add up to 6,810"), "{notes}");
    assert_eq!(sunburst.notes(6_810).len(), 3);
}

#[test]
fn a_hidden_number_is_neither_drawn_nor_left_over() {
    let few = released(&[("HOME>END", 90), ("RES>END", 10)], None);
    let sunburst = Sunburst::new(&few, &of(105));
    assert_eq!(sunburst.people, 100);
    assert!(!sunburst.codes().contains(&OTHER));
    assert!(sunburst.notes(105).join(" ").contains("is itself withheld"));
    let none = released(&[], None);
    assert_eq!(Sunburst::new(&none, &of(0)).draw(0, "discharge"), "");
    assert_eq!(Sunburst::new(&Released::default(), &of(0)).draw(0, "discharge"), "");
}

#[test]
fn one_pathway_goes_all_the_way_round() {
    let one =
        Released { pathways: vec![row("HOME>END".into(), Some(50), true)], ..Released::default() };
    let sunburst = Sunburst::new(&one, &of(50));
    let picture = sunburst.draw(0, "discharge");
    let arcs = picture.lines().find(|line| line.starts_with("<path")).unwrap();
    let (top, bottom) = ("310.00 126.00", "310.00 490.00");
    assert_eq!(sunburst.middle(), (310.0, 308.0));
    assert_eq!((arcs.matches(top).count(), arcs.matches(bottom).count()), (2, 1), "{arcs}");
}

/// Points along the edge of a rectangle.
fn along([left, top, right, bottom]: [f64; 4]) -> impl Iterator<Item = (f64, f64)> {
    (0..=40).flat_map(move |n| {
        let part = f64::from(n) / 40.0;
        let (x, y) = (left + (right - left) * part, top + (bottom - top) * part);
        [(x, top), (x, bottom), (left, y), (right, y)]
    })
}

proptest! {
    #[test]
    fn rings_add_up_and_texts_lie_in_their_segments(
        listed in prop::collection::btree_map(
            prop::collection::vec(
                prop::sample::select(vec!["HOME", "IP_EM", "COMM", "STMAX+COMM", "RES"]),
                1..7,
            ),
            (2i64..400).prop_map(|n| n * 5),
            1..25,
        ),
        last in prop::sample::select(vec!["END", "DEAD", "LOST", "…"]),
        others in prop::option::of((2i64..600).prop_map(|n| n * 5)),
    ) {
        let listed: Vec<(String, i64)> = listed
            .iter()
            .map(|(states, &people)| (format!("{}>{last}", states.join(">")), people))
            .collect();
        let texts: Vec<(&str, i64)> = listed.iter().map(|(path, n)| (path.as_str(), *n)).collect();
        let released = released(&texts, others);
        let sunburst = Sunburst::new(&released, &of(0));
        // everyone whose number is shown, and no one else
        let all = texts.iter().map(|(_, people)| people).sum::<i64>() + others.unwrap_or(0);
        prop_assert_eq!(sunburst.people, all);
        let under = |path: &[&str]| -> Vec<&Segment<'_>> {
            let is_child = |s: &&Segment<'_>| {
                s.path.len() == path.len() + 1 && s.path.starts_with(path)
            };
            sunburst.segments.iter().filter(is_child).collect()
        };
        let sum = |children: &[&Segment<'_>]| children.iter().map(|s| s.people).sum::<i64>();
        prop_assert_eq!(sum(&under(&[])), all);
        for segment in &sunburst.segments {
            prop_assert!(segment.people > 0 && segment.path.len() <= RINGS);
            let children = under(&segment.path);
            if segment.code() == OTHER {
                prop_assert!(children.is_empty(), "no state of what is withheld");
                continue;
            }
            // people of the listed sequences that begin so: slow and obvious
            let begins = |path: &str| {
                let states: Vec<&str> = path.split('>').collect();
                states.starts_with(&segment.path)
            };
            let own = texts.iter().filter(|(path, _)| begins(path)).map(|(_, n)| n).sum::<i64>();
            prop_assert_eq!(segment.people, own);
            let goes_on = segment.path.len() < RINGS && segment.code() != last;
            prop_assert_eq!(sum(&children), if goes_on { own } else { 0 });
            let mut next = segment.start;
            for child in children {
                prop_assert_eq!(child.start, next, "side by side");
                next += child.people;
            }
        }
        let picture = sunburst.draw(0, "discharge");
        let height = strip::height_of(&picture).unwrap_or(0.0);
        for text in picture.split("<text x=\"").skip(1) {
            let part = |n: usize| text.split('"').nth(n).unwrap_or_default();
            let (x, y): (f64, f64) = (part(0).parse().unwrap(), part(2).parse().unwrap());
            let said = part(7).trim_start_matches('>').split('<').next().unwrap_or_default();
            let wide = said.chars().count() as f64 * 6.3;
            let right = if part(4) == "start" { x + wide } else { x + wide / 2.0 };
            prop_assert!(!said.is_empty() && right <= WIDTH, "{said}");
            prop_assert!(y >= 10.0 && y + 5.0 <= height, "{said}: {y} {height}");
        }
        for segment in &sunburst.segments {
            let Some(label) = sunburst.label(segment) else { continue };
            let area = sunburst.area(segment);
            let (from, to) = area.angles;
            for (x, y) in along(label.edges()) {
                prop_assert!((0.0..=RIGHT).contains(&x));
                prop_assert!(y >= 0.0 && y <= sunburst.middle().1 + sunburst.reach.1);
                let (dx, dy) = (x - area.around.0, y - area.around.1);
                let radius = dx.hypot(dy);
                prop_assert!(radius > area.radii.0 - 0.01 && radius < area.radii.1 + 0.01);
                let angle = dx.atan2(-dy).rem_euclid(TAU);
                prop_assert!(angle > from - 0.001 && angle < to + 0.001, "{angle} {from} {to}");
            }
        }
    }
}
