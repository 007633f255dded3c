//! A tank and two valves.

use super::table;
use crate::component::Component;
use crate::{Checks, Fault, Table, Worst};
use plant::hydraulics::law::{Characteristic, Law};
use plant::hydraulics::{Element, Link, Node};

pub(super) fn tank(checks: &mut Checks) -> Result<(), Fault> {
    const LAYERS: [&str; 10] = [
        "layer_1", "layer_2", "layer_3", "layer_4", "layer_5", "layer_6", "layer_7", "layer_8", "layer_9",
        "layer_10",
    ];
    const STORED: [&str; 10] = [
        "stored_1",
        "stored_2",
        "stored_3",
        "stored_4",
        "stored_5",
        "stored_6",
        "stored_7",
        "stored_8",
        "stored_9",
        "stored_10",
    ];
    // 3 m³, 3 m high, walls of 0.3 m at 0.04 W/(m K): 11.6 m² of them.
    let given = [
        ("volume", 3.0),
        ("height", 3.0),
        ("wall_conductance", 1.55),
        ("conduction_factor", 1.0),
        ("cold_design", 293.15),
        ("warm_design", 313.15),
        ("initial_temperature", 293.15),
    ];
    let of = Component::new("StorageTank", &given)?;
    let capacity = of.parameter("layer_capacity")?;
    let slopes = |t: &[f64; 10], time: f64| -> Result<[f64; 10], Fault> {
        let warm = if time < 3600.0 { 313.15 } else { 293.15 };
        let down = if time < 4200.0 { 0.1 } else { 0.0 };
        let up = if time < 7200.0 { 0.0 } else { 0.1 };
        let air = 293.15 + 10.0 * (core::f64::consts::TAU * time / 86_400.0).sin();
        let mut given = vec![
            ("discharge_in", warm),
            ("discharge_flow", down),
            ("discharge_heat", 4184.0),
            ("charge_in", 293.15),
            ("charge_flow", up),
            ("charge_heat", 4184.0),
            ("dry_bulb", air),
        ];
        given.extend(LAYERS.into_iter().zip(*t));
        let outputs = of.evaluate(&given)?;
        let mut slopes = [0.0; 10];
        for (slope, name) in slopes.iter_mut().zip(STORED) {
            *slope = outputs(name)? / capacity;
        }
        Ok(slopes)
    };
    // The library counts from the top.
    const COLUMNS: [&str; 10] = [
        "layer_10_K",
        "layer_9_K",
        "layer_8_K",
        "layer_7_K",
        "layer_6_K",
        "layer_5_K",
        "layer_4_K",
        "layer_3_K",
        "layer_2_K",
        "layer_1_K",
    ];
    let mut warmed = Worst::absolute("warmed", "a layer while the tank is warmed", "K");
    let mut later = Worst::absolute("later", "a layer after colder water has come in above", "K");
    let (mut t, mut time) = ([293.15; 10], 0.0);
    const STEP: f64 = 3.0;
    for row in table!("stratified_tank.csv")?.rows() {
        while time < row.get("time_s")? - 0.5 * STEP {
            // Midpoints: half a step there, a whole one with what is found there.
            let first = slopes(&t, time)?;
            let middle: [f64; 10] = core::array::from_fn(|k| t[k] + 0.5 * STEP * first[k]);
            let second = slopes(&middle, time + 0.5 * STEP)?;
            t = core::array::from_fn(|k| t[k] + STEP * second[k]);
            time += STEP;
        }
        for (k, column) in COLUMNS.into_iter().enumerate() {
            let worst = if time <= 3600.0 { &mut warmed } else { &mut later };
            worst.compare(t[k], row.get(column)?, &format!("{time} s, layer {}", k + 1));
        }
    }
    checks.worst(warmed, 340, 0.06, "properties of water of 30 °C, and of 20 °C there: 0.3 %, of 20 K");
    checks.worst(
        later,
        670,
        0.06,
        "the same; an inversion mixes within 60 s here and 1 s there, which no stored instant shows",
    );
    Ok(())
}

pub(super) fn valve(checks: &mut Checks) -> Result<(), Fault> {
    let mut linear = Worst::relative("linear", "share of the flow coefficient, linear", "");
    let mut equal =
        Worst::relative("equal_percentage", "share of the flow coefficient, equal-percentage of 10", "");
    let share = |characteristic: Characteristic, opening: f64| -> Result<f64, Fault> {
        // One bar over the valve.
        let law = Law::Valve { kv: 0.01, density: 1000.0, characteristic };
        let link = Link { from: 0, to: 1, element: Element { law, control: Some(0), units: 1.0 } };
        let circuit = crate::analytic::movers::circuit(&[Node::Held(1e5), Node::Held(0.0)], &[link])?;
        let (branch, sign) = circuit.place(0);
        Ok(sign * crate::analytic::movers::solve(&circuit, &[opening])?.flows[branch] / 0.01)
    };
    for row in table!("two_way_valve.csv")?.rows() {
        let [opening, leaking, percentage] = row.all(["opening", "linear", "equal_percentage"])?;
        if opening < 0.2 {
            continue;
        }
        let at = format!("opening {opening}");
        // The example's linear valve leaks 5 %: φ = 0.05 + 0.95·y.
        linear.compare(share(Characteristic::Linear, opening)?, (leaking - 0.05) / 0.95, &at);
        equal.compare(share(Characteristic::EqualPercentage(10.0), opening)?, percentage, &at);
    }
    checks.worst(linear, 81, 1e-6, "printed digits, of single precision");
    checks.worst(equal, 81, 1e-6, "printed digits, of single precision");
    Ok(())
}
