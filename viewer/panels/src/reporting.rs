//! The report of the run that is shown, with the picture of the view in it, made on a thread of its own.
//!
//! The report is the engine's, word for word what `isotherm report` makes of the run; the picture is a section more. A run
//! that was calculated here is written into a folder for a while, as `isotherm run` does, and read from there.

use crate::bench::Shown;
use crate::figures::Finished;
use engine::report::document::{Block, Cell, Column, Document, Figure, Language, Row, Section, Table};
use engine::report::{html, profiles};
use engine::scenario::{Case, Scenario};
use engine::study::read::{Run, SITE_FILE};
use engine::study::report;
use engine::study::write::{Fingerprint, Provenance, RunDirectory, TableError, WriteError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

/// A picture as PNG.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Its bytes.
    pub png: Vec<u8>,
    /// Pixels across and up.
    pub size: [u32; 2],
}

/// What is said of the picture: caption, what it shows for who cannot see it, and rows of name and value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Title of the section.
    pub title: String,
    /// The finding.
    pub caption: String,
    /// In words.
    pub alt: String,
    /// Headings of the two columns.
    pub columns: [String; 2],
    /// What was looked at, when, and the figures at the cursor.
    pub rows: Vec<[String; 2]>,
}

/// A report that is being made.
#[derive(Debug)]
pub struct Reporting {
    /// Never locked: whoever asks has it alone.
    answer: Mutex<Receiver<Result<PathBuf, String>>>,
}

impl Reporting {
    /// Begins. The file will stand at `path`.
    ///
    /// # Errors
    /// Key of the sentence that says why not.
    pub fn start(
        shown: &Shown,
        language: Language,
        picture: Option<(Picture, Said)>,
        path: PathBuf,
    ) -> Result<Self, &'static str> {
        let finished = shown.finished.clone().ok_or("report-goes-on")?;
        let folder = shown.written.as_ref().map(|written| written.folder.clone());
        let (scenario, case) = (Arc::clone(&shown.scenario), Arc::clone(&shown.case));
        let (sender, answer) = channel();
        let work = move || {
            let made = catch_unwind(AssertUnwindSafe(|| {
                let text = match &folder {
                    Some(folder) => of_folder(folder, language, picture),
                    None => of_calculated(&scenario, &case, &finished, language, picture),
                }?;
                crate::files::write(&path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
                Ok(path)
            }));
            let made = made.unwrap_or_else(|_| {
                Err("internal error: this is a fault of isotherm, not of your input".to_owned())
            });
            // Nobody may be listening any more.
            drop(sender.send(made));
        };
        let spawned = thread::Builder::new().name("report".into()).spawn(work);
        spawned.map(|_| Reporting { answer: Mutex::new(answer) }).map_err(|_| "report-no-thread")
    }

    /// Where the file is, or why there is none, once that is known.
    pub fn poll(&mut self) -> Option<Result<PathBuf, String>> {
        match self.answer.get_mut().ok()?.try_recv() {
            Ok(made) => Some(made),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err("the report ended without a word".into())),
        }
    }
}

fn of_folder(folder: &Path, language: Language, picture: Option<(Picture, Said)>) -> Result<String, String> {
    let run = Run::open(folder).map_err(|error| error.to_string())?;
    let chosen = profiles::choose(profiles::DEFAULT.split(',')).map_err(|problems| {
        problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
    })?;
    let mut document = engine::report::make(&run, &chosen, language).map_err(|error| error.to_string())?;
    if let Some((picture, said)) = picture {
        add(&mut document, &picture, said);
    }
    html::text(&document, None).map_err(|error| error.to_string())
}

fn of_calculated(
    scenario: &Scenario,
    case: &Case,
    finished: &Finished,
    language: Language,
    picture: Option<(Picture, Said)>,
) -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("isotherm-report-{}-{}", std::process::id(), case.id));
    let made = write(&folder, scenario, case, finished).and_then(|()| of_folder(&folder, language, picture));
    // What is left of it is of no use to anybody.
    let _ = std::fs::remove_dir_all(&folder);
    made
}

/// Writes a run that was calculated here, as `isotherm run` does.
fn write(folder: &Path, scenario: &Scenario, case: &Case, finished: &Finished) -> Result<(), String> {
    let Some((summary, outcome)) = finished.calculated.as_deref() else {
        return Err("this run was read, not calculated".to_owned());
    };
    let (table, disk) = (|error: TableError| error.to_string(), |error: WriteError| error.to_string());
    let mut tables = vec![
        ("series", report::series(outcome).map_err(table)?),
        ("racks", report::racks(&summary.racks).map_err(table)?),
    ];
    tables.extend(outcome.events.table().map_err(table)?.map(|of| ("thresholds", of)));
    if let Some(inside) = &outcome.inside {
        tables.extend(inside.tables().map_err(table)?);
    }
    let names: Vec<String> = tables.iter().map(|(name, _)| format!("{name}.parquet")).collect();
    let reserved: Vec<&str> =
        ["summary.json", SITE_FILE].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut run = RunDirectory::create(folder, true).map_err(disk)?;
    run.write_json("summary.json", &report::summary_json(case, outcome, summary)).map_err(disk)?;
    for (name, (_, table)) in names.iter().zip(&tables) {
        run.write_parquet(name, table).map_err(disk)?;
    }
    let site = scenario.packed(&reserved);
    run.write_bytes(SITE_FILE, site.text.as_bytes()).map_err(disk)?;
    for (name, bytes) in &site.files {
        run.write_bytes(name, bytes).map_err(disk)?;
    }
    let now = SystemTime::now();
    let inputs = case.inputs.iter().map(|input| Fingerprint::of(&input.name, &input.bytes)).collect();
    let settings = serde_json::json!({ "site": case.id, "set": [] });
    let (seed, threads) = (case.run.seed, case.run.threads);
    run.commit(Provenance { started: now, finished: now, seed, threads, inputs, settings }).map_err(disk)?;
    Ok(())
}

/// Puts the picture into the report, behind its first section.
fn add(document: &mut Document, picture: &Picture, said: Said) {
    const ID: &str = "view";
    let [width, height] = picture.size.map(f64::from);
    // As wide as other figures, however many pixels it has.
    let shown = [720.0, 720.0 * height / width.max(1.0)];
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{}\" height=\"{:.0}\" viewBox=\"0 0 {width} {height}\">\
         <title>{}</title><desc>{}</desc><image width=\"{width}\" height=\"{height}\" href=\"data:image/png;base64,{}\"/></svg>",
        shown[0],
        shown[1],
        escaped(&said.caption),
        escaped(&said.alt),
        base64(&picture.png)
    );
    let [name, value] = said.columns;
    let row = |[name, value]: [String; 2]| Row::body(vec![Cell::text(name), Cell::text(value)]);
    let table = Table {
        id: ID.to_owned(),
        caption: said.caption.clone(),
        columns: vec![Column::text("name", name), Column::text("value", value)],
        rows: said.rows.into_iter().map(row).collect(),
        remarks: Vec::new(),
    };
    let figure = Figure {
        id: format!("{ID}-picture"),
        caption: said.caption,
        alt: said.alt,
        svg,
        width_px: shown[0],
        height_px: shown[1],
        table,
    };
    let section =
        Section { id: ID.to_owned(), title: said.title, blocks: vec![Block::Figure(Box::new(figure))] };
    document.sections.insert(1.min(document.sections.len()), section);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let of = |k: usize| u32::from(part.get(k).copied().unwrap_or(0));
        let word = of(0) << 16 | of(1) << 8 | of(2);
        for k in 0..4 {
            let six = (word >> (18 - 6 * k)) & 63;
            text.push(if k > part.len() { '=' } else { char::from(LETTERS[six as usize]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // Test vectors of RFC 4648, section 10.
        let all = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(all, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
    }
}
