//! Section 10.2, steps 1 and 2: the category of a carer's event, and its rank.

use super::Support;
use crate::study::Method;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, EventType, Mechanism, Outcome, ServiceType};

/// The rank of an event of an unpaid carer, and what it counts as; none when the event is of no kind
/// that the measure takes, or when no category names it.
///
/// As published, direct support without a component is in no category unless its mechanism is a
/// direct payment, because the code compares the missing text. As intended it goes by its mechanism.
pub(super) fn rank(
    event: &CareEvent,
    kind: EventType,
    mechanism: Mechanism,
    method: Method,
) -> Option<(u8, Support)> {
    let advice = event.outcome == Outcome::NfaInformation;
    let assessed = matches!(kind, EventType::Assessment | EventType::Review);
    match event.service_type {
        ServiceType::CarerDirect => {
            if Mechanism::DirectPayment == mechanism || event.component == Component::DirectPayment
            {
                return Some((1, Support::DirectPayment));
            }
            if event.component == Component::None && method == Method::AsPublished {
                return None;
            }
            Some(match mechanism {
                Mechanism::ManagedBudget => (2, Support::ManagedBudget),
                Mechanism::Commissioned => (3, Support::Commissioned),
                _ => (4, Support::Unknown),
            })
        }
        ServiceType::CarerIndirect => Some((6, Support::Other)),
        ServiceType::None if assessed && !advice => Some((6, Support::Other)),
        ServiceType::None if assessed || (advice && kind == EventType::Request) => {
            Some((5, Support::Other))
        }
        _ => None,
    }
}
