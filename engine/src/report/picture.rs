//! The graph of journeys as a picture: states as boxes from top to bottom, moves as lines as wide as they
//! are frequent. It is readable without colour and complete in itself.

use super::svg::{self, escaped};
use super::words::{bracketed, count as count_text, decimal, stratum, thousands};
use crate::disclosure::{
    Decimal, Entry, GraphView, GraphViews, Marker, Protected, Released, ReleasedTransition,
    state_graphs,
};
use crate::graph::layout::{Curve, Layout, Place, Point, layout};
use crate::graph::settings::{Show, ViewSettings};
use crate::graph::view::view;
use crate::graph::{END, OTHER, START, StateGraph, is_final};
use crate::output::{NOT_FOR_RELEASE, plain_name};
use petgraph::graph::{EdgeIndex, NodeIndex};
use std::fmt::Write;

/// Share of the moves that pictures show when no setting says otherwise: rare moves make a picture dark
/// before they make it true.
pub const PICTURE_COVERAGE: f64 = 0.95;

const FONT: &str = "Arial, Helvetica, sans-serif";
/// Width of a letter of names, at most, as far as one can know without the font.
const LETTER: f64 = 7.4;
const LINE: f64 = 16.0;
/// Letters of a line of a name.
const WRAP: usize = 18;
/// Room of a line at a box, and the widest box for their sake.
const PORT: f64 = 15.0;
const WIDEST: f64 = 300.0;
const LABEL_HEIGHT: f64 = 14.0;
const LABEL_LETTER: f64 = 6.6;

/// The picture of the graph of a page: that of `area_code` and `stratum`, under the given id. Empty
/// without moves.
pub(super) fn of_page(released: &Protected<Released>, edge: &ReleasedTransition) -> String {
    let own = |graph: &StateGraph| {
        graph.node_weights().next().is_some_and(|node| {
            (&node.scheme, &node.area_code, &node.stratum)
                == (&edge.scheme, &edge.area_code, &edge.stratum)
        })
    };
    let graphs = state_graphs(released);
    let Some(whole) = graphs.iter().find(|graph| own(graph)) else { return String::new() };
    let seen = view(whole, &ViewSettings::default(), PICTURE_COVERAGE);
    let rows: Vec<&ReleasedTransition> =
        rows_of(released, &edge.scheme, &edge.area_code, &edge.stratum);
    let drawing = Drawing::new(&seen.graph, &rows, Show::Count);
    if drawing.is_empty() {
        return String::new();
    }
    let (width, height) = drawing.size();
    let title = "Moves from one state to the next";
    let mut text = svg::open("journeys", width, height, title, &drawing.description());
    drawing.draw(&mut text);
    text.push_str("</svg>\n");
    text
}

/// Parts of graphs as one SVG file, one below the other, each under its heading and above what it
/// leaves out.
#[must_use]
pub fn graph_svg(views: &GraphViews, show: Show) -> String {
    let mut width: f64 = 520.0;
    let mut height = 0.0;
    let mut parts = String::new();
    let mut told = Vec::new();
    let mut empty = Vec::new();
    for graph in &views.graphs {
        let rows = rows_of(&views.rows, &graph.scheme, &graph.area_code, &graph.stratum);
        let drawing = Drawing::new(&graph.view.graph, &rows, show);
        let (wide, high) = drawing.size();
        let heading = heading(graph);
        if drawing.is_empty() {
            empty.push(heading);
            continue;
        }
        let notes = notes(graph, show);
        width = width.max(wide);
        let longest = notes.iter().chain([&heading]).map(|line| line.chars().count()).max();
        width = width.max(longest.unwrap_or(0) as f64 * 7.0 + 32.0);
        height += 34.0;
        line(&mut parts, 16.0, height - 10.0, "start", 17.0, true, &heading);
        let _ = writeln!(parts, "<g transform=\"translate(0 {height:.1})\">");
        drawing.draw(&mut parts);
        parts.push_str("</g>\n");
        height += high;
        for note in &notes {
            height += 17.0;
            line(&mut parts, 16.0, height - 4.0, "start", 12.0, false, note);
        }
        height += 18.0;
        told.push(format!("{heading}: {}", drawing.description()));
    }
    if !empty.is_empty() {
        let text = "No moves to show, since people are few or filters leave none:";
        for text in std::iter::once(text).chain(empty.iter().map(String::as_str)) {
            height += 18.0;
            line(&mut parts, 16.0, height - 4.0, "start", 12.0, false, text);
            width = width.max(text.chars().count() as f64 * 7.0 + 32.0);
        }
        height += 8.0;
    }
    if views.rows.not_for_release {
        height += 20.0;
        line(&mut parts, 16.0, height - 6.0, "start", 13.0, true, NOT_FOR_RELEASE);
    }
    if views.graphs.is_empty() {
        height = 60.0;
        line(&mut parts, 16.0, 34.0, "start", 14.0, false, "No moves to show.");
    }
    let description = escaped(&told.join(" "));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n\
         <title>Moves from one state to the next</title>\n<desc>{description}</desc>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{parts}</svg>\n"
    )
}

fn rows_of<'a>(
    released: &'a Released,
    scheme: &str,
    area_code: &str,
    stratum: &str,
) -> Vec<&'a ReleasedTransition> {
    let is_own = |row: &&ReleasedTransition| {
        (&*row.scheme, &*row.area_code, &*row.stratum) == (scheme, area_code, stratum)
    };
    released.transitions.iter().filter(is_own).collect()
}

fn heading(graph: &GraphView) -> String {
    let area = match &*graph.area_code {
        "E92000001" => "England",
        "" => graph.scheme.as_str(),
        code => code,
    };
    if graph.stratum.is_empty() {
        area.into()
    } else {
        format!("{area}, {}", stratum(&graph.stratum))
    }
}

/// Whom a graph follows: event logs, which have no area, have cases.
const fn who(area_code: &str) -> &'static str {
    if area_code.is_empty() { "cases" } else { "people" }
}

/// The name of a state, in whose graph cases or people are few.
fn name(code: &str, area_code: &str) -> String {
    let name = plain_name(code);
    if code == OTHER { name.replace("people", who(area_code)) } else { name.into() }
}

/// What stands below a picture.
fn notes(graph: &GraphView, show: Show) -> Vec<String> {
    let percent = |entry: Entry<Decimal>| match entry {
        Entry::Shown(share) => format!("{:.1}%", share.value * 100.0),
        Entry::Marked(marker) => bracketed(marker),
    };
    let what = match show {
        Show::Count => "Numbers on lines: moves.",
        Show::People => "Numbers on lines: people who made the move.",
        Show::Probability => "Numbers on lines: share of the moves out of the state.",
        Show::MeanDays => "Numbers on lines: mean days in the state before the move.",
        Show::MedianDays => "Numbers on lines: median days in the state before the move.",
        Show::TotalDays => "Numbers on lines: days in the state before the moves, in all.",
    };
    let people = match graph.people {
        Entry::Marked(Marker::NotAvailable) => String::new(),
        all => format!(
            "; the whole journey of {} of {} {}",
            percent(graph.share_of_people),
            count_text(all),
            who(&graph.area_code)
        ),
    };
    vec![
        format!(
            "{what} Wide lines are frequent moves; dashed ones are less than 1% of those shown."
        ),
        format!("Shown: {} of the moves{people}.", percent(graph.share_of_moves)),
    ]
}

/// One picture.
struct Drawing<'a> {
    graph: StateGraph,
    names: Vec<Vec<String>>,
    layout: Layout,
    labels: Vec<String>,
    rows: &'a [&'a ReleasedTransition],
}

impl<'a> Drawing<'a> {
    /// States without a line are not drawn.
    fn new(graph: &StateGraph, rows: &'a [&'a ReleasedTransition], show: Show) -> Self {
        let graph = graph.filter_map(
            |node, weight| {
                graph.neighbors_undirected(node).next().is_some().then(|| weight.clone())
            },
            |_, edge| Some(edge.clone()),
        );
        let names: Vec<Vec<String>> = graph
            .node_weights()
            .map(|node| {
                let mut lines = svg::wrapped(&name(&node.state, &node.area_code), WRAP);
                if node.people > 0 && ![START, END].contains(&&*node.state) {
                    let who = who(&node.area_code);
                    lines.push(format!("{} {who}", thousands(node.people)));
                }
                lines
            })
            .collect();
        // wide enough for the name and for the lines that come and go
        let size = |(node, lines): (NodeIndex, &Vec<String>)| {
            let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
            let lines_of = graph.neighbors_undirected(node).count() as f64;
            let width = (longest as f64 * LETTER + 20.0).max((lines_of * PORT).min(WIDEST));
            (width, lines.len() as f64 * LINE + 12.0)
        };
        let sizes: Vec<(f64, f64)> = graph.node_indices().zip(&names).map(size).collect();
        let layout = layout(&graph, &sizes);
        let row = |from: &str, to: &str| rows.iter().find(|row| row.from == from && row.to == to);
        let labels = graph
            .edge_weights()
            .map(|edge| row(&edge.from, &edge.to).map_or_else(String::new, |row| label(row, show)))
            .collect();
        Self { graph, names, layout, labels, rows }
    }

    fn is_empty(&self) -> bool {
        self.graph.edge_count() == 0
    }

    fn size(&self) -> (f64, f64) {
        (self.layout.width, self.layout.height)
    }

    /// The moves in words, the most frequent first.
    fn description(&self) -> String {
        let mut edges: Vec<_> = self.graph.edge_weights().collect();
        edges.sort_by_key(|edge| (-edge.count, edge.from.clone(), edge.to.clone()));
        let words = |edge: &&crate::figure::Transition| {
            let (from, to) = (plain_name(&edge.from), plain_name(&edge.to));
            format!("{from} to {to}: {}", thousands(edge.count))
        };
        let told: Vec<String> = edges.iter().take(12).map(words).collect();
        let more = if edges.len() > 12 { ", and rarer ones" } else { "" };
        format!("{} kinds of move. {}{more}.", edges.len(), told.join(", "))
    }

    fn draw(&self, text: &mut String) {
        let most = self.graph.edge_weights().map(|edge| edge.count).max().unwrap_or(1).max(1);
        let all: i64 = self.graph.edge_weights().map(|edge| edge.count).sum();
        let mut order: Vec<usize> = (0..self.graph.edge_count()).collect();
        let edges: Vec<_> = self.graph.edge_references().collect();
        // frequent moves lie above rare ones, and their numbers choose their place first
        order.sort_by_key(|&n| (edges[n].weight().count, std::cmp::Reverse(n)));
        for &n in &order {
            let edge = edges[n].weight();
            let width = 1.0 + 5.5 * (edge.count as f64 / most as f64).sqrt();
            let is_weak = 100 * edge.count < all;
            let dash = if is_weak { " stroke-dasharray=\"5 3\"" } else { "" };
            let grey = if is_weak { "#777777" } else { "#555555" };
            let tip = format!(
                "{} to {}: {}",
                plain_name(&edge.from),
                plain_name(&edge.to),
                self.tip(&edge.from, &edge.to)
            );
            let _ = writeln!(
                text,
                "<path d=\"{}\" fill=\"none\" stroke=\"{grey}\" stroke-width=\"{width:.1}\"{dash}>\
                 <title>{}</title></path>\n<path d=\"{}\" fill=\"#222222\"/>",
                path(&self.layout.moves[n]),
                escaped(&tip),
                arrow(&self.layout.moves[n], width)
            );
        }
        for (node, (place, lines)) in
            self.graph.node_weights().zip(self.layout.states.iter().zip(&self.names))
        {
            state(text, &node.state, node.people > 0, place, lines);
        }
        let mut taken: Vec<Area> = self.layout.states.iter().map(Area::of_place).collect();
        let lines: Vec<Vec<Point>> = self.layout.moves.iter().map(|curves| along(curves)).collect();
        for &n in order.iter().rev() {
            let label = &self.labels[n];
            if label.is_empty() {
                continue;
            }
            let at = free_place(&self.layout, n, label, self.is_crowded_first(n), (&taken, &lines));
            taken.push(at);
            let x = (at.left + at.right) / 2.0;
            let y = at.bottom - 3.2;
            let _ = writeln!(
                text,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\" font-family=\"{FONT}\" \
                 font-size=\"12\" fill=\"#000000\" stroke=\"#ffffff\" stroke-width=\"3.5\" \
                 paint-order=\"stroke\" stroke-linejoin=\"round\">{}</text>",
                escaped(label)
            );
        }
    }

    /// Whether more lines meet where a move begins than where it ends.
    fn is_crowded_first(&self, edge: usize) -> bool {
        let lines_of = |node| self.graph.neighbors_undirected(node).count();
        let ends = self.graph.edge_endpoints(EdgeIndex::new(edge));
        ends.is_some_and(|(from, to)| lines_of(from) > lines_of(to))
    }

    fn tip(&self, from: &str, to: &str) -> String {
        let row = self.rows.iter().find(|row| row.from == from && row.to == to);
        row.map_or_else(String::new, |row| {
            format!(
                "{} moves, {} of those out of the state, median {} days",
                count_text(row.count),
                label(row, Show::Probability),
                label(row, Show::MedianDays)
            )
        })
    }
}

fn label(row: &ReleasedTransition, show: Show) -> String {
    let number = |entry: Entry<Decimal>| match entry {
        Entry::Shown(number) => decimal(number),
        // no stays of a day, or quartiles of several folded moves
        Entry::Marked(Marker::NotApplicable | Marker::NotAvailable) => String::new(),
        Entry::Marked(marker) => bracketed(marker),
    };
    match show {
        Show::Count => count_text(row.count),
        Show::People => count_text(row.people),
        Show::Probability => match row.probability {
            Entry::Shown(share) => format!("{:.0}%", share.value * 100.0),
            Entry::Marked(marker) => bracketed(marker),
        },
        Show::MeanDays => number(row.mean_days),
        Show::MedianDays => number(row.quartiles_days[1]),
        Show::TotalDays => number(row.total_days),
    }
}

fn state(text: &mut String, code: &str, has_count: bool, place: &Place, lines: &[String]) {
    let Place { middle, width, height } = *place;
    let (x, y) = (middle.x - width / 2.0, middle.y - height / 2.0);
    // ends and folded states are told apart by their frames, not by colour
    let frame = if is_final(code) {
        "stroke-width=\"2.6\""
    } else if code == OTHER {
        "stroke-width=\"1.2\" stroke-dasharray=\"4 3\""
    } else {
        "stroke-width=\"1.2\""
    };
    let fill = if is_final(code) { "#e4e4e4" } else { "#ffffff" };
    let round = if [START, END].contains(&code) { height / 2.0 } else { 5.0 };
    let _ = writeln!(
        text,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round:.1}\" \
         fill=\"{fill}\" stroke=\"#000000\" {frame}/>"
    );
    let first = middle.y - (lines.len() as f64 - 1.0) * LINE / 2.0 + 4.5;
    for (n, content) in lines.iter().enumerate() {
        let is_count = has_count && n > 0 && n + 1 == lines.len();
        let y = first + n as f64 * LINE;
        line(text, middle.x, y, "middle", if is_count { 12.0 } else { 13.0 }, !is_count, content);
    }
}

fn line(text: &mut String, x: f64, y: f64, anchor: &str, size: f64, is_bold: bool, content: &str) {
    let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
    let _ = writeln!(
        text,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-family=\"{FONT}\" \
         font-size=\"{size:.0}\"{weight} fill=\"#000000\">{}</text>",
        escaped(content)
    );
}

fn path(curves: &[Curve]) -> String {
    let mut d = String::new();
    for (n, [start, pull, other, end]) in curves.iter().enumerate() {
        if n == 0 {
            let _ = write!(d, "M{:.1} {:.1}", start.x, start.y);
        }
        let _ = write!(
            d,
            "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            pull.x, pull.y, other.x, other.y, end.x, end.y
        );
    }
    d
}

/// The head of an arrow at the end of a line.
fn arrow(curves: &[Curve], width: f64) -> String {
    let Some([.., pull, end]) = curves.last() else { return String::new() };
    let (x, y) = (end.x - pull.x, end.y - pull.y);
    let length = x.hypot(y).max(1e-6);
    let (x, y) = (x / length, y / length);
    let (back, side) = (9.0 + width / 2.0, 3.6 + width / 2.0);
    let (base_x, base_y) = (end.x - back * x, end.y - back * y);
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        end.x,
        end.y,
        base_x - side * y,
        base_y + side * x,
        base_x + side * y,
        base_y - side * x
    )
}

/// A rectangle that something stands in.
#[derive(Clone, Copy, Debug)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of_place(place: &Place) -> Self {
        let Place { middle, width, height } = *place;
        Self {
            left: middle.x - width / 2.0,
            right: middle.x + width / 2.0,
            top: middle.y - height / 2.0,
            bottom: middle.y + height / 2.0,
        }
    }

    fn widened(&self, by: f64) -> Self {
        Self { left: self.left - by, right: self.right + by, ..*self }
    }

    fn holds(&self, point: &Point) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }

    /// How much of it another covers.
    fn overlap(&self, other: &Self) -> f64 {
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        wide.max(0.0) * high.max(0.0)
    }
}

/// Room around a number, so that it does not read as one with the next.
const APART: f64 = 5.0;
/// What a point of another line under a number counts for, in area covered: a number belongs to one line.
const LINE_COVERED: f64 = 14.0;

/// Points of a line, close to each other.
fn along(curves: &[Curve]) -> Vec<Point> {
    let of_curve = |curve| (0..=24).map(move |n| on_curve(curve, f64::from(n) / 24.0));
    curves.iter().flat_map(of_curve).collect()
}

/// Where the number of a move stands: on its line, where it covers least of what stands already and of other
/// lines, towards the end where fewer lines meet and can be told apart.
fn free_place(
    layout: &Layout,
    number: usize,
    label: &str,
    is_crowded_first: bool,
    (taken, lines): (&[Area], &[Vec<Point>]),
) -> Area {
    let width = label.chars().count() as f64 * LABEL_LETTER + 6.0;
    let area = |at: Point| {
        let x = at
            .x
            .clamp(width / 2.0 + 1.0, (layout.width - width / 2.0 - 1.0).max(width / 2.0 + 1.0));
        Area {
            left: x - width / 2.0,
            right: x + width / 2.0,
            top: at.y - LABEL_HEIGHT / 2.0,
            bottom: at.y + LABEL_HEIGHT / 2.0,
        }
    };
    let mut curves: Vec<Curve> = layout.moves[number].clone();
    if is_crowded_first {
        curves.reverse();
        curves.iter_mut().for_each(|curve| curve.reverse());
    }
    let mut best: Option<(f64, Area)> = None;
    for curve in &curves {
        for twentieth in [7, 8, 6, 9, 5, 10, 4, 11, 12, 13, 14, 15, 16] {
            let at = area(on_curve(curve, f64::from(twentieth) / 20.0));
            let others = lines.iter().enumerate().filter(|&(other, _)| other != number);
            let points = others.flat_map(|(_, line)| line).filter(|point| at.holds(point)).count();
            let covered = taken.iter().map(|other| at.widened(APART).overlap(other)).sum::<f64>()
                + LINE_COVERED * points as f64;
            if best.is_none_or(|(least, _)| covered < least - 1e-9) {
                best = Some((covered, at));
            }
        }
    }
    best.map_or_else(|| area(Point::default()), |(_, at)| at)
}

fn on_curve(&[a, b, c, d]: &Curve, t: f64) -> Point {
    let mix = |a: f64, b: f64, c: f64, d: f64| {
        let s = 1.0 - t;
        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
    };
    Point { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) }
}
