//! The façade that the command line and the viewer use: it re-exports, never defines.

pub use media;
#[cfg(feature = "pdf")]
pub use pdf;
pub use plant;
pub use plant::manual;
pub use real;
pub use report;
pub use scenario;
pub use study;
pub use sweep;
pub use units;
pub use validation;
