use super::*;

fn fault(text: &str) -> String {
    match StudyFile::parse(Path::new("dir/study.toml"), text) {
        Ok(_) => panic!("the study should not be accepted"),
        Err(error) => error.to_string(),
    }
}

const HEAD: &str = "[study]\nperiod = { start = 2024-04-01, end = 2025-03-31 }\n";

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
    let text = fault(&format!("{HEAD}[cld]\nediton = \"A\"\n"));
    assert!(text.starts_with("dir/study.toml, line 4: unknown field `editon`"), "{text}");
    assert!(text.ends_with("did you mean `edition`?"), "{text}");
}

#[test]
fn an_unknown_measure_is_named_with_its_line_and_the_nearest_one() {
    let text = fault(&format!("{HEAD}[measures]\ninclude = [\n  \"los\",\n  \"readmision\",\n]\n"));
    assert!(text.starts_with("dir/study.toml, line 6: unknown measure"), "{text}");
    assert!(text.contains("did you mean \"readmission\"?"), "{text}");
}

#[test]
fn dates_that_contradict_each_other_are_named() {
    let text = fault("[study]\nperiod = { start = 2025-04-01, end = 2025-03-31 }\n");
    assert!(text.contains("line 2") && text.contains("before it starts on 2025-04-01"), "{text}");
    let text = fault(&format!(
        "{HEAD}[cld]\nedition = \"A\"\nsingle = {{ start = 2025-01-02, end = 2025-01-01 }}\n"
    ));
    assert!(text.contains("line 5"), "{text}");
    let text = fault(&format!("{HEAD}as_of = 2023-01-01\n"));
    assert!(text.contains("line 3: as_of 2023-01-01"), "{text}");
}

#[test]
fn a_pattern_without_files_is_named() {
    let text = fault(&format!("{HEAD}[inputs]\napc = [\"nowhere/*.csv\"]\n"));
    assert!(text.contains("line 4: no file matches \"nowhere/*.csv\""), "{text}");
}

#[test]
fn a_study_without_period_or_input_says_what_to_write() {
    assert!(fault("[study]\ntitle = \"t\"\n").contains("write period ="));
    assert!(fault(HEAD).contains("no input; give at least one of"));
}

const TIME_TO: &str = "[inputs]\napc = [\"apc.csv\"]\n[[time_to]]\nname = \"first\"\nanchor = \"discharge\"\n\
                       events = [\"readmission\", \"death\"]\n";

/// A study with these tables beside a file of hospital records.
fn with_stays(tables: &str) -> Result<StudyFile, StudyError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("apc.csv"), "Pseudo_NHS_Number\n").unwrap();
    StudyFile::parse(&folder.path().join("study.toml"), &format!("{HEAD}{tables}"))
}

#[test]
fn tables_of_times_are_read_with_their_defaults() {
    let study = with_stays(TIME_TO).unwrap();
    let [times] = &study.measures.time_to[..] else { panic!("one table") };
    assert_eq!((&*times.name, times.horizon_days, times.outside_care_home), ("first", 365, true));
    assert_eq!(times.horizons, [7, 28, 30, 84, 90, 180, 365]);
    assert_eq!(times.index, time_to::Index::First);
}

#[test]
fn tables_of_times_that_cannot_be_are_named_with_their_line() {
    let fault = |tables: &str| match with_stays(tables) {
        Ok(_) => panic!("the study should not be accepted"),
        Err(error) => error.to_string(),
    };
    let text = fault(&TIME_TO.replace("\"death\"", "\"deth\""));
    assert!(text.contains("line 8") && text.contains("\"deth\" is no event"), "{text}");
    let text = fault(&TIME_TO.replace("\"discharge\"", "\"discharged\""));
    assert!(text.contains("line 7") && text.contains("is no anchor"), "{text}");
    let text = fault(&format!("{TIME_TO}horizon = 3\n"));
    assert!(text.contains("line 9") && text.contains("did you mean `horizon"), "{text}");
    let text = fault(&TIME_TO.replace("\"death\"", "\"care_home\""));
    assert!(text.contains("line 5") && text.contains("needs social care records"), "{text}");
    let text = fault(&TIME_TO.replace("\"first\"", "\"readmission\""));
    assert!(text.contains("is that of a measure"), "{text}");
    let second = TIME_TO.lines().skip(2).collect::<Vec<_>>().join("\n");
    let text = fault(&format!("{TIME_TO}{second}\n"));
    assert!(text.contains("two tables have name"), "{text}");
    let text = fault(&format!("{TIME_TO}by = [\"region\"]\n"));
    assert!(text.contains("is no breakdown of curves"), "{text}");
    let text = fault("[inputs]\napc = [\"apc.csv\"]\n[measures]\ntime_to = []\n");
    assert!(text.contains("line 6") && text.contains("time_to"), "{text}");
}

#[test]
fn activities_are_names_only_where_there_are_logs_beside_other_records() {
    let fault = |tables: &str| match with_stays(tables) {
        Ok(_) => panic!("the study should not be accepted"),
        Err(error) => error.to_string(),
    };
    let text = fault(&format!("{TIME_TO}[graph]\nanchors = [\n  \"discharge\",\n  \"Seen\",\n]\n"));
    assert!(text.contains("line 12: \"Seen\" is no anchor"), "{text}");
    let text = fault(&format!("{TIME_TO}[timeline]\nevent_states = {{ Seen = \"ST_BED\" }}\n"));
    assert!(text.contains("line 10: event_states needs event logs beside other records"), "{text}");
    let text = fault(&format!("{TIME_TO}[timeline]\nevent_states = {{ Seen = \"STBED\" }}\n"));
    assert!(text.contains("line 10: unknown state `STBED`"), "{text}");
    assert!(text.ends_with("did you mean `ST_BED`?"), "{text}");

    // with a log the names are looked for once it is read
    let log = "[[inputs.events]]\nname = \"log\"\npath = \"apc.csv\"\n";
    let tables = TIME_TO.replace("\"death\"", "\"Seen\"");
    let study = with_stays(&format!("{tables}{log}[graph]\nanchors = [\"Seen\"]\n")).unwrap();
    let [times] = &study.measures.time_to[..] else { panic!("one table") };
    assert_eq!(times.unknown().map(|(key, name, _)| (key, name)), Some(("events", "Seen")));
    assert!(study.graph.anchors[0].unknown().is_some());

    // look-ups are no records: the log is alone
    let alone = TIME_TO.replace("apc =", "areas =").replace("[\"apc.csv\"]", "\"apc.csv\"");
    let study = with_stays(&format!("{alone}{log}")).unwrap();
    assert_eq!((study.measures.time_to.len(), study.log_times.len()), (0, 1));
}
