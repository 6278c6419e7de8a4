use super::*;
use crate::measures::fixture::spell;
use crate::run::Prepared;
use crate::study_file::StudyFile;
use proptest::prelude::*;
use throughcare_linkage::progress::Silent;

#[test]
fn m21_months_and_years_begin_where_they_should() {
    let day = |text: &str| Day::parse_iso(text).unwrap();
    assert_eq!(
        (financial_year(day("2024-03-31")), financial_year(day("2024-04-01"))),
        (2023, 2024)
    );
    assert_eq!(months_between(day("2023-04-15"), day("2025-03-01")), 23);
    assert!(!differ([1, 1, 1].into_iter()) && differ([1, 1, 2].into_iter()));
    assert!(!differ(std::iter::empty::<u8>()));
}

proptest! {
    #[test]
    fn m21_overlap_counts_each_night_once(stays in prop::collection::vec((0..20i32, 0..8i32), 0..7)) {
        let first = Day::parse_iso("2024-03-01").unwrap();
        let mut spells: Vec<Spell> = stays
            .iter()
            .map(|&(start, nights)| Spell {
                admission: first.plus(start),
                discharge: first.plus(start + nights),
                ..spell("2024-03-01", "2024-03-02")
            })
            .collect();
        spells.sort_by_key(|spell| (spell.admission, spell.discharge));
        // night by night
        let covering = |night: i32| {
            let night = first.plus(night);
            spells.iter().filter(|spell| spell.admission <= night && night < spell.discharge).count()
        };
        let nights = (0..40).filter(|&night| covering(night) > 0).count() as u64;
        let twice = (0..40).filter(|&night| covering(night) > 1).count() as u64;
        prop_assert_eq!(nights_in_spells(&spells), (nights, twice));
    }
}

/// `figure=…` rows of the quality table: numerator and denominator by area and check.
fn figures(prepared: &Prepared) -> BTreeMap<(String, String), (i64, i64)> {
    let rows = prepared.check(&Silent).results.quality;
    let rows = rows.into_iter().filter(|row| row.source == "dq_linkage");
    let key = |row: &QualityFigure| {
        (row.area.code.clone(), row.check.trim_start_matches("figure=").to_owned())
    };
    rows.map(|row| (key(&row), (row.numerator, row.denominator.unwrap_or(-1)))).collect()
}

/// Hand-made records of a few people under one council.
fn prepared(folder: &std::path::Path) -> Prepared {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "apc.csv",
        "Der_Pseudo_NHS_Number,APCS_Ident,Der_Provider_Code,Admission_Date,Discharge_Date,Admission_Method,Discharge_Destination,Discharge_Method,Discharge_Ready_Date,Year_of_Birth,Month_of_Birth,Sex\n\
         A,1,RAA,2024-05-01,2024-05-06,21,51,1,2024-05-04,1940,1,1\n\
         A,2,RBB,2024-05-04,2024-05-10,81,54,1,,1940,1,1\n\
         B,3,RAA,2024-06-01,2024-06-05,21,54,1,,1941,1,2\n\
         C,4,RAA,2024-07-01,2024-07-03,21,99,1,2024-07-03,1942,1,1\n\
         C,5,RAA,2024-08-01,2024-08-03,21,51,1,,1942,2,2\n\
         D,6,RAA,2024-09-01,2024-09-02,21,19,1,,1950,1,2\n\
         E,7,RAA,2024-05-01,2024-05-02,21,19,4,,1930,1,2\n\
         E,8,RAA,2025-01-05,2025-01-06,21,19,1,,1930,1,2\n",
    );
    write(
        "ecds.csv",
        "EC_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Arrival_Date,EC_Departure_Date,Discharge_Destination_SNOMED_CT\n\
         1,A,RAA,2024-05-01,2024-05-01,306706006\n\
         2,E,RAA,2024-12-01,2024-12-01,306689006\n",
    );
    write(
        "op.csv",
        "OPA_Ident,Der_Pseudo_NHS_Number,Appointment_Date\n1,E,2024-04-20\n2,E,2024-06-20\n",
    );
    write("deaths.csv", "Der_Pseudo_NHS_Number,DOD\nE,2024-05-02\n");
    write(
        "care.csv",
        "LA_Code,Der_NHS_LA_Combined_Person_ID,Der_NHS_Number_Traced_Pseudo,Client_Type,Event_Type,Event_Start_Date,Event_End_Date,Service_Type,Service_Component,Gender,Der_Birth_Year,Der_Birth_Month\n\
         100,A,A,Service User,Service,2024-05-12,,Long Term Support: Residential Care,Residential Care,Male,1940,1\n\
         100,D,D,Service User,Service,2023-05-12,,Long Term Support: Nursing Care,Nursing Care,Male,1950,1\n\
         100,Z,Z,Service User,Service,2024-05-01,2024-05-31,Long Term Support: Community,Home Support,Male,1940,1\n\
         100,E,E,Service User,Service,2024-11-01,2024-11-05,Long Term Support: Community,Home Support,Female,1930,1\n",
    );
    let study = folder.join("study.toml");
    write(
        "study.toml",
        "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
         inputs = { apc = \"apc.csv\", ecds = \"ecds.csv\", outpatients = \"op.csv\", deaths = \"deaths.csv\", cld_events = \"care.csv\" }\n\
         cld = { joined = { start = 2023-04-01, end = 2025-03-31 } }\n\
         hospital = { extract_date = 2025-04-01 }\n",
    );
    Prepared::read(StudyFile::read(&study).unwrap(), &Silent).unwrap()
}

#[test]
fn m21_every_figure_of_the_table_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let found = figures(&prepared(folder.path()));
    let of = |area: &str, check: &str| found.get(&(area.to_owned(), check.to_owned())).copied();
    let england = |check: &str| of("E92000001", check);
    // E died on 2 May 2024: the admission of 2025, an attendance, an appointment, a service
    assert_eq!(england("after death, admitted patient care rows"), Some((1, 2)));
    assert_eq!(england("after death, attendances"), Some((1, 1)));
    assert_eq!(england("after death, outpatient appointments"), Some((1, 2)));
    assert_eq!(england("after death, social care rows"), Some((1, 1)));
    // A is in two beds on the nights of 4 and 5 May; nights 9 + 4 + 2 + 2 + 1 + 1
    assert_eq!(england("nights in more than one spell"), Some((2, 19)));
    // of the stays of A, B, C (two) and D, one of C has destination 99
    assert_eq!(england("destination unknown, discharges"), Some((1, 5)));
    // the stay of A ends with the spell that has no date
    assert_eq!(england("discharge-ready date, discharges of one night or more"), Some((1, 5)));
    // A goes to a care home that begins two days later, B to one that nobody pays for
    assert_eq!(england("to a care home that care records do not show, discharges"), Some((1, 2)));
    // D lives in a nursing home and is coded to the usual residence
    assert_eq!(england("not to the care home that care records show, discharges"), Some((1, 2)));
    assert_eq!(england("several months of birth, people"), Some((1, 6)));
    assert_eq!(england("several sexes, people"), Some((2, 6)), "C, and D between the sources");
    assert_eq!(england("several months of birth or sexes, people"), Some((2, 6)));
    // the second stay of C ends in a transfer to nowhere; that of A is followed
    assert_eq!(england("transfers without a following spell, spells"), Some((1, 2)));
    assert_eq!(england("admissions from the own A&E without attendance, spells"), Some((5, 6)));
    assert_eq!(england("attendances linked to an admission"), Some((1, 2)));
    // A, D and E have hospital records, Z has none
    let check = "match yield, people aged 65 and over with a hospital record in the period";
    assert_eq!(of("100", check), Some((3, 4)));
    assert_eq!(of("100", "open services, rows"), Some((2, 4)));
    assert_eq!(of("100", "months with rows"), Some((3, 24)));
}

#[test]
fn l8_a_year_is_set_beside_the_year_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from(
        "Der_Pseudo_NHS_Number,APCS_Ident,Admission_Date,Discharge_Date,Admission_Method\n",
    );
    for (year, admissions) in [(2022, 60), (2023, 50), (2024, 54)] {
        for n in 0..admissions {
            text += &format!("P{year}{n},{year}{n:03},{year}-06-01,{year}-06-03,21\n");
        }
    }
    std::fs::write(folder.path().join("apc.csv"), text).unwrap();
    let study = folder.path().join("study.toml");
    std::fs::write(
        &study,
        "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
         inputs = { apc = \"apc.csv\" }\n\
         hospital = { extract_date = 2025-04-01 }\n\
         timeline = { sus_start = 2022-04-01 }\n",
    )
    .unwrap();
    let prepared = Prepared::read(StudyFile::read(&study).unwrap(), &Silent).unwrap();
    let found = figures(&prepared);
    let told: Vec<(&str, (i64, i64))> = found
        .iter()
        .filter(|((_, check), _)| check.contains("year before"))
        .map(|((_, check), counts)| (check.as_str(), *counts))
        .collect();
    assert_eq!(
        told,
        [
            (
                "admissions of those of the year before; year=2023-24; admission_class=Emergency; changed by more than 10 per cent",
                (50, 60)
            ),
            (
                "admissions of those of the year before; year=2024-25; admission_class=Emergency",
                (54, 50)
            ),
        ]
    );
}

#[test]
fn m21_counts_of_parts_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = prepared(folder.path());
    let plan = Plan::new(&prepared.records, &prepared.facts, &prepared.frame);
    let count = |keep: &dyn Fn(usize) -> bool| {
        let mut linked = Linked::default();
        let (mut scratch, mut counts) = Default::default();
        let mut n = 0;
        for partition in &prepared.records.partitions {
            let linker = prepared.linker();
            linker.partition(partition, true, &mut scratch, &mut counts, |person| {
                if keep(n) {
                    linked.add(&plan, person);
                }
                n += 1;
            });
        }
        linked
    };
    let whole = count(&|_| true);
    for cut in 0..7 {
        let mut merged = count(&|n| n < cut);
        merged.merge(count(&|n| n >= cut));
        assert_eq!(merged, whole);
        let mut other = count(&|n| n >= cut);
        other.merge(count(&|n| n < cut));
        assert_eq!(other, whole);
    }
}
