//! What a site says for reports, and the profiles that ask for it.

mod common;

use common::{GOOD, rendered};
use scenario::disclosure::{GivenValue, keys};
use scenario::profile::{self, Origin, Status};
use scenario::source::{Folder, Source};
use scenario::{Problem, load_text};

/// The small good site with a disclosure.
fn with(disclosure: &str) -> String {
    GOOD.replacen("schema: 1,", &format!("schema: 1,\n    disclosure: ({disclosure}),"), 1)
}

fn problems(disclosure: &str) -> Vec<Problem> {
    load_text("site.ron", &with(disclosure), &[]).err().unwrap_or_default()
}

#[test]
fn what_is_given_arrives_in_the_units_of_reports() {
    let text = with(
        r#"owner: "Example AG", business: Colocation, operating_since: "2024-03", floor_area: "0.42 ha",
           it_power_installed: "1.2 MW", intake_setpoint: "77 °F", guarantees_of_origin: "2 GWh", potable_share: "25 %",
           refrigerants: ["R-513A", "R-32"], server_capacity: 1234.5, reporting_year: 2026,
           characteristic_weights: (0.1, 0.2, "30 %", 0.3, 0.1)"#,
    )
    .replace("0.42 ha", "4200 m2");
    let case = load_text("site.ron", &text, &[]).unwrap_or_else(|p| panic!("{}", rendered(&p))).case;
    let given = |key: &str| &case.disclosure.iter().find(|given| given.key == key).unwrap().value;
    let number = |key: &str| match given(key) {
        GivenValue::Number(value) => *value,
        other => panic!("{key}: {other:?}"),
    };
    assert_eq!(given("owner"), &GivenValue::Text("Example AG".to_owned()));
    assert_eq!(given("business"), &GivenValue::Text("Colocation".to_owned()));
    assert_eq!(given("refrigerants"), &GivenValue::Texts(vec!["R-513A".to_owned(), "R-32".to_owned()]));
    assert_eq!(given("characteristic_weights"), &GivenValue::Numbers(vec![0.1, 0.2, 0.3, 0.3, 0.1]));
    assert!((number("floor_area_m2") - 4200.0).abs() < 1e-9);
    assert!((number("it_power_installed_kw") - 1200.0).abs() < 1e-9);
    // (77 − 32) / 1.8 = 25
    assert!((number("intake_setpoint_c") - 25.0).abs() < 1e-9);
    assert!((number("guarantees_of_origin_kwh") - 2e6).abs() < 1e-6);
    assert!((number("potable_share") - 0.25).abs() < 1e-12);
    assert!((number("server_capacity") - 1234.5).abs() < 1e-12);
    assert_eq!(case.disclosure.len(), 12);
}

#[test]
fn all_that_is_wrong_with_a_disclosure_comes_at_once_with_its_place() {
    let found = problems(
        r#"floor_area: "4200", potable_share: 1.5, operating_since: "March", ownr: "x",
           characteristic_weights: (0.5, 0.5, 0.5, 0, 0), business: Bank"#,
    );
    let paths: Vec<&str> = found.iter().filter(|p| p.is_error()).map(|p| p.path.as_str()).collect();
    for path in ["floor_area", "potable_share", "business", "ownr"] {
        assert!(
            paths.iter().any(|p| p.starts_with("disclosure") && p.contains(path)),
            "{path}: {}",
            rendered(&found)
        );
    }
}

#[test]
fn a_month_that_is_none_shares_that_do_not_sum_and_rooms_that_do_not_fit_are_refused() {
    let found = problems(
        r#"operating_since: "2024-13", characteristic_weights: (0.5, 0.5, 0.5, 0, 0),
           floor_area: "100 m2", computer_room_area: "101 m2""#,
    );
    let shown = rendered(&found);
    for part in ["\"2024-13\" is no month", "sum to 1.5, but to 1", "101 m2 do not fit on a floor of 100 m2"]
    {
        assert!(shown.contains(part), "{part} is missing in: {shown}");
    }
}

#[test]
fn every_profile_that_ships_is_good_and_dated_and_asks_for_what_can_be_given() {
    let ids = profile::ids();
    assert!(
        ["iso_30134", "iso_30134_2_2016", "eu_2024_1364", "eu_rating_draft", "gb_40879", "gri"]
            .iter()
            .all(|id| ids.contains(id))
    );
    let known: Vec<String> = keys().collect();
    let mut tables = Vec::new();
    for id in ids {
        let profile = profile::load(id).unwrap_or_else(|problems| panic!("{}", rendered(&problems)));
        assert!(profile.valid_from.len() == "2024-06-06".len(), "{id}");
        assert_eq!(profile.status == Status::Draft, id.contains("draft"));
        for sheet in profile.tables {
            assert!(!sheet.indicators.is_empty());
            for indicator in &sheet.indicators {
                for origin in &indicator.from {
                    if let Origin::Given { key, .. } = origin {
                        assert!(known.contains(key), "{id} {}: {key}", indicator.code);
                    }
                }
                let words = [&indicator.name, &indicator.definition, &indicator.boundary];
                assert!(
                    words.iter().all(|w| !w.english.is_empty() && !w.chinese.is_empty()),
                    "{}",
                    indicator.code
                );
            }
            tables.push(sheet.id);
        }
    }
    let count = tables.len();
    tables.sort();
    tables.dedup();
    assert_eq!(tables.len(), count, "two tables have one name");
}

#[test]
fn a_profile_of_ones_own_is_read_as_strictly_as_a_site() {
    let text = r#"Profile(
        title: (en: "House rules", zh: "内部规则"), edition: "1", status: InForce, valid_from: "2026-01-01",
        source: "our handbook", confidence: A,
        tables: [(id: "House", caption: (en: "a"), indicators: [(
            code: "H1", name: (en: "area", zh: "面积"), definition: (en: "d", zh: "d"), boundary: (en: "b", zh: "b"),
            from: [Given("floor_aera_m2"), Calculated(Magic)], confidence: Z,
        )])],
    )"#;
    let found = profile::read(Source::new("house.ron", text, Folder::BuiltIn)).unwrap_err();
    let shown = rendered(&found);
    for part in ["zh", "Magic is not one of", "Z is not one of"] {
        assert!(shown.contains(part), "{part} is missing in: {shown}");
    }
    assert!(found.iter().filter(|p| p.is_error()).all(|p| p.location.is_some()), "{shown}");
    let mended = text
        .replace("caption: (en: \"a\")", "caption: (en: \"a\", zh: \"b\")")
        .replace("(Magic)", "(EuPue)")
        .replace("Z,", "A,");
    let found = profile::read(Source::new("house.ron", mended.as_str(), Folder::BuiltIn)).unwrap_err();
    let shown = rendered(&found);
    assert!(
        shown.contains("disclosure gives no floor_aera_m2") && shown.contains("\"House\" is no name"),
        "{shown}"
    );
    let good = mended.replace("aera", "area").replace("\"House\"", "\"house\"");
    let profile = profile::read(Source::new("house.ron", good.as_str(), Folder::BuiltIn)).unwrap();
    assert_eq!((profile.id.as_str(), profile.tables[0].indicators[0].from.len()), ("house", 2));
}

#[test]
fn a_profile_that_does_not_exist_is_told_what_there_is() {
    let found = rendered(&profile::load("iso_30143").unwrap_err());
    assert!(found.contains("there is no profile iso_30143") && found.contains("iso_30134"), "{found}");
}
