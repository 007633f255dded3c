//! The shipped records of IT and power are what their sources say: every field is known and within its
//! bounds, and every rack adds up to its rated power.

mod shipped;

use shipped::{Node, Part, ids, read};
use std::collections::BTreeMap;

/// Kinds whose records are checked here.
const KINDS: &[&str] = &[
    "ColdPlateAccelerator",
    "HeatSinkAccelerator",
    "ColdPlateBoard",
    "AirBoard",
    "RackFans",
    "NodeLoad",
    "LiquidHeatTrace",
    "PowerShelf",
    "Sivoc",
    "Rectifier",
    "Ups",
    "Transformer",
    "Pdu",
    "FixedLoad",
];

fn says_where_it_comes_from(id: &str, record: &Node) {
    let source = record.field("source").unwrap_or_else(|| panic!("{id} has no source")).text();
    let stated = source.starts_with("sourced:") || source.contains("engineering knowledge, to verify");
    assert!(stated, "{id}: a source begins with `sourced:` or contains `engineering knowledge, to verify`");
    assert!(["A", "B", "C"].contains(&record.field("confidence").unwrap().text()), "{id}");
    assert!(!record.field("title").unwrap().text().is_empty());
}

#[test]
fn every_record_of_it_and_power_is_complete_and_can_be_sized() {
    let mut seen = 0;
    for id in ids("components") {
        let record = read("components", &id);
        let Some(is @ Node::Named(kind, _)) = record.field("is") else { panic!("{id} is nothing") };
        if KINDS.contains(&kind.as_str()) {
            says_where_it_comes_from(&id, &record);
            Part::new(&id, is);
            seen += 1;
        }
    }
    assert!(seen >= 60, "{seen}");
}

/// The parts of a rack.
fn parts(id: &str) -> BTreeMap<String, Part> {
    let rack = read("racks", id);
    says_where_it_comes_from(id, &rack);
    let parts = rack.field("parts").unwrap();
    parts
        .fields()
        .iter()
        .map(|(name, node)| (name.clone(), Part::new(&format!("{id}.{name}"), node)))
        .collect()
}

/// Power drawn by a load of a rack [W]: chips at the temperature their data sheet holds at, fans at `speed`.
fn power(part: &Part, utilisation: f64, speed: f64) -> f64 {
    let reference = match part.kind.declaration().name {
        "ColdPlateAccelerator" | "HeatSinkAccelerator" => part.parameter("temperature_reference"),
        _ => 300.0,
    };
    let inputs = [("utilisation", utilisation), ("throttle", 0.0), ("die", reference), ("fan_speed", speed)];
    part.count * part.evaluate(&inputs)["power"]
}

/// Power at the inlet of a rack whose loads all hang on one power shelf [W].
fn rack_power(parts: &BTreeMap<String, Part>, utilisation: f64, speed: f64) -> f64 {
    let loads: f64 = parts.iter().filter(|p| p.0 != "psu").map(|p| power(p.1, utilisation, speed)).sum();
    let shelf = &parts["psu"];
    shelf.count * shelf.evaluate(&[("demand", loads / shelf.count)])["power"]
}

/// (template, power at full and without load [kW] of the source, heat to liquid [kW], flow [L/min] of the source)
///
/// The Harbin twin has no source: 25.6 kW chips + 11.2 kW boards + 4 % fans behind the same supplies.
const RACKS: &[(&str, f64, f64, f64, f64)] = &[
    ("dgx_h100", 10.2, 2.2, 0.0, 0.0),
    ("hgx_h100_liquid", 9.2, 1.8, 9.2 * 0.78, 10.8),
    ("rack_h100_air_4", 40.8, 8.8, 0.0, 0.0),
    ("rack_h100_liquid_8", 73.6, 15.0, 73.6 * 0.78, 86.0),
    ("dgx_b200", 14.3, 3.0, 0.0, 0.0),
    ("gb200_nvl72", 132.0, 25.0, 115.0, 172.0),
    ("gb300_nvl72", 142.0, 28.0, 124.0, 185.0),
    ("cloudmatrix384", 559.0, 120.0, 559.0 * 0.7, 587.0),
    ("harbin_rack_46kw", 46.0, 9.0, 0.0, 0.0),
    ("harbin_rack_cold_plate", 39.9, 8.8, 25.6, 41.6),
    ("hohhot_rack_liquid", 40.0, 8.0, 28.0, 42.0),
    // the source has 60 % to liquid; ten Ascend 910C alone are 65 %
    ("lingang_rack", 12.0, 2.0, 12.0 * 0.65, 11.0),
    ("kunlun_p800_rack", 40.0, 8.0, 28.0, 42.0),
    ("maia_rack", 40.0, 8.0, 32.0, 48.0),
    ("cpu_rack_std", 16.0, 4.5, 0.0, 0.0),
    ("std_rack_cn_2p5kw", 2.5, 0.7, 0.0, 0.0),
    ("edge_station", 8.0, 1.5, 0.0, 0.0),
];

#[test]
fn every_rack_adds_up_to_the_power_and_the_heat_to_liquid_of_its_source() {
    for &(id, full, idle, to_liquid, flow) in RACKS {
        let parts = parts(id);
        // full load: utilisation 1, fans at full speed; idle: fans at their lowest speed of 30 %
        let [at_full, at_idle] = [rack_power(&parts, 1.0, 1.0), rack_power(&parts, 0.0, 0.3)];
        assert!((at_full / 1e3 / full - 1.0).abs() < 0.01, "{id}: {at_full:.0} W");
        assert!((at_idle / 1e3 / idle - 1.0).abs() < 0.05, "{id}: {at_idle:.0} W idle");
        let rated = units::Quantity::Power.parse(read("racks", id).field("power_rated").unwrap().text());
        assert!((at_full / rated.unwrap() - 1.0).abs() < 0.01, "{id}");
        let plates = || parts.values().filter(|p| p.kind.declaration().name.starts_with("ColdPlate"));
        let liquid: f64 = plates().map(|p| power(p, 1.0, 1.0)).sum();
        assert!((liquid / 1e3 - to_liquid).abs() < 0.01 * full, "{id}: {liquid:.0} W to liquid");
        let litres: f64 = plates().map(|p| p.count * p.parameter("coolant_flow_design") * 6e4).sum();
        // chips of 400 W take 0.65 L/min instead of 0.6, so that the cold plate stays in its measured range
        assert!((litres - flow).abs() <= 0.08 * flow, "{id}: {litres:.1} L/min");
    }
    // every shipped rack is in the table
    let others = ["frontier_rack"];
    for id in ids("racks") {
        assert!(RACKS.iter().any(|r| r.0 == id) || others.contains(&id.as_str()), "{id} is not checked");
    }
}

#[test]
fn the_air_of_every_rack_is_shared_by_the_heat_and_warms_by_8_to_19_kelvin() {
    // liquid-cooled HGX nodes are the exception at the low end: their source has 0.2 m³/s for 2 kW
    for &(id, ..) in RACKS {
        let parts = parts(id);
        let fans = &parts["fans"];
        let air = fans.count * fans.parameter("air_flow_design");
        let taken: f64 = parts
            .values()
            .filter(|p| {
                ["HeatSinkAccelerator", "AirBoard", "PowerShelf"].contains(&p.kind.declaration().name)
            })
            .map(|p| p.count * p.parameter("air_flow_design"))
            .sum();
        assert!((taken / air - 1.0).abs() < 0.02, "{id}: parts take {taken:.3} of {air:.3} m3/s");
        let on_plates = parts.values().filter(|p| p.kind.declaration().name.starts_with("ColdPlate"));
        let heat = rack_power(&parts, 1.0, 1.0) - on_plates.map(|p| power(p, 1.0, 1.0)).sum::<f64>();
        // ρ·cp = 1.204 kg/m³ · 1006 J/(kg K) = 1211 J/(m³ K)
        let warming = heat / (air * 1211.0);
        assert!(warming > 8.0 && warming < 19.0, "{id}: {warming:.1} K");
    }
}

#[test]
fn the_harbin_twin_saves_six_kilowatts_by_its_fans_alone() {
    // 46.0 − 39.9 = 6.1 kW: fans 7.36 → 1.60 kW, and 0.3 kW of PSU loss
    let [air, liquid] = ["harbin_rack_46kw", "harbin_rack_cold_plate"].map(parts);
    assert!((rack_power(&air, 1.0, 1.0) - rack_power(&liquid, 1.0, 1.0) - 6.06e3).abs() < 50.0);
    let boards = |parts: &BTreeMap<String, Part>| {
        power(&parts["accelerator"], 1.0, 1.0) + power(&parts["air_board"], 1.0, 1.0)
    };
    assert_eq!(boards(&air), boards(&liquid));
}

/// Rack inlet, SIVOC loss, rectifier loss [W] of a Frontier rack with nodes at a utilisation.
fn frontier_rack(utilisation: f64) -> [f64; 3] {
    let parts = parts("frontier_rack");
    let node = parts["node"].evaluate(&[("utilisation", utilisation)])["power"];
    let sivoc = parts["sivoc"].evaluate(&[("demand", node)]);
    let switch = parts["switch"].evaluate(&[("utilisation", utilisation)])["power"];
    let [nodes, switches, rectifiers] = ["node", "switch", "rectifier"].map(|name| parts[name].count);
    let demand = (nodes * sivoc["power"] + switches * switch) / rectifiers;
    let rectifier = parts["rectifier"].evaluate(&[("demand", demand)]);
    [rectifiers * rectifier["power"], nodes * sivoc["loss"], rectifiers * rectifier["loss"]]
}

#[test]
fn frontier_idle_and_at_its_peak_meets_the_closed_form_of_the_whole_system() {
    // 74 racks, 25 CDUs with pumps of 8,473.47 W. Idle node 626.26 W, peak node 2,704.26 W; MW:
    // racks, with pumps, SIVOC loss, rectifier loss
    let pumps = 25.0 * 8473.47;
    for (utilisation, racks, total, sivoc, rectifier) in
        [(0.0, 7.0947, 7.3065, 0.2467, 0.3240), (1.0, 28.0160, 28.2279, 0.6484, 1.1609)]
    {
        let [power, in_sivocs, in_rectifiers] = frontier_rack(utilisation).map(|w| 74.0 * w / 1e6);
        // four digits behind the comma are given: half of the last one is 0.00005 MW
        assert!((power / racks - 1.0).abs() < 1e-4, "{power}");
        assert!(((power + pumps / 1e6) / total - 1.0).abs() < 1e-4);
        assert!((in_sivocs - sivoc).abs() < 6e-5, "{in_sivocs}");
        assert!((in_rectifiers - rectifier).abs() < 6e-5, "{in_rectifiers}");
    }
}

#[test]
fn efficiencies_of_the_power_chain_are_those_of_their_sources() {
    // (record, load [W], efficiency, tolerance): UPS with 0.2 % of battery float on top of the column
    let table = [
        ("dry_type_2500kva", 1250e3, 0.9940, 1e-4),
        ("dry_type_2500kva", 2500e3, 0.9914, 1e-4),
        // 0.019 + 0.002 at half load: 0.5/0.521
        ("double_conversion_1500kva", 750e3, 0.5 / 0.521, 1e-6),
        // 0.004 + 0.001 + 0.001 + 0.002: 0.5/0.508
        ("eco_1500kva", 750e3, 0.5 / 0.508, 1e-6),
        ("hvdc_240v", 500e3, 0.965, 0.005),
        ("panama_10kv_240v", 1100e3, 0.975, 0.005),
        ("mv_800v_dc", 1000e3, 0.98, 0.005),
        ("pdu_1500kva", 525e3, 0.988, 1e-4),
        ("busway", 1000e3, 1.0 / 1.006, 1e-9),
        ("lv_switchgear", 2000e3, 1.0 / 1.007, 1e-9),
        ("psu_titanium", 330.0, 0.90, 1e-9),
        ("psu_titanium", 660.0, 0.94, 1e-9),
        ("psu_titanium", 1650.0, 0.96, 1e-9),
        ("psu_titanium", 3300.0, 0.91, 1e-9),
        ("psu_platinum", 800.0, 0.94, 1e-9),
        ("psu_gold", 400.0, 0.92, 1e-9),
        ("psu_ruby", 1650.0, 0.965, 1e-9),
        ("orv3_shelf", 16_500.0, 0.9747, 1e-4),
    ];
    for (id, demand, efficiency, tolerance) in table {
        let part = Part::new(id, read("components", id).field("is").unwrap());
        let found = demand / part.evaluate(&[("demand", demand)])["power"];
        assert!((found - efficiency).abs() <= tolerance, "{id} at {demand} W: {found}");
    }
}

#[test]
fn an_idle_chip_draws_something_however_cold_it_is() {
    for id in ids("components") {
        let record = read("components", &id);
        let Some(is @ Node::Named(kind, _)) = record.field("is") else { continue };
        if ["ColdPlateAccelerator", "HeatSinkAccelerator"].contains(&kind.as_str()) {
            let outputs =
                Part::new(&id, is).evaluate(&[("utilisation", 0.0), ("throttle", 0.0), ("die", 233.15)]);
            assert!(outputs["power"] > 0.0, "{id}");
        }
    }
}
