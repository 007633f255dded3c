//! Rows of EPW files.

use super::*;

#[test]
fn an_ordinary_year_is_read_without_warning() {
    let weather = Epw::year().weather();
    assert_eq!((weather.hours.len(), weather.warnings.len()), (8760, 0));
    let hour = weather.hours[0];
    // 10.1 °C, 5 °C, 101325 Pa; humidity ratio 0.622 · 872.6 / (101325 − 872.6) = 5.40 g/kg.
    assert!((hour.dry_bulb - 283.25).abs() < 1e-9 && (hour.dew_point - 278.15).abs() < 1e-9);
    assert!((hour.humidity_ratio - 0.005_40).abs() < 3e-5, "{}", hour.humidity_ratio);
    assert_eq!(hour.pressure, 101_325.0);
    assert_eq!(
        (hour.direct_normal, hour.diffuse_horizontal, hour.wind_speed),
        (Some(200.0), Some(100.0), Some(3.0))
    );
    assert_eq!(weather.hours[11].global_horizontal, Some(300.0));
    // The wet bulb lies between dew point and dry bulb; by a psychrometric chart at 7.5 °C.
    assert!((hour.wet_bulb - 280.7).abs() < 0.15, "{}", hour.wet_bulb);
    assert_eq!((weather.starts_s, weather.year_s, weather.interval_s), (0.0, 8760.0 * 3600.0, 3600.0));
}

#[test]
fn lines_may_end_as_on_any_system_and_the_last_one_not_at_all() {
    let plain = Epw::year().weather();
    for end in ["\r\n", "\r"] {
        assert_eq!(Epw { end, ..Epw::year() }.weather(), plain);
    }
    let text = Epw::year().text();
    assert_eq!(parse(text.trim_end().as_bytes(), "test.epw").as_ref(), Ok(&plain));
    assert_eq!(parse(format!("\u{feff}{text}\n\n\x1a").as_bytes(), "test.epw").as_ref(), Ok(&plain));
}

#[test]
fn the_minute_may_be_60_or_0_and_another_one_is_ignored_with_a_warning() {
    let plain = Epw::year().weather();
    assert_eq!(Epw::year().set_all(0..8760, 5, "0").weather(), plain);
    let half = Epw::year().set_all(0..8760, 5, "30").weather();
    assert_eq!(half.hours, plain.hours);
    only_warning(&half, |w| matches!(w, WeatherWarning::MinuteIgnored { minute: 30, rows: 8760 }));
    says(Epw::year().set(5, 5, "61").fault(), &["minute 61", "60 or 0"]);
}

#[test]
fn years_may_differ_from_month_to_month() {
    let mut epw = Epw::year();
    for (month, first) in [1987, 2003, 1999, 2016].into_iter().zip([0, 744, 1416, 2160]) {
        epw = epw.set(first, 1, &month.to_string());
    }
    let weather = epw.weather();
    assert_eq!(weather.warnings, []);
    says(&weather.source, &["5 different years from 1987 to 2016"]);
}

#[test]
fn hours_count_from_1_to_24() {
    // The trap of files that count from 0: the first row of a day reads hour 0.
    says(Epw::year().set(0, 4, "0").refusal(), &["test.epw:9: hour 0", "24, not 0, is midnight"]);
    says(Epw::year().set(47, 4, "25").refusal(), &["test.epw:56: hour 25"]);
}

#[test]
fn a_leap_day_with_rows_counts() {
    let leap = Epw::leap_year().weather();
    assert_eq!((leap.hours.len(), leap.warnings.len(), leap.year_s), (8784, 0, 8784.0 * 3600.0));
    let common = Epw::leap_year().header(4, "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0").weather();
    assert_eq!(common.hours.len(), 8784);
    only_warning(&common, |w| matches!(w, WeatherWarning::LeapDay { header: "no", rows: 29 }));
}

#[test]
fn a_leap_year_that_is_announced_but_has_no_leap_day_is_a_common_year() {
    let weather = Epw::year().header(4, "HOLIDAYS/DAYLIGHT SAVINGS,Yes,0,0,0").weather();
    assert_eq!(weather.hours.len(), 8760);
    only_warning(&weather, |w| matches!(w, WeatherWarning::LeapDay { header: "yes", rows: 28 }));
}

#[test]
fn a_leap_day_with_a_few_rows_only_is_a_gap() {
    let mut epw = Epw::leap_year();
    // 29 February begins with hour 24 · 59 = 1416; three of its rows stay.
    epw.rows.drain(1419..1440);
    says(epw.refusal(), &["test.epw:1428: 21 hours are missing before 03/01 01:00", "at most 6"]);
}

#[test]
fn as_many_rows_are_read_as_the_data_period_promises() {
    let june = Epw::of(Year::COMMON, 151 * 24, 720, "6/1", "6/30").weather();
    assert_eq!((june.hours.len(), june.starts_s), (720, 151.0 * 86_400.0));
    assert!(!june.is_whole_year());
    let winter = [row_range(304 * 24, 1464), row_range(0, 1416)].concat();
    let winter = Epw { rows: winter, ..Epw::of(Year::COMMON, 0, 0, " 11/ 1", " 2/28") }.weather();
    // November to February over the turn of the year: 30 + 31 + 31 + 28 = 120 days.
    assert_eq!((winter.hours.len(), winter.starts_s), (2880, 304.0 * 86_400.0));
    let new_year = winter.at(3600.0, super::super::Interpolation::Linear);
    assert!(new_year.is_ok_and(|hour| (hour.dry_bulb - 283.25).abs() < 1e-9));
}

fn row_range(first: usize, hours: usize) -> Vec<String> {
    (first..first + hours).map(|hour| row(Year::COMMON, hour)).collect()
}

#[test]
fn a_whole_year_that_begins_in_july_is_turned() {
    let rows = row_range(181 * 24, 8760).into_iter().enumerate();
    let warm =
        |(number, row): (usize, String)| if number < 4416 { row.replace(",5.0,", ",6.0,") } else { row };
    let epw = Epw { rows: rows.map(warm).collect(), ..Epw::of(Year::COMMON, 0, 0, "7/1", "6/30") };
    let weather = epw.weather();
    assert!(weather.warnings.iter().any(|w| matches!(w, WeatherWarning::Turned { .. })));
    assert_eq!((weather.hours.len(), weather.starts_s), (8760, 0.0));
    // The first half of the file, with the changed dew point, is the second half of the year.
    assert!((weather.hours[0].dew_point - 278.15).abs() < 1e-9);
    assert!((weather.hours[8759].dew_point - 279.15).abs() < 1e-9);
}

#[test]
fn codes_of_missing_values_are_interpolated_field_by_field() {
    for (field, code, name) in [
        (7, "99.9", "dry bulb (field 7)"),
        (10, "999999", "pressure (field 10)"),
        (14, "9999", "global horizontal radiation (field 14)"),
        (15, "9999", "direct normal radiation (field 15)"),
        (16, "9999.0", "diffuse horizontal radiation (field 16)"),
        (22, "999", "wind speed (field 22)"),
    ] {
        let weather = Epw::year().set_all(100..103, field, code).weather();
        only_warning(
            &weather,
            |w| matches!(w, WeatherWarning::ValuesInterpolated { field, hours: 3, longest: 3, .. } if *field == name),
        );
    }
    // Hours 5 and 9 of a day have 10.5 and 10.9 °C; between them a straight line: hour 6 has 10.6 °C.
    let weather = Epw::year().set_all(5..8, 7, "99.9").weather();
    assert!((weather.hours[5].dry_bulb - 283.75).abs() < 1e-9);
}

#[test]
fn missing_values_across_new_year_are_interpolated_too() {
    let weather = Epw::year().set_all(0..2, 10, "999999").set_all(8758..8760, 10, "999999").weather();
    only_warning(&weather, |w| matches!(w, WeatherWarning::ValuesInterpolated { hours: 4, longest: 4, .. }));
    assert_eq!(weather.hours[0].pressure, 101_325.0);
}

#[test]
fn more_than_six_missing_hours_are_refused_with_their_place() {
    let refusal = Epw::year().set_all(100..107, 7, "99.9").refusal();
    says(refusal, &["test.epw:109: dry bulb (field 7): missing for 7 hours from 01/05 05:00", "at most 6"]);
    let everywhere = Epw::year().set_all(0..8760, 10, "999999").refusal();
    says(everywhere, &["test.epw: pressure (field 10): missing in every row"]);
    // A part of a year has no neighbour beyond its ends.
    let day = Epw::of(Year::COMMON, 0, 24, "1/1", "1/1").set(0, 7, "99.9").refusal();
    says(day, &["missing for 1 hours from 01/01 01:00"]);
}

#[test]
fn dew_point_and_relative_humidity_stand_in_for_each_other() {
    let plain = Epw::year().weather();
    for (field, code) in [(8, "99.9"), (9, "999")] {
        let weather = Epw::year().set_all(0..8760, field, code).weather();
        only_warning(&weather, |w| matches!(w, WeatherWarning::HumidityDerived { hours: 8760, .. }));
        let (one, other) = (weather.hours[5000], plain.hours[5000]);
        assert!((one.dew_point - other.dew_point).abs() < 0.05, "{one:?} {other:?}");
        assert!((one.humidity_ratio / other.humidity_ratio - 1.0).abs() < 0.005, "{one:?} {other:?}");
    }
    let both = Epw::year().set_all(50..54, 8, "99.9").set_all(50..54, 9, "999").weather();
    only_warning(&both, |w| matches!(w, WeatherWarning::ValuesInterpolated { hours: 4, .. }));
    let long = Epw::year().set_all(50..60, 8, "99.9").set_all(50..60, 9, "999").refusal();
    assert_eq!(long.problems.len(), 1, "{long}");
}

#[test]
fn irradiance_and_wind_may_be_absent() {
    let mut epw = Epw::year();
    for field in [14, 15, 16] {
        epw = epw.set_all(0..8760, field, "9999");
    }
    let weather = epw.set_all(200..300, 22, "999").weather();
    assert_eq!(weather.hours[12].global_horizontal, None);
    assert_eq!((weather.hours[250].wind_speed, weather.hours[301].wind_speed), (None, Some(3.0)));
    let absent = |w: &&WeatherWarning| matches!(w, WeatherWarning::Absent { .. });
    assert_eq!(weather.warnings.iter().filter(absent).count(), 3);
    assert!(weather.warnings.iter().any(|w| matches!(w, WeatherWarning::PartlyAbsent { hours: 100, .. })));
}

#[test]
fn up_to_six_missing_rows_are_interpolated() {
    let mut epw = Epw::year();
    epw.rows.drain(100..106);
    let weather = epw.weather();
    assert_eq!(weather.hours.len(), 8760);
    only_warning(&weather, |w| matches!(w, WeatherWarning::RowsInterpolated { line: 109, hours: 6, .. }));
    let mut epw = Epw::year();
    epw.rows.drain(100..107);
    says(epw.refusal(), &["test.epw:109: 7 hours are missing before 01/05 12:00, at most 6 are filled in"]);
}

#[test]
fn a_row_that_stands_twice_or_in_the_wrong_place_is_named() {
    let mut epw = Epw::year();
    epw.rows.insert(101, epw.rows[100].clone());
    says(epw.refusal(), &["test.epw:110: 01/05 05:00 stands in line 109 already"]);
    let mut epw = Epw::year();
    epw.rows.swap(3000, 3001);
    assert!(!epw.refusal().problems.is_empty());
    // One stray row does not make all the following ones look wrong.
    let mut epw = Epw::year();
    let stray = epw.rows.remove(8000);
    epw.rows.insert(100, stray);
    let refusal = epw.refusal();
    says(&refusal, &["test.epw:109: 11/30 09:00 after 01/05 04:00: rows must follow the clock"]);
    assert_eq!(refusal.problems.len(), 1, "{refusal}");
}

#[test]
fn a_day_that_does_not_exist_and_one_outside_the_period_are_named() {
    says(Epw::year().set(10, 2, "13").refusal(), &["test.epw:19: month 13, day 1 does not exist"]);
    says(Epw::year().set(10, 3, "0").refusal(), &["month 1, day 0 does not exist"]);
    let mut epw = Epw::of(Year::COMMON, 0, 24, "1/1", "1/1");
    epw.rows.push(row(Year::COMMON, 24));
    says(
        epw.refusal(),
        &["test.epw:33: 01/02 01:00 lies outside the data period, 01/01 01:00 to 01/01 24:00"],
    );
}

#[test]
fn nan_infinity_words_and_blanks_are_no_numbers() {
    for text in ["NaN", "nan", "inf", "-inf", "infinity", "1e999"] {
        let refusal = Epw::year().set(4, 7, text).refusal();
        says(refusal, &["test.epw:13: dry bulb (field 7)", text, "is not a finite number", "99.9"]);
    }
    for text in ["", "warm", "10,5", "0x10", "١٢", "--5"] {
        assert!(!Epw::year().set(4, 7, text).refusal().problems.is_empty(), "{text}");
    }
    says(Epw::year().set(4, 2, "1.0").refusal(), &["month (field 2)", "write a whole number"]);
}

#[test]
fn values_that_cannot_be_are_refused_with_their_bounds() {
    for (field, text, parts) in [
        (7, "75", ["dry bulb (field 7): 75 °C cannot be", "from -90 to 60 °C"]),
        (7, "99.8", ["99.8 °C", "a missing value is written 99.9"]),
        (8, "-120", ["dew point (field 8)", "from -100 to 40 °C"]),
        (9, "-1", ["relative humidity (field 9)", "from 0 to 110 %"]),
        (10, "1013", ["pressure (field 10)", "from 31000 to 120000 Pa"]),
        (14, "-5", ["global horizontal radiation", "from 0 to 2000 Wh/m2"]),
        (22, "200", ["wind speed", "from 0 to 110 m/s"]),
        (8, "12.5", ["dew point (field 8): the dew point, 12.5 °C, lies above", "more than 1 K"]),
    ] {
        says(Epw::year().set(0, field, text).refusal(), &parts);
    }
}

#[test]
fn slight_supersaturation_is_taken_as_saturation() {
    let weather = Epw::year().set(0, 8, "10.6").set(0, 9, "103").weather();
    only_warning(&weather, |w| matches!(w, WeatherWarning::Saturated { hours: 1, .. }));
    let hour = weather.hours[0];
    assert_eq!((hour.dew_point, hour.dry_bulb), (283.25, 283.25));
    assert!((hour.wet_bulb - hour.dry_bulb).abs() < 1e-6);
}

#[test]
fn the_wet_bulb_is_that_of_the_rows_own_pressure() {
    // 15:00 at 84 kPa: 11.5 °C with a dew point of 5 °C. The wet bulb t* balances (ASHRAE Fundamentals 2017, ch. 1, eq. 33)
    // (2501 − 2.326 t*) W* − 1.006 (t − t*) = (2501 + 1.86 t − 4.186 t*) W, W = 0.621945 e/(p − e) with Magnus' e.
    let row = 14;
    let weather = Epw::year().header(0, HIGH).set_all(0..8760, 10, "84000").weather();
    let (t, p) = (11.5, 84_000.0);
    let ratio = |e: f64| 0.621_945 * e / (p - e);
    let excess = |wet: f64| {
        (2501.0 - 2.326 * wet) * ratio(saturation(wet))
            - 1.006 * (t - wet)
            - (2501.0 + 1.86 * t - 4.186 * wet) * ratio(saturation(5.0))
    };
    let hour = &weather.hours[row];
    assert!((hour.dry_bulb - 273.15 - t).abs() < 1e-9 && hour.pressure == p);
    let wet = hour.wet_bulb - 273.15;
    assert!(excess(wet - 0.02) < 0.0 && excess(wet + 0.02) > 0.0, "{wet} °C");
}

/// A station of 1560 m: 84 kPa.
const HIGH: &str = "LOCATION,Testville,TX,USA,TMY3,000000,30.00,-97.00,-6.0,1560.0";

#[test]
fn humidities_that_contradict_each_other_are_doubted() {
    let weather = Epw::year().set(30, 9, "20").weather();
    only_warning(&weather, |w| matches!(w, WeatherWarning::HumidityDisagrees { hours: 1, .. }));
    says(&weather.warnings[0], &["01/02 07:00", "follows the relative humidity"]);
}

#[test]
fn a_pressure_of_another_station_is_doubted() {
    // Sea-level pressure with the elevation of Golden, 1829 m, where the standard atmosphere has 81 kPa.
    let golden = "LOCATION,Golden,CO,USA,TMY3,724666,39.74,-105.18,-7.0,1829.0";
    let weather = Epw::year().header(0, golden).weather();
    only_warning(&weather, |w| matches!(w, WeatherWarning::PressureElevation { .. }));
}

#[test]
fn rows_with_too_few_or_too_many_fields_are_named() {
    let mut epw = Epw::year();
    epw.rows[7].push_str(",1,2");
    says(epw.refusal(), &["test.epw:16: 37 fields, 35 are expected"]);
    let mut epw = Epw::year();
    epw.rows[7] = "2005,1,1,8".to_owned();
    says(epw.refusal(), &["test.epw:16: 4 fields, 35 are expected"]);
    let mut epw = Epw::year();
    epw.rows.insert(7, String::new());
    says(epw.refusal(), &["test.epw:16: 1 fields, 35 are expected"]);
}

#[test]
fn old_files_without_the_last_fields_and_files_with_a_last_comma_are_read() {
    let short = |row: &String| row.rsplitn(4, ',').nth(3).unwrap_or_default().to_owned();
    let rows: Vec<String> = Epw::year().rows.iter().map(short).collect();
    assert_eq!(rows[0].split(',').count(), 32);
    assert_eq!(Epw { rows, ..Epw::year() }.weather(), Epw::year().weather());
    let rows = Epw::year().rows.iter().map(|row| format!("{row},")).collect();
    assert_eq!(Epw { rows, ..Epw::year() }.weather(), Epw::year().weather());
}

#[test]
fn a_file_that_is_cut_off_says_so() {
    let text = Epw::year().text();
    // In the middle of row 5000.
    let cut: usize = text.lines().take(5008).map(|line| line.len() + 1).sum::<usize>() + 40;
    let refusal = refusal(parse(&text.as_bytes()[..cut], "test.epw"));
    says(&refusal, &["test.epw:5009: the file ends in the middle of this row", "download it again"]);
    // Between two rows.
    let mut epw = Epw::year();
    epw.rows.truncate(5000);
    says(epw.refusal(), &["the last row is 07/28 08:00", "ends with 12/31 24:00: 3760 rows are missing"]);
    let mut epw = Epw::year();
    epw.rows.clear();
    assert_eq!(epw.fault(), Fault::NoRows);
    let mut epw = Epw::year();
    epw.rows.drain(..3);
    says(epw.refusal(), &["the first row is 01/01 04:00", "3 rows are missing"]);
}

#[test]
fn all_problems_come_at_once_and_the_fifty_first_is_counted() {
    let refusal = Epw::year().set(0, 7, "x").set(1, 8, "80").set(2, 10, "-1").set(3, 4, "0").refusal();
    assert_eq!((refusal.problems.len(), refusal.more), (4, 0), "{refusal}");
    let refusal = Epw::year().set_all(0..1000, 7, "x").refusal();
    assert_eq!((refusal.problems.len(), refusal.more), (50, 950), "{refusal}");
    says(refusal, &["test.epw:9: dry bulb", "test.epw: and 950 more"]);
}
