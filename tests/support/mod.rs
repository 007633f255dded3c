//! What the tests of the whole program share.
#![allow(dead_code, unreachable_pub)] // each test uses its part

pub mod bits;
pub mod inputs;
pub mod kernels;
pub mod names;
pub mod random;
pub mod records;
pub mod sites;
