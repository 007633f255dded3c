//! What the keyboard does.

use crate::bench::Arrange;
use crate::export::Export;
use crate::window::{Action, Lower, Pick, Preset, Window};
use egui::{Key, Modifiers, Ui};
use engine::study::notes::clock;

/// Every key, and the text that says what it does.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "key-play"),
    ("← →", "key-step"),
    ("Home, End", "key-ends"),
    ("1 2 3 4 5 6", "key-views"),
    ("N, M", "key-next"),
    ("T", "key-trip"),
    ("Enter", "open-rack"),
    ("L", "key-labels"),
    ("B, C", "key-before"),
    ("F", "key-flows"),
    ("Ctrl+A", "select-shown"),
    ("Delete", "key-delete"),
    ("Ctrl+N", "compose"),
    ("Ctrl+R", "export-report"),
    ("Ctrl+P", "export-picture"),
    ("Ctrl+K", "key-keep"),
    ("Ctrl+Z, Ctrl+Shift+Z", "key-undo"),
    ("Ctrl+S", "key-save"),
    ("Esc", "key-nothing"),
    ("Ctrl+, or F10", "key-settings"),
    ("W A S D, Q E", "key-fly"),
    ("F1", "commands"),
    ("?", "key-keys"),
];

/// Hears keys that no text field wants.
pub fn listen(ui: &Ui, window: &mut Window, actions: &mut Vec<Action>) {
    if ui.ctx().egui_wants_keyboard_input() {
        return;
    }
    let Some(bench) = &window.bench else { return };
    let (from, to) = bench.playback.range();
    let time = bench.playback.time();
    let spacing = bench.shown.case.run.output_every_s;
    let (compared, kept) = (bench.compared().is_some(), bench.snapshots.len() + 1);
    let steps = [1, -1].map(|step| [next_rack(window, step), next_machine(window, step)]);
    let tripped = match window.view.selected {
        Some(Pick::Machine(_)) => window.view.selected.and_then(|pick| crate::picture::name_of(window, pick)),
        _ => None,
    };
    let machine = match window.view.selected {
        Some(Pick::Machine(machine)) => crate::picture::name_of(window, Pick::Machine(machine)),
        _ => None,
    };
    let machine = machine.map(|name| format!("components.{}", name.split('[').next().unwrap_or(&name)));
    let view = &mut window.view;
    ui.input_mut(|input| {
        let undo_again = input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        if undo_again {
            actions.push(Action::Redo);
        }
        if input.consume_key(Modifiers::COMMAND, Key::Z) {
            actions.push(Action::Undo);
        }
        if input.consume_key(Modifiers::COMMAND, Key::S) {
            actions.push(Action::Save(None));
        }
        if input.consume_key(Modifiers::NONE, Key::Space) {
            actions.push(Action::Play);
        }
        for (key, sign) in [(Key::ArrowLeft, -1.0), (Key::ArrowRight, 1.0)] {
            if input.consume_key(Modifiers::SHIFT, key) {
                actions.push(Action::Seek(time + 10.0 * sign * spacing));
            } else if input.consume_key(Modifiers::NONE, key) {
                actions.push(Action::Seek(time + sign * spacing));
            }
        }
        if input.consume_key(Modifiers::NONE, Key::Home) {
            actions.push(Action::Seek(from));
        }
        if input.consume_key(Modifiers::NONE, Key::End) {
            actions.push(Action::Seek(to));
        }
        let digits = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
        for (key, preset) in digits.into_iter().zip(Preset::ALL) {
            if input.consume_key(Modifiers::NONE, key) {
                view.preset = Some(preset);
            }
        }
        if input.consume_key(Modifiers::NONE, Key::Enter) {
            actions.push(Action::OpenRack);
        }
        for (modifiers, [rack, machine]) in [(Modifiers::SHIFT, steps[1]), (Modifiers::NONE, steps[0])] {
            for (key, pick) in [(Key::N, rack), (Key::M, machine)] {
                if input.consume_key(modifiers, key) {
                    actions.push(Action::Select(pick));
                }
            }
        }
        if input.consume_key(Modifiers::NONE, Key::T) {
            actions.extend(tripped.clone().map(Action::Trip));
        }
        if input.consume_key(Modifiers::NONE, Key::L) {
            view.labels = !view.labels;
        }
        if input.consume_key(Modifiers::NONE, Key::B) && compared {
            view.before = !view.before;
        }
        if input.consume_key(Modifiers::NONE, Key::C) && compared {
            (view.beside, view.preset) = (!view.beside, Some(Preset::Iso));
        }
        if input.consume_key(Modifiers::NONE, Key::F) {
            view.lower = match view.lower {
                Lower::Courses => Lower::FlowsNow,
                Lower::FlowsNow => Lower::FlowsOfRun,
                Lower::FlowsOfRun => Lower::Courses,
            };
        }
        if input.consume_key(Modifiers::COMMAND, Key::A) {
            actions.push(Action::SelectShown);
        }
        if input.consume_key(Modifiers::COMMAND, Key::N) {
            actions.push(Action::Compose(true));
        }
        for (key, export) in [(Key::R, Export::Report), (Key::P, Export::Picture)] {
            if input.consume_key(Modifiers::COMMAND, key) {
                actions.push(Action::Export(export));
            }
        }
        if input.consume_key(Modifiers::COMMAND, Key::K) {
            actions.push(Action::Keep(format!("{} {kept}", clock(time))));
        }
        if input.consume_key(Modifiers::NONE, Key::Delete) {
            let what = match view.selected {
                Some(Pick::Rack { .. }) => Some(Arrange::RemoveRacks),
                Some(Pick::Machine(_)) => machine.clone().map(Arrange::TakeAway),
                None => None,
            };
            actions.extend(what.map(Action::Arrange));
        }
        if input.consume_key(Modifiers::COMMAND, Key::Comma) || input.consume_key(Modifiers::NONE, Key::F10) {
            view.settings = !view.settings;
        }
        if input.consume_key(Modifiers::NONE, Key::Escape) {
            actions.push(Action::Select(None));
            view.keys = false;
            view.settings = false;
        }
        if input.consume_key(Modifiers::SHIFT, Key::Questionmark)
            || input.consume_key(Modifiers::NONE, Key::Questionmark)
        {
            view.keys = !view.keys;
        }
    });
}

/// The rack after the selected one, or before it; around the end of the hall.
fn next_rack(window: &Window, step: isize) -> Option<Pick> {
    let floor = &window.shown()?.floor;
    let before = |rows: usize| floor.rows.iter().take(rows).map(|rows| rows.racks.len()).sum::<usize>();
    let all = before(floor.rows.len());
    let now = match window.view.selected {
        Some(Pick::Rack { rows, rack }) => Some(before(rows) + rack),
        _ => None,
    };
    let mut place = around(now, step, all)?;
    for (rows, of) in floor.rows.iter().enumerate() {
        if place < of.racks.len() {
            return Some(Pick::Rack { rows, rack: place });
        }
        place -= of.racks.len();
    }
    None
}

/// The machine after the selected one, or before it.
fn next_machine(window: &Window, step: isize) -> Option<Pick> {
    let now = match window.view.selected {
        Some(Pick::Machine(machine)) => Some(machine),
        _ => None,
    };
    around(now, step, window.shown()?.floor.machines.len()).map(Pick::Machine)
}

/// One on or back among so many; the first or the last where nothing is selected.
fn around(now: Option<usize>, step: isize, all: usize) -> Option<usize> {
    let start = if step > 0 { all.checked_sub(1)? } else { 0 };
    Some((now.unwrap_or(start) + all).checked_add_signed(step)? % all)
}

/// Shows them.
pub fn overlay(ui: &Ui, window: &mut Window) {
    if !window.view.keys {
        return;
    }
    let look = window.look.clone();
    egui::Window::new(look.t("keys")).collapsible(false).resizable(false).open(&mut window.view.keys).show(
        ui.ctx(),
        |ui| {
            egui::Grid::new("keys").num_columns(2).spacing([16.0, 4.0]).show(ui, |ui| {
                for (key, what) in KEYS {
                    ui.monospace(*key);
                    ui.label(look.t(what));
                    ui.end_row();
                }
            });
        },
    );
}
