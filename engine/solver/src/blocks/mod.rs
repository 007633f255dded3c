//! A core with many equal blocks hanging on it: eight members to a tile, eliminated exactly.

mod system;

pub use system::{Blocked, Class, Lane, WIDTH};
