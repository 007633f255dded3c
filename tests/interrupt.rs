//! Ctrl-C in the middle of a run, as a user meets it: what is left behind, and how it goes on.
#![cfg(unix)]

use engine::study::write::verify;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// Long enough to be met in the middle: a step takes a fraction of a millisecond.
const LONG: [&str; 4] =
    ["--set", "run.period=Span(from: \"100 d\", for: \"40 d\")", "--set", "run.step=5 min"];

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn isotherm(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the command starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", child.id())]).status();
    assert!(sent.expect("a shell").success());
}

/// Starts a run, waits until there is another file `sign` in the scratch folder than before, and sends the signals.
fn interrupted(folder: &Path, arguments: &[&str], sign: &str, signals: &[&str]) -> Output {
    let seen = || fs::metadata(folder.join(sign)).map(|found| found.ino()).ok();
    let before = seen();
    let mut child = command(folder, arguments).spawn().expect("the command starts");
    while seen().is_none() || seen() == before {
        if let Some(status) = child.try_wait().expect("a child") {
            let output = child.wait_with_output().expect("its output");
            panic!("it ended with {status} before there was {sign}: {}", said(&output));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    signals.iter().for_each(|signal| send(&child, signal));
    child.wait_with_output().expect("its output")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn with<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

/// The files of a run, and its manifest without the times and without what differs between folders.
fn results(folder: &Path) -> (Vec<u8>, Vec<u8>, Value) {
    let read = |name: &str| fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{folder:?}/{name}: {e}"));
    let mut manifest: Value = serde_json::from_slice(&read("manifest.json")).expect("JSON");
    manifest["started"].take();
    manifest["finished"].take();
    (read("series.parquet"), read("summary.json"), manifest)
}

#[test]
fn ctrl_c_leaves_a_checkpoint_and_the_run_goes_on_to_the_same_bytes() {
    let scratch = scratch();
    let folder = scratch.path();
    let whole = isotherm(folder, &with(&[&["run", "nvl72_pod", "--out", "whole", "-q"], &LONG]));
    assert_eq!(code(&whole), 0, "{}", said(&whole));

    let begin = with(&[&["run", "nvl72_pod", "--out", "parts"], &LONG]);
    let stopped = interrupted(folder, &begin, "parts/unfinished.txt", &["INT"]);
    assert_eq!(code(&stopped), 130, "{}", said(&stopped));
    assert!(stopped.stdout.is_empty(), "figures of a part are none");
    assert!(said(&stopped).contains("isotherm run --resume parts"), "{}", said(&stopped));
    let parts = folder.join("parts");
    assert_eq!(names(&parts), ["checkpoint.isotherm", "unfinished.txt"]);
    assert_eq!(verify(&parts).expect_err("it is not finished").exit_code(), 66);

    // To begin it anew by mistake would be a pity.
    let again = isotherm(folder, &begin);
    assert_eq!(code(&again), 73);
    assert!(said(&again).contains("--resume parts") && said(&again).contains("--force"), "{}", said(&again));
    assert_eq!(names(&parts), ["checkpoint.isotherm", "unfinished.txt"]);

    // Twice in the middle, from elsewhere, once by its file.
    let elsewhere = folder.join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    let on = ["run", "--resume", "../parts/checkpoint.isotherm", "--json", "--checkpoint-every", "1 d"];
    let stopped = interrupted(&elsewhere, &on, "../parts/checkpoint.isotherm", &["TERM"]);
    assert_eq!(code(&stopped), 130, "{}", said(&stopped));
    let answer: Value = serde_json::from_slice(&stopped.stdout).expect("one JSON object");
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["diagnostics"][0]["code"], "ISO0801");
    let on = isotherm(&elsewhere, &["run", "--resume", "../parts"]);
    assert_eq!(code(&on), 0, "{}", said(&on));
    assert!(String::from_utf8_lossy(&on.stdout).contains("PUE"), "the report of the whole run");

    assert!(results(&parts) == results(&folder.join("whole")), "not the same bytes");
    assert_eq!(
        names(&parts),
        ["manifest.json", "racks.parquet", "series.parquet", "site.ron", "summary.json"]
    );
    assert_eq!(verify(&parts).expect("a finished run"), []);
    let over = isotherm(folder, &["run", "--resume", "parts"]);
    assert_eq!(code(&over), 66);
    assert!(said(&over).contains("its run is finished"), "{}", said(&over));
}

#[test]
fn a_run_that_was_killed_goes_on_from_its_last_checkpoint() {
    let scratch = scratch();
    let folder = scratch.path();
    let site = ["run", "phoenix_evaporative", "-q", "--csv"];
    let whole = isotherm(folder, &with(&[&site, &["--out", "whole"], &LONG]));
    assert_eq!(code(&whole), 0, "{}", said(&whole));
    let often = ["--out", "parts", "--checkpoint-every", "2 d"];
    let killed = interrupted(folder, &with(&[&site, &often, &LONG]), "parts/checkpoint.isotherm", &["KILL"]);
    assert!(!killed.status.success());
    let parts = folder.join("parts");
    assert!(!parts.join("manifest.json").exists(), "it is not finished");
    // A half-written file of the one that was killed.
    fs::write(parts.join(".checkpoint.isotherm.1-0.tmp"), "half").expect("a file");
    let on = isotherm(folder, &["run", "--resume", "parts", "-q"]);
    assert_eq!(code(&on), 0, "{}", said(&on));
    assert!(results(&parts) == results(&folder.join("whole")), "not the same bytes");
    assert_eq!(
        names(&parts),
        [
            "manifest.json",
            "racks.csv",
            "racks.parquet",
            "series.csv",
            "series.parquet",
            "site.ron",
            "summary.json"
        ]
    );
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_leaves_no_half_file() {
    let scratch = scratch();
    let folder = scratch.path();
    let begin = with(&[&["run", "nvl72_pod", "--out", "run", "--checkpoint-every", "5 min"], &LONG]);
    let stopped = interrupted(folder, &begin, "run/checkpoint.isotherm", &["INT", "INT"]);
    assert_eq!(code(&stopped), 130, "{}", said(&stopped));
    assert_eq!(names(&folder.join("run")), ["checkpoint.isotherm", "unfinished.txt"]);
}

#[test]
fn a_finished_run_stays_until_the_one_that_replaces_it_is_finished_too() {
    let scratch = scratch();
    let folder = scratch.path();
    let day = ["run", "nvl72_pod", "--out", "run", "--set", "run.period=Day(\"2024-07-21\")", "-q"];
    assert_eq!(code(&isotherm(folder, &day)), 0);
    let run = folder.join("run");
    let before = results(&run);
    let every = ["--checkpoint-every", "1 d"];
    let begin = with(&[&["run", "nvl72_pod", "--out", "run", "--force"], &every, &LONG]);
    let stopped = interrupted(folder, &begin, "run.checkpoint", &["INT"]);
    assert_eq!(code(&stopped), 130, "{}", said(&stopped));
    assert!(said(&stopped).contains("--resume run.checkpoint --force"), "{}", said(&stopped));
    assert!(results(&run) == before, "the finished run is still there");
    assert_eq!(verify(&run).expect("a finished run"), []);
    let refused = isotherm(folder, &["run", "--resume", "run.checkpoint"]);
    assert_eq!(code(&refused), 73, "{}", said(&refused));
    let on = isotherm(folder, &["run", "--resume", "run.checkpoint", "--force", "-q"]);
    assert_eq!(code(&on), 0, "{}", said(&on));
    let whole = isotherm(folder, &with(&[&["run", "nvl72_pod", "--out", "whole", "-q"], &LONG]));
    assert_eq!(code(&whole), 0, "{}", said(&whole));
    assert!(results(&run) == results(&folder.join("whole")), "not the same bytes");
    assert_eq!(names(folder), ["run", "whole"], "the checkpoint has done its work");
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_and_left_alone() {
    let scratch = scratch();
    let folder = scratch.path();
    let text = include_str!("../models/sites/nvl72_pod.ron");
    fs::write(folder.join("pod.ron"), text).expect("the site");
    let begin = with(&[&["run", "pod.ron", "--out", "run"], &LONG]);
    let stopped = interrupted(folder, &begin, "run/unfinished.txt", &["TERM"]);
    assert_eq!(code(&stopped), 130, "{}", said(&stopped));
    let kept = folder.join("run/checkpoint.isotherm");
    let bytes = fs::read(&kept).expect("the checkpoint");
    let resume = |path: &str| isotherm(folder, &["run", "--resume", path, "-q"]);
    let refused = |path: &str, exit: i32, sentence: &str| {
        let output = resume(path);
        assert_eq!(code(&output), exit, "{}", said(&output));
        assert!(said(&output).contains(sentence), "{sentence} is missing in {}", said(&output));
    };

    fs::write(folder.join("pod.ron"), text.replace("count: 8,", "count: 7,")).expect("the site");
    refused("run", 65, "another pod.ron");
    fs::write(folder.join("pod.ron"), text).expect("the site");

    let mut wrong = bytes.clone();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 1;
    fs::write(&kept, &wrong).expect("a checkpoint");
    refused("run", 65, "is damaged");
    fs::write(&kept, &bytes[..middle]).expect("a checkpoint");
    refused("run", 65, "is damaged");
    fs::write(&kept, "a letter").expect("a file");
    refused("run", 65, "no checkpoint of isotherm");
    refused("nowhere", 66, "there is no checkpoint");
    refused(".", 66, "holds no interrupted run");
    fs::write(folder.join("loose"), &bytes).expect("a checkpoint");
    refused("loose", 2, "--out");
    assert_eq!(code(&isotherm(folder, &["run", "pod.ron", "--resume", "run"])), 2, "one or the other");
    assert_eq!(code(&isotherm(folder, &["run", "pod.ron", "--checkpoint-every", "30"])), 2, "no unit");
    assert_eq!(names(&folder.join("run")), ["checkpoint.isotherm", "unfinished.txt"]);

    fs::write(&kept, &bytes).expect("the checkpoint");
    let on = resume("run");
    assert_eq!(code(&on), 0, "{}", said(&on));
    assert_eq!(
        names(&folder.join("run")),
        ["manifest.json", "racks.parquet", "series.parquet", "site.ron", "summary.json"]
    );
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_said() {
    let scratch = scratch();
    let folder = scratch.path();
    let begin = with(&[&["run", "nvl72_pod", "--out", "run", "--checkpoint-every", "5 min"], &LONG]);
    let mut child = command(folder, &begin).spawn().expect("the command starts");
    let checkpoint = folder.join("run/checkpoint.isotherm");
    while !checkpoint.exists() {
        assert!(child.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(1));
    }
    // A folder in its way; the next one may come before it.
    while !checkpoint.is_dir() {
        let _ = fs::remove_file(&checkpoint);
        let _ = fs::create_dir(&checkpoint);
    }
    send(&child, "INT");
    let stopped = child.wait_with_output().expect("its output");
    assert_eq!(code(&stopped), 73, "{}", said(&stopped));
    assert!(said(&stopped).contains("there is no checkpoint of it"), "{}", said(&stopped));
}
