//! The document as the template reads it: texts as they are shown, widths of columns, which sections lie on their
//! side.

use crate::columns;
use report::document::{Block, Cell, Document, Figure, Row, RowKind, Section, Standing, Table, Tile};
use serde_json::{Value, json};

/// Rows of a figure's table that are printed; longer ones are in the files beside the report.
const ROWS_PRINTED: usize = 60;
/// Characters of a title that the first page has room for.
const TITLE_SHOWN: usize = 160;
/// Characters of a title at the foot of a page.
const TITLE_RUNNING: usize = 90;
/// A word longer than this may be cut at its signs.
const LONG_WORD: usize = 18;
/// A place to cut a word.
pub const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// What `report.typ` reads.
pub fn data(document: &Document) -> Value {
    let sections: Vec<Value> = document.sections.iter().map(section).collect();
    let twins: Vec<Value> = document.figures().map(twin).collect();
    let run = &document.run;
    let words = &document.words;
    json!({
        "language": document.language.code(),
        "title": document.title,
        "title_shown": breakable(&cut(&document.title, TITLE_SHOWN)),
        "title_running": breakable(&cut(&document.title, TITLE_RUNNING)),
        "subtitle": document.subtitle,
        "verdict": document.verdict,
        "run": run.id,
        "identity": [
            [words.run, run.id],
            [words.site, run.site],
            [words.period, run.period],
            [words.weather, run.weather],
            [words.method, run.method],
            [words.engine, run.engine],
        ],
        "words": {
            "contents": words.contents,
            "figure": words.figure,
            "table": words.table,
            "data": words.data,
            "all_data": words.all_data,
            "run": words.run,
            "page": words.page,
            "note": words.note,
        },
        "sections": sections,
        "twins": twins,
    })
}

/// A text of at most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn section(section: &Section) -> Value {
    let wide = section.blocks.iter().any(|block| matches!(block, Block::Table(of) if columns::is_wide(of)));
    let blocks: Vec<Value> = section.blocks.iter().map(|b| block(b, wide)).collect();
    // Without tables and pictures it stands on whatever page comes next.
    let plain = section
        .blocks
        .iter()
        .all(|block| !matches!(block, Block::Table(_) | Block::Figure(_) | Block::Tiles(_)));
    json!({ "id": section.id, "title": section.title, "blocks": blocks, "wide": wide, "plain": plain })
}

fn block(block: &Block, lying: bool) -> Value {
    match block {
        Block::Heading(text) => json!({ "kind": "heading", "text": text }),
        Block::Paragraph(text) => json!({ "kind": "paragraph", "text": breakable(text) }),
        Block::Note(text) => json!({ "kind": "note", "text": breakable(text) }),
        Block::List(items) => {
            let items: Vec<String> = items.iter().map(|item| breakable(item)).collect();
            json!({ "kind": "list", "items": items })
        }
        Block::Tiles(tiles) => {
            json!({ "kind": "tiles", "tiles": tiles.iter().map(tile).collect::<Vec<_>>() })
        }
        Block::Figure(figure) => drawing(figure),
        Block::Table(table) => json!({ "kind": "table", "table": rows_and_columns(table, lying) }),
    }
}

fn tile(tile: &Tile) -> Value {
    let standing = match tile.standing {
        Standing::Good => "good",
        Standing::Bad => "bad",
        Standing::Neutral => "neutral",
    };
    json!({
        "label": tile.label, "value": tile.value, "unit": tile.unit, "remark": tile.remark, "standing": standing,
    })
}

fn drawing(figure: &Figure) -> Value {
    json!({
        "kind": "figure", "id": figure.id, "caption": figure.caption, "alt": figure.alt, "svg": figure.svg,
        "width": figure.width_px, "height": figure.height_px,
        "twin": figure.table.rows.len() <= ROWS_PRINTED, "file": format!("{}.csv", figure.table.id),
    })
}

/// The table of a figure, where it is short enough to be printed.
fn twin(figure: &Figure) -> Value {
    let table = (figure.table.rows.len() <= ROWS_PRINTED).then(|| rows_and_columns(&figure.table, false));
    json!({ "figure": figure.id, "caption": figure.caption, "table": table, "file": format!("{}.csv", figure.table.id) })
}

/// Width of a character in those of Latin text.
fn span(c: char) -> usize {
    if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }
}

fn rows_and_columns(table: &Table, lying: bool) -> Value {
    let layout = columns::of(table, lying);
    let columns: Vec<Value> = (table.columns.iter().zip(&layout.widths).enumerate())
        .map(|(k, (column, width))| {
            json!({ "title": column.title, "unit": column.unit, "end": columns::at_end(table, k), "width": width })
        })
        .collect();
    let rows: Vec<Value> = table.rows.iter().map(row).collect();
    json!({
        "id": table.id, "caption": table.caption, "columns": columns, "rows": rows, "remarks": table.remarks,
        "size": layout.size, "inset": layout.inset,
    })
}

fn row(row: &Row) -> Value {
    let kind = match row.kind {
        RowKind::Body => "body",
        RowKind::Heading => "heading",
        RowKind::Total { .. } => "total",
    };
    let cells: Vec<Value> = row
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Missing(why) => json!({ "text": why, "missing": true }),
            Cell::Number { .. } => json!({ "text": cell.shown() }),
            Cell::Text(text) => json!({ "text": breakable(text) }),
        })
        .collect();
    json!({ "kind": kind, "cells": cells })
}

/// Lets long words (paths, hashes, names in code) be cut after their signs, and after every sixteenth character where
/// they have none.
pub fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (k, word) in text.split(' ').enumerate() {
        if k > 0 {
            out.push(' ');
        }
        if word.chars().count() <= LONG_WORD || word.chars().any(|c| span(c) > 1) {
            out.push_str(word);
            continue;
        }
        let mut run = 0;
        for c in word.chars() {
            out.push(c);
            run += 1;
            if run == 16 || "_/.-:=,".contains(c) {
                out.push(ZERO_WIDTH_SPACE);
                run = 0;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_no_page_has_room_for_is_cut() {
        assert_eq!(cut("a title", 7), "a title");
        assert_eq!(cut("热回收站", 3), "热回…");
    }

    #[test]
    fn a_long_word_may_be_cut_after_its_signs_and_a_hash_after_sixteen_characters() {
        assert_eq!(breakable("a few words"), "a few words");
        assert_eq!(
            breakable("models/sites/nvl72_pod.ron").replace(ZERO_WIDTH_SPACE, "|"),
            "models/|sites/|nvl72_|pod.|ron"
        );
        assert_eq!(
            breakable(&"0".repeat(32)).replace(ZERO_WIDTH_SPACE, "|"),
            "0000000000000000|0000000000000000|"
        );
    }
}
