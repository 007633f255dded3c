//! The window: what is open, how it is looked at, and what the person at it wants.
//!
//! Panels are functions of plain data that give back [`Action`]s; [`Window::act`] is the one place that carries them
//! out.

use crate::bench::{Arrange, Bench, Shown, Slot, Standing};
use crate::export::Export;
use crate::look::Look;
use crate::memory::Memory;
use crate::palette::{BINDS, NOTHING};
use crate::panels;
use crate::shade::{Shade, Span};
pub use crate::view::{Lower, Pick, Preset, View};
use egui::{Rect, Ui};
use engine::scenario::Problem;
use engine::study::capacity::Kind;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Chips are coloured on this scale where racks show something else [°C].
const JUNCTIONS: Span = Span { low: 20.0, high: 100.0 };

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
    /// Gives something to other programs, as a file in the working folder.
    Export(Export),
    /// Starts or stops.
    Play,
    /// Takes up what an earlier session did not save.
    Recover,
    /// Forgets it.
    Discard,
}

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
}

impl Window {
    /// Opens a site.
    pub fn open(&mut self, path: &std::path::Path, settings: &[(String, String)]) -> bool {
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
        bench.playback.playing || bench.is_busy()
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
            picture
        } else {
            panels::start::show(ui, self, &mut actions);
            panels::settings::overlay(ui, self);
            Rect::NOTHING
        };
        for action in actions {
            self.act(action);
        }
        picture
    }

    /// Carries out what is wanted.
    pub fn act(&mut self, action: Action) {
        if let Action::Open(path) = &action {
            self.open(path, &[]);
            return;
        }
        if let Action::Export(export) = action {
            self.said = Some(match export.write(self, std::path::Path::new("")) {
                Ok(path) => self.look.with("said-saved", &[("file", &path.display().to_string())]),
                Err(error) => error,
            });
            return;
        }
        let Some(bench) = &mut self.bench else { return };
        match action {
            Action::Open(_) | Action::Export(_) => {}
            Action::Close => (self.bench, self.here) = (None, None),
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

    /// Shows the chips of the selected rack, or the hall again.
    pub fn open_rack(&mut self) {
        if self.view.open || !matches!(self.view.selected, Some(Pick::Rack { .. })) {
            self.close_rack();
        } else {
            (self.view.open, self.view.preset) = (true, Some(Preset::Rack));
        }
    }

    fn close_rack(&mut self) {
        if self.view.open {
            (self.view.open, self.view.preset) = (false, Some(Preset::Iso));
        }
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

    /// The colour of a value, sRGB.
    #[must_use]
    pub fn colour_of(&self, value: Option<f64>) -> [u8; 3] {
        if self.view.shade == Shade::Binds {
            let kind = value.map(|value| value as usize).and_then(|kind| BINDS.get(kind));
            return kind.copied().unwrap_or(NOTHING);
        }
        match (value, self.view.span()) {
            (Some(value), Some(span)) => self.view.palette.at(span.share(value)),
            _ => NOTHING,
        }
    }

    /// The colour of a junction: on the scale of the picture where racks are coloured by junctions, else on one from 20
    /// to 100 °C.
    #[must_use]
    pub fn junction_colour(&self, celsius: Option<f64>) -> [u8; 3] {
        if self.view.shade == Shade::Junction {
            return self.colour_of(celsius);
        }
        celsius.map_or(NOTHING, |celsius| self.view.palette.at(JUNCTIONS.share(celsius)))
    }

    /// The value of a rack at the cursor, in the unit of the shade.
    #[must_use]
    pub fn value(&self, shade: Shade, rows: usize, rack: usize) -> Option<f64> {
        let bench = self.bench.as_ref()?;
        value(self.shown()?, shade, rows, rack, bench.playback.time())
    }

    /// The colour of a rack at the cursor, sRGB.
    #[must_use]
    pub fn colour(&self, rows: usize, rack: usize) -> [u8; 3] {
        self.colour_of(self.value(self.view.shade, rows, rack))
    }
}

/// The value of a rack at a time.
#[must_use]
pub fn value(shown: &Shown, shade: Shade, rows: usize, rack: usize, time: f64) -> Option<f64> {
    let of = shown.floor.rows.get(rows)?;
    let group = *of.groups.get(rack)?;
    match shade {
        Shade::Room => return Some(shown.room(&of.hall)?.watts() / 1000.0),
        Shade::Binds => {
            let (first, headroom) = shown.room(&of.hall)?.first();
            headroom.bound.as_ref()?;
            return Kind::ALL.iter().position(|&kind| kind == first).map(|k| k as f64);
        }
        _ => {}
    }
    let row = shown.record.row(time)?;
    shown.sensors.value(shade, group, &shown.record, row, shown.figures(group))
}

/// Rows that the ends of a scale are made of: not every new row makes them anew.
fn sampled(rows: usize, standing: &Standing) -> usize {
    match standing {
        Standing::Running(_) => usize::BITS as usize - rows.leading_zeros() as usize,
        _ => rows + 64,
    }
}

/// Ends around both runs, so that before and after share one scale.
fn around(shade: Shade, bench: &Bench) -> Option<Span> {
    let runs = std::iter::once(bench.current()).chain(bench.compared());
    if shade.of_survey() {
        // From nothing on: it is an amount.
        let rooms = runs.filter_map(|shown| shown.surveying.known()).flat_map(|survey| &survey.rooms);
        let watts = rooms.map(|room| room.watts() / 1000.0);
        let most = watts.fold(shade.least_span(), f64::max);
        return Span::around([0.0, most].into_iter(), 0.0);
    }
    let values = runs.flat_map(|shown| {
        let rows = if shade.of_run() { shown.record.times.len().min(1) } else { shown.record.times.len() };
        let groups = shown.case.plant.groups.len();
        let each = (0..rows).flat_map(move |row| (0..groups).map(move |group| (row, group)));
        each.filter_map(move |(row, group)| {
            shown.sensors.value(shade, group, &shown.record, row, shown.figures(group))
        })
    });
    Span::around(values, shade.least_span())
}
