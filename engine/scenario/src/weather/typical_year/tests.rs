//! Typical years against the normals and design conditions they are made from.

use super::*;

fn named(id: &str) -> Climate {
    Climate::named(id).unwrap()
}

/// The value that is exceeded in a share of the hours.
fn exceeded(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() - 1 - (share * values.len() as f64) as usize]
}

#[test]
fn every_month_of_every_climate_gives_its_normals_back() {
    let names = ["dry bulb", "dew point", "relative humidity", "daily range", "spread of daily means"];
    // K, K, per cent points, K, K
    let tolerances = [0.1, 0.3, 4.0, 0.5, 0.3];
    let mut worst = [0.0_f64; 5];
    for (id, _) in Climate::catalogue() {
        let climate = named(id);
        for seed in [1, 2, 2026] {
            let Air { dry_bulb, dew_point } = air(&climate, seed);
            let (dry, dew, normals) = (monthly(&dry_bulb), monthly(&dew_point), &climate.monthly);
            for (month, span) in month_hours().enumerate() {
                let count = span.len() as f64;
                let humidity = span.map(|hour| {
                    moist_air::saturation_pressure(dew_point[hour])
                        / moist_air::saturation_pressure(dry_bulb[hour])
                });
                let humidity = humidity.sum::<f64>() / count;
                let errors = [
                    dry[month].mean - normals.dry_bulb[month],
                    dew[month].mean - normals.dew_point[month],
                    100.0 * (humidity - normals.relative_humidity[month]),
                    dry[month].range - normals.daily_range[month],
                    dry[month].spread - normals.daily_mean_spread[month],
                ];
                for (k, error) in errors.into_iter().enumerate() {
                    assert!(
                        error.abs() <= tolerances[k],
                        "{id}, seed {seed}, month {}: {} is off by {error:.3}",
                        month + 1,
                        names[k],
                    );
                    worst[k] = worst[k].max(error.abs());
                }
            }
        }
    }
    println!("worst errors: {names:?} {worst:.3?}");
}

#[test]
fn the_tails_are_near_the_design_conditions() {
    // Mean and r.m.s. over the climates of what is exceeded in 0.4 % of the hours, against the records.
    let (mut dry, mut wet) = (Vec::new(), Vec::new());
    for (id, _) in Climate::catalogue() {
        let climate = named(id);
        let hours = generate(&climate, 1).hours;
        let design = climate.design;
        if let (Some(dry_bulb), Some(wet_bulb)) = (design.dry_bulb_0p4, design.wet_bulb_0p4) {
            dry.push(exceeded(hours.iter().map(|hour| hour.dry_bulb).collect(), 0.004) - dry_bulb);
            wet.push(exceeded(hours.iter().map(|hour| hour.wet_bulb).collect(), 0.004) - wet_bulb);
        }
    }
    assert_eq!(dry.len(), 42);
    for (name, errors, bias, scatter) in [("dry bulb", dry, 0.6, 1.4), ("wet bulb", wet, 0.4, 1.0)] {
        let n = errors.len() as f64;
        let mean = errors.iter().sum::<f64>() / n;
        let root = (errors.iter().map(|e| e * e).sum::<f64>() / n).sqrt();
        println!("{name}: mean {mean:.2} K, r.m.s. {root:.2} K");
        assert!(mean.abs() < bias && root < scatter, "{name}: mean {mean} K, r.m.s. {root} K");
    }
}

#[test]
fn the_air_of_every_hour_is_possible() {
    for id in ["harbin", "mumbai", "kajaani", "phoenix", "johannesburg"] {
        let climate = named(id);
        let weather = generate(&climate, 7);
        assert_eq!(weather.hours.len(), 8760);
        assert!(weather.is_whole_year());
        for hour in &weather.hours {
            let Hour { dry_bulb, dew_point, wet_bulb, humidity_ratio, .. } = *hour;
            // The wet bulb of saturated air is found to rounding; dew points below 0 °C count over ice.
            let between = dew_point <= wet_bulb + 1e-6 && wet_bulb <= dry_bulb;
            assert!(between, "{id}: {dew_point} {wet_bulb} {dry_bulb}");
            assert!(humidity_ratio > 0.0 && humidity_ratio < 0.04 && dry_bulb > 213.0 && dry_bulb < 330.0);
            assert_eq!(
                (hour.pressure, hour.global_horizontal, hour.wind_speed),
                (climate.pressure, None, None)
            );
        }
    }
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let harbin = named("harbin");
    assert_eq!(generate(&harbin, 3), generate(&harbin, 3));
    let (three, four) = (generate(&harbin, 3).hours, generate(&harbin, 4).hours);
    let differing = three.iter().zip(&four).filter(|(a, b)| (a.dry_bulb - b.dry_bulb).abs() > 1.0).count();
    assert!(differing > 4000, "{differing}");
}

#[test]
fn the_numbers_of_a_seed_do_not_change_between_versions() {
    let hours = generate(&named("harbin"), 7).hours;
    let rows = [0, 13, 4000, 8759].map(|row: usize| hours[row]);
    let microkelvin = |value: f64| (value * 1e6).round() as i64;
    let dry = rows.map(|hour| microkelvin(hour.dry_bulb));
    let dew = rows.map(|hour| microkelvin(hour.dew_point));
    assert_eq!(dry, [254_182_907, 258_847_636, 299_276_836, 254_414_894]);
    assert_eq!(dew, [252_710_820, 252_867_555, 288_818_511, 252_701_357]);
}

#[test]
fn new_year_is_a_night_like_any_other() {
    let hours = generate(&named("kajaani"), 5).hours;
    let step = |a: usize, b: usize| (hours[a].dry_bulb - hours[b].dry_bulb).abs();
    let steepest = (0..8759).map(|hour| step(hour, hour + 1)).fold(0.0, f64::max);
    assert!(step(8759, 0) <= steepest && steepest < 5.0, "{} {steepest}", step(8759, 0));
}

#[test]
fn the_hottest_hour_of_a_mean_day_is_14_or_15_and_the_coldest_5() {
    let hours = generate(&named("singapore"), 1).hours;
    let mean = |h: usize| hours.iter().skip(h).step_by(24).map(|hour| hour.dry_bulb).sum::<f64>() / 365.0;
    let day: Vec<f64> = (0..24).map(mean).collect();
    let hottest = (0..24).max_by(|a, b| day[*a].total_cmp(&day[*b])).unwrap() + 1;
    let coldest = (0..24).min_by(|a, b| day[*a].total_cmp(&day[*b])).unwrap() + 1;
    assert!([14, 15].contains(&hottest) && coldest == 5, "{hottest} {coldest}");
}

#[test]
fn only_free_hours_move_with_an_offset() {
    // Dew points 0 and 0 under dry bulbs 1 and 9: a mean of 3 takes min(5, 1) + min(5, 9) = 6.
    let offset = saturating_offset(&[0.0, 0.0], &[1.0, 9.0], 3.0);
    assert!((offset - 5.0).abs() < 1e-12, "{offset}");
}
