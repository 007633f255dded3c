//! Moist air against psychrolib (the same equations) and CoolProp (a real gas).

use super::{COOLPROP, PSYCHROLIB, ZERO, table};
use crate::{Case, Checks, Fault, Row, Table, Worst};
use media::moist_air::{
    conductivity, density, dew_point, dry_air_density, enthalpy, humidity_ratio_from_relative_humidity,
    humidity_ratio_from_wet_bulb, prandtl, relative_humidity, saturation_pressure, specific_heat,
    specific_volume, standard_pressure, vapour_pressure, viscosity, wet_bulb,
};

const MOIST_AIR: &[&str] = &["moist air"];

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "moist_air",
        title: "Moist air, −20 to 50 °C at four pressures",
        source: &PSYCHROLIB,
        covers: MOIST_AIR,
        evaluate: ordinary,
    },
    Case {
        id: "moist_air_wide",
        title: "Moist air, −50 to 84 °C, 60 to 110 kPa",
        source: &PSYCHROLIB,
        covers: MOIST_AIR,
        evaluate: wide,
    },
    Case {
        id: "saturation",
        title: "Saturation pressure over ice and water, and the standard atmosphere",
        source: &PSYCHROLIB,
        covers: MOIST_AIR,
        evaluate: saturation,
    },
    Case {
        id: "wetted_pad",
        title: "Adiabatic saturation along the wet bulb",
        source: &PSYCHROLIB,
        covers: MOIST_AIR,
        evaluate: wetted_pad,
    },
    Case {
        id: "moist_air_real_gas",
        title: "Moist air against a real gas",
        source: &COOLPROP,
        covers: MOIST_AIR,
        evaluate: real_gas,
    },
    Case {
        id: "saturation_steam",
        title: "Saturation pressure and heat of evaporation against the steam tables",
        source: &COOLPROP,
        covers: &["moist air", "water"],
        evaluate: steam,
    },
    Case {
        id: "dry_air",
        title: "Dry air, −30 to 80 °C at two pressures",
        source: &COOLPROP,
        covers: MOIST_AIR,
        evaluate: dry_air,
    },
];

/// The state of a row, and its name.
fn state(row: &Row) -> Result<([f64; 3], String), Fault> {
    let [celsius, rh, pressure] = row.all(["tdb_C", "rh_frac", "p_Pa"])?;
    let at = format!("{celsius} °C, φ {rh}, {:.3} kPa", pressure / 1e3);
    Ok(([celsius + ZERO, rh, pressure], at))
}

fn ordinary(checks: &mut Checks) -> Result<(), Fault> {
    let remains = [
        "nine printed digits",
        "psychrolib halves its interval until it is below 0.001 K",
        "nine printed digits",
        "that 0.001 K again, worth most where air is hottest",
    ];
    same_equations(checks, &table!("psychrometrics.csv")?, [2e-8, 1e-3, 1e-6, 3e-6], remains)
}

fn wide(checks: &mut Checks) -> Result<(), Fault> {
    let stopping = "both programs' stopping";
    let remains = ["twelve printed digits", stopping, stopping, "the digits of the wet bulb"];
    same_equations(checks, &table!("psychrometrics_wide.csv")?, [2e-11, 1e-9, 1e-9, 1e-10], remains)
}

/// All psychrolib columns of a table; tolerances and remainders of ratios, wet bulbs, dew points, and W from the wet bulb.
fn same_equations(
    checks: &mut Checks,
    table: &Table,
    [relative_to, wet_to, dew_to, ratio_to]: [f64; 4],
    [relative_remains, wet_remains, dew_remains, ratio_remains]: [&str; 4],
) -> Result<(), Fault> {
    let mut relative = [
        Worst::relative("humidity_ratio", "humidity ratio", "kg/kg"),
        Worst::relative("enthalpy", "enthalpy, relative to at least 1 kJ/kg", "J/kg"),
        Worst::relative("specific_volume", "specific volume", "m³/kg"),
        Worst::relative("density", "density", "kg/m³"),
        Worst::relative("vapour_pressure", "vapour pressure", "Pa"),
        Worst::relative("relative_humidity", "relative humidity", ""),
    ];
    let mut kelvin = [
        Worst::absolute("wet_bulb", "wet bulb over water", "°C"),
        Worst::absolute("wet_bulb_ice", "wet bulb over ice", "°C"),
        Worst::absolute("dew_point", "dew point", "°C"),
        Worst::absolute("frost_point", "frost point", "°C"),
    ];
    let mut back = Worst::absolute("from_wet_bulb", "humidity ratio from the wet bulb", "kg/kg");
    let (rows, mut ice, mut frost) = (table.len(), 0, 0);
    for row in table.rows() {
        let ([t, rh, p], at) = state(&row)?;
        let w = row.get("W_kg_per_kgda")?;
        relative[0].compare(humidity_ratio_from_relative_humidity(t, rh, p), w, &at);
        // Enthalpy passes zero: relative to the 1 kJ/kg below which a percentage means nothing.
        let h = row.get("h_J_per_kgda")?;
        relative[1].compare_in(enthalpy(t, w), h, h.abs().max(1000.0), &at);
        relative[2].compare(specific_volume(t, w, p), row.get("v_m3_per_kgda")?, &at);
        relative[3].compare(density(t, w, p), row.get("rho_kg_per_m3")?, &at);
        relative[4].compare(vapour_pressure(w, p), row.get("pv_Pa")?, &at);
        relative[5].compare(relative_humidity(t, w, p), rh, &at);
        let [wet, dew] = row.all(["twb_C", "tdp_C"])?;
        let (on_ice, is_frost) = (wet < 0.0, dew < 0.01);
        kelvin[usize::from(on_ice)].compare(wet_bulb(t, w, p) - ZERO, wet, &at);
        kelvin[2 + usize::from(is_frost)].compare(dew_point(w, p) - ZERO, dew, &at);
        ice += usize::from(on_ice);
        frost += usize::from(is_frost);
        // The printed wet bulb has a rounding that shows in very dry air: absolute, in kg/kg.
        back.compare(humidity_ratio_from_wet_bulb(t, wet + ZERO, p), w, &at);
    }
    for worst in relative {
        checks.worst(worst, rows, relative_to, relative_remains);
    }
    let [water, on_ice, dew, is_frost] = kelvin;
    for (worst, count) in [(water, rows - ice), (on_ice, ice)] {
        checks.worst(worst, count, wet_to, wet_remains);
    }
    for (worst, count) in [(dew, rows - frost), (is_frost, frost)] {
        checks.worst(worst, count, dew_to, dew_remains);
    }
    checks.worst(back, rows, ratio_to, ratio_remains);
    Ok(())
}

fn real_gas(checks: &mut Checks) -> Result<(), Fault> {
    let mut cool = Worst::relative("humidity_ratio", "humidity ratio to 34 °C", "kg/kg");
    let mut hot = Worst::relative("humidity_ratio_hot", "humidity ratio above 34 °C", "kg/kg");
    let mut volume = Worst::relative("specific_volume", "specific volume", "m³/kg");
    let mut heat = Worst::relative("enthalpy", "enthalpy, relative to at least 20 kJ/kg", "J/kg");
    let mut wet = Worst::absolute("wet_bulb", "wet bulb", "°C");
    let mut folded = Worst::absolute("wet_bulb_folded", "wet bulb in the band of two answers", "°C");
    let mut dew = Worst::absolute("dew_point", "dew point", "°C");
    for row in table!("psychrometrics.csv")?.rows() {
        let ([t, rh, p], at) = state(&row)?;
        let w = humidity_ratio_from_relative_humidity(t, rh, p);
        let ratio = if t > 34.0 + ZERO { &mut hot } else { &mut cool };
        ratio.compare(w, row.get("coolprop_W_kg_per_kgda")?, &at);
        volume.compare(specific_volume(t, w, p), row.get("coolprop_v_m3_per_kgda")?, &at);
        let h = row.get("coolprop_h_J_per_kgda")?;
        heat.compare_in(enthalpy(t, w), h, h.abs().max(20_000.0), &at);
        let (ours, theirs) = (wet_bulb(t, w, p) - ZERO, row.get("coolprop_twb_C")?);
        let of = if ours > 0.0 && theirs < 0.0 { &mut folded } else { &mut wet };
        of.compare(ours, theirs, &at);
        dew.compare(dew_point(w, p) - ZERO, row.get("coolprop_tdp_C")?, &at);
    }
    let enhancement = "the enhancement factor 1.004 … 1.005, which ASHRAE's ideal mixture leaves out; in W it is \
                       divided by 1 − p_w/p, so hot humid air shows it most";
    checks.worst(cool, 148, 5e-3, enhancement);
    checks.worst(hot, 58, 7e-3, enhancement);
    checks.worst(volume, 206, 1e-3, "compressibility, which an ideal mixture lacks: at −20 °C and 1 atm real air fills 0.09 % less, when warm or thin less than that");
    checks.worst(heat, 206, 7e-3, "the enhancement factor in W; constant specific heats");
    checks.worst(wet, 205, 0.05, "the enhancement factor; constant specific heats");
    let two = "ASHRAE's equations over water and over ice do not meet at 0 °C, so a narrow band of states has two wet bulbs: \
               we take water's, CoolProp ice's";
    checks.worst(folded, 1, 0.5, two);
    checks.worst(dew, 206, 0.05, "the enhancement factor");
    Ok(())
}

fn saturation(checks: &mut Checks) -> Result<(), Fault> {
    let mut pressure = Worst::relative("pressure", "saturation pressure", "Pa");
    for row in table!("saturation_pressure.csv")?.rows() {
        let celsius = row.get("t_C")?;
        let expected = row.get("pws_psychrolib_Pa")?;
        pressure.compare(saturation_pressure(celsius + ZERO), expected, &format!("{celsius} °C"));
    }
    checks.worst(pressure, 26, 1e-8, "printed digits");
    let mut standard = Worst::relative("standard", "pressure of the standard atmosphere", "Pa");
    for row in table!("std_atmosphere.csv")?.rows() {
        let elevation = row.get("altitude_m")?;
        standard.compare(standard_pressure(elevation), row.get("p_Pa")?, &format!("{elevation} m"));
    }
    checks.worst(standard, 14, 1e-8, "printed digits");
    Ok(())
}

fn steam(checks: &mut Checks) -> Result<(), Fault> {
    let mut pressure = Worst::relative("pressure", "saturation pressure over water", "Pa");
    for row in table!("saturation_pressure.csv")?.rows() {
        let celsius = row.get("t_C")?;
        if let Some(expected) = row.optional("pws_coolprop_Pa")? {
            pressure.compare(saturation_pressure(celsius + ZERO), expected, &format!("{celsius} °C"));
        }
    }
    checks.worst(pressure, 18, 3e-4, "Hyland and Wexler 1983 against IAPWS-95, and ITS-68 against ITS-90");
    let mut cool = Worst::relative("evaporation", "heat of evaporation to 60 °C", "J/kg");
    let mut hot = Worst::relative("evaporation_hot", "heat of evaporation above 60 °C", "J/kg");
    for row in table!("water_latent_heat.csv")?.rows() {
        let celsius = row.get("t_C")?;
        let of = if celsius <= 60.0 { &mut cool } else { &mut hot };
        let got = media::water::latent_heat(celsius + ZERO);
        of.compare(got, row.get("h_fg_J_per_kg")?, &format!("{celsius} °C"));
    }
    let line = "a straight line, kept because with it and 4186 J/(kg K) the energy of water and of moist air closes exactly";
    checks.worst(cool, 12, 2e-3, line);
    checks.worst(hot, 2, 6e-3, line);
    Ok(())
}

fn wetted_pad(checks: &mut Checks) -> Result<(), Fault> {
    let mut wet = Worst::absolute("wet_bulb", "wet bulb of the entering air", "°C");
    let mut out = Worst::relative("humidity_ratio", "humidity ratio of the leaving air", "kg/kg");
    for row in table!("direct_evap_cooler.csv")?.rows() {
        let [celsius, rh, p, effectiveness] = row.all(["tdb_in_C", "rh_in_frac", "p_Pa", "effectiveness"])?;
        let at = format!("{celsius} °C, φ {rh}, effectiveness {effectiveness}");
        let t = celsius + ZERO;
        let w = humidity_ratio_from_relative_humidity(t, rh, p);
        let wet_in = wet_bulb(t, w, p);
        wet.compare(wet_in - ZERO, row.get("twb_C")?, &at);
        let leaving = t - effectiveness * (t - wet_in);
        out.compare(humidity_ratio_from_wet_bulb(leaving, wet_in, p), row.get("W_out_kg_per_kgda")?, &at);
    }
    checks.worst(wet, 18, 1e-3, "psychrolib's bisection");
    checks.worst(out, 18, 5e-5, "psychrolib's bisection");
    Ok(())
}

fn dry_air(checks: &mut Checks) -> Result<(), Fault> {
    let mut thick = Worst::relative("density", "density", "kg/m³");
    let mut heat = Worst::relative("specific_heat", "specific heat", "J/(kg K)");
    let mut viscous = Worst::relative("viscosity", "viscosity", "Pa s");
    let mut conducts = Worst::relative("conductivity", "conductivity", "W/(m K)");
    let mut number = Worst::relative("prandtl", "Prandtl number", "");
    for row in table!("dry_air.csv")?.rows() {
        let [celsius, p] = row.all(["t_C", "p_Pa"])?;
        let (t, at) = (celsius + ZERO, format!("{celsius} °C, {:.3} kPa", p / 1e3));
        thick.compare(dry_air_density(t, 0.0, p), row.get("rho_kg_per_m3")?, &at);
        heat.compare(specific_heat(0.0), row.get("cp_J_per_kgK")?, &at);
        viscous.compare(viscosity(t), row.get("mu_Pa_s")?, &at);
        conducts.compare(conductivity(t), row.get("k_W_per_mK")?, &at);
        number.compare(prandtl(t), row.get("prandtl")?, &at);
    }
    checks.worst(thick, 34, 1.5e-3, "compressibility");
    checks.worst(heat, 34, 4e-3, "ASHRAE's constant 1006 J/(kg K)");
    let fit = "our own fit to this source at 101.325 kPa; at 84 kPa the source moves by as much";
    checks.held(viscous, 34, 5e-4, fit);
    checks.held(conducts, 34, 5e-4, fit);
    checks.held(
        number,
        34,
        4e-3,
        "two of its parts are our own fits to this source; the constant specific heat",
    );
    Ok(())
}
