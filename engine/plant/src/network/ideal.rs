//! An actuator that stands where the set-point holds, or at the limit that comes nearest to it.
//!
//! # Equations
//! With error `e = ±(set-point − measured)`, signed so that a positive one opens the actuator, the position `p` solves
//! ```text
//! e = 0 with low ≤ p ≤ high,   or   p = high with e > 0,   or   p = low with e < 0
//! ```
//! which is written as Robinson's normal map, with a wanted position `v` that knows no limits:
//! ```text
//! p = clamp(v),   v' = (e/reach + p − v)/travel
//! ```
//! over a travel time so short that no step resolves it; a method that takes the end of a step from the rates there
//! (implicit Euler) then finds the position, and everything else only ever sees it within its limits. The travel time
//! also decides where the position has no effect on the measured value: it runs to the limit that the error asks for.
//!
//! # Assumptions
//! The reach is ten bands, large against the error that the whole stroke makes, so that Newton's method does
//! not go from one limit to the other; it has no influence on the solution.
//!
//! # Source
//! Normal map of a box-constrained complementarity problem: Robinson, Math. Oper. Res. 17 (1992) 691–714; Facchinei &
//! Pang, *Finite-Dimensional Variational Inequalities and Complementarity Problems* (2003), section 1.5 (both recalled,
//! to verify).
//!
//! # Verified by
//! Tests below; `tests/modes.rs` compares it with the other two forms of a controller.

use super::IdealLoop;
use super::compile::{Builder, family};
use super::nodes::Handle;
use super::number::actuator_range;
use crate::kernel::Component;
use real::Real;

/// Time in which the position follows [s].
const TRAVEL: f64 = 1e-6;
/// Error that counts as much as the stroke, in bands.
const REACH: f64 = 10.0;

/// Constants of the loop, in the order of its values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<V> {
    pub setpoint: V,
    /// +1 where opening raises the measured value, −1 where it lowers it.
    pub sign: V,
    pub band: V,
    pub low: V,
    pub high: V,
}

/// Inputs: measured value, wanted position. Output: rate of the latter.
pub(super) struct Ideal;

impl Component<2, 1> for Ideal {
    type Parameters<V: Real> = Settings<V>;
    fn parameters<V: Real>(v: &[V]) -> Settings<V> {
        Settings { setpoint: v[0], sign: v[1], band: v[2], low: v[3], high: v[4] }
    }
    #[inline(always)]
    fn evaluate<R: Real>(p: &Settings<R::Value>, [measured, wanted]: [R; 2]) -> [R; 1] {
        let error = -((measured - p.setpoint) * p.sign);
        let position = clamped(p.low, p.high, wanted);
        [(error / (p.band * R::number(REACH)) + position - wanted) / R::number(TRAVEL)]
    }
}

/// Input: wanted position. Output: position.
pub(super) struct Position;

impl Component<1, 1> for Position {
    type Parameters<V: Real> = [V; 2];
    fn parameters<V: Real>(v: &[V]) -> [V; 2] {
        [v[0], v[1]]
    }
    #[inline(always)]
    fn evaluate<R: Real>(&[low, high]: &[R::Value; 2], [wanted]: [R; 1]) -> [R; 1] {
        [clamped(low, high, wanted)]
    }
}

#[inline(always)]
fn clamped<R: Real>(low: R::Value, high: R::Value, wanted: R) -> R {
    wanted.within(R::constant(low), R::constant(high))
}

impl Builder<'_> {
    /// A position that is solved for: the node of what stands within the limits. Its rate comes with the loop.
    pub(super) fn add_solved_position(&mut self, unit: usize, actuator: usize, rest: f64) -> Handle {
        let plant = self.plant;
        let (id, name) =
            (&plant.units[unit].id, plant.units[unit].kind.declaration().actuators[actuator].name);
        let (low, high) = actuator_range(self, unit, actuator);
        let wanted = self.arena.state(format!("{id}.{name}.wanted"), rest, 1.0, unit as u32, false);
        let input = vec![(self.arena.states[wanted].handle, 1.0)];
        let member = self.arena.member(id, (family::POSITION, unit as u32), vec![low, high], input, &[name]);
        let position = self.arena.members[member].first_output;
        self.wanted.insert(position, wanted);
        position
    }

    /// An ideal controller of such a position.
    pub(super) fn add_ideal(&mut self, index: usize, position: Handle) {
        let plant = self.plant;
        let control = &plant.loops[index];
        let Some(&wanted) = self.wanted.get(&position) else { return };
        let (low, high) = actuator_range(self, control.unit, control.actuator);
        let measured = self.sensor(&control.sensor);
        let sign = if control.raises { 1.0 } else { -1.0 };
        let values = vec![control.setpoint, sign, control.band, low, high];
        let inputs = vec![measured, (self.arena.states[wanted].handle, 1.0)];
        let tile = (plant.units.len() + plant.joints.len() + index) as u32;
        let member = self.arena.member(&control.id, (family::IDEAL, tile), values, inputs, &["wanted_rate"]);
        self.arena.states[wanted].rate = vec![(self.arena.members[member].first_output, 1.0)];
        self.ideal.push(IdealLoop { index, row: wanted as u32 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A valve that cools: set-point 300 K, band 5 K, stroke 0.1 … 1.
    fn rate(measured: f64, wanted: f64) -> f64 {
        let settings = Settings { setpoint: 300.0, sign: -1.0, band: 5.0, low: 0.1, high: 1.0 };
        let [rate] = Ideal::evaluate::<f64>(&settings, [measured, wanted]);
        rate
    }

    #[test]
    fn at_the_set_point_any_position_within_the_limits_is_right() {
        for position in [0.1, 0.4, 1.0] {
            assert_eq!(rate(300.0, position), 0.0);
        }
        // Beyond them the nearer limit: (1 − 1.2)/1e-6.
        assert!((rate(300.0, 1.2) + 0.2e6).abs() < 1e-3);
        assert!((rate(300.0, 0.0) - 0.1e6).abs() < 1e-3);
    }

    #[test]
    fn a_limit_is_right_while_the_error_pushes_towards_it() {
        // 20 K too warm: 20/50 = 0.4 beyond the limit; 10 K too cold: 0.2 below the least.
        assert!(rate(320.0, 1.4).abs() < 1e-6);
        assert!(rate(290.0, -0.1).abs() < 1e-6);
        for (wanted, position) in [(1.4, 1.0), (-0.1, 0.1), (0.5, 0.5)] {
            assert_eq!(Position::evaluate::<f64>(&[0.1, 1.0], [wanted]), [position]);
        }
        // Within them it moves at e/(10·band)/travel = 10/50/1e-6.
        assert!((rate(290.0, 0.9) + 200e3).abs() < 1e-6);
        assert!((rate(310.0, 0.2) - 200e3).abs() < 1e-6);
    }
}
