//! The rows of the gate table.

use crate::flat::Flat;
use crate::hall::{self, Hall, Schedule};
use crate::measure::{Spent, Spread, resident};
use crate::peers::bdf::Method as Diffsol;
use crate::peers::{Errors, KELVINS, Problem, Run, bdf, blocks, dopri5};
use crate::roofline::{self, Tier};
use crate::table::{Row, Size, Timed};
use solver::Method;
use solver::blocks::{Class, Precision};
use study::blocks::Racks;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub quick: bool,
    pub repeats: usize,
}

/// Tolerance of the block integrator: errors of hundredths of a kelvin, at which the gates were set.
pub const USUAL: f64 = 1e-3;
/// The one that a run has unless told otherwise.
pub const DEFAULT: f64 = 1e-4;
/// Tolerance of the reference, by RODAS4.
const REFERENCE: f64 = 1e-9;
/// Tolerances of a peer are tried by factors of 2, so many of them.
const TRIALS: usize = 14;

/// A solver of other origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Peer {
    Dopri5,
    Bdf,
    BdfOwnLu,
    TrBdf2OwnLu,
    Cvode,
}

impl Peer {
    pub fn name(self) -> &'static str {
        match self {
            Peer::Dopri5 => "ode_solvers Dopri5",
            Peer::Bdf => "diffsol BDF, faer's sparse LU",
            Peer::BdfOwnLu => "diffsol BDF, our sparse LU",
            Peer::TrBdf2OwnLu => "diffsol TR-BDF2, our sparse LU",
            Peer::Cvode => "CVODE BDF, KLU",
        }
    }

    fn run(self, hall: &mut Hall, flat: &mut Flat<Racks>, tolerance: f64) -> Result<Run, String> {
        let mut problem = Problem { model: hall, flat };
        match self {
            Peer::Dopri5 => dopri5::run(&mut problem, tolerance),
            Peer::Bdf => bdf::run(problem, Diffsol::Bdf, tolerance),
            Peer::BdfOwnLu => bdf::run(problem, Diffsol::BdfOwnLu, tolerance),
            Peer::TrBdf2OwnLu => bdf::run(problem, Diffsol::TrBdf2OwnLu, tolerance),
            #[cfg(cvode)]
            Peer::Cvode => crate::peers::cvode::run(&mut problem, tolerance),
            #[cfg(not(cvode))]
            Peer::Cvode => Err("not present".into()),
        }
    }
}

/// A hall with its reference.
struct Bench {
    racks: usize,
    hall: Hall,
    flat: Flat<Racks>,
    reference: Run,
    tolerance: f64,
    ours: Errors,
}

impl Bench {
    fn new(racks: usize, schedule: &Schedule, tolerance: f64) -> Result<Bench, String> {
        eprintln!("  {racks} racks: plant, steady state, reference");
        let mut hall = hall::hall(racks, &hall::each(racks), schedule)?;
        let flat = Flat::new(&hall.core, &hall.classes);
        let reference =
            blocks::run(&mut hall, Some(&flat), Method::Rodas4, REFERENCE, 1, Precision::Double)?.0;
        let run = blocks::run(&mut hall, Some(&flat), Method::Rodas3, tolerance, 1, Precision::Double)?.0;
        let ours = Errors::of(&run, &reference, flat.weights());
        Ok(Bench { racks, hall, flat, reference, tolerance, ours })
    }

    fn errors(&self, run: &Run) -> Errors {
        Errors::of(run, &self.reference, self.flat.weights())
    }

    /// The tightest of a peer's tolerances, by factors of 2, at which its errors are still as large as ours.
    fn matched(&mut self, peer: Peer) -> Result<f64, String> {
        let mut tolerance = self.tolerance;
        let mut looser = None;
        for _ in 0..TRIALS {
            let run = peer.run(&mut self.hall, &mut self.flat, tolerance)?;
            let errors = self.errors(&run);
            eprintln!(
                "    {} at {tolerance:.1e}: {:.5} K, rms {:.1e} K",
                peer.name(),
                errors.max,
                errors.rms
            );
            if errors.covers(&self.ours) {
                if looser == Some(false) {
                    return Ok(tolerance);
                }
                looser = Some(true);
                tolerance *= 0.5;
            } else if looser == Some(true) {
                return Ok(tolerance * 2.0);
            } else {
                looser = Some(false);
                tolerance *= 2.0;
            }
        }
        Ok(tolerance)
    }

    /// One after the other, again and again.
    fn interleaved(&mut self, peers: &[(Peer, f64)], repeats: usize) -> Result<(Timed, Vec<Timed>), String> {
        let states = self.flat.size();
        let mut ours = Timed::new("RODAS3 on blocks".into(), self.racks, states, self.tolerance);
        let mut others: Vec<Timed> =
            peers.iter().map(|(peer, t)| Timed::new(peer.name().into(), self.racks, states, *t)).collect();
        for repeat in 0..repeats {
            eprintln!("    repeat {}", repeat + 1);
            let run = blocks::run(
                &mut self.hall,
                Some(&self.flat),
                Method::Rodas3,
                self.tolerance,
                1,
                Precision::Double,
            )?
            .0;
            let errors = self.errors(&run);
            ours.add(&run, errors);
            for ((peer, tolerance), timed) in peers.iter().zip(&mut others) {
                let run = peer.run(&mut self.hall, &mut self.flat, *tolerance)?;
                let errors = self.errors(&run);
                timed.add(&run, errors);
            }
        }
        Ok((ours, others))
    }
}

/// Ours and the others at each size, and those that did not get through with the reason they gave.
#[derive(Default)]
pub struct Against {
    pub timed: Vec<(Timed, Vec<Timed>)>,
    pub failed: Vec<(&'static str, String)>,
}

/// Ratios to peers at one schedule. Tolerances are matched at the first of `sizes`; every size is measured.
pub fn against(
    peers: &[Peer],
    sizes: &[usize],
    schedule: impl Fn(usize) -> Schedule,
    tolerance: f64,
    effort: Effort,
) -> Result<Against, String> {
    let mut matched: Vec<(Peer, f64)> = Vec::new();
    let mut results = Against::default();
    for &racks in sizes {
        let mut bench = Bench::new(racks, &schedule(racks), tolerance)?;
        if matched.is_empty() {
            for &peer in peers {
                match bench.matched(peer) {
                    Ok(tolerance) => matched.push((peer, tolerance)),
                    Err(reason) => results.failed.push((peer.name(), reason)),
                }
            }
        }
        let repeats = if racks > 500 { effort.repeats.div_ceil(2) } else { effort.repeats };
        results.timed.push(bench.interleaved(&matched, repeats)?);
    }
    Ok(results)
}

/// Cost by size, on the schedule and at the tolerance of year runs.
pub fn sizes(racks: &[usize], tiers: &[Tier], effort: Effort) -> Result<Vec<Size>, String> {
    let mut sizes = Vec::new();
    for &racks in racks {
        eprintln!("  {racks} racks");
        let windows = if racks > 500 || effort.quick { 2 } else { 8 };
        let before = resident(false);
        let mut hall = hall::hall(racks, &hall::each(racks), &Schedule::quarters(windows))?;
        let states =
            hall.classes.iter().map(|class| class.states() * racks).sum::<usize>() + hall.start.core.len();
        let mut costs = Vec::new();
        let (mut steps, mut bytes, mut cpu) = (0, 0, Vec::new());
        for _ in 0..effort.repeats {
            let (run, statistics, tiles) =
                blocks::run(&mut hall, None, Method::Rodas3, USUAL, 1, Precision::Double)?;
            let attempts = (statistics.steps + statistics.rejected) as f64;
            costs.push(1e9 * run.spent.cpu / (attempts * states as f64));
            cpu.push(run.spent.cpu);
            (steps, bytes) = (statistics.steps, tiles);
        }
        let all = resident(false) - before;
        let per_state = bytes as f64 / states as f64;
        let bandwidth = roofline::at(tiers, bytes as f64);
        let length = hall.windows.last().copied().unwrap_or(f64::NAN);
        sizes.push(Size {
            racks,
            states,
            steps,
            cost: Spread::of(costs),
            per_hour: Spread::of(cpu).median * 3600.0 / length,
            bytes: per_state,
            resident: all / states as f64,
            bandwidth,
            floor: f64::max(per_state / bandwidth, COMPUTE_FLOOR),
        });
    }
    Ok(sizes)
}

/// What a step's arithmetic takes at the full rate of the processor's multipliers [ns/state].
const COMPUTE_FLOOR: f64 = 1.6;

/// What the stages of a step need of racks in single precision against double.
pub fn single(racks: usize, effort: Effort) -> Result<Row, String> {
    let mut hall = hall::hall(racks, &hall::each(racks), &Schedule::quarters(2))?;
    let (mut ratios, mut smaller) = (Vec::new(), f64::NAN);
    for _ in 0..effort.repeats {
        let (double, _, bytes) = blocks::run(&mut hall, None, Method::Rodas3, USUAL, 1, Precision::Double)?;
        let (single, _, half) = blocks::run(&mut hall, None, Method::Rodas3, USUAL, 1, Precision::Single)?;
        ratios.push(double.spent.cpu / single.spent.cpu);
        smaller = half as f64 / bytes as f64;
    }
    let note = format!("{racks} racks, 15 min; tiles take {smaller:.2} of the memory");
    Ok(Row::ratio("single / double precision", "2.7", 1.8, 2.7, Spread::of(ratios), note))
}

/// Two threads against one, and two processes against one, as wall time.
pub fn threads(racks: usize, effort: Effort) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (name, schedule) in [("60 s", Schedule::minutes(3)), ("15 min", Schedule::quarters(2))] {
        let mut hall = hall::hall(racks, &hall::each(racks), &schedule)?;
        let (mut speed, mut control, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..effort.repeats {
            let one = blocks::run(&mut hall, None, Method::Rodas3, USUAL, 1, Precision::Double)?.0.spent;
            let two = blocks::run(&mut hall, None, Method::Rodas3, USUAL, 2, Precision::Double)?.0.spent;
            speed.push(one.wall / two.wall);
            cpu.push(two.cpu / one.cpu);
            let both = children(racks, name == "60 s")?;
            control.push(2.0 * one.wall / both);
        }
        let (speed, control, cpu) = (Spread::of(speed), Spread::of(control), Spread::of(cpu));
        let note = format!(
            "{racks} racks, {name}; two processes {:.2}×; CPU time of two threads {:.2}× that of one",
            control.median, cpu.median
        );
        rows.push(Row::ratio("2 threads", "1.2–1.3", 1.6, 1.85, speed, note));
    }
    Ok(rows)
}

/// Wall time of two processes that do the same at the same time, from the later start to the later end.
fn children(racks: usize, minutes: bool) -> Result<f64, String> {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};
    let fault = |error: std::io::Error| error.to_string();
    let program = std::env::current_exe().map_err(fault)?;
    let mut processes = Vec::new();
    for _ in 0..2 {
        let mut child = Command::new(&program)
            .args(["--alone", &racks.to_string(), if minutes { "minutes" } else { "quarters" }])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(fault)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a process without pipes".into());
        };
        processes.push((child, input, BufReader::new(output)));
    }
    let mut line = String::new();
    for (_, _, output) in &mut processes {
        output.read_line(&mut line).map_err(fault)?; // it is ready
    }
    for (_, input, _) in &mut processes {
        input.write_all(b"go\n").map_err(fault)?;
    }
    let mut longest = 0.0_f64;
    for (child, _, output) in &mut processes {
        line.clear();
        output.read_line(&mut line).map_err(fault)?;
        longest = longest.max(line.trim().parse().map_err(|_| format!("a process said {line:?}"))?);
        child.wait().map_err(fault)?;
    }
    Ok(longest)
}

/// What such a process does: gets ready, says so, waits, runs, and says how long it took.
pub fn alone(racks: usize, minutes: bool) -> Result<(), String> {
    let schedule = if minutes { Schedule::minutes(3) } else { Schedule::quarters(2) };
    let mut hall = hall::hall(racks, &hall::each(racks), &schedule)?;
    println!("ready");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| error.to_string())?;
    let run = blocks::run(&mut hall, None, Method::Rodas3, USUAL, 1, Precision::Double)?.0;
    println!("{}", run.spent.wall);
    Ok(())
}

/// Equal racks carried once: as one member of the class, and without classes.
pub fn lumping(racks: usize, effort: Effort) -> Result<Vec<Row>, String> {
    let schedule = Schedule::together(if effort.quick { 10 } else { 60 });
    let mut all = hall::hall(racks, &hall::each(racks), &schedule)?;
    let mut one = hall::hall(racks, &[racks as u32], &schedule)?;
    let (flat_all, flat_one) = (Flat::new(&all.core, &all.classes), Flat::new(&one.core, &one.classes));
    let (mut member, mut lumped) = (Vec::new(), Vec::new());
    let (mut difference, mut apart, mut steps) = (0.0_f64, 0.0_f64, (0, 0, 0));
    for repeat in 0..effort.repeats {
        let keep = repeat == 0;
        let many =
            blocks::run(&mut all, keep.then_some(&flat_all), Method::Rodas3, DEFAULT, 1, Precision::Double)?
                .0;
        let single =
            blocks::run(&mut one, keep.then_some(&flat_one), Method::Rodas3, DEFAULT, 1, Precision::Double)?
                .0;
        let (spent, ends, count) = without_classes(racks, &schedule)?;
        member.push(many.spent.cpu / single.spent.cpu);
        lumped.push(many.spent.cpu / spent.cpu);
        if keep {
            steps = (many.steps, single.steps, count);
            difference = across(&many, &single, &flat_all, &flat_one);
            apart = from_lumped(&single, &ends, &one, &flat_one);
            eprintln!("  steps {steps:?}, differences {difference:.1e} K and {apart:.1e} K");
        }
    }
    let (member, lumped) = (Spread::of(member), Spread::of(lumped));
    let note = |what: &str, steps: (u64, u64), difference: f64| {
        format!(
            "{racks} racks as {what}; steps {} and {}; largest difference {difference:.1e} K",
            steps.0, steps.1
        )
    };
    let mut rows = vec![
        Row::ratio(
            "lumping, one member",
            "70",
            50.0,
            f64::NAN,
            member,
            note("one member", (steps.0, steps.1), difference),
        ),
        Row::ratio(
            "lumping, `Lumped`",
            "70",
            50.0,
            f64::NAN,
            lumped,
            note("one rack of one chip", (steps.0, steps.2), apart),
        ),
    ];
    for (row, difference) in rows.iter_mut().zip([difference, apart]) {
        row.also(difference <= 1e-10);
    }
    Ok(rows)
}

/// Time, states at the end of each window by name, and steps of the plant without classes.
type Lumped = (Spent, Vec<std::collections::BTreeMap<String, f64>>, u64);

fn without_classes(racks: usize, schedule: &Schedule) -> Result<Lumped, String> {
    let (mut system, mut y, windows) = hall::lumped(racks, schedule)?;
    let mut stepper = solver::Stepper::new(&system, Method::Rodas3);
    stepper.options.tolerance = DEFAULT;
    let (mut t, mut spent, mut ends) = (0.0, Spent::default(), Vec::new());
    for (window, &(end, load)) in windows.iter().enumerate() {
        hall::enter_lumped(&mut system.network, t, load);
        if window > 0 {
            stepper.note_jump();
        }
        let goes_on = &mut |_: &solver::Accepted| solver::Control::Continue;
        let advanced = spent.on(|| stepper.advance(&mut system, &mut t, &mut y, end, goes_on));
        advanced.map_err(|failure| failure.to_string())?;
        let names = system.network.names().iter().cloned();
        ends.push(names.zip(y.iter().copied()).collect());
    }
    Ok((spent, ends, stepper.statistics.steps))
}

/// Largest difference of any rack to the one that stands for all [K].
fn across(many: &Run, single: &Run, all: &Flat<Racks>, one: &Flat<Racks>) -> f64 {
    let core = one.kept().len();
    let mut worst = 0.0_f64;
    for (many, single) in many.ends.iter().zip(&single.ends) {
        for (k, value) in many.iter().enumerate() {
            let place = if k < core { k } else { core + all.state_of(k).unwrap_or(0) };
            worst = worst.max(KELVINS * all.weights()[k] * (value - single[place]).abs());
        }
        eprintln!("    so far {worst:.1e} K");
    }
    worst
}

/// Largest difference of the plant without classes to one member with all its chips [K].
fn from_lumped(
    single: &Run,
    ends: &[std::collections::BTreeMap<String, f64>],
    one: &Hall,
    flat: &Flat<Racks>,
) -> f64 {
    let core = flat.kept().len();
    let mut worst = 0.0_f64;
    for (single, lumped) in single.ends.iter().zip(ends) {
        for (k, value) in single.iter().enumerate() {
            let name = if k < core {
                one.core.network.names()[flat.kept()[k] as usize].as_str()
            } else {
                one.classes[0].class.state_list()[k - core].lumped.as_str()
            };
            if let Some(other) = lumped.get(name) {
                worst = worst.max(KELVINS * flat.weights()[k] * (value - other).abs());
            }
        }
    }
    worst
}
