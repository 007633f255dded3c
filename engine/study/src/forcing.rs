//! What drives a run from outside: weather and workloads.

use scenario::weather::Sky;

/// Outdoor air at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outdoors {
    /// Dry bulb [K].
    pub dry_bulb: f64,
    /// Wet bulb [K].
    pub wet_bulb: f64,
    /// Humidity ratio [kg/kg].
    pub humidity_ratio: f64,
    /// Barometric pressure [Pa].
    pub pressure: f64,
    /// Sun and sky, the same over a step.
    pub sky: Sky,
    /// Wind speed [m/s].
    pub wind_speed: f64,
}

impl Outdoors {
    pub(crate) fn get(&self, what: plant::declare::Outdoor) -> f64 {
        match what {
            plant::declare::Outdoor::DryBulb => self.dry_bulb,
            plant::declare::Outdoor::WetBulb => self.wet_bulb,
            plant::declare::Outdoor::HumidityRatio => self.humidity_ratio,
            plant::declare::Outdoor::Pressure => self.pressure,
            plant::declare::Outdoor::SunEast => self.sky.sun[0],
            plant::declare::Outdoor::SunNorth => self.sky.sun[1],
            plant::declare::Outdoor::SunUp => self.sky.sun[2],
            plant::declare::Outdoor::Sky => self.sky.even,
            plant::declare::Outdoor::Global => self.sky.global,
            plant::declare::Outdoor::WindSpeed => self.wind_speed,
        }
    }
}

/// The outside world as a function of time [s from the start of the year].
pub trait Forcing: Sync {
    /// Outdoor air at `time`.
    ///
    /// # Errors
    /// A sentence where the series does not reach that far.
    fn outdoors(&self, time: f64) -> Result<Outdoors, String>;
    /// Outdoor air over a step: at its start and its end, between which it is linear. Sun and sky are means of the step.
    ///
    /// # Errors
    /// As [`Forcing::outdoors`].
    fn over(&self, from: f64, to: f64) -> Result<[Outdoors; 2], String> {
        Ok([self.outdoors(from)?, self.outdoors(to)?])
    }
    /// Mean of a workload's signal over an interval.
    fn signal(&self, series: usize, from: f64, to: f64) -> f64;
    /// What fails or changes during the run, in the order of time.
    fn events(&self) -> &[scenario::case::Event] {
        &[]
    }
}
