//! Whether what is kept can be read by others than who keeps it.

use tawzi_store::{DatabaseUrl, is_open_to_others};

/// What is wrong with the files of a database that other users of the machine may read or write, and what to type;
/// `None` when nothing is.
pub fn open_to_others(database: &DatabaseUrl) -> Option<String> {
    let files = database.files().into_iter();
    let open: Vec<_> = files
        .filter(|file| is_open_to_others(file))
        .map(|file| quoted(&file.to_string_lossy()))
        .collect();
    let files = open.join(" ");
    let sentence = "Other users of this machine may read the database: passwords in hashes, codes and everybody's clients";
    (!open.is_empty()).then(|| format!("{sentence}; type `chmod 600 {files}`."))
}

/// The name as a shell reads it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if name.chars().all(plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', r"'\''"))
}
