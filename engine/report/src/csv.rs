//! Tables as comma-separated values: RFC 4180, UTF-8, numbers in full with a point.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front.

use crate::document::{Cell, Table};
use std::borrow::Cow;

/// A table with one line of headings.
#[must_use]
pub fn text(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns.iter().map(|column| quoted(&column.heading())));
    for row in &table.rows {
        line(&mut out, row.cells.iter().map(cell));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    for (k, cell) in cells.enumerate() {
        if k > 0 {
            out.push(',');
        }
        out.push_str(&cell);
    }
    out.push_str("\r\n");
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => quoted(text),
        Cell::Number { value, .. } if *value == 0.0 || (1e-5..1e16).contains(&value.abs()) => {
            format!("{value}")
        }
        Cell::Number { value, .. } => format!("{value:e}"),
        Cell::Missing(_) => String::new(),
    }
}

fn quoted(text: &str) -> String {
    // Full-width signs count: spreadsheets of East Asian locales read them as the ASCII ones.
    const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let text: Cow<str> = if text.starts_with(FORMULA) { format!("'{text}").into() } else { text.into() };
    if text.contains([',', '"', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Column;

    #[test]
    fn a_text_is_never_a_formula_and_a_number_stays_one() {
        let mut table = Table::new("t", "", vec![Column::text("a", "=A"), Column::number("b", "B", "kWh")]);
        for (words, value) in
            [("=1+1", -1.5), ("+x", 0.0), ("-x", 1e-7), ("@SUM(A1)", 1e6), ("a, \"b\"", f64::NAN)]
        {
            table.push(vec![Cell::text(words), Cell::number(value, 1, "none")]);
        }
        let rendered = text(&table);
        assert_eq!(
            rendered,
            "'=A,B [kWh]\r\n'=1+1,-1.5\r\n'+x,0\r\n'-x,1e-7\r\n'@SUM(A1),1000000\r\n\"a, \"\"b\"\"\",\r\n"
        );
    }
}
