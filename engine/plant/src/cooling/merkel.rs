//! Merkel's cooling tower: a counterflow exchanger between water and saturated air.
//!
//! # Equations
//! ```text
//! c_pe = (h_s(T_wb,out) − h_s(T_wb))/(T_wb,out − T_wb)     mean heat of the air over its own change of wet bulb
//! UA_e = UA·c_pe/c_p
//! Q    = ε·Cmin·(T_water,in − T_wb)                         ε: counterflow of C_water and C_air = ṁ_air·c_pe
//! T_wb,out = T_wb + Q/C_air                                 solved for T_wb,out
//! UA   = UA_design·f(air)·f(water)·f(T_wb)
//! f(air) = 1.3x − 0.3x²,  f(water) = 0.1082 + 1.667x − 0.7713x²,  f(T_wb) = 1 + 0.0081·(T_wb,design − T_wb)
//! ```
//!
//! # Assumptions
//! Merkel's: enthalpy of air a function of wet bulb alone, Lewis number 1, the loss of water neglected in the
//! water's heat. The factors of water and wet bulb stay at the ends of their ranges beyond them; that of air follows its
//! polynomial to still air, where it is nothing.
//!
//! # Valid for
//! Water flow of 0.3…1 and air flow of 0.2…1 of design, wet bulb 25 K below to 10 K above design; what leaves them is a note,
//! more than the design flow of water from 1 % on.
//!
//! # Source
//! EnergyPlus Engineering Reference, "One, Two, and Variable Speed Cooling Towers", Model Description (mean
//! specific heat, `UA = UA_e·c_p/c_pe`, effectiveness) with Scheier's factors. The polynomials of the factors and
//! their ranges: Modelica Buildings, `Fluid.HeatExchangers.CoolingTowers.Data.UAMerkel`, after the same model.
//! The water factor is divided by its value at 1 (1.0039), so that the design point is met.
//!
//! # Verified by
//! Hand calculation below. EnergyPlus 25.2 finds the same conductance to 0.1 % and the same leaving water to 0.005 K in 122 states with
//! the fan on, and the Modelica Buildings library, which counts enthalpies per kilogram of moist air, 1 to 2 % less heat:
//! `merkel_tower` and `merkel_buildings` of `isotherm validate`.

use crate::cooling::{exchange, wet_surface};
use media::moist_air;
use real::{Dual, Real};

/// Least air flow of the factors, as a share of design.
pub const LEAST_AIR_FLOW: f64 = 0.2;
/// Water flows of the factors, as shares of design.
pub const WATER_FLOWS: (f64, f64) = (0.3, 1.0);
/// Beyond these it is noted: the design flow by volume is up to a percent more by mass in colder water.
pub const WATER_FLOWS_NOTED: (f64, f64) = (0.3, 1.01);
/// Wet bulbs of the factors, less that of the design point (K).
pub const WARMER: (f64, f64) = (-25.0, 10.0);

/// What stands on either side of the fill.
#[derive(Clone, Copy, Debug)]
pub struct Streams<R> {
    /// Conductance at the present flows (W/K).
    pub conductance: R,
    /// Capacity rate of the water (W/K).
    pub water_rate: R,
    /// Temperature of the entering water (K).
    pub water_in: R,
    /// Mass flow of dry air (kg/s).
    pub air_flow: R,
    /// Wet bulb of the entering air (K).
    pub wet_bulb: R,
    /// Enthalpy of saturated air there (J per kg of dry air).
    pub enthalpy: R,
    /// Its specific heat (J/K per kg of dry air).
    pub air_heat: R,
    /// Barometric pressure (Pa).
    pub pressure: R,
}

impl<R: Real> Streams<R> {
    /// Heat per kelvin of inlet difference (W/K) if the air leaves at `wet_bulb_out`, and what is missing to the wet
    /// bulb that it then leaves with (K).
    #[inline(always)]
    fn at(&self, wet_bulb_out: R) -> (R, R) {
        let heat = wet_surface::saturation_heat(self.wet_bulb, self.enthalpy, wet_bulb_out, self.pressure);
        let air_rate = self.air_flow * heat;
        let rate = exchange::counterflow(self.conductance * heat / self.air_heat, self.water_rate, air_rate);
        (rate, wet_bulb_out - self.wet_bulb - rate * (self.water_in - self.wet_bulb) / air_rate)
    }

    #[inline(always)]
    fn map<S>(&self, f: impl Fn(R) -> S) -> Streams<S> {
        Streams {
            conductance: f(self.conductance),
            water_rate: f(self.water_rate),
            water_in: f(self.water_in),
            air_flow: f(self.air_flow),
            wet_bulb: f(self.wet_bulb),
            enthalpy: f(self.enthalpy),
            air_heat: f(self.air_heat),
            pressure: f(self.pressure),
        }
    }

    /// Share of the inlet difference that the water loses.
    #[inline(always)]
    pub fn effectiveness(&self) -> R {
        let values = self.map(|x| Dual::constant(x.value()));
        let mut root = (values.wet_bulb + (values.water_in - values.wet_bulb) * R::number(0.4)).v;
        for _ in 0..STEPS {
            let (_, missing) = values.at(Dual::<R::Value, 1>::seed(root, 0));
            root = root - missing.v / missing.d[0];
        }
        // The last step in `R` carries the exact derivatives; it is so small that the rate follows in a line.
        let (slope_of_rate, slope) = values.at(Dual::seed(root, 0));
        let (rate, missing) = self.at(R::constant(root));
        (rate - missing * (slope_of_rate.d[0] / slope.d[0])) / self.water_rate
    }
}

/// Steps of Newton's method; the tests show that they suffice at the corners of the range.
const STEPS: usize = 4;

/// Share of the design conductance at air and water flows as shares of design, and a wet bulb `warmer` (K) than
/// the design one.
#[inline(always)]
pub fn conductance_share<R: Real>(air: R, water: R, warmer: R) -> R {
    let within = |x: R, (low, high): (f64, f64)| x.within(R::lift(low), R::lift(high));
    let water = within(water, WATER_FLOWS);
    let by_water = (water * R::number(-0.7713) + R::number(1.667)) * water + R::number(0.1082);
    let by_air = (air * R::number(-0.3) + R::number(1.3)) * air;
    let by_wet_bulb = within(warmer, WARMER) * R::number(-0.0081) + R::number(1.0);
    by_air * by_wet_bulb * by_water / R::number(0.1082 + 1.667 - 0.7713)
}

/// Conductance (W/K) at which the design point is met, or `None` where no surface is large enough.
pub fn conductance(effectiveness: f64, at: &Streams<f64>) -> Option<f64> {
    exchange::size(effectiveness * at.water_rate, |conductance| {
        Streams { conductance, ..*at }.effectiveness() * at.water_rate
    })
}

/// The design point of a data sheet: water cooled by `range` (K) to `approach` (K) above `wet_bulb` (K).
pub fn design(wet_bulb: f64, approach: f64, range: f64, water_rate: f64, air_volume: f64) -> Streams<f64> {
    // The standard state: air of 35 °C at sea level (Engineering Reference, nominal capacity).
    let (dry_bulb, pressure) = (308.15f64.max(wet_bulb), moist_air::standard_pressure(0.0));
    let humidity = moist_air::humidity_ratio_from_wet_bulb(dry_bulb, wet_bulb, pressure);
    Streams {
        conductance: 0.0,
        water_rate,
        water_in: wet_bulb + approach + range,
        air_flow: air_volume * moist_air::dry_air_density(dry_bulb, humidity, pressure),
        wet_bulb,
        enthalpy: moist_air::saturated_enthalpy(wet_bulb, pressure),
        air_heat: moist_air::specific_heat(humidity),
        pressure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard point: 35 → 29.44 °C at 25.56 °C wet bulb, 1 MW, 27.6 m³/s.
    fn standard() -> Streams<f64> {
        design(298.71, 3.88, 5.56, 1e6 / 5.56, 27.6)
    }

    #[test]
    fn the_conductance_found_meets_the_design_point() {
        // ε = 5.56 / (5.56 + 3.88) = 0.589
        let effectiveness = 5.56 / 9.44;
        let conductance = conductance(effectiveness, &standard()).unwrap();
        let out = Streams { conductance, ..standard() };
        assert!((out.effectiveness() - effectiveness).abs() < 1e-9);
        // What water loses air gains: T_wb,out = 25.56 + Q/C_air, and c_pe is taken over just that change.
        let mut t = 300.0;
        let heat = |t| wet_surface::saturation_heat(298.71, standard().enthalpy, t, 101_325.0);
        for _ in 0..100 {
            t = 298.71 + 1e6 / (standard().air_flow * heat(t));
        }
        let rate = standard().air_flow * heat(t);
        assert!((rate * (t - 298.71) - 1e6).abs() < 1.0 && t < 308.15);
    }

    #[test]
    fn heat_away_from_the_design_point_is_that_of_a_calculation_apart() {
        // The equations on top solved by bisection with ASHRAE's saturation pressure in another language. First case: air leaves
        // at a wet bulb of 30.341 °C, c_pe = 4265.3, C_air = 85.3 kW/K, UA_e = 125.4 kW/K, Q = 882.15 kW of 180 · 15 kW.
        for (given, effectiveness) in [
            ((30e3, 180e3, 308.15, 20.0, 293.15, 1020.0, 101_325.0), 0.326_720_9),
            ((60e3, 120e3, 303.15, 40.0, 288.15, 1015.0, 85_000.0), 0.692_748_8),
        ] {
            let (conductance, water_rate, water_in, air_flow, wet_bulb, air_heat, pressure) = given;
            let enthalpy = moist_air::saturated_enthalpy(wet_bulb, pressure);
            let streams = Streams {
                conductance,
                water_rate,
                water_in,
                air_flow,
                wet_bulb,
                enthalpy,
                air_heat,
                pressure,
            };
            let found = streams.effectiveness();
            assert!((found / effectiveness - 1.0f64).abs() < 1e-6, "{found}");
        }
    }

    #[test]
    fn a_data_sheet_with_too_little_air_has_no_conductance() {
        assert_eq!(conductance(0.9, &Streams { air_flow: 5.0, ..standard() }), None);
    }

    #[test]
    fn it_converges_at_the_corners_and_stays_between_nothing_and_all() {
        for wet_bulb in [238.15, 263.15, 273.15, 290.15, 305.15] {
            for difference in
                [-15.0, -1.0, -1e-4, 0.0, 1e-4, 1.0, 10.0, 60.0].map(|d: f64| d.min(338.15 - wet_bulb))
            {
                for air_flow in [0.5, 5.0, 30.0] {
                    for water_rate in [1.0, 2e4, 4e5] {
                        for conductance in [1.0, 1e3, 1e5, 1e7] {
                            let s = Streams {
                                conductance,
                                water_rate,
                                water_in: wet_bulb + difference,
                                air_flow,
                                wet_bulb,
                                enthalpy: moist_air::saturated_enthalpy(wet_bulb, 85e3),
                                air_heat: 1015.0,
                                pressure: 85e3,
                            };
                            let e: f64 = s.effectiveness();
                            assert!((0.0..=1.0 + 1e-12).contains(&e), "{s:?}: {e}");
                            // Newton's method is where the fixed point of Q/C_air is.
                            let mut out = wet_bulb + 0.5 * difference;
                            for _ in 0..400 {
                                out -= 0.5 * s.at(out).1;
                            }
                            assert!((s.at(out).0 / water_rate - e).abs() < 1e-8, "{s:?}: {e}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn half_the_air_keeps_57_percent_of_the_conductance() {
        // 1.3·0.5 − 0.3·0.25 = 0.575
        assert!((conductance_share(0.5, 1.0, 0.0) - 0.575f64).abs() < 1e-12);
    }
}
