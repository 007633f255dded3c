//! The exit codes: few, stable, tested. One table for the whole command.

use engine::scenario::weather::WeatherError;
use engine::study::run::Stopped;

/// Everything went well.
pub const OK: u8 = 0;
/// The command line cannot be read.
pub const USAGE: u8 = 2;
/// A target of the site is missed, and `--check-targets` asked; a comparison of `validate` is beyond its tolerance.
pub const TARGET_MISSED: u8 = 64;
/// The input is there and wrong.
pub const BAD_INPUT: u8 = 65;
/// The input is missing or cannot be read.
pub const MISSING_INPUT: u8 = 66;
/// A calculation did not converge.
pub const NOT_CONVERGED: u8 = 69;
/// A fault of the program: a balance that does not close, a state that is not finite.
pub const INTERNAL: u8 = 70;
/// Output cannot be created.
pub const CANNOT_CREATE: u8 = 73;
/// Writing failed after it had begun.
pub const WRITE_FAILED: u8 = 74;
/// A sweep is at its end, and more of its cases failed than `--max-failures` says.
pub const TOO_MANY_FAILED: u8 = 76;
/// Stopped by the user.
pub const INTERRUPTED: u8 = 130;

/// The code for a run that stopped early.
pub fn of_stopped(stopped: &Stopped) -> u8 {
    match stopped {
        Stopped::Topology(_) | Stopped::Weather(_) | Stopped::TooLong { .. } | Stopped::Unfit(_) => BAD_INPUT,
        Stopped::Start { .. } | Stopped::Integration { .. } | Stopped::Reversed { .. } => NOT_CONVERGED,
        Stopped::NotClosed { .. } => INTERNAL,
        Stopped::Cancelled { .. } => INTERRUPTED,
    }
}

/// The code for a weather file that was refused.
pub fn of_weather(error: &WeatherError) -> u8 {
    match error {
        WeatherError::Missing { .. } | WeatherError::Unreadable { .. } => MISSING_INPUT,
        _ => BAD_INPUT,
    }
}

/// The stable identifier of a run that stopped early.
pub fn identifier(stopped: &Stopped) -> &'static str {
    match stopped {
        Stopped::Topology(_) => "ISO0700",
        Stopped::Cancelled { .. } => "ISO0801",
        Stopped::Unfit(_) => "ISO0802",
        _ => "ISO0800",
    }
}
