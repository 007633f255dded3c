#![no_main]

mod crates {
    pub use {scenario, study, units};
}
#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::results(bytes));
