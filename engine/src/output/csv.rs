//! CSV: UTF-8, comma, header row, ISO dates, `\n` line ends. A marked cell is empty (its marker is in
//! the column `status`), except that what rounds to zero is 0.

use super::error::OutputError;
use super::table::{Cell, Table};
use crate::disclosure::Marker;
use std::io::Write;
use std::path::Path;

pub(super) fn write(table: &Table, path: &Path) -> Result<(), OutputError> {
    let file = std::fs::File::create(path).map_err(OutputError::io(path))?;
    let mut file = std::io::BufWriter::new(file);
    put_table(table, &mut file).and_then(|()| file.flush()).map_err(OutputError::io(path))
}

/// A table as the file would hold it.
pub(super) fn text(table: &Table) -> Result<String, OutputError> {
    let mut bytes = Vec::new();
    put_table(table, &mut bytes).map_err(OutputError::io(Path::new("CSV")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn put_table(table: &Table, to: &mut impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(table.columns.iter().map(|column| column.name))?;
    let mut field = Vec::new();
    for row in &table.rows {
        for cell in row {
            field.clear();
            put(cell, &mut field)?;
            writer.write_field(&field)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

/// A cell as the files hold it.
pub(super) fn cell_text(cell: &Cell) -> String {
    let mut field = Vec::new();
    // writing to memory does not fail
    let _ = put(cell, &mut field);
    String::from_utf8(field).unwrap_or_default()
}

fn put(cell: &Cell, field: &mut Vec<u8>) -> std::io::Result<()> {
    match cell {
        Cell::Text(text) => field.write_all(text.as_bytes()),
        Cell::Integer(number) => write!(field, "{number}"),
        Cell::Decimal(number) => write!(field, "{number}"),
        Cell::Date(day) => write!(field, "{day}"),
        Cell::Marked(Marker::Low) => field.write_all(b"0"),
        Cell::Marked(_) => Ok(()),
    }
}
