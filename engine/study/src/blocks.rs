//! Where racks meet time: a parted network as a core with classes, as the solver wants it.

use plant::network::{Network, PartedNetwork, RackClass, TileWork};
use solver::blocks::{Class, Core, Lane};
use solver::{Malformed, Sparsity};

/// One over the allowed error of a state; 0 where it is not controlled.
fn weight(scale: f64, tolerance: f64) -> f64 {
    if scale > 0.0 { 1.0 / (scale * tolerance) } else { 0.0 }
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
        self.class.watches().len()
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
    fn watch(&self, _: usize, work: &TileWork, values: &mut [Lane]) {
        self.class.watch(work, values);
    }
}

/// What racks hang on, as the solver sees it.
#[derive(Debug)]
pub struct Site {
    /// The core.
    pub network: Network,
    imports: Vec<Vec<u32>>,
    sparsity: Sparsity,
    weights: Vec<f64>,
    tiles: Vec<u32>,
}

/// A parted network as the solver sees it. `tolerance` is the allowed error of a step as a share of each state's
/// scale.
///
/// # Errors
/// A network whose pattern the solver cannot read, which would be a fault of the compiler.
pub fn blocks(network: PartedNetwork, tolerance: f64) -> Result<(Site, Vec<Racks>), Malformed> {
    let PartedNetwork { core, classes } = network;
    let imports = classes.iter().map(|class| class.imports().to_vec()).collect();
    let racks = |class: RackClass| Racks::new(class, &core, tolerance);
    let classes = classes.into_iter().map(racks).collect::<Result<_, Malformed>>()?;
    let sparsity = Sparsity::from_rows(core.pattern().to_vec())?;
    let weights = core.scales().iter().map(|&scale| weight(scale, tolerance)).collect();
    let tiles = core.tiles().to_vec();
    Ok((Site { network: core, imports, sparsity, weights, tiles }, classes))
}

impl Core for Site {
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
