//! Published reference solutions, with pinned work.
//!
//! References: F. Mazzia and C. Magherini, *Test Set for Initial Value Problem Solvers*, release
//! 2.4, University of Bari, 2008: problems VDPOL (μ = 1000, t = 2000) and ROBER (t = 10¹¹),
//! computed there in quadruple precision by RADAU with tolerance 1.1e-18. At t = 40, ROBER as in
//! E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*.
//!
//! These systems use no function of the platform, so steps and evaluations are the same numbers on
//! every machine; they change only in a commit that says why.

mod common;

use common::{integrate, robertson, van_der_pol};
use solver::{Method, Statistics};

const VDPOL_AT_2000: [f64; 2] = [1.706_167_732_170_469, -8.928_097_010_248_125e-4];
const ROBER_AT_40: [f64; 3] = [0.715_827_068_719_3, 9.185_534_764_529e-6, 0.284_163_745_746_2];
const ROBER_AT_1E11: [f64; 3] = [2.083_340_149_701_255e-8, 8.333_360_770_334_713e-14, 0.999_999_979_166_505];

/// Largest relative difference.
fn relative(y: &[f64], reference: &[f64]) -> f64 {
    let differences = y.iter().zip(reference).map(|(y, r)| ((y - r) / r).abs());
    differences.fold(0.0, f64::max)
}

fn work(steps: u64, rejected: u64, factorizations: u64, evaluations: u64) -> Statistics {
    Statistics { steps, rejected, factorizations, evaluations }
}

#[test]
fn robertson_at_40_is_reached_with_pinned_work() {
    for (method, rtol, error, pinned) in [
        (Method::Rodas3, 1e-4, 1e-4, work(56, 0, 56, 169)),
        (Method::Rodas4, 1e-4, 1e-5, work(35, 1, 36, 216)),
        (Method::Rodas4, 1e-8, 1e-8, work(419, 1, 420, 2520)),
    ] {
        let mut y = [1.0, 0.0, 0.0];
        let mut system = robertson(rtol, [1e-2 * rtol, 1e-6 * rtol, 1e-2 * rtol]);
        let statistics = integrate(&mut system, method, &mut y, 40.0).unwrap();
        let found = relative(&y, &ROBER_AT_40);
        println!("{method:?} {rtol:e}: error {found:e}, {statistics:?}");
        assert!(found < error, "{method:?} {rtol}: {found}");
        assert!((y.iter().sum::<f64>() - 1.0).abs() < 1e-13);
        assert_eq!(statistics, pinned);
    }
}

#[test]
fn robertson_at_1e11_is_reached_with_pinned_work() {
    // Eleven decades in time; mass is kept although the small components vanish.
    let mut y = [1.0, 0.0, 0.0];
    let mut system = robertson(1e-7, [1e-14, 1e-18, 1e-10]);
    let statistics = integrate(&mut system, Method::Rodas4, &mut y, 1e11).unwrap();
    let found = relative(&y, &ROBER_AT_1E11);
    println!("error {found:e}, {statistics:?}");
    assert!(found < 1e-7, "{found}");
    assert!((y.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(statistics, work(774, 0, 774, 4645));
}

#[test]
fn van_der_pol_is_reached_with_pinned_work() {
    // One and a half relaxation cycles; an error in the time of a jump is an error in y.
    for (method, tolerance, error, pinned) in [
        (Method::Rodas3, 1e-4, 3e-3, work(342, 22, 364, 1071)),
        (Method::Rodas4, 1e-4, 3e-4, work(207, 19, 226, 1338)),
        (Method::Rodas4, 1e-8, 1e-7, work(1982, 8, 1990, 11933)),
    ] {
        let mut y = [2.0, 0.0];
        let mut system = van_der_pol(1000.0, tolerance);
        let statistics = integrate(&mut system, method, &mut y, 2000.0).unwrap();
        let found = relative(&y, &VDPOL_AT_2000);
        println!("{method:?} {tolerance:e}: error {found:e}, {statistics:?}");
        assert!(found < error, "{method:?} {tolerance}: {found}");
        assert_eq!(statistics, pinned);
    }
}
