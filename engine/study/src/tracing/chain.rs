//! Amounts handed on from place to place until they reach an end.
//!
//! # Equations
//! A place `i` hands on what it has to others in proportion to weights `w_ij ≥ 0`:
//! ```text
//! y_i = u_i + Σ_j y_j·w_ji/W_j,   W_j = Σ_k w_jk          u_i: put there, y_i: what passes
//! ```
//! and what the ends receive is asked for. That is the absorbing Markov chain with the transition matrix `w_ij/W_i`. It
//! is solved by elimination of one place after the other:
//! ```text
//! u_j  += u_i·w_ij/W_i                    for every j that i hands on to
//! w_kj += w_ki·w_ij/W_i                   for every k that hands on to i, j ≠ k
//! ```
//! What a place would hand on to itself comes back until it leaves, so it is left out. Nothing is subtracted: no share
//! becomes negative by rounding, and what was put in arrives.
//!
//! A place whose weights are all 0 hands on to the last end.
//!
//! # Source
//! Grassmann, Taksar and Heyman, *Regenerative analysis and steady state distributions for Markov chains*, Operations
//! Research 33 (1985) 1107–1116: elimination without subtraction. That proportional sharing is such a chain:
//! Bialek, *Tracing the flow of electricity*, IEE Proc. Gener. Transm. Distrib. 143 (1996) 313–320; recalled, to verify.
//!
//! # Verified by
//! Hand calculation below.

use std::collections::{BTreeMap, BTreeSet};

/// A weight from a place to a place or an end.
pub(crate) type Edge = usize;

/// Places and ends, and the order in which the places are eliminated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chain {
    /// Number of places; ends follow them in numbering.
    places: usize,
    ends: usize,
    /// Number of weights: those that are set from outside stand first, those that elimination adds behind.
    all: usize,
    pivots: Vec<Pivot>,
    outs: Vec<(u32, u32)>,
    ins: Vec<(u32, u32)>,
    fills: Vec<u32>,
}

/// The elimination of one place.
#[derive(Debug, Clone, Copy)]
struct Pivot {
    place: u32,
    /// Its weights and where they lead; the last leads to the last end.
    outs: (u32, u32),
    /// The weights that lead here, with the first of their new weights.
    ins: (u32, u32),
}

const NOWHERE: u32 = u32::MAX;

impl Chain {
    /// `edges` lead from a place to a place or to an end (`places + k`); each may occur once.
    pub fn new(places: usize, ends: usize, edges: &[(usize, usize)]) -> Self {
        debug_assert!(ends > 0, "what nobody takes needs an end");
        let nobody = places + ends - 1;
        let mut known: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let mut from: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); places];
        let mut into: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); places + ends];
        let mut next = 0u32;
        let mut add = |known: &mut BTreeMap<(usize, usize), u32>, i: usize, j: usize| -> u32 {
            *known.entry((i, j)).or_insert_with(|| {
                next += 1;
                next - 1
            })
        };
        for &(i, j) in edges {
            add(&mut known, i, j);
        }
        for i in 0..places {
            add(&mut known, i, nobody);
        }
        for &(i, j) in known.keys() {
            if i != j {
                from[i].insert(j);
                into[j].insert(i);
            }
        }
        let mut chain = Chain { places, ends, ..Chain::default() };
        let mut left: BTreeSet<usize> = (0..places).collect();
        while let Some(&place) = left.iter().min_by_key(|&&k| (from[k].len() * into[k].len(), k)) {
            left.remove(&place);
            let mut targets: Vec<usize> = from[place].iter().copied().filter(|&j| j != nobody).collect();
            targets.push(nobody);
            let first_out = chain.outs.len() as u32;
            for &j in &targets {
                chain.outs.push((add(&mut known, place, j), j as u32));
            }
            let first_in = chain.ins.len() as u32;
            for k in std::mem::take(&mut into[place]) {
                chain.ins.push((add(&mut known, k, place), chain.fills.len() as u32));
                from[k].remove(&place);
                for &j in &targets {
                    if j == k {
                        chain.fills.push(NOWHERE);
                        continue;
                    }
                    chain.fills.push(add(&mut known, k, j));
                    from[k].insert(j);
                    into[j].insert(k);
                }
            }
            for &j in &targets {
                into[j].remove(&place);
            }
            chain.pivots.push(Pivot {
                place: place as u32,
                outs: (first_out, chain.outs.len() as u32),
                ins: (first_in, chain.ins.len() as u32),
            });
        }
        chain.all = known.len();
        chain
    }

    /// Working space for the weights.
    pub fn weights(&self) -> Vec<f64> {
        vec![0.0; self.all]
    }

    /// Working space for the amounts, of places and ends.
    pub fn amounts<const K: usize>(&self) -> Vec<[f64; K]> {
        vec![[0.0; K]; self.places + self.ends]
    }

    /// Hands all amounts on to the ends. The weights are of no use afterwards; those that were not set
    /// must be 0 before, see [`Chain::clear`].
    pub fn pass<const K: usize>(&self, weights: &mut [f64], amounts: &mut [[f64; K]]) {
        for pivot in &self.pivots {
            let outs = &self.outs[pivot.outs.0 as usize..pivot.outs.1 as usize];
            let mut total: f64 = outs.iter().map(|&(weight, _)| weights[weight as usize]).sum();
            if let (true, Some(&(nobody, _))) = (total <= 0.0, outs.last()) {
                weights[nobody as usize] = 1.0;
                total = 1.0;
            }
            let here = std::mem::replace(&mut amounts[pivot.place as usize], [0.0; K]);
            for &(weight, to) in outs {
                let share = weights[weight as usize] / total;
                if share > 0.0 {
                    let there = &mut amounts[to as usize];
                    there.iter_mut().zip(&here).for_each(|(there, here)| *there += here * share);
                }
            }
            for &(weight, fills) in &self.ins[pivot.ins.0 as usize..pivot.ins.1 as usize] {
                let through = weights[weight as usize] / total;
                if through > 0.0 {
                    let fills = &self.fills[fills as usize..];
                    for (&(weight, _), &fill) in outs.iter().zip(fills) {
                        if fill != NOWHERE {
                            weights[fill as usize] += through * weights[weight as usize];
                        }
                    }
                }
            }
        }
    }

    /// Sets all weights to 0.
    pub fn clear(&self, weights: &mut [f64]) {
        weights.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(places: usize, ends: usize, edges: &[(usize, usize, f64)], put: &[f64]) -> Vec<f64> {
        let pattern: Vec<(usize, usize)> = edges.iter().map(|&(i, j, _)| (i, j)).collect();
        let chain = Chain::new(places, ends, &pattern);
        let mut weights = chain.weights();
        weights.iter_mut().zip(edges).for_each(|(w, e)| *w = e.2);
        let mut amounts = chain.amounts::<1>();
        amounts.iter_mut().zip(put).for_each(|(a, &p)| a[0] = p);
        chain.pass(&mut weights, &mut amounts);
        amounts.iter().map(|a| a[0]).collect()
    }

    #[test]
    fn a_place_hands_on_in_proportion_to_its_weights() {
        // 12 by 1 : 3 is 3 and 9
        assert_eq!(passed(1, 3, &[(0, 1, 10.0), (0, 2, 30.0)], &[12.0]), [0.0, 3.0, 9.0, 0.0]);
    }

    #[test]
    fn what_comes_back_leaves_in_the_end() {
        // Place 0 hands half to place 1, which hands all of it back: everything leaves by 0's other half.
        let found = passed(2, 2, &[(0, 1, 1.0), (0, 2, 1.0), (1, 0, 5.0)], &[7.0, 1.0]);
        assert_eq!(found, [0.0, 0.0, 8.0, 0.0]);
    }

    #[test]
    fn two_places_that_feed_each_other_agree_with_the_linear_system() {
        // y0 = 10 + 0.5·y1, y1 = 4 + 0.25·y0  →  y0 = 12/0.875, y1 = 4 + 0.25·y0
        // ends: 0.75·y0 and 0.5·y1
        let edges = [(0, 1, 1.0), (0, 2, 3.0), (1, 0, 2.0), (1, 3, 2.0)];
        let found = passed(2, 3, &edges, &[10.0, 4.0]);
        let y0 = 12.0 / 0.875;
        assert!((found[2] - 0.75 * y0).abs() < 1e-14 * y0);
        assert!((found[3] - 0.5 * (4.0 + 0.25 * y0)).abs() < 1e-14 * y0);
        assert_eq!(found[4], 0.0);
    }

    #[test]
    fn without_weights_nobody_gets_it_and_a_circle_without_exit_does_not_hang() {
        assert_eq!(passed(1, 2, &[(0, 1, 0.0)], &[3.0]), [0.0, 0.0, 3.0]);
        let found = passed(2, 2, &[(0, 1, 1.0), (1, 0, 1.0)], &[3.0, 2.0]);
        assert_eq!(found, [0.0, 0.0, 0.0, 5.0]);
    }

    #[test]
    fn random_chains_lose_nothing_and_no_share_is_negative() {
        let mut seed = 1u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        for _ in 0..200 {
            let (places, ends) = (1 + (random() * 12.0) as usize, 1 + (random() * 4.0) as usize);
            let mut edges = BTreeMap::new();
            for _ in 0..3 * places {
                let from = (random() * places as f64) as usize;
                let to = (random() * (places + ends) as f64) as usize;
                edges.insert((from, to), if random() < 0.2 { 0.0 } else { random() * 1e9 });
            }
            let edges: Vec<_> = edges.into_iter().map(|((i, j), w)| (i, j, w)).collect();
            let put: Vec<f64> = (0..places).map(|_| random()).collect();
            let found = passed(places, ends, &edges, &put);
            let (given, arrived): (f64, f64) = (put.iter().sum(), found[places..].iter().sum());
            assert!((given - arrived).abs() <= 1e-13 * given, "{given} {arrived}");
            assert!(found.iter().all(|&amount| amount >= 0.0));
            assert!(found[..places].iter().all(|&amount| amount == 0.0));
        }
    }
}
