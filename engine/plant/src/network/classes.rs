//! The racks of a group as equal members: what a run may ask of them and set for each.

use super::gates::{GatePoint, JamPoint};
use super::tile::{Template, TileWork};
use crate::kernel::WIDTH;
use crate::tile_kernel::Lane;
use real::Real;
use std::ops::Range;
use units::Quantity;

/// A value of a member that is worth watching on every accepted step.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// Index into the plant's units.
    pub unit: usize,
    /// Which chip of the part it is; `None` where the part is not carried chip by chip.
    pub chip: Option<u32>,
    /// What the value is called.
    pub name: String,
    /// What it is.
    pub quantity: Quantity,
    /// How many chips have this same value: those that differ in nothing on which it depends.
    pub alike: u32,
    pub(super) slot: u32,
    pub(super) scale: f64,
}

/// A checked range of a member.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedRange {
    /// Index of the watched value.
    pub watch: usize,
    /// Lowest trusted value.
    pub low: f64,
    /// Highest trusted value.
    pub high: f64,
    /// What it means to be outside.
    pub text: &'static str,
    /// Whether it holds while the unit is out of service, too.
    pub standing: bool,
}

/// Where a measured value is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sensing {
    /// In each member: index of the watched value.
    Member(usize),
    /// In the core, the same for all: `values[slot] · scale`.
    Core {
        /// Slot of the core.
        slot: u32,
        /// Factor.
        scale: f64,
    },
}

/// A two-position control of a member, which discrete logic moves between steps.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSwitch {
    /// Index into the plant's units.
    pub unit: usize,
    /// Which chip of the part it is.
    pub chip: Option<u32>,
    /// Its name.
    pub name: &'static str,
    /// The slot that holds 0 or 1, see [`RackClass::set_outside`].
    pub slot: u32,
    /// What it measures.
    pub sensor: Sensing,
    /// Switches on above.
    pub on_above: f64,
    /// Switches off below.
    pub off_below: f64,
    /// Once on it stays on for at least this [s].
    pub hold: f64,
    /// What to report while it is on; empty for ordinary operation.
    pub note: &'static str,
}

/// A sampled controller of a member.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSampled {
    /// Index into the plant's loops.
    pub index: usize,
    /// The slot that holds the command, see [`RackClass::set_outside`].
    pub slot: u32,
    /// What it measures.
    pub sensor: Sensing,
    /// Lowest and highest position.
    pub range: (f64, f64),
    /// Position at the start.
    pub rest: f64,
}

/// A control loop of a member as it can be watched.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedPosition {
    /// Index into the plant's loops.
    pub index: usize,
    /// What it measures.
    pub sensor: Sensing,
    /// Index of the watched value that is its position.
    pub position: usize,
    /// Highest position.
    pub high: f64,
}

/// A mass flow of a member, which must not be negative.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedFlow {
    /// Index of the watched value.
    pub watch: usize,
    /// The passages it belongs to.
    pub name: String,
}

/// A value worth a column: of the lumped network if all racks were as this one.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassProbe {
    /// Name: `unit.value`.
    pub name: String,
    /// Index into the plant's units.
    pub unit: Option<usize>,
    /// What it is.
    pub quantity: Quantity,
    /// One sentence.
    pub doc: String,
    /// Whether it counts all equal units of all racks together: divided by the racks it is that of one.
    pub total: bool,
    pub(super) terms: Vec<(u32, f64)>,
}

/// A state of a member.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassState {
    /// Its name, as in a message: `pod.accelerator[3].die`.
    pub name: String,
    /// The name it has in the lumped network: `pod.accelerator.die`.
    pub lumped: String,
    /// Index into the plant's units, where it belongs to one.
    pub unit: Option<usize>,
    /// Which chip of the part it belongs to.
    pub chip: Option<u32>,
    /// The unit, joint or loop of the rack that it belongs to, counted from 0.
    pub tile: u32,
    /// Where a run starts before its steady state is found.
    pub initial: f64,
    /// Typical magnitude for the error control; 0 where it is not controlled.
    pub scale: f64,
    /// Whether a steady state leaves it alone.
    pub held: bool,
}

/// What a class has to be asked and told.
#[derive(Debug, Clone, Default)]
pub(super) struct Catalogue {
    pub states: Vec<ClassState>,
    pub stored_energy: Vec<(u32, f64)>,
    pub stored_water: Vec<(u32, f64)>,
    pub watches: Vec<Watch>,
    pub ranges: Vec<WatchedRange>,
    pub switches: Vec<ClassSwitch>,
    pub sampled: Vec<ClassSampled>,
    pub positions: Vec<WatchedPosition>,
    pub flows: Vec<WatchedFlow>,
    pub probes: Vec<ClassProbe>,
    pub signals: Vec<(u32, usize)>,
    pub outside: Vec<(u32, String)>,
    pub gates: Vec<GatePoint>,
    pub jams: Vec<JamPoint>,
    pub feeds: Vec<(usize, u32)>,
}

/// The racks of one group as members of a class, eight to a tile.
pub struct RackClass {
    pub(super) group: usize,
    pub(super) racks: f64,
    pub(super) members: Vec<u32>,
    /// First rack behind each member's.
    pub(super) ends: Vec<u32>,
    pub(super) template: Template,
    pub(super) pattern: Vec<Vec<u32>>,
    pub(super) imports: Vec<u32>,
    pub(super) exports: Vec<u32>,
    pub(super) catalogue: Catalogue,
    /// Values from outside, tile by tile.
    pub(super) own: Vec<Lane>,
    /// How many there are for each member.
    pub(super) held: usize,
}

impl std::fmt::Debug for RackClass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RackClass")
            .field("group", &self.group)
            .field("members", &self.members.len())
            .field("states", &self.states())
            .field("rows", &self.rows())
            .field("imports", &self.imports.len())
            .field("exports", &self.exports.len())
            .finish_non_exhaustive()
    }
}

impl RackClass {
    /// Index into the plant's groups.
    pub fn group(&self) -> usize {
        self.group
    }
    /// Number of racks.
    pub fn racks(&self) -> f64 {
        self.racks
    }
    /// How many racks each member stands for.
    pub fn members(&self) -> &[u32] {
        &self.members
    }
    /// The racks of the group that a member stands for; they are dealt to the members in order.
    pub fn racks_of(&self, member: usize) -> Range<usize> {
        let end = self.ends[member] as usize;
        end - self.members[member] as usize..end
    }
    /// The member that stands for a rack of the group.
    pub fn member_of(&self, rack: usize) -> usize {
        self.ends.partition_point(|&end| end as usize <= rack)
    }
    /// Number of tiles.
    pub fn tiles(&self) -> usize {
        self.members.len().div_ceil(WIDTH)
    }
    /// How many racks each lane of a tile stands for; 0 behind the last member.
    pub fn weights(&self, tile: usize) -> Lane {
        let racks = |lane: usize| self.members.get(tile * WIDTH + lane).copied().unwrap_or(0);
        real::Lanes(std::array::from_fn(|lane| f64::from(racks(lane))))
    }
    /// Number of states of a member.
    pub fn states(&self) -> usize {
        self.template.states
    }
    /// Number of rows of a member: states, then algebraic values.
    pub fn rows(&self) -> usize {
        self.pattern.len() - self.exports.len()
    }
    /// The states of a member.
    pub fn state_list(&self) -> &[ClassState] {
        &self.catalogue.states
    }
    /// Slots of the core that members read: rows, and values from outside.
    pub fn imports(&self) -> &[u32] {
        &self.imports
    }
    /// Rows of the core that members contribute to.
    pub fn exports(&self) -> &[u32] {
        &self.exports
    }
    /// Columns of the partial derivatives of each row and, behind them, each export. Columns: rows, then imports,
    /// of which those from outside have no entry.
    pub fn pattern(&self) -> &[Vec<u32>] {
        &self.pattern
    }
    /// `Σ factor · state` of a member is the energy stored in one rack [J] up to a constant.
    pub fn stored_energy(&self) -> &[(u32, f64)] {
        &self.catalogue.stored_energy
    }
    /// `Σ factor · state` of a member is the water stored in one rack [kg].
    pub fn stored_water(&self) -> &[(u32, f64)] {
        &self.catalogue.stored_water
    }
    /// Values to watch on every accepted step, in the order of [`RackClass::watch`].
    pub fn watches(&self) -> &[Watch] {
        &self.catalogue.watches
    }
    /// Ranges to check on every accepted step.
    pub fn ranges(&self) -> &[WatchedRange] {
        &self.catalogue.ranges
    }
    /// Discrete logic.
    pub fn switches(&self) -> &[ClassSwitch] {
        &self.catalogue.switches
    }
    /// Controllers that act at samples; empty when they are continuous.
    pub fn sampled(&self) -> &[ClassSampled] {
        &self.catalogue.sampled
    }
    /// Control loops, to be watched for set-points that are not held.
    pub fn positions(&self) -> &[WatchedPosition] {
        &self.catalogue.positions
    }
    /// Mass flows, which must not be negative.
    pub fn flows(&self) -> &[WatchedFlow] {
        &self.catalogue.flows
    }
    /// Values worth a column.
    pub fn probes(&self) -> &[ClassProbe] {
        &self.catalogue.probes
    }
    /// Slots that follow a workload, with the index of the series.
    pub fn signals(&self) -> &[(u32, usize)] {
        &self.catalogue.signals
    }
    /// What may stop in each member, chips by the part that they are of.
    pub fn gates(&self) -> &[GatePoint] {
        &self.catalogue.gates
    }
    /// What may jam in each member.
    pub fn jams(&self) -> &[JamPoint] {
        &self.catalogue.jams
    }
    /// Wires whose taker is in each member and has other feeds, too, and the slot of their share of its power.
    pub fn feeds(&self) -> &[(usize, u32)] {
        &self.catalogue.feeds
    }
    /// All slots that each member has from outside, with their names: signals, switches, held positions, commands.
    pub fn outside_slots(&self) -> &[(u32, String)] {
        &self.catalogue.outside
    }
    /// Sets a value from outside of one member. A slot that is none is left alone. Lanes behind the last member do
    /// as it does, so that they stay within the range of the equations.
    pub fn set_outside(&mut self, member: usize, slot: u32, value: f64) {
        let last = self.members.len().saturating_sub(1);
        let Some(k) = self.own_place(member, slot).filter(|_| member <= last) else { return };
        let end = if member == last { WIDTH } else { member % WIDTH + 1 };
        self.own[k].0[member % WIDTH..end].fill(value);
    }
    /// Sets a value from outside of all members.
    pub fn broadcast(&mut self, slot: u32, value: f64) {
        for tile in 0..self.tiles() {
            if let Some(k) = self.own_place(tile * WIDTH, slot) {
                self.own[k] = Lane::number(value);
            }
        }
    }
    /// A value from outside of one member.
    pub fn outside(&self, member: usize, slot: u32) -> f64 {
        self.own_place(member, slot).map_or(f64::NAN, |k| self.own[k].0[member % WIDTH])
    }
    /// A value from outside of all members of a tile.
    pub fn outside_of_tile(&self, tile: usize, slot: u32) -> Lane {
        self.own_place(tile * WIDTH, slot).map_or(Lane::number(f64::NAN), |k| self.own[k])
    }
    fn own_place(&self, member: usize, slot: u32) -> Option<usize> {
        let k = (slot as usize).checked_sub(self.template.own).filter(|&k| k < self.held)?;
        let tile = member / WIDTH;
        (tile < self.tiles()).then_some(tile * self.held + k)
    }
    fn own(&self, tile: usize) -> &[Lane] {
        &self.own[tile * self.held..(tile + 1) * self.held]
    }

    /// Working space of the evaluations.
    pub fn work(&self) -> TileWork {
        self.template.work()
    }

    /// Rates of the states of the members of a tile and their contributions to the exports, each of one rack.
    /// `imports` are the values of all imports.
    pub fn rates(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
    ) {
        self.template.rates(y, imports, self.own(tile), work, rates, exports);
    }

    /// As [`RackClass::rates`], with the partial derivatives in the order of [`RackClass::pattern`] and the explicit
    /// time derivative of every row and export.
    #[expect(clippy::too_many_arguments, reason = "one call for all that one evaluation gives")]
    pub fn linearize(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        slopes: &[f64],
        work: &mut TileWork,
        rates: &mut [Lane],
        exports: &mut [Lane],
        jacobian: &mut [Lane],
        time_derivative: &mut [Lane],
    ) {
        let own = self.own(tile);
        self.template.linearize(y, imports, slopes, own, work, rates, exports, jacobian, time_derivative);
    }

    /// The watched values of the members of the tile that was evaluated last.
    pub fn watch(&self, work: &TileWork, values: &mut [Lane]) {
        for (value, watch) in values.iter_mut().zip(&self.catalogue.watches) {
            *value = work.slots[watch.slot as usize] * Lane::number(watch.scale);
        }
    }

    /// One of the watched values of the members of the tile that was evaluated last.
    pub fn watched(&self, watch: usize, work: &TileWork) -> Lane {
        let watch = &self.catalogue.watches[watch];
        work.slots[watch.slot as usize] * Lane::number(watch.scale)
    }

    /// The value of a probe of the members of the tile that was evaluated last.
    pub fn probe(&self, probe: &ClassProbe, work: &TileWork) -> Lane {
        probe.terms.iter().fold(Lane::number(0.0), |sum, &(slot, factor)| {
            sum + work.slots[slot as usize] * Lane::number(factor)
        })
    }
}
