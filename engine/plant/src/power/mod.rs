//! Everything between the utility feed and the rack.

pub mod fixed_load;
pub mod pdu;
pub mod transformer;
pub mod ups;
