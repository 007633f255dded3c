//! A hall of air-cooled racks that breathes: outdoor air at night, the chiller in the afternoon.
#![allow(missing_docs)]

mod common;
use common::{Builder, Swing, options};
use media::liquid::Fluid;
use plant::declare::{Use, Water};
use plant::plant::Plant;
use study::metrics::{Summary, evaluate};
use study::run::{Outcome, Run, Unobserved};

/// Ten racks of 30 kW between two aisles, an air handler with a chiller, and the damper box where there is one.
fn hall(economizer: Option<&[(&str, &str)]>) -> Plant {
    let mut b = Builder::new();
    let board = b.unit(
        "AirBoard",
        "hall.board",
        10.0,
        &[
            ("power_idle", "8 kW"),
            ("power_max", "30 kW"),
            ("conductance_design", "1.5 kW/K"),
            ("air_flow_design", "2.2 m3/s"),
            ("capacity", "60 kJ/K"),
            ("air_content", "1 m3"),
        ],
    );
    let fans = b.unit(
        "RackFans",
        "hall.fans",
        10.0,
        &[
            ("air_flow_design", "2.2 m3/s"),
            ("fan_power_design", "1.2 kW"),
            ("exhaust_setpoint", "38 °C"),
            ("air_content", "500 L"),
        ],
    );
    let aisles = b.unit("AislePair", "aisles", 1.0, &[("cold_volume", "150 m3"), ("hot_volume", "300 m3")]);
    let crah = b.unit(
        "Crah",
        "crah",
        1.0,
        &[
            ("capacity_design", "400 kW"),
            ("air_flow_design", "28.2 m3/s"),
            ("water_flow_design", "9.6 L/s"),
            ("return_air_design", "37 °C"),
            ("fan_power_design", "8 kW"),
            ("air_content", "80 m3"),
            ("water_content", "300 L"),
        ],
    );
    let pump = b.unit("Pump", "pump", 1.0, &[("flow_design", "10 L/s"), ("head_design", "150 kPa")]);
    let chiller = b.unit(
        "AirCooledChiller",
        "chiller",
        1.0,
        &[
            ("capacity_design", "450 kW"),
            ("cop_design", "4.6"),
            ("supply_design", "18 °C"),
            ("fan_power_design", "9 kW"),
            ("air_flow_design", "42 m3/s"),
            ("water_content", "900 L"),
        ],
    );
    b.wire(
        None,
        &[
            (board, "electricity"),
            (fans, "electricity"),
            (crah, "electricity"),
            (pump, "electricity"),
            (chiller, "electricity"),
        ],
    );
    let air = Fluid::Water;
    b.join(&[(crah, "air")], &[(aisles, "cold")], air);
    b.join(&[(aisles, "cold")], &[(board, "air")], air);
    b.join(&[(board, "air")], &[(fans, "air")], air);
    b.join(&[(fans, "air")], &[(aisles, "hot")], air);
    match economizer {
        Some(given) => {
            let given =
                [&[("outdoor_air_flow_design", "28.2 m3/s"), ("fan_power_design", "4.7 kW")], given].concat();
            let economizer = b.unit("AirSideEconomizer", "economizer", 1.0, &given);
            b.wire(None, &[(economizer, "electricity")]);
            b.join(&[(aisles, "hot")], &[(economizer, "air")], air);
            b.join(&[(economizer, "air")], &[(crah, "air")], air);
        }
        None => b.join(&[(aisles, "hot")], &[(crah, "air")], air),
    }
    b.join(&[(pump, "water")], &[(chiller, "chilled_water")], Fluid::Water);
    b.join(&[(chiller, "chilled_water")], &[(crah, "coil")], Fluid::Water);
    b.join(&[(crah, "coil")], &[(pump, "water")], Fluid::Water);
    b.group("hall", 10.0, &[board, fans]);
    b.plant
}

/// A day between 15 and 35 °C, its balances closed.
fn day(plant: &Plant) -> (Outcome, Summary) {
    let outcome = Run::start(plant, &Swing, &options(24.0), &mut Unobserved).unwrap();
    println!("{:?} {:?}", outcome.closure, outcome.statistics);
    let closure = &outcome.closure;
    assert!(closure.energy_relative.abs() < 1e-9 && closure.energy_worst < 1e-9);
    assert!(closure.water_relative.abs() < 1e-9 && closure.water_worst < 1e-9);
    assert!(closure.energy_recomputed.abs() < 1e-6);
    assert!(closure.electricity_relative.abs() < 1e-9);
    let summary = evaluate(plant, &outcome.accounts, outcome.closure, outcome.notes.clone(), None, None);
    (outcome, summary)
}

fn columns<const N: usize>(outcome: &Outcome, names: [&str; N]) -> [Vec<f64>; N] {
    names.map(|name| outcome.trajectory.named(name).unwrap_or_else(|| panic!("no column {name}")))
}

#[test]
fn outdoor_air_replaces_the_chiller_at_night_and_leaves_it_alone_in_the_afternoon() {
    let (outcome, summary) = day(&hall(Some(&[])));
    let (_, closed) = day(&hall(None));
    let [dry_bulb, share, mixed] =
        columns(&outcome, ["weather.dry_bulb", "economizer.share", "economizer.air_out"]);
    for (k, dry_bulb) in dry_bulb.iter().enumerate() {
        // locked above 25 °C, free again below 24 °C
        if *dry_bulb > 298.2 {
            assert_eq!(share[k], 0.0);
        }
        if *dry_bulb < 295.0 {
            assert!((mixed[k] - 296.15).abs() < 1.5, "{}", mixed[k]);
        }
        assert!((0.0..=1.0).contains(&share[k]));
    }
    let compressors = |s: &Summary| s.energy_kwh.iter().find(|e| e.0 == Use::Compressors).unwrap().1;
    println!("compressors {:.0} of {:.0} kWh", compressors(&summary), compressors(&closed));
    assert!(compressors(&summary) < 0.75 * compressors(&closed));
    assert!(summary.metrics.pue < closed.metrics.pue);
    assert_eq!(summary.metrics.water_m3, 0.0);
}

#[test]
fn without_a_lock_a_differential_control_keeps_out_what_is_warmer_than_the_return_air() {
    for control in ["DifferentialDryBulb", "DifferentialEnthalpy"] {
        let given = [("control", control), ("locked_above", "60 °C"), ("unlocked_below", "59 °C")];
        let (outcome, _) = day(&hall(Some(&given)));
        let [removed, share] = columns(&outcome, ["economizer.heat_removed", "economizer.share"]);
        // 33…35 °C is warmer than the return air of idle racks, near 32 °C: the damper closes and brings no heat
        assert!(removed.iter().all(|q| *q > -1.0), "{control}");
        assert!(share.iter().any(|s| *s > 0.9) && share.iter().any(|s| *s < 0.01));
    }
}

#[test]
fn pads_hold_the_dew_point_and_their_water_is_metered() {
    let humid = [("humidifier", "Pads"), ("dew_point_min", "9 °C"), ("bleed_ratio", "0.5")];
    let (outcome, summary) = day(&hall(Some(&humid)));
    let water = |account: Water| outcome.accounts.water(account);
    let [evaporated, bled, made_up] = [Water::Humidification, Water::Blowdown, Water::MakeUp].map(water);
    println!("evaporated {evaporated:.1} kg, bled {bled:.1} kg, made up {made_up:.1} kg");
    assert!(evaporated > 10.0 && (bled / evaporated - 0.5).abs() < 1e-9);
    assert!((made_up - evaporated - bled).abs() < 1e-9 * made_up);
    assert!((summary.metrics.water_m3 - made_up / 1000.0).abs() < 1e-12);
    let [dew_point] = columns(&outcome, ["economizer.dew_point"]);
    assert!(dew_point.iter().all(|d| *d > 282.15 - 1e-3));
    assert!(!outcome.notes.iter().any(|n| n.text.contains("drier")));
    // outdoor air of 6 g/kg alone has a dew point of 6.5 °C, and that is said
    let (dry, _) = day(&hall(Some(&[("dew_point_min", "9 °C")])));
    assert!(dry.notes.iter().any(|n| n.text.contains("drier")));
}
