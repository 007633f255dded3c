//! Terms in both languages.

use super::{Page, section as section_of, words};
use crate::document::{Block, Cell, Language, Section, Table};
use crate::texts::Texts;

const TERMS: [&str; 14] = [
    "pue",
    "wue",
    "cue",
    "itue",
    "tue",
    "facility",
    "it",
    "cold-plate",
    "cdu",
    "tower",
    "dry-cooler",
    "make-up",
    "blowdown",
    "free",
];

pub(super) fn section(page: &Page) -> Section {
    let (english, chinese) = (Texts::of(Language::English), Texts::of(Language::Chinese));
    let columns = vec![words(page, "english"), words(page, "chinese"), words(page, "meaning")];
    let mut table = Table::new("glossary", page.t("table-glossary"), columns);
    for term in TERMS {
        let key = format!("term-{term}");
        table.push(vec![
            Cell::text(english.get(&key)),
            Cell::text(chinese.get(&key)),
            Cell::text(page.t(&format!("meaning-{term}"))),
        ]);
    }
    section_of(page, "glossary", vec![Block::Table(table)])
}
