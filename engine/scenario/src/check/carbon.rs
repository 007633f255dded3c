//! Carbon of electricity by the hour: the course of the grid's factor, contracts, the residual mix.

use super::Checker;
use crate::case::{Basis, Contract, GridFactor, Hourly, Supply};
use crate::course::{Course, CourseOf};
use crate::node::Node;
use crate::problem::code;
use crate::read::fetch::Content;
use crate::read::value;
use crate::schema::site::TECHNOLOGIES;
use std::sync::Arc;
use units::Quantity;

/// Carbon of electricity by technology with plants and fuel supply [g/kWh]: medians of IPCC AR5 WG III (2014), annex III,
/// table A.III.2, as carried by electricitymaps-contrib@b354f28, config/defaults.yaml.
fn lifecycle(technology: &str) -> f64 {
    match technology {
        "Wind" => 11.0,
        "Solar" => 45.0,
        "Geothermal" => 38.0,
        "Hydro" => 24.0,
        _ => 12.0, // nuclear
    }
}

impl Checker<'_> {
    /// `carbon` of the site.
    pub(super) fn carbon(&mut self, grid: Option<&GridFactor>) -> Option<Supply> {
        let carbon = self.root().get("carbon")?;
        let basis = self.basis(carbon, grid);
        let text = |field: &str| carbon.get(field).and_then(Node::as_text).unwrap_or_default().to_owned();
        let profile = carbon.get("profile").and_then(|named| {
            let course = self.course(named, "carbon.profile", CourseOf::Carbon)?;
            let year = carbon.get("year").and_then(value::whole).and_then(|year| u16::try_from(year).ok());
            let file = named.as_text().unwrap_or_default().to_owned();
            Some(Hourly { course, year, source: text("source"), file })
        });
        let contracts = carbon.get("contracts").map_or(&[][..], Node::items);
        let contracts = contracts.iter().enumerate().filter_map(|(k, contract)| {
            let name = contract.get("technology").and_then(Node::name)?;
            let technology = TECHNOLOGIES.iter().copied().find(|known| *known == name)?;
            let capacity = value::quantity(contract.get("capacity")?, Quantity::Power).ok()?;
            let course = match contract.get("profile") {
                Some(named) => {
                    Some(self.course(named, &format!("carbon.contracts[{k}].profile"), CourseOf::Share)?)
                }
                None => None,
            };
            let written =
                contract.get("factor").and_then(|n| value::quantity(n, Quantity::CarbonIntensity).ok());
            // None of them burns fuel.
            let factor = match basis {
                Basis::Direct => 0.0,
                Basis::Lifecycle => lifecycle(name) / 3.6e9,
            };
            Some(Contract { technology, capacity, course, factor: written.unwrap_or(factor) })
        });
        let contracts: Vec<Contract> = contracts.collect();
        let residual =
            carbon.get("residual").and_then(|n| value::quantity(n, Quantity::CarbonIntensity).ok());
        let leaks = carbon.get("refrigerants").is_some_and(|list| !list.items().is_empty());
        if contracts.is_empty() && residual.is_none() && profile.is_none() && !leaks {
            let message = "carbon says nothing: it has neither a profile, nor contracts, nor a residual, nor refrigerants";
            self.error(code::GRID, "carbon", carbon.at, message);
        }
        Some(Supply { basis, profile, contracts, residual })
    }

    /// What the site's factors count: as written; else that of the grid's record, where there is no profile.
    fn basis(&mut self, carbon: &Node, grid: Option<&GridFactor>) -> Basis {
        let named = carbon.get("basis");
        let written = match named.and_then(Node::name) {
            Some("Direct") => Some(Basis::Direct),
            Some(_) => Some(Basis::Lifecycle),
            None => None,
        };
        if carbon.get("profile").is_some() {
            return written.unwrap_or(Basis::Lifecycle);
        }
        let known = grid.and_then(GridFactor::basis);
        if let (Some(written), Some(grid), Some(named)) = (written, grid, named)
            && let Some(known) = known.filter(|_| grid.factor(written).is_none())
        {
            let message = format!(
                "the factors of this site count {}, but the grid {} is known by {} ones only, and they cannot be added",
                written.name(),
                grid.id,
                known.name()
            );
            let help = "leave basis out, or name a profile of the grid's factor that counts the same";
            self.add(crate::problem::Raised::error(code::GRID, "carbon.basis", named.at, message).help(help));
        }
        written.or(known).unwrap_or(Basis::Lifecycle)
    }

    fn course(&mut self, named: &Node, path: &str, of: CourseOf) -> Option<Arc<Course>> {
        let scenario = self.scenario;
        let Some(file) = scenario.course_file(named) else {
            if named.as_text().is_some() {
                self.error(code::TRACE, path, named.at, "a built-in site cannot name a file");
            }
            return None;
        };
        match &file.content {
            Ok(Content::Course(course)) if course.of == of => {
                self.note_input(&file.name, file.bytes.clone());
                Some(course.clone())
            }
            Ok(Content::Course(course)) => {
                let message =
                    format!("{} has {}, but {} is needed here", file.name, course.of.name(), of.name());
                self.error(code::TRACE, path, named.at, message);
                None
            }
            Ok(_) => None,
            Err(raised) => {
                self.add(raised.clone());
                None
            }
        }
    }
}
