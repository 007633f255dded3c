//! Sweeps as a user meets them: the same rows from any number of shards, in any order, after any death; failing cases
//! are rows; exit codes that schedulers act on.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// 24 short cases: 12 supply temperatures in two climates, a day each.
const STUDY: &str = r#"Study(
    schema: 1,
    title: "Twenty-four days",
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.step": "15 min", "run.output_every": "1 h", "run.dynamics": QuasiSteady},
    dynamics: AsWritten,
    parameters: {
        "climate": Values(path: "site.climate", values: ["phoenix", "harbin"]),
        "supply": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "41 °C", steps: 12, also: [(path: "controls.facility_water.at", offset: "-6 K")]),
    },
    constraints: [ZeroWater],
)
"#;

/// Twenty cases, of which two cannot be: a CDU of a size that no plate heat exchanger here carries is refused.
const BROKEN: &str = r#"Study(
    schema: 1,
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.output_every": "1 h"},
    dynamics: AsWritten,
    parameters: {
        "sound": Choice(options: {
            "a": (set: {"dry_cooler.count": 2}), "b": (set: {"dry_cooler.count": 3}), "c": (set: {"dry_cooler.count": 4}),
            "d": (set: {"dry_cooler.count": 5}), "e": (set: {"dry_cooler.count": 6}), "f": (set: {"dry_cooler.count": 7}),
            "g": (set: {"dry_cooler.count": 8}), "h": (set: {"dry_cooler.count": 9}), "i": (set: {"dry_cooler.count": 10}),
            "broken": (set: {"components.cdu.based_on": "no_such_cdu"}),
        }),
        "supply": Values(path: "cdu.supply_setpoint", values: ["35 °C", "40 °C"]),
    },
    sampler: Grid,
    outputs: ["metrics.pue"],
)
"#;

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_isotherm"));
    command.arg("sweep").args(arguments).current_dir(folder).stdin(Stdio::null());
    // A scheduler that runs this test must not tell it which shard it is.
    for variable in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "ISOTHERM_SHARDS"] {
        command.env_remove(variable);
    }
    command
}

fn sweep(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("the command starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ok(folder: &Path, arguments: &[&str]) -> Output {
    let output = sweep(folder, arguments);
    assert_eq!(code(&output), 0, "{arguments:?}: {}", said(&output));
    output
}

fn json(output: &Output) -> Value {
    let value: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    value["data"].clone()
}

fn planned(study: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("study.ron"), study).expect("the study");
    ok(folder.path(), &["plan", "study.ron", "-o", "s", "--json"]);
    folder
}

fn merged(folder: &Path) -> (String, Value) {
    let data = json(&ok(folder, &["merge", "s", "--json"]));
    (data["hash"].as_str().expect("a hash").to_owned(), data)
}

fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for shard in fs::read_dir(folder.join("s/results")).into_iter().flatten().flatten() {
        for file in fs::read_dir(shard.path()).expect("a folder").flatten() {
            if file.file_name().to_string_lossy().ends_with(".parquet") {
                found.push(file.path());
            }
        }
    }
    found.sort();
    found
}

/// What the whole study gives, calculated by one process on one thread.
fn reference() -> &'static str {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    HASH.get_or_init(|| {
        let folder = planned(STUDY);
        ok(folder.path(), &["run", "s", "--jobs", "1", "-q"]);
        let (hash, data) = merged(folder.path());
        assert_eq!((data["cases"].as_u64(), data["ok"].as_u64()), (Some(24), Some(24)), "{data}");
        hash
    })
}

#[test]
fn eight_shards_in_any_order_with_two_jobs_give_the_rows_of_one() {
    let folder = planned(STUDY);
    for shard in ["5/8", "0/8", "7/8", "2/8", "1/8", "6/8", "3/8", "4/8"] {
        ok(folder.path(), &["run", "s", "--shard", shard, "--jobs", "2", "-q"]);
    }
    assert_eq!(parts(folder.path()).len(), 8, "a part of each shard");
    let (hash, data) = merged(folder.path());
    assert_eq!(data["missing"], 0);
    assert_eq!(hash, reference());
}

#[test]
fn after_killings_at_any_instant_the_rest_is_calculated_and_the_rows_are_the_same() {
    let folder = planned(STUDY);
    let mut deaths = 0;
    // Each life commits after every case and is killed a little later than the one before.
    for life in 0..12_u64 {
        let arguments = ["run", "s", "--jobs", "2", "--commit-every", "1", "-q"];
        let mut child: Child = command(folder.path(), &arguments).spawn().expect("it starts");
        let begun = Instant::now();
        let ended = loop {
            if let Some(status) = child.try_wait().expect("it can be asked") {
                break Some(status);
            }
            if begun.elapsed() > Duration::from_millis(40 + 35 * life) {
                break None;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        match ended {
            Some(status) => {
                assert!(status.success(), "a life ends by being killed or with 0");
                break;
            }
            None => {
                // SIGKILL: nothing is tidied up.
                child.kill().expect("it is killed");
                child.wait().expect("it is dead");
                deaths += 1;
            }
        }
    }
    assert!(deaths > 0, "nothing was killed: the cases are too quick for this test");
    ok(folder.path(), &["run", "s", "--jobs", "2", "-q"]);
    let (hash, data) = merged(folder.path());
    assert_eq!(data["missing"], 0, "{data}");
    assert_eq!(hash, reference(), "after {deaths} deaths");
    let temporary = fs::read_dir(folder.path().join("s/results/shard=0")).expect("a folder").flatten();
    let left: Vec<_> =
        temporary.filter(|file| file.file_name().to_string_lossy().ends_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_torn_part_is_put_aside_and_its_cases_are_calculated_again() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "--commit-every", "6", "-q"]);
    let torn = parts(folder.path())[1].clone();
    let bytes = fs::read(&torn).expect("a part");
    fs::write(&torn, &bytes[..bytes.len() / 2]).expect("it is torn");
    let status = json(&ok(folder.path(), &["status", "s", "--json"]));
    assert_eq!((status["torn"].as_u64(), status["missing"].as_u64()), (Some(1), Some(6)), "{status}");
    let output = ok(folder.path(), &["run", "s"]);
    assert!(said(&output).contains("put aside"), "{}", said(&output));
    assert!(!torn.exists() && torn.with_extension("parquet.torn").exists());
    assert_eq!(merged(folder.path()).0, reference());
}

#[test]
fn what_is_committed_is_not_calculated_again() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "--shard", "0/2", "-q"]);
    let before = parts(folder.path());
    let data = json(&ok(folder.path(), &["run", "s", "--json"]));
    assert_eq!((data["before"].as_u64(), data["done"].as_u64()), (Some(12), Some(12)), "{data}");
    let again = json(&ok(folder.path(), &["run", "s", "--json"]));
    assert_eq!(again["done"], 0);
    assert!(before.iter().all(|part| part.exists()), "parts are never rewritten");
    assert_eq!(merged(folder.path()).0, reference());
}

#[test]
fn cases_that_cannot_be_are_rows_with_their_reason_and_the_others_have_figures() {
    let folder = planned(BROKEN);
    ok(folder.path(), &["run", "s", "-q"]);
    let (_, data) = merged(folder.path());
    let counts = [&data["cases"], &data["ok"], &data["failed"], &data["missing"]].map(Value::as_u64);
    assert_eq!(counts, [Some(20), Some(18), Some(2), Some(0)], "{data}");
    assert_eq!(data["failures"][0]["code"], "ISO0103", "{data}");
    let message = data["failures"][0]["message"].as_str().expect("a sentence");
    assert!(message.contains("no_such_cdu"), "{message}");
    let csv = fs::read_to_string(folder.path().join("s/cases.csv")).expect("the table");
    let failed: Vec<&str> = csv.lines().filter(|line| line.contains(",failed,")).collect();
    assert_eq!(failed.len(), 2);
    assert!(failed.iter().all(|line| line.ends_with(',')), "no figure of a failed case: {failed:?}");
    // One in ten failed: as many as may, and more than may.
    assert_eq!(code(&sweep(folder.path(), &["run", "s", "--max-failures", "10 %", "-q"])), 0);
    let refused = sweep(folder.path(), &["run", "s", "--max-failures", "1", "-q"]);
    assert_eq!(code(&refused), 76);
    assert!(said(&refused).contains("2 of 20 cases failed"), "{}", said(&refused));
    let retried = json(&ok(folder.path(), &["retry", "s", "--failed", "--json"]));
    assert_eq!((retried["done"].as_u64(), retried["failed"].as_u64()), (Some(2), Some(2)), "{retried}");
}

#[test]
fn a_shard_that_is_being_calculated_is_75_for_another_process() {
    let folder = planned(&STUDY.replace("steps: 12", "steps: 200"));
    let mut child = command(folder.path(), &["run", "s", "--jobs", "1", "-q"]).spawn().expect("it starts");
    let lock = folder.path().join("s/results/shard=0/lock");
    let begun = Instant::now();
    while fs::read_to_string(&lock).map_or(true, |text| text.is_empty()) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the lock never came");
        std::thread::sleep(Duration::from_millis(5));
    }
    let refused = sweep(folder.path(), &["run", "s", "-q"]);
    let pid = child.id();
    child.kill().expect("it is killed");
    child.wait().expect("it is dead");
    assert_eq!(code(&refused), 75, "{}", said(&refused));
    assert!(said(&refused).contains(&format!("process {pid}")), "{}", said(&refused));
    // The lock died with its process.
    ok(folder.path(), &["status", "s"]);
    let free = sweep(folder.path(), &["run", "s", "--shard", "0/400", "-q"]);
    assert_eq!(code(&free), 0, "{}", said(&free));
}

#[cfg(unix)]
#[test]
fn ctrl_c_commits_what_is_done_and_the_same_command_goes_on() {
    let folder = planned(STUDY);
    let arguments = ["run", "s", "--jobs", "1", "--progress", "json"];
    let child = command(folder.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Who locks a shard listens already.
    let lock = folder.path().join("s/results/shard=0/lock");
    let begun = Instant::now();
    while fs::read_to_string(&lock).map_or(true, |text| text.is_empty())
        && begun.elapsed() < Duration::from_secs(60)
    {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(40));
    let signal =
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    assert!(signal.success());
    let output = child.wait_with_output().expect("it ends");
    // It may have been quicker than the signal.
    assert!([130, 0].contains(&code(&output)), "{}", said(&output));
    let first = said(&output).lines().next().expect("a line").to_owned();
    let event: Value = serde_json::from_str(&first).expect("progress as JSON");
    assert_eq!((event["event"].as_str(), event["of"].as_u64()), (Some("progress"), Some(24)));
    ok(folder.path(), &["run", "s", "-q"]);
    assert_eq!(merged(folder.path()).0, reference());
}

#[test]
fn everything_wrong_with_a_study_comes_at_once_and_nothing_runs() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let wrong = r#"Study(
    schema: 1,
    base: "nvl72_pod",
    parameters: {
        "climate": Values(path: "site.climte", values: ["phoenix"]),
        "supply": Values(path: "cdu.supply_setpoint", values: ["35 kW", "140 °C"]),
        "coolers": Range(path: "dry_cooler.count", from: 3, to: 1),
        "plant": Choice(options: {"a": (site: "nvl72_pood")}),
        "fans": Range(path: "dry_cooler.fan_power_design", frm: "10 kW", to: "20 kW"),
    },
    sampler: Gird,
    ouputs: ["metrics.pue"],
)"#;
    fs::write(folder.path().join("wrong.ron"), wrong).expect("the study");
    let output = sweep(folder.path(), &["plan", "wrong.ron", "-o", "s"]);
    assert_eq!(code(&output), 65);
    let said = said(&output);
    for part in [
        "wrong.ron:5:33",
        "did you mean climate?",
        "wrong.ron:6:64",
        "a temperature such as \"30 °C\" is expected",
        "from is not below to",
        "did you mean nvl72_pod?",
        // What does not fit the schema comes in the same breath.
        "did you mean from?",
        "did you mean Grid?",
        "did you mean outputs?",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!folder.path().join("s").exists(), "nothing was written");
    let figure = STUDY.replace(
        "    constraints: [ZeroWater],",
        "    outputs: [\"metrics.peu\", \"metrics.pue\", \"metrics.wu\"],",
    );
    fs::write(folder.path().join("figure.ron"), figure).expect("the study");
    let output = sweep(folder.path(), &["plan", "figure.ron", "-o", "s"]);
    assert_eq!(code(&output), 65);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in ["ISO0853", "figure.ron:11:15", "did you mean metrics.pue?", "figure.ron:11:45"] {
        assert!(stderr.contains(part), "{part}: {stderr}");
    }
    assert!(!folder.path().join("s").exists());
}

#[test]
fn no_fault_of_a_study_hides_another() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let wrong = r#"Study(
    schema: 1,
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.stepp": "15 min"},
    dynamics: AsWritten,
    parameters: {
        "nowhere": Range(path: "cdu.suply_setpoint", from: "40 °C", to: "35 °C"),
        "both": Range(path: "dry_cooler.fan_power_design", from: "1 K", to: "2 °C"),
        "plant": Choice(options: {
            "a": (site: "nvl72_pood"),
            "b": (set: {"dry_cooler.cuont": 3}),
        }),
        "by": By(choice: "plant", cases: {
            "a": Values(path: "cdu.supply_setpoint", values: ["30 °C"]),
            "b": Values(path: "cdu.supply_setpoint", values: ["35 °C"]),
        }),
        "fine": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "41 °C"),
    },
    correlations: [(between: ("fine", "nowhere"), coefficient: 0.5), (between: ("fine", "nobody"), coefficient: 0.5)],
    sampler: Gird,
    outputs: ["metrics.peu"],
    constraints: [Pue(at_most: "abc"), ZeroWatter],
)"#;
    fs::write(folder.path().join("wrong.ron"), wrong).expect("the study");
    let output = sweep(folder.path(), &["plan", "wrong.ron", "-o", "s", "--json"]);
    assert_eq!(code(&output), 65);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let found: Vec<(String, u64)> = answer["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let place = &one["location"];
            assert!(place["file"].as_str().is_some_and(|file| file.ends_with("wrong.ron")), "{one}");
            (one["path"].as_str().expect("a path").to_owned(), place["line"].as_u64().expect("a line"))
        })
        .collect();
    let expected = [
        ("run.stepp", 4),
        ("parameters.nowhere.path", 7),
        ("parameters.nowhere", 7),
        ("parameters.both.from", 8),
        ("parameters.both.to", 8),
        ("parameters.plant.options.a.site", 10),
        ("parameters.plant.options.b.set.dry_cooler.cuont", 11),
        ("correlations[1]", 19),
        ("sampler", 20),
        ("outputs[0]", 21),
        ("constraints[0].at_most", 22),
        ("constraints[1]", 22),
    ];
    for (path, line) in expected {
        let times = found.iter().filter(|(its, at)| (its.as_str(), *at) == (path, line)).count();
        assert_eq!(times, 1, "{path} in line {line}: {answer:#}");
    }
    assert_eq!(found.len(), expected.len(), "nothing twice, and nothing that only follows: {answer:#}");
    // What breaks off is told in the words of its reader.
    fs::write(folder.path().join("broken.json"), "{\"schema\": 1, ").expect("the study");
    let broken = said(&sweep(folder.path(), &["plan", "broken.json", "-o", "s"]));
    assert!(broken.contains("not readable as JSON: EOF while parsing"), "{broken}");
}

#[test]
fn another_plan_is_not_replaced_unasked_and_results_of_the_same_cases_are_kept() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "-q"]);
    // Twice as many supply temperatures, the old ones among them: 11 K / 22 steps.
    fs::write(folder.path().join("study.ron"), STUDY.replace("steps: 12", "steps: 23")).expect("the study");
    let refused = sweep(folder.path(), &["plan", "study.ron", "-o", "s"]);
    assert_eq!(code(&refused), 73, "{}", said(&refused));
    ok(folder.path(), &["plan", "study.ron", "-o", "s", "--force"]);
    let status = json(&ok(folder.path(), &["status", "s", "--json"]));
    assert_eq!((status["cases"].as_u64(), status["ok"].as_u64()), (Some(46), Some(24)), "{status}");
}

#[test]
fn a_study_in_json_plans_the_same_cases_as_in_ron() {
    let folder = planned(STUDY);
    let text = r#"{
        "schema": 1,
        "base": "nvl72_pod",
        "set": {"run.period": {"Day": "2024-07-21"}, "run.step": "15 min", "run.output_every": "1 h", "run.dynamics": "QuasiSteady"},
        "dynamics": "AsWritten",
        "parameters": {
            "climate": {"Values": {"path": "site.climate", "values": ["phoenix", "harbin"]}},
            "supply": {"Range": {"path": "cdu.supply_setpoint", "from": "30 °C", "to": "41 °C", "steps": 12,
                "also": [{"path": "controls.facility_water.at", "offset": "-6 K"}]}}
        },
        "constraints": ["ZeroWater"]
    }"#;
    fs::write(folder.path().join("study.json"), text).expect("the study");
    ok(folder.path(), &["plan", "study.json", "-o", "j"]);
    let table = |name: &str| fs::read(folder.path().join(name).join("plan.parquet")).expect("a plan");
    assert_eq!(table("s"), table("j"));
}

/// The files of an analysis: whole, with a drawing and its numbers for every figure that varies.
fn holds_together(folder: &Path, analysis: &Value) {
    let page = fs::read_to_string(folder.join("a/s.html")).expect("the page");
    let count = |what: &str| page.matches(what).count();
    // One drawing of what matters to PUE, one of lines; each has words for who cannot see it and a table.
    assert_eq!((count("<svg"), count("<figure"), count("<details>")), (2, 2, 2));
    assert_eq!(count("role=\"img\" aria-labelledby="), 2);
    assert!(
        !page.contains("http://") || count("http://") == count("http://www.w3.org/"),
        "nothing is loaded from elsewhere"
    );
    assert!(!page.contains("<script") && !page.contains("NaN"), "no script, no number that is none");
    let files = analysis["files"].as_array().expect("files");
    assert_eq!(files.len(), 4 * 2 + 1, "{files:?}");
    let best = fs::read_to_string(folder.join("a/best.csv")).expect("the table");
    let first = &analysis["best"]["first"][0];
    let row = best.lines().nth(1).expect("a row");
    assert!(row.starts_with(&format!("1,{},", first["case"])), "{row}");
    // Read back from text: to the last digit.
    let pue = first["figures"]["pue"].as_f64().expect("a PUE");
    let same = |cell: &str| cell.parse::<f64>().is_ok_and(|cell| cell == pue);
    assert!(row.split(',').any(same), "{row} {pue}");
    let sensitivity = fs::read_to_string(folder.join("a/sensitivity.csv")).expect("the table");
    let parameters = analysis["outputs"][0]["parameters"].as_array().expect("parameters").len();
    assert_eq!(sensitivity.lines().count(), 1 + parameters, "{sensitivity}");
    assert!(fs::read(folder.join("a/best.parquet")).expect("the table").starts_with(b"PAR1"));
    // Again over the same: the same bytes.
    ok(folder, &["analyze", "s", "--html", "a/again.html"]);
    assert_eq!(fs::read_to_string(folder.join("a/again.html")).expect("the page"), page);
}

#[test]
fn an_option_that_looks_like_a_formula_is_a_text_in_every_file() {
    let study = STUDY.replace(
        "\"supply\": Range(path: \"cdu.supply_setpoint\", from: \"30 °C\", to: \"41 °C\", steps: 12, also: [(path: \"controls.facility_water.at\", offset: \"-6 K\")]),",
        "\"plant\": Choice(options: {\"=1+1\": (set: {\"dry_cooler.count\": 2}), \"<b>\": (set: {\"dry_cooler.count\": 3})}),",
    );
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(
        folder.path().join("study.ron"),
        study.replace("constraints: [ZeroWater],", "minimise: [\"metrics.pue\", \"metrics.water_m3\"],"),
    )
    .expect("the study");
    let planned = sweep(folder.path(), &["plan", "study.ron", "-o", "s"]);
    if code(&planned) != 0 {
        // Ids are words: what looks like a formula never comes into a study.
        assert_eq!(code(&planned), 65, "{}", said(&planned));
        assert!(said(&planned).contains("=1+1"), "{}", said(&planned));
        return;
    }
    ok(folder.path(), &["run", "s", "-q"]);
    ok(folder.path(), &["merge", "s"]);
    ok(folder.path(), &["analyze", "s", "--html", "a.html", "--csv", "a"]);
    for name in ["s/cases.csv", "a/best.csv", "a/front.csv", "a/sensitivity.csv"] {
        let text = fs::read_to_string(folder.path().join(name)).expect("a table");
        assert!(text.contains("'=1+1") && !text.contains(",=1+1"), "{name}: {text}");
    }
    let page = fs::read_to_string(folder.path().join("a.html")).expect("the page");
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "words are never markup");
}

#[test]
fn analysis_finds_what_matters_and_a_parameter_for_drawing_does_nothing() {
    let study = |sampler: &str| {
        format!(
            r#"Study(
    schema: 1,
    base: "nvl72_pod",
    set: {{"run.period": Day("2024-07-21"), "run.output_every": "1 h", "run.dynamics": QuasiSteady}},
    dynamics: AsWritten,
    parameters: {{
        "supply": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "41 °C", also: [(path: "controls.facility_water.at", offset: "-6 K")]),
        "losses": Normal(path: "house.power", mean: "60 kW", deviation: "10 kW"),
        "drawn": Range(path: "racks.pod.per_row", from: 1, to: 8),
    }},
    sampler: {sampler},
    outputs: ["metrics.pue"],
    minimise: ["metrics.pue"],
)"#
        )
    };
    let analysed = |sampler: &str| {
        let folder = planned(&study(sampler));
        ok(folder.path(), &["run", "s", "-q"]);
        let files = ["--html", "a/s.html", "--csv", "a", "--parquet", "a"];
        let analysis = json(&ok(folder.path(), &[&["analyze", "s", "--json"], &files[..]].concat()));
        holds_together(folder.path(), &analysis);
        analysis
    };
    let morris = analysed("Morris(trajectories: 6, levels: 4)");
    let effects = &morris["outputs"][0]["parameters"];
    let of = |place: usize, field: &str| effects[place][field].as_f64().expect("a number");
    assert!(of(0, "mu_star") > 1e-3 && of(1, "mu_star") > 1e-2, "{effects}");
    assert_eq!((effects[2]["parameter"].as_str(), of(2, "mu_star")), (Some("drawn"), 0.0));
    assert!(of(1, "mu") > 0.0, "more losses, higher PUE");
    // The best case is the first of the list and has the least PUE of all.
    let best = &morris["best"]["first"];
    let figures: Vec<f64> =
        best.as_array().expect("a list").iter().filter_map(|case| case["figures"]["pue"].as_f64()).collect();
    assert!(figures.len() == 10 && figures.windows(2).all(|pair| pair[0] <= pair[1]), "{figures:?}");
    let sobol = analysed("Saltelli(base: 64)");
    let indices = &sobol["outputs"][0]["parameters"];
    assert_eq!(indices[2]["total"].as_f64(), Some(0.0), "{indices}");
    assert!(indices[1]["total"].as_f64().expect("an index") > 0.3, "{indices}");
    // What is less certain than it is large is no number: of few points there is one.
    let few = analysed("Saltelli(base: 4)");
    let mut unknown = 0;
    for index in [indices, &few["outputs"][0]["parameters"]]
        .into_iter()
        .flat_map(|all| all.as_array().expect("a list"))
    {
        for share in ["first", "total"] {
            let ends: Vec<f64> = index[format!("{share}_interval")]
                .as_array()
                .expect("two")
                .iter()
                .filter_map(Value::as_f64)
                .collect();
            match index[share].as_f64() {
                Some(share) => assert!(ends[1] - ends[0] <= share, "{index}"),
                None => unknown += 1,
            }
        }
    }
    assert!(unknown > 0, "{few}");
    let refused = {
        let folder = planned(&study("Sobol(cases: 4)"));
        sweep(folder.path(), &["analyze", "s"])
    };
    assert_eq!(code(&refused), 65);
    assert!(said(&refused).contains("isotherm sweep run"), "{}", said(&refused));
}

/// Eight days in each of four generations: which temperature of the water, and how many coolers.
const SEARCH: &str = r#"Study(
    schema: 1,
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.output_every": "1 h", "run.dynamics": QuasiSteady},
    dynamics: AsWritten,
    parameters: {
        "supply": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "41 °C", also: [(path: "controls.facility_water.at", offset: "-6 K")]),
        "coolers": Range(path: "dry_cooler.count", from: 2, to: 8),
    },
    sampler: Nsga2(population: 8, generations: 4, seed: 3),
    outputs: ["metrics.pue", "metrics.max_junction_c"],
    constraints: [JunctionTemperature(at_most: "80 °C")],
    minimise: ["metrics.pue", "metrics.max_junction_c"],
)
"#;

#[test]
fn a_search_that_is_killed_or_shared_out_finds_the_same_generations() {
    let alone = planned(SEARCH);
    ok(alone.path(), &["run", "s", "--jobs", "1", "-q"]);
    let (reference, data) = merged(alone.path());
    assert_eq!((data["generations"]["done"].as_u64(), data["cases"].as_u64()), (Some(4), Some(32)), "{data}");
    assert_eq!((data["missing"].as_u64(), data["failed"].as_u64()), (Some(0), Some(0)), "{data}");
    // Killed again and again, in the midst of generations.
    let killed = planned(SEARCH);
    let mut deaths = 0;
    for life in 0..8_u64 {
        let mut child = command(killed.path(), &["run", "s", "--jobs", "2", "--commit-every", "1", "-q"])
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(60 + 45 * life));
        if child.try_wait().expect("it can be asked").is_some() {
            break;
        }
        child.kill().expect("it is killed");
        child.wait().expect("it is dead");
        deaths += 1;
    }
    assert!(deaths > 0, "nothing was killed: the cases are too quick for this test");
    ok(killed.path(), &["run", "s", "-q"]);
    assert_eq!(merged(killed.path()).0, reference, "after {deaths} deaths");
    // Two shards side by side wait for each other.
    let shared = planned(SEARCH);
    let other = command(shared.path(), &["run", "s", "--shard", "1/2", "-q"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    ok(shared.path(), &["run", "s", "--shard", "0/2", "-q"]);
    let other = other.wait_with_output().expect("it ends");
    assert_eq!(code(&other), 0, "{}", said(&other));
    assert_eq!(merged(shared.path()).0, reference);
    // A shard that nobody calculates: worth another try later.
    let half = planned(SEARCH);
    let waits = sweep(half.path(), &["run", "s", "--shard", "0/2", "-q"]);
    assert_eq!(code(&waits), 75, "{}", said(&waits));
    assert!(said(&waits).contains("generation 1 of 4 waits for 4 case(s)"), "{}", said(&waits));
    let status = json(&ok(half.path(), &["status", "s", "--json"]));
    assert_eq!(
        (status["ok"].as_u64(), status["generations"]["done"].as_u64()),
        (Some(4), Some(0)),
        "{status}"
    );
    // What a search finds: later generations reach at least as far, and the front meets the constraint.
    let analysis = json(&ok(alone.path(), &["analyze", "s", "--json", "--html", "s.html"]));
    let volumes: Vec<f64> = analysis["generations"]
        .as_array()
        .expect("generations")
        .iter()
        .filter_map(|g| g["volume"].as_f64())
        .collect();
    assert!(
        volumes.len() == 4 && volumes.windows(2).all(|pair| pair[0] <= pair[1]) && volumes[3] == 1.0,
        "{volumes:?}"
    );
    for case in analysis["best"]["front"].as_array().expect("a front") {
        assert!(case["figures"]["max_junction_c"].as_f64().expect("a figure") <= 80.0 + 1e-6, "{case}");
    }
    assert!(fs::read_to_string(alone.path().join("s.html")).expect("the page").contains("fig-generations"));
}

/// Processes of which this one is the parent.
#[cfg(target_os = "linux")]
fn children(parent: u32) -> Vec<u32> {
    let told = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let threads = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let all = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let mut found: Vec<u32> = all
        .chain([told])
        .flat_map(|text| text.split_whitespace().filter_map(|n| n.parse().ok()).collect::<Vec<u32>>())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_dies_in_a_case_is_one_failed_case() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "--isolate", "process", "--jobs", "2", "-q"]);
    assert_eq!(merged(folder.path()).0, reference(), "the same rows as from threads");
    let folder = planned(STUDY);
    let arguments = ["run", "s", "--isolate", "process", "--jobs", "1", "-q"];
    let mut child = command(folder.path(), &arguments).spawn().expect("it starts");
    let begun = Instant::now();
    let worker = loop {
        assert!(
            begun.elapsed() < Duration::from_secs(60) && child.try_wait().expect("asked").is_none(),
            "no process of its own"
        );
        if let Some(first) = children(child.id()).first() {
            break *first;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(
        Command::new("kill").args(["-KILL", &worker.to_string()]).status().expect("kill is there").success()
    );
    assert!(child.wait().expect("it ends").success(), "the others are calculated all the same");
    let (_, data) = merged(folder.path());
    assert_eq!((data["ok"].as_u64(), data["failed"].as_u64()), (Some(23), Some(1)), "{data}");
    assert_eq!(data["failures"][0]["code"], "ISO0952", "{data}");
    assert!(data["failures"][0]["message"].as_str().expect("a sentence").contains("signal"), "{data}");
    ok(folder.path(), &["retry", "s", "--failed", "-q"]);
    assert_eq!(merged(folder.path()).0, reference());
}

#[test]
fn a_search_for_nothing_is_refused() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let study = SEARCH.replace("    minimise: [\"metrics.pue\", \"metrics.max_junction_c\"],\n", "");
    fs::write(folder.path().join("study.ron"), study).expect("the study");
    let refused = sweep(folder.path(), &["plan", "study.ron", "-o", "s"]);
    assert_eq!(code(&refused), 65);
    assert!(said(&refused).contains("minimise"), "{}", said(&refused));
}

#[test]
fn a_scheduler_that_says_half_of_a_shard_is_told_what_is_missing() {
    let folder = planned(STUDY);
    let output =
        command(folder.path(), &["run", "s"]).env("JOB_COMPLETION_INDEX", "1").output().expect("it starts");
    assert_eq!(code(&output), 65);
    assert!(said(&output).contains("ISOTHERM_SHARDS"), "{}", said(&output));
    let output = command(folder.path(), &["run", "s", "--json"])
        .env("JOB_COMPLETION_INDEX", "1")
        .env("ISOTHERM_SHARDS", "12")
        .output()
        .expect("it starts");
    assert_eq!(json(&output)["shard"], "1/12");
    let missing = sweep(folder.path(), &["run", "nowhere"]);
    assert_eq!(code(&missing), 66, "{}", said(&missing));
}

/// Eighteen cases of three plants: two that take the place of the base's, and six climates of each.
const PLANTS: &str = r#"Study(
    schema: 1,
    base: "harbin_air",
    set: {"run.period": Day("2024-07-21"), "run.step": "1 h", "run.output_every": "1 h", "run.dynamics": QuasiSteady, "run.controls": Ideal},
    dynamics: AsWritten,
    parameters: {
        "plant": Choice(options: {
            "air": (set: {}),
            "cold_plate": (site: "harbin_cold_plate"),
            "evaporative": (site: "phoenix_evaporative"),
        }),
        "climate": Values(path: "site.climate", values: ["harbin", "beijing", "shanghai", "guangzhou", "phoenix", "singapore"]),
    },
    outputs: ["metrics.pue", "metrics.water_m3"],
)
"#;

#[test]
fn each_form_of_plant_is_compiled_once_for_a_shard_and_a_parameter_compiles_nothing() {
    let run = |study: &str, jobs: &str| {
        let folder = planned(study);
        let data = json(&ok(folder.path(), &["run", "s", "--jobs", jobs, "--json"]));
        let plans = |field: &str| data["plans"][field].as_u64().expect("a count");
        ((plans("compiled"), plans("reused")), merged(folder.path()).0)
    };
    // Each case has two networks, one whose controls are solved for and one to start from.
    let (counts, hash) = run(PLANTS, "1");
    assert_eq!(counts, (2 * 3, 2 * (18 - 3)));
    assert_eq!(run(PLANTS, "3"), (counts, hash), "whoever comes first");
    // Twice as many values of the axis.
    let more = PLANTS.replace("\"harbin\", \"beijing\"", "\"harbin\", \"guiyang\", \"hohhot\", \"beijing\"");
    assert_ne!(more, PLANTS);
    assert_eq!(run(&more, "2").0, (2 * 3, 2 * (24 - 3)));
    // Other processes count for themselves.
    let folder = planned(STUDY);
    let data = json(&ok(folder.path(), &["run", "s", "--isolate", "process", "--jobs", "1", "--json"]));
    assert!(data["plans"].is_null(), "{data}");
}

#[test]
fn cases_that_do_not_fill_the_lanes_give_the_same_rows_from_three_threads() {
    // Eleven of one plant: eight and three, or shares of them; one thread at a time, three, and each case alone.
    let eleven =
        STUDY.replace("[\"phoenix\", \"harbin\"]", "[\"phoenix\"]").replace("steps: 12", "steps: 11");
    let hashes =
        [&["--jobs", "1"][..], &["--jobs", "3"], &["--jobs", "3", "--limit-per-case", "1 h"]].map(|how| {
            let folder = planned(&eleven);
            ok(folder.path(), &[&["run", "s", "-q"][..], how].concat());
            let (hash, data) = merged(folder.path());
            assert_eq!(data["ok"].as_u64(), Some(11), "{data}");
            hash
        });
    assert!(hashes.iter().all(|hash| *hash == hashes[0]), "{hashes:?}");
}

#[test]
fn progress_is_left_in_a_log_as_lines_of_json_and_not_many_of_them() {
    let folder = planned(STUDY);
    let events = |arguments: &[&str]| -> Vec<Value> {
        let said = said(&ok(folder.path(), arguments));
        said.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    };
    // Nobody sits at a terminal here.
    let lines = events(&["run", "s", "--jobs", "2", "--commit-every", "1"]);
    assert!((2..=4).contains(&lines.len()), "24 commits are not 24 lines: {lines:?}");
    for line in &lines {
        assert_eq!((line["event"].as_str(), line["of"].as_u64()), (Some("progress"), Some(24)), "{line}");
        assert!(line["left_s"].is_number() || line["done"] == 0, "{line}");
    }
    assert_eq!((&lines[0]["done"], lines[0]["left_s"].is_null()), (&0.into(), true));
    let last = lines.last().expect("a line");
    assert_eq!((&last["done"], &last["committed"]), (&24.into(), &24.into()));
    for silent in [&["--progress", "none"][..], &["-q"], &["--json"]] {
        let folder = planned(STUDY);
        let output = ok(folder.path(), &[&["run", "s"][..], silent].concat());
        assert_eq!(said(&output), "", "{silent:?}");
    }
    let folder = planned(STUDY);
    let output = ok(folder.path(), &["run", "s", "--progress", "json", "--commit-every", "6"]);
    assert!(said(&output).lines().count() > 4, "each commit is a line where they are asked for");
}

#[test]
fn a_table_that_lacks_cases_says_so() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "--shard", "0/3", "-q"]);
    let output = ok(folder.path(), &["merge", "s", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!((&answer["ok"], &answer["data"]["missing"]), (&true.into(), &16.into()), "{answer}");
    let warning = &answer["diagnostics"][0];
    assert_eq!((&warning["severity"], &warning["code"]), (&"warning".into(), &"ISO0860".into()), "{answer}");
    assert!(warning["message"].as_str().is_some_and(|text| text.contains("16 of 24 cases")), "{warning}");
    assert!(said(&ok(folder.path(), &["merge", "s"])).contains("warning[ISO0860]"));
    ok(folder.path(), &["run", "s", "-q"]);
    let output = ok(folder.path(), &["merge", "s", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(answer["diagnostics"], Value::Array(Vec::new()), "{answer}");
}

/// The text of a file of `assets/sweep`.
fn template(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sweep").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_command_of_the_kubernetes_job_under_its_variables_gives_the_rows_of_one_process() {
    let job = template("kubernetes_indexed_job.yaml");
    let after = |key: &str| {
        let (_, rest) = job.split_once(key).unwrap_or_else(|| panic!("{key} is not there"));
        rest.lines().next().expect("a line").trim().to_owned()
    };
    let words: Vec<String> = serde_json::from_str(&after("command:")).expect("a list of words");
    let completions: usize = after("completions:").parse().expect("a number");
    let (_, shards) = job.split_once("- name: ISOTHERM_SHARDS").expect("the number of pods");
    let (_, shards) = shards.split_once("value:").expect("its value");
    let shards = shards.lines().next().expect("a line").trim().trim_matches('"').to_owned();
    assert_eq!(shards, completions.to_string(), "a pod is told how many there are");
    assert_eq!((&*words[0], &*words[1]), ("isotherm", "sweep"));
    let folder = planned(STUDY);
    let arguments: Vec<&str> =
        words[2..].iter().map(|word| if word.starts_with("/sweeps/") { "s" } else { word }).collect();
    assert!(arguments.contains(&"s"), "{words:?}");
    // All of them at once, as pods are.
    let pods: Vec<Child> = (0..completions)
        .map(|index| {
            let mut pod = command(folder.path(), &arguments);
            pod.env("JOB_COMPLETION_INDEX", index.to_string()).env("ISOTHERM_SHARDS", &shards);
            pod.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
        })
        .collect();
    for mut pod in pods {
        assert!(pod.wait().expect("it ends").success());
    }
    let results = fs::read_dir(folder.path().join("s/results")).expect("the results").count();
    assert_eq!(results, completions, "a folder for each pod");
    assert_eq!(merged(folder.path()).0, reference());
}

#[cfg(unix)]
#[test]
fn the_script_of_the_slurm_array_under_its_variables_gives_the_rows_of_one_process() {
    let folder = planned(STUDY);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sweep/slurm_array.sh");
    // An array that does not begin at 0 and leaves numbers out, as --array=3-9:3 does.
    let tasks = ["3", "6", "9"];
    let program = Path::new(env!("CARGO_BIN_EXE_isotherm"));
    let path = format!(
        "{}:{}",
        program.parent().expect("its folder").display(),
        std::env::var("PATH").expect("a PATH")
    );
    for task in tasks {
        let output = Command::new("bash")
            .arg(&script)
            .arg("s")
            .current_dir(folder.path())
            .env("PATH", &path)
            .envs([
                ("SLURM_ARRAY_TASK_ID", task),
                ("SLURM_ARRAY_TASK_MIN", "3"),
                ("SLURM_ARRAY_TASK_STEP", "3"),
            ])
            .envs([("SLURM_ARRAY_TASK_COUNT", "3"), ("SLURM_CPUS_PER_TASK", "2")])
            .output()
            .expect("bash is there");
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert!(
            said(&output).contains("\"event\":\"progress\""),
            "a log says how far it is: {}",
            said(&output)
        );
    }
    assert_eq!(merged(folder.path()).0, reference());
}

/// A study of two climates, with what is put in place of the outputs.
fn two_climates(rest: &str) -> String {
    format!(
        r#"Study(schema: 1, base: "nvl72_pod",
    set: {{"run.period": Day("2024-07-21"), "run.step": "1 h", "run.output_every": "1 h", "run.dynamics": QuasiSteady}},
    dynamics: AsWritten,
    parameters: {{"climate": Values(path: "site.climate", values: ["harbin", "phoenix"])}},
    {rest})"#
    )
}

#[test]
fn a_plan_that_was_changed_by_hand_is_refused_before_its_table_says_what_was_not_calculated() {
    let folder = planned(STUDY);
    ok(folder.path(), &["run", "s", "-q"]);
    let study = folder.path().join("s/study.ron");
    fs::write(&study, STUDY.replace("to: \"41 °C\"", "to: \"40 °C\"")).expect("the study");
    for command in [&["run", "s"][..], &["status", "s"], &["merge", "s"], &["analyze", "s"]] {
        let refused = sweep(folder.path(), command);
        assert_eq!(code(&refused), 65, "{command:?}");
        let said = said(&refused);
        assert!(
            said.contains("ISO0855") && said.contains("s/study.ron is not the one that was planned"),
            "{said}"
        );
    }
    fs::write(&study, STUDY).expect("the study");
    let table = folder.path().join("s/plan.parquet");
    let whole = fs::read(&table).expect("the table");
    fs::write(&table, &whole[..whole.len() / 2]).expect("half of it");
    assert!(said(&sweep(folder.path(), &["merge", "s"])).contains("s/plan.parquet is not the one"));
    fs::write(&table, &whole).expect("the table");
    assert_eq!(merged(folder.path()).0, reference());
}

#[test]
fn rows_of_a_plan_that_kept_other_figures_do_not_count_and_their_cases_are_calculated_again() {
    let folder = planned(&two_climates("outputs: [\"metrics.it_energy_kwh\"]"));
    ok(folder.path(), &["run", "s", "-q"]);
    let figures = |outputs: &str| {
        fs::write(folder.path().join("study.ron"), two_climates(&format!("outputs: {outputs}")))
            .expect("the study");
        ok(folder.path(), &["plan", "study.ron", "-o", "s", "--force", "--json"]);
        let status = json(&ok(folder.path(), &["status", "s", "--json"]));
        ok(folder.path(), &["run", "s", "-q"]);
        ok(folder.path(), &["merge", "s"]);
        let text = fs::read_to_string(folder.path().join("s/cases.csv")).expect("the table");
        let last = text.lines().last().and_then(|line| line.rsplit(',').next()).and_then(|n| n.parse().ok());
        (
            status["ok"].as_u64().expect("a count"),
            status["others"].as_u64().expect("a count"),
            last.expect("a number"),
        )
    };
    // A column of the same name of another figure: of a rack, of which there are eight.
    let of_site: f64 = figures("[\"metrics.it_energy_kwh\"]").2;
    let (known, others, of_rack) = figures("[\"racks[0].it_energy_kwh\"]");
    assert_eq!((known, others), (0, 1));
    assert!((of_site / of_rack - 8.0).abs() < 1e-9, "{of_site} {of_rack}");
    // One more figure, which no part has.
    let (known, others, tue) = figures("[\"metrics.pue\", \"metrics.tue\"]");
    assert_eq!((known, others), (0, 2));
    assert!(tue > 1.0 && tue < 2.0, "{tue}");
    // Fewer figures are there already.
    assert_eq!(figures("[\"metrics.tue\"]").0, 2);
}

#[test]
fn what_a_study_asks_for_that_cannot_be_given_is_refused_when_it_is_planned_all_of_it_at_its_place() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let wrong = r#"Study(
    schema: 1,
    base: "nvl72_pod",
    set: {"run.period": Day("2024-07-21"), "run.step": "1 h", "run.dynamics": QuasiSteady},
    dynamics: AsWritten,
    parameters: {
        "supply": Range(path: "cdu.supply_setpoint", from: "3 °C", to: "90 °C", steps: 1000),
        "fans": Range(path: "dry_cooler.fan_power_design", from: "10 kW", to: "20 kW", steps: 1000),
        "near": Range(path: "dry_cooler.approach_design", from: "4 K", to: "6 K", steps: 1000),
        "coolers": Values(path: "dry_cooler.count", values: [2, 2.5, 1e30]),
    },
    correlations: [
        (between: ("supply", "fans"), coefficient: 0.9),
        (between: ("fans", "near"), coefficient: 0.9),
        (between: ("supply", "near"), coefficient: -0.9),
        (between: ("near", "fans"), coefficient: 0.1),
    ],
    sampler: MonteCarlo(cases: 5),
    outputs: ["metrics.pue", "metrics.peu"],
    minimise: ["metrics.pue", "-pue", "metrics.tue"],
)"#;
    let faults = |name: &str, text: &str| -> Vec<(String, u64)> {
        fs::write(folder.path().join(name), text).expect("the study");
        let output = sweep(folder.path(), &["plan", name, "-o", "s", "--json"]);
        assert_eq!(code(&output), 65);
        let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
        let list = answer["diagnostics"].as_array().expect("a list").iter();
        list.map(|one| {
            (
                one["path"].as_str().expect("a path").to_owned(),
                one["location"]["line"].as_u64().expect("a line"),
            )
        })
        .collect()
    };
    let owned = |list: &[(&str, u64)]| {
        list.iter().map(|(path, line)| ((*path).to_owned(), *line)).collect::<Vec<_>>()
    };
    let expected = [
        ("parameters.supply.from", 7),
        ("parameters.supply.to", 7),
        ("parameters.coolers.values[1]", 10),
        ("parameters.coolers.values[2]", 10),
        ("correlations", 12),
        ("correlations[3]", 16),
        ("outputs[1]", 19),
        ("minimise[1]", 20),
        ("minimise[2]", 20),
    ];
    assert_eq!(faults("wrong.ron", wrong), owned(&expected));
    // As a grid, a thousand million cases, and coefficients that contradict each other still.
    let wrong = wrong
        .replace("3 °C", "30 °C")
        .replace("90 °C", "45 °C")
        .replace("[2, 2.5, 1e30]", "[2]")
        .replace("        (between: (\"near\", \"fans\"), coefficient: 0.1),\n", "");
    let expected = [("correlations", 12), ("outputs[1]", 18), ("minimise[1]", 19), ("minimise[2]", 19)];
    assert_eq!(faults("contradicts.ron", &wrong), owned(&expected));
    let expected = [
        ("correlations", 12),
        ("correlations", 12),
        ("sampler", 17),
        ("outputs[1]", 18),
        ("minimise[1]", 19),
        ("minimise[2]", 19),
    ];
    assert_eq!(faults("many.ron", &wrong.replace("MonteCarlo(cases: 5)", "Grid")), owned(&expected));
    let list = two_climates("sampler: List(cases: [])");
    assert_eq!(faults("empty.ron", &list), owned(&[("sampler.cases", 5)]));
    let hot = STUDY.replace(
        "    constraints",
        "    sampler: List(cases: [{\"climate\": \"harbin\", \"supply\": \"35 °C\"}, {\"climate\": \"harbin\", \"supply\": \"99 °C\"}]),\n    constraints",
    );
    assert_eq!(faults("hot.ron", &hot), owned(&[("sampler.cases[1].supply", 11)]));
    assert!(!folder.path().join("s").exists(), "nothing was written");
}

#[test]
fn an_option_that_no_site_comes_of_is_told_when_it_is_planned_at_its_place() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    fs::write(folder.path().join("study.ron"), BROKEN).expect("the study");
    let output = ok(folder.path(), &["plan", "study.ron", "-o", "s", "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let told = answer["diagnostics"].as_array().expect("a list");
    assert_eq!(told.len(), 1, "{answer}");
    let (path, line) = (told[0]["path"].as_str(), told[0]["location"]["line"].as_u64());
    assert_eq!(
        (path, line, told[0]["severity"].as_str()),
        (Some("parameters.sound"), Some(11), Some("warning"))
    );
    assert!(
        told[0]["message"].as_str().is_some_and(|text| text.starts_with("broken cannot be calculated")),
        "{answer}"
    );
    // Where nothing else can be either, nothing is planned, and each reason has its place.
    let text = two_climates("").replace(
        "\"site.climate\", values: [\"harbin\", \"phoenix\"]",
        "\"cdu.based_on\", values: [\"no_such_cdu\"]",
    );
    fs::write(folder.path().join("none.ron"), text).expect("the study");
    let refused = sweep(folder.path(), &["plan", "none.ron", "-o", "n"]);
    assert_eq!(code(&refused), 65);
    let said = said(&refused);
    assert!(
        said.contains("none.ron:4:") && said.contains("ISO0854") && said.contains("there are: cdu_"),
        "{said}"
    );
}

#[test]
fn parameters_whose_columns_would_have_one_name_have_two() {
    let study = two_climates("").replace(
        "parameters: {",
        r#"parameters: {
        "warm": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "40 °C", steps: 2),
        "warm_c": Values(path: "dry_cooler.count", values: [2]),
        "margin_zero_water": Values(path: "title", values: ["a"]),
        "met": Values(path: "question", values: ["b"]),
        "#,
    );
    let folder = planned(&study.replace("QuasiSteady},", "QuasiSteady}, constraints: [ZeroWater],"));
    ok(folder.path(), &["run", "s", "-q"]);
    let (_, data) = merged(folder.path());
    assert_eq!(data["ok"].as_u64(), Some(4), "{data}");
    let text = fs::read_to_string(folder.path().join("s/cases.csv")).expect("the table");
    let columns = "warm_c,parameter_warm_c,parameter_margin_zero_water,parameter_met,climate,status,code,message,met,margin_zero_water,pue";
    assert!(text.lines().next().is_some_and(|line| line.contains(columns)), "{text}");
}

#[test]
fn a_limit_of_any_length_is_taken_or_refused_in_words() {
    let folder = planned(&two_climates(""));
    for limit in ["1e300 s", "1e18 s", "400 d", "0 s", "-1 s", "nan"] {
        let refused = sweep(folder.path(), &["run", "s", "-q", &format!("--limit-per-case={limit}")]);
        assert_eq!(code(&refused), 2, "{limit}: {}", said(&refused));
    }
    ok(folder.path(), &["run", "s", "-q", "--limit-per-case", "366 d"]);
}

#[test]
fn where_no_case_is_the_best_the_analysis_says_why() {
    let folder =
        planned(&two_climates("constraints: [Pue(at_most: 1.01), ZeroWater], minimise: [\"metrics.pue\"]"));
    ok(folder.path(), &["run", "s", "-q"]);
    let analysed = |arguments: &[&str]| ok(folder.path(), &[&["analyze", "s"], arguments].concat());
    let text = String::from_utf8_lossy(&analysed(&["--output", "pue"]).stdout).into_owned();
    for part in [
        "no case meets all constraints",
        "Pue(at_most: 1.01)  met by 0 cases; case 0 comes nearest",
        "ZeroWater  met by 2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let best = json(&analysed(&["--json"]))["best"].clone();
    assert_eq!(
        (best["eligible"].as_u64(), best["constraints"][0]["met"].as_u64()),
        (Some(0), Some(0)),
        "{best}"
    );
    assert!(
        best["constraints"][0]["nearest"]["margin"].as_f64().is_some_and(|margin| margin < 0.0),
        "{best}"
    );
    // Of a search, whose last generation gains nothing that could be told.
    let none = planned(&two_climates(
        "minimise: [\"metrics.pue\", \"metrics.erf\"], sampler: Nsga2(population: 4, generations: 2)",
    ));
    ok(none.path(), &["run", "s", "-q"]);
    let text = String::from_utf8_lossy(&ok(none.path(), &["analyze", "s"]).stdout).into_owned();
    assert!(text.contains("Best by pue, then erf: no case has erf") && !text.contains("NaN"), "{text}");
    // All failed: the advice is not to calculate them.
    let failed = planned(&two_climates(""));
    ok(failed.path(), &["run", "s", "-q", "--limit-per-case", "0.001 ms"]);
    let refused = said(&sweep(failed.path(), &["analyze", "s"]));
    assert!(refused.contains("2 failed: isotherm sweep status s says why"), "{refused}");
}

#[test]
#[cfg(unix)]
fn ctrl_c_while_the_corners_are_calculated_ends_with_130_and_plans_nothing() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let long = two_climates("")
        .replace("Day(\"2024-07-21\")", "Year")
        .replace("\"run.step\": \"1 h\"", "\"run.step\": \"10 s\"");
    fs::write(folder.path().join("study.ron"), long).expect("the study");
    let mut child = command(folder.path(), &["plan", "study.ron", "-o", "s"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(Duration::from_millis(700));
    assert!(child.try_wait().expect("it can be asked").is_none(), "it is at work");
    let asked = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    assert!(asked.elapsed() < Duration::from_secs(10), "it does not wait for the end of the corner");
    assert!(!folder.path().join("s").exists(), "nothing was written");
}

#[test]
fn cases_with_the_same_inputs_are_counted_once_by_whoever_calculates_and_by_the_budget_of_failures() {
    let twice = "sampler: List(cases: [{\"climate\": \"harbin\"}, {\"climate\": \"phoenix\"}, {\"climate\": \"harbin\"}])";
    let folder = planned(&two_climates(twice));
    // Two distinct cases, of which one is not calculated: nothing failed, so nothing is to be calculated again.
    ok(folder.path(), &["run", "s", "--shard", "0/2", "-q"]);
    let retried = json(&ok(folder.path(), &["retry", "s", "--failed", "--json"]));
    assert_eq!((retried["cases"].as_u64(), retried["before"].as_u64()), (Some(2), Some(1)), "{retried}");
    let done = json(&ok(folder.path(), &["run", "s", "--json"]));
    assert_eq!((done["cases"].as_u64(), done["committed"].as_u64()), (Some(2), Some(2)), "{done}");
    let (_, data) = merged(folder.path());
    assert_eq!(
        (data["cases"].as_u64(), data["ok"].as_u64()),
        (Some(3), Some(3)),
        "the table has all of them"
    );
    // Both of two fail: more than three quarters.
    let folder = planned(&two_climates(twice));
    let failing = ["run", "s", "-q", "--limit-per-case", "0.001 ms", "--max-failures", "75 %"];
    assert_eq!(code(&sweep(folder.path(), &failing)), 76);
}

#[test]
fn an_analysis_of_too_few_cases_says_so_and_not_that_nothing_matters() {
    let range = r#"parameters: {"supply": Range(path: "cdu.supply_setpoint", from: "30 °C", to: "45 °C"), "fans": Range(path: "dry_cooler.fan_power_design", from: "10 kW", to: "20 kW")}, "#;
    for sampler in ["Morris(trajectories: 6)", "Saltelli(base: 8)", "Sobol(cases: 8)"] {
        let study = two_climates(&format!("sampler: {sampler}"));
        let climates =
            r#"parameters: {"climate": Values(path: "site.climate", values: ["harbin", "phoenix"])},"#;
        assert!(study.contains(climates));
        let folder = planned(&study.replace(climates, range));
        // The first of every six or eight: of no path and no pair all that is needed, and of the last one case.
        ok(folder.path(), &["run", "s", "--shard", "0/8", "-q"]);
        let text = String::from_utf8_lossy(&ok(folder.path(), &["analyze", "s", "--output", "pue"]).stdout)
            .into_owned();
        assert!(
            text.contains("too few cases") && !text.contains("NaN") && !text.contains("the same in all"),
            "{text}"
        );
        ok(folder.path(), &["analyze", "s", "--html", "s/a.html", "--csv", "s/csv"]);
        let page = fs::read_to_string(folder.path().join("s/a.html")).expect("a page");
        assert!(page.contains("Too few cases are calculated to say what moves"), "{sampler}");
    }
}
