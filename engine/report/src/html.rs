//! A report as one HTML file that needs nothing beside it.

use crate::document::{Align, Block, Cell, Document, RowKind, Table};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};
use thiserror::Error;

/// The built-in template: a file of this name in a folder of one's own stands in for it.
pub const TEMPLATE_NAME: &str = "report.html";
/// The built-in template.
pub const TEMPLATE: &str = include_str!("../../../assets/report/report.html");

/// Texts of this width stay in one line: twelve letters, or six characters of Chinese.
const SHORT: usize = 14;

/// Width of a text in letters; a Chinese character is two wide.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() || c == '\u{a0}' { 1 } else { 2 }).sum()
}

/// Words longer than this may be cut.
const LONG_WORD: usize = 24;

/// Why a template cannot be used.
#[derive(Debug, Error)]
#[error("the template {name} cannot be used: {reason}")]
pub struct TemplateError {
    name: String,
    reason: String,
}

/// The report as HTML. `template` stands in for the built-in one.
///
/// # Errors
/// [`TemplateError`]: the template has a fault, or asks for what a report does not have.
pub fn text(document: &Document, template: Option<&str>) -> Result<String, TemplateError> {
    let failed = |error: minijinja::Error| {
        let line = error.line().map_or(String::new(), |line| format!(", line {line}"));
        let reason =
            format!("{}{line}", error.detail().map_or_else(|| error.kind().to_string(), str::to_owned));
        TemplateError { name: TEMPLATE_NAME.into(), reason }
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_template(TEMPLATE_NAME, template.unwrap_or(TEMPLATE)).map_err(failed)?;
    let (mut figures, mut tables) = (0, 0);
    let sections: Vec<Value> = (document.sections.iter())
        .map(|section| {
            let blocks: Vec<Value> =
                section.blocks.iter().map(|block| shown(block, &mut figures, &mut tables)).collect();
            context! { id => section.id.as_str(), title => section.title.as_str(), blocks }
        })
        .collect();
    let page = context! {
        tag => document.language.tag(),
        title => document.title.as_str(),
        subtitle => document.subtitle.as_str(),
        verdict => document.verdict.as_str(),
        run => serde_value(&document.run),
        words => serde_value(&document.words),
        sections,
    };
    environment.get_template(TEMPLATE_NAME).and_then(|template| template.render(page)).map_err(failed)
}

fn serde_value(of: &impl serde::Serialize) -> Value {
    Value::from(Serde(of))
}

fn shown(block: &Block, figures: &mut usize, tables: &mut usize) -> Value {
    match block {
        Block::Heading(text) => context! { kind => "heading", text => text.as_str() },
        Block::Paragraph(text) => context! { kind => "paragraph", text => text.as_str() },
        Block::Note(text) => context! { kind => "note", text => text.as_str() },
        Block::List(points) => context! { kind => "list", points => points.clone() },
        Block::Tiles(tiles) => context! { kind => "tiles", tiles => serde_value(tiles) },
        Block::Table(of) => {
            *tables += 1;
            context! { kind => "table", number => *tables, table => table(of) }
        }
        Block::Figure(figure) => {
            *figures += 1;
            context! {
                kind => "figure", number => *figures, id => figure.id.as_str(), caption => figure.caption.as_str(),
                alt => figure.alt.as_str(), svg => figure.svg.as_str(), table => table(&figure.table),
            }
        }
    }
}

/// A table as the template shows it: texts only.
fn table(table: &Table) -> Value {
    let align = |column: usize| match table.columns.get(column).map(|c| c.align) {
        Some(Align::End) => "end",
        _ => "start",
    };
    let columns: Vec<Value> = (table.columns.iter().enumerate())
        .map(|(k, column)| context! { title => column.title.as_str(), unit => column.unit.clone(), align => align(k) })
        .collect();
    let rows: Vec<Value> = (table.rows.iter())
        .map(|row| {
            let kind = match row.kind {
                RowKind::Body => "body",
                RowKind::Heading => "heading",
                RowKind::Total { .. } => "total",
            };
            let cells: Vec<Value> = (row.cells.iter().enumerate())
                .map(|(k, cell)| {
                    let missing = matches!(cell, Cell::Missing(_));
                    let text = cell.shown();
                    // A hash or a path may be cut anywhere, a word may not.
                    let long = text.split_whitespace().any(|word| word.is_ascii() && word.len() > LONG_WORD);
                    let words = matches!(cell, Cell::Text(_));
                    let short = wide(&text) <= SHORT;
                    context! { text, align => align(k), missing, words, long, short }
                })
                .collect();
            context! { kind, cells }
        })
        .collect();
    context! {
        id => table.id.as_str(), caption => table.caption.as_str(), columns, rows, remarks => table.remarks.clone(),
    }
}
