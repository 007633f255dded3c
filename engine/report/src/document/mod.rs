//! The report as plain data, made once and rendered by many.
//!
//! # Absences
//!
//! * No renderer computes a figure or words a sentence: what it needs of either stands here, the few words around
//!   tables and figures in [`Words`].
//! * No colour and no layout, except in the drawing of a [`Figure`].

mod table;

pub use table::{Align, Cell, Column, Row, RowKind, Table, grouped};

use crate::texts::Texts;
use serde::Serialize;
use std::collections::BTreeSet;
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
    /// `Data of the figures`, the heading of all twins.
    pub all_data: String,
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

impl Words {
    /// The words in the language of the texts.
    #[must_use]
    pub fn of(texts: &Texts) -> Self {
        let t = |key: &str| texts.get(key);
        Self {
            contents: t("word-contents"),
            figure: t("word-figure"),
            table: t("word-table"),
            data: t("word-data"),
            all_data: t("word-all-data"),
            run: t("word-run"),
            engine: t("word-engine"),
            site: t("word-site"),
            period: t("word-period"),
            weather: t("word-weather"),
            method: t("word-method"),
            page: t("word-page"),
            note: t("word-note"),
            standings: [t("standing-good"), t("standing-bad"), String::new()],
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_asked_for_by_its_code() {
        assert_eq!("zh".parse(), Ok(Language::Chinese));
        assert_eq!("EN".parse(), Ok(Language::English));
        assert!("de".parse::<Language>().unwrap_err().contains("en and zh"));
    }
}
