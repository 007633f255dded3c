//! Life without water, and hours in which only a compressor helps.

use super::dry_twin::{Substitute, substitute, without_towers};
use super::{Laboratory, Unanswered};
use crate::case::options;
use crate::compare::{self, Comparison, Side};
use crate::metrics::Summary;
use crate::notes::Note;
use crate::report::summary_json;
use crate::run::Outcome;
use crate::targets::Verdict;
use plant::declare::{Effect, Form, Use};
use plant::plant::Unit;
use scenario::{Case, Scenario};

/// Where a dry cooler's twin with pads takes what the dry one does not say.
const PADS: &str = "adiabatic_cooler_1mw";
/// The same without pads.
const DRY: &str = "dry_cooler_1mw";

/// Most sentences of what is not held.
const NOT_HELD: usize = 4;

/// What a life without water costs.
#[derive(Debug)]
pub struct Water {
    /// Make-up water of the site as it is [m³].
    pub make_up_m3: f64,
    /// The dry plant against the one that may use water: the first side is the latter. Each with where it comes from.
    pub against: Vec<Twin>,
    /// Why there is none, where there is none.
    pub why_not: Option<String>,
    /// How many runs it took.
    pub runs: usize,
}

/// A plant with water beside one without.
#[derive(Debug)]
pub struct Twin {
    /// How the other one was had.
    pub derived: String,
    /// First the plant that may use water, then the one without.
    pub comparison: Comparison,
    /// Targets of the plant without.
    pub dry_targets: Vec<Verdict>,
    /// Time with a compressor, of the plant that may use water and of the one without [h].
    pub compressor_hours: (f64, f64),
    /// What the plant without does not hold and the other does, as sentences.
    pub not_held: Vec<String>,
}

/// Hours with compressors.
#[derive(Debug)]
pub struct Chillers {
    /// Length of the run [h].
    pub hours: f64,
    /// Time with a compressor in the run [h].
    pub hours_run: f64,
    /// Each machine with compressors and a set-point.
    pub machines: Vec<Machine>,
    /// Time with a compressor where every free-cooling coil and economizer is as large as may be [h].
    pub hours_with_largest: Option<f64>,
    /// How many runs it took.
    pub runs: usize,
}

/// A machine with compressors, and what outdoors could do in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Its id.
    pub id: String,
    /// Water that it is to hold [°C].
    pub setpoint_c: f64,
    /// Time in which outdoor air is not colder [h].
    pub hours_dry_bulb: f64,
    /// Time in which its wet bulb is not colder [h].
    pub hours_wet_bulb: f64,
}

fn side(name: &str, case: &Case, outcome: &Outcome, summary: &Summary) -> Result<Side, Unanswered> {
    Side::read(name, &summary_json(case, outcome, summary))
        .map_err(|malformed| Unanswered::Refused(malformed.to_string()))
}

/// Water: what it takes, and what it costs to do without.
pub(super) fn question(
    lab: &Laboratory,
    outcome: &Outcome,
    summary: &Summary,
    against: Option<&(String, Case)>,
) -> Result<Water, Unanswered> {
    let own = side(&lab.case.id, lab.case, outcome, summary)?;
    let dry = summary.metrics.water_m3 == 0.0;
    let mut water =
        Water { make_up_m3: summary.metrics.water_m3, against: Vec::new(), why_not: None, runs: 0 };
    let mut pair = |name: String, derived: String, case: &Case| -> Result<(), Unanswered> {
        let (other_outcome, other) = match lab.run(case, 900_000 + water.runs) {
            Ok(run) => run,
            Err(stopped @ crate::run::Stopped::Cancelled { .. }) => return Err(stopped.into()),
            Err(stopped) => {
                water.why_not = Some(format!("{derived}, does not run: {stopped}"));
                return Ok(());
            }
        };
        water.runs += 1;
        let other_side = side(&name, case, &other_outcome, &other)?;
        if dry == (other.metrics.water_m3 == 0.0) {
            let what = if dry { "uses no water either" } else { "uses water, too" };
            water.why_not = Some(format!("{name} {what}"));
            return Ok(());
        }
        let (sides, targets) = if dry {
            (vec![other_side, own.clone()], summary.targets.clone())
        } else {
            (vec![own.clone(), other_side], other.targets.clone())
        };
        let compressing = |summary: &Summary| summary.hours - summary.metrics.free_cooling_hours;
        let (with, without) = if dry { (&other, summary) } else { (summary, &other) };
        let compressor_hours = (compressing(with), compressing(without));
        let not_held = only_without(with, without);
        let comparison = compare::compare(sides);
        water.against.push(Twin { derived, comparison, dry_targets: targets, compressor_hours, not_held });
        Ok(())
    };
    if let Some((name, case)) = against {
        pair(name.clone(), format!("{name}, as named"), case)?;
        return Ok(water);
    }
    let towers = |unit: &Unit| unit.kind.declaration().name == "OpenTower";
    if !dry && lab.case.plant.units.iter().any(towers) {
        match without_towers(lab) {
            Ok((case, rule)) => pair(format!("{} on dry coolers", lab.case.id), rule, &case)?,
            Err(why) => water.why_not = Some(why),
        }
        return Ok(water);
    }
    let (from, to, record, what) = if dry {
        ("DryCooler", "AdiabaticCooler", PADS, "with wetted pads on the dry coolers")
    } else {
        ("AdiabaticCooler", "DryCooler", DRY, "with dry coolers in place of those with pads")
    };
    match twin(lab, from, to, record) {
        Ok(case) => {
            let name = format!("{} {}", lab.case.id, if dry { "with pads" } else { "without pads" });
            pair(name, format!("the same site {what}, derived from it"), &case)?;
        }
        Err(why) => water.why_not = Some(why),
    }
    Ok(water)
}

/// The site with all components of one kind as another that has the same parameters and more, or fewer.
fn twin(lab: &Laboratory, from: &str, to: &str, record: &str) -> Result<Case, String> {
    let others = |unit: &&Unit| {
        let outputs = unit.kind.declaration().outputs.iter();
        let wet = outputs.filter(|output| matches!(output.effect, Effect::Water(_))).count() > 0;
        wet && unit.kind.declaration().name != from
    };
    if from == "AdiabaticCooler"
        && let Some(unit) = lab.case.plant.units.iter().find(others)
    {
        return Err(format!(
            "a plant without {} ({}) cannot be derived: what takes its place needs set-points and sizes of its own; name \
             a site without water with --against",
            unit.id,
            unit.kind.declaration().label
        ));
    }
    let mut scenario: Scenario = lab.scenario.clone();
    let same = |unit: &Unit, field: &str| unit.parameter(field);
    let found = substitute(lab, &mut scenario, &Substitute { from, to, record, value: &same })?;
    if !found {
        return Err(format!(
            "no variant can be derived: the site has no {}; name one with --against",
            plant::catalogue::kind(from).map_or(from, |kind| kind.declaration().label)
        ));
    }
    Laboratory::checked(&scenario)
}

/// What the plant without water does not hold, and the other does: the longest first.
fn only_without(with: &Summary, without: &Summary) -> Vec<String> {
    // The figures in a note differ from run to run, what comes before them does not.
    let what = |note: &Note| (note.component.clone(), note.text.split([',', ':']).next().map(str::to_owned));
    let known: Vec<_> = with.notes.iter().map(what).collect();
    let mut only: Vec<&Note> = without.notes.iter().filter(|note| !known.contains(&what(note))).collect();
    only.sort_by(|a, b| b.duration_s.total_cmp(&a.duration_s));
    let said =
        |note: &&Note| format!("{}: {} ({:.0} h)", note.component, note.text, note.duration_s / 3600.0);
    only.iter().filter(|note| note.duration_s >= 1800.0).take(NOT_HELD).map(said).collect()
}

/// Compressors: how long they run, and how long they must.
pub(super) fn chillers(lab: &Laboratory, summary: &Summary) -> Result<Chillers, Unanswered> {
    let case = lab.case;
    let hours_run = summary.hours - summary.metrics.free_cooling_hours;
    let mut chillers =
        Chillers { hours: summary.hours, hours_run, machines: Vec::new(), hours_with_largest: None, runs: 0 };
    let mut largest = Vec::new();
    for unit in &case.plant.units {
        let of = unit.kind.declaration();
        let compresses =
            of.outputs.iter().any(|output| matches!(output.effect, Effect::Use(Use::Compressors)));
        if compresses && let Some(setpoint) = unit.parameter("supply_setpoint") {
            let (hours_dry_bulb, hours_wet_bulb) = hours_not_colder(case, setpoint);
            chillers.machines.push(Machine {
                id: unit.id.clone(),
                setpoint_c: setpoint - 273.15,
                hours_dry_bulb,
                hours_wet_bulb,
            });
        }
        // Free-cooling coils and economizers at the most that may be written.
        let coil = match of.name {
            "AirCooledChiller" => Some("free_cooling_conductance"),
            "WaterSideEconomizer" => Some("conductance"),
            _ => None,
        };
        if let Some(field) = coil.and_then(|name| of.parameters.iter().find(|field| field.name == name))
            && let Form::Quantity { bounds: (_, most), .. } = field.form
        {
            largest.push((format!("components.{}.{}", unit.id, field.name), most.to_owned()));
        }
    }
    if !largest.is_empty() && hours_run > 0.0 {
        // A plant that does not run so has no such figure.
        if let Ok(variant) = lab.variant(&largest) {
            chillers.runs = 1;
            match lab.run(&variant, 910_000) {
                Ok((_, with)) => {
                    chillers.hours_with_largest = Some(with.hours - with.metrics.free_cooling_hours);
                }
                Err(stopped @ crate::run::Stopped::Cancelled { .. }) => return Err(stopped.into()),
                Err(_) => {}
            }
        }
    }
    Ok(chillers)
}

/// Time of the run in which dry bulb and wet bulb are not below a temperature [h], by the ends of its steps.
fn hours_not_colder(case: &Case, kelvin: f64) -> (f64, f64) {
    let step = options(case).step.max(1.0);
    let steps = (case.run.length_s / step).round() as u64;
    let (mut dry, mut wet) = (0.0, 0.0);
    for k in 1..=steps {
        let Ok(hour) = case.weather.at(case.run.start_s + k as f64 * step, case.run.weather) else {
            continue;
        };
        dry += f64::from(u8::from(hour.dry_bulb >= kelvin));
        wet += f64::from(u8::from(hour.wet_bulb >= kelvin));
    }
    (dry * step / 3600.0, wet * step / 3600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hour_is_warmer_than_absolute_zero_and_none_than_a_furnace() {
        let set = [("run.period".to_owned(), "Span(from: \"195 d\", for: \"2 d\")".to_owned())];
        let case = scenario::load(std::path::Path::new("phoenix_zero_water"), &set).expect("a site").case;
        assert_eq!(hours_not_colder(&case, 0.0), (48.0, 48.0));
        assert_eq!(hours_not_colder(&case, 1000.0), (0.0, 0.0));
        // In between, the wet bulb is never the warmer one, and July in Phoenix is never below 18 °C.
        let (dry, wet) = hours_not_colder(&case, 18.0 + 273.15);
        assert!(dry == 48.0 && wet <= dry, "{dry} {wet}");
    }
}
