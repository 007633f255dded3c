//! The one numeric trait.
