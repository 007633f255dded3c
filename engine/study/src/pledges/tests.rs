//! By hand: 1 GWh of IT, 1.2 GWh of electricity at 0.5 kg/kWh, 1,000 m³ made up of which 200 are blown down.

use super::*;
use scenario::case::{Confidence, Origin};
use scenario::pledges;

const MWH: f64 = 3.6e9;
const PER_KWH: f64 = 1.0 / 3.6e6;

fn base() -> Base {
    Base {
        site: "hall".into(),
        annualised: 1.0,
        it: 1000.0 * MWH,
        electricity: 1200.0 * MWH,
        bought: 1.0,
        grid_carbon: Some(0.5 * PER_KWH),
        grid_basis: "lifecycle factor of 2025 of x".into(),
        scope_1: 10_000.0,
        embodied: Some(90_000.0),
        water: 1000.0,
        consumed: 800.0,
        ..Base::default()
    }
}

fn by_hand() -> Origin {
    Origin::new("by hand", 2025, Confidence::C)
}

fn by_year(list: Vec<pledges::Dated>) -> pledges::Given {
    Some(Sourced { value: ByYear(list), origin: by_hand() })
}

fn pledge(metric: Metric, to: f64, from: Option<(u16, f64)>) -> Pledge {
    Pledge { text: String::new(), metric, by: 2030, to, from }
}

fn plan(pledges: Vec<Pledge>, courses: Courses, measures: Vec<Measure>) -> Pledges {
    Pledges { first: 2025, last: 2030, pledges, courses, measures }
}

fn near(a: Option<f64>, b: f64) -> bool {
    a.is_some_and(|a| (a - b).abs() <= 1e-9 * b.abs().max(1.0))
}

#[test]
fn a_year_grows_with_its_load_and_its_contracts_take_its_carbon() {
    let courses = Courses {
        it_load: by_year(vec![(2025, 1.0), (2030, 2.0)]),
        carbon_free: by_year(vec![(2025, 0.0), (2030, 0.9)]),
        removals: by_year(vec![(2029, 0.0), (2030, 100_000.0)]),
        scope_3: by_year(vec![(2025, 60_000.0)]),
        ..Courses::default()
    };
    let tracker = track(&base(), &plan(vec![pledge(Metric::NetCarbon, 0.0, None)], courses, Vec::new()));
    let year = |of: u16| tracker.years.iter().find(|y| y.year == of).expect("a year");
    // 2025: 1.2 GWh · 0.5 = 600 t; + 10 + 90 + 60 = 760 t.
    assert!(near(year(2025).net_carbon, 760_000.0), "{:?}", year(2025));
    // 2030: twice, 2.4 GWh; a tenth is not carbon-free: 120 t + 10 + 150 − 100 = 180 t.  Location-based 1,200 t.
    assert!(near(year(2030).net_carbon, 180_000.0) && near(year(2030).scope_2_location, 1_200_000.0));
    // 2027 is 2/5 of the way: load 1.4, 36 % carbon-free: 1.68 GWh · 0.5 · 0.64 = 537.6 t + 160 t.
    assert!(near(year(2027).net_carbon, 697_600.0));
    // The path from 760 t to 0 is at 456 t in 2027: 241.6 t behind.
    let outlook = &tracker.outlooks[0];
    let standing = outlook.years[2];
    assert!(near(standing.path, 456_000.0) && near(standing.gap, 241_600.0), "{standing:?}");
    assert_eq!((outlook.kept(), outlook.first_behind()), (false, Some(2026)));
    // What is missing, 180 t, is 15 % of the 1,200 t that no contract would leave: 90 % + 15 % is more than all.
    let said = text(&tracker);
    assert!(
        said.contains(
            "Net carbon by 2030: at most 0 t. From 760 t in 2025 the plan leads to 180 t: 180 t are missing."
        ),
        "{said}"
    );
    assert!(said.contains("It takes 180 t more of removals in 2030.\n"), "{said}");
    assert!(said.contains("Given by the site: it_load, carbon_free, scope_3, removals."), "{said}");
}

#[test]
fn a_measure_works_from_its_year_on_and_water_is_given_back_or_not() {
    let measures = vec![Measure {
        from: 2028,
        what: "dry coolers".into(),
        it: 0.0,
        overhead: 0.5,
        water: -1.0,
        scope_1: 0.0,
        origin: by_hand(),
    }];
    let courses = Courses { replenishment: by_year(vec![(2025, 300.0)]), ..Courses::default() };
    let pledges = vec![pledge(Metric::WaterBalance, 0.0, None), pledge(Metric::Pue, 1.25, Some((2020, 1.5)))];
    let tracker = track(&base(), &plan(pledges, courses, measures));
    let (water, pue) = (&tracker.outlooks[0], &tracker.outlooks[1]);
    // 300 − 800 = −500 m³ until 2027, then 300 m³ more than is consumed.
    assert!(near(water.years[2].value, -500.0) && near(water.years[3].value, 300.0));
    // Path −500 → 0: in 2027 it asks for −300 m³, the plan is 200 m³ short; in 2028 for −200 m³, 500 m³ less.
    assert!(near(water.years[2].path, -300.0) && near(water.years[2].gap, 200.0));
    assert!(near(water.years[3].path, -200.0) && near(water.years[3].gap, -500.0));
    assert_eq!((water.kept(), water.first_behind()), (true, Some(2026)));
    // PUE 1.2, and 1 + 0.2 · 1.5 = 1.3 with dry coolers; the path from 1.5 in 2020 to 1.25 is at 1.375 in 2025.
    assert!(near(pue.years[0].path, 1.375) && near(pue.years[0].value, 1.2));
    assert!(near(pue.years[5].value, 1.3) && near(pue.years[5].gap, 0.05) && !pue.kept());
    let said = text(&tracker);
    assert!(
        said.contains("The plan is behind its path from 2026 on, until it is back on it in 2028."),
        "{said}"
    );
    assert!(said.contains("from 2028: dry coolers (other electricity +50 %, water −100 %)"), "{said}");
}

#[test]
fn a_site_without_waste_sends_none_to_landfill() {
    let courses = Courses {
        waste: by_year(vec![(2025, 200_000.0), (2030, 0.0)]),
        diverted: by_year(vec![(2025, 100_000.0), (2030, 0.0)]),
        ..Courses::default()
    };
    let tracker = track(&base(), &plan(vec![pledge(Metric::WasteDiversion, 0.9, None)], courses, Vec::new()));
    let last = tracker.outlooks[0].at_last().unwrap();
    // 0 of 0 t: all of it is diverted; 90 % are pledged, 10 points to spare.
    assert!(tracker.outlooks[0].kept() && last.value == Some(1.0) && near(last.gap, -0.1), "{last:?}");
    assert!(text(&tracker).contains("100.0 %: kept, with 10.0 points to spare."), "{}", text(&tracker));
}

#[test]
fn waste_is_given_and_what_is_not_known_is_not_kept() {
    let courses = Courses {
        waste: by_year(vec![(2025, 200_000.0)]),
        diverted: by_year(vec![(2025, 100_000.0), (2030, 170_000.0)]),
        ..Courses::default()
    };
    let pledges = vec![pledge(Metric::WasteDiversion, 0.9, None), pledge(Metric::Scope2Market, 0.0, None)];
    let unknown = Base { grid_carbon: None, ..base() };
    let tracker = track(&unknown, &plan(pledges, courses, Vec::new()));
    let (waste, carbon) = (&tracker.outlooks[0], &tracker.outlooks[1]);
    // 170/200 = 85 % where 90 % are pledged: 5 points, 10 t.
    assert!(near(waste.at_last().and_then(|s| s.gap), 0.05));
    assert_eq!((carbon.kept(), carbon.at_last().and_then(|s| s.value)), (false, None));
    let said = text(&tracker);
    assert!(said.contains("50.0 % in 2025 the plan leads to 85.0 %: 5.0 points are missing."), "{said}");
    assert!(said.contains("It takes 10.0 t more to be diverted in 2030."), "{said}");
    assert!(said.contains("no carbon factor of the grid is known"), "{said}");
    let answer = json(&tracker);
    assert_eq!(answer["pledges"][0]["unit"], "1");
    assert_eq!(
        (answer["pledges"][1]["kept"].as_bool(), answer["pledges"][1]["value"].is_null()),
        (Some(false), true)
    );
}

#[test]
fn a_contract_that_would_close_the_gap_is_named() {
    // 600 t market-based without contracts, 150 t pledged: 75 % carbon-free.
    let tracker = track(
        &base(),
        &plan(vec![pledge(Metric::Scope2Market, 150_000.0, None)], Courses::default(), Vec::new()),
    );
    let said = text(&tracker);
    assert!(said.contains("It takes a carbon-free share of 75.0 % in place of 0.0 % in 2030."), "{said}");
}
