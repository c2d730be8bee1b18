//! What stands between the cells of a line.

use std::fmt;

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separator(char);

/// No single letter that could be a separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a separator is one sign: a comma, a semicolon, `tab` or |")]
pub struct BadSeparator;

/// Those that files are looked through for, the most usual first.
const USUAL: [Separator; 4] = [
    Separator::COMMA,
    Separator::SEMICOLON,
    Separator('\t'),
    Separator('|'),
];

/// How far a file is looked through.
const HEAD: usize = 64 << 10;

impl Separator {
    pub(super) const COMMA: Self = Self(',');
    pub(super) const SEMICOLON: Self = Self(';');

    /// The separator that somebody names: the sign itself, or `comma`, `semicolon`, `tab`, `pipe`.
    pub fn parse(text: &str) -> Result<Self, BadSeparator> {
        let named = match text.to_lowercase().as_str() {
            "comma" => Some(','),
            "semicolon" => Some(';'),
            "tab" | "\\t" => Some('\t'),
            "pipe" => Some('|'),
            _ => None,
        };
        let mut letters = text.chars();
        let only = letters.next().filter(|_| letters.next().is_none());
        let usable =
            |letter: &char| !letter.is_alphanumeric() && !matches!(letter, '"' | '\r' | '\n' | ' ');
        named.or(only.filter(usable)).map(Self).ok_or(BadSeparator)
    }

    /// The sign.
    pub(super) const fn letter(self) -> char {
        self.0
    }
}

/// As in "separated by …".
impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ',' => f.write_str("commas"),
            ';' => f.write_str("semicolons"),
            '\t' => f.write_str("tabs"),
            letter => write!(f, "{letter:?}"),
        }
    }
}

/// The separator that a first line `sep=;` names, as Excel understands it; and where the rows begin, with the number
/// of that line.
pub(super) fn named_in_first_line(text: &str) -> (Option<Separator>, (usize, u64)) {
    let nothing = (None, (0, 1));
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let line = text[..end].trim_matches([' ', '"']);
    let Some(named) = line
        .get(..4)
        .filter(|begin| begin.eq_ignore_ascii_case("sep="))
    else {
        return nothing;
    };
    let Ok(separator) = Separator::parse(&line[named.len()..]) else {
        return nothing;
    };
    let ending = if text[end..].starts_with("\r\n") {
        2
    } else {
        1
    };
    (Some(separator), ((end + ending).min(text.len()), 2))
}

/// The separator that occurs most often in the first line in which something stands, outside of quotation marks.
pub(super) fn guess(text: &str) -> Separator {
    let mut counts = [0; USUAL.len()];
    let (mut quoted, mut something) = (false, false);
    for (place, letter) in text.char_indices() {
        if place > HEAD || (something && !quoted && matches!(letter, '\r' | '\n')) {
            break;
        }
        quoted ^= letter == '"';
        something |= letter.is_alphanumeric();
        let usual = USUAL.iter().position(|separator| separator.0 == letter);
        if let Some(usual) = usual.filter(|_| !quoted) {
            counts[usual] += 1;
        }
    }
    // Of those that occur equally often the first.
    let most = (0..USUAL.len()).rev().max_by_key(|&usual| counts[usual]);
    most.map_or(Separator::COMMA, |usual| USUAL[usual])
}
