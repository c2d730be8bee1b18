//! Saying things: results to standard output, everything else to standard error. What people typed is shown as it is
//! but for characters that would steer the terminal or pass for another line.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use tawzi_core::text::{shown, steers};

/// Prints a line. A reader that has gone (`| head`) ends the program quietly.
pub(crate) fn line(text: impl std::fmt::Display) -> anyhow::Result<()> {
    Ok(writeln!(Stdout, "{}", shown(&text.to_string()))?)
}

/// Prints the lines of a text, in which nobody else has a say.
pub(crate) fn lines(text: &str) -> anyhow::Result<()> {
    text.lines().try_for_each(line)
}

/// Prints text of the program's own that has its line ends.
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

/// Prints a value as one line of JSON. JSON has its own way to write characters out, which is as good in a terminal.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut json = String::new();
    for c in serde_json::to_string(value)?.chars() {
        if steers(c) {
            write!(json, "\\u{:04x}", u32::from(c))?;
        } else {
            json.push(c);
        }
    }
    Ok(writeln!(Stdout, "{json}")?)
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
        table.add_row(row.map(|cell| shown(&cell).to_string()));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    Ok(writeln!(Stdout, "{}", table.trim_fmt())?)
}

/// Prints a remark that is not part of the result. It may have several lines, each of which is the program's own.
pub(crate) fn note(text: impl std::fmt::Display) {
    for line in text.to_string().lines() {
        // When standard error is gone there is nobody to tell.
        drop(writeln!(std::io::stderr().lock(), "{}", shown(line)));
    }
}

/// Standard error for the log, of which each entry is written at once and stays one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogLine {
    /// Whether the log itself writes colours, which begin with an escape character; it writes out all others.
    pub(crate) colours: bool,
}

impl Write for LogLine {
    fn write(&mut self, entry: &[u8]) -> std::io::Result<usize> {
        let line = log_line(&String::from_utf8_lossy(entry), self.colours);
        std::io::stderr().lock().write_all(line.as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().lock().flush()
    }
}

fn log_line(entry: &str, colours: bool) -> String {
    let (text, end) = match entry.strip_suffix('\n') {
        Some(text) => (text, "\n"),
        None => (entry, ""),
    };
    if !colours {
        return format!("{}{end}", shown(text));
    }
    let pieces: Vec<_> = text
        .split('\u{1b}')
        .map(|piece| shown(piece).to_string())
        .collect();
    pieces.join("\u{1b}") + end
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_the_log_stays_one_line() {
        let entry = "INFO a\nWARN forged \u{202e}b\r\u{1b}[2J\n";

        assert_eq!(
            log_line(entry, false),
            "INFO a\\nWARN forged \\u{202e}b\\r\\u{1b}[2J\n"
        );
        assert_eq!(
            log_line("\u{1b}[32mINFO\u{1b}[0m a\nb\n", true),
            "\u{1b}[32mINFO\u{1b}[0m a\\nb\n"
        );
    }
}
