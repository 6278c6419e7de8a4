//! Classes of hospital codes (`sus-fields.md` section 6), from the data files in `codes/sus/`.
//!
//! A code that is in no file has the class `Unknown` (or no flag): it is kept, never guessed.

use super::short::{Code, CodeSet};
use std::sync::LazyLock;

/// Class of an admission method (`sus-fields.md` 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AdmissionClass {
    /// 11 to 13.
    Elective,
    /// 21 to 28, 2A, 2B and 2D.
    Emergency,
    /// 31 and 32.
    Maternity,
    /// 81: a transfer that is not an emergency.
    Transfer,
    /// 82, 83 and 2C.
    Birth,
    /// Missing or in no list.
    #[default]
    Unknown,
}

/// Where someone came from or went to: the groups of sources and destinations (`sus-fields.md` 6.3
/// and 6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Place {
    /// Usual residence.
    Home,
    /// Foster care.
    HomeLike,
    /// Hotel, hostel or other temporary residence.
    Temporary,
    /// Court, prison or police.
    Custody,
    /// Another hospital or ward.
    Hospital,
    /// A care home.
    CareHome,
    /// A hospice.
    Hospice,
    /// Born in or on the way to hospital.
    Birth,
    /// Died or stillborn.
    Death,
    /// Not applicable: the spell has not finished (destination 98).
    Unfinished,
    /// Any other listed place.
    Other,
    /// Missing or in no list.
    #[default]
    Unknown,
}

/// How a spell ended (`sus-fields.md` 6.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Leaving {
    /// On advice, with consent, or by a court or tribunal.
    Normal,
    /// Self-discharge or by a relative.
    SelfDischarge,
    /// Died (4).
    Died,
    /// Stillbirth (5).
    Stillbirth,
    /// The spell has not finished (8).
    Unfinished,
    /// Missing or in no list.
    #[default]
    Unknown,
}

/// What a treatment function says (`sus-fields.md` 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Specialty(u8);

impl Specialty {
    /// A rehabilitation or intermediate-care bed: 314, 318, 344 to 346.
    pub const REHAB_BED: u8 = 1;
    /// Respite care (319): a rehabilitation bed only where a setting says so.
    pub const RESPITE: u8 = 1 << 1;
    /// Maternity in the state catalogue: 501 and 560.
    pub const MATERNITY: u8 = 1 << 2;
    /// An obstetric specialty of the readmission profiles: 501, 560 and 610.
    pub const OBSTETRIC: u8 = 1 << 3;
    /// Mental health or learning disability: any 7xx.
    pub const MENTAL_HEALTH: u8 = 1 << 4;
    /// Well babies: 424.
    pub const BABY: u8 = 1 << 5;
    /// Palliative medicine: 315.
    pub const PALLIATIVE: u8 = 1 << 6;
    /// Left out of ASCOF 2D.
    pub const EXCLUDED_ASCOF_2D: u8 = 1 << 7;

    /// Whether every given bit is set.
    #[must_use]
    pub const fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }

    fn bit(name: &str) -> Option<u8> {
        Some(match name {
            "rehab_bed" => Self::REHAB_BED,
            "respite" => Self::RESPITE,
            "maternity" => Self::MATERNITY,
            "obstetric" => Self::OBSTETRIC,
            "mental_health" => Self::MENTAL_HEALTH,
            "baby" => Self::BABY,
            "palliative" => Self::PALLIATIVE,
            "exclude_ascof2d" => Self::EXCLUDED_ASCOF_2D,
            _ => return None,
        })
    }
}

const METHODS: &str = include_str!("sus/admission_method.csv");
const SOURCES: &str = include_str!("sus/source_of_admission.csv");
const DESTINATIONS: &str = include_str!("sus/discharge_destination.csv");
const DISCHARGE_METHODS: &str = include_str!("sus/discharge_method.csv");
const CLASSES: &str = include_str!("sus/patient_classification.csv");
const FUNCTIONS: &str = include_str!("sus/treatment_function.csv");

/// Codes in order with what is known of each.
struct List<T>(Vec<(Code, T)>);

impl<T: Copy + Default> List<T> {
    fn get(&self, code: Code) -> T {
        self.0
            .binary_search_by_key(&code, |entry| entry.0)
            .ok()
            .and_then(|n| self.0.get(n))
            .map_or(T::default(), |entry| entry.1)
    }
}

/// The fields of each line of a data file after its heading. The files have no quoted fields.
fn lines(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().skip(1).map(|line| line.split(',').collect())
}

fn list<T>(file: &'static str, column: usize, value: impl Fn(&str) -> T) -> List<T> {
    let mut entries: Vec<(Code, T)> = lines(file)
        .filter_map(|fields| Some((Code::new(fields.first()?), value(fields.get(column)?))))
        .collect();
    entries.sort_unstable_by_key(|entry| entry.0);
    List(entries)
}

fn set(file: &'static str, column: usize, wanted: &str) -> CodeSet {
    lines(file)
        .filter(|fields| fields.get(column) == Some(&wanted))
        .filter_map(|fields| fields.first().map(|code| Code::new(code)))
        .collect()
}

fn place(name: &str) -> Place {
    match name {
        "home" => Place::Home,
        "home_like" => Place::HomeLike,
        "temporary" => Place::Temporary,
        "custody" => Place::Custody,
        "hospital" => Place::Hospital,
        "care_home" => Place::CareHome,
        "hospice" => Place::Hospice,
        "birth" => Place::Birth,
        "death" => Place::Death,
        "unfinished" => Place::Unfinished,
        "other" => Place::Other,
        _ => Place::Unknown,
    }
}

fn specialty(flags: &str) -> Specialty {
    Specialty(flags.split(' ').filter_map(Specialty::bit).fold(0, |all, bit| all | bit))
}

static METHOD_CLASSES: LazyLock<List<AdmissionClass>> = LazyLock::new(|| {
    list(METHODS, 2, |name| match name {
        "elective" => AdmissionClass::Elective,
        "emergency" => AdmissionClass::Emergency,
        "maternity" => AdmissionClass::Maternity,
        "transfer" => AdmissionClass::Transfer,
        "birth" => AdmissionClass::Birth,
        _ => AdmissionClass::Unknown,
    })
});
static SOURCE_PLACES: LazyLock<List<Place>> = LazyLock::new(|| list(SOURCES, 2, place));
static DESTINATION_PLACES: LazyLock<List<Place>> = LazyLock::new(|| list(DESTINATIONS, 2, place));
static LEAVINGS: LazyLock<List<Leaving>> = LazyLock::new(|| {
    list(DISCHARGE_METHODS, 2, |name| match name {
        "normal" => Leaving::Normal,
        "self_discharge" => Leaving::SelfDischarge,
        "died" => Leaving::Died,
        "stillbirth" => Leaving::Stillbirth,
        "unfinished" => Leaving::Unfinished,
        _ => Leaving::Unknown,
    })
});
static SPECIALTIES: LazyLock<List<Specialty>> = LazyLock::new(|| {
    let mut entries = Vec::new();
    for fields in lines(FUNCTIONS) {
        let (Some(code), Some(flags)) = (fields.first(), fields.get(2)) else { continue };
        match code.split_once('-').map(|(low, high)| (low.parse::<u16>(), high.parse::<u16>())) {
            Some((Ok(low), Ok(high))) => {
                entries.extend((low..=high).map(|n| (Code::new(&n.to_string()), specialty(flags))))
            }
            _ => entries.push((Code::new(code), specialty(flags))),
        }
    }
    entries.sort_unstable_by_key(|entry| entry.0);
    List(entries)
});

/// The class of an admission method (2A to 2D, never 66 to 69).
#[must_use]
pub fn admission_class(method: Code) -> AdmissionClass {
    METHOD_CLASSES.get(method)
}

/// The emergency methods: 21 to 25, 28, 2A, 2B, 2C, 2D.
#[must_use]
pub fn emergency_methods() -> CodeSet {
    set(METHODS, 3, "yes")
}

/// The methods that say "transferred in": 2B and 81.
#[must_use]
pub fn transfer_methods() -> CodeSet {
    set(METHODS, 4, "yes")
}

/// The treatment functions with a flag, such as [`Specialty::REHAB_BED`].
#[must_use]
pub fn functions_with(bits: u8) -> CodeSet {
    SPECIALTIES.0.iter().filter(|entry| entry.1.has(bits)).map(|entry| entry.0).collect()
}

/// Where a source of admission is.
#[must_use]
pub fn source_place(source: Code) -> Place {
    SOURCE_PLACES.get(source)
}

/// Where a discharge destination is.
#[must_use]
pub fn destination_place(destination: Code) -> Place {
    DESTINATION_PLACES.get(destination)
}

/// How a spell with this discharge method ended.
#[must_use]
pub fn leaving(discharge_method: Code) -> Leaving {
    LEAVINGS.get(discharge_method)
}

/// What a treatment function says.
#[must_use]
pub fn treatment_function(code: Code) -> Specialty {
    SPECIALTIES.get(code)
}

/// The meaning of a patient classification in words; `None` when it is in no list.
#[must_use]
pub fn classification_meaning(class: Code) -> Option<&'static str> {
    lines(CLASSES)
        .find(|fields| fields.first().is_some_and(|code| Code::new(code) == class))
        .and_then(|fields| fields.get(1).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(set: &CodeSet) -> Vec<String> {
        set.iter().map(Code::text).collect()
    }

    #[test]
    fn every_line_of_the_data_files_is_understood() {
        let files = [
            (METHODS, 5),
            (SOURCES, 3),
            (DESTINATIONS, 3),
            (DISCHARGE_METHODS, 3),
            (CLASSES, 3),
            (FUNCTIONS, 3),
        ];
        for (file, width) in files {
            for fields in lines(file) {
                assert_eq!(fields.len(), width, "{fields:?}");
                let code = Code::new(fields[0].split('-').next().unwrap());
                assert!(code.is_some() && code != Code::UNKNOWN, "{fields:?}");
            }
        }
        for file in [SOURCES, DESTINATIONS] {
            for fields in lines(file) {
                assert!(fields[2] == "missing" || place(fields[2]) != Place::Unknown, "{fields:?}");
            }
        }
        for fields in lines(FUNCTIONS) {
            assert!(
                fields[2].split(' ').all(|flag| flag.is_empty() || Specialty::bit(flag).is_some())
            );
        }
        for fields in lines(METHODS).filter(|fields| fields[2] != "missing") {
            assert_ne!(admission_class(Code::new(fields[0])), AdmissionClass::Unknown);
        }
    }

    #[test]
    fn sets_are_those_of_the_handbook() {
        let emergency = ["21", "22", "23", "24", "25", "28", "2A", "2B", "2C", "2D"];
        assert_eq!(texts(&emergency_methods()), emergency);
        assert_eq!(texts(&transfer_methods()), ["2B", "81"]);
        let rehabilitation = functions_with(Specialty::REHAB_BED);
        assert_eq!(texts(&rehabilitation), ["314", "318", "344", "345", "346"]);
        assert_eq!(texts(&functions_with(Specialty::OBSTETRIC)), ["501", "560", "610"]);
        let hospitals: Vec<&str> = lines(DESTINATIONS)
            .map(|fields| fields[0])
            .filter(|code| destination_place(Code::new(code)) == Place::Hospital)
            .collect();
        assert_eq!(hospitals, ["48", "49", "50", "51", "52", "53", "84", "87"]);
        assert!(treatment_function(Code::new("715")).has(Specialty::MENTAL_HEALTH));
        assert!(treatment_function(Code::new("655")).has(Specialty::EXCLUDED_ASCOF_2D));
        assert!(!treatment_function(Code::new("430")).has(Specialty::EXCLUDED_ASCOF_2D));
        assert_eq!(leaving(Code::new("4")), Leaving::Died);
        assert_eq!(leaving(Code::NONE), Leaving::Unknown);
        assert_eq!(classification_meaning(Code::new("2")), Some("Day case"));
    }
}
