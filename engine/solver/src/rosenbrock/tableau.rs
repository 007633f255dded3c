//! Coefficients.

/// Most stages of any method here.
pub const MOST_STAGES: usize = 6;

/// A Rosenbrock method of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Order 3 in 4 stages and 3 evaluations; for tolerances of 1e-3 and looser.
    Rodas3,
    /// Order 4 in 6 stages and 6 evaluations; for tolerances of 1e-4 and tighter.
    Rodas4,
}

impl Method {
    /// Coefficients of the method.
    #[must_use]
    pub fn tableau(self) -> &'static Tableau {
        match self {
            Method::Rodas3 => &RODAS3,
            Method::Rodas4 => &RODAS4,
        }
    }
}

/// Coefficients in transformed variables; see the module's equations.
#[derive(Clone, Debug, PartialEq)]
pub struct Tableau {
    /// Number of stages s.
    pub stages: usize,
    /// Order of the solution.
    pub order: u32,
    /// Power k of the step in the error estimate.
    pub error_order: u32,
    /// γ, common to all stages.
    pub gamma: f64,
    /// aᵢⱼ, strictly lower triangular.
    pub a: [[f64; MOST_STAGES]; MOST_STAGES],
    /// cᵢⱼ, strictly lower triangular.
    pub c: [[f64; MOST_STAGES]; MOST_STAGES],
    /// αᵢ, the time of each stage.
    pub alpha: [f64; MOST_STAGES],
    /// γᵢ, the weight of ∂f/∂t in each stage.
    pub gammas: [f64; MOST_STAGES],
    /// The two vectors of the dense output.
    pub dense: [Dense; 2],
}

impl Tableau {
    /// Weights s of the stages in what a step adds to the states, Σ sᵢuᵢ = y₁ − y₀.
    pub(super) fn solution(&self) -> [f64; MOST_STAGES] {
        let mut weights = self.a[self.stages - 1];
        weights[self.stages - 1] = 1.0;
        weights
    }

    /// Weights w of the rates fᵢ + J·uᵢ + γᵢh·∂f/∂t where those of the stages are s: w = γ·s·(I − γC)⁻¹.
    pub(super) fn weights_of_rates(&self, stages: &[f64; MOST_STAGES]) -> [f64; MOST_STAGES] {
        let mut rates = [0.0; MOST_STAGES];
        for j in (0..self.stages).rev() {
            let later: f64 = (j + 1..self.stages).map(|i| rates[i] * self.c[i][j]).sum();
            rates[j] = self.gamma * (stages[j] + later);
        }
        rates
    }
}

/// A vector of the dense output as a combination of what a step leaves behind.
///
/// With θ = (t − t₀)/h and Δ = y₁ − y₀,
/// y(θ) = (1−θ)·y₀ + θ·(y₁ + (1−θ)·(d₀ + θ·d₁)), where d = Σⱼ stagesⱼ·uⱼ + slope·h·f₀ + change·Δ.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// Coefficients of the stages.
    pub stages: [f64; MOST_STAGES],
    /// Coefficient of h·f(t₀, y₀).
    pub slope: f64,
    /// Coefficient of y₁ − y₀.
    pub change: f64,
}

/// RODAS3: A. Sandu, J. G. Verwer, J. G. Blom, E. J. Spee, G. R. Carmichael, F. A. Potra,
/// "Benchmarking stiff ODE solvers for atmospheric chemistry problems II: Rosenbrock solvers",
/// Atmospheric Environment 31 (1997) 3459–3472, method RODAS3.
///
/// Dense output is the cubic Hermite polynomial of the end points and their slopes. The slope at
/// the end costs no evaluation: stage 4 evaluates f at y₁ − u₄, and its own equation (γ₄ = 0)
/// gives f(y₁ − u₄) + J·u₄ = u₄/(hγ) − Σⱼ (c₄ⱼ/h)·uⱼ, which is f(y₁) + O(h⁴), and exactly f(y₁)
/// where f is linear, so that stiff components stay damped. Hence d₀ = h·f₀ − Δ and
/// d₁ = Δ − h·f₁ − d₀ = 2Δ − h·f₀ + u₁ − u₂ − (8/3)·u₃ − 2·u₄.
static RODAS3: Tableau = Tableau {
    stages: 4,
    order: 3,
    error_order: 3,
    gamma: 0.5,
    a: [
        [0.0; 6],
        [0.0; 6],
        [2.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [2.0, 0.0, 1.0, 0.0, 0.0, 0.0],
        [0.0; 6],
        [0.0; 6],
    ],
    c: [
        [0.0; 6],
        [4.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, -1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, -1.0, -8.0 / 3.0, 0.0, 0.0, 0.0],
        [0.0; 6],
        [0.0; 6],
    ],
    alpha: [0.0, 0.0, 1.0, 1.0, 0.0, 0.0],
    gammas: [0.5, 1.5, 0.0, 0.0, 0.0, 0.0],
    dense: [
        Dense { stages: [0.0; 6], slope: 1.0, change: -1.0 },
        Dense { stages: [1.0, -1.0, -8.0 / 3.0, -2.0, 0.0, 0.0], slope: -1.0, change: 2.0 },
    ],
};

/// RODAS: E. Hairer and G. Wanner, *Solving Ordinary Differential Equations II*, 2nd ed. 1996,
/// section VI.4, coefficients and dense output of the authors' code RODAS, method 1.
static RODAS4: Tableau = Tableau {
    stages: 6,
    order: 4,
    error_order: 4,
    gamma: 0.25,
    a: [
        [0.0; 6],
        [1.544, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.946_678_528_081_582_6, 0.255_701_169_898_328_4, 0.0, 0.0, 0.0, 0.0],
        [3.314_825_187_068_521, 2.896_124_015_972_201, 0.998_641_913_997_781_7, 0.0, 0.0, 0.0],
        [
            1.221_224_509_226_641,
            6.019_134_481_288_629,
            12.537_083_329_320_87,
            -0.687_886_036_105_895,
            0.0,
            0.0,
        ],
        [
            1.221_224_509_226_641,
            6.019_134_481_288_629,
            12.537_083_329_320_87,
            -0.687_886_036_105_895,
            1.0,
            0.0,
        ],
    ],
    c: [
        [0.0; 6],
        [-5.668_8, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-2.430_093_356_833_875, -0.206_359_915_709_191_5, 0.0, 0.0, 0.0, 0.0],
        [-0.107_352_905_815_137_5, -9.594_562_251_023_355, -20.470_286_148_096_16, 0.0, 0.0, 0.0],
        [
            7.496_443_313_967_647,
            -10.246_804_314_643_52,
            -33.999_903_528_199_05,
            11.708_908_932_061_6,
            0.0,
            0.0,
        ],
        [
            8.083_246_795_921_522,
            -7.981_132_988_064_893,
            -31.521_594_328_743_71,
            16.319_305_431_231_36,
            -6.058_818_238_834_054,
            0.0,
        ],
    ],
    alpha: [0.0, 0.386, 0.21, 0.63, 1.0, 1.0],
    gammas: [0.25, -0.1043, 0.1035, -0.036_200_000_000_000_23, 0.0, 0.0],
    dense: [
        Dense {
            stages: [
                10.126_235_083_445_86,
                -7.487_995_877_610_167,
                -34.800_918_615_557_47,
                -7.992_771_707_568_823,
                1.025_137_723_295_662,
                0.0,
            ],
            slope: 0.0,
            change: 0.0,
        },
        Dense {
            stages: [
                -0.676_280_339_280_125_3,
                6.087_714_651_680_015,
                16.430_843_208_924_78,
                24.767_225_114_183_86,
                -6.594_389_125_716_872,
                0.0,
            ],
            slope: 0.0,
            change: 0.0,
        },
    ],
};
