//! Targets: each must be one that a run of this site can decide.

use super::Checker;
use crate::case::{CostPer, Goal, GridFactor, Target, Until};
use crate::node::Node;
use crate::problem::{Raised, code};
use crate::read::value;
use crate::schema::money::CURRENCIES;
use crate::schema::site::inlet_allowable;
use crate::schema::targets::{TARGETS, UNTIL};
use plant::declare::{Effect, Medium, Side};
use units::Quantity;

/// Most targets of a site.
const MOST: usize = 100;
/// 0 °C [K].
const ZERO_CELSIUS: f64 = 273.15;

/// A field of a target, by name or by place.
fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let table = TARGETS.iter().find(|table| Some(table.name) == node.name())?;
    let place = table.slots.iter().position(|slot| slot.name == name)?;
    node.get(name).or_else(|| node.items().get(place))
}

impl Checker<'_> {
    /// Reads the targets; those that were refused are left out.
    pub(super) fn targets(&mut self, grid: Option<&GridFactor>) -> Vec<Target> {
        let Some(list) = self.root().get("targets") else { return Vec::new() };
        if list.items().len() > MOST {
            let message = format!("{} targets are written, at most {MOST} are watched", list.items().len());
            self.error(code::TOO_MANY, "targets", list.at, message);
        }
        // What racks and grid lack is not said where something of the site was refused: it may be that.
        let refused = self.problems.has_errors();
        let mut targets = Vec::new();
        for (k, node) in list.items().iter().take(MOST).enumerate() {
            let Some(goal) = goal(node) else { continue };
            if let Some((lacking, help)) = self.undecided(&goal, grid, refused) {
                let name = node.name().unwrap_or_default();
                let message = format!("{name} cannot be decided: {lacking}");
                self.add(Raised::error(code::TARGET, format!("targets[{k}]"), node.at, message).help(help));
                continue;
            }
            targets.push(Target { text: crate::syntax::in_one_line(node), goal });
        }
        targets
    }

    /// What the site lacks for a target, and the way out.
    fn undecided(
        &self,
        goal: &Goal,
        grid: Option<&GridFactor>,
        refused: bool,
    ) -> Option<(&'static str, &'static str)> {
        let carbon = self.root().get("carbon");
        let written = |field: &str| carbon.is_some_and(|carbon| carbon.get(field).is_some());
        let contracts =
            carbon.and_then(|carbon| carbon.get("contracts")).is_some_and(|list| !list.items().is_empty());
        let mut racks = self.units.iter().filter(|draft| draft.group.is_some());
        match goal {
            Goal::Cue { market: true, .. } if !contracts && !written("residual") => Some((
                "market-based carbon needs contracts or a residual mix",
                "write carbon: (residual: \"400 g/kWh\", residual_source: \"…\", residual_year: 2024), or method: Location",
            )),
            Goal::Cue { market: false, .. }
                if !refused
                    && !written("profile")
                    && grid.is_none_or(|g| g.lifecycle.is_empty() && g.direct.is_empty()) =>
            {
                Some((
                    "no carbon factor of the grid is known",
                    "name a grid, site.grid: \"us_sw_srp\", or write carbon: (profile: \"grid.csv\")",
                ))
            }
            Goal::CarbonFree { .. } if !contracts => Some((
                "nothing is bought that could match the electricity hour by hour",
                "write carbon: (contracts: [(technology: Wind, capacity: \"1 MW\", profile: \"wind.csv\")])",
            )),
            Goal::HeatReuse { .. }
                if !refused
                    && !self.units.iter().any(|draft| {
                        let outputs = draft.kind.declaration().outputs;
                        outputs.iter().any(|output| output.effect == Effect::Reused)
                    }) =>
            {
                Some((
                    "no heat is handed to anybody outside of the site",
                    "add a delivery point: \"heating\": DistrictHeating(based_on: \"district_heating_1mw\")",
                ))
            }
            Goal::Embodied { .. }
                if self.root().get("embodied").is_none_or(|bill| bill.items().is_empty()) =>
            {
                Some((
                    "the site has no bill of quantities",
                    "write embodied: [Equipment(of: RackGb200Nvl72, count: 8)]",
                ))
            }
            Goal::Cost { per, currency, .. } => self.unpriced(*per, currency, refused),
            Goal::RideThrough { .. }
                if self.root().get("events").is_none_or(|events| events.items().is_empty()) =>
            {
                Some((
                    "nothing happens in the run",
                    "write events: [At(\"13:00\", UtilityOutage(for: \"10 min\"))]",
                ))
            }
            Goal::RideThrough {
                until: Until::InletRecommended | Until::InletA1 | Until::InletA2, ..
            } if !refused && !self.enters_racks(Medium::Air) => {
                Some(("no rack takes in air", "write until: GivesWay"))
            }
            Goal::RideThrough { until: Until::CoolantW40 | Until::CoolantW45, .. }
                if !refused && !self.enters_racks(Medium::Liquid) =>
            {
                Some(("no rack takes in coolant", "write until: GivesWay"))
            }
            Goal::Junction { .. }
                if !refused && !racks.any(|draft| draft.kind.declaration().junction().is_some()) =>
            {
                Some((
                    "no rack has a chip with a junction",
                    "write InletTemperature, or use a rack template with accelerators",
                ))
            }
            Goal::Inlet { .. }
                if !refused
                    && !racks.any(|draft| {
                        let ports = draft.kind.declaration().ports;
                        ports.iter().any(|p| p.medium == Medium::Air && p.side == Side::Passage)
                    }) =>
            {
                Some(("no rack takes in air", "write JunctionTemperature(at_most: \"85 °C\")"))
            }
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// Why a cost cannot be decided.
    fn unpriced(&self, per: CostPer, currency: &str, refused: bool) -> Option<(&'static str, &'static str)> {
        let economics = self.root().get("economics");
        if economics.and_then(|economics| economics.get("ownership")).is_none() {
            return Some((
                "the site does not say what it costs",
                "write economics: (currency: USD, ownership: (costs: \"facility_us\", discount_rate: \"8 %\", horizon_years: 15))",
            ));
        }
        let own = economics.and_then(|economics| economics.get("currency")).and_then(Node::name);
        if own.is_some_and(|own| own != currency) {
            return Some((
                "the site reckons in another currency, and limits are not turned",
                "write the limit in the currency of economics",
            ));
        }
        let mut racks = self.units.iter().filter(|draft| draft.group.is_some());
        if per != CostPer::Year
            && !refused
            && !racks.any(|draft| draft.kind.declaration().junction().is_some())
        {
            return Some(("no rack has an accelerator", "write per: Year"));
        }
        None
    }

    /// Whether any rack takes in that medium.
    fn enters_racks(&self, medium: Medium) -> bool {
        self.units.iter().filter(|draft| draft.group.is_some()).any(|draft| {
            let ports = draft.kind.declaration().ports;
            ports.iter().any(|port| port.medium == medium && port.side == Side::Passage)
        })
    }
}

/// What a target asks for; nothing where a value was refused.
fn goal(node: &Node) -> Option<Goal> {
    let of = |name: &str, quantity| field(node, name).and_then(|n| value::quantity(n, quantity).ok());
    let share = match field(node, "share_of_time") {
        Some(written) => value::quantity(written, Quantity::Ratio).ok()?,
        None => 1.0,
    };
    Some(match node.name()? {
        "ZeroWater" => Goal::ZeroWater,
        "Pue" => Goal::Pue { at_most: of("at_most", Quantity::Ratio)? },
        "Wue" => Goal::Wue { at_most: of("at_most", Quantity::WaterIntensity)? },
        "Cue" => Goal::Cue {
            at_most: of("at_most", Quantity::CarbonIntensity)?,
            market: field(node, "method").and_then(Node::name) == Some("Market"),
        },
        "JunctionTemperature" => Goal::Junction { at_most: of("at_most", Quantity::Temperature)?, share },
        "InletTemperature" => {
            let high = of("at_most", Quantity::Temperature)?;
            Goal::Inlet { low: None, high, share }
        }
        "InletClass" => {
            let (low, high) = inlet_allowable(field(node, "class").and_then(Node::name)?);
            Goal::Inlet { low: Some(low + ZERO_CELSIUS), high: high + ZERO_CELSIUS, share }
        }
        "CarbonFree" => Goal::CarbonFree { at_least: of("at_least", Quantity::Ratio)? },
        "HeatReuse" => Goal::HeatReuse { at_least: of("at_least", Quantity::Ratio)? },
        "Embodied" => Goal::Embodied {
            at_most: of("at_most", Quantity::Mass)?,
            per_year: field(node, "per").and_then(Node::name) == Some("Year"),
        },
        "Cost" => {
            let currency = field(node, "currency").and_then(Node::name)?;
            Goal::Cost {
                at_most: field(node, "at_most").and_then(value::number)?,
                currency: CURRENCIES.iter().copied().find(|known| *known == currency)?,
                per: match field(node, "per").and_then(Node::name) {
                    Some("Year") => CostPer::Year,
                    Some("InstalledHour") => CostPer::InstalledHour,
                    _ => CostPer::AcceleratorHour,
                },
            }
        }
        "RideThrough" => {
            let until = field(node, "until").and_then(Node::name).unwrap_or("GivesWay");
            let place = UNTIL.iter().position(|known| *known == until)?;
            Goal::RideThrough {
                at_least: of("at_least", Quantity::Duration)?,
                until: Until::ALL.get(place).copied()?,
            }
        }
        "FreeCooling" => Goal::FreeCooling { at_least: of("at_least", Quantity::Ratio)? },
        _ => return None,
    })
}
