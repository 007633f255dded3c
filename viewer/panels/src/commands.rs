//! Everything that can be done, by name: for who has no pointer, or knows what it is called and not where it is.

use crate::bench::{Arrange, Slot};
use crate::export::Export;
use crate::look::{Look, SIZES};
use crate::palette::Palette;
use crate::shade::Shade;
use crate::view::{Lower, Pick, Preset};
use crate::window::{Action, Window};
use engine::report::document::Language;
use engine::scenario::catalogue::{Shelf, all};
use engine::units::System;

/// What a command does.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It wants something done.
    Act(Action),
    /// It changes how things are looked at.
    See(See),
}

/// How things are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum See {
    /// Racks are coloured by this.
    Shade(Shade),
    /// With these colours.
    Palette(Palette),
    /// The ends of the scale are held, or follow again.
    Hold,
    /// The camera goes there.
    Preset(Preset),
    /// The lower side shows this.
    Lower(Lower),
    /// Labels, aisles, plant: shown or not.
    Labels,
    /// See [`See::Labels`].
    Aisles,
    /// See [`See::Labels`].
    Plant,
    /// Before or after.
    Before,
    /// Side by side.
    Beside,
    /// The settings.
    Settings,
    /// The keys.
    Keys,
    /// Light or dark.
    Light(bool),
    /// Units.
    Units(bool),
    /// A language.
    Speak(Language),
    /// A size.
    Size(f32),
}

/// A command: what it is called, and what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// In the language of the panels.
    pub name: String,
    /// What it does.
    pub what: What,
}

/// All commands that can be carried out now.
#[must_use]
pub fn all_of(window: &Window) -> Vec<Command> {
    let mut commands = Vec::new();
    let look = &window.look;
    let mut act = |name: String, action: Action| commands.push(Command { name, what: What::Act(action) });
    let Some(bench) = &window.bench else {
        for record in all(Shelf::Sites) {
            act(format!("{}: {}", look.t("open"), record.id), Action::Open(record.id.into()));
        }
        see_all(look, &mut commands);
        return commands;
    };
    act(look.t("sites"), Action::Close);
    if let Some(what) = bench.can_undo() {
        act(format!("{}: {what}", look.t("undo")), Action::Undo);
    }
    if let Some(what) = bench.can_redo() {
        act(format!("{}: {what}", look.t("redo")), Action::Redo);
    }
    act(look.t("save"), Action::Save(None));
    act(look.t("key-play"), Action::Play);
    if bench.shown.is_running() {
        act(look.t("cancel-hint"), Action::Cancel);
    }
    for (export, key) in Export::ALL {
        act(format!("{}: {}", look.t("export"), look.t(key)), Action::Export(export));
    }
    act(look.t("room"), Action::Survey);
    act(look.t("compose-new"), Action::Compose(true));
    act(look.t("select-shown"), Action::SelectShown);
    act(look.t("select-nothing"), Action::Select(None));
    let clock = engine::study::notes::clock(bench.playback.time());
    let minutes = crate::panels::left::OUTAGE;
    let outage = [("minutes", &*minutes.to_string()), ("when", clock.as_str())];
    act(look.with("outage", &outage), Action::Outage(minutes));
    for (k, kept) in bench.snapshots.iter().enumerate() {
        act(look.with("restore-named", &[("name", &kept.name)]), Action::Restore(k));
        act(look.with("forget-named", &[("name", &kept.name)]), Action::Forget(k));
        act(format!("{}: {}", look.t("compare-left"), kept.name), Action::Compare(Slot::Kept(k), Slot::Now));
    }
    if bench.unsaved.is_some() {
        act(look.t("recover"), Action::Recover);
        act(look.t("discard"), Action::Discard);
    }
    for held in window.shown().and_then(|shown| shown.finished.as_ref()).iter().flat_map(|of| &of.targets) {
        if let Some(when) = held.when.filter(|_| !held.met) {
            act(format!("{}: {}", look.t("jump"), held.text), Action::Seek(when));
        }
    }
    match window.view.selected {
        Some(Pick::Rack { .. }) => {
            act(look.t("open-rack"), Action::OpenRack);
            let liquid = |liquid: bool| Action::Arrange(Arrange::Cool { liquid });
            act(look.t("to-cold-plates"), liquid(true));
            act(look.t("to-air"), liquid(false));
            act(look.t("own-group"), Action::Arrange(Arrange::Part));
            act(look.t("remove-racks"), Action::Arrange(Arrange::RemoveRacks));
            for record in all(Shelf::Racks) {
                let name = format!("{}: {}", look.t("template"), record.id);
                act(name, Action::Arrange(Arrange::Exchange(record.id.to_owned())));
            }
            for group in crate::panels::arrange::others(window) {
                let name = format!("{} {group}", look.t("move-to"));
                act(name, Action::Arrange(Arrange::MoveTo(group)));
            }
            for (hall, _) in window.racks() {
                act(look.t("group-like"), Action::Arrange(Arrange::AddLike(format!("racks.{hall}"))));
            }
        }
        Some(pick @ Pick::Machine(machine)) => {
            let of = crate::panels::arrange::products(window, machine);
            for (path, own, record) in
                of.iter().flat_map(|(path, own, all)| all.iter().map(move |r| (path, own, r)))
            {
                if *own != record.id {
                    let set = Action::Set { path: path.clone(), text: record.id.to_owned() };
                    act(format!("{}: {}", look.t("product"), record.id), set);
                }
            }
            if let Some(name) = crate::picture::name_of(window, pick) {
                let path = format!("components.{}", name.split('[').next().unwrap_or(&name));
                act(look.with("trip", &[("what", &name), ("when", &clock)]), Action::Trip(name));
                act(look.t("another-like"), Action::Arrange(Arrange::AddLike(path.clone())));
                act(look.t("take-away"), Action::Arrange(Arrange::TakeAway(path)));
            }
        }
        None => {}
    }
    let seen = |see: See, name: String| Command { name, what: What::See(see) };
    for shade in Shade::ALL {
        commands.push(seen(See::Shade(shade), format!("{}: {}", look.t("coloured-by"), look.shade(shade))));
    }
    for palette in Palette::ALL {
        commands.push(seen(See::Palette(palette), format!("{}: {}", look.t("colours"), palette.name())));
    }
    for preset in Preset::ALL {
        let name = format!("{}: {}", look.t("view"), look.t(&format!("view-{}", preset.name())));
        commands.push(seen(See::Preset(preset), name));
    }
    let lower = [
        (Lower::Courses, "lower-courses"),
        (Lower::FlowsNow, "lower-flows-now"),
        (Lower::FlowsOfRun, "lower-flows-run"),
    ];
    commands.extend(lower.map(|(lower, key)| seen(See::Lower(lower), look.t(key))));
    let layers = [(See::Labels, "labels"), (See::Aisles, "aisles"), (See::Plant, "plant-and-yard")];
    commands.extend(layers.map(|(see, key)| seen(see, format!("{}: {}", look.t("layers"), look.t(key)))));
    commands.push(seen(See::Hold, look.t("hold-scale")));
    if bench.compared().is_some() {
        commands.push(seen(See::Before, look.t("key-before")));
        commands.push(seen(See::Beside, look.t("beside")));
    }
    commands.push(seen(See::Keys, look.t("keys")));
    see_all(look, &mut commands);
    commands
}

/// Settings, which there are without a site, too.
fn see_all(look: &Look, commands: &mut Vec<Command>) {
    let mut seen = |see: See, name: String| commands.push(Command { name, what: What::See(see) });
    seen(See::Settings, look.t("settings"));
    seen(See::Light(false), look.t("dark"));
    seen(See::Light(true), look.t("light"));
    seen(See::Units(false), look.t("units-si"));
    seen(See::Units(true), look.t("units-us"));
    seen(See::Speak(Language::English), "English".into());
    seen(See::Speak(Language::Chinese), "中文".into());
    for size in SIZES {
        seen(See::Size(size), format!("{}: {:.0} %", look.t("size"), 100.0 * size));
    }
}

impl Window {
    /// Looks at things otherwise.
    pub fn see(&mut self, see: See) {
        let view = &mut self.view;
        match see {
            See::Shade(shade) => view.shade = shade,
            See::Palette(palette) => view.palette = palette,
            See::Hold => view.fixed = if view.fixed.is_some() { None } else { view.around },
            See::Preset(preset) => view.preset = Some(preset),
            See::Lower(lower) => view.lower = lower,
            See::Labels => view.labels = !view.labels,
            See::Aisles => view.aisles = !view.aisles,
            See::Plant => view.plant = !view.plant,
            See::Before => view.before = !view.before,
            See::Beside => (view.beside, view.preset) = (!view.beside, Some(Preset::Iso)),
            See::Settings => view.settings = true,
            See::Keys => view.keys = true,
            See::Light(light) => self.look.light = light,
            See::Units(us) => self.look.units = if us { System::Us } else { System::Si },
            See::Speak(language) => self.look.speak(language),
            See::Size(size) => self.look.size = size,
        }
        if matches!(see, See::Light(_) | See::Units(_) | See::Speak(_) | See::Size(_)) {
            self.memory.keep(&self.look);
        }
    }
}
