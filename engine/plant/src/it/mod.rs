//! What stands in a rack: chips, boards, fans and their power supply.

pub mod air_board;
pub mod chip;
pub mod cold_plate_accelerator;
pub mod cold_plate_board;
pub mod heat_sink_accelerator;
pub mod liquid_heat_trace;
pub mod node_load;
pub mod power_shelf;
pub mod rack_fans;
pub mod rectifier;
pub mod sivoc;
