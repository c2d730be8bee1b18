//! What crates of others may be built into the program: by their licences, where they come from, security advisories,
//! and how many versions of one crate there are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/metadata.rs"]
mod metadata;

use metadata::metadata;
use semver::{Version, VersionReq};
use serde::Deserialize;
use spdx::{Expression, ParseMode};
use std::collections::{BTreeMap, BTreeSet};

/// Licences that ask for no more than to be named, and whose works may be built into one program with ours.
const LICENCES: [&str; 9] = [
    "0BSD",
    "Apache-2.0",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// The only place from which crates come, beside this repository.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Advisories that are known and of no harm here, each with why.
const KNOWN: [(&str, &str); 0] = [];

/// Crates of which there are several versions, each with who holds back. Whoever adds one compiles it twice.
const SEVERAL_VERSIONS: [(&str, &str); 17] = [
    ("base64", "sqlx"),
    ("block-buffer", "digest"),
    ("cpufeatures", "sha2"),
    ("crypto-common", "digest"),
    ("digest", "sha2"),
    ("embedded-io", "postcard"),
    ("fancy-regex", "zxcvbn"),
    ("getrandom", "ring, ahash"),
    ("hashbrown", "sqlx"),
    ("miniz_oxide", "png"),
    ("nom", "phonenumber"),
    ("quick-xml", "phonenumber"),
    ("regex-syntax", "regex-cache"),
    ("sha2", "sqlx"),
    ("strum", "croner, phonenumber"),
    ("strum_macros", "strum"),
    ("syn", "jiff, maud, sqlx, strum, tracing"),
];

/// Security advisories: see the head of the file.
const ADVISORIES: &str = include_str!("dependencies/advisories.tsv");

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

/// A crate that is compiled for this machine: for the program, its tests, or to build them.
#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: Version,
    license: Option<String>,
    source: Option<String>,
}

/// Crates of others.
fn packages() -> Vec<Package> {
    let metadata: Metadata = metadata(&["--locked", "--filter-platform", "host-tuple"]);
    let compiled: BTreeSet<_> = metadata.resolve.nodes.iter().map(|node| &node.id).collect();
    let packages: Vec<_> = metadata
        .packages
        .into_iter()
        .filter(|package| compiled.contains(&package.id) && package.source.is_some())
        .collect();
    assert!(packages.len() > 100, "{} crates", packages.len());
    packages
}

/// A line of the advisories.
struct Advisory {
    id: &'static str,
    kind: &'static str,
    package: &'static str,
    /// Versions that are not affected, or no longer.
    good: Vec<VersionReq>,
}

impl Advisory {
    fn all() -> Vec<Self> {
        let lines = ADVISORIES.lines().filter(|line| !line.starts_with('#'));
        lines.map(Self::of_line).collect()
    }

    fn of_line(line: &'static str) -> Self {
        let columns: Vec<_> = line.split('\t').collect();
        let [id, kind, package, patched, unaffected] = columns[..] else {
            panic!("{line:?} has not five columns");
        };
        let good = [patched, unaffected].into_iter();
        let good = good.flat_map(|versions| versions.split(';'));
        let good = good.filter(|versions| !versions.is_empty());
        Self {
            id,
            kind,
            package,
            good: good
                .map(|versions| VersionReq::parse(versions).unwrap())
                .collect(),
        }
    }

    fn is_about(&self, name: &str, version: &Version) -> bool {
        self.package == name && !self.good.iter().any(|good| good.matches(version))
    }
}

/// Which advisories are about a version of a crate.
fn about(name: &str, version: &str) -> Vec<&'static str> {
    let version = Version::parse(version).unwrap();
    Advisory::all()
        .iter()
        .filter(|advisory| advisory.is_about(name, &version))
        .map(|advisory| advisory.id)
        .collect()
}

/// Whether one of the licences that somebody may choose from is one of ours.
fn may_be_used(licence: &str) -> bool {
    let expression = Expression::parse_mode(licence, ParseMode::LAX).unwrap();
    expression.evaluate(|wanted| {
        let name = wanted.license.id().map(|id| id.name);
        name.is_some_and(|name| LICENCES.contains(&name))
    })
}

#[test]
fn every_licence_may_be_built_into_the_program() {
    for Package { name, license, .. } in packages() {
        let licence = license.unwrap_or_else(|| panic!("{name} has no licence"));
        assert!(
            may_be_used(&licence),
            "{name} is under {licence}: take another crate"
        );
    }
}

#[test]
fn licences_are_chosen_from() {
    assert!(may_be_used("MIT/Apache-2.0"));
    assert!(may_be_used("Apache-2.0 OR GPL-2.0-only"));
    assert!(may_be_used("(GPL-3.0 OR MIT) AND Zlib"));
    assert!(!may_be_used("MIT AND GPL-3.0"));
    assert!(!may_be_used("AGPL-3.0-only"));
}

#[test]
fn every_crate_comes_from_the_registry() {
    for Package { name, source, .. } in packages() {
        assert_eq!(source.as_deref(), Some(REGISTRY), "{name}");
    }
}

#[test]
fn no_advisory_is_about_a_crate() {
    let advisories = Advisory::all();
    let packages = packages();
    let mut found = BTreeMap::new();
    for package in &packages {
        let about = advisories
            .iter()
            .filter(|advisory| advisory.is_about(&package.name, &package.version));
        for Advisory { id, kind, .. } in about {
            found.insert(*id, format!("{} {}: {kind}", package.name, package.version));
        }
    }
    for (id, _) in KNOWN {
        assert!(
            found.remove(id).is_some(),
            "{id} is about no crate: leave it out of KNOWN"
        );
    }

    assert!(
        found.is_empty(),
        "https://rustsec.org/advisories/ says of {found:#?}; update the crate (cargo update -p NAME) or replace it"
    );
}

#[test]
fn advisories_are_found_by_version() {
    // Patched.
    assert_eq!(about("time", "0.1.44"), ["RUSTSEC-2020-0071"]);
    assert_eq!(about("time", "0.2.23"), [""; 0]);
    // Never patched.
    assert!(about("rust-crypto", "0.2.36").contains(&"RUSTSEC-2016-0005"));
    // Never affected, affected, and patched.
    assert!(!about("smallvec", "0.6.4").contains(&"RUSTSEC-2019-0009"));
    assert!(about("smallvec", "0.6.9").contains(&"RUSTSEC-2019-0009"));
    assert!(!about("smallvec", "0.6.10").contains(&"RUSTSEC-2019-0009"));
}

#[test]
fn no_other_crate_is_compiled_in_several_versions() {
    let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
    for Package { name, version, .. } in packages() {
        versions.entry(name).or_default().insert(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    for (name, _) in SEVERAL_VERSIONS {
        assert!(
            versions.remove(name).is_some(),
            "there is one version of {name}: leave it out of SEVERAL_VERSIONS"
        );
    }

    assert!(
        versions.is_empty(),
        "several versions of {versions:?}; `cargo tree --duplicates` says for whom. Take one that fits, or add it to \
         SEVERAL_VERSIONS with why"
    );
}
