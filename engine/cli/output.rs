//! Data to standard output, messages to standard error, never both.

use engine::scenario::Problem;
use engine::scenario::problem::Severity;
use engine::study::write::json::Envelope;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether data could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// What a terminal would obey is shown as U+FFFD: a title or a name of a site may hold anything.
fn plain(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if text.contains(obeyed) { text.replace(obeyed, "\u{fffd}").into() } else { text.into() }
}

/// Writes data to standard output; of a file or a pipe every byte of it. A reader that went away (`| head`) is no error; a full disk
/// is, see [`lost`].
pub fn data(text: &str) {
    let mut out = std::io::stdout().lock();
    let text = if out.is_terminal() { plain(text) } else { text.into() };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if written.is_err_and(|error| error.kind() != ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
}

/// Whether something that should stand on standard output does not.
pub fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes a message to standard error.
pub fn message(text: &str) {
    raw(&plain(text));
}

/// Puts a line of progress in the place of the one before on the terminal of standard error, or takes that away where it is empty.
pub fn progress(line: &str) {
    let indent = if line.is_empty() { "" } else { "  " };
    raw(&format!("\r\x1b[2K{indent}{}", plain(line)));
}

fn raw(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Writes problems to standard error, errors last so that they are in sight, and counts them.
pub fn problems(problems: &[Problem]) {
    let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) = problems.iter().partition(|p| p.is_error());
    for problem in warnings.iter().chain(&errors) {
        message(&problem.render());
        message("\n");
    }
    if !errors.is_empty() {
        let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let mut line = plural(errors.len(), "error");
        if !warnings.is_empty() {
            line = format!("{line}, {}", plural(warnings.len(), "warning"));
        }
        message(&format!("{line}; nothing was written\n"));
    }
}

/// A problem for a program to read.
pub fn diagnostic(problem: &Problem) -> Value {
    json!({
        "severity": match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "code": problem.code,
        "path": problem.path,
        "message": problem.message,
        "help": problem.help,
        "location": problem.location.as_ref().map(|at| json!({
            "file": at.file,
            "line": at.line,
            "column": at.column,
            "length": at.length,
        })),
    })
}

/// A sentence for a program to read.
pub fn sentence(code: &str, message: &str) -> Value {
    json!({ "severity": "error", "code": code, "path": "", "message": message, "help": null, "location": null })
}

/// The same for what does not keep the answer from being one.
pub fn warning(code: &str, message: &str) -> Value {
    json!({ "severity": "warning", "code": code, "path": "", "message": message, "help": null, "location": null })
}

/// The one object that `--json` prints where there is an answer.
pub fn answer(schema: &str, answer: Value, diagnostics: Vec<Value>) {
    data(&Envelope::answer(schema, answer, diagnostics).to_text());
}

/// The one object that `--json` prints where there is none.
pub fn refusal(schema: &str, diagnostics: Vec<Value>) {
    data(&Envelope::refusal(schema, diagnostics).to_text());
}
