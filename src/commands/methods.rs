//! `throughcare methods`: the method cards, which are the pages of `docs/methods`.

use super::WrongUsage;
use crate::args::Methods;
use std::io::Write;
use throughcare_engine::study_file::error::nearest;

macro_rules! cards {
    ($($name:literal,)*) => {
        /// Measure and card, in the order of the measures; then the table `[[time_to]]`.
        const CARDS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../docs/methods/", $name, ".md"))),)*];
    };
}

cards! {
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
}

/// Prints a card, or what cards there are.
pub fn run(arguments: &Methods) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let Some(wanted) = &arguments.measure else {
        for (name, card) in CARDS {
            writeln!(out, "{name:18}{}", question(card))?;
        }
        writeln!(out, "\nthroughcare methods MEASURE prints the method of one.")?;
        return Ok(());
    };
    if let Some((_, card)) = CARDS.iter().find(|(name, _)| name == wanted) {
        out.write_all(card.as_bytes())?;
        return Ok(());
    }
    let names = CARDS.iter().map(|(name, _)| *name);
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
}
