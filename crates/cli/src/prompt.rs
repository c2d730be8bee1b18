//! Asking for a password: never as an argument, which other users of the machine can read.

use crate::fields::text;
use anyhow::{Context, bail};
use std::io::{BufRead, IsTerminal};
use tawzi_core::text::NewPassword;

/// A new password: asked for twice at a terminal, one line of standard input otherwise.
pub(crate) fn new_password() -> anyhow::Result<NewPassword> {
    text("password", &ask_password()?, NewPassword::parse)
}

fn ask_password() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("the password could not be read from standard input")?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        if password.is_empty() {
            bail!("no password on standard input; write it there as one line");
        }
        return Ok(password);
    }
    let ask = |text| rpassword::prompt_password(text).context("the password could not be read");
    let password = ask("Password: ")?;
    if password != ask("The same again: ")? {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(password)
}
