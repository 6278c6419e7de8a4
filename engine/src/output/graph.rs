//! The protected transitions as DOT, GraphML and JSON: one graph for each scheme, area and stratum.

use super::NOT_FOR_RELEASE;
use super::error::OutputError;
use super::names::plain_name;
use crate::active_days;
use crate::disclosure::{GraphView, Protected, Released, ReleasedState, ReleasedTransition};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A graph after control. Numbers that were hidden are missing.
#[derive(Debug, Serialize)]
pub(super) struct Graph<'a> {
    scheme: &'a str,
    area_code: &'a str,
    stratum: &'a str,
    nodes: Vec<Node<'a>>,
    edges: Vec<Edge<'a>>,
}

#[derive(Debug, Serialize)]
struct Node<'a> {
    state: &'a str,
    name: &'a str,
    visits: Option<i64>,
    people: Option<i64>,
    total_days: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    count: Option<i64>,
    people: Option<i64>,
    probability: Option<f64>,
    mean_days: Option<f64>,
    median_days: Option<f64>,
}

impl Graph<'_> {
    /// Whether it is the graph of a view.
    pub(super) fn is_of(&self, view: &GraphView) -> bool {
        (self.scheme, self.area_code, self.stratum)
            == (&*view.scheme, &*view.area_code, &*view.stratum)
    }
}

/// Scheme, area code and stratum.
type Key<'a> = (&'a str, &'a str, &'a str);

/// The graphs of a release, in the order of scheme, area and stratum.
pub(super) fn graphs(released: &Protected<Released>) -> Vec<Graph<'_>> {
    type Parts<'a> = (Vec<&'a ReleasedState>, Vec<&'a ReleasedTransition>);
    let mut parts: BTreeMap<Key<'_>, Parts<'_>> = BTreeMap::new();
    // days in all active states are a table, not a graph: no move joins them
    for row in released.states.iter().filter(|row| !row.scheme.ends_with(active_days::SUFFIX)) {
        parts.entry((&row.scheme, &row.area_code, &row.stratum)).or_default().0.push(row);
    }
    for row in &released.transitions {
        parts.entry((&row.scheme, &row.area_code, &row.stratum)).or_default().1.push(row);
    }
    parts.into_iter().map(|(key, (states, moves))| graph(key, &states, &moves)).collect()
}

fn graph<'a>(
    (scheme, area_code, stratum): Key<'a>,
    states: &[&'a ReleasedState],
    moves: &[&'a ReleasedTransition],
) -> Graph<'a> {
    let mut nodes: Vec<Node<'a>> = states
        .iter()
        .map(|row| Node {
            state: &row.state,
            name: plain_name(&row.state),
            visits: row.visits.shown(),
            people: row.people.shown(),
            total_days: row.total_days.shown().map(|days| days.value),
        })
        .collect();
    // states that only edges name, `OTHER` among them
    for state in moves.iter().flat_map(|row| [&*row.from, &*row.to]) {
        if !nodes.iter().any(|node| node.state == state) {
            let name = plain_name(state);
            nodes.push(Node { state, name, visits: None, people: None, total_days: None });
        }
    }
    let edges = moves
        .iter()
        .map(|row| Edge {
            from: &row.from,
            to: &row.to,
            count: row.count.shown(),
            people: row.people.shown(),
            probability: row.probability.shown().map(|value| value.value),
            mean_days: row.mean_days.shown().map(|value| value.value),
            median_days: row.quartiles_days[1].shown().map(|value| value.value),
        })
        .collect();
    Graph { scheme, area_code, stratum, nodes, edges }
}

/// Graphviz text.
pub(super) fn dot(graphs: &[Graph<'_>], stamp: bool) -> String {
    let mut text = String::new();
    if stamp {
        let _ = writeln!(text, "// {NOT_FOR_RELEASE}");
    }
    for graph in graphs {
        let name = [graph.scheme, graph.area_code, graph.stratum].join(" ");
        let _ = writeln!(text, "digraph {} {{", quoted(name.trim_end()));
        let _ = writeln!(text, "  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];");
        for node in &graph.nodes {
            let people = node.people.map_or(String::new(), |people| format!("\\n{people} people"));
            let label = quoted(node.name);
            let label = label.trim_end_matches('"');
            let _ = writeln!(text, "  {} [label={label}{people}\"];", quoted(node.state));
        }
        for edge in &graph.edges {
            let count = edge.count.map_or(String::new(), |count| count.to_string());
            let _ = write!(text, "  {} -> {} [", quoted(edge.from), quoted(edge.to));
            let _ = write!(text, "label=\"{count}\"");
            if let Some(probability) = edge.probability {
                let _ = write!(text, ", penwidth={:.2}", 0.5 + 5.0 * probability);
            }
            let _ = writeln!(text, "];");
        }
        text.push_str("}\n");
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// GraphML text.
pub(super) fn graphml(graphs: &[Graph<'_>], stamp: bool) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if stamp {
        let _ = writeln!(text, "<!-- {NOT_FOR_RELEASE} -->");
    }
    text.push_str("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (domain, name, kind) in [
        ("graph", "scheme", "string"),
        ("graph", "area_code", "string"),
        ("graph", "stratum", "string"),
        ("node", "name", "string"),
        ("node", "visits", "long"),
        ("node", "people", "long"),
        ("node", "total_days", "double"),
        ("edge", "count", "long"),
        ("edge", "people", "long"),
        ("edge", "probability", "double"),
        ("edge", "mean_days", "double"),
        ("edge", "median_days", "double"),
    ] {
        let _ = writeln!(
            text,
            "  <key id=\"{domain}_{name}\" for=\"{domain}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"
        );
    }
    for (number, graph) in graphs.iter().enumerate() {
        let _ = writeln!(text, "  <graph id=\"g{number}\" edgedefault=\"directed\">");
        data(&mut text, "graph_scheme", Some(graph.scheme));
        data(&mut text, "graph_area_code", Some(graph.area_code));
        data(&mut text, "graph_stratum", Some(graph.stratum));
        for node in &graph.nodes {
            let _ = writeln!(text, "    <node id=\"g{number}:{}\">", escaped(node.state));
            data(&mut text, "node_name", Some(node.name));
            data(&mut text, "node_visits", node.visits);
            data(&mut text, "node_people", node.people);
            data(&mut text, "node_total_days", node.total_days);
            text.push_str("    </node>\n");
        }
        for edge in &graph.edges {
            let (from, to) = (escaped(edge.from), escaped(edge.to));
            let _ =
                writeln!(text, "    <edge source=\"g{number}:{from}\" target=\"g{number}:{to}\">");
            data(&mut text, "edge_count", edge.count);
            data(&mut text, "edge_people", edge.people);
            data(&mut text, "edge_probability", edge.probability);
            data(&mut text, "edge_mean_days", edge.mean_days);
            data(&mut text, "edge_median_days", edge.median_days);
            text.push_str("    </edge>\n");
        }
        text.push_str("  </graph>\n");
    }
    text.push_str("</graphml>\n");
    text
}

fn data(text: &mut String, key: &str, value: Option<impl ToString>) {
    if let Some(value) = value {
        let _ = writeln!(text, "      <data key=\"{key}\">{}</data>", escaped(&value.to_string()));
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// JSON text.
pub(super) fn json(graphs: &[Graph<'_>], stamp: bool) -> Result<String, OutputError> {
    #[derive(Serialize)]
    struct File<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        release: Option<&'static str>,
        graphs: &'a [Graph<'a>],
    }
    let file = File { release: stamp.then_some(NOT_FOR_RELEASE), graphs };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}
