//! The report as plain data, made once and rendered by many.
//!
//! # Absences
//!
//! * No renderer computes a figure or words a sentence: what it needs of either stands here, the few words around
//!   tables and figures in [`Words`].
//! * No colour and no layout, except in the drawing of a [`Figure`].

use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

/// A language that reports are made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// `en`
    #[default]
    English,
    /// `zh`, simplified characters.
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 2] = [Language::English, Language::Chinese];

    /// BCP 47 tag, as documents declare it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// As it is asked for: `en` or `zh`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "en" => Ok(Self::English),
            "zh" => Ok(Self::Chinese),
            _ => Err(format!("reports are made in en and zh, not in {text:?}")),
        }
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Language of every text in it.
    pub language: Language,
    /// What the report is about: the title of the site.
    pub title: String,
    /// Kind of document, place and period.
    pub subtitle: String,
    /// The outcome in one line.
    pub verdict: String,
    /// Which run it is of.
    pub run: RunId,
    /// The parts, in order.
    pub sections: Vec<Section>,
    /// Words that stand around what the sections hold.
    pub words: Words,
}

/// Which run a report is of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunId {
    /// First eight hexadecimal digits of the BLAKE3 of the fingerprints of all that went in and came out.
    pub id: String,
    /// Version of the engine that calculated.
    pub engine: String,
    /// Id of the site.
    pub site: String,
    /// The period in words.
    pub period: String,
    /// Where the weather comes from, in words.
    pub weather: String,
    /// How the figures came to be, in words: simulated.
    pub method: String,
}

/// Words that renderers put around tables and figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Words {
    /// Heading of the list of sections.
    pub contents: String,
    /// `Figure`, before its number.
    pub figure: String,
    /// `Table`, before its number.
    pub table: String,
    /// `Data of this figure`, what opens the twin.
    pub data: String,
    /// `Run`, before its id.
    pub run: String,
    /// `Engine`, before its version.
    pub engine: String,
    /// `Site`.
    pub site: String,
    /// `Period`.
    pub period: String,
    /// `Weather`.
    pub weather: String,
    /// `Method`.
    pub method: String,
    /// `Page`, before its number.
    pub page: String,
    /// `Note`, before a remark.
    pub note: String,
    /// `good`, `bad` and nothing: the standing of a tile, which colour shows too.
    pub standings: [String; 3],
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Anchor: lower case letters, digits and `-`, the same in every language.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What it holds, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", content = "content", rename_all = "lowercase")]
pub enum Block {
    /// A heading below that of the section.
    Heading(String),
    /// Sentences.
    Paragraph(String),
    /// Points.
    List(Vec<String>),
    /// Figures in large type.
    Tiles(Vec<Tile>),
    /// A drawing with the table of what it shows.
    Figure(Box<Figure>),
    /// Rows and columns.
    Table(Table),
    /// What a reader must know to understand the rest rightly.
    Note(String),
}

/// A figure in large type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The value as it is read.
    pub value: String,
    /// Its unit; empty for a ratio.
    pub unit: String,
    /// What it is to be held against: a target, a share.
    pub remark: String,
    /// How it stands to its target. The remark says it in words.
    pub standing: Standing,
}

/// How a value stands to what was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It is met.
    Good,
    /// It is missed.
    Bad,
    /// Nothing was asked.
    Neutral,
}

/// A drawing, with all that it says in words and in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Anchor and file name.
    pub id: String,
    /// The finding, with a figure from the data.
    pub caption: String,
    /// What the drawing shows, for who cannot see it.
    pub alt: String,
    /// A whole `<svg>` element, well-formed, with colours of its own for light paper.
    pub svg: String,
    /// Width of the drawing [px].
    pub width_px: f64,
    /// Height of the drawing [px].
    pub height_px: f64,
    /// The same as numbers.
    pub table: Table,
}

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

impl Document {
    /// All tables with their titles, those of figures included, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Figure(figure) => Some(&figure.table),
            _ => None,
        })
    }

    /// All figures in order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Figure(figure) => Some(figure.as_ref()),
            _ => None,
        })
    }

    /// What is wrong with the document, each in a sentence: names used twice, rows of another width, numbers that are
    /// not finite, totals that are not the sum of their rows, figures without words.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut anchors = BTreeSet::new();
        let ids = self.sections.iter().map(|s| &s.id).chain(self.figures().map(|f| &f.id));
        for id in ids {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
            if id.is_empty() || !id.chars().all(plain) {
                faults.push(format!("{id:?} is no anchor"));
            }
            if !anchors.insert(id) {
                faults.push(format!("the anchor {id} is there twice"));
            }
        }
        for figure in self.figures() {
            if figure.caption.trim().is_empty() || figure.alt.trim().is_empty() {
                faults.push(format!("the figure {} lacks a caption or an alternative text", figure.id));
            }
            if !figure.svg.starts_with("<svg") || !figure.svg.trim_end().ends_with("</svg>") {
                faults.push(format!("the figure {} is no svg element", figure.id));
            }
        }
        let mut names = BTreeSet::new();
        for table in self.tables() {
            if !names.insert(&table.id) {
                faults.push(format!("the table {} is there twice", table.id));
            }
            table.faults(&mut faults);
        }
        faults
    }
}

impl Table {
    fn faults(&self, faults: &mut Vec<String>) {
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

    #[test]
    fn a_language_is_asked_for_by_its_code() {
        assert_eq!("zh".parse(), Ok(Language::Chinese));
        assert_eq!("EN".parse(), Ok(Language::English));
        assert!("de".parse::<Language>().unwrap_err().contains("en and zh"));
    }
}
