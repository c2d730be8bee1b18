//! The command line.

use crate::database::Engine;
use clap::{Parser, ValueEnum};
use std::path::PathBuf;

/// Measures Tawzi against the limit and against the plain way, on data, servers and a PostgreSQL that it
/// makes itself and removes again. Use it on a machine that does nothing else, as
/// `cargo run --release -p tawzi-bench -- all`.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// What to measure
    #[arg(value_enum)]
    pub(crate) subject: SubjectArg,

    /// Only on this engine; may be repeated [default: both]
    #[arg(long = "engine", value_name = "ENGINE", value_enum)]
    pub(crate) engines: Vec<Engine>,

    /// For how many seconds each figure is measured
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) seconds: u64,

    /// How many clients a large database has
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(10_000..=20_000_000))]
    pub(crate) clients: i64,

    /// A small run of a few minutes, to see that everything works; its figures mean little
    #[arg(long, conflicts_with_all = ["seconds", "clients"])]
    pub(crate) quick: bool,

    /// Leave the Django peer out
    #[arg(long)]
    pub(crate) no_peer: bool,

    /// The program to measure [default: built from this checkout with `cargo build --release`]
    #[arg(long, value_name = "PATH")]
    pub(crate) tawzi: Option<PathBuf>,

    /// Print JSON instead of tables
    #[arg(long)]
    pub(crate) json: bool,

    /// Write benchmarks.md and its plots into this folder
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "docs")]
    pub(crate) write_docs: Option<PathBuf>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SubjectArg {
    /// Everything
    All,
    /// Creating clients: 100 companies, one hot company, a lone request, growth
    Create,
    /// Creating clients through several servers on one database
    Servers,
    /// Logging contacts
    Contact,
    /// Sweeping: many due, nothing due
    Sweep,
    /// Lists and search
    List,
    /// Importing a CSV file, alone and while others create and sign in
    Import,
    /// Starting, and doing nothing
    Rest,
}
