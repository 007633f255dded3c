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
