//! Everything between the utility feed and the rack.

pub mod battery;
pub mod fixed_load;
pub mod generator;
pub mod pdu;
pub mod photovoltaic;
pub mod transformer;
pub mod ups;
pub mod utility_feed;
pub mod wind_turbine;
