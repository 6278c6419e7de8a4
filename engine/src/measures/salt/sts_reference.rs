//! What the slow references of STS001, STS002a and STS002b share: lists of rows, filtered again and
//! again, in texts.

use super::fixture::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::day::Day;

/// Step 1 without the month of birth.
pub fn of_service_user(line: &Line) -> bool {
    ["Request", "Assessment", "Service", "Review"].iter().any(|event| same(line.event, event))
        && same(line.client, "Service User")
        && line.start.get().is_some_and(|start| start <= year().end)
        && line.death.get().is_none_or(|death| death >= year().start)
}

/// The rows of the latest import of every event; without import, every row once.
pub fn latest_versions(rows: &[Line], requests: bool) -> Vec<Line> {
    let key = |line: &Line| {
        let fold = |text: &str| text.trim_end().to_lowercase();
        let texts = if same(line.event, "Service") {
            vec![fold(line.service), fold(line.component), fold(line.mechanism)]
        } else {
            vec![fold(line.route)]
        };
        (fold(line.event), line.la, line.start, texts)
    };
    let versioned =
        |line: &Line| same(line.event, "Service") || (requests && same(line.event, "Request"));
    let is_latest = |line: &&Line| {
        let later = |other: &Line| key(other) == key(line) && other.import > line.import;
        !versioned(line) || !rows.iter().any(later)
    };
    // exact duplicates merge, as far as the tables look
    let says = |line: &Line| {
        let texts = [line.event, line.service, line.component, line.mechanism, line.outcome];
        let texts = [&texts[..], &[line.route]].concat();
        let texts = texts.into_iter().map(|text| text.trim_end().to_lowercase());
        (line.la, line.start, line.end, line.birth, line.death, texts.collect::<Vec<_>>())
    };
    let mut latest: Vec<Line> = Vec::new();
    for line in rows.iter().filter(is_latest) {
        if !latest.iter().any(|other| says(other) == says(line)) {
            latest.push(Line { import: 0, ..line.clone() });
        }
    }
    latest
}

/// Clusters of some of the rows: council and members.
pub fn clusters(
    rows: &[Line],
    of: impl Fn(&Line) -> bool,
    gap: i32,
    exact: bool,
) -> Vec<(u16, Vec<Line>)> {
    let today = settings().today.unwrap();
    let days = |line: &Line| (line.start.get().unwrap(), line.end.or(today));
    let rows: Vec<&Line> = rows.iter().filter(|line| of(line)).collect();
    // council, start, end, number
    let mut islands: Vec<(u16, (Day, Day), u32)> = Vec::new();
    for la in [NORTHTON, SOUTHTON] {
        let mut of_council: Vec<(Day, Day)> =
            rows.iter().filter(|line| line.la == la).map(|line| days(line)).collect();
        of_council.sort();
        if !exact {
            of_council.dedup();
        }
        let mut number = 0;
        for (n, &(start, end)) in of_council.iter().enumerate() {
            if n == 0 || of_council[n - 1].1 < start.plus(-gap) {
                number += 1;
            }
            islands.push((la, (start, end), number));
        }
    }
    let mut clusters: BTreeMap<(u16, u32), Vec<Line>> = BTreeMap::new();
    for line in rows {
        for (la, of_island, number) in &islands {
            if *of_island == days(line) && (exact || *la == line.la) {
                let members = clusters.entry((line.la, *number)).or_default();
                if !members.contains(line) {
                    members.push(line.clone());
                }
            }
        }
    }
    clusters.into_iter().map(|((la, _), members)| (la, members)).collect()
}

/// A long-term service that runs on a day.
pub fn long_term_on(line: &Line, on: Day) -> bool {
    same(line.event, "Service")
        && is_long_term(line)
        && line.start.get().is_some_and(|start| start <= on)
        && line.end.get().is_none_or(|end| on <= end)
}

/// Position in the hierarchy of the outcomes that these tests use.
pub fn rank(outcome: &str, exact: bool) -> u8 {
    let ranked = [
        ("Progress to Reablement/ST-Max", 1),
        (TO_ASSESSMENT, 2),
        ("Progress to End of Life Care", 6),
        (AS_PLANNED, 8),
        ("NFA - Deceased", 11),
        ("NFA - 100% NHS funded care", if exact { 99 } else { 13 }),
        (INFORMATION, 14),
        (DECLINED, 16),
        ("NFA- Other", 19),
    ];
    ranked.iter().find(|(label, _)| same(outcome, label)).map_or(99, |(_, rank)| *rank)
}

/// Every event of a council from a day on, by start, then end, open last.
pub fn onward(rows: &[Line], la: u16, from: Day) -> Vec<Line> {
    let mut onward: Vec<Line> = rows
        .iter()
        .filter(|line| line.la == la && line.start.get().unwrap() >= from)
        .cloned()
        .collect();
    // of the same days: what ends a chain first
    let kind = |line: &Line| match line {
        _ if same(line.event, "Request") => 0,
        _ if same(line.event, "Service") && same(line.service, ST_MAX) => 1,
        _ => 2,
    };
    onward.sort_by_key(|line| (line.start, line.end.or(Day(i32::MAX)), kind(line)));
    onward
}

/// The onward events in scope.
pub fn chain(
    rows: &[Line],
    la: u16,
    end: Day,
    window: i32,
    exact: bool,
    is_own: &dyn Fn(&Line) -> bool,
    ends_it: &dyn Fn(&Line) -> bool,
) -> Vec<Line> {
    let start = |line: &Line| line.start.get().unwrap();
    let numbered = onward(rows, la, end);
    let first_day = numbered.first().map(start);
    let left: Vec<Line> = numbered.into_iter().filter(|line| !is_own(line)).collect();
    let Some(first) = left.first() else { return Vec::new() };
    let rank_1 = Some(start(first)) == first_day;
    if (rank_1 || !exact) && start(first).since(end) > window && first.end.is_some() {
        return Vec::new();
    }
    let breaks = |n: usize| {
        let open_before = left[..n].iter().any(|line| line.end.is_none());
        let previous = n.checked_sub(1).and_then(|n| left[n].end.get());
        !open_before && previous.is_some_and(|previous| start(&left[n]).since(previous) > 3)
    };
    let upto = (0..left.len()).find(|&n| breaks(n)).unwrap_or(left.len());
    let in_chain = &left[..upto];
    let cut = in_chain.iter().filter(|line| ends_it(line)).map(start).min();
    in_chain.iter().filter(|line| cut.is_none_or(|cut| start(line) < cut)).cloned().collect()
}

/// The usable outcomes of the different rows that end last, services left out.
pub fn last_outcome(chain: &[Line], usable: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let usable =
        || chain.iter().filter(|line| !same(line.event, "Service") && usable(line.outcome));
    let last = usable().filter_map(|line| line.end.get()).max()?;
    let mut rows: Vec<_> = usable()
        .filter(|line| line.end == last.into())
        .map(|line| (line.event, line.start, line.outcome.to_lowercase()))
        .collect();
    rows.sort();
    rows.dedup();
    Some(rows.into_iter().map(|(.., outcome)| outcome).collect())
}

/// Counts by record type and sequel, with totals.
pub fn table(counted: impl Iterator<Item = (u16, u8, String)>) -> BTreeMap<u16, Counts> {
    let mut counts: BTreeMap<u16, Counts> = BTreeMap::new();
    for (la, record_type, sequel) in counted {
        let cell = format!("record_type={record_type}; sequel={sequel}");
        for stratum in [String::new(), cell] {
            let counts = counts.entry(la).or_default();
            *counts.entry((String::new(), stratum)).or_default() += 1;
        }
    }
    counts
}

prop_compose! {
    /// An event of March 2024 or a little later, of a service user most of the time.
    pub fn any_event()(
        row in any_line(),
        event in prop::sample::select(vec!["Request", "Request", "Request", "Assessment", "Service", "Service", "Review"]),
        service in prop::sample::select(vec![
            ST_MAX, ST_MAX, ST_MAX, NURSING, RESIDENTIAL, COMMUNITY, PRISON, LOW_LEVEL, OTHER_SHORT_TERM, TO_CARER,
        ]),
        outcome in prop::sample::select(vec![
            "", "", TO_ASSESSMENT, INFORMATION, DECLINED, "NFA - Deceased", "NFA - 100% NHS funded care", "NFA- Other",
            AS_PLANNED, "Progress to End of Life Care", "Something", "Something else", "NFA - something",
        ]),
        route in prop::sample::select(vec!["Prison", "Prison", "Community / Other route", "my route", ""]),
        component in prop::sample::select(vec!["", "", "Reablement"]),
        back in prop::sample::select(vec![0, 0, 0, 12, 35]),
        days in prop_oneof![6 => 0i32..9, 1 => -2i32..0, 1 => Just(9_999)],
    ) -> Line {
        let start = row.start.get().map(|start| start.plus(-back));
        let end = start.filter(|_| days != 9_999).map(|start| start.plus(days)).into();
        let service = if event == "Service" { service } else { "" };
        Line { event, service, outcome, route, component, start: start.into(), end, ..row }
    }
}

prop_compose! {
    /// An event of a smaller world yet, where rows of two councils have the same days, and one person
    /// the same sequel twice.
    pub fn narrow_event()(
        row in any_event(),
        la in prop::sample::select(vec![NORTHTON, SOUTHTON]),
        event in prop::sample::select(vec!["Request", "Request", "Assessment", "Service"]),
        service in prop::sample::select(vec![ST_MAX, ST_MAX, COMMUNITY]),
        outcome in prop::sample::select(vec![TO_ASSESSMENT, DECLINED, DECLINED]),
        start in prop::sample::select(vec![0, 2, 10, 12, 20]),
        days in 0i32..2,
    ) -> Line {
        let start = day("2024-02-01").plus(start);
        let service = if event == "Service" { service } else { "" };
        let end = start.plus(days).into();
        let traced = throughcare_linkage::person::PersonIdKind::NhsTraced;
        let birth = throughcare_linkage::day::BirthMonth::new(1950, 1);
        let route = "Prison";
        Line {
            la, event, service, outcome, route, birth, end,
            kind: traced,
            import: 2,
            start: start.into(),
            component: "",
            ..row
        }
    }
}
