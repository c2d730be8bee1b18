//! The names that timelines use themselves. A person of such a name could pass for nobody, or for the program.

use super::characters::is_invisible;
use super::folded::plain;
use crate::event::{NONE, UNASSIGNED};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::skeleton;

/// What timelines, and the pages that show them, call nobody and the program.
const NAMES: [&str; 9] = [
    UNASSIGNED,
    NONE,
    "System",
    "Unknown",
    "غير معين",
    "غير مسند",
    "لا أحد",
    "النظام",
    "غير معروف",
];

/// What they call another program begins like this.
const BEGINNINGS: [&str; 2] = ["API:", "واجهة برمجية:"];

static FOLDED_NAMES: LazyLock<Vec<String>> = LazyLock::new(|| NAMES.map(folded).into());
static FOLDED_BEGINNINGS: LazyLock<Vec<String>> = LazyLock::new(|| BEGINNINGS.map(folded).into());

/// Whether a timeline uses that name itself, as people would read it: in any case and any letters that look alike,
/// whatever stands between them.
pub fn is_of_timelines(name: &str) -> bool {
    let name = folded(name);
    FOLDED_NAMES.contains(&name) || FOLDED_BEGINNINGS.iter().any(|own| name.starts_with(own))
}

/// What is left of a name for whoever reads it in passing.
fn folded(name: &str) -> String {
    let letters = name
        .nfkd()
        .filter(|&c| !is_combining_mark(c) && !is_invisible(c) && c != 'ـ');
    let letters: String = letters.map(plain).collect();
    // Capitals look like those of other scripts where small letters do not.
    let small = skeleton(&letters).collect::<String>().to_lowercase();
    skeleton(&small)
        .map(|c| if c == 'l' { 'i' } else { c })
        .filter(|c| c.is_alphanumeric() || *c == ':')
        .collect()
}
