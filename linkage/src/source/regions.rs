//! Cutting an uncompressed CSV file into regions that begin and end at record ends.
//!
//! Chunks of the file are scanned at once. A chunk does not know whether it begins inside a quoted
//! field, so it counts under both assumptions; the number of quotes before it then says which holds.

use crate::error::Error;
use memchr::memchr2_iter;
use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// A run of whole records of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First byte.
    pub start: u64,
    /// First byte after it.
    pub end: u64,
    /// Records of the file that end before it, the headings included: the number of the data row
    /// with which it begins.
    pub first_row: u64,
}

/// What one chunk holds; where there are two values, the first holds if the chunk begins outside
/// quotes and the second if it begins inside.
#[derive(Clone, Copy, Debug, Default)]
struct Chunk {
    quotes: u64,
    records: [u64; 2],
    /// First byte after the first line end outside quotes, from the start of the file, and whether a
    /// record ended there.
    first: [Option<(u64, u64)>; 2],
    /// A quote opens in the middle of a field: quotes cannot be counted in this file.
    irregular: [bool; 2],
}

/// Cuts a file into regions of about `size` bytes. One region is returned for a file whose quotes
/// cannot be counted, and for a small one.
///
/// # Errors
/// The file cannot be read.
pub fn cut(path: &Path, length: u64, size: u64) -> Result<Vec<Region>, Error> {
    let whole = vec![Region { start: 0, end: length, first_row: 0 }];
    let starts: Vec<u64> = (0..length.div_ceil(size.max(1))).map(|n| n * size).collect();
    if starts.len() < 2 {
        return Ok(whole);
    }
    let chunks: Vec<Chunk> = starts
        .par_iter()
        .map(|&start| {
            scan(path, start, size.min(length - start)).map_err(|error| {
                Error::new("the file cannot be read to its end").because(error).in_file(path)
            })
        })
        .collect::<Result<_, _>>()?;
    let mut regions = Vec::with_capacity(chunks.len());
    let mut inside = 0;
    let mut records = 0;
    let mut open = Region { start: 0, end: length, first_row: 0 };
    for (n, chunk) in chunks.iter().enumerate() {
        if chunk.irregular[inside] {
            return Ok(whole);
        }
        if let Some((first, ended)) = chunk.first[inside].filter(|first| n > 0 && first.0 < length)
        {
            regions.push(Region { end: first, ..open });
            // the record that crosses into the chunk ends at its first line end
            open = Region { start: first, end: length, first_row: records + ended };
        }
        records += chunk.records[inside];
        inside ^= (chunk.quotes % 2) as usize;
    }
    if inside == 1 {
        return Ok(whole); // read as one stream, which says where the quote opened
    }
    regions.push(open);
    Ok(regions)
}

fn scan(path: &Path, start: u64, size: u64) -> std::io::Result<Chunk> {
    // two bytes before the chunk say what precedes its first quote or line end
    let context = start.min(2);
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start - context))?;
    let mut bytes = Vec::with_capacity((size + context) as usize);
    file.take(size + context).read_to_end(&mut bytes)?;
    let context = context as usize;
    let base = start - context as u64;
    let mut chunk = Chunk::default();
    let mut parity = 0;
    for at in memchr2_iter(b'"', b'\n', &bytes).filter(|&at| at >= context) {
        let before = (at > 0).then(|| bytes[at - 1]);
        if bytes[at] == b'"' {
            // parity 0 opens under the first assumption, parity 1 under the second
            let opens_well = matches!(before, None | Some(b',' | b'\n' | b'"'))
                || (base + at as u64 == 3 && before == Some(0xbf));
            chunk.irregular[parity] |= !opens_well;
            chunk.quotes += 1;
            parity ^= 1;
            continue;
        }
        let blank = match before {
            None | Some(b'\n') => true,
            Some(b'\r') => at < 2 || bytes[at - 2] == b'\n',
            _ => false,
        };
        chunk.first[parity].get_or_insert((base + at as u64 + 1, u64::from(!blank)));
        chunk.records[parity] += u64::from(!blank);
    }
    Ok(chunk)
}
