//! Liquid circuits whose flows are solved from pressures: those of the passages with a resistance.
//!
//! Each becomes one evaluation of the network with the speeds and openings in it as inputs. Its flows take the place
//! of sums of positions, and its streams may turn round.

use super::TopologyError;
use super::compile::{Builder, CIRCUIT_PRESSURE, LIQUID_REFERENCE, Volume, family};
use super::flows::{list, port};
use super::nodes::{Handle, Term};
use super::two_way::STILL_SHARE;
use crate::declare::{Effect, Flow, Form, Head, Medium};
use crate::hydraulics::law::{Characteristic, Law};
use crate::hydraulics::{Circuit, Element, Evaluated, Given, Link, Node, ways};
use crate::plant::{End, Plant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use units::Quantity;

/// Loss of a pump's own check valve at the design flow, as a share of the pump's head: next to nothing, what it really
/// loses is part of the circuit's resistances.
const CHECK_SHARE: f64 = 1e-3;

/// A passage of a solved circuit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solved {
    /// Mass flow from its inlet to its outlet, all equal units together.
    pub flow: Term,
    /// Pressure at the inlet less pressure at the outlet.
    pub drop: Handle,
    /// Absolute pressure at the inlet, and how far it is above that at which the liquid there boils.
    pub pressure: Handle,
    pub margin: Option<Handle>,
    /// Power that one unit gives to the liquid, of a pump.
    pub power: Option<Handle>,
    /// Share by which a valve that sets its flow exceeds its set-point.
    pub excess: Option<Handle>,
    /// Design flow of all equal units [kg/s].
    pub design: f64,
    /// First output of its stream, once that is connected.
    pub stream: Option<Handle>,
    /// Heat that it gives to the outlet's and to the inlet's volume.
    pub heat: Option<Handle>,
}

/// All solved circuits.
#[derive(Default)]
pub(super) struct Pressures {
    /// Passages whose circuit is solved, with its number.
    parts: BTreeMap<End, usize>,
    pub passages: BTreeMap<End, Solved>,
    pub circuits: Vec<Arc<Evaluated>>,
}

impl Pressures {
    /// Those of a plant, not solved yet: circuits of passages with a resistance.
    pub fn of(plant: &Plant) -> Self {
        if plant.resistances.is_empty() {
            return Pressures::default();
        }
        let mut parts = circuits(plant);
        let solved: BTreeSet<usize> =
            plant.resistances.iter().filter_map(|r| parts.get(&r.end).copied()).collect();
        parts.retain(|_, part| solved.contains(part));
        Pressures { parts, ..Pressures::default() }
    }

    /// Whether a unit is a pump of a solved circuit.
    pub fn lifts(&self, plant: &Plant, unit: usize) -> bool {
        let ends = self.parts.keys().filter(|end| end.unit == unit);
        ends.into_iter().any(|&end| matches!(port(plant, end).head, Head::Lifts { .. }))
    }

    /// Passages inside racks.
    fn in_racks(&self, plant: &Plant) -> Vec<End> {
        self.parts.keys().copied().filter(|end| plant.units[end.unit].group.is_some()).collect()
    }
}

impl Builder<'_> {
    /// Gives the passages of the circuits a flow and a pressure.
    pub(super) fn add_pressures(&mut self) -> Result<(), Vec<TopologyError>> {
        let plant = self.plant;
        let mut problems = Vec::new();
        let numbers: BTreeSet<usize> = self.pressures.parts.values().copied().collect();
        for number in numbers {
            let parts = self.pressures.parts.iter().filter(|(_, part)| **part == number);
            let ends: Vec<End> = parts.map(|(&end, _)| end).collect();
            if let Err(problem) = self.add_circuit(&ends) {
                problems.push(problem);
            }
        }
        for end in super::flows::passages(plant) {
            let needs = matches!(port(plant, end).head, Head::Checks { .. } | Head::Throttles { .. });
            if needs && !self.pressures.parts.contains_key(&end) {
                problems.push(TopologyError::NeedsPressure { passage: list(plant, &[end]) });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn add_circuit(&mut self, ends: &[End]) -> Result<(), TopologyError> {
        let plant = self.plant;
        let lifts = |end: &&End| matches!(port(plant, **end).head, Head::Lifts { .. });
        let Some(&first_pump) = ends.iter().find(lifts) else {
            return Err(TopologyError::NoPump { passages: list(plant, ends) });
        };
        let given = |end: End| plant.resistances.iter().find(|r| r.end == end);
        let resists = |end: &End| port(plant, *end).head == Head::Resists;
        let silent: Vec<End> =
            ends.iter().filter(|end| resists(end) && given(**end).is_none()).copied().collect();
        if !silent.is_empty() {
            return Err(TopologyError::NoResistance { passages: list(plant, &silent) });
        }
        let fluid = plant.joints[self.at_inlet[&first_pump]].fluid;
        let density = fluid.density(LIQUID_REFERENCE);
        // Joints are nodes; heads count from in front of the first pump, wherever the expansion vessel sits.
        let mut joints: Vec<usize> =
            ends.iter().flat_map(|end| [self.at_inlet[end], self.at_outlet[end]]).collect();
        joints.sort_unstable();
        joints.dedup();
        let node = |joint: usize| joints.binary_search(&joint).unwrap_or(0);
        let mut nodes = vec![Node::Balanced(0.0); joints.len()];
        nodes[node(self.at_inlet[&first_pump])] = Node::Held(0.0);
        let (mut inputs, mut design, mut links): (Vec<Term>, Vec<f64>, Vec<Link>) = Default::default();
        for &end in ends {
            let (law, control) = self.law(end, density);
            let control = control.map(|(handle, at_design)| {
                inputs.push((handle, 1.0));
                design.push(at_design);
                inputs.len() - 1
            });
            let element = Element { law, control, units: plant.units[end.unit].multiplicity };
            links.push(Link { from: node(self.at_inlet[&end]), to: node(self.at_outlet[&end]), element });
        }
        // Check valves of pumps sit between the pump and its outlet, behind the links of the ends.
        for (k, &end) in ends.iter().enumerate() {
            if let Some(law) = self.check_valve(end, links[k].element.law) {
                let behind = Link {
                    from: nodes.len(),
                    to: links[k].to,
                    element: Element { law, control: None, ..links[k].element },
                };
                links[k].to = nodes.len();
                nodes.push(Node::Balanced(0.0));
                links.push(behind);
            }
        }
        let refused = |reason: String| TopologyError::Unsolved { passages: list(plant, ends), reason };
        let mut circuit = Circuit::new(&nodes, &links).map_err(|error| refused(error.to_string()))?;
        circuit.start_from(&design).map_err(|error| refused(error.to_string()))?;

        let name = list(plant, &[first_pump]);
        let mut wanted: Vec<Given> = (0..circuit.branches()).map(Given::Flow).collect();
        let mut names: Vec<String> = (0..circuit.branches()).map(|k| format!("branch_{k}_flow")).collect();
        let mut want = |given: Given, name: String| {
            wanted.push(given);
            names.push(name);
            wanted.len() - 1
        };
        let pressures: Vec<usize> = (joints.iter().enumerate())
            .map(|(k, _)| want(Given::Pressure(k), format!("pressure_{k}")))
            .collect();
        let mut places = Vec::new();
        for (k, (&end, link)) in ends.iter().zip(&links).enumerate() {
            let named = |what: &str| format!("{}_{what}", list(plant, &[end]));
            let drop = want(Given::Loss(k), named("pressure_drop"));
            let pump = matches!(link.element.law, Law::Pump { .. });
            let power = pump.then(|| want(Given::Power(k), named("hydraulic_power")));
            let limiter = matches!(link.element.law, Law::Limiter { .. });
            let excess = limiter.then(|| want(Given::Excess(k), named("excess")));
            places.push((drop, power, excess));
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let family = family::CIRCUIT + self.pressures.circuits.len();
        let key = (family, first_pump.unit as u32);
        let member = self.arena.member(&format!("circuit of {name}"), key, vec![], inputs, &names);
        let first = self.arena.members[member].first_output;
        for ((k, &end), (drop, power, excess)) in ends.iter().enumerate().zip(places) {
            let (branch, sign) = circuit.place(k);
            let design = links[k].element.units * links[k].element.law.design_flow() * density;
            let solved = Solved {
                flow: (first + branch, sign),
                drop: first + drop,
                pressure: first + pressures[node(self.at_inlet[&end])],
                margin: None,
                power: power.map(|p| first + p),
                excess: excess.map(|e| first + e),
                design,
                stream: None,
                heat: None,
            };
            self.pressures.passages.insert(end, solved);
        }
        let controls = design.len();
        // The vessel sits in front of a pump, whatever the order in the file.
        let pumps = ends.iter().filter(lifts);
        let vessel = pumps.min_by_key(|end| &plant.units[end.unit].id).unwrap_or(&first_pump);
        let ways = ways(node(self.at_inlet[vessel]), nodes.len(), &links);
        let fill = CIRCUIT_PRESSURE;
        self.pressures.circuits.push(Arc::new(Evaluated {
            circuit,
            controls,
            density,
            fill,
            ways,
            given: wanted,
        }));
        Ok(())
    }

    /// The check valve of a pump that has one.
    fn check_valve(&self, end: End, law: Law) -> Option<Law> {
        let (Head::Lifts { check, .. }, Law::Pump { head, flow, .. }) = (port(self.plant, end).head, law)
        else {
            return None;
        };
        let fitted = self.plant.units[end.unit].parameter(check).is_some_and(|choice| choice < 0.5);
        fitted.then_some(Law::Check { drop: CHECK_SHARE * head, flow })
    }

    /// Head loss over flow of a passage, and its control with its value at design.
    fn law(&mut self, end: End, density: f64) -> (Law, Option<(Handle, f64)>) {
        let plant = self.plant;
        let unit = &plant.units[end.unit];
        let value = |name: &str| unit.parameter(name).unwrap_or(f64::NAN);
        let volume_flow = |name: &str| value(name) / if is_mass(plant, end, name) { density } else { 1.0 };
        let actuators = unit.kind.declaration().actuators;
        let actuator = |name: &str| actuators.iter().position(|a| a.name == name).unwrap_or(0);
        let declared = port(plant, end);
        match (declared.head, declared.flow) {
            (Head::Lifts { head, shutoff, .. }, Flow::Drives { actuator: speed, design }) => {
                let law = Law::Pump {
                    shutoff: value(head) * value(shutoff),
                    head: value(head),
                    flow: volume_flow(design),
                };
                // Where the drive stands, times what is left of the pump while it runs down or up.
                let speed = self.moved[end.unit][actuator(speed)];
                (law, Some((speed, 1.0)))
            }
            (Head::Checks { drop, flow }, _) => {
                (Law::Check { drop: value(drop), flow: volume_flow(flow) }, None)
            }
            (Head::Throttles { actuator: opening, kv, characteristic, rangeability }, _) => {
                let characteristic = if value(characteristic) < 0.5 {
                    Characteristic::Linear
                } else {
                    Characteristic::EqualPercentage(value(rangeability))
                };
                let law = Law::Valve { kv: volume_flow(kv), density, characteristic };
                (law, Some((self.moved[end.unit][actuator(opening)], 1.0)))
            }
            (_, flow) => {
                let found = plant.resistances.iter().find(|r| r.end == end);
                let (drop, rated, exponent) =
                    found.map_or((f64::NAN, f64::NAN, 2.0), |r| (r.drop, r.flow, r.exponent));
                match flow {
                    Flow::Sets { actuator: valve, design } => {
                        // The loss at the flow that the valve passes when it is open.
                        let open = volume_flow(design);
                        let drop = drop * (open / rated) * (open / rated);
                        let position = self.moved[end.unit][actuator(valve)];
                        (Law::Limiter { drop, flow: open }, Some((position, 1.0)))
                    }
                    _ => (Law::Resistance { drop, flow: rated, exponent }, None),
                }
            }
        }
    }

    /// The streams of solved circuits, which may turn round, and where the heat of their components goes.
    pub(super) fn add_streams(&mut self) {
        let plant = self.plant;
        let ends: Vec<End> = self.pressures.passages.keys().copied().collect();
        for end in ends {
            let Some(solved) = self.pressures.passages.get(&end).copied() else { continue };
            let volumes = [&self.at_inlet, &self.at_outlet].map(|at| at.get(&end).map(|&j| self.volumes[j]));
            let [
                Some(Volume::Liquid { temperature: inlet, specific_heat }),
                Some(Volume::Liquid { temperature: outlet, .. }),
            ] = volumes
            else {
                continue;
            };
            let name = list(plant, &[end]);
            let temperatures = [inlet, outlet].map(|state| (self.arena.states[state].handle, 1.0));
            let values = vec![specific_heat, STILL_SHARE * solved.design];
            let inputs = vec![solved.flow, temperatures[0], temperatures[1]];
            let outputs = &["upstream", "through", "forward_share", "stream", "back_stream"];
            let member = self.arena.member(&name, (family::STREAM, end.unit as u32), values, inputs, outputs);
            let stream = self.arena.members[member].first_output;
            let port = port(plant, end).name;
            let inputs = vec![(solved.pressure, 1.0), temperatures[0]];
            let key = (family::BOILING, end.unit as u32);
            let member = self.arena.member(&name, key, vec![], inputs, &["above_boiling"]);
            let margin = Some(self.arena.members[member].first_output);
            let heat = self.outputs_at(end, |e| e == Effect::Heat(port));
            let heat = (!heat.is_empty()).then(|| {
                let total = self.arena.sum(format!("{name}_heat"), heat);
                let inputs = vec![total, (stream + 2, 1.0)];
                let outputs = &["heat_forward", "heat_back"];
                let member =
                    self.arena.member(&name, (family::DIVIDE, end.unit as u32), vec![], inputs, outputs);
                self.arena.members[member].first_output
            });
            self.pressures.passages.insert(end, Solved { stream: Some(stream), heat, margin, ..solved });
        }
    }

    /// What the streams of solved circuits bring to a joint, with the heat of the components whose outlet it is.
    pub(super) fn brought(&self, joint: usize) -> Vec<Term> {
        let joint = &self.plant.joints[joint];
        let of = |end: &End, stream: usize, heat: usize| {
            let solved = self.pressures.passages.get(end);
            let stream = solved.and_then(|s| s.stream).map(|first| (first + stream, 1.0));
            let heat = solved.and_then(|s| s.heat).map(|first| (first + heat, 1.0));
            stream.into_iter().chain(heat)
        };
        let ends = joint.from.iter().flat_map(|end| of(end, 3, 0));
        ends.chain(joint.to.iter().flat_map(|end| of(end, 4, 1))).collect()
    }
}

/// Refuses circuits that are solved from pressures and lead through racks, where racks are carried one by one.
pub(super) fn without_racks(plant: &Plant) -> Result<(), Vec<TopologyError>> {
    let racks = Pressures::of(plant).in_racks(plant);
    if racks.is_empty() {
        Ok(())
    } else {
        Err(vec![TopologyError::RackPressure { passages: list(plant, &racks) }])
    }
}

/// The circuit of every liquid passage, as the smallest of its joints. Circuits are connected joints.
fn circuits(plant: &Plant) -> BTreeMap<End, usize> {
    let mut of: Vec<usize> = (0..plant.joints.len()).collect();
    let mut leaves = BTreeMap::new();
    for (k, joint) in plant.joints.iter().enumerate().filter(|(_, j)| j.medium == Medium::Liquid) {
        leaves.extend(joint.from.iter().map(|&end| (end, k)));
    }
    let passages = |of: &mut Vec<usize>| {
        let mut changed = false;
        for (k, joint) in plant.joints.iter().enumerate() {
            for other in joint.to.iter().filter_map(|end| leaves.get(end)) {
                let least = of[k].min(of[*other]);
                changed |= of[k] != least || of[*other] != least;
                (of[k], of[*other]) = (least, least);
            }
        }
        changed
    };
    while passages(&mut of) {}
    leaves.iter().map(|(&end, &joint)| (end, of[joint])).collect()
}

fn is_mass(plant: &Plant, end: End, parameter: &str) -> bool {
    let fields = plant.units[end.unit].kind.declaration().parameters;
    let form = fields.iter().find(|f| f.name == parameter).map(|f| f.form);
    matches!(
        form,
        Some(Form::Quantity { quantity: Quantity::MassFlow, .. } | Form::Derived(Quantity::MassFlow))
    )
}
