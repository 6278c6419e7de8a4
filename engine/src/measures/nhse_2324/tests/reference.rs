//! The measures of section 23 once more, slowly and in texts.

use super::*;
use crate::measures::salt_lts003::tests::reference as lts003;
use crate::measures::salt_sts002a::tests::reference as sts002a;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Checks the figures of both councils, in any order of people and rows, and split in two.
fn check_shares<B: Build>(
    people: &[Vec<Line>],
    method: Method,
    reference: impl Fn(u16) -> Shares,
) -> Result<(), TestCaseError> {
    let results = results::<B>(people, method);
    for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH)] {
        prop_assert_eq!(shares_of(&results, code), reference(la), "{} {:#?}", code, people);
    }
    let backwards = people.iter().rev().map(|lines| lines.iter().rev().cloned().collect());
    let backwards: Vec<Vec<Line>> = backwards.collect();
    prop_assert_eq!(&salt::fixture::results::<B>(&backwards, method), &results);
    let (frame, makers) = world(people, method);
    let make = || Table::<B>::with_settings(&settings(), &frame);
    for merged in fixture::merged(make, &makers, makers.len() / 2, &frame) {
        prop_assert_eq!(&merged, &results);
    }
    crate::measures::care_fixture::assert_england_is_the_sum_of_councils(&results);
    Ok(())
}

/// Adds one to the denominator, and if so to the numerator.
fn add(shares: &mut Shares, part: &str, stratum: &str, counts: bool) {
    let (numerator, denominator) = shares.entry((part.into(), stratum.into())).or_default();
    *numerator += i64::from(counts);
    *denominator += 1;
}

fn reablement(people: &[Vec<Line>], method: Method, la: u16) -> Shares {
    let mut shares = Shares::new();
    for (council, _, sequel) in sts002a::episodes(people, method) {
        let no_support = [
            "Ongoing Low Level Support",
            "Short Term Support (other)",
            "No Services Provided – Universal Services / signposted to other services",
            "No services provided – other",
        ]
        .contains(&sequel.as_str());
        if council == la && (no_support || sequel == "Long Term Support (any setting)") {
            add(&mut shares, PART, "", no_support);
        }
    }
    shares
}

/// Identifiers admitted to each council at an age of 18 to 64, or of 65 and over.
fn admissions(people: &[Vec<Line>]) -> BTreeSet<(u16, bool, String)> {
    let snapshot = day("2024-04-01");
    let in_home = |line: &Line| {
        same(line.event, "Service")
            && same(line.client, "Service User")
            && (same(line.service, NURSING) || same(line.service, RESIDENTIAL))
            && line.birth.is_known()
            && line.start.is_some()
    };
    let mut found = BTreeSet::new();
    for (id, rows) in identified(people, in_home) {
        let event = |line: &Line| {
            let fold = |text: &str| text.trim_end().to_lowercase();
            (line.la, line.start, fold(line.service), fold(line.component), fold(line.mechanism))
        };
        let open = |line: &Line| line.end.get().is_none_or(|end| end >= snapshot);
        let last = |line: &Line| {
            let versions = rows.iter().filter(|other| event(other) == event(line));
            versions.map(|other| other.import).max() == Some(line.import)
        };
        let alive = |line: &Line| line.death.get().is_none_or(|death| death >= snapshot);
        let still: Vec<&Line> =
            rows.iter().filter(|line| open(line) && last(line) && alive(line)).collect();
        let start = |line: &Line| line.start.get().unwrap();
        if still.iter().any(|line| start(line) < year().start) {
            continue;
        }
        for line in still.iter().filter(|line| start(line) < snapshot) {
            match age(line, snapshot) {
                Some(..=17) | None => {}
                Some(age) => {
                    found.insert((line.la, age >= 65, id.clone()));
                }
            }
        }
    }
    found
}

fn living(people: &[Vec<Line>], la: u16) -> Shares {
    let in_build = |line: &Line| {
        line.import == 2
            && same(line.event, "Service")
            && same(line.client, "Service User")
            && is_long_term(line)
            && !same(line.service, PRISON)
            && line.start.get().is_some_and(|start| start <= year().end)
            && line.end.get().is_none_or(|end| end >= year().start)
            && line.death.get().is_none_or(|death| death >= year().start)
    };
    let mut shares = Shares::new();
    for rows in identified(people, in_build).values() {
        let mut rows: Vec<&Line> = rows.iter().filter(|line| line.la == la).collect();
        let latest = rows.iter().map(|line| line.start).max();
        rows.retain(|line| Some(line.start) == latest);
        let known =
            |line: &&Line| !line.accommodation.is_empty() && !same(line.accommodation, "Unknown");
        if rows.iter().any(known) {
            rows.retain(known);
        }
        let statuses: BTreeSet<String> =
            rows.iter().map(|line| line.accommodation.to_lowercase()).collect();
        let settled = ["tenant", "shared lives scheme"];
        let settled = statuses.len() == 1 && settled.contains(&statuses.first().unwrap().as_str());
        for gender in ["Male", "Female"] {
            if rows.iter().any(|line| same(line.gender, gender)) {
                add(&mut shares, PART, &format!("gender={gender}"), settled);
                add(&mut shares, PART, "", settled);
            }
        }
    }
    shares
}

const BANDS: [(&str, i32, i32); 2] =
    [("age_band=18 to 64", 18, 64), ("age_band=65 and above", 65, 200)];

fn clients(people: &[Vec<Line>], method: Method, la: u16) -> Shares {
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
    let rank = |line: &Line| {
        let direct = same(line.component, DIRECT_PAYMENT) || same(line.mechanism, DIRECT_PAYMENT);
        match line.service {
            s if same(s, NURSING) => 1,
            s if same(s, RESIDENTIAL) => 2,
            s if same(s, COMMUNITY) && direct => 3,
            s if same(s, COMMUNITY) && same(line.mechanism, MANAGED) => 4,
            s if same(s, COMMUNITY) && same(line.mechanism, COMMISSIONED) => 5,
            s if same(s, COMMUNITY) => 6,
            _ if same(line.mechanism, MANAGED) => 7,
            _ if same(line.mechanism, COMMISSIONED) => 8,
            _ => 9,
        }
    };
    let mut shares = Shares::new();
    for rows in identified(people, in_build).values() {
        for (stratum, from, to) in BANDS {
            let of_age = |line: &&Line| age(line, at).is_some_and(|age| from <= age && age <= to);
            let rows: Vec<&Line> = rows.iter().filter(of_age).collect();
            let best =
                |la: u16| rows.iter().filter(|line| line.la == la).map(|line| rank(line)).min();
            let ranks: Vec<i32> = rows
                .iter()
                .filter(|line| line.la == la && same(line.service, COMMUNITY))
                .map(|line| rank(line))
                .filter(|&rank| match method {
                    Method::AsPublished => {
                        [NORTHTON, SOUTHTON].iter().any(|&la| best(la) == Some(rank))
                    }
                    Method::AsIntended => best(la) == Some(rank),
                })
                .collect();
            if ranks.is_empty() {
                continue;
            }
            for stratum in ["", stratum] {
                let direct = ranks.contains(&3);
                let part = "nhse-2324_1a_clients_self_directed";
                add(&mut shares, part, stratum, direct || ranks.contains(&4));
                add(&mut shares, "nhse-2324_2a_clients_direct_payment", stratum, direct);
            }
        }
    }
    shares
}

fn carers(people: &[Vec<Line>], la: u16) -> Shares {
    let category = |line: &Line| -> Option<u8> {
        if !same(line.service, TO_CARER) {
            return lts003::category(line).map(|(rank, _)| rank);
        }
        if same(line.mechanism, DIRECT_PAYMENT) || same(line.component, DIRECT_PAYMENT) {
            return Some(1);
        }
        if line.component.is_empty() {
            return None;
        }
        lts003::category(line).map(|(rank, _)| rank)
    };
    let mut shares = Shares::new();
    for rows in identified(people, lts003::in_build).values() {
        let rows = || rows.iter().filter(|line| line.la == la);
        let Some(best) = rows().filter_map(category).min().filter(|&best| best <= 3) else {
            continue;
        };
        // born in 1800 when the month of birth is not known
        let ages: Vec<i32> = rows()
            .filter(|line| category(line) == Some(best))
            .map(|line| age(line, year().end).unwrap_or(224))
            .collect();
        for (stratum, from, to) in [("", 18, 999), BANDS[0], BANDS[1]] {
            if ages.iter().any(|&age| from <= age && age <= to) {
                add(&mut shares, "nhse-2324_1b_carers_self_directed", stratum, best <= 2);
                add(&mut shares, "nhse-2324_2b_carers_direct_payment", stratum, best == 1);
            }
        }
    }
    shares
}

prop_compose! {
    fn any_support()(
        row in any_line(),
        service in prop::sample::select(vec![NURSING, RESIDENTIAL, COMMUNITY, COMMUNITY, COMMUNITY, PRISON, ST_MAX]),
        mechanism in prop::sample::select(vec!["", "", DIRECT_PAYMENT, MANAGED, COMMISSIONED]),
        component in prop::sample::select(vec!["", "", "", "Direct Payment", "Day Support"]),
        accommodation in prop::sample::select(vec!["Tenant", "Tenant", "Shared Lives scheme", "Refuge", "Unknown", "", "flat"]),
        back in prop::sample::select(vec![0, 0, 0, 200, 350]),
        import in prop_oneof![1 => 0u16..2, 2 => Just(2u16)],
    ) -> Line {
        let start = row.start.get().map(|start| start.plus(-back)).into();
        Line { service, mechanism, component, accommodation, start, import, ..row }
    }
}

prop_compose! {
    /// Care in a home whose versions meet.
    fn any_stay()(
        row in any_line(),
        service in prop::sample::select(vec![NURSING, NURSING, RESIDENTIAL, COMMUNITY]),
        mechanism in prop::sample::select(vec!["", "", MANAGED]),
        start in prop::sample::select(vec!["2023-03-31", "2023-04-01", "2023-06-01", "2023-06-01", "2024-03-31", "2024-04-01"]),
        end in prop::sample::select(vec!["-", "-", "-", "2024-03-31", "2024-04-01"]),
    ) -> Line {
        let line = salt::fixture::service(service, start, end);
        Line { service, mechanism, start: line.start, end: line.end, ..row }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn section_23_2a_agrees_with_its_text_written_slowly(people in sts002a::anyone_reabled()) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check_shares::<reablement::Ascof2a>(&people, method, |la| reablement(&people, method, la))?;
        }
    }

    #[test]
    fn section_23_2b_and_2c_agree_with_their_text_written_slowly(people in anyone(any_stay())) {
        let found = admissions(&people);
        for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH)] {
            let count = |older| {
                found.iter().filter(|(of, old, _)| *of == la && *old == older).count() as i64
            };
            let counts = admitted_by(&people, Method::AsPublished, code);
            prop_assert_eq!(counts, [count(false), count(true)], "{} {:#?}", code, people);
        }
        let (frame, makers) = world(&people, Method::AsPublished);
        let make = || Table::<admissions::Ascof2c>::with_settings(&settings(), &frame);
        let whole = fixture::results(make(), &makers, &frame);
        for merged in fixture::merged(make, &makers, 1, &frame) {
            prop_assert_eq!(&merged, &whole);
        }
    }

    #[test]
    fn section_23_2e_agrees_with_its_text_written_slowly(people in anyone(any_support())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check_shares::<living::Ascof2e>(&people, method, |la| living(&people, la))?;
        }
    }

    #[test]
    fn section_23_3d_clients_agree_with_their_text_written_slowly(people in anyone(any_support())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check_shares::<payments::Clients>(&people, method, |la| clients(&people, method, la))?;
        }
    }

    #[test]
    fn section_23_3d_carers_agree_with_their_text_written_slowly(people in anyone(lts003::any_carer())) {
        for method in [Method::AsPublished, Method::AsIntended] {
            check_shares::<payments::Carers>(&people, method, |la| carers(&people, la))?;
        }
    }
}
