//! Where the plant meets time: the one place that knows both the network and the solver.

use crate::state::{Archive, State, Unfit, state};
use plant::network::Network;
use solver::{Malformed, Orders, Sparsity, Stepper, System};
use std::sync::Arc;

/// A compiled network as the solver sees it: the whole, or the core that racks hang on.
#[derive(Debug)]
pub struct Dynamics {
    /// The network.
    pub network: Network,
    /// Slots that the racks of each class read.
    pub(crate) imports: Vec<Vec<u32>>,
    /// The pattern, with orders of elimination that other systems of it may share.
    orders: Arc<Orders>,
    weights: Vec<f64>,
    tiles: Vec<u32>,
}

impl Dynamics {
    /// `tolerance` is the allowed error of a step as a share of each state's scale.
    ///
    /// # Errors
    /// A network whose pattern the solver cannot read, which would be a fault of the compiler.
    pub fn new(network: Network, tolerance: f64) -> Result<Self, Malformed> {
        let orders = Arc::new(orders(&network)?);
        Ok(Self::with_orders(network, orders, tolerance))
    }

    /// As [`new`](Self::new), with the orders of elimination of the network's plan, which others share.
    pub(crate) fn with_orders(network: Network, orders: Arc<Orders>, tolerance: f64) -> Self {
        let weights = network.scales().iter().map(|&scale| weight(scale, tolerance)).collect();
        let tiles = network.tiles().to_vec();
        Dynamics { network, imports: Vec::new(), orders, weights, tiles }
    }
}

/// Orders of elimination for the pattern of a network, none of them found yet.
pub(crate) fn orders(network: &Network) -> Result<Orders, Malformed> {
    let constraints: Vec<u32> = network.ideal().iter().map(|ideal| ideal.row).collect();
    Orders::new(network.states(), Sparsity::from_rows(network.pattern().to_vec())?, &constraints)
}

/// One over the allowed error of a state; 0 where it is not controlled.
pub(crate) fn weight(scale: f64, tolerance: f64) -> f64 {
    if scale > 0.0 { 1.0 / (scale * tolerance) } else { 0.0 }
}

impl System for Dynamics {
    fn states(&self) -> usize {
        self.network.states()
    }
    fn sparsity(&self) -> &Sparsity {
        self.orders.sparsity()
    }
    fn orders(&self) -> Option<&Orders> {
        Some(&self.orders)
    }
    fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        self.network.rates(t, y, rates);
    }
    fn linearize(
        &mut self,
        t: f64,
        y: &[f64],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.network.linearize(t, y, rates, jacobian, time_derivative);
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
}

state!(solver::Memory { step, after_jump, jumped, last, rejected, statistics } fixed {});
state!(solver::Statistics { steps, rejected, factorizations, evaluations } fixed {});
state!(plant::network::Memory { values, slopes, origin } fixed {});

impl State for Stepper {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let mut memory = self.memory();
        memory.pass(archive)?;
        let steps = [memory.step, memory.after_jump, memory.last.map(|(step, _)| step)];
        if steps.into_iter().flatten().any(|step| step.is_nan() || step <= 0.0) {
            return Err(archive.refuse());
        }
        self.recall(memory);
        Ok(())
    }
}

state!(solver::implicit::Work { solved, given_up, evaluations, factorizations } fixed {});

impl State for solver::implicit::Newton {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let (shift, jacobian, work) = self.memory();
        shift.pass(archive)?;
        jacobian.pass(archive)?;
        work.pass(archive)?;
        self.refactor();
        Ok(())
    }
}

/// It is restarted wherever it takes over, so nothing but its counts is left between two steps.
impl State for solver::ImplicitEuler {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        self.restart();
        self.counts().into_iter().try_for_each(|count| count.pass(archive))
    }
}

impl State for Dynamics {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Dynamics { network, imports: _, orders: _, weights: _, tiles: _ } = self;
        let mut memory = network.memory();
        memory.pass(archive)?;
        if network.recall(memory) { Ok(()) } else { Err(archive.refuse()) }
    }
}
