//! A checked site: everything a run needs, in SI, with every reference resolved.

use crate::course::Course;
pub use crate::origin::{Confidence, Origin, Sourced};
use crate::weather::{Interpolation, Weather};
use crate::workload::{HeatTrace, Workload};
use plant::faults::Times;
use plant::plant::Plant;
use std::sync::Arc;

/// A site that can be run. Nothing downstream checks it again.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file's name without its ending.
    pub id: String,
    /// What the site is.
    pub title: String,
    /// What the file is to answer.
    pub question: String,
    /// What its author expects.
    pub expect: String,
    /// The components and how they are connected.
    pub plant: Plant,
    /// What fails or changes during the run, in the order of time.
    pub events: Vec<Event>,
    /// The weather.
    pub weather: Arc<Weather>,
    /// The series that [`Plant::signals`](plant::plant::Plant::signals) index.
    pub workloads: Vec<Workload>,
    /// A record whose wet bulb replaces that of the weather, from the start of the run.
    pub recorded: Option<Arc<HeatTrace>>,
    /// What is simulated, and how.
    pub run: RunOptions,
    /// The electricity grid, where one is known.
    pub grid: Option<GridFactor>,
    /// Carbon of the electricity by the hour, and contracts, where the site says so.
    pub supply: Option<Supply>,
    /// What electricity and water cost: the site's own tariff, or the indicative prices of the grid.
    pub tariff: Option<Tariff>,
    /// What the site's author says for a report.
    pub disclosure: Vec<crate::disclosure::Given>,
    /// What it says for its books beyond the meters.
    pub books: crate::books::Books,
    /// What the run must reach, as written.
    pub targets: Vec<Target>,
    /// Every text and file that the case was made from, for the account of inputs.
    pub inputs: Vec<InputFile>,
    /// What was concluded from what is not written, as sentences.
    pub inferred: Vec<String>,
}

/// Something that happens during a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// From the start of the run [s].
    pub at_s: f64,
    /// As it is written.
    pub text: String,
    /// What happens.
    pub action: Action,
}

/// How machines stop and start, as far as an event says so; the rest is the machine's own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GivenTimes {
    /// Time constant while they run down [s].
    pub run_down: Option<f64>,
    /// From the reset to the start [s].
    pub restart_delay: Option<f64>,
    /// Time constant while they run up [s].
    pub run_up: Option<f64>,
}

impl GivenTimes {
    /// A machine's own times with what is given in their place.
    #[must_use]
    pub fn or(self, own: Times) -> Times {
        Times {
            run_down: self.run_down.unwrap_or(own.run_down),
            restart_delay: self.restart_delay.unwrap_or(own.restart_delay),
            run_up: self.run_up.unwrap_or(own.run_up),
        }
    }
}

/// What happens. Gates and jams are indices into the plant's [`Faults`](plant::faults::Faults).
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Machines, actuators or supplies stop.
    Trip {
        /// Which.
        gates: Vec<usize>,
        /// Only in this of the racks; in all of them where it is `None`.
        rack: Option<usize>,
        /// For how long [s]; to the end where nothing is said.
        for_s: Option<f64>,
        /// How they stop and start, where this event says so.
        given: GivenTimes,
    },
    /// They start again, move again, or follow their workload again.
    Restore {
        /// What was tripped.
        gates: Vec<usize>,
        /// What was stuck.
        jams: Vec<usize>,
        /// Indices into the workloads that were overruled.
        series: Vec<usize>,
        /// Only in this of the racks; in all of them where it is `None`.
        rack: Option<usize>,
    },
    /// Actuators stay where they are, or go to a position and stay there.
    Stuck {
        /// Which.
        jams: Vec<usize>,
        /// Only in this of the racks; in all of them where it is `None`.
        rack: Option<usize>,
        /// The position.
        at: Option<f64>,
        /// For how long [s].
        for_s: Option<f64>,
    },
    /// The grid is dead.
    UtilityOutage {
        /// For how long [s].
        for_s: f64,
        /// Until generators carry their loads [s].
        generator_start_s: f64,
        /// How long chillers wait when their supply is back [s], where it is said.
        chiller_restart_s: Option<f64>,
    },
    /// A workload is overruled.
    LoadStep {
        /// Indices into the workloads.
        series: Vec<usize>,
        /// Only this of the racks; all of them where it is `None`.
        rack: Option<usize>,
        /// Share of full load.
        utilisation: f64,
        /// For how long [s].
        for_s: Option<f64>,
    },
}

/// What a run must reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// As it is written.
    pub text: String,
    /// What is asked for.
    pub goal: Goal,
}

/// What is asked for; limits in SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// No water is made up.
    ZeroWater,
    /// Facility energy / IT energy.
    Pue {
        /// 1.
        at_most: f64,
    },
    /// Make-up water / IT energy.
    Wue {
        /// m³/J.
        at_most: f64,
    },
    /// Carbon of the electricity / IT energy.
    Cue {
        /// kg/J.
        at_most: f64,
        /// Market-based in place of location-based.
        market: bool,
    },
    /// The hottest junction.
    Junction {
        /// K.
        at_most: f64,
        /// Share of the time in which it must hold.
        share: f64,
    },
    /// The air that enters the racks.
    Inlet {
        /// Coldest [K].
        low: Option<f64>,
        /// Warmest [K].
        high: f64,
        /// Share of the time in which it must hold.
        share: f64,
    },
    /// Share of carbon-free electricity, interval by interval.
    CarbonFree {
        /// 1.
        at_least: f64,
    },
    /// Heat handed out over facility energy.
    HeatReuse {
        /// 1.
        at_least: f64,
    },
    /// Share of the time without compressor.
    FreeCooling {
        /// 1.
        at_least: f64,
    },
    /// Embodied carbon.
    Embodied {
        /// kg.
        at_most: f64,
        /// Spread over the service lives, in place of all of it.
        per_year: bool,
    },
    /// Cost of ownership.
    Cost {
        /// In the currency.
        at_most: f64,
        /// Of a year or of an hour.
        per: CostPer,
        /// Of the site's economics, ISO 4217.
        currency: &'static str,
    },
    /// Time from the first event.
    RideThrough {
        /// s.
        at_least: f64,
        /// Until what.
        until: Until,
    },
}

/// Of what a cost is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CostPer {
    /// A full-load accelerator-hour.
    AcceleratorHour,
    /// An hour of an accelerator that is there.
    InstalledHour,
    /// A year.
    Year,
}

/// What a ride-through lasts until.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Until {
    /// Something gives way.
    GivesWay,
    /// Air above the recommended 27 °C.
    InletRecommended,
    /// Air above the 32 °C of class A1.
    InletA1,
    /// Air above the 35 °C of class A2.
    InletA2,
    /// Coolant above 40 °C.
    CoolantW40,
    /// Coolant above 45 °C.
    CoolantW45,
}

impl Until {
    /// All of them, in the order in which they are written.
    pub const ALL: [Until; 6] = [
        Until::GivesWay,
        Until::InletRecommended,
        Until::InletA1,
        Until::InletA2,
        Until::CoolantW40,
        Until::CoolantW45,
    ];
}

/// What is simulated, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOptions {
    /// Start, from the start of the year [s].
    pub start_s: f64,
    /// How long [s].
    pub length_s: f64,
    /// Whether it is a whole year.
    pub whole_year: bool,
    /// Step of inputs [s].
    pub step_s: f64,
    /// Step of results [s].
    pub output_every_s: f64,
    /// What is carried apart.
    pub fidelity: Fidelity,
    /// Whether racks that are equal are carried once, at other fidelities than Lumped.
    pub equal_together: bool,
    /// How what the stages of a step need of racks is kept, at other fidelities than Lumped.
    pub precision: Precision,
    /// How loops are executed.
    pub controls: Controls,
    /// What happens within a step.
    pub dynamics: Dynamics,
    /// The weather between the hours.
    pub weather: Interpolation,
    /// The integrator.
    pub method: Method,
    /// Its tolerance.
    pub tolerance: f64,
    /// Seed of the typical year.
    pub seed: u64,
    /// Threads of the computation.
    pub threads: usize,
    /// Racks of which every temperature is recorded.
    pub details: Vec<Detail>,
}

/// Racks of which every temperature is recorded, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Index into the plant's groups.
    pub group: usize,
    /// Which of its racks, counted from 0; all of them where it is `None`.
    pub rack: Option<usize>,
    /// From then on [s from the start of the year].
    pub from_s: f64,
    /// Until then, itself included.
    pub until_s: f64,
}

/// How what the stages of a step need of racks is kept in memory. Arithmetic and states are double either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 8 bytes a number.
    Double,
    /// 4 bytes a number.
    Single,
}

/// What is carried apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fidelity {
    /// Nothing: the racks of a group once, with their number.
    Lumped,
    /// Every rack; the equal parts of a rack once, with their number.
    Rack,
    /// Every rack, and every chip that has a junction.
    Chip,
}

/// How control loops are executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Controls {
    /// As a controller does: at its period, held between.
    Sampled,
    /// As states of the equations.
    Continuous,
    /// Solved: the actuator stands where the set-point holds, or at its limit.
    Ideal,
}

/// What happens within a step of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dynamics {
    /// As many steps of the integrator as its tolerance asks for.
    Dynamic,
    /// One step of implicit Euler: what is fast stands where it comes to rest.
    QuasiSteady,
}

/// Longest run of the explicit method, which is a check on the others [s].
pub const EXPLICIT_LONGEST_S: f64 = 48.0 * 3600.0;

/// The integrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Rosenbrock, order 3.
    Rodas3,
    /// Rosenbrock, order 4.
    Rodas4,
    /// Dormand–Prince, explicit.
    Dopri5,
}

/// Factors of an electricity grid. What is not known is `None`, never zero.
#[derive(Debug, Clone, PartialEq)]
pub struct GridFactor {
    /// Its id in the catalogue.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its id where the values come from.
    pub zone: String,
    /// Carbon dioxide equivalent with plants and fuel supply, latest first.
    pub lifecycle: Vec<Factor>,
    /// Carbon dioxide (equivalent) leaving the power plants, latest first.
    pub direct: Vec<Factor>,
    /// Share of renewable and nuclear electricity.
    pub carbon_free_share: Option<Sourced<f64>>,
    /// Water consumed per electricity [m³/J].
    pub water: Option<Sourced<f64>>,
    /// Baseline water stress of the region, as a word.
    pub water_stress: Option<Sourced<String>>,
    /// Electricity price of an industrial customer [USD per kWh].
    pub electricity_price_usd_per_kwh: Option<Sourced<f64>>,
    /// Water price of an industrial customer [USD per m³].
    pub water_price_usd_per_m3: Option<Sourced<f64>>,
    /// Where the carbon factors come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
}

/// What a carbon factor counts. What counts differently is never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// CO₂ equivalent with the building of plants and the supply of fuel.
    Lifecycle,
    /// What leaves power plants and exhausts.
    Direct,
}

impl Basis {
    /// Its name in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Lifecycle => "lifecycle",
            Basis::Direct => "direct",
        }
    }
}

impl GridFactor {
    /// The latest factor of a basis.
    #[must_use]
    pub fn factor(&self, basis: Basis) -> Option<&Factor> {
        match basis {
            Basis::Lifecycle => self.lifecycle.first(),
            Basis::Direct => self.direct.first(),
        }
    }

    /// The basis that is taken where the site does not say: lifecycle, or direct where nothing else is known.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        [Basis::Lifecycle, Basis::Direct].into_iter().find(|basis| self.factor(*basis).is_some())
    }
}

/// How the site's electricity is supplied, as far as carbon is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Supply {
    /// What all its factors count: of the profile, of contracts, of the residual mix, and of the grid beside them.
    pub basis: Basis,
    /// The course of the grid's carbon factor.
    pub profile: Option<Hourly>,
    /// What is bought from certain plants.
    pub contracts: Vec<Contract>,
    /// Carbon of what contracts do not cover, market-based.
    pub residual: Option<Residual>,
}

/// A residual mix: the electricity that nobody has claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// Its carbon [kg/J].
    pub factor: f64,
    /// Where that comes from.
    pub origin: Origin,
}

/// The course of a grid's carbon factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Hourly {
    /// Its values [kg/J].
    pub course: Arc<Course>,
    /// Where they come from.
    pub origin: Origin,
    /// Its file.
    pub file: String,
}

/// Electricity bought from plants of one technology.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// `Wind`, `Solar`, `Geothermal`, `Hydro` or `Nuclear`.
    pub technology: &'static str,
    /// Capacity [W].
    pub capacity: f64,
    /// Output as a share of it; always all of it where there is none.
    pub course: Option<Arc<Course>>,
    /// Where the course comes from.
    pub course_origin: Option<Origin>,
    /// Its carbon [kg/J].
    pub factor: f64,
    /// Lowest and highest of the literature [kg/J]; nothing where not known.
    pub range: Option<(f64, f64)>,
    /// Where the carbon comes from.
    pub origin: Origin,
}

impl Contract {
    /// Energy delivered from one time to a later one [J].
    #[must_use]
    pub fn energy(&self, from: f64, to: f64) -> f64 {
        let share = self.course.as_ref().map_or(1.0, |course| course.mean(from, to));
        self.capacity * share * (to - from)
    }
}

/// What electricity and water cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Tariff {
    /// Of electricity fed in [currency per J].
    pub electricity: f64,
    /// Of water made up [currency per m³].
    pub water: f64,
    /// ISO 4217.
    pub currency: String,
    /// Where the price of electricity comes from.
    pub electricity_origin: Origin,
    /// Where that of water does.
    pub water_origin: Origin,
}

/// A carbon factor of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// Of which year.
    pub year: u16,
    /// Carbon dioxide (equivalent) per electricity [kg/J].
    pub value: f64,
    /// What is counted, and by whom, where that is not always the same.
    pub what: String,
}

/// A text or file that the case was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Its name: a path, `models/…` for what is built in, or `--set`.
    pub name: String,
    /// Its content.
    pub bytes: Arc<Vec<u8>>,
}
