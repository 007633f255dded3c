//! isotherm against closed forms and other people's numbers, from the program alone.
//!
//! A [`Case`] compares one thing with one [`Source`] and gives [`Check`]s: a quantity, what was expected, what was
//! got, the error, the tolerance, and what remains and why. `isotherm validate`, `tests/validation.rs` and
//! `docs/verification.md` are made of the same cases.
//!
//! # A new case
//!
//! One function in a file of its own, one entry in that file's `CASES`, and the file's line in [`GROUPS`]:
//!
//! ```
//! use validation::{Case, Checks, Fault, Kind, Source, Worst};
//!
//! const HANDBOOK: Source = Source {
//!     id: "handbook",
//!     title: "A handbook, 2nd edition, table 3",
//!     kind: Kind::Publication,
//!     tables: "tests/validation/handbook",
//! };
//!
//! pub const CASES: &[Case] = &[Case {
//!     id: "handbook_fan",
//!     title: "Fan power at part speed",
//!     source: &HANDBOOK,
//!     covers: &["Crah"], // kinds of the catalogue, or media, solver, …
//!     evaluate: fan,
//! }];
//!
//! fn fan(checks: &mut Checks) -> Result<(), Fault> {
//!     // One number.
//!     checks.relative("year", "electricity of a year", "kWh", 1003.0, 1000.0, 0.01, "why 0.3 % remain");
//!     // A table: the worst error, and where.
//!     let mut power = Worst::relative("power", "power at part speed", "W");
//!     for (speed, watts) in [(0.5_f64, 125.0), (1.0, 1000.0)] {
//!         power.compare(1000.0 * speed * speed * speed, watts, &format!("speed {speed}"));
//!     }
//!     checks.worst(power, 2, 1e-9, "rounding");
//!     Ok(())
//! }
//! # let checks = validation::evaluate(&CASES[0]);
//! # assert!(checks.iter().all(|check| check.verdict.good()) && checks.len() == 2);
//! ```
//!
//! Tables are embedded with [`Table::read`]`(name, include_str!(…))`, a component alone is evaluated by [`component`]. Files that are not in
//! the program come from [`Checks::reference`]; where it gives nothing, the quantity is said to be [`Checks::absent`]. What is compared for information only has no tolerance
//! ([`Checks::reported`]); what must hold and is no comparison is [`Checks::held`] and not counted among what passed. A case that cannot be evaluated gives back a [`Fault`]: it is shown as a miss, and so is a table of which
//! not every value was compared.
//!
//! # Absences
//! * No model is fitted to a table. A tolerance follows from printed digits, rounding or the stopping of an iteration where `remains`
//!   names these; every other one is ours.
//! * No file is read but those below the folder that `ISOTHERM_REFERENCE` names, and nothing is written.
//! * No case knows another, and their order changes nothing.

pub mod analytic;
mod case;
mod check;
pub mod component;
mod document;
pub mod energyplus;
mod fault;
pub mod hours;
pub mod measured;
pub mod modelica;
pub mod on_site;
pub mod oracle;
pub mod peers;
mod render;
pub mod sampling;
mod source;
mod table;
pub mod towers;

pub use case::{Case, Checked, about, cases, evaluate, run, select};
pub use check::{Check, Checks, Measure, Verdict, Worst};
pub use document::{document, without};
pub use fault::Fault;
pub use render::{SCHEMA, json, list, list_json, text};
pub use source::{Kind, Source};
pub use table::{Row, Table};

/// All cases, by file. A new file is a line here.
pub const GROUPS: &[&[Case]] = &[
    analytic::exchangers::CASES,
    analytic::crossflow::CASES,
    analytic::loops::CASES,
    analytic::movers::CASES,
    analytic::integrators::CASES,
    oracle::moist_air::CASES,
    oracle::liquids::CASES,
    oracle::cooling::CASES,
    energyplus::CASES,
    hours::CASES,
    measured::CASES,
    modelica::CASES,
    towers::CASES,
    peers::CASES,
    on_site::CASES,
    sampling::CASES,
];
