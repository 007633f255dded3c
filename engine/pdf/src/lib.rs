//! Reports as accessible PDF (PDF/UA-1), set by Typst.
//!
//! The template `report.typ` never changes with the report: titles, sentences, cells and drawings reach it as strings
//! in one JSON file, so nothing that a person wrote into a site file is ever read as markup. The same document gives
//! the same bytes.
//!
//! # Absences
//!
//! * No file, no network, no clock: [`world`] gives Typst what is in memory and refuses everything else.
//! * No figure is computed and no sentence worded; those of the [`Document`] are set as they are.
//! * Not a default member of the workspace: Typst is some 250 crates, and headless builds never compile it.
//!
//! # Source
//!
//! ISO 14289-1:2014 (PDF/UA-1), as checked by Typst's exporter before it gives any bytes.

#![forbid(unsafe_code)]

mod columns;
mod setting;
mod world;

use report::document::Document;
use serde_json::Value;
use std::collections::BTreeSet;
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// What stands for a character that no font has.
const BOX: char = '□';

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The document is not fit for print.
    #[error("the report {title:?} cannot be set: {}", faults.join("; "))]
    Setting {
        /// Title of the report.
        title: String,
        /// What is wrong, each in a sentence.
        faults: Vec<String>,
    },
    /// The standard's checks fail.
    #[error("the report {title:?} does not keep PDF/UA-1: {}", faults.join("; "))]
    Standard {
        /// Title of the report.
        title: String,
        /// What is wrong, each in a sentence.
        faults: Vec<String>,
    },
}

/// The characters of a report that no font here has: [`pdf`] prints □ for them.
#[must_use]
pub fn unprintable(document: &Document) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    make_printable(&mut setting::data(document), &mut missing);
    missing
}

/// Puts a box in place of every character that no font has; the standard allows no glyph that is missing.
fn make_printable(value: &mut Value, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => {
            if text.chars().all(world::has) {
                return;
            }
            missing.extend(text.chars().filter(|c| !world::has(*c)));
            *text = text.chars().map(|c| if world::has(c) { c } else { BOX }).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_printable(item, missing)),
        Value::Object(fields) => fields.values_mut().for_each(|field| make_printable(field, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A report as the bytes of a PDF file that keeps PDF/UA-1. A character that no font here has becomes □, see
/// [`unprintable`].
///
/// # Errors
///
/// [`PdfError::Setting`] where the document cannot be set (a drawing that is no SVG), [`PdfError::Standard`] where
/// the result would not be accessible (a drawing without alternative text).
pub fn pdf(document: &Document) -> Result<Vec<u8>, PdfError> {
    let setting = |faults| PdfError::Setting { title: document.title.clone(), faults };
    let faults: Vec<String> = document
        .figures()
        .filter(|f| f.alt.trim().is_empty())
        .map(|f| format!("the figure {} has no alternative text", f.id))
        .collect();
    if !faults.is_empty() {
        return Err(PdfError::Standard { title: document.title.clone(), faults });
    }
    let mut data = setting::data(document);
    make_printable(&mut data, &mut BTreeSet::new());
    let desk = world::Desk::new(data.to_string())
        .ok_or_else(|| setting(vec!["the template has no place".to_owned()]))?;
    let paged: PagedDocument =
        typst::compile(&desk).output.map_err(|errors| setting(errors.iter().map(sentence).collect()))?;
    let standard = |faults| PdfError::Standard { title: document.title.clone(), faults };
    let options = PdfOptions {
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|error| standard(vec![error.message().to_string()]))?,
        ..PdfOptions::default()
    };
    let bytes =
        typst_pdf::pdf(&paged, &options).map_err(|errors| standard(errors.iter().map(sentence).collect()))?;
    typst::comemo::evict(0);
    Ok(bytes)
}

/// A diagnostic in one line.
fn sentence(diagnostic: &SourceDiagnostic) -> String {
    let hints: Vec<&str> = diagnostic.hints.iter().map(|hint| hint.v.as_str()).collect();
    if hints.is_empty() {
        diagnostic.message.to_string()
    } else {
        format!("{} ({})", diagnostic.message, hints.join("; "))
    }
}
