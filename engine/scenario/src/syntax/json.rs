//! JSON as RON would say it.
//!
//! JSON has neither names nor parentheses. Where the schema expects a record, an object's entries are
//! its fields; where it expects a kind or a variant, `{"Kind": {…}}` or `"Kind"` names it.

use crate::node::{Entry, Key, Node, What};
use crate::schema::{Shape, component};

/// The node of a JSON text, by what is expected of it. What does not fit is left for the walk.
pub(crate) fn from_json(node: Node, shape: Shape) -> Node {
    let Node { what, at } = node;
    let what = match (shape, what) {
        (Shape::Record(table), What::Map(entries)) => {
            let of = |name: &str| table.slots.iter().find(|s| s.name == name).map(|s| s.shape);
            What::Record(None, fields(entries, of))
        }
        (Shape::Part, What::Map(entries)) => What::Record(None, fields(entries, |_| None)),
        (Shape::Map(of) | Shape::Paths(of), What::Map(entries)) => What::Map(fields(entries, |_| Some(*of))),
        (Shape::List(of), What::List(items)) => {
            What::List(items.into_iter().map(|item| from_json(item, *of)).collect())
        }
        (Shape::Tuple(shapes), What::List(items)) => {
            let items = items.into_iter().zip(shapes.iter().copied().chain(std::iter::repeat(Shape::Any)));
            What::Tuple(None, items.map(|(item, shape)| from_json(item, shape)).collect())
        }
        (Shape::Choice(_) | Shape::Variant(_) | Shape::Component, What::Text(name)) => What::Name(name),
        (Shape::Variant(_) | Shape::Component, What::Map(mut entries)) if entries.len() == 1 => {
            match entries.pop() {
                Some(Entry { key, value }) => named(key, value, shape),
                None => What::Map(entries),
            }
        }
        (_, what) => what,
    };
    Node { what, at }
}

/// `{"Day": {"date": …}}`, or `{"Day": "2024-04-07"}` for one value without the name of its field.
fn named(key: Key, value: Node, shape: Shape) -> What {
    let slots: Vec<(&str, Shape)> = match shape {
        Shape::Variant(tables) => {
            let table = tables.iter().find(|table| table.name == key.text);
            table.map_or(Vec::new(), |t| t.slots.iter().map(|s| (s.name, s.shape)).collect())
        }
        _ => plant::catalogue::kind(&key.text).map_or(Vec::new(), |k| {
            component::slots(k.declaration()).iter().map(|s| (s.name, s.shape)).collect()
        }),
    };
    let of = |name: &str| slots.iter().find(|(slot, _)| *slot == name).map(|(_, shape)| *shape);
    match value.what {
        What::Map(entries) => What::Record(Some(key), fields(entries, of)),
        _ => {
            let first = slots.first().map_or(Shape::Any, |(_, shape)| *shape);
            What::Tuple(Some(key), vec![from_json(value, first)])
        }
    }
}

fn fields(entries: Vec<Entry>, of: impl Fn(&str) -> Option<Shape>) -> Vec<Entry> {
    let one = |Entry { key, value }: Entry| {
        let shape = of(&key.text).unwrap_or(Shape::Any);
        Entry { value: from_json(value, shape), key }
    };
    entries.into_iter().map(one).collect()
}
