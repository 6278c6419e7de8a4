//! The steps of section 14 once more, slowly, in texts, and in the order of the published code.

use super::*;
use crate::measures::salt::sts_reference::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn in_build(line: &Line) -> bool {
    of_service_user(line) && line.birth.is_known()
}

fn mapped(outcome: &str) -> Option<&'static str> {
    let classes = [
        ("Progress to End of Life Care", "End of Life"),
        ("NFA - 100% NHS funded care", "100% NHS Funded Care"),
        (INFORMATION, "Universal Services/ Signposted to other services"),
        ("NFA - Deceased", "No Services Provided - Deceased"),
        (DECLINED, "No Services Provided - other reason"),
        ("NFA- Other", "No Services Provided - other reason"),
    ];
    classes.iter().find(|(label, _)| same(outcome, label)).map(|(_, class)| *class)
}

/// One row at the end of a cluster.
type End = (Option<i32>, String, String);

/// What a person's requests count as, and council and start of the services in the cohort.
pub type Found = (Vec<(u16, u8, String)>, BTreeSet<(u16, i32)>);

pub fn follow(rows: &[Line], method: Method) -> Found {
    let exact = method == Method::AsPublished;
    let rows = latest_versions(rows, true);
    let mut counted = Vec::new();
    let mut cohort = BTreeSet::new();
    let mut type_3 = BTreeSet::new();
    for (la, members) in clusters(&rows, |line| same(line.event, "Request"), 4, exact) {
        let start = members.iter().map(|line| line.start.get().unwrap()).min().unwrap();
        let ends = members.iter().filter_map(|line| line.end.get());
        let Some(end) = ends.filter(|end| year().contains(*end)).max() else { continue };
        let last = members.iter().filter(|line| line.end == end.into());
        let fold = |text: &str| text.trim_end().to_lowercase();
        let rows_at_end: BTreeSet<End> = last
            .map(|line| (age(line, year().end), fold(line.route), fold(line.outcome)))
            .collect();
        let existing = rows.iter().any(|line| line.la == la && long_term_on(line, start));
        let left: Vec<End> = rows_at_end
            .into_iter()
            .filter(|(_, route, outcome)| {
                !existing || (exact && (route.is_empty() || outcome.is_empty()))
            })
            .collect();
        let best = left.iter().map(|(.., outcome)| rank(outcome, exact)).min();
        let mut left: Vec<End> =
            left.into_iter().filter(|(.., outcome)| Some(rank(outcome, exact)) == best).collect();
        if exact {
            left.retain(|(_, route, _)| !route.is_empty());
        } else {
            // any of them will do: those of one rank have one class
            left.truncate(1);
        }
        if left.is_empty() {
            continue;
        }
        let is_own = |line: &Line| {
            same(line.event, "Request") && (line.start == start.into() || line.end == end.into())
        };
        let any_onward = onward(&rows, la, end).iter().any(|line| !is_own(line));
        let chain = chain(&rows, la, end, 28, exact, &is_own, &|line| same(line.event, "Request"));
        let services = [
            (ST_MAX, "ST-Max"),
            (NURSING, "Nursing"),
            (RESIDENTIAL, "Residential"),
            (COMMUNITY, "Community"),
            (PRISON, "Prison"),
            (LOW_LEVEL, "Ongoing Low Level"),
            (OTHER_SHORT_TERM, "Other Short Term"),
        ];
        let of_type = |name: &str| {
            chain.iter().any(|line| same(line.event, "Service") && same(line.service, name))
        };
        let service = services.iter().find(|(name, _)| of_type(name));
        if service.is_some_and(|(_, short)| *short == "ST-Max") {
            for line in chain
                .iter()
                .filter(|line| same(line.service, ST_MAX) && same(line.event, "Service"))
            {
                cohort.insert((la, line.start.get().unwrap().0));
            }
        }
        let decisive = last_outcome(&chain, |outcome| mapped(outcome).is_some());
        for row in &left {
            let own = mapped(&row.2);
            let unclassed = own.unwrap_or("Unable_To_Classify");
            let null = exact && row.2.is_empty();
            let times =
                if exact { left.iter().filter(|other| other.1 == row.1).count() } else { 1 };
            if !any_onward || null {
                for _ in 0..times {
                    counted.push((la, 1, format!("No_Chronology_{unclassed}")));
                }
            }
            if !chain.is_empty() {
                if let Some((_, short)) = service {
                    counted.push((la, 2, (*short).to_owned()));
                } else if let Some(outcomes) = &decisive {
                    let class = match outcomes.as_slice() {
                        [one] => mapped(one).unwrap(),
                        _ => "No Services Provided - other reason",
                    };
                    if !exact || type_3.insert((la, row.clone(), class)) {
                        counted.push((la, 3, class.to_owned()));
                    }
                } else {
                    let found =
                        own.map_or("No Service Found".into(), |c| format!("No Service Found_{c}"));
                    counted.push((la, 4, found));
                }
            }
            if any_onward && (chain.is_empty() || null) {
                let valid = rank(&row.2, false) != 99;
                let class = match own {
                    Some(class) => format!("No_Chronology_{class}"),
                    None if exact && !valid => "NULL".into(),
                    None => "No_Chronology_Unable_To_Classify".into(),
                };
                counted.push((la, 5, class));
            }
        }
    }
    (counted, cohort)
}

fn reference(people: &[Vec<Line>], method: Method) -> BTreeMap<u16, Counts> {
    let by_id = identified(people, in_build);
    table(by_id.values().flat_map(|rows| follow(rows, method).0))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_14_agrees_with_its_steps_written_slowly(
        people in prop_oneof![anyone(any_event()), anyone(narrow_event())],
    ) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Sts001>(&people, method, |people| reference(people, method))?;
        }
    }
}
