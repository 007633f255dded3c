//! Where racks meet time: a parted network as a core with classes, as the solver wants it.

use crate::dynamics::{Dynamics, weight};
use crate::events::Lookout;
use plant::network::{Network, PartedNetwork, RackClass, Sensing, TileWork};
use real::{Lanes, Real};
use solver::blocks::{Class, Core, Lane, WIDTH};
use solver::{Malformed, Sparsity, System};

/// The racks of a group as the solver sees them.
#[derive(Debug)]
pub struct Racks {
    /// The class.
    pub class: RackClass,
    imports: Vec<Option<u32>>,
    sparsity: Sparsity,
    weights: Vec<f64>,
    parts: Vec<u32>,
    /// Limits that events ask about.
    pub(crate) lookout: Lookout,
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
        let lookout = Lookout::default();
        Ok(Racks { class, imports, sparsity, weights, parts, lookout })
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
        self.class.watches().len() + self.class.switches().len() + self.lookout.len()
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
        let (watches, rest) = values.split_at_mut(self.class.watches().len());
        let (switches, limits) = rest.split_at_mut(self.class.switches().len());
        self.class.watch(work, watches);
        margins(&self.class, tile, work, switches);
        self.lookout.margins(tile, |watch| self.class.watched(watch, work), limits);
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
        let on = class.outside_of_tile(tile, switch.slot);
        let off = Lane::number(1.0) - on;
        let below = Lane::number(switch.off_below.min(switch.on_above)) - values;
        let above = values - Lane::number(switch.on_above);
        *margin = below * on + above * off;
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
    let mut core = Dynamics::new(core, tolerance)?;
    core.imports = imports;
    Ok((core, classes))
}

impl Core for Dynamics {
    fn states(&self) -> usize {
        self.network.states()
    }
    fn sparsity(&self) -> &Sparsity {
        System::sparsity(self)
    }
    fn weights(&self) -> &[f64] {
        System::weights(self)
    }
    fn tiles(&self) -> &[u32] {
        System::tiles(self)
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
