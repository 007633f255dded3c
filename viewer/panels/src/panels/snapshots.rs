//! States that were kept under a name, and which two runs are compared.

use super::heading;
use crate::bench::Slot;
use crate::window::{Action, Preset, Window};
use egui::{ComboBox, Ui};

/// Shows them: keep, restore, forget; and the two runs that are compared, with their differences.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    heading(ui, &look.t("snapshots"));
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(&mut window.naming)
            .hint_text(look.t("snapshot-name"))
            .desired_width(140.0);
        let field = ui.add(field);
        field.widget_info(|| {
            egui::WidgetInfo::labeled(egui::WidgetType::TextEdit, true, look.t("snapshot-name"))
        });
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let keep = ui.button(look.t("keep-snapshot")).on_hover_text(look.t("keep-snapshot-hint"));
        if keep.clicked() || entered {
            actions.push(Action::Keep(window.naming.clone()));
        }
    });
    let Some(bench) = &window.bench else { return };
    for (index, kept) in bench.snapshots.iter().enumerate() {
        ui.horizontal(|ui| {
            ui.label(&kept.name);
            let named = |key: &str| look.with(key, &[("name", &kept.name)]);
            let restore = ui.small_button(look.t("restore")).on_hover_text(look.t("restore-hint"));
            restore.widget_info(|| {
                egui::WidgetInfo::labeled(egui::WidgetType::Button, true, named("restore-named"))
            });
            if restore.clicked() {
                actions.push(Action::Restore(index));
            }
            let forget = ui.small_button("×").on_hover_text(look.t("forget-hint"));
            forget.widget_info(|| {
                egui::WidgetInfo::labeled(egui::WidgetType::Button, true, named("forget-named"))
            });
            if forget.clicked() {
                actions.push(Action::Forget(index));
            }
        });
    }
    compared(ui, window, actions);
}

/// What a run is called in the lists.
#[must_use]
pub fn name(window: &Window, slot: Slot) -> String {
    match slot {
        Slot::Now => window.look.t("slot-now"),
        Slot::Before => window.look.t("slot-before"),
        Slot::Kept(index) => {
            let kept = window.bench.as_ref().and_then(|bench| bench.snapshots.get(index));
            kept.map_or_else(String::new, |kept| kept.name.clone())
        }
    }
}

/// The two runs that are compared.
fn compared(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    let Some(bench) = &window.bench else { return };
    if bench.before.is_none() && bench.snapshots.is_empty() {
        (window.view.before, window.view.beside) = (false, false);
        return;
    }
    heading(ui, &look.t("before-and-after"));
    let mut slots = vec![Slot::Now];
    slots.extend(bench.before.as_ref().map(|_| Slot::Before));
    slots.extend((0..bench.snapshots.len()).map(Slot::Kept));
    let chosen = (bench.left, bench.right);
    let mut wanted = chosen;
    for (key, slot) in [("compare-left", &mut wanted.0), ("compare-right", &mut wanted.1)] {
        ui.horizontal(|ui| {
            let label = ui.label(look.t(key));
            let now = if slots.contains(slot) { name(window, *slot) } else { "–".to_owned() };
            let list = ComboBox::from_id_salt(key).selected_text(now).width(150.0).show_ui(ui, |ui| {
                for other in &slots {
                    ui.selectable_value(slot, *other, name(window, *other));
                }
            });
            list.response.labelled_by(label.id);
        });
    }
    if wanted != chosen {
        actions.push(Action::Compare(wanted.0, wanted.1));
    }
    if bench.compared().is_none() {
        (window.view.before, window.view.beside) = (false, false);
        return;
    }
    ui.horizontal(|ui| {
        ui.selectable_value(&mut window.view.before, true, look.t("before"));
        ui.selectable_value(&mut window.view.before, false, look.t("after"));
    });
    let mut beside = window.view.beside;
    if ui.checkbox(&mut beside, look.t("beside")).changed() {
        (window.view.beside, window.view.preset) = (beside, Some(Preset::Iso));
    }
    super::differences::show(ui, window);
}
