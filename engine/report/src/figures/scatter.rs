//! A scatter of cases by two figures, with the line of those that none beats.

use super::axis::{Plot, Scale, decimals, ticks};
use super::svg::{Anchor, COLOURS, PLAIN, SMALL, STRONG, Svg, n, width};
use super::{About, Drawing};
use crate::document::grouped;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;

/// Points of one kind.
#[derive(Debug, Clone, Default)]
pub struct Cloud {
    /// Its name.
    pub name: String,
    /// The points.
    pub points: Vec<(f64, f64)>,
}

/// Points by two figures.
#[derive(Debug, Clone, Copy)]
pub struct Scatter<'a> {
    /// Title of the horizontal axis, with its unit.
    pub x: &'a str,
    /// Title of the vertical axis.
    pub y: &'a str,
    /// Kinds of points, those in front last; each has a shape of its own.
    pub clouds: &'a [Cloud],
    /// Name of the line, and its points from left to right.
    pub line: (&'a str, &'a [(f64, f64)]),
    /// Points with a name.
    pub named: &'a [((f64, f64), String)],
}

/// Draws a scatter. A point of the line is a diamond; the kinds behind it are rings, then discs.
pub fn scatter(about: About, of: Scatter) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, HEIGHT);
    let plot = Plot { left: 72.0, top: 58.0, right: WIDTH - 24.0, bottom: HEIGHT - 48.0 };
    let all = || of.clouds.iter().flat_map(|cloud| &cloud.points).chain(of.line.1);
    let range = |of: &dyn Fn(&(f64, f64)) -> f64| {
        all().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)))
    };
    let ((left, right), (low, high)) = (range(&|p| p.0), range(&|p| p.1));
    if !(left.is_finite() && low.is_finite()) {
        return about.finish(svg);
    }
    let marks = ticks(left, right, 7);
    let x = Scale::new(marks[0], marks[marks.len() - 1], plot.left, plot.right);
    let digits = decimals(&marks);
    for &tick in &marks {
        svg.rule((x.at(tick), plot.top), (x.at(tick), plot.bottom), false);
        svg.text(x.at(tick), plot.bottom + 17.0, Anchor::Middle, SMALL, &grouped(tick, digits));
    }
    let y = plot.vertical(&mut svg, low, high, of.y);
    svg.rule((plot.left, plot.bottom), (plot.right, plot.bottom), true);
    svg.text((plot.left + plot.right) / 2.0, plot.bottom + 37.0, Anchor::Middle, SMALL, of.x);
    let at = |p: &(f64, f64)| (x.at(p.0), y.at(p.1));
    let colours = [COLOURS[7], COLOURS[4]];
    for (k, cloud) in of.clouds.iter().enumerate() {
        let filled = k > 0;
        let data: String = cloud.points.iter().map(|p| disc(at(p), 3.4, filled)).collect();
        svg.path(&data, colours[k.min(1)], 0.75, false);
    }
    let front: Vec<(f64, f64)> = of.line.1.iter().map(at).collect();
    svg.line(&front, COLOURS[5], 1.6, false);
    svg.path(&front.iter().map(|&p| diamond(p, 5.2)).collect::<String>(), COLOURS[5], 1.0, false);
    let mut free: Vec<(f64, f64, f64)> = Vec::new();
    for (point, name) in of.named {
        let (px, py) = at(point);
        let wide = width(name, PLAIN.size);
        // To the right of the point, or to its left where there is no room; never over another name.
        let (from, to) = if px + 10.0 + wide < plot.right {
            (px + 9.0, px + 9.0 + wide)
        } else {
            (px - 9.0 - wide, px - 9.0)
        };
        if free.iter().any(|&(a, b, at)| from < b && to > a && (at - py).abs() < 15.0) {
            continue;
        }
        free.push((from, to, py));
        svg.text_over(from, py + 4.0, PLAIN, name);
    }
    let mut from = plot.left;
    let legend = of.clouds.iter().map(|cloud| cloud.name.as_str()).chain([of.line.0]);
    for (k, name) in legend.enumerate() {
        let middle = (from + 6.0, 14.0);
        if k < of.clouds.len() {
            svg.path(&disc(middle, 4.2, k > 0), colours[k.min(1)], 1.0, false);
        } else {
            svg.path(&diamond(middle, 5.4), COLOURS[5], 1.0, false);
        }
        svg.text(from + 16.0, 18.0, Anchor::Start, if k < of.clouds.len() { PLAIN } else { STRONG }, name);
        from += 34.0 + width(name, PLAIN.size) * 1.06;
    }
    about.finish(svg)
}

fn disc((x, y): (f64, f64), r: f64, filled: bool) -> String {
    let circle = |r: f64, turn: u8| {
        let (begin, half, across) = (format!("M{} {}", n(x - r), n(y)), n(r), n(2.0 * r));
        format!("{begin}a{half} {half} 0 1 {turn} {across} 0a{half} {half} 0 1 {turn} -{across} 0z")
    };
    if filled { circle(r, 1) } else { circle(r, 1) + &circle(r - 1.3, 0) }
}

fn diamond((x, y): (f64, f64), r: f64) -> String {
    format!("M{} {}L{} {}L{} {}L{} {}z", n(x), n(y - r), n(x + r), n(y), n(x), n(y + r), n(x - r), n(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(named: &[((f64, f64), String)]) -> String {
        let clouds = [
            Cloud { name: "misses".into(), points: vec![(2.0, 9.0)] },
            Cloud { name: "meets".into(), points: vec![(3.0, 8.0), (4.0, 6.0)] },
        ];
        let line = [(1.0, 7.0), (2.0, 3.0), (5.0, 1.0)];
        let of = Scatter { x: "PUE", y: "L/kWh", clouds: &clouds, line: ("front", &line), named };
        scatter(About { id: "s", title: "a finding", alt: "points" }, of).svg
    }

    #[test]
    fn every_point_is_drawn_and_those_of_the_line_are_diamonds() {
        let svg = drawn(&[]);
        let paths: Vec<&str> =
            svg.split("<path d=\"").skip(1).map(|p| p.split('"').next().unwrap()).collect();
        // A ring is two circles, a disc one, a diamond one; then three marks of the legend.
        let begins: Vec<usize> = paths.iter().map(|p| p.matches('M').count()).collect();
        assert_eq!(begins, [2, 2, 3, 2, 1, 1]);
        assert_eq!(
            svg.split("<polyline points=\"").nth(1).unwrap().split('"').next().unwrap().matches(',').count(),
            3
        );
    }

    #[test]
    fn names_do_not_stand_over_each_other() {
        let near = [((2.0, 3.0), "first".to_owned()), ((2.01, 3.0), "second".to_owned())];
        let svg = drawn(&near);
        assert!(svg.contains(">first<") && !svg.contains(">second<"));
    }

    #[test]
    fn no_point_at_all_is_an_empty_drawing() {
        let of = Scatter { x: "", y: "", clouds: &[], line: ("", &[]), named: &[] };
        assert!(scatter(About { id: "s", title: "t", alt: "a" }, of).svg.ends_with("</svg>"));
    }
}
