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

/// Where nodes and flows lie, for whoever draws them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Laid {
    /// Of each node its left edge, top, width and height.
    pub nodes: Vec<[f64; 4]>,
    /// The flows, those that leave the first columns first.
    pub ribbons: Vec<Ribbon>,
}

/// A flow as it is drawn: level at both ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ribbon {
    /// Index into the flows.
    pub flow: usize,
    /// Left end: x and upper edge.
    pub from: [f64; 2],
    /// Right end: x and upper edge.
    pub to: [f64; 2],
    /// How wide it is.
    pub thick: f64,
}

/// The room that a diagram has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge of the first column, and right edge of the last.
    pub x: [f64; 2],
    /// Upper and lower edge.
    pub y: [f64; 2],
    /// Between two nodes of a column.
    pub gap: f64,
    /// Width of a node.
    pub thick: f64,
}

/// Free below the largest column.
const SPARE: f64 = 10.0;

/// Lays nodes and flows out: columns at equal distances, each in the middle of the height, all on one scale.
#[must_use]
pub fn lay(of: &Sankey, frame: Frame) -> Laid {
    let columns = of.nodes.iter().map(|node| node.column).max().unwrap_or(0) + 1;
    let size: Vec<f64> = (0..of.nodes.len())
        .map(|k| {
            let (within, out) = of.throughput(k);
            within.max(out)
        })
        .collect();
    let members = |column: usize| (0..of.nodes.len()).filter(move |&k| of.nodes[k].column == column);
    let [top, bottom] = frame.y;
    let most = (0..columns).map(|c| members(c).map(|k| size[k]).sum::<f64>()).fold(0.0, f64::max);
    let crowd = (0..columns).map(|c| members(c).count()).max().unwrap_or(1);
    // The largest column does not reach the edge.
    let room = bottom - top - SPARE - frame.gap * (crowd as f64 - 1.0);
    let scale = if most > 0.0 { room.max(60.0) / most } else { 0.0 };
    let spread = (frame.x[1] - frame.x[0] - frame.thick) / (columns.max(2) - 1) as f64;
    let x = |column: usize| frame.x[0] + spread * column as f64;
    let mut y = vec![0.0; of.nodes.len()];
    for column in 0..columns {
        let tall: f64 = members(column).map(|k| size[k] * scale).sum();
        let gaps = frame.gap * (members(column).count() as f64 - 1.0).max(0.0);
        let mut at = top + ((bottom - top - tall - gaps) / 2.0).max(0.0);
        for k in members(column) {
            y[k] = at;
            at += size[k] * scale + frame.gap;
        }
    }
    let (mut out, mut within) = (y.clone(), y.clone());
    // Flows leave a node in the order in which they arrive, from the top, so that they cross as little as possible.
    let mut order: Vec<usize> = (0..of.flows.len()).collect();
    order.sort_by_key(|&k| (of.nodes[of.flows[k].from].column, of.flows[k].from, of.flows[k].to));
    let mut ribbons = Vec::with_capacity(order.len());
    for k in order {
        let flow = &of.flows[k];
        let thick = flow.value * scale;
        let from = [x(of.nodes[flow.from].column) + frame.thick, out[flow.from]];
        let to = [x(of.nodes[flow.to].column), within[flow.to]];
        out[flow.from] += thick;
        within[flow.to] += thick;
        ribbons.push(Ribbon { flow: k, from, to, thick });
    }
    let node = |k: usize| [x(of.nodes[k].column), y[k], frame.thick, (size[k] * scale).max(1.0)];
    Laid { nodes: (0..of.nodes.len()).map(node).collect(), ribbons }
}

/// Draws it; heads stand above the columns.
pub fn sankey(about: About, of: &Sankey, heads: &[String]) -> Drawing {
    let (width, height, top) = (760.0, 440.0, 44.0);
    let mut svg = Svg::new(about.id, width, height);
    // The last column leaves room for its words.
    let frame = Frame { x: [20.0, width - 196.0], y: [top, height - 14.0], gap: 34.0, thick: 14.0 };
    let laid = lay(of, frame);
    for ribbon in &laid.ribbons {
        let flow = &of.flows[ribbon.flow];
        let ([x0, y0], [x1, y1]) = (ribbon.from, ribbon.to);
        let middle = (x0 + x1) / 2.0;
        let path = format!(
            "M{x0} {y0}C{m} {y0} {m} {y1} {x1} {y1}V{b1}C{m} {b1} {m} {b0} {x0} {b0}z",
            x0 = n(x0),
            x1 = n(x1),
            m = n(middle),
            y0 = n(y0),
            y1 = n(y1),
            b0 = n(y0 + ribbon.thick.max(0.6)),
            b1 = n(y1 + ribbon.thick.max(0.6)),
        );
        let colour = match of.nodes[flow.from].column {
            0 => COLOURS[0],
            1 => COLOURS[1],
            _ if of.nodes[flow.to].useful => COLOURS[2],
            _ => COLOURS[5],
        };
        svg.path(&path, colour, 0.42, false);
    }
    for (node, &[left, at, thick, tall]) in of.nodes.iter().zip(&laid.nodes) {
        svg.rect(left, at, thick, tall, FAINT);
        let words = left + thick + 6.0;
        let middle = at + (tall / 2.0).max(2.0);
        svg.text_over(words, middle - 2.0, PLAIN, &node.name);
        svg.text_over(words, middle + 12.0, SMALL, &node.amount);
    }
    for (column, head) in heads.iter().enumerate() {
        let spread = laid.nodes.iter().zip(&of.nodes).find(|(_, node)| node.column == column);
        let x = spread.map_or(frame.x[0], |(place, _)| place[0]);
        svg.text(x, 20.0, Anchor::Start, SMALL, head);
    }
    about.finish(svg)
}
