//! Where the plant meets time: the one place that knows both the network and the solver.

use crate::state::{Archive, State, Unfit, state};
use plant::network::{Network, PartedNetwork, RackClass, Sensing, TileWork};
use real::Lanes;
use solver::blocks::{Class, Core, Lane, WIDTH};
use solver::{Malformed, Sparsity, Stepper, System};

/// A compiled network as the solver sees it: the whole, or the core that racks hang on.
#[derive(Debug)]
pub struct Dynamics {
    /// The network.
    pub network: Network,
    /// Slots that the racks of each class read.
    imports: Vec<Vec<u32>>,
    sparsity: Sparsity,
    weights: Vec<f64>,
    tiles: Vec<u32>,
}

impl Dynamics {
    /// `tolerance` is the allowed error of a step as a share of each state's scale.
    ///
    /// # Errors
    /// A network whose pattern the solver cannot read, which would be a fault of the compiler.
    pub fn new(network: Network, tolerance: f64) -> Result<Self, Malformed> {
        let sparsity = Sparsity::from_rows(network.pattern().to_vec())?;
        let weights = network.scales().iter().map(|&scale| weight(scale, tolerance)).collect();
        let tiles = network.tiles().to_vec();
        Ok(Dynamics { network, imports: Vec::new(), sparsity, weights, tiles })
    }
}

/// One over the allowed error of a state; 0 where it is not controlled.
fn weight(scale: f64, tolerance: f64) -> f64 {
    if scale > 0.0 { 1.0 / (scale * tolerance) } else { 0.0 }
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

/// The racks of a group as the solver sees them.
#[derive(Debug)]
pub struct Racks {
    /// The class.
    pub class: RackClass,
    imports: Vec<Option<u32>>,
    sparsity: Sparsity,
    weights: Vec<f64>,
    parts: Vec<u32>,
}

impl Racks {
    fn new(class: RackClass, core: &Network, tolerance: f64) -> Result<Self, Malformed> {
        let row = |&slot: &u32| Some(slot).filter(|&slot| (slot as usize) < core.rows());
        let imports: Vec<Option<u32>> = class.imports().iter().map(row).collect();
        // Square, for the sake of the type: rows beyond the exports are empty.
        let mut rows = class.pattern().to_vec();
        rows.resize(class.rows() + class.exports().len().max(imports.len()), Vec::new());
        let sparsity = Sparsity::from_rows(rows)?;
        let weights = class.state_list().iter().map(|state| weight(state.scale, tolerance)).collect();
        let parts = class.state_list().iter().map(|state| state.tile).collect();
        Ok(Racks { class, imports, sparsity, weights, parts })
    }
}

impl Class for Racks {
    type Work = TileWork;

    fn tiles(&self) -> usize {
        self.class.tiles()
    }
    fn members(&self, tile: usize) -> Lane {
        self.class.weights(tile)
    }
    fn states(&self) -> usize {
        self.class.states()
    }
    fn rows(&self) -> usize {
        self.class.rows()
    }
    fn imports(&self) -> &[Option<u32>] {
        &self.imports
    }
    fn exports(&self) -> &[u32] {
        self.class.exports()
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn parts(&self) -> &[u32] {
        &self.parts
    }
    fn watched(&self) -> usize {
        self.class.watches().len() + self.class.switches().len()
    }
    fn work(&self) -> TileWork {
        self.class.work()
    }
    fn rates(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
    ) {
        self.class.rates(tile, y, imports, work, rates, exports);
    }
    fn linearize(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        slopes: &[f64],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
        jacobian: &mut [Lane],
        time_derivative: &mut [Lane],
    ) {
        self.class.linearize(tile, y, imports, slopes, work, rates, exports, jacobian, time_derivative);
    }
    fn watch(&self, tile: usize, work: &TileWork, values: &mut [Lane]) {
        let (watches, switches) = values.split_at_mut(self.class.watches().len());
        self.class.watch(work, watches);
        margins(&self.class, tile, work, switches);
    }
}

/// By how much each switch of each member of a tile stands against its rule; above 0 it would move. A switch that
/// measures the core is not asked here, as all members would answer the same.
pub(crate) fn margins(class: &RackClass, tile: usize, work: &TileWork, margins: &mut [Lane]) {
    for (margin, switch) in margins.iter_mut().zip(class.switches()) {
        let Sensing::Member(watch) = switch.sensor else {
            *margin = Lanes([f64::NEG_INFINITY; WIDTH]);
            continue;
        };
        let values = class.watched(watch, work);
        let against = |lane: usize| {
            let on = class.outside(tile * WIDTH + lane, switch.slot) > 0.5;
            let value = values.0[lane];
            if on { switch.off_below.min(switch.on_above) - value } else { value - switch.on_above }
        };
        *margin = Lanes(std::array::from_fn(against));
    }
}

/// A parted network as the solver sees it. `tolerance` is the allowed error of a step as a share of each state's
/// scale.
///
/// # Errors
/// As [`Dynamics::new`].
pub fn blocks(network: PartedNetwork, tolerance: f64) -> Result<(Dynamics, Vec<Racks>), Malformed> {
    let PartedNetwork { core, classes } = network;
    let imports = classes.iter().map(|class| class.imports().to_vec()).collect();
    let racks = |class: RackClass| Racks::new(class, &core, tolerance);
    let classes = classes.into_iter().map(racks).collect::<Result<_, Malformed>>()?;
    Ok((Dynamics { imports, ..Dynamics::new(core, tolerance)? }, classes))
}

impl Core for Dynamics {
    fn states(&self) -> usize {
        self.network.states()
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
    fn lead(&mut self, t: f64, y: &[f64]) {
        self.network.lead(t, y);
    }
    fn imports(&self, class: usize, values: &mut [f64], slopes: &mut [f64]) {
        self.network.read_imports(&self.imports[class], values, slopes);
    }
    fn rates(&mut self, exports: &[Vec<f64>], rates: &mut [f64]) {
        self.network.rates_after_lead(exports, rates);
    }
    fn linearize(
        &mut self,
        exports: &[Vec<f64>],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.network.linearize_after_lead(exports, rates, jacobian, time_derivative);
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

impl State for Dynamics {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Dynamics { network, imports: _, sparsity: _, weights: _, tiles: _ } = self;
        let mut memory = network.memory();
        memory.pass(archive)?;
        if network.recall(memory) { Ok(()) } else { Err(archive.refuse()) }
    }
}
