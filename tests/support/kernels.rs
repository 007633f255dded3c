//! What every kernel must keep: balances, exact derivatives, equal bits in lanes.

use super::inputs::draw;
use super::random::Random;
use super::records::Variant;
use engine::plant::declare::{Declaration, Effect, Flow, Medium, Outdoor, Role, Store, Water};
use engine::plant::kernel::{Instance, Kernel, Source};

/// Residuals may be this share of the largest term.
const ROUNDING: f64 = 1e-9;

/// A sum that knows its largest term.
#[derive(Default)]
struct Balance {
    sum: f64,
    largest: f64,
}

impl Balance {
    fn add(&mut self, term: f64) {
        self.sum += term;
        self.largest = self.largest.max(term.abs());
    }
    fn residual(&self) -> f64 {
        if self.largest > 0.0 { self.sum.abs() / self.largest } else { 0.0 }
    }
}

fn input(of: &Declaration, x: &[f64], role: Role) -> Option<f64> {
    of.inputs.iter().position(|input| input.role == role).map(|k| x[k])
}

fn stores(of: &Declaration, name: &str, energy: bool) -> f64 {
    let store = of.states.iter().find(|state| state.name == name).map(|state| state.store);
    let wanted = match store {
        Some(Store::Heat(_) | Store::Energy) => energy,
        Some(Store::Mass) => !energy,
        _ => false,
    };
    f64::from(u8::from(wanted))
}

/// What decoupled passages gain because more leaves than enters them, at the condition of what enters:
/// (enthalpy, water). What enters one of two such passages leaves by the other.
fn decoupled(of: &Declaration, x: &[f64]) -> Vec<(f64, f64)> {
    let passages = of.ports.iter().filter(|p| p.flow == Flow::Decoupled && p.medium == Medium::Air);
    let names: Vec<&str> = passages.map(|p| p.name).collect();
    let inflow = |name| input(of, x, Role::FlowIn(name)).unwrap_or(0.0);
    let gain = |k: usize| {
        let name = names[k];
        let other = names[names.len() - 1 - k];
        let outflow = input(of, x, Role::FlowOut(name)).unwrap_or_else(|| inflow(other));
        let [enthalpy, humidity] = [Role::Enthalpy(name), Role::Humidity(name)];
        let more = outflow - inflow(name);
        let at = |role| input(of, x, role).unwrap_or(0.0);
        (more * at(enthalpy), more * at(humidity))
    };
    (0..names.len()).map(gain).collect()
}

/// Checks one random input: finite outputs, energy, power, water. Gives the largest residual.
pub fn balance(random: &mut Random, variant: &Variant) -> Result<f64, String> {
    let of = variant.kind.declaration();
    let x = draw(random, variant, true);
    let y = variant.kind.evaluate(&variant.values, &x);
    let told = || {
        let named = |list: Vec<(&str, f64)>| -> String {
            list.iter().map(|(name, value)| format!("{name} {value:.6e}")).collect::<Vec<_>>().join(", ")
        };
        let inputs = of.inputs.iter().map(|i| i.name).zip(x.iter().copied()).collect();
        let outputs = of.outputs.iter().map(|o| o.name).zip(y.iter().copied()).collect();
        format!("{} ({}) at {} gives {}", of.name, variant.name, named(inputs), named(outputs))
    };
    if let Some(k) = y.iter().position(|y| !y.is_finite()) {
        return Err(format!("{} is not finite: {}", of.outputs[k].name, told()));
    }
    let (mut energy, mut power, mut water, mut vapour) =
        (Balance::default(), Balance::default(), Balance::default(), Balance::default());
    for (declared, &x) in of.inputs.iter().zip(&x) {
        match declared.role {
            Role::Received(_) => energy.add(x),
            Role::Demand(_) => {
                energy.add(-x);
                power.add(-x);
            }
            _ => {}
        }
    }
    let has_water = of.outputs.iter().any(|o| matches!(o.effect, Effect::Water(_)));
    for (output, &y) in of.outputs.iter().zip(&y) {
        match output.effect {
            Effect::Power(_) => {
                energy.add(y);
                power.add(y);
            }
            Effect::Use(_) => power.add(-y),
            Effect::Carried | Effect::Generated => energy.add(y),
            Effect::Heat(_) | Effect::Rejected | Effect::Reused => energy.add(-y),
            Effect::Store(name) => {
                energy.add(-stores(of, name, true) * y);
                water.add(-stores(of, name, false) * y);
                // What a battery takes in is neither used nor passed on.
                if of.states.iter().any(|s| s.name == name && s.store == Store::Energy) {
                    power.add(-y);
                }
            }
            Effect::Water(Water::MakeUp) => water.add(y),
            Effect::Water(_) => water.add(-y),
            Effect::Moisture(_) => vapour.add(y),
            Effect::Reading(_) | Effect::Fuel | Effect::Curtailed | Effect::Uncounted => {}
        }
    }
    for (enthalpy, moisture) in decoupled(of, &x) {
        energy.add(-enthalpy);
        vapour.add(moisture);
    }
    let mut worst = energy.residual();
    let miss = |what: &str, balance: &Balance| {
        format!("{what} misses by {:.3e} of {:.3e}: {}", balance.sum, balance.largest, told())
    };
    if worst > ROUNDING {
        return Err(miss("energy", &energy));
    }
    // A generator's power is not drawn.
    let generates = of.outputs.iter().any(|o| o.effect == Effect::Generated);
    if !generates && power.residual() > ROUNDING {
        return Err(miss("power drawn less power used and passed on", &power));
    }
    if has_water {
        worst = worst.max(water.residual());
        if water.residual() > ROUNDING {
            return Err(miss("water", &water));
        }
    }
    // Aisles only mix: what one passage gains the other loses.
    if of.ports.iter().any(|p| p.flow == Flow::Decoupled) && vapour.residual() > ROUNDING {
        return Err(miss("vapour", &vapour));
    }
    Ok(worst)
}

/// Compares exact derivatives with differences at `points` random inputs: the largest error as a share of the slope
/// (or of what counts as a steep one), and how often the function has a kink there, so that only one side agrees.
///
/// Differences are taken with several steps; the best counts.
pub fn derivatives(random: &mut Random, variant: &Variant, points: usize) -> Result<(f64, usize), String> {
    let of = variant.kind.declaration();
    let evaluate = |x: &[f64]| variant.kind.evaluate(&variant.values, x);
    let inputs: Vec<Vec<f64>> = (0..points).map(|k| draw(random, variant, k % 4 == 0)).collect();
    let outputs: Vec<Vec<f64>> = inputs.iter().map(|x| evaluate(x)).collect();
    let ordinary: Vec<f64> = (0..of.outputs.len())
        .map(|o| {
            let mut sizes: Vec<f64> = outputs.iter().map(|y| y[o].abs()).collect();
            sizes.sort_by(f64::total_cmp);
            sizes[sizes.len() / 2].max(1e-3 * sizes[sizes.len() - 1])
        })
        .collect();
    let (mut worst, mut kinks) = (0.0f64, 0);
    for (x, y) in inputs.iter().zip(&outputs) {
        let exact = variant.kind.linearize(&variant.values, x);
        for (i, declared) in of.inputs.iter().enumerate() {
            let Some(scale) = scale(declared.role, x[i]) else { continue };
            let mut best = vec![(f64::INFINITY, f64::INFINITY); y.len()];
            for step in STEPS {
                let h = step * scale;
                let moved = |by: f64| {
                    let mut x = x.clone();
                    x[i] += by;
                    evaluate(&x)
                };
                let (above, below) = (moved(h), moved(-h));
                for o in 0..y.len() {
                    let slope = exact[o][i];
                    // What changes an output by a thousandth over the input's scale is worth as much as the slope.
                    let large = 1e-3 * ordinary[o].max(y[o].abs());
                    let steep = slope.abs() + large / scale + f64::MIN_POSITIVE;
                    let error = |found: f64| (found - slope).abs() / steep;
                    let central = error((above[o] - below[o]) / (2.0 * h));
                    let side = error((above[o] - y[o]) / h).min(error((y[o] - below[o]) / h));
                    best[o] = (best[o].0.min(central), best[o].1.min(side));
                }
            }
            for (o, &(central, side)) in best.iter().enumerate() {
                if central <= SMOOTH {
                    worst = worst.max(central);
                } else if side <= ONE_SIDED {
                    worst = worst.max(central.min(side));
                    kinks += usize::from(central > ONE_SIDED);
                } else {
                    let at: Vec<String> =
                        of.inputs.iter().zip(x).map(|(i, x)| format!("{} {x:.9e}", i.name)).collect();
                    return Err(format!(
                        "{} ({}): d {}/d {} is {:.9e}, differences miss it by {central:.1e} (central) and {side:.1e} \
                         (one side), at {}; the output is {:.6e}",
                        of.name,
                        variant.name,
                        of.outputs[o].name,
                        declared.name,
                        exact[o][i],
                        at.join(", "),
                        y[o]
                    ));
                }
            }
        }
    }
    Ok((worst, kinks))
}

/// Sweeps one input after the other over its range at random points and looks closer where an output changes most.
/// A change that stays while the interval shrinks to a ten-millionth of the range is a jump: no step control can
/// follow it, and a controller that acts on it chatters.
pub fn jumps(random: &mut Random, variant: &Variant, points: usize) -> Result<(), String> {
    const SAMPLES: usize = 500;
    const HALVINGS: i32 = 14;
    let of = variant.kind.declaration();
    for _ in 0..points {
        let x = draw(random, variant, false);
        for (i, declared) in of.inputs.iter().enumerate() {
            let (low, high) = match declared.role {
                Role::Temperature(_) => (275.0, 335.0),
                Role::Outdoor(Outdoor::DryBulb | Outdoor::WetBulb) => (250.0, 320.0),
                Role::Actuator(_) | Role::Signal("utilisation") => (0.01, 1.0),
                Role::State(_) => (0.5 * x[i], 1.5 * x[i]),
                Role::SpecificHeat(_) | Role::Density(_) | Role::Switch(_) | Role::Solved(_) => continue,
                Role::Outdoor(Outdoor::Pressure) => (60e3, 110e3),
                Role::Outdoor(Outdoor::SunEast | Outdoor::SunNorth) => (-1000.0, 1000.0),
                Role::Outdoor(Outdoor::WindSpeed) => (0.0, 30.0),
                _ => (0.01 * x[i], 3.0 * x[i]),
            };
            let at = |place: f64| {
                let mut x = x.clone();
                x[i] = place;
                variant.kind.evaluate(&variant.values, &x)
            };
            let place = |k: usize| low + (high - low) * k as f64 / SAMPLES as f64;
            let values: Vec<Vec<f64>> = (0..=SAMPLES).map(|k| at(place(k))).collect();
            let largest = values.iter().flatten().map(|y| y.abs()).fold(0.0, f64::max);
            for (o, output) in of.outputs.iter().enumerate() {
                let column = values.iter().map(|y| y[o]);
                let (least, most) =
                    column.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
                let range = most - least;
                // What is only said in a note may begin at once; what hardly changes only rounds.
                let noted = matches!(output.effect, Effect::Reading(_)) && !acts(of, output.name);
                if noted || range <= 1e-6 * most.abs().max(least.abs()) || range <= 1e-12 * largest {
                    continue;
                }
                let change = |k: &usize| (values[k + 1][o] - values[*k][o]).abs();
                let steepest = (0..SAMPLES).max_by(|a, b| change(a).total_cmp(&change(b))).unwrap_or(0);
                if change(&steepest) < JUMP * range {
                    continue;
                }
                let (mut from, mut to) = (place(steepest), place(steepest + 1));
                let (mut below, mut above) = (values[steepest][o], values[steepest + 1][o]);
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (from + to);
                    let between = at(middle)[o];
                    if (between - below).abs() > (above - between).abs() {
                        (to, above) = (middle, between);
                    } else {
                        (from, below) = (middle, between);
                    }
                }
                if (above - below).abs() > JUMP * range {
                    let inputs: Vec<String> =
                        of.inputs.iter().zip(&x).map(|(i, x)| format!("{} {x:.6e}", i.name)).collect();
                    return Err(format!(
                        "{} ({}): {} jumps from {below:.4e} to {above:.4e} at {} = {to:.9e}, with {}",
                        of.name,
                        variant.name,
                        output.name,
                        declared.name,
                        inputs.join(", ")
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Whether a delivered control measures an output.
fn acts(of: &Declaration, output: &str) -> bool {
    let regulated = of.regulators.iter().any(|regulator| regulator.sensor == output);
    regulated || of.switches.iter().any(|switch| switch.sensor == output)
}

/// A jump takes more than this share of an output's range.
const JUMP: f64 = 0.02;
/// Steps as a share of an input's scale.
const STEPS: [f64; 7] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];
/// A central difference this close counts as equal.
const SMOOTH: f64 = 1e-6;
/// A one-sided difference is less exact.
const ONE_SIDED: f64 = 1e-4;

/// Scale of an input's changes; none where it has only two positions.
fn scale(role: Role, x: f64) -> Option<f64> {
    Some(match role {
        Role::Switch(_) | Role::Solved(_) => return None,
        Role::Temperature(_) | Role::Outdoor(Outdoor::DryBulb | Outdoor::WetBulb) => 10.0,
        Role::Outdoor(Outdoor::Pressure) | Role::Pressure(_) | Role::Enthalpy(_) => 1e4,
        Role::Outdoor(Outdoor::WindSpeed) => 1.0,
        Role::Outdoor(
            Outdoor::SunEast | Outdoor::SunNorth | Outdoor::SunUp | Outdoor::Sky | Outdoor::Global,
        ) => 100.0,
        Role::PressureRise(_) | Role::HydraulicPower(_) => 1e4,
        Role::Outdoor(Outdoor::HumidityRatio) | Role::Humidity(_) => 1e-2,
        Role::Actuator(_) | Role::Signal("utilisation") => 0.1,
        Role::State(_) => 0.1 * x.abs().max(1.0),
        Role::Flow(_) | Role::FlowIn(_) | Role::FlowOut(_) => 0.1 * x.max(0.1),
        Role::Demand(_) | Role::Received(_) | Role::Signal(_) => 0.1 * x.max(1e3),
        Role::SpecificHeat(_) | Role::Density(_) => 100.0,
    })
}

/// Eight members in one batch, each with inputs and units of its own, against each alone: values, derivatives,
/// and the pattern of the derivatives, which must miss none that is not 0.
pub fn lanes(random: &mut Random, variant: &Variant) -> Result<(), String> {
    let of = variant.kind.declaration();
    let (width, out) = (of.inputs.len(), of.outputs.len());
    let inputs: Vec<Vec<f64>> = (0..8).map(|_| draw(random, variant, true)).collect();
    let slots: Vec<f64> = inputs.iter().flatten().copied().collect();
    let instance = |member: usize| Instance {
        values: variant.values.clone(),
        inputs: (0..width).map(|i| Source { slot: (member * width + i) as u32, scale: 1.0 }).collect(),
    };
    let together = variant.kind.batch((0..8).map(instance).collect());
    let entries = together.entries().to_vec();
    // Outputs are written behind the inputs.
    let room = |members: usize| [slots.clone(), vec![0.0; members * out]].concat();
    let first = slots.len();
    let values = |kernel: &dyn Kernel, members: usize| {
        let mut slots = room(members);
        kernel.values(&mut slots, first);
        slots.split_off(first)
    };
    let linearized = |kernel: &dyn Kernel, members: usize| {
        let (mut slots, mut jacobian) = (room(members), vec![0.0; members * entries.len()]);
        kernel.linearize(&mut slots, first, &mut jacobian);
        (slots.split_off(first), jacobian)
    };
    let (lanes, (again, jacobian)) = (values(&*together, 8), linearized(&*together, 8));
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
    for (member, x) in inputs.iter().enumerate() {
        let named = format!("{} ({})", of.name, variant.name);
        let alone = variant.kind.batch(vec![instance(member)]);
        let (one, (one_again, derivative)) = (values(&*alone, 1), linearized(&*alone, 1));
        let free = variant.kind.evaluate(&variant.values, x);
        for (o, output) in of.outputs.iter().enumerate() {
            let lane = lanes[member * out + o];
            let others = [one[o], one_again[o], again[member * out + o], free[o]];
            if others.iter().any(|other| !same(*other, lane)) {
                return Err(format!("{named}: {} is {lane:e} in a lane and {others:?} alone", output.name));
            }
        }
        let exact = variant.kind.linearize(&variant.values, x);
        for (e, &(o, i)) in entries.iter().enumerate() {
            let lane = jacobian[member * entries.len() + e];
            if !same(lane, derivative[e]) || !same(lane, exact[o][i]) {
                return Err(format!(
                    "{named}: d {}/d {} is {lane:e} in a lane and {:e} alone",
                    of.outputs[o].name, of.inputs[i].name, derivative[e]
                ));
            }
        }
        for (o, row) in exact.iter().enumerate() {
            for (i, &slope) in row.iter().enumerate() {
                if slope != 0.0 && !entries.contains(&(o, i)) {
                    return Err(format!(
                        "{named}: d {}/d {} is {slope:e}, and the pattern has no place for it",
                        of.outputs[o].name, of.inputs[i].name
                    ));
                }
            }
        }
    }
    Ok(())
}
