//! `throughcare stays`: the published stay rules side by side on a study's records.

use super::use_threads;
use crate::args::{Stays, Voice};
use crate::progress::Shown;
use crate::wording::{table, thousands};
use std::io::Write;
use throughcare_engine::batch::{self, Options};
use throughcare_engine::run::Prepared;
use throughcare_engine::stay_rules::{Counts, StayRules};
use throughcare_engine::study_file::StudyFile;

/// Prints what each set of rules makes of the same spells and where they differ. Writes nothing
/// unless a folder is named.
pub fn run(arguments: &Stays, voice: Voice) -> anyhow::Result<()> {
    use_threads(arguments.threads)?;
    let study = StudyFile::read(&arguments.study)?;
    let progress = Shown::new(voice.quiet);
    if let Some(out) = &arguments.out {
        let options = Options { force: arguments.force, ..Options::default() };
        let finished = batch::stays(study, out, &options, &progress)?;
        if !voice.quiet {
            for warning in &finished.about.warnings {
                eprintln!("warning: {warning}");
            }
            eprintln!("stay rules, after disclosure control, in {}", finished.folder.display());
        }
        return Ok(());
    }
    let prepared = Prepared::read(study, &progress)?;
    let (compared, _) = StayRules::compare(&prepared, &progress);
    let mut out = std::io::stdout().lock();
    writeln!(out, "Stay rules, before disclosure control: keep it inside the secure setting\n")?;
    figures(&mut out, &compared)?;
    rules(&mut out, &compared)?;
    differences(&mut out, &compared)?;
    for assumption in &prepared.facts.assumptions {
        writeln!(out, "\nnote: {assumption}")?;
    }
    writeln!(out, "\nAs released tables: --out DIR.")?;
    Ok(())
}

fn count(n: i64) -> String {
    thousands(n.unsigned_abs())
}

fn statistic(value: Option<f64>) -> String {
    value.map_or_else(|| "[x]".into(), |value| format!("{value:.1}"))
}

fn figures(out: &mut impl Write, compared: &StayRules) -> anyhow::Result<()> {
    let rate = |counts: &Counts| {
        let is_any = counts.index > 0;
        statistic(is_any.then(|| 100.0 * counts.readmitted as f64 / counts.index as f64))
    };
    type Line<'a> = (&'a str, &'a dyn Fn(&Counts) -> String);
    let lines: [Line<'_>; 12] = [
        ("provider spells", &|counts| count(counts.spells)),
        ("  of regular attenders", &|counts| count(counts.regular_spells)),
        ("stays", &|counts| count(counts.stays)),
        ("  of several spells", &|counts| count(counts.several)),
        ("joined pairs of spells", &|counts| count(counts.joined_pairs)),
        ("  to another provider", &|counts| count(counts.transfers)),
        ("discharges of the periods", &|counts| count(counts.nights.records())),
        ("  mean nights", &|counts| statistic(counts.nights.mean())),
        ("  median nights", &|counts| statistic(counts.nights.quantile(500))),
        ("index discharges", &|counts| count(counts.index)),
        ("  readmitted in days 0 to 29", &|counts| count(counts.readmitted)),
        ("  per cent", &rate),
    ];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|(what, cell)| {
            let cells = compared.counts.iter().map(cell);
            std::iter::once((*what).to_owned()).chain(cells).collect()
        })
        .collect();
    out.write_all(table(&heading("", compared), &rows).as_bytes())?;
    Ok(())
}

fn heading<'a>(first: &'a str, compared: &'a StayRules) -> Vec<&'a str> {
    let names = compared.columns.iter().map(|(name, _)| *name);
    std::iter::once(first).chain(names).collect()
}

fn rules(out: &mut impl Write, compared: &StayRules) -> anyhow::Result<()> {
    let rows: Vec<Vec<String>> = compared
        .rules()
        .into_iter()
        .map(|(key, values)| std::iter::once(key).chain(values).collect())
        .collect();
    writeln!(out, "\nRules\n")?;
    out.write_all(table(&heading("rule", compared), &rows).as_bytes())?;
    match compared.overrides.as_slice() {
        [] => writeln!(out, "\nThe study overrides nothing of its profile.")?,
        overrides => {
            writeln!(out, "\nThe study overrides:")?;
            for setting in overrides {
                writeln!(out, "  {setting}")?;
            }
        }
    }
    Ok(())
}

fn differences(out: &mut impl Write, compared: &StayRules) -> anyhow::Result<()> {
    let differing: i64 = compared.differences.values().sum();
    writeln!(
        out,
        "\nSpells that follow each other: {} pairs; the rules differ on {}\n",
        count(compared.pairs),
        count(differing)
    )?;
    let rows: Vec<Vec<String>> = compared
        .differences
        .iter()
        .map(|((reason, joined), &pairs)| {
            vec![reason.name().to_owned(), compared.joined_by(joined), count(pairs)]
        })
        .collect();
    if !rows.is_empty() {
        out.write_all(table(&["reason", "joined by", "pairs"], &rows).as_bytes())?;
    }
    Ok(())
}
