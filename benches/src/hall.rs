//! The benchmark plant at a chosen size, on the components of the catalogue.

use crate::model::{Model, Start};
use plant::declare::Outdoor;
use plant::network::{CompileOptions, Fidelity, Network, TopologyError, compile, compile_parted};
use real::Real;
use scenario::Case;
use solver::Method;
use solver::blocks::{BlockStepper, Class, Lane, Precision, Verdict};
use std::collections::BTreeMap;
use study::blocks::{Racks, blocks};
use study::dynamics::Dynamics;

const FILE: &str = include_str!("../hall.ron");
/// Of the plant's file, so that results with another file are not taken for comparable.
const HASH: &str = "eff5a55ea616e0f3635c502b51974d9a4ba4a54735a7ed0999d459ebc4d8209d";
/// Racks that the file describes.
const IN_FILE: usize = 10;
/// Components whose number follows the number of racks.
const SCALED: [(&str, usize); 10] = [
    ("transformer", 1),
    ("ups", 1),
    ("pdu", 1),
    ("cdu", 1),
    ("facility_pump", 1),
    ("chilled_pump", 1),
    ("dry_cooler", 2),
    ("crah", 3),
    ("chiller", 1),
    ("aisles", 1),
];
/// Utilisation before anything happens.
const LOAD: f64 = 0.6;
/// How long the plant runs before a benchmark starts [s].
const SETTLING: f64 = 12.0 * 3600.0;

/// The model of a hall.
pub type Hall = Model<Dynamics, Racks>;

/// When racks change their load.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Length of each window [s].
    pub windows: Vec<f64>,
    /// Share of the members that jump at the start of each window; at 1 all of them, to the same load.
    pub share: f64,
}

impl Schedule {
    /// 2 % of the racks every 60 s; a window of 4 s comes last, so that accuracy is sampled amid the transient as well.
    pub fn minutes(count: usize) -> Schedule {
        Schedule { windows: [vec![60.0; count], vec![4.0]].concat(), share: 0.02 }
    }
    /// All racks to the same new load every 60 s.
    pub fn together(count: usize) -> Schedule {
        Schedule { windows: vec![60.0; count], share: 1.0 }
    }
    /// 30 % of the racks every 15 minutes, and 4 s.
    pub fn quarters(count: usize) -> Schedule {
        Schedule { windows: [vec![900.0; count], vec![4.0]].concat(), share: 0.3 }
    }
}

/// BLAKE3 of the plant's file, in hexadecimal; whether it is the one that results are compared under.
pub fn hash() -> (String, bool) {
    let hash = blake3::hash(FILE.as_bytes()).to_hex().to_string();
    let same = hash == HASH;
    (hash, same)
}

/// The plant with so many racks.
pub fn case(racks: usize) -> Result<Case, String> {
    let times = racks.div_ceil(IN_FILE);
    let mut settings: Vec<(String, String)> =
        SCALED.iter().map(|(id, count)| (format!("{id}.count"), (count * times).to_string())).collect();
    settings.push(("racks.hall.count".into(), racks.to_string()));
    let loaded = scenario::load_text("hall.ron", FILE, &settings)
        .map_err(|problems| problems.iter().map(|problem| problem.render()).collect::<Vec<_>>().join("\n"))?;
    Ok(loaded.case)
}

/// The plant as a core with racks, chip by chip. Errors are counted in scales: the tolerance is the stepper's.
fn parted(case: &Case, members: &[u32]) -> Result<(Dynamics, Vec<Racks>), String> {
    let options = CompileOptions { fidelity: Fidelity::Chip, ..CompileOptions::default() };
    let network = compile_parted(&case.plant, options, &[members.to_vec()]).map_err(sentences)?;
    blocks(network, 1.0).map_err(|error| error.to_string())
}

/// A member for each rack.
pub fn each(racks: usize) -> Vec<u32> {
    vec![1; racks]
}

/// The same plant without classes, racks and chips carried once with their numbers, at its steady state: the system, its
/// start, and the end and load of each window of racks that change together.
pub fn lumped(racks: usize, schedule: &Schedule) -> Result<(Dynamics, Vec<f64>, Vec<(f64, f64)>), String> {
    let case = case(racks)?;
    let start = settled(&case, racks)?;
    let (site, classes) = parted(&case, &[racks as u32])?;
    let network = compile(&case.plant, CompileOptions::default()).map_err(sentences)?;
    let mut known: BTreeMap<&str, f64> =
        site.network.names().iter().map(String::as_str).zip(start.0.iter().copied()).collect();
    for (class, states) in classes.iter().zip(&start.1) {
        known.extend(class.class.state_list().iter().map(|s| s.lumped.as_str()).zip(states.iter().copied()));
    }
    let y = network.names()[..network.states()].iter().zip(network.initial());
    let y = y.map(|(name, &initial)| known.get(name.as_str()).copied().unwrap_or(initial)).collect();
    let dynamics = Dynamics::new(network, 1.0).map_err(|error| error.to_string())?;
    let mut time = 0.0;
    let windows = schedule.windows.iter().zip(loads(1, schedule)).map(|(length, load)| {
        time += length;
        (time, load[0])
    });
    Ok((dynamics, y, windows.collect()))
}

/// What comes from outside of the plant without classes.
pub fn enter_lumped(network: &mut Network, from: f64, load: f64) {
    weather(network, from);
    for (slot, _) in network.signals().to_vec() {
        network.set_outside(slot, load, 0.0);
    }
}

fn sentences(errors: Vec<TopologyError>) -> String {
    errors.iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n")
}

/// A generator of numbers in 0…1 (S. Vigna's SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Loads of all members in each window.
fn loads(count: usize, schedule: &Schedule) -> Vec<Vec<f64>> {
    let mut random = Random(20_240_721);
    let mut load = vec![LOAD; count];
    let jumps = ((schedule.share * count as f64).round() as usize).max(1);
    let mut all = Vec::with_capacity(schedule.windows.len());
    for _ in &schedule.windows {
        if schedule.share >= 1.0 {
            load.fill(random.next());
            all.push(load.clone());
            continue;
        }
        for _ in 0..jumps {
            let member = (random.next() * count as f64) as usize;
            load[member] = random.next();
        }
        all.push(load.clone());
    }
    all
}

/// Sets the weather: a warm day that gets warmer by 1 K in an hour.
fn weather(network: &mut Network, from: f64) {
    let hours = from / 3600.0;
    for (slot, what) in network.outdoor().to_vec() {
        let (value, slope) = match what {
            Outdoor::DryBulb => (291.15 + hours, 1.0),
            Outdoor::WetBulb => (286.15 + 0.5 * hours, 0.5),
            Outdoor::HumidityRatio => (0.008, 0.0),
            // The pressure stays, and nothing in this plant sees the sun or the wind.
            _ => continue,
        };
        network.set_outside(slot, value, slope / 3600.0);
    }
    network.set_origin(from);
}

fn set_loads(site: &mut Dynamics, racks: &mut [Racks], loads: &[f64]) {
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    for (slot, _) in site.network.signals().to_vec() {
        site.network.set_outside(slot, mean, 0.0);
    }
    for class in racks {
        for (slot, _) in class.class.signals().to_vec() {
            for (member, &load) in loads.iter().enumerate() {
                class.class.set_outside(member, slot, load);
            }
        }
    }
}

/// The hall at its steady state, and what happens to it. `members` says how many racks each member stands for.
pub fn hall(racks: usize, members: &[u32], schedule: &Schedule) -> Result<Hall, String> {
    let case = case(racks)?;
    let start = settled(&case, racks)?;
    let (core, classes) = parted(&case, members)?;
    let mut ends = Vec::with_capacity(schedule.windows.len());
    let mut time = 0.0;
    for window in &schedule.windows {
        time += window;
        ends.push(time);
    }
    let loads = loads(members.len(), schedule);
    let begins: Vec<f64> = std::iter::once(0.0).chain(ends.iter().copied()).collect();
    let tiles = classes.iter().zip(&start.1).map(|(class, states)| {
        let lanes: Vec<Lane> = states.iter().map(|&value| Lane::number(value)).collect();
        vec![lanes; class.tiles()]
    });
    Ok(Model {
        start: Start { time: 0.0, core: start.0, tiles: tiles.collect() },
        core,
        classes,
        windows: ends,
        inputs: Box::new(move |site, racks, window| {
            weather(&mut site.network, begins[window]);
            set_loads(site, racks, &loads[window]);
        }),
    })
}

/// States of the core and of one rack after a long time at constant load: one member carries all racks.
fn settled(case: &Case, racks: usize) -> Result<(Vec<f64>, Vec<Vec<f64>>), String> {
    let (mut site, mut classes) = parted(case, &[racks as u32])?;
    weather(&mut site.network, 0.0);
    for (slot, what) in site.network.outdoor().to_vec() {
        if what != Outdoor::Pressure {
            let value = site.network.outside(slot);
            site.network.set_outside(slot, value, 0.0);
        }
    }
    set_loads(&mut site, &mut classes, &[LOAD]);
    let mut stepper = BlockStepper::new(&site, &classes, Method::Rodas4, 1, Precision::Double)
        .map_err(|e| e.to_string())?;
    stepper.options.tolerance = 1e-7;
    for (k, class) in classes.iter().enumerate() {
        let initial: Vec<f64> = class.class.state_list().iter().map(|state| state.initial).collect();
        stepper.set_states(k, |_, states| {
            for (state, &value) in states.iter_mut().zip(&initial) {
                *state = Lane::number(value);
            }
        });
    }
    let (mut t, mut y) = (0.0, site.network.initial().to_vec());
    let goes_on = &mut |_: &mut Dynamics, _: solver::blocks::Reached| Verdict::Continue;
    stepper
        .advance(&mut site, &classes, &mut t, &mut y, SETTLING, goes_on)
        .map_err(|failure| failure.to_string())?;
    let mut states = Vec::new();
    for class in 0..classes.len() {
        let first = stepper.states(class, 0, |tile| tile.iter().map(|lane| lane.0[0]).collect());
        states.push(first.unwrap_or_default());
    }
    Ok((y, states))
}
