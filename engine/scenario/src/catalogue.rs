//! What ships with isotherm: component records, rack templates, grids and sites, built in.
//!
//! The files of `models/` are listed when the crate is built; a new one needs no line here. Each is
//! read when it is first asked for.

use crate::node::Node;
use crate::problem::{Problem, Problems, Raised};
use crate::read::walk;
use crate::schema::{Shape, Table};
use crate::source::{Folder, Source, Sources};
use crate::syntax;
use std::sync::{LazyLock, OnceLock};

mod records {
    include!(concat!(env!("OUT_DIR"), "/records.rs"));
}

/// Sources from this index on are records of the catalogue.
pub(crate) const FIRST_SOURCE: usize = 1 << 30;

/// The shelves of the catalogue, in the order of their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// `models/components`.
    Components,
    /// `models/racks`.
    Racks,
    /// `models/grids`.
    Grids,
    /// `models/sites`.
    Sites,
    /// `models/profiles`.
    Profiles,
    /// `models/costs`.
    Costs,
    /// `models/factors`.
    Factors,
    /// `models/studies`.
    Studies,
}

/// A file of the catalogue.
#[derive(Debug)]
pub struct Record {
    /// Its id: the file's name without `.ron`.
    pub id: &'static str,
    /// Where it belongs.
    pub shelf: Shelf,
    /// Its text.
    pub source: Source,
    index: usize,
    node: OnceLock<Result<Node, Raised>>,
}

impl Record {
    /// A descriptive field such as `title`, `source` or `confidence`, as written.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let value = self.node().ok()?.get(name)?;
        // A title in two languages speaks English here.
        let value = value.get("en").unwrap_or(value);
        value.as_text().or_else(|| value.name()).map(str::to_owned)
    }

    /// Kind of the component that it describes: `Cdu`; of a rack `Rack`, and so on for the other shelves.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let node = self.node().ok()?;
        match self.shelf {
            Shelf::Components => node.get("is")?.name(),
            _ => node.name(),
        }
    }

    /// What is written in it.
    ///
    /// # Errors
    /// Where the text is not RON; a test keeps that from shipping.
    pub(crate) fn node(&self) -> Result<&Node, &Raised> {
        self.node.get_or_init(|| syntax::parse_part(&self.source, self.index, 0)).as_ref()
    }
}

static RECORDS: LazyLock<Vec<Record>> = LazyLock::new(|| {
    let shelves = [
        (Shelf::Components, "components", records::COMPONENTS),
        (Shelf::Racks, "racks", records::RACKS),
        (Shelf::Grids, "grids", records::GRIDS),
        (Shelf::Sites, "sites", records::SITES),
        (Shelf::Profiles, "profiles", records::PROFILES),
        (Shelf::Costs, "costs", records::COSTS),
        (Shelf::Factors, "factors", records::FACTORS),
        (Shelf::Studies, "studies", records::STUDIES),
    ];
    let files = shelves
        .into_iter()
        .flat_map(|(shelf, folder, files)| files.iter().map(move |&(id, text)| (shelf, folder, id, text)));
    files
        .enumerate()
        .map(|(k, (shelf, folder, id, text))| {
            let source = Source::new(format!("models/{folder}/{id}.ron"), text, Folder::BuiltIn);
            Record { id, shelf, source, index: FIRST_SOURCE + k, node: OnceLock::new() }
        })
        .collect()
});

/// The text of a built-in source.
pub(crate) fn source(index: usize) -> Option<&'static Source> {
    RECORDS.get(index.checked_sub(FIRST_SOURCE)?).map(|record| &record.source)
}

/// All records of a shelf, by id.
pub fn all(shelf: Shelf) -> impl Iterator<Item = &'static Record> {
    RECORDS.iter().filter(move |record| record.shelf == shelf)
}

/// The record of that id.
#[must_use]
pub fn find(shelf: Shelf, id: &str) -> Option<&'static Record> {
    all(shelf).find(|record| record.id == id)
}

/// What does not fit the schema of its shelf: nothing, in what ships.
#[must_use]
pub fn problems(record: &Record, table: &'static Table) -> Vec<Problem> {
    let mut problems = Problems::default();
    match record.node() {
        Ok(node) => walk::walk(node, Shape::Record(table), "", &mut problems),
        Err(raised) => problems.add(raised.clone()),
    }
    problems.finish(&Sources::default())
}

/// The ids of a shelf.
#[must_use]
pub fn ids(shelf: Shelf) -> Vec<&'static str> {
    all(shelf).map(|record| record.id).collect()
}

/// The text of a built-in table of sun and wind.
#[must_use]
pub fn sky(id: &str) -> Option<&'static str> {
    records::SKIES.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// The ids of the built-in tables of sun and wind, with the first line of each.
pub fn skies() -> impl Iterator<Item = (&'static str, &'static str)> {
    records::SKIES
        .iter()
        .map(|(id, text)| (*id, text.lines().next().unwrap_or_default().trim_start_matches("# ")))
}

/// The text of a built-in trace.
#[must_use]
pub fn trace(id: &str) -> Option<&'static str> {
    records::TRACES.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}
