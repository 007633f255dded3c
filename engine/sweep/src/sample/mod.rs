//! Samplers: which cases a study has. A case is one [`Value`] for each parameter.
//!
//! Every sampler but the grid and the list first places points in the unit cube, each of which is a function of seed,
//! number of the case and parameter; [`crate::distribution`] makes values of them.
//!
//! | sampler | cases | source |
//! |---|---|---|
//! | `Grid` | every combination, the last parameter fastest | |
//! | `LatinHypercube` | n, one in each of n parts of every parameter | M. McKay et al., *Technometrics* 21, 1979 |
//! | `Sobol` | n points of a scrambled sequence | S. Joe, F. Kuo, *SIAM J. Sci. Comput.* 30, 2008; A. Owen, 1995 |
//! | `MonteCarlo` | n | |
//! | `Morris` | r·(k+1): paths that move each of k parameters once | M. Morris, *Technometrics* 33, 1991 |
//! | `Nsga2` | n in a generation; the first is a Latin hypercube, the others follow from rows | [`crate::nsga2`] |
//! | `Saltelli` | n·(k+2): A, then A with one column of B, then B | A. Saltelli et al., *Comput. Phys. Commun.* 181, 2010 |

mod correlate;
mod directions;
pub mod morris;
pub mod sobol;

use crate::distribution;
use crate::philox::{Stream, Use};
use scenario::study_file::{Sampler, StudyFile, Value};

/// The cases of a study, in the order of their numbers.
#[must_use]
pub fn cases(study: &StudyFile) -> Vec<Vec<Value>> {
    match &study.sampler {
        Sampler::Grid => grid(study),
        Sampler::List(cases) => cases.clone(),
        _ => {
            let mut points = points(study);
            correlate::apply(&mut points, &study.factor);
            points.iter().map(|point| values(study, point)).collect()
        }
    }
}

/// The points of a study in the unit cube; none for a grid or a list.
#[must_use]
pub fn points(study: &StudyFile) -> Vec<Vec<f64>> {
    let dimensions = study.parameters.len();
    match study.sampler {
        Sampler::Grid | Sampler::List(_) => Vec::new(),
        Sampler::LatinHypercube { cases, seed } => latin_hypercube(cases, dimensions, seed),
        Sampler::Sobol { cases, seed } => sobol::scrambled(cases, dimensions, seed),
        Sampler::MonteCarlo { cases, seed } => monte_carlo(cases, dimensions, seed),
        Sampler::Morris { trajectories, levels, seed } => {
            morris::paths(trajectories, dimensions, levels, seed)
        }
        Sampler::Saltelli { base, seed } => saltelli_points(base, dimensions, seed),
        // The first generation.
        Sampler::Nsga2 { population, seed, .. } => latin_hypercube(population, dimensions, seed),
    }
}

/// A point of the unit cube as values of the parameters.
#[must_use]
pub fn values(study: &StudyFile, point: &[f64]) -> Vec<Value> {
    let mut values = Vec::with_capacity(point.len());
    for (place, &unit) in point.iter().enumerate() {
        // What a parameter is may depend on an option that stands above it.
        let value = distribution::value(study.kind_of(place, &values), unit);
        values.push(value);
    }
    values
}

/// The values of every parameter at the levels of a grid, `levels` being counted from 0.
#[must_use]
pub fn at_levels(study: &StudyFile, levels: &[usize]) -> Vec<Value> {
    let mut values = Vec::with_capacity(levels.len());
    for (place, &level) in levels.iter().enumerate() {
        let value = distribution::level(study.kind_of(place, &values), level);
        values.push(value);
    }
    values
}

fn grid(study: &StudyFile) -> Vec<Vec<Value>> {
    let sizes: Vec<usize> = study.parameters.iter().map(|p| p.kind.levels()).collect();
    // The reader has seen to it that there are not too many.
    let count = sizes.iter().product();
    let mut levels = vec![0; sizes.len()];
    let mut cases = Vec::with_capacity(count);
    for _ in 0..count {
        cases.push(at_levels(study, &levels));
        for (level, &size) in levels.iter_mut().zip(&sizes).rev() {
            *level += 1;
            if *level < size {
                break;
            }
            *level = 0;
        }
    }
    cases
}

fn monte_carlo(cases: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let stream = Stream::new(seed, Use::Draw);
    let point = |case: usize| (0..dimensions).map(|d| stream.unit(case as u64, d as u32)).collect();
    (0..cases).map(point).collect()
}

pub(crate) fn latin_hypercube(cases: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let (order, place) = (Stream::new(seed, Use::Order), Stream::new(seed, Use::Place));
    let mut points = vec![vec![0.0; dimensions]; cases];
    for d in 0..dimensions {
        let parts = shuffled(cases, order, d as u32);
        for (case, (point, part)) in points.iter_mut().zip(parts).enumerate() {
            let within = place.unit(case as u64, d as u32);
            point[d] = (part as f64 + within) / cases as f64;
        }
    }
    points
}

/// 0, 1, … in an order that a stream gives (Fisher and Yates).
fn shuffled(count: usize, stream: Stream, which: u32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for k in (1..count).rev() {
        order.swap(k, stream.below(k + 1, k as u64, which));
    }
    order
}

/// A, A with each column of B in turn, B: one base point after the other.
pub(crate) fn saltelli_points(base: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let both = sobol::scrambled(base, 2 * dimensions, seed);
    let mut points = Vec::with_capacity(base * (dimensions + 2));
    for point in &both {
        let (a, b) = point.split_at(dimensions);
        points.push(a.to_vec());
        for d in 0..dimensions {
            let mut mixed = a.to_vec();
            mixed[d] = b[d];
            points.push(mixed);
        }
        points.push(b.to_vec());
    }
    points
}

#[cfg(test)]
mod tests;
