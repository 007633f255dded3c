//! A report for programs: one versioned object, numbers in full.

use crate::document::{Block, Cell, Document, RowKind, Table};
use serde_json::{Map, Value, json};

/// Schema of the object.
pub const SCHEMA: &str = "isotherm.report/1";

/// The report as indented text. Drawings are left out; their tables are in.
#[must_use]
pub fn text(document: &Document) -> String {
    let sections: Vec<Value> = (document.sections.iter())
        .map(|section| {
            let blocks: Vec<Value> = section.blocks.iter().map(block).collect();
            json!({ "id": section.id, "title": section.title, "blocks": blocks })
        })
        .collect();
    let value = json!({
        "schema": SCHEMA,
        "language": document.language.tag(),
        "title": document.title,
        "subtitle": document.subtitle,
        "verdict": document.verdict,
        "run": document.run,
        "sections": sections,
    });
    format!("{value:#}\n")
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(text) => json!({ "heading": text }),
        Block::Paragraph(text) => json!({ "paragraph": text }),
        Block::List(points) => json!({ "list": points }),
        Block::Tiles(tiles) => json!({ "tiles": tiles }),
        Block::Figure(figure) => json!({
            "figure": figure.id, "caption": figure.caption, "alt": figure.alt, "table": table(&figure.table),
        }),
        Block::Table(of) => json!({ "table": table(of) }),
        Block::Note(text) => json!({ "note": text }),
    }
}

fn table(table: &Table) -> Value {
    let columns: Vec<Value> = (table.columns.iter())
        .map(|column| json!({ "key": column.key, "title": column.title, "unit": column.unit }))
        .collect();
    let rows: Vec<Value> = (table.rows.iter())
        .map(|row| {
            let mut object = Map::new();
            let kind = match row.kind {
                RowKind::Body => None,
                RowKind::Heading => Some("heading"),
                RowKind::Total { .. } => Some("total"),
            };
            if let Some(kind) = kind {
                object.insert("row".into(), kind.into());
            }
            for (column, cell) in table.columns.iter().zip(&row.cells) {
                let value = match cell {
                    Cell::Text(text) => json!(text),
                    Cell::Number { value, .. } => json!(value),
                    Cell::Missing(_) => Value::Null,
                };
                object.insert(column.key.clone(), value);
            }
            Value::Object(object)
        })
        .collect();
    json!({
        "id": table.id, "caption": table.caption, "columns": columns, "rows": rows, "remarks": table.remarks,
    })
}
