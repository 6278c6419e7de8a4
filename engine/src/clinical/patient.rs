//! Short makers of stays with codes, for tests.

use super::{Clinical, Scores, Settings, Told};
use crate::measures::fixture::{Maker, cips_of, spell};
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::day::BirthMonth;
use throughcare_linkage::hospital::stay::{Cips, Spell};
use throughcare_linkage::link::person::Person;

/// One stay of one spell of one episode: admission, discharge, whether an emergency, diagnoses.
pub(crate) type Given<'a> = (&'a str, &'a str, bool, &'a [&'a str]);

/// Codes by number, as the reading of files numbers them.
#[derive(Default)]
pub(crate) struct Numbers {
    diagnoses: Vec<Box<str>>,
    operations: Vec<Box<str>>,
}

impl Numbers {
    fn of(list: &mut Vec<Box<str>>, codes: &[&str]) -> Vec<u16> {
        let number = |code: &&str| {
            if list.is_empty() {
                list.push("".into());
            }
            let known = list.iter().position(|other| **other == **code);
            known.unwrap_or_else(|| {
                list.push((*code).into());
                list.len() - 1
            }) as u16
        };
        codes.iter().map(number).collect()
    }

    pub(crate) fn clinical(&self, settings: &Settings) -> Clinical {
        Clinical::new(settings, &self.diagnoses, &self.operations, Told::Operations)
    }
}

/// A person born in January 1940 with spells of one episode each: its stay, whether its method is an
/// emergency, diagnoses, operations, primary of the spell.
pub(crate) struct Patient {
    pub(crate) maker: Maker,
    numbers: Numbers,
    pairs: Vec<(u32, u32)>,
}

impl Patient {
    pub(crate) fn new() -> Self {
        Self { maker: Maker::default(), numbers: Numbers::default(), pairs: Vec::new() }
    }

    /// Adds a spell to the last stay, or as a stay of its own.
    pub(crate) fn spell(
        &mut self,
        given: Given<'_>,
        operations: &[&str],
        of_spell: &str,
        joins: bool,
    ) {
        let (admission, discharge, emergency, diagnoses) = given;
        let n = self.maker.spells.len() as u32;
        let stays = &mut self.maker.cips;
        let spell = Spell {
            birth: BirthMonth::new(1940, 1),
            first_episode: n,
            cips: stays.len() as u32 - u32::from(joins),
            admission_method: Code::new(if emergency { "21" } else { "11" }),
            ..spell(admission, discharge)
        };
        self.maker.spells.push(spell);
        match stays.last_mut().filter(|_| joins) {
            Some(stay) => {
                stay.spells += 1;
                stay.last_spell = n;
                stay.discharge = spell.discharge;
            }
            None => stays.push(Cips { first_spell: n, last_spell: n, ..cips_of(&spell) }),
        }
        let Numbers { diagnoses: known, operations: known_operations } = &mut self.numbers;
        let codes = Numbers::of(known, diagnoses);
        let spell_primary = Numbers::of(known, &[of_spell])[0];
        let operations = Numbers::of(known_operations, operations);
        self.maker.codes.push_episode(codes.into_iter(), operations.into_iter(), spell_primary);
        self.pairs.push((n, n));
    }

    pub(crate) fn of_stays(stays: &[Given<'_>]) -> Self {
        let mut patient = Self::new();
        stays.iter().for_each(|stay| patient.spell(*stay, &[], "", false));
        patient
    }

    pub(crate) fn look<R>(
        &mut self,
        settings: &Settings,
        look: impl FnOnce(&Clinical, &Person<'_>) -> R,
    ) -> R {
        let clinical = self.settle(settings);
        self.maker.with(|person| look(&clinical, person))
    }

    /// Says which episodes make up which spell, and gives the classes of the codes.
    pub(crate) fn settle(&mut self, settings: &Settings) -> Clinical {
        let spells = &self.maker.spells;
        let first = |n: usize| spells[n].first_episode;
        self.maker.codes.set_spells(spells.len(), &mut self.pairs, &[], first);
        self.numbers.clinical(settings)
    }

    pub(crate) fn scores(&mut self, settings: &Settings, index: usize) -> Scores {
        self.look(settings, |clinical, person| clinical.scores(person, index)).unwrap()
    }

    pub(crate) fn frailty(&mut self, settings: &Settings, index: usize) -> Option<i32> {
        self.scores(settings, index).frailty_tenths
    }

    pub(crate) fn condition(&mut self, settings: &Settings) -> Option<&'static str> {
        let condition = self.look(settings, |clinical, person| clinical.acsc_condition(person, 0));
        condition.map(|condition| condition.name)
    }
}
