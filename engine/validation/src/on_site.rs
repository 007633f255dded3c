//! Sun, plane of array and inverters against pvlib: `tests/validation/pvlib`.

use crate::component::Component;
use crate::source::{Kind, Source};
use crate::{Case, Checks, Fault, Row, Table, Worst};
use scenario::weather::Weather;
use scenario::weather::sun::Sun;

/// NREL's SPA, Hay and Davies, Faiman, PVWatts.
pub const PVLIB: Source = Source {
    id: "pvlib",
    title: "pvlib 0.16.1 (NREL SPA, Hay and Davies, Faiman, PVWatts; Ineichen and Perez's clear skies)",
    kind: Kind::Program,
    tables: "tests/validation/pvlib",
};

/// What is compared here.
pub const CASES: &[Case] = &[
    Case {
        id: "sun",
        title: "Direction of the sun, 1990 to 2030",
        source: &PVLIB,
        covers: &["sun"],
        evaluate: sun,
    },
    Case {
        id: "plane_of_array",
        title: "Irradiance of a tilted plane",
        source: &PVLIB,
        covers: &["Photovoltaic"],
        evaluate: plane,
    },
    Case {
        id: "array_power",
        title: "Cells and inverters",
        source: &PVLIB,
        covers: &["Photovoltaic"],
        evaluate: power,
    },
    Case {
        id: "clear_days",
        title: "Days from hourly means against minutes",
        source: &PVLIB,
        covers: &["Photovoltaic", "sun"],
        evaluate: days,
    },
];

const DEGREE: f64 = std::f64::consts::PI / 180.0;

macro_rules! table {
    ($name:literal) => {
        Table::read($name, include_str!(concat!("../../../tests/validation/pvlib/", $name)))
    };
}

/// 1.2 MW of modules on 1 MW of inverters.
fn modules(tilt: f64, azimuth: f64) -> Result<Component, Fault> {
    let given = [
        ("rating_dc", 1.2e6),
        ("rating_ac", 1e6),
        ("tilt", tilt * DEGREE),
        ("azimuth", azimuth * DEGREE),
        ("ground_reflectance", 0.2),
        ("temperature_coefficient", 0.0035),
        ("incidence_loss", 0.05),
        ("losses", 0.14),
        ("inverter_efficiency", 0.96),
    ];
    Component::new("Photovoltaic", &given)
}

/// Directions east, north, up of a zenith distance and an azimuth.
fn direction(zenith: f64, azimuth: f64) -> [f64; 3] {
    let (z, a) = (zenith * DEGREE, azimuth * DEGREE);
    [z.sin() * a.sin(), z.sin() * a.cos(), z.cos()]
}

fn sun(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = Worst::absolute("direction", "angle between the two directions", "°");
    for row in table!("sun_position.csv")?.rows() {
        let [days, latitude, longitude, zenith, azimuth] = row.all([
            "days_since_2000_noon_utc",
            "latitude_deg",
            "longitude_deg",
            "zenith_deg",
            "azimuth_deg",
        ])?;
        let (ours, theirs) = (Sun::at(days, latitude, longitude).direction(), direction(zenith, azimuth));
        let apart: f64 = (0..3).map(|k| (ours[k] - theirs[k]) * (ours[k] - theirs[k])).sum::<f64>().sqrt();
        worst.compare(
            2.0 * (0.5 * apart).asin() / DEGREE,
            0.0,
            &format!("{latitude}° north, zenith {zenith}°"),
        );
    }
    let remains =
        "the Almanac's low-precision formulas are good to 0.01°; SPA counts perturbations of the planets";
    checks.worst(worst, 400, 0.015, remains);
    Ok(())
}

fn plane(checks: &mut Checks) -> Result<(), Fault> {
    let mut worst = Worst::relative("irradiance", "irradiance, relative to at least 1 W/m²", "W/m²");
    for row in table!("plane_of_array.csv")?.rows() {
        let [zenith, azimuth, dni, dhi, ghi, extra, tilt, plane, poa] = row.all([
            "zenith_deg",
            "azimuth_deg",
            "dni",
            "dhi",
            "ghi",
            "extra",
            "tilt_deg",
            "plane_azimuth_deg",
            "poa",
        ])?;
        let direction = direction(zenith, azimuth);
        let around = dhi * dni / extra / direction[2].max(0.01745);
        let sun = direction.map(|d| (dni + around) * d);
        let outputs = modules(tilt, plane)?.evaluate(&[
            ("sun_east", sun[0]),
            ("sun_north", sun[1]),
            ("sun_up", sun[2]),
            ("sky", dhi - around * direction[2]),
            ("global", ghi),
            ("dry_bulb", 300.0),
        ])?;
        worst.compare_in(
            outputs("irradiance")?,
            poa,
            poa.max(1.0),
            &format!("tilt {tilt}°, zenith {zenith}°"),
        );
    }
    checks.worst(worst, 300, 1e-6, "six printed decimals");
    Ok(())
}

fn power(checks: &mut Checks) -> Result<(), Fault> {
    let mut cells = Worst::absolute("cell", "cell temperature", "°C");
    let mut power = Worst::relative("power", "alternating current, of the rating", "W");
    let modules = modules(0.0, 180.0)?;
    for row in table!("array_power.csv")?.rows() {
        let [incidence, beam, diffuse, dry_bulb, wind, cell, ac] =
            row.all(["incidence_deg", "beam", "diffuse", "dry_bulb_c", "wind", "cell_c", "ac_w"])?;
        // Level modules, and the sun at this angle to them.
        let length = if incidence < 89.9 { beam / (incidence * DEGREE).cos() } else { 0.0 };
        let outputs = modules.evaluate(&[
            ("demand", 5e6),
            ("sun_north", -length * (incidence * DEGREE).sin()),
            ("sun_up", beam),
            ("sky", diffuse),
            ("dry_bulb", dry_bulb + 273.15),
            ("wind_speed", wind),
        ])?;
        let at = format!("incidence {incidence}°, {dry_bulb} °C");
        cells.compare(outputs("cell_temperature")? - 273.15, cell, &at);
        power.compare_in(outputs("generated")?, ac, 1e6, &at);
    }
    checks.worst(cells, 300, 2e-6, "six printed decimals");
    checks.worst(power, 300, 1e-9, "four printed decimals, of 1 MW");
    Ok(())
}

/// A year that is dark but for one day, whose hours are given.
fn day(of: &Weather, place: [f64; 3], day: usize, hours: &[(f64, f64)]) -> Weather {
    let mut weather = of.clone();
    [weather.station.latitude_deg, weather.station.longitude_deg, weather.station.utc_offset_h] = place;
    for (k, hour) in weather.hours.iter_mut().enumerate() {
        let given = k.checked_sub(24 * day).and_then(|k| hours.get(k)).copied().unwrap_or((0.0, 0.0));
        (hour.direct_normal, hour.diffuse_horizontal) = (Some(given.0), Some(given.1));
        hour.global_horizontal = None;
    }
    weather
}

fn days(checks: &mut Checks) -> Result<(), Fault> {
    let site = scenario::load(std::path::Path::new("phoenix_solar"), &[]).map_err(|problems| {
        Fault::Site(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })?;
    let mut energy = Worst::relative("day", "energy of a day, beyond 5 Wh/m²", "Wh/m²");
    let mut hourly = Worst::absolute("hour", "mean of an hour", "W/m²");
    let table = table!("clear_days.csv")?;
    let rows: Vec<Row> = table.rows().collect();
    for block in rows.chunks(24) {
        let [latitude, longitude, offset, date, tilt, plane] = block[0].all([
            "latitude_deg",
            "longitude_deg",
            "utc_offset_h",
            "day_of_2002",
            "tilt_deg",
            "plane_azimuth_deg",
        ])?;
        let mut hours = Vec::new();
        for row in block {
            let [direct, diffuse] = row.all(["dni", "dhi"])?;
            hours.push((direct, diffuse));
        }
        let weather = day(&site.case.weather, [latitude, longitude, offset], date as usize, &hours);
        let modules = modules(tilt, plane)?;
        let at = format!("{latitude}° north, day {date}, tilt {tilt}° towards {plane}°");
        let (mut ours, mut theirs) = (0.0, 0.0);
        for (k, row) in block.iter().enumerate() {
            let start = (24.0 * date + k as f64) * 3600.0;
            let mut mean = 0.0;
            for quarter in 0..4 {
                let from = start + 900.0 * f64::from(quarter);
                let sky = weather.sky(from, from + 900.0).map_err(|bad| Fault::Missing(bad.to_string()))?;
                let outputs = modules.evaluate(&[
                    ("sun_east", sky.sun[0]),
                    ("sun_north", sky.sun[1]),
                    ("sun_up", sky.sun[2]),
                    ("sky", sky.even),
                    ("global", sky.global),
                    ("dry_bulb", 300.0),
                ])?;
                mean += 0.25 * outputs("irradiance")?;
            }
            let expected = row.get("poa_mean")?;
            hourly.compare(mean, expected, &format!("{at}, hour {k}"));
            ours += mean;
            theirs += expected;
        }
        // 5 Wh/m² are granted where the day has hardly more than an hour of low sun.
        let beyond = if ours > theirs { (ours - 5.0).max(theirs) } else { (ours + 5.0).min(theirs) };
        energy.compare(beyond, theirs, &at);
    }
    let within = "an hour's mean does not say how the light rises within it: around sunrise more of it comes from the higher sun than an \
                  even spread assumes";
    checks.worst(energy, 36, 7e-3, within);
    checks.worst(hourly, 864, 15.0, within);
    Ok(())
}
