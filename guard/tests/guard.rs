//! The paths whose instructions are counted can be run; counting them takes Valgrind, and is a step of `./test`.

use std::process::Command;

#[test]
fn every_path_that_has_a_figure_runs_and_no_other() {
    let figures = include_str!("../figures.json");
    let paths = u32::try_from(figures.matches("\": ").count()).unwrap();
    let runs = |path: u32| {
        let guard = Command::new(env!("CARGO_BIN_EXE_tawzi-guard"))
            .args(["run", &path.to_string(), "2"])
            .output();
        guard.unwrap().status.success()
    };

    assert!(paths > 0);
    assert!((0..paths).all(runs));
    assert!(!runs(paths));
}
