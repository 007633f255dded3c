//! How the stages of a step are kept between the passes over the tiles.
//!
//! A step of s stages goes s + 1 times through all tiles, and where they do not fit the cache it is the memory that it
//! waits for. In single precision their vectors and factors take half of it. They are increments, rates and factors,
//! never states: a relative error of 6e-8 in what a step adds. Everything is calculated in double precision, and the
//! states are kept so.

use super::system::{Lane, WIDTH};
use real::Lanes;

/// How vectors of the stages and factors of the members are kept in memory. Arithmetic and states are double.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 8 bytes a number.
    #[default]
    Double,
    /// 4 bytes a number: half of the memory, and a relative error of 6e-8 in the change of each step.
    Single,
}

/// One number of each of the members of a tile, as it is kept.
pub(super) trait Stored: Copy + Send {
    fn store(lane: Lane) -> Self;
    fn load(&self) -> Lane;
}

impl Stored for Lane {
    #[inline(always)]
    fn store(lane: Lane) -> Self {
        lane
    }
    #[inline(always)]
    fn load(&self) -> Lane {
        *self
    }
}

/// A lane in single precision, half a cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub(super) struct Single([f32; WIDTH]);

impl Stored for Single {
    #[inline(always)]
    fn store(lane: Lane) -> Self {
        let mut single = [0.0; WIDTH];
        for (single, double) in single.iter_mut().zip(lane.0) {
            *single = double as f32;
        }
        Single(single)
    }
    #[inline(always)]
    fn load(&self) -> Lane {
        let mut double = [0.0; WIDTH];
        for (double, single) in double.iter_mut().zip(self.0) {
            *double = f64::from(single);
        }
        Lanes(double)
    }
}
