//! The share of people in each state at each step, one state above the other.

use super::strip::{self, BOTTOM_ROOM, LEFT, RIGHT, WIDTH};
use super::{style, svg, words};
use crate::disclosure::{Entry, ReleasedJourneys};
use crate::output::plain_name;
use std::fmt::Write;

const HEIGHT: f64 = 320.0;
/// Height of what is left of a state that is drawn shorter than it is.
const TORN_HEIGHT: f64 = 70.0;
/// How much of everyone a state must be at every step to be drawn shorter.
const MOST: f64 = 0.6;
/// States from which on tearing shows more than it hides.
const FEWEST_STATES: usize = 4;
/// How much of it stays at either end, and how many times the rest may grow.
const KEPT: f64 = 0.005;
const MOST_GROWTH: f64 = 6.0;
/// Least height between marks of the scale.
const APART: f64 = 24.0;

/// What a torn picture means.
pub const TORN: &str = "Where most people are in one state, its area is torn: it is drawn shorter than it is, \
                        so that the others can be seen. The marks on the left stay true.";

/// From shares, counted from the top, to heights.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// What is drawn shorter, from the top, and its height.
    torn: Option<(f64, f64, f64)>,
    /// Height of everyone outside it.
    growth: f64,
}

impl Scale {
    /// One that tears the area in which most people are throughout.
    fn of(edges: &[Vec<(f64, f64)>]) -> Self {
        let throughout = edges.iter().map(|edges| {
            let top = edges.iter().map(|edge| edge.0).fold(0.0, f64::max);
            let bottom = edges.iter().map(|edge| edge.1).fold(1.0, f64::min);
            (top + KEPT, bottom - KEPT)
        });
        let widest =
            throughout.reduce(|one, next| if next.1 - next.0 > one.1 - one.0 { next } else { one });
        match widest {
            Some((top, bottom)) if bottom - top > MOST && edges.len() >= FEWEST_STATES => {
                let rest = 1.0 - (bottom - top);
                let height = (HEIGHT - MOST_GROWTH * HEIGHT * rest).max(TORN_HEIGHT);
                Self { torn: Some((top, bottom, height)), growth: (HEIGHT - height) / rest }
            }
            _ => Self { torn: None, growth: HEIGHT },
        }
    }

    fn y(self, share: f64) -> f64 {
        match self.torn {
            Some((top, bottom, height)) if share > top => {
                let within = (share.min(bottom) - top) / (bottom - top) * height;
                top * self.growth + within + (share - bottom).max(0.0) * self.growth
            }
            _ => share * self.growth,
        }
    }

    /// The marks on the left, and the tear.
    fn draw(self, picture: &mut String) {
        let steps = [1u8, 2, 5, 10, 25, 50].map(f64::from);
        let step = steps.into_iter().find(|step| step / 100.0 * self.growth >= APART);
        let step = step.unwrap_or(50.0);
        let mut from_top = 0.0;
        while from_top <= 100.0 {
            let share = from_top / 100.0;
            let is_torn = self.torn.is_some_and(|(top, bottom, _)| share > top && share < bottom);
            if !is_torn {
                let y = self.y(share);
                let _ = writeln!(
                    picture,
                    "<path d=\"M{LEFT:.1} {y:.1}h-5\" stroke=\"#3b3b3b\" stroke-width=\"1\"/>"
                );
                let text = format!("{:.0}%", 100.0 - from_top);
                let baseline = (y + 4.4).clamp(10.0, HEIGHT + 2.0);
                svg::text(picture, LEFT - 9.0, baseline, "end", "small", &text);
            }
            from_top += step;
        }
        let Some((top, _, height)) = self.torn else { return };
        let middle = self.y(top) + height * 0.72;
        let mut path = format!("M{:.1} {middle:.1}", LEFT - 6.0);
        let teeth = ((RIGHT - LEFT + 12.0) / 12.0) as usize;
        for tooth in 0..teeth {
            let _ = write!(path, "l12 {}", if tooth % 2 == 0 { -5 } else { 5 });
        }
        for (ink, width) in [("#3b3b3b", 6.4), ("#ffffff", 5.0)] {
            let _ = writeln!(
                picture,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\"/>"
            );
        }
    }
}

/// The picture; empty without steps.
pub fn draw(number: usize, of: &ReleasedJourneys) -> String {
    let steps = of.over_time.first().map_or(0, Vec::len);
    if steps == 0 {
        return String::new();
    }
    let people = |state: usize, step: usize| of.over_time[state][step].shown().unwrap_or(0) as f64;
    let all: Vec<f64> =
        (0..steps).map(|step| (0..of.states.len()).map(|s| people(s, step)).sum()).collect();
    let share = |state: usize, step: usize| {
        if all[step] > 0.0 { people(state, step) / all[step] } else { 0.0 }
    };
    let labels: Vec<(String, String)> = (0..of.states.len())
        .map(|state| {
            // small shares would all be nought
            let said = |share: f64| {
                let percent = 100.0 * share;
                if percent < 9.95 { format!("{percent:.1}%") } else { format!("{percent:.0}%") }
            };
            let [first, last] = [0, steps - 1].map(|step| match of.over_time[state][step] {
                Entry::Shown(_) => said(share(state, step)),
                Entry::Marked(marker) => words::bracketed(marker),
            });
            let most = (0..steps).map(|step| share(state, step)).fold(0.0, f64::max);
            let ends = share(state, 0).max(share(state, steps - 1));
            let peak = if most - ends < 0.005 {
                String::new()
            } else {
                format!(", at most {}", said(most))
            };
            let text = format!("{} {first} → {last}{peak}", plain_name(&of.states[state]));
            (of.states[state].clone(), text)
        })
        .collect();
    let height = HEIGHT.max(strip::legend_height(&labels));
    let spoken: Vec<&str> = labels.iter().map(|(_, text)| text.as_str()).collect();
    let description =
        format!("Share of people at the first and the last step: {}.", spoken.join(", "));
    let title = format!("States over time: {}", words::anchor(&of.anchor).to_lowercase());
    let id = format!("over-time-{number}");
    let mut picture = svg::open(&id, WIDTH, height + BOTTOM_ROOM, &title, &description);
    let width = (RIGHT - LEFT) / steps as f64;
    let mut tops = vec![0.0; steps];
    let mut edges: Vec<Vec<(f64, f64)>> = Vec::new();
    for state in 0..of.states.len() {
        let of_state: Vec<(f64, f64)> =
            (0..steps).map(|step| (tops[step], tops[step] + share(state, step))).collect();
        tops = of_state.iter().map(|&(_, bottom)| bottom).collect();
        edges.push(of_state);
    }
    let scale = Scale::of(&edges);
    for (code, edges) in of.states.iter().zip(&edges) {
        let edges: Vec<(f64, f64)> =
            edges.iter().map(|&(top, bottom)| (scale.y(top), scale.y(bottom))).collect();
        let name = plain_name(code);
        let heights = edges.iter().map(|(top, bottom)| bottom - top).fold(HEIGHT, f64::min);
        let is_torn = scale.torn.is_some_and(|(.., height)| heights >= height);
        if is_torn {
            let name = format!("{name}: drawn shorter than it is");
            area(&mut picture, (code, &name), &edges, width);
        } else {
            area(&mut picture, (code, name), &edges, width);
        }
    }
    scale.draw(&mut picture);
    strip::axis(&mut picture, steps, of.step_days, HEIGHT);
    strip::legend(&mut picture, &labels);
    picture.push_str("</svg>\n");
    picture
}

/// An area between an upper and a lower edge step by step, with the state's name where it has room.
fn area(picture: &mut String, (code, name): (&str, &str), edges: &[(f64, f64)], width: f64) {
    let x = |step: usize| LEFT + step as f64 * width;
    let is_there = |&(top, bottom): &(f64, f64)| bottom > top;
    let mut step = 0;
    for run in edges.chunk_by(|a, b| is_there(a) == is_there(b)) {
        if run.first().is_some_and(is_there) {
            let mut path = String::new();
            for (n, (top, _)) in run.iter().enumerate() {
                let edge = if n == 0 { 'M' } else { 'L' };
                let _ = write!(path, "{edge}{:.1} {top:.1}H{:.1}", x(step + n), x(step + n + 1));
            }
            for (n, (_, bottom)) in run.iter().enumerate().rev() {
                let _ = write!(path, "L{:.1} {bottom:.1}H{:.1}", x(step + n + 1), x(step + n));
            }
            let _ = writeln!(
                picture,
                "<path d=\"{path}Z\" fill=\"{}\" {}/>",
                style::fill(code),
                style::EDGE
            );
        }
        step += run.len();
    }
    if let Some((first, until, top, bottom)) = widest(edges)
        && style::has_room(name, (until - first) as f64 * width)
    {
        let middle = (x(first) + x(until)) / 2.0;
        // above the tear of an area that is torn in its middle
        let below = ((bottom - top) * 0.36).min((bottom - top) / 2.0);
        style::name(picture, middle, top + below.max(style::INSIDE / 2.0), code, name);
    }
}

/// The most steps in a row that share a height in which a text can stand: the first, the one after the last,
/// top and bottom.
fn widest(edges: &[(f64, f64)]) -> Option<(usize, usize, f64, f64)> {
    let mut best: Option<(usize, usize, f64, f64)> = None;
    for first in 0..edges.len() {
        let (mut top, mut bottom) = edges[first];
        for until in first + 1..=edges.len() {
            let (next_top, next_bottom) = edges[until - 1];
            (top, bottom) = (top.max(next_top), bottom.min(next_bottom));
            if bottom - top < style::INSIDE {
                break;
            }
            if best.is_none_or(|(one, other, ..)| until - first > other - one) {
                best = Some((first, until, top, bottom));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_where_its_area_is_high_enough_for_long_enough() {
        let edges = [(0.0, 5.0), (0.0, 30.0), (10.0, 40.0), (35.0, 60.0), (0.0, 60.0)];
        // the two in the middle share 20, the last two 25
        assert_eq!(widest(&edges), Some((1, 3, 10.0, 30.0)));
        assert_eq!(widest(&edges[..1]), None);
    }

    #[test]
    fn a_scale_is_torn_where_most_people_are_and_true_elsewhere() {
        let edges = |first: f64, second: f64| {
            let few = || vec![(0.98, 0.99); 2];
            [vec![(0.0, first), (0.0, second)], vec![(first, 0.98), (second, 0.98)], few(), few()]
        };
        let even = Scale::of(&edges(0.5, 0.4));
        assert_eq!([0.0, 0.5, 1.0].map(|share| even.y(share)), [0.0, 160.0, 320.0]);
        let torn = Scale::of(&edges(0.05, 0.1));
        assert!(torn.torn.is_some());
        assert!(Scale::of(&edges(0.05, 0.1)[..2]).torn.is_none(), "nothing else to see");
        assert_eq!(torn.y(0.0), 0.0);
        assert!((torn.y(1.0) - HEIGHT).abs() < 1e-9);
        // the rest is as high as it is much, on both sides
        let (above, below) = (torn.y(0.1) - torn.y(0.05), torn.y(1.0) - torn.y(0.98));
        assert!((above / 0.05 - below / 0.02).abs() < 1e-6 && above / 0.05 > HEIGHT);
        let marks: Vec<f64> = (0..=100).map(|share| torn.y(f64::from(share) / 100.0)).collect();
        assert!(marks.is_sorted());
    }
}
