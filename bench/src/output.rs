//! Saying things: the report to standard output, what is being done to standard error.

use std::io::{ErrorKind, Write};

/// Prints text that has its line ends. A reader that has gone (`| head`) is no error.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Tells whoever waits what is being done.
pub(crate) fn note(text: impl std::fmt::Display) {
    // When standard error is gone there is nobody to tell.
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}
