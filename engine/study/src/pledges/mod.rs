//! Pledges by year: what a run and the plan come to in each year, how far that is from what was pledged.
//!
//! # Definitions
//! ```text
//! of the run, per year      energies, water, scope 1 · 8760/hours
//! IT energy                 of the run · it_load · Π(1 + it of measures)
//! electricity               IT energy + (electricity − IT energy of the run) · it_load · Π(1 + it)·(1 + overhead)
//! scope 2, location-based   electricity bought · carbon of the grid; the share bought is that of the run
//! scope 2, market-based     electricity bought · (1 − carbon-free share) · residual carbon
//! scope 1                   of the run · Π(1 + scope_1)
//! scope 3                   embodied carbon per year + scope_3
//! net carbon                scope 1 + scope 2, market-based + scope 3 − removals
//! water                     of the run · it_load · Π(1 + it)·(1 + water)
//! water balance             replenishment − water consumed          consumed: make-up less blowdown
//! waste diversion           diverted/waste; 1 where there is no waste
//! path                      from its beginning to the pledge along a straight line, then held
//! gap                       value − path, or path − value where more is better: what is missing, negative where ahead
//! ```
//! What stands for a year is a run of today's site; growth, grids, contracts, removals, replenishment and waste are given,
//! and so marked. What carbon-free plants give counts as free of carbon.
//!
//! # Source
//! Scopes: WRI/WBCSD, *GHG Protocol Corporate Standard* (2004) and *Scope 2 Guidance* (2015); recalled, to verify.

mod report;

pub use report::{SCHEMA, json, text};

use crate::metrics::{Summary, over};
use plant::declare::Water;
use scenario::case::Sourced;
use scenario::pledges::{ByYear, Courses, Measure, Metric, Pledge, Pledges, at};

const KWH: f64 = 3.6e6;
const YEAR_HOURS: f64 = 8760.0;

/// What a run comes to in a year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Base {
    /// The site's id.
    pub site: String,
    /// So often a year has the length of the run.
    pub annualised: f64,
    /// IT energy [J].
    pub it: f64,
    /// Electricity of the site [J].
    pub electricity: f64,
    /// Share of it that is bought.
    pub bought: f64,
    /// Carbon of the grid [kg/J].
    pub grid_carbon: Option<f64>,
    /// What that counts, and of which year it is.
    pub grid_basis: String,
    /// Carbon of what contracts do not cover [kg/J].
    pub residual: Option<f64>,
    /// Share of what is bought that contracts match by volume.
    pub matched: Option<f64>,
    /// Scope 1 [kg]; 0 where the site has none.
    pub scope_1: f64,
    /// Embodied carbon, spread over lives [kg].
    pub embodied: Option<f64>,
    /// Make-up [m³].
    pub water: f64,
    /// Make-up less blowdown [m³].
    pub consumed: f64,
}

impl Base {
    /// From a run.
    #[must_use]
    pub fn of(site: &str, summary: &Summary, residual: Option<f64>) -> Base {
        let m = &summary.metrics;
        let annualised = over(YEAR_HOURS, summary.hours).unwrap_or(0.0);
        let direct = summary.books.direct.as_ref();
        let generated = direct.and_then(|direct| direct.fuel).map_or(0.0, |fuel| fuel.generated);
        let electricity = m.facility_energy_kwh * KWH;
        let on_site = summary.books.on_site.as_ref();
        let bought = on_site.map_or(electricity - generated, |on_site| on_site.bought);
        // Of the electricity that is fed in, sun and wind on site among it; here contracts and what is bought.
        let matched = summary.supply.as_ref().and_then(|supply| supply.matched_share_annual);
        let own = on_site.map_or(0.0, |on_site| on_site.used);
        let matched = matched.and_then(|share| over((share * electricity - own).max(0.0), bought));
        let blowdown = summary.water_m3.iter().find(|(w, _)| *w == Water::Blowdown).map_or(0.0, |(_, v)| *v);
        let carbon = summary.carbon.as_ref();
        Base {
            site: site.to_owned(),
            annualised,
            it: annualised * m.it_energy_kwh * KWH,
            electricity: annualised * electricity,
            bought: over(bought, electricity).unwrap_or(1.0),
            grid_carbon: carbon.map(|carbon| carbon.factor),
            grid_basis: carbon.map_or(String::new(), |carbon| {
                let year = format!(" of {}", carbon.origin.year);
                format!("{} factor{year} of {}", carbon.basis.name(), carbon.grid)
            }),
            residual,
            matched: matched.map(|share| share.min(1.0)),
            scope_1: annualised * direct.map_or(0.0, |direct| direct.kg),
            embodied: summary.books.embodied.as_ref().map(|embodied| embodied.kg_per_year),
            water: annualised * m.water_m3,
            consumed: annualised * (m.water_m3 - blowdown),
        }
    }
}

/// What a year comes to, in SI. What is not known is nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Year {
    /// Which.
    pub year: u16,
    /// IT energy [J].
    pub it: f64,
    /// Electricity of the site [J].
    pub electricity: f64,
    /// Share that is bought from carbon-free plants.
    pub carbon_free: f64,
    /// Scope 1 [kg].
    pub scope_1: f64,
    /// Scope 2, location-based [kg].
    pub scope_2_location: Option<f64>,
    /// Scope 2, market-based [kg].
    pub scope_2_market: Option<f64>,
    /// Carbon of what is not bought from carbon-free plants [kg/J].
    pub residual: Option<f64>,
    /// Scope 3, as far as it is given [kg].
    pub scope_3: f64,
    /// Removals [kg].
    pub removals: f64,
    /// Scopes 1 to 3 less removals [kg].
    pub net_carbon: Option<f64>,
    /// Make-up [m³].
    pub water: f64,
    /// Consumed [m³].
    pub consumed: f64,
    /// Given back [m³].
    pub replenishment: f64,
    /// Waste [kg].
    pub waste: Option<f64>,
    /// Waste that goes neither to landfill nor to fire [kg].
    pub diverted: Option<f64>,
}

impl Year {
    /// The value of a metric.
    #[must_use]
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::NetCarbon => self.net_carbon,
            Metric::Scope1 => Some(self.scope_1),
            Metric::Scope2Location => self.scope_2_location,
            Metric::Scope2Market => self.scope_2_market,
            Metric::Scope3 => Some(self.scope_3),
            Metric::CarbonFree => Some(self.carbon_free),
            Metric::WaterBalance => Some(self.replenishment - self.consumed),
            Metric::Water => Some(self.water),
            Metric::Electricity => Some(self.electricity),
            Metric::Pue => over(self.electricity, self.it),
            // Where there is no waste, none goes to landfill.
            Metric::WasteDiversion => {
                self.diverted.zip(self.waste).map(|(diverted, waste)| over(diverted, waste).unwrap_or(1.0))
            }
        }
    }
}

/// A year of a pledge, in SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Which year.
    pub year: u16,
    /// What the plan comes to.
    pub value: Option<f64>,
    /// What the path asks for; nothing before it begins.
    pub path: Option<f64>,
    /// What is missing, negative where ahead.
    pub gap: Option<f64>,
}

/// What becomes of a pledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The pledge.
    pub pledge: Pledge,
    /// Where its path begins; nothing where that is not known.
    pub from: Option<(u16, f64)>,
    /// Year by year.
    pub years: Vec<Standing>,
}

impl Outlook {
    /// The year by which it is to be reached.
    #[must_use]
    pub fn at_last(&self) -> Option<&Standing> {
        self.years.iter().find(|standing| standing.year == self.pledge.by)
    }

    /// Whether the plan keeps it in its year.
    #[must_use]
    pub fn kept(&self) -> bool {
        self.at_last().and_then(|standing| standing.gap).is_some_and(|gap| gap <= self.slack())
    }

    /// Gaps up to this are rounding.
    fn slack(&self) -> f64 {
        let size =
            self.years.iter().filter_map(|s| s.value).fold(self.pledge.to.abs(), |m, v| m.max(v.abs()));
        1e-12 * size
    }

    /// The first year in which the plan is behind its path.
    #[must_use]
    pub fn first_behind(&self) -> Option<u16> {
        let slack = self.slack();
        self.years.iter().find(|s| s.gap.is_some_and(|gap| gap > slack)).map(|s| s.year)
    }
}

/// A site's pledges by year.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracker {
    /// The run.
    pub base: Base,
    /// Year by year.
    pub years: Vec<Year>,
    /// The pledges, in their order.
    pub outlooks: Vec<Outlook>,
    /// What is planned.
    pub measures: Vec<Measure>,
    /// The lists that are given.
    pub given: Vec<Given>,
    /// What is held as it is today, in words.
    pub held: Vec<String>,
}

/// A list that the site gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Its name in the site file.
    pub name: &'static str,
    /// Its values by year [SI], with where they come from.
    pub course: Sourced<ByYear>,
}

/// Evaluates the pledges; pure.
#[must_use]
pub fn track(base: &Base, pledges: &Pledges) -> Tracker {
    let years: Vec<Year> = (pledges.first..=pledges.last).map(|year| of_year(base, pledges, year)).collect();
    let outlooks = pledges.pledges.iter().map(|pledge| outlook(pledge, &years)).collect();
    Tracker {
        base: base.clone(),
        years,
        outlooks,
        measures: pledges.measures.clone(),
        given: given(&pledges.courses),
        held: held(base, &pledges.courses),
    }
}

fn of_year(base: &Base, pledges: &Pledges, year: u16) -> Year {
    let courses = &pledges.courses;
    let product = |of: fn(&Measure) -> f64| {
        let works = pledges.measures.iter().filter(|measure| measure.from <= year);
        works.fold(1.0, |product, measure| product * (1.0 + of(measure)))
    };
    let load = at(&courses.it_load, year).unwrap_or(1.0) * product(|measure| measure.it);
    let it = base.it * load;
    let overhead = (base.electricity - base.it) * load * product(|measure| measure.overhead);
    let electricity = it + overhead;
    let bought = electricity * base.bought;
    let grid = at(&courses.grid_carbon, year).or(base.grid_carbon);
    let residual = at(&courses.residual, year).or(base.residual).or(grid);
    let carbon_free = at(&courses.carbon_free, year).or(base.matched).unwrap_or(0.0);
    let scope_1 = base.scope_1 * product(|measure| measure.scope_1);
    let scope_3 = base.embodied.unwrap_or(0.0) + at(&courses.scope_3, year).unwrap_or(0.0);
    let removals = at(&courses.removals, year).unwrap_or(0.0);
    let scope_2_market = residual.map(|residual| bought * (1.0 - carbon_free) * residual);
    let water = load * product(|measure| measure.water);
    Year {
        year,
        it,
        electricity,
        carbon_free,
        scope_1,
        scope_2_location: grid.map(|grid| bought * grid),
        scope_2_market,
        residual,
        scope_3,
        removals,
        net_carbon: scope_2_market.map(|market| scope_1 + market + scope_3 - removals),
        water: base.water * water,
        consumed: base.consumed * water,
        replenishment: at(&courses.replenishment, year).unwrap_or(0.0),
        waste: at(&courses.waste, year),
        diverted: at(&courses.diverted, year),
    }
}

fn outlook(pledge: &Pledge, years: &[Year]) -> Outlook {
    let first = years.first().and_then(|year| Some((year.year, year.value(pledge.metric)?)));
    let from = pledge.from.or(first);
    let path = |year: u16| {
        let (begins, value) = from.filter(|(begins, _)| *begins <= year)?;
        if year >= pledge.by || begins >= pledge.by {
            return Some(pledge.to);
        }
        let share = f64::from(year - begins) / f64::from(pledge.by - begins);
        Some(value + share * (pledge.to - value))
    };
    let standing = |year: &Year| {
        let (value, path) = (year.value(pledge.metric), path(year.year));
        let gap = value.zip(path).map(
            |(value, path)| {
                if pledge.metric.rises() { path - value } else { value - path }
            },
        );
        Standing { year: year.year, value, path, gap }
    };
    Outlook { from, years: years.iter().map(standing).collect(), pledge: pledge.clone() }
}

fn given(courses: &Courses) -> Vec<Given> {
    let given = courses.named().into_iter().filter_map(|(name, list)| Some((name, list.as_ref()?)));
    given.map(|(name, list)| Given { name, course: list.clone() }).collect()
}

fn held(base: &Base, courses: &Courses) -> Vec<String> {
    let mut held = Vec::new();
    if courses.it_load.is_none() {
        held.push("IT energy stays that of the run".to_owned());
    }
    if courses.grid_carbon.is_none() {
        held.push(match base.grid_carbon {
            Some(_) => format!("the grid keeps the {}", base.grid_basis),
            None => "no carbon factor of the grid is known, so carbon is not".to_owned(),
        });
    }
    if courses.residual.is_none() && base.residual.is_none() {
        held.push("what is not bought carbon-free has the carbon of the grid".to_owned());
    }
    if courses.carbon_free.is_none() {
        held.push(match base.matched {
            Some(share) => format!("contracts match {:.0} % by volume, as in the run", 100.0 * share),
            None => "nothing is bought carbon-free".to_owned(),
        });
    }
    if courses.scope_3.is_none() {
        held.push(match base.embodied {
            Some(_) => "scope 3 is the embodied carbon of the bill of quantities alone".to_owned(),
            None => "scope 3 is not known and left out".to_owned(),
        });
    }
    if courses.removals.is_none() {
        held.push("nothing is removed".to_owned());
    }
    if courses.replenishment.is_none() {
        held.push("no water is given back".to_owned());
    }
    held
}

#[cfg(test)]
mod tests;
