use super::law::{Characteristic, Law};
use super::*;
use crate::kernel::{Kernel, Source};

mod networks;

const WATER: f64 = 1000.0;

fn resistance(drop: f64, flow: f64) -> Element {
    Element { law: Law::Resistance { drop, flow, exponent: 2.0 }, control: None, units: 1.0 }
}
fn check(drop: f64, flow: f64) -> Element {
    Element { law: Law::Check { drop, flow }, control: None, units: 1.0 }
}
fn pump(shutoff: f64, head: f64, flow: f64, control: usize) -> Element {
    Element { law: Law::Pump { shutoff, head, flow }, control: Some(control), units: 1.0 }
}
fn link(from: usize, to: usize, element: Element) -> Link {
    Link { from, to, element }
}
fn closed(nodes: usize) -> Vec<Node> {
    vec![Node::Balanced(0.0); nodes]
}
fn solve(circuit: &Circuit, controls: &[f64]) -> Solution {
    let mut solution = Solution::default();
    circuit.solve(controls, &mut Workspace::default(), &mut solution).unwrap();
    solution
}
fn flow(circuit: &Circuit, solution: &Solution, link: usize) -> f64 {
    let (branch, sign) = circuit.place(link);
    sign * solution.flows[branch]
}

#[test]
fn a_pump_on_its_system_curve_runs_at_its_design_point() {
    // 220 kPa at 30 L/s against 60 + 45 + 115 kPa, all rated there
    let links = [
        link(0, 1, pump(290e3, 220e3, 0.03, 0)),
        link(1, 2, resistance(60e3, 0.03)),
        link(2, 3, resistance(45e3, 0.03)),
        link(3, 0, resistance(115e3, 0.03)),
    ];
    let circuit = Circuit::new(&closed(4), &links).unwrap();
    assert_eq!(circuit.branches(), 1);
    let solution = solve(&circuit, &[1.0]);
    assert!((solution.flows[0] / 0.03 - 1.0).abs() < 1e-13, "{}", solution.flows[0]);
}

#[test]
fn parallel_passages_share_as_the_square_roots_of_their_conductances() {
    // 4·R and R in parallel: half as much through the first; with R alone in series and 120 kPa at rest:
    // q₂ = 2·q₁, q = 3·q₁; R·(4·q₁² + 9·q₁²) = 120 kPa, R = 1 kPa/(L/s)²: q₁ = 3.038 L/s
    let r = |kpa: f64| resistance(kpa * 1e3, 1e-3);
    let big = 1e6;
    let links = [
        link(0, 1, pump(120e3, 120e3 - 1e-6, big, 0)),
        link(1, 2, r(4.0)),
        link(1, 2, r(1.0)),
        link(2, 0, r(1.0)),
    ];
    let circuit = Circuit::new(&closed(3), &links).unwrap();
    let solution = solve(&circuit, &[1.0]);
    let [first, second] = [1, 2].map(|k| flow(&circuit, &solution, k));
    assert!((first - (120.0f64 / 13.0).sqrt() * 1e-3).abs() < 1e-4 * first, "{first}");
    assert!((second / first - 2.0).abs() < 1e-4);
}

#[test]
fn equal_units_in_parallel_are_one_element_with_their_count() {
    let three = |units: f64, copies: usize| {
        let mut links = vec![link(0, 1, pump(200e3, 150e3, 0.02, 0))];
        for _ in 0..copies {
            links.push(link(1, 0, Element { units, ..resistance(150e3, 0.02 / 3.0) }));
        }
        let circuit = Circuit::new(&closed(2), &links).unwrap();
        solve(&circuit, &[0.8]).flows[0]
    };
    assert!((three(3.0, 1) / three(1.0, 3) - 1.0).abs() < 1e-13);
}

#[test]
fn two_pumps_with_check_valves_hold_one_back_when_the_other_stops() {
    // At equal speeds they share; with one stopped its valve closes, and the other runs out on the system curve:
    // 290 − 70·x² = 150·(x/2)² → x² = 290/107.5
    let mut links = Vec::new();
    for (k, inner) in [(0, 1), (1, 2)] {
        links.push(link(0, inner, pump(290e3, 220e3, 0.02, k)));
        links.push(link(inner, 3, check(1e-3, 0.02)));
    }
    links.push(link(3, 0, resistance(150e3, 0.04)));
    let mut circuit = Circuit::new(&closed(4), &links).unwrap();
    circuit.start_from(&[1.0, 1.0]).unwrap();
    let both = solve(&circuit, &[1.0, 1.0]);
    assert!((flow(&circuit, &both, 0) - flow(&circuit, &both, 2)).abs() < 1e-14);
    let one = solve(&circuit, &[1.0, 0.0]);
    let expected = 0.02 * (290.0f64 / 107.5).sqrt();
    assert!((flow(&circuit, &one, 0) / expected - 1.0).abs() < 1e-4, "{}", flow(&circuit, &one, 0));
    let back = flow(&circuit, &one, 2);
    assert!(back <= 0.0 && back > -1e-6, "{back}");
    println!("iterations {} {}", both.iterations, one.iterations);
}

#[test]
fn pumps_in_series_add_their_heads() {
    // 2·(100 − 40·x²) = 160·x²  →  x² = 200/240
    let links = [
        link(0, 1, pump(100e3, 60e3, 0.01, 0)),
        link(1, 2, pump(100e3, 60e3, 0.01, 1)),
        link(2, 0, resistance(160e3, 0.01)),
    ];
    let circuit = Circuit::new(&closed(3), &links).unwrap();
    let x = solve(&circuit, &[1.0, 1.0]).flows[0] / 0.01;
    assert!((x - (200.0f64 / 240.0).sqrt()).abs() < 1e-4, "{x}");
}

#[test]
fn a_limiter_passes_its_share_whatever_the_pressure_until_it_is_short_of_it() {
    let links = [
        link(0, 1, pump(300e3, 200e3, 0.02, 0)),
        link(1, 0, Element { law: Law::Limiter { drop: 50e3, flow: 0.02 }, control: Some(1), units: 1.0 }),
    ];
    let circuit = Circuit::new(&closed(2), &links).unwrap();
    let at = |speed: f64, opening: f64| solve(&circuit, &[speed, opening]).flows[0] / 0.02;
    assert!((at(1.0, 0.5) - 0.5).abs() < 1e-3 && (at(0.8, 0.5) - 0.5).abs() < 1e-3);
    // short: n²·300 = (100 + 50)·x²
    assert!((at(0.3, 1.0) - 0.3 * 2.0f64.sqrt()).abs() < 1e-3, "{}", at(0.3, 1.0));
}

#[test]
fn a_valve_of_known_coefficient_passes_it_at_one_bar() {
    // Kv 36 m³/h = 10 L/s at 1 bar between two reservoirs; half open, equal-percentage R = 50: 50^−0.5
    let characteristic = Characteristic::EqualPercentage(50.0);
    let law = Law::Valve { kv: 0.01, density: WATER, characteristic };
    let nodes = [Node::Held(1e5), Node::Held(0.0)];
    let circuit = Circuit::new(&nodes, &[link(0, 1, Element { law, control: Some(0), units: 1.0 })]).unwrap();
    assert!((solve(&circuit, &[1.0]).flows[0] / 0.01 - 1.0).abs() < 1e-12);
    assert!((solve(&circuit, &[0.5]).flows[0] / 0.01 * 50.0f64.sqrt() - 1.0).abs() < 1e-12);
    assert!(solve(&circuit, &[0.0]).flows[0] < 1.1e-6);
}

#[test]
fn a_supply_that_cannot_leave_is_refused() {
    let nodes = [Node::Balanced(0.01), Node::Balanced(0.0)];
    let refused = Circuit::new(&nodes, &[link(0, 1, resistance(1e3, 0.01))]);
    assert_eq!(refused.err(), Some(CircuitError::Unbalanced { supply: 0.01 }));
}

#[test]
fn a_speed_that_is_no_number_is_an_answer_and_not_a_hang() {
    let links = [link(0, 1, pump(100e3, 60e3, 0.01, 0)), link(1, 0, resistance(60e3, 0.01))];
    let circuit = Circuit::new(&closed(2), &links).unwrap();
    for speed in [f64::NAN, f64::INFINITY] {
        let result = circuit.solve(&[speed], &mut Workspace::default(), &mut Solution::default());
        assert_eq!(result, Err(Unsolved::NotFinite));
    }
}

#[test]
fn pressures_count_from_the_vessel_along_the_ways_that_do_not_close() {
    // 220 kPa up, 60 + 45 + 115 kPa down, and a shut branch beside the middle one
    let links = [
        link(0, 1, pump(290e3, 220e3, 0.03, 0)),
        link(2, 1, check(1e3, 0.03)),
        link(1, 2, resistance(60e3, 0.03)),
        link(2, 3, resistance(45e3, 0.03)),
        link(3, 0, resistance(115e3, 0.03)),
    ];
    let ways = ways(0, 4, &links);
    assert!(ways[0].is_empty());
    assert!(ways.iter().flatten().all(|&(k, _)| k != 1), "{ways:?}");
    let circuit = Circuit::new(&closed(4), &links).unwrap();
    let given = (0..4).map(Given::Pressure).collect();
    let of = Evaluated { circuit, controls: 1, density: WATER, fill: 200e3, ways, given };
    let kernel = CircuitKernel::new(of.into(), vec![Source { slot: 0, scale: 1.0 }]);
    let at = |speed: f64| {
        let mut slots = vec![speed, 0.0, 0.0, 0.0, 0.0];
        let mut slopes = vec![0.0; 4];
        kernel.linearize(&mut slots, 1, &mut slopes);
        (slots[1..].to_vec(), slopes)
    };
    let (found, slopes) = at(1.0);
    for (found, expected) in found.iter().zip([200e3, 420e3, 360e3, 315e3]) {
        assert!((found - expected).abs() < 1.0, "{found} instead of {expected}");
    }
    let (up, down) = (at(1.0 + 1e-5).0, at(1.0 - 1e-5).0);
    for (k, slope) in slopes.iter().enumerate() {
        let between = (up[k] - down[k]) / 2e-5;
        assert!((slope - between).abs() < 1e-5 * 440e3, "node {k}: {slope} or {between}");
    }
}
