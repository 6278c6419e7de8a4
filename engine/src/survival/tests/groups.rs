//! Tests between groups, against R.

use super::*;

/// Three groups with ties, as `(time, status)`: 0 last seen, 1 and 2 the causes.
fn groups() -> [RiskTable; 3] {
    const ONE: [(i64, u8); 12] = [
        (0, 1),
        (3, 1),
        (5, 2),
        (8, 1),
        (8, 0),
        (12, 2),
        (15, 1),
        (20, 0),
        (25, 1),
        (30, 0),
        (30, 0),
        (30, 0),
    ];
    const TWO: [(i64, u8); 18] = [
        (1, 2),
        (2, 1),
        (2, 1),
        (4, 2),
        (4, 0),
        (6, 1),
        (7, 1),
        (9, 1),
        (9, 2),
        (11, 0),
        (14, 1),
        (14, 1),
        (16, 2),
        (21, 0),
        (22, 1),
        (30, 0),
        (30, 0),
        (30, 0),
    ];
    const THREE: [(i64, u8); 12] = [
        (3, 2),
        (3, 2),
        (5, 1),
        (10, 0),
        (10, 1),
        (13, 2),
        (18, 2),
        (18, 0),
        (24, 1),
        (26, 0),
        (27, 2),
        (28, 0),
    ];
    let of = |rows: &[(i64, u8)]| {
        let rows: Vec<Record> =
            rows.iter().map(|&(time, status)| (time, status.checked_sub(1))).collect();
        table(2, &rows)
    };
    [of(&ONE), of(&TWO), of(&THREE)]
}

fn assert_test(test: Option<GroupTest>, chi_square: f64, degrees_of_freedom: u32, p_value: f64) {
    let test = test.unwrap();
    assert!((test.chi_square - chi_square).abs() < 1e-9, "{test:?}");
    assert_eq!(test.degrees_of_freedom, degrees_of_freedom);
    assert!((test.p_value - p_value).abs() < 1e-6, "{test:?}");
}

/// R 4.2.2, package cmprsk 2.2-11: `cuminc(time, status, group)$Tests`.
#[test]
fn m09_gray_agrees_with_r() {
    let groups = groups();
    assert_test(gray(&groups, 0), 1.562_154_593_60, 2, 0.457_912_437_887);
    assert_test(gray(&groups, 1), 1.951_160_454_85, 2, 0.376_973_559_697);
    assert_test(gray(&groups[..2], 0), 0.071_102_688_545, 1, 0.789_737_981_611);
    assert_test(gray(&groups[..2], 1), 0.172_952_174_063, 1, 0.677_501_334_674);
}

/// R 4.2.2, package survival 3.5-3: `survdiff(Surv(time, status == 1) ~ group)`.
#[test]
fn m08_log_rank_agrees_with_r() {
    let groups = groups();
    assert_test(log_rank(&groups, 0), 1.453_846_484_53, 2, 0.483_394);
    assert_test(log_rank(&groups[..2], 0), 0.163_762_960_912, 1, 0.685_715_417);
}

/// `survfit(Surv(time, status == 1) ~ 1)` with a restricted mean to 28, of all groups.
#[test]
fn m08_restricted_mean_agrees_with_r() {
    let mut all = RiskTable::new(2);
    groups().iter().for_each(|group| all.merge(group));
    let estimate = KaplanMeier::new(&all.of_cause(0));
    let of = estimate.restricted_mean(28);
    assert!((of.mean - 19.768_423_906_59).abs() < 1e-9, "{of:?}");
    assert!((of.variance.sqrt() - 1.656_178_243_55).abs() < 1e-9, "{of:?}");
    assert_eq!(estimate.median(), Some(25));
}

#[test]
fn nothing_to_compare_has_no_test() {
    let one = [groups()[0].clone()];
    assert_eq!((gray(&one, 0), log_rank(&one, 0)), (None, None));
    assert_eq!((gray(&[], 0), log_rank(&[], 0)), (None, None));
    let quiet = [table(1, &[(3, None)]), table(1, &[(4, None), (5, None)])];
    assert_eq!((gray(&quiet, 0), log_rank(&quiet, 0)), (None, None));
}

proptest! {
    /// Without competing events Gray's test asks what the log-rank test asks: the same scores, so the
    /// same side of 0 and nearly the same statistic in large groups. Equal groups do not differ.
    #[test]
    fn equal_groups_do_not_differ(records in records()) {
        let table = table(3, &records);
        let twice = [table.clone(), table];
        for test in [gray(&twice, 0), log_rank(&twice, 0)].into_iter().flatten() {
            prop_assert!(test.chi_square.abs() < 1e-9);
            prop_assert!((test.p_value - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_order_of_groups_does_not_matter(a in records(), b in records(), c in records()) {
        let [a, b, c] = [a, b, c].map(|records| table(3, &records));
        let there = [a.clone(), b.clone(), c.clone()];
        let back = [c, a, b];
        for test in [gray, log_rank] {
            match (test(&there, 0), test(&back, 0)) {
                (Some(one), Some(other)) => {
                    prop_assert_eq!(one.degrees_of_freedom, other.degrees_of_freedom);
                    let near = 1e-6 * one.chi_square.max(1.0);
                    prop_assert!((one.chi_square - other.chi_square).abs() < near);
                }
                (one, other) => prop_assert_eq!(one.is_none(), other.is_none()),
            }
        }
    }
}
