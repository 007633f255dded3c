//! The window: what is open, how it is looked at, and what the person at it wants.
//!
//! Panels are functions of plain data that give back [`Action`]s; [`Window::act`] is the one place that carries them
//! out.

pub use crate::action::Action;
use crate::bench::{Bench, Shown, Slot};
pub use crate::colours::value;
use crate::colours::{around, sampled};
use crate::compose::Composer;
use crate::export::{Export, said};
use crate::look::Look;
use crate::memory::Memory;
use crate::panels;
use crate::reporting::{Picture, Reporting};
pub use crate::view::{Lower, Pick, Preset, View};
use egui::{Rect, Ui};
use engine::scenario::Problem;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The window.
#[derive(Debug, Default)]
pub struct Window {
    /// What is open.
    pub bench: Option<Bench>,
    /// How it is looked at.
    pub view: View,
    /// How things are said and shown.
    pub look: Look,
    /// What is remembered between sessions.
    pub memory: Memory,
    /// What is typed and not yet meant: by path.
    pub drafts: BTreeMap<String, String>,
    /// What is typed on the start screen.
    pub typed: String,
    /// The name for the next snapshot.
    pub naming: String,
    /// Sites and runs in the working folder, once they have been looked for.
    pub here: Option<Vec<PathBuf>>,
    /// Where changes of sites that come with the program are kept against a crash.
    pub keep_in: Option<PathBuf>,
    /// What is wrong with what should have been opened.
    pub refused: Vec<Problem>,
    /// The last thing that is worth a sentence.
    pub said: Option<String>,
    /// What waits for a picture of the window, which whoever draws it hands in: see [`pictured`](Self::pictured).
    pub asked: Option<Export>,
    /// A report that is being made.
    pub reporting: Option<Reporting>,
    /// A component that is being composed.
    pub composer: Option<Composer>,
}

impl Window {
    /// Opens a site.
    pub fn open(&mut self, path: &Path, settings: &[(String, String)]) -> bool {
        match Bench::open(path, settings) {
            Ok(mut bench) => {
                if let Some(folder) = &self.keep_in {
                    bench.keep_in(folder.clone());
                }
                self.bench = Some(bench);
                self.view = View { palette: self.view.palette, shade: self.view.shade, ..View::default() };
                self.drafts.clear();
                self.refused.clear();
                self.said = None;
                if path.is_file() || crate::bench::is_run(path) {
                    self.memory.opened(path);
                    self.memory.keep(&self.look);
                }
                true
            }
            Err(problems) => {
                self.refused = problems;
                false
            }
        }
    }

    /// Lets so many seconds of the clock pass, and takes over what runs have said.
    pub fn pass(&mut self, seconds: f64) {
        if let Some(made) = self.reporting.as_mut().and_then(Reporting::poll) {
            self.reporting = None;
            self.said = Some(self.told(made));
        }
        let Some(bench) = &mut self.bench else { return };
        bench.poll();
        bench.playback.pass(seconds);
        if self.view.shade.of_survey() {
            bench.shown.survey();
            bench
                .before
                .as_mut()
                .filter(|_| self.view.beside || self.view.before)
                .into_iter()
                .for_each(Shown::survey);
        }
        let rows = sampled(bench.current().record.times.len(), &bench.current().standing);
        // Another pair of runs, or a survey that has ended, makes other ends.
        let known = std::iter::once(bench.current())
            .chain(bench.compared())
            .filter(|s| s.surveying.known().is_some())
            .count();
        let pair = [bench.left, bench.right].map(|slot| match slot {
            Slot::Now => 0,
            Slot::Before => 1,
            Slot::Kept(k) => 2 + k,
        });
        let made_of =
            (self.view.shade, bench.revision, rows + 1_000_000 * (known + 4 * (pair[0] + 100 * pair[1])));
        if self.view.made_of != made_of {
            self.view.made_of = made_of;
            self.view.around = around(self.view.shade, bench);
        }
    }

    /// Whether the picture changes by itself: a run goes on, or time passes.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        let Some(bench) = &self.bench else { return false };
        bench.playback.playing || bench.is_busy() || self.reporting.is_some()
    }

    /// Takes the picture that was asked for: writes it, or makes the report with it. A report is made without one, too.
    pub fn pictured(&mut self, export: Export, picture: Result<Picture, String>, folder: &Path) {
        let place = export.place(self, folder);
        let said = match (export, place, picture) {
            (_, Err(error), _) => Some(error),
            (Export::Report, Ok(path), picture) => {
                let picture = picture.ok().map(|picture| (picture, said(self)));
                let language = self.look.language();
                let begun = self.shown().map(|shown| Reporting::start(shown, language, picture, path));
                match begun {
                    Some(Ok(reporting)) => {
                        self.reporting = Some(reporting);
                        Some(self.look.t("report-begins"))
                    }
                    Some(Err(key)) => Some(self.look.t(key)),
                    None => None,
                }
            }
            (_, _, Err(error)) => Some(error),
            (_, Ok(path), Ok(picture)) => {
                let written = crate::files::write_bytes(&path, &picture.png);
                let written = written.map_err(|error| format!("{}: {error}", path.display()));
                Some(self.told(written.map(|()| path)))
            }
        };
        self.said = said.or(self.said.take());
    }

    /// Where something was written, or why not.
    pub(crate) fn told(&self, written: Result<PathBuf, String>) -> String {
        match written {
            Ok(path) => {
                let path = std::path::absolute(&path).unwrap_or(path);
                self.look.with("said-saved", &[("file", &path.display().to_string())])
            }
            Err(error) => error,
        }
    }

    /// The run that is shown: the last one, or the one that it is compared with.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        let bench = self.bench.as_ref()?;
        bench.compared().filter(|_| self.view.before).or(Some(bench.current()))
    }

    /// The selected racks by the group that declares them.
    #[must_use]
    pub fn racks(&self) -> Vec<(String, Vec<u32>)> {
        let Some(shown) = self.shown() else { return Vec::new() };
        let mut racks: Vec<(String, Vec<u32>)> = Vec::new();
        for pick in self.view.picks() {
            let Pick::Rack { rows, rack } = pick else { continue };
            let Some(of) = shown.floor.rows.get(rows) else { continue };
            match racks.last_mut().filter(|(hall, _)| *hall == of.hall) {
                Some((_, all)) => all.push(rack as u32),
                None => racks.push((of.hall.clone(), vec![rack as u32])),
            }
        }
        racks
    }

    /// Draws everything but the picture; where the picture goes.
    pub fn ui(&mut self, ui: &mut Ui) -> Rect {
        let mut actions = Vec::new();
        if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::F1)) {
            self.view.command = if self.view.command.is_some() { None } else { Some(Default::default()) };
        }
        let picture = if self.bench.is_some() {
            panels::keys::listen(ui, self, &mut actions);
            panels::top::show(ui, self, &mut actions);
            panels::bottom::show(ui, self, &mut actions);
            panels::left::show(ui, self, &mut actions);
            panels::right::show(ui, self, &mut actions);
            let picture = ui.available_rect_before_wrap();
            panels::legend::show(ui, self, picture);
            panels::banner::show(ui, self, picture, &mut actions);
            panels::keys::overlay(ui, self);
            panels::settings::overlay(ui, self);
            panels::compose::overlay(ui, self, &mut actions);
            panels::commands::overlay(ui, self, &mut actions);
            picture
        } else {
            panels::start::show(ui, self, &mut actions);
            panels::settings::overlay(ui, self);
            panels::commands::overlay(ui, self, &mut actions);
            Rect::NOTHING
        };
        for action in actions {
            self.act(action);
        }
        picture
    }

    /// Shows the chips of the selected rack, or the hall again.
    pub fn open_rack(&mut self) {
        if self.view.open || !matches!(self.view.selected, Some(Pick::Rack { .. })) {
            self.close_rack();
        } else {
            (self.view.open, self.view.preset) = (true, Some(Preset::Rack));
        }
    }

    pub(crate) fn close_rack(&mut self) {
        (self.view.server, self.view.chip) = (None, None);
        if self.view.open {
            (self.view.open, self.view.preset) = (false, Some(Preset::Iso));
        }
    }

    /// How far down its rack the server is that is looked at: 0 at the top, 1 at the floor.
    #[must_use]
    pub fn server_share(&self) -> Option<f32> {
        let (server, (rows, rack)) = (self.view.server?, self.opened()?);
        let kinds = crate::chips::of_rack(self.shown()?, rows, rack, self.bench.as_ref()?.playback.time());
        let trays = |kind: &crate::chips::Chips| {
            kind.junctions.len().div_ceil(crate::chips::per_tray(kind.junctions.len()))
        };
        let all: usize = kinds.iter().map(trays).sum();
        Some((server as f32 + 0.5) / all.max(1) as f32)
    }

    /// What has this name: a rack `hall[3]`, a machine `cdu` or `cdu[1]`; or of which it is a part: `hall.accelerator`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Pick> {
        let shown = self.shown()?;
        let whole = name.split('.').next().unwrap_or(name);
        let (id, index) = match whole.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((id, index)) => (id, index.parse::<usize>().ok()?),
            None => (whole, 0),
        };
        let rack = shown.floor.rows.iter().position(|rows| rows.hall == id);
        if let Some(rows) = rack.filter(|&rows| index < shown.floor.rows[rows].racks.len()) {
            return Some(Pick::Rack { rows, rack: index });
        }
        let of = |unit: usize| shown.case.plant.units[unit].id.as_str();
        // Machines that events tell apart have their number in the name.
        let mut machines = shown.floor.machines.iter();
        let found =
            machines.position(|&(unit, copy, _)| of(unit) == whole || (of(unit) == id && copy == index));
        found.map(Pick::Machine)
    }

    /// As [`find`](Self::find); of racks in a row, `hall[3-7]`, all.
    #[must_use]
    pub fn find_all(&self, name: &str) -> Vec<Pick> {
        let range = name.strip_suffix(']').and_then(|name| name.split_once('['));
        let ends = range.and_then(|(hall, range)| Some((hall, range.split_once('-')?)));
        let Some((hall, (from, to))) = ends else { return self.find(name).into_iter().collect() };
        let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) else { return Vec::new() };
        let to = to.min(from.saturating_add(100_000));
        (from..=to).map_while(|k| self.find(&format!("{hall}[{k}]"))).collect()
    }

    /// The rack that is open: which rows, which of them.
    #[must_use]
    pub fn opened(&self) -> Option<(usize, usize)> {
        match self.view.selected {
            Some(Pick::Rack { rows, rack }) if self.view.open => Some((rows, rack)),
            _ => None,
        }
    }
}
