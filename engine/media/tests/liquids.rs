//! Coolants against CoolProp 8.0.0 and the ASHRAE tables that EnergyPlus carries.

mod common;

use common::{Row, Worst, ZERO, table};
use media::liquid::Fluid;

/// Property by property, in the order density, specific heat, conductivity, viscosity.
const COLUMNS: [&str; 4] = ["rho_kg_per_m3", "cp_J_per_kgK", "k_W_per_mK", "mu_Pa_s"];
const NAMES: [&str; 4] = ["density", "specific heat", "conductivity", "viscosity"];

fn properties(fluid: Fluid, t: f64) -> [f64; 4] {
    [fluid.density(t), fluid.specific_heat(t), fluid.conductivity(t), fluid.viscosity(t)]
}

/// The fluid of a CoolProp name.
fn coolprop(name: &str) -> Option<Fluid> {
    Some(match name {
        "Water" => Fluid::Water,
        "INCOMP::MPG-20%" => Fluid::PropyleneGlycol20,
        "INCOMP::MPG-25%" => Fluid::PropyleneGlycol25,
        "INCOMP::MPG-30%" => Fluid::PropyleneGlycol30,
        "INCOMP::MEG-25%" => Fluid::EthyleneGlycol25,
        "INCOMP::MEG-30%" => Fluid::EthyleneGlycol30,
        _ => return None,
    })
}

/// Compare the rows that `select` maps to a fluid.
fn compare(file: &str, select: impl Fn(&str) -> Option<Fluid>, tolerances: [f64; 4], rows: usize) {
    let mut worst = NAMES.map(Worst::of);
    for row in table(file) {
        let (name, celsius) = (row.text("fluid"), row.get("t_C"));
        let Some(fluid) = select(name) else { continue };
        let at = format!("{name} at {celsius} °C");
        let computed = properties(fluid, celsius + ZERO);
        for ((worst, column), computed) in worst.iter_mut().zip(COLUMNS).zip(computed) {
            worst.relative(computed, Row::get(&row, column), &at);
        }
    }
    println!("{file}");
    for (worst, tolerance) in worst.into_iter().zip(tolerances) {
        worst.within(tolerance, rows);
    }
}

#[test]
fn water_is_that_of_iapws() {
    compare("water_liquid.csv", coolprop, [2e-5; 4], 22);
}

#[test]
fn glycols_are_those_of_melinder() {
    let tolerances = [1e-6; 4];
    compare("pg25.csv", coolprop, tolerances, 22);
    compare("glycols_other.csv", coolprop, tolerances, 88);
}

#[test]
fn liquids_hold_to_the_ends_of_their_range() {
    compare("liquid_ends.csv", coolprop, [2e-5; 4], 48);
}

#[test]
fn the_prandtl_number_follows_from_the_other_four() {
    let mut worst = Worst::of("Prandtl number");
    for file in ["water_liquid.csv", "pg25.csv", "glycols_other.csv"] {
        for row in table(file) {
            let Some(fluid) = coolprop(row.text("fluid")) else { continue };
            let celsius = row.get("t_C");
            worst.relative(
                fluid.prandtl(celsius + ZERO),
                row.get("prandtl"),
                &format!("{fluid} at {celsius} °C"),
            );
        }
    }
    worst.within(5e-5, 132);
}

#[test]
fn the_other_propylene_glycol_of_coolprop_differs_as_the_readme_says() {
    let other = |name: &str| (name == "INCOMP::MPG2-25%").then_some(Fluid::PropyleneGlycol25);
    compare("pg25.csv", other, [5e-3, 2.3e-2, 1e-2, 5e-2], 13);
}

#[test]
fn the_tables_of_energyplus_differ_as_the_readme_says() {
    let fluids = [
        (Fluid::PropyleneGlycol20, "PG20", [7e-3, 4e-3, 2.5e-2, 7e-2]),
        (Fluid::PropyleneGlycol25, "PG25lin", [7e-3, 4e-3, 2.5e-2, 7e-2]),
        (Fluid::PropyleneGlycol30, "PG30", [7e-3, 4e-3, 2.5e-2, 7e-2]),
    ];
    for (fluid, suffix, tolerances) in fluids {
        let mut worst = NAMES.map(Worst::of);
        for row in table("pg25_energyplus_tables.csv") {
            let celsius = row.get("t_C");
            let computed = properties(fluid, celsius + ZERO);
            for ((worst, column), computed) in worst.iter_mut().zip(COLUMNS).zip(computed) {
                let expected = row.get(&format!("{column}_{suffix}"));
                worst.relative(computed, expected, &format!("{suffix} at {celsius} °C"));
            }
        }
        for (worst, tolerance) in worst.into_iter().zip(tolerances) {
            worst.within(tolerance, 17);
        }
    }
}

#[test]
fn glycols_freeze_where_melinder_says() {
    let mut worst = Worst::of("freezing point [K]");
    for row in table("glycol_freeze.csv") {
        let name = row.text("fluid");
        let Some(fluid) = coolprop(&format!("INCOMP::{name}")) else { continue };
        let point = fluid.freezing_point().expect("a glycol freezes");
        worst.absolute(point - ZERO, row.get("t_freeze_C"), name);
    }
    worst.within(1e-3, 5);
}
