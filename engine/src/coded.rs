//! What the raw texts of some coded fields mean, for measures that break down by them or compute
//! with them.

use throughcare_linkage::cld::cleaning::{Cleaned, Cleaning};
use throughcare_linkage::codes::cld::{Field, Raw, RawValues};

/// A value of a coded field, in the order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coded {
    /// A label, by its position in the list of the field.
    Label(u8),
    /// Known but ambiguous.
    Invalid,
    /// A text that no list maps: null after cleaning, though something was recorded.
    Unlisted,
    /// Null or empty.
    Blank,
}

/// The values of one field by raw number, and its labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodedField {
    by_raw: Vec<Coded>,
    labels: Vec<Box<str>>,
}

impl CodedField {
    /// The values of the raw texts that were read, by the lists of a run.
    #[must_use]
    pub fn new(field: Field, raw: &RawValues, cleaning: &Cleaning) -> Self {
        let texts = raw.texts(field).len();
        let value = |number| match cleaning.cleaned(field, Raw(number)) {
            Cleaned::NONE => Coded::Unlisted,
            Cleaned::INVALID => Coded::Invalid,
            Cleaned(position) => Coded::Label(position),
        };
        let by_raw = std::iter::once(Coded::Blank).chain((1..=u16::MAX).take(texts).map(value));
        let labels = cleaning.labels(field).map(|(_, label)| label.into());
        Self { by_raw: by_raw.collect(), labels: labels.collect() }
    }

    /// The value of a raw text.
    #[must_use]
    #[inline]
    pub fn value(&self, raw: Raw) -> Coded {
        let unread = if raw.is_none() { Coded::Blank } else { Coded::Unlisted };
        self.by_raw.get(usize::from(raw.0)).copied().unwrap_or(unread)
    }

    /// The value in words.
    #[must_use]
    pub fn label(&self, value: Coded) -> &str {
        match value {
            Coded::Label(position) => {
                let label = usize::from(position).checked_sub(1).and_then(|n| self.labels.get(n));
                label.map_or("", |label| label)
            }
            Coded::Invalid => "Invalid and not mapped",
            Coded::Unlisted => "Not in the code list",
            Coded::Blank => "Not recorded",
        }
    }
}

/// The fields that measures ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodedFields {
    /// Route of access of a request (`cld-fields.md` 4.12).
    pub route: CodedField,
    /// Reason of a review (4.20).
    pub review_reason: CodedField,
    /// Outcomes achieved of a review (4.21).
    pub review_outcomes: CodedField,
    /// Cost frequency of a service (4.22).
    pub cost_frequency: CodedField,
}

impl CodedFields {
    /// The values of the raw texts that were read, by the lists of a run.
    #[must_use]
    pub fn new(raw: &RawValues, cleaning: &Cleaning) -> Self {
        let field = |field| CodedField::new(field, raw, cleaning);
        Self {
            route: field(Field::RequestRouteOfAccess),
            review_reason: field(Field::ReviewReason),
            review_outcomes: field(Field::ReviewOutcomesAchieved),
            cost_frequency: field(Field::CostFrequency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p10_labels_invalid_unlisted_and_blank_texts_stay_apart() {
        let raw = RawValues::default();
        let texts = ["weekly ", "Per fortnight", "Invalid and not mapped", ""];
        let numbers = texts.map(|text| raw.intern(Field::CostFrequency, text));
        let field = CodedField::new(Field::CostFrequency, &raw, &Cleaning::new(&raw, &[]).unwrap());
        let words = numbers.map(|number| field.label(field.value(number)).to_owned());
        let wanted = ["Weekly", "Not in the code list", "Invalid and not mapped", "Not recorded"];
        assert_eq!(words, wanted);
        assert_eq!(CodedField::default().value(Raw(3)), Coded::Unlisted);
    }
}
