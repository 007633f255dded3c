//! Files of anybody's making, as stored in `tests/fuzz/corpus`: each is read again, always. With `ISOTHERM_HEAVY=1` each
//! target is fuzzed for a minute from there (needs cargo-fuzz and a C++ compiler: `tests/fuzz/run.sh`).
//!
//! What once broke a reader stands in the corpus under the name of what it broke.

mod crates {
    pub use engine::{scenario, study, units};
}
#[path = "fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Longest that one file may take, and more than any takes.
const HANG: Duration = Duration::from_secs(10);

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz")
}

#[test]
fn every_file_of_the_corpus_is_read_or_refused() {
    for (name, target) in targets::TARGETS {
        let folder = here().join("corpus").join(name);
        let mut files: Vec<PathBuf> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(files.len() >= 5, "{}: has {} files", folder.display(), files.len());
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let start = Instant::now();
            // A failure names the file.
            println!("{}", file.display());
            target(&bytes);
            assert!(start.elapsed() < HANG, "{} took {:?}", file.display(), start.elapsed());
        }
    }
}

#[test]
fn a_run_as_it_was_written_is_read_by_the_target() {
    // Without damage the reader comes to its end, so that the corpus is damage and not an obstacle before it.
    targets::results(&[&[2], &targets::series()[..]].concat());
    targets::results(&[&[0], targets::SUMMARY.as_bytes()].concat());
}

#[test]
fn a_decoder_that_panics_is_damage_and_prints_nothing_where_that_was_asked() {
    const CHILD: &str = "ISOTHERM_DECODER";
    if let Ok(how) = std::env::var(CHILD) {
        if how == "quiet" {
            engine::study::read::quiet_decoders();
        }
        return targets::results(
            &fs::read(here().join("corpus/results/a_page_shorter_than_its_values")).unwrap(),
        );
    }
    for how in ["loud", "quiet"] {
        let name = "a_decoder_that_panics_is_damage_and_prints_nothing_where_that_was_asked";
        let child = Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env(CHILD, how)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success(), "{how}: {said}");
        assert_eq!(said.contains("panicked"), how == "loud", "{how}: {said}");
    }
}

#[test]
fn every_target_is_listed_and_has_its_file() {
    let manifest = fs::read_to_string(here().join("Cargo.toml")).unwrap();
    for (name, _) in targets::TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not in tests/fuzz/Cargo.toml");
        let source = fs::read_to_string(here().join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("targets::{name}(bytes)")), "{source}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), targets::TARGETS.len());
}

#[test]
fn a_minute_of_fuzzing_breaks_nothing() {
    if std::env::var_os("ISOTHERM_HEAVY").is_none_or(|value| value != "1") {
        return eprintln!("ISOTHERM_HEAVY is not 1: NOT TESTED: a minute of fuzzing for each target");
    }
    // All of them from one build.
    let status =
        Command::new(here().join("run.sh")).args(["all", "60"]).status().expect("tests/fuzz/run.sh starts");
    assert!(status.success(), "{status}");
}
