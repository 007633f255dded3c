//! Headers of EPW files.

use super::*;

#[test]
fn the_station_is_read_from_its_line() {
    let station = Epw::year().weather().station;
    assert_eq!(station.name, "Testville, TX, USA");
    let numbers = (station.latitude_deg, station.longitude_deg, station.utc_offset_h, station.elevation_m);
    assert_eq!(numbers, (30.0, -97.0, -6.0, 0.0));
}

#[test]
fn the_source_may_be_any_text_even_with_commas() {
    let quoted = "LOCATION,\"Testville, North\",TX,USA,\"Custom, 2021; v2\",000000,30.00,-97.00,-6.0,0.0";
    let weather = Epw::year().header(0, quoted).weather();
    assert_eq!((weather.station.name.as_str(), weather.warnings.len()), ("Testville, North, TX, USA", 0));
    says(&weather.source, &["Custom, 2021; v2"]);
    let bare = "LOCATION,Testville,TX,USA,Custom, 2021; v2,000000,30.00,-97.00,-6.0,0.0";
    let weather = Epw::year().header(0, bare).weather();
    assert_eq!(weather.station.longitude_deg, -97.0);
    only_warning(&weather, |w| matches!(w, WeatherWarning::LocationFields { found: 11 }));
}

#[test]
fn names_outside_ascii_are_kept() {
    let text = Epw::year().header(0, "LOCATION,São Paulo,-,BRA,INMET,0,-23.5,-46.6,-3.0,0").text();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [text.into_bytes(), latin] {
        assert!(parse(&bytes, "t").is_ok_and(|weather| weather.station.name == "São Paulo, BRA"));
    }
}

#[test]
fn a_station_that_cannot_be_is_refused() {
    for (line, parts) in [
        ("LOCATION,Testville,TX,USA", ["4 fields, at least 10", "for example LOCATION,Chicago"]),
        ("LOCATION,T,TX,USA,S,0,95,-97,-6,0", ["LOCATION, latitude", "from -90 to 90"]),
        ("LOCATION,T,TX,USA,S,0,30,-197,-6,0", ["LOCATION, longitude", "east positive"]),
        ("LOCATION,T,TX,USA,S,0,30,-97,x,0", ["LOCATION, time zone", "is not a number"]),
        ("LOCATION,T,TX,USA,S,0,30,-97,-6,NaN", ["LOCATION, elevation", "is not a finite number"]),
    ] {
        says(Epw::year().header(0, line).refusal(), &parts);
    }
}

#[test]
fn headers_are_known_by_name_in_any_order() {
    let mut epw = Epw::year();
    epw.headers.swap(1, 5);
    epw.headers[2] = epw.headers[2].to_lowercase();
    assert_eq!(epw.weather(), Epw::year().weather());
}

#[test]
fn a_header_that_is_missing_doubled_or_unknown_is_named() {
    let mut epw = Epw::year();
    epw.headers.remove(3);
    says(epw.refusal(), &["test.epw: GROUND TEMPERATURES: this header line is missing"]);
    let mut epw = Epw::year();
    epw.headers.insert(3, epw.headers[0].clone());
    says(epw.refusal(), &["test.epw:4: LOCATION: this header line stands in line 1 already"]);
    let unknown = Epw::year().header(3, "SOIL,1,2").refusal();
    says(unknown, &["test.epw:4: \"SOIL,1,2\" begins with none of the header names LOCATION, "]);
    let mut epw = Epw::year();
    epw.headers.remove(7);
    says(epw.refusal(), &["DATA PERIODS: this header line is missing"]);
}

#[test]
fn several_records_per_hour_and_several_periods_are_refused_with_the_way_out() {
    let refusal = Epw::year().header(7, "DATA PERIODS,1,4,Data,Sunday,1/1,12/31").refusal();
    says(refusal, &["4 records per hour", "average the file to one record per hour"]);
    let refusal = Epw::year().header(7, "DATA PERIODS,2,1,A,Sunday,1/1,6/30,B,Sunday,7/1,12/31").refusal();
    says(refusal, &["2 data periods", "a file of its own"]);
    for (line, part) in [
        ("DATA PERIODS,1,1,Data,Sunday,1/1,13/31", "\"13/31\" is no date"),
        ("DATA PERIODS,1,1,Data,Sunday,noon,12/31", "\"noon\" is no date"),
        ("DATA PERIODS,one,1,Data,Sunday,1/1,12/31", "\"one\" is not a number"),
        ("DATA PERIODS,1,1", "3 fields, at least 7"),
        ("DATA PERIODS,1,1,Data,Sunday,1/1/2019,12/31/2020", "at most a year"),
    ] {
        says(Epw::year().header(7, line).refusal(), &[part]);
    }
}

#[test]
fn a_measured_year_keeps_its_dates() {
    let year = "DATA PERIODS,1,1,Data,Sunday,1/1/2019,12/31/2019";
    let weather = Epw::year().header(7, year).weather();
    assert_eq!((weather.hours.len(), weather.warnings.len()), (8760, 0));
    says(&weather.source, &["(TMY3, year 2005)"]);
}
