//! A component of a new kind: kind, name, fields, ports, and what the check of the site says.

use crate::compose::{kinds, products};
use crate::look::Look;
use crate::window::{Action, Window};
use egui::{ComboBox, RichText, ScrollArea, Ui};
use engine::plant::declare::{Field, Form, Medium, Side};
use engine::scenario::edit::arrange::fresh::Joined;

/// Problems that are shown at once.
const MOST: usize = 12;

/// Shows it, where one is being put together.
pub fn overlay(ui: &Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    let Some(composer) = &mut window.composer else { return };
    let mut open = true;
    let title = look.t("compose");
    let high = (ui.ctx().content_rect().height() - 160.0).clamp(240.0, 720.0);
    let shown = egui::Window::new(title).id("compose".into()).collapsible(false).open(&mut open);
    let at = ui.ctx().content_rect().left_top() + egui::vec2(262.0, 76.0);
    shown.default_pos(at).default_width(470.0).max_height(high).show(ui.ctx(), |ui| {
        kind(ui, &look, composer);
        let Some(declaration) = composer.declaration() else { return };
        ScrollArea::vertical().id_salt("compose-fields").max_height((high - 250.0).max(120.0)).show(
            ui,
            |ui| {
                super::heading(ui, &look.t("ports"));
                let (needed, optional): (Vec<_>, Vec<_>) =
                    declaration.ports.iter().partition(|port| !port.optional);
                for port in needed.into_iter().chain(optional) {
                    let places = composer.places(port);
                    let now = composer
                        .joined
                        .get(port.name)
                        .map_or_else(|| look.t("port-open"), |to| words(&look, to));
                    ui.horizontal(|ui| {
                        let text = format!("{} · {}", port.name, medium(&look, port.medium, port.side));
                        let label = ui.label(text).on_hover_text(port.doc);
                        let list =
                            ComboBox::from_id_salt(("port", port.name)).selected_text(now).width(190.0);
                        let list = list.show_ui(ui, |ui| {
                            if ui
                                .selectable_label(
                                    !composer.joined.contains_key(port.name),
                                    look.t("port-open"),
                                )
                                .clicked()
                            {
                                composer.joined.remove(port.name);
                            }
                            for place in places {
                                let chosen = composer.joined.get(port.name) == Some(&place);
                                if ui.selectable_label(chosen, words(&look, &place)).clicked() {
                                    composer.joined.insert(port.name.to_owned(), place);
                                }
                            }
                        });
                        list.response.labelled_by(label.id);
                    });
                }
                super::heading(ui, &look.t("fields"));
                let product = composer.fresh.based_on.clone();
                field(ui, &look, composer, "count", &look.t("count-hint"), "1", false);
                for of in declaration.parameters {
                    parameter(ui, &look, composer, product.as_deref(), of);
                }
            },
        );
        composer.check();
        ui.separator();
        let wrong = composer.problems.iter().filter(|problem| problem.is_error()).count();
        if wrong == 0 {
            ui.label(RichText::new(look.t("compose-right")).strong());
        } else {
            ui.colored_label(
                ui.visuals().error_fg_color,
                look.with("compose-wrong", &[("count", &wrong.to_string())]),
            );
        }
        ScrollArea::vertical().id_salt("compose-problems").max_height(110.0).show(ui, |ui| {
            for problem in composer.problems.iter().take(MOST) {
                let colour =
                    if problem.is_error() { ui.visuals().error_fg_color } else { ui.visuals().warn_fg_color };
                let text = format!("{}: {}", problem.path, problem.message);
                ui.label(RichText::new(text).size(11.5).color(colour));
                if let Some(help) = &problem.help {
                    ui.label(RichText::new(help).size(11.0).color(ui.visuals().weak_text_color()));
                }
            }
        });
        ui.horizontal(|ui| {
            let add = ui.add_enabled(composer.is_right(), egui::Button::new(look.t("compose-add")));
            if add.on_hover_text(look.t("compose-add-hint")).clicked() {
                actions.push(Action::AddFresh);
            }
            let more = ui.button(look.t("compose-more")).on_hover_text(look.t("compose-more-hint"));
            if more.clicked() {
                composer.lay_down();
            }
            let down: Vec<&str> = composer.put_down().collect();
            if !down.is_empty() {
                ui.label(look.with("compose-down", &[("names", &down.join(", "))]));
            }
        });
    });
    if !open {
        actions.push(Action::Compose(false));
    }
}

/// Kind, id and product.
fn kind(ui: &mut Ui, look: &Look, composer: &mut crate::compose::Composer) {
    ui.horizontal(|ui| {
        let label = ui.label(look.t("kind"));
        let now = composer.declaration().map_or("", |of| of.label);
        let list = ComboBox::from_id_salt("kind").selected_text(now).width(200.0).height(320.0);
        let list = list.show_ui(ui, |ui| {
            for of in kinds() {
                let first = of.page.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
                let chosen = of.name == composer.fresh.kind;
                let line = ui.selectable_label(chosen, of.label).on_hover_text(first.trim());
                if line.clicked() && !chosen {
                    composer.choose(of.name);
                }
            }
        });
        list.response.labelled_by(label.id);
        let label = ui.label(look.t("id"));
        let field = egui::TextEdit::singleline(&mut composer.fresh.id).desired_width(130.0);
        ui.add(field).labelled_by(label.id);
    });
    let mut records = products(&composer.fresh.kind).peekable();
    if records.peek().is_none() {
        return;
    }
    ui.horizontal(|ui| {
        let label = ui.label(look.t("product")).on_hover_text(look.t("product-hint"));
        let now = composer.fresh.based_on.clone().unwrap_or_else(|| look.t("product-none"));
        let list =
            ComboBox::from_id_salt("fresh-product").selected_text(now).width(260.0).show_ui(ui, |ui| {
                ui.selectable_value(&mut composer.fresh.based_on, None, look.t("product-none"));
                for record in records {
                    let title = record.field("title").unwrap_or_default();
                    let line = ui.selectable_value(
                        &mut composer.fresh.based_on,
                        Some(record.id.to_owned()),
                        record.id,
                    );
                    line.on_hover_text(title);
                }
            });
        list.response.labelled_by(label.id);
    });
}

/// A field of the declaration; what it is where nothing is typed stands in it in grey.
fn parameter(
    ui: &mut Ui,
    look: &Look,
    composer: &mut crate::compose::Composer,
    product: Option<&str>,
    of: &Field,
) {
    if matches!(of.form, Form::Derived(_)) {
        return;
    }
    let record = product.and_then(|id| products(&composer.fresh.kind).find(|record| record.id == id));
    let written = record.and_then(|record| record.field(of.name));
    let known = written.or_else(|| of.default.map(str::to_owned));
    let required = known.is_none() && record.is_none();
    let known = known.unwrap_or_default();
    match of.form {
        Form::Choice(names) => {
            ui.horizontal(|ui| {
                let label = ui.label(of.name).on_hover_text(of.doc);
                let typed = composer.fields.get(of.name).cloned();
                let now = typed.clone().unwrap_or_else(|| known.clone());
                let list = ComboBox::from_id_salt(("fresh", of.name)).selected_text(now).show_ui(ui, |ui| {
                    for name in names {
                        if ui.selectable_label(typed.as_deref() == Some(name), *name).clicked() {
                            composer.fields.insert(of.name.to_owned(), (*name).to_owned());
                        }
                    }
                });
                list.response.labelled_by(label.id);
            });
        }
        Form::Quantity { bounds, usual, .. } => {
            let (low, high) = usual.unwrap_or(bounds);
            let hint = if known.is_empty() { format!("{low} … {high}") } else { known };
            field(ui, look, composer, of.name, of.doc, &hint, required);
        }
        Form::Count { bounds: (low, high) } => {
            let hint = if known.is_empty() { format!("{low} … {high}") } else { known };
            field(ui, look, composer, of.name, of.doc, &hint, required);
        }
        Form::Derived(_) => {}
    }
}

fn field(
    ui: &mut Ui,
    look: &Look,
    composer: &mut crate::compose::Composer,
    name: &str,
    doc: &str,
    hint: &str,
    required: bool,
) {
    ui.horizontal(|ui| {
        let text = RichText::new(name);
        let label = ui.label(if required { text.strong() } else { text }).on_hover_text(doc);
        let text = composer.fields.entry(name.to_owned()).or_default();
        let field = egui::TextEdit::singleline(text).hint_text(hint).desired_width(150.0);
        ui.add(field).labelled_by(label.id);
        if required && text.trim().is_empty() {
            ui.label(RichText::new(look.t("required")).size(11.0).color(ui.visuals().weak_text_color()));
        }
    });
}

fn medium(look: &Look, medium: Medium, side: Side) -> String {
    let name = match medium {
        Medium::Electricity => "medium-electricity",
        Medium::Liquid => "medium-liquid",
        Medium::Air => "medium-air",
        Medium::Heat => "medium-heat",
    };
    match side {
        Side::Inlet => look.with("side-in", &[("medium", &look.t(name))]),
        Side::Outlet => look.with("side-out", &[("medium", &look.t(name))]),
        Side::Passage => look.t(name),
    }
}

/// Where a port is joined, in words.
fn words(look: &Look, to: &Joined) -> String {
    let (key, name) = match to {
        Joined::From(name) => ("joined-from", name),
        Joined::To(name) => ("joined-to", name),
        Joined::Before(name) => ("joined-before", name),
        Joined::Behind(name) => ("joined-behind", name),
        Joined::Beside(name) => ("joined-beside", name),
        Joined::Around(name) => ("joined-around", name),
    };
    look.with(key, &[("name", name)])
}
