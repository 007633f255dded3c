//! The `isotherm` command: one file per subcommand.

mod catalogue;
mod check;
mod checkpoint;
mod compare;
mod completions;
mod exit;
mod interrupt;
mod new;
mod output;
mod pdf;
mod report;
mod resume;
mod run;
mod several;
mod site;
mod sweep;
mod targets;
mod validate;
mod view;
mod weather;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A datacenter's electricity, heat and water, simulated from the die to the sky.
#[derive(Debug, Parser)]
#[command(name = "isotherm", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Start here:
  isotherm run nvl72_pod              a year of a built-in site
  isotherm report RUN                 its report in HTML, in English or Chinese
  isotherm catalogue                  what can be built, and from which records
  isotherm compare harbin_air harbin_cold_plate   what differs, and why
  isotherm targets phoenix_zero_water targets, and what would meet them
  isotherm sweep plan siting_china -o siting   hundreds of designs and climates
  isotherm new my_site.ron            a site file to edit
  isotherm check my_site.ron          everything that is wrong with it, at once
  isotherm validate                   how well the program agrees with others, and why not better

Exit codes: 0 ok, 2 usage, 64 target or comparison missed, 65 bad input, 66 input missing, 69 did not converge,
70 internal, 73 cannot create output, 74 write failed, 75 busy, 76 too many cases of a sweep failed,
130 interrupted (go on with run --resume).")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Compare(compare::Arguments),
    Targets(targets::Arguments),
    Validate(validate::Arguments),
    Sweep(sweep::Arguments),
    Report(report::Arguments),
    Check(check::Arguments),
    New(new::Arguments),
    Catalogue(catalogue::Arguments),
    Weather(weather::Arguments),
    View(view::Arguments),
    Completions(completions::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    engine::study::read::quiet_decoders();
    // A panic is a fault of the program; it must not look like any other outcome.
    let outcome = std::panic::catch_unwind(|| run(arguments.command));
    let code = outcome.unwrap_or_else(|_| {
        output::message("internal error: this is a fault of isotherm, not of your input; please report it\n");
        exit::INTERNAL
    });
    let code = if code == exit::OK && output::lost() {
        output::message("error: standard output could not be written\n");
        exit::WRITE_FAILED
    } else {
        code
    };
    ExitCode::from(code)
}

fn run(command: Command) -> u8 {
    match command {
        Command::Run(arguments) => run::main(&arguments),
        Command::Compare(arguments) => compare::main(&arguments),
        Command::Targets(arguments) => targets::main(&arguments),
        Command::Validate(arguments) => validate::main(&arguments),
        Command::Sweep(arguments) => sweep::main(&arguments),
        Command::Report(arguments) => report::main(&arguments),
        Command::Check(arguments) => check::main(&arguments),
        Command::New(arguments) => new::main(&arguments),
        Command::Catalogue(arguments) => catalogue::main(&arguments),
        Command::Weather(arguments) => weather::main(&arguments),
        Command::View(arguments) => view::main(&arguments),
        Command::Completions(arguments) => completions::main(&arguments),
    }
}
