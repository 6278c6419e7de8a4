//! The accessible spreadsheet (section 9): cover, contents, notes, then one table a sheet; no merged,
//! empty or hidden cells, markers in the place of numbers, fixed dates so that the bytes repeat.

use super::NOT_FOR_RELEASE;
use super::about::{About, CAVEATS, SHORTHAND, day_in_words};
use super::error::OutputError;
use super::table::{Cell, Column, Kind, Table};
use crate::disclosure::{Protected, Released};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Table as NamedTable, TableColumn,
    TableStyle, Workbook, Worksheet,
};

/// Data rows of one sheet: below the format's 1,048,576.
const ROWS_PER_SHEET: usize = 1_000_000;
/// Row of the table's header, from 0: title, sentence and source stand above.
const HEADER_ROW: u32 = 3;
const FONT: &str = "Arial";

struct Looks {
    title: Format,
    heading: Format,
    text: Format,
    link: Format,
    marker: Format,
    whole: Format,
    decimals: Vec<Format>,
    date: Format,
}

impl Looks {
    fn new() -> Self {
        let plain =
            || Format::new().set_font_name(FONT).set_font_size(11).set_align(FormatAlign::Top);
        let right = || plain().set_align(FormatAlign::Right);
        let decimals = (0..=6)
            .map(|decimals| {
                let tail =
                    if decimals > 0 { format!(".{}", "0".repeat(decimals)) } else { String::new() };
                right().set_num_format(format!("#,##0{tail}"))
            })
            .collect();
        Self {
            title: plain().set_bold().set_font_size(15),
            heading: plain().set_bold().set_text_wrap(),
            text: plain().set_align(FormatAlign::Left).set_text_wrap(),
            link: plain()
                .set_font_color(Color::RGB(0x1d_4f_91))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            marker: right(),
            whole: right().set_num_format("#,##0"),
            decimals,
            date: right().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// The bytes of the workbook.
pub(super) fn workbook(
    tables: &[Table],
    released: &Protected<Released>,
    about: &About,
) -> Result<Vec<u8>, OutputError> {
    let looks = Looks::new();
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(about.heading())
        .set_author(if about.publisher.is_empty() { "Throughcare" } else { &about.publisher })
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    let sheets = sheets(tables);
    cover(book.add_worksheet(), released, about, &looks)?;
    contents(book.add_worksheet(), &sheets, &looks)?;
    notes(book.add_worksheet(), released, about, &looks)?;
    let source = source(about);
    for sheet in &sheets {
        table_sheet(book.add_worksheet(), sheet, &source, released.not_for_release, &looks)?;
    }
    Ok(book.save_to_buffer()?)
}

/// Figures that a spreadsheet still opens at once.
pub(super) const MOST_ROWS: usize = 200_000;

/// Leaves the groups of people in councils and at providers out of a table of more than `most` figures:
/// the other files have them, and nobody scrolls through a million rows.
pub(super) fn shorten(table: &mut Table, most: usize) {
    let place = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (Some(area_type), Some(stratum)) = (place("area_type"), place("stratum")) else { return };
    if table.name != "measures" || table.rows.len() <= most {
        return;
    }
    let is = |cell: Option<&Cell>, texts: &[&str]| matches!(cell, Some(Cell::Text(text)) if texts.contains(&&**text));
    table.rows.retain(|row| {
        is(row.get(stratum), &[""]) || is(row.get(area_type), &["england", "region"])
    });
    table.note = "One figure a row. Groups of people in councils and at providers are too many for a \
                  spreadsheet: the file measures beside it has them.";
}

/// A table, or a part of one that is too long for a sheet.
struct Sheet<'a> {
    name: String,
    title: String,
    table: &'a Table,
    rows: &'a [Vec<Cell>],
}

fn sheets(tables: &[Table]) -> Vec<Sheet<'_>> {
    let mut sheets = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let number = number + 1;
        if table.rows.len() <= ROWS_PER_SHEET {
            sheets.push(Sheet {
                name: format!("Table_{number}"),
                title: format!("Table {number}: {}", table.title),
                table,
                rows: &table.rows,
            });
            continue;
        }
        for (part, rows) in table.rows.chunks(ROWS_PER_SHEET).enumerate() {
            let part = part + 1;
            sheets.push(Sheet {
                name: format!("Table_{number}_{part}"),
                title: format!("Table {number}, part {part}: {}", table.title),
                table,
                rows,
            });
        }
    }
    sheets
}

fn source(about: &About) -> String {
    let names: Vec<&str> = about.sources.iter().map(|source| &*source.name).collect();
    if names.is_empty() {
        "Source: see the manifest of the run".into()
    } else {
        format!("Source: {}", names.join("; "))
    }
}

/// Writes a label and a text in one row.
fn pair(
    sheet: &mut Worksheet,
    row: &mut u32,
    label: &str,
    text: &str,
    looks: &Looks,
) -> Result<(), OutputError> {
    sheet.write_string_with_format(*row, 0, label, &looks.heading)?;
    sheet.write_string_with_format(
        *row,
        1,
        if text.is_empty() { "[z]" } else { text },
        &looks.text,
    )?;
    *row += 1;
    Ok(())
}

fn cover(
    sheet: &mut Worksheet,
    released: &Protected<Released>,
    about: &About,
    looks: &Looks,
) -> Result<(), OutputError> {
    sheet.set_name("Cover")?;
    sheet.set_column_width(0, 26)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, about.heading(), &looks.title)?;
    let mut row = 1;
    let status = if released.not_for_release {
        format!("{NOT_FOR_RELEASE}: no disclosure control was applied")
    } else {
        "After disclosure control".into()
    };
    pair(sheet, &mut row, "Status", &status, looks)?;
    pair(sheet, &mut row, "Period", &about.periods_in_words(), looks)?;
    if let Some(as_of) = about.as_of {
        pair(sheet, &mut row, "Data as of", &day_in_words(as_of), looks)?;
    }
    for (label, text) in [("Publisher", &about.publisher), ("Contact", &about.contact)] {
        if !text.is_empty() {
            pair(sheet, &mut row, label, text, looks)?;
        }
    }
    for source in &about.sources {
        let text = format!("{}: {} records", source.name, source.rows);
        pair(sheet, &mut row, "Source", &text, looks)?;
    }
    let made = format!("Throughcare {}, methods {}", about.engine_version, about.method_edition);
    pair(sheet, &mut row, "Made by", &made, looks)?;
    for (marker, meaning) in SHORTHAND {
        pair(sheet, &mut row, &format!("Shorthand {marker}"), meaning, looks)?;
    }
    for caveat in CAVEATS {
        pair(sheet, &mut row, "Caveat", caveat, looks)?;
    }
    Ok(())
}

fn contents(sheet: &mut Worksheet, sheets: &[Sheet<'_>], looks: &Looks) -> Result<(), OutputError> {
    sheet.set_name("Contents")?;
    sheet.set_column_width(0, 26)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, "Contents", &looks.title)?;
    sheet.write_string_with_format(1, 0, "Sheet", &looks.heading)?;
    sheet.write_string_with_format(1, 1, "What it holds", &looks.heading)?;
    let notes = ("Notes", "How numbers are protected, and what to know of the data");
    let named = sheets.iter().map(|sheet| (&*sheet.name, &*sheet.title));
    for (row, (name, title)) in (2u32..).zip(std::iter::once(notes).chain(named)) {
        let link = format!("internal:'{name}'!A1");
        sheet.write_url_with_text(row, 0, &*link, name)?;
        sheet.set_cell_format(row, 0, &looks.link)?;
        sheet.write_string_with_format(row, 1, title, &looks.text)?;
    }
    Ok(())
}

fn notes(
    sheet: &mut Worksheet,
    released: &Protected<Released>,
    about: &About,
    looks: &Looks,
) -> Result<(), OutputError> {
    sheet.set_name("Notes")?;
    sheet.set_column_width(0, 26)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, "Notes", &looks.title)?;
    sheet.write_string_with_format(1, 0, "Note", &looks.heading)?;
    sheet.write_string_with_format(1, 1, "Text", &looks.heading)?;
    let mut texts = vec![
        "A number that few people are behind is replaced by a marker; the others are rounded. Totals \
         are made from exact numbers and then rounded, so parts may not add up to them."
            .to_owned(),
    ];
    for (table, words) in &released.profiles {
        texts.push(format!("Rules for {table}: {words}."));
    }
    texts.extend(about.quality_notes.iter().cloned());
    texts.extend(about.warnings.iter().cloned());
    let mut row = 2;
    for (number, text) in (1u32..).zip(&texts) {
        pair(sheet, &mut row, &format!("[note {number}]"), text, looks)?;
    }
    Ok(())
}

fn table_sheet(
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    source: &str,
    stamp: bool,
    looks: &Looks,
) -> Result<(), OutputError> {
    let columns = &sheet.table.columns;
    worksheet.set_name(&sheet.name)?;
    let stamp = if stamp { format!("{NOT_FOR_RELEASE}. ") } else { String::new() };
    let title = format!("{stamp}{} [note 1]", sheet.title);
    worksheet.write_string_with_format(0, 0, title, &looks.title)?;
    let none = if sheet.rows.is_empty() { " It has no rows: the run made none." } else { "" };
    let sentence = format!(
        "This worksheet contains one table. {}{none} Notes are on the sheet Notes; shorthand is \
         explained on the sheet Cover.",
        sheet.table.note
    );
    // left to overflow to the right, since a wrapped first column would be tall
    let plain = Format::new().set_font_name(FONT).set_font_size(11);
    worksheet.write_string_with_format(1, 0, sentence, &plain)?;
    worksheet.write_string_with_format(2, 0, source, &plain)?;
    for (number, column) in (0u16..).zip(columns) {
        worksheet.set_column_width(number, width(column))?;
        worksheet.write_string_with_format(HEADER_ROW, number, column.heading, &looks.heading)?;
    }
    for (row, cells) in (HEADER_ROW + 1..).zip(sheet.rows) {
        for ((number, column), cell) in (0u16..).zip(columns).zip(cells) {
            write_cell(worksheet, row, number, column, cell, looks)?;
        }
    }
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(0);
    let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
    if rows > 0 {
        let described: Vec<TableColumn> = columns
            .iter()
            .map(|column| {
                TableColumn::new().set_header(column.heading).set_header_format(&looks.heading)
            })
            .collect();
        let named = NamedTable::new()
            .set_name(format!("{}_{}", sheet.table.name, sheet.name))
            .set_columns(&described)
            .set_autofilter(false)
            .set_style(TableStyle::None);
        worksheet.add_table(HEADER_ROW, 0, HEADER_ROW + rows, last_column, &named)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    described: &Column,
    cell: &Cell,
    looks: &Looks,
) -> Result<(), OutputError> {
    match cell {
        Cell::Text(text) => {
            let text = if text.is_empty() { described.when_empty } else { text };
            sheet.write_string_with_format(row, column, text, &looks.text)?;
        }
        Cell::Integer(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &looks.whole)?;
        }
        Cell::Decimal(number) => {
            let format = looks.decimals.get(usize::from(number.decimals)).unwrap_or(&looks.whole);
            sheet.write_number_with_format(row, column, number.value, format)?;
        }
        Cell::Date(day) => {
            // a spreadsheet counts days from 1899-12-30
            let number = f64::from(day.0) + 25_569.0;
            sheet.write_number_with_format(row, column, number, &looks.date)?;
        }
        Cell::Marked(marker) => {
            let text = format!("[{}]", marker.code());
            sheet.write_string_with_format(row, column, text, &looks.marker)?;
        }
    }
    Ok(())
}

const fn width(column: &Column) -> f64 {
    match (column.kind, column.name.as_bytes()) {
        (Kind::Text, b"what") => 60.0,
        (Kind::Text, b"stratum" | b"part" | b"check") => 34.0,
        (Kind::Text, _) => 22.0,
        _ => 14.0,
    }
}
