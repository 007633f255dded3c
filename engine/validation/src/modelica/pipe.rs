//! A pipe that was measured, in a run of ours.
//!
//! # Equations
//! The water's heat is stored in the steel around it, too, and both move with the front: the pipe's content is
//! `V + C_steel/(ρ·c_p)`. Measured or run, the mean delay is the area between inlet and outlet, either over its own rise.
//!
//! *Run.* A pump, an exchanger that gives the water the temperature of the outdoor air (`1 − e^(−100 kW/K / 2.46 kW/K)` = 1 of the
//! difference), and the pipe, in a ring. The outdoor air follows the measured inlet.

use super::table;
use crate::analytic::loops::run;
use crate::{Checks, Fault, Table, Worst};
use media::liquid::Fluid;
use media::moist_air;
use study::forcing::{Forcing, Outdoors};

/// Until when the front is looked at [s]: the boiler moves again after it.
const END: f64 = 470.0;
/// Flow of the water (kg/s).
const FLOW: f64 = 0.589;

/// Outdoor air as warm as the measured inlet.
struct Inlet {
    times: Vec<f64>,
    celsius: Vec<f64>,
}

impl Inlet {
    fn at(&self, time: f64) -> f64 {
        between(&self.times, &self.celsius, time)
    }
}

/// Linear between points, held beyond.
fn between(times: &[f64], values: &[f64], time: f64) -> f64 {
    let after = times.partition_point(|&t| t <= time);
    match (after.checked_sub(1), after < times.len()) {
        (Some(before), true) => {
            let share = (time - times[before]) / (times[after] - times[before]);
            values[before] + share * (values[after] - values[before])
        }
        (Some(before), false) => values[before],
        (None, _) => values.first().copied().unwrap_or(f64::NAN),
    }
}

impl Forcing for Inlet {
    fn outdoors(&self, time: f64) -> Result<Outdoors, String> {
        let (dry_bulb, humidity_ratio, pressure) = (self.at(time) + 273.15, 0.004, 101_325.0);
        let wet_bulb = moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Ok(Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() })
    }
    fn over(&self, from: f64, to: f64) -> Result<[Outdoors; 2], String> {
        Ok([self.outdoors(from)?, self.outdoors(to)?])
    }
    fn signal(&self, _: usize, _: f64, _: f64) -> f64 {
        0.0
    }
}

/// Mean time of arrival: the area of what has not yet come, over the rise from `before` to the mean of the last minute.
fn arrival(times: &[f64], values: &[f64], before: f64) -> f64 {
    let last: Vec<f64> =
        times.iter().zip(values).filter(|(t, _)| **t > END - 60.0).map(|(_, value)| *value).collect();
    let after = last.iter().sum::<f64>() / last.len() as f64;
    let missing = |k: usize| (after - values[k]) / (after - before);
    (1..times.len()).map(|k| 0.5 * (missing(k) + missing(k - 1)) * (times[k] - times[k - 1])).sum()
}

/// When half of the rise has come.
fn half(times: &[f64], values: &[f64]) -> Option<f64> {
    let (first, last) = (*values.first()?, *values.last()?);
    let middle = 0.5 * (first + last);
    let k = values.iter().position(|value| *value >= middle)?;
    let before = k.checked_sub(1)?;
    let share = (middle - values[before]) / (values[k] - values[before]);
    Some(times[before] + share * (times[k] - times[before]))
}

pub(super) fn measured(checks: &mut Checks) -> Result<(), Fault> {
    let table = table!("measured_pipe.csv")?;
    let (mut times, mut inlet, mut outlet) = (Vec::new(), Vec::new(), Vec::new());
    for row in table.rows() {
        let [time, entering, leaving] = row.all(["time_s", "inlet_C", "outlet_C"])?;
        if time < END {
            times.push(time);
            inlet.push(entering);
            outlet.push(leaving);
        }
    }
    // 39 m of 52.48 mm inside, 3.9 mm of steel of 8000 kg/m³ and 500 J/(kg K); water of 45 °C.
    let (density, specific) = (Fluid::Water.density(318.15), Fluid::Water.specific_heat(318.15));
    let (inner, outer) = (0.05248_f64, 0.05248 + 2.0 * 0.0039);
    let quarter = core::f64::consts::FRAC_PI_4 * 39.0;
    let water = quarter * inner * inner * density;
    let steel = quarter * (outer * outer - inner * inner) * 8000.0 * 500.0 / specific;
    // The loop has the density of water of 30 °C: volumes that hold, and pass, the same mass.
    let loop_density = Fluid::Water.density(303.15);
    let ran = |content: f64| -> Result<[Vec<f64>; 3], Fault> {
        let text = format!(
            r#"Site(schema: 1, title: "a measured pipe", site: (climate: "phoenix"),
                components: {{
                    "pump": Pump(flow_design: "{} L/s", head_design: "20 kPa", water_content: "0.1 L"),
                    "boiler": Pipe(water_content: "0.1 L", cells: 1, loss_conductance: "100 kW/K"),
                    "line": Pipe(water_content: "{} L", cells: 64),
                }},
                connections: ["grid -> pump", "pump -> boiler -> line -> pump"],
                controls: {{ "speed": Fix(by: "pump.speed", at: 1) }},
            )"#,
            1e3 * FLOW / loop_density,
            1e3 * content / loop_density
        );
        let forcing = Inlet { times: times.clone(), celsius: inlet.clone() };
        let ran = run(&text, &forcing, END, 1.0)?;
        let celsius = |name: &str| -> Result<Vec<f64>, Fault> {
            Ok(ran.column(name)?.iter().map(|kelvin| kelvin - 273.15).collect())
        };
        Ok([ran.outcome.trajectory.times.clone(), celsius("line.water_in")?, celsius("line.water_out")?])
    };
    let [ours, entering, leaving] = ran(water + steel)?;
    let mut followed = Worst::absolute("inlet", "water entering the pipe, as it was measured", "°C");
    for (time, celsius) in times.iter().zip(&inlet).skip(1) {
        followed.compare(between(&ours, &entering, *time), *celsius, &format!("{time} s"));
    }
    let count = followed.count();
    checks.held(
        followed,
        count,
        1.0,
        "the forcing of the run: 0.3 s of water between it and the pipe, 3 K/s at first",
    );
    let delay = |times: &[f64], entering: &[f64], leaving: &[f64]| {
        arrival(times, leaving, leaving[0]) - arrival(times, entering, entering[0])
    };
    // The sensor at the inlet begins between two rows: the water before it was that of the outlet.
    let mut from_rest = inlet.clone();
    from_rest[0] = outlet[0];
    let expected = arrival(&times, &outlet, outlet[0]) - arrival(&times, &from_rest, outlet[0]);
    let remains = "the sensor's own lag at the inlet, 1 % of the flow meter, and 0.3 K of losses; the pipe's content counts the steel's heat, \
                   21 % here";
    checks.relative(
        "delay",
        "mean delay of the front",
        "s",
        delay(&ours, &entering, &leaving),
        expected,
        0.05,
        remains,
    );
    let missing = || Fault::Missing("middle of the front".into());
    checks.relative(
        "half",
        "when half of the front has come out",
        "s",
        half(&ours, &leaving).ok_or_else(missing)?,
        half(&times, &outlet).ok_or_else(missing)?,
        0.05,
        remains,
    );
    let mut front = Worst::absolute("front", "water leaving the pipe", "°C");
    let mut square = 0.0;
    for (time, celsius) in times.iter().zip(&outlet) {
        let got = between(&ours, &leaving, *time);
        square += (got - celsius) * (got - celsius) / times.len() as f64;
        front.compare(got, *celsius, &format!("{time} s"));
    }
    // σ = θ/8 = 23 s. Against a front without width: 34 K·√(0.234·σ/470 s) = 3.6 K.
    let remains = "64 cells spread the front by an eighth of the delay, 3.6 K of it against a front without width; that of the pipe is \
                   steeper than ours, with a tail from the steel";
    checks.worst_reported(front, remains);
    checks.absolute(
        "front_rms",
        "water leaving the pipe, root mean square",
        "K",
        f64::sqrt(square),
        0.0,
        3.6,
        remains,
    );
    let [ours, entering, leaving] = ran(water)?;
    checks.reported(
        "bare",
        "mean delay without the steel",
        "s",
        delay(&ours, &entering, &leaving),
        expected,
        "water alone is too quick",
    );
    Ok(())
}
