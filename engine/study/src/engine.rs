//! The moving parts of a run: steps of the outside world, accepted steps of the integrator, discrete logic and
//! accounts in between.

mod quasi_steady;

use crate::account::{Accounts, known_inlets};
use crate::blocks::Racks;
use crate::discrete::{Controllers, Switches};
use crate::dynamics::Dynamics;
use crate::events::{Events, Place, World};
use crate::forcing::Forcing;
use crate::hall::Hall;
use crate::limits::Limits;
use crate::members::Members;
use crate::notes::Notes;
use crate::run::{Frame, Integrator, Moment, Next, Observer, Options, Outcome, Statistics, Stopped};
use crate::state::{Archive, State, Unfit};
use crate::tracing::Tracing;
use crate::trajectory::{Kept, Trajectory};
use plant::network::{CompileOptions, Fidelity, Network, PartedNetwork, compile};
use plant::plant::Plant;
use quasi_steady::QuasiSteady;
use solver::blocks::{Lane, Reached, Verdict, WIDTH};
use solver::{Failure, ImplicitEuler, Method, Stepper};
use std::collections::BTreeMap;
use std::io::Read;

/// A start is steady when no state moves by more than this of its allowed error per second.
const SETTLED_RATE: f64 = 1e-4;
/// A meter's error matters to the explicit method as a share of this [J or kg].
const METER_SCALE: f64 = 1e9;
/// A switch and the steady state it leads to must agree within this many rounds.
const SETTLING_ROUNDS: usize = 20;
/// No part of a datacenter is this hot [K]: what stands above has run away.
const RUNAWAY: f64 = 473.15;
/// How long the weather is frozen where no steady state is found [s].
const MARCH: f64 = 86_400.0;
/// A flow below this has reversed [kg/s].
const BACKWARDS: f64 = -1e-9;
/// An actuator that is solved for acts no faster than this [s], the scan time of a programmable controller.
const SCAN: f64 = 1.0;
/// Discrete logic is landed to this [s].
const EVENT_TOLERANCE: f64 = 1e-3;

/// The moving parts of a run.
pub(crate) struct Engine<'a> {
    plant: &'a Plant,
    forcing: &'a dyn Forcing,
    options: &'a Options,
    dynamics: Dynamics,
    stepper: Stepper,
    /// Racks that are carried apart; `dynamics` is then the core they hang on, and their stepper takes the steps.
    hall: Option<Hall>,
    /// In place of the stepper where positions are solved for.
    implicit: Option<ImplicitEuler>,
    quasi_steady: Option<QuasiSteady>,
    /// Steps of the outside world that are done.
    step: u64,
    time: f64,
    y: Vec<f64>,
    before: Vec<f64>,
    rates: Vec<f64>,
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
        network: PartedNetwork,
        forcing: &'a dyn Forcing,
        options: &'a Options,
    ) -> Result<Self, Stopped> {
        let name = network.core.names().first().cloned().unwrap_or_default();
        let malformed =
            &|error: solver::Malformed| Stopped::Start { row: name.clone(), reason: error.to_string() };
        let method = match options.integrator {
            Integrator::Rodas4 => Method::Rodas4,
            _ => Method::Rodas3,
        };
        let watched = !forcing.events().is_empty();
        let (dynamics, hall) = if network.classes.is_empty() {
            (Dynamics::new(network.core, options.tolerance).map_err(malformed)?, None)
        } else {
            let parts = Hall::new(
                plant,
                network,
                options.tolerance,
                method,
                options.threads,
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
            limits,
            step: 0,
            time: options.start,
            before: y.clone(),
            rates: vec![0.0; y.len()],
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
        let [start, end] = self.forcing.over(from, to).map_err(Stopped::Weather)?;
        let network = &mut self.dynamics.network;
        let span = (to - from).max(f64::MIN_POSITIVE);
        let mut jumped = false;
        for (slot, what) in network.outdoor().to_vec() {
            let (value, last) = (start.get(what), end.get(what));
            network.set_outside(slot, value, (last - value) / span);
        }
        for (slot, series) in network.signals().to_vec() {
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

    /// Finds the steady state at the start, with every switch and controller where it settles.
    pub fn settle(&mut self) -> Result<(), Stopped> {
        let first = self.options.start + self.options.step.min(self.options.length);
        self.force(first)?;
        if self.options.sampled || self.options.ideal || self.hall.is_some() {
            return self.settle_as_lumped();
        }
        let held = self.dynamics.network.held().to_vec();
        for _ in 0..SETTLING_ROUNDS {
            let (system, y) = (&mut self.dynamics, &mut self.y);
            if solver::steady::steady_state_at(system, self.time, y, &held, SETTLED_RATE).is_err() {
                self.march(&held)?;
                break;
            }
            self.evaluate();
            let slots = self.dynamics.network.values().to_vec();
            if !self.switches.settle(&mut self.dynamics.network, &slots) {
                break;
            }
        }
        self.restart();
        Ok(())
    }

    /// Sampled controllers, and actuators that are solved for, start where the continuous form settles, and racks that are carried apart where
    /// equal ones that are carried once do.
    fn settle_as_lumped(&mut self) -> Result<(), Stopped> {
        let options = Options {
            sampled: false,
            ideal: false,
            quasi_steady: false,
            fidelity: Fidelity::Lumped,
            ..self.options.clone()
        };
        let network = compile(self.plant, CompileOptions::default()).map_err(Stopped::Topology)?;
        let network = PartedNetwork { core: network, classes: Vec::new() };
        let mut lumped = Engine::new(self.plant, network, self.forcing, &options)?;
        lumped.settle()?;
        let names = &lumped.dynamics.network.names()[..lumped.y.len()];
        let places: BTreeMap<&str, usize> = names.iter().map(String::as_str).zip(0..).collect();
        let settled = |name: &str| places.get(name).map(|&k| lumped.y[k]);
        for (y, name) in self.y.iter_mut().zip(self.dynamics.network.names()) {
            *y = settled(name).unwrap_or(*y);
        }
        let position = |index: usize| {
            let control = &self.plant.loops[index];
            let unit = &self.plant.units[control.unit];
            let actuator = unit.kind.declaration().actuators[control.actuator].name;
            settled(&format!("{}.{actuator}", unit.id))
        };
        for ideal in self.dynamics.network.ideal() {
            let wanted = &mut self.y[ideal.row as usize];
            *wanted = position(ideal.index).unwrap_or(*wanted);
        }
        let sampled = self.dynamics.network.sampled().iter();
        let positions: Vec<f64> = sampled.map(|s| position(s.index).unwrap_or(s.rest)).collect();
        let on = |unit: usize, name: &str| lumped.switches.is_on(&lumped.dynamics.network, unit, name);
        self.controllers.preset(&mut self.dynamics.network, &positions, None);
        self.switches.adopt(&mut self.dynamics.network, on);
        if let Some(hall) = &mut self.hall {
            hall.deal(names, &lumped.y);
            hall.members.adopt(&mut hall.racks, on);
            hall.members.preset(&mut hall.racks, position);
        }
        self.evaluate();
        let slots = self.dynamics.network.values().to_vec();
        self.controllers.preset(&mut self.dynamics.network, &positions, Some(&slots));
        if let Some(hall) = &mut self.hall {
            hall.balance(&mut self.dynamics, self.time, &self.y);
        }
        self.restart();
        Ok(())
    }

    /// Where there is no steady state to be found (chips that throttle again and again), a day of frozen weather
    /// with all discrete logic leads to where the run may start.
    fn march(&mut self, held: &[bool]) -> Result<(), Stopped> {
        let (start, y) = (self.time, self.y.clone());
        let frozen: Vec<u32> = self.dynamics.network.outdoor().iter().map(|&(slot, _)| slot).collect();
        for slot in frozen {
            let value = self.dynamics.network.outside(slot);
            self.dynamics.network.set_outside(slot, value, 0.0);
        }
        let (notes, accounts, tracing) = (self.notes.clone(), self.accounts.clone(), self.tracing.clone());
        let limits = self.limits.clone();
        self.stepper.restart();
        self.integrate(start + MARCH)?;
        (self.notes, self.accounts, self.tracing, self.time) = (notes, accounts, tracing, start);
        self.limits = limits;
        for ((state, before), held) in self.y.iter_mut().zip(&y).zip(held) {
            if *held {
                *state = *before;
            }
        }
        self.switches.forget();
        let first = self.options.start + self.options.step.min(self.options.length);
        self.force(first)?;
        Ok(())
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

    /// Opens the accounts and records the start.
    pub fn begin(&mut self) {
        self.evaluate();
        self.accounts.begin(&self.dynamics.network, &self.y, self.kept());
        self.see_limits();
        self.tracing.begin(&self.y);
        self.record();
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

    /// From the step after the last one that is done to the end.
    pub fn run(&mut self, observer: &mut dyn Observer) -> Result<(), Stopped> {
        let steps = steps(self.options);
        let per_output = per_output(self.options);
        for step in self.step + 1..=steps {
            let until = end_of(self.options, step);
            if self.force(until)? {
                self.note_jump();
            }
            self.advance(until)?;
            if step % per_output == 0 || step == steps {
                self.evaluate();
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
    fn advance(&mut self, until: f64) -> Result<(), Stopped> {
        if self.quasi_steady.is_some() {
            return self.quasi_steady_step(until);
        }
        while self.time < until {
            self.act();
            let (start, elapsed) = (self.options.start, self.time - self.options.start);
            let racks = self.hall.as_ref().map_or(f64::INFINITY, |hall| hall.members.next(elapsed));
            let next = self.controllers.next(self.time, start).min(self.events.next());
            let target = next.min(start + racks).min(until);
            match self.hall {
                None => self.integrate(target)?,
                Some(_) => self.integrate_hall(target)?,
            }
            let elapsed = self.time - start;
            let racks = self.hall.as_ref().is_some_and(|hall| hall.members.due(elapsed));
            if racks || self.controllers.due(self.time, start) {
                self.evaluate();
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
        // What an event overloads at once does not live a step. Each failure is one for good.
        loop {
            self.evaluate();
            let slots = self.dynamics.network.values().to_vec();
            let shut = self.shut();
            if !self.events.would_move(&slots) && shut.is_empty() {
                return;
            }
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

    /// Locates the limits that were reached in a step from `from`, whose attempt ended at `end`.
    fn watch(&mut self, from: f64, end: f64) -> Result<(), Stopped> {
        let reached = self.events.thresholds.reached(self.dynamics.network.values());
        if reached.is_empty() {
            return Ok(());
        }
        let mut trial = self.y.clone();
        let mut thresholds = self.events.thresholds.clone();
        let time = self.time;
        for watch in reached {
            let mut failed = None;
            thresholds.locate(watch, (from, time), &mut |at| {
                failed = failed.take().or(self.interpolate(from, end, at, &mut trial).err());
                self.dynamics.network.rates(at, &trial, &mut self.rates);
                self.dynamics.network.values().to_vec()
            });
            failed.map_or(Ok(()), Err)?;
        }
        self.events.thresholds = thresholds;
        self.evaluate();
        Ok(())
    }

    /// Integrates to `target`, with checks and discrete logic after every accepted step.
    fn integrate(&mut self, target: f64) -> Result<(), Stopped> {
        while self.time < target {
            let from = self.time;
            self.before.copy_from_slice(&self.y);
            let advanced = if let Some(implicit) = &mut self.implicit {
                implicit.advance(&mut self.dynamics, &mut self.time, &mut self.y, target)
            } else if self.options.integrator == Integrator::Dopri5 {
                self.explicit_step(target)
            } else {
                let (time, y) = (&mut self.time, &mut self.y);
                self.stepper.advance(&mut self.dynamics, time, y, target, &mut |_| solver::Control::Stop)
            };
            if let Err(failure) = advanced {
                return Err(self.stopped(&failure));
            }
            self.evaluate();
            let end = self.time;
            let moves = self.would_move(end);
            if moves {
                self.land(from)?;
            }
            self.watch(from, end)?;
            if moves {
                let slots = self.dynamics.network.values().to_vec();
                self.switches.apply(&mut self.dynamics.network, &slots, self.time);
                if self.events.would_move(&slots) {
                    let (plant, time) = (self.plant, self.time);
                    self.in_world(|events, world| events.fail(plant, world, &slots, &[], time));
                }
                self.note_jump();
            }
            self.accepted(from)?;
        }
        Ok(())
    }

    /// Checks and accounts of the time since `from`, with what was last evaluated.
    fn accepted(&mut self, from: f64) -> Result<(), Stopped> {
        let network = &self.dynamics.network;
        if let Some(passage) = reversed(network) {
            return Err(Stopped::Reversed { time: self.time, passage });
        }
        self.notes.check(network, self.events.out(), from, self.time);
        let held_back = self.switches.held_back(network.values(), self.time);
        self.notes.check_chatter(held_back, from, self.time);
        self.accounts.step(network, &self.rates, from, self.time);
        self.limits.see(network.values(), std::iter::empty(), from, self.time);
        Ok(())
    }

    /// As [`Engine::integrate`], where racks are carried apart.
    fn integrate_hall(&mut self, target: f64) -> Result<(), Stopped> {
        // While the instant of a move is sought: a time by which it has come.
        let mut latest: Option<f64> = None;
        while self.time < target {
            latest = latest.filter(|&latest| latest > self.time);
            let until = match latest {
                Some(latest) if latest - self.time <= EVENT_TOLERANCE => latest,
                Some(latest) => 0.5 * (self.time + latest),
                None => target,
            };
            let Engine { dynamics, hall, time, y, switches, events, notes, accounts, limits, .. } = self;
            let Some(Hall { racks, stepper, members, .. }) = hall else { return Ok(()) };
            let mut halt: Option<Halt> = None;
            let mut after = |core: &mut Dynamics, reached: Reached| {
                let network = &core.network;
                let slots = network.values();
                let moves = switches.would_move(slots, reached.time) || members.may_move(racks, &reached);
                let crosses = !events.thresholds.reached(slots).is_empty() || members.beyond(racks, &reached);
                if moves || crosses || events.would_move(slots) {
                    halt = Some(Halt::MayMove { from: reached.from });
                } else if let Some(passage) = reversed(network).or_else(|| reversed_in(racks, &reached)) {
                    halt = Some(Halt::Reversed { passage });
                } else {
                    see(network, members, &reached, events.out(), (notes, accounts, limits));
                    return Verdict::Continue;
                }
                Verdict::Stop
            };
            if let Err(failure) = stepper.advance(dynamics, racks, time, y, until, &mut after) {
                return Err(self.stopped(&failure));
            }
            match halt {
                None => {}
                Some(Halt::Reversed { passage }) => {
                    return Err(Stopped::Reversed { time: self.time, passage });
                }
                Some(Halt::MayMove { from }) => {
                    let reached = self.time;
                    latest = (!self.move_or_go_back(from)).then_some(reached);
                }
            }
        }
        Ok(())
    }

    /// Where a switch may move at the end of a step: moves what does, or goes back to the start of the step if that
    /// is too far away for this to be the instant. Tells whether the step stands; limits are then located in it.
    fn move_or_go_back(&mut self, from: f64) -> bool {
        let shut = self.shut();
        let Engine { dynamics, hall, time, y, switches, events, notes, accounts, limits, .. } = self;
        let Some(hall) = hall else { return true };
        let racks = hall.moving(dynamics, *time, y);
        let slots = dynamics.network.values();
        let (core, fails) = (switches.would_move(slots, *time), events.would_move(slots) || !shut.is_empty());
        let moves = core || fails || !racks.is_empty();
        if moves && *time - from > EVENT_TOLERANCE && hall.stepper.back(time, y) {
            return false;
        }
        hall.locate(dynamics, events, *time, y);
        let lists = hall.evaluate(dynamics, *time, y, |_, reached| {
            (reached.rates.to_vec(), reached.low.to_vec(), reached.high.to_vec())
        });
        let (rates, low, high) = &lists;
        let reached = Reached { from, time: *time, y, rates, low, high };
        see(&dynamics.network, &hall.members, &reached, events.out(), (notes, accounts, limits));
        let slots = dynamics.network.values().to_vec();
        if core {
            switches.apply(&mut dynamics.network, &slots, *time);
        }
        for moved in racks {
            hall.members.flip(&mut hall.racks, moved, *time);
        }
        events.arm(&mut hall.racks);
        if fails {
            let (plant, time) = (self.plant, self.time);
            self.in_world(|events, world| events.fail(plant, world, &slots, &shut, time));
        }
        if moves {
            self.note_jump();
        }
        true
    }

    fn explicit_step(&mut self, target: f64) -> Result<(), Failure> {
        let statistics = solver::dopri5::advance_scaled(
            &mut self.dynamics,
            &mut self.time,
            &mut self.y,
            target,
            self.options.tolerance,
            &self.explicit_scales,
        )?;
        self.explicit += statistics.evaluations;
        self.explicit_steps += statistics.steps;
        Ok(())
    }

    /// Moves back to the first instant at which a switch wants to move.
    fn land(&mut self, from: f64) -> Result<(), Stopped> {
        if self.options.integrator == Integrator::Dopri5 {
            return Ok(()); // the explicit check lands on the end of its segment
        }
        let end = self.time;
        let (mut low, mut high) = (from, end);
        let mut trial = self.y.clone();
        while high - low > EVENT_TOLERANCE {
            let middle = 0.5 * (low + high);
            self.interpolate(from, end, middle, &mut trial)?;
            self.dynamics.network.rates(middle, &trial, &mut self.rates);
            if self.would_move(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        if high < end {
            self.interpolate(from, end, high, &mut trial)?;
            self.y.copy_from_slice(&trial);
            self.time = high;
        }
        self.evaluate();
        Ok(())
    }

    fn interpolate(&self, from: f64, end: f64, at: f64, y: &mut [f64]) -> Result<(), Stopped> {
        if let Some(implicit) = &self.implicit {
            implicit.at((from, &self.before), end, at, y);
            return Ok(());
        }
        let step = self.stepper.attempted(from, end - from, &self.before);
        step.map(|step| step.at(at, y)).map_err(|error| Stopped::Integration {
            time: from,
            component: String::new(),
            reason: error.to_string(),
        })
    }

    /// What a failure of the integrator means here: which row it concerns, and how hot it got.
    fn stopped(&self, failure: &Failure) -> Stopped {
        let names = self.dynamics.network.names();
        let named = |row: usize| names.get(row).cloned().unwrap_or_default();
        let component = match failure {
            Failure::NotFinite { row, .. } | Failure::Singular { row, .. } => named(*row),
            Failure::StepTooSmall { tile, .. } => {
                let tiles = self.dynamics.network.tiles();
                tiles.iter().position(|t| t == tile).map(named).unwrap_or_default()
            }
            _ => "the whole site".into(),
        };
        let hottest = self.dynamics.network.hottest(&self.y).map(|(row, kelvin)| (named(row), kelvin));
        let (component, reason) = match hottest {
            Some((name, kelvin)) if kelvin > RUNAWAY => (
                name,
                format!(
                    "it stands at {:.0} °C, the heat is not carried off: more cooling, fewer racks or less load is needed",
                    kelvin - 273.15
                ),
            ),
            _ => (component, failure.to_string()),
        };
        Stopped::Integration { time: self.time, component, reason }
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

/// Why the racks were not advanced further.
enum Halt {
    /// A switch stands against its rule, or a limit is reached, at the end of a step that began then.
    MayMove { from: f64 },
    /// A flow reversed.
    Reversed { passage: String },
}

/// The checks of an accepted step.
fn see(
    core: &Network,
    members: &Members,
    reached: &Reached,
    out: &[bool],
    (notes, accounts, limits): (&mut Notes, &mut Accounts, &mut Limits),
) {
    notes.check(core, out, reached.from, reached.time);
    notes.check_racks(core, members, reached, out);
    accounts.junctions(members.junctions(reached));
    accounts.step(core, reached.rates, reached.from, reached.time);
    limits.see(core.values(), members.hottest(reached), reached.from, reached.time);
}

/// A passage whose flow is negative.
fn reversed(network: &Network) -> Option<String> {
    let slots = network.values();
    let found = network.flows().iter().find(|(slot, _)| slots[*slot as usize] < BACKWARDS);
    found.map(|(_, passage)| passage.clone())
}

/// A passage of a rack whose flow is negative.
fn reversed_in(racks: &[Racks], reached: &Reached) -> Option<String> {
    racks.iter().zip(reached.low).find_map(|(racks, low)| {
        let found = racks.class.flows().iter().find(|flow| low[flow.watch] < BACKWARDS);
        found.map(|flow| flow.name.clone())
    })
}

/// What tells runs apart as far as the engine sees it: all options and every row.
fn identity(options: &Options, rows: &[String]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let options = Options { threads: 1, ..options.clone() };
    hasher.update(format!("{options:?}").as_bytes());
    for row in rows {
        hasher.update(row.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().into()
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

impl State for Engine<'_> {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        // Without `..`: whoever adds a part says here whether it remembers something. Working space does not.
        let Engine {
            plant: _,
            forcing: _,
            options,
            dynamics,
            stepper,
            hall,
            implicit,
            quasi_steady,
            step,
            time,
            y,
            before: _,
            rates: _,
            controllers,
            switches,
            events,
            notes,
            accounts,
            limits,
            tracing,
            trajectory,
            explicit_scales: _,
            explicit,
            explicit_steps,
        } = self;
        archive.same(&identity(options, dynamics.network.names()), Unfit::OtherRun)?;
        archive.part("clock", step)?;
        archive.part("states", y)?;
        archive.part("network", dynamics)?;
        archive.part("integrator", stepper)?;
        if let Some(hall) = hall {
            archive.part("hall", hall)?;
        }
        if let Some(implicit) = implicit {
            archive.part("implicit integrator", implicit)?;
        }
        if let Some(quasi_steady) = quasi_steady {
            archive.part("quasi-steady steps", quasi_steady)?;
        }
        archive.part("explicit integrator", &mut (&mut *explicit, &mut *explicit_steps))?;
        archive.part("switches", switches)?;
        archive.part("controllers", controllers)?;
        archive.part("events", events)?;
        if let Some(hall) = hall {
            events.arm(&mut hall.racks);
        }
        archive.part("notes", notes)?;
        archive.part("accounts", accounts)?;
        archive.part("limits", limits)?;
        archive.part("tracing", tracing)?;
        archive.part("trajectory", trajectory)?;
        if *step == 0
            || *step >= steps(options)
            || trajectory.intervals() as u64 != *step / per_output(options)
        {
            return Err(Unfit::Value("clock"));
        }
        *time = end_of(options, *step);
        Ok(())
    }
}
