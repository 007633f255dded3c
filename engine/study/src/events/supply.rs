//! Which supplies are live: the grid, what it feeds, batteries that carry on, generators that take over.
//!
//! A unit is fed while one of its wires is live. What passes electricity on gives while it is fed, or while its own
//! battery lasts, or once its generator runs. Transfer back to the grid is without a break.

use plant::network::Network;
use plant::plant::Plant;

/// An island is overloaded when its generator leaves more than this uncovered [W per unit].
const UNCOVERED: f64 = 1.0;

/// A supply with a source of its own.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub unit: usize,
    /// Slot of what its store has left above `-capacity`, and that capacity.
    pub store: Option<(u32, f64)>,
    /// Slot of the power that its generator does not cover.
    pub power: Option<u32>,
    pub failed: bool,
}

/// All of them.
#[derive(Debug, Clone)]
pub(super) struct Supply {
    pub grid: bool,
    /// How long chillers wait when the grid is back [s], where the outage that lasts longest says so.
    pub chiller_restart: Option<f64>,
    /// Whether generators had the time to start.
    pub generators: bool,
    pub own: Vec<Own>,
    pub fed: Vec<bool>,
    pub gives: Vec<bool>,
}

impl Supply {
    pub fn new(plant: &Plant, network: &Network) -> Self {
        let own = |gate: &plant::network::GatePoint| {
            let store = gate.store.filter(|_| gate.capacity.is_finite()).map(|slot| (slot, gate.capacity));
            let power = gate.island.and(gate.power);
            (store.is_some() || power.is_some()).then_some(Own {
                unit: gate.unit,
                store,
                power,
                failed: false,
            })
        };
        Supply {
            grid: true,
            chiller_restart: None,
            generators: false,
            own: network.gates().iter().filter_map(own).collect(),
            fed: vec![true; plant.units.len()],
            gives: vec![true; plant.units.len()],
        }
    }

    fn fails(&self, own: &Own, slots: &[f64]) -> bool {
        let islanded = !own.failed && !self.fed[own.unit] && self.gives[own.unit];
        let empty = own.store.is_some_and(|(slot, capacity)| slots[slot as usize] <= -capacity);
        let overloaded = own.power.is_some_and(|slot| slots[slot as usize] > UNCOVERED);
        islanded && (empty || overloaded)
    }

    /// Whether a battery is empty or a generator overloaded.
    pub fn would_fail(&self, slots: &[f64]) -> bool {
        self.own.iter().any(|own| self.fails(own, slots))
    }

    /// Takes out what failed, and says so.
    pub fn fail(&mut self, plant: &Plant, slots: &[f64]) -> Vec<String> {
        let failed: Vec<bool> = self.own.iter().map(|own| self.fails(own, slots)).collect();
        let mut texts = Vec::new();
        for (own, failed) in self.own.iter_mut().zip(failed).filter(|(_, failed)| *failed) {
            own.failed = failed;
            let id = &plant.units[own.unit].id;
            texts.push(match own.power {
                Some(_) => format!("{id} is overloaded and stops"),
                None => format!("the battery of {id} is empty"),
            });
        }
        texts
    }

    /// Finds what is fed and what gives.
    pub fn spread(&mut self, plant: &Plant, tripped: &[usize]) {
        let electric = |wire: &plant::plant::Wire| {
            let ports = plant.units[wire.to.unit].kind.declaration().ports;
            ports[wire.to.port].medium == plant::declare::Medium::Electricity
        };
        let mut fed = vec![true; plant.units.len()];
        let mut gives = vec![true; plant.units.len()];
        // Supplies do not feed each other in circles, so that as many rounds as units settle it.
        for _ in 0..plant.units.len() {
            let before = gives.clone();
            for unit in 0..plant.units.len() {
                let mut wires = plant.wires.iter().filter(|w| w.to.unit == unit && electric(w)).peekable();
                let alone = wires.peek().is_none();
                fed[unit] = alone || wires.any(|w| w.from.map_or(self.grid, |from| gives[from.unit]));
                let own = self.own.iter().find(|own| own.unit == unit && !own.failed);
                let carries = own.is_some_and(|own| own.power.is_none() || self.generators);
                gives[unit] = (fed[unit] || carries) && !tripped.contains(&unit);
            }
            if gives == before {
                break;
            }
        }
        self.generators &= !self.grid;
        for own in &mut self.own {
            own.failed &= !fed[own.unit];
        }
        (self.fed, self.gives) = (fed, gives);
    }

    /// Whether a unit's supply is live.
    pub fn fed(&self, unit: usize) -> bool {
        self.fed[unit]
    }

    /// Whether a unit passes electricity on.
    pub fn gives(&self, unit: usize) -> bool {
        self.gives[unit]
    }

    /// The share of a wire in what its taker draws: live feeds share equally.
    pub fn share(&self, plant: &Plant, wire: usize) -> f64 {
        let to = plant.wires[wire].to;
        let live = |w: &plant::plant::Wire| w.from.map_or(self.grid, |from| self.gives[from.unit]);
        let feeds = plant.wires.iter().filter(|w| w.to == to && live(w)).count();
        match (live(&plant.wires[wire]), feeds) {
            (true, n) => 1.0 / n as f64,
            // Without any live feed nothing is drawn; the shares stay finite.
            (false, 0) => 1.0 / plant.wires.iter().filter(|w| w.to == to).count().max(1) as f64,
            (false, _) => 0.0,
        }
    }
}
