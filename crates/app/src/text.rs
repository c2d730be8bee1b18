//! What texts must be like that somebody typed. What is refused is said about `what`.

use crate::error::{Error, Result};

/// Refuses a text that is empty or longer than so many characters.
pub(crate) fn require_length(what: &str, text: &str, longest: usize) -> Result<()> {
    require_no_nul(what, text)?;
    if text.trim().is_empty() {
        return refuse(format!("the {what} is empty"));
    }
    if text.chars().count() > longest {
        return refuse(format!("the {what} is longer than {longest} characters"));
    }
    Ok(())
}

/// Refuses a text that no database takes.
pub(crate) fn require_no_nul(what: &str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return refuse(format!("the {what} contains a null character"));
    }
    Ok(())
}

fn refuse(sentence: String) -> Result<()> {
    Err(Error::Refused(sentence))
}
