//! N1, N2 and N5 to N7, most on the table of people with long-term support in the year.

use super::*;
use crate::figure::{AreaType, AttritionStep};
use crate::measures::fixture;
use crate::measures::salt::fixture::*;
use crate::measures::salt::labels::Spelling;
use crate::measures::salt_lts001a::Lts001a;
use crate::measures::salt_sts001::Sts001;
use proptest::prelude::*;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{EventType, Gender};
use throughcare_linkage::day::BirthMonth;

/// A row of long-term support in the year.
fn row(kind: PersonIdKind, local: u32) -> Line {
    Line { kind, local, ..service(COMMUNITY, "2023-05-01", "-") }
}

const TRACED: PersonIdKind = PersonIdKind::NhsTraced;
const SUPPLIED: PersonIdKind = PersonIdKind::NhsSupplied;
const LOCAL: PersonIdKind = PersonIdKind::LaLocal;

/// People counted in Northton, and rows without an identifier.
fn people_and_dropped(people: &[Vec<Line>]) -> (i64, i64) {
    let results = results::<Lts001a>(people, Method::AsPublished);
    let total = fixture::figure(&results, "1b", NORTH, "").numerator.unwrap_or(0);
    let dropped = results.attrition.iter().find(|step| step.rule == "N2");
    (total, dropped.map_or(0, |step| step.records_out))
}

#[test]
fn n2_example_of_four_rows() {
    // (123, null), (123, 456), (null, 456), (null, 789): the engine knows three people
    let people =
        [vec![row(TRACED, 0), row(TRACED, 456)], vec![row(LOCAL, 456)], vec![row(LOCAL, 789)]];
    assert_eq!(people_and_dropped(&people), (2, 1));
}

#[test]
fn n2_a_local_identifier_is_one_person_whatever_else_is_known() {
    // the engine tells these apart by the pseudonym as submitted, N2 does not
    let people = [vec![row(SUPPLIED, 7)], vec![row(SUPPLIED, 7)], vec![row(LOCAL, 7)]];
    assert_eq!(people_and_dropped(&people), (1, 0));
    // two councils count their own
    let other = Line { la: SOUTHTON, ..row(LOCAL, 7) };
    let people = [vec![row(LOCAL, 7)], vec![other]];
    let results = results::<Lts001a>(&people, Method::AsPublished);
    for code in [NORTH, SOUTH] {
        assert_eq!(fixture::figure(&results, "1b", code, "").numerator, Some(1));
    }
}

#[test]
fn n2_local_identifiers_are_compared_without_council() {
    let traced = Line { la: SOUTHTON, ..row(TRACED, 456) };
    assert_eq!(people_and_dropped(&[vec![traced], vec![row(LOCAL, 456)]]), (0, 1));
}

#[test]
fn n2_only_rows_of_the_build_tell_of_a_local_identifier() {
    // the traced row ended before the year, so nothing ties 456 to a traced person
    let ended =
        Line { end: day("2023-03-31").into(), start: day("2022-01-01").into(), ..row(TRACED, 456) };
    assert_eq!(people_and_dropped(&[vec![ended], vec![row(LOCAL, 456)]]), (1, 0));
    // nor does one in another submission
    let earlier = Line { import: 1, ..row(TRACED, 456) };
    assert_eq!(people_and_dropped(&[vec![earlier], vec![row(LOCAL, 456)]]), (1, 0));
}

#[test]
fn n2_rows_without_any_identifier_are_dropped() {
    assert_eq!(people_and_dropped(&[vec![row(PersonIdKind::None, 0), row(SUPPLIED, 0)]]), (0, 2));
    // an identifier that many people share is no identifier
    assert_eq!(people_and_dropped(&[vec![row(PersonIdKind::None, 5)]]), (0, 1));
}

#[test]
fn n2_it_does_not_matter_how_people_are_split() {
    let people = [
        vec![row(LOCAL, 456)],
        vec![row(TRACED, 0), row(TRACED, 456), row(SUPPLIED, 9)],
        vec![row(SUPPLIED, 9)],
        vec![row(LOCAL, 9)],
    ];
    let (frame, makers) = world(&people, Method::AsPublished);
    let make = || Table::<Lts001a>::with_settings(&settings(), &frame);
    let whole = crate::measures::care_fixture::same_however_split(make, &makers, &frame);
    assert_eq!(fixture::figure(&whole, "1b", NORTH, "").numerator, Some(2));
}

#[test]
fn n5_n6_n7_rows_of_the_build() {
    let base = row(TRACED, 0);
    let count = |line: Line| people_and_dropped(&[vec![line]]).0;
    let line = |start: &str, end: &str| service(COMMUNITY, start, end);
    assert_eq!(count(base.clone()), 1);
    let unborn = BirthMonth::default();
    assert_eq!(count(Line { birth: unborn, ..base.clone() }), 0);
    for (death, counts) in [("2023-03-31", 0), ("2023-04-01", 1)] {
        let died = Line { death: day(death).into(), ..line("2023-01-01", "-") };
        assert_eq!(count(died), counts, "{death}");
    }
    // the end is as submitted: a death cuts nothing, and an end before the start is not looked at
    let died = Line { death: day("2023-04-01").into(), ..base };
    assert_eq!(count(died), 1);
    assert_eq!(count(line("2023-06-01", "2023-05-01")), 1);
    assert_eq!(count(line("2024-03-31", "-")), 1);
    assert_eq!(count(line("2024-04-01", "-")), 0);
    assert_eq!(count(line("2022-01-01", "2023-04-01")), 1);
    assert_eq!(count(line("2022-01-01", "2023-03-31")), 0);
}

#[test]
fn rows_of_a_prepared_table_are_left_out_and_counted() {
    let (frame, mut makers) = world(&[vec![row(TRACED, 0)]], Method::AsPublished);
    for row in &mut makers[0].rows {
        row.submission = CldRow::PREPARED;
    }
    let table = Table::<Lts001a>::with_settings(&settings(), &frame);
    let results = fixture::results(table, &makers, &frame);
    assert_eq!(fixture::figure(&results, "1b", NORTH, "").numerator, Some(0));
    assert_eq!((results.attrition[1].rule, results.attrition[1].records_out), ("N1", 1));
}

#[test]
fn every_council_has_a_total_and_each_of_the_studys_periods_is_a_year() {
    let (mut frame, makers) = world(&[vec![row(TRACED, 0)]], Method::AsPublished);
    frame.study.periods = vec![year(), period("2022-04-01", "2023-03-31")];
    let table = Table::<Lts001a>::with_settings(&Settings::default(), &frame);
    let results = fixture::results(table, &makers, &frame);
    let totals: Vec<_> = results
        .measures
        .iter()
        .filter(|row| row.part == "1b" && row.stratum.is_empty())
        .map(|row| (row.period.start.to_string(), row.area.code.as_str(), row.numerator))
        .collect();
    let mut wanted = Vec::new();
    for (start, count) in [("2023-04-01", 1), ("2022-04-01", 0)] {
        for (code, here) in [
            ("E92000001", true),
            ("North", true),
            ("South", false),
            ("100", true),
            ("200", false),
            ("400", false),
        ] {
            wanted.push((start.to_owned(), code, Some(if here { count } else { 0 })));
        }
    }
    assert_eq!(totals, wanted);
    assert_eq!(results.attrition.first().map(|step| step.unit), Some(Unit::Events));
}

#[test]
fn n1_labels_ignore_case_and_trailing_blanks_and_nothing_else() {
    let count = |text: &'static str| {
        let line = service(text, "2023-05-01", "-");
        strata::<Lts001a>(&[vec![line]]).len()
    };
    assert_eq!(count("LONG TERM SUPPORT: community  "), 1);
    assert_eq!(count("Long Term Support Community"), 0);
    let event = |event: &'static str, client: &'static str| {
        let line = Line { event, client, ..request("2023-05-01", "2023-05-02", INFORMATION) };
        strata::<Sts001>(&[vec![line]]).len()
    };
    assert_eq!(event("request", "service user"), 1);
    assert_eq!(event("Requests", "Service User"), 0);
    assert_eq!(event("Request", "Serviceuser"), 0);
}

#[test]
fn n1_release_2_labels_match_only_when_they_are_mapped_back() {
    let release_2 = "NFA: Information and advice or signposting";
    let people = [vec![request("2023-05-01", "2023-05-02", release_2)]];
    let strata = |labels: Spelling| -> Vec<String> {
        let settings = Settings { labels, ..settings() };
        let results = results_with::<Sts001>(&settings, &people, Method::AsPublished);
        let rows = results.measures.iter().filter(|row| row.area.kind == AreaType::England);
        rows.filter(|row| !row.stratum.is_empty()).map(|row| row.stratum.clone()).collect()
    };
    let wanted = "record_type=1; sequel=No_Chronology_Unable_To_Classify";
    assert_eq!(strata(Spelling::Release1), [wanted]);
    let wanted =
        "record_type=1; sequel=No_Chronology_Universal Services/ Signposted to other services";
    assert_eq!(strata(Spelling::Both), [wanted]);
}

#[test]
fn section_22_trap_a_leading_blank_is_gone_before_any_text_is_compared() {
    // the published code tells ` Unknown` from `Unknown`; here a text is kept without it
    use throughcare_linkage::codes::cld::{Field, RawValues};
    let raw = RawValues::default();
    let intern = |text| raw.intern(Field::EmploymentStatus, text);
    assert_eq!(intern(" Unknown"), intern("Unknown"));
}

#[test]
fn n2_example_from_a_file_of_submissions_to_the_figure() {
    use crate::run::Prepared;
    use crate::study_file::StudyFile;
    use throughcare_linkage::progress::Silent;

    let folder = tempfile::tempdir().unwrap();
    let mut file = String::from(
        "LA_Code,ImportDate,Reporting_Period_Start_Date,Reporting_Period_End_Date,\
         Der_NHS_Number_Traced_Pseudo,LA_Person_Unique_Identifier,Der_Birth_Year,Der_Birth_Month,\
         Client_Type,Event_Type,Event_Start_Date,Event_End_Date,Service_Type\n",
    );
    for (traced, local) in [("123", ""), ("123", "456"), ("", "456"), ("", "789")] {
        file += &format!(
            "503,2024-04-20 10:00:00,2023-04-01,2024-03-31,{traced},{local},1950,1,\
             Service User,Service,2023-05-01,,{COMMUNITY}\n"
        );
    }
    std::fs::write(folder.path().join("cld.csv"), file).unwrap();
    let study = folder.path().join("study.toml");
    let text = "study = { period = { start = 2024-04-01, end = 2025-03-31 } }\n\
                inputs = { cld_submissions = \"cld.csv\" }\n\
                [measures]\ninclude = [\"salt_lts001a\"]\n[measures.salt]\n\
                year = { start = 2023-04-01, end = 2024-03-31 }\n\
                cut_off = 2024-12-31\ntoday = 2024-12-31\n";
    std::fs::write(&study, text).unwrap();
    let read = || StudyFile::read(&study);
    let outcome = Prepared::read(read().unwrap(), &Silent).unwrap().measure(&Silent);
    assert_eq!(fixture::figure(&outcome.results, "1b", "503", "").numerator, Some(2));

    std::fs::write(&study, text.replace("today = 2024-12-31", "today = 2024-03-31")).unwrap();
    let error = read().unwrap_err().to_string();
    assert!(
        error.contains("today = 2024-03-31 must be after the year ends on 2024-03-31"),
        "{error}"
    );
    std::fs::write(&study, text.replace("today = 2024-12-31", "chain_gap_days = -1")).unwrap();
    let error = read().unwrap_err().to_string();
    assert!(error.contains("chain_gap_days = -1 must not be negative"), "{error}");
    std::fs::write(&study, text.replace("today = 2024-12-31", "labels = \"release-2\"")).unwrap();
    assert!(read().is_err());
}

/// Rows left out of a council's count by rule, and rows that count.
fn steps_of(results: &Results, code: &str) -> (Vec<(&'static str, i64)>, i64) {
    let steps = results.council_attrition.iter().filter(|(area, _)| area.code == code);
    let steps: Vec<&AttritionStep> = steps.map(|(_, step)| step).collect();
    let out = steps.iter().filter(|step| step.records_out != 0);
    let out = out.map(|step| (step.rule, step.records_out)).collect();
    (out, steps.last().map_or(0, |step| step.records_left))
}

#[test]
fn the_steps_of_a_council_are_those_of_its_rows() {
    let elsewhere = |line: Line| Line { la: SOUTHTON, ..line };
    let carer = Line { client: "Carer", ..row(TRACED, 0) };
    let people = [
        vec![row(TRACED, 0), row(TRACED, 0), carer.clone()],
        vec![row(LOCAL, 456), row(PersonIdKind::None, 0)],
        vec![elsewhere(row(TRACED, 456)), elsewhere(carer)],
        // of two councils: their filters are known for England only, but the carer's own
        vec![row(TRACED, 0), elsewhere(row(TRACED, 0)), Line { client: "Carer", ..row(TRACED, 0) }],
    ];
    let results = results::<Lts001a>(&people, Method::AsPublished);
    let north = vec![("LTS001a step 1", 2), ("N2", 2), ("LTS001a step 4", 1), ("N2", 1)];
    assert_eq!(steps_of(&results, NORTH), (north, 1));
    assert_eq!(steps_of(&results, SOUTH), (vec![("LTS001a step 1", 1), ("N2", 1)], 1));
}

fn people_of_two_councils() -> impl Strategy<Value = Vec<Vec<Line>>> {
    let kinds = [TRACED, SUPPLIED, LOCAL, PersonIdKind::None];
    let clients = ["Service User", "Carer"];
    let row = (0..2u16, 0..3u16, 0..4usize, 0..3u32, 0..2usize);
    let line = row.prop_map(move |(south, import, kind, local, client)| Line {
        la: if south == 1 { SOUTHTON } else { NORTHTON },
        import,
        kind: kinds[kind],
        client: clients[client],
        ..row_of(local)
    });
    prop::collection::vec(prop::collection::vec(line, 1..5), 1..8)
}

fn row_of(local: u32) -> Line {
    row(TRACED, local)
}

/// A world that is broken down: each person has one event in the main table of each council, with the
/// gender of the first line there.
fn broken_down(people: &[Vec<Line>], by: &[&str]) -> (Frame, Vec<fixture::Maker>) {
    let (mut frame, mut makers) = world(people, Method::AsPublished);
    frame.study.by = by.iter().map(|&key| key.into()).collect();
    for (maker, lines) in makers.iter_mut().zip(people) {
        let mut lines: Vec<&Line> = lines.iter().collect();
        lines.sort_by_key(|line| line.la);
        lines.dedup_by_key(|line| line.la);
        let event = |line: &&Line| CareEvent {
            gender: if line.gender == "Male" { Gender::Male } else { Gender::Female },
            la: line.la,
            ..crate::measures::care_fixture::event(EventType::Request, "2023-05-01", "2023-05-02")
        };
        maker.joined = lines.iter().map(event).collect();
    }
    (frame, makers)
}

fn by_sex(people: &[Vec<Line>]) -> Counts {
    let (frame, makers) = broken_down(people, &["sex"]);
    let make = || Table::<Lts001a>::with_settings(&settings(), &frame);
    let results = crate::measures::care_fixture::same_however_split(make, &makers, &frame);
    let of_council = of_council(&results, NORTH).into_iter();
    of_council
        .filter(|((_, stratum), _)| stratum.is_empty() || stratum.starts_with("sex="))
        .collect()
}

#[test]
fn n2_holds_across_the_strata_of_a_breakdown() {
    let of = |gender, line: Line| Line { gender, ..line };
    // 456 occurs with a traced pseudonym, of a man; that it stands on a woman's row changes nothing
    let people = [
        vec![of("Male", row(TRACED, 456))],
        vec![of("Female", row(LOCAL, 456))],
        vec![of("Female", row(LOCAL, 789))],
    ];
    let count = |stratum: &str, n| (("1b".to_owned(), stratum.to_owned()), n);
    let wanted = [count("", 2), count("sex=Female", 1), count("sex=Male", 1)];
    assert_eq!(by_sex(&people), wanted.clone().into());
    // to N2 one person, to the rest of the engine two: counted once, as what comes first
    let people = [vec![of("Female", row(SUPPLIED, 7))], vec![of("Male", row(LOCAL, 7))]];
    assert_eq!(by_sex(&people), [count("", 1), count("sex=Male", 1)].into());
}

#[test]
fn keys_of_the_table_are_broken_down_by_its_own_rules() {
    let nursed = Line { reason: MENTAL_HEALTH, ..service(NURSING, "2023-05-01", "2023-06-01") };
    let people = [vec![nursed, row(TRACED, 0)], vec![row(TRACED, 0)]];
    let (frame, makers) = broken_down(&people, &["setting", "support_reason", "client_type"]);
    let results =
        fixture::results(Table::<Lts001a>::with_settings(&settings(), &frame), &makers, &frame);
    let counts = of_council(&results, NORTH);
    let alone = counts.iter().filter(|((_, stratum), _)| !stratum.contains("; "));
    let alone: Vec<_> = alone.map(|((_, stratum), n)| (stratum.as_str(), *n)).collect();
    // support that ended in the year counts, whatever was open on its last day
    let wanted = [
        ("", 2),
        ("client_type=Service user", 2),
        ("setting=Community", 1),
        ("setting=Nursing", 1),
        ("support_reason=Invalid/NULL", 1),
        ("support_reason=Mental Health Support", 1),
    ];
    assert_eq!(alone, wanted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_steps_of_councils_add_up_to_all_rows(people in people_of_two_councils()) {
        let results = results::<Lts001a>(&people, Method::AsPublished);
        for (la, code) in [(NORTHTON, NORTH), (SOUTHTON, SOUTH)] {
            let rows = people.iter().flatten().filter(|line| line.la == la).count() as i64;
            let (out, left) = steps_of(&results, code);
            prop_assert_eq!(out.iter().map(|(_, rows)| rows).sum::<i64>() + left, rows);
        }
        // what no filter of a council can tell is no more than England's steps hold
        for step in &results.attrition {
            let of_step = |(_, of): &&(Area, AttritionStep)| of.what == step.what;
            let councils = results.council_attrition.iter().filter(of_step);
            let out: i64 = councils.map(|(_, of)| of.records_out).sum();
            prop_assert!(out <= step.records_out, "{}", step.what);
        }
    }

    #[test]
    fn the_strata_of_a_breakdown_add_up_to_everyone(
        people in people_of_two_councils(),
        men in prop::collection::vec(any::<bool>(), 40),
    ) {
        let mut men = men.into_iter().cycle();
        let people: Vec<Vec<Line>> = people.into_iter().map(|lines| {
            let sex = |line| Line { gender: if men.next() == Some(true) { "Male" } else { "" }, ..line };
            lines.into_iter().map(sex).collect()
        }).collect();
        let (frame, makers) = broken_down(&people, &["sex"]);
        let make = || Table::<Lts001a>::with_settings(&settings(), &frame);
        let results = fixture::results(make(), &makers, &frame);
        for cut in 0..=makers.len() {
            for merged in fixture::merged(make, &makers, cut, &frame) {
                prop_assert_eq!(&merged, &results);
            }
        }
        let plain = super::super::fixture::results::<Lts001a>(&people, Method::AsPublished);
        for total in plain.measures.iter().filter(|row| row.stratum.is_empty()) {
            let same = |row: &&Figure| row.part == total.part && row.area == total.area;
            let strata = results.measures.iter().filter(same);
            let strata = strata.filter(|row| row.stratum.starts_with("sex="));
            let sum: i64 = strata.filter_map(|row| row.numerator).sum();
            prop_assert_eq!(Some(sum), total.numerator);
        }
    }
}
