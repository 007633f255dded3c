//! The domain: one component one file, and the network they form.
//!
//! `plant` does not know time stepping, and it opens no file.

pub mod aisles;
pub mod catalogue;
mod categories;
mod component_macros;
pub mod cooling;
pub mod declare;
pub mod faults;
pub mod hydraulics;
pub mod it;
pub mod kernel;
pub mod manual;
pub mod network;
pub mod plant;
pub mod power;
mod tile_kernel;
