//! `throughcare methods`: the method cards, which are the pages of `docs/methods`.

use super::WrongUsage;
use crate::args::Methods;
use std::io::Write;
use throughcare_engine::study_file::error::nearest;

macro_rules! cards {
    ($($(#[$doc:meta])* $list:ident: $($name:literal,)*;)*) => {
        $($(#[$doc])*
        const $list: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../docs/methods/", $name, ".md"))),)*];)*
    };
}

cards! {
    /// Measure and card, in the order of the measures; then the table `[[time_to]]`.
    CARDS:
    "activity",
    "lts_snapshot",
    "reviews",
    "costs",
    "ascof_2a",
    "ascof_2b",
    "ascof_2c",
    "ascof_2d",
    "ascof_2e",
    "ascof_3d",
    "waiting_times",
    "carers",
    "intensity",
    "care_market",
    "salt_sts001",
    "salt_sts002a",
    "salt_sts002b",
    "salt_lts001a",
    "salt_lts001b",
    "salt_lts001c",
    "salt_lts003",
    "salt_lts004",
    "los",
    "usual_residence",
    "discharge_delay",
    "first_contact",
    "discharge_pathway",
    "new_care",
    "readmission",
    "admission_rate",
    "ae_rate",
    "bed_days",
    "linkage",
    "time_to",
    ;
    /// What several measures share.
    SHARED:
    "clinical",
    "acsc",
    "nhse-2324",
    "salt",
    "quality",
    "rules",
    ;
}

/// Prints a card, or what cards there are.
pub fn run(arguments: &Methods) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let Some(wanted) = &arguments.measure else {
        for (name, card) in CARDS {
            writeln!(out, "{name:18}{}", question(card))?;
        }
        writeln!(out, "\nWhat several measures share:")?;
        for (name, card) in SHARED {
            writeln!(out, "{name:18}{}", question(card))?;
        }
        writeln!(out, "\nthroughcare methods MEASURE prints the method of one.")?;
        return Ok(());
    };
    let all = CARDS.iter().chain(SHARED);
    if let Some((_, card)) = all.clone().find(|(name, _)| name == wanted) {
        out.write_all(card.as_bytes())?;
        return Ok(());
    }
    let names = all.map(|(name, _)| *name);
    let hint = nearest(wanted, names.clone())
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    let known = names.collect::<Vec<_>>().join(", ");
    Err(WrongUsage(format!("there is no measure {wanted}{hint} (there are: {known})")).into())
}

/// The question that a card answers: the first paragraph of text.
fn question(card: &str) -> String {
    let text = card.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    text.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_card_with_its_question_steps_and_source() {
        let names: Vec<&str> = CARDS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, [throughcare_engine::measures::NAMES, &["time_to"]].concat());
        for (name, card) in CARDS {
            assert!(card.starts_with("# ") && question(card).len() > 20, "{name}");
            for part in ["## Steps", "## Worked example", "## Source"] {
                assert!(card.contains(part), "{name} has no {part}");
            }
        }
    }

    #[test]
    fn every_page_of_the_methods_is_listed() {
        let mut listed: Vec<String> =
            CARDS.iter().chain(SHARED).map(|(name, _)| format!("{name}.md")).collect();
        listed.sort();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/methods");
        let files = std::fs::read_dir(folder).expect("the folder of methods");
        let name = |file: std::io::Result<std::fs::DirEntry>| {
            file.expect("a file").file_name().to_string_lossy().into_owned()
        };
        let mut files: Vec<String> = files.map(name).collect();
        files.sort();
        assert_eq!(listed, files);
        for (name, card) in SHARED {
            assert!(card.starts_with("# ") && question(card).len() > 20, "{name}");
        }
    }
}
