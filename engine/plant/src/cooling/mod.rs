//! Everything that moves heat by a stream: from cold plates to towers.

pub mod dry_cooler;
pub mod exchange;
