//! Counting takes Valgrind and a minute, so it is asked for by name: `./test` does.

use std::process::Command;

#[test]
#[ignore = "counts instructions with Valgrind"]
fn the_hot_paths_cost_what_they_did() {
    let guard = Command::new(env!("CARGO_BIN_EXE_tawzi-guard")).status();

    assert!(guard.unwrap().success(), "its last lines say which path");
}
