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
    /// The algebraic rows that they depend on, in order.
    algebraic: Vec<u32>,
    pattern: Sparsity,
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
        let quadratures = states - count..states;
        let mut needed = vec![false; pattern.rows];
        for row in quadratures.clone().chain((states..pattern.rows).rev()) {
            if needed[row] || row < states {
                pattern.row(row).iter().for_each(|&column| needed[column as usize] = true);
            }
        }
        let algebraic = (states..pattern.rows).filter(|&row| needed[row]).map(|row| row as u32).collect();
        Quadratures { states: quadratures, algebraic, pattern: pattern.clone() }
    }

    /// The states that they are.
    pub(super) fn states(&self) -> Range<usize> {
        self.states.clone()
    }

    /// Number of rows of the system.
    pub(super) fn rows(&self) -> usize {
        self.pattern.rows
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
        let product = |row: usize, rows: &[f64]| {
            let range = self.pattern.range(row);
            let terms = self.pattern.columns[range.clone()].iter().zip(&jacobian[range]);
            let start = drive * time_derivative[row];
            terms.fold(start, |sum, (&column, &partial)| sum + partial * rows[column as usize])
        };
        for &row in &self.algebraic {
            rows[row as usize] = product(row as usize, rows);
        }
        for row in self.states() {
            rows[row] = h * (rows[row] + product(row, rows));
        }
        &rows[self.states()]
    }
}
