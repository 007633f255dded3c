//! Psychrometrics of each hour, and what is doubtful about the whole.

use super::fill::Series;
use super::series::{DRIEST, Field, Period};
use super::warning::WeatherWarning;
use super::{Hour, Station};
use media::moist_air;

/// Disagreement of relative humidity and dew point from which a file is doubted, per cent points.
const DISAGREEMENT: f64 = 10.0;

/// Disagreement of mean pressure and standard atmosphere from which a file is doubted; weather systems
/// move a yearly mean by less than half of it.
const PRESSURE_DOUBT: f64 = 0.04;

/// Completed columns to hours.
pub(super) fn conclude(
    series: &Series,
    period: Period,
    station: &Station,
    warnings: &mut Vec<WeatherWarning>,
) -> Vec<Hour> {
    let (mut saturated, mut worst_k, mut worst_points) = (0, 0.0_f64, 0.0_f64);
    let (mut disagreeing, mut worst, mut worst_at) = (0, 0.0_f64, 0);
    let mut hours = Vec::with_capacity(period.hours);
    let rows = (0..period.hours).map(|index| series.each_ref().map(|column| column[index]));
    for (index, row) in rows.enumerate() {
        let of = |field: Field| row[field as usize];
        let (Some(dry_bulb), Some(dew), Some(relative), Some(pressure)) =
            (of(Field::DryBulb), of(Field::DewPoint), of(Field::RelativeHumidity), of(Field::Pressure))
        else {
            continue;
        };
        let dew_point = dew.min(dry_bulb);
        let relative_humidity = relative.clamp(DRIEST, 1.0);
        if dew > dry_bulb || relative > 1.0 {
            saturated += 1;
            worst_k = worst_k.max(dew - dry_bulb);
            worst_points = worst_points.max(100.0 * (relative - 1.0));
        }
        let humidity_ratio =
            moist_air::humidity_ratio_from_relative_humidity(dry_bulb, relative_humidity, pressure);
        let by_dew_point = moist_air::relative_humidity(
            dry_bulb,
            moist_air::humidity_ratio_from_dew_point(dew_point, pressure),
            pressure,
        );
        let points = 100.0 * (by_dew_point - relative_humidity).abs();
        if points > DISAGREEMENT {
            disagreeing += 1;
            if points > worst {
                (worst, worst_at) = (points, index);
            }
        }
        hours.push(Hour {
            dry_bulb,
            dew_point,
            humidity_ratio,
            wet_bulb: moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure).min(dry_bulb),
            pressure,
            direct_normal: of(Field::DirectNormal),
            diffuse_horizontal: of(Field::DiffuseHorizontal),
            global_horizontal: of(Field::GlobalHorizontal),
            wind_speed: of(Field::WindSpeed),
        });
    }
    if saturated > 0 {
        warnings.push(WeatherWarning::Saturated { hours: saturated, worst_k, worst_points });
    }
    if disagreeing > 0 {
        warnings.push(WeatherWarning::HumidityDisagrees {
            hours: disagreeing,
            worst,
            stamp: period.stamp(worst_at),
            tolerance: DISAGREEMENT,
        });
    }
    let mean = hours.iter().map(|hour| hour.pressure).sum::<f64>() / hours.len().max(1) as f64;
    let standard = moist_air::standard_pressure(station.elevation_m);
    if (mean / standard - 1.0).abs() > PRESSURE_DOUBT {
        warnings.push(WeatherWarning::PressureElevation {
            mean_kpa: mean / 1e3,
            standard_kpa: standard / 1e3,
            elevation_m: station.elevation_m,
        });
    }
    hours
}
