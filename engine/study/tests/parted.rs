//! The network cut into a core and classes of racks is the lumped network where racks are equal, and what its
//! derivatives say where they are not.
#![allow(missing_docs)]

mod common;
use common::Builder;
use media::liquid::Fluid;
use plant::network::{
    CompileOptions, Fidelity, MeterKind, Network, Sensing, TopologyError, compile, compile_parted,
};
use plant::plant::Plant;
use scenario::Case;
use solver::blocks::{Class, Core, Lane, WIDTH};
use std::path::Path;
use study::blocks::{Racks, blocks};
use study::dynamics::Dynamics;

const SITES: [&str; 6] = [
    "nvl72_pod",
    "harbin_air",
    "harbin_cold_plate",
    "phoenix_evaporative",
    "phoenix_zero_water",
    "frontier_day",
];

fn load(site: &str) -> Case {
    match scenario::load(Path::new(site), &[]) {
        Ok(loaded) => loaded.case,
        Err(problems) => panic!("{site}: {problems:?}"),
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (high - low) * (((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64)
    }
}

/// States, tangents or rates of the core and of every member of every class.
#[derive(Clone)]
struct Everything {
    core: Vec<f64>,
    /// `members[class][member][state]`.
    members: Vec<Vec<Vec<f64>>>,
}

impl Everything {
    fn moved(&self, by: &Everything, factor: f64) -> Everything {
        let add = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| a + factor * b).collect();
        Everything {
            core: add(&self.core, &by.core),
            members: (self.members.iter().zip(&by.members))
                .map(|(a, b)| a.iter().zip(b).map(|(a, b)| add(a, b)).collect())
                .collect(),
        }
    }
    fn tile(&self, class: usize, tile: usize) -> Vec<Lane> {
        let members = &self.members[class];
        let lane = |k: usize| &members[(tile * WIDTH + k).min(members.len() - 1)];
        (0..members[0].len())
            .map(|s| Lane::load(&(0..WIDTH).map(|k| lane(k)[s]).collect::<Vec<_>>()))
            .collect()
    }
}

fn weighted(value: Lane, weights: Lane) -> f64 {
    value.0.iter().zip(weights.0).map(|(v, w)| v * w).sum()
}

/// Slopes of the weather [K/s, kg/(kg s), Pa/s].
const SLOPES: [f64; 4] = [1e-3, 7e-4, 1e-7, 0.05];

/// A site with weather, workloads and a random state of the lumped network.
struct Bench {
    lumped: Network,
    core: Dynamics,
    classes: Vec<Racks>,
    y: Vec<f64>,
    random: Random,
}

impl Bench {
    fn new(plant: &Plant, fidelity: Fidelity, members: &[Vec<u32>], seed: u64) -> Bench {
        let mut lumped = compile(plant, CompileOptions::default()).expect("the lumped network");
        let options = CompileOptions { fidelity, ..CompileOptions::default() };
        let parted =
            compile_parted(plant, options, members).unwrap_or_else(|e| panic!("{fidelity:?}: {e:?}"));
        let (mut core, mut classes) = blocks(parted, 1e-4).expect("the blocks");
        let mut random = Random(seed);
        let weather = [random.between(275.0, 310.0), 0.0, random.between(0.002, 0.008), 1e5];
        let weather = [weather[0], weather[0] - random.between(2.0, 6.0), weather[2], weather[3]];
        for (k, (slot, _)) in lumped.outdoor().to_vec().into_iter().enumerate() {
            lumped.set_outside(slot, weather[k], SLOPES[k]);
        }
        for (k, (slot, _)) in core.network.outdoor().to_vec().into_iter().enumerate() {
            core.network.set_outside(slot, weather[k], SLOPES[k]);
        }
        for (slot, series) in lumped.signals().to_vec() {
            // A heat trace is in watts, everything else in shares.
            let value = if plant.signals.iter().any(|s| s.series == series && s.name != "utilisation") {
                40e3
            } else {
                random.between(0.2, 1.0)
            };
            lumped.set_outside(slot, value, 0.0);
            for (slot, _) in core.network.signals().to_vec().into_iter().filter(|s| s.1 == series) {
                core.network.set_outside(slot, value, 0.0);
            }
            for racks in &mut classes {
                for (slot, _) in racks.class.signals().to_vec().into_iter().filter(|s| s.1 == series) {
                    racks.class.broadcast(slot, value);
                }
            }
        }
        let near = |(initial, scale): (&f64, &f64)| initial + scale * random.between(-0.3, 0.3);
        let y = lumped.initial().iter().zip(lumped.scales()).map(near).collect();
        Bench { lumped, core, classes, y, random }
    }

    fn names(&self) -> Vec<String> {
        self.lumped.names()[..self.lumped.states()].to_vec()
    }

    /// A vector of the lumped network's states dealt out, the same to all racks.
    fn deal(&self, y: &[f64]) -> Everything {
        let names = self.names();
        let members =
            self.classes.iter().map(|racks| vec![racks.class.deal(&names, y); racks.class.members().len()]);
        Everything { core: self.core.network.deal(&names, y), members: members.collect() }
    }

    /// Moves every state of every rack by up to a share of its scale.
    fn scattered(&mut self, at: &Everything, share: f64) -> Everything {
        let mut moved = at.clone();
        for (racks, members) in self.classes.iter().zip(&mut moved.members) {
            for member in members {
                for (value, state) in member.iter_mut().zip(racks.class.state_list()) {
                    *value += state.scale * self.random.between(-share, share);
                }
            }
        }
        moved
    }

    /// Rates of everything, and the sums that the core was given.
    fn rates(&mut self, t: f64, y: &Everything) -> (Everything, Vec<Vec<f64>>) {
        self.core.lead(t, &y.core);
        let mut sums = Vec::new();
        let mut members = Vec::new();
        for (c, racks) in self.classes.iter().enumerate() {
            let (mut values, mut slopes) =
                (vec![0.0; racks.imports().len()], vec![0.0; racks.imports().len()]);
            self.core.imports(c, &mut values, &mut slopes);
            let mut work = racks.work();
            let mut sum = vec![0.0; racks.exports().len()];
            let mut of_class = Vec::new();
            for tile in 0..racks.tiles() {
                let mut rates = vec![Lane::load(&[]); racks.states()];
                let mut exports = vec![Lane::load(&[]); racks.exports().len()];
                racks.rates(tile, &y.tile(c, tile), &values, &mut work, &mut rates, &mut exports);
                let weights = racks.members(tile);
                sum.iter_mut().zip(&exports).for_each(|(sum, e)| *sum += weighted(*e, weights));
                for k in 0..WIDTH.min(y.members[c].len() - tile * WIDTH) {
                    of_class.push(rates.iter().map(|r| r.0[k]).collect());
                }
            }
            sums.push(sum);
            members.push(of_class);
        }
        let mut core = vec![0.0; self.core.states()];
        self.core.rates(&sums, &mut core);
        (Everything { core, members }, sums)
    }

    /// `J·v + ∂f/∂t` of the whole system, from the parts that are handed to the solver, and the rates that come with
    /// them.
    fn tangent(&mut self, t: f64, y: &Everything, v: &Everything) -> (Everything, Everything) {
        self.core.lead(t, &y.core);
        let mut parts = Vec::new();
        let mut sums = Vec::new();
        for (c, racks) in self.classes.iter().enumerate() {
            let (mut values, mut slopes) =
                (vec![0.0; racks.imports().len()], vec![0.0; racks.imports().len()]);
            self.core.imports(c, &mut values, &mut slopes);
            let mut work = racks.work();
            let mut sum = vec![0.0; racks.exports().len()];
            let mut tiles = Vec::new();
            for tile in 0..racks.tiles() {
                let zero = Lane::load(&[]);
                let mut rates = vec![zero; racks.states()];
                let mut exports = vec![zero; racks.exports().len()];
                // What was there before must not matter.
                let mut jacobian = vec![Lane::load(&[f64::NAN; WIDTH]); racks.sparsity().entries()];
                let mut dt = vec![Lane::load(&[f64::NAN; WIDTH]); racks.rows() + racks.exports().len()];
                racks.linearize(
                    tile,
                    &y.tile(c, tile),
                    &values,
                    &slopes,
                    &mut work,
                    &mut rates,
                    &mut exports,
                    &mut jacobian,
                    &mut dt,
                );
                let weights = racks.members(tile);
                sum.iter_mut().zip(&exports).for_each(|(sum, e)| *sum += weighted(*e, weights));
                tiles.push((rates, jacobian, dt));
            }
            sums.push(sum);
            parts.push(tiles);
        }
        let entries = self.core.sparsity().entries();
        let rows = self.core.network.rows();
        let states = self.core.states();
        let mut rates = vec![0.0; states];
        let (mut jacobian, mut dt) = (vec![f64::NAN; entries], vec![f64::NAN; rows]);
        self.core.linearize(&sums, &mut rates, &mut jacobian, &mut dt);
        // Forwards: the core without racks, the racks, the core with what they contribute.
        let sparsity = self.core.sparsity().clone();
        let mut contributed: Vec<Option<f64>> = vec![None; rows];
        let core = |contributed: &[Option<f64>]| -> Vec<f64> {
            let mut tangent = vec![0.0; rows];
            tangent[..states].copy_from_slice(&v.core);
            let row = |tangent: &[f64], row: usize| {
                let sum = sparsity.range(row).map(|e| jacobian[e] * tangent[sparsity.columns[e] as usize]);
                dt[row] + sum.sum::<f64>()
            };
            for k in states..rows {
                tangent[k] = contributed[k].unwrap_or_else(|| row(&tangent, k));
            }
            let rates: Vec<f64> = (0..states).map(|k| row(&tangent, k)).collect();
            tangent[..states].copy_from_slice(&rates);
            tangent
        };
        let lead = core(&contributed);
        let mut members = Vec::new();
        let mut member_rates = Vec::new();
        for (c, (racks, tiles)) in self.classes.iter().zip(&parts).enumerate() {
            let (own, exports) = (racks.rows(), racks.exports().len());
            // Rows of states in the list of the core hold v, not rates.
            let import = |k: usize| racks.imports()[k].map(|row| row as usize);
            let imported = |k: usize| import(k).map_or(0.0, |r| if r < states { v.core[r] } else { lead[r] });
            let pattern = racks.sparsity();
            let (mut sum, mut of_class, mut class_rates) = (vec![0.0; exports], Vec::new(), Vec::new());
            for m in 0..y.members[c].len() {
                let (rates, jacobian, dt) = &tiles[m / WIDTH];
                let lane = m % WIDTH;
                let mut tangent = vec![0.0; own];
                tangent[..racks.states()].copy_from_slice(&v.members[c][m]);
                let row = |tangent: &[f64], row: usize| {
                    let sum = pattern.range(row).map(|e| {
                        let column = pattern.columns[e] as usize;
                        let by = if column < own { tangent[column] } else { imported(column - own) };
                        jacobian[e].0[lane] * by
                    });
                    dt[row].0[lane] + sum.sum::<f64>()
                };
                for k in racks.states()..own {
                    tangent[k] = row(&tangent, k);
                }
                let weight = racks.members(m / WIDTH).0[lane];
                sum.iter_mut().enumerate().for_each(|(e, s)| *s += weight * row(&tangent, own + e));
                of_class.push((0..racks.states()).map(|k| row(&tangent, k)).collect());
                class_rates.push(rates.iter().map(|r| r.0[lane]).collect());
            }
            for (&row, value) in racks.exports().iter().zip(sum) {
                contributed[row as usize] = Some(value);
            }
            members.push(of_class);
            member_rates.push(class_rates);
        }
        let tangent = core(&contributed)[..states].to_vec();
        (Everything { core: tangent, members }, Everything { core: rates, members: member_rates })
    }

    /// As `tangent`, of the lumped network.
    fn lumped_tangent(&mut self, t: f64, v: &[f64]) -> Vec<f64> {
        let pattern = self.lumped.pattern().to_vec();
        let (states, rows) = (self.lumped.states(), self.lumped.rows());
        let mut jacobian = vec![0.0; pattern.iter().map(Vec::len).sum()];
        let (mut rates, mut dt) = (vec![0.0; states], vec![0.0; rows]);
        self.lumped.linearize(t, &self.y.clone(), &mut rates, &mut jacobian, &mut dt);
        let mut offsets = vec![0];
        pattern.iter().for_each(|row| offsets.push(offsets[offsets.len() - 1] + row.len()));
        let mut tangent = vec![0.0; rows];
        tangent[..states].copy_from_slice(v);
        let row = |tangent: &[f64], k: usize| {
            let entries = pattern[k].iter().zip(&jacobian[offsets[k]..]);
            dt[k] + entries.map(|(&column, e)| e * tangent[column as usize]).sum::<f64>()
        };
        for k in states..rows {
            tangent[k] = row(&tangent, k);
        }
        (0..states).map(|k| row(&tangent, k)).collect()
    }

    /// The same state for state, by the names of the lumped network; `magnitude` is what rounding is measured by.
    fn same(
        &self,
        what: &str,
        lumped: &[f64],
        magnitude: &[f64],
        parted: &Everything,
        tolerance: f64,
    ) -> f64 {
        let names = self.names();
        let mut worst: f64 = 0.0;
        let mut compare = |name: &str, value: f64| {
            let k = names.iter().position(|n| n == name).unwrap_or_else(|| panic!("{what}: no state {name}"));
            let error = (value - lumped[k]).abs() / magnitude[k].max(lumped[k].abs()).max(1e-300);
            assert!(error <= tolerance, "{what}: {name} is {value:e}, lumped {:e}: {error:.1e}", lumped[k]);
            worst = worst.max(error);
        };
        for (name, &value) in self.core.network.names().iter().zip(&parted.core) {
            compare(name, value);
        }
        for (racks, members) in self.classes.iter().zip(&parted.members) {
            for member in members {
                for (state, &value) in racks.class.state_list().iter().zip(member) {
                    compare(&state.lumped, value);
                }
            }
        }
        worst
    }
}

/// Every state of the lumped network is a state of the core or of the racks, and no other is.
fn all_there(bench: &Bench) {
    let mut found: Vec<String> = bench.core.network.names()[..bench.core.network.states()].to_vec();
    for racks in &bench.classes {
        found.extend(racks.class.state_list().iter().map(|state| state.lumped.clone()));
    }
    let mut wanted = bench.names();
    found.sort();
    found.dedup();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn equal_racks_and_chips_move_as_the_lumped_network_does() {
    for site in SITES {
        let case = load(site);
        for fidelity in [Fidelity::Lumped, Fidelity::Rack, Fidelity::Chip] {
            let mut bench = Bench::new(&case.plant, fidelity, &[], 1);
            all_there(&bench);
            let classes = if fidelity == Fidelity::Lumped { 0 } else { case.plant.groups.len() };
            assert_eq!(bench.classes.len(), classes);
            let y = bench.y.clone();
            let mut lumped = vec![0.0; y.len()];
            bench.lumped.rates(0.0, &y, &mut lumped);
            // A rate is a difference of heats: what it is measured by is how it answers to a change.
            let magnitude = magnitudes(&mut bench);
            let dealt = bench.deal(&y);
            let (parted, _) = bench.rates(0.0, &dealt);
            let worst = bench.same(site, &lumped, &magnitude, &parted, 1e-12);
            println!("{site} {fidelity:?}: rates equal to {worst:.1e}");
        }
    }
}

/// What each lumped rate is made of: the sum of what each state and the weather contribute to it, in size.
fn magnitudes(bench: &mut Bench) -> Vec<f64> {
    let pattern = bench.lumped.pattern().to_vec();
    let (states, rows) = (bench.lumped.states(), bench.lumped.rows());
    let mut jacobian = vec![0.0; pattern.iter().map(Vec::len).sum()];
    let (mut rates, mut dt) = (vec![0.0; states], vec![0.0; rows]);
    let y = bench.y.clone();
    bench.lumped.linearize(0.0, &y, &mut rates, &mut jacobian, &mut dt);
    let values = bench.lumped.values();
    let mut at = 0;
    let mut sizes = Vec::new();
    for row in &pattern[..states] {
        sizes.push(row.iter().zip(&jacobian[at..]).map(|(&c, e)| (e * values[c as usize]).abs()).sum());
        at += row.len();
    }
    sizes
}

#[test]
fn the_derivatives_of_core_and_racks_put_together_act_as_those_of_the_lumped_network() {
    for site in SITES {
        let case = load(site);
        for fidelity in [Fidelity::Rack, Fidelity::Chip] {
            let mut bench = Bench::new(&case.plant, fidelity, &[], 2);
            let scales = bench.lumped.scales().to_vec();
            let v: Vec<f64> = scales.iter().map(|s| s * bench.random.between(-1.0, 1.0)).collect();
            let lumped = bench.lumped_tangent(0.0, &v);
            let magnitude = {
                // Each state alone: what the directions together may cancel.
                let size: Vec<f64> = scales.iter().map(|s| s.abs()).collect();
                let mut sum = vec![0.0; lumped.len()];
                let zero = bench.lumped_tangent(0.0, &vec![0.0; lumped.len()]);
                for k in 0..lumped.len() {
                    let mut one = vec![0.0; lumped.len()];
                    one[k] = size[k];
                    let part = bench.lumped_tangent(0.0, &one);
                    sum.iter_mut().zip(part.iter().zip(&zero)).for_each(|(s, (p, z))| *s += (p - z).abs());
                }
                sum
            };
            let (y, direction) = (bench.deal(&bench.y), bench.deal(&v));
            let (parted, rates) = bench.tangent(0.0, &y, &direction);
            let worst = bench.same(site, &lumped, &magnitude, &parted, 1e-10);
            println!("{site} {fidelity:?}: derivatives equal to {worst:.1e}");
            // The rates that come with derivatives are those that come alone.
            let (alone, _) = bench.rates(0.0, &y);
            for (a, b) in
                rates.members.iter().flatten().flatten().zip(alone.members.iter().flatten().flatten())
            {
                assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-9), "{a:e} with derivatives, {b:e} without");
            }
        }
    }
}

#[test]
fn the_derivatives_of_unequal_racks_and_chips_are_those_of_central_differences() {
    for site in ["nvl72_pod", "harbin_air", "frontier_day"] {
        let case = load(site);
        // A handful of racks is enough to be unequal, and one stands for the others.
        let groups = case.plant.groups.iter().map(|g| vec![1, 2, 1, 1, g.racks as u32 - 5]);
        let members: Vec<Vec<u32>> = groups.collect();
        let mut bench = Bench::new(&case.plant, Fidelity::Chip, &members, 3);
        for c in 0..bench.classes.len() {
            let signals = bench.classes[c].class.signals().to_vec();
            for (slot, _) in signals {
                for member in 0..5 {
                    let class = &mut bench.classes[c].class;
                    let value = class.outside(member, slot) * (0.5 + 0.1 * member as f64);
                    class.set_outside(member, slot, value);
                }
            }
        }
        let dealt = bench.deal(&bench.y);
        let y = bench.scattered(&dealt, 0.2);
        let mut v = bench.scattered(&dealt, 1.0).moved(&dealt, -1.0);
        let scales = bench.core.network.scales().to_vec();
        v.core = scales.iter().map(|s| s * bench.random.between(-1.0, 1.0)).collect();
        let (exact, _) = bench.tangent(0.0, &y, &v);
        // Along (v, 1) in state and time.
        const H: f64 = 1e-5;
        let (up, _) = bench.rates(H, &y.moved(&v, H));
        let (down, _) = bench.rates(-H, &y.moved(&v, -H));
        let slope = up.moved(&down, -1.0);
        let slope = Everything {
            core: vec![0.0; slope.core.len()],
            members: slope.members.iter().map(|c| c.iter().map(|m| vec![0.0; m.len()]).collect()).collect(),
        }
        .moved(&slope, 0.5 / H);
        let mut worst: f64 = 0.0;
        let largest = exact.core.iter().fold(0.0f64, |m, x| m.max(x.abs()));
        for (k, (a, b)) in exact.core.iter().zip(&slope.core).enumerate() {
            // A meter counts joules, a position shares: each by its own size, and rounding of the largest.
            let error = (a - b).abs() / a.abs().max(b.abs()).max(1e-9 * largest).max(1e-4);
            assert!(error < 2e-5, "{site}: {} {a:e} against {b:e}", bench.core.network.names()[k]);
            worst = worst.max(error);
        }
        for (racks, (a, b)) in bench.classes.iter().zip(exact.members.iter().zip(&slope.members)) {
            for (a, b) in a.iter().zip(b) {
                for (state, (a, b)) in racks.class.state_list().iter().zip(a.iter().zip(b)) {
                    let error = (a - b).abs() / a.abs().max(b.abs()).max(1e-2 * state.scale);
                    assert!(error < 2e-5, "{site}: {} {a:e} against {b:e}", state.name);
                    worst = worst.max(error);
                }
            }
        }
        println!("{site}: central differences within {worst:.1e}");
    }
}

#[test]
fn unequal_racks_contribute_the_mean_of_what_each_would_if_all_were_like_it() {
    let case = load("nvl72_pod");
    for fidelity in [Fidelity::Rack, Fidelity::Chip] {
        let mut bench = Bench::new(&case.plant, fidelity, &[], 4);
        let racks = bench.classes[0].class.members().len();
        let slot = bench.classes[0].class.signals()[0].0;
        let lumped_slot = bench.lumped.signals()[0].0;
        let names = bench.names();
        let y = bench.y.clone();
        let mut all = bench.deal(&y);
        let mut mean = vec![0.0; names.len()];
        for member in 0..racks {
            // Another state and another utilisation for every rack, the same core for all.
            let mut own = y.clone();
            for (k, name) in names.iter().enumerate() {
                if bench.classes[0].class.state_list().iter().any(|s| s.lumped == *name) {
                    own[k] += bench.lumped.scales()[k] * bench.random.between(-0.2, 0.2);
                }
            }
            let utilisation = 0.1 + 0.1 * member as f64;
            bench.classes[0].class.set_outside(member, slot, utilisation);
            all.members[0][member] = bench.classes[0].class.deal(&names, &own);
            bench.lumped.set_outside(lumped_slot, utilisation, 0.0);
            let mut rates = vec![0.0; names.len()];
            bench.lumped.rates(0.0, &own, &mut rates);
            mean.iter_mut().zip(&rates).for_each(|(m, r)| *m += r / racks as f64);
            for (k, state) in bench.classes[0].class.state_list().to_vec().iter().enumerate() {
                let lumped = rates[names.iter().position(|n| *n == state.lumped).unwrap()];
                let (parted, _) = bench.rates(0.0, &all);
                let error = (parted.members[0][member][k] - lumped).abs();
                // Demand reaches a rack through its own supply only: its states do not see the others.
                assert!(error <= 1e-10 * lumped.abs().max(1e-2), "{}: {error:e} of {lumped:e}", state.name);
                if k > 12 {
                    break;
                }
            }
        }
        let (parted, _) = bench.rates(0.0, &all);
        let mut compared = 0;
        for meter in bench.core.network.meters() {
            let in_group = meter.unit.is_some_and(|unit| case.plant.units[unit].group.is_some());
            if !in_group || matches!(meter.kind, MeterKind::Delivered(_) | MeterKind::DeliveredToIt(_)) {
                continue;
            }
            let k = names.iter().position(|n| *n == format!("meter {}", meter.name)).unwrap();
            let value = parted.core[meter.state as usize];
            let error = (value - mean[k]).abs();
            assert!(error <= 1e-12 * mean[k].abs(), "{}: {value} against {}", meter.name, mean[k]);
            compared += usize::from(value != 0.0);
        }
        assert!(compared >= 8, "only {compared} meters");
    }
}

#[test]
fn one_member_for_several_racks_is_as_many_equal_members() {
    let case = load("nvl72_pod");
    let (mut apart, mut together) = (
        Bench::new(&case.plant, Fidelity::Rack, &[], 5),
        Bench::new(&case.plant, Fidelity::Rack, &[vec![3, 5]], 5),
    );
    let mut two = together.deal(&together.y);
    two.members[0][1].iter_mut().for_each(|x| *x *= 1.001);
    let mut eight = apart.deal(&apart.y);
    for k in 0..8 {
        eight.members[0][k].clone_from(&two.members[0][usize::from(k >= 3)]);
    }
    let ((a, sums_a), (b, sums_b)) = (apart.rates(0.0, &eight), together.rates(0.0, &two));
    for (a, b) in sums_a[0].iter().zip(&sums_b[0]) {
        assert!((a - b).abs() <= 1e-13 * a.abs(), "{a} {b}");
    }
    assert_eq!(a.members[0][7], b.members[0][1]);
}

#[test]
fn numbers_of_racks_that_do_not_add_up_are_refused() {
    let case = load("nvl72_pod");
    let options = CompileOptions { fidelity: Fidelity::Rack, ..CompileOptions::default() };
    let errors = compile_parted(&case.plant, options, &[vec![3, 4]]).unwrap_err();
    assert_eq!(errors[0].to_string(), "the members of pod stand for 7 racks, but it has 8");
}

/// Racks whose fans blow through the racks of another group: the second row's flow is that of the first, at once.
#[test]
fn racks_that_see_other_racks_at_one_instant_are_refused_with_the_values_named() {
    let mut b = Builder::new();
    let board = [
        ("power_idle", "100 W"),
        ("power_max", "400 W"),
        ("conductance_design", "15 W/K"),
        ("air_flow_design", "0.02 m3/s"),
        ("capacity", "2 kJ/K"),
    ];
    let fan = [("air_flow_design", "0.03 m3/s"), ("fan_power_design", "50 W")];
    let fans = b.unit("RackFans", "front.fans", 4.0, &fan);
    let first = b.unit("AirBoard", "front.board", 4.0, &board);
    let second = b.unit("AirBoard", "back.board", 4.0, &board);
    b.wire(None, &[(fans, "electricity"), (first, "electricity"), (second, "electricity")]);
    b.join(&[(fans, "air")], &[(first, "air")], Fluid::Water);
    b.join(&[(first, "air")], &[(second, "air")], Fluid::Water);
    b.join(&[(second, "air")], &[(fans, "air")], Fluid::Water);
    b.group("front", 4.0, &[fans, first]);
    b.group("back", 4.0, &[second]);
    compile(&b.plant, CompileOptions::default()).expect("lumped they are one circuit");
    let options = CompileOptions { fidelity: Fidelity::Rack, ..CompileOptions::default() };
    let errors = compile_parted(&b.plant, options, &[]).unwrap_err();
    let [TopologyError::AtOneInstant { values, group }] = &errors[..] else { panic!("{errors:?}") };
    assert!(values.contains("front.fans") && group == "back", "{errors:?}");
    assert!(errors[0].to_string().contains("Lumped fidelity"), "{}", errors[0]);
}

#[test]
fn a_chip_that_throttles_draws_less_and_its_neighbours_do_not_notice() {
    let case = load("nvl72_pod");
    let mut bench = Bench::new(&case.plant, Fidelity::Chip, &[], 6);
    let y = bench.deal(&bench.y);
    let busy = bench.classes[0].class.signals()[0].0;
    bench.classes[0].class.broadcast(busy, 0.9);
    let (before, _) = bench.rates(0.0, &y);
    let class = &mut bench.classes[0].class;
    let switch = class.switches().iter().find(|s| s.chip == Some(3)).expect("chip 3 can throttle").clone();
    class.set_outside(2, switch.slot, 1.0);
    let states = class.state_list().to_vec();
    let (after, _) = bench.rates(0.0, &y);
    for (member, (a, b)) in after.members[0].iter().zip(&before.members[0]).enumerate() {
        for (state, (a, b)) in states.iter().zip(a.iter().zip(b)) {
            if member == 2 && state.name == "pod.accelerator[3].die" {
                assert!(*a < b - 0.1, "{a} K/s throttled, {b} K/s before");
            } else {
                assert_eq!(a.to_bits(), b.to_bits(), "{} of rack {member}", state.name);
            }
        }
    }
    let Sensing::Member(watch) = switch.sensor else { panic!("a chip feels its own junction") };
    let class = &bench.classes[0].class;
    assert_eq!((class.watches()[watch].name.as_str(), class.watches()[watch].chip), ("die", Some(3)));
}

#[test]
fn what_is_watched_and_shown_of_a_rack_is_what_the_lumped_network_shows() {
    for site in SITES {
        let case = load(site);
        for fidelity in [Fidelity::Rack, Fidelity::Chip] {
            let mut bench = Bench::new(&case.plant, fidelity, &[], 7);
            let lumped_y = bench.y.clone();
            let mut rates = vec![0.0; lumped_y.len()];
            bench.lumped.rates(0.0, &lumped_y, &mut rates);
            let y = bench.deal(&lumped_y);
            bench.rates(0.0, &y);
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-11 * a.abs().max(b.abs()).max(1e-6);
            // Every column is the core's or a rack's.
            let mut shown: Vec<(String, f64)> = (bench.core.network.probes().iter())
                .map(|p| (p.name.clone(), bench.core.network.values()[p.slot as usize] * p.scale))
                .collect();
            let mut stored = 0.0;
            let energy =
                |of: &[(u32, f64)], y: &[f64]| of.iter().map(|&(s, f)| f * y[s as usize]).sum::<f64>();
            stored += energy(bench.core.network.stored_energy(), &y.core);
            for (c, racks) in bench.classes.iter().enumerate() {
                let mut values = vec![0.0; racks.imports().len()];
                bench.core.imports(c, &mut values, &mut vec![0.0; racks.imports().len()]);
                let mut work = racks.work();
                let mut rates = vec![Lane::load(&[]); racks.states()];
                let mut exports = vec![Lane::load(&[]); racks.exports().len()];
                racks.rates(0, &y.tile(c, 0), &values, &mut work, &mut rates, &mut exports);
                for probe in racks.class.probes() {
                    shown.push((probe.name.clone(), racks.class.probe(probe, &work).0[0]));
                }
                stored += racks.class.racks() * energy(racks.class.stored_energy(), &y.members[c][0]);
                let mut watched = vec![Lane::load(&[]); racks.watched()];
                racks.watch(0, &work, &mut watched);
                // Every range of a rack's unit is checked in the core or in the rack, on the same value.
                for range in bench.lumped.ranges() {
                    let unit = range.unit;
                    if case.plant.units[unit].group != Some(racks.class.group()) {
                        continue;
                    }
                    let value = bench.lumped.values()[range.slot as usize] * range.scale;
                    let in_core =
                        bench.core.network.ranges().iter().filter(|r| r.unit == unit && r.text == range.text);
                    let core = in_core.map(|r| bench.core.network.values()[r.slot as usize] * r.scale);
                    let in_rack = racks
                        .class
                        .ranges()
                        .iter()
                        .filter(|r| racks.class.watches()[r.watch].unit == unit && r.text == range.text);
                    let rack = in_rack.map(|r| watched[r.watch].0[0]);
                    let found: Vec<f64> = core.chain(rack).collect();
                    assert!(!found.is_empty(), "{site} {fidelity:?}: nobody checks {}", range.text);
                    for x in found {
                        assert!(close(x, value), "{site}: {} is {x}, lumped {value}", range.text);
                    }
                }
                if fidelity == Fidelity::Chip {
                    for (unit, of) in case.plant.units.iter().enumerate() {
                        let chips = of.multiplicity / racks.class.racks();
                        if of.kind.declaration().junction().is_none() || chips < 2.0 {
                            continue;
                        }
                        let dies = racks.class.watches().iter().filter(|w| w.unit == unit && w.name == "die");
                        assert_eq!(dies.count(), chips as usize, "{site}: junctions of {}", of.id);
                    }
                }
            }
            assert_eq!(shown.len(), bench.lumped.probes().len());
            for probe in bench.lumped.probes() {
                let value = bench.lumped.values()[probe.slot as usize] * probe.scale;
                let (_, found) = shown.iter().find(|(name, _)| *name == probe.name).expect(&probe.name);
                assert!(close(*found, value), "{site}: {} is {found}, lumped {value}", probe.name);
            }
            let lumped = energy(bench.lumped.stored_energy(), &lumped_y);
            assert!((stored / lumped - 1.0).abs() < 1e-12, "{site}: {stored} J stored, lumped {lumped} J");
        }
    }
}

#[test]
fn a_class_is_compiled_from_the_template_whatever_the_number_of_racks() {
    let mut case = load("nvl72_pod");
    let options = CompileOptions { fidelity: Fidelity::Chip, ..CompileOptions::default() };
    let size = |plant: &Plant| {
        let parted = compile_parted(plant, options, &[]).unwrap();
        let class = &parted.classes[0];
        (class.states(), class.rows(), class.pattern().iter().map(Vec::len).sum::<usize>(), class.tiles())
    };
    let few = size(&case.plant);
    for unit in case.plant.units.iter_mut().filter(|unit| unit.group.is_some()) {
        unit.multiplicity *= 1000.0;
    }
    case.plant.groups[0].racks *= 1000.0;
    let many = size(&case.plant);
    assert_eq!((few.0, few.1, few.2), (many.0, many.1, many.2));
    assert_eq!((few.3, many.3), (1, 1000));
    // Two states for each of 72 chips and no other row for them.
    assert!(few.1 - 144 < 40, "{} rows", few.1);
}

#[test]
fn a_sampled_loop_of_a_rack_holds_a_command_of_its_own() {
    let case = load("nvl72_pod");
    let options = CompileOptions { fidelity: Fidelity::Chip, sampled: true, ideal: false };
    let parted = compile_parted(&case.plant, options, &[]).unwrap();
    let (mut core, mut classes) = blocks(parted, 1e-4).unwrap();
    let (y, start) = (core.network.initial().to_vec(), classes[0].class.deal(&[], &[]));
    core.lead(0.0, &y);
    let class = &mut classes[0].class;
    let [fans] = class.sampled() else { panic!("one loop in a rack: {:?}", class.sampled()) };
    assert_eq!(case.plant.loops[fans.index].id, "pod.fans");
    let (slot, high) = (fans.slot, fans.range.1);
    class.broadcast(slot, 0.5);
    class.set_outside(6, slot, high);
    let position = class.state_list().iter().position(|s| s.name == "pod.fans.fan_speed").unwrap();
    let mut imports = vec![0.0; class.imports().len()];
    core.imports(0, &mut imports, &mut vec![0.0; classes[0].imports().len()]);
    let states: Vec<Lane> = start.iter().map(|&x| Lane::load(&[x; WIDTH])).collect();
    let (mut rates, mut exports) = (vec![Lane::load(&[]); start.len()], vec![Lane::load(&[]); 64]);
    let mut work = classes[0].work();
    classes[0].rates(0, &states, &imports, &mut work, &mut rates, &mut exports);
    let rate = rates[position].0;
    // p' = (c − p)/travel: two commands that differ by high − 0.5
    assert!(rate.iter().enumerate().all(|(k, r)| (*r == rate[0]) == (k != 6)), "{rate:?}");
    assert!(rate[6] > rate[0]);
}
