//! The tables of (EU) 2024/1364 and GB 40879-2021 against what the written columns of a run give by hand.

use engine::report::document::{Block, Cell, Document, Language, Table};
use engine::report::profiles;
use engine::study::read::{Run, Series};
use std::collections::BTreeMap;
use std::process::Command;

/// Everything that an operator may add to a run.
const GIVEN: &str = "disclosure=(owner: \"Owner AG\", operator: \"Operator AB\", local_area: \"SE0180\", business: Colocation, \
    operating_since: \"2025-03\", redundancy_high_voltage: \"N+1\", redundancy_low_voltage: \"2N\", redundancy_rack: \"2N\", \
    redundancy_cooling_room: \"N+1\", redundancy_cooling_rack: \"N\", floor_area: \"1200 m2\", computer_room_area: \"400 m2\", \
    grid_functions: \"reserve\", battery_for_grid: \"200 kW\", refrigerants: [\"R-134a\"], intake_setpoint: \"25 °C\", \
    guarantees_of_origin: \"1000 MWh\", power_purchase_agreements: \"500 MWh\", server_capacity: 1234.5, storage_capacity_pb: 8, \
    bandwidth_in_gb_per_s: 1, bandwidth_out_gb_per_s: 2, traffic_in_eb: 0.5, traffic_out_eb: 0.7, \
    potable_share: \"40 %\", characteristic_weights: (0, 0.2, 0.3, 0.3, 0.2))";

/// What is passed through, by code.
const PASSED: [&str; 22] = [
    "I.b",
    "I.b2",
    "I.c",
    "I.d",
    "I.e",
    "I.f1",
    "I.f2",
    "I.f3",
    "I.g1",
    "I.g2",
    "S_DC",
    "S_CR",
    "II.grid",
    "C_BtG",
    "T_IN (set-point)",
    "II.ref",
    "C_SERV",
    "C_STOR",
    "B_IN",
    "B_OUT",
    "T_IN (traffic)",
    "T_OUT",
];

/// Runs a shipped site for a year, and gives the tables of both profiles by code with its columns.
fn year(site: &str) -> (BTreeMap<String, Vec<Cell>>, Series) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let out = out.to_str().expect("a name in UTF-8");
    let quick = ["--set", "run.dynamics=QuasiSteady", "--set", "run.controls=Ideal", "--set", "run.step=1 h"];
    let done = Command::new(env!("CARGO_BIN_EXE_isotherm"))
        .args(["run", site, "--quiet", "--out", out, "--set", GIVEN])
        .args(quick)
        .output()
        .expect("the command runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let run = Run::open(out.as_ref()).expect("a finished run");
    let asked = profiles::choose(["eu_2024_1364", "gb_40879"]).expect("profiles");
    let document: Document = engine::report::make(&run, &asked, Language::English).expect("a report");
    let of_profiles = document.sections.iter().filter(|section| section.id.starts_with("profile-"));
    let tables = of_profiles.flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let rows = tables.flat_map(|table: &Table| &table.rows);
    let lines = rows.map(|row| (row.cells[0].shown(), row.cells.clone())).collect();
    (lines, run.series().expect("columns"))
}

/// Sum of all columns whose names say so.
fn sum(series: &Series, which: impl Fn(&str) -> bool) -> f64 {
    let names: Vec<String> =
        series.columns().iter().map(|column| column.name.clone()).filter(|name| which(name)).collect();
    let column = |name: &String| series.numbers(name).expect("a column").expect("it is there");
    // The first record is the start, where meters have nothing yet.
    names.iter().map(|name| column(name).into_iter().skip(1).sum::<f64>()).sum()
}

fn near(what: &str, left: f64, right: f64) {
    assert!((left - right).abs() <= 1e-9 * right.abs(), "{what}: {left} in the report, {right} by hand");
}

#[test]
fn every_number_of_both_tables_follows_from_the_written_columns() {
    for (site, ups) in [("stockholm_heat_reuse", "metered.ups."), ("mixed_hall", "metered.ups.")] {
        let (lines, series) = year(site);
        let value = |code: &str| match lines[code][2] {
            Cell::Number { value, .. } => value,
            ref other => panic!("{code}: {other:?}"),
        };
        let column = |name: &str| series.numbers(name).expect("a column").expect("it is there");
        // Energy: the meter of the utility feed, and what the UPS hands on to racks.
        let total = sum(&series, |name| name == "metered.grid_kwh");
        let it = sum(&series, |name| name.starts_with(ups) && name.ends_with("output_it_kwh"));
        near("E_DC", value("E_DC"), total);
        near("E_IT", value("E_IT"), it);
        near("PUE", value("PUE"), total / it);
        assert!(lines["E_IT"][7].shown().contains("category 1"));
        // Water: the make-up valves, kg of which 1000 are a cubic metre; 40 % of it potable.
        let water =
            sum(&series, |name| name.starts_with("metered.") && name.ends_with("make_up_kg")) / 1000.0;
        near("W_IN", value("W_IN"), water);
        near("W_IN-POT", value("W_IN-POT"), 0.4 * water);
        near("WUE", value("WUE"), 1000.0 * water / it);
        assert_eq!(water > 0.0, site == "mixed_hall");
        // Heat at the hand-over; its temperature weighed with it, the mean of both ends of each interval.
        if site == "stockholm_heat_reuse" {
            let heat = column("metered.heating.heat_reused_kwh");
            let supply = column("heating.network_out_c");
            let reused: f64 = heat.iter().skip(1).sum();
            let means = supply.windows(2).map(|ends| (ends[0] + ends[1]) / 2.0);
            let weighed: f64 = heat.iter().skip(1).zip(means).map(|(kwh, mean)| kwh * mean).sum();
            near("E_REUSE", value("E_REUSE"), reused);
            near("ERF", value("ERF"), reused / total);
            near("T_WH", value("T_WH"), weighed / reused);
        } else {
            assert!(
                ["E_REUSE", "ERF", "T_WH"].iter().all(|code| matches!(lines[*code][2], Cell::Missing(_)))
            );
        }
        // 1000 MWh of guarantees and 500 MWh of contracts.
        near("E_RES-TOT", value("E_RES-TOT"), 1.5e6);
        near("REF", value("REF"), 1.5e6 / total);
        // Degree days of the daily means, with the trigger of 24 °C and without one.
        let (time, outdoors) = (column("time_s"), column("weather.dry_bulb_c"));
        let mut days = vec![(0.0, 0.0); 365];
        for (end, dry_bulb) in time.iter().zip(&outdoors).skip(1) {
            let day = &mut days[((end - 1.0) / 86_400.0) as usize];
            *day = (day.0 + dry_bulb, day.1 + 1.0);
        }
        let means = || days.iter().map(|(sum, count)| sum / count);
        let beyond =
            |trigger: f64| means().filter(|mean| *mean >= trigger).map(|mean| mean - 21.0).sum::<f64>();
        near("CDD", value("CDD"), beyond(24.0));
        near("CDD (plain)", value("CDD (plain)"), beyond(21.0));
        // RM2 is the year, RM1 five conditions with given shares: mean powers of the hours nearest to each.
        let rack = |name: &str| {
            ["account.it_kwh", "account.server_fans_kwh", "account.psu_loss_kwh"].contains(&name)
        };
        near("RM2", value("RM2"), total / sum(&series, rack));
        let shares = [(25.0, 0.2), (15.0, 0.3), (5.0, 0.3), (-5.0, 0.2)];
        let facility = column("account.facility_kwh");
        let boards: Vec<f64> = {
            let parts = ["it", "server_fans", "psu_loss"].map(|name| column(&format!("account.{name}_kwh")));
            (0..facility.len()).map(|k| parts.iter().map(|part| part[k]).sum()).collect()
        };
        let (mut power, mut it_power) = (0.0, 0.0);
        for (condition, share) in shares {
            // Half-way to the neighbours; the hottest condition has no share, its hours are left out.
            let own = |dry_bulb: f64| {
                let nearest =
                    [35.0, 25.0, 15.0, 5.0, -5.0_f64].into_iter().fold(f64::INFINITY, |best: f64, of| {
                        if (of - dry_bulb).abs() < (best - dry_bulb).abs() { of } else { best }
                    });
                nearest == condition
            };
            let hours: Vec<usize> = (1..facility.len()).filter(|&k| own(outdoors[k])).collect();
            let mean = |of: &[f64]| hours.iter().map(|&k| of[k]).sum::<f64>() / hours.len() as f64;
            (power, it_power) = (power + share * mean(&facility), it_power + share * mean(&boards));
        }
        near("RM1", value("RM1"), power / it_power);
        assert!(lines["RM1"][7].shown().contains("given by the user"));
        // What was passed through says so, and every value says what it is.
        for code in PASSED {
            assert_eq!(lines[code][7].shown(), "given by the user", "{code}");
            assert_eq!(lines[code][8].shown(), "as given", "{code}");
        }
        for (code, cells) in lines.iter().filter(|(_, cells)| !matches!(cells[2], Cell::Missing(_))) {
            for k in [4, 5, 6, 7, 8] {
                assert!(!cells[k].shown().trim().is_empty(), "{code}: column {k}");
            }
        }
    }
}
