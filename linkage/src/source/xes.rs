//! Event logs in XES (IEEE 1849), read as CSV with the columns `case`, `activity`, `start` and `end`.
//!
//! The case is `concept:name` of a trace, the activity `concept:name` of an event, the start its
//! `time:timestamp`. Of `lifecycle:transition` the usual reading is taken: an event `complete` ends the
//! first open event `start` of the same activity (and `concept:instance`) of its trace, and both are one
//! row, in the place of the start. Every other event is a row of its own. All other attributes are left
//! out, though not before [`columns`] has shown them to the gate for identifiable data.

use super::format::Format;
use crate::error::Error;
use hashbrown::HashMap;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The headings that rows have.
const HEADINGS: [&str; 4] = ["case", "activity", "start", "end"];

/// Bytes of rows that are made at a time, at least.
const ROWS_BYTES: usize = 1 << 16;

/// Key and value of each attribute, those inside other attributes left out.
type Attributes = Vec<(String, String)>;

#[derive(Debug, Default)]
struct Trace {
    attributes: Attributes,
    events: Vec<Attributes>,
}

/// What an element is; attributes are `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Log,
    Trace,
    Event,
    Other,
}

/// The traces of a file, one after the other. An event outside a trace is a trace without a name.
struct Traces {
    reader: Reader<Box<dyn BufRead>>,
    buffer: Vec<u8>,
    /// The open elements.
    open: Vec<Element>,
}

impl Traces {
    fn new(path: &Path, format: Format) -> io::Result<Self> {
        let file = BufReader::new(File::open(path)?);
        let input: Box<dyn BufRead> = match format {
            Format::XesGzip => Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(file))),
            _ => Box::new(file),
        };
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, buffer: Vec::new(), open: Vec::new() })
    }

    /// The next trace; none at the end of the log.
    fn next(&mut self) -> io::Result<Option<Trace>> {
        let mut trace = Trace::default();
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            let at = self.reader.buffer_position();
            match event.map_err(|error| broken(error, at))? {
                Event::Start(tag) => {
                    let element = match (self.open.last(), tag.local_name().as_ref()) {
                        (None, "log") => Element::Log,
                        (None, _) => return Err(io::Error::other("the XML is no event log")),
                        (Some(Element::Log), "trace") => Element::Trace,
                        (Some(Element::Log | Element::Trace), "event") => {
                            trace.events.push(Attributes::new());
                            Element::Event
                        }
                        _ => Element::Other,
                    };
                    let attributes = match self.open.last() {
                        Some(Element::Trace) => Some(&mut trace.attributes),
                        Some(Element::Event) => trace.events.last_mut(),
                        _ => None,
                    };
                    if let (Element::Other, Some(attributes)) = (element, attributes) {
                        attributes.extend(attribute(&tag).map_err(|error| broken(error, at))?);
                    }
                    self.open.push(element);
                }
                Event::End(_) => {
                    let closed = self.open.pop();
                    let is_whole = self.open.last() == Some(&Element::Log)
                        && matches!(closed, Some(Element::Trace | Element::Event));
                    if is_whole {
                        return Ok(Some(trace));
                    }
                }
                Event::Eof if self.open.is_empty() => return Ok(None),
                Event::Eof => {
                    let what = "the file ends before its log does";
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
                }
                _ => {}
            }
        }
    }
}

/// The key and value of an attribute; none for a list or container.
fn attribute(tag: &BytesStart<'_>) -> Result<Option<(String, String)>, quick_xml::Error> {
    let value_of = |name: &str| {
        let found = tag.try_get_attribute(name)?;
        let value =
            found.map(|found| found.normalized_value(XmlVersion::Implicit1_0).map(String::from));
        value.transpose()
    };
    Ok(value_of("key")?.zip(value_of("value")?))
}

/// Says where the XML is broken, and nothing of what it holds.
fn broken(error: quick_xml::Error, at: u64) -> io::Error {
    match error {
        quick_xml::Error::Io(error) => io::Error::new(error.kind(), error.to_string()),
        quick_xml::Error::Encoding(_) => {
            io::Error::other(format!("the text is not UTF-8 just before byte {at}"))
        }
        _ => io::Error::other(format!("the XML is not well-formed just before byte {at}")),
    }
}

/// The first value of a key; empty when there is none.
fn value<'a>(attributes: &'a Attributes, key: &str) -> &'a str {
    attributes.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
}

/// The rows of a trace, each in the place of its first event.
fn rows_of(trace: &Trace) -> Vec<[&str; 4]> {
    let case = value(&trace.attributes, "concept:name");
    let mut rows: Vec<[&str; 4]> = Vec::with_capacity(trace.events.len());
    let mut open: HashMap<(&str, &str), VecDeque<usize>> = HashMap::new();
    for event in &trace.events {
        let [activity, time, instance, transition] =
            ["concept:name", "time:timestamp", "concept:instance", "lifecycle:transition"]
                .map(|key| value(event, key));
        let of_activity = (activity, instance);
        if transition.eq_ignore_ascii_case("complete") {
            let started = open.get_mut(&of_activity).and_then(VecDeque::pop_front);
            if let Some(row) = started.and_then(|n| rows.get_mut(n)) {
                let [.., end] = row;
                *end = time;
                continue;
            }
        } else if transition.eq_ignore_ascii_case("start") {
            open.entry(of_activity).or_default().push_back(rows.len());
        }
        rows.push([case, activity, time, ""]);
    }
    rows
}

/// A file as CSV.
pub(super) struct Rows {
    traces: Traces,
    text: Vec<u8>,
    /// What of the text has been handed over.
    at: usize,
    ended: bool,
}

impl Rows {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn new(path: &Path, format: Format) -> io::Result<Self> {
        let text = format!("{}\n", HEADINGS.join(",")).into_bytes();
        Ok(Self { traces: Traces::new(path, format)?, text, at: 0, ended: false })
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        let mut csv = csv::Writer::from_writer(std::mem::take(&mut self.text));
        let mut bytes = 0;
        while bytes < ROWS_BYTES && !self.ended {
            let Some(trace) = self.traces.next()? else {
                self.ended = true;
                break;
            };
            for row in rows_of(&trace) {
                bytes += row.iter().map(|cell| cell.len() + 1).sum::<usize>();
                csv.write_record(row)?;
            }
        }
        self.text = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        Ok(())
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.fill()?;
        }
        let rest = &self.text[self.at..];
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.at += read;
        Ok(read)
    }
}

/// The attributes of traces and events by their keys, with the values that they have until the trace of
/// event number `events`, for a look at what the file holds.
///
/// # Errors
/// The file cannot be read so far.
pub fn columns(
    path: &Path,
    format: Format,
    events: usize,
) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let unreadable = |error: io::Error| Error::new("the file cannot be read").because(error);
    let mut traces = Traces::new(path, format).map_err(unreadable)?;
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = 0;
    while seen < events
        && let Some(trace) = traces.next().map_err(unreadable)?
    {
        seen += trace.events.len();
        for (key, value) in trace.events.into_iter().chain([trace.attributes]).flatten() {
            columns.entry(key).or_default().push(value);
        }
    }
    Ok(columns)
}
