//! The façade that the command line and the viewer use: it re-exports, never defines.
#![doc(html_no_source)]
pub use plant;
pub use scenario;
pub use study;
pub use units;
