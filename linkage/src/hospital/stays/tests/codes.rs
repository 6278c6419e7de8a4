//! Which episodes make up a spell, and which codes survive duplicates.

use super::*;

/// The rows of each spell, in the order of [`EpisodeCodes::episodes_of`], with codes kept.
fn episodes_of_spells(rows: &[Episode], codes: &mut EpisodeCodes) -> Vec<Vec<u32>> {
    let settings = HospitalSettings::default();
    let stays = Stays::new(&settings, day("2024-12-31"), &providers());
    let (mut scratch, mut pairs) = (Scratch::default(), Vec::new());
    let (mut spells, mut cips) = (Vec::new(), Vec::new());
    stays.build_with_codes(
        rows,
        codes,
        OptDay::NONE,
        true,
        &mut scratch,
        &mut spells,
        &mut cips,
        &mut HospitalCounts::default(),
    );
    Stays::episodes_of_spells(&scratch, &mut pairs);
    codes.set_spells(spells.len(), &mut pairs, rows, |spell| spells[spell].first_episode);
    (0..spells.len()).map(|spell| codes.episodes_of(spell).to_vec()).collect()
}

fn of_rows(rows: &[Episode]) -> Vec<Vec<u32>> {
    episodes_of_spells(rows, &mut EpisodeCodes::new())
}

#[test]
fn f1_episodes_of_one_identifier_stand_by_number() {
    let part = |n: u8| sus('A', "05-01", "05-09").number(n).without(EpisodeFlags::LAST);
    let last = sus('A', "05-01", "05-09").number(3);
    let other = sus('B', "06-01", "06-09");
    assert_eq!(of_rows(&[other, last, part(2), part(1)]), [vec![3, 2, 1], vec![0]]);
}

#[test]
fn g3_g4_episodes_of_absorbed_spells_count_for_the_spell_that_took_them_in() {
    // B lies inside A, and C overlaps it: all are one spell
    let rows = [sus('A', "05-01", "05-20"), sus('B', "05-05", "05-09"), sus('C', "05-15", "05-25")];
    assert_eq!(of_rows(&rows), [vec![0, 1, 2]]);
    // of twins one goes, with its codes
    let twins = [sus('A', "05-01", "05-20"), sus('B', "05-01", "05-20")];
    assert_eq!(of_rows(&twins).concat().len(), 1);
}

#[test]
fn f2_episodes_of_a_hes_spell_are_its_own() {
    let rows = [
        hes(1, "05-01", "05-01", "05-03", 1),
        hes(2, "05-01", "05-03", "05-07", 2).until("05-07"),
        hes(3, "06-01", "06-01", "06-02", 1).until("06-02"),
    ];
    assert_eq!(of_rows(&rows), [vec![0, 1], vec![2]]);
}

#[test]
fn c3_rows_that_differ_in_codes_alone_are_settled_by_the_codes() {
    let row = |n: u32| sus('A', "05-01", "05-09").with(|e| e.row = n);
    for lists in [[[3u16], [9]], [[9], [3]]] {
        let mut codes = EpisodeCodes::new();
        for list in lists {
            codes.push_episode(list.into_iter(), std::iter::empty(), 0);
        }
        let kept = episodes_of_spells(&[row(1), row(2)], &mut codes);
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].iter().map(|&n| lists[n as usize][0]).collect::<Vec<_>>(), [9]);
    }
}
