//! Checks of the computed figures themselves (`cld-data-quality.md` section 10). Nothing should be
//! found: a row that finds something is a fault of the engine or of the method, and says so.

use crate::figure::{Area, AreaType, Content, Figure, QualityFigure, Unit, Value};
use std::collections::BTreeMap;

/// Measures whose England is the sum of its councils.
const SUMS: [&str; 5] = ["ascof_2a", "ascof_2b", "ascof_2c", "ascof_2e", "ascof_3d"];

/// One row a measure and check: figures that fail, of those looked at. Besides, rows of social care
/// whose fate is not exactly one, of the two main tables.
#[must_use]
pub fn self_checks(figures: &[Figure], tables_add_up: [bool; 2]) -> Vec<QualityFigure> {
    let mut counts: BTreeMap<(&str, &str), [i64; 2]> = BTreeMap::new();
    let mut test = |measure, check, fails: bool| {
        let count = counts.entry((measure, check)).or_default();
        count[0] += i64::from(fails);
        count[1] += 1;
    };
    type Sum<'a> = (&'static str, &'a str, throughcare_linkage::day::Period, &'a str);
    let mut sums: BTreeMap<Sum<'_>, (Option<i64>, i64)> = BTreeMap::new();
    for figure in figures {
        if let (Value::Percent(_), Some(n), Some(of)) =
            (figure.value, figure.numerator, figure.denominator)
        {
            test(figure.measure, "numerator above denominator", n > of);
        }
        if let (true, Some(n)) = (SUMS.contains(&figure.measure), figure.numerator) {
            let key = (figure.measure, &*figure.part, figure.period, &*figure.stratum);
            let sum = sums.entry(key).or_default();
            match figure.area.kind {
                AreaType::England => sum.0 = Some(n),
                AreaType::La => sum.1 += n,
                _ => {}
            }
        }
    }
    for ((measure, ..), (england, councils)) in sums {
        let differs = england.is_some_and(|england| england != councils);
        test(measure, "England is not the sum of councils", differs);
    }
    for (table, adds_up) in ["joined table", "single table"].into_iter().zip(tables_add_up) {
        test(table, "rows kept and rows left out do not add up to the rows read", !adds_up);
    }
    counts
        .into_iter()
        .map(|((of, check), [failed, tested])| QualityFigure {
            area: Area::england(),
            source: "dq_metric_caveats",
            check: format!("self-check of {of}: {check}"),
            numerator: failed,
            denominator: Some(tested),
            unit: Unit::Values,
            content: Content::NotOfPeople,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughcare_linkage::day::{Day, Period};

    fn figure(code: &str, numerator: i64, denominator: i64) -> Figure {
        let kind = if code == "E92000001" { AreaType::England } else { AreaType::La };
        Figure {
            measure: "ascof_2a",
            part: String::new(),
            period: Period { start: Day(0), end: Day(9) },
            area: Area { kind, code: code.into(), name: code.into() },
            stratum: String::new(),
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: Value::Percent(1),
            interval: None,
            unit: Unit::Percent,
            counts: Unit::Episodes,
        }
    }

    #[test]
    fn dq10_faults_of_figures_are_counted() {
        let of = |figures: &[Figure], adds_up| -> Vec<(String, i64, Option<i64>)> {
            let rows = self_checks(figures, adds_up).into_iter();
            rows.map(|row| (row.check, row.numerator, row.denominator)).collect()
        };
        let good = [figure("E92000001", 5, 10), figure("100", 2, 4), figure("200", 3, 6)];
        let rows = of(&good, [true; 2]);
        assert_eq!(rows.iter().map(|row| row.1).sum::<i64>(), 0, "{rows:?}");
        assert_eq!(rows.iter().filter_map(|row| row.2).collect::<Vec<_>>(), [1, 3, 1, 1]);
        let bad = [figure("E92000001", 5, 10), figure("100", 9, 4)];
        let rows = of(&bad, [true, false]);
        let found: Vec<&str> =
            rows.iter().filter(|row| row.1 > 0).map(|row| row.0.as_str()).collect();
        assert_eq!(
            found,
            [
                "self-check of ascof_2a: England is not the sum of councils",
                "self-check of ascof_2a: numerator above denominator",
                "self-check of single table: rows kept and rows left out do not add up to the rows read",
            ]
        );
    }
}
