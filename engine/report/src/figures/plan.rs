//! Racks as squares, a colour for each.

use super::axis::{Plot, boxes, cividis, colour_bar};
use super::svg::{Anchor, STRONG, Svg};
use super::{About, Drawing};
use std::collections::BTreeMap;

/// The racks of a group.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// A value for each rack; NaN where there is none.
    pub values: Vec<f64>,
}

const LEVELS: usize = 24;

/// Groups below each other, racks in the order of their numbers.
pub fn plan(about: About, groups: &[Row], colours: &str) -> Drawing {
    let all: usize = groups.iter().map(|g| g.values.len()).sum();
    let width = 640.0;
    // Squares that fill about 640 by 300 px, between 3 and 26 px.
    let cell = (width * 300.0 / all.max(1) as f64).sqrt().floor().clamp(3.0, 26.0);
    let per_row = (width / cell).floor().max(1.0) as usize;
    let rows = |g: &Row| g.values.len().div_ceil(per_row).max(1);
    let height = 24.0 + groups.iter().map(|g| 34.0 + cell * rows(g) as f64).sum::<f64>();
    let finite = || groups.iter().flat_map(|g| &g.values).copied().filter(|v| v.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let same = !low.is_finite() || high - low <= 1e-9 * high.abs();
    // The bar of colours needs its height.
    let mut svg = Svg::new(about.id, 760.0, if same { height } else { height.max(140.0) });
    let level = |v: f64| {
        if same { LEVELS / 2 } else { (((v - low) / (high - low) * LEVELS as f64) as usize).min(LEVELS - 1) }
    };
    let gap = if cell > 8.0 { 2.0 } else { 0.5 };
    let mut top = 14.0;
    for group in groups {
        svg.text(24.0, top + 12.0, Anchor::Start, STRONG, &group.name);
        top += 20.0;
        let mut by_level: BTreeMap<usize, Vec<(f64, f64, f64, f64)>> = BTreeMap::new();
        for (line, racks) in group.values.chunks(per_row).enumerate() {
            let y = top + cell * line as f64;
            let mut k = 0;
            while k < racks.len() {
                let x = 24.0 + cell * k as f64;
                if !racks[k].is_finite() {
                    k += 1;
                    continue;
                }
                let of = level(racks[k]);
                // Squares too small for gaps are one rectangle with their equals.
                let alike = if cell > 4.0 {
                    1
                } else {
                    racks[k..].iter().take_while(|v| v.is_finite() && level(**v) == of).count()
                };
                let wide = cell * alike as f64 - gap;
                by_level.entry(of).or_default().push((x, y, wide, cell - gap));
                k += alike;
            }
        }
        for (level, list) in by_level {
            svg.path(&boxes(list.into_iter()), &cividis((level as f64 + 0.5) / LEVELS as f64), 1.0, false);
        }
        top += cell * rows(group) as f64 + 14.0;
    }
    if !same {
        let bar = Plot { left: 24.0, top: 40.0, right: 664.0, bottom: (height - 12.0).clamp(110.0, 300.0) };
        colour_bar(&mut svg, &bar, low, high, LEVELS, colours);
    }
    about.finish(svg)
}
