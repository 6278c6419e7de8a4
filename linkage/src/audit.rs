//! What each rule did: counts that add up, mergeable over people and partitions.

use std::collections::BTreeMap;

/// One line of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Stage: `cld`, `hospital`, `timeline`, `linkage`.
    pub stage: &'static str,
    /// Position of the rule in its stage.
    pub step: u16,
    /// The handbook's rule, such as `P-08` or `D1`.
    pub rule: &'static str,
    /// What happened, in plain words.
    pub what: &'static str,
}

/// Records touched, rule by rule. Counts are added in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    counts: BTreeMap<Rule, u64>,
}

impl Audit {
    /// Counts `records` under a rule. For hot loops count in a local integer first.
    pub fn count(&mut self, rule: Rule, records: u64) {
        if records > 0 {
            *self.counts.entry(rule).or_default() += records;
        }
    }

    /// Adds the counts of other people.
    pub fn merge(&mut self, other: &Self) {
        for (&rule, &records) in &other.counts {
            self.count(rule, records);
        }
    }

    /// The count of a rule.
    #[must_use]
    pub fn get(&self, rule: Rule) -> u64 {
        self.counts.get(&rule).copied().unwrap_or(0)
    }

    /// Rules in the order of stage and step, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Rule, u64)> + '_ {
        self.counts.iter().map(|(&rule, &count)| (rule, count))
    }
}
