//! Parts of graphs as one text: DOT, GraphML, JSON and CSV.

use super::error::OutputError;
use super::graph::{Graph, dot, graphml, graphs};
use super::{NOT_FOR_RELEASE, csv, table};
use crate::disclosure::{Decimal, Entry, GraphView, GraphViews, ReleasedFollow};
use crate::graph::analysis::{Analysis, analyse};
use serde::Serialize;

/// A form of graphs that is text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphText {
    /// Graphviz.
    Dot,
    /// GraphML.
    Graphml,
    /// JSON, with what is computed of each graph.
    Json,
    /// The rows of `transitions` as CSV.
    Csv,
}

/// Writes parts of graphs as one text.
///
/// # Errors
/// Never in practice: the text is made in memory.
pub fn graph_text(views: &GraphViews, form: GraphText) -> Result<String, OutputError> {
    let stamp = views.rows.not_for_release;
    match form {
        GraphText::Dot => Ok(dot(&graphs(&views.rows), stamp)),
        GraphText::Graphml => Ok(graphml(&graphs(&views.rows), stamp)),
        GraphText::Json => json(views, stamp),
        GraphText::Csv => csv::text(&table::transitions(&views.rows.transitions)),
    }
}

/// How much of a graph is shown.
#[derive(Serialize)]
struct Shown {
    share_of_moves: Option<f64>,
    people: Option<i64>,
    people_shown: Option<i64>,
    share_of_people: Option<f64>,
}

#[derive(Serialize)]
struct Follows<'a> {
    from: &'a str,
    to: &'a str,
    people: Option<i64>,
    pairs: Option<i64>,
    share_of_people: Option<f64>,
}

#[derive(Serialize)]
struct Part<'a> {
    #[serde(flatten)]
    graph: Graph<'a>,
    shown: Shown,
    follows: Vec<Follows<'a>>,
    /// Of the whole graph, not of the part.
    analysis: Analysis,
}

fn number(entry: Entry<Decimal>) -> Option<f64> {
    entry.shown().map(|number| number.value)
}

fn json(views: &GraphViews, stamp: bool) -> Result<String, OutputError> {
    #[derive(Serialize)]
    struct File<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        release: Option<&'static str>,
        graphs: Vec<Part<'a>>,
    }
    let part = |graph: &GraphView| {
        let is_own = |row: &&ReleasedFollow| {
            (&row.scheme, &row.area_code, &row.stratum)
                == (&graph.scheme, &graph.area_code, &graph.stratum)
        };
        let follows = views.rows.follows.iter().filter(is_own).map(|row| Follows {
            from: &row.from,
            to: &row.to,
            people: row.people.shown(),
            pairs: row.pairs.shown(),
            share_of_people: number(row.share),
        });
        (
            Shown {
                share_of_moves: number(graph.share_of_moves),
                people: graph.people.shown(),
                people_shown: graph.people_shown.shown(),
                share_of_people: number(graph.share_of_people),
            },
            follows.collect(),
            analyse(&graph.whole),
        )
    };
    let graphs = graphs(&views.rows).into_iter().filter_map(|own| {
        let graph = views.graphs.iter().find(|graph| own.is_of(graph))?;
        let (shown, follows, analysis) = part(graph);
        Some(Part { graph: own, shown, follows, analysis })
    });
    let file = File { release: stamp.then_some(NOT_FOR_RELEASE), graphs: graphs.collect() };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    Ok(text)
}
