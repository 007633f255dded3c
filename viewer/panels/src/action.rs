//! What the person at the window wants, and the one place that carries it out.

use crate::bench::{Arrange, Slot};
use crate::compose::Composer;
use crate::export::Export;
use crate::panels;
use crate::view::{Pick, Preset};
use crate::window::Window;
use std::path::PathBuf;

/// What the person at the window wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a site file, a built-in site, or a run.
    Open(PathBuf),
    /// Goes back to the start screen.
    Close,
    /// Selects something alone, or nothing.
    Select(Option<Pick>),
    /// Selects a rack besides the others, or no more.
    Toggle(Pick),
    /// Selects the racks from the selected one to this one.
    Reach(Pick),
    /// Selects the racks that the table shows.
    SelectShown,
    /// Does something with the selected racks, or with a component.
    Arrange(Arrange),
    /// Keeps the site as it is under a name.
    Keep(String),
    /// Makes the site what it was in a snapshot.
    Restore(usize),
    /// Forgets a snapshot.
    Forget(usize),
    /// Compares two runs.
    Compare(Slot, Slot),
    /// Finds what each position can still take.
    Survey,
    /// Begins to put a component of any kind together, or gives it up.
    Compose(bool),
    /// Adds the component that is being put together.
    AddFresh,
    /// Ends the run at the step at hand.
    Cancel,
    /// Lets the grid fail at the cursor, for so many minutes.
    Outage(u32),
    /// Gives a field a value.
    Set {
        /// The field.
        path: String,
        /// As typed.
        text: String,
    },
    /// Trips a machine at the cursor.
    Trip(String),
    /// Takes back.
    Undo,
    /// Does again.
    Redo,
    /// Saves, under another name if one is given.
    Save(Option<PathBuf>),
    /// Puts the cursor somewhere.
    Seek(f64),
    /// Opens the selected rack, or shuts it.
    OpenRack,
    /// Looks at a server of the open rack, or at all of them.
    Server(Option<usize>),
    /// Looks at a chip of that server, or at all of them.
    Chip(Option<usize>),
    /// Gives something to other programs, as a file in the working folder.
    Export(Export),
    /// Starts or stops.
    Play,
    /// Takes up what an earlier session did not save.
    Recover,
    /// Forgets it.
    Discard,
}

impl Window {
    /// Carries out what is wanted.
    pub fn act(&mut self, action: Action) {
        if let Action::Open(path) = &action {
            self.open(path, &[]);
            return;
        }
        if let Action::Export(export) = action {
            if export.needs_picture() {
                // What was said last is no part of the picture.
                (self.asked, self.said) = (self.bench.as_ref().map(|_| export), None);
            } else {
                self.said = Some(self.told(export.write(self, std::path::Path::new(""))));
            }
            return;
        }
        let Some(bench) = &mut self.bench else { return };
        match action {
            Action::Open(_) | Action::Export(_) => {}
            Action::Close => (self.bench, self.here, self.composer) = (None, None, None),
            Action::Toggle(pick) => self.view.toggle(pick),
            Action::Reach(pick) => self.view.reach(pick),
            Action::SelectShown => {
                let shown = panels::racks::named(self);
                self.view.select_all(shown.into_iter().map(|(rows, rack, _)| Pick::Rack { rows, rack }));
            }
            Action::Arrange(what) => self.arrange(&what),
            Action::Keep(name) => {
                self.said = Some(match bench.take_snapshot(&name) {
                    Ok(()) => self.look.with("said-kept", &[("name", name.trim())]),
                    Err(key) => self.look.t(key),
                });
                self.naming.clear();
            }
            Action::Restore(index) => {
                let name = bench.snapshots.get(index).map_or_else(String::new, |kept| kept.name.clone());
                if bench.restore(index) {
                    self.said = Some(self.look.with("said-restored", &[("name", &name)]));
                    self.drafts.clear();
                    self.settle();
                }
            }
            Action::Survey => bench.shown.survey(),
            Action::Compose(open) => self.composer = open.then(|| Composer::of(&bench.scenario)),
            Action::AddFresh => {
                let Some(composer) = &mut self.composer else { return };
                match composer.edit() {
                    Ok((what, edit)) if bench.change(&what, &edit) => {
                        let id = composer.fresh.id.clone();
                        self.composer = None;
                        self.said = Some(self.look.with("said-set", &[("what", &what)]));
                        self.view.select(self.find(&id));
                    }
                    Ok(_) => composer.problems.clone_from(&bench.problems),
                    Err(problem) => composer.problems = vec![problem],
                }
            }
            Action::Cancel => bench.shown.cancel(),
            Action::Outage(minutes) => {
                let (clock, long) = (engine::study::notes::clock(bench.playback.time()), minutes.to_string());
                let done = bench.outage(minutes);
                let said = || self.look.with("said-outage", &[("when", &clock), ("minutes", &long)]);
                self.said = done.then(said);
            }
            Action::Forget(index) => bench.drop_snapshot(index),
            Action::Compare(left, right) => {
                bench.compare(left, right);
                self.settle();
            }
            Action::Select(pick) => {
                self.view.select(pick);
                if !matches!(pick, Some(Pick::Rack { .. })) && self.view.open {
                    self.close_rack();
                }
            }
            Action::OpenRack => self.open_rack(),
            Action::Server(server) => {
                (self.view.server, self.view.chip) = (server, None);
                self.view.preset = Some(Preset::Rack);
            }
            Action::Chip(chip) => self.view.chip = chip,
            Action::Set { path, text } => {
                let done = bench.set(&path, &text);
                self.said =
                    done.then(|| self.look.with("said-set", &[("what", &format!("{path} = {text}"))]));
                if done {
                    self.drafts.remove(&path);
                    self.settle();
                }
            }
            Action::Trip(what) => {
                let clock = engine::study::notes::clock(bench.playback.time());
                let done = bench.trip(&what);
                self.said = done.then(|| self.look.with("said-trip", &[("what", &what), ("when", &clock)]));
            }
            Action::Undo => {
                self.said = bench.can_undo().map(|what| self.look.with("said-undo", &[("what", what)]));
                bench.undo();
                self.drafts.clear();
                self.settle();
            }
            Action::Redo => {
                self.said = bench.can_redo().map(|what| self.look.with("said-redo", &[("what", what)]));
                bench.redo();
                self.drafts.clear();
                self.settle();
            }
            Action::Save(to) => {
                self.said = Some(match bench.save(to.as_deref()) {
                    Ok(path) => self.look.with("said-saved", &[("file", &path.display().to_string())]),
                    Err(error) => error,
                });
            }
            Action::Seek(time) => bench.playback.seek(time),
            Action::Play => bench.playback.toggle(),
            Action::Recover => bench.recover(),
            Action::Discard => bench.discard(),
        }
    }

    /// Arranges racks or components, and selects what has changed.
    fn arrange(&mut self, what: &Arrange) {
        let racks = self.racks();
        let Some(bench) = &mut self.bench else { return };
        let Some(id) = bench.arrange(what, &racks) else { return };
        self.said = bench.can_undo().map(|what| self.look.with("said-set", &[("what", what)]));
        self.drafts.clear();
        let floor = std::sync::Arc::clone(&bench.shown.floor);
        self.close_rack();
        self.view.select(None);
        let rows = floor.rows.iter().position(|rows| rows.hall == id);
        match (rows, what) {
            (
                Some(rows),
                Arrange::AddLike(_) | Arrange::Exchange(_) | Arrange::Cool { .. } | Arrange::Part,
            ) => {
                let all = floor.rows[rows].racks.len();
                self.view.select_all((0..all).map(|rack| Pick::Rack { rows, rack }));
            }
            _ => self.view.select(self.find(&id)),
        }
    }

    /// Forgets what is selected and no longer there.
    fn settle(&mut self) {
        let Some(shown) = self.shown() else { return };
        let floor = std::sync::Arc::clone(&shown.floor);
        let there = |pick: &Pick| match *pick {
            Pick::Rack { rows, rack } => floor.rows.get(rows).is_some_and(|rows| rack < rows.racks.len()),
            Pick::Machine(k) => k < floor.machines.len(),
        };
        self.view.also.retain(|pick| there(pick));
        if !self.view.selected.as_ref().is_none_or(there) {
            self.view.selected = self.view.also.pop_first();
        }
        if self.view.selected.is_none() && self.view.open {
            self.close_rack();
        }
    }
}
