//! A table as comma-separated values.
//!
//! RFC 4180: one header line with the names, CRLF after every line, quotes where a text needs
//! them. UTF-8 without a byte order mark. A number is the shortest text that reads back as the
//! same `f64`; what does not exist is empty. Unit and description stay in the Parquet file: the
//! name of a column ends in its unit.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front.

use super::table::{Table, Values};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes `table` to `out`.
///
/// # Errors
/// Those of `out`.
pub fn write(table: &Table, out: &mut impl Write) -> io::Result<()> {
    for (i, column) in table.columns().iter().enumerate() {
        separate(out, i)?;
        text(&column.name, out)?;
    }
    out.write_all(b"\r\n")?;
    for row in 0..table.rows() {
        for (i, column) in table.columns().iter().enumerate() {
            separate(out, i)?;
            // A table's columns have one length: `row` is in all of them.
            match &column.values {
                Values::Numbers(values) => number(values[row], out)?,
                Values::Integers(values) => {
                    if let Some(value) = values[row] {
                        write!(out, "{value}")?;
                    }
                }
                Values::Text(values) => {
                    if let Some(value) = &values[row] {
                        text(value, out)?;
                    }
                }
            }
        }
        out.write_all(b"\r\n")?;
    }
    Ok(())
}

fn separate(out: &mut impl Write, column: usize) -> io::Result<()> {
    if column > 0 { out.write_all(b",") } else { Ok(()) }
}

fn number(value: f64, out: &mut impl Write) -> io::Result<()> {
    let size = value.abs();
    if !value.is_finite() {
        Ok(())
    } else if size == 0.0 || (1e-5..1e16).contains(&size) {
        write!(out, "{value}")
    } else {
        write!(out, "{value:e}")
    }
}

fn text(value: &str, out: &mut impl Write) -> io::Result<()> {
    let value = harmless(value);
    if value.contains([',', '"', '\r', '\n']) || value.trim() != value {
        write!(out, "\"{}\"", value.replace('"', "\"\""))
    } else {
        out.write_all(value.as_bytes())
    }
}

/// A text that a spreadsheet shows and does not calculate. Full-width signs count: spreadsheets
/// of East Asian locales read them as the ASCII ones.
fn harmless(value: &str) -> Cow<'_, str> {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{value}"))
    } else {
        Cow::Borrowed(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::table::Column;

    fn written(columns: Vec<Column>) -> String {
        let table = Table::new("isotherm.test/1", columns).unwrap();
        let mut out = Vec::new();
        write(&table, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn numbers(values: &[f64]) -> Vec<String> {
        let text = written(vec![Column::numbers("x", "1", "A number.", values.to_vec())]);
        text.split_terminator("\r\n").skip(1).map(str::to_owned).collect()
    }

    fn texts(values: &[&str]) -> String {
        written(vec![Column::text("x", "A text.", values.iter().copied())])
    }

    #[test]
    fn a_table_has_a_header_and_a_line_for_each_row() {
        let text = written(vec![
            Column::integers("time_s", "s", "Time.", [0, 900]),
            Column::numbers("it_power_kw", "kW", "Power.", vec![1056.25, f64::NAN]),
            Column::text("note", "A note.", ["", "steady"]),
        ]);
        assert_eq!(text, "time_s,it_power_kw,note\r\n0,1056.25,\r\n900,,steady\r\n");
    }

    #[test]
    fn what_does_not_exist_is_empty() {
        assert_eq!(numbers(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]), ["", "", ""]);
        let column =
            |values| Column { name: "x".into(), unit: "".into(), description: "Maybe.".into(), values };
        let text = written(vec![
            column(Values::Integers(vec![None, Some(-3)])),
            Column { name: "y".into(), ..column(Values::Text(vec![Some("a".into()), None])) },
        ]);
        assert_eq!(text, "x,y\r\n,a\r\n-3,\r\n");
    }

    #[test]
    fn a_number_is_the_shortest_that_reads_back_the_same() {
        assert_eq!(
            numbers(&[0.1, 1.0 / 3.0, -40.0, 1e-5, 1e-7, 1e16, 0.0]),
            ["0.1", "0.3333333333333333", "-40", "0.00001", "1e-7", "1e16", "0"]
        );
        let hard = [f64::MIN_POSITIVE, f64::MAX, 5e-324, 0.1 + 0.2, 299_792_458.000_000_06, -0.0];
        for (text, value) in numbers(&hard).iter().zip(hard) {
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
        }
    }

    #[test]
    fn text_is_quoted_where_it_must_be() {
        assert_eq!(
            texts(&["plain", "a, b", "12\" rack", "two\r\nlines", " padded", "热"]),
            "x\r\nplain\r\n\"a, b\"\r\n\"12\"\" rack\"\r\n\"two\r\nlines\"\r\n\" padded\"\r\n热\r\n"
        );
    }

    #[test]
    fn a_text_is_never_a_formula() {
        assert_eq!(
            texts(&["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(\"x\",\"y\")", "a=1"]),
            "x\r\n'=1+1\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\n'\t=1\r\n'＝1\r\n\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\na=1\r\n"
        );
        assert!(
            written(vec![Column::numbers("=x", "1", "A number.", vec![-1.0])]).starts_with("'=x\r\n-1\r\n")
        );
    }

    #[test]
    fn an_error_of_the_disk_is_passed_on() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let table = Table::new("isotherm.test/1", vec![Column::text("x", "A text.", ["a"])]).unwrap();
        assert_eq!(write(&table, &mut Full).unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
