//! Every heat exchanger against the textbook form of its effectiveness, from full to low flow.
//!
//! # Equations
//! Incropera et al., *Fundamentals of Heat and Mass Transfer*, 6th ed.: counterflow (11.29a, 11.30a), both streams unmixed in
//! cross flow (11.32, in the form with n = NTU^−0.22, which is an approximation and is compared with its series in `crossflow`), one stream of constant temperature (11.35a). The conductance at part flow is that
//! of two films in series, `UA = UA_design/Σ s_k·x_k^−m`, which is the model's own assumption: the case shows that the component is this
//! equation, not that the exponent is right.

use super::CLOSED_FORMS;
use crate::component::Component;
use crate::oracle::ZERO;
use crate::{Case, Checks, Fault, Worst};
use media::liquid::Fluid;
use media::moist_air;

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "plate_exchanger_ntu",
        title: "Plate exchanger by ε–NTU, 20 to 120 % of the flow on either side",
        source: &CLOSED_FORMS,
        covers: &["PlateExchanger"],
        evaluate: plates,
    },
    Case {
        id: "cdu_ntu",
        title: "Coolant distribution unit by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["Cdu"],
        evaluate: cdu,
    },
    Case {
        id: "water_side_economizer_ntu",
        title: "Water-side economizer by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["WaterSideEconomizer"],
        evaluate: economizer,
    },
    Case {
        id: "district_heating_ntu",
        title: "District-heating delivery point by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["DistrictHeating"],
        evaluate: delivery,
    },
    Case {
        id: "crah_ntu",
        title: "Air handler's coil by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["Crah"],
        evaluate: crah,
    },
    Case {
        id: "rear_door_ntu",
        title: "Rear door's coil by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["RearDoor"],
        evaluate: rear_door,
    },
    Case {
        id: "dry_cooler_ntu",
        title: "Dry cooler by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["DryCooler"],
        evaluate: dry_cooler,
    },
    Case {
        id: "immersion_tank_ntu",
        title: "Oil and water of an immersion tank by ε–NTU",
        source: &CLOSED_FORMS,
        covers: &["ImmersionTank"],
        evaluate: immersion,
    },
    Case {
        id: "pipe_loss",
        title: "Heat loss of a pipe of one temperature outside",
        source: &CLOSED_FORMS,
        covers: &["Pipe"],
        evaluate: pipe,
    },
    Case {
        id: "cold_plate_ntu",
        title: "Cold plate against a stream of coolant",
        source: &CLOSED_FORMS,
        covers: &["ColdPlateAccelerator"],
        evaluate: cold_plate,
    },
];

/// Flows as shares of design, both sides.
const SHARES: [(f64, f64); 7] =
    [(1.0, 1.0), (0.2, 1.0), (1.0, 0.2), (0.6, 0.9), (1.2, 0.5), (0.35, 0.35), (0.05, 1.2)];
const ROUNDING: &str = "rounding, and the series that the code uses near balance";

/// ε of counterflow.
fn counterflow(ua: f64, a: f64, b: f64) -> f64 {
    let (min, max) = (a.min(b), a.max(b));
    let (ratio, ntu) = (min / max, ua / min);
    if (1.0 - ratio).abs() < 1e-12 {
        return min * ntu / (1.0 + ntu);
    }
    let e = (-ntu * (1.0 - ratio)).exp();
    min * (1.0 - e) / (1.0 - ratio * e)
}

/// ε of cross flow with both streams unmixed.
fn crossflow(ua: f64, a: f64, b: f64) -> f64 {
    let (min, max) = (a.min(b), a.max(b));
    let (ratio, ntu) = (min / max, ua / min);
    min * (1.0 - ((ntu.powf(0.78) * -ratio).exp_m1() * ntu.powf(0.22) / ratio).exp())
}

/// Two films in series at flows that are shares of design.
fn films(x: f64, share: f64, y: f64, exponent: f64) -> f64 {
    1.0 / (share * x.powf(-exponent) + (1.0 - share) * y.powf(-exponent))
}

fn at((x, y): (f64, f64)) -> String {
    format!("{x} and {y} of the design flows")
}

fn heat() -> Worst {
    Worst::relative("heat", "heat transferred", "W")
}

fn plates(checks: &mut Checks) -> Result<(), Fault> {
    let (ua, flows, share) = (200e3, [0.03, 0.025], 0.4);
    let given = [
        ("conductance", ua),
        ("primary_flow_design", flows[0]),
        ("secondary_flow_design", flows[1]),
        ("primary_resistance", share),
        ("primary_content", 0.1),
        ("secondary_content", 0.1),
    ];
    let of = Component::new("PlateExchanger", &given)?;
    let mut worst = heat();
    for (x, y) in SHARES {
        let outputs = of.evaluate(&[
            ("primary_in", 288.15),
            ("primary_flow", 998.0 * flows[0] * x),
            ("primary_heat", 4185.0),
            ("primary_density", 998.0),
            ("secondary_in", 301.15),
            ("secondary_flow", 1018.0 * flows[1] * y),
            ("secondary_heat", 3940.0),
            ("secondary_density", 1018.0),
        ])?;
        let rates = [998.0 * flows[0] * x * 4185.0, 1018.0 * flows[1] * y * 3940.0];
        let expected = 13.0 * counterflow(ua * films(x, share, y, 0.7), rates[0], rates[1]);
        worst.compare(outputs("heat_to_primary")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    Ok(())
}

fn cdu(checks: &mut Checks) -> Result<(), Fault> {
    let (capacity, approach, flows) = (1.35e6, 4.5, [0.03, 0.033]);
    let given = [
        ("capacity_design", capacity),
        ("approach_design", approach),
        ("primary_flow_design", flows[0]),
        ("secondary_flow_design", flows[1]),
        ("pump_power_design", 20e3),
        ("primary_content", 0.1),
        ("secondary_content", 0.3),
    ];
    let of = Component::new("Cdu", &given)?;
    // The data sheet's streams: water and 25 % propylene glycol of 30 °C.
    let t = 303.15;
    let stream = |fluid: Fluid, flow: f64| (fluid.density(t), fluid.specific_heat(t), flow);
    let [water, glycol] = [stream(Fluid::Water, flows[0]), stream(Fluid::PropyleneGlycol25, flows[1])];
    let evaluate = |(x, y): (f64, f64), primary_in: f64, secondary_in: f64| {
        of.evaluate(&[
            ("primary_in", primary_in),
            ("primary_flow", water.0 * water.2 * x),
            ("primary_heat", water.1),
            ("primary_density", water.0),
            ("secondary_in", secondary_in),
            ("secondary_flow", glycol.0 * glycol.2 * y),
            ("secondary_heat", glycol.1),
            ("secondary_density", glycol.0),
            ("pump_speed", y.min(1.0)),
        ])
    };
    // At design the coolant enters at primary supply + approach + its own rise, and the capacity is met.
    let rise = capacity / (glycol.0 * glycol.1 * glycol.2);
    let design = evaluate((1.0, 1.0), t, t + approach + rise)?("heat_transferred")?;
    of_data_sheet(checks, design, capacity);
    let (ua, mut worst) = (of.parameter("conductance_design")?, heat());
    for (x, y) in SHARES {
        let rates = [water.0 * water.1 * water.2 * x, glycol.0 * glycol.1 * glycol.2 * y];
        let expected = 11.0 * counterflow(ua * films(x, 0.5, y, 0.7), rates[0], rates[1]);
        worst.compare(evaluate((x, y), t, t + 11.0)?("heat_to_primary")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    Ok(())
}

fn delivery(checks: &mut Checks) -> Result<(), Fault> {
    let (ua, flows, demand) = (120e3, [0.02, 0.015], 1e6);
    let given = [
        ("conductance", ua),
        ("source_flow_design", flows[0]),
        ("network_flow_design", flows[1]),
        ("source_content", 0.1),
        ("network_supply", 323.15),
        ("network_return", 311.15),
        ("demand_design", demand),
    ];
    let of = Component::new("DistrictHeating", &given)?;
    let evaluate = |(x, valve): (f64, f64), source_in: f64| {
        of.evaluate(&[
            ("source_in", source_in),
            ("source_flow", 985.0 * flows[0] * x),
            ("source_heat", 4183.0),
            ("source_density", 985.0),
            ("valve", valve),
            ("dry_bulb", 273.15),
        ])
    };
    let mut worst = heat();
    for (x, y) in SHARES {
        // The valve is open at most, and the network's water has 983 kg/m³ and 4185 J/(kg K).
        let y = y.min(1.0);
        let rates = [985.0 * flows[0] * x * 4183.0, 983.0 * flows[1] * y * 4185.0];
        let expected = 18.0 * counterflow(ua * films(x, 0.5, y, 0.7), rates[0], rates[1]);
        worst.compare(-evaluate((x, y), 329.15)?("heat_to_source")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    // Water of 95 °C would give more than the network takes.
    let most = -evaluate((1.0, 1.0), 368.15)?("heat_to_source")?;
    checks.absolute("demand", "heat when the network takes no more", "W", most, demand, 0.0, "nothing");
    Ok(())
}

fn economizer(checks: &mut Checks) -> Result<(), Fault> {
    let (ua, flows) = (300e3, [0.04, 0.03]);
    let given = [
        ("conductance", ua),
        ("tower_water_flow_design", flows[0]),
        ("chilled_water_flow_design", flows[1]),
        ("tower_water_content", 0.1),
        ("chilled_water_content", 0.1),
    ];
    let of = Component::new("WaterSideEconomizer", &given)?;
    let mut worst = heat();
    for (x, y) in SHARES {
        let [tower, chilled] = [999.0 * flows[0] * x, 998.0 * flows[1] * y];
        let outputs = of.evaluate(&[
            ("tower_water_in", 281.15),
            ("tower_water_flow", tower),
            ("tower_water_heat", 4192.0),
            ("tower_water_density", 999.0),
            ("chilled_water_in", 290.15),
            ("chilled_water_flow", chilled),
            ("chilled_water_heat", 4186.0),
            ("chilled_water_density", 998.0),
        ])?;
        let expected = 9.0 * counterflow(ua * films(x, 0.5, y, 0.7), tower * 4192.0, chilled * 4186.0);
        worst.compare(outputs("heat_free")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    // Warmer tower water heats nothing: the valve closes against it.
    let backwards = of.evaluate(&[
        ("tower_water_in", 295.15),
        ("tower_water_flow", 40.0),
        ("tower_water_heat", 4192.0),
        ("tower_water_density", 999.0),
        ("chilled_water_in", 290.15),
        ("chilled_water_flow", 30.0),
        ("chilled_water_heat", 4186.0),
        ("chilled_water_density", 998.0),
    ])?;
    checks.absolute(
        "backwards",
        "heat when the tower is warmer",
        "W",
        backwards("heat_free")?,
        0.0,
        0.0,
        "nothing",
    );
    Ok(())
}

/// Air of a coil: its flow [kg/s] and what it carries per kelvin [W/K] at shares of design, from the mass flow at design.
fn air_inputs(temperature: f64, humidity: f64, flow: f64) -> [(&'static str, f64); 4] {
    [
        ("air_flow", flow),
        ("enthalpy", moist_air::enthalpy(temperature, humidity)),
        ("humidity_ratio", humidity),
        ("pressure", 101_325.0),
    ]
}

fn crah(checks: &mut Checks) -> Result<(), Fault> {
    let (capacity, share, humidity) = (100e3, 0.7, 0.008);
    let (air_in, water_in) = (36.0 + ZERO, 18.0 + ZERO);
    let given = [
        ("capacity_design", capacity),
        ("air_flow_design", 7.2),
        ("water_flow_design", 2.4e-3),
        ("return_air_design", air_in),
        ("water_in_design", water_in),
        ("fan_power_design", 4e3),
        ("air_resistance_share", share),
    ];
    let of = Component::new("Crah", &given)?;
    let (density, specific) = (Fluid::Water.density(water_in), Fluid::Water.specific_heat(water_in));
    let design_air = of.parameter("air_mass_flow_design")?;
    let evaluate = |(x, y): (f64, f64)| {
        let water =
            [("water_in", water_in), ("water_flow", 2.4e-3 * density * y), ("specific_heat", specific)];
        let rest = [("density", density), ("fan_speed", x.min(1.0))];
        of.evaluate(&[&air_inputs(air_in, humidity, design_air * x)[..], &water, &rest].concat())
    };
    let design = evaluate((1.0, 1.0))?("heat_removed")?;
    of_data_sheet(checks, design, capacity);
    // The data sheet's air by hand: ρ = p/(287.042·T·(1 + 1.607858·W)) per kilogram of dry air.
    let by_hand = 7.2 * 101_325.0 / (287.042 * air_in * (1.0 + 1.607_858 * humidity));
    checks.relative(
        "air",
        "mass flow of the data sheet's air",
        "kg/s",
        design_air,
        by_hand,
        1e-9,
        "rounding",
    );
    let (ua, mut worst) = (of.parameter("conductance_design")?, heat());
    for (x, y) in SHARES {
        let rates = [design_air * x * (1006.0 + 1860.0 * humidity), 2.4e-3 * density * y * specific];
        let expected = (air_in - water_in) * counterflow(ua * films(x, share, y, 0.8), rates[0], rates[1]);
        worst.compare(evaluate((x, y))?("heat_to_water")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    Ok(())
}

/// Heat where the data sheet says how much it is: the conductance is sized to that.
fn of_data_sheet(checks: &mut Checks, design: f64, capacity: f64) {
    let remains = "bisection of the conductance";
    checks.relative("design", "heat at the data sheet's point", "W", design, capacity, 1e-9, remains);
}

fn rear_door(checks: &mut Checks) -> Result<(), Fault> {
    let (capacity, share, humidity) = (50e3, 0.7, 0.008);
    let (air_in, water_in) = (40.0 + ZERO, 18.0 + ZERO);
    let given = [
        ("capacity_design", capacity),
        ("air_flow_design", 3.0),
        ("water_flow_design", 1.4e-3),
        ("exhaust_design", air_in),
        ("water_in_design", water_in),
        ("air_resistance_share", share),
    ];
    let of = Component::new("RearDoor", &given)?;
    let (density, specific) = (Fluid::Water.density(water_in), Fluid::Water.specific_heat(water_in));
    let design_air = of.parameter("air_mass_flow_design")?;
    let evaluate = |(x, y): (f64, f64)| {
        let water =
            [("water_in", water_in), ("water_flow", 1.4e-3 * density * y), ("specific_heat", specific)];
        of.evaluate(
            &[&air_inputs(air_in, humidity, design_air * x)[..], &water, &[("density", density)]].concat(),
        )
    };
    let design = evaluate((1.0, 1.0))?("heat_removed")?;
    of_data_sheet(checks, design, capacity);
    let (ua, mut worst) = (of.parameter("conductance_design")?, heat());
    for (x, y) in SHARES {
        let rates = [design_air * x * (1006.0 + 1860.0 * humidity), 1.4e-3 * density * y * specific];
        let expected = (air_in - water_in) * crossflow(ua * films(x, share, y, 0.8), rates[0], rates[1]);
        worst.compare(evaluate((x, y))?("heat_to_water")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    Ok(())
}

fn dry_cooler(checks: &mut Checks) -> Result<(), Fault> {
    let (capacity, approach, range, air) = (1e6, 8.0, 10.0, 70.0);
    let given = [
        ("capacity_design", capacity),
        ("approach_design", approach),
        ("range_design", range),
        ("air_flow_design", air),
        ("fan_power_design", 20e3),
        ("water_content", 0.3),
    ];
    let of = Component::new("DryCooler", &given)?;
    // Rated in dry air of 20 °C: the same mass of air at the case's 28 °C takes this pressure.
    let dry_bulb = 28.0 + ZERO;
    let pressure = 101_325.0 * dry_bulb / 293.15;
    let evaluate = |speed: f64, load: f64, above: f64| {
        of.evaluate(&[
            ("water_in", dry_bulb + above),
            ("water_flow", capacity / range / 4180.0 * load),
            ("specific_heat", 4180.0),
            ("dry_bulb", dry_bulb),
            ("humidity_ratio", 0.0),
            ("pressure", pressure),
            ("fan_speed", speed),
        ])
    };
    let design = evaluate(1.0, 1.0, approach + range)?;
    checks.relative(
        "design",
        "heat at the data sheet's point",
        "W",
        -design("heat_to_water")?,
        capacity,
        1e-9,
        "bisection of the conductance",
    );
    let (ua, mut worst) = (of.parameter("conductance_design")?, heat());
    let mut power = Worst::relative("fans", "fan power, by the cube of the speed", "W");
    for (speed, load) in SHARES {
        let rates = [capacity / range * load, speed * air * 101_325.0 / (287.042 * 293.15) * 1006.0];
        let expected = 15.0 * crossflow(ua * speed.powf(0.62), rates[0], rates[1]);
        let outputs = evaluate(speed, load, 15.0)?;
        let at = format!("fan speed {speed}, {load} of the water");
        worst.compare(-outputs("heat_to_water")?, expected, &at);
        power.compare(outputs("power")?, 20e3 * speed * speed * speed, &at);
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    checks.worst(power, SHARES.len(), 1e-12, "rounding");
    Ok(())
}

fn immersion(checks: &mut Checks) -> Result<(), Fault> {
    let (capacity, approach) = (100e3, 15.0);
    let given = [
        ("capacity_design", capacity),
        ("approach_design", approach),
        ("oil_flow_design", 8e-3),
        ("water_flow_design", 2.4e-3),
        ("pump_power_design", 1.2e3),
        ("oil_content", 1.0),
    ];
    let of = Component::new("ImmersionTank", &given)?;
    let (density, specific) = (Fluid::Water.density(303.15), Fluid::Water.specific_heat(303.15));
    let evaluate = |(x, y): (f64, f64)| {
        of.evaluate(&[
            ("oil", 318.15),
            ("heat", 60e3),
            ("water_in", 318.15 - approach),
            ("water_flow", 2.4e-3 * density * y),
            ("specific_heat", specific),
            ("density", density),
            ("pump_speed", x),
        ])
    };
    let design = evaluate((1.0, 1.0))?("heat_to_water")?;
    of_data_sheet(checks, design, capacity);
    let (ua, mut worst) = (of.parameter("conductance_design")?, heat());
    for (x, y) in SHARES {
        // Oil of the declaration: 805 kg/m³, 2200 J/(kg K).
        let rates = [8e-3 * x * 805.0 * 2200.0, 2.4e-3 * density * y * specific];
        let expected = approach * counterflow(ua * films(x, 0.5, y, 0.7), rates[0], rates[1]);
        worst.compare(evaluate((x, y))?("heat_to_water")?, expected, &at((x, y)));
    }
    checks.worst(worst, SHARES.len(), 1e-9, ROUNDING);
    Ok(())
}

fn pipe(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = Worst::relative("heat", "heat lost", "W");
    for (ua, flow) in [(500.0, 0.1), (2e3, 1.0), (4180.0, 1.0), (50.0, 20.0)] {
        let of = Component::new("Pipe", &[("water_content", 0.1), ("loss_conductance", ua), ("cells", 1.0)])?;
        let outputs = of.evaluate(&[
            ("water_in", 333.15),
            ("water_flow", flow),
            ("specific_heat", 4180.0),
            ("dry_bulb", 283.15),
        ])?;
        let rate = flow * 4180.0;
        let expected = -50.0 * rate * (-ua / rate).exp_m1();
        worst.compare(outputs("heat_lost")?, expected, &format!("{ua} W/K, {flow} kg/s"));
    }
    checks.worst(worst, 4, 1e-9, "rounding");
    Ok(())
}

fn cold_plate(checks: &mut Checks) -> Result<(), Fault> {
    let (rated, conduction, flow, exponent) = (0.03, 0.012, 1.2 / 60e3, 0.8);
    let given = [
        ("power_idle", 200.0),
        ("power_max", 1000.0),
        ("resistance_rated", rated),
        ("resistance_conduction", conduction),
        ("coolant_flow_rated", flow),
        ("coolant_flow_design", flow),
        ("film_exponent", exponent),
    ];
    let of = Component::new("ColdPlateAccelerator", &given)?;
    let t = 303.15;
    let (density, specific) =
        (Fluid::PropyleneGlycol25.density(t), Fluid::PropyleneGlycol25.specific_heat(t));
    // 1/(ε·C) at the rated flow is the rated resistance: NTU = −ln(1 − 1/(R·C)), and the film is what conduction leaves.
    let rate = flow * density * specific;
    let film = 1.0 / (-rate * (-1.0 / (rated * rate)).ln_1p()) - conduction;
    let mut worst = heat();
    for share in [1.0, 0.3, 0.6, 1.5, 2.0] {
        let outputs = of.evaluate(&[
            ("die", 345.15),
            ("plate", 333.15),
            ("coolant_in", 313.15),
            ("coolant_flow", flow * density * share),
            ("specific_heat", specific),
            ("density", density),
            ("utilisation", 0.7),
        ])?;
        let rate = rate * share;
        let ua = 1.0 / (film * f64::powf(share, -exponent) + conduction);
        let expected = -20.0 * rate * (-ua / rate).exp_m1();
        worst.compare(outputs("heat_to_coolant")?, expected, &format!("{share} of the rated flow"));
    }
    checks.worst(worst, 5, 1e-9, "rounding");
    Ok(())
}
