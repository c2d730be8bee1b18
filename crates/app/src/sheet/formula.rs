//! Text that a spreadsheet would take for a formula, and run.

use std::borrow::Cow;

/// Whether a text begins as a formula, perhaps behind apostrophes.
fn is_formula(text: &str) -> bool {
    let behind = text.trim_start_matches('\'');
    // The wide ones count as the others do where East Asian keyboards are in use.
    behind.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text of a cell that is shown as it is, and never run: an apostrophe stands before what would be a formula.
pub(crate) fn defused(text: &str) -> Cow<'_, str> {
    if is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What was meant by the text of a cell: the way back, exactly. `'Abd` has an apostrophe of its own.
pub(crate) fn undefused(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(meant) if is_formula(meant) => meant,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        for text in [
            "",
            "'",
            "''",
            "Sara",
            "'Abd al-Rahman",
            "=1+1",
            "'=1+1",
            "''=1+1",
            "'''@x",
            "-5",
            "+966",
            "\tx",
            "＝1",
            "a=b",
            "' =x",
        ] {
            assert_eq!(undefused(&defused(text)), text);
        }
    }

    #[test]
    fn no_cell_begins_as_a_formula() {
        for text in [
            "=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x",
        ] {
            assert_eq!(defused(text), format!("'{text}"));
        }
    }
}
