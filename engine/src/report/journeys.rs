//! What follows an anchor, drawn: the pathways step by step, the states over time, the sequences that many follow, groups of similar
//! ones. No sequence is drawn that few people follow.

use super::strip::{self, BOTTOM_ROOM, LEFT, RIGHT, WIDTH};
use super::{over_time, style, sunburst, svg, words};
use crate::disclosure::{Decimal, Entry, Released, ReleasedCluster, ReleasedJourneys};
use crate::output::{NOT_FOR_RELEASE, plain_name};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Height of the sequences, rarer ones included.
const HEIGHT: f64 = 320.0;
/// Height of one group.
const GROUP: f64 = 92.0;
/// Least height of a sequence, which has its number beside it, and the most sequences drawn.
const BAND: f64 = 15.0;
const MOST_BANDS: usize = 24;
/// Days by which the table gives shares.
const DAYS: [i32; 3] = [7, 30, 90];

/// The journeys of one anchor: everyone, the latest period.
pub struct Pictures {
    pub heading: String,
    pub of: String,
    /// Empty without pathways that may be shown.
    pub sunburst: String,
    /// How to read it.
    pub sunburst_notes: Vec<String>,
    pub over_time: String,
    pub sequences: String,
    pub clusters: String,
    /// How the groups were made.
    pub how: String,
    /// Group, people, share, silhouette.
    pub groups: Vec<[String; 4]>,
    /// Days of the table of states reached.
    pub days: Vec<String>,
    /// State, people, share, by each of these days, median days.
    pub reached: Vec<Vec<String>>,
}

/// The pictures of every anchor.
pub fn build(released: &Released) -> Vec<Pictures> {
    let all = everyone(released).into_iter().enumerate();
    all.map(|(number, of)| pictures(number, released, of)).collect()
}

/// The journeys of everyone, the latest period of each anchor.
fn everyone(released: &Released) -> Vec<&ReleasedJourneys> {
    let is_everyone = |of: &&ReleasedJourneys| {
        of.area_code == "E92000001"
            && (of.stratum.is_empty()
                || of.stratum.starts_with("period=") && !of.stratum.contains(';'))
    };
    let all: Vec<&ReleasedJourneys> = released.journeys.iter().filter(is_everyone).collect();
    let latest = |of: &&ReleasedJourneys| {
        let same = all.iter().filter(|other| other.anchor == of.anchor);
        same.map(|other| &other.stratum).max() == Some(&of.stratum)
    };
    all.iter().copied().filter(latest).collect()
}

/// The patterns of the states of all pictures of journeys.
pub fn states(released: &Released) -> impl Iterator<Item = &str> {
    let journeys = released.journeys.iter();
    let of_pathways = everyone(released).into_iter();
    let of_pathways = of_pathways.flat_map(|of| sunburst::Sunburst::new(released, of).codes());
    let of_journeys = journeys.flat_map(|of| {
        let groups = of.typology.iter().flat_map(|groups| &groups.clusters);
        let common = groups.clone().flat_map(|group| &group.common);
        let common = common.filter_map(|(state, _)| state.as_ref());
        let medoids = groups.flat_map(|group| group.medoid.iter().flatten());
        let sequences = of.sequences.iter().flat_map(|row| &row.states);
        of.states.iter().chain(sequences).chain(medoids).chain(common).map(String::as_str)
    });
    of_journeys.chain(of_pathways)
}

/// What stands below a picture of a file.
const OVER_TIME: [&str; 2] = [
    "The share of people in each state on the first day of each step. Where few are in a state at one step \
     alone, the column leaves them out.",
    over_time::TORN,
];
const SEQUENCES: [&str; 1] = [
    "Each band is one of the sequences that most follow; the number is how many people. Thin bands are drawn \
      as high as can be seen.",
];
const GROUPS: [&str; 1] =
    ["Typical: the sequence nearest to all others of the group (its medoid). Commonest: \
                            the state that most of the group are in."];

/// The pictures of the first anchor, one below the other, as a file of their own: of breakdowns the states
/// over time.
pub fn svg_file(released: &Released) -> String {
    let (mut parts, mut height) = (String::new(), 0.0);
    let mut add = |heading: &str, notes: &[&str], picture: &str| {
        let Some(high) = strip::height_of(picture) else { return };
        svg::text(&mut parts, 16.0, height + 26.0, "start", "head", heading);
        let at = format!("<svg x=\"0\" y=\"{:.0}\" height=\"{high:.0}\"", height + 40.0);
        parts.push_str(&picture.replacen("<svg", &at, 1));
        height += high + 40.0;
        for note in notes {
            height += 17.0;
            svg::text(&mut parts, 16.0, height, "start", "small", note);
        }
        height += 22.0;
    };
    let first = everyone(released).into_iter().next();
    if let Some(of) = first {
        let drawn = pictures(0, released, of);
        let anchor = drawn.heading.to_lowercase();
        let notes: Vec<&str> = drawn.sunburst_notes.iter().map(String::as_str).collect();
        add(&format!("Pathways step by step, {anchor}"), &notes, &drawn.sunburst);
        let said = format!("States over time, {anchor}: {} people", drawn.of);
        add(&said, &OVER_TIME, &drawn.over_time);
        add("Sequences that many people follow", &SEQUENCES, &drawn.sequences);
        add("Groups of similar journeys", &GROUPS, &drawn.clusters);
        let is_part = |other: &&ReleasedJourneys| {
            other.anchor == of.anchor
                && (&other.area_code, &other.stratum) != (&of.area_code, &of.stratum)
                && other.stratum.starts_with(&of.stratum)
        };
        for (number, part) in (1..).zip(released.journeys.iter().filter(is_part)) {
            let people = words::thousands(part.people);
            add(
                &format!("{}: {people} people", group(part, of)),
                &[],
                &over_time::draw(number, part),
            );
        }
    }
    if height == 0.0 {
        let text = "No states over time to draw: too few people have the anchor, or the study has event logs alone.";
        svg::text(&mut parts, 16.0, 34.0, "start", "node", text);
        height = 60.0;
    }
    if released.not_for_release {
        svg::text(&mut parts, 16.0, height + 14.0, "start", "head", NOT_FOR_RELEASE);
        height += 24.0;
    }
    let patterns = style::definitions(states(released));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\">\n\
         <style>text{{font-family:Arial,Helvetica,sans-serif;font-size:13px}}\
         .head{{font-size:17px;font-weight:bold}}.node{{font-size:14px}}.small{{font-size:12.5px}}\
         .axis,.strong{{font-weight:bold}}\
         .inside{{font-size:12.5px;paint-order:stroke;stroke:#fff;stroke-width:3.5px;stroke-linejoin:round}}\
         </style>\n{patterns}\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{parts}</svg>\n"
    )
}

/// A part of everyone in words: its area, or what its stratum says besides the period.
fn group(part: &ReleasedJourneys, everyone: &ReleasedJourneys) -> String {
    let stratum = part.stratum[everyone.stratum.len()..].trim_start_matches("; ");
    if stratum.is_empty() { part.area_code.clone() } else { words::stratum(stratum) }
}

fn pictures(number: usize, released: &Released, of: &ReleasedJourneys) -> Pictures {
    let sunburst = sunburst::Sunburst::new(released, of);
    let of_days = |day: &i32| of.reached.iter().any(|s| s.by_day.iter().any(|(d, _)| d == day));
    let days: Vec<i32> = DAYS.into_iter().filter(of_days).collect();
    let groups = of.typology.as_ref();
    Pictures {
        heading: words::anchor(&of.anchor).to_owned(),
        of: words::thousands(of.people),
        sunburst: sunburst.draw(number, &of.anchor),
        sunburst_notes: sunburst.notes(of.people),
        over_time: over_time::draw(number, of),
        sequences: sequences(number, of),
        clusters: clusters(number, of),
        how: groups.map_or_else(String::new, |groups| {
            let sampled = if groups.sampled { ", from samples" } else { "" };
            format!(
                "{}{sampled}; mean silhouette {} (1: well apart, 0: not apart)",
                words::capital(groups.distance),
                groups.silhouette
            )
        }),
        groups: groups.map_or_else(Vec::new, |groups| {
            let row = |(n, group): (usize, &ReleasedCluster)| {
                let share = percent(group.share);
                [
                    format!("Group {}", n + 1),
                    words::count(group.people),
                    share,
                    group.silhouette.to_string(),
                ]
            };
            groups.clusters.iter().enumerate().map(row).collect()
        }),
        reached: of
            .reached
            .iter()
            .map(|state| {
                let by = |day: &i32| {
                    let found = state.by_day.iter().find(|(of, _)| of == day);
                    found.map_or_else(|| "–".into(), |&(_, share)| percent(share))
                };
                let name = words::state_of_pathway(&state.state);
                let first = [name, words::thousands(state.people), percent(state.share)];
                let median = match state.median_days {
                    Entry::Shown(days) => days.to_string(),
                    Entry::Marked(marker) => words::bracketed(marker),
                };
                first.into_iter().chain(days.iter().map(by)).chain([median]).collect()
            })
            .collect(),
        days: days.iter().map(|day| format!("By day {day}")).collect(),
    }
}

fn percent(share: Entry<Decimal>) -> String {
    match share {
        Entry::Shown(share) => format!("{:.1}%", share.value * 100.0),
        Entry::Marked(marker) => words::bracketed(marker),
    }
}

/// The states drawn and their names, in the order of the states over time.
fn labels<'a>(
    of: &ReleasedJourneys,
    states: impl Iterator<Item = &'a String>,
) -> Vec<(String, String)> {
    let place = |code: &str| {
        let found = of.states.iter().position(|state| state == code);
        (found.unwrap_or(of.states.len()), code.to_owned())
    };
    let drawn: BTreeSet<(usize, String)> = states.map(|state| place(state)).collect();
    drawn.into_iter().map(|(_, code)| (code.clone(), plain_name(&code).to_owned())).collect()
}

/// The sequences that most follow, each as high as they are many, like ones next to each other.
fn sequences(number: usize, of: &ReleasedJourneys) -> String {
    let steps = of.sequences.iter().map(|row| row.states.len()).max().unwrap_or(0);
    let mut rows: Vec<(&[String], i64)> = of
        .sequences
        .iter()
        .filter_map(|row| Some((row.states.as_slice(), row.people.shown()?)))
        .collect();
    rows.sort_by_key(|&(states, people)| (std::cmp::Reverse(people), states));
    let left = rows.split_off(rows.len().min(MOST_BANDS));
    rows.sort();
    let shown: i64 = rows.iter().map(|(_, people)| people).sum();
    let left: i64 = left.iter().map(|(_, people)| people).sum();
    let others = left + of.others.shown().unwrap_or(0);
    if steps == 0 || shown == 0 {
        return String::new();
    }
    let labels = labels(of, rows.iter().flat_map(|(states, _)| states.iter()));
    let scale = HEIGHT / (shown + others) as f64;
    let tall = |people: i64| (people as f64 * scale).max(BAND);
    let of_others = if others > 0 { tall(others).max(BAND + 8.0) } else { 0.0 };
    let drawn = rows.iter().map(|(_, people)| tall(*people)).sum::<f64>() + of_others;
    let height = drawn.max(strip::legend_height(&labels));
    let title = format!("Sequences that many follow: {}", words::anchor(&of.anchor).to_lowercase());
    let description = format!(
        "{} different sequences of {} people; {} people follow rarer ones, which are not drawn.",
        rows.len(),
        words::thousands(shown),
        words::thousands(others)
    );
    let id = format!("sequences-{number}");
    let mut picture = svg::open(&id, WIDTH, height + BOTTOM_ROOM, &title, &description);
    let mut y = 0.0;
    for (states, people) in &rows {
        let tall = tall(*people);
        strip::draw(&mut picture, (LEFT, y), (RIGHT - LEFT, tall - 1.0), states, steps);
        let text = words::thousands(*people);
        svg::text(&mut picture, LEFT - 8.0, y + tall / 2.0 + 4.0, "end", "small", &text);
        y += tall;
    }
    if others > 0 {
        let _ = writeln!(
            picture,
            "<rect x=\"{LEFT:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{of_others:.1}\" fill=\"none\" stroke=\"#777\" stroke-dasharray=\"4 4\"/>",
            RIGHT - LEFT
        );
        let text = format!("{} people follow rarer sequences", words::thousands(others));
        let middle = (LEFT + RIGHT) / 2.0;
        svg::text(&mut picture, middle, y + of_others / 2.0 + 5.0, "middle", "node", &text);
    }
    strip::axis(&mut picture, steps, of.step_days, drawn);
    strip::legend(&mut picture, &labels);
    picture.push_str("</svg>\n");
    picture
}

/// Each group with its medoid, and the state that is most common in it at each step.
fn clusters(number: usize, of: &ReleasedJourneys) -> String {
    let Some(groups) = of.typology.as_ref().filter(|groups| !groups.clusters.is_empty()) else {
        return String::new();
    };
    let steps = groups.clusters.iter().map(|group| group.common.len()).max().unwrap_or(0);
    let drawn_states = groups.clusters.iter().flat_map(|group| {
        let common = group.common.iter().filter_map(|(state, _)| state.as_ref());
        group.medoid.iter().flatten().chain(common)
    });
    let labels = labels(of, drawn_states);
    let drawn = GROUP * groups.clusters.len() as f64;
    let height = drawn.max(strip::legend_height(&labels));
    let heading = |(n, group): (usize, &ReleasedCluster)| {
        let share = percent(group.share);
        format!("Group {}: {} people, {share}", n + 1, words::count(group.people))
    };
    let headings: Vec<String> = groups.clusters.iter().enumerate().map(heading).collect();
    let title = format!("Groups of similar journeys: {}", words::anchor(&of.anchor).to_lowercase());
    let id = format!("clusters-{number}");
    let mut picture =
        svg::open(&id, WIDTH, height + BOTTOM_ROOM, &title, &format!("{}.", headings.join("; ")));
    for (n, (group, heading)) in groups.clusters.iter().zip(&headings).enumerate() {
        let y = n as f64 * GROUP;
        svg::text(&mut picture, LEFT, y + 18.0, "start", "node", heading);
        let common: Vec<String> =
            group.common.iter().map(|(state, _)| state.clone().unwrap_or_default()).collect();
        for (line, text, states) in
            [(0.0, "typical", group.medoid.as_deref().unwrap_or(&[])), (1.0, "commonest", &common)]
        {
            let top = y + 26.0 + line * 28.0;
            svg::text(&mut picture, LEFT - 8.0, top + 15.0, "end", "small", text);
            if states.is_empty() {
                let text = "not shown: few people follow exactly that sequence";
                svg::text(&mut picture, LEFT, top + 15.0, "start", "small", text);
            }
            strip::draw(&mut picture, (LEFT, top), (RIGHT - LEFT, 22.0), states, steps);
        }
    }
    strip::axis(&mut picture, steps, of.step_days, drawn);
    strip::legend(&mut picture, &labels);
    picture.push_str("</svg>\n");
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Marker, ReleasedReach, ReleasedSequence, ReleasedTypology};

    fn journeys() -> ReleasedJourneys {
        let states = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let cluster = |medoid: Option<Vec<String>>| ReleasedCluster {
            people: Entry::Shown(60),
            share: Entry::Shown(Decimal::rounded(0.6, 3)),
            medoid,
            medoid_people: Entry::Marked(Marker::Confidential),
            common: vec![(Some("HOME".into()), Entry::Shown(Decimal::rounded(0.9, 3))); 2],
            silhouette: Decimal::rounded(0.4, 2),
        };
        ReleasedJourneys {
            area_code: "E92000001".into(),
            stratum: String::new(),
            anchor: "discharge".into(),
            people: 100,
            reached: vec![ReleasedReach {
                state: "STMAX+COMM".into(),
                people: 40,
                share: Entry::Shown(Decimal::rounded(0.4, 3)),
                by_step: Vec::new(),
                by_day: vec![
                    (7, Entry::Shown(Decimal::rounded(0.3, 3))),
                    (30, Entry::Marked(Marker::Confidential)),
                ],
                median_days: Entry::Shown(Decimal::rounded(4.5, 1)),
            }],
            step_days: 7,
            states: states(&["HOME", "RES"]),
            over_time: vec![
                vec![Entry::Shown(75), Entry::Shown(50)],
                vec![Entry::Shown(25), Entry::Marked(Marker::Confidential)],
            ],
            sequences: vec![ReleasedSequence {
                states: states(&["HOME", "RES"]),
                people: Entry::Shown(60),
            }],
            others: Entry::Shown(40),
            typology: Some(ReleasedTypology {
                distance: "Hamming distance",
                distinct: 15,
                sampled: false,
                silhouette: Decimal::rounded(0.4, 2),
                clusters: vec![cluster(Some(states(&["HOME", "RES"]))), cluster(None)],
                others: Entry::Shown(0),
            }),
        }
    }

    /// What a file fills with and what it defines.
    fn fills(svg: &str) -> (BTreeSet<&str>, BTreeSet<&str>) {
        let all = |before: &str, after: char| {
            svg.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
        };
        (all("url(#", ')'), all("<pattern id=\"", '"'))
    }

    #[test]
    fn states_have_patterns_that_the_file_defines_and_names_where_they_fit() {
        let by_sex = ReleasedJourneys { stratum: "sex=Male".into(), ..journeys() };
        let of_area = ReleasedJourneys { area_code: "North".into(), ..journeys() };
        let released =
            Released { journeys: vec![journeys(), by_sex, of_area], ..Released::default() };
        let file = svg_file(&released);
        let (used, defined) = fills(&file);
        assert!(!used.is_empty() && used.is_subset(&defined), "{used:?} {defined:?}");
        assert!(file.contains("class=\"inside\">Residential home</text>"));
        assert!(file.contains("class=\"inside\">No known council support</text>"));
        assert!(file.contains("Sex: Male: 100 people") && file.contains("North: 100 people"));
        assert_eq!(file.matches("Sequences that many people follow").count(), 1);
        assert!(svg_file(&Released::default()).contains("No states over time"));
    }

    #[test]
    fn pictures_have_words_for_what_they_show_and_for_what_they_do_not() {
        let released = Released { journeys: vec![journeys()], ..Released::default() };
        let found = build(&released);
        let found = &found[0];
        assert!(found.over_time.contains("No known council support 75% → 100%"));
        // what is hidden is not nought
        assert!(found.over_time.contains("Residential home 25% → [c]"));
        assert!(found.sequences.contains("40 people follow rarer sequences"));
        assert!(found.clusters.contains("Group 1: 60 people, 60.0%"));
        assert!(found.clusters.contains("not shown"));
        assert_eq!(found.days, ["By day 7", "By day 30"]);
        assert_eq!(
            found.reached[0],
            ["Reablement + Long-term care at home", "40", "40.0%", "30.0%", "[c]", "4.5"]
        );
        let by_age = ReleasedJourneys { stratum: "sex=Male".into(), ..journeys() };
        assert!(build(&Released { journeys: vec![by_age], ..Released::default() }).is_empty());
    }
}
