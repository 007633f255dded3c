//! Where a run starts: at the steady state of its first moment, with every switch and controller where it settles.

use super::Engine;
use crate::notes::Unsteady;
use crate::run::{Fidelity, Options, Stopped};
use media::moist_air;
use plant::network::CompileOptions;
use std::collections::BTreeMap;

/// A start is steady when no state moves by more than this of its allowed error per second.
const SETTLED_RATE: f64 = 1e-4;
/// Rounds in which switches and the steady state that they lead to may come to agree; else the run starts as they stand after the last,
/// and a note says so.
const SETTLING_ROUNDS: usize = 20;
/// A humidity whose displacement outlasts this is determined by nothing that a start could know [s].
const UNDETERMINED: f64 = 86_400.0;
/// How far [`UNDETERMINED`] is looked for: what nothing ever changes lasts as long [s].
const HORIZON: f64 = 1e3 * UNDETERMINED;
/// How long the weather is frozen where no steady state is found [s].
const MARCH: f64 = 86_400.0;

/// States of a volume of air.
#[derive(Clone, Copy)]
struct Air {
    humidity: usize,
    enthalpy: usize,
}

impl Engine<'_> {
    /// Finds the steady state at the start, with every switch and controller where it settles.
    pub fn settle(&mut self) -> Result<(), Stopped> {
        let first = self.options.start + self.options.step.min(self.options.length);
        self.force(first)?;
        if self.options.sampled || self.options.ideal || self.hall.is_some() {
            return self.settle_as_lumped();
        }
        let held = self.dynamics.network.held().to_vec();
        let begun = self.y.clone();
        let mut unsteady = Some(Unsteady::Switches);
        for _ in 0..SETTLING_ROUNDS {
            let (system, y) = (&mut self.dynamics, &mut self.y);
            let found = solver::steady::steady_state_at(system, self.time, y, &held, SETTLED_RATE);
            if let Err(failure) = found {
                if !self.options.marches {
                    return Err(self.stopped(&failure));
                }
                self.march(&held)?;
                unsteady = Some(Unsteady::FrozenDay);
                break;
            }
            self.keep_undetermined_humidity(&begun);
            self.evaluate();
            let slots = self.dynamics.network.values().to_vec();
            if !self.switches.settle(&mut self.dynamics.network, &slots) {
                unsteady = None;
                break;
            }
        }
        if let Some(unsteady) = unsteady {
            self.notes.start(unsteady, self.time);
        }
        self.restart();
        Ok(())
    }

    /// A room that nothing moistens and nothing dries, an economizer all but shut, is steady at any humidity, and which of them a search
    /// ends at hangs on the last digit. Where a displacement outlasts [`UNDETERMINED`], at what was found as well as at what the room began
    /// with, it keeps what it began with. (At what was found alone is not enough: where a wet coil has just dried the room.)
    fn keep_undetermined_humidity(&mut self, begun: &[f64]) {
        let names = self.dynamics.network.names();
        let of = |name: &str| names[..begun.len()].iter().position(|other| other == name);
        let volumes = names[..begun.len()].iter().filter_map(|name| name.strip_suffix(".humidity_ratio"));
        let air: Vec<Air> = volumes
            .filter_map(|name| {
                let [humidity, enthalpy] =
                    ["humidity_ratio", "enthalpy"].map(|of_it| of(&format!("{name}.{of_it}")));
                Some(Air { humidity: humidity?, enthalpy: enthalpy? })
            })
            .collect();
        if air.iter().all(|of| self.y[of.humidity] == begun[of.humidity]) {
            return;
        }
        let found = self.y.clone();
        let mut kept = self.lasting(&air);
        while !kept.is_empty() {
            let mut held = self.dynamics.network.held().to_vec();
            for Air { humidity, enthalpy } in &kept {
                let dry_bulb = moist_air::temperature_from_enthalpy(found[*enthalpy], found[*humidity]);
                self.y[*humidity] = begun[*humidity];
                self.y[*enthalpy] = moist_air::enthalpy(dry_bulb, begun[*humidity]);
                held[*humidity] = true;
            }
            let (system, y) = (&mut self.dynamics, &mut self.y);
            let settled = solver::steady::steady_state_at(system, self.time, y, &held, SETTLED_RATE);
            let still = if settled.is_ok() { self.lasting(&kept) } else { Vec::new() };
            if still.len() == kept.len() {
                return;
            }
            kept = still;
            self.y.copy_from_slice(&found);
        }
    }

    /// The air whose humidity, displaced everywhere at its dry bulb, would be displaced for longer than [`UNDETERMINED`]; none where that
    /// cannot be told.
    fn lasting(&mut self, air: &[Air]) -> Vec<Air> {
        let mut displacement = vec![0.0; self.y.len()];
        for Air { humidity, enthalpy } in air {
            let dry_bulb = moist_air::temperature_from_enthalpy(self.y[*enthalpy], self.y[*humidity]);
            displacement[*humidity] = 1.0;
            displacement[*enthalpy] = moist_air::enthalpy(dry_bulb, 1.0) - moist_air::enthalpy(dry_bulb, 0.0);
        }
        let held = self.dynamics.network.held().to_vec();
        let (system, time) = (&mut self.dynamics, self.time);
        let Ok(lasts) = solver::persistence(system, time, &self.y, &held, &displacement, HORIZON) else {
            return Vec::new();
        };
        air.iter().copied().filter(|of| lasts[of.humidity] > UNDETERMINED).collect()
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
        let compiled = self.plans.compile(self.plant, CompileOptions::default(), &[])?;
        let mut lumped = Engine::new(self.plant, compiled, self.forcing, &options, self.plans)?;
        lumped.settle()?;
        self.notes.start_as(&lumped.notes);
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
        self.integrate(start + MARCH).map_err(|stopped| match stopped {
            Stopped::Integration { component: row, reason, .. } => Stopped::Start { row, reason },
            other => other,
        })?;
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
}
