//! The lower side: the time that is shown, and courses over time.

use crate::bench::Shown;
use crate::figures::Trip;
use crate::look::Look;
use crate::playback::SPEEDS;
use crate::shade::{Shade, nice};
use crate::window::{Action, Lower, Pick, Window};
use egui::{Color32, ComboBox, Panel, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints, VLine};
use engine::plant::declare::Use;
use engine::study::notes::clock;
use engine::units::Quantity;

/// Okabe and Ito's colours, which the colour-blind tell apart.
const COLOURS: [Color32; 5] = [
    Color32::from_rgb(230, 159, 0),
    Color32::from_rgb(86, 180, 233),
    Color32::from_rgb(0, 158, 115),
    Color32::from_rgb(213, 94, 0),
    Color32::from_rgb(204, 121, 167),
];

/// Shows it.
pub fn show(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    Panel::bottom("time").exact_size(54.0).show(ui, |ui| time(ui, window, actions));
    Panel::bottom("courses").resizable(true).default_size(168.0).size_range(90.0..=420.0).show(ui, |ui| {
        super::flows::choice(ui, window);
        if window.view.lower != Lower::Courses {
            return super::flows::show(ui, window);
        }
        ui.columns(3, |columns| {
            let [temperatures, power, pue] = columns else { return };
            let degrees = window.look.unit(Quantity::Temperature).symbol;
            let name = window.look.with("plot-temperatures", &[("unit", degrees)]);
            courses(temperatures, window, &name, temperature_lines(window), actions);
            courses(power, window, &window.look.t("plot-electricity"), power_lines(window), actions);
            courses(pue, window, "PUE", pue_line(window), actions);
        });
    });
}

/// The slider of time, with marks where something happens.
fn time(ui: &mut Ui, window: &mut Window, actions: &mut Vec<Action>) {
    let look = window.look.clone();
    let Some(bench) = &mut window.bench else { return };
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let play = if bench.playback.playing { look.t("stop") } else { look.t("play") };
        if ui.button(play).clicked() {
            actions.push(Action::Play);
        }
        let name =
            SPEEDS.iter().find(|(speed, _)| *speed == bench.playback.speed).map_or("", |(_, name)| name);
        let speeds = ComboBox::from_id_salt("speed").selected_text(name).width(78.0).show_ui(ui, |ui| {
            for (speed, name) in SPEEDS {
                ui.selectable_value(&mut bench.playback.speed, speed, name);
            }
        });
        super::called(&speeds.response, &look.t("speed"));
        ui.monospace(clock(bench.playback.time()));
        let (from, to) = bench.playback.range();
        let length = bench.shown.case.run.length_s;
        let width = (ui.available_width() - 12.0).max(60.0);
        let (bar, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click_and_drag());
        let x = |time: f64| bar.left() + ((time - from) / length.max(1.0)) as f32 * bar.width();
        let painter = ui.painter();
        let line = |y: f32| [pos2(bar.left(), y), pos2(bar.right(), y)];
        let middle = bar.center().y;
        painter.line_segment(line(middle), Stroke::new(4.0, ui.visuals().extreme_bg_color));
        let done = Rect::from_min_max(pos2(bar.left(), middle - 2.0), pos2(x(to), middle + 2.0));
        painter.rect_filled(done, 2.0, ui.visuals().widgets.inactive.bg_fill);
        for event in &bench.shown.case.events {
            let x = x(from + event.at_s);
            let mark = [pos2(x, middle - 11.0), pos2(x, middle + 11.0)];
            painter.line_segment(mark, Stroke::new(2.0, ui.visuals().error_fg_color));
        }
        painter.circle_filled(pos2(x(bench.playback.time()), middle), 7.0, ui.visuals().selection.bg_fill);
        if let Some(Pos2 { x, .. }) = response.interact_pointer_pos() {
            let share = f64::from(((x - bar.left()) / bar.width()).clamp(0.0, 1.0));
            actions.push(Action::Seek(from + share * length));
        }
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Slider, true, look.t("time")));
    });
    if let Some(finished) = &bench.shown.finished
        && let Some(trip) = &finished.first_trip
    {
        ui.label(first_trip(&look, trip));
    } else {
        let question = &bench.shown.case.question;
        ui.add(
            egui::Label::new(egui::RichText::new(question).color(ui.visuals().weak_text_color())).truncate(),
        );
    }
}

/// What gave way first, and when.
fn first_trip(look: &Look, trip: &Trip) -> String {
    let place = if trip.place.is_empty() { String::new() } else { format!(" ({})", trip.place.join(", ")) };
    let when = trip.at.map_or_else(String::new, clock);
    look.with("first-trip", &[("what", &trip.what), ("place", &place), ("when", &when)])
}

/// A course: its name and its points.
type Course = (String, Vec<[f64; 2]>);

/// How many points a course may have.
const PIXELS: usize = 500;

fn temperature_lines(window: &Window) -> Vec<Course> {
    let Some(shown) = window.shown() else { return Vec::new() };
    let look = &window.look;
    let degrees = look.unit(Quantity::Temperature);
    let group = match window.view.selected {
        Some(Pick::Rack { rows, rack }) => {
            shown.floor.rows.get(rows).and_then(|rows| rows.groups.get(rack)).copied()
        }
        _ => None,
    };
    let groups: Vec<usize> = group.map_or_else(|| (0..shown.case.plant.groups.len()).collect(), |g| vec![g]);
    let hottest = |shade: Shade| {
        let of = |row: usize| {
            let values =
                groups.iter().filter_map(|&g| shown.sensors.value(shade, g, &shown.record, row, None));
            values.reduce(f64::max).map_or(f64::NAN, |celsius| look.celsius(celsius))
        };
        shown.record.thinned(PIXELS, of)
    };
    let mut lines: Vec<Course> = [Shade::Junction, Shade::CoolantReturn, Shade::Inlet]
        .into_iter()
        .map(|shade| (look.shade(shade), hottest(shade)))
        .collect();
    if let Some(column) = shown.record.column("weather.dry_bulb") {
        let of =
            |row: usize| shown.record.value(row, column).map_or(f64::NAN, |kelvin| degrees.from_si(kelvin));
        lines.push((look.t("outdoor"), shown.record.thinned(PIXELS, of)));
    }
    lines
}

fn power_lines(window: &Window) -> Vec<Course> {
    let look = &window.look;
    let Some(shown) = window.shown() else { return Vec::new() };
    let mean = |shown: &Shown, amount: &dyn Fn(usize) -> f64| {
        shown.record.thinned(PIXELS, |row| shown.record.intervals[row].mean(amount(row)) / 1000.0)
    };
    let of = |row: usize| &shown.record.intervals[row];
    vec![
        (look.t("facility"), mean(shown, &|row| of(row).facility)),
        (look.t("it"), mean(shown, &|row| of(row).it())),
        (look.t("compressors"), mean(shown, &|row| of(row).used(Use::Compressors))),
        (
            look.t("fans-and-pumps"),
            mean(shown, &|row| {
                of(row).used(Use::Pumps)
                    + of(row).used(Use::AirHandlerFans)
                    + of(row).used(Use::HeatRejectionFans)
            }),
        ),
    ]
}

fn pue_line(window: &Window) -> Vec<Course> {
    let Some(bench) = &window.bench else { return Vec::new() };
    let of = |shown: &Shown| {
        shown.record.thinned(PIXELS, |row| shown.record.intervals[row].pue().unwrap_or(f64::NAN))
    };
    let mut lines = vec![(window.look.t("after"), of(bench.current()))];
    match bench.compared() {
        Some(before) => lines.push((window.look.t("before"), of(before))),
        None => lines[0].0 = "PUE".into(),
    }
    lines
}

/// A plot with the cursor in it; a click puts the cursor there.
fn courses(ui: &mut Ui, window: &Window, name: &str, lines: Vec<Course>, actions: &mut Vec<Action>) {
    let Some(bench) = &window.bench else { return };
    let now = bench.playback.time();
    let (from, length) = (bench.shown.case.run.start_s, bench.shown.case.run.length_s);
    ui.label(egui::RichText::new(name).size(10.5).color(ui.visuals().weak_text_color()));
    let cursor = ui.visuals().strong_text_color();
    let response = Plot::new(name)
        .legend(
            Legend::default()
                .position(Corner::RightTop)
                .background_alpha(0.6)
                .text_style(egui::TextStyle::Small),
        )
        .allow_drag(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .include_x(from)
        .include_x(from + length)
        .show_grid([false, true])
        .x_grid_spacer(egui_plot::uniform_grid_spacer(move |_| spacing(length)))
        .y_grid_spacer(egui_plot::uniform_grid_spacer(|input| {
            let step = nice((input.bounds.1 - input.bounds.0) / 5.0);
            [step, 2.0 * step, 4.0 * step]
        }))
        .x_axis_formatter(move |mark, _| label(mark.value, length))
        .y_axis_formatter(|mark, _| format!("{:.*}", decimals(mark.step_size), mark.value))
        .y_axis_min_width(38.0)
        .show(ui, move |plot| {
            for ((name, points), colour) in lines.into_iter().zip(COLOURS) {
                if !points.is_empty() {
                    plot.line(Line::new(name, PlotPoints::from(points)).color(colour).width(1.4));
                }
            }
            plot.vline(VLine::new("", now).color(cursor).width(1.0));
            plot.pointer_coordinate().filter(|_| plot.response().clicked() || plot.response().dragged())
        });
    super::called(&response.response, name);
    if let Some(point) = response.inner {
        actions.push(Action::Seek(point.x));
    }
}

/// How many decimals a step needs to be told.
fn decimals(step: f64) -> usize {
    let whole = |decimals: &usize| {
        let scaled = step * 10_f64.powi(*decimals as i32);
        (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
    };
    (0..6).find(whole).unwrap_or(6)
}

/// Distances of the marks on an axis of time, small ones first [s].
fn spacing(length: f64) -> [f64; 3] {
    const HOUR: f64 = 3600.0;
    const DAY: f64 = 24.0 * HOUR;
    let steps = [60.0, 300.0, 900.0, HOUR, 3.0 * HOUR, 6.0 * HOUR, DAY, 7.0 * DAY, 30.0 * DAY, 60.0 * DAY];
    let fit = steps.iter().position(|step| length / step <= 9.0).unwrap_or(steps.len() - 1);
    let step = steps[fit];
    [step, 2.0 * step, 4.0 * step]
}

/// Days of the year on a long axis, hours on a short one.
fn label(time: f64, length: f64) -> String {
    let clock = clock(time);
    let (day, hour) = clock.rsplit_once(' ').unwrap_or((&clock, ""));
    if length > 3.0 * 86_400.0 { day.to_owned() } else { hour.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_tells_as_many_decimals_as_its_step_has() {
        assert_eq!([20.0, 0.5, 0.004, 0.1].map(decimals), [0, 1, 3, 1]);
    }

    #[test]
    fn long_axes_tell_days_and_short_ones_hours() {
        assert_eq!(label(0.0, 86_400.0), "00:00");
        assert_eq!(label(0.0, 365.0 * 86_400.0), "1 Jan");
        assert_eq!(spacing(86_400.0)[0], 3.0 * 3600.0);
    }
}
