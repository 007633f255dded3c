//! Every parameter of every kind of component at both ends of its declared range and in every choice, one at a time, in a shipped site
//! that has such a component: a day runs to its end with every number finite and every balance closed, or the file is refused in
//! sentences, or the run stops with a reason. Nothing panics and nothing hangs.

mod support;

use engine::plant::declare::Form;
use engine::scenario::{Case, load, load_text};
use engine::study::case;
use engine::study::run::{Outcome, Unobserved};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::sites::span;

/// Where kinds are looked for, in this order: what is small comes first.
const SITES: [&str; 9] = [
    "nvl72_pod",
    "nvl72_pumps",
    "phoenix_zero_water",
    "phoenix_evaporative",
    "mixed_hall",
    "harbin_air",
    "harbin_cold_plate",
    "stockholm_heat_reuse",
    "phoenix_solar",
];

/// A hall of the kinds that no shipped site has.
const REST: &str = r#"Site(schema: 1, title: "what no shipped site has", site: (climate: "phoenix", sky: "clear_phoenix"),
    components: {
        "cdu": Cdu(based_on: "cdu_1350kw", count: 2),
        "pump": Pump(based_on: "end_suction_30kw", count: 2, flow_design: "25 L/s", head_design: "220 kPa"),
        "line": Pipe(based_on: "header_pipe_50m"),
        "balance": ControlValve(based_on: "control_valve_dn100", opening_rest: "0.8"),
        "check": CheckValve(based_on: "wafer_check_dn150"),
        "bath": ImmersionTank(based_on: "immersion_tank_100kw"),
        "board": FixedLoad(power: "60 kW"),
        "economizer_w": WaterSideEconomizer(based_on: "economizer_1mw"),
        "chiller_w": WaterCooledChiller(based_on: "carrier_19xr_1259kw"),
        "tower": OpenTower(based_on: "open_tower_merkel_1mw", count: 2),
        "tower_pump": Pump(based_on: "end_suction_30kw", flow_design: "50 L/s"),
        "crah": Crah(based_on: "crah_100kw", count: 3),
        "humidifier": Humidifier(based_on: "ultrasonic_humidifier_20kg_h"),
        "chiller": AirCooledChiller(based_on: "air_cooled_screw_300kw", count: 2),
        "chilled_pump": Pump(based_on: "end_suction_7kw", flow_design: "20 L/s"),
        "aisles": AislePair(based_on: "contained_aisles"),
        "door": RearDoor(based_on: "rear_door_active_50kw", count: 5),
        "economizer": AirSideEconomizer(based_on: "air_economizer_400kw"),
        "tank": StorageTank(based_on: "storage_tank_100m3"),
        "chiller_pump": Pump(based_on: "end_suction_7kw", flow_design: "20 L/s"),
        "plates": PlateExchanger(based_on: "plate_exchanger_1mw"),
        "plates_pump": Pump(based_on: "end_suction_7kw", flow_design: "20 L/s"),
        "bath_b": ImmersionTank(based_on: "immersion_tank_100kw"),
        "board_b": FixedLoad(power: "60 kW"),
        "pads": AdiabaticCooler(based_on: "adiabatic_cooler_1mw"),
        "pads_pump": Pump(based_on: "end_suction_7kw", flow_design: "20 L/s"),
        "utility": UtilityFeed(based_on: "utility_10kv_10mw"),
        "generator": Generator(based_on: "diesel_2mw", peak_limit: "600 kW"),
        "battery": Battery(based_on: "battery_1mwh", peak_limit: "500 kW"),
        "wind": WindTurbine(based_on: "wind_2mw"),
        "solar": Photovoltaic(based_on: "pv_1mw", surplus: Curtailed),
    },
    racks: { "hall": (template: "gb200_nvl72", count: 5, workload: Diurnal(low: 0.2, high: 0.8)) },
    connections: [
        "cdu.secondary -> hall.liquid -> cdu.secondary",
        "board.heat -> bath.heat",
        "pump -> check -> line -> [cdu.primary, bath.water] -> balance -> economizer_w.chilled_water -> chiller_w.chilled_water -> pump",
        "tower_pump -> economizer_w.tower_water -> chiller_w.condenser -> tower -> tower_pump",
        "crah.air -> humidifier.air -> aisles.cold -> hall.air -> door.air -> aisles.hot -> economizer.air -> crah.air",
        "chiller_pump -> chiller.chilled_water -> tank.charge -> chiller_pump",
        "chilled_pump -> [crah.coil, door.water] -> tank.discharge -> chilled_pump",
        "board_b.heat -> bath_b.heat",
        "plates_pump -> bath_b.water -> plates.secondary -> plates_pump",
        "pads_pump -> plates.primary -> pads -> pads_pump",
        "grid -> utility -> generator -> battery -> wind -> solar",
        "solar -> [hall, pump, cdu, bath, board, tower, tower_pump, chiller_w, crah, humidifier, chiller, chilled_pump, door, economizer, chiller_pump, pads, pads_pump, plates_pump, bath_b, board_b]",
    ],
    resistances: {
        "cdu.primary": (pressure_drop: "60 kPa"), "bath.water": (pressure_drop: "60 kPa"),
        "line": (pressure_drop: "15 kPa", flow: "40 L/s"),
        "economizer_w.chilled_water": (pressure_drop: "30 kPa", flow: "30 L/s"),
        "chiller_w.chilled_water": (pressure_drop: "60 kPa", flow: "30 L/s"),
    },
    controls: { "door": Fix(by: "door.valve", at: 0.4) },
)"#;

/// Most steps of a day, rejected ones included, and more than any takes: a day that would not end is stopped with a reason.
const STEPS: u64 = 2_000_000;

/// One run: in which site (none: [`REST`]), and the parameter that is set.
struct Try {
    site: Option<&'static str>,
    path: String,
    value: String,
}

fn read(site: Option<&'static str>, settings: &[(String, String)]) -> Result<Case, String> {
    let loaded = match site {
        Some(site) => load(Path::new(site), settings),
        None => load_text("rest.ron", REST, settings),
    };
    loaded
        .map(|loaded| loaded.case)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<String>>().join("\n"))
}

/// A summer's day as a row of steady states.
fn day() -> Vec<(String, String)> {
    let of = |path: &str, value: &str| (path.to_owned(), value.to_owned());
    vec![
        of("run.period", &span(190.0, 1.0)),
        of("run.step", "1 h"),
        of("run.dynamics", "QuasiSteady"),
        of("run.fidelity", "Lumped"),
    ]
}

/// The ends of the range, or all choices.
fn values(form: Form) -> Vec<String> {
    match form {
        Form::Quantity { bounds: (low, high), .. } => vec![low.to_owned(), high.to_owned()],
        Form::Count { bounds: (low, high) } => vec![low.to_string(), high.to_string()],
        Form::Choice(names) => names.iter().map(|name| (*name).to_owned()).collect(),
        Form::Derived(_) => Vec::new(),
    }
}

fn all() -> Vec<Try> {
    let (mut tries, mut seen) = (Vec::new(), BTreeSet::new());
    for site in SITES.map(Some).into_iter().chain([None]) {
        let case = read(site, &day()).unwrap_or_else(|why| panic!("{site:?}: {why}"));
        let before = seen.clone();
        for unit in case.plant.units.iter().filter(|unit| unit.group.is_none()) {
            let declaration = unit.kind.declaration();
            // Cells and units that stand for one of several have ids with brackets.
            if before.contains(declaration.name) || unit.id.contains('[') || !seen.insert(declaration.name) {
                continue;
            }
            for field in declaration.parameters {
                let path = format!("components.{}.{}", unit.id, field.name);
                tries.extend(values(field.form).into_iter().map(|value| Try {
                    site,
                    path: path.clone(),
                    value,
                }));
            }
        }
    }
    println!("{} parameters and choices of {} kinds: {seen:?}", tries.len(), seen.len());
    assert!(seen.len() >= 30, "{seen:?}");
    tries
}

/// What is not finite, and balances that do not close.
fn faults(outcome: &Outcome) -> Vec<String> {
    let mut found: Vec<String> = (outcome.trajectory.probes.iter().enumerate())
        .filter(|(k, _)| !outcome.trajectory.column(*k).all(f64::is_finite))
        .map(|(_, probe)| format!("{} is not finite", probe.name))
        .collect();
    let c = &outcome.closure;
    for (what, value) in [
        ("energy", c.energy_relative),
        ("water", c.water_relative),
        ("an interval's energy", c.energy_worst),
        ("an interval's water", c.water_worst),
        ("electricity", c.electricity_relative),
    ] {
        if value.is_nan() || value.abs() > 1e-6 {
            found.push(format!("{what} misses by {value:e}"));
        }
    }
    let steps = outcome.statistics.steps + outcome.statistics.rejected;
    if steps > STEPS {
        found.push(format!("{steps} steps"));
    }
    found
}

/// How a run ended: in a word, and what is wrong.
fn ended(of: &Try) -> (&'static str, Option<String>) {
    let mut settings = day();
    settings.push((of.path.clone(), of.value.clone()));
    let case = match read(of.site, &settings) {
        Ok(case) => case,
        Err(why) => return ("refused", why.contains("NaN").then_some(why)),
    };
    match case::run(&case, &mut Unobserved) {
        Ok((outcome, _)) => {
            let faults = faults(&outcome);
            ("ran", (!faults.is_empty()).then(|| faults.join("; ")))
        }
        Err(stopped) => {
            let why = stopped.to_string();
            println!("{:?} {}={}: {why}", of.site, of.path, of.value);
            ("stopped", why.is_empty().then_some(why))
        }
    }
}

#[test]
fn at_the_ends_of_every_range_a_day_closes_or_is_refused_or_stops_with_a_reason() {
    let tries = all();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(of) = tries.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (how, wrong) = catch_unwind(AssertUnwindSafe(|| ended(of)))
                .unwrap_or_else(|_| ("panicked", Some("it panicked".to_owned())));
            done.push((how, wrong.map(|why| format!("{:?} {}={}: {why}", of.site, of.path, of.value))));
        }
        done
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let done: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker")).collect()
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    done.iter().for_each(|(how, _)| *counts.entry(how).or_default() += 1);
    println!("{counts:?}");
    let wrong: Vec<String> = done.into_iter().filter_map(|(_, wrong)| wrong).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tries.len(), wrong.join("\n"));
    assert!(counts["ran"] > tries.len() / 2, "{counts:?}");
}
