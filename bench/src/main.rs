//! Measures Tawzi: against the same work done by the database alone (the floor), and against the
//! specification written the plain way (the peer).

#[expect(
    clippy::doc_markdown,
    reason = "these comments are the text of --help, where markup would be seen"
)]
mod args;
mod clock;
mod database;
mod django;
mod document;
mod fill;
mod floor;
mod http;
mod load;
mod machine;
mod output;
mod pgbench;
mod plots;
mod postgres;
mod proc;
mod process;
mod report;
mod sample;
mod site;
mod subjects;
mod tables;
mod tawzi;
mod token;

use anyhow::bail;
use args::Args;
use clap::Parser;
use site::Site;
use std::process::ExitCode;
use tables::Style;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let args = Args::parse();
    match start(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::note(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(args: &Args) -> anyhow::Result<()> {
    postgres::start_once()?;
    // One thread: the load generator is not to compete with what it measures.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Whatever was started ends when the measuring is dropped.
        tokio::select! {
            done = run(args) => done,
            name = interrupted() => bail!("ended by {}; nothing was left behind", name?),
        }
    })
}

async fn run(args: &Args) -> anyhow::Result<()> {
    let site = Site::prepare(args).await?;
    let report = subjects::measure(&site, args).await?;
    if args.json {
        output::text(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        output::text(&tables::all(&report, Style::Plain))?;
    }
    if let Some(folder) = &args.write_docs {
        document::write(&report, folder)?;
        output::note(format!("wrote {}", folder.join("benchmarks.md").display()));
    }
    Ok(())
}

async fn interrupted() -> anyhow::Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
        _ = hang_up.recv() => "SIGHUP",
    })
}
