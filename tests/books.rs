//! Books beyond the meters: generators, refrigerants, sources of water, what a site is built of.

mod support;

use engine::plant::network::MeterKind;
use engine::scenario::load as read;
use engine::study::metrics::Summary;
use engine::study::run::Outcome;
use std::path::Path;
use support::sites::run;

/// Two days of a hall whose diesel engine runs at half of its 2 MW, or stands by.
fn with_engine(load: &str, more: &[(&str, &str)]) -> (Outcome, Summary) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("engine.ron");
    let site = format!(
        "Site(schema: 1, based_on: \"mixed_hall.ron\",
            set: {{\"site.grid\": \"us_tex_erco\", \"run.period\": Span(from: \"100 d\", for: \"2 d\"),
                \"run.dynamics\": QuasiSteady, \"run.controls\": Ideal}},
            components: {{\"generator\": Generator(based_on: \"diesel_2mw\")}},
            controls: {{\"engine\": Fix(by: \"generator.load\", at: {load})}},
            connections: [{}])",
        connections()
    );
    std::fs::write(&path, site).unwrap();
    run(path.to_str().unwrap(), more)
}

/// Those of `mixed_hall` with the generator behind the feed.
fn connections() -> String {
    let text = std::fs::read_to_string(format!("{}/models/sites/mixed_hall.ron", env!("CARGO_MANIFEST_DIR")))
        .unwrap();
    let (_, rest) = text.split_once("connections: [").unwrap();
    let list = rest.split_once("\n    ],").unwrap().0;
    assert!(list.contains("\"grid -> "), "{list}");
    list.replace("\"grid -> ", "\"generator -> ") + "\n\"grid -> generator\","
}

#[test]
fn what_a_generator_burns_is_scope_1_and_not_at_the_factor_of_the_grid() {
    let (outcome, summary) = with_engine("0.5", &[]);
    let direct = summary.books.direct.as_ref().unwrap();
    let fuel = direct.fuel.unwrap();
    // The meter against the column of the same flow: constant, so that the mean of the records is exact.
    let column = outcome.trajectory.named("generator.fuel_power").unwrap();
    let seconds = 2.0 * 86_400.0;
    assert!((fuel.heat / (column[5] * seconds) - 1.0).abs() < 1e-6, "{} {}", fuel.heat, column[5]);
    let carbon = outcome.trajectory.named("generator.carbon_emitted").unwrap();
    assert!((fuel.kg / (carbon[5] * seconds) - 1.0).abs() < 1e-6);
    assert!((fuel.litres() - fuel.heat / 35.8e6).abs() < 1e-9);
    // CUE: the grid's part at its factor, the fuel at its own.
    let m = &summary.metrics;
    let factor = summary.carbon.as_ref().unwrap().factor * 3.6e6;
    let generated = fuel.generated / 3.6e6;
    // A lifecycle factor of the grid, so the fuel with its supply: 68 of 267 g/kWh more than its exhaust.
    assert!((fuel.upstream / fuel.kg - 68.0 / 267.0).abs() < 1e-9);
    let kg = factor * (m.facility_energy_kwh - generated) + fuel.kg + fuel.upstream;
    assert!((m.cue_kg_per_kwh.unwrap() * m.it_energy_kwh / kg - 1.0).abs() < 1e-12);
    assert!(generated > 0.2 * m.facility_energy_kwh, "{generated}");
    // The racks sum to it.
    let racks: f64 = summary.racks.iter().map(|g| g.racks as f64 * g.co2e_kg.unwrap()).sum();
    assert!((racks / kg - 1.0).abs() < 1e-9, "{racks} {kg}");
    assert!(summary.closure.energy_relative.abs() < 1e-9);
    let idle = with_engine("0", &[]).1;
    assert_eq!(idle.books.direct.unwrap().fuel.unwrap().kg, 0.0);
}

#[test]
fn with_a_profile_the_utility_alone_is_at_its_factor() {
    let profile = format!("(profile: \"{}/models/supply/grid_synthetic.csv\")", env!("CARGO_MANIFEST_DIR"));
    let (outcome, summary) = with_engine("0.5", &[("carbon", &profile)]);
    let fuel = summary.books.direct.as_ref().unwrap().fuel.unwrap();
    let location = summary.supply.as_ref().unwrap().location_kg.unwrap();
    let grid = outcome.accounts.sum(|m| m.kind == MeterKind::Grid);
    assert!((summary.carbon.as_ref().unwrap().factor * grid / location - 1.0).abs() < 1e-9);
    let cue = summary.metrics.cue_kg_per_kwh.unwrap() * summary.metrics.it_energy_kwh;
    assert!((cue / (location + fuel.carbon().lifecycle) - 1.0).abs() < 1e-9);
    let racks: f64 = summary.racks.iter().map(|g| g.racks as f64 * g.co2e_kg.unwrap()).sum();
    assert!((racks / (location + fuel.carbon().lifecycle) - 1.0).abs() < 1e-9);
}

#[test]
fn source_wue_is_site_wue_plus_the_water_of_the_electricity() {
    let day = [
        ("run.period", "Day(\"07-01\")"),
        ("run.dynamics", "QuasiSteady"),
        ("water", "(potable_share: 0.3)"),
    ];
    let summary = run("mixed_hall", &day).1;
    let (water, m) = (summary.books.water.as_ref().unwrap(), &summary.metrics);
    let expected = m.wue_site_l_per_kwh.unwrap() + water.ewif.unwrap() * m.pue.unwrap();
    assert!((water.wue_source.unwrap() / expected - 1.0).abs() < 1e-12);
    assert!((water.potable_m3.unwrap() / m.water_m3 - 0.3).abs() < 1e-12);
    assert!(water.discharge_m3 > 0.0 && water.consumed_m3 > water.discharge_m3, "{water:?}");
    assert_eq!(water.origin.as_ref().unwrap().year, 2025);
    assert!(
        water.origin.as_ref().unwrap().source.contains("ecologits") && water.stress.is_some(),
        "{water:?}"
    );
}

#[test]
fn a_bill_and_refrigerants_are_read_from_the_site_and_what_is_wrong_has_its_place() {
    let bill = "[
        Material(what: \"frame\", of: SteelNearZero, mass: \"100 t\", instead_of: SteelSection),
        Equipment(of: DryCooler1Mw, count: 2),
    ]";
    let leaks = "(refrigerants: [(refrigerant: R134a, charge: \"300 kg\", basis: AR4)])";
    let day = [
        ("run.period", "Day(\"07-01\")"),
        ("run.dynamics", "QuasiSteady"),
        ("embodied", bill),
        ("carbon", leaks),
    ];
    let summary = run("nvl72_pod", &day).1;
    let embodied = summary.books.embodied.as_ref().unwrap();
    // 15 t of steel over 50 years and 44 t of coolers over 20: 300 + 2200 kg a year
    assert!(
        (embodied.kg - 59e3).abs() < 1e-6 && (embodied.kg_per_year - 2500.0).abs() < 1e-6,
        "{embodied:?}"
    );
    assert!((embodied.instead_kg.unwrap() - 199e3).abs() < 1e-6);
    // 300 kg · 2 %/365 · 1430
    let direct = summary.books.direct.as_ref().unwrap();
    assert!((direct.kg - 300.0 * 0.02 / 365.0 * 1430.0).abs() < 1e-9, "{direct:?}");
    assert_eq!(direct.fuel, None);
    let says = |path: &str, value: &str, part: &str| {
        let problems = read(Path::new("nvl72_pod"), &[(path.into(), value.into())]).unwrap_err();
        let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(text.iter().any(|problem| problem.contains(part)), "{part:?} is not in {text:#?}");
    };
    says("embodied", "[Material(of: Granite, mass: \"1 t\")]", "Granite");
    says("embodied", "[Material(of: Copper, mass: 5)]", "no unit");
    says("carbon", "(refrigerants: [(refrigerant: R12, charge: \"1 kg\")])", "R12");
    says("water", "(potable_share: 2)", "potable_share");
    let plain = run("nvl72_pod", &day[..2]).1;
    assert_eq!((plain.books.embodied, plain.books.direct), (None, None));
}
