//! Pumps on their system curve, and a network that EPANET has solved.

use super::CLOSED_FORMS;
use crate::component::Component;
use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Worst};
use plant::hydraulics::law::{LAMINAR_SHARE, Law};
use plant::hydraulics::{Circuit, Element, Link, Node, Solution, Workspace};

/// Flows of water networks.
pub const EPANET: Source = Source {
    id: "epanet",
    title: "EPANET 2.2 (of WNTR 1.5.0), Example Network 1 at its first instant, accuracy 1e-9",
    kind: Kind::Program,
    tables: "engine/validation/src/analytic/movers.rs",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "pump_affinity",
        title: "A pump on a quadratic system curve at 30 to 100 % of its speed",
        source: &CLOSED_FORMS,
        covers: &["Pump", "hydraulics"],
        evaluate: affinity,
    },
    Case {
        id: "pump_operating_point",
        title: "The operating point of a pump against 40 to 250 % of its design resistance",
        source: &CLOSED_FORMS,
        covers: &["Pump", "hydraulics"],
        evaluate: operating_point,
    },
    Case {
        id: "epanet_example",
        title: "Nine junctions, a reservoir, a tank and a pump",
        source: &EPANET,
        covers: &["hydraulics"],
        evaluate: example,
    },
];

pub(crate) fn solve(circuit: &Circuit, controls: &[f64]) -> Result<Solution, Fault> {
    let mut solution = Solution::default();
    circuit
        .solve(controls, &mut Workspace::default(), &mut solution)
        .map_err(|unsolved| Fault::Stopped(format!("{unsolved:?}")))?;
    Ok(solution)
}

pub(crate) fn circuit(nodes: &[Node], links: &[Link]) -> Result<Circuit, Fault> {
    Circuit::new(nodes, links).map_err(|error| Fault::Missing(format!("circuit: {error:?}")))
}

const FLOW: f64 = 0.03;
const HEAD: f64 = 220e3;
const SHUTOFF: f64 = 290e3;

/// A pump of 30 L/s at 220 kPa against a resistance that takes `drop` at that flow.
fn ring(drop: f64) -> Result<Circuit, Fault> {
    let pump = Law::Pump { shutoff: SHUTOFF, head: HEAD, flow: FLOW };
    let element = |law, control| Element { law, control, units: 1.0 };
    let links = [
        Link { from: 0, to: 1, element: element(pump, Some(0)) },
        Link { from: 1, to: 0, element: element(Law::Resistance { drop, flow: FLOW, exponent: 2.0 }, None) },
    ];
    circuit(&[Node::Balanced(0.0); 2], &links)
}

fn affinity(checks: &mut Checks) -> Result<(), Fault> {
    let circuit = ring(HEAD)?;
    let given = [("flow_design", FLOW), ("head_design", HEAD), ("efficiency", 0.7)];
    let pump = Component::new("Pump", &given)?;
    let mut worst = [
        Worst::relative("flow", "flow, by the speed", "m³/s"),
        Worst::relative("head", "head, by its square", "Pa"),
        Worst::relative("power", "power drawn, by its cube", "W"),
    ];
    let speeds = [1.0, 0.9, 0.75, 0.6, 0.5, 0.4, 0.3];
    for speed in speeds {
        let solution = solve(&circuit, &[speed])?;
        let flow = solution.flows[0].abs();
        let head = circuit.loss(1, flow, &[speed]).value;
        let inputs = [
            ("flow", 1000.0 * flow),
            ("density", 1000.0),
            ("solved", 1.0),
            ("pressure_rise", head),
            ("hydraulic_power", head * flow),
        ];
        let power = pump.evaluate(&inputs)?("power")?;
        let expected = [FLOW * speed, HEAD * speed * speed, FLOW * HEAD / 0.7 * speed * speed * speed];
        for ((worst, got), expected) in worst.iter_mut().zip([flow, head, power]).zip(expected) {
            worst.compare(got, expected, &format!("{:.0} % of the speed", 100.0 * speed));
        }
    }
    let remains = "losses are made linear below 1 % of the design flow, so that a flow can turn round: 0.05 % at 30 % speed";
    let [flow, head, power] = worst;
    checks.worst(flow, speeds.len(), 1e-3, remains);
    // Pump and resistance hold the same law of the flow: of the head it drops out, H = R·f and f = s²·H₀/(R + H₀ − H_d).
    checks.worst(head, speeds.len(), 1e-9, "rounding: what is made linear drops out of the head");
    checks.worst(power, speeds.len(), 1e-3, remains);
    Ok(())
}

fn operating_point(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = Worst::relative("flow", "flow at full speed", "m³/s");
    let resistances = [0.4, 0.7, 1.0, 1.6, 2.5];
    for of in resistances {
        let flow = solve(&ring(of * HEAD)?, &[1.0])?.flows[0].abs();
        // H₀ = (R + H₀ − H_d)·f(x); f(x) = x·√((x² + ε²)/(1 + ε²)) is solved for x by its square.
        let f = SHUTOFF / (of * HEAD + SHUTOFF - HEAD);
        let e = LAMINAR_SHARE * LAMINAR_SHARE;
        let square = 0.5 * ((e * e + 4.0 * f * f * (1.0 + e)).sqrt() - e);
        worst.compare(flow, FLOW * square.sqrt(), &format!("{of} of the design resistance"));
    }
    checks.worst(worst, resistances.len(), 1e-9, "the stopping of Newton's method");
    Ok(())
}

const FOOT: f64 = 0.3048;
const GPM: f64 = 6.309_019_640_343_872e-5;

/// Hazen and Williams in a pipe, as EPANET has it: h = 10.667·L·q^1.852/(C^1.852·d^4.871) [m], C = 100.
fn pipe(length: f64, diameter: f64) -> Element {
    let resistance = 10.667 * length / (100.0_f64.powf(1.852) * diameter.powf(4.871));
    let flow = 1e-3;
    // Rated far below its flow, so that the linear zone plays no part.
    let zone = (1.0 + LAMINAR_SHARE * LAMINAR_SHARE).powf(0.426);
    let law = Law::Resistance { drop: resistance * f64::powf(flow, 1.852) * zone, flow, exponent: 1.852 };
    Element { law, control: None, units: 1.0 }
}

fn example(checks: &mut Checks) -> Result<(), Fault> {
    const NAMES: [u32; 11] = [9, 2, 10, 11, 12, 13, 21, 22, 23, 31, 32];
    let node = |name: u32| {
        NAMES.iter().position(|n| *n == name).ok_or_else(|| Fault::Missing(format!("node {name}")))
    };
    // Reservoir at 800 ft, tank at 970 ft; demands [gpm].
    let mut nodes = vec![Node::Held(800.0 * FOOT), Node::Held(970.0 * FOOT)];
    let demands = [0.0, 150.0, 150.0, 100.0, 150.0, 200.0, 150.0, 100.0, 100.0];
    nodes.extend(demands.map(|gpm| Node::Balanced(-gpm * GPM)));
    // From, to, length [ft], diameter [in], flow [m³/s].
    let pipes = [
        (10, 11, 10530.0, 18.0, 0.117_737_405),
        (11, 12, 5280.0, 14.0, 0.077_866_375),
        (12, 13, 5280.0, 10.0, 0.008_159_780),
        (21, 22, 5280.0, 10.0, 0.012_060_205),
        (22, 23, 5280.0, 12.0, 0.007_612_771),
        (31, 32, 5280.0, 6.0, 0.002_574_744),
        (2, 12, 200.0, 18.0, -0.048_338_186),
        (11, 21, 5280.0, 10.0, 0.030_407_498),
        (12, 22, 5280.0, 12.0, 0.011_904_881),
        (13, 23, 5280.0, 8.0, 0.001_850_759),
        (21, 31, 5280.0, 8.0, 0.008_883_764),
        (22, 32, 5280.0, 6.0, 0.003_734_276),
    ];
    let heads = [
        243.839_996_3,
        295.656_005_9,
        306.125_091_6,
        300.298_217_8,
        295.677_276_6,
        295.312_408_4,
        296.127_410_9,
        295.375_091_6,
        295.243_072_5,
        294.860_961_9,
        294.342_102_1,
    ];
    let mut links = Vec::new();
    for (a, b, length, inches, _) in pipes {
        let element = pipe(length * FOOT, inches * FOOT / 12.0);
        links.push(Link { from: node(a)?, to: node(b)?, element });
    }
    // 1500 gpm at 250 ft; 4/3 of that at rest.
    let pump = Law::Pump { shutoff: 250.0 * FOOT * 4.0 / 3.0, head: 250.0 * FOOT, flow: 1500.0 * GPM };
    let element = Element { law: pump, control: Some(0), units: 1.0 };
    links.push(Link { from: node(9)?, to: node(10)?, element });
    let circuit = circuit(&nodes, &links)?;
    let solution = solve(&circuit, &[1.0])?;
    let mut flows = Worst::relative("flow", "flow of pipes and pump", "m³/s");
    for (k, wanted) in pipes.iter().map(|pipe| pipe.4).chain([0.117_737_405]).enumerate() {
        let (branch, sign) = circuit.place(k);
        let name = pipes.get(k).map_or_else(|| "the pump".to_owned(), |(a, b, ..)| format!("{a} to {b}"));
        flows.compare(sign * solution.flows[branch], wanted, &name);
    }
    checks.worst(flows, 13, 2e-4, "the linear zone of pump and pipes, and EPANET's printed digits");
    let mut levels = Worst::absolute("head", "head of the junctions", "m");
    let mut inner = 0;
    for (name, (&ours, wanted)) in NAMES.iter().zip(solution.heads.iter().zip(heads)) {
        if ours == 0.0 {
            // Links in series are one branch, and the nodes inside keep no head.
            inner += 1;
        } else {
            levels.compare(ours, wanted, &format!("junction {name}"));
        }
    }
    checks.worst(
        levels,
        NAMES.len() - inner,
        5e-3,
        "0.02 % of flow is 0.04 % of the 6 m that the longest pipe takes; EPANET's single precision",
    );
    Ok(())
}
