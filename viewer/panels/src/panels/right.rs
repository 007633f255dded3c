//! The right side: what is selected, and the table of all racks.

use super::{inspector, racks};
use crate::window::{Action, Window};
use egui::{Panel, Ui};

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::right("right").default_size(346.0).size_range(240.0..=560.0).show(ui, |ui| {
        if window.view.selected.is_some() {
            Panel::top("inspector").resizable(true).default_size(372.0).show(ui, |ui| {
                inspector::show(ui, window, actions);
            });
        }
        racks::show(ui, window, actions);
    });
}
