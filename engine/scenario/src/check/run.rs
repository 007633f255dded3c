//! The run: period, steps and method.

use super::Checker;
use crate::case::{Controls, Dynamics, EXPLICIT_LONGEST_S, Fidelity, Method, Precision, RunOptions};
use crate::node::Node;
use crate::problem::{Raised, code};
use crate::read::value;
use crate::schema::site::RUN;
use crate::weather::{Interpolation, Weather};
use units::Quantity;

const DAY: f64 = 86_400.0;

/// First day of each month of a year without leap day.
const FIRST: [f64; 12] = [0.0, 31.0, 59.0, 90.0, 120.0, 151.0, 181.0, 212.0, 243.0, 273.0, 304.0, 334.0];

impl Checker<'_> {
    /// The options of a run; nothing where one was refused.
    pub(super) fn run(&mut self) -> Option<RunOptions> {
        let run = self.root().get("run");
        let number = |name: &str| -> Option<f64> {
            let slot = RUN.slots.iter().find(|slot| slot.name == name)?;
            match run.and_then(|run| run.get(name)) {
                Some(node) => value::scalar(node, slot.shape),
                None => value::default(slot.shape, slot.default?),
            }
        };
        let name = |field: &str| run.and_then(|run| run.get(field)).and_then(Node::name);
        let (start_s, length_s, whole_year) = self.span(run.and_then(|run| run.get("period")))?;
        let step_s = number("step")?;
        let output_every_s = match run.and_then(|run| run.get("output_every")) {
            Some(node) => value::quantity(node, Quantity::Duration).ok()?,
            None => step_s,
        };
        let dynamics = match name("dynamics") {
            Some("QuasiSteady") => Dynamics::QuasiSteady,
            _ => Dynamics::Dynamic,
        };
        let controls = match name("controls") {
            Some("Sampled") => Controls::Sampled,
            Some("Ideal") => Controls::Ideal,
            Some(_) => Controls::Continuous,
            None if dynamics == Dynamics::QuasiSteady => {
                self.inferred.push("run.controls is Continuous: the run is quasi-steady".to_owned());
                Controls::Continuous
            }
            None if length_s <= DAY => Controls::Sampled,
            None => {
                self.inferred.push("run.controls is Continuous: the run is longer than a day".to_owned());
                Controls::Continuous
            }
        };
        if name("conventions") == Some("EnergyPlus") {
            let line =
                "run.conventions is EnergyPlus: what towers evaporate is counted as that program counts it";
            self.inferred.push(line.to_owned());
        }
        Some(RunOptions {
            start_s,
            length_s,
            whole_year,
            step_s,
            output_every_s,
            fidelity: match name("fidelity") {
                Some("Rack") => Fidelity::Rack,
                Some("Chip") => Fidelity::Chip,
                _ => Fidelity::Lumped,
            },
            equal_together: name("equal_racks") != Some("Apart"),
            precision: match name("precision") {
                Some("Single") => Precision::Single,
                _ => Precision::Double,
            },
            controls,
            dynamics,
            weather: match name("weather") {
                Some("EndOfStep") => Interpolation::EndOfStep { step_s },
                _ => Interpolation::Linear,
            },
            method: match name("method") {
                Some("Rodas4") => Method::Rodas4,
                Some("Dopri5") => Method::Dopri5,
                _ => Method::Rodas3,
            },
            tolerance: number("tolerance")?,
            seed: number("seed")? as u64,
            threads: number("threads")? as usize,
            details: Vec::new(), // when the racks are known
        })
    }

    /// Start, length, and whether it is a whole year.
    fn span(&mut self, period: Option<&Node>) -> Option<(f64, f64, bool)> {
        let Some(node) = period else { return Some((0.0, 365.0 * DAY, true)) };
        match node.name()? {
            "Year" => Some((0.0, 365.0 * DAY, true)),
            "Day" => {
                let date = node.get("date").or(node.items().first())?;
                let (month, day) = value::date(date.as_text()?)?;
                if (month, day) == (2, 29) {
                    let message = "29 February is not part of the simulated year of 365 days";
                    self.error(code::PERIOD, "run.period", date.at, message);
                    return None;
                }
                let first = FIRST.get(usize::from(month) - 1)?;
                Some(((first + f64::from(day) - 1.0) * DAY, DAY, false))
            }
            "Span" => {
                let duration = |field: &str| value::quantity(node.get(field)?, Quantity::Duration).ok();
                let (from, length) = (duration("from")?, duration("for")?);
                if from + length > 366.0 * DAY {
                    let message = "the span ends after the year";
                    let help = "a span lies within one year; for the whole year write period: Year";
                    let raised = Raised::error(code::PERIOD, "run.period.for", node.at, message);
                    self.add(raised.help(help));
                    return None;
                }
                Some((from, length, false))
            }
            _ => None,
        }
    }

    /// Whether the controls, the dynamics, the method and the step go together.
    pub(super) fn mode(&mut self, run: &RunOptions) {
        let quasi_steady = run.dynamics == Dynamics::QuasiSteady;
        let ideal = run.controls == Controls::Ideal;
        let mut wrong = Vec::new();
        if quasi_steady && run.controls == Controls::Sampled {
            let message = "a controller that samples within a step has nothing to do in a quasi-steady one";
            let help = "write controls: Continuous or Ideal, or leave it out; or dynamics: Dynamic";
            wrong.push(("controls", message.to_owned(), help));
        }
        if ideal && !quasi_steady {
            let message = "a set-point that simply holds has no form within a step: an actuator whose effect is \
                           delayed would go from limit to limit to hold it at every instant";
            let help = "write dynamics: QuasiSteady with it, or controls: Continuous";
            wrong.push(("controls", message.to_owned(), help));
        }
        if (ideal || quasi_steady) && run.fidelity != Fidelity::Lumped {
            let message = "quasi-steady steps carry equal racks once";
            let help = "write fidelity: Lumped, or dynamics: Dynamic";
            wrong.push(("fidelity", message.to_owned(), help));
        }
        let slowest = self.loops.iter().max_by(|a, b| a.integral_time.total_cmp(&b.integral_time));
        if let Some(slow) = slowest.filter(|slow| ideal && quasi_steady && slow.integral_time > run.step_s) {
            let message = format!(
                "a set-point simply holds only over steps that are long against its loop: {} has an integral time \
                 of {}, the step is {}",
                slow.id,
                Quantity::Duration.display(slow.integral_time),
                Quantity::Duration.display(run.step_s)
            );
            wrong.push(("controls", message, "write a longer run.step, or controls: Continuous"));
        }
        if ideal && run.method != Method::Rodas3 {
            let message =
                "actuators that are solved for are advanced by implicit Euler, and no other method can be";
            let help = "leave method out, or write controls: Continuous";
            wrong.push(("method", format!("{message} chosen"), help));
        } else if quasi_steady && run.method == Method::Dopri5 {
            let message = "an explicit method cannot take over steps that are not quasi-steady";
            let help = "leave method out, or write dynamics: Dynamic";
            wrong.push(("method", message.to_owned(), help));
        }
        let node = self.root().get("run");
        for (field, message, help) in wrong {
            let found = node.and_then(|node| node.get(field)).or(node);
            let at = found.map_or(self.root().at, |node| node.at);
            self.add(Raised::error(code::MODE, format!("run.{field}"), at, message).help(help));
        }
    }

    /// Whether steps and weather fit the period.
    pub(super) fn period(&mut self, run: &RunOptions, weather: &Weather) {
        let node = self.root().get("run");
        let at = |field: &str| {
            let found = node.and_then(|node| node.get(field)).or(node);
            found.map_or(self.root().at, |node| node.at)
        };
        let mut wrong = Vec::new();
        if run.step_s > run.length_s {
            let message = format!(
                "the step of {} is longer than the period of {}: write a shorter step, or a longer period",
                Quantity::Duration.display(run.step_s),
                Quantity::Duration.display(run.length_s)
            );
            wrong.push((
                if node.is_some_and(|node| node.get("step").is_some()) { "step" } else { "period" },
                message,
            ));
        }
        let steps = run.output_every_s / run.step_s;
        if run.output_every_s < run.step_s || (steps - steps.round()).abs() > 1e-6 {
            let message = format!(
                "results every {} are no whole number of steps of {}",
                Quantity::Duration.display(run.output_every_s),
                Quantity::Duration.display(run.step_s)
            );
            wrong.push(("output_every", message));
        }
        if run.method == Method::Dopri5 && run.length_s > EXPLICIT_LONGEST_S {
            let message = "Dopri5 checks runs of at most 48 h: use Rodas3, or a shorter period".to_owned();
            wrong.push(("method", message));
        }
        if run.method == Method::Dopri5 && run.fidelity != Fidelity::Lumped {
            let message = "Dopri5 carries equal racks once: use Rodas3, or fidelity: Lumped".to_owned();
            wrong.push(("method", message));
        }
        let (first, last) = (weather.starts_s, weather.starts_s + weather.duration_s());
        if !weather.is_whole_year() && (run.start_s < first - 1.0 || run.start_s + run.length_s > last + 1.0)
        {
            let message = format!(
                "the weather covers days {:.1} to {:.1} of the year, the run needs days {:.1} to {:.1}",
                first / DAY,
                last / DAY,
                run.start_s / DAY,
                (run.start_s + run.length_s) / DAY
            );
            wrong.push(("period", message));
        }
        let wrong: Vec<_> = wrong.into_iter().map(|(field, message)| (field, at(field), message)).collect();
        for (field, at, message) in wrong {
            self.error(code::PERIOD, format!("run.{field}"), at, message);
        }
    }
}
