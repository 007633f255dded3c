//! The compiled network: arrays and indices, ready to be evaluated.
//!
//! Every state, algebraic value and outside value is a *slot*.
//!
//! ```text
//! slots = [ states | algebraic values in order of evaluation | outside values ]
//!           rates: linear sums     sums and kernel outputs      weather, workloads, positions, constants
//! ```
//! Rates are linear in the slots, so a conserved quantity is a linear invariant of the whole
//! system, and a one-step method keeps it to round-off. Everything nonlinear is inside kernels.
//!
//! This module does not know time stepping: it evaluates, and it differentiates.

mod advection;
mod beside;
mod boiling;
mod cells;
mod chips;
mod classes;
mod compile;
mod evaluate;
mod flows;
mod gates;
mod ideal;
mod meters;
mod nodes;
mod number;
mod parted;
mod partition;
mod pi;
mod plan;
mod pressure;
mod probes;
mod stations;
mod template;
mod tile;
mod topology;
mod traced;
mod two_way;
mod wiring;

pub use beside::LaneNetwork;
pub use cells::expand;
pub use classes::{
    ClassProbe, ClassSampled, ClassState, ClassSwitch, RackClass, Sensing, Watch, WatchedFlow,
    WatchedPosition, WatchedRange,
};
pub use compile::{CompileOptions, Fidelity, compile, compile_as, compile_parted};
pub use gates::{GatePoint, JamPoint, RECHARGE};
pub use meters::{Meter, MeterKind};
pub use parted::PartedNetwork;
pub use plan::Plan;
pub use probes::named_sensor;
pub use tile::TileWork;
pub use topology::TopologyError;
pub use traced::{Taker, Traced, TracedMeter, Traces};

use crate::declare::Outdoor;
use crate::kernel::Kernel;
use std::sync::Arc;
use units::Quantity;

/// `Σ factor · slot + constant`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sum {
    /// Terms, one per slot.
    pub terms: Vec<(u32, f64)>,
    /// Constant part.
    pub constant: f64,
}

impl Sum {
    /// Its value.
    #[inline]
    pub fn value(&self, slots: &[f64]) -> f64 {
        self.terms.iter().fold(self.constant, |sum, &(slot, factor)| sum + slots[slot as usize] * factor)
    }
}

/// One step of an evaluation.
enum Operation {
    Sum { slot: u32, sum: Sum },
    Batch { first_slot: u32, batch: usize },
}

/// A value worth a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Name: `unit.value`.
    pub name: String,
    /// Index into the plant's units; `None` for the site.
    pub unit: Option<usize>,
    /// What it is.
    pub quantity: Quantity,
    /// One sentence.
    pub doc: String,
    /// Where it is: `slots[slot] · scale`.
    pub slot: u32,
    /// Factor.
    pub scale: f64,
    /// Whether it counts all equal units together.
    pub total: bool,
}

/// A checked range.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Index into the plant's units.
    pub unit: usize,
    /// What the value is called.
    pub name: &'static str,
    /// Where it is.
    pub slot: u32,
    /// Factor.
    pub scale: f64,
    /// Lowest trusted value.
    pub low: f64,
    /// Highest trusted value.
    pub high: f64,
    /// What it means to be outside.
    pub text: &'static str,
    /// Whether it holds for a unit that is out of service, too.
    pub standing: bool,
}

/// A two-position control that discrete logic moves between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchPoint {
    /// Index into the plant's units.
    pub unit: usize,
    /// Its name.
    pub name: &'static str,
    /// The outside slot that holds 0 or 1.
    pub slot: u32,
    /// The measured slot.
    pub sensor: u32,
    /// Factor of the measured slot.
    pub scale: f64,
    /// Switches on above.
    pub on_above: f64,
    /// Switches off below.
    pub off_below: f64,
    /// Once on it stays on for at least this [s].
    pub hold: f64,
    /// What to report while it is on; empty for ordinary operation.
    pub note: &'static str,
}

/// A sampled controller: measured value in, held command out; the actuator follows with its travel time.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledLoop {
    /// Index into the plant's loops.
    pub index: usize,
    /// The outside slot that holds the command.
    pub slot: u32,
    /// The measured slot.
    pub sensor: u32,
    /// Factor of the measured slot.
    pub scale: f64,
    /// Lowest and highest position.
    pub range: (f64, f64),
    /// Position at the start.
    pub rest: f64,
}

/// A controller whose actuator stands where the set-point holds.
#[derive(Debug, Clone, PartialEq)]
pub struct IdealLoop {
    /// Index into the plant's loops.
    pub index: usize,
    /// The state that is the wanted position, before it is clamped.
    pub row: u32,
}

/// A control loop as it can be watched: measured value and position.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedLoop {
    /// Index into the plant's loops.
    pub index: usize,
    /// The measured slot.
    pub sensor: u32,
    /// Factor of the measured slot.
    pub scale: f64,
    /// The slot of the actuator's position.
    pub position: u32,
    /// Highest position.
    pub high: f64,
}

/// What a network remembers between two evaluations: the outside slots, `value + slope · (t − origin)`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    /// Values at the origin.
    pub values: Vec<f64>,
    /// Slopes [1/s].
    pub slopes: Vec<f64>,
    /// The origin [s].
    pub origin: f64,
}

/// The compiled plant.
pub struct Network {
    plan: Arc<Plan>,
    states: usize,
    rows: usize,
    slots: usize,
    rates: Vec<Sum>,
    operations: Vec<Operation>,
    /// Operations before this one do not depend on contributions.
    lead: usize,
    /// Rows that the members of each class contribute to.
    contributions: Vec<Vec<u32>>,
    batches: Vec<Arc<dyn Kernel>>,
    jacobian: evaluate::Jacobian,
    initial: Vec<f64>,
    scales: Vec<f64>,
    tiles: Vec<u32>,
    held: Vec<bool>,
    stored_energy: Vec<(u32, f64)>,
    stored_water: Vec<(u32, f64)>,
    meters: Vec<Meter>,
    traces: Traces,
    probes: Vec<Probe>,
    ranges: Vec<Range>,
    switches: Vec<SwitchPoint>,
    sampled: Vec<SampledLoop>,
    ideal: Vec<IdealLoop>,
    watched: Vec<WatchedLoop>,
    gates: Vec<GatePoint>,
    jams: Vec<JamPoint>,
    feeds: Vec<(usize, u32)>,
    temperatures: Vec<u32>,
    air: Vec<(u32, u32)>,
    flows: Vec<(u32, String)>,
    outdoor: Vec<(u32, Outdoor)>,
    signals: Vec<(u32, usize)>,
    outside: Vec<f64>,
    workspace: evaluate::Workspace,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network")
            .field("states", &self.states)
            .field("rows", &self.rows)
            .field("slots", &self.slots)
            .field("meters", &self.meters.len())
            .finish_non_exhaustive()
    }
}

impl Network {
    /// Number of states, the meters' integrals included.
    pub fn states(&self) -> usize {
        self.states
    }
    /// Number of rows: states and algebraic values.
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// Number of slots.
    pub fn slots(&self) -> usize {
        self.slots
    }
    /// Where a run starts before its steady state is found.
    pub fn initial(&self) -> &[f64] {
        &self.initial
    }
    /// Typical magnitude of each state for the error control; 0 for a meter.
    pub fn scales(&self) -> &[f64] {
        &self.scales
    }
    /// The tile (unit or joint) of each state.
    pub fn tiles(&self) -> &[u32] {
        &self.tiles
    }
    /// States that a steady state leaves alone: inventories and meters.
    pub fn held(&self) -> &[bool] {
        &self.held
    }
    /// Name of each row, for messages.
    pub fn names(&self) -> &[String] {
        &self.plan.order.names
    }
    /// What it has in common with the networks of all plants that differ in numbers only, where they were compiled
    /// [by it](compile_as).
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }
    /// `Σ factor · state` is the stored energy [J] up to a constant.
    pub fn stored_energy(&self) -> &[(u32, f64)] {
        &self.stored_energy
    }
    /// `Σ factor · state` is the stored water [kg].
    pub fn stored_water(&self) -> &[(u32, f64)] {
        &self.stored_water
    }
    /// The temperatures of the states [K], each with its row; that of air is at the row of its enthalpy.
    pub fn temperatures<'a>(&'a self, y: &'a [f64]) -> impl Iterator<Item = (usize, f64)> + 'a {
        let own = self.temperatures.iter().map(|&state| (state as usize, y[state as usize]));
        let air = self.air.iter().map(|&(enthalpy, humidity)| {
            let [h, w] = [enthalpy, humidity].map(|state| y[state as usize]);
            (enthalpy as usize, media::moist_air::temperature_from_enthalpy(h, w))
        });
        own.chain(air)
    }
    /// What flow tracing reads beside the meters.
    pub fn traces(&self) -> &Traces {
        &self.traces
    }
    /// Control loops, to be watched for set-points that are not held.
    pub fn watched(&self) -> &[WatchedLoop] {
        &self.watched
    }
    /// What may stop, in no order of the plant's.
    pub fn gates(&self) -> &[GatePoint] {
        &self.gates
    }
    /// What may jam.
    pub fn jams(&self) -> &[JamPoint] {
        &self.jams
    }
    /// Wires whose taker has other feeds, too, and the slot of their share of its power.
    pub fn feeds(&self) -> &[(usize, u32)] {
        &self.feeds
    }
    /// What is integrated.
    pub fn meters(&self) -> &[Meter] {
        &self.meters
    }
    /// Values worth a column.
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }
    /// Ranges to check on every accepted step.
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }
    /// Discrete logic.
    pub fn switches(&self) -> &[SwitchPoint] {
        &self.switches
    }
    /// Controllers that act at samples; empty when they are continuous.
    pub fn sampled(&self) -> &[SampledLoop] {
        &self.sampled
    }
    /// Controllers whose actuator is solved; empty when they are continuous or sampled.
    pub fn ideal(&self) -> &[IdealLoop] {
        &self.ideal
    }
    /// Slots with a mass flow, which must not be negative, and what they belong to: those that are not solved from
    /// pressures.
    pub fn flows(&self) -> &[(u32, String)] {
        &self.flows
    }
    /// Outside slots that follow the weather.
    pub fn outdoor(&self) -> &[(u32, Outdoor)] {
        &self.outdoor
    }
    /// Outside slots that follow a workload, with the index of the series.
    pub fn signals(&self) -> &[(u32, usize)] {
        &self.signals
    }
    /// Sets an outside slot to `value + slope · (t − origin)`; see [`Network::set_origin`].
    pub fn set_outside(&mut self, slot: u32, value: f64, slope: f64) {
        let k = slot as usize - self.rows;
        self.outside[k] = value;
        self.workspace.slopes[k] = slope;
    }
    /// Value of an outside slot at the origin.
    pub fn outside(&self, slot: u32) -> f64 {
        self.outside[slot as usize - self.rows]
    }
    /// Everything that an evaluation depends on beside time and states: what was set from outside.
    pub fn memory(&self) -> Memory {
        // Without `..`, so that a new buffer must be thought of. Slots and derivatives are filled anew every time.
        let evaluate::Workspace { slots: _, slopes, origin, partials: _ } = &self.workspace;
        Memory { values: self.outside.clone(), slopes: slopes.clone(), origin: *origin }
    }
    /// Goes on as the network of the same plant whose [`memory`](Network::memory) it was; one of another size
    /// changes nothing and gives `false`.
    pub fn recall(&mut self, memory: Memory) -> bool {
        let Memory { values, slopes, origin } = memory;
        let fits = values.len() == self.outside.len() && slopes.len() == self.workspace.slopes.len();
        if fits {
            (self.outside, self.workspace.slopes, self.workspace.origin) = (values, slopes, origin);
        }
        fits
    }
    /// The time at which the outside slots have their values.
    pub fn set_origin(&mut self, time: f64) {
        self.workspace.origin = time;
    }
}
