//! Headline figures of each field (`cld-data-quality.md` section 3).

use super::code::{Check, Condition, Validity};
use super::item::Item;
use super::plan::Plan;
use super::values::{Classes, TextCount};
use hashbrown::HashSet;
use throughcare_linkage::codes::cld::{Field, Raw};

/// Records of one field behind its headline figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// Mandatory or applicable.
    pub applicable: u64,
    /// Mandatory.
    pub mandatory: u64,
    /// Mandatory and blank.
    pub mandatory_blank: u64,
    /// Mandatory and valid.
    pub mandatory_valid: u64,
    /// Mandatory and filled with a text of which nobody can tell whether it is valid, since the list
    /// of Release 2 is not known: left out of the shares of valid records.
    pub mandatory_unknown: u64,
    /// Applicable and filled.
    pub filled: u64,
    /// Applicable and valid.
    pub valid: u64,
    /// Applicable and invalid.
    pub invalid: u64,
    /// Applicable, in the spelling of Release 1.
    pub release1: u64,
    /// Valid, but a label for "not known".
    pub unknown: u64,
    /// Applicable and filled, with a cleaned value.
    pub mapped: u64,
    /// Applicable and filled, of coded fields.
    pub coded_filled: u64,
    /// Applicable and valid, of coded fields.
    pub coded_valid: u64,
    /// Filled though not applicable.
    pub out_of_place: u64,
    /// Raw texts that no list maps.
    pub new_values: HashSet<(Field, Raw)>,
}

/// A figure: its name, and numerator and denominator. No denominator: a count.
pub type Figure = (&'static str, u64, Option<u64>);

impl Headline {
    /// The headline of a field from its classes and, if coded, its raw texts.
    #[must_use]
    pub fn of(plan: &Plan<'_>, item: Item, classes: &Classes, texts: &[TextCount]) -> Self {
        let mut headline = Self::default();
        for condition in Condition::ALL {
            for check in Check::ALL {
                headline.class(condition, check, classes.get(item, condition, check));
            }
        }
        if item.coded().is_some() {
            (headline.coded_filled, headline.coded_valid) = (headline.filled, headline.valid);
        }
        for text in texts.iter().filter(|text| Some(text.field) == item.coded()) {
            let code = plan.code(text.field, text.raw);
            if text.raw.is_none() {
                continue;
            }
            if code.is_new {
                headline.new_values.insert((text.field, text.raw));
            }
            if text.condition.is_applicable() {
                headline.mapped += if code.is_mapped { text.records } else { 0 };
                let is_valid = text.check == Check::Valid;
                headline.unknown += if is_valid && code.is_unknown { text.records } else { 0 };
            }
        }
        headline
    }

    fn class(&mut self, condition: Condition, check: Check, records: u64) {
        let validity = check.validity();
        if condition == Condition::NotApplicable && validity.is_filled() {
            self.out_of_place += records;
        }
        if !condition.is_applicable() {
            return;
        }
        self.applicable += records;
        self.filled += if validity.is_filled() { records } else { 0 };
        match validity {
            Validity::Valid => self.valid += records,
            Validity::Invalid => self.invalid += records,
            Validity::Release1 => self.release1 += records,
            _ => {}
        }
        if condition == Condition::Mandatory {
            self.mandatory += records;
            match validity {
                Validity::BlankMandatory => self.mandatory_blank += records,
                Validity::Valid => self.mandatory_valid += records,
                Validity::Null => self.mandatory_unknown += records,
                _ => {}
            }
        }
    }

    /// Adds the records of another field or council.
    pub fn merge(&mut self, other: &Self) {
        self.applicable += other.applicable;
        self.mandatory += other.mandatory;
        self.mandatory_blank += other.mandatory_blank;
        self.mandatory_valid += other.mandatory_valid;
        self.mandatory_unknown += other.mandatory_unknown;
        self.filled += other.filled;
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.release1 += other.release1;
        self.unknown += other.unknown;
        self.mapped += other.mapped;
        self.out_of_place += other.out_of_place;
        self.coded_filled += other.coded_filled;
        self.coded_valid += other.coded_valid;
        self.new_values.extend(&other.new_values);
    }

    /// The figures in the order of the handbook. Shares of nothing are left out.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let share = |name, of: u64, base: u64| (base > 0).then_some((name, of, Some(base)));
        let count = |name, of: u64| Some((name, of, None));
        let checked = self.valid + self.invalid + self.release1;
        let new_values = self.new_values.len() as u64;
        let has_coded = self.coded_filled > 0 || new_values > 0;
        [
            count("applicable", self.applicable),
            count("mandatory", self.mandatory),
            share("mandatory completeness", self.mandatory - self.mandatory_blank, self.mandatory),
            share("overall completeness", self.filled, self.applicable),
            share("validity of populated", self.valid, checked),
            share("mandatory valid", self.mandatory_valid, self.mandatory - self.mandatory_unknown),
            share("Release 1 residue", self.release1, self.filled),
            share("unknown", self.unknown, self.coded_valid),
            share("mapped", self.mapped, self.coded_filled),
            count("new invalid values", new_values).filter(|_| has_coded),
            count("not applicable but filled", self.out_of_place),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The share that fitness goes by (section 8): mandatory valid, or valid of what
    /// applies where the field is never mandatory.
    #[must_use]
    pub const fn fitness(&self) -> (u64, u64) {
        let base = self.mandatory - self.mandatory_unknown;
        if base > 0 { (self.mandatory_valid, base) } else { (self.valid, self.applicable) }
    }
}
