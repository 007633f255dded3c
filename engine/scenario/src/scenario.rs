//! A site as written: what a person edits, before it is checked.

use crate::node::{Node, What};
use crate::path::{self, Path};
use crate::read::fetch::{File, Shared};
use crate::source::{Folder, Sources};
use crate::{edit, syntax};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A site as written, with everything it is based on, and the files it names.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The file's name without its ending.
    pub id: String,
    /// The whole site: a record with the fields of [`schema::site::SITE`](crate::schema::site::SITE).
    pub root: Node,
    /// The texts it comes from.
    pub sources: Sources,
    pub(crate) folder: Folder,
    pub(crate) files: BTreeMap<String, File>,
    /// What this site and all that is made of it have read or generated: each thing once.
    pub(crate) shared: Arc<Shared>,
}

/// A site with everything that it reads, see [`Scenario::packed`].
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    /// The site in RON.
    pub text: String,
    /// The files that it names, each once: name and content.
    pub files: Vec<(String, Arc<Vec<u8>>)>,
}

/// A name directly in a folder for the file that a site calls `written`: its own last part, or one with a number in front.
fn beside(written: &str, number: usize, used: &dyn Fn(&str) -> bool) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
    let last = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let last: String = last.chars().filter(|c| plain(*c)).collect();
    let last = last.trim_start_matches(['.', ' ']);
    // From behind, for the ending says what it is.
    let from = last.char_indices().rev().nth(59).map_or(0, |(from, _)| from);
    let last = &last[from..];
    if last.is_empty() || used(last) { format!("{number}_{last}") } else { last.to_owned() }
}

impl PartialEq for Scenario {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.root == other.root
    }
}

impl Scenario {
    /// What the site is.
    #[must_use]
    pub fn title(&self) -> &str {
        self.text("title")
    }

    /// What the file is to answer.
    #[must_use]
    pub fn question(&self) -> &str {
        self.text("question")
    }

    /// What its author expects.
    #[must_use]
    pub fn expect(&self) -> &str {
        self.text("expect")
    }

    /// What a case of this site depends on, whatever its file is called and wherever it lies: the site in RON with every
    /// file named by its number, and the content of each. Records of the catalogue are named, not written out.
    #[must_use]
    pub fn identity(&self) -> (String, Vec<Arc<Vec<u8>>>) {
        let (mut root, mut contents) = (self.root.clone(), Vec::new());
        for (path, file) in self.data_files() {
            let Some(node) = path::find_mut(&mut root, &path) else { continue };
            node.what = What::Text(format!("file {}", contents.len()));
            contents.push(file.bytes.clone());
        }
        (syntax::write(&root), contents)
    }

    fn text(&self, field: &str) -> &str {
        self.root.get(field).and_then(Node::as_text).unwrap_or_default()
    }

    /// The value at a path such as `components.cdu.supply_setpoint`, if it is written.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Node> {
        let path = edit::completed(Path::parse(path).ok()?, &self.root);
        path::find(&self.root, &path)
    }

    /// Ids and kinds of the components, as written.
    pub fn components(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.root.get("components").map_or(&[][..], Node::entries);
        entries.iter().map(|e| (e.key.text.as_str(), e.value.name().unwrap_or_default()))
    }

    /// The site in RON. It stands alone: what `based_on` gave is written out, and files are named from
    /// the folder of the site.
    #[must_use]
    pub fn write(&self) -> String {
        let mut root = self.root.clone();
        root.what = match root.what {
            What::Record(_, entries) => What::Record(Some(crate::node::Key::new("Site")), entries),
            other => other,
        };
        self.rebase(&mut root);
        syntax::write(&root)
    }

    /// As [`write`](Self::write), for a file in another folder: from there it reads the same files.
    #[must_use]
    pub fn write_for(&self, folder: &std::path::Path) -> String {
        let folder = Folder::Disk(folder.to_owned());
        if folder == self.folder {
            return self.write();
        }
        Scenario { folder, ..self.clone() }.write()
    }

    /// The site in one folder: its RON, and the files that it reads with the names that it gives them there. Whoever puts
    /// them side by side has the same site, wherever it came from; `taken` are names that are used there already.
    #[must_use]
    pub fn packed(&self, taken: &[&str]) -> Packed {
        let mut packed = Packed { text: String::new(), files: Vec::new() };
        let mut root = self.root.clone();
        root.what = match root.what {
            What::Record(_, entries) => What::Record(Some(crate::node::Key::new("Site")), entries),
            other => other,
        };
        let data = self.data_files();
        for path in crate::read::fetch::file_paths(&self.root) {
            let file = data.iter().find(|(of, _)| *of == path).map(|(_, file)| *file);
            let (Some(node), Some(file)) = (path::find_mut(&mut root, &path), file) else { continue };
            let known = packed.files.iter().find(|(_, bytes)| *bytes == file.bytes);
            let name = known.map_or_else(
                || {
                    let written = node.as_text().unwrap_or_default();
                    let used = |name: &str| {
                        taken.contains(&name) || packed.files.iter().any(|(other, _)| other == name)
                    };
                    beside(written, packed.files.len(), &used)
                },
                |(name, _)| name.clone(),
            );
            if known.is_none() {
                packed.files.push((name.clone(), Arc::clone(&file.bytes)));
            }
            node.what = What::Text(name);
        }
        packed.text = syntax::write(&root);
        packed
    }

    /// Names files, that another text named from its own folder, from the folder of this site.
    fn rebase(&self, root: &mut Node) {
        for path in crate::read::fetch::file_paths(&self.root) {
            let Some(node) = path::find_mut(root, &path) else { continue };
            if let Some(found) = self.file_path(node).filter(|_| self.is_foreign(node)) {
                let below = match &self.folder {
                    Folder::Disk(folder) => found.strip_prefix(folder).ok().map(std::path::Path::to_path_buf),
                    Folder::BuiltIn => None,
                };
                let named = below.or_else(|| std::path::absolute(&found).ok()).unwrap_or(found);
                node.what = What::Text(named.display().to_string());
            }
        }
    }

    fn is_foreign(&self, node: &Node) -> bool {
        self.sources.of(node.at).is_some_and(|source| source.folder != self.folder)
    }
}
