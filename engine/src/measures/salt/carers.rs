//! What support a carer had (sections 10.2 and 21).

use super::labels::{Label, client_type, component, event_type, mechanism, outcome, service_type};
use super::row::{Row, View};

/// Support of a carer, by rank: the smallest of a person counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Support {
    /// Direct payment.
    DirectPayment = 1,
    /// Managed personal budget.
    ManagedBudget = 2,
    /// Commissioned support.
    Commissioned = 3,
    /// Support with another or no delivery mechanism.
    UnknownMechanism = 4,
    /// Information, advice, signposting.
    Information = 5,
    /// None for the carer.
    None = 6,
}

impl Support {
    /// Every support, by rank.
    pub const ALL: [Self; 6] = [
        Self::DirectPayment,
        Self::ManagedBudget,
        Self::Commissioned,
        Self::UnknownMechanism,
        Self::Information,
        Self::None,
    ];

    /// The published label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::DirectPayment => "Direct Payment only",
            Self::ManagedBudget => "CASSR Managed Personal Budget",
            Self::Commissioned => "CASSR Commissioned Support only",
            Self::UnknownMechanism => "Support Direct to Carer: Unknown Delivery Mech",
            Self::Information => "Information, Advice and Other Universal Services / Signposting",
            Self::None => "No Direct Support Provided to Carer",
        }
    }

    /// The support that a row shows, if any.
    #[must_use]
    pub fn of(row: &Row) -> Option<Self> {
        match row.service_type {
            service_type::CARER_DIRECT => Some(match row.mechanism {
                mechanism::DIRECT_PAYMENT => Self::DirectPayment,
                mechanism::MANAGED_BUDGET => Self::ManagedBudget,
                mechanism::COMMISSIONED => Self::Commissioned,
                _ => Self::UnknownMechanism,
            }),
            service_type::CARER_INDIRECT => Some(Self::None),
            _ => match row.event_type {
                event_type::ASSESSMENT | event_type::REVIEW => {
                    let information = row.outcome == outcome::INFORMATION;
                    Some(if information { Self::Information } else { Self::None })
                }
                event_type::REQUEST => Some(Self::Information),
                _ => None,
            },
        }
    }

    /// The support that a row shows when the component counts too (section 10.2): a component of
    /// direct payment is one, and direct support without a component is none unless its mechanism is
    /// a direct payment.
    #[must_use]
    pub fn with_component(row: &Row) -> Option<Self> {
        let support = Self::of(row)?;
        if row.service_type != service_type::CARER_DIRECT || support == Self::DirectPayment {
            return Some(support);
        }
        match row.component {
            component::DIRECT_PAYMENT => Some(Self::DirectPayment),
            Label::NULL => None,
            _ => Some(support),
        }
    }
}

/// Whether the row is of a carer.
#[must_use]
pub fn is_carer(view: View<'_>) -> bool {
    let client = view.labels.client_type.of(view.row.client_type);
    matches!(client, client_type::CARER | client_type::CARER_BY_ASSOCIATION)
}

/// Section 10.2 step 1: a service of a carer; or no service type, and an assessment, a review, or the
/// outcome information and advice.
#[must_use]
pub fn shows_support(view: View<'_>) -> bool {
    match view.service_type() {
        service_type::CARER_DIRECT | service_type::CARER_INDIRECT => true,
        Label::NULL => {
            matches!(view.event_type(), event_type::ASSESSMENT | event_type::REVIEW)
                || view.labels.outcome.of(view.row.outcome) == outcome::INFORMATION
        }
        _ => false,
    }
}
