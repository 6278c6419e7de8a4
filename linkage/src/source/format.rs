//! What a file is, told by its first bytes.

use crate::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

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
    file.take(4096).read_to_end(&mut start).map_err(unreadable)?;
    let format = match start.as_slice() {
        [] => {
            return Err(Error::new("the file is empty")
                .advise("Export it again, or take it out of [inputs]"));
        }
        [b'P', b'A', b'R', b'1', ..] => Format::Parquet,
        [0x1f, 0x8b, ..] => Format::Gzip,
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
        _ => Format::Csv,
    };
    Ok((format, meta.len()))
}
