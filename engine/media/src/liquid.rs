//! Coolants: density, specific heat, conductivity and viscosity as functions of temperature.
//!
//! # Equations
//! With `x = (T − 323.15)/50`: `ρ, c_p, k = Σ c_k x^k` and `μ = exp(Σ c_k x^k)`. All coefficients are our own
//! fits at 80 Chebyshev points of the range, in relative error.
//!
//! # Assumptions
//! Incompressible: fitted at 200 kPa; a megapascal moves the density of water by 0.05 %. A glycol's
//! percentage is its mass fraction. Inhibitors are not in the data.
//!
//! # Valid for
//! Glycols from their freezing point, water from 0 °C, to 100 °C; immersion oil 30 … 50 °C. Outside, the
//! value at the nearer end ([`Fluid::range`]) so that a trial step never meets a negative density.
//!
//! # Source
//! | fluid | fitted to | degree | largest deviation of the fit |
//! |---|---|---|---|
//! | water | CoolProp 8.0.0 `Water`: IAPWS-95, conductivity and viscosity of IAPWS 2011 and 2008 | 6 … 7 | 0.0014 % |
//! | propylene glycol | CoolProp 8.0.0 `INCOMP::MPG` (Melinder 2010) | 3 | rounding: the source is cubic at a fixed fraction |
//! | ethylene glycol | CoolProp 8.0.0 `INCOMP::MEG` (Melinder 2010) | 3 | rounding |
//! | immersion oil | single-phase hydrocarbon (PAO or GTL class), four numbers at 40 °C | 0 | engineering knowledge, to verify |
//!
//! Glycol data differ by more than a fit does: at 25 °C CoolProp's other propylene glycol, `MPG2`, has
//! 1.1 % more specific heat, the ASHRAE tables in EnergyPlus 0.4 % more density and 4 % more viscosity.
//!
//! # Verified by
//! `tests/validation/oracle`: `water_liquid.csv`, `pg25.csv`, `pg25_energyplus_tables.csv`, `glycols_other.csv`,
//! `glycol_freeze.csv`, `liquid_ends.csv`. The immersion oil: by nothing yet.

pub use crate::water;

use crate::polynomial;
use real::Real;

/// A coolant whose properties are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fluid {
    /// Water.
    Water,
    /// 20 % propylene glycol by mass.
    PropyleneGlycol20,
    /// 25 % propylene glycol by mass, the usual coolant of cold plates.
    PropyleneGlycol25,
    /// 30 % propylene glycol by mass.
    PropyleneGlycol30,
    /// 25 % ethylene glycol by mass.
    EthyleneGlycol25,
    /// 30 % ethylene glycol by mass.
    EthyleneGlycol30,
    /// Single-phase dielectric oil for immersion; constants at 40 °C, to verify.
    ImmersionOil,
}

/// What is known of one fluid.
struct Record {
    name: &'static str,
    freezing_point: Option<f64>,
    range: (f64, f64),
    density: &'static [f64],
    specific_heat: &'static [f64],
    conductivity: &'static [f64],
    /// Of the logarithm.
    viscosity: &'static [f64],
}

const WATER: Record = Record {
    name: "water",
    freezing_point: Some(273.15),
    range: (273.15, 373.15),
    density: &[
        9.880_783_576_69e2,
        -2.260_750_355_36e1,
        -8.202_954_252_15,
        1.519_903_704_55,
        -5.736_407_669_88e-1,
        3.373_779_709_17e-1,
        -1.570_996_213_33e-1,
    ],
    specific_heat: &[
        4.181_099_806_61e3,
        1.425_092_918_81e1,
        2.093_674_323_65e1,
        -7.746_984_381_61,
        9.538_431_788_78,
        -5.066_727_304_65,
        5.605_845_301_27,
        -3.184_304_684_34,
    ],
    conductivity: &[
        6.406_745_857_4e-1,
        5.619_128_243_75e-2,
        -2.192_731_223_05e-2,
        2.983_090_069_34e-3,
        -1.406_943_395_17e-3,
        1.590_255_612_51e-3,
        -8.437_751_931_28e-4,
    ],
    viscosity: &[
        -7.511_919_956_3,
        -8.393_064_142_42e-1,
        2.278_179_287_83e-1,
        -7.091_385_974_76e-2,
        2.664_800_864_76e-2,
        -1.174_031_710_34e-2,
        7.605_966_628_94e-3,
        -3.191_886_082_32e-3,
    ],
};

const PROPYLENE_GLYCOL_20: Record = Record {
    name: "pg20",
    freezing_point: Some(265.977),
    range: (265.977, 373.15),
    density: &[1.001_230_119_02e3, -2.702_003_644_48e1, -6.257_259_157_78, 1.911_771_070_79],
    specific_heat: &[4.040_207_978_03e3, 1.054_980_846_43e2, -2.804_056_118_06, -4.023_626_553_25],
    conductivity: &[5.218_250_403_32e-1, 4.684_503_487_4e-2, -4.661_534_228_22e-3, -8.037_760_797_39e-4],
    viscosity: &[-6.969_595_114_84, -1.013_346_834_4, 3.593_653_610_27e-1, -1.506_296_601_26e-1],
};

const PROPYLENE_GLYCOL_25: Record = Record {
    name: "pg25",
    freezing_point: Some(263.365),
    range: (263.365, 373.15),
    density: &[1.004_378_296_73e3, -2.885_207_352_77e1, -5.623_900_625_31, 1.793_216_488_79],
    specific_heat: &[3.992_381_053_41e3, 1.177_499_363_58e2, -5.053_747_813_93, -2.573_012_840_75],
    conductivity: &[4.946_191_855_63e-1, 4.344_214_277_09e-2, -2.435_734_832_1e-3, -8.119_461_806_14e-4],
    viscosity: &[-6.837_665_148_41, -1.074_532_668_49, 4.010_624_559_92e-1, -1.617_968_246_08e-1],
};

const PROPYLENE_GLYCOL_30: Record = Record {
    name: "pg30",
    freezing_point: Some(260.361),
    range: (260.361, 373.15),
    density: &[1.007_492_684_53e3, -3.076_639_477_36e1, -5.003_530_897_2, 1.695_761_906_79],
    specific_heat: &[3.936_600_525_36e3, 1.298_567_525_45e2, -5.529_573_743_54, -1.426_774_128_25],
    conductivity: &[4.686_021_273_11e-1, 4.004_426_380_08e-2, -8.625_671_402_57e-4, -7.582_600_314_89e-4],
    viscosity: &[-6.701_696_202_73, -1.139_322_401_11, 4.438_771_077_68e-1, -1.732_430_515_89e-1],
};

const ETHYLENE_GLYCOL_25: Record = Record {
    name: "eg25",
    freezing_point: Some(262.184),
    range: (262.184, 373.15),
    density: &[1.017_432_562_75e3, -2.698_996_561_01e1, -6.803_341_697_09, 5.995_592_859_03e-1],
    specific_heat: &[3.880_075_589_7e3, 1.119_070_711_42e2, -7.493_627_558_83, -2.176_177_833_24],
    conductivity: &[5.149_228_334_09e-1, 4.555_596_238_87e-2, -4.801_045_060_26e-3, -2.550_666_076_56e-4],
    viscosity: &[-6.981_336_353_95, -9.587_886_523_33e-1, 3.357_818_601e-1, -8.668_792_278_12e-2],
};

const ETHYLENE_GLYCOL_30: Record = Record {
    name: "eg30",
    freezing_point: Some(258.574),
    range: (258.574, 373.15),
    density: &[1.023_378_558_16e3, -2.836_883_934_8e1, -6.186_304_373_27, 5.892_833_254_02e-1],
    specific_heat: &[3.802_546_299_39e3, 1.334_868_965_46e2, -1.273_271_585_66e1, -1.762_175_638_24],
    conductivity: &[4.917_351_010_15e-1, 4.290_430_323_88e-2, -3.244_287_558_83e-3, -3.363_338_114_06e-4],
    viscosity: &[-6.867_671_193_51, -9.837_499_874_76e-1, 3.400_280_183_89e-1, -9.419_209_215_62e-2],
};

const IMMERSION_OIL: Record = Record {
    name: "immersion_oil",
    freezing_point: None,
    range: (303.15, 323.15),
    density: &[805.0],
    specific_heat: &[2200.0],
    conductivity: &[0.138],
    viscosity: &[-5.035953102080546], // ln 6.5e−3
};

impl Fluid {
    /// Every fluid, in the order of the declaration.
    pub const ALL: [Fluid; 7] = [
        Fluid::Water,
        Fluid::PropyleneGlycol20,
        Fluid::PropyleneGlycol25,
        Fluid::PropyleneGlycol30,
        Fluid::EthyleneGlycol25,
        Fluid::EthyleneGlycol30,
        Fluid::ImmersionOil,
    ];

    #[inline(always)]
    const fn record(self) -> &'static Record {
        match self {
            Fluid::Water => &WATER,
            Fluid::PropyleneGlycol20 => &PROPYLENE_GLYCOL_20,
            Fluid::PropyleneGlycol25 => &PROPYLENE_GLYCOL_25,
            Fluid::PropyleneGlycol30 => &PROPYLENE_GLYCOL_30,
            Fluid::EthyleneGlycol25 => &ETHYLENE_GLYCOL_25,
            Fluid::EthyleneGlycol30 => &ETHYLENE_GLYCOL_30,
            Fluid::ImmersionOil => &IMMERSION_OIL,
        }
    }

    /// The name a site file uses: `water`, `pg20`, `pg25`, `pg30`, `eg25`, `eg30`, `immersion_oil`.
    pub const fn name(self) -> &'static str {
        self.record().name
    }

    /// The fluid of that [`name`](Self::name), if there is one.
    pub fn from_name(name: &str) -> Option<Fluid> {
        Self::ALL.into_iter().find(|fluid| fluid.name() == name)
    }

    /// Temperature (K) at which the first ice forms; of the oil none is known.
    pub const fn freezing_point(self) -> Option<f64> {
        self.record().freezing_point
    }

    /// Lowest and highest temperature (K) for which the properties hold.
    pub const fn range(self) -> (f64, f64) {
        self.record().range
    }

    /// `(T − 323.15)/50` of the temperature held within the range.
    #[inline(always)]
    fn scaled<R: Real>(self, temperature: R) -> R {
        let (low, high) = self.record().range;
        (temperature.within(R::lift(low), R::lift(high)) - R::number(323.15)) / R::number(50.0)
    }

    /// Density (kg/m³) at `temperature` (K).
    #[inline]
    pub fn density<R: Real>(self, temperature: R) -> R {
        polynomial(self.scaled(temperature), self.record().density)
    }

    /// Specific heat at constant pressure (J/(kg K)) at `temperature` (K).
    #[inline]
    pub fn specific_heat<R: Real>(self, temperature: R) -> R {
        polynomial(self.scaled(temperature), self.record().specific_heat)
    }

    /// Thermal conductivity (W/(m K)) at `temperature` (K).
    #[inline]
    pub fn conductivity<R: Real>(self, temperature: R) -> R {
        polynomial(self.scaled(temperature), self.record().conductivity)
    }

    /// Dynamic viscosity (Pa s) at `temperature` (K).
    #[inline]
    pub fn viscosity<R: Real>(self, temperature: R) -> R {
        polynomial(self.scaled(temperature), self.record().viscosity).exp()
    }

    /// Prandtl number `c_p μ / k` (–) at `temperature` (K).
    #[inline]
    pub fn prandtl<R: Real>(self, temperature: R) -> R {
        self.specific_heat(temperature) * self.viscosity(temperature) / self.conductivity(temperature)
    }
}

impl std::fmt::Display for Fluid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_fluid() {
        for fluid in Fluid::ALL {
            assert_eq!(Fluid::from_name(fluid.name()), Some(fluid));
        }
        assert_eq!(Fluid::from_name("pg27"), None);
    }

    #[test]
    fn a_kilowatt_warms_a_litre_of_pg25_per_minute_by_fifteen_kelvin() {
        // 1000 W / (1017 kg/m³ · 1e−3/60 m³/s · 3933 J/(kg K)) = 1000 / 66.66 = 15.0 K
        let fluid = Fluid::PropyleneGlycol25;
        let rise = 1000.0 / (fluid.density(298.15) * 1e-3 / 60.0 * fluid.specific_heat(298.15));
        assert!((rise - 15.0f64).abs() < 0.01, "{rise}");
    }

    #[test]
    fn the_oil_is_the_record_it_was_taken_from() {
        let oil = Fluid::ImmersionOil;
        assert_eq!(
            [oil.density(313.15), oil.specific_heat(313.15), oil.conductivity(313.15)],
            [805.0, 2200.0, 0.138]
        );
        assert!((oil.viscosity(313.15f64) / 6.5e-3 - 1.0).abs() < 1e-12);
    }
}
