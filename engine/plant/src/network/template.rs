//! Numbers what is inside a class and builds its template.
//!
//! # Which values are rows
//! The rows of the Jacobian are the states and those algebraic values that are worth one. A value that only linear
//! sums read is left out where its entries can go into theirs without there being more of them: an output with `m`
//! dependences and `r` readers where `m·r ≤ m + r`. A chip so has the rows of its states and no others.

use super::classes::{
    Catalogue, ClassProbe, ClassSampled, ClassState, ClassSwitch, RackClass, Sensing, Watch, WatchedFlow,
    WatchedPosition, WatchedRange,
};
use super::compile::Builder;
use super::nodes::{Handle, Node, Numbers, Term};
use super::number::{Levels, Planned, plan, tile_kernel};
use super::parted::{ClassLists, Watched};
use super::partition::{Partition, Place};
use super::tile::{Linear, Step, Template};
use crate::kernel::{Instance, WIDTH};
use crate::tile_kernel::{Drift, Lane, Target, Targets, TileKernel};
use real::Real;
use std::collections::{BTreeMap, BTreeSet};
use units::Quantity;

/// One operation of a template: a sum, or members of one family with the same active inputs.
enum Part {
    Sum(Handle),
    Batch { family: usize, members: Vec<usize>, active: Vec<usize> },
}

/// A row's linear dependence on the slots.
struct Form {
    /// Place of its row in the Jacobian; `None` for a sum that is no row.
    row: Option<usize>,
    terms: Vec<Term>,
}

struct Maker<'a> {
    builder: &'a Builder<'a>,
    partition: &'a Partition,
    core: &'a Numbers,
    class: usize,
    racks: f64,
    states: Vec<usize>,
    parts: Vec<Part>,
    /// Nodes from the core or shared that are read: imports, then values of each rack, then constants.
    imports: Vec<Handle>,
    own: Vec<Handle>,
    constants: Vec<(Handle, f64)>,
    numbers: Numbers,
    /// Rows among the algebraic nodes, in order.
    rows: BTreeMap<Handle, usize>,
    /// Weather nodes: the only ones from outside with a slope.
    weather: BTreeSet<Handle>,
}

/// Builds a class.
pub(super) fn build(
    builder: &Builder,
    partition: &Partition,
    levels: &Levels,
    core: &Numbers,
    class: usize,
    lists: ClassLists,
) -> RackClass {
    let carried = &partition.classes[class];
    let racks = builder.plant.groups[carried.group].racks;
    let arena = &builder.arena;
    let states = (0..arena.states.len())
        .filter(|&k| partition.nodes[arena.states[k].handle] == Place::Class(class))
        .collect();
    let mut maker = Maker {
        builder,
        partition,
        core,
        class,
        racks,
        states,
        parts: Vec::new(),
        imports: Vec::new(),
        own: Vec::new(),
        constants: Vec::new(),
        numbers: Numbers(vec![u32::MAX; arena.nodes.len()]),
        rows: BTreeMap::new(),
        weather: builder.outdoor.iter().map(|&(_, node)| node).collect(),
    };
    maker.plan(levels);
    maker.read_from_outside(&lists);
    let slots = maker.number();
    let (template, pattern) = maker.template(slots);
    let catalogue = maker.catalogue(&template, lists);
    let held = maker.own.len();
    let initial = |node: &Handle| match arena.nodes[*node] {
        Node::Outside(index) => Lane::number(arena.outside[index]),
        _ => Lane::number(0.0),
    };
    let one: Vec<Lane> = maker.own.iter().map(initial).collect();
    let tiles = carried.members.len().div_ceil(WIDTH);
    let behind = |end: &mut u32, racks: &u32| {
        *end += racks;
        Some(*end)
    };
    RackClass {
        group: carried.group,
        racks,
        members: carried.members.clone(),
        ends: carried.members.iter().scan(0, behind).collect(),
        template,
        pattern,
        imports: maker.imports.iter().map(|&node| core.0[node]).collect(),
        exports: partition.exports.iter().filter(|e| e.class == class).map(|e| core.0[e.node]).collect(),
        catalogue,
        own: one.iter().copied().cycle().take(one.len() * tiles).collect(),
        held,
    }
}

impl Maker<'_> {
    fn inside(&self, node: Handle) -> bool {
        self.partition.nodes[node] == Place::Class(self.class)
    }

    /// Whether derivatives by this node are wanted: it is a state, an algebraic value, a row of the core, or weather.
    fn active(&self, node: Handle) -> bool {
        match self.builder.arena.nodes[node] {
            Node::Outside(_) => self.weather.contains(&node),
            _ => true,
        }
    }

    /// Operations in order of evaluation; batches divided by their active inputs.
    fn plan(&mut self, levels: &Levels) {
        let inside = |node: Handle| self.partition.nodes[node] == Place::Class(self.class);
        let member = |k: usize| self.partition.members[k] == Place::Class(self.class);
        let planned = plan(self.builder, levels, &inside, &member);
        let mut parts = Vec::new();
        for operation in planned {
            match operation {
                Planned::Sum(node) => parts.push(Part::Sum(node)),
                Planned::Batch { family, members } => {
                    let mut kinds: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
                    for member in members {
                        let inputs = self.builder.arena.members[member].inputs.iter().enumerate();
                        let active = inputs.filter(|(_, term)| self.active(term.0)).map(|(k, _)| k).collect();
                        kinds.entry(active).or_default().push(member);
                    }
                    let batch = |(active, members)| Part::Batch { family, members, active };
                    parts.extend(kinds.into_iter().map(batch));
                }
            }
        }
        self.parts = parts;
    }

    fn exports(&self) -> impl Iterator<Item = &[Term]> {
        let of_class = self.partition.exports.iter().filter(|export| export.class == self.class);
        of_class.map(|export| export.terms.as_slice())
    }

    /// Finds what is read from outside the class.
    fn read_from_outside(&mut self, lists: &ClassLists) {
        let arena = &self.builder.arena;
        let mut read: Vec<Handle> = Vec::new();
        let mut see = |terms: &[Term]| read.extend(terms.iter().map(|&(node, _)| node));
        for part in &self.parts {
            match part {
                Part::Sum(node) => {
                    if let Node::Sum(terms) = &arena.nodes[*node] {
                        see(terms);
                    }
                }
                Part::Batch { members, .. } => members.iter().for_each(|&m| see(&arena.members[m].inputs)),
            }
        }
        self.states.iter().for_each(|&k| see(&arena.states[k].rate));
        self.exports().for_each(&mut see);
        // Held values that nothing reads can still be asked for.
        lists.probes.iter().for_each(|probe| see(&probe.terms));
        lists.switches.iter().for_each(|&(_, at, _)| see(&[(at, 1.0)]));
        lists.sampled.iter().for_each(|&(_, at, _)| see(&[(at, 1.0)]));
        read.sort_unstable();
        read.dedup();
        let constants: BTreeMap<Handle, u64> = self.builder.constants.iter().map(|(&v, &n)| (n, v)).collect();
        let signals: BTreeSet<Handle> = self.builder.signals.values().copied().collect();
        for node in read {
            let outside = matches!(arena.nodes[node], Node::Outside(_));
            if outside && (self.inside(node) || signals.contains(&node)) {
                self.own.push(node);
            } else if let Some(&value) = constants.get(&node) {
                self.constants.push((node, f64::from_bits(value)));
            } else if !self.inside(node) {
                self.imports.push(node);
            }
        }
    }

    /// Gives every node its slot; returns where imports, own values and constants begin, and how many slots there are.
    fn number(&mut self) -> [usize; 4] {
        let arena = &self.builder.arena;
        let mut next = 0u32;
        let numbers = &mut self.numbers.0;
        let mut number = |node: Handle| {
            numbers[node] = next;
            next += 1;
            next as usize
        };
        let mut count = 0;
        self.states.iter().for_each(|&k| count = number(arena.states[k].handle));
        for part in &self.parts {
            match part {
                Part::Sum(node) => count = number(*node),
                Part::Batch { members, .. } => {
                    for member in members.iter().map(|&m| &arena.members[m]) {
                        let outputs = member.first_output..member.first_output + member.outputs;
                        outputs.for_each(|node| count = number(node));
                    }
                }
            }
        }
        let imports = count;
        self.imports.iter().for_each(|&node| count = number(node));
        let own = count;
        self.own.iter().for_each(|&node| count = number(node));
        let constants = count;
        self.constants.iter().for_each(|&(node, _)| count = number(node));
        [imports, own, constants, count]
    }

    fn instances(&self, members: &[usize]) -> Vec<Instance> {
        let instance = |&m: &usize| {
            let member = &self.builder.arena.members[m];
            let inputs = member.inputs.iter().map(|&term| self.numbers.source(term)).collect();
            Instance { values: member.values.clone(), inputs }
        };
        members.iter().map(instance).collect()
    }

    /// Column of a node among rows and imports; `None` where nothing is differentiated by it.
    fn column(&self, node: Handle) -> Option<usize> {
        if let Some(&row) = self.rows.get(&node) {
            return Some(row);
        }
        match self.builder.arena.nodes[node] {
            Node::State(_) if self.inside(node) => Some(self.numbers.0[node] as usize),
            Node::Outside(_) => None,
            _ => {
                let import = self.imports.iter().position(|&import| import == node)?;
                Some(self.states.len() + self.rows.len() + import)
            }
        }
    }

    /// Index of an import whose value has a slope.
    fn drifting(&self, node: Handle) -> Option<usize> {
        self.weather.contains(&node).then(|| self.imports.iter().position(|&i| i == node)).flatten()
    }

    /// The kernels, and the template around them.
    fn template(&mut self, [imports, own, _, slots]: [usize; 4]) -> (Template, Vec<Vec<u32>>) {
        let arena = &self.builder.arena;
        let mut steps = Vec::new();
        let mut sums = Linear::default();
        let mut batches: Vec<Box<dyn TileKernel>> = Vec::new();
        let mut batch_members: Vec<Vec<usize>> = Vec::new();
        let mut sum_count = 0u32;
        for part in &self.parts {
            match part {
                Part::Sum(node) => {
                    if let Node::Sum(terms) = &arena.nodes[*node] {
                        sums.push(&self.numbers.sum(terms));
                        steps.push(Step::Sum { slot: self.numbers.0[*node], sum: sum_count });
                        sum_count += 1;
                    }
                }
                Part::Batch { family, members, active } => {
                    let first = self.numbers.0[arena.members[members[0]].first_output];
                    steps.push(Step::Batch { first, batch: batches.len() as u32 });
                    batches.push(tile_kernel(*family, &self.instances(members), active));
                    batch_members.push(members.clone());
                }
            }
        }
        let share = 1.0 / self.racks;
        let rate_terms: Vec<Vec<Term>> = self.states.iter().map(|&k| arena.states[k].rate.clone()).collect();
        let export_terms: Vec<Vec<Term>> =
            self.exports().map(|terms| terms.iter().map(|&(node, f)| (node, f * share)).collect()).collect();
        let mut rates = Linear::default();
        rate_terms.iter().for_each(|terms| rates.push(&self.numbers.sum(terms)));
        let mut exports = Linear::default();
        export_terms.iter().for_each(|terms| exports.push(&self.numbers.sum(terms)));

        let forms = self.choose_rows(rate_terms, export_terms, &batches, &batch_members);
        let jacobian = self.jacobian(&forms, &batches, &batch_members);
        let template = Template {
            states: self.states.len(),
            imports,
            own,
            constants: self.constants.iter().map(|&(node, v)| (self.numbers.0[node], v)).collect(),
            slots,
            steps,
            sums,
            batches,
            targets: jacobian.targets,
            rates,
            exports,
            fixed: jacobian.fixed,
            drifts: jacobian.drifts,
        };
        (template, jacobian.pattern)
    }

    /// Decides which algebraic values are rows, and gives the linear rows in terms of rows, imports and outputs.
    fn choose_rows(
        &mut self,
        rates: Vec<Vec<Term>>,
        exports: Vec<Vec<Term>>,
        batches: &[Box<dyn TileKernel>],
        batch_members: &[Vec<usize>],
    ) -> Vec<Form> {
        let arena = &self.builder.arena;
        let sums: Vec<Handle> = (self.parts.iter())
            .filter_map(|part| if let Part::Sum(node) = part { Some(*node) } else { None })
            .collect();
        let terms_of =
            |node: Handle| -> &[Term] { if let Node::Sum(terms) = &arena.nodes[node] { terms } else { &[] } };
        // Read by a kernel: always a row.
        let mut by_kernel: BTreeSet<Handle> = BTreeSet::new();
        for members in batch_members {
            for &m in members {
                let inputs = arena.members[m].inputs.iter().map(|&(node, _)| node);
                by_kernel.extend(inputs.filter(|&node| self.inside(node) && self.active(node)));
            }
        }
        // Sums that are no rows are written out in their readers, last ones first.
        let mut linear: Vec<Vec<Term>> = rates;
        linear.extend(exports);
        let mut rows: BTreeSet<Handle> = BTreeSet::new();
        let mut kept_sums: Vec<(Handle, Vec<Term>)> = Vec::new();
        for &sum in sums.iter().rev() {
            let terms = terms_of(sum);
            let all = linear.iter_mut().chain(kept_sums.iter_mut().map(|kept| &mut kept.1));
            let readers: Vec<&mut Vec<Term>> = all.filter(|l| l.iter().any(|t| t.0 == sum)).collect();
            let (m, r) = (terms.len(), readers.len());
            if by_kernel.contains(&sum) || m * r > m + r {
                rows.insert(sum);
                kept_sums.push((sum, terms.to_vec()));
            } else {
                for reader in readers {
                    let factor: f64 = reader.iter().filter(|t| t.0 == sum).map(|t| t.1).sum();
                    reader.retain(|t| t.0 != sum);
                    reader.extend(terms.iter().map(|&(node, f)| (node, f * factor)));
                }
            }
        }
        let mut readers: BTreeMap<Handle, usize> = BTreeMap::new();
        for terms in linear.iter().chain(kept_sums.iter().map(|kept| &kept.1)) {
            let distinct: BTreeSet<Handle> = terms.iter().map(|t| t.0).collect();
            distinct.into_iter().for_each(|node| *readers.entry(node).or_default() += 1);
        }
        for (batch, members) in batches.iter().zip(batch_members) {
            for &m in members {
                let member = &arena.members[m];
                for output in 0..member.outputs {
                    let node = member.first_output + output;
                    let entries =
                        batch.entries().iter().filter(|&&(o, i)| o == output && batch.seed(i).is_some());
                    let (m, r) = (entries.count(), readers.get(&node).copied().unwrap_or(0));
                    if by_kernel.contains(&node) || m * r > m + r {
                        rows.insert(node);
                    }
                }
            }
        }
        // In order of evaluation, which is that of the slots.
        let mut order: Vec<Handle> = rows.into_iter().collect();
        order.sort_by_key(|&node| self.numbers.0[node]);
        self.rows = order.iter().enumerate().map(|(k, &node)| (node, self.states.len() + k)).collect();
        let states = self.states.len();
        let exports_from = states + self.rows.len();
        let row_of = |k: usize| if k < states { k } else { exports_from + k - states };
        let mut forms: Vec<Form> =
            linear.into_iter().enumerate().map(|(k, terms)| Form { row: Some(row_of(k)), terms }).collect();
        let kept = kept_sums.into_iter().map(|(node, terms)| (self.rows.get(&node).copied(), terms));
        forms.extend(kept.map(|(row, terms)| Form { row, terms }));
        forms
    }

    /// Pattern, constant entries, and where each kernel's derivatives go.
    fn jacobian(
        &self,
        forms: &[Form],
        batches: &[Box<dyn TileKernel>],
        batch_members: &[Vec<usize>],
    ) -> Places {
        let arena = &self.builder.arena;
        let rows = self.states.len() + self.rows.len() + self.exports().count();
        // Which linear rows read each output, and with which factor.
        let mut readers: BTreeMap<Handle, Vec<(usize, f64)>> = BTreeMap::new();
        let mut constant: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        let mut drifts = Vec::new();
        for form in forms {
            let Some(row) = form.row else { continue };
            for &(node, factor) in &form.terms {
                if let Some(column) = self.column(node) {
                    *constant.entry((row, column)).or_default() += factor;
                } else if let Some(import) = self.drifting(node) {
                    drifts.push((row as u32, import as u32, factor));
                } else if self.inside(node) && !matches!(arena.nodes[node], Node::Outside(_)) {
                    readers.entry(node).or_default().push((row, factor));
                }
            }
        }
        // Targets of every output: its own row, or the rows that read it.
        let sinks = |node: Handle| -> Vec<(usize, f64)> {
            match self.rows.get(&node) {
                Some(&row) => vec![(row, 1.0)],
                None => readers.get(&node).cloned().unwrap_or_default(),
            }
        };
        let mut found: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); rows];
        for &(row, column) in constant.keys() {
            found[row].insert(column as u32);
        }
        self.each_derivative(batches, batch_members, &mut |_, _, node, input| {
            if let Some(column) = self.column(input) {
                sinks(node).iter().for_each(|&(row, _)| {
                    found[row].insert(column as u32);
                });
            }
        });
        let pattern: Vec<Vec<u32>> = found.into_iter().map(|row| row.into_iter().collect()).collect();
        let mut offsets = vec![0u32];
        for row in &pattern {
            offsets.push(offsets[offsets.len() - 1] + row.len() as u32);
        }
        // Every column asked for below was put into the pattern above.
        let place = |row: usize, column: usize| {
            offsets[row] + pattern[row].binary_search(&(column as u32)).unwrap_or(0) as u32
        };
        let constants: BTreeMap<u32, f64> =
            constant.iter().map(|(&(row, column), &value)| (place(row, column), value)).collect();
        let mut touched = vec![false; offsets[rows] as usize];
        let mut targets: Vec<Targets> = Vec::new();
        let mut lists: Vec<Vec<(Vec<Target>, Vec<Drift>)>> = (batches.iter().zip(batch_members))
            .map(|(batch, members)| vec![Default::default(); members.len() * batch.evaluations()])
            .collect();
        self.each_derivative(batches, batch_members, &mut |batch, (at, output, seed), node, input| {
            let (list, list_drifts) = &mut lists[batch][at];
            for (row, factor) in sinks(node) {
                let (output, seed) = (output as u32, seed as u32);
                if let Some(column) = self.column(input) {
                    let place = place(row, column);
                    let (first, constant) = (false, 0.0);
                    list.push(Target { output, seed, place, first, factor, constant });
                } else if let Some(import) = self.drifting(input) {
                    list_drifts.push(Drift { output, seed, row: row as u32, import: import as u32, factor });
                }
            }
        });
        for batch in &mut lists {
            let mut flat = Targets { offsets: vec![0], drift_offsets: vec![0], ..Targets::default() };
            for (list, drifts) in batch {
                // The first in order of evaluation brings the constant.
                for target in list.iter_mut() {
                    let entry = target.place as usize;
                    if !std::mem::replace(&mut touched[entry], true) {
                        target.first = true;
                        target.constant = constants.get(&target.place).copied().unwrap_or(0.0);
                    }
                }
                flat.list.append(list);
                flat.offsets.push(flat.list.len() as u32);
                flat.drifts.append(drifts);
                flat.drift_offsets.push(flat.drifts.len() as u32);
            }
            targets.push(flat);
        }
        let fixed = constants.into_iter().filter(|&(place, _)| !touched[place as usize]).collect();
        Places { pattern, targets, fixed, drifts }
    }

    /// Calls for every active structural derivative: the batch, (evaluation, output, seed), the output's node and the
    /// input's.
    fn each_derivative(
        &self,
        batches: &[Box<dyn TileKernel>],
        batch_members: &[Vec<usize>],
        each: &mut dyn FnMut(usize, (usize, usize, usize), Handle, Handle),
    ) {
        for (b, (batch, members)) in batches.iter().zip(batch_members).enumerate() {
            for (k, &m) in members.iter().enumerate() {
                let member = &self.builder.arena.members[m];
                for &(output, input) in batch.entries() {
                    let Some((evaluation, seed)) = batch.seed(input) else { continue };
                    let at = k * batch.evaluations() + evaluation;
                    each(b, (at, output, seed), member.first_output + output, member.inputs[input].0);
                }
            }
        }
    }
}

/// Where the partial derivatives of a class go.
struct Places {
    pattern: Vec<Vec<u32>>,
    targets: Vec<Targets>,
    fixed: Vec<(u32, f64)>,
    drifts: Vec<(u32, u32, f64)>,
}

/// Collects watched values, each once.
struct Watches<'a> {
    numbers: &'a Numbers,
    builder: &'a Builder<'a>,
    /// Outputs of copies that equal those of the first by construction.
    alike: BTreeMap<Handle, Handle>,
    known: BTreeMap<(u32, u64), usize>,
    list: Vec<Watch>,
}

impl Watches<'_> {
    fn add(&mut self, watched: &Watched) -> usize {
        let (node, scale) = watched.at;
        let node = self.alike.get(&node).copied().unwrap_or(node);
        let slot = self.numbers.0[node];
        *self.known.entry((slot, scale.to_bits())).or_insert_with(|| {
            let copies = &self.builder.copies;
            let shared = self.alike.values().filter(|&&first| first == node).count() as u32;
            self.list.push(Watch {
                unit: copies.part(watched.unit),
                chip: copies.number(watched.unit),
                name: watched.name.clone(),
                quantity: watched.quantity,
                alike: shared + 1,
                slot,
                scale,
            });
            self.list.len() - 1
        })
    }
}

impl Maker<'_> {
    /// Outputs of copies that depend on nothing in which the copies differ.
    fn alike(&self, template: &Template) -> BTreeMap<Handle, Handle> {
        let arena = &self.builder.arena;
        let mut alike = BTreeMap::new();
        let batches = self.parts.iter().filter_map(|part| match part {
            Part::Batch { members, .. } => Some(members),
            Part::Sum(_) => None,
        });
        for (members, kernel) in batches.zip(&template.batches) {
            for &m in members {
                let copy = arena.members[m].owner as usize;
                // Loops and joints own members too; only units have copies.
                if copy >= self.builder.unit_members.len() || self.builder.unit_members[copy] != m {
                    continue;
                }
                let part = self.builder.copies.part(copy);
                let (own, first) = (&arena.members[m], &arena.members[self.builder.unit_members[part]]);
                if part == copy {
                    continue;
                }
                for output in 0..own.outputs {
                    let mut reads = kernel.entries().iter().filter(|&&(o, _)| o == output);
                    if reads.all(|&(_, input)| own.inputs[input] == first.inputs[input]) {
                        alike.insert(own.first_output + output, first.first_output + output);
                    }
                }
            }
        }
        alike
    }

    /// What can be asked of the class.
    fn catalogue(&self, template: &Template, lists: ClassLists) -> Catalogue {
        let (arena, copies) = (&self.builder.arena, &self.builder.copies);
        let plant = self.builder.plant;
        let (numbers, builder) = (&self.numbers, self.builder);
        let (alike, known) = (self.alike(template), BTreeMap::new());
        let mut watches = Watches { numbers, builder, alike, known, list: Vec::new() };
        let mut catalogue = Catalogue::default();
        let tiles: BTreeSet<u32> = self.states.iter().map(|&k| arena.states[k].tile).collect();
        let tiles: BTreeMap<u32, u32> = tiles.into_iter().zip(0..).collect();
        for &k in &self.states {
            let state = &arena.states[k];
            let unit = Some(state.tile as usize).filter(|&unit| unit < plant.units.len());
            let chip = unit.and_then(|unit| copies.number(unit));
            let (mut name, mut lumped) = (state.name.clone(), state.name.clone());
            if let (Some(unit), Some(chip)) = (unit, chip) {
                let (own, part) = (&plant.units[unit].id, &plant.units[copies.part(unit)].id);
                let value = state.name.strip_prefix(own.as_str()).unwrap_or("");
                (name, lumped) = (format!("{part}[{chip}]{value}"), format!("{part}{value}"));
            }
            let unit = unit.map(|unit| copies.part(unit));
            let (initial, scale, held) = (state.initial, state.scale, state.held);
            let tile = tiles[&state.tile];
            catalogue.states.push(ClassState { name, lumped, unit, chip, tile, initial, scale, held });
        }
        let stored = |all: &[(usize, f64)]| -> Vec<(u32, f64)> {
            let inside = all.iter().filter(|&&(k, _)| self.inside(arena.states[k].handle));
            inside.map(|&(k, f)| (numbers.0[arena.states[k].handle], f / self.racks)).collect()
        };
        catalogue.stored_energy = stored(&builder.stored_energy);
        catalogue.stored_water = stored(&builder.stored_water);
        for watched in &lists.temperatures {
            watches.add(watched);
        }
        for (watched, range) in &lists.ranges {
            let watch = watches.add(watched);
            let found = WatchedRange {
                watch,
                low: range.low,
                high: range.high,
                text: range.text,
                standing: range.standing,
            };
            if !catalogue.ranges.contains(&found) {
                catalogue.ranges.push(found);
            }
        }
        let mut sense = |unit: usize, name: &str, at: Term| -> Sensing {
            if self.inside(at.0) {
                let quantity = Quantity::Ratio;
                Sensing::Member(watches.add(&Watched { unit, name: name.into(), quantity, at }))
            } else {
                Sensing::Core { slot: self.core.0[at.0], scale: at.1 }
            }
        };
        for (point, at, sensor) in lists.switches {
            let sensor = sense(point.unit, point.name, sensor);
            catalogue.switches.push(ClassSwitch {
                unit: copies.part(point.unit),
                chip: copies.number(point.unit),
                name: point.name,
                slot: numbers.0[at],
                sensor,
                on_above: point.on_above,
                off_below: point.off_below.min(point.on_above),
                hold: point.hold,
                note: point.note,
            });
        }
        for (point, at, sensor) in lists.sampled {
            let unit = plant.loops[point.index].unit;
            let sensor = sense(unit, "measured", sensor);
            let (index, slot) = (point.index, numbers.0[at]);
            catalogue.sampled.push(ClassSampled {
                index,
                slot,
                sensor,
                range: point.range,
                rest: point.rest,
            });
        }
        for (point, position, sensor) in lists.watched {
            let unit = plant.loops[point.index].unit;
            let sensor = sense(unit, "measured", sensor);
            if let Sensing::Member(position) = sense(unit, "position", (position, 1.0)) {
                let (index, high) = (point.index, point.high);
                catalogue.positions.push(WatchedPosition { index, sensor, position, high });
            }
        }
        for (node, unit, name) in lists.flows {
            if numbers.0[node] != u32::MAX {
                let quantity = Quantity::MassFlow;
                let watch = watches.add(&Watched { unit, name: "flow".into(), quantity, at: (node, 1.0) });
                catalogue.flows.push(WatchedFlow { watch, name });
            }
        }
        catalogue.probes = (lists.probes.into_iter())
            .map(|part| {
                let terms = part.terms.iter().map(|&(node, f)| (numbers.0[node], f)).collect();
                let super::Probe { name, unit, quantity, doc, total, .. } = part.probe;
                ClassProbe { name, unit, quantity, doc, total, terms }
            })
            .collect();
        let slot = |node: Handle| numbers.0[node];
        let here = |unit: usize| self.partition.class_of(plant, unit) == Some(self.class);
        catalogue.gates = (builder.gates.iter().filter(|gate| here(gate.point.unit)))
            .map(|gate| {
                let point = gate.numbered(&slot);
                super::GatePoint { unit: copies.part(point.unit), ..point }
            })
            .collect();
        catalogue.jams =
            builder.jams.iter().filter(|jam| here(jam.unit)).map(|jam| jam.numbered(&slot)).collect();
        catalogue.feeds = (builder.shares.iter())
            .filter(|&&(wire, share)| here(plant.wires[wire].to.unit) && numbers.0[share] != u32::MAX)
            .map(|&(wire, share)| (copies.wire(wire), numbers.0[share]))
            .collect();
        catalogue.watches = watches.list;
        catalogue.signals = (builder.signals.iter())
            .filter(|(_, node)| self.own.contains(node))
            .map(|(&series, &node)| (numbers.0[node], series))
            .collect();
        catalogue.outside =
            self.own.iter().map(|&node| (numbers.0[node], arena.names[node].clone())).collect();
        catalogue
    }
}
