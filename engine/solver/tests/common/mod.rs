//! Problems shared by the tests.
#![allow(dead_code)]

use solver::{Accepted, Control, Failure, Method, Sparsity, Statistics, Stepper, System};

/// Where a problem writes its values: rates, then Jacobian and time derivative if asked for.
pub struct Out<'a> {
    pub rates: &'a mut [f64],
    pub jacobian: Option<&'a mut [f64]>,
    pub time: &'a mut [f64],
}

type Evaluate = Box<dyn FnMut(f64, &[f64], &mut Out)>;

/// A system made of one closure.
pub struct Problem {
    pub states: usize,
    pub sparsity: Sparsity,
    pub weights: Vec<f64>,
    pub tiles: Vec<u32>,
    /// Relative part of the error bound; 0 keeps `weights` as they are.
    pub rtol: f64,
    pub atol: Vec<f64>,
    pub evaluate: Evaluate,
}

impl Problem {
    /// Absolute error bound `atol` on all states, in one tile.
    pub fn new(
        states: usize,
        rows: &[&[u32]],
        atol: f64,
        evaluate: impl FnMut(f64, &[f64], &mut Out) + 'static,
    ) -> Problem {
        Problem {
            states,
            sparsity: Sparsity::from_rows(rows.iter().map(|row| row.to_vec()).collect()).unwrap(),
            weights: vec![1.0 / atol; states],
            tiles: vec![0; states],
            rtol: 0.0,
            atol: vec![atol; states],
            evaluate: Box::new(evaluate),
        }
    }

    /// Error bound `atol` + `rtol`·|y|, y at the start of each step.
    pub fn relative(mut self, rtol: f64) -> Problem {
        self.rtol = rtol;
        self
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
        let mut out = Out { rates, jacobian: None, time: &mut [] };
        (self.evaluate)(t, y, &mut out);
    }
    fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], jacobian: &mut [f64], time: &mut [f64]) {
        if self.rtol > 0.0 {
            for ((weight, y), atol) in self.weights.iter_mut().zip(y).zip(&self.atol) {
                *weight = 1.0 / (atol + self.rtol * y.abs());
            }
        }
        time.fill(0.0);
        let mut out = Out { rates, jacobian: Some(jacobian), time };
        (self.evaluate)(t, y, &mut out);
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
}

/// Goes on.
pub fn on(_: &Accepted) -> Control {
    Control::Continue
}

/// Integrates with step control from time 0.
pub fn integrate(
    system: &mut impl System,
    method: Method,
    y: &mut [f64],
    until: f64,
) -> Result<Statistics, Failure> {
    let mut stepper = Stepper::new(system, method);
    let mut t = 0.0;
    stepper.advance(system, &mut t, y, until, &mut on)?;
    assert_eq!(t, until);
    Ok(stepper.statistics)
}

/// Integrates with `steps` equal steps from `from` to `until`, calling `each` with every step.
pub fn fixed_steps(
    system: &mut impl System,
    method: Method,
    y: &mut [f64],
    (from, until): (f64, f64),
    steps: u32,
    mut each: impl FnMut(&Accepted),
) {
    let mut stepper = Stepper::new(system, method);
    let h = (until - from) / f64::from(steps);
    for step in 0..steps {
        let t = from + h * f64::from(step);
        stepper.attempt(system, t, h, y).unwrap();
        let accepted = stepper.attempted(t, h, y).unwrap();
        each(&accepted);
        let end = accepted.y1.to_vec();
        y.copy_from_slice(&end);
    }
}

/// y′ = λ·y.
pub fn decay(rate: f64, atol: f64) -> Problem {
    Problem::new(1, &[&[0]], atol, move |_, y, out| {
        out.rates[0] = rate * y[0];
        if let Some(jacobian) = &mut out.jacobian {
            jacobian[0] = rate;
        }
    })
}

/// Three states through three algebraic rows, nonlinear and dependent on time, with exact
/// solution y₀ = exp(sin t), y₁ = 1/(1 + t), y₂ = y₀·y₁.
///
/// Rows: y₀′ = a₀, y₁′ = −a₁, y₂′ = a₂; a₀ = cos t·y₀, a₁ = y₁², a₂ = a₀·y₁ − y₀·a₁.
pub fn known(atol: f64) -> Problem {
    let rows: [&[u32]; 6] = [&[3], &[4], &[5], &[0], &[1], &[0, 1, 3, 4]];
    Problem::new(3, &rows, atol, |t, y, out| {
        let (a0, a1) = (t.cos() * y[0], y[1] * y[1]);
        let a2 = a0 * y[1] - y[0] * a1;
        out.rates.copy_from_slice(&[a0, -a1, a2]);
        if let Some(jacobian) = &mut out.jacobian {
            let values = [1.0, -1.0, 1.0, t.cos(), 2.0 * y[1], -a1, a0, y[1], -y[0]];
            jacobian.copy_from_slice(&values);
            out.time[3] = -t.sin() * y[0];
        }
    })
}

/// Exact solution of [`known`].
pub fn known_at(t: f64) -> [f64; 3] {
    let (a, b) = (t.sin().exp(), 1.0 / (1.0 + t));
    [a, b, a * b]
}

/// H. H. Robertson's reaction (1966).
pub fn robertson(rtol: f64, atol: [f64; 3]) -> Problem {
    let full: &[u32] = &[0, 1, 2];
    let rows = [full, full, &[1]];
    let mut problem = Problem::new(3, &rows, 1.0, |_, y, out| {
        let (slow, fast, last) = (0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]);
        out.rates.copy_from_slice(&[-slow + fast, slow - fast - last, last]);
        if let Some(jacobian) = &mut out.jacobian {
            let (d1, d2, l1) = (1e4 * y[2], 1e4 * y[1], 6e7 * y[1]);
            jacobian.copy_from_slice(&[-0.04, d1, d2, 0.04, -d1 - l1, -d2, l1]);
        }
    })
    .relative(rtol);
    problem.atol = atol.to_vec();
    problem
}

/// B. van der Pol's oscillator y″ = μ(1 − y²)y′ − y.
pub fn van_der_pol(mu: f64, tolerance: f64) -> Problem {
    Problem::new(2, &[&[1], &[0, 1]], tolerance, move |_, y, out| {
        out.rates[0] = y[1];
        out.rates[1] = mu * (1.0 - y[0] * y[0]) * y[1] - y[0];
        if let Some(jacobian) = &mut out.jacobian {
            let values = [1.0, -2.0 * mu * y[0] * y[1] - 1.0, mu * (1.0 - y[0] * y[0])];
            jacobian.copy_from_slice(&values);
        }
    })
    .relative(tolerance)
}

/// A chain of capacities in an insulated line, heated at one end, with the flows between
/// neighbours as algebraic rows and two quadratures: heat in at the first, heat out at the last.
///
/// C·Tᵢ′ = qᵢ₋₁ − qᵢ with qᵢ = G·(Tᵢ − Tᵢ₊₁); q₋₁ = given, q_last = G·(T_last − 0).
/// Rows: T₀ … T_{n−1}, E_in, E_out, q₀ … q_{n−1}.
pub fn chain(n: usize, capacity: f64, conductance: f64, heat: f64, atol: f64) -> Problem {
    let (first_flow, heat_in, heat_out) = (n + 2, n, n + 1);
    let mut rows: Vec<Vec<u32>> = Vec::new();
    for i in 0..n {
        let mut row = vec![(first_flow + i) as u32];
        if i > 0 {
            row.push((first_flow + i - 1) as u32);
        }
        rows.push(row);
    }
    rows.push(vec![]);
    rows.push(vec![(first_flow + n - 1) as u32]);
    for i in 0..n {
        let mut row = vec![i as u32];
        if i + 1 < n {
            row.push(i as u32 + 1);
        }
        rows.push(row);
    }
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    let mut problem = Problem::new(n + 2, &rows, atol, move |_, y, out| {
        let flow = |i: usize| conductance * (y[i] - if i + 1 < n { y[i + 1] } else { 0.0 });
        for i in 0..n {
            let into = if i > 0 { flow(i - 1) } else { heat };
            out.rates[i] = (into - flow(i)) / capacity;
        }
        out.rates[heat_in] = heat;
        out.rates[heat_out] = flow(n - 1);
        if let Some(jacobian) = &mut out.jacobian {
            let mut at = 0;
            let mut put = |value: f64| {
                jacobian[at] = value;
                at += 1;
            };
            for i in 0..n {
                if i > 0 {
                    put(1.0 / capacity);
                }
                put(-1.0 / capacity);
            }
            put(1.0);
            for i in 0..n {
                put(conductance);
                if i + 1 < n {
                    put(-conductance);
                }
            }
        }
    });
    problem.weights[heat_in] = 0.0;
    problem.weights[heat_out] = 0.0;
    problem
}

/// The same chain without quadratures and with the flows put into the states' rows by hand.
pub fn chain_eliminated(n: usize, capacity: f64, conductance: f64, heat: f64, atol: f64) -> Problem {
    let rate = conductance / capacity;
    let rows: Vec<Vec<u32>> = (0..n)
        .map(|i| {
            let mut row = vec![i as u32];
            if i > 0 {
                row.push(i as u32 - 1);
            }
            if i + 1 < n {
                row.push(i as u32 + 1);
            }
            row
        })
        .collect();
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    Problem::new(n, &rows, atol, move |_, y, out| {
        let mut at = 0;
        for i in 0..n {
            let left = if i > 0 { rate * (y[i - 1] - y[i]) } else { heat / capacity };
            let next = if i + 1 < n { y[i + 1] } else { 0.0 };
            out.rates[i] = left - rate * (y[i] - next);
            if let Some(jacobian) = &mut out.jacobian {
                if i > 0 {
                    jacobian[at] = rate;
                    at += 1;
                }
                jacobian[at] = if i > 0 { -2.0 * rate } else { -rate };
                at += 1;
                if i + 1 < n {
                    jacobian[at] = rate;
                    at += 1;
                }
            }
        }
    })
}
