//! The tables of section 18 once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const RANKED: [&str; 4] = [NURSING, RESIDENTIAL, COMMUNITY, PRISON];

fn rank(line: &Line) -> usize {
    RANKED.iter().position(|name| same(line.service, name)).unwrap()
}

const ETHNICITIES: [(&str, &str); 4] = [
    ("White - Irish", "White"),
    ("White - Roma", "White"),
    ("No data - Refused", "No Data"),
    ("No data - Undeclared or Not known", "No Data"),
];

/// Part; who is in it; the text; texts that are not known; texts that are listed; the text of a
/// conflict.
type Table = (
    &'static str,
    fn(&Line) -> bool,
    fn(&Line) -> &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const TABLES: [Table; 5] = [
    (
        "1a",
        |line| age(line, year().end).is_some_and(|age| (18..65).contains(&age)),
        |line| line.reason,
        &["", "Unknown"],
        &[LEARNING, MENTAL_HEALTH, "Unknown"],
        "Unknown",
    ),
    (
        "1b",
        |line| age(line, year().end).is_some_and(|age| age > 64),
        |line| line.reason,
        &["", "Unknown"],
        &[LEARNING, MENTAL_HEALTH, "Unknown"],
        "Unknown",
    ),
    ("2", |_| true, |line| line.carer, &["", "Unknown"], &["Yes", "No", "Invalid"], "Unknown"),
    (
        "3a",
        |line| same(line.gender, "Male"),
        |line| line.ethnicity,
        &["", "No data - Undeclared or Not known"],
        &[
            "White - Irish",
            "White - Roma",
            "No data - Refused",
            "No data - Undeclared or Not known",
        ],
        "No data - Undeclared or Not known",
    ),
    (
        "3b",
        |line| same(line.gender, "Female"),
        |line| line.ethnicity,
        &["", "No data - Undeclared or Not known"],
        &[
            "White - Irish",
            "White - Roma",
            "No data - Refused",
            "No data - Undeclared or Not known",
        ],
        "No data - Undeclared or Not known",
    ),
];

fn stratum(part: &str, rank: usize, shown: &str) -> String {
    let setting = ["Nursing", "Residential", "Community", "Prison"][rank];
    let support = format!("setting={setting}; mechanism=None");
    if part.starts_with('3') {
        let group = ETHNICITIES.iter().find(|(text, _)| *text == shown);
        let group = group.map_or(shown, |(_, group)| group);
        return format!("ethnicity={group}; {support}");
    }
    let key = if part == "2" { "has_unpaid_carer" } else { "support_reason" };
    format!("{support}; {key}={shown}")
}

fn reference(people: &[Vec<Line>]) -> BTreeMap<u16, Counts> {
    let at = year().end;
    let in_build = |line: &Line| {
        line.import == 2
            && is_long_term(line)
            && same(line.client, "Service User")
            && line.start.get().is_some_and(|start| start <= at)
            && line.end.get().is_none_or(|end| end >= at)
            && line.death.get().is_none_or(|death| death >= at)
            && line.birth.is_known()
    };
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for rows in identified(people, in_build).values() {
        for la in [NORTHTON, SOUTHTON] {
            let mut add = |part: &str, stratum: String| {
                *counts.entry(la).or_default().entry((part.into(), stratum)).or_default() += 1;
            };
            let of_council = || rows.iter().filter(|line| line.la == la);
            for (part, is_in, text, unknown, listed, conflict) in TABLES {
                let mut rows: Vec<&Line> = of_council().filter(|line| is_in(line)).collect();
                let Some(best) = rows.iter().map(|line| rank(line)).min() else { continue };
                rows.retain(|line| rank(line) == best);
                let known = |line: &&Line| !unknown.iter().any(|unknown| same(text(line), unknown));
                if rows.iter().any(known) {
                    rows.retain(known);
                }
                let latest = rows.iter().map(|line| line.start).max();
                rows.retain(|line| Some(line.start) == latest);
                let shown: BTreeSet<&str> = rows
                    .iter()
                    .map(|line| {
                        *listed.iter().find(|l| same(text(line), l)).unwrap_or(&"Invalid/NULL")
                    })
                    .collect();
                let shown = if shown.len() > 1 { conflict } else { shown.first().unwrap() };
                add(part, String::new());
                add(part, stratum(part, best, shown));
            }
            if of_council().any(|line| same(line.gender, "Other") || same(line.gender, "Unknown")) {
                add("3c", String::new());
            }
        }
    }
    counts
}

prop_compose! {
    fn any_support()(
        row in any_line(),
        service in prop::sample::select(vec![NURSING, RESIDENTIAL, COMMUNITY, PRISON, ST_MAX]),
        reason in prop::sample::select(vec![LEARNING, MENTAL_HEALTH, "Unknown", "", "Klingon", "Romulan"]),
        ethnicity in prop::sample::select(vec![
            "White - Irish", "White - Roma", "No data - Refused", "No data - Undeclared or Not known", "", "Klingon",
        ]),
        import in prop_oneof![1 => 0u16..2, 5 => Just(2u16)],
    ) -> Line {
        Line { service, reason, ethnicity, import, ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_18_agrees_with_its_tables_written_slowly(people in anyone(any_support())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Lts001b>(&people, method, reference)?;
        }
    }
}
