//! A record of `models/climates/` as written, and its way to SI.

use super::{Climate, ClimateError, ClimateProblem, DesignConditions, Normals};
use serde::Deserialize;
use units::Quantity;

/// A record as written. Texts are quantities with their units.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Climate")]
pub(super) struct Record {
    title: String,
    country: String,
    latitude: String,
    longitude: String,
    elevation: String,
    utc_offset: String,
    pressure: String,
    grid: String,
    monthly: MonthlyRecord,
    design: DesignRecord,
    confidence: String,
    source_monthly: String,
    source_design: String,
    #[serde(default)]
    notes: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MonthlyRecord {
    dry_bulb: Vec<String>,
    dew_point: Vec<String>,
    relative_humidity: Vec<String>,
    daily_range: Vec<String>,
    daily_mean_spread: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct DesignRecord {
    dry_bulb_0p4: Option<String>,
    coincident_wet_bulb_0p4: Option<String>,
    dry_bulb_1p0: Option<String>,
    wet_bulb_0p4: Option<String>,
    wet_bulb_1p0: Option<String>,
    heating_dry_bulb_99p6: Option<String>,
    extreme_dry_bulb: Option<String>,
    gb50736_dry_bulb: Option<String>,
    gb50736_wet_bulb: Option<String>,
}

/// Reads quantities and collects what is wrong with them.
#[derive(Default)]
struct Check {
    problems: Vec<ClimateProblem>,
}

impl Check {
    /// The value in SI; with a problem noted, any number will do.
    fn read(&mut self, path: &str, text: &str, quantity: Quantity, low: f64, high: f64) -> f64 {
        let path = || path.to_owned();
        match quantity.parse(text) {
            Err(error) => self.problems.push(ClimateProblem::Quantity { path: path(), error }),
            Ok(value) if (low..=high).contains(&value) => return value,
            Ok(value) => {
                let [value, low, high] = [value, low, high].map(|x| quantity.display(x));
                self.problems.push(ClimateProblem::Range { path: path(), value, low, high });
            }
        }
        low
    }

    fn monthly(
        &mut self,
        name: &str,
        texts: &[String],
        quantity: Quantity,
        low: f64,
        high: f64,
    ) -> [f64; 12] {
        let mut values = [low; 12];
        if texts.len() != values.len() {
            let path = format!("monthly.{name}");
            self.problems.push(ClimateProblem::Months { path, found: texts.len() });
        }
        for (month, (value, text)) in values.iter_mut().zip(texts).enumerate() {
            *value = self.read(&format!("monthly.{name}[{month}]"), text, quantity, low, high);
        }
        values
    }

    fn design(&mut self, name: &str, text: Option<&String>) -> Option<f64> {
        text.map(|text| self.read(&format!("design.{name}"), text, Quantity::Temperature, 183.15, 333.15))
    }
}

impl Record {
    /// The climate in SI, or every value that cannot be.
    pub fn check(self, id: &str) -> Result<Climate, ClimateError> {
        let mut check = Check::default();
        let degrees = std::f64::consts::PI / 180.0;
        let mut angle = |path, text: &str, most: f64| {
            check.read(path, text, Quantity::Angle, -most * degrees, most * degrees) / degrees
        };
        let latitude_deg = angle("latitude", &self.latitude, 90.0);
        let longitude_deg = angle("longitude", &self.longitude, 180.0);
        let elevation_m = check.read("elevation", &self.elevation, Quantity::Length, -500.0, 6000.0);
        let utc_offset_h =
            check.read("utc_offset", &self.utc_offset, Quantity::Duration, -43_200.0, 50_400.0) / 3600.0;
        let pressure = check.read("pressure", &self.pressure, Quantity::Pressure, 45e3, 108e3);
        let m = &self.monthly;
        let monthly = Normals {
            dry_bulb: check.monthly("dry_bulb", &m.dry_bulb, Quantity::Temperature, 203.15, 323.15),
            dew_point: check.monthly("dew_point", &m.dew_point, Quantity::Temperature, 193.15, 308.15),
            relative_humidity: check.monthly(
                "relative_humidity",
                &m.relative_humidity,
                Quantity::Ratio,
                0.01,
                1.0,
            ),
            daily_range: check.monthly(
                "daily_range",
                &m.daily_range,
                Quantity::TemperatureDifference,
                0.5,
                30.0,
            ),
            daily_mean_spread: check.monthly(
                "daily_mean_spread",
                &m.daily_mean_spread,
                Quantity::TemperatureDifference,
                0.1,
                15.0,
            ),
        };
        let d = &self.design;
        let design = DesignConditions {
            dry_bulb_0p4: check.design("dry_bulb_0p4", d.dry_bulb_0p4.as_ref()),
            coincident_wet_bulb_0p4: check
                .design("coincident_wet_bulb_0p4", d.coincident_wet_bulb_0p4.as_ref()),
            dry_bulb_1p0: check.design("dry_bulb_1p0", d.dry_bulb_1p0.as_ref()),
            wet_bulb_0p4: check.design("wet_bulb_0p4", d.wet_bulb_0p4.as_ref()),
            wet_bulb_1p0: check.design("wet_bulb_1p0", d.wet_bulb_1p0.as_ref()),
            heating_dry_bulb_99p6: check.design("heating_dry_bulb_99p6", d.heating_dry_bulb_99p6.as_ref()),
            extreme_dry_bulb: check.design("extreme_dry_bulb", d.extreme_dry_bulb.as_ref()),
            gb50736_dry_bulb: check.design("gb50736_dry_bulb", d.gb50736_dry_bulb.as_ref()),
            gb50736_wet_bulb: check.design("gb50736_wet_bulb", d.gb50736_wet_bulb.as_ref()),
        };
        if check.problems.is_empty() {
            let above = |month: &usize| monthly.dew_point[*month] > monthly.dry_bulb[*month];
            let found = (0..12).filter(above).map(|month| ClimateProblem::Supersaturated { month });
            check.problems.extend(found);
        }
        if !check.problems.is_empty() {
            return Err(ClimateError::Refused { climate: id.to_owned(), problems: check.problems });
        }
        Ok(Climate {
            id: id.to_owned(),
            title: self.title,
            country: self.country,
            latitude_deg,
            longitude_deg,
            elevation_m,
            utc_offset_h,
            pressure,
            grid: self.grid,
            monthly,
            design,
            confidence: self.confidence,
            source_monthly: self.source_monthly,
            source_design: self.source_design,
            notes: self.notes,
        })
    }
}
