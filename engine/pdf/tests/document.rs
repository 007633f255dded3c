//! PDFs of a small document that has every kind of block.

use pdf::{PdfError, pdf, unprintable};
use report::document::{Block, Cell, Column, Document, Figure, Language, Section, Standing, Table, Tile};
use std::fs;
use std::path::Path;

#[path = "../../report/tests/sample/mod.rs"]
mod sample;

fn table(id: &str, rows: usize) -> Table {
    let columns = vec![Column::text("use", "Use 用途"), Column::number("energy", "Energy", "kWh").summed()];
    let mut table = Table::new(id, "Energy by use, all of it", columns);
    table.heading("Racks");
    for k in 0..rows {
        table.push(vec![Cell::text(format!("part {k}")), Cell::number(1000.5, 1, "none")]);
    }
    table.push(vec![Cell::text("towers"), Cell::Missing("none here".to_owned())]);
    table.total("All", 0..rows + 2);
    table.remarks.push("CO₂ of 1 m³".to_owned());
    table
}

fn figure() -> Figure {
    let svg = concat!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200" width="640" height="200">"#,
        r##"<rect width="600" height="150" fill="#aabbcc"/>"##,
        r#"<text x="20" y="100" font-family="sans-serif">July 七月 CO₂</text></svg>"#
    );
    Figure {
        id: "monthly".to_owned(),
        caption: "July needs most".to_owned(),
        alt: "Twelve bars, July the highest.".to_owned(),
        svg: svg.to_owned(),
        width_px: 640.0,
        height_px: 200.0,
        table: table("monthly", 12),
    }
}

fn document(language: Language) -> Document {
    let word = |text: &str| text.to_owned();
    let tile = |label: &str, standing| Tile {
        label: word(label),
        value: word("1.111"),
        unit: word("L/kWh"),
        remark: word("target 1.15: met"),
        standing,
    };
    let wide = {
        let columns = (0..8).map(|k| Column::text(&format!("c{k}"), format!("Column {k}"))).collect();
        let mut table = Table::new("wide", "A wide table", columns);
        table.push(vec![Cell::text("a sentence that is long enough to want several lines of a cell"); 8]);
        table
    };
    let section = |id: &str, title: &str, blocks| Section { id: word(id), title: word(title), blocks };
    let sections = vec![
        section(
            "key",
            "Key numbers",
            vec![Block::Tiles(vec![
                tile("PUE", Standing::Good),
                tile("WUE", Standing::Bad),
                tile("CUE", Standing::Neutral),
                tile("TUE", Standing::Neutral),
            ])],
        ),
        section(
            "energy",
            "Energy",
            vec![
                Block::Heading(word("By month")),
                Block::Paragraph(word("Where it went.")),
                Block::Figure(Box::new(figure())),
                Block::List(vec![word("first"), word("second")]),
                Block::Table(table("energy", 80)),
                Block::Note(word("Simulated, not measured.")),
            ],
        ),
        section("profile", "Profile", vec![Block::Table(wide)]),
        section("glossary", "Glossary", vec![Block::Paragraph(word("电能利用效率"))]),
    ];
    Document {
        title: word("八台机柜 Eight racks"),
        verdict: word("PUE 1.111; all targets are met."),
        ..sample::document(language, sections)
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn a_report_keeps_pdf_ua_1_in_both_languages_and_says_its_language() {
    for (language, tag) in [(Language::English, "/Lang(en"), (Language::Chinese, "/Lang(zh")] {
        let bytes = pdf(&document(language)).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7"));
        assert!(holds(&bytes, "pdfuaid:part"), "the metadata do not declare PDF/UA");
        assert!(holds(&bytes, tag), "{tag} is missing");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = document(Language::English);
    let first = pdf(&document).unwrap();
    assert!(first == pdf(&document).unwrap());
    let mut other = document;
    other.verdict.push('!');
    assert!(first != pdf(&other).unwrap());
}

#[test]
fn a_figure_without_alternative_text_is_refused_by_name() {
    let mut document = document(Language::English);
    for block in &mut document.sections[1].blocks {
        if let Block::Figure(figure) = block {
            figure.alt.clear();
        }
    }
    let error = pdf(&document).unwrap_err();
    assert!(matches!(error, PdfError::Standard { .. }));
    assert!(error.to_string().contains("the figure monthly has no alternative text"), "{error}");
}

#[test]
fn what_a_person_writes_is_text_and_never_markup() {
    let hostile =
        "#panic(\"markup\") $x$ *bold* _em_ `raw` <label> @ref = heading \\ #read(\"/etc/passwd\") // no";
    let mut document = document(Language::English);
    document.title = hostile.to_owned();
    document.verdict = hostile.to_owned();
    document.sections[0].title = hostile.to_owned();
    document.sections[1].blocks.push(Block::Paragraph(hostile.to_owned()));
    document.sections[1].blocks.push(Block::List(vec![hostile.to_owned()]));
    let mut table = table("hostile", 1);
    table.caption = hostile.to_owned();
    table.columns[0].title = hostile.to_owned();
    table.push(vec![Cell::text(hostile), Cell::text(hostile)]);
    document.sections[1].blocks.push(Block::Table(table));
    pdf(&document).unwrap();
}

#[test]
fn a_drawing_that_is_none_is_an_error_and_no_panic() {
    let mut document = document(Language::English);
    for block in &mut document.sections[1].blocks {
        if let Block::Figure(figure) = block {
            figure.svg = "<svg".to_owned();
        }
    }
    let error = pdf(&document).unwrap_err();
    assert!(matches!(error, PdfError::Setting { .. }), "{error}");
}

#[test]
fn a_character_that_no_font_has_becomes_a_box_and_is_told() {
    let mut document = document(Language::English);
    assert!(unprintable(&document).is_empty());
    document.title = "Site 🏭 ᚠ".to_owned();
    assert_eq!(unprintable(&document).into_iter().collect::<String>(), "ᚠ🏭");
    pdf(&document).unwrap();
}

#[test]
fn an_empty_report_is_still_a_report() {
    let mut document = document(Language::English);
    document.sections.clear();
    pdf(&document).unwrap();
}

/// All files below a folder whose name ends so.
fn texts(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, endings, found);
        } else if endings.iter().any(|ending| path.extension().is_some_and(|e| e == *ending)) {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn the_fonts_have_every_character_that_reports_are_made_of() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    texts(&root.join("engine/report"), &["rs", "ftl", "html", "svg"], &mut found);
    texts(&root.join("models"), &["ron"], &mut found);
    assert!(found.len() > 100, "only {} files were found", found.len());
    let mut faults = Vec::new();
    for (path, text) in found {
        let mut document = document(Language::English);
        document.sections = vec![sample::section("all", vec![Block::Paragraph(text)])];
        let missing = unprintable(&document);
        if !missing.is_empty() {
            faults.push(format!("{path}: {}", missing.into_iter().collect::<String>()));
        }
    }
    assert!(faults.is_empty(), "add to TRADE or SIGNS of assets/fonts/subset.py:\n{}", faults.join("\n"));
}
