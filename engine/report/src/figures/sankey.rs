//! Flows between columns of nodes, as wide as they are large.

use super::svg::{Anchor, COLOURS, FAINT, PLAIN, SMALL, Svg, n};
use super::{About, Drawing};

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its column, from the left.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// Its amount, as it is read.
    pub amount: String,
    /// Whether what reaches it is of use to someone.
    pub useful: bool,
}

/// A flow between two nodes, by their indices; `from` stands further left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Whence.
    pub from: usize,
    /// Whither.
    pub to: usize,
    /// How much; not negative.
    pub value: f64,
}

/// Nodes and the flows between them.
#[derive(Debug, Clone, Default)]
pub struct Sankey {
    /// The nodes, of each column from the top.
    pub nodes: Vec<Node>,
    /// The flows.
    pub flows: Vec<Flow>,
}

impl Sankey {
    /// What flows into a node, and out of it.
    pub fn throughput(&self, node: usize) -> (f64, f64) {
        let sum = |of: &dyn Fn(&Flow) -> bool| self.flows.iter().filter(|f| of(f)).map(|f| f.value).sum();
        (sum(&|f| f.to == node), sum(&|f| f.from == node))
    }
}

/// Draws it; heads stand above the columns.
pub fn sankey(about: About, of: &Sankey, heads: &[String]) -> Drawing {
    let (width, height, top) = (760.0, 440.0, 44.0);
    let mut svg = Svg::new(about.id, width, height);
    let columns = of.nodes.iter().map(|node| node.column).max().unwrap_or(0) + 1;
    let size: Vec<f64> = (0..of.nodes.len())
        .map(|k| {
            let (within, out) = of.throughput(k);
            within.max(out)
        })
        .collect();
    let members = |column: usize| (0..of.nodes.len()).filter(move |&k| of.nodes[k].column == column);
    const GAP: f64 = 34.0;
    const THICK: f64 = 14.0;
    let most = (0..columns).map(|c| members(c).map(|k| size[k]).sum::<f64>()).fold(0.0, f64::max);
    let crowd = (0..columns).map(|c| members(c).count()).max().unwrap_or(1);
    let room = height - top - 24.0 - GAP * (crowd as f64 - 1.0);
    let scale = if most > 0.0 { room.max(60.0) / most } else { 0.0 };
    // The last column leaves room for its words.
    let spread = (width - 40.0 - 176.0 - THICK) / (columns.max(2) - 1) as f64;
    let x = |column: usize| 20.0 + spread * column as f64;
    let mut y = vec![0.0; of.nodes.len()];
    for column in 0..columns {
        let tall: f64 = members(column).map(|k| size[k] * scale).sum();
        let gaps = GAP * (members(column).count() as f64 - 1.0).max(0.0);
        let mut at = top + ((height - top - 14.0 - tall - gaps) / 2.0).max(0.0);
        for k in members(column) {
            y[k] = at;
            at += size[k] * scale + GAP;
        }
    }
    let (mut out, mut within) = (y.clone(), y.clone());
    // Flows leave a node in the order in which they arrive, from the top, so that they cross as little as possible.
    let mut order: Vec<&Flow> = of.flows.iter().collect();
    order.sort_by(|a, b| {
        (of.nodes[a.from].column, a.from, a.to).cmp(&(of.nodes[b.from].column, b.from, b.to))
    });
    for flow in order {
        let thick = flow.value * scale;
        let (x0, x1) = (x(of.nodes[flow.from].column) + THICK, x(of.nodes[flow.to].column));
        let (y0, y1) = (out[flow.from], within[flow.to]);
        out[flow.from] += thick;
        within[flow.to] += thick;
        let middle = (x0 + x1) / 2.0;
        let path = format!(
            "M{x0} {y0}C{m} {y0} {m} {y1} {x1} {y1}V{b1}C{m} {b1} {m} {b0} {x0} {b0}z",
            x0 = n(x0),
            x1 = n(x1),
            m = n(middle),
            y0 = n(y0),
            y1 = n(y1),
            b0 = n(y0 + thick.max(0.6)),
            b1 = n(y1 + thick.max(0.6)),
        );
        let colour = match of.nodes[flow.from].column {
            0 => COLOURS[0],
            1 => COLOURS[1],
            _ if of.nodes[flow.to].useful => COLOURS[2],
            _ => COLOURS[5],
        };
        svg.path(&path, colour, 0.42, false);
    }
    for (k, node) in of.nodes.iter().enumerate() {
        let left = x(node.column);
        svg.rect(left, y[k], THICK, (size[k] * scale).max(1.0), FAINT);
        let words = left + THICK + 6.0;
        let at = y[k] + (size[k] * scale / 2.0).max(2.0);
        svg.text_over(words, at - 2.0, PLAIN, &node.name);
        svg.text_over(words, at + 12.0, SMALL, &node.amount);
    }
    for (column, head) in heads.iter().enumerate() {
        svg.text(x(column), 20.0, Anchor::Start, SMALL, head);
    }
    about.finish(svg)
}
