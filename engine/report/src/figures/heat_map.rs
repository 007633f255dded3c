//! Days across, hours down, a colour for each hour.

use super::axis::{Plot, boxes, cividis, colour_bar};
use super::svg::{Anchor, SMALL, Svg};
use super::{About, Drawing};

/// Values by day and hour.
#[derive(Debug, Clone, Copy)]
pub struct HeatMap<'a> {
    /// Day by day, 24 values each; NaN where there is none.
    pub values: &'a [f64],
    /// Day at which each label stands, and the label.
    pub labels: &'a [(usize, String)],
    /// What the colours are, with the unit.
    pub colours: &'a str,
    /// Title of the vertical axis.
    pub hours: &'a str,
}

const LEVELS: usize = 24;

/// A year at a glance. Colours grow lighter with the value.
pub fn heat_map(about: About, map: HeatMap) -> Drawing {
    let days = map.values.len().div_ceil(24).max(1);
    let mut svg = Svg::new(about.id, 760.0, 250.0);
    let plot = Plot { left: 44.0, top: 34.0, right: 676.0, bottom: 210.0 };
    let finite = || map.values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let (low, high) = if low < high {
        (low, high)
    } else {
        (finite().next().unwrap_or(0.0), finite().next().unwrap_or(0.0) + 1.0)
    };
    let (width, height) = ((plot.right - plot.left) / days as f64, (plot.bottom - plot.top) / 24.0);
    let level = |v: f64| (((v - low) / (high - low) * LEVELS as f64) as usize).min(LEVELS - 1);
    // One path for each colour; hours of one colour that follow each other are one rectangle.
    let mut rectangles: Vec<Vec<(f64, f64, f64, f64)>> = vec![Vec::new(); LEVELS];
    for (day, hours) in map.values.chunks(24).enumerate() {
        let mut start = 0;
        while start < hours.len() {
            if !hours[start].is_finite() {
                start += 1;
                continue;
            }
            let of = level(hours[start]);
            let run = hours[start..].iter().take_while(|v| v.is_finite() && level(**v) == of).count();
            let (x, y) = (plot.left + day as f64 * width, plot.top + start as f64 * height);
            // A little wider, so that rounding to pixels leaves no gap.
            rectangles[of].push((x, y, width + 0.4, height * run as f64));
            start += run;
        }
    }
    for (k, list) in rectangles.into_iter().enumerate().filter(|(_, list)| !list.is_empty()) {
        svg.path(&boxes(list.into_iter()), &cividis((k as f64 + 0.5) / LEVELS as f64), 1.0, true);
    }
    for hour in [0, 6, 12, 18, 24] {
        let y = plot.top + f64::from(hour) * height;
        svg.text(plot.left - 6.0, y + 4.0, Anchor::End, SMALL, &format!("{hour}"));
    }
    svg.text(plot.left, plot.top - 12.0, Anchor::Start, SMALL, map.hours);
    for (day, label) in map.labels {
        let x = plot.left + *day as f64 * width;
        svg.rule((x, plot.bottom), (x, plot.bottom + 5.0), true);
        svg.text(x + 3.0, plot.bottom + 17.0, Anchor::Start, SMALL, label);
    }
    colour_bar(&mut svg, &Plot { top: plot.top + 8.0, ..plot }, low, high, LEVELS, "");
    svg.text(750.0, plot.top - 12.0, Anchor::End, SMALL, map.colours);
    about.finish(svg)
}
