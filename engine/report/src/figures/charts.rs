//! Stacked bars, lines, histograms and waterfalls.

use super::axis::{Plot, Scale};
use super::svg::{Anchor, COLOURS, INK, PLAIN, SMALL, STRONG, Svg, width};
use super::{About, Drawing};
use crate::document::grouped;

const WIDTH: f64 = 760.0;

/// Stacked bars.
#[derive(Debug, Clone, Copy)]
pub struct Bars<'a> {
    /// Below each bar.
    pub labels: &'a [String],
    /// Name and values of each layer, the lowest first; values are not negative.
    pub layers: &'a [(String, Vec<f64>)],
    /// Above each bar; may be empty.
    pub tops: &'a [String],
    /// Title of the vertical axis, with its unit.
    pub axis: &'a str,
    /// What the words above the bars are; may be empty.
    pub top: &'a str,
}

/// Bars of layers. Every other layer is hatched, and the legend has the order of the stack.
pub fn stacked(about: About, bars: Bars) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, 330.0);
    let widest = bars.layers.iter().map(|l| width(&l.0, PLAIN.size)).fold(60.0, f64::max).min(210.0);
    let plot = Plot { left: 64.0, top: 40.0, right: WIDTH - widest - 44.0, bottom: 290.0 };
    let sums: Vec<f64> = (0..bars.labels.len())
        .map(|k| bars.layers.iter().map(|l| l.1.get(k).copied().unwrap_or(0.0)).sum())
        .collect();
    let most = sums.iter().copied().fold(0.0, f64::max);
    // Words above the tallest bar stay below the title of the axis.
    let room = if bars.tops.is_empty() { most } else { 1.06 * most };
    let scale = plot.vertical(&mut svg, 0.0, if most > 0.0 { room } else { 1.0 }, bars.axis);
    let slot = (plot.right - plot.left) / bars.labels.len().max(1) as f64;
    let thick = (slot * 0.72).min(64.0);
    let every = (34.0 / slot).ceil().max(1.0) as usize;
    for (k, label) in bars.labels.iter().enumerate() {
        let middle = plot.left + (k as f64 + 0.5) * slot;
        let mut at = 0.0;
        for (layer, (_, values)) in bars.layers.iter().enumerate() {
            let value = values.get(k).copied().unwrap_or(0.0);
            let (low, high) = (scale.at(at), scale.at(at + value));
            let colour = COLOURS[layer % COLOURS.len()];
            let draw = if layer % 2 == 1 { Svg::hatched } else { Svg::rect };
            draw(&mut svg, middle - thick / 2.0, high, thick, low - high, colour);
            at += value;
        }
        if k % every == 0 {
            svg.text(middle, plot.bottom + 17.0, Anchor::Middle, SMALL, label);
            if let Some(top) = bars.tops.get(k).filter(|_| slot >= 30.0) {
                svg.text(middle, scale.at(sums[k]) - 5.0, Anchor::Middle, SMALL, top);
            }
        }
    }
    svg.rule((plot.left, plot.bottom), (plot.right, plot.bottom), true);
    for (row, (layer, (name, _))) in bars.layers.iter().enumerate().rev().enumerate() {
        let y = plot.top + 8.0 + 21.0 * row as f64;
        let draw = if layer % 2 == 1 { Svg::hatched } else { Svg::rect };
        draw(&mut svg, plot.right + 14.0, y, 13.0, 13.0, COLOURS[layer % COLOURS.len()]);
        svg.text(plot.right + 33.0, y + 11.0, Anchor::Start, PLAIN, name);
    }
    if !bars.top.is_empty() {
        svg.text(plot.right, plot.top - 12.0, Anchor::End, SMALL, bars.top);
    }
    about.finish(svg)
}

/// A line with its name at its end.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// Lines over a common axis. The second and fourth are dashed, and each is named at its end.
pub fn lines(about: About, x_axis: &str, y_axis: &str, lines: &[Line]) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, 320.0);
    let widest = lines.iter().map(|l| width(&l.name, STRONG.size)).fold(40.0, f64::max).min(190.0);
    let plot = Plot { left: 64.0, top: 36.0, right: WIDTH - widest - 24.0, bottom: 264.0 };
    let all = || lines.iter().flat_map(|line| &line.points);
    let (left, right) =
        (all().map(|p| p.0).fold(f64::INFINITY, f64::min), all().map(|p| p.0).fold(0.0, f64::max));
    let most = all().map(|p| p.1).fold(0.0, f64::max);
    let y = plot.vertical(&mut svg, 0.0, if most > 0.0 { most } else { 1.0 }, y_axis);
    let x = plot.horizontal(&mut svg, if left.is_finite() { left } else { 0.0 }, right, x_axis);
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (k, line) in lines.iter().enumerate() {
        let points: Vec<(f64, f64)> = line.points.iter().map(|p| (x.at(p.0), y.at(p.1))).collect();
        svg.line(&points, COLOURS[k % COLOURS.len()], 2.2, k % 2 == 1);
        ends.push((points.last().map_or(plot.bottom, |p| p.1), k));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::NEG_INFINITY;
    for (end, k) in ends {
        let at = end.max(free);
        free = at + 16.0;
        svg.rect(plot.right + 6.0, at - 5.0, 3.0, 10.0, COLOURS[k % COLOURS.len()]);
        svg.text(plot.right + 13.0, at + 4.0, Anchor::Start, STRONG, &lines[k].name);
    }
    about.finish(svg)
}

/// A range of values with a name, behind a histogram.
#[derive(Debug, Clone)]
pub struct Band {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
    /// Its name.
    pub name: String,
}

/// A value with a name, drawn as a line from top to bottom.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The value.
    pub at: f64,
    /// Its name.
    pub name: String,
}

/// Bars of equal width side by side over named ranges; the layers are stacked.
pub fn histogram(
    about: About,
    x_axis: &str,
    y_axis: &str,
    (first, step): (f64, f64),
    layers: &[(String, Vec<f64>)],
    bands: &[Band],
    marks: &[Mark],
) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, 310.0);
    let bins = layers.iter().map(|l| l.1.len()).max().unwrap_or(0);
    let widest = layers.iter().map(|l| width(&l.0, PLAIN.size)).fold(40.0, f64::max).min(220.0);
    let above = 30.0 + 18.0 * bands.len() as f64;
    let plot = Plot { left: 64.0, top: above, right: WIDTH - widest - 44.0, bottom: 256.0 };
    let last = first + step * bins as f64;
    let marked = || marks.iter().map(|mark| mark.at);
    let low = bands.iter().map(|b| b.low).chain(marked()).fold(first, f64::min);
    let high = bands.iter().map(|b| b.high).chain(marked()).fold(last, f64::max);
    let room = step.max(0.04 * (high - low));
    let (low, high) = (low - room, high + room);
    let at = |bin: usize| layers.iter().map(|l| l.1.get(bin).copied().unwrap_or(0.0)).sum::<f64>();
    let most = (0..bins).map(at).fold(0.0, f64::max);
    let x = Scale::new(low, high, plot.left, plot.right);
    for (row, band) in bands.iter().enumerate() {
        let y = 14.0 + 18.0 * row as f64;
        svg.rule((x.at(band.low), y), (x.at(band.high), y), true);
        for end in [band.low, band.high] {
            svg.rule((x.at(end), y - 3.0), (x.at(end), y + 3.0), true);
            svg.line(&[(x.at(end), y + 4.0), (x.at(end), plot.bottom)], super::svg::GRID, 1.0, true);
        }
        let label = format!("{} {}–{}", band.name, grouped(band.low, 0), grouped(band.high, 0));
        svg.text(x.at(band.high) + 7.0, y + 4.0, Anchor::Start, SMALL, &label);
    }
    let y = plot.vertical(&mut svg, 0.0, if most > 0.0 { most } else { 1.0 }, y_axis);
    plot.horizontal(&mut svg, low, high, x_axis);
    for bin in 0..bins {
        let mut base = 0.0;
        for (layer, (_, values)) in layers.iter().enumerate() {
            let value = values.get(bin).copied().unwrap_or(0.0);
            let (left, right) = (x.at(first + step * bin as f64), x.at(first + step * (bin + 1) as f64));
            let draw = if layer % 2 == 1 { Svg::hatched } else { Svg::rect };
            let (bottom, top) = (y.at(base), y.at(base + value));
            draw(&mut svg, left + 0.3, top, right - left - 0.6, bottom - top, COLOURS[layer % COLOURS.len()]);
            base += value;
        }
    }
    for mark in marks {
        let at = x.at(mark.at);
        svg.line(&[(at, plot.top - 4.0), (at, plot.bottom)], COLOURS[5], 1.6, true);
        svg.text(
            at - 5.0,
            plot.top + 8.0,
            Anchor::End,
            SMALL,
            &format!("{} {}", mark.name, grouped(mark.at, 0)),
        );
    }
    for (row, (name, _)) in layers.iter().enumerate() {
        let y = plot.top + 8.0 + 21.0 * row as f64;
        let draw = if row % 2 == 1 { Svg::hatched } else { Svg::rect };
        draw(&mut svg, plot.right + 14.0, y, 13.0, 13.0, COLOURS[row % COLOURS.len()]);
        svg.text(plot.right + 33.0, y + 11.0, Anchor::Start, PLAIN, name);
    }
    about.finish(svg)
}

/// A step of a waterfall.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// What it adds.
    pub value: f64,
}

/// From a first value over steps to the sum, as horizontal bars; `start` and `end` name the two.
pub fn waterfall(
    about: About,
    axis: &str,
    (start, from): (&str, f64),
    steps: &[Step],
    end: &str,
    decimals: u8,
) -> Drawing {
    let rows = steps.len() + 2;
    let mut svg = Svg::new(about.id, WIDTH, 66.0 + 26.0 * rows as f64);
    let names = steps.iter().map(|s| s.name.as_str()).chain([start, end]);
    let widest = names.map(|name| width(name, PLAIN.size)).fold(60.0, f64::max).min(260.0);
    let plot =
        Plot { left: widest + 20.0, top: 10.0, right: WIDTH - 76.0, bottom: 18.0 + 26.0 * rows as f64 };
    let mut sums = vec![from];
    for step in steps {
        sums.push(sums[sums.len() - 1] + step.value);
    }
    let total = sums[sums.len() - 1];
    let (least, most) = sums.iter().fold((from, from), |(a, b), s| (a.min(*s), b.max(*s)));
    // Where the steps are small beside the totals, bars are cut so that the steps are seen; numbers are beside them.
    let span = (most - least).max(1e-9);
    let low = if least < 0.5 * span { least.min(0.0) } else { least - 0.12 * span };
    let x = plot.horizontal(&mut svg, low, most, axis);
    let mut draw = |k: usize, name: &str, (a, b): (f64, f64), colour: &str, hatched: bool, label: String| {
        let y = plot.top + 26.0 * k as f64 + 5.0;
        svg.text(plot.left - 8.0, y + 13.0, Anchor::End, PLAIN, name);
        let (left, right) = (x.at(a.min(b)), x.at(a.max(b)));
        let paint = if hatched { Svg::hatched } else { Svg::rect };
        paint(&mut svg, left, y, (right - left).max(1.0), 18.0, colour);
        svg.text(right + 6.0, y + 13.0, Anchor::Start, if colour == INK { STRONG } else { PLAIN }, &label);
    };
    let foot = if low < 0.0 { 0.0 } else { low };
    draw(0, start, (foot, from), INK, false, grouped(from, decimals));
    for (k, step) in steps.iter().enumerate() {
        let sign = if step.value >= 0.0 { "+" } else { "" };
        let colour = if step.value >= 0.0 { COLOURS[5] } else { COLOURS[0] };
        let label = format!("{sign}{}", grouped(step.value, decimals));
        draw(k + 1, &step.name, (sums[k], sums[k + 1]), colour, step.value < 0.0, label);
    }
    draw(rows - 1, end, (foot, total), INK, false, grouped(total, decimals));
    about.finish(svg)
}
