//! Faults that are put in on purpose: `tests/mutants/*.patch`, each with the test that must notice it.
//!
//! Whether it does is shown by `tests/mutants/run.sh`, which builds once for each; that runs here where `ISOTHERM_HEAVY=1`.
//! Held always: every patch still fits the tree, its test is still there, and `docs/mutants.md` lists all of them
//! (`ISOTHERM_BLESS=1 cargo test --profile ci --test mutants` writes the list anew).

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One fault.
struct Mutant {
    name: String,
    fault: String,
    /// `cargo test …`
    command: String,
    /// File, and of each hunk the lines before and after.
    hunks: Vec<(String, String, String)>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn mutants() -> Vec<Mutant> {
    let entries = fs::read_dir(root().join("tests/mutants")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "patch"));
    paths.sort();
    paths.iter().map(|path| parse(path)).collect()
}

fn parse(path: &Path) -> Mutant {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap();
    let header = |key: &str| -> String {
        let found = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("{name}: has no line \"{key}: …\"")).to_owned()
    };
    let mut hunks: Vec<(String, String, String)> = Vec::new();
    let mut file = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("+++ b/") {
            file = Some(path.to_owned());
        } else if line.starts_with("@@ ") {
            hunks.push((file.clone().unwrap(), String::new(), String::new()));
        } else if let (Some((_, before, after)), Some(side)) = (hunks.last_mut(), line.chars().next()) {
            let rest = &line[1..];
            if side != '+' && !line.starts_with("--- ") {
                writeln!(before, "{rest}").unwrap();
            }
            if side != '-' {
                writeln!(after, "{rest}").unwrap();
            }
        }
    }
    Mutant { fault: header("Fault"), command: header("Caught by"), hunks, name }
}

#[test]
fn every_patch_fits_the_tree_in_one_place_and_changes_a_source() {
    let mutants = mutants();
    assert!(mutants.len() >= 30, "{} patches", mutants.len());
    for mutant in &mutants {
        assert!(!mutant.hunks.is_empty(), "{}: changes nothing", mutant.name);
        for (file, before, after) in &mutant.hunks {
            let text = fs::read_to_string(root().join(file))
                .unwrap_or_else(|e| panic!("{}: {file}: {e}", mutant.name));
            let found = text.matches(before.as_str()).count();
            assert_eq!(
                found, 1,
                "{}: these lines are there {found} times in {file}; make the patch anew:\n{before}",
                mutant.name
            );
            assert_ne!(before, after, "{}: changes nothing", mutant.name);
            assert!(
                file.starts_with("engine/") && file.contains("/src/"),
                "{}: {file} is no source",
                mutant.name
            );
        }
    }
}

#[test]
fn every_patch_names_a_test_that_is_there() {
    for mutant in mutants() {
        let words: Vec<&str> = mutant.command.split(' ').collect();
        let (package, folder, test) = match words[..] {
            ["cargo", "test", "-p", package, "--lib", test] => (package, "src".to_owned(), test),
            ["cargo", "test", "-p", package, "--test", of, test] => (package, format!("tests/{of}.rs"), test),
            _ => panic!(
                "{}: \"{}\" is not cargo test -p PACKAGE (--lib | --test FILE) TEST",
                mutant.name, mutant.command
            ),
        };
        let mut modules: Vec<&str> = test.split("::").collect();
        let function = modules.pop().unwrap();
        let place = root().join("engine").join(package).join(folder);
        // A module is a file, a folder, or stands in the file of the module above.
        let mut files = vec![place.clone(), place.join("lib.rs")];
        for depth in 1..=modules.len() {
            let path = place.join(modules[..depth].join("/"));
            files.extend([path.with_extension("rs"), path.join("mod.rs")]);
        }
        let there = files.iter().filter_map(|file| fs::read_to_string(file).ok()).any(|text| {
            let line = format!("fn {function}()");
            let mut attribute = false;
            text.lines().map(str::trim_start).any(|code| {
                let found = attribute && code.starts_with(&line);
                attribute = code.starts_with("#[test]") || (attribute && code.starts_with("#["));
                found
            })
        });
        assert!(there, "{}: there is no test {test} in engine/{package}", mutant.name);
    }
}

#[test]
fn the_page_lists_every_fault_with_the_test_that_catches_it() {
    let mut table = String::from("| fault put in | caught by |\n|---|---|\n");
    for mutant in mutants() {
        let test = mutant.command.split(' ').next_back().unwrap();
        let shown = test.rsplit("::").next().unwrap();
        writeln!(
            table,
            "| [{}](../tests/mutants/{}.patch) | `{shown}` |",
            mutant.fault.trim_end_matches('.'),
            mutant.name
        )
        .unwrap();
    }
    let page = root().join("docs/mutants.md");
    let text = fs::read_to_string(&page).unwrap();
    let start = "<!-- generated: mutants -->\n";
    let (before, rest) = text.split_once(start).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let expected = format!("{before}{start}\n{}\n\n<!-- end -->{after}", table.trim());
    if text == expected {
        return;
    }
    if std::env::var_os("ISOTHERM_BLESS").is_some_and(|value| value == "1") {
        return fs::write(&page, expected).unwrap();
    }
    panic!(
        "docs/mutants.md does not list tests/mutants: ISOTHERM_BLESS=1 cargo test --profile ci --test mutants writes it anew"
    );
}

#[test]
fn each_fault_is_noticed_by_its_test_which_passes_without_it() {
    if std::env::var_os("ISOTHERM_HEAVY").is_none_or(|value| value != "1") {
        return eprintln!(
            "ISOTHERM_HEAVY is not 1: NOT TESTED: whether each fault of tests/mutants is caught"
        );
    }
    let status =
        Command::new(root().join("tests/mutants/run.sh")).status().expect("tests/mutants/run.sh starts");
    assert!(status.success(), "tests/mutants/run.sh: {status}");
}
