//! Flow tracing: which rack the site's electricity and water were used for.
//!
//! # Definitions
//! Everything that is used outside of the racks is handed on to those it was used for, until a rack owns it; what a
//! rack uses itself it owns. At the end of each output interval, from energies integrated over it:
//!
//! | used by | is handed on to | in proportion to |
//! |---|---|---|
//! | what delivers electricity: feed, transformer, UPS, PDU, generator, battery | those who draw it | energy drawn |
//! | what cools: exchangers, chillers, towers, with its electricity and water | the circuits and units it takes heat from | heat taken |
//! | what only moves: pumps | the circuit it gives its heat to | – |
//! | fans of air handlers | racks of the circuit | air delivered |
//! | a circuit | the racks and units that warm it | heat given, no less than 0 |
//! | heat that a unit gives to a stream or a neighbour | the circuits and units it took heat from, and its own electricity | heat taken, electricity used |
//! | a battery | later, what it discharges to; what it keeps is well mixed | energy charged |
//! | a tank of cold water | later, those it cools; the same | heat taken out of it |
//! | nobody: lights, heat from outdoors, heat out of walls and floors | all racks | installed IT power |
//!
//! Heat of a UPS, pump, fan or compressor is thus owned by the owners of the electricity that became heat, and they are
//! found together: one linear system, solved in `chain.rs`.
//!
//! *Circuit*: joints that passages of one medium connect; its heat is well mixed. A coil in the exhaust of one group of
//! racks (a rear door) takes the heat of that group before it is mixed. Racks that cool their circuit get nothing of
//! what serves it, and what they take out of it is reported. Where all weights of an interval are 0, installed IT power
//! decides. What batteries and tanks hold at the start carries nothing; what they still carry at the end is handed to
//! all racks by installed IT power, so that the racks always sum to the site.
//!
//! IT equipment that stands in no rack is counted with all racks by installed IT power.
//!
//! # Source
//! Quantities and boundaries as in ISO/IEC 30134-2 (PUE), 30134-8 (CUE) and 30134-9 (WUE), which define them for a
//! site; their attribution to single racks is proportional sharing, Bialek (1996).
//!
//! # Absences
//! * No kind of component is named here: ports, effects and wires decide.
//! * No clock and no thread; the order of a sum is fixed.

mod chain;
mod graph;

use crate::account::Total;
use crate::state::{Archive, State, Unfit, state};
use graph::{Graph, Turn};
use plant::declare::Use;
use plant::network::Network;
use plant::plant::Plant;

/// What an account has: overheads by category, IT energy, water.
pub(crate) const COLUMNS: usize = 11;
/// Column of the IT energy [J].
pub(crate) const IT: usize = 9;
/// Column of the water [kg].
pub(crate) const WATER: usize = 10;
/// Amounts by column.
pub(crate) type Amounts = [f64; COLUMNS];

/// The overheads in the order of the columns.
pub const OVERHEADS: [Use; 9] = [
    Use::UpsLoss,
    Use::TransformerLoss,
    Use::DistributionLoss,
    Use::Pumps,
    Use::AirHandlerFans,
    Use::HeatRejectionFans,
    Use::Compressors,
    Use::HeatPumps,
    Use::Other,
];

fn column(category: Use) -> usize {
    OVERHEADS.iter().position(|&known| known == category).unwrap_or(IT)
}

/// What the racks of one group own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    owned: [Total; COLUMNS],
    given: Total,
}

state!(Account { owned, given } fixed {});

impl Account {
    /// Electricity that the racks themselves draw [J].
    pub fn it(&self) -> f64 {
        self.owned[IT].value()
    }
    /// Electricity used for them, in the order of [`OVERHEADS`] [J].
    pub fn overheads(&self) -> [f64; OVERHEADS.len()] {
        std::array::from_fn(|k| self.owned[k].value())
    }
    /// All electricity [J].
    pub fn facility(&self) -> f64 {
        self.it() + self.overheads().iter().sum::<f64>()
    }
    /// Water made up for them [kg].
    pub fn water(&self) -> f64 {
        self.owned[WATER].value()
    }
    /// Heat that they took out of circuits which others warm [J].
    pub fn heat_given(&self) -> f64 {
        self.given.value()
    }
    fn add(&mut self, amounts: &Amounts, share: f64) {
        self.owned.iter_mut().zip(amounts).for_each(|(total, amount)| total.add(amount * share));
    }
}

/// What a battery or a tank carries.
#[derive(Debug, Clone, Default, PartialEq)]
struct Carried {
    /// What it holds [J].
    level: f64,
    /// What was used to fill it.
    amounts: Amounts,
}

state!(Carried { level, amounts } fixed {});

/// The accounts of all groups of racks.
#[derive(Debug, Clone, Default)]
pub struct Tracing {
    /// By group, of all its racks together.
    pub groups: Vec<Account>,
    carried: Vec<Carried>,
    /// Electricity that each group owned in each interval, group by group [J].
    owned: Vec<f64>,
    graph: Graph,
    /// Share of each group in the installed IT power.
    installed: Vec<f64>,
    own: std::ops::Range<u32>,
    weights: Vec<f64>,
    amounts: Vec<Amounts>,
    turns: Vec<Option<Turn>>,
    given: Vec<f64>,
}

impl State for Tracing {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Tracing {
            groups,
            carried,
            owned,
            graph: _,
            installed: _,
            own: _,
            weights: _,
            amounts: _,
            turns: _,
            given: _,
        } = self;
        groups.pass(archive)?;
        carried.pass(archive)?;
        archive.growing(owned)
    }
}

impl Tracing {
    pub(crate) fn new(plant: &Plant, network: &Network) -> Self {
        let graph = Graph::new(plant, network);
        let power = |g: &plant::plant::Group| g.racks * g.power_rated;
        let (rated, racks): (f64, f64) =
            (plant.groups.iter().map(power).sum(), plant.groups.iter().map(|g| g.racks).sum());
        let share = |g: &plant::plant::Group| if rated > 0.0 { power(g) / rated } else { g.racks / racks };
        Tracing {
            groups: vec![Account::default(); plant.groups.len()],
            carried: vec![Carried::default(); graph.stores.len()],
            installed: plant.groups.iter().map(share).collect(),
            own: network.traces().own.clone(),
            weights: graph.chain.weights(),
            amounts: graph.chain.amounts(),
            turns: vec![None; graph.stores.len()],
            given: vec![0.0; plant.groups.len()],
            owned: Vec::new(),
            graph,
        }
    }

    /// What stores hold at the start.
    pub(crate) fn begin(&mut self, y: &[f64]) {
        for (carried, store) in self.carried.iter_mut().zip(&self.graph.stores) {
            carried.level = store.energy.iter().map(|&(state, factor)| factor * y[state as usize]).sum();
        }
    }

    /// At the end of an interval, before the meters are emptied; what only tracing reads is emptied here.
    pub(crate) fn interval(&mut self, y: &mut [f64]) {
        if !self.groups.is_empty() {
            self.trace(y);
        }
        y[self.own.start as usize..self.own.end as usize].fill(0.0);
    }

    fn trace(&mut self, y: &[f64]) {
        let Tracing { groups, carried, owned, graph, installed, own: _, weights, amounts, turns, given } =
            self;
        given.fill(0.0);
        graph.put(y, amounts);
        graph.weigh(y, weights, turns, given);
        for (carried, turn) in carried.iter_mut().zip(turns.iter()) {
            if let Some(Turn { place, taken }) = turn {
                carried.give(-taken, &mut amounts[*place]);
            }
        }
        graph.chain.pass(weights, amounts);
        for (k, (carried, turn)) in carried.iter_mut().zip(turns.iter()).enumerate() {
            carried.take(turn.map_or(0.0, |turn| turn.taken), &amounts[graph.end_of_store(k)]);
        }
        let ends = &amounts[graph.places..];
        let first = owned.len();
        owned.resize(first + groups.len(), 0.0);
        let energy = |amounts: &Amounts| amounts[..=IT].iter().sum::<f64>();
        for ((group, _), amounts) in graph.rack_ends.iter().zip(ends) {
            groups[*group].add(amounts, 1.0);
            owned[first + *group] += energy(amounts);
        }
        let nobody = &amounts[graph.nobody()];
        for ((account, &share), &given) in groups.iter_mut().zip(installed.iter()).zip(given.iter()) {
            account.add(nobody, share);
            account.given.add(given);
        }
        for (owned, share) in owned[first..].iter_mut().zip(installed.iter()) {
            *owned += energy(nobody) * share;
        }
    }

    /// The accounts at the end of a run, and what each group owned in each interval: what stores still carry goes to all racks by installed IT power.
    pub(crate) fn finish(mut self) -> (Vec<Account>, Vec<f64>) {
        for carried in &self.carried {
            for (account, &share) in self.groups.iter_mut().zip(&self.installed) {
                account.add(&carried.amounts, share);
            }
        }
        (self.groups, self.owned)
    }
}

impl Carried {
    /// Hands over the share of what it carries that goes with so much of what it holds [J].
    fn give(&mut self, energy: f64, to: &mut Amounts) {
        if energy <= 0.0 || self.level <= 0.0 {
            return;
        }
        let share = (energy / self.level).min(1.0);
        self.level = (self.level - energy).max(0.0);
        for (kept, to) in self.amounts.iter_mut().zip(to) {
            let given = *kept * share;
            *to += given;
            *kept = if share < 1.0 { *kept - given } else { 0.0 };
        }
    }

    /// Takes in so much energy [J], and what was used for it.
    fn take(&mut self, energy: f64, amounts: &Amounts) {
        self.level += energy.max(0.0);
        self.amounts.iter_mut().zip(amounts).for_each(|(kept, amount)| *kept += amount);
    }
}

#[cfg(test)]
mod tests;
