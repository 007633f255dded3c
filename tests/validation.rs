//! isotherm against closed forms and other people's numbers: every case of `isotherm validate` passes, and
//! `docs/verification.md` says what they reached.
//!
//! `ISOTHERM_BLESS=1 cargo test --profile ci --test validation` writes the page anew.

use engine::plant::catalogue::KINDS;
use engine::validation::{Check, Checked, Verdict, cases, document, run, text};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

/// All cases, evaluated once.
fn checked() -> &'static [Checked] {
    static CHECKED: OnceLock<Vec<Checked>> = OnceLock::new();
    CHECKED.get_or_init(|| run(&cases()))
}

#[test]
fn every_case_agrees_within_its_tolerance() {
    let text = text(checked());
    println!("{text}");
    if std::env::var_os("ISOTHERM_REFERENCE").is_none() {
        println!("ISOTHERM_REFERENCE is not set: what needs reference files is NOT compared");
    }
    let missed = checked().iter().flat_map(|of| &of.checks).filter(|check| check.verdict == Verdict::Missed);
    let missed: Vec<&str> = missed.map(|check| check.id.as_str()).collect();
    assert!(missed.is_empty(), "missed: {missed:?}\n{text}");
}

#[test]
fn names_are_unique_and_every_case_covers_something_that_exists() {
    let all = cases();
    let names: BTreeSet<&str> = all.iter().map(|case| case.id).collect();
    assert_eq!(names.len(), all.len(), "two cases of one name");
    let ids: Vec<&str> = checked().iter().flat_map(|of| &of.checks).map(|check| check.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "two quantities of one name: {ids:?}");
    for of in checked() {
        for check in &of.checks {
            let within = check.covers.iter().all(|part| of.case.covers.contains(part));
            assert!(within && !check.covers.is_empty(), "{} is about {:?}", check.id, check.covers);
        }
        for part in of.case.covers {
            let some = of.checks.iter().any(|check| check.covers.contains(part));
            assert!(some, "{} covers {part}, and no quantity is about that", of.case.id);
        }
    }
    let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.declaration().name).collect();
    for case in all {
        assert!(!case.covers.is_empty(), "{} covers nothing", case.id);
        for name in case.covers {
            // A kind begins with a capital letter, a part of the program does not.
            let capital = name.starts_with(char::is_uppercase);
            assert!(!capital || kinds.contains(name), "{} covers {name}, which is no kind", case.id);
        }
        let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join(case.source.tables);
        assert!(tables.exists(), "{}: there is no {}", case.source.id, case.source.tables);
        assert!(
            tables.is_file() || tables.join("README.md").is_file(),
            "{} has no README",
            case.source.tables
        );
    }
}

#[test]
fn the_page_says_what_was_reached() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verification.md");
    let (found, expected) = (std::fs::read_to_string(&path).unwrap_or_default(), document(checked()));
    if found == expected {
        return;
    }
    if std::env::var_os("ISOTHERM_BLESS").is_some_and(|value| value == "1") {
        return std::fs::write(&path, expected).unwrap();
    }
    let differs = found.lines().zip(expected.lines()).find(|(a, b)| a != b);
    panic!(
        "docs/verification.md is not what the cases reach, first in {differs:?}\n\
         ISOTHERM_BLESS=1 cargo test --profile ci --test validation writes it anew"
    );
}

/// Every kind of the cooling plant.
const PLANT_SIDE: [&str; 20] = [
    "AdiabaticCooler",
    "AirCooledChiller",
    "AirSideEconomizer",
    "Cdu",
    "CheckValve",
    "ControlValve",
    "Crah",
    "DistrictHeating",
    "DryCooler",
    "HeatPump",
    "Humidifier",
    "ImmersionTank",
    "OpenTower",
    "Pipe",
    "PlateExchanger",
    "Pump",
    "RearDoor",
    "StorageTank",
    "WaterCooledChiller",
    "WaterSideEconomizer",
];

#[test]
fn every_plant_side_component_is_compared_with_somebody_elses_numbers() {
    use engine::validation::Kind;
    let mut missing = Vec::new();
    for name in PLANT_SIDE {
        let passed = |check: &Check| check.covers.contains(&name) && check.verdict == Verdict::Passed;
        let others = checked()
            .iter()
            .any(|of| of.case.source.kind != Kind::ClosedForm && of.checks.iter().any(passed));
        if !others {
            missing.push(name);
        }
    }
    assert!(missing.is_empty(), "closed forms alone, or nothing: {missing:?}");
    // A new kind of cooling is plant side, too.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/plant/src/cooling");
    for kind in KINDS {
        let declaration = kind.declaration();
        let file: String = declaration.name.chars().fold(String::new(), |mut file, c| {
            if c.is_uppercase() && !file.is_empty() {
                file.push('_');
            }
            file.extend(c.to_lowercase());
            file
        });
        if folder.join(format!("{file}.rs")).is_file() {
            assert!(PLANT_SIDE.contains(&declaration.name), "{} is not in the list", declaration.name);
        }
    }
}

#[test]
fn every_table_of_the_folders_is_read_by_a_case_or_by_a_test_that_is_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let mut folders = vec![root.join("engine"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut unused = Vec::new();
    let mut tables = 0;
    for folder in std::fs::read_dir(root.join("tests/validation")).unwrap() {
        for entry in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".csv") {
                tables += 1;
                // In quotes, alone or at the end of a path.
                if !text.contains(&format!("{name}\"")) {
                    unused.push(name);
                }
            }
        }
    }
    assert!(tables > 35, "{tables} tables");
    assert!(unused.is_empty(), "tables that nothing reads: {unused:?}");
}

#[test]
fn every_oracle_table_of_the_reference_folder_is_committed_byte_by_byte() {
    let Some(reference) = std::env::var_os("ISOTHERM_REFERENCE") else {
        return println!(
            "ISOTHERM_REFERENCE is not set: the oracle tables are NOT compared with their originals"
        );
    };
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation/oracle");
    let mut tables = 0;
    for entry in std::fs::read_dir(Path::new(&reference).join("reference/oracle")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "csv") {
            let copy = std::fs::read(ours.join(path.file_name().unwrap()));
            let same = copy.is_ok_and(|copy| copy == std::fs::read(&path).unwrap());
            assert!(same, "{} is not in tests/validation/oracle as it is", path.display());
            tables += 1;
        }
    }
    assert_eq!(tables, 19, "tables of the reference folder");
}

fn validate(arguments: &[&str]) -> (i32, String, String) {
    validate_with(arguments, None)
}

/// In an empty folder, with a folder of reference files or none.
fn validate_with(arguments: &[&str], reference: Option<&Path>) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.arg("validate").args(arguments).current_dir(folder.path()).env_remove("ISOTHERM_REFERENCE");
    if let Some(reference) = reference {
        command.env("ISOTHERM_REFERENCE", reference);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_compares_from_the_program_alone() {
    // In an empty folder, without reference files.
    let (code, out, err) = validate(&["psychrolib", "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&answer["schema"], &answer["ok"]), (&"isotherm.validate/1".into(), &true.into()));
    let cases = answer["data"]["cases"].as_array().unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        assert_eq!(case["source"], "psychrolib");
        assert_eq!(case["passed"], true);
        for number in ["expected", "got", "error", "tolerance"] {
            assert!(case[number].is_number(), "{number} of {case}");
        }
        for text in ["id", "quantity", "unit", "remains"] {
            assert!(case[text].is_string(), "{text} of {case}");
        }
        assert!(case["error"].as_f64() <= case["tolerance"].as_f64());
    }
    let (code, out, _) = validate(&["OpenTower", "--list"]);
    assert_eq!(code, 0);
    assert!(out.contains("york_calc") && out.contains("tower_hours") && !out.contains("psychrolib"), "{out}");
    // A kind that exists, of which nothing was found to compare with.
    let (code, out, err) = validate(&["AislePair"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("AislePair is compared with nothing: balances of two mixed zones"), "{out}");
    let (code, out, _) = validate(&["aislepair", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["data"]["cases"]), (0, &serde_json::json!([])));
    assert!(answer["diagnostics"][0]["message"].as_str().unwrap().contains("two mixed zones"), "{answer}");
    // Of cases that cover several kinds, what is about this one: conductance and demand by hand, heat by another program.
    let (code, out, _) = validate(&["districtheating", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let cases = answer["data"]["cases"].as_array().unwrap();
    assert_eq!((code, cases.len()), (0, 3));
    for case in cases {
        assert_eq!(case["covers"], serde_json::json!(["DistrictHeating"]), "{case}");
    }
    let (code, out, err) = validate(&["no_such_case"]);
    assert_eq!((code, out.as_str()), (65, ""));
    assert!(err.contains("--list"), "{err}");
}

#[test]
fn a_miss_ends_with_64_and_is_named_last() {
    // A folder of reference files that has none: what is asked of it cannot be compared, and that is a miss.
    let empty = tempfile::tempdir().unwrap();
    let (code, out, err) = validate_with(&["lc_dry"], Some(empty.path()));
    assert_eq!((code, err.as_str()), (64, ""));
    assert!(out.contains("no such file below the folder that ISOTHERM_REFERENCE names"), "{out}");
    assert_eq!(out.lines().last(), Some("missed: lc_dry.evaluation"), "{out}");
    let (code, out, _) = validate_with(&["lc_dry", "--json"], Some(empty.path()));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, answer["data"]["missed"].as_u64()), (64, Some(1)));
}

#[test]
fn hours_of_the_peer_that_are_half_a_kelvin_off_are_a_miss() {
    let Some(reference) = std::env::var_os("ISOTHERM_REFERENCE") else {
        return println!("ISOTHERM_REFERENCE is not set: that a wrong number is missed is NOT shown");
    };
    let (reference, folder) = (Path::new(&reference), tempfile::tempdir().unwrap());
    let weather = reference.join("weather");
    std::fs::create_dir_all(folder.path().join("reference/energyplus")).unwrap();
    std::fs::create_dir_all(folder.path().join("weather")).unwrap();
    for place in
        ["USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw", "USA_CA_San.Francisco.Intl.AP.724940_TMY3.epw"]
    {
        std::fs::copy(weather.join(place), folder.path().join("weather").join(place)).unwrap();
    }
    for (short, off) in [("chicago", 0.5), ("sanfrancisco", 0.0)] {
        let name = format!("reference/energyplus/LC_dry__{short}__hourly.csv");
        let text = std::fs::read_to_string(reference.join(&name)).unwrap();
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        let column = header.split(',').position(|c| c == "IT IN|System Node Temperature[C]").unwrap();
        let moved = lines.map(|line| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            cells[column] = (cells[column].parse::<f64>().unwrap() + off).to_string();
            cells.join(",")
        });
        let all: Vec<String> = std::iter::once(header.to_owned()).chain(moved).collect();
        std::fs::write(folder.path().join(&name), all.join("\n")).unwrap();
    }
    let (code, out, _) = validate_with(&["lc_dry", "--json"], Some(folder.path()));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let missed: Vec<&str> = (answer["data"]["cases"].as_array().unwrap().iter())
        .filter(|case| case["verdict"] == "missed")
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    assert_eq!((code, missed), (64, vec!["lc_dry.chicago_supply", "lc_dry.chicago_bias"]));
}
