//! Identities of energy and water, finiteness, and exact derivatives of the water-side components, at random
//! inputs over more than their declared range.

use media::moist_air;
use plant::catalogue;
use plant::declare::{Bound, Declaration, Effect, Form, Medium, Outdoor, Role, Store, Water};
use plant::kernel::{Kind, Surroundings};

/// Shipped records of the kinds, and what is changed in them.
const CASES: &[(&str, &[(&str, &str)])] = &[
    ("open_tower_1mw", &[]),
    ("open_tower_1mw", &[("conventions", "EnergyPlus")]),
    ("open_tower_1mw", &[("free_convection", "0")]),
    ("open_tower_2mw", &[]),
    ("open_tower_merkel_1mw", &[]),
    ("open_tower_merkel_1mw", &[("free_convection", "0")]),
    ("york_yt_1055kw", &[("condenser_share", "0.93")]),
    ("carrier_19xr_1259kw", &[]),
    ("york_yt_897kw_vsd", &[]),
    ("plate_exchanger_1mw", &[]),
    ("plate_exchanger_1mw", &[("scaling", "Constant")]),
    ("economizer_1mw", &[]),
    ("adiabatic_cooler_1mw", &[]),
    ("rear_door_passive_20kw", &[]),
    ("rear_door_active_50kw", &[]),
    ("immersion_tank_100kw", &[]),
    ("storage_tank_100m3", &[]),
];

/// The kind of a record and what it writes, line by line: `name: "value",` or `name: Choice,`.
fn record(id: &str) -> (&'static dyn Kind, Vec<(String, String)>) {
    let path = format!("{}/../../models/components/{id}.ron", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = text.lines().map(str::trim).skip_while(|line| !line.starts_with("is: "));
    let name = lines.next().unwrap().trim_start_matches("is: ").trim_end_matches('(');
    let kind = catalogue::kind(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
    let fields = lines.take_while(|line| *line != "),").map(|line| {
        let (name, value) = line.trim_end_matches(',').split_once(": ").unwrap();
        (name.to_owned(), value.trim_matches('"').to_owned())
    });
    (kind, fields.collect())
}

/// A generator of equal sequences (Steele, Lea and Flood 2014, SplitMix64).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

fn sized(kind: &dyn Kind, written: &[(String, String)]) -> Vec<f64> {
    let fields = kind.declaration().parameters;
    for (name, _) in written {
        assert!(fields.iter().any(|field| field.name == *name), "no parameter {name}");
    }
    let value = |field: &plant::declare::Field| {
        let text = written.iter().rev().find(|(name, _)| name == field.name);
        let text = text.map(|(_, text)| text.as_str()).or(field.default);
        match (field.form, text) {
            (Form::Derived(_), _) => 0.0,
            (Form::Quantity { quantity, bounds, .. }, Some(text)) => {
                let si = quantity.parse(text).unwrap();
                let [low, high] = [bounds.0, bounds.1].map(|text| quantity.parse(text).unwrap());
                assert!((low..=high).contains(&si), "{}: {text}", field.name);
                si
            }
            (Form::Choice(names), Some(text)) => names.iter().position(|name| *name == text).unwrap() as f64,
            (Form::Count { .. }, Some(text)) => text.parse().unwrap(),
            (_, None) => panic!("{} is needed", field.name),
        }
    };
    let mut values: Vec<f64> = fields.iter().map(value).collect();
    kind.size(&mut values, &Surroundings { pressure: 90e3 }).unwrap();
    values
}

/// Inputs of every kind of role; `moving`: no stream stands still, no actuator is at an end.
fn inputs(random: &mut Random, of: &Declaration, values: &[f64], moving: bool) -> Vec<f64> {
    let pressure = random.between(70e3, 105e3);
    let dry_bulb = random.between(243.0, 318.0);
    let humidity = random.between(0.1, 1.0) * moist_air::saturation_humidity_ratio::<f64>(dry_bulb, pressure);
    let inside = random.between(278.0, 333.0);
    let inside_humidity = random.between(0.002, 0.02);
    let flow = |random: &mut Random, most: f64| {
        let still = !moving && random.unit() < 0.15;
        if still { 0.0 } else { random.between(0.02, 1.4) * most }
    };
    (of.inputs.iter())
        .map(|input| match input.role {
            Role::Temperature(_) => random.between(276.0, 328.0),
            Role::Flow(port) | Role::FlowIn(port) | Role::FlowOut(port) => {
                let air = of.ports.iter().any(|p| p.name == port && p.medium == Medium::Air);
                flow(random, if air { 3.0 } else { 40.0 })
            }
            Role::PressureRise(_) => random.between(-1e5, 5e5),
            Role::HydraulicPower(_) => random.between(-1e3, 1e5),
            Role::SpecificHeat(_) => random.between(3800.0, 4200.0),
            Role::Density(_) => random.between(980.0, 1030.0),
            Role::Enthalpy(_) => moist_air::enthalpy(inside, inside_humidity),
            Role::Humidity(_) => inside_humidity,
            Role::Demand(_) | Role::Received(_) => random.between(0.0, 1e5),
            Role::Outdoor(Outdoor::DryBulb) => dry_bulb,
            Role::Outdoor(Outdoor::WetBulb) => moist_air::wet_bulb(dry_bulb, humidity, pressure),
            Role::Outdoor(Outdoor::HumidityRatio) => humidity,
            Role::Outdoor(Outdoor::Pressure) | Role::Pressure(_) => pressure,
            Role::Outdoor(_) => panic!("no cooling component reads the sky"),
            Role::Actuator(_) if moving => random.between(0.02, 0.98),
            Role::Actuator(_) => (random.between(-0.3, 1.3)).clamp(0.0, 1.0),
            Role::Solved(_) | Role::Switch(_) => f64::from(u8::from(random.unit() < 0.5)),
            Role::Signal(_) => random.unit(),
            Role::State(name) => {
                let state = of.states.iter().find(|state| state.name == name).unwrap();
                let initial = match state.initial {
                    Bound::Value(value) => value,
                    Bound::Parameter(name) => {
                        values[of.parameters.iter().position(|field| field.name == name).unwrap()]
                    }
                };
                match state.store {
                    Store::Heat(_) => initial + random.between(-25.0, 40.0),
                    _ => initial * random.between(0.0, 1.3),
                }
            }
        })
        .collect()
}

/// Each case with its kind, its values and its declaration.
fn cases() -> impl Iterator<Item = (&'static dyn Kind, Vec<f64>, &'static Declaration)> {
    CASES.iter().map(|(id, changed)| {
        let (kind, mut written) = record(id);
        written.extend(changed.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        (kind, sized(kind, &written), kind.declaration())
    })
}

#[test]
fn every_output_is_finite_and_energy_and_water_close_to_rounding() {
    let mut random = Random(1);
    for (kind, values, of) in cases() {
        for _ in 0..5_000 {
            let x = inputs(&mut random, of, &values, false);
            let y = kind.evaluate(&values, &x);
            let sum = |part: &dyn Fn(Effect) -> f64| {
                let parts: Vec<f64> = of.outputs.iter().zip(&y).map(|(o, y)| part(o.effect) * y).collect();
                (parts.iter().sum::<f64>(), parts.iter().map(|p| p.abs()).fold(0.0, f64::max))
            };
            let stores_heat = |name: &str| {
                let state = of.states.iter().find(|state| state.name == name).unwrap();
                f64::from(u8::from(matches!(state.store, Store::Heat(_) | Store::Energy)))
            };
            let stores_mass = |name: &str| {
                let state = of.states.iter().find(|state| state.name == name).unwrap();
                f64::from(u8::from(matches!(state.store, Store::Mass)))
            };
            let taken: f64 = (of.inputs.iter().zip(&x))
                .map(|(input, x)| match input.role {
                    Role::Received(_) => *x,
                    Role::Demand(_) => -x,
                    _ => 0.0,
                })
                .sum();
            let (balance, largest) = sum(&|effect| match effect {
                Effect::Power(_) | Effect::Carried | Effect::Generated => 1.0,
                Effect::Heat(_) | Effect::Rejected | Effect::Reused => -1.0,
                Effect::Store(name) => -stores_heat(name),
                _ => 0.0,
            });
            let residual = (balance + taken).abs() / largest.max(taken.abs()).max(1.0);
            assert!(residual < 1e-13, "{}: energy {residual:e} at {x:?}: {y:?}", of.name);

            let (balance, largest) = sum(&|effect| match effect {
                Effect::Water(Water::MakeUp) => 1.0,
                Effect::Water(_) => -1.0,
                Effect::Store(name) => -stores_mass(name),
                _ => 0.0,
            });
            let residual = balance.abs() / largest.max(1e-6);
            assert!(residual < 1e-13, "{}: water {residual:e} at {x:?}: {y:?}", of.name);

            let (balance, largest) = sum(&|effect| match effect {
                Effect::Power(_) => 1.0,
                Effect::Use(_) => -1.0,
                _ => 0.0,
            });
            assert!(balance.abs() <= 1e-13 * largest, "{}: power {balance:e}", of.name);

            assert!(y.iter().all(|y| y.is_finite()), "{}: {y:?} at {x:?}", of.name);
        }
    }
}

#[test]
fn dual_derivatives_are_the_central_differences() {
    let mut random = Random(2);
    for (kind, values, of) in cases() {
        let points: Vec<Vec<f64>> = (0..400).map(|_| inputs(&mut random, of, &values, true)).collect();
        let results: Vec<Vec<f64>> = points.iter().map(|x| kind.evaluate(&values, x)).collect();
        // What counts as a large value of an output and as a large change of an input.
        let size: Vec<f64> = (0..of.outputs.len())
            .map(|o| results.iter().map(|y| y[o].abs()).fold(0.0, f64::max).max(1e-12))
            .collect();
        let (mut kinks, mut worst) = (0usize, 0.0f64);
        for (x, y) in points.iter().zip(&results) {
            let jacobian = kind.linearize(&values, x);
            for (i, input) in of.inputs.iter().enumerate() {
                let scale = match input.role {
                    Role::Temperature(_) | Role::Outdoor(Outdoor::DryBulb | Outdoor::WetBulb) => 10.0,
                    Role::Switch(_) | Role::Solved(_) => continue,
                    Role::Outdoor(Outdoor::HumidityRatio) | Role::Humidity(_) => 0.01,
                    Role::Actuator(_) | Role::Signal(_) => 1.0,
                    _ => x[i].abs().max(1.0),
                };
                let h = 1e-5 * scale;
                let moved = |by: f64| {
                    let mut x = x.clone();
                    x[i] += by;
                    kind.evaluate(&values, &x)
                };
                let (up, down) = (moved(h), moved(-h));
                for o in 0..of.outputs.len() {
                    let share = |slope: f64| slope * scale / size[o];
                    let exact = share(jacobian[o][i]);
                    let central = share((up[o] - down[o]) / (2.0 * h));
                    let error = (exact - central).abs();
                    if error > 2e-6 * exact.abs().max(1.0) {
                        // A kink within the step: then the exact slope is that of one of its sides.
                        let sides = [share((up[o] - y[o]) / h), share((y[o] - down[o]) / h)];
                        let nearest = sides.map(|s| (s - exact).abs()).into_iter().fold(f64::MAX, f64::min);
                        assert!(
                            nearest < 1e-3 * exact.abs().max(1.0),
                            "{}: d {}/d {}: {exact:e} against {central:e}, {sides:?} at {x:?}",
                            of.name,
                            of.outputs[o].name,
                            input.name
                        );
                        kinks += 1;
                    } else {
                        worst = worst.max(error);
                    }
                }
            }
        }
        println!("{}: worst {worst:.1e}, {kinks} kinks", of.name);
        assert!(kinks < 40, "{}: {kinks} kinks", of.name);
    }
}

/// Where equations change branch: the first case of a kind, the input that is moved and where it happens.
const KINKS: &[(&str, &str, &[f64])] = &[
    // lowest steady speed
    ("OpenTower", "fan_speed", &[0.2]),
    // the correlation's highest wet bulb
    ("OpenTower", "wet_bulb", &[299.85]),
    // 1 MW / 6 K / 4180 J/(kg K) = 39.87 kg/s: a tenth of it wets the fill
    ("OpenTower", "water_flow", &[3.987]),
    // full basin, 998.2 kg/m³ · 4 m³
    ("OpenTower", "basin", &[3992.8]),
    // water at the wet bulb
    ("OpenTower", "water_in", &[291.15]),
    // set-point 6.67 °C, beyond it 10 % of load at some 1.2 MW on 167 kW/K, and the capacity
    ("WaterCooledChiller", "chilled_water_in", &[279.82, 280.53, 287.6]),
    ("WaterCooledChiller", "condenser_in", &[285.93, 308.15]),
    ("WaterSideEconomizer", "chilled_water_in", &[288.15]),
    ("AdiabaticCooler", "water_in", &[303.15]),
    ("StorageTank", "charge_flow", &[12.0]),
    ("StorageTank", "layer_4", &[285.15]),
];

/// A day of ordinary operation, by the name of the input.
fn ordinary(of: &Declaration) -> Vec<f64> {
    let value = |name: &str| match name {
        "water_in" => 305.15,
        "water_flow" | "tower_water_flow" | "chilled_water_flow" => 40.0,
        "charge_flow" | "discharge_flow" => 12.0,
        "basin" => 3900.0,
        "dry_bulb" => 303.15,
        "wet_bulb" => 291.15,
        "humidity_ratio" => moist_air::humidity_ratio_from_wet_bulb(303.15, 291.15, 95e3),
        "pressure" => 95e3,
        "fan_speed" => 0.6,
        "chilled_water_in" => 283.15,
        "condenser_in" => 297.15,
        "tower_water_in" => 288.15,
        "charge_in" => 283.15,
        "discharge_in" => 297.15,
        "load_limit" => 1.0,
        "cut_out" | "pads" => 0.0,
        name if name.starts_with("layer_") => 285.15,
        name if name.ends_with("_density") => 998.0,
        name if name.ends_with("heat") => 4180.0,
        name => panic!("no ordinary {name}"),
    };
    of.inputs.iter().map(|input| value(input.name)).collect()
}

#[test]
fn derivatives_hold_on_either_side_of_each_kink() {
    let mut met = 0;
    for (kind, values, of) in cases() {
        for (_, name, places) in KINKS.iter().filter(|(kind, ..)| *kind == of.name) {
            let i = of.inputs.iter().position(|input| input.name == *name).unwrap();
            for place in *places {
                met += 1;
                for side in [-1.0, 1.0] {
                    let scale = if place.abs() > 200.0 { 10.0 } else { place.abs() };
                    let mut x = ordinary(of);
                    x[i] = place + side * 1e-3 * scale;
                    let h = 1e-5 * scale;
                    let moved = |by: f64| {
                        let mut x = x.clone();
                        x[i] += by;
                        kind.evaluate(&values, &x)
                    };
                    let (up, here, down) = (moved(h), moved(0.0), moved(-h));
                    let jacobian = kind.linearize(&values, &x);
                    for o in 0..of.outputs.len() {
                        let central = (up[o] - down[o]) / (2.0 * h);
                        let error = (jacobian[o][i] - central).abs() * scale;
                        assert!(
                            error <= 1e-5 * (central.abs() * scale).max(here[o].abs()).max(1e-9),
                            "{}: d {}/d {name} at {place} {side:+}: {:e} against {central:e}",
                            of.name,
                            of.outputs[o].name,
                            jacobian[o][i]
                        );
                    }
                }
            }
        }
    }
    // 5 for each of 6 towers, 5 for each of 3 chillers, 1 each, 2 for the tank
    assert_eq!(met, 30 + 15 + 2 + 2);
}

#[test]
fn a_tower_cools_more_with_more_air_and_never_below_the_wet_bulb() {
    let mut random = Random(3);
    for (kind, values, of) in cases().filter(|(_, _, of)| of.name == "OpenTower") {
        let input = |name: &str| of.inputs.iter().position(|input| input.name == name).unwrap();
        let output = |name: &str| of.outputs.iter().position(|output| output.name == name).unwrap();
        let (fan, water_in, wet_bulb) = (input("fan_speed"), input("water_in"), input("wet_bulb"));
        let leaving = output("water_leaving");
        for _ in 0..2000 {
            let mut x = inputs(&mut random, of, &values, false);
            x[water_in] = x[water_in].min(318.15);
            let toward = (x[wet_bulb] - x[water_in]).signum();
            let mut before = x[water_in];
            for step in 0..=20 {
                x[fan] = f64::from(step) / 20.0;
                let now = kind.evaluate(&values, &x)[leaving];
                assert!((now - before) * toward >= -1e-9, "{now} after {before} at {x:?}");
                assert!((x[wet_bulb] - now) * toward >= -1e-9, "{now} beyond the wet bulb at {x:?}");
                before = now;
            }
        }
    }
}
