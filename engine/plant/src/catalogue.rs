//! Every kind of component, one line each.

use crate::cooling;
use crate::it;
use crate::kernel::Kind;
use crate::power;

/// The kinds in the order of the manual.
pub const KINDS: &[&dyn Kind] = &[
    &cooling::dry_cooler::DryCooler,
    &it::cold_plate_accelerator::ColdPlateAccelerator,
    &it::cold_plate_board::ColdPlateBoard,
    &it::air_board::AirBoard,
    &it::rack_fans::RackFans,
    &it::power_shelf::PowerShelf,
    &power::ups::Ups,
    &power::transformer::Transformer,
    &power::pdu::Pdu,
    &power::fixed_load::FixedLoad,
];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.declaration().name == name)
}
