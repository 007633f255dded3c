//! The window: what is open, how it is looked at, and what the person at it wants.
//!
//! Panels are functions of plain data that give back [`Action`]s; [`Window::act`] is the one place that carries them
//! out.

use crate::bench::{Bench, Shown, Standing};
use crate::export::Export;
use crate::look::Look;
use crate::memory::Memory;
use crate::palette::{NOTHING, Palette};
use crate::panels;
use crate::shade::{Shade, Span};
use egui::{Rect, Ui};
use engine::scenario::Problem;
use engine::study::racks::RackFigures;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Chips are coloured on this scale where racks show something else [°C].
const JUNCTIONS: Span = Span { low: 20.0, high: 100.0 };

/// Something in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pick {
    /// A rack: which rows, which of them.
    Rack {
        /// Index into [`Floor::rows`](crate::place::Floor::rows).
        rows: usize,
        /// Index into its racks.
        rack: usize,
    },
    /// A machine: index into [`Floor::machines`](crate::place::Floor::machines).
    Machine(usize),
}

/// Where the camera is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// From above a corner.
    Iso,
    /// From above.
    Top,
    /// Along the rows.
    Front,
    /// The yard.
    Yard,
    /// The front of the selected rack.
    Rack,
}

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 5] = [Preset::Iso, Preset::Top, Preset::Front, Preset::Yard, Preset::Rack];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Preset::Iso => "iso",
            Preset::Top => "top",
            Preset::Front => "front",
            Preset::Yard => "yard",
            Preset::Rack => "rack",
        }
    }
}

/// How the open site is looked at.
#[derive(Debug, Clone)]
pub struct View {
    /// What the racks are coloured by.
    pub shade: Shade,
    /// With which colours.
    pub palette: Palette,
    /// Ends of the scale that the person chose.
    pub fixed: Option<Span>,
    /// Ends around everything the run has recorded, and the one before it.
    pub around: Option<Span>,
    /// What the ends were made of: shade, revision, rows.
    made_of: (Shade, u64, usize),
    /// What is selected.
    pub selected: Option<Pick>,
    /// Names above the racks and machines.
    pub labels: bool,
    /// Floor of the aisles tinted by air temperature.
    pub aisles: bool,
    /// Machines and the yard.
    pub plant: bool,
    /// Whether the run before the last change is shown in place of the last one.
    pub before: bool,
    /// Whether the selected rack is open: its row alone, with its chips on the front.
    pub open: bool,
    /// Whether both runs stand side by side.
    pub beside: bool,
    /// Where the camera is to go next.
    pub preset: Option<Preset>,
    /// Text that the rack table is filtered by.
    pub filter: String,
    /// Column of the rack table, and whether downwards.
    pub order: (usize, bool),
    /// Whether the overlay of keys is open.
    pub keys: bool,
    /// Whether the settings are open.
    pub settings: bool,
}

impl Default for View {
    fn default() -> Self {
        View {
            shade: Shade::default(),
            palette: Palette::default(),
            fixed: None,
            around: None,
            made_of: (Shade::default(), 0, 0),
            selected: None,
            labels: true,
            aisles: true,
            plant: true,
            before: false,
            open: false,
            beside: false,
            preset: Some(Preset::Iso),
            filter: String::new(),
            order: (0, false),
            keys: false,
            settings: false,
        }
    }
}

impl View {
    /// Ends of the colour scale.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.fixed.or(self.around)
    }
}

/// What the person at the window wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a site file or a built-in site.
    Open(PathBuf),
    /// Goes back to the start screen.
    Close,
    /// Selects something, or nothing.
    Select(Option<Pick>),
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
                if path.is_file() {
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
        let made_of =
            (self.view.shade, bench.revision, sampled(bench.shown.record.times.len(), &bench.shown.standing));
        if self.view.made_of != made_of {
            self.view.made_of = made_of;
            self.view.around = around(self.view.shade, bench);
        }
    }

    /// Whether the picture changes by itself: a run goes on, or time passes.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        let Some(bench) = &self.bench else { return false };
        bench.playback.playing
            || bench.shown.is_running()
            || bench.before.as_ref().is_some_and(Shown::is_running)
    }

    /// The run that is shown: the last one, or the one before it.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        let bench = self.bench.as_ref()?;
        bench.before.as_ref().filter(|_| self.view.before).or(Some(&bench.shown))
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
            Action::Close => self.bench = None,
            Action::Select(pick) => {
                self.view.selected = pick;
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
            }
            Action::Redo => {
                self.said = bench.can_redo().map(|what| self.look.with("said-redo", &[("what", what)]));
                bench.redo();
                self.drafts.clear();
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

    /// Shows the chips of the selected rack, or the hall again.
    pub fn open_rack(&mut self) {
        if self.view.open || !matches!(self.view.selected, Some(Pick::Rack { .. })) {
            self.close_rack();
        } else {
            (self.view.open, self.view.preset) = (true, Some(Preset::Rack));
        }
    }

    fn close_rack(&mut self) {
        (self.view.open, self.view.preset) = (false, Some(Preset::Iso));
    }

    /// What has this name: a rack `hall[3]`, a machine `cdu` or `cdu[1]`; or of which it is a part: `hall.accelerator`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Pick> {
        let shown = self.shown()?;
        let whole = name.split(['.', ':']).next().unwrap_or(name);
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
    let group = *shown.floor.rows.get(rows)?.groups.get(rack)?;
    let row = shown.record.row(time)?;
    shown.sensors.value(shade, group, &shown.record, row, figures(shown))
}

/// Figures of the racks, when they are known.
#[must_use]
pub fn figures(shown: &Shown) -> Option<&[RackFigures]> {
    shown.finished.as_ref().map(|finished| finished.summary.racks.as_slice())
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
    let runs = std::iter::once(&bench.shown).chain(&bench.before);
    let values = runs.flat_map(|shown| {
        let rows = if shade.of_run() { shown.record.times.len().min(1) } else { shown.record.times.len() };
        let groups = shown.case.plant.groups.len();
        let each = (0..rows).flat_map(move |row| (0..groups).map(move |group| (row, group)));
        each.filter_map(move |(row, group)| {
            shown.sensors.value(shade, group, &shown.record, row, figures(shown))
        })
    });
    Span::around(values, shade.least_span())
}
