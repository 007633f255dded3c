//! The air between racks and air handlers.

pub mod aisle_pair;
