#![no_main]

mod crates {
    pub use {scenario, study, units};
}
#[path = "../targets.rs"]
mod targets;

use std::sync::Once;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A panic of the format's decoder is damage to the reader, which catches it; libFuzzer's hook would end the process first. A panic
    // that nothing catches still ends it.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    targets::results(bytes);
});
