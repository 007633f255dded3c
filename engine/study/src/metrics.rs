//! Figures that people compare: PUE, WUE, CUE and their parts, from the accounts of a run.
//!
//! # Definitions
//! | figure | definition | standard |
//! |---|---|---|
//! | `it_energy` | input of the IT equipment: boards + server fans + PSU losses | ISO/IEC 30134-2, category 3 |
//! | `facility_energy` | utility + on-site generation + battery discharge − charge − export | ISO/IEC 30134-2 |
//! | PUE | facility / IT; category 1 at the UPS outputs, category 2 at the PDU outputs | ISO/IEC 30134-2:2026 |
//! | ITUE, TUE | IT input / boards; ITUE · PUE | Patterson et al. (2013) |
//! | WUE (site) | make-up water / IT energy | ISO/IEC 30134-9, category 1 |
//! | ERF | heat handed to users outside / facility | ISO/IEC 30134-6 |
//! | ERE | (facility − heat handed out) / IT = PUE·(1 − ERF) | The Green Grid, white paper 29 |
//! | `bought_energy` | utility, exports not taken off, less what stays in batteries | GHG Protocol, scope 2 |
//! | CUE | (carbon of the electricity bought + carbon of generators' fuel on the same basis) / IT energy | ISO/IEC 30134-8 |
//!
//! Every figure here is simulated, and says so where it is shown. What a site does not have is `None`.

use crate::account::{Accounts, Closure};
use crate::books::direct::Fuel;
use crate::emissions::{Both, Emissions};
use crate::notes::Note;
use plant::declare::{Use, Water};
use plant::network::MeterKind;
use plant::plant::Plant;
use scenario::case::{Basis, Origin};

const KWH: f64 = 3.6e6;
/// Density at which make-up water is turned into a volume [kg/m³]: 1000, as water meters are read.
const WATER_DENSITY: f64 = 1000.0;

/// A carbon factor and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Carbon {
    /// kg of CO₂ (equivalent) per J of electricity.
    pub factor: f64,
    /// What it counts.
    pub basis: Basis,
    /// Grid it belongs to.
    pub grid: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Carbon {
    /// Carbon of so much electricity [J].
    #[must_use]
    pub fn of(&self, joules: f64) -> Emissions {
        Emissions::of(self.basis, self.factor * joules)
    }
}

/// The figures of a run; `summary.json` has them by these names.
#[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
pub struct Metrics {
    /// Power usage effectiveness, category 3.
    pub pue: Option<f64>,
    /// IT energy at the UPS outputs.
    pub pue_category_1: Option<f64>,
    /// IT energy at the PDU outputs.
    pub pue_category_2: Option<f64>,
    /// Make-up water per IT energy [L/kWh].
    pub wue_site_l_per_kwh: Option<f64>,
    /// Carbon per IT energy [kg/kWh].
    pub cue_kg_per_kwh: Option<f64>,
    /// IT input per board energy.
    pub itue: Option<f64>,
    /// ITUE times PUE.
    pub tue: Option<f64>,
    /// Energy reuse factor; nothing where the site hands out no heat.
    pub erf: Option<f64>,
    /// Energy reuse effectiveness; nothing where the site hands out no heat.
    pub ere: Option<f64>,
    /// Heat handed to users outside of the site [kWh]; nothing where it has no delivery point.
    pub reused_heat_kwh: Option<f64>,
    /// Input of the IT equipment [kWh].
    pub it_energy_kwh: f64,
    /// Input of the site [kWh].
    pub facility_energy_kwh: f64,
    /// Delivered by the utility, less what stays in batteries; exports are not taken off [kWh].
    #[serde(default)]
    pub bought_energy_kwh: f64,
    /// Make-up water [m³].
    pub water_m3: f64,
    /// Hottest junction [°C].
    pub max_junction_c: Option<f64>,
    /// Warmest air at a rack inlet [°C].
    pub max_inlet_c: Option<f64>,
    /// Hours without compressor.
    pub free_cooling_hours: f64,
}

/// Everything a summary says.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The figures.
    pub metrics: Metrics,
    /// Electricity by category [kWh], in the order of [`Use::ALL`].
    pub energy_kwh: Vec<(Use, f64)>,
    /// Water by account [m³], make-up left out.
    pub water_m3: Vec<(Water, f64)>,
    /// Vapour that `conventions: EnergyPlus` leaves out [m³]; nothing where no tower counts so.
    pub water_not_counted_m3: Option<f64>,
    /// How well the balances close.
    pub closure: Closure,
    /// What was outside its range.
    pub notes: Vec<Note>,
    /// The carbon factor used.
    pub carbon: Option<Carbon>,
    /// Carbon by the hour and contracts, where the site says so.
    pub supply: Option<crate::carbon::SupplyFigures>,
    /// Heat reuse, water, carbon and money beyond the meters, as far as the site has them.
    pub books: crate::books::Books,
    /// What became of the site's targets, in their order.
    pub targets: Vec<crate::targets::Verdict>,
    /// The figures of the racks of each group.
    pub racks: Vec<crate::racks::RackFigures>,
    /// What was asked of the accelerators; nothing where none is modelled.
    pub work: Option<crate::work::Work>,
    /// Length of the run [h].
    pub hours: f64,
}

/// A ratio, where there is something to divide by.
pub(crate) fn over(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

/// Evaluates the accounts of the site; pure. The racks are evaluated by themselves, see [`racks`](crate::racks).
pub fn evaluate(
    plant: &Plant,
    accounts: &Accounts,
    closure: Closure,
    notes: Vec<Note>,
    carbon: Option<Carbon>,
    fuel: Option<Fuel>,
) -> Summary {
    let used = |u: Use| accounts.used(u);
    let boards = used(Use::It);
    let it = boards + used(Use::ServerFans) + used(Use::PsuLoss);
    let facility = accounts.supplied();
    let delivered = |kind: &str| {
        let of_kind =
            |unit: Option<usize>| unit.is_some_and(|u| plant.units[u].kind.declaration().name == kind);
        let present = plant.units.iter().any(|u| u.kind.declaration().name == kind);
        let energy = accounts.sum(|m| matches!(m.kind, MeterKind::DeliveredToIt(_)) && of_kind(m.unit));
        if present { over(facility, energy) } else { None }
    };
    let water = accounts.water(Water::MakeUp) / WATER_DENSITY;
    let burnt = fuel.map_or(Both::default(), |fuel| fuel.carbon());
    let delivers = accounts.meters.iter().any(|m| m.kind == MeterKind::Reused);
    let reused = delivers.then(|| accounts.sum(|m| m.kind == MeterKind::Reused));
    let pue = over(facility, it);
    let itue = over(it, boards);
    let celsius = |kelvin: f64| kelvin - 273.15;
    let metrics = Metrics {
        pue,
        pue_category_1: delivered("Ups"),
        pue_category_2: delivered("Pdu"),
        wue_site_l_per_kwh: over(1000.0 * water, it / KWH),
        cue_kg_per_kwh: carbon
            .as_ref()
            .and_then(|c| over(c.of(accounts.bought()).with(burnt).kg(), it / KWH)),
        itue,
        tue: itue.zip(pue).map(|(itue, pue)| itue * pue),
        erf: reused.and_then(|heat| over(heat, facility)),
        ere: reused.and_then(|heat| over(facility - heat, it)),
        reused_heat_kwh: reused.map(|heat| heat / KWH),
        it_energy_kwh: it / KWH,
        facility_energy_kwh: facility / KWH,
        bought_energy_kwh: accounts.bought() / KWH,
        water_m3: water,
        max_junction_c: accounts.junction_max.map(celsius),
        max_inlet_c: accounts.inlet_max.map(celsius),
        free_cooling_hours: accounts.free_cooling_s / 3600.0,
    };
    let accounts_of_water = Water::ALL.into_iter().filter(|w| *w != Water::MakeUp);
    Summary {
        metrics,
        energy_kwh: Use::ALL.iter().map(|&u| (u, used(u) / KWH)).collect(),
        water_m3: accounts_of_water.map(|w| (w, accounts.water(w) / WATER_DENSITY)).collect(),
        water_not_counted_m3: (plant.units.iter())
            .any(|unit| unit.parameter("conventions") == Some(1.0))
            .then(|| accounts.sum(|meter| meter.kind == MeterKind::Uncounted) / WATER_DENSITY),
        closure,
        notes,
        carbon,
        supply: None,
        books: crate::books::Books::default(),
        targets: Vec::new(),
        racks: Vec::new(),
        work: None,
        hours: accounts.length / 3600.0,
    }
}
