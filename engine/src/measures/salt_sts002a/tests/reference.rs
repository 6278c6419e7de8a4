//! The steps of section 15 once more, slowly and in texts, on the cohort of the slow STS001.

use super::*;
use crate::measures::salt::sts_reference::*;
use crate::measures::salt_sts001::tests::reference as sts001;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn mapped(outcome: &str) -> Option<&'static str> {
    let early = "Early cessation of service (not leading to long term support) - 100% NHS funded \
                 care/End of Life/deceased";
    let classes = [
        ("NFA - 100% NHS funded care", early),
        ("NFA - Deceased", early),
        (DECLINED, "No services provided – needs identified but support declined"),
        (INFORMATION, "No Services Provided – Universal Services / signposted to other services"),
        ("NFA- Other", "No services provided – other"),
        ("Progress to End of Life Care", "No services provided – other"),
        (AS_PLANNED, "No services provided – other"),
    ];
    classes.iter().find(|(label, _)| same(outcome, label)).map(|(_, class)| *class)
}

/// Council, record type and sequel of the episodes of one person.
pub fn follow(
    rows: &[Line],
    cohort: &BTreeSet<(u16, i32)>,
    method: Method,
) -> Vec<(u16, u8, String)> {
    let exact = method == Method::AsPublished;
    let rows = latest_versions(rows, false);
    let st_max = |line: &Line| same(line.event, "Service") && same(line.service, ST_MAX);
    let in_cohort =
        |line: &Line| st_max(line) && cohort.contains(&(line.la, line.start.get().unwrap().0));
    let today = settings().today.unwrap();
    let mut counted = Vec::new();
    let mut type_3 = BTreeSet::new();
    for (la, members) in clusters(&rows, in_cohort, 1, exact) {
        let start = members.iter().map(|line| line.start.get().unwrap()).min().unwrap();
        let end = members.iter().map(|line| line.end.or(today)).max().unwrap();
        if !year().contains(end) {
            continue;
        }
        let last = members.iter().filter(|line| line.end.or(today) == end);
        let outcomes: BTreeSet<String> =
            last.map(|line| line.outcome.trim_end().to_lowercase()).collect();
        let best = outcomes.iter().map(|outcome| rank(outcome, exact)).min();
        let mut outcomes: Vec<String> =
            outcomes.into_iter().filter(|o| Some(rank(o, exact)) == best).collect();
        if !exact {
            outcomes.sort_by_key(|outcome| !outcome.starts_with("nfa"));
            outcomes.truncate(1);
        }
        let is_own =
            |line: &Line| st_max(line) && (line.start == start.into() || line.end == end.into());
        let any_onward = onward(&rows, la, end).iter().any(|line| !is_own(line));
        let chain = chain(&rows, la, end, 3, exact, &is_own, &st_max);
        let has = |names: &[&str]| {
            let is = |line: &Line| names.iter().any(|name| same(line.service, name));
            chain.iter().any(|line| same(line.event, "Service") && is(line))
        };
        let service = if has(&[NURSING, RESIDENTIAL, COMMUNITY, PRISON]) {
            Some("Long Term Support (any setting)")
        } else if has(&[LOW_LEVEL]) {
            Some("Ongoing Low Level Support")
        } else if has(&[OTHER_SHORT_TERM]) {
            Some("Short Term Support (other)")
        } else {
            None
        };
        let is_nfa = |outcome: &str| outcome.to_lowercase().starts_with("nfa");
        let decisive = last_outcome(&chain, is_nfa);
        let nothing = if exact { "NULL" } else { "Unable_To_Classify" };
        for own in &outcomes {
            let null = exact && own.is_empty();
            let planned = same(own, AS_PLANNED);
            let alone = match mapped(own) {
                Some(class) if planned => class.to_owned(),
                class => format!("No_Chronology_{}", class.unwrap_or("Unable_To_Classify")),
            };
            if !any_onward || null {
                counted.push((la, 1, alone.clone()));
            }
            if !chain.is_empty() {
                if let Some(service) = service {
                    counted.push((la, 2, service.to_owned()));
                } else if let Some(outcomes) = &decisive {
                    let class = match outcomes.as_slice() {
                        [one] => mapped(one).unwrap_or(nothing),
                        _ => "No services provided – other",
                    };
                    if !exact || type_3.insert((la, own.clone(), class)) {
                        counted.push((la, 3, class.to_owned()));
                    }
                } else {
                    let class = match mapped(own) {
                        Some(_) if planned && exact => "No services provided - other",
                        Some(class) => class,
                        None if is_nfa(own) => nothing,
                        None => "No Service Found",
                    };
                    counted.push((la, 4, class.to_owned()));
                }
            }
            if any_onward && (chain.is_empty() || null) {
                counted.push((la, 5, alone));
            }
        }
    }
    counted
}

/// The episodes of everybody.
pub fn episodes(people: &[Vec<Line>], method: Method) -> Vec<(u16, u8, String)> {
    let with_birth = |line: &Line| of_service_user(line) && line.birth.is_known();
    let requests = identified(people, with_birth);
    let mut found = Vec::new();
    for (id, rows) in identified(people, of_service_user) {
        let cohort = requests.get(&id).map(|rows| sts001::follow(rows, method).1);
        found.extend(follow(&rows, &cohort.unwrap_or_default(), method));
    }
    found
}

fn reference(people: &[Vec<Line>], method: Method) -> BTreeMap<u16, Counts> {
    table(episodes(people, method).into_iter())
}

prop_compose! {
    /// A request that leads to reablement, with rows like these.
    fn any_episode()(
        request in narrow_event(),
        st_max in any_event(),
        again in prop::bool::ANY,
        days in 0i32..12,
        more in prop::collection::vec(prop_oneof![any_event(), narrow_event()], 0..6),
    ) -> Vec<Line> {
        let request = Line { event: "Request", service: "", ..request };
        let end = request.end.get().unwrap();
        let st_max = Line {
            event: "Service",
            service: ST_MAX,
            la: request.la,
            kind: request.kind,
            client: "Service User",
            death: throughcare_linkage::day::OptDay::NONE,
            start: end.plus(1).into(),
            end: end.plus(1 + days).into(),
            ..st_max
        };
        let mut lines = vec![request, st_max.clone()];
        if again {
            lines.push(Line { component: "other", outcome: "Something", ..st_max });
        }
        lines.extend(more);
        lines
    }
}

/// Some people, most with an episode.
pub fn anyone_reabled() -> impl Strategy<Value = Vec<Vec<Line>>> {
    prop_oneof![
        anyone(any_event()),
        anyone(narrow_event()),
        prop::collection::vec(any_episode(), 1..3),
        prop::collection::vec(any_episode(), 1..3),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_15_agrees_with_its_steps_written_slowly(people in anyone_reabled()) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Sts002a>(&people, method, |people| reference(people, method))?;
        }
    }
}
