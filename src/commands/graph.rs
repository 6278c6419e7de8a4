//! `throughcare graph`: the moves between states as one picture or table, without a whole run.

use super::{WrongUsage, use_threads};
use crate::args::{Graph, GraphFormat, Voice};
use crate::png;
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::fmt::Write as _;
use throughcare_engine::disclosure::{
    Decimal, Entry, GraphView, GraphViews, Profile, ReleasedTransition, graph_views, protect,
};
use throughcare_engine::graph::analysis::{Analysis, analyse};
use throughcare_engine::graph::settings::{Show, ViewSettings};
use throughcare_engine::journey_graphs::{
    check_by, check_states, journey_graphs, settle_period, states,
};
use throughcare_engine::output::{GraphText, NOT_FOR_RELEASE, graph_text, plain_name};
use throughcare_engine::report::{PICTURE_COVERAGE, graph_svg};
use throughcare_engine::run::Prepared;
use throughcare_engine::study_file::StudyFile;

/// Links once, counts moves, controls them and writes them in the form asked for.
pub fn run(arguments: &Graph, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.output.threads)?;
    let format = format(arguments)?;
    let mut study = super::study(&arguments.records)?;
    if voice.verbose {
        eprintln!("{}", serde_json::to_string_pretty(&study)?);
    }
    let view = view(arguments, &study);
    let usage = |what: String| WrongUsage(format!("--{what}"));
    check_by(view.by.as_deref()).map_err(usage)?;
    let named = |what: String| WrongUsage(format!("--from or [graph.view]: {what}"));
    if study.inputs.events.is_empty() {
        check_states(&view, &states(&study.timeline)).map_err(named)?;
    }
    let profile = Profile::new(study.disclosure.clone())?;
    super::only_journeys(&mut study);

    let progress = Shown::new(voice.quiet);
    let mut prepared = Prepared::read(study, &progress)?;
    let period = settle_period(&mut prepared);
    let found = journey_graphs(&prepared, &view, &progress).map_err(named)?;
    let released = protect(&found.results, &profile);
    let is_picture = matches!(format, GraphFormat::Svg | GraphFormat::Png);
    let coverage = if is_picture { PICTURE_COVERAGE } else { 1.0 };
    let views = graph_views(&released, &found.shown, &view, coverage, &profile);
    if !voice.quiet {
        super::say(&profile, period);
        if found.people > 0 {
            eprintln!("{} people linked", thousands(found.people));
        }
        if views.graphs.is_empty() {
            eprintln!("no moves to show: nobody was followed in the period");
        }
    }
    let bytes = match format {
        GraphFormat::Dot => graph_text(&views, GraphText::Dot)?.into_bytes(),
        GraphFormat::Graphml => graph_text(&views, GraphText::Graphml)?.into_bytes(),
        GraphFormat::Json => graph_text(&views, GraphText::Json)?.into_bytes(),
        GraphFormat::Csv => graph_text(&views, GraphText::Csv)?.into_bytes(),
        GraphFormat::Svg => graph_svg(&views, view.show).into_bytes(),
        GraphFormat::Png => png::of_svg(&graph_svg(&views, view.show))?,
        GraphFormat::Text => text(&views, view.show)?.into_bytes(),
    };
    super::give("graph", &bytes, &arguments.output, voice)
}

/// The form asked for, else that of the name of the file, else text.
fn format(arguments: &Graph) -> anyhow::Result<GraphFormat> {
    let format = arguments.format.unwrap_or(match super::ending(&arguments.output).as_deref() {
        Some("dot" | "gv") => GraphFormat::Dot,
        Some("graphml" | "xml") => GraphFormat::Graphml,
        Some("json") => GraphFormat::Json,
        Some("csv") => GraphFormat::Csv,
        Some("svg") => GraphFormat::Svg,
        Some("png") => GraphFormat::Png,
        _ => GraphFormat::Text,
    });
    if matches!(format, GraphFormat::Png) {
        png::check()?;
    }
    Ok(format)
}

/// The settings of the study with those of the command line in their place.
fn view(arguments: &Graph, study: &StudyFile) -> ViewSettings {
    let mut view = study.graph.view.clone();
    if arguments.from.is_some() {
        view.from.clone_from(&arguments.from);
    }
    if arguments.by.is_some() {
        view.by.clone_from(&arguments.by);
    }
    view.min_people = arguments.min_people.map_or(view.min_people, i64::from);
    view
}

/// Graphs as tables that people read: moves, states, what is computed of the whole.
fn text(views: &GraphViews, show: Show) -> anyhow::Result<String> {
    let mut text = String::new();
    if views.rows.not_for_release {
        writeln!(text, "{NOT_FOR_RELEASE}\n")?;
    }
    for (number, graph) in views.graphs.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let of = [&*graph.scheme, &*graph.area_code, &*graph.stratum];
        let of: Vec<&str> = of.into_iter().filter(|part| !part.is_empty()).collect();
        writeln!(text, "{}\n", of.join(", "))?;
        shares(&mut text, graph)?;
        let is_own = |row: &&ReleasedTransition| {
            (&row.scheme, &row.area_code, &row.stratum)
                == (&graph.scheme, &graph.area_code, &graph.stratum)
        };
        let rows: Vec<&ReleasedTransition> = views.rows.transitions.iter().filter(is_own).collect();
        moves(&mut text, &rows);
        if let Some(words) = matrix_of(show) {
            writeln!(text, "\n{words}\n")?;
            matrix(&mut text, &rows, show);
        }
        followed(&mut text, views, graph)?;
        analysis(&mut text, &analyse(&graph.whole))?;
    }
    Ok(text)
}

fn marked<T: Copy>(entry: Entry<T>, say: impl Fn(T) -> String) -> String {
    match entry {
        Entry::Shown(value) => say(value),
        Entry::Marked(marker) => format!("[{}]", marker.code()),
    }
}

fn count(entry: Entry<i64>) -> String {
    marked(entry, |count| thousands(count.unsigned_abs()))
}

fn percent(entry: Entry<Decimal>) -> String {
    marked(entry, |share| format!("{:.1}%", share.value * 100.0))
}

fn days(entry: Entry<Decimal>) -> String {
    marked(entry, |days| days.to_string())
}

fn shares(text: &mut String, graph: &GraphView) -> std::fmt::Result {
    write!(text, "shown: {} of the moves", percent(graph.share_of_moves))?;
    if graph.people.shown().is_some() {
        let (share, people) = (percent(graph.share_of_people), count(graph.people));
        let who = if graph.area_code.is_empty() { "cases" } else { "people" };
        write!(text, "; the whole journey of {share} of {people} {who}")?;
    }
    writeln!(text, "\n")
}

fn moves(text: &mut String, rows: &[&ReleasedTransition]) {
    let heading = [
        "from", "to", "moves", "people", "share", "per year", "mean", "median", "p25", "p75",
        "days",
    ];
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let [p25, median, p75] = row.quartiles_days;
            vec![
                row.from.clone(),
                row.to.clone(),
                count(row.count),
                count(row.people),
                percent(row.probability),
                days(row.rate_per_person_year),
                days(row.mean_days),
                days(median),
                days(p25),
                days(p75),
                days(row.total_days),
            ]
        })
        .collect();
    text.push_str(&table(&heading, &cells));
}

/// What a matrix beside the list of moves would say, if it says more.
const fn matrix_of(show: Show) -> Option<&'static str> {
    match show {
        Show::Count => None,
        Show::People => Some("People who made the move, from row to column"),
        Show::Probability => Some("Share of the moves out of the row's state"),
        Show::MeanDays => Some("Mean days in the row's state before the move"),
        Show::MedianDays => Some("Median days in the row's state before the move"),
        Show::TotalDays => Some("Days in the row's state before the moves, in all"),
    }
}

fn matrix(text: &mut String, rows: &[&ReleasedTransition], show: Show) {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        for name in [&*row.from, &*row.to] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let cell = |from: &str, to: &str| {
        let row = rows.iter().find(|row| row.from == from && row.to == to);
        row.map_or_else(String::new, |row| match show {
            Show::Count => count(row.count),
            Show::People => count(row.people),
            Show::Probability => percent(row.probability),
            Show::MeanDays => days(row.mean_days),
            Show::MedianDays => days(row.quartiles_days[1]),
            Show::TotalDays => days(row.total_days),
        })
    };
    let from = names.iter().filter(|name| rows.iter().any(|row| row.from == **name));
    let cells: Vec<Vec<String>> = from
        .map(|from| {
            let row = names.iter().map(|to| cell(from, to));
            std::iter::once((*from).to_owned()).chain(row).collect()
        })
        .collect();
    let heading: Vec<&str> = std::iter::once("").chain(names.iter().copied()).collect();
    text.push_str(&table(&heading, &cells));
}

/// Who comes back to a state.
fn followed(text: &mut String, views: &GraphViews, graph: &GraphView) -> std::fmt::Result {
    let again: Vec<Vec<String>> = views
        .rows
        .follows
        .iter()
        .filter(|row| {
            (&row.scheme, &row.area_code, &row.stratum)
                == (&graph.scheme, &graph.area_code, &graph.stratum)
                && row.from == row.to
        })
        .map(|row| {
            vec![
                row.from.clone(),
                plain_name(&row.from).to_owned(),
                count(row.people),
                percent(row.share),
            ]
        })
        .collect();
    if !again.is_empty() {
        writeln!(text, "\nPeople who come back to a state\n")?;
        text.push_str(&table(&["state", "name", "people", "of its people"], &again));
    }
    Ok(())
}

fn analysis(text: &mut String, found: &Analysis) -> std::fmt::Result {
    let one = |value: f64| format!("{value:.1}");
    let share = |value: f64| format!("{:.1}%", value * 100.0);
    let optional = |value: Option<f64>, say: &dyn Fn(f64) -> String| {
        value.map_or_else(|| "[x]".to_owned(), say)
    };
    writeln!(
        text,
        "\nComputed of the whole graph, as if each move depended on the state left alone\n"
    )?;
    if let Some(first) = &found.first {
        writeln!(text, "most begin in {first}")?;
    }
    if !found.last.is_empty() {
        writeln!(text, "most end in {}", found.last[..found.last.len().min(3)].join(", "))?;
    }
    for set in found.components.iter().filter(|set| set.len() > 1) {
        writeln!(text, "lead to each other: {}", set.join(", "))?;
    }
    for ways in &found.ways {
        if let Some(way) = &ways.most_probable {
            let states = way.states.join(" > ");
            writeln!(
                text,
                "most probable way to {}: {states} ({})",
                ways.to,
                share(way.probability)
            )?;
        }
        if let Some(way) = &ways.quickest {
            let states = way.states.join(" > ");
            let days = optional(way.median_days, &one);
            writeln!(text, "quickest way to {}: {states} ({days} median days)", ways.to)?;
        }
    }
    let absorption = &found.absorption;
    if !absorption.ahead.is_empty() && !absorption.absorbing.is_empty() {
        let ends: Vec<String> =
            absorption.absorbing.iter().map(|set| format!("ends in {}", set.join("/"))).collect();
        let mut heading = vec!["from", "visits ahead", "days ahead"];
        heading.extend(ends.iter().map(String::as_str));
        let rows: Vec<Vec<String>> = absorption
            .ahead
            .iter()
            .map(|ahead| {
                let mut row = vec![
                    ahead.from.clone(),
                    one(ahead.visits.iter().sum()),
                    optional(ahead.days, &one),
                ];
                row.extend(ahead.absorbed.iter().map(|&value| share(value)));
                row
            })
            .collect();
        text.push('\n');
        text.push_str(&table(&heading, &rows));
    }
    if !found.stationary.is_empty() {
        let rows: Vec<Vec<String>> = found
            .stationary
            .iter()
            .map(|row| vec![row.state.clone(), share(row.visits), optional(row.time, &share)])
            .collect();
        writeln!(text, "\nLong-run shares among states that lead to each other\n")?;
        text.push_str(&table(&["state", "of visits", "of time"], &rows));
    }
    let mut between: Vec<_> = found.betweenness.iter().filter(|row| row.pairs > 0.0).collect();
    between.sort_by(|one, other| other.pairs.total_cmp(&one.pairs));
    if !between.is_empty() {
        let rows: Vec<Vec<String>> = between
            .iter()
            .map(|row| vec![row.state.clone(), one(row.pairs), share(row.share)])
            .collect();
        writeln!(text, "\nStates on the most probable ways between others\n")?;
        text.push_str(&table(&["state", "pairs", "of pairs"], &rows));
    }
    Ok(())
}
