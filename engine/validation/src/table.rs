//! Stored tables: comma-separated, with a header.

use crate::fault::Fault;
use std::collections::BTreeMap;

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    name: String,
    columns: BTreeMap<String, usize>,
    rows: Vec<(usize, Vec<String>)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    line: usize,
    cells: &'a [String],
}

/// The cells of a line; a cell in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let (mut cell, mut quoted) = (String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

impl Table {
    /// Reads a table; empty lines and lines that begin with `#` are passed over.
    ///
    /// # Errors
    /// If it has no header, or a line has another number of cells.
    pub fn read(name: &str, text: &str) -> Result<Table, Fault> {
        let told = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
        let mut lines = text.lines().enumerate().filter(|(_, line)| told(line));
        let header = lines.next().ok_or_else(|| Fault::Missing(format!("header in {name}")))?;
        let columns: BTreeMap<String, usize> =
            cells(header.1).into_iter().enumerate().map(|(k, column)| (column, k)).collect();
        let mut rows = Vec::new();
        for (k, line) in lines {
            let (line, cells) = (k + 1, cells(line));
            if cells.len() != columns.len() {
                let (found, expected) = (cells.len(), columns.len());
                return Err(Fault::Ragged { table: name.to_owned(), line, found, expected });
            }
            rows.push((line, cells));
        }
        Ok(Table { name: name.to_owned(), columns, rows })
    }

    /// Its rows.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { table: self, line: *line, cells })
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<'a> Row<'a> {
    /// A cell as text.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn text(&self, column: &str) -> Result<&'a str, Fault> {
        let place = self.table.columns.get(column);
        place
            .and_then(|&place| self.cells.get(place))
            .map(String::as_str)
            .ok_or_else(|| Fault::Column { table: self.table.name.clone(), column: column.to_owned() })
    }

    /// A cell as number; an empty one is `None`.
    ///
    /// # Errors
    /// If there is no such column, or it holds no number.
    pub fn optional(&self, column: &str) -> Result<Option<f64>, Fault> {
        match self.text(column)?.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Fault::Number {
                table: self.table.name.clone(),
                line: self.line,
                column: column.to_owned(),
                text: text.to_owned(),
            }),
        }
    }

    /// A cell as number.
    ///
    /// # Errors
    /// If there is no such column, or it holds no number.
    pub fn get(&self, column: &str) -> Result<f64, Fault> {
        self.optional(column)?.ok_or_else(|| Fault::Number {
            table: self.table.name.clone(),
            line: self.line,
            column: column.to_owned(),
            text: String::new(),
        })
    }

    /// Several cells as numbers.
    ///
    /// # Errors
    /// If there is no such column, or it holds no number.
    pub fn all<const N: usize>(&self, columns: [&str; N]) -> Result<[f64; N], Fault> {
        let mut values = [0.0; N];
        for (value, column) in values.iter_mut().zip(columns) {
            *value = self.get(column)?;
        }
        Ok(values)
    }

    /// Whether there is such a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.table.columns.contains_key(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_quotes_hold_commas_and_empty_ones_are_no_numbers() {
        let table = Table::read("t.csv", "# made by hand\na,b,c\n1,\"[2, 3]\",\n").unwrap();
        let row = table.rows().next().unwrap();
        assert_eq!((row.get("a"), row.text("b"), row.optional("c")), (Ok(1.0), Ok("[2, 3]"), Ok(None)));
        assert_eq!(row.get("c").unwrap_err().to_string(), "t.csv, line 3: c is \"\", which is no number");
        assert_eq!(row.get("d").unwrap_err().to_string(), "t.csv has no column d");
        assert!(Table::read("t.csv", "a,b\n1\n").is_err() && Table::read("t.csv", "").is_err());
    }
}
