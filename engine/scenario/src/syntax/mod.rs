//! From text to [`Node`]s and back.
//!
//! `ron` (or `serde_json`) decides whether a text is well formed, with its own messages, positions
//! and depth limit, and reads every single text and number. The tree is built here from the same
//! text, because serde hands over neither the places of values nor the names of bare variants
//! (`redundancy: NPlus1` arrives as a unit), and it would stop at the first wrong value. What `ron`
//! accepts is built without a further error; a test holds the two against each other.

mod json;
mod token;
mod tree;
mod write;

pub(crate) use json::from_json;
pub(crate) use write::in_one_line;
pub use write::write;

use crate::node::{At, Node};
use crate::problem::{Raised, code};
use crate::source::{Dialect, Source, Sources};
use ron::extensions::Extensions;
use serde::de::IgnoredAny;
use tree::Imbalance;

/// How RON is read: a struct after a variant's name needs no second parentheses, and optional
/// fields need no `Some`.
pub(crate) fn options() -> ron::Options {
    ron::Options::default()
        .with_default_extension(Extensions::UNWRAP_VARIANT_NEWTYPES | Extensions::IMPLICIT_SOME)
}

/// Reads the text of a source.
pub(crate) fn parse(sources: &Sources, index: usize) -> Result<Node, Raised> {
    let Some(source) = sources.get(index) else { return Err(internal(At::NOWHERE)) };
    parse_part(source, index, 0)
}

/// Reads the text of a source from a byte on.
pub(crate) fn parse_part(source: &Source, index: usize, from: usize) -> Result<Node, Raised> {
    match source.dialect {
        Dialect::Ron => accept_ron(source, index, from)?,
        Dialect::Json => accept_json(source, index)?,
    }
    tree::build(source, index, from).ok_or_else(|| internal(At::new(index, from, source.text.len())))
}

/// The two readers disagree: a mistake here, not in the file.
fn internal(at: At) -> Raised {
    Raised::error(code::SYNTAX, "", at, "cannot be read")
}

fn accept_ron(source: &Source, index: usize, from: usize) -> Result<(), Raised> {
    let error = match options().from_str::<IgnoredAny>(&source.text[from..]) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let part = Source::new("", &source.text[from..], source.folder.clone());
    let reached = from + part.byte(error.span.end.line, error.span.end.col);
    let left = from + part.byte(error.span.start.line, error.span.start.col);
    // After looking ahead ron may name an end before the start.
    let (mut start, end) = (left.min(reached), left.max(reached));
    if source.text[start..end].contains('\n') {
        start = end;
    }
    let at = At::new(index, start, end.max(start + 1));
    let mut message = error.code.to_string();
    let lost = tree::imbalance(&source.text[from..], end - from);
    let help = match (&error.code, lost) {
        (ron::Error::ExceededRecursionLimit, _) => {
            message = "brackets are nested too deeply: more than 128 levels".to_owned();
            None
        }
        (_, Some(Imbalance::Text(start, end))) => {
            let (first, last) = (source.line(from + start), source.line(from + end));
            Some(format!("the text that begins in line {first} ends in line {last}: is a quote missing?"))
        }
        (_, Some(Imbalance::Open(start))) => {
            let mark = source.text[from + start..].chars().next().unwrap_or(' ');
            Some(format!("the `{mark}` of line {} is not closed", source.line(from + start)))
        }
        (ron::Error::ExpectedComma, _) => {
            Some("put a comma between two entries; a text stands in double quotes".to_owned())
        }
        _ => None,
    };
    Err(Raised::error(code::SYNTAX, "", at, format!("not readable as RON: {}", lowered(&message)))
        .maybe_help(help))
}

fn accept_json(source: &Source, index: usize) -> Result<(), Raised> {
    let Err(error) = serde_json::from_str::<IgnoredAny>(&source.text) else { return Ok(()) };
    let byte = source.byte(error.line().max(1), error.column().max(1));
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or(&text);
    let at = At::new(index, byte, byte + 1);
    Err(Raised::error(code::SYNTAX, "", at, format!("not readable as JSON: {}", lowered(message))))
}

/// With a small first letter, unless the word is an abbreviation.
fn lowered(message: &str) -> String {
    let mut characters = message.chars();
    match characters.next() {
        Some(first) if !message.chars().nth(1).is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
