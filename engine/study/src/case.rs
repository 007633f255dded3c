//! A checked site as the run wants it.

use crate::books;
use crate::carbon::{self, SupplyFigures};
use crate::forcing::{Forcing, Outdoors};
use crate::metrics::{Carbon, Summary, evaluate, over};
use crate::plans::Plans;
use crate::racks;
use crate::run::{
    Fidelity, Guard, Integrator, Member, Observer, Options, Outcome, Precision, Run, Stopped, Unobserved,
};
use crate::targets;
use crate::tracing::Account;
use crate::work;
use media::moist_air;
use scenario::case::{Basis, Origin};
use scenario::weather::{Hour, Interpolation};
use scenario::{Case, Controls, Dynamics, Method};
use std::io::Read;

/// The outside world of a case.
struct World<'a> {
    case: &'a Case,
    /// Whether anything in the plant looks at the sky.
    sky: bool,
}

impl<'a> World<'a> {
    fn of(case: &'a Case) -> Self {
        World { case, sky: case.plant.reads_sky() }
    }
}

impl Forcing for World<'_> {
    fn outdoors(&self, time: f64) -> Result<Outdoors, String> {
        let case = self.case;
        let hour = case.weather.at(time, case.run.weather).map_err(|error| error.to_string())?;
        let wet_bulb = case.recorded.as_ref().and_then(|trace| trace.wet_bulb(time - case.run.start_s));
        Ok(wet_bulb.map_or_else(|| outdoors(&hour), |wet_bulb| with_wet_bulb(&hour, wet_bulb)))
    }
    fn over(&self, from: f64, to: f64) -> Result<[Outdoors; 2], String> {
        let start = self.outdoors(from)?;
        let end = match self.case.run.weather {
            // Held over the step, so that it ends as it starts.
            Interpolation::EndOfStep { .. } => start,
            Interpolation::Linear => self.outdoors(to)?,
        };
        if !self.sky {
            return Ok([start, end]);
        }
        let sky = self.case.weather.sky(from, to).map_err(|error| error.to_string())?;
        Ok([Outdoors { sky, ..start }, Outdoors { sky, ..end }])
    }
    fn signal(&self, series: usize, from: f64, to: f64) -> f64 {
        self.case.workloads.get(series).map_or(0.0, |workload| workload.mean(from, to))
    }
    fn events(&self) -> &[scenario::case::Event] {
        &self.case.events
    }
}

fn outdoors(hour: &Hour) -> Outdoors {
    Outdoors {
        dry_bulb: hour.dry_bulb,
        wet_bulb: hour.wet_bulb,
        humidity_ratio: hour.humidity_ratio,
        pressure: hour.pressure,
        wind_speed: hour.wind_speed.unwrap_or(0.0),
        ..Outdoors::default()
    }
}

/// The weather with a recorded wet bulb: the dry bulb is raised to it where it lies below, and the humidity
/// ratio follows from both.
fn with_wet_bulb(hour: &Hour, wet_bulb: f64) -> Outdoors {
    let dry_bulb = hour.dry_bulb.max(wet_bulb);
    let humidity_ratio = moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, hour.pressure).max(0.0);
    Outdoors { dry_bulb, wet_bulb, humidity_ratio, ..outdoors(hour) }
}

/// How the run of a case is to be executed.
pub fn options(case: &Case) -> Options {
    let run = &case.run;
    Options {
        start: run.start_s,
        length: run.length_s,
        step: run.step_s,
        output_every: run.output_every_s,
        sampled: run.controls == Controls::Sampled,
        ideal: run.controls == Controls::Ideal,
        quasi_steady: run.dynamics == Dynamics::QuasiSteady,
        integrator: match run.method {
            Method::Rodas3 => Integrator::Rodas3,
            Method::Rodas4 => Integrator::Rodas4,
            Method::Dopri5 => Integrator::Dopri5,
        },
        tolerance: run.tolerance,
        fidelity: match run.fidelity {
            scenario::Fidelity::Lumped => Fidelity::Lumped,
            scenario::Fidelity::Rack => Fidelity::Rack,
            scenario::Fidelity::Chip => Fidelity::Chip,
        },
        equal_together: run.equal_together,
        precision: match run.precision {
            scenario::case::Precision::Double => Precision::Double,
            scenario::case::Precision::Single => Precision::Single,
        },
        threads: run.threads,
        limits: targets::limits(&case.targets),
        details: run.details.clone(),
        marches: true,
    }
}

/// Runs a case and evaluates it.
///
/// # Errors
/// See [`Stopped`].
pub fn run(case: &Case, observer: &mut dyn Observer) -> Result<(Outcome, Summary), Stopped> {
    run_by(&Plans::default(), case, observer)
}

/// As [`run`], with plans that it shares with other cases.
///
/// # Errors
/// See [`Stopped`].
pub fn run_by(
    plans: &Plans,
    case: &Case,
    observer: &mut dyn Observer,
) -> Result<(Outcome, Summary), Stopped> {
    let outcome = Run::start_by(plans, &case.plant, &World::of(case), &options(case), observer)?;
    Ok(evaluated(case, outcome))
}

/// Runs cases beside each other, see [`Run::beside`]: each gives what [`run`] gives, and `ended` is told it with the
/// number of the case.
pub fn run_beside(
    plans: &Plans,
    cases: Vec<(&Case, &mut dyn Observer)>,
    guard: &mut Guard,
    ended: &mut dyn FnMut(usize, Result<(Outcome, Summary), Stopped>),
) {
    let worlds: Vec<_> = cases.iter().map(|(case, _)| (World::of(case), options(case))).collect();
    let all: Vec<&Case> = cases.iter().map(|(case, _)| *case).collect();
    let members = cases.into_iter().zip(&worlds).map(|((case, observer), (world, options))| Member {
        plant: &case.plant,
        forcing: world,
        options,
        observer,
    });
    Run::beside(plans, members.collect(), guard, &mut |k, outcome| {
        ended(k, outcome.map(|outcome| evaluated(all[k], outcome)));
    });
}

/// As [`run`] where the site has a steady state to start from; where none is found that ends it at once.
///
/// # Errors
/// See [`Stopped`].
pub(crate) fn run_steady(case: &Case) -> Result<(Outcome, Summary), Stopped> {
    let options = Options { marches: false, ..options(case) };
    Ok(evaluated(case, Run::start(&case.plant, &World::of(case), &options, &mut Unobserved)?))
}

/// As [`run`], from where a run of the same case stood when [`Moment::write`](crate::run::Moment::write) wrote `source`.
///
/// # Errors
/// See [`Stopped`].
pub fn resume(
    case: &Case,
    source: &mut dyn Read,
    observer: &mut dyn Observer,
) -> Result<(Outcome, Summary), Stopped> {
    Ok(evaluated(case, Run::resume(&case.plant, &World::of(case), &options(case), source, observer)?))
}

fn evaluated(case: &Case, outcome: Outcome) -> (Outcome, Summary) {
    let annual = annual_carbon(case);
    let supply = (case.supply.as_ref())
        .map(|s| carbon::evaluate(&case.plant, &outcome, s, case.grid.as_ref(), annual.as_ref()));
    let groups = supply.as_ref().and_then(|s| s.groups_kg.clone());
    let factor = hourly(case, &outcome, supply.as_ref()).or(annual);
    let fuel = books::direct::fuel(&case.plant, &outcome);
    let notes = [crate::standing::notes(case), outcome.notes.clone()].concat();
    let mut summary = evaluate(&case.plant, &outcome.accounts, outcome.closure, notes, factor, fuel);
    // Of each joule of the facility: what the grid gave at its factor, and what was burnt.
    let facility = outcome.accounts.supplied();
    let basis = summary.carbon.as_ref().map(|carbon| carbon.basis);
    let burnt = fuel.zip(basis).map_or(0.0, |(fuel, basis)| fuel.carbon().on(basis));
    let burnt = over(burnt, facility).unwrap_or(0.0);
    let from_grid = over(outcome.accounts.bought(), facility).unwrap_or(1.0);
    let kg = |group: usize| {
        let owned = outcome.racks.get(group).map_or(0.0, Account::facility);
        match &groups {
            Some(groups) => groups.get(group).map(|kg| kg + burnt * owned),
            None => summary.carbon.as_ref().map(|carbon| (carbon.factor * from_grid + burnt) * owned),
        }
    };
    summary.racks = racks::evaluate(&case.plant, &outcome, &kg, case.tariff.as_ref(), from_grid);
    summary.supply = supply;
    summary.work = work::asked(case);
    summary.books = books::evaluate(case, &outcome, &summary, fuel);
    summary.targets = targets::evaluate(case, &outcome, &summary);
    (outcome, summary)
}

/// The mean factor of the site's own profile, over what the grid gave.
fn hourly(case: &Case, outcome: &Outcome, supply: Option<&SupplyFigures>) -> Option<Carbon> {
    let profile = case.supply.as_ref()?.profile.as_ref()?;
    let factor = over(supply?.location_kg?, outcome.accounts.bought())?;
    Some(Carbon {
        factor,
        basis: supply_basis(case)?,
        grid: profile.file.clone(),
        origin: profile.origin.clone(),
    })
}

/// The basis that the site's own supply is counted by.
fn supply_basis(case: &Case) -> Option<Basis> {
    case.supply.as_ref().map(|supply| supply.basis)
}

/// The grid's latest factor of the basis that the site counts by; where it does not say, lifecycle, or direct where no
/// lifecycle factor is known.
pub(crate) fn annual_carbon(case: &Case) -> Option<Carbon> {
    let grid = case.grid.as_ref()?;
    let basis = supply_basis(case).or_else(|| grid.basis())?;
    let factor = grid.factor(basis)?;
    Some(Carbon {
        factor: factor.value,
        basis,
        grid: grid.id.clone(),
        origin: Origin::new(grid.source.clone(), factor.year, grid.confidence),
    })
}
