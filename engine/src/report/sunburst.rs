//! The most common pathways as rings around everyone: the first state after the anchor inside, then what
//! followed. It is drawn from the released sequences alone, so no ring tells more than their table does.

mod label;

use super::strip::{self, RIGHT, WIDTH};
use super::{style, svg, words};
use crate::disclosure::{Released, ReleasedJourneys, ReleasedPathway};
use crate::output::anchored::{Branch, sunburst};
use label::{Area, Label};
use std::f64::consts::{PI, TAU};
use std::fmt::Write;

/// Rings drawn at most.
const RINGS: usize = 4;
/// Radius of the centre and of the whole, the middle from the left, and the margin above and below.
const HOLE: f64 = 62.0;
const RADIUS: f64 = 302.0;
const MIDDLE: f64 = 310.0;
const MARGIN: f64 = 6.0;
/// Least width of a segment in the middle of its ring.
const NARROWEST: f64 = 3.0;
/// Segments in the list.
const LISTED: usize = 8;
/// Letters of a line of the list.
const WRAP: usize = 48;
/// The code, with a look in [`style`], of what has no segment of its own.
const OTHER: &str = "OTHER";
/// The last word of a sequence that is longer than sequences are written.
const LONGER: &str = "…";

/// The people who were in a state at a step, after the same states before it.
#[derive(Clone, Debug, PartialEq)]
struct Segment<'a> {
    /// The states from the first step to this.
    path: Vec<&'a str>,
    people: i64,
    /// People clockwise before it, from the top.
    start: i64,
}

impl<'a> Segment<'a> {
    fn code(&self) -> &'a str {
        self.path.last().copied().unwrap_or(OTHER)
    }

    /// Its states in words.
    fn name(&self) -> String {
        self.path.iter().map(|code| name(code)).collect::<Vec<_>>().join(" › ")
    }
}

/// A state, or what has no segment of its own, in words.
fn name(code: &str) -> String {
    if code == OTHER { "other or withheld".into() } else { words::state_of_pathway(code) }
}

/// The pathways of one anchor as segments of rings.
pub struct Sunburst<'a> {
    /// People of all sequences whose number is shown.
    people: i64,
    /// A number of people is hidden.
    is_withheld: bool,
    /// From the inside out along each pathway, clockwise.
    segments: Vec<Segment<'a>>,
    rings: usize,
    /// How far it reaches up and down from its middle.
    reach: (f64, f64),
}

impl<'a> Sunburst<'a> {
    /// Those of an area, stratum and anchor.
    pub fn new(released: &'a Released, of: &ReleasedJourneys) -> Self {
        let is_own = |row: &&ReleasedPathway| {
            (&row.area_code, &row.stratum, &row.anchor) == (&of.area_code, &of.stratum, &of.anchor)
        };
        let rows = released.pathways.iter().filter(is_own);
        let is_withheld = rows.clone().any(|row| row.people.shown().is_none());
        let trunk = sunburst(rows);
        let mut segments = Vec::new();
        place(&trunk, &[], 0, trunk.people, &mut segments);
        let rings = segments.iter().map(|segment| segment.path.len()).max().unwrap_or(0);
        let mut of =
            Self { people: trunk.people, is_withheld, segments, rings, reach: (HOLE, HOLE) };
        for n in 0..of.segments.len() {
            let Area { radii: (_, outer), angles: (from, to), .. } = of.area(&of.segments[n]);
            let turns = [from, PI.clamp(from, to), to];
            let (up, down) = of.reach;
            of.reach.0 = turns.iter().map(|turn| outer * turn.cos()).fold(up, f64::max);
            of.reach.1 = turns.iter().map(|turn| outer * -turn.cos()).fold(down, f64::max);
        }
        of
    }

    fn middle(&self) -> (f64, f64) {
        (MIDDLE, self.reach.0 + MARGIN)
    }

    fn area(&self, segment: &Segment<'_>) -> Area {
        let angle = |people: i64| people as f64 / self.people as f64 * TAU;
        let radius = |step: usize| HOLE + (RADIUS - HOLE) * step as f64 / self.rings as f64;
        let step = segment.path.len();
        Area {
            around: self.middle(),
            radii: (radius(step - 1), radius(step)),
            angles: (angle(segment.start), angle(segment.start + segment.people)),
        }
    }

    /// The states drawn, inner rings first, and what is left last.
    pub fn codes(&self) -> Vec<&'a str> {
        let mut codes = Vec::new();
        for step in 1..=self.rings {
            let ring = self.segments.iter().filter(|segment| segment.path.len() == step);
            for code in ring.map(Segment::code) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        codes.sort_by_key(|&code| code == OTHER);
        codes
    }

    /// The picture; empty without pathways.
    pub fn draw(&self, number: usize, anchor: &str) -> String {
        if self.segments.is_empty() {
            return String::new();
        }
        let capital = |code: &str| words::capital(&name(code));
        let legend: Vec<(String, String)> =
            self.codes().into_iter().map(|code| (code.to_owned(), capital(code))).collect();
        let listed = self.largest();
        let list_top = strip::legend_height(&legend) + 28.0;
        let lines: Vec<Vec<String>> = listed.iter().map(|text| svg::wrapped(text, WRAP)).collect();
        let list_height = lines.iter().map(|lines| 5.0 + 15.0 * lines.len() as f64).sum::<f64>();
        let title = format!("Pathways step by step: {}", words::anchor(anchor).to_lowercase());
        let first = self.segments.iter().filter(|segment| segment.path.len() == 1);
        let first: Vec<String> = first.map(|segment| self.said(segment)).collect();
        let description = format!(
            "{} people. First step: {}. Largest segments: {}.",
            words::thousands(self.people),
            first.join("; "),
            listed.join("; ")
        );
        let id = format!("sunburst-{number}");
        let (x, y) = self.middle();
        let height = (y + self.reach.1 + MARGIN).max(list_top + list_height + MARGIN);
        let mut picture = svg::open(&id, WIDTH, height, &title, &description);
        for segment in &self.segments {
            self.shape(&mut picture, segment);
        }
        for segment in &self.segments {
            if let Some(label) = self.label(segment) {
                label.draw(&mut picture, segment.code());
            }
        }
        let people = words::thousands(self.people);
        svg::text(&mut picture, x, y - 1.0, "middle", "node strong", &people);
        svg::text(&mut picture, x, y + 16.0, "middle", "small", "people");
        strip::legend(&mut picture, &legend);
        svg::text(&mut picture, RIGHT + 16.0, list_top, "start", "axis", "Largest segments");
        let mut y = list_top + 5.0;
        for lines in &lines {
            for line in lines {
                y += 15.0;
                svg::text(&mut picture, RIGHT + 16.0, y, "start", "small", line);
            }
            y += 5.0;
        }
        picture.push_str("</svg>\n");
        picture
    }

    /// How to read the picture of an anchor that so many people have.
    pub fn notes(&self, of: i64) -> Vec<String> {
        let mut notes = vec![
            "Read it from the middle: the first ring is the first state from the start on, each further \
             ring the next state, up to the fourth."
                .to_owned(),
            "A segment is as wide as people are many; outside it lies what followed it, and nothing where \
             the pathway ends."
                .to_owned(),
            "“Other or withheld” are pathways that few people follow, whatever their states, and segments too \
             narrow to see: a state may have more people than it shows here."
                .to_owned(),
        ];
        if self.is_withheld {
            let text = "Where the number of all others is itself withheld, they are not drawn.";
            notes.push(text.to_owned());
        } else if of != self.people {
            let (of, sum) = (words::thousands(of), words::thousands(self.people));
            notes.push(format!(
                "Each pathway is rounded by itself: of {of} people, the pathways add up to {sum}."
            ));
        }
        notes
    }

    /// The largest segments in words.
    fn largest(&self) -> Vec<String> {
        // a segment that all go on from the same way is said with what follows it
        let goes_on = |of: &Segment<'_>| {
            self.segments.iter().any(|next| {
                next.code() != OTHER
                    && next.people == of.people
                    && next.path.split_last().is_some_and(|(_, before)| before == of.path)
            })
        };
        let is_said = |of: &&Segment<'_>| of.code() != OTHER && !goes_on(of);
        let mut known: Vec<&Segment<'_>> = self.segments.iter().filter(is_said).collect();
        known.sort_by_key(|segment| (-segment.people, segment.path.len(), segment.start));
        known.into_iter().take(LISTED).map(|segment| self.said(segment)).collect()
    }

    /// A segment in words.
    fn said(&self, segment: &Segment<'_>) -> String {
        let share = 100.0 * segment.people as f64 / self.people as f64;
        let people = words::thousands(segment.people);
        format!("{}: {people} ({share:.0}%)", words::capital(&segment.name()))
    }

    /// Name and number where they have room, else the number where it has.
    fn label(&self, segment: &Segment<'_>) -> Option<Label> {
        let number = words::thousands(segment.people);
        let text = format!("{} {number}", words::capital(&name(segment.code())));
        let area = self.area(segment);
        Label::within(&area, &text).or_else(|| Label::within(&area, &number))
    }

    fn shape(&self, picture: &mut String, segment: &Segment<'_>) {
        let area = self.area(segment);
        let ((inner, outer), (from, to)) = (area.radii, area.angles);
        let middle = f64::midpoint(from, to);
        let at = |radius: f64, angle: f64| {
            let (x, y) = area.point(radius, angle);
            format!("{x:.2} {y:.2}")
        };
        // two dark segments side by side must be told apart
        let is_dark = segment.code() == "DEAD";
        let edge = if is_dark { "stroke=\"#ffffff\"" } else { style::EDGE };
        // in two halves, since an arc cannot go all the way round
        let _ = writeln!(
            picture,
            "<path d=\"M{} A{outer} {outer} 0 0 1 {} A{outer} {outer} 0 0 1 {} L{} \
             A{inner} {inner} 0 0 0 {} A{inner} {inner} 0 0 0 {}Z\" fill=\"{}\" {}><title>{}</title></path>",
            at(outer, from),
            at(outer, middle),
            at(outer, to),
            at(inner, to),
            at(inner, middle),
            at(inner, from),
            style::fill(segment.code()),
            edge,
            svg::escaped(&self.said(segment)),
        );
    }
}

/// Adds what follows a branch: its children in their order, then all that have no segment of their own as
/// one, so that they add up to the branch.
fn place<'a>(
    branch: &Branch<'a>,
    before: &[&'a str],
    mut start: i64,
    total: i64,
    segments: &mut Vec<Segment<'a>>,
) {
    if before.len() == RINGS || branch.children.is_empty() {
        return;
    }
    let middle = HOLE + (RADIUS - HOLE) / RINGS as f64 * (before.len() as f64 + 0.5);
    let is_wide = |people: i64| people as f64 / total as f64 * TAU * middle >= NARROWEST;
    let mut left = branch.people;
    for child in &branch.children {
        if child.is_pooled || child.state == LONGER || !is_wide(child.people) {
            continue;
        }
        let path: Vec<&str> = before.iter().copied().chain([child.state]).collect();
        segments.push(Segment { path: path.clone(), people: child.people, start });
        place(child, &path, start, total, segments);
        start += child.people;
        left -= child.people;
    }
    if left > 0 {
        let path = before.iter().copied().chain([OTHER]).collect();
        segments.push(Segment { path, people: left, start });
    }
}

#[cfg(test)]
mod tests;
