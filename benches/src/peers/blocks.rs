//! The block integrator.

use super::Run;
use crate::flat::Flat;
use crate::model::Model;
use solver::blocks::{BlockStepper, Class, Core, Lane, Precision, Verdict};
use solver::{Method, Statistics};

/// Integrates all windows of a model; their ends are kept where `keep` says how. Beside the run: what was done, and
/// bytes of the tiles.
pub fn run<K: Core, C: Class>(
    model: &mut Model<K, C>,
    keep: Option<&Flat<C>>,
    method: Method,
    tolerance: f64,
    threads: usize,
    precision: Precision,
) -> Result<(Run, Statistics, usize), String> {
    let stepper = BlockStepper::new(&model.core, &model.classes, method, threads, precision);
    let mut stepper = stepper.map_err(|error| error.to_string())?;
    stepper.options.tolerance = tolerance;
    let (mut t, mut y) = (model.start.time, model.start.core.clone());
    for (class, tiles) in model.start.tiles.iter().enumerate() {
        stepper.set_states(class, |tile, states| states.copy_from_slice(&tiles[tile]));
    }
    let mut run = Run::default();
    for window in 0..model.windows.len() {
        model.enter(window);
        let end = model.windows[window];
        if window > 0 {
            stepper.note_jump();
        }
        let (core, classes) = (&mut model.core, &model.classes);
        let goes_on = &mut |_: &mut K, _: solver::blocks::Reached| Verdict::Continue;
        let advanced = run.spent.on(|| stepper.advance(core, classes, &mut t, &mut y, end, goes_on));
        advanced.map_err(|failure| failure.to_string())?;
        if let Some(flat) = keep {
            let mut tiles: Vec<Vec<Vec<Lane>>> = vec![Vec::new(); model.classes.len()];
            for (class, tiles) in tiles.iter_mut().enumerate() {
                stepper.each_tile(class, |_, states| tiles.push(states.to_vec()));
            }
            run.ends.push(flat.gather(&y, |class, tile| &tiles[class][tile]));
        }
    }
    run.steps = stepper.statistics.steps;
    Ok((run, stepper.statistics, stepper.bytes()))
}
