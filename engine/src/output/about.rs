//! What a cover says of a run.

use throughcare_linkage::day::{Day, Period};

/// One source of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// What it is, in plain words, such as `Social care (Client Level Data)`.
    pub name: String,
    /// Files read.
    pub files: usize,
    /// Records read.
    pub rows: u64,
}

/// What covers and reports say of a run besides its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Title of the study.
    pub title: String,
    /// Who publishes it; empty when not given.
    pub publisher: String,
    /// Whom to ask; empty when not given.
    pub contact: String,
    /// The study's periods, both days included, in order.
    pub periods: Vec<Period>,
    /// Latest submission considered.
    pub as_of: Option<Day>,
    /// Sources, in the order of reading.
    pub sources: Vec<Source>,
    /// Warnings of the run.
    pub warnings: Vec<String>,
    /// Edition of the methods.
    pub method_edition: String,
    /// Version of the engine.
    pub engine_version: String,
    /// Remarks on the data of this run.
    pub quality_notes: Vec<String>,
}

impl About {
    /// The title, or a name for a run without one.
    #[must_use]
    pub fn heading(&self) -> &str {
        if self.title.is_empty() { "Hospital and social care journeys" } else { &self.title }
    }

    /// The periods in words: `1 April 2024 to 31 March 2025`.
    #[must_use]
    pub fn periods_in_words(&self) -> String {
        let periods: Vec<String> =
            self.periods.iter().map(|&period| period_in_words(period)).collect();
        if periods.is_empty() { "not stated".into() } else { periods.join("; ") }
    }
}

/// A day in words: `1 April 2024`.
pub(crate) fn day_in_words(day: Day) -> String {
    day.date().format("%-d %B %Y").to_string()
}

/// A period in words, both days included.
pub(crate) fn period_in_words(period: Period) -> String {
    format!("{} to {}", day_in_words(period.start), day_in_words(period.end))
}

/// The caveats that go with every output (disclosure-and-governance.md section 12).
pub(crate) const CAVEATS: [&str; 7] = [
    "Client Level Data start in April 2023. Counts of people who are new to care are too high in the \
     first year. Councils differ in how they record care that pauses during a hospital stay, and \
     in what they close and reopen at the end of a year.",
    "Linked results cover only people whose NHS number was traced or supplied.",
    "Hospital records are a snapshot of a system that changes daily. Late coding still changes the \
     diagnoses and specialties of recent stays.",
    "Discharge pathways and \u{201c}no known council support\u{201d} are worked out from the records; nobody \
     recorded them as such.",
    "Readmission depends on the range of days and on the rule that joins stays. It is not the \
     national indicator unless the profile nhsd30 and indirect standardisation were used.",
    "Same-day emergency care moved from admitted to emergency-care records at different times in \
     different trusts.",
    "Totals may not add up because each number is rounded by itself.",
];

/// Shorthand, in words.
pub(crate) const SHORTHAND: [(&str, &str); 4] = [
    (
        "[c]",
        "confidential: suppressed, since few people are behind it or it would reveal such a number",
    ),
    ("[x]", "not available: the data do not allow it, or too few events are behind it"),
    ("[z]", "not applicable, such as a percentage of nobody"),
    ("[low]", "rounds to zero but is not zero"),
];
