//! Section 21 once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

pub fn in_build(line: &Line) -> bool {
    let year = year();
    let carer = same(line.client, "Carer") || same(line.client, "Carer known by association");
    let event = ["Request", "Assessment", "Service", "Review"].iter().any(|e| same(line.event, e));
    let untyped = line.service.is_empty();
    let shows = (untyped && same(line.outcome, INFORMATION))
        || same(line.service, TO_CARER)
        || same(line.service, CARED_FOR)
        || (untyped && (same(line.event, "Assessment") || same(line.event, "Review")));
    line.import == 2
        && carer
        && event
        && shows
        && line.start.get().is_some_and(|start| start <= year.end)
        && line.end.get().is_none_or(|end| end >= year.start)
        && line.death.get().is_none_or(|death| death >= year.start)
}

/// Rank and label.
pub fn category(line: &Line) -> Option<(u8, &'static str)> {
    if same(line.service, TO_CARER) {
        return Some(match line.mechanism {
            m if same(m, DIRECT_PAYMENT) => (1, "Direct Payment only"),
            m if same(m, MANAGED) => (2, "CASSR Managed Personal Budget"),
            m if same(m, COMMISSIONED) => (3, "CASSR Commissioned Support only"),
            _ => (4, "Support Direct to Carer: Unknown Delivery Mech"),
        });
    }
    if same(line.service, CARED_FOR) {
        return Some((6, NONE));
    }
    let judged = same(line.event, "Assessment") || same(line.event, "Review");
    if judged && !same(line.outcome, INFORMATION) {
        return Some((6, NONE));
    }
    (judged || same(line.event, "Request")).then_some((5, ADVICE))
}

fn band(line: &Line) -> &'static str {
    match age(line, year().end) {
        None => "Unknown",
        Some(age) if age < 18 => "Under 18",
        Some(age) if age < 26 => "18 to 25",
        Some(age) if age < 65 => "26 to 64",
        Some(age) if age < 85 => "65 to 84",
        Some(_) => "85 and over",
    }
}

fn reference(people: &[Vec<Line>]) -> BTreeMap<u16, Counts> {
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for rows in identified(people, in_build).values() {
        for la in [NORTHTON, SOUTHTON] {
            let found: BTreeSet<_> = rows
                .iter()
                .filter(|line| line.la == la)
                .filter_map(|line| Some((category(line)?, band(line))))
                .collect();
            let Some(&(best, _)) = found.first() else { continue };
            let mut add = |stratum: String| {
                *counts.entry(la).or_default().entry((String::new(), stratum)).or_default() += 1;
            };
            add(String::new());
            add(format!("support={}", best.1));
            for (_, band) in found.iter().filter(|(category, _)| *category == best) {
                add(format!("age_band={band}; support={}", best.1));
            }
        }
    }
    counts
}

prop_compose! {
    /// A row of a carer, most of them.
    pub fn any_carer()(
        row in any_line(),
        client in prop::sample::select(vec!["Carer", "Carer known by association", "carer", "Service User"]),
        event in prop::sample::select(vec!["Request", "Assessment", "Service", "Service", "Review", "Referral"]),
        service in prop::sample::select(vec![TO_CARER, TO_CARER, CARED_FOR, "", "", COMMUNITY]),
        mechanism in prop::sample::select(vec!["", DIRECT_PAYMENT, MANAGED, COMMISSIONED, "other"]),
        component in prop::sample::select(vec!["", "Direct Payment", "Day Support"]),
        outcome in prop::sample::select(vec!["", INFORMATION, DECLINED]),
        import in prop_oneof![1 => 0u16..2, 5 => Just(2u16)],
    ) -> Line {
        Line { client, event, service, mechanism, component, outcome, import, ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_21_agrees_with_its_text_written_slowly(people in anyone(any_carer())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Lts003>(&people, method, reference)?;
        }
    }
}
