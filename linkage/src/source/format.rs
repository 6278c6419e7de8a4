//! What a file is, told by its first bytes.

use crate::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How many bytes are looked at.
const START_BYTES: u64 = 4096;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with commas.
    Csv,
    /// The same, compressed with gzip.
    Gzip,
    /// The same, compressed with Zstandard.
    Zstd,
    /// Parquet.
    Parquet,
    /// An event log in XES.
    #[cfg(feature = "xes")]
    Xes,
    /// The same, compressed with gzip.
    #[cfg(feature = "xes")]
    XesGzip,
}

impl Format {
    /// Whether the file is an event log by its format.
    #[must_use]
    pub const fn is_event_log(self) -> bool {
        #[cfg(feature = "xes")]
        return matches!(self, Self::Xes | Self::XesGzip);
        #[cfg(not(feature = "xes"))]
        false
    }
}

/// Tells the format of a file and gives its size in bytes.
///
/// # Errors
/// The file is missing, unreadable, empty, a folder, or of a kind that cannot be read. The error
/// names the file.
pub fn detect(path: &Path) -> Result<(Format, u64), Error> {
    tell(path).map_err(|error| error.in_file(path))
}

fn tell(path: &Path) -> Result<(Format, u64), Error> {
    let unreadable = |error: std::io::Error| {
        Error::new("the file cannot be read")
            .because(error)
            .advise("Check the path and that you may read it")
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if meta.is_dir() {
        return Err(Error::new("this is a folder, not a file")
            .advise("Name the files in it, for example with a pattern such as folder/*.csv"));
    }
    let mut start = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(START_BYTES).read_to_end(&mut start).map_err(unreadable)?;
    let format = match start.as_slice() {
        [] => {
            return Err(Error::new("the file is empty")
                .advise("Export it again, or take it out of [inputs]"));
        }
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        [0x1f, 0x8b, ..] => {
            let unpacked = unpacked(&start);
            if is_xml(&unpacked) { xes(&unpacked, true)? } else { Format::Gzip }
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Format::Zstd,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return Err(Error::new("the file is UTF-16 text").advise("Save it as CSV in UTF-8"));
        }
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            return Err(Error::new("the file is a spreadsheet or an archive, not text")
                .advise("Save the sheet as CSV in UTF-8, or unpack the archive"));
        }
        text if text.contains(&0) => {
            return Err(Error::new("the file is neither text nor Parquet")
                .advise("Give CSV (also .gz or .zst) or Parquet"));
        }
        text if is_xml(text) => xes(text, false)?,
        _ => Format::Csv,
    };
    Ok((format, meta.len()))
}

/// What the start of a gzip file holds, as far as it goes.
fn unpacked(start: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    // cut short as it is, it ends in an error after what could be read
    let _ = flate2::read::GzDecoder::new(start).take(START_BYTES).read_to_end(&mut text);
    text
}

fn is_xml(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    [&b"<?xml"[..], b"<!--", b"<!DOCTYPE", b"<log"].iter().any(|start| text.starts_with(start))
}

/// The format of XML, which can be read if it is an event log.
fn xes(text: &[u8], gzip: bool) -> Result<Format, Error> {
    if memchr::memmem::find(text, b"<log").is_none() {
        return Err(Error::new("the file is XML, not a table").advise(
            "Give CSV (also .gz or .zst) or Parquet; of XML, only event logs in XES are read",
        ));
    }
    #[cfg(feature = "xes")]
    return Ok(if gzip { Format::XesGzip } else { Format::Xes });
    #[cfg(not(feature = "xes"))]
    {
        let _ = gzip;
        Err(Error::new("the file is an event log in XES, which this build does not read").advise(
            "Build with --features xes, or convert it to CSV, for example with PM4Py: \
             pm4py.convert_to_dataframe(pm4py.read_xes(\"log.xes\")).to_csv(\"log.csv\")",
        ))
    }
}
