//! Single components against other people's libraries: exchangers by ht, mixed air by psychrolib, valves by EPANET, a wind turbine by
//! windpowerlib; and against catalogues of air-cooled chillers.

mod air_cooled;
mod exchangers;

use crate::analytic::movers::{circuit, solve};
use crate::component::Component;
use crate::oracle::{PSYCHROLIB, ZERO};
use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Table, Worst};
use media::moist_air;
use plant::hydraulics::law::{Characteristic, Law};
use plant::hydraulics::{Element, Link, Node};

/// Exchangers.
pub const HT: Source = Source {
    id: "ht",
    title: "ht 1.2.0 (C. Bell), effectiveness–NTU, with properties of CoolProp 8.0.0",
    kind: Kind::Program,
    tables: "tests/validation/ht",
};
/// Valves.
pub const EPANET_VALVES: Source = Source {
    id: "epanet_valves",
    title: "EPANET 2.2 (of WNTR 1.5.0), a valve between two reservoirs, accuracy 1e-9",
    kind: Kind::Program,
    tables: "tests/validation/epanet",
};
/// Wind.
pub const WINDPOWERLIB: Source = Source {
    id: "windpowerlib",
    title: "windpowerlib 0.2.2 (oemof)",
    kind: Kind::Program,
    tables: "tests/validation/windpowerlib",
};
/// Catalogues of chillers, as curves.
pub const CATALOGUES: Source = Source {
    id: "chiller_catalogues",
    title: "Catalogues of Trane CGAM110, Carrier 30XA200 and 30RB190, by the curves that EnergyPlus 25.2 ships",
    kind: Kind::Publication,
    tables: "tests/validation/chillers",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "exchangers_by_ht",
        title: "Exchangers sized and evaluated by another library",
        source: &HT,
        covers: &[
            "PlateExchanger",
            "WaterSideEconomizer",
            "DistrictHeating",
            "Cdu",
            "ImmersionTank",
            "Crah",
            "RearDoor",
        ],
        evaluate: exchangers::compare,
    },
    Case {
        id: "mixed_air",
        title: "Outdoor and return air mixed and wetted, at two pressures",
        source: &PSYCHROLIB,
        covers: &["AirSideEconomizer"],
        evaluate: mixed_air,
    },
    Case {
        id: "valves_by_epanet",
        title: "Check valve and throttle between two reservoirs",
        source: &EPANET_VALVES,
        covers: &["CheckValve", "ControlValve"],
        evaluate: valves,
    },
    Case {
        id: "wind_power",
        title: "Wind turbine over its power curve at two densities",
        source: &WINDPOWERLIB,
        covers: &["WindTurbine"],
        evaluate: wind,
    },
    Case {
        id: "air_cooled_chillers",
        title: "Air-cooled chillers of one share of Carnot's efficiency, 5.6 to 10 °C of water, 30 to 46 °C of air",
        source: &CATALOGUES,
        covers: &["AirCooledChiller"],
        evaluate: air_cooled::compare,
    },
];

/// A table beside the repository's root, embedded.
macro_rules! table {
    ($name:literal) => {
        Table::read($name, include_str!(concat!("../../../../tests/validation/", $name)))
    };
}
use table;

fn mixed_air(checks: &mut Checks) -> Result<(), Fault> {
    let mut air = Worst::absolute("mixed", "temperature of the mixed air", "°C");
    let mut humidity = Worst::relative("humidity_ratio", "humidity ratio of the mixed air", "kg/kg");
    let mut dew_point = Worst::absolute("dew_point", "dew point of the mixed air", "°C");
    let mut wetted = Worst::relative("pads", "humidity ratio behind the pads", "kg/kg");
    let mut rows = 0;
    for row in table!("mixing/mixed_air.csv")?.rows() {
        rows += 1;
        let [pressure, outdoor, share] = row.all(["pressure_Pa", "outdoor_C", "share"])?;
        let [h_return, w_return, w_out] =
            row.all(["return_J_per_kg", "return_kg_per_kg", "outdoor_kg_per_kg"])?;
        let at = format!("{outdoor} °C, share {share}, {} kPa", pressure / 1e3);
        let given = |pads: f64| -> Result<Component, Fault> {
            Component::new(
                "AirSideEconomizer",
                &[
                    ("outdoor_air_flow_design", 10.0),
                    ("fan_power_design", 0.0),
                    ("humidifier", pads),
                    // Pads that are asked for all they have.
                    ("dew_point_min", 20.0 + ZERO),
                    ("dew_point_max", 40.0 + ZERO),
                    ("make_up_temperature", ZERO),
                ],
            )
        };
        // 1 kg/s of the peer's return air.
        let inputs = [
            ("air_flow", 1.0),
            ("enthalpy", h_return),
            ("humidity_ratio", w_return),
            ("dry_bulb", outdoor + ZERO),
            ("outdoor_humidity", w_out),
            ("pressure", pressure),
            ("outdoor_share", share),
            ("locked", 0.0),
        ];
        let dry = given(0.0)?.evaluate(&inputs)?;
        let w = w_return + dry("moisture_to_air")?;
        let h = h_return + dry("heat_to_air")?;
        air.compare(moist_air::temperature_from_enthalpy(h, w) - ZERO, row.get("mixed_C")?, &at);
        humidity.compare(w, row.get("mixed_kg_per_kg")?, &at);
        dew_point.compare(dry("dew_point")? - ZERO, row.get("dew_point_C")?, &at);
        let wet = given(1.0)?.evaluate(&inputs)?;
        let expected = row.get("wetted_kg_per_kg")?.max(row.get("mixed_kg_per_kg")?);
        // The pads stop at the dew point that they hold.
        let held = moist_air::humidity_ratio_from_dew_point(20.0 + ZERO, pressure);
        wetted.compare(w_return + wet("moisture_to_air")?, expected.min(held.max(w)), &at);
    }
    checks.rows("rows", "states", rows, 24);
    checks.worst(air, 24, 1e-7, "ten printed digits");
    checks.worst(humidity, 24, 2e-9, "ten printed digits");
    checks.worst(dew_point, 24, 1e-7, "ten printed digits");
    checks.worst(wetted, 24, 2e-4, "psychrolib's wet bulb, by bisection to 0.001 K");
    Ok(())
}

fn valves(checks: &mut Checks) -> Result<(), Fault> {
    let mut forwards = Worst::relative("check_valve", "flow through the check valve", "m³/s");
    let mut backwards = Worst::absolute("closed", "flow against the check valve", "m³/s");
    let mut throttled = Worst::relative("throttle", "flow through the throttle", "m³/s");
    for row in table!("epanet/valves.csv")?.rows() {
        let [width, loss, head, expected] =
            row.all(["width_m", "loss_coefficient", "head_m", "flow_m3_per_s"])?;
        let area = core::f64::consts::FRAC_PI_4 * width * width;
        let checked = row.text("component")? == "CheckValve";
        let law = if checked {
            // K·ρ·v²/2 at 1 m/s
            Law::Check { drop: 0.5 * loss * 1000.0, flow: area }
        } else {
            // Kv: the flow at which that loss is 1 bar.
            let kv = area * f64::sqrt(2.0 * 1e5 / (1000.0 * loss));
            Law::Valve { kv, density: 1000.0, characteristic: Characteristic::Linear }
        };
        let control = (!checked).then_some(0);
        let nodes = [Node::Held(1000.0 * 9.806_65 * head), Node::Held(0.0)];
        let circuit =
            circuit(&nodes, &[Link { from: 0, to: 1, element: Element { law, control, units: 1.0 } }])?;
        let (branch, sign) = circuit.place(0);
        let got = sign * solve(&circuit, &[1.0])?.flows[branch];
        let at = format!("K {loss}, {head} m");
        match (checked, head > 0.0) {
            (true, true) => forwards.compare(got, expected, &at),
            (true, false) => backwards.compare(got, expected, &at),
            (false, _) => throttled.compare(got, expected, &at),
        }
    }
    // EPANET's 32.2 ft/s² is 0.08 % more than 9.80665 m/s²: 0.04 % of flow. The law is q·√(q² + ε²) with ε of 1 % of the rated flow,
    // ε²/4q² of flow: 0.13 % where 0.2 m drive 14 % of a Kv that is rated at 1 bar.
    let remains = "EPANET's gravity of 32.2 ft/s², 0.04 % of flow; the linear zone below 1 % of the rated flow, 0.13 % at 0.2 m";
    checks.about(&["CheckValve"]);
    checks.worst(forwards, 4, 1e-3, remains);
    checks.worst(backwards, 2, 1e-9, "the leak that keeps a closed valve's slope finite");
    checks.about(&["ControlValve"]);
    checks.worst(throttled, 12, 2e-3, remains);
    Ok(())
}

fn wind(checks: &mut Checks) -> Result<(), Fault> {
    let given = [
        ("rating", 3e6),
        ("hub_height", 10.0),
        ("losses", 0.0),
        ("power_at_3", 23.0 / 3000.0),
        ("power_at_4", 115.0 / 3000.0),
        ("power_at_5", 253.0 / 3000.0),
        ("power_at_6", 456.0 / 3000.0),
        ("power_at_7", 739.0 / 3000.0),
        ("power_at_8", 1114.0 / 3000.0),
        ("power_at_9", 1589.0 / 3000.0),
        ("power_at_10", 2151.0 / 3000.0),
        ("power_at_11", 2698.0 / 3000.0),
        ("power_at_12", 2967.0 / 3000.0),
        ("power_at_13", 1.0),
        ("power_at_14", 1.0),
        ("power_at_15", 1.0),
    ];
    let of = Component::new("WindTurbine", &given)?;
    let mut curve = Worst::relative("curve", "power at the density of the curve", "W");
    let mut thinner = Worst::relative("density", "power at 1.05 kg/m³, up to 7.5 m/s", "W");
    let mut strong = Worst::relative("density_above", "power at 1.05 kg/m³, above 7.5 m/s", "W");
    for row in table!("windpowerlib/power.csv")?.rows() {
        let [density, speed, expected] = row.all(["density_kg_per_m3", "wind_m_per_s", "power_W"])?;
        // Dry air of 15 °C at the pressure that gives this density.
        let inputs = [
            ("demand", 1e9),
            ("wind_speed", speed),
            ("dry_bulb", 288.15),
            ("pressure", density * 287.042 * 288.15),
        ];
        let got = of.evaluate(&inputs)?("generated")?;
        let worst = match (density, speed) {
            (1.225, _) => &mut curve,
            (_, ..7.5) => &mut thinner,
            _ => &mut strong,
        };
        worst.compare(got, expected, &format!("{speed} m/s"));
    }
    checks.worst(curve, 8, 1e-6, "printed digits");
    checks.worst(
        thinner,
        3,
        1e-6,
        "printed digits: to move the points of the curve, as the peer does, or the speed by one factor is the same on straight lines",
    );
    checks.worst_reported(
        strong,
        "the peer's exponent grows to 2/3 there (Svenningsen); ours is the standard's 1/3",
    );
    Ok(())
}
