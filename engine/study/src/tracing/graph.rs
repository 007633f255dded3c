//! The plant as a chain of places: what each has to hand on, to whom, and by which weight. Definitions: `tracing`.

use super::chain::{Chain, Edge};
use super::{Amounts, COLUMNS, IT, WATER, column};
use plant::declare::{Store, Use, Water};
use plant::network::{MeterKind, Network, Taker, Traced};
use plant::plant::Plant;
use std::collections::BTreeMap;

/// Something that hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// What a unit uses, the fans of air handlers apart.
    Power(usize),
    /// What a unit's fans use.
    Fans(usize),
    /// What a unit with both draws.
    Draw(usize),
    /// The heat that leaves a unit.
    Heat(usize),
    /// The heat in a circuit.
    Pool(usize),
}

/// What a group of racks takes part with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// Electricity drawn.
    Power,
    /// Heat given to the circuit.
    Heat(usize),
    /// Air taken from the circuit.
    Air(usize),
}

/// Where handing on ends, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Last {
    /// The racks of a group.
    Rack(usize, By),
    /// What a store keeps for later.
    Stored(usize),
}

/// The plant as tracing sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub chain: Chain,
    /// Meter, where it is put, in which column.
    pub uses: Vec<(u32, usize, usize)>,
    units: Vec<Unit>,
    racks: Vec<RackHeat>,
    airs: Vec<(u32, Vec<Edge>)>,
    /// Stores: what they are.
    pub stores: Vec<Battery>,
    /// Ends of racks: group, by what.
    pub rack_ends: Vec<(usize, By)>,
    /// Number of places.
    pub places: usize,
}

/// A store that hands on later; its level is known where its energy is a state.
#[derive(Debug, Clone, Default)]
pub(super) struct Battery {
    /// Energy at a start: `Σ factor · state`.
    pub energy: Vec<(u32, f64)>,
}

/// What of a store an interval needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    /// The place that it hands on at.
    pub place: usize,
    /// What it took in, negative while it gives [J].
    pub taken: f64,
}

/// Heat of the racks of a group in a circuit.
#[derive(Debug, Clone)]
struct RackHeat {
    group: usize,
    heat: u32,
    /// Taken away by their doors.
    doors: Vec<u32>,
    edge: Edge,
}

#[derive(Debug, Clone, Default)]
struct Unit {
    uses: Vec<u32>,
    /// Uses of the fans, and the edges to them where others use, too.
    fan_uses: Vec<u32>,
    split: Option<(Edge, Edge)>,
    delivered: Vec<(u32, Edge)>,
    streams: Vec<Stream>,
    /// Heat received, what it makes an owner of the heat, and of the electricity.
    received: Vec<(u32, Option<Edge>, Option<Edge>)>,
    given: Vec<u32>,
    rejected: Vec<u32>,
    charged: Vec<u32>,
    own_heat: Option<Edge>,
    /// Heat that nobody owns, or that comes out of the unit's store.
    nobody: Option<Edge>,
    power: Option<usize>,
    heat: Option<usize>,
    /// Index of its store, and the edge into it.
    store: Option<(usize, Edge)>,
    stores_heat: bool,
}

#[derive(Debug, Clone, Copy)]
struct Stream {
    heat: u32,
    /// From the heat that leaves to what was cooled.
    removes: Option<Edge>,
    /// From the electricity to what was cooled, or warmed where nothing is.
    serves: Option<Edge>,
    /// From the circuit to what warmed it.
    adds: Option<Edge>,
}

/// Places and ends with numbers.
struct Numbering {
    places: BTreeMap<Place, usize>,
    lasts: BTreeMap<Last, usize>,
    edges: BTreeMap<(usize, usize), Edge>,
    list: Vec<(usize, usize)>,
}

impl Numbering {
    fn place(&self, place: Place) -> Option<usize> {
        self.places.get(&place).copied()
    }
    fn last(&self, last: Last) -> Option<usize> {
        self.lasts.get(&last).map(|k| self.places.len() + k)
    }
    /// What a unit draws is handed on from here.
    fn draw(&self, unit: usize) -> Option<usize> {
        [Place::Draw(unit), Place::Power(unit), Place::Fans(unit)].into_iter().find_map(|p| self.place(p))
    }
    fn taker(&self, taker: Taker) -> Option<usize> {
        match taker {
            Taker::Unit(unit) => self.draw(unit),
            Taker::Group(group) => self.last(Last::Rack(group, By::Power)),
        }
    }
    fn edge(&mut self, from: Option<usize>, to: Option<usize>) -> Option<Edge> {
        let (from, to) = (from?, to?);
        let next = self.list.len();
        let edge = *self.edges.entry((from, to)).or_insert(next);
        if edge == next {
            self.list.push((from, to));
        }
        Some(edge)
    }
}

impl Graph {
    pub fn new(plant: &Plant, network: &Network) -> Self {
        let (meters, traces) = (network.meters(), network.traces());
        let outside = |unit: usize| plant.units[unit].group.is_none();
        let metered = |unit: usize, wanted: &dyn Fn(MeterKind) -> bool| -> Vec<u32> {
            let of = meters.iter().filter(|m| m.unit == Some(unit) && wanted(m.kind));
            of.map(|m| m.state).collect()
        };
        let is_fan = |kind: MeterKind| kind == MeterKind::Use(Use::AirHandlerFans);
        let in_air = |unit: usize| traces.air.iter().any(|air| air.0 == unit);

        // Who takes part.
        let mut places: Vec<Place> = Vec::new();
        let mut lasts: Vec<Last> = (0..plant.groups.len()).map(|g| Last::Rack(g, By::Power)).collect();
        let mut stores: Vec<(usize, bool)> = Vec::new();
        for (index, unit) in plant.units.iter().enumerate().filter(|(k, _)| outside(*k)) {
            let fans = in_air(index) && !metered(index, &is_fan).is_empty();
            let other = |kind: MeterKind| {
                matches!(kind, MeterKind::Use(_) | MeterKind::Water(Water::MakeUp)) && !(fans && is_fan(kind))
            };
            let delivers = |t: &plant::network::TracedMeter| matches!(t.what, Traced::Electricity { from, .. } if from == Some(index));
            let power = !metered(index, &other).is_empty() || traces.meters.iter().any(delivers);
            places.extend(power.then_some(Place::Power(index)));
            places.extend(fans.then_some(Place::Fans(index)));
            places.extend((power && fans).then_some(Place::Draw(index)));
            let warm = |t: &plant::network::TracedMeter| match t.what {
                Traced::ToStream { by, .. } | Traced::Heat { from: by, .. } => by == Taker::Unit(index),
                _ => false,
            };
            places.extend(traces.meters.iter().any(warm).then_some(Place::Heat(index)));
            let states = unit.kind.declaration().states;
            if states.iter().any(|s| s.store == Store::Energy) {
                stores.push((index, false));
            } else if states.iter().any(|s| s.inventory && matches!(s.store, Store::Heat(_))) {
                stores.push((index, true));
            }
        }
        for meter in &traces.meters {
            match meter.what {
                Traced::ToStream { by, circuit } => {
                    places.push(Place::Pool(circuit));
                    if let Taker::Group(group) = by {
                        lasts.push(Last::Rack(group, By::Heat(circuit)));
                    }
                }
                Traced::Air { group, circuit } => lasts.push(Last::Rack(group, By::Air(circuit))),
                _ => {}
            }
        }
        lasts.sort_unstable();
        lasts.dedup();
        let rack_ends: Vec<(usize, By)> = (lasts.iter())
            .filter_map(|last| match last {
                Last::Rack(group, by) => Some((*group, *by)),
                Last::Stored(_) => None,
            })
            .collect();
        lasts.extend((0..stores.len()).map(Last::Stored));
        places.sort_unstable();
        places.dedup();
        let ends = lasts.len() + 1;
        let mut numbers = Numbering {
            places: places.into_iter().zip(0..).collect(),
            lasts: lasts.into_iter().zip(0..).collect(),
            edges: BTreeMap::new(),
            list: Vec::new(),
        };
        let count = numbers.places.len();
        let nobody = Some(count + ends - 1);

        // What they hand on to whom.
        let mut graph = Graph { places: count, rack_ends, ..Graph::default() };
        let mut units = vec![Unit::default(); plant.units.len()];
        let door = |unit: usize, circuit: usize| {
            traces.doors.iter().find(|d| d.0 == unit && d.1 == circuit).map(|d| d.2)
        };
        for (index, unit) in units.iter_mut().enumerate().filter(|(k, _)| outside(*k)) {
            unit.power = numbers.place(Place::Power(index));
            unit.heat = numbers.place(Place::Heat(index));
            let fans = numbers.place(Place::Fans(index));
            let by_fans = |kind: MeterKind| fans.is_some() && is_fan(kind);
            unit.uses = metered(index, &|kind| matches!(kind, MeterKind::Use(_)) && !by_fans(kind));
            unit.fan_uses = metered(index, &by_fans);
            unit.rejected = metered(index, &|kind| matches!(kind, MeterKind::Rejected | MeterKind::Reused));
            let draw = numbers.place(Place::Draw(index));
            unit.split = numbers.edge(draw, unit.power).zip(numbers.edge(draw, fans));
            unit.own_heat = numbers.draw(index).and_then(|draw| numbers.edge(unit.heat, Some(draw)));
            let store = stores.iter().position(|s| s.0 == index);
            let kept = store.and_then(|k| numbers.last(Last::Stored(k)));
            unit.nobody = numbers.edge(unit.heat, nobody);
            if let (Some(k), Some(_)) = (store, kept) {
                unit.stores_heat = stores[k].1;
                let from = if stores[k].1 { unit.heat } else { unit.power };
                unit.store = numbers.edge(from, kept).map(|edge| (k, edge));
            }
            if store.is_some() && !unit.stores_heat {
                unit.charged = metered(index, &|kind| kind == MeterKind::Charged);
            }
        }
        for meter in &traces.meters {
            let state = meter.state;
            match meter.what {
                Traced::Electricity { from: Some(from), to } => {
                    let edge = numbers.edge(numbers.place(Place::Power(from)), numbers.taker(to));
                    units[from].delivered.extend(edge.map(|edge| (state, edge)));
                }
                Traced::Heat { from, to } => {
                    let owner = match from {
                        Taker::Unit(unit) => numbers.place(Place::Heat(unit)),
                        Taker::Group(_) => numbers.taker(from),
                    };
                    let (heat, power) = (units[to].heat, units[to].power);
                    let received = (state, numbers.edge(heat, owner), numbers.edge(power, owner));
                    units[to].received.push(received);
                    if let Taker::Unit(unit) = from {
                        units[unit].given.push(state);
                    }
                }
                Traced::ToStream { by: Taker::Unit(unit), circuit } => {
                    let pool = numbers.place(Place::Pool(circuit));
                    let cooled = match door(unit, circuit) {
                        Some(group) => numbers.last(Last::Rack(group, By::Heat(circuit))),
                        None => pool,
                    };
                    let (heat, power) = (units[unit].heat, units[unit].power);
                    let stream = Stream {
                        heat: state,
                        removes: numbers.edge(heat, cooled),
                        serves: numbers.edge(power, cooled),
                        adds: numbers.edge(pool, heat),
                    };
                    units[unit].streams.push(stream);
                }
                Traced::ToStream { by: Taker::Group(group), circuit } => {
                    let end = numbers.last(Last::Rack(group, By::Heat(circuit)));
                    let pool = numbers.place(Place::Pool(circuit));
                    if let Some(edge) = numbers.edge(pool, end) {
                        let own = traces.doors.iter().filter(|d| d.1 == circuit && d.2 == group);
                        let cools = |t: &&plant::network::TracedMeter| {
                            own.clone().any(|d| t.what == Traced::ToStream { by: Taker::Unit(d.0), circuit })
                        };
                        let doors = traces.meters.iter().filter(cools).map(|t| t.state).collect();
                        graph.racks.push(RackHeat { group, heat: state, doors, edge });
                    }
                }
                Traced::Air { group, circuit } => {
                    let end = numbers.last(Last::Rack(group, By::Air(circuit)));
                    let movers = traces.air.iter().filter(|air| air.1 == circuit);
                    let for_group = |unit: usize| door(unit, circuit).is_none_or(|only| only == group);
                    let edges = movers.filter(|air| for_group(air.0)).filter_map(|air| {
                        let fans = numbers.place(Place::Fans(air.0));
                        numbers.edge(fans, end)
                    });
                    graph.airs.push((state, edges.collect()));
                }
                Traced::Electricity { from: None, .. } => {}
            }
        }
        for meter in meters {
            let Some(unit) = meter.unit else { continue };
            let what = match meter.kind {
                MeterKind::Use(Use::It | Use::ServerFans | Use::PsuLoss) => IT,
                MeterKind::Use(category) => column(category),
                MeterKind::Water(Water::MakeUp) => WATER,
                _ => continue,
            };
            let place = match plant.units[unit].group {
                Some(group) => numbers.last(Last::Rack(group, By::Power)),
                None if what == IT => nobody,
                None if is_fan(meter.kind) => numbers.place(Place::Fans(unit)).or(units[unit].power),
                None => units[unit].power,
            };
            graph.uses.extend(place.or(nobody).map(|place| (meter.state, place, what)));
        }
        graph.stores = (stores.iter())
            .map(|&(unit, heat)| Battery {
                energy: if heat { Vec::new() } else { energies(plant, network, unit) },
            })
            .collect();
        graph.units =
            units.into_iter().filter(|u| u.power.or(u.heat).is_some() || u.split.is_some()).collect();
        graph.chain = Chain::new(count, ends, &numbers.list);
        graph
    }

    /// Number of ends behind those of racks: stores, then what nobody takes.
    pub fn end_of_store(&self, store: usize) -> usize {
        self.places + self.rack_ends.len() + store
    }

    /// The end of what nobody owns.
    pub fn nobody(&self) -> usize {
        self.end_of_store(self.stores.len())
    }

    /// Puts what was used into the places, and what racks used into their ends.
    pub fn put(&self, y: &[f64], amounts: &mut [Amounts]) {
        amounts.fill([0.0; COLUMNS]);
        for &(state, place, column) in &self.uses {
            amounts[place][column] += y[state as usize];
        }
    }

    /// Sets all weights from the integrals of an interval. `turns` gets what each store took in, `given` the heat that
    /// the racks of a group took from others.
    pub fn weigh(&self, y: &[f64], weights: &mut [f64], turns: &mut [Option<Turn>], given: &mut [f64]) {
        self.chain.clear(weights);
        for racks in &self.racks {
            // What a door takes away is positive here: what it gives to the air is negative.
            let doors: f64 = racks.doors.iter().map(|&door| y[door as usize].min(0.0)).sum();
            let heat = y[racks.heat as usize] + doors;
            weights[racks.edge] += heat.max(0.0);
            given[racks.group] += (-heat).max(0.0);
        }
        for (air, edges) in &self.airs {
            for &edge in edges {
                weights[edge] += y[*air as usize].max(0.0);
            }
        }
        for unit in &self.units {
            unit.weigh(y, weights, turns);
        }
    }
}

impl Unit {
    fn weigh(&self, y: &[f64], weights: &mut [f64], turns: &mut [Option<Turn>]) {
        let sum = |states: &[u32]| -> f64 { states.iter().map(|&s| y[s as usize]).sum() };
        let (used, by_fans) = (sum(&self.uses), sum(&self.fan_uses));
        let delivered: f64 = self.delivered.iter().map(|&(state, _)| y[state as usize].max(0.0)).sum();
        if let Some((power, fans)) = self.split {
            weights[power] += used.max(0.0) + delivered;
            weights[fans] += by_fans.max(0.0);
        }
        for &(state, edge) in &self.delivered {
            weights[edge] += y[state as usize].max(0.0);
        }
        let mut taken = sum(&self.charged);
        let received: f64 = self.received.iter().map(|&(state, ..)| y[state as usize].max(0.0)).sum();
        let removed: f64 = self.streams.iter().map(|s| (-y[s.heat as usize]).max(0.0)).sum();
        let added: f64 = self.streams.iter().map(|s| y[s.heat as usize].max(0.0)).sum();
        let own = used + by_fans;
        let mut add = |edge: Option<Edge>, weight: f64| {
            if let Some(edge) = edge {
                weights[edge] += weight;
            }
        };
        add(self.own_heat, own.max(0.0));
        for &(state, heat, power) in &self.received {
            let weight = y[state as usize].max(0.0);
            add(heat, weight);
            // What carries electricity on serves those who draw it, everything else the heat that it takes.
            if self.delivered.is_empty() {
                add(power, weight);
            }
        }
        let cools = removed + received > 0.0;
        for stream in &self.streams {
            let heat = y[stream.heat as usize];
            add(stream.removes, (-heat).max(0.0));
            add(stream.adds, heat.max(0.0));
            if self.delivered.is_empty() {
                add(stream.serves, if cools { (-heat).max(0.0) } else { heat.max(0.0) });
            }
        }
        let rejected = sum(&self.rejected);
        let from_outdoors = (-rejected).max(0.0);
        let inputs = removed + own + received + from_outdoors;
        let outputs = added + sum(&self.given).max(0.0) + rejected.max(0.0);
        let out_of_store = outputs - inputs;
        let mut unowned = from_outdoors;
        if self.stores_heat {
            taken = out_of_store;
        } else {
            unowned += out_of_store.max(0.0);
        }
        add(self.nobody, unowned);
        if let Some((store, edge)) = self.store {
            add(Some(edge), taken.max(0.0));
            let place = if self.stores_heat { self.heat } else { self.power };
            turns[store] = place.map(|place| Turn { place, taken });
        }
    }
}

/// The states that are the energy of a unit, with its multiplicity.
fn energies(plant: &Plant, network: &Network, unit: usize) -> Vec<(u32, f64)> {
    let unit = &plant.units[unit];
    let states = unit.kind.declaration().states.iter().filter(|s| s.store == Store::Energy);
    let found = states.filter_map(|state| {
        let name = format!("{}.{}", unit.id, state.name);
        network.names()[..network.states()].iter().position(|n| *n == name)
    });
    found.map(|slot| (slot as u32, unit.multiplicity)).collect()
}
