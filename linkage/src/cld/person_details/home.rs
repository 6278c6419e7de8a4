//! Where services suggest that a person lives (P-23).

use crate::cld::event::CareEvent;
use crate::codes::cld::{Component, EventType, ServiceType};
use crate::day::OPEN_END;
use std::cmp::{Ordering, Reverse};

/// A kind of home that a service tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceHome {
    NursingHome,
    CareHome,
    SharedLives,
    ExtraCare,
    SupportedLiving,
    AtHome,
    InCommunity,
    Prison,
}

/// The accommodation status of each.
pub(super) const SERVICE_HOMES: [(ServiceHome, &str); 8] = [
    (ServiceHome::NursingHome, "Registered nursing home"),
    (ServiceHome::CareHome, "Registered care home"),
    (ServiceHome::SharedLives, "Shared Lives scheme"),
    (ServiceHome::ExtraCare, "Sheltered housing, extra care housing or other sheltered housing"),
    (
        ServiceHome::SupportedLiving,
        "Supported accommodation, supported lodgings or supported group home",
    ),
    (ServiceHome::AtHome, "Unknown: Presumed at home"),
    (ServiceHome::InCommunity, "Unknown: Presumed in community"),
    (ServiceHome::Prison, "Prison, young offenders institution or detention centre"),
];

/// Where services suggest that a person lives (P-23), if they do, and the record id of the service that
/// comes first.
pub(super) fn home_from_services<'e>(
    events: impl Iterator<Item = &'e CareEvent>,
) -> Option<(ServiceHome, u64)> {
    let mut best = None;
    let mut first = u64::MAX;
    let mut kind = ServiceType::None;
    let mut component: Option<Component> = None;
    for event in events.filter(|event| event.event_type == EventType::Service) {
        let rank = match event.service_type {
            ServiceType::None
            | ServiceType::Invalid
            | ServiceType::CarerDirect
            | ServiceType::CarerIndirect => 99,
            known => known as u8,
        };
        let mappable = matches!(
            event.component,
            Component::SharedLives
                | Component::SupportedLiving
                | Component::ExtraCare
                | Component::HomeSupport
        );
        let place = Some((event.end.or(OPEN_END), Reverse(rank), mappable, event.start));
        match place.cmp(&best) {
            Ordering::Greater => {
                best = place;
                first = event.record_id;
                // rows in one place have one rank, so one type
                kind = if rank < 99 { event.service_type } else { ServiceType::None };
                component = mappable.then_some(event.component);
            }
            // several components say nothing; no third one brings them back
            Ordering::Equal => {
                first = first.min(event.record_id);
                if mappable && component != Some(event.component) {
                    component = Some(Component::None);
                }
            }
            Ordering::Less => {}
        }
    }
    let home = match (kind, component.unwrap_or_default()) {
        (ServiceType::Nursing, _) => ServiceHome::NursingHome,
        (ServiceType::Residential, _) => ServiceHome::CareHome,
        (_, Component::SharedLives) => ServiceHome::SharedLives,
        (_, Component::ExtraCare) => ServiceHome::ExtraCare,
        (_, Component::SupportedLiving) => ServiceHome::SupportedLiving,
        (ServiceType::Community, Component::HomeSupport) => ServiceHome::AtHome,
        (ServiceType::Community, _) => ServiceHome::InCommunity,
        (ServiceType::Prison, _) => ServiceHome::Prison,
        _ => return None,
    };
    Some((home, first))
}
