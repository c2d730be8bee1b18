//! The arrows between the crates, and what each may not import, read from the real dependencies.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/metadata.rs"]
mod metadata;

use metadata::metadata;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
const FORBIDDEN: [(&str, &[&str]); 8] = [
    (
        "tawzi-core",
        &["tokio", "sqlx", "axum", "rand", "tracing", "clap"],
    ),
    ("tawzi-store", &["axum", "maud", "clap"]),
    ("tawzi-app", &["sqlx", "axum", "maud", "clap"]),
    ("tawzi-worker", &["sqlx", "axum", "maud", "clap"]),
    // It words no answer.
    (
        "tawzi-web",
        &["sqlx", "maud", "clap", "serde", "serde_json", "utoipa"],
    ),
    ("tawzi-api", &["sqlx", "maud", "clap"]),
    ("tawzi-ui", &["sqlx", "clap"]),
    ("tawzi-cli", &["sqlx"]),
];

/// The direct dependencies of each crate of the workspace, without those of its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Value = metadata(&["--no-deps"]);
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
        let creates = text.match_indices("Writes {").any(|(place, _)| {
            let fields = text[place..].split('}').next().unwrap_or_default();
            fields.contains(" clients:") || fields.contains(" clients,")
        });
        let fills = text.contains("Writes") && text.contains(".clients =");
        if creates || fills || text.contains("reassign_clients(") {
            writing.push(file.into_owned());
        }
    }

    assert_eq!(writing, ["app/src/assignment/handover.rs"]);
}

/// A module of a crate, or something in one: `clients`, `edit` is `src/clients/edit.rs`. The root is empty.
type ModulePath = Vec<String>;

#[test]
fn no_two_folders_import_each_other() {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        let source = entry.unwrap().path().join("src");
        let is_folder =
            |module: &[String]| source.join(module.iter().collect::<PathBuf>()).is_dir();
        let folder = |module: &ModulePath| match module.split_last() {
            Some((_, above)) if !is_folder(module) => above.to_vec(),
            _ => module.clone(),
        };
        let arrows = arrows_between_files(&source);
        for (from, to) in &arrows {
            let back = arrows.contains(&(to.clone(), from.clone()));
            if back && folder(from) != folder(to) {
                wrong.push(format!("{}: {from:?} and {to:?}", source.display()));
            }
        }
        let folders: BTreeSet<_> = arrows
            .iter()
            .map(|(from, to)| (&from[..1], &to[..1]))
            .filter(|(from, to)| from != to && is_folder(from) && is_folder(to))
            .collect();
        for (from, to) in &folders {
            if folders.contains(&(to, from)) {
                wrong.push(format!("{}: {from:?} and {to:?}", source.display()));
            }
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Which file of a crate imports from which other, as far as its `use` lines tell. The root, which names all
/// modules, is left out.
fn arrows_between_files(source: &Path) -> BTreeSet<(ModulePath, ModulePath)> {
    let mut imports = BTreeMap::new();
    for path in files_below(source) {
        let module = path.strip_prefix(source).unwrap().with_extension("");
        let name = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
        let mut module: ModulePath = module.iter().map(name).collect();
        if module == ["lib"] || module == ["main"] {
            module.clear();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let used = used_paths(&text).into_iter();
        let used: Vec<_> = used.map(|path| from_root(&module, &path)).collect();
        imports.insert(module, used);
    }
    let mut arrows = BTreeSet::new();
    for (module, used) in &imports {
        for path in used {
            let target = declared_in(path, &imports, 0);
            if !module.is_empty() && !target.is_empty() && target != *module {
                arrows.insert((module.clone(), target));
            }
        }
    }
    arrows
}

/// The file in which something is declared: what is passed on with `pub use` is looked for where it comes from.
fn declared_in(
    path: &[String],
    imports: &BTreeMap<ModulePath, Vec<ModulePath>>,
    passed_on: usize,
) -> ModulePath {
    let ends = (0..=path.len()).rev();
    let end = ends
        .into_iter()
        .find(|&end| imports.contains_key(&path[..end]));
    let (module, rest) = path.split_at(end.unwrap());
    let origin = rest.first().and_then(|name| {
        let mut used = imports[module].iter();
        used.find(|used| used.last() == Some(name) && used[..] != path[..=module.len()])
    });
    match origin {
        Some(origin) if passed_on < 5 => {
            let path = [origin, &rest[1..]].concat();
            declared_in(&path, imports, passed_on + 1)
        }
        _ => module.to_vec(),
    }
}

/// A path as it is seen from the root of the crate; one into another crate seems to lead into the module itself.
fn from_root(module: &[String], path: &[String]) -> ModulePath {
    if path[0] == "crate" {
        return path[1..].to_vec();
    }
    let ups = path.iter().take_while(|name| *name == "super").count();
    let selves = usize::from(path[0] == "self");
    [&module[..module.len() - ups], &path[ups + selves..]].concat()
}

/// What the `use` lines of a file name, but for those of its tests.
fn used_paths(text: &str) -> Vec<ModulePath> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = text.lines().filter(|line| !line.trim().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    for statement in text.split(';') {
        let mut lines = statement.lines().skip_while(|line| {
            let line = line.trim_start();
            !(line.starts_with("use ") || line.starts_with("pub") && line.contains(" use "))
        });
        if let Some((_, first)) = lines.next().and_then(|line| line.split_once("use ")) {
            let rest: String = lines.collect();
            expand(&[], &format!("{first}{rest}"), &mut paths);
        }
    }
    paths
}

/// Takes `a::{b, c::d}` apart into `a::b` and `a::c::d`.
fn expand(before: &[String], tree: &str, paths: &mut Vec<ModulePath>) {
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, group.rsplit_once('}').map(|(group, _)| group)),
        None => (tree, None),
    };
    let names = head
        .split("::")
        .filter_map(|name| name.split_whitespace().next());
    let path = [before, &names.map(str::to_owned).collect::<Vec<_>>()].concat();
    let Some(group) = group else {
        paths.push(path);
        return;
    };
    let mut depth = 0;
    let trees = group.split(|letter| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        letter == ',' && depth == 0
    });
    for tree in trees.filter(|tree| !tree.trim().is_empty()) {
        expand(&path, tree, paths);
    }
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
