//! The cases of an event log, one after another.

use super::group::Grouped;
use crate::identifier::Identifier;
use crate::instant::Instant;
use crate::records::event::LogEvent;
use crate::store::Partition;

/// One case.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Its identifier: perhaps that of a person, and never printed.
    pub id: Identifier<'a>,
    /// Its events by start; events of one moment by file and row.
    pub events: &'a [LogEvent],
}

impl Case<'_> {
    /// Whether two events began at one moment, so that only the order of rows tells which was first.
    #[must_use]
    pub fn has_tie(&self) -> bool {
        self.events.windows(2).any(|pair| pair[0].start == pair[1].start)
    }

    /// Milliseconds from the first start to the last end of any event.
    #[must_use]
    pub fn millis(&self) -> i64 {
        let first = self.events.first().map_or(Instant(0), |event| event.start);
        let last = self.events.iter().map(|event| event.end.max(event.start)).max();
        last.unwrap_or(first).0 - first.0
    }
}

/// Buffers that one thread uses for all its cases.
#[derive(Debug, Default)]
pub struct Scratch {
    events: Grouped<LogEvent>,
}

/// Calls `each` with every case of a partition, in no meaningful order.
pub fn each_case(partition: &Partition, scratch: &mut Scratch, mut each: impl FnMut(&Case<'_>)) {
    let (people, persons) = (partition.people.len(), &partition.persons.events);
    scratch.events.fill(people, persons, &partition.events);
    for case in 0..people as u32 {
        scratch.events.load(case);
        each(&Case { id: partition.people.id(case), events: scratch.events.rows() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::read::{Inputs, LogInput, Records, read};
    use std::fs;

    fn log(text: &str) -> Records {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.csv");
        fs::write(&file, text).unwrap();
        let columns = [("case", "id"), ("activity", "what"), ("start", "when")];
        let input = LogInput {
            name: "log".into(),
            files: vec![file],
            columns: columns.map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        };
        read(&Inputs { events: vec![input], ..Inputs::default() }, &Silent).unwrap()
    }

    /// Identifier, activities in order, tie, milliseconds.
    type Found = (String, Vec<String>, bool, i64);

    fn cases(records: &Records) -> Vec<Found> {
        let log = &records.logs[0];
        let mut found = Vec::new();
        let mut scratch = Scratch::default();
        for partition in &log.partitions {
            each_case(partition, &mut scratch, |case| {
                let name =
                    |event: &LogEvent| log.activities[usize::from(event.activity)].to_string();
                found.push((
                    String::from_utf8_lossy(&case.id.text()).into_owned(),
                    case.events.iter().map(name).collect(),
                    case.has_tie(),
                    case.millis(),
                ));
            });
        }
        found.sort();
        found
    }

    #[test]
    fn events_are_in_order_of_time_then_row_and_ids_are_text() {
        let records = log("id,what,when\n\
             NA,b,2024-01-02T00:00:00.250Z\n\
             null,x,2024-01-01\n\
             NA,a,2024-01-02T01:00:00+01:00\n\
             0,first,2024-01-01 10:00\n\
             0,second,2024-01-01 10:00\n");
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            cases(&records),
            [
                ("0".into(), texts(&["first", "second"]), true, 0),
                ("NA".into(), texts(&["a", "b"]), false, 250),
                ("null".into(), texts(&["x"]), false, 0),
            ]
        );
        assert_eq!((records.files[0].rows, records.files[0].stored), (5, 5));
        assert!(records.partitions.iter().all(|partition| partition.people.is_empty()));
    }

    #[test]
    fn rows_that_are_no_events_are_set_aside_under_a_reason() {
        let records =
            log("id,what,when\n1,,2024-01-01\n,a,2024-01-01\n1,a,\n1,a,soon\n1,a,2024-01-01\n");
        assert_eq!((records.files[0].rows, records.files[0].stored), (5, 1));
        let reasons: Vec<_> =
            records.quarantine.sorted().iter().map(|row| row.reason.name()).collect();
        assert_eq!(reasons, ["not_an_event", "not_an_event", "not_an_event", "bad_date"]);
    }
}
