//! The place: weather, pressure, grid and the ordinary fluid.

use super::Checker;
use crate::case::{Action, Confidence, Event, Factor, GridFactor, Origin, Sourced};
use crate::catalogue::{self, Shelf};
use crate::node::Node;
use crate::origin::BESIDE;
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::read::value;
use crate::weather::{Climate, Weather, typical_year};
use media::liquid::Fluid;
use media::moist_air::{self, standard_pressure};
use plant::declare::Store;
use plant::plant::{Plant, Unit};
use std::sync::Arc;
use units::Quantity;

pub(super) struct Place {
    pub weather: Option<Arc<Weather>>,
    pub grid: Option<GridFactor>,
    pub fluid: Fluid,
    /// Whether sun and wind are named and were refused: then nothing more is said of them.
    pub sky_refused: bool,
}

impl Checker<'_> {
    pub(super) fn place(&mut self, seed: u64) -> Place {
        let site = self.root().get("site");
        let field = |name: &str| site.and_then(|site| site.get(name));
        let fluid = field("fluid").and_then(Node::as_text).and_then(Fluid::from_name).unwrap_or(Fluid::Water);
        let mut zone = None;
        let mut weather = match (field("weather"), field("climate")) {
            (Some(named), _) => self.weather_of_file(named),
            (None, Some(named)) => named.as_text().and_then(|id| Climate::named(id).ok()).map(|climate| {
                zone = Some((climate.grid.clone(), climate.id.clone()));
                let known = self.scenario.typical_year(&climate.id, seed);
                known.unwrap_or_else(|| Arc::new(typical_year::generate(&climate, seed)))
            }),
            (None, None) => {
                let at = site.map_or(self.root().at, |site| site.at);
                let help = "write climate: \"phoenix\", or weather: \"files/phoenix.epw\"";
                let message = "the site has neither a climate nor a weather file";
                self.add(Raised::error(code::MISSING_FIELD, "site", at, message).help(help));
                None
            }
        };
        let sky_refused = match field("sky") {
            Some(named) => !self.complete_sky(weather.as_mut(), named),
            None => false,
        };
        let elevation = field("elevation").and_then(|node| value::quantity(node, Quantity::Length).ok());
        if let Some(weather) = &mut weather {
            self.elevate(weather, elevation);
        }
        // Without a weather the grid is not the question.
        let grid = match (&weather, field("grid")) {
            (None, None) => None,
            (_, named) => self.grid(named, zone),
        };
        Place { weather, grid, fluid, sky_refused }
    }

    fn weather_of_file(&mut self, named: &Node) -> Option<Arc<Weather>> {
        let scenario = self.scenario;
        let Some(file) = scenario.weather_file(named) else {
            if named.as_text().is_some() {
                let message = "a built-in site names a climate, not a file";
                self.error(code::WEATHER_MISSING, "site.weather", named.at, message);
            }
            return None;
        };
        match &file.content {
            Ok(Content::Weather(weather)) => {
                self.note_input(&file.name, file.bytes.clone());
                for warning in &weather.warnings {
                    let text = format!("{}: {warning}", file.name);
                    self.add(Raised::warning(code::WEATHER, "site.weather", named.at, text));
                }
                Some(weather.clone())
            }
            Ok(_) => None,
            Err(raised) => {
                self.add(raised.clone());
                None
            }
        }
    }

    /// A battery or a generator that carries its loads alone has no grid to give a surplus to.
    pub(super) fn surplus_in_islands(&mut self, plant: &Plant, events: &[Event]) {
        let supplies =
            |gate: &usize| plant.faults.gates.get(*gate).is_some_and(|gate| plant.supplies(gate.unit));
        let parts = events.iter().any(|event| match &event.action {
            Action::UtilityOutage { .. } => true,
            Action::Trip { gates, .. } => gates.iter().any(supplies),
            _ => false,
        });
        let stores = |unit: &Unit| {
            let of = unit.kind.declaration();
            of.burns_fuel() || of.states.iter().any(|state| state.store == Store::Energy)
        };
        if !parts || !plant.units.iter().any(stores) {
            return;
        }
        let at = self.root().get("components").map_or(self.root().at, |components| components.at);
        for unit in &plant.units {
            if unit.kind.declaration().is_renewable() && unit.parameter("surplus") == Some(0.0) {
                let message = format!(
                    "{} exports its surplus, but the supply fails during the run, and a battery or generator that carries \
                     on has nowhere to put it",
                    unit.id
                );
                let raised =
                    Raised::error(code::EVENT, format!("components.{}.surplus", unit.id), at, message);
                self.add(raised.help("write surplus: Curtailed"));
            }
        }
    }

    /// The pressure of the site; a written elevation moves the weather with it.
    fn elevate(&mut self, weather: &mut Arc<Weather>, elevation: Option<f64>) {
        let station = weather.station.elevation_m;
        self.pressure = standard_pressure(elevation.unwrap_or(station));
        let Some(elevation) = elevation.filter(|e| (e - station).abs() > 0.5) else {
            let pressure = Quantity::Pressure.display(self.pressure);
            self.inferred.push(format!(
                "sizing pressure {pressure}: standard atmosphere at the weather's {station:.0} m"
            ));
            return;
        };
        let ratio = self.pressure / standard_pressure(station);
        let weather = Arc::make_mut(weather);
        weather.station.elevation_m = elevation;
        for hour in &mut weather.hours {
            // Vapour pressure and temperatures stay, the total pressure moves.
            hour.pressure *= ratio;
            hour.humidity_ratio = moist_air::humidity_ratio_from_dew_point(hour.dew_point, hour.pressure);
            let wet_bulb = moist_air::wet_bulb(hour.dry_bulb, hour.humidity_ratio, hour.pressure);
            hour.wet_bulb = wet_bulb.min(hour.dry_bulb);
        }
        self.inferred
            .push(format!("the weather's pressure was moved from {station:.0} m to {elevation:.0} m"));
    }

    fn grid(&mut self, named: Option<&Node>, zone: Option<(String, String)>) -> Option<GridFactor> {
        let id = match (named, zone) {
            // An unknown one has been reported.
            (Some(node), _) => node.as_text()?.to_owned(),
            (None, Some((grid, climate))) => {
                self.inferred.push(format!("site.grid is {grid}, that of the climate {climate}"));
                grid
            }
            (None, None) => {
                let at = self.root().get("site").map_or(self.root().at, |site| site.at);
                let message = "no grid is given: carbon and water of electricity will be left out";
                let help = "write for example grid: \"us_sw_srp\"";
                self.add(Raised::warning(code::GRID, "site.grid", at, message).help(help));
                return None;
            }
        };
        let record = catalogue::find(Shelf::Grids, &id)?;
        let node = record.node().ok()?;
        self.note_input(&record.source.name, Arc::new(record.source.text.clone().into_bytes()));
        let text = |field: &str| node.get(field).and_then(Node::as_text).unwrap_or_default().to_owned();
        let number = |part: &str, field: &str| sourced(node.get(part)?, field, value::number);
        let quantity = |part: &str, field: &str, quantity: Quantity| {
            sourced(node.get(part)?, field, |node| value::quantity(node, quantity).ok())
        };
        Some(GridFactor {
            title: text("title"),
            zone: text("zone"),
            lifecycle: factors(node.get("lifecycle")),
            direct: factors(node.get("direct")),
            carbon_free_share: quantity("shares", "carbon_free", Quantity::Ratio),
            water: quantity("water", "consumed", Quantity::WaterIntensity),
            water_stress: node
                .get("water_stress")
                .and_then(|part| sourced(part, "category", |node| node.as_text().map(str::to_owned))),
            electricity_price_usd_per_kwh: number("electricity_price", "usd_per_kwh"),
            water_price_usd_per_m3: number("water_price", "usd_per_m3"),
            source: text("source_carbon"),
            confidence: node.get("confidence").and_then(Node::name).and_then(Confidence::of)?,
            id,
        })
    }
}

/// A value of a record with where it comes from.
fn sourced<T>(part: &Node, field: &str, read: impl Fn(&Node) -> Option<T>) -> Option<Sourced<T>> {
    Some(Sourced { value: read(part.get(field)?)?, origin: Origin::of(part, BESIDE)? })
}

fn factors(list: Option<&Node>) -> Vec<Factor> {
    let items = list.map_or(&[][..], Node::items);
    let mut factors: Vec<Factor> = items
        .iter()
        .filter_map(|item| {
            let year = item.get("year").and_then(value::whole)?;
            Some(Factor {
                year: u16::try_from(year).ok()?,
                value: value::quantity(item.get("value")?, Quantity::CarbonIntensity).ok()?,
                what: item.get("what").and_then(Node::as_text).unwrap_or_default().to_owned(),
            })
        })
        .collect();
    factors.sort_by_key(|factor| std::cmp::Reverse(factor.year));
    factors
}
