//! Sun, sky and wind over a step, from the hours of a weather: a time function, prepared before any component sees it.
//!
//! # Why here
//! A weather file gives means of hours; what a module sees follows from where the sun stands within them. Means of a step
//! are exact only where the hour is known, so they are made here, and components get vectors to which they apply their
//! own tilt (`plant::power::photovoltaic`). They are constant over a step and jump between steps.
//!
//! # Equations
//! In each hour with direct normal `DNI`, diffuse `DHI` and global `GHI`, of which the sun is up for the share `ℓ`:
//! ```text
//! DNI' = min(DNI/ℓ, E0)                 while the sun is up, so that ∫DNI' = DNI·1 h
//! A_i  = DNI'/E0                        anisotropy index
//! C    = DHI·A_i/(max(z, 0.01745)·ℓ)    around the sun, as if it came with it; z: mean height (sine) while it is up
//! s    = (DNI' + C)·direction           averaged over the step
//! D    = DHI − C·z·ℓ                    the even rest, held over the hour
//! G    = GHI, or DNI'·z·ℓ + DHI where the file has none, held over the hour
//! ```
//! so that the horizontal energy of the hour is that of the file, `∫(s_up + D) = ∫DNI'·sin h + DHI`, whatever the steps.
//! The direction is integrated in closed form between sunrise and sunset; declination and equation of time are those of
//! the middle of the hour. An hour in which the sun is never up has diffuse light only.
//!
//! # Source
//! Hay and Davies (1980), as pvlib's `irradiance.haydavies` (its limit 0.01745 on the sine of the height). That hours are
//! means of the hour before, and that the sun of an hour that holds a sunrise is that of its sunlit part: Wilcox and
//! Marion, *Users manual for TMY3 data sets*, NREL/TP-581-43156 (2008); recalled, to verify.

use super::sun::{Sun, TURN, start_of};
use super::{SampleError, Source, Weather};
use real::trigonometry::{arc_cosine, sin_cos};

/// The year in which typical years have their sun: in the middle of the cycle of leap years.
const TYPICAL_YEAR: i32 = 2002;
/// Lowest sine of the sun's height that light from around it is divided by.
const LOWEST: f64 = 0.017_45;

/// A table of sun and wind from within this distance is that of the site [km]. Beyond some 25 km a station says less of the sun of an hour
/// than a satellite does: Zelenka et al., *Effective accuracy of satellite-derived hourly irradiances*, Theor. Appl.
/// Climatol. 62 (1999); recalled, to verify. Twice that, since a year counts here.
pub const NEAR_KM: f64 = 50.0;
/// The sun of a site is this close to where its place and clock put it [h]. Five typical years of the US (TMY3) lie within
/// 0.33 h, of which morning fog and afternoon clouds are the cause.
pub const COURSE_H: f64 = 0.5;

/// What sun, sky and wind do over a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sky {
    /// From the sun and from around it, as a vector: east, north, up [W/m²].
    pub sun: [f64; 3],
    /// Even part of the sky [W/m²].
    pub even: f64,
    /// On level ground, all of it [W/m²].
    pub global: f64,
}

/// How the irradiance of a year fits the sun that its place and clock have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// How long after noon of the sun (before, where negative) the direct light has its mean [h].
    pub off_h: f64,
    /// Share of direct normal and diffuse light in hours in which the sun is never up.
    pub dark_share: f64,
}

impl Weather {
    /// How far from the station the table of sun and wind is [km], along a great circle of a sphere of 6371 km; nothing
    /// where the weather brings its own.
    #[must_use]
    pub fn sky_distance_km(&self) -> Option<f64> {
        let (of, at) = (self.sky_source.as_ref()?, &self.station);
        let unit = |latitude: f64, longitude: f64| {
            let ((up, level), (east, north)) =
                (sin_cos(latitude.to_radians()), sin_cos(longitude.to_radians()));
            [level * north, level * east, up]
        };
        let (a, b) = (unit(of.latitude_deg, of.longitude_deg), unit(at.latitude_deg, at.longitude_deg));
        let cosine: f64 = (0..3).map(|k| a[k] * b[k]).sum();
        Some(6371.0 * arc_cosine(cosine.clamp(-1.0, 1.0)))
    }

    /// How the irradiance fits the sun of the place; nothing without direct light.
    #[must_use]
    pub fn course_of_the_sun(&self) -> Option<Course> {
        let (mut east, mut south, mut dark, mut all) = (0.0, 0.0, 0.0, 0.0);
        for (k, hour) in self.hours.iter().enumerate() {
            let (direct, diffuse) = (hour.direct_normal?, hour.diffuse_horizontal?);
            let sun = self.sun(self.starts_s + (k as f64 + 0.5) * self.interval_s);
            let (sine, cosine) = sin_cos(sun.hour_angle);
            // Angles are averaged as directions: they have no ends.
            (east, south) = (east + direct * sine, south + direct * cosine);
            all += direct + diffuse;
            let half = 0.5 * self.interval_s * TURN;
            if sun.over(sun.hour_angle - half, sun.hour_angle + half).0 <= 0.0 {
                dark += direct + diffuse;
            }
        }
        let length = (east * east + south * south).sqrt();
        if length <= 0.0 {
            return None;
        }
        let angle = arc_cosine((south / length).clamp(-1.0, 1.0));
        let hours = angle / (3600.0 * TURN);
        Some(Course { off_h: if east < 0.0 { -hours } else { hours }, dark_share: dark / all })
    }

    /// Whether every hour says what the sun gives.
    #[must_use]
    pub fn has_sun(&self) -> bool {
        self.hours.iter().all(|hour| hour.direct_normal.is_some() && hour.diffuse_horizontal.is_some())
    }

    /// Whether every hour says how the wind blows.
    #[must_use]
    pub fn has_wind(&self) -> bool {
        self.hours.iter().all(|hour| hour.wind_speed.is_some())
    }

    /// Means of sun and sky from one time to a later one [s from the start of the year]; dark where the weather says
    /// nothing of them.
    ///
    /// # Errors
    /// [`SampleError`], as [`Weather::at`].
    pub fn sky(&self, from: f64, to: f64) -> Result<Sky, SampleError> {
        let mut sky = Sky::default();
        let length = to - from;
        if length.is_nan() || length <= 0.0 {
            return Ok(sky);
        }
        // Intervals of the file from `starts_s` on; a step may lie in several, and in several years.
        let first = ((from - self.starts_s) / self.interval_s + 1e-9).floor();
        let mut start = from;
        let mut index = first;
        while start < to - 1e-9 {
            let begin = self.starts_s + index * self.interval_s;
            let end = (begin + self.interval_s).min(to);
            let part = self.sky_of_hour(begin, start, end)?;
            let share = (end - start) / length;
            (0..3).for_each(|k| sky.sun[k] += share * part.sun[k]);
            sky.even += share * part.even;
            sky.global += share * part.global;
            (start, index) = (end, index + 1.0);
        }
        Ok(sky)
    }

    /// Means over a part of the hour that starts at `begin`.
    fn sky_of_hour(&self, begin: f64, from: f64, to: f64) -> Result<Sky, SampleError> {
        let middle = begin + 0.5 * self.interval_s;
        let hour = self.at(middle, super::Interpolation::Linear)?;
        let (direct, diffuse) = (hour.direct_normal.unwrap_or(0.0), hour.diffuse_horizontal.unwrap_or(0.0));
        let level = hour.global_horizontal;
        if direct <= 0.0 && diffuse <= 0.0 && level.is_none_or(|level| level <= 0.0) {
            return Ok(Sky::default());
        }
        let sun = self.sun(middle);
        let angle = |time: f64| sun.hour_angle + (time - middle) * TURN;
        let (lit, whole) = sun.over(angle(begin), angle(begin + self.interval_s));
        let share = lit / (self.interval_s * TURN);
        if lit <= 0.0 {
            return Ok(Sky { sun: [0.0; 3], even: diffuse, global: level.unwrap_or(diffuse) });
        }
        let height = whole[2] / lit;
        let while_up = (direct / share).min(sun.outside);
        let around = diffuse * while_up / sun.outside / (height.max(LOWEST) * share);
        let (_, along) = sun.over(angle(from), angle(to));
        let span = (to - from) * TURN;
        Ok(Sky {
            sun: along.map(|along| (while_up + around) * along / span),
            even: diffuse - around * height * share,
            global: level.unwrap_or(while_up * height * share + diffuse),
        })
    }

    /// The sun at a time of the year. A file of one calendar year has the sun of that year.
    #[must_use]
    pub fn sun(&self, seconds_from_year_start: f64) -> Sun {
        let year = match &self.source {
            Source::Epw { years, .. } | Source::Tmy3 { years, .. } => match years[..] {
                [year] if (1950..=2050).contains(&year) => year,
                _ => TYPICAL_YEAR,
            },
            Source::TypicalYear { .. } => TYPICAL_YEAR,
        };
        let of_year = seconds_from_year_start.rem_euclid(self.year_s);
        let days = start_of(year) + of_year / 86_400.0 - self.station.utc_offset_h / 24.0;
        Sun::at(days, self.station.latitude_deg, self.station.longitude_deg)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Hour, Station};
    use super::*;

    /// A whole year at 40° north on its zone's meridian: every hour with these values.
    fn weather(direct: f64, diffuse: f64, global: Option<f64>) -> Weather {
        let hour = Hour {
            dry_bulb: 290.0,
            dew_point: 280.0,
            humidity_ratio: 0.006,
            wet_bulb: 285.0,
            pressure: 1e5,
            direct_normal: Some(direct),
            diffuse_horizontal: Some(diffuse),
            global_horizontal: global,
            wind_speed: Some(3.0),
        };
        Weather {
            station: Station {
                name: "nowhere".into(),
                latitude_deg: 40.0,
                longitude_deg: 15.0,
                utc_offset_h: 1.0,
                elevation_m: 0.0,
            },
            source: Source::Tmy3 { file: String::new(), years: vec![] },
            hours: vec![hour; 8760],
            interval_s: 3600.0,
            starts_s: 0.0,
            year_s: 365.0 * 86_400.0,
            warnings: vec![],
            sky_source: None,
        }
    }

    /// Midsummer day.
    const DAY: f64 = 171.0 * 86_400.0;

    #[test]
    fn noon_is_where_the_meridian_says_and_the_sun_is_as_high_as_the_seasons() {
        // 40° north in midsummer: 90 − 40 + 23.44 = 73.44° high at noon; equation of time −1.6 min
        let [east, north, up] = weather(0.0, 0.0, None).sun(DAY + 12.0 * 3600.0).direction();
        assert!((up - 73.44_f64.to_radians().sin()).abs() < 1e-3 && north < 0.0 && east.abs() < 0.01);
        // In the morning it is in the east.
        assert!(weather(0.0, 0.0, None).sun(DAY + 8.0 * 3600.0).direction()[0] > 0.5);
    }

    #[test]
    fn the_horizontal_energy_of_an_hour_does_not_depend_on_the_steps() {
        let weather = weather(500.0, 120.0, Some(400.0));
        for hour in 0..24 {
            let start = DAY + f64::from(hour) * 3600.0;
            let whole = weather.sky(start, start + 3600.0).unwrap();
            let mut sum = [0.0; 5];
            for k in 0..9 {
                let sky =
                    weather.sky(start + 400.0 * f64::from(k), start + 400.0 * f64::from(k + 1)).unwrap();
                let parts = [sky.sun[0], sky.sun[1], sky.sun[2], sky.even, sky.global];
                (0..5).for_each(|i| sum[i] += parts[i] / 9.0);
            }
            let parts = [whole.sun[0], whole.sun[1], whole.sun[2], whole.even, whole.global];
            (0..5).for_each(|i| assert!((sum[i] - parts[i]).abs() < 1e-9, "{hour}: {sum:?} {parts:?}"));
            // Diffuse light is parted and not lost: without direct light from below it is all there.
            let sun = weather.sun(start + 1800.0);
            let (lit, along) =
                sun.over(sun.hour_angle - 0.5 * 3600.0 * TURN, sun.hour_angle + 0.5 * 3600.0 * TURN);
            let direct =
                if lit > 0.0 { (500.0 * 3600.0 * TURN / lit).min(sun.outside) * along[2] } else { 0.0 };
            let expected = direct / (3600.0 * TURN) + 120.0;
            assert!(
                (whole.sun[2] + whole.even - expected).abs() < 1e-9,
                "{hour}: {} {expected}",
                whole.sun[2]
            );
        }
    }

    #[test]
    fn a_clock_of_another_zone_moves_the_sun_and_puts_light_into_the_night() {
        // Light while the sun is up, as its own sine: symmetric about noon, nothing in the dark.
        let mut of = weather(0.0, 0.0, None);
        for k in 0..of.hours.len() {
            let up = of.sun((k as f64 + 0.5) * 3600.0).direction()[2].max(0.0);
            of.hours[k].direct_normal = Some(900.0 * up);
        }
        let course = of.course_of_the_sun().unwrap();
        assert!(course.off_h.abs() < 0.01 && course.dark_share == 0.0, "{course:?}");
        // Two time zones to the east the clock is two hours ahead, and so its light comes two hours before noon.
        of.station.utc_offset_h += 2.0;
        let course = of.course_of_the_sun().unwrap();
        assert!((course.off_h + 2.0).abs() < 0.01 && course.dark_share > 0.005, "{course:?}");
        of.station.utc_offset_h += 10.0;
        let course = of.course_of_the_sun().unwrap();
        assert!(course.off_h.abs() > 11.9 && course.dark_share > 0.5, "{course:?}");
    }

    #[test]
    fn a_degree_of_latitude_is_sixty_nautical_miles() {
        // 6371 km · π/180 = 111.19 km
        let mut of = weather(0.0, 0.0, None);
        assert_eq!(of.sky_distance_km(), None);
        let source = super::super::SkySource {
            file: "s.csv".into(),
            source: "made up".into(),
            latitude_deg: 41.0,
            longitude_deg: 15.0,
            cloudless: true,
            mean_days: true,
        };
        of.sky_source = Some(std::sync::Arc::new(source));
        assert!((of.sky_distance_km().unwrap() - 111.19).abs() < 0.01, "{:?}", of.sky_distance_km());
    }

    #[test]
    fn a_step_over_several_hours_is_their_mean() {
        let mut weather = weather(0.0, 100.0, None);
        let first = (DAY / 3600.0) as usize + 10;
        weather.hours[first].diffuse_horizontal = Some(300.0);
        // Half an hour of 300, then a whole one and a half of 100: 150 W/m²
        let start = DAY + 10.5 * 3600.0;
        let sky = weather.sky(start, start + 2.0 * 3600.0).unwrap();
        assert!((sky.even - 150.0).abs() < 1e-9 && (sky.global - 150.0).abs() < 1e-9, "{sky:?}");
    }

    #[test]
    fn at_night_diffuse_light_stays_and_direct_light_is_not_believed() {
        let weather = weather(500.0, 10.0, None);
        let sky = weather.sky(DAY, DAY + 3600.0).unwrap();
        assert_eq!((sky.sun, sky.even, sky.global), ([0.0; 3], 10.0, 10.0));
        assert_eq!(weather.sky(DAY, DAY).unwrap(), Sky::default());
    }

    #[test]
    fn an_hour_with_a_sunrise_has_its_light_after_it() {
        // Sunrise at 40° north in midsummer is near 4:32; the hour from 4:00 is lit for its last part only.
        let weather = weather(100.0, 0.0, None);
        let start = DAY + 4.0 * 3600.0;
        let first = weather.sky(start, start + 900.0).unwrap();
        let last = weather.sky(start + 2700.0, start + 3600.0).unwrap();
        assert!(first.sun == [0.0; 3] && last.sun[0] > 150.0, "{first:?} {last:?}");
    }
}
