//! `throughcare compare`: the moves of two groups of people side by side, without a whole run.

use super::{WrongUsage, use_threads};
use crate::args::{Compare, CompareFormat, Voice};
use crate::png;
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::fmt::Write as _;
use throughcare_engine::compare::settings::CompareSettings;
use throughcare_engine::disclosure::{
    Decimal, Entry, Profile, ReleasedComparison, ReleasedDifference, protect, release_comparison,
};
use throughcare_engine::journey_comparison::journey_comparison;
use throughcare_engine::journey_graphs::settle_period;
use throughcare_engine::output::{NOT_FOR_RELEASE, comparison_csv, comparison_json};
use throughcare_engine::report::comparison_svg;
use throughcare_engine::run::Prepared;
use throughcare_engine::study_file::StudyFile;

/// Links once, compares two groups move by move, controls the result and writes it in the form asked for.
pub fn run(arguments: &Compare, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.output.threads)?;
    let format = arguments.format.unwrap_or(match super::ending(&arguments.output).as_deref() {
        Some("csv") => CompareFormat::Csv,
        Some("json") => CompareFormat::Json,
        Some("svg") => CompareFormat::Svg,
        Some("png") => CompareFormat::Png,
        _ => CompareFormat::Text,
    });
    if matches!(format, CompareFormat::Png) {
        png::check()?;
    }
    let mut study = super::study(&arguments.records)?;
    let settings = settings(arguments, &study);
    let usage = |what: String| WrongUsage(format!("compare: {what}"));
    settings.check().map_err(usage)?;
    let profile = Profile::new(study.disclosure.clone())?;
    let min_people = arguments.min_people.map_or(study.graph.view.min_people, i64::from);
    super::only_journeys(&mut study);

    let progress = Shown::new(voice.quiet);
    let mut prepared = Prepared::read(study, &progress)?;
    let period = settle_period(&mut prepared);
    let found = journey_comparison(&prepared, &settings, arguments.from.as_deref(), &progress)
        .map_err(usage)?;
    let released = protect(&found.results, &profile);
    let compared =
        release_comparison(&found.comparison, &found.names, &released, min_people, &profile);
    if !voice.quiet {
        super::say(&profile, period);
    }
    let written = match format {
        CompareFormat::Csv => comparison_csv(&compared)?.into_bytes(),
        CompareFormat::Json => comparison_json(&compared)?.into_bytes(),
        CompareFormat::Svg => comparison_svg(&compared).into_bytes(),
        CompareFormat::Png => png::of_svg(&comparison_svg(&compared))?,
        CompareFormat::Text => text(&compared)?.into_bytes(),
    };
    super::give("comparison", &written, &arguments.output, voice)
}

/// The settings of the study with those of the command line in their place: `--by sex` or
/// `--by age_band=65-74,85+`.
fn settings(arguments: &Compare, study: &StudyFile) -> CompareSettings {
    let mut settings = study.graph.compare.clone();
    if let Some(by) = &arguments.by {
        let (key, groups) = by.split_once('=').unwrap_or((by, ""));
        settings.by = Some(key.to_owned());
        settings.groups =
            groups.split(',').filter(|group| !group.is_empty()).map(Into::into).collect();
    }
    settings
}

/// The surest differences as a text table.
fn text(compared: &ReleasedComparison) -> anyhow::Result<String> {
    const MOST: usize = 40;
    let [one, other] = &compared.groups;
    let mut text = String::new();
    if compared.not_for_release {
        writeln!(text, "{NOT_FOR_RELEASE}\n")?;
    }
    let people = compared.people.map(|people| match people {
        Entry::Shown(people) => thousands(people.unsigned_abs()),
        Entry::Marked(marker) => format!("[{}]", marker.code()),
    });
    writeln!(
        text,
        "{}: {one} ({} people) and {other} ({} people)",
        compared.by, people[0], people[1]
    )?;
    if !compared.standardised.is_empty() {
        writeln!(text, "made alike in {}", compared.standardised.join(" and "))?;
    }
    writeln!(
        text,
        "difference: {other} less {one}, with 95% limits from {} draws of people (seed {}); q: false \
         discovery rate\n",
        compared.replicates, compared.seed
    )?;
    let share = |of: Entry<Decimal>| number(of, |d| format!("{:.0}%", d.value * 100.0));
    let points = |d: Decimal| format!("{:.0}", d.value * 100.0);
    let plain = |d: Decimal| d.to_string();
    let rows: Vec<Vec<String>> = compared
        .rows
        .iter()
        .take(MOST)
        .map(|row| {
            vec![
                format!("{} > {}", row.from, row.to),
                share(row.probability[0]),
                share(row.probability[1]),
                number(row.difference.value, points),
                limits(row.difference, points),
                number(row.difference.q, plain),
                number(row.median_days[0], plain),
                number(row.median_days[1], plain),
                number(row.days_difference.value, plain),
                limits(row.days_difference, plain),
                number(row.days_difference.q, plain),
            ]
        })
        .collect();
    let heading = [
        "move",
        "first",
        "second",
        "points",
        "limits",
        "q",
        "days first",
        "second",
        "days",
        "limits",
        "q",
    ];
    text.push_str(&table(&heading, &rows));
    let left = compared.rows.len().saturating_sub(MOST);
    writeln!(
        text,
        "\n{} moves; {left} more with --format csv; {} not shown: few people of a group made them, or one \
         group never left the state",
        rows.len(),
        compared.hidden
    )?;
    if !compared.not_for_release {
        writeln!(text, "shares are of rounded counts, differences and their limits are not")?;
    }
    Ok(text)
}

fn number(of: Entry<Decimal>, write: impl Fn(Decimal) -> String) -> String {
    match of {
        Entry::Shown(number) => write(number),
        Entry::Marked(marker) => format!("[{}]", marker.code()),
    }
}

fn limits(of: ReleasedDifference, write: impl Fn(Decimal) -> String) -> String {
    match (of.lower, of.upper) {
        (Entry::Shown(lower), Entry::Shown(upper)) => {
            format!("{} to {}", write(lower), write(upper))
        }
        _ => String::new(),
    }
}
