//! The rules that look at all services and events of one person in one council
//! (`cld-data-quality.md` section 4.7).

use super::rule::{Rule, Tested};
use throughcare_linkage::codes::cld::{Component, ServiceType};
use throughcare_linkage::day::{Day, OPEN_END};

/// A service of a person in one council.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Service {
    /// Start.
    pub start: Day,
    /// Last day; [`OPEN_END`] when open.
    pub end: Day,
    /// Type.
    pub service_type: ServiceType,
    /// Component.
    pub component: Component,
    /// Provider's CQC location; 0 when missing.
    pub location: u32,
}

/// A row that belongs to the table, as an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passing {
    /// The unique event by the study's edition (P-12).
    pub event: [u64; 3],
    /// Outcome, end, delivery mechanism and cost, as one number.
    pub content: u64,
    /// The unique event by cleaned values.
    pub cleaned: [u64; 3],
    /// The unique event by raw values.
    pub raw: [u64; 3],
}

/// Counts of rows or groups: tested and failed.
pub type Pair = [u64; 2];

/// Days on which both run, both ends included, counted to the last day known; none when they do not
/// overlap by over a day.
fn overlap(a: &Service, b: &Service, last_known: Day) -> Option<u64> {
    let (start, end) = (a.start.max(b.start), a.end.min(b.end));
    let overlaps = a.start <= b.end && b.start <= a.end && end > start;
    let days = end.min(last_known).since(start) + 1;
    overlaps.then_some(u64::try_from(days).unwrap_or(0))
}

/// V094, V095, V098 over the services of one person in one council, and the days of V094 up to the
/// last day known. Sorts the services and removes copies; those that end before they start are left
/// out.
pub fn overlaps(services: &mut Vec<Service>, last_known: Day, t: &mut Tested) -> u64 {
    services.retain(|service| service.start <= service.end);
    services.sort_unstable();
    services.dedup();
    let is_home = |service: &Service| {
        matches!(service.service_type, ServiceType::Nursing | ServiceType::Residential)
    };
    let is_setting =
        |service: &Service| is_home(service) || service.service_type == ServiceType::Community;
    let (mut settings, mut same, mut homes, mut days) = (false, false, false, 0);
    for (n, a) in services.iter().enumerate() {
        for b in services.iter().skip(n + 1) {
            if b.start > a.end {
                break;
            }
            let differ = a.service_type != b.service_type;
            if differ
                && is_setting(a)
                && is_setting(b)
                && let Some(both) = overlap(a, b, last_known)
            {
                settings = true;
                days += both;
            }
            let alike = (a.service_type, a.component) == (b.service_type, b.component);
            same |= alike && a.start != b.start;
            let providers = a.location != 0 && b.location != 0 && a.location != b.location;
            homes |= providers && is_home(a) && is_home(b) && overlap(a, b, last_known).is_some();
        }
    }
    t.test_if(services.iter().any(is_setting), Rule::V094, settings);
    t.test_if(!services.is_empty(), Rule::V095, same);
    t.test_if(services.iter().any(is_home), Rule::V098, homes);
    days
}

/// Groups of intervals, and of them those of several (V096, V097). An interval joins the group before
/// it when it starts at most `gap_days` after the end that counts: the latest of the group, or that
/// of the interval just before. Intervals are in the order of start and end, without copies.
pub fn groups(intervals: &[(Day, Day)], gap_days: i32, latest_of_group: bool) -> Pair {
    let mut groups = [0; 2];
    let mut end: Option<Day> = None;
    let mut members = 0;
    for &(start, last) in intervals {
        let joins = end.is_some_and(|end| start.0.saturating_sub(gap_days) <= end.0);
        if joins {
            members += 1;
            groups[1] += u64::from(members == 2);
            end = if latest_of_group { end.max(Some(last)) } else { Some(last) };
        } else {
            members = 1;
            groups[0] += 1;
            end = Some(last);
        }
    }
    groups
}

/// V091, V092 and V093 over the rows of one person in one council: tested and failed of each. Sorts
/// the rows.
pub fn duplicates(rows: &mut [Passing]) -> [Pair; 3] {
    rows.sort_unstable();
    let mut events = 0;
    let mut differing = 0;
    for event in rows.chunk_by(|a, b| a.event == b.event) {
        events += 1;
        differing += u64::from(event.iter().any(|row| row.content != event[0].content));
    }
    rows.sort_unstable_by_key(|row| row.raw);
    let raw = rows.chunk_by(|a, b| a.raw == b.raw).count() as u64;
    rows.sort_unstable_by_key(|row| row.cleaned);
    let cleaned = rows.chunk_by(|a, b| a.cleaned == b.cleaned).count() as u64;
    let all = rows.len() as u64;
    [[all, all - events], [events, differing], [raw, raw.saturating_sub(cleaned)]]
}

/// The last day of an interval, open ones included.
#[must_use]
pub fn last_day(end: throughcare_linkage::day::OptDay) -> Day {
    end.or(OPEN_END)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(kind: ServiceType, start: &str, end: &str) -> Service {
        let day = |text: &str| Day::parse_iso(text).unwrap_or(OPEN_END);
        Service {
            start: day(start),
            end: day(end),
            service_type: kind,
            component: Component::None,
            location: 0,
        }
    }

    fn failed(services: &[Service]) -> (Vec<Rule>, u64) {
        let mut t = Tested::default();
        let last_known = Day::parse_iso("2025-12-31").unwrap_or_default();
        let days = overlaps(&mut services.to_vec(), last_known, &mut t);
        (Tested::rules(t.failed).collect(), days)
    }

    #[test]
    fn v094_community_and_residential_overlap_by_92_days() {
        let community = service(ServiceType::Community, "2025-01-01", "-");
        let home = service(ServiceType::Residential, "2025-06-01", "2025-08-31");
        assert_eq!(failed(&[community, home]), (vec![Rule::V094], 92));
        // a copy of a row does not count again
        assert_eq!(failed(&[home, community, home]), (vec![Rule::V094], 92));
    }

    #[test]
    fn v094_two_open_services_overlap_up_to_the_last_day_known() {
        let community = service(ServiceType::Community, "2025-01-01", "-");
        let home = service(ServiceType::Residential, "2025-12-01", "-");
        assert_eq!(failed(&[community, home]), (vec![Rule::V094], 31));
    }

    #[test]
    fn v094_an_overlap_of_one_day_is_not_counted() {
        let community = service(ServiceType::Community, "2025-01-01", "2025-06-01");
        let home = service(ServiceType::Residential, "2025-06-01", "-");
        assert_eq!(failed(&[community, home]), (vec![], 0));
        let next = service(ServiceType::Residential, "2025-05-31", "-");
        assert_eq!(failed(&[community, next]), (vec![Rule::V094], 2));
    }

    #[test]
    fn v094_nursing_and_residential_differ_and_prison_is_no_setting_of_the_rule() {
        let nursing = service(ServiceType::Nursing, "2025-01-01", "-");
        let home = service(ServiceType::Residential, "2025-02-01", "2025-02-28");
        assert_eq!(failed(&[nursing, home]), (vec![Rule::V094], 28));
        let prison = service(ServiceType::Prison, "2025-02-01", "2025-02-28");
        assert_eq!(failed(&[nursing, prison]), (vec![], 0));
        // an end before the start is no interval
        let reversed = service(ServiceType::Residential, "2025-02-28", "2025-02-01");
        assert_eq!(failed(&[nursing, reversed]), (vec![], 0));
    }

    #[test]
    fn v095_the_same_service_started_again_while_it_runs() {
        let first = service(ServiceType::Community, "2024-06-01", "-");
        let reset = service(ServiceType::Community, "2025-04-01", "-");
        assert_eq!(failed(&[first, reset]).0, [Rule::V095]);
        let other = Service { component: Component::DaySupport, ..reset };
        assert_eq!(failed(&[first, other]).0, []);
    }

    #[test]
    fn v098_two_providers_of_care_homes_at_once() {
        let first = Service { location: 4, ..service(ServiceType::Nursing, "2025-01-01", "-") };
        let second = Service { location: 5, ..service(ServiceType::Nursing, "2025-03-01", "-") };
        assert_eq!(failed(&[first, second]).0, [Rule::V095, Rule::V098]);
        let unnamed = Service { location: 0, ..second };
        assert_eq!(failed(&[first, unnamed]).0, [Rule::V095]);
    }

    #[test]
    fn v096_and_v097_groups_of_close_events() {
        let day = |n: i32| Day(n);
        // 7 days from the latest end of the group
        let clusters =
            [(day(0), day(30)), (day(5), day(10)), (day(37), day(40)), (day(48), day(50))];
        assert_eq!(groups(&clusters, 7, true), [2, 1]);
        // 4 days from the end of the row before, whatever the rows before that one
        assert_eq!(groups(&clusters, 4, false), [3, 1]);
        assert_eq!(groups(&[(day(0), day(1)), (day(5), day(6))], 4, false), [1, 1]);
        assert_eq!(groups(&[(day(0), day(1)), (day(6), day(7))], 4, false), [2, 0]);
        assert_eq!(groups(&[], 7, true), [0, 0]);
    }

    #[test]
    fn v091_to_v093_rows_of_one_event() {
        let row = |event: u64, content: u64, cleaned: u64| Passing {
            event: [event, 0, 0],
            content,
            cleaned: [cleaned, 0, 0],
            raw: [event, 0, 0],
        };
        // event 1 three times with one change, event 2 is event 3 in another spelling
        let mut rows = [row(2, 5, 9), row(1, 5, 1), row(3, 5, 9), row(1, 6, 1), row(1, 5, 1)];
        assert_eq!(duplicates(&mut rows), [[5, 2], [3, 1], [3, 1]]);
        assert_eq!(duplicates(&mut []), [[0, 0], [0, 0], [0, 0]]);
    }
}
