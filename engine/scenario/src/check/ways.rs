//! The ways in which a link of a chain can be joined, and why there is none.

use super::ports::{Terminal, end_name, medium_name};
use super::wiring::{Chain, Member, Way, Wiring};
use crate::problem::{Raised, code};
use plant::declare::Medium;

impl Wiring {
    pub(super) fn name(&self, thing: usize, terminal: usize) -> String {
        format!("{}.{}", self.things[thing].id, self.things[thing].terminals[terminal].name)
    }

    /// `cdu.primary_in`.
    pub(super) fn end(&self, thing: usize, terminal: usize, out: bool) -> String {
        let of = self.terminal_of(thing, terminal);
        format!("{}.{}", self.things[thing].id, end_name(&of.name, of.side, out))
    }

    /// The ends of a thing on one side, for messages.
    pub(super) fn ends_of(&self, thing: usize, out: bool) -> String {
        let terminals = &self.things[thing].terminals;
        let ends: Vec<String> = (0..terminals.len())
            .filter(|&t| terminals[t].has(out))
            .map(|t| format!("{} ({})", self.end(thing, t, out), medium_name(terminals[t].medium)))
            .collect();
        if ends.is_empty() { format!("{} has none", self.things[thing].id) } else { ends.join(", ") }
    }

    /// Terminals that a member may use on one side.
    fn candidates(&self, member: &Member, medium: Medium, out: bool, only_free: bool) -> Vec<usize> {
        let terminals = &self.things[member.thing].terminals;
        let fits = |&t: &usize| {
            let terminal = &terminals[t];
            terminal.medium == medium && terminal.has(out) && (!only_free || terminal.taken(out).is_none())
        };
        match member.terminal {
            Some(terminal) => Some(terminal).into_iter().filter(fits).collect(),
            None => (0..terminals.len()).filter(fits).collect(),
        }
    }

    /// All ways to settle a link, at most a few more than are listed.
    pub(super) fn ways(&self, chain: &Chain, link: usize, only_free: bool) -> Vec<Way> {
        const MANY: usize = 64;
        let media = [Medium::Electricity, Medium::Liquid, Medium::Air, Medium::Heat];
        let mut ways: Vec<Way> = Vec::new();
        for medium in media.into_iter().filter(|m| chain.medium.is_none_or(|of| of == *m)) {
            let mut partial: Vec<Way> = vec![(medium, Vec::new(), Vec::new())];
            for (item, out) in [(link, true), (link + 1, false)] {
                for member in &chain.items[item] {
                    let candidates = self.candidates(member, medium, out, only_free);
                    partial = partial
                        .iter()
                        .flat_map(|way| {
                            candidates.iter().map(move |&terminal| {
                                let mut way = way.clone();
                                if out {
                                    way.1.push(terminal)
                                } else {
                                    way.2.push(terminal)
                                }
                                way
                            })
                        })
                        .take(MANY)
                        .collect();
                }
            }
            ways.extend(partial);
        }
        ways
    }

    pub(super) fn described(&self, chain: &Chain, link: usize, way: &Way) -> String {
        let side = |item: usize, terminals: &[usize], out: bool| {
            let members = chain.items[item].iter().zip(terminals);
            members.map(|(member, &t)| self.end(member.thing, t, out)).collect::<Vec<_>>().join(", ")
        };
        format!("{} -> {}", side(link, &way.1, true), side(link + 1, &way.2, false))
    }

    /// Why a member has no free end on one side, if it is its own fault.
    pub(super) fn no_end(&self, chain: &Chain, member: &Member, out: bool) -> Option<Raised> {
        let thing = &self.things[member.thing];
        let wanted = chain.medium;
        let has = |t: &&Terminal| t.has(out) && wanted.is_none_or(|medium| t.medium == medium);
        if let Some(terminal) = member.terminal {
            let of = &thing.terminals[terminal];
            let name = self.name(member.thing, terminal);
            if !of.has(out) {
                let what = if out { "nothing leaves there" } else { "nothing enters there" };
                let message = format!("{name} cannot stand here: {what}");
                let help = format!("{} has: {}", thing.id, self.ends_of(member.thing, out));
                return Some(
                    Raised::error(code::NO_SUCH_END, chain.path.clone(), member.at, message).help(help),
                );
            }
            let by = of.taken(out)?;
            let message = format!("{} is joined already by {by}", self.end(member.thing, terminal, out));
            let help = "write all that meet there in one list: a -> [b, c]";
            return Some(Raised::error(code::USED_TWICE, chain.path.clone(), member.at, message).help(help));
        }
        let fitting: Vec<&Terminal> = thing.terminals.iter().filter(has).collect();
        if fitting.is_empty() {
            let medium = wanted.map_or("", medium_name);
            let what = if out { "leaves" } else { "enters" };
            let message = format!("{} has no port where {medium} {what}", thing.id);
            let message = message.replace("  ", " anything ");
            let help = format!("{} has: {}", thing.id, self.ends_of(member.thing, out));
            return Some(Raised::error(code::NO_SUCH_END, chain.path.clone(), member.at, message).help(help));
        }
        let taken: Option<Vec<&str>> = fitting.iter().map(|t| t.taken(out)).collect();
        let by = taken?;
        let ends: Vec<String> = fitting.iter().map(|t| end_name(&t.name, t.side, out)).collect();
        let message = format!("{}.{} is joined already by {}", thing.id, ends.join(", "), by.join(", "));
        let help = "write all that meet there in one list: a -> [b, c]";
        Some(Raised::error(code::USED_TWICE, chain.path.clone(), member.at, message).help(help))
    }
}
