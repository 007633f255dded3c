//! What a reader mended or doubts: the weather is usable, and the report says so.

use super::calendar::Stamp;
use thiserror::Error;

/// Something a reader mended, or found odd.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum WeatherWarning {
    /// Missing rows were interpolated.
    #[error("line {line}: {hours} missing hours before {stamp} are interpolated")]
    RowsInterpolated {
        /// Line of the first row after the gap.
        line: usize,
        /// Its hour.
        stamp: Stamp,
        /// How many.
        hours: usize,
    },
    /// Missing values were interpolated.
    #[error(
        "{field}: {hours} missing values are interpolated, at most {longest} in a row, the first at {first}"
    )]
    ValuesInterpolated {
        /// The field.
        field: &'static str,
        /// How many.
        hours: usize,
        /// The longest run.
        longest: usize,
        /// The first of them.
        first: Stamp,
    },
    /// A missing humidity was calculated from the other one.
    #[error("{field}: {hours} missing values are calculated from the {from}")]
    HumidityDerived {
        /// The field.
        field: &'static str,
        /// What it was calculated from.
        from: &'static str,
        /// How many.
        hours: usize,
    },
    /// An optional column without any value.
    #[error("{field}: no value in the file; what needs it cannot be simulated with this weather")]
    Absent {
        /// The field.
        field: &'static str,
    },
    /// An optional column with holes.
    #[error(
        "{field}: no value in {hours} hours, too long to interpolate, the first at {first}; they stay empty"
    )]
    PartlyAbsent {
        /// The field.
        field: &'static str,
        /// How many.
        hours: usize,
        /// The first of them.
        first: Stamp,
    },
    /// The minute of an hourly file is neither 60 nor 0.
    #[error(
        "the minute is {minute} in {rows} rows; with one record per hour it is ignored, the values stand at the end of the hour"
    )]
    MinuteIgnored {
        /// The first such minute.
        minute: u32,
        /// How many rows.
        rows: usize,
    },
    /// A relative humidity above 100 % or a dew point slightly above the dry bulb.
    #[error(
        "{hours} hours are more than saturated, by at most {worst_k} K or {worst_points} %; they are taken as saturated"
    )]
    Saturated {
        /// How many.
        hours: usize,
        /// The worst dew point above the dry bulb, K.
        worst_k: f64,
        /// The worst relative humidity above 100 %, in per cent points.
        worst_points: f64,
    },
    /// Relative humidity and dew point contradict each other.
    #[error(
        "relative humidity and dew point disagree by more than {tolerance} % in {hours} hours, at most by {worst:.0} % at {stamp}; the humidity ratio follows the relative humidity"
    )]
    HumidityDisagrees {
        /// How many.
        hours: usize,
        /// The worst, in per cent points.
        worst: f64,
        /// Where the worst is.
        stamp: Stamp,
        /// What is accepted, in per cent points.
        tolerance: f64,
    },
    /// Pressure and elevation do not belong together.
    #[error(
        "the mean pressure is {mean_kpa:.1} kPa, the standard atmosphere at {elevation_m} m has {standard_kpa:.1} kPa: pressure or elevation may be of another station"
    )]
    PressureElevation {
        /// Mean of the file, kPa.
        mean_kpa: f64,
        /// Standard atmosphere at the elevation, kPa.
        standard_kpa: f64,
        /// Elevation of the station, m.
        elevation_m: f64,
    },
    /// The header and the rows do not agree on the leap day.
    #[error(
        "the header says leap year observed: {header}, and the rows have {rows} February days; the rows are followed"
    )]
    LeapDay {
        /// What HOLIDAYS/DAYLIGHT SAVINGS says.
        header: &'static str,
        /// 28 or 29.
        rows: usize,
    },
    /// A whole year that does not begin in January.
    #[error("the year begins with {first}; it is turned to begin on 1 January, joining its end to its start")]
    Turned {
        /// The first row of the file.
        first: Stamp,
    },
    /// LOCATION has more fields than it should.
    #[error(
        "LOCATION has {found} fields instead of 10: the last four are read as latitude, longitude, time zone and elevation"
    )]
    LocationFields {
        /// How many.
        found: usize,
    },
}
