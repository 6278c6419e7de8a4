//! The command `throughcare`: arguments in, exit status out. What each command does stands in
//! [`commands`]; everything that a rule of the field decides stands in the libraries.

mod args;
mod commands;
mod progress;
mod wording;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit status of a run that failed.
const FAILED: u8 = 1;
/// Exit status of a command that was typed wrongly.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = arguments.settings();
    start_log(arguments.verbose, arguments.quiet);
    let done = match arguments.command {
        Command::Demo(demo) => commands::demo::run(&demo, settings),
        Command::Synth(synth) => commands::synth::run(&synth, settings),
        Command::Check(check) => commands::check::run(&check, settings),
        Command::Run(run) => commands::run::run(&run, settings),
        Command::Explain(explain) => commands::explain::run(&explain),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // whoever reads the output, such as `head`, has seen enough
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", wording::causes(&error));
            let usage = error.is::<commands::WrongUsage>()
                || error.is::<throughcare_engine::study_file::error::StudyError>();
            ExitCode::from(if usage { WRONG_USAGE } else { FAILED })
        }
    }
}

fn start_log(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => tracing::Level::ERROR,
        (_, 0) => tracing::Level::WARN,
        (_, 1) => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
