//! The solution within the last accepted step.
//!
//! # Equations
//! The cubic Hermite polynomial of both ends and the rates there; with θ = (t − t₀)/h and Δ = y₁ − y₀
//! ```text
//! y(θ) = (1−θ)·y₀ + θ·y₁ + θ·(1−θ)·(d₀ + θ·d₁)      d₀ = h·f₀ − Δ,  d₁ = Δ − h·f₁ − d₀
//! ```
//! of order 3, as the dense output of a system without blocks. Rates are evaluated anew at both ends: the stages of a
//! step are gone when the next begins, and only steps in which something is looked for are asked.
//!
//! # Source
//! E. Hairer, S. P. Nørsett, G. Wanner, *Solving Ordinary Differential Equations I*, 2nd ed. 1993, section II.6.

use super::{BlockStepper, evaluate};
use crate::blocks::system::{Class, Core, Lane};
use crate::blocks::team::{locked, with_team};
use real::Real;

/// Values and rates at both ends of a step.
#[derive(Clone, Debug, Default)]
pub struct Ends<T> {
    start: Vec<T>,
    end: Vec<T>,
    rates: [Vec<T>; 2],
}

/// The last accepted step: its ends, the core there, and what members import.
#[derive(Clone, Debug)]
pub struct LastStep {
    /// Its start.
    pub from: f64,
    /// Its end.
    pub to: f64,
    core: Ends<f64>,
    imports: [Vec<Vec<f64>>; 2],
}

impl LastStep {
    /// The states of the core at a time within.
    pub fn core_at(&self, time: f64, y: &mut [f64]) {
        let [start, end, first, last] = self.weights(time);
        let Ends { start: y0, end: y1, rates: [f0, f1] } = &self.core;
        for (k, y) in y.iter_mut().enumerate() {
            *y = start * y0[k] + end * y1[k] + first * f0[k] + last * f1[k];
        }
    }

    /// The states of the members of a tile at a time within, from its ends.
    pub fn tile_at(&self, tile: &Ends<Lane>, time: f64, y: &mut [Lane]) {
        let [start, end, first, last] = self.weights(time).map(Lane::number);
        let Ends { start: y0, end: y1, rates: [f0, f1] } = tile;
        for (k, y) in y.iter_mut().enumerate() {
            *y = start * y0[k] + end * y1[k] + first * f0[k] + last * f1[k];
        }
    }

    /// Weights of both ends and of the rates there.
    fn weights(&self, time: f64) -> [f64; 4] {
        let h = self.to - self.from;
        let theta = if h > 0.0 { (time - self.from) / h } else { 1.0 };
        let rest = 1.0 - theta;
        let bump = theta * rest;
        // d₀ + θ·d₁ = h·f₀·(1 − θ) − θ·h·f₁ + Δ·(2·θ − 1)
        let change = bump * (2.0 * theta - 1.0);
        [rest - change, theta + change, bump * rest * h, -bump * theta * h]
    }
}

impl<C: Class> BlockStepper<C> {
    /// The last accepted step, which ended at (`t`, `y`); `None` where there is none to return to, because inputs or
    /// states were changed since. Core and blocks are evaluated at its end.
    pub fn last_step(&mut self, core: &mut impl Core, classes: &[C], t: f64, y: &[f64]) -> Option<LastStep> {
        let BlockStepper { programs, bundles, order, core: stages, statistics, before, .. } = self;
        let (from, start) = before.clone()?;
        with_team(bundles, classes, programs, order.clone(), |pass| {
            order.swap();
            evaluate(core, bundles, order, stages, from, &start, pass);
            let (first, imports) = (stages.rates.clone(), order.imports.clone());
            order.swap();
            evaluate(core, bundles, order, stages, t, y, pass);
            statistics.evaluations += 2;
            let rates = [first, stages.rates.clone()];
            let core = Ends { start, end: y.to_vec(), rates };
            Some(LastStep { from, to: t, core, imports: [imports, order.imports.clone()] })
        })
    }

    /// The states and rates of the members of a tile at the ends of the last step.
    pub fn tile_ends(
        &self,
        step: &LastStep,
        classes: &[C],
        class: usize,
        tile: usize,
        work: &mut C::Work,
    ) -> Option<Ends<Lane>> {
        let (of, program) = (classes.get(class)?, self.programs.get(class)?);
        let mut exports = vec![Lane::number(0.0); program.exports];
        let mut end = |base: usize, imports: &[Vec<f64>]| {
            let found = self.bundles.iter().find_map(|bundle| {
                let share = locked(bundle);
                let mut groups = share.groups.iter().filter(|group| group.class == class);
                groups.find_map(|group| group.states(tile, program.states, base).map(<[Lane]>::to_vec))
            })?;
            let mut rates = vec![Lane::number(0.0); program.states];
            of.rates(tile, &found, &imports[class], work, &mut rates, &mut exports);
            Some((found, rates))
        };
        let base = self.order.base;
        let (y0, f0) = end(1 - base, &step.imports[0])?;
        let (y1, f1) = end(base, &step.imports[1])?;
        Some(Ends { start: y0, end: y1, rates: [f0, f1] })
    }
}
