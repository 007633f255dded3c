//! Where the energy goes: from the feed over its uses to the sky, of the interval at the cursor or of the whole run.

use crate::window::{Lower, Window};
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, FontId, Rect, RichText, Sense, Shape, Stroke, Ui, pos2, vec2};
use engine::plant::declare::Use;
use engine::report::figures::{Flow, Frame, Node, Sankey, lay};
use engine::study::intervals::Interval;
use engine::units::Quantity;

/// The colours of the report's diagram: supply, use, heat, and heat that is of use.
const COLOURS: [Color32; 4] = [
    Color32::from_rgb(86, 180, 233),
    Color32::from_rgb(0, 158, 115),
    Color32::from_rgb(213, 94, 0),
    Color32::from_rgb(230, 159, 0),
];
/// Smaller shares of the whole are not drawn.
const LEAST: f64 = 1e-6;
/// Pieces that a ribbon is drawn in.
const PIECES: usize = 24;
/// Ribbons are at least as thick [px].
const THIN: f64 = 1.5;

/// The diagram of what flowed in a time; amounts are mean powers, or energies of a whole run.
#[must_use]
pub fn diagram(window: &Window, interval: &Interval, whole: bool) -> Sankey {
    let look = &window.look;
    let amount = |joules: f64| match whole {
        true => Quantity::Energy.display(joules),
        false => Quantity::Power.display(interval.mean(joules)),
    };
    let mut of = Sankey::default();
    let facility = interval.facility;
    let node = |of: &mut Sankey, column: usize, key: &str, joules: f64| {
        let share = 100.0 * joules / facility.max(f64::MIN_POSITIVE);
        let amount = format!("{} · {share:.1} %", amount(joules));
        of.nodes.push(Node { column, name: look.t(key), amount, useful: key == "flow-reused" });
        of.nodes.len() - 1
    };
    let used = |uses: &[Use]| uses.iter().map(|&category| interval.used(category)).sum::<f64>();
    let feed = node(&mut of, 0, "flow-electricity", facility);
    let uses = [
        ("flow-it", interval.it()),
        ("flow-power", used(&[Use::UpsLoss, Use::TransformerLoss, Use::DistributionLoss])),
        ("flow-fans", used(&[Use::Pumps, Use::AirHandlerFans, Use::HeatRejectionFans])),
        ("flow-compressors", used(&[Use::Compressors, Use::HeatPumps])),
    ];
    let known: f64 = uses.iter().map(|(_, joules)| joules).sum();
    let mut of_use = Vec::new();
    for (key, joules) in uses.into_iter().chain([("flow-other", (facility - known).max(0.0))]) {
        if joules > LEAST * facility {
            of_use.push((node(&mut of, 1, key, joules), joules));
        }
    }
    // What comes in with water, or out of what was stored, joins the heat; what goes out is what is left of it.
    let out = interval.rejected + interval.reused + (-interval.carried).max(0.0);
    let within = facility + interval.carried.max(0.0);
    let stored = within - out;
    let mut sources = vec![("flow-water-in", interval.carried), ("flow-released", -stored)];
    sources.retain(|(_, joules)| *joules > LEAST * facility);
    for (key, joules) in sources {
        of_use.push((node(&mut of, 1, key, joules), -joules));
    }
    let heat = node(&mut of, 2, "flow-heat", within + (-stored).max(0.0));
    for (index, joules) in of_use {
        if joules > 0.0 {
            of.flows.push(Flow { from: feed, to: index, value: joules });
        }
        of.flows.push(Flow { from: index, to: heat, value: joules.abs() });
    }
    let sinks = [
        ("flow-reused", interval.reused),
        ("flow-sky", interval.rejected),
        ("flow-water-out", -interval.carried),
        ("flow-stored", stored),
    ];
    for (key, joules) in sinks.into_iter().filter(|(_, joules)| *joules > LEAST * facility) {
        let index = node(&mut of, 3, key, joules);
        of.flows.push(Flow { from: heat, to: index, value: joules });
    }
    of
}

/// What flowed: in the interval at the cursor, or in all of the run so far.
#[must_use]
pub fn interval(window: &Window, whole: bool) -> Option<Interval> {
    let (shown, bench) = (window.shown()?, window.bench.as_ref()?);
    if whole {
        let so_far = || shown.record.intervals.iter().fold(Interval::default(), Interval::and);
        return Some(shown.finished.as_ref().map_or_else(so_far, |finished| finished.whole));
    }
    shown.record.intervals.get(shown.record.row(bench.playback.time())?).copied()
}

/// Draws it over the whole room that is left.
pub fn show(ui: &mut Ui, window: &Window) {
    let whole = window.view.lower == Lower::FlowsOfRun;
    let Some(interval) = interval(window, whole).filter(|interval| interval.facility > 0.0) else {
        ui.label(window.look.t("run-begins"));
        return;
    };
    let of = diagram(window, &interval, whole);
    let (area, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let said: Vec<String> = of.nodes.iter().map(|node| format!("{}: {}", node.name, node.amount)).collect();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, said.join("; ")));
    let (words, thick) = (150.0, 10.0);
    let frame = Frame {
        x: [f64::from(area.left()) + 4.0, f64::from(area.right()) - words],
        y: [f64::from(area.top()) + 2.0, f64::from(area.bottom()) - 2.0],
        gap: (f64::from(area.height()) / 14.0).clamp(6.0, 26.0),
        thick,
    };
    let laid = lay(&of, frame);
    let painter = ui.painter_at(area);
    for ribbon in &laid.ribbons {
        let flow = &of.flows[ribbon.flow];
        let colour = match of.nodes[flow.from].column {
            0 => COLOURS[0],
            1 => COLOURS[1],
            _ if of.nodes[flow.to].useful => COLOURS[3],
            _ => COLOURS[2],
        };
        let colour = colour.gamma_multiply(0.45);
        // What is thinner than a pixel would be drawn in pieces.
        if ribbon.thick < THIN {
            let points = course(ribbon.from, ribbon.to).map(|[x, y]| pos2(x as f32, y as f32)).collect();
            painter.add(Shape::line(points, Stroke::new(THIN as f32, colour)));
        } else {
            painter.add(band(ribbon.from, ribbon.to, ribbon.thick, colour));
        }
    }
    let (strong, weak) = (ui.visuals().strong_text_color(), ui.visuals().text_color());
    for (node, &[left, top, thick, tall]) in of.nodes.iter().zip(&laid.nodes) {
        let rect = Rect::from_min_size(pos2(left as f32, top as f32), vec2(thick as f32, tall as f32));
        painter.rect_filled(rect, 1.0, weak);
        let (at, gap) = (rect.right_center() + vec2(5.0, 0.0), vec2(0.0, 1.0));
        // What is thin has one line, so that nothing overlaps.
        if tall < 24.0 {
            let text = painter.text(at, Align2::LEFT_CENTER, &node.name, FontId::proportional(11.0), strong);
            painter.text(
                text.right_center() + vec2(6.0, 0.0),
                Align2::LEFT_CENTER,
                &node.amount,
                FontId::proportional(10.0),
                weak,
            );
        } else {
            painter.text(at - gap, Align2::LEFT_BOTTOM, &node.name, FontId::proportional(11.5), strong);
            painter.text(at + gap, Align2::LEFT_TOP, &node.amount, FontId::proportional(10.0), weak);
        }
    }
}

/// Points of a course that leaves level and arrives level.
fn course(from: [f64; 2], to: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    (0..=PIECES).map(move |k| {
        let t = k as f64 / PIECES as f64;
        let rise = t * t * (3.0 - 2.0 * t);
        [from[0] + t * (to[0] - from[0]), from[1] + rise * (to[1] - from[1])]
    })
}

/// A band along such a course.
fn band(from: [f64; 2], to: [f64; 2], thick: f64, colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for (k, [x, y]) in course(from, to).enumerate() {
        for y in [y, y + thick] {
            mesh.vertices.push(Vertex { pos: pos2(x as f32, y as f32), uv: WHITE_UV, color: colour });
        }
        if k > 0 {
            let first = 2 * (k as u32 - 1);
            mesh.indices.extend([first, first + 1, first + 2, first + 1, first + 3, first + 2]);
        }
    }
    mesh
}

/// What the lower side shows.
pub fn choice(ui: &mut Ui, window: &mut Window) {
    let look = window.look.clone();
    ui.horizontal(|ui| {
        for (lower, key) in [
            (Lower::Courses, "lower-courses"),
            (Lower::FlowsNow, "lower-flows-now"),
            (Lower::FlowsOfRun, "lower-flows-run"),
        ] {
            let text = RichText::new(look.t(key)).size(10.5);
            ui.selectable_value(&mut window.view.lower, lower, text);
        }
    });
}
