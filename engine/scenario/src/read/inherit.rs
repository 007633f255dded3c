//! `based_on`, `remove` and `set`: one site from several files.

use super::nearest::hint;
use super::{refuse_outside, stays_inside, walk};
use crate::catalogue::{self, Shelf};
use crate::edit;
use crate::node::{Entry, Node, What, quoted};
use crate::path::{self, Path, Step};
use crate::problem::{Problems, Raised, code};
use crate::schema::{Shape, site};
use crate::source::{Folder, Source, Sources};
use crate::syntax;

/// Most files that build on each other.
const DEPTH: usize = 16;

/// Fields whose entries merge by id; all others replace.
const MERGED: [&str; 5] = ["components", "racks", "controls", "fluids", "resistances"];

/// The site of a text with everything that it is based on.
pub(super) fn read(source: Source, sources: &mut Sources, problems: &mut Problems) -> Result<Node, Raised> {
    let mut reader = Reader { sources, problems, chain: Vec::new() };
    reader.site(source)
}

struct Reader<'a> {
    sources: &'a mut Sources,
    problems: &'a mut Problems,
    chain: Vec<String>,
}

impl Reader<'_> {
    fn site(&mut self, source: Source) -> Result<Node, Raised> {
        self.chain.push(identity(&source));
        let folder = source.folder.clone();
        let index = self.sources.add(source);
        let mut node = syntax::parse(self.sources, index)?;
        if self.sources.get(index).is_some_and(|s| s.dialect == crate::source::Dialect::Json) {
            node = syntax::from_json(node, Shape::Record(&site::SITE));
        }
        let base = match node.get("based_on") {
            Some(named) => Some(self.base(named.clone(), &folder)?),
            None => None,
        };
        Ok(self.combined(base, node))
    }

    /// The site that `based_on` names.
    fn base(&mut self, named: Node, folder: &Folder) -> Result<Node, Raised> {
        let wrong = |code, message: String| Raised::error(code, "based_on", named.at, message);
        let Some(text) = named.as_text() else {
            let message =
                format!("{} is written where a site file in double quotes is expected", named.described());
            return Err(wrong(code::WRONG_TYPE, message));
        };
        if text.trim().is_empty() || !stays_inside(text) {
            return Err(refuse_outside("based_on", text, "based_on", named.at));
        }
        let source = match folder {
            Folder::Disk(folder) if folder.join(text).exists() => {
                let file = folder.join(text);
                if !is_within(&file, folder) {
                    return Err(refuse_outside("based_on", text, "based_on", named.at));
                }
                Source::open(&file).map_err(|raised| raised.at("based_on", named.at))?
            }
            _ => {
                let id = text.strip_suffix(".ron").unwrap_or(text);
                let Some(record) = catalogue::find(Shelf::Sites, id) else {
                    let message = format!(
                        "there is neither a file {} beside this one nor a built-in site",
                        quoted(text)
                    );
                    let help = hint(id, &catalogue::ids(Shelf::Sites));
                    return Err(wrong(code::FILE_MISSING, message).maybe_help(help));
                };
                Source::new(record.source.name.clone(), record.source.text.clone(), Folder::BuiltIn)
            }
        };
        if self.chain.contains(&identity(&source)) {
            let message = format!("{} is based on itself: {}", source.name, self.chain.join(" -> "));
            return Err(wrong(code::INHERITANCE, message));
        }
        if self.chain.len() >= DEPTH {
            return Err(wrong(code::INHERITANCE, format!("more than {DEPTH} files build on each other")));
        }
        self.site(source)
    }

    /// What `base` gives, less `remove`, with what this file says, with `set`.
    fn combined(&mut self, base: Option<Node>, mut own: Node) -> Node {
        let own_at = own.at;
        let name = match &own.what {
            What::Record(name, _) => name.clone(),
            _ => None,
        };
        let Some(entries) = own.entries_mut() else { return own };
        let mut take = |name: &str| {
            let place = entries.iter().position(|e| e.key.text == name);
            place.map(|k| entries.remove(k).value)
        };
        take("based_on");
        let (remove, set) = (take("remove"), take("set"));
        let fields = std::mem::take(entries);
        let site = match base {
            Some(Node { what: What::Record(_, inherited), .. }) => inherited,
            _ => Vec::new(),
        };
        let mut site = Node { what: What::Record(name, site), at: own_at };
        if let Some(remove) = remove {
            self.walk(&remove, "remove");
            for (k, item) in remove.items().iter().enumerate() {
                self.removed(&mut site, item, &format!("remove[{k}]"));
            }
        }
        merge(&mut site, fields);
        if let Some(set) = set {
            self.walk(&set, "set");
            for entry in set.entries() {
                if let Err(raised) = edit::set(&mut site, &entry.key.text, entry.value.clone(), entry.key.at)
                {
                    self.problems.add(raised);
                }
            }
        }
        site
    }

    fn walk(&mut self, node: &Node, field: &str) {
        if let Some(slot) = site::SITE.slots.iter().find(|slot| slot.name == field) {
            walk::walk(node, slot.shape, field, self.problems);
        }
    }

    fn removed(&mut self, site: &mut Node, item: &Node, place: &str) {
        // What is no path has been reported.
        let Some(Ok(path)) = item.as_text().map(Path::parse) else { return };
        let path = edit::completed(path, site);
        let parent = path::find_mut(site, &path.parent());
        let found = match (path.steps.last(), parent.and_then(Node::entries_mut)) {
            (Some(Step::Name(name)), Some(entries)) => {
                let before = entries.len();
                entries.retain(|entry| entry.key.text != *name);
                entries.len() < before
            }
            _ => false,
        };
        if !found {
            let map = path::find(site, &path.parent());
            let names: Vec<&str> =
                map.map(|m| m.entries().iter().map(|e| e.key.text.as_str()).collect()).unwrap_or_default();
            let name = match path.steps.last() {
                Some(Step::Name(name)) => name.as_str(),
                _ => "",
            };
            let message = format!("there is no {path} to be removed");
            let raised = Raised::error(code::UNKNOWN_PATH, place, item.at, message);
            self.problems.add(raised.maybe_help(hint(name, &names)));
        }
    }
}

/// Whether a file is inside a folder after all links are followed.
pub(super) fn is_within(file: &std::path::Path, folder: &std::path::Path) -> bool {
    let here = if folder.as_os_str().is_empty() { std::path::Path::new(".") } else { folder };
    match (file.canonicalize(), here.canonicalize()) {
        (Ok(file), Ok(folder)) => file.starts_with(folder),
        _ => false,
    }
}

/// One name for one file, however it is reached.
fn identity(source: &Source) -> String {
    match source.folder {
        Folder::BuiltIn => source.name.clone(),
        Folder::Disk(_) => std::path::Path::new(&source.name)
            .canonicalize()
            .map_or_else(|_| source.name.clone(), |file| file.display().to_string()),
    }
}

/// Puts fields over those of `site`. A field written twice stays twice, to be refused.
fn merge(site: &mut Node, fields: Vec<Entry>) {
    let Some(entries) = site.entries_mut() else { return };
    let mut inherited = vec![true; entries.len()];
    for field in fields {
        let place = entries.iter().position(|e| e.key.text == field.key.text);
        match place.filter(|&k| inherited.get(k).copied().unwrap_or(false)) {
            Some(k) => {
                let both_maps =
                    matches!((&entries[k].value.what, &field.value.what), (What::Map(_), What::Map(_)));
                if both_maps && MERGED.contains(&field.key.text.as_str()) {
                    let What::Map(new) = field.value.what else { continue };
                    entries[k].value.at = field.value.at;
                    merge(&mut entries[k].value, new);
                } else {
                    entries[k] = field;
                }
                inherited[k] = false;
            }
            None => entries.push(field),
        }
    }
}
