//! Carbon of electricity by the hour: the course of the grid's factor, contracts, the residual mix.

use super::Checker;
use crate::case::{Contract, Hourly, Supply};
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
    pub(super) fn carbon(&mut self) -> Option<Supply> {
        let carbon = self.root().get("carbon")?;
        let direct = carbon.get("basis").and_then(Node::name) == Some("Direct");
        let text = |field: &str| carbon.get(field).and_then(Node::as_text).unwrap_or_default().to_owned();
        let profile = carbon.get("profile").and_then(|named| {
            let course = self.course(named, "carbon.profile", CourseOf::Carbon)?;
            let year = carbon.get("year").and_then(value::whole).and_then(|year| u16::try_from(year).ok());
            let file = named.as_text().unwrap_or_default().to_owned();
            Some(Hourly { course, direct, year, source: text("source"), file })
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
            let factor = if direct { 0.0 } else { lifecycle(name) / 3.6e9 };
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
        Some(Supply { profile, contracts, residual })
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
