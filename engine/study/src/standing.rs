//! What holds of a case from the first moment to the last, and a reader of its figures must know.

use crate::notes::Note;
use plant::declare::{Outdoor, Role};
use plant::plant::Plant;
use scenario::Case;
use scenario::weather::{COURSE_H, NEAR_KM};
use serde_json::{Value, json};

/// Most light in hours without sun that nobody asks after: what rounding of sunrise to hours makes.
const DARK_SHARE: f64 = 0.005;

/// The notes on a case, whatever its run.
pub(crate) fn notes(case: &Case) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code: &str, text: String, values: Vec<(&'static str, String)>| {
        notes.push(Note {
            component: "site".into(),
            from_s: case.run.start_s,
            to_s: case.run.start_s + case.run.length_s,
            duration_s: case.run.length_s,
            count: 1,
            text,
            code: code.into(),
            values,
        });
    };
    let weather = &case.weather;
    if reads_sun(&case.plant) {
        if let Some(sky) = &weather.sky_source {
            let file = || vec![("file", sky.file.clone())];
            if sky.cloudless {
                let text = format!(
                    "the sun of {} has no clouds: what it generates is an upper bound; what is bought, its carbon and its \
                     cost are lower bounds",
                    sky.file
                );
                note("sky-cloudless", text, file());
            }
            if sky.mean_days {
                let text = format!(
                    "{} has the mean day of each month for all of its days: right for the energy of a month, too good for \
                     matching hour by hour",
                    sky.file
                );
                note("sky-mean-days", text, file());
            }
        }
        if let Some(km) = weather.sky_distance_km().filter(|km| *km > NEAR_KM) {
            let km = format!("{km:.0}");
            let text = format!("sun and wind are those of a place {km} km away");
            note("sky-of-another-place", text, vec![("km", km)]);
        }
        let off = |of: &scenario::weather::Course| of.off_h.abs() > COURSE_H || of.dark_share > DARK_SHARE;
        if let Some(course) = weather.course_of_the_sun().filter(off) {
            let (hours, share) =
                (format!("{:+.1}", course.off_h), format!("{:.1}", 100.0 * course.dark_share));
            let text = format!(
                "the light of the weather is {hours} h off the sun of its place and clock, and {share} % of it falls into hours \
                 without sun"
            );
            note("sky-off-the-sun", text, vec![("hours", hours), ("share", share)]);
        }
    }
    if let Some(tariff) = case.tariff.as_ref().filter(|tariff| tariff.electricity < 0.0) {
        let price = format!("{} {}", tariff.electricity * 3.6e6, tariff.currency);
        let text = format!("the price of electricity is negative, {price}/kWh: using more lowers the cost");
        note("negative-price", text, vec![("price", price)]);
    }
    notes
}

/// Whether anything of a plant generates from the sun.
pub(crate) fn reads_sun(plant: &Plant) -> bool {
    let reads = |role: Role| matches!(role, Role::Outdoor(Outdoor::SunUp | Outdoor::Sky));
    plant.units.iter().any(|unit| unit.kind.declaration().inputs.iter().any(|input| reads(input.role)))
}

/// Where sun and wind come from, for `summary.json`; null where the weather brings its own, or has none.
pub(crate) fn sky_json(case: &Case) -> Value {
    case.weather.sky_source.as_ref().map_or(Value::Null, |sky| {
        json!({
            "file": sky.file,
            "source": sky.source,
            "latitude_deg": sky.latitude_deg,
            "longitude_deg": sky.longitude_deg,
            "distance_km": crate::report::optional(case.weather.sky_distance_km()),
            "clouds": if sky.cloudless { "none" } else { "included" },
            "mean_days": sky.mean_days,
            "upper_bound": sky.cloudless,
        })
    })
}
