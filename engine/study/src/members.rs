//! What a run does with each rack of a class: discrete logic, what is recorded of it, and what is worth a note.

use crate::blocks::{Racks, margins};
use crate::discrete::{CHATTER, Law};
use crate::state::{Archive, State, Unfit, state};
use plant::network::{ClassProbe, Network, Probe, RackClass, Sensing, TileWork};
use plant::plant::Plant;
use real::Lanes;
use solver::blocks::{Lane, Reached, WIDTH};
use units::Quantity;

/// The state that is a chip's junction.
const JUNCTION: &str = "die";

/// The members of all classes.
#[derive(Debug)]
pub(crate) struct Members {
    classes: Vec<Logic>,
    extremes: Vec<Extreme>,
    /// Values of the columns at the last record.
    recorded: Vec<f64>,
    probes: Vec<Probe>,
}

/// Discrete logic of one class; by control, then by member.
#[derive(Debug)]
struct Logic {
    switches: Vec<Switch>,
    sampled: Vec<Controller>,
}

#[derive(Debug, Clone)]
struct Switch {
    slot: u32,
    hold: f64,
    on: Vec<bool>,
    moved: Vec<f64>,
}

#[derive(Debug, Clone)]
struct Controller {
    index: usize,
    slot: u32,
    sensor: Sensing,
    law: Law,
    integral: Vec<f64>,
}

state!(Logic { switches, sampled } fixed {});
state!(Switch { on, moved } fixed { slot, hold });
state!(Controller { integral } fixed { index, slot, sensor, law });

/// The highest of a value over all racks, and over all chips of a part.
#[derive(Debug, Clone)]
struct Extreme {
    name: String,
    unit: usize,
    group: usize,
    junction: bool,
    class: usize,
    watches: Vec<usize>,
}

impl Members {
    pub fn new(plant: &Plant, racks: &[Racks]) -> Self {
        let means = racks.iter().flat_map(|racks| racks.class.probes().iter().map(mean_probe));
        let mut probes: Vec<Probe> = means.collect();
        let mut extremes: Vec<Extreme> = Vec::new();
        for (class, racks) in racks.iter().enumerate() {
            for (watch, watched) in racks.class.watches().iter().enumerate() {
                if watched.quantity != Quantity::Temperature {
                    continue;
                }
                let name = format!("{}.{}_max", plant.units[watched.unit].id, watched.name);
                match extremes.iter_mut().find(|extreme| extreme.name == name) {
                    Some(extreme) => extreme.watches.push(watch),
                    None => extremes.push(Extreme {
                        name,
                        unit: watched.unit,
                        group: racks.class.group(),
                        junction: watched.name == JUNCTION,
                        class,
                        watches: vec![watch],
                    }),
                }
            }
        }
        probes.extend(extremes.iter().map(|extreme| Probe {
            name: extreme.name.clone(),
            unit: Some(extreme.unit),
            quantity: Quantity::Temperature,
            doc: "The highest of all racks.".into(),
            slot: 0,
            scale: 1.0,
            total: false,
        }));
        let logic = |racks: &Racks| Logic::new(plant, &racks.class);
        Members {
            classes: racks.iter().map(logic).collect(),
            recorded: vec![0.0; probes.len()],
            extremes,
            probes,
        }
    }

    /// Columns: the mean over the racks of what a lumped run has a column of, and the highest of temperatures.
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// The hottest junctions at a point, by group [K].
    pub fn junctions(&self, reached: &Reached) -> impl Iterator<Item = (usize, f64)> {
        let junctions = self.extremes.iter().filter(|extreme| extreme.junction);
        junctions.map(|extreme| (extreme.group, extreme.highest(reached)))
    }

    /// The hottest junctions at a point, by unit [K].
    pub fn hottest(&self, reached: &Reached) -> impl Iterator<Item = (usize, f64)> {
        let junctions = self.extremes.iter().filter(|extreme| extreme.junction);
        junctions.map(|extreme| (extreme.unit, extreme.highest(reached)))
    }

    /// Makes the values of the columns from the means over all racks and the watched values.
    pub fn record(&mut self, reached: &Reached, means: &[f64]) {
        let (first, rest) = self.recorded.split_at_mut(means.len());
        first.copy_from_slice(means);
        for (value, extreme) in rest.iter_mut().zip(&self.extremes) {
            *value = extreme.highest(reached);
        }
    }

    /// The last record.
    pub fn recorded(&self) -> &[f64] {
        &self.recorded
    }

    /// Number of columns that are means.
    pub fn means(&self) -> usize {
        self.probes.len() - self.extremes.len()
    }

    /// Whether a switch of any member stands against its rule.
    pub fn may_move(&self, racks: &[Racks], reached: &Reached) -> bool {
        (racks.iter().zip(reached.high)).any(|(racks, high)| {
            let first = racks.class.watches().len();
            high[first..first + racks.class.switches().len()].iter().any(|&margin| margin > 0.0)
        })
    }

    /// Whether a member is beyond a limit that events look out for.
    pub fn beyond(&self, racks: &[Racks], reached: &Reached) -> bool {
        (racks.iter().zip(reached.high)).any(|(racks, high)| {
            let first = racks.class.watches().len() + racks.class.switches().len();
            high[first..].iter().any(|&margin| margin > 0.0)
        })
    }

    /// Calls `each` with (class, switch, member) of every switch that moves now, from the evaluation of a tile.
    pub fn moving(
        &self,
        racks: &[Racks],
        (class, tile, work): (usize, usize, &TileWork),
        time: f64,
        mut each: impl FnMut(usize, usize, usize),
    ) {
        let switches = &self.classes[class].switches;
        let mut found = vec![Lanes([0.0; WIDTH]); switches.len()];
        margins(&racks[class].class, tile, work, &mut found);
        let members = racks[class].class.members().len();
        for (k, (switch, margin)) in switches.iter().zip(&found).enumerate() {
            for member in tile * WIDTH..members.min((tile + 1) * WIDTH) {
                let least = if switch.on[member] { switch.hold.max(CHATTER) } else { CHATTER };
                if margin.0[member % WIDTH] > 0.0 && time - switch.moved[member] >= least {
                    each(class, k, member);
                }
            }
        }
    }

    /// Whether any of these switches is on in a member that counts.
    pub fn any_on(&self, class: usize, switches: &[usize], counts: impl Fn(usize) -> bool) -> bool {
        let on = |&k: &usize| {
            let members = self.classes[class].switches[k].on.iter().enumerate();
            members.into_iter().any(|(member, &on)| on && counts(member))
        };
        switches.iter().any(on)
    }

    /// Moves a switch of a member.
    pub fn flip(&mut self, racks: &mut [Racks], (class, k, member): (usize, usize, usize), time: f64) {
        let switch = &mut self.classes[class].switches[k];
        switch.on[member] = !switch.on[member];
        switch.moved[member] = time;
        let value = f64::from(u8::from(switch.on[member]));
        racks[class].class.set_outside(member, switch.slot, value);
    }

    /// All switches stand where `on` says, by unit and name.
    pub fn adopt(&mut self, racks: &mut [Racks], on: impl Fn(usize, &str) -> bool) {
        for (logic, racks) in self.classes.iter_mut().zip(racks) {
            let class = &mut racks.class;
            let stands: Vec<bool> = class.switches().iter().map(|s| on(s.unit, s.name)).collect();
            for (switch, on) in logic.switches.iter_mut().zip(stands) {
                switch.on.fill(on);
                class.broadcast(switch.slot, f64::from(u8::from(on)));
            }
        }
    }

    /// Controllers stand at the positions that `position` gives by loop; without values their integrals are those.
    pub fn preset(&mut self, racks: &mut [Racks], position: impl Fn(usize) -> Option<f64>) {
        for (logic, racks) in self.classes.iter_mut().zip(racks) {
            for control in &mut logic.sampled {
                let Some(position) = position(control.index) else { continue };
                control.integral.fill(position);
                racks.class.broadcast(control.slot, position);
            }
        }
    }

    /// The integrals are set so that the first sample does not move, from the evaluation of a tile.
    pub fn balance(&mut self, racks: &[Racks], core: &Network, (k, tile, work): (usize, usize, &TileWork)) {
        let class = &racks[k].class;
        for control in &mut self.classes[k].sampled {
            let values = measured(class, core, control.sensor, work);
            for member in tile * WIDTH..class.members().len().min((tile + 1) * WIDTH) {
                let position = class.outside(member, control.slot);
                control.integral[member] = position - control.law.error(values.0[member % WIDTH]);
            }
        }
    }

    /// Whether a controller of a member samples now.
    pub fn due(&self, elapsed: f64) -> bool {
        self.classes.iter().flat_map(|logic| &logic.sampled).any(|control| control.law.due(elapsed))
    }

    /// Time until the next sample after `elapsed`.
    pub fn next(&self, elapsed: f64) -> f64 {
        let controls = self.classes.iter().flat_map(|logic| &logic.sampled);
        controls.map(|control| control.law.next(elapsed)).fold(f64::INFINITY, f64::min)
    }

    /// Samples the controllers of a tile that are due and that nothing holds (loop, class, member); what they
    /// command is given to `command`: class, member, slot, position.
    pub fn sample(
        &mut self,
        racks: &[Racks],
        core: &Network,
        (k, tile, work): (usize, usize, &TileWork),
        elapsed: f64,
        held: &dyn Fn(usize, usize, usize) -> bool,
        mut command: impl FnMut(usize, usize, u32, f64),
    ) {
        let class = &racks[k].class;
        for control in self.classes[k].sampled.iter_mut().filter(|control| control.law.due(elapsed)) {
            let values = measured(class, core, control.sensor, work);
            for member in tile * WIDTH..class.members().len().min((tile + 1) * WIDTH) {
                if held(control.index, k, member) {
                    continue;
                }
                let position = control.law.sample(&mut control.integral[member], values.0[member % WIDTH]);
                if (class.outside(member, control.slot) - position).abs() > 1e-12 {
                    command(k, member, control.slot, position);
                }
            }
        }
    }
}

impl State for Members {
    fn pass(&mut self, archive: &mut Archive) -> Result<(), Unfit> {
        let Members { classes, extremes: _, recorded, probes: _ } = self;
        classes.pass(archive)?;
        recorded.pass(archive)
    }
}

impl Logic {
    fn new(plant: &Plant, class: &RackClass) -> Self {
        let members = class.members().len();
        let switches = class.switches().iter();
        let switch = |s: &plant::network::ClassSwitch| Switch {
            slot: s.slot,
            hold: s.hold,
            on: vec![false; members],
            moved: vec![f64::NEG_INFINITY; members],
        };
        let controller = |s: &plant::network::ClassSampled| Controller {
            index: s.index,
            slot: s.slot,
            sensor: s.sensor,
            law: Law::new(&plant.loops[s.index], s.range),
            integral: vec![s.rest; members],
        };
        Logic {
            switches: switches.map(switch).collect(),
            sampled: class.sampled().iter().map(controller).collect(),
        }
    }
}

impl Extreme {
    fn highest(&self, reached: &Reached) -> f64 {
        let high = &reached.high[self.class];
        self.watches.iter().map(|&watch| high[watch]).fold(f64::NEG_INFINITY, f64::max)
    }
}

/// What a sensor measures in each member of the tile that was evaluated last.
fn measured(class: &RackClass, core: &Network, sensor: Sensing, work: &TileWork) -> Lane {
    match sensor {
        Sensing::Member(watch) => class.watched(watch, work),
        Sensing::Core { slot, scale } => Lanes([core.values()[slot as usize] * scale; WIDTH]),
    }
}

/// The column of a probe: its mean over the racks.
fn mean_probe(probe: &ClassProbe) -> Probe {
    Probe {
        name: probe.name.clone(),
        unit: probe.unit,
        quantity: probe.quantity,
        doc: probe.doc.clone(),
        slot: 0,
        scale: 1.0,
        total: probe.total,
    }
}
