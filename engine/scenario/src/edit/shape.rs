//! What a path leads to: the schema walked along the site.

use crate::Scenario;
use crate::catalogue::{self, Shelf};
use crate::node::{At, Node};
use crate::path::{Path, Step};
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::read::nearest::hint;
use crate::read::value::is_id;
use crate::schema::{Shape, Slot, component, site};
use plant::catalogue::kind;

/// What is known besides the site itself.
pub(super) struct Context<'a> {
    /// The scenario with its files, for the parts of templates.
    pub files: Option<&'a Scenario>,
}

/// The field that a path leads to, for sliders, units and documentation.
///
/// # Errors
/// Where the path leads nowhere.
pub fn describe(scenario: &Scenario, path: &str) -> Result<Slot, String> {
    let path = completed(Path::parse(path)?, &scenario.root);
    let context = Context { files: Some(scenario) };
    find(&scenario.root, &context, &path).map_err(|raised| raised.locate(&scenario.sources).message)
}

/// The field that a path leads to, or what is wrong with the path and the way out.
pub(crate) fn looked_up(scenario: &Scenario, path: &str) -> Result<Slot, (String, Option<String>)> {
    let path = Path::parse(path).map_err(|message| (message, None))?;
    let path = completed(path, &scenario.root);
    let context = Context { files: Some(scenario) };
    find(&scenario.root, &context, &path).map_err(|raised| {
        let problem = raised.locate(&scenario.sources);
        (problem.message, problem.help)
    })
}

/// A path with `components.` in front where it was left out, and keys of `fluids` and `resistances` in one piece.
pub(crate) fn completed(path: Path, root: &Node) -> Path {
    let mut path = path.completed(root, |name| site::SITE.slots.iter().any(|slot| slot.name == name));
    if matches!(path.steps.first(), Some(Step::Name(name)) if name == "fluids") && path.steps.len() > 2 {
        let key = Path { steps: path.steps.split_off(1) }.to_string();
        path.steps.push(Step::Name(key));
    }
    if matches!(path.steps.first(), Some(Step::Name(name)) if name == "resistances") && path.steps.len() > 2 {
        let fields = site::RESISTANCE.slots;
        let last = path.steps.pop();
        let (field, key_end) = match last {
            Some(Step::Name(name)) if fields.iter().any(|slot| slot.name == name) => {
                (Some(Step::Name(name)), None)
            }
            other => (None, other),
        };
        let steps: Vec<Step> = path.steps.split_off(1).into_iter().chain(key_end).collect();
        path.steps.push(Step::Name(Path { steps }.to_string()));
        path.steps.extend(field);
    }
    path
}

/// The field at a path; the path need not be written yet.
pub(super) fn find(root: &Node, context: &Context, path: &Path) -> Result<Slot, Raised> {
    let path = completed(path.clone(), root);
    let mut slot = Slot::new("", Shape::Record(&site::SITE), "");
    let mut node = Some(root);
    for (k, step) in path.steps.iter().enumerate() {
        let so_far = Path { steps: path.steps[..k].to_vec() };
        slot = next(slot.shape, node, root, context, &so_far, step).map_err(|(message, help)| {
            let at = path_of(&so_far, step);
            Raised::error(code::UNKNOWN_PATH, at, At::NOWHERE, message).maybe_help(help)
        })?;
        node = node.and_then(|node| step.of(node));
    }
    Ok(slot)
}

fn path_of(so_far: &Path, step: &Step) -> String {
    let mut path = so_far.clone();
    path.steps.push(step.clone());
    path.to_string()
}

type Wrong = (String, Option<String>);

fn next(
    shape: Shape,
    node: Option<&Node>,
    root: &Node,
    context: &Context,
    so_far: &Path,
    step: &Step,
) -> Result<Slot, Wrong> {
    let entry = |shape: Shape| Slot::new("", shape, "");
    match (shape, step) {
        (Shape::Record(table), Step::Name(name)) => field(table.slots, name, so_far),
        (Shape::Variant(tables), Step::Name(name)) => {
            let written = node.and_then(Node::name);
            let table = tables.iter().find(|table| Some(table.name) == written);
            let Some(table) = table else {
                let names: Vec<&str> = tables.iter().map(|t| t.name).collect();
                return Err((
                    format!("{so_far} is not written: set it as a whole, as one of {}", names.join(", ")),
                    None,
                ));
            };
            field(table.slots, name, so_far)
        }
        (Shape::Map(of), Step::Name(name)) if is_id(name) => match *of {
            // A component or a group is added whole; its fields can be set once it is there.
            Shape::Record(table) => Ok(entry(Shape::Record(table))),
            other => Ok(entry(other)),
        },
        (Shape::Map(_), Step::Name(name)) => Err((format!("{name} is no id"), None)),
        (Shape::Paths(of), Step::Name(_)) => Ok(entry(*of)),
        (Shape::List(of), Step::Index(_)) => Ok(entry(*of)),
        (Shape::Tuple(shapes), Step::Index(index)) if *index < shapes.len() => Ok(entry(shapes[*index])),
        (Shape::Component, Step::Name(name)) => {
            let Some(node) = node else { return Err(unknown_entry(root, so_far)) };
            let Some(kind) = node.name().and_then(kind) else {
                return Err((format!("the kind of {so_far} is unknown"), None));
            };
            field(&component::slots(kind.declaration()), name, so_far)
        }
        (Shape::Part, Step::Name(name)) => {
            let Some(kind) = part_kind(root, context, so_far).and_then(|name| kind(&name)) else {
                return Err((format!("the template of this group has no part {so_far}"), None));
            };
            field(&component::slots(kind.declaration()), name, so_far)
        }
        (Shape::Record(_) | Shape::Component | Shape::Map(_) | Shape::Part, Step::Index(_)) => {
            Err((format!("{so_far} is no list"), None))
        }
        _ => Err((format!("{so_far} has no fields"), None)),
    }
}

fn field(slots: &[Slot], name: &str, so_far: &Path) -> Result<Slot, Wrong> {
    slots.iter().find(|slot| slot.name == name).copied().ok_or_else(|| {
        let names: Vec<&str> = slots.iter().map(|slot| slot.name).collect();
        let owner = if so_far.steps.is_empty() { "the site".to_owned() } else { so_far.to_string() };
        (format!("{owner} has no field {name}"), hint(name, &names))
    })
}

/// An id that is not there.
fn unknown_entry(root: &Node, path: &Path) -> Wrong {
    let names: Vec<&str> = crate::path::find(root, &path.parent())
        .map(|map| map.entries().iter().map(|entry| entry.key.text.as_str()).collect())
        .unwrap_or_default();
    let name = match path.steps.last() {
        Some(Step::Name(name)) => name.as_str(),
        _ => "",
    };
    (format!("there is no {path}"), hint(name, &names))
}

/// The kind of `racks.<group>.parts.<part>`.
fn part_kind(root: &Node, context: &Context, path: &Path) -> Option<String> {
    let [_, Step::Name(group), _, Step::Name(part)] = &path.steps[..] else { return None };
    let named = root.get("racks")?.get(group)?.get("template")?;
    let record = catalogue::find(Shelf::Racks, named.as_text()?);
    let template = match record {
        Some(record) => record.node().ok()?,
        None => match &context.files?.template_file(named)?.content {
            Ok(Content::Template(node)) => node,
            _ => return None,
        },
    };
    template.get("parts")?.get(part)?.name().map(str::to_owned)
}
