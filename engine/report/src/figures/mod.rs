//! Drawings: plain functions from values and words to an SVG element.
//!
//! # Absences
//!
//! * No figure of a run is computed here, only pixels.
//! * No word is chosen here: all come with the call, in the language of the report.

pub mod axis;
mod boundary;
mod charts;
mod course;
mod heat_map;
mod indices;
mod parallel;
mod plan;
mod sankey;
mod scatter;
pub mod svg;
mod tornado;

pub use boundary::{Crossing, boundary};
pub use charts::{Band, Bars, Line, Mark, Step, histogram, lines, stacked, waterfall};
pub use course::{Stop, course};
pub use heat_map::{HeatMap, heat_map};
pub use indices::{IndexRow, Measured, index_bars};
pub use parallel::{Axis as ParallelAxis, Bundle, parallel};
pub use plan::{Row as PlanRow, plan};
pub use sankey::{Flow, Frame, Laid, Node, Ribbon, Sankey, lay, sankey};
pub use scatter::{Cloud, Scatter, scatter};
pub use tornado::{Bar, Tornado, tornado};

/// A drawing and its size [px].
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// A whole `<svg>` element.
    pub svg: String,
    /// Width [px].
    pub width: f64,
    /// Height [px].
    pub height: f64,
}

/// What every drawing is told of itself.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Anchor.
    pub id: &'a str,
    /// The caption.
    pub title: &'a str,
    /// For who cannot see it.
    pub alt: &'a str,
}

impl About<'_> {
    fn finish(&self, svg: svg::Svg) -> Drawing {
        let (width, height) = svg.size();
        Drawing { svg: svg.finish(self.title, self.alt), width, height }
    }
}
