//! Commands by name: type some letters, choose with the arrows, Enter does it.

use crate::commands::{What, all_of};
use crate::window::{Action, Window};
use egui::{Key, Modifiers, ScrollArea, Ui};

/// Shows them where they are open; what was chosen.
pub fn overlay(ui: &Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let Some(mut typed) = window.view.command.clone() else { return };
    let look = window.look.clone();
    let (down, up, enter, shut) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::Enter),
            input.consume_key(Modifiers::NONE, Key::Escape),
        )
    });
    let wanted: Vec<String> = typed.0.split_whitespace().map(str::to_lowercase).collect();
    let mut found = all_of(window);
    found.retain(|command| {
        let name = command.name.to_lowercase();
        wanted.iter().all(|word| name.contains(word))
    });
    let last = found.len().saturating_sub(1);
    typed.1 = (typed.1 + usize::from(down)).saturating_sub(usize::from(up)).min(last);
    let mut chosen = enter.then_some(typed.1);
    let mut open = true;
    let frame =
        egui::Window::new(look.t("commands")).id("commands".into()).collapsible(false).open(&mut open);
    let at = ui.ctx().content_rect().center_top() + egui::vec2(0.0, 90.0);
    frame.pivot(egui::Align2::CENTER_TOP).fixed_pos(at).default_width(420.0).show(ui.ctx(), |ui| {
        let field = egui::TextEdit::singleline(&mut typed.0).hint_text(look.t("commands-hint"));
        let field = ui.add(field.desired_width(f32::INFINITY));
        super::called(&field, &look.t("commands-hint"));
        if field.changed() {
            typed.1 = 0;
        }
        if !field.has_focus() {
            field.request_focus();
        }
        ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for (k, command) in found.iter().enumerate() {
                let line = ui.selectable_label(k == typed.1, &command.name);
                if k == typed.1 && (down || up) {
                    line.scroll_to_me(None);
                }
                if line.clicked() {
                    chosen = Some(k);
                }
            }
        });
    });
    window.view.command = (open && !shut).then_some(typed);
    if let Some(command) = chosen.and_then(|k| found.get(k)) {
        window.view.command = None;
        match &command.what {
            What::Act(action) => actions.push(action.clone()),
            What::See(see) => window.see(*see),
        }
    }
}
