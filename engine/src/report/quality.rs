//! Data quality on the page: a line a council, the measures to be careful with, and what fails.

use super::words;
use crate::disclosure::{Entry, Released, ReleasedQuality};
use crate::figure::AreaType;
use crate::output::measure_name;
use std::collections::{BTreeMap, BTreeSet};

/// Councils whose weakest fields the page lists; the table `quality` has them of all.
const MOST_DETAILS: usize = 40;

/// Fields listed of one council.
const MOST_FIELDS: usize = 10;

/// Headline figures of a council's line: source, check and heading.
const FIGURES: [(&str, &str, &str); 6] = [
    ("dq_field_summary", "field=all; figure=records", "Records"),
    ("dq_field_summary", "field=all; figure=mandatory completeness", "Mandatory fields filled"),
    ("dq_field_summary", "field=all; figure=mandatory valid", "Mandatory fields valid"),
    ("dq_field_summary", "field=all; figure=validity of populated", "Filled fields valid"),
    ("dq_field_summary", "field=all; figure=Release 1 residue", "In Release 1 spelling"),
    ("dq_linkage", "figure=NHS number, rows", "Rows with an NHS number"),
];

/// The section's contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Headings of the figures of a council's line.
    pub headings: Vec<&'static str>,
    /// Name and figures, England first.
    pub councils: Vec<(String, Vec<String>)>,
    /// Names of the measures in the columns of `lights`.
    pub measures: Vec<String>,
    /// Council and, measure by measure, how far its figures can be trusted, in a word.
    pub lights: Vec<(String, Vec<String>)>,
    /// Weakest fields of each council: name, share of the mandatory records that are valid, of how
    /// many.
    pub fields: Vec<(String, Vec<[String; 3]>)>,
    /// Measures that the inputs do not allow, and why.
    pub unavailable: Vec<(String, String)>,
    /// Rules that fail in England: number, words, share, found, tested.
    pub rules: Vec<[String; 5]>,
}

/// A weak field of a council with its share, by which it stands.
type WeakField = (f64, [String; 3]);

/// The value of a key of a check written as `key=value; key=value`.
fn part<'r>(check: &'r str, key: &str) -> Option<&'r str> {
    check.split("; ").find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

fn share(row: &ReleasedQuality) -> String {
    match row.value {
        Entry::Shown(number) if row.denominator.shown().is_some() => {
            format!("{}%", words::decimal(number))
        }
        Entry::Shown(number) => words::decimal(number),
        Entry::Marked(marker) => words::bracketed(marker),
    }
}

/// The section of a release.
pub fn build(released: &Released) -> Quality {
    let mut page =
        Quality { headings: FIGURES.iter().map(|figure| figure.2).collect(), ..Quality::default() };
    let mut councils: BTreeMap<(AreaType, &str, &str), Vec<String>> = BTreeMap::new();
    let mut lights: BTreeMap<(&str, &str), BTreeMap<&str, &str>> = BTreeMap::new();
    let mut fields: BTreeMap<(&str, &str), Vec<WeakField>> = BTreeMap::new();
    for row in &released.quality {
        let check = row.check.as_str();
        let area = (row.area.kind, &*row.area.code, &*row.area.name);
        let figure = FIGURES.iter().position(|figure| (figure.0, figure.1) == (row.source, check));
        if let Some(place) = figure {
            let line = councils.entry(area).or_insert_with(|| blank(FIGURES.len()));
            line[place] = share(row);
        }
        if row.source == "dq_submission" && check.starts_with("check=S01; no record") {
            councils.entry(area).or_insert_with(|| blank(FIGURES.len()))[0] =
                "no submission".into();
        }
        if row.source == "dq_metric_caveats"
            && let Some(measure) = part(check, "measure")
        {
            match part(check, "fitness") {
                Some(light) => {
                    lights.entry((area.1, area.2)).or_default().insert(measure, light);
                }
                None => {
                    let why = check.split_once("; ").map_or("", |(_, why)| why);
                    page.unavailable.push((measure_name(measure).to_owned(), words::capital(why)));
                }
            }
        }
        if let ("dq_field_summary", AreaType::La, Some("mandatory valid")) =
            (row.source, row.area.kind, part(check, "figure"))
            && let (Some(field), Entry::Shown(value)) = (part(check, "field"), row.value)
            && field != "all"
            && value.value < 95.0
        {
            let line = [field.replace('_', " "), share(row), words::count(row.denominator)];
            fields.entry((area.1, area.2)).or_default().push((value.value, line));
        }
        if row.source == "dq_rule_counts" && row.area.kind == AreaType::England {
            page.rules.extend(rule(row));
        }
    }
    page.councils = councils.into_iter().map(|((_, _, name), line)| (name.into(), line)).collect();
    let names = lights.values().flat_map(BTreeMap::keys).copied();
    let names: BTreeSet<&str> = names.collect();
    page.measures = names.iter().map(|name| measure_name(name).to_owned()).collect();
    page.lights = lights
        .iter()
        .map(|((_, name), of)| {
            let light = |measure: &&str| of.get(*measure).copied().unwrap_or("[z]").to_owned();
            ((*name).to_owned(), names.iter().map(light).collect())
        })
        .collect();
    page.fields = fields
        .into_iter()
        .take(MOST_DETAILS)
        .map(|((_, name), mut lines)| {
            lines.sort_by(|a, b| a.0.total_cmp(&b.0));
            (name.to_owned(), lines.into_iter().take(MOST_FIELDS).map(|line| line.1).collect())
        })
        .collect();
    page
}

fn blank(columns: usize) -> Vec<String> {
    vec!["[z]".into(); columns]
}

/// A rule that some records fail.
fn rule(row: &ReleasedQuality) -> Option<[String; 5]> {
    let id = part(&row.check, "rule")?;
    let is_failed = row.numerator.shown() != Some(0);
    if !is_failed || row.denominator.marker().is_some() {
        return None;
    }
    let what = row.check.rsplit("; ").next().unwrap_or(&row.check);
    Some([
        id.to_owned(),
        words::capital(what),
        share(row),
        words::count(row.numerator),
        words::count(row.denominator),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::{Profile, protect};
    use crate::figure::{Area, Content, QualityFigure, Results, Unit};

    fn row(
        code: &str,
        source: &'static str,
        check: &str,
        numerator: i64,
        of: Option<i64>,
    ) -> QualityFigure {
        let kind = if code == "E92000001" { AreaType::England } else { AreaType::La };
        QualityFigure {
            area: Area { kind, code: code.into(), name: format!("Council {code}") },
            source,
            check: check.into(),
            numerator,
            denominator: of,
            unit: Unit::Events,
            content: Content::Count,
        }
    }

    #[test]
    fn a_council_has_a_line_its_weak_fields_and_a_word_a_measure() {
        let summary = "dq_field_summary";
        let mut unavailable = row(
            "E92000001",
            "dq_metric_caveats",
            "measure=los; not available: no records",
            0,
            None,
        );
        unavailable.content = Content::NotAvailable;
        let quality = vec![
            row("100", summary, "field=all; figure=records", 1_000, None),
            row("100", summary, "field=all; figure=mandatory valid", 900, Some(1_000)),
            row("100", summary, "field=Gender; figure=mandatory valid", 970, Some(1_000)),
            row("100", summary, "field=Event_Outcome; figure=mandatory valid", 700, Some(1_000)),
            row("100", summary, "field=Ethnicity; figure=mandatory valid", 400, Some(1_000)),
            row(
                "100",
                "dq_metric_caveats",
                "measure=ascof_2a; fitness=red; because=Event_Outcome, S01",
                700,
                Some(1_000),
            ),
            row("200", "dq_submission", "check=S01; no record of the council at all", 1, Some(1)),
            row(
                "E92000001",
                "dq_rule_counts",
                "rule=V042; severity=E; end before start",
                20,
                Some(50),
            ),
            row("E92000001", "dq_rule_counts", "rule=V043; severity=E; later", 0, Some(50)),
            unavailable,
        ];
        let released = protect(&Results { quality, ..Results::default() }, &Profile::default());
        let page = build(&released);
        let [(first, line), (second, none)] = page.councils.as_slice() else {
            panic!("two councils");
        };
        assert_eq!((first.as_str(), second.as_str()), ("Council 100", "Council 200"));
        assert_eq!((line[0].as_str(), line[2].as_str(), line[5].as_str()), ("1,000", "90%", "[z]"));
        assert_eq!(none[0], "no submission");
        let weak: Vec<&str> = page.fields[0].1.iter().map(|field| field[0].as_str()).collect();
        assert_eq!(weak, ["Ethnicity", "Event Outcome"], "the weakest first");
        assert_eq!(page.lights, [("Council 100".to_owned(), vec!["red".to_owned()])]);
        assert_eq!(page.unavailable.len(), 1);
        assert_eq!(page.unavailable[0].1, "Not available: no records");
        assert_eq!(page.rules.len(), 1);
        assert_eq!(page.rules[0][..3], ["V042", "End before start", "40%"]);
    }
}
