//! Counts the instructions of hot paths and compares them with the committed figures: they say what
//! a change costs on any machine, however busy it is.
//!
//! Valgrind counts. Each path is run a few times, and then twice as many times; the difference is what
//! the path costs, without what starting costs. What is counted is the program as it is built for tests, which
//! spares a release build: the figures are higher than a user's, and grow by the same causes.

mod api;
mod core;

use anyhow::{Context, anyhow, bail, ensure};
use clap::{Parser, Subcommand};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

const FIGURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.json");

/// How far from its figure a path may be, in percent: counting again gives a little more or less.
const TOLERANCE: f64 = 5.0;

/// What is counted, by name: how often it runs, and what runs.
const PATHS: [(&str, u32, Run); 5] = [
    (
        "core: choose for 1,000 clients among 20 employees",
        4,
        core::decide,
    ),
    (
        "core: plan a sweep of 1,000 clients of 20 employees",
        2,
        core::plan,
    ),
    ("api: create a client", 75, api::create),
    ("api: log a contact", 100, api::contact),
    ("api: list 20 of 100 clients", 40, api::list),
];

type Run = fn(u32) -> anyhow::Result<()>;

/// Counts the instructions of the hot paths and compares them with guard/figures.json
#[derive(Parser)]
struct Args {
    /// Write what was counted to guard/figures.json, instead of comparing
    #[arg(long)]
    accept: bool,

    #[command(subcommand)]
    command: Option<Inner>,
}

#[derive(Subcommand)]
enum Inner {
    /// Only runs a path so many times; what Valgrind looks at
    #[command(hide = true)]
    Run { path: usize, times: u32 },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Some(Inner::Run { path, times }) => run(path, times),
        None => guard(args.accept),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(path: usize, times: u32) -> anyhow::Result<()> {
    let (_, _, run) = PATHS.get(path).context("there is no such path")?;
    run(times)
}

fn guard(accept: bool) -> anyhow::Result<()> {
    let mut counted = BTreeMap::new();
    for (place, (name, times, _)) in PATHS.iter().enumerate() {
        let (once, twice) = std::thread::scope(|scope| {
            let twice = scope.spawn(|| count(place, times * 2));
            (count(place, *times), twice.join())
        });
        let twice = twice.map_err(|_| anyhow!("counting panicked"))?;
        let cost = twice?.checked_sub(once?).context("more runs cost less")?;
        counted.insert((*name).to_owned(), cost / u64::from(*times));
    }
    if accept {
        let text = serde_json::to_string_pretty(&counted)?;
        std::fs::write(FIGURES, text + "\n").context(FIGURES)?;
        note("wrote guard/figures.json");
        return Ok(());
    }
    let text = std::fs::read_to_string(Path::new(FIGURES)).context(FIGURES)?;
    let figures: BTreeMap<String, u64> = serde_json::from_str(&text).context(FIGURES)?;
    ensure!(
        figures.keys().eq(counted.keys()),
        "guard/figures.json has other paths than are counted; run with --accept and commit it"
    );
    let mut strayed = Vec::new();
    for ((name, &found), &figure) in counted.iter().zip(figures.values()) {
        let change = (decimal(found) / decimal(figure) - 1.0) * 100.0;
        note(&format!(
            "{found:>12} instructions, {change:+5.1} %  {name}"
        ));
        if change.abs() > TOLERANCE {
            strayed.push(name.as_str());
        }
    }
    if strayed.is_empty() {
        return Ok(());
    }
    bail!(
        "more than {TOLERANCE} % away from guard/figures.json: {}. If that is meant to be so, run \
         `{} --accept` and commit the new figures",
        strayed.join("; "),
        std::env::current_exe()?.display()
    )
}

/// How many instructions a run takes from its start to its end.
fn count(place: usize, times: u32) -> anyhow::Result<u64> {
    let program = std::env::current_exe()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["run", &place.to_string(), &times.to_string()])
        .output()
        .context("valgrind cannot be run; install it (Debian, Ubuntu: apt-get install valgrind)")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed: {said}");
    let line = said.lines().find_map(|line| line.split_once("Collected :"));
    let (_, number) = line.context("valgrind did not say how many instructions there were")?;
    number.trim().parse().context("valgrind gave no number")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a few in a thousand million do not matter"
)]
const fn decimal(number: u64) -> f64 {
    number as f64
}

fn note(text: &str) {
    // When standard error is gone there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}
