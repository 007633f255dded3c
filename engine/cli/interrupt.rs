//! Ctrl-C, and the polite request to end (SIGTERM): the first is noted, the second ends the process at once.
//!
//! Noted is all that happens to the first: the run looks between two steps, see `checkpoint.rs`. A hang-up (SIGHUP)
//! keeps its meaning, so that `nohup` works.

use crate::{exit, output};
use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user asked to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Whether it was asked for since [`listen`].
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Listens from now on; `say` lets it confirm the first on standard error.
pub fn listen(say: bool) -> Interrupt {
    let interrupt = Interrupt::default();
    if let Err(error) = install(&interrupt, say) {
        output::message(&format!("warning: Ctrl-C will end without a checkpoint: {error}\n"));
    }
    interrupt
}

#[cfg(unix)]
fn install(interrupt: &Interrupt, say: bool) -> std::io::Result<()> {
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    let asked = Arc::clone(&interrupt.0);
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for _ in signals.forever() {
            if asked.swap(true, Ordering::Relaxed) {
                // A file that is half written disappears; nothing takes its name any more.
                engine::study::write::discard_and(|| std::process::exit(i32::from(exit::INTERRUPTED)));
            }
            if say {
                output::message("\nstopping after this step; once more to stop at once\n");
            }
        }
    })?;
    Ok(())
}

/// Without Unix signals the process of the second ends where it is: a half-written file keeps its temporary name.
#[cfg(not(unix))]
fn install(interrupt: &Interrupt, _: bool) -> std::io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        let code = i32::from(exit::INTERRUPTED);
        signal_hook::flag::register_conditional_shutdown(signal, code, Arc::clone(&interrupt.0))?;
        signal_hook::flag::register(signal, Arc::clone(&interrupt.0))?;
    }
    Ok(())
}
