//! Characters that nobody sees, or that change how others are seen, and how a text is shown that may have some.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use std::fmt::Write as _;

/// Whether the character ends a line.
pub(super) const fn breaks_line(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the character changes the direction in which others are shown.
pub(super) const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the character is a mark that pasted text brings along at its ends and that means nothing there: one of
/// direction, of width zero, or of byte order.
pub(super) const fn is_stray_mark(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// Whether the character is of those that come along when a number is copied.
pub(crate) const fn is_mark(c: char) -> bool {
    turns_direction(c) || is_stray_mark(c)
}

/// Whether nobody sees the character: white space, what fonts pass over, and the letters and signs that are blank.
pub(super) fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace();
    }
    // A blank Braille cell, marks of annotations, an empty note head, blanks of Khitan and of hieroglyphs.
    let blank = matches!(
        c,
        '\u{2800}' | '\u{fff9}'
            ..='\u{fffb}' | '\u{1d159}' | '\u{16fe4}' | '\u{13441}' | '\u{13442}'
    );
    blank || c.is_whitespace() || is_default_ignorable(c)
}

/// Whether fonts pass over the character: it says how others are joined, directed, broken or drawn.
pub(super) fn is_default_ignorable(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the character steers a terminal, ends a line or turns the direction: where a text of people is shown
/// beside others, such a character would speak for the others.
pub fn steers(c: char) -> bool {
    c.is_control() || breaks_line(c) || turns_direction(c)
}

/// A text of people within a line of a terminal or a log: characters that would steer it are written out.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'t>(&'t str);

/// The text, to be shown within a line.
pub const fn shown(text: &str) -> Shown<'_> {
    Shown(text)
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            if steers(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// The text as one line that speaks for itself alone: line ends and other control characters become spaces, what
/// turns the direction is left out. `None` when it is that already.
pub(crate) fn made_one_line(text: &str) -> Option<String> {
    if !text.contains(steers) {
        return None;
    }
    let kept = text.chars().filter(|&c| !turns_direction(c));
    Some(kept.map(|c| if steers(c) { ' ' } else { c }).collect())
}
