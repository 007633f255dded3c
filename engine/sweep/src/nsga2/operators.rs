//! Chance of a generation: who meets whom, and what their children are.

use crate::philox::{Stream, Use};
use real::Real;

/// How close children are to their parents.
const CROSSOVER_INDEX: f64 = 15.0;
/// Share of the pairs that are crossed at all.
const CROSSED: f64 = 0.9;
/// How close a mutated variable is to what it was.
const MUTATION_INDEX: f64 = 20.0;
/// Parents that are closer than this in a variable do not cross in it.
const CLOSE: f64 = 1e-14;

/// The draws of one generation.
pub(super) struct Draws {
    select: Stream,
    cross: Stream,
    mutate: Stream,
    generation: u64,
}

impl Draws {
    pub fn new(seed: u64, generation: usize) -> Draws {
        let stream = |purpose| Stream::new(seed, purpose);
        let generation = (generation as u64) << 32;
        Draws {
            select: stream(Use::Select),
            cross: stream(Use::Cross),
            mutate: stream(Use::Mutate),
            generation,
        }
    }

    /// Two that are held against each other.
    pub fn contestants(&self, pair: usize, which: u32, count: usize) -> (usize, usize) {
        let of = |k: u32| self.select.below(count, self.generation | pair as u64, 2 * which + k);
        (of(0), of(1))
    }

    /// Two children.
    pub fn children(&self, pair: usize, a: &[f64], b: &[f64]) -> [Vec<f64>; 2] {
        let at = self.generation | pair as u64;
        let (mut one, mut other) = (a.to_vec(), b.to_vec());
        let draw = |d: usize, k: u32| self.cross.unit(at, 1 + 3 * d as u32 + k);
        if self.cross.unit(at, 0) < CROSSED {
            for d in 0..a.len() {
                if draw(d, 0) < 0.5 && (a[d] - b[d]).abs() > CLOSE {
                    let (low, high) = crossed(a[d].min(b[d]), a[d].max(b[d]), draw(d, 1));
                    (one[d], other[d]) = if draw(d, 2) < 0.5 { (low, high) } else { (high, low) };
                }
            }
        }
        for (which, child) in [&mut one, &mut other].into_iter().enumerate() {
            let share = 1.0 / child.len().max(1) as f64;
            for (d, x) in child.iter_mut().enumerate() {
                let place = 4 * d as u32 + 2 * which as u32;
                if self.mutate.unit(at, place) < share {
                    *x = mutated(*x, self.mutate.unit(at, place + 1));
                }
            }
        }
        [one, other]
    }
}

/// Simulated binary crossover of two values within 0 and 1.
fn crossed(low: f64, high: f64, u: f64) -> (f64, f64) {
    let (middle, gap) = (0.5 * (low + high), high - low);
    let spread = |room: f64| {
        let beta = 1.0 + 2.0 * room / gap;
        let alpha = 2.0 - Real::powf(beta, -(CROSSOVER_INDEX + 1.0));
        let ratio = if u <= 1.0 / alpha { u * alpha } else { 1.0 / (2.0 - u * alpha) };
        Real::powf(ratio, 1.0 / (CROSSOVER_INDEX + 1.0))
    };
    (
        (middle - 0.5 * spread(low) * gap).clamp(0.0, 1.0),
        (middle + 0.5 * spread(1.0 - high) * gap).clamp(0.0, 1.0),
    )
}

/// Polynomial mutation of a value within 0 and 1.
fn mutated(x: f64, u: f64) -> f64 {
    let power = |base: f64| Real::powf(base, MUTATION_INDEX + 1.0);
    let root = |value: f64| Real::powf(value, 1.0 / (MUTATION_INDEX + 1.0));
    let step = if u < 0.5 {
        root(2.0 * u + (1.0 - 2.0 * u) * power(1.0 - x)) - 1.0
    } else {
        1.0 - root(2.0 * (1.0 - u) + 2.0 * (u - 0.5) * power(x))
    };
    (x + step).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_of_a_crossing_at_the_middle_of_its_chance_are_their_parents() {
        // Far from both ends α = 2 − β^−16 with β = 1 + 2·0.45/0.1 = 10: α = 2, and u = 1/2 gives a spread of 1.
        let (low, high) = crossed(0.45, 0.55, 0.5);
        assert!((low - 0.45).abs() < 1e-12 && (high - 0.55).abs() < 1e-12, "{low} {high}");
        // u towards 0 brings both to the middle, towards 1 far apart, never beyond the ends.
        let (low, high) = crossed(0.45, 0.55, 0.0);
        assert_eq!((low, high), (0.5, 0.5));
        let (low, high) = crossed(0.1, 0.9, 1.0 - 1e-12);
        assert!((0.0..0.1).contains(&low) && (0.9..=1.0).contains(&high), "{low} {high}");
    }

    #[test]
    fn a_mutation_at_the_middle_of_its_chance_moves_nothing_and_stays_inside() {
        // u = 1/2: (1 + 0)^(1/21) − 1 = 0
        assert!((mutated(0.3, 0.5) - 0.3).abs() < 1e-15);
        // u → 0 at x: ((1 − x)^21)^(1/21) − 1 = −x, the lower end.
        assert!(mutated(0.3, 0.0).abs() < 1e-12 && (mutated(0.3, 1.0 - 1e-16) - 1.0).abs() < 1e-1);
        assert!((0..1000).all(|k| (0.0..=1.0).contains(&mutated(0.999, f64::from(k) / 1000.0))));
    }
}
