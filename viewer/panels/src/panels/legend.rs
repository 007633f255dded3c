//! The colour scale over the picture.

use super::colour;
use crate::look::Look;
use crate::palette::{BINDS, CLASSES, NOTHING};
use crate::shade::{Shade, Span};
use crate::window::Window;
use egui::{Align2, Color32, FontId, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use engine::scenario::schema::site::ENVELOPES;
use engine::study::capacity::Kind;

const SIZE: egui::Vec2 = vec2(14.0, 180.0);

/// Where it lies.
#[must_use]
pub fn board(picture: Rect) -> Rect {
    Rect::from_min_size(pos2(picture.right() - 92.0, picture.top() + 8.0), SIZE + vec2(70.0, 44.0))
}

/// Draws it into the picture's upper right corner.
pub fn show(ui: &Ui, window: &Window, picture: Rect) {
    let look = &window.look;
    if !window.view.shade.has_scale() {
        return kinds(ui, window, picture);
    }
    let Some(span) = window.view.span() else { return };
    if picture.width() < 240.0 || picture.height() < SIZE.y + 60.0 {
        return;
    }
    let (shade, palette) = (window.view.shade, window.view.palette);
    let painter = ui.painter();
    let visuals = ui.visuals();
    let (strong, weak) = (visuals.strong_text_color(), visuals.weak_text_color());
    let board =
        Rect::from_min_size(pos2(picture.right() - 92.0, picture.top() + 8.0), SIZE + vec2(70.0, 44.0));
    painter.rect_filled(board, 6.0, visuals.panel_fill.gamma_multiply(0.85));
    let unit = look.shade_unit(shade);
    let title = if unit.is_empty() { look.shade(shade) } else { unit.to_owned() };
    // Round numbers of what is shown.
    let span = Span { low: look.shaded(shade, span.low), high: look.shaded(shade, span.high) };
    painter.text(
        pos2(board.left() + 10.0, board.top() + 8.0),
        Align2::LEFT_TOP,
        title,
        FontId::proportional(11.5),
        strong,
    );
    let bar = Rect::from_min_size(pos2(board.left() + 12.0, board.top() + 30.0), SIZE);
    let steps = 60;
    for k in 0..steps {
        let share = (k as f32 + 0.5) / steps as f32;
        let y = bar.bottom() - share * bar.height();
        let slice =
            Rect::from_center_size(pos2(bar.center().x, y), vec2(SIZE.x, bar.height() / steps as f32 + 1.0));
        painter.rect_filled(slice.intersect(bar), 0.0, colour(palette.at(share)));
    }
    painter.rect_stroke(bar, 0.0, Stroke::new(1.0, Color32::from_gray(110)), StrokeKind::Outside);
    limits(ui, window, bar, span);
    for tick in span.ticks() {
        let y = bar.bottom() - span.share(tick) * bar.height();
        painter.line_segment([pos2(bar.right(), y), pos2(bar.right() + 4.0, y)], Stroke::new(1.0, weak));
        let text = trimmed(tick, shade.decimals());
        painter.text(
            pos2(bar.right() + 7.0, y),
            Align2::LEFT_CENTER,
            text,
            FontId::proportional(11.0),
            strong,
        );
    }
}

/// Limits that lie on the scale: a line across it and its name beside it.
fn limits(ui: &Ui, window: &Window, bar: Rect, span: Span) {
    let (Some(shown), look, shade) = (window.shown(), &window.look, window.view.shade) else { return };
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let mut free = f32::INFINITY;
    for limit in crate::limits::of(shown, shade) {
        let at = look.shaded(shade, limit.at);
        let share = span.share(at);
        if !(0.0..=1.0).contains(&share) {
            continue;
        }
        let y = bar.bottom() - share * bar.height();
        let line = [pos2(bar.left() - 5.0, y), pos2(bar.right() + 3.0, y)];
        painter.line_segment(line, Stroke::new(2.0, visuals.error_fg_color));
        // Names that would lie on one another are left out; the line stands.
        if y > free - 14.0 {
            continue;
        }
        free = y;
        let text = painter.layout_no_wrap(
            format!("{} {}", look.t(limit.key), trimmed(at, 1)),
            FontId::proportional(10.5),
            visuals.strong_text_color(),
        );
        let frame =
            Align2::RIGHT_CENTER.anchor_size(pos2(bar.left() - 16.0, y), text.size() + vec2(8.0, 3.0));
        painter.rect_filled(frame, 3.0, visuals.panel_fill.gamma_multiply(0.85));
        painter.galley(frame.min + vec2(4.0, 1.5), text, Color32::PLACEHOLDER);
    }
}

/// The kinds of a way to colour that has no scale: their colours and names.
#[must_use]
pub fn names(look: &Look, shade: Shade) -> Vec<([u8; 3], String)> {
    let binds = Kind::ALL.map(|kind| look.t(&format!("binds-{}", kind.name())));
    let classes = ENVELOPES.map(|name| match name {
        "recommended" => look.t("class-recommended"),
        name => look.with("class-allowable", &[("name", name)]),
    });
    match shade {
        Shade::Binds => BINDS.into_iter().zip(binds).chain([(NOTHING, look.t("binds-unknown"))]).collect(),
        Shade::Class => {
            CLASSES.into_iter().zip(classes.into_iter().chain([look.t("class-beyond")])).collect()
        }
        _ => Vec::new(),
    }
}

/// Colours and names in place of a scale.
fn kinds(ui: &Ui, window: &Window, picture: Rect) {
    let (painter, visuals) = (ui.painter(), ui.visuals());
    let (look, shade) = (&window.look, window.view.shade);
    let rows = names(look, shade);
    let size = vec2(150.0, 32.0 + 19.0 * rows.len() as f32);
    if picture.width() < size.x + 40.0 || picture.height() < size.y + 40.0 {
        return;
    }
    let board = Rect::from_min_size(pos2(picture.right() - size.x - 8.0, picture.top() + 8.0), size);
    painter.rect_filled(board, 6.0, visuals.panel_fill.gamma_multiply(0.85));
    let text = |at: egui::Pos2, text: String, size: f32| {
        painter.text(at, Align2::LEFT_CENTER, text, FontId::proportional(size), visuals.strong_text_color());
    };
    text(board.left_top() + vec2(10.0, 14.0), look.shade(shade), 11.5);
    for (k, (of, name)) in rows.into_iter().enumerate() {
        let y = board.top() + 36.0 + 19.0 * k as f32;
        let swatch = Rect::from_center_size(pos2(board.left() + 18.0, y), vec2(14.0, 12.0));
        painter.rect_filled(swatch, 2.0, colour(of));
        text(pos2(board.left() + 32.0, y), name, 11.0);
    }
}

/// A number without zeros that say nothing.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_the_scale_carry_no_idle_zeros() {
        assert_eq!([trimmed(20.0, 1), trimmed(1.150, 3), trimmed(100.0, 0)], ["20", "1.15", "100"]);
    }
}
