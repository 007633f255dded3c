//! One evaluation of a component, for eight members at once or with its partial derivatives beside each other, compiled for baseline
//! and for 256-bit instructions. Nothing is fused, so the bits are the same.

use super::{Component, WIDTH};
use real::{Dual, Lanes};

/// Inputs seeded in one evaluation in lanes: more of them do not fit the registers.
pub(crate) const SEEDS: usize = 4;
/// Members whose partial derivatives are evaluated together: with as many seeds, an operation on two numbers still
/// fits the registers of 256-bit instructions, which it does not with eight.
pub(super) const HALF: usize = WIDTH / 2;

/// Parameters of members whose partial derivatives are evaluated together.
pub(crate) type HalfParameters<C, const IN: usize, const OUT: usize> =
    <C as Component<IN, OUT>>::Parameters<Lanes<HALF>>;

/// One evaluation in lanes, its outputs to `out`, which has room for them. Compiled once for batches and tiles.
pub(crate) fn lanes<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    parameters: &C::Parameters<Lanes<WIDTH>>,
    x: &[Lanes<WIDTH>; IN],
    out: &mut [Lanes<WIDTH>],
) {
    pulp::Arch::new().dispatch(ValuesHere::<C, IN, OUT> { parameters, x, out });
}

/// To be compiled for each level of instructions; a closure would be compiled apart from its caller.
struct ValuesHere<'a, C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: &'a C::Parameters<Lanes<WIDTH>>,
    x: &'a [Lanes<WIDTH>; IN],
    out: &'a mut [Lanes<WIDTH>],
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> pulp::WithSimd for ValuesHere<'_, C, IN, OUT> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let result = C::evaluate::<Lanes<WIDTH>>(self.parameters, *self.x);
        for (out, result) in self.out.iter_mut().zip(result) {
            *out = result;
        }
    }
}

/// Values and partial derivatives of eight members.
pub(crate) type Partials<const OUT: usize> = [Dual<Lanes<WIDTH>, SEEDS>; OUT];

/// Room for them.
pub(crate) fn no_partials<const OUT: usize>() -> Partials<OUT> {
    let zero = Lanes([0.0; WIDTH]);
    [Dual { v: zero, d: [zero; SEEDS] }; OUT]
}

/// As [`lanes`], with derivatives by some inputs: the k-th of `seeds` is an input and the factor that derivative
/// number k takes. The halves of the members have their own parameters.
pub(crate) fn partials<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    parameters: [&HalfParameters<C, IN, OUT>; 2],
    x: &[Lanes<WIDTH>; IN],
    seeds: &[(usize, f64)],
    out: &mut Partials<OUT>,
) {
    pulp::Arch::new().dispatch(PartialsHere::<C, IN, OUT> { parameters, x, seeds, out });
}

/// As [`ValuesHere`], with derivatives. Seeds are made here, where they become constants of the evaluation.
struct PartialsHere<'a, C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: [&'a HalfParameters<C, IN, OUT>; 2],
    x: &'a [Lanes<WIDTH>; IN],
    seeds: &'a [(usize, f64)],
    out: &'a mut Partials<OUT>,
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> pulp::WithSimd
    for PartialsHere<'_, C, IN, OUT>
{
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for (half, parameters) in self.parameters.into_iter().enumerate() {
            let members = half * HALF..(half + 1) * HALF;
            let zero = Lanes([0.0; HALF]);
            let mut inputs = [Dual { v: zero, d: [zero; SEEDS] }; IN];
            for (input, x) in inputs.iter_mut().zip(self.x) {
                input.v.0.copy_from_slice(&x.0[members.clone()]);
            }
            for (k, &(input, factor)) in self.seeds.iter().take(SEEDS).enumerate() {
                inputs[input].d[k] = Lanes([factor; HALF]);
            }
            let result = C::evaluate::<Dual<Lanes<HALF>, SEEDS>>(parameters, inputs);
            for (out, result) in self.out.iter_mut().zip(&result) {
                out.v.0[members.clone()].copy_from_slice(&result.v.0);
                for (out, result) in out.d.iter_mut().zip(&result.d) {
                    out.0[members.clone()].copy_from_slice(&result.0);
                }
            }
        }
    }
}

/// One evaluation of one member with derivatives by all inputs.
pub(super) fn one_with_partials<C: Component<IN, OUT>, const IN: usize, const OUT: usize>(
    parameters: &C::Parameters<f64>,
    x: &[f64; IN],
    out: &mut [Dual<f64, IN>; OUT],
) {
    pulp::Arch::new().dispatch(OneHere::<C, IN, OUT> { parameters, x, out });
}

/// As [`ValuesHere`], of one member with derivatives.
struct OneHere<'a, C: Component<IN, OUT>, const IN: usize, const OUT: usize> {
    parameters: &'a C::Parameters<f64>,
    x: &'a [f64; IN],
    out: &'a mut [Dual<f64, IN>; OUT],
}

impl<C: Component<IN, OUT>, const IN: usize, const OUT: usize> pulp::WithSimd for OneHere<'_, C, IN, OUT> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut inputs = [Dual::<f64, IN> { v: 0.0, d: [0.0; IN] }; IN];
        for (k, (input, &x)) in inputs.iter_mut().zip(self.x).enumerate() {
            *input = Dual::seed(x, k);
        }
        let result = C::evaluate::<Dual<f64, IN>>(self.parameters, inputs);
        for (out, result) in self.out.iter_mut().zip(result) {
            *out = result;
        }
    }
}
