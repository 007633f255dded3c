//! The manual of the kinds, from their declarations.

use crate::catalogue::KINDS;
use crate::declare::{Declaration, Flow, Form, Medium, Side};
use std::fmt::Write;

/// The page of one kind in Markdown: its equations and sources, ports, parameters, actuators, outputs.
pub fn kind_page(declaration: &Declaration) -> String {
    let mut page = format!("## {}\n\n", declaration.name);
    page.push_str(&physics(declaration.page));
    page.push_str("\n**Ports**\n\n| port | medium | side | |\n|---|---|---|---|\n");
    for port in declaration.ports {
        let medium = match port.medium {
            Medium::Electricity => "electricity",
            Medium::Liquid => "liquid",
            Medium::Air => "air",
            Medium::Heat => "heat",
        };
        let side = match port.side {
            Side::Inlet => "in",
            Side::Outlet => "out",
            Side::Passage => "passage",
        };
        let flow = match port.flow {
            Flow::Sets { actuator, .. } => format!(" Its flow is set by `{actuator}`."),
            Flow::Drives { actuator, .. } => {
                format!(" Its flow is set by `{actuator}` where nothing else sets it.")
            }
            Flow::Follows | Flow::Decoupled => String::new(),
        };
        let optional = if port.optional { " May stay open." } else { "" };
        // Writing to a String cannot fail.
        let _ =
            writeln!(page, "| `{}` | {medium} | {side} | {}{flow}{optional} |", port.name, port.doc.trim());
    }
    page.push_str("\n**Parameters**\n\n| parameter | range | usual | default | |\n|---|---|---|---|---|\n");
    for field in declaration.parameters {
        let (range, usual) = match field.form {
            Form::Quantity { bounds, usual, .. } => {
                (format!("{} … {}", bounds.0, bounds.1), usual.map(|u| format!("{} … {}", u.0, u.1)))
            }
            Form::Count { bounds } => (format!("{} … {}", bounds.0, bounds.1), None),
            Form::Choice(names) => (names.join(", "), None),
            Form::Derived(_) => continue,
        };
        let default = field.default.unwrap_or("required");
        let usual = usual.unwrap_or_default();
        let _ = writeln!(page, "| `{}` | {range} | {usual} | {default} | {} |", field.name, field.doc.trim());
    }
    if !declaration.actuators.is_empty() {
        page.push_str("\n**Actuators**\n\n| actuator | delivered loop | |\n|---|---|---|\n");
        for actuator in declaration.actuators {
            let delivered = declaration.regulators.iter().find(|r| r.actuator == actuator.name);
            let delivered = delivered.map(|r| format!("holds `{}` at `{}`", r.sensor, r.setpoint));
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                actuator.name,
                delivered.unwrap_or_default(),
                actuator.doc.trim()
            );
        }
    }
    page.push_str("\n**Values** (columns and sensors)\n\n| value | |\n|---|---|\n");
    for state in declaration.states {
        let _ = writeln!(page, "| `{}` | {} |", state.name, state.doc.trim());
    }
    for output in declaration.outputs {
        let _ = writeln!(page, "| `{}` | {} |", output.name, output.doc.trim());
    }
    page
}

/// The module documentation at the top of a component file, with its headings in bold and its links as plain names.
fn physics(source: &str) -> String {
    let mut text = String::new();
    for line in source.lines().map_while(|line| line.strip_prefix("//!")) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match line.strip_prefix("# ") {
            Some(heading) => {
                let _ = writeln!(text, "**{heading}**");
                text.push('\n');
            }
            None => {
                text.push_str(&unlinked(line));
                text.push('\n');
            }
        }
    }
    text
}

/// A line of documentation without the targets of its links into code.
fn unlinked(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[`") {
        text.push_str(before);
        let Some((name, behind)) = after.split_once("`]") else {
            text.push_str("[`");
            rest = after;
            continue;
        };
        text.push('`');
        text.push_str(name.rsplit("::").next().unwrap_or(name));
        text.push('`');
        let target = behind.strip_prefix('(').and_then(|target| target.split_once(')'));
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    text.push_str(rest);
    text
}

/// The whole manual of kinds, as `docs/guide/components.md` holds it.
pub fn components_page() -> String {
    let mut page = String::from(
        "# Components\n\nEvery kind a site can be built from: what it computes, where it is connected, what it takes.\n\
         Generated from the declarations by `isotherm catalogue KIND`; a test keeps this page true.\n\n",
    );
    for kind in KINDS {
        page.push_str(&kind_page(kind.declaration()));
        page.push('\n');
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_into_code_become_plain_names() {
        assert_eq!(
            unlinked("see [`chip`](crate::it::chip), [`crate::it::chip`] and [K]"),
            "see `chip`, `chip` and [K]"
        );
        assert_eq!(unlinked("[`open"), "[`open");
    }
}
