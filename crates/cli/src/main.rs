//! The binary `tawzi`: the server, the worker and the command line.

#[expect(
    clippy::doc_markdown,
    clippy::doc_link_with_quotes,
    reason = "these comments are the text of --help, where markup would be seen"
)]
mod args;
mod bar;
mod commands;
mod config;
mod connections;
mod fields;
mod mail;
mod output;
mod secret;
mod serve;
mod stop;

use clap::Parser;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    start_log(&args.command);
    config::warn_of_passwords_in_arguments();
    let done = runtime(&args.command).and_then(|runtime| runtime.block_on(commands::run(args)));
    done.unwrap_or_else(|error| output::failure(&error))
}

/// Half of the cores unless told otherwise: the database, or the threads of `SQLite`, use the others meanwhile, and what
/// goes on in one thread wakes no other (ADR 6).
fn runtime(command: &args::Command) -> anyhow::Result<tokio::runtime::Runtime> {
    let told = match command {
        args::Command::Serve(args) => args.threads,
        _ => None,
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(told.map_or((cores / 2).max(1), usize::from))
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// The log goes to standard error; `TAWZI_LOG` says what of it (`debug`, `tawzi_worker=trace`, …).
fn start_log(command: &args::Command) {
    let default = match command {
        args::Command::Serve(_) | args::Command::Worker { .. } => LevelFilter::INFO,
        _ => LevelFilter::ERROR,
    };
    let told = std::env::var("TAWZI_LOG").ok();
    let told = told.filter(|told| !told.is_empty());
    let filter = told
        .and_then(|told| told.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(default));
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || output::LogLine { colours })
        .with_ansi(colours)
        // When nobody reads the log any more, there is nobody to complain to either.
        .log_internal_errors(false)
        .with_target(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
}
