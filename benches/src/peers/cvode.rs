//! CVODE's BDF with the sparse LU of KLU, both of SUNDIALS 6, by its C interface.
//!
//! The only file with `unsafe` in it: a foreign interface has no other form. Built where `build.rs` found the
//! libraries. `CVodeReInit` at every window makes KLU analyse its pattern again, as it does for every user.

use super::{Problem, Run};
use solver::blocks::{Class, Core};
use std::ffi::{c_int, c_long, c_void};
use std::ptr::null_mut;

type Handle = *mut c_void;
type Rates = unsafe extern "C" fn(f64, Handle, Handle, Handle) -> c_int;
type Jacobian = unsafe extern "C" fn(f64, Handle, Handle, Handle, Handle, Handle, Handle, Handle) -> c_int;

unsafe extern "C" {
    fn SUNContext_Create(comm: Handle, context: *mut Handle) -> c_int;
    fn SUNContext_Free(context: *mut Handle) -> c_int;
    fn N_VMake_Serial(length: i64, data: *mut f64, context: Handle) -> Handle;
    fn N_VGetArrayPointer(vector: Handle) -> *mut f64;
    fn N_VDestroy(vector: Handle);
    fn SUNSparseMatrix(rows: i64, columns: i64, entries: i64, kind: c_int, context: Handle) -> Handle;
    fn SUNSparseMatrix_Data(matrix: Handle) -> *mut f64;
    fn SUNSparseMatrix_IndexValues(matrix: Handle) -> *mut i64;
    fn SUNSparseMatrix_IndexPointers(matrix: Handle) -> *mut i64;
    fn SUNMatDestroy(matrix: Handle);
    fn SUNLinSol_KLU(y: Handle, matrix: Handle, context: Handle) -> Handle;
    fn SUNLinSol_KLUSetOrdering(solver: Handle, ordering: c_int) -> c_int;
    fn SUNLinSolFree(solver: Handle) -> c_int;
    fn CVodeCreate(method: c_int, context: Handle) -> Handle;
    fn CVodeInit(memory: Handle, rates: Rates, t: f64, y: Handle) -> c_int;
    fn CVodeReInit(memory: Handle, t: f64, y: Handle) -> c_int;
    fn CVodeSVtolerances(memory: Handle, relative: f64, absolute: Handle) -> c_int;
    fn CVodeSetUserData(memory: Handle, data: Handle) -> c_int;
    fn CVodeSetLinearSolver(memory: Handle, solver: Handle, matrix: Handle) -> c_int;
    fn CVodeSetJacFn(memory: Handle, jacobian: Jacobian) -> c_int;
    fn CVodeSetStopTime(memory: Handle, t: f64) -> c_int;
    fn CVodeSetMaxNumSteps(memory: Handle, steps: c_long) -> c_int;
    fn CVode(memory: Handle, until: f64, y: Handle, t: *mut f64, task: c_int) -> c_int;
    fn CVodeGetNumSteps(memory: Handle, steps: *mut c_long) -> c_int;
    fn CVodeFree(memory: *mut Handle);
}

const BDF: c_int = 2;
const NORMAL: c_int = 1;
const BY_COLUMNS: c_int = 0;

/// What the callbacks are given.
struct Data<'p, 'm, K, C: Class> {
    problem: &'p mut Problem<'m, K, C>,
    starts: Vec<i64>,
    rows: Vec<i64>,
}

unsafe extern "C" fn rates<K: Core, C: Class>(t: f64, y: Handle, rates: Handle, data: Handle) -> c_int {
    // SAFETY: CVODE gives back the pointer that `run` set, and vectors of the length it was started with.
    unsafe {
        let data = &mut *data.cast::<Data<K, C>>();
        let n = data.problem.flat.size();
        let y = std::slice::from_raw_parts(N_VGetArrayPointer(y), n);
        let rates = std::slice::from_raw_parts_mut(N_VGetArrayPointer(rates), n);
        data.problem.rates(t, y, rates);
    }
    0
}

unsafe extern "C" fn jacobian<K: Core, C: Class>(
    t: f64,
    y: Handle,
    _: Handle,
    matrix: Handle,
    data: Handle,
    _: Handle,
    _: Handle,
    _: Handle,
) -> c_int {
    // SAFETY: as above; the matrix was made for this many entries. CVODE has zeroed it, its pattern included.
    unsafe {
        let data = &mut *data.cast::<Data<K, C>>();
        let (n, entries) = (data.problem.flat.size(), data.rows.len());
        let y = std::slice::from_raw_parts(N_VGetArrayPointer(y), n);
        SUNSparseMatrix_IndexPointers(matrix).copy_from_nonoverlapping(data.starts.as_ptr(), n + 1);
        SUNSparseMatrix_IndexValues(matrix).copy_from_nonoverlapping(data.rows.as_ptr(), entries);
        let values = std::slice::from_raw_parts_mut(SUNSparseMatrix_Data(matrix), entries);
        data.problem.jacobian(t, y, values);
    }
    0
}

/// KLU's number for ordering by AMD, which full rows do not disturb; COLAMD was as fast here.
const AMD: c_int = 0;

fn good(what: &str, flag: c_int) -> Result<(), String> {
    if flag >= 0 { Ok(()) } else { Err(format!("CVODE: {what} gave {flag}")) }
}

/// Integrates all windows of a model.
pub fn run<K: Core, C: Class>(problem: &mut Problem<K, C>, tolerance: f64) -> Result<Run, String> {
    problem.model.enter(0);
    let (mut y, mut allowed) = (problem.start(), problem.allowed(tolerance));
    let n = y.len();
    let columns = problem.flat.columns();
    let starts: Vec<i64> = columns.starts.iter().map(|&k| k as i64).collect();
    let rows: Vec<i64> = columns.rows.iter().map(|&k| k as i64).collect();
    let (begin, ends) = (problem.model.start.time, problem.model.windows.clone());
    let entries = rows.len() as i64;
    let mut data = Data { problem, starts, rows };
    let data: *mut Data<K, C> = &raw mut data;
    let mut run = Run::default();
    // SAFETY: every handle is made here and freed below; `y`, `allowed` and `data` outlive them all, and `data` is
    // reached through its pointer alone.
    unsafe {
        let mut context = null_mut();
        good("SUNContext_Create", SUNContext_Create(null_mut(), &mut context))?;
        let vector = N_VMake_Serial(n as i64, y.as_mut_ptr(), context);
        let tolerances = N_VMake_Serial(n as i64, allowed.as_mut_ptr(), context);
        let matrix = SUNSparseMatrix(n as i64, n as i64, entries, BY_COLUMNS, context);
        let solver = SUNLinSol_KLU(vector, matrix, context);
        let mut memory = CVodeCreate(BDF, context);
        let outcome = (|| {
            good("KLUSetOrdering", SUNLinSol_KLUSetOrdering(solver, AMD))?;
            good("CVodeInit", CVodeInit(memory, rates::<K, C>, begin, vector))?;
            good("CVodeSVtolerances", CVodeSVtolerances(memory, 0.0, tolerances))?;
            good("CVodeSetUserData", CVodeSetUserData(memory, data.cast()))?;
            good("CVodeSetLinearSolver", CVodeSetLinearSolver(memory, solver, matrix))?;
            good("CVodeSetJacFn", CVodeSetJacFn(memory, jacobian::<K, C>))?;
            good("CVodeSetMaxNumSteps", CVodeSetMaxNumSteps(memory, 10_000_000))?;
            let mut from = begin;
            for (window, &end) in ends.iter().enumerate() {
                (*data).problem.model.enter(window);
                let (mut t, mut steps) = (from, 0);
                run.spent.on(|| {
                    good("CVodeReInit", CVodeReInit(memory, from, vector))?;
                    good("CVodeSetStopTime", CVodeSetStopTime(memory, end))?;
                    good("CVode", CVode(memory, end, vector, &mut t, NORMAL))
                })?;
                from = end;
                good("CVodeGetNumSteps", CVodeGetNumSteps(memory, &mut steps))?;
                run.steps += steps as u64;
                let here = std::slice::from_raw_parts(N_VGetArrayPointer(vector), n);
                run.ends.push(here.to_vec());
            }
            Ok(())
        })();
        CVodeFree(&mut memory);
        SUNLinSolFree(solver);
        SUNMatDestroy(matrix);
        N_VDestroy(tolerances);
        N_VDestroy(vector);
        SUNContext_Free(&mut context);
        outcome.map(|()| run)
    }
}
