//! Every kind of component, one line each.

use crate::aisles;
use crate::cooling;
use crate::it;
use crate::kernel::Kind;
use crate::power;

/// The kinds in the order of the manual.
#[rustfmt::skip]
pub const KINDS: &[&dyn Kind] = &[
    &aisles::aisle_pair::AislePair,
    &cooling::adiabatic_cooler::AdiabaticCooler,
    &cooling::air_cooled_chiller::AirCooledChiller,
    &cooling::air_side_economizer::AirSideEconomizer,
    &cooling::cdu::Cdu,
    &cooling::check_valve::CheckValve,
    &cooling::control_valve::ControlValve,
    &cooling::crah::Crah,
    &cooling::district_heating::DistrictHeating,
    &cooling::dry_cooler::DryCooler,
    &cooling::heat_pump::HeatPump,
    &cooling::humidifier::Humidifier,
    &cooling::immersion_tank::ImmersionTank,
    &cooling::open_tower::OpenTower,
    &cooling::pipe::Pipe,
    &cooling::plate_exchanger::PlateExchanger,
    &cooling::pump::Pump,
    &cooling::rear_door::RearDoor,
    &cooling::storage_tank::StorageTank,
    &cooling::water_cooled_chiller::WaterCooledChiller,
    &cooling::water_side_economizer::WaterSideEconomizer,
    &it::cold_plate_accelerator::ColdPlateAccelerator,
    &it::heat_sink_accelerator::HeatSinkAccelerator,
    &it::cold_plate_board::ColdPlateBoard,
    &it::air_board::AirBoard,
    &it::rack_fans::RackFans,
    &it::node_load::NodeLoad,
    &it::liquid_heat_trace::LiquidHeatTrace,
    &it::power_shelf::PowerShelf,
    &it::sivoc::Sivoc,
    &it::rectifier::Rectifier,
    &power::ups::Ups,
    &power::transformer::Transformer,
    &power::pdu::Pdu,
    &power::fixed_load::FixedLoad,
    &power::utility_feed::UtilityFeed,
    &power::generator::Generator,
    &power::battery::Battery,
    &power::photovoltaic::Photovoltaic,
    &power::wind_turbine::WindTurbine,
];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.declaration().name == name)
}

/// Place of the kind of that name in [`KINDS`].
pub(crate) fn position(name: &str) -> usize {
    KINDS.iter().position(|kind| kind.declaration().name == name).unwrap_or(usize::MAX)
}
