//! Sun and wind on site: in the balances, and in every account. Against pvlib: `isotherm validate`.

mod support;

use engine::plant::catalogue::kind;
use engine::plant::kernel::Surroundings;
use engine::plant::network::MeterKind;
use engine::scenario::load as read;
use engine::scenario::weather::parse;
use engine::study::metrics::Summary;
use engine::study::run::Outcome;
use std::path::Path;
use support::sites::{run, span};

const DEGREE: f64 = std::f64::consts::PI / 180.0;
const KWH: f64 = 3.6e6;

/// Outputs of a kind by name, at inputs by name; parameters by name over their record-free defaults.
fn evaluate(name: &str, parameters: &[(&str, f64)], inputs: &[(&str, f64)]) -> Box<dyn Fn(&str) -> f64> {
    let kind = kind(name).unwrap();
    let of = kind.declaration();
    let mut values: Vec<f64> = (of.parameters.iter())
        .map(|field| parameters.iter().find(|p| p.0 == field.name).map_or(0.0, |p| p.1))
        .collect();
    kind.size(&mut values, &Surroundings { pressure: 101_325.0 }).unwrap();
    let given = |name: &str| inputs.iter().find(|i| i.0 == name).map_or(0.0, |i| i.1);
    let outputs = kind.evaluate(&values, &of.inputs.iter().map(|i| given(i.name)).collect::<Vec<_>>());
    Box::new(move |name| outputs[of.outputs.iter().position(|o| o.name == name).unwrap()])
}

/// 1.2 MW of modules on 1 MW of inverters.
fn modules(tilt: f64, azimuth: f64) -> Vec<(&'static str, f64)> {
    vec![
        ("rating_dc", 1.2e6),
        ("rating_ac", 1e6),
        ("tilt", tilt * DEGREE),
        ("azimuth", azimuth * DEGREE),
        ("ground_reflectance", 0.2),
        ("temperature_coefficient", 0.0035),
        ("incidence_loss", 0.05),
        ("losses", 0.14),
        ("inverter_efficiency", 0.96),
    ]
}

#[test]
fn the_cube_root_rule_and_the_power_law_are_those_of_the_standard() {
    // A curve that is straight from 2 to 15 m/s: 2 MW · (v − 2)/13.  5 m/s at 10 m, hub 100 m, α = 0.2: v = 5·10^0.2 = 7.9245
    let mut parameters = vec![
        ("rating", 2e6),
        ("hub_height", 100.0),
        ("station_height", 10.0),
        ("shear_exponent", 0.2),
        ("cut_out", 25.0),
    ];
    let names = ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"];
    let names: Vec<String> = names.iter().map(|n| format!("power_at_{n}")).collect();
    parameters.extend(names.iter().enumerate().map(|(k, name)| (name.as_str(), (k + 1) as f64 / 13.0)));
    let air = [("demand", 9e6), ("wind_speed", 5.0), ("dry_bulb", 303.15), ("humidity_ratio", 0.0)];
    let at = |pressure: f64| {
        let inputs: Vec<(&str, f64)> = air.iter().copied().chain([("pressure", pressure)]).collect();
        evaluate("WindTurbine", &parameters, &inputs)("generated")
    };
    // 97 kPa at 30 °C, dry: 97000/(287.042·303.15) = 1.11474 kg/m³; v·(0.909990)^(1/3) = 7.9245·0.969040 = 7.67917
    assert!((at(97e3) - 2e6 * 5.679_17 / 13.0).abs() < 30.0, "{}", at(97e3));
}

fn days(site: &str, from: f64, more: &[(&str, &str)]) -> (Outcome, Summary) {
    let period = span(from, 2.0);
    let settings = [("run.period", period.as_str())];
    run(site, &[&settings[..], more].concat())
}

fn total(outcome: &Outcome, wanted: MeterKind) -> f64 {
    outcome.accounts.sum(|meter| meter.kind == wanted)
}

#[test]
fn pue_does_not_fall_because_the_sun_shines() {
    let (_, dark) = days("phoenix_zero_water", 170.0, &[]);
    for surplus in ["Exported", "Curtailed"] {
        let more = [("components.solar.surplus", surplus), ("components.wind.surplus", surplus)];
        let (outcome, bright) = days("phoenix_solar", 170.0, &more);
        let (a, b) = (&dark.metrics, &bright.metrics);
        assert!((a.pue.unwrap() - b.pue.unwrap()).abs() < 1e-9, "{:?} {:?}", a.pue, b.pue);
        assert!((a.facility_energy_kwh / b.facility_energy_kwh - 1.0).abs() < 1e-9);
        assert!(bright.closure.energy_relative.abs() < 1e-9, "{:?}", bright.closure);
        assert!(bright.closure.electricity_relative.abs() < 1e-9, "{:?}", bright.closure);
        assert!(bright.closure.energy_recomputed.abs() < 1e-9, "{:?}", bright.closure);
        let of = bright.books.on_site.as_ref().unwrap();
        // Bought and used make up the facility's energy.
        assert!(((of.bought + of.used) / KWH / b.facility_energy_kwh - 1.0).abs() < 1e-9, "{of:?}");
        assert!(of.used > 0.2 * of.generated && of.own_supply.unwrap() < 1.0);
        let exported = total(&outcome, MeterKind::Exported);
        assert_eq!(exported > 0.0, surplus == "Exported", "{exported}");
        assert_eq!(of.curtailed > 0.0, surplus == "Curtailed");
        // CUE counts what is bought, and nothing is given back for what is sold.
        let factor = bright.carbon.as_ref().unwrap().factor;
        let kg = factor * of.bought;
        assert!((b.cue_kg_per_kwh.unwrap() * b.it_energy_kwh / kg - 1.0).abs() < 1e-12);
        // The racks own the site's carbon, electricity and cost.
        let sum = |what: &dyn Fn(&engine::study::racks::RackFigures) -> f64| -> f64 {
            bright.racks.iter().map(|group| group.racks as f64 * what(group)).sum()
        };
        assert!((sum(&|g| g.co2e_kg.unwrap()) / kg - 1.0).abs() < 1e-9);
        assert!((sum(&|g| g.facility_energy_kwh) / b.facility_energy_kwh - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_is_curtailed_is_what_would_have_been_exported() {
    let (exporting, _) = days("phoenix_solar", 170.0, &[]);
    let more = [("components.solar.surplus", "Curtailed"), ("components.wind.surplus", "Curtailed")];
    let (curtailing, _) = days("phoenix_solar", 170.0, &more);
    let (sold, lost) = (total(&exporting, MeterKind::Exported), total(&curtailing, MeterKind::Curtailed));
    assert!((sold / lost - 1.0).abs() < 1e-9, "{sold} {lost}");
    let (all, taken) = (total(&exporting, MeterKind::Generated), total(&curtailing, MeterKind::Generated));
    assert!(((taken + lost) / all - 1.0).abs() < 1e-9);
    // Where nothing flows back, the feed is never negative.
    let column = curtailing.trajectory.meters.iter().position(|m| m.kind == MeterKind::Grid).unwrap();
    assert!(curtailing.trajectory.amounts(column).all(|joules| joules >= -1e-6));
}

/// The integrator sees what the sky gives: energies of the run against the sky's own means, step by step.
#[test]
fn the_meter_of_the_plant_is_the_sum_over_the_weathers_steps() {
    let (outcome, _) = days("phoenix_solar", 79.0, &[("components.wind.surplus", "Curtailed")]);
    let period = span(79.0, 2.0);
    let settings = [("run.period".to_owned(), period)];
    let case = read(Path::new("phoenix_solar"), &settings).unwrap().case;
    let mut expected = 0.0;
    let step = case.run.step_s;
    for k in 0..(case.run.length_s / step) as usize {
        let from = case.run.start_s + k as f64 * step;
        let sky = case.weather.sky(from, from + step).unwrap();
        let ends = [from, from + step].map(|t| case.weather.at(t, case.run.weather).unwrap());
        // Air is linear over a step, and power nearly so: the trapezoid.
        for hour in ends {
            let inputs = [
                ("demand", 9e9),
                ("sun_east", sky.sun[0]),
                ("sun_north", sky.sun[1]),
                ("sun_up", sky.sun[2]),
                ("sky", sky.even),
                ("global", sky.global),
                ("dry_bulb", hour.dry_bulb),
                ("wind_speed", hour.wind_speed.unwrap()),
            ];
            expected +=
                0.5 * step * 3.0 * evaluate("Photovoltaic", &modules(25.0, 180.0), &inputs)("generated");
        }
    }
    let solar = case.plant.units.iter().position(|unit| unit.id == "solar").unwrap();
    let metered = outcome.accounts.sum(|m| m.kind == MeterKind::Generated && m.unit == Some(solar));
    println!("metered {:.3} kWh, expected {:.3} kWh", metered / KWH, expected / KWH);
    assert!((metered / expected - 1.0).abs() < 1e-3, "{metered} {expected}");
}

#[test]
fn a_matched_hour_is_never_more_than_matched() {
    let carbon = "(contracts: [(technology: Nuclear, capacity: \"50 MW\")])";
    let (_, summary) = days("phoenix_solar", 170.0, &[("carbon", carbon)]);
    let supply = summary.supply.as_ref().unwrap();
    assert!((supply.matched_share.unwrap() - 1.0).abs() < 1e-9, "{:?}", supply.matched_share);
    assert!(supply.matched_share.unwrap() <= 1.0 + 1e-12);
    let own = summary.books.on_site.as_ref().unwrap().own_supply.unwrap();
    let none =
        "(residual: \"300 g/kWh\", residual_source: \"a test\", residual_year: 2024, residual_confidence: C)";
    let (_, summary) = days("phoenix_solar", 170.0, &[("carbon", none)]);
    let alone = summary.supply.as_ref().unwrap().matched_share.unwrap();
    assert!((alone - own).abs() < 1e-9, "{alone} {own}");
}

#[test]
fn a_climate_has_neither_sun_nor_wind_and_says_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dark.ron");
    let site = "Site(schema: 1, based_on: \"phoenix_solar.ron\", remove: [\"site.sky\"])";
    std::fs::write(&path, site).unwrap();
    let Err(problems) = read(&path, &[]) else { panic!("a dark climate was accepted") };
    let text: String = problems.iter().map(|p| format!("{p}\n")).collect();
    for part in
        ["components.solar", "components.wind", "which this weather does not have", "site.weather=FILE.epw"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

fn refused(settings: &[(&str, &str)]) -> String {
    let settings: Vec<_> = settings.iter().map(|(p, v)| ((*p).to_owned(), (*v).to_owned())).collect();
    let Err(problems) = read(Path::new("phoenix_solar"), &settings) else { panic!("accepted: {settings:?}") };
    let errors: Vec<String> = problems.iter().filter(|p| p.is_error()).map(ToString::to_string).collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].clone()
}

#[test]
fn a_sky_without_clouds_is_called_an_upper_bound_wherever_its_figures_go() {
    let (_, summary) = days("phoenix_solar", 170.0, &[]);
    let codes: Vec<&str> = summary.notes.iter().map(|note| note.code.as_str()).collect();
    assert!(codes.contains(&"sky-cloudless") && codes.contains(&"sky-mean-days"), "{codes:?}");
    let of = summary.books.on_site.as_ref().unwrap();
    assert!(of.cloudless && of.line().contains("an upper bound"), "{}", of.line());
    // A site that generates nothing has nothing to bound.
    let (_, dark) = days("phoenix_zero_water", 170.0, &[("site.sky", "clear_phoenix")]);
    assert!(dark.notes.iter().all(|note| !note.code.starts_with("sky-")));
}

#[test]
fn the_sky_of_another_place_is_refused() {
    // 33.4° N 112° W to 45.8° N 126.7° E: some 9,800 km
    let said = refused(&[("site.climate", "harbin")]);
    assert!(said.contains("ISO0301") && said.contains("is the sky of 33.5° N 112.0° W"), "{said}");
    assert!(
        said.contains("km away from the site at 45.8° N") && said.contains("its sun is not that of the site"),
        "{said}"
    );
}

#[test]
fn a_place_near_by_is_noted_and_a_sun_at_midnight_is_refused() {
    let shipped =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/models/skies/clear_phoenix.csv"))
            .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sky.csv");
    let sky = path.to_str().unwrap();
    // The station is at 33.43° N, the sky 1.52° to the north of it: 1.52 · 111.2 = 169 km
    std::fs::write(&path, shipped.replace("latitude_deg: 33.45", "latitude_deg: 34.95")).unwrap();
    let (_, summary) = days("phoenix_solar", 170.0, &[("site.sky", sky)]);
    let note = summary.notes.iter().find(|note| note.code == "sky-of-another-place").expect("a note");
    assert!(note.text.contains("169 km away"), "{}", note.text);
    // Rows of universal time: seven hours late.
    let moved = |by: usize| {
        let row = |line: &str| match line.split_once(',') {
            Some((month, rest)) if month.parse::<u8>().is_ok() => {
                let (hour, values) = rest.split_once(',').unwrap();
                format!("{month},{},{values}", (hour.parse::<usize>().unwrap() + by) % 24)
            }
            _ => line.to_owned(),
        };
        shipped.lines().map(row).collect::<Vec<String>>().join("\n")
    };
    std::fs::write(&path, moved(7)).unwrap();
    let said = refused(&[("site.sky", sky)]);
    assert!(said.contains("strongest 7.0 h after noon of the sun"), "{said}");
    // An hour off is said and goes on.
    std::fs::write(&path, moved(1)).unwrap();
    let (_, summary) = days("phoenix_solar", 170.0, &[("site.sky", sky)]);
    let note = summary.notes.iter().find(|note| note.code == "sky-off-the-sun").expect("a note");
    assert!(note.text.contains("+1.0 h off the sun"), "{}", note.text);
}

#[test]
fn a_negative_price_is_noted() {
    let price = "(electricity_price_per_kwh: -0.02, water_price_per_m3: 1, currency: USD, source: \"a test\", year: 2026, confidence: C)";
    let (_, summary) = days("phoenix_solar", 170.0, &[("economics", price)]);
    let note = summary.notes.iter().find(|note| note.code == "negative-price").expect("a note");
    assert!(note.text.contains("-0.02 USD/kWh"), "{}", note.text);
}

#[test]
fn an_epw_file_brings_its_own_sun() {
    let fixture = format!("{}/tests/validation/pvlib/clear_days.epw", env!("CARGO_MANIFEST_DIR"));
    let weather = parse(&std::fs::read(&fixture).unwrap(), "clear_days.epw").unwrap();
    assert!(weather.has_sun() && weather.has_wind());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.ron");
    let site = format!(
        "Site(schema: 1, based_on: \"phoenix_solar.ron\", remove: [\"site.sky\"],
            set: {{\"site.weather\": {fixture:?}, \"site.grid\": \"us_sw_srp\",
                \"run.period\": Span(from: \"171 d\", for: \"1 d\")}})"
    );
    std::fs::write(&path, site).unwrap();
    let (outcome, summary) = run(path.to_str().unwrap(), &[]);
    // 3 MW over a cloudless midsummer day: between six and nine hours of full load.
    let solar = summary.books.on_site.as_ref().unwrap().plants.iter().find(|p| p.id == "solar").unwrap();
    let hours = solar.generated / solar.rating / 3600.0;
    println!("full load {hours:.2} h");
    assert!((6.0..9.0).contains(&hours), "{hours}");
    let column = outcome.trajectory.named("weather.global").unwrap();
    let most = column.iter().copied().fold(0.0, f64::max);
    assert!((900.0..1100.0).contains(&most), "{most}");
}

#[test]
fn in_an_outage_they_stand_and_a_surplus_has_nowhere_to_go() {
    let site = |surplus: &str| {
        format!(
            "Site(schema: 1, based_on: \"phoenix_solar.ron\",
                set: {{\"components.solar.surplus\": {surplus}, \"components.wind.surplus\": {surplus},
                    \"run.period\": Span(from: \"170.45 d\", for: \"2 h\")}},
                components: {{\"generator\": Generator(based_on: \"diesel_2mw\")}},
                events: [At(\"1 h\", UtilityOutage(for: \"20 min\", generator_start: \"12 s\"))],
                connections: [{}])",
            connections()
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outage.ron");
    std::fs::write(&path, site("Exported")).unwrap();
    let Err(problems) = read(&path, &[]) else { panic!("an island with a surplus was accepted") };
    let text: String = problems.iter().map(|p| format!("{p}\n")).collect();
    assert!(text.contains("solar exports its surplus") && text.contains("surplus: Curtailed"), "{text}");
    std::fs::write(&path, site("Curtailed")).unwrap();
    let (_, summary) = run(path.to_str().unwrap(), &[]);
    assert!(summary.closure.energy_relative.abs() < 1e-6, "{:?}", summary.closure);
    assert!(summary.books.on_site.as_ref().unwrap().used > 0.0);
}

/// Those of `phoenix_solar` with a generator at the feed.
fn connections() -> String {
    let text =
        std::fs::read_to_string(format!("{}/models/sites/phoenix_solar.ron", env!("CARGO_MANIFEST_DIR")))
            .unwrap();
    let (_, rest) = text.split_once("connections: [").unwrap();
    let list = rest.split_once("\n    ],").unwrap().0;
    assert!(list.contains("\"grid -> wind"), "{list}");
    list.replace("\"grid -> wind", "\"grid -> generator -> wind")
}
