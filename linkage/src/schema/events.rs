//! Event logs: a case, what happened and when. Process-mining tools agree on little more, so a study
//! file usually names the columns; the headings that they write by themselves are known.

super::columns! {
    /// The columns of an event log.
    Events {
        Case = "case" Id Required "case_id > case:concept:name > trace_id | caseid_number",
        Activity = "activity" Coded Required "concept:name > activity_name > event | event_name",
        Start = "start" Moment Required
            "start_timestamp > timestamp > time:timestamp > start_time > event_time | time",
        End = "end" Moment Optional "end_timestamp > complete_timestamp > end_time",
    }
}
