//! `docs/benchmarks.md` and its plots, made from a report.

use crate::plots;
use crate::report::Report;
use crate::tables::{self, Style};
use anyhow::Context;
use std::path::Path;

/// Writes the document and the plots into that folder.
pub(crate) fn write(report: &Report, folder: &Path) -> anyhow::Result<()> {
    let pictures = folder.join("benchmarks");
    std::fs::create_dir_all(&pictures)
        .with_context(|| format!("{} cannot be made", pictures.display()))?;
    for plot in report.subjects.iter().flat_map(|subject| &subject.plots) {
        let file = pictures.join(plot.name).with_extension("svg");
        std::fs::write(&file, plots::svg(plot)?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    let file = folder.join("benchmarks.md");
    std::fs::write(&file, text(report))
        .with_context(|| format!("{} cannot be written", file.display()))
}

fn text(report: &Report) -> String {
    let machine = &report.machine;
    format!(
        "# Benchmarks\n\n\
         Made by `cargo run --release -p tawzi-bench -- all --write-docs`; do not edit. Everything \
         below was measured\nin one run on one machine: {}, {} cores, {:.0} GiB of memory, {}, {}, \
         on {}, in {:.0} minutes.\nSizes: {}.\n\n\
         - **floor**: the same rows written by the database alone: `pgbench` with one prepared \
         function call, or one\n  prepared statement on SQLite. Its processor time is the \
         database's.\n\
         - **CPU µs**: processor time for each request, of the server and all processes of the \
         database together. On a\n  noisy machine it is the figure to trust.\n\
         - **of it database**: the part of PostgreSQL's processes; SQLite has none of its own.\n\
         - **× floor**: the processor time as a multiple of the floor's.\n\
         - **client CPU µs**: what the load generator took beside the server, on the same cores; \
         in no other column.\n\
         - **peer**: the specification written the plain Django way, `bench/django`, on the same \
         PostgreSQL through\n  persistent connections, in two processes.\n\n\
         Commits are durable on both engines: PostgreSQL flushes, SQLite runs with \
         `synchronous=FULL`.\n{}",
        machine.processor,
        machine.cores,
        machine.memory_gib,
        machine.system,
        machine.postgres,
        machine.date,
        report.minutes,
        report.sizes,
        tables::all(report, Style::Markdown)
    )
}
