//! What must agree because it is the same thing: PUE and WUE by three ways through what a run writes, results along ladders of tolerance and
//! step, halls that mirror each other.
//!
//! Beside these stand, each where its subject is: one rack, every rack and every chip (`fidelity.rs`); sampled, continuous and ideal
//! controls, dynamic and quasi-steady runs (`modes.rs`, `numerics.rs`); a run that is stopped and resumed, bit for bit (`checkpoint.rs`);
//! threads (`determinism.rs`); racks that sum to their site, in any order (`racks.rs`).

mod support;

use engine::scenario::load_text;
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::read::open_table;
use engine::study::report::{summary_json, summary_text};
use engine::study::run::{Outcome, Unobserved};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use support::sites::{load, run, span};

/// Runs a shipped site with the command and leaves its files.
fn written(site: &str, period: &str, folder: &Path) {
    let out = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", site, "--quiet", "--csv", "--force", "--set", &format!("run.period={period}"), "--out"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(out.status.success(), "{site}: {}", String::from_utf8_lossy(&out.stderr));
}

/// First way: the meters of the plant in series.csv. What the feed delivers, what the last distribution hands to racks, and the water that
/// towers lose with what their basins gain. Gives facility and IT [kWh] and water [kg].
fn by_meters(folder: &Path, to_racks: &str, towers: &[(&str, f64)]) -> [f64; 3] {
    let text = std::fs::read_to_string(folder.join("series.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |name: &str| -> Vec<f64> {
        let place = header.iter().position(|column| *column == name);
        let place = place.unwrap_or_else(|| panic!("series.csv has no {name}"));
        rows.iter().filter(|row| !row[place].is_empty()).map(|row| row[place].parse().unwrap()).collect()
    };
    let total = |name: String| column(&name).iter().sum::<f64>();
    let mut water = 0.0;
    for (tower, count) in towers {
        for loss in ["evaporation", "drift", "blowdown"] {
            water += total(format!("metered.{tower}.{loss}_kg"));
        }
        let basin = column(&format!("{tower}.basin_kg"));
        // Flows are those of all equal units, a state is that of one.
        water += count * (basin[basin.len() - 1] - basin[0]);
    }
    [total("metered.grid_kwh".into()), total(format!("metered.{to_racks}.output_it_kwh")), water]
}

/// Second way: the accounts in series.parquet. Facility is the sum of all categories, IT that of three.
fn by_accounts(folder: &Path) -> [f64; 3] {
    let table = open_table(folder, "series.parquet", "isotherm.series/1").unwrap_or_else(|e| panic!("{e}"));
    let total = |name: &str| -> f64 {
        let values = table.numbers(name).unwrap().unwrap_or_else(|| panic!("series.parquet has no {name}"));
        values.into_iter().filter(|x| !x.is_nan()).sum()
    };
    let it = ["it", "server_fans", "psu_loss"];
    let rest = [
        "ups_loss",
        "transformer_loss",
        "distribution_loss",
        "pumps",
        "air_handler_fans",
        "heat_rejection_fans",
        "compressors",
        "heat_pumps",
        "other",
    ];
    let of = |names: &[&str]| names.iter().map(|name| total(&format!("account.{name}_kwh"))).sum::<f64>();
    [of(&it) + of(&rest), of(&it), total("account.make_up_kg")]
}

/// Third way: what the racks own, in racks.csv; every row is a rack.
fn by_racks(folder: &Path) -> [f64; 3] {
    let text = std::fs::read_to_string(folder.join("racks.csv")).unwrap();
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    for line in text.lines().skip(1) {
        for (name, cell) in header.iter().zip(line.split(',')) {
            *sums.entry(name).or_default() += cell.parse::<f64>().unwrap_or(0.0);
        }
    }
    [sums["facility_energy_kwh"], sums["it_energy_kwh"], 1e3 * sums["water_m3"]]
}

#[test]
fn pue_and_wue_are_the_same_by_meters_by_accounts_by_racks_and_in_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let sites = [("phoenix_evaporative", "pdu", ("tower", 2.0)), ("mixed_hall", "pdu", ("tower", 1.0))];
    for (site, to_racks, tower) in sites {
        let run = folder.path().join(site);
        written(site, &span(180.0, 1.0), &run);
        let summary: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(run.join("summary.json")).unwrap()).unwrap();
        let said = |name: &str| summary["metrics"][name].as_f64().unwrap();
        for (way, [facility, it, water]) in [
            ("meters", by_meters(&run, to_racks, &[tower])),
            ("accounts", by_accounts(&run)),
            ("racks", by_racks(&run)),
        ] {
            let (pue, wue) = (facility / it, water / it);
            let off = [pue / said("pue") - 1.0, wue / said("wue_site_l_per_kwh") - 1.0];
            println!("{site} by {way}: PUE {pue:.9} ({:+.0e}), WUE {wue:.9} L/kWh ({:+.0e})", off[0], off[1]);
            // Sums of the same doubles in other orders; water by the tower's losses closes within the balance of a run, 1e-9.
            assert!(off[0].abs() < 1e-9, "{site} by {way}: PUE {pue}, the summary has {}", said("pue"));
            assert!(
                off[1].abs() < 1e-9,
                "{site} by {way}: WUE {wue}, the summary has {}",
                said("wue_site_l_per_kwh")
            );
        }
    }
}

/// The largest difference of any temperature [K] at any record.
fn apart(a: &Outcome, b: &Outcome) -> f64 {
    let (a, b) = (&a.trajectory, &b.trajectory);
    assert_eq!(a.times, b.times);
    let mut worst = 0.0_f64;
    for probe in &a.probes {
        if probe.quantity == engine::units::Quantity::Temperature {
            let [x, y] = [a, b].map(|of| of.named(&probe.name).unwrap());
            worst = x.iter().zip(&y).fold(worst, |worst, (x, y)| worst.max((x - y).abs()));
        }
    }
    worst
}

#[test]
fn a_tighter_tolerance_comes_closer_to_the_tightest_decade_by_decade() {
    let site = "phoenix_evaporative";
    let of = |tolerance: &str| {
        let period = span(199.0, 0.25);
        run(site, &[("run.period", &period), ("run.controls", "Continuous"), ("run.tolerance", tolerance)])
    };
    let tightest = of("1e-9");
    let energy = |summary: &Summary| summary.metrics.facility_energy_kwh;
    let errors: Vec<(f64, f64)> = ["1e-4", "1e-5", "1e-6"]
        .into_iter()
        .map(|tolerance| {
            let found = of(tolerance);
            let moved = (energy(&found.1) / energy(&tightest.1) - 1.0).abs();
            let kelvin = apart(&found.0, &tightest.0);
            println!("{tolerance}: {kelvin:.1e} K, energy {moved:.1e}, {} steps", found.0.statistics.steps);
            (kelvin, moved)
        })
        .collect();
    // An error per step in proportion to the tolerance: steps of ∛ of it, and of order p = 3 the run's error goes with its power p/(p + 1): a
    // decade of tolerance is 10^(3/4) = 5.6 of error. At 1e-4 and looser it is the records that bound the steps.
    let [loose, tight, tighter] = errors[..] else { panic!("three") };
    assert!(tight.0 < loose.0, "a decade less and not closer: {errors:?}");
    assert!(tighter.0 < tight.0 / 5.6, "temperatures: {errors:?}");
    assert!(tighter.1 < tight.1 / 5.6, "energy: {errors:?}");
    assert!(tighter.0 < 1e-3, "a tolerance of 1e-6 is good to a millikelvin: {errors:?}");
    assert!(tighter.1 < 1e-6, "and to a millionth of the energy: {errors:?}");
}

#[test]
fn shorter_quasi_steady_steps_converge_at_first_order_or_better() {
    // Sums of steps at whose ends the plant stands still: the rule of the end of the step, of first order in a day that does not return to
    // where it began, of second where weather is a straight line between hours.
    let site = "phoenix_evaporative";
    let of = |step: &str| {
        let period = span(199.0, 1.0);
        let settings = [
            ("run.period", period.as_str()),
            ("run.dynamics", "QuasiSteady"),
            ("run.controls", "Ideal"),
            ("run.step", step),
            ("run.output_every", "1 h"),
        ];
        run(site, &settings).1.metrics
    };
    let finest = of("5 min");
    let error = |step: &str| {
        let found = of(step);
        let off = [
            found.facility_energy_kwh / finest.facility_energy_kwh - 1.0,
            found.water_m3 / finest.water_m3 - 1.0,
        ];
        println!("{step}: energy {:+.1e}, water {:+.1e}", off[0], off[1]);
        off.map(f64::abs)
    };
    let [hour, quarter] = ["1 h", "15 min"].map(error);
    for (k, what) in ["energy", "water"].into_iter().enumerate() {
        // Of first order the errors against 5 min are as 55 to 10; a second order would be 143 to 8. Less than 1e-7 is the solver's tolerance.
        assert!(quarter[k] < 0.33 * hour[k] + 1e-7, "{what}: {hour:?} {quarter:?}");
        assert!(quarter[k] < 2e-3, "{what} at the default step: {}", quarter[k]);
    }
}

/// Two halls on cold plates and in air, on one plant; `order` says which is written first.
fn halls(order: [&str; 2]) -> Outcome {
    let units: String = (order.iter())
        .map(|hall| {
            format!(
                r#""cdu_{hall}": Cdu(based_on: "cdu_1350kw"),
                "crah_{hall}": Crah(based_on: "crah_100kw", count: 2),
                "aisles_{hall}": AislePair(based_on: "open_aisles"),"#
            )
        })
        .collect();
    let racks: String = (order.iter())
        .map(|hall| {
            format!(
                r#""{hall}": (template: "gb200_nvl72", count: 6, workload: Diurnal(low: 0.3, high: 0.9)),"#
            )
        })
        .collect();
    let loops: String = (order.iter())
        .map(|hall| {
            format!(
                r#""cdu_{hall}.secondary -> {hall}.liquid -> cdu_{hall}.secondary",
                "crah_{hall}.air -> aisles_{hall}.cold -> {hall}.air -> aisles_{hall}.hot -> crah_{hall}.air","#
            )
        })
        .collect();
    let [a, b] = order;
    let text = format!(
        r#"Site(schema: 1, title: "two halls", site: (climate: "oakridge"),
            components: {{
                {units}
                "pump": Pump(based_on: "end_suction_30kw", flow_design: "50 L/s"),
                "cooler": DryCooler(based_on: "dry_cooler_1mw", count: 2),
                "chiller": AirCooledChiller(based_on: "air_cooled_screw_300kw"),
                "chilled_pump": Pump(based_on: "end_suction_7kw", flow_design: "12 L/s"),
            }},
            racks: {{ {racks} }},
            connections: [
                "grid -> [{a}, {b}, cdu_{a}, cdu_{b}, crah_{a}, crah_{b}, pump, cooler, chiller, chilled_pump]",
                {loops}
                "pump -> [cdu_{a}.primary, cdu_{b}.primary] -> cooler -> pump",
                "chilled_pump -> chiller.chilled_water -> [crah_{a}.coil, crah_{b}.coil] -> chilled_pump",
            ],
            run: (period: Span(from: "10 d", for: "12 h"), controls: Continuous),
        )"#
    );
    let loaded = load_text("halls.ron", &text, &[])
        .unwrap_or_else(|all| panic!("{}", all.iter().map(|p| p.render()).collect::<String>()));
    case::run(&loaded.case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}")).0
}

#[test]
fn halls_that_mirror_each_other_stay_alike_and_the_order_they_are_written_in_does_not_matter() {
    let (first, second) = (halls(["east", "west"]), halls(["west", "east"]));
    let (mut pairs, mut moved) = (0, 0.0_f64);
    for probe in &first.trajectory.probes {
        if !probe.name.contains("east") {
            continue;
        }
        let mirror = probe.name.replace("east", "west");
        let [east, west] = [&probe.name, &mirror].map(|name| first.trajectory.named(name).unwrap());
        let other = second.trajectory.named(&probe.name).unwrap();
        let scale = east.iter().fold(1e-9_f64, |most, x| most.max(x.abs()));
        for ((e, w), o) in east.iter().zip(&west).zip(&other) {
            // Equal equations at equal places of the same sums: rounding alone, which no chaos amplifies in a dissipative plant.
            assert!((e - w).abs() <= 1e-9 * scale, "{}: {e}, its mirror {w}", probe.name);
            moved = moved.max((e - o).abs() / scale);
        }
        let spread = east.iter().fold(0.0_f64, |most, x| most.max((x - east[0]).abs()));
        pairs += usize::from(spread > 1e-6 * scale);
    }
    println!("{pairs} columns that move are mirrored; written in the other order they move by {moved:.0e}");
    assert!(pairs >= 30, "only {pairs} columns move");
    for air in ["crah_east.air_in", "aisles_east.recirculation"] {
        assert!(first.trajectory.named(air).is_some(), "no column {air}");
    }
    assert!(moved < 1e-9, "the order moves a column by {moved:e} of its size");
}

#[test]
fn the_ledger_says_by_whose_convention_evaporation_is_counted() {
    let period = span(180.0, 0.25);
    let of = |site: &str, conventions: &str| {
        let settings = [("run.period", period.as_str()), ("run.conventions", conventions)];
        let case = load(site, &settings);
        let (outcome, summary) =
            case::run(&case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"));
        (
            summary_json(&case, &outcome, &summary),
            summary_text(&case, &outcome, &summary),
            summary.metrics.water_m3,
        )
    };
    let (ours, text, litres) = of("phoenix_evaporative", "Isotherm");
    assert_eq!(ours["mode"]["conventions"], "Isotherm");
    assert!(!text.contains("EnergyPlus"), "{text}");
    let (theirs, text, fewer) = of("phoenix_evaporative", "EnergyPlus");
    assert_eq!(theirs["mode"]["conventions"], "EnergyPlus");
    assert!(text.contains("counted as EnergyPlus does"), "{text}");
    // w/(1 + w) instead of W is 2 to 3 % where air leaves with 20 to 30 g/kg, and the make-up's enthalpy as much again.
    let less = 1.0 - fewer / litres;
    assert!((0.02..0.09).contains(&less), "{less}");
    let (dry, text, _) = of("nvl72_pod", "EnergyPlus");
    assert!(dry["mode"]["conventions"].is_null() && !text.contains("EnergyPlus"), "{text}");
}

#[test]
fn a_run_that_starts_without_a_steady_state_says_so_first() {
    let period = span(190.0, 1.0 / 24.0);
    let run = |site: &str, settings: &[(&str, &str)]| {
        let settings: Vec<(&str, &str)> =
            settings.iter().copied().chain([("run.period", period.as_str())]).collect();
        let case = load(site, &settings);
        let (outcome, summary) =
            case::run(&case, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"));
        (summary_text(&case, &outcome, &summary), summary.notes)
    };
    for (site, too_few, code, said) in [
        // One air handler for a hall that needs more: servers shut down, cool and start again, and nothing is steady.
        ("mixed_hall", ("crah.count", "1"), "start-switches", "the run starts as they stood last"),
        // Two chillers of thirteen: chips throttle and recover.
        (
            "harbin_air",
            ("chiller.count", "2"),
            "start-frozen-day",
            "the run starts where a day of frozen weather led to",
        ),
    ] {
        let (text, notes) = run(site, &[too_few]);
        assert_eq!(notes[0].code, code, "{site}: {:?}", notes[0]);
        let first = text.lines().skip_while(|line| !line.contains("Worth knowing")).nth(1).unwrap();
        assert!(first.ends_with(said), "{site}: {first}");
        // Where there is one, nothing is said.
        let (_, notes) = run(site, &[]);
        assert!(notes.iter().all(|note| !note.code.starts_with("start-")), "{site}: {notes:?}");
    }
}
