//! The pathway that the hospital's destination alone suggests (M5a), and what a linked short-term service
//! makes of it: the convention of the Networked Data Lab.

use crate::frame::Frame;
use std::sync::LazyLock;
use throughcare_linkage::codes::cld::{EventType, ServiceType};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::Day;
use throughcare_linkage::link::person::Person;

/// A label of M5a, in the order of output. `One` and `OneOrTwo` come from linked services alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Label {
    /// Pathway 0.
    Zero,
    /// Pathway 0 or 1: the usual residence.
    ZeroOrOne,
    /// Pathway 1.
    One,
    /// Pathway 1 or 2.
    OneOrTwo,
    /// Pathway 2.
    Two,
    /// Pathway 2 or 3: a care home.
    TwoOrThree,
    /// Pathway 3.
    Three,
    /// Any other destination, or none.
    Other,
}

static DESTINATIONS: LazyLock<Vec<(Code, Label)>> = LazyLock::new(|| {
    let lines = include_str!("../../codes/pathway_destination.csv").lines().skip(1);
    let entry = |line: &str| {
        let (code, name) = line.split_once(',')?;
        let label = Label::ALL.into_iter().find(|label| label.name() == name)?;
        Some((Code::new(code), label))
    };
    lines.filter_map(entry).collect()
});

impl Label {
    /// Every label, in order.
    pub const ALL: [Self; 8] = [
        Self::Zero,
        Self::ZeroOrOne,
        Self::One,
        Self::OneOrTwo,
        Self::Two,
        Self::TwoOrThree,
        Self::Three,
        Self::Other,
    ];

    /// The label of a discharge destination; what no list has is `Other`.
    #[must_use]
    pub fn of(destination: Code) -> Self {
        let found = DESTINATIONS.iter().find(|(code, _)| *code == destination);
        found.map_or(Self::Other, |&(_, label)| label)
    }

    /// The name in strata.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::ZeroOrOne => "0/1",
            Self::One => "1",
            Self::OneOrTwo => "1 or 2",
            Self::Two => "2",
            Self::TwoOrThree => "2/3",
            Self::Three => "3",
            Self::Other => "other",
        }
    }

    /// The label of a discharge that a short-term service followed.
    #[must_use]
    pub const fn with_short_term_service(self) -> Self {
        match self {
            Self::Zero | Self::ZeroOrOne | Self::One => Self::One,
            Self::Two | Self::TwoOrThree | Self::Three => Self::Two,
            Self::Other | Self::OneOrTwo => Self::OneOrTwo,
        }
    }
}

/// Whether a short-term service starts within `[discharge, discharge + days]` that came by the route
/// "Discharge from hospital", or by any when `any_route` is set. The route is that of the service row
/// itself.
#[must_use]
pub fn has_short_term_service(
    person: &Person<'_>,
    frame: &Frame,
    discharge: Day,
    days: i32,
    any_route: bool,
) -> bool {
    let last = discharge.plus(days);
    person.joined.iter().any(|event| {
        event.event_type == EventType::Service
            && discharge <= event.start
            && event.start <= last
            && !event.is_reversed()
            && matches!(
                event.service_type,
                ServiceType::StMax | ServiceType::OtherShortTerm | ServiceType::LowLevel
            )
            && (any_route || {
                let row = person.cld_rows.get(event.row as usize);
                row.is_some_and(|row| {
                    let route = frame.coded.route.label(frame.coded.route.value(row.route));
                    route.eq_ignore_ascii_case("Discharge from hospital")
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m05a_destinations_have_their_labels() {
        let name = |code: &str| Label::of(Code::new(code)).name();
        for (codes, wanted) in [
            (&["19"][..], "0/1"),
            (&["49", "50", "51", "52", "53", "66"], "0"),
            (&["54", "55", "56", "85"], "2/3"),
            (&["65", "88"], "3"),
            (&["87"], "2"),
            (&["29", "30", "48", "84", "89", "98", "99", "DK", "", "37", "77"], "other"),
        ] {
            for code in codes {
                assert_eq!(name(code), wanted, "{code}");
            }
        }
        assert_eq!(DESTINATIONS.len(), 14, "every line of the list is understood");
    }

    #[test]
    fn m05a_a_linked_short_term_service_resolves_the_label() {
        let resolved = |code: &str| Label::of(Code::new(code)).with_short_term_service().name();
        assert_eq!(["19", "66"].map(resolved), ["1", "1"]);
        assert_eq!(["54", "65", "87"].map(resolved), ["2", "2", "2"]);
        assert_eq!(["29", ""].map(resolved), ["1 or 2", "1 or 2"]);
    }
}
