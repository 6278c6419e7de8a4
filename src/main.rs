//! The command `throughcare`: arguments in, exit status out.
//!
//! | command | what it does |
//! |---|---|
//! | `demo` | makes synthetic data, runs every analysis on it and says where the report is |
//! | `synth` | writes synthetic records with a study file that runs on them |
//! | `check` | reads the inputs of a study and prints their quality; writes nothing |
//! | `run` | does everything that a study file asks for and writes an output folder |
//! | `stays` | prints the published stay rules side by side on the records of a study |
//! | `graph` | the moves between states as one picture or table, without a whole run |
//! | `pathways` | prints or draws what people go through after an anchor, without a whole run |
//! | `compare` | sets the moves of two groups side by side |
//! | `explain` | prints how a figure of a finished run came about, rule by rule |
//!
//! [`args`] holds the arguments as typed and [`commands`] one file a command; progress and messages
//! go to standard error, results to files or standard output. Whatever a rule of the field decides
//! stands in the libraries `throughcare-linkage` and `throughcare-engine`.
//!
//! Exit status: 0 success, 1 failed, 2 wrong usage, which a fault of the study file is too.
//!
//! ```console
//! throughcare demo
//! throughcare run study.toml --out results
//! ```

mod allocator;
mod args;
mod commands;
mod png;
mod progress;
mod wording;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// Exit status of a run that failed.
const FAILED: u8 = 1;
/// Exit status of a command that was typed wrongly.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    allocator::set_up();
    let arguments = Arguments::parse();
    let settings = arguments.settings();
    start_log(arguments.verbose, arguments.quiet);
    let done = match arguments.command {
        Command::Demo(demo) => commands::demo::run(&demo, settings),
        Command::Synth(synth) => commands::synth::run(&synth, settings),
        Command::Check(check) => commands::check::run(&check, settings),
        Command::Run(run) => commands::run::run(&run, settings),
        Command::Stays(stays) => commands::stays::run(&stays, settings),
        Command::Graph(graph) => commands::graph::run(&graph, settings),
        Command::Pathways(pathways) => commands::pathways::run(&pathways, settings),
        Command::Compare(compare) => commands::compare::run(&compare, settings),
        Command::Explain(explain) => commands::explain::run(&explain),
        Command::Methods(methods) => commands::methods::run(&methods),
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
