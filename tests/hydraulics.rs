//! Sites whose facility water is solved from pressures: pumps that trip, water that runs back, a plant that stands
//! still, and the modes in which all of it runs. Nothing is lost in any of them.

mod support;

use engine::scenario::{Case, load_text};
use engine::study::case;
use engine::study::metrics::Summary;
use engine::study::run::{Outcome, Unobserved};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::sites::{run, span};

const SITE: &str = "nvl72_pumps";
const CONTINUOUS: (&str, &str) = ("run.controls", "Continuous");

/// The pumps without check valves, with more settings of the site.
fn unchecked(more: &str) -> String {
    format!(
        "Site(schema: 1, based_on: \"nvl72_pumps.ron\", remove: [\"components.check_a\", \"components.check_b\"], \
         connections: [\
            \"grid -> transformer -> ups -> pdu -> pod\",\
            \"transformer -> [cdu, pump_a, pump_b, chilled_pump, dry_cooler, crah, chiller, house]\",\
            \"cdu.secondary -> pod.liquid -> cdu.secondary\",\
            \"[pump_a, pump_b] -> cdu.primary -> dry_cooler -> [pump_a, pump_b]\",\
            \"crah.air -> aisles.cold -> pod.air -> aisles.hot -> crah.air\",\
            \"chilled_pump -> chiller.chilled_water -> crah.coil -> chilled_pump\"], {more})"
    )
}

/// The pod with both of its facility pumps as one component, its circuit solved from pressures.
fn counted(more: &str) -> String {
    format!(
        "Site(schema: 1, based_on: \"nvl72_pod.ron\", resistances: {{\
            \"cdu.primary\": (pressure_drop: \"60 kPa\"), \
            \"dry_cooler.water\": (pressure_drop: \"110 kPa\", flow: \"36 L/s\")}}, {more})"
    )
}

fn read(text: &str) -> Case {
    match load_text("text.ron", text, &[]) {
        Ok(loaded) => loaded.case,
        Err(problems) => {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{text}:\n{}", sentences.join("\n"))
        }
    }
}

fn run_text(text: &str) -> (Outcome, Summary) {
    case::run(&read(text), &mut Unobserved).unwrap_or_else(|stopped| panic!("{text}: {stopped}"))
}

fn hour(step: &str, events: &str) -> String {
    format!(
        "run: (period: Span(from: \"190.5 d\", for: \"1 h\"), step: \"{step}\", controls: Continuous), events: [{events}]"
    )
}

fn column(outcome: &Outcome, name: &str) -> Vec<f64> {
    outcome.trajectory.named(name).unwrap_or_else(|| panic!("no column {name}"))
}

/// What is not finite, and balances that do not close.
fn faults(outcome: &Outcome, summary: &Summary) -> Vec<String> {
    let mut found = Vec::new();
    for (k, probe) in outcome.trajectory.probes.iter().enumerate() {
        if !outcome.trajectory.column(k).all(f64::is_finite) {
            found.push(format!("{} is not finite", probe.name));
        }
    }
    let c = summary.closure;
    for (what, value, limit) in [
        ("energy", c.energy_relative, 1e-9),
        ("an interval's energy", c.energy_worst, 1e-9),
        ("electricity", c.electricity_relative, 1e-9),
        ("recomputed energy", c.energy_recomputed, 1e-6),
    ] {
        if value.is_nan() || value.abs() > limit {
            found.push(format!("{what} misses by {value:e}"));
        }
    }
    found
}

fn sound(name: &str, (outcome, summary): &(Outcome, Summary)) {
    let found = faults(outcome, summary);
    assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
    println!("{name}: {:?}", summary.closure);
}

#[test]
fn a_pump_that_trips_stands_behind_its_check_valve_and_the_other_runs_out_on_its_curve() {
    let period = span(190.5, 2.0 / 24.0);
    let settings = [("run.period", period.as_str()), ("run.step", "10 s"), CONTINUOUS];
    let events = ("events", "[At(\"30 min\", Trip(\"pump_a\", \"20 min\"))]");
    let found = run(SITE, &[&settings[..], &[events]].concat());
    sound("trip", &found);
    let (outcome, _) = &found;
    let [own, other, all] =
        ["pump_a.water_flow", "pump_b.water_flow", "cdu.primary_flow"].map(|n| column(outcome, n));
    let (before, next, during) = (180, 181, 240);
    assert!((own[before] / other[before] - 1.0).abs() < 1e-6, "two equal pumps share equally");
    // e^(−10 s/3 s) of its speed is left after ten seconds, and the valve is shut.
    let speed = column(outcome, "pump_a.speed");
    assert!((speed[next] / speed[before] - (-10.0f64 / 3.0).exp()).abs() < 1e-3, "{}", speed[next]);
    assert!(own.iter().all(|&flow| flow > -1e-6), "nothing runs back");
    assert!(own[during].abs() < 1e-6 && (all[during] - other[during]).abs() < 1e-6);
    assert_eq!(column(outcome, "pump_a.power")[during], 0.0);
    // By hand, at 36 L/s and 220 kPa, with 4/3 at shut-off: 293.3·n² − 73.3·x². Density at 30 °C: 995.7 kg/m³.
    let flow = other[during] / 995.65;
    let n = column(outcome, "pump_b.speed")[during];
    let head = 1e3 * (220.0 * 4.0 / 3.0 * n * n - 220.0 / 3.0 * (flow / 0.036).powi(2));
    let lifted = column(outcome, "pump_b.head")[during];
    println!("{flow} m³/s at {n}: {head} or {lifted} Pa; {} of before", all[during] / all[before]);
    assert!((head / lifted - 1.0).abs() < 2e-3, "{head} or {lifted}");
    // Two CDUs of 34 L/s, two dry coolers of 36 L/s, one check valve of 36 L/s, all of them open.
    let drop = |kpa: f64, rated: f64| 1e3 * kpa * (flow / rated).powi(2);
    let rated = 0.5 * column(outcome, "cdu.primary_flow")[before] / 995.65;
    let open = column(outcome, "cdu.primary_pressure_drop")[during];
    let lost = open + drop(110.0, 0.072) + drop(8.0, 0.036);
    assert!((lost / lifted - 1.0).abs() < 2e-3, "{lost} or {lifted}");
    assert!(
        (open / drop(60.0, 2.0 * rated) - 1.0).abs() < 5e-3,
        "{open}: the open valve is short of pressure"
    );
    assert!(outcome.notes.iter().any(|note| note.text.contains("does not suffice")));
    // It comes back, and the pressure is held again.
    let held = column(outcome, "cdu.primary_pressure_drop");
    assert!((held[719] / held[before] - 1.0).abs() < 5e-3 && own[719] > 20.0, "{} Pa", held[719]);
}

#[test]
fn without_check_valves_the_water_of_one_pump_runs_back_through_the_other_and_takes_its_heat_along() {
    let trip = hour("10 s", "At(\"20 min\", Trip(\"pump_a\", \"20 min\"))");
    let found = run_text(&unchecked(&trip));
    sound("reversed", &found);
    let (outcome, _) = &found;
    let at = |name: &str| column(outcome, name)[230];
    let [own, other, all] = ["pump_a.water_flow", "pump_b.water_flow", "cdu.primary_flow"].map(at);
    println!("{own} + {other} = {all}");
    assert!(own < -10.0 && (own + other - all).abs() < 1e-9 * other);
    assert_eq!(at("pump_a.power"), 0.0);
    // What runs back is what pump_b has pushed: its temperature, with the heat of the pump, is in front of both.
    let (pushed, back) = (at("pump_b.water_out"), at("pump_a.water_out"));
    let (front, cooled) = (at("pump_a.water_in"), at("dry_cooler.water_out"));
    println!("{pushed} {back} {front} {cooled}");
    assert!((pushed - back).abs() < 1e-6 && front >= cooled - 1e-6 && front <= pushed + 1e-6);
    let reversed =
        outcome.notes.iter().find(|note| note.text.contains("the flow is reversed")).expect("a note");
    assert!(
        reversed.component == "pump_a" && (reversed.duration_s / 1200.0 - 1.0).abs() < 0.02,
        "{reversed:?}"
    );
    // Less reaches the CDU than behind a check valve, so its supply is warmer.
    let checked = run_text(&format!("Site(schema: 1, based_on: \"nvl72_pumps.ron\", {trip})"));
    let less = all / column(&checked.0, "cdu.primary_flow")[230];
    let warmer = at("cdu.secondary_out") - column(&checked.0, "cdu.secondary_out")[230];
    println!("{less} of the flow behind a check valve, supply {warmer} K warmer");
    assert!(less < 0.95 && warmer > 0.05);
}

/// Two facility pumps one behind the other, the second behind the dry cooler; components in either order.
fn in_series(ids: [&str; 2], turned: bool) -> String {
    let [first, second] = ids;
    let pump = |id: &str| {
        format!(
            "{id:?}: Pump(based_on: \"end_suction_30kw\", flow_design: \"72 L/s\", head_design: \"110 kPa\")"
        )
    };
    let mut pumps = [pump(first), pump(second)];
    if turned {
        pumps.reverse();
    }
    format!(
        "Site(schema: 1, based_on: \"nvl72_pumps.ron\", \
         remove: [\"components.pump_a\", \"components.pump_b\", \"components.check_a\", \"components.check_b\", \
                  \"controls.pressure_a\", \"controls.pressure_b\"], \
         components: {{ {} }}, \
         connections: [\
            \"grid -> transformer -> ups -> pdu -> pod\",\
            \"transformer -> [cdu, {first}, {second}, chilled_pump, dry_cooler, crah, chiller, house]\",\
            \"cdu.secondary -> pod.liquid -> cdu.secondary\",\
            \"{first} -> cdu.primary -> dry_cooler -> {second} -> {first}\",\
            \"crah.air -> aisles.cold -> pod.air -> aisles.hot -> crah.air\",\
            \"chilled_pump -> chiller.chilled_water -> crah.coil -> chilled_pump\"], {})",
        pumps.join(", "),
        hour("1 min", "At(\"20 min\", Trip(\"first\", \"20 min\"))").replace("first", first),
    )
}

#[test]
fn a_pump_behind_the_resistances_draws_its_inlet_below_the_vessel_by_its_own_rise_until_the_water_boils() {
    let found = run_text(&in_series(["lead", "tail"], false));
    sound("in series", &found);
    let (outcome, _) = &found;
    let at = |name: &str| column(outcome, name);
    let [vessel, front, rise, up] =
        ["lead.water_pressure", "tail.water_pressure", "tail.head", "cdu.primary_pressure"].map(at);
    let lifted = at("lead.head");
    for k in [10, 30, 50] {
        // 200 kPa behind it, so 200 kPa less its rise in front of it; 200 kPa and the lead's rise before the CDU.
        println!("{} {} {} {}", vessel[k], front[k], rise[k], up[k]);
        assert_eq!(vessel[k], 200e3);
        // Each has a check valve, which loses a thousandth of the head at the design flow, and all of it once it is shut.
        assert!((front[k] + rise[k] - 200e3).abs() < 200.0, "{} Pa in front of {} Pa", front[k], rise[k]);
        if k != 30 {
            assert!((up[k] - lifted[k] - 200e3).abs() < 200.0);
        }
    }
    // Alone it lifts at most 1.333 · 110 = 147 kPa: 53 kPa are left, far above the 7 kPa of water at 40 °C.
    assert!(front.iter().all(|p| *p > 50e3) && !outcome.notes.iter().any(|n| n.text.contains("it boils")));

    // With twice the head in front of the same vessel less than nothing would be left: the run says so, and where.
    let strong = in_series(["lead", "tail"], false).replace("110 kPa\")", "220 kPa\")");
    let (outcome, _) = run_text(&strong);
    let front = column(&outcome, "tail.water_pressure");
    let kelvin = column(&outcome, "tail.water_in");
    let boils = |k: usize| front[k] < engine::media::moist_air::saturation_pressure(kelvin[k]);
    assert!((0..front.len()).all(boils), "{front:?}");
    let said: Vec<_> = outcome.notes.iter().filter(|note| note.text.contains("it boils")).collect();
    println!("{said:?}");
    let [note] = said[..] else { panic!("{said:?}") };
    assert!(note.component == "tail" && (note.duration_s / 3600.0 - 1.0).abs() < 0.02, "{note:?}");

    // The vessel goes by the id, not by the order in the file: in front of the other pump nothing boils.
    for turned in [false, true] {
        let (outcome, _) = run_text(&in_series(["tail", "lead"], turned).replace("110 kPa\")", "220 kPa\")"));
        assert_eq!(column(&outcome, "lead.water_pressure")[10], 200e3);
        assert!(!outcome.notes.iter().any(|note| note.text.contains("it boils")), "{turned}");
    }
}

#[test]
fn a_dead_plant_stands_still_and_starts_again() {
    let both = "At(\"20 min\", Trip(\"pump_a\", \"5 min\")), At(\"20 min\", Trip(\"pump_b\", \"5 min\"))";
    let outage = "At(\"20 min\", UtilityOutage(for: \"5 min\"))";
    for events in [both, outage] {
        for text in [
            unchecked(&hour("10 s", events)),
            format!("Site(schema: 1, based_on: \"nvl72_pumps.ron\", {})", hour("10 s", events)),
        ] {
            let found = run_text(&text);
            sound(events, &found);
            let flow = column(&found.0, "cdu.primary_flow");
            println!("{} -> {:e} -> {}", flow[119], flow[149], flow[359]);
            assert!(flow[149].abs() < 1e-9 && flow[119] > 60.0 && flow[359] > 0.9 * flow[119]);
            for name in ["cdu.primary_pressure_drop", "pump_a.head", "pump_b.power"] {
                let still = column(&found.0, name)[149];
                assert!(still.abs() < 1e-3, "{name}: {still}");
            }
        }
    }
}

#[test]
fn a_unit_that_is_carried_alone_keeps_its_resistance() {
    // Restore of what never tripped isolates one of two and does nothing else.
    let alike = "At(\"20 min\", Restore(\"facility_pump[0]\")), At(\"20 min\", Restore(\"cdu[1]\")), \
                 At(\"20 min\", Restore(\"dry_cooler[0]\"))";
    let [whole, split] = ["", alike].map(|events| run_text(&counted(&hour("1 min", events))));
    sound("split", &split);
    for name in
        ["pod.accelerator.die", "cdu.secondary_out", "dry_cooler.water_out", "cdu.primary_pressure_drop"]
    {
        let (a, b) = (column(&whole.0, name), column(&split.0, name));
        let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{name}: {worst:.1e}");
        assert!(worst < if name.ends_with("drop") { 10.0 } else { 1e-3 }, "{name}: {worst:e}");
    }
    // One of two pumps trips, with its own check valve.
    let trip = run_text(&counted(&hour("10 s", "At(\"20 min\", Trip(\"facility_pump[0]\", \"5 min\"))")));
    sound("pump", &trip);
    let [own, other] =
        ["facility_pump[0].water_flow", "facility_pump.water_flow"].map(|n| column(&trip.0, n));
    println!("{} {} -> {:e} {}", own[119], other[119], own[149], other[149]);
    assert!(
        (own[119] / other[119] - 1.0).abs() < 1e-6 && own[149].abs() < 1e-6 && other[149] > 1.3 * other[119]
    );
    // One of two CDUs trips: its valve shuts, the other keeps what it is set to, and the pumps ride up their curve.
    let trip = run_text(&counted(&hour("10 s", "At(\"20 min\", Trip(\"cdu[1]\", \"5 min\"))")));
    sound("cdu", &trip);
    let [own, other] = ["cdu[1].primary_flow", "cdu.primary_flow"].map(|name| column(&trip.0, name));
    let head = column(&trip.0, "facility_pump.head");
    println!("{} {} -> {} {}; {} -> {} Pa", own[119], other[119], own[149], other[149], head[119], head[149]);
    assert!(own[149].abs() < 0.01 && other[149] > 0.99 * other[119] && head[149] > head[119]);
}

#[test]
fn explicit_and_implicit_methods_find_the_same_flows() {
    let events = "";
    let of = |method: &str| {
        let run = hour("1 min", events)
            .replace("controls: Continuous", &format!("controls: Continuous, method: {method}"));
        run_text(&format!("Site(schema: 1, based_on: \"nvl72_pumps.ron\", {run})"))
    };
    let reference = of("Rodas3");
    for method in ["Rodas4", "Dopri5"] {
        let found = of(method);
        sound(method, &found);
        for (name, limit) in [("cdu.primary_flow", 0.02), ("cdu.secondary_out", 0.01), ("pump_a.power", 5.0)]
        {
            let (a, b) = (column(&reference.0, name), column(&found.0, name));
            let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            println!("{method} {name}: {worst:.1e}");
            assert!(worst < limit, "{method}: {name} is {worst:e} apart");
        }
    }
}

#[test]
fn racks_on_a_core_that_is_solved_from_pressures_are_carried_apart() {
    let period = span(190.5, 1.0 / 24.0);
    let at = |fidelity: &str| {
        let settings = [("run.period", period.as_str()), ("run.fidelity", fidelity), CONTINUOUS];
        run(SITE, &settings)
    };
    let lumped = at("Lumped");
    for fidelity in ["Rack", "Chip"] {
        let found = at(fidelity);
        sound(fidelity, &found);
        let energy = found.1.metrics.facility_energy_kwh / lumped.1.metrics.facility_energy_kwh - 1.0;
        println!("{fidelity}: energy {energy:+.1e}");
        assert!(energy.abs() < 1e-6, "{fidelity}: {energy:e}");
    }
}

/// Resistances, curves, speeds and what trips; check valves behind the pumps, in them, or none.
fn circuit() -> impl Strategy<Value = String> {
    let events = prop::collection::vec((0u32..3, 1u32..15, 1u32..8), 0..4);
    (0u32..3, 5u32..400, 5u32..400, 101u32..200, 0u32..=100, 0u32..=100, 0u32..=100, events).prop_map(
        |(check, cdu, cooler, shutoff, speed_a, speed_b, valve, events)| {
            let events: Vec<String> = (events.into_iter())
                .map(|(what, at, lasts)| match what {
                    0 => format!("At(\"{at} min\", UtilityOutage(for: \"{lasts} min\"))"),
                    1 => format!("At(\"{at} min\", Trip(\"pump_a\", \"{lasts} min\"))"),
                    _ => format!("At(\"{at} min\", Trip(\"pump_b\"))"),
                })
                .collect();
            let share = |percent: u32| f64::from(percent) / 100.0;
            let own = match check {
                1 => "\"pump_a.check_valve\": Fitted, \"pump_b.check_valve\": Fitted, ",
                _ => "",
            };
            let more = format!(
                "set: {{{own}\"pump_a.speed_min\": \"0\", \"pump_b.speed_min\": \"0\", \"cdu.valve_min\": \"0\", \
                  \"pump_a.shutoff_ratio\": \"{}\"}}, \
                 resistances: {{\"cdu.primary\": (pressure_drop: \"{cdu} kPa\"), \
                  \"dry_cooler.water\": (pressure_drop: \"{cooler} kPa\", flow: \"36 L/s\")}}, \
                 controls: {{\"pressure_a\": Fix(by: \"pump_a.speed\", at: {}), \
                  \"pressure_b\": Fix(by: \"pump_b.speed\", at: {}), \
                  \"valve\": Fix(by: \"cdu.valve\", at: {})}}, \
                 events: [{}], \
                 run: (period: Span(from: \"190.5 d\", for: \"20 min\"), step: \"1 min\", controls: Continuous)",
                share(shutoff),
                share(speed_a),
                share(speed_b),
                share(valve),
                events.join(", ")
            );
            match check {
                0 => format!("Site(schema: 1, based_on: \"nvl72_pumps.ron\", {more})"),
                _ => unchecked(&more),
            }
        },
    )
}

#[test]
fn in_random_circuits_whatever_trips_no_number_is_lost_and_the_balances_close() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let result = TestRunner::new_with_rng(config, rng).run(&circuit(), |text| {
        let (outcome, summary) = case::run(&read(&text), &mut Unobserved)
            .map_err(|stopped| TestCaseError::fail(format!("{text}: {stopped}")))?;
        let mut found = faults(&outcome, &summary);
        // What the joints pass on balances, reversed or not.
        let flows = ["pump_a.water_flow", "pump_b.water_flow", "dry_cooler.water_flow"];
        let [a, b, all] = flows.map(|name| column(&outcome, name));
        for ((a, b), all) in a.iter().zip(&b).zip(&all) {
            if (a + b - all).abs() > 1e-9 * (a.abs() + b.abs()) + 1e-12 {
                found.push(format!("{a} + {b} is not {all}"));
            }
        }
        if found.is_empty() {
            Ok(())
        } else {
            Err(TestCaseError::fail(format!("{text}:\n{}", found.join("\n"))))
        }
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
