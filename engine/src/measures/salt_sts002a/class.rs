//! The sequels of STS002a, by number. Most labels have an en dash.

use crate::measures::salt::labels::{Label, Labels, outcome, service_type};
use crate::measures::salt::row::is_long_term;
use crate::measures::salt::sequel::RecordType;

/// Null, which the published code gives by mistake.
pub const NULL: u8 = 0;
const EARLY_CESSATION: u8 = 1;
const LONG_TERM: u8 = 2;
const SELF_FUNDING: u8 = 3;
const LOW_LEVEL: u8 = 4;
const OTHER_SHORT_TERM: u8 = 5;
const DECLINED: u8 = 6;
const UNIVERSAL: u8 = 7;
/// No services provided, other.
pub const OTHER: u8 = 8;
const OTHER_WITH_HYPHEN: u8 = 9;
const UNCLASSED: u8 = 10;
const NOT_FOUND: u8 = 11;
/// Added to a class that has the prefix.
const NO_CHRONOLOGY: u8 = 16;

/// The class of an outcome that has one.
const fn of_outcome(outcome: Label) -> Option<u8> {
    match outcome {
        outcome::NHS_FUNDED | outcome::DECEASED => Some(EARLY_CESSATION),
        outcome::SELF_FUNDED => Some(SELF_FUNDING),
        outcome::DECLINED => Some(DECLINED),
        outcome::INFORMATION => Some(UNIVERSAL),
        outcome::MOVED
        | outcome::OTHER
        | outcome::NO_SERVICES
        | outcome::ENDED_OTHER
        | outcome::END_OF_LIFE
        | outcome::ADMITTED
        | outcome::ENDED_AS_PLANNED => Some(OTHER),
        _ => None,
    }
}

/// The class of an outcome of another event that begins `NFA`.
pub fn of_last(outcome: Label, as_published: bool) -> u8 {
    of_outcome(outcome).unwrap_or(if as_published { NULL } else { UNCLASSED })
}

/// The class of an episode by its own outcome, in types 1, 4 and 5.
pub fn of_own(record_type: RecordType, outcome: Label, labels: &Labels, as_published: bool) -> u8 {
    let planned = outcome == outcome::ENDED_AS_PLANNED;
    if record_type != RecordType::Neither {
        return match of_outcome(outcome) {
            Some(class) if planned => class,
            class => NO_CHRONOLOGY + class.unwrap_or(UNCLASSED),
        };
    }
    match of_outcome(outcome) {
        // the published code writes this one label with a hyphen
        Some(_) if planned && as_published => OTHER_WITH_HYPHEN,
        Some(class) => class,
        None if labels.is_no_further_action(outcome) => of_last(outcome, as_published),
        None => NOT_FOUND,
    }
}

/// The rank of a service among sequels, from 1; none for another service.
pub const fn rank(service: Label) -> Option<u8> {
    match service {
        service_type::NURSING => Some(1),
        service_type::RESIDENTIAL => Some(2),
        service_type::COMMUNITY => Some(3),
        service_type::PRISON => Some(4),
        service_type::LOW_LEVEL => Some(5),
        service_type::OTHER_SHORT_TERM => Some(6),
        _ => None,
    }
}

/// The class of a service that has a rank.
pub const fn of_service(service: Label) -> u8 {
    match service {
        service_type::LOW_LEVEL => LOW_LEVEL,
        service_type::OTHER_SHORT_TERM => OTHER_SHORT_TERM,
        service if is_long_term(service) => LONG_TERM,
        _ => NULL,
    }
}

/// How an episode counts in ASCOF 2A of NHS England (section 23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ascof2a {
    /// Not at all.
    Neither,
    /// In the denominator.
    Denominator,
    /// In both.
    Both,
}

/// How a class counts in ASCOF 2A of NHS England: labels on its lists alone, which have no prefix and
/// no hyphen.
pub const fn ascof_2a(class: u8) -> Ascof2a {
    match class {
        LONG_TERM => Ascof2a::Denominator,
        LOW_LEVEL | OTHER_SHORT_TERM | UNIVERSAL | OTHER => Ascof2a::Both,
        _ => Ascof2a::Neither,
    }
}

/// The text of a class.
pub fn sequel(class: u8) -> String {
    let name = match class & !NO_CHRONOLOGY {
        EARLY_CESSATION => {
            "Early cessation of service (not leading to long term support) - 100% NHS funded \
             care/End of Life/deceased"
        }
        LONG_TERM => "Long Term Support (any setting)",
        SELF_FUNDING => "No services provided – needs identified but self-funding",
        LOW_LEVEL => "Ongoing Low Level Support",
        OTHER_SHORT_TERM => "Short Term Support (other)",
        DECLINED => "No services provided – needs identified but support declined",
        UNIVERSAL => "No Services Provided – Universal Services / signposted to other services",
        OTHER => "No services provided – other",
        OTHER_WITH_HYPHEN => "No services provided - other",
        UNCLASSED => "Unable_To_Classify",
        NOT_FOUND => "No Service Found",
        _ => "NULL",
    };
    if class & NO_CHRONOLOGY == 0 { name.into() } else { format!("No_Chronology_{name}") }
}
