//! Why a person's latest details are what they are.

/// Why a value of [`PersonDetails`](super::PersonDetails) is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Why {
    /// No row has a value.
    #[default]
    NoValue,
    /// One row comes first, or those tied for first place agree.
    Latest,
    /// The rows tied for first place disagree, so the value is unknown.
    Tie,
    /// Derived from services, for no status is known or its rows disagree (P-23).
    Services,
    /// Yes, for a carer names the person (P-26).
    CarerLink,
}

impl Why {
    /// The word in tables.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoValue => "no_value",
            Self::Latest => "latest",
            Self::Tie => "tie",
            Self::Services => "services",
            Self::CarerLink => "carer_link",
        }
    }
}

/// The reason of one value and the row that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Reason {
    /// Why.
    pub why: Why,
    /// Record id of the row that came first: of tied rows the one with the smallest id. None where no
    /// row has a value, where rows disagree, and for a carer's word.
    pub record_id: Option<u64>,
}

/// The reasons of [`PersonDetails`](super::PersonDetails), field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are those of PersonDetails")]
pub struct Reasons {
    pub local_id: Reason,
    pub gender: Reason,
    pub ethnicity: Reason,
    pub employment: Reason,
    pub primary_support_reason: Reason,
    pub funding: Reason,
    pub accommodation: Reason,
    /// Of the accommodation status by the generic rule alone, before services were asked.
    pub accommodation_stated: Reason,
    pub birth: Reason,
    pub death: Reason,
    pub has_carer: Reason,
}
