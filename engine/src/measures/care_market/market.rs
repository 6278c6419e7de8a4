//! The market of one area: what each location has, and how concentrated that is.

use super::{Cell, Level, Whose};
use crate::measures::ledger::Sum;
use crate::measures::service_cost::quotient;
use std::collections::BTreeMap;

/// What the locations of an area have, by identifier.
pub(super) type Locations<'a> = BTreeMap<&'a str, Sum>;

/// The locations of an area with packages of a type.
pub(super) fn locations<'a>(
    (n, level): (u16, Level),
    cells: &BTreeMap<Cell, Sum>,
    names: &'a [Box<str>],
) -> Locations<'a> {
    let first = (n, Whose::Location(0), None);
    let of_quarter = cells.range(first..).take_while(|((of, ..), _)| *of == n);
    let mut locations = Locations::new();
    for (&(_, whose, of), &sum) in of_quarter {
        if let Whose::Location(number) = whose
            && of == level
            && let Some(name) = names.get(number as usize)
        {
            locations.insert(name, sum);
        }
    }
    locations
}

/// The Herfindahl-Hirschman index: the sum of squared shares in per cent, 10,000 for one supplier,
/// rounded to a whole number. None when nothing is shared, or the amounts are beyond all bounds.
pub(super) fn herfindahl(amounts: impl Iterator<Item = i128>) -> Option<i128> {
    let (mut sum, mut squares) = (0i128, 0i128);
    for amount in amounts {
        sum = sum.checked_add(amount)?;
        squares = squares.checked_add(amount.checked_mul(amount)?)?;
    }
    let square = sum.checked_mul(sum)?;
    // room for rounding
    square.checked_mul(4)?;
    (square > 0).then_some(())?;
    Some(quotient(squares.checked_mul(10_000)?.checked_mul(2)?, square.checked_mul(2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_10000_for_one_supplier_and_2500_for_four_equal_ones() {
        let index = |amounts: &[i128]| herfindahl(amounts.iter().copied());
        assert_eq!(index(&[7]), Some(10_000));
        assert_eq!(index(&[5, 5, 5, 5]), Some(2500));
        assert_eq!(index(&[50, 30, 20, 0]), Some(3800));
        assert_eq!(index(&[1, 1, 1]), Some(3333));
        assert_eq!(index(&[2, 1]), Some(5556));
        assert_eq!(index(&[]), None);
        assert_eq!(index(&[0]), None);
        assert_eq!(index(&[i128::MAX / 2]), None);
    }
}
