//! Dopri5 of the crate `ode_solvers`, as the engine itself uses it for checks: each window starts afresh, states
//! are scaled, the output is sparse.

use super::{Problem, Run};
use solver::blocks::{Class, Core};
use solver::{Sparsity, System, dopri5};

struct Explicit<'p, 'm, K, C: Class> {
    problem: &'p mut Problem<'m, K, C>,
    none: Sparsity,
}

impl<K: Core, C: Class> System for Explicit<'_, '_, K, C> {
    fn states(&self) -> usize {
        self.problem.flat.size()
    }
    fn sparsity(&self) -> &Sparsity {
        &self.none
    }
    fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        self.problem.rates(t, y, rates);
    }
    fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], _: &mut [f64], _: &mut [f64]) {
        self.problem.rates(t, y, rates); // an explicit method has no use for derivatives
    }
    fn weights(&self) -> &[f64] {
        self.problem.flat.weights()
    }
    fn tiles(&self) -> &[u32] {
        &[]
    }
}

pub fn run<K: Core, C: Class>(problem: &mut Problem<K, C>, tolerance: f64) -> Result<Run, String> {
    let mut y = problem.start();
    let scales = problem.allowed(1.0);
    let mut t = problem.model.start.time;
    let mut run = Run::default();
    for window in 0..problem.model.windows.len() {
        problem.model.enter(window);
        let end = problem.model.windows[window];
        let none = Sparsity { rows: 0, offsets: vec![0], columns: Vec::new() };
        let mut system = Explicit { problem: &mut *problem, none };
        let done =
            run.spent.on(|| dopri5::advance_scaled(&mut system, &mut t, &mut y, end, tolerance, &scales));
        run.steps += done.map_err(|failure| failure.to_string())?.steps;
        run.ends.push(y.clone());
    }
    Ok(run)
}
