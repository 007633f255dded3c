//! What the shipped sites are to show, with the reasons: each test prints the figures it judges.

mod support;

use engine::study::metrics::Summary;
use std::path::Path;
use std::sync::LazyLock;
use support::sites::{run, span, used};

/// Categories of electricity with their names.
fn categories(summary: &Summary) -> impl Iterator<Item = (&'static str, f64)> + '_ {
    summary.energy_kwh.iter().map(|(u, kwh)| (u.name(), *kwh))
}

/// Electricity that is not IT equipment [kWh].
fn plant_energy(summary: &Summary) -> f64 {
    summary.metrics.facility_energy_kwh - summary.metrics.it_energy_kwh
}

fn year(site: &str) -> Summary {
    run(site, &[]).1
}

static EVAPORATIVE: LazyLock<Summary> = LazyLock::new(|| year("phoenix_evaporative"));

#[test]
fn cold_plates_do_the_same_work_with_less_than_air() {
    let [air, plates] = ["harbin_air", "harbin_cold_plate"].map(year);
    for (name, s) in [("air", &air), ("cold plates", &plates)] {
        println!(
            "{name:<12} TUE {:.4}  PUE {:.4}  ITUE {:.4}  facility {:.0} MWh  boards {:.0}  server fans {:.0}",
            s.metrics.tue.unwrap(),
            s.metrics.pue.unwrap(),
            s.metrics.itue.unwrap(),
            s.metrics.facility_energy_kwh / 1e3,
            used(s, "it") / 1e3,
            used(s, "server_fans") / 1e3
        );
    }
    // Both carry 281 racks of equal chips with one workload and one seed: the work is equal. Cooler chips leak
    // less, so the boards draw a little less; more than a few per cent would be other work.
    let boards = used(&plates, "it") / used(&air, "it");
    assert!(boards < 1.0 && boards > 0.95, "the boards draw {boards:.4} of those in air");
    // The fans of cold plate racks move what the memory and the supplies give off, not what the chips do.
    assert!(used(&plates, "server_fans") < 0.6 * used(&air, "server_fans"));
    assert!(plates.metrics.tue < air.metrics.tue, "TUE does not fall");
    assert!(plates.metrics.facility_energy_kwh < air.metrics.facility_energy_kwh);
    // PUE alone would hide it: server fans are IT equipment. The figure that counts work must save more.
    let [tue, pue] = [
        air.metrics.tue.unwrap() / plates.metrics.tue.unwrap(),
        air.metrics.pue.unwrap() / plates.metrics.pue.unwrap(),
    ];
    assert!(tue > pue, "TUE falls by a factor {tue:.4}, PUE by {pue:.4}");
}

#[test]
fn not_a_litre_costs_electricity_in_phoenix() {
    let (wet, dry) = (&*EVAPORATIVE, year("phoenix_zero_water"));
    for (name, s) in [("evaporative", wet), ("zero water", &dry)] {
        let list: Vec<String> = categories(s).map(|(c, kwh)| format!("{c} {:.0}", kwh / 1e3)).collect();
        let (pue, wue) = (s.metrics.pue.unwrap(), s.metrics.wue_site_l_per_kwh.unwrap());
        println!("{name:<12} PUE {pue:.4}  WUE {wue:.4} L/kWh  MWh: {}", list.join(", "));
    }
    assert_eq!(dry.metrics.wue_site_l_per_kwh, Some(0.0));
    assert_eq!(dry.metrics.water_m3, 0.0);
    assert!(dry.water_m3.iter().all(|(_, m3)| *m3 == 0.0), "{:?}", dry.water_m3);
    assert!(wet.metrics.wue_site_l_per_kwh > Some(1.0));
    // The dry bulb lies up to 20 K above the wet bulb: warmer condensers and no economizer.
    assert!(
        dry.metrics.pue > wet.metrics.pue,
        "PUE {:.4} without water, {:.4} with it",
        dry.metrics.pue.unwrap(),
        wet.metrics.pue.unwrap()
    );
    let mechanical = |s: &Summary| used(s, "compressors") + used(s, "heat_rejection_fans");
    assert!(mechanical(&dry) > mechanical(wet));
}

#[test]
fn free_cooling_grows_towards_the_north() {
    let hours = ["guangzhou", "shanghai", "beijing", "harbin"].map(|climate| {
        let constant = ("racks.hall.workload", "Constant(utilisation: 0.85)");
        let (_, summary) = run("harbin_air", &[("site.climate", climate), constant]);
        let hours = summary.metrics.free_cooling_hours;
        println!("{climate:<10} {hours:6.0} h without compressor, PUE {:.4}", summary.metrics.pue.unwrap());
        (climate, hours, summary.metrics.pue.unwrap())
    });
    for pair in hours.windows(2) {
        let [(south, fewer, high), (north, more, low)] = [pair[0], pair[1]];
        assert!(more > fewer, "{north} has {more:.0} h without compressor, {south} {fewer:.0} h");
        assert!(low < high, "{north} has a PUE of {low:.4}, {south} of {high:.4}");
    }
}

#[test]
fn a_hall_that_idles_pays_for_its_fixed_losses() {
    let full = &*EVAPORATIVE;
    let (_, idle) = run("phoenix_evaporative", &[("racks.hall.workload.utilisation", "0.2")]);
    let share = |s: &Summary, kwh: f64| kwh / s.metrics.it_energy_kwh;
    let rise = idle.metrics.pue.unwrap() - full.metrics.pue.unwrap();
    println!("PUE {:.4} at 85 %, {:.4} at 20 %", full.metrics.pue.unwrap(), idle.metrics.pue.unwrap());
    let it = ["it", "server_fans", "psu_loss"];
    let (mut sum, mut fixed) = (0.0, 0.0);
    for (category, kwh) in categories(&idle).filter(|(c, _)| !it.contains(c)) {
        let part = share(&idle, kwh) - share(full, used(full, category));
        // What were proportional to the IT load would not change its share.
        let kept = kwh / used(full, category);
        println!(
            "  {category:<20}{part:+9.4} of PUE, {:.0} % of the rise; energy kept {kept:.2}",
            100.0 * part / rise
        );
        sum += part;
        if ["ups_loss", "transformer_loss", "pumps", "other"].contains(&category) {
            let load = idle.metrics.it_energy_kwh / full.metrics.it_energy_kwh;
            assert!(
                kept > load,
                "{category} falls to {kept:.2} where the IT load falls to {load:.2}: it is not fixed"
            );
            fixed += part;
        }
    }
    assert!(rise > 0.02, "PUE rises by {rise:.4} only");
    assert!((sum - rise).abs() < 1e-9, "the parts explain {sum:.6} of {rise:.6}");
    assert!(fixed > 0.75 * rise, "UPS, transformer, pumps and house explain {:.0} %", 100.0 * fixed / rise);
    let largest = categories(&idle)
        .filter(|(c, _)| !it.contains(c))
        .map(|(c, kwh)| (share(&idle, kwh) - share(full, used(full, c)), c))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(largest.map(|l| l.1), Some("ups_loss"), "a UPS at a fifth of its load is expected to lead");
}

#[test]
fn warmer_water_saves_plant_energy_until_leakage_eats_it() {
    /// Facility water follows the cold plate supply at this distance [K].
    const BELOW: i32 = 6;
    let supplies: Vec<i32> = (24..=52).step_by(4).collect();
    let weeks = [("mild", 74.0), ("hot", 199.0)];
    println!("supply   boards    plant facility  of two weeks [MWh]; facility of the mild, the hot week");
    let table: Vec<[f64; 5]> = (supplies.iter())
        .map(|supply| {
            let (supply_text, facility_text) = (format!("{supply} °C"), format!("{} °C", supply - BELOW));
            let [mild, hot] = weeks.map(|(_, from)| {
                let settings = [
                    ("run.period", span(from, 7.0)),
                    ("cdu.supply_setpoint", supply_text.clone()),
                    ("controls.facility_water.at", facility_text.clone()),
                ];
                let (_, summary) = run("nvl72_pod", &settings.each_ref().map(|s| (s.0, s.1.as_str())));
                let throttled = summary.notes.iter().any(|note| note.text.contains("throttled"));
                assert!(!throttled, "at {supply} °C the chips throttle: not the same work");
                summary
            });
            let of = |what: &dyn Fn(&Summary) -> f64| [&mild, &hot].map(|s| what(s) / 1e3);
            let boards: f64 = of(&|s| used(s, "it")).iter().sum();
            let plant: f64 = of(&plant_energy).iter().sum();
            let facility = of(&|s| s.metrics.facility_energy_kwh);
            let total: f64 = facility.iter().sum();
            println!(
                "{supply:4} °C{boards:9.2}{plant:9.2}{total:9.2}                      {:9.2}{:9.2}",
                facility[0], facility[1]
            );
            [boards, plant, total, facility[0], facility[1]]
        })
        .collect();
    // More leakage at every step but those where the weather, not the set-point, makes the water.
    let column = |k: usize| table.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let boards = column(0);
    assert!(boards.windows(2).all(|pair| pair[1] >= pair[0] * (1.0 - 1e-6)), "{boards:.3?}");
    assert!(boards[boards.len() - 1] > 1.03 * boards[0], "leakage hardly shows: {boards:.3?}");
    // Less plant at every step of the cooler half, by tens of per cent.
    let plant = column(1);
    assert!(plant[..plant.len() / 2].windows(2).all(|pair| pair[1] < pair[0]), "{plant:.3?}");
    let least_plant = plant.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(least_plant < 0.8 * plant[0], "{plant:.3?}");
    for (name, k) in [("two weeks", 2), ("the mild week", 3), ("the hot week", 4)] {
        let facility = column(k);
        let best = (0..facility.len()).min_by(|&a, &b| facility[a].total_cmp(&facility[b])).unwrap();
        println!("least electricity of {name} at {} °C", supplies[best]);
        assert!(
            best > 0 && best + 1 < facility.len(),
            "no turning point of {name} between {} and {} °C: {facility:.2?}",
            supplies[0],
            supplies[supplies.len() - 1]
        );
    }
}

#[test]
fn the_year_of_a_weather_file_runs_hour_by_hour() {
    let Some(reference) = std::env::var_os("ISOTHERM_REFERENCE") else {
        println!("\n*** ISOTHERM_REFERENCE is not set: NO real weather file was run. ***\n");
        eprintln!("\n*** ISOTHERM_REFERENCE is not set: NO real weather file was run. ***\n");
        return;
    };
    let file = Path::new(&reference).join("weather/USA_AZ_Davis-Monthan.AFB.722745_TMY3.epw");
    assert!(file.exists(), "ISOTHERM_REFERENCE is set, but {} does not exist", file.display());
    let (outcome, summary) = run("phoenix_evaporative", &[("site.weather", file.to_str().unwrap())]);
    let m = &summary.metrics;
    println!(
        "PUE {:.4}, WUE {:.3} L/kWh, {:?}",
        m.pue.unwrap(),
        m.wue_site_l_per_kwh.unwrap(),
        summary.closure
    );
    assert_eq!(summary.hours, 8760.0);
    assert_eq!(outcome.trajectory.len(), 8760 * 4 + 1);
    // Tucson is drier and cooler than Phoenix: the same order of everything.
    assert!((m.pue.unwrap() - EVAPORATIVE.metrics.pue.unwrap()).abs() < 0.03);
    assert!(m.wue_site_l_per_kwh > Some(1.0) && m.wue_site_l_per_kwh < Some(3.0));
    let c = summary.closure;
    assert!([c.energy_relative, c.water_relative, c.energy_worst].iter().all(|r| r.abs() <= 1e-9), "{c:?}");
    // The file's own extremes arrive: no hour is left out and none is made up.
    let dry_bulb = outcome.trajectory.named("weather.dry_bulb").unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let rows: Vec<f64> = (text.lines().skip(8))
        .filter_map(|line| line.split(',').nth(6).and_then(|t| t.trim().parse().ok()))
        .collect();
    assert_eq!(rows.len(), 8760);
    let extremes = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let (low, high) = extremes(&mut rows.iter().copied());
    let (seen_low, seen_high) = extremes(&mut dry_bulb.iter().map(|k| k - 273.15));
    assert!(
        (low - seen_low).abs() < 0.2 && (high - seen_high).abs() < 0.2,
        "{low}…{high}: {seen_low}…{seen_high}"
    );
}
