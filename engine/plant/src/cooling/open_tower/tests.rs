//! Hand calculations.

use super::*;

/// 1.2424 MW, 25.6 °C wet bulb, approach 3.9 K, range 5.6 K, 34.5 m³/s, 13.125 kW.
fn tower(model: f64, conventions: f64) -> Parameters<f64> {
    let mut p = Parameters {
        capacity_design: 1_242_442.277,
        wet_bulb_design: 298.75,
        approach_design: 3.9,
        range_design: 5.6,
        air_flow_design: 34.5,
        fan_power_design: 13_125.0,
        fan_speed_min: 0.2,
        free_convection: 0.125,
        cycles_of_concentration: 5.0,
        drift: 5e-5,
        water_content: 6.4,
        level_time: 300.0,
        make_up_temperature: 288.15,
        supply_setpoint: 297.15,
        model,
        conventions,
        flow_reference: 0.0,
        conductance_design: 0.0,
        basin_design: 0.0,
    };
    size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
    p
}

fn at(dry_bulb: f64, wet_bulb: f64, water_in: f64, fan_speed: f64) -> Inputs<f64> {
    let pressure = 101_325.0;
    Inputs {
        water_in,
        // 1242.4 kW / 5.6 K = 221.86 kW/K
        water_flow: 1_242_442.277 / 5.6 / 4180.0,
        specific_heat: 4180.0,
        // more than the 6388 kg of the design level
        basin: 7000.0,
        dry_bulb,
        wet_bulb,
        humidity_ratio: moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
        pressure,
        fan_speed,
    }
}

fn design() -> Inputs<f64> {
    // 25.6 + 3.9 + 5.6 = 35.1 °C
    at(308.15, 298.75, 308.25, 1.0)
}

#[test]
fn at_the_design_point_both_models_reject_the_capacity() {
    for model in [0.0, 1.0] {
        let o = evaluate(&tower(model, 0.0), &design());
        assert!((o.heat_to_water + 1_242_442.0).abs() < 5.0, "{model}: {}", o.heat_to_water);
        assert!((o.water_leaving - 302.65).abs() < 1e-4);
        assert_eq!(o.power, 13_125.0);
    }
}

#[test]
fn a_design_wet_bulb_above_the_correlation_is_met_too() {
    let mut p = Parameters { wet_bulb_design: 302.15, ..tower(0.0, 0.0) };
    size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
    // 29 + 3.9 + 5.6 = 38.5 °C, and the clamp of 2.3 K is said
    let o = evaluate(&p, &at(308.15, 302.15, 311.65, 1.0));
    assert!((o.water_leaving - 306.05).abs() < 1e-4 && (o.wet_bulb_outside - 2.3).abs() < 1e-9);
}

#[test]
fn what_lies_outside_of_its_model_is_said_of_either() {
    let close = |found: [f64; 4], expected: [f64; 4]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
    };
    let said = |o: Outputs<f64>| [o.wet_bulb_outside, o.flow_outside, o.air_outside, o.water_in_outside];
    for model in [0.0, 1.0] {
        close(said(evaluate(&tower(model, 0.0), &design())), [0.0; 4]);
    }
    // YorkCalc: a large approach is a large liquid-to-gas ratio, above 8 at the lowest speed; water of 51 °C is 1 K beyond.
    let mut p = Parameters { approach_design: 8.0, ..tower(0.0, 0.0) };
    size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap();
    let missing = p.flow_reference / 8.0 - 0.2;
    assert!(missing > 0.01, "{missing}");
    close(said(evaluate(&p, &at(308.15, 298.75, 324.15, 0.2))), [0.0, 0.0, missing, 1.0]);
    // Merkel: 25.6 less −2.4 °C is 28 K, 3 beyond 25; a quarter of the water, 0.05 below 0.3; draught of 0.125, 0.075 below 0.2.
    let mut i = at(275.0, 270.75, 303.15, 0.0);
    i.water_flow /= 4.0;
    close(said(evaluate(&tower(1.0, 0.0), &i)), [3.0, 0.05, 0.075, 0.0]);
}

#[test]
fn the_reference_flow_is_that_of_the_program() {
    assert!((tower(0.0, 0.0).flow_reference - 1.009_043_9).abs() < 1e-6);
}

#[test]
fn evaporation_is_the_humidity_gained_and_blowdown_a_quarter_of_it_at_five_cycles() {
    let o = evaluate(&tower(0.0, 0.0), &design());
    // 38.48 kg/s of air enter with 16.84 g/kg and 78.43 kJ/kg. 1242.4 kW and what evaporates (123.5 kJ/kg) bring
    // them to 32.32 °C saturated, 31.23 g/kg, 112.5 kJ/kg: 78.43 + 32.29 + 14.39e-3·123.5 = 112.5.
    // 38.48 · 14.39e-3 = 0.5536 kg/s
    assert!((o.evaporation - 0.5536).abs() < 2e-4, "{}", o.evaporation);
    // 221.86/4.186 kg/s · 0.005 % = 2.65 g/s;  e/(5 − 1) − drift
    assert!((o.drift - 2.650e-3).abs() < 1e-6);
    assert!((o.blowdown - (o.evaporation / 4.0 - o.drift)).abs() < 1e-15);
    // Full basin: nothing comes in yet, and 1000 kg too little call for 1000/300 kg/s.
    assert_eq!(o.make_up, 0.0);
    let low = evaluate(&tower(0.0, 0.0), &Inputs { basin: 5388.48, ..design() });
    assert!((low.make_up - 1000.0 / 300.0).abs() < 1e-3);
}

#[test]
fn make_up_cools_the_basin_by_its_own_enthalpy_and_the_account_says_so() {
    // 1000 kg too little call for 1000/300 = 3.333 kg/s of 15 °C into water that falls at 29.5 °C:
    // 3.333 · 4.186 kJ/(kg K) · 14.5 K = 202.32 kW less in the water, and as much less carried in
    let full = evaluate(&tower(0.0, 0.0), &design());
    let low = evaluate(&tower(0.0, 0.0), &Inputs { basin: 5388.48, ..design() });
    assert!((low.heat_to_water - full.heat_to_water + 202_323.0).abs() < 2.0, "{}", low.heat_to_water);
    assert!((low.water_enthalpy - full.water_enthalpy + 202_323.0).abs() < 2.0);
    assert_eq!(low.heat_rejected, full.heat_rejected);
    // the basin rises by what comes in less what leaves by three ways
    assert!((low.basin_inflow - (low.make_up - low.evaporation - low.drift - low.blowdown)).abs() < 1e-12);
}

#[test]
fn what_the_air_gains_is_rejected() {
    let (p, i) = (tower(0.0, 0.0), design());
    let o = evaluate(&p, &i);
    let air = 34.5 * moist_air::dry_air_density(i.dry_bulb, i.humidity_ratio, i.pressure);
    let w: f64 = i.humidity_ratio + o.evaporation / air;
    let t = moist_air::dew_point(w, i.pressure);
    let gained: f64 = air * (moist_air::enthalpy(t, w) - moist_air::enthalpy(i.dry_bulb, i.humidity_ratio));
    assert!((gained + 13_125.0 - o.heat_rejected).abs() < 1.0, "{gained} {}", o.heat_rejected);
}

#[test]
fn the_convention_of_energyplus_evaporates_three_to_eight_percent_less() {
    for i in [design(), at(285.0, 281.0, 302.15, 0.5), at(300.0, 290.0, 303.0, 0.8)] {
        let ours = evaluate(&tower(0.0, 0.0), &i).evaporation;
        let theirs = evaluate(&tower(0.0, 1.0), &i).evaporation;
        assert!(ours / theirs > 1.03 && ours / theirs < 1.08, "{}", ours / theirs);
    }
}

#[test]
fn what_the_convention_of_energyplus_leaves_out_is_metered() {
    for i in [design(), at(285.0, 281.0, 302.15, 0.5)] {
        let [ours, theirs] = [0.0, 1.0].map(|conventions| evaluate(&tower(1.0, conventions), &i));
        assert!((theirs.evaporation + theirs.evaporation_not_counted - ours.evaporation).abs() < 1e-12);
        assert!(theirs.evaporation_not_counted > 0.0 && ours.evaporation_not_counted == 0.0);
    }
}

#[test]
fn vapour_that_condenses_on_cold_water_fills_the_basin_and_nothing_is_drained() {
    // Water of 12 °C under air of 32 °C and 28 °C of wet bulb, 22.40 g/kg, 89.54 kJ/kg. UA is 75.24 kW/K · (1 − 0.0081 · 2.4),
    // ε 0.4707: the water falls at 19.53 °C and takes 1671 kW from 38.52 kg/s of air, which leaves saturated at 16.14 °C with
    // 11.47 g/kg: 38.52 · (11.47 − 22.40) g/kg = −0.421 kg/s.
    let p = tower(1.0, 0.0);
    let i = at(305.15, 301.15, 285.15, 1.0);
    let o = evaluate(&p, &i);
    assert!((o.evaporation / -0.4209 - 1.0).abs() < 5e-3, "{}", o.evaporation);
    assert!((o.heat_to_water / 1.671e6 - 1.0).abs() < 2e-3, "{}", o.heat_to_water);
    // Above its design level nothing comes in, and of what came as vapour nothing is drained: the level rises by it.
    assert!(i.basin > p.basin_design && o.make_up == 0.0 && o.blowdown == 0.0);
    assert!((o.basin_inflow - (-o.evaporation - o.drift)).abs() < 1e-12 && o.basin_inflow > 0.4);
    // What the water and the basin gain the air has lost.
    assert!((p.fan_power_design + o.water_enthalpy - o.heat_to_water - o.heat_rejected).abs() < 1e-6);
    // The peer's convention counts no vapour that condenses.
    assert_eq!(evaluate(&tower(1.0, 1.0), &i).evaporation, 0.0);
}

#[test]
fn below_the_lowest_speed_the_fans_run_part_of_the_time() {
    let p = tower(0.0, 0.0);
    let [off, half, on] = [0.0, 0.1, 0.2].map(|n| evaluate(&p, &at(280.0, 275.0, 303.15, n)));
    // 13.125 kW · 0.2³ = 105 W, half of the time
    assert!((on.power - 105.0).abs() < 1e-9 && (half.power - 52.5).abs() < 1e-9 && off.power == 0.0);
    assert!((half.heat_to_water - 0.5 * (off.heat_to_water + on.heat_to_water)).abs() < 1e-6);
    let full = evaluate(&p, &at(280.0, 275.0, 303.15, 1.0));
    assert!((off.heat_to_water / full.heat_to_water - 0.125).abs() < 1e-12);
}

#[test]
fn standing_water_is_neither_cooled_nor_lost() {
    for model in [0.0, 1.0] {
        let o = evaluate(&tower(model, 0.0), &Inputs { water_flow: 0.0, ..design() });
        assert_eq!([o.heat_to_water, o.evaporation, o.drift, o.blowdown], [0.0; 4]);
        assert_eq!([o.flow_outside, o.difference_outside, o.approach_outside], [0.0; 3]);
        assert_eq!(o.heat_rejected, o.power);
    }
}

#[test]
fn water_that_falls_below_freezing_says_by_how_far() {
    // 5 °C into air of −20 °C wet bulb at full speed: below 0 °C; 20 °C into 10 °C: not
    let cold = evaluate(&tower(0.0, 0.0), &at(254.15, 253.15, 278.15, 1.0));
    assert!(
        cold.water_leaving < 273.0 && (cold.below_freezing - (273.15 - cold.water_leaving)).abs() < 1e-9,
        "{cold:?}"
    );
    assert_eq!(evaluate(&tower(0.0, 0.0), &at(285.15, 283.15, 293.15, 1.0)).below_freezing, 0.0);
}

#[test]
fn water_below_the_wet_bulb_is_warmed_toward_it_and_no_further() {
    for model in [0.0, 1.0] {
        let o = evaluate(&tower(model, 0.0), &at(308.15, 300.15, 293.15, 1.0));
        assert!(o.heat_to_water > 0.0 && o.water_leaving > 293.15 && o.water_leaving < 300.15);
    }
}

#[test]
fn an_impossible_approach_is_refused_in_words() {
    let mut p = tower(0.0, 0.0);
    p.approach_design = 20.0;
    let message = size(&mut p, &Surroundings { pressure: 101_325.0 }).unwrap_err();
    assert!(message.contains("approach_design 20.0 K"), "{message}");
}
