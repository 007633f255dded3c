//! What keeps two runs from being compared as they stand.

use std::fmt;

/// One thing that is not alike; as text, an English sentence without its stop.
#[derive(Debug, Clone, PartialEq)]
pub enum Unlike {
    /// The two runs have something different.
    Differ {
        /// What.
        what: What,
        /// Their names.
        names: [String; 2],
        /// What each has.
        of: [String; 2],
    },
    /// A run does less than the work asked for.
    Throttled {
        /// Its name.
        name: String,
        /// For how long [h].
        hours: f64,
    },
}

/// What two runs may have different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The time that is covered.
    Period,
    /// Where the weather comes from.
    Weather,
    /// How it was calculated.
    Mode,
    /// What carbon factors count: carbon is not compared.
    CarbonBasis,
    /// What is paid in: cost is not compared.
    Currency,
    /// How the cost of ownership is reckoned: it is not compared.
    Ownership,
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unlike::Throttled { name, hours } => {
                write!(f, "{name} does less than the work asked for: chips throttle for {hours:.1} h")
            }
            Unlike::Differ { what, names: [a, b], of: [x, y] } => match what {
                What::Period => write!(f, "the periods differ: {a} covers {x}, {b} covers {y}"),
                What::Weather => write!(f, "the weather differs: {a} has {x}, {b} has {y}"),
                What::Mode => write!(f, "they are not calculated alike: {a} is {x}, {b} is {y}"),
                What::CarbonBasis => {
                    write!(f, "carbon is not compared: the factor of {a} is {x}, that of {b} is {y}")
                }
                What::Ownership => {
                    write!(f, "cost of ownership is not compared: {a} reckons {x}, {b} {y}")
                }
                What::Currency => write!(f, "cost is not compared: {a} pays in {x}, {b} in {y}"),
            },
        }
    }
}
