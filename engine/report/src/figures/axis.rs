//! Axes: round values, and where they lie.

use super::svg::{Anchor, SMALL, Svg, n};

/// A scale from values to pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Values `low..high` onto pixels `from..to`.
    pub fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, from, to }
    }

    /// The pixel of a value.
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// Round values that cover `low..high`: steps of 1, 2 or 5 times a power of ten, about `count` of them.
pub fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let span = if high > low { high - low } else { low.abs().max(1.0) };
    let rough = span / count.max(1) as f64;
    let mut step = 1.0;
    while step > rough {
        step /= 10.0;
    }
    while step * 10.0 <= rough {
        step *= 10.0;
    }
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * step).find(|s| *s >= rough * 0.999).unwrap_or(step);
    let (first, last) = ((low / step).floor() as i64, ((high / step) - 1e-9).ceil() as i64);
    (first..=last.max(first + 1)).map(|k| k as f64 * step).collect()
}

/// Decimals that tell neighbouring ticks apart.
pub fn decimals(ticks: &[f64]) -> u8 {
    let step = ticks.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
    (0..6).find(|&d| step * f64::powi(10.0, i32::from(d)) >= 0.999).unwrap_or(0)
}

/// The box of a plot within its drawing.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Left edge [px].
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Plot {
    /// Grid and numbers of the vertical axis, with its title above; gives the scale.
    pub fn vertical(&self, svg: &mut Svg, low: f64, high: f64, title: &str) -> Scale {
        let ticks = ticks(low, high, 5);
        let scale = Scale::new(ticks[0], ticks[ticks.len() - 1], self.bottom, self.top);
        let decimals = decimals(&ticks);
        for &tick in &ticks {
            let y = scale.at(tick);
            svg.rule((self.left, y), (self.right, y), false);
            svg.text(self.left - 6.0, y + 4.0, Anchor::End, SMALL, &crate::document::grouped(tick, decimals));
        }
        svg.text(self.left - 6.0 - 30.0, self.top - 12.0, Anchor::Start, SMALL, title);
        scale
    }

    /// Numbers of the horizontal axis, with its title below; gives the scale.
    pub fn horizontal(&self, svg: &mut Svg, low: f64, high: f64, title: &str) -> Scale {
        let scale = Scale::new(low, high, self.left, self.right);
        let ticks: Vec<f64> = ticks(low, high, 8).into_iter().filter(|t| *t >= low && *t <= high).collect();
        let decimals = decimals(&ticks);
        for &tick in &ticks {
            let x = scale.at(tick);
            svg.rule((x, self.bottom), (x, self.bottom + 4.0), true);
            svg.text(x, self.bottom + 17.0, Anchor::Middle, SMALL, &crate::document::grouped(tick, decimals));
        }
        svg.rule((self.left, self.bottom), (self.right, self.bottom), true);
        svg.text((self.left + self.right) / 2.0, self.bottom + 35.0, Anchor::Middle, SMALL, title);
        scale
    }
}

/// Colours of cividis from dark to light, which grow lighter with the value (Nuñez, Anderton and Renslow 2018; nine of
/// its stations).
const CIVIDIS: [(f64, f64, f64); 9] = [
    (0.0, 32.0, 77.0),
    (0.0, 51.0, 111.0),
    (57.0, 72.0, 108.0),
    (87.0, 93.0, 109.0),
    (112.0, 113.0, 115.0),
    (138.0, 134.0, 120.0),
    (166.0, 157.0, 117.0),
    (196.0, 181.0, 108.0),
    (255.0, 234.0, 70.0),
];

/// The colour of a share 0 … 1.
pub fn cividis(share: f64) -> String {
    let at = share.clamp(0.0, 1.0) * (CIVIDIS.len() - 1) as f64;
    let k = (at.floor() as usize).min(CIVIDIS.len() - 2);
    let part = at - k as f64;
    let (a, b) = (CIVIDIS[k], CIVIDIS[k + 1]);
    let mix = |a: f64, b: f64| (a + (b - a) * part).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// A path around rectangles, for many of one colour.
pub fn boxes(rectangles: impl Iterator<Item = (f64, f64, f64, f64)>) -> String {
    rectangles
        .map(|(x, y, width, height)| format!("M{} {}h{}v{}h{}z", n(x), n(y), n(width), n(height), n(-width)))
        .collect()
}

/// A vertical bar of the colours with its numbers, `levels` steps.
pub fn colour_bar(svg: &mut Svg, plot: &Plot, low: f64, high: f64, levels: usize, title: &str) {
    let (x, width) = (plot.right + 16.0, 12.0);
    let step = (plot.bottom - plot.top) / levels as f64;
    for level in 0..levels {
        let share = (level as f64 + 0.5) / levels as f64;
        svg.rect(x, plot.bottom - (level as f64 + 1.0) * step, width, step + 0.3, &cividis(share));
    }
    let ticks: Vec<f64> = ticks(low, high, 6).into_iter().filter(|t| *t >= low && *t <= high).collect();
    let decimals = decimals(&ticks).max(if high - low < 0.5 { 2 } else { 0 });
    let scale = Scale::new(low, high, plot.bottom, plot.top);
    for tick in ticks {
        let label = crate::document::grouped(tick, decimals);
        svg.text(x + width + 5.0, scale.at(tick) + 4.0, Anchor::Start, SMALL, &label);
    }
    svg.text(x - 2.0, plot.top - 10.0, Anchor::Start, SMALL, title);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_what_they_must() {
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 0.93, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        let of_pue = ticks(1.08, 1.13, 5);
        assert!(of_pue[0] <= 1.08 && of_pue[of_pue.len() - 1] >= 1.13, "{of_pue:?}");
        assert_eq!(decimals(&of_pue), 2);
        assert!(ticks(5.0, 5.0, 5).len() > 1, "one value still has an axis");
    }

    #[test]
    fn colours_run_from_dark_to_light() {
        assert_eq!((cividis(0.0), cividis(1.0)), ("#00204d".into(), "#ffea46".into()));
        assert_eq!(cividis(-3.0), cividis(0.0));
    }
}
