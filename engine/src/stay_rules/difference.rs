//! Why two spells that follow each other are one stay under some rules and two under others.

use crate::stay::is_regular_attender;
use throughcare_linkage::codes::short::Code;
use throughcare_linkage::hospital::cips::joins;
use throughcare_linkage::hospital::settings::Rules;
use throughcare_linkage::hospital::stay::{Spell, StayFlags};

/// The first cause, in this order, of a difference between rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A regular attender stands between the two where regular attenders join (I-9).
    RegularAttender,
    /// One of the two is inside another provider's spell and joins only where overlaps do.
    Inner,
    /// The spell with the latest discharge is not the one before, or the one before is not in the
    /// chain (I-14).
    ComparedWith,
    /// The second begins before the first has ended (I-11, I-12).
    NegativeGap,
    /// More nights between the two than some rules allow (I-3).
    LongGap,
    /// Home, then ward, then own A&E: a transfer for some, a new emergency for others (I-6).
    Exclusion,
    /// The destination is a transfer in some lists only (I-7).
    DestinationList,
    /// The source is a transfer in some lists only (I-8).
    SourceList,
    /// The admission method is a transfer in some lists only.
    MethodList,
}

impl Reason {
    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RegularAttender => "regular attender between",
            Self::Inner => "inside another provider's spell",
            Self::ComparedWith => "compared with another spell",
            Self::NegativeGap => "negative gap",
            Self::LongGap => "gap longer than some rules allow",
            Self::Exclusion => "19-51-21 exclusion",
            Self::DestinationList => "destination list",
            Self::SourceList => "source list",
            Self::MethodList => "admission method list",
        }
    }
}

/// One set of rules and what it made of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Whether the two are in one stay.
    pub joined: bool,
    /// Whether a regular attender that takes part in joining stands between the two.
    pub regular_between: bool,
}

/// Why the verdicts on two spells that follow each other, regular attenders aside, are not all the
/// same; `None` when they are.
#[must_use]
pub fn reason(before: &Spell, spell: &Spell, verdicts: &[Verdict<'_>]) -> Option<Reason> {
    let first = verdicts.first()?.joined;
    if verdicts.iter().all(|verdict| verdict.joined == first) {
        return None;
    }
    // what the rules say of the two alone, and whose verdict came about by something else
    let other_cause =
        |verdict: &&Verdict<'_>| verdict.joined != joins(verdict.rules, before, spell);
    let mut others = verdicts.iter().filter(other_cause).peekable();
    if others.peek().is_some() {
        let inner = [before, spell].iter().any(|spell| spell.flags.has(StayFlags::INNER));
        return Some(match () {
            () if others.any(|verdict| verdict.regular_between) => Reason::RegularAttender,
            () if inner => Reason::Inner,
            () => Reason::ComparedWith,
        });
    }
    let gap = spell.admission.since(before.discharge);
    let shortest = verdicts.iter().map(|verdict| verdict.rules.max_gap_days).min()?;
    let differ = |contains: &dyn Fn(&Rules) -> bool| {
        let first = verdicts.first().is_some_and(|verdict| contains(verdict.rules));
        verdicts.iter().any(|verdict| contains(verdict.rules) != first)
    };
    Some(match () {
        () if gap < 0 => Reason::NegativeGap,
        () if gap > shortest => Reason::LongGap,
        () if is_excluded(before, spell) => Reason::Exclusion,
        () if differ(&|rules| rules.destinations.contains(before.destination)) => {
            Reason::DestinationList
        }
        () if differ(&|rules| rules.sources.contains(spell.source)) => Reason::SourceList,
        () => Reason::MethodList,
    })
}

/// I.5: destination 19, then source 51 and method 21.
fn is_excluded(before: &Spell, spell: &Spell) -> bool {
    before.destination == const { Code::new("19") }
        && spell.source == const { Code::new("51") }
        && spell.admission_method == const { Code::new("21") }
}

/// The places of spells that are not regular attenders', and whether a regular attender stands
/// between each and the one before it in the list.
pub fn without_regular(spells: &[Spell], places: &mut Vec<(u32, bool)>) {
    places.clear();
    let mut between = false;
    for (n, spell) in (0u32..).zip(spells) {
        if is_regular_attender(spell.class) {
            between = true;
        } else {
            places.push((n, between));
            between = false;
        }
    }
}
