//! The crate `diffsol`: its BDF of variable order and TR-BDF2, with the sparse LU of `faer` and the analytic Jacobian.
//!
//! One solver goes through all windows, so that its symbolic factorisation is made once. At each the
//! derivative and the first step are found again, and BDF starts from order 1.

use super::lu::OwnLu;
use super::{Problem, Run};
use crate::measure::Spent;
use diffsol::{
    ConstantOp, FaerContext, FaerSparseLU, FaerSparseMat, FaerVec, Matrix, NonLinearOp, NonLinearOpJacobian,
    OdeBuilder, OdeEquations, OdeEquationsRef, OdeSolverMethod, OdeSolverProblem, OdeSolverStopReason, Op,
    ParameterisedOp, UnitCallable, Vector, VectorCommon,
};
use solver::blocks::{Class, Core};
use std::cell::RefCell;
use std::rc::Rc;

type M = FaerSparseMat<f64>;
type V = FaerVec<f64>;
type Pattern = <M as Matrix>::Sparsity;
type Shared<'m, K, C> = Rc<RefCell<Problem<'m, K, C>>>;

/// Which method, with which linear solver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// BDF with the sparse LU of `faer`.
    Bdf,
    /// BDF with the sparse LU of the engine.
    BdfOwnLu,
    /// TR-BDF2 with the sparse LU of the engine.
    TrBdf2OwnLu,
}

struct Equations<'m, K, C: Class> {
    problem: Shared<'m, K, C>,
    pattern: Pattern,
    start: Vec<f64>,
    context: FaerContext,
}

/// The right-hand side, or the start: they have the same shape.
struct Part<'a, 'm, K, C: Class>(&'a Equations<'m, K, C>);

impl<K: Core, C: Class> Op for Equations<'_, K, C> {
    type T = f64;
    type V = V;
    type M = M;
    type C = FaerContext;
    fn context(&self) -> &FaerContext {
        &self.context
    }
    fn nstates(&self) -> usize {
        self.start.len()
    }
    fn nout(&self) -> usize {
        self.start.len()
    }
    fn nparams(&self) -> usize {
        0
    }
}

impl<K: Core, C: Class> Op for Part<'_, '_, K, C> {
    type T = f64;
    type V = V;
    type M = M;
    type C = FaerContext;
    fn context(&self) -> &FaerContext {
        self.0.context()
    }
    fn nstates(&self) -> usize {
        self.0.nstates()
    }
    fn nout(&self) -> usize {
        self.0.nout()
    }
    fn nparams(&self) -> usize {
        0
    }
}

fn slice(vector: &V) -> &[f64] {
    let column = vector.inner().col(0);
    column.try_as_col_major().map_or(&[], |column| column.as_slice())
}

pub(super) fn slice_mut(vector: &mut V) -> &mut [f64] {
    let column = vector.inner_mut().col_mut(0);
    column.try_as_col_major_mut().map_or(&mut [], |column| column.as_slice_mut())
}

impl<K: Core, C: Class> NonLinearOp for Part<'_, '_, K, C> {
    fn call_inplace(&self, x: &V, t: f64, y: &mut V) {
        self.0.problem.borrow_mut().rates(t, slice(x), slice_mut(y));
    }
}

impl<K: Core, C: Class> NonLinearOpJacobian for Part<'_, '_, K, C> {
    fn jac_mul_inplace(&self, x: &V, t: f64, v: &V, y: &mut V) {
        self.jacobian(x, t).gemv(1.0, v, 0.0, y);
    }
    fn jacobian_sparsity(&self) -> Option<Pattern> {
        Some(self.0.pattern.clone())
    }
    fn jacobian_inplace(&self, x: &V, t: f64, y: &mut M) {
        self.0.problem.borrow_mut().jacobian(t, slice(x), y.inner_mut()[0].val_mut());
    }
}

impl<K: Core, C: Class> ConstantOp for Part<'_, '_, K, C> {
    fn call_inplace(&self, _: f64, y: &mut V) {
        slice_mut(y).copy_from_slice(&self.0.start);
    }
}

impl<'a, 'm, K: Core, C: Class> OdeEquationsRef<'a> for Equations<'m, K, C> {
    type Rhs = Part<'a, 'm, K, C>;
    type Init = Part<'a, 'm, K, C>;
    type Mass = ParameterisedOp<'a, UnitCallable<M>>;
    type Root = ParameterisedOp<'a, UnitCallable<M>>;
    type Out = ParameterisedOp<'a, UnitCallable<M>>;
    type Reset = ParameterisedOp<'a, UnitCallable<M>>;
}

impl<'m, K: Core, C: Class> OdeEquations for Equations<'m, K, C> {
    fn rhs(&self) -> Part<'_, 'm, K, C> {
        Part(self)
    }
    fn init(&self) -> Part<'_, 'm, K, C> {
        Part(self)
    }
    fn mass(&self) -> Option<ParameterisedOp<'_, UnitCallable<M>>> {
        None
    }
    fn set_params(&mut self, _: &V) {}
    fn get_params(&self, _: &mut V) {}
}

/// Integrates all windows of a model.
pub fn run<K: Core, C: Class>(
    mut problem: Problem<K, C>,
    method: Method,
    tolerance: f64,
) -> Result<Run, String> {
    problem.model.enter(0);
    let (start, allowed) = (problem.start(), problem.allowed(tolerance));
    let columns = problem.flat.columns();
    let mut entries = Vec::with_capacity(columns.rows.len());
    for column in 0..columns.size {
        let rows = &columns.rows[columns.starts[column]..columns.starts[column + 1]];
        entries.extend(rows.iter().map(|&row| (row, column)));
    }
    let zeros = vec![0.0; entries.len()];
    let zero = M::try_from_triplets(columns.size, columns.size, entries, zeros, FaerContext::default());
    let zero = zero.map_err(|error| error.to_string())?;
    let pattern =
        zero.sparsity().and_then(|pattern| pattern.to_owned().ok()).ok_or("no room for a pattern")?;
    let begin = problem.model.start.time;
    let problem = Rc::new(RefCell::new(problem));
    let equations = Equations { problem: problem.clone(), pattern, start, context: FaerContext::default() };
    let whole = OdeBuilder::<M>::new().t0(begin).rtol(0.0).atol(allowed).build_from_eqn(equations);
    let whole = whole.map_err(|error| error.to_string())?;
    match method {
        Method::Bdf => {
            let solver = whole.bdf::<FaerSparseLU<f64>>().map_err(|error| error.to_string())?;
            windows(&whole, solver, &problem, 1)
        }
        Method::BdfOwnLu => {
            let solver = whole.bdf::<OwnLu>().map_err(|error| error.to_string())?;
            windows(&whole, solver, &problem, 1)
        }
        Method::TrBdf2OwnLu => {
            let solver = whole.tr_bdf2::<OwnLu>().map_err(|error| error.to_string())?;
            windows(&whole, solver, &problem, 2)
        }
    }
}

fn windows<'w, 'm: 'w, K: Core, C: Class, S: OdeSolverMethod<'w, Equations<'m, K, C>>>(
    whole: &'w OdeSolverProblem<Equations<'m, K, C>>,
    mut solver: S,
    problem: &Shared<'m, K, C>,
    order: usize,
) -> Result<Run, String> {
    let mut run = Run::default();
    let ends = problem.borrow().model.windows.clone();
    for (window, &end) in ends.iter().enumerate() {
        problem.borrow_mut().model.enter(window);
        let mut spent = Spent::default();
        let steps = spent.on(|| -> Result<u64, String> {
            {
                let mut state = solver.state_mut();
                NonLinearOp::call_inplace(&whole.eqn.rhs(), state.y, *state.t, state.dy);
                state.set_step_size(1.0, &whole.atol, whole.rtol, &whole.eqn, order);
            }
            solver.set_stop_time(end).map_err(|error| error.to_string())?;
            let mut steps = 0;
            loop {
                steps += 1;
                match solver.step().map_err(|error| error.to_string())? {
                    OdeSolverStopReason::TstopReached => return Ok(steps),
                    _ if steps > 10_000_000 => return Err("too many steps".into()),
                    _ => {}
                }
            }
        })?;
        run.spent.add(spent);
        run.steps += steps;
        run.ends.push(slice(solver.state().y).to_vec());
    }
    Ok(run)
}
