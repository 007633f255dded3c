//! Another id for a component, a rack group or a control, wherever it is named.

use super::{Edit, completed, parsed};
use crate::node::{At, Node, What};
use crate::path::{self, Step};
use crate::problem::{Raised, code};
use crate::read::RESERVED;
use crate::read::value::is_id;

pub(super) fn rename(root: &mut Node, path: &str, to: &str) -> Result<Edit, Raised> {
    let path = completed(parsed(path, At::NOWHERE)?, root);
    let shown = path.to_string();
    let wrong = |code, message: String| Err(Raised::error(code, shown.clone(), At::NOWHERE, message));
    let [Step::Name(map), Step::Name(from)] = &path.steps[..] else {
        return wrong(code::UNKNOWN_PATH, format!("{shown} has no id of its own"));
    };
    if !["components", "racks", "controls"].contains(&map.as_str()) || path::find(root, &path).is_none() {
        return wrong(code::UNKNOWN_PATH, format!("there is no {shown}"));
    }
    if !is_id(to) || RESERVED.contains(&to) {
        return wrong(code::BAD_ID, format!("{to:?} is no id, or reserved"));
    }
    let taken =
        ["components", "racks"].iter().any(|m| root.get(m).is_some_and(|node| node.get(to).is_some()));
    let taken = taken || root.get(map).is_some_and(|node| node.get(to).is_some());
    let is_control = map == "controls";
    if taken || !is_control && is_named(root, to) {
        return wrong(code::DUPLICATE, format!("{to} is in use already"));
    }
    if let Some(entries) = root.get_mut(map).and_then(Node::entries_mut) {
        for entry in entries.iter_mut().filter(|entry| entry.key.text == *from) {
            entry.key.text = to.to_owned();
        }
    }
    if !is_control {
        for_references(root, &mut |text| replaced(text, from, to));
    }
    let back = path.parent().then(to).to_string();
    Ok(Edit::Rename { path: back, to: from.clone() })
}

/// Whether anything names that id.
fn is_named(root: &Node, id: &str) -> bool {
    let mut found = false;
    let mut copy = root.clone();
    for_references(&mut copy, &mut |text| {
        found |= replaced(text, id, "").is_some();
        None
    });
    found
}

/// Offers every text that names ids.
fn for_references(root: &mut Node, change: &mut impl FnMut(&str) -> Option<String>) {
    let mut offer = |node: &mut Node| {
        if let What::Text(text) = &node.what
            && let Some(new) = change(text)
        {
            *node = Node::text(new);
        }
    };
    if let Some(What::List(items)) = root.get_mut("connections").map(|node| &mut node.what) {
        items.iter_mut().for_each(&mut offer);
    }
    for control in root.get_mut("controls").and_then(Node::entries_mut).into_iter().flatten() {
        for field in ["sensor", "by"] {
            if let Some(node) = control.value.get_mut(field) {
                offer(node);
            }
        }
    }
    if let Some(What::List(events)) = root.get_mut("events").map(|node| &mut node.what) {
        // At("2 h", Trip("cdu")): the text of the action that names something is its first.
        for event in events {
            let action = match &mut event.what {
                What::Tuple(_, items) => items.get_mut(1),
                _ => event.get_mut("action"),
            };
            let named = action.and_then(|action| match &mut action.what {
                What::Tuple(_, items) => items.first_mut(),
                What::Record(_, entries) => {
                    let named =
                        |e: &&mut crate::node::Entry| ["unit", "group"].contains(&e.key.text.as_str());
                    entries.iter_mut().find(named).map(|entry| &mut entry.value)
                }
                _ => None,
            });
            if let Some(named) = named {
                offer(named);
            }
        }
    }
    if let Some(What::List(details)) =
        root.get_mut("run").and_then(|run| run.get_mut("details")).map(|node| &mut node.what)
    {
        // Temperatures("hall[3]", …): the racks are its first.
        for detail in details {
            match &mut detail.what {
                What::Tuple(_, items) => items.first_mut().into_iter().for_each(&mut offer),
                _ => detail.get_mut("racks").into_iter().for_each(&mut offer),
            }
        }
    }
    for map in ["fluids", "resistances"] {
        for entry in root.get_mut(map).and_then(Node::entries_mut).into_iter().flatten() {
            if let Some(new) = change(&entry.key.text) {
                entry.key.text = new;
            }
        }
    }
}

/// The text with every id `from` replaced: a word that does not follow a point.
pub(super) fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(start) = rest.find(is_word) {
        let length = rest[start..].find(|c| !is_word(c)).unwrap_or(rest.len() - start);
        let (before, word) = (&rest[..start], &rest[start..start + length]);
        let is_id = word == from && !before.ends_with('.');
        found |= is_id;
        result.push_str(before);
        result.push_str(if is_id { to } else { word });
        rest = &rest[start + length..];
    }
    result.push_str(rest);
    found.then_some(result)
}
