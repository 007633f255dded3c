//! The network: faults of its shape, steady states.

mod support;

use engine::media::moist_air;
use engine::plant::network::{CompileOptions, TopologyError, compile};
use engine::plant::plant::Plant;
use engine::scenario::{Case, load_text};
use engine::study::forcing::{Forcing, Outdoors};
use engine::study::run::{Fidelity, Integrator, Options, Outcome, Run, Unobserved};
use engine::units::Quantity;
use support::sites::load;

/// A rack with whatever cools it.
fn ring(components: &str, connections: &[&str]) -> String {
    let connections: Vec<String> = connections.iter().map(|chain| format!("{chain:?}")).collect();
    format!(
        "Site(schema: 1, title: \"a ring\", site: (climate: \"phoenix\"), components: {{ {components} }}, \
         racks: {{ \"pod\": (template: \"frontier_rack\", count: 1, workload: Constant(utilisation: 0.5)) }}, \
         connections: [{}])",
        connections.join(", ")
    )
}

const PUMP: &str = "\"pump\": Pump(flow_design: \"10 L/s\", head_design: \"100 kPa\")";
const COOLER: &str = "\"cooler\": DryCooler(based_on: \"dry_cooler_1mw\")";
const POWER: &str = "grid -> [pump, cooler, pod]";

fn good(text: &str) -> Case {
    match load_text("ring.ron", text, &[]) {
        Ok(loaded) => loaded.case,
        Err(problems) => {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{text}\n{}", sentences.join("\n"))
        }
    }
}

/// Air that does not change; the workload steps from one value to another.
struct Step {
    at: f64,
    before: f64,
    after: f64,
}

impl Forcing for Step {
    fn outdoors(&self, _: f64) -> Result<Outdoors, String> {
        let (dry_bulb, humidity_ratio, pressure) = (293.15, 0.006, 101_325.0);
        let wet_bulb = moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure);
        Ok(Outdoors { dry_bulb, wet_bulb, humidity_ratio, pressure, ..Outdoors::default() })
    }
    fn signal(&self, _: usize, from: f64, to: f64) -> f64 {
        if 0.5 * (from + to) < self.at { self.before } else { self.after }
    }
}

fn start(plant: &Plant, forcing: &dyn Forcing, options: &Options) -> Outcome {
    Run::start(plant, forcing, options, &mut Unobserved).unwrap_or_else(|stopped| panic!("{stopped}"))
}

/// The sentences with which a text or its network is refused.
fn refused(text: &str) -> Vec<String> {
    match load_text("ring.ron", text, &[]) {
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
        Ok(loaded) => refused_plant(&loaded.case.plant),
    }
}

fn refused_plant(plant: &Plant) -> Vec<String> {
    match compile(plant, CompileOptions::default()) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(TopologyError::to_string).collect(),
    }
}

/// One of the sentences holds all the parts, and none is an empty phrase.
fn says(sentences: &[String], parts: &[&str]) {
    assert!(
        sentences.iter().any(|sentence| parts.iter().all(|part| sentence.contains(part))),
        "no sentence with {parts:?} in {sentences:#?}"
    );
}

#[test]
fn a_circuit_in_which_nothing_sets_the_flow_is_refused() {
    let circuit = "pod.liquid -> cooler -> pod.liquid";
    let sentences = refused(&ring(COOLER, &["grid -> [cooler, pod]", circuit]));
    says(&sentences, &["nothing sets the flow through", "cooler.water", "add a pump"]);
}

#[test]
fn two_components_that_set_the_flow_of_one_circuit_are_refused() {
    // The CDU's pumps set the secondary flow, and so do those of the second CDU.
    let components =
        [PUMP, COOLER, "\"a\": Cdu(based_on: \"cdu_450kw\")", "\"b\": Cdu(based_on: \"cdu_450kw\")"];
    let power = "grid -> [pump, cooler, a, b, pod]";
    let water = "pump -> [a.primary, b.primary] -> cooler -> pump";
    let twice = "a.secondary -> b.secondary -> pod.liquid -> a.secondary";
    let sentences = refused(&ring(&components.join(", "), &[power, water, twice]));
    says(&sentences, &["the flow is set twice where a.secondary meets b.secondary", "bypass"]);
    // Side by side they add up, and that is right.
    let parallel = "[a.secondary, b.secondary] -> pod.liquid -> [a.secondary, b.secondary]";
    let fine = refused(&ring(&components.join(", "), &[power, water, parallel]));
    assert!(fine.is_empty(), "{fine:#?}");
}

#[test]
fn an_open_end_is_refused_in_the_file_and_in_a_plant_made_by_hand() {
    let line = "\"line\": Pipe(water_content: \"2 m3\")";
    let components = [PUMP, COOLER, line].join(", ");
    let sentences =
        refused(&ring(&components, &[POWER, "pump -> pod.liquid -> line -> cooler", "cooler -> pump"]));
    assert!(sentences.is_empty(), "{sentences:#?}");
    let sentences = refused(&ring(&components, &[POWER, "line -> pump -> pod.liquid -> cooler"]));
    says(&sentences, &["line.water_in is open"]);
    says(&sentences, &["cooler.water_out is open"]);
    let mut plant = good(&ring(&components, &[POWER, "pump -> pod.liquid -> line -> cooler -> pump"])).plant;
    let cooler = plant.units.iter().position(|unit| unit.id == "cooler").unwrap();
    let whole = plant.clone();
    plant.joints.retain(|joint| joint.from.iter().all(|end| end.unit != cooler));
    let sentences = refused_plant(&plant);
    says(&sentences, &["cooler.water_out is not connected to anything"]);
    says(&sentences, &["pump.water_in is not connected to anything"]);
    let mut plant = whole;
    plant.wires.retain(|wire| wire.to.unit != cooler);
    says(&refused_plant(&plant), &["cooler.electricity is not connected to anything"]);
}

#[test]
fn a_volume_that_holds_nothing_is_refused() {
    let line = "\"line\": Pipe(water_content: \"2 m3\")";
    let components = [PUMP, COOLER, line].join(", ");
    let mut plant = good(&ring(&components, &[POWER, "pump -> pod.liquid -> line -> cooler -> pump"])).plant;
    // A file cannot say so: the least content of a cooler and of a pump is 0.1 L.
    for unit in plant.units.iter_mut().filter(|unit| ["cooler", "pump"].contains(&unit.id.as_str())) {
        let fields = unit.kind.declaration().parameters;
        let content = fields.iter().position(|field| field.name == "water_content").unwrap();
        unit.values[content] = 0.0;
    }
    let sentences = refused_plant(&plant);
    says(&sentences, &["where cooler.water meets pump.water holds nothing", "give one of them a content"]);
    assert_eq!(sentences.len(), 1, "{sentences:#?}");
}

#[test]
fn a_cycle_without_a_volume_is_refused_with_its_members() {
    // Two panels that feed each other: the demand of either is the demand of the other.
    let pod = "\"a\": Pdu(based_on: \"busway\"), \"b\": Pdu(based_on: \"busway\")";
    let components = [PUMP, COOLER, pod].join(", ");
    let circuit = "pump -> pod.liquid -> cooler -> pump";
    let sentences = refused(&ring(&components, &["grid -> [pump, cooler]", "a -> b -> [a, pod]", circuit]));
    println!("{sentences:#?}");
    says(&sentences, &["a cycle without volume", "a", "b", "put a volume between them"]);
}

#[test]
fn all_sentences_of_a_network_come_at_once() {
    let circuit = "pump -> pod.liquid -> cooler -> pump";
    let mut plant = good(&ring(&[PUMP, COOLER].join(", "), &[POWER, circuit])).plant;
    let pump = plant.units.iter().position(|unit| unit.id == "pump").unwrap();
    plant.wires.retain(|wire| wire.to.unit != pump);
    plant.joints.retain(|joint| joint.from.iter().all(|end| end.unit != pump));
    let sentences = refused_plant(&plant);
    // Its electricity, its outlet, and the inlets of the rack's parts that it fed.
    says(&sentences, &["pump.electricity is not connected"]);
    says(&sentences, &["pump.water_out is not connected"]);
    says(&sentences, &["pod.node.coolant_in is not connected"]);
}

/// Temperatures at a record, with their names.
fn temperatures(outcome: &Outcome, record: usize) -> Vec<(String, f64)> {
    let probes = outcome.trajectory.probes.iter().enumerate();
    probes
        .filter(|(_, probe)| probe.quantity == Quantity::Temperature)
        .map(|(k, probe)| (probe.name.clone(), outcome.trajectory.column(k).nth(record).unwrap()))
        .collect()
}

#[test]
fn the_steady_state_that_a_run_starts_from_is_where_a_long_one_ends() {
    let case = load("nvl72_pod", &[]);
    let days = |length: f64, step: f64| Options {
        start: 0.0,
        length: length * 86_400.0,
        step,
        output_every: step,
        sampled: false,
        ideal: false,
        quasi_steady: false,
        integrator: Integrator::Rodas3,
        tolerance: 1e-5,
        fidelity: Fidelity::Lumped,
        equal_together: true,
        precision: engine::study::run::Precision::Double,
        threads: 1,
        limits: Vec::new(),
        details: Vec::new(),
        marches: true,
    };
    let found = start(&case.plant, &Step { at: 0.0, before: 0.9, after: 0.9 }, &days(0.01, 864.0));
    // From half the load, which leaves every temperature elsewhere.
    let long = start(&case.plant, &Step { at: 3600.0, before: 0.45, after: 0.9 }, &days(4.0, 3600.0));
    let (steady, end) = (temperatures(&found, 0), temperatures(&long, long.trajectory.len() - 1));
    let began = temperatures(&long, 0);
    let mut problems = Vec::new();
    let (mut worst, mut moved) = (0.0f64, 0.0f64);
    for (((name, a), (other, b)), (_, c)) in steady.iter().zip(&end).zip(&began) {
        assert_eq!(name, other);
        worst = worst.max((a - b).abs());
        moved = moved.max((c - b).abs());
        if (a - b).abs() > 1e-3 {
            problems.push(format!("{name}: {a:.5} K found, {b:.5} K reached"));
        }
    }
    println!(
        "{} temperatures moved by up to {moved:.1} K and end within {worst:.1e} K of the steady state",
        steady.len()
    );
    assert!(moved > 5.0, "nothing moved");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
