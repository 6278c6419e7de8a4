//! Rules that compare local identifiers of different people: V014, V015, V031, V063 and the carer
//! link rate of section 6.
//!
//! Each person leaves a few packed numbers; sorting them at the end shows who shares an identifier.

use super::rule::Rule;
use hashbrown::HashMap;

/// A local identifier of a council, packed: council, then number in `Texts::local_id`.
fn key(council: u16, local_id: u32) -> u64 {
    u64::from(council) << 32 | u64::from(local_id)
}

/// What is known of a local identifier by one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The person is known by an NHS number.
    pub has_nhs: bool,
    /// The person is a service user.
    pub is_service_user: bool,
    /// The person's latest details say that there is no unpaid carer.
    pub says_no_carer: bool,
    /// Rows of the person with this identifier.
    pub rows: u32,
}

/// Local identifiers, who has them and whom carers name.
#[derive(Clone, Debug, Default)]
pub struct Links {
    holders: Vec<(u64, Holder)>,
    /// Identifiers that carers name, with the rows that do.
    named: HashMap<u64, u64>,
}

/// Rows or people tested and failed by council.
pub type Tests = HashMap<(u16, Rule), [u64; 2]>;

impl Links {
    /// Notes that a person has an identifier.
    pub fn hold(&mut self, council: u16, local_id: u32, holder: Holder) {
        self.holders.push((key(council, local_id), holder));
    }

    /// Notes that a carer's row names someone.
    pub fn name(&mut self, council: u16, local_id: u32) {
        *self.named.entry(key(council, local_id)).or_default() += 1;
    }

    /// Adds what other people left.
    pub fn merge(&mut self, other: Self) {
        self.holders.extend(other.holders);
        for (key, rows) in other.named {
            *self.named.entry(key).or_default() += rows;
        }
    }

    /// Tests and failures by council and rule: V014 counts the people of an identifier that several
    /// NHS numbers share, V015 the rows without NHS number whose identifier has one elsewhere, V031
    /// people, V063 linked identifiers.
    #[must_use]
    pub fn tests(&self) -> Tests {
        let mut holders = self.holders.clone();
        holders.sort_unstable();
        let mut tests = Tests::new();
        let mut count = |council: u64, rule: Rule, tested: u64, failed: u64| {
            let test = tests.entry((council as u16, rule)).or_default();
            test[0] += tested;
            test[1] += failed;
        };
        let mut of_service_users: Vec<u64> = Vec::new();
        for group in holders.chunk_by(|a, b| a.0 == b.0) {
            let (key, council) = (group[0].0, group[0].0 >> 32);
            let with_nhs = group.iter().filter(|(_, holder)| holder.has_nhs).count() as u64;
            if with_nhs > 0 {
                count(council, Rule::V014, with_nhs, if with_nhs > 1 { with_nhs } else { 0 });
            }
            let without: u64 = group
                .iter()
                .filter(|(_, holder)| !holder.has_nhs)
                .map(|(_, holder)| u64::from(holder.rows))
                .sum();
            if without > 0 {
                count(council, Rule::V015, without, if with_nhs > 0 { without } else { 0 });
            }
            if group.iter().any(|(_, holder)| holder.is_service_user) {
                of_service_users.push(key);
            }
            let is_named = self.named.contains_key(&key);
            let no_carer = group.iter().filter(|(_, holder)| holder.says_no_carer).count() as u64;
            if no_carer > 0 {
                count(council, Rule::V031, no_carer, if is_named { no_carer } else { 0 });
            }
        }
        for (&key, &rows) in &self.named {
            let is_found = of_service_users.binary_search(&key).is_ok();
            count(key >> 32, Rule::V063, rows, if is_found { 0 } else { rows });
        }
        tests
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_compared_within_one_council_only() {
        let nhs = Holder { has_nhs: true, is_service_user: true, rows: 2, ..Holder::default() };
        let local = Holder { rows: 3, says_no_carer: true, ..Holder::default() };
        let mut links = Links::default();
        links.hold(1, 7, nhs);
        links.hold(1, 7, nhs);
        links.hold(2, 7, nhs); // the same text elsewhere is someone else
        links.hold(1, 8, nhs);
        links.hold(1, 8, local);
        links.hold(1, 9, local);
        let mut other = Links::default();
        other.name(1, 8);
        other.name(1, 9);
        other.name(1, 9);
        links.merge(other);
        let tests = links.tests();
        assert_eq!(tests[&(1, Rule::V014)], [3, 2]);
        assert_eq!(tests[&(2, Rule::V014)], [1, 0]);
        assert_eq!(tests[&(1, Rule::V015)], [6, 3]);
        assert_eq!(tests[&(1, Rule::V031)], [2, 2]);
        // 8 is a service user's, 9 is nobody's of whom it is known
        assert_eq!(tests[&(1, Rule::V063)], [3, 2]);
    }
}
