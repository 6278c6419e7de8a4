//! The numbered rules of `cld-data-quality.md` section 4.

use crate::figure::Unit;

/// How bad it is that a rule fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Severity {
    Reject,
    Error,
    Warning,
    Information,
}

impl Severity {
    /// The letter of the handbook.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Reject => "R",
            Self::Error => "E",
            Self::Warning => "W",
            Self::Information => "I",
        }
    }
}

macro_rules! rules {
    ($($id:ident $severity:ident $unit:ident $what:literal;)*) => {
        /// A rule that is counted by council.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "each variant is its number in the handbook")]
        pub enum Rule { $($id,)* }

        impl Rule {
            /// Every rule, in the order of the handbook.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// Its number, such as `V042`; parts of a rule have a letter after it.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$id => stringify!($id),)* }
            }

            /// How bad a failure is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$id => Severity::$severity,)* }
            }

            /// What it tests: rows or people.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self { $(Self::$id => Unit::$unit,)* }
            }

            /// What is wrong where it fails, in plain words.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$id => $what,)* }
            }
        }
    };
}

rules! {
    V003 Error Events "a date that cannot be read, or outside 1900 to 2100";
    V004 Error Events "an amount or number of adults that cannot be read";
    V005 Warning Events "a text for no value in a coded field, such as N/A";
    V006 Error Events "the council is not in the look-up of areas";
    V010 Error Events "no identifier of a person";
    V011 Error Events "no local identifier";
    V013 Warning People "several local identifiers in the council";
    V014 Error People "a local identifier of several NHS numbers in the council";
    V015 Information Events "no NHS number, though the local identifier has one elsewhere";
    V016 Information People "records in several councils";
    V017 Warning People "implausibly many records, or several dates of death";
    V020 Error Events "no date of birth";
    V021 Error Events "born in the future or after the start of the event";
    V022 Warning Events "under 18 at the end of the event";
    V023 Warning Events "aged 115 or more at the end of the period";
    V024 Warning People "a month of birth that over 1% of the people share";
    V025 Warning People "months of birth differ";
    V026a Warning People "latest rows disagree on gender";
    V026b Warning People "latest rows disagree on ethnicity";
    V026c Warning People "latest rows disagree on primary support reason";
    V026d Warning People "latest rows disagree on accommodation status";
    V026e Warning People "latest rows disagree on employment status";
    V026f Warning People "latest rows disagree on client funding status";
    V027 Error Events "a coded value that is not in its list";
    V028 Warning Events "a service user whose support reason is support to unpaid carer";
    V029 Warning People "accommodation status and open care-home support disagree";
    V030 Information Events "employment status of a carer or of someone of 65 or over";
    V031 Warning People "no unpaid carer stated, but a carer names the person";
    V040 Error Events "no start";
    V041 Error Events "no end of a request, assessment or review";
    V042 Error Events "end before start";
    V043 Error Events "start after the import";
    V044 Error Events "end of a request, assessment or review after the import";
    V045 Warning Events "end of a service after the import";
    V046 Error Events "death in the future or before birth";
    V047 Error Events "death before the start";
    V048 Warning Events "end after death";
    V049 Warning Events "open service of someone who died";
    V050 Error Events "death without an end";
    V051 Warning Events "end outside the stated reporting period";
    V052 Warning Events "request or assessment of over 365 days";
    V053 Warning Events "ST-Max of over 182 days, or other short-term support of over 365";
    V054 Warning Events "open long-term support that started on 1 April";
    V055 Warning Events "service that started on a day on which over 5% of the council's did";
    V056 Warning People "deaths in care records and registration differ by over 7 days";
    V060 Error Events "event type is none of the four";
    V061 Warning Events "a field of another event type is filled";
    V062 Warning Events "carer known by association with event fields, or without a linked identifier";
    V063 Warning Values "a linked identifier that is no service user's in the council";
    V064 Error Events "a carer linked to themselves";
    V065 Warning Events "fewer adults cared for than linked identifiers";
    V066 Error Events "no outcome, and no financial assessment";
    V067 Warning Events "an open service with another outcome than continuation";
    V068 Warning Events "outcome deceased without a date of death, or a death in the event with another outcome";
    V069 Information Events "outcome self-funded on a service that is no care home";
    V070 Warning Events "service type and component do not go together";
    V071 Warning Events "reablement without ST-Max, or ST-Max without reablement";
    V072 Warning Events "no delivery mechanism of long-term community support";
    V073 Information Events "delivery mechanism of nursing or residential care";
    V074 Error Events "no assessment type";
    V075 Error Events "no review reason, or a planned review without outcomes achieved";
    V076 Warning Events "CQC location that is not 1- and digits";
    V077 Error Events "no request route";
    V080 Error Events "no unit cost where it is mandatory";
    V081 Warning Events "unit cost of zero or less";
    V082 Error Events "no valid cost frequency beside a unit cost";
    V083 Error Events "cost by hour, day or session without planned units";
    V084 Information Events "weekly or rarer cost with planned units other than 1";
    V085 Warning Events "cost of a week above 10,000 or below 1";
    V086 Warning Events "one-off cost of a service open over a quarter";
    V090 Warning Events "an exact copy of another row";
    V091 Warning Events "another row of the same event";
    V092 Warning Events "an event whose rows differ in outcome, end, mechanism or cost";
    V093 Warning Events "an event that counts twice for the spelling of the releases";
    V094 Warning People "long-term support of different settings overlaps by over a day";
    V095 Warning People "services of one type and component overlap";
    V096 Warning Events "a group of reablement services 7 days or less apart";
    V097 Warning Events "a group of requests within 4 days";
    V098 Warning People "care-home support of two providers overlaps";
}

/// Rules by bit: which were tested on a row, and which failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tested {
    /// Rules that apply to the row.
    pub tested: u128,
    /// Of them, those that the row fails.
    pub failed: u128,
}

impl Tested {
    /// Notes the test of a rule.
    #[inline]
    pub fn test(&mut self, rule: Rule, fails: bool) {
        self.tested |= 1 << rule as u8;
        self.failed |= u128::from(fails) << rule as u8;
    }

    /// Notes the test of a rule where it applies.
    #[inline]
    pub fn test_if(&mut self, applies: bool, rule: Rule, fails: bool) {
        if applies {
            self.test(rule, fails);
        }
    }

    /// The rules of these bits.
    pub fn rules(mut bits: u128) -> impl Iterator<Item = Rule> {
        std::iter::from_fn(move || {
            let n = bits.trailing_zeros() as usize;
            bits &= bits.wrapping_sub(1);
            Rule::ALL.get(n).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_bit_and_number_and_they_are_in_order() {
        assert!(Rule::ALL.len() <= 128);
        assert!(Rule::ALL.windows(2).all(|two| two[0].id() < two[1].id()));
        let mut tested = Tested::default();
        tested.test(Rule::V098, true);
        tested.test(Rule::V003, false);
        tested.test_if(false, Rule::V020, true);
        assert_eq!(Tested::rules(tested.tested).collect::<Vec<_>>(), [Rule::V003, Rule::V098]);
        assert_eq!(Tested::rules(tested.failed).collect::<Vec<_>>(), [Rule::V098]);
        assert_eq!(Tested::rules(0).count(), 0);
    }
}
