//! From [`Node`]s to RON, laid out as a person would: what fits into a line stays in one.

use crate::node::{Entry, Key, Node, What};
use std::fmt::Write;

/// Longest line that several values share.
const WIDTH: usize = 110;

/// RON that reads back as the same nodes.
#[must_use]
pub fn write(node: &Node) -> String {
    let mut text = String::new();
    value(node, 0, &mut text);
    text.push('\n');
    text
}

fn value(node: &Node, indent: usize, text: &mut String) {
    let line = in_one_line(node);
    let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
    // The file itself, and its maps of components and racks, are always laid out in lines.
    let open = indent == 0 || matches!(node.what, What::Map(_)) && indent == 1;
    if !open && column + line.chars().count() < WIDTH || is_empty(node) {
        text.push_str(&line);
        return;
    }
    match &node.what {
        What::List(items) => lines(text, String::new(), "[", "]", items, indent, |item, text| {
            value(item, indent + 1, text);
        }),
        What::Tuple(name, items) => lines(text, label(name), "(", ")", items, indent, |item, text| {
            value(item, indent + 1, text);
        }),
        What::Record(name, entries) => lines(text, label(name), "(", ")", entries, indent, |entry, text| {
            let _ = write!(text, "{}: ", identifier(&entry.key.text));
            value(&entry.value, indent + 1, text);
        }),
        What::Map(entries) => lines(text, String::new(), "{", "}", entries, indent, |entry, text| {
            let _ = write!(text, "{}: ", text_literal(&entry.key.text));
            value(&entry.value, indent + 1, text);
        }),
        _ => text.push_str(&line),
    }
}

fn is_empty(node: &Node) -> bool {
    node.entries().is_empty() && node.items().is_empty()
}

fn label(name: &Option<Key>) -> String {
    name.as_ref().map_or_else(String::new, |key| identifier(&key.text))
}

/// A name, in the raw form where it holds what names do not.
fn identifier(name: &str) -> String {
    let plain = |c: char| c == '_' || c.is_alphanumeric();
    if name.chars().all(plain) { name.to_owned() } else { format!("r#{name}") }
}

fn lines<T>(
    text: &mut String,
    name: String,
    open: &str,
    close: &str,
    items: &[T],
    indent: usize,
    one: impl Fn(&T, &mut String),
) {
    text.push_str(&name);
    text.push_str(open);
    for item in items {
        text.push('\n');
        text.push_str(&"    ".repeat(indent + 1));
        one(item, text);
        text.push(',');
    }
    text.push('\n');
    text.push_str(&"    ".repeat(indent));
    text.push_str(close);
}

/// The same without line ends.
pub(crate) fn in_one_line(node: &Node) -> String {
    let list = |items: &[Node]| items.iter().map(in_one_line).collect::<Vec<_>>().join(", ");
    let fields = |entries: &[Entry], key: fn(&str) -> String| {
        let one = |e: &Entry| format!("{}: {}", key(&e.key.text), in_one_line(&e.value));
        entries.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match &node.what {
        What::Text(text) => text_literal(text),
        What::Whole(number) => number.to_string(),
        // With a point or an exponent, so that it stays a real number.
        What::Real(number) => format!("{number:?}"),
        What::Bool(value) => value.to_string(),
        What::Name(name) => identifier(name),
        What::Other(token) => token.clone(),
        What::List(items) => format!("[{}]", list(items)),
        What::Tuple(name, items) => format!("{}({})", label(name), list(items)),
        What::Record(name, entries) => format!("{}({})", label(name), fields(entries, identifier)),
        What::Map(entries) => format!("{{{}}}", fields(entries, text_literal)),
    }
}

/// A text in quotes, with what RON asks to be escaped.
fn text_literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                literal.push('\\');
                literal.push(c);
            }
            '\n' => literal.push_str("\\n"),
            '\t' => literal.push_str("\\t"),
            '\r' => literal.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}
