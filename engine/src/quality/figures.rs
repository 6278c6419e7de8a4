//! From counts to rows of the table `quality`.

use super::Quality;
use super::checks::RuleCount;
use super::code::Condition;
use super::item::Item;
use super::linking;
use super::plan::Plan;
use super::rule::Rule;
use super::settings::Settings;
use super::submission::{self, Counts, Found, Lines};
use super::summary::Headline;
use super::values::{Classes, TextCount};
use crate::figure::{Area, AreaType, Content, QualityFigure, Unit};
use crate::frame::Frame;
use crate::measures::{NAMES, needs};
use hashbrown::HashSet;
use std::collections::{BTreeMap, BTreeSet};
use throughcare_linkage::cld::settings::CldSettings;
use throughcare_linkage::codes::cld::{Field, Raw};
use throughcare_linkage::link::facts::Facts;
use throughcare_linkage::read::{FileKind, FileRead, Records};

/// What figures need besides the counts.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The records.
    pub records: &'a Records,
    /// What was settled over them.
    pub facts: &'a Facts,
    /// The table `[cld]`.
    pub cld: &'a CldSettings,
    /// The table `[quality]`.
    pub settings: &'a Settings,
    /// The frame.
    pub frame: &'a Frame,
}

/// The department's code and name of the country in its table.
fn national() -> Area {
    Area { kind: AreaType::England, code: "99999".into(), name: "England".into() }
}

/// A count of records.
fn figure(area: &Area, source: &'static str, check: String, n: u64) -> QualityFigure {
    QualityFigure {
        area: area.clone(),
        source,
        check,
        numerator: signed(n),
        denominator: None,
        unit: Unit::Events,
        content: Content::Count,
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Everything of one council that several tables need.
struct Council {
    area: Area,
    number: u16,
    classes: Classes,
    texts: Vec<TextCount>,
    headlines: Vec<Headline>,
}

impl Quality {
    /// The rows of every table: within a table England first, then councils in the order of their
    /// codes, each in the order of the handbook.
    #[must_use]
    pub fn figures(&self, plan: &Plan<'_>, inputs: &Inputs<'_>) -> Vec<QualityFigure> {
        let councils: Vec<Council> = self
            .values
            .councils()
            .map(|number| {
                let texts = self.values.texts(plan, number);
                let classes = self.values.classes(plan, number);
                let headline = |item| Headline::of(plan, item, &classes, &texts);
                let headlines = Item::ALL.map(headline).into();
                let area = area(plan, number);
                Council { area, number, classes, texts, headlines }
            })
            .collect();
        let (rules, overlap_days) = self.checks.finish();
        let present = self.present(&rules);
        let found = Found {
            people: &self.checks.submission_people,
            lost: &self.checks.lost,
            councils: &present,
        };
        let Inputs { records, facts, cld, settings, frame } = *inputs;
        let lines = submission::lines(plan, records, facts, cld, frame, &found);

        let mut out = Vec::new();
        self.values_table(plan, &councils, &mut out);
        summary(plan, &councils, &mut out);
        self.new_values(plan, &councils, &mut out);
        rule_counts(plan, settings, &rules, &overlap_days, &mut out);
        submissions(plan, &lines, &mut out);
        self.linkage(plan, &rules, &mut out);
        out.extend(self.linked.figures(plan));
        fitness(plan, settings, &councils, &lines, &mut out);
        out
    }

    /// Councils with any row or record.
    fn present(&self, rules: &[Vec<RuleCount>]) -> BTreeSet<u16> {
        let with_rows = (0u16..).zip(rules).filter(|(_, counts)| !counts.is_empty());
        self.values.councils().chain(with_rows.map(|(council, _)| council)).collect()
    }

    /// Section 2. England's rows have the department's code 99999 and no value. Dates, free texts and
    /// codes of providers show no value either.
    fn values_table(&self, plan: &Plan<'_>, councils: &[Council], out: &mut Vec<QualityFigure>) {
        let mut england = Classes::default();
        councils.iter().for_each(|council| england.merge(&council.classes));
        if england.records == 0 {
            return;
        }
        class_rows(plan, &national(), &england, |_| true, out);
        for council in councils.iter().filter(|council| council.number != 0) {
            class_rows(plan, &council.area, &council.classes, |item| item.coded().is_none(), out);
            let value = |text: &TextCount| plan.cleaning.text(text.field, text.raw);
            let mut texts: Vec<(Item, &TextCount)> = council
                .texts
                .iter()
                .filter_map(|text| Some((Item::of_coded(text.field)?, text)))
                .filter(|(item, _)| plan.is_given[*item as usize])
                .collect();
            texts.sort_unstable_by_key(|(item, text)| {
                (*item, text.condition, text.check.validity(), value(text))
            });
            for (item, text) in texts {
                let check = class_check(item, text.condition, text.check.validity().label());
                let mut row = figure(&council.area, "dq_values", check, text.records);
                if text.raw.is_none() {
                } else if plan.code(text.field, text.raw).is_label {
                    row.check.push_str(&format!("; value={}", value(text)));
                } else {
                    let people = self.values.behind(council.number, text.field, text.raw).people;
                    let people = signed(people.min(text.records));
                    row.content = Content::RawText { text: value(text).into(), people };
                }
                out.push(row);
            }
        }
        for item in Item::ALL.into_iter().filter(|item| !plan.is_given[*item as usize]) {
            let check =
                format!("module={}; field={}; not in any input", item.module(), item.name());
            let mut row = figure(&national(), "dq_values", check, 0);
            row.content = Content::NotAvailable;
            out.push(row);
        }
    }

    /// Raw values that no list maps, by field.
    fn new_values(&self, plan: &Plan<'_>, councils: &[Council], out: &mut Vec<QualityFigure>) {
        let mut england: BTreeMap<(Field, &str), [u64; 2]> = BTreeMap::new();
        let mut rows = Vec::new();
        for council in councils {
            let values: HashSet<(Field, Raw)> = council
                .headlines
                .iter()
                .flat_map(|headline| headline.new_values.iter().copied())
                .collect();
            let mut values: Vec<(Field, &str, Raw)> = values
                .into_iter()
                .map(|(field, raw)| (field, plan.cleaning.text(field, raw), raw))
                .collect();
            values.sort_unstable_by_key(|&(field, text, _)| (field, text));
            for (field, text, raw) in values {
                let behind = self.values.behind(council.number, field, raw);
                let sum = england.entry((field, text)).or_default();
                sum[0] += behind.records;
                sum[1] += behind.people;
                if council.number != 0 {
                    rows.push(new_value(&council.area, field, text, behind.records, behind.people));
                }
            }
        }
        out.extend(england.into_iter().map(|((field, text), [records, people])| {
            new_value(&Area::england(), field, text, records, people)
        }));
        out.extend(rows);
    }

    /// Section 6.
    fn linkage(&self, plan: &Plan<'_>, rules: &[Vec<RuleCount>], out: &mut Vec<QualityFigure>) {
        let mut england = linking::Council::default();
        let mut of_england = vec![RuleCount::default(); Rule::ALL.len()];
        for (_, council) in self.linking.councils() {
            england.merge(council);
        }
        for counts in rules {
            for (sum, more) in of_england.iter_mut().zip(counts) {
                sum.tested += more.tested;
                sum.failed += more.failed;
            }
        }
        let none = Vec::new();
        let all = std::iter::once((Area::england(), &england, &of_england)).chain(
            self.linking.councils().filter(|(number, _)| *number != 0).map(|(number, council)| {
                let rules = rules.get(usize::from(number)).unwrap_or(&none);
                (area(plan, number), council, rules)
            }),
        );
        for (area, council, rules) in all {
            let mut push = |check: String, n: u64, of: u64, unit| {
                out.push(QualityFigure {
                    denominator: Some(signed(of)),
                    unit,
                    ..figure(&area, "dq_linkage", check, n)
                });
            };
            for (check, n, of, people) in council.figures() {
                push(check, n, of, if people { Unit::People } else { Unit::Events });
            }
            let rule = |rule: Rule| rules.get(rule as usize).copied().unwrap_or_default();
            let (shared, dropped, named) = (rule(Rule::V013), rule(Rule::V015), rule(Rule::V063));
            if shared.tested > 0 {
                let check = "figure=several local identifiers, people".into();
                push(check, shared.failed, shared.tested, Unit::People);
            }
            let rows = council.rows.first().map_or(0, |rows| rows.rows);
            if rows > 0 && plan.is_given[Item::LocalId as usize] {
                let check = "figure=no NHS number though the local identifier has one, rows".into();
                push(check, dropped.failed, rows, Unit::Events);
            }
            if named.tested > 0 {
                let check = "figure=linked identifiers found, values".into();
                push(check, named.tested - named.failed, named.tested, Unit::Values);
            }
        }
    }
}

fn area(plan: &Plan<'_>, number: u16) -> Area {
    plan.places.area(AreaType::La, number)
}

fn class_check(item: Item, condition: Condition, validity: &str) -> String {
    format!(
        "module={}; field={}; status={}; validity={validity}",
        item.module(),
        item.name(),
        condition.label()
    )
}

/// Rows of the fields that are wanted, by condition and validity. The value of a personal field is
/// its published stand-in, that of the council code itself.
fn class_rows(
    plan: &Plan<'_>,
    area: &Area,
    classes: &Classes,
    wanted: impl Fn(Item) -> bool,
    out: &mut Vec<QualityFigure>,
) {
    use super::code::{Check, Validity};
    for item in Item::ALL.into_iter().filter(|&item| wanted(item) && plan.is_given[item as usize]) {
        for condition in Condition::ALL {
            for validity in Validity::ALL {
                let checks = Check::ALL.into_iter().filter(|check| check.validity() == validity);
                let records: u64 = checks.map(|check| classes.get(item, condition, check)).sum();
                if records == 0 {
                    continue;
                }
                let mut check = class_check(item, condition, validity.label());
                if area.kind == AreaType::La && item.is_personal() {
                    check.push_str("; value=N/A - PID");
                } else if area.kind == AreaType::La && item == Item::LaCode {
                    check.push_str(&format!("; value={}", area.code));
                }
                out.push(figure(area, "dq_values", check, records));
            }
        }
    }
}

fn new_value(area: &Area, field: Field, text: &str, records: u64, people: u64) -> QualityFigure {
    let name = Item::of_coded(field).map_or(field.name(), Item::name);
    QualityFigure {
        content: Content::RawText { text: text.into(), people: signed(people) },
        ..figure(area, "dq_new_values", format!("field={name}"), records)
    }
}

/// Section 3, with all fields as one at the end of an area.
fn summary(plan: &Plan<'_>, councils: &[Council], out: &mut Vec<QualityFigure>) {
    if councils.is_empty() {
        return;
    }
    let mut england = vec![Headline::default(); Item::ALL.len()];
    let mut records = 0;
    for council in councils {
        records += council.classes.records;
        england.iter_mut().zip(&council.headlines).for_each(|(sum, more)| sum.merge(more));
    }
    area_summary(plan, &Area::england(), records, &england, out);
    for council in councils.iter().filter(|council| council.number != 0) {
        area_summary(plan, &council.area, council.classes.records, &council.headlines, out);
    }
}

fn area_summary(
    plan: &Plan<'_>,
    area: &Area,
    records: u64,
    headlines: &[Headline],
    out: &mut Vec<QualityFigure>,
) {
    let mut push = |field: &str, headline: &Headline| {
        for (name, n, of) in headline.figures() {
            let is_values = name == "new invalid values";
            let mut row =
                figure(area, "dq_field_summary", format!("field={field}; figure={name}"), n);
            row.denominator = of.map(signed);
            row.unit = if is_values { Unit::Values } else { Unit::Events };
            row.content = if is_values { Content::NotOfPeople } else { Content::Count };
            out.push(row);
        }
    };
    let mut all = Headline::default();
    for (item, headline) in Item::ALL.into_iter().zip(headlines) {
        if plan.is_given[item as usize] {
            push(item.name(), headline);
            all.merge(headline);
        }
    }
    push("all", &all);
    out.push(figure(area, "dq_field_summary", "field=all; figure=records".into(), records));
}

/// Section 4: rows of rules that were tested, and the people who fail them.
fn rule_counts(
    plan: &Plan<'_>,
    settings: &Settings,
    rules: &[Vec<RuleCount>],
    overlap_days: &hashbrown::HashMap<u16, u64>,
    out: &mut Vec<QualityFigure>,
) {
    let mut england = vec![RuleCount::default(); Rule::ALL.len()];
    for counts in rules {
        for (sum, more) in england.iter_mut().zip(counts) {
            sum.tested += more.tested;
            sum.failed += more.failed;
            sum.people += more.people;
        }
    }
    let days = overlap_days.values().sum();
    let mut push = |area: Area, counts: &[RuleCount], days: u64| {
        for (&rule, count) in Rule::ALL.iter().zip(counts) {
            if count.tested == 0 || !settings.reports(rule) {
                continue;
            }
            let check = format!(
                "rule={}; severity={}; {}",
                rule.id(),
                rule.severity().letter(),
                rule.what()
            );
            let rows = figure(&area, "dq_rule_counts", check.clone(), count.failed);
            out.push(QualityFigure {
                denominator: Some(signed(count.tested)),
                unit: rule.unit(),
                ..rows
            });
            if rule.unit() == Unit::Events && count.people > 0 {
                let people =
                    figure(&area, "dq_rule_counts", format!("{check}; people"), count.people);
                out.push(QualityFigure { unit: Unit::People, ..people });
            }
            if rule == Rule::V094 && count.failed > 0 {
                let check = format!("{check}; days");
                let content = Content::Amount { people: signed(count.failed) };
                let row = figure(&area, "dq_rule_counts", check, days);
                out.push(QualityFigure { unit: Unit::Days, content, ..row });
            }
        }
    };
    push(Area::england(), &england, days);
    for (number, counts) in (0u16..).zip(rules) {
        if number != 0 {
            let days = overlap_days.get(&number).copied().unwrap_or(0);
            push(area(plan, number), counts, days);
        }
    }
}

/// Section 5.
fn submissions(plan: &Plan<'_>, lines: &Lines, out: &mut Vec<QualityFigure>) {
    for (&council, lines) in lines.iter().filter(|(council, _)| **council != 0) {
        let area = area(plan, council);
        for line in lines {
            let check = if line.id.is_empty() {
                line.what.clone()
            } else {
                format!("check={}; {}", line.id, line.what)
            };
            let mut row = figure(&area, "dq_submission", check, line.found);
            row.denominator = line.of.map(signed);
            (row.unit, row.content) = match line.counts {
                Counts::Submissions => (Unit::Submissions, Content::NotOfPeople),
                Counts::Rows => (Unit::Events, Content::Count),
                Counts::People => (Unit::People, Content::Count),
            };
            out.push(row);
        }
    }
}

/// Section 8: each measure with key fields in each council, by its worst key field and the flags of
/// submissions.
fn fitness(
    plan: &Plan<'_>,
    settings: &Settings,
    councils: &[Council],
    lines: &Lines,
    out: &mut Vec<QualityFigure>,
) {
    for council in councils.iter().filter(|council| council.number != 0) {
        let flags = lines.get(&council.number).map(|lines| submission::flags(lines));
        let flags = flags.unwrap_or_default();
        for measure in NAMES {
            let Some(needs) = needs::of(measure).filter(|needs| !needs.key_fields.is_empty())
            else {
                continue;
            };
            out.push(fitness_row(plan, settings, council, needs, &flags));
        }
    }
}

/// Where a figure stands: green, amber or red.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Light {
    Green,
    Amber,
    Red,
}

fn fitness_row(
    plan: &Plan<'_>,
    settings: &Settings,
    council: &Council,
    needs: &needs::Needs,
    flags: &[&'static str],
) -> QualityFigure {
    let mut worst: Option<(u64, u64)> = None;
    let mut light = if flags.is_empty() { Light::Green } else { Light::Amber };
    let mut because: Vec<&str> = Vec::new();
    let keys = Item::ALL.into_iter().zip(&council.headlines);
    for (item, headline) in keys.filter(|(item, _)| needs.key_fields.contains(&item.name())) {
        if !plan.is_given[item as usize] {
            light = Light::Red;
            because.push(item.name());
            continue;
        }
        let (valid, of) = headline.fitness();
        if of == 0 {
            continue;
        }
        let percent = 100.0 * valid as f64 / of as f64;
        let of_field = match percent {
            _ if percent < settings.red_below => Light::Red,
            _ if percent < settings.amber_below => Light::Amber,
            _ => Light::Green,
        };
        light = light.max(of_field);
        if of_field > Light::Green {
            because.push(item.name());
        }
        // compared as fractions, of equal ones that of more records
        let product = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let is_worse = worst.is_none_or(|(least, base)| {
            let (this, that) = (product(valid, base), product(least, of));
            this < that || (this == that && of > base)
        });
        worst = if is_worse { Some((valid, of)) } else { worst };
    }
    because.extend(flags);
    let word = match light {
        Light::Green => "green",
        Light::Amber => "amber",
        Light::Red => "red",
    };
    let mut check = format!("measure={}; fitness={word}", needs.measure);
    if !because.is_empty() {
        check.push_str(&format!("; because={}", because.join(", ")));
    }
    let mut row = figure(&council.area, "dq_metric_caveats", check, 0);
    match worst {
        Some((valid, of)) => {
            (row.numerator, row.denominator) = (signed(valid), Some(signed(of)));
        }
        None => row.content = Content::NotAvailable,
    }
    row
}

/// The rows that say which of the measures asked for the inputs do not allow, and which have counts
/// and no values.
#[must_use]
pub fn unavailable(asked: &[&'static str], given: &needs::Given) -> Vec<QualityFigure> {
    let mut rows = Vec::new();
    for measure in asked {
        let why = match (given.prevents(measure), given.leaves_without_values(measure)) {
            (Some(why), _) => format!("measure={measure}; not available: {why}"),
            (None, Some(why)) => format!("measure={measure}; no values, only counts: {why}"),
            (None, None) => continue,
        };
        let mut row = figure(&Area::england(), "dq_metric_caveats", why, 0);
        row.content = Content::NotAvailable;
        rows.push(row);
    }
    rows
}

/// Whether a heading that holds nothing for the engine belongs to a submission or to what the
/// national pipeline adds (`cld-fields.md` sections 2 and 2.3).
fn is_expected(heading: &str) -> bool {
    const EXPECTED: [&str; 5] = [
        "gp_practice_name",
        "provider_cqc_location_name",
        "importfileid",
        "first_name",
        "last_name",
    ];
    let heading = heading.trim().to_lowercase();
    let begins = |word: &str| heading.starts_with(word);
    let heading = heading.replace(' ', "_");
    begins("der_") || begins("cond_") || begins("chk_") || EXPECTED.contains(&heading.as_str())
}

/// Headings of section 2 of `cld-fields.md` that files of submissions lack, and headings that mean
/// nothing (V001); values that could not be read, by column (V003, V004).
#[must_use]
pub fn absent_headings(files: &[FileRead]) -> Vec<QualityFigure> {
    let submissions: Vec<&FileRead> =
        files.iter().filter(|file| file.kind == FileKind::CldSubmissions).collect();
    let of = signed(submissions.len() as u64);
    let mut rows = Vec::new();
    let mut push = |check: String, files: usize| {
        rows.push(QualityFigure {
            denominator: Some(of),
            unit: Unit::Files,
            content: Content::NotOfPeople,
            ..figure(&Area::england(), "dq_rule_counts", check, files as u64)
        });
    };
    for item in Item::ALL.into_iter().filter(|item| !item.columns().is_empty()) {
        let has = |file: &FileRead| item.columns().iter().any(|name| file.columns.contains(name));
        let lacking = submissions.iter().filter(|file| !has(file)).count();
        if lacking > 0 {
            push(format!("rule=V001; severity=E; no heading {}", item.name()), lacking);
        }
    }
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    let headings = submissions.iter().flat_map(|file| &file.other_headings);
    for heading in headings.filter(|heading| !is_expected(heading)) {
        *others.entry(heading).or_default() += 1;
    }
    for (heading, files) in others {
        push(format!("rule=V001; severity=I; unexpected heading {heading}"), files);
    }
    let mut unreadable: BTreeMap<&str, u64> = BTreeMap::new();
    let of_care =
        |file: &&FileRead| matches!(file.kind, FileKind::CldSubmissions | FileKind::CldEvents);
    for file in files.iter().filter(of_care) {
        for (column, values) in &file.not_understood {
            *unreadable.entry(column).or_default() += values;
        }
    }
    rows.extend(unreadable.into_iter().map(|(column, values)| QualityFigure {
        unit: Unit::Values,
        ..figure(
            &Area::england(),
            "dq_rule_counts",
            format!("rule=V003; severity=E; values that cannot be read in {column}"),
            values,
        )
    }));
    rows
}
