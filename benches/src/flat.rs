//! A core with its blocks as one vector of states: what solvers of other origin are given.
//!
//! The rates come from the very kernels that the block integrator uses, eight members at a time and at the
//! same level of instructions. The Jacobian is that of the same linearisation with the algebraic rows
//! eliminated, compressed by columns, its pattern fixed. States that only count (meters: not controlled, and read by
//! nothing) are left out, which is in favour of those solvers.
//!
//! ```text
//! y = [ states of the core | class 0: tile 0: state 0 of 8 members, state 1 of 8 members, … | … ]
//! ```

use crate::chain::{Chain, Column};
use real::Real;
use solver::blocks::{Class, Core, Lane, WIDTH};

/// Compressed by columns; the rows of a column are ascending.
pub struct Columns {
    pub size: usize,
    pub starts: Vec<usize>,
    pub rows: Vec<usize>,
}

/// A class in the flat vector.
struct Block {
    /// States that are carried, in order.
    kept: Vec<u32>,
    /// First place of each tile, and how many members it has.
    tiles: Vec<(usize, usize)>,
    chain: Chain,
    own: Vec<Own>,
    by_core: Vec<Border>,
    of_core: Vec<Border>,
    /// Totals that the borders need, and their values tile by tile.
    border: Vec<u32>,
    border_values: Vec<Lane>,
}

/// A member's carried state by another of its own.
struct Own {
    row: u32,
    column: u32,
    /// Place of the total; none for a diagonal that is 0.
    total: Option<u32>,
}

/// A member's state by one of the core, or the other way round: Σ total of the class · total of the core.
struct Border {
    row: u32,
    column: u32,
    /// Number among the totals that borders need, and place of the core's total, [`ONE`] where that is 1.
    products: Vec<(u32, u32)>,
}

/// A state of the core by another.
struct Within {
    row: u32,
    column: u32,
    direct: Option<u32>,
    through: Vec<Through>,
}

/// A way from state to state of the core through a class: core by contribution, export by import, import by state.
struct Through {
    contribution: u32,
    class: u32,
    /// Export · number of imports + import.
    pair: u32,
    import: u32,
}

/// Instead of the place of a total that is 1.
const ONE: u32 = u32::MAX;

/// Working space.
struct Space<W> {
    work: W,
    y: Vec<Lane>,
    rates: Vec<Lane>,
    exports: Vec<Lane>,
    jacobian: Vec<Lane>,
    drive: Vec<Lane>,
    totals: Vec<Lane>,
    imports: Vec<f64>,
    slopes: Vec<f64>,
}

/// The flat system of a core and its classes.
pub struct Flat<C: Class> {
    kept: Vec<u32>,
    core_y: Vec<f64>,
    core_rates: Vec<f64>,
    core_jacobian: Vec<f64>,
    core_drive: Vec<f64>,
    core_totals: Vec<f64>,
    chain: Chain,
    within: Vec<Within>,
    blocks: Vec<Block>,
    spaces: Vec<Space<C::Work>>,
    exports: Vec<Vec<f64>>,
    /// Sums over members of exports by imports, by class.
    sums: Vec<Vec<f64>>,
    /// Place among the columns of each entry, in the order in which they are computed.
    places: Vec<u32>,
    columns: Columns,
    /// One over scale and tolerance of each state.
    weights: Vec<f64>,
}

impl<C: Class> Flat<C> {
    /// Patterns and places for a core and its classes, whose shape must not change.
    pub fn new(core: &impl Core, classes: &[C]) -> Flat<C> {
        let states = core.states();
        let pattern = core.sparsity();
        let read = |state: u32| {
            pattern.columns.contains(&state) || classes.iter().any(|c| c.imports().contains(&Some(state)))
        };
        let kept: Vec<u32> =
            (0..states as u32).filter(|&s| core.weights()[s as usize] != 0.0 || read(s)).collect();
        // Variables of the core: its carried states, then what each class contributes.
        let mut own = Vec::new();
        let mut offset = vec![0_u32; classes.len()];
        let mut variables = kept.len() as u32;
        for (class, offset) in classes.iter().zip(&mut offset) {
            *offset = variables;
            for (k, &row) in class.exports().iter().enumerate() {
                own.push((row, variables + k as u32));
            }
            variables += class.exports().len() as u32;
        }
        let variable: Vec<Option<u32>> =
            (0..states as u32).map(|s| kept.binary_search(&s).ok().map(|k| k as u32)).collect();
        let column = |c: u32| match c as usize {
            c if c < states => variable[c].map_or(Column::Ignored, Column::Variable),
            c => Column::Row(c as u32),
        };
        let chain = Chain::new(pattern, pattern.rows, states..pattern.rows, column, &own);

        let mut size = kept.len();
        let mut blocks = Vec::new();
        for (class, &offset) in classes.iter().zip(&offset) {
            blocks.push(block(class, &chain, states, kept.len(), offset, &variable, &mut size));
        }
        let within = within(&chain, &kept, classes, &offset, &variable, &blocks);
        let (columns, places) = lay(size, &within, &blocks);
        let mut weights: Vec<f64> = kept.iter().map(|&s| core.weights()[s as usize]).collect();
        for (class, block) in classes.iter().zip(&blocks) {
            for &(_, members) in &block.tiles {
                for &s in &block.kept {
                    weights.extend(std::iter::repeat_n(class.weights()[s as usize], members));
                }
            }
        }
        let zero = |n: usize| vec![Lane::number(0.0); n];
        let spaces = classes.iter().zip(&blocks).map(|(class, block)| Space {
            work: class.work(),
            y: zero(class.states()),
            rates: zero(class.states()),
            exports: zero(class.exports().len()),
            jacobian: zero(class.sparsity().entries()),
            drive: zero(class.rows() + class.exports().len()),
            totals: zero(block.chain.totals),
            imports: vec![0.0; class.imports().len()],
            slopes: vec![0.0; class.imports().len()],
        });
        Flat {
            core_y: vec![0.0; states],
            core_rates: vec![0.0; states],
            core_jacobian: vec![0.0; pattern.entries()],
            core_drive: vec![0.0; pattern.rows],
            core_totals: vec![0.0; chain.totals],
            spaces: spaces.collect(),
            exports: classes.iter().map(|c| vec![0.0; c.exports().len()]).collect(),
            sums: classes.iter().map(|c| vec![0.0; c.exports().len() * c.imports().len()]).collect(),
            kept,
            chain,
            within,
            blocks,
            places,
            columns,
            weights,
        }
    }

    /// States of the core that are carried.
    pub fn kept(&self) -> &[u32] {
        &self.kept
    }

    /// Which carried state of its class a place behind the core is.
    pub fn state_of(&self, place: usize) -> Option<usize> {
        self.blocks.iter().find_map(|block| {
            let tile = block.tiles.partition_point(|&(first, _)| first <= place).checked_sub(1)?;
            let (first, members) = block.tiles[tile];
            Some((place - first) / members).filter(|&state| state < block.kept.len())
        })
    }

    /// Number of states.
    pub fn size(&self) -> usize {
        self.columns.size
    }

    /// The pattern of the Jacobian, its diagonal complete.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// One over scale and tolerance of each state; 0 where it is not controlled.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// From the states of the core and of each tile.
    pub fn gather<'a>(&self, core: &[f64], mut tile: impl FnMut(usize, usize) -> &'a [Lane]) -> Vec<f64> {
        let mut y = vec![0.0; self.size()];
        for (y, &state) in y.iter_mut().zip(&self.kept) {
            *y = core[state as usize];
        }
        for (k, block) in self.blocks.iter().enumerate() {
            for (number, &(first, members)) in block.tiles.iter().enumerate() {
                let states = tile(k, number);
                for (s, &state) in block.kept.iter().enumerate() {
                    let values = &states[state as usize].0[..members];
                    y[first + s * members..][..members].copy_from_slice(values);
                }
            }
        }
        y
    }

    /// States of the core that are not carried keep these values.
    pub fn set_core(&mut self, y: &[f64]) {
        self.core_y.copy_from_slice(y);
    }

    /// Rates at (`t`, `y`).
    pub fn rates<K: Core>(&mut self, core: &mut K, classes: &[C], t: f64, y: &[f64], rates: &mut [f64]) {
        pulp::Arch::new().dispatch(Rates { flat: self, core, classes, t, y, rates });
    }

    /// Values of the Jacobian at (`t`, `y`), in the order of [`columns`](Flat::columns).
    pub fn jacobian<K: Core>(&mut self, core: &mut K, classes: &[C], t: f64, y: &[f64], values: &mut [f64]) {
        pulp::Arch::new().dispatch(Jacobian { flat: self, core, classes, t, y, values });
    }

    #[inline(always)]
    fn begin(&mut self, core: &mut impl Core, t: f64, y: &[f64]) {
        for (&state, &y) in self.kept.iter().zip(y) {
            self.core_y[state as usize] = y;
        }
        core.lead(t, &self.core_y);
        for (k, (space, sums)) in self.spaces.iter_mut().zip(&mut self.exports).enumerate() {
            core.imports(k, &mut space.imports, &mut space.slopes);
            sums.fill(0.0);
        }
    }
}

#[inline(always)]
fn load(block: &Block, (first, members): (usize, usize), y: &[f64], states: &mut [Lane]) {
    for (s, &state) in block.kept.iter().enumerate() {
        let values = &y[first + s * members..][..members];
        let lane = &mut states[state as usize].0;
        if let Ok(full) = <&[f64; WIDTH]>::try_from(values) {
            *lane = *full;
        } else {
            *lane = [values[0]; WIDTH];
            lane[..members].copy_from_slice(values);
        }
    }
}

#[inline(always)]
fn total(value: &Lane, members: &Lane) -> f64 {
    value.0.iter().zip(&members.0).fold(0.0, |sum, (value, members)| sum + value * members)
}

struct Rates<'a, K, C: Class> {
    flat: &'a mut Flat<C>,
    core: &'a mut K,
    classes: &'a [C],
    t: f64,
    y: &'a [f64],
    rates: &'a mut [f64],
}

impl<K: Core, C: Class> pulp::WithSimd for Rates<'_, K, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Rates { flat, core, classes, t, y, rates } = self;
        flat.begin(core, t, y);
        for (k, class) in classes.iter().enumerate() {
            let (block, space, sums) = (&flat.blocks[k], &mut flat.spaces[k], &mut flat.exports[k]);
            for (number, &place) in block.tiles.iter().enumerate() {
                load(block, place, y, &mut space.y);
                let Space { work, y, rates: own, exports, imports, .. } = &mut *space;
                class.rates(number, y, imports, work, own, exports);
                add_totals(sums, exports, &class.members(number));
                store(block, place, own, rates);
            }
        }
        core.rates(&flat.exports, &mut flat.core_rates);
        for (rate, &state) in rates.iter_mut().zip(&flat.kept) {
            *rate = flat.core_rates[state as usize];
        }
    }
}

struct Jacobian<'a, K, C: Class> {
    flat: &'a mut Flat<C>,
    core: &'a mut K,
    classes: &'a [C],
    t: f64,
    y: &'a [f64],
    values: &'a mut [f64],
}

impl<K: Core, C: Class> pulp::WithSimd for Jacobian<'_, K, C> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Jacobian { flat, core, classes, t, y, values } = self;
        flat.begin(core, t, y);
        let (zero, one) = (Lane::number(0.0), Lane::number(1.0));
        let mut next = flat.within.len();
        for (k, class) in classes.iter().enumerate() {
            let (block, space) = (&mut flat.blocks[k], &mut flat.spaces[k]);
            let (contributions, sums) = (&mut flat.exports[k], &mut flat.sums[k]);
            sums.fill(0.0);
            for (number, &place) in block.tiles.iter().enumerate() {
                load(block, place, y, &mut space.y);
                let Space { work, y, rates, exports, jacobian, drive, totals, imports, slopes } = &mut *space;
                class.linearize(number, y, imports, slopes, work, rates, exports, jacobian, drive);
                block.chain.evaluate(jacobian, totals, zero, one);
                let weight = class.members(number);
                add_totals(contributions, exports, &weight);
                let width = imports.len();
                for export in 0..exports.len() {
                    let (variables, first) = &block.chain.rows[class.rows() + export];
                    for (j, &variable) in variables.iter().enumerate() {
                        if let Some(import) = (variable as usize).checked_sub(class.states()) {
                            sums[export * width + import] += total(&totals[*first as usize + j], &weight);
                        }
                    }
                }
                for own in &block.own {
                    let value = own.total.map_or(zero, |total| totals[total as usize]);
                    next = put(&value, place.1, &flat.places, next, values);
                }
                next += (block.by_core.len() + block.of_core.len()) * place.1;
                let kept = &mut block.border_values[number * block.border.len()..][..block.border.len()];
                for (kept, &total) in kept.iter_mut().zip(&block.border) {
                    *kept = totals[total as usize];
                }
            }
        }
        core.linearize(&flat.exports, &mut flat.core_rates, &mut flat.core_jacobian, &mut flat.core_drive);
        flat.chain.evaluate(&flat.core_jacobian, &mut flat.core_totals, 0.0, 1.0);
        let of_core = |place: u32| if place == ONE { 1.0 } else { flat.core_totals[place as usize] };
        let mut next = flat.within.len();
        for (k, class) in classes.iter().enumerate() {
            let block = &flat.blocks[k];
            for (number, &place) in block.tiles.iter().enumerate() {
                let kept = &block.border_values[number * block.border.len()..][..block.border.len()];
                let product = |border: &Border| {
                    border.products.iter().fold(zero, |sum, &(member, core)| {
                        sum + kept[member as usize] * Lane::number(of_core(core))
                    })
                };
                next += block.own.len() * place.1;
                for border in &block.by_core {
                    next = put(&product(border), place.1, &flat.places, next, values);
                }
                let weight = class.members(number);
                for border in &block.of_core {
                    next = put(&(product(border) * weight), place.1, &flat.places, next, values);
                }
            }
        }
        for (entry, &place) in flat.within.iter().zip(&flat.places) {
            let direct = entry.direct.map_or(0.0, of_core);
            values[place as usize] = entry.through.iter().fold(direct, |sum, way| {
                let through = flat.sums[way.class as usize][way.pair as usize];
                sum + of_core(way.contribution) * through * of_core(way.import)
            });
        }
    }
}

#[inline(always)]
fn put(lane: &Lane, members: usize, places: &[u32], next: usize, values: &mut [f64]) -> usize {
    for (value, &place) in lane.0[..members].iter().zip(&places[next..]) {
        values[place as usize] = *value;
    }
    next + members
}

#[inline(always)]
fn add_totals(sums: &mut [f64], values: &[Lane], members: &Lane) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += total(value, members);
    }
}

#[inline(always)]
fn store(block: &Block, (first, members): (usize, usize), own: &[Lane], rates: &mut [f64]) {
    for (s, &state) in block.kept.iter().enumerate() {
        rates[first + s * members..][..members].copy_from_slice(&own[state as usize].0[..members]);
    }
}

/// The places of a class in the flat vector, and its products with the core.
fn block<C: Class>(
    class: &C,
    core: &Chain,
    core_states: usize,
    kept_by_core: usize,
    contributions: u32,
    variable: &[Option<u32>],
    size: &mut usize,
) -> Block {
    let (states, rows, imports) = (class.states(), class.rows(), class.imports());
    let pattern = class.sparsity();
    let column = |c: u32| match c as usize {
        c if c < states => Column::Variable(c as u32),
        c if c < rows => Column::Row(c as u32),
        c if imports[c - rows].is_some() => Column::Variable((states + c - rows) as u32),
        _ => Column::Ignored,
    };
    let chain = Chain::new(pattern, rows + class.exports().len(), states..rows, column, &[]);
    let kept: Vec<u32> = (0..states as u32)
        .filter(|&s| class.weights()[s as usize] != 0.0 || pattern.columns.contains(&s))
        .collect();
    let place_of = |state: u32| kept.binary_search(&state).ok().map(|k| k as u32);
    let tiles = (0..class.tiles()).map(|tile| {
        let members = class.members(tile).0.iter().filter(|&&m| m > 0.0).count();
        let first = *size;
        *size += kept.len() * members;
        (first, members)
    });
    let tiles: Vec<(usize, usize)> = tiles.collect();

    let (mut own, mut by_core, mut of_core) = (Vec::new(), Vec::new(), Vec::new());
    for (row, &state) in kept.iter().enumerate() {
        let (variables, first) = &chain.rows[state as usize];
        let mut diagonal = false;
        let mut border = vec![Vec::new(); kept_by_core];
        for (k, &v) in variables.iter().enumerate() {
            let total = first + k as u32;
            if (v as usize) < states {
                let Some(column) = place_of(v) else { continue };
                diagonal |= column as usize == row;
                own.push(Own { row: row as u32, column, total: Some(total) });
            } else {
                for (column, through) in by_states(core, core_states, imports[v as usize - states], variable)
                {
                    border[column as usize].push((total, through));
                }
            }
        }
        if !diagonal {
            own.push(Own { row: row as u32, column: row as u32, total: None });
        }
        by_core.extend(borders(border).map(|(column, products)| Border {
            row: row as u32,
            column,
            products,
        }));
    }
    for row in 0..kept_by_core {
        let mut border = vec![Vec::new(); kept.len()];
        let state = variable.iter().position(|&v| v == Some(row as u32)).unwrap_or(usize::MAX);
        for export in 0..class.exports().len() {
            let Some(total) = core.place(state, contributions + export as u32) else { continue };
            let (variables, first) = &chain.rows[rows + export];
            for (k, &v) in variables.iter().enumerate() {
                if let Some(column) = place_of(v).filter(|_| (v as usize) < states) {
                    border[column as usize].push((first + k as u32, total as u32));
                }
            }
        }
        of_core.extend(borders(border).map(|(column, products)| Border {
            row: row as u32,
            column,
            products,
        }));
    }
    let mut needed: Vec<u32> =
        by_core.iter().chain(&of_core).flat_map(|b: &Border| b.products.iter().map(|p| p.0)).collect();
    needed.sort_unstable();
    needed.dedup();
    for border in by_core.iter_mut().chain(&mut of_core) {
        for (member, _) in &mut border.products {
            *member = needed.partition_point(|n| n < member) as u32;
        }
    }
    let border_values = vec![Lane::number(0.0); needed.len() * class.tiles()];
    Block { kept, tiles, chain, own, by_core, of_core, border: needed, border_values }
}

fn borders(border: Vec<Vec<(u32, u32)>>) -> impl Iterator<Item = (u32, Vec<(u32, u32)>)> {
    border.into_iter().enumerate().filter(|(_, products)| !products.is_empty()).map(|(k, p)| (k as u32, p))
}

/// Carried states of the core on which an import depends, with the place of the total.
fn by_states(core: &Chain, states: usize, import: Option<u32>, variable: &[Option<u32>]) -> Vec<(u32, u32)> {
    let Some(row) = import else { return Vec::new() };
    if (row as usize) < states {
        return variable[row as usize].map(|v| (v, ONE)).into_iter().collect();
    }
    let (variables, first) = &core.rows[row as usize];
    variables.iter().enumerate().map(|(k, &v)| (v, first + k as u32)).collect()
}

fn within<C: Class>(
    core: &Chain,
    kept: &[u32],
    classes: &[C],
    contributions: &[u32],
    variable: &[Option<u32>],
    blocks: &[Block],
) -> Vec<Within> {
    let mut entries = Vec::new();
    for (row, &state) in kept.iter().enumerate() {
        let mut list: Vec<(Option<u32>, Vec<Through>)> = kept.iter().map(|_| (None, Vec::new())).collect();
        for (column, (direct, _)) in list.iter_mut().enumerate() {
            *direct = core.place(state as usize, column as u32).map(|place| place as u32);
        }
        for (k, (class, &first)) in classes.iter().zip(contributions).enumerate() {
            let imports = class.imports();
            for export in 0..class.exports().len() {
                let Some(contribution) = core.place(state as usize, first + export as u32) else { continue };
                let read = &blocks[k].chain.rows[class.rows() + export].0;
                let read = read.iter().filter_map(|&v| (v as usize).checked_sub(class.states()));
                for import in read {
                    for (column, through) in by_states(core, variable.len(), imports[import], variable) {
                        list[column as usize].1.push(Through {
                            contribution: contribution as u32,
                            class: k as u32,
                            pair: (export * imports.len() + import) as u32,
                            import: through,
                        });
                    }
                }
            }
        }
        for (column, (direct, through)) in list.into_iter().enumerate() {
            if direct.is_some() || !through.is_empty() || column == row {
                entries.push(Within { row: row as u32, column: column as u32, direct, through });
            }
        }
    }
    entries
}

/// The columns of all entries, and the place of each in the order in which they are computed.
fn lay(size: usize, within: &[Within], blocks: &[Block]) -> (Columns, Vec<u32>) {
    let mut pairs: Vec<(u32, u32)> = within.iter().map(|entry| (entry.column, entry.row)).collect();
    for block in blocks {
        for &(first, members) in &block.tiles {
            let at = |state: u32, lane: usize| (first + state as usize * members + lane) as u32;
            for own in &block.own {
                pairs.extend((0..members).map(|lane| (at(own.column, lane), at(own.row, lane))));
            }
            for border in &block.by_core {
                pairs.extend((0..members).map(|lane| (border.column, at(border.row, lane))));
            }
            for border in &block.of_core {
                pairs.extend((0..members).map(|lane| (at(border.column, lane), border.row)));
            }
        }
    }
    let mut sorted: Vec<u32> = (0..pairs.len() as u32).collect();
    sorted.sort_unstable_by_key(|&k| pairs[k as usize]);
    let mut places = vec![0; pairs.len()];
    let mut starts = vec![0; size + 1];
    let mut rows = Vec::with_capacity(pairs.len());
    for (place, &k) in sorted.iter().enumerate() {
        places[k as usize] = place as u32;
        let (column, row) = pairs[k as usize];
        starts[column as usize + 1] = place + 1;
        rows.push(row as usize);
    }
    (Columns { size, starts, rows }, places)
}
