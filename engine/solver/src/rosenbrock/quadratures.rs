//! Quadratures: states that nothing reads, such as meters.
//!
//! Their stages follow from those of the other rows, and nothing follows from them. Whatever is asked of a step is a sum
//! Σ sᵢuᵢ of stages, which for them comes to
//!
//! ```text
//! Σ sᵢuᵢ = h·Σ wᵢ·(fᵢ + J·uᵢ + γᵢh·∂f/∂t)        w = γ·s·(I − γC)⁻¹
//! ```
//!
//! with fᵢ their rates in stage i: one product with their rows of J, of Σ wᵢuᵢ, in place of a row of W to be solved in
//! every stage. The algebraic part of Σ wᵢuᵢ follows row by row, where algebraic rows read none behind them.

use super::Tableau;
use super::stages::add_stages;
use super::tableau::MOST_STAGES;
use crate::system::{Sparsity, System};
use std::ops::Range;

/// The quadratures of a system: those of its last states that no row reads and whose error is not controlled.
#[derive(Clone, Debug)]
pub(super) struct Quadratures {
    /// The states that they are.
    states: Range<usize>,
    /// All other states, and the algebraic rows that they depend on.
    solved: Vec<u32>,
    /// The algebraic rows that quadratures depend on, in order, and the quadratures; where the terms of each end.
    ends: Vec<[u32; 2]>,
    /// Their entries of the Jacobian, and the row that each is a derivative by.
    terms: Vec<[u32; 2]>,
    /// Number of rows of the system.
    rows: usize,
}

/// What a step leaves behind of which quadratures are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left<'a> {
    pub tableau: &'a Tableau,
    /// Size of the step.
    pub h: f64,
    /// Stages, one after the other; in place of the quadratures' own, their rates.
    pub stages: &'a [f64],
    pub jacobian: &'a [f64],
    pub time_derivative: &'a [f64],
}

impl Quadratures {
    /// Those of a system whose pattern has been checked.
    pub(super) fn of(system: &impl System) -> Quadratures {
        let (states, pattern) = (system.states(), system.sparsity());
        let mut read = vec![false; pattern.rows];
        pattern.columns.iter().for_each(|&column| read[column as usize] = true);
        let is_one = |state: &usize| !read[*state] && system.weights()[*state] == 0.0;
        let in_order = (states..pattern.rows)
            .all(|row| pattern.row(row).last().is_none_or(|&column| (column as usize) < row));
        let count = if in_order { (0..states).rev().take_while(is_one).count() } else { 0 };
        let (solved, quadratures) = (0..states - count, states - count..states);
        let of_quadratures = algebraic(pattern, states, quadratures.clone());
        let others = if count > 0 {
            algebraic(pattern, states, solved.clone())
        } else {
            (states..pattern.rows).collect()
        };
        let (mut ends, mut terms) = (Vec::new(), Vec::new());
        for row in of_quadratures.into_iter().chain(quadratures.clone()) {
            terms.extend(pattern.range(row).map(|entry| [entry as u32, pattern.columns[entry]]));
            ends.push([row as u32, terms.len() as u32]);
        }
        let solved = solved.chain(others).map(|row| row as u32).collect();
        Quadratures { states: quadratures, solved, ends, terms, rows: pattern.rows }
    }

    /// The states that they are.
    pub(super) fn states(&self) -> Range<usize> {
        self.states.clone()
    }

    /// The rows that are solved for in every stage: all other states, and the algebraic rows that they depend on.
    pub(super) fn solved(&self) -> &[u32] {
        &self.solved
    }

    /// Number of rows of the system.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Σ sᵢuᵢ of the quadratures for some weights s; `rows` is working space over all rows.
    pub(super) fn sum<'a>(
        &self,
        left: &Left,
        weights: &[f64; MOST_STAGES],
        rows: &'a mut [f64],
    ) -> &'a [f64] {
        let Left { tableau, h, stages, jacobian, time_derivative } = left;
        let weights = tableau.weights_of_rates(weights);
        let drive =
            h * weights.iter().zip(&tableau.gammas).map(|(weight, gamma)| weight * gamma).sum::<f64>();
        // Σ wᵢuᵢ of the states, Σ wᵢfᵢ of the quadratures.
        let states = &mut rows[..self.states.end];
        states.fill(0.0);
        add_stages(states, stages, self.states.end, &weights, 1.0);
        let mut start = 0;
        for &[row, end] in &self.ends {
            let (row, end) = (row as usize, end as usize);
            let mut sum = drive * time_derivative[row];
            for &[entry, column] in &self.terms[start..end] {
                sum += jacobian[entry as usize] * rows[column as usize];
            }
            rows[row] = if row < self.states.end { h * (rows[row] + sum) } else { sum };
            start = end;
        }
        &rows[self.states()]
    }
}

/// Algebraic rows that some states depend on, where none reads a row behind it.
fn algebraic(pattern: &Sparsity, states: usize, of: Range<usize>) -> Vec<usize> {
    let mut needed = vec![false; pattern.rows];
    for row in of.chain((states..pattern.rows).rev()) {
        if row < states || needed[row] {
            pattern.row(row).iter().for_each(|&column| needed[column as usize] = true);
        }
    }
    (states..pattern.rows).filter(|&row| needed[row]).collect()
}
