//! Identities of energy and water, finiteness, and exact derivatives of the water-side components, at random
//! inputs over more than their declared range.

use media::moist_air;
use plant::catalogue;
use plant::declare::{Bound, Declaration, Effect, Form, Medium, Outdoor, Role, Store, Water};
use plant::kernel::{Kind, Surroundings};

/// Kinds with parameters as a record writes them; what is missing has a default.
const CASES: &[(&str, &[(&str, &str)])] = &[
    ("OpenTower", TOWER),
    ("OpenTower", &[("model", "Merkel"), TOWER[0], TOWER[1], TOWER[2], TOWER[3]]),
    ("OpenTower", &[("conventions", "EnergyPlus"), TOWER[0], TOWER[1], TOWER[2], TOWER[3]]),
    ("OpenTower", &[("free_convection", "0"), TOWER[0], TOWER[1], TOWER[2], TOWER[3]]),
    ("OpenTower", &[("model", "Merkel"), ("free_convection", "0"), TOWER[0], TOWER[1], TOWER[2], TOWER[3]]),
    ("WaterCooledChiller", CHILLER),
    ("PlateExchanger", PLATES),
    ("PlateExchanger", &[("scaling", "Constant"), PLATES[0], PLATES[1], PLATES[2], PLATES[3], PLATES[4]]),
    (
        "WaterSideEconomizer",
        &[
            ("conductance", "600 kW/K"),
            ("tower_water_flow_design", "30 L/s"),
            ("chilled_water_flow_design", "30 L/s"),
            ("tower_water_content", "100 L"),
            ("chilled_water_content", "100 L"),
        ],
    ),
    (
        "AdiabaticCooler",
        &[
            ("capacity_design", "1 MW"),
            ("air_flow_design", "80 m3/s"),
            ("fan_power_design", "20 kW"),
            ("water_content", "300 L"),
        ],
    ),
];

const TOWER: &[(&str, &str)] = &[
    ("capacity_design", "1 MW"),
    ("air_flow_design", "27.6 m3/s"),
    ("fan_power_design", "10 kW"),
    ("water_content", "4 m3"),
];

const PLATES: &[(&str, &str)] = &[
    ("conductance", "222 kW/K"),
    ("primary_flow_design", "24 L/s"),
    ("secondary_flow_design", "24 L/s"),
    ("primary_content", "60 L"),
    ("secondary_content", "60 L"),
];

const CHILLER: &[(&str, &str)] = &[
    ("capacity_reference", "1055 kW"),
    ("cop_reference", "5.96"),
    ("condenser_share", "0.93"),
    ("leaving_min", "4.44 °C"),
    ("leaving_max", "8.89 °C"),
    ("condenser_min", "12.78 °C"),
    ("condenser_max", "35 °C"),
    ("capft_1", "0.1785912"),
    ("capft_2", "-0.05900023"),
    ("capft_3", "-0.0005946963"),
    ("capft_4", "0.09297889"),
    ("capft_5", "-0.002841024"),
    ("capft_6", "0.004974221"),
    ("eirft_1", "0.524511"),
    ("eirft_2", "-0.02850126"),
    ("eirft_3", "0.000803472"),
    ("eirft_4", "0.01893133"),
    ("eirft_5", "0.0001151629"),
    ("eirft_6", "-0.00009340642"),
    ("eirfplr_1", "0.2619878"),
    ("eirfplr_2", "0.2393605"),
    ("eirfplr_3", "0.4988306"),
    ("evaporator_content", "300 L"),
    ("condenser_content", "300 L"),
];

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

fn sized(kind: &dyn Kind, written: &[(&str, &str)]) -> Vec<f64> {
    let fields = kind.declaration().parameters;
    for (name, _) in written {
        assert!(fields.iter().any(|field| field.name == *name), "no parameter {name}");
    }
    let value = |field: &plant::declare::Field| {
        let text =
            written.iter().find(|(name, _)| *name == field.name).map(|(_, text)| *text).or(field.default);
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
            Role::SpecificHeat(_) => random.between(3800.0, 4200.0),
            Role::Density(_) => random.between(980.0, 1030.0),
            Role::Enthalpy(_) => moist_air::enthalpy(inside, inside_humidity),
            Role::Humidity(_) => inside_humidity,
            Role::Demand(_) | Role::Received(_) => random.between(0.0, 1e5),
            Role::Outdoor(Outdoor::DryBulb) => dry_bulb,
            Role::Outdoor(Outdoor::WetBulb) => moist_air::wet_bulb(dry_bulb, humidity, pressure),
            Role::Outdoor(Outdoor::HumidityRatio) => humidity,
            Role::Outdoor(Outdoor::Pressure) => pressure,
            Role::Actuator(_) if moving => random.between(0.02, 0.98),
            Role::Actuator(_) => (random.between(-0.3, 1.3)).clamp(0.0, 1.0),
            Role::Switch(_) => f64::from(u8::from(random.unit() < 0.5)),
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
    CASES.iter().map(|(name, written)| {
        let kind = catalogue::kind(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
        (kind, sized(kind, written), kind.declaration())
    })
}

#[test]
fn every_output_is_finite_and_energy_and_water_close_to_rounding() {
    let mut random = Random(1);
    for (kind, values, of) in cases() {
        for _ in 0..20_000 {
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
                Effect::Heat(_) | Effect::Rejected => -1.0,
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
                    Role::Switch(_) => continue,
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
