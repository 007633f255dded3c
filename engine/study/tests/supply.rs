//! A pod behind feed, generator and battery: what the account of electricity makes of them.
#![allow(missing_docs)]

mod common;
use common::{Builder, Swing, options, pod};
use plant::declare::Use;
use plant::network::MeterKind;
use plant::plant::{Pin, Plant, Wire};
use study::metrics::{Summary, evaluate};
use study::run::{Options, Outcome, Run, Unobserved};

const KWH: f64 = 3.6e6;

/// The pod, about 1.05 MW and 0.5 MW in turns of three hours, behind `grid -> utility -> generator -> battery`.
fn supplied(generator: &[(&str, &str)], battery: &[(&str, &str)]) -> Plant {
    let mut b = Builder { plant: pod() };
    let utility = b.unit(
        "UtilityFeed",
        "utility",
        1.0,
        &[("contracted_power", "900 kW"), ("rating", "2 MW"), ("loss_square", "0.4 %")],
    );
    // what is given first counts
    let given = [generator, &[("rating", "500 kW"), ("standby_power", "3 kW")]].concat();
    let generator = b.unit("Generator", "generator", 1.0, &given);
    let given = [battery, &[("capacity", "400 kWh"), ("standby_power", "1 kW")]].concat();
    let battery = b.unit("Battery", "battery", 1.0, &given);
    let (from, output) = (b.end(battery, "output"), None);
    b.plant.wires.iter_mut().filter(|w| w.from == output).for_each(|w| w.from = Some(from));
    b.wire(Some((generator, "output")), &[(battery, "input")]);
    b.wire(Some((utility, "output")), &[(generator, "input")]);
    let to = b.end(utility, "input");
    b.plant.wires.push(Wire { from: None, to });
    b.plant
}

fn day(plant: &Plant, options: &Options) -> (Outcome, Summary) {
    let outcome = Run::start(plant, &Swing, options, &mut Unobserved).unwrap();
    let summary = evaluate(plant, &outcome.accounts, outcome.closure, outcome.notes.clone(), None, None);
    (outcome, summary)
}

fn metered(outcome: &Outcome, kind: MeterKind) -> f64 {
    outcome.accounts.sum(|m| m.kind == kind) / KWH
}

/// Facility = utility + generation + discharge − charge = Σ uses, and the balances of the whole site.
fn closes(outcome: &Outcome, summary: &Summary) {
    let [grid, generated, charged] =
        [MeterKind::Grid, MeterKind::Generated, MeterKind::Charged].map(|kind| metered(outcome, kind));
    let facility = summary.metrics.facility_energy_kwh;
    let used: f64 = summary.energy_kwh.iter().map(|e| e.1).sum();
    println!(
        "grid {grid:.1} generated {generated:.1} charged {charged:.1} facility {facility:.1} used {used:.1}"
    );
    assert!((facility / (grid + generated - charged) - 1.0).abs() < 1e-9);
    assert!((facility / used - 1.0).abs() < 1e-9);
    let closure = &outcome.closure;
    println!("{closure:?} {:?}", outcome.statistics);
    assert!(closure.energy_relative.abs() < 1e-9 && closure.energy_worst < 1e-9);
    assert!(closure.electricity_relative.abs() < 1e-9);
    assert!(closure.energy_recomputed.abs() < 1e-6);
}

#[test]
fn a_battery_that_cycles_over_a_day_enters_the_account_once() {
    let (outcome, summary) = day(&supplied(&[], &[("peak_limit", "800 kW")]), &options(24.0));
    closes(&outcome, &summary);
    let level = outcome.trajectory.named("battery.charge_level").unwrap();
    let (least, most) = level.iter().fold((1.0f64, 0.0f64), |(a, b), &x| (a.min(x), b.max(x)));
    // it empties and fills, and never passes its ends
    println!("level {least} … {most}");
    assert!((-1e-9..0.02).contains(&least) && most > 0.97 && most <= 1.0 + 1e-9);
    // more than twice of its 400 kWh given (sums of values at the quarter hours)
    let [charge, discharge] = ["battery.charge_power", "battery.discharge_power"]
        .map(|name| outcome.trajectory.named(name).unwrap().iter().sum::<f64>() * 900.0 / KWH);
    println!("charge {charge:.0} kWh, discharge {discharge:.0} kWh");
    assert!(discharge > 800.0);
    // while it has charge the generator sees no more than the limit
    let drawn = outcome.trajectory.named("battery.power").unwrap();
    for (drawn, level) in drawn.iter().zip(&level) {
        assert!(*level < 0.02 || *drawn <= 800e3 * (1.0 + 1e-9), "{drawn} at {level}");
    }
    // once it is empty the feed is drawn on above limit and contract, and both are said
    for text in ["above the peak limit", "above the contract"] {
        assert!(outcome.notes.iter().any(|n| n.text.contains(text)), "{text}");
    }
}

#[test]
fn the_stored_energy_is_the_meter_of_what_was_charged() {
    let (outcome, _) =
        day(&supplied(&[], &[("peak_limit", "800 kW"), ("initial_level", "30 %")]), &options(9.0));
    let energy = outcome.trajectory.named("battery.energy").unwrap();
    let change = (energy[energy.len() - 1] - energy[0]) / KWH;
    assert!((energy[0] / KWH - 120.0).abs() < 1e-9);
    assert!((change - metered(&outcome, MeterKind::Charged)).abs() < 1e-9 * 400.0);
}

#[test]
fn a_generator_relieves_the_feed_and_the_facility_stays_the_same() {
    let mut running = supplied(&[], &[]);
    let unit = running.units.iter().position(|u| u.id == "generator").unwrap();
    running.pins.push(Pin { unit, actuator: 0, position: 0.6 });
    let (with, summary) = day(&running, &options(6.0));
    closes(&with, &summary);
    // 0.6 · 500 kW · 6 h
    assert!((metered(&with, MeterKind::Generated) - 1800.0).abs() < 1e-6);
    let (without, idle) = day(&supplied(&[], &[]), &options(6.0));
    closes(&without, &idle);
    let saved = metered(&without, MeterKind::Grid) - metered(&with, MeterKind::Grid);
    // 1800 kWh less 2 % of auxiliaries, and a little less loss in the feed
    assert!(saved > 1764.0 && saved < 1800.0, "{saved}");
    let more = summary.metrics.facility_energy_kwh - idle.metrics.facility_energy_kwh;
    assert!(more > 0.0 && more < 36.0, "{more}");
    let fuel = with.trajectory.named("generator.fuel_power").unwrap();
    // Willans: 500 kW · (f0 + f1·0.6), f1 = 2/0.40 − 1/0.37 = 2.2973, f0 = 2.5 − f1 = 0.2027
    assert!(fuel.iter().all(|f| (f - 790_540.5).abs() < 1.0), "{}", fuel[0]);
    assert!(with.accounts.used(Use::Other) > without.accounts.used(Use::Other));
}

#[test]
fn generator_and_battery_shave_the_same_peak_one_after_the_other() {
    let plant = supplied(&[("peak_limit", "850 kW")], &[("peak_limit", "800 kW")]);
    let (outcome, summary) = day(&plant, &options(24.0));
    closes(&outcome, &summary);
    let feed = outcome.trajectory.named("generator.power").unwrap();
    assert!(feed.iter().all(|p| *p <= 850e3 * (1.0 + 1e-9)));
    assert!(metered(&outcome, MeterKind::Generated) > 0.0);
    assert!(!outcome.notes.iter().any(|n| n.text.contains("above the contract")));
}

#[test]
fn sampled_controllers_keep_the_account_too() {
    let sampled = Options { sampled: true, ..options(8.0) };
    let (outcome, summary) = day(&supplied(&[], &[("peak_limit", "800 kW")]), &sampled);
    closes(&outcome, &summary);
    // the run ends with the battery half full: what it gave is a part of the facility's energy
    assert!(metered(&outcome, MeterKind::Charged) < -200.0);
}

#[test]
fn two_equal_batteries_are_one_of_twice_the_size() {
    let one = supplied(&[], &[("peak_limit", "800 kW"), ("standby_power", "2 kW")]);
    let mut two = supplied(&[], &[("peak_limit", "400 kW"), ("capacity", "200 kWh")]);
    two.units.iter_mut().filter(|u| u.id == "battery").for_each(|u| u.multiplicity = 2.0);
    let [(one, _), (two, summary)] = [one, two].map(|plant| day(&plant, &options(6.0)));
    closes(&two, &summary);
    assert!((metered(&one, MeterKind::Grid) / metered(&two, MeterKind::Grid) - 1.0).abs() < 1e-6);
    assert!((metered(&one, MeterKind::Charged) - metered(&two, MeterKind::Charged)).abs() < 0.01);
}
