use super::*;
use crate::study_file::StudyFile;
use throughcare_linkage::progress::Silent;

const HEADINGS: &str = "Der_Pseudo_NHS_Number,APCS_Ident,Der_Provider_Code,Admission_Date,\
    Discharge_Date,Admission_Method,Source_of_Admission,Discharge_Destination,\
    Patient_Classification,Year_of_Birth,Month_of_Birth\n";

/// A spell of May and June 2024: provider, dates, destination, method, source, class.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// The records of one example a person: `(provider, "MM-DD MM-DD", destination, method, source, class)`.
fn prepared(folder: &std::path::Path, people: &[&[Row]], hospital: &str) -> Prepared {
    let mut text = HEADINGS.to_owned();
    let mut key = 0;
    for (n, rows) in people.iter().enumerate() {
        for (provider, dates, destination, method, source, class) in *rows {
            key += 1;
            let (from, to) = dates.split_at(5);
            text += &format!(
                "P{n},{key},{provider},2024-{from},2024-{},{method},{source},{destination},{class},1950,1\n",
                to.trim()
            );
        }
    }
    std::fs::write(folder.join("apc.csv"), text).unwrap();
    let study = folder.join("study.toml");
    let text = format!(
        "study = {{ period = {{ start = 2024-05-01, end = 2024-06-30 }} }}\n\
         inputs = {{ apc = [\"apc.csv\"] }}\n\
         [hospital]\nextract_date = 2024-12-31\n{hospital}\n"
    );
    std::fs::write(&study, text).unwrap();
    Prepared::read(StudyFile::read(&study).unwrap(), &Silent).unwrap()
}

fn compare(people: &[&[Row]], hospital: &str) -> StayRules {
    let folder = tempfile::tempdir().unwrap();
    StayRules::compare(&prepared(folder.path(), people, hospital), &Silent).0
}

/// The differences as `reason: joined by`, each with its pairs.
fn differences(compared: &StayRules) -> Vec<(String, i64)> {
    let told = compared.differences.iter().map(|((reason, joined), &pairs)| {
        (format!("{}: {}", reason.name(), compared.joined_by(joined)), pairs)
    });
    told.collect()
}

const A: Row = ("RAA", "05-01 05-06", "51", "21", "19", "1");
const HOME: Row = ("RAA", "05-01 05-06", "19", "21", "19", "1");

/// I-1 to I-14 of `hospital-spells.md`, in their order.
const EXAMPLES: [&[Row]; 14] = [
    &[A, ("RBB", "05-06 05-20", "19", "81", "51", "1")],
    &[A, ("RBB", "05-08 05-20", "19", "13", "19", "1")],
    &[A, ("RBB", "05-09 05-20", "19", "81", "51", "1")],
    &[A, ("RBB", "05-10 05-20", "19", "81", "51", "1")],
    &[HOME, ("RBB", "05-06 05-20", "19", "21", "19", "1")],
    &[HOME, ("RBB", "05-07 05-20", "19", "21", "51", "1")],
    &[("RAA", "05-01 05-06", "84", "21", "19", "1"), ("RBB", "05-06 06-20", "19", "22", "19", "1")],
    &[HOME, ("RBB", "05-06 05-12", "19", "22", "87", "1")],
    &[
        A,
        ("RBB", "05-06 05-06", "19", "21", "19", "3"),
        ("RBB", "05-07 05-12", "19", "81", "51", "1"),
    ],
    &[("RAA", "05-01 05-01", "51", "21", "19", "1"), ("RBB", "05-01 05-07", "19", "2B", "51", "1")],
    &[("RAA", "05-01 05-10", "51", "21", "19", "1"), ("RBB", "05-08 05-20", "19", "81", "51", "1")],
    &[("RAA", "05-01 05-10", "19", "21", "19", "1"), ("RBB", "05-05 05-12", "19", "21", "19", "1")],
    &[
        ("RAA", "05-01 05-03", "51", "21", "19", "1"),
        ("RBB", "05-03 05-10", "51", "81", "51", "1"),
        ("RCC", "05-10 06-01", "54", "81", "51", "1"),
    ],
    &[
        ("RAA", "05-01 05-20", "51", "21", "19", "1"),
        ("RBB", "05-05 05-06", "19", "13", "19", "1"),
        ("RCC", "05-21 05-28", "19", "81", "51", "1"),
    ],
];

#[test]
fn i_the_examples_differ_for_the_reasons_they_were_made_for() {
    let compared = compare(&EXAMPLES, "");
    let names: Vec<&str> = compared.columns.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["engine", "hf", "nhsd"]);
    let wanted = [
        ("compared with another spell: engine", 1), // I-14, N and B
        ("negative gap: engine", 1),                // I-12
        ("negative gap: engine, hf", 2),            // I-11; I-14, A and N
        ("gap longer than some rules allow: hf", 1), // I-3
        ("19-51-21 exclusion: hf", 1),              // I-6
        ("destination list: engine, nhsd", 1),      // I-7
        ("source list: engine, nhsd", 1),           // I-8
    ];
    let wanted: Vec<_> = wanted.map(|(told, pairs)| (told.to_owned(), pairs)).into();
    assert_eq!(differences(&compared), wanted);
    // every example has one pair but I-13 and I-14, which have two
    assert_eq!(compared.pairs, 16);
    let [engine, hf, nhsd] = compared.counts.as_slice() else { panic!("three columns") };
    assert_eq!((engine.spells, hf.spells, nhsd.spells), (30, 31, 30));
    assert_eq!((engine.regular_spells, hf.regular_spells), (0, 1));
    // stays by the tables of the page: those of two letters or more are joined
    assert_eq!([engine, hf, nhsd].map(|counts| counts.stays), [18, 20, 22]);
    for counts in [engine, hf, nhsd] {
        assert_eq!(counts.joined_pairs, counts.spells - counts.stays);
        assert!(counts.several <= counts.joined_pairs && counts.transfers <= counts.joined_pairs);
    }
    assert!(compared.overrides.is_empty());
}

#[test]
fn i_a_regular_attender_between_hides_the_transfer_from_hf() {
    let rows: &[Row] = &[
        A,
        ("RBB", "05-06 05-06", "19", "21", "19", "3"),
        ("RBB", "05-07 05-12", "19", "21", "19", "1"),
    ];
    let told = differences(&compare(&[rows], ""));
    assert_eq!(told, [("regular attender between: engine, nhsd".to_owned(), 1)]);
}

#[test]
fn x07_an_inner_day_case_with_a_marker_is_no_transfer_under_hf() {
    let rows: &[Row] = &[
        ("RAA", "05-01 05-10", "51", "21", "19", "1"),
        ("RBB", "05-05 05-05", "19", "12", "19", "2"),
    ];
    let told = differences(&compare(&[rows], ""));
    assert_eq!(told, [("inside another provider's spell: engine".to_owned(), 1)]);
}

#[test]
fn overrides_get_a_column_of_their_own_and_are_named() {
    let compared = compare(&EXAMPLES, "max_gap_days = 4\nae_adm_max_days = 2");
    assert_eq!(
        compared.columns.last().map(|(name, rules)| (*name, rules.max_gap_days)),
        Some(("study", 4))
    );
    assert_eq!(compared.columns[0].1.max_gap_days, 2, "the published rules stay as published");
    assert_eq!(compared.overrides, ["ae_adm_max_days = 2", "max_gap_days = 4"]);
    let gaps: Vec<String> = differences(&compared).into_iter().map(|(told, _)| told).collect();
    assert!(gaps.contains(&"gap longer than some rules allow: study".into()), "I-4: {gaps:?}");
    assert!(gaps.contains(&"gap longer than some rules allow: hf, study".into()), "I-3: {gaps:?}");
    let rules = compared.rules();
    let gap = rules.iter().find(|(key, _)| key == "max_gap_days");
    assert_eq!(gap.map(|(_, values)| values.join(" ")).as_deref(), Some("2 3 2 4"));
    // a setting that is no joining rule makes no column
    let compared = compare(&EXAMPLES, "ae_adm_max_days = 2");
    assert_eq!((compared.columns.len(), compared.overrides.len()), (3, 1));
}

#[test]
fn the_column_of_the_study_has_the_figures_of_its_run() {
    for profile in ["engine", "hf", "nhsd"] {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("profile = \"{profile}\"");
        let prepared = prepared(folder.path(), &EXAMPLES, &text);
        let compared = StayRules::compare(&prepared, &Silent).0.results();
        let run = prepared.measure(&Silent).results;
        let of = |results: &Results, measure: &str, part: &str, stratum: &str| {
            let mut figures = results.measures.iter().filter(|figure| {
                (figure.measure, &*figure.part, &*figure.stratum) == (measure, part, stratum)
                    && figure.area.code == "E92000001"
            });
            figures.next().map(|figure| (figure.value, figure.numerator, figure.denominator))
        };
        let stratum = format!("profile={profile}");
        for (ours, measure, theirs) in [
            ("mean_nights", "los", "mean"),
            ("median_nights", "los", "median"),
            ("readmission_30d", "readmission", "30d"),
        ] {
            let ours = of(&compared, NAME, ours, &stratum);
            assert!(ours.is_some() && ours == of(&run, measure, theirs, ""), "{profile} {theirs}");
        }
    }
}

#[test]
fn counts_do_not_depend_on_how_people_are_split() {
    let folder = tempfile::tempdir().unwrap();
    let prepared = prepared(folder.path(), &EXAMPLES, "");
    let whole = StayRules::compare(&prepared, &Silent).0;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let one = pool.install(|| StayRules::compare(&prepared, &Silent).0);
    assert_eq!(whole.results(), one.results());
    let halves: Vec<StayRules> =
        [&EXAMPLES[..7], &EXAMPLES[7..]].iter().map(|part| compare(part, "")).collect();
    for n in 0..3 {
        let mut merged = halves[0].counts[n].clone();
        merged.merge(&halves[1].counts[n]);
        assert_eq!(merged, whole.counts[n]);
    }
}
