//! Everything that moves heat by a stream: from cold plates to towers.

pub mod air_cooled_chiller;
pub mod cdu;
pub mod crah;
pub mod dry_cooler;
pub mod exchange;
pub mod pipe;
pub mod pump;
