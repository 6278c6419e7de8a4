//! N9: events of one person that follow each other closely are one cluster.

use throughcare_linkage::day::Day;

/// An event to be put into a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Council: number in `Frame::la_codes`.
    pub la: u16,
    /// Start.
    pub start: Day,
    /// End, which is today for an open one (N8).
    pub end: Day,
    /// Position of the row among those of the person.
    pub row: u32,
    /// Number of the cluster in the council, from 1.
    cluster: u32,
}

impl Span {
    /// An event that is in no cluster yet.
    #[must_use]
    pub const fn new(la: u16, start: Day, end: Day, row: u32) -> Self {
        Self { la, start, end, row, cluster: 0 }
    }
}

/// A row in a cluster. Council and number name the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Council.
    pub la: u16,
    /// Number of the cluster in the council, from 1 in the order of time.
    pub cluster: u32,
    /// Position of the row among those of the person.
    pub row: u32,
    /// Whether the row is in the cluster by its own days, and not by those of an equal row.
    pub own: bool,
}

/// Numbers the clusters of each council: in the order of start and end, a new one begins unless the
/// **previous** event ends at least `gap_days` before the start. Members come by council and cluster.
///
/// `as_published` joins the numbers back to events by start and end without the council, as the
/// published code does: an event is then also in the cluster of its own council that has the number
/// of another event of the same days. As intended, events of the same days are in one cluster, even if
/// they end long before they start.
pub fn find(spans: &mut [Span], gap_days: i32, as_published: bool, members: &mut Vec<Member>) {
    members.clear();
    spans.sort_unstable();
    let mut previous: Option<Span> = None;
    for span in spans.iter_mut() {
        let same_days =
            |last: Span| (last.la, last.start, last.end) == (span.la, span.start, span.end);
        span.cluster = match previous {
            Some(last) if !as_published && same_days(last) => last.cluster,
            Some(last) if last.la == span.la => {
                last.cluster + u32::from(last.end < span.start.plus(-gap_days))
            }
            _ => 1,
        };
        previous = Some(*span);
    }
    let member = |span: &Span, cluster: u32| Member {
        la: span.la,
        cluster,
        row: span.row,
        own: span.cluster == cluster,
    };
    if as_published {
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        for equal in spans.chunk_by(|a, b| (a.start, a.end) == (b.start, b.end)) {
            let all = equal
                .iter()
                .flat_map(|span| equal.iter().map(move |other| member(span, other.cluster)));
            members.extend(all);
        }
    } else {
        members.extend(spans.iter().map(|span| member(span, span.cluster)));
    }
    members.sort_unstable();
    members.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::fixture::day;

    /// Council and cluster of each span, in the order given.
    fn clusters(spans: &[(u16, &str, &str)], gap: i32, as_published: bool) -> Vec<Vec<u32>> {
        let mut numbered: Vec<Span> = (0u32..)
            .zip(spans)
            .map(|(row, &(la, start, end))| Span::new(la, day(start), day(end), row))
            .collect();
        let mut members = Vec::new();
        find(&mut numbered, gap, as_published, &mut members);
        (0..spans.len() as u32)
            .map(|row| members.iter().filter(|m| m.row == row).map(|m| m.cluster).collect())
            .collect()
    }

    #[test]
    fn n9_a_gap_of_one_day_joins_only_the_same_and_the_next_day() {
        for (start, wanted) in [("2023-03-31", 1), ("2023-04-01", 1), ("2023-04-02", 2)] {
            let found =
                clusters(&[(1, "2023-01-01", "2023-03-31"), (1, start, "2023-05-01")], 1, true);
            assert_eq!(found, [vec![1], vec![wanted]], "{start}");
        }
    }

    #[test]
    fn section_14_trap_the_gap_test_forgets_a_long_earlier_event() {
        let spans = [
            (1, "2023-01-01", "2023-12-31"),
            (1, "2023-02-01", "2023-02-02"),
            (1, "2023-06-01", "2023-06-02"),
        ];
        assert_eq!(clusters(&spans, 4, true), [[1], [1], [2]]);
    }

    #[test]
    fn n7_events_of_the_same_reversed_days_are_one_cluster_as_intended() {
        // each ends five days before the other starts
        let spans = [(1, "2023-05-10", "2023-05-05"), (1, "2023-05-10", "2023-05-05")];
        assert_eq!(clusters(&spans, 4, false), [[1], [1]]);
        assert_eq!(clusters(&spans, 4, true), [[1, 2], [1, 2]]);
    }

    #[test]
    fn section_14_trap_an_equal_row_of_another_council_lends_its_number() {
        // in council 2 the second span is number 2, which council 1 has for its later span
        let spans = [
            (1, "2023-05-01", "2023-05-02"),
            (1, "2023-07-01", "2023-07-02"),
            (2, "2023-01-01", "2023-01-02"),
            (2, "2023-05-01", "2023-05-02"),
        ];
        assert_eq!(clusters(&spans, 4, true), [vec![1, 2], vec![2], vec![1], vec![1, 2]]);
        assert_eq!(clusters(&spans, 4, false), [[1], [2], [1], [2]]);
    }
}
