//! Who decides how much flows where.
//!
//! Valves, fans and built-in pumps set the flow of their passage; what is left follows from the
//! balance of every joint, parallel passages without a decision of their own share in proportion to
//! their design flows, and a circulation pump decides where nobody else does. Every flow becomes a linear
//! sum of actuator positions, so nothing is iterated in a step.
//!
//! Circuits that are solved from pressures come in with their flows as they are; see `pressure.rs`.

use super::TopologyError;
use super::nodes::{Handle, Term, merged};
use crate::declare::{Flow, Form, Medium, Side};
use crate::plant::{End, Joint, Plant};
use std::collections::BTreeMap;
use units::Quantity;

/// Flow at both ends of every passage, as a sum of nodes; totals of all equal units.
#[derive(Default)]
pub(super) struct Flows {
    inlet: BTreeMap<End, Vec<Term>>,
    outlet: BTreeMap<End, Vec<Term>>,
}

impl Flows {
    /// Flow into the passage.
    pub fn inlet(&self, end: End) -> &[Term] {
        self.inlet.get(&end).map_or(&[], Vec::as_slice)
    }
    /// Flow out of the passage.
    pub fn outlet(&self, end: End) -> &[Term] {
        self.outlet.get(&end).map_or(&[], Vec::as_slice)
    }
}

struct Solver<'a> {
    plant: &'a Plant,
    flows: Flows,
}

/// Solves all circuits. `position` gives the node of a unit's actuator, `density` converts volume flow, `presets`
/// are the flows of pumps that share by more than their size.
/// `solved` gives the flows that follow from pressures.
pub(super) fn solve(
    plant: &Plant,
    position: &dyn Fn(usize, &str) -> Handle,
    density: &dyn Fn(End) -> f64,
    presets: &BTreeMap<End, Vec<Term>>,
    solved: &dyn Fn(End) -> Option<Term>,
) -> Result<Flows, Vec<TopologyError>> {
    let mut solver = Solver { plant, flows: Flows::default() };
    let decided = |end: End, actuator: &str, design: &str| {
        let unit = &plant.units[end.unit];
        let mass = is_mass_flow(plant, end, design);
        let density = if mass { 1.0 } else { density(end) };
        let amount = unit.parameter(design).unwrap_or(0.0) * density * unit.multiplicity;
        vec![(position(end.unit, actuator), amount)]
    };
    for end in passages(plant) {
        if let Some(flow) = solved(end) {
            solver.set(end, vec![flow]);
            continue;
        }
        if let Flow::Sets { actuator, design } = port(plant, end).flow {
            solver.set(end, decided(end, actuator, design));
        }
    }
    for (&end, terms) in presets {
        if solved(end).is_none() {
            solver.set(end, terms.clone());
        }
    }
    loop {
        solver.balance();
        if solver.share() {
            continue;
        }
        let driver = passages(plant).into_iter().find_map(|end| match port(plant, end).flow {
            Flow::Drives { actuator, design } if !solver.flows.inlet.contains_key(&end) => {
                Some((end, decided(end, actuator, design)))
            }
            _ => None,
        });
        match driver {
            Some((end, terms)) => solver.set(end, terms),
            None => break,
        }
    }
    let problems = solver.problems(solved);
    if problems.is_empty() { Ok(solver.flows) } else { Err(problems) }
}

impl Solver<'_> {
    fn set(&mut self, end: End, terms: Vec<Term>) {
        self.flows.inlet.insert(end, terms.clone());
        self.flows.outlet.insert(end, terms);
    }

    fn set_side(&mut self, end: End, outlet: bool, terms: Vec<Term>) {
        if port(self.plant, end).flow == Flow::Decoupled {
            let side = if outlet { &mut self.flows.outlet } else { &mut self.flows.inlet };
            side.insert(end, terms);
        } else {
            self.set(end, terms);
        }
    }

    /// Ends of a joint without a flow yet: (end, is an outlet of a passage).
    fn unknown(&self, joint: &Joint) -> Vec<(End, bool)> {
        let from = joint.from.iter().filter(|e| !self.flows.outlet.contains_key(e)).map(|&e| (e, true));
        let to = joint.to.iter().filter(|e| !self.flows.inlet.contains_key(e)).map(|&e| (e, false));
        from.chain(to).collect()
    }

    /// What still has to leave the joint: inflows less outflows, as far as they are known.
    fn surplus(&self, joint: &Joint) -> Vec<Term> {
        let inflow = joint.from.iter().flat_map(|&e| self.flows.outlet(e).iter().copied());
        let outflow = joint.to.iter().flat_map(|&e| self.flows.inlet(e).iter().map(|&(n, f)| (n, -f)));
        merged(inflow.chain(outflow).collect())
    }

    /// Joints with one unknown end decide it, until nothing changes.
    fn balance(&mut self) {
        loop {
            let mut changed = false;
            for joint in &self.plant.joints {
                if let [(end, outlet)] = self.unknown(joint)[..] {
                    let sign = if outlet { -1.0 } else { 1.0 };
                    let terms = self.surplus(joint).into_iter().map(|(n, f)| (n, sign * f)).collect();
                    self.set_side(end, outlet, terms);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// One joint whose unknown ends are all on one side, facing known flows, shares them by design flow.
    fn share(&mut self) -> bool {
        for joint in &self.plant.joints {
            let unknown = self.unknown(joint);
            let one_side = unknown.iter().all(|u| u.1) || unknown.iter().all(|u| !u.1);
            let facing = if unknown.iter().all(|u| u.1) { &joint.to } else { &joint.from };
            let surplus = self.surplus(joint);
            if unknown.len() < 2 || !one_side || facing.is_empty() || surplus.is_empty() {
                continue;
            }
            let weights: Vec<f64> = unknown.iter().map(|&(end, _)| self.weight(end)).collect();
            let total: f64 = weights.iter().sum();
            for ((end, outlet), weight) in unknown.into_iter().zip(weights) {
                let factor = weight / total * if outlet { -1.0 } else { 1.0 };
                let terms = surplus.iter().map(|&(n, f)| (n, f * factor)).collect();
                self.set_side(end, outlet, terms);
            }
            return true;
        }
        false
    }

    fn weight(&self, end: End) -> f64 {
        let unit = &self.plant.units[end.unit];
        let share = port(self.plant, end).share.and_then(|name| unit.parameter(name)).unwrap_or(1.0);
        share.max(0.0) * unit.multiplicity
    }

    fn problems(&self, solved: &dyn Fn(End) -> Option<Term>) -> Vec<TopologyError> {
        let mut problems = Vec::new();
        let summed = |joint: &&Joint| !joint.from.iter().any(|&end| solved(end).is_some());
        for joint in self.plant.joints.iter().filter(summed) {
            let unknown = self.unknown(joint);
            let (from, to) = (list(self.plant, &joint.from), list(self.plant, &joint.to));
            if !unknown.is_empty() {
                let ends: Vec<End> = unknown.into_iter().map(|(end, _)| end).collect();
                problems.push(TopologyError::FlowOpen { passages: list(self.plant, &ends) });
            } else if !self.surplus(joint).is_empty() {
                problems.push(TopologyError::FlowTwice { from, to });
            }
        }
        problems.dedup();
        problems
    }
}

/// Names of ends for messages.
pub(super) fn list(plant: &Plant, ends: &[End]) -> String {
    let names: Vec<String> =
        ends.iter().map(|&e| format!("{}.{}", plant.units[e.unit].id, port(plant, e).name)).collect();
    names.join(", ")
}

/// The declaration of an end's port.
pub(super) fn port(plant: &Plant, end: End) -> &'static crate::declare::Port {
    &plant.units[end.unit].kind.declaration().ports[end.port]
}

/// Connected passages in the order of the plant.
pub(super) fn passages(plant: &Plant) -> Vec<End> {
    let mut ends: Vec<End> = plant.joints.iter().flat_map(|j| j.from.iter().chain(&j.to)).copied().collect();
    ends.sort();
    ends.dedup();
    ends.retain(|&e| {
        let port = port(plant, e);
        port.side == Side::Passage && matches!(port.medium, Medium::Liquid | Medium::Air)
    });
    ends
}

fn is_mass_flow(plant: &Plant, end: End, parameter: &str) -> bool {
    let fields = plant.units[end.unit].kind.declaration().parameters;
    let form = fields.iter().find(|f| f.name == parameter).map(|f| f.form);
    matches!(
        form,
        Some(Form::Quantity { quantity: Quantity::MassFlow, .. } | Form::Derived(Quantity::MassFlow))
    )
}
