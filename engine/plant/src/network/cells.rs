//! Components that are cut into equal cells, one behind the other.

use crate::plant::{End, Joint, Plant, Resistance, Sensor};

/// The plant with every such component replaced by its cells: the first keeps the place and the inlet of
/// the whole, the last takes over its outlet. Each cell counts one cell, so expanding twice changes nothing.
pub fn expand(plant: &Plant) -> Plant {
    let mut plant = plant.clone();
    for unit in 0..plant.units.len() {
        let declaration = plant.units[unit].kind.declaration();
        let Some(series) = declaration.series else { continue };
        let cells = plant.units[unit].parameter(series.count).unwrap_or(1.0).max(1.0);
        for (value, field) in plant.units[unit].values.iter_mut().zip(declaration.parameters) {
            if series.divided.contains(&field.name) {
                *value /= cells;
            }
            if field.name == series.count {
                *value = 1.0;
            }
        }
        let cells = cells as usize;
        let added: Vec<usize> = (1..cells)
            .map(|k| {
                let mut cell = plant.units[unit].clone();
                cell.id = format!("{}[{k}]", cell.id);
                plant.units.push(cell);
                plant.units.len() - 1
            })
            .collect();
        for mut resistance in plant.resistances.clone() {
            if resistance.end.unit == unit {
                plant.resistances.retain(|r| r.end != resistance.end);
                resistance.drop /= cells as f64;
                let of = |unit: usize| End { unit, ..resistance.end };
                let whole = std::iter::once(&unit).chain(&added);
                let parts = whole.map(|&unit| Resistance { end: of(unit), ..resistance });
                plant.resistances.extend(parts);
            }
        }
        let Some(&last) = added.last() else { continue };
        for port in 0..declaration.ports.len() {
            let whole = End { unit, port };
            let end = End { unit: last, port };
            let Some(joint) = plant.joints.iter_mut().find(|j| j.from.contains(&whole)) else { continue };
            joint.from.iter_mut().filter(|e| **e == whole).for_each(|e| *e = end);
            let (medium, fluid) = (joint.medium, joint.fluid);
            let chain = std::iter::once(&unit).chain(&added);
            for (&from, &to) in chain.zip(&added) {
                let (from, to) = (vec![End { unit: from, port }], vec![End { unit: to, port }]);
                plant.joints.push(Joint { medium, from, to, fluid });
            }
            for control in &mut plant.loops {
                if control.sensor == Sensor::TemperatureOut(whole) {
                    control.sensor = Sensor::TemperatureOut(end);
                }
            }
        }
    }
    plant
}
