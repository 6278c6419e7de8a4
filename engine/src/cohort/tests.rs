use super::*;
use crate::measures::fixture::{cips, day, period, spell};
use throughcare_linkage::day::BirthMonth;
use throughcare_linkage::hospital::stay::{Cips, EndKind};

const KNOWN: Facts = Facts { known: true, linkable: true };

fn year() -> Period {
    period("2024-04-01", "2025-03-31")
}

/// The filter that leaves a stay out of a cohort, if one does.
fn out(cohort: &Cohort, stay: Stay, of: Facts) -> Option<Filter> {
    let filters = cohort.filters();
    filters.get(cohort.position(&filters, &stay, of, year())).copied()
}

fn stay() -> Stay {
    Stay::of_cips(&cips("2024-05-01", "2024-05-04"))
}

const PROFILES: [Profile; 4] =
    [Profile::General, Profile::NhsdReadm, Profile::BcfHome, Profile::Drd];

#[test]
fn m0_2_an_ordinary_adult_is_in_every_profile() {
    for profile in PROFILES.into_iter().chain([Profile::All]) {
        assert_eq!(out(&Cohort::of(profile), stay(), KNOWN), None, "{profile:?}");
    }
    assert_eq!(Cohort::of(Profile::BcfHome).unit, StayUnit::Spell);
    assert_eq!(Cohort::of(Profile::General).unit, StayUnit::Cips);
}

/// What each of general, nhsd_readm, bcf_home and drd makes of a stay.
fn by_profile(stay: Stay) -> [Option<Filter>; 4] {
    PROFILES.map(|profile| out(&Cohort::of(profile), stay, KNOWN))
}

#[test]
fn m0_2_table_of_filters() {
    let code = Code::new;
    let every = |filter| [Some(filter); 4];
    let base = stay();
    assert_eq!(by_profile(Stay { end_kind: EndKind::Censored, ..base }), every(Filter::End));
    assert_eq!(by_profile(Stay { end_kind: EndKind::Death, ..base }), [None; 4]);
    assert_eq!(by_profile(Stay { discharge: day("2025-04-01"), ..base }), every(Filter::Period));
    assert_eq!(by_profile(Stay { discharge_method: code("5"), ..base }), every(Filter::Stillbirth));
    assert_eq!(by_profile(Stay { discharge_method: code("4"), ..base }), every(Filter::Died));
    assert_eq!(by_profile(Stay { class: code("5"), ..base }), every(Filter::MotherAndBaby));
    assert_eq!(by_profile(Stay { class: code("3"), ..base }), every(Filter::RegularAttender));
    assert_eq!(by_profile(Stay { class: code("4"), ..base }), every(Filter::RegularAttender));
    assert_eq!(by_profile(Stay { day_case: true, ..base }), every(Filter::DayCase));

    let child = Stay { birth: BirthMonth::new(2006, 6), ..base }; // 17 at discharge
    let age = Some(Filter::Age);
    assert_eq!(by_profile(child), [age, None, age, age]);
    assert_eq!(by_profile(Stay { birth: BirthMonth::new(2006, 5), ..base }), [None; 4]);
    assert_eq!(by_profile(Stay { birth: BirthMonth::default(), ..base }), [age, None, age, age]);

    let place = Some(Filter::Destination);
    assert_eq!(by_profile(Stay { destination: code("79"), ..base }), [place, None, place, place]);
    assert_eq!(by_profile(Stay { destination: code("98"), ..base }), [place, None, place, None]);
    for hospital in HOSPITAL_DESTINATIONS {
        let stay = Stay { destination: code(hospital), ..base };
        assert_eq!(by_profile(stay), [place, None, place, None], "{hospital}");
    }
    assert_eq!(by_profile(Stay { destination: Code::NONE, ..base }), [None; 4]);

    let method = Some(Filter::Method);
    for birth_or_maternity in ["31", "32", "82", "83"] {
        let stay = Stay { admission_method: code(birth_or_maternity), ..base };
        assert_eq!(by_profile(stay), [method, None, method, method]);
    }
    let mental = Some(Filter::MentalHealth);
    let stay = Stay { treatment_discharge: code("715"), ..base };
    assert_eq!(by_profile(stay), [None, None, mental, mental]);
    let zero_nights = Stay { discharge: base.admission, ..base };
    assert_eq!(by_profile(zero_nights), [None, None, None, Some(Filter::Nights)]);

    let flagged = |flag| Stay { flags: StayFlags(flag), ..base };
    let maternity = [None, Some(Filter::Maternity), None, None];
    assert_eq!(by_profile(flagged(StayFlags::MATERNITY)), maternity);
    assert_eq!(by_profile(flagged(StayFlags::OBSTETRIC)), maternity);
    assert_eq!(by_profile(flagged(StayFlags::CANCER)), [None, Some(Filter::Cancer), None, None]);
}

#[test]
fn m0_3_linkable_people_only_where_the_profile_says_so() {
    let stranger = Facts { known: true, linkable: false };
    let linkable = PROFILES.map(|profile| out(&Cohort::of(profile), stay(), stranger));
    let not = Some(Filter::Linkable);
    assert_eq!(linkable, [not, not, None, None]);
    let nobody = Facts { known: false, linkable: false };
    for profile in PROFILES.into_iter().chain([Profile::All]) {
        assert_eq!(out(&Cohort::of(profile), stay(), nobody), Some(Filter::Person));
    }
}

#[test]
fn x08_a_death_on_the_day_of_discharge_is_a_live_discharge() {
    let cips = Cips { died: true, ..cips("2024-05-01", "2024-05-04") };
    assert_eq!(out(&Cohort::of(Profile::General), Stay::of_cips(&cips), KNOWN), None);
}

#[test]
fn x07_only_an_inner_stay_of_its_own_is_inner() {
    let inner = Cips { flags: StayFlags(StayFlags::INNER), ..cips("2024-05-01", "2024-05-04") };
    let readm = Cohort::of(Profile::NhsdReadm);
    assert_eq!(out(&readm, Stay::of_cips(&inner), KNOWN), Some(Filter::Inner));
    assert_eq!(out(&readm, Stay::of_cips(&Cips { spells: 2, ..inner }), KNOWN), None);
}

#[test]
fn m0_2_switches_depart_from_the_profile() {
    let settings: CohortSettings = toml::from_str(
        r#"
        profile = "drd"
        min_nights = 0
        max_age = 80
        exclude_specialties = ["300"]
        drop_missing_codes = true
        "#,
    )
    .unwrap();
    let cohort = settings.resolve(Profile::General);
    assert_eq!(cohort.unit, StayUnit::Spell);
    assert_eq!(out(&cohort, stay(), KNOWN), Some(Filter::Specialty));
    let other = Stay { treatment_discharge: Code::new("301"), ..stay() };
    assert_eq!(out(&cohort, other, KNOWN), None);
    let missing = Stay { destination: Code::NONE, ..other };
    assert_eq!(out(&cohort, missing, KNOWN), Some(Filter::Destination));
    let old = Stay { birth: BirthMonth::new(1940, 1), ..other };
    assert_eq!(out(&cohort, old, KNOWN), Some(Filter::Age));
    let eighty = Stay { birth: BirthMonth::new(1943, 6), ..other };
    assert_eq!(out(&cohort, eighty, KNOWN), None);
}

#[test]
fn m0_2_the_department_reckons_ages_by_365_25_days() {
    let stay = Stay { birth: BirthMonth::new(1961, 3), discharge: day("2026-03-01"), ..stay() };
    let of = |age_method| Cohort { age_method, min_age: Some(65), ..Cohort::of(Profile::All) };
    let period = period("2025-04-01", "2026-03-31");
    let excludes =
        |cohort: Cohort| cohort.excludes(Filter::Age, &stay, KNOWN, period, stay.discharge);
    assert!(!excludes(of(AgeMethod::Calendar)));
    assert!(excludes(of(AgeMethod::Dhsc)));
}

#[test]
fn j_a_day_case_spell_is_one_by_its_class() {
    let day_case = throughcare_linkage::hospital::stay::Spell {
        class: Code::new("2"),
        ..spell("2024-05-01", "2024-05-01")
    };
    assert!(Stay::of_spell(&day_case, 0).day_case);
    assert!(!Stay::of_spell(&spell("2024-05-01", "2024-05-01"), 0).day_case);
}
