//! The files that a site names, read once and kept with it, so that checking touches no disk.

use super::{refuse_outside, stays_inside};
use crate::Scenario;
use crate::catalogue::{self, Shelf};
use crate::course::Course;
use crate::node::Node;
use crate::path::{Path, find};
use crate::problem::{Raised, code, shown};
use crate::source::{Folder, Source, read_limited};
use crate::syntax;
use crate::weather::sky_file::SkyTable;
use crate::weather::{self, Climate, Weather, WeatherError, typical_year};
use crate::workload::{HeatTrace, Trace};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A file that a site names.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Its name in messages.
    pub name: String,
    /// Its content, for the account of inputs.
    pub bytes: Arc<Vec<u8>>,
    /// What it holds, or why it does not.
    pub content: Result<Content, Raised>,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Weather(Arc<Weather>),
    Template(Arc<Node>),
    Trace(Arc<Trace>),
    Heat(Arc<HeatTrace>),
    Course(Arc<Course>),
    Sky(Arc<SkyTable>),
}

/// Files and typical years that are kept for further changes of a site.
const KEPT: usize = 64;

/// What has been read or generated, kept once for all scenarios that are made of one: a sweep over climates reads
/// each weather once.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Typical years by climate and seed.
    typical: Mutex<BTreeMap<(String, u64), Arc<Weather>>>,
    /// Files with data. Templates are not among them: they stand among the texts of one scenario.
    files: Mutex<BTreeMap<String, File>>,
}

/// A map that another thread left in a panic is still a map: entries are put in whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a value, and forgets all others where there are too many.
fn keep<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) {
    if map.len() >= KEPT {
        map.clear();
    }
    map.insert(key, value);
}

/// What a file is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Weather,
    Template,
    Trace,
    Heat,
    Course,
    Sky,
}

/// Largest weather or trace file that is read: 64 MiB.
const LARGEST_DATA: u64 = weather::LARGEST_FILE;

/// Where a site names files.
fn named(root: &Node) -> Vec<(Path, Purpose)> {
    let name = |text: &str| Path::default().then(text);
    let mut places =
        vec![(name("site").then("weather"), Purpose::Weather), (name("site").then("sky"), Purpose::Sky)];
    if let Some(carbon) = root.get("carbon") {
        places.push((name("carbon").then("profile"), Purpose::Course));
        for k in 0..carbon.get("contracts").map_or(&[][..], Node::items).len() {
            let mut contract = name("carbon").then("contracts");
            contract.steps.push(crate::path::Step::Index(k));
            places.push((contract.then("profile"), Purpose::Course));
        }
    }
    for component in root.get("components").map_or(&[][..], Node::entries) {
        if component.value.get("trace").is_some() {
            let path = name("components").then(&component.key.text).then("trace");
            places.push((path, Purpose::Heat));
        }
    }
    for group in root.get("racks").map_or(&[][..], Node::entries) {
        let rack = name("racks").then(&group.key.text);
        places.push((rack.then("template"), Purpose::Template));
        let workload = rack.then("workload");
        let is_trace = group.value.get("workload").is_some_and(|w| w.name() == Some("Trace"));
        if is_trace {
            places.push((workload.then("file"), Purpose::Trace));
            let mut positional = workload;
            positional.steps.push(crate::path::Step::Index(0));
            places.push((positional, Purpose::Trace));
        }
    }
    places
}

/// The paths at which files are named.
pub(crate) fn file_paths(root: &Node) -> Vec<Path> {
    let is_file = |(path, purpose): &(Path, Purpose)| {
        let text = find(root, path).and_then(Node::as_text);
        text.is_some_and(|text| match purpose {
            Purpose::Template => is_template_file(text),
            Purpose::Heat => catalogue::trace(text).is_none(),
            Purpose::Sky => catalogue::sky(text).is_none(),
            _ => true,
        })
    };
    named(root).into_iter().filter(is_file).map(|(path, _)| path).collect()
}

/// Whether a template is a file and not a record of the catalogue.
fn is_template_file(text: &str) -> bool {
    text.ends_with(".ron") && catalogue::find(Shelf::Racks, text).is_none()
}

impl Scenario {
    /// Reads the files that the site names and that have not been read. What cannot be read is reported
    /// by the check. A typical year is generated here, too, so that a check after an edit costs little.
    pub fn fetch(&mut self) {
        if let Some((id, seed)) = self.climate()
            && self.typical_year(&id, seed).is_none()
            && let Ok(climate) = Climate::named(&id)
        {
            let weather = Arc::new(typical_year::generate(&climate, seed));
            keep(&mut lock(&self.shared.typical), (id, seed), weather);
        }
        for (path, purpose) in named(&self.root) {
            let Some(node) = find(&self.root, &path).cloned() else { continue };
            let Some(text) = node.as_text() else { continue };
            if purpose == Purpose::Template && !is_template_file(text) {
                continue;
            }
            if purpose == Purpose::Heat
                && let Some(built_in) = catalogue::trace(text)
            {
                let key = key(std::path::Path::new(text), purpose);
                self.files
                    .entry(key)
                    .or_insert_with(|| built_in_trace(text, built_in, &path.to_string(), &node));
                continue;
            }
            if purpose == Purpose::Sky
                && let Some(built_in) = catalogue::sky(text)
            {
                let key = key(std::path::Path::new(text), purpose);
                self.files
                    .entry(key)
                    .or_insert_with(|| built_in_sky(text, built_in, &path.to_string(), &node));
                continue;
            }
            let Some(file) = self.file_path(&node) else { continue };
            let key = key(&file, purpose);
            if !self.files.contains_key(&key) {
                let known = lock(&self.shared.files).get(&key).cloned();
                let read = known.unwrap_or_else(|| self.open(&file, text, purpose, &path.to_string(), &node));
                if purpose != Purpose::Template && read.content.is_ok() {
                    keep(&mut lock(&self.shared.files), key.clone(), read.clone());
                }
                self.files.insert(key, read);
            }
        }
    }

    /// The climate and the seed of the typical year, as written.
    fn climate(&self) -> Option<(String, u64)> {
        let site = self.root.get("site")?;
        let id = site.get("climate").filter(|_| site.get("weather").is_none())?.as_text()?;
        let seed = match self.root.get("run").and_then(|run| run.get("seed")) {
            Some(node) => u64::try_from(super::value::whole(node)?).ok()?,
            None => 1,
        };
        Some((id.to_owned(), seed))
    }

    /// The typical year, if it has been generated.
    pub(crate) fn typical_year(&self, id: &str, seed: u64) -> Option<Arc<Weather>> {
        lock(&self.shared.typical).get(&(id.to_owned(), seed)).cloned()
    }

    /// Where the file that a node names lies; nowhere for what is built in.
    pub(crate) fn file_path(&self, node: &Node) -> Option<PathBuf> {
        let folder = self.sources.of(node.at).map_or(&self.folder, |source| &source.folder);
        match (folder, node.as_text()) {
            (Folder::Disk(folder), Some(text)) => Some(folder.join(text)),
            _ => None,
        }
    }

    /// The files that the site names and that have been read, each with the path that names it.
    pub(crate) fn data_files(&self) -> Vec<(Path, &File)> {
        let mut found = Vec::new();
        for (path, purpose) in named(&self.root) {
            let file = find(&self.root, &path)
                .and_then(|node| self.files.get(&key(&self.file_path(node)?, purpose)));
            found.extend(file.map(|file| (path, file)));
        }
        found
    }

    /// The weather that a node names.
    pub(crate) fn weather_file(&self, node: &Node) -> Option<&File> {
        self.files.get(&key(&self.file_path(node)?, Purpose::Weather))
    }

    /// The rack template that a node names, if it is a file.
    pub(crate) fn template_file(&self, node: &Node) -> Option<&File> {
        self.files.get(&key(&self.file_path(node)?, Purpose::Template))
    }

    /// The trace that a node names.
    pub(crate) fn trace_file(&self, node: &Node) -> Option<&File> {
        self.files.get(&key(&self.file_path(node)?, Purpose::Trace))
    }

    /// The course of a value that a node names.
    pub(crate) fn course_file(&self, node: &Node) -> Option<&File> {
        self.files.get(&key(&self.file_path(node)?, Purpose::Course))
    }

    /// The trace of heat that a node names: of the catalogue, or a file.
    pub(crate) fn heat_file(&self, node: &Node) -> Option<&File> {
        let text = node.as_text()?;
        let path = match catalogue::trace(text) {
            Some(_) => PathBuf::from(text),
            None => self.file_path(node)?,
        };
        self.files.get(&key(&path, Purpose::Heat))
    }

    /// The sun and wind that a node names: of the catalogue, or a file.
    pub(crate) fn sky_file(&self, node: &Node) -> Option<&File> {
        let text = node.as_text()?;
        let path = match catalogue::sky(text) {
            Some(_) => PathBuf::from(text),
            None => self.file_path(node)?,
        };
        self.files.get(&key(&path, Purpose::Sky))
    }

    fn open(
        &mut self,
        file: &std::path::Path,
        text: &str,
        purpose: Purpose,
        path: &str,
        node: &Node,
    ) -> File {
        let name = shown(file);
        let fail = |raised| File { name: name.clone(), bytes: Arc::default(), content: Err(raised) };
        if purpose == Purpose::Template {
            let folder = file.parent().unwrap_or(file);
            let base = self.sources.of(node.at).map(|s| s.folder.clone());
            let root = match base.as_ref().unwrap_or(&self.folder) {
                Folder::Disk(root) => root.clone(),
                Folder::BuiltIn => folder.to_path_buf(),
            };
            if !stays_inside(text) || file.exists() && !super::inherit::is_within(file, &root) {
                return fail(refuse_outside("template", text, path, node.at));
            }
            return match Source::open(file) {
                Ok(source) => {
                    let bytes = Arc::new(source.text.clone().into_bytes());
                    let index = self.sources.add(source);
                    let content =
                        syntax::parse(&self.sources, index).map(|node| Content::Template(Arc::new(node)));
                    File { name, bytes, content }
                }
                Err(raised) => fail(raised.at(path, node.at)),
            };
        }
        let bytes = match read_limited(file, LARGEST_DATA, "64 MiB") {
            Ok(bytes) => bytes,
            Err(raised) => return fail(raised.at(path, node.at)),
        };
        let content = match purpose {
            Purpose::Trace => Trace::parse(&bytes, &name)
                .map(|trace| Content::Trace(Arc::new(trace)))
                .map_err(|message| Raised::error(code::TRACE, path, node.at, message)),
            Purpose::Course => Course::parse(&bytes, &name)
                .map(|course| Content::Course(Arc::new(course)))
                .map_err(|message| Raised::error(code::TRACE, path, node.at, message)),
            Purpose::Heat => heat_content(&bytes, &name, path, node),
            Purpose::Sky => sky_content(&bytes, &name, path, node),
            _ => weather::parse(&bytes, &name)
                .map(|weather| Content::Weather(Arc::new(weather)))
                .map_err(|error| weather_problem(&error, path, node)),
        };
        File { name, bytes: Arc::new(bytes), content }
    }
}

fn heat_content(bytes: &[u8], name: &str, path: &str, node: &Node) -> Result<Content, Raised> {
    HeatTrace::parse(bytes, name)
        .map(|trace| Content::Heat(Arc::new(trace)))
        .map_err(|message| Raised::error(code::TRACE, path, node.at, message))
}

fn sky_content(bytes: &[u8], name: &str, path: &str, node: &Node) -> Result<Content, Raised> {
    SkyTable::parse(bytes, name)
        .map(|sky| Content::Sky(Arc::new(sky)))
        .map_err(|message| Raised::error(code::WEATHER, path, node.at, message))
}

fn built_in_sky(id: &str, text: &str, path: &str, node: &Node) -> File {
    let name = format!("models/skies/{id}.csv");
    let content = sky_content(text.as_bytes(), &name, path, node);
    File { name, bytes: Arc::new(text.as_bytes().to_vec()), content }
}

fn built_in_trace(id: &str, text: &str, path: &str, node: &Node) -> File {
    let name = format!("models/traces/{id}.csv");
    let content = heat_content(text.as_bytes(), &name, path, node);
    File { name, bytes: Arc::new(text.as_bytes().to_vec()), content }
}

fn key(file: &std::path::Path, purpose: Purpose) -> String {
    format!("{purpose:?} {}", file.display())
}

/// A weather file's own account of itself, at the place that names it.
fn weather_problem(error: &WeatherError, path: &str, node: &Node) -> Raised {
    let code = match error {
        WeatherError::Missing { .. } | WeatherError::Unreadable { .. } => code::WEATHER_MISSING,
        _ => code::WEATHER,
    };
    Raised::error(code, path, node.at, error.to_string())
}
