//! Runs beside each other: up to eight whose plants differ in numbers only, one in each lane.
//!
//! Each run is written as if it were alone. Where a quasi-steady step wants its network evaluated, the run waits; once
//! all of them wait, one evaluation serves them all. They need not be at the same time of the year, nor at the same
//! iteration. What a run comes to does not depend on its neighbours, bit by bit.

use super::Engine;
use crate::dynamics::Dynamics;
use crate::run::{Observer, Outcome, Stopped};
use plant::network::{LaneNetwork, Network};
use real::Real;
use solver::System;
use solver::blocks::{Lane, WIDTH};
use solver::implicit::{Evaluator, Kept, LaneCorrections, Step};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Runs that are evaluated together, a lane for each.
#[derive(Debug)]
struct Group {
    network: LaneNetwork,
    rates: Vec<Lane>,
    corrections: LaneCorrections<WIDTH>,
    /// Who waits for an evaluation, and whether anybody does for a correction.
    asked: [bool; WIDTH],
    correct: bool,
}

impl Group {
    /// Of engines in quasi-steady steps whose networks are alike.
    fn of(engines: &[(Engine, &mut dyn Observer)]) -> Option<Group> {
        let networks: Vec<&Network> = engines.iter().map(|(engine, _)| &engine.dynamics.network).collect();
        let (first, _) = engines.first()?;
        Some(Group {
            network: LaneNetwork::new(&networks)?,
            rates: vec![Lane::number(0.0); first.y.len()],
            corrections: LaneCorrections::new(&first.quasi_steady.as_ref()?.newton),
            asked: [false; WIDTH],
            correct: false,
        })
    }

    fn ask(&mut self, lane: usize, network: &Network, t: f64, y: &[f64]) {
        self.network.fill(lane, network, t, y);
        self.asked[lane] = true;
    }

    /// Does what is asked for.
    fn answer(&mut self) {
        self.network.rates(self.asked, &mut self.rates);
        if self.correct {
            self.corrections.solve(self.network.states(), &self.rates);
        }
        (self.asked, self.correct) = ([false; WIDTH], false);
    }

    /// Gives a lane what its own network would have after the last evaluation.
    fn give(&self, lane: usize, network: &mut Network, rates: &mut [f64]) {
        self.network.give(lane, network);
        for (into, from) in rates.iter_mut().zip(&self.rates) {
            *into = from.0[lane];
        }
    }
}

/// The place of a run in a group.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    group: Rc<RefCell<Group>>,
    lane: usize,
}

impl Seat {
    /// As [`Network::rates`].
    pub async fn evaluate(&self, network: &mut Network, t: f64, y: &[f64], rates: &mut [f64]) {
        self.group.borrow_mut().ask(self.lane, network, t, y);
        turn().await;
        self.group.borrow().give(self.lane, network, rates);
    }
}

impl Evaluator<Dynamics> for Seat {
    fn begin(&mut self, system: &Dynamics, step: &Step) {
        self.group.borrow_mut().corrections.begin(self.lane, step, system.weights());
    }

    async fn correct(&mut self, system: &mut Dynamics, kept: Kept<'_>) -> f64 {
        {
            let group = &mut *self.group.borrow_mut();
            group.ask(self.lane, &system.network, kept.step.end, kept.y);
            group.correct = true;
            group.corrections.load(self.lane, &kept);
        }
        turn().await;
        self.group.borrow().corrections.give(self.lane, kept.right)
    }

    fn end(&mut self, system: &mut Dynamics, rates: &mut [f64]) {
        self.group.borrow().give(self.lane, &mut system.network, rates);
    }
}

/// Waits for the next answer.
async fn turn() {
    let mut waited = false;
    poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// Runs engines whose networks [are alike](Network::is_like), at most [`WIDTH`] of them, each under its observer; tells
/// the outcome of each as it ends, with its number.
pub(crate) fn run_beside(
    engines: Vec<(Engine<'_>, &mut dyn Observer)>,
    ended: &mut dyn FnMut(usize, Result<Outcome, Stopped>),
) {
    let group = if engines.len() > 1 { Group::of(&engines) } else { None };
    let Some(group) = group.map(|group| Rc::new(RefCell::new(group))) else {
        for (lane, (engine, observer)) in engines.into_iter().enumerate() {
            ended(lane, engine.whole(observer));
        }
        return;
    };
    let seated = engines.into_iter().enumerate().map(|(lane, (mut engine, observer))| {
        engine.seat = Some(Seat { group: Rc::clone(&group), lane });
        Box::pin(async move {
            engine.run_by_turns(observer).await?;
            engine.finish()
        }) as Pin<Box<dyn Future<Output = _>>>
    });
    let mut runs: Vec<_> = seated.map(Some).collect();
    let mut context = Context::from_waker(Waker::noop());
    while runs.iter().any(Option::is_some) {
        for (lane, run) in runs.iter_mut().enumerate() {
            let polled = run.as_mut().map(|run| run.as_mut().poll(&mut context));
            if let Some(Poll::Ready(outcome)) = polled {
                *run = None;
                ended(lane, outcome);
            }
        }
        group.borrow_mut().answer();
    }
}
