use super::*;
use crate::document::{Column, Language};

#[path = "../../tests/sample/mod.rs"]
mod sample;

fn table() -> Table {
    let columns = vec![Column::text("use", "Use"), Column::number("energy", "Energy", "kWh").summed()];
    let mut table = Table::new("energy", "Energy by use", columns);
    table.heading("Racks");
    table.push(vec![Cell::text("boards"), Cell::number(1000.25, 1, "none")]);
    table.push(vec![Cell::text("=cmd|' /C calc'!A0"), Cell::number(0.5, 1, "none")]);
    table.total("All of the racks", 0..3);
    table.push(vec![Cell::text("pumps"), Cell::number(10.0, 0, "none")]);
    table.push(vec![Cell::text("towers"), Cell::Missing("none here".to_owned())]);
    table.total("Everything", 0..6);
    table
}

pub(crate) fn document() -> Document {
    sample::document(Language::English, vec![sample::section("energy", vec![Block::Table(table())])])
}

#[test]
fn a_total_is_a_formula_over_the_rows_that_it_sums_and_no_other() {
    // Rows of the sheet: 1 caption, 3 headings, 4 "Racks", 5 and 6 its parts, 7 their total, 8 and 9, 10 the total.
    let table = table();
    assert_eq!(sum(&table, &(0..3), 1), "=SUM(B5:B6)");
    assert_eq!(sum(&table, &(0..6), 1), "=SUM(B5:B6,B8:B9)", "a total is not summed again");
    assert_eq!(sum(&table, &(0..1), 1), "=0", "a heading sums to nothing");
    // 1000.25 + 0.5 + 10
    assert_eq!(table.rows[6].cells[1], Cell::Number { value: 1010.75, decimals: 1 });
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = document();
    let bytes = xlsx(&document).unwrap();
    assert_eq!(&bytes[..2], b"PK");
    assert!(bytes == xlsx(&document).unwrap());
    let mut other = document;
    other.verdict.push('!');
    assert!(bytes != xlsx(&other).unwrap());
}

#[test]
fn names_of_sheets_are_cut_and_stay_apart() {
    let mut document = document();
    let long = "a".repeat(40);
    let mut first = table();
    first.id = format!("{long}b");
    let mut second = table();
    second.id = format!("{long}c");
    document.sections[0].blocks.extend([Block::Table(first), Block::Table(second)]);
    let names = sheet_names(&document);
    assert_eq!(names, ["energy".to_owned(), "a".repeat(31), format!("{}_2", "a".repeat(29))]);
    xlsx(&document).unwrap();
}

#[test]
fn a_table_that_no_sheet_holds_is_refused_with_its_name() {
    let mut document = document();
    let mut table = Table::new("endless", "Much", vec![Column::number("k", "k", "")]);
    table.rows = vec![Row::body(vec![Cell::number(1.0, 0, "")]); 1_048_574];
    document.sections[0].blocks.push(Block::Table(table));
    let error = xlsx(&document).unwrap_err().to_string();
    assert!(error.contains("endless") && error.contains("1048574 rows"), "{error}");
}
