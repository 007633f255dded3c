//! The chain rule through algebraic rows, compiled once.
//!
//! A system's rows are states and algebraic values, each with its partial derivatives by all rows. Solvers
//! that know only states want the total derivatives by the states. They are sums of products along the
//! rows' order of evaluation; which products is found once, so that an evaluation is two flat lists.

use solver::Sparsity;
use std::collections::BTreeMap;
use std::ops::{Add, Mul};

/// Total derivatives of rows by *variables*: the states, then whatever else is given from outside.
pub struct Chain {
    /// (total, partial): total += partial.
    adds: Vec<(u32, u32)>,
    /// (total, partial, total of an earlier row): total += partial · earlier total.
    products: Vec<(u32, u32, u32)>,
    /// For each row: where its additions and products end.
    ends: Vec<(u32, u32)>,
    /// Variables of each row, ascending, and the place of the first of them among the totals.
    pub rows: Vec<(Vec<u32>, u32)>,
    /// Number of totals.
    pub totals: usize,
    /// Totals that are 1: a row that is a variable of its own.
    ones: Vec<u32>,
}

/// What a column of the pattern is.
#[derive(Clone, Copy)]
pub enum Column {
    /// A variable.
    Variable(u32),
    /// An algebraic row.
    Row(u32),
    /// Nothing that derivatives are wanted by.
    Ignored,
}

impl Chain {
    /// `own` gives variables that enter a row directly with factor 1, besides the pattern's entries.
    pub fn new(
        pattern: &Sparsity,
        rows: usize,
        algebraic: std::ops::Range<usize>,
        column: impl Fn(u32) -> Column,
        own: &[(u32, u32)],
    ) -> Chain {
        // Algebraic rows in an order in which each comes after those it reads, then all others.
        let mut order = Vec::with_capacity(rows);
        let mut seen = vec![false; rows];
        for row in algebraic.clone() {
            visit(pattern, &column, row as u32, &mut seen, &mut order);
        }
        order.extend((0..rows as u32).filter(|&row| !algebraic.contains(&(row as usize))));

        let mut chain = Chain {
            adds: Vec::new(),
            products: Vec::new(),
            ends: Vec::new(),
            rows: vec![(Vec::new(), 0); rows],
            totals: 0,
            ones: Vec::new(),
        };
        for &row in &order {
            let mut terms: BTreeMap<u32, (Vec<u32>, Vec<(u32, u32)>)> = BTreeMap::new();
            for entry in pattern.range(row as usize) {
                match column(pattern.columns[entry]) {
                    Column::Variable(variable) => terms.entry(variable).or_default().0.push(entry as u32),
                    Column::Row(read) => {
                        let (variables, first) = &chain.rows[read as usize];
                        for (k, &variable) in variables.iter().enumerate() {
                            let product = (entry as u32, first + k as u32);
                            terms.entry(variable).or_default().1.push(product);
                        }
                    }
                    Column::Ignored => {}
                }
            }
            let first = chain.totals as u32;
            let given: Vec<u32> =
                own.iter().filter(|(of, _)| *of == row).map(|&(_, variable)| variable).collect();
            for &variable in &given {
                terms.entry(variable).or_default();
            }
            let mut variables = Vec::with_capacity(terms.len());
            for (k, (variable, (adds, products))) in terms.into_iter().enumerate() {
                let total = first + k as u32;
                if given.contains(&variable) {
                    chain.ones.push(total);
                }
                chain.adds.extend(adds.into_iter().map(|entry| (total, entry)));
                chain.products.extend(products.into_iter().map(|(entry, earlier)| (total, entry, earlier)));
                variables.push(variable);
            }
            chain.totals += variables.len();
            chain.rows[row as usize] = (variables, first);
            chain.ends.push((chain.adds.len() as u32, chain.products.len() as u32));
        }
        chain
    }

    /// The totals from the partial derivatives.
    #[inline(always)]
    pub fn evaluate<T: Copy + Add<Output = T> + Mul<Output = T>>(
        &self,
        partials: &[T],
        totals: &mut [T],
        zero: T,
        one: T,
    ) {
        totals.fill(zero);
        for &total in &self.ones {
            totals[total as usize] = one;
        }
        let (mut add, mut product) = (0, 0);
        for &(add_end, product_end) in &self.ends {
            for &(total, entry) in &self.adds[add..add_end as usize] {
                totals[total as usize] = totals[total as usize] + partials[entry as usize];
            }
            for &(total, entry, earlier) in &self.products[product..product_end as usize] {
                totals[total as usize] =
                    totals[total as usize] + partials[entry as usize] * totals[earlier as usize];
            }
            (add, product) = (add_end as usize, product_end as usize);
        }
    }

    /// The place of the total of `row` by `variable`, if there is one.
    pub fn place(&self, row: usize, variable: u32) -> Option<usize> {
        let (variables, first) = &self.rows[row];
        variables.binary_search(&variable).ok().map(|k| *first as usize + k)
    }
}

fn visit(
    pattern: &Sparsity,
    column: &impl Fn(u32) -> Column,
    row: u32,
    seen: &mut [bool],
    order: &mut Vec<u32>,
) {
    if std::mem::replace(&mut seen[row as usize], true) {
        return;
    }
    for &of in pattern.row(row as usize) {
        if let Column::Row(read) = column(of) {
            visit(pattern, column, read, seen, order);
        }
    }
    order.push(row);
}
