use super::*;
use proptest::prelude::*;

/// The conditions of an admission with these diagnoses, the primary first, and operations.
fn conditions(rules: &Rules, diagnoses: &[&str], operations: &[&str]) -> Vec<&'static str> {
    let means = |code: &&str| rules.diagnosis(code);
    let primary = diagnoses.first().map(means).unwrap_or_default();
    let all = diagnoses.iter().map(means).fold(Diagnosis::default(), Diagnosis::and);
    let ruled_out = operations.iter().fold(0, |out, code| out | rules.operation(code));
    rules.conditions(rules.met(primary, all, ruled_out)).map(|condition| condition.name).collect()
}

fn acsc(diagnoses: &[&str], operations: &[&str]) -> Vec<&'static str> {
    conditions(&Rules::acsc(), diagnoses, operations)
}

const ULCER: &str = "perforated or bleeding ulcer";
const LUNGS: &str = "chronic obstructive pulmonary disease";
const HEART: &str = "heart failure and hypertension";
const DIABETES: &str = "diabetes complications";
const PNEUMONIA: &str = "influenza and pneumonia";

#[test]
fn m18_every_line_of_the_data_files_is_understood() {
    for (file, count) in [(ACSC, 19), (FALLS, 1)] {
        assert_eq!(lines(file).count(), count);
        for fields in lines(file) {
            assert_eq!(fields.len(), 7, "{fields:?}");
            assert!(fields[2..5].iter().any(|list| !list.is_empty()), "{fields:?}");
        }
    }
    let all: Vec<Condition> = Rules::acsc().all_conditions().collect();
    let groups = ["acute", "chronic", "vaccine"];
    let counts = groups.map(|group| all.iter().filter(|one| one.group == group).count());
    assert_eq!(counts, [9, 7, 2]);
    assert_eq!(groups.map(|group| Rules::acsc().needs_operations(group)), [true, true, false]);
}

#[test]
fn m18_the_primary_diagnosis_decides_where_the_list_says_so() {
    for (diagnoses, wanted) in [
        (&["L03"][..], &["cellulitis"][..]),
        (&["L0311"], &["cellulitis"]),
        (&["L980"], &["cellulitis"]),
        (&["L981"], &[]),
        (&["I10", "L03"], &[HEART]),
        (&["G409"], &["convulsions and epilepsy"]),
        (&["E86"], &["dehydration and gastroenteritis"]),
        (&["K099"], &["dental"]),
        (&["K07"], &[]),
        (&["J312"], &["ear nose and throat"]),
        (&["N730"], &["pelvic inflammatory disease"]),
        (&["N390"], &[]),
        (&["N12"], &["pyelonephritis and kidney or urinary infection"]),
        (&["J459"], &["asthma"]),
        (&["D509"], &["iron-deficiency anaemia"]),
        (&["E43"], &["nutritional deficiency"]),
        (&["E44"], &[]),
        (&["A80"], &["other vaccine-preventable"]),
        (&["R69"], &[]),
        (&[], &[]),
    ] {
        assert_eq!(acsc(diagnoses, &[]), wanted, "{diagnoses:?}");
    }
}

#[test]
fn m18_gangrene_diabetes_and_vaccines_count_in_any_position() {
    assert_eq!(acsc(&["S720", "R02"], &[]), ["gangrene"]);
    assert_eq!(acsc(&["S720", "E118"], &[]), [DIABETES]);
    assert!(acsc(&["S720", "E119"], &[]).is_empty());
    assert_eq!(acsc(&["S720", "J181"], &[]), [PNEUMONIA]);
    assert_eq!(acsc(&["S720", "B05"], &[]), ["other vaccine-preventable"]);
}

#[test]
fn m18_sickle_cell_rules_pneumonia_out_in_any_position() {
    assert!(acsc(&["J13", "D570"], &[]).is_empty());
    assert!(acsc(&["D570", "J13"], &[]).is_empty());
    // and nothing else
    assert_eq!(acsc(&["J459", "J13", "D570"], &[]), ["asthma"]);
}

#[test]
fn m18_ulcers_count_by_their_fourth_character() {
    for stem in ["K25", "K26", "K27", "K28"] {
        for fourth in 0..=9 {
            let code = format!("{stem}{fourth}");
            let wanted: &[&str] = if [0, 1, 2, 4, 5, 6].contains(&fourth) { &[ULCER] } else { &[] };
            assert_eq!(acsc(&[&code], &[]), wanted, "{code}");
        }
        assert!(acsc(&[stem], &[]).is_empty(), "no fourth character");
    }
}

#[test]
fn m18_bronchitis_needs_a_chronic_lung_disease_beside_it() {
    assert_eq!(acsc(&["J440"], &[]), [LUNGS]);
    assert_eq!(acsc(&["J209", "J440"], &[]), [LUNGS]);
    assert!(acsc(&["J209"], &[]).is_empty());
    assert!(acsc(&["J209", "J459"], &[]).is_empty());
    assert!(acsc(&["S720", "J440"], &[]).is_empty());
}

#[test]
fn m18_operations_rule_out_cellulitis_angina_and_heart_failure() {
    // any operation at all
    assert_eq!(acsc(&["I209"], &[]), ["angina"]);
    assert!(acsc(&["I209"], &["Z941"]).is_empty());
    for (operation, rules_out) in [
        ("A011", true),
        ("H991", true),
        ("J011", true),
        ("R991", true),
        ("T011", true),
        ("V011", true),
        ("W371", true),
        ("I011", false),
        ("S101", true),
        ("S399", true),
        ("S411", true),
        ("S451", true),
        ("S461", false),
        ("S471", false),
        ("S481", true),
        ("S491", true),
        ("U011", false),
        ("X011", true),
        ("X031", false),
        ("X051", true),
        ("Y011", false),
        ("Z941", false),
    ] {
        assert_eq!(acsc(&["L03"], &[operation]).is_empty(), rules_out, "{operation}");
    }
    for (operation, rules_out) in [
        ("K011", true),
        ("K491", true),
        ("K501", true),
        ("K511", false),
        ("K521", true),
        ("K531", false),
        ("K551", true),
        ("K571", true),
        ("K581", false),
        ("K611", true),
        ("K621", false),
        ("K661", true),
        ("K691", true),
        ("K701", false),
        ("K711", true),
        ("L011", false),
    ] {
        assert_eq!(acsc(&["I500"], &[operation]).is_empty(), rules_out, "{operation}");
    }
    // the other conditions take no notice of operations
    assert_eq!(acsc(&["J440"], &["K011", "A011", "Z941"]), [LUNGS]);
}

#[test]
fn m18_conditions_come_in_the_order_of_the_list() {
    assert_eq!(acsc(&["L03", "E112", "R02"], &[]), ["cellulitis", "gangrene", DIABETES]);
    // an operation on the skin leaves the next one
    assert_eq!(acsc(&["L03", "E112", "R02"], &["S101"]), ["gangrene", DIABETES]);
    assert_eq!(acsc(&["J440", "J440", "J13"], &[]), [LUNGS, PNEUMONIA]);
}

#[test]
fn m13_a_fall_is_a_cause_with_an_injury_as_primary() {
    let falls = |codes: &[&str]| !conditions(&Rules::falls(), codes, &["W371"]).is_empty();
    assert!(falls(&["S720", "W19"]) && falls(&["T981", "I10", "W001"]));
    assert!(!falls(&["S720"]) && !falls(&["W19", "S720"]) && !falls(&["F059", "W190"]));
    assert!(!falls(&["R296", "W19"]) && !falls(&["S720", "W20"]) && !falls(&["U10", "W19"]));
}

/// The list as the handbook reads, with prefixes spelt out.
fn as_the_list_reads(diagnoses: &[String], operations: &[String]) -> Vec<&'static str> {
    let starts = |code: &String, list: &[&str]| list.iter().any(|prefix| code.starts_with(prefix));
    let primary = |list: &[&str]| diagnoses.first().is_some_and(|code| starts(code, list));
    let any = |list: &[&str]| diagnoses.iter().any(|code| starts(code, list));
    let secondary = |list: &[&str]| diagnoses.iter().skip(1).any(|code| starts(code, list));
    let operated = |list: &[&str]| operations.iter().any(|code| starts(code, list));
    let skin = [
        "A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "T",
        "V", "W", "S1", "S2", "S3", "S41", "S42", "S43", "S44", "S45", "S48", "S49", "X01", "X02",
        "X04", "X05",
    ];
    let heart = [
        "K0", "K1", "K2", "K3", "K4", "K50", "K52", "K55", "K56", "K57", "K60", "K61", "K66",
        "K67", "K68", "K69", "K71",
    ];
    let complicated = |code: &String| {
        ["E10", "E11", "E12", "E13", "E14"].iter().any(|stem| code.starts_with(stem))
            && code.as_bytes().get(3).is_some_and(|fourth| (b'0'..=b'8').contains(fourth))
    };
    let chronic_lung = ["J41", "J42", "J43", "J44", "J47"];
    let pneumonia =
        ["J10", "J11", "J13", "J14", "J153", "J154", "J157", "J159", "J168", "J181", "J188"];
    [
        (
            "cellulitis",
            primary(&["L03", "L04", "L080", "L088", "L089", "L88", "L980"]) && !operated(&skin),
        ),
        ("gangrene", any(&["R02"])),
        ("angina", primary(&["I20", "I240", "I248", "I249"]) && operations.is_empty()),
        ("asthma", primary(&["J45", "J46"])),
        (HEART, primary(&["I110", "I50", "I10", "I119", "J81"]) && !operated(&heart)),
        (LUNGS, primary(&chronic_lung) || (primary(&["J20"]) && secondary(&chronic_lung))),
        (DIABETES, diagnoses.iter().any(complicated)),
        (PNEUMONIA, any(&pneumonia) && !any(&["D57"])),
    ]
    .into_iter()
    .filter(|(_, met)| *met)
    .map(|(name, _)| name)
    .collect()
}

proptest! {
    #[test]
    fn m18_conditions_are_those_of_the_list_read_slowly(
        diagnoses in prop::collection::vec(
            "L0[34]|L08[0-9]|L88|R02|I20|I24[0-9]|I1[01][019]|I50|J81|J4[1-7]|J20|E1[0-5][0-9]|J1[0-8][0-9]|J18[18]|D57|S720",
            0..6,
        ),
        operations in prop::collection::vec("[A-Z][0-9]{3}|K[0-7][0-9]1|S[0-6][0-9]1|X0[0-9]1", 0..3),
    ) {
        let wanted = as_the_list_reads(&diagnoses, &operations);
        let (diagnoses, operations): (Vec<&str>, Vec<&str>) = (
            diagnoses.iter().map(String::as_str).collect(),
            operations.iter().map(String::as_str).collect(),
        );
        prop_assert_eq!(acsc(&diagnoses, &operations), wanted);
    }
}
