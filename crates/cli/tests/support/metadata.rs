//! What cargo says about the packages of this workspace.

use serde::de::DeserializeOwned;
use std::process::Command;

/// The answer to that question, without the network.
pub(crate) fn metadata<T: DeserializeOwned>(arguments: &[&str]) -> T {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
