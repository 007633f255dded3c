//! Four plants over whole years against EnergyPlus 25.2: `tests/validation/energyplus`.
//!
//! In the typical years of two built-in climates from the program alone, by their totals; in the weather of Chicago and
//! San Francisco, hour by hour, where the weather files and the peer's hours are.

use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Table, Worst};
use plant::declare::Use;
use study::metrics::Summary;
use study::run::{Outcome, Unobserved};

/// Whole plants, whole years.
pub const ENERGYPLUS_YEARS: Source = Source {
    id: "energyplus_years",
    title: "EnergyPlus 25.2.0, annual runs of four plants of 1 MW",
    kind: Kind::Program,
    tables: "tests/validation/energyplus",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "lc_dry",
        title: "Dry cooler of two speeds on a loop of 32 °C",
        source: &ENERGYPLUS_YEARS,
        covers: &["DryCooler", "Pump", "plants"],
        evaluate: |checks| compare(checks, &LC_DRY),
    },
    Case {
        id: "chw12",
        title: "Chiller at 12 °C and its tower, by the peer's conventions",
        source: &ENERGYPLUS_YEARS,
        covers: &["WaterCooledChiller", "OpenTower", "Pump", "plants"],
        evaluate: |checks| compare(checks, &CHW12),
    },
    Case {
        id: "lc_merkel",
        title: "Plates and Merkel's tower on a loop of 30 °C, by the peer's conventions",
        source: &ENERGYPLUS_YEARS,
        covers: &["OpenTower", "PlateExchanger", "Pump", "plants"],
        evaluate: |checks| compare(checks, &LC_MERKEL),
    },
    Case {
        id: "lc_tower",
        title: "Plates and tower on a loop of 30 °C, by the peer's conventions",
        source: &ENERGYPLUS_YEARS,
        covers: &["OpenTower", "PlateExchanger", "Pump", "plants"],
        evaluate: |checks| compare(checks, &LC_TOWER),
    },
];

/// A plant, and how near it must come.
struct Plant {
    /// As the tables name it.
    model: &'static str,
    site: &'static str,
    /// Whether the peer's hours are stored beside its totals.
    hourly: bool,
    fan: &'static str,
    fan_within: f64,
    /// Whose fan it is.
    rejects: &'static [&'static str],
    /// What the supply's temperature is evidence for.
    supplies: &'static [&'static str],
    /// How near its pumps must come, and what remains.
    pumps: (f64, &'static str),
    /// Compressor and evaporation, where it has them.
    compressor_within: Option<f64>,
    evaporation_within: Option<f64>,
    /// The supply's column and set-point [°C], where it may leave it.
    supply: Option<(&'static str, f64)>,
    /// Of the hours above the set-point, and of their mean [K].
    hot: (f64, f64),
    remains: &'static str,
    /// Why fan and evaporation are others by our own conventions.
    by_default: &'static str,
}

/// What evaporates.
const TOWER: &[&str] = &["OpenTower"];

/// Pumps of constant speed, and one that holds the supply.
const CONSTANT: (f64, &str) = (1e-6, "seven printed digits");
const FOLLOWING: (f64, &str) =
    (0.01, "the tower pump follows the loop, which is 0.03 K warmer at the load in the peer");

const LC_DRY: Plant = Plant {
    model: "LC_dry",
    site: include_str!("../../../tests/validation/energyplus/lc_dry.ron"),
    hourly: true,
    fan: "dry_cooler.fan_power",
    fan_within: 0.005,
    pumps: CONSTANT,
    rejects: &["DryCooler"],
    supplies: &["DryCooler"],
    compressor_within: None,
    evaporation_within: None,
    supply: Some(("dry_cooler.water_out", 32.0)),
    hot: (0.03, 0.03),
    remains: "the peer's air has 0.1 % less heat capacity",
    by_default: "",
};
const CHW12: Plant = Plant {
    model: "CHW12",
    site: include_str!("../../../tests/validation/energyplus/chw12.ron"),
    hourly: true,
    fan: "tower.fan_power",
    fan_within: 0.02,
    pumps: CONSTANT,
    rejects: TOWER,
    supplies: &[],
    compressor_within: Some(0.003),
    evaporation_within: Some(0.005),
    supply: None,
    hot: (0.0, 0.0),
    remains: "the peer's evaporator takes 0.16 % less than its load and pump give: two heat capacities of one water",
    by_default: "evaporation by humidity ratio instead of w/(1 + w); make-up with its own enthalpy, which cools the basin and spares fan",
};
const LC_TOWER: Plant = Plant {
    model: "LC_tower",
    site: include_str!("../../../tests/validation/energyplus/lc_tower.ron"),
    hourly: true,
    fan: "tower.fan_power",
    fan_within: 0.05,
    pumps: FOLLOWING,
    rejects: TOWER,
    supplies: &["OpenTower", "PlateExchanger"],
    compressor_within: None,
    evaporation_within: Some(0.01),
    supply: Some(("cdu.secondary_out", 30.0)),
    hot: (0.08, 0.08),
    remains: "the peer's tower sees 0.3 % more water at one speed; its loop is 0.03 K warmer at the load than behind the plates",
    by_default: "YorkCalc ends at 75 % of its water flow and -1 °C of wet bulb: here it is taken there, with a finding, and the peer follows \
                 the polynomial to 42 %",
};

const LC_MERKEL: Plant = Plant {
    model: "LC_merkel",
    site: include_str!("../../../tests/validation/energyplus/lc_merkel.ron"),
    hourly: false,
    fan: "tower.fan_power",
    fan_within: 0.02,
    pumps: FOLLOWING,
    rejects: TOWER,
    supplies: &["OpenTower", "PlateExchanger"],
    compressor_within: None,
    evaporation_within: Some(0.01),
    supply: Some(("cdu.secondary_out", 30.0)),
    hot: (0.03, 0.03),
    remains: "the peer's factor of the water flow is 1.0039 at design, ours 1: 1 % of fan power; its loop is 0.03 K warmer at the load than behind the plates",
    by_default: "evaporation by humidity ratio instead of w/(1 + w); make-up with its own enthalpy, which cools the basin and spares fan",
};

/// A place, and the names of its quantities.
struct Place {
    title: &'static str,
    /// As the table of totals names it.
    climate: &'static str,
    /// In the table of the hours; none in a typical year.
    hours: Option<&'static str>,
    names: [&'static str; 11],
}

/// The names of the quantities at a place, in the order of [`UNITS`].
macro_rules! names {
    ($place:literal) => {
        [
            concat!($place, "_pue"),
            concat!($place, "_balance"),
            concat!($place, "_fan"),
            concat!($place, "_pumps"),
            concat!($place, "_compressor"),
            concat!($place, "_evaporation"),
            concat!($place, "_supply"),
            concat!($place, "_hours"),
            concat!($place, "_bias"),
            concat!($place, "_fan_by_default"),
            concat!($place, "_evaporation_by_default"),
        ]
    };
}

const PLACES: [Place; 4] = [
    Place { title: "typical year of Shanghai", climate: "shanghai", hours: None, names: names!("shanghai") },
    Place {
        title: "typical year of Stockholm",
        climate: "stockholm",
        hours: None,
        names: names!("stockholm"),
    },
    Place {
        title: "TMY3 of Chicago",
        climate: "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3",
        hours: Some("chicago"),
        names: names!("chicago"),
    },
    Place {
        title: "TMY3 of San Francisco",
        climate: "USA_CA_San.Francisco.Intl.AP.724940_TMY3",
        hours: Some("sanfrancisco"),
        names: names!("sanfrancisco"),
    },
];

// The quantities, by their place in [`UNITS`]: in the order in which they are compared.
const PUE: usize = 0;
const BALANCE: usize = 1;
const FAN: usize = 2;
const PUMPS: usize = 3;
const COMPRESSOR: usize = 4;
const EVAPORATION: usize = 5;
const SUPPLY: usize = 6;
const HOURS: usize = 7;
const BIAS: usize = 8;
const FAN_BY_DEFAULT: usize = 9;
const EVAPORATION_BY_DEFAULT: usize = 10;

/// [`Worst::absolute`] or [`Worst::relative`].
type Measured = fn(&'static str, String, &'static str) -> Worst;

/// The rows of a plant at a place.
struct Rows<'a> {
    checks: &'a mut Checks,
    plant: &'a Plant,
    place: &'a Place,
    words: [String; 11],
}

impl<'a> Rows<'a> {
    fn new(checks: &'a mut Checks, plant: &'a Plant, place: &'a Place) -> Self {
        let words = words(place, place.hours.is_some() && plant.hourly);
        Rows { checks, plant, place, words }
    }

    /// A quantity with nothing compared yet, and its error counted by `measure`.
    fn row(&mut self, k: usize, measure: Measured) -> Worst {
        self.checks.about(about(self.plant, k));
        measure(self.place.names[k], self.words[k].clone(), self.unit(k))
    }

    /// A root mean square is a difference, a mean a temperature.
    fn unit(&self, k: usize) -> &'static str {
        let mean = self.place.hours.is_none() || !self.plant.hourly;
        if k == SUPPLY && mean { "°C" } else { UNITS[k] }
    }

    fn absolute(&mut self, k: usize, got: f64, expected: f64, within: f64) {
        self.compare(k, Worst::absolute, got, expected, within);
    }

    fn relative(&mut self, k: usize, got: f64, expected: f64, within: f64) {
        self.compare(k, Worst::relative, got, expected, within);
    }

    fn compare(&mut self, k: usize, measure: Measured, got: f64, expected: f64, within: f64) {
        let mut row = self.row(k, measure);
        row.compare(got, expected, "");
        let remains = if k == PUMPS { self.plant.pumps.1 } else { self.plant.remains };
        self.checks.worst(row, 1, within, remains);
    }

    /// What is told without a verdict.
    fn reported(&mut self, k: usize, got: f64, expected: f64) {
        let mut row = self.row(k, Worst::relative);
        row.compare(got, expected, "");
        self.checks.worst_reported(row, self.plant.by_default);
    }

    /// What must hold and is no comparison.
    fn held(&mut self, k: usize, got: f64, within: f64, why: &str) {
        let mut row = self.row(k, Worst::absolute);
        row.compare(got, 0.0, "");
        self.checks.held(row, 1, within, why);
    }

    /// A quantity of which the source has no instance.
    fn none(&mut self, k: usize, why: &str) {
        self.checks.about(about(self.plant, k));
        self.checks.none(self.place.names[k], self.words[k].clone(), UNITS[k], why);
    }

    /// All that the plant is asked for, for want of a file.
    fn absent(&mut self, needs: &str) {
        for k in (0..UNITS.len()).filter(|&k| asked(self.plant, k)) {
            self.checks.about(about(self.plant, k));
            self.checks.absent(self.place.names[k], self.words[k].clone(), self.unit(k), needs);
        }
    }
}

fn compare(checks: &mut Checks, plant: &Plant) -> Result<(), Fault> {
    PLACES.iter().try_for_each(|place| at(checks, plant, place))
}

fn at(checks: &mut Checks, plant: &Plant, place: &Place) -> Result<(), Fault> {
    let totals = match place.hours {
        _ if !plant.hourly => Table::read(
            "merkel_years.csv",
            include_str!("../../../tests/validation/energyplus/merkel_years.csv"),
        ),
        None => Table::read(
            "typical_years.csv",
            include_str!("../../../tests/validation/energyplus/typical_years.csv"),
        ),
        Some(_) => Table::read("annual.csv", include_str!("../../../tests/validation/energyplus/annual.csv")),
    }?;
    let mut total = None;
    for row in totals.rows() {
        if row.text("model")? == plant.model && row.text("climate")? == place.climate {
            total = Some(row);
        }
    }
    let total = total.ok_or_else(|| Fault::Missing(format!("{} in {}", plant.model, place.climate)))?;
    let mut rows = Rows::new(checks, plant, place);

    let mut peer_supply = None;
    let weather = match place.hours {
        None => ("site.climate".to_owned(), place.climate.to_owned()),
        Some(_) if !plant.hourly => {
            let weather = format!("weather/{}.epw", place.climate);
            let Some(path) = rows.checks.reference(&weather)? else {
                rows.absent(&weather);
                return Ok(());
            };
            ("site.weather".to_owned(), path.display().to_string())
        }
        Some(short) => {
            let weather = format!("weather/{}.epw", place.climate);
            let table = format!("reference/energyplus/{}__{short}__hourly.csv", plant.model);
            let found = (rows.checks.reference(&weather)?, rows.checks.reference(&table)?);
            let (Some(weather), Some(path)) = found else {
                rows.absent(&table);
                return Ok(());
            };
            let told = |reason: std::io::Error| Fault::Reference {
                path: path.display().to_string(),
                reason: reason.to_string(),
            };
            let table = Table::read(&table, &std::fs::read_to_string(&path).map_err(told)?)?;
            let column = "IT IN|System Node Temperature[C]";
            peer_supply = Some(table.rows().map(|row| row.get(column)).collect::<Result<Vec<f64>, Fault>>()?);
            ("site.weather".to_owned(), weather.display().to_string())
        }
    };

    let every = ("run.output_every".to_owned(), "15 min".to_owned());
    let (outcome, summary) = run(plant, &[weather.clone(), every])?;

    let ratio = summary.metrics.facility_energy_kwh / 8.76e6;
    rows.absolute(PUE, ratio, total.get("PUE")?, 5e-4);
    rows.held(
        BALANCE,
        outcome.closure.energy_worst,
        1e-6,
        "our own closure: every step's energy to round-off",
    );
    let used = metered(&outcome, plant.fan)? / 3.6e6;
    rows.relative(FAN, used, total.get("heat_rejection_kWh")?, plant.fan_within);
    let driven: f64 =
        summary.energy_kwh.iter().filter(|(used, _)| *used == Use::Pumps).map(|(_, kwh)| kwh).sum();
    rows.relative(PUMPS, driven, total.get("pumps_kWh")?, plant.pumps.0);
    if let Some(within) = plant.compressor_within {
        let used = metered(&outcome, "chiller.compressor_power")? / 3.6e6;
        rows.relative(COMPRESSOR, used, total.get("cooling_compressor_kWh")?, within);
    }
    if let Some(within) = plant.evaporation_within {
        let gone = metered(&outcome, "tower.evaporation")? / 1e3;
        rows.relative(EVAPORATION, gone, total.get("tower_evap_m3")?, within);
    }
    if by_default(plant, place) {
        let (outcome, _) = run(plant, &[weather, ("run.conventions".to_owned(), "Isotherm".to_owned())])?;
        let used = metered(&outcome, plant.fan)? / 3.6e6;
        rows.reported(FAN_BY_DEFAULT, used, total.get("heat_rejection_kWh")?);
        let gone = metered(&outcome, "tower.evaporation")? / 1e3;
        rows.reported(EVAPORATION_BY_DEFAULT, gone, total.get("tower_evap_m3")?);
    }
    let Some((column, setpoint)) = plant.supply else { return Ok(()) };
    let records = outcome.trajectory.named(column).ok_or_else(|| Fault::Missing(column.to_owned()))?;
    let quarters = records.get(1..).unwrap_or_default();
    let ours: Vec<f64> = quarters.chunks(4).map(|q| q.iter().sum::<f64>() / 4.0 - 273.15).collect();
    match &peer_supply {
        None => rows.absolute(SUPPLY, mean(ours.iter().copied()), total.get("mean_IT_supply_C")?, 0.03),
        Some(peer) => {
            let square = mean(ours.iter().zip(peer).map(|(a, b)| (a - b) * (a - b)));
            rows.absolute(SUPPLY, square.sqrt(), 0.0, 0.1);
        }
    }
    let above = ours.iter().filter(|t| **t > setpoint + 0.5).count() as f64;
    let expected = total.get("hours_IT_supply_above_setpoint_0p5K")?;
    rows.absolute(HOURS, above, expected, f64::max(plant.hot.0 * expected, 5.0));
    if let Some(peer) = &peer_supply {
        let hot: Vec<f64> =
            ours.iter().zip(peer).filter(|(_, b)| **b > setpoint + 0.5).map(|(a, b)| a - b).collect();
        if hot.is_empty() {
            rows.none(BIAS, "the peer has no such hour in this weather, and a mean of none is no verdict");
        } else {
            rows.absolute(BIAS, mean(hot.iter().copied()), 0.0, plant.hot.1);
        }
    }
    Ok(())
}

/// A plant's year with these settings.
fn run(plant: &Plant, settings: &[(String, String)]) -> Result<(Outcome, Summary), Fault> {
    let loaded = scenario::load_text(plant.model, plant.site, settings).map_err(|problems| {
        Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    study::case::run(&loaded.case, &mut Unobserved).map_err(|stop| Fault::Stopped(stop.to_string()))
}

/// Whether a year is told by our own conventions as well: only towers have others, and typical years need no file.
fn by_default(plant: &Plant, place: &Place) -> bool {
    plant.evaporation_within.is_some() && place.hours.is_none()
}

/// Units of the quantities, in the order of a place's names.
const UNITS: [&str; 11] = ["", "", "kWh", "kWh", "kWh", "m3", "K", "h", "K", "kWh", "m3"];

/// The quantities in words.
fn words(place: &Place, hourly: bool) -> [String; 11] {
    let supply = if hourly { "supply, root mean square of the hours" } else { "mean supply temperature" };
    [
        "PUE",
        "worst energy balance of a step",
        "fan electricity",
        "pump electricity",
        "compressor electricity",
        "evaporation",
        supply,
        "hours with the supply more than 0.5 K above its set-point",
        "supply in the peer's hours of that kind",
        "fan electricity by our own conventions",
        "evaporation by our own conventions",
    ]
    .map(|what| format!("{what}, {}", place.title))
}

/// What a quantity is evidence for.
fn about(plant: &Plant, k: usize) -> &'static [&'static str] {
    match k {
        FAN | FAN_BY_DEFAULT => plant.rejects,
        COMPRESSOR => &["WaterCooledChiller"],
        EVAPORATION | EVAPORATION_BY_DEFAULT => TOWER,
        SUPPLY | HOURS | BIAS => plant.supplies,
        PUMPS => &["Pump"],
        _ => &["plants"],
    }
}

/// Whether a plant is asked for a quantity in the weather of a file.
fn asked(plant: &Plant, k: usize) -> bool {
    match k {
        COMPRESSOR => plant.compressor_within.is_some(),
        EVAPORATION => plant.evaporation_within.is_some(),
        SUPPLY | HOURS => plant.supply.is_some(),
        BIAS => plant.supply.is_some() && plant.hourly,
        FAN_BY_DEFAULT | EVAPORATION_BY_DEFAULT => false,
        _ => true,
    }
}

/// Arithmetic mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    sum / f64::max(count, 1.0)
}

/// Total of a meter [J or kg].
fn metered(outcome: &Outcome, name: &str) -> Result<f64, Fault> {
    let place = outcome.trajectory.meters.iter().position(|meter| meter.name == name);
    let place = place.ok_or_else(|| Fault::Missing(format!("meter {name}")))?;
    Ok(outcome.trajectory.amounts(place).sum())
}
