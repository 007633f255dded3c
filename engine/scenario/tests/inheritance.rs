//! `based_on`, `set`, `remove`, `--set`, and the files that a site names.

mod common;

use common::{GOOD, rendered, with};
use scenario::{Loaded, Problem, load};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn open(folder: &TempDir, name: &str) -> Result<Loaded, Vec<Problem>> {
    load(&folder.path().join(name), &[])
}

#[track_caller]
fn good(result: Result<Loaded, Vec<Problem>>) -> Loaded {
    result.unwrap_or_else(|problems| panic!("{}", rendered(&problems)))
}

#[track_caller]
fn says(result: Result<Loaded, Vec<Problem>>, code: &str, part: &str) -> Problem {
    let problems = result.err().unwrap_or_default();
    let found = problems.iter().find(|p| p.code == code && p.render().contains(part));
    found.unwrap_or_else(|| panic!("no {code} with {part:?} in:\n{}", rendered(&problems))).clone()
}

fn set(path: &str, value: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), value.to_owned())]
}

fn with_setting(path: &str, value: &str) -> Result<Loaded, Vec<Problem>> {
    scenario::load_text("site.ron", GOOD, &set(path, value))
}

fn parameter(loaded: &Loaded, unit: &str, name: &str) -> f64 {
    loaded.case.plant.units.iter().find(|u| u.id == unit).and_then(|u| u.parameter(name)).unwrap()
}

#[test]
fn a_child_merges_by_id_and_replaces_other_fields() {
    let child = r#"Site(
        based_on: "base.ron",
        title: "Warmer",
        components: {"cdu": Cdu(based_on: "cdu_1000kw", supply_setpoint: "45 °C"), "house": FixedLoad(power: "5 kW")},
        connections: [
            "grid -> ups -> [pump, cooler, cdu, pod, house]",
            "pump -> cdu.primary -> cooler -> pump",
            "cdu.secondary -> pod.liquid -> cdu.secondary",
        ],
    )"#;
    let folder = folder(&[("base.ron", GOOD), ("warm.ron", child)]);
    let loaded = good(open(&folder, "warm.ron"));
    assert_eq!((loaded.case.id.as_str(), loaded.case.title.as_str()), ("warm", "Warmer"));
    // 45 °C = 318.15 K
    assert_eq!(parameter(&loaded, "cdu", "supply_setpoint"), 318.15);
    let ids: Vec<&str> = loaded.scenario.components().map(|(id, _)| id).collect();
    assert_eq!(ids, ["pump", "cooler", "cdu", "ups", "house"]);
    let names: Vec<String> = loaded.case.inputs.iter().map(|i| i.name.clone()).collect();
    assert!(names[0].ends_with("warm.ron") && names[1].ends_with("base.ron"), "{names:?}");
    assert!(names.iter().any(|name| name == "models/components/cdu_1000kw.ron"), "{names:?}");
}

#[test]
fn set_and_remove_change_what_the_base_gave() {
    let child = r#"Site(
        based_on: "base.ron",
        set: {"components.cdu.supply_setpoint": "45 °C", "pod.count": 3, "run.step": "5 min"},
        remove: ["components.ups"],
        connections: [
            "grid -> [pump, cooler, cdu, pod]",
            "pump -> cdu.primary -> cooler -> pump",
            "cdu.secondary -> pod.liquid -> cdu.secondary",
        ],
    )"#;
    let folder = folder(&[("base.ron", GOOD), ("child.ron", child)]);
    let loaded = good(open(&folder, "child.ron"));
    assert_eq!(parameter(&loaded, "cdu", "supply_setpoint"), 318.15);
    assert_eq!(loaded.case.plant.groups[0].racks, 3.0);
    assert_eq!(loaded.case.run.step_s, 300.0);
    assert!(loaded.case.plant.units.iter().all(|unit| unit.id != "ups"));
}

#[test]
fn a_problem_is_shown_in_the_file_where_it_stands() {
    let base = with("\"40 °C\"", "\"400 °C\"");
    let child =
        "Site(\n based_on: \"base.ron\",\n set: {\"pod.count\": \"two\"},\n remove: [\"components.pmp\"],\n)";
    let folder = folder(&[("base.ron", &base), ("child.ron", child)]);
    let place = |p: Problem| p.location.map(|l| (Path::new(&l.file).file_name().unwrap().to_owned(), l.line));
    let found = |code, part| place(says(open(&folder, "child.ron"), code, part));
    assert_eq!(found("ISO0109", "400 °C"), Some(("base.ron".into(), 8)));
    assert_eq!(found("ISO0107", "a whole number"), Some(("child.ron".into(), 3)));
    assert_eq!(found("ISO0116", "did you mean pump?"), Some(("child.ron".into(), 4)));
}

#[test]
fn based_on_stays_in_the_folder_and_ends_somewhere() {
    let child = |base: &str| format!("Site(\n    based_on: \"{base}\",\n)");
    let files = [
        ("sub/up.ron", child("../base.ron")),
        ("rooted.ron", child("/etc/passwd")),
        ("back.ron", child("sub\\\\x.ron")),
        ("missing.ron", child("phoenix_evaporativ")),
        ("circle.ron", child("circle.ron")),
        ("a.ron", child("b.ron")),
        ("b.ron", child("./a.ron")),
        ("number.ron", "Site(\n based_on: 5)".to_owned()),
        ("folder.ron", child("sub")),
        ("base.ron", GOOD.to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    for name in ["sub/up.ron", "rooted.ron", "back.ron"] {
        let problem = says(open(&folder, name), "ISO0007", "leads out of the site's folder");
        assert_eq!(problem.location.map(|l| (l.line, l.column)), Some((2, 15)), "{name}");
    }
    says(open(&folder, "missing.ron"), "ISO0001", "did you mean phoenix_evaporative?");
    says(open(&folder, "circle.ron"), "ISO0007", "is based on itself");
    says(open(&folder, "a.ron"), "ISO0007", "is based on itself");
    says(open(&folder, "number.ron"), "ISO0107", "the number 5");
    let problem = says(open(&folder, "folder.ron"), "ISO0003", "is a folder");
    assert_eq!(problem.path, "based_on");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_no_way_out() {
    let outside = folder(&[("secret.ron", GOOD)]);
    let folder = folder(&[("site.ron", "Site(based_on: \"link.ron\")")]);
    std::os::unix::fs::symlink(outside.path().join("secret.ron"), folder.path().join("link.ron")).unwrap();
    says(open(&folder, "site.ron"), "ISO0007", "leads out of the site's folder");
}

#[test]
fn a_long_line_of_ancestors_is_refused() {
    let files: Vec<(String, String)> =
        (0..20).map(|k| (format!("s{k}.ron"), format!("Site(based_on: \"s{}.ron\")", k + 1))).collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    files.push(("s20.ron", GOOD));
    let folder = folder(&files);
    says(open(&folder, "s0.ron"), "ISO0007", "more than 16 files");
    good(open(&folder, "s10.ron"));
}

#[test]
fn broken_syntax_in_a_base_is_shown_there() {
    let folder = folder(&[
        ("base.ron", "Site(\n title: \"x\"\n schema: 1)"),
        ("s.ron", "Site(based_on: \"base.ron\")"),
    ]);
    let problem = says(open(&folder, "s.ron"), "ISO0006", "expected comma");
    assert!(problem.location.is_some_and(|l| l.file.ends_with("base.ron") && l.line == 3));
}

#[test]
fn settings_are_text_where_the_field_is_a_quantity_or_a_name_and_ron_elsewhere() {
    let loaded = good(with_setting("cdu.supply_setpoint", "42 °C"));
    assert!((parameter(&loaded, "cdu", "supply_setpoint") - 315.15).abs() < 1e-9);
    assert_eq!(good(with_setting("racks.pod.count", "7")).case.plant.groups[0].racks, 7.0);
    assert_eq!(
        good(with_setting("pod.workload.utilisation", "50 %")).case.workloads[0].mean(0.0, 900.0),
        0.5
    );
    assert_eq!(good(with_setting("run.tolerance", "1e-6")).case.run.tolerance, 1e-6);
    assert_eq!(good(with_setting("ups.redundancy", "TwoN")).case.plant.units.len(), 8);
    let day = good(with_setting("run.period", "Day(\"2024-04-07\")")).case.run;
    // 31 + 28 + 31 + 6 = 96 days before 7 April
    assert_eq!((day.start_s, day.length_s, day.whole_year), (96.0 * 86_400.0, 86_400.0, false));
    let node = good(with_setting("pod.parts.node.count", "64"));
    assert_eq!(
        node.case.plant.units.iter().find(|u| u.id == "pod.node").map(|u| u.multiplicity),
        Some(128.0)
    );
    assert_eq!(good(with_setting("fluids.cdu.secondary", "water")).case.plant.joints.len(), 5);
    assert_eq!(good(with_setting("title", "Ours")).case.title, "Ours");
}

#[test]
fn a_setting_that_cannot_be_is_shown_with_its_place() {
    let problem = says(with_setting("cdu.supply_setpoint", "42 kW"), "ISO0108", "is a power");
    let place = problem.location.map(|l| (l.file.clone(), l.column, l.line_text.clone()));
    assert_eq!(place, Some(("--set".into(), 21, "cdu.supply_setpoint=42 kW".into())));
    says(with_setting("cdu.supply_setpont", "42 °C"), "ISO0116", "did you mean supply_setpoint?");
    says(with_setting("cd.supply_setpoint", "42 °C"), "ISO0116", "has no field cd");
    says(with_setting("components.cd.count", "2"), "ISO0116", "did you mean cdu?");
    says(with_setting("pod.count", "two"), "ISO0107", "a whole number");
    says(with_setting("pod.count", "(("), "ISO0006", "a whole number of 1 to 100000 is expected");
    says(with_setting("run.period.from", "3 d"), "ISO0116", "set it as a whole, as one of Year, Day, Span");
    says(with_setting("racks.pod", "3"), "ISO0107", "fields in parentheses");
    says(with_setting("", "3"), "ISO0116", "not a path");
    says(with_setting("pod.parts.nod.count", "3"), "ISO0116", "has no part");
    says(with_setting("connections[9]", "a -> b"), "ISO0116", "the list is shorter");
}

#[test]
fn setting_one_alternative_clears_the_other() {
    let problems = with_setting("site.weather", "none.epw").err().unwrap();
    let codes: Vec<&str> = problems.iter().filter(|p| p.is_error()).map(|p| p.code).collect();
    // There is no such file, but no quarrel with the climate.
    assert_eq!(codes, ["ISO0001"]);
}

#[test]
fn files_are_sought_beside_the_file_that_names_them() {
    let trace = "seconds,utilisation\n0,0.5\n900,1\n";
    let base = with("Constant(utilisation: 0.9)", "Trace(\"load/day.csv\")");
    let files = [
        ("sub/base.ron", base.as_str()),
        ("sub/load/day.csv", trace),
        ("site.ron", "Site(based_on: \"sub/base.ron\")"),
    ];
    let folder = folder(&files);
    let loaded = good(open(&folder, "site.ron"));
    // 450 s of 0.5 and 450 s of 1 → 0.75
    assert_eq!(loaded.case.workloads[0].mean(450.0, 1350.0), 0.75);
    assert!(
        loaded
            .case
            .inputs
            .iter()
            .any(|input| input.name.ends_with("day.csv") && *input.bytes == trace.as_bytes())
    );
    // Written alone the site finds the file again.
    let alone = folder.path().join("alone.ron");
    fs::write(&alone, loaded.scenario.write()).unwrap();
    assert_eq!(good(load(&alone, &[])).case.workloads, loaded.case.workloads);
    fs::write(folder.path().join("sub/load/day.csv"), "0,0.5\n900,2\n").unwrap();
    says(open(&folder, "site.ron"), "ISO0303", "day.csv:2: utilisation is 2");
    fs::remove_file(folder.path().join("sub/load/day.csv")).unwrap();
    says(open(&folder, "site.ron"), "ISO0001", "there is no such file");
}

#[test]
fn a_rack_template_may_stand_beside_the_site() {
    let template = r#"Rack(
        title: "Ours",
        source: "engineering knowledge, to verify",
        confidence: C,
        cooling: ColdPlate,
        power_rated: "20 kW",
        fluid: "pg25",
        parts: {"board": ColdPlateBoard(based_on: "grace_cold_plate", count: 10)},
        ports: {"electricity": "board.electricity", "liquid": "board.coolant"},
    )"#;
    let site = with("\"frontier_rack\"", "\"ours.ron\"");
    let folder = folder(&[("site.ron", &site), ("ours.ron", template)]);
    let loaded = good(open(&folder, "site.ron"));
    let group = &loaded.case.plant.groups[0];
    assert_eq!(
        (group.template.as_str(), group.cooling.as_str(), group.power_rated),
        ("Ours", "cold_plate", 20e3)
    );
    let unit = loaded.case.plant.units.iter().find(|u| u.id == "pod.board").unwrap();
    assert_eq!((unit.multiplicity, unit.group), (20.0, Some(0)));
    fs::write(
        folder.path().join("ours.ron"),
        template.replace("count: 10", "cont: 10").replace("board.coolant", "plate.coolant"),
    )
    .unwrap();
    let problem = says(open(&folder, "site.ron"), "ISO0101", "did you mean count?");
    assert!(problem.location.is_some_and(|l| l.file.ends_with("ours.ron") && l.line == 8));
    says(open(&folder, "site.ron"), "ISO0210", "the template has no part plate");
    says(with_setting("pod.template", "../ours.ron"), "ISO0007", "leads out of the site's folder");
    let parts = load(&folder.path().join("site.ron"), &set("pod.parts.board.count", "3"));
    assert!(rendered(&parts.err().unwrap()).contains("did you mean count?"));
}

#[test]
fn a_built_in_site_is_found_by_its_id_and_can_be_built_upon() {
    let loaded = good(load(Path::new("nvl72_pod"), &[]));
    assert_eq!(loaded.case.id, "nvl72_pod");
    let folder = folder(&[("mine.ron", "Site(based_on: \"nvl72_pod\", set: {\"racks.pod.count\": 4})")]);
    assert_eq!(good(open(&folder, "mine.ron")).case.plant.groups[0].racks, 4.0);
    let problem =
        says(load(Path::new("nvl72_pd"), &[]), "ISO0001", "did you mean the built-in site nvl72_pod?");
    assert_eq!(problem.class().exit_code(), 66);
}

#[test]
fn json_says_the_same_as_ron() {
    let json = r#"{
        "schema": 1,
        "title": "Two racks",
        "site": {"climate": "phoenix"},
        "components": {
            "pump": {"Pump": {"based_on": "end_suction_30kw"}},
            "cooler": {"DryCooler": {"based_on": "dry_cooler_1mw"}},
            "cdu": {"Cdu": {"based_on": "cdu_1350kw", "supply_setpoint": "40 °C"}},
            "ups": {"Ups": {"based_on": "double_conversion_1500kva", "redundancy": "NPlus1"}}
        },
        "racks": {"pod": {"template": "frontier_rack", "count": 2, "workload": {"Constant": {"utilisation": 0.9}}}},
        "connections": [
            "grid -> ups -> [pump, cooler, cdu, pod]",
            "pump -> cdu.primary -> cooler -> pump",
            "cdu.secondary -> pod.liquid -> cdu.secondary"
        ],
        "run": {"period": {"Day": "2024-07-01"}, "method": "Rodas4"}
    }"#;
    let folder = folder(&[
        ("site.json", json),
        ("bad.json", &json.replace("40 °C", "40 kW")),
        ("child.ron", "Site(based_on: \"site.json\")"),
    ]);
    let loaded = good(open(&folder, "site.json"));
    let ron = with("_1500kva\"", "_1500kva\", redundancy: NPlus1")
        .replace("racks: {", "run: (period: Day(\"2024-07-01\"), method: Rodas4), racks: {");
    let expected = scenario::load_text("site.ron", &ron, &[]).unwrap();
    let values =
        |l: &Loaded| l.case.plant.units.iter().map(|u| (u.id.clone(), u.values.clone())).collect::<Vec<_>>();
    assert_eq!(values(&loaded), values(&expected));
    assert_eq!(loaded.case.run, expected.case.run);
    // Written, it is RON.
    assert_eq!(
        values(&scenario::load_text("w.ron", &loaded.scenario.write(), &[]).unwrap()),
        values(&loaded)
    );
    let problem = says(open(&folder, "bad.json"), "ISO0108", "is a power");
    assert_eq!(problem.location.map(|l| (l.line, l.column)), Some((8, 74)));
    good(open(&folder, "child.ron"));
}
