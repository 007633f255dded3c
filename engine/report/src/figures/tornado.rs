//! A tornado: how far each of several parameters moves one figure, the farthest on top.

use super::axis::Plot;
use super::svg::{Anchor, COLOURS, GRID, PLAIN, SMALL, STRONG, Svg, width};
use super::{About, Drawing};
use crate::document::grouped;

const WIDTH: f64 = 760.0;
/// Height of a row [px].
const ROW: f64 = 34.0;
/// No name is given more room [px].
const WIDEST: f64 = 230.0;

/// A bar: from one value of the figure to another.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// The parameter.
    pub name: String,
    /// The figure at the left end.
    pub low: f64,
    /// The figure at the right end.
    pub high: f64,
    /// What is written at the ends, for example where the parameter then is; may be empty.
    pub ends: [String; 2],
    /// Within what its right end is known, drawn as a whisker.
    pub interval: Option<(f64, f64)>,
    /// Whether it says nothing, because chance alone may give as much: drawn pale.
    pub pale: bool,
}

/// Bars about a common line.
#[derive(Debug, Clone, Copy)]
pub struct Tornado<'a> {
    /// Title of the axis, with its unit.
    pub axis: &'a str,
    /// Name and place of the line from top to bottom: the median, or zero.
    pub middle: (&'a str, f64),
    /// The bars, the longest first.
    pub bars: &'a [Bar],
    /// What pale bars are, in a line below; may be empty.
    pub pale: &'a str,
    /// Decimals of the figure at the line; nothing where it goes without saying.
    pub decimals: Option<u8>,
}

/// Draws a tornado. What is left of the line is hatched, so that colour is not alone.
pub fn tornado(about: About, of: Tornado) -> Drawing {
    let rows = of.bars.len() as f64;
    let noted = of.bars.iter().any(|bar| bar.pale) && !of.pale.is_empty();
    let mut svg = Svg::new(about.id, WIDTH, 34.0 + ROW * rows + 44.0 + if noted { 20.0 } else { 0.0 });
    let name = |bar: &Bar| width(&bar.name, PLAIN.size);
    let widest = of.bars.iter().map(name).fold(60.0, f64::max).min(WIDEST);
    let plot = Plot { left: widest + 22.0, top: 26.0, right: WIDTH - 24.0, bottom: 30.0 + ROW * rows };
    let ends = |bar: &Bar| {
        let (least, most) = bar.interval.unwrap_or((bar.low, bar.high));
        (bar.low.min(least), bar.high.max(most))
    };
    let (low, high) = of
        .bars
        .iter()
        .map(ends)
        .fold((of.middle.1, of.middle.1), |(low, high), (least, most)| (low.min(least), high.max(most)));
    let span = if high > low { high - low } else { low.abs().max(1.0) };
    // Room for the words outside of the bars, as far as the widest ask for it, and never most of the plot.
    let room = |side: usize| {
        let asked = of.bars.iter().map(|bar| width(&bar.ends[side], SMALL.size)).fold(0.0, f64::max) + 14.0;
        asked.min(0.28 * (plot.right - plot.left)) / (plot.right - plot.left)
    };
    let (left, right) = (room(0), room(1));
    let drawn = span / (1.0 - left - right);
    let from_zero = low >= 0.0 && of.middle.1 == 0.0;
    let x = plot.horizontal(
        &mut svg,
        if from_zero { 0.0 } else { low - left * drawn },
        high + right * drawn,
        of.axis,
    );
    let middle = x.at(of.middle.1);
    for (row, bar) in of.bars.iter().enumerate() {
        let y = plot.top + 4.0 + ROW * row as f64 + 5.0;
        svg.text(plot.left - 8.0, y + 16.0, Anchor::End, if bar.pale { SMALL } else { PLAIN }, &bar.name);
        let (a, b) = (x.at(bar.low.min(bar.high)), x.at(bar.low.max(bar.high)));
        let (below, above) = if bar.pale { (GRID, GRID) } else { (COLOURS[0], COLOURS[1]) };
        svg.hatched(a, y, b.min(middle).max(a) - a, 22.0, below);
        svg.rect(a.max(middle).min(b), y, b - a.max(middle).min(b), 22.0, above);
        if let Some((least, most)) = bar.interval {
            let (least, most) = (x.at(least), x.at(most));
            svg.rule((least, y + 11.0), (most, y + 11.0), true);
            for end in [least, most] {
                svg.rule((end, y + 6.0), (end, y + 16.0), true);
            }
        }
        let outer = bar.interval.map_or(b, |(_, most)| x.at(most).max(b));
        svg.text(a - 6.0, y + 15.0, Anchor::End, SMALL, &bar.ends[0]);
        svg.text(outer + 6.0, y + 15.0, Anchor::Start, SMALL, &bar.ends[1]);
    }
    svg.rule((middle, plot.top - 4.0), (middle, plot.bottom), true);
    if let Some(decimals) = of.decimals {
        let label = format!("{} {}", of.middle.0, grouped(of.middle.1, decimals));
        svg.text(middle, plot.top - 9.0, Anchor::Middle, STRONG, &label);
    }
    if noted {
        let y = plot.bottom + 46.0;
        svg.rect(plot.left, y, 13.0, 13.0, GRID);
        svg.text(plot.left + 19.0, y + 11.0, Anchor::Start, SMALL, of.pale);
    }
    about.finish(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, low: f64, high: f64) -> Bar {
        Bar { name: name.into(), low, high, ends: ["little".into(), "much".into()], ..Bar::default() }
    }

    fn drawn(bars: &[Bar], pale: &str) -> String {
        let about = About { id: "t", title: "a finding", alt: "bars" };
        let of = Tornado { axis: "PUE", middle: ("median", 1.1), bars, pale, decimals: Some(3) };
        tornado(about, of).svg
    }

    /// Left edges and widths of the rectangles of a colour.
    fn boxes(svg: &str, colour: &str) -> Vec<(f64, f64)> {
        let of = |part: &str, name: &str| -> f64 {
            let rest = part.split_once(&format!(" {name}=\"")).unwrap().1;
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let all = svg.split("<rect").skip(1).map(|part| part.split_once('>').unwrap().0);
        all.filter(|part| part.contains(&format!("fill=\"{colour}\"")))
            .map(|p| (of(p, "x"), of(p, "width")))
            .collect()
    }

    #[test]
    fn a_bar_is_as_long_as_the_figure_moves_and_parted_at_the_line() {
        let svg = drawn(&[bar("a", 1.06, 1.14), bar("b", 1.08, 1.12)], "");
        let (below, above) = (boxes(&svg, COLOURS[0]), boxes(&svg, COLOURS[1]));
        // 0.04 on each side of 1.1, then 0.02 on each side: half as long.
        assert_eq!((below.len(), above.len()), (2, 2));
        assert!(
            (below[0].1 - above[0].1).abs() < 0.02 && (below[0].1 - 2.0 * below[1].1).abs() < 0.02,
            "{svg}"
        );
        assert!((below[0].0 + below[0].1 - above[0].0).abs() < 0.02, "both meet at the line");
        assert!(svg.contains("median 1.100") && svg.contains(">little<") && svg.contains(">much<"));
    }

    #[test]
    fn a_bar_on_one_side_of_the_line_has_one_colour() {
        let svg = drawn(&[bar("a", 1.12, 1.14)], "");
        assert_eq!((boxes(&svg, COLOURS[0]).len(), boxes(&svg, COLOURS[1]).len()), (0, 1));
    }

    #[test]
    fn what_may_be_chance_is_pale_and_says_so() {
        let pale = Bar { pale: true, ..bar("b", 1.09, 1.11) };
        let svg = drawn(&[bar("a", 1.0, 1.2), pale], "may be chance");
        assert_eq!(boxes(&svg, COLOURS[0]).len(), 1);
        assert!(svg.contains("may be chance"));
        assert!(!drawn(&[bar("a", 1.0, 1.2)], "may be chance").contains("may be chance"));
    }

    #[test]
    fn words_stay_within_the_drawing() {
        let mut wide = bar("a", 1.0, 1.2);
        wide.ends = ["4.5 K to 5.3 K".into(), "7.7 K to 9.9 K".into()];
        let svg = drawn(&[wide], "");
        let (left, length) = boxes(&svg, COLOURS[0])[0];
        let (from, rest) = boxes(&svg, COLOURS[1])[0];
        let words = width("7.7 K to 9.9 K", SMALL.size);
        assert!(left - words > 0.0 && from + rest + 6.0 + words < WIDTH, "{left} {length} {from} {rest}");
    }
}
