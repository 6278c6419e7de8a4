//! Event logs in XES.

use super::*;

/// Case, activity, start and end of every event, by row; the end is empty where none is told.
type Found = Vec<(String, String, String, String)>;

fn log(path: PathBuf) -> Inputs {
    let log = LogInput { name: "log".into(), files: vec![path], ..LogInput::default() };
    Inputs { events: vec![log], ..Inputs::default() }
}

fn of_log(text: &str) -> (Found, u64) {
    let folder = Folder::new();
    let records = read_ok(&log(folder.file("log.xes", text)));
    let log = &records.logs[0];
    let mut rows: Vec<_> = log
        .partitions
        .iter()
        .flat_map(|part| {
            let cases = part.persons.events.iter().map(|n| part.people.id(n).text());
            cases.zip(part.events.iter()).map(|(case, event)| {
                let case = String::from_utf8_lossy(&case).into_owned();
                let activity = log.activities[usize::from(event.activity)].to_string();
                let end = event.ended().map_or(String::new(), |end| end.to_string());
                (event.row, (case, activity, event.start.to_string(), end))
            })
        })
        .collect();
    rows.sort();
    (rows.into_iter().map(|(_, row)| row).collect(), records.files[0].quarantined)
}

fn row(case: &str, activity: &str, start: &str, end: &str) -> (String, String, String, String) {
    let time = |hour: &str| format!("2024-05-01T{hour}:00:00.000");
    let end = if end.is_empty() { String::new() } else { time(end) };
    (case.into(), activity.into(), time(start), end)
}

fn event(activity: &str, hour: &str, more: &[(&str, &str)]) -> String {
    let more: String =
        more.iter().map(|(key, value)| format!("<string key='{key}' value='{value}'/>")).collect();
    format!(
        "<event><string key='concept:name' value='{activity}'/>\
         <date key='time:timestamp' value='2024-05-01T{hour}:00:00'/>{more}</event>"
    )
}

fn step(activity: &str, hour: &str, transition: &str) -> String {
    event(activity, hour, &[("lifecycle:transition", transition)])
}

fn trace(case: &str, events: &[String]) -> String {
    format!("<trace><string key='concept:name' value='{case}'/>{}</trace>", events.concat())
}

#[test]
fn xes_starts_and_ends_of_one_activity_are_one_row() {
    let events = [
        step("A", "01", "start"),
        step("A", "02", "Start"),
        step("B", "03", "complete"),
        step("A", "04", "complete"),
        step("A", "05", "COMPLETE"),
        step("A", "06", "complete"),
        step("C", "07", "start"),
        step("C", "08", "suspend"),
        event("C", "09", &[]),
    ];
    // what is open in one trace is not ended in another
    let other = [step("C", "10", "complete")];
    let (rows, set_aside) =
        of_log(&format!("<log>{}{}</log>", trace("1", &events), trace("2", &other)));
    let wanted = [
        row("1", "A", "01", "04"),
        row("1", "A", "02", "05"),
        row("1", "B", "03", ""),
        row("1", "A", "06", ""),
        row("1", "C", "07", ""),
        row("1", "C", "08", ""),
        row("1", "C", "09", ""),
        row("2", "C", "10", ""),
    ];
    assert_eq!((rows, set_aside), (wanted.into(), 0));
}

#[test]
fn xes_instances_tell_starts_apart() {
    let of = |hour, transition, instance| {
        event("A", hour, &[("lifecycle:transition", transition), ("concept:instance", instance)])
    };
    let events = [of("01", "start", "x"), of("02", "start", "y"), of("03", "complete", "y")];
    let (rows, _) = of_log(&format!("<log>{}</log>", trace("1", &events)));
    assert_eq!(rows, [row("1", "A", "01", ""), row("1", "A", "02", "03")]);
}

#[test]
fn xes_names_are_unescaped_and_what_has_no_name_or_time_is_set_aside() {
    let nameless = format!("<trace>{}</trace>", event("A", "01", &[]));
    let named = trace(
        "1",
        &[
            "<event/>".into(),
            event("a, &quot;b&quot; &amp; &#99;", "02", &[]),
            event("", "03", &[]),
        ],
    );
    let text = format!(
        "\u{feff}<!-- -->\n<x:log xmlns:x='x'>{nameless}<trace/>{}{named}</x:log>",
        event("outside a trace", "04", &[]),
    );
    let text = text.replace("<trace", "<x:trace").replace("</trace", "</x:trace");
    let (rows, set_aside) = of_log(&text.replace("x:log", "log"));
    assert_eq!((rows, set_aside), (vec![row("1", "a, \"b\" & c", "02", "")], 4));
}

#[test]
fn xes_of_many_traces_is_read_to_its_end() {
    let traces: String = (0..6000)
        .map(|n| trace(&format!("case {n}"), &[event("A", "01", &[]), event("B", "02", &[])]))
        .collect();
    let (rows, _) = of_log(&format!("<log>{traces}</log>"));
    assert_eq!(rows.len(), 12_000);
    assert_eq!(rows[11_999], row("case 5999", "B", "02", ""));
}

#[test]
fn xes_that_is_damaged_is_refused() {
    let folder = Folder::new();
    let whole = format!("<log>{}{}</log>", trace("1", &[event("A", "01", &[])]), trace("2", &[]));
    let refused = |text: &str| {
        let message = error(&log(folder.file("log.xes", text)));
        assert!(!message.contains("2024-05"), "{message}");
        message
    };
    for cut in [whole.len() - 1, whole.len() - 6, whole.len() / 2, 20] {
        let message = refused(&whole[..cut]);
        assert!(message.contains("log.xes") && message.contains("read"), "{message}");
    }
    assert!(refused(&whole.replace("</trace>", "</trice>")).contains("not well-formed"));
    assert!(refused(&whole.replace("'A'", "'&A;'")).contains("not well-formed"));
    assert!(refused("<?xml version='1.0'?><html/>").contains("XML"));
    assert!(refused("<!-- <log> --><html></html>").contains("no event log"));
}

#[test]
fn xes_attributes_that_are_not_read_are_looked_at_for_people() {
    let folder = Folder::new();
    let named = event("A", "01", &[("surname", "Miller")]);
    let message =
        error(&log(folder.file("log.xes", format!("<log>{}</log>", trace("1", &[named])))));
    assert!(message.contains("surname") && !message.contains("Miller"), "{message}");
}
