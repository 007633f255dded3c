//! Power of an accelerator chip, shared by every way to cool it.
//!
//! # Equations
//! ```text
//! u' = min(u, 1 − s·(1 − share))                                     s: 1 while throttled
//! P  = P_idle + u'^γ·(P_max − P_idle + L_ref·(f(T_j) − 1))           f = e^((T_j − T_ref)/θ)
//! ```
//! `P_max` holds at `T_ref` and contains the leakage `L_ref`; a hotter chip draws more, a cooler one less.
//!
//! # Assumptions
//! Leakage goes with the work: what a chip does not use is gated, and its idle power was measured when it was
//! idle and cool. (Leakage independent of the work, which is the same at full utilisation, would take more
//! than all of the measured idle power away at 35 °C.) A throttled chip runs slower but no less
//! efficiently: what is lost is `u − u'`.
//!
//! # Source
//! Subthreshold leakage grows exponentially with temperature; the usual figure is 0.4 % of the power per kelvin
//! around 60–80 °C (range 0.2…0.7 %/K): engineering knowledge, to verify.

use real::Real;

/// Utilisation below this is taken as this, so that its power with any exponent has a derivative.
const LEAST_UTILISATION: f64 = 1e-12;

/// What a data sheet says of a chip's power.
#[derive(Clone, Copy, Debug)]
pub struct Chip<V> {
    /// Power without work [W].
    pub power_idle: V,
    /// Power at full utilisation at the reference temperature [W].
    pub power_max: V,
    /// Exponent `γ` of utilisation.
    pub power_exponent: V,
    /// Leakage contained in the latter [W].
    pub leakage_reference: V,
    /// Junction temperature at which it holds [K].
    pub temperature_reference: V,
    /// Temperature rise that multiplies the leakage by e [K].
    pub leakage_scale: V,
}

/// Utilisation delivered: limited to `share` while the chip throttles.
#[inline(always)]
pub fn delivered<R: Real>(utilisation: R, throttle: R, share: R::Value) -> R {
    let lost = R::lift(1.0) - share;
    utilisation.at_most((throttle * lost.value()).complement())
}

/// Power drawn [W] at a delivered utilisation and a junction temperature [K].
#[inline(always)]
pub fn power<R: Real>(chip: &Chip<R::Value>, delivered: R, junction: R) -> R {
    let work = delivered.at_least(R::lift(LEAST_UTILISATION)).powf(chip.power_exponent);
    let growth = ((junction - chip.temperature_reference) / chip.leakage_scale).exp() - R::number(1.0);
    work * (growth * chip.leakage_reference + (chip.power_max - chip.power_idle)) + chip.power_idle
}

/// What contradicts itself in a chip's data, in words.
pub(super) fn contradiction(chip: &Chip<f64>) -> Result<(), String> {
    if chip.power_max < chip.power_idle {
        return Err(format!(
            "power_max {:.0} W is below power_idle {:.0} W",
            chip.power_max, chip.power_idle
        ));
    }
    let range = chip.power_max - chip.power_idle;
    if chip.leakage_reference > range {
        return Err(format!(
            "leakage_reference {:.0} W is above the {range:.0} W between power_idle and power_max, which contain it",
            chip.leakage_reference
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHIP: Chip<f64> = Chip {
        power_idle: 72.0,
        power_max: 700.0,
        power_exponent: 1.0,
        leakage_reference: 120.0,
        temperature_reference: 353.15,
        leakage_scale: 30.0,
    };

    #[test]
    fn the_data_sheet_holds_at_the_reference_temperature() {
        assert!((power(&CHIP, 0.0, 353.15) - 72.0f64).abs() < 1e-9);
        assert!((power(&CHIP, 0.5, 353.15) - 386.0f64).abs() < 1e-9);
        assert!((power(&CHIP, 1.0, 353.15) - 700.0f64).abs() < 1e-9);
    }

    #[test]
    fn a_chip_thirty_kelvin_cooler_saves_76_watts_at_full_and_38_at_half_utilisation() {
        // 120 (e^−1 − 1) = −75.854 W
        assert!((power(&CHIP, 1.0, 323.15) - 624.146f64).abs() < 1e-3);
        assert!((power(&CHIP, 0.5, 323.15) - 348.073f64).abs() < 1e-3);
        assert!((power(&CHIP, 0.0, 323.15) - 72.0f64).abs() < 1e-9);
    }

    #[test]
    fn throttled_to_half_it_delivers_half_but_loses_nothing_below() {
        assert_eq!(delivered(1.0f64, 1.0, 0.5), 0.5);
        assert_eq!(delivered(0.3f64, 1.0, 0.5), 0.3);
        assert_eq!(delivered(1.0f64, 0.0, 0.5), 1.0);
    }

    #[test]
    fn leakage_above_the_power_it_is_part_of_is_refused() {
        let message = contradiction(&Chip { leakage_reference: 630.0, ..CHIP }).unwrap_err();
        assert!(message.contains("leakage_reference 630 W"), "{message}");
        assert!(contradiction(&CHIP).is_ok());
    }
}
