use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SCHEMES: [CharlsonWeights; 3] =
    [CharlsonWeights::Original, CharlsonWeights::Quan2011, CharlsonWeights::Shmi];

fn charlson(weights: CharlsonWeights) -> Comorbidity {
    Comorbidity::charlson(weights, 4)
}

fn found(score: &Comorbidity, codes: &[&str]) -> u32 {
    codes.iter().fold(0, |found, code| found | score.classes(code))
}

fn keys(score: &Comorbidity, groups: u32) -> Vec<&'static str> {
    let groups = score.groups.iter().enumerate().filter(|(n, _)| groups >> n & 1 == 1);
    groups.map(|(_, group)| group.key).collect()
}

fn scores(codes: &[&str]) -> [i32; 3] {
    SCHEMES.map(|weights| {
        let score = charlson(weights);
        score.score(found(&score, codes))
    })
}

#[test]
fn m19_example_of_charlson() {
    let codes = ["I500", "E119", "E112", "C189", "C787"];
    assert_eq!(scores(&codes), [9, 9, 26]);
    for weights in SCHEMES {
        let score = charlson(weights);
        let groups = found(&score, &codes);
        assert_eq!(keys(&score, groups), ["chf", "diab", "diabwc", "canc", "metacanc"]);
        assert_eq!(keys(&score, score.counted(groups)), ["chf", "diabwc", "metacanc"]);
    }
}

#[test]
fn m19_every_line_of_the_data_files_is_understood() {
    for (file, width, groups) in [(CHARLSON, 8, 17), (ELIXHAUSER, 5, 31)] {
        assert_eq!(lines(file).count(), groups);
        for fields in lines(file) {
            assert_eq!(fields.len(), width, "{fields:?}");
        }
    }
    let totals = SCHEMES
        .map(|weights| charlson(weights).groups.iter().map(|group| group.weight).sum::<i32>());
    assert_eq!(totals, [33, 28, 129]);
    let elixhauser = Comorbidity::elixhauser();
    assert_eq!(elixhauser.groups.iter().map(|group| group.weight).sum::<i32>(), 70);
    let replaced = |score: &Comorbidity| -> Vec<(&str, &str)> {
        let with = score.groups.iter().filter(|group| group.replaces != 0);
        with.flat_map(|group| keys(score, group.replaces).into_iter().map(|key| (group.key, key)))
            .collect()
    };
    assert_eq!(
        replaced(&charlson(CharlsonWeights::Shmi)),
        [("diabwc", "diab"), ("msld", "mld"), ("metacanc", "canc")]
    );
    assert_eq!(
        replaced(&elixhauser),
        [("hypc", "hypunc"), ("diabc", "diabunc"), ("metacanc", "solidtum")]
    );
}

#[test]
fn m19_the_worse_form_replaces_the_milder() {
    // cirrhosis with varices, diabetes with renal complications, metastases of a tumour
    for (codes, original, quan) in [
        (&["K703", "I850"][..], 3, 4),
        (&["K703"], 1, 2),
        (&["I850"], 3, 4),
        (&["E119", "E112"], 2, 1),
        (&["E119"], 1, 0),
        (&["C189", "C787"], 6, 6),
        (&["C189"], 2, 2),
    ] {
        assert_eq!(scores(codes)[..2], [original, quan], "{codes:?}");
    }
    let elixhauser = Comorbidity::elixhauser();
    let counted = |codes: &[&str]| keys(&elixhauser, elixhauser.counted(found(&elixhauser, codes)));
    assert_eq!(counted(&["I10", "I119"]), ["hypc"]);
    assert_eq!(counted(&["E119", "E112"]), ["diabc"]);
    assert_eq!(counted(&["C189", "C787"]), ["metacanc"]);
    assert_eq!(counted(&["I10", "E119", "C189"]), ["hypunc", "diabunc", "solidtum"]);
    assert_eq!(elixhauser.score(found(&elixhauser, &["C189", "C787", "E669", "F329"])), 12 - 4 - 3);
}

#[test]
fn m19_negative_sums_are_zero_in_the_mortality_indicator_alone() {
    assert_eq!(scores(&["E112"]), [2, 1, 0]);
    let elixhauser = Comorbidity::elixhauser();
    assert_eq!(elixhauser.score(found(&elixhauser, &["E669", "F110"])), -11);
}

#[test]
fn m19_the_mortality_indicator_has_codes_of_its_own() {
    // I420 is heart failure by Quan alone, R02 vascular by the indicator alone, E120 no diabetes there
    assert_eq!(scores(&["I420"]), [1, 2, 0]);
    assert_eq!(scores(&["R02"]), [0, 0, 6]);
    assert_eq!(scores(&["E120"]), [1, 0, 0]);
    assert_eq!(scores(&["C44"]), [0, 0, 8]);
}

#[test]
fn m19_hiv_weighs_4_under_quan_2011_unless_set() {
    assert_eq!(scores(&["B20"]), [6, 4, 2]);
    let other = Comorbidity::charlson(CharlsonWeights::Quan2011, 2);
    assert_eq!(other.score(found(&other, &["B20"])), 2);
    let shmi = Comorbidity::charlson(CharlsonWeights::Shmi, 9);
    assert_eq!(shmi.score(found(&shmi, &["B20"])), 2);
}

#[test]
fn m19_age_points_are_one_a_decade_from_50() {
    let ages = [0, 39, 40, 49, 50, 59, 60, 79, 80, 104];
    assert_eq!(ages.map(age_points), [0, 0, 0, 0, 1, 1, 2, 3, 4, 4]);
}

/// A score as the handbook's table reads, line by line and code by code.
fn as_the_table_reads(file: &str, weight: usize, list: usize, codes: &[String]) -> i32 {
    let replaces = [
        ("msld", "mld"),
        ("diabwc", "diab"),
        ("metacanc", "canc"),
        ("hypc", "hypunc"),
        ("diabc", "diabunc"),
        ("metacanc", "solidtum"),
    ];
    let mut present = BTreeSet::new();
    for line in file.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        for entry in fields[list].split(' ') {
            let (low, high) = entry.split_once('-').unwrap_or((entry, entry));
            let stem = &low[..1];
            for number in low[1..].parse::<u32>().unwrap()..=high[1..].parse::<u32>().unwrap() {
                let prefix = format!("{stem}{number:0width$}", width = low.len() - 1);
                if codes.iter().any(|code| code.starts_with(&prefix)) {
                    present.insert((fields[0], fields[weight].parse::<i32>().unwrap()));
                }
            }
        }
    }
    let has = |key: &str| present.iter().any(|(other, _)| *other == key);
    let is_replaced =
        |key: &str| replaces.iter().any(|(worse, milder)| *milder == key && has(worse));
    present.iter().filter(|(key, _)| !is_replaced(key)).map(|(_, weight)| weight).sum()
}

/// Codes of the chapters that the lists draw on, and some others.
fn codes() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[A-IKM-PRTZ][0-9]{2}[0-9]?", 0..60)
}

proptest! {
    #[test]
    fn m19_scores_are_those_of_the_table_read_slowly(codes in codes()) {
        let texts: Vec<&str> = codes.iter().map(String::as_str).collect();
        let [original, quan, shmi] = scores(&texts);
        prop_assert_eq!(original, as_the_table_reads(CHARLSON, 2, 6, &codes));
        prop_assert_eq!(quan, as_the_table_reads(CHARLSON, 3, 6, &codes));
        prop_assert_eq!(shmi, as_the_table_reads(CHARLSON, 4, 7, &codes).max(0));
        let elixhauser = Comorbidity::elixhauser();
        let score = elixhauser.score(found(&elixhauser, &texts));
        prop_assert_eq!(score, as_the_table_reads(ELIXHAUSER, 2, 4, &codes));
    }
}
