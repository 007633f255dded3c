//! Parallel coordinates: each case is a line over one axis for every parameter and figure.

use super::svg::{Anchor, COLOURS, GRID, SMALL, STRONG, Svg, width};
use super::{About, Drawing};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 410.0;
/// Names at an axis that has more are left out evenly.
const MOST_NAMES: usize = 15;

/// An axis.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Its name, and below it its unit; the unit may be empty.
    pub name: (String, String),
    /// What is written along it, each at its share of the height, 0 below and 1 on top.
    pub marks: Vec<(f64, String)>,
    /// Whether it is a figure, and no parameter.
    pub figure: bool,
}

/// Lines of one kind: for each case its place at every axis, as a share of the height; what does not exist is NaN.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Its name.
    pub name: String,
    /// The cases.
    pub cases: Vec<Vec<f64>>,
}

/// Draws parallel coordinates; the last bundle is in front.
pub fn parallel(about: About, axes: &[Axis], bundles: &[Bundle]) -> Drawing {
    let mut svg = Svg::new(about.id, WIDTH, HEIGHT);
    let (top, bottom) = (84.0, HEIGHT - 22.0);
    let widest = |k: usize| {
        let words =
            axes.get(k).into_iter().flat_map(|axis| &axis.marks).map(|(_, text)| width(text, SMALL.size));
        words.fold(0.0, f64::max)
    };
    let (left, right) = (34.0, WIDTH - 24.0 - widest(axes.len().saturating_sub(1)).min(130.0));
    let gap = (right - left) / axes.len().saturating_sub(1).max(1) as f64;
    let x = |k: usize| left + gap * k as f64;
    let y = |share: f64| bottom + share * (top - bottom);
    let looks: [(&str, f64); 3] = [(GRID, 1.0), (COLOURS[4], 1.0), (COLOURS[5], 2.2)];
    let from = looks.len() - bundles.len().min(looks.len());
    for (k, bundle) in bundles.iter().enumerate() {
        let (colour, wide) = looks[(from + k).min(looks.len() - 1)];
        for case in &bundle.cases {
            // A line is broken where a value does not exist.
            let places: Vec<(f64, f64)> = case
                .iter()
                .enumerate()
                .map(|(k, share)| (x(k), if share.is_finite() { y(*share) } else { f64::NAN }))
                .collect();
            for run in places.split(|place| place.1.is_nan()).filter(|run| run.len() > 1) {
                svg.line(run, colour, wide, false);
            }
        }
    }
    for (k, axis) in axes.iter().enumerate() {
        svg.rule((x(k), top), (x(k), bottom), true);
        // Neighbours stand on two lines, so that long names find room.
        let line = if k % 2 == 0 { 0.0 } else { 26.0 };
        let anchor = if k == 0 {
            Anchor::Start
        } else if k + 1 == axes.len() {
            Anchor::End
        } else {
            Anchor::Middle
        };
        let at = if k == 0 {
            x(k) - 26.0
        } else if k + 1 == axes.len() {
            WIDTH - 8.0
        } else {
            x(k)
        };
        let name = if axis.name.1.is_empty() {
            axis.name.0.clone()
        } else {
            format!("{} [{}]", axis.name.0, axis.name.1)
        };
        svg.text(at, 42.0 + line, anchor, if axis.figure { STRONG } else { SMALL }, &name);
        if line == 0.0 && k > 0 && k + 1 < axes.len() {
            svg.rule((x(k), 48.0), (x(k), top - 6.0), false);
        }
        let every = axis.marks.len().div_ceil(MOST_NAMES).max(1);
        for (place, (share, text)) in axis.marks.iter().enumerate() {
            if place % every == 0 || place + 1 == axis.marks.len() {
                svg.rule((x(k) - 3.0, y(*share)), (x(k) + 3.0, y(*share)), true);
                svg.text_over(x(k) + 6.0, y(*share) + 4.0, SMALL, text);
            }
        }
    }
    let mut at = left - 26.0;
    for (k, bundle) in bundles.iter().enumerate() {
        let (colour, wide) = looks[(from + k).min(looks.len() - 1)];
        svg.line(&[(at, 14.0), (at + 22.0, 14.0)], colour, wide + 1.0, false);
        svg.text(
            at + 28.0,
            18.0,
            Anchor::Start,
            if k + 1 == bundles.len() { STRONG } else { SMALL },
            &bundle.name,
        );
        at += 52.0 + width(&bundle.name, STRONG.size) * 1.05;
    }
    about.finish(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(name: &str) -> Axis {
        Axis {
            name: (name.into(), "K".into()),
            marks: vec![(0.0, "1".into()), (1.0, "9".into())],
            figure: false,
        }
    }

    #[test]
    fn a_case_is_one_line_over_all_axes_and_is_broken_where_a_value_is_missing() {
        let about = About { id: "p", title: "t", alt: "a" };
        let axes = [axis("a"), axis("b"), axis("c"), axis("d")];
        let whole = Bundle { name: "best".into(), cases: vec![vec![0.0, 0.5, 1.0, 0.25]] };
        let broken = Bundle { name: "best".into(), cases: vec![vec![0.0, 0.5, f64::NAN, 0.25]] };
        let lines = |bundle: Bundle| parallel(about, &axes, &[bundle]).svg.matches("<polyline").count();
        // One of the legend beside each; of the broken one the end stands alone and is no line.
        assert_eq!((lines(whole), lines(broken.clone())), (2, 2));
        let svg = parallel(about, &axes, &[broken]).svg;
        let points = svg.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(points.split(' ').count(), 2);
    }

    #[test]
    fn a_long_list_of_names_is_thinned_and_keeps_its_last() {
        let marks: Vec<(f64, String)> = (0..40).map(|k| (f64::from(k) / 39.0, format!("n{k}"))).collect();
        let axes = [Axis { name: ("a".into(), String::new()), marks, figure: true }, axis("b")];
        let svg = parallel(About { id: "p", title: "t", alt: "a" }, &axes, &[]).svg;
        // Every third of forty, n0 … n39.
        assert_eq!(svg.matches(">n").count(), 14);
        assert!(svg.contains(">n39<") && !svg.contains(">n1<"));
    }
}
