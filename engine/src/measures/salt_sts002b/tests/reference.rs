//! Section 16 once more, slowly and in texts.

use super::*;
use crate::measures::salt::sts_reference::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn reference(people: &[Vec<Line>], method: Method) -> BTreeMap<u16, Counts> {
    let exact = method == Method::AsPublished;
    let today = settings().today.unwrap();
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for rows in identified(people, of_service_user).values() {
        let rows = latest_versions(rows, false);
        let st_max = |line: &Line| same(line.event, "Service") && same(line.service, ST_MAX);
        for (la, members) in clusters(&rows, st_max, 1, exact) {
            let start = members.iter().map(|line| line.start.get().unwrap()).min().unwrap();
            let end = members.iter().map(|line| line.end.or(today)).max().unwrap();
            let existing = rows.iter().any(|line| line.la == la && long_term_on(line, start));
            let with_outcome = |line: &Line| line.end.or(today) == end && !line.outcome.is_empty();
            let kept = !exact || members.iter().any(with_outcome);
            if year().contains(end) && existing && kept {
                let counts = counts.entry(la).or_default();
                *counts.entry(Default::default()).or_default() += 1;
            }
        }
    }
    counts
}

prop_compose! {
    /// Support that may already run when the reablement of these tests begins.
    fn any_existing()(row in any_event(), long in prop::bool::weighted(0.3)) -> Line {
        if long {
            let start = day("2023-12-01").into();
            return Line { event: "Service", service: COMMUNITY, start, ..row };
        }
        row
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_16_agrees_with_its_text_written_slowly(
        people in prop_oneof![anyone(any_existing()), anyone(narrow_event())],
    ) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Sts002b>(&people, method, |people| reference(people, method))?;
        }
    }
}
