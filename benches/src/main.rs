//! The gate table: one interleaved run of the block integrator and of solvers of other origin on the benchmark plant.
//!
//! ```text
//! cargo run --release > RESULTS.md          all of it; progress goes to the error stream
//! cargo run --release -- --quick            smaller and once
//! cargo run --release -- --only cvode       one row: dopri5-60s dopri5-15min diffsol cvode f32 size threads lumping check
//! cargo run --release -- --json             the same as one JSON object
//! ```

mod chain;
mod check;
mod flat;
mod gates;
mod hall;
mod measure;
mod model;
mod peers;
mod roofline;
mod table;

use gates::{DEFAULT, Effort, Peer, USUAL};
use hall::Schedule;
use serde_json::json;
use table::{GATES, Row, SIZES, TIMED};

/// Hours of a year over the hours that are run.
const HOURS: f64 = 8760.0;

struct Arguments {
    quick: bool,
    json: bool,
    only: Vec<String>,
}

impl Arguments {
    fn wants(&self, row: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| row.starts_with(only.as_str()))
    }
}

fn main() -> Result<(), String> {
    let mut given = std::env::args().skip(1);
    let mut arguments = Arguments { quick: false, json: false, only: Vec::new() };
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--quick" => arguments.quick = true,
            "--json" => arguments.json = true,
            "--only" => arguments.only.push(given.next().ok_or("--only wants the name of a row")?),
            "--alone" => {
                let racks =
                    given.next().and_then(|n| n.parse().ok()).ok_or("--alone wants a number of racks")?;
                return gates::alone(racks, given.next().as_deref() == Some("minutes"));
            }
            other => return Err(format!("{other} is not known; there are --quick, --only ROW and --json")),
        }
    }
    run(&arguments)
}

/// What a run says.
#[derive(Default)]
struct Report {
    rows: Vec<Row>,
    details: Vec<String>,
    json: serde_json::Map<String, serde_json::Value>,
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let (hash, same) = hall::hash();
    if !same {
        eprintln!("the plant's file has another hash: results do not compare with earlier ones");
    }
    let load = measure::load();
    let effort = Effort { quick: arguments.quick, repeats: if arguments.quick { 1 } else { 3 } };
    let mut report = Report::default();
    if arguments.wants("check") {
        check::check()?;
    }
    ratios(arguments, effort, &mut report)?;
    if arguments.wants("f32") {
        eprintln!("single precision");
        report.rows.push(gates::single(if effort.quick { 1000 } else { 4700 }, effort)?);
    }
    if arguments.wants("size") {
        by_size(effort, &mut report)?;
    }
    if arguments.wants("threads") {
        eprintln!("threads");
        let racks = if effort.quick { 100 } else { 1000 };
        report.rows.extend(gates::threads(racks, effort)?);
    }
    if arguments.wants("lumping") {
        eprintln!("lumping");
        report.rows.extend(gates::lumping(100, effort)?);
    }
    print(arguments, &report, &hash, same, &load);
    Ok(())
}

/// Rows against peers.
fn ratios(arguments: &Arguments, effort: Effort, report: &mut Report) -> Result<(), String> {
    let sizes: &[usize] = if effort.quick { &[100] } else { &[100, 1000] };
    let count = |racks: usize| if racks > 500 || effort.quick { 2 } else { 6 };
    let mut peers = Vec::new();
    if arguments.wants("dopri5-60s") {
        peers.push(Peer::Dopri5);
    }
    if arguments.wants("cvode") {
        if cfg!(cvode) {
            peers.push(Peer::Cvode);
        } else {
            report.rows.push(Row::absent("vs CVODE-KLU", "22–24", 20.0, 50.0, "SUNDIALS 6 is not present"));
        }
    }
    if !peers.is_empty() {
        eprintln!("loads every 60 s");
        let results = gates::against(&peers, sizes, |racks| Schedule::minutes(count(racks)), USUAL, effort)?;
        tell(report, "60 s", &results);
        let results = gates::against(&peers, &[100], |_| Schedule::minutes(count(100)), DEFAULT, effort)?;
        tell(report, "60 s, tolerance 1e-4", &results);
    }
    if arguments.wants("diffsol") {
        eprintln!("diffsol");
        let peers = [Peer::Bdf, Peer::BdfOwnLu, Peer::TrBdf2OwnLu];
        let results = gates::against(&peers, &[10], |_| Schedule::minutes(6), USUAL, effort)?;
        tell(report, "60 s, diffsol at 10 racks", &results);
        let peers = [Peer::BdfOwnLu, Peer::TrBdf2OwnLu];
        let results = gates::against(&peers, &[100], |_| Schedule::minutes(count(100)), USUAL, effort)?;
        tell(report, "60 s, diffsol at 100 racks", &results);
    }
    if arguments.wants("dopri5-15min") {
        eprintln!("loads every 15 min");
        let mut peers = vec![Peer::Dopri5];
        if cfg!(cvode) {
            peers.push(Peer::Cvode);
        }
        let results = gates::against(&peers, sizes, |_| Schedule::quarters(2), USUAL, effort)?;
        tell(report, "15 min", &results);
    }
    Ok(())
}

/// The gate of a peer: prototype, gate, stretch.
fn gate(peer: &str, schedule: &str) -> (&'static str, f64, f64) {
    match peer {
        _ if peer.contains("Dopri5") && schedule.starts_with("60") => ("5.4–6.0", 5.0, 12.0),
        _ if peer.contains("Dopri5") => ("~25", 20.0, 60.0),
        _ if peer.contains("diffsol") => ("17–21", 15.0, 40.0),
        _ => ("22–24", 20.0, 50.0),
    }
}

fn tell(report: &mut Report, schedule: &str, results: &gates::Against) {
    let mut text = format!("### Loads every {schedule}\n\n{TIMED}\n");
    let mut values = Vec::new();
    for (name, reason) in &results.failed {
        let (prototype, least, stretch) = gate(name, schedule);
        report.rows.push(Row::absent(&format!("vs {name}"), prototype, least, stretch, reason));
    }
    for (ours, others) in &results.timed {
        text.push_str(&format!("{}\n", ours.line(ours)));
        values.push(ours.json(ours));
        for other in others {
            text.push_str(&format!("{}\n", other.line(ours)));
            values.push(other.json(ours));
            let (prototype, least, stretch) = gate(&other.name, schedule);
            let fair = if other.errors.covers(&ours.errors) { "" } else { ", errors below ours" };
            let note = format!(
                "{} racks; errors {:.4} and {:.4} K{fair}",
                other.racks, other.errors.max, ours.errors.max
            );
            let schedule = schedule.split(", diffsol").next().unwrap_or(schedule);
            let goal = format!("vs {}, {schedule}", other.name);
            report.rows.push(Row::ratio(&goal, prototype, least, stretch, other.over(ours), note));
        }
    }
    report.json.insert(format!("every {schedule}"), values.into());
    report.details.push(text);
}

/// Cost by size, roofline, year.
fn by_size(effort: Effort, report: &mut Report) -> Result<(), String> {
    eprintln!("roofline");
    let tiers = roofline::tiers(if effort.quick { 2 } else { 5 });
    let racks: &[usize] = if effort.quick { &[10, 100] } else { &[10, 100, 1000, 4700] };
    eprintln!("cost by size");
    let sizes = gates::sizes(racks, &tiers, effort)?;
    let named: Vec<String> = tiers.iter().map(|t| format!("{} {:.1} GB/s", t.name, t.bandwidth)).collect();
    let mut text = format!(
        "### Cost by size\n\nLoads every 15 min, tolerance 1e-3. Triad of one core: {}.\n\n",
        named.join(", ")
    );
    text.push_str(&format!("{SIZES}\n"));
    for size in &sizes {
        text.push_str(&format!("{}\n", size.line()));
    }
    report.details.push(text);
    report.json.insert("sizes".into(), sizes.iter().map(table::Size::json).collect());
    report.json.insert(
        "triad_gb_per_s".into(),
        tiers.iter().map(|t| json!({"tier": t.name, "value": t.bandwidth})).collect(),
    );
    let of = |racks: usize| sizes.iter().find(|size| size.racks == racks);
    if let (Some(small), Some(large)) = (of(100), of(4700)) {
        let ratio = large.cost.median / small.cost.median;
        report.rows.push(Row::bound(
            "rate at 4700 racks / at 100",
            "2.4",
            1.8,
            1.2,
            ratio,
            "ns/state/step".into(),
        ));
        let floor = large.cost.median / large.floor;
        let note = format!("4700 racks, floor {:.1} ns", large.floor);
        report.rows.push(Row::bound("time / floor of one pass", "3.6", 2.5, 1.5, floor, note));
        let hours = large.per_hour * HOURS / 3600.0;
        let note = format!("{} chips, CPU-h, from half an hour", 4700 * 72);
        report.rows.push(Row::bound("year, 4700 racks, 15 min, 1e-3", "2.0", 1.5, 0.6, hours, note));
    }
    Ok(())
}

fn print(arguments: &Arguments, report: &Report, hash: &str, same: bool, load: &str) {
    let commit = measure::asked("git", &["describe", "--always", "--dirty", "--abbrev=12"]);
    let rustc = measure::asked("rustc", &["--version"]);
    let date = measure::asked("date", &["-u", "+%Y-%m-%d %H:%M UTC"]);
    let machine = measure::machine();
    if arguments.json {
        let mut whole = serde_json::Map::new();
        whole.insert("commit".into(), commit.into());
        whole.insert("rustc".into(), rustc.into());
        whole.insert("date".into(), date.into());
        whole.insert("machine".into(), machine.into());
        whole.insert("load_before".into(), load.into());
        whole.insert("load_after".into(), measure::load().into());
        whole.insert("plant_blake3".into(), hash.into());
        whole.insert("gates".into(), report.rows.iter().map(Row::json).collect());
        whole.extend(report.json.clone());
        println!("{:#}", serde_json::Value::Object(whole));
        return;
    }
    println!(
        "# Gates\n\nWritten by `gates`; [README](README.md) says what is measured and how to read it.\n"
    );
    println!("* Commit {commit}, {rustc}, {date}");
    println!("* {}", machine.join("; "));
    println!(
        "* Load average {load} before, {} after. Times are CPU times unless said otherwise.",
        measure::load()
    );
    let known = if same { "" } else { " (**another file than the pinned one**)" };
    println!("* Plant `hall.ron`, blake3 {hash}{known}\n\n{GATES}");
    for row in &report.rows {
        println!("{}", row.line());
    }
    for text in &report.details {
        println!("\n{}", text.trim_end());
    }
}
