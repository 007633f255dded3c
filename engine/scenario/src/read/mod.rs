//! From files to a [`Scenario`]: reading, inheritance, and what fits the schema.

pub(crate) mod fetch;
mod inherit;
pub(crate) mod nearest;
pub(crate) mod value;
pub(crate) mod walk;

pub use walk::RESERVED;

use crate::catalogue::{self, Shelf};
use crate::edit;
use crate::node::At;
use crate::problem::{Problem, Problems, Raised, code, shown};
use crate::source::{Folder, LARGEST_FILE, Source, Sources};
use crate::{Loaded, Scenario, check};
use std::path::Path;

/// Reads a site file, or a built-in site by its id, applies settings, and checks the result.
///
/// # Errors
/// All that is wrong, warnings included.
pub fn load(path: &Path, settings: &[(String, String)]) -> Result<Loaded, Vec<Problem>> {
    let scenario = read(path, settings)?;
    checked(scenario)
}

/// As [`load`], from a text in memory. `name` stands for the file in messages and is its id; files are
/// sought in the working directory.
///
/// # Errors
/// All that is wrong, warnings included.
pub fn load_text(name: &str, text: &str, settings: &[(String, String)]) -> Result<Loaded, Vec<Problem>> {
    let scenario = read_source(Source::new(name, text, Folder::Disk("".into())), settings)?;
    checked(scenario)
}

/// As [`load_text`], with files sought in `folder`.
///
/// # Errors
/// All that is wrong, warnings included.
pub fn load_text_in(name: &str, text: &str, folder: &Path) -> Result<Loaded, Vec<Problem>> {
    checked(read_source(Source::new(name, text, Folder::Disk(folder.to_owned())), &[])?)
}

fn checked(scenario: Scenario) -> Result<Loaded, Vec<Problem>> {
    let (case, warnings) = check::check(&scenario)?;
    Ok(Loaded { scenario, case, warnings })
}

/// Reads a site file, or a built-in site by its id, and applies settings, without checking the result.
///
/// # Errors
/// What keeps it from being read: a missing file, broken syntax, an impossible setting.
pub fn read(path: &Path, settings: &[(String, String)]) -> Result<Scenario, Vec<Problem>> {
    match open(path) {
        Ok(source) => read_source(source, settings),
        Err(raised) => Err(vec![raised.locate(&Sources::default())]),
    }
}

/// A file, or the built-in site of that id where there is no such file (a folder of that name may be its results).
fn open(path: &Path) -> Result<Source, Raised> {
    let built_in = path.to_str().and_then(|id| catalogue::find(Shelf::Sites, id));
    match built_in {
        Some(record) if !path.is_file() => {
            Ok(Source::new(record.source.name.clone(), record.source.text.clone(), Folder::BuiltIn))
        }
        _ => Source::open(path).map_err(|raised| {
            let id = shown(path);
            let help = nearest::nearest(&id, catalogue::ids(Shelf::Sites));
            raised.maybe_help(help.map(|near| format!("did you mean the built-in site {near}?")))
        }),
    }
}

/// Reads a site from a text.
pub(crate) fn read_source(source: Source, settings: &[(String, String)]) -> Result<Scenario, Vec<Problem>> {
    let id =
        Path::new(&source.name).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = source.folder.clone();
    let mut sources = Sources::default();
    if source.text.len() as u64 > LARGEST_FILE {
        let message = format!("{}: has {} bytes, at most 16 MiB are read", source.name, source.text.len());
        return Err(vec![Raised::error(code::FILE_TOO_LARGE, "", At::NOWHERE, message).locate(&sources)]);
    }
    let mut problems = Problems::default();
    let root = match inherit::read(source, &mut sources, &mut problems) {
        Ok(root) => root,
        Err(raised) => {
            problems.add(raised);
            return Err(problems.finish(&sources));
        }
    };
    let mut scenario =
        Scenario { id, root, sources, folder, files: Default::default(), shared: Default::default() };
    if !settings.is_empty() {
        // A setting may lead into a template.
        scenario.fetch();
    }
    for (path, value) in settings {
        if let Err(raised) = edit::apply_setting(&mut scenario, path, value) {
            problems.add(raised);
        }
    }
    if problems.has_errors() {
        // Whoever mends a setting wants to see the file's problems too.
        walk::walk(
            &scenario.root,
            crate::schema::Shape::Record(&crate::schema::site::SITE),
            "",
            &mut problems,
        );
        return Err(problems.finish(&scenario.sources));
    }
    scenario.fetch();
    Ok(scenario)
}

/// A setting as a text of its own, for places in messages.
pub(crate) fn setting_source(path: &str, value: &str) -> Source {
    let mut source = Source::new("--set", format!("{path}={value}"), Folder::Disk("".into()));
    source.dialect = crate::source::Dialect::Ron;
    source
}

/// A path on disk is never above the folder it starts from.
pub(crate) fn stays_inside(text: &str) -> bool {
    use std::path::Component;
    Path::new(text).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        && !text.contains('\\')
}

/// Refuses a name that leads out of the folder.
pub(crate) fn refuse_outside(field: &str, text: &str, path: &str, at: At) -> Raised {
    let message = format!(
        "{} leads out of the site's folder: {field} names a file in it, or something built in",
        crate::node::quoted(text)
    );
    Raised::error(code::INHERITANCE, path, at, message)
}
