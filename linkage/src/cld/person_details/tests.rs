use super::*;
use crate::cld::settings::Mode;
use crate::cld::testing::{World, day, opt, period};

#[test]
fn p25_a_death_known_to_an_older_submission_only_still_counts() {
    let mut world = World::default();
    let old = world.submit("100", "2026-01-20", "2025-01-01", "2025-12-31");
    let new = world.submit("100", "2026-04-20", "2026-01-01", "2026-03-31");
    world.settings.joined = Some(period("2025-01-01", "2026-03-31"));
    for (submission, start, death) in [
        (new, "2025-02-01", "-"),
        (old, "2025-03-01", "2025-11-02"),
        (old, "2025-04-01", "2025-11-05"),
        (old, "2025-05-01", "2025-11-03"),
    ] {
        let mut row = world.row(submission, "Service", start, "-");
        row.death = opt(death);
        world.push(row);
    }
    let (mut events, _) = world.prepare(Mode::Joined);
    assert_eq!(events.len(), 4);
    assert_eq!(date_of_death(&events), opt("2025-11-05"));
    events.reverse();
    assert_eq!(date_of_death(&events), opt("2025-11-05"));
    // a later reference period wins over a later date
    events[0].reference_end = day("2026-06-30");
    events[0].death = opt("2025-11-01");
    assert_eq!(date_of_death(&events), opt("2025-11-01"));
    assert_eq!(date_of_death(&[]), OptDay::NONE);
}
