//! Everything that moves heat by a stream: from cold plates to towers.

pub mod adiabatic_cooler;
pub mod air_cooled_chiller;
pub mod air_side_economizer;
pub mod cdu;
pub mod check_valve;
pub mod control_valve;
pub mod crah;
pub mod district_heating;
pub mod dry_cooler;
pub mod exchange;
pub mod heat_pump;
pub mod humidifier;
pub mod immersion_tank;
pub mod merkel;
pub mod open_tower;
pub mod pipe;
pub mod plate_exchanger;
pub mod pump;
pub mod rear_door;
pub mod storage_tank;
pub mod water_cooled_chiller;
pub mod water_side_economizer;
pub mod wet_surface;
pub mod york_calc;
