//! Where the sun stands: a pure function of time and place.
//!
//! # Equations
//! With `n` days of universal time since 2000-01-01 12:00, angles in degrees:
//! ```text
//! L = 280.460 + 0.9856474·n           mean longitude, aberration included
//! g = 357.528 + 0.9856003·n           mean anomaly
//! λ = L + 1.915·sin g + 0.020·sin 2g  ecliptic longitude
//! ε = 23.439 − 4·10⁻⁷·n               obliquity
//! sin δ = sin ε·sin λ                 declination
//! α = λ − (180/π)·(t·sin 2λ − t²/2·sin 4λ + t³/3·sin 6λ),  t = tan²(ε/2)   right ascension
//! h = 15°·UT + longitude + L − α − 180°   hour angle, west positive: L − α is the equation of time
//! s = (−cos δ·sin h,  cos φ·sin δ − sin φ·cos δ·cos h,  sin φ·sin δ + cos φ·cos δ·cos h)   east, north, up
//! E0 = 1361/(1.00014 − 0.01671·cos g − 0.00014·cos 2g)² W/m²
//! ```
//! # Assumptions
//! The position is geometric: refraction lifts a sun on the horizon by half a degree and one at 5° by 0.16°, and is left
//! out. Universal time is taken for dynamical time.
//!
//! # Valid for
//! 1950 to 2050, within 0.01° of the almanac.
//!
//! # Source
//! *The Astronomical Almanac*, low-precision formulas for the Sun's coordinates (page C24), in the form of Michalsky, *The
//! Astronomical Almanac's algorithm for approximate solar position*, Solar Energy 40 (1988) 227–235. Solar constant: Kopp
//! and Lean (2011), 1361 W/m².
//!
//! # Verified by
//! The example of Reda and Andreas, *Solar Position Algorithm*, NREL/TP-560-34302 (2008), table A4.1, below; pvlib in
//! `tests/validation/pvlib`.

use real::trigonometry::{arc_cosine, sin_cos};

const DEGREE: f64 = std::f64::consts::PI / 180.0;
const DAY: f64 = 86_400.0;
/// The solar constant [W/m²].
const SOLAR_CONSTANT: f64 = 1361.0;
/// Hour angle that passes in a second of mean solar time [rad/s].
pub const TURN: f64 = 2.0 * std::f64::consts::PI / DAY;

/// The sun as seen from a place, for the hour or so around an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sun {
    /// Sine and cosine of the declination.
    declination: (f64, f64),
    /// Sine and cosine of the latitude.
    latitude: (f64, f64),
    /// Hour angle in −π…π [rad], 0 at noon and positive after it.
    pub hour_angle: f64,
    /// Irradiance outside of the atmosphere, on a plane that faces the sun [W/m²].
    pub outside: f64,
}

impl Sun {
    /// The sun at so many days of universal time after 2000-01-01 12:00.
    #[must_use]
    pub fn at(days: f64, latitude_deg: f64, longitude_deg: f64) -> Sun {
        let sine = |degrees: f64| sin_cos(degrees * DEGREE).0;
        let mean = 280.460 + 0.985_647_4 * days;
        let (_, cos_g) = sin_cos((357.528 + 0.985_600_3 * days) * DEGREE);
        let g = 357.528 + 0.985_600_3 * days;
        let longitude = mean + 1.915 * sine(g) + 0.020 * sine(2.0 * g);
        let (sin_obliquity, cos_obliquity) = sin_cos((23.439 - 4e-7 * days) * DEGREE);
        let t = (1.0 - cos_obliquity) / (1.0 + cos_obliquity);
        let shift = t * sine(2.0 * longitude) - 0.5 * t * t * sine(4.0 * longitude)
            + t * t * t / 3.0 * sine(6.0 * longitude);
        let ascension = longitude - shift / DEGREE;
        let sin_declination = sin_obliquity * sine(longitude);
        // Days begin at noon here, so that no half turn is left to take off.
        let turned = 360.0 * (days - days.floor());
        let angle = turned + longitude_deg + mean - ascension;
        let distance = 1.000_14 - 0.016_71 * cos_g - 0.000_14 * (2.0 * cos_g * cos_g - 1.0);
        Sun {
            declination: (sin_declination, (1.0 - sin_declination * sin_declination).sqrt()),
            latitude: sin_cos(latitude_deg * DEGREE),
            hour_angle: (angle - 360.0 * (angle / 360.0).round()) * DEGREE,
            outside: SOLAR_CONSTANT / (distance * distance),
        }
    }

    /// Unit vector towards it: east, north, up.
    #[must_use]
    pub fn direction(&self) -> [f64; 3] {
        let (sine, cosine) = sin_cos(self.hour_angle);
        self.along(1.0, sine, cosine)
    }

    /// The direction, from sums (or integrals) of 1, of the sine and of the cosine of the hour angle.
    fn along(&self, one: f64, sine: f64, cosine: f64) -> [f64; 3] {
        let ((sin_d, cos_d), (sin_l, cos_l)) = (self.declination, self.latitude);
        [
            -cos_d * sine,
            cos_l * sin_d * one - sin_l * cos_d * cosine,
            sin_l * sin_d * one + cos_l * cos_d * cosine,
        ]
    }

    /// Hour angle of the sunset [rad]: 0 in the polar night, π where the sun does not set.
    #[must_use]
    pub fn sunset(&self) -> f64 {
        let ((sin_d, cos_d), (sin_l, cos_l)) = (self.declination, self.latitude);
        let across = cos_l * cos_d;
        if across <= 1e-12 {
            return if sin_l * sin_d > 0.0 { std::f64::consts::PI } else { 0.0 };
        }
        arc_cosine(-sin_l * sin_d / across)
    }

    /// Integrals over an interval of the hour angle while the sun is up: of 1 [rad], and of the direction.
    ///
    /// Additive: what two intervals give is what both together give.
    #[must_use]
    pub fn over(&self, from: f64, to: f64) -> (f64, [f64; 3]) {
        let sunset = self.sunset();
        let (mut lit, mut sines, mut cosines) = (0.0, 0.0, 0.0);
        for day in [-1.0, 0.0, 1.0] {
            let noon = day * 2.0 * std::f64::consts::PI;
            let (a, b) = (from.max(noon - sunset), to.min(noon + sunset));
            if b > a {
                let ((sin_a, cos_a), (sin_b, cos_b)) = (sin_cos(a), sin_cos(b));
                lit += b - a;
                sines += cos_a - cos_b;
                cosines += sin_b - sin_a;
            }
        }
        (lit, self.along(lit, sines, cosines))
    }
}

/// Days from 2000-01-01 12:00 to the start of a year of the Gregorian calendar.
#[must_use]
pub fn start_of(year: i32) -> f64 {
    let before = i64::from(year) - 1;
    let leaps = |y: i64| y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400);
    (365 * (before - 1999) + leaps(before) - leaps(1999)) as f64 - 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degrees([east, north, up]: [f64; 3]) -> (f64, f64) {
        (up.acos() / DEGREE, east.atan2(north).to_degrees().rem_euclid(360.0))
    }

    #[test]
    fn years_start_when_they_do() {
        // 2000-01-01 is half a day before noon; 2000 has 366 days, 2003 begins 366 + 365 + 365 days later.
        assert_eq!((start_of(2000), start_of(2001), start_of(2003)), (-0.5, 365.5, 1095.5));
        assert_eq!(start_of(1999), -365.5);
    }

    /// Golden, Colorado, 17 October 2003, 12:30:30, 7 h behind: zenith 50.11162°, azimuth 194.34024° with a refraction of
    /// 0.016°; without it the zenith is 50.127°.
    #[test]
    fn the_example_of_the_solar_position_algorithm_is_met_within_a_hundredth_of_a_degree() {
        let days = start_of(2003) + 289.0 + (12.0 + 7.0 + 30.5 / 60.0) / 24.0;
        let sun = Sun::at(days, 39.742_476, -105.178_6);
        let (zenith, azimuth) = degrees(sun.direction());
        assert!((zenith - (50.111_62 + 0.016)).abs() < 0.01, "{zenith}");
        assert!((azimuth - 194.340_24).abs() < 0.01, "{azimuth}");
        assert!((sun.outside / SOLAR_CONSTANT - 1.0 / (0.996_542_f64 * 0.996_542)).abs() < 1e-4);
    }

    #[test]
    fn the_direction_is_a_unit_vector_and_its_integral_that_of_many_instants() {
        let sun = Sun::at(start_of(2002) + 100.3, 33.45, -111.98);
        let [e, n, u] = sun.direction();
        assert!((e * e + n * n + u * u - 1.0).abs() < 1e-14);
        let (lit, whole) = sun.over(-0.5, 0.7);
        let mut sum = [0.0; 3];
        for k in 0..10_000 {
            let angle = -0.5 + 1.2 * (f64::from(k) + 0.5) / 1e4;
            let d = Sun { hour_angle: angle, ..sun }.direction();
            (0..3).for_each(|i| sum[i] += d[i] * 1.2e-4);
        }
        assert!(
            (lit - 1.2).abs() < 1e-14 && (0..3).all(|i| (sum[i] - whole[i]).abs() < 1e-8),
            "{whole:?} {sum:?}"
        );
    }

    #[test]
    fn where_the_sun_does_not_set_it_shines_all_day_and_where_it_does_not_rise_never() {
        // 80° north at the end of June and of December
        let of = |day: f64| Sun::at(start_of(2002) + day, 80.0, 0.0);
        assert_eq!(of(175.0).sunset(), std::f64::consts::PI);
        assert_eq!((of(355.0).sunset(), of(355.0).over(-1.0, 1.0).0), (0.0, 0.0));
        // An hour across midnight of the summer is lit all through: the day before and the day after share it.
        let half = std::f64::consts::PI / 24.0;
        let (lit, _) = of(175.0).over(std::f64::consts::PI - half, std::f64::consts::PI + half);
        assert!((lit - 2.0 * half).abs() < 1e-14);
    }
}
