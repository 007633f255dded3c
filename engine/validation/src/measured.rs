//! Machines that exist: the power chain of Frontier in closed form, rows of Summit's telemetry.

use crate::component::Component;
use crate::oracle::ZERO;
use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Table, Worst};
use media::liquid::Fluid;
use scenario::load_text;
use study::run::Unobserved;
use units::Quantity;

/// Facts of the peer that owns Frontier's figures.
pub const EXADIGIT: Source = Source {
    id: "exadigit",
    title: "Frontier's power chain: ExaDigiT/RAPS, config/frontier.yaml, commit 6c142bf, in closed form",
    kind: Kind::ClosedForm,
    tables: "tests/validation/frontier",
};
/// A published day.
pub const FRONTIER_DAY: Source = Source {
    id: "frontier_day",
    title: "Frontier, power of 25 CDUs on 2024-04-07 every 15 s (sustain-lc), with the figures its authors give of the day",
    kind: Kind::Measurement,
    tables: "tests/validation/frontier",
};
/// Telemetry.
pub const SUMMIT: Source = Source {
    id: "summit",
    title: "Summit's central energy plant, telemetry of 2020-01-31 (at-aaims/sc21_summit_power_analysis_artifacts)",
    kind: Kind::Measurement,
    tables: "tests/validation/summit",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "frontier_chain",
        title: "Frontier's power chain, component by component",
        source: &EXADIGIT,
        covers: &["NodeLoad", "Sivoc", "Rectifier"],
        evaluate: chain,
    },
    Case {
        id: "frontier_plant",
        title: "Frontier's power chain in a run of the plant, from the shipped records",
        source: &EXADIGIT,
        covers: &["NodeLoad", "Sivoc", "Rectifier", "Cdu", "accounts"],
        evaluate: plant,
    },
    Case {
        id: "frontier_day",
        title: "Twenty-four hours of 25 CDUs under the published power, in intervals of 15 s",
        source: &FRONTIER_DAY,
        covers: &["LiquidHeatTrace", "plants"],
        evaluate: day,
    },
    Case {
        id: "summit_units",
        title: "Tons, gallons and degrees Fahrenheit of five rows",
        source: &SUMMIT,
        covers: &["units", "water"],
        evaluate: summit,
    },
    Case {
        id: "summit_plant",
        title: "Electricity of the central plant",
        source: &SUMMIT,
        covers: &["plants"],
        evaluate: summit_plant,
    },
];

const RACKS: f64 = 74.0;
const NODES: f64 = 128.0;
const RECTIFIERS: f64 = 32.0;
const SWITCHES: f64 = 32.0;
const SWITCH: f64 = 250.0;
const PUMPS: f64 = 25.0 * 8473.47;

/// What the closed form gives for the whole system [W].
struct Chain {
    node: f64,
    racks: f64,
    in_sivocs: f64,
    in_rectifiers: f64,
}

/// At the power of processor and accelerators between idle and full.
fn closed_form(processor: f64, accelerator: f64) -> Chain {
    let node = 90.0 + 190.0 * processor + 4.0 * (88.0 + 472.0 * accelerator) + 74.26 + 4.0 * 20.0 + 30.0;
    let behind_sivoc = (node + 13.0) / 0.98;
    let chassis = (NODES * behind_sivoc + SWITCHES * SWITCH) / RECTIFIERS;
    let rectifier = (chassis + 17.0) / 0.96;
    Chain {
        node,
        racks: RACKS * RECTIFIERS * rectifier,
        in_sivocs: RACKS * NODES * (behind_sivoc - node),
        in_rectifiers: RACKS * RECTIFIERS * (rectifier - chassis),
    }
}

/// Idle, the core phase of HPL, peak: utilisation of processor and accelerators.
const STATES: [(&str, f64, f64); 3] = [("idle", 0.0, 0.0), ("HPL core", 0.33, 0.79), ("peak", 1.0, 1.0)];

fn chain(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = [
        Worst::relative("node", "power of a node", "W"),
        Worst::relative("racks", "power of all racks", "W"),
        Worst::relative("sivocs", "losses of all SIVOCs", "W"),
        Worst::relative("rectifiers", "losses of all rectifiers", "W"),
    ];
    for (state, processor, accelerator) in STATES {
        // The processor's utilisation is a share of the node's.
        let share = if accelerator > 0.0 { processor / accelerator } else { 1.0 };
        let node = Component::new(
            "NodeLoad",
            &[
                ("accelerators", 4.0),
                ("accelerator_power_idle", 88.0),
                ("accelerator_power_max", 560.0),
                ("processors", 1.0),
                ("processor_power_idle", 90.0),
                ("processor_power_max", 280.0),
                ("processor_utilisation", share),
                ("memory_power", 74.26),
                ("network_cards", 4.0),
                ("network_card_power", 20.0),
                ("storage_power", 30.0),
            ],
        )?;
        let power = node.evaluate(&[("utilisation", accelerator)])?("power")?;
        let sivoc = Component::new("Sivoc", &[("efficiency", 0.98), ("loss_constant", 13.0)])?;
        let sivoc = sivoc.evaluate(&[("demand", power)])?;
        let chassis = (NODES * sivoc("power")? + SWITCHES * SWITCH) / RECTIFIERS;
        let rectifier = Component::new("Rectifier", &[("efficiency", 0.96), ("loss_constant", 17.0)])?;
        let rectifier = rectifier.evaluate(&[("demand", chassis)])?;
        let expected = closed_form(processor, accelerator);
        let got = [
            power,
            RACKS * RECTIFIERS * rectifier("power")?,
            RACKS * NODES * sivoc("loss")?,
            RACKS * RECTIFIERS * rectifier("loss")?,
        ];
        let expected = [expected.node, expected.racks, expected.in_sivocs, expected.in_rectifiers];
        for ((worst, got), expected) in worst.iter_mut().zip(got).zip(expected) {
            worst.compare(got, expected, state);
        }
    }
    let about: [&[&str]; 4] =
        [&["NodeLoad"], &["NodeLoad", "Sivoc", "Rectifier"], &["Sivoc"], &["Rectifier"]];
    for (worst, about) in worst.into_iter().zip(about) {
        checks.about(about);
        checks.worst(worst, STATES.len(), 1e-9, "rounding");
    }
    Ok(())
}

fn plant(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = [
        Worst::relative("racks", "power of all racks", "W"),
        Worst::relative("with_pumps", "power of racks and CDUs", "W"),
        Worst::relative("losses", "losses of SIVOCs and rectifiers", "W"),
    ];
    for (state, utilisation) in [("idle", 0.0), ("peak", 1.0)] {
        let text = format!(
            r#"Site(schema: 1, title: "74 racks behind 25 CDUs", site: (climate: "oakridge"),
                components: {{
                    "cdu": Cdu(based_on: "hpe_cray_ex_cdu", count: 25),
                    "pump": Pump(based_on: "split_case_200kw", count: 4, flow_design: "120 L/s"),
                    "cooler": DryCooler(based_on: "dry_cooler_1mw", count: 40),
                }},
                racks: {{ "hall": (template: "frontier_rack", count: 74, workload: Constant(utilisation: {utilisation:.1})) }},
                connections: [
                    "grid -> [hall, cdu, pump, cooler]",
                    "cdu.secondary -> hall.liquid -> cdu.secondary",
                    "pump -> cdu.primary -> cooler -> pump",
                ],
                controls: {{ "full": Fix(by: "cdu.pump_speed", at: 1) }},
                run: (period: Span(from: "10 d", for: "1 h")),
            )"#
        );
        let loaded = load_text("frontier.ron", &text, &[]).map_err(|problems| {
            Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        let ran = study::case::run(&loaded.case, &mut Unobserved);
        let (outcome, summary) = ran.map_err(|stopped| Fault::Stopped(stopped.to_string()))?;
        let of = |wanted: plant::declare::Use| {
            let all = summary.energy_kwh.iter().filter(|(used, _)| *used == wanted);
            all.map(|(_, kwh)| 1e3 * kwh / summary.hours).sum::<f64>()
        };
        let losses = of(plant::declare::Use::PsuLoss);
        let racks = of(plant::declare::Use::It) + losses;
        let meters = outcome.trajectory.meters.iter().enumerate();
        let pumps: f64 = meters
            .filter(|(_, meter)| meter.name == "cdu.pump_power")
            .map(|(k, _)| outcome.accounts.total(k) / (3600.0 * summary.hours))
            .sum();
        let expected = closed_form(utilisation, utilisation);
        let lost = expected.in_sivocs + expected.in_rectifiers;
        let pairs = [(racks, expected.racks), (racks + pumps, expected.racks + PUMPS), (losses, lost)];
        for (worst, (got, expected)) in worst.iter_mut().zip(pairs) {
            worst.compare(got, expected, state);
        }
    }
    let about: [&[&str]; 3] = [
        &["NodeLoad", "Sivoc", "Rectifier", "accounts"],
        &["Cdu", "accounts"],
        &["Sivoc", "Rectifier", "accounts"],
    ];
    for (worst, about) in worst.into_iter().zip(about) {
        checks.about(about);
        checks.worst(worst, 2, 1e-9, "rounding");
    }
    Ok(())
}

/// The day that drives the CDUs: what arrives at them is what was published, and the day is stable and closes.
fn day(checks: &mut Checks) -> Result<(), Fault> {
    const FILE: &str = "reference/frontier/frontier_2024-04-07_cdu_power_15s.csv";
    const STEP: f64 = 15.0;
    // Name, words, unit, published, tolerance.
    let published = [
        ("mean", "mean heat of all CDUs", "MW", 16.125, 1e-4),
        ("least", "least heat of an interval", "MW", 5.204, 1e-4),
        ("most", "most heat of an interval", "MW", 26.606, 1e-4),
        ("step", "largest change from one interval to the next", "MW", 3.088, 2e-4),
        ("energy", "heat of the day", "MWh", 387.06, 3e-4),
    ];
    let Some(path) = checks.reference(FILE)? else {
        checks.about(&["LiquidHeatTrace"]);
        for (name, what, unit, ..) in published {
            checks.absent(name, what, unit, FILE);
        }
        checks.about(&["plants"]);
        checks.absent("wet_bulb", "mean wet bulb of the day", "°C", FILE);
        checks.absent("closure", "energy balance of the worst interval", "", FILE);
        return Ok(());
    };
    let settings = [("workload.trace".to_owned(), path.display().to_string())];
    let loaded = scenario::load(std::path::Path::new("frontier_day"), &settings).map_err(|problems| {
        Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let ran = study::case::run(&loaded.case, &mut Unobserved);
    let (outcome, _) = ran.map_err(|stopped| Fault::Stopped(stopped.to_string()))?;
    let trajectory = &outcome.trajectory;
    // 94.5 % of what the load draws reaches the liquid.
    let mut heat = vec![0.0; trajectory.intervals()];
    for k in 0..25 {
        let name = format!("workload[{k}].it_power");
        let meter = trajectory.meters.iter().position(|meter| meter.name == name);
        let meter = meter.ok_or(Fault::Missing(name))?;
        for (sum, energy) in heat.iter_mut().zip(trajectory.amounts(meter)) {
            *sum += 0.945e-6 * energy / STEP;
        }
    }
    let sum: f64 = heat.iter().sum();
    let got = [
        sum / heat.len() as f64,
        heat.iter().copied().fold(f64::MAX, f64::min),
        heat.iter().copied().fold(f64::MIN, f64::max),
        heat.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max),
        sum * STEP / 3600.0,
    ];
    // Inputs, not a response: that the plant is driven by them, to their printed digits, is no comparison.
    let remains = "four printed digits; the published energy counts the row at midnight, too, which begins the next day: 0.08 MWh";
    checks.about(&["LiquidHeatTrace"]);
    for ((name, what, unit, expected, within), got) in published.into_iter().zip(got) {
        let mut worst = Worst::relative(name, what, unit);
        worst.compare(got, expected, "");
        checks.held(worst, 1, within, remains);
    }
    checks.about(&["plants"]);
    let wet_bulb = trajectory.named("weather.wet_bulb");
    let wet_bulb = wet_bulb.ok_or_else(|| Fault::Missing("column weather.wet_bulb".into()))?;
    let mut mean = Worst::absolute("wet_bulb", "mean wet bulb of the day", "°C");
    mean.compare(wet_bulb.iter().sum::<f64>() / wet_bulb.len() as f64 - ZERO, 7.75, "");
    checks.held(mean, 1, 0.006, "two printed decimals");
    let mut closed = Worst::absolute("closure", "energy balance of the worst interval", "");
    closed.compare(outcome.closure.energy_worst, 0.0, "");
    checks.held(
        closed,
        1,
        1e-9,
        "our own closure: the day is stable and closes in each of its 5,760 intervals",
    );
    Ok(())
}

/// A value as the log has it, in SI, by way of its written unit.
fn logged(quantity: Quantity, value: &str, unit: &str) -> Result<f64, Fault> {
    let text = format!("{value} {unit}");
    quantity.parse(&text).map_err(|refused| Fault::Missing(format!("value in {text:?}: {refused}")))
}

/// What the plant draws, for information: which machines ran in those minutes is not published.
fn summit_plant(checks: &mut Checks) -> Result<(), Fault> {
    use plant::declare::Use;
    const NAME: &str = "chiller_mode_2020-01-31.csv";
    let text = include_str!("../../../tests/validation/summit/chiller_mode_2020-01-31.csv");
    let (mut logged_power, mut logged_tons, mut rows) = (0.0, 0.0, 0.0);
    for row in Table::read(NAME, text)?.rows() {
        let tons = row.get("mtw_tons")?;
        logged_power += 1e3 * row.get("cep_kW_per_ton")? * tons;
        (logged_tons, rows) = (logged_tons + tons, rows + 1.0);
    }
    // The shipped site: 257 cabinets on the loop's water, towers alone, ten minutes of a January night of the typical year.
    let settings = [("run.period.for".to_owned(), "10 min".to_owned())];
    let loaded = scenario::load(std::path::Path::new("summit_257"), &settings).map_err(|problems| {
        Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let ran = study::case::run(&loaded.case, &mut Unobserved);
    let (_, summary) = ran.map_err(|stopped| Fault::Stopped(stopped.to_string()))?;
    let of = |wanted: &[Use]| {
        let all = summary.energy_kwh.iter().filter(|(used, _)| wanted.contains(used));
        all.map(|(_, kwh)| 1e3 * kwh / summary.hours).sum::<f64>()
    };
    let power = of(&[Use::Pumps, Use::HeatRejectionFans, Use::Compressors]);
    let tons = 1e3 * summary.metrics.it_energy_kwh / summary.hours / 3516.853;
    let remains = "no verdict: in these rows chillers alone carry the loop, the towers no heat, and which chillers ran is not published; the site has \
                   towers alone, without trim chillers, and counts the pumps of its 257 cabinets";
    checks.reported(
        "power",
        "power of the plant, mean of the rows",
        "W",
        power,
        logged_power / rows,
        remains,
    );
    checks.reported(
        "per_ton",
        "power of the plant per heat",
        "kW/ton",
        power / 1e3 / tons,
        logged_power / 1e3 / logged_tons,
        remains,
    );
    Ok(())
}

fn summit(checks: &mut Checks) -> Result<(), Fault> {
    const NAME: &str = "chiller_mode_2020-01-31.csv";
    let text = include_str!("../../../tests/validation/summit/chiller_mode_2020-01-31.csv");
    let mut rule = Worst::relative("tons_by_rule", "heat by the rule 500·gpm·ΔT[°F]/12,000", "W");
    let mut water = Worst::relative("tons", "heat from flow, density and specific heat of water", "W");
    let mut back = Worst::absolute("return", "return temperature from supply, flow and tons", "°C");
    let mut pue = Worst::relative("pue", "PUE as 1 + kW/ton·tons/P", "");
    for row in Table::read(NAME, text)?.rows() {
        let at = row.text("timestamp_utc")?;
        let supply = logged(Quantity::Temperature, row.text("mtw_supply_F")?, "°F")?;
        let warm = logged(Quantity::Temperature, row.text("mtw_return_F")?, "°F")?;
        let flow = logged(Quantity::VolumeFlow, row.text("mtw_flow_gpm")?, "gpm")?;
        let heat = logged(Quantity::Power, row.text("mtw_tons")?, "ton_r")?;
        // 500 Btu/(h gpm °F) in W/(m³/s K), by the same units.
        let btu = heat / row.get("mtw_tons")? / 12_000.0;
        let per = 500.0 * btu / (flow / row.get("mtw_flow_gpm")? * 5.0 / 9.0);
        rule.compare(flow * per * (warm - supply), heat, at);
        let mean = 0.5 * (supply + warm);
        let carried = flow * Fluid::Water.density(mean) * Fluid::Water.specific_heat(mean);
        water.compare(carried * (warm - supply), heat, at);
        back.compare(supply + heat / carried - ZERO, warm - ZERO, at);
        let computer = logged(Quantity::Power, row.text("k100_total_power_kW")?, "kW")?;
        let tons = row.get("mtw_tons")?;
        pue.compare(1.0 + 1e3 * row.get("cep_kW_per_ton")? * tons / computer, row.get("k100_pue")?, at);
    }
    checks.held(rule, 5, 1.5e-3, "the log's own consistency, by our units");
    checks.held(
        water,
        5,
        5e-3,
        "the log's tons are its flow and temperatures by that rule, not a heat that was measured: the rule's 500 stands for water of \
         60 °F, 0.28 % more than at 25 °C",
    );
    checks.held(back, 5, 0.03, "the same 0.5 % of 6.7 K; arithmetic on one row, a check of units");
    checks.held(pue, 5, 1.5e-3, "the log's own consistency: its values are of different seconds");
    Ok(())
}
