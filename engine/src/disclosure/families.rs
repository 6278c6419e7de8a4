//! Which figures add up to which: the sums that secondary suppression must respect (section 6).
//!
//! Within one measure, part and period, strata add up to the stratum with fewer keys, and areas to
//! the area above. Sums are taken only where the exact counts do add up: clients of two categories
//! make no published sum.

use super::primary::{Draft, public_denominator};
use super::released::Reason;
use super::secondary::{Sum, suppress};
use crate::figure::{Area, AreaType, Unit, Value};
use std::collections::BTreeMap;
use throughcare_linkage::day::Period;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Denominator,
    Numerator,
}

/// Keys and values of a stratum.
type Pairs<'a> = Vec<(&'a str, &'a str)>;

/// What its cells have in common.
type Family<'a> = (Side, &'static str, &'a str, Period, Unit);

/// Secondary suppression of every family of figures whose rules ask for it. `regions` gives the
/// region code of a council code.
pub fn suppress_families(drafts: &mut [Draft<'_>], regions: &BTreeMap<String, String>) {
    let mut families: BTreeMap<Family<'_>, BTreeMap<(&Area, &str), usize>> = BTreeMap::new();
    for (number, draft) in drafts.iter().enumerate() {
        if !draft.rules.secondary {
            continue;
        }
        let figure = draft.figure;
        let sides = [
            (Side::Denominator, figure.denominator.filter(|_| !public_denominator(figure))),
            (Side::Numerator, figure.numerator),
        ];
        for (side, count) in sides {
            if count.is_some() {
                let family = (side, figure.measure, &*figure.part, figure.period, figure.counts);
                let cell = (&figure.area, &*figure.stratum);
                families.entry(family).or_default().entry(cell).or_insert(number);
            }
        }
    }
    // denominators come first, since a shown one caps its numerator
    for (&(side, ..), members) in &families {
        treat(side, members, drafts, regions);
    }
}

fn treat(
    side: Side,
    members: &BTreeMap<(&Area, &str), usize>,
    drafts: &mut [Draft<'_>],
    regions: &BTreeMap<String, String>,
) {
    let mut cells = Vec::with_capacity(members.len());
    let mut hidden = Vec::with_capacity(members.len());
    let mut caps = Vec::with_capacity(members.len());
    let mut threshold = 1;
    for &number in members.values() {
        let draft = &drafts[number];
        threshold = threshold.max(draft.rules.threshold);
        let (count, reason, cap) = match side {
            Side::Denominator => (draft.figure.denominator, draft.denominator, None),
            Side::Numerator => {
                let share = matches!(draft.figure.value, Value::Percent(_));
                let shown = share && draft.denominator.is_none();
                let cap = draft.figure.denominator.filter(|_| shown);
                (draft.figure.numerator, draft.numerator, cap)
            }
        };
        let count = count.unwrap_or(0);
        cells.push(count);
        hidden.push(reason.is_some());
        caps.push(cap.filter(|&cap| cap >= count));
    }
    if !hidden.contains(&true) {
        return;
    }
    let keys: Vec<(&Area, &str)> = members.keys().copied().collect();
    let mut sums = stratum_sums(&keys, &cells);
    sums.extend(area_sums(&keys, &cells, regions));
    suppress(&cells, &mut hidden, &caps, &sums, threshold);
    for (&number, hidden) in members.values().zip(hidden) {
        let draft = &mut drafts[number];
        let reason = match side {
            Side::Denominator => &mut draft.denominator,
            Side::Numerator => &mut draft.numerator,
        };
        if hidden {
            *reason = reason.or(Some(Reason::Secondary));
            // a count is its numerator: its value says nothing of the people behind it
            if side == Side::Numerator || draft.figure.value != Value::Count {
                draft.value = draft.value.or(Some(Reason::Secondary));
            }
        }
    }
}

/// Rows: the strata of one area, councils before regions before England.
fn stratum_sums(keys: &[(&Area, &str)], cells: &[i64]) -> Vec<Sum> {
    let mut areas: BTreeMap<(std::cmp::Reverse<AreaType>, &Area), Vec<usize>> = BTreeMap::new();
    for (cell, (area, _)) in keys.iter().enumerate() {
        areas.entry((std::cmp::Reverse(area.kind), area)).or_default().push(cell);
    }
    let mut sums = Vec::new();
    for members in areas.values() {
        // strata by their keys: "age_band; sex" -> the cells that have both
        let mut by_keys: BTreeMap<Vec<&str>, Vec<(usize, Pairs<'_>)>> = BTreeMap::new();
        for &cell in members {
            let pairs = pairs(keys[cell].1);
            let names = pairs.iter().map(|&(key, _)| key).collect();
            by_keys.entry(names).or_default().push((cell, pairs));
        }
        for (names, parts) in &by_keys {
            for (total_names, totals) in &by_keys {
                let fewer = total_names.len() < names.len()
                    && total_names.iter().all(|name| names.contains(name));
                if !fewer {
                    continue;
                }
                for (total, wanted) in totals {
                    let of_total = parts
                        .iter()
                        .filter(|(_, pairs)| wanted.iter().all(|pair| pairs.contains(pair)))
                        .map(|&(cell, _)| cell)
                        .collect();
                    push_sum(&mut sums, *total, of_total, cells);
                }
            }
        }
    }
    sums
}

/// Columns: the areas of one stratum.
fn area_sums(
    keys: &[(&Area, &str)],
    cells: &[i64],
    regions: &BTreeMap<String, String>,
) -> Vec<Sum> {
    let mut strata: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (cell, &(_, stratum)) in keys.iter().enumerate() {
        strata.entry(stratum).or_default().push(cell);
    }
    let mut sums = Vec::new();
    for members in strata.values() {
        let of_kind = |kind: AreaType| -> Vec<usize> {
            members.iter().copied().filter(|&cell| keys[cell].0.kind == kind).collect()
        };
        for region in of_kind(AreaType::Region) {
            let code = &keys[region].0.code;
            let councils = of_kind(AreaType::La)
                .into_iter()
                .filter(|&cell| regions.get(&keys[cell].0.code) == Some(code))
                .collect();
            push_sum(&mut sums, region, councils, cells);
        }
        for england in of_kind(AreaType::England) {
            for kind in [AreaType::Region, AreaType::La, AreaType::Provider, AreaType::Icb] {
                push_sum(&mut sums, england, of_kind(kind), cells);
            }
        }
    }
    sums
}

fn push_sum(sums: &mut Vec<Sum>, total: usize, parts: Vec<usize>, cells: &[i64]) {
    let adds_up = parts.iter().map(|&part| cells[part]).sum::<i64>() == cells[total];
    if !parts.is_empty() && adds_up {
        sums.push(Sum { total, parts });
    }
}

/// The keys and values of a stratum. A value of `Total` is no restriction.
fn pairs(stratum: &str) -> Pairs<'_> {
    stratum
        .split("; ")
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(_, value)| !value.eq_ignore_ascii_case("total"))
        .collect()
}
