//! Holds what is written against the schema and collects everything that does not fit.

use super::nearest::{hint, listed, nearest};
use super::value;
use crate::catalogue::{self, Shelf};
use crate::node::{At, Entry, Node, What, cut, quoted};
use crate::path::Path;
use crate::problem::{Problems, Raised, code};
use crate::schema::{Shape, Slot, Table, Word, component};
use crate::weather::Climate;
use media::liquid::Fluid;
use plant::catalogue::{KINDS, kind};

/// Ids that mean something else in connections and paths.
pub const RESERVED: [&str; 3] = ["grid", "weather", "site"];

/// Collects what is wrong with `node` at `path`.
pub(crate) fn walk(node: &Node, shape: Shape, path: &str, problems: &mut Problems) {
    Walker { problems }.value(node, shape, path);
}

/// Collects what is wrong with the fields of a component of a known kind.
pub(crate) fn walk_part(node: &Node, slots: &[Slot], kind: &str, path: &str, problems: &mut Problems) {
    Walker { problems }.fields_of(node, slots, kind, path);
}

struct Walker<'p> {
    problems: &'p mut Problems,
}

impl Walker<'_> {
    fn wrong_type(&mut self, node: &Node, shape: Shape, path: &str) {
        let message = format!("{} is written where {} is expected", node.described(), shape.expected());
        self.problems.error(code::WRONG_TYPE, path, node.at, message);
    }

    fn value(&mut self, node: &Node, shape: Shape, path: &str) {
        if let What::Text(text) = &node.what
            && text.len() > value::LONGEST_TEXT
        {
            let message = format!("has {} bytes, a text has at most {}", text.len(), value::LONGEST_TEXT);
            return self.problems.error(code::TEXT_TOO_LONG, path, node.at, message);
        }
        match (shape, &node.what) {
            (Shape::Any, _) | (Shape::Text, What::Text(_)) => {}
            (Shape::Word(word), What::Text(text)) => self.word(node.at, text, word, path),
            (Shape::Whole(low, high), What::Whole(number)) => {
                if !(low..=high).contains(number) {
                    let message = format!("is {number}, but {low} to {high} is accepted");
                    self.problems.error(code::OUT_OF_BOUNDS, path, node.at, message);
                }
            }
            (Shape::Number(low, high), _) => match value::number(node) {
                Some(number) if (low..=high).contains(&number) => {}
                Some(number) => {
                    let message = format!("is {number}, but {low} to {high} is accepted");
                    self.problems.error(code::OUT_OF_BOUNDS, path, node.at, message);
                }
                None => self.wrong_type(node, shape, path),
            },
            (Shape::Quantity { quantity, bounds, usual }, _) => match value::quantity(node, quantity) {
                Ok(si) => self.bounds(node, si, quantity, bounds, usual, path),
                Err(message) => self.problems.error(code::QUANTITY, path, node.at, message),
            },
            (Shape::AnyQuantity, What::Text(_) | What::Whole(_) | What::Real(_)) => {}
            (Shape::Choice(names), What::Name(name)) => {
                if !names.contains(&name.as_str()) {
                    let message = format!("{} is not one of {}", cut(name), names.join(", "));
                    let help =
                        nearest(name, names.iter().copied()).map(|near| format!("did you mean {near}?"));
                    self.problems
                        .add(Raised::error(code::UNKNOWN_CHOICE, path, node.at, message).maybe_help(help));
                }
            }
            (Shape::Choice(names), What::Text(text)) if names.contains(&text.as_str()) => {
                let message = format!(
                    "{} is a text, but a name is expected: write {text} without quotes",
                    quoted(text)
                );
                self.problems.error(code::WRONG_TYPE, path, node.at, message);
            }
            (Shape::List(of), What::List(items)) => {
                for (k, item) in items.iter().enumerate() {
                    self.value(item, *of, &format!("{path}[{k}]"));
                }
            }
            (Shape::Tuple(shapes), What::Tuple(None, items)) if items.len() == shapes.len() => {
                for (k, (item, shape)) in items.iter().zip(shapes).enumerate() {
                    self.value(item, *shape, &format!("{path}[{k}]"));
                }
            }
            (Shape::Map(of), What::Map(entries)) => {
                self.duplicates(entries, path);
                for entry in entries {
                    self.id(&entry.key.text, entry.key.at, &joined(path, &entry.key.text));
                    self.value(&entry.value, *of, &joined(path, &entry.key.text));
                }
            }
            (Shape::Paths(of), What::Map(entries)) => {
                self.duplicates(entries, path);
                for entry in entries {
                    let within = joined(path, &entry.key.text);
                    self.word(entry.key.at, &entry.key.text, Word::Path, &within);
                    self.value(&entry.value, *of, &within);
                }
            }
            (Shape::Record(table), What::Record(name, entries)) => {
                if let Some(name) = name.as_ref().filter(|name| name.text != table.name) {
                    let message = format!("{} is written where {} is expected", cut(&name.text), table.name);
                    return self.problems.error(code::WRONG_TYPE, path, name.at, message);
                }
                self.fields(entries, table.slots, "this record", node.at, path, true);
            }
            (Shape::Variant(tables), What::Name(_) | What::Record(Some(_), _) | What::Tuple(Some(_), _)) => {
                self.variant(node, tables, path);
            }
            (Shape::Component, What::Name(_) | What::Record(Some(_), _) | What::Tuple(Some(_), _)) => {
                self.component(node, path);
            }
            (Shape::Component, What::Record(None, _)) => {
                let message = "the kind of the component is missing: write for example DryCooler(…)";
                self.problems.error(code::WRONG_TYPE, path, node.at, message);
            }
            // Its fields are walked when its kind is known.
            (Shape::Part, What::Record(..)) => {}
            _ => self.wrong_type(node, shape, path),
        }
    }

    fn bounds(
        &mut self,
        node: &Node,
        si: f64,
        quantity: units::Quantity,
        bounds: (&'static str, &'static str),
        usual: Option<(&'static str, &'static str)>,
        path: &str,
    ) {
        let within = |(low, high): (&str, &str)| {
            let beyond = |text: &str| quantity.parse(text).ok();
            beyond(low).is_none_or(|low| si >= low) && beyond(high).is_none_or(|high| si <= high)
        };
        let written = match &node.what {
            What::Text(text) => cut(text),
            What::Whole(number) => number.to_string(),
            What::Real(number) => number.to_string(),
            _ => quantity.display(si),
        };
        if !within(bounds) {
            let message = format!("is {written}, but {} to {} is accepted", bounds.0, bounds.1);
            self.problems.error(code::OUT_OF_BOUNDS, path, node.at, message);
        } else if let Some(usual) = usual.filter(|usual| !within(*usual)) {
            let message = format!("{written} is unusual: {} to {} is common", usual.0, usual.1);
            self.problems.add(Raised::warning(code::UNUSUAL, path, node.at, message));
        }
    }

    fn duplicates(&mut self, entries: &[Entry], path: &str) {
        let mut seen = std::collections::HashMap::with_capacity(entries.len());
        for entry in entries {
            if seen.insert(entry.key.text.as_str(), ()).is_some() {
                let message = format!("{} is written twice", quoted(&entry.key.text));
                let help = "keep one of them; later ones do not replace earlier ones";
                let within = joined(path, &entry.key.text);
                self.problems.add(Raised::error(code::DUPLICATE, within, entry.key.at, message).help(help));
            }
        }
    }

    fn id(&mut self, id: &str, at: At, path: &str) {
        if !value::is_id(id) {
            let message = format!(
                "{} is no id: an id is a text of lower-case letters, digits and _, beginning with a letter",
                quoted(id)
            );
            self.problems.error(code::BAD_ID, path, at, message);
        } else if RESERVED.contains(&id) {
            let message = format!("the id {id} is reserved: choose another, for example {id}_1");
            self.problems.error(code::BAD_ID, path, at, message);
        }
    }

    /// The fields of a record or component, given by name.
    fn fields(&mut self, entries: &[Entry], slots: &[Slot], owner: &str, at: At, path: &str, complete: bool) {
        self.duplicates(entries, path);
        for entry in entries {
            let within = joined(path, &entry.key.text);
            let Some(slot) = slots.iter().find(|slot| slot.name == entry.key.text) else {
                let names: Vec<&str> = slots.iter().map(|slot| slot.name).collect();
                let message = format!("{owner} has no field {}", cut(&entry.key.text));
                let help = hint(&entry.key.text, &names);
                let raised = Raised::error(code::UNKNOWN_FIELD, within, entry.key.at, message);
                self.problems.add(raised.maybe_help(help));
                continue;
            };
            self.value(&entry.value, slot.shape, &within);
            let other = slot.instead_of.and_then(|other| entries.iter().find(|e| e.key.text == other));
            // Reported once, at the second of the two.
            if let Some(other) = other.filter(|other| other.key.at.start < entry.key.at.start) {
                let message =
                    format!("{} and {} exclude each other: keep one", other.key.text, entry.key.text);
                self.problems.error(code::ALTERNATIVES, within, entry.key.at, message);
            }
        }
        for slot in slots.iter().filter(|slot| complete && slot.required) {
            if !entries.iter().any(|entry| entry.key.text == slot.name) {
                let within = joined(path, slot.name);
                self.problems.add(missing(slot, within, at));
            }
        }
    }

    fn fields_of(&mut self, node: &Node, slots: &[Slot], owner: &str, path: &str) {
        match &node.what {
            What::Name(_) => {}
            What::Record(_, entries) => self.fields(entries, slots, owner, node.at, path, false),
            _ => {
                let message =
                    format!("the fields of {owner} are written with their names: {owner}(count: 2)");
                self.problems.error(code::WRONG_TYPE, path, node.at, message);
            }
        }
    }

    fn component(&mut self, node: &Node, path: &str) {
        let name = node.name().unwrap_or_default();
        match kind(name) {
            Some(kind) => self.fields_of(node, &component::slots(kind.declaration()), name, path),
            None => {
                let names: Vec<&str> = KINDS.iter().map(|kind| kind.declaration().name).collect();
                let message = format!("there is no kind of component {}", cut(name));
                let raised = Raised::error(code::UNKNOWN_KIND, path, node.name_at(), message);
                self.problems.add(raised.maybe_help(hint(name, &names)));
            }
        }
    }

    fn variant(&mut self, node: &Node, tables: &'static [Table], path: &str) {
        let name = node.name().unwrap_or_default();
        let Some(table) = tables.iter().find(|table| table.name == name) else {
            let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
            let message = format!("{} is not one of {}", cut(name), names.join(", "));
            let help = nearest(name, names).map(|near| format!("did you mean {near}?"));
            let raised = Raised::error(code::UNKNOWN_CHOICE, path, node.name_at(), message);
            return self.problems.add(raised.maybe_help(help));
        };
        match &node.what {
            What::Tuple(_, items) if table.positional && items.len() <= table.slots.len() => {
                for (item, slot) in items.iter().zip(table.slots) {
                    self.value(item, slot.shape, path);
                }
            }
            What::Tuple(..) => {
                let names: Vec<&str> = table.slots.iter().map(|slot| slot.name).collect();
                let message =
                    format!("the fields of {name} are written with their names: {}", names.join(", "));
                self.problems.error(code::WRONG_TYPE, path, node.at, message);
            }
            _ => self.fields(node.entries(), table.slots, name, node.at, path, true),
        }
    }

    fn word(&mut self, at: At, text: &str, word: Word, path: &str) {
        let wrong = |code, message: String, help| Raised::error(code, path, at, message).maybe_help(help);
        let raised = match word {
            Word::Climate => {
                let ids: Vec<&str> = Climate::catalogue().iter().map(|(id, _)| *id).collect();
                (!ids.contains(&text)).then(|| {
                    let message = format!("there is no built-in climate {}", quoted(text));
                    let help =
                        hint(text, &ids).map(|h| format!("{h}; a weather file is named by weather: \"…\""));
                    wrong(code::UNKNOWN_RECORD, message, help)
                })
            }
            Word::Grid => catalogue::find(Shelf::Grids, text).is_none().then(|| {
                let help = hint(text, &catalogue::ids(Shelf::Grids));
                wrong(
                    code::UNKNOWN_RECORD,
                    format!("there is no grid {} in the catalogue", quoted(text)),
                    help,
                )
            }),
            Word::Costs => catalogue::find(Shelf::Costs, text).is_none().then(|| {
                let help = hint(text, &catalogue::ids(Shelf::Costs));
                let message = format!("there is no record of costs {} in the catalogue", quoted(text));
                wrong(code::UNKNOWN_RECORD, message, help)
            }),
            Word::Fluid => Fluid::from_name(text).is_none().then(|| {
                let names: Vec<&str> = Fluid::ALL.iter().map(|fluid| fluid.name()).collect();
                let message = format!("there is no fluid {}", quoted(text));
                wrong(code::UNKNOWN_RECORD, message, hint(text, &names))
            }),
            Word::Source => text.trim().is_empty().then(|| {
                let message = "is empty, and a report must carry it".to_owned();
                let help = "write who published it, or how it was estimated".to_owned();
                wrong(code::MISSING_FIELD, message, Some(help))
            }),
            Word::Date => value::date(text).is_none().then(|| {
                let message = format!("{} is no date: write for example \"2024-04-07\"", quoted(text));
                wrong(code::WRONG_TYPE, message, None)
            }),
            Word::Path => Path::parse(text).err().map(|message| wrong(code::UNKNOWN_PATH, message, None)),
            Word::File | Word::Site | Word::Record | Word::Template => {
                text.trim().is_empty().then(|| wrong(code::WRONG_TYPE, "nothing is written".to_owned(), None))
            }
            // Read where they are resolved.
            Word::Connection | Word::Reference => None,
        };
        if let Some(raised) = raised {
            self.problems.add(raised);
        }
    }
}

/// A required field that is not there.
pub(crate) fn missing(slot: &Slot, path: String, at: At) -> Raised {
    let help = match slot.shape {
        Shape::Quantity { quantity, bounds, usual } => {
            let (low, high) = usual.unwrap_or(bounds);
            let si = |text: &str| quantity.parse(text).unwrap_or(f64::NAN);
            let example = quantity.example();
            Some(match (si(low)..=si(high)).contains(&si(example)) {
                true => format!("write for example {}: \"{example}\"", slot.name),
                false => format!("write {}: {low} to {high}", slot.name),
            })
        }
        Shape::Variant(tables) => listed(&tables.iter().map(|t| t.name).collect::<Vec<_>>()),
        _ => Some(format!("{}: {}", slot.name, slot.doc.trim())),
    };
    Raised::error(code::MISSING_FIELD, path, at, format!("{} is missing", slot.name)).maybe_help(help)
}

/// `components.cdu`, or the name alone at the top.
pub(crate) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { cut(name) } else { format!("{path}.{}", cut(name)) }
}
