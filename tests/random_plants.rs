//! Plants that nobody drew, composed at random from racks, liquid loops, heat rejection, air, and a chain of supply: whatever they are,
//! energy and water close, every number is finite and possible, nothing runs back through a check valve, and the order in which a file
//! names its components and connections changes nothing.

use engine::scenario::load_text;
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::{Outcome, Unobserved};
use engine::units::Quantity;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many plants; each runs twice.
const PLANTS: u32 = 48;

/// What is drawn of a plant.
#[derive(Debug, Clone)]
struct Drawn {
    climate: &'static str,
    day: u32,
    /// 0: racks on cold plates with an air part, 1: on cold plates alone, 2: in air alone.
    racks: u8,
    count: u32,
    utilisation: u32,
    swings: bool,
    /// 0: dry cooler, 1: with pads, 2: plates and a tower.
    rejection: u8,
    cdus: u32,
    pumps: u32,
    pipe: bool,
    transformer: bool,
    ups: bool,
    pdu: bool,
    solved: bool,
    check: bool,
    trip: Option<u32>,
    continuous: bool,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let climates = prop::sample::select(vec!["phoenix", "harbin", "singapore", "stockholm", "shanghai"]);
    let load = (0u8..3, 1u32..9, 0u32..=100, any::<bool>());
    let plant = (0u8..3, 1u32..4, 1u32..4, any::<bool>());
    let chain = (any::<bool>(), any::<bool>(), any::<bool>());
    let water = (any::<bool>(), any::<bool>(), prop::option::of(5u32..100), any::<bool>());
    (climates, 0u32..364, load, plant, chain, water).prop_map(|(climate, day, load, plant, chain, water)| {
        let (racks, count, utilisation, swings) = load;
        let (rejection, cdus, pumps, pipe) = plant;
        let (transformer, ups, pdu) = chain;
        let (solved, check, trip, continuous) = water;
        Drawn {
            climate,
            day,
            racks,
            count,
            utilisation,
            swings,
            rejection,
            cdus,
            pumps,
            pipe,
            transformer,
            ups,
            pdu,
            solved,
            check: check && solved,
            trip,
            continuous,
        }
    })
}

impl Drawn {
    fn liquid(&self) -> bool {
        self.racks < 2
    }
    fn air(&self) -> bool {
        self.racks != 1
    }

    /// The site file; with `turned`, its components and connections in the opposite order.
    fn text(&self, turned: bool) -> String {
        let (mut components, mut connections) = (Vec::new(), Vec::new());
        let (mut resistances, mut mechanical) = (Vec::new(), Vec::new());
        let mut add = |id: &str, what: &str| components.push(format!("{id:?}: {what}"));
        let rack = ["gb200_nvl72", "frontier_rack", "rack_h100_air_4"][usize::from(self.racks)];
        if self.liquid() {
            add("cdu", &format!("Cdu(based_on: \"cdu_1350kw\", count: {})", self.cdus));
            let valve = if self.check { ", check_valve: Absent" } else { "" };
            for k in 0..self.pumps {
                let pump = format!("pump_{k}");
                add(
                    &pump,
                    &format!(
                        "Pump(based_on: \"end_suction_30kw\", flow_design: \"25 L/s\", head_design: \"220 kPa\"{valve})"
                    ),
                );
                mechanical.push(pump);
            }
            mechanical.push("cdu".to_owned());
            connections.push("cdu.secondary -> hall.liquid -> cdu.secondary".to_owned());
            let joined = |prefix: &str| {
                let list: Vec<String> = (0..self.pumps).map(|k| format!("{prefix}_{k}")).collect();
                format!("[{}]", list.join(", "))
            };
            let mut outlet = joined("pump");
            if self.check {
                for k in 0..self.pumps {
                    add(&format!("check_{k}"), "CheckValve(based_on: \"wafer_check_dn150\")");
                    connections.push(format!("pump_{k} -> check_{k}"));
                }
                outlet = joined("check");
            }
            let pipe = if self.pipe { "line -> " } else { "" };
            if self.pipe {
                add("line", "Pipe(based_on: \"header_pipe_50m\")");
            }
            let rejection = ["cooler", "cooler", "plates.secondary"][usize::from(self.rejection)];
            connections.push(format!("{outlet} -> cdu.primary -> {pipe}{rejection} -> {}", joined("pump")));
            mechanical.push(["cooler", "cooler", "tower"][usize::from(self.rejection)].to_owned());
            match self.rejection {
                0 => add("cooler", "DryCooler(based_on: \"dry_cooler_1mw\", count: 2)"),
                1 => add("cooler", "AdiabaticCooler(based_on: \"adiabatic_cooler_1mw\", count: 2)"),
                _ => {
                    add("plates", "PlateExchanger(based_on: \"plate_exchanger_1mw\", count: 2)");
                    add("tower", "OpenTower(based_on: \"open_tower_1mw\", count: 2, model: Merkel)");
                    add("tower_pump", "Pump(based_on: \"end_suction_30kw\", flow_design: \"50 L/s\")");
                    mechanical.push("tower_pump".to_owned());
                    connections.push("tower_pump -> plates.primary -> tower -> tower_pump".to_owned());
                }
            }
            if self.solved {
                let passage =
                    ["cooler.water", "cooler.water", "plates.secondary"][usize::from(self.rejection)];
                resistances.push("\"cdu.primary\": (pressure_drop: \"60 kPa\")".to_owned());
                resistances.push(format!("{passage:?}: (pressure_drop: \"90 kPa\", flow: \"30 L/s\")"));
                if self.pipe {
                    resistances.push("\"line\": (pressure_drop: \"15 kPa\", flow: \"40 L/s\")".to_owned());
                }
            }
        }
        if self.air() {
            add("crah", &format!("Crah(based_on: \"crah_100kw\", count: {})", 1 + self.count / 2));
            add("chiller", "AirCooledChiller(based_on: \"air_cooled_screw_300kw\", count: 2)");
            add("chilled_pump", "Pump(based_on: \"end_suction_7kw\", flow_design: \"20 L/s\")");
            add("aisles", "AislePair(based_on: \"contained_aisles\")");
            mechanical.extend(["crah", "chiller", "chilled_pump"].map(str::to_owned));
            connections.push("crah.air -> aisles.cold -> hall.air -> aisles.hot -> crah.air".to_owned());
            connections.push("chilled_pump -> chiller.chilled_water -> crah.coil -> chilled_pump".to_owned());
        }
        let mut feed = "grid";
        if self.transformer {
            add("transformer", "Transformer(based_on: \"dry_type_2500kva\")");
            connections.push("grid -> transformer".to_owned());
            feed = "transformer";
        }
        connections.push(format!("{feed} -> [{}]", mechanical.join(", ")));
        let mut chain = vec![feed];
        if self.ups {
            add("ups", "Ups(based_on: \"double_conversion_1500kva\")");
            chain.push("ups");
        }
        if self.pdu {
            add("pdu", "Pdu(based_on: \"pdu_1500kva\")");
            chain.push("pdu");
        }
        chain.push("hall");
        connections.push(chain.join(" -> "));
        if turned {
            components.reverse();
            connections.reverse();
            resistances.reverse();
        }
        let share = f64::from(self.utilisation) / 100.0;
        let workload = if self.swings {
            format!("Diurnal(low: {:.3}, high: {:.3})", 0.5 * share, share)
        } else {
            format!("Constant(utilisation: {share:.2})")
        };
        let events = match self.trip {
            Some(minutes) if self.liquid() => format!("At(\"{minutes} min\", Trip(\"pump_0\", \"10 min\"))"),
            _ => String::new(),
        };
        let quoted: Vec<String> = connections.iter().map(|chain| format!("{chain:?}")).collect();
        format!(
            "Site(schema: 1, title: \"drawn at random\", site: (climate: {:?}), components: {{ {} }}, \
             racks: {{ \"hall\": (template: {rack:?}, count: {}, workload: {workload}) }}, connections: [{}], \
             resistances: {{ {} }}, events: [{events}], \
             run: (period: Span(from: \"{} d\", for: \"2 h\"), step: \"5 min\", controls: {}))",
            self.climate,
            components.join(", "),
            self.count,
            quoted.join(", "),
            resistances.join(", "),
            self.day,
            if self.continuous { "Continuous" } else { "Sampled" },
        )
    }
}

fn run(text: &str) -> Result<(Outcome, Summary), String> {
    let loaded = load_text("drawn.ron", text, &[])
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    case::run(&loaded.case, &mut Unobserved).map_err(|stopped| stopped.to_string())
}

/// What is not as it must be.
fn faults(outcome: &Outcome, summary: &Summary) -> Vec<String> {
    let c = summary.closure;
    let limits = [
        ("energy over the run", c.energy_relative, 1e-9),
        ("water over the run", c.water_relative, 1e-9),
        ("energy of an interval", c.energy_worst, 1e-9),
        ("water of an interval", c.water_worst, 1e-9),
        ("energy from the columns", c.energy_recomputed, 1e-6),
        ("electricity fed in less used", c.electricity_relative, 1e-9),
    ];
    let mut found: Vec<String> = (limits.into_iter())
        .filter(|(_, value, limit)| value.is_nan() || value.abs() > *limit)
        .map(|(what, value, limit)| format!("{what} misses by {value:e}, at most {limit:e}"))
        .collect();
    for (k, probe) in outcome.trajectory.probes.iter().enumerate() {
        // Liquid and air between freezing nitrogen and red heat; no negative humidity; barometric pressure is positive.
        let (low, high) = match probe.quantity {
            Quantity::Temperature => (200.0, 500.0),
            Quantity::HumidityRatio => (0.0, 0.2),
            Quantity::Pressure if probe.name.starts_with("weather") => (1e4, 2e5),
            _ => (f64::MIN, f64::MAX),
        };
        let bad = outcome.trajectory.column(k).find(|x| !(low..=high).contains(x));
        if let Some(bad) = bad {
            found.push(format!("{} is {bad}", probe.name));
        }
        // A shut check valve leaks 1e-9 of its design flow a bar.
        if probe.name.starts_with("check_") && probe.name.ends_with("_flow") {
            let least = outcome.trajectory.column(k).fold(f64::MAX, f64::min);
            if least < -1e-6 {
                found.push(format!("{} runs back: {least} kg/s", probe.name));
            }
        }
    }
    found
}

/// How far two runs of one plant are apart: energy, and the temperature that differs most.
fn apart(a: &(Outcome, Summary), b: &(Outcome, Summary)) -> (f64, f64, String) {
    let energy = a.1.metrics.facility_energy_kwh / b.1.metrics.facility_energy_kwh - 1.0;
    let mut worst = (0.0, String::new());
    for (k, probe) in a.0.trajectory.probes.iter().enumerate() {
        if probe.quantity != Quantity::Temperature {
            continue;
        }
        let Some(other) = b.0.trajectory.named(&probe.name) else {
            return (f64::NAN, f64::NAN, format!("{} is missing", probe.name));
        };
        for (x, y) in a.0.trajectory.column(k).zip(other) {
            if (x - y).abs() > worst.0 {
                worst = ((x - y).abs(), probe.name.clone());
            }
        }
    }
    (energy.abs(), worst.0, worst.1)
}

#[test]
fn in_random_plants_balances_close_and_the_order_of_the_file_changes_nothing() {
    let config =
        Config { cases: PLANTS, failure_persistence: None, max_shrink_iters: 40, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let furthest = std::cell::RefCell::new((0.0_f64, 0.0_f64));
    let result = TestRunner::new_with_rng(config, rng).run(&drawn(), |drawn| {
        let text = drawn.text(false);
        let fail = |why: String| TestCaseError::fail(format!("{text}\n{why}"));
        let ran = run(&text).map_err(fail)?;
        let mut found = faults(&ran.0, &ran.1);
        let turned = run(&drawn.text(true)).map_err(|why| fail(format!("turned: {why}")))?;
        found.extend(faults(&turned.0, &turned.1).into_iter().map(|fault| format!("turned: {fault}")));
        let (energy, kelvin, whose) = apart(&ran, &turned);
        let mut furthest = furthest.borrow_mut();
        *furthest = (furthest.0.max(energy), furthest.1.max(kelvin));
        // Sums are taken in another order: the last digits differ, and where a step of the integrator ends by them.
        if energy.is_nan() || energy > 1e-6 || kelvin > 1e-3 {
            found.push(format!("in another order energy moves by {energy:e} and {whose} by {kelvin:e} K"));
        }
        if found.is_empty() { Ok(()) } else { Err(fail(found.join("\n"))) }
    });
    let (energy, kelvin) = *furthest.borrow();
    println!(
        "{PLANTS} plants; in another order energy moves by at most {energy:.1e}, a temperature by {kelvin:.1e} K"
    );
    if let Err(error) = result {
        panic!("{error}");
    }
}
