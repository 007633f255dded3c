//! Random and published networks against independent solutions.

use super::*;

/// A number in 0…1 from a counter: reproducible, without a dependency.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
    fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }
}

/// A plant room of one to three pumps with check valves, a supply and a return header of pipes, and rungs between them
/// with a valve each: plain, pressure-independent or with a check valve; sometimes a bypass and a booster.
struct Ladder {
    nodes: usize,
    links: Vec<Link>,
    controls: usize,
}

fn ladder(random: &mut Random) -> Ladder {
    let rungs = 1 + (random.unit() * 9.0) as usize;
    let (supply, back) = (|k: usize| k, move |k: usize| rungs + k);
    let mut nodes = 2 * rungs;
    let (mut links, mut controls) = (Vec::new(), 0);
    let mut control = || {
        controls += 1;
        controls - 1
    };
    for _ in 0..1 + (random.unit() * 3.0) as usize {
        let flow = random.between(0.005, 0.08);
        let head = random.between(50e3, 400e3);
        let law = Law::Pump { shutoff: head * random.between(1.05, 1.6), head, flow };
        let units = 1.0 + (random.unit() * 3.0).floor();
        let inner = nodes;
        nodes += 1;
        links.push(link(back(0), inner, Element { law, control: Some(control()), units }));
        if random.chance(0.8) {
            links.push(link(inner, supply(0), Element { units, ..check(random.between(1e3, 2e4), flow) }));
        } else {
            links.push(link(inner, supply(0), resistance(random.between(1e2, 2e4), flow)));
        }
    }
    for k in 0..rungs {
        if k > 0 {
            let pipe = |random: &mut Random| resistance(random.between(1e2, 3e4), random.between(0.01, 0.1));
            links.push(link(supply(k - 1), supply(k), pipe(random)));
            links.push(link(back(k), back(k - 1), pipe(random)));
        }
        let flow = random.between(0.001, 0.03);
        let drop = random.between(5e3, 2e5);
        let rung = match (random.unit() * 4.0) as usize {
            0 => resistance(drop, flow),
            1 => Element { law: Law::Limiter { drop, flow }, control: Some(control()), units: 1.0 },
            2 => {
                let characteristic = Characteristic::EqualPercentage(random.between(20.0, 100.0));
                let law = Law::Valve { kv: flow, density: WATER, characteristic };
                Element { law, control: Some(control()), units: 1.0 }
            }
            _ => check(drop, flow),
        };
        links.push(link(supply(k), back(k), rung));
    }
    if random.chance(0.3) {
        links.push(link(supply(rungs - 1), back(rungs - 1), check(1e3, 0.01)));
    }
    if random.chance(0.2) && rungs > 1 {
        links.push(link(supply(0), supply(rungs - 1), pump(8e4, 5e4, 0.01, control())));
    }
    Ladder { nodes, links, controls }
}

/// Speeds and openings: often nought or full.
fn positions(random: &mut Random, count: usize) -> Vec<f64> {
    let all_off = random.chance(0.1);
    let one = |random: &mut Random| match random.unit() {
        _ if all_off => 0.0,
        u if u < 0.25 => 0.0,
        u if u < 0.4 => 1.0,
        _ => random.unit(),
    };
    (0..count).map(|_| one(random)).collect()
}

fn balance(circuit: &Circuit, links: &[Link], nodes: usize, solution: &Solution) -> f64 {
    let mut sums = vec![(0.0f64, 0.0f64); nodes];
    for (k, link) in links.iter().enumerate() {
        let q = flow(circuit, solution, k);
        sums[link.from].0 -= q;
        sums[link.to].0 += q;
        sums[link.from].1 += q.abs();
        sums[link.to].1 += q.abs();
    }
    // Where nothing flows, a thousandth of the rated flow counts.
    let rated = links.iter().map(|l| l.element.units * l.element.law.design_flow()).fold(0.0, f64::max);
    sums.iter().map(|(sum, size)| sum.abs() / (size + 1e-3 * rated)).fold(0.0, f64::max)
}

#[test]
fn random_ladders_converge_balance_and_let_nothing_through_a_closed_check_valve() {
    let (mut most, mut sum, mut worst, mut dissipated, mut solved) = (0u32, 0u64, 0.0f64, 0.0f64, 0u64);
    for seed in 0..3000 {
        let mut random = Random(seed);
        let Ladder { nodes, links, controls } = ladder(&mut random);
        let mut circuit = Circuit::new(&closed(nodes), &links).unwrap();
        circuit.start_from(&vec![1.0; controls]).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        for _ in 0..4 {
            let controls = positions(&mut random, controls);
            let mut solution = Solution::default();
            circuit
                .solve(&controls, &mut Workspace::default(), &mut solution)
                .unwrap_or_else(|why| panic!("seed {seed} at {controls:?}: {why}"));
            assert!(solution.flows.iter().chain(&solution.heads).all(|v| v.is_finite()), "seed {seed}");
            most = most.max(solution.iterations);
            sum += u64::from(solution.iterations);
            solved += 1;
            worst = worst.max(balance(&circuit, &links, nodes, &solution));
            // Σ q·Δp of all links is nought: the work of the pumps is what the others dissipate.
            let (mut work, mut size) = (0.0f64, 0.0f64);
            for (k, link) in links.iter().enumerate() {
                let q = flow(&circuit, &solution, k);
                let part = q * circuit.loss(k, q, &controls).value;
                work += part;
                size += part.abs();
                if let Law::Check { flow: design, .. } = link.element.law {
                    let back = q / (design * link.element.units);
                    assert!(back > -1e-7, "seed {seed}: {back:e} of the design flow goes backwards");
                }
            }
            if size > 1.0 {
                dissipated = dissipated.max(work.abs() / size);
            }
        }
    }
    println!("iterations: mean {:.1}, most {most}", sum as f64 / solved as f64);
    println!("balance {worst:.1e}, pump work less dissipation {dissipated:.1e}");
    assert!(worst < 1e-12, "{worst:e}");
    // Heads are found to a tolerance of the highest of them, so a nearly closed circuit, where little flows under
    // full pressure, keeps the fewest digits: 1.8e-9 at worst here, 1e-12 as a rule.
    assert!(dissipated < 1e-8, "{dissipated:e}");
    assert!(most <= 100, "{most}");
}

#[test]
fn the_same_controls_give_the_same_bits_whatever_was_asked_before() {
    let mut random = Random(11);
    let Ladder { nodes, links, controls } = ladder(&mut random);
    let mut circuit = Circuit::new(&closed(nodes), &links).unwrap();
    circuit.start_from(&vec![1.0; controls]).unwrap();
    let wanted = positions(&mut random, controls);
    let first = solve(&circuit, &wanted);
    let (mut work, mut solution) = (Workspace::default(), Solution::default());
    for _ in 0..5 {
        circuit.solve(&positions(&mut random, controls), &mut work, &mut solution).unwrap();
        circuit.solve(&wanted, &mut work, &mut solution).unwrap();
        assert_eq!(solution, first);
    }
}

#[test]
fn exact_derivatives_of_random_ladders_are_those_of_central_differences() {
    let (mut worst, mut compared, mut kinks) = (0.0f64, 0, 0);
    for seed in 0..300 {
        let mut random = Random(seed + 7000);
        let Ladder { nodes, links, controls } = ladder(&mut random);
        let mut circuit = Circuit::new(&closed(nodes), &links).unwrap();
        circuit.start_from(&vec![1.0; controls]).unwrap();
        let at: Vec<f64> = (0..controls).map(|_| random.between(0.1, 0.95)).collect();
        let (mut work, mut solution) = (Workspace::default(), Solution::default());
        circuit.solve(&at, &mut work, &mut solution).unwrap();
        let mut exact = vec![0.0; circuit.branches() * controls];
        circuit.sensitivities(&at, &solution, &mut work, &mut exact);
        for by in 0..controls {
            let h = 1e-6;
            let moved = |step: f64| {
                let mut at = at.clone();
                at[by] += step;
                solve(&circuit, &at).flows
            };
            let (more, less) = (moved(h), moved(-h));
            for branch in 0..circuit.branches() {
                let slope = exact[branch * controls + by];
                let central = (more[branch] - less[branch]) / (2.0 * h);
                let sides = [more[branch] - solution.flows[branch], solution.flows[branch] - less[branch]];
                let scale = slope.abs().max(1e-4);
                let error = (slope - central).abs() / scale;
                let one_sided = sides.map(|side| (slope - side / h).abs() / scale);
                if error > 1e-5 && one_sided[0].min(one_sided[1]) < 1e-3 {
                    kinks += 1;
                    continue;
                }
                worst = worst.max(error);
                compared += 1;
            }
        }
    }
    println!("{compared} slopes, worst {worst:.1e}; {kinks} at a kink");
    assert!(worst < 1e-5 && kinks < compared / 50, "{worst:e}");
}

/// Hardy Cross: corrects one loop after the other, `Δ = −Σ h/Σ h'`. Independent of the method above but for the laws.
fn hardy_cross(circuit: &Circuit, loops: &[Vec<(usize, f64)>], flows: &mut [f64]) {
    for _ in 0..20_000 {
        let mut largest = 0.0f64;
        for of in loops {
            let (mut loss, mut slope) = (0.0, 0.0);
            for &(link, sign) in of {
                let at = circuit.loss(link, flows[link], &[]);
                loss += sign * at.value;
                slope += at.by_flow;
            }
            let change = -loss / slope;
            of.iter().for_each(|&(link, sign)| flows[link] += sign * change);
            largest = largest.max(change.abs());
        }
        if largest < 1e-16 {
            return;
        }
    }
}

#[test]
fn the_two_loops_of_hardy_cross_are_found_as_he_finds_them() {
    // A reservoir feeds 100 L/s into node 0; 20, 30 and 50 L/s leave at 1, 2 and 3. Two loops share link 1–2.
    let pairs = [(0, 1, 4.0), (0, 2, 2.0), (1, 2, 5.0), (1, 3, 3.0), (2, 3, 6.0)];
    let links: Vec<Link> = pairs.iter().map(|&(a, b, kpa)| link(a, b, resistance(kpa * 1e4, 0.05))).collect();
    let demands = [0.0, 0.02, 0.03, 0.05];
    let mut nodes = vec![Node::Held(3e5)];
    nodes.extend(demands[1..].iter().map(|d| Node::Balanced(-d)));
    let circuit = Circuit::new(&nodes, &links).unwrap();
    let solution = solve(&circuit, &[]);
    let mut flows = vec![0.05, 0.05, 0.0, 0.03, 0.02];
    let loops = vec![vec![(0, 1.0), (2, 1.0), (1, -1.0)], vec![(2, 1.0), (4, 1.0), (3, -1.0)]];
    hardy_cross(&circuit, &loops, &mut flows);
    for (k, by_loops) in flows.iter().enumerate() {
        let ours = flow(&circuit, &solution, k);
        assert!((ours - by_loops).abs() < 1e-12, "link {k}: {ours} or {by_loops}");
    }
    // heads of the far node agree along both ways
    let drop = |k: usize| circuit.loss(k, flow(&circuit, &solution, k), &[]).value;
    assert!((drop(0) + drop(3) - drop(1) - drop(4)).abs() < 1e-7);
    assert!((solution.heads[3] - (3e5 - drop(0) - drop(3))).abs() < 1e-7);
}

#[test]
fn a_row_of_two_hundred_racks_is_solved_without_loss_of_balance() {
    // supply and reverse return header of 200 racks with limiters, each a little different
    let racks = 200;
    let mut random = Random(5);
    let mut links = vec![link(2 * racks - 1, 0, pump(300e3, 250e3, 0.2, 0))];
    for k in 0..racks {
        if k > 0 {
            links.push(link(k - 1, k, resistance(400.0, 0.2)));
            links.push(link(racks + k - 1, racks + k, resistance(400.0, 0.2)));
        }
        let law = Law::Limiter { drop: random.between(4e4, 8e4), flow: 0.001 };
        links.push(link(k, racks + k, Element { law, control: Some(1), units: 1.0 }));
    }
    let mut circuit = Circuit::new(&closed(2 * racks), &links).unwrap();
    circuit.start_from(&[1.0, 1.0]).unwrap();
    for controls in [[1.0, 1.0], [1.0, 0.5], [0.3, 1.0], [0.0, 1.0], [0.6, 0.0]] {
        let solution = solve(&circuit, &controls);
        println!("{controls:?}: {} iterations", solution.iterations);
        assert!(balance(&circuit, &links, 2 * racks, &solution) < 1e-12);
    }
}
