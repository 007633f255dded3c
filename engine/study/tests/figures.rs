//! The figures of a run from its meters, each put together once more by hand.
#![allow(missing_docs)]

mod common;
use common::{Builder, Swing, options, pod};
use media::liquid::Fluid;
use plant::declare::{Use, Water};
use plant::network::MeterKind;
use plant::plant::Plant;
use scenario::case::{Basis, Confidence, Origin};
use study::metrics::{Carbon, Metrics, evaluate};
use study::run::{Outcome, Run, Unobserved};

const KWH: f64 = 3.6e6;

/// 300 g/kWh.
fn grid() -> Carbon {
    let text = || "by hand".to_owned();
    Carbon {
        factor: 0.3 / KWH,
        basis: Basis::Lifecycle,
        grid: text(),
        origin: Origin::new(text(), 2025, Confidence::C),
    }
}

fn figures(plant: &Plant) -> (Outcome, Metrics) {
    let outcome = Run::start(plant, &Swing, &options(6.0), &mut Unobserved).expect("it runs");
    let summary = evaluate(plant, &outcome.accounts, outcome.closure, Vec::new(), Some(grid()), None);
    (outcome, summary.metrics)
}

/// Twenty boards of 8 to 28 kW in the water of an open tower.
fn tower() -> Plant {
    let mut b = Builder::new();
    let board = b.unit(
        "ColdPlateBoard",
        "board",
        20.0,
        &[
            ("power_idle", "8 kW"),
            ("power_max", "28 kW"),
            ("conductance_design", "1.5 kW/K"),
            ("coolant_flow_design", "60 L/min"),
            ("capacity", "40 kJ/K"),
        ],
    );
    let pump = b.unit("Pump", "pump", 1.0, &[("flow_design", "20 L/s"), ("head_design", "150 kPa")]);
    let tower = b.unit(
        "OpenTower",
        "tower",
        1.0,
        &[
            ("capacity_design", "600 kW"),
            ("air_flow_design", "17 m3/s"),
            ("fan_power_design", "7 kW"),
            ("water_content", "3 m3"),
        ],
    );
    b.wire(None, &[(board, "electricity"), (pump, "electricity"), (tower, "electricity")]);
    b.join(&[(tower, "water")], &[(pump, "water")], Fluid::Water);
    b.join(&[(pump, "water")], &[(board, "coolant")], Fluid::Water);
    b.join(&[(board, "coolant")], &[(tower, "water")], Fluid::Water);
    b.group("boards", 20.0, &[board]);
    b.plant
}

#[test]
fn it_energy_holds_boards_fans_and_the_loss_of_power_supplies_once() {
    let (outcome, m) = figures(&pod());
    let used = |category| outcome.accounts.used(category) / KWH;
    let (boards, loss) = (used(Use::It), used(Use::PsuLoss));
    assert!(boards > 1000.0 && loss > 20.0, "{boards} {loss}");
    // A pod on cold plates has no server fans: what enters the shelves is boards and loss.
    assert_eq!(used(Use::ServerFans), 0.0);
    assert!((m.it_energy_kwh / (boards + loss) - 1.0).abs() < 1e-12);
    assert!((m.itue.unwrap() / ((boards + loss) / boards) - 1.0).abs() < 1e-12);
    // and the shelves draw just that, by a meter of their own: what the UPS delivers to racks
    let delivered =
        outcome.accounts.sum(|m| matches!(m.kind, MeterKind::DeliveredToIt(_)) && m.name.starts_with("ups"));
    assert!(
        (m.it_energy_kwh * KWH / delivered - 1.0).abs() < 1e-9,
        "{} {}",
        m.it_energy_kwh,
        delivered / KWH
    );
}

#[test]
fn carbon_is_the_factor_of_the_grid_times_what_was_bought() {
    let (outcome, m) = figures(&pod());
    // Nothing is made or stored here: the meter of the utility is all that was bought.
    let bought = outcome.accounts.sum(|m| m.kind == MeterKind::Grid) / KWH;
    assert!((m.facility_energy_kwh / bought - 1.0).abs() < 1e-12 && bought > 1.02 * m.it_energy_kwh);
    assert!((m.cue_kg_per_kwh.unwrap() * m.it_energy_kwh / (0.3 * bought) - 1.0).abs() < 1e-12);
    assert!((m.pue.unwrap() - bought / m.it_energy_kwh).abs() < 1e-12);
}

#[test]
fn water_is_counted_per_it_energy_and_with_what_is_drained() {
    let (outcome, m) = figures(&tower());
    let of = |account| outcome.accounts.water(account);
    let (evaporation, drift, blowdown) = (of(Water::Evaporation), of(Water::Drift), of(Water::Blowdown));
    // Five cycles: blowdown and drift are a quarter of what evaporates. Some 20 boards of 20.6 kW for 6 h take 2.2 t of it.
    assert!(((blowdown + drift) / evaporation - 0.25).abs() < 1e-9 && drift > 0.0);
    assert!(evaporation > 2000.0 && evaporation < 6000.0, "{evaporation}");
    // What came in is what left, but for the swing of the basin of 3 t.
    let litres = m.wue_site_l_per_kwh.unwrap() * m.it_energy_kwh;
    assert!((litres - of(Water::MakeUp)).abs() < 1e-9 * litres, "{litres} {}", of(Water::MakeUp));
    assert!((litres / (1.25 * evaporation) - 1.0).abs() < 0.2, "{litres} {evaporation}");
    assert!((m.water_m3 * 1000.0 / litres - 1.0).abs() < 1e-12);
    assert!(m.facility_energy_kwh > 1.01 * m.it_energy_kwh);
}
