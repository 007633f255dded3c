//! What the racks are coloured by, and where in the record it stands.

use crate::figures::OfRack;
use crate::record::Record;
use engine::plant::declare::{Medium, Side};
use engine::plant::plant::{End, Plant};
use engine::scenario::schema::site::{ENVELOPES, envelope};
use engine::units::Quantity;

/// What racks can be coloured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Shade {
    /// Air that enters the rack.
    #[default]
    Inlet,
    /// Air that leaves it.
    Outlet,
    /// Hottest junction.
    Junction,
    /// Coolant that leaves it.
    CoolantReturn,
    /// Electricity that it draws.
    Power,
    /// To the upper end of what the class of its equipment allows.
    Margin,
    /// The narrowest envelope of ASHRAE that the air at its inlet keeps.
    Class,
    /// PUE of the run.
    Pue,
    /// Make-up water per IT energy of the run.
    Water,
    /// Load that each position can still take.
    Room,
    /// What binds first there: power, air or liquid.
    Binds,
}

impl Shade {
    /// All of them, in the order of the list.
    pub const ALL: [Shade; 11] = [
        Shade::Inlet,
        Shade::Outlet,
        Shade::Junction,
        Shade::CoolantReturn,
        Shade::Power,
        Shade::Margin,
        Shade::Class,
        Shade::Pue,
        Shade::Water,
        Shade::Room,
        Shade::Binds,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Shade::Inlet => "inlet",
            Shade::Outlet => "outlet",
            Shade::Junction => "junction",
            Shade::CoolantReturn => "coolant",
            Shade::Power => "power",
            Shade::Margin => "margin",
            Shade::Class => "class",
            Shade::Pue => "pue",
            Shade::Water => "water",
            Shade::Room => "capacity",
            Shade::Binds => "binds",
        }
    }

    /// What it is; nothing for a number without unit.
    #[must_use]
    pub const fn quantity(self) -> Option<Quantity> {
        match self {
            Shade::Inlet | Shade::Outlet | Shade::Junction | Shade::CoolantReturn => {
                Some(Quantity::Temperature)
            }
            Shade::Power | Shade::Room => Some(Quantity::Power),
            Shade::Margin => Some(Quantity::TemperatureDifference),
            Shade::Pue | Shade::Binds | Shade::Class => None,
            Shade::Water => Some(Quantity::WaterIntensity),
        }
    }

    /// Name of its unit.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Shade::Inlet | Shade::Outlet | Shade::Junction | Shade::CoolantReturn => "°C",
            Shade::Power | Shade::Room => "kW",
            Shade::Margin => "K",
            Shade::Pue | Shade::Binds | Shade::Class => "",
            Shade::Water => "L/kWh",
        }
    }

    /// Whether it is a figure of the whole run, known when that has ended.
    #[must_use]
    pub const fn of_run(self) -> bool {
        matches!(self, Shade::Pue | Shade::Water)
    }

    /// Whether it comes of a survey of what positions can still take, see [`engine::study::capacity`].
    #[must_use]
    pub const fn of_survey(self) -> bool {
        matches!(self, Shade::Room | Shade::Binds)
    }

    /// Whether its values lie on a scale; else they are of some kinds.
    #[must_use]
    pub const fn has_scale(self) -> bool {
        !matches!(self, Shade::Binds | Shade::Class)
    }

    /// What the colour scale is at least wide: smaller differences are not worth a colour.
    #[must_use]
    pub const fn least_span(self) -> f64 {
        match self {
            Shade::Inlet | Shade::Outlet | Shade::Junction | Shade::CoolantReturn | Shade::Margin => 10.0,
            Shade::Power => 5.0,
            Shade::Room => 50.0,
            Shade::Binds => 2.0,
            Shade::Class => 5.0,
            Shade::Pue => 0.05,
            Shade::Water => 0.2,
        }
    }

    /// Decimals in the legend.
    #[must_use]
    pub const fn decimals(self) -> usize {
        match self {
            Shade::Pue | Shade::Water => 3,
            Shade::Room | Shade::Binds | Shade::Class => 0,
            _ => 1,
        }
    }
}

/// What a group's racks have.
#[derive(Debug, Clone, PartialEq)]
struct Sources {
    inlets: Vec<usize>,
    outlets: Vec<usize>,
    junctions: Vec<usize>,
    returns: Vec<usize>,
    power: Vec<usize>,
    racks: f64,
    warmest_allowed: f64,
}

/// Where the values of each group stand in a record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sensors {
    groups: Vec<Sources>,
}

impl Sensors {
    /// Finds the columns of a plant's groups.
    #[must_use]
    pub fn new(plant: &Plant, record: &Record) -> Self {
        let groups = (0..plant.groups.len()).map(|group| sources(plant, record, group)).collect();
        Sensors { groups }
    }

    /// The value of one rack of a group, in the unit of [`Shade::unit`]. `None` where the rack has no such thing, or
    /// where it is not known yet.
    #[must_use]
    pub fn value(
        &self,
        shade: Shade,
        group: usize,
        record: &Record,
        row: usize,
        figures: Option<OfRack>,
    ) -> Option<f64> {
        let of = self.groups.get(group)?;
        let hottest = |columns: &[usize]| {
            let kelvin = columns.iter().filter_map(|&column| record.value(row, column)).reduce(f64::max)?;
            Some(kelvin - 273.15)
        };
        match shade {
            Shade::Inlet => hottest(&of.inlets),
            Shade::Outlet => hottest(&of.outlets),
            Shade::Junction => hottest(&of.junctions),
            Shade::CoolantReturn => hottest(&of.returns),
            Shade::Class => {
                let inlet = hottest(&of.inlets)?;
                Some(envelope(inlet).unwrap_or(ENVELOPES.len()) as f64)
            }
            Shade::Margin => Some(of.warmest_allowed - 273.15 - hottest(&of.inlets)?),
            Shade::Power => {
                let watts = of.power.iter().map(|&column| record.value(row, column)).sum::<Option<f64>>()?;
                (!of.power.is_empty() && of.racks > 0.0).then(|| watts / of.racks / 1000.0)
            }
            Shade::Pue => figures?.pue,
            Shade::Water => figures?.wue_l_per_kwh,
            // Not in the record: see `window::value`.
            Shade::Room | Shade::Binds => None,
        }
    }
}

fn sources(plant: &Plant, record: &Record, group: usize) -> Sources {
    let inside = |unit: usize| plant.units[unit].group == Some(group);
    let end = |End { unit, port }: End, which: &str| {
        let of = &plant.units[unit];
        let port = of.kind.declaration().ports[port].name;
        record.column(&format!("{}.{port}_{which}", of.id))
    };
    let mut found = Sources {
        inlets: Vec::new(),
        outlets: Vec::new(),
        junctions: Vec::new(),
        returns: Vec::new(),
        power: Vec::new(),
        racks: plant.groups[group].racks,
        warmest_allowed: plant.groups[group].inlet_allowable.1,
    };
    for joint in &plant.joints {
        // Where streams of the group meet streams of others.
        if joint.from.iter().chain(&joint.to).all(|end| inside(end.unit)) {
            continue;
        }
        let entering = joint.to.iter().filter(|e| inside(e.unit)).filter_map(|&e| end(e, "in"));
        let leaving = joint.from.iter().filter(|e| inside(e.unit)).filter_map(|&e| end(e, "out"));
        match joint.medium {
            Medium::Air => {
                found.inlets.extend(entering);
                found.outlets.extend(leaving);
            }
            Medium::Liquid => found.returns.extend(leaving),
            _ => {}
        }
    }
    for (k, unit) in plant.units.iter().enumerate().filter(|(k, _)| inside(*k)) {
        let declaration = unit.kind.declaration();
        if let Some(state) = declaration.junction() {
            found.junctions.extend(record.column(&format!("{}.{}", unit.id, declaration.states[state].name)));
        }
        let fed_from_outside = plant.wires.iter().any(|wire| {
            let port = &declaration.ports;
            wire.to.unit == k
                && port[wire.to.port].medium == Medium::Electricity
                && port[wire.to.port].side == Side::Inlet
                && wire.from.is_none_or(|from| !inside(from.unit))
        });
        if fed_from_outside {
            found.power.extend(record.column(&format!("{}.power", unit.id)));
        }
    }
    for columns in [&mut found.inlets, &mut found.outlets, &mut found.junctions, &mut found.returns] {
        columns.sort_unstable();
        columns.dedup();
    }
    found
}

/// The ends of a colour scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Value of the first colour.
    pub low: f64,
    /// Value of the last colour.
    pub high: f64,
}

impl Span {
    /// Round ends around all values, at least so far apart; `None` without values.
    #[must_use]
    pub fn around(values: impl Iterator<Item = f64>, least: f64) -> Option<Span> {
        let (low, high) = values
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return None;
        }
        let spare = (0.5 * (least - (high - low))).max(0.0);
        let (low, high) = (low - spare, high + spare);
        let step = nice((high - low) / 5.0);
        Some(Span { low: (low / step).floor() * step, high: (high / step).ceil() * step })
    }

    /// Where a value lies between the ends.
    #[must_use]
    pub fn share(&self, value: f64) -> f32 {
        ((value - self.low) / (self.high - self.low)) as f32
    }

    /// Round numbers within the ends.
    #[must_use]
    pub fn ticks(&self) -> Vec<f64> {
        let step = nice((self.high - self.low) / 5.0);
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last.min(first + 20)).map(|k| k as f64 * step).collect()
    }
}

/// The next 1, 2 or 5 times a power of ten.
#[must_use]
pub fn nice(size: f64) -> f64 {
    if !(size.is_finite() && size > 0.0) {
        return 1.0;
    }
    let mut power = 1.0;
    while power > size {
        power /= 10.0;
    }
    while power * 10.0 <= size {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|k| k * power)
        .find(|&step| step >= size * (1.0 - 1e-9))
        .unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_has_round_ends_around_its_values() {
        // 13.6 K wide: steps of 5 K.
        assert_eq!(Span::around([21.3, 34.9].into_iter(), 10.0), Some(Span { low: 20.0, high: 35.0 }));
        assert_eq!(Span::around(std::iter::empty(), 10.0), None);
        // One value: 24.1 ± 5, in steps of 2.
        assert_eq!(Span::around([24.1].into_iter(), 10.0), Some(Span { low: 18.0, high: 30.0 }));
    }

    #[test]
    fn ticks_are_round_and_within() {
        let ticks = Span { low: 20.0, high: 35.0 }.ticks();
        assert_eq!(ticks, [20.0, 25.0, 30.0, 35.0]);
        assert_eq!(nice(0.03), 0.05);
        assert_eq!(nice(3.75), 5.0);
    }
}
