//! Sparse LU with diagonal pivots for a pattern that never changes.
//!
//! The order of elimination is found once ([`SymbolicLu`]), by Markowitz's count on the diagonal
//! (H. M. Markowitz, "The elimination form of the inverse and its application to linear
//! programming", Management Science 3 (1957) 255–269; for the restriction to diagonal pivots see
//! I. S. Duff, A. M. Erisman, J. K. Reid, *Direct Methods for Sparse Matrices*, 2nd ed. 2017).
//! Every later factorisation runs a compiled program of precomputed destinations: no search, no
//! hashing, no allocation.
//!
//! Diagonal pivots suit stage matrices of stiff systems, whose diagonal is 1/(hγ) − ∂fᵢ/∂yᵢ with
//! h at the solver's disposal: a bad pivot is answered by a smaller step.

mod lu;
mod ordering;

pub use lu::{LaneLu, Lu, Singular};
pub use ordering::SymbolicLu;
pub(crate) use ordering::{KEEP, eliminate};
