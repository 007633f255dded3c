//! Tables of items: a name in the first column, amounts beside it, their sum below.

use super::{Page, numbers, words};
use crate::document::{Cell, Column, Table};

/// A table of items that grows line by line.
pub(super) struct Items<'p> {
    page: &'p Page<'p>,
    table: Table,
}

impl<'p> Items<'p> {
    /// An empty table; the words of its caption are those of its id, and a column of names comes before the others.
    pub fn new(page: &'p Page<'p>, id: &str, others: Vec<Column>) -> Self {
        let columns = [vec![words(page, "item")], others].concat();
        let caption = page.t(&format!("table-{}", id.replace('_', "-")));
        Self { page, table: Table::new(id, caption, columns) }
    }

    /// Says what the lines below have in common.
    pub fn heading(&mut self, key: &str) {
        self.table.heading(self.page.t(key));
    }

    /// An item and what there is to say of it.
    pub fn line(&mut self, item: impl Into<String>, cells: Vec<Cell>) {
        self.table.push([vec![Cell::text(item)], cells].concat());
    }

    /// The sum of all lines, in the columns that sum.
    pub fn total(&mut self, key: &str) {
        let rows = self.table.rows.len();
        self.table.total(self.page.t(key), 0..rows);
    }

    /// A line below the table.
    pub fn remark(&mut self, text: String) {
        self.table.remarks.push(text);
    }

    /// The table.
    pub fn done(self) -> Table {
        self.table
    }
}

/// An amount, or a dash where there is none.
pub(super) fn amount(page: &Page, value: impl Into<Option<f64>>, decimals: u8) -> Cell {
    Cell::number(value.into().unwrap_or(f64::NAN), decimals, &page.t("dash"))
}

/// A table of one figure to a line with its unit: key, value, decimals, unit. What is not known has no line.
pub(super) fn figures<'p>(page: &'p Page<'p>, id: &str, lines: &[(&str, f64, u8, &str)]) -> Items<'p> {
    let mut items = Items::new(page, id, vec![numbers(page, "value", ""), words(page, "unit")]);
    for (key, value, decimals, unit) in lines.iter().filter(|line| line.1.is_finite()) {
        items.line(page.t(key), vec![amount(page, *value, *decimals), Cell::text(*unit)]);
    }
    items
}
