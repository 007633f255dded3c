//! Sun and wind: where they come from, whether they are those of the site, and who needs them.

use super::Checker;
use crate::catalogue;
use crate::node::Node;
use crate::problem::{Raised, code};
use crate::read::fetch::Content;
use crate::weather::Weather;
use plant::declare::{Outdoor, Role};
use plant::kernel::Kind;
use std::sync::Arc;

/// A sky from farther away is that of another place [km]: engineering knowledge, to verify.
const FAR_KM: f64 = 250.0;
/// Beyond this, place and clock contradict the sun [h].
const COURSE_MOST_H: f64 = 1.5;
/// Most of a year's irradiance that hours without sun may have.
const DARK_MOST: f64 = 0.05;

impl Checker<'_> {
    /// Sun and wind from a table. Whether they are there, and those of the site.
    pub(super) fn complete_sky(&mut self, weather: Option<&mut Arc<Weather>>, named: &Node) -> bool {
        let scenario = self.scenario;
        let Some(file) = scenario.sky_file(named) else {
            if named.as_text().is_some() {
                let ids: Vec<&str> = catalogue::skies().map(|(id, _)| id).collect();
                let message = "a built-in site names a sky of the catalogue, not a file";
                let raised = Raised::error(code::WEATHER_MISSING, "site.sky", named.at, message);
                self.add(raised.help(format!("there are {}", ids.join(", "))));
            }
            return false;
        };
        let sky = match &file.content {
            Ok(Content::Sky(sky)) => sky,
            Ok(_) => return false,
            Err(raised) => {
                self.add(raised.clone());
                return false;
            }
        };
        self.note_input(&file.name, file.bytes.clone());
        let Some(weather) = weather else { return true };
        let own = weather.has_sun() || weather.has_wind();
        sky.complete(Arc::make_mut(weather));
        let replaces = if own { ", in place of the weather's own" } else { "" };
        let clear =
            if sky.source.cloudless { "; no clouds: an upper bound of what the sun gives" } else { "" };
        self.inferred.push(format!("sun and wind are those of {}{replaces}{clear}", file.name));
        let Some(far) = weather.sky_distance_km().filter(|km| *km > FAR_KM) else { return true };
        let (of, at) = (&sky.source, &weather.station);
        let message = format!(
            "{} is the sky of {}, {far:.0} km away from the site at {} ({}): its sun is not that of the site",
            of.file,
            place(of.latitude_deg, of.longitude_deg),
            place(at.latitude_deg, at.longitude_deg),
            weather.source
        );
        let help = "take a weather file with sun (site.weather, without sky), or a table of this place \
                    (docs/guide/on_site.md shows the format)";
        self.add(Raised::error(code::WEATHER, "site.sky", named.at, message).help(help));
        false
    }

    /// What generates from sun or wind needs a weather that has them, and a sun that stands where the place and the clock
    /// of the weather put it.
    pub(super) fn sun_and_wind(&mut self, weather: &Weather) {
        let missing: Vec<(String, &str)> = (self.units.iter())
            .filter_map(|draft| {
                let sun = reads_sun(draft.kind) && !weather.has_sun();
                let wind = reads(draft.kind, &[Outdoor::WindSpeed]) && !weather.has_wind();
                let what = match (sun, wind) {
                    (true, true) => "the direct normal and diffuse irradiance and the wind speed",
                    (true, false) => "the direct normal and diffuse irradiance",
                    (false, true) => "the wind speed",
                    (false, false) => return None,
                };
                Some((draft.path.clone(), what))
            })
            .collect();
        let site = self.root().get("site");
        let at = site.map_or(self.root().at, |site| site.at);
        for (path, what) in missing {
            let message = format!(
                "{path} needs {what} of each hour, which this weather does not have: {}",
                weather.source
            );
            let help = "write weather: \"files/place.epw\" (or --set site.weather=FILE.epw), or beside a climate \
                        sky: \"clear_phoenix\" or a CSV file of your own; docs/guide/on_site.md shows its format";
            self.add(Raised::error(code::WEATHER_MISSING, path, at, message).help(help));
        }
        if weather.has_sun() && self.units.iter().any(|draft| reads_sun(draft.kind)) {
            let path = if weather.sky_source.is_some() { "site.sky" } else { "site.weather" };
            let at = site.and_then(|site| site.get(&path[5..])).map_or(at, |node| node.at);
            self.course_of_the_sun(weather, path, at);
        }
    }

    fn course_of_the_sun(&mut self, weather: &Weather, path: &str, at: crate::node::At) {
        let Some(course) = weather.course_of_the_sun() else { return };
        if course.off_h.abs() <= COURSE_MOST_H && course.dark_share <= DARK_MOST {
            return;
        }
        let station = &weather.station;
        let when = if course.off_h < 0.0 { "before" } else { "after" };
        let message = format!(
            "its sun does not shine when it stands above the site: at {}, {:+} h of UTC, it is strongest {:.1} h {when} noon \
             of the sun, and {:.0} % of it falls into hours without sun",
            place(station.latitude_deg, station.longitude_deg),
            station.utc_offset_h,
            course.off_h.abs(),
            100.0 * course.dark_share
        );
        let help = match path {
            "site.sky" => {
                "rows are of local standard time, hour 0 from midnight to 1 o'clock: move them to that of the site"
            }
            _ => "longitude and time zone of the file's first line do not fit its hours: mend them",
        };
        self.add(Raised::error(code::WEATHER, path, at, message).help(help));
    }
}

fn reads(kind: &dyn Kind, what: &[Outdoor]) -> bool {
    let inputs = kind.declaration().inputs;
    inputs.iter().any(|i| matches!(i.role, Role::Outdoor(read) if what.contains(&read)))
}

fn reads_sun(kind: &dyn Kind) -> bool {
    reads(kind, &[Outdoor::SunUp, Outdoor::Sky])
}

/// A place as people write it.
fn place(latitude: f64, longitude: f64) -> String {
    let (north, east) = (if latitude < 0.0 { "S" } else { "N" }, if longitude < 0.0 { "W" } else { "E" });
    format!("{:.1}° {north} {:.1}° {east}", latitude.abs(), longitude.abs())
}
