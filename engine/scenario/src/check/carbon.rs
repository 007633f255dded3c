//! Carbon of electricity by the hour: the course of the grid's factor, contracts, the residual mix.

use super::Checker;
use crate::case::{Basis, Confidence, Contract, GridFactor, Hourly, Origin, Residual, Supply};
use crate::course::{Course, CourseOf};
use crate::node::Node;
use crate::origin::{BESIDE, Fields, Said};
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::read::value;
use crate::schema::site::TECHNOLOGIES;
use std::sync::Arc;
use units::Quantity;

/// Carbon of electricity by technology with plants and fuel supply [g/kWh], its lowest and its highest: medians of IPCC
/// AR5 WG III (2014), annex III, table A.III.2, as carried by electricitymaps-contrib, config/defaults.yaml; the ranges are
/// those of the table, recalled, to verify.
fn lifecycle(technology: &str) -> (f64, (f64, f64)) {
    match technology {
        "Wind" => (11.0, (7.0, 56.0)),
        "Solar" => (45.0, (18.0, 180.0)),
        "Geothermal" => (38.0, (6.0, 79.0)),
        "Hydro" => (24.0, (1.0, 2200.0)),
        _ => (12.0, (3.7, 110.0)), // nuclear
    }
}

/// Where they come from.
const LIFECYCLE: (&str, u16, Confidence) = (
    "sourced: IPCC AR5 WG III, annex III, table A.III.2, medians of lifecycle emissions, as carried by \
     github:electricitymaps/electricitymaps-contrib@41204e2 config/defaults.yaml; range of the table recalled, to verify",
    2014,
    Confidence::A,
);
/// Where the 0 of direct carbon dioxide comes from.
const DIRECT: (&str, u16, Confidence) = (
    "sourced: direct factors of IPCC 2014, 0 of plants without fuel, as carried by \
     github:electricitymaps/electricitymaps-contrib@41204e2 config/defaults.yaml",
    2014,
    Confidence::A,
);

/// What is written of source, year and confidence, for the way out.
pub(super) const EXAMPLES: [&str; 3] = ["\"who published it, how\"", "2024", "B"];

impl Checker<'_> {
    /// `carbon` of the site.
    pub(super) fn carbon(&mut self, grid: Option<&GridFactor>) -> Option<Supply> {
        let carbon = self.root().get("carbon")?;
        let basis = self.basis(carbon, grid);
        let profile = carbon.get("profile").and_then(|named| {
            let course = self.course(named, "carbon.profile", CourseOf::Carbon)?;
            let origin = self.origin(carbon, named, &course, "carbon")?;
            let file = named.as_text().unwrap_or_default().to_owned();
            Some(Hourly { course, origin, file })
        });
        let written = carbon.get("contracts").map_or(&[][..], Node::items);
        let contracts: Vec<Contract> = (written.iter().enumerate())
            .filter_map(|(k, contract)| self.contract(contract, &format!("carbon.contracts[{k}]"), basis))
            .collect();
        let residual = carbon.get("residual").and_then(|node| {
            let fields = ["residual_source", "residual_year", "residual_confidence"];
            let origin = self.said(carbon, "residual", "carbon", fields);
            let factor = value::quantity(node, Quantity::CarbonIntensity).ok()?;
            Some(Residual { factor, origin: origin? })
        });
        let leaks = carbon.get("refrigerants").is_some_and(|list| !list.items().is_empty());
        // What was written and refused has been reported.
        if written.is_empty() && carbon.get("residual").is_none() && carbon.get("profile").is_none() && !leaks
        {
            let message = "carbon says nothing: it has neither a profile, nor contracts, nor a residual, nor refrigerants";
            self.error(code::GRID, "carbon", carbon.at, message);
        }
        Some(Supply { basis, profile, contracts, residual })
    }

    fn contract(&mut self, contract: &Node, path: &str, basis: Basis) -> Option<Contract> {
        let (mut course, mut course_origin) = (None, None);
        let mut refused = false;
        if let Some(named) = contract.get("profile") {
            course = self.course(named, &format!("{path}.profile"), CourseOf::Share);
            course_origin = course.as_ref().and_then(|course| self.origin(contract, named, course, path));
            refused = course_origin.is_none();
        }
        let name = contract.get("technology").and_then(Node::name)?;
        let technology = TECHNOLOGIES.iter().copied().find(|known| *known == name)?;
        let capacity = value::quantity(contract.get("capacity")?, Quantity::Power).ok()?;
        let written = contract.get("factor").map(|node| value::quantity(node, Quantity::CarbonIntensity));
        let (factor, range, origin) = match (written, basis) {
            (Some(written), _) => {
                let origin = self.said(contract, "factor", path, BESIDE);
                (written.ok()?, None, origin?)
            }
            (None, Basis::Direct) => (0.0, None, Origin::new(DIRECT.0, DIRECT.1, DIRECT.2)),
            (None, Basis::Lifecycle) => {
                let (median, (low, high)) = lifecycle(name);
                let origin = Origin::new(LIFECYCLE.0, LIFECYCLE.1, LIFECYCLE.2);
                (median / 3.6e9, Some((low / 3.6e9, high / 3.6e9)), origin)
            }
        };
        (!refused).then_some(Contract { technology, capacity, course, course_origin, factor, range, origin })
    }

    /// Where a value comes from that the site's author gives in place of a record's; an error where that is not said:
    /// a report must carry it.
    pub(super) fn said(&mut self, of: &Node, field: &str, path: &str, fields: Fields) -> Option<Origin> {
        let said = Said::of(of, fields);
        let at = of.get(field).map_or(of.at, |node| node.at);
        // What was written and refused has been reported.
        let lacking: Vec<usize> =
            (fields.iter().enumerate()).filter(|(_, name)| of.get(name).is_none()).map(|(k, _)| k).collect();
        if !lacking.is_empty() {
            let names: Vec<&str> = lacking.iter().map(|k| fields[*k]).collect();
            let message = format!("{field} says no {}, and a report must carry it", names.join(" and no "));
            let raised = Raised::error(code::MISSING_FIELD, format!("{path}.{field}"), at, message);
            let written: Vec<String> =
                lacking.iter().map(|k| format!("{}: {}", fields[*k], EXAMPLES[*k])).collect();
            self.add(raised.help(format!("write {} beside {field}", written.join(", "))));
        }
        Some(Origin::new(said.source?, said.year?, said.confidence?))
    }

    /// Where a course comes from, by what names it, or else by its own file; an error where neither says.
    fn origin(&mut self, of: &Node, named: &Node, course: &Course, path: &str) -> Option<Origin> {
        let said = Said::of(of, BESIDE);
        let source = said.source.map(str::to_owned).or_else(|| course.source.clone());
        let (year, confidence) = (said.year.or(course.year), said.confidence.or(course.confidence));
        let gone = [source.is_none(), year.is_none(), confidence.is_none()];
        let lacking: Vec<usize> = (0..3).filter(|k| gone[*k] && of.get(BESIDE[*k]).is_none()).collect();
        if !lacking.is_empty() {
            let file = named.as_text().unwrap_or_default();
            let names: Vec<&str> = lacking.iter().map(|k| BESIDE[*k]).collect();
            let message = format!("{file} says no {}, and a report must carry it", names.join(" and no "));
            let fields: Vec<String> =
                lacking.iter().map(|k| format!("{}: {}", BESIDE[*k], EXAMPLES[*k])).collect();
            let comments: Vec<String> = names.iter().map(|field| format!("\"# {field}: …\"")).collect();
            let help = format!(
                "write {} beside profile, or a line {} into the file",
                fields.join(", "),
                comments.join(" and a line ")
            );
            let raised = Raised::error(code::MISSING_FIELD, format!("{path}.profile"), named.at, message);
            self.add(raised.help(help));
        }
        Some(Origin::new(source?, year?, confidence?))
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
            self.add(Raised::error(code::GRID, "carbon.basis", named.at, message).help(help));
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
