//! TMY3 tables.

use super::super::tmy3;
use super::*;

/// Only the columns that are used, and one more.
const COLUMNS: &str = "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Dry-bulb source,Dew-point (C),RHum (%),Pressure (mbar),Wspd (m/s)";

const STATION: &str = "724666,\"GOLDEN, NREL\",CO,-7.0,39.742,-105.179,1829";

fn table(change: impl Fn(usize, String) -> String) -> String {
    let row = |hour: usize| {
        let stamp = Year::COMMON.stamp(hour);
        let (month, day, clock) = (stamp.month, stamp.day, stamp.hour);
        change(hour, format!("{month:02}/{day:02}/1995,{clock:02}:00,0,0,0,20.0,A,10.0,53,812,2.5"))
    };
    let rows: Vec<String> = (0..8760).map(row).collect();
    format!("{STATION}\n{COLUMNS}\n{}\n", rows.join("\n"))
}

fn read(text: &str) -> Result<Weather, WeatherError> {
    parse(text.as_bytes(), "test.csv")
}

/// The table with a part of one row replaced.
fn with(hour: usize, from: &str, to: &str) -> Refusal {
    refusal(read(&table(|h, row| if h == hour { row.replacen(from, to, 1) } else { row })))
}

#[test]
fn a_table_is_recognised_by_its_second_line_and_read() {
    let weather = read(&table(|_, row| row)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((weather.hours.len(), weather.warnings.len()), (8760, 0));
    let station = &weather.station;
    assert_eq!(
        (station.name.as_str(), station.utc_offset_h, station.elevation_m),
        ("GOLDEN, NREL, CO", -7.0, 1829.0)
    );
    let hour = weather.hours[0];
    assert!((hour.dry_bulb - 293.15).abs() < 1e-9 && (hour.pressure - 81_200.0).abs() < 1e-9);
    assert_eq!((hour.wind_speed, hour.direct_normal), (Some(2.5), Some(0.0)));
    says(&weather.source, &["TMY3 file test.csv, year 1995"]);
}

#[test]
fn midnight_is_24_00() {
    says(with(23, "24:00", "00:00"), &["test.csv:26: hour 0", "24, not 0"]);
    says(with(5, "06:00", "06:30"), &["test.csv:8: Time (HH:MM): minute 30"]);
    says(with(5, "06:00", "six"), &["Time (HH:MM): \"six\"", "write HH:MM"]);
    says(with(5, "01/01/1995", "1995-01-01"), &["Date (MM/DD/YYYY): \"1995-01-01\" is no date"]);
    says(with(5, "01/01/1995", "02/30/1995"), &["month 2, day 30 does not exist"]);
}

#[test]
fn minus_9900_is_a_missing_value() {
    let text =
        table(|hour, row| if (10..13).contains(&hour) { row.replace(",812,", ",-9900,") } else { row });
    let weather = read(&text).unwrap_or_else(|error| panic!("{error}"));
    only_warning(&weather, |w| matches!(w, WeatherWarning::ValuesInterpolated { hours: 3, .. }));
    let text =
        table(|hour, row| if (10..17).contains(&hour) { row.replace(",812,", ",-9900,") } else { row });
    says(refusal(read(&text)), &["test.csv:13: Pressure (mbar): missing for 7 hours"]);
}

#[test]
fn wrong_values_rows_and_columns_are_named() {
    says(with(7, ",20.0,", ",NaN,"), &["test.csv:10: Dry-bulb (C): \"NaN\" is not a finite number", "-9900"]);
    says(with(7, ",812,", ",81200,"), &["Pressure (mbar): 81200 mbar cannot be", "from 310 to 1200"]);
    says(
        with(7, ",10.0,", ",30.0,"),
        &["Dew-point (C): the dew point, 30 °C, lies above the dry bulb, 20 °C"],
    );
    says(with(7, ",2.5", ""), &["test.csv:10: 10 fields, 11 are expected"]);
    let text = table(|_, row| row);
    says(
        refusal(read(&text.replace("RHum (%)", "Humidity"))),
        &["test.csv:2: RHum (%): there is no such column"],
    );
    says(refusal(read(&text.replace("39.742", "139.7"))), &["test.csv:1: latitude: 139.7 ° cannot be"]);
    says(refusal(read(&text.replace(STATION, "724666,GOLDEN"))), &["test.csv:1: 2 fields, at least 7"]);
}

#[test]
fn a_table_that_is_cut_off_or_has_no_rows_says_so() {
    let text = table(|_, row| row);
    says(
        refusal(read(&text[..text.len() - 30])),
        &["test.csv:8762: the file ends in the middle of this row"],
    );
    let lines = |count| text.lines().take(count).collect::<Vec<_>>().join("\n") + "\n";
    says(refusal(read(&lines(1000))), &["the last row is 02/11 14:00", "7762 rows are missing"]);
    assert_eq!(only_fault(refusal(read(&lines(2)))), Fault::NoRows);
    assert!(tmy3::parse(STATION.as_bytes(), "t").is_err());
}
