//! What a site pledges by a year, and what its owner plans until then: everything here is given, nothing is simulated.

use crate::origin::{Origin, Sourced};
use units::Quantity;

/// What a pledge is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Scopes 1, 2 and 3 less removals [kg].
    NetCarbon,
    /// Scope 1 [kg].
    Scope1,
    /// Scope 2, location-based [kg].
    Scope2Location,
    /// Scope 2, market-based [kg].
    Scope2Market,
    /// Scope 3 [kg].
    Scope3,
    /// Share of the electricity that is bought from carbon-free plants.
    CarbonFree,
    /// Water given back less water consumed [m³].
    WaterBalance,
    /// Make-up [m³].
    Water,
    /// Electricity of the site [J].
    Electricity,
    /// Facility energy over IT energy.
    Pue,
    /// Share of the waste that does not go to landfill or fire.
    WasteDiversion,
}

impl Metric {
    /// All of them.
    pub const ALL: [Metric; 11] = [
        Metric::NetCarbon,
        Metric::Scope1,
        Metric::Scope2Location,
        Metric::Scope2Market,
        Metric::Scope3,
        Metric::CarbonFree,
        Metric::WaterBalance,
        Metric::Water,
        Metric::Electricity,
        Metric::Pue,
        Metric::WasteDiversion,
    ];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Metric::NetCarbon => "NetCarbon",
            Metric::Scope1 => "Scope1",
            Metric::Scope2Location => "Scope2Location",
            Metric::Scope2Market => "Scope2Market",
            Metric::Scope3 => "Scope3",
            Metric::CarbonFree => "CarbonFree",
            Metric::WaterBalance => "WaterBalance",
            Metric::Water => "Water",
            Metric::Electricity => "Electricity",
            Metric::Pue => "Pue",
            Metric::WasteDiversion => "WasteDiversion",
        }
    }

    /// What its values are.
    #[must_use]
    pub const fn quantity(self) -> Quantity {
        match self {
            Metric::NetCarbon
            | Metric::Scope1
            | Metric::Scope2Location
            | Metric::Scope2Market
            | Metric::Scope3 => Quantity::Mass,
            Metric::WaterBalance | Metric::Water => Quantity::Volume,
            Metric::Electricity => Quantity::Energy,
            Metric::CarbonFree | Metric::Pue | Metric::WasteDiversion => Quantity::Ratio,
        }
    }

    /// Whether its values are parts of a whole.
    #[must_use]
    pub const fn is_share(self) -> bool {
        matches!(self, Metric::CarbonFree | Metric::WasteDiversion)
    }

    /// Whether more of it is better.
    #[must_use]
    pub const fn rises(self) -> bool {
        matches!(self, Metric::CarbonFree | Metric::WaterBalance | Metric::WasteDiversion)
    }

    /// What is pledged where no value is written: nothing emitted, nothing taken, everything diverted.
    #[must_use]
    pub const fn goal(self) -> Option<f64> {
        match self {
            Metric::NetCarbon | Metric::WaterBalance => Some(0.0),
            Metric::CarbonFree | Metric::WasteDiversion => Some(1.0),
            _ => None,
        }
    }
}

/// A value of one year.
pub type Dated = (u16, f64);

/// A pledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Pledge {
    /// As it is written.
    pub text: String,
    /// About what.
    pub metric: Metric,
    /// By which year.
    pub by: u16,
    /// The value, in SI.
    pub to: f64,
    /// Where the path begins; left out, the first year with its value.
    pub from: Option<Dated>,
}

/// What a year's planned measure changes from its year on.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// From when.
    pub from: u16,
    /// What it is.
    pub what: String,
    /// Change of IT energy, as a share.
    pub it: f64,
    /// Change of the electricity that is not IT, as a share.
    pub overhead: f64,
    /// Change of make-up water, as a share.
    pub water: f64,
    /// Change of scope 1, as a share.
    pub scope_1: f64,
    /// Where these changes come from.
    pub origin: Origin,
}

/// A list of values by year: between two years along a straight line, before and after them held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByYear(pub Vec<Dated>);

impl ByYear {
    /// The value of a year; nothing where none is given at all.
    #[must_use]
    pub fn at(&self, year: u16) -> Option<f64> {
        let list = &self.0;
        let after = list.iter().position(|(of, _)| *of >= year);
        match after {
            None => list.last().map(|(_, value)| *value),
            Some(0) => list.first().map(|(_, value)| *value),
            Some(k) => {
                let ((from, a), (to, b)) = (list[k - 1], list[k]);
                let share = f64::from(year - from) / f64::from(to - from);
                Some(if to == year { b } else { a + share * (b - a) })
            }
        }
    }
}

/// A list that the site may give, with where it comes from.
pub type Given = Option<Sourced<ByYear>>;

/// The value of a year in such a list; nothing where it is not given.
#[must_use]
pub fn at(given: &Given, year: u16) -> Option<f64> {
    given.as_ref().and_then(|given| given.value.at(year))
}

/// What is given by year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Courses {
    /// IT energy, 1 being that of the run.
    pub it_load: Given,
    /// Carbon of the grid [kg/J].
    pub grid_carbon: Given,
    /// Carbon of what no contract covers [kg/J].
    pub residual: Given,
    /// Share of the electricity that is bought from carbon-free plants.
    pub carbon_free: Given,
    /// Scope 3 beside what the bill of quantities holds [kg].
    pub scope_3: Given,
    /// Taken out of the air, or avoided elsewhere as the owner counts it [kg].
    pub removals: Given,
    /// Given back to the basin [m³].
    pub replenishment: Given,
    /// Waste that arises [kg].
    pub waste: Given,
    /// Waste that goes neither to landfill nor to fire [kg].
    pub diverted: Given,
}

impl Courses {
    /// All of them with their names in a site file, in its order.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &Given); 9] {
        [
            ("it_load", &self.it_load),
            ("grid_carbon", &self.grid_carbon),
            ("residual", &self.residual),
            ("carbon_free", &self.carbon_free),
            ("scope_3", &self.scope_3),
            ("removals", &self.removals),
            ("replenishment", &self.replenishment),
            ("waste", &self.waste),
            ("diverted", &self.diverted),
        ]
    }
}

/// What a site pledges.
#[derive(Debug, Clone, PartialEq)]
pub struct Pledges {
    /// The year that the run stands for.
    pub first: u16,
    /// The last year that is looked at.
    pub last: u16,
    /// The pledges.
    pub pledges: Vec<Pledge>,
    /// What is given by year.
    pub courses: Courses,
    /// What is planned.
    pub measures: Vec<Measure>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_years_the_line_is_straight_and_beyond_them_held() {
        let course = ByYear(vec![(2025, 10.0), (2027, 20.0), (2030, 50.0)]);
        let values: Vec<Option<f64>> =
            [2024, 2025, 2026, 2027, 2028, 2030, 2031].map(|y| course.at(y)).to_vec();
        assert_eq!(values, [10.0, 10.0, 15.0, 20.0, 30.0, 50.0, 50.0].map(Some).to_vec());
        assert_eq!(ByYear::default().at(2025), None);
    }
}
