//! In which conditions the racks of each group were: hottest junction, warmest inlet, time outside of their class.

use crate::state::state;
use plant::network::Network;
use plant::plant::{Plant, Sensor};

/// The racks of one group. After every accepted step the worst of them counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conditions {
    /// Slots of the air temperatures at their inlets.
    inlets: Vec<u32>,
    junctions: Vec<u32>,
    /// What the class of the equipment allows at the inlet [K].
    allowable: (f64, f64),
    /// Hottest junction [K].
    pub junction_max: Option<f64>,
    /// Warmest inlet [K].
    pub inlet_max: Option<f64>,
    /// Time with an inlet outside of what is allowed [s]; nothing for racks that take in no air.
    pub out_of_class_s: Option<f64>,
}

state!(Conditions { junction_max, inlet_max, out_of_class_s } fixed { inlets, junctions, allowable });

impl Conditions {
    /// Of every group. `inlets` are the air inlets of the racks with the slots of their temperatures.
    pub(crate) fn of_groups(plant: &Plant, network: &Network, inlets: &[(Sensor, u32)]) -> Vec<Conditions> {
        let names = &network.names()[..network.states()];
        (plant.groups.iter().enumerate())
            .map(|(index, group)| {
                let of_group = |unit: usize| plant.units[unit].group == Some(index);
                let inlets: Vec<u32> = (inlets.iter())
                    .filter(|(sensor, _)| matches!(sensor, Sensor::TemperatureIn(end) if of_group(end.unit)))
                    .map(|&(_, slot)| slot)
                    .collect();
                let chips = plant.units.iter().enumerate().filter(|(k, _)| of_group(*k));
                let junctions = chips.filter_map(|(_, unit)| {
                    let declaration = unit.kind.declaration();
                    let state = declaration.junction().map(|k| declaration.states[k].name)?;
                    names.iter().position(|name| *name == format!("{}.{state}", unit.id))
                });
                Conditions {
                    junctions: junctions.map(|slot| slot as u32).collect(),
                    out_of_class_s: (!inlets.is_empty()).then_some(0.0),
                    inlets,
                    allowable: group.inlet_allowable,
                    ..Conditions::default()
                }
            })
            .collect()
    }

    /// What is there now, and has been for so long [s].
    pub(crate) fn see(&mut self, slots: &[f64], duration: f64) {
        let most = |of: &[u32], seen: Option<f64>| {
            of.iter().map(|&slot| slots[slot as usize]).chain(seen).reduce(f64::max)
        };
        self.junction_max = most(&self.junctions, self.junction_max);
        self.inlet_max = most(&self.inlets, self.inlet_max);
        let (low, high) = self.allowable;
        let out = |&slot: &u32| !(low..=high).contains(&slots[slot as usize]);
        if let Some(time) = &mut self.out_of_class_s
            && self.inlets.iter().any(out)
        {
            *time += duration;
        }
    }

    /// The hottest junction, where racks are carried apart.
    pub(crate) fn junction(&mut self, kelvin: f64) {
        self.junction_max = Some(self.junction_max.map_or(kelvin, |seen| seen.max(kelvin)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_out_of_class_counts_above_and_below_and_not_on_the_limit() {
        let mut racks = Conditions {
            inlets: vec![0],
            allowable: (283.15, 308.15),
            out_of_class_s: Some(0.0),
            ..Conditions::default()
        };
        for (kelvin, seconds) in [(308.15, 10.0), (309.0, 20.0), (283.0, 3.0), (295.0, 100.0)] {
            racks.see(&[kelvin], seconds);
        }
        assert_eq!((racks.out_of_class_s, racks.inlet_max), (Some(23.0), Some(309.0)));
    }

    #[test]
    fn racks_without_air_have_no_time_out_of_class() {
        let mut racks = Conditions { junctions: vec![1], ..Conditions::default() };
        racks.see(&[0.0, 340.0], 60.0);
        racks.junction(330.0);
        assert_eq!((racks.out_of_class_s, racks.inlet_max, racks.junction_max), (None, None, Some(340.0)));
    }
}
