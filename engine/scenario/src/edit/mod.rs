//! Changes of a site: typed by the schema, checked like the file itself, and invertible.
//!
//! [`apply`] gives back the edit that undoes it. `--set`, `set:` in a file, sweeps and the viewer all
//! change a site through here.

pub mod arrange;
mod rename;
mod shape;

pub use shape::describe;
pub(crate) use shape::{completed, looked_up};

use crate::Scenario;
use crate::node::{At, Entry, Key, Node, What};
use crate::path::{self, Path, Step};
use crate::problem::{Problem, Problems, Raised, code};
use crate::read::{setting_source, walk};
use crate::schema::{Shape, Slot};
use crate::syntax;
use shape::Context;

/// A change of a site.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Gives a field a value. A field that excludes it is cleared.
    Set {
        /// The field.
        path: String,
        /// Its value.
        value: Node,
    },
    /// Adds an entry to a map or an item to a list.
    Add {
        /// The new entry: `components.cdu_2`, or the place in the list: `connections[3]`.
        path: String,
        /// What is added.
        value: Node,
        /// Its place among the entries of a map; the end if left out.
        position: Option<usize>,
    },
    /// Takes a field, an entry or an item away.
    Remove {
        /// What is taken away.
        path: String,
    },
    /// Gives a component, rack group or control another id, wherever it is named.
    Rename {
        /// What is renamed: `components.cdu`.
        path: String,
        /// Its new id.
        to: String,
    },
    /// One after the other; all or none.
    Several(Vec<Edit>),
}

impl Edit {
    /// Gives a field a value from what a person types: plain text for quantities, names and files, RON
    /// for everything else.
    ///
    /// # Errors
    /// The problem of the path or the value.
    pub fn from_text(scenario: &Scenario, path: &str, value: &str) -> Result<Edit, Problem> {
        let mut scratch = scenario.clone();
        let value = typed(&mut scratch, path, value).map_err(|r| r.locate(&scratch.sources))?;
        Ok(Edit::Set { path: path.to_owned(), value })
    }
}

/// Applies an edit and gives back its inverse. On an error nothing is changed.
///
/// # Errors
/// The first problem.
pub fn apply(scenario: &mut Scenario, edit: &Edit) -> Result<Edit, Problem> {
    let mut root = scenario.root.clone();
    let context = Context { files: Some(scenario) };
    match change(&mut root, &context, edit) {
        Ok(inverse) => {
            scenario.root = root;
            Ok(inverse)
        }
        Err(raised) => Err(raised.locate(&scenario.sources)),
    }
}

/// Sets a field of a site that is being read.
pub(crate) fn set(root: &mut Node, path: &str, value: Node, at: At) -> Result<(), Raised> {
    let context = Context { files: None };
    set_value(root, &context, path, &value, at).map(|_| ())
}

/// Sets a field of a site that has been read, with its templates in sight.
pub(crate) fn set_in(scenario: &mut Scenario, path: &str, value: &Node, at: At) -> Result<(), Raised> {
    let mut root = std::mem::replace(&mut scenario.root, Node::record());
    let result = set_value(&mut root, &Context { files: Some(scenario) }, path, value, at);
    scenario.root = root;
    result.map(|_| ())
}

/// Sets a field from the command line.
pub(crate) fn apply_setting(scenario: &mut Scenario, path: &str, value: &str) -> Result<(), Raised> {
    let value = typed(scenario, path, value)?;
    if ["based_on", "set", "remove"].contains(&path.split('.').next().unwrap_or_default()) {
        let message = format!("{path} is carried out while the file is read and cannot be set afterwards");
        let help = "write it in a site file, or set the fields themselves";
        return Err(Raised::error(code::UNKNOWN_PATH, path, value.at, message).help(help));
    }
    let at = value.at;
    set_in(scenario, path, &value, at)
}

/// The value that a text means at a path. The text becomes a source, for the places of problems.
fn typed(scenario: &mut Scenario, path: &str, value: &str) -> Result<Node, Raised> {
    let source = setting_source(path, value);
    let from = source.text.len() - value.len();
    let index = scenario.sources.add(source);
    let whole = At::new(index, 0, from.saturating_sub(1));
    let parsed = parsed(path, whole)?;
    let place = shape::find(&scenario.root, &Context { files: Some(scenario) }, &parsed)
        .map_err(|raised| raised.at(path, whole))?;
    let at = At::new(index, from, from + value.len());
    match place.shape {
        shape if shape.is_text() => Ok(Node { what: What::Text(value.to_owned()), at }),
        Shape::Any => Ok(Node::text(value)),
        _ => {
            let Some(source) = scenario.sources.get(index) else { return Ok(Node::text(value)) };
            syntax::parse_part(source, index, from)
                .map_err(|raised| raised.at(path, at).help(format!("{} is expected", place.shape.expected())))
        }
    }
}

fn parsed(path: &str, at: At) -> Result<Path, Raised> {
    Path::parse(path).map_err(|message| Raised::error(code::UNKNOWN_PATH, path, at, message))
}

fn change(root: &mut Node, context: &Context, edit: &Edit) -> Result<Edit, Raised> {
    match edit {
        Edit::Set { path, value } => set_value(root, context, path, value, value.at),
        Edit::Add { path, value, position } => add(root, context, path, value, *position),
        Edit::Remove { path } => remove(root, path),
        Edit::Rename { path, to } => rename::rename(root, path, to),
        Edit::Several(edits) => {
            let mut inverses = Vec::with_capacity(edits.len());
            for edit in edits {
                inverses.push(change(root, context, edit)?);
            }
            inverses.reverse();
            Ok(Edit::Several(inverses))
        }
    }
}

/// Refuses a value that does not fit its place.
fn fits(value: &Node, slot: &Slot, path: &str) -> Result<(), Raised> {
    let mut problems = Problems::default();
    walk::walk(value, slot.shape, path, &mut problems);
    problems.first_error().map_or(Ok(()), Err)
}

fn set_value(root: &mut Node, context: &Context, path: &str, value: &Node, at: At) -> Result<Edit, Raised> {
    let path = completed(parsed(path, at)?, root);
    let shown = path.to_string();
    let slot = shape::find(root, context, &path).map_err(|raised| raised.at(&shown, at))?;
    fits(value, &slot, &shown)?;
    if matches!(path.steps.last(), Some(Step::Index(_))) && path::find(root, &path).is_none() {
        let message = format!("there is no {shown}: the list is shorter");
        return Err(Raised::error(code::UNKNOWN_PATH, shown, at, message));
    }
    let mut inverse = Vec::new();
    if let Some(other) = slot.instead_of {
        let excluded = path.parent().then(other);
        if path::find(root, &excluded).is_some() {
            inverse.push(remove(root, &excluded.to_string())?);
        }
    }
    if let Some(found) = path::find_mut(root, &path) {
        let before = std::mem::replace(found, value.clone());
        inverse.push(Edit::Set { path: shown, value: before });
    } else {
        inverse.push(create(root, &path, value.clone(), at)?);
    }
    inverse.reverse();
    Ok(match inverse.pop() {
        Some(only) if inverse.is_empty() => only,
        last => Edit::Several(inverse.into_iter().chain(last).collect()),
    })
}

/// Writes a field that is not there yet, with the records around it.
fn create(root: &mut Node, path: &Path, value: Node, at: At) -> Result<Edit, Raised> {
    let mut missing = path.steps.len();
    while missing > 0 && path::find(root, &Path { steps: path.steps[..missing].to_vec() }).is_none() {
        missing -= 1;
    }
    let parent = Path { steps: path.steps[..missing].to_vec() };
    let mut value = value;
    for (k, step) in path.steps.iter().enumerate().skip(missing + 1).rev() {
        let Step::Name(name) = step else { break };
        let entry = Entry { key: Key { text: name.clone(), at }, value };
        // Below `parts` and its like stand maps, everywhere else records.
        let map =
            k == 1 && MAPS.contains(&path.steps[0].name()) || INNER_MAPS.contains(&path.steps[k - 1].name());
        let entries = vec![entry];
        let what = if map { What::Map(entries) } else { What::Record(None, entries) };
        value = Node { what, at };
    }
    let (Some(Step::Name(name)), Some(node)) = (path.steps.get(missing), path::find_mut(root, &parent))
    else {
        return Err(Raised::error(code::UNKNOWN_PATH, path.to_string(), at, format!("there is no {path}")));
    };
    // `Idle` and `Idle()` are the same; a field turns the name into a record.
    if let What::Name(kind) = &node.what {
        node.what = What::Record(Some(Key { text: kind.clone(), at: node.at }), Vec::new());
    }
    let Some(entries) = node.entries_mut() else {
        let message = format!("{parent} is {} and has no fields", node.described());
        return Err(Raised::error(code::UNKNOWN_PATH, path.to_string(), at, message));
    };
    entries.push(Entry { key: Key { text: name.clone(), at }, value });
    Ok(Edit::Remove { path: parent.then(name).to_string() })
}

const MAPS: [&str; 5] = ["components", "racks", "controls", "fluids", "resistances"];
/// Maps that stand within a record.
const INNER_MAPS: [&str; 3] = ["parts", "assets", "yearly"];

impl Step {
    fn name(&self) -> &str {
        match self {
            Step::Name(name) => name,
            Step::Index(_) => "",
        }
    }
}

fn add(
    root: &mut Node,
    context: &Context,
    path: &str,
    value: &Node,
    position: Option<usize>,
) -> Result<Edit, Raised> {
    let path = completed(parsed(path, value.at)?, root);
    let shown = path.to_string();
    let wrong = |message: String| Err(Raised::error(code::UNKNOWN_PATH, shown.clone(), value.at, message));
    let slot = shape::find(root, context, &path).map_err(|raised| raised.at(&shown, value.at))?;
    fits(value, &slot, &shown)?;
    match path.steps.last() {
        Some(Step::Index(index)) => {
            let list = path::find_mut(root, &path.parent()).map(|node| &mut node.what);
            match list {
                Some(What::List(items)) if *index <= items.len() => items.insert(*index, value.clone()),
                _ => return wrong(format!("there is no place {shown} to add to")),
            }
        }
        Some(Step::Name(name)) => {
            if path::find(root, &path).is_some() {
                return wrong(format!("{shown} is there already"));
            }
            if path::find(root, &path.parent()).is_none() {
                return create(root, &path, value.clone(), value.at);
            }
            let Some(entries) = path::find_mut(root, &path.parent()).and_then(Node::entries_mut) else {
                return wrong(format!("{} has no entries", path.parent()));
            };
            let place = position.unwrap_or(entries.len()).min(entries.len());
            entries.insert(place, Entry { key: Key::new(name.clone()), value: value.clone() });
        }
        None => return wrong("the path is empty".to_owned()),
    }
    Ok(Edit::Remove { path: shown })
}

fn remove(root: &mut Node, path: &str) -> Result<Edit, Raised> {
    let path = completed(parsed(path, At::NOWHERE)?, root);
    let shown = path.to_string();
    let missing =
        || Raised::error(code::UNKNOWN_PATH, shown.clone(), At::NOWHERE, format!("there is no {shown}"));
    let parent = path::find_mut(root, &path.parent()).ok_or_else(missing)?;
    match (path.steps.last(), &mut parent.what) {
        (Some(Step::Index(index)), What::List(items)) if *index < items.len() => {
            let value = items.remove(*index);
            Ok(Edit::Add { path: shown, value, position: None })
        }
        (Some(Step::Name(name)), What::Record(_, entries) | What::Map(entries)) => {
            let place = entries.iter().position(|e| e.key.text == *name).ok_or_else(missing)?;
            let value = entries.remove(place).value;
            Ok(Edit::Add { path: shown, value, position: Some(place) })
        }
        _ => Err(missing()),
    }
}
