//! Stratified tank between two circuits: cold below, warm above.
//!
//! # Equations
//! Ten mixed layers of equal volume, k = 1 (lowest) … 10. The charging circuit gives its cold water below and takes warm
//! water from above; the discharging circuit the reverse. With `G = ṁ·c_p` of either circuit and
//! `up − down = G_c − G_d`:
//! ```text
//! C·dT_1/dt  = G_c·(T_c,in − T_1) + down·(T_2 − T_1) + q_1 − w_1
//! C·dT_k/dt  = up·(T_k−1 − T_k) + down·(T_k+1 − T_k) + q_k − q_k−1 − w_k
//! C·dT_10/dt = G_d·(T_d,in − T_10) + up·(T_9 − T_10) − q_9 − w_10
//! Heat(charge) = G_c·(T_10 − T_c,in),  Heat(discharge) = G_d·(T_1 − T_d,in)
//! q_k = K·(T_k+1 − T_k) − M·(T_k − T_k+1)⁺              conduction; warm water rises through cold
//! w_k = G_wall/10·(T_k − T_dry bulb)
//! ```
//! `K = factor·k_water·A/Δz` with `A = V/H`, `Δz = H/10`; `M = C/60 s`.
//!
//! # Assumptions
//! Mixed layers blur the thermocline over about two of them, which is what diffusers of fair quality reach. A tank is
//! an inventory: a steady state leaves its temperatures alone. Its surroundings have the outdoor dry bulb.
//! A hot-water tank is the same thing with the circuits exchanged.
//!
//! # Valid for
//! Water of 1…95 °C.
//!
//! # Source
//! Multi-node tank with plug flow and inversion: Duffie and Beckman, *Solar Engineering of Thermal Processes*, 4th ed.,
//! section 8.4; EnergyPlus Engineering Reference, "Stratified Water Thermal Tank". Conduction factor: engineering
//! knowledge, to verify.
//!
//! # Verified by
//! Hand calculation below; a trajectory of the Modelica Buildings library in `isotherm validate`. Grade 3.

use crate::declare::{Bound, Effect, Limit, Outdoor, Port, Role, State, Store};
use crate::kernel::Surroundings;
use crate::{component, inputs, outputs, parameters};
use media::liquid::Fluid;
use real::Real;
use units::Quantity;

parameters! {
    given {
        /// Water in the tank.
        volume: Volume in "10 L"..="100000 m3";
        /// Height of the water.
        height: Length in "0.1 m"..="60 m" default "6 m";
        /// Conductance of the walls to the outdoor air.
        wall_conductance: Conductance in "0 W/K"..="100 kW/K" default "50 W/K";
        /// Conduction between layers, steel and mixing included, over that of still water.
        conduction_factor: Ratio in "0"..="100" default "2";
        /// Temperature of a charged tank.
        cold_design: Temperature in "1 °C"..="90 °C" usual "5 °C"..="25 °C" default "12 °C";
        /// Temperature of a discharged tank.
        warm_design: Temperature in "2 °C"..="95 °C" usual "12 °C"..="45 °C" default "22 °C";
        /// Temperature of all layers at the start.
        initial_temperature: Temperature in "1 °C"..="95 °C" default "12 °C";
        /// Water in the pipes of either circuit at the tank.
        pipe_content: Volume in "0.1 L"..="1000 m3" default "100 L";
        /// Relative share of a flow where tanks are parallel.
        flow_design: VolumeFlow in "0.01 L/s"..="100 m3/s" default "10 L/s";
    }
    derived {
        /// Heat capacity of a layer.
        layer_capacity: HeatCapacity;
        /// Conductance between two layers.
        layer_conductance: Conductance;
    }
}

const PORTS: &[Port] = &[
    Port::liquid("charge", "Cold water in below, warm water out above.")
        .holds("pipe_content")
        .shared_by("flow_design")
        .optional(),
    Port::liquid("discharge", "Warm water in above, cold water out below.")
        .holds("pipe_content")
        .shared_by("flow_design")
        .optional(),
];

const fn layer(name: &'static str) -> State {
    State {
        name,
        doc: "Temperature of a layer.",
        store: Store::Heat("layer_capacity"),
        initial: Bound::Parameter("initial_temperature"),
        scale: 30.0,
        inventory: true,
    }
}

const STATES: &[State] = &[
    layer("layer_1"),
    layer("layer_2"),
    layer("layer_3"),
    layer("layer_4"),
    layer("layer_5"),
    layer("layer_6"),
    layer("layer_7"),
    layer("layer_8"),
    layer("layer_9"),
    layer("layer_10"),
];

inputs! {
    /// Temperature of the water entering from the charging circuit.
    charge_in: Role::Temperature("charge");
    /// Its flow.
    charge_flow: Role::Flow("charge");
    /// Its specific heat.
    charge_heat: Role::SpecificHeat("charge");
    /// Temperature of the water entering from the discharging circuit.
    discharge_in: Role::Temperature("discharge");
    /// Its flow.
    discharge_flow: Role::Flow("discharge");
    /// Its specific heat.
    discharge_heat: Role::SpecificHeat("discharge");
    /// Outdoor dry bulb.
    dry_bulb: Role::Outdoor(Outdoor::DryBulb);
    /// Temperature of layer 1, the lowest.
    layer_1: Role::State("layer_1");
    /// Temperature of layer 2.
    layer_2: Role::State("layer_2");
    /// Temperature of layer 3.
    layer_3: Role::State("layer_3");
    /// Temperature of layer 4.
    layer_4: Role::State("layer_4");
    /// Temperature of layer 5.
    layer_5: Role::State("layer_5");
    /// Temperature of layer 6.
    layer_6: Role::State("layer_6");
    /// Temperature of layer 7.
    layer_7: Role::State("layer_7");
    /// Temperature of layer 8.
    layer_8: Role::State("layer_8");
    /// Temperature of layer 9.
    layer_9: Role::State("layer_9");
    /// Temperature of layer 10, the highest.
    layer_10: Role::State("layer_10");
}

outputs! {
    /// Heat given to the charging circuit.
    heat_to_charge: Effect::Heat("charge");
    /// Heat given to the discharging circuit (negative while it is cooled).
    heat_to_discharge: Effect::Heat("discharge");
    /// Heat lost through the walls.
    heat_lost: Effect::Rejected;
    /// Heat gained by layer 1.
    stored_1: Effect::Store("layer_1");
    /// Heat gained by layer 2.
    stored_2: Effect::Store("layer_2");
    /// Heat gained by layer 3.
    stored_3: Effect::Store("layer_3");
    /// Heat gained by layer 4.
    stored_4: Effect::Store("layer_4");
    /// Heat gained by layer 5.
    stored_5: Effect::Store("layer_5");
    /// Heat gained by layer 6.
    stored_6: Effect::Store("layer_6");
    /// Heat gained by layer 7.
    stored_7: Effect::Store("layer_7");
    /// Heat gained by layer 8.
    stored_8: Effect::Store("layer_8");
    /// Heat gained by layer 9.
    stored_9: Effect::Store("layer_9");
    /// Heat gained by layer 10.
    stored_10: Effect::Store("layer_10");
    /// Share of the design swing that is stored.
    charge_level: Effect::Reading(Quantity::Ratio);
}

const LIMITS: &[Limit] = &[Limit {
    of: "layer_1",
    low: Some(Bound::Value(274.15)),
    high: Some(Bound::Value(368.15)),
    text: "tank water outside 1…95 °C",
}];

component!(StorageTank, "stratified storage tank", "storage_tank.rs" {
    ports: PORTS, states: STATES, limits: LIMITS, size: size,
});

const LAYERS: usize = STATES.len();
/// Time in which warm water rises out of a colder layer (s).
const RISE: f64 = 60.0;

fn size(p: &mut Parameters<f64>, _: &Surroundings) -> Result<(), String> {
    if p.cold_design >= p.warm_design {
        return Err("cold_design must be below warm_design".into());
    }
    let (water, mean) = (Fluid::Water, 0.5 * (p.cold_design + p.warm_design));
    let layers = LAYERS as f64;
    p.layer_capacity = p.volume / layers * water.density(mean) * water.specific_heat(mean);
    let (area, thickness) = (p.volume / p.height, p.height / layers);
    p.layer_conductance = p.conduction_factor * water.conductivity(mean) * area / thickness;
    Ok(())
}

/// See the top of the file.
#[inline(always)]
pub fn evaluate<R: Real>(p: &Parameters<R::Value>, i: &Inputs<R>) -> Outputs<R> {
    let layers: [R; LAYERS] = [
        i.layer_1, i.layer_2, i.layer_3, i.layer_4, i.layer_5, i.layer_6, i.layer_7, i.layer_8, i.layer_9,
        i.layer_10,
    ];
    let (charge, discharge) = (i.charge_flow * i.charge_heat, i.discharge_flow * i.discharge_heat);
    // Not two maxima: where both circuits stand still, both would have the slope of moving water.
    let net = charge - discharge;
    let up = net.positive();
    let down = up - net;
    let rising = p.layer_capacity / R::number(RISE);
    let wall = p.wall_conductance / R::number(LAYERS as f64);
    // What comes down to layer k from the one above, by conduction less what rises.
    let descending = |k: usize| {
        let difference = layers[k + 1] - layers[k];
        difference * p.layer_conductance - (-difference).positive() * rising
    };
    let stored: [R; LAYERS] = std::array::from_fn(|k| {
        let here = layers[k];
        let below = if k == 0 {
            charge * (i.charge_in - here)
        } else {
            up * (layers[k - 1] - here) - descending(k - 1)
        };
        let above = if k + 1 == LAYERS {
            discharge * (i.discharge_in - here)
        } else {
            down * (layers[k + 1] - here) + descending(k)
        };
        below + above - (here - i.dry_bulb) * wall
    });
    let sum = layers.into_iter().fold(R::lift(0.0), |sum, layer| sum + layer);
    let mean = sum / R::number(LAYERS as f64);
    Outputs {
        heat_to_charge: charge * (layers[LAYERS - 1] - i.charge_in),
        heat_to_discharge: discharge * (layers[0] - i.discharge_in),
        heat_lost: (mean - i.dry_bulb) * p.wall_conductance,
        stored_1: stored[0],
        stored_2: stored[1],
        stored_3: stored[2],
        stored_4: stored[3],
        stored_5: stored[4],
        stored_6: stored[5],
        stored_7: stored[6],
        stored_8: stored[7],
        stored_9: stored[8],
        stored_10: stored[9],
        charge_level: -(mean - p.warm_design) / (p.warm_design - p.cold_design),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 m³, 10 m high, without walls and conduction unless given.
    fn tank(wall_conductance: f64, conduction_factor: f64) -> Parameters<f64> {
        let mut p = Parameters {
            volume: 100.0,
            height: 10.0,
            wall_conductance,
            conduction_factor,
            cold_design: 285.15,
            warm_design: 295.15,
            initial_temperature: 285.15,
            pipe_content: 0.1,
            flow_design: 0.01,
            layer_capacity: 0.0,
            layer_conductance: 0.0,
        };
        size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
        p
    }

    fn with(layers: [f64; LAYERS], charge_flow: f64, discharge_flow: f64) -> Inputs<f64> {
        Inputs {
            charge_in: 284.15,
            charge_flow,
            charge_heat: 4000.0,
            discharge_in: 297.15,
            discharge_flow,
            discharge_heat: 4000.0,
            dry_bulb: 305.15,
            layer_1: layers[0],
            layer_2: layers[1],
            layer_3: layers[2],
            layer_4: layers[3],
            layer_5: layers[4],
            layer_6: layers[5],
            layer_7: layers[6],
            layer_8: layers[7],
            layer_9: layers[8],
            layer_10: layers[9],
        }
    }

    fn stored(o: &Outputs<f64>) -> [f64; LAYERS] {
        [
            o.stored_1,
            o.stored_2,
            o.stored_3,
            o.stored_4,
            o.stored_5,
            o.stored_6,
            o.stored_7,
            o.stored_8,
            o.stored_9,
            o.stored_10,
        ]
    }

    #[test]
    fn discharging_draws_cold_water_from_below_and_pushes_the_warm_front_down() {
        let mut layers = [285.15; LAYERS];
        layers[LAYERS - 1] = 295.15;
        let o = evaluate(&tank(0.0, 0.0), &with(layers, 0.0, 10.0));
        // 40 kW/K · (12 − 24) K = −480 kW to the load's water
        assert!((o.heat_to_discharge + 480e3).abs() < 1e-6);
        // the top gains 40 kW/K · (24 − 22), the layer below it 40 kW/K · (22 − 12)
        assert!((o.stored_10 - 80e3).abs() < 1e-6 && (o.stored_9 - 400e3).abs() < 1e-6);
        assert!(stored(&o)[..8].iter().all(|s| *s == 0.0));
    }

    #[test]
    fn with_equal_flows_water_passes_by_and_the_middle_stands_still() {
        let mut layers = [290.15; LAYERS];
        layers[0] = 284.15;
        layers[LAYERS - 1] = 297.15;
        let o = evaluate(&tank(0.0, 0.0), &with(layers, 7.0, 7.0));
        // 28 kW/K · 13 K on either side, nothing stored
        assert!((o.heat_to_charge - 364e3).abs() < 1e-6 && (o.heat_to_discharge + 364e3).abs() < 1e-6);
        assert!(stored(&o).iter().all(|s| s.abs() < 1e-6));
    }

    #[test]
    fn a_full_tank_has_level_one_and_an_empty_one_zero() {
        for (t, level) in [(285.15, 1.0), (295.15, 0.0), (290.15, 0.5)] {
            let o = evaluate(&tank(0.0, 0.0), &with([t; LAYERS], 0.0, 0.0));
            assert!((o.charge_level - level).abs() < 1e-9);
        }
    }

    #[test]
    fn walls_and_conduction_are_small_and_inversions_are_not() {
        // 10 m² · 0.59 W/(m K) / 1 m · 2 = 12 W/K
        assert!((tank(0.0, 2.0).layer_conductance - 11.8).abs() < 0.3);
        let o = evaluate(&tank(50.0, 2.0), &with([285.15; LAYERS], 0.0, 0.0));
        // 50 W/K · 20 K = 1 kW in
        assert!((o.heat_lost + 1000.0).abs() < 1e-9);
        let mut layers = [285.15; LAYERS];
        layers[0] = 286.15;
        let o = evaluate(&tank(0.0, 0.0), &with(layers, 0.0, 0.0));
        // a kelvin the wrong way round: 10 m³ · 4.19 MJ/(m³ K) / 60 s = 698 kW
        assert!((o.stored_2 / 698e3 - 1.0).abs() < 0.01 && o.stored_1 == -o.stored_2);
    }

    #[test]
    fn each_layer_has_a_tenth_of_the_wall_and_conducts_to_its_neighbours() {
        // 12 °C in all but layer 5 with 14 °C, air of 32 °C. Walls: 50/10 W/K · 20 K = 100 W in, layer 5 5 · 18 = 90 W.
        let mut layers = [285.15; LAYERS];
        layers[4] = 287.15;
        let p = Parameters { layer_conductance: 12.0, ..tank(50.0, 2.0) };
        let o = evaluate(&p, &with(layers, 0.0, 0.0));
        // Down 12 W/K · 2 K = 24 W. Up the same way, and 2 K the wrong way round rise: 2 K · C/60 s more.
        let rising = 2.0 * p.layer_capacity / 60.0;
        let expected =
            [100.0, 100.0, 100.0, 124.0, 90.0 - 48.0 - rising, 124.0 + rising, 100.0, 100.0, 100.0, 100.0];
        for (found, expected) in stored(&o).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{:?}", stored(&o));
        }
        // mean 12.2 °C: 50 W/K · 19.8 K come in, as much as all layers store
        assert!((o.heat_lost + 990.0).abs() < 1e-9);
        assert!((stored(&o).iter().sum::<f64>() - 990.0).abs() < 1e-6);
    }

    #[test]
    fn charging_fills_it_from_below_and_pushes_the_warm_water_up() {
        // 11 °C at 10 kg/s of 4 kJ/(kg K) into 12 °C below 22 °C: 40 kW/K
        let mut layers = [285.15; LAYERS];
        layers[LAYERS - 1] = 295.15;
        layers[LAYERS - 2] = 295.15;
        let o = evaluate(&tank(0.0, 0.0), &with(layers, 10.0, 0.0));
        assert!((o.heat_to_charge - 40e3 * 11.0).abs() < 1e-6);
        // the lowest loses 40 · 1 K, the first warm one 40 · 10 K, the top nothing: warm water follows warm water
        assert!((o.stored_1 + 40e3).abs() < 1e-6 && (o.stored_9 + 400e3).abs() < 1e-6 && o.stored_10 == 0.0);
        assert!((stored(&o).iter().sum::<f64>() + o.heat_to_charge).abs() < 1e-6);
    }
}
