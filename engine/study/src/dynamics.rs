//! Where the plant meets time: the one place that knows both the network and the solver.

use plant::network::Network;
use solver::{Sparsity, System};

/// A compiled network as the solver sees it.
#[derive(Debug)]
pub struct Dynamics {
    /// The network.
    pub network: Network,
    sparsity: Sparsity,
    weights: Vec<f64>,
    tiles: Vec<u32>,
}

impl Dynamics {
    /// `tolerance` is the allowed error of a step as a share of each state's scale.
    ///
    /// # Errors
    /// A network whose pattern the solver cannot read, which would be a fault of the compiler.
    pub fn new(network: Network, tolerance: f64) -> Result<Self, solver::Malformed> {
        let sparsity = Sparsity::from_rows(network.pattern().to_vec())?;
        let weight = |scale: &f64| if *scale > 0.0 { 1.0 / (scale * tolerance) } else { 0.0 };
        let weights = network.scales().iter().map(weight).collect();
        let tiles = network.tiles().to_vec();
        Ok(Dynamics { network, sparsity, weights, tiles })
    }
}

impl System for Dynamics {
    fn states(&self) -> usize {
        self.network.states()
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
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
