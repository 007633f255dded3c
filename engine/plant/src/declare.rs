//! What a component says of itself, once: from these declarations come the file schema, the range
//! checks, the manual's tables, the viewer's sliders, the sweep's setters and the wiring.
//!
//! A component file declares `parameters!`, `inputs!`, `outputs!` and, where it has them, ports,
//! states, actuators, regulators, switches and limits; [`component!`](crate::component) ties them
//! together. `docs/guide/components.md` is generated from here.

pub use crate::categories::{Use, Water};
use units::Quantity;

/// Everything about a kind of component except its equations.
#[derive(Debug)]
pub struct Declaration {
    /// The name in a site file, e.g. `DryCooler`.
    pub name: &'static str,
    /// What the field calls it, e.g. `dry cooler`.
    pub label: &'static str,
    /// The module documentation: equations, assumptions, validity, source.
    pub page: &'static str,
    /// What the data sheet fixes.
    pub parameters: &'static [Field],
    /// Where it is connected.
    pub ports: &'static [Port],
    /// What it stores.
    pub states: &'static [State],
    /// What a controller can move.
    pub actuators: &'static [Actuator],
    /// The control loops it is delivered with.
    pub regulators: &'static [Regulator],
    /// Two-position controls with hysteresis.
    pub switches: &'static [Switch],
    /// What the network supplies at each evaluation.
    pub inputs: &'static [Input],
    /// What it gives back.
    pub outputs: &'static [Output],
    /// Ranges outside of which the equations are not trusted.
    pub limits: &'static [Limit],
    /// Cells in series, where the component is cut into them.
    pub series: Option<Series>,
}

impl Declaration {
    /// Index of the state that is a chip's junction temperature, where the component is a chip.
    pub fn junction(&self) -> Option<usize> {
        self.states.iter().position(|state| state.name == "die" && matches!(state.store, Store::Heat(_)))
    }

    /// Whether it generates electricity from fuel: such a set can carry its loads alone.
    pub fn burns_fuel(&self) -> bool {
        self.outputs.iter().any(|output| output.effect == Effect::Fuel)
    }

    /// Whether it generates electricity without fuel, from sun or wind: such a plant follows a live supply.
    pub fn is_renewable(&self) -> bool {
        self.outputs.iter().any(|output| output.effect == Effect::Generated) && !self.burns_fuel()
    }
}

/// A component that is cut into equal cells, one behind the other.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// Parameter with the number of cells.
    pub count: &'static str,
    /// Parameters that the cells share out.
    pub divided: &'static [&'static str],
}

/// One parameter.
#[derive(Debug)]
pub struct Field {
    /// Name in files and code.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// What may be written there.
    pub form: Form,
    /// Value when the file is silent, written as in a file; without one the parameter is required.
    pub default: Option<&'static str>,
}

/// What may be written for a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// A quantity with unit, between hard bounds; outside the usual range a warning is given.
    Quantity {
        /// Its kind.
        quantity: Quantity,
        /// Hard bounds, written with unit.
        bounds: (&'static str, &'static str),
        /// Usual range, written with unit.
        usual: Option<(&'static str, &'static str)>,
    },
    /// A whole number between bounds.
    Count {
        /// Hard bounds.
        bounds: (u32, u32),
    },
    /// One of a few names; stored as its index.
    Choice(&'static [&'static str]),
    /// Computed from the others by `size` before the run; never written in a file.
    Derived(Quantity),
}

/// What flows through a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// Electric power; flows with the arrow, from supply to load.
    Electricity,
    /// A liquid loop.
    Liquid,
    /// Moist air.
    Air,
    /// Heat without a stream, e.g. losses given to a room.
    Heat,
}

/// How a port takes part in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Takes from a supplier (electricity, heat).
    Inlet,
    /// Gives to any number of takers (electricity) or to one (heat).
    Outlet,
    /// A stream passes through: the port has two ends, `<port>_in` and `<port>_out`.
    Passage,
}

/// Who decides the mass flow of a passage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Flow {
    /// The rest of the circuit.
    Follows,
    /// This component: `actuator · design`. A control valve, a CDU's own pumps, a fan.
    Sets {
        /// Actuator that scales the flow.
        actuator: &'static str,
        /// Parameter with the flow at actuator 1 (mass or volume flow).
        design: &'static str,
    },
    /// This component where nothing else in the circuit does, else it follows: a pump on
    /// differential-pressure control delivers what the valves ask for.
    Drives {
        /// Actuator that scales the flow.
        actuator: &'static str,
        /// Parameter with the flow at actuator 1.
        design: &'static str,
    },
    /// Inlet and outlet flow differ (an aisle): each end follows its own neighbours.
    Decoupled,
}

/// How pressure and flow of a passage belong together where its circuit is solved from pressures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Head {
    /// It resists as the site's `resistances` say; where it sets its flow, a pressure-independent valve sits in it.
    Resists,
    /// A pump; its speed follows the actuator of its [`Flow::Drives`].
    Lifts {
        /// Parameter with the pressure rise at the design flow.
        head: &'static str,
        /// Parameter with the pressure rise without flow, as a multiple of it.
        shutoff: &'static str,
        /// Choice of whether a check valve keeps liquid from running back: fitted first, absent second.
        check: &'static str,
    },
    /// It closes against backward flow.
    Checks {
        /// Parameter with the loss at the design flow.
        drop: &'static str,
        /// Parameter with that flow.
        flow: &'static str,
    },
    /// A two-way valve.
    Throttles {
        /// Actuator with the opening.
        actuator: &'static str,
        /// Parameter with the flow coefficient Kv, as a volume flow.
        kv: &'static str,
        /// Choice of the inherent characteristic: linear first, equal-percentage second.
        characteristic: &'static str,
        /// Parameter with the rangeability of an equal-percentage valve.
        rangeability: &'static str,
    },
}

/// One connection point.
#[derive(Debug)]
pub struct Port {
    /// Name in connections.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// What flows.
    pub medium: Medium,
    /// How it is joined.
    pub side: Side,
    /// Who decides the flow (passages only).
    pub flow: Flow,
    /// Parameter with the volume the passage holds; it becomes part of the mixing volume at its outlet.
    pub content: Option<&'static str>,
    /// Parameter that weighs this passage when parallel ones share a flow.
    pub share: Option<&'static str>,
    /// Share of the design flow that passes while what moves it stands (passages that set their flow only).
    pub draught: f64,
    /// How pressure and flow belong together (liquid passages only).
    pub head: Head,
    /// Whether it may stay unconnected.
    pub optional: bool,
}

impl Port {
    const fn new(name: &'static str, medium: Medium, side: Side, doc: &'static str) -> Self {
        Port {
            name,
            doc,
            medium,
            side,
            flow: Flow::Follows,
            content: None,
            share: None,
            draught: 0.0,
            head: Head::Resists,
            optional: false,
        }
    }
    /// An electricity inlet: the component draws power here.
    pub const fn electricity_in(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, Medium::Electricity, Side::Inlet, doc)
    }
    /// An electricity outlet: loads draw power here.
    pub const fn electricity_out(name: &'static str, doc: &'static str) -> Self {
        let mut port = Self::new(name, Medium::Electricity, Side::Outlet, doc);
        port.optional = true;
        port
    }
    /// A liquid passage.
    pub const fn liquid(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, Medium::Liquid, Side::Passage, doc)
    }
    /// An air passage.
    pub const fn air(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, Medium::Air, Side::Passage, doc)
    }
    /// Heat given to whoever is connected; to the surroundings where nobody is.
    pub const fn heat_out(name: &'static str, doc: &'static str) -> Self {
        let mut port = Self::new(name, Medium::Heat, Side::Outlet, doc);
        port.optional = true;
        port
    }
    /// Heat taken from any number of givers.
    pub const fn heat_in(name: &'static str, doc: &'static str) -> Self {
        let mut port = Self::new(name, Medium::Heat, Side::Inlet, doc);
        port.optional = true;
        port
    }
    /// Says who decides the flow.
    pub const fn flow(mut self, flow: Flow) -> Self {
        self.flow = flow;
        self
    }
    /// Names the parameter with the volume held.
    pub const fn holds(mut self, content: &'static str) -> Self {
        self.content = Some(content);
        self
    }
    /// Names the parameter that weighs parallel passages.
    pub const fn shared_by(mut self, share: &'static str) -> Self {
        self.share = Some(share);
        self
    }
    /// Gives the share of the design flow that passes while what moves it stands.
    pub const fn draught(mut self, share: f64) -> Self {
        self.draught = share;
        self
    }
    /// Says how pressure and flow belong together.
    pub const fn head(mut self, head: Head) -> Self {
        self.head = head;
        self
    }
    /// May stay unconnected.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// What a state stores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Store {
    /// The state is a temperature [K]; the parameter gives the heat capacity [J/K]. Its `Store`
    /// output is a net heat flow [W].
    Heat(&'static str),
    /// The state is a mass [kg]; its output a net mass flow [kg/s].
    Mass,
    /// The state is an energy [J] (a battery); its output a power [W]. Part of the stored energy.
    Energy,
    /// The state carries no conserved quantity (a position, an integral); its output is its rate [1/s].
    Signal,
}

/// One state.
#[derive(Debug)]
pub struct State {
    /// Name.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// What it stores.
    pub store: Store,
    /// Where a run starts: a value in SI, or a parameter's.
    pub initial: Bound,
    /// Typical magnitude of a change that matters: the unit of the error control (30 K, 1 …).
    pub scale: f64,
    /// Storage which a steady state leaves alone (a basin, a battery).
    pub inventory: bool,
}

/// A constant, or the value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// SI value.
    Value(f64),
    /// Value of the named parameter.
    Parameter(&'static str),
}

/// Something a controller can move.
#[derive(Debug)]
pub struct Actuator {
    /// Name.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// Lowest position.
    pub low: Bound,
    /// Highest position.
    pub high: Bound,
    /// Position while nobody moves it.
    pub rest: Bound,
    /// Time constant of its travel [s].
    pub travel: f64,
}

/// Which way a sensor moves when its actuator opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Opening raises the sensor.
    Raises,
    /// Opening lowers the sensor.
    Lowers,
}

/// A control loop that the component is delivered with; `controls:` in a site may replace it.
#[derive(Debug)]
pub struct Regulator {
    /// The actuator it moves.
    pub actuator: &'static str,
    /// What it measures: `<port>_out`, `<port>_in` (temperatures), `<port>_flow`, a state or an output.
    pub sensor: &'static str,
    /// Parameter with the set-point.
    pub setpoint: &'static str,
    /// Direction.
    pub action: Action,
    /// Error that moves the actuator over its whole stroke, in the sensor's SI unit.
    pub band: f64,
    /// Integral time [s].
    pub integral_time: f64,
    /// Sampling period under `controls: Sampled` [s].
    pub period: f64,
}

/// A two-position control with hysteresis: 1 above `on_above`, back to 0 below `off_below`.
/// It switches between accepted steps, landed in time.
#[derive(Debug)]
pub struct Switch {
    /// Name, read through [`Role::Switch`].
    pub name: &'static str,
    /// What it measures, as for a [`Regulator`]; `weather.dry_bulb` and `weather.wet_bulb` too.
    pub sensor: &'static str,
    /// Switches on above.
    pub on_above: Bound,
    /// Switches off below.
    pub off_below: Bound,
    /// Once on it stays on for at least this [s].
    pub hold: f64,
    /// What is reported while it is on; empty if that is ordinary operation.
    pub note: &'static str,
}

/// Outdoor conditions a component may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outdoor {
    /// Dry bulb [K].
    DryBulb,
    /// Wet bulb [K].
    WetBulb,
    /// Humidity ratio [kg/kg].
    HumidityRatio,
    /// Pressure [Pa].
    Pressure,
    /// What comes straight from the sun and from around it, through an area that faces east [W/m²].
    SunEast,
    /// The same through an area that faces north [W/m²].
    SunNorth,
    /// The same through an area that faces the zenith [W/m²].
    SunUp,
    /// What the rest of the sky sends down evenly, on level ground [W/m²].
    Sky,
    /// All of it on level ground [W/m²].
    Global,
    /// Wind speed at the height of the weather station [m/s].
    WindSpeed,
}

impl Outdoor {
    /// All of them, in the order of their slots: air first, which every network has.
    pub const ALL: [Outdoor; 10] = [
        Outdoor::DryBulb,
        Outdoor::WetBulb,
        Outdoor::HumidityRatio,
        Outdoor::Pressure,
        Outdoor::SunEast,
        Outdoor::SunNorth,
        Outdoor::SunUp,
        Outdoor::Sky,
        Outdoor::Global,
        Outdoor::WindSpeed,
    ];

    /// Whether it is a property of the air, which every weather has.
    pub const fn of_air(self) -> bool {
        matches!(self, Outdoor::DryBulb | Outdoor::WetBulb | Outdoor::HumidityRatio | Outdoor::Pressure)
    }
}

/// What the network supplies for an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The component's own state.
    State(&'static str),
    /// Temperature of the liquid that enters the passage [K].
    Temperature(&'static str),
    /// Mass flow through the passage, per unit [kg/s]; dry air for air.
    Flow(&'static str),
    /// Mass flow at the inlet end of a decoupled passage [kg/s].
    FlowIn(&'static str),
    /// Mass flow at the outlet end of a decoupled passage [kg/s].
    FlowOut(&'static str),
    /// Specific heat of the passage's liquid [J/(kg K)], a constant of the loop.
    SpecificHeat(&'static str),
    /// Density of the passage's liquid [kg/m³], a constant of the loop.
    Density(&'static str),
    /// Enthalpy of the air that enters the passage [J per kg dry air].
    Enthalpy(&'static str),
    /// Humidity ratio of the air that enters the passage [kg/kg].
    Humidity(&'static str),
    /// Absolute pressure at the inlet end of a passage [Pa]: that of the site for air; in a liquid circuit what its
    /// expansion vessel holds.
    Pressure(&'static str),
    /// 1 where the passage's circuit is solved from pressures, 0 where its flows are sums of positions.
    Solved(&'static str),
    /// Pressure at the outlet less pressure at the inlet of the passage [Pa]; 0 where pressures are not solved.
    PressureRise(&'static str),
    /// Volume flow times pressure rise of the passage, per unit [W]: what it gives to the liquid, negative where it
    /// takes; 0 where pressures are not solved.
    HydraulicPower(&'static str),
    /// Power drawn by everything on an electricity outlet, per unit [W].
    Demand(&'static str),
    /// Heat arriving at a heat inlet, per unit [W].
    Received(&'static str),
    /// Outdoor conditions.
    Outdoor(Outdoor),
    /// Position of an actuator.
    Actuator(&'static str),
    /// 1 while the switch is on, else 0.
    Switch(&'static str),
    /// A workload signal of the rack group: `utilisation` in 0…1, or `power` [W per unit].
    Signal(&'static str),
}

/// One input.
#[derive(Debug)]
pub struct Input {
    /// Name.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// Who supplies it.
    pub role: Role,
}

/// What an output is to the network.
///
/// Every component keeps its own energy balance, which `tests/catalogue.rs` checks for all of them:
/// `Σ Power + Σ Received + Σ Carried = Σ Demand + Σ Store(heat, energy) + Σ Heat + Σ Rejected + Σ Reused`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Net inflow of a state's store, per unit.
    Store(&'static str),
    /// Heat given to a passage's stream (total enthalpy for air) or to a heat outlet, per unit [W].
    Heat(&'static str),
    /// Water vapour given to an air passage, per unit [kg/s].
    Moisture(&'static str),
    /// Power drawn at an electricity inlet, per unit [W].
    Power(&'static str),
    /// Part of the drawn power that is used here, per unit [W]; the parts and the demand sum to it.
    Use(Use),
    /// Heat given to the surroundings, per unit [W].
    Rejected,
    /// Heat handed to users outside of the site, per unit [W]; a unit that reuses rejects nothing.
    Reused,
    /// Enthalpy brought in by make-up water less that of water drained, per unit [W].
    Carried,
    /// Water flow, per unit [kg/s].
    Water(Water),
    /// Water that a convention of counting leaves out, per unit [kg/s]; metered beside the balances.
    Uncounted,
    /// Power generated on site from fuel, sun or wind, per unit [W].
    Generated,
    /// Power that sun or wind would have given and nobody took, per unit [W]; metered beside the balances.
    Curtailed,
    /// Heat of fuel burnt, per unit [W]; metered beside the balances, which begin at the generator's terminals.
    Fuel,
    /// A value worth reporting that nothing else reads.
    Reading(Quantity),
}

/// One output.
#[derive(Debug)]
pub struct Output {
    /// Name.
    pub name: &'static str,
    /// One sentence for the manual.
    pub doc: &'static str,
    /// What it is to the network.
    pub effect: Effect,
}

/// A range of validity, checked on the values of every accepted step and reported as a note.
#[derive(Debug)]
pub struct Limit {
    /// The input, output or state it concerns.
    pub of: &'static str,
    /// Lowest trusted value.
    pub low: Option<Bound>,
    /// Highest trusted value.
    pub high: Option<Bound>,
    /// What it means when the value is outside.
    pub text: &'static str,
}
