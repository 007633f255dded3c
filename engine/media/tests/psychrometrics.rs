//! Moist air against psychrolib 2.5.0 (the same equations) and CoolProp 8.0.0 (a real gas).

mod common;

use common::{Row, Worst, ZERO, table};
use media::moist_air::*;

/// All psychrolib columns of a table with `rows` rows.
///
/// `relative` for W, h, v, ρ, p_w and φ, `kelvin` for wet bulb and dew point, `ratio` [kg/kg] for W from the wet bulb.
fn same_equations(file: &str, rows: usize, [relative_to, kelvin_to, ratio_to]: [f64; 3]) {
    let mut relative = ["W", "h", "v", "rho", "pv", "rh"].map(Worst::of);
    let mut kelvin = ["wet bulb", "wet bulb on ice", "dew point", "frost point"].map(Worst::of);
    let mut back = Worst::of("W from the wet bulb");
    let (mut ice, mut frost) = (0, 0);
    for row in table(file) {
        let state = ["tdb_C", "rh_frac", "p_Pa"].map(|column| row.get(column));
        let ([t, rh, p], at) = (state, format!("{state:?}"));
        let t = t + ZERO;
        let w = humidity_ratio_from_relative_humidity(t, rh, p);
        let of = |column| Row::get(&row, column);
        let expected = of("W_kg_per_kgda");
        relative[0].relative(w, expected, &at);
        // Enthalpy passes zero: relative to the 1 kJ/kg below which a percentage means nothing.
        let h = of("h_J_per_kgda");
        relative[1].absolute((enthalpy(t, expected) - h) / h.abs().max(1000.0), 0.0, &at);
        relative[2].relative(specific_volume(t, expected, p), of("v_m3_per_kgda"), &at);
        relative[3].relative(density(t, expected, p), of("rho_kg_per_m3"), &at);
        relative[4].relative(vapour_pressure(expected, p), of("pv_Pa"), &at);
        relative[5].relative(relative_humidity(t, expected, p), rh, &at);
        let (wet, dew) = (of("twb_C"), of("tdp_C"));
        let on_ice = wet < 0.0;
        kelvin[usize::from(on_ice)].absolute(wet_bulb(t, expected, p) - ZERO, wet, &at);
        ice += usize::from(on_ice);
        let is_frost = dew < 0.01;
        kelvin[2 + usize::from(is_frost)].absolute(dew_point(expected, p) - ZERO, dew, &at);
        frost += usize::from(is_frost);
        // The printed wet bulb has a rounding that shows in very dry air: absolute, in kg/kg.
        back.absolute(humidity_ratio_from_wet_bulb(t, wet + ZERO, p), expected, &at);
    }
    for worst in relative {
        worst.within(relative_to, rows);
    }
    assert!(ice > rows / 6 && frost > rows / 4, "{ice} on ice, {frost} frost points: too few to count");
    for (worst, count) in kelvin.into_iter().zip([rows - ice, ice, rows - frost, frost]) {
        worst.within(kelvin_to, count);
    }
    back.within(ratio_to, rows);
}

#[test]
fn moist_air_is_that_of_psychrolib() {
    // Nine printed digits; psychrolib stopped its bisection at 0.001 K, worth 3e−6 in W where it is hottest.
    same_equations("psychrometrics.csv", 206, [2e-8, 1e-3, 3e-6]);
}

#[test]
fn moist_air_is_that_of_psychrolib_from_fifty_below_to_eighty_four_above() {
    // Twelve printed digits, bisection to 1e−10 K.
    same_equations("psychrometrics_wide.csv", 338, [2e-11, 1e-9, 1e-10]);
}

#[test]
fn moist_air_is_close_to_a_real_gas() {
    let mut names = ["W to 34 °C", "v", "h", "W above 34 °C"].map(Worst::of);
    let mut kelvin = ["wet bulb", "dew point"].map(Worst::of);
    let mut folded = Worst::of("wet bulb in the band of two answers");
    for row in table("psychrometrics.csv") {
        let state = ["tdb_C", "rh_frac", "p_Pa"].map(|column| row.get(column));
        let ([t, rh, p], at) = (state, format!("{state:?}"));
        let t = t + ZERO;
        let w = humidity_ratio_from_relative_humidity(t, rh, p);
        let hot = if t > 34.0 + ZERO { 3 } else { 0 };
        names[hot].relative(w, row.get("coolprop_W_kg_per_kgda"), &at);
        names[1].relative(specific_volume(t, w, p), row.get("coolprop_v_m3_per_kgda"), &at);
        let h = row.get("coolprop_h_J_per_kgda");
        names[2].absolute((enthalpy(t, w) - h) / h.abs().max(20_000.0), 0.0, &at);
        let (ours, theirs) = (wet_bulb(t, w, p) - ZERO, row.get("coolprop_twb_C"));
        let wet = if ours > 0.0 && theirs < 0.0 { &mut folded } else { &mut kelvin[0] };
        wet.absolute(ours, theirs, &at);
        kelvin[1].absolute(dew_point(w, p) - ZERO, row.get("coolprop_tdp_C"), &at);
    }
    let [w, v, h, w_hot] = names;
    w.within(5e-3, 148);
    w_hot.within(7e-3, 58);
    v.within(1e-3, 206);
    h.within(7e-3, 206);
    let [wet, dew] = kelvin;
    wet.within(0.05, 205);
    folded.within(0.5, 1);
    dew.within(0.05, 206);
}

#[test]
fn saturation_pressure_is_hyland_and_wexlers_and_near_the_steam_tables() {
    let mut same = Worst::of("p_ws against psychrolib");
    let mut steam = Worst::of("p_ws against IAPWS-95");
    for row in table("saturation_pressure.csv") {
        let celsius = row.get("t_C");
        let pressure = saturation_pressure(celsius + ZERO);
        same.relative(pressure, row.get("pws_psychrolib_Pa"), &format!("{celsius} °C"));
        if let Some(expected) = row.optional("pws_coolprop_Pa") {
            steam.relative(pressure, expected, &format!("{celsius} °C"));
        }
    }
    same.within(1e-8, 26);
    steam.within(3e-4, 18);
}

#[test]
fn standard_pressure_is_that_of_psychrolib() {
    let mut worst = Worst::of("standard pressure");
    for row in table("std_atmosphere.csv") {
        let elevation = row.get("altitude_m");
        worst.relative(standard_pressure(elevation), row.get("p_Pa"), &format!("{elevation} m"));
    }
    worst.within(1e-8, 14);
}

#[test]
fn a_wetted_pad_leaves_air_on_the_line_of_its_wet_bulb() {
    let mut wet = Worst::of("wet bulb [K]");
    let mut out = Worst::of("humidity ratio out");
    for row in table("direct_evap_cooler.csv") {
        let state = ["tdb_in_C", "rh_in_frac", "p_Pa", "effectiveness"].map(|column| row.get(column));
        let ([t, rh, p, effectiveness], at) = (state, format!("{state:?}"));
        let t = t + ZERO;
        let w = humidity_ratio_from_relative_humidity(t, rh, p);
        let wet_in = wet_bulb(t, w, p);
        wet.absolute(wet_in - ZERO, row.get("twb_C"), &at);
        let leaving = t - effectiveness * (t - wet_in);
        out.relative(humidity_ratio_from_wet_bulb(leaving, wet_in, p), row.get("W_out_kg_per_kgda"), &at);
    }
    wet.within(1e-3, 18);
    out.within(5e-5, 18);
}

#[test]
fn dry_air_is_near_the_real_gas() {
    let mut density = Worst::of("density");
    let mut heat = Worst::of("specific heat");
    let mut viscous = Worst::of("viscosity");
    let mut conducts = Worst::of("conductivity");
    let mut number = Worst::of("Prandtl number");
    for row in table("dry_air.csv") {
        let [celsius, p] = ["t_C", "p_Pa"].map(|column| row.get(column));
        let (t, at) = (celsius + ZERO, format!("{celsius} °C, {p} Pa"));
        density.relative(dry_air_density(t, 0.0, p), row.get("rho_kg_per_m3"), &at);
        heat.relative(specific_heat(0.0), row.get("cp_J_per_kgK"), &at);
        viscous.relative(viscosity(t), row.get("mu_Pa_s"), &at);
        conducts.relative(conductivity(t), row.get("k_W_per_mK"), &at);
        number.relative(prandtl(t), row.get("prandtl"), &at);
    }
    density.within(1.5e-3, 34);
    heat.within(4e-3, 34);
    viscous.within(5e-4, 34);
    conducts.within(5e-4, 34);
    number.within(4e-3, 34);
}

#[test]
fn the_heat_of_evaporation_is_near_the_steam_tables() {
    let mut cool = Worst::of("h_fg to 60 °C");
    let mut hot = Worst::of("h_fg above");
    for row in table("water_latent_heat.csv") {
        let celsius = row.get("t_C");
        let worst = if celsius <= 60.0 { &mut cool } else { &mut hot };
        worst.relative(
            media::water::latent_heat(celsius + ZERO),
            row.get("h_fg_J_per_kg"),
            &format!("{celsius} °C"),
        );
    }
    cool.within(2e-3, 12);
    hot.within(6e-3, 2);
}
