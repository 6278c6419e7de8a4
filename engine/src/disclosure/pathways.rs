//! Sequences: those of few people are pooled (section 8).

use super::areas::{Group, group};
use super::number::Decimal;
use super::profile::Rules;
use super::released::{Entry, Marker, Reason, ReleasedPathway, Summary};
use crate::figure::Pathway;
use std::collections::BTreeSet;

/// Fewest people behind a median, under every profile but `none`.
pub(super) const MEDIAN_MIN: i64 = 10;

/// How many of some sequences or groups are shown, of people in all `of`, the most frequent first: none of
/// few people; and one more is left out while the rest are few people together.
pub(super) fn shown_of(counts: &[i64], of: i64, rules: &Rules) -> usize {
    let rest = |shown: usize| of - counts[..shown].iter().sum::<i64>();
    let mut shown = counts.len();
    while shown > 0 && rules.is_small(counts[shown - 1]) {
        shown -= 1;
    }
    while shown > 0 && shown < counts.len() && rules.is_small(rest(shown)) {
        shown -= 1;
    }
    shown
}

/// The sequences after control. Those of one area, stratum and anchor keep their order and their ranks;
/// after them stands one row for all that few people follow. When these are few people together, the
/// rarest sequence that is shown joins them, so that the total does not give them away. An area that is
/// withheld, and an anchor that few people have, are one row without numbers.
pub(super) fn release_pathways(
    pathways: &[Pathway],
    withheld: &BTreeSet<Group<'_>>,
    rules: &Rules,
    summary: &mut Summary,
) -> Vec<ReleasedPathway> {
    let mut released = Vec::with_capacity(pathways.len());
    for rows in pathways.chunk_by(|a, b| group(a) == group(b)) {
        summary.look("pathways", rows.len() as u64);
        let Some(first) = rows.first() else { continue };
        if withheld.contains(&group(first)) || rules.is_small(first.of) {
            let is_small = rules.is_small(first.of);
            let reason = if is_small { Reason::SmallBase } else { Reason::Secondary };
            rows.iter().for_each(|_| summary.hide("pathways", reason));
            released.push(nothing_of(first));
            continue;
        }
        let people: Vec<i64> = rows.iter().map(|pathway| pathway.people).collect();
        let shown = shown_of(&people, first.of, rules);
        for (rank, pathway) in (1..).zip(&rows[..shown]) {
            released.push(release(pathway, Some(rank), pathway.path.clone(), rules));
        }
        let pooled = rows.len() - shown;
        for _ in 0..pooled {
            summary.hide("pathways", Reason::PooledPathway);
        }
        let others = first.of - people[..shown].iter().sum::<i64>();
        if others > 0 {
            let sequences = match rules.rounded(pooled as i64) {
                _ if pooled == 0 => String::new(),
                0 => " (a few sequences)".into(),
                sequences => format!(" ({sequences} sequences)"),
            };
            let path = if pooled == 0 { "not listed".into() } else { format!("other{sequences}") };
            let whole = Pathway { people: others, median_days: None, ..first.clone() };
            released.push(release(&whole, None, path, rules));
        }
    }
    released
}

/// What is said of an anchor and area of which no number may be shown.
fn nothing_of(pathway: &Pathway) -> ReleasedPathway {
    ReleasedPathway {
        area_code: pathway.area_code.clone(),
        stratum: pathway.stratum.clone(),
        anchor: pathway.anchor.clone(),
        rank: Entry::Marked(Marker::NotApplicable),
        path: "other".into(),
        people: Entry::Marked(Marker::Confidential),
        share: Entry::Marked(Marker::Confidential),
        median_days: Entry::Marked(Marker::Confidential),
    }
}

fn release(pathway: &Pathway, rank: Option<i64>, path: String, rules: &Rules) -> ReleasedPathway {
    let controlled = rules.round_to > 1;
    let hidden = rules.is_small(pathway.people);
    let few = controlled && pathway.people < rules.statistic_min.max(MEDIAN_MIN);
    let people = if hidden {
        Entry::Marked(Marker::Confidential)
    } else {
        Entry::Shown(rules.rounded(pathway.people))
    };
    let share = people.shown().and_then(|people| {
        let of = rules.rounded(pathway.of).max(people);
        Decimal::quotient(people, of, 1.0, if controlled { 3 } else { 6 })
    });
    let decimals = if controlled { 1 } else { 6 };
    ReleasedPathway {
        area_code: pathway.area_code.clone(),
        stratum: pathway.stratum.clone(),
        anchor: pathway.anchor.clone(),
        rank: rank.map_or(Entry::Marked(Marker::NotApplicable), Entry::Shown),
        path,
        people,
        share: share.map_or(Entry::Marked(Marker::Confidential), Entry::Shown),
        median_days: match pathway.median_days {
            None => Entry::Marked(Marker::NotAvailable),
            Some(_) if few => Entry::Marked(Marker::Confidential),
            Some(days) => Entry::Shown(Decimal::rounded(days, decimals)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::ProfileName;
    use super::*;

    fn pathways(people: &[i64]) -> Vec<Pathway> {
        let one = |(n, &count): (usize, &i64)| Pathway {
            area_code: "E92000001".into(),
            stratum: String::new(),
            anchor: "discharge".into(),
            path: format!("P{n}"),
            people: count,
            of: people.iter().sum(),
            median_days: Some(12.25),
        };
        people.iter().enumerate().map(one).collect()
    }

    fn shown(people: &[i64], profile: ProfileName) -> Vec<(String, Option<i64>)> {
        let mut summary = Summary::default();
        let released =
            release_pathways(&pathways(people), &BTreeSet::new(), &profile.rules(), &mut summary);
        released.into_iter().map(|row| (row.path, row.people.shown())).collect()
    }

    #[test]
    fn section_8_sequences_of_few_people_are_pooled() {
        let rows = shown(&[100, 41, 9, 7, 2, 1], ProfileName::Hes7);
        assert_eq!(
            rows,
            [
                ("P0".into(), Some(100)),
                ("P1".into(), Some(40)),
                ("P2".into(), Some(10)),
                ("other (5 sequences)".into(), Some(10))
            ]
        );
        // 3 people alone would be the difference from the total: the next rarest goes with them
        let rows = shown(&[100, 41, 9, 2, 1], ProfileName::Hes7);
        assert_eq!(rows.last(), Some(&("other (5 sequences)".into(), Some(10))));
        assert_eq!(rows.len(), 3);
    }

    #[test]
    fn inside_the_secure_setting_everything_is_a_row() {
        let rows = shown(&[3, 1], ProfileName::None);
        assert_eq!(rows, [("P0".into(), Some(3)), ("P1".into(), Some(1))]);
    }

    #[test]
    fn what_the_list_leaves_out_is_a_row() {
        let mut listed = pathways(&[50, 20]);
        listed.iter_mut().for_each(|pathway| pathway.of = 100);
        let rules = ProfileName::Hes7.rules();
        let released = release_pathways(&listed, &BTreeSet::new(), &rules, &mut Summary::default());
        let last = released.last().unwrap();
        assert_eq!((last.path.as_str(), last.people.shown()), ("not listed", Some(30)));
        assert_eq!(last.rank.shown(), None);
    }
}
