//! The order of control: rules by table, primary, secondary, release.

use super::areas::withheld;
use super::curves::release_curves;
use super::families::suppress_families;
use super::graph::{release_states, release_transitions};
use super::graph_views::release_follows;
use super::journeys::release_journeys;
use super::pathways::release_pathways;
use super::primary::{Draft, public_denominator};
use super::profile::{Profile, Rules, Small};
use super::quality::quality;
use super::released::{Entry, Marker, Reason, Released, ReleasedFigure, ReleasedStep, Summary};
use crate::figure::{Area, AreaType, AttritionStep, Figure, Results, Unit, Value};
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;

pub(super) fn release(results: &Results, profile: &Profile) -> Released {
    let mut summary = Summary::default();
    let graph = profile.of_graph();
    let measures = figures(&results.measures, "measures", &results.regions, &mut summary, |f| {
        profile.of_measure(f.measure)
    });
    let quality = quality(results, profile, &mut summary);
    let curves = release_curves(&results.curves, profile, &mut summary);
    let transitions =
        release_transitions(&results.transitions, &results.states, &graph, &mut summary);
    let states = release_states(&results.states, &graph, &mut summary);
    let follows = release_follows(&results.follows, &graph, &mut summary);
    let withheld = withheld(&results.pathways, &results.regions, &graph);
    let pathways = release_pathways(&results.pathways, &withheld, &graph, &mut summary);
    let journeys = release_journeys(&results.journeys, &withheld, &graph, &mut summary);
    let mut step_of = |step: &AttritionStep| {
        let rules = profile.of_measure(step.measure).rounding_always();
        release_step(step, &rules, &mut summary)
    };
    let attrition = results.attrition.iter().map(&mut step_of).collect();
    let by_council = results.council_attrition.iter();
    let council_attrition = by_council.map(|(area, step)| (area.clone(), step_of(step))).collect();
    let (profiles, thresholds) = rules_by_table(results, profile)
        .into_iter()
        .map(|(table, rules)| ((table, words(&rules)), (table, rules.threshold)))
        .unzip();
    Released {
        measures,
        curves,
        transitions,
        states,
        follows,
        pathways,
        journeys,
        quality,
        attrition,
        council_attrition,
        summary,
        profiles,
        thresholds,
        not_for_release: profile.is_none(),
    }
}

pub(super) fn figures(
    figures: &[Figure],
    table: &'static str,
    regions: &BTreeMap<String, String>,
    summary: &mut Summary,
    rules_of: impl Fn(&Figure) -> Rules,
) -> Vec<ReleasedFigure> {
    let behind = Behind::of(figures);
    let mut drafts: Vec<Draft<'_>> = figures
        .iter()
        .map(|figure| {
            let mut rules = rules_of(figure);
            if rules.national_exempt && figure.area.kind == AreaType::England {
                rules = Profile::named(super::ProfileName::None).of_measure(figure.measure);
            }
            Draft::new(figure, rules, behind.people(figure))
        })
        .collect();
    suppress_families(&mut drafts, regions);
    drafts
        .iter()
        .map(|draft| {
            let released = draft.release();
            for reason in [draft.numerator, draft.denominator, draft.value].into_iter().flatten() {
                summary.hide(table, reason);
            }
            let few_events = matches!(draft.figure.value, Value::Per(_))
                && released.value == Entry::Marked(Marker::NotAvailable);
            if few_events {
                summary.hide(table, Reason::FewEvents);
            }
            summary.look(table, 3);
            released
        })
        .collect()
}

/// Measure, period, area, stratum and part.
type Cell<'a> = (&'static str, Period, &'a Area, &'a str, &'a str);

/// The people behind amounts: days, and the events and person-time of rates.
struct Behind<'a> {
    /// Numerator and denominator of the parts that end in [`PEOPLE`], by the part without it.
    named: BTreeMap<Cell<'a>, [Option<i64>; 2]>,
    /// The largest count of people or events of a measure, period, area and stratum.
    largest: BTreeMap<Cell<'a>, i64>,
}

/// A part with this ending has the people behind the part of the same name without it: as numerator
/// those behind its numerator, as denominator those behind its denominator.
const PEOPLE: &str = "_people";

impl<'a> Behind<'a> {
    fn of(figures: &'a [Figure]) -> Self {
        let mut behind = Self { named: BTreeMap::new(), largest: BTreeMap::new() };
        for figure in figures {
            let cell = |part| (figure.measure, figure.period, &figure.area, &*figure.stratum, part);
            if figure.counts == Unit::People
                && let Some(part) = figure.part.strip_suffix(PEOPLE)
            {
                behind.named.insert(cell(part), [figure.numerator, figure.denominator]);
            }
            if figure.counts == Unit::Days {
                continue;
            }
            let of_people = !public_denominator(figure) && figure.unit != Unit::PerPersonYears;
            let base = figure.denominator.filter(|_| of_people);
            for count in [figure.numerator, base].into_iter().flatten() {
                let largest = behind.largest.entry(cell("")).or_insert(count);
                *largest = count.max(*largest);
            }
        }
        behind
    }

    /// The people behind numerator and denominator of an amount, as far as they are known: those that
    /// a part of their own names, else no more than the largest count of the stratum.
    fn people(&self, figure: &Figure) -> [Option<i64>; 2] {
        let cell = |part| (figure.measure, figure.period, &figure.area, &*figure.stratum, part);
        if let Some(&people) = self.named.get(&cell(&*figure.part)) {
            return people;
        }
        let is_amount = figure.counts == Unit::Days;
        let largest = self.largest.get(&cell("")).copied().filter(|_| is_amount);
        [largest, None]
    }
}

/// Each count of a step alone: all are rounded, so that differences of steps give nothing away.
fn release_step(step: &AttritionStep, rules: &Rules, summary: &mut Summary) -> ReleasedStep {
    let few_people = step.people_left.is_some_and(|people| rules.is_small(people));
    let mut number = |count: i64, of_people: bool| {
        let hide =
            rules.small == Small::Suppress && (rules.is_small(count) || (of_people && few_people));
        if hide {
            summary.hide("attrition", Reason::SmallCount);
            return Entry::Marked(Marker::Confidential);
        }
        let rounded = rules.rounded(count);
        if rounded == 0 && count != 0 { Entry::Marked(Marker::Low) } else { Entry::Shown(rounded) }
    };
    let records_out = number(step.records_out, false);
    let records_left = number(step.records_left, true);
    let people_left = step
        .people_left
        .map_or(Entry::Marked(Marker::NotApplicable), |people| number(people, true));
    summary.look("attrition", 3);
    ReleasedStep {
        measure: step.measure,
        part: step.part.clone(),
        period: step.period,
        step: step.step,
        rule: step.rule,
        what: step.what.clone(),
        records_out,
        records_left,
        people_left,
        unit: step.unit,
    }
}

/// The rules of the measures that have figures, and of the graph if there is one.
fn rules_by_table(results: &Results, profile: &Profile) -> BTreeMap<&'static str, Rules> {
    let mut rules = BTreeMap::new();
    for figure in &results.measures {
        rules.entry(figure.measure).or_insert_with(|| profile.of_measure(figure.measure));
    }
    if !results.transitions.is_empty() || !results.states.is_empty() {
        rules.insert("graph", profile.of_graph());
    }
    rules
}

fn words(rules: &Rules) -> String {
    if rules.profile == super::ProfileName::None {
        return "none: exact counts, NOT FOR RELEASE".into();
    }
    let small = match (rules.threshold, rules.small) {
        (2.., Small::Suppress) => format!("counts of 1 to {} suppressed", rules.threshold - 1),
        (2.., Small::RoundUp) => {
            format!("counts of 1 to {} shown as {}", rules.threshold - 1, rules.rounded(1))
        }
        _ => "no count suppressed".into(),
    };
    let others = if rules.round_to > 1 {
        format!("others rounded to the nearest {}", rules.round_to)
    } else {
        "others exact".into()
    };
    let secondary = if rules.secondary { ", with secondary suppression" } else { "" };
    format!("{}: {small}, {others}{secondary}", rules.profile.code())
}
