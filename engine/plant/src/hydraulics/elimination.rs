//! Heads of a network of conductances, by eliminating one node after the other.
//!
//! # Equations
//! `Σ_j c_kj·(H_k − H_j) = b_k` at every free node, `H` given at the held ones. Eliminating node `k` joins its
//! neighbours with `c_ki·c_kj/d_k`, `d_k = Σ_j c_kj` (star to mesh), and passes `b_k·c_kj/d_k` on to them.
//!
//! # Assumptions
//! Every connected part has a held node. Only positive numbers are added and none is subtracted, so that
//! closed valves beside open ones cost no digits.
//!
//! # Source
//! Grassmann, Taksar & Heyman (1985), *Operations Research* 33(5), elimination without subtraction; order of
//! smallest degree: Tinney & Walker (1967), scheme 2. Recalled, to verify.

/// The order, and where every number goes; found once.
#[derive(Debug, Clone)]
pub(super) struct Elimination {
    /// Eliminated nodes with their neighbours among later and held nodes: (node, place of the conductance).
    rows: Vec<(usize, Vec<(usize, usize)>)>,
    /// For each row, where the pairs of neighbours are joined; `None` between held nodes.
    fills: Vec<Vec<Option<usize>>>,
    /// Where the conductance of each branch is added; `None` for one without effect.
    places: Vec<Option<usize>>,
    conductances: usize,
}

/// Numbers of one elimination.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    conductances: Vec<f64>,
    sums: Vec<f64>,
}

impl Elimination {
    /// Finds the order for branches between nodes of which some are held.
    pub fn new(held: &[bool], branches: &[(usize, usize)]) -> Self {
        let mut table: std::collections::BTreeMap<(usize, usize), usize> = std::collections::BTreeMap::new();
        let mut neighbours = vec![std::collections::BTreeSet::new(); held.len()];
        let mut join = |a: usize, b: usize, neighbours: &mut Vec<std::collections::BTreeSet<usize>>| {
            if a == b || (held[a] && held[b]) {
                return None;
            }
            neighbours[a].insert(b);
            neighbours[b].insert(a);
            let next = table.len();
            Some(*table.entry((a.min(b), a.max(b))).or_insert(next))
        };
        let places = branches.iter().map(|&(a, b)| join(a, b, &mut neighbours)).collect();
        let mut open: Vec<usize> = (0..held.len()).filter(|&k| !held[k]).collect();
        let (mut rows, mut fills) = (Vec::new(), Vec::new());
        while let Some(at) = (0..open.len()).min_by_key(|&at| (neighbours[open[at]].len(), open[at])) {
            let node = open.swap_remove(at);
            let around: Vec<usize> = std::mem::take(&mut neighbours[node]).into_iter().collect();
            for &other in &around {
                neighbours[other].remove(&node);
            }
            let mut fill = Vec::new();
            for (k, &a) in around.iter().enumerate() {
                fill.extend(around[k + 1..].iter().map(|&b| join(a, b, &mut neighbours)));
            }
            let row = around.iter().map(|&other| (other, join(node, other, &mut neighbours).unwrap_or(0)));
            let row: Vec<(usize, usize)> = row.collect();
            for &other in &around {
                neighbours[other].remove(&node);
            }
            neighbours[node].clear();
            rows.push((node, row));
            fills.push(fill);
        }
        Elimination { rows, fills, places, conductances: table.len() }
    }

    /// Eliminates with the conductance of every branch.
    pub fn factor(&self, of_branches: &[f64], factor: &mut Factor) {
        factor.conductances.clear();
        factor.conductances.resize(self.conductances, 0.0);
        factor.sums.clear();
        let c = &mut factor.conductances;
        for (place, conductance) in self.places.iter().zip(of_branches) {
            if let Some(place) = *place {
                c[place] += conductance;
            }
        }
        for ((_, row), fill) in self.rows.iter().zip(&self.fills) {
            let sum: f64 = row.iter().map(|&(_, place)| c[place]).sum();
            let mut fill = fill.iter();
            for (k, &(_, first)) in row.iter().enumerate() {
                for &(_, second) in &row[k + 1..] {
                    if let Some(Some(place)) = fill.next() {
                        c[*place] += c[first] / sum * c[second];
                    }
                }
            }
            factor.sums.push(sum);
        }
    }

    /// Heads from what flows into every node; `heads` holds those of the held nodes and takes the others.
    pub fn solve(&self, factor: &Factor, inflow: &mut [f64], heads: &mut [f64]) {
        let c = &factor.conductances;
        for ((node, row), sum) in self.rows.iter().zip(&factor.sums) {
            for &(other, place) in row {
                inflow[other] += inflow[*node] * (c[place] / sum);
            }
        }
        for ((node, row), sum) in self.rows.iter().zip(&factor.sums).rev() {
            let around: f64 = row.iter().map(|&(other, place)| c[place] * heads[other]).sum();
            heads[*node] = (inflow[*node] + around) / sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_of_conductances_takes_the_heads_of_its_equations() {
        // held node 0 at 10; a wheel of five nodes: every free node's balance must hold
        let branches = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (3, 4), (2, 4), (4, 0)];
        let conductances = [1.0, 2.0, 0.5, 3.0, 1e-9, 7.0, 4.0, 1e3];
        let held = [true, false, false, false, false];
        let elimination = Elimination::new(&held, &branches);
        let mut factor = Factor::default();
        elimination.factor(&conductances, &mut factor);
        let wanted = [0.0, 1.0, -2.0, 0.5, 3.0];
        let (mut inflow, mut heads) = (wanted, [10.0, 0.0, 0.0, 0.0, 0.0]);
        elimination.solve(&factor, &mut inflow, &mut heads);
        for (node, wanted) in wanted.into_iter().enumerate().skip(1) {
            let mut out = 0.0;
            for (&(a, b), c) in branches.iter().zip(conductances) {
                let flow = c * (heads[a] - heads[b]);
                out += if a == node { flow } else { 0.0 } - if b == node { flow } else { 0.0 };
            }
            assert!((out - wanted).abs() < 1e-11, "{node}: {out}");
        }
    }

    #[test]
    fn a_part_behind_closed_valves_keeps_its_digits() {
        // 0 –1e-12– 1 –1e6– 2 –1e-12– 0 (held at 8): both float to 8 to the last digits
        let elimination = Elimination::new(&[true, false, false], &[(0, 1), (1, 2), (2, 0)]);
        let mut factor = Factor::default();
        elimination.factor(&[1e-12, 1e6, 1e-12], &mut factor);
        let mut heads = [8.0, 0.0, 0.0];
        elimination.solve(&factor, &mut [0.0; 3], &mut heads);
        assert!((heads[1] - 8.0).abs() < 1e-14 && (heads[2] - 8.0).abs() < 1e-14, "{heads:?}");
    }
}
