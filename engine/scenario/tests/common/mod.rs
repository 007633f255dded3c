//! A small good site, and what the tests ask of problems.
#![allow(dead_code)] // each test file uses its part

use scenario::{Loaded, Problem, load_text};

/// Two racks on cold plates, a CDU, a pump and a dry cooler.
pub const GOOD: &str = r#"Site(
    schema: 1,
    title: "Two racks",
    site: (climate: "phoenix"),
    components: {
        "pump": Pump(based_on: "end_suction_30kw"),
        "cooler": DryCooler(based_on: "dry_cooler_1mw"),
        "cdu": Cdu(based_on: "cdu_1350kw", supply_setpoint: "40 °C"),
        "ups": Ups(based_on: "double_conversion_1500kva"),
    },
    racks: {
        "pod": (template: "frontier_rack", count: 2, workload: Constant(utilisation: 0.9)),
    },
    connections: [
        "grid -> ups -> [pump, cooler, cdu, pod]",
        "pump -> cdu.primary -> cooler -> pump",
        "cdu.secondary -> pod.liquid -> cdu.secondary",
    ],
)
"#;

/// The good site with one part of its text replaced.
pub fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "the good site has no {from:?}");
    GOOD.replacen(from, to, 1)
}

pub fn read(text: &str) -> Result<Loaded, Vec<Problem>> {
    load_text("site.ron", text, &[])
}

pub fn good(text: &str) -> Loaded {
    read(text).unwrap_or_else(|problems| panic!("{}", rendered(&problems)))
}

pub fn rendered(problems: &[Problem]) -> String {
    problems.iter().map(Problem::render).collect::<Vec<_>>().join("\n")
}

pub fn refused(text: &str) -> Vec<Problem> {
    match read(text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(problems) => problems,
    }
}

/// The only error of a text.
pub fn only(text: &str) -> Problem {
    let mut problems = refused(text);
    problems.retain(Problem::is_error);
    assert_eq!(problems.len(), 1, "{}", rendered(&problems));
    problems.remove(0)
}

/// Asserts code, path, place and a part of the message or help of the only error.
#[track_caller]
pub fn expect(text: &str, code: &str, path: &str, (line, column, length): (usize, usize, usize), part: &str) {
    let problem = only(text);
    let shown = problem.render();
    assert_eq!((problem.code, problem.path.as_str()), (code, path), "{shown}");
    let place = problem.location.as_ref().map(|l| (l.line, l.column, l.length));
    assert_eq!(place, Some((line, column, length)), "{shown}");
    let said = format!("{} / {}", problem.message, problem.help.unwrap_or_default());
    assert!(said.contains(part), "{said:?} does not say {part:?}");
}
