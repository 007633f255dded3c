//! Whole runs with a closed form: a loop of two volumes, a pipe of N cells, a controller.
//!
//! # Equations
//! *Two volumes.* A pump (content C_p, heat q) and a pipe (content C_l, loss ε·G to air of T_a) in a ring with G = ṁ·cp:
//! ```text
//! T_p' = a·(T_l − T_p) + q/C_p                 a = G/C_p
//! T_l' = c·((1 − ε)·T_p + ε·T_a − T_l)         c = G/C_l
//! ```
//! With λ₁, λ₂ the roots of λ² + (a + c)·λ + a·c·ε = 0, a step u of T_a moves T_p by u·s(t) and T_l by u·(s + s'/a), where
//! `s = 1 + α₁·e^(λ₁t) + α₂·e^(λ₂t)`, `α₁ = λ₂/(λ₁ − λ₂)`, `α₂ = −λ₁/(λ₁ − λ₂)`; a ramp r by r·∫s and r·(∫s + s/a).
//!
//! *Pipe.* N mixed cells in series answer with Erlang's density, `(n/θ)ⁿ·tⁿ⁻¹·e^(−n·t/θ)/(n−1)!`, θ = V·ρ/ṁ (Levenspiel, eq. 14.3): the
//! outlet is the inlet folded with it, by Simpson's rule.
//!
//! *Controller.* From rest at its upper limit, an error e < 0 that stays gives `v = 1 + e/band + e·t/(band·Ti)`; the position follows
//! `τ·p' = v − p`.

use super::CLOSED_FORMS;
use crate::{Case, Checks, Fault, Worst};
use media::moist_air;
use scenario::load_text;
use study::forcing::{Forcing, Outdoors};
use study::run::{Fidelity, Integrator, Options, Outcome, Run, Unobserved};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "two_volumes_step",
        title: "Two volumes in a ring when the air around a pipe becomes 8 K colder",
        source: &CLOSED_FORMS,
        covers: &["network", "Pipe", "Pump"],
        evaluate: step,
    },
    Case {
        id: "two_volumes_ramp",
        title: "Two volumes in a ring while the air around a pipe warms by 3 K in an hour",
        source: &CLOSED_FORMS,
        covers: &["network", "Pipe", "Pump"],
        evaluate: ramp,
    },
    Case {
        id: "pipe_delay",
        title: "Delay and front of a pipe of 1, 4, 8 and 16 cells",
        source: &CLOSED_FORMS,
        covers: &["Pipe"],
        evaluate: pipe,
    },
    Case {
        id: "controller_step",
        title: "A proportional-integral loop and its actuator after a step of what is measured",
        source: &CLOSED_FORMS,
        covers: &["controls"],
        evaluate: controller,
    },
];

/// When the step happens, or the ramp begins [s].
const BEGIN: f64 = 60.0;

/// Air that steps or begins to warm; a workload that steps.
#[derive(Clone, Copy)]
struct Outside {
    dry_bulb: f64,
    step: f64,
    ramp: f64,
    load: [f64; 2],
}

impl Outside {
    fn air(dry_bulb: f64) -> Outdoors {
        let (humidity_ratio, pressure) = (0.004, 101_325.0);
        let wet_bulb = moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() }
    }
}

impl Forcing for Outside {
    fn outdoors(&self, time: f64) -> Result<Outdoors, String> {
        let since = time - BEGIN;
        let moved = if since < 0.0 { 0.0 } else { self.step + self.ramp * since };
        Ok(Self::air(self.dry_bulb + moved))
    }
    fn over(&self, from: f64, to: f64) -> Result<[Outdoors; 2], String> {
        // The step stands between two steps of the run, not on a slope over one.
        let end = if to <= BEGIN { Self::air(self.dry_bulb) } else { self.outdoors(to)? };
        Ok([self.outdoors(from)?, end])
    }
    fn signal(&self, _: usize, from: f64, to: f64) -> f64 {
        self.load[usize::from(0.5 * (from + to) >= BEGIN)]
    }
}

/// A run, its columns, and the density and specific heat of its first circuit.
pub(crate) struct Ran {
    pub outcome: Outcome,
    pub density: f64,
    pub specific_heat: f64,
}

impl Ran {
    pub fn column(&self, name: &str) -> Result<Vec<f64>, Fault> {
        self.outcome.trajectory.named(name).ok_or_else(|| Fault::Missing(format!("column {name}")))
    }
}

/// Runs a site under a forcing of the case, to a tolerance of 1e-11.
pub(crate) fn run(text: &str, outside: &dyn Forcing, length: f64, step: f64) -> Result<Ran, Fault> {
    let loaded = load_text("closed_form.ron", text, &[]).map_err(|problems| {
        Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let options = Options {
        start: 0.0,
        length,
        step,
        output_every: step,
        tolerance: 1e-11,
        integrator: Integrator::Rodas4,
        sampled: false,
        ideal: false,
        quasi_steady: false,
        fidelity: Fidelity::Lumped,
        equal_together: true,
        precision: study::run::Precision::Double,
        threads: 1,
        limits: Vec::new(),
        details: Vec::new(),
        marches: true,
    };
    let plant = &loaded.case.plant;
    let fluid = plant.joints.first().map(|joint| joint.fluid);
    let fluid = fluid.ok_or_else(|| Fault::Missing("circuit".into()))?;
    let outcome = Run::start(plant, outside, &options, &mut Unobserved)
        .map_err(|stopped| Fault::Stopped(stopped.to_string()))?;
    // A loop has the properties of its liquid at 30 °C.
    Ok(Ran { outcome, density: fluid.density(303.15), specific_heat: fluid.specific_heat(303.15) })
}

const RING: &str = r#"Site(schema: 1, title: "a pump and a pipe in a ring", site: (climate: "phoenix"),
    components: {
        "pump": Pump(flow_design: "1 L/s", head_design: "300 kPa", water_content: "800 L"),
        "line": Pipe(water_content: "2 m3", cells: 1, loss_conductance: "600 W/K"),
    },
    connections: ["grid -> pump", "pump -> line -> pump"],
    controls: { "speed": Fix(by: "pump.speed", at: 1) },
)"#;

/// How the ring answers: s, its integral and its derivative.
struct Answer {
    a: f64,
    roots: [f64; 2],
    shares: [f64; 2],
}

impl Answer {
    fn of(ran: &Ran) -> Answer {
        let flow = ran.density * 1e-3;
        let rate = flow * ran.specific_heat;
        let (a, c) = (flow / (0.8 * ran.density), flow / (2.0 * ran.density));
        let share = -(-600.0 / rate).exp_m1();
        let (half, root) = (-0.5 * (a + c), (0.25 * (a + c) * (a + c) - a * c * share).sqrt());
        let roots = [half + root, half - root];
        let apart = roots[0] - roots[1];
        Answer { a, roots, shares: [roots[1] / apart, -roots[0] / apart] }
    }
    fn sum(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        of(self.roots[0], self.shares[0]) + of(self.roots[1], self.shares[1])
    }
    fn step(&self, t: f64) -> f64 {
        1.0 + self.sum(|root, share| share * (root * t).exp())
    }
    fn slope(&self, t: f64) -> f64 {
        self.sum(|root, share| share * root * (root * t).exp())
    }
    fn integral(&self, t: f64) -> f64 {
        t + self.sum(|root, share| share * (root * t).exp_m1() / root)
    }
}

/// Temperatures behind pump and pipe against what they move by.
fn ring(
    checks: &mut Checks,
    outside: Outside,
    moved: impl Fn(&Answer, f64) -> [f64; 2],
) -> Result<(), Fault> {
    let ran = run(RING, &outside, 21_660.0, 20.0)?;
    let answer = Answer::of(&ran);
    let flow = ran.column("line.water_flow")?;
    let mut steady = Worst::relative("flow", "mass flow of the pump at full speed", "kg/s");
    for value in &flow {
        steady.compare(*value, 1e-3 * ran.density, "");
    }
    checks.worst(steady, flow.len(), 1e-12, "rounding");
    // Before: the pipe loses what the pump gives, V̇·Δp/η less the motor's 7 %.
    let heat = 0.93 * 1e-3 * 300e3 / 0.7;
    let rate = 1e-3 * ran.density * ran.specific_heat;
    let before = outside.dry_bulb + heat / (-rate * (-600.0 / rate).exp_m1());
    let names = [("pump", "temperature behind the pump"), ("line", "temperature behind the pipe")];
    for (k, (name, quantity)) in names.into_iter().enumerate() {
        let column = ran.column(&format!("{name}.water_out"))?;
        let start = before - if k == 1 { heat / rate } else { 0.0 };
        let mut worst = Worst::absolute(name, quantity, "K");
        for (&got, &time) in column.iter().zip(&ran.outcome.trajectory.times) {
            let expected = if time <= BEGIN { start } else { start + moved(&answer, time - BEGIN)[k] };
            worst.compare(got, expected, &format!("{time} s"));
        }
        // A billionth of the step, or of what the ramp comes to.
        checks.worst(worst, column.len(), 5e-9, "the tolerance of the integration, 1e-11 of 30 K in a step");
    }
    Ok(())
}

fn step(checks: &mut Checks) -> Result<(), Fault> {
    let outside = Outside { dry_bulb: 298.15, step: -8.0, ramp: 0.0, load: [0.0; 2] };
    ring(checks, outside, |answer, t| {
        [-8.0 * answer.step(t), -8.0 * (answer.step(t) + answer.slope(t) / answer.a)]
    })
}

fn ramp(checks: &mut Checks) -> Result<(), Fault> {
    let rate = 3.0 / 3600.0;
    let outside = Outside { dry_bulb: 288.15, step: 0.0, ramp: rate, load: [0.0; 2] };
    ring(checks, outside, |answer, t| {
        [rate * answer.integral(t), rate * (answer.integral(t) + answer.step(t) / answer.a)]
    })
}

/// Density of Erlang's distribution of N parts and a mean.
fn erlang(parts: u32, mean: f64, t: f64) -> f64 {
    let rate = f64::from(parts) / mean;
    (1..parts).fold(rate * (-rate * t).exp(), |density, k| density * rate * t / f64::from(k))
}

/// Simpson's rule over values at equal distances, an even number of them apart.
fn simpson(values: impl ExactSizeIterator<Item = f64>, apart: f64) -> f64 {
    let last = values.len() - 1;
    let weight = |k: usize| if k == 0 || k == last { 1.0 } else { f64::from(2 + 2 * (k % 2) as u32) };
    values.enumerate().map(|(k, value)| weight(k) * value).sum::<f64>() * apart / 3.0
}

fn pipe(checks: &mut Checks) -> Result<(), Fault> {
    const SECOND: f64 = 1.0;
    let mut delay = Worst::relative("delay", "mean delay", "s");
    let mut front = Worst::absolute("front", "front of the outlet, of the rise at the inlet", "");
    let outside = Outside { dry_bulb: 293.15, step: 0.0, ramp: 0.0, load: [0.2, 0.9] };
    for cells in [1, 4, 8, 16] {
        let text = format!(
            r#"Site(schema: 1, title: "a rack, a pipe and a cooler in a ring", site: (climate: "phoenix"),
                components: {{
                    "pump": Pump(flow_design: "10 L/s", head_design: "100 kPa"),
                    "line": Pipe(water_content: "2 m3", cells: {cells}),
                    "cooler": DryCooler(based_on: "dry_cooler_1mw"),
                }},
                racks: {{ "pod": (template: "frontier_rack", count: 1, workload: Constant(utilisation: 0.5)) }},
                connections: ["grid -> [pump, cooler, pod]", "pump -> pod.liquid -> line -> cooler -> pump"],
            )"#
        );
        let ran = run(&text, &outside, 9000.0, SECOND)?;
        let [inlet, outlet] = [ran.column("line.water_in")?, ran.column("line.water_out")?];
        let flow = ran.column("line.water_flow")?[0];
        let mean = 2.0 * ran.density / flow;
        let (first, last) = (inlet[0], inlet[inlet.len() - 1]);
        let rise = last - first;
        // The area between inlet and outlet over the rise is the mean delay, whatever the shape of the inlet.
        let begin = BEGIN as usize;
        let area = simpson((begin..inlet.len()).map(|k| inlet[k] - outlet[k]), SECOND);
        delay.compare(area / rise, mean, &format!("{cells} cells"));
        for since in (2..2400).step_by(14) {
            let folded = simpson(
                (0..since + 1)
                    .map(|k| erlang(cells, mean, k as f64 * SECOND) * (inlet[begin + since - k] - first)),
                SECOND,
            );
            let got = (outlet[begin + since] - first) / rise;
            front.compare(got, folded / rise, &format!("{cells} cells, {since} s"));
        }
    }
    checks.worst(delay, 4, 1e-3, "what is still on its way when the run ends");
    checks.worst(front, 4 * 172, 1e-6, "Simpson's rule over seconds");
    Ok(())
}

fn controller(checks: &mut Checks) -> Result<(), Fault> {
    let text = r#"Site(schema: 1, title: "a pump that follows the air", site: (climate: "phoenix"),
        components: {
            "pump": Pump(flow_design: "1 L/s", head_design: "100 kPa", speed_min: "0.2", water_content: "500 L"),
            "line": Pipe(water_content: "2 m3", cells: 1, loss_conductance: "600 W/K"),
        },
        connections: ["grid -> pump", "pump -> line -> pump"],
        controls: { "speed": Hold(sensor: "weather.dry_bulb", at: "30 °C", by: "pump.speed", band: "10 K", integral_time: "200 s", action: Lowers) },
    )"#;
    // 5 K too warm: open. Then 3 K too cold: e/band = −0.3, and 0.0015 less in every second. The actuator's time is 5 s.
    let outside = Outside { dry_bulb: 308.15, step: -8.0, ramp: 0.0, load: [0.0; 2] };
    let ran = run(text, &outside, 220.0, 2.0)?;
    let flow = ran.column("line.water_flow")?;
    let mut position = Worst::absolute("position", "position of the actuator", "");
    for (flow, &time) in flow.iter().zip(&ran.outcome.trajectory.times) {
        let since = time - BEGIN;
        let expected = if since <= 0.0 {
            1.0
        } else {
            let line = 0.7 - 0.0015 * (since - 5.0);
            line + (1.0 - 0.7 - 0.0015 * 5.0) * (-since / 5.0).exp()
        };
        position.compare(flow / (1e-3 * ran.density), expected, &format!("{time} s"));
    }
    checks.worst(
        position,
        flow.len(),
        1e-6,
        "the tolerance of the integration, 1e-11 of the stroke in a step",
    );
    Ok(())
}
