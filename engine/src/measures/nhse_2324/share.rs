//! Cells that are a numerator and a denominator.

use crate::figure::{Area, Figure, Unit, Value};
use crate::measures::salt::table::{Build, Cell, Cells, Tally};
use throughcare_linkage::day::Period;

const DENOMINATOR: u8 = 1;
const NUMERATOR: u8 = 2;

/// Counts one unit in the denominator of a part and level, and if so in the numerator.
pub fn count(tally: &mut Tally<'_>, la: u16, part: u8, level: u8, in_numerator: bool) {
    tally.add(la, part, [level, DENOMINATOR], 1);
    if in_numerator {
        tally.add(la, part, [level, NUMERATOR], 1);
    }
}

/// The share of some levels of a part, as a percentage with these decimals.
pub fn figure<B: Build>(
    area: &Area,
    cells: &Cells,
    period: Period,
    (part, levels, stratum): (u8, &[u8], &str),
    decimals: u8,
) -> Figure {
    let sum = |kind: u8| {
        let cell = |&level: &u8| cells.get(&Cell { part, levels: [level, kind] });
        Some(levels.iter().filter_map(cell).sum())
    };
    Figure {
        measure: B::NAME,
        part: B::PARTS.get(usize::from(part)).copied().unwrap_or("").into(),
        period,
        area: area.clone(),
        stratum: stratum.into(),
        numerator: sum(NUMERATOR),
        denominator: sum(DENOMINATOR),
        value: Value::Percent(decimals),
        interval: None,
        unit: Unit::Percent,
        counts: B::COUNTS,
    }
}
