//! The tables of a report as an Excel workbook: a cover, then a sheet for every table.
//!
//! Totals are formulas over the rows that they sum, with the table's value beside them for programs that do not
//! calculate. A text is always written as a text: nothing in it can become a formula or a link. The same document
//! gives the same bytes; the date of creation is fixed.
//!
//! # Source
//!
//! ECMA-376 (Office Open XML), as written by `rust_xlsxwriter`; limits of a sheet: 31 characters in its name, 32,767
//! in a cell.

use crate::document::{Align, Block, Cell, Document, Row, RowKind, Table};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Most characters in the name of a sheet.
const LONGEST_NAME: usize = 31;
/// Most characters in a cell.
const LONGEST_TEXT: usize = 32_767;
/// Rows above the first datum: caption, an empty one, headings.
const HEADINGS: u32 = 2;
const FIRST: u32 = HEADINGS + 1;
/// The widest a column becomes, in characters; longer texts are broken into lines.
const WIDEST: usize = 60;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// A table has more rows or columns than a sheet can hold.
    #[error(
        "the table {table} has {rows} rows and {columns} columns, a sheet holds at most 1,048,573 and 16,384"
    )]
    TooLarge {
        /// Its id.
        table: String,
        /// How many rows.
        rows: usize,
        /// How many columns.
        columns: usize,
    },
    /// The writer refuses.
    #[error("the workbook cannot be written: {0}")]
    Writer(#[from] XlsxError),
}

/// A report's tables as the bytes of an `.xlsx` file.
///
/// # Errors
///
/// [`WorkbookError::TooLarge`] for a table that no sheet holds.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, WorkbookError> {
    for table in document.tables() {
        let (rows, columns) = (table.rows.len(), table.columns.len());
        if rows > 1_048_573 || columns > 16_384 {
            return Err(WorkbookError::TooLarge { table: table.id.clone(), rows, columns });
        }
    }
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(clipped(&document.title))
        .set_subject(clipped(&document.subtitle))
        .set_comment(format!("{} {}", document.words.run, document.run.id))
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let names = sheet_names(document);
    let mut looks = Looks::default();
    cover(workbook.add_worksheet(), document, &names, &mut looks)?;
    for (table, name) in document.tables().zip(&names) {
        sheet(workbook.add_worksheet().set_name(name)?, table, &mut looks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// How cells look; numbers by their decimals.
struct Looks {
    title: Format,
    strong: Format,
    soft: Format,
    heading: Format,
    heading_end: Format,
    text: Format,
    missing: Format,
    group: Format,
    total: Format,
    numbers: BTreeMap<(u8, bool), Format>,
}

impl Default for Looks {
    fn default() -> Self {
        let accent = Color::RGB(0x000B_5A8F);
        let soft = Color::RGB(0x005A_6675);
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_font_color(Color::White)
            .set_background_color(accent)
            .set_align(FormatAlign::Bottom);
        Self {
            title: Format::new().set_bold().set_font_size(14.0).set_font_color(accent),
            strong: Format::new().set_bold(),
            soft: Format::new().set_font_color(soft),
            heading_end: heading.clone().set_align(FormatAlign::Right),
            heading,
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            missing: Format::new()
                .set_text_wrap()
                .set_italic()
                .set_font_color(soft)
                .set_align(FormatAlign::Top),
            group: Format::new()
                .set_bold()
                .set_font_color(accent)
                .set_background_color(Color::RGB(0x00F2_F5F8)),
            total: Format::new().set_bold().set_border_top(FormatBorder::Thin),
            numbers: BTreeMap::new(),
        }
    }
}

impl Looks {
    fn number(&mut self, decimals: u8, total: bool) -> &Format {
        self.numbers.entry((decimals, total)).or_insert_with(|| {
            let digits = "0".repeat(usize::from(decimals));
            let shape = if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{digits}") };
            let format = Format::new().set_num_format(shape).set_align(FormatAlign::Top);
            if total { format.set_bold().set_border_top(FormatBorder::Thin) } else { format }
        })
    }
}

/// A name for every table: its id, cut to what a sheet may have, no two alike.
fn sheet_names(document: &Document) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::from([COVER.to_lowercase()]);
    let mut names = Vec::new();
    for table in document.tables() {
        let mut name: String = table.id.chars().take(LONGEST_NAME).collect();
        let mut k = 2;
        while !taken.insert(name.to_lowercase()) {
            let ending = format!("_{k}");
            name = table.id.chars().take(LONGEST_NAME - ending.len()).chain(ending.chars()).collect();
            k += 1;
        }
        names.push(name);
    }
    names
}

/// Name of the first sheet, the same in every language.
const COVER: &str = "report";

fn clipped(text: &str) -> String {
    text.chars().take(255).collect()
}

fn text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), WorkbookError> {
    let text: String = text.chars().take(LONGEST_TEXT).collect();
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

fn cover(
    sheet: &mut Worksheet,
    document: &Document,
    names: &[String],
    looks: &mut Looks,
) -> Result<(), WorkbookError> {
    sheet.set_name(COVER)?;
    sheet
        .set_column_width(0, 28)?
        .set_column_width(1, 18)?
        .set_column_width(2, 14)?
        .set_column_width(3, 70)?;
    text(sheet, 0, 0, &document.title, &looks.title)?;
    text(sheet, 1, 0, &document.subtitle, &looks.soft)?;
    text(sheet, 2, 0, &document.verdict, &looks.strong)?;
    let (run, words) = (&document.run, &document.words);
    let identity = [
        (&words.run, &run.id),
        (&words.site, &run.site),
        (&words.period, &run.period),
        (&words.weather, &run.weather),
        (&words.method, &run.method),
        (&words.engine, &run.engine),
    ];
    let mut row = 4;
    for (key, value) in identity {
        text(sheet, row, 0, key, &looks.soft)?;
        sheet.write_string(row, 1, value.chars().take(LONGEST_TEXT).collect::<String>())?;
        row += 1;
    }
    row += 1;
    let tiles = document.sections.iter().flat_map(|s| &s.blocks).filter_map(|block| match block {
        Block::Tiles(tiles) => Some(tiles),
        _ => None,
    });
    for tile in tiles.flatten() {
        text(sheet, row, 0, &tile.label, &looks.strong)?;
        sheet.write_string(row, 1, &tile.value)?.write_string(row, 2, &tile.unit)?;
        text(sheet, row, 3, &tile.remark, &looks.soft)?;
        row += 1;
    }
    row += 1;
    text(sheet, row, 0, &words.contents, &looks.heading)?;
    for column in 1..4 {
        text(sheet, row, column, "", &looks.heading)?;
    }
    row += 1;
    for (table, name) in document.tables().zip(names) {
        sheet.write_url_with_text(row, 0, format!("internal:'{name}'!A1").as_str(), name)?;
        sheet.write_string(row, 1, &table.caption)?;
        row += 1;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn sheet(sheet: &mut Worksheet, table: &Table, looks: &mut Looks) -> Result<(), WorkbookError> {
    text(sheet, 0, 0, &table.caption, &looks.title)?;
    for (column, k) in table.columns.iter().zip(0..) {
        let format = if column.align == Align::End { &looks.heading_end } else { &looks.heading };
        text(sheet, HEADINGS, k, &column.heading(), format)?;
        sheet.set_column_width(k, width(table, usize::from(k)))?;
    }
    for (row, at) in table.rows.iter().zip(FIRST..) {
        for (cell, k) in row.cells.iter().zip(0..) {
            self::cell(sheet, (at, k), cell, row, table, looks)?;
        }
    }
    let mut after = FIRST + u32::try_from(table.rows.len()).unwrap_or(u32::MAX - FIRST - 1) + 1;
    for remark in &table.remarks {
        text(sheet, after, 0, remark, &looks.soft)?;
        after = after.saturating_add(1);
    }
    // The headings stay while one scrolls, and are repeated on every printed page.
    sheet.set_freeze_panes(FIRST, 1)?.set_repeat_rows(HEADINGS, HEADINGS)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    (at, k): (u32, u16),
    cell: &Cell,
    row: &Row,
    table: &Table,
    looks: &mut Looks,
) -> Result<(), WorkbookError> {
    let total = matches!(row.kind, RowKind::Total { .. });
    match (cell, &row.kind) {
        (Cell::Number { value, decimals }, RowKind::Total { over }) if table.columns[usize::from(k)].sums => {
            let formula = Formula::new(sum(table, over, k)).set_result(value.to_string());
            sheet.write_formula_with_format(at, k, formula, looks.number(*decimals, true))?;
        }
        (Cell::Number { value, decimals }, _) => {
            sheet.write_number_with_format(at, k, *value, looks.number(*decimals, total))?;
        }
        (Cell::Missing(why), _) => text(sheet, at, k, why, &looks.missing)?,
        (Cell::Text(words), RowKind::Heading) => text(sheet, at, k, words, &looks.group)?,
        (Cell::Text(words), RowKind::Total { .. }) => text(sheet, at, k, words, &looks.total)?,
        (Cell::Text(words), RowKind::Body) => text(sheet, at, k, words, &looks.text)?,
    }
    Ok(())
}

/// `=SUM(B4:B7,B9:B9)`: the body rows of a range, without the totals between them.
fn sum(table: &Table, over: &Range<usize>, column: u16) -> String {
    let letters = rust_xlsxwriter::utility::column_number_to_name(column);
    let body = |k: &usize| table.rows.get(*k).is_some_and(|row| row.kind == RowKind::Body);
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for k in over.clone().filter(body) {
        match pieces.last_mut() {
            Some(last) if last.end == k => last.end = k + 1,
            _ => pieces.push(k..k + 1),
        }
    }
    // Rows are counted from 1 in a formula.
    let shown = |k: usize| k + FIRST as usize + 1;
    let pieces: Vec<String> =
        pieces.iter().map(|p| format!("{letters}{}:{letters}{}", shown(p.start), shown(p.end - 1))).collect();
    if pieces.is_empty() { "=0".to_owned() } else { format!("=SUM({})", pieces.join(",")) }
}

/// Width of a column in characters of Latin text.
fn width(table: &Table, column: usize) -> f64 {
    let span = |text: &str| text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    let body = table.rows.iter().filter(|row| row.kind != RowKind::Heading);
    let cells =
        body.filter_map(|row| row.cells.get(column)).map(|cell| span(&cell.shown())).max().unwrap_or(0);
    let heading = span(&table.columns[column].heading()).min(18);
    cells.max(heading).clamp(8, WIDEST) as f64 + 2.0
}

#[cfg(test)]
mod tests;
