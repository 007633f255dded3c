//! Targets of carbon, money and time, as they are read, and what a site must have for them.

mod common;

use common::{good, only, with};
use scenario::case::{CostPer, Goal, Until};

fn site(more: &str) -> String {
    with("    connections: [", &format!("    {more},\n    connections: ["))
}

const MONEY: &str = "economics: (electricity_price_per_kwh: 0.1, water_price_per_m3: 2, currency: USD, \
                     source: \"a test\", year: 2026, confidence: C, ownership: (discount_rate: 0.05, horizon_years: 9, \
                     source: \"a test\", year: 2026, confidence: C, costs: \"facility_us\"))";
const BILL: &str = "embodied: [Equipment(of: CpuServer, count: 9)]";
const EVENTS: &str = "events: [At(\"13:00\", Trip(\"pump\"))], run: (period: Day(\"2024-07-01\"))";

#[test]
fn limits_of_carbon_money_and_time_are_read_in_their_units() {
    let text = site(&format!(
        "{MONEY}, {BILL}, {EVENTS}, targets: [Embodied(at_most: \"12 t\"), Embodied(at_most: \"3 t\", per: Year), \
         Cost(at_most: 0.9, currency: USD, per: Year), RideThrough(at_least: \"5 min\"), \
         RideThrough(at_least: \"90 s\", until: CoolantW40)]"
    ));
    let goals: Vec<Goal> = good(&text).case.targets.iter().map(|target| target.goal).collect();
    assert_eq!(
        goals,
        [
            Goal::Embodied { at_most: 12_000.0, per_year: false },
            Goal::Embodied { at_most: 3_000.0, per_year: true },
            Goal::Cost { at_most: 0.9, per: CostPer::Year, currency: "USD" },
            Goal::RideThrough { at_least: 300.0, until: Until::GivesWay },
            Goal::RideThrough { at_least: 90.0, until: Until::CoolantW40 },
        ]
    );
    assert_eq!(scenario::schema::targets::UNTIL.len(), Until::ALL.len());
}

#[test]
fn a_target_that_the_site_cannot_decide_is_refused_with_the_way_out() {
    for (more, part) in [
        ("targets: [Embodied(at_most: \"12 t\")]".to_owned(), "no bill of quantities"),
        ("targets: [Cost(at_most: 1, currency: USD)]".to_owned(), "does not say what it costs"),
        (
            format!("{MONEY}, targets: [Cost(at_most: 1, currency: EUR, per: Year)]"),
            "reckons in another currency",
        ),
        ("targets: [RideThrough(at_least: \"5 min\")]".to_owned(), "nothing happens in the run"),
        (
            format!("{EVENTS}, targets: [RideThrough(at_least: \"5 min\", until: InletA1)]"),
            "no rack takes in air",
        ),
    ] {
        let problem = only(&site(&more));
        assert_eq!((problem.code, problem.path.as_str()), ("ISO0215", "targets[0]"), "{}", problem.render());
        assert!(problem.message.contains(part) && problem.help.is_some(), "{}", problem.render());
    }
}
