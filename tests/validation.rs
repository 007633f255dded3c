//! isotherm against closed forms and other people's numbers: every case of `isotherm validate` passes, and
//! `docs/verification.md` says what they reached.
//!
//! `ISOTHERM_BLESS=1 cargo test --profile ci --test validation` writes the page anew.

use engine::plant::catalogue::KINDS;
use engine::validation::{Checked, Verdict, cases, document, run, text};
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
        let others = checked().iter().any(|of| {
            of.case.covers.contains(&name)
                && of.case.source.kind != Kind::ClosedForm
                && of.checks.iter().any(|check| check.verdict == Verdict::Passed)
        });
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
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .arg("validate")
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("ISOTHERM_REFERENCE")
        .output()
        .unwrap();
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
    let (code, out, err) = validate(&["no_such_case"]);
    assert_eq!((code, out.as_str()), (65, ""));
    assert!(err.contains("--list"), "{err}");
}
