//! Cleaning of coded fields: raw text to Release 2 label (P-10, `cld-fields.md` section 3).
//!
//! Built once, when reading is over. From then on a row's [`Raw`] numbers lead to cleaned values by
//! one memory read each.

use crate::cld::event::ReviewType;
use crate::cld::lists::{self, Entry, List};
use crate::cld::settings::Edition;
use crate::codes::cld::{
    AssessmentType, ClientType, Component, EventType, Field, Gender, Mechanism, Outcome, Raw,
    RawValues, ServiceType,
};
pub use crate::lookup::ExtraValue;
use hashbrown::HashMap;

/// A cleaned value of a field: the position of its label in the field's list, from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Cleaned(pub u8);

impl Cleaned {
    /// Null, or a raw text that no list maps.
    pub const NONE: Self = Self(0);
    /// `Invalid and not mapped`.
    pub const INVALID: Self = Self(u8::MAX);

    /// Whether there is no cleaned value.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    fn label_of<T: Copy + Default>(self, all: &[T], invalid: T) -> T {
        match self {
            Self::NONE => T::default(),
            Self::INVALID => invalid,
            Self(n) => all.get(usize::from(n) - 1).copied().unwrap_or_default(),
        }
    }
}

/// How a raw text stands against the list of its field. Capitals count here, as in the
/// department's data quality checks, though not in cleaning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// Null or empty.
    #[default]
    Blank,
    /// Exactly a label of Release 2, or of both releases.
    Release2,
    /// Exactly a label of Release 1 only.
    Release1,
    /// Another spelling of a label.
    Variant,
    /// Known but ambiguous.
    Invalid,
    /// In no list.
    Unmapped,
    /// The text `NULL`, which edition B takes for null.
    NullText,
}

/// The meaning of every raw text that was read.
#[derive(Debug)]
pub struct Cleaning {
    fields: Vec<FieldCleaning>,
}

#[derive(Debug)]
struct FieldCleaning {
    list: List,
    /// By raw number, 0 being null.
    values: Vec<Value>,
}

#[derive(Clone, Debug, Default)]
struct Value {
    text: Box<str>,
    cleaned: Cleaned,
    fold: u16,
    standing: Standing,
    /// Of an event type: the type by the word it contains (edition A).
    contains: EventType,
    /// Of a review reason: the type of review.
    review: ReviewType,
}

impl Cleaning {
    /// The meaning of all texts read so far, by the built-in lists and the user's additions.
    ///
    /// # Errors
    ///
    /// An addition with an unknown field, an unknown label of a complete list, the text `NULL`, or
    /// two labels for one text.
    pub fn new(raw: &RawValues, extra: &[ExtraValue]) -> Result<Self, String> {
        let mut additions: Vec<Vec<Entry>> = vec![Vec::new(); Field::COUNT];
        let mut lists = lists::built_in()?;
        for value in extra {
            let field = field_named(&value.field)?;
            let cleaned = lists[field as usize].add_label(field, value.cleaned.as_deref())?;
            if fold(&value.raw) == "null" || value.raw.trim().is_empty() {
                return Err(format!("{}: an empty text or NULL cannot be mapped", field.name()));
            }
            additions[field as usize].push(Entry {
                raw: value.raw.trim().into(),
                cleaned,
                release: 0,
            });
        }
        let fields = Field::ALL
            .into_iter()
            .zip(lists)
            .zip(additions)
            .map(|((field, list), extra)| FieldCleaning::new(field, list, &extra, raw.texts(field)))
            .collect::<Result<_, _>>()?;
        Ok(Self { fields })
    }

    #[inline]
    fn value(&self, field: Field, raw: Raw) -> Option<&Value> {
        self.fields[field as usize].values.get(usize::from(raw.0))
    }

    /// The cleaned value of a raw text.
    #[must_use]
    #[inline]
    pub fn cleaned(&self, field: Field, raw: Raw) -> Cleaned {
        self.value(field, raw).map_or(Cleaned::NONE, |value| value.cleaned)
    }

    /// The Release 2 label of a cleaned value; empty for none.
    #[must_use]
    pub fn label(&self, field: Field, cleaned: Cleaned) -> &str {
        self.fields[field as usize].list.label(cleaned)
    }

    /// The Release 2 label of a raw text; empty for none.
    #[must_use]
    pub fn cleaned_label(&self, field: Field, raw: Raw) -> &str {
        self.label(field, self.cleaned(field, raw))
    }

    /// The cleaned value with a label, compared as C1.
    #[must_use]
    pub fn find(&self, field: Field, label: &str) -> Option<Cleaned> {
        self.fields[field as usize].list.find(label)
    }

    /// The labels of a field in list order.
    pub fn labels(&self, field: Field) -> impl Iterator<Item = (Cleaned, &str)> {
        self.fields[field as usize].list.labels()
    }

    /// Whether the Release 2 list of a field is fully known, so that a text that is not in it is no
    /// value of the field.
    #[must_use]
    pub const fn has_whole_list(field: Field) -> bool {
        !lists::is_incomplete(field)
    }

    /// The raw texts of a field that were read, with their numbers.
    pub fn texts(&self, field: Field) -> impl Iterator<Item = (Raw, &str)> {
        let values = self.fields[field as usize].values.iter().zip(0u16..);
        values.skip(1).map(|(value, number)| (Raw(number), &*value.text))
    }

    /// A further column of a field's list for a cleaned value: `group` (outcome, ethnicity, service
    /// type, settled accommodation and employed as 1 or 0), `rank`, `salt_group`, `short_name`; empty
    /// where the list has none.
    #[must_use]
    pub fn attribute(&self, field: Field, cleaned: Cleaned, column: &str) -> &str {
        self.fields[field as usize].list.attribute(cleaned, column)
    }

    /// The raw text; empty for null.
    #[must_use]
    pub fn text(&self, field: Field, raw: Raw) -> &str {
        self.value(field, raw).map_or("", |value| &value.text)
    }

    /// A number that is equal for texts that are equal by C1 (letter case and trailing blanks
    /// ignored) and grows in the order of the folded texts; 0 for null. It depends on the texts that
    /// were read, not on their order.
    #[must_use]
    #[inline]
    pub fn fold(&self, field: Field, raw: Raw) -> u16 {
        self.value(field, raw).map_or(u16::MAX, |value| value.fold)
    }

    /// How a raw text stands against the list of its field.
    #[must_use]
    pub fn standing(&self, field: Field, raw: Raw) -> Standing {
        self.value(field, raw).map_or(Standing::Unmapped, |value| value.standing)
    }

    /// Raw texts without a meaning, field by field in the order of the texts, so that the lists can
    /// be extended. The text `NULL` is among them in edition A only.
    pub fn unmapped(&self, edition: Edition) -> Vec<(Field, Raw, &str)> {
        let mut found = Vec::new();
        for (field, values) in Field::ALL.into_iter().zip(&self.fields) {
            let from = found.len();
            for (n, value) in values.values.iter().enumerate() {
                let wanted = match value.standing {
                    Standing::Unmapped => true,
                    Standing::NullText => edition == Edition::A,
                    _ => false,
                };
                if wanted {
                    found.push((field, Raw(n as u16), &*value.text));
                }
            }
            found[from..].sort_unstable_by_key(|&(_, _, text)| text);
        }
        found
    }

    /// The event type. Edition A asks which word the raw text contains, so that `Services` is a
    /// service; edition B goes by the cleaned value.
    #[must_use]
    #[inline]
    pub fn event_type(&self, raw: Raw, edition: Edition) -> EventType {
        match edition {
            Edition::A => {
                self.value(Field::EventType, raw).map_or(EventType::None, |value| value.contains)
            }
            Edition::B => {
                self.cleaned(Field::EventType, raw).label_of(EventType::ALL, EventType::Invalid)
            }
        }
    }

    /// Whether the raw event type contains `service`, the test of P-08 in both editions, or was mapped
    /// to it by the user.
    #[must_use]
    #[inline]
    pub fn is_service_text(&self, raw: Raw) -> bool {
        self.value(Field::EventType, raw).is_some_and(|value| value.contains == EventType::Service)
    }

    /// The type of review of a review with this reason (P-10).
    #[must_use]
    #[inline]
    pub fn review_type(&self, reason: Raw) -> ReviewType {
        self.value(Field::ReviewReason, reason).map_or(ReviewType::None, |value| value.review)
    }

    /// The cleaned client type.
    #[must_use]
    #[inline]
    pub fn client_type(&self, raw: Raw) -> ClientType {
        self.cleaned(Field::ClientType, raw).label_of(ClientType::ALL, ClientType::Invalid)
    }

    /// The cleaned service type.
    #[must_use]
    #[inline]
    pub fn service_type(&self, raw: Raw) -> ServiceType {
        self.cleaned(Field::ServiceType, raw).label_of(ServiceType::ALL, ServiceType::Invalid)
    }

    /// The cleaned service component.
    #[must_use]
    #[inline]
    pub fn component(&self, raw: Raw) -> Component {
        self.cleaned(Field::ServiceComponent, raw).label_of(Component::ALL, Component::Invalid)
    }

    /// The cleaned event outcome.
    #[must_use]
    #[inline]
    pub fn outcome(&self, raw: Raw) -> Outcome {
        self.cleaned(Field::EventOutcome, raw).label_of(Outcome::ALL, Outcome::Invalid)
    }

    /// The cleaned assessment type.
    #[must_use]
    #[inline]
    pub fn assessment_type(&self, raw: Raw) -> AssessmentType {
        self.cleaned(Field::AssessmentType, raw)
            .label_of(AssessmentType::ALL, AssessmentType::Invalid)
    }

    /// The cleaned delivery mechanism.
    #[must_use]
    #[inline]
    pub fn mechanism(&self, raw: Raw) -> Mechanism {
        self.cleaned(Field::DeliveryMechanism, raw).label_of(Mechanism::ALL, Mechanism::Invalid)
    }

    /// The cleaned gender.
    #[must_use]
    #[inline]
    pub fn gender(&self, raw: Raw) -> Gender {
        self.cleaned(Field::Gender, raw).label_of(Gender::ALL, Gender::Invalid)
    }
}

impl FieldCleaning {
    fn new(
        field: Field,
        list: List,
        extra: &[Entry],
        texts: Vec<Box<str>>,
    ) -> Result<Self, String> {
        let exact = exact_map(field, &list, extra)?;
        let loose = loose_map(list.entries().iter().chain(extra));
        let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
        let meanings: Vec<Option<Cleaned>> = folded
            .iter()
            .zip(&texts)
            .map(|(folded, text)| {
                let near = || loose.get(&squash(text)).copied().flatten();
                exact.get(folded).copied().or_else(near)
            })
            .collect();
        let mut values = vec![Value::default()];
        for ((text, folded), meaning) in texts.into_iter().zip(&folded).zip(meanings) {
            let cleaned = meaning.unwrap_or_default();
            let release = list.release_of(&text);
            let standing = match (meaning, release) {
                (None, _) if folded == "null" => Standing::NullText,
                (None, _) => Standing::Unmapped,
                (Some(Cleaned::INVALID), _) => Standing::Invalid,
                (_, 2) => Standing::Release2,
                (_, 1) => Standing::Release1,
                _ => Standing::Variant,
            };
            let is_added =
                |entry: &Entry| fold(&entry.raw) == *folded || squash(&entry.raw) == squash(&text);
            let is_meant = cleaned == Cleaned::INVALID || extra.iter().any(is_added);
            let meant = if is_meant { cleaned } else { Cleaned::NONE };
            let contains = event_type_by_word(folded, meant);
            let review = review_type_of(list.label(cleaned), meaning.is_some(), folded);
            values.push(Value { text, cleaned, fold: 0, standing, contains, review });
        }
        // fold numbers in text order, 0 being null
        let mut order: Vec<usize> = (0..folded.len()).collect();
        order.sort_unstable_by(|&a, &b| folded[a].cmp(&folded[b]));
        let mut number = 0u16;
        let mut previous: Option<usize> = None;
        for n in order {
            if previous.is_none_or(|p| folded[p] != folded[n]) {
                number = number.saturating_add(1);
            }
            values[n + 1].fold = number;
            previous = Some(n);
        }
        Ok(Self { list, values })
    }
}

/// Folded text to cleaned value; additions win over built-in entries.
fn exact_map(
    field: Field,
    list: &List,
    extra: &[Entry],
) -> Result<HashMap<String, Cleaned>, String> {
    let mut map = HashMap::new();
    map.insert(fold(lists::INVALID_LABEL), Cleaned::INVALID);
    for entry in list.entries() {
        map.insert(fold(&entry.raw), entry.cleaned);
    }
    let mut added: HashMap<String, Cleaned> = HashMap::new();
    for entry in extra {
        let before = added.insert(fold(&entry.raw), entry.cleaned);
        if before.is_some_and(|cleaned| cleaned != entry.cleaned) {
            return Err(format!("{}: \"{}\" is mapped to two labels", field.name(), entry.raw));
        }
    }
    map.extend(added);
    Ok(map)
}

/// Squashed text to cleaned value; `None` where entries with different values are alike, which asks
/// for an exact match.
fn loose_map<'a>(entries: impl Iterator<Item = &'a Entry>) -> HashMap<String, Option<Cleaned>> {
    let mut map: HashMap<String, Option<Cleaned>> = HashMap::new();
    for entry in entries {
        map.entry(squash(&entry.raw))
            .and_modify(|known| *known = known.filter(|&cleaned| cleaned == entry.cleaned))
            .or_insert(Some(entry.cleaned));
    }
    map.remove("");
    map
}

/// The text that C1 compares.
pub(crate) fn fold(text: &str) -> String {
    text.trim_end().to_lowercase()
}

/// The text that the normaliser of `cld-fields.md` section 3 compares.
fn squash(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|&c| !c.is_whitespace() && !".-–()_%,;/\\:!&".contains(c))
        .collect()
}

fn field_named(name: &str) -> Result<Field, String> {
    let plain = |text: &str| squash(text);
    Field::ALL.into_iter().find(|field| plain(field.name()) == plain(name)).ok_or_else(|| {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        format!("unknown field \"{name}\"; one of {}", names.join(", "))
    })
}

/// The event type by the word that a text contains, the test of edition A; for a text without any of
/// the words what the study maps it to. `Referral`, which edition B maps, is no request here.
fn event_type_by_word(folded: &str, meant: Cleaned) -> EventType {
    let words = [
        ("service", EventType::Service),
        ("request", EventType::Request),
        ("assessment", EventType::Assessment),
        ("review", EventType::Review),
    ];
    let by_word = words.iter().find(|(word, _)| folded.contains(word)).map(|&(_, kind)| kind);
    by_word.unwrap_or_else(|| meant.label_of(EventType::ALL, EventType::Invalid))
}

/// P-10. Most Release 2 reasons are known by their first word only, so an unmapped text is read by
/// its first word too.
fn review_type_of(label: &str, is_mapped: bool, folded: &str) -> ReviewType {
    let label = if is_mapped { fold(label) } else { folded.to_owned() };
    if label.starts_with("unplanned") {
        ReviewType::Unplanned
    } else if label.starts_with("planned") {
        ReviewType::Planned
    } else if label == "review of short term support" {
        ReviewType::ShortTerm
    } else if is_mapped {
        ReviewType::Unknown
    } else {
        ReviewType::None
    }
}

#[cfg(test)]
mod tests;
