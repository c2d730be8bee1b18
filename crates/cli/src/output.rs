//! Saying things: results to standard output, everything else to standard error.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Prints a line. A reader that has gone (`| head`) ends the program quietly.
pub(crate) fn line(text: impl std::fmt::Display) -> anyhow::Result<()> {
    Ok(writeln!(Stdout, "{text}")?)
}

/// Prints text that has its line ends.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    Ok(Stdout.write_all(text.as_bytes())?)
}

/// Standard output, for what is written in pieces.
#[derive(Debug)]
pub(crate) struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        unless_gone(std::io::stdout().lock().write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        unless_gone(std::io::stdout().lock().flush())
    }
}

fn unless_gone<T>(result: std::io::Result<T>) -> std::io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        result => result,
    }
}

/// Prints a value as one line of JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string(value)?)
}

/// Prints rows under a header.
pub(crate) fn table<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> anyhow::Result<()> {
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    line(table.trim_fmt())
}

/// Prints a remark that is not part of the result.
pub(crate) fn note(text: impl std::fmt::Display) {
    // When standard error is gone there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// What the command line calls a setting that is on, or off.
pub(crate) const fn switch(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The exit status of a command that has said itself whether something failed.
pub(crate) fn verdict(failed: bool) -> ExitCode {
    ExitCode::from(u8::from(failed))
}

/// Prints why it did not work, with the causes, and gives the exit status.
pub(crate) fn failure(error: &anyhow::Error) -> ExitCode {
    note(format!("error: {error:#}"));
    ExitCode::FAILURE
}
