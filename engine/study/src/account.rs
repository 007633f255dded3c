//! The ledger: joules and kilograms by meter, and how well they close.
//!
//! The balance is computed twice. Once from the meters, which are integrated with the states. Once from what is
//! written: electricity meters, the enthalpy that streams bring to the volumes behind every component at the
//! boundary, and the temperatures of everything that stores.

use crate::conditions::Conditions;
use crate::state::state;
use crate::trajectory::{Kept, Trajectory};
use plant::declare::{Effect, Medium, Role, Side, Use, Water};
use plant::network::{Meter, MeterKind, Network};
use plant::plant::{End, Plant, Sensor, Unit};

/// A sum that keeps what rounding drops (Neumaier).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Total {
    sum: f64,
    lost: f64,
}

state!(Total { sum, lost } fixed {});

impl Total {
    /// Adds.
    pub fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        self.lost += if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.sum = sum;
    }
    /// The sum.
    pub fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// Residuals over throughput.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Closure {
    /// Energy over the whole run, from the meters.
    pub energy_relative: f64,
    /// Water over the whole run; 0 where nothing flows.
    pub water_relative: f64,
    /// Largest of the output intervals, energy.
    pub energy_worst: f64,
    /// Largest of the output intervals, water.
    pub water_worst: f64,
    /// Energy over the whole run, recomputed from the written columns.
    pub energy_recomputed: f64,
    /// Electricity: what was fed in less what the account says was used.
    pub electricity_relative: f64,
}

/// Totals of a run.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The meters in the order of `totals`.
    pub meters: Vec<Meter>,
    totals: Vec<Total>,
    amounts: Vec<f64>,
    /// What the balances of an interval are made of.
    balances: Balances,
    /// Whether each unit's joints allow its stream heat to be recomputed.
    boundary: Vec<Boundary>,
    /// Units with heat that no stream carries: theirs is taken from the meter.
    metered: Vec<bool>,
    /// Indices into the stored-energy list of each unit's own states.
    own: Vec<Vec<usize>>,
    energy_before: f64,
    water_before: f64,
    energy_start: f64,
    water_start: f64,
    energy_worst: f64,
    water_worst: f64,
    throughput_most: f64,
    junctions: Vec<u32>,
    inlets: Vec<Sensor>,
    inlet_slots: Vec<u32>,
    compressors: Vec<u32>,
    /// Conditions of the racks, by group.
    pub conditions: Vec<Conditions>,
    /// Seconds without compressor.
    pub free_cooling_s: f64,
    /// Hottest junction [K].
    pub junction_max: Option<f64>,
    /// Warmest rack inlet [K].
    pub inlet_max: Option<f64>,
    /// Whether the plant has compressors at all.
    pub has_compressors: bool,
    /// Length accounted for [s].
    pub length: f64,
}

/// A quiet interval's residual is held against at least this share of the busiest one's throughput: where nearly
/// nothing is fed in, what remains is the rounding of what circulates and is stored (0.02 J of 200 GJ in a hall that
/// lost its cooling and its load).
const QUIET: f64 = 0.1;

/// A run's residual is held against at least this share of the energy that its stores hold at the end: sums of that
/// size are rounded to 1e-16 of it.
const ROUNDED: f64 = 1e-9;

/// Meters by their place, each with the factor that it counts with.
type Terms = Vec<(usize, f64)>;

/// Which meters the balances of an interval are made of: of hundreds they are a few.
#[derive(Debug, Clone)]
struct Balances {
    energy: Terms,
    energy_throughput: Terms,
    charged: Terms,
    moved: Terms,
    water: Terms,
    water_throughput: Terms,
}

impl Balances {
    fn of(meters: &[Meter]) -> Balances {
        let terms = |factor: &dyn Fn(MeterKind) -> f64| -> Terms {
            let all = meters.iter().map(|meter| factor(meter.kind)).enumerate();
            all.filter(|&(_, factor)| factor != 0.0).collect()
        };
        let one = |is: bool| f64::from(u8::from(is));
        Balances {
            energy: terms(&energy_sign),
            energy_throughput: terms(&energy_throughput),
            charged: terms(&|kind| one(kind == MeterKind::Charged)),
            moved: terms(&|kind| one(matches!(kind, MeterKind::Rejected | MeterKind::Reused))),
            water: terms(&water_sign),
            water_throughput: terms(&water_throughput),
        }
    }
}

/// A passage of a unit that rejects heat: the store behind it and its two meters.
#[derive(Debug, Clone, Copy)]
struct Boundary {
    /// Index into the stored-energy list, where the volume belongs to this passage alone.
    store: Option<usize>,
    stream: usize,
    to_stream: usize,
}

state!(Accounts {
    totals, energy_before, water_before, energy_start, water_start, energy_worst, water_worst,
    throughput_most, conditions, free_cooling_s, junction_max, inlet_max, length,
} fixed {
    meters, amounts, balances, boundary, metered, own, junctions, inlets, inlet_slots, compressors, has_compressors,
});

impl Accounts {
    pub(crate) fn new(plant: &Plant, network: &Network) -> Self {
        let meters = network.meters().to_vec();
        let state = |name: &str| network.names()[..network.states()].iter().position(|n| n == name);
        let mut boundary = Vec::new();
        for (to_stream, meter) in meters.iter().enumerate() {
            let (MeterKind::ToStream(port), Some(unit)) = (meter.kind, meter.unit) else { continue };
            let of = |m: &Meter| m.unit == Some(unit) && m.kind == MeterKind::Stream(port);
            let Some(stream) = meters.iter().position(of) else { continue };
            let end = End { unit, port };
            let alone = plant.joints.iter().any(|j| j.from == [end]);
            let name = format!(
                "{}.{}_out",
                plant.units[unit].id,
                plant.units[unit].kind.declaration().ports[port].name
            );
            let slot = state(&name).or_else(|| state(&format!("{name}.enthalpy")));
            let store = slot
                .filter(|_| alone)
                .and_then(|slot| network.stored_energy().iter().position(|&(s, _)| s as usize == slot));
            boundary.push(Boundary { store, stream, to_stream });
        }
        let compressors =
            meters.iter().filter(|m| m.kind == MeterKind::Use(Use::Compressors)).map(|m| m.state);
        let compressors: Vec<u32> = compressors.collect();
        let junctions = (plant.units.iter())
            .filter(|u| u.kind.declaration().states.iter().any(|s| s.name == "die"))
            .filter_map(|u| state(&format!("{}.die", u.id)))
            .map(|k| k as u32)
            .collect();
        let inlets = rack_inlets(plant);
        let known = known_inlets(plant, network);
        let inlet_slots = known.iter().map(|(_, slot)| *slot).collect();
        Accounts {
            totals: vec![Total::default(); meters.len()],
            amounts: vec![0.0; meters.len()],
            balances: Balances::of(&meters),
            meters,
            boundary,
            metered: plant.units.iter().map(exchanges_heat).collect(),
            own: (plant.units.iter())
                .map(|unit| {
                    let states = unit.kind.declaration().states.iter();
                    let slots = states.filter_map(|s| state(&format!("{}.{}", unit.id, s.name)));
                    let stored = network.stored_energy();
                    slots.filter_map(|slot| stored.iter().position(|s| s.0 as usize == slot)).collect()
                })
                .collect(),
            energy_before: 0.0,
            water_before: 0.0,
            energy_start: 0.0,
            water_start: 0.0,
            energy_worst: 0.0,
            water_worst: 0.0,
            throughput_most: 0.0,
            junctions,
            inlets,
            inlet_slots,
            conditions: Conditions::of_groups(plant, network, &known),
            has_compressors: !compressors.is_empty(),
            compressors,
            free_cooling_s: 0.0,
            junction_max: None,
            inlet_max: None,
            length: 0.0,
        }
    }

    /// Air inlets of the racks.
    pub fn inlets(&self) -> &[Sensor] {
        &self.inlets
    }

    /// Slots of their temperatures.
    pub(crate) fn inlet_slots(&self) -> &[u32] {
        &self.inlet_slots
    }

    pub(crate) fn begin(&mut self, network: &Network, y: &[f64], kept: Kept) {
        self.energy_start = stored(network.stored_energy(), y, kept.energy);
        self.water_start = stored(network.stored_water(), y, kept.water);
        self.energy_before = self.energy_start;
        self.water_before = self.water_start;
        self.extremes(network.values(), 0.0);
    }

    fn extremes(&mut self, slots: &[f64], duration: f64) {
        let most = |slots: &[f64], of: &[u32], seen: Option<f64>| {
            of.iter().map(|&s| slots[s as usize]).chain(seen).reduce(f64::max)
        };
        self.junction_max = most(slots, &self.junctions, self.junction_max);
        self.inlet_max = most(slots, &self.inlet_slots, self.inlet_max);
        self.conditions.iter_mut().for_each(|racks| racks.see(slots, duration));
    }

    /// The hottest junctions of racks that are carried apart, by group.
    pub(crate) fn junctions(&mut self, hottest: impl Iterator<Item = (usize, f64)>) {
        for (group, kelvin) in hottest {
            self.junction_max = Some(self.junction_max.map_or(kelvin, |seen| seen.max(kelvin)));
            self.conditions[group].junction(kelvin);
        }
    }

    /// After every accepted step.
    pub(crate) fn step(&mut self, network: &Network, rates: &[f64], from: f64, to: f64) {
        self.extremes(network.values(), to - from);
        self.length += to - from;
        if self.compressors.iter().all(|&state| rates[state as usize] <= 0.0) {
            self.free_cooling_s += to - from;
        }
    }

    /// At the end of an interval: moves the meters' states into the totals.
    pub(crate) fn interval(&mut self, network: &Network, y: &mut [f64], kept: Kept) -> &[f64] {
        for (k, meter) in self.meters.iter().enumerate() {
            let amount = std::mem::take(&mut y[meter.state as usize]);
            self.amounts[k] = amount;
            self.totals[k].add(amount);
        }
        let Balances {
            energy: energy_terms,
            energy_throughput,
            charged,
            moved,
            water: water_terms,
            water_throughput,
        } = &self.balances;
        let amount = |terms: &Terms| terms.iter().map(|&(k, sign)| sign * self.amounts[k]).sum::<f64>();
        let energy = stored(network.stored_energy(), y, kept.energy);
        let water = stored(network.stored_water(), y, kept.water);
        let (energy_step, water_step) = (energy - self.energy_before, water - self.water_before);
        (self.energy_before, self.water_before) = (energy, water);
        let relative = |residual: f64, throughput: f64| {
            if throughput > 0.0 { (residual / throughput).abs() } else { residual.abs() }
        };
        // While the grid is dead, stores feed the site; while everything is, heat only moves.
        let charged: f64 = charged.iter().map(|&(k, _)| self.amounts[k].abs()).sum();
        let moved = amount(moved).abs().max(energy_step.abs());
        let throughput = (amount(energy_throughput) + charged).max(moved).max(QUIET * self.throughput_most);
        self.throughput_most = self.throughput_most.max(throughput);
        let energy_worst = relative(amount(energy_terms) - energy_step, throughput);
        let water_worst = relative(amount(water_terms) - water_step, amount(water_throughput));
        self.energy_worst = self.energy_worst.max(energy_worst);
        self.water_worst = self.water_worst.max(water_worst);
        &self.amounts
    }

    /// Total of one meter [J or kg].
    pub fn total(&self, meter: usize) -> f64 {
        self.totals[meter].value()
    }

    /// Total of all meters that `wanted` admits [J or kg].
    pub fn sum(&self, wanted: impl Fn(&Meter) -> bool) -> f64 {
        let mut total = Total::default();
        self.meters
            .iter()
            .zip(&self.totals)
            .filter(|(m, _)| wanted(m))
            .for_each(|(_, t)| total.add(t.value()));
        total.value()
    }

    /// Electricity of one category [J].
    pub fn used(&self, category: Use) -> f64 {
        self.sum(|m| m.kind == MeterKind::Use(category))
    }

    /// Water of one account [kg].
    pub fn water(&self, account: Water) -> f64 {
        self.sum(|m| m.kind == MeterKind::Water(account))
    }

    /// Utility feed, generation on site, and what batteries gave less what they took, counted at their cells: their
    /// losses are a use [J].
    pub fn supplied(&self) -> f64 {
        let fed = self.sum(|m| matches!(m.kind, MeterKind::Grid | MeterKind::Generated));
        fed - self.sum(|m| m.kind == MeterKind::Charged)
    }

    /// Electricity given to the utility [J].
    pub fn exported(&self) -> f64 {
        self.sum(|m| m.kind == MeterKind::Exported)
    }

    /// What the utility delivered, less what stayed in batteries: exports are not taken off [J].
    pub fn bought(&self) -> f64 {
        self.supplied() - self.sum(|m| m.kind == MeterKind::Generated) + self.exported()
    }

    pub(crate) fn close(&self, network: &Network, y: &[f64], kept: Kept, trajectory: &Trajectory) -> Closure {
        let energy_step = stored(network.stored_energy(), y, kept.energy) - self.energy_start;
        let water_step = stored(network.stored_water(), y, kept.water) - self.water_start;
        let signed = |sign: &dyn Fn(MeterKind) -> f64| {
            let mut total = Total::default();
            self.meters.iter().zip(&self.totals).for_each(|(m, t)| total.add(sign(m.kind) * t.value()));
            total.value()
        };
        let relative = |residual: f64, throughput: f64| {
            if throughput > 0.0 { residual / throughput } else { residual }
        };
        // A site without grid lives on its stores, and of what it holds no more is known than the rounding leaves.
        let held = stored(network.stored_energy(), y, kept.energy).abs();
        let charged = self.sum(|m| m.kind == MeterKind::Charged).abs();
        let moved = self.sum(|m| matches!(m.kind, MeterKind::Rejected | MeterKind::Reused)).abs();
        let throughput = signed(&energy_throughput).max(charged).max(moved).max(ROUNDED * held);
        let used: f64 = Use::ALL.iter().map(|&u| self.used(u)).sum();
        Closure {
            energy_relative: relative(signed(&energy_sign) - energy_step, throughput),
            water_relative: relative(signed(&water_sign) - water_step, signed(&water_throughput)),
            energy_worst: self.energy_worst,
            water_worst: self.water_worst,
            energy_recomputed: self.recompute(trajectory, throughput),
            electricity_relative: relative(self.supplied() - used, self.supplied()),
        }
    }

    /// The energy balance once more, from written columns only.
    fn recompute(&self, trajectory: &Trajectory, throughput: f64) -> f64 {
        let column = |meter: usize| -> f64 {
            let mut total = Total::default();
            trajectory.amounts(meter).for_each(|a| total.add(a));
            total.value()
        };
        let stores = trajectory.stores.len();
        let last = trajectory.stored.len().saturating_sub(stores);
        let change = |k: usize| (trajectory.stored[last + k] - trajectory.stored[k]) * trajectory.stores[k].1;
        let mut residual = Total::default();
        for (k, meter) in self.meters.iter().enumerate() {
            match meter.kind {
                MeterKind::Grid | MeterKind::Generated => residual.add(column(k)),
                MeterKind::Rejected | MeterKind::Reused => {
                    let of = |kind: MeterKind| {
                        self.meters.iter().position(|m| m.unit == meter.unit && m.kind == kind)
                    };
                    let metered = meter.unit.is_none_or(|unit| self.metered[unit]);
                    // What a unit hands on and what it rejects follow together from its streams.
                    if !metered && meter.kind == MeterKind::Rejected && of(MeterKind::Reused).is_some() {
                        continue;
                    }
                    let drawn = of(MeterKind::Drawn);
                    if metered || (drawn.is_none() && meter.kind == MeterKind::Rejected) {
                        residual.add(-column(k)); // losses without a stream: the meter itself
                        continue;
                    }
                    // Heat out = electricity in − passed on − kept − heat given to streams, the latter from what
                    // the streams brought to the volume behind and how much warmer that became.
                    residual.add(-drawn.map_or(0.0, column));
                    for (passed, other) in self.meters.iter().enumerate() {
                        if other.unit == meter.unit && matches!(other.kind, MeterKind::Delivered(_)) {
                            residual.add(column(passed));
                        }
                    }
                    for &kept in meter.unit.iter().flat_map(|&unit| &self.own[unit]) {
                        residual.add(change(kept));
                    }
                    for b in self.boundary.iter().filter(|b| self.meters[b.stream].unit == meter.unit) {
                        match b.store {
                            Some(store) => {
                                residual.add(change(store));
                                residual.add(-column(b.stream));
                            }
                            None => residual.add(column(b.to_stream)),
                        }
                    }
                    // Water's own enthalpy leaves with the air.
                    if let Some(carried) = of(MeterKind::Carried) {
                        residual.add(-column(carried));
                    }
                }
                MeterKind::Carried => residual.add(column(k)),
                _ => {}
            }
        }
        (0..stores).for_each(|k| residual.add(-change(k)));
        if throughput > 0.0 { residual.value() / throughput } else { residual.value() }
    }
}

/// What states store, and what racks do that are carried apart.
fn stored(stores: &[(u32, f64)], y: &[f64], in_racks: f64) -> f64 {
    let mut total = Total::default();
    total.add(in_racks);
    stores.iter().for_each(|&(state, factor)| total.add(factor * y[state as usize]));
    total.value()
}

fn energy_sign(kind: MeterKind) -> f64 {
    match kind {
        MeterKind::Grid | MeterKind::Generated | MeterKind::Carried => 1.0,
        MeterKind::Rejected | MeterKind::Reused => -1.0,
        _ => 0.0,
    }
}

fn energy_throughput(kind: MeterKind) -> f64 {
    f64::from(u8::from(matches!(kind, MeterKind::Grid | MeterKind::Generated)))
}

fn water_sign(kind: MeterKind) -> f64 {
    match kind {
        MeterKind::Water(Water::MakeUp) => 1.0,
        MeterKind::Water(_) => -1.0,
        _ => 0.0,
    }
}

fn water_throughput(kind: MeterKind) -> f64 {
    f64::from(u8::from(kind == MeterKind::Water(Water::MakeUp)))
}

/// Air that enters a rack group from outside of it.
fn rack_inlets(plant: &Plant) -> Vec<Sensor> {
    let mut inlets = Vec::new();
    for joint in plant.joints.iter().filter(|j| j.medium == Medium::Air) {
        for &end in &joint.to {
            let group = plant.units[end.unit].group;
            let from_outside = joint.from.iter().any(|e| plant.units[e.unit].group != group);
            if group.is_some() && from_outside {
                inlets.push(Sensor::TemperatureIn(end));
            }
        }
    }
    inlets
}

/// Those whose temperature is carried, with the slots.
pub(crate) fn known_inlets(plant: &Plant, network: &Network) -> Vec<(Sensor, u32)> {
    let inlets = rack_inlets(plant).into_iter();
    inlets.filter_map(|sensor| inlet_slot(plant, network, &sensor).map(|slot| (sensor, slot))).collect()
}

fn inlet_slot(plant: &Plant, network: &Network, sensor: &Sensor) -> Option<u32> {
    let Sensor::TemperatureIn(end) = sensor else { return None };
    let unit = &plant.units[end.unit];
    let port = &unit.kind.declaration().ports[end.port];
    debug_assert!(port.side == Side::Passage);
    let name = format!("{}.{}_in", unit.id, port.name);
    network.probes().iter().find(|p| p.name == name).map(|p| p.slot)
}

/// Whether a unit gives or takes heat without a stream, or generates: what it rejects is then more than what it draws
/// less what its streams take.
fn exchanges_heat(unit: &Unit) -> bool {
    let of = unit.kind.declaration();
    let gives = |port: &str| of.ports.iter().any(|p| p.name == port && p.side == Side::Outlet);
    of.inputs.iter().any(|input| matches!(input.role, Role::Received(_)))
        || of.outputs.iter().any(|output| match output.effect {
            Effect::Heat(port) => gives(port),
            effect => effect == Effect::Generated,
        })
}
