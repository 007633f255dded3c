//! The numbers of a site that can be moved: set-points, sizes and counts, each in its range.

use plant::declare::Form;
use scenario::node::Node;
use scenario::schema::Shape;
use scenario::{Case, Scenario, edit};
use units::Quantity;

/// Temperatures of a control loop are moved this far [K].
const LOOP: f64 = 10.0;
/// Grid of temperatures [K].
const KELVIN: f64 = 0.1;
/// Grid of everything else: this share of the range.
const FINE: f64 = 1.0 / 200.0;
/// What has a usual range and is no choice of a design.
const NOT_CHOSEN: [&str; 1] = ["make_up_temperature"];

/// A number that can be moved in steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// Path in the site.
    pub path: String,
    /// Its kind; nothing for a count.
    pub quantity: Option<Quantity>,
    /// As it is, in SI.
    pub now: f64,
    /// Lowest, in SI.
    pub low: f64,
    /// Highest, in SI.
    pub high: f64,
    /// One step of the grid, in SI.
    pub step: f64,
}

impl Lever {
    /// A lever with its grid.
    #[must_use]
    pub fn new(path: String, quantity: Option<Quantity>, now: f64, low: f64, high: f64) -> Lever {
        let step = match quantity {
            None => 1.0,
            Some(Quantity::Temperature | Quantity::TemperatureDifference) => KELVIN,
            Some(_) => (high - low) * FINE,
        };
        Lever { path, quantity, now, low, high, step }
    }

    /// Steps to its lowest and to its highest value.
    #[must_use]
    pub fn reach(&self) -> (i64, i64) {
        // A grid number outside of the range by rounding is within it by a thousandth of a step.
        let steps = |to: f64| (to - self.now) / self.step;
        ((steps(self.low) - 1e-3).ceil() as i64, (steps(self.high) + 1e-3).floor() as i64)
    }

    /// The value so many steps from now, as it is written.
    #[must_use]
    pub fn written(&self, steps: i64) -> String {
        let value = self.now + steps as f64 * self.step;
        match self.quantity {
            Some(quantity) => quantity.display(value),
            None => format!("{value:.0}"),
        }
    }
}

/// All that can be moved without being told: what has a usual range, set-points, conductances, counts, loops.
#[must_use]
pub fn all(scenario: &Scenario, case: &Case) -> Vec<Lever> {
    let mut found = Vec::new();
    for (id, _) in scenario.components() {
        let Some(unit) = case.plant.units.iter().find(|unit| unit.id == id && unit.group.is_none()) else {
            continue;
        };
        let count = scenario.get(&format!("components.{id}.count")).and_then(whole).unwrap_or(1.0);
        // Losses of transformers and lights are no levers; what moves heat is.
        let moves_heat = !unit.kind.declaration().ports.iter().all(|port| {
            matches!(port.medium, plant::declare::Medium::Electricity | plant::declare::Medium::Heat)
        });
        if moves_heat {
            let path = format!("components.{id}.count");
            found.push(Lever::new(path, None, count, (count / 2.0).ceil(), (2.0 * count).max(count + 2.0)));
        }
        for field in unit.kind.declaration().parameters {
            let (Form::Quantity { quantity, bounds, usual }, Some(now)) =
                (field.form, unit.parameter(field.name))
            else {
                continue;
            };
            let si =
                |(low, high): (&str, &str)| Some((quantity.parse(low).ok()?, quantity.parse(high).ok()?));
            let Some((least, most)) = si(bounds) else { continue };
            let range = match usual.and_then(si) {
                Some(_) if NOT_CHOSEN.contains(&field.name) => None,
                Some(usual) => Some(usual),
                None if field.name.ends_with("setpoint") => Some((least, most)),
                None if quantity == Quantity::Conductance && now > 0.0 => Some((now / 2.0, now * 2.0)),
                None => None,
            };
            if let Some((low, high)) = range
                && moves_heat
            {
                let (low, high) = (low.max(least).min(now), high.min(most).max(now));
                found.push(Lever::new(
                    format!("components.{id}.{}", field.name),
                    Some(quantity),
                    now,
                    low,
                    high,
                ));
            }
        }
    }
    for entry in scenario.root.get("controls").map_or(&[][..], Node::entries) {
        let Some(text) = entry.value.get("at").and_then(Node::as_text) else { continue };
        let path = format!("controls.{}.at", entry.key.text);
        if let Ok(now) = Quantity::Temperature.parse(text) {
            found.push(Lever::new(path, Some(Quantity::Temperature), now, now - LOOP, now + LOOP));
        } else if let (Some("Fix"), Ok(now)) = (entry.value.name(), Quantity::Ratio.parse(text)) {
            found.push(Lever::new(path, Some(Quantity::Ratio), now, 0.2_f64.min(now), 1.0_f64.max(now)));
        }
    }
    found.retain(|lever| lever.high > lever.low && lever.step > 0.0);
    found
}

fn whole(node: &Node) -> Option<f64> {
    match node.what {
        scenario::node::What::Whole(value) => Some(value as f64),
        _ => None,
    }
}

/// The lever of `PATH=LOW..HIGH`.
///
/// # Errors
/// A sentence: what is wrong, and how it is written.
pub fn named(scenario: &Scenario, case: &Case, path: &str, low: &str, high: &str) -> Result<Lever, String> {
    let slot = edit::describe(scenario, path)?;
    let written = scenario.get(path);
    let (quantity, now) = match slot.shape {
        Shape::Whole(_, _) => (None, written.and_then(whole)),
        Shape::Quantity { quantity, .. } => {
            let parsed = written.and_then(Node::as_text).and_then(|text| quantity.parse(text).ok());
            let of_unit = || {
                let (id, name) = path.strip_prefix("components.").unwrap_or(path).split_once('.')?;
                case.plant.units.iter().find(|unit| unit.id == id)?.parameter(name)
            };
            (Some(quantity), parsed.or_else(of_unit))
        }
        Shape::AnyQuantity => {
            let text = written.and_then(Node::as_text).unwrap_or_default();
            let kind = [Quantity::Temperature, Quantity::Ratio, Quantity::Pressure]
                .into_iter()
                .find(|quantity| quantity.parse(text).is_ok());
            (kind, kind.and_then(|quantity| quantity.parse(text).ok()))
        }
        _ => return Err(format!("{path} is no number: name a quantity or a count")),
    };
    let read = |text: &str| match quantity {
        Some(quantity) => quantity.parse(text.trim()).map_err(|error| format!("{path}: {error}")),
        None => text
            .trim()
            .parse::<u32>()
            .map(f64::from)
            .map_err(|_| format!("{path}: {text:?} is no count such as 4")),
    };
    let (low, high) = (read(low)?, read(high)?);
    if high <= low {
        return Err(format!("{path}: the range ends where it begins or before; write LOW..HIGH"));
    }
    let now = now.or_else(|| quantity.is_none().then_some(1.0)).unwrap_or(low);
    // The grid goes through the present value, which may lie outside of the range.
    Ok(Lever::new(path.to_owned(), quantity, now, low, high))
}
