//! The arrows between the crates, and what each may not import, read from the real dependencies.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which crates of the workspace each may use: the diagram of `ARCHITECTURE.md`.
const ARROWS: [(&str, &[&str]); 11] = [
    ("tawzi-core", &[]),
    ("tawzi-store", &["tawzi-core"]),
    ("tawzi-app", &["tawzi-core", "tawzi-store"]),
    ("tawzi-worker", &["tawzi-core", "tawzi-store", "tawzi-app"]),
    ("tawzi-web", &["tawzi-core", "tawzi-store", "tawzi-app"]),
    (
        "tawzi-api",
        &["tawzi-core", "tawzi-store", "tawzi-app", "tawzi-web"],
    ),
    (
        "tawzi-ui",
        &["tawzi-core", "tawzi-store", "tawzi-app", "tawzi-web"],
    ),
    (
        "tawzi-cli",
        &[
            "tawzi-core",
            "tawzi-store",
            "tawzi-app",
            "tawzi-worker",
            "tawzi-web",
            "tawzi-api",
            "tawzi-ui",
        ],
    ),
    // Programs have it in their tests alone.
    ("tawzi-testkit", &["tawzi-core", "tawzi-store", "tawzi-app"]),
    // It measures the program as anybody would run it.
    ("tawzi-bench", &[]),
    (
        "tawzi-guard",
        &["tawzi-core", "tawzi-app", "tawzi-api", "tawzi-testkit"],
    ),
];

/// What each may not import: the reason for which it is a crate.
const FORBIDDEN: [(&str, &[&str]); 7] = [
    (
        "tawzi-core",
        &["tokio", "sqlx", "axum", "rand", "tracing", "clap"],
    ),
    ("tawzi-store", &["axum", "maud", "clap"]),
    ("tawzi-app", &["sqlx", "axum", "maud", "clap"]),
    ("tawzi-worker", &["sqlx", "axum", "maud", "clap"]),
    ("tawzi-api", &["sqlx", "maud", "clap"]),
    ("tawzi-ui", &["sqlx", "clap"]),
    ("tawzi-cli", &["sqlx"]),
];

/// The direct dependencies of each crate of the workspace, without those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let used = package["dependencies"].as_array().unwrap().iter();
            let used = used
                .filter(|used| used["kind"].as_str() != Some("dev"))
                .map(name);
            (name(package), used.collect())
        })
        .collect()
}

#[test]
fn every_crate_uses_only_the_crates_its_arrows_point_to() {
    let arrows = BTreeMap::from(ARROWS);

    for (package, used) in dependencies() {
        let allowed = arrows
            .get(&*package)
            .unwrap_or_else(|| panic!("{package} is not in the diagram; add it here and there"));
        let ours = used.iter().filter(|name| name.starts_with("tawzi"));
        let wrong: Vec<_> = ours
            .filter(|name| !allowed.contains(&name.as_str()))
            .collect();
        assert!(wrong.is_empty(), "{package} may not use {wrong:?}");
    }
}

#[test]
fn no_crate_imports_what_it_is_there_to_keep_out() {
    let used = dependencies();

    for (package, forbidden) in FORBIDDEN {
        let used = &used[package];
        let wrong: Vec<_> = forbidden
            .iter()
            .filter(|name| used.contains(**name))
            .collect();
        assert!(wrong.is_empty(), "{package} may not import {wrong:?}");
    }
}

/// Who has a client, what its timeline says about it and the counters of loads are written together, in one
/// place; the statements that write the first of them are found by a test of the store.
#[test]
fn one_file_writes_who_has_a_client() {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut writing = Vec::new();
    for path in files_below(crates) {
        let file = path.strip_prefix(crates).unwrap().to_string_lossy();
        let of_store_or_tests = file.starts_with("store/") || file.contains("/tests/");
        if of_store_or_tests || !file.ends_with(".rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let creates = text.match_indices("Records {").any(|(place, _)| {
            let fields = text[place..].split('}').next().unwrap_or_default();
            fields.contains(" clients:") || fields.contains(" clients,")
        });
        if creates || text.contains("reassign_clients(") {
            writing.push(file.into_owned());
        }
    }

    assert_eq!(writing, ["app/src/assignment/handover.rs"]);
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
