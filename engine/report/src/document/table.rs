//! Tables: columns, rows and cells, with their own check.

use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Name of its file and sheet: lower case letters, digits and `_`, the same in every language.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Row>,
    /// Footnotes.
    pub remarks: Vec<String>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Name for programs, the same in every language.
    pub key: String,
    /// Heading.
    pub title: String,
    /// Unit of its numbers.
    pub unit: Option<String>,
    /// Where its cells stand.
    pub align: Align,
    /// Whether [`RowKind::Total`] rows hold its sum.
    pub sums: bool,
}

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Texts.
    Start,
    /// Numbers.
    End,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// One for every column.
    pub cells: Vec<Cell>,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// A datum.
    Body,
    /// Says what the following rows are; its first cell is a text, the others are empty texts.
    Heading,
    /// Sums the body rows among [`Table::rows`] in this range, in the columns that sum.
    Total {
        /// Indices into [`Table::rows`].
        over: Range<usize>,
    },
}

/// What stands in a row below a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// A text.
    Text(String),
    /// A finite number, and how many decimals people are shown.
    Number {
        /// In full.
        value: f64,
        /// For people.
        decimals: u8,
    },
    /// There is no value: why, in one or two words.
    Missing(String),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number; missing with `why` where it is not finite.
    pub fn number(value: f64, decimals: u8, why: &str) -> Self {
        if value.is_finite() { Self::Number { value, decimals } } else { Self::Missing(why.to_owned()) }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Missing(text) => text.clone(),
            Self::Number { value, decimals } => grouped(*value, *decimals),
        }
    }
}

impl Column {
    /// A column of texts.
    pub fn text(key: &str, title: impl Into<String>) -> Self {
        Self { key: key.to_owned(), title: title.into(), unit: None, align: Align::Start, sums: false }
    }

    /// A column of numbers; an empty unit is none.
    pub fn number(key: &str, title: impl Into<String>, unit: &str) -> Self {
        let unit = (!unit.is_empty()).then(|| unit.to_owned());
        Self { key: key.to_owned(), title: title.into(), unit, align: Align::End, sums: false }
    }

    /// The same, summed in total rows.
    #[must_use]
    pub fn summed(self) -> Self {
        Self { sums: true, ..self }
    }

    /// Title and unit in one line.
    #[must_use]
    pub fn heading(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{} [{unit}]", self.title),
            None => self.title.clone(),
        }
    }
}

impl Row {
    /// A datum.
    #[must_use]
    pub fn body(cells: Vec<Cell>) -> Self {
        Self { kind: RowKind::Body, cells }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(id: &str, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id: id.to_owned(), caption: caption.into(), columns, rows: Vec::new(), remarks: Vec::new() }
    }

    /// Adds a datum.
    pub fn push(&mut self, cells: Vec<Cell>) {
        self.rows.push(Row::body(cells));
    }

    /// Adds a row that says what follows.
    pub fn heading(&mut self, text: impl Into<String>) {
        let mut cells = vec![Cell::Text(String::new()); self.columns.len()];
        if let Some(first) = cells.first_mut() {
            *first = Cell::text(text);
        }
        self.rows.push(Row { kind: RowKind::Heading, cells });
    }

    /// Adds a row with the sums of the body rows in `over`; columns that do not sum are empty.
    pub fn total(&mut self, text: impl Into<String>, over: Range<usize>) {
        let mut cells = vec![Cell::Text(String::new()); self.columns.len()];
        for (k, cell) in cells.iter_mut().enumerate().filter(|(k, _)| self.columns[*k].sums) {
            let (value, decimals) = self.summed(k, &over);
            *cell = Cell::Number { value, decimals };
        }
        if let Some(first) = cells.first_mut() {
            *first = Cell::text(text);
        }
        self.rows.push(Row { kind: RowKind::Total { over }, cells });
    }

    /// Sum of a column over body rows, and the most decimals among them.
    fn summed(&self, column: usize, over: &Range<usize>) -> (f64, u8) {
        let rows = self.rows.iter().take(over.end).skip(over.start).filter(|row| row.kind == RowKind::Body);
        rows.filter_map(|row| match row.cells.get(column) {
            Some(Cell::Number { value, decimals }) => Some((*value, *decimals)),
            _ => None,
        })
        .fold((0.0, 0), |(sum, most), (value, decimals)| (sum + value, most.max(decimals)))
    }
}

impl Table {
    /// What is wrong with the table, each in a sentence.
    pub(super) fn faults(&self, faults: &mut Vec<String>) {
        if self.id.is_empty()
            || !self.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            faults.push(format!("{:?} is no name of a table", self.id));
        }
        let keys: BTreeSet<&str> = self.columns.iter().map(|c| c.key.as_str()).collect();
        if keys.len() != self.columns.len() {
            faults.push(format!("two columns of {} have one key", self.id));
        }
        for (k, row) in self.rows.iter().enumerate() {
            if row.cells.len() != self.columns.len() {
                faults.push(format!("row {k} of {} has {} cells", self.id, row.cells.len()));
            }
            let endless = |cell: &Cell| matches!(cell, Cell::Number { value, .. } if !value.is_finite());
            if row.cells.iter().any(endless) {
                faults.push(format!("row {k} of {} has a number that is not finite", self.id));
            }
            let RowKind::Total { over } = &row.kind else { continue };
            if over.end > k {
                faults.push(format!("row {k} of {} sums rows that come after it", self.id));
            }
            for (column, cell) in row.cells.iter().enumerate() {
                let Cell::Number { value, .. } = cell else { continue };
                let (sum, _) = self.summed(column, over);
                if self.columns[column].sums && (value - sum).abs() > 1e-9 * sum.abs().max(1e-9) {
                    faults.push(format!("row {k} of {} says {value}, its rows sum to {sum}", self.id));
                }
            }
        }
    }
}

/// A number as people read it: thousands apart by commas, a true minus sign.
#[must_use]
pub fn grouped(value: f64, decimals: u8) -> String {
    let text = format!("{:.*}", usize::from(decimals), value.abs());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut out = String::with_capacity(text.len() + text.len() / 3 + 1);
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k) % 3 == 0 && whole.bytes().all(|b| b.is_ascii_digit()) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = vec![
            Column::text("use", "Use"),
            Column::number("energy", "Energy", "kWh").summed(),
            Column::number("share", "Share", "%"),
        ];
        let mut table = Table::new("energy", "Energy by use", columns);
        table.push(vec![Cell::text("IT"), Cell::number(1234.5, 0, "none"), Cell::number(80.0, 1, "none")]);
        table.push(vec![
            Cell::text("Pumps"),
            Cell::number(0.5, 1, "none"),
            Cell::number(f64::NAN, 1, "none"),
        ]);
        table
    }

    #[test]
    fn a_number_is_read_in_thousands_with_a_true_minus() {
        assert_eq!(grouped(1_234_567.891, 1), "1,234,567.9");
        assert_eq!(grouped(-1234.0, 0), "\u{2212}1,234");
        assert_eq!(grouped(999.6, 0), "1,000");
        assert_eq!(grouped(-0.04, 1), "0.0", "what rounds to zero has no sign");
        assert_eq!(grouped(f64::NAN, 1), "NaN");
    }

    #[test]
    fn a_total_is_the_sum_of_the_body_rows_that_it_names() {
        let mut table = table();
        table.total("All", 0..2);
        // 1234.5 + 0.5 = 1235
        assert_eq!(table.rows[2].cells[1], Cell::Number { value: 1235.0, decimals: 1 });
        assert_eq!(table.rows[2].cells[2], Cell::text(""), "shares are not summed");
        let mut faults = Vec::new();
        table.faults(&mut faults);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_total_that_is_not_the_sum_is_a_fault() {
        let mut table = table();
        table.total("All", 0..2);
        table.rows[2].cells[1] = Cell::Number { value: 1236.0, decimals: 0 };
        let mut faults = Vec::new();
        table.faults(&mut faults);
        assert_eq!(faults, ["row 2 of energy says 1236, its rows sum to 1235"]);
    }
}
