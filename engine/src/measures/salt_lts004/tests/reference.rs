//! The steps of section 22 once more, slowly and in texts.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const JOBS: [&str; 3] = [PAID, FEW, "Unknown"];
const HOMES: [&str; 4] = ["Tenant", "Refuge", "Shared Lives scheme", "Unknown"];
const GENDERS: [&str; 4] = ["Male", "Female", "Other", "Unknown"];

fn listed<'a>(text: &str, list: &[&'a str]) -> Option<&'a str> {
    list.iter().find(|listed| same(text, listed)).copied()
}

fn reference(people: &[Vec<Line>], method: Method) -> BTreeMap<u16, Counts> {
    let year = year();
    let in_build = |line: &Line| {
        line.import == 2
            && same(line.event, "Service")
            && is_long_term(line)
            && same(line.client, "Service User")
            && same(line.reason, LEARNING)
            && line.start.get().is_some_and(|start| start <= year.end)
            && line.end.get().is_none_or(|end| end >= year.start)
            && line.death.get().is_none_or(|death| death >= year.start)
            && age(line, year.end).is_some_and(|age| (18..65).contains(&age))
    };
    // part, council, identifier, stratum
    let mut seen: BTreeSet<(&str, u16, String, String)> = BTreeSet::new();
    for (id, rows) in identified(people, in_build) {
        for by_employment in [true, false] {
            let status = |line: &Line| match by_employment {
                true => listed(line.employment, &JOBS),
                false => listed(line.accommodation, &HOMES),
            };
            let key = if by_employment { "employment" } else { "accommodation" };
            let mut valid: Vec<&Line> = rows.iter().filter(|line| status(line).is_some()).collect();
            if valid.is_empty() {
                let part = if by_employment { "1" } else { "2" };
                for line in &rows {
                    seen.insert((part, line.la, id.clone(), format!("{key}=NULL/Invalid")));
                    if !by_employment {
                        seen.insert((part, line.la, id.clone(), String::new()));
                    }
                }
                continue;
            }
            let latest = valid.iter().map(|line| line.start).max();
            valid.retain(|line| Some(line.start) == latest);
            if valid.iter().any(|line| status(line) != Some("Unknown")) {
                valid.retain(|line| status(line) != Some("Unknown"));
            }
            for line in &valid {
                let others = valid.iter().filter(|other| match method {
                    Method::AsPublished => {
                        !line.gender.is_empty() && same(line.gender, other.gender)
                    }
                    Method::AsIntended => true,
                });
                let different: BTreeSet<_> = others.map(|other| status(other)).collect();
                let shown = if different.len() > 1 { "Unknown" } else { status(line).unwrap() };
                let part = match shown {
                    _ if by_employment => "1",
                    "Tenant" | "Shared Lives scheme" => "2a",
                    _ => "2b",
                };
                let sex = listed(line.gender, &GENDERS).unwrap_or("Invalid/NULL");
                seen.insert((part, line.la, id.clone(), format!("sex={sex}; {key}={shown}")));
                seen.insert((part, line.la, id.clone(), String::new()));
            }
        }
    }
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for (part, la, _, stratum) in seen {
        *counts.entry(la).or_default().entry((part.into(), stratum)).or_default() += 1;
    }
    counts
}

prop_compose! {
    fn any_support()(
        row in any_line(),
        service in prop::sample::select(vec![COMMUNITY, NURSING, COMMUNITY, ST_MAX]),
        event in prop::sample::select(vec!["Service", "Service", "service", "Review"]),
        reason in prop::sample::select(vec![LEARNING, LEARNING, LEARNING, MENTAL_HEALTH]),
        employment in prop::sample::select(vec![PAID, FEW, "Unknown", "", "paid work"]),
        accommodation in prop::sample::select(vec!["Tenant", "Refuge", "Shared Lives scheme", "Unknown", "", "flat"]),
        start in 0i32..4,
        young in prop::bool::weighted(0.8),
        import in prop_oneof![1 => 0u16..2, 8 => Just(2u16)],
    ) -> Line {
        let birth = if young { BirthMonth::new(1990, 1) } else { row.birth };
        let start = day("2024-03-01").plus(start).into();
        Line { service, event, reason, employment, accommodation, start, birth, import, ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_22_agrees_with_its_steps_written_slowly(people in anyone(any_support())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Lts004>(&people, method, |people| reference(people, method))?;
        }
    }
}
