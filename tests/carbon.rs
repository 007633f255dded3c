//! Carbon by the hour, from a user's file to the racks; contracts by hour and by volume.

mod support;

use engine::plant::network::MeterKind;
use engine::scenario::case::Confidence;
use engine::scenario::course::Course;
use engine::scenario::load as read;
use engine::study::metrics::Summary;
use engine::study::run::Outcome;
use std::path::Path;
use support::sites::{run, span};

fn file(name: &str) -> String {
    format!("{}/models/supply/{name}.csv", env!("CARGO_MANIFEST_DIR"))
}

fn with(carbon: &str, more: &[(&str, &str)]) -> (Outcome, Summary) {
    let period = span(190.0, 2.0);
    let settings = [
        ("run.dynamics", "QuasiSteady"),
        ("run.controls", "Ideal"),
        ("run.period", period.as_str()),
        ("carbon", carbon),
    ];
    run("mixed_hall", &[&settings[..], more].concat())
}

/// Fed in, interval by interval [J].
fn fed(outcome: &Outcome) -> Vec<(f64, f64, f64)> {
    let trajectory = &outcome.trajectory;
    let grid = trajectory.meters.iter().position(|m| m.kind == MeterKind::Grid).unwrap();
    let times = trajectory.times.windows(2).map(|pair| (pair[0], pair[1]));
    times.zip(trajectory.amounts(grid)).map(|((from, to), amount)| (from, to, amount)).collect()
}

#[test]
fn each_interval_has_the_factor_of_its_hour_and_the_racks_sum_to_the_site() {
    let carbon = format!(
        "(profile: {:?}, basis: Lifecycle, year: 2024, source: \"synthetic\")",
        file("grid_synthetic")
    );
    let (outcome, summary) = with(&carbon, &[]);
    let bytes = std::fs::read(file("grid_synthetic")).unwrap();
    let course = Course::parse(&bytes, "grid_synthetic.csv").unwrap();
    let expected: f64 = fed(&outcome).iter().map(|&(from, to, joules)| joules * course.mean(from, to)).sum();
    let supply = summary.supply.as_ref().unwrap();
    let location = supply.location_kg.unwrap();
    assert!((location / expected - 1.0).abs() < 1e-12, "{location} {expected}");
    assert_eq!((supply.market_kg, supply.matched_share), (None, None));
    let racks: f64 = summary.racks.iter().map(|g| g.racks as f64 * g.co2e_kg.unwrap()).sum();
    assert!((racks / location - 1.0).abs() < 1e-9, "{racks} {location}");
    let cue = summary.metrics.cue_kg_per_kwh.unwrap();
    assert!((cue * summary.metrics.it_energy_kwh / location - 1.0).abs() < 1e-9);
    let used = summary.carbon.as_ref().unwrap();
    assert_eq!(
        (used.basis.name(), used.origin.year, used.origin.source.as_str()),
        ("lifecycle", 2024, "synthetic")
    );
}

#[test]
fn racks_that_compute_in_the_evening_emit_more_per_kilowatt_hour_than_those_at_noon() {
    let carbon = format!("(profile: {:?})", file("grid_synthetic"));
    let wave = |peak: &str| format!("Diurnal(low: 0.1, high: 0.9, peak_at: {peak:?})");
    let (evening, noon) = (wave("20 h"), wave("12 h"));
    let of = |air: &str, plate: &str| {
        let loads = [("racks.air_cooled.workload", air), ("racks.cold_plate.workload", plate)];
        let (_, summary) = with(&carbon, &loads);
        let per_kwh = |k: usize| summary.racks[k].co2e_kg.unwrap() / summary.racks[k].facility_energy_kwh;
        (per_kwh(0), per_kwh(1))
    };
    let (air, plate) = of(&evening, &noon);
    println!("in the evening {air:.4} kg/kWh, at noon {plate:.4} kg/kWh");
    assert!(air > 1.03 * plate, "{air} {plate}");
    let (air, plate) = of(&noon, &evening);
    assert!(plate > 1.03 * air, "{air} {plate}");
}

/// A grid with lifecycle factors; that of the site is known by direct ones only.
const LIFECYCLE: &[(&str, &str)] = &[("site.grid", "us_tex_erco")];

#[test]
fn a_grid_that_is_known_by_direct_factors_is_not_added_to_lifecycle_ones() {
    // Beijing: direct factors only, so the wind of a contract counts what leaves its exhaust: nothing.
    let contract = "contracts: [(technology: Wind, capacity: \"50 MW\")]";
    let (_, summary) = with(&format!("({contract})"), &[]);
    let supply = summary.supply.as_ref().unwrap();
    assert_eq!((supply.basis.name(), supply.market_kg), ("direct", Some(0.0)));
    assert_eq!(summary.carbon.as_ref().unwrap().basis, supply.basis);
    // With lifecycle factors 11 g/kWh of wind.
    let (outcome, summary) = with(&format!("({contract})"), LIFECYCLE);
    let all: f64 = fed(&outcome).iter().map(|&(_, _, joules)| joules).sum();
    let supply = summary.supply.as_ref().unwrap();
    assert_eq!(supply.basis.name(), "lifecycle");
    assert!((supply.market_kg.unwrap() / (all / 3.6e6 * 0.011) - 1.0).abs() < 1e-9);
    // Asked for what the grid is not known by, it refuses.
    let written = format!("(basis: Lifecycle, {contract})");
    let problems = read(Path::new("mixed_hall"), &[("carbon".into(), written)]).unwrap_err();
    let text: String = problems.iter().map(|problem| format!("{problem}\n")).collect();
    assert!(text.contains("known by direct ones only") && text.contains("carbon.basis"), "{text}");
}

#[test]
fn a_large_contract_covers_the_volume_and_not_the_night() {
    let carbon = format!(
        "(residual: \"500 g/kWh\", residual_source: \"a test\", residual_year: 2024, residual_confidence: C, contracts: [(technology: Solar, capacity: \"20 MW\", profile: {:?})])",
        file("solar_synthetic")
    );
    let (outcome, summary) = with(&carbon, LIFECYCLE);
    let supply = summary.supply.as_ref().unwrap();
    let (hourly, annual) = (supply.matched_share.unwrap(), supply.matched_share_annual.unwrap());
    println!("matched {hourly:.3} by interval, {annual:.3} by volume");
    assert_eq!(annual, 1.0);
    assert!((0.3..0.7).contains(&hourly), "{hourly}");
    // All of it at the lifecycle factor of solar, 45 g/kWh.
    let all: f64 = fed(&outcome).iter().map(|&(_, _, joules)| joules).sum();
    let kg = all / 3.6e6 * 0.045;
    assert!((supply.market_kg.unwrap() / kg - 1.0).abs() < 1e-9);
    // The location does not know of contracts.
    let (_, plain) = with(
        "(residual: \"500 g/kWh\", residual_source: \"a test\", residual_year: 2024, residual_confidence: C)",
        LIFECYCLE,
    );
    let other = plain.supply.as_ref().unwrap();
    assert_eq!((other.matched_share, other.location_kg), (None, supply.location_kg));
    assert!((other.market_kg.unwrap() / (all / 3.6e6 * 0.5) - 1.0).abs() < 1e-9);
}

#[test]
fn constant_and_windy_contracts_add_up_hour_by_hour() {
    let carbon = format!(
        "(contracts: [(technology: Nuclear, capacity: \"500 kW\"), (technology: Wind, capacity: \"1 MW\", profile: {:?}, factor: \"9 g/kWh\", source: \"a test\", year: 2024, confidence: C)])",
        file("wind_synthetic")
    );
    let (outcome, summary) = with(&carbon, LIFECYCLE);
    let course = Course::parse(&std::fs::read(file("wind_synthetic")).unwrap(), "wind.csv").unwrap();
    let (mut matched, mut all) = (0.0, 0.0);
    for (from, to, joules) in fed(&outcome) {
        matched += joules.min((5e5 + 1e6 * course.mean(from, to)) * (to - from));
        all += joules;
    }
    let supply = summary.supply.as_ref().unwrap();
    assert!((supply.matched_share.unwrap() - matched / all).abs() < 1e-12);
    let market = supply.contracts[0] * 12.0 / 3.6e9
        + supply.contracts[1] * 9.0 / 3.6e9
        + (all - supply.contracts[0] - supply.contracts[1]) * supply.location_kg.unwrap() / all;
    assert!((supply.market_kg.unwrap() / market - 1.0).abs() < 1e-9);
}

#[test]
fn what_is_wrong_with_a_supply_is_said_with_its_place() {
    let says = |carbon: &str, part: &str| {
        let problems = read(Path::new("mixed_hall"), &[("carbon".into(), carbon.into())]).unwrap_err();
        let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(text.iter().any(|problem| problem.contains(part)), "{part:?} is not in {text:#?}");
    };
    says("()", "neither a profile, nor contracts, nor a residual");
    says(
        &format!("(profile: {:?})", file("wind_synthetic")),
        "has share, but carbon_g_per_kwh is needed here",
    );
    let contract = format!(
        "(contracts: [(technology: Wind, capacity: \"1 MW\", profile: {:?})])",
        file("grid_synthetic")
    );
    says(&contract, "has carbon_g_per_kwh, but share is needed here");
    says("(contracts: [(technology: Coal, capacity: \"1 MW\")])", "Coal");
    says("(profile: \"nowhere.csv\")", "nowhere.csv");
}

#[test]
fn a_factor_that_a_site_writes_itself_says_where_it_comes_from_and_of_which_year() {
    let refused = |set: (&str, &str)| {
        let problems = read(Path::new("mixed_hall"), &[(set.0.into(), set.1.into())]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        problems[0].to_string()
    };
    let lacks = |set: (&str, &str), path: &str, message: &str, help: &str| {
        let text = refused(set);
        for part in ["ISO0111", path, message, help] {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    };
    let all =
        "says no residual_source and no residual_year and no residual_confidence, and a report must carry it";
    lacks(
        ("carbon", "(residual: \"400 g/kWh\")"),
        "carbon.residual",
        all,
        "residual_year: 2024, residual_confidence: B beside residual",
    );
    let text = "(residual: \"400 g/kWh\", residual_source: \"AIB\", residual_confidence: B)";
    lacks(("carbon", text), "carbon.residual", "says no residual_year, and", "write residual_year: 2024");
    let text = "(residual: \"400 g/kWh\", residual_source: \"AIB\", residual_year: 2024)";
    lacks(
        ("carbon", text),
        "carbon.residual",
        "says no residual_confidence, and",
        "write residual_confidence: B",
    );
    let text =
        "(residual: \"400 g/kWh\", residual_source: \" \", residual_year: 2024, residual_confidence: B)";
    lacks(
        ("carbon", text),
        "carbon.residual_source",
        "is empty, and a report must",
        "write who published it",
    );
    let text = "(contracts: [(technology: Wind, capacity: \"1 MW\", factor: \"9 g/kWh\", year: 2024, confidence: A)])";
    lacks(("carbon", text), "carbon.contracts[0].factor", "factor says no source", "beside factor");
    let text = "[Material(of: Rebar, mass: \"1 t\", factor: 1.2)]";
    let all = "factor says no source and no year and no confidence";
    lacks(("embodied", text), "embodied[0].factor", all, "beside factor");
    let text = "[Material(of: Rebar, mass: \"1 t\", life: \"18250 d\")]";
    let all = "life says no life_source and no life_year and no life_confidence";
    lacks(("embodied", text), "embodied[0].life", all, "beside life");
    let text =
        "(refrigerants: [(refrigerant: R32, charge: \"9 kg\", leakage_per_year: 0.1, source: \"a log\")])";
    let two = "leakage_per_year says no year and no confidence";
    lacks(("carbon", text), "carbon.refrigerants[0].leakage_per_year", two, "beside leakage_per_year");
    lacks(
        ("water", "(stress: \"High\")"),
        "water.stress",
        "stress says no source and no year",
        "beside stress",
    );
    let text = "(currency: USD, electricity_price_per_kwh: 0.1)";
    let path = "economics.electricity_price_per_kwh";
    lacks(
        ("economics", text),
        path,
        "says no source and no year and no confidence",
        "beside electricity_price",
    );
}

/// A file of a test, with one thing changed.
fn changed(folder: &Path, name: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(file(name)).unwrap();
    assert!(text.contains(from), "{from:?} is not in {name}");
    let path = folder.join(format!("{name}.csv"));
    std::fs::write(&path, text.replace(from, to)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_profile_that_nobody_published_is_refused_with_its_place_and_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let grid = changed(folder.path(), "grid_synthetic", "# source: ", "# of: ");
    let wind = changed(folder.path(), "wind_synthetic", "# source: ", "# of: ");
    let of = |carbon: String| read(Path::new("mixed_hall"), &[("carbon".into(), carbon)]);
    let both = format!(
        "(profile: {grid:?}, contracts: [(technology: Wind, capacity: \"1 MW\", profile: {wind:?})])"
    );
    let problems = of(both).unwrap_err();
    let said: Vec<_> = problems.iter().filter(|p| p.is_error()).map(|p| (p.code, p.path.as_str())).collect();
    assert_eq!(said, [("ISO0111", "carbon.profile"), ("ISO0111", "carbon.contracts[0].profile")]);
    for problem in &problems {
        assert!(problem.message.contains("says no source, and a report must carry it"), "{problem}");
        assert!(problem.help.as_ref().unwrap().contains("source: \"who published it"), "{problem}");
        assert!(problem.location.is_some(), "{problem}");
    }
    // Said beside the profile it is good.
    let given = format!(
        "(profile: {grid:?}, source: \"a registry\", confidence: B, contracts: [(technology: Wind, capacity: \"1 MW\", \
         profile: {wind:?}, source: \"a meter\")])"
    );
    let supply = of(given).unwrap().case.supply.unwrap();
    let origin = supply.profile.unwrap().origin;
    assert_eq!((origin.source.as_str(), origin.year, origin.confidence), ("a registry", 2024, Confidence::B));
    assert_eq!(supply.contracts[0].course_origin.as_ref().unwrap().source, "a meter");
    assert_eq!(supply.contracts[0].origin.year, 2014, "the technology's own factor, of IPCC AR5");
    // A factor of a grid is of a year.
    let timeless = changed(folder.path(), "grid_synthetic", "# year: ", "# of: ");
    let problems = of(format!("(profile: {timeless:?})")).unwrap_err();
    let said: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
    assert!(said.len() == 1 && said[0].contains("says no year"), "{said:?}");
    // Nobody says how sure it is, or says it in a way that means nothing.
    let unsure = changed(folder.path(), "grid_synthetic", "# confidence: ", "# of: ");
    let problems = of(format!("(profile: {unsure:?})")).unwrap_err();
    assert!(problems.len() == 1 && problems[0].message.contains("says no confidence"), "{problems:?}");
    let good = changed(folder.path(), "grid_synthetic", "# confidence: C", "# confidence: good");
    let problems = of(format!("(profile: {good:?})")).unwrap_err();
    assert!(problems[0].message.contains("confidence is \"good\", but A, B or C"), "{problems:?}");
}

#[test]
fn of_faulty_files_every_fault_is_said_and_nothing_that_follows_from_one() {
    let folder = tempfile::tempdir().unwrap();
    let grid = changed(folder.path(), "grid_synthetic", "\n1,0,", "\n1,0,-");
    let wind = changed(folder.path(), "wind_synthetic", "\n1,0,", "\n1,0,9");
    let sky = folder.path().join("sky.csv");
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/models/skies/clear_phoenix.csv"))
            .unwrap();
    std::fs::write(&sky, text.replace("\n1,12,", "\n1,12,-")).unwrap();
    let errors = |site: &str, settings: &[(&str, String)]| -> Vec<(&'static str, String)> {
        let settings: Vec<_> =
            settings.iter().map(|(path, value)| ((*path).to_owned(), value.clone())).collect();
        let problems = read(Path::new(site), &settings).unwrap_err();
        problems.iter().filter(|p| p.is_error()).map(|p| (p.code, p.path.clone())).collect()
    };
    let contract = format!("(contracts: [(technology: Wind, capacity: \"1 MW\", profile: {wind:?})])");
    let of = |code, path: &str| (code, path.to_owned());
    let (profile, output) = (of("ISO0303", "carbon.profile"), of("ISO0303", "carbon.contracts[0].profile"));
    assert_eq!(
        errors("mixed_hall", &[("carbon", format!("(profile: {grid:?})"))]),
        std::slice::from_ref(&profile)
    );
    assert_eq!(errors("mixed_hall", &[("carbon", contract)]), std::slice::from_ref(&output));
    let sky = ("site.sky", sky.to_str().unwrap().to_owned());
    assert_eq!(errors("phoenix_solar", std::slice::from_ref(&sky)), [of("ISO0301", "site.sky")]);
    // All of them at once.
    let both = format!(
        "(profile: {grid:?}, contracts: [(technology: Wind, capacity: \"1 MW\", profile: {wind:?})])"
    );
    let mut all = errors("phoenix_solar", &[sky, ("carbon", both)]);
    all.sort();
    assert_eq!(all, [of("ISO0301", "site.sky"), output, profile]);
    let nowhere = errors("phoenix_solar", &[("site.sky", "nowhere.csv".into())]);
    assert_eq!(nowhere, [of("ISO0001", "site.sky")]);
}
