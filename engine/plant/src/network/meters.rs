//! What is integrated: every flow of energy and water that an account or a balance needs.

use super::compile::{Builder, family};
use super::nodes::{Term, merged};
use crate::declare::{Effect, Medium, Side, Store, Use, Water};
use crate::plant::End;

/// What a meter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeterKind {
    /// Electricity taken from the utility [J].
    Grid,
    /// Electricity used [J].
    Use(Use),
    /// Electricity generated on site [J].
    Generated,
    /// Electricity given to the utility while more was generated than used [J]; `Grid` is less by it.
    Exported,
    /// Electricity that sun or wind would have given and nobody took [J].
    Curtailed,
    /// Heat of fuel burnt on site [J].
    Fuel,
    /// Electricity that reached batteries less what left their cells [J].
    Charged,
    /// Electricity delivered at an outlet: unit and port [J].
    Delivered(usize),
    /// Electricity delivered at an outlet to loads that lead to racks [J].
    DeliveredToIt(usize),
    /// Electricity drawn at an inlet by a unit that rejects heat to the surroundings [J].
    Drawn,
    /// Heat given to the surroundings [J].
    Rejected,
    /// Heat handed to users outside of the site [J].
    Reused,
    /// Enthalpy of make-up less drained water [J].
    Carried,
    /// Water [kg].
    Water(Water),
    /// Water that a convention of counting leaves out [kg]; in no balance.
    Uncounted,
    /// Enthalpy that a passage's stream brings to the volume at its outlet [J]; the port's index.
    Stream(usize),
    /// Heat given to a passage's stream [J]; the port's index.
    ToStream(usize),
}

/// One meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// `unit.output`.
    pub name: String,
    /// Index into the plant's units; `None` for the site.
    pub unit: Option<usize>,
    /// What it counts.
    pub kind: MeterKind,
    /// The state that integrates it.
    pub state: u32,
}

impl Builder<'_> {
    pub(super) fn meter(&mut self, name: String, unit: Option<usize>, kind: MeterKind, terms: Vec<Term>) {
        if terms.is_empty() {
            return;
        }
        // The copies of a part have one meter.
        let copied = unit.is_some_and(|unit| self.copies.of(unit).len() > 1);
        let unit = unit.map(|unit| self.copies.part(unit));
        let same = |m: &Meter| copied && m.unit == unit && m.kind == kind && m.name == name;
        if let Some((_, known)) = self.meters.iter_mut().find(|(m, _)| same(m)) {
            known.extend(terms);
            *known = merged(std::mem::take(known));
        } else {
            self.meters.push((Meter { name, unit, kind, state: 0 }, merged(terms)));
        }
    }

    /// Meters of the streams that end at a joint of a circuit whose streams may turn round, of which `brought` is all
    /// that reaches it. Where one passage ends there, stream and heat together are what the volume takes up.
    pub(super) fn meter_streams(&mut self, joint: usize, brought: &[Term]) {
        let plant = self.plant;
        for &end in &plant.joints[joint].from {
            let Some(solved) = self.pressures.passages.get(&end) else { continue };
            let mut terms = match (plant.joints[joint].from.len(), solved.stream) {
                (1, _) => brought.to_vec(),
                (_, Some(stream)) => vec![(stream + 3, 1.0)],
                (_, None) => continue,
            };
            if let Some(heat) = solved.heat {
                terms.extend([(heat, -1.0), (heat + 1, -1.0)]);
            }
            let port = crate::network::flows::port(plant, end).name;
            let name = format!("{}.{port}", plant.units[end.unit].id);
            self.meter(name, Some(end.unit), MeterKind::Stream(end.port), terms);
        }
    }

    /// Meters of electricity, heat and water, of every unit and of the utility feed.
    pub(super) fn add_meters(&mut self) {
        let plant = self.plant;
        let feed = self.demand(None);
        let renewable = plant.units.iter().position(|unit| unit.kind.declaration().is_renewable());
        if let Some(unit) = renewable.filter(|_| !feed.is_empty()) {
            // What flows back is metered apart, for a purchase is not undone by what is given an hour later.
            let (node, factor) = self.arena.sum("grid".into(), feed.clone());
            let key = (family::POSITIVE, unit as u32);
            let member = self.arena.member("grid", key, vec![], vec![(node, -factor)], &["exported"]);
            let exported = self.arena.members[member].first_output;
            self.meter("grid.exported".into(), None, MeterKind::Exported, vec![(exported, 1.0)]);
        }
        self.meter("grid".into(), None, MeterKind::Grid, feed);
        for (index, unit) in plant.units.iter().enumerate() {
            let declaration = unit.kind.declaration();
            let outputs = declaration.outputs;
            let rejects = outputs.iter().any(|o| matches!(o.effect, Effect::Rejected | Effect::Reused));
            for (k, output) in outputs.iter().enumerate() {
                let node = self.outputs[index][k];
                let terms = vec![(node, unit.multiplicity)];
                let name = format!("{}.{}", plant.units[self.copies.part(index)].id, output.name);
                match output.effect {
                    Effect::Use(category) => self.meter(name, Some(index), MeterKind::Use(category), terms),
                    Effect::Rejected => self.meter(name, Some(index), MeterKind::Rejected, terms),
                    Effect::Reused => self.meter(name, Some(index), MeterKind::Reused, terms),
                    Effect::Carried => self.meter(name, Some(index), MeterKind::Carried, terms),
                    Effect::Water(water) => self.meter(name, Some(index), MeterKind::Water(water), terms),
                    Effect::Uncounted => self.meter(name, Some(index), MeterKind::Uncounted, terms),
                    Effect::Fuel => self.meter(name, Some(index), MeterKind::Fuel, terms),
                    Effect::Generated => self.meter(name, Some(index), MeterKind::Generated, terms),
                    Effect::Curtailed => self.meter(name, Some(index), MeterKind::Curtailed, terms),
                    Effect::Store(to)
                        if declaration.states.iter().any(|s| s.name == to && s.store == Store::Energy) =>
                    {
                        self.meter(name, Some(index), MeterKind::Charged, terms);
                    }
                    Effect::Power(_) if rejects => self.meter(name, Some(index), MeterKind::Drawn, terms),
                    Effect::Heat(to) => {
                        let port = declaration.ports.iter().position(|p| p.name == to).unwrap_or(0);
                        let end = End { unit: index, port };
                        let taken = match declaration.ports[port].side {
                            Side::Outlet => plant.wires.iter().any(|w| w.from == Some(end)),
                            _ => self.at_outlet.contains_key(&end),
                        };
                        if !taken {
                            // What nobody takes ends in the surroundings.
                            self.meter(name, Some(index), MeterKind::Rejected, terms);
                        } else if rejects && declaration.ports[port].side == Side::Passage {
                            self.meter(name, Some(index), MeterKind::ToStream(port), terms);
                        }
                    }
                    _ => {}
                }
            }
            // What a store of the gate takes, less what it gives: rotating masses, the battery of a supply.
            let gate = self.nodes_of(index, None);
            if let Some((drawn, taken)) =
                gate.filter(|g| g.point.capacity > 0.0).and_then(|g| g.drawn.zip(g.power))
            {
                let terms = vec![(drawn, unit.multiplicity), (taken, -unit.multiplicity)];
                self.meter(format!("{}.given", unit.id), Some(index), MeterKind::Charged, terms);
            }
            for (port, declared) in declaration.ports.iter().enumerate() {
                if declared.medium == Medium::Electricity && declared.side == Side::Outlet {
                    let end = End { unit: index, port };
                    let name = self.name_of(end);
                    let demand = self.demand(Some(end));
                    self.meter(name.clone(), Some(index), MeterKind::Delivered(port), demand);
                    let it = self.demand_of(Some(end), &|b, unit| b.leads_to_it(unit));
                    self.meter(format!("{name}_it"), Some(index), MeterKind::DeliveredToIt(port), it);
                }
            }
        }
    }
}
