//! From a checked plant to the arrays of a network.

use super::chips::Copies;
use super::flows::{self, Flows};
use super::meters::{Meter, MeterKind};
use super::nodes::{Arena, Handle, Term, merged};
use super::{Network, PartedNetwork, Plan, TopologyError, number};
use crate::declare::{Bound, Effect, Medium, Outdoor, Role, Store};
use crate::plant::{End, Plant, Sensor};
use media::moist_air;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Temperature at which a loop's specific heat and density are taken [K].
pub(super) const LIQUID_REFERENCE: f64 = 303.15;
/// Absolute pressure of a liquid circuit where its expansion vessel is connected [Pa]: 1 bar above the atmosphere, the usual
/// fill (0.5 to 2 bar above it, by the height of the building); the liquids' properties are taken at it. See
/// [`boiling`](super::boiling) for the pressures elsewhere.
pub(super) const CIRCUIT_PRESSURE: f64 = 200e3;
/// Air temperature at which fans are rated [K].
const FAN_REFERENCE: f64 = 298.15;
/// Room air starts at this temperature and dew point [K].
const ROOM_START: (f64, f64) = (298.15, 283.15);

/// How to compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompileOptions {
    /// Controllers act at samples and hold in between, instead of being states.
    pub sampled: bool,
    /// What is carried apart by [`compile_parted`]; [`compile`] carries equal things once.
    pub fidelity: Fidelity,
    /// Controllers hold their set-points: the position of the actuator is solved for, clamped at its limits. Only an
    /// implicit method of first order can take this form; where `sampled` is set too, that one is compiled.
    pub ideal: bool,
}

impl CompileOptions {
    /// Whether positions are solved for.
    pub(super) fn solved(self) -> bool {
        self.ideal && !self.sampled
    }
}

/// What is carried apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Fidelity {
    /// Nothing: the racks of a group once, with their number.
    #[default]
    Lumped,
    /// Every rack; the equal parts of a rack once, with their number.
    Rack,
    /// Every rack, and every chip that has a junction.
    Chip,
}

/// State handles of a mixing volume.
#[derive(Debug, Clone, Copy)]
pub(super) enum Volume {
    /// Temperature; specific heat of the loop.
    Liquid { temperature: usize, specific_heat: f64 },
    /// Enthalpy, humidity ratio; member that gives the dry bulb.
    Air { enthalpy: usize, humidity: usize, dry_bulb: Handle },
}

/// Families of members that are not components.
pub(super) mod family {
    pub const LIQUID: usize = usize::MAX;
    pub const AIR: usize = usize::MAX - 1;
    pub const DRY_BULB: usize = usize::MAX - 2;
    pub const PI: usize = usize::MAX - 3;
    pub const PRODUCT: usize = usize::MAX - 4;
    pub const DELIVERED: usize = usize::MAX - 5;
    pub const PART: usize = usize::MAX - 6;
    pub const POSITIVE: usize = usize::MAX - 7;
    pub const IDEAL: usize = usize::MAX - 8;
    pub const POSITION: usize = usize::MAX - 9;
    pub const STREAM: usize = usize::MAX - 10;
    pub const DIVIDE: usize = usize::MAX - 11;
    pub const BOILING: usize = usize::MAX - 12;
    /// The first circuit that is solved from pressures; the others follow.
    pub const CIRCUIT: usize = usize::MAX / 2;
}

pub(super) struct Builder<'a> {
    pub plant: &'a Plant,
    pub options: CompileOptions,
    pub arena: Arena,
    /// Volume at the inlet end and at the outlet end of each connected passage.
    pub at_inlet: BTreeMap<End, usize>,
    pub at_outlet: BTreeMap<End, usize>,
    pub volumes: Vec<Volume>,
    pub flows: Flows,
    /// First state and first output of each unit.
    pub unit_states: Vec<usize>,
    pub unit_members: Vec<usize>,
    /// Node of each unit's outputs, as the network reads them.
    pub outputs: Vec<Vec<Handle>>,
    /// Node of each unit's actuators: where the drive stands.
    pub positions: Vec<Vec<Handle>>,
    /// Where it acts: the same, unless the machine may stop.
    pub moved: Vec<Vec<Handle>>,
    /// What may stop, and what may jam.
    pub gates: Vec<super::gates::Nodes>,
    pub jams: Vec<super::gates::JamNodes>,
    /// What every wire carries, and the shares of redundant feeds that may fail.
    pub carried: Vec<Vec<Term>>,
    pub shares: Vec<(usize, Handle)>,
    pub switches: Vec<Vec<Handle>>,
    /// Held commands of sampled loops, in the order of the plant's loops.
    pub commands: Vec<Handle>,
    /// Positions that are solved for: by node the state that is wanted, and their loops.
    pub wanted: BTreeMap<Handle, usize>,
    pub ideal: Vec<super::IdealLoop>,
    pub signals: BTreeMap<usize, Handle>,
    pub outdoor: Vec<(Outdoor, Handle)>,
    pub constants: BTreeMap<u64, Handle>,
    /// What loops measure at parts that are several units.
    pub measured: BTreeMap<usize, Term>,
    pub copies: Copies,
    pub meters: Vec<(Meter, Vec<Term>)>,
    pub traced: super::traced::ToTrace,
    pub stored_energy: Vec<(usize, f64)>,
    pub stored_water: Vec<(usize, f64)>,
    /// Circuits that are solved from pressures.
    pub pressures: super::pressure::Pressures,
}

/// Compiles a plant.
///
/// # Errors
/// Every fault of the network's shape: open ends, flows that nobody or two components set, volumes of
/// nothing, cycles without a volume.
pub fn compile(plant: &Plant, options: CompileOptions) -> Result<Network, Vec<TopologyError>> {
    compile_as(plant, options, &[])
}

/// As [`compile`], by one of the plans of other networks where it fits: then only numbers are filled in. The network is
/// the same either way, and its [`plan`](Network::plan) says which it has.
///
/// # Errors
/// As [`compile`].
pub fn compile_as(
    plant: &Plant,
    options: CompileOptions,
    known: &[Arc<Plan>],
) -> Result<Network, Vec<TopologyError>> {
    let plant = super::cells::expand(plant);
    let builder = Builder::build(&plant, options, Copies::none(plant.units.len()))?;
    number::finish(builder, known).map_err(|error| vec![error])
}

/// Compiles a plant into a core and classes of equal racks, as `options.fidelity` says.
///
/// `members` says for each group of racks how many racks each member of its class stands for; where it
/// says nothing every rack is a member of its own. At [`Fidelity::Lumped`] there are no classes.
///
/// # Errors
/// As [`compile`]; numbers that do not add up to the racks of their group; racks that see each other at
/// one instant.
pub fn compile_parted(
    plant: &Plant,
    options: CompileOptions,
    members: &[Vec<u32>],
) -> Result<PartedNetwork, Vec<TopologyError>> {
    let plant = super::cells::expand(plant);
    if options.fidelity != Fidelity::Lumped {
        super::pressure::without_racks(&plant)?;
    }
    let (plant, copies) = match options.fidelity {
        Fidelity::Chip => super::chips::split(&plant),
        Fidelity::Lumped | Fidelity::Rack => {
            let copies = Copies::none(plant.units.len());
            (plant, copies)
        }
    };
    if options.fidelity != Fidelity::Lumped {
        super::gates::without_sources(&plant)?;
    }
    let members = super::partition::members(&plant, options.fidelity, members)?;
    let builder = Builder::build(&plant, options, copies)?;
    number::finish_parted(builder, members)
}

pub(super) fn bound(plant: &Plant, unit: usize, bound: Bound) -> f64 {
    match bound {
        Bound::Value(value) => value,
        Bound::Parameter(name) => plant.units[unit].parameter(name).unwrap_or(f64::NAN),
    }
}

/// How the stream of a copy is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Together {
    /// By itself.
    Alone,
    /// As the stream of so many copies.
    Leader(usize),
    /// With that of the first copy.
    Follower,
}

impl<'a> Builder<'a> {
    fn build(
        plant: &'a Plant,
        options: CompileOptions,
        copies: Copies,
    ) -> Result<Builder<'a>, Vec<TopologyError>> {
        let open = super::topology::open_ends(plant);
        if !open.is_empty() {
            return Err(open);
        }
        let mut builder = Builder::new(plant, options, copies);
        builder.find_volumes()?;
        builder.add_units();
        builder.add_positions();
        builder.add_moved();
        builder.add_wires();
        builder.add_pressures()?;
        builder.solve_flows()?;
        builder.add_streams();
        builder.connect();
        builder.add_loops();
        builder.add_idle_jams();
        builder.add_advection();
        builder.add_meters();
        builder.add_traces();
        Ok(builder)
    }

    fn new(plant: &'a Plant, options: CompileOptions, copies: Copies) -> Self {
        let mut arena = Arena::default();
        // Harmless values until the weather arrives: 15 °C, half saturated.
        let inputs = plant.units.iter().flat_map(|unit| unit.kind.declaration().inputs);
        let read: Vec<Outdoor> = inputs
            .filter_map(|input| match input.role {
                Role::Outdoor(what) => Some(what),
                _ => None,
            })
            .collect();
        let outdoor = (Outdoor::ALL.into_iter())
            .filter(|what| what.of_air() || read.contains(what))
            .map(|what| {
                let (name, value) = match what {
                    Outdoor::DryBulb => ("dry_bulb", 288.15),
                    Outdoor::WetBulb => ("wet_bulb", 283.15),
                    Outdoor::HumidityRatio => ("humidity_ratio", 0.005),
                    Outdoor::Pressure => ("pressure", plant.pressure),
                    Outdoor::SunEast => ("sun_east", 0.0),
                    Outdoor::SunNorth => ("sun_north", 0.0),
                    Outdoor::SunUp => ("sun_up", 0.0),
                    Outdoor::Sky => ("sky", 0.0),
                    Outdoor::Global => ("global", 0.0),
                    Outdoor::WindSpeed => ("wind_speed", 0.0),
                };
                (what, arena.outside(format!("weather.{name}"), value))
            })
            .collect();
        Builder {
            plant,
            options,
            arena,
            at_inlet: BTreeMap::new(),
            at_outlet: BTreeMap::new(),
            volumes: Vec::new(),
            flows: Flows::default(),
            unit_states: Vec::new(),
            unit_members: Vec::new(),
            outputs: Vec::new(),
            positions: Vec::new(),
            moved: Vec::new(),
            gates: Vec::new(),
            jams: Vec::new(),
            carried: Vec::new(),
            shares: Vec::new(),
            switches: Vec::new(),
            commands: Vec::new(),
            wanted: BTreeMap::new(),
            ideal: Vec::new(),
            signals: BTreeMap::new(),
            outdoor,
            constants: BTreeMap::new(),
            measured: BTreeMap::new(),
            copies,
            meters: Vec::new(),
            traced: super::traced::ToTrace::default(),
            stored_energy: Vec::new(),
            stored_water: Vec::new(),
            pressures: super::pressure::Pressures::of(plant),
        }
    }

    pub fn constant(&mut self, value: f64) -> Handle {
        let arena = &mut self.arena;
        *self.constants.entry(value.to_bits()).or_insert_with(|| arena.outside(format!("{value}"), value))
    }

    /// One well-mixed volume for each joint.
    fn find_volumes(&mut self) -> Result<(), Vec<TopologyError>> {
        let plant = self.plant;
        let mut problems = Vec::new();
        for (index, joint) in plant.joints.iter().enumerate() {
            let content = |ends: &[End]| -> f64 {
                ends.iter()
                    .map(|&end| {
                        let unit = &plant.units[end.unit];
                        let content = flows::port(plant, end).content;
                        content.and_then(|name| unit.parameter(name)).unwrap_or(0.0) * unit.multiplicity
                    })
                    .sum()
            };
            let mut volume = content(&joint.from);
            if volume <= 0.0 {
                volume = content(&joint.to);
            }
            if volume <= 0.0 {
                let (from, to) = (flows::list(plant, &joint.from), flows::list(plant, &joint.to));
                problems.push(TopologyError::NoCapacity { from, to });
                volume = 1.0;
            }
            let name = flows::list(plant, &joint.from[..1.min(joint.from.len())]);
            let tile = (plant.units.len() + index) as u32;
            let state = match joint.medium {
                Medium::Air => {
                    let (start, dew_point) = ROOM_START;
                    let w = moist_air::humidity_ratio_from_dew_point(dew_point, plant.pressure);
                    let h = moist_air::enthalpy(start, w);
                    let mass = volume * moist_air::dry_air_density(start, w, plant.pressure);
                    let enthalpy = self.arena.state(format!("{name}_out.enthalpy"), h, 10e3, tile, false);
                    let humidity =
                        self.arena.state(format!("{name}_out.humidity_ratio"), w, 5e-3, tile, false);
                    self.stored_energy.push((enthalpy, mass));
                    let handles = [self.arena.states[enthalpy].handle, self.arena.states[humidity].handle];
                    let inputs = handles.map(|h| (h, 1.0)).to_vec();
                    let member = self.arena.member(
                        &format!("{name}_out"),
                        (family::DRY_BULB, tile),
                        vec![],
                        inputs,
                        &["dry_bulb"],
                    );
                    let dry_bulb = self.arena.members[member].first_output;
                    Volume::Air { enthalpy, humidity, dry_bulb }
                }
                _ => {
                    let specific_heat = joint.fluid.specific_heat(LIQUID_REFERENCE);
                    let capacity = volume * joint.fluid.density(LIQUID_REFERENCE) * specific_heat;
                    let temperature = self.arena.state(format!("{name}_out"), 303.15, 30.0, tile, false);
                    self.stored_energy.push((temperature, capacity));
                    Volume::Liquid { temperature, specific_heat }
                }
            };
            self.volumes.push(state);
            self.at_outlet.extend(joint.from.iter().map(|&end| (end, index)));
            self.at_inlet.extend(joint.to.iter().map(|&end| (end, index)));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// States and outputs of every unit; inputs are connected later.
    fn add_units(&mut self) {
        let plant = self.plant;
        for (index, unit) in plant.units.iter().enumerate() {
            let declaration = unit.kind.declaration();
            self.unit_states.push(self.arena.states.len());
            for state in declaration.states {
                let initial = bound(plant, index, state.initial);
                let name = format!("{}.{}", unit.id, state.name);
                let slot = self.arena.state(name, initial, state.scale, index as u32, state.inventory);
                match state.store {
                    Store::Heat(capacity) => {
                        let capacity = unit.parameter(capacity).unwrap_or(f64::NAN);
                        self.stored_energy.push((slot, capacity * unit.multiplicity));
                    }
                    Store::Energy => self.stored_energy.push((slot, unit.multiplicity)),
                    Store::Mass => self.stored_water.push((slot, unit.multiplicity)),
                    Store::Signal => {}
                }
            }
            let family = crate::catalogue::position(declaration.name);
            let outputs: Vec<&str> = declaration.outputs.iter().map(|o| o.name).collect();
            let key = (family, index as u32);
            let member = self.arena.member(&unit.id, key, unit.values.clone(), Vec::new(), &outputs);
            self.unit_members.push(member);
            let first = self.arena.members[member].first_output;
            self.outputs.push((first..first + outputs.len()).collect());
            self.add_gate(index);
            for (k, state) in declaration.states.iter().enumerate() {
                let output = declaration.outputs.iter().position(|o| o.effect == Effect::Store(state.name));
                let capacity = match state.store {
                    Store::Heat(name) => unit.parameter(name).unwrap_or(f64::NAN),
                    _ => 1.0,
                };
                if let Some(output) = output {
                    let handle = self.outputs[index][output];
                    self.arena.states[self.unit_states[index] + k].rate = vec![(handle, 1.0 / capacity)];
                }
            }
        }
    }

    /// Where every actuator stands: a state, a held value, or its rest.
    fn add_positions(&mut self) {
        let plant = self.plant;
        for (index, unit) in plant.units.iter().enumerate() {
            let declaration = unit.kind.declaration();
            let mut positions = Vec::new();
            for (k, actuator) in declaration.actuators.iter().enumerate() {
                let pin = plant.pins.iter().find(|p| p.unit == index && p.actuator == k);
                let rest = pin.map_or_else(|| bound(plant, index, actuator.rest), |p| p.position);
                let controlled = plant.loops.iter().any(|l| l.unit == index && l.actuator == k);
                let name = format!("{}.{}", unit.id, actuator.name);
                // What can jam has a drive that takes it there.
                let driven = controlled || self.can_jam(index, k);
                positions.push(if controlled && self.options.solved() {
                    self.add_solved_position(index, k, rest)
                } else if driven {
                    let state = self.arena.state(name, rest, 1.0, index as u32, false);
                    self.arena.states[state].handle
                } else {
                    self.arena.held(name, rest, Some(index as u32))
                });
            }
            self.positions.push(positions);
            let switches = declaration
                .switches
                .iter()
                .map(|switch| {
                    self.arena.held(format!("{}.{}", unit.id, switch.name), 0.0, Some(index as u32))
                })
                .collect();
            self.switches.push(switches);
        }
    }

    fn solve_flows(&mut self) -> Result<(), Vec<TopologyError>> {
        let plant = self.plant;
        let of = |positions: &[Vec<Handle>], unit: usize, name: &str| -> Handle {
            let actuators = plant.units[unit].kind.declaration().actuators;
            let k = actuators.iter().position(|a| a.name == name).unwrap_or(0);
            positions[unit][k]
        };
        let dense = |end: End| -> f64 {
            let port = flows::port(plant, end);
            let joint = self.at_inlet.get(&end).or_else(|| self.at_outlet.get(&end));
            match (port.medium, joint) {
                (Medium::Air, _) => moist_air::dry_air_density(FAN_REFERENCE, 0.0, plant.pressure),
                (_, Some(&joint)) => plant.joints[joint].fluid.density(LIQUID_REFERENCE),
                _ => 1000.0,
            }
        };
        let pressed: BTreeMap<End, Term> =
            self.pressures.passages.iter().map(|(&end, p)| (end, p.flow)).collect();
        let solved = |end: End| pressed.get(&end).copied();
        let densities: BTreeMap<End, f64> =
            flows::passages(plant).into_iter().map(|end| (end, dense(end))).collect();
        let density = |end: End| densities.get(&end).copied().unwrap_or(1000.0);
        let none = BTreeMap::new();
        self.flows =
            flows::solve(plant, &|unit, name| of(&self.positions, unit, name), &density, &none, &solved)?;
        if !plant.faults.gates.is_empty() {
            let raw = std::mem::take(&mut self.flows);
            let (acting, presets) = self.reduce_flows(&raw, &densities);
            self.flows =
                flows::solve(plant, &|unit, name| of(&acting, unit, name), &density, &presets, &solved)?;
        }
        Ok(())
    }

    /// Mass flow at one end, as one node.
    pub fn flow(&mut self, end: End, outlet: bool) -> Term {
        let terms = if outlet { self.flows.outlet(end) } else { self.flows.inlet(end) }.to_vec();
        if terms.is_empty() {
            return (self.constant(0.0), 1.0);
        }
        let side = if outlet { "out" } else { "in" };
        let name = format!("{}_{side}_flow", flows::list(self.plant, &[end]));
        self.arena.sum(name, terms)
    }

    /// Members for what every stream brings to the volume it enters, and the volumes' balances.
    fn add_advection(&mut self) {
        let plant = self.plant;
        for (index, joint) in plant.joints.iter().enumerate() {
            let mut energy: Vec<Term> = Vec::new();
            let mut moisture: Vec<Term> = Vec::new();
            let turns = joint.from.iter().any(|end| self.pressures.passages.contains_key(end));
            if turns {
                energy = self.brought(index);
                self.meter_streams(index, &energy);
            }
            for &end in joint.from.iter().filter(|_| !turns) {
                let port = flows::port(plant, end);
                let name = self.name_of(end);
                let together = self.flow_together(end);
                if together == Together::Follower {
                    energy.extend(self.outputs_at(end, |e| e == Effect::Heat(port.name)));
                    moisture.extend(self.outputs_at(end, |e| e == Effect::Moisture(port.name)));
                    continue;
                }
                let mut flow = self.flow(end, true);
                if let Together::Leader(copies) = together {
                    flow.1 *= copies as f64;
                }
                let upstream = self.at_inlet.get(&end).map(|&j| self.volumes[j]);
                match (self.volumes[index], upstream) {
                    (
                        Volume::Liquid { temperature, specific_heat },
                        Some(Volume::Liquid { temperature: from, .. }),
                    ) => {
                        let states = [from, temperature].map(|s| (self.arena.states[s].handle, 1.0));
                        let inputs = vec![flow, states[0], states[1]];
                        let member = self.arena.member(
                            &name,
                            (family::LIQUID, end.unit as u32),
                            vec![specific_heat],
                            inputs,
                            &["stream"],
                        );
                        energy.push((self.arena.members[member].first_output, 1.0));
                    }
                    (
                        Volume::Air { enthalpy, humidity, .. },
                        Some(Volume::Air { enthalpy: h, humidity: w, .. }),
                    ) => {
                        let states = [h, w, enthalpy, humidity].map(|s| (self.arena.states[s].handle, 1.0));
                        let inputs = std::iter::once(flow).chain(states).collect();
                        let outputs = &["stream", "stream_moisture"];
                        let key = (family::AIR, end.unit as u32);
                        let member = self.arena.member(&name, key, vec![], inputs, outputs);
                        let first = self.arena.members[member].first_output;
                        energy.push((first, 1.0));
                        moisture.push((first + 1, 1.0));
                    }
                    _ => {}
                }
                if let Some(&(stream, _)) = energy.last() {
                    self.meter(name, Some(end.unit), MeterKind::Stream(end.port), vec![(stream, 1.0)]);
                }
                energy.extend(self.outputs_at(end, |e| e == Effect::Heat(port.name)));
                moisture.extend(self.outputs_at(end, |e| e == Effect::Moisture(port.name)));
            }
            let capacity = |state: usize, b: &Self| {
                b.stored_energy.iter().find(|s| s.0 == state).map_or(f64::NAN, |s| s.1)
            };
            match self.volumes[index] {
                Volume::Liquid { temperature, .. } => {
                    let c = capacity(temperature, self);
                    self.arena.states[temperature].rate =
                        merged(energy.into_iter().map(|(n, f)| (n, f / c)).collect());
                }
                Volume::Air { enthalpy, humidity, .. } => {
                    let mass = capacity(enthalpy, self);
                    self.arena.states[enthalpy].rate =
                        merged(energy.into_iter().map(|(n, f)| (n, f / mass)).collect());
                    self.arena.states[humidity].rate =
                        merged(moisture.into_iter().map(|(n, f)| (n, f / mass)).collect());
                }
            }
        }
    }

    /// Whether the streams of the copies of a part are one: they are where all of them flow alike.
    fn flow_together(&self, end: End) -> Together {
        let copies = self.copies.of(end.unit);
        let flow = |unit: usize| self.flows.outlet(End { unit, ..end });
        match copies {
            [first, _, ..] if copies.iter().all(|&unit| flow(unit) == flow(*first)) => {
                if *first == end.unit {
                    Together::Leader(copies.len())
                } else {
                    Together::Follower
                }
            }
            _ => Together::Alone,
        }
    }

    /// `unit.port`, the name of the part where the unit is a copy of one.
    pub fn name_of(&self, end: End) -> String {
        let part = self.copies.part(end.unit);
        format!("{}.{}", self.plant.units[part].id, flows::port(self.plant, end).name)
    }

    /// Outputs of an end's unit with the wanted effect, as totals of all equal units.
    pub fn outputs_at(&self, end: End, wanted: impl Fn(Effect) -> bool) -> Vec<Term> {
        self.outputs_of(end.unit, wanted)
    }

    pub fn outputs_of(&self, unit: usize, wanted: impl Fn(Effect) -> bool) -> Vec<Term> {
        let outputs = self.plant.units[unit].kind.declaration().outputs;
        let multiplicity = self.plant.units[unit].multiplicity;
        let nodes = outputs.iter().zip(&self.outputs[unit]);
        nodes.filter(|(o, _)| wanted(o.effect)).map(|(_, &node)| (node, multiplicity)).collect()
    }

    /// States that are temperatures.
    pub fn temperatures(&self) -> Vec<usize> {
        let own = self.plant.units.iter().enumerate().flat_map(|(index, unit)| {
            let states = unit.kind.declaration().states.iter().enumerate();
            let heat = states.filter(|(_, s)| matches!(s.store, Store::Heat(_)));
            let first = self.unit_states[index];
            heat.map(move |(k, _)| first + k)
        });
        let volumes = self.volumes.iter().filter_map(|volume| match volume {
            Volume::Liquid { temperature, .. } => Some(*temperature),
            Volume::Air { .. } => None,
        });
        own.chain(volumes).collect()
    }

    /// States of the volumes of air: enthalpy and humidity ratio.
    pub fn air(&self) -> Vec<(usize, usize)> {
        let air = self.volumes.iter().filter_map(|volume| match *volume {
            Volume::Air { enthalpy, humidity, .. } => Some((enthalpy, humidity)),
            Volume::Liquid { .. } => None,
        });
        air.collect()
    }

    /// Node of what a loop measures: the mean of the copies of a part, the sum of their flows.
    pub fn measured(&mut self, index: usize) -> Term {
        let sensor = &self.plant.loops[index].sensor;
        let (unit, total) = match *sensor {
            Sensor::State(unit, _) | Sensor::Output(unit, _) => (unit, false),
            Sensor::Flow(end) => (end.unit, true),
            _ => return self.sensor(sensor),
        };
        let copies = self.copies.of(unit).to_vec();
        if copies.len() < 2 {
            return self.sensor(sensor);
        }
        if let Some(&known) = self.measured.get(&index) {
            return known;
        }
        let factor = if total { 1.0 } else { 1.0 / copies.len() as f64 };
        let terms = copies
            .into_iter()
            .map(|unit| {
                let of_copy = match *sensor {
                    Sensor::State(_, state) => Sensor::State(unit, state),
                    Sensor::Output(_, output) => Sensor::Output(unit, output),
                    Sensor::Flow(end) => Sensor::Flow(End { unit, ..end }),
                    ref other => other.clone(),
                };
                let (node, scale) = self.sensor(&of_copy);
                (node, scale * factor)
            })
            .collect();
        let term = self.arena.sum(format!("{}.measured", self.plant.loops[index].id), terms);
        self.measured.insert(index, term);
        term
    }

    /// Node of a measured value.
    pub fn sensor(&mut self, sensor: &Sensor) -> Term {
        let temperature = |b: &Self, volume: Option<&usize>| match volume.map(|&v| b.volumes[v]) {
            Some(Volume::Liquid { temperature, .. }) => Some(b.arena.states[temperature].handle),
            Some(Volume::Air { dry_bulb, .. }) => Some(dry_bulb),
            None => None,
        };
        let found = match *sensor {
            Sensor::TemperatureIn(end) => temperature(self, self.at_inlet.get(&end)),
            Sensor::TemperatureOut(end) => temperature(self, self.at_outlet.get(&end)),
            Sensor::Flow(end) => return self.flow(end, false),
            Sensor::PressureDrop(end) => self.pressures.passages.get(&end).map(|p| p.drop),
            Sensor::State(unit, state) => Some(self.arena.states[self.unit_states[unit] + state].handle),
            Sensor::Output(unit, output) => Some(self.outputs[unit][output]),
            Sensor::DryBulb => Some(self.outdoor[0].1),
            Sensor::WetBulb => Some(self.outdoor[1].1),
        };
        match found {
            Some(node) => (node, 1.0),
            None => (self.constant(293.15), 1.0),
        }
    }

    /// A property of the air, or what a unit reads of sky and wind.
    pub fn outdoor_node(&self, what: Outdoor) -> Handle {
        let found = self.outdoor.iter().find(|(known, _)| *known == what);
        found.map_or(self.outdoor[0].1, |&(_, node)| node)
    }
}
