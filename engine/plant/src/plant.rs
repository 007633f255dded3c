//! The checked plant: typed, SI, every reference resolved. Nothing downstream re-checks it.

use crate::declare::{Medium, Role};
use crate::faults::Faults;
use crate::kernel::Kind;
use media::liquid::Fluid;
use std::ops::Range;

/// A plant ready to be compiled into a network.
#[derive(Debug, Clone)]
pub struct Plant {
    /// Barometric pressure used for sizing and fan densities [Pa].
    pub pressure: f64,
    /// Component instances, those of the rack templates included.
    pub units: Vec<Unit>,
    /// Joined liquid and air ends: each becomes one mixing volume.
    pub joints: Vec<Joint>,
    /// Electricity and heat: from an outlet to an inlet.
    pub wires: Vec<Wire>,
    /// Control loops, the components' own included unless replaced.
    pub loops: Vec<Loop>,
    /// Actuators held at a fixed position by the site.
    pub pins: Vec<Pin>,
    /// Rack groups.
    pub groups: Vec<Group>,
    /// Workload signals that units read, one entry per (group, signal).
    pub signals: Vec<Signal>,
    /// What may fail.
    pub faults: Faults,
    /// What passages resist. The circuit of such a passage is solved from pressures.
    pub resistances: Vec<Resistance>,
}

/// One instance, or several equal ones in parallel.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Identifier, e.g. `cdu` or `pod.accelerator`.
    pub id: String,
    /// Its kind.
    pub kind: &'static dyn Kind,
    /// Parameter values in declared order, SI, sized.
    pub values: Vec<f64>,
    /// Number of equal units that share every flow.
    pub multiplicity: f64,
    /// The rack group it belongs to.
    pub group: Option<usize>,
}

impl Unit {
    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        let fields = self.kind.declaration().parameters;
        fields.iter().position(|f| f.name == name).and_then(|k| self.values.get(k).copied())
    }
}

/// One end of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct End {
    /// Index into [`Plant::units`].
    pub unit: usize,
    /// Index into the kind's ports.
    pub port: usize,
}

impl Plant {
    /// Whether anything reads sun, sky or wind.
    #[must_use]
    pub fn reads_sky(&self) -> bool {
        let inputs = self.units.iter().flat_map(|unit| unit.kind.declaration().inputs);
        inputs.clone().any(|input| matches!(input.role, Role::Outdoor(what) if !what.of_air()))
    }
}

/// How much a passage resists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resistance {
    /// The passage.
    pub end: End,
    /// Pressure lost at `flow` [Pa].
    pub drop: f64,
    /// Flow of one unit at which it is lost [m³/s].
    pub flow: f64,
    /// Exponent of the flow: 2 where turbulent, 1 where laminar.
    pub exponent: f64,
}

/// Outlet ends that meet inlet ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Liquid or air.
    pub medium: Medium,
    /// Passages that end here.
    pub from: Vec<End>,
    /// Passages that begin here.
    pub to: Vec<End>,
    /// The liquid, the same all around a circuit.
    pub fluid: Fluid,
}

/// An electricity or heat connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wire {
    /// Supplier; `None` is the utility feed (`grid`).
    pub from: Option<End>,
    /// Taker.
    pub to: End,
}

/// A control loop.
#[derive(Debug, Clone)]
pub struct Loop {
    /// Identifier for notes and columns.
    pub id: String,
    /// The unit whose actuator is moved, and which.
    pub unit: usize,
    /// Index into the kind's actuators.
    pub actuator: usize,
    /// What is measured.
    pub sensor: Sensor,
    /// Set-point in the sensor's SI unit.
    pub setpoint: f64,
    /// Whether opening raises the sensor.
    pub raises: bool,
    /// Error for the whole stroke, in the sensor's SI unit.
    pub band: f64,
    /// Integral time [s].
    pub integral_time: f64,
    /// Sampling period [s].
    pub period: f64,
}

/// An actuator held at a fixed position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// The unit.
    pub unit: usize,
    /// Index into the kind's actuators.
    pub actuator: usize,
    /// Its position.
    pub position: f64,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq)]
pub enum Sensor {
    /// Temperature at the inlet end of a passage.
    TemperatureIn(End),
    /// Temperature at the outlet end of a passage.
    TemperatureOut(End),
    /// Mass flow through a passage, all equal units together [kg/s].
    Flow(End),
    /// Pressure at the inlet less pressure at the outlet of a passage [Pa], where its circuit is solved.
    PressureDrop(End),
    /// A state of a unit (index into its kind's states).
    State(usize, usize),
    /// An output of a unit (index into its kind's outputs), per unit.
    Output(usize, usize),
    /// Outdoor dry bulb.
    DryBulb,
    /// Outdoor wet bulb.
    WetBulb,
}

/// A group of equal racks.
#[derive(Debug, Clone)]
pub struct Group {
    /// Identifier; that of racks which differ from the others of their row names them: `hall[3+10-19]`.
    pub id: String,
    /// The racks that it was declared with.
    pub hall: String,
    /// Their numbers there, from 0.
    pub places: Vec<Range<u32>>,
    /// Number of racks.
    pub racks: f64,
    /// Title of the template.
    pub template: String,
    /// `air`, `cold_plate`, `rear_door`, `immersion` or `hybrid`.
    pub cooling: String,
    /// Installed IT power of one rack [W].
    pub power_rated: f64,
    /// Lowest and highest air temperature that the class of its equipment allows at the inlet [K].
    pub inlet_allowable: (f64, f64),
}

impl Group {
    /// Number of its k-th rack among those it was declared with.
    #[must_use]
    pub fn place(&self, k: usize) -> Option<u32> {
        let mut left = u32::try_from(k).ok()?;
        for range in &self.places {
            let count = range.end - range.start;
            if left < count {
                return Some(range.start + left);
            }
            left -= count;
        }
        None
    }

    /// Identifier of its k-th rack: `hall[12]`.
    #[must_use]
    pub fn rack(&self, k: usize) -> String {
        self.place(k).map_or_else(|| format!("{}[{k}]", self.id), |place| format!("{}[{place}]", self.hall))
    }
}

/// A workload signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Unit that reads it.
    pub unit: usize,
    /// Name as in the unit's inputs.
    pub name: String,
    /// Index of the series in the scenario's workloads.
    pub series: usize,
}
