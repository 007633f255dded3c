//! Sweeps under what happens to them: fifty deaths, any number of shards, a full disk, Slurm, Ray. Minutes of work, so only
//! when `ISOTHERM_HEAVY=1`; the deaths of `tests/sweep.rs` run always.
//!
//! `tests/heavy/slurm.sh` needs Debian's slurm-wlm and root, `tests/heavy/ray_two_nodes.py` a Python with ray
//! (`ISOTHERM_PYTHON`), the full disk root, for a file system of its own.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// Three hundred days.
const DAYS: u64 = 300;
const STUDY: &str = r#"Study(
    schema: 1,
    title: "Three hundred days",
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.step": "15 min", "run.output_every": "1 h", "run.dynamics": QuasiSteady},
    dynamics: AsWritten,
    parameters: {
        "climate": Values(path: "site.climate", values: ["phoenix", "harbin"]),
        "supply": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "41 °C", steps: 150, also: [(path: "controls.facility_water.at", offset: "-6 K")]),
    },
    constraints: [ZeroWater],
)
"#;

fn asked(what: &str) -> bool {
    let asked = std::env::var_os("ISOTHERM_HEAVY").is_some_and(|value| value == "1");
    if !asked {
        eprintln!("ISOTHERM_HEAVY is not 1: NOT TESTED: {what}");
    }
    asked
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.arg("sweep").args(arguments).current_dir(folder).stdin(Stdio::null());
    for variable in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "ISOTHERM_SHARDS"] {
        command.env_remove(variable);
    }
    command
}

fn ended(folder: &Path, arguments: &[&str]) -> (i32, Output) {
    let output = command(folder, arguments).output().expect("it starts");
    (output.status.code().expect("an exit code"), output)
}

fn ok(folder: &Path, arguments: &[&str]) -> Value {
    let (code, output) = ended(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice::<Value>(&output.stdout).map(|answer| answer["data"].clone()).unwrap_or_default()
}

fn planned(folder: &Path, study: &str) {
    fs::write(folder.join("study.ron"), study).expect("the study");
    ok(folder, &["plan", "study.ron", "-o", "s", "--json"]);
}

fn hash(folder: &Path, cases: u64) -> String {
    let data = ok(folder, &["merge", "s", "--json"]);
    assert_eq!((data["cases"].as_u64(), data["ok"].as_u64()), (Some(cases), Some(cases)), "{data}");
    data["hash"].as_str().expect("a hash").to_owned()
}

fn reference() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| one_life(STUDY, DAYS))
}

fn one_life(study: &str, cases: u64) -> String {
    let folder = tempfile::tempdir().expect("a scratch folder");
    planned(folder.path(), study);
    ok(folder.path(), &["run", "s", "--jobs", "1", "--json"]);
    hash(folder.path(), cases)
}

/// The next of a row of numbers without pattern (G. Marsaglia's xorshift).
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn after_fifty_deaths_at_random_instants_the_rows_are_those_of_one_life() {
    if !asked("fifty kill -9") {
        return;
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    // So many that none of the lives is long enough for what the deaths before left.
    let (study, cases) = (STUDY.replace("steps: 150", "steps: 1000"), 2000);
    planned(folder.path(), &study);
    let mut chance =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos()
            as u64
            | 1;
    println!("chance begins with {chance}");
    let mut committed = Vec::new();
    for death in 0..50 {
        let jobs = if death % 2 == 0 { "1" } else { "2" };
        let arguments = ["run", "s", "--jobs", jobs, "--commit-every", "1", "-q"];
        let mut child = command(folder.path(), &arguments).spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(5 + next(&mut chance) % 250));
        if let Some(status) = child.try_wait().expect("it can be asked") {
            panic!("life {death} ended by itself ({status}): more cases are needed");
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it is dead");
        committed.push(ok(folder.path(), &["status", "s", "--json"])["ok"].as_u64().expect("a count"));
    }
    println!("committed after each death: {committed:?}");
    assert!(committed.windows(2).all(|pair| pair[0] <= pair[1]), "nothing that was committed is lost");
    ok(folder.path(), &["run", "s", "--json"]);
    let (after, without) = (hash(folder.path(), cases), one_life(&study, cases));
    println!("50 deaths: {after}\nnone:      {without}");
    assert_eq!(after, without);
}

#[test]
fn one_two_four_and_eight_shards_in_any_order_give_the_same_rows() {
    if !asked("1, 2, 4 and 8 shards") {
        return;
    }
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for shards in [1_usize, 2, 4, 8] {
        let folder = tempfile::tempdir().expect("a scratch folder");
        planned(folder.path(), STUDY);
        let mut order: Vec<usize> = (0..shards).collect();
        for k in (1..shards).rev() {
            order.swap(k, (next(&mut chance) % (k as u64 + 1)) as usize);
        }
        for shard in &order {
            let jobs = if shard % 2 == 0 { "2" } else { "1" };
            ok(
                folder.path(),
                &["run", "s", "--shard", &format!("{shard}/{shards}"), "--jobs", jobs, "--json"],
            );
        }
        println!("{shards} shards in the order {order:?}: {}", hash(folder.path(), DAYS));
        assert_eq!(hash(folder.path(), DAYS), reference());
    }
}

/// A file system of 20 MB that ends with this.
struct Small(PathBuf);

impl Small {
    fn mounted(at: &Path) -> Small {
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", "size=20m", "tmpfs"]).arg(at).status();
        assert!(made.is_ok_and(|status| status.success()), "mounting a file system needs root");
        Small(at.to_owned())
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn on_a_disk_that_is_full_a_sweep_ends_with_74_keeps_what_it_has_and_goes_on_when_there_is_space() {
    if !asked("a full disk") {
        return;
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    let small = Small::mounted(folder.path());
    planned(&small.0, STUDY);
    // All but 120 kB is taken: some parts fit, and not all.
    let ballast = small.0.join("ballast");
    let free = || -> u64 {
        let told =
            Command::new("df").args(["--output=avail", "-B1"]).arg(&small.0).output().expect("df is there");
        String::from_utf8_lossy(&told.stdout)
            .lines()
            .nth(1)
            .and_then(|n| n.trim().parse().ok())
            .expect("a number")
    };
    fs::write(&ballast, vec![7_u8; (free() - 120_000) as usize]).expect("it fits");
    let (code, output) = ended(&small.0, &["run", "s", "--jobs", "2", "--commit-every", "8", "-q"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    println!("{} bytes left: exit code {code}: {}", free(), said.trim());
    assert_eq!(code, 74, "{said}");
    let status = ok(&small.0, &["status", "s", "--json"]);
    let kept = status["ok"].as_u64().expect("a count");
    assert!(kept > 0 && kept < 300 && status["torn"] == 0, "{status}");
    assert_eq!(ended(&small.0, &["run", "s", "-q"]).0, 74, "it is still full");
    fs::remove_file(&ballast).expect("space");
    let finished = ok(&small.0, &["run", "s", "--json"]);
    assert!(finished["before"].as_u64().expect("a count") >= kept, "{finished}");
    assert_eq!(hash(&small.0, DAYS), reference());
    println!("{kept} of 300 cases were kept, the others calculated with space: {}", reference());
}

fn scripted(what: &str, program: &str, script: &str) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let study = folder.path().join("study.ron");
    fs::write(&study, STUDY).expect("the study");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/heavy").join(script);
    let output = Command::new(program).arg(&script).arg(env!("CARGO_BIN_EXE_isotherm")).arg(&study).output();
    let output = output.unwrap_or_else(|error| panic!("{what}: {program} does not start: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{what}: {said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(reference()), "{what}: {said} {}", reference());
}

#[test]
fn an_array_of_slurm_with_a_requeued_and_a_killed_task_gives_the_rows_of_one_process() {
    if asked("Slurm") {
        scripted("Slurm", "bash", "slurm.sh");
    }
}

#[test]
fn two_nodes_of_ray_of_which_one_is_removed_give_the_rows_of_one_process() {
    if asked("Ray") {
        let python = std::env::var("ISOTHERM_PYTHON").unwrap_or_else(|_| "python3".into());
        scripted("Ray", &python, "ray_two_nodes.py");
    }
}

#[test]
fn the_python_of_the_guide_runs_over_a_shipped_table() {
    if !asked("the snippets of the guide") {
        return;
    }
    let python = std::env::var("ISOTHERM_PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/heavy/snippets.py");
    let output = Command::new(python).arg(script).output().expect("python starts");
    println!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
