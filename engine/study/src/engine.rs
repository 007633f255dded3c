//! The moving parts of a run: steps of the outside world, accepted steps of the integrator, discrete logic and
//! accounts in between.

mod apart;
mod beside;
mod integrate;
mod memory;
mod quasi_steady;
mod settle;

pub(crate) use integrate::STEPS_MOST;

use crate::account::{Accounts, known_inlets};
use crate::discrete::{Controllers, Switches};
use crate::dynamics::Dynamics;
use crate::events::{Events, Place, World};
use crate::forcing::Forcing;
use crate::hall::Hall;
use crate::limits::Limits;
use crate::notes::Notes;
use crate::plans::{Compiled, Plans};
use crate::run::{Frame, Integrator, Moment, Next, Observer, Options, Outcome, Statistics, Stopped};
use crate::state::{Archive, State};
use crate::tracing::Tracing;
use crate::trajectory::{Kept, Trajectory};
use beside::Seat;
pub(crate) use beside::run_beside;
use plant::plant::Plant;
use quasi_steady::QuasiSteady;
use solver::blocks::{Lane, WIDTH};
use solver::implicit::ready;
use solver::{Failure, ImplicitEuler, Method, Stepper};
use std::io::Read;

/// A meter's error matters to the explicit method as a share of this [J or kg].
const METER_SCALE: f64 = 1e9;
/// No part of a datacenter is this hot [K]: what stands above has run away.
const RUNAWAY: f64 = 473.15;
/// An actuator that is solved for acts no faster than this [s], the scan time of a programmable controller.
const SCAN: f64 = 1.0;

/// The moving parts of a run.
pub(crate) struct Engine<'a> {
    plant: &'a Plant,
    forcing: &'a dyn Forcing,
    options: &'a Options,
    plans: &'a Plans,
    dynamics: Dynamics,
    stepper: Stepper,
    /// Racks that are carried apart; `dynamics` is then the core they hang on, and their stepper takes the steps.
    hall: Option<Hall>,
    /// In place of the stepper where positions are solved for.
    implicit: Option<ImplicitEuler>,
    quasi_steady: Option<QuasiSteady>,
    /// Where other runs are evaluated together with this one.
    seat: Option<Seat>,
    /// Steps of the outside world that are done.
    step: u64,
    time: f64,
    y: Vec<f64>,
    before: Vec<f64>,
    rates: Vec<f64>,
    /// Whether the network's values and the rates are those of `time` and `y` as they stand, outside world included.
    evaluated: bool,
    controllers: Controllers,
    switches: Switches,
    events: Events,
    notes: Notes,
    accounts: Accounts,
    limits: Limits,
    tracing: Tracing,
    trajectory: Trajectory,
    explicit_scales: Vec<f64>,
    explicit: u64,
    explicit_steps: u64,
}

impl<'a> Engine<'a> {
    pub fn new(
        plant: &'a Plant,
        compiled: Compiled,
        forcing: &'a dyn Forcing,
        options: &'a Options,
        plans: &'a Plans,
    ) -> Result<Self, Stopped> {
        let Compiled { network, orders } = compiled;
        let name = network.core.names().first().cloned().unwrap_or_default();
        let malformed =
            &|error: solver::Malformed| Stopped::Start { row: name.clone(), reason: error.to_string() };
        let method = match options.integrator {
            Integrator::Rodas4 => Method::Rodas4,
            _ => Method::Rodas3,
        };
        let watched = !forcing.events().is_empty();
        let (dynamics, hall) = if network.classes.is_empty() {
            let dynamics = match orders {
                Some(orders) => Dynamics::with_orders(network.core, orders, options.tolerance),
                None => Dynamics::new(network.core, options.tolerance).map_err(malformed)?,
            };
            (dynamics, None)
        } else {
            let parts = Hall::new(
                plant,
                network,
                options.tolerance,
                method,
                (options.threads, options.precision),
                (watched, &options.details),
            );
            let (core, hall) = parts.map_err(malformed)?;
            (core, Some(hall))
        };
        let network = &dynamics.network;
        let y = network.initial().to_vec();
        let racks = hall.as_ref().map_or(&[][..], |hall| &hall.racks);
        let scale = |&scale: &f64| if scale > 0.0 { scale } else { METER_SCALE };
        let constraints: Vec<u32> = network.ideal().iter().map(|ideal| ideal.row).collect();
        let implicit = options.ideal.then(|| {
            let mut euler = ImplicitEuler::new(&dynamics, &constraints)?;
            euler.step_least = SCAN;
            Ok(euler)
        });
        let quasi_steady =
            options.quasi_steady.then(|| QuasiSteady::new(&dynamics, &constraints, options.tolerance));
        let columns = hall.as_ref().map(|hall| hall.members.probes());
        let accounts = Accounts::new(plant, network);
        let inlets = accounts.inlet_slots();
        let events = Events::new(plant, network, racks, forcing, options.start, inlets);
        let limits = Limits::new(plant, network, &known_inlets(plant, network), &options.limits);
        Ok(Engine {
            plant,
            forcing,
            options,
            plans,
            limits,
            step: 0,
            time: options.start,
            before: y.clone(),
            rates: vec![0.0; y.len()],
            evaluated: false,
            y,
            controllers: Controllers::new(plant, network),
            switches: Switches::new(network),
            notes: Notes::new(plant, network).with_racks(plant, racks),
            accounts,
            tracing: Tracing::new(plant, network),
            trajectory: Trajectory::new(network, columns, options),
            explicit_scales: network.scales().iter().map(scale).collect(),
            stepper: Stepper::new(&dynamics, method),
            implicit: implicit.transpose().map_err(malformed)?,
            quasi_steady: quasi_steady.transpose().map_err(malformed)?,
            seat: None,
            dynamics,
            events,
            hall,
            explicit: 0,
            explicit_steps: 0,
        })
    }

    /// Sets the outside world for a step; tells whether something jumped.
    fn force(&mut self, to: f64) -> Result<bool, Stopped> {
        let from = self.time;
        self.evaluated = false;
        let [start, end] = self.forcing.over(from, to).map_err(Stopped::Weather)?;
        let network = &mut self.dynamics.network;
        let span = (to - from).max(f64::MIN_POSITIVE);
        let mut jumped = false;
        for k in 0..network.outdoor().len() {
            let (slot, what) = network.outdoor()[k];
            let (value, last) = (start.get(what), end.get(what));
            network.set_outside(slot, value, (last - value) / span);
        }
        for k in 0..network.signals().len() {
            let (slot, series) = network.signals()[k];
            let value = self.events.signal(series, self.forcing.signal(series, from, to));
            let old = network.outside(slot);
            jumped |= (value - old).abs() > 1e-9 * value.abs().max(old.abs()).max(1e-9);
            network.set_outside(slot, value, 0.0);
        }
        network.set_origin(from);
        if let Some(hall) = &mut self.hall {
            let apart = self.events.loaded_apart();
            let signal = |series| self.events.signal(series, self.forcing.signal(series, from, to));
            jumped |= hall.force(signal, &apart);
        }
        Ok(jumped)
    }

    fn evaluate(&mut self) {
        let Engine { dynamics, hall, accounts, time, y, rates, .. } = self;
        match hall {
            None => dynamics.network.rates(*time, y, rates),
            Some(hall) => hall.evaluate(dynamics, *time, y, |members, reached| {
                rates.copy_from_slice(reached.rates);
                accounts.junctions(members.junctions(&reached));
            }),
        }
    }

    /// As [`evaluate`](Self::evaluate), where the last step has not left just these values.
    fn evaluate_anew(&mut self) {
        if !self.evaluated {
            self.evaluate();
        }
    }

    /// Forgets the history of steps: what follows begins anew.
    fn restart(&mut self) {
        self.stepper.restart();
        if let Some(hall) = &mut self.hall {
            hall.stepper.restart();
        }
    }

    /// Inputs jumped, and jumps of this kind recur.
    fn note_jump(&mut self) {
        self.stepper.note_jump();
        if let Some(hall) = &mut self.hall {
            hall.stepper.note_jump();
        }
        if let Some(implicit) = &mut self.implicit {
            implicit.restart();
        }
    }

    fn kept(&self) -> Kept {
        self.hall.as_ref().map(Hall::kept).unwrap_or_default()
    }

    /// Records the columns, all being evaluated.
    fn record(&mut self) {
        let kept = self.kept();
        let Engine { dynamics, hall, trajectory, time, y, .. } = self;
        if let Some(hall) = hall {
            hall.record(dynamics, *time, y);
        }
        let racks = hall.as_ref().map_or(&[][..], |hall| hall.members.recorded());
        trajectory.record(*time, dynamics.network.values(), racks, kept);
    }

    /// Settles, opens the accounts and records the start.
    pub fn start(&mut self) -> Result<(), Stopped> {
        self.settle()?;
        self.evaluate();
        self.accounts.begin(&self.dynamics.network, &self.y, self.kept());
        self.see_limits();
        self.tracing.begin(&self.y);
        self.record();
        Ok(())
    }

    /// The limits of temperatures see where the run starts.
    fn see_limits(&mut self) {
        if self.limits.is_empty() {
            return;
        }
        let Engine { dynamics, hall, limits, time, y, .. } = self;
        let apart: Vec<(usize, f64)> = match hall {
            None => Vec::new(),
            Some(hall) => {
                hall.evaluate(dynamics, *time, y, |members, reached| members.hottest(&reached).collect())
            }
        };
        limits.see(dynamics.network.values(), apart.into_iter(), *time, *time);
    }

    /// Goes to the end and closes the accounts.
    pub fn whole(mut self, observer: &mut dyn Observer) -> Result<Outcome, Stopped> {
        let (component, run) = (String::from("the run"), ready(self.run_by_turns(observer)));
        run.unwrap_or_else(|waits| {
            let (time, reason) = (self.time, waits.to_string());
            Err(Stopped::Integration { time, component, reason })
        })?;
        self.finish()
    }

    /// From the step after the last one that is done to the end. It waits for its turn where it has a seat.
    pub async fn run_by_turns(&mut self, observer: &mut dyn Observer) -> Result<(), Stopped> {
        let steps = steps(self.options);
        let per_output = per_output(self.options);
        for step in self.step + 1..=steps {
            let until = end_of(self.options, step);
            if self.force(until)? {
                self.note_jump();
            }
            self.advance(until, observer).await?;
            if step % per_output == 0 || step == steps {
                match &self.seat {
                    Some(seat) => {
                        let Engine { dynamics, y, rates, time, .. } = self;
                        seat.evaluate(&mut dynamics.network, *time, y, rates).await;
                    }
                    None => self.evaluate_anew(),
                }
                self.record();
                let kept = self.kept();
                self.tracing.interval(&mut self.y);
                let energies = self.accounts.interval(&self.dynamics.network, &mut self.y, kept);
                self.trajectory.record_meters(energies);
                let frame = Frame {
                    time: self.time,
                    progress: step as f64 / steps as f64,
                    probes: &self.trajectory.probes,
                    values: self.trajectory.last(),
                    interval: self.trajectory.last_interval(),
                    notes: &self.notes,
                };
                observer.frame(&frame);
            }
            self.step = step;
            if step == steps {
                break; // what is done needs not be stopped
            }
            let mut moment = Moment::new(self.time, step as f64 / steps as f64, self);
            let next = observer.after_step(&mut moment);
            if next == Next::Stop {
                return Err(Stopped::Cancelled { time: self.time });
            }
        }
        Ok(())
    }

    /// Takes the place of the run, stopped between two steps, that `source` was written by.
    ///
    /// # Errors
    /// [`Stopped::Unfit`]; the engine is then of no use.
    pub fn resume(&mut self, source: &mut dyn Read) -> Result<(), Stopped> {
        let archive = &mut Archive::from(source);
        let passed = self.pass(archive).and_then(|()| archive.end());
        passed.map_err(|unfit| Stopped::Unfit(unfit.to_string()))
    }

    /// Advances to `until`, stopping at controller samples.
    async fn advance(&mut self, until: f64, observer: &mut dyn Observer) -> Result<(), Stopped> {
        if self.quasi_steady.is_some() {
            return self.quasi_steady_step(until, observer).await;
        }
        while self.time < until {
            self.act();
            let (start, elapsed) = (self.options.start, self.time - self.options.start);
            let racks = self.hall.as_ref().map_or(f64::INFINITY, |hall| hall.members.next(elapsed));
            let next = self.controllers.next(self.time, start).min(self.events.next());
            let target = next.min(start + racks).min(until);
            match self.hall {
                None => self.integrate_under(target, observer)?,
                Some(_) => self.integrate_hall(target, observer)?,
            }
            let elapsed = self.time - start;
            let racks = self.hall.as_ref().is_some_and(|hall| hall.members.due(elapsed));
            if racks || self.controllers.due(self.time, start) {
                self.evaluate_anew();
                self.evaluated = false;
                let slots = self.dynamics.network.values().to_vec();
                let (events, plant) = (&self.events, self.plant);
                let held = |index: usize| events.holds(plant, index, None);
                let (network, time) = (&mut self.dynamics.network, self.time);
                let mut moved = self.controllers.sample(network, time, start, &slots, &held);
                if let Some(hall) = &mut self.hall {
                    let held = |index: usize, class: usize, member: usize| {
                        events.holds(plant, index, Some((class, member)))
                    };
                    moved |= hall.sample(&mut self.dynamics, (time, &self.y), elapsed, &held);
                }
                if moved {
                    self.note_jump();
                }
            }
        }
        Ok(())
    }

    /// Carries out the events that are due.
    fn act(&mut self) {
        if self.events.next() > self.time + 1e-9 {
            return;
        }
        self.evaluate();
        let slots = self.dynamics.network.values().to_vec();
        let beyond = match &mut self.hall {
            Some(hall) if !self.events.begun() => hall.beyond(&mut self.dynamics, self.time, &self.y, true),
            _ => Vec::new(),
        };
        let (plant, time) = (self.plant, self.time);
        if !self.in_world(|events, world| events.act(plant, world, &slots, time)) {
            return;
        }
        if self.events.begun() {
            self.events.begin_beyond(&beyond, time);
            self.in_world(|events, world| events.arm(world.racks));
        }
        self.note_jump();
        self.fail_at_once();
    }

    /// What something that moved overloads at once does not live a step. Each failure is one for good.
    fn fail_at_once(&mut self) {
        while self.events.begun() {
            self.evaluate();
            let slots = self.dynamics.network.values().to_vec();
            let shut = self.shut();
            if !self.events.would_move(&slots) && shut.is_empty() {
                return;
            }
            let (plant, time) = (self.plant, self.time);
            self.in_world(|events, world| events.fail(plant, world, &slots, &shut, time));
        }
    }

    /// Limits of racks that shut servers down now.
    fn shut(&mut self) -> Vec<Place> {
        let Engine { hall, dynamics, events, time, y, .. } = self;
        let Some(hall) = hall else { return Vec::new() };
        let beyond = hall.beyond(dynamics, *time, y, false).into_iter();
        beyond.filter(|&place| events.limits.shuts(place)).collect()
    }

    /// Lets events move the outside values.
    fn in_world<T>(&mut self, then: impl FnOnce(&mut Events, &mut World) -> T) -> T {
        let Engine { hall, dynamics, events, .. } = self;
        let network = &mut dynamics.network;
        match hall {
            None => then(events, &mut World { network, racks: &mut [], state: &|_, _, _| f64::NAN }),
            Some(Hall { racks, stepper, .. }) => {
                let state = |class: usize, member: usize, slot: u32| {
                    let of = |states: &[Lane]| states.get(slot as usize).map(|s| s.0[member % WIDTH]);
                    stepper.states(class, member / WIDTH, of).flatten().unwrap_or(f64::NAN)
                };
                then(events, &mut World { network, racks, state: &state })
            }
        }
    }

    /// Whether discrete logic that depends on the state wants to move.
    fn would_move(&self, time: f64) -> bool {
        let slots = self.dynamics.network.values();
        self.switches.would_move(slots, time) || self.events.would_move(slots)
    }

    /// What a failure of the integrator means here: which row it concerns, and how hot it got.
    fn stopped(&self, failure: &Failure) -> Stopped {
        let names = self.dynamics.network.names();
        let named = |row: usize| names.get(row).cloned().unwrap_or_default();
        let component = match failure {
            Failure::NotFinite { row, .. }
            | Failure::Singular { row, .. }
            | Failure::NotSteady { row, .. } => named(*row),
            Failure::TooManySteps { .. } => self.fastest().map(named).unwrap_or_default(),
            Failure::StepTooSmall { tile, .. } => {
                let tiles = self.dynamics.network.tiles();
                tiles.iter().position(|t| t == tile).map(named).unwrap_or_default()
            }
            _ => "the whole site".into(),
        };
        let temperatures = self.dynamics.network.temperatures(&self.y);
        match temperatures.max_by(|a, b| a.1.total_cmp(&b.1)) {
            Some((row, kelvin)) if kelvin > RUNAWAY => self.run_away(row, kelvin),
            _ => Stopped::Integration { time: self.time, component, reason: failure.to_string() },
        }
    }

    /// Why a run stops where a state stands at a temperature that nothing has.
    fn run_away(&self, row: usize, kelvin: f64) -> Stopped {
        let reason = if kelvin > RUNAWAY {
            format!(
                "it stands at {:.0} °C, the heat is not carried off: more cooling, fewer racks or less load is needed",
                kelvin - 273.15
            )
        } else {
            format!(
                "it stands at {kelvin:.0} K, which nothing can: what goes in and what is asked of it contradict each other"
            )
        };
        Stopped::Integration {
            time: self.time,
            component: self.dynamics.network.names()[row].clone(),
            reason,
        }
    }

    /// The state that changes fastest, measured in its scale.
    fn fastest(&self) -> Option<usize> {
        let weighted = self
            .rates
            .iter()
            .zip(solver::System::weights(&self.dynamics))
            .map(|(rate, weight)| (rate * weight).abs());
        weighted.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row)
    }

    pub fn finish(self) -> Result<Outcome, Stopped> {
        let closure = self.accounts.close(&self.dynamics.network, &self.y, self.kept(), &self.trajectory);
        for (what, relative) in [
            ("energy", closure.energy_relative),
            ("water", closure.water_relative),
            ("recomputed energy", closure.energy_recomputed),
        ] {
            if relative.is_nan() || relative.abs() > 1e-4 {
                return Err(Stopped::NotClosed { what, relative });
            }
        }
        let network = &self.dynamics.network;
        let work = self.stepper.statistics;
        let [implicit, rejected] = self.implicit.as_ref().map_or([0; 2], |implicit| implicit.steps);
        let whole = self.quasi_steady.as_ref().map(|q| q.newton.work).unwrap_or_default();
        let evaluations = self.implicit.as_ref().map_or(0, ImplicitEuler::evaluations);
        let statistics = match &self.hall {
            Some(hall) => hall.statistics(network),
            None => Statistics {
                states: network.states() as u64,
                rows: network.rows() as u64,
                steps: work.steps + self.explicit_steps + implicit + whole.solved,
                rejected: work.rejected + rejected + whole.given_up,
                evaluations: work.evaluations + self.explicit + evaluations + whole.evaluations,
                followed: self.quasi_steady.as_ref().map_or(0, |q| q.followed),
            },
        };
        let notes = self.notes.finish(&closure, self.time);
        let inside = self.hall.as_ref().map(|hall| hall.inside.clone());
        let of_hall = self.hall.as_ref().map_or(&[][..], |hall| &hall.racks);
        let events = self.events.record(self.plant, of_hall);
        let limits = self.limits.finish();
        let (racks, owned) = self.tracing.finish();
        Ok(Outcome {
            trajectory: self.trajectory,
            accounts: self.accounts,
            racks,
            owned,
            notes,
            closure,
            statistics,
            events,
            limits,
            inside,
        })
    }
}

/// Number of steps of the outside world.
fn steps(options: &Options) -> u64 {
    (options.length / options.step).ceil() as u64
}

/// Number of steps to an output interval.
fn per_output(options: &Options) -> u64 {
    (options.output_every / options.step).round().max(1.0) as u64
}

/// When a step of the outside world ends [s].
fn end_of(options: &Options, step: u64) -> f64 {
    (options.start + step as f64 * options.step).min(options.start + options.length)
}
