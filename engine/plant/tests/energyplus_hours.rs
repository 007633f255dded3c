//! Dry cooler and tower against single hours of whole-plant runs of EnergyPlus 25.2: `tests/validation/energyplus/`.
//!
//! What entered in such an hour is given, what the control of the plant found is found again by bisection. The hours are
//! calm ones, in which the weather hardly moves: the mean of a cube is not the cube of a mean.

mod support;

use media::moist_air;
use plant::cooling::{dry_cooler, open_tower};
use support::{parameters, table};

const ZERO: f64 = 273.15;
/// Chicago's airport stands at 201 m.
const ELEVATION: f64 = 201.0;

/// Where a rising function of 0…1 reaches `wanted`.
fn found(wanted: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if f(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[test]
fn a_dry_cooler_of_two_speeds_has_the_peers_conductances_fan_power_and_water() {
    let given = [
        ("capacity_design", 1e6),
        // The peer sizes with water of 5.05 °C: 23.9 L/s · 999.97 kg/m³ · 4.18 kJ/(kg K) = 99.9 kW/K; 50 − 10.01 − 35 K
        ("range_design", 10.01),
        ("approach_design", 4.99),
        ("air_flow_design", 87.0),
        ("fan_power_design", 25e3),
        ("water_content", 1.0),
    ];
    let chosen = [("fans", "TwoSpeed"), ("rated_at", "SiteLevel"), ("rated_in", "DesignAir")];
    let p = dry_cooler::Parameters::from_values(&parameters(
        &dry_cooler::DryCooler,
        &given,
        &chosen,
        moist_air::standard_pressure(ELEVATION),
    ));
    println!("conductances {:.0} and {:.0} W/K", p.conductance_design, p.conductance_low);
    // The rest is the heat capacity of air, 0.1 % less with the peer.
    assert!((p.conductance_design / 276_223.67 - 1.0).abs() < 3e-3, "{}", p.conductance_design);
    assert!((p.conductance_low / 77_665.98 - 1.0).abs() < 2e-3, "{}", p.conductance_low);

    let header = "hour_index0,dry_bulb_C,wet_bulb_C,pressure_Pa,water_in_C,water_out_C,heat_W,fan_W";
    let (mut held, mut hot) = ((0, 0.0_f64), (0, 0.0_f64));
    for [hour, dry_bulb, wet_bulb, pressure, water_in, water_out, heat, fan] in
        table("energyplus/hours_lc_dry.csv", header)
    {
        let (dry_bulb, wet_bulb) = (dry_bulb + ZERO, wet_bulb + ZERO);
        let rate = heat / (water_in - water_out);
        let at = |fan_speed: f64| {
            let i = dry_cooler::Inputs {
                water_in: water_in + ZERO,
                water_flow: rate / 4180.0,
                specific_heat: 4180.0,
                dry_bulb,
                humidity_ratio: moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
                pressure,
                fan_speed,
            };
            dry_cooler::evaluate(&p, &i)
        };
        if fan < 25e3 {
            let o = at(found(heat, |speed| -at(speed).heat_to_water));
            println!("hour {hour}: fan {:.1} W, EnergyPlus {fan:.1} W", o.power);
            held = (held.0 + 1, held.1.max((o.power / fan - 1.0).abs()));
        } else {
            let warmer = water_in + at(1.0).heat_to_water / rate - water_out;
            println!("hour {hour}: water {warmer:+.4} K");
            hot = (hot.0 + 1, hot.1.max(warmer.abs()));
        }
    }
    println!("fan power within {:.2e}, water within {:.4} K", held.1, hot.1);
    // What remains is the air: heat capacity and density of the peer's psychrometrics, and the spread of an hour.
    assert!(held.0 == 24 && held.1 < 0.01, "{held:?}");
    assert!(hot.0 == 5 && hot.1 < 0.03, "{hot:?}");
}

#[test]
fn a_tower_at_part_of_its_water_flow_needs_the_peers_air() {
    let given = [
        // 43 L/s of 30 °C over 5.6 K
        ("capacity_design", 1.0021e6),
        ("air_flow_design", 27.6),
        ("fan_power_design", 10.5e3),
        ("drift", 5e-5),
        ("water_content", 5.0),
    ];
    let of = |conventions: &str| {
        let chosen = [("conventions", conventions)];
        open_tower::Parameters::from_values(&parameters(
            &open_tower::OpenTower,
            &given,
            &chosen,
            moist_air::standard_pressure(ELEVATION),
        ))
    };
    let (peer, ours) = (of("EnergyPlus"), of("Isotherm"));
    let header =
        "hour_index0,dry_bulb_C,wet_bulb_C,pressure_Pa,water_in_C,water_out_C,heat_W,fan_W,air_flow_ratio";
    let (mut held, mut hot) = ((0, 0.0_f64), (0, 0.0_f64));
    for [hour, dry_bulb, wet_bulb, pressure, water_in, water_out, heat, fan, air] in
        table("energyplus/hours_lc_tower.csv", header)
    {
        let (dry_bulb, wet_bulb) = (dry_bulb + ZERO, wet_bulb + ZERO);
        let at = |p: &open_tower::Parameters<f64>, fan_speed: f64| {
            let i = open_tower::Inputs {
                water_in: water_in + ZERO,
                water_flow: heat / (water_in - water_out) / 4180.0,
                specific_heat: 4180.0,
                basin: 5000.0,
                dry_bulb,
                wet_bulb,
                humidity_ratio: moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
                pressure,
                fan_speed,
            };
            open_tower::evaluate(p, &i)
        };
        if air < 0.9999 {
            let cooled = |p| found(-water_out, |speed| ZERO - at(p, speed).water_leaving);
            let speed = cooled(&peer);
            let o = at(&peer, speed);
            println!("hour {hour}: air {speed:.4}, EnergyPlus {air:.4}; fan {:.1} W, {fan:.1} W", o.power);
            held = (held.0 + 1, held.1.max((speed / air - 1.0).abs()));
            // It runs at 41 % of its water; at the correlation's 75 % it would need far more air.
            assert!(air > 0.6 || cooled(&ours) > 1.5 * air, "hour {hour}");
            assert!(o.flow_outside > 0.3, "hour {hour}");
        } else {
            let warmer = at(&peer, 1.0).water_leaving - ZERO - water_out;
            println!("hour {hour}: water {warmer:+.4} K");
            hot = (hot.0 + 1, hot.1.max(warmer.abs()));
        }
    }
    println!("air within {:.2e}, water within {:.4} K", held.1, hot.1);
    assert!(held.0 == 17 && held.1 < 0.01, "{held:?}");
    assert!(hot.0 == 3 && hot.1 < 0.03, "{hot:?}");
}
