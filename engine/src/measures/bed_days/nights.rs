//! The nights of a person in hospital: the union of the stays, each night given to one of them (M14.1).

use crate::stay::{self, Stay, StayUnit, is_regular_attender};
use throughcare_linkage::day::Day;
use throughcare_linkage::hospital::stay::EndKind;
use throughcare_linkage::link::person::Person;

/// The nights of one stay that are in no earlier one: `[start, end)`, empty when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// First night.
    pub start: Day,
    /// The day after the last night.
    pub end: Day,
    /// The stay; its admission method is that of its CIPS (M14.3).
    pub stay: Stay,
    /// Admission of its CIPS.
    pub admission: Day,
    /// Not over when the data ended.
    pub unfinished: bool,
}

/// The stays of a person in their order, each with the nights that no stay before it has. Day cases
/// have `day_case_days` days, regular attenders none (M14.4).
pub(super) fn runs<'a>(
    person: &'a Person<'_>,
    unit: StayUnit,
    day_case_days: i32,
) -> impl Iterator<Item = Run> + use<'a> {
    // stays are in the order of admission: what they have covered so far ends here
    let mut covered = Day(i32::MIN);
    stay::stays(person, unit).enumerate().map(move |(n, mut stay)| {
        let end = if is_regular_attender(stay.class) {
            stay.admission
        } else if stay.day_case {
            stay.admission.plus(day_case_days)
        } else {
            stay.discharge
        };
        let start = stay.admission.max(covered);
        covered = covered.max(end);
        let cips = match unit {
            StayUnit::Cips => person.cips.get(n),
            StayUnit::Spell => {
                person.spells.get(n).and_then(|spell| person.cips.get(spell.cips as usize))
            }
        };
        if let Some(cips) = cips {
            stay.admission_method = cips.admission_method;
        }
        Run {
            start,
            end: end.max(start),
            admission: cips.map_or(stay.admission, |cips| cips.admission),
            unfinished: stay.end_kind == EndKind::Censored,
            stay,
        }
    })
}
