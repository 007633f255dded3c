//! Pledges and plans by year, as they are read.

mod common;

use common::{good, only, with};
use scenario::pledges::{Metric, Pledges, at};

/// A course with where it comes from.
fn course(by_year: &str) -> String {
    format!("(by_year: {by_year}, source: \"a plan\", year: 2025, confidence: B)")
}

/// Pledges whose courses stand in `<…>`.
fn expanded(pledges: &str) -> String {
    let mut parts = pledges.split(['<', '>']);
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let (Some(of), Some(rest)) = (parts.next(), parts.next()) {
        text += &course(of);
        text += rest;
    }
    text
}

fn site(pledges: &str) -> String {
    with("    connections: [", &format!("    pledges: ({}),\n    connections: [", expanded(pledges)))
}

fn read(pledges: &str) -> Pledges {
    good(&site(pledges)).case.books.pledges.expect("pledges")
}

#[test]
fn a_pledge_has_its_unit_by_its_metric_and_nothing_is_the_goal_of_balances() {
    let of = read(
        "first: 2025, pledges: [(metric: NetCarbon, by: 2030), (metric: Scope1, by: 2028, to: \"3 t\", from: (2020, \"9 t\")),
         (metric: Pue, by: 2031, to: 1.1)], it_load: <[(2025, 1), (2030, 2.5)]>, removals: <[(2030, \"7 t\")]>",
    );
    let goals: Vec<(Metric, u16, f64)> = of.pledges.iter().map(|p| (p.metric, p.by, p.to)).collect();
    let expected = [(Metric::NetCarbon, 2030, 0.0), (Metric::Scope1, 2028, 3000.0), (Metric::Pue, 2031, 1.1)];
    assert_eq!(goals, expected);
    assert_eq!((of.pledges[1].from, of.first, of.last), (Some((2020, 9000.0)), 2025, 2031));
    assert_eq!((at(&of.courses.it_load, 2030), at(&of.courses.removals, 2026)), (Some(2.5), Some(7000.0)));
}

#[test]
fn every_metric_of_the_schema_is_one_and_the_other_way_round() {
    let names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
    assert_eq!(scenario::schema::pledges::METRICS, names);
}

#[test]
fn what_contradicts_itself_or_is_not_given_is_said() {
    for (pledges, code, path, part) in [
        ("first: 2025, pledges: []", "ISO0216", "pledges.pledges", "nothing is pledged"),
        (
            "first: 2025, pledges: [(metric: Pue, by: 2030, to: 1.2), (metric: Water, by: 2030, to: \"3 m3\"), (metric: Pue, by: 2030, to: 1.1)]",
            "ISO0216",
            "pledges.pledges[2]",
            "Pue by 2030 is pledged already: (metric: Pue, by: 2030, to: 1.2)",
        ),
        (
            "first: 2025, pledges: [(metric: Water, by: 2030)]",
            "ISO0111",
            "pledges.pledges[0].to",
            "Water needs a value to be reached",
        ),
        (
            "first: 2025, pledges: [(metric: Water, by: 2030, to: \"3 t\")]",
            "ISO0108",
            "pledges.pledges[0].to",
            "\"3 t\" is a mass",
        ),
        (
            "first: 2031, pledges: [(metric: NetCarbon, by: 2030)]",
            "ISO0216",
            "pledges.pledges[0].by",
            "before its path begins in 2031",
        ),
        (
            "first: 2025, last: 2024, pledges: [(metric: NetCarbon, by: 2030)]",
            "ISO0216",
            "pledges.last",
            "the years go from 2025 to 2024",
        ),
        (
            "first: 2025, pledges: [(metric: NetCarbon, by: 2030)], removals: <[(2030, \"1 t\"), (2028, \"2 t\")]>",
            "ISO0216",
            "pledges.removals.by_year[1]",
            "2028 stands after 2030",
        ),
        (
            "first: 2025, pledges: [(metric: WasteDiversion, by: 2030)]",
            "ISO0111",
            "pledges.waste",
            "no simulation knows them",
        ),
        (
            "first: 2025, pledges: [(metric: WasteDiversion, by: 2030, to: \"190 %\")], \
             waste: <[(2025, \"120 t\")]>, diverted: <[(2025, \"60 t\")]>",
            "ISO0216",
            "pledges.pledges[0].to",
            "is a share: 0 % to 100 %",
        ),
        (
            // 100 t fall to 84 t in 2029 and 80 t in 2030; 90 t are diverted in 2029, and after it.
            "first: 2025, pledges: [(metric: WasteDiversion, by: 2030)], \
             waste: <[(2025, \"100 t\"), (2030, \"80 t\")]>, diverted: <[(2025, \"60 t\"), (2029, \"90 t\")]>",
            "ISO0216",
            "pledges.diverted",
            "in 2030 more is diverted (90000 kg) than there is waste (80000 kg)",
        ),
    ] {
        let problem = only(&site(pledges));
        assert_eq!((problem.code, problem.path.as_str()), (code, path), "{}", problem.render());
        assert!(problem.message.contains(part), "{}", problem.render());
    }
}

#[test]
fn an_assumption_of_nobody_is_refused_with_its_place() {
    const PLEDGED: &str = "first: 2025, pledges: [(metric: NetCarbon, by: 2030)]";
    let lacks = |more: &str, path: &str, fields: &[&str]| {
        let problems = common::refused(&site(&format!("{PLEDGED}, {more}")));
        let found: Vec<(&str, String)> = problems.iter().map(|p| (p.code, p.path.clone())).collect();
        let expected: Vec<(&str, String)> =
            fields.iter().map(|field| ("ISO0111", format!("{path}.{field}"))).collect();
        assert_eq!(found, expected);
        assert!(problems.iter().all(|problem| problem.location.is_some()), "{problems:?}");
    };
    let all = ["source", "year", "confidence"];
    lacks("grid_carbon: (by_year: [(2025, \"300 g/kWh\")])", "pledges.grid_carbon", &all);
    lacks(
        "it_load: (by_year: [(2025, 1)], source: \" \", year: 2025, confidence: C)",
        "pledges.it_load",
        &all[..1],
    );
    lacks("measures: [(from: 2027, what: \"dry coolers\", water: \"-10 %\")]", "pledges.measures[0]", &all);
    let of = read(&format!("{PLEDGED}, removals: <[(2030, \"7 t\")]>"));
    let origin = &of.courses.removals.expect("removals").origin;
    assert_eq!((&origin.source[..], origin.year, origin.confidence.name()), ("a plan", 2025, "B"));
}
