//! Climates: monthly normals, design conditions and pressure of a place, as `models/climates/` holds them.
//!
//! # Definitions
//! * `daily_range` is the mean over a month's days of maximum minus minimum dry bulb.
//! * `daily_mean_spread` is the standard deviation of the daily means of a month, the season's drift
//!   within the month included.
//! * `relative_humidity` is the mean of the hours; it is not the humidity of mean dry bulb and mean dew
//!   point, and serves to check what is generated from them.
//! * `…_0p4` and `…_1p0` are exceeded in 0.4 % and 1 % of the hours of a year, `…_99p6` in 99.6 %.
//!
//! # Source
//! Each record names its own and a confidence: A for a data set or several that agree, B for a secondary
//! or partly recalled source, C for recalled values that want verification.

mod record;

use thiserror::Error;
use units::UnitError;

/// Identifiers and texts of the built-in climates.
macro_rules! catalogue {
    ($($id:literal)*) => {
        &[$(($id, include_str!(concat!("../../../../models/climates/", $id, ".ron")))),*]
    };
}

/// One line per file of `models/climates/`, in alphabetical order.
static CATALOGUE: &[(&str, &str)] = catalogue![
    "abilene"
    "amsterdam"
    "ashburn"
    "baltimore"
    "beijing"
    "dallas"
    "dublin"
    "frankfurt"
    "golden"
    "guangzhou"
    "guiyang"
    "harbin"
    "hohhot"
    "hongkong"
    "johannesburg"
    "kajaani"
    "london"
    "lulea"
    "mtpleasant"
    "mumbai"
    "oakridge"
    "phoenix"
    "qiandao"
    "qingyang"
    "quincy"
    "sanjose"
    "santiago"
    "saopaulo"
    "seoul"
    "shanghai"
    "shenzhen"
    "singapore"
    "stockholm"
    "suzhou"
    "sydney"
    "thedalles"
    "tianjin"
    "tokyo"
    "toronto"
    "ulanqab"
    "zhangbei"
    "zhongwei"
];

/// A place's climate, in SI.
#[derive(Clone, Debug, PartialEq)]
pub struct Climate {
    /// Identifier: the file's name.
    pub id: String,
    /// Place, and what makes it interesting.
    pub title: String,
    /// ISO 3166 code.
    pub country: String,
    /// North positive.
    pub latitude_deg: f64,
    /// East positive.
    pub longitude_deg: f64,
    /// Above sea level, m.
    pub elevation_m: f64,
    /// Local standard time minus UTC, h.
    pub utc_offset_h: f64,
    /// Mean station pressure, Pa.
    pub pressure: f64,
    /// Identifier of the electricity grid.
    pub grid: String,
    /// Normals, January first.
    pub monthly: Normals,
    /// Extremes for sizing.
    pub design: DesignConditions,
    /// How far the numbers may be trusted.
    pub confidence: String,
    /// Where the normals come from.
    pub source_monthly: String,
    /// Where the design conditions come from.
    pub source_design: String,
    /// Remarks.
    pub notes: String,
}

/// Monthly normals, January first.
#[derive(Clone, Debug, PartialEq)]
pub struct Normals {
    /// Mean, K.
    pub dry_bulb: [f64; 12],
    /// Mean, K.
    pub dew_point: [f64; 12],
    /// Mean of the hours, 0 to 1.
    pub relative_humidity: [f64; 12],
    /// Mean of daily maximum minus minimum, K.
    pub daily_range: [f64; 12],
    /// Standard deviation of the daily means, K.
    pub daily_mean_spread: [f64; 12],
}

/// Conditions for sizing, K. What the source does not give is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DesignConditions {
    /// Dry bulb exceeded in 0.4 % of the hours.
    pub dry_bulb_0p4: Option<f64>,
    /// Mean wet bulb in the hours with that dry bulb.
    pub coincident_wet_bulb_0p4: Option<f64>,
    /// Dry bulb exceeded in 1 % of the hours.
    pub dry_bulb_1p0: Option<f64>,
    /// Wet bulb exceeded in 0.4 % of the hours.
    pub wet_bulb_0p4: Option<f64>,
    /// Wet bulb exceeded in 1 % of the hours.
    pub wet_bulb_1p0: Option<f64>,
    /// Dry bulb exceeded in 99.6 % of the hours.
    pub heating_dry_bulb_99p6: Option<f64>,
    /// Highest dry bulb in twenty years, or the record.
    pub extreme_dry_bulb: Option<f64>,
    /// Summer dry bulb of GB 50736-2012, not met in 50 h a year on average.
    pub gb50736_dry_bulb: Option<f64>,
    /// Summer wet bulb of GB 50736-2012, not met in 50 h a year on average.
    pub gb50736_wet_bulb: Option<f64>,
}

/// Why there is no climate.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ClimateError {
    /// No built-in climate has this name.
    #[error(transparent)]
    Unknown(#[from] UnknownClimate),
    /// The text is no record of a climate.
    #[error("climate {climate}:{line}:{column}: {reason}")]
    Syntax {
        /// Identifier.
        climate: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// Values are wrong.
    #[error("{}", .problems.iter().map(|problem| format!("climate {climate}: {problem}")).collect::<Vec<_>>().join("\n"))]
    Refused {
        /// Identifier.
        climate: String,
        /// All of them.
        problems: Vec<ClimateProblem>,
    },
}

/// No built-in climate has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no climate \"{name}\"; {}", .nearest.map_or_else(|| "the built-in ones are listed by their files in models/climates".to_owned(), |nearest| format!("did you mean \"{nearest}\"?")))]
pub struct UnknownClimate {
    /// What was asked for.
    pub name: String,
    /// The built-in climate spelt most like it, if any is at all.
    pub nearest: Option<&'static str>,
}

/// One wrong value of a climate.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ClimateProblem {
    /// The text is no such quantity.
    #[error("{path}: {error}")]
    Quantity {
        /// Where, for example `monthly.dry_bulb[3]`.
        path: String,
        /// Why.
        error: UnitError,
    },
    /// Not twelve values.
    #[error("{path} has {found} values; write 12, January first")]
    Months {
        /// Where.
        path: String,
        /// How many there are.
        found: usize,
    },
    /// The value cannot be.
    #[error("{path} is {value}, it must lie from {low} to {high}")]
    Range {
        /// Where.
        path: String,
        /// The value with its unit.
        value: String,
        /// Least possible, with its unit.
        low: String,
        /// Greatest possible, with its unit.
        high: String,
    },
    /// A mean dew point above the mean dry bulb.
    #[error(
        "monthly.dew_point[{month}] lies above monthly.dry_bulb[{month}]; a dew point is at most the dry bulb"
    )]
    Supersaturated {
        /// Counted from 0.
        month: usize,
    },
}

impl Climate {
    /// Identifier and text of every built-in climate, in alphabetical order.
    #[must_use]
    pub fn catalogue() -> &'static [(&'static str, &'static str)] {
        CATALOGUE
    }

    /// A built-in climate.
    ///
    /// # Errors
    /// [`ClimateError::Unknown`] with the nearest name.
    pub fn named(id: &str) -> Result<Self, ClimateError> {
        let Some((id, text)) = CATALOGUE.iter().find(|(known, _)| *known == id) else {
            // 0.7 lets a swapped or missing letter through and keeps unlike names out.
            let nearest = CATALOGUE
                .iter()
                .map(|(known, _)| (strsim::jaro_winkler(known, &id.to_lowercase()), *known))
                .filter(|(likeness, _)| *likeness > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, known)| known);
            return Err(UnknownClimate { name: id.chars().take(64).collect(), nearest }.into());
        };
        Self::from_ron(id, text)
    }

    /// A climate from the text of a record.
    ///
    /// # Errors
    /// [`ClimateError::Syntax`] at the first broken place, or [`ClimateError::Refused`] with every value
    /// that cannot be.
    pub fn from_ron(id: &str, text: &str) -> Result<Self, ClimateError> {
        use ron::extensions::Extensions;
        let options = ron::Options::default()
            .with_default_extension(Extensions::UNWRAP_VARIANT_NEWTYPES | Extensions::IMPLICIT_SOME);
        let record: record::Record = options.from_str(text).map_err(|error| ClimateError::Syntax {
            climate: id.to_owned(),
            line: error.span.start.line,
            column: error.span.start.col,
            reason: error.code.to_string(),
        })?;
        record.check(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_climate_is_read_and_near_its_standard_atmosphere() {
        assert_eq!(CATALOGUE.len(), 42);
        assert!(CATALOGUE.is_sorted_by(|a, b| a.0 < b.0));
        for (id, _) in CATALOGUE {
            let climate = Climate::named(id).unwrap();
            let standard = media::moist_air::standard_pressure(climate.elevation_m);
            let apart = climate.pressure / standard - 1.0;
            assert!(apart.abs() < 0.02, "{id}: {} Pa, standard {standard} Pa", climate.pressure);
            // Solar noon within 1.5 h of 12:00 standard time: longitude and time zone belong together.
            let late = climate.utc_offset_h - climate.longitude_deg / 15.0;
            assert!(late.abs() < 1.5, "{id}: {late} h");
        }
    }

    #[test]
    fn every_file_of_the_folder_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/climates");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| {
                entry.unwrap().file_name().into_string().unwrap().strip_suffix(".ron").map(str::to_owned)
            })
            .collect();
        files.sort();
        assert_eq!(files, CATALOGUE.iter().map(|(id, _)| (*id).to_owned()).collect::<Vec<_>>());
    }

    #[test]
    fn harbin_is_as_its_record_says() {
        let harbin = Climate::named("harbin").unwrap();
        assert!((harbin.monthly.dry_bulb[0] - (273.15 - 17.3)).abs() < 1e-9);
        assert!((harbin.monthly.relative_humidity[6] - 0.76).abs() < 1e-9);
        assert!((harbin.longitude_deg - 126.77).abs() < 1e-9);
        assert!((harbin.design.heating_dry_bulb_99p6.unwrap() - 245.15).abs() < 1e-9);
        assert_eq!((harbin.pressure, harbin.grid.as_str(), harbin.utc_offset_h), (99_620.0, "cn_hl", 8.0));
    }

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        for (name, nearest) in [("Pheonix", Some("phoenix")), ("singapur", Some("singapore")), ("x", None)] {
            let expected = UnknownClimate { name: name.to_owned(), nearest };
            assert_eq!(Climate::named(name), Err(ClimateError::Unknown(expected)));
        }
    }

    #[test]
    fn all_wrong_values_are_reported_at_once() {
        let (_, text) = CATALOGUE[11];
        let broken = text
            .replace("\"99.62 kPa\"", "\"99.62\"")
            .replace("\"-17.3 °C\"", "\"80 °C\"")
            .replace("\"143 m\"", "\"143 kW\"");
        let Err(ClimateError::Refused { problems, .. }) = Climate::from_ron("harbin", &broken) else {
            panic!("three wrong values were accepted");
        };
        let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        assert_eq!(problems.len(), 4, "{text}");
        for path in
            ["pressure: ", "monthly.dry_bulb[0] is 80 °C", "monthly.dew_point[1] is 80 °C", "elevation: "]
        {
            assert!(text.contains(path), "{path} in {text}");
        }
    }

    #[test]
    fn an_unknown_field_is_refused_with_its_position() {
        let (_, text) = CATALOGUE[11];
        let broken = text.replacen("    country:", "    colour: \"red\",\n    country:", 1);
        let error = Climate::from_ron("harbin", &broken).unwrap_err();
        assert!(matches!(error, ClimateError::Syntax { line: 3, .. }), "{error}");
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
