//! `throughcare pathways`: what people go through after an anchor, without a whole run.

use super::{WrongUsage, use_threads};
use crate::args::{Pathways, PathwaysFormat, Voice};
use crate::png;
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::fmt::Write as _;
use throughcare_engine::disclosure::{
    Entry, Profile, Protected, Released, ReleasedJourneys, ReleasedPathway, protect,
};
use throughcare_engine::journey_graphs::settle_period;
use throughcare_engine::journey_pathways::journey_pathways;
use throughcare_engine::output::anchored::{Anchored, anchored, json};
use throughcare_engine::output::{NOT_FOR_RELEASE, plain_name};
use throughcare_engine::pathways::Anchor;
use throughcare_engine::report::pathways_svg;
use throughcare_engine::run::Prepared;

/// Sequences of an anchor that are printed; the other forms have all.
const MOST_PRINTED: usize = 25;

/// Links once, counts pathways, controls them and writes them in the form asked for.
pub fn run(arguments: &Pathways, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.output.threads)?;
    let format = format(arguments);
    if matches!(format, PathwaysFormat::Png) {
        png::check()?;
    }
    let mut study = super::study(&arguments.records)?;
    if let Some(from) = &arguments.from {
        let anchor = Anchor::from(from.clone());
        if let Some(what) = anchor.unknown().filter(|_| !study.inputs.has_logs_beside()) {
            return Err(WrongUsage(format!("--from {what}")).into());
        }
        study.graph.anchors = vec![anchor];
    }
    if let Some(by) = &arguments.by {
        study.graph.by = vec![by.clone()];
    }
    study.graph.check().map_err(|what| WrongUsage(format!("--{what}")))?;
    if let Some(fewest) = arguments.min_people {
        let least = study.disclosure.threshold.unwrap_or(0);
        // never below what the profile asks for, which is refused as a threshold
        let raised = throughcare_engine::disclosure::DisclosureSettings {
            threshold: Some(fewest.max(least)),
            ..study.disclosure.clone()
        };
        if Profile::new(raised.clone()).is_ok() {
            study.disclosure = raised;
        }
    }
    let profile = Profile::new(study.disclosure.clone())?;
    if voice.verbose {
        eprintln!("{}", serde_json::to_string_pretty(&study)?);
    }
    super::only_journeys(&mut study);

    let progress = Shown::new(voice.quiet);
    let mut prepared = Prepared::read(study, &progress)?;
    let period = settle_period(&mut prepared);
    let (exact, people) = journey_pathways(&prepared, &progress);
    let released = protect(&exact, &profile);
    if !voice.quiet {
        super::say(&profile, period);
        if people > 0 {
            eprintln!("{} people linked", thousands(people));
        }
        if released.pathways.is_empty() {
            eprintln!("no pathways to show: nobody has the anchor in the period");
        }
    }
    let bytes = match format {
        PathwaysFormat::Csv => csv(&released)?,
        PathwaysFormat::Json => json(&released)?.into_bytes(),
        PathwaysFormat::Svg => pathways_svg(&released).into_bytes(),
        PathwaysFormat::Png => png::of_svg(&pathways_svg(&released))?,
        PathwaysFormat::Text => text(&released)?.into_bytes(),
    };
    super::give("pathways", &bytes, &arguments.output, voice)
}

/// The form asked for, else that of the name of the file, else text.
fn format(arguments: &Pathways) -> PathwaysFormat {
    arguments.format.unwrap_or(match super::ending(&arguments.output).as_deref() {
        Some("csv") => PathwaysFormat::Csv,
        Some("json") => PathwaysFormat::Json,
        Some("svg") => PathwaysFormat::Svg,
        Some("png") => PathwaysFormat::Png,
        _ => PathwaysFormat::Text,
    })
}

/// Every row of `pathways` with what it and those before it cover.
fn csv(released: &Protected<Released>) -> anyhow::Result<Vec<u8>> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record([
        "area_code",
        "stratum",
        "anchor",
        "rank",
        "path",
        "people",
        "share",
        "cumulative_share",
        "median_days",
    ])?;
    let groups = anchored(released);
    let covered = groups.iter().flat_map(|group| &group.coverage);
    for (row, covered) in released.pathways.iter().zip(covered) {
        let shown = |text: Option<String>| text.unwrap_or_default();
        rows.write_record([
            row.area_code.clone(),
            row.stratum.clone(),
            row.anchor.clone(),
            shown(row.rank.shown().map(|rank| rank.to_string())),
            row.path.clone(),
            shown(row.people.shown().map(|people| people.to_string())),
            shown(row.share.shown().map(|share| share.to_string())),
            covered.cumulative_share.to_string(),
            shown(row.median_days.shown().map(|days| days.to_string())),
        ])?;
    }
    rows.into_inner().map_err(|error| anyhow::anyhow!("{}", error.error()))
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

/// Tables that people read: sequences, states reached, groups.
fn text(released: &Protected<Released>) -> anyhow::Result<String> {
    let mut text = String::new();
    if released.not_for_release {
        writeln!(text, "{NOT_FOR_RELEASE}\n")?;
    }
    for (number, group) in anchored(released).iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let of = [group.anchor, group.area_code, group.stratum];
        let of: Vec<&str> = of.into_iter().filter(|part| !part.is_empty()).collect();
        writeln!(text, "{}\n", of.join(", "))?;
        let rows: Vec<&ReleasedPathway> = released
            .pathways
            .iter()
            .filter(|row| {
                (&*row.area_code, &*row.stratum, &*row.anchor)
                    == (group.area_code, group.stratum, group.anchor)
            })
            .collect();
        sequences(&mut text, group, &rows)?;
        let journeys = released.journeys.iter().find(|row| {
            (&*row.area_code, &*row.stratum, &*row.anchor)
                == (group.area_code, group.stratum, group.anchor)
        });
        if let Some(journeys) = journeys {
            reached(&mut text, journeys)?;
            clusters(&mut text, journeys)?;
        }
    }
    Ok(text)
}

fn sequences(
    text: &mut String,
    group: &Anchored<'_>,
    rows: &[&ReleasedPathway],
) -> std::fmt::Result {
    let all: Vec<Vec<String>> = rows
        .iter()
        .zip(&group.coverage)
        .map(|(row, covered)| {
            vec![
                marked(row.rank, |rank| rank.to_string()),
                row.path.clone(),
                count(row.people),
                marked(row.share, |share| format!("{:.1}%", share.value * 100.0)),
                format!("{:.1}%", covered.cumulative_share * 100.0),
                marked(row.median_days, |days| days.to_string()),
            ]
        })
        .collect();
    let printed = &all[..all.len().min(MOST_PRINTED)];
    let heading = ["rank", "pathway", "people", "share", "together", "median days"];
    text.push_str(&table(&heading, printed));
    if all.len() > printed.len() {
        writeln!(text, "and {} more: --format csv", all.len() - printed.len())?;
    }
    Ok(())
}

fn reached(text: &mut String, of: &ReleasedJourneys) -> std::fmt::Result {
    let share = |entry| {
        marked(entry, |share: throughcare_engine::disclosure::Decimal| {
            format!("{:.1}%", share.value * 100.0)
        })
    };
    let Some(first) = of.reached.first() else { return Ok(()) };
    let days: Vec<String> = first.by_day.iter().map(|(day, _)| format!("day {day}")).collect();
    let mut heading = vec!["state", "name", "people", "share"];
    heading.extend(days.iter().map(String::as_str));
    heading.push("median days");
    let rows: Vec<Vec<String>> = of
        .reached
        .iter()
        .map(|state| {
            let mut row = vec![
                state.state.clone(),
                plain_name(&state.state).to_owned(),
                thousands(state.people.unsigned_abs()),
                share(state.share),
            ];
            row.extend(state.by_day.iter().map(|&(_, by)| share(by)));
            row.push(marked(state.median_days, |days| days.to_string()));
            row
        })
        .collect();
    writeln!(
        text,
        "\nWho ever reaches a state, of {} people\n",
        thousands(of.people.unsigned_abs())
    )?;
    text.push_str(&table(&heading, &rows));
    Ok(())
}

fn clusters(text: &mut String, of: &ReleasedJourneys) -> std::fmt::Result {
    let Some(groups) = &of.typology else { return Ok(()) };
    writeln!(
        text,
        "\nGroups of similar journeys: {}, mean silhouette {}\n",
        groups.distance, groups.silhouette
    )?;
    let rows: Vec<Vec<String>> = (1..)
        .zip(&groups.clusters)
        .map(|(number, group)| {
            let most: Vec<&str> =
                group.common.iter().map(|(state, _)| state.as_deref().unwrap_or("[c]")).collect();
            vec![
                format!("{number}"),
                count(group.people),
                marked(group.share, |share| format!("{:.1}%", share.value * 100.0)),
                group.silhouette.to_string(),
                group.medoid.as_ref().map_or_else(|| "[c]".into(), |medoid| runs(medoid)),
                runs(&most),
            ]
        })
        .collect();
    let heading = ["group", "people", "share", "silhouette", "medoid", "most common"];
    text.push_str(&table(&heading, &rows));
    Ok(())
}

/// States with how many steps each lasts: `HOME 3 > RES 10`.
fn runs<T: AsRef<str> + PartialEq>(states: &[T]) -> String {
    let runs = states.chunk_by(|a, b| a == b);
    let run = |run: &[T]| {
        let state = run.first().map_or("", AsRef::as_ref);
        format!("{state} {}", run.len())
    };
    runs.map(run).collect::<Vec<_>>().join(" > ")
}
