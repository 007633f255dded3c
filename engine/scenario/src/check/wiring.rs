//! Which ends a chain of connections joins.
//!
//! A chain joins one medium. A port that is not written is found where exactly one way remains to
//! join the two sides of a link with free ends of one medium. Links with one way are settled first
//! and may leave others with one way, so that the order of the connections does not matter.

use super::Checker;
use super::chain::{self, Reference};
use super::ports::{Terminal, Thing, medium_name};
use crate::node::{At, Node};
use crate::problem::{Raised, code};
use crate::read::nearest::hint;
use plant::declare::{Medium, Side};
use plant::plant::{End, Wire};

/// What is joined, as far as it is known.
#[derive(Debug)]
pub(super) struct Wiring {
    pub things: Vec<Thing>,
    pub joints: Vec<Joined>,
    pub wires: Vec<Wire>,
}

/// Liquid or air ends that meet.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    pub medium: Medium,
    pub from: Vec<End>,
    pub to: Vec<End>,
}

/// A reference within a chain.
pub(super) struct Member {
    pub thing: usize,
    /// The port that is written, or the passage that a link has found.
    pub terminal: Option<usize>,
    written: bool,
    pub at: At,
}

pub(super) struct Chain {
    pub path: String,
    text: String,
    pub items: Vec<Vec<Member>>,
    pub medium: Option<Medium>,
    /// Whether link `k`, from item `k` to item `k + 1`, is settled.
    settled: Vec<bool>,
}

/// One terminal for each member of a link: those it leaves, and those it enters.
pub(super) type Way = (Medium, Vec<usize>, Vec<usize>);

impl Wiring {
    pub fn new(things: Vec<Thing>) -> Wiring {
        Wiring { things, joints: Vec::new(), wires: Vec::new() }
    }

    pub fn thing(&self, id: &str) -> Option<usize> {
        self.things.iter().position(|thing| thing.id == id)
    }

    /// A chain that could not be read says nothing about what it names: their open ends are no news.
    fn hush(&mut self, text: &str) {
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        for thing in self.things.iter_mut().filter(|thing| words.contains(&thing.id.as_str())) {
            thing.quiet = true;
        }
    }

    pub fn terminal_of(&self, thing: usize, terminal: usize) -> &Terminal {
        &self.things[thing].terminals[terminal]
    }
}

/// Place of a part of a text, where the text is written without escapes.
pub(super) fn within(checker: &Checker<'_>, node: &Node, span: &std::ops::Range<usize>) -> At {
    let Some(text) = node.as_text() else { return node.at };
    let written = checker.scenario.sources.written(node.at);
    // Within quotes, or bare in a setting.
    let offset = match written.strip_prefix('"').and_then(|w| w.strip_suffix('"')) {
        Some(inner) if inner == text => 1,
        _ if written == text => 0,
        _ => return node.at,
    };
    let start = node.at.start + offset + span.start as u32;
    let length = (span.end - span.start).max(1) as u32;
    At { start, end: start + length, ..node.at }
}

/// Whether two components of separate units meet, as many on either side.
fn one_by_one(wiring: &Wiring, from: &[(usize, usize)], to: &[(usize, usize)]) -> bool {
    let separate = |side: &[(usize, usize)]| match side {
        [(thing, _)] => wiring.things[*thing].separate,
        _ => 1,
    };
    separate(from) > 1 && separate(from) == separate(to)
}

impl Checker<'_> {
    /// The site's connections.
    pub(super) fn connections(&mut self, wiring: &mut Wiring) {
        if let Some(list) = self.root().get("connections") {
            self.join(wiring, list.items(), "connections");
        }
    }

    /// Joins what the chains of a list say.
    pub(super) fn join(&mut self, wiring: &mut Wiring, list: &[Node], path: &str) {
        let mut chains = Vec::with_capacity(list.len());
        for (k, node) in list.iter().enumerate() {
            if let Some(chain) = self.chain(wiring, node, format!("{path}[{k}]")) {
                chains.push(chain);
            }
        }
        while self.settle(wiring, &mut chains) {}
        for chain in &chains {
            for link in 0..chain.settled.len() {
                if !chain.settled[link] {
                    self.unsettled(wiring, chain, link);
                }
            }
        }
    }

    fn chain(&mut self, wiring: &mut Wiring, node: &Node, path: String) -> Option<Chain> {
        let text = node.as_text()?;
        let items = match chain::parse(text) {
            Ok(items) => items,
            Err(wrong) => {
                wiring.hush(text);
                let at = within(self, node, &wrong.span);
                self.error(code::CONNECTION, path, at, format!("{text:?}: {}", wrong.message));
                return None;
            }
        };
        let mut complete = true;
        let mut members = Vec::with_capacity(items.len());
        for item in &items {
            let found: Vec<Option<Member>> = item
                .iter()
                .map(|reference| {
                    let at = within(self, node, &reference.span);
                    self.member(wiring, reference, at, &path)
                })
                .collect();
            complete &= found.iter().all(Option::is_some);
            members.push(found.into_iter().flatten().collect::<Vec<_>>());
        }
        let mut chain = Chain {
            path,
            text: text.to_owned(),
            settled: vec![false; items.len() - 1],
            items: members,
            medium: None,
        };
        if !complete || !self.one_medium(wiring, &mut chain) {
            wiring.hush(text);
            return None;
        }
        Some(chain)
    }

    fn member(&mut self, wiring: &Wiring, reference: &Reference, at: At, path: &str) -> Option<Member> {
        let Some(index) = wiring.thing(&reference.id) else {
            let ids: Vec<&str> = wiring.things.iter().map(|thing| thing.id.as_str()).collect();
            let message = format!("there is no {} to connect", reference.id);
            let raised = Raised::error(code::UNKNOWN_ID, path, at, message);
            self.add(raised.maybe_help(hint(&reference.id, &ids)));
            return None;
        };
        let thing = &wiring.things[index];
        let member = |terminal, written| Member { thing: index, terminal, written, at };
        let Some(port) = &reference.port else {
            return thing.known.then(|| member(None, false));
        };
        if !thing.known {
            return None;
        }
        let Some(terminal) = thing.terminal(port) else {
            let names: Vec<&str> = thing.terminals.iter().map(|t| t.name.as_str()).collect();
            let passage = names.iter().find(|name| {
                port.strip_suffix("_in").or(port.strip_suffix("_out")).is_some_and(|stem| stem == **name)
            });
            let help = match passage {
                Some(passage) => Some(format!("write {}.{passage}: the arrow says which end", thing.id)),
                None => hint(port, &names),
            };
            let message = format!("{} has no port {port}", thing.id);
            self.add(Raised::error(code::UNKNOWN_PORT, path, at, message).maybe_help(help));
            return None;
        };
        Some(member(Some(terminal), true))
    }

    /// Whether the ports that are written are of one medium.
    fn one_medium(&mut self, wiring: &Wiring, chain: &mut Chain) -> bool {
        let mut first: Option<(String, Medium)> = None;
        for member in chain.items.iter().flatten() {
            let Some(terminal) = member.terminal else { continue };
            let medium = wiring.terminal_of(member.thing, terminal).medium;
            let name = wiring.name(member.thing, terminal);
            match &first {
                None => first = Some((name, medium)),
                Some((other, expected)) if *expected != medium => {
                    let message = format!(
                        "{other} is {}, {name} is {}: a chain joins one medium",
                        medium_name(*expected),
                        medium_name(medium)
                    );
                    self.error(code::MEDIA, chain.path.clone(), member.at, message);
                    return false;
                }
                Some(_) => {}
            }
        }
        chain.medium = first.map(|(_, medium)| medium);
        true
    }

    /// Joins every link that has exactly one way; tells whether there was any.
    fn settle(&mut self, wiring: &mut Wiring, chains: &mut [Chain]) -> bool {
        let mut any = false;
        for chain in chains.iter_mut() {
            for link in 0..chain.settled.len() {
                if chain.settled[link] {
                    continue;
                }
                let mut ways = wiring.ways(chain, link, true);
                if let (Some(way), true) = (ways.pop(), ways.is_empty()) {
                    self.apply(wiring, chain, link, &way);
                    any = true;
                }
            }
        }
        any
    }

    fn apply(&mut self, wiring: &mut Wiring, chain: &mut Chain, link: usize, way: &Way) {
        let (medium, left, right) = way;
        chain.medium = Some(*medium);
        chain.settled[link] = true;
        let mut inferred = false;
        for (item, terminals, out) in [(link, left, true), (link + 1, right, false)] {
            for (member, &terminal) in chain.items[item].iter_mut().zip(terminals) {
                let of = &mut wiring.things[member.thing].terminals[terminal];
                of.take(out, &chain.path);
                inferred |= member.terminal.is_none() && wiring.things[member.thing].terminals.len() > 1;
                if wiring.terminal_of(member.thing, terminal).side == Side::Passage || member.written {
                    member.terminal = Some(terminal);
                }
            }
        }
        let ends = |item: usize, terminals: &[usize]| -> Vec<(usize, usize)> {
            chain.items[item].iter().map(|m| m.thing).zip(terminals.iter().copied()).collect()
        };
        let (from, to) = (ends(link, left), ends(link + 1, right));
        if inferred {
            let name = |ends: &[(usize, usize)], out: bool| {
                ends.iter().map(|&(thing, t)| wiring.end(thing, t, out)).collect::<Vec<_>>().join(", ")
            };
            let sentence = format!("{} joins {} to {}", chain.path, name(&from, true), name(&to, false));
            self.inferred.push(sentence);
        }
        let outs: Vec<Option<End>> =
            from.iter().flat_map(|&(thing, t)| wiring.terminal_of(thing, t).outs.clone()).collect();
        let ins: Vec<End> =
            to.iter().flat_map(|&(thing, t)| wiring.terminal_of(thing, t).ins.clone()).collect();
        let twice = |side: &[(usize, usize)]| (1..side.len()).find(|&k| side[..k].contains(&side[k]));
        let repeated = twice(&from).map(|k| (link, k)).or(twice(&to).map(|k| (link + 1, k)));
        if let Some((item, k)) = repeated {
            let member = &chain.items[item][k];
            let message = format!("{} is written twice in one list", wiring.things[member.thing].id);
            return self.error(code::USED_TWICE, chain.path.clone(), member.at, message);
        }
        match medium {
            Medium::Electricity | Medium::Heat => {
                // Several feeds of one load are redundant; heat goes to one place.
                if *medium == Medium::Heat && ins.len() > 1 {
                    let at = chain.items[link + 1].first().map_or(At::NOWHERE, |member| member.at);
                    return self.error(
                        code::USED_TWICE,
                        chain.path.clone(),
                        at,
                        "a heat outlet has one taker",
                    );
                }
                for &from in &outs {
                    wiring.wires.extend(ins.iter().map(|&to| Wire { from, to }));
                }
            }
            Medium::Liquid | Medium::Air if one_by_one(wiring, &from, &to) => {
                let pairs = outs.into_iter().flatten().zip(ins);
                let joined =
                    pairs.map(|(from, to)| Joined { medium: *medium, from: vec![from], to: vec![to] });
                wiring.joints.extend(joined);
            }
            Medium::Liquid | Medium::Air => {
                let from = outs.into_iter().flatten().collect();
                wiring.joints.push(Joined { medium: *medium, from, to: ins });
            }
        }
    }

    /// Says why a link cannot be settled.
    fn unsettled(&mut self, wiring: &mut Wiring, chain: &Chain, link: usize) {
        let ways = wiring.ways(chain, link, true);
        for member in chain.items[link].iter().chain(&chain.items[link + 1]) {
            // Its open ends follow from this problem.
            wiring.things[member.thing].quiet = true;
        }
        let at = |item: usize| chain.items[item].first().map_or(At::NOWHERE, |member| member.at);
        if !ways.is_empty() {
            let all: Vec<String> =
                ways.iter().take(8).map(|way| wiring.described(chain, link, way)).collect();
            let message = format!("{:?} can be joined in {} ways: name the ports", chain.text, ways.len());
            let help = format!("candidates: {}", all.join("; "));
            return self
                .add(Raised::error(code::AMBIGUOUS, chain.path.clone(), at(link), message).help(help));
        }
        for (item, out) in [(link, true), (link + 1, false)] {
            for member in &chain.items[item] {
                if let Some(raised) = wiring.no_end(chain, member, out) {
                    return self.add(raised);
                }
            }
        }
        let side = |item: usize, out: bool| {
            chain.items[item].iter().map(|m| wiring.ends_of(m.thing, out)).collect::<Vec<_>>().join("; ")
        };
        let message = format!("{:?}: no port of one side fits one of the other", chain.text);
        let help = format!("leaving: {}; entering: {}", side(link, true), side(link + 1, false));
        self.add(Raised::error(code::NO_SUCH_END, chain.path.clone(), at(link + 1), message).help(help));
    }
}
