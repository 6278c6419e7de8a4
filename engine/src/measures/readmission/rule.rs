//! Which later stay decides whether a discharge was followed by a readmission: a rule on the plain
//! list of one person's stays.

use crate::stay::{is_inner, is_regular_attender};
use serde::{Deserialize, Serialize};
use throughcare_linkage::codes::short::{Code, CodeSet};
use throughcare_linkage::hospital::stay::{Cips, StayFlags};

/// Which of the later stays is looked at (M7 step 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervening {
    /// The very next candidate alone: a planned stay in between hides a later emergency.
    #[default]
    NextNondaycase,
    /// The first emergency; planned stays are passed over.
    FirstEmergency,
    /// Any stay that counts as a readmission in the range, the first of them.
    Any,
}

/// What counts as a readmission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NextRule {
    /// Fewest days from discharge to admission, included.
    pub lo: i32,
    /// Most days from discharge to admission, included.
    pub hi: i32,
    /// Which later stay is looked at.
    pub intervening: Intervening,
    /// Any admission counts, not emergencies alone.
    pub any_admission: bool,
    /// Day cases are among the later stays.
    pub day_cases: bool,
    /// Regular day and night attenders are among the later stays.
    pub regular_attenders: bool,
    /// Stays inside another provider's stay that joined no CIPS of it are among the later stays
    ///
    pub inner: bool,
    /// Later stays with cancer or chemotherapy anywhere in them do not count.
    pub exclude_cancer: bool,
    /// Later stays with these main specialties do not count; the treatment function at admission
    /// stands for a missing main specialty.
    pub exclude_specialties: CodeSet,
}

impl Default for NextRule {
    /// Emergency within 0 to 29 days, the next ordinary stay alone, nothing excluded.
    fn default() -> Self {
        Self {
            lo: 0,
            hi: 29,
            intervening: Intervening::NextNondaycase,
            any_admission: false,
            day_cases: false,
            regular_attenders: false,
            inner: false,
            exclude_cancer: false,
            exclude_specialties: CodeSet::new([]),
        }
    }
}

impl NextRule {
    /// Whether a stay is among the later stays that are looked at.
    pub(in crate::measures) fn is_candidate(&self, stay: &Cips) -> bool {
        (self.day_cases || !stay.day_case)
            && (self.regular_attenders || !is_regular_attender(stay.class))
            && (self.inner || !is_inner(stay))
    }

    fn counts(&self, stay: &Cips) -> bool {
        (self.any_admission || stay.emergency) && !self.excludes(stay)
    }

    /// Whether a stay does not count for what was treated in it.
    pub(in crate::measures) fn excludes(&self, stay: &Cips) -> bool {
        let specialty = |code: Code| if code.is_none() { stay.treatment_admission } else { code };
        (self.exclude_cancer && stay.flags.has(StayFlags::CANCER))
            || self.exclude_specialties.contains(specialty(stay.main_specialty))
    }
}

/// The stay after `index` that decides about a readmission, if there is one: the first candidate in
/// the order of `stays` that is admitted on or after the discharge of `stays[index]` and is what
/// [`NextRule::intervening`] looks for. `stays` are those of one person in time order (by admission,
/// then in same-day order), as in `Person::cips`; only stays behind `index` are looked at, so that
/// of two stays without a night on one day the second follows the first and not the reverse.
///
/// Neither the range nor the exclusions are tested, except for [`Intervening::Any`], which is defined
/// by them: see [`readmission`].
///
/// Complexity: linear in the stays up to the one found.
#[must_use]
pub fn next_stay(stays: &[Cips], index: usize, rule: &NextRule) -> Option<usize> {
    let discharge = stays.get(index)?.discharge;
    let later = stays.iter().enumerate().skip(index + 1);
    let mut candidates =
        later.filter(|(_, stay)| stay.admission >= discharge && rule.is_candidate(stay));
    let found = match rule.intervening {
        Intervening::NextNondaycase => candidates.next(),
        Intervening::FirstEmergency => candidates.find(|(_, stay)| stay.emergency),
        Intervening::Any => candidates.find(|(_, stay)| {
            let gap = stay.admission.since(discharge);
            (rule.lo..=rule.hi).contains(&gap) && rule.counts(stay)
        }),
    };
    found.map(|(n, _)| n)
}

/// The readmission that follows the discharge of `stays[index]`, if any: [`next_stay`], when it is
/// of the wanted kind, `lo` to `hi` days after the discharge and not excluded (M7 step 3).
#[must_use]
pub fn readmission(stays: &[Cips], index: usize, rule: &NextRule) -> Option<usize> {
    let next = next_stay(stays, index, rule)?;
    let (index, stay) = (stays.get(index)?, stays.get(next)?);
    let gap = stay.admission.since(index.discharge);
    ((rule.lo..=rule.hi).contains(&gap) && rule.counts(stay)).then_some(next)
}
