//! A plan by year beside the path that was pledged, and what is missing between them.

use super::axis::{Plot, Scale};
use super::svg::{Anchor, COLOURS, FAINT, SMALL, STRONG, Svg, width};
use super::{About, Drawing};

const WIDTH: f64 = 760.0;

/// A year.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Below it.
    pub label: String,
    /// What the plan comes to.
    pub plan: Option<f64>,
    /// What the path asks for.
    pub path: Option<f64>,
    /// What is missing, as people read it; may be empty.
    pub gap: String,
    /// Whether something is missing.
    pub behind: bool,
}

/// Draws the plan with dots, the path dashed with squares, and between them a bar: full where the plan is behind, hatched
/// where it is ahead. `names` are those of the plan and of the path.
pub fn course(about: About, axis: &str, names: [&str; 2], stops: &[Stop]) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, 280.0);
    let widest = names.iter().map(|name| width(name, STRONG.size)).fold(40.0, f64::max).min(190.0);
    let plot = Plot { left: 76.0, top: 40.0, right: WIDTH - widest - 40.0, bottom: 236.0 };
    let values = || stops.iter().flat_map(|stop| [stop.plan, stop.path]).flatten();
    let (low, high) =
        values().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let y = plot.vertical(&mut svg, low, if high > low { high } else { low + 1.0 }, axis);
    svg.rule((plot.left, y.at(0.0)), (plot.right, y.at(0.0)), true);
    let slot = (plot.right - plot.left) / stops.len().max(1) as f64;
    let middle = |k: usize| plot.left + (k as f64 + 0.5) * slot;
    let every = (46.0 / slot).ceil().max(1.0) as usize;
    for (k, stop) in stops.iter().enumerate() {
        let x = middle(k);
        if k % every == 0 {
            svg.text(x, plot.bottom + 17.0, Anchor::Middle, SMALL, &stop.label);
        }
        let (Some(plan), Some(path)) = (stop.plan, stop.path) else { continue };
        let (top, bottom) = (y.at(plan.max(path)), y.at(plan.min(path)));
        let thick = (0.34 * slot).min(26.0);
        let draw = if stop.behind { Svg::rect } else { Svg::hatched };
        let colour = if stop.behind { COLOURS[5] } else { COLOURS[2] };
        draw(&mut svg, x - thick / 2.0, top, thick, bottom - top, colour);
        if width(&stop.gap, SMALL.size) < slot * every as f64 - 4.0 && k % every == 0 {
            svg.text(x, top - 9.0, Anchor::Middle, SMALL, &stop.gap);
        }
    }
    for (line, of) in [|stop: &Stop| stop.plan, |stop: &Stop| stop.path].into_iter().enumerate() {
        let points: Vec<(f64, f64)> =
            (stops.iter().enumerate()).filter_map(|(k, stop)| Some((middle(k), y.at(of(stop)?)))).collect();
        let colour = if line == 0 { COLOURS[0] } else { FAINT };
        svg.line(&points, colour, 2.2, line == 1);
        for (x, y) in &points {
            svg.rect(x - 3.0, y - 3.0, 6.0, 6.0, colour);
        }
    }
    legend(&mut svg, &plot, &y, names, stops);
    about.finish(svg)
}

/// Names at the ends of the lines, apart from each other.
fn legend(svg: &mut Svg, plot: &Plot, y: &Scale, names: [&str; 2], stops: &[Stop]) {
    let end = |of: fn(&Stop) -> Option<f64>| {
        stops.iter().rev().find_map(of).map_or(plot.bottom, |value| y.at(value))
    };
    let ends = [end(|stop| stop.plan), end(|stop| stop.path)];
    let apart = 9.0_f64.max((ends[0] - ends[1]).abs() / 2.0);
    let centre = (ends[0] + ends[1]) / 2.0;
    let above = usize::from(ends[1] < ends[0]);
    let places = if above == 0 { [centre - apart, centre + apart] } else { [centre + apart, centre - apart] };
    for (name, (at, colour)) in names.iter().zip(places.iter().zip([COLOURS[0], FAINT])) {
        svg.rect(plot.right + 6.0, at - 5.0, 3.0, 10.0, colour);
        svg.text(plot.right + 13.0, at + 4.0, Anchor::Start, STRONG, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(label: &str, plan: f64, path: f64, gap: &str) -> Stop {
        Stop { label: label.into(), plan: Some(plan), path: Some(path), gap: gap.into(), behind: plan > path }
    }

    #[test]
    fn a_year_behind_is_full_and_one_ahead_is_hatched_below_zero_too() {
        let stops = [stop("2029", 100.0, 50.0, "50 t"), stop("2030", -40.0, 0.0, "−40 t")];
        let about = About { id: "c", title: "a finding", alt: "a course" };
        let svg = course(about, "t", ["plan", "path"], &stops).svg;
        assert_eq!(svg.matches(&format!("fill=\"{}\"", COLOURS[5])).count(), 1);
        assert_eq!(svg.matches(&format!("fill=\"{}\"", COLOURS[2])).count(), 1);
        assert_eq!(svg.matches("url(#c-h)").count(), 1);
        assert!(svg.contains(">50 t<") && svg.contains(">2030<") && svg.contains(">plan<"), "{svg}");
        assert!(!svg.contains("NaN"));
    }

    #[test]
    fn a_year_that_nothing_is_known_of_is_left_out() {
        let gone = Stop { plan: None, path: None, ..stop("2026", 0.0, 0.0, "") };
        let about = About { id: "c", title: "a finding", alt: "a course" };
        let svg = course(about, "t", ["plan", "path"], &[gone]).svg;
        assert!(svg.contains(">2026<") && !svg.contains("NaN"));
    }
}
