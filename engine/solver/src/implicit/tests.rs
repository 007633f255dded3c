use super::{Alone, Evaluator, ImplicitEuler, Kept, LaneCorrections, Newton, Solved, Step, Waits, ready};
use crate::{Sparsity, System};
use real::Lanes;

/// A tank of 500 J/K and a body of 5 J/K, 2 W/K between them, the tank loses 1 W/K to surroundings at 0; a heater of
/// 100 W at the position that v is clamped to; meters of loss and heater. Rows: tank, body, v, the meters.
struct Heated {
    sparsity: Sparsity,
    setpoint: f64,
    tiles: [u32; 5],
    weights: [f64; 5],
}

const TRAVEL: f64 = 1e-6;
/// Error that counts as much as the whole stroke [K].
const SCALE: f64 = 1e4;

impl Heated {
    fn new(setpoint: f64) -> Heated {
        let rows = vec![vec![0, 1], vec![0, 1, 2], vec![1, 2], vec![0], vec![2]];
        let sparsity = Sparsity::from_rows(rows).unwrap();
        Heated { sparsity, setpoint, tiles: [0, 1, 2, 3, 3], weights: [1e3, 1e3, 1e4, 0.0, 0.0] }
    }
}

impl System for Heated {
    fn states(&self) -> usize {
        5
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) {
        let [tank, body, position] = [y[0], y[1], y[2].clamp(0.0, 1.0)];
        rates[0] = (2.0 * (body - tank) - tank) / 500.0;
        rates[1] = (2.0 * (tank - body) + 100.0 * position) / 5.0;
        rates[2] = ((self.setpoint - body) / SCALE + position - y[2]) / TRAVEL;
        rates[3] = tank;
        rates[4] = 100.0 * position;
    }
    fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], jacobian: &mut [f64], time: &mut [f64]) {
        self.rates(t, y, rates);
        let free = if (0.0..=1.0).contains(&y[2]) { 1.0 } else { 0.0 };
        let values = [
            [-3.0 / 500.0, 2.0 / 500.0].as_slice(),
            &[2.0 / 5.0, -2.0 / 5.0, free * 100.0 / 5.0],
            &[-1.0 / SCALE / TRAVEL, (free - 1.0) / TRAVEL],
            &[1.0],
            &[free * 100.0],
        ];
        jacobian.copy_from_slice(&values.concat());
        time.fill(0.0);
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
}

const POSITION: [u32; 1] = [2];

#[test]
fn the_position_is_the_one_at_which_the_set_point_holds() {
    let mut system = Heated::new(30.0);
    let mut newton = Newton::new(&system, &POSITION, 0.1).unwrap();
    let start = [20.0, 20.0, 0.0, 0.0, 0.0];
    let mut y = start;
    assert_eq!(newton.step(&mut system, 100.0, 100.0, &start, &mut y), Solved::Converged);
    // Tank: 500·(T − 20)/100 = 2·(30 − T) − T → 8·T = 160 → T = 20.
    assert!((y[0] - 20.0).abs() < 1e-3, "{y:?}");
    assert!((y[1] - 30.0).abs() < 1e-3, "{y:?}");
    // Heater: 5·(30 − 20)/100 + 2·(30 − 20) = 20.5 W of 100 W.
    assert!((y[2] - 0.205).abs() < 1e-4, "{y:?}");
}

#[test]
fn a_set_point_out_of_reach_leaves_the_actuator_at_its_bound() {
    for (setpoint, position) in [(90.0, 1.0), (5.0, 0.0)] {
        let mut system = Heated::new(setpoint);
        let mut newton = Newton::new(&system, &POSITION, 0.1).unwrap();
        let start = [20.0, 20.0, 0.5, 0.0, 0.0];
        let mut y = start;
        assert_eq!(newton.step(&mut system, 10.0, 10.0, &start, &mut y), Solved::Converged);
        // Beyond it by what the error left asks for: less than 100 K/1e4 K of the stroke.
        assert!((y[2] - position) * (position - 0.5) > 0.0 && (y[2] - position).abs() < 0.01, "{y:?}");
        assert!((setpoint - y[1]) * (position - 0.5) > 0.0, "{y:?}");
    }
}

#[test]
fn energy_is_kept_to_round_off_with_old_factors_too() {
    let mut system = Heated::new(30.0);
    let mut newton = Newton::new(&system, &POSITION, 1.0).unwrap();
    let mut y = [20.0, 20.0, 0.0, 0.0, 0.0];
    for k in 1..=50 {
        system.setpoint = 30.0 + 5.0 * f64::from(k % 7);
        let before = y;
        assert_eq!(newton.step(&mut system, 60.0 * f64::from(k), 60.0, &before, &mut y), Solved::Converged);
        // What the heater gave is what was stored and lost.
        let stored = |y: &[f64; 5]| 500.0 * y[0] + 5.0 * y[1];
        let balance = stored(&y) - stored(&before) + (y[3] - before[3]) - (y[4] - before[4]);
        assert!(balance.abs() < 1e-8, "step {k}: {balance:e}");
    }
    let work = newton.work;
    assert_eq!(work.solved, 50);
    assert!(work.factorizations < work.evaluations / 2, "the factors were not kept: {work:?}");
}

#[test]
fn steps_with_error_control_follow_the_solution() {
    // The heater off: two coupled bodies, compared with steps a thousand times finer.
    let run = |fine: bool| {
        let mut system = Heated::new(-1e3);
        let mut euler = ImplicitEuler::new(&system, &POSITION).unwrap();
        let (mut t, mut y) = (0.0, [80.0, 20.0, 0.0, 0.0, 0.0]);
        if fine {
            system.weights = [1e6, 1e6, 1e4, 0.0, 0.0];
        }
        while t < 200.0 {
            let (from, before) = (t, y);
            euler.advance(&mut system, &mut t, &mut y, 200.0).unwrap();
            let mut middle = [0.0; 5];
            euler.at((from, &before), t, 0.5 * (from + t), &mut middle);
            assert!(middle[0] <= before[0] && middle[0] >= y[0], "the tank cools");
        }
        assert_eq!(t, 200.0);
        (y, euler.steps[0])
    };
    let ((coarse, steps), (fine, many)) = (run(false), run(true));
    assert!(many > 10 * steps, "{steps} and {many} steps");
    assert!((coarse[0] - fine[0]).abs() < 0.05, "{coarse:?} {fine:?}");
    // The slow constant is about 505/(2·2/3·…): at 200 s the tank is between what it would be alone with and without loss.
    assert!(fine[0] < 80.0 && fine[0] > 80.0 * (-200.0_f64 / 400.0).exp(), "{fine:?}");
}

/// y' = −arctan y, and where it was linearised: the tangents of the arctangent lead ever further away from where
/// |y| > 1.3917.
struct Bending {
    sparsity: Sparsity,
    visited: Vec<f64>,
}

impl System for Bending {
    fn states(&self) -> usize {
        1
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn rates(&mut self, _: f64, y: &[f64], rates: &mut [f64]) {
        self.visited.push(y[0]);
        rates[0] = -y[0].atan();
    }
    fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], j: &mut [f64], time: &mut [f64]) {
        self.rates(t, y, rates);
        j[0] = -1.0 / (1.0 + y[0] * y[0]);
        time[0] = 0.0;
    }
    fn weights(&self) -> &[f64] {
        &[100.0]
    }
    fn tiles(&self) -> &[u32] {
        &[0]
    }
}

#[test]
fn corrections_are_cut_short_where_a_tangent_would_lead_far_away() {
    let furthest = |longest: f64| {
        let mut system =
            Bending { sparsity: Sparsity::from_rows(vec![vec![0]]).unwrap(), visited: Vec::new() };
        let mut newton = Newton::new(&system, &[], 0.1).unwrap();
        newton.longest = longest;
        let mut y = [3.0];
        // A step so long that its end is where y stands still: 0.
        let solved = newton.step(&mut system, 1e9, 1e9, &[3.0], &mut y);
        assert_eq!(solved, Solved::Converged);
        assert!(y[0].abs() < 1e-3, "{y:?}");
        (system.visited.iter().fold(0.0_f64, |most, y| most.max(y.abs())), newton.work.evaluations)
    };
    // Full corrections: 3 − 10·arctan 3 = −9.5, then over a hundred, and on; only after that careful ones.
    let ((far, many), (near, few)) = (furthest(f64::INFINITY), furthest(100.0));
    assert!(far > 100.0, "{far}");
    // Of at most 1, which is 100 by the weight: 2, 1, and from there by tangents that meet.
    assert!(near <= 3.0 && few < many, "{near} in {few}, {many} without");
}

#[test]
fn a_rate_that_is_no_number_is_given_up_and_said_so() {
    struct Broken(Sparsity);
    impl System for Broken {
        fn states(&self) -> usize {
            1
        }
        fn sparsity(&self) -> &Sparsity {
            &self.0
        }
        fn rates(&mut self, _: f64, _: &[f64], rates: &mut [f64]) {
            rates[0] = f64::NAN;
        }
        fn linearize(&mut self, t: f64, y: &[f64], rates: &mut [f64], j: &mut [f64], time: &mut [f64]) {
            self.rates(t, y, rates);
            j[0] = -1.0;
            time[0] = 0.0;
        }
        fn weights(&self) -> &[f64] {
            &[1.0]
        }
        fn tiles(&self) -> &[u32] {
            &[0]
        }
    }
    let mut system = Broken(Sparsity::from_rows(vec![vec![0]]).unwrap());
    let mut newton = Newton::new(&system, &[], 1.0).unwrap();
    assert_eq!(newton.step(&mut system, 1.0, 1.0, &[1.0], &mut [1.0]), Solved::NotFinite { row: 0 });
    let mut euler = ImplicitEuler::new(&system, &[]).unwrap();
    assert!(euler.advance(&mut system, &mut 0.0, &mut [1.0], 1.0).is_err());
}

#[test]
fn a_constraint_that_is_no_state_is_refused() {
    let system = Heated::new(30.0);
    assert!(Newton::new(&system, &[9], 1.0).is_err());
}

/// Corrects in a lane between others that hold something else, and alone; the two must have the same bits.
struct InLane {
    corrections: LaneCorrections<4>,
    lane: usize,
    compared: u32,
}

impl Evaluator<Heated> for InLane {
    fn begin(&mut self, system: &Heated, step: &Step) {
        for lane in 0..4 {
            let y0: Vec<f64> = step.y0.iter().map(|y| y + (lane as f64 - self.lane as f64)).collect();
            let other = Step { end: step.end, shift: step.shift * (1 + lane) as f64, y0: &y0 };
            let its = if lane == self.lane { step } else { &other };
            self.corrections.begin(lane, its, system.weights());
        }
    }

    async fn correct(&mut self, system: &mut Heated, kept: Kept<'_>) -> f64 {
        self.corrections.load(self.lane, &kept);
        let mut rates = [0.0; 5];
        system.rates(kept.step.end, kept.y, &mut rates);
        let spread = |of: &[f64]| -> Vec<Lanes<4>> { of.iter().map(|&x| Lanes([x; 4])).collect() };
        self.corrections.solve(&spread(kept.y), &spread(&rates));
        let mut found = vec![f64::NAN; kept.right.len()];
        let size = self.corrections.give(self.lane, &mut found);
        let Kept { step, y, rates, right, made, matrix } = kept;
        let alone = Kept { step, y, rates, right: &mut *right, made, matrix };
        assert_eq!(Alone.correct(system, alone).await.to_bits(), size.to_bits());
        assert_eq!(bits(&right[..5]), bits(&found[..5]));
        self.compared += 1;
        size
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn corrections_in_a_lane_have_the_bits_of_those_alone() {
    for lane in 0..4 {
        let mut system = Heated::new(30.0);
        let mut newton = Newton::new(&system, &POSITION, 0.1).unwrap();
        let mut by = InLane { corrections: LaneCorrections::new(&newton), lane, compared: 0 };
        let mut y = [20.0, 20.0, 0.0, 0.0, 0.0];
        for hour in 0..24 {
            // The set-point rises, and the step becomes another one, which takes other factors.
            system.setpoint = 30.0 + 2.0 * f64::from(hour);
            let start = y;
            let h = if hour < 12 { 3600.0 } else { 1800.0 };
            let step = newton.step_by(&mut by, &mut system, h, h, &start, &mut y);
            assert_eq!(ready(step), Ok(Solved::Converged));
        }
        assert!(by.compared > 24 && newton.work.factorizations > 1, "{} {:?}", by.compared, newton.work);
    }
}

#[test]
fn what_waits_for_somebody_who_is_not_there_is_told_so_at_once() {
    assert_eq!(ready(std::future::ready(7)), Ok(7));
    assert_eq!(ready(std::future::pending::<()>()), Err(Waits));
    assert!(Waits.to_string().contains("nobody"), "{Waits}");
}
