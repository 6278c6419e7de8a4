//! The steps of section 19 once more, slowly and in texts.

use super::*;
use crate::measures::salt_lts001a::tests::reference::{any_support, by_age};
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughcare_linkage::day::Day;

/// Number of the chain of each row of one person, counted in its own council.
fn chain_numbers(rows: &[Line], today: Day) -> Vec<u32> {
    let mut numbers = vec![0; rows.len()];
    for la in [NORTHTON, SOUTHTON] {
        let mut of_council: Vec<usize> = (0..rows.len()).filter(|&n| rows[n].la == la).collect();
        of_council.sort_by_key(|&n| (rows[n].start, rows[n].end.or(today)));
        let mut number = 0;
        let mut previous: Option<Day> = None;
        for n in of_council {
            let start = rows[n].start.get().unwrap();
            if previous.is_none_or(|end| end < start.plus(-1)) {
                number += 1;
            }
            previous = Some(rows[n].end.or(today));
            numbers[n] = number;
        }
    }
    numbers
}

fn lasting(rows: &[Line], method: Method) -> Vec<Line> {
    let at = year().end;
    let today = settings().today.unwrap();
    let numbers = chain_numbers(rows, today);
    let days = |n: usize| (rows[n].start, rows[n].end.or(today));
    // the chains that a row is in: as published those of all rows of the same days
    let chains = |n: usize| -> Vec<(u16, u32)> {
        let equal = (0..rows.len()).filter(|&other| match method {
            Method::AsPublished => days(other) == days(n),
            Method::AsIntended => other == n,
        });
        equal.map(|other| (rows[n].la, numbers[other])).collect()
    };
    let starts_of = |chain: (u16, u32)| {
        (0..rows.len()).filter(|&n| chains(n).contains(&chain)).map(|n| rows[n].start).min()
    };
    let year_before = day("2023-03-31");
    let counts = |n: &usize| {
        let long = chains(*n).into_iter().any(|chain| starts_of(chain) < Some(year_before.into()));
        long && rows[*n].end.or(today) >= at
    };
    (0..rows.len()).filter(counts).map(|n| rows[n].clone()).collect()
}

fn reference(people: &[Vec<Line>], method: Method) -> BTreeMap<u16, Counts> {
    let at = year().end;
    let in_build = |line: &Line| {
        line.import == 2
            && is_long_term(line)
            && same(line.client, "Service User")
            && line.start.get().is_some_and(|start| start <= at)
            && line.death.get().is_none_or(|death| death >= at)
            && line.birth.is_known()
    };
    let mut by_id = identified(people, in_build);
    for rows in by_id.values_mut() {
        *rows = lasting(rows, method);
    }
    by_age(&by_id, method == Method::AsIntended)
}

prop_compose! {
    /// A row of support that may have begun long ago.
    fn any_long_support()(row in any_support(), back in prop::sample::select(vec![0, 0, 330, 365, 380])) -> Line {
        let earlier = |date: Day| date.plus(-back);
        Line {
            start: row.start.get().map(earlier).into(),
            end: if back == 380 { row.end.get().map(|end| end.plus(-10)).into() } else { row.end },
            ..row
        }
    }
}

prop_compose! {
    /// A row of a smaller world, where rows of two councils have the same days.
    fn narrow_support()(
        row in any_support(),
        la in prop::sample::select(vec![NORTHTON, SOUTHTON]),
        (start, end) in prop::sample::select(vec![
            ("2022-01-01", "2022-02-01"), ("2022-03-01", "2022-04-01"), ("2023-06-01", "-"), ("2023-07-01", "-"),
        ]),
    ) -> Line {
        let end = if end == "-" { row.end } else { day(end).into() };
        let kind = throughcare_linkage::person::PersonIdKind::NhsTraced;
        Line { la, end, kind, import: 2, start: day(start).into(), ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn section_19_agrees_with_its_steps_written_slowly(
        people in prop_oneof![anyone(any_long_support()), anyone(narrow_support())],
    ) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check::<Lts001c>(&people, method, |people| reference(people, method))?;
        }
    }
}
