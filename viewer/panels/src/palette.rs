//! Colour scales whose lightness rises evenly, so that they read the same without colour.

/// A colour scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Palette {
    /// Dark blue to yellow; made to look the same to the colour-blind.
    Cividis,
    /// Violet to yellow.
    #[default]
    Viridis,
    /// Blue over green to red: more steps to be told apart, less even.
    Turbo,
}

/// Stops at equal distances, sRGB.
type Stops = [[u8; 3]; 9];

// Sampled at 0, 1/8 … 1 from the published scales: viridis (S. van der Walt, N. Smith, 2015), cividis (J. R. Nuñez,
// C. R. Anderton, R. S. Renslow, PLoS ONE 13(7) 2018, e0199239), turbo (A. Mikhailov, 2019). Recalled, to verify.
const VIRIDIS: Stops = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];
const CIVIDIS: Stops = [
    [0, 32, 77],
    [0, 54, 110],
    [60, 77, 110],
    [91, 99, 110],
    [124, 123, 120],
    [154, 147, 118],
    [188, 174, 108],
    [223, 203, 91],
    [255, 234, 70],
];
const TURBO: Stops = [
    [48, 18, 59],
    [70, 107, 227],
    [40, 187, 236],
    [49, 242, 153],
    [162, 252, 60],
    [237, 208, 58],
    [251, 128, 34],
    [208, 47, 5],
    [122, 4, 3],
];

impl Palette {
    /// All scales.
    pub const ALL: [Palette; 3] = [Palette::Viridis, Palette::Cividis, Palette::Turbo];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Palette::Cividis => "cividis",
            Palette::Viridis => "viridis",
            Palette::Turbo => "turbo",
        }
    }

    /// The colour at a share of the scale, sRGB; what lies outside has the colour of the end.
    #[must_use]
    pub fn at(self, share: f32) -> [u8; 3] {
        let stops = match self {
            Palette::Cividis => &CIVIDIS,
            Palette::Viridis => &VIRIDIS,
            Palette::Turbo => &TURBO,
        };
        let last = stops.len() - 1;
        let place = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) * last as f32 };
        let below = (place as usize).min(last - 1);
        let part = place - below as f32;
        let mixed = |k: usize| {
            let (from, to) = (f32::from(stops[below][k]), f32::from(stops[below + 1][k]));
            (from + part * (to - from)).round() as u8
        };
        [mixed(0), mixed(1), mixed(2)]
    }
}

/// Where there is no value.
pub const NOTHING: [u8; 3] = [120, 124, 130];

/// What binds first: power, air, liquid. Of Okabe and Ito's colours, which the colour-blind tell apart.
pub const BINDS: [[u8; 3]; 3] = [[230, 159, 0], [86, 180, 233], [0, 114, 178]];

/// Envelopes of the air at the inlet, from the recommended one to beyond all: an even scale, and red for what is beyond.
pub const CLASSES: [[u8; 3]; 6] =
    [[33, 144, 141], [122, 209, 81], [221, 227, 24], [245, 178, 55], [230, 120, 40], [200, 40, 40]];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_begin_and_end_at_their_first_and_last_stop_whatever_is_asked() {
        assert_eq!(Palette::Viridis.at(-3.0), [68, 1, 84]);
        assert_eq!(Palette::Viridis.at(7.0), [253, 231, 37]);
        assert_eq!(Palette::Viridis.at(f32::NAN), [68, 1, 84]);
        // Halfway between the first two stops of cividis: (0, 43, 93.5).
        assert_eq!(Palette::Cividis.at(1.0 / 16.0), [0, 43, 94]);
    }

    #[test]
    fn viridis_and_cividis_grow_lighter_all_along() {
        let light =
            |[r, g, b]: [u8; 3]| 0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b);
        for palette in [Palette::Viridis, Palette::Cividis] {
            let lights: Vec<f32> = (0..=64).map(|k| light(palette.at(k as f32 / 64.0))).collect();
            assert!(lights.windows(2).all(|w| w[1] >= w[0] - 1.0), "{}: {lights:?}", palette.name());
        }
    }
}
