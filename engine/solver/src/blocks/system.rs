//! The form of a problem that is a core with many equal blocks hanging on it.

use crate::system::Sparsity;
use real::Lanes;

/// Members of a tile: eight doubles, one cache line.
pub const WIDTH: usize = 8;

/// One value of each of the eight members of a tile.
pub type Lane = Lanes<WIDTH>;

/// Equal small systems that read values of a core and give values to it, and do not see each other.
///
/// The members of a class lie in *tiles* of [`WIDTH`]. All have the same rows: states, then
/// algebraic values in order of evaluation. A member reads *imports* (rows of the core, or values
/// from outside that are the same for all) and contributes to *exports* (algebraic rows of the core
/// whose value is the weighted sum of the members' contributions).
pub trait Class: Sync {
    /// Number of tiles.
    fn tiles(&self) -> usize;

    /// How many members each lane of a tile stands for: 1, more where equal ones are carried once,
    /// 0 where the last tile is not full.
    fn members(&self, tile: usize) -> Lane;

    /// Number of states of a member.
    fn states(&self) -> usize;

    /// Number of rows of a member: states, then algebraic values.
    fn rows(&self) -> usize;

    /// Row of the core that each import is; `None` for a value from outside.
    fn imports(&self) -> &[Option<u32>];

    /// Row of the core that each export contributes to.
    fn exports(&self) -> &[u32];

    /// Pattern of the partial derivatives. Rows: the member's rows, then its exports. Columns: the
    /// member's rows `0..rows`, then its imports `rows..rows + imports`, of which those from outside
    /// have no entry. `sparsity().rows` is `rows + max(exports, imports)`; rows beyond the exports are empty.
    fn sparsity(&self) -> &Sparsity;

    /// One over the scale of each state's error; 0 for a state that is not controlled.
    fn weights(&self) -> &[f64];

    /// Part of the member that each state belongs to, counted from 0: the error norm is the maximum over the
    /// parts of all members of the root mean square within the part.
    fn parts(&self) -> &[u32];

    /// Values watched on every accepted step, see [`watch`](Class::watch).
    fn watched(&self) -> usize;

    /// Working space of one evaluation.
    type Work: Send;

    /// Makes a working space.
    fn work(&self) -> Self::Work;

    /// Rates of the states and contributions to the exports of the members of a tile.
    ///
    /// `imports` are the values of all imports now. Contributions of one member, not weighted.
    fn rates(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        work: &mut Self::Work,
        rates: &mut [Lane],
        exports: &mut [Lane],
    );

    /// As [`rates`](Class::rates), and the partial derivatives at the same point.
    ///
    /// `slopes` are the time derivatives of the imports from outside (0 for rows of the core).
    /// `jacobian` follows the order of [`sparsity`](Class::sparsity); `time_derivative` has one entry per
    /// row and export: the explicit ∂/∂t through the slopes, with all rows' values held.
    #[expect(clippy::too_many_arguments, reason = "one call for all that one evaluation gives")]
    fn linearize(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        slopes: &[f64],
        work: &mut Self::Work,
        rates: &mut [Lane],
        exports: &mut [Lane],
        jacobian: &mut [Lane],
        time_derivative: &mut [Lane],
    );

    /// The watched values of the members of a tile at the point last evaluated with `work`. Lanes that stand for
    /// nobody are looked at too: they must do as one of the others does.
    fn watch(&self, tile: usize, work: &Self::Work, values: &mut [Lane]);
}

/// The system that classes of blocks hang on.
///
/// An evaluation goes: [`lead`](Core::lead), then every tile of every class, then
/// [`rates`](Core::rates) or [`linearize`](Core::linearize).
pub trait Core {
    /// Number of states.
    fn states(&self) -> usize;

    /// Pattern of the partial derivatives of the core's rows, states first. What goes through the
    /// blocks is not in it.
    fn sparsity(&self) -> &Sparsity;

    /// One over the scale of the error of each state.
    fn weights(&self) -> &[f64];

    /// Tile of each state, see [`System::tiles`](crate::System::tiles).
    fn tiles(&self) -> &[u32];

    /// Evaluates all that blocks read.
    fn lead(&mut self, t: f64, y: &[f64]);

    /// Values of the imports of a class after [`lead`](Core::lead), and their slopes in time (0 for
    /// rows of the core).
    fn imports(&self, class: usize, values: &mut [f64], slopes: &mut [f64]);

    /// Evaluates the rest: `exports[class]` are the sums over all members.
    fn rates(&mut self, exports: &[Vec<f64>], rates: &mut [f64]);

    /// As [`rates`](Core::rates), and the core's own partial derivatives, see
    /// [`System::linearize`](crate::System::linearize).
    fn linearize(
        &mut self,
        exports: &[Vec<f64>],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    );
}
