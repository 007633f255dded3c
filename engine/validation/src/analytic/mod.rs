//! Closed forms: what can be worked out without a simulation.

pub mod crossflow;
pub mod exchangers;
pub mod integrators;
pub mod loops;
pub mod movers;

use crate::source::{Kind, Source};

/// Formulas written down again in the case, apart from the code of the component.
pub const CLOSED_FORMS: Source = Source {
    id: "closed_forms",
    title: "Closed forms, worked out in the case itself",
    kind: Kind::ClosedForm,
    tables: "engine/validation/src/analytic/mod.rs",
};
/// Robertson, van der Pol.
pub const TEST_SET: Source = Source {
    id: "ivp_test_set",
    title: "Mazzia and Magherini, Test Set for Initial Value Problem Solvers, release 2.4 (2008): ROBER, VDPOL",
    kind: Kind::Publication,
    tables: "engine/validation/src/analytic/integrators.rs",
};
