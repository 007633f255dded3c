//! The global gradient method on a circuit, and exact derivatives at its solution.

use super::circuit::Circuit;
use super::elimination::Factor;

/// Relative change of every flow below which the next one is taken as the solution. The method converges
/// quadratically, so what remains is round-off.
const FLOW_TOLERANCE: f64 = 1e-10;
/// The same for the difference between head loss and heads, relative to the losses in the branch.
const HEAD_TOLERANCE: f64 = 1e-10;
/// Losses smaller than this share of the rated pressure count as that: a circuit at rest.
const AT_REST: f64 = 1e-9;
/// Errors below this that no longer shrink are round-off.
const STAGNANT: f64 = 1e-8;
/// Most iterations.
const MOST: u32 = 200;
/// Share of its first slope to which a shortened step brings the content's slope.
const SLOPE_LEFT: f64 = 0.1;

/// Why there is no solution.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Unsolved {
    /// A control, or what it leads to, is not a finite number.
    #[error("a speed, an opening or a flow is not a finite number")]
    NotFinite,
    /// The iteration was cut off.
    #[error(
        "the flows of the circuit do not settle in {iterations} iterations: they still change by {flow_error:e}"
    )]
    NotConverged {
        /// Iterations made.
        iterations: u32,
        /// Largest relative change of a flow.
        flow_error: f64,
        /// Largest relative difference between head loss and heads.
        head_error: f64,
    },
}

/// Flows and heads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Solution {
    /// Flow of every branch [m³/s].
    pub flows: Vec<f64>,
    /// Head at every node [Pa]; 0 at the inner nodes of branches.
    pub heads: Vec<f64>,
    /// Iterations made.
    pub iterations: u32,
}

/// Buffers that may be used again.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    factor: Factor,
    losses: Vec<f64>,
    magnitudes: Vec<f64>,
    conductances: Vec<f64>,
    inflow: Vec<f64>,
    wanted: Vec<f64>,
    by_control: Vec<f64>,
    heads: Vec<f64>,
}

impl Circuit {
    /// Lets the iteration start from the solution at these controls.
    ///
    /// # Errors
    /// As [`Circuit::solve`].
    pub fn start_from(&mut self, controls: &[f64]) -> Result<(), Unsolved> {
        let mut solution = Solution::default();
        self.start = None;
        self.solve(controls, &mut Workspace::default(), &mut solution)?;
        self.start = Some(solution.flows);
        Ok(())
    }

    /// Flows and heads at these controls. It starts at the same flows every time, so the solution is a function of
    /// the controls alone.
    ///
    /// # Errors
    /// What is not finite, and what does not converge.
    pub fn solve(
        &self,
        controls: &[f64],
        work: &mut Workspace,
        solution: &mut Solution,
    ) -> Result<(), Unsolved> {
        let count = self.branches.len();
        solution.heads.clone_from(&self.heads);
        match &self.start {
            Some(start) => solution.flows.clone_from(start),
            None => {
                solution.flows.clear();
                solution.flows.extend(self.branches.iter().map(|b| b.design));
            }
        }
        let mut balanced = self.start.is_some();
        let (mut flow_error, mut head_error, mut before) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
        work.wanted.resize(count, 0.0);
        for iteration in 1..=MOST {
            let flows = &mut solution.flows;
            self.linearize(controls, flows, work);
            work.inflow.clone_from(&self.supply);
            for (k, branch) in self.branches.iter().enumerate() {
                let given = flows[k] - work.conductances[k] * work.losses[k];
                work.inflow[branch.from] -= given;
                work.inflow[branch.to] += given;
            }
            self.elimination.factor(&work.conductances, &mut work.factor);
            self.elimination.solve(&work.factor, &mut work.inflow, &mut solution.heads);
            (flow_error, head_error) = (0.0, 0.0);
            let largest = work.magnitudes.iter().copied().fold(0.0, f64::max);
            for (k, branch) in self.branches.iter().enumerate() {
                let missing = solution.heads[branch.from] - solution.heads[branch.to] - work.losses[k];
                let change = work.conductances[k] * missing;
                work.wanted[k] = flows[k] + change;
                if !work.wanted[k].is_finite() {
                    return Err(Unsolved::NotFinite);
                }
                flow_error = flow_error.max(change.abs() / (work.wanted[k].abs() + 0.1 * branch.design));
                let scale = work.magnitudes[k] + 1e-3 * largest + AT_REST * self.rated;
                head_error = head_error.max(missing.abs() / scale);
            }
            let error = flow_error.max(head_error);
            let settled = flow_error <= FLOW_TOLERANCE && head_error <= HEAD_TOLERANCE;
            let stagnant = error < STAGNANT && error > 0.5 * before;
            before = error;
            if balanced && (settled || stagnant) {
                flows.copy_from_slice(&work.wanted);
                self.project(&self.supply, flows);
                solution.iterations = iteration;
                return Ok(());
            }
            let share =
                if balanced { self.shortened(controls, flows, &solution.heads, &work.wanted) } else { 1.0 };
            for (flow, wanted) in flows.iter_mut().zip(&work.wanted) {
                *flow = if share < 1.0 { *flow + share * (wanted - *flow) } else { *wanted };
            }
            balanced = true;
        }
        Err(Unsolved::NotConverged { iterations: MOST, flow_error, head_error })
    }

    /// Derivatives of every branch's flow by every control at a solution, branch by branch.
    pub fn sensitivities(
        &self,
        controls: &[f64],
        solution: &Solution,
        work: &mut Workspace,
        out: &mut [f64],
    ) {
        let width = controls.len();
        self.linearize(controls, &solution.flows, work);
        self.elimination.factor(&work.conductances, &mut work.factor);
        // Taken out and put back: one call allocates, the next ones do not.
        let (mut by_control, mut heads) =
            (std::mem::take(&mut work.by_control), std::mem::take(&mut work.heads));
        by_control.resize(self.branches.len(), 0.0);
        heads.resize(self.heads.len(), 0.0);
        for control in 0..width {
            by_control.fill(0.0);
            for (link, element) in self.elements.iter().enumerate() {
                if element.control == Some(control) {
                    let (branch, sign) = self.place[link];
                    let of = self.loss(link, sign * solution.flows[branch], controls);
                    by_control[branch] += sign * of.by_control;
                }
            }
            work.inflow.clear();
            work.inflow.resize(self.heads.len(), 0.0);
            for (k, branch) in self.branches.iter().enumerate() {
                let pushed = work.conductances[k] * by_control[k];
                work.inflow[branch.from] += pushed;
                work.inflow[branch.to] -= pushed;
            }
            heads.fill(0.0);
            self.elimination.solve(&work.factor, &mut work.inflow, &mut heads);
            for (k, branch) in self.branches.iter().enumerate() {
                let missing = heads[branch.from] - heads[branch.to] - by_control[k];
                work.wanted[k] = work.conductances[k] * missing;
            }
            work.inflow.fill(0.0);
            self.project(&work.inflow, &mut work.wanted);
            for (k, value) in work.wanted.iter().enumerate() {
                out[k * width + control] = *value;
            }
        }
        (work.by_control, work.heads) = (by_control, heads);
    }

    /// Losses, their magnitudes and conductances of all branches.
    fn linearize(&self, controls: &[f64], flows: &[f64], work: &mut Workspace) {
        work.losses.clear();
        work.magnitudes.clear();
        work.conductances.clear();
        work.wanted.resize(self.branches.len(), 0.0);
        for (branch, &flow) in self.branches.iter().zip(flows) {
            let (mut loss, mut magnitude, mut slope) = (0.0, 0.0, 0.0);
            for &(link, sign) in &branch.links {
                let of = self.loss(link, sign * flow, controls);
                loss += sign * of.value;
                magnitude += of.value.abs();
                slope += of.by_flow;
            }
            work.losses.push(loss);
            work.magnitudes.push(magnitude);
            work.conductances.push(1.0 / slope);
        }
    }

    /// Share of the step to `wanted` at which the content is smallest along it; 1 where the whole step does not
    /// overshoot. Between balanced flows its slope is `Σ d·(h − H_from + H_to)`, which rises with the share.
    fn shortened(&self, controls: &[f64], flows: &[f64], heads: &[f64], wanted: &[f64]) -> f64 {
        let slope = |share: f64| -> f64 {
            let branches = self.branches.iter().zip(flows.iter().zip(wanted));
            let parts = branches.map(|(branch, (flow, wanted))| {
                let direction = wanted - flow;
                let at = flow + share * direction;
                let losses =
                    branch.links.iter().map(|&(l, sign)| sign * self.loss(l, sign * at, controls).value);
                direction * (losses.sum::<f64>() - heads[branch.from] + heads[branch.to])
            });
            parts.sum()
        };
        let first = slope(0.0);
        let enough = SLOPE_LEFT * first.abs();
        let mut above = (1.0, slope(1.0));
        if above.1.is_nan() || above.1 <= enough {
            return 1.0;
        }
        let mut below = (0.0, first);
        for turn in 0..80 {
            // Secants while they help, halves in between.
            let secant = below.0 - below.1 * (above.0 - below.0) / (above.1 - below.1);
            let half = 0.5 * (below.0 + above.0);
            let share = if turn % 2 == 0 && secant > below.0 && secant < above.0 { secant } else { half };
            let value = slope(share);
            if value.abs() <= enough {
                return share;
            }
            if value > 0.0 {
                above = (share, value);
            } else {
                below = (share, value);
            }
        }
        if below.0 > 0.0 { below.0 } else { above.0 }
    }

    /// Makes every free node balance to round-off, from the ends of the spanning tree inwards.
    fn project(&self, supply: &[f64], flows: &mut [f64]) {
        for &(node, branch) in &self.tree {
            let mut surplus = supply[node];
            let mut own = 1.0;
            for &(k, sign) in &self.at[node] {
                if k == branch {
                    own = sign;
                } else {
                    surplus -= sign * flows[k];
                }
            }
            flows[branch] = own * surplus;
        }
    }
}
