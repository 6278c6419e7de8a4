//! Secondary suppression over published sums, with an audit by bounds (section 6).

/// A published sum: the cells of `parts` add up to the cell `total`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Cell of the total.
    pub total: usize,
    /// Cells that add up to it.
    pub parts: Vec<usize>,
}

/// What stands for "no upper bound".
const OPEN: i64 = i64::MAX;

/// Hides further cells until no hidden cell follows from the shown ones and the feasible range of
/// each is at least `threshold` wide.
///
/// # Arguments
/// `cells` are the exact counts in code order; `hidden` marks the primary ones and receives the
/// secondary ones; `caps` are upper bounds known from elsewhere (`None` for none); `sums` come in the
/// order in which they are treated: lowest level first, rows before columns.
///
/// # Complexity
/// O(sweeps × total length of the sums); each sweep but the last hides a cell.
pub fn suppress(
    cells: &[i64],
    hidden: &mut [bool],
    caps: &[Option<i64>],
    sums: &[Sum],
    threshold: i64,
) {
    loop {
        partners(cells, hidden, sums);
        let failing = audit(cells, hidden, caps, sums, threshold);
        if failing.is_empty() {
            return;
        }
        let mut widened = false;
        for &cell in &failing {
            widened |= widen(cell, cells, hidden, sums);
        }
        if !widened {
            // no partner is left next to any of them: nothing of the table is shown
            hidden.fill(true);
            return;
        }
    }
}

/// Steps 2 to 4: no sum keeps exactly one unknown.
fn partners(cells: &[i64], hidden: &mut [bool], sums: &[Sum]) {
    loop {
        let mut changed = false;
        for sum in sums {
            let unknown = sum.parts.iter().filter(|&&part| hidden[part]).count()
                + usize::from(hidden[sum.total]);
            if unknown != 1 {
                continue;
            }
            if let Some(partner) = partner(sum, cells, hidden) {
                hidden[partner] = true;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// The smallest non-zero cell that is shown, the lowest code on a tie; the total when there is none.
fn partner(sum: &Sum, cells: &[i64], hidden: &[bool]) -> Option<usize> {
    let part = sum
        .parts
        .iter()
        .copied()
        .filter(|&part| !hidden[part] && cells[part] != 0)
        .min_by_key(|&part| (cells[part], part));
    part.or_else(|| (!hidden[sum.total]).then_some(sum.total))
}

fn widen(cell: usize, cells: &[i64], hidden: &mut [bool], sums: &[Sum]) -> bool {
    let found = sums
        .iter()
        .filter(|sum| sum.total == cell || sum.parts.contains(&cell))
        .find_map(|sum| partner(sum, cells, hidden));
    if let Some(found) = found {
        hidden[found] = true;
    }
    found.is_some()
}

/// Step 5: the hidden cells whose feasible range is narrower than the threshold, in code order.
pub fn audit(
    cells: &[i64],
    hidden: &[bool],
    caps: &[Option<i64>],
    sums: &[Sum],
    threshold: i64,
) -> Vec<usize> {
    let bounds = bounds(cells, hidden, caps, sums);
    (0..cells.len())
        .filter(|&cell| {
            let (low, high) = bounds[cell];
            hidden[cell] && high != OPEN && high - low < threshold
        })
        .collect()
}

/// What an outsider can work out of each cell, both ends included, by passing bounds along the
/// sums until nothing changes. A shown cell has its value twice; no upper bound is `i64::MAX`.
pub fn bounds(
    cells: &[i64],
    hidden: &[bool],
    caps: &[Option<i64>],
    sums: &[Sum],
) -> Vec<(i64, i64)> {
    // more sweeps can only narrow ranges by ever smaller steps
    const SWEEPS: usize = 100;
    let mut bounds: Vec<(i64, i64)> = (0..cells.len())
        .map(|cell| {
            if hidden[cell] {
                (0, caps.get(cell).copied().flatten().unwrap_or(OPEN))
            } else {
                (cells[cell], cells[cell])
            }
        })
        .collect();
    for _ in 0..SWEEPS {
        let mut changed = false;
        for sum in sums {
            changed |= narrow(sum, &mut bounds);
        }
        if !changed {
            break;
        }
    }
    bounds
}

fn narrow(sum: &Sum, bounds: &mut [(i64, i64)]) -> bool {
    let mut lows = 0i64;
    let mut highs = 0i64;
    let mut open = 0usize;
    for &part in &sum.parts {
        lows = lows.saturating_add(bounds[part].0);
        if bounds[part].1 == OPEN {
            open += 1;
        } else {
            highs = highs.saturating_add(bounds[part].1);
        }
    }
    let mut changed = false;
    let mut set = |bound: &mut (i64, i64), low: i64, high: i64| {
        let new = (bound.0.max(low), bound.1.min(high));
        changed |= new != *bound;
        *bound = new;
    };
    set(&mut bounds[sum.total], lows, if open == 0 { highs } else { OPEN });
    let (total_low, total_high) = bounds[sum.total];
    for &part in &sum.parts {
        let (low, high) = bounds[part];
        let others_low = lows - low;
        let new_high = if total_high == OPEN { OPEN } else { total_high - others_low };
        let others_open = open - usize::from(high == OPEN);
        let others_high = if high == OPEN { highs } else { highs - high };
        let new_low = if others_open > 0 { 0 } else { total_low - others_high };
        let before = bounds[part];
        set(&mut bounds[part], new_low, new_high);
        // keep the running sums true for the next part
        let after = bounds[part];
        lows += after.0 - before.0;
        if before.1 == OPEN && after.1 != OPEN {
            open -= 1;
            highs = highs.saturating_add(after.1);
        } else if after.1 != OPEN {
            highs -= before.1 - after.1;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cells of a table with margins, row by row, the totals last in each row and the total row last.
    fn two_way(interior: &[&[i64]]) -> (Vec<i64>, Vec<Sum>) {
        let width = interior[0].len() + 1;
        let mut cells = Vec::new();
        for row in interior {
            cells.extend_from_slice(row);
            cells.push(row.iter().sum());
        }
        for column in 0..width {
            let total = (0..interior.len()).map(|row| cells[row * width + column]).sum();
            cells.push(total);
        }
        let rows = interior.len() + 1;
        let mut sums = Vec::new();
        for row in 0..rows {
            let parts = (0..width - 1).map(|column| row * width + column).collect();
            sums.push(Sum { total: row * width + width - 1, parts });
        }
        for column in 0..width {
            let parts = (0..rows - 1).map(|row| row * width + column).collect();
            sums.push(Sum { total: (rows - 1) * width + column, parts });
        }
        (cells, sums)
    }

    fn hidden_after(interior: &[&[i64]], threshold: i64) -> Vec<usize> {
        let (cells, sums) = two_way(interior);
        let mut hidden: Vec<bool> = cells.iter().map(|&c| c >= 1 && c < threshold).collect();
        suppress(&cells, &mut hidden, &vec![None; cells.len()], &sums, threshold);
        (0..cells.len()).filter(|&cell| hidden[cell]).collect()
    }

    #[test]
    fn d06_secondary_example_gives_the_rectangle() {
        let interior: [&[i64]; 2] = [&[3, 12, 20], &[9, 14, 31]];
        // LA 1: 65-74, 75-84; LA 2: 65-74, 75-84
        assert_eq!(hidden_after(&interior, 5), [0, 1, 4, 5]);
        let (cells, sums) = two_way(&interior);
        let mut hidden = vec![false; cells.len()];
        for cell in [0, 1, 4, 5] {
            hidden[cell] = true;
        }
        let caps = vec![None; cells.len()];
        assert_eq!(bounds(&cells, &hidden, &caps, &sums)[0], (0, 12));
        assert!(audit(&cells, &hidden, &caps, &sums, 5).is_empty());
    }

    #[test]
    fn d06_zeros_are_no_partners_and_the_total_goes_when_none_is_left() {
        assert_eq!(hidden_after(&[&[3, 0, 0], &[20, 30, 40]], 5), [0, 3, 4, 7]);
    }

    #[test]
    fn d06_audit_hides_a_third_cell_when_two_are_too_narrow() {
        // 1 + 1 = 2 leaves a range of 2
        let (cells, sums) =
            (vec![1, 1, 30, 40, 72], vec![Sum { total: 4, parts: vec![0, 1, 2, 3] }]);
        let mut hidden = vec![true, true, false, false, false];
        let caps = vec![None; 5];
        assert_eq!(audit(&cells, &hidden, &caps, &sums, 5), [0, 1]);
        suppress(&cells, &mut hidden, &caps, &sums, 5);
        assert_eq!(hidden, [true, true, true, true, false]);
    }

    #[test]
    fn d06_a_hidden_total_with_shown_parts_is_derivable() {
        let (cells, sums) = (vec![10, 20, 30], vec![Sum { total: 2, parts: vec![0, 1] }]);
        let mut hidden = vec![false, false, true];
        suppress(&cells, &mut hidden, &[None; 3], &sums, 5);
        assert_eq!(hidden, [true, false, true]);
    }

    #[test]
    fn caps_narrow_the_ranges() {
        let (cells, sums) = (vec![3, 12, 15], vec![Sum { total: 2, parts: vec![0, 1] }]);
        let caps = [None, Some(12), None];
        assert_eq!(bounds(&cells, &[true, true, false], &caps, &sums)[..2], [(3, 15), (0, 12)]);
    }

    /// Whether every value of a cell between the bounds has a completion, by trying all tables.
    fn feasible(cells: &[i64], hidden: &[bool], sums: &[Sum], limit: i64) -> Vec<(i64, i64)> {
        let unknown: Vec<usize> = (0..cells.len()).filter(|&cell| hidden[cell]).collect();
        let mut ranges = vec![(i64::MAX, i64::MIN); cells.len()];
        let mut trial = cells.to_vec();
        let mut digits = vec![0i64; unknown.len()];
        loop {
            for (digit, &cell) in digits.iter().zip(&unknown) {
                trial[cell] = *digit;
            }
            let fits = sums
                .iter()
                .all(|s| s.parts.iter().map(|&p| trial[p]).sum::<i64>() == trial[s.total]);
            if fits {
                for (cell, range) in ranges.iter_mut().enumerate() {
                    *range = (range.0.min(trial[cell]), range.1.max(trial[cell]));
                }
            }
            let Some(place) = digits.iter().position(|&digit| digit < limit) else {
                return ranges;
            };
            digits[place] += 1;
            digits[..place].fill(0);
        }
    }

    proptest! {
        #[test]
        fn no_hidden_cell_is_pinned_down(
            rows in prop::collection::vec(prop::collection::vec(0i64..30, 3), 2..5),
            threshold in 3i64..9,
        ) {
            let interior: Vec<&[i64]> = rows.iter().map(Vec::as_slice).collect();
            let (cells, sums) = two_way(&interior);
            let mut hidden: Vec<bool> = cells.iter().map(|&c| c >= 1 && c < threshold).collect();
            let primary = hidden.clone();
            let caps = vec![None; cells.len()];
            suppress(&cells, &mut hidden, &caps, &sums, threshold);
            prop_assert!(audit(&cells, &hidden, &caps, &sums, threshold).is_empty());
            for cell in 0..cells.len() {
                prop_assert!(hidden[cell] || !primary[cell]);
            }
            if primary.iter().all(|&p| !p) {
                prop_assert!(hidden.iter().all(|&h| !h));
            }
            for sum in &sums {
                let unknown = sum.parts.iter().filter(|&&part| hidden[part]).count()
                    + usize::from(hidden[sum.total]);
                let zeros = sum.parts.iter().all(|&part| cells[part] == 0);
                prop_assert!(unknown != 1 || zeros);
            }
        }

        #[test]
        fn bounds_hold_every_feasible_table(row in prop::collection::vec(0i64..4, 4)) {
            let interior: [&[i64]; 2] = [&row[..2], &row[2..]];
            let (cells, sums) = two_way(&interior);
            let hidden: Vec<bool> = (0..cells.len()).map(|cell| [0, 1, 3, 4].contains(&cell)).collect();
            let found = bounds(&cells, &hidden, &vec![None; cells.len()], &sums);
            let true_ranges = feasible(&cells, &hidden, &sums, 7);
            // two by two: passing bounds along is exact
            prop_assert_eq!(found, true_ranges);
        }
    }
}
