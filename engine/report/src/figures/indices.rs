//! Bars of indices with their intervals, two for each parameter: alone and with all others, or μ* and σ.

use super::axis::Plot;
use super::svg::{Anchor, COLOURS, GRID, PLAIN, SMALL, Svg, width};
use super::{About, Drawing};

const WIDTH: f64 = 760.0;
const THICK: f64 = 13.0;
/// No name is given more room [px].
const WIDEST: f64 = 230.0;

/// A measured value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    /// The value.
    pub value: f64,
    /// Within what it is known, drawn as a whisker.
    pub interval: Option<(f64, f64)>,
    /// Whether it is known so badly that only its upper end says something: drawn pale.
    pub pale: bool,
}

/// A parameter with a bar for each series.
#[derive(Debug, Clone)]
pub struct IndexRow {
    /// The parameter.
    pub name: String,
    /// One for each series.
    pub bars: Vec<Measured>,
}

/// Draws bars from zero; every other series is hatched.
pub fn index_bars(about: About, axis: &str, series: &[&str], rows: &[IndexRow], pale: &str) -> Drawing {
    let high = THICK * series.len() as f64 + 12.0;
    let noted = !pale.is_empty() && rows.iter().flat_map(|row| &row.bars).any(|bar| bar.pale);
    let foot = if noted { 66.0 } else { 46.0 };
    let mut svg = Svg::new(about.id, WIDTH, 40.0 + high * rows.len() as f64 + foot);
    let widest = rows.iter().map(|row| width(&row.name, PLAIN.size)).fold(60.0, f64::max).min(WIDEST);
    let plot =
        Plot { left: widest + 22.0, top: 34.0, right: WIDTH - 30.0, bottom: 38.0 + high * rows.len() as f64 };
    let ends = rows.iter().flat_map(|row| &row.bars).flat_map(|bar| {
        let (low, high) = bar.interval.unwrap_or((bar.value, bar.value));
        [bar.value, low, high]
    });
    let (least, most) =
        ends.filter(|v| v.is_finite()).fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    let most = if most > least { most } else { least + 1.0 };
    let x = plot.horizontal(&mut svg, least, most, axis);
    let zero = x.at(0.0);
    for (k, row) in rows.iter().enumerate() {
        let y = plot.top + 6.0 + high * k as f64;
        svg.text(plot.left - 8.0, y + THICK * series.len() as f64 / 2.0 + 4.0, Anchor::End, PLAIN, &row.name);
        for (place, bar) in row.bars.iter().enumerate().filter(|(_, bar)| bar.value.is_finite()) {
            let (from, to) = (x.at(bar.value).min(zero), x.at(bar.value).max(zero));
            let y = y + THICK * place as f64;
            let paint = if place % 2 == 1 { Svg::hatched } else { Svg::rect };
            paint(
                &mut svg,
                from,
                y,
                to - from,
                THICK - 2.0,
                if bar.pale { GRID } else { COLOURS[place % COLOURS.len()] },
            );
            if let Some((low, high)) = bar.interval {
                let (low, high, middle) = (x.at(low), x.at(high), y + (THICK - 2.0) / 2.0);
                svg.rule((low, middle), (high, middle), true);
                for end in [low, high] {
                    svg.rule((end, middle - 4.0), (end, middle + 4.0), true);
                }
            }
        }
    }
    svg.rule((zero, plot.top), (zero, plot.bottom), true);
    let mut at = plot.left;
    for (k, name) in series.iter().enumerate() {
        let paint = if k % 2 == 1 { Svg::hatched } else { Svg::rect };
        paint(&mut svg, at, 8.0, 13.0, 13.0, COLOURS[k % COLOURS.len()]);
        svg.text(at + 19.0, 19.0, Anchor::Start, PLAIN, name);
        at += 42.0 + width(name, PLAIN.size);
    }
    if noted {
        let y = plot.bottom + 44.0;
        svg.rect(plot.left, y, 13.0, 13.0, GRID);
        svg.text(plot.left + 19.0, y + 11.0, Anchor::Start, SMALL, pale);
    }
    about.finish(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_twice_as_large_is_twice_as_long_and_what_is_unknown_is_pale() {
        let bar = |value: f64, pale| Measured { value, interval: Some((value * 0.9, value * 1.1)), pale };
        let row = |name: &str, bars| IndexRow { name: name.into(), bars };
        let rows = [
            row("a", vec![bar(0.4, false), bar(0.8, false)]),
            row("b", vec![bar(0.02, true), bar(0.4, false)]),
        ];
        let svg = index_bars(
            About { id: "i", title: "t", alt: "a" },
            "share",
            &["alone", "with others"],
            &rows,
            "not known",
        )
        .svg;
        let wide = |colour: &str| -> Vec<f64> {
            let boxes = svg.split("<rect").skip(1).map(|part| part.split_once('>').unwrap().0);
            let of = boxes.filter(|part| part.contains(&format!("fill=\"{colour}\"")));
            of.map(|part| part.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
                .collect()
        };
        let (alone, with) = (wide(COLOURS[0]), wide(COLOURS[1]));
        // The last of each is the legend.
        assert!(
            (with[0] / alone[0] - 2.0).abs() < 1e-3 && (with[1] / alone[0] - 1.0).abs() < 1e-3,
            "{alone:?} {with:?}"
        );
        assert_eq!((alone.len(), with.len(), wide(GRID).len()), (2, 3, 2));
        assert!(svg.contains("not known"));
    }
}
