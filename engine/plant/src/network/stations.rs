//! Circulation pumps that may stop: what is left of a flow that valves ask for.
//!
//! # Equations
//! A station is the pumps that stand in parallel between two joints. Its valves ask for `W`; it can deliver
//! ```text
//! K = k·Σ a_i·C_i,   k·Σ C_i = max(1.2·Σ C_i, W with all valves open)       C_i: design flow, a_i: availability
//! s = min(1, K/W)                                 every valve of the station passes s of what it asks for
//! share of pump i = a_i·C_i/Σ a_j·C_j             check valves: a standing pump passes nothing
//! ```
//! With all pumps available `s` is exactly 1.
//!
//! # Assumptions
//! Pumps that are left carry up to 1.2 of their design flow, at the station's differential pressure. What the pump
//! cannot deliver is missing at all its valves alike.
//!
//! # Source
//! Parallel operation and check valves: ASHRAE *HVAC Systems and Equipment* (2020) ch. 44, recalled, to verify. The
//! 1.2 is the limit from which [`crate::cooling::pump`] reports an overload.

use super::compile::{Builder, bound, family};
use super::flows::{self, Flows};
use super::nodes::{Handle, Term, merged};
use crate::declare::{Flow, Form};
use crate::kernel::Component;
use crate::plant::End;
use real::Real;
use std::collections::BTreeMap;

/// A pump delivers at most this much of its design flow.
const MOST: f64 = 1.2;

/// `min(1, K/W)`: inputs `W`, `K`, both over the station's capacity.
pub(super) struct Delivered;

/// Flows below this share of a station's capacity are nothing.
const LEAST: f64 = 1e-9;

impl Component<2, 1> for Delivered {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>((): &(), [wanted, most]: [R; 2]) -> [R; 1] {
        let most = most.positive();
        [most / wanted.at_least(most).at_least(R::lift(LEAST))]
    }
}

/// `x/y` of two numbers that are not negative, 0 where there is nothing: a pump's part of its station.
pub(super) struct Part;

impl Component<2, 1> for Part {
    type Parameters<V: Real> = ();
    fn parameters<V: Real>(_: &[V]) {}
    #[inline(always)]
    fn evaluate<R: Real>((): &(), [own, all]: [R; 2]) -> [R; 1] {
        [own.positive() / all.at_least(R::lift(LEAST))]
    }
}

/// Pumps in parallel that follow their valves.
struct Station {
    pumps: Vec<(End, f64)>,
    /// Flow of all of them together, in raw positions.
    flow: Vec<Term>,
}

impl Builder<'_> {
    /// The flows with pumps that may stop: positions of the valves of a weak station are reduced, and its pumps
    /// share by what is left of them. `flows` is the solution in raw positions.
    pub(super) fn reduce_flows(
        &mut self,
        flows: &Flows,
        density: &BTreeMap<End, f64>,
    ) -> (Vec<Vec<Handle>>, BTreeMap<End, Vec<Term>>) {
        let mut acting = self.moved.clone();
        self.add_draughts(&mut acting);
        let mut presets = BTreeMap::new();
        let stations = self.stations(flows, density);
        let place: BTreeMap<Handle, (usize, usize)> = (self.positions.iter().enumerate())
            .flat_map(|(unit, all)| all.iter().enumerate().map(move |(k, &node)| (node, (unit, k))))
            .collect();
        let mut found = Vec::new();
        for (number, station) in stations.iter().enumerate() {
            let name = format!("station[{number}]");
            let total: f64 = station.pumps.iter().map(|p| p.1).sum();
            let open: f64 = (station.flow.iter())
                .map(|&(node, factor)| {
                    let most = place.get(&node).map_or(1.0, |&(unit, k)| {
                        let high = self.plant.units[unit].kind.declaration().actuators[k].high;
                        bound(self.plant, unit, high)
                    });
                    (factor * most).max(0.0)
                })
                .sum();
            let capacity = (MOST * total).max(open).max(f64::MIN_POSITIVE);
            let wanted: Vec<Term> = (station.flow.iter())
                .map(|&(node, factor)| {
                    let moved = place.get(&node).map_or(node, |&(unit, k)| self.moved[unit][k]);
                    (moved, factor / capacity)
                })
                .collect();
            let available: Vec<Term> = station
                .pumps
                .iter()
                .map(|&(end, size)| (self.availability(end.unit), size / total))
                .collect();
            let inputs = vec![
                self.arena.sum(format!("{name}.wanted"), wanted),
                self.arena.sum(format!("{name}.most"), available.clone()),
            ];
            let most = inputs[1];
            let member = self.arena.member(
                &name,
                (family::DELIVERED, station.pumps[0].0.unit as u32),
                vec![],
                inputs,
                &["delivered"],
            );
            found.push((name, most, available, self.arena.members[member].first_output));
        }
        for (station, (name, .., delivered)) in stations.iter().zip(&found) {
            for &(node, _) in &station.flow {
                if let Some(&(unit, k)) = place.get(&node) {
                    acting[unit][k] = self.product(
                        station.pumps[0].0.unit,
                        name,
                        (acting[unit][k], 1.0),
                        (*delivered, 1.0),
                    );
                }
            }
        }
        for (station, (name, most, available, _)) in stations.iter().zip(&found) {
            let flow: Vec<Term> = (station.flow.iter())
                .map(|&(node, factor)| (place.get(&node).map_or(node, |&(unit, k)| acting[unit][k]), factor))
                .collect();
            let flow = self.arena.sum(format!("{name}.flow"), flow);
            // The last one carries what the others leave.
            let but_last = station.pumps.len() - 1;
            for (&(end, _), &own) in station.pumps.iter().zip(available).take(but_last) {
                let member = self.arena.member(
                    name,
                    (family::PART, end.unit as u32),
                    vec![],
                    vec![own, *most],
                    &["part"],
                );
                let part = self.arena.members[member].first_output;
                let passed = self.product(end.unit, name, (part, 1.0), flow);
                presets.insert(end, vec![(passed, 1.0)]);
            }
        }
        (acting, presets)
    }

    /// What passes while the machines that move it stand: of a position `n` with the draught `d`, `n·a + d·(1 − a)`.
    fn add_draughts(&mut self, acting: &mut [Vec<Handle>]) {
        let one = self.constant(1.0);
        for end in flows::passages(self.plant) {
            let port = flows::port(self.plant, end);
            let Flow::Sets { actuator, .. } = port.flow else { continue };
            let unit = &self.plant.units[end.unit];
            let Some(k) = unit.kind.declaration().actuators.iter().position(|a| a.name == actuator) else {
                continue;
            };
            let stands = [None, Some(k)].into_iter().any(|gate| self.nodes_of(end.unit, gate).is_some());
            if port.draught == 0.0 || !stands {
                continue;
            }
            let name = format!("{}.{actuator}.draught", unit.id);
            let available = self.availability(end.unit);
            let terms = vec![(acting[end.unit][k], 1.0), (one, port.draught), (available, -port.draught)];
            acting[end.unit][k] = self.arena.sum(name, terms).0;
        }
    }

    /// How much of a unit is there: its availability, or 1.
    fn availability(&mut self, unit: usize) -> Handle {
        let of = |gate| self.nodes_of(unit, gate).and_then(|n| n.availability);
        let drive = self.plant.units[unit].kind.declaration().actuators.len();
        let (whole, drive) = (of(None), (0..drive).find_map(|k| of(Some(k))));
        match (whole, drive) {
            (Some(a), Some(b)) => self.product(unit, "availability", (a, 1.0), (b, 1.0)),
            (Some(a), None) | (None, Some(a)) => a,
            (None, None) => self.constant(1.0),
        }
    }

    fn stations(&self, flows: &Flows, density: &BTreeMap<End, f64>) -> Vec<Station> {
        let plant = self.plant;
        let mut stations: Vec<Station> = Vec::new();
        let mut taken: Vec<End> = Vec::new();
        for end in flows::passages(plant) {
            let Flow::Drives { actuator, .. } = flows::port(plant, end).flow else { continue };
            let k =
                plant.units[end.unit].kind.declaration().actuators.iter().position(|a| a.name == actuator);
            let own = k.map(|k| self.positions[end.unit][k]);
            // A pump that decides the flow itself needs no valves to ask for it.
            let follows = |end: End| !flows.inlet(end).iter().any(|t| Some(t.0) == own);
            // Where pressures are solved, the curves of the pumps say what is left.
            let solved = self.pressures.passages.contains_key(&end);
            if solved || taken.contains(&end) || !follows(end) {
                continue;
            }
            let beside = |other: End, side: &dyn Fn(&crate::plant::Joint) -> &Vec<End>| {
                plant.joints.iter().any(|j| side(j).contains(&end) && side(j).contains(&other))
            };
            let pumps: Vec<End> = (flows::passages(plant).into_iter())
                .filter(|&e| matches!(flows::port(plant, e).flow, Flow::Drives { .. }))
                .filter(|&e| e == end || beside(e, &|j| &j.from) && beside(e, &|j| &j.to))
                .collect();
            taken.extend(&pumps);
            let gated = |e: &End| self.gates.iter().any(|g| g.point.unit == e.unit);
            if !pumps.iter().any(gated) {
                continue;
            }
            let flow = merged(pumps.iter().flat_map(|&e| flows.inlet(e).iter().copied()).collect());
            let sized = pumps.into_iter().map(|e| (e, self.design_flow(e, density))).collect();
            stations.push(Station { pumps: sized, flow });
        }
        stations
    }

    /// Mass flow of all equal pumps together at full speed.
    fn design_flow(&self, end: End, density: &BTreeMap<End, f64>) -> f64 {
        let unit = &self.plant.units[end.unit];
        let Flow::Drives { design, .. } = flows::port(self.plant, end).flow else { return 0.0 };
        let fields = unit.kind.declaration().parameters;
        let form = fields.iter().find(|f| f.name == design).map(|f| f.form);
        let mass = matches!(
            form,
            Some(
                Form::Quantity { quantity: units::Quantity::MassFlow, .. }
                    | Form::Derived(units::Quantity::MassFlow)
            )
        );
        let density = if mass { 1.0 } else { density.get(&end).copied().unwrap_or(1000.0) };
        unit.parameter(design).unwrap_or(0.0) * density * unit.multiplicity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_delivers_what_is_asked_until_it_is_too_weak() {
        let delivered = |wanted: f64, most: f64| Delivered::evaluate::<f64>(&(), [wanted, most])[0];
        assert_eq!(delivered(0.6, 1.0), 1.0);
        assert_eq!(delivered(1.0, 1.0), 1.0);
        // half of the pumps: 0.5 of 0.8
        assert_eq!(delivered(0.8, 0.5), 0.625);
        assert_eq!(delivered(0.8, 0.0), 0.0);
        assert_eq!(delivered(0.0, 0.0), 0.0);
    }

    #[test]
    fn a_standing_pump_passes_nothing_and_one_alone_all() {
        let part = |own: f64, all: f64| Part::evaluate::<f64>(&(), [own, all])[0];
        assert_eq!((part(0.0, 0.5), part(0.5, 0.5), part(0.0, 0.0)), (0.0, 1.0, 0.0));
    }
}
