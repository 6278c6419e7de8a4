//! Written records read back.

use super::*;
use crate::measures::care_fixture::{With, event, frame, service, someone};
use crate::measures::fixture::{Maker, cips, day, line};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field as Cell;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use throughcare_linkage::cld::event::CareEvent;
use throughcare_linkage::codes::cld::{EventType, Gender, RawValues, ServiceType};
use throughcare_linkage::identifier::Identifier;
use throughcare_linkage::timeline::state::{LineFlags, State};

fn cleaning() -> Cleaning {
    Cleaning::new(&RawValues::default(), &[]).unwrap()
}

/// A log whose activities were met in another order than that of their names.
fn logs() -> [EventLog; 1] {
    let activities = ["Out", "In"].map(Box::from).into();
    [EventLog { name: "ward".into(), partitions: Vec::new(), activities }]
}

/// Writes people, `at_once` of them in a call; the bytes of the three files.
fn written(people: &[(&[u8], Maker)], at_once: usize) -> (tempfile::TempDir, Vec<Vec<u8>>) {
    let dir = tempfile::tempdir().unwrap();
    let (frame, cleaning) = (frame(&[]), cleaning());
    let logs = logs();
    let names = Names { frame: &frame, cleaning: &cleaning, logs: &logs };
    let mut files = RecordFiles::create(dir.path(), names).unwrap();
    for some in people.chunks(at_once) {
        let mut rows = People::default();
        for (id, maker) in some {
            let mut blocks = Vec::new();
            let id = Identifier::of(id, &mut blocks);
            maker.with(|person| rows.add(&Person { id, ..*person }, names));
        }
        files.write(&rows).unwrap();
    }
    let paths = files.finish().unwrap();
    let bytes = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    (dir, bytes)
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// Some columns of a file as texts, row by row; nothing for null.
fn cells(path: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    let cell = |row: &::parquet::record::Row, name: &str| match row
        .get_column_iter()
        .find(|(column, _)| *column == name)
        .unwrap()
        .1
    {
        Cell::Null => String::new(),
        Cell::Str(text) => text.clone(),
        other => other.to_string(),
    };
    rows.map(|row| columns.iter().map(|name| cell(&row, name)).collect()).collect()
}

fn someone_in_hospital_and_care() -> Maker {
    let mut someone = someone(&[
        service(ServiceType::Community, "2024-04-10", "2024-05-31"),
        service(ServiceType::Nursing, "2024-06-20", "-"),
    ]);
    someone.cips = vec![cips("2024-06-10", "2024-06-15")];
    let states = [
        ("2024-04-10", State::Community),
        ("2024-06-01", State::Home),
        ("2024-06-10", State::InpatientEmergency),
    ];
    someone.line = line(&states, "2024-06-15");
    someone.line.visits[2].id = 0;
    someone.line.visits[2].mask |= State::Community.bit();
    someone.line.flags.set(LineFlags::TAIL | LineFlags::MULTI_LA);
    someone.line.death = Some(day("2024-06-15")).into();
    someone
}

#[test]
fn a_line_is_its_visits_and_the_death_without_an_end() {
    let (dir, _) = written(&[(b"A", someone_in_hospital_and_care())], 1);
    let columns = ["person_id", "state", "start", "end", "underlying", "active", "stay", "notes"];
    let notes = "cut_at_death; several_councils";
    assert_eq!(
        cells(&dir.path().join("timelines.parquet"), &columns),
        [
            ["A", "COMM", "2024-04-10", "2024-06-01", "COMM", "COMM", "", notes],
            ["A", "HOME", "2024-06-01", "2024-06-10", "HOME", "HOME", "", notes],
            ["A", "IP_EM", "2024-06-10", "2024-06-15", "HOME", "IP_EM+COMM", "1", notes],
            ["A", "DEAD", "2024-06-15", "", "", "DEAD", "", notes],
        ]
    );
}

#[test]
fn texts_are_dictionaries_and_ends_are_explained() {
    let (dir, _) = written(&[(b"A", someone_in_hospital_and_care())], 1);
    let batch = &batches(&dir.path().join("events.parquet"))[0];
    let types = batch.column_by_name("service_type").unwrap().as_dictionary::<Int32Type>();
    assert_eq!(types.values().as_string::<i32>().value(0), ServiceType::Community.label());
    for (table, word) in [("timelines", "[start, end)"), ("cips", "nights"), ("events", "included")]
    {
        let file = std::fs::File::open(dir.path().join(format!("{table}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let notes = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let note = |key: &str| {
            let found = notes.iter().find(|note| note.key == key);
            found.and_then(|note| note.value.clone()).unwrap()
        };
        assert!(note("table").contains(word), "{table}");
        assert_eq!(note("release"), crate::output::NOT_FOR_RELEASE);
    }
    let file = std::fs::File::open(dir.path().join("timelines.parquet")).unwrap();
    let schema = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().schema().clone();
    assert!(schema.metadata()["table"].contains("DEAD is the last row"));
    for field in schema.fields() {
        assert!(field.metadata().get("description").is_some_and(|text| !text.is_empty()));
    }
    assert!(
        std::fs::read_to_string(dir.path().join(RESTRICTED)).unwrap().starts_with("RESTRICTED")
    );
}

#[test]
fn how_people_are_divided_between_calls_changes_no_byte() {
    let ids: Vec<String> = (0..5_000).map(|n| format!("P{n}")).collect();
    let someone = someone_in_hospital_and_care();
    let people: Vec<(&[u8], Maker)> =
        ids.iter().map(|id| (id.as_bytes(), someone.clone())).collect();
    let (dir, one_by_one) = written(&people, 1);
    // 4 visits, 2 events, 1 stay each: batches of the first two are filled and a rest is left
    assert_eq!(cells(&dir.path().join("timelines.parquet"), &["state"]).len(), 20_000);
    assert_eq!(cells(&dir.path().join("events.parquet"), &["start"]).len(), 10_000);
    let stays = cells(&dir.path().join("cips.parquet"), &["person_id", "stay"]);
    assert_eq!((stays.len(), &stays[4_999][..]), (5_000, &["P4999".into(), "1".into()][..]));
    for at_once in [7, 5_000] {
        assert!(written(&people, at_once).1 == one_by_one, "{at_once} at once");
    }
}

#[test]
fn nobody_has_no_rows_and_tables_without_rows_keep_their_columns() {
    let nobody = Maker { nobody: true, ..someone_in_hospital_and_care() };
    let (dir, _) = written(&[(b"", nobody)], 1);
    for (table, columns) in [("timelines", 12), ("cips", 30), ("events", 30)] {
        let file = std::fs::File::open(dir.path().join(format!("{table}.parquet"))).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(builder.metadata().file_metadata().num_rows(), 0, "{table}");
        assert_eq!(builder.schema().fields().len(), columns, "{table}");
    }
}

#[test]
fn identifiers_are_texts_or_hex_digits() {
    let text = |id: &[u8]| {
        let mut text = String::new();
        push_text(id, &mut text);
        text
    };
    assert_eq!(text(b"PSEUDO-1"), "PSEUDO-1");
    assert_eq!(text("Zoë".as_bytes()), "Zoë");
    assert_eq!(text(&[0xff, 0x00, 0x41]), "0xff0041");
    assert_eq!(text(b"a\n"), "0x610a");
}

#[test]
fn events_with_one_record_id_stand_in_the_order_of_what_they_say() {
    let base = service(ServiceType::Community, "2024-04-10", "2024-05-31");
    let mut events = [
        base.la(1), // council 200
        base.la(2), // council 100: texts count, not numbers
        base.born(1949, 12),
        base.id(0),
        event(EventType::Request, "2024-04-10", "2024-05-31"),
        service(ServiceType::Community, "2024-04-10", "-"),
    ];
    events[2].gender = Gender::Male;
    let columns = ["event_type", "end", "record_id", "la_code", "gender"];
    let read = |events: &[CareEvent]| {
        let person = Maker { joined: events.to_vec(), ..Maker::default() };
        let (dir, _) = written(&[(b"A", person)], 1);
        cells(&dir.path().join("events.parquet"), &columns)
    };
    let expected = [
        ["Request", "2024-05-31", "1", "100", ""],
        ["Service", "2024-05-31", "0", "100", ""],
        ["Service", "2024-05-31", "1", "100", ""],
        ["Service", "2024-05-31", "1", "100", "Male"],
        ["Service", "2024-05-31", "1", "200", ""],
        ["Service", "", "1", "100", ""],
    ];
    for turn in 0..events.len() {
        events.rotate_left(1);
        assert_eq!(read(&events), expected, "{turn}");
        let reversed: Vec<CareEvent> = events.iter().rev().copied().collect();
        assert_eq!(read(&reversed), expected, "{turn}");
    }
}

#[test]
fn sus_9_appointments_stand_among_the_events_as_points_in_time() {
    use throughcare_linkage::codes::short::Code;
    use throughcare_linkage::records::appointment::Appointment;
    let appointment = |date: &str, status: &str| Appointment {
        key: None,
        date: day(date).into(),
        submitted: Default::default(),
        row: 1,
        file: 0,
        provider: 1,
        status: Code::new(status),
        first: Code::new("1"),
        outcome: Code::NONE,
        medium: Code::NONE,
        treatment_function: Code::new("430"),
        main_specialty: Code::NONE,
        priority: Code::NONE,
        referral_source: Code::NONE,
    };
    let mut someone = someone(&[
        service(ServiceType::Community, "2024-04-10", "2024-05-31"),
        service(ServiceType::Nursing, "2024-06-20", "-"),
    ]);
    someone.appointments = vec![appointment("2024-04-10", "5"), appointment("2024-06-01", "3")];
    let (dir, _) = written(&[(b"A", someone)], 1);
    let columns =
        ["source", "start", "end", "event_type", "attendance_status", "treatment_function"];
    assert_eq!(
        cells(&dir.path().join("events.parquet"), &columns),
        [
            ["social_care", "2024-04-10", "2024-05-31", "Service", "", ""],
            ["outpatients", "2024-04-10", "2024-04-10", "", "5", "430"],
            ["outpatients", "2024-06-01", "2024-06-01", "", "3", "430"],
            ["social_care", "2024-06-20", "", "Service", "", ""],
        ]
    );
}

#[test]
fn events_of_logs_stand_among_the_events_with_their_times() {
    use throughcare_linkage::instant::Instant;
    use throughcare_linkage::link::events::PersonEvent;
    let happened = |number: u16, start: &str, end: &str, row: u32| PersonEvent {
        activity: Activity { log: 0, number },
        start: Instant::parse(start).unwrap(),
        end: Instant::parse(end),
        file: 3,
        row,
    };
    let mut someone = someone(&[
        service(ServiceType::Community, "2024-04-10", "2024-05-31"),
        service(ServiceType::Nursing, "2024-06-20", "-"),
    ]);
    someone.events = vec![
        happened(1, "2024-04-10T09:30", "2024-04-12T10:00", 9),
        happened(0, "2024-04-12T10:00", "", 1),
        happened(1, "2024-04-12T10:00", "", 2),
    ];
    let read = |someone: &Maker| {
        let (dir, _) = written(&[(b"A", someone.clone())], 1);
        let columns = ["source", "start", "end", "log", "activity"];
        let path = dir.path().join("events.parquet");
        let batch = &batches(&path)[0];
        let times = batch.column_by_name("start_time").unwrap();
        let times = times.as_primitive::<arrow_array::types::TimestampMillisecondType>();
        (cells(&path, &columns), times.iter().collect::<Vec<_>>())
    };
    let (rows, times) = read(&someone);
    assert_eq!(
        rows,
        [
            ["social_care", "2024-04-10", "2024-05-31", "", ""],
            ["event_log", "2024-04-10", "2024-04-12", "ward", "In"],
            ["event_log", "2024-04-12", "", "ward", "In"],
            ["event_log", "2024-04-12", "", "ward", "Out"],
            ["social_care", "2024-06-20", "", "", ""],
        ]
    );
    assert_eq!(times[1], Instant::parse("2024-04-10T09:30").map(|time| time.0));
    assert_eq!(times[0], None);
    // events of one moment go by what they are, not by their rows
    someone.events.swap(1, 2);
    assert_eq!(read(&someone).0, rows);
}
