//! A core with blocks against the same system written out flat.

use real::{Dual, Lanes, Real};
use solver::blocks::{BlockStepper, Class, Core, Lane, Precision, Reached, Verdict};
use solver::{Control, Method, Sparsity, Stepper, System};

/// A chip on a cold plate: `C₁·d′ = P(t, d) − (d − c)/R`, `C₂·c′ = (d − c)/R − G·(c − Tₛ)`, with leakage.
fn chip<R: Real>(load: R, die: R, plate: R, supply: R) -> [R; 3] {
    let leakage = ((die - R::number(60.0)) / R::number(40.0)).exp();
    let power = load * R::number(500.0) + leakage * R::number(60.0);
    [power, (die - plate) * R::number(33.0), (plate - supply) * R::number(36.0)]
}
const CAPACITY: [f64; 2] = [60.0, 150.0];
const STATES: usize = 2;
/// d, c, power, through, coolant; then the export.
const ROWS: usize = 5;

/// Members in tiles of eight, each with a utilisation of its own.
struct Chips {
    loads: Vec<f64>,
    sparsity: Sparsity,
    weights: Vec<f64>,
}

/// Load of a member when its load factor is `factor`.
fn member_load(k: usize) -> f64 {
    0.2 + 0.1 * (k % 7) as f64
}

impl Chips {
    fn new(members: usize, equal: bool) -> Chips {
        let rows = vec![vec![2, 3], vec![3, 4], vec![0], vec![0, 1], vec![1, 5], vec![4], vec![]];
        Chips {
            loads: (0..members).map(|k| if equal { 0.6 } else { member_load(k) }).collect(),
            sparsity: Sparsity::from_rows(rows).unwrap(),
            weights: vec![1.0 / (30.0 * 1e-5); STATES],
        }
    }
    fn load(&self, tile: usize) -> Lane {
        let last = self.loads.len() - 1;
        Lanes(std::array::from_fn(|k| self.loads[(8 * tile + k).min(last)]))
    }
}

impl Class for Chips {
    type Work = [Lane; 3];
    fn tiles(&self) -> usize {
        self.loads.len().div_ceil(8)
    }
    fn members(&self, tile: usize) -> Lane {
        Lanes(std::array::from_fn(|k| f64::from(u8::from(8 * tile + k < self.loads.len()))))
    }
    fn states(&self) -> usize {
        STATES
    }
    fn rows(&self) -> usize {
        ROWS
    }
    fn imports(&self) -> &[Option<u32>] {
        &[Some(4), None] // the supply temperature as a value of the core, and the load factor from outside
    }
    fn exports(&self) -> &[u32] {
        &[2]
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn parts(&self) -> &[u32] {
        &[0, 0]
    }
    fn watched(&self) -> usize {
        1
    }
    fn work(&self) -> Self::Work {
        [Lane::number(0.0); 3]
    }
    fn rates(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        work: &mut Self::Work,
        rates: &mut [Lane],
        exports: &mut [Lane],
    ) {
        let load = self.load(tile) * Lane::number(imports[1]);
        *work = chip(load, y[0], y[1], Lane::number(imports[0]));
        rates[0] = (work[0] - work[1]) / Lane::number(CAPACITY[0]);
        rates[1] = (work[1] - work[2]) / Lane::number(CAPACITY[1]);
        exports[0] = work[2];
        work[0] = y[0];
    }
    fn linearize(
        &self,
        tile: usize,
        y: &[Lane],
        imports: &[f64],
        slopes: &[f64],
        work: &mut Self::Work,
        rates: &mut [Lane],
        exports: &mut [Lane],
        jacobian: &mut [Lane],
        time_derivative: &mut [Lane],
    ) {
        self.rates(tile, y, imports, work, rates, exports);
        let load = self.load(tile) * Lane::number(imports[1]);
        let seed = |value, k| Dual::<Lane, 4>::seed(value, k);
        let out = chip(seed(load, 0), seed(y[0], 1), seed(y[1], 2), seed(Lane::number(imports[0]), 3));
        let [first, second] = CAPACITY.map(|c| Lane::number(1.0 / c));
        let one = Lane::number(1.0);
        let entries = [
            first,
            -first,
            second,
            -second,
            out[0].d[1],
            out[1].d[1],
            out[1].d[2],
            out[2].d[2],
            out[2].d[3],
            one,
        ];
        jacobian.copy_from_slice(&entries);
        time_derivative.fill(Lane::number(0.0));
        time_derivative[2] = out[0].d[0] * self.load(tile) * Lane::number(slopes[1]);
    }
    fn watch(&self, _: usize, work: &Self::Work, values: &mut [Lane]) {
        values[0] = work[0];
    }
}

/// Supply and return of a loop that gives its heat to the surroundings; the load factor rises in time.
struct Loop {
    sparsity: Sparsity,
    weights: Vec<f64>,
    y: [f64; 2],
    t: f64,
    conductance: f64,
    capacity: f64,
    flow: f64,
}

const AMBIENT: f64 = 20.0;
const SLOPE: f64 = 1e-3;

fn factor(t: f64) -> f64 {
    1.0 + SLOPE * t
}

impl Loop {
    fn new(members: usize) -> Loop {
        let n = members as f64;
        // Rows: supply, return, heat of the members, heat rejected, supply as the members see it.
        let rows = vec![vec![0, 1, 3], vec![0, 1, 2], vec![], vec![1], vec![0]];
        Loop {
            sparsity: Sparsity::from_rows(rows).unwrap(),
            weights: vec![1.0 / (30.0 * 1e-5); 2],
            y: [0.0; 2],
            t: 0.0,
            conductance: 30.0 * n,
            capacity: 2000.0 * n,
            flow: 60.0 * n,
        }
    }
    fn derive(&self, y: &[f64], heat: f64, rates: &mut [f64]) {
        let rejected = self.conductance * (y[1] - AMBIENT);
        rates[0] = (self.flow * (y[1] - y[0]) - rejected) / self.capacity;
        rates[1] = (self.flow * (y[0] - y[1]) + heat) / self.capacity;
    }
    fn entries(&self) -> [f64; 8] {
        let (turn, each) = (self.flow / self.capacity, 1.0 / self.capacity);
        [-turn, turn, -each, turn, -turn, each, self.conductance, 1.0]
    }
}

impl Core for Loop {
    fn states(&self) -> usize {
        2
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &[0, 1]
    }
    fn lead(&mut self, t: f64, y: &[f64]) {
        self.t = t;
        self.y.copy_from_slice(y);
    }
    fn imports(&self, _: usize, values: &mut [f64], slopes: &mut [f64]) {
        values.copy_from_slice(&[self.y[0], factor(self.t)]);
        slopes.copy_from_slice(&[0.0, SLOPE]);
    }
    fn rates(&mut self, exports: &[Vec<f64>], rates: &mut [f64]) {
        self.derive(&self.y, exports[0][0], rates);
    }
    fn linearize(
        &mut self,
        exports: &[Vec<f64>],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.derive(&self.y, exports[0][0], rates);
        jacobian.copy_from_slice(&self.entries());
        time_derivative.fill(0.0);
    }
}

/// The same, every member's rows among the others.
struct Flat {
    core: Loop,
    chips: Chips,
    sparsity: Sparsity,
    weights: Vec<f64>,
    tiles: Vec<u32>,
}

impl Flat {
    fn new(members: usize, equal: bool) -> Flat {
        let (n, states) = (members as u32, 2 + 2 * members as u32);
        let algebraic = |k: u32, which: u32| states + 2 + 3 * k + which;
        let mut rows = vec![vec![0, 1, states + 1], vec![0, 1, states]];
        for k in 0..n {
            rows.push(vec![algebraic(k, 0), algebraic(k, 1)]);
            rows.push(vec![algebraic(k, 1), algebraic(k, 2)]);
        }
        rows.push((0..n).map(|k| algebraic(k, 2)).collect());
        rows.push(vec![1]);
        for k in 0..n {
            rows.push(vec![2 + 2 * k]);
            rows.push(vec![2 + 2 * k, 3 + 2 * k]);
            rows.push(vec![0, 3 + 2 * k]);
        }
        Flat {
            core: Loop::new(members),
            chips: Chips::new(members, equal),
            sparsity: Sparsity::from_rows(rows).unwrap(),
            weights: vec![1.0 / (30.0 * 1e-5); states as usize],
            tiles: (0..states).map(|s| if s < 2 { s } else { 1 + s / 2 }).collect(),
        }
    }
}

impl System for Flat {
    fn states(&self) -> usize {
        self.weights.len()
    }
    fn sparsity(&self) -> &Sparsity {
        &self.sparsity
    }
    fn rates(&mut self, t: f64, y: &[f64], rates: &mut [f64]) {
        let mut heat = 0.0;
        for (k, &load) in self.chips.loads.iter().enumerate() {
            let (die, plate) = (y[2 + 2 * k], y[3 + 2 * k]);
            let [power, through, coolant] = chip(load * factor(t), die, plate, y[0]);
            rates[2 + 2 * k] = (power - through) / CAPACITY[0];
            rates[3 + 2 * k] = (through - coolant) / CAPACITY[1];
            heat += coolant;
        }
        self.core.derive(&y[..2], heat, &mut rates[..2]);
    }
    fn linearize(
        &mut self,
        t: f64,
        y: &[f64],
        rates: &mut [f64],
        jacobian: &mut [f64],
        time_derivative: &mut [f64],
    ) {
        self.rates(t, y, rates);
        time_derivative.fill(0.0);
        let mut next = 0;
        let mut put = |values: &[f64]| {
            jacobian[next..next + values.len()].copy_from_slice(values);
            next += values.len();
        };
        let own = self.core.entries();
        put(&own[..6]);
        for _ in &self.chips.loads {
            put(&[1.0 / CAPACITY[0], -1.0 / CAPACITY[0], 1.0 / CAPACITY[1], -1.0 / CAPACITY[1]]);
        }
        put(&vec![1.0; self.chips.loads.len()]);
        put(&own[6..7]);
        let states = self.weights.len();
        for (k, &load) in self.chips.loads.iter().enumerate() {
            let seed = |value, k| Dual::<f64, 4>::seed(value, k);
            let values = [load * factor(t), y[2 + 2 * k], y[3 + 2 * k], y[0]];
            let [load_of, die, plate, supply] = std::array::from_fn(|j| seed(values[j], j));
            let out = chip(load_of, die, plate, supply);
            put(&[out[0].d[1], out[1].d[1], out[1].d[2], out[2].d[3], out[2].d[2]]);
            time_derivative[states + 2 + 3 * k] = out[0].d[0] * load * SLOPE;
        }
    }
    fn weights(&self) -> &[f64] {
        &self.weights
    }
    fn tiles(&self) -> &[u32] {
        &self.tiles
    }
}

/// States after `until`, the core's first, and accepted and rejected steps.
fn blocked(members: usize, equal: bool, method: Method, threads: usize, until: f64) -> (Vec<f64>, [u64; 2]) {
    kept_in(Precision::Double, members, equal, method, threads, until)
}

fn kept_in(
    precision: Precision,
    members: usize,
    equal: bool,
    method: Method,
    threads: usize,
    until: f64,
) -> (Vec<f64>, [u64; 2]) {
    let (mut core, classes) = (Loop::new(members), [Chips::new(members, equal)]);
    let mut stepper = BlockStepper::new(&core, &classes, method, threads, precision).unwrap();
    stepper.set_states(0, |_, y| y.fill(Lane::number(30.0)));
    let (mut t, mut y) = (0.0, vec![30.0; 2]);
    let mut hottest: f64 = 0.0;
    let mut after = |_: &mut Loop, reached: Reached| {
        hottest = hottest.max(reached.high[0][0]);
        Verdict::Continue
    };
    stepper.advance(&mut core, &classes, &mut t, &mut y, until, &mut after).unwrap();
    assert_eq!(t, until);
    stepper.each_tile(0, |tile, states| {
        for k in 0..8.min(members - 8 * tile) {
            y.extend([states[0].0[k], states[1].0[k]]);
        }
    });
    let largest = y[2..].iter().step_by(2).fold(0.0, |m: f64, &die| m.max(die));
    assert!(hottest >= largest, "the watched maximum {hottest} covers the end {largest}");
    (y, [stepper.statistics.steps, stepper.statistics.rejected])
}

fn flat(members: usize, equal: bool, method: Method, until: f64) -> (Vec<f64>, [u64; 2]) {
    let mut system = Flat::new(members, equal);
    let mut stepper = Stepper::new(&system, method);
    let (mut t, mut y) = (0.0, vec![30.0; system.states()]);
    stepper.advance(&mut system, &mut t, &mut y, until, &mut |_| Control::Continue).unwrap();
    (y, [stepper.statistics.steps, stepper.statistics.rejected])
}

#[test]
fn blocks_take_the_same_steps_to_the_same_states_as_the_flat_system() {
    for method in [Method::Rodas3, Method::Rodas4] {
        // 21 members: two full tiles and one of five.
        let (y, steps) = blocked(21, false, method, 1, 300.0);
        let (expected, flat_steps) = flat(21, false, method, 300.0);
        assert_eq!(steps, flat_steps, "{method:?}");
        assert!(steps[0] > 20);
        for (k, (a, b)) in y.iter().zip(&expected).enumerate() {
            assert!((a - b).abs() < 1e-9, "{method:?}, state {k}: {a} against {b}");
        }
    }
}

#[test]
fn no_bit_depends_on_the_number_of_threads() {
    // 1,000 members are 125 tiles in 16 groups: with 2, 3 and 8 threads each has some.
    let expected = blocked(1000, false, Method::Rodas3, 1, 60.0);
    for threads in [2, 3, 8] {
        let (y, steps) = blocked(1000, false, Method::Rodas3, threads, 60.0);
        assert_eq!(steps, expected.1);
        assert!(y.iter().zip(&expected.0).all(|(a, b)| a.to_bits() == b.to_bits()), "{threads} threads");
    }
}

#[test]
fn increments_in_single_precision_take_the_same_steps_in_half_of_the_memory() {
    for method in [Method::Rodas3, Method::Rodas4] {
        let (expected, steps) = blocked(1000, false, method, 1, 300.0);
        let (y, single_steps) = kept_in(Precision::Single, 1000, false, method, 1, 300.0);
        assert_eq!(steps, single_steps, "{method:?}");
        // A step adds at most some 10 K: 6e-8 of that, over a few hundred steps that forget what was.
        let worst = y.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{method:?}: {worst:.1e} K");
        assert!(worst > 0.0 && worst < 1e-5, "{method:?}: {worst:e} K");
        let (threads, _) = kept_in(Precision::Single, 1000, false, method, 3, 300.0);
        assert!(y.iter().zip(&threads).all(|(a, b)| a.to_bits() == b.to_bits()), "{method:?}");
    }
    let (core, classes) = (Loop::new(1000), [Chips::new(1000, false)]);
    let bytes =
        |precision| BlockStepper::new(&core, &classes, Method::Rodas3, 1, precision).unwrap().bytes() as f64;
    // Two doubles a state stay: start and end of the step.
    let states = 2.0 * 8.0 * (2 * 1000) as f64;
    let share = (bytes(Precision::Single) - states) / (bytes(Precision::Double) - states);
    assert!((share - 0.5).abs() < 1e-12, "{share}");
}

#[test]
fn a_hundred_equal_members_behave_as_one() {
    let (one, one_steps) = blocked(1, true, Method::Rodas3, 1, 300.0);
    let (many, many_steps) = blocked(100, true, Method::Rodas3, 1, 300.0);
    assert_eq!(one_steps, many_steps);
    for (k, value) in many.iter().enumerate() {
        let expected = if k < 2 { one[k] } else { one[2 + k % 2] };
        assert!((value - expected).abs() < 1e-10, "state {k}: {value} against {expected}");
    }
}

#[test]
fn a_step_that_went_too_far_is_taken_back() {
    let (mut core, classes) = (Loop::new(9), [Chips::new(9, false)]);
    let mut stepper = BlockStepper::new(&core, &classes, Method::Rodas3, 2, Precision::Double).unwrap();
    stepper.set_states(0, |_, y| y.fill(Lane::number(30.0)));
    let (mut t, mut y) = (0.0, vec![30.0; 2]);
    let states = |stepper: &BlockStepper<Chips>| {
        let mut all = Vec::new();
        stepper.each_tile(0, |_, states| all.extend_from_slice(states));
        all
    };
    // Stops at the first point behind 20 s and goes back to the point before.
    let mut last = (0.0, vec![], vec![]);
    while t <= 20.0 {
        last = (t, y.clone(), states(&stepper));
        let mut one = |_: &mut Loop, _: Reached| Verdict::Stop;
        stepper.advance(&mut core, &classes, &mut t, &mut y, 100.0, &mut one).unwrap();
    }
    assert!(stepper.back(&mut t, &mut y));
    assert_eq!((t, y.clone(), states(&stepper)), last);
    assert!(!stepper.back(&mut t, &mut y), "one step only");
    // From there it lands where it is told to, as close to the truth as the tolerance says.
    let mut on = |_: &mut Loop, _: Reached| Verdict::Continue;
    stepper.advance(&mut core, &classes, &mut t, &mut y, 20.0, &mut on).unwrap();
    assert_eq!(t, 20.0);
    let (straight, _) = blocked(9, false, Method::Rodas3, 1, 20.0);
    assert!(y.iter().zip(&straight).all(|(a, b)| (a - b).abs() < 1e-3), "{y:?} against {straight:?}");
}

#[test]
fn watched_values_are_seen_member_by_member_and_as_extremes() {
    let (mut core, classes) = (Loop::new(13), [Chips::new(13, false)]);
    let mut stepper = BlockStepper::new(&core, &classes, Method::Rodas3, 2, Precision::Double).unwrap();
    stepper.set_states(0, |tile, y| {
        y[0] = Lanes(std::array::from_fn(|k| 40.0 + (8 * tile + k).min(12) as f64));
        y[1] = Lane::number(30.0);
    });
    // Dies of 40, 41 … 52 °C; three lanes of the second tile stand for nobody and do as the last does.
    let seen = stepper
        .evaluate(&mut core, &classes, 0.0, &[30.0; 2], |reached| (reached.low[0][0], reached.high[0][0]));
    assert_eq!(seen, (40.0, 52.0));
    let mut dies = Vec::new();
    stepper.observe(&mut core, &classes, 0.0, &[30.0; 2], |class, tile, work| {
        assert_eq!((class, tile), (0, dies.len() / 8));
        dies.extend(work[0].0);
    });
    assert_eq!(dies[12], 52.0);
}

#[test]
fn the_solution_within_the_last_step_is_that_of_a_run_that_ends_there() {
    let start = |members| (Loop::new(members), [Chips::new(members, false)]);
    for method in [Method::Rodas3, Method::Rodas4] {
        let (mut core, classes) = start(20);
        let mut stepper = BlockStepper::new(&core, &classes, method, 2, Precision::Double).unwrap();
        stepper.set_states(0, |_, y| y.fill(Lane::number(30.0)));
        let (mut t, mut y) = (0.0, vec![30.0; 2]);
        assert!(stepper.last_step(&mut core, &classes, t, &y).is_none(), "no step yet");
        let mut after = |_: &mut Loop, reached: Reached| {
            if reached.time > 12.0 { Verdict::Stop } else { Verdict::Continue }
        };
        stepper.advance(&mut core, &classes, &mut t, &mut y, 60.0, &mut after).unwrap();
        assert!(t > 12.0 && t < 60.0, "stopped at {t}");
        let step = stepper.last_step(&mut core, &classes, t, &y).expect("a step");
        assert_eq!(step.to, t);
        let mut found = vec![0.0; 2];
        step.core_at(t, &mut found);
        assert_eq!(found, y, "exact at its end");
        let within = step.from + 0.4 * (step.to - step.from);
        step.core_at(within, &mut found);
        for tile in 0..3 {
            let mut work = classes[0].work();
            let ends = stepper.tile_ends(&step, &classes, 0, tile, &mut work).expect("a tile");
            let mut states = [Lane::number(0.0); STATES];
            step.tile_at(&ends, within, &mut states);
            for k in 0..8.min(20 - 8 * tile) {
                found.extend([states[0].0[k], states[1].0[k]]);
            }
        }
        let (wanted, _) = blocked(20, false, method, 1, within);
        let worst = wanted.iter().zip(&found).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        println!("{method:?}: a step of {:.2} s, {worst:.1e} K", step.to - step.from);
        assert!(worst < 5e-3, "{method:?}: {worst:e} K");
        // What was looked at is not moved: the run goes on as one that was not.
        let mut on = |_: &mut Loop, _: Reached| Verdict::Continue;
        stepper.advance(&mut core, &classes, &mut t, &mut y, 60.0, &mut on).unwrap();
        let (unseen, _) = blocked(20, false, method, 1, 60.0);
        assert_eq!(y[..], unseen[..2], "{method:?}");
    }
}
