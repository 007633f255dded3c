//! A core with its classes, where it starts, and what happens to it.

use crate::flat::Flat;
use solver::blocks::{Class, Core, Lane};

/// Where a run starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    pub time: f64,
    pub core: Vec<f64>,
    /// States of each tile of each class.
    pub tiles: Vec<Vec<Vec<Lane>>>,
}

/// What comes from outside in a window.
type Enter<K, C> = Box<dyn Fn(&mut K, &mut [C], usize)>;

/// A problem for all solvers: between windows inputs jump.
pub struct Model<K, C> {
    pub core: K,
    pub classes: Vec<C>,
    pub start: Start,
    /// End of each window [s].
    pub windows: Vec<f64>,
    pub inputs: Enter<K, C>,
}

impl<K: Core, C: Class> Model<K, C> {
    /// Sets what comes from outside in a window.
    pub fn enter(&mut self, window: usize) {
        (self.inputs)(&mut self.core, &mut self.classes, window);
    }

    /// The start in the flat order.
    pub fn gathered(&self, flat: &Flat<C>) -> Vec<f64> {
        flat.gather(&self.start.core, |class, tile| &self.start.tiles[class][tile])
    }
}
