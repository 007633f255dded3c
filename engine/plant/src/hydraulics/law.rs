//! Head loss of one element as a function of its flow and its position, with exact slopes.
//!
//! # Equations
//! With `x = q/q_d` the flow as a share of the design flow and ε the laminar share:
//! ```text
//! f(x)            = x·((x² + ε²)/(1 + ε²))^((n−1)/2)          f(1) = 1, slope ε^(n−1) at rest
//! resistance      Δp = Δp_d·f(x)                               n = 2 where turbulent
//! check valve     Δp = Δp_d·f(x) forwards, 1 bar·x/λ backwards  λ: leak, closed
//! two-way valve   Δp = (ρ/1000)·1 bar·f(x),  q_d = Kv·φ(y)
//! limiter         Δp = Δp_d·f(x) + (1 bar/β)·max(x − y, 0)      β: proportional band
//! pump            Δp = −(H₀·n·|n| − (H₀ − H_d)·f(x))            n: speed
//! ```
//! Inherent characteristics `φ`: linear `φ = y`, equal-percentage `φ = R^(y−1)`, both going linearly to the
//! leakage where the valve shuts.
//!
//! # Assumptions
//! `f` is turbulent above a few percent of the design flow and linear below, so that a flow goes through zero
//! and reverses with a finite slope. A limiter is a pressure-independent control valve: what the pressure could
//! drive beyond its opening is taken away within its proportional band; short of pressure it is a resistance.
//! A stopped pump resists as its curve does.
//!
//! # Source
//! Affinity laws and the power-law pump curve: Rossman et al., *EPANET 2.2 User Manual* (2020), "Pumps" and
//! "Analysis algorithms" (eq. 12.3: h = −ω²·(h₀ − r·(q/ω)ⁿ)). Kv: IEC 60534-2-1; inherent characteristics:
//! IEC 60534-2-4. Regularised `q|q|` as in Wetter et al., *Modelica Buildings library*,
//! `Buildings.Fluid.BaseClasses.FlowModels`. All recalled, to verify. ε, λ and β: engineering knowledge.

use real::Real;

/// Share of the design flow below which the law becomes linear, `ε`.
pub const LAMINAR_SHARE: f64 = 0.01;
/// Backward flow of a closed check valve as a share of its design flow, per bar, `λ`.
pub const LEAK_SHARE: f64 = 1e-9;
/// Excess of a limiter as a share of its design flow, per bar, `β`.
pub const LIMITER_BAND: f64 = 1e-4;
/// Smallest flow coefficient of a shut valve as a share of the open one.
pub const VALVE_LEAKAGE: f64 = 1e-4;
/// Opening below which a valve goes linearly to its leakage.
pub const VALVE_SEAT: f64 = 0.05;
/// Pressure at which a flow coefficient is defined [Pa], for a liquid of 1000 kg/m³.
const BAR: f64 = 1e5;

/// Inherent characteristic of a valve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Characteristic {
    /// Flow coefficient proportional to the opening.
    Linear,
    /// Equal steps of opening change the flow coefficient by equal factors; the rangeability `R`.
    EqualPercentage(f64),
}

/// What relates head loss and flow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// A passage.
    Resistance {
        /// Loss at the design flow [Pa].
        drop: f64,
        /// Design flow [m³/s].
        flow: f64,
        /// Exponent, 1 (laminar) to 2 (turbulent).
        exponent: f64,
    },
    /// A passage that closes against backward flow.
    Check {
        /// Loss at the design flow [Pa].
        drop: f64,
        /// Design flow [m³/s].
        flow: f64,
    },
    /// A two-way valve; its control is the opening in 0…1.
    Valve {
        /// Flow at 1 bar with water, open [m³/s].
        kv: f64,
        /// Density of the liquid [kg/m³].
        density: f64,
        /// Flow coefficient over opening.
        characteristic: Characteristic,
    },
    /// A pressure-independent control valve with its passage; its control is the share of the design flow.
    Limiter {
        /// Loss at the design flow, open [Pa].
        drop: f64,
        /// Design flow [m³/s].
        flow: f64,
    },
    /// A pump; its control is the speed as a share of full speed.
    Pump {
        /// Head without flow at full speed [Pa].
        shutoff: f64,
        /// Head at the design flow at full speed [Pa].
        head: f64,
        /// Design flow [m³/s].
        flow: f64,
    },
}

/// Head loss and its slopes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Head loss from inlet to outlet [Pa]; negative where the element lifts.
    pub value: f64,
    /// By the flow [Pa s/m³], positive.
    pub by_flow: f64,
    /// By the control [Pa].
    pub by_control: f64,
}

/// `f(x)` and its slope.
fn shape(x: f64, exponent: f64) -> (f64, f64) {
    let epsilon = LAMINAR_SHARE * LAMINAR_SHARE;
    let (square, unity) = (x * x + epsilon, 1.0 + epsilon);
    let power = if exponent == 2.0 {
        (square / unity).sqrt()
    } else {
        Real::powf(square / unity, 0.5 * (exponent - 1.0))
    };
    (x * power, power * (exponent * x * x + epsilon) / square)
}

impl Characteristic {
    /// Share of the open flow coefficient at an opening, and its slope.
    fn share(self, opening: f64) -> (f64, f64) {
        let inherent = |y: f64| match self {
            Characteristic::Linear => (y, 1.0),
            Characteristic::EqualPercentage(range) => {
                let share = Real::powf(range, y - 1.0);
                (share, share * Real::ln(range))
            }
        };
        if opening >= VALVE_SEAT {
            return if opening <= 1.0 { inherent(opening) } else { (1.0, 0.0) };
        }
        let slope = (inherent(VALVE_SEAT).0 - VALVE_LEAKAGE) / VALVE_SEAT;
        if opening > 0.0 { (VALVE_LEAKAGE + slope * opening, slope) } else { (VALVE_LEAKAGE, 0.0) }
    }
}

impl Law {
    /// The flow at which it is rated [m³/s].
    pub fn design_flow(&self) -> f64 {
        match *self {
            Law::Resistance { flow, .. }
            | Law::Check { flow, .. }
            | Law::Limiter { flow, .. }
            | Law::Pump { flow, .. } => flow,
            Law::Valve { kv, .. } => kv,
        }
    }

    /// The pressure at which it is rated [Pa].
    pub fn design_pressure(&self) -> f64 {
        match *self {
            Law::Resistance { drop, .. } | Law::Check { drop, .. } | Law::Limiter { drop, .. } => drop,
            Law::Pump { head, .. } => head,
            Law::Valve { .. } => BAR,
        }
    }

    /// Head loss at a flow [m³/s] with the control at its position.
    pub fn loss(&self, flow: f64, control: f64) -> Loss {
        match *self {
            Law::Resistance { drop, flow: design, exponent } => {
                let (value, slope) = shape(flow / design, exponent);
                Loss { value: drop * value, by_flow: drop * slope / design, by_control: 0.0 }
            }
            Law::Check { drop, flow: design } => {
                let x = flow / design;
                if x < 0.0 {
                    let steep = BAR / LEAK_SHARE;
                    return Loss { value: steep * x, by_flow: steep / design, by_control: 0.0 };
                }
                let (value, slope) = shape(x, 2.0);
                Loss { value: drop * value, by_flow: drop * slope / design, by_control: 0.0 }
            }
            Law::Valve { kv, density, characteristic } => {
                let drop = BAR * density / 1000.0;
                let (share, by_opening) = characteristic.share(control);
                let design = kv * share;
                let x = flow / design;
                let (value, slope) = shape(x, 2.0);
                let by_control = -drop * slope * x * by_opening / share;
                Loss { value: drop * value, by_flow: drop * slope / design, by_control }
            }
            Law::Limiter { drop, flow: design } => {
                let x = flow / design;
                let (value, slope) = shape(x, 2.0);
                let steep = if x > control { BAR / LIMITER_BAND } else { 0.0 };
                Loss {
                    value: drop * value + steep * (x - control),
                    by_flow: (drop * slope + steep) / design,
                    by_control: -steep,
                }
            }
            Law::Pump { shutoff, head, flow: design } => {
                let (value, slope) = shape(flow / design, 2.0);
                let fall = shutoff - head;
                Loss {
                    value: fall * value - shutoff * control * control.abs(),
                    by_flow: fall * slope / design,
                    by_control: -2.0 * shutoff * control.abs(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laws() -> Vec<Law> {
        let equal = Characteristic::EqualPercentage(50.0);
        vec![
            Law::Resistance { drop: 50e3, flow: 0.02, exponent: 2.0 },
            Law::Resistance { drop: 50e3, flow: 0.02, exponent: 1.75 },
            Law::Check { drop: 5e3, flow: 0.02 },
            Law::Valve { kv: 0.01, density: 995.0, characteristic: equal },
            Law::Valve { kv: 0.01, density: 995.0, characteristic: Characteristic::Linear },
            Law::Limiter { drop: 60e3, flow: 0.02 },
            Law::Pump { shutoff: 290e3, head: 220e3, flow: 0.03 },
        ]
    }

    #[test]
    fn every_law_gives_its_rated_loss_at_its_rated_flow() {
        // 50 kPa at 20 L/s; the pump lifts 220 kPa at 30 L/s and 290 kPa without flow; Kv: 0.995 bar at Kv
        let l = laws();
        assert!((l[0].loss(0.02, 0.0).value - 50e3).abs() < 1e-9);
        assert!((l[1].loss(0.02, 0.0).value - 50e3).abs() < 1e-9);
        assert!((l[2].loss(0.02, 0.0).value - 5e3).abs() < 1e-9);
        assert!((l[3].loss(0.01, 1.0).value - 99.5e3).abs() < 1e-8);
        assert!((l[5].loss(0.02, 1.0).value - 60e3).abs() < 1e-9);
        assert!((l[6].loss(0.03, 1.0).value + 220e3).abs() < 1e-9);
        assert!((l[6].loss(0.0, 1.0).value + 290e3).abs() < 1e-9);
    }

    #[test]
    fn at_half_flow_a_turbulent_passage_loses_a_quarter() {
        // 50 kPa / 4 = 12.5 kPa, to the laminar zone's 2·10⁻⁴
        let loss = laws()[0].loss(0.01, 0.0).value;
        assert!((loss / 12.5e3 - 1.0).abs() < 2e-4, "{loss}");
    }

    #[test]
    fn at_half_speed_a_pump_lifts_a_quarter_at_half_the_flow() {
        // affinity: H(q/2, 1/2) = H(q, 1)/4
        let loss = laws()[6].loss(0.015, 0.5).value;
        assert!((loss / -55e3 - 1.0).abs() < 2e-4, "{loss}");
    }

    #[test]
    fn slopes_are_those_of_central_differences_on_either_side_of_every_kink() {
        for law in laws() {
            for x in [-1.3, -0.4, -0.011, -1e-4, 1e-4, 0.009, 0.31, 0.62, 0.9, 1.2] {
                for control in [0.02, 0.3, 0.61, 0.95] {
                    let flow = x * law.design_flow();
                    let of = law.loss(flow, control);
                    let step = 1e-6 * flow.abs();
                    let by_flow = (law.loss(flow + step, control).value
                        - law.loss(flow - step, control).value)
                        / (2.0 * step);
                    let by_control =
                        (law.loss(flow, control + 1e-6).value - law.loss(flow, control - 1e-6).value) / 2e-6;
                    let scale = of.value.abs() + 1.0;
                    assert!(of.by_flow > 0.0);
                    assert!(
                        (by_flow - of.by_flow).abs() < 1e-6 * of.by_flow + 1e-9 * scale / step,
                        "{law:?} {x}"
                    );
                    assert!((by_control - of.by_control).abs() < 1e-4 * scale, "{law:?} {x} {control}");
                }
            }
        }
    }

    #[test]
    fn the_loss_rises_with_the_flow_everywhere() {
        for law in laws() {
            for control in [0.0, 0.03, 0.5, 1.0] {
                let at = |k: i32| law.loss(f64::from(k) * 0.01 * law.design_flow(), control).value;
                assert!((-200..200).all(|k| at(k) < at(k + 1)), "{law:?} {control}");
            }
        }
    }
}
