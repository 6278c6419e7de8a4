//! The sequels of STS001, by number.

use crate::measures::salt::labels::{Label, outcome, service_type};

/// An outcome without a class.
pub const UNCLASSED: u8 = 0;
const END_OF_LIFE: u8 = 1;
const NHS_FUNDED: u8 = 2;
const UNIVERSAL: u8 = 3;
const DECEASED: u8 = 4;
/// No services provided, for another reason.
pub const OTHER: u8 = 5;
/// Null, which the published code gives by mistake.
pub const NULL: u8 = 6;

/// The class of an outcome.
pub const fn of_outcome(outcome: Label) -> u8 {
    match outcome {
        outcome::END_OF_LIFE => END_OF_LIFE,
        outcome::NHS_FUNDED => NHS_FUNDED,
        outcome::INFORMATION => UNIVERSAL,
        outcome::DECEASED => DECEASED,
        outcome::MOVED
        | outcome::SELF_FUNDED
        | outcome::DECLINED
        | outcome::NO_SERVICES
        | outcome::ENDED_OTHER
        | outcome::OTHER => OTHER,
        _ => UNCLASSED,
    }
}

/// The rank of a service among sequels, from 1; none for another service.
pub const fn of_service(service: Label) -> Option<u8> {
    match service {
        service_type::ST_MAX => Some(ST_MAX),
        service_type::NURSING => Some(2),
        service_type::RESIDENTIAL => Some(3),
        service_type::COMMUNITY => Some(4),
        service_type::PRISON => Some(5),
        service_type::LOW_LEVEL => Some(6),
        service_type::OTHER_SHORT_TERM => Some(7),
        _ => None,
    }
}

/// The rank of ST-Max.
pub const ST_MAX: u8 = 1;

const SERVICES: [&str; 7] = [
    "ST-Max",
    "Nursing",
    "Residential",
    "Community",
    "Prison",
    "Ongoing Low Level",
    "Other Short Term",
];

/// The text of a class by record type.
pub fn sequel(record_type: u8, class: u8) -> String {
    let name = match class {
        END_OF_LIFE => "End of Life",
        NHS_FUNDED => "100% NHS Funded Care",
        UNIVERSAL => "Universal Services/ Signposted to other services",
        DECEASED => "No Services Provided - Deceased",
        OTHER => "No Services Provided - other reason",
        NULL => "NULL",
        _ => "Unable_To_Classify",
    };
    match (record_type, class) {
        (2, service) => {
            let position = usize::from(service).checked_sub(1);
            position.and_then(|n| SERVICES.get(n)).map_or(String::new(), |text| (*text).into())
        }
        (3, _) | (_, NULL) => name.into(),
        (4, UNCLASSED) => "No Service Found".into(),
        (4, _) => format!("No Service Found_{name}"),
        _ => format!("No_Chronology_{name}"),
    }
}
