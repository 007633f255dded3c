//! One case: from its values to a row, whatever happens on the way.

use crate::outputs::Layout;
use crate::row::{Failure, Figures, Row};
use scenario::study_file::{StudyFile, Value};
use scenario::{Case, Dynamics, Problem, Scenario, check};
use serde_json::Value as Json;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use study::batch::{Unwatched, WIDTH, Watch, unguarded};
use study::metrics::Summary;
use study::plans::Plans;
use study::report::summary_json;
use study::run::Stopped;

/// Identifier of a panic: a fault of the program.
const PANIC: &str = "ISO0950";
/// Identifier of a case that took longer than it may.
const TOO_LONG: &str = "ISO0951";

/// A case whose fields have their values, or cannot take them.
pub(crate) struct Resolved {
    pub id: String,
    pub scenario: Result<Scenario, Vec<Problem>>,
}

/// Hashes of files, each computed once.
#[derive(Debug, Default)]
pub(crate) struct Hashes(Mutex<Vec<(Arc<Vec<u8>>, blake3::Hash)>>);

/// Files whose hash is remembered.
const REMEMBERED: usize = 256;

impl Hashes {
    fn of(&self, bytes: &Arc<Vec<u8>>) -> blake3::Hash {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, hash)) = known.iter().find(|(other, _)| Arc::ptr_eq(other, bytes)) {
            return *hash;
        }
        let hash = blake3::hash(bytes);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        // Keeping the bytes keeps their address from being another file's.
        known.push((bytes.clone(), hash));
        hash
    }
}

/// Sets the fields of a case and gives it its id: the BLAKE3 of its site as it then stands and of all files.
pub(crate) fn resolve(study: &StudyFile, values: &[Value], dynamic: bool, hashes: &Hashes) -> Resolved {
    let scenario = study.scenario(values, dynamic);
    let mut hasher = blake3::Hasher::new();
    match &scenario {
        Ok(scenario) => {
            let (text, files) = scenario.identity();
            hasher.update(text.as_bytes());
            for bytes in &files {
                hasher.update(hashes.of(bytes).as_bytes());
            }
        }
        Err(_) => {
            // What cannot be set is known by what it should have been.
            hasher.update(b"refused");
            for place in 0..values.len() {
                hasher.update(study.written(place, values).as_bytes());
                hasher.update(b"\n");
            }
            hasher.update(&[u8::from(dynamic)]);
        }
    }
    let id = hasher.finalize().to_hex().chars().take(32).collect();
    Resolved { id, scenario }
}

/// What a case came to; nothing where the watch said stop.
pub(crate) enum Outcome {
    Row(Row),
    Cancelled,
}

impl Outcome {
    fn of(id: &str, ended: Result<Figures, Ended>) -> Outcome {
        let result = match ended {
            Ok(figures) => Ok(figures),
            Err(Ended::Failed(failure)) => Err(failure),
            Err(Ended::Cancelled) => return Outcome::Cancelled,
        };
        Outcome::Row(Row { id: id.to_owned(), result })
    }
}

/// Calculates a case alone.
pub(crate) fn row(
    resolved: Resolved,
    layout: &Layout,
    plans: &Plans,
    watch: &dyn Watch,
    limit: Option<Duration>,
) -> Outcome {
    let Resolved { id, scenario } = resolved;
    let limited = Limited { watch, end: limit.map(|limit| Instant::now() + limit) };
    let ended = match shielded(|| run(&checked(scenario)?, 0, layout, plans, &limited)) {
        Err(Ended::Cancelled) if !watch.stops() => {
            let limit = limit.unwrap_or_default().as_secs_f64();
            let message = format!("took longer than {limit} s");
            Err(Ended::Failed(Failure { code: TOO_LONG.into(), message }))
        }
        ended => ended,
    };
    Outcome::of(&id, ended)
}

/// Calculates cases beside each other on this thread and tells each as it is there, in whatever order: each comes to what
/// [`row`] makes of it, and those that differ in numbers only take a fraction of the time.
pub(crate) fn rows(
    resolved: Vec<Resolved>,
    layout: &Layout,
    plans: &Plans,
    watch: &dyn Watch,
    tell: &mut dyn FnMut(Outcome),
) {
    let (mut ids, mut cases) = (Vec::new(), Vec::new());
    for Resolved { id, scenario } in resolved {
        match shielded(|| checked(scenario)) {
            Ok(case) => {
                ids.push(id);
                cases.push(case);
            }
            Err(ended) => tell(Outcome::of(&id, Err(ended))),
        }
    }
    let told: Vec<Cell<bool>> = vec![Cell::new(false); cases.len()];
    let mut broken = Vec::new();
    let together = shielded(|| {
        let all: Vec<&Case> = cases.iter().collect();
        let mut guard = |members: &[usize], run: &mut dyn FnMut()| {
            let ran = shielded(|| {
                run();
                Ok(())
            });
            if ran.is_err() {
                broken.extend_from_slice(members);
            }
        };
        study::batch::run_beside(plans, &all, watch, &mut guard, &mut |k, result| {
            let result = result.map_err(of_run);
            let figures = result.map(|(outcome, summary)| figures(&cases[k], &outcome, summary, layout));
            tell(Outcome::of(&ids[k], figures));
            told[k].set(true);
        });
        Ok(())
    });
    if together.is_err() {
        // It was none of the groups.
        broken = (0..cases.len()).collect();
    }
    // Where one of a group panics nobody knows which: then each of these alone.
    for k in broken.into_iter().filter(|&k| !told[k].get()) {
        tell(Outcome::of(&ids[k], shielded(|| run(&cases[k], k, layout, plans, watch))));
    }
}

/// How a case ends without figures.
pub(crate) enum Ended {
    Failed(Failure),
    Cancelled,
}

/// Keeps a panic of one case from ending the others.
fn shielded<T>(calculate: impl FnOnce() -> Result<T, Ended>) -> Result<T, Ended> {
    // What the panic leaves half done is dropped here and seen by nobody.
    catch_unwind(AssertUnwindSafe(calculate)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = format!("a fault of isotherm, not of the input: {said}");
        Err(Ended::Failed(Failure { code: PANIC.into(), message }))
    })
}

/// Checks and runs a case; its summary, whether all targets are met, and their margins.
pub(crate) fn summary(
    scenario: Result<Scenario, Vec<Problem>>,
    plans: &Plans,
    watch: &dyn Watch,
) -> Result<(Json, bool, Vec<f64>), Ended> {
    let case = checked(scenario)?;
    let (outcome, summary) = study::batch::run_by(plans, &case, 0, watch).map_err(of_run)?;
    Ok(said(&case, &outcome, &summary))
}

/// Time that a case takes among others that differ in numbers only [s]; nothing where it runs alone anyway.
pub(crate) fn seconds_beside(scenario: Result<Scenario, Vec<Problem>>, plans: &Plans) -> Option<f64> {
    let case = checked(scenario).ok().filter(|case| case.run.dynamics == Dynamics::QuasiSteady)?;
    let eight = || {
        study::batch::run_beside(plans, &[&case; WIDTH], &Unwatched, &mut unguarded, &mut |_, _| ());
        Ok(())
    };
    let (done, seconds) = spent(|| shielded(eight));
    done.ok().map(|()| seconds / WIDTH as f64)
}

/// What something gives, and the time that it takes [s]: that of the processor, where its clock tells more than ticks.
pub(crate) fn spent<T>(what: impl FnOnce() -> T) -> (T, f64) {
    const TELLING: f64 = 0.1;
    let (begun, before) = (Instant::now(), cpu_seconds());
    let given = what();
    let wall = begun.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(before).map(|(after, before)| after - before);
    (given, cpu.filter(|cpu| *cpu > TELLING).map_or(wall, |cpu| cpu.min(wall)))
}

/// What is wrong with a case before it runs; nothing where it can run.
pub(crate) fn refused(scenario: Result<Scenario, Vec<Problem>>) -> Vec<Problem> {
    let problems = scenario.and_then(|scenario| check::check(&scenario).map(|_| Vec::new()));
    problems.unwrap_or_else(|problems| problems.into_iter().filter(Problem::is_error).collect())
}

/// The case that a scenario is.
fn checked(scenario: Result<Scenario, Vec<Problem>>) -> Result<Case, Ended> {
    let refused = |problems: Vec<Problem>| Ended::Failed(of_problems(&problems));
    let (mut case, _) = check::check(&scenario.map_err(refused)?).map_err(refused)?;
    case.run.threads = 1;
    Ok(case)
}

/// The summary of a run, whether all targets are met, and their margins.
fn said(case: &Case, outcome: &study::run::Outcome, summary: &Summary) -> (Json, bool, Vec<f64>) {
    let met = summary.targets.iter().all(|target| target.met);
    let margins = summary.targets.iter().map(|target| target.margin.unwrap_or(f64::NAN)).collect();
    (summary_json(case, outcome, summary), met, margins)
}

/// What a table keeps of a run.
fn figures(case: &Case, outcome: &study::run::Outcome, mut summary: Summary, layout: &Layout) -> Figures {
    if !layout.reads("racks") {
        // Hundreds of rows that nobody would look at.
        summary.racks.clear();
    }
    let (summary, met, margins) = said(case, outcome, &summary);
    Figures { outputs: layout.figures(&summary), margins, met }
}

/// Runs a case alone; the watch knows it by a number.
fn run(
    case: &Case,
    number: usize,
    layout: &Layout,
    plans: &Plans,
    watch: &dyn Watch,
) -> Result<Figures, Ended> {
    let (outcome, summary) = study::batch::run_by(plans, case, number, watch).map_err(of_run)?;
    Ok(figures(case, &outcome, summary, layout))
}

fn of_run(stopped: Stopped) -> Ended {
    match stopped {
        Stopped::Cancelled { .. } => Ended::Cancelled,
        other => Ended::Failed(of_stopped(&other)),
    }
}

/// The first error of a site, and how many there are.
fn of_problems(problems: &[Problem]) -> Failure {
    let errors: Vec<&Problem> = problems.iter().filter(|problem| problem.is_error()).collect();
    let Some(first) = errors.first() else {
        return Failure { code: "ISO0850".into(), message: "the case cannot be made".into() };
    };
    let mut message = match first.path.as_str() {
        "" => first.message.clone(),
        path => format!("{path}: {}", first.message),
    };
    if errors.len() > 1 {
        message.push_str(&format!(" (and {} more)", errors.len() - 1));
    }
    Failure { code: first.code.to_owned(), message }
}

fn of_stopped(stopped: &Stopped) -> Failure {
    let code = match stopped {
        Stopped::Topology(_) => "ISO0700",
        _ => "ISO0800",
    };
    Failure { code: code.into(), message: stopped.to_string() }
}

/// A watch that ends a case which takes too long.
struct Limited<'a> {
    watch: &'a dyn Watch,
    end: Option<Instant>,
}

impl Watch for Limited<'_> {
    fn stops(&self) -> bool {
        self.watch.stops() || self.end.is_some_and(|end| Instant::now() >= end)
    }
}

/// CPU time of this process so far [s], where the system says it.
#[must_use]
pub fn cpu_seconds() -> Option<f64> {
    // Fields 14 and 15 after the name in parentheses, in ticks of a hundredth of a second (proc(5)).
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::study_file::load_text;
    use std::collections::BTreeMap;

    /// Five supply temperatures of each of two plants, a day each.
    const STUDY: &str = r#"Study(
        schema: 1,
        base: "nvl72_pod",
        set: {"run.period": Day("2024-07-21"), "run.step": "1 h", "run.output_every": "1 h", "run.dynamics": QuasiSteady},
        dynamics: AsWritten,
        parameters: {
            "plant": Choice(options: {"dry": (set: {}), "pumps": (site: "nvl72_pumps")}),
            "supply": Values(path: "cdu.supply_setpoint", values: ["31 °C", "33 °C", "35 °C", "37 °C", "39 °C"]),
        },
        outputs: ["metrics.facility_energy_kwh"],
    )"#;

    /// A fault of the program in one case, and how often each case began.
    struct Breaks {
        case: Option<usize>,
        begun: Mutex<BTreeMap<usize, usize>>,
    }

    impl Watch for Breaks {
        fn progress(&self, run: usize, share: f64) {
            if share < 0.05 {
                *self.begun.lock().unwrap_or_else(PoisonError::into_inner).entry(run).or_default() += 1;
            }
            assert!(self.case != Some(run) || share < 0.4, "index 7 of 3");
        }
    }

    /// The rows of the ten cases, and how often each began.
    fn all(case: Option<usize>) -> (Vec<Row>, BTreeMap<usize, usize>) {
        let study = load_text("study.ron", STUDY, None).unwrap();
        let hashes = Hashes::default();
        let resolved: Vec<Resolved> = (0..2)
            .flat_map(|plant| (0..5).map(move |k| (plant, 31.0 + 2.0 * f64::from(k) + 273.15)))
            .map(|(plant, supply)| {
                resolve(&study, &[Value::Option(plant), Value::Number(supply)], false, &hashes)
            })
            .collect();
        let order: Vec<String> = resolved.iter().map(|one| one.id.clone()).collect();
        let layout = Layout::new(&study.outputs, &[], &[]);
        let watch = Breaks { case, begun: Mutex::default() };
        let mut rows = BTreeMap::new();
        self::rows(resolved, &layout, &Plans::default(), &watch, &mut |outcome| match outcome {
            Outcome::Row(row) => assert!(rows.insert(row.id.clone(), row).is_none(), "a case is told once"),
            Outcome::Cancelled => panic!("nobody said stop"),
        });
        let rows = order.iter().map(|id| rows.remove(id).expect("a row")).collect();
        (rows, watch.begun.into_inner().unwrap())
    }

    #[test]
    fn a_panic_in_a_lane_is_one_failed_case_and_only_its_group_begins_again() {
        let (sound, begun) = all(None);
        assert!(sound.iter().all(|row| row.result.is_ok()) && begun.values().all(|&times| times == 1));
        let (broken, begun) = all(Some(3));
        for (k, (sound, broken)) in sound.iter().zip(&broken).enumerate() {
            match &broken.result {
                Err(failure) => {
                    assert_eq!((k, failure.code.as_str()), (3, PANIC));
                    assert!(failure.message.ends_with("index 7 of 3"), "{}", failure.message);
                }
                figures => {
                    assert!(k != 3 && *figures == sound.result, "case {k} has the figures that it has alone")
                }
            }
        }
        let times: Vec<usize> = begun.values().copied().collect();
        assert_eq!(times, [2, 2, 2, 2, 2, 1, 1, 1, 1, 1], "the other plant's lanes are left alone");
    }

    /// Says stop when it is asked for the hundredth time.
    struct Impatient(std::sync::atomic::AtomicUsize);

    impl Watch for Impatient {
        fn stops(&self) -> bool {
            self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= 100
        }
    }

    #[test]
    fn a_case_is_asked_between_the_steps_of_its_integrator_not_only_between_its_own() {
        // Two steps of half a day, within which the integrator takes hundreds: by themselves and with racks apart.
        for apart in ["\"run.fidelity\": Lumped", "\"run.fidelity\": Rack, \"run.equal_racks\": Apart"] {
            let study = STUDY
                .replace("\"run.step\": \"1 h\", \"run.output_every\": \"1 h\", \"run.dynamics\": QuasiSteady", apart)
                .replace("run.fidelity", "run.step\": \"12 h\", \"run.output_every\": \"12 h\", \"run.dynamics\": Dynamic, \"run.fidelity");
            let study = load_text("study.ron", &study, None).unwrap();
            let values = [Value::Option(0), Value::Number(308.15)];
            let resolved = || resolve(&study, &values, false, &Hashes::default());
            let layout = Layout::new(&study.outputs, &[], &[]);
            let watch = Impatient(Default::default());
            let outcome = row(resolved(), &layout, &Plans::default(), &watch, None);
            assert!(matches!(outcome, Outcome::Cancelled), "{apart}: it went to its end");
            let Outcome::Row(row) = row(resolved(), &layout, &Plans::default(), &Unwatched, None) else {
                panic!("nobody said stop");
            };
            assert!(row.result.is_ok(), "{apart}: {row:?}");
        }
    }

    #[test]
    fn a_panic_is_a_failure_with_its_words() {
        let ended = shielded::<()>(|| panic!("index 7 of 3"));
        let Err(Ended::Failed(failure)) = ended else { panic!("it did not fail") };
        assert_eq!(failure.code, PANIC);
        assert!(failure.message.ends_with("index 7 of 3"), "{}", failure.message);
    }
}
