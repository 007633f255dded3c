//! NSGA-II: a search for the cases that no other beats, as questions and answers.
//!
//! [`Nsga2::ask`] gives the points of a generation, [`Nsga2::tell`] takes what they came to. Everything drawn is a function
//! of seed, generation, pair and variable, and order decides where nothing else does: who is told the same asks the same.
//!
//! # Equations
//! ```text
//! a beats b      a meets all constraints and b does not; neither does and a misses them by less; or both do, a is nowhere
//!                worse and somewhere better
//! rank           1 of those that none beats, 2 of those that only rank 1 beats, …
//! crowding       Σ over figures of the gap between the neighbours of the same rank / range of the rank
//! missed by      Σ over constraints of what is missing / the most that any of the population misses
//! ```
//! Parents are the better ones of pairs, by rank, then by crowding; children come of simulated binary crossover and
//! polynomial mutation within the unit cube; of parents and children together the better half lives on.
//!
//! # Source
//! K. Deb, A. Pratap, S. Agarwal, T. Meyarivan, *IEEE Trans. Evol. Comput.* 6 (2002), 182–197; crossover: K. Deb,
//! R. Agrawal, *Complex Systems* 9 (1995), 115–148; bounded as in K. Deb's C code.
//!
//! # Verified by
//! Hypervolumes of pymoo 0.6.2 on ZDT1, ZDT2 and ZDT3 within 1 % (`tests/validation/pymoo`).

mod operators;
#[cfg(test)]
mod tests;

use crate::sample;
use std::collections::BTreeSet;

/// Redraws of a child that is there already.
const REDRAWS: usize = 50;

/// How it searches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Points of a generation.
    pub population: usize,
    /// Variables, each from 0 to 1.
    pub dimensions: usize,
    /// Seed.
    pub seed: u64,
}

/// What a point came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Score {
    /// Its figures, all to be small, and by how much it misses each constraint; 0 where it does not.
    Known {
        /// Figures.
        costs: Vec<f64>,
        /// In the unit of each constraint.
        missed: Vec<f64>,
    },
    /// It has no figures: worse than any other.
    Failed,
}

/// A point and what it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Individual {
    /// The point.
    pub point: Vec<f64>,
    /// Its score.
    pub score: Score,
}

/// The state of a search between two generations.
#[derive(Debug, Clone, PartialEq)]
pub struct Nsga2 {
    options: Options,
    generation: usize,
    /// Best first.
    parents: Vec<Individual>,
}

impl Nsga2 {
    /// A search that begins.
    #[must_use]
    pub fn new(options: Options) -> Nsga2 {
        Nsga2 { options, generation: 0, parents: Vec::new() }
    }

    /// Generations that were told.
    #[must_use]
    pub const fn generation(&self) -> usize {
        self.generation
    }

    /// Those that live, best first: by rank, then by crowding.
    #[must_use]
    pub fn parents(&self) -> &[Individual] {
        &self.parents
    }

    /// The points of the next generation; the first is a Latin hypercube. Two points with one `key` are the same case: a
    /// child that is there already is drawn again, as often as makes sense.
    #[must_use]
    pub fn ask(&self, key: &dyn Fn(&[f64]) -> String) -> Vec<Vec<f64>> {
        let Options { population, dimensions, seed } = self.options;
        if self.parents.is_empty() {
            return sample::latin_hypercube(population, dimensions, seed);
        }
        let ranks = places(&self.parents);
        let mut known: BTreeSet<String> = self.parents.iter().map(|parent| key(&parent.point)).collect();
        let mut children = Vec::with_capacity(population + 1);
        let draws = operators::Draws::new(seed, self.generation);
        for pair in 0_usize.. {
            if children.len() >= population {
                break;
            }
            let [a, b] = [0, 1].map(|which| {
                let (one, other) = draws.contestants(pair, which, self.parents.len());
                // Parents stand best first: of two of one rank and crowding the first drawn wins.
                if ranks[other] < ranks[one] { other } else { one }
            });
            let pair_of = draws.children(pair, &self.parents[a].point, &self.parents[b].point);
            for child in pair_of {
                let fresh = known.insert(key(&child));
                if children.len() < population && (fresh || pair > REDRAWS * population) {
                    children.push(child);
                }
            }
        }
        children
    }

    /// Takes what the points of the generation that was asked came to, in their order.
    pub fn tell(&mut self, told: Vec<Individual>) {
        let mut pool = std::mem::take(&mut self.parents);
        pool.extend(told);
        let order = order(&pool);
        let mut pool: Vec<Option<Individual>> = pool.into_iter().map(Some).collect();
        let living = order.iter().take(self.options.population);
        self.parents = living.filter_map(|&k| pool[k].take()).collect();
        self.generation += 1;
    }
}

/// The order of a pool, best first: by rank, then by crowding, then as it stands.
fn order(pool: &[Individual]) -> Vec<usize> {
    let (ranks, crowding) = ranked(pool);
    let mut order: Vec<usize> = (0..pool.len()).collect();
    order.sort_by(|&a, &b| ranks[a].cmp(&ranks[b]).then(crowding[b].total_cmp(&crowding[a])));
    order
}

/// A number for each of a pool, smaller where it is better and equal where nothing tells them apart.
fn places(pool: &[Individual]) -> Vec<usize> {
    let (ranks, crowding) = ranked(pool);
    let order = order(pool);
    let mut places = vec![0; pool.len()];
    for pair in order.windows(2) {
        let same = ranks[pair[0]] == ranks[pair[1]] && crowding[pair[0]] == crowding[pair[1]];
        places[pair[1]] = places[pair[0]] + usize::from(!same);
    }
    places
}

/// Rank and crowding of each.
fn ranked(pool: &[Individual]) -> (Vec<usize>, Vec<f64>) {
    let missed = missed(pool);
    let beats = |a: usize, b: usize| match (&pool[a].score, &pool[b].score) {
        _ if missed[a] != missed[b] => missed[a] < missed[b],
        (Score::Known { costs: a_costs, .. }, Score::Known { costs: b_costs, .. }) if missed[a] == 0.0 => {
            a_costs.iter().zip(b_costs).all(|(a, b)| a <= b)
                && a_costs.iter().zip(b_costs).any(|(a, b)| a < b)
        }
        _ => false,
    };
    let count = pool.len();
    let (mut beaten_by, mut beaten) = (vec![0_usize; count], vec![Vec::new(); count]);
    for (a, beaten) in beaten.iter_mut().enumerate() {
        for b in (0..count).filter(|&b| b != a && beats(a, b)) {
            beaten.push(b);
            beaten_by[b] += 1;
        }
    }
    let (mut ranks, mut crowding) = (vec![0; count], vec![0.0; count]);
    let mut front: Vec<usize> = (0..count).filter(|&k| beaten_by[k] == 0).collect();
    let mut rank = 0;
    while !front.is_empty() {
        for (&k, gap) in front.iter().zip(gaps(pool, &front)) {
            (ranks[k], crowding[k]) = (rank, gap);
        }
        let mut next = Vec::new();
        for &k in &front {
            for &other in &beaten[k] {
                beaten_by[other] -= 1;
                if beaten_by[other] == 0 {
                    next.push(other);
                }
            }
        }
        next.sort_unstable();
        front = next;
        rank += 1;
    }
    (ranks, crowding)
}

/// By how much each misses its constraints; infinite where it failed.
fn missed(pool: &[Individual]) -> Vec<f64> {
    let mut most: Vec<f64> = Vec::new();
    for individual in pool {
        if let Score::Known { missed, .. } = &individual.score {
            most.resize(most.len().max(missed.len()), 0.0);
            most.iter_mut().zip(missed).for_each(|(most, &by)| *most = most.max(by));
        }
    }
    let of = |individual: &Individual| match &individual.score {
        Score::Known { missed, .. } => {
            missed.iter().zip(&most).filter(|(_, most)| **most > 0.0).map(|(by, most)| by / most).sum()
        }
        Score::Failed => f64::INFINITY,
    };
    pool.iter().map(of).collect()
}

/// The crowding of each of a front, in its order.
fn gaps(pool: &[Individual], front: &[usize]) -> Vec<f64> {
    let mut gaps = vec![0.0; front.len()];
    let costs = |k: usize| match &pool[front[k]].score {
        Score::Known { costs, .. } => costs.as_slice(),
        Score::Failed => &[],
    };
    let figures = (0..front.len()).map(|k| costs(k).len()).min().unwrap_or(0);
    for figure in 0..figures {
        let mut along: Vec<usize> = (0..front.len()).collect();
        along.sort_by(|&a, &b| costs(a)[figure].total_cmp(&costs(b)[figure]));
        let (first, last) = (along[0], along[along.len() - 1]);
        let range = costs(last)[figure] - costs(first)[figure];
        (gaps[first], gaps[last]) = (f64::INFINITY, f64::INFINITY);
        if range > 0.0 {
            for three in along.windows(3) {
                gaps[three[1]] += (costs(three[2])[figure] - costs(three[0])[figure]) / range;
            }
        }
    }
    gaps
}
