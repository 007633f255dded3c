//! What an engine remembers from one step to the next.

use super::{Engine, end_of, per_output, steps};
use crate::run::Options;
use crate::state::{Archive, State, Unfit};

impl State for Engine<'_> {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        // Without `..`: whoever adds a part says here whether it remembers something. Working space does not.
        let Engine {
            plant: _,
            forcing: _,
            options,
            plans: _,
            dynamics,
            stepper,
            hall,
            implicit,
            quasi_steady,
            seat: _,
            step,
            time,
            y,
            before: _,
            rates: _,
            evaluated: _,
            controllers,
            switches,
            events,
            notes,
            accounts,
            limits,
            tracing,
            trajectory,
            explicit_scales: _,
            explicit,
            explicit_steps,
        } = self;
        archive.same(&identity(options, dynamics.network.names()), Unfit::OtherRun)?;
        archive.part("clock", step)?;
        archive.part("states", y)?;
        archive.part("network", dynamics)?;
        archive.part("integrator", stepper)?;
        if let Some(hall) = hall {
            archive.part("hall", hall)?;
        }
        if let Some(implicit) = implicit {
            archive.part("implicit integrator", implicit)?;
        }
        if let Some(quasi_steady) = quasi_steady {
            archive.part("quasi-steady steps", quasi_steady)?;
        }
        archive.part("explicit integrator", &mut (&mut *explicit, &mut *explicit_steps))?;
        archive.part("switches", switches)?;
        archive.part("controllers", controllers)?;
        archive.part("events", events)?;
        if let Some(hall) = hall {
            events.arm(&mut hall.racks);
        }
        archive.part("notes", notes)?;
        archive.part("accounts", accounts)?;
        archive.part("limits", limits)?;
        archive.part("tracing", tracing)?;
        archive.part("trajectory", trajectory)?;
        if *step == 0
            || *step >= steps(options)
            || trajectory.intervals() as u64 != *step / per_output(options)
        {
            return Err(Unfit::Value("clock"));
        }
        *time = end_of(options, *step);
        Ok(())
    }
}

/// What tells runs apart as far as the engine sees it: all options and every row.
fn identity(options: &Options, rows: &[String]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let options = Options { threads: 1, ..options.clone() };
    hasher.update(format!("{options:?}").as_bytes());
    for row in rows {
        hasher.update(row.as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().into()
}
