//! The core's part of a step, and what the members give to it.

use super::program::Program;
use super::system::{Class, Core};
use super::team::{Bundle, locked};
use crate::failure::Failure;
use crate::matrix::StageMatrix;
use crate::norm::TileNorm;
use crate::rosenbrock::{Tableau, add_stages};
use crate::system::{Malformed, Sparsity, same_length};

/// The core's part of a step.
pub(super) struct CoreStages {
    pub(super) tableau: &'static Tableau,
    pub(super) states: usize,
    pub(super) matrix: StageMatrix,
    pub(super) norm: TileNorm,
    pub(super) own: Vec<f64>,
    /// Place of each of the core's own partial derivatives in the whole pattern.
    pub(super) places: Vec<u32>,
    /// For each class and value of its block: place in the whole pattern, if the import is a row.
    pub(super) blocks: Vec<Vec<Option<u32>>>,
    pub(super) jacobian: Vec<f64>,
    pub(super) drive: Vec<f64>,
    pub(super) driven: bool,
    pub(super) slope: Vec<f64>,
    pub(super) rates: Vec<f64>,
    pub(super) argument: Vec<f64>,
    pub(super) u: Vec<f64>,
    pub(super) right: Vec<f64>,
    pub(super) end: Vec<f64>,
    pub(super) sums: Sums,
}

/// Sums over all groups, by class.
#[derive(Clone, Default)]
pub(super) struct Sums {
    pub(super) exports: Vec<Vec<f64>>,
    pub(super) right: Vec<Vec<f64>>,
    pub(super) drive: Vec<Vec<f64>>,
    pub(super) block: Vec<Vec<f64>>,
    pub(super) low: Vec<Vec<f64>>,
    pub(super) high: Vec<Vec<f64>>,
    pub(super) norms: [f64; 2],
    /// First class with a member that is not finite, or whose matrix is singular.
    pub(super) not_finite: Option<usize>,
    pub(super) singular: Option<usize>,
}

impl Sums {
    pub(super) fn take<W>(&mut self, bundles: &[Bundle<W>]) {
        let Sums { exports, right, drive, block, .. } = self;
        for sums in [exports, right, drive, block] {
            sums.iter_mut().for_each(|sum| sum.fill(0.0));
        }
        self.low.iter_mut().for_each(|low| low.fill(f64::INFINITY));
        self.high.iter_mut().for_each(|high| high.fill(f64::NEG_INFINITY));
        (self.norms, self.not_finite, self.singular) = ([0.0; 2], None, None);
        for bundle in bundles {
            for group in &locked(bundle).groups {
                let (k, partial) = (group.class, &group.partial);
                add(&mut self.exports[k], &partial.exports);
                add(&mut self.right[k], &partial.right);
                add(&mut self.drive[k], &partial.drive);
                add(&mut self.block[k], &partial.block);
                for (low, lanes) in self.low[k].iter_mut().zip(&partial.low) {
                    *low = lanes.0.iter().fold(*low, |low, &value| low.min(value));
                }
                for (high, lanes) in self.high[k].iter_mut().zip(&partial.high) {
                    *high = lanes.0.iter().fold(*high, |high, &value| high.max(value));
                }
                for (norm, &value) in self.norms.iter_mut().zip(&partial.norms) {
                    if value > *norm || value.is_nan() {
                        *norm = value;
                    }
                }
                if !partial.finite {
                    self.not_finite = self.not_finite.or(Some(k));
                }
                if !partial.usable {
                    self.singular = self.singular.or(Some(k));
                }
            }
        }
    }
}

fn add(sums: &mut [f64], values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

/// Why an attempt gave no step.
pub(super) enum Fault {
    NotFinite(usize),
    Singular(usize),
    Member(usize, &'static str),
}

impl Fault {
    pub(super) fn failure(&self, time: f64, step: f64) -> Failure {
        match *self {
            Fault::NotFinite(row) => Failure::NotFinite { time, row, step },
            Fault::Singular(row) => Failure::Singular { time, row, step },
            Fault::Member(class, what) => Failure::Member { time, class, what, step },
        }
    }
}

impl CoreStages {
    pub(super) fn new<C: Class>(
        core: &impl Core,
        classes: &[C],
        programs: &[Program],
        tableau: &'static Tableau,
    ) -> Result<CoreStages, Malformed> {
        let states = core.states();
        same_length("weights", core.weights().len(), states)?;
        same_length("tiles", core.tiles().len(), states)?;
        let own = core.sparsity();
        own.check()?;
        let mut lists: Vec<Vec<u32>> = (0..own.rows).map(|row| own.row(row).to_vec()).collect();
        let mut pairs = Vec::with_capacity(classes.len());
        for (class, program) in classes.iter().zip(programs) {
            let pair = |&(export, import): &(u32, u32)| {
                let row = class.exports()[export as usize];
                class.imports()[import as usize].map(|column| (row, column))
            };
            let list: Vec<Option<(u32, u32)>> = program.block_entries.iter().map(pair).collect();
            for &(row, column) in list.iter().flatten() {
                let rows = own.rows;
                let outside = Malformed::OutOfRange { row, column, rows };
                lists.get_mut(row as usize).ok_or(outside)?.push(column);
            }
            pairs.push(list);
        }
        let pattern = Sparsity::from_rows(lists)?;
        let place = |row: u32, column: u32| {
            let rows = pattern.rows;
            let found = pattern.position(row as usize, column);
            found.map(|k| k as u32).ok_or(Malformed::OutOfRange { row, column, rows })
        };
        let mut places = Vec::with_capacity(own.entries());
        for row in 0..own.rows {
            for &column in own.row(row) {
                places.push(place(row as u32, column)?);
            }
        }
        let block = |list: Vec<Option<(u32, u32)>>| {
            list.into_iter().map(|pair| pair.map(|(i, j)| place(i, j)).transpose()).collect()
        };
        let blocks = pairs.into_iter().map(block).collect::<Result<_, Malformed>>()?;
        let rows = own.rows;
        // What members give has a right-hand side, and what they read is asked for: neither is condensed away.
        let exports = classes.iter().flat_map(|class| class.exports().iter().copied());
        let imports = classes.iter().flat_map(|class| class.imports().iter().flatten().copied());
        let kept: Vec<u32> = exports.chain(imports).collect();
        let zeros = |count: &dyn Fn(&Program) -> usize| -> Vec<Vec<f64>> {
            programs.iter().map(|program| vec![0.0; count(program)]).collect()
        };
        let watched: Vec<Vec<f64>> = classes.iter().map(|class| vec![0.0; class.watched()]).collect();
        Ok(CoreStages {
            tableau,
            states,
            matrix: StageMatrix::with_right(states, &pattern, &kept)?,
            norm: TileNorm::new(core.tiles()),
            own: vec![0.0; own.entries()],
            places,
            blocks,
            jacobian: vec![0.0; pattern.entries()],
            drive: vec![0.0; rows],
            driven: false,
            slope: vec![0.0; states],
            rates: vec![0.0; states],
            argument: vec![0.0; states],
            u: vec![0.0; states * tableau.stages],
            right: vec![0.0; rows],
            end: vec![0.0; states],
            sums: Sums {
                exports: zeros(&|p| p.exports),
                right: zeros(&|p| p.exports),
                drive: zeros(&|p| p.exports),
                block: zeros(&|p| p.block_entries.len()),
                low: watched.clone(),
                high: watched,
                ..Sums::default()
            },
        })
    }

    /// Factors with what the members contribute; the first row that cannot be eliminated.
    pub(super) fn factor<C: Class>(&mut self, classes: &[C], h: f64) -> Result<(), Fault> {
        if let Some(class) = self.sums.singular {
            return Err(Fault::Member(class, "singular"));
        }
        self.jacobian.fill(0.0);
        for (&place, &partial) in self.places.iter().zip(&self.own) {
            self.jacobian[place as usize] = partial;
        }
        for (places, block) in self.blocks.iter().zip(&self.sums.block) {
            for (place, value) in places.iter().zip(block) {
                if let Some(place) = place {
                    self.jacobian[*place as usize] -= value;
                }
            }
        }
        for (class, drive) in classes.iter().zip(&self.sums.drive) {
            for (&row, &drive) in class.exports().iter().zip(drive) {
                self.drive[row as usize] += drive;
            }
        }
        self.driven = self.drive.iter().any(|&d| d != 0.0);
        let shift = 1.0 / (h * self.tableau.gamma);
        let factored = self.matrix.factor(&self.jacobian, |_| shift);
        factored.map_err(|singular| Fault::Singular(singular.row))?;
        if self.driven {
            self.matrix.condense(&mut self.drive);
        }
        Ok(())
    }

    /// Solves for a stage from the rates at its argument and what the members gave to the right-hand side.
    pub(super) fn stage<C: Class>(&mut self, classes: &[C], stage: usize, h: f64) {
        let (n, tableau) = (self.states, self.tableau);
        let (before, here) = self.u.split_at_mut(stage * n);
        self.right[..n].copy_from_slice(&self.rates);
        self.right[n..].fill(0.0);
        add_stages(&mut self.right[..n], before, n, &tableau.c[stage][..stage], 1.0 / h);
        let weight = tableau.gammas[stage] * h;
        if self.driven && weight != 0.0 {
            for (right, &drive) in self.right.iter_mut().zip(&self.drive) {
                *right += weight * drive;
            }
        }
        for (class, right) in classes.iter().zip(&self.sums.right) {
            for (&row, &value) in class.exports().iter().zip(right) {
                self.right[row as usize] += value;
            }
        }
        self.matrix.solve(&mut self.right);
        here[..n].copy_from_slice(&self.right[..n]);
    }
}
