//! Text that a spreadsheet would take for a formula, and run.

use std::borrow::Cow;

/// What a formula begins with. The wide ones count as the others do where East Asian keyboards are in use.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What separates cells for some spreadsheet, whatever separates them here.
const SEPARATORS: [char; 6] = [',', ';', '\t', '|', '\r', '\n'];

/// A part of a text that may become a cell of its own.
#[derive(Clone, Copy)]
struct Part<'t> {
    text: &'t str,
    is_first: bool,
}

impl<'t> Part<'t> {
    /// The parts of a text, each with the separator that ends it.
    fn of(text: &'t str) -> impl Iterator<Item = Self> {
        let parts = text.split_inclusive(SEPARATORS).enumerate();
        parts.map(|(place, text)| Self {
            text,
            is_first: place == 0,
        })
    }

    /// Whether it begins as a formula, perhaps behind apostrophes. An apostrophe before it changes nothing about that,
    /// which is why there is a way back.
    fn is_formula(self) -> bool {
        if self.is_first {
            let behind = self.text.trim_start_matches('\'');
            return behind.starts_with(SIGNS) || behind.starts_with(['\t', '\r', '\n']);
        }
        // The quotation marks of a cell that is taken apart are no part of what is in it.
        self.text.trim_start_matches(['\'', '"']).starts_with(SIGNS)
    }

    /// Without the apostrophe that stands before a formula.
    fn undefused(self) -> &'t str {
        let meant = self.text.strip_prefix('\'');
        meant.filter(|_| self.is_formula()).unwrap_or(self.text)
    }
}

/// The text of a cell that is shown as it is, and never run: an apostrophe stands before what would be a formula, also
/// for a spreadsheet that separates cells by another sign than the file does.
pub(crate) fn defused(text: &str) -> Cow<'_, str> {
    if !Part::of(text).any(Part::is_formula) {
        return Cow::Borrowed(text);
    }
    let mut defused = String::with_capacity(text.len() + 1);
    for part in Part::of(text) {
        if part.is_formula() {
            defused.push('\'');
        }
        defused.push_str(part.text);
    }
    Cow::Owned(defused)
}

/// What was meant by the text of a cell: the way back, exactly. `'Abd` has an apostrophe of its own.
pub(crate) fn undefused(text: &str) -> Cow<'_, str> {
    if text.contains('\'') && Part::of(text).any(|part| part.undefused() != part.text) {
        Cow::Owned(Part::of(text).map(Part::undefused).collect())
    } else {
        Cow::Borrowed(text)
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

    /// Calls it with every text of up to five of those letters.
    fn each_text(letters: &[char], check: &mut impl FnMut(&str)) {
        fn longer(text: &mut String, letters: &[char], check: &mut impl FnMut(&str)) {
            check(text);
            if text.chars().count() == 5 {
                return;
            }
            for &letter in letters {
                text.push(letter);
                longer(text, letters, check);
                text.pop();
            }
        }
        longer(&mut String::new(), letters, check);
    }

    #[test]
    fn every_text_comes_back_whatever_separates_it_and_no_part_of_it_is_a_formula() {
        each_text(&['\'', '"', ';', '\n', '=', '＋', 'a'], &mut |text| {
            let defused = defused(text);

            assert_eq!(undefused(&defused), text);
            for separator in SEPARATORS {
                let mut parts = defused.split(separator);
                let first = parts.next().unwrap_or_default();
                assert!(!first.starts_with(['=', '＋', '\n']), "{defused:?}");
                let quoted = |part: &str| part.trim_start_matches('"').starts_with(['=', '＋']);
                assert!(!parts.any(quoted), "{defused:?}");
            }
        });
    }

    #[test]
    fn a_formula_behind_a_separator_of_another_spreadsheet_is_defused() {
        for (text, shown) in [
            ("Sara;=1", "Sara;'=1"),
            ("Sara,-1|@x\t+1", "Sara,'-1|'@x\t'+1"),
            ("Sara\r\n=1", "Sara\r\n'=1"),
            ("Sara;'=1", "Sara;''=1"),
            ("Sara;\"=1\"", "Sara;'\"=1\""),
            ("=1;=1", "'=1;'=1"),
            ("a; =1; 'Abd", "a; =1; 'Abd"),
        ] {
            assert_eq!(defused(text), shown);
            assert_eq!(undefused(shown), text);
        }
    }

    #[test]
    fn no_cell_begins_as_a_formula() {
        for text in [
            "=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x",
        ] {
            assert_eq!(defused(text), format!("'{text}"));
        }
    }
}
