//! A typical year generated from monthly normals: deterministic by seed, checked to give its normals back.
//!
//! # Equations
//! For day `d` and hour `h`, values between noons interpolated linearly:
//!
//! ```text
//! dry bulb(d, h)  = μ(d) + σ·z(d) + A(d)·v(d)·(f̄ − f(h))
//! dew point(d, h) = min( δ(d) + a(d)·σ·z(d) + β·y(d),  dry bulb(d, h) )
//! ```
//!
//! | symbol | meaning |
//! |---|---|
//! | `z`, `y` | independent first-order autoregressive series, closed to a circle over the year, with mean 0, variance 1 and no drift in each month; `y` is bent to have its long tail on the dry side |
//! | `f(h)` | fraction of the daily range below the maximum, the same for every day; `f̄` its mean |
//! | `v` | variation of the daily range around 1 |
//! | `μ`, `δ` | smooth curves through mid-month values |
//! | `A`, `a` | polygons through mid-month values |
//! | `σ`, `β` | one value per month |
//!
//! `μ`, `σ` and `A` are iterated until every month of the finished hours has its mean dry bulb, its spread
//! of daily means and its mean daily range; `δ` until it has its mean dew point; `β` until its mean
//! relative humidity (over ice below 0 °C, as in `media::moist_air`) is near, within the bounds of what
//! is measured.
//!
//! # Assumptions
//! Six measured years (Shanghai, Tucson, San Francisco, Golden, Tampa, Chicago) show what stands in
//! brackets:
//! * Memory of `z` and `y` from one day to the next 0.65 (0.8 for `z` where the spread of daily means reaches
//!   the daily range); the finished daily means, less the drift of each month, have 0.64 and 0.61 (0.55 to 0.63 for dry bulb, 0.49 to 0.73 for dew point).
//! * The daily range varies by 30 % (19 to 48 %), independently of the rest.
//! * The dew point follows the dry bulb's anomalies: fully in cold and humid months, by 40 % from 25 °C
//!   up (slopes about 1 in humid winters, 0.3 to 0.8 in summer), less with a mean depression above 8 K and
//!   not at all from 20 K (about 0 in the desert).
//! * The diurnal shape belongs to local standard time and to no season; pressure is constant.
//!
//! # Valid for
//! Economiser hours, annual energy and water of a typical year. The tails are plausible, not fitted: over
//! all climates the dry bulb exceeded in 0.4 % of the hours lies 0.3 K below the design condition on average
//! (1.2 K r.m.s., worst Sydney 4 K below), the wet bulb 0.1 K above (0.9 K r.m.s.); cold extremes are 1 K
//! too mild (2 K r.m.s.). Size equipment by [`Climate::design`]. There is no irradiance and no wind: what
//! needs them takes a weather file.
//!
//! # Source
//! Autoregressive anomalies around seasonal means: C. W. Richardson, *Stochastic simulation of daily
//! precipitation, temperature, and solar radiation*, Water Resources Research 17, 1981, 182–190. Diurnal
//! shape: ASHRAE Handbook Fundamentals 2017, chapter 14, table 6. The dew point model is ours.
//!
//! # Verified by
//! The tests of this file: every climate, several seeds, every month against its normals.

use super::calendar::{HOUR, Year};
use super::curves::{between_noons, linear, month_hours, monthly, smooth, standardised, stepped};
use super::noise::Stream;
use super::{Climate, Hour, Source, Station, Weather};
use media::moist_air;

/// Correlation of one day's anomaly with the next, before the drift of each month is taken out; and where the
/// spread of daily means reaches the daily range: steps from day to day are part of the range.
const MEMORY: f64 = 0.65;
const SLOW_MEMORY: f64 = 0.8;

/// Standard deviation of the daily range over its mean.
const RANGE_VARIATION: f64 = 0.3;

/// Mean depression of the dew point, K, up to which it follows the dry bulb fully, and from which not.
const HUMID: f64 = 8.0;
const ARID: f64 = 20.0;

/// Mean dry bulb, K, up to which the dew point follows it fully, and from which only by [`IN_HEAT`].
const COOL: f64 = 278.15;
const HOT: f64 = 298.15;
const IN_HEAT: f64 = 0.4;

/// How far the dew point's own anomalies lean to the dry side: moist air is bounded by the warmth of its
/// origin, dry air is not. With it the tail of the wet bulb agrees with the design conditions.
const LEAN: f64 = 0.3;

/// Bounds of the dew point's own spread `β`, K (measured: 0.9 to 5.9), and where its search starts.
const OWN_SPREAD: (f64, f64) = (0.5, 8.0);
const OWN_SPREAD_START: f64 = 2.0;

/// Relative humidity this near to its normal is left alone: half of the normals are rounded, and taken
/// from mean temperatures.
const NEAR: f64 = 0.02;

/// Fraction of the daily range below the daily maximum at 01:00 to 24:00 local standard time.
const BELOW_MAXIMUM: [f64; 24] = [
    0.88, 0.92, 0.95, 0.98, 1.00, 0.98, 0.91, 0.74, 0.55, 0.38, 0.23, 0.13, //
    0.05, 0.00, 0.00, 0.06, 0.14, 0.24, 0.39, 0.50, 0.59, 0.68, 0.75, 0.82,
];

/// Fitting ends when no month is further off than this, K, or after the rounds: what is out of reach of the
/// parameters, such as a daily range smaller than the steps from day to day, stays off.
const CLOSE: f64 = 0.01;
const ROUNDS: usize = 30;

const YEAR: Year = Year::COMMON;

/// Generates the year of a climate. The same climate and seed give the same bits on every machine.
#[must_use]
pub fn generate(climate: &Climate, seed: u64) -> Weather {
    let pressure = climate.pressure;
    let Air { dry_bulb, dew_point } = air(climate, seed);
    let hour = |(dry_bulb, dew_point): (f64, f64)| {
        let humidity_ratio = moist_air::humidity_ratio_from_dew_point(dew_point, pressure);
        Hour {
            dry_bulb,
            dew_point,
            humidity_ratio,
            wet_bulb: moist_air::wet_bulb(dry_bulb, humidity_ratio, pressure).min(dry_bulb),
            pressure,
            direct_normal: None,
            diffuse_horizontal: None,
            global_horizontal: None,
            wind_speed: None,
        }
    };
    Weather {
        station: Station {
            name: climate.title.clone(),
            latitude_deg: climate.latitude_deg,
            longitude_deg: climate.longitude_deg,
            utc_offset_h: climate.utc_offset_h,
            elevation_m: climate.elevation_m,
        },
        source: Source::TypicalYear {
            climate: climate.id.clone(),
            seed,
            confidence: climate.confidence.clone(),
            normals: climate.source_monthly.clone(),
        },
        hours: dry_bulb.into_iter().zip(dew_point).map(hour).collect(),
        interval_s: HOUR,
        starts_s: 0.0,
        year_s: YEAR.hours() as f64 * HOUR,
        warnings: Vec::new(),
        sky_source: None,
    }
}

/// How far `x` is on its way between two values: 0 before the first, 1 after the second.
fn share(x: f64, from: f64, to: f64) -> f64 {
    ((x - from) / (to - from)).clamp(0.0, 1.0)
}

/// Hourly temperatures, K.
struct Air {
    dry_bulb: Vec<f64>,
    dew_point: Vec<f64>,
}

fn air(climate: &Climate, seed: u64) -> Air {
    let series = |purpose, memory| {
        standardised(Stream::new(seed, &climate.id, purpose).persistent(YEAR.days(), memory))
    };
    let normals = &climate.monthly;
    let ratios =
        normals.daily_mean_spread.iter().zip(&normals.daily_range).map(|(spread, range)| spread / range);
    let slow = share(ratios.fold(0.0, f64::max), 0.8, 1.0);
    let range = Stream::new(seed, &climate.id, "daily range");
    let variation: Vec<f64> = (0..YEAR.days() as u64)
        .map(|day| (1.0 + RANGE_VARIATION * range.normal(day)).clamp(0.2, 1.8))
        .collect();
    let (dry_bulb, anomaly) =
        dry_bulb(climate, &series("dry bulb", MEMORY + (SLOW_MEMORY - MEMORY) * slow), &variation);
    let dew_point = dew_point(climate, &dry_bulb, &anomaly, &series("dew point", MEMORY));
    Air { dry_bulb, dew_point }
}

/// The hourly dry bulb, and the anomaly of each day.
fn dry_bulb(climate: &Climate, z: &[f64], variation: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let normals = &climate.monthly;
    let mean_fraction = BELOW_MAXIMUM.iter().sum::<f64>() / 24.0;
    let mut level = normals.dry_bulb;
    let mut spread = normals.daily_mean_spread;
    let mut range = normals.daily_range;
    let mut round = 0;
    loop {
        let anomaly: Vec<f64> = stepped(&spread).iter().zip(z).map(|(spread, z)| spread * z).collect();
        let base: Vec<f64> =
            smooth(&level).iter().zip(&anomaly).map(|(mean, anomaly)| mean + anomaly).collect();
        let swing: Vec<f64> = linear(&range).iter().zip(variation).map(|(range, v)| range * v).collect();
        let hours: Vec<f64> = between_noons(&base)
            .zip(between_noons(&swing))
            .enumerate()
            .map(|(hour, (base, swing))| base + swing * (mean_fraction - BELOW_MAXIMUM[hour % 24]))
            .collect();
        let mut furthest = 0.0_f64;
        for (month, found) in monthly(&hours).into_iter().enumerate() {
            let wanted = normals.daily_mean_spread[month];
            let off = normals.dry_bulb[month] - found.mean;
            let too_narrow = normals.daily_range[month] - found.range;
            let growth = (wanted / found.spread).clamp(0.5, 2.0);
            level[month] += off;
            spread[month] = (spread[month] * growth).clamp(0.02 * wanted, 5.0 * wanted);
            range[month] = (range[month] + too_narrow).max(0.0);
            furthest = furthest.max(off.abs()).max(too_narrow.abs()).max(wanted * (growth - 1.0).abs());
        }
        round += 1;
        if round == ROUNDS || furthest < CLOSE {
            return (hours, anomaly);
        }
    }
}

/// The hourly dew point.
fn dew_point(climate: &Climate, dry_bulb: &[f64], anomaly: &[f64], y: &[f64]) -> Vec<f64> {
    let normals = &climate.monthly;
    let saturated: Vec<f64> = dry_bulb.iter().map(|&t| moist_air::saturation_pressure(t)).collect();
    let coupling: [f64; 12] = std::array::from_fn(|month| {
        let (dry, dew) = (normals.dry_bulb[month], normals.dew_point[month]);
        (1.0 - share(dry - dew, HUMID, ARID)) * (1.0 - (1.0 - IN_HEAT) * share(dry, COOL, HOT))
    });
    let carried: Vec<f64> = linear(&coupling).iter().zip(anomaly).map(|(a, anomaly)| a * anomaly).collect();
    let y = standardised(y.iter().map(|y| y - LEAN * (y * y - 1.0)).collect());
    let mut level = normals.dew_point;
    let mut own = [OWN_SPREAD_START; 12];
    let mut round = 0;
    loop {
        let own_days = stepped(&own);
        let days: Vec<f64> = smooth(&level)
            .iter()
            .enumerate()
            .map(|(d, mean)| mean + carried[d] + own_days[d] * y[d])
            .collect();
        let free: Vec<f64> = between_noons(&days).collect();
        let mut furthest = 0.0_f64;
        let mut hours = Vec::with_capacity(free.len());
        for (month, span) in month_hours().enumerate() {
            let (free, dry) = (&free[span.clone()], &dry_bulb[span.clone()]);
            let offset = saturating_offset(free, dry, normals.dew_point[month]);
            hours.extend(free.iter().zip(dry).map(|(dew, dry)| (dew + offset).min(*dry)));
            level[month] += offset;
            let humidity = hours[span.clone()]
                .iter()
                .zip(&saturated[span])
                .map(|(dew, saturated)| moist_air::saturation_pressure(*dew) / saturated)
                .sum::<f64>()
                / free.len() as f64;
            // A wider spread raises the mean humidity, which is convex in the dew point: about 1 % per K.
            let missing = normals.relative_humidity[month] - humidity;
            let missing = missing - missing.clamp(-NEAR, NEAR);
            let spread = (own[month] + 50.0 * missing).clamp(OWN_SPREAD.0, OWN_SPREAD.1);
            furthest = furthest.max(offset.abs()).max((spread - own[month]).abs());
            own[month] = spread;
        }
        round += 1;
        if round == ROUNDS || furthest < CLOSE {
            return hours;
        }
    }
}

/// What to add to the dew points of a month so that their mean, none above its dry bulb, is `wanted`.
fn saturating_offset(dew: &[f64], dry: &[f64], wanted: f64) -> f64 {
    let mean = |offset: f64| {
        dew.iter().zip(dry).map(|(dew, dry)| (dew + offset).min(*dry)).sum::<f64>() / dew.len() as f64
    };
    // Growing and concave in the offset, so that Newton's method climbs to the root from the left without
    // passing it; the first step, with all hours free, cannot pass it either.
    let mut offset = wanted - dew.iter().sum::<f64>() / dew.len() as f64;
    for _ in 0..12 {
        let free = dew.iter().zip(dry).filter(|(dew, dry)| *dew + offset < **dry).count();
        if free == 0 {
            break;
        }
        offset += (wanted - mean(offset)) * dew.len() as f64 / free as f64;
    }
    offset
}

#[cfg(test)]
mod tests;
