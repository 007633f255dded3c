//! What is integrated: every flow of energy and water that an account or a balance needs.

use crate::declare::{Use, Water};

/// What a meter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeterKind {
    /// Electricity taken from the utility [J].
    Grid,
    /// Electricity used [J].
    Use(Use),
    /// Electricity generated on site [J].
    Generated,
    /// Electricity that reached batteries less what left their cells [J].
    Charged,
    /// Electricity delivered at an outlet: unit and port [J].
    Delivered(usize),
    /// Electricity delivered at an outlet to loads that lead to racks [J].
    DeliveredToIt(usize),
    /// Electricity drawn at an inlet by a unit that rejects heat to the surroundings [J].
    Drawn,
    /// Heat given to the surroundings [J].
    Rejected,
    /// Enthalpy of make-up less drained water [J].
    Carried,
    /// Water [kg].
    Water(Water),
    /// Enthalpy that a passage's stream brings to the volume at its outlet [J]; the port's index.
    Stream(usize),
    /// Heat given to a passage's stream [J]; the port's index.
    ToStream(usize),
}

/// One meter.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// `unit.output`.
    pub name: String,
    /// Index into the plant's units; `None` for the site.
    pub unit: Option<usize>,
    /// What it counts.
    pub kind: MeterKind,
    /// The state that integrates it.
    pub state: u32,
}
