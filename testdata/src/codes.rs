//! Diagnoses and operations of a hospital stay: what it was for, what the person lives with, and what
//! else was found. Decided by the salts of person and stay, so that a chronic condition comes back in
//! every stay and nothing else of a journey depends on it.

use crate::draw::Noise;
use crate::journey::Stay;
use crate::person::Person;
use crate::rates::{Diagnoses, Likely};

/// Questions of the noise of a person and of a stay: one a line of the lists.
const QUESTION: u64 = 1_000;

/// Writes the diagnoses of a stay as `Der_Diagnosis_All` has them: `||J189 ,I10X ,N179`.
pub fn push_diagnoses(rates: &Diagnoses, person: &Person, stay: &Stay, text: &mut String) {
    text.push_str("||");
    text.push_str(stay.diagnosis);
    let mut add = |code: &str| {
        if !text.contains(code) {
            text.push_str(" ,");
            text.push_str(code);
        }
    };
    stay.other_diagnosis.into_iter().for_each(&mut add);
    let is_birth = stay.episode_type == "3" || stay.specialty == "424";
    if is_birth || matches!(stay.method, "31" | "32") {
        return;
    }
    if person.dementia {
        // Alzheimer's disease is coded twice, as the disease and as the dementia in it
        let codes: &[&str] = if person.salt & 1 == 0 { &["F009", "G309"] } else { &["F03X"] };
        codes.iter().copied().for_each(&mut add);
    }
    let age = person.age(stay.admission);
    let mut likely = |list: &[Likely], noise: Noise| {
        for (Likely(code, from, chances), question) in list.iter().zip(QUESTION..) {
            let chance = chances.get(person.frailty).copied().unwrap_or(0.0);
            if age >= *from && noise.chance(question, chance) {
                add(code);
            }
        }
    };
    likely(&rates.lasting, Noise(person.salt));
    if stay.method.starts_with('2') {
        likely(&rates.found, Noise(stay.salt));
    }
    if stay.diagnosis.starts_with('S') {
        add("W190");
    }
}

/// Writes the operations of a stay as `Der_Procedure_All` has them; nothing when there was none.
pub fn push_operations(stay: &Stay, text: &mut String) {
    let codes = match stay.diagnosis {
        "S720" => "||W461 ,Z761 ,Z942",
        "M169" => "||W371 ,Z761 ,Z942",
        "M170" => "||W401 ,Z844 ,Z942",
        "K409" => "||T202 ,Z942",
        "C189" => "||H062 ,Z286",
        "I251" => "||K401 ,Y731",
        "N812" => "||P231",
        "C61X" => "||M611",
        "H259" => "||C751 ,C712 ,Z942",
        "K210" => "||G459",
        "D125" | "K635" => "||H202 ,Z284",
        "C509" => "||B285 ,Z942",
        "M545" => "||A521 ,Z993",
        "Z511" => "||X722",
        "N185" => "||X403",
        "O800" | "O700" => "||R249",
        "I639" => "||U051 ,Y981",
        "S065" => "||A411 ,Y981",
        "L031" if Noise(stay.salt).chance(QUESTION - 1, 0.1) => "||S571",
        "I500" if Noise(stay.salt).chance(QUESTION - 1, 0.05) => "||K601",
        _ if Noise(stay.salt).chance(QUESTION - 1, 0.08) => "||U201",
        _ => "",
    };
    text.push_str(codes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rates::Rates;
    use throughcare_linkage::codes::clinical::{ClinicalCode, places};

    #[test]
    fn every_code_is_one() {
        let rates = Rates::load().unwrap().diagnoses;
        for Likely(code, ..) in rates.lasting.iter().chain(&rates.found) {
            let read = ClinicalCode::diagnosis(code).map(|code| code.text().to_owned());
            assert_eq!(read.as_deref(), Some(code.strip_suffix('X').unwrap_or(code)));
        }
    }

    #[test]
    fn diagnoses_of_a_text_are_distinct_and_begin_with_the_primary() {
        let rates = Rates::load().unwrap().diagnoses;
        let person = Person {
            pseudonym: String::new(),
            serial: 0,
            woman: true,
            birth: throughcare_linkage::day::Day(-14_000),
            ethnicity: 0,
            lsoa: 0,
            practice: 0,
            frailty: 3,
            reason: 0,
            dementia: true,
            has_carer: false,
            salt: 0,
        };
        let mut stay = Stay {
            provider: 0,
            admission: crate::person::FIRST_DAY,
            discharge: crate::person::FIRST_DAY,
            ready: None,
            method: "21",
            source: "19",
            destination: "19",
            discharge_method: "1",
            class: "1",
            specialty: "300",
            last_specialty: "300",
            episode_type: "1",
            diagnosis: "S720",
            other_diagnosis: Some("I10X"),
            episodes: 1,
            salt: 0,
        };
        for salt in 0..200 {
            stay.salt = salt;
            let mut text = String::new();
            push_diagnoses(&rates, &Person { salt, ..person.clone() }, &stay, &mut text);
            let codes: Vec<_> = places(&text).filter_map(ClinicalCode::diagnosis).collect();
            let distinct: std::collections::BTreeSet<_> = codes.iter().collect();
            assert_eq!(distinct.len(), codes.len(), "{text}");
            assert!(text.starts_with("||S720 ,I10X ,F0") && text.contains("W190"), "{text}");
            text.clear();
            push_operations(&stay, &mut text);
            let codes: Vec<_> = places(&text).filter_map(ClinicalCode::operation).collect();
            assert_eq!(codes.len(), 3, "{text}");
        }
        stay.method = "31";
        let mut text = String::new();
        push_diagnoses(&rates, &person, &stay, &mut text);
        assert_eq!(text, "||S720 ,I10X");
    }
}
