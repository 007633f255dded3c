//! What components and rack groups show to connections: named terminals of one medium.

use crate::node::At;
use plant::declare::{Declaration, Medium, Port, Side};
use plant::kernel::Kind;
use plant::plant::End;

/// A component, a rack group, a part of a template, or the grid.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub id: String,
    pub at: At,
    /// Whether its kind is known. Nothing more is said of one that is not.
    pub known: bool,
    /// Whether a connection to it could not be read, so that its open ends say nothing.
    pub quiet: bool,
    pub terminals: Vec<Terminal>,
    /// How many units of their own it stands for, each with one end in every terminal.
    pub separate: usize,
    /// Its unit, or the first of several.
    pub unit: Option<usize>,
}

/// A named place where something is joined.
#[derive(Debug, Clone)]
pub(super) struct Terminal {
    pub name: String,
    pub medium: Medium,
    pub side: Side,
    /// Ends where something enters.
    pub ins: Vec<End>,
    /// Ends where something leaves; `None` is the grid.
    pub outs: Vec<Option<End>>,
    pub optional: bool,
    /// By which connection.
    pub in_use: Option<String>,
    /// By which connection.
    pub out_use: Option<String>,
}

/// What one end of a passage is called.
pub(super) fn end_name(port: &str, side: Side, out: bool) -> String {
    match (side, out) {
        (Side::Passage, true) => format!("{port}_out"),
        (Side::Passage, false) => format!("{port}_in"),
        _ => port.to_owned(),
    }
}

/// What a medium is called.
pub(super) fn medium_name(medium: Medium) -> &'static str {
    match medium {
        Medium::Electricity => "electricity",
        Medium::Liquid => "liquid",
        Medium::Air => "air",
        Medium::Heat => "heat",
    }
}

impl Terminal {
    /// A port without ends yet.
    pub fn empty(name: &str) -> Terminal {
        Terminal {
            name: name.to_owned(),
            medium: Medium::Electricity,
            side: Side::Inlet,
            ins: Vec::new(),
            outs: Vec::new(),
            optional: false,
            in_use: None,
            out_use: None,
        }
    }

    fn of(port: &Port, end: End) -> Terminal {
        let enters = matches!(port.side, Side::Inlet | Side::Passage);
        let leaves = matches!(port.side, Side::Outlet | Side::Passage);
        Terminal {
            name: port.name.to_owned(),
            medium: port.medium,
            side: port.side,
            ins: enters.then_some(end).into_iter().collect(),
            outs: leaves.then_some(Some(end)).into_iter().collect(),
            optional: port.optional,
            in_use: None,
            out_use: None,
        }
    }

    pub fn has(&self, out: bool) -> bool {
        if out { !self.outs.is_empty() } else { !self.ins.is_empty() }
    }

    /// The connection that uses an end, where it can be used only once.
    pub fn taken(&self, out: bool) -> Option<&str> {
        let repeatable = match (self.medium, out) {
            (Medium::Electricity, true) | (Medium::Heat, false) => self.side != Side::Passage,
            _ => false,
        };
        let used = if out { &self.out_use } else { &self.in_use };
        used.as_deref().filter(|_| !repeatable)
    }

    pub fn take(&mut self, out: bool, by: &str) {
        let used = if out { &mut self.out_use } else { &mut self.in_use };
        used.get_or_insert_with(|| by.to_owned());
    }
}

impl Thing {
    pub fn grid() -> Thing {
        let feed =
            Terminal { side: Side::Outlet, outs: vec![None], optional: true, ..Terminal::empty("feed") };
        Thing {
            id: "grid".to_owned(),
            at: At::NOWHERE,
            known: true,
            quiet: false,
            terminals: vec![feed],
            separate: 1,
            unit: None,
        }
    }

    pub fn unknown(id: &str, at: At) -> Thing {
        Thing {
            id: id.to_owned(),
            at,
            known: false,
            quiet: false,
            terminals: Vec::new(),
            separate: 1,
            unit: None,
        }
    }

    pub fn component(id: &str, kind: &dyn Kind, unit: usize, at: At) -> Thing {
        let declaration: &Declaration = kind.declaration();
        let terminals = declaration.ports.iter().enumerate();
        let terminals = terminals.map(|(port, of)| Terminal::of(of, End { unit, port })).collect();
        Thing { id: id.to_owned(), at, known: true, quiet: false, terminals, separate: 1, unit: Some(unit) }
    }

    /// Adds another unit of its own behind the same name.
    pub fn and(mut self, unit: usize) -> Thing {
        for (port, terminal) in self.terminals.iter_mut().enumerate() {
            let end = End { unit, port };
            if !terminal.ins.is_empty() {
                terminal.ins.push(end);
            }
            if !terminal.outs.is_empty() {
                terminal.outs.push(Some(end));
            }
        }
        self.separate += 1;
        self
    }

    pub fn terminal(&self, name: &str) -> Option<usize> {
        self.terminals.iter().position(|terminal| terminal.name == name)
    }
}
