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
