//! What the diagnoses and operations of hospital stays say: comorbidity, frailty, and conditions that
//! care outside hospital might have kept out of it (`linked-metrics.md` M18 and M19).
//!
//! Each distinct code of a run is looked up in the lists once, when reading is over; a stay then costs
//! a few bit operations a code.

mod comorbidity;
mod frailty;
mod prefix;
mod rule;
mod settings;

pub use comorbidity::{Comorbidity, age_points};
pub use frailty::{Frailty, FrailtyBand};
pub use prefix::Prefixes;
pub use rule::{Condition, Diagnosis, Rules};
pub use settings::{CharlsonWeights, Conditions, PrimaryOf, Settings};

use throughcare_linkage::hospital::stay::Cips;
use throughcare_linkage::link::person::Person;

/// The codes of a run and what each of them means. Empty in a run that keeps no codes: nothing is
/// known of any stay then.
#[derive(Clone, Debug, Default)]
pub struct Clinical {
    settings: Settings,
    charlson: Comorbidity,
    elixhauser: Comorbidity,
    frailty: Frailty,
    acsc: Rules,
    falls: Rules,
    diagnoses: Vec<DiagnosisClasses>,
    operations: Vec<OperationClasses>,
    told: Told,
}

/// What the files of a run tell of hospital stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// No codes.
    #[default]
    Nothing,
    /// Diagnoses.
    Diagnoses,
    /// Diagnoses and operations.
    Operations,
}

#[derive(Clone, Copy, Debug, Default)]
struct DiagnosisClasses {
    charlson: u32,
    elixhauser: u32,
    frailty: u128,
    acsc: Diagnosis,
    falls: Diagnosis,
}

#[derive(Clone, Copy, Debug, Default)]
struct OperationClasses {
    acsc: u32,
    falls: u32,
}

/// Comorbidity and frailty of a stay, over its diagnoses and those of the stays before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Charlson groups found.
    pub charlson_groups: u32,
    /// Charlson score, with points for age where the settings ask for them and the age is known.
    pub charlson: i32,
    /// Elixhauser groups found.
    pub elixhauser_groups: u32,
    /// Elixhauser score.
    pub elixhauser: i32,
    /// Hospital Frailty Risk Score in tenths; none below the youngest age scored or of unknown age.
    pub frailty_tenths: Option<i32>,
}

impl Clinical {
    /// The classes of these codes, by their numbers: `Texts::diagnosis` and `Texts::operation`.
    /// `told` says what the files tell at all.
    #[must_use]
    pub fn new(
        settings: &Settings,
        diagnoses: &[Box<str>],
        operations: &[Box<str>],
        told: Told,
    ) -> Self {
        let charlson = Comorbidity::charlson(settings.charlson, settings.quan_2011_aids);
        let elixhauser = Comorbidity::elixhauser();
        let frailty = Frailty::new(settings.keep_r69);
        let (acsc, falls) = (Rules::acsc(), Rules::falls());
        let classes = |code: &str| DiagnosisClasses {
            charlson: charlson.classes(code),
            elixhauser: elixhauser.classes(code),
            frailty: frailty.class(code),
            acsc: acsc.diagnosis(code),
            falls: falls.diagnosis(code),
        };
        let diagnoses = diagnoses.iter().map(|code| classes(code)).collect();
        // number 0 is no operation
        let operation = |code: &str| match code {
            "" => OperationClasses::default(),
            code => OperationClasses { acsc: acsc.operation(code), falls: falls.operation(code) },
        };
        let operations = operations.iter().map(|code| operation(code)).collect();
        let settings = settings.clone();
        Self { settings, charlson, elixhauser, frailty, acsc, falls, diagnoses, operations, told }
    }

    /// Whether any diagnosis of the stay at a place among a person's CIPS is recorded.
    #[must_use]
    pub fn is_recorded(&self, person: &Person<'_>, index: usize) -> bool {
        self.classes(person, index).next().is_some()
    }

    /// Comorbidity and frailty of the stay at a place among a person's CIPS; none when no diagnosis of
    /// the stay is recorded.
    ///
    /// The window (M19): the stay itself, and the stays before it that ended at most so many days
    /// before its admission, the first of those days included.
    #[must_use]
    pub fn scores(&self, person: &Person<'_>, index: usize) -> Option<Scores> {
        let stay = person.cips.get(index)?;
        if !self.is_recorded(person, index) {
            return None;
        }
        let (mut charlson_groups, mut elixhauser_groups, mut frail) = (0, 0, 0);
        for (earlier, before) in person.cips.iter().enumerate().take(index + 1) {
            let is_index = earlier == index;
            let days = stay.admission.since(before.discharge);
            let within = |look_back: i32| is_index || (0..=look_back).contains(&days);
            let counts = is_index || before.emergency || !self.settings.frailty_emergency_only;
            let for_frailty = counts && within(self.settings.frailty_look_back_days);
            let for_groups = within(self.settings.comorbidity_look_back_days);
            if !for_frailty && !for_groups {
                continue;
            }
            for class in self.classes(person, earlier) {
                if for_groups {
                    charlson_groups |= class.charlson;
                    elixhauser_groups |= class.elixhauser;
                }
                if for_frailty {
                    frail |= class.frailty;
                }
            }
        }
        let age = stay.birth.calendar_age(stay.admission);
        let points = age.filter(|_| self.settings.charlson_age_points).map_or(0, age_points);
        Some(Scores {
            charlson_groups,
            charlson: self.charlson.score(charlson_groups) + points,
            elixhauser_groups,
            elixhauser: self.elixhauser.score(elixhauser_groups),
            frailty_tenths: age
                .filter(|&age| age >= self.settings.frailty_min_age)
                .map(|_| self.frailty.tenths(frail)),
        })
    }

    /// The ambulatory care sensitive condition of the stay at a place among a person's CIPS: the first
    /// of the list that it meets. None of a stay that is no emergency.
    #[must_use]
    pub fn acsc_condition(&self, person: &Person<'_>, index: usize) -> Option<Condition> {
        self.acsc.conditions(self.met(person, index, &self.acsc, Meaning::ACSC)).next()
    }

    /// The ambulatory care sensitive conditions that the stay counts in: the first, or all that it
    /// meets, by the settings.
    pub fn acsc_conditions(
        &self,
        person: &Person<'_>,
        index: usize,
    ) -> impl Iterator<Item = Condition> + '_ {
        let most = match self.settings.acsc {
            Conditions::First => 1,
            Conditions::All => usize::MAX,
        };
        self.acsc.conditions(self.met(person, index, &self.acsc, Meaning::ACSC)).take(most)
    }

    /// Whether the stay is an emergency after a fall: an injury as the primary diagnosis, a fall in any
    /// position (M13).
    #[must_use]
    pub fn is_fall(&self, person: &Person<'_>, index: usize) -> bool {
        self.met(person, index, &self.falls, Meaning::FALLS) != 0
    }

    /// The rules for ambulatory care sensitive conditions.
    #[must_use]
    pub const fn acsc_rules(&self) -> &Rules {
        &self.acsc
    }

    /// Whether the records tell the ambulatory care sensitive conditions of a group: not without
    /// diagnoses, nor without operations where one would rule a condition of it out.
    #[must_use]
    pub fn tells_group(&self, group: &str) -> bool {
        match self.told {
            Told::Nothing => false,
            Told::Diagnoses => !self.acsc.needs_operations(group),
            Told::Operations => true,
        }
    }

    /// Whether the records tell falls.
    #[must_use]
    pub fn tells_falls(&self) -> bool {
        self.told != Told::Nothing
    }

    fn met(&self, person: &Person<'_>, index: usize, rules: &Rules, of: Meaning) -> u32 {
        let Some(stay) = person.cips.get(index).filter(|stay| stay.emergency) else { return 0 };
        let primary = primary_diagnosis(person, stay, self.settings.primary);
        let primary = self.diagnoses.get(usize::from(primary)).copied().unwrap_or_default();
        let all = self.classes(person, index).map(of.diagnosis);
        let all = all.fold(Diagnosis::default(), Diagnosis::and);
        let operations = codes(person, index, |episode| person.codes.operations(episode));
        let ruled_out = operations
            .filter_map(|code| self.operations.get(usize::from(code)))
            .fold(0, |ruled_out, class| ruled_out | (of.operation)(class));
        rules.met((of.diagnosis)(primary), all, ruled_out)
    }

    /// What the diagnoses of a stay mean, in order; missing ones left out.
    fn classes<'a>(
        &'a self,
        person: &'a Person<'_>,
        index: usize,
    ) -> impl Iterator<Item = DiagnosisClasses> + 'a {
        codes(person, index, |episode| person.codes.diagnoses(episode))
            .filter(|&code| code != 0)
            .filter_map(|code| self.diagnoses.get(usize::from(code)).copied())
    }
}

/// What the classes of a code mean to one list of rules.
#[derive(Clone, Copy)]
struct Meaning {
    diagnosis: fn(DiagnosisClasses) -> Diagnosis,
    operation: fn(&OperationClasses) -> u32,
}

impl Meaning {
    const ACSC: Self = Self { diagnosis: |class| class.acsc, operation: |class| class.acsc };
    const FALLS: Self = Self { diagnosis: |class| class.falls, operation: |class| class.falls };
}

/// The codes of a stay: of its spells in order, of their episodes in order.
fn codes<'a>(
    person: &'a Person<'_>,
    index: usize,
    of_episode: impl Fn(usize) -> &'a [u16] + 'a,
) -> impl Iterator<Item = u16> + 'a {
    let stay = person.cips.get(index);
    let (first, spells) = stay.map_or((0, 0), |stay| (stay.first_spell, stay.spells));
    let spells = person
        .spells
        .iter()
        .enumerate()
        .skip(first as usize)
        .filter(move |(_, spell)| spell.cips as usize == index)
        .take(usize::from(spells));
    spells
        .flat_map(|(n, _)| person.codes.episodes_of(n))
        .flat_map(move |&episode| of_episode(episode as usize).iter().copied())
}

/// The primary diagnosis of a stay (`hospital-spells.md` I): of the spell that the settings
/// name, the primary diagnosis of its dominant episode where a file says it, else its first diagnosis.
/// 0 when it is missing.
#[must_use]
pub fn primary_diagnosis(person: &Person<'_>, stay: &Cips, of: PrimaryOf) -> u16 {
    let spell = match of {
        PrimaryOf::First => stay.first_spell,
        PrimaryOf::Last => stay.last_spell,
    };
    let episodes = || person.codes.episodes_of(spell as usize).iter().map(|&n| n as usize);
    let dominant = episodes().map(|n| person.codes.spell_primary(n)).find(|&code| code != 0);
    dominant
        .or_else(|| episodes().flat_map(|n| person.codes.diagnoses(n)).copied().next())
        .unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod patient;
#[cfg(test)]
mod tests;
