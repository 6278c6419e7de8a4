//! What follows hospital, as a flow picture: hospital states on the left, the next state on the right,
//! ribbons as wide as the moves.

use super::words::thousands;
use super::{style, svg};
use crate::disclosure::ReleasedTransition;
use crate::output::plain_name;
use std::collections::BTreeMap;
use std::fmt::Write;
use throughcare_linkage::timeline::state::State;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 230.0;
const RIGHT: f64 = 700.0;
const NODE_WIDTH: f64 = 14.0;
/// Height of all flows together.
const FLOW_HEIGHT: f64 = 360.0;
/// Least height of a node with its label of two lines.
const SLOT: f64 = 34.0;
const GAP: f64 = 8.0;
/// Least width of a flow that has its number.
const NUMBER: f64 = 11.0;

/// A flow from a hospital state to the next state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow<'a> {
    /// Code of the state left.
    pub from: &'a str,
    /// Code of the state entered.
    pub to: &'a str,
    /// Moves, above zero.
    pub count: i64,
}

/// Whether a code is a hospital state of any scheme.
pub fn is_hospital(code: &str) -> bool {
    code == "HOSP" || State::from_code(code).is_some_and(State::is_hospital)
}

/// The shown moves out of hospital states.
pub fn flows<'a>(edges: &[&'a ReleasedTransition]) -> Vec<Flow<'a>> {
    edges
        .iter()
        .filter(|edge| is_hospital(&edge.from))
        .filter_map(|edge| {
            let count = edge.count.shown().filter(|&count| count > 0)?;
            Some(Flow { from: &edge.from, to: &edge.to, count })
        })
        .collect()
}

struct Node<'a> {
    code: &'a str,
    count: i64,
    y: f64,
    height: f64,
    /// Height used by ribbons so far.
    used: f64,
}

/// Nodes from the largest down, `OTHER` last, each in a slot that holds its label.
fn column<'a>(sizes: BTreeMap<&'a str, i64>, scale: f64) -> (Vec<Node<'a>>, f64) {
    let mut sizes: Vec<(&str, i64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|&(code, count)| (code == "OTHER", -count, code));
    let mut y = 0.0;
    let nodes = sizes
        .into_iter()
        .map(|(code, count)| {
            let height = (count as f64 * scale).max(1.5);
            let slot = height.max(SLOT);
            let node = Node { code, count, y: y + (slot - height) / 2.0, height, used: 0.0 };
            y += slot + GAP;
            node
        })
        .collect();
    (nodes, y - GAP)
}

/// The picture; empty without flows.
pub fn draw(flows: &[Flow<'_>]) -> String {
    let total: i64 = flows.iter().map(|flow| flow.count).sum();
    if total <= 0 {
        return String::new();
    }
    let scale = FLOW_HEIGHT / total as f64;
    let mut left_sizes = BTreeMap::new();
    let mut right_sizes = BTreeMap::new();
    for flow in flows {
        *left_sizes.entry(flow.from).or_insert(0) += flow.count;
        *right_sizes.entry(flow.to).or_insert(0) += flow.count;
    }
    let (mut left, left_height) = column(left_sizes, scale);
    let (mut right, right_height) = column(right_sizes, scale);
    let top = 34.0;
    let inner = left_height.max(right_height);
    let shift = |nodes: &mut [Node<'_>], height: f64| {
        for node in nodes {
            node.y += top + (inner - height) / 2.0;
        }
    };
    shift(&mut left, left_height);
    shift(&mut right, right_height);
    let mut svg = svg::open(
        "sankey",
        WIDTH,
        top + inner + 12.0,
        "What follows a stay in hospital",
        &description(&left, &right, total),
    );
    svg::text(&mut svg, LEFT, 16.0, "end", "axis", "Left hospital");
    svg::text(&mut svg, RIGHT, 16.0, "start", "axis", "Where people were next");
    ribbons(&mut svg, flows, &mut left, &mut right, scale);
    for node in &left {
        style::block(&mut svg, (LEFT - NODE_WIDTH, node.y), (NODE_WIDTH, node.height), node.code);
        label(&mut svg, LEFT - NODE_WIDTH - 8.0, "end", node, total);
    }
    for node in &right {
        style::block(&mut svg, (RIGHT, node.y), (NODE_WIDTH, node.height), node.code);
        label(&mut svg, RIGHT + NODE_WIDTH + 8.0, "start", node, total);
    }
    svg.push_str("</svg>\n");
    svg
}

fn ribbons(
    svg: &mut String,
    flows: &[Flow<'_>],
    left: &mut [Node<'_>],
    right: &mut [Node<'_>],
    scale: f64,
) {
    let mut numbers = Vec::new();
    let several = |is_of: &dyn Fn(&Flow<'_>) -> bool| flows.iter().filter(|f| is_of(f)).count() > 1;
    // from top to bottom on both sides, so that ribbons cross as little as they can
    for origin in left {
        for target in &mut *right {
            let flow = flows.iter().filter(|f| f.from == origin.code && f.to == target.code);
            let count: i64 = flow.map(|flow| flow.count).sum();
            if count == 0 {
                continue;
            }
            let width = count as f64 * scale;
            let (y0, y1) = (origin.y + origin.used, target.y + target.used);
            origin.used += width;
            target.used += width;
            let middle = (LEFT + RIGHT) / 2.0;
            let (b0, b1) = (y0 + width, y1 + width);
            let tip = svg::escaped(&format!(
                "{} to {}: {}",
                plain_name(origin.code),
                plain_name(target.code),
                thousands(count)
            ));
            let _ = writeln!(
                svg,
                "<path d=\"M{LEFT:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {RIGHT:.1} {y1:.1}\
                 L{RIGHT:.1} {b1:.1}C{middle:.1} {b1:.1} {middle:.1} {b0:.1} {LEFT:.1} {b0:.1}Z\" \
                 fill=\"{}\" fill-opacity=\"0.55\" stroke=\"#5a5a5a\" stroke-width=\"{:.1}\"><title>{tip}</title></path>",
                style::paper(target.code),
                (width * 0.2).clamp(0.2, 0.6)
            );
            // a flow that is all of a state has its number there
            if width >= NUMBER && several(&|flow| flow.from == origin.code) {
                numbers.push((LEFT + 7.0, y0 + width / 2.0, "start", count));
            } else if width >= NUMBER && several(&|flow| flow.to == target.code) {
                numbers.push((RIGHT - 7.0, y1 + width / 2.0, "end", count));
            }
        }
    }
    for (x, middle, anchor, count) in numbers {
        style::inside(svg, x, middle, anchor, &thousands(count));
    }
}

fn label(svg: &mut String, x: f64, anchor: &str, node: &Node<'_>, total: i64) {
    let middle = node.y + node.height / 2.0;
    let share = share(node.count, total);
    svg::text(svg, x, middle - 2.0, anchor, "node", plain_name(node.code));
    svg::text(
        svg,
        x,
        middle + 13.0,
        anchor,
        "small",
        &format!("{} ({share})", thousands(node.count)),
    );
}

fn share(count: i64, total: i64) -> String {
    let percent = (200 * count + total) / (2 * total);
    if percent == 0 { "under 1%".into() } else { format!("{percent}%") }
}

fn description(left: &[Node<'_>], right: &[Node<'_>], total: i64) -> String {
    let list = |nodes: &[Node<'_>]| {
        let parts: Vec<String> = nodes
            .iter()
            .map(|node| format!("{} {}", plain_name(node.code), thousands(node.count)))
            .collect();
        parts.join(", ")
    };
    format!(
        "{} moves out of hospital. Left: {}. Where people were next: {}.",
        thousands(total),
        list(left),
        list(right)
    )
}
