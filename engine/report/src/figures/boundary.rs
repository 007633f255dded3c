//! What crosses the boundary of the site, and where it is metered.

use super::svg::{Anchor, COLOURS, PLAIN, SMALL, STRONG, Svg};
use super::{About, Drawing};

/// Something that crosses the boundary.
#[derive(Debug, Clone)]
pub struct Crossing {
    /// What.
    pub name: String,
    /// How much, as it is read.
    pub amount: String,
}

/// The site as a dashed box: what comes in at the left, what leaves at the right, and the parts inside with what each
/// uses, from the top.
pub fn boundary(
    about: About,
    site: &str,
    meter: &str,
    inputs: &[Crossing],
    inside: &[Crossing],
    outputs: &[Crossing],
) -> Drawing {
    let rows = inputs.len().max(inside.len()).max(outputs.len()).max(1) as f64;
    let height = 78.0 + 60.0 * rows;
    let mut svg = Svg::new(about.id, 760.0, height);
    let (left, right, top) = (206.0, 540.0, 34.0);
    svg.frame(left, top, right - left, height - top - 14.0, true, "none");
    svg.text(left + 6.0, top - 9.0, Anchor::Start, STRONG, site);
    let place = |k: usize, count: usize| top + 44.0 + 60.0 * (k as f64 + (rows - count as f64) / 2.0);
    for (k, part) in inside.iter().enumerate() {
        let y = place(k, inside.len()) - 24.0;
        svg.frame(left + 62.0, y, right - left - 124.0, 48.0, false, "none");
        let middle = (left + right) / 2.0;
        svg.text(middle, y + 20.0, Anchor::Middle, PLAIN, &part.name);
        svg.text(middle, y + 37.0, Anchor::Middle, SMALL, &part.amount);
    }
    let mut crossings = |list: &[Crossing], words: f64, from: f64, to: f64, colour: &str, at: f64| {
        for (k, crossing) in list.iter().enumerate() {
            let y = place(k, list.len());
            svg.text(words, y - 9.0, Anchor::Start, PLAIN, &crossing.name);
            svg.text(words, y + 19.0, Anchor::Start, SMALL, &crossing.amount);
            svg.arrow((from, y), (to, y), colour);
            // A round meter where it crosses.
            svg.frame(at - 9.0, y - 9.0, 18.0, 18.0, false, "#ffffff");
            svg.text(at, y + 4.0, Anchor::Middle, SMALL, meter);
        }
    };
    crossings(inputs, 16.0, 16.0, left + 50.0, COLOURS[0], left);
    crossings(outputs, right + 24.0, right - 50.0, 744.0, COLOURS[5], right);
    about.finish(svg)
}
