//! The integrators on problems with published or exact solutions.
//!
//! References: F. Mazzia and C. Magherini, *Test Set for Initial Value Problem Solvers*, release 2.4, University of Bari, 2008: problems
//! VDPOL (μ = 1000, t = 2000) and ROBER (t = 10¹¹), computed there in quadruple precision by RADAU with tolerance 1.1e-18. At t = 40,
//! ROBER as in E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*.
//!
//! Work is pinned: these systems use no function of the platform, so steps and evaluations are the same numbers on every machine; they
//! change only in a commit that says why.

use super::{CLOSED_FORMS, TEST_SET};
use crate::{Case, Checks, Fault, Worst};
use solver::{Control, Method, Sparsity, Statistics, Stepper, System};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "robertson",
        title: "Robertson's reaction, to t = 40 and over eleven decades",
        source: &TEST_SET,
        covers: &["integrators"],
        evaluate: robertson,
    },
    Case {
        id: "van_der_pol",
        title: "Van der Pol's oscillator, μ = 1000, one and a half cycles",
        source: &TEST_SET,
        covers: &["integrators"],
        evaluate: van_der_pol,
    },
    Case {
        id: "orders",
        title: "Observed orders with algebraic rows and explicit time",
        source: &CLOSED_FORMS,
        covers: &["integrators"],
        evaluate: orders,
    },
];

const VDPOL_AT_2000: [f64; 2] = [1.706_167_732_170_469, -8.928_097_010_248_125e-4];
const ROBER_AT_40: [f64; 3] = [0.715_827_068_719_3, 9.185_534_764_529e-6, 0.284_163_745_746_2];
const ROBER_AT_1E11: [f64; 3] = [2.083_340_149_701_255e-8, 8.333_360_770_334_713e-14, 0.999_999_979_166_505];

/// Rates of all rows, then the Jacobian in the order of the pattern and the derivative by time where asked for.
type Equations = fn(f64, &[f64], &mut [f64], Option<(&mut [f64], &mut [f64])>);

/// A system with error bounds `atol + rtol·|y|`, y at the start of each step.
struct Problem {
    states: usize,
    sparsity: Sparsity,
    weights: Vec<f64>,
    tiles: Vec<u32>,
    rtol: f64,
    atol: Vec<f64>,
    equations: Equations,
}

impl Problem {
    fn new(rows: &[&[u32]], rtol: f64, atol: &[f64], equations: Equations) -> Result<Problem, Fault> {
        let sparsity = Sparsity::from_rows(rows.iter().map(|row| row.to_vec()).collect());
        let states = atol.len();
        Ok(Problem {
            states,
            sparsity: sparsity.map_err(|fault| Fault::Integration(format!("{fault:?}")))?,
            weights: atol.iter().map(|atol| 1.0 / atol).collect(),
            tiles: vec![0; states],
            rtol,
            atol: atol.to_vec(),
            equations,
        })
    }
}

impl System for Problem {
    fn states(&self) -> usize {
        self.states
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        (self.equations)(t, y, rates, None);
    }
    fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], jacobian: &mut [f64], time: &mut [f64]) {
        if self.rtol > 0.0 {
            for ((weight, y), atol) in self.weights.iter_mut().zip(y).zip(&self.atol) {
                *weight = 1.0 / (atol + self.rtol * y.abs());
            }
        }
        time.fill(0.0);
        (self.equations)(t, y, rates, Some((jacobian, time)));
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
}

/// Integrates with step control from time 0.
fn integrate(system: &mut Problem, method: Method, y: &mut [f64], until: f64) -> Result<Statistics, Fault> {
    let mut stepper = Stepper::new(system, method);
    let mut t = 0.0;
    let advanced = stepper.advance(system, &mut t, y, until, &mut |_| Control::Continue);
    advanced.map_err(|failure| Fault::Integration(failure.to_string()))?;
    Ok(stepper.statistics)
}

fn reaction(_: f64, y: &[f64], rates: &mut [f64], derivatives: Option<(&mut [f64], &mut [f64])>) {
    let (slow, fast, last) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]);
    rates.copy_from_slice(&[-slow + fast, slow - fast - last, last]);
    if let Some((jacobian, _)) = derivatives {
        let (d1, d2, l1) = (1e4 * y[2], 1e4 * y[1], 6e7 * y[1]);
        jacobian.copy_from_slice(&[-0.04, d1, d2, 0.04, -d1 - l1, -d2, l1]);
    }
}

fn oscillator(_: f64, y: &[f64], rates: &mut [f64], derivatives: Option<(&mut [f64], &mut [f64])>) {
    const MU: f64 = 1000.0;
    rates.copy_from_slice(&[y[1], MU * (1.0 - y[0] * y[0]) * y[1] - y[0]]);
    if let Some((jacobian, _)) = derivatives {
        jacobian.copy_from_slice(&[1.0, -2.0 * MU * y[0] * y[1] - 1.0, MU * (1.0 - y[0] * y[0])]);
    }
}

/// A published end of an integration, and the work it takes.
struct Published {
    names: [&'static str; 2],
    what: String,
    method: Method,
    found: Vec<f64>,
    reference: &'static [f64],
    tolerance: f64,
    statistics: Statistics,
    pinned: [u64; 4],
}

impl Published {
    fn check(self, checks: &mut Checks) {
        let Published { names: [end, work], what, method, .. } = self;
        let mut worst = Worst::relative(end, format!("solution at {what} by {method:?}"), "");
        for (k, (&found, &reference)) in self.found.iter().zip(self.reference).enumerate() {
            worst.compare(found, reference, &format!("component {}", k + 1));
        }
        let remains = "the tolerance of the integration, summed over its steps";
        checks.worst(worst, self.reference.len(), self.tolerance, remains);
        let Statistics { steps, rejected, factorizations, evaluations } = self.statistics;
        let mut spent = Worst::absolute(
            work,
            format!("steps, rejections, factorisations, evaluations to {what} by {method:?}"),
            "",
        );
        for ((found, pinned), name) in [steps, rejected, factorizations, evaluations]
            .into_iter()
            .zip(self.pinned)
            .zip(["steps", "rejections", "factorisations", "evaluations"])
        {
            spent.compare(found as f64, pinned as f64, name);
        }
        checks.held(spent, 4, 0.0, "nothing: our own work, pinned");
    }
}

fn robertson(checks: &mut Checks) -> Result<(), Fault> {
    let full: &[u32] = &[0, 1, 2];
    let rows = [full, full, &[1]];
    let mut mass = Worst::absolute("mass", "sum of the three, which is 1 for ever", "");
    let cases = [
        (
            ["rodas3_1e4", "rodas3_1e4_work"],
            Method::Rodas3,
            1e-4,
            [1e-6, 1e-10, 1e-6],
            40.0,
            1e-4,
            [56, 0, 56, 169],
        ),
        (
            ["rodas4_1e4", "rodas4_1e4_work"],
            Method::Rodas4,
            1e-4,
            [1e-6, 1e-10, 1e-6],
            40.0,
            1e-5,
            [35, 1, 36, 216],
        ),
        (
            ["rodas4_1e8", "rodas4_1e8_work"],
            Method::Rodas4,
            1e-8,
            [1e-10, 1e-14, 1e-10],
            40.0,
            1e-8,
            [419, 1, 420, 2520],
        ),
        (
            ["decades", "decades_work"],
            Method::Rodas4,
            1e-7,
            [1e-14, 1e-18, 1e-10],
            1e11,
            1e-7,
            [774, 0, 774, 4645],
        ),
    ];
    for (names, method, rtol, atol, until, tolerance, pinned) in cases {
        let mut y = vec![1.0, 0.0, 0.0];
        let mut system = Problem::new(&rows, rtol, &atol, reaction)?;
        let statistics = integrate(&mut system, method, &mut y, until)?;
        mass.compare(y.iter().sum(), 1.0, &format!("{method:?}, tolerance {rtol:e}, t = {until:e}"));
        let reference: &'static [f64] = if until > 50.0 { &ROBER_AT_1E11 } else { &ROBER_AT_40 };
        let what = format!("t = {until:e}, tolerance {rtol:e},");
        Published { names, what, method, found: y, reference, tolerance, statistics, pinned }.check(checks);
    }
    checks.worst(mass, 4, 1e-12, "rounding: a linear invariant is kept by every step");
    Ok(())
}

fn van_der_pol(checks: &mut Checks) -> Result<(), Fault> {
    let rows: [&[u32]; 2] = [&[1], &[0, 1]];
    // An error in the time of a jump is an error in y.
    let cases = [
        (["rodas3_1e5", "rodas3_1e5_work"], Method::Rodas3, 1e-5, 1e-3, [693, 11, 704, 2102]),
        (["rodas4_1e4", "rodas4_1e4_work"], Method::Rodas4, 1e-4, 3e-4, [207, 19, 226, 1338]),
        (["rodas4_1e8", "rodas4_1e8_work"], Method::Rodas4, 1e-8, 1e-7, [1982, 8, 1990, 11933]),
    ];
    for (names, method, tolerance, allowed, pinned) in cases {
        let mut y = vec![2.0, 0.0];
        let mut system = Problem::new(&rows, tolerance, &[tolerance; 2], oscillator)?;
        let statistics = integrate(&mut system, method, &mut y, 2000.0)?;
        let what = format!("t = 2000, tolerance {tolerance:e},");
        Published {
            names,
            what,
            method,
            found: y,
            reference: &VDPOL_AT_2000,
            tolerance: allowed,
            statistics,
            pinned,
        }
        .check(checks);
    }
    Ok(())
}

/// Three states through three algebraic rows, nonlinear and dependent on time: y₀ = exp(sin t), y₁ = 1/(1 + t), y₂ = y₀·y₁.
///
/// Rows: y₀′ = a₀, y₁′ = −a₁, y₂′ = a₂; a₀ = cos t·y₀, a₁ = y₁², a₂ = a₀·y₁ − y₀·a₁.
fn known(t: f64, y: &[f64], rates: &mut [f64], derivatives: Option<(&mut [f64], &mut [f64])>) {
    let (a0, a1) = (t.cos() * y[0], y[1] * y[1]);
    rates.copy_from_slice(&[a0, -a1, a0 * y[1] - y[0] * a1]);
    if let Some((jacobian, time)) = derivatives {
        jacobian.copy_from_slice(&[1.0, -1.0, 1.0, t.cos(), 2.0 * y[1], -a1, a0, y[1], -y[0]]);
        time[3] = -t.sin() * y[0];
    }
}

fn known_at(t: f64) -> [f64; 3] {
    let (a, b) = (t.sin().exp(), 1.0 / (1.0 + t));
    [a, b, a * b]
}

/// Largest error at t = 2 with this many equal steps.
fn end_error(method: Method, steps: u32) -> Result<f64, Fault> {
    let rows: [&[u32]; 6] = [&[3], &[4], &[5], &[0], &[1], &[0, 1, 3, 4]];
    let mut system = Problem::new(&rows, 0.0, &[1.0; 3], known)?;
    let mut stepper = Stepper::new(&system, method);
    let (mut y, h) = (known_at(0.0), 2.0 / f64::from(steps));
    for step in 0..steps {
        let t = h * f64::from(step);
        stepper.attempt(&mut system, t, h, &y).map_err(|bad| Fault::Integration(bad.to_string()))?;
        let accepted = stepper.attempted(t, h, &y).map_err(|bad| Fault::Integration(bad.to_string()))?;
        let end = [accepted.y1[0], accepted.y1[1], accepted.y1[2]];
        y = end;
    }
    let exact = known_at(2.0);
    Ok((0..3).map(|i| (y[i] - exact[i]).abs()).fold(0.0, f64::max))
}

fn orders(checks: &mut Checks) -> Result<(), Fault> {
    for (name, method, order, halvings) in [
        ("rodas3", Method::Rodas3, 3.0, &[160, 320, 640, 1280][..]),
        ("rodas4", Method::Rodas4, 4.0, &[100, 200, 400][..]),
    ] {
        let mut worst = Worst::absolute(name, format!("order of {method:?}, from halved steps"), "");
        for pair in halvings.windows(2) {
            let slope = (end_error(method, pair[0])? / end_error(method, pair[1])?).log2();
            worst.compare(slope, order, &format!("{} to {} steps", pair[0], pair[1]));
        }
        checks.worst(worst, halvings.len() - 1, 0.1, "terms of higher order in a finite step");
    }
    Ok(())
}
