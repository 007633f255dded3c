//! Waste heat that leaves the site to be used: what is metered, what is made of it, and who owns the lift.

mod support;

use engine::plant::network::MeterKind;
use engine::scenario::load as read;
use engine::study::metrics::Summary;
use engine::study::run::Outcome;
use std::path::Path;
use support::sites::{run, span};

fn days(from: f64, more: &[(&str, &str)]) -> (Outcome, Summary) {
    let period = span(from, 2.0);
    let settings =
        [("run.dynamics", "QuasiSteady"), ("run.controls", "Ideal"), ("run.period", period.as_str())];
    run("stockholm_heat_reuse", &[&settings[..], more].concat())
}

fn total(outcome: &Outcome, wanted: MeterKind) -> f64 {
    outcome.accounts.sum(|meter| meter.kind == wanted)
}

#[test]
fn ere_is_pue_times_what_is_not_reused_and_the_balance_contains_what_left() {
    for controls in ["Ideal", "Continuous", "Sampled"] {
        let dynamics = if controls == "Ideal" { "QuasiSteady" } else { "Dynamic" };
        let (outcome, summary) = days(14.0, &[("run.controls", controls), ("run.dynamics", dynamics)]);
        let m = &summary.metrics;
        let (pue, erf, ere) = (m.pue.unwrap(), m.erf.unwrap(), m.ere.unwrap());
        assert!((ere - pue * (1.0 - erf)).abs() < 1e-12, "{ere} {pue} {erf}");
        assert!(erf > 0.7 && ere < 0.4, "{erf} {ere}");
        // The whole facility energy ends as heat here or there, but for what is stored.
        let (reused, rejected) = (total(&outcome, MeterKind::Reused), total(&outcome, MeterKind::Rejected));
        let facility = m.facility_energy_kwh * 3.6e6;
        assert!((reused / 3.6e6 - m.reused_heat_kwh.unwrap()).abs() < 1e-6);
        assert!(((reused + rejected) / facility - 1.0).abs() < 0.02, "{reused} {rejected} {facility}");
        assert!(summary.closure.energy_relative.abs() < 1e-9, "{:?}", summary.closure);
        assert!(summary.closure.energy_recomputed.abs() < 1e-9, "{:?}", summary.closure);
    }
}

#[test]
fn the_waste_heat_temperature_is_what_the_network_wants_and_the_summary_repeats_the_meters() {
    let (outcome, summary) = days(14.0, &[]);
    let reuse = summary.books.reuse.as_ref().unwrap();
    assert!((reuse.temperature_c.unwrap() - 65.0).abs() < 0.1, "{reuse:?}");
    let column = outcome.trajectory.meters.iter().position(|m| m.name == "heating.heat_reused").unwrap();
    let written: f64 = outcome.trajectory.amounts(column).sum::<f64>() / 3.6e6;
    assert!((reuse.heat_kwh / written - 1.0).abs() < 1e-12);
    assert_eq!(reuse.points.len(), 1);
    assert!((reuse.hours - 48.0).abs() < 1e-9);
}

#[test]
fn water_below_the_temperature_of_the_network_is_no_reuse() {
    // The heat pumps end at less than 80 °C; a little is warmed to it by the loop's own pump. What trickles through cooler is
    // none of what the network asked for.
    let dynamic =
        [("heating.network_supply", "80 °C"), ("run.dynamics", "Dynamic"), ("run.controls", "Continuous")];
    let (outcome, summary) = days(14.0, &dynamic);
    let reuse = summary.books.reuse.as_ref().unwrap();
    println!("{reuse:?}");
    assert!(reuse.temperature_c.is_none_or(|counted| counted >= 79.5), "{reuse:?}");
    assert!(summary.metrics.erf.unwrap() < 0.01, "{reuse:?}");
    assert!(summary.closure.energy_relative.abs() < 1e-9, "{:?}", summary.closure);
    assert!(summary.closure.energy_recomputed.abs() < 1e-9, "{:?}", summary.closure);
    // A network that takes water 2 K cooler says so, and then all of it counts.
    let (tolerant, counted) = days(14.0, &[&dynamic[..], &[("heating.network_tolerance", "2 K")]].concat());
    let (strict, wide) = (total(&outcome, MeterKind::Reused), total(&tolerant, MeterKind::Reused));
    println!("strict {:.1} kWh, wide {:.1} kWh", strict / 3.6e6, wide / 3.6e6);
    assert!(wide > strict && wide > 3.6e6, "{wide} {strict}");
    assert!(counted.books.reuse.as_ref().unwrap().temperature_c.unwrap() > 78.0);
}

#[test]
fn in_july_the_network_takes_its_base_and_the_dry_cooler_the_rest() {
    // 40 % of 1.5 MW: 600 kW, and a little more on nights below 17 °C; in January the pumps give all they find.
    let (winter, summer) = (days(14.0, &[]).1, days(195.0, &[]).1);
    let mean = |s: &Summary| s.metrics.reused_heat_kwh.unwrap() / s.hours;
    println!("winter {:.0} kW, summer {:.0} kW", mean(&winter), mean(&summer));
    assert!((600.0..800.0).contains(&mean(&summer)), "{}", mean(&summer));
    assert!(mean(&winter) > 1000.0, "{}", mean(&winter));
    // A network that takes nothing leaves the site a PUE without lift.
    let (_, alone) = days(14.0, &[("components.heating.demand_design", "1 kW")]);
    let m = &alone.metrics;
    assert!(m.erf.unwrap() < 2e-3 && m.pue.unwrap() < winter.metrics.pue.unwrap() - 0.15, "{m:?}");
}

#[test]
fn a_source_cooler_than_the_network_wants_hands_over_nothing() {
    // A delivery point right in the water that comes back from the CDU at some 45 °C, where 65 °C are wanted.
    let site = |supply: &str, back: &str| {
        format!(
            "Site(schema: 1, based_on: \"nvl72_pod.ron\",
                components: {{\"heating\": DistrictHeating(based_on: \"district_heating_1mw\", conductance: \"500 kW/K\",
                    source_flow_design: \"30 L/s\", network_flow_design: \"30 L/s\", network_supply: \"{supply}\",
                    network_return: \"{back}\", source_return_min: \"33 °C\")}},
                connections: [
                    \"grid -> transformer -> ups -> pdu -> pod\",
                    \"transformer -> [cdu, facility_pump, chilled_pump, dry_cooler, crah, chiller, house]\",
                    \"cdu.secondary -> pod.liquid -> cdu.secondary\",
                    \"facility_pump -> cdu.primary -> heating -> dry_cooler -> facility_pump\",
                    \"crah.air -> aisles.cold -> pod.air -> aisles.hot -> crah.air\",
                    \"chilled_pump -> chiller.chilled_water -> crah.coil -> chilled_pump\",
                ])"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let wants = |supply: &str, back: &str| {
        let path = folder.path().join("direct.ron");
        std::fs::write(&path, site(supply, back)).unwrap();
        let period = span(14.0, 2.0);
        run(
            path.to_str().unwrap(),
            &[
                ("site.climate", "stockholm"),
                ("run.dynamics", "QuasiSteady"),
                ("run.controls", "Ideal"),
                ("run.period", &period),
            ],
        )
        .1
    };
    let hot = wants("65 °C", "45 °C");
    assert!(hot.metrics.erf.unwrap() < 1e-3, "{:?}", hot.metrics);
    // A network of 38 °C takes it as it is, without a compressor.
    let mild = wants("38 °C", "20 °C");
    let reuse = mild.books.reuse.as_ref().unwrap();
    println!("ERF {:.3} at {:.1} °C", reuse.erf.unwrap(), reuse.temperature_c.unwrap());
    assert!(reuse.erf.unwrap() > 0.5 && reuse.heat_pumps_kwh == 0.0, "{reuse:?}");
    assert!((reuse.temperature_c.unwrap() - 38.0).abs() < 0.2, "{reuse:?}");
}

#[test]
fn the_lift_belongs_to_the_racks_whose_heat_it_lifts() {
    let (_, summary) = days(14.0, &[]);
    let lift = summary.books.reuse.as_ref().unwrap().heat_pumps_kwh;
    let position = engine::study::racks::OVERHEAD_NAMES.iter().position(|n| *n == "heat_pumps").unwrap();
    let owned: f64 = summary.racks.iter().map(|g| g.racks as f64 * g.overhead_kwh[position]).sum();
    assert!((owned / lift - 1.0).abs() < 1e-9, "{owned} {lift}");
    let facility: f64 = summary.racks.iter().map(|g| g.racks as f64 * g.facility_energy_kwh).sum();
    assert!((facility / summary.metrics.facility_energy_kwh - 1.0).abs() < 1e-9);
}

#[test]
fn a_target_of_reuse_needs_a_delivery_point() {
    let says = |site: &str| {
        let problems = read(Path::new(site), &[("targets".into(), "[HeatReuse(at_least: 0.2)]".into())]);
        problems.err().map(|p| p.iter().map(ToString::to_string).collect::<String>())
    };
    assert!(says("nvl72_pod").unwrap().contains("add a delivery point"));
    assert_eq!(says("stockholm_heat_reuse"), None);
    let (_, summary) = days(14.0, &[("targets", "[HeatReuse(at_least: 0.95)]")]);
    let verdict = &summary.targets[0];
    assert!(!verdict.met && verdict.hours_missed.unwrap() > 40.0, "{verdict:?}");
    let none = run("nvl72_pod", &[("run.period", "Day(\"07-01\")")]).1;
    assert_eq!((none.metrics.erf, none.metrics.ere, none.books.reuse), (None, None, None));
}
