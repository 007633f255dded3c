//! Water-side cooling against polynomials and curves of the EnergyPlus reference, and hours of its runs.

use super::{EFFECTIVENESS, ENERGYPLUS_HOURS, PSYCHROLIB, REFERENCE_CURVES, ZERO, table};
use crate::component::{SEA_LEVEL, outputs, parameters};
use crate::{Case, Checks, Fault, Row, Worst};
use media::moist_air;
use plant::cooling::{adiabatic_cooler, exchange, open_tower, water_cooled_chiller, york_calc};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "york_calc",
        title: "Approach of the YorkCalc tower",
        source: &REFERENCE_CURVES,
        covers: &["OpenTower"],
        evaluate: polynomial,
    },
    Case {
        id: "chiller_curves",
        title: "Electric chiller by its curves: three machines, full and part load",
        source: &REFERENCE_CURVES,
        covers: &["WaterCooledChiller"],
        evaluate: chiller_curves,
    },
    Case {
        id: "tower_hours",
        title: "Open tower in hours of a 1 MW plant",
        source: &ENERGYPLUS_HOURS,
        covers: &["OpenTower"],
        evaluate: tower_hours,
    },
    Case {
        id: "chiller_hours",
        title: "Electric chiller in the hours of the tower",
        source: &ENERGYPLUS_HOURS,
        covers: &["WaterCooledChiller"],
        evaluate: chiller_hours,
    },
    Case {
        id: "effectiveness",
        title: "Heat exchangers, balanced to one-sided, 0.25 to 8 transfer units",
        source: &EFFECTIVENESS,
        covers: &["heat exchangers"],
        evaluate: effectiveness,
    },
    Case {
        id: "wet_pads",
        title: "Pads before a dry cooler",
        source: &PSYCHROLIB,
        covers: &["AdiabaticCooler"],
        evaluate: pads,
    },
    Case {
        id: "fog",
        title: "Water sprayed at the wet bulb",
        source: &PSYCHROLIB,
        covers: &["Humidifier"],
        evaluate: fog,
    },
];

/// The tower of the peer's plant: its sized capacity over a range of 5.6 K.
fn peer_tower() -> Result<open_tower::Parameters<f64>, Fault> {
    let given = [
        ("capacity_design", 1_242_442.277_26),
        ("air_flow_design", 34.5),
        ("fan_power_design", 13_125.0),
        ("drift", 5e-5),
        ("water_content", 6.4),
    ];
    let values = parameters("OpenTower", &given, &SEA_LEVEL)?;
    Ok(open_tower::Parameters::from_values(&values))
}

fn tower_inputs(
    row: &Row,
    wet_bulb: f64,
    water_in: f64,
    fan_speed: f64,
) -> Result<open_tower::Inputs<f64>, Fault> {
    let dry_bulb = if row.has("Tdb_C") { row.get("Tdb_C")? + ZERO } else { wet_bulb + 5.0 };
    let pressure = if row.has("p_Pa") { row.get("p_Pa")? } else { SEA_LEVEL.pressure };
    Ok(open_tower::Inputs {
        water_in,
        water_flow: 1_242_442.277_26 / 5.6 / 4180.0,
        specific_heat: 4180.0,
        basin: 6400.0,
        dry_bulb,
        wet_bulb,
        humidity_ratio: moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure),
        pressure,
        fan_speed,
    })
}

fn polynomial(checks: &mut Checks) -> Result<(), Fault> {
    let mut approach = Worst::absolute("approach", "approach at a given range", "K");
    let mut solved = Worst::absolute("outlet", "approach solved from the inlet", "K");
    for row in table!("tower_approach_direct.csv")?.rows() {
        if row.text("model")? != "YorkCalc" {
            continue;
        }
        let [wet_bulb, range, air, water, expected] =
            row.all(["Twb_C", "Trange_K", "FR_air", "FR_water", "approach_K"])?;
        let at = format!("wet bulb {wet_bulb} °C, range {range} K, air {air}, water {water}");
        let wet_bulb = wet_bulb + ZERO;
        approach.compare(york_calc::approach(wet_bulb, range, water / air), expected, &at);
        // The same state from its inlet: the range is now unknown.
        let difference = range + expected;
        let cooled = york_calc::cooling(wet_bulb, difference, water / air);
        solved.compare(difference * (1.0 - cooled.effectiveness), expected, &at);
    }
    checks.worst(approach, 8, 1e-6, "printed digits");
    checks.worst(solved, 8, 1e-6, "printed digits");
    coefficients(checks)
}

/// A row of the table of coefficients at a state: `FRa^2*Twb` or `Twb^1 Tr^0 LG^2`.
fn term(row: &Row, [wet_bulb, range, air, water]: [f64; 4]) -> Result<f64, Fault> {
    let mut value = row.get("coefficient")?;
    for factor in row.text("term")?.split(['*', ' ']) {
        let (name, power) = factor.split_once('^').unwrap_or((factor, "1"));
        let power: i32 = power.parse().map_err(|_| Fault::Missing(format!("power in {factor}")))?;
        let base = match name {
            "1" => 1.0,
            "Twb" => wet_bulb,
            "Tr" => range,
            "FRa" => air,
            "FRw" => water,
            "LG" => water / air,
            other => return Err(Fault::Missing(format!("factor {other}"))),
        };
        value *= f64::powi(base, power);
    }
    Ok(value)
}

/// The polynomials of the table itself: ours term by term, and CoolTools', which no component follows, as a second opinion.
fn coefficients(checks: &mut Checks) -> Result<(), Fault> {
    let table = table!("tower_coefficients.csv")?;
    let sum = |model: &str, state: [f64; 4]| -> Result<f64, Fault> {
        let mut sum = 0.0;
        for row in table.rows() {
            if row.text("model")? == model {
                sum += term(&row, state)?;
            }
        }
        Ok(sum)
    };
    let mut ours = Worst::absolute("coefficients", "approach by the table of coefficients", "K");
    for wet_bulb in [-10.0, 5.0, 18.0, 26.0] {
        for (range, air, water) in [(2.0, 1.0, 0.8), (6.0, 0.4, 1.0), (15.0, 0.9, 1.2)] {
            let expected = sum("YorkCalc", [wet_bulb, range, air, water])?;
            let at = format!("wet bulb {wet_bulb} °C, range {range} K, air {air}, water {water}");
            ours.compare(york_calc::approach(wet_bulb + ZERO, range, water / air), expected, &at);
        }
    }
    let mut printed = Worst::absolute("cool_tools", "CoolTools' approach by its table of coefficients", "K");
    let mut apart = Worst::absolute("second_opinion", "YorkCalc's approach where CoolTools' is given", "K");
    for row in table!("tower_approach_direct.csv")?.rows() {
        if row.text("model")? != "CoolTools" {
            continue;
        }
        let [wet_bulb, range, air, water, expected] =
            row.all(["Twb_C", "Trange_K", "FR_air", "FR_water", "approach_K"])?;
        let at = format!("wet bulb {wet_bulb} °C, range {range} K, air {air}, water {water}");
        printed.compare(sum("CoolTools", [wet_bulb, range, air, water])?, expected, &at);
        apart.compare(york_calc::approach(wet_bulb + ZERO, range, water / air), expected, &at);
    }
    checks.worst(ours, 12, 1e-9, "the order of the sum");
    checks.held(
        printed,
        8,
        1e-6,
        "printed digits: the two tables of the source are of one polynomial, which no component follows",
    );
    checks.worst_reported(
        apart,
        "two fits of other towers: at the design point they are 0.05 K apart, at a third of the air 13 K",
    );
    Ok(())
}

fn tower_hours(checks: &mut Checks) -> Result<(), Fault> {
    let tower = peer_tower()?;
    checks.absolute(
        "flow_reference",
        "water flow, of design, at which the polynomial meets the design approach",
        "",
        tower.flow_reference,
        1.009_043_9,
        1e-6,
        "printed digits",
    );
    let mut peer = Worst::absolute("outlet", "temperature of the leaving water", "°C");
    let mut direct =
        Worst::absolute("polynomial", "leaving water by the polynomial at the hour's mean state", "°C");
    let mut fan = Worst::relative("fan_power", "fan power", "W");
    for row in table!("tower_energyplus_hours.csv")?.rows() {
        let [wet_bulb, water_in, water_out, air] =
            row.all(["Twb_C", "T_water_in_C", "T_water_out_C", "FR_air"])?;
        if air <= 0.2 {
            continue;
        }
        let at = format!("hour {}", row.text("hour_index0")?);
        let (wet, inlet) = (wet_bulb + ZERO, water_in + ZERO);
        let o = open_tower::evaluate(&tower, &tower_inputs(&row, wet, inlet, air)?);
        peer.compare(o.water_leaving - ZERO, water_out, &at);
        fan.compare(o.power, row.get("P_fan_W")?, &at);
        let approach = york_calc::approach(wet, water_in - water_out, tower.flow_reference / air);
        let expected = row.get("T_water_out_direct_at_FRair_C(valid when FR_air>0.2)")?;
        direct.compare(wet_bulb + approach, expected, &at);
    }
    let unsteady = "0.08 % more water flow would remove it in every steady hour: volume is turned into mass at another temperature \
                    there; an unsteady hour is the mean of four steps";
    checks.worst(peer, 8, 0.021, unsteady);
    checks.worst(direct, 8, 2e-5, "printed digits");
    checks.worst(fan, 8, 5e-3, "means of an hour: the cube of the mean speed is not the mean cube in the hour that just misses full speed");
    Ok(())
}

/// A curve set by name, as parameters; `change` replaces some.
fn chiller(name: &str, change: &[(&str, f64)]) -> Result<water_cooled_chiller::Parameters<f64>, Fault> {
    let curves = table!("chiller_eir_curves.csv")?;
    let mut set = None;
    for row in curves.rows() {
        if row.text("name")?.contains(name) {
            set = Some(row);
        }
    }
    let row = set.ok_or_else(|| Fault::Missing(format!("curve set {name}")))?;
    let mut given: Vec<(&str, f64)> = Vec::new();
    for (parameter, column) in [
        ("capacity_reference", "Q_ref_W"),
        ("cop_reference", "COP_ref"),
        ("part_load_min", "min_plr"),
        ("part_load_max", "max_plr"),
        ("unloading_min", "min_unloading"),
        ("curve_part_load_min", "plr_min_curve"),
        ("curve_part_load_max", "plr_max_curve"),
    ] {
        given.push((parameter, row.get(column)?));
    }
    for (parameter, column) in [
        ("leaving_min", "capft_xmin"),
        ("leaving_max", "capft_xmax"),
        ("condenser_min", "capft_ymin"),
        ("condenser_max", "capft_ymax"),
    ] {
        given.push((parameter, row.get(column)? + ZERO));
    }
    given.extend([("evaporator_content", 0.3), ("condenser_content", 0.3)]);
    const TERMS: [&str; 6] = ["c1", "x", "x2", "y", "y2", "xy"];
    const CAPACITY: [&str; 6] = ["capft_1", "capft_2", "capft_3", "capft_4", "capft_5", "capft_6"];
    const INPUT: [&str; 6] = ["eirft_1", "eirft_2", "eirft_3", "eirft_4", "eirft_5", "eirft_6"];
    for (term, (capacity, input)) in TERMS.into_iter().zip(CAPACITY.into_iter().zip(INPUT)) {
        given.push((capacity, row.get(&format!("capft_{term}"))?));
        given.push((input, row.get(&format!("eirft_{term}"))?));
    }
    let by_load = row.text("eirfplr_coeffs")?.trim_matches(['[', ']']).split(',');
    for (parameter, text) in ["eirfplr_1", "eirfplr_2", "eirfplr_3"].into_iter().zip(by_load) {
        let missing = || Fault::Missing(format!("number in {text:?}"));
        given.push((parameter, text.trim().parse().map_err(|_| missing())?));
    }
    for &(name, value) in change {
        given.retain(|(given, _)| *given != name);
        given.push((name, value));
    }
    let values = parameters("WaterCooledChiller", &given, &SEA_LEVEL)?;
    Ok(water_cooled_chiller::Parameters::from_values(&values))
}

/// The load [W] put on the machine by 1000 kW/K of water.
fn load(
    p: &water_cooled_chiller::Parameters<f64>,
    load: f64,
    condenser_in: f64,
) -> water_cooled_chiller::Inputs<f64> {
    water_cooled_chiller::Inputs {
        chilled_water_in: p.supply_setpoint + load / 1e6,
        chilled_water_flow: 250.0,
        chilled_water_heat: 4000.0,
        condenser_in,
        load_limit: 1.0,
        cut_out: 0.0,
    }
}

fn chiller_curves(checks: &mut Checks) -> Result<(), Fault> {
    let mut power = Worst::relative("power", "power drawn", "W");
    let mut capacity = Worst::relative("capacity", "capacity available", "W");
    let mut heat = Worst::relative("heat", "heat taken from the chilled water", "W");
    let mut outside = Worst::absolute("outside", "whether the state lies outside the curves", "");
    let mut overloaded = 0;
    for row in table!("chiller_eir_direct.csv")?.rows() {
        let [leaving, condenser_in] = row.all(["LWT_C", "ECT_C"])?.map(|t| t + ZERO);
        let name = row.text("chiller")?;
        let p = chiller(name, &[("supply_setpoint", leaving)])?;
        let o = water_cooled_chiller::evaluate(&p, &load(&p, row.get("Q_load_W")?, condenser_in));
        let at = format!("{name}, {} °C from {} °C", row.text("LWT_C")?, row.text("ECT_C")?);
        capacity.compare(o.capacity_available, row.get("Q_avail_W")?, &at);
        let evaporator = row.get("Q_evap_W")?;
        heat.compare(-o.heat_to_chilled_water, evaporator, &at);
        if o.heat_missing > 1.0 {
            // The table keeps the leaving water at its set-point where capacity ends, and so does the machine at just that
            // load.
            overloaded += 1;
            let full = load(&p, evaporator, condenser_in);
            power.compare(water_cooled_chiller::evaluate(&p, &full).power, row.get("P_W")?, &at);
        } else {
            power.compare(o.power, row.get("P_W")?, &at);
            let found = o.leaving_outside > 1e-6 || o.condenser_outside > 1e-6;
            outside.compare(f64::from(u8::from(found)), row.get("outside_curve_range_clamped")?, &at);
        }
    }
    let digits = "printed digits";
    checks.worst(power, 21, 1e-6, digits);
    checks.worst(capacity, 21, 1e-6, digits);
    checks.worst(heat, 21, 1e-6, digits);
    checks.worst(outside, 19, 0.0, "nothing");
    checks.rows("overloaded", "states in which capacity ends", overloaded, 2);
    Ok(())
}

fn chiller_hours(checks: &mut Checks) -> Result<(), Fault> {
    // The plant overrides the limits of the data set.
    let limits = [
        ("supply_setpoint", 285.15),
        ("part_load_min", 0.1),
        ("part_load_max", 1.05),
        ("unloading_min", 0.1),
    ];
    let p = chiller("Carrier 19XR", &limits)?;
    let mut direct = Worst::relative("curves", "power by the curves at the hour's mean state", "W");
    let mut peer = Worst::relative("power", "power drawn", "W");
    let mut ratio = Worst::relative("part_load_ratio", "part-load ratio", "");
    for row in table!("chiller_energyplus_hours.csv")?.rows() {
        let at = format!("hour {}", row.text("hour_index0")?);
        let o = water_cooled_chiller::evaluate(&p, &load(&p, row.get("Q_evap_W")?, row.get("ECT_C")? + ZERO));
        direct.compare(o.power, row.get("P_direct_W")?, &at);
        peer.compare(o.power, row.get("P_eplus_W")?, &at);
        ratio.compare(o.part_load_ratio, row.get("PLR_eplus")?, &at);
    }
    let means = "means of an hour in which the condenser water moved; the curves are not straight";
    checks.worst(direct, 8, 1e-6, "printed digits");
    checks.worst(peer, 8, 1e-4, means);
    checks.worst(ratio, 8, 1e-4, means);
    Ok(())
}

fn effectiveness(checks: &mut Checks) -> Result<(), Fault> {
    let mut counter = Worst::absolute("counterflow", "effectiveness of counterflow", "");
    let mut cross = Worst::absolute("crossflow", "effectiveness of cross flow, by the approximation", "");
    let mut parallel = Worst::absolute("parallel", "effectiveness of parallel flow", "");
    let mut body = Worst::absolute("one_sided", "effectiveness against a body of one temperature", "");
    for row in table!("effectiveness_ntu.csv")?.rows() {
        let [ratio, ntu] = row.all(["C_ratio", "NTU"])?;
        let (rate, at) = (1e4, format!("C ratio {ratio}, NTU {ntu}"));
        let other = if ratio == 0.0 { 1e18 } else { rate / ratio };
        let of = |f: fn(f64, f64, f64) -> f64| f(ntu * rate, rate, other) / rate;
        counter.compare(of(exchange::counterflow::<f64>), row.get("eff_counterflow")?, &at);
        cross.compare(of(exchange::crossflow::<f64>), row.get("eff_crossflow_both_unmixed")?, &at);
        parallel.compare(of(exchange::parallel::<f64>), row.get("eff_parallel")?, &at);
        if ratio == 0.0 {
            // Against a stream that does not change temperature all arrangements are one.
            body.compare(exchange::against_body(ntu * rate, rate) / rate, row.get("eff_parallel")?, &at);
        }
    }
    checks.worst(counter, 54, 1e-8, "nine printed digits");
    let one = "nine printed digits; the table's column is the same approximation as ours, and so an identity: the series is compared by itself";
    checks.held(cross, 54, 1e-8, one);
    checks.worst(parallel, 54, 1e-8, "nine printed digits");
    checks.worst(body, 9, 1e-8, "nine printed digits");
    Ok(())
}

fn pads(checks: &mut Checks) -> Result<(), Fault> {
    let mut air = Worst::absolute("air", "air behind the pad", "°C");
    let mut humidity = Worst::relative("humidity_ratio", "humidity ratio behind the pad", "kg/kg");
    let mut water = Worst::relative("evaporation", "water evaporated per kilogram of dry air", "kg/kg");
    for row in table!("direct_evap_cooler.csv")?.rows() {
        let [celsius, rh, wet, effectiveness] =
            row.all(["tdb_in_C", "rh_in_frac", "twb_C", "effectiveness"])?;
        let given = [
            ("capacity_design", 1e6),
            ("air_flow_design", 80.0),
            ("fan_power_design", 20e3),
            ("water_content", 0.3),
            ("pad_effectiveness", effectiveness),
        ];
        let values = parameters("AdiabaticCooler", &given, &SEA_LEVEL)?;
        let i = adiabatic_cooler::Inputs {
            water_in: 313.15,
            water_flow: 25.0,
            specific_heat: 4180.0,
            dry_bulb: celsius + ZERO,
            wet_bulb: wet + ZERO,
            humidity_ratio: row.get("W_in_kg_per_kgda")?,
            pressure: row.get("p_Pa")?,
            fan_speed: 1.0,
            pads: 1.0,
        };
        let o = adiabatic_cooler::evaluate(&adiabatic_cooler::Parameters::from_values(&values), &i);
        let at = format!("{celsius} °C, φ {rh}, effectiveness {effectiveness}");
        air.compare(o.air_at_coil - ZERO, row.get("tdb_out_C")?, &at);
        humidity.compare(o.humidity_at_coil, row.get("W_out_kg_per_kgda")?, &at);
        let density = moist_air::dry_air_density(o.air_at_coil, o.humidity_at_coil, i.pressure);
        water.compare(o.evaporation / (80.0 * density), row.get("water_evap_kg_per_kgda")?, &at);
    }
    checks.worst(air, 18, 1e-6, "printed digits");
    checks.worst(humidity, 18, 1e-7, "nine printed digits");
    checks.worst(water, 18, 1e-6, "nine printed digits, of the difference of two humidity ratios");
    Ok(())
}

/// Water sprayed at the wet bulb moves air along its saturation line.
fn fog(checks: &mut Checks) -> Result<(), Fault> {
    let mut air = Worst::absolute("air", "air behind the humidifier", "°C");
    for row in table!("direct_evap_cooler.csv")?.rows() {
        let [celsius, rh, pressure, wet] = row.all(["tdb_in_C", "rh_in_frac", "p_Pa", "twb_C"])?;
        let [w_in, w_out] = row.all(["W_in_kg_per_kgda", "W_out_kg_per_kgda"])?;
        let t = celsius + ZERO;
        // 1 kg/s of air; what it lacks, at the wet bulb, without electricity
        let values = [w_out - w_in, 0.0, wet + ZERO, 278.15, 5.0, 10.0];
        let inputs = [1.0, moist_air::enthalpy(t, w_in), w_in, pressure, 1.0];
        let of = outputs("Humidifier", &values, &inputs)?;
        let h_out = moist_air::enthalpy(t, w_in) + of("heat_to_air")?;
        let leaving = moist_air::temperature_from_enthalpy(h_out, w_in + of("vapour")?);
        air.compare(leaving - ZERO, row.get("tdb_out_C")?, &format!("{celsius} °C, φ {rh}"));
    }
    checks.worst(air, 18, 2e-3, "psychrolib's wet bulb, found by bisection to 0.001 K");
    Ok(())
}
