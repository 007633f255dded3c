//! Paths to values: `components.cdu.supply_setpoint`, `connections[3]`, `run.tolerance`.
//!
//! One grammar for `--set`, studies, problems and edits. The `components.` in front of an id may be
//! dropped where nothing else has that name.

use crate::node::{Node, What};
use std::fmt;

/// Longest path that is read, in steps.
const LONGEST: usize = 32;

/// A way from the site down to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Path {
    /// The steps, the outermost first.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a field or an entry.
    Name(String),
    /// Into a list or a tuple, counted from 0.
    Index(usize),
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Path, String> {
        let wrong = |why: &str| Err(format!("{:?} is not a path: {why}", crate::node::cut(text)));
        // A message that repeats it stays in its line.
        if text.trim().contains(char::is_control) {
            return wrong("a name has no line break in it and no control character");
        }
        let mut steps = Vec::new();
        for part in text.trim().split('.') {
            let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            let name = name.trim();
            if name.is_empty() {
                return wrong("write names between the points, for example components.cdu.count");
            }
            steps.push(Step::Name(name.to_owned()));
            while let Some(inner) = rest.strip_prefix('[') {
                let Some((number, after)) = inner.split_once(']') else {
                    return wrong("a [ is not closed");
                };
                let Ok(index) = number.trim().parse() else {
                    return wrong("between [ and ] stands a whole number, counted from 0");
                };
                steps.push(Step::Index(index));
                rest = after;
            }
            if !rest.is_empty() {
                return wrong("after ] follows a point or the end");
            }
        }
        if steps.len() > LONGEST { wrong("it is too long") } else { Ok(Path { steps }) }
    }

    /// The path with `components.`, where the first step is the id of a component and no field of the site.
    #[must_use]
    pub fn completed(mut self, site: &Node, is_field: impl Fn(&str) -> bool) -> Path {
        if let Some(Step::Name(first)) = self.steps.first()
            && !is_field(first)
        {
            let groups = ["components", "racks"];
            let mut owners =
                groups.iter().filter(|g| site.get(g).is_some_and(|map| map.get(first).is_some()));
            if let (Some(owner), None) = (owners.next(), owners.next()) {
                self.steps.insert(0, Step::Name((*owner).to_owned()));
            }
        }
        self
    }

    /// The path one step up.
    #[must_use]
    pub fn parent(&self) -> Path {
        Path { steps: self.steps[..self.steps.len().saturating_sub(1)].to_vec() }
    }

    /// The path into a field or entry.
    #[must_use]
    pub fn then(&self, name: &str) -> Path {
        let mut steps = self.steps.clone();
        steps.push(Step::Name(name.to_owned()));
        Path { steps }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if k == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Step {
    /// What this step leads to.
    pub(crate) fn of<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        match self {
            Step::Name(name) => node.get(name),
            Step::Index(index) => node.items().get(*index),
        }
    }

    fn of_mut<'a>(&self, node: &'a mut Node) -> Option<&'a mut Node> {
        match self {
            Step::Name(name) => node.get_mut(name),
            Step::Index(index) => match &mut node.what {
                What::List(items) | What::Tuple(_, items) => items.get_mut(*index),
                _ => None,
            },
        }
    }
}

/// The value at a path.
#[must_use]
pub fn find<'a>(site: &'a Node, path: &Path) -> Option<&'a Node> {
    path.steps.iter().try_fold(site, |node, step| step.of(node))
}

pub(crate) fn find_mut<'a>(site: &'a mut Node, path: &Path) -> Option<&'a mut Node> {
    path.steps.iter().try_fold(site, |node, step| step.of_mut(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_it_is_read() {
        for text in ["run", "components.cdu.count", "connections[3]", "racks.pod.layout.origin[1]"] {
            assert_eq!(Path::parse(text).map(|p| p.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_path_says_why() {
        for (text, part) in
            [("", "names"), ("a..b", "names"), ("a[", "closed"), ("a[x]", "whole"), ("a[1]b", "after ]")]
        {
            assert!(Path::parse(text).is_err_and(|why| why.contains(part)), "{text}");
        }
    }
}
