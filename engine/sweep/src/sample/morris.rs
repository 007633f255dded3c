//! Paths of Morris: each begins on a random point of a grid and moves every parameter once, in a random order.
//!
//! One move is Δ = p / (2(p − 1)) of the range for p levels, so that every level is as likely as the others.

use super::shuffled;
use crate::philox::{Stream, Use};

/// One move, as a share of the range.
#[must_use]
pub fn step(levels: usize) -> f64 {
    levels as f64 / (2.0 * (levels as f64 - 1.0))
}

/// The points of all paths, path by path.
pub(super) fn paths(trajectories: usize, dimensions: usize, levels: usize, seed: u64) -> Vec<Vec<f64>> {
    let stream = Stream::new(seed, Use::Path);
    let mut points = Vec::with_capacity(trajectories * (dimensions + 1));
    let half = levels / 2;
    for path in 0..trajectories {
        // Starts lie in the lower half, from where Δ leads up; a coin decides which end comes first.
        let mut at: Vec<usize> = Vec::with_capacity(dimensions);
        let mut up = Vec::with_capacity(dimensions);
        for d in 0..dimensions {
            let low = stream.below(half.max(1), path as u64, 2 * d as u32);
            let rises = stream.bits(path as u64, 2 * d as u32 + 1) >> 63 == 0;
            at.push(if rises { low } else { low + half });
            up.push(rises);
        }
        let order = shuffled(dimensions, stream, 0x4000_0000 | path as u32);
        let point = |at: &[usize]| at.iter().map(|&k| k as f64 / (levels as f64 - 1.0)).collect::<Vec<f64>>();
        points.push(point(&at));
        for d in order {
            at[d] = if up[d] { at[d] + half } else { at[d] - half };
            points.push(point(&at));
        }
    }
    points
}
