//! The steps of section 17 once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Setting and mechanism by rank.
pub const RANKED: [(&str, &str); 9] = [
    (NURSING, ""),
    (RESIDENTIAL, ""),
    (COMMUNITY, DIRECT_PAYMENT),
    (COMMUNITY, MANAGED),
    (COMMUNITY, COMMISSIONED),
    (COMMUNITY, ""),
    (PRISON, MANAGED),
    (PRISON, COMMISSIONED),
    (PRISON, ""),
];

/// Position in the table of section 10.1.
fn rank(line: &Line) -> usize {
    let position = |mechanism: &str| {
        RANKED.iter().position(|(name, how)| same(line.service, name) && *how == mechanism)
    };
    let exact = RANKED.iter().position(|(name, how)| {
        !how.is_empty() && same(line.service, name) && same(line.mechanism, how)
    });
    exact.or_else(|| position("")).unwrap()
}

fn stratum(rank: usize, reason: &str) -> String {
    let (name, how) = RANKED[rank];
    let setting = name.trim_start_matches("Long Term Support: ").trim_end_matches(" Care");
    let how = if how.is_empty() { "None" } else { how };
    format!("setting={setting}; mechanism={how}; support_reason={reason}")
}

const REASONS: [&str; 5] =
    [LEARNING, MENTAL_HEALTH, PERSONAL_CARE, "Unknown", "Social Support: Support to Carer"];

fn listed(reason: &str) -> &str {
    REASONS.iter().find(|listed| same(reason, listed)).unwrap_or(&"Invalid/NULL")
}

/// Steps 2 to 6 for rows whose person is known.
pub fn by_age(by_id: &BTreeMap<String, Vec<Line>>, relabel: bool) -> BTreeMap<u16, Counts> {
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for rows in by_id.values() {
        for la in [NORTHTON, SOUTHTON] {
            for (part, from, to) in [("1a", 18, 64), ("1b", 65, 999)] {
                let in_table = |line: &&Line| {
                    line.la == la
                        && age(line, year().end).is_some_and(|age| age >= from && age <= to)
                };
                let mut rows: Vec<&Line> = rows.iter().filter(in_table).collect();
                let Some(best) = rows.iter().map(|line| rank(line)).min() else { continue };
                rows.retain(|line| rank(line) == best);
                let known = |line: &&Line| !line.reason.is_empty() && !same(line.reason, "Unknown");
                if rows.iter().any(known) {
                    rows.retain(known);
                }
                let latest = rows.iter().map(|line| line.start).max();
                rows.retain(|line| Some(line.start) == latest);
                let reasons: BTreeSet<String> = rows
                    .iter()
                    .map(|line| {
                        if relabel {
                            listed(line.reason).into()
                        } else {
                            line.reason.trim_end().to_lowercase()
                        }
                    })
                    .collect();
                let reason = if reasons.len() > 1 { "Unknown" } else { listed(rows[0].reason) };
                let of_council = counts.entry(la).or_default();
                *of_council.entry((part.into(), String::new())).or_default() += 1;
                *of_council.entry((part.into(), stratum(best, reason))).or_default() += 1;
            }
        }
    }
    counts
}

fn reference(people: &[Vec<Line>]) -> BTreeMap<u16, Counts> {
    let year = year();
    let in_build = |line: &Line| {
        line.import == 2
            && is_long_term(line)
            && same(line.client, "Service User")
            && line.start.get().is_some_and(|start| start <= year.end)
            && line.end.get().is_none_or(|end| end >= year.start)
            && line.death.get().is_none_or(|death| death >= year.start)
            && line.birth.is_known()
    };
    by_age(&identified(people, in_build), true)
}

prop_compose! {
    /// A row of long-term support, most of them.
    pub fn any_support()(
        row in any_line(),
        service in prop::sample::select(vec![NURSING, RESIDENTIAL, COMMUNITY, COMMUNITY, PRISON, ST_MAX]),
        mechanism in prop::sample::select(vec!["", DIRECT_PAYMENT, MANAGED, COMMISSIONED, "other"]),
        reason in prop::sample::select(vec![
            LEARNING, MENTAL_HEALTH, PERSONAL_CARE, "learning disability support", "Unknown", "", "Klingon", "Romulan",
        ]),
        import in prop_oneof![1 => 0u16..2, 4 => Just(2u16)],
    ) -> Line {
        Line { service, mechanism, reason, import, ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_17_agrees_with_its_steps_written_slowly(people in anyone(any_support())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Lts001a>(&people, method, reference)?;
        }
    }
}
