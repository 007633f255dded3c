//! Reading as a whole: the guide, the catalogue, round trips, and texts of any kind.

mod common;

use common::{GOOD, good, rendered};
use proptest::prelude::*;
use scenario::catalogue::{self, Shelf};
use scenario::{Loaded, load_text};
use std::path::Path;

#[track_caller]
fn loaded(name: &str, text: &str) -> Loaded {
    load_text(name, text, &[]).unwrap_or_else(|problems| panic!("{}", rendered(&problems)))
}

fn values(loaded: &Loaded) -> Vec<(String, Vec<f64>, f64)> {
    let units = loaded.case.plant.units.iter();
    units.map(|unit| (unit.id.clone(), unit.values.clone(), unit.multiplicity)).collect()
}

#[test]
fn the_examples_of_the_guide_are_good() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/site_file.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let examples = guide.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next());
    let sites: Vec<&str> = examples.filter(|example| example.trim_start().starts_with("Site(")).collect();
    assert!(!sites.is_empty());
    for example in sites {
        loaded("site_file.ron", example);
    }
}

#[test]
fn every_built_in_site_is_good_and_written_reads_as_the_same_numbers() {
    for site in catalogue::all(Shelf::Sites) {
        let first = scenario::load(Path::new(site.id), &[]);
        let first = first.unwrap_or_else(|problems| panic!("{}: {}", site.id, rendered(&problems)));
        let second = loaded(&format!("{}.ron", site.id), &first.scenario.write());
        assert_eq!(values(&first), values(&second), "{}", site.id);
        assert_eq!(first.case.plant.joints, second.case.plant.joints, "{}", site.id);
        assert_eq!(first.case.workloads, second.case.workloads, "{}", site.id);
        assert_eq!(first.case.run, second.case.run, "{}", site.id);
        assert_eq!(first.scenario.write(), second.scenario.write(), "{}", site.id);
    }
}

#[test]
fn every_rack_template_can_stand_in_a_site() {
    for template in catalogue::all(Shelf::Racks) {
        let shows = |port: &str| template.source.text.contains(&format!("\"{port}\": \""));
        let mut components = vec![];
        let mut connections = vec!["grid -> pod".to_owned()];
        if shows("liquid") {
            components.push("\"cooler\": DryCooler(based_on: \"dry_cooler_1mw\")");
            components.push("\"pump\": Pump(based_on: \"end_suction_30kw\")");
            connections.push("grid -> [cooler, pump]".to_owned());
            connections.push("pump -> pod.liquid -> cooler -> pump".to_owned());
        }
        if shows("air") {
            components.push("\"crah\": Crah(based_on: \"crah_100kw\")");
            components.push("\"chiller\": AirCooledChiller(based_on: \"air_cooled_screw_300kw\")");
            components.push("\"chilled_pump\": Pump(based_on: \"end_suction_7kw\")");
            connections.push("grid -> [crah, chiller, chilled_pump]".to_owned());
            connections.push("crah.air -> pod.air -> crah.air".to_owned());
            connections.push("chilled_pump -> chiller.chilled_water -> crah.coil -> chilled_pump".to_owned());
        }
        let text = format!(
            "Site(schema: 1, site: (climate: \"phoenix\"), components: {{{}}}, racks: {{\"pod\": (template: \"{}\", count: 2, workload: Idle)}}, connections: {connections:?})",
            components.join(", "),
            template.id
        );
        let case = loaded("t.ron", &text).case;
        assert!(
            case.plant.units.iter().any(|unit| unit.group == Some(0) && unit.multiplicity >= 2.0),
            "{}",
            template.id
        );
        assert!(!case.plant.signals.is_empty(), "{}: nothing reads the workload", template.id);
    }
}

#[test]
fn every_study_that_ships_fits_the_sites_that_it_varies() {
    for study in catalogue::all(Shelf::Studies) {
        if let Err(problems) = scenario::study_file::load(Path::new(study.id)) {
            panic!("{}", rendered(&problems));
        }
    }
    assert!(catalogue::all(Shelf::Studies).count() >= 2);
}

#[test]
fn every_record_fits_the_schema() {
    use scenario::schema::record;
    for (shelf, table) in [
        (Shelf::Components, &record::COMPONENT),
        (Shelf::Racks, &record::RACK),
        (Shelf::Grids, &record::GRID),
        (Shelf::Profiles, &scenario::schema::profile::PROFILE),
        (Shelf::Costs, &scenario::schema::money::COSTS),
        (Shelf::Factors, &scenario::schema::books::FACTORS),
        (Shelf::Studies, &scenario::schema::study::STUDY),
    ] {
        for found in catalogue::all(shelf) {
            let problems = catalogue::problems(found, table);
            let errors: Vec<_> = problems.into_iter().filter(scenario::Problem::is_error).collect();
            assert!(errors.is_empty(), "{}", rendered(&errors));
        }
    }
    assert!(catalogue::all(Shelf::Grids).count() >= 75);
}

#[test]
fn the_plant_of_the_small_site_is_wired_as_written() {
    let case = good(GOOD).case;
    let plant = &case.plant;
    let unit = |id: &str| plant.units.iter().position(|u| u.id == id).unwrap();
    let port = |unit: usize, name: &str| {
        plant.units[unit].kind.declaration().ports.iter().position(|p| p.name == name).unwrap()
    };
    // grid -> ups, ups -> pump, cooler, cdu, and the racks' rectifier; within them 1 rectifier to 2, 1 SIVOC to 1
    assert_eq!(plant.wires.iter().filter(|w| w.from.is_none()).count(), 1);
    assert_eq!(plant.wires.len(), 1 + 4 + 2 + 1);
    // pump-cdu, cdu-cooler, cooler-pump, cdu-pod, pod-cdu
    assert_eq!(plant.joints.len(), 5);
    let (cdu, rectifier) = (unit("cdu"), unit("pod.rectifier"));
    let secondary = plant
        .joints
        .iter()
        .find(|j| j.from.iter().any(|e| (e.unit, e.port) == (cdu, port(cdu, "secondary"))))
        .unwrap();
    assert_eq!(secondary.to.len(), 4);
    assert!(secondary.to.iter().any(|e| (e.unit, e.port) == (rectifier, port(rectifier, "coolant"))));
    assert_eq!(secondary.fluid, media::liquid::Fluid::PropyleneGlycol25);
    let primary = plant
        .joints
        .iter()
        .find(|j| j.to.iter().any(|e| (e.unit, e.port) == (cdu, port(cdu, "primary"))))
        .unwrap();
    assert_eq!(primary.fluid, media::liquid::Fluid::Water);
    // 2 racks of 128 nodes
    assert_eq!(plant.units[unit("pod.node")].multiplicity, 256.0);
    assert!(plant.loops.iter().any(|l| l.id == "cooler.fan_speed"));
    assert_eq!(case.grid.as_ref().map(|g| g.id.as_str()), Some("us_sw_srp"));
    // 337 m: 101.325 kPa · (1 − 2.25577e-5 · 337)^5.2559 = 97.34 kPa
    assert!((plant.pressure - 97_340.0).abs() < 20.0, "{}", plant.pressure);
}

#[test]
fn a_written_elevation_moves_the_pressure_of_sizing_and_of_the_weather() {
    let low = good(GOOD).case;
    let high =
        good(&common::with("climate: \"phoenix\"", "climate: \"phoenix\", elevation: \"1500 m\"")).case;
    // ASHRAE: 84.556 kPa at 1500 m
    assert!((high.plant.pressure - 84_556.0).abs() < 5.0, "{}", high.plant.pressure);
    let hour = |case: &scenario::Case| case.weather.hours[4000];
    assert_eq!(hour(&low).dry_bulb, hour(&high).dry_bulb);
    assert!(hour(&high).pressure < hour(&low).pressure && hour(&high).wet_bulb < hour(&low).wet_bulb + 1e-9);
    // Vapour pressure stays, so thinner air holds more water per kilogram and its wick is colder: that of 84.6 kPa.
    let found = hour(&high);
    let vapour = media::moist_air::saturation_pressure(found.dew_point);
    assert!((found.humidity_ratio / (0.621_945 * vapour / (found.pressure - vapour)) - 1.0).abs() < 1e-9);
    let back = media::moist_air::humidity_ratio_from_wet_bulb(found.dry_bulb, found.wet_bulb, found.pressure);
    assert!((back / found.humidity_ratio - 1.0).abs() < 1e-6, "{back} {}", found.humidity_ratio);
}

#[test]
fn a_control_of_the_site_replaces_the_delivered_loop_and_a_pin_takes_its_place() {
    let control = |text: &str| {
        good(&common::with("racks: {", &format!("controls: {{\"a\": {text}}}, racks: {{"))).case.plant
    };
    let delivered = good(GOOD).case.plant;
    let fan = delivered.loops.iter().find(|l| l.id == "cooler.fan_speed").unwrap();
    let plant = control(
        "Hold(sensor: \"cdu.secondary_out\", at: \"41 °C\", by: \"cooler.fan_speed\", integral_time: \"5 min\")",
    );
    assert_eq!(plant.loops.len(), delivered.loops.len());
    let held = plant.loops.iter().find(|l| l.id == "a").unwrap();
    assert_eq!(
        (held.setpoint, held.band, held.integral_time, held.raises),
        (314.15, fan.band, 300.0, fan.raises)
    );
    let plant = control("Fix(by: \"cooler.fan_speed\", at: \"60 %\")");
    assert_eq!(plant.loops.len(), delivered.loops.len() - 1);
    assert_eq!(plant.pins.len(), 1);
    assert_eq!(plant.pins[0].position, 0.6);
    let plant = control(
        "Hold(sensor: \"pod.liquid_out\", at: \"50 °C\", by: \"cdu.pump_speed\", band: \"5 K\", action: Lowers)",
    );
    assert!(plant.loops.iter().any(|l| l.id == "a" && !l.raises && l.band == 5.0));
}

#[test]
fn the_order_of_the_connections_does_not_matter() {
    // Alone, the second chain could be joined in two ways.
    let text = common::with("\"pump -> cdu.primary -> cooler -> pump\",", "").replace(
        "\"cdu.secondary -> pod.liquid -> cdu.secondary\",",
        "\"pump -> cdu -> cooler -> pump\", \"cdu.secondary -> pod.liquid -> cdu.secondary\",",
    );
    assert_eq!(good(&text).case.plant.joints.len(), 5);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let file = tempfile::NamedTempFile::with_suffix(".ron").unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        let problems = scenario::load(file.path(), &[]).err().unwrap();
        prop_assert!(!problems.is_empty());
        let _ = rendered(&problems);
    }

    #[test]
    fn a_mangled_site_is_read_or_refused(cut in 0..GOOD.len(), length in 0..40_usize, put in "[ -~\\n]{0,8}") {
        let start = (0..=cut).rev().find(|&k| GOOD.is_char_boundary(k)).unwrap();
        let end = (start + length..=GOOD.len()).find(|&k| GOOD.is_char_boundary(k)).unwrap_or(GOOD.len());
        let text = format!("{}{put}{}", &GOOD[..start], &GOOD[end..]);
        if let Err(problems) = load_text("s.ron", &text, &[]) {
            prop_assert!(problems.iter().any(scenario::Problem::is_error));
            for problem in &problems {
                prop_assert!(problem.render().lines().count() <= 6, "{}", problem.render());
            }
        }
    }
}
