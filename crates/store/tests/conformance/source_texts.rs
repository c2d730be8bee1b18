//! The texts of this crate's own files.

use std::path::{Path, PathBuf};

/// The files of this crate but its tests, by their paths without the ending, with their texts.
pub(crate) fn sources() -> Vec<(String, String)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut sources: Vec<_> = files_below(folder)
        .into_iter()
        .map(|path| {
            let file = path.strip_prefix(folder).unwrap().with_extension("");
            let text = std::fs::read_to_string(&path).unwrap();
            (file.to_string_lossy().into_owned(), text)
        })
        .filter(|(file, _)| !file.contains("_test"))
        .collect();
    sources.sort();
    sources
}

/// The words of a text.
pub(crate) fn words_of(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
