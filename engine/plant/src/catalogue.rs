//! Every kind of component, one line each.

use crate::cooling;
use crate::kernel::Kind;

/// The kinds in the order of the manual.
pub const KINDS: &[&dyn Kind] = &[&cooling::dry_cooler::DryCooler];

/// The kind of that name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.declaration().name == name)
}
