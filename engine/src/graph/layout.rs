//! Where the states and moves of a graph stand in a picture: layers from top to bottom.
//!
//! The way of Sugiyama: layers, then points on the layers that long moves pass, then an order with few
//! crossings, then places. Layers follow the strongest moves: each state stands one below the state that
//! most moves to it come from, of those that have a place already; final states stand last. Cycles need
//! no special care so.

use super::{OTHER, StateGraph, first_state, is_final};
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

/// A place in the picture, from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Where a state stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Its middle.
    pub middle: Point,
    /// Width of its box.
    pub width: f64,
    /// Height of its box.
    pub height: f64,
}

/// A cubic curve: beginning, two points that pull it, end.
pub type Curve = [Point; 4];

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Width of the picture.
    pub width: f64,
    /// Height of the picture.
    pub height: f64,
    /// States, in the order of the graph.
    pub states: Vec<Place>,
    /// Moves, in the order of the graph: curves from the box left to the box entered.
    pub moves: Vec<Vec<Curve>>,
}

const MARGIN: f64 = 16.0;
/// Between boxes of a layer.
const GAP: f64 = 30.0;
/// Room of a move that passes a layer.
const LANE: f64 = 10.0;
/// Between layers.
const LAYER_GAP: f64 = 92.0;
const SWEEPS: usize = 12;

/// A box of a layer, or a point that a long move passes.
#[derive(Clone, Debug)]
struct Slot {
    node: Option<NodeIndex>,
    width: f64,
    x: f64,
    // slots of the layers above and below that it is joined with, and how strongly
    above: Vec<(usize, f64)>,
    below: Vec<(usize, f64)>,
}

/// Makes the layout.
///
/// # Arguments
///
/// * `graph`: exact or released.
/// * `size`: width and height of the box of each state, in the order of the graph.
///
/// # Returns
///
/// The layout: boxes of a layer never overlap, and everything lies within the picture.
///
/// # Complexity
///
/// Moves times layers, and a logarithm, for each of a dozen sweeps.
///
/// # Example
///
/// ```
/// use throughcare_engine::graph::{counts::GraphCounts, layout::layout, state_graph};
///
/// let mut counts = GraphCounts::new(2);
/// counts.begin();
/// counts.visit(0, 1, false);
/// counts.step(0, 1, 1);
/// counts.visit(1, 1, true);
/// counts.end(0, 1);
/// let graph = state_graph(&counts, "example", &["HOME", "DEAD"], "", "");
/// let found = layout(&graph, &[(90.0, 40.0), (90.0, 40.0)]);
/// assert!(found.states[0].middle.y < found.states[1].middle.y);
/// assert_eq!(found.moves[0].len(), 1);
/// ```
#[must_use]
pub fn layout(graph: &StateGraph, size: &[(f64, f64)]) -> Layout {
    if graph.node_count() == 0 || size.len() < graph.node_count() {
        return Layout::default();
    }
    let layers_of = layers(graph);
    let mut board = Board::new(graph, &layers_of, size);
    board.order();
    board.place();
    board.finish(graph, &layers_of, size)
}

/// The layer of each state, from 0.
fn layers(graph: &StateGraph) -> Vec<usize> {
    let is_last = |node: NodeIndex| is_final(&graph[node].state) || graph[node].state == OTHER;
    let mut layer: Vec<Option<usize>> = vec![None; graph.node_count()];
    if let Some(first) = first_state(graph) {
        layer[first.index()] = Some(0);
    }
    // the strongest move from a state with a place to one without, or else the other way round; then
    // whatever is left begins a picture of its own at the top
    loop {
        let open = |node: NodeIndex| layer[node.index()].is_none() && !is_last(node);
        let strongest = |forwards: bool| {
            let ends = |edge: EdgeIndex| {
                let (from, to) = graph.edge_endpoints(edge)?;
                let (known, new) = if forwards { (from, to) } else { (to, from) };
                Some((layer[known.index()]?, new)).filter(|&(_, new)| open(new))
            };
            let joined = graph.edge_indices().filter_map(|edge| Some((edge, ends(edge)?)));
            joined.max_by_key(|&(edge, _)| (graph[edge].count, std::cmp::Reverse(edge)))
        };
        if let Some((_, (above, node))) = strongest(true) {
            layer[node.index()] = Some(above + 1);
        } else if let Some((_, (below, node))) = strongest(false) {
            layer[node.index()] = Some(below.saturating_sub(1));
        } else if let Some(node) = graph.node_indices().find(|&node| open(node)) {
            // entered from nowhere that is shown: beside what follows the beginning, if there is any
            layer[node.index()] = Some(usize::from(layer.contains(&Some(1))));
        } else {
            break;
        }
    }
    let last = layer.iter().flatten().max().map_or(0, |deepest| deepest + 1);
    layer.into_iter().map(|layer| layer.unwrap_or(last)).collect()
}

/// The layers with their slots.
struct Board {
    slots: Vec<Slot>,
    layers: Vec<Vec<usize>>,
    // slots of states, and slots that each move passes from its upper to its lower end
    of_node: Vec<usize>,
    lanes: Vec<Vec<usize>>,
}

impl Board {
    fn new(graph: &StateGraph, layer_of: &[usize], size: &[(f64, f64)]) -> Self {
        let depth = layer_of.iter().max().map_or(0, |deepest| deepest + 1);
        let mut board = Self {
            slots: Vec::new(),
            layers: vec![Vec::new(); depth],
            of_node: Vec::new(),
            lanes: vec![Vec::new(); graph.edge_count()],
        };
        for node in graph.node_indices() {
            let slot = board.add(Some(node), size[node.index()].0, layer_of[node.index()]);
            board.of_node.push(slot);
        }
        let most = graph.edge_weights().map(|edge| edge.count).max().unwrap_or(1).max(1);
        for edge in graph.edge_references() {
            let (from, to) = (edge.source().index(), edge.target().index());
            let (upper, lower) =
                if layer_of[from] <= layer_of[to] { (from, to) } else { (to, from) };
            if layer_of[upper] == layer_of[lower] {
                continue;
            }
            // rare moves pull a little too
            let pull = 0.05 + edge.weight().count as f64 / most as f64;
            let mut above = board.of_node[upper];
            for layer in layer_of[upper] + 1..layer_of[lower] {
                let lane = board.add(None, LANE, layer);
                board.join(above, lane, pull);
                board.lanes[edge.id().index()].push(lane);
                above = lane;
            }
            board.join(above, board.of_node[lower], pull);
        }
        board
    }

    fn add(&mut self, node: Option<NodeIndex>, width: f64, layer: usize) -> usize {
        let slot = Slot { node, width, x: 0.0, above: Vec::new(), below: Vec::new() };
        self.slots.push(slot);
        self.layers[layer].push(self.slots.len() - 1);
        self.slots.len() - 1
    }

    fn join(&mut self, above: usize, below: usize, pull: f64) {
        self.slots[above].below.push((below, pull));
        self.slots[below].above.push((above, pull));
    }

    /// Orders each layer by the middle of what its slots are joined with, from above and from below in
    /// turn, and keeps the order with the fewest crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            for step in 0..self.layers.len() {
                let layer = if down { step } else { self.layers.len() - 1 - step };
                let rank = self.ranks();
                let middle = |slot: &usize| {
                    let slot = &self.slots[*slot];
                    mean(if down { &slot.above } else { &slot.below }, |other| rank[other])
                };
                let mut keyed: Vec<(f64, usize)> = self.layers[layer]
                    .iter()
                    .map(|slot| (middle(slot).unwrap_or(rank[*slot]), *slot))
                    .collect();
                keyed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
                self.layers[layer] = keyed.into_iter().map(|(_, slot)| slot).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// The place of each slot in its layer, from 0 to 1.
    fn ranks(&self) -> Vec<f64> {
        let mut ranks = vec![0.0; self.slots.len()];
        for layer in &self.layers {
            for (place, &slot) in layer.iter().enumerate() {
                ranks[slot] = (place as f64 + 0.5) / layer.len() as f64;
            }
        }
        ranks
    }

    /// Crossings between neighbouring layers, weighted by the weaker of the two moves.
    fn crossings(&self) -> f64 {
        let rank = self.ranks();
        let mut all = 0.0;
        for layer in &self.layers {
            let lines: Vec<(f64, f64, f64)> = layer
                .iter()
                .flat_map(|&slot| self.slots[slot].below.iter().map(move |&(to, w)| (slot, to, w)))
                .map(|(slot, to, pull)| (rank[slot], rank[to], pull))
                .collect();
            for (n, one) in lines.iter().enumerate() {
                for other in &lines[n + 1..] {
                    if (one.0 - other.0) * (one.1 - other.1) < 0.0 {
                        all += one.2.min(other.2);
                    }
                }
            }
        }
        all
    }

    /// Places slots as near as can be to the middle of what they are joined with, in their order.
    fn place(&mut self) {
        for layer in 0..self.layers.len() {
            self.settle(layer, |_| 0.0);
        }
        for sweep in 0..SWEEPS {
            for step in 0..self.layers.len() {
                let layer = if sweep % 2 == 0 { step } else { self.layers.len() - 1 - step };
                let slots = &self.slots;
                let wish = |slot: usize| {
                    let joined = [&slots[slot].above[..], &slots[slot].below].concat();
                    mean(&joined, |other| slots[other].x).unwrap_or(slots[slot].x)
                };
                let wishes: Vec<f64> = self.layers[layer].iter().map(|&slot| wish(slot)).collect();
                self.settle(layer, |place| wishes[place]);
            }
        }
    }

    /// Gives each slot of a layer the place it wishes as far as no two overlap: least squares, by pooling
    /// neighbours that get in each other's way.
    fn settle(&mut self, layer: usize, wish: impl Fn(usize) -> f64) {
        let order = &self.layers[layer];
        // without the room that slots need, any order that does not decrease is free of overlaps
        let mut offsets = Vec::with_capacity(order.len());
        let mut offset = 0.0;
        for (place, &slot) in order.iter().enumerate() {
            if place > 0 {
                offset += self.room(order[place - 1], slot);
            }
            offsets.push(offset);
        }
        let mut pools: Vec<(f64, usize)> = Vec::new();
        for (place, offset) in offsets.iter().enumerate() {
            pools.push((wish(place) - offset, 1));
            while let [.., (one, n), (other, m)] = pools[..]
                && one > other
            {
                pools.truncate(pools.len() - 2);
                let both = (one * n as f64 + other * m as f64) / (n + m) as f64;
                pools.push((both, n + m));
            }
        }
        let places = pools.into_iter().flat_map(|(x, members)| std::iter::repeat_n(x, members));
        for ((x, offset), &slot) in places.zip(offsets).zip(order) {
            self.slots[slot].x = x + offset;
        }
    }

    /// Between the middles of neighbours.
    fn room(&self, left: usize, right: usize) -> f64 {
        let (left, right) = (&self.slots[left], &self.slots[right]);
        let gap = if left.node.is_some() && right.node.is_some() { GAP } else { GAP / 2.0 };
        (left.width + right.width) / 2.0 + gap
    }

    fn finish(&self, graph: &StateGraph, layer_of: &[usize], size: &[(f64, f64)]) -> Layout {
        let edge_of = |slot: &Slot| (slot.x - slot.width / 2.0, slot.x + slot.width / 2.0);
        let left = self.slots.iter().map(|slot| edge_of(slot).0).fold(f64::INFINITY, f64::min);
        let right = self.slots.iter().map(|slot| edge_of(slot).1).fold(f64::NEG_INFINITY, f64::max);
        let has_loop = graph.edge_references().any(|edge| edge.source() == edge.target());
        let side = MARGIN + if has_loop { LOOP } else { 0.0 };
        let height_of = |layer: &Vec<usize>| {
            let nodes = layer.iter().filter_map(|&slot| self.slots[slot].node);
            nodes.map(|node| size[node.index()].1).fold(0.0, f64::max)
        };
        // an arc between two states of a layer needs room on the outer sides too
        let beside = graph.edge_references().any(|edge| {
            edge.source() != edge.target()
                && layer_of[edge.source().index()] == layer_of[edge.target().index()]
        });
        let outer = MARGIN + if beside { LAYER_GAP * 0.8 } else { 0.0 };
        let mut y = outer;
        let mut bands = Vec::new();
        for layer in &self.layers {
            let height = height_of(layer);
            bands.push((y, y + height));
            y += height + LAYER_GAP;
        }
        let states: Vec<Place> = graph
            .node_indices()
            .map(|node| {
                let (top, bottom) = bands[layer_of[node.index()]];
                let x = self.slots[self.of_node[node.index()]].x - left + side;
                let (width, height) = size[node.index()];
                Place { middle: Point { x, y: (top + bottom) / 2.0 }, width, height }
            })
            .collect();
        let lane = |slot: usize| self.slots[slot].x - left + side;
        let routes = Routes { graph, layer_of, states: &states, bands: &bands };
        let lanes: Vec<Vec<f64>> =
            self.lanes.iter().map(|slots| slots.iter().map(|&slot| lane(slot)).collect()).collect();
        Layout {
            width: right - left + 2.0 * side,
            height: y - LAYER_GAP + outer,
            moves: routes.draw(&lanes),
            states,
        }
    }
}

/// Reach of the line from a state to itself.
const LOOP: f64 = 46.0;

/// Lines from box to box.
struct Routes<'a> {
    graph: &'a StateGraph,
    layer_of: &'a [usize],
    states: &'a [Place],
    bands: &'a [(f64, f64)],
}

/// The side of a box that a line leaves or enters at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Top,
    Bottom,
}

impl Routes<'_> {
    fn draw(&self, lanes: &[Vec<f64>]) -> Vec<Vec<Curve>> {
        // ends of lines by state and side, in the order of where they go
        let mut ports: Vec<(usize, Side, f64, usize, bool)> = Vec::new();
        for edge in self.graph.edge_references() {
            let (from, to) = (edge.source().index(), edge.target().index());
            if from == to {
                continue;
            }
            let (leave, enter) = self.sides(from, to);
            let number = edge.id().index();
            let lanes = &lanes[number];
            // lanes run from the upper to the lower end
            let (near_from, near_to) = if self.layer_of[from] <= self.layer_of[to] {
                (lanes.first(), lanes.last())
            } else {
                (lanes.last(), lanes.first())
            };
            let x = |state: usize| self.states[state].middle.x;
            ports.push((from, leave, *near_from.unwrap_or(&x(to)), number, true));
            ports.push((to, enter, *near_to.unwrap_or(&x(from)), number, false));
        }
        ports.sort_by(|one, other| {
            (one.0, one.1)
                .cmp(&(other.0, other.1))
                .then(one.2.total_cmp(&other.2))
                .then((one.3, one.4).cmp(&(other.3, other.4)))
        });
        let mut ends = vec![[Point::default(); 2]; self.graph.edge_count()];
        for group in ports.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            for (place, &(state, side, _, number, leaves)) in group.iter().enumerate() {
                let Place { middle, width, height } = self.states[state];
                let share = (place as f64 + 1.0) / (group.len() as f64 + 1.0);
                let down = if side == Side::Top { -height / 2.0 } else { height / 2.0 };
                let x = middle.x + (share - 0.5) * width * 0.92;
                ends[number][usize::from(!leaves)] = Point { x, y: middle.y + down };
            }
        }
        let edges = self.graph.edge_references();
        edges
            .map(|edge| {
                let number = edge.id().index();
                let (from, to) = (edge.source().index(), edge.target().index());
                if from == to {
                    return vec![self.own(from)];
                }
                self.curves(from, to, ends[number], &lanes[number])
            })
            .collect()
    }

    /// Down and up the lines run from box to box; between states of a layer to the right below it, to
    /// the left above it.
    fn sides(&self, from: usize, to: usize) -> (Side, Side) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match self.layer_of[from].cmp(&self.layer_of[to]) {
            Less => (Side::Bottom, Side::Top),
            Greater => (Side::Top, Side::Bottom),
            Equal if self.states[from].middle.x < self.states[to].middle.x => {
                (Side::Bottom, Side::Bottom)
            }
            Equal => (Side::Top, Side::Top),
        }
    }

    fn curves(
        &self,
        from: usize,
        to: usize,
        [start, end]: [Point; 2],
        lanes: &[f64],
    ) -> Vec<Curve> {
        let (upper, lower) = (self.layer_of[from], self.layer_of[to]);
        if upper == lower {
            let (leave, _) = self.sides(from, to);
            let reach = (LAYER_GAP * 0.3 + (end.x - start.x).abs() * 0.12).min(LAYER_GAP * 0.8);
            let down = if leave == Side::Bottom { reach } else { -reach };
            let pull = |point: Point| Point { x: point.x, y: point.y + down };
            return vec![[start, pull(start), pull(end), end]];
        }
        // through the layers between, straight up or down inside each
        let mut stops = vec![start];
        let between: Vec<usize> = if upper < lower {
            (upper + 1..lower).collect()
        } else {
            (lower + 1..upper).rev().collect()
        };
        for (step, &layer) in between.iter().enumerate() {
            let place = if upper < lower { step } else { lanes.len() - 1 - step };
            let (top, bottom) = self.bands[layer];
            let x = lanes.get(place).copied().unwrap_or(start.x);
            let (first, second) = if upper < lower { (top, bottom) } else { (bottom, top) };
            stops.extend([Point { x, y: first }, Point { x, y: second }]);
        }
        stops.push(end);
        let curve = |pair: &[Point]| {
            let half = (pair[1].y - pair[0].y) / 2.0;
            let pull = |point: Point, by: f64| Point { x: point.x, y: point.y + by };
            [pair[0], pull(pair[0], half), pull(pair[1], -half), pair[1]]
        };
        stops.windows(2).map(curve).collect()
    }

    fn own(&self, state: usize) -> Curve {
        let Place { middle, width, height } = self.states[state];
        let at =
            |reach: f64, down: f64| Point { x: middle.x + width / 2.0 + reach, y: middle.y + down };
        let down = height / 4.0;
        [at(0.0, -down), at(LOOP, -2.0 * down), at(LOOP, 2.0 * down), at(0.0, down)]
    }
}

/// The weighted mean of what slots are joined with; `None` for nothing.
fn mean(joined: &[(usize, f64)], of: impl Fn(usize) -> f64) -> Option<f64> {
    let all: f64 = joined.iter().map(|(_, pull)| pull).sum();
    let sum: f64 = joined.iter().map(|&(other, pull)| pull * of(other)).sum();
    (all > 0.0).then(|| sum / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::random_graph;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn boxes_do_not_overlap_and_lines_run_from_box_to_box(graph in random_graph(9)) {
            let size: Vec<(f64, f64)> =
                graph.node_indices().map(|node| (90.0 + 7.0 * node.index() as f64, 40.0)).collect();
            let found = layout(&graph, &size);
            prop_assert_eq!(&found, &layout(&graph, &size));
            let inside = |point: Point| {
                point.x >= 0.0 && point.x <= found.width && point.y >= 0.0 && point.y <= found.height
            };
            for (n, one) in found.states.iter().enumerate() {
                let corner = |sign: f64| Point {
                    x: one.middle.x + sign * one.width / 2.0,
                    y: one.middle.y + sign * one.height / 2.0,
                };
                prop_assert!(inside(corner(-1.0)) && inside(corner(1.0)));
                for other in &found.states[n + 1..] {
                    let apart = (one.middle.x - other.middle.x).abs()
                        >= (one.width + other.width) / 2.0 - 1e-6;
                    let layers = (one.middle.y - other.middle.y).abs() >= 40.0;
                    prop_assert!(apart || layers);
                }
            }
            let touches = |place: &Place, point: Point| {
                (point.x - place.middle.x).abs() <= place.width / 2.0 + 1e-6
                    && (point.y - place.middle.y).abs() <= place.height / 2.0 + 1e-6
            };
            for (edge, curves) in graph.edge_references().zip(&found.moves) {
                let (first, last) = (curves.first().unwrap(), curves.last().unwrap());
                prop_assert!(touches(&found.states[edge.source().index()], first[0]));
                prop_assert!(touches(&found.states[edge.target().index()], last[3]));
                prop_assert!(curves.iter().flatten().all(|&point| inside(point)));
                prop_assert!(curves.windows(2).all(|pair| pair[0][3] == pair[1][0]));
            }
        }
    }
}
