//! Identities of energy, electricity and water, finiteness, and exact derivatives of what supplies a site: feed,
//! generator, battery and outdoor air, at random inputs over more than their usual range. Their shipped records.

mod shipped;

use plant::catalogue;
use plant::declare::{Declaration, Effect, Form, Role, Store, Water};
use plant::kernel::{Kind, Surroundings};
use shipped::{Node, Part, ids, read};

type Written = &'static [(&'static str, &'static str)];
type Ranges = &'static [(&'static str, f64, f64)];

/// Kinds, parameters that have no default or another value, and the range of every input.
const CASES: &[(&str, Written, Ranges)] = &[
    (
        "UtilityFeed",
        &[("contracted_power", "8 MW"), ("rating", "10 MW"), ("loss_constant", "0.05 %")],
        &[("demand", -1e6, 3e7)],
    ),
    ("Generator", &[("rating", "2 MW"), ("standby_power", "6 kW")], GENERATOR),
    ("Generator", &[("rating", "2 MW"), ("standby_power", "6 kW"), ("peak_limit", "1.5 MW")], GENERATOR),
    ("Battery", &[("capacity", "1 MWh"), ("peak_limit", "800 kW"), ("standby_power", "5 kW")], BATTERY),
    ("Battery", &[("capacity", "1 MWh"), ("peak_limit", "800 kW"), ("taper", "50 %")], BATTERY),
    ("Photovoltaic", PV, SKY),
    (
        "Photovoltaic",
        &[("surplus", "Curtailed"), ("tilt", "60 deg"), ("azimuth", "90 deg"), PV[0], PV[1]],
        SKY,
    ),
    ("WindTurbine", WIND, BREEZE),
    ("WindTurbine", CURTAILED, BREEZE),
    ("AirSideEconomizer", BOX, OUTDOOR_AIR),
    (
        "AirSideEconomizer",
        &[("control", "DifferentialDryBulb"), ("fan_heat_share", "1"), BOX[0], BOX[1]],
        OUTDOOR_AIR,
    ),
    (
        "AirSideEconomizer",
        &[("control", "DifferentialEnthalpy"), ("humidifier", "Pads"), BOX[0], BOX[1]],
        OUTDOOR_AIR,
    ),
    ("AirSideEconomizer", &[("humidifier", "Pads"), ("dew_point_min", "12 °C"), BOX[0], BOX[1]], OUTDOOR_AIR),
];

const GENERATOR: Ranges = &[("demand", 0.0, 4e6), ("load", 0.0, 1.0)];
/// 1 MWh is 3.6 GJ; a little beyond either end.
const BATTERY: Ranges = &[("demand", 0.0, 2e6), ("energy", -2e8, 3.8e9)];
const PV: Written = &[("rating_dc", "1.2 MW"), ("rating_ac", "1 MW")];
const SKY: Ranges = &[
    ("demand", -1e5, 2e6),
    ("sun_east", -700.0, 700.0),
    ("sun_north", -700.0, 700.0),
    ("sun_up", 0.0, 900.0),
    ("sky", 0.0, 300.0),
    ("global", 0.0, 1000.0),
    ("dry_bulb", 250.0, 320.0),
    ("wind_speed", 0.0, 15.0),
];
const WIND: Written = &[
    ("rating", "2 MW"),
    ("power_at_3", "0.01"),
    ("power_at_4", "0.04"),
    ("power_at_5", "0.1"),
    ("power_at_6", "0.18"),
    ("power_at_7", "0.29"),
    ("power_at_8", "0.44"),
    ("power_at_9", "0.61"),
    ("power_at_10", "0.78"),
    ("power_at_11", "0.9"),
    ("power_at_12", "0.97"),
    ("power_at_13", "0.99"),
    ("power_at_14", "1"),
    ("power_at_15", "1"),
];
const CURTAILED: Written = &[
    ("surplus", "Curtailed"),
    WIND[0],
    WIND[1],
    WIND[2],
    WIND[3],
    WIND[4],
    WIND[5],
    WIND[6],
    WIND[7],
    WIND[8],
    WIND[9],
    WIND[10],
    WIND[11],
    WIND[12],
    WIND[13],
];
const BREEZE: Ranges = &[
    ("demand", -1e5, 3e6),
    ("wind_speed", 0.0, 22.0),
    ("dry_bulb", 250.0, 320.0),
    ("humidity_ratio", 1e-4, 0.02),
    ("pressure", 70e3, 105e3),
];
const BOX: Written = &[("outdoor_air_flow_design", "20 m3/s"), ("fan_power_design", "4 kW")];
const OUTDOOR_AIR: Ranges = &[
    ("air_flow", 0.0, 30.0),
    ("enthalpy", 35e3, 80e3),
    ("humidity_ratio", 5e-4, 0.010),
    ("dry_bulb", 238.0, 318.0),
    ("outdoor_humidity", 1e-4, 0.022),
    ("pressure", 70e3, 105e3),
    ("outdoor_share", 0.0, 1.0),
    ("locked", 0.0, 0.0),
];

/// A generator of equal sequences (Steele, Lea and Flood 2014, SplitMix64).
struct Random(u64);

impl Random {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (high - low) * (((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64)
    }
}

struct Case {
    kind: &'static dyn Kind,
    of: &'static Declaration,
    values: Vec<f64>,
    ranges: Vec<(f64, f64)>,
}

impl Case {
    fn new(name: &str, written: Written, ranges: Ranges) -> Case {
        let kind = catalogue::kind(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
        let of = kind.declaration();
        for (name, _) in written {
            assert!(of.parameters.iter().any(|field| field.name == *name), "no parameter {name}");
        }
        let value = |field: &plant::declare::Field| {
            let text = written.iter().find(|w| w.0 == field.name).map(|w| w.1).or(field.default);
            match (field.form, text) {
                (Form::Derived(_), _) => 0.0,
                (Form::Quantity { quantity, .. }, Some(text)) => quantity.parse(text).unwrap(),
                (Form::Choice(names), Some(text)) => names.iter().position(|n| *n == text).unwrap() as f64,
                (Form::Count { .. }, Some(text)) => text.parse().unwrap(),
                (_, None) => panic!("{} is needed", field.name),
            }
        };
        let mut values: Vec<f64> = of.parameters.iter().map(value).collect();
        kind.size(&mut values, &Surroundings { pressure: 90e3 }).unwrap();
        let range = |name: &str| ranges.iter().find(|r| r.0 == name).map(|r| (r.1, r.2));
        let ranges = of.inputs.iter().map(|i| range(i.name).unwrap_or_else(|| panic!("range of {}", i.name)));
        Case { kind, of, values, ranges: ranges.collect() }
    }
    fn inputs(&self, random: &mut Random) -> Vec<f64> {
        self.ranges.iter().map(|&(low, high)| random.between(low, high)).collect()
    }
    /// Sum of the outputs with their factors plus `more`, as a share of the largest part.
    fn residual(&self, y: &[f64], more: f64, factor: impl Fn(Effect) -> f64) -> f64 {
        let parts: Vec<f64> = self.of.outputs.iter().zip(y).map(|(o, y)| factor(o.effect) * y).collect();
        let largest = parts.iter().fold(more.abs(), |most, part| most.max(part.abs()));
        (parts.iter().sum::<f64>() + more).abs() / largest.max(1e-6)
    }
    fn stores_energy(&self, name: &str) -> f64 {
        let state = self.of.states.iter().find(|state| state.name == name).unwrap();
        f64::from(u8::from(state.store == Store::Energy))
    }
}

fn cases() -> impl Iterator<Item = Case> {
    CASES.iter().map(|&(name, written, ranges)| Case::new(name, written, ranges))
}

#[test]
fn energy_electricity_and_water_close_to_rounding_and_everything_is_finite() {
    let mut random = Random(1);
    for case in cases() {
        for _ in 0..20_000 {
            let x = case.inputs(&mut random);
            let y = case.kind.evaluate(&case.values, &x);
            let demand: f64 = (case.of.inputs.iter().zip(&x))
                .filter(|(input, _)| matches!(input.role, Role::Demand(_)))
                .map(|(_, x)| *x)
                .sum();
            let energy = case.residual(&y, -demand, |effect| match effect {
                Effect::Power(_) | Effect::Carried | Effect::Generated => 1.0,
                Effect::Heat(_) | Effect::Rejected | Effect::Reused => -1.0,
                Effect::Store(name) => -case.stores_energy(name),
                _ => 0.0,
            });
            let electricity = case.residual(&y, -demand, |effect| match effect {
                Effect::Power(_) | Effect::Generated => 1.0,
                Effect::Use(_) => -1.0,
                Effect::Store(name) => -case.stores_energy(name),
                _ => 0.0,
            });
            let water = case.residual(&y, 0.0, |effect| match effect {
                Effect::Water(Water::MakeUp) => 1.0,
                Effect::Water(_) => -1.0,
                _ => 0.0,
            });
            for (what, residual) in [("energy", energy), ("electricity", electricity), ("water", water)] {
                assert!(residual < 1e-13, "{}: {what} {residual:e} at {x:?}: {y:?}", case.of.name);
            }
            assert!(y.iter().all(|y| y.is_finite()), "{}: {y:?} at {x:?}", case.of.name);
        }
    }
}

#[test]
fn dual_derivatives_are_the_central_differences_on_both_sides_of_every_kink() {
    let mut random = Random(2);
    for case in cases() {
        let points: Vec<Vec<f64>> = (0..1000).map(|_| case.inputs(&mut random)).collect();
        let results: Vec<Vec<f64>> = points.iter().map(|x| case.kind.evaluate(&case.values, x)).collect();
        let size: Vec<f64> = (0..case.of.outputs.len())
            .map(|o| results.iter().map(|y| y[o].abs()).fold(0.0, f64::max).max(1e-12))
            .collect();
        let mut kinks = 0;
        for (x, y) in points.iter().zip(&results) {
            let jacobian = case.kind.linearize(&case.values, x);
            for (i, &(low, high)) in case.ranges.iter().enumerate() {
                let scale = 0.2 * (high - low);
                let h = 1e-5 * scale;
                let moved = |by: f64| {
                    let mut x = x.clone();
                    x[i] += by;
                    case.kind.evaluate(&case.values, &x)
                };
                let (up, down) = (moved(h), moved(-h));
                for o in 0..case.of.outputs.len() {
                    let share = |slope: f64| if h > 0.0 { slope * scale / size[o] } else { 0.0 };
                    let exact = share(jacobian[o][i]);
                    let sides = [share((up[o] - y[o]) / h), share((y[o] - down[o]) / h)];
                    let central = 0.5 * (sides[0] + sides[1]);
                    if (exact - central).abs() > 5e-6 * exact.abs().max(1.0) {
                        // A kink within the step: then the exact slope is that of one of its sides.
                        let nearest = sides.map(|s| (s - exact).abs()).into_iter().fold(f64::MAX, f64::min);
                        let of = (case.of.name, case.of.outputs[o].name, case.of.inputs[i].name);
                        assert!(
                            nearest < 1e-3 * exact.abs().max(1.0),
                            "{of:?}: {exact:e}, {sides:?} at {x:?}"
                        );
                        kinks += 1;
                    }
                }
            }
        }
        assert!(kinks < 60, "{}: {kinks} kinks", case.of.name);
    }
}

#[test]
fn every_shipped_record_of_these_kinds_can_be_sized_and_says_where_it_comes_from() {
    let mut seen = Vec::new();
    for id in ids("components") {
        let record = read("components", &id);
        let Some(is @ Node::Named(kind, _)) = record.field("is") else { panic!("{id} is nothing") };
        if CASES.iter().any(|case| case.0 == kind) {
            let source = record.field("source").unwrap().text();
            assert!(source.contains("engineering knowledge, to verify"), "{id}");
            assert!(["A", "B", "C"].contains(&record.field("confidence").unwrap().text()), "{id}");
            assert_eq!(Part::new(&id, is).count, 1.0);
            seen.push(kind.clone());
        }
    }
    for (name, ..) in CASES {
        assert!(seen.iter().any(|kind| kind == name), "{name} has no shipped record");
    }
}

#[test]
fn the_records_give_what_their_notes_say() {
    let part = |id: &str| Part::new(id, read("components", id).field("is").unwrap());
    // 2 MW at 40 %: 5 MW of fuel; 5 MW · 267 g/kWh / 3600 s/h = 0.3708 kg/s
    let full = part("diesel_2mw").evaluate(&[("demand", 1e7), ("load", 1.0)]);
    assert!((full["fuel_power"] - 5e6).abs() < 1e-3 && (full["carbon_emitted"] - 0.37083).abs() < 1e-5);
    // one capacity per hour out, half of one in; 0.95² = 90 % round trip
    let battery = part("battery_1mwh");
    assert!((battery.parameter("discharge_power_max") - 1e6).abs() < 1e-6);
    assert!((battery.parameter("charge_power_max") - 0.5e6).abs() < 1e-6);
    // one feeder at its rating: 20 MW · 0.002 · 0.5² = 10 kW
    assert!((part("utility_10kv_10mw").evaluate(&[("demand", 1e7)])["loss"] - 10e3).abs() < 1e-6);
    // 28.2 m³/s · 100 Pa / 0.6
    assert!((part("air_economizer_400kw").parameter("fan_power_design") - 4700.0).abs() < 1e-9);
}
