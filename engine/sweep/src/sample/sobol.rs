//! The Sobol sequence with nested uniform scrambling.
//!
//! # Equations
//! ```text
//! x_k = ⊕ over the set bits j of k of v_j        (binary digits of the number of the point)
//! ```
//! Scrambling (Owen): the first digit of every coordinate is flipped or not; the second likewise, by another chance for
//! either value of the first; and so on. Each flip is a function of seed, dimension and the digits before it, so any
//! point can be made alone.
//!
//! # Source
//! I. Sobol (1967); direction numbers `new-joe-kuo-6` of S. Joe and F. Kuo, *Constructing Sobol sequences with better
//! two-dimensional projections*, SIAM J. Sci. Comput. 30, 2008; A. Owen, *Randomly permuted (t,m,s)-nets and
//! (t,s)-sequences*, 1995.
//!
//! # Verified by
//! Unscrambled points against `scipy.stats.qmc.Sobol`, bit by bit; discrepancy of scrambled ones against those of SciPy
//! (`tests/validation/salib`).

use super::directions::POLYNOMIALS;
use crate::philox::{Stream, Use};

const BITS: u32 = 32;

/// The most dimensions.
pub const MOST_DIMENSIONS: usize = POLYNOMIALS.len() + 1;

/// Direction numbers of a dimension, counted from 0, the most significant first.
fn directions(dimension: usize) -> [u32; BITS as usize] {
    let mut v = [0_u32; BITS as usize];
    let Some(&(degree, coefficients, first)) = dimension.checked_sub(1).and_then(|d| POLYNOMIALS.get(d))
    else {
        for (j, v) in v.iter_mut().enumerate() {
            *v = 1 << (BITS - 1 - j as u32);
        }
        return v;
    };
    let degree = degree as usize;
    for j in 0..v.len() {
        if j < degree {
            v[j] = first[j] << (BITS - 1 - j as u32);
            continue;
        }
        // v_j = v_{j−s}/2^s ⊕ v_{j−s} ⊕ Σ a_i v_{j−i}
        let mut value = v[j - degree] ^ (v[j - degree] >> degree);
        for i in 1..degree {
            if coefficients >> (degree - 1 - i) & 1 == 1 {
                value ^= v[j - i];
            }
        }
        v[j] = value;
    }
    v
}

fn coordinate(directions: &[u32; BITS as usize], index: u64) -> u32 {
    directions.iter().enumerate().filter(|(j, _)| index >> j & 1 == 1).fold(0, |x, (_, v)| x ^ v)
}

/// Points in Gray-code order would be the same set; here they come in the order of their numbers.
#[must_use]
pub fn plain(count: usize, dimensions: usize) -> Vec<Vec<f64>> {
    made(count, dimensions, |x, _| f64::from(x) / 2_f64.powi(BITS as i32))
}

/// Scrambled points, each in the interior of the unit cube.
#[must_use]
pub fn scrambled(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let stream = Stream::new(seed, Use::Scramble);
    made(count, dimensions, |x, d| {
        // The digits below the 32 of the sequence are chance as well; here the middle of what they could be.
        (f64::from(nested(x, d, stream)) + 0.5) / 2_f64.powi(BITS as i32)
    })
}

fn made(count: usize, dimensions: usize, of: impl Fn(u32, u32) -> f64) -> Vec<Vec<f64>> {
    let mut points = vec![vec![0.0; dimensions]; count];
    for d in 0..dimensions {
        let directions = directions(d);
        for (k, point) in points.iter_mut().enumerate() {
            point[d] = of(coordinate(&directions, k as u64), d as u32);
        }
    }
    points
}

/// Flips each digit by a chance that depends on the digits before it.
fn nested(x: u32, dimension: u32, stream: Stream) -> u32 {
    let mut scrambled = 0;
    for digit in 0..BITS {
        // The digits before this one, with a leading 1 that tells how many they are.
        let before = (1_u64 << digit) | (u64::from(x) >> (BITS - digit)) & ((1 << digit) - 1);
        let flip = (stream.bits(before, dimension) >> 63) as u32;
        scrambled |= ((x >> (BITS - 1 - digit) & 1) ^ flip) << (BITS - 1 - digit);
    }
    scrambled
}
