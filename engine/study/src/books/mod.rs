//! Books beyond the meters: what a run means for heat, carbon, water and money outside of the fence.
//!
//! Each is evaluated from a finished run and from what the site says; nothing here takes part in a step. What a site
//! does not say is not there, never 0.

pub mod direct;
pub mod embodied;
pub mod money;
pub mod on_site;
pub mod reuse;
pub mod water;

mod report;

use crate::metrics::Summary;
use crate::run::Outcome;
use direct::{Direct, Fuel};
use embodied::Embodied;
use money::Ownership;
use on_site::OnSite;
use plant::declare::{Use, Water};
use reuse::Reuse;
use scenario::Case;
use water::{Said, Sources};

/// The books of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// Heat that left the site to be used.
    pub reuse: Option<Reuse>,
    /// Sun and wind on site.
    pub on_site: Option<OnSite>,
    /// Scope 1.
    pub direct: Option<Direct>,
    /// Water beyond the meter.
    pub water: Option<Sources>,
    /// Carbon of what the site is built of.
    pub embodied: Option<Embodied>,
    /// What it costs to build and to own.
    pub money: Option<Ownership>,
}

/// Evaluates all books; pure. The metrics of `summary` are read, the books in it are not.
pub fn evaluate(case: &Case, outcome: &Outcome, summary: &Summary, fuel: Option<Fuel>) -> Books {
    let used =
        |wanted: Use| summary.energy_kwh.iter().find(|(u, _)| *u == wanted).map_or(0.0, |(_, kwh)| *kwh);
    let blowdown = summary.water_m3.iter().find(|(w, _)| *w == Water::Blowdown).map_or(0.0, |(_, m3)| *m3);
    let (said, grid) = (&case.books, case.grid.as_ref());
    let ewif = grid.and_then(|grid| grid.water.clone());
    let water = Said {
        potable_share: said.potable_share,
        stress: said.stress.clone().or_else(|| grid.and_then(|grid| grid.water_stress.clone())),
        ewif,
    };
    let m = &summary.metrics;
    let bought = outcome.accounts.bought() / 3.6e6;
    let direct = direct::evaluate(fuel, &said.refrigerants, summary.hours);
    Books {
        reuse: reuse::evaluate(&case.plant, outcome, m, used(Use::HeatPumps)),
        on_site: on_site::evaluate(case, outcome),
        money: money::evaluate(case, outcome, summary, direct.as_ref()),
        direct,
        water: water::evaluate(water, m, blowdown, bought),
        embodied: embodied::evaluate(&said.bill, summary.hours, m.it_energy_kwh),
    }
}
