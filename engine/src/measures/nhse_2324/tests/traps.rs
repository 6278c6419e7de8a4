//! How the measures of section 23 differ from the department's, one test a difference.

use super::*;
use throughcare_linkage::day::BirthMonth;

#[test]
fn nhse_2b_2c_a_version_that_was_closed_later_goes() {
    let open = Line { import: 0, ..service(NURSING, "2023-06-01", "-") };
    let closed = Line { import: 1, end: day("2024-02-01").into(), ..open.clone() };
    let reopened = Line { import: 1, ..open.clone() };
    let opened_later = Line { import: 2, ..open.clone() };
    assert_eq!(admitted(std::slice::from_ref(&open)), [0, 1]);
    assert_eq!(admitted(&[open.clone(), closed.clone()]), [0, 0]);
    assert_eq!(admitted(&[open.clone(), closed.clone(), reopened]), [0, 1]);
    assert_eq!(admitted(&[open.clone(), closed.clone(), opened_later]), [0, 1]);
    // another mechanism is another event
    assert_eq!(admitted(&[Line { mechanism: MANAGED, ..open }, closed]), [0, 1]);
}

#[test]
fn nhse_2b_2c_only_care_that_still_runs_is_earlier_care() {
    let now = service(NURSING, "2023-06-01", "-");
    let ended = service(RESIDENTIAL, "2022-06-01", "2023-05-31");
    assert_eq!(admitted(&[now.clone(), ended]), [0, 1]);
    // of any council
    let elsewhere = Line { la: SOUTHTON, ..service(RESIDENTIAL, "2023-03-31", "-") };
    assert_eq!(admitted(&[now.clone(), elsewhere]), [0, 0]);
    let first_day = Line { la: SOUTHTON, ..service(RESIDENTIAL, "2023-04-01", "-") };
    let people = [vec![now, first_day]];
    assert_eq!(admitted_by(&people, Method::AsPublished, NORTH), [0, 1]);
    assert_eq!(admitted_by(&people, Method::AsPublished, SOUTH), [0, 1]);
}

#[test]
fn nhse_2b_2c_neither_component_nor_self_funding_matters() {
    let line = service(NURSING, "2023-06-01", "-");
    assert_eq!(admitted(&[Line { component: "Short Term Nursing Care", ..line.clone() }]), [0, 1]);
    let outcome = "NFA - Self-funded client (Inc. 12wk disregard)";
    assert_eq!(admitted(&[Line { outcome, ..line.clone() }]), [0, 1]);
    assert_eq!(admitted(&[Line { service: COMMUNITY, ..line }]), [0, 0]);
}

#[test]
fn nhse_2b_2c_age_and_days_at_the_snapshot() {
    let born = |year, month| Line {
        birth: BirthMonth::new(year, month),
        ..service(NURSING, "2023-06-01", "-")
    };
    // 1 April 2024
    assert_eq!(admitted(&[born(1959, 4)]), [0, 1]);
    assert_eq!(admitted(&[born(1959, 5)]), [1, 0]);
    assert_eq!(admitted(&[born(2006, 4)]), [1, 0]);
    assert_eq!(admitted(&[born(2006, 5)]), [0, 0]);
    assert_eq!(admitted(&[born(0, 0)]), [0, 0]);
    assert_eq!(admitted(&[service(NURSING, "2024-03-31", "-")]), [0, 1]);
    assert_eq!(admitted(&[service(NURSING, "2024-04-01", "-")]), [0, 0]);
    assert_eq!(admitted(&[service(NURSING, "2023-06-01", "2024-03-31")]), [0, 0]);
    let died = |death: &str| Line { death: day(death).into(), ..born(1940, 1) };
    assert_eq!(admitted(&[died("2024-03-31")]), [0, 0]);
    assert_eq!(admitted(&[died("2024-04-01")]), [0, 1]);
}

fn living(accommodation: &'static str, start: &str) -> Line {
    Line { accommodation, gender: "Female", ..service(COMMUNITY, start, "-") }
}

fn settled(lines: &[Line]) -> (i64, i64) {
    share::<living::Ascof2e>(&[lines.to_vec()], PART, "")
}

#[test]
fn nhse_2e_known_before_unknown_and_a_conflict_is_unknown() {
    let at = |accommodation| living(accommodation, "2023-05-01");
    assert_eq!(settled(&[at("Unknown"), at("Tenant")]), (1, 1));
    assert_eq!(settled(&[at(""), at("Tenant")]), (1, 1));
    assert_eq!(settled(&[at("Tenant"), at("Shared Lives scheme")]), (0, 1));
    // an invalid text is known
    assert_eq!(settled(&[at("flat"), at("Tenant")]), (0, 1));
    assert_eq!(settled(&[at("flat")]), (0, 1));
    assert_eq!(settled(&[living("Unknown", "2023-06-01"), at("Tenant")]), (0, 1));
}

#[test]
fn nhse_2e_who_is_read() {
    let base = living("Tenant", "2023-05-01");
    assert_eq!(settled(&[Line { service: PRISON, ..base.clone() }]), (0, 0));
    assert_eq!(settled(&[Line { service: NURSING, ..base.clone() }]), (1, 1));
    assert_eq!(settled(&[Line { gender: "Other", ..base.clone() }]), (0, 0));
    assert_eq!(settled(&[Line { import: 1, ..base.clone() }]), (0, 0));
    // any age, known or not
    for birth in [BirthMonth::default(), BirthMonth::new(2015, 1)] {
        assert_eq!(settled(&[Line { birth, ..base.clone() }]), (1, 1));
    }
    let results = results::<living::Ascof2e>(&[vec![base]], Method::AsPublished);
    let strata: Vec<_> = results.measures.iter().take(3).map(|row| row.stratum.as_str()).collect();
    assert_eq!(strata, ["", "gender=Male", "gender=Female"]);
    // which is as good as not rounded
    assert_eq!(results.measures[0].value, Value::Percent(6));
}

const CLIENTS_1A: &str = "nhse-2324_1a_clients_self_directed";
const CLIENTS_2A: &str = "nhse-2324_2a_clients_direct_payment";
const CARERS_1B: &str = "nhse-2324_1b_carers_self_directed";
const CARERS_2B: &str = "nhse-2324_2b_carers_direct_payment";

fn clients(lines: &[Line]) -> [(i64, i64); 2] {
    let people = [lines.to_vec()];
    [CLIENTS_1A, CLIENTS_2A].map(|part| share::<payments::Clients>(&people, part, ""))
}

fn support(name: &'static str, mechanism: &'static str) -> Line {
    Line { mechanism, ..service(name, "2023-05-01", "-") }
}

#[test]
fn nhse_3d_clients_by_the_smallest_rank() {
    assert_eq!(clients(&[support(COMMUNITY, DIRECT_PAYMENT)]), [(1, 1), (1, 1)]);
    assert_eq!(clients(&[support(COMMUNITY, MANAGED)]), [(1, 1), (0, 1)]);
    assert_eq!(clients(&[support(COMMUNITY, COMMISSIONED)]), [(0, 1), (0, 1)]);
    assert_eq!(clients(&[support(COMMUNITY, "")]), [(0, 1), (0, 1)]);
    let direct = support(COMMUNITY, DIRECT_PAYMENT);
    assert_eq!(clients(&[direct.clone(), support(COMMUNITY, COMMISSIONED)]), [(1, 1), (1, 1)]);
    // care homes come first, prison last
    assert_eq!(clients(&[direct.clone(), support(NURSING, "")]), [(0, 0), (0, 0)]);
    assert_eq!(clients(&[direct, support(PRISON, MANAGED)]), [(1, 1), (1, 1)]);
    assert_eq!(clients(&[support(PRISON, MANAGED)]), [(0, 0), (0, 0)]);
}

#[test]
fn nhse_3d_clients_a_component_of_direct_payment_is_one() {
    let component = DIRECT_PAYMENT;
    let line = Line { component, ..support(COMMUNITY, COMMISSIONED) };
    assert_eq!(clients(&[line]), [(1, 1), (1, 1)]);
    let line = Line { component, ..support(PRISON, "") };
    assert_eq!(clients(&[line]), [(0, 0), (0, 0)]);
}

#[test]
fn nhse_3d_clients_the_rank_is_joined_without_the_council() {
    // in Southton the smallest rank is 3, which Northton's second row has too
    let elsewhere = Line { la: SOUTHTON, ..support(COMMUNITY, DIRECT_PAYMENT) };
    let people = [vec![support(NURSING, ""), support(COMMUNITY, DIRECT_PAYMENT), elsewhere]];
    assert_eq!(share::<payments::Clients>(&people, CLIENTS_1A, ""), (1, 1));
    let intended = shares_by::<payments::Clients>(&people, Method::AsIntended, NORTH);
    assert!(intended.is_empty());
}

#[test]
fn nhse_3d_clients_by_age_at_the_snapshot() {
    let born = |year, month| {
        vec![Line { birth: BirthMonth::new(year, month), ..support(COMMUNITY, MANAGED) }]
    };
    let people = [born(1990, 1), born(1991, 1), born(1950, 1), born(0, 0), born(2010, 1)];
    let shares = shares_by::<payments::Clients>(&people, Method::AsPublished, NORTH);
    let of = |stratum: &str| shares[&(CLIENTS_1A.to_owned(), stratum.to_owned())];
    assert_eq!(of(""), (3, 3));
    assert_eq!(of("age_band=18 to 64"), (2, 2));
    assert_eq!(of("age_band=65 and above"), (1, 1));
}

fn carer(line: Line) -> Line {
    Line { client: "Carer", ..line }
}

fn carers(lines: &[Line], stratum: &str) -> [(i64, i64); 2] {
    let people = [lines.to_vec()];
    [CARERS_1B, CARERS_2B].map(|part| share::<payments::Carers>(&people, part, stratum))
}

#[test]
fn nhse_3d_carers_with_the_component() {
    let direct = |mechanism, component| carer(Line { component, ..support(TO_CARER, mechanism) });
    let none = [(0, 0), (0, 0)];
    assert_eq!(carers(&[direct(DIRECT_PAYMENT, "")], ""), [(1, 1), (1, 1)]);
    assert_eq!(carers(&[direct(COMMISSIONED, DIRECT_PAYMENT)], ""), [(1, 1), (1, 1)]);
    assert_eq!(carers(&[direct(MANAGED, "Carer Respite")], ""), [(1, 1), (0, 1)]);
    assert_eq!(carers(&[direct(COMMISSIONED, "Carer Respite")], ""), [(0, 1), (0, 1)]);
    // a missing component silently loses the carer
    assert_eq!(carers(&[direct(COMMISSIONED, "")], ""), none);
    assert_eq!(carers(&[direct("", "Carer Respite")], ""), none);
    assert_eq!(carers(&[carer(assessment("2023-05-01", "2023-05-02", DECLINED))], ""), none);
}

#[test]
fn nhse_3d_carers_without_a_month_of_birth_are_adults_of_no_band() {
    let born = |year, month| {
        let birth = BirthMonth::new(year, month);
        [carer(Line { birth, ..support(TO_CARER, DIRECT_PAYMENT) })]
    };
    let bands = ["", "age_band=18 to 64", "age_band=65 and above"];
    let counts = |lines: &[Line]| bands.map(|stratum| carers(lines, stratum)[0].1);
    assert_eq!(counts(&born(0, 0)), [1, 0, 0]);
    assert_eq!(counts(&born(1990, 1)), [1, 1, 0]);
    assert_eq!(counts(&born(1950, 1)), [1, 0, 1]);
    assert_eq!(counts(&born(2010, 1)), [0, 0, 0]);
}
