//! Discrete logic between accepted steps: two-position switches and sampled controllers.

use crate::state::state;
use plant::network::Network;
use plant::plant::Plant;

/// The two-position controls of a network.
#[derive(Debug, Clone)]
pub(crate) struct Switches {
    points: Vec<Point>,
}

#[derive(Debug, Clone)]
struct Point {
    slot: u32,
    sensor: u32,
    scale: f64,
    on_above: f64,
    off_below: f64,
    hold: f64,
    on: bool,
    moved: f64,
}

state!(Switches { points } fixed {});
state!(Point { on, moved } fixed { slot, sensor, scale, on_above, off_below, hold });

/// Whatever its declaration says, a switch moves at most once in this time [s]: the guard against an
/// endless sequence of moves at one instant.
pub(crate) const CHATTER: f64 = 1.0;

impl Point {
    fn rule(&self, slots: &[f64]) -> bool {
        let value = slots[self.sensor as usize] * self.scale;
        if self.on { value >= self.off_below } else { value > self.on_above }
    }
    /// Whether it stands against its rule and has stood long enough.
    fn moves(&self, slots: &[f64], time: f64) -> bool {
        let least = if self.on { self.hold.max(CHATTER) } else { CHATTER };
        time - self.moved >= least && self.rule(slots) != self.on
    }
}

impl Switches {
    /// Takes the state of others of the same network, in the memory that is there.
    pub fn copy_from(&mut self, others: &Switches) {
        self.points.clone_from(&others.points);
    }

    pub fn new(network: &Network) -> Self {
        let point = |s: &plant::network::SwitchPoint| Point {
            slot: s.slot,
            sensor: s.sensor,
            scale: s.scale,
            on_above: s.on_above,
            off_below: s.off_below.min(s.on_above),
            hold: s.hold,
            on: false,
            moved: f64::NEG_INFINITY,
        };
        Switches { points: network.switches().iter().map(point).collect() }
    }

    /// Whether any switch moves now.
    pub fn would_move(&self, slots: &[f64], time: f64) -> bool {
        self.points.iter().any(|p| p.moves(slots, time))
    }

    /// Switches that the guard holds back: they want to move again within [`CHATTER`] of their last move, and no
    /// declared hold says that they stay.
    pub fn held_back<'a>(&'a self, slots: &'a [f64], time: f64) -> impl Iterator<Item = bool> + 'a {
        self.points.iter().map(move |p| {
            let guarded = time - p.moved < CHATTER && time > p.moved && !(p.on && p.hold > 0.0);
            guarded && p.rule(slots) != p.on
        })
    }

    /// Moves every switch that does.
    pub fn apply(&mut self, network: &mut Network, slots: &[f64], time: f64) {
        for point in &mut self.points {
            if point.moves(slots, time) {
                point.on = !point.on;
                point.moved = time;
            }
        }
        self.restore(network);
    }

    /// At the start every switch stands as its rule says; tells whether one moved.
    pub fn settle(&mut self, network: &mut Network, slots: &[f64]) -> bool {
        let mut moved = false;
        for point in &mut self.points {
            moved |= point.rule(slots) != point.on;
            point.on = point.rule(slots);
        }
        self.restore(network);
        moved
    }

    /// Forgets when each one moved last: what follows begins anew.
    pub fn forget(&mut self) {
        self.points.iter_mut().for_each(|point| point.moved = f64::NEG_INFINITY);
    }

    /// Every switch stands as `on` says of its unit and name.
    pub fn adopt(&mut self, network: &mut Network, on: impl Fn(usize, &str) -> bool) {
        for (point, switch) in self.points.iter_mut().zip(network.switches()) {
            point.on = on(switch.unit, switch.name);
        }
        self.restore(network);
    }

    /// Whether the switch of that unit and name is on.
    pub fn is_on(&self, network: &Network, unit: usize, name: &str) -> bool {
        let mut switches = self.points.iter().zip(network.switches());
        switches.any(|(point, switch)| point.on && switch.unit == unit && switch.name == name)
    }

    /// Whether a switch that moved at `time` would have to move back: its rule has no rest here.
    pub fn regret(&self, slots: &[f64], time: f64) -> bool {
        self.points.iter().any(|p| p.moved >= time && p.rule(slots) != p.on)
    }

    /// Writes the positions into the network.
    pub fn restore(&self, network: &mut Network) {
        for point in &self.points {
            network.set_outside(point.slot, f64::from(u8::from(point.on)), 0.0);
        }
    }
}

/// The law of a sampled proportional-integral controller, as a programmable logic controller runs it.
///
/// # Equations
/// At every sample `v = e/band + I`, `position = clamp(v)`; `I += e/band·period/Ti` unless the position
/// stands at the clamp that the error pushes towards (conditional integration).
///
/// # Source
/// Åström & Hägglund, *Advanced PID Control* (2006), §3.5 (conditional integration) and ch. 13 (sampling).
#[derive(Debug, Clone)]
pub(crate) struct Law {
    setpoint: f64,
    sign: f64,
    band: f64,
    integral_time: f64,
    period: f64,
    range: (f64, f64),
}

impl Law {
    pub fn new(control: &plant::plant::Loop, range: (f64, f64)) -> Self {
        Law {
            setpoint: control.setpoint,
            sign: if control.raises { 1.0 } else { -1.0 },
            band: control.band,
            integral_time: control.integral_time,
            period: control.period,
            range,
        }
    }

    /// What is missing to the set-point, as a share of the band.
    pub fn error(&self, measured: f64) -> f64 {
        (self.setpoint - measured) * self.sign / self.band
    }

    /// Time of the next sample after `elapsed`, both from the start.
    pub fn next(&self, elapsed: f64) -> f64 {
        (((elapsed / self.period) * (1.0 + 1e-12) + 1e-9).floor() + 1.0) * self.period
    }

    /// Whether it samples at `elapsed` from the start.
    pub fn due(&self, elapsed: f64) -> bool {
        let samples = elapsed / self.period;
        (samples - samples.round()).abs() * self.period < 1e-6
    }

    /// The position it commands.
    pub fn sample(&self, integral: &mut f64, measured: f64) -> f64 {
        let error = self.error(measured);
        let (low, high) = self.range;
        let wanted = error + *integral;
        let pushing = (wanted >= high && error > 0.0) || (wanted <= low && error < 0.0);
        if !pushing {
            *integral += error * self.period / self.integral_time;
        }
        wanted.clamp(low, high)
    }
}

/// The sampled controllers of a network.
#[derive(Debug, Clone)]
pub(crate) struct Controllers {
    loops: Vec<Sampled>,
}

#[derive(Debug, Clone)]
struct Sampled {
    /// Index into the plant's loops.
    index: usize,
    slot: u32,
    sensor: u32,
    scale: f64,
    law: Law,
    integral: f64,
}

state!(Controllers { loops } fixed {});
state!(Sampled { integral } fixed { index, slot, sensor, scale, law });

impl Sampled {
    fn measured(&self, slots: &[f64]) -> f64 {
        slots[self.sensor as usize] * self.scale
    }
}

impl Controllers {
    pub fn new(plant: &Plant, network: &Network) -> Self {
        let sampled = |s: &plant::network::SampledLoop| Sampled {
            index: s.index,
            slot: s.slot,
            sensor: s.sensor,
            scale: s.scale,
            law: Law::new(&plant.loops[s.index], s.range),
            integral: s.rest,
        };
        Controllers { loops: network.sampled().iter().map(sampled).collect() }
    }

    /// Starts from the positions that the continuous form settles at.
    ///
    /// With the values there (`slots`) the integrals are set so that the first sample does not move.
    pub fn preset(&mut self, network: &mut Network, positions: &[f64], slots: Option<&[f64]>) {
        for (control, &position) in self.loops.iter_mut().zip(positions) {
            let error = slots.map_or(0.0, |slots| control.law.error(control.measured(slots)));
            control.integral = position - error;
            network.set_outside(control.slot, position, 0.0);
        }
    }

    /// Time of the next sample.
    pub fn next(&self, time: f64, start: f64) -> f64 {
        let at = |c: &Sampled| start + c.law.next(time - start);
        self.loops.iter().map(at).fold(f64::INFINITY, f64::min)
    }

    /// Whether a controller samples now.
    pub fn due(&self, time: f64, start: f64) -> bool {
        self.loops.iter().any(|c| c.law.due(time - start))
    }

    /// Samples the controllers that are due and that nothing holds; tells whether a position moved.
    pub fn sample(
        &mut self,
        network: &mut Network,
        time: f64,
        start: f64,
        slots: &[f64],
        held: &dyn Fn(usize) -> bool,
    ) -> bool {
        let mut moved = false;
        for control in self.loops.iter_mut().filter(|c| c.law.due(time - start) && !held(c.index)) {
            let measured = control.measured(slots);
            let position = control.law.sample(&mut control.integral, measured);
            moved |= (network.outside(control.slot) - position).abs() > 1e-12;
            network.set_outside(control.slot, position, 0.0);
        }
        moved
    }
}
