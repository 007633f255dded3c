//! What commands with several runs have in common: how they are calculated, how far they are, and Ctrl-C.

use crate::interrupt::{self, Interrupt};
use crate::output;
use engine::scenario::{Loaded, Problem, load, read::read};
use engine::study::batch::Watch;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How the runs are calculated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Dynamics {
    /// A year in quasi-steady steps: fractions of a second, within a hundredth of a percent of the dynamic one.
    QuasiSteady,
    /// A year in dynamic steps.
    Dynamic,
    /// The period, dynamics and controls that each site writes; what a site with events needs.
    AsWritten,
}

/// What every command with several runs takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Runs {
    /// How sites are calculated; folders of finished runs are read as they are.
    #[arg(long, value_enum, default_value = "quasi-steady")]
    pub dynamics: Dynamics,

    /// Threads; the results are the same bits for any number.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,

    /// No progress: only the answer and errors.
    #[arg(short, long)]
    quiet: bool,
}

impl Runs {
    /// Takes up the threads and listens for Ctrl-C; progress is shown on a terminal that is not asked for JSON.
    pub fn board(&self, json: bool) -> Board {
        if let Some(threads) = self.threads {
            engine::study::use_threads(threads.max(1));
        }
        let terminal = !self.quiet && !json && std::io::stderr().is_terminal();
        Board::new(interrupt::listen(terminal), terminal)
    }
}

/// Reads a site for such runs: `settings` come last and win.
pub fn site(site: &Path, settings: &[(String, String)], dynamics: Dynamics) -> Result<Loaded, Vec<Problem>> {
    let problems = match load(site, &with_mode(site, settings, dynamics)?) {
        Ok(loaded) => return Ok(loaded),
        Err(problems) => problems,
    };
    // What is wrong only because the site is asked for in another way than it is written has a way out.
    if dynamics == Dynamics::AsWritten || load(site, settings).is_err() {
        return Err(problems);
    }
    let advised = problems.into_iter().map(|problem| {
        let help =
            "a year was asked for; --dynamics as-written takes period and dynamics as the site has them";
        Problem { help: Some(help.to_owned()), ..problem }
    });
    Err(advised.collect())
}

/// The settings of such a run.
pub fn with_mode(
    site: &Path,
    settings: &[(String, String)],
    dynamics: Dynamics,
) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let mut all: Vec<(String, String)> = Vec::new();
    let mut set = |path: &str, value: &str| all.push((path.to_owned(), value.to_owned()));
    let written = read(site, &[])?;
    let named = |path: &str| written.get(path).and_then(|node| node.name());
    match dynamics {
        Dynamics::AsWritten => {}
        Dynamics::Dynamic => {
            set("run.period", "Year");
            set("run.dynamics", "Dynamic");
            if named("run.controls") == Some("Ideal") {
                set("run.controls", "Continuous");
            }
        }
        Dynamics::QuasiSteady => {
            set("run.period", "Year");
            set("run.dynamics", "QuasiSteady");
            // What a quasi-steady step cannot have, see docs/guide/modes.md.
            if named("run.controls") == Some("Sampled") {
                set("run.controls", "Continuous");
            }
            if named("run.fidelity").is_some() {
                set("run.fidelity", "Lumped");
            }
            if named("run.method") == Some("Dopri5") {
                set("run.method", "Rodas3");
            }
        }
    }
    all.extend_from_slice(settings);
    Ok(all)
}

/// How far several runs are, on a line of a terminal; and whether the user asked to stop.
pub struct Board {
    interrupt: Interrupt,
    shown: bool,
    state: Mutex<State>,
}

struct State {
    last: Instant,
    /// Runs that are not at their end, each with its share.
    under_way: BTreeMap<usize, f64>,
    done: usize,
    what: String,
    of: Option<usize>,
}

impl Board {
    /// A board that shows itself where `shown`.
    pub fn new(interrupt: Interrupt, shown: bool) -> Board {
        let state = State {
            last: Instant::now(),
            under_way: BTreeMap::new(),
            done: 0,
            what: String::new(),
            of: None,
        };
        Board { interrupt, shown, state: Mutex::new(state) }
    }

    /// What is being done now, and in how many runs, where that is known.
    pub fn stage(&self, what: &str, of: Option<usize>) {
        if let Ok(mut state) = self.state.lock() {
            what.clone_into(&mut state.what);
            (state.of, state.done) = (of, 0);
            state.under_way.clear();
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown {
            output::progress("");
        }
    }
}

impl Watch for Board {
    fn stops(&self) -> bool {
        self.interrupt.asked()
    }

    fn progress(&self, run: usize, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        if share >= 1.0 {
            state.under_way.remove(&run);
            state.done += 1;
        } else {
            state.under_way.insert(run, share);
        }
        if !self.shown || state.last.elapsed() < Duration::from_millis(150) {
            return;
        }
        state.last = Instant::now();
        let line = match state.of {
            Some(of) => {
                let done = state.done as f64 + state.under_way.values().fold(0.0, |sum, share| sum + share);
                format!("{}: {:.0} % of {of} runs", state.what, 100.0 * done / of.max(1) as f64)
            }
            None => format!("{}: {} runs", state.what, state.done),
        };
        output::progress(&line);
    }
}
