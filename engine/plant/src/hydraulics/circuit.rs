//! The graph of a circuit: links in series become one branch, exactly.

use super::elimination::Elimination;
use super::law::{Law, Loss};

/// An element, or several equal ones in parallel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Element {
    /// Head loss over flow, of one unit.
    pub law: Law,
    /// Index of its control, if it has one.
    pub control: Option<usize>,
    /// Equal units that share the flow.
    pub units: f64,
}

/// An element between two nodes; flow and loss count from the first to the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What it is.
    pub element: Element,
}

/// What is known of a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Its head is given [Pa]: an expansion vessel, a reservoir.
    Held(f64),
    /// Its flows balance with what is supplied from outside [m³/s], 0 in a closed circuit.
    Balanced(f64),
}

/// Why links are no circuit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CircuitError {
    /// What is supplied has nowhere to go.
    #[error("{supply:e} m³/s are supplied to a part without a given head: what enters must leave")]
    Unbalanced {
        /// Sum of what is supplied to the part [m³/s].
        supply: f64,
    },
    /// A link names a node that does not exist.
    #[error("link {link} ends at a node that does not exist")]
    NoNode {
        /// Its index.
        link: usize,
    },
}

/// Links in series.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    pub from: usize,
    pub to: usize,
    /// Its links, with −1 where one is passed backwards.
    pub links: Vec<(usize, f64)>,
    /// Flow at which the smallest of its links is rated [m³/s].
    pub design: f64,
}

/// A circuit ready to be solved.
#[derive(Debug, Clone)]
pub struct Circuit {
    pub(super) elements: Vec<Element>,
    pub(super) branches: Vec<Branch>,
    /// Branch of each link and its direction in it.
    pub(super) place: Vec<(usize, f64)>,
    /// Given heads [Pa], 0 elsewhere.
    pub(super) heads: Vec<f64>,
    /// Supply from outside [m³/s].
    pub(super) supply: Vec<f64>,
    pub(super) elimination: Elimination,
    /// Free nodes from the ends of a spanning tree inwards, with the branch that leads on.
    pub(super) tree: Vec<(usize, usize)>,
    /// Branches at each node, +1 where they begin.
    pub(super) at: Vec<Vec<(usize, f64)>>,
    /// Largest of the pressures at which its links are rated [Pa].
    pub(super) rated: f64,
    /// Where the iteration starts.
    pub(super) start: Option<Vec<f64>>,
}

impl Circuit {
    /// From links between nodes. A connected part without a given head gets one, 0 Pa at its first node.
    ///
    /// # Errors
    /// Links that end nowhere; supplies that cannot leave.
    pub fn new(nodes: &[Node], links: &[Link]) -> Result<Self, CircuitError> {
        if let Some(link) = links.iter().position(|l| l.from.max(l.to) >= nodes.len()) {
            return Err(CircuitError::NoNode { link });
        }
        let mut held: Vec<bool> = nodes.iter().map(|n| matches!(n, Node::Held(_))).collect();
        let given = |n: &Node| if let Node::Held(head) = *n { head } else { 0.0 };
        let supplied = |n: &Node| if let Node::Balanced(supply) = *n { supply } else { 0.0 };
        let heads: Vec<f64> = nodes.iter().map(given).collect();
        let supply: Vec<f64> = nodes.iter().map(supplied).collect();
        let parts = Parts::new(nodes.len(), links.iter().map(|l| (l.from, l.to)));
        for part in 0..nodes.len() {
            let members = || (0..nodes.len()).filter(|&k| parts.of[k] == part);
            if parts.of[part] != part || members().any(|k| held[k]) {
                continue;
            }
            let sum: f64 = members().map(|k| supply[k]).sum();
            let most = members().fold(0.0f64, |m, k| m.max(supply[k].abs()));
            if sum.abs() > 1e-9 * most {
                return Err(CircuitError::Unbalanced { supply: sum });
            }
            held[part] = true;
        }
        let elements: Vec<Element> = links.iter().map(|l| l.element).collect();
        let branches = in_series(&held, &supply, links);
        let mut place = vec![(0, 1.0); links.len()];
        let mut at = vec![Vec::new(); nodes.len()];
        for (k, branch) in branches.iter().enumerate() {
            branch.links.iter().for_each(|&(link, sign)| place[link] = (k, sign));
            if branch.from != branch.to {
                at[branch.from].push((k, 1.0));
                at[branch.to].push((k, -1.0));
            }
        }
        // Inner nodes of branches have no equation of their own.
        for (held, at) in held.iter_mut().zip(&at) {
            *held |= at.is_empty();
        }
        let ends: Vec<(usize, usize)> = branches.iter().map(|b| (b.from, b.to)).collect();
        let elimination = Elimination::new(&held, &ends);
        let tree = spanning_tree(&held, &branches, &elements, &at);
        let rated = elements.iter().map(|e| e.law.design_pressure()).fold(0.0, f64::max);
        Ok(Circuit { elements, branches, place, heads, supply, elimination, tree, at, rated, start: None })
    }

    /// Number of branches: links in series counted once.
    pub fn branches(&self) -> usize {
        self.branches.len()
    }

    /// The branch of a link, and −1 where the link is passed backwards by the branch's flow.
    pub fn place(&self, link: usize) -> (usize, f64) {
        self.place[link]
    }

    /// Loss of a link with its whole flow, and its slopes by that flow and by its control.
    pub fn loss(&self, link: usize, flow: f64, controls: &[f64]) -> Loss {
        let element = &self.elements[link];
        let control = element.control.and_then(|k| controls.get(k)).copied().unwrap_or(1.0);
        let of = element.law.loss(flow / element.units, control);
        Loss { by_flow: of.by_flow / element.units, ..of }
    }
}

/// The way from a node to each other along links, with −1 where one is passed backwards; empty where none leads. Links that
/// may close are taken only where no other leads on: behind a shut one a small leak makes up a large pressure.
pub fn ways(from: usize, nodes: usize, links: &[Link]) -> Vec<Vec<(usize, f64)>> {
    let may_close = |k: usize| !matches!(links[k].element.law, Law::Resistance { .. } | Law::Pump { .. });
    let mut ways: Vec<Option<Vec<(usize, f64)>>> = vec![None; nodes];
    ways[from] = Some(Vec::new());
    loop {
        let next = [false, true].into_iter().find_map(|closing| {
            let mut candidates = (0..links.len()).filter(|&k| may_close(k) == closing);
            candidates.find_map(|k| {
                let Link { from, to, .. } = links[k];
                match (&ways[from], &ways[to]) {
                    (Some(way), None) => Some((to, way, (k, 1.0))),
                    (None, Some(way)) => Some((from, way, (k, -1.0))),
                    _ => None,
                }
            })
        });
        let Some((node, way, step)) = next else { break };
        ways[node] = Some(way.iter().copied().chain([step]).collect());
    }
    ways.into_iter().map(Option::unwrap_or_default).collect()
}

/// Merges links that meet at a node with nothing else.
fn in_series(held: &[bool], supply: &[f64], links: &[Link]) -> Vec<Branch> {
    let mut branches: Vec<Option<Branch>> = (links.iter().enumerate())
        .map(|(k, l)| {
            let design = l.element.units * l.element.law.design_flow();
            Some(Branch { from: l.from, to: l.to, links: vec![(k, 1.0)], design })
        })
        .collect();
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); held.len()];
    for (k, l) in links.iter().enumerate() {
        at[l.from].push(k);
        at[l.to].push(k);
    }
    for node in 0..held.len() {
        let [first, second] = at[node][..] else { continue };
        if held[node] || supply[node] != 0.0 || first == second {
            continue;
        }
        let (Some(mut a), Some(mut b)) = (branches[first].take(), branches[second].take()) else { continue };
        // Turn both so that the first ends at the node and the second begins there.
        for (branch, here) in [(&mut a, true), (&mut b, false)] {
            if (branch.to == node) != here {
                (branch.from, branch.to) = (branch.to, branch.from);
                branch.links.reverse();
                branch.links.iter_mut().for_each(|l| l.1 = -l.1);
            }
        }
        a.links.extend(b.links);
        let mut joined = Branch { from: a.from, to: b.to, links: a.links, design: a.design.min(b.design) };
        if joined.links[0].1 < 0.0 {
            (joined.from, joined.to) = (joined.to, joined.from);
            joined.links.reverse();
            joined.links.iter_mut().for_each(|l| l.1 = -l.1);
        }
        at[b.to].iter_mut().filter(|k| **k == second).for_each(|k| *k = first);
        at[node].clear();
        branches[first] = Some(joined);
    }
    branches.into_iter().flatten().collect()
}

/// Free nodes, the outermost first, with the branch towards the held ones. Branches that may close are left out
/// where others do, so that a small flow is not found as a difference of large ones.
fn spanning_tree(
    held: &[bool],
    branches: &[Branch],
    elements: &[Element],
    at: &[Vec<(usize, f64)>],
) -> Vec<(usize, usize)> {
    let may_close = |k: usize| {
        let check =
            |l: &(usize, f64)| !matches!(elements[l.0].law, Law::Resistance { .. } | Law::Pump { .. });
        branches[k].links.iter().any(check)
    };
    let mut reached = held.to_vec();
    let mut tree = Vec::new();
    loop {
        let next = [false, true].into_iter().find_map(|closing| {
            (0..held.len()).filter(|&node| !reached[node]).find_map(|node| {
                let mut around = at[node].iter().filter(|&&(k, _)| may_close(k) == closing);
                let leads = |&&(k, sign): &&(usize, f64)| {
                    reached[if sign > 0.0 { branches[k].to } else { branches[k].from }]
                };
                around.find(leads).map(|&(k, _)| (node, k))
            })
        });
        let Some((node, branch)) = next else { break };
        reached[node] = true;
        tree.push((node, branch));
    }
    tree.reverse();
    tree
}

/// Connected parts: each node's smallest fellow.
struct Parts {
    of: Vec<usize>,
}

impl Parts {
    fn new(nodes: usize, links: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut of: Vec<usize> = (0..nodes).collect();
        loop {
            let mut changed = false;
            for (a, b) in links.clone() {
                let least = of[a].min(of[b]);
                changed |= of[a] != least || of[b] != least;
                (of[a], of[b]) = (least, least);
            }
            if !changed {
                return Parts { of };
            }
        }
    }
}
