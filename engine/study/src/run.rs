//! One run: from a plant and its outside world to a trajectory. What a caller says, sees and gets back; the
//! moving parts are in `engine`.
//!
//! A run advances in steps over which the outside world is linear (weather) or constant (workloads). Inside a step
//! the integrator chooses its own. Discrete logic acts between accepted steps and is landed in time.

use crate::account::{Accounts, Closure};
use crate::engine::{Engine, run_beside};
use crate::forcing::Forcing;
use crate::intervals::Interval;
use crate::notes::{Note, Notes};
use crate::plans::{Compiled, Plans};
use crate::state::{Archive, State, Unfit};
use crate::trajectory::Trajectory;
pub use plant::network::Fidelity;
use plant::network::{CompileOptions, Probe, TopologyError, expand};
use plant::plant::Plant;
pub use solver::blocks::Precision;
use solver::blocks::WIDTH;
use std::io::{self, Read, Write};

/// How to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Start [s from the start of the year].
    pub start: f64,
    /// Length [s].
    pub length: f64,
    /// Step of the outside world [s].
    pub step: f64,
    /// Interval of the written columns [s]; a multiple of `step`.
    pub output_every: f64,
    /// Controllers act at samples instead of being states.
    pub sampled: bool,
    /// Controllers hold their set-points: the positions of their actuators are solved for; not with `sampled`. Meant for
    /// `quasi_steady`; else implicit Euler with error control follows them, which suits only loops without much delay.
    pub ideal: bool,
    /// Each step of the outside world is taken whole, by implicit Euler; not with `sampled`.
    pub quasi_steady: bool,
    /// The integrator; not asked for where `ideal`.
    pub integrator: Integrator,
    /// Allowed error of a step as a share of each state's scale.
    pub tolerance: f64,
    /// What is carried apart. The explicit integrator knows [`Fidelity::Lumped`] only.
    pub fidelity: Fidelity,
    /// Whether racks that no event tells apart are carried once, where racks are carried apart.
    pub equal_together: bool,
    /// How what the stages of a step need of racks is kept, where they are carried apart.
    pub precision: Precision,
    /// Threads that share the work on racks that are carried apart. Results do not depend on it.
    pub threads: usize,
    /// Limits of temperatures that are watched.
    pub limits: Vec<crate::limits::Limit>,
    /// Racks of which every temperature is recorded, where they are carried apart.
    pub details: Vec<scenario::case::Detail>,
    /// Where no steady state is found to start from, a day of frozen weather is marched; else that ends the run.
    pub marches: bool,
}

/// Which method advances the states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrator {
    /// Rosenbrock, order 3.
    Rodas3,
    /// Rosenbrock, order 4.
    Rodas4,
    /// Explicit Dormand–Prince, as an independent check on runs of at most 48 h.
    Dopri5,
}

/// Longest run of the explicit method [s].
pub const DOPRI5_LONGEST: f64 = scenario::case::EXPLICIT_LONGEST_S;

/// Watches a run and may stop it.
pub trait Observer {
    /// Called after every output interval.
    fn frame(&mut self, _frame: &Frame) {}
    /// Asked after every step but the last. Here the whole run can be written, to go on from later.
    fn after_step(&mut self, _moment: &mut Moment) -> Next {
        Next::GoOn
    }
    /// Asked within a step, after each step of the integrator: whether the run ends at once, [`Stopped::Cancelled`].
    /// Nothing can be written there to go on from.
    fn gives_up(&mut self) -> bool {
        false
    }
}

/// What is to happen after a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Next {
    /// The next step.
    #[default]
    GoOn,
    /// [`Stopped::Cancelled`].
    Stop,
}

/// A run between two steps.
pub struct Moment<'a> {
    /// Time [s from the start of the year].
    pub time: f64,
    /// Share of the run that is done.
    pub progress: f64,
    whole: &'a mut dyn State,
}

impl<'a> Moment<'a> {
    pub(crate) fn new(time: f64, progress: f64, whole: &'a mut dyn State) -> Self {
        Moment { time, progress, whole }
    }

    /// Writes the whole state of the run, in many small pieces. What [`Run::resume`] makes of it is, bit by bit, what
    /// the run would have become.
    ///
    /// # Errors
    /// Those of `sink`. The run is not touched.
    pub fn write(&mut self, sink: &mut dyn Write) -> io::Result<()> {
        self.whole.pass(&mut Archive::to(sink)).map_err(|unfit| match unfit {
            Unfit::Io(error) => error,
            other => io::Error::other(other.to_string()),
        })
    }
}

impl std::fmt::Debug for Moment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Moment { time, progress, whole: _ } = self;
        f.debug_struct("Moment").field("time", time).field("progress", progress).finish_non_exhaustive()
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;
impl Observer for Unobserved {}

/// What an observer sees.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Time [s from the start of the year].
    pub time: f64,
    /// Share of the run that is done.
    pub progress: f64,
    /// What the values are: those of [`Trajectory::probes`].
    pub probes: &'a [Probe],
    /// Values of the probes, SI.
    pub values: &'a [f64],
    /// What flowed since the frame before.
    pub interval: Interval,
    /// Notes so far.
    pub notes: &'a Notes,
}

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Stopped {
    /// The plant does not form a network.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Topology(Vec<TopologyError>),
    /// The method cannot run this long.
    #[error(
        "Dopri5 checks runs of at most 48 h, this one is {hours:.0} h long: use Rodas3, or a shorter period"
    )]
    TooLong {
        /// Length asked for [h].
        hours: f64,
    },
    /// The weather does not cover the period.
    #[error("{0}")]
    Weather(String),
    /// No steady state to start from.
    #[error("no steady state to start from: {row} does not settle ({reason})")]
    Start {
        /// The row that moves.
        row: String,
        /// The solver's words.
        reason: String,
    },
    /// The integration failed.
    #[error("stopped at {} by {component}: {reason}", crate::notes::clock(*time))]
    Integration {
        /// Time [s].
        time: f64,
        /// The row or tile concerned.
        component: String,
        /// The solver's words.
        reason: String,
    },
    /// A mass flow reversed.
    #[error("stopped at {}: the flow through {passage} reversed", crate::notes::clock(*time))]
    Reversed {
        /// Time [s].
        time: f64,
        /// The passage.
        passage: String,
    },
    /// Energy or water did not close.
    #[error(
        "the {what} balance misses by {relative:.1e} of its throughput (limit 1e-4): no results are given"
    )]
    NotClosed {
        /// Energy or water.
        what: &'static str,
        /// Residual over throughput.
        relative: f64,
    },
    /// What was to be gone on from is not of this run, or damaged.
    #[error("there is nothing to go on from: {0}")]
    Unfit(String),
    /// The observer stopped it.
    #[error("cancelled at {}", crate::notes::clock(*time))]
    Cancelled {
        /// Time [s].
        time: f64,
    },
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Outcome {
    /// Columns over time.
    pub trajectory: Trajectory,
    /// Totals.
    pub accounts: Accounts,
    /// What the racks of each group own of them.
    pub racks: Vec<crate::tracing::Account>,
    /// Electricity that each group owned in each output interval, group by group [J].
    pub owned: Vec<f64>,
    /// What was outside its range, and when.
    pub notes: Vec<Note>,
    /// How well the balances close.
    pub closure: Closure,
    /// Work done.
    pub statistics: Statistics,
    /// What happened, and how long it took to reach each limit.
    pub events: crate::events::Record,
    /// What was seen of the limits of [`Options::limits`], in their order.
    pub limits: Vec<crate::limits::Seen>,
    /// Temperatures within racks that were carried apart.
    pub inside: Option<crate::inside::Inside>,
}

/// Work done by the integrator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// States of the network, meters included.
    pub states: u64,
    /// Rows of the network.
    pub rows: u64,
    /// Accepted steps.
    pub steps: u64,
    /// Rejected steps.
    pub rejected: u64,
    /// Evaluations of the rates.
    pub evaluations: u64,
    /// Quasi-steady steps that were followed dynamically.
    pub followed: u64,
}

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Run;

impl Run {
    /// Runs to the end.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn start(
        plant: &Plant,
        forcing: &dyn Forcing,
        options: &Options,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Stopped> {
        Self::start_by(&Plans::default(), plant, forcing, options, observer)
    }

    /// As [`start`](Run::start), with plans that it shares with other runs.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn start_by(
        plans: &Plans,
        plant: &Plant,
        forcing: &dyn Forcing,
        options: &Options,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Stopped> {
        Self::from(plans, plant, forcing, options, None, observer)
    }

    /// Runs to the end from where the run of the same plant, outside world and options stood when
    /// [`Moment::write`] wrote `source`. The outcome is that of an uninterrupted run, bit by bit.
    ///
    /// `source` is read in many small pieces. Another run or a damaged text is refused; that the outside world is
    /// the same is for the caller to see to.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub fn resume(
        plant: &Plant,
        forcing: &dyn Forcing,
        options: &Options,
        source: &mut dyn Read,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Stopped> {
        Self::from(&Plans::default(), plant, forcing, options, Some(source), observer)
    }

    fn from(
        plans: &Plans,
        plant: &Plant,
        forcing: &dyn Forcing,
        options: &Options,
        source: Option<&mut dyn Read>,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Stopped> {
        let plant = &expand(plant);
        let mut engine =
            Engine::new(plant, compiled(plant, forcing, options, plans)?, forcing, options, plans)?;
        match source {
            Some(source) => engine.resume(source)?,
            None => engine.start()?,
        }
        engine.whole(observer)
    }

    /// Several runs from their starts to their ends, each as if it were alone: its outcome is that of
    /// [`start`](Run::start), bit by bit. `ended` is told each, with the number of the member, as it is there.
    ///
    /// Those in quasi-steady steps whose plants differ in numbers only, not in what is joined to what, are evaluated
    /// eight at a time, which takes a fraction of the time that they take alone. Each such group is run by `guard`, which
    /// is told its members: who keeps panics apart then knows whom one concerns.
    ///
    /// # Errors
    /// Of each, see [`Stopped`].
    pub fn beside(
        plans: &Plans,
        members: Vec<Member>,
        guard: &mut Guard,
        ended: &mut dyn FnMut(usize, Result<Outcome, Stopped>),
    ) {
        let plants: Vec<Plant> = members.iter().map(|member| expand(member.plant)).collect();
        let mut groups: Vec<Vec<(usize, Member, Compiled)>> = Vec::new();
        for (k, member) in members.into_iter().enumerate() {
            let compiled = match compiled(&plants[k], member.forcing, member.options, plans) {
                Ok(compiled) => compiled,
                Err(stopped) => {
                    ended(k, Err(stopped));
                    continue;
                }
            };
            let (quasi_steady, network) = (member.options.quasi_steady, &compiled.network);
            let like = |group: &&mut Vec<(usize, Member, Compiled)>| {
                group.len() < WIDTH
                    && (group.first()).is_some_and(|(_, first, of)| {
                        first.options.quasi_steady
                            && of.network.classes.is_empty()
                            && of.network.core.is_like(&network.core)
                    })
            };
            let together = quasi_steady && network.classes.is_empty();
            match groups.iter_mut().find(like).filter(|_| together) {
                Some(group) => group.push((k, member, compiled)),
                None => groups.push(vec![(k, member, compiled)]),
            }
        }
        let mut run = |group: Vec<(usize, Member, Compiled)>| {
            let (mut numbers, mut engines) = (Vec::new(), Vec::new());
            for (k, Member { forcing, options, observer, .. }, compiled) in group {
                let engine = Engine::new(&plants[k], compiled, forcing, options, plans);
                match engine.and_then(|mut engine| engine.start().map(|()| engine)) {
                    Ok(engine) => {
                        numbers.push(k);
                        engines.push((engine, observer));
                    }
                    Err(stopped) => ended(k, Err(stopped)),
                }
            }
            run_beside(engines, &mut |lane, outcome| ended(numbers[lane], outcome));
        };
        for mut group in groups {
            let numbers: Vec<usize> = group.iter().map(|(k, ..)| *k).collect();
            guard(&numbers, &mut || run(std::mem::take(&mut group)));
        }
    }
}

/// Who runs a group of runs: told their numbers, and what runs them.
pub type Guard<'a> = dyn FnMut(&[usize], &mut dyn FnMut()) + 'a;

/// Runs a group, and a panic of it is the caller's.
pub fn unguarded(_members: &[usize], run: &mut dyn FnMut()) {
    run();
}

/// One of several runs.
pub struct Member<'a> {
    /// The plant.
    pub plant: &'a Plant,
    /// Its outside world.
    pub forcing: &'a dyn Forcing,
    /// How to run.
    pub options: &'a Options,
    /// Who watches.
    pub observer: &'a mut dyn Observer,
}

impl std::fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("options", self.options).finish_non_exhaustive()
    }
}

/// Compiles an expanded plant.
fn compiled(
    plant: &Plant,
    forcing: &dyn Forcing,
    options: &Options,
    plans: &Plans,
) -> Result<Compiled, Stopped> {
    if options.integrator == Integrator::Dopri5 && options.length > DOPRI5_LONGEST {
        return Err(Stopped::TooLong { hours: options.length / 3600.0 });
    }
    let (sampled, fidelity, ideal) = (options.sampled, options.fidelity, options.ideal);
    let apart = options.fidelity != Fidelity::Lumped && options.equal_together;
    let members = if apart { crate::events::told_apart(plant, forcing.events()) } else { Vec::new() };
    plans.compile(plant, CompileOptions { sampled, fidelity, ideal }, &members)
}
