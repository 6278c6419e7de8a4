//! Section 10.1, step 2: the rank of a client's support.

use super::Support;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{Component, Mechanism, ServiceType};

/// The rank of an event of a service user, and what it counts as; none when it is not long-term
/// support. Whatever the type of the event: the published code looks at the service type alone.
///
/// A component `Direct payment` stands for that mechanism. Mechanisms count for community and prison
/// support alone; a direct payment in prison is not in the published table and so counts as no
/// mechanism. Nursing, residential and prison support leave the denominator.
pub(super) fn rank(event: &CareEvent, mechanism: Mechanism) -> Option<(u8, Support)> {
    let mechanism = match event.component {
        Component::DirectPayment => Mechanism::DirectPayment,
        _ => mechanism,
    };
    Some(match (event.service_type, mechanism) {
        (ServiceType::Nursing, _) => (1, Support::Other),
        (ServiceType::Residential, _) => (2, Support::Other),
        (ServiceType::Community, Mechanism::DirectPayment) => (3, Support::DirectPayment),
        (ServiceType::Community, Mechanism::ManagedBudget) => (4, Support::ManagedBudget),
        (ServiceType::Community, Mechanism::Commissioned) => (5, Support::Commissioned),
        (ServiceType::Community, _) => (6, Support::Unknown),
        (ServiceType::Prison, Mechanism::ManagedBudget) => (7, Support::Other),
        (ServiceType::Prison, Mechanism::Commissioned) => (8, Support::Other),
        (ServiceType::Prison, _) => (9, Support::Other),
        _ => return None,
    })
}
