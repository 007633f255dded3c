//! The tables of coefficients satisfy the conditions they were made from.
//!
//! Conditions: E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed.
//! 1996, section IV.7, "Order Conditions", with β = α + γ (γ on the diagonal) and weights b. From
//! the transformed table, Γ = (I/γ − C)⁻¹, α = A·Γ, b = m·Γ (same section, "Implementation of
//! Rosenbrock-Type Methods").

use nalgebra::{DMatrix, DVector};
use solver::{Method, Tableau};

struct Classical {
    alpha: DMatrix<f64>,
    beta: DMatrix<f64>,
    gamma: DMatrix<f64>,
    b: DVector<f64>,
    embedded: DVector<f64>,
}

fn classical(table: &Tableau) -> Classical {
    let s = table.stages;
    let a = DMatrix::from_fn(s, s, |i, j| table.a[i][j]);
    let c = DMatrix::from_fn(s, s, |i, j| table.c[i][j]);
    let gamma = (DMatrix::identity(s, s) / table.gamma - c).try_inverse().unwrap();
    let alpha = &a * &gamma;
    // m is the last row of a with 1 for the last stage; the embedded weights have 0 there.
    let m = |last: f64| DVector::from_fn(s, |j, _| if j + 1 < s { table.a[s - 1][j] } else { last });
    Classical {
        beta: &alpha + &gamma,
        b: gamma.transpose() * m(1.0),
        embedded: gamma.transpose() * m(0.0),
        alpha,
        gamma,
    }
}

/// Left and right sides of the conditions up to the order, for weights b.
fn conditions(k: &Classical, b: &DVector<f64>, order: u32) -> Vec<(&'static str, f64, f64)> {
    let one = DVector::from_element(b.len(), 1.0);
    let (a, beta) = (&k.alpha * &one, &k.beta * &one);
    let a2 = a.component_mul(&a);
    let mut all = vec![("τ", b.dot(&one), 1.0)];
    if order >= 2 {
        all.push(("[τ]", b.dot(&beta), 1.0 / 2.0));
    }
    if order >= 3 {
        all.push(("[τ,τ]", b.dot(&a2), 1.0 / 3.0));
        all.push(("[[τ]]", b.dot(&(&k.beta * &beta)), 1.0 / 6.0));
    }
    if order >= 4 {
        all.push(("[τ,τ,τ]", b.dot(&a2.component_mul(&a)), 1.0 / 4.0));
        let mixed = a.component_mul(&(&k.alpha * &beta));
        all.push(("[τ,[τ]]", b.dot(&mixed), 1.0 / 8.0));
        all.push(("[[τ,τ]]", b.dot(&(&k.beta * &a2)), 1.0 / 12.0));
        let chain = &k.beta * (&k.beta * &beta);
        all.push(("[[[τ]]]", b.dot(&chain), 1.0 / 24.0));
    }
    all
}

const METHODS: [Method; 2] = [Method::Rodas3, Method::Rodas4];

#[test]
fn the_order_conditions_hold_for_the_solution_and_for_the_embedded_one() {
    for method in METHODS {
        let table = method.tableau();
        let k = classical(table);
        for (weights, order) in [(&k.b, table.order), (&k.embedded, table.order - 1)] {
            for (tree, left, right) in conditions(&k, weights, order) {
                assert!((left - right).abs() < 2e-14, "{method:?} {tree}: {left} is not {right}");
            }
        }
        // The embedded solution is one order lower, so its error goes with h to the order.
        assert_eq!(table.error_order, table.order);
    }
}

#[test]
fn stage_times_and_time_derivative_weights_are_the_row_sums() {
    for method in METHODS {
        let table = method.tableau();
        let k = classical(table);
        for i in 0..table.stages {
            assert!((k.alpha.row(i).sum() - table.alpha[i]).abs() < 2e-14);
            assert!((k.gamma.row(i).sum() - table.gammas[i]).abs() < 2e-14);
        }
    }
}

#[test]
fn solution_and_embedded_solution_vanish_at_infinity() {
    // R(∞) = 1 − bᵀβ⁻¹1 = 0: with stability on the imaginary axis (next test), L-stability.
    for method in METHODS {
        let k = classical(method.tableau());
        let one = DVector::from_element(k.b.len(), 1.0);
        let inverse = k.beta.clone().try_inverse().unwrap();
        for b in [&k.b, &k.embedded] {
            assert!((1.0 - b.dot(&(&inverse * &one))).abs() < 1e-13);
        }
    }
}

#[test]
fn stability_functions_stay_within_one_on_the_left_half_plane() {
    // |R(iω)| ≤ 1 on the imaginary axis; R has its only pole at 1/γ > 0, so the maximum
    // principle gives the half plane. R(z) = 1 + z·bᵀ(I − zβ)⁻¹1.
    for method in METHODS {
        let k = classical(method.tableau());
        let s = k.b.len();
        for step in 0..400 {
            let omega = 1e-2 * 10_f64.powf(f64::from(step) / 80.0);
            // (I − iωβ)(x + iw) = 1  ⇔  [I, ωβ; −ωβ, I]·[x; w] = [1; 0].
            let mut full = DMatrix::identity(2 * s, 2 * s);
            full.view_mut((0, s), (s, s)).copy_from(&(&k.beta * omega));
            full.view_mut((s, 0), (s, s)).copy_from(&(&k.beta * -omega));
            let mut right = DVector::zeros(2 * s);
            right.rows_mut(0, s).fill(1.0);
            let x = full.lu().solve(&right).unwrap();
            let (re, im) = (k.b.dot(&x.rows(0, s)), k.b.dot(&x.rows(s, s)));
            let size = (1.0 - omega * im).hypot(omega * re);
            assert!(size <= 1.0 + 1e-12, "{method:?}: |R({omega}i)| = {size}");
        }
    }
}

#[test]
fn dense_output_satisfies_the_conditions_of_order_three_at_every_time() {
    // Weights b(θ) with right sides θ, θ²/2, θ³/3, θ³/6. Only RODAS4's interpolant is a
    // combination of stages; RODAS3's also reads the slope at the start, and its observed order
    // stands in its place.
    let table = Method::Rodas4.tableau();
    let k = classical(table);
    let s = table.stages;
    for step in 0..=10 {
        let theta = f64::from(step) / 10.0;
        let weights = DVector::from_fn(s, |j, _| {
            let end = if j + 1 < s { table.a[s - 1][j] } else { 1.0 };
            let [d0, d1] = &table.dense;
            theta * (end + (1.0 - theta) * (d0.stages[j] + theta * d1.stages[j]))
        });
        let b = k.gamma.transpose() * weights;
        let powers = [1.0, theta, theta * theta, theta * theta];
        for ((tree, left, right), power) in conditions(&k, &b, 3).into_iter().zip(powers) {
            let right = right * theta * power;
            assert!((left - right).abs() < 1e-13, "{tree} at {theta}: {left} is not {right}");
        }
    }
}
