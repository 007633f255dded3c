//! What every function must do with every number type: exact derivatives, the same bits in a lane,
//! inverses that invert, and never a NaN.

use media::liquid::Fluid;
use media::{moist_air, water};
use real::{Dual, Lanes, Pattern, Real};

/// Inputs: dry bulb [K], a lower temperature [K], humidity ratio, pressure [Pa], enthalpy [J/kg].
const INPUTS: usize = 5;
const FLUID_PROPERTIES: usize = 5 * Fluid::ALL.len();

macro_rules! functions {
    ($count:literal; |$t:ident, $s:ident, $w:ident, $p:ident, $h:ident| $($name:literal => $call:expr),+ $(,)?) => {
        const NAMES: [&str; $count] = [$($name),+];
        fn every_function<R: Real>([$t, $s, $w, $p, $h]: [R; INPUTS]) -> [R; $count] {
            [$($call),+]
        }
    };
}

functions! {
    24; |t, s, w, p, h|
    "saturation_pressure" => moist_air::saturation_pressure(t),
    "saturation_humidity_ratio" => moist_air::saturation_humidity_ratio(t, p),
    "humidity_ratio_from_vapour_pressure" => moist_air::humidity_ratio_from_vapour_pressure(w * R::number(1e5), p),
    "vapour_pressure" => moist_air::vapour_pressure(w, p),
    "humidity_ratio_from_relative_humidity" =>
        moist_air::humidity_ratio_from_relative_humidity(t, (w * R::number(1e3)).complement().logistic(), p),
    "humidity_ratio_from_wet_bulb" => moist_air::humidity_ratio_from_wet_bulb(t, s, p),
    "humidity_ratio_from_dew_point" => moist_air::humidity_ratio_from_dew_point(s, p),
    "relative_humidity" => moist_air::relative_humidity(t, w, p),
    "enthalpy" => moist_air::enthalpy(t, w),
    "temperature_from_enthalpy" => moist_air::temperature_from_enthalpy(h, w),
    "specific_volume" => moist_air::specific_volume(t, w, p),
    "density" => moist_air::density(t, w, p),
    "dry_air_density" => moist_air::dry_air_density(t, w, p),
    "wet_bulb" => moist_air::wet_bulb(t, w, p),
    "dew_point" => moist_air::dew_point(w, p),
    "saturated_temperature" => moist_air::saturated_temperature(h, p),
    "saturated_enthalpy" => moist_air::saturated_enthalpy(t, p),
    "specific_heat" => moist_air::specific_heat(w),
    "standard_pressure" => moist_air::standard_pressure(t * R::number(5.0)),
    "viscosity" => moist_air::viscosity(t),
    "conductivity" => moist_air::conductivity(t),
    "prandtl" => moist_air::prandtl(t),
    "latent_heat" => water::latent_heat(t),
    "water enthalpy" => water::enthalpy(t),
}

fn every_fluid<R: Real>(t: R) -> [R; FLUID_PROPERTIES] {
    let mut values = [t; FLUID_PROPERTIES];
    for (chunk, fluid) in values.chunks_mut(5).zip(Fluid::ALL) {
        let properties = [
            fluid.density(t),
            fluid.specific_heat(t),
            fluid.conductivity(t),
            fluid.viscosity(t),
            fluid.prandtl(t),
        ];
        chunk.copy_from_slice(&properties);
    }
    values
}

/// States whose wet bulb is known: (dry bulb, wet bulb, humidity ratio, pressure, enthalpy), on both
/// sides of each kink: water or ice at 0 °C, and the two saturation equations at 0.01 °C.
fn states() -> Vec<[f64; INPUTS]> {
    let mut states = Vec::new();
    for p in [60_000.0, 84_000.0, 101_325.0, 110_000.0] {
        for celsius in [
            -48.0, -18.0, -12.0, -5.0, -0.7, 0.4, 0.9, 2.0, 4.0, 6.0, 9.0, 14.0, 21.0, 35.0, 43.0, 52.0,
            61.0, 78.0,
        ] {
            let t = 273.15 + celsius;
            let wet_bulbs = [
                -52.0, -20.0, -13.0, -7.0, -1.0, -0.04, 0.005, 0.03, 1.0, 4.0, 12.0, 22.0, 30.0, 39.0, 48.0,
                57.0, 70.0,
            ];
            for wet in wet_bulbs.into_iter().filter(|wet| *wet < celsius - 0.05) {
                let s = 273.15 + wet;
                let w = moist_air::humidity_ratio_from_wet_bulb(t, s, p);
                if w > 1e-7 {
                    states.push([t, s, w, p, moist_air::enthalpy(t, w)]);
                }
            }
        }
    }
    states
}

fn seeded<V: Real<Value = V>>(x: [V; INPUTS]) -> [Dual<V, INPUTS>; INPUTS] {
    std::array::from_fn(|k| Dual::seed(x[k], k))
}

/// Whether water could be at or above 0 °C as well, so that an ice wet bulb is not the answer chosen.
fn water_has_an_answer([t, _, w, p, _]: [f64; INPUTS]) -> bool {
    t > 273.15 && w >= moist_air::humidity_ratio_from_wet_bulb(t, 273.15, p)
}

#[test]
fn a_dual_has_the_slope_of_central_differences_on_both_sides_of_every_kink() {
    let states = states();
    assert!(states.len() > 150, "{}", states.len());
    let mut worst = (0.0, String::new());
    for x in states {
        let exact = every_function(seeded(x));
        let values = every_function(x);
        let steps = [1e-3, 1e-3, (1e-4 * x[2]).min(5e-7), 1e-1, 1.0];
        for k in 0..INPUTS {
            let moved = |sign: f64| {
                let mut y = x;
                y[k] += sign * steps[k];
                every_function(y)
            };
            let (up, down) = (moved(1.0), moved(-1.0));
            for (i, name) in NAMES.into_iter().enumerate() {
                assert_eq!(exact[i].v.to_bits(), values[i].to_bits(), "{name} at {x:?}");
                let slope = (up[i] - down[i]) / (2.0 * steps[k]);
                // A difference cannot know a slope better than the rounding of the value lets it.
                let rounding = 2e-15 * values[i].abs().max(1e-3) / steps[k];
                let error =
                    ((exact[i].d[k] - slope).abs() - rounding).max(0.0) / (slope.abs() + rounding).max(1e-9);
                let at = format!("{name} by input {k} at {x:?}: {} against {slope}", exact[i].d[k]);
                assert!(error < 2e-6, "{error:e} {at}");
                if error > worst.0 {
                    worst = (error, at);
                }
            }
        }
    }
    println!("worst relative difference {:.1e}: {}", worst.0, worst.1);
}

#[test]
fn a_dual_has_the_slope_of_every_coolant() {
    for k in 0..60 {
        // beside the ends of the ranges, where the slope drops to 0
        let t = 250.07 + 2.1 * f64::from(k);
        let exact = every_fluid(Dual::<f64, 1>::seed(t, 0));
        let (up, down) = (every_fluid(t + 1e-3), every_fluid(t - 1e-3));
        for (i, dual) in exact.into_iter().enumerate() {
            let slope = (up[i] - down[i]) / 2e-3;
            assert!((dual.d[0] - slope).abs() <= 1e-6 * slope.abs() + 1e-11 * dual.v, "{i} at {t}");
        }
    }
}

#[test]
fn a_lane_has_the_bits_of_the_scalar_in_value_and_derivative() {
    for chunk in states().chunks_exact(8) {
        let lanes: [Lanes<8>; INPUTS] =
            std::array::from_fn(|k| Lanes(std::array::from_fn(|lane| chunk[lane][k])));
        let (batch, duals) = (every_function(lanes), every_function(seeded(lanes)));
        let fluids = every_fluid(lanes[0]);
        for (lane, x) in chunk.iter().enumerate() {
            let (values, exact) = (every_function(*x), every_function(seeded(*x)));
            for (i, name) in NAMES.into_iter().enumerate() {
                assert_eq!(batch[i].0[lane].to_bits(), values[i].to_bits(), "{name} at {x:?}");
                assert_eq!(duals[i].v.0[lane].to_bits(), values[i].to_bits(), "{name} at {x:?}");
                for k in 0..INPUTS {
                    assert_eq!(duals[i].d[k].0[lane].to_bits(), exact[i].d[k].to_bits(), "{name} at {x:?}");
                }
            }
            for (batch, value) in fluids.iter().zip(every_fluid(x[0])) {
                assert_eq!(batch.0[lane].to_bits(), value.to_bits());
            }
        }
    }
}

#[test]
fn the_pattern_of_the_wet_bulb_is_all_three_inputs() {
    let [t, w, p] = [0, 1, 2].map(Pattern::input);
    assert_eq!(moist_air::wet_bulb(t, w, p), Pattern(0b111));
    assert_eq!(moist_air::dew_point(w, p), Pattern(0b110));
    assert_eq!(moist_air::saturated_temperature(w, p), Pattern(0b110));
    assert_eq!(moist_air::saturation_pressure(t), Pattern(0b001));
}

#[test]
fn nothing_is_nan_from_minus_sixty_to_ninety_degrees_dry_to_beyond_saturated() {
    let mut count = 0;
    for p in [60_000.0, 75_000.0, 90_000.0, 101_325.0, 110_000.0] {
        for k in 0..=600 {
            let t = 213.15 + 0.25 * f64::from(k);
            let saturated = moist_air::saturation_humidity_ratio(t, p);
            for part in [-0.1, 0.0, 1e-9, 1e-4, 0.03, 0.2, 0.5, 0.9, 1.0, 1.3] {
                let w = part * saturated;
                let x = [t, t - 10.0, w, p, moist_air::enthalpy(t, w)];
                for (name, dual) in NAMES.into_iter().zip(every_function(seeded(x))) {
                    assert!(
                        dual.v.is_finite() && dual.d.iter().all(|d| d.is_finite()),
                        "{name} at {x:?}: {dual:?}"
                    );
                }
                let wet = moist_air::wet_bulb(t, w, p);
                assert!(wet <= t + 1e-9 && wet > 150.0, "wet bulb {wet} at {x:?}");
                count += 1;
            }
            assert!(every_fluid(Dual::<f64, 1>::seed(t, 0)).iter().all(|x| x.v > 0.0 && x.d[0].is_finite()));
        }
    }
    assert_eq!(count, 5 * 601 * 10);
}

#[test]
fn every_inverse_inverts_to_twelve_digits() {
    let mut worst = [0.0f64; 6];
    let mut count = 0;
    for p in [60_000.0, 75_000.0, 90_000.0, 101_325.0, 110_000.0] {
        for k in 0..=600 {
            let t = 213.15 + 0.25 * f64::from(k);
            if moist_air::saturation_pressure(t) > 0.98 * p {
                continue;
            }
            let saturated = moist_air::saturation_humidity_ratio(t, p);
            let at = moist_air::saturated_temperature(moist_air::saturated_enthalpy(t, p), p);
            let mut keep = |i: usize, error: f64| worst[i] = worst[i].max(error.abs());
            keep(0, at / t - 1.0);
            for part in [1e-3, 0.03, 0.2, 0.5, 0.9, 1.0] {
                let w = part * saturated;
                let enthalpy = moist_air::enthalpy(t, w);
                keep(1, moist_air::temperature_from_enthalpy(enthalpy, w) / t - 1.0);
                let pressure = moist_air::vapour_pressure(w, p);
                keep(2, moist_air::humidity_ratio_from_vapour_pressure(pressure, p) / w - 1.0);
                let humidity = moist_air::relative_humidity(t, w, p);
                keep(3, moist_air::humidity_ratio_from_relative_humidity(t, humidity, p) / w - 1.0);
                let dew = moist_air::dew_point(w, p);
                let wet = moist_air::wet_bulb(t, w, p);
                // A last bit of a temperature moves these by what the slope makes of it.
                if pressure > 1e-2 {
                    keep(
                        4,
                        (moist_air::humidity_ratio_from_dew_point(dew, p) / w - 1.0) * (1.0 - pressure / p),
                    );
                }
                keep(5, (moist_air::humidity_ratio_from_wet_bulb(t, wet, p) - w) / (1.0 + w * w));
                count += 1;
            }
        }
    }
    println!(
        "worst: saturated temperature, temperature, W of p_w, of φ, of dew point, of wet bulb: {worst:?}"
    );
    assert!(count > 15_000, "{count}");
    assert!(worst.iter().all(|error| *error < 1e-12), "{worst:?}");
}

#[test]
fn at_saturation_wet_bulb_dew_point_and_dry_bulb_are_one() {
    for p in [60_000.0, 101_325.0] {
        for t in [223.15, 258.15, 272.9, 273.155, 273.2, 290.0, 330.0f64] {
            let w = moist_air::saturation_humidity_ratio(t, p);
            assert!((moist_air::wet_bulb(t, w, p) - t).abs() < 1e-10, "{t}");
            assert!((moist_air::dew_point(w, p) - t).abs() < 1e-10, "{t}");
            // fog: the wet bulb stays the dry bulb
            assert!((moist_air::wet_bulb(t, 1.4 * w, p) - t).abs() < 1e-10, "{t}");
        }
    }
}

#[test]
fn the_wet_bulb_it_was_made_from_comes_back_unless_water_has_an_answer_too() {
    let (mut plain, mut folded) = (0, 0);
    for x in states() {
        let [t, s, w, p, _] = x;
        let wet = moist_air::wet_bulb(t, w, p);
        if s < 273.15 && water_has_an_answer(x) {
            // Two wet bulbs explain this humidity ratio; the one of water, above 0 °C, is given.
            assert!((273.15..s + 1.5).contains(&wet), "{wet} at {x:?}");
            folded += 1;
        } else {
            assert!((wet - s).abs() < 1e-9, "{wet} at {x:?}");
            plain += 1;
        }
        assert!((moist_air::humidity_ratio_from_wet_bulb(t, wet, p) - w).abs() < 1e-13, "{x:?}");
    }
    assert!(plain > 150 && folded > 3, "{plain} {folded}");
}

#[test]
fn the_wet_bulb_jumps_once_at_zero_and_rises_on_either_side() {
    // At 8 °C the band of two answers is 8 (1.006 + 1.86 · 0.0038) (1/2516 − 1/2845) = 3.7e−4 wide; one
    // kelvin of wet bulb on ice is worth (2830 · 3.1e−4 + 1.006) / 2845 = 6.6e−4: a jump of 0.56 K.
    let (t, p) = (281.15, 101_325.0);
    let border = moist_air::humidity_ratio_from_wet_bulb(t, 273.15, p);
    let (below, above) = (moist_air::wet_bulb(t, border - 1e-9, p), moist_air::wet_bulb(t, border + 1e-9, p));
    let jump = above - below;
    assert!((0.0..1e-4).contains(&(above - 273.15)) && (jump - 0.56).abs() < 0.03, "{below} {above}");
    let mut last = 0.0;
    for k in 0..1600 {
        let wet = moist_air::wet_bulb(t, 4e-6 * f64::from(k), p);
        assert!(wet > last);
        last = wet;
    }
}
