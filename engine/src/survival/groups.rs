//! Several groups side by side: what happens in each of them at the times of any.

use super::risk_table::{AtTime, RiskTable, Time};
use std::collections::BTreeSet;

/// One group at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InGroup {
    pub at_risk: i64,
    /// Events of the cause that is compared.
    pub events: i64,
    /// Events of other causes.
    pub others: i64,
}

/// Every time at which the cause or another has an event in some group, in order, with the numbers of
/// each group.
pub(super) fn side_by_side(tables: &[RiskTable], cause: u8) -> Vec<(Time, Vec<InGroup>)> {
    let with_events = |at: &AtTime<'_>| at.all_events() > 0;
    let times: BTreeSet<Time> = tables
        .iter()
        .flat_map(|table| table.at_times().filter(with_events).map(|at| at.time))
        .collect();
    let mut rows: Vec<(Time, Vec<InGroup>)> =
        times.into_iter().map(|time| (time, Vec::with_capacity(tables.len()))).collect();
    for table in tables {
        let mut own = table.at_times().peekable();
        let mut at_risk = own.peek().map_or(0, |first| first.at_risk);
        for (time, groups) in &mut rows {
            while let Some(before) = own.next_if(|at| at.time < *time) {
                at_risk = before.left();
            }
            let here = own.peek().filter(|at| at.time == *time);
            let events = here.and_then(|at| at.events.get(usize::from(cause))).copied();
            let events = events.unwrap_or(0);
            let all = here.map_or(0, AtTime::all_events);
            groups.push(InGroup { at_risk, events, others: all - events });
        }
    }
    rows
}
